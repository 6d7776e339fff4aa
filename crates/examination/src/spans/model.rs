//! Stretches of a control that changed in the period, and what is concluded on each.

use crate::model::{TestId, Verdict};
use crate::rules::span::Span;
use kernel::ids::EventId;
use serde::{Deserialize, Serialize};

/// A stretch of the period in which a control stayed the same, where it changed in the middle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlSpan {
    /// Its days.
    pub days: Span,
    /// What the control was over these days.
    pub what: String,
    /// The tests that speak for these days.
    pub tests: Vec<TestId>,
}

/// The stretches of a control that changed in the period, as last stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ControlSpans {
    /// The stretches in order; together they are the period. None: it did not change after all.
    pub spans: Vec<ControlSpan>,
    /// Why they were stated so.
    pub reason: String,
    /// The version of the record.
    pub version: i64,
    /// The event that stated them.
    pub event: EventId,
}

/// What is concluded of one stretch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanVerdict {
    /// Its days.
    pub days: Span,
    /// What the rules proposed.
    pub proposed: Verdict,
    /// What was concluded.
    pub concluded: Verdict,
    /// Why.
    pub reason: String,
}
