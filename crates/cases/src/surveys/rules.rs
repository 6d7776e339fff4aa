//! The decisions of surveys, pure.
//!
//! | module | decides |
//! |---|---|
//! | [`bank`] | which questions there are |
//! | [`answers`] | which answers are acceptable, and their tally |
//! | [`suppress`] | which figures are kept back so that nobody is singled out |

pub mod answers;
pub mod bank;
pub mod suppress;
