//! What can happen to the work of a case. Kinds are frozen: a changed shape is a new version.

use super::model::{
    ActionId, ActionKind, Check, FindingId, FindingKind, LinkId, NoticeId, NoticeText,
    PrivilegedId, Relation, Sent, TaskId,
};
use crate::model::CaseId;
use controls::model::ControlId;
use kernel::ids::PersonId;
use serde::{Deserialize, Serialize};

/// A task was set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskSet {
    /// Its id.
    pub id: TaskId,
    /// Of which case.
    pub case: CaseId,
    /// What.
    pub title: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date.
    pub due: String,
}

/// A task was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskDone {
    /// What was done.
    pub what: String,
}

/// An action was planned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ActionPlanned {
    /// Its id.
    pub id: ActionId,
    /// Of which case.
    pub case: CaseId,
    /// What it is for.
    pub kind: ActionKind,
    /// What.
    pub what: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date.
    pub due: String,
    /// The control that it mends or adds.
    #[serde(default)]
    pub control: Option<ControlId>,
}

/// An action was carried out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ActionDone {
    /// What was done.
    pub what: String,
    /// From which date it works.
    pub effective_on: String,
}

/// The effect of an action was checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ActionChecked {
    /// How, and with which result.
    #[serde(flatten)]
    pub check: Check,
}

/// A duty to notify was decided on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeDecided {
    /// Its id.
    pub id: NoticeId,
    /// Of which case.
    pub case: CaseId,
    /// What was decided.
    #[serde(flatten)]
    pub text: NoticeText,
}

/// A notice was sent by a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoticeSent {
    /// When and how.
    #[serde(flatten)]
    pub sent: Sent,
}

/// Two cases were linked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CasesLinked {
    /// The link's id.
    pub id: LinkId,
    /// From which case.
    pub case: CaseId,
    /// To which.
    pub other: CaseId,
    /// How they are related, seen from the first.
    pub relation: Relation,
    /// Why.
    pub reason: String,
}

/// A link was taken away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CasesUnlinked {
    /// Why.
    pub reason: String,
}

/// A privileged note was written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PrivilegedNoted {
    /// Its id.
    pub id: PrivilegedId,
    /// Of which case.
    pub case: CaseId,
    /// What.
    pub text: String,
}

/// A case opened or changed something in the room of controls.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindingLinked {
    /// Its id.
    pub id: FindingId,
    /// Of which case.
    pub case: CaseId,
    /// What it is.
    pub kind: FindingKind,
    /// Its id in that room.
    pub reference: String,
    /// Why.
    pub reason: String,
}

kernel::events! {
    /// What can happen to the work of a case.
    pub enum WorkEvent in "work" {
        /// A task was set for a case.
        TaskSet(TaskSet) = "work.task_set.v1",
        /// A task was done.
        TaskDone(TaskDone) = "work.task_done.v1",
        /// A corrective or preventive action was planned.
        ActionPlanned(ActionPlanned) = "work.action_planned.v1",
        /// An action was carried out, with the date from which it works.
        ActionDone(ActionDone) = "work.action_done.v1",
        /// Somebody else checked whether an action has the effect that it was planned for.
        ActionChecked(ActionChecked) = "work.action_checked.v1",
        /// It was decided whether somebody must be notified, with the reference and the reason.
        NoticeDecided(NoticeDecided) = "work.notice_decided.v1",
        /// A notice was sent by a person.
        NoticeSent(NoticeSent) = "work.notice_sent.v1",
        /// Two cases were linked.
        CasesLinked(CasesLinked) = "work.cases_linked.v1",
        /// A link between cases was taken away, with the reason.
        CasesUnlinked(CasesUnlinked) = "work.cases_unlinked.v1",
        /// A note between the organisation and its counsel was written.
        PrivilegedNoted(PrivilegedNoted) = "work.privileged_noted.v1",
        /// A case opened or changed a risk, a deficiency or a gap.
        FindingLinked(FindingLinked) = "work.finding_linked.v1",
    }
}
