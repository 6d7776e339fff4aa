//! Pure decisions of this room.

pub mod report_lint;
pub mod report_wording;
