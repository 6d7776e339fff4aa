//! What is recorded of a population's completeness and accuracy.

use crate::model::PopulationId;
use evidence::collectors::model::RunId;
use evidence::model::EvidenceId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a list was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generator {
    /// By a connector that read the system itself.
    Connector,
    /// By an export that the system offers.
    Export,
    /// By a query or script that somebody wrote.
    Script,
    /// By hand.
    Manual,
}

impl Generator {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Connector, Self::Export, Self::Script, Self::Manual];

    /// The word stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::Export => "export",
            Self::Script => "script",
            Self::Manual => "manual",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.as_str() == text)
    }
}

/// How the list was retrieved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retrieval {
    /// The system it came from.
    pub system: String,
    /// How it was made.
    pub generator: Generator,
    /// The exact query, steps or name of the report.
    pub query: String,
    /// Dates, filters and zone that were given to it.
    #[serde(default)]
    pub parameters: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// SHA-256 of the unedited output, in hexadecimal, where it was taken at the source.
    pub output_sha256: Option<String>,
    /// Whether somebody of the firm watched.
    pub observed: bool,
    /// Whether the person who made it operates the tested control.
    pub operates_control: bool,
    /// The run of a collector whose own record says the same, word for word. Decided when it is
    /// recorded, from the run; what is given here by a caller counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collector: Option<RunId>,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// It has no meaning for this list.
    NotApplicable,
    /// Nobody has done it yet.
    NotDone,
}

impl Outcome {
    /// The word stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable => "not_applicable",
            Self::NotDone => "not_done",
        }
    }

    /// Reads what a person may answer: a check cannot be answered with "not done".
    #[must_use]
    pub fn answered(text: &str) -> Option<Self> {
        [Self::Pass, Self::Fail, Self::NotApplicable].into_iter().find(|o| o.as_str() == text)
    }
}

/// A person's answer to a check that no file can answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckAnswer {
    /// How it came out.
    pub outcome: Outcome,
    /// What was done and found.
    pub detail: String,
    /// What shows it.
    #[serde(default)]
    pub evidence: Vec<EvidenceId>,
}

/// Why a failed check does not stand in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The check's number.
    pub check: u8,
    /// The gap, month or row it is about, as the check names it; empty for the check as a whole.
    #[serde(default)]
    pub item: String,
    /// Why.
    pub reason: String,
    /// What shows it.
    #[serde(default)]
    pub evidence: Vec<EvidenceId>,
}

/// Counts that must lead to the list: 120 + 34 − 21 + 1 = 134.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// The second source that the counts came from; never the one that made the list.
    pub source: String,
    /// Rows in the opening list, or the second source's own total.
    pub opening: u64,
    /// What came in.
    pub additions: u64,
    /// What went out.
    pub removals: u64,
    /// What came back.
    pub returns: u64,
    /// Lists of the same file that hold what was counted; each has to have as many rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<Counted>,
}

/// Which of the counts of a reconciliation a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// What came in.
    Additions,
    /// What went out.
    Removals,
}

/// A frozen list of the same file that holds what one of the counts counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Which count.
    pub count: Count,
    /// The list.
    pub list: PopulationId,
    /// Its name and its rows as frozen; whatever is sent, the record says what was frozen.
    #[serde(default)]
    pub name: String,
    /// See [`Counted::name`].
    #[serde(default)]
    pub rows: u64,
}

/// A written representation on which completeness rests where no second source exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representation {
    /// Why there is no second source.
    pub why: String,
    /// Who signed it, with the position.
    pub signed_by: String,
    /// The date on it, `2026-07-10`.
    pub dated: String,
    /// The representation itself, as the organisation filed it.
    pub evidence: EvidenceId,
}

/// What proves that nothing happened which the list would hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZeroProof {
    /// What was done.
    pub how: String,
    /// What shows it.
    #[serde(default)]
    pub evidence: Vec<EvidenceId>,
}

/// A frozen population is never changed: a corrected list is another one, which takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Superseded {
    /// The population that takes its place.
    pub new: PopulationId,
    /// Why.
    pub why: String,
}

/// Why rows that its source gained after the freeze do not belong to a population.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growth {
    /// How many of them lie in the period, as the source stood then.
    pub in_period: u64,
    /// Why the population stays as it is.
    pub why: String,
}

/// Something that was recorded, with who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By<T> {
    /// What.
    #[serde(flatten)]
    pub what: T,
    /// Who, as the log names the actor.
    pub by: String,
}

/// Everything recorded of one population.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ipe {
    /// How it was retrieved.
    pub retrieval: Option<By<Retrieval>>,
    /// Answers by number of the check.
    #[serde(default)]
    pub answers: BTreeMap<u8, By<CheckAnswer>>,
    /// Explanations, oldest first.
    #[serde(default)]
    pub explanations: Vec<By<Explanation>>,
    /// The last reconciliation.
    pub reconciliation: Option<By<Reconciliation>>,
    /// The representation in the place of one.
    pub representation: Option<By<Representation>>,
    /// The proven zero.
    pub zero: Option<By<ZeroProof>>,
    /// The corrected list that took the place of this one.
    #[serde(default)]
    pub superseded: Option<By<Superseded>>,
    /// Why what its source gained since does not belong to it. No part of what a conclusion rests on: the
    /// population stays the one that was frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<By<Growth>>,
}
