//! The auditor's decisions as pure functions: no database, clock or randomness.
//!
//! In the order in which an examination needs them:
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
//! | [`criterion`] | controls → criterion met, not met or unknown; material or not |
//! | [`opinion`] | criteria, description, limitations → three prongs and a headline |
//! | [`compensation`] | which controls make up for one that failed, and why each may |
//! | [`conclusion`] | what a person concludes from a proposal, and who must sign |
//! | [`facts`] | the document an opinion is proposed from |
//! | [`criteria`] | the identifiers of the 61 criteria |
//! | [`cover`] | days of a period that lists of occurrences leave out |
//! | [`span`] | spans of days |
//!
//! Sources of the rules: the AICPA attestation standards AT-C 105 and 205, AU-C 530 by analogy, and
//! published practice. Where firms differ, the figure is policy data and not a constant.

pub(crate) mod checks;
pub mod compensation;
pub mod conclusion;
pub mod control;
pub mod cover;
pub mod criteria;
pub mod criterion;
pub mod deviation;
pub(crate) mod distributions;
pub mod expansion;
pub mod facts;
pub mod frequency;
pub mod item;
pub mod numbers;
pub mod opinion;
pub(crate) mod pervasive;
pub(crate) mod prong;
pub mod sampling;
pub mod span;
pub(crate) mod words;

#[cfg(test)]
mod tests;
