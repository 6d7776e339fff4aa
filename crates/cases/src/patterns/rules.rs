//! What the history of cases says, pure: recurrence, gaps in reporting, what fails again and again.
//!
//! Every answer names its method, what went in and how sure it is; where there is too little to say how
//! sure, it says so. Nothing here reads a clock: the end of observation is an argument.
//!
//! | file | holds |
//! |---|---|
//! | [`facts`] | what is known of a case |
//! | [`lexical`] | texts that are alike: shingles, MinHash, bands, cosine |
//! | [`proposals`] | pairs of cases that may be the same matter, for people to decide |
//! | [`recurrence`] | groups of confirmed pairs; did it come again after it was mended? |
//! | [`gaps`] | signs that not everything is reported |
//! | [`outages`] | published outages against incidents |
//! | [`weaknesses`] | controls, components and causes that come up too often |
//! | [`chance`] | Poisson, binomial and rank arithmetic |

pub mod chance;
pub mod facts;
pub mod gaps;
pub mod lexical;
pub mod outages;
pub mod proposals;
pub mod recurrence;
pub mod weaknesses;

pub use facts::{Basis, PatternCase, Signal};

#[cfg(test)]
mod tests;
