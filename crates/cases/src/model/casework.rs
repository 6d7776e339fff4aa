//! What work on a case finds out: facts with their times, what was touched, why it happened.

use commitments::model::CommitmentId;
use controls::model::ControlId;
use kernel::ids::EventId;
use kernel::time::Timestamp;
use scope::catalogue::{Category, CriterionId};
use scope::model::ComponentId;
use serde::{Deserialize, Serialize};

kernel::words! {
    /// A milestone of what happened. Clocks of law and contract start at one of them.
    FactKind {
        /// It began.
        Occurred = "occurred",
        /// Somebody or something noticed it.
        Detected = "detected",
        /// The organisation became aware of it, in the sense of data protection law.
        Aware = "aware",
        /// It was determined to be what it is: material, major, a breach.
        Determined = "determined",
        /// It no longer spreads.
        Contained = "contained",
        /// The service is as it was promised again.
        Recovered = "recovered",
    }
}

kernel::words! {
    /// Which kind of data was touched.
    DataKind {
        /// About people: names, addresses, pay.
        Personal = "personal",
        /// About people, of the kinds that law protects more: health, beliefs, biometrics.
        Sensitive = "sensitive",
        /// Confidential to customers by agreement.
        Customer = "customer",
        /// Money: accounts, transfers, amounts.
        Financial = "financial",
        /// Passwords, keys, tokens.
        Credentials = "credentials",
        /// The system's own: logs, settings.
        Operational = "operational",
    }
}

kernel::words! {
    /// How a root cause was found.
    CauseMethod {
        /// One asks why, five times or more.
        FiveWhys = "five_whys",
        /// Causes sorted by kind: people, process, technology, environment.
        Fishbone = "fishbone",
        /// Which combination of faults leads there.
        FaultTree = "fault_tree",
        /// What happened when, step by step.
        Timeline = "timeline",
        /// Another, named in the steps.
        Other = "other",
    }
}

kernel::words! {
    /// Why it happened, in one word: what recurrences are counted by.
    CauseCode {
        /// A change to the system.
        Change = "change",
        /// A setting.
        Configuration = "configuration",
        /// Too little of something.
        Capacity = "capacity",
        /// A defect of software.
        Software = "software",
        /// A machine or device.
        Hardware = "hardware",
        /// A network.
        Network = "network",
        /// A vendor or subservice organisation.
        ThirdParty = "third_party",
        /// Something forgotten or done wrongly.
        Human = "human",
        /// A procedure that is missing or does not fit.
        Process = "process",
        /// Rights of access.
        Access = "access",
        /// Somebody's intent.
        Malicious = "malicious",
        /// Power, weather, building.
        Environment = "environment",
        /// It could not be found.
        Unknown = "unknown",
    }
}

kernel::words! {
    /// Why something is said to the reporter.
    MessagePurpose {
        /// That it arrived, and no more.
        Receipt = "receipt",
        /// An answer.
        Answer = "answer",
        /// How far it has come.
        Update = "update",
        /// A question to them.
        Question = "question",
        /// What came of it.
        Outcome = "outcome",
    }
}

/// A milestone with its time and what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Which.
    pub what: FactKind,
    /// When it was.
    pub at: Timestamp,
    /// What shows it: a log line, an alert, a witness.
    pub evidence: String,
}

/// What a case touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// Categories whose objectives were at stake.
    pub categories: Vec<Category>,
    /// Criteria it bears on.
    pub criteria: Vec<CriterionId>,
    /// Service commitments that were missed, or could have been.
    pub commitments: Vec<CommitmentId>,
    /// Controls that failed or were missing.
    pub controls: Vec<ControlId>,
    /// Parts of the system.
    pub components: Vec<ComponentId>,
    /// Kinds of data.
    pub data: Vec<DataKind>,
    /// How far: how many customers, people, hours.
    pub extent: String,
}

impl Impact {
    /// Whether data about people was touched.
    #[must_use]
    pub fn personal_data(&self) -> bool {
        self.data.iter().any(|d| matches!(d, DataKind::Personal | DataKind::Sensitive))
    }
}

/// A root cause, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootCause {
    /// By which method.
    pub method: CauseMethod,
    /// The steps of the method, in order.
    pub steps: Vec<String>,
    /// In one word.
    pub code: CauseCode,
    /// In a sentence.
    pub cause: String,
}

/// A post-incident review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// When it was held, `2026-03-09`.
    pub held_on: String,
    /// Who took part.
    pub participants: Vec<String>,
    /// What went well.
    pub went_well: String,
    /// What went badly.
    pub went_badly: String,
    /// What follows from it.
    pub lessons: String,
}

/// The decision at triage and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Whether it is an incident.
    pub incident: bool,
    /// Why, as said last.
    pub reason: String,
    /// When it was first judged.
    pub first_at: Timestamp,
    /// How often the decision was changed since.
    pub changes: i64,
}

/// A correction of an earlier entry; both stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// The entry that it corrects.
    pub entry: EventId,
    /// When it was corrected.
    pub at: Timestamp,
    /// What is right.
    pub text: String,
}
