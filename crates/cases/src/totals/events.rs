//! What can happen to control totals. Kinds are frozen: a changed shape is a new version.

use super::model::{Against, Book, Count, ExceptionId};
use kernel::ids::PersonId;
use kernel::period::Date;
use serde::{Deserialize, Serialize};

/// A day was counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DayCounted {
    /// The date in UTC.
    pub day: Date,
    /// Each book.
    pub counts: Vec<Count>,
}

/// Somebody outside counted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FigureStated {
    /// The date in UTC.
    pub day: Date,
    /// What.
    pub book: Book,
    /// How many.
    pub figure: i64,
    /// Who, and where it can be looked up.
    pub source: String,
}

/// A count did not agree.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExceptionOpened {
    /// Its id.
    pub id: ExceptionId,
    /// The date in UTC.
    pub day: Date,
    /// What was counted.
    pub book: Book,
    /// At the door.
    pub expected: i64,
    /// On the other side.
    pub found: i64,
    /// Which other side.
    pub against: Against,
    /// Who must explain it.
    pub owner: Option<PersonId>,
}

/// Somebody else must explain it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExceptionAssigned {
    /// Which.
    pub id: ExceptionId,
    /// Who.
    pub owner: PersonId,
}

/// It was explained.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExceptionResolved {
    /// Which.
    pub id: ExceptionId,
    /// How.
    pub resolution: String,
}

kernel::events! {
    /// What can happen to control totals.
    pub enum TotalEvent in "totals" {
        /// A day was counted, or counted again.
        Counted(DayCounted) = "totals.counted.v1",
        /// What somebody outside counted was written down.
        Figure(FigureStated) = "totals.figure_stated.v1",
        /// A count did not agree: an exception.
        Opened(ExceptionOpened) = "totals.exception_opened.v1",
        /// Somebody else must explain it.
        Assigned(ExceptionAssigned) = "totals.exception_assigned.v1",
        /// It was explained.
        Resolved(ExceptionResolved) = "totals.exception_resolved.v1",
    }
}
