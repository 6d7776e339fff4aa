//! Tasks, corrective actions, duties to notify, links, privileged notes and findings of a case.

use crate::model::CaseId;
use controls::model::ControlId;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(TaskId, TaskKind, "tsk", "task");
kernel::id_kind!(ActionId, ActionIdKind, "act", "corrective action");
kernel::id_kind!(NoticeId, NoticeKind, "ntc", "decision on notifying");
kernel::id_kind!(LinkId, LinkKind, "lnk", "link between cases");
kernel::id_kind!(PrivilegedId, PrivilegedKind, "prv", "privileged note");
kernel::id_kind!(FindingId, FindingIdKind, "fnd", "finding of a case");

kernel::words! {
    /// What an action is for.
    ActionKind {
        /// It mends what went wrong.
        Corrective = "corrective",
        /// It keeps it from happening again, or elsewhere.
        Preventive = "preventive",
    }
}

kernel::words! {
    /// Who is notified.
    Recipient {
        /// An authority.
        Regulator = "regulator",
        /// Customers: user entities.
        Customers = "customers",
        /// The people whom the data is about.
        Persons = "persons",
        /// An insurer.
        Insurer = "insurer",
        /// The police or a prosecutor.
        Police = "police",
        /// A vendor or subservice organisation.
        Vendor = "vendor",
        /// The owners, the board, the market.
        Owners = "owners",
        /// Somebody else, named in the reason.
        Other = "other",
    }
}

kernel::words! {
    /// How a case is related to another.
    Relation {
        /// It is the same report once more.
        DuplicateOf = "duplicate_of",
        /// The other one caused it.
        CausedBy = "caused_by",
        /// The same cause came back.
        RecurrenceOf = "recurrence_of",
        /// They have something to do with each other.
        Related = "related",
    }
}

kernel::words! {
    /// What a case opened or changed in the room of controls.
    FindingKind {
        /// A risk.
        Risk = "risk",
        /// A control that failed: a deficiency.
        Deficiency = "deficiency",
        /// A control that is missing: a gap.
        Gap = "gap",
    }
}

/// Something that somebody must do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// Of which case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// What.
    pub title: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date, `2026-06-30`.
    pub due: String,
    /// What was done, once it was.
    pub done: Option<String>,
    /// The version of the record.
    pub version: i64,
}

/// How an action was checked, and with which result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Whether it is effective.
    pub effective: bool,
    /// Who checked: never the owner of the action.
    pub by: PersonId,
    /// On which date.
    pub on: String,
    /// How.
    pub how: String,
    /// What was seen.
    pub result: String,
}

/// A corrective or preventive action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// Its id.
    pub id: ActionId,
    /// Of which case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is for.
    pub kind: ActionKind,
    /// What.
    pub what: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date.
    pub due: String,
    /// The control that it mends or adds.
    pub control: Option<ControlId>,
    /// What was done, once it was.
    pub done: Option<String>,
    /// From which date it works; recurrence is measured from here.
    pub effective_on: Option<String>,
    /// The last check of its effect.
    pub check: Option<Check>,
    /// The version of the record.
    pub version: i64,
}

/// A decision on a duty to notify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeText {
    /// Who would be notified.
    pub to: Recipient,
    /// The regime: a code of the catalogue, or empty.
    #[serde(default)]
    pub regime: String,
    /// The legal or contractual reference.
    pub reference: String,
    /// Whether they must be notified.
    pub duty: bool,
    /// Why, or why not.
    pub reason: String,
    /// By when, where there is a duty.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
}

/// That a notice was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// When.
    pub at: Timestamp,
    /// By which way, and what shows it.
    pub how: String,
}

/// A decision with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Of which case.
    pub case: CaseId,
    /// What was decided.
    pub text: NoticeText,
    /// By whom.
    pub decided_by: String,
    /// When.
    pub decided_at: Timestamp,
    /// That it was sent.
    pub sent: Option<Sent>,
    /// The version of the record.
    pub version: i64,
}

/// A link between two cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// From which case.
    pub case: CaseId,
    /// To which.
    pub other: CaseId,
    /// How they are related, seen from the first.
    pub relation: Relation,
    /// Why.
    pub reason: String,
    /// The version of the record.
    pub version: i64,
}

/// A note between the organisation and its counsel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivilegedNote {
    /// Its id.
    pub id: PrivilegedId,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// What a case opened or changed in the room of controls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
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
