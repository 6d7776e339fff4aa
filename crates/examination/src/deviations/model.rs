//! Second signatures under a softer nature, and statements of the organisation.

use crate::model::DeviationId;
use crate::rules::deviation::Nature;
use controls::model::ControlId;
use kernel::ids::{EngagementId, EventId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(StatementId, StatementIdKind, "stm", "statement");

/// A second person's signature under a nature that is softer than the markers propose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Second {
    /// The deviation.
    pub deviation: DeviationId,
    /// The nature that was signed; another one needs another signature.
    pub nature: Nature,
    /// The reason that was signed with it.
    pub reason: String,
    /// Who.
    pub signer: String,
    /// When.
    pub signed_at: Timestamp,
    /// The entry.
    pub event: EventId,
}

/// What the organisation says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether it agrees with the facts as released.
    pub agrees: bool,
    /// What it says, in sentences that a report can print.
    pub text: String,
    /// What it put right; empty for nothing yet.
    pub correction: String,
    /// On which day, `2026-05-04`.
    pub corrected_on: Option<String>,
}

/// A statement that the firm asked for. Both sides see it; it says nothing that was not released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its id.
    pub id: StatementId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The control that it is about.
    pub control: ControlId,
    /// The facts that the firm released, in its words.
    pub released: String,
    /// Until which day an answer is asked for.
    pub due: String,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: Timestamp,
    /// What the organisation said, once it did.
    pub answer: Option<Answer>,
    /// Who said it.
    pub given_by: Option<String>,
    /// When.
    pub given_at: Option<Timestamp>,
    /// The version of the record.
    pub version: i64,
    /// The entry that holds it last.
    pub event: EventId,
}
