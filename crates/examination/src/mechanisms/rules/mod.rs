//! Decisions of the evaluation as pure functions.
//!
//! | file | holds |
//! |---|---|
//! | [`rubric`] | five dimensions, a score for each from what is known, the whole from the scores |
//! | [`compare`] | channels that the auditor found against what the organisation says of them |
//! | [`priority`] | in which order recommendations stand |

pub mod compare;
pub mod priority;
pub mod rubric;
