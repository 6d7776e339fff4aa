//! Procedures of the firm, and what the organisation sees of them.

use crate::model::TestId;
use controls::model::ControlId;
use kernel::ids::{EngagementId, EventId, PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(InquiryId, InquiryIdKind, "inq", "inquiry");
kernel::id_kind!(AppointmentId, AppointmentIdKind, "apt", "appointment");

kernel::words! {
    /// What is done.
    ProcedureKind {
        /// One item is traced from end to end. A procedure of design.
        Walkthrough = "walkthrough",
        /// Somebody who knows is asked.
        Inquiry = "inquiry",
        /// Something is watched while it is done.
        Observation = "observation",
        /// User entities are asked, with the organisation's consent.
        Survey = "survey",
    }
}

kernel::words! {
    /// Where a procedure stands.
    ProcedureState {
        /// It is planned.
        Planned = "planned",
        /// Something was answered or seen.
        Held = "held",
        /// It is concluded.
        Concluded = "concluded",
        /// It will not be held.
        Cancelled = "cancelled",
    }
}

kernel::words! {
    /// How long somebody has been in their function.
    Tenure {
        /// Less than a year.
        New = "new",
        /// One to five years.
        Settled = "settled",
        /// More than five years.
        Long = "long",
        /// It is not known.
        Unknown = "unknown",
    }
}

kernel::words! {
    /// What a procedure is used for.
    Support {
        /// To understand the system; nothing is concluded on from it.
        Understanding = "understanding",
        /// To conclude that a control is suitably designed and in place.
        Design = "design",
        /// To conclude that a control operated.
        Operation = "operation",
    }
}

kernel::words! {
    /// How something said was corroborated.
    CorroborationKind {
        /// A record, a setting or a document was examined.
        Inspection = "inspection",
        /// It was watched while it was done.
        Observation = "observation",
        /// It was done again independently.
        Reperformance = "reperformance",
    }
}

kernel::words! {
    /// What the organisation consents to.
    Agreed {
        /// The firm may rest on the results of the organisation's own surveys.
        OwnSurveys = "own_surveys",
        /// The firm may ask user entities.
        UserEntities = "user_entities",
    }
}

kernel::words! {
    /// Where an appointment stands.
    AppointmentState {
        /// It waits for an answer.
        Proposed = "proposed",
        /// The person comes.
        Accepted = "accepted",
        /// The person proposes another time.
        OtherTime = "other_time",
        /// The firm took it back.
        Cancelled = "cancelled",
    }
}

/// Somebody who is asked, and why they were chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Their name, or what they are where no name is needed.
    pub name: String,
    /// Their function.
    pub function: String,
    /// For how long they have had it.
    pub tenure: Tenure,
    /// Why this person.
    pub reason: String,
}

/// A procedure as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What is done.
    pub kind: ProcedureKind,
    /// In a few words.
    pub title: String,
    /// What it is to find out.
    pub purpose: String,
    /// The controls that it concerns.
    pub controls: Vec<ControlId>,
    /// The planned tests that it is part of.
    pub tests: Vec<TestId>,
    /// Who is asked.
    pub asked: Vec<Asked>,
    /// Questions of the bank, by id.
    pub questions: Vec<String>,
    /// Further questions, in the auditor's words.
    pub own: Vec<String>,
}

/// What was concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// For what it is used.
    pub support: Support,
    /// What was learnt.
    pub text: String,
}

/// A procedure of the firm's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Procedure {
    /// Its id.
    pub id: InquiryId,
    /// How it was planned.
    pub plan: Plan,
    /// Where it stands.
    pub state: ProcedureState,
    /// The appointment that the organisation was given.
    pub appointment: Option<AppointmentId>,
    /// What was concluded.
    pub outcome: Option<Outcome>,
    /// Who planned it.
    pub planned_by: String,
    /// The version, for forms.
    pub version: i64,
    /// The entry of the log.
    pub event: EventId,
}

/// Something that a procedure gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// An answer: who said what, in which role, when.
    Answer {
        /// The question: an id of the bank, or its words.
        question: String,
        /// Who answered.
        who: String,
        /// In which role.
        role: String,
        /// When.
        at: Timestamp,
        /// What was said.
        answer: String,
    },
    /// A session: something was watched, or an item traced.
    Session {
        /// On which date: `2026-07-02`.
        on: String,
        /// Where, or by which means.
        place: String,
        /// Who was there.
        present: String,
        /// What was seen; of a walkthrough, the item and each step.
        seen: String,
    },
    /// Something is left to be done.
    FollowUp {
        /// What.
        what: String,
        /// By when: `2026-07-10`.
        due: String,
    },
    /// Something said was corroborated.
    Corroboration {
        /// How.
        by: CorroborationKind,
        /// What was found.
        found: String,
        /// What shows it; at least one.
        evidence: Vec<String>,
    },
}

impl Entry {
    /// The word in tables and keys of messages.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Answer { .. } => "answer",
            Self::Session { .. } => "session",
            Self::FollowUp { .. } => "follow_up",
            Self::Corroboration { .. } => "corroboration",
        }
    }
}

/// An entry as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEntry {
    /// Its number within the procedure, from 1.
    pub number: i64,
    /// What.
    pub entry: Entry,
    /// For a follow-up that is done: what came of it.
    pub outcome: Option<String>,
    /// Who wrote it down.
    pub actor: String,
    /// When.
    pub at: Timestamp,
}

/// What the organisation is told of a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Whom the firm wants to meet.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// How long, in minutes.
    pub minutes: i64,
    /// Where, or by which means.
    pub place: String,
    /// What it is about, as far as the firm releases it.
    pub topics: String,
    /// Who of the firm comes.
    pub contact: PersonId,
}

/// An appointment of the organisation with the firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Its id.
    pub id: AppointmentId,
    /// The organisation.
    pub organisation: PartyId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The firm.
    pub firm: PartyId,
    /// What is told.
    pub meeting: Meeting,
    /// Where it stands.
    pub state: AppointmentState,
    /// What the person answered.
    pub reply: String,
    /// The version, for forms.
    pub version: i64,
}

/// A consent of the organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub what: Agreed,
    /// In which words, with what limits.
    pub words: String,
    /// Who gave it.
    pub given_by: String,
    /// When.
    pub given_at: Timestamp,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
    /// The version, for forms.
    pub version: i64,
}

impl Consent {
    /// Whether it holds.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.withdrawn_at.is_none()
    }
}
