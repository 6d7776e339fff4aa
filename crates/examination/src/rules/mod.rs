//! The auditor's decisions as pure functions: no database, clock or randomness.
//!
//! | file | decides |
//! |---|---|
//! | [`numbers`] | exact rates and confidence levels |
//! | [`sampling`] | how many items to test; what a tested sample says of all of them |
//! | [`expansion`] | samples in planned stages and their overall risk |
//! | [`frequency`] | a firm's table of sizes by how often a control operates |
//! | [`item`] | whether a selected item deviates |
//! | [`deviation`] | deviations → state of a test |
//! | [`control`] | tests → design and operation of a control |
//! | [`criteria`] | the identifiers of the 61 criteria |
//! | [`span`] | spans of days |
//!
//! Sources of the rules: the AICPA attestation standards AT-C 105 and 205, AU-C 530 by analogy, and
//! published practice. Where firms differ, the figure is policy data and not a constant.

pub mod control;
pub mod criteria;
pub mod deviation;
pub(crate) mod distributions;
pub mod expansion;
pub mod frequency;
pub mod item;
pub mod numbers;
pub mod sampling;
pub mod span;
pub(crate) mod words;

#[cfg(test)]
mod tests;
