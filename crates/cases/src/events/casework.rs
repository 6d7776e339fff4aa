//! What work on a case records: the payloads.

use crate::model::Severity;
use crate::model::casework::{Fact, Impact, Review, RootCause};
use kernel::ids::EventId;
use serde::{Deserialize, Serialize};

/// The judgement was changed. The first one stays on record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeverityChanged {
    /// What it was.
    pub from: Severity,
    /// What it is now.
    pub to: Severity,
    /// Whether it is an incident.
    pub incident: bool,
    /// Why.
    pub reason: String,
}

/// A milestone was stated, with its time. One of the same kind that was stated before stays on record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FactStated {
    /// Which, when, and what shows it.
    #[serde(flatten)]
    pub fact: Fact,
}

/// What the case touched was stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImpactStated {
    /// The whole, as it stands now.
    #[serde(flatten)]
    pub impact: Impact,
}

/// An entry was corrected by this one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EntryCorrected {
    /// The entry.
    pub entry: EventId,
    /// What is right.
    pub text: String,
    /// Why it was wrong.
    pub reason: String,
}

/// The root cause was stated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CauseStated {
    /// It, and how it was found.
    #[serde(flatten)]
    pub cause: RootCause,
}

/// A review was held.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewHeld {
    /// What it found.
    #[serde(flatten)]
    pub review: Review,
}

/// A resolved case is worked on again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CaseReopened {
    /// Why.
    pub reason: String,
}
