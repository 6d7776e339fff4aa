//! Pure decisions of this room.

pub mod statement_lint;
pub mod wording;
