//! Pure decisions of this room.

pub mod bridge_letter;
pub mod description;
pub mod general_use;
pub mod report_lint;
pub mod report_wording;
