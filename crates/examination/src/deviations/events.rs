//! What can happen after a deviation. Kinds are frozen: a changed shape is a new version.
//!
//! What is about the file goes to the firm's log; a statement goes to the organisation's.

use super::model::{Answer, StatementId};
use crate::model::DeviationId;
use crate::rules::deviation::Nature;
use controls::model::ControlId;
use kernel::ids::{EngagementId, PartyId};
use serde::{Deserialize, Serialize};

/// A second person signed a softer nature.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NatureSeconded {
    /// The deviation.
    pub deviation: DeviationId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The nature.
    pub nature: Nature,
    /// The reason that was signed.
    pub reason: String,
    /// Why this person agrees.
    pub remark: String,
}

/// A statement was asked for about a deviation; the firm's own note of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatementLinked {
    /// The deviation.
    pub deviation: DeviationId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The statement.
    pub statement: StatementId,
}

/// The firm released facts and asked for a statement. In the organisation's log: nothing here that the
/// firm did not release.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatementAsked {
    /// Its id.
    pub id: StatementId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The organisation.
    pub organisation: PartyId,
    /// The control.
    pub control: ControlId,
    /// The facts, in the words in which they were released.
    pub released: String,
    /// Until which day.
    pub due: String,
}

/// The organisation gave its statement, or gave it anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatementGiven {
    /// What it says.
    pub answer: Answer,
}

kernel::events! {
    /// What can happen after a deviation.
    pub enum DeviationEvent in "deviations" {
        /// A second person signed a nature softer than the markers propose.
        NatureSeconded(NatureSeconded) = "deviations.nature_seconded.v1",
        /// The firm noted for which deviation it asked for a statement.
        StatementLinked(StatementLinked) = "deviations.statement_linked.v1",
        /// The firm released facts to the organisation and asked for its statement.
        StatementAsked(StatementAsked) = "deviations.statement_asked.v1",
        /// The organisation gave its statement.
        StatementGiven(StatementGiven) = "deviations.statement_given.v1",
    }
}
