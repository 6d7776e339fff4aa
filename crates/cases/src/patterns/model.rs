//! Decided pairs, and the report on the history.

use super::rules::proposals::{Method, Proposal};
use super::rules::recurrence::Recurrence;
use super::rules::{PatternCase, Signal};
use crate::model::CaseId;
use kernel::time::Timestamp;
use serde::Serialize;

/// What somebody decided about two cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The case reported first.
    pub earlier: CaseId,
    /// The case reported later.
    pub later: CaseId,
    /// Whether they are the same matter.
    pub same: bool,
    /// By what the pair was proposed.
    pub method: Option<Method>,
    /// Why.
    pub reason: String,
    /// Who decided: `per_…`.
    pub decided_by: String,
    /// When.
    pub decided_at: Timestamp,
}

/// A pair that waits for a decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Waiting {
    /// The id of the earlier case.
    pub earlier: String,
    /// Its number.
    pub earlier_number: String,
    /// The id of the later case.
    pub later: String,
    /// Its number.
    pub later_number: String,
    /// How it was found.
    #[serde(flatten)]
    pub proposal: Proposal,
}

/// What the history says.
#[derive(Debug, Clone, Serialize)]
pub struct PatternReport {
    /// The end of observation.
    pub until: Timestamp,
    /// Cases looked at: the newest.
    pub looked_at: u64,
    /// Whether older ones were left out.
    pub cut: bool,
    /// Pairs proposed by each method, those decided included.
    pub proposed: Vec<(Method, u64)>,
    /// Pairs confirmed.
    pub confirmed: u64,
    /// Pairs rejected.
    pub rejected: u64,
    /// Pairs that wait for a decision, the likeliest first.
    pub waiting: Vec<Waiting>,
    /// Recurrence over confirmed pairs.
    pub recurrence: Recurrence,
    /// Cases that came again, with the mended one: ids.
    pub came_again: Vec<(String, String)>,
    /// Answers about gaps and weaknesses.
    pub signals: Vec<Signal>,
    /// The cases looked at, for links; not printed.
    #[serde(skip)]
    pub cases: Vec<PatternCase>,
}
