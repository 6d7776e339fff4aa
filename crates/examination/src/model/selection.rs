//! What a selection rests on beside its seed.

use serde::{Deserialize, Serialize};

/// What else a selection rests on, and what it leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SelectionNotes {
    /// The least number of items from each stratum; 0 for shares alone.
    pub strata_minimum: u64,
    /// The run that a block holds.
    pub block: Option<Block>,
    /// Months with a tenth or more of the population and no selected item. Said, never selected again.
    pub uncovered: Vec<UncoveredMonth>,
    /// What was not done of the population's checks on completeness and accuracy when the items were
    /// drawn, in sentences; none where it was accepted by all of them before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before_checks: Vec<String>,
    /// Where the seed comes from that somebody gave; empty where the system drew it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub seed_source: String,
}

impl SelectionNotes {
    /// Where a seed that a person gave comes from; none where the system drew it.
    #[must_use]
    pub fn given_source(&self) -> Option<&str> {
        Some(self.seed_source.as_str()).filter(|s| !s.is_empty())
    }
}

/// A run of items: those whose value of a column lies between two, ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The column.
    pub column: String,
    /// The first value, `2026-03-02`, or the only one, such as a system's name.
    pub from: String,
    /// The last value; days stand for everything that begins with them.
    pub to: String,
}

/// A month from which nothing was selected although much of the population lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UncoveredMonth {
    /// The month, `2026-03`.
    pub month: String,
    /// Items in it.
    pub population: u64,
}
