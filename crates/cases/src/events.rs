//! What can happen in this room. Kinds are frozen: a changed shape is a new version.

mod casework;

pub use casework::{
    CaseReopened, CauseStated, EntryCorrected, FactStated, ImpactStated, ReviewHeld,
    SeverityChanged,
};

use crate::model::casework::MessagePurpose;
use crate::model::{CaseId, CaseKind, Privacy, Severity};
use crate::rules::import::ImportedChange;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A report was filed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportFiled {
    /// Its id.
    pub id: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The public number.
    pub tracking_number: String,
    /// The channel's name.
    pub channel: String,
    /// What was reported.
    pub kind: CaseKind,
    /// In a few words.
    pub title: String,
    /// In full.
    pub description: String,
    /// When it happened, if the reporter said so.
    pub occurred_at: Option<Timestamp>,
    /// How to reach the reporter, if they said so.
    pub contact: Option<String>,
    /// The reporter's language.
    pub language: String,
    /// Whether it is a canary: a synthetic report of the deployment's own, which no figure counts.
    #[serde(default)]
    pub canary: bool,
    /// How much of it is open. Where it is not, title and description are neutral and what was written
    /// is sealed.
    #[serde(default, skip_serializing_if = "Privacy::is_open")]
    pub privacy: Privacy,
    /// Whom it concerns, as typed, where the report is open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about_people: String,
    /// The people of the organisation among them: kept from the case and from being asked about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_out: Vec<PersonId>,
    /// Whether it is held until a person has looked, because it came in a flood.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// What is promised about it, under the policy in force; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub armed: Option<crate::clocks::model::Armed>,
}

/// A report that was held was let in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportReleased {
    /// What is promised about it, from the day it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub armed: Option<crate::clocks::model::Armed>,
}

/// A report that was held was judged to be junk. It stays on record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReportDiscarded {
    /// Why.
    pub reason: String,
}

/// A case was judged.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseTriaged {
    /// How much harm is at stake.
    pub severity: Severity,
    /// Whether it is an incident: did it, or could it, stop objectives being met?
    pub incident: bool,
    /// Why.
    pub reason: String,
}

/// Somebody answers for a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseAssigned {
    /// Who.
    pub owner: PersonId,
}

/// Something was noted inside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteAdded {
    /// What.
    pub text: String,
}

/// Something was said to, or by, the reporter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageSent {
    /// Whether the reporter said it.
    pub from_reporter: bool,
    /// What.
    pub text: String,
    /// Why it is said to them; an answer, where nothing is stated.
    #[serde(default = "an_answer")]
    pub purpose: MessagePurpose,
}

const fn an_answer() -> MessagePurpose {
    MessagePurpose::Answer
}

/// The work is done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseResolved {
    /// Why it happened.
    pub root_cause: String,
    /// What was done about it.
    pub action: String,
}

/// A case was concluded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseClosed {
    /// With which outcome.
    pub outcome: String,
}

/// A row of another register was taken over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeImported {
    /// The case it belongs to.
    pub id: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The register's name, from the mapping file.
    pub register: String,
    /// The row.
    pub change: ImportedChange,
}

kernel::events! {
    /// What can happen to cases.
    pub enum CaseEvent in "cases" {
        /// A report was filed: a case began.
        ReportFiled(ReportFiled) = "cases.report_filed.v1",
        /// Its severity, and whether it is an incident, were decided, with the reason.
        CaseTriaged(CaseTriaged) = "cases.triaged.v1",
        /// Somebody was made to answer for it.
        CaseAssigned(CaseAssigned) = "cases.assigned.v1",
        /// Something was noted inside.
        NoteAdded(NoteAdded) = "cases.note_added.v1",
        /// Something was said to, or by, the reporter.
        MessageSent(MessageSent) = "cases.message_sent.v1",
        /// The work on it is done, with its root cause.
        CaseResolved(CaseResolved) = "cases.resolved.v1",
        /// Its severity, or whether it is an incident, was decided anew; the earlier decision stays.
        SeverityChanged(SeverityChanged) = "cases.severity_changed.v1",
        /// A milestone with its time was stated: aware, determined, contained and the like.
        FactStated(FactStated) = "cases.fact_stated.v1",
        /// What it touched was stated: categories, criteria, commitments, controls, components, data.
        ImpactStated(ImpactStated) = "cases.impact_stated.v1",
        /// An earlier entry about it was corrected by this one; both stay.
        EntryCorrected(EntryCorrected) = "cases.entry_corrected.v1",
        /// Its root cause was stated, with the method and its steps.
        CauseStated(CauseStated) = "cases.cause_stated.v1",
        /// A post-incident review was held.
        ReviewHeld(ReviewHeld) = "cases.review_held.v1",
        /// It came in a flood, was held, and a person let it in.
        ReportReleased(ReportReleased) = "cases.report_released.v1",
        /// It came in a flood, was held, and a person judged it to be junk.
        ReportDiscarded(ReportDiscarded) = "cases.report_discarded.v1",
        /// It had been resolved and is worked on again.
        CaseReopened(CaseReopened) = "cases.reopened.v1",
        /// It was concluded.
        CaseClosed(CaseClosed) = "cases.closed.v1",
        /// A row of another register was taken over.
        ChangeImported(ChangeImported) = "cases.change_imported.v1",
    }
}
