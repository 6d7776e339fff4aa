//! Room 4: reporting channels, cases, clocks, escalation, updates, reviews, status page.
//!
//! | file | holds |
//! |---|---|
//! | [`rules`] | the room's decisions and arithmetic, pure |
//! | [`cli`] | its commands |

pub mod cli;
pub mod rules;
