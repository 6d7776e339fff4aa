//! Figures about a set of cases, each with the definition it was counted by.
//!
//! The caller hands over one case after the other, each with its history where one is known, and
//! gets an [`Analysis`] at the end. Nothing is kept of a case but what the figures need.
//!
//! ```text
//! let mut analyser = Analyser::new(options);
//! for (case, mut history) in cases { analyser.add(&case, &mut history); }
//! let analysis = analyser.finish();
//! ```
//!
//! | file | holds |
//! |---|---|
//! | [`facts`] | what is known of a case and of each change of it |
//! | [`options`] | period, zone, percentile rule, confidence |
//! | [`numbers`] | hours, percentiles, counts, rounding |
//! | [`interval`] | Wilson and Clopper–Pearson intervals for a share |
//! | [`survival`] | Kaplan–Meier: how long things take when some are not over yet |
//! | [`months`] | calendar months, arrivals and backlog |
//! | [`recurrence`] | the same matter again |
//! | [`history`] | transitions, states at a past moment, and oddities of the record |
//! | [`analyser`] | gathers all of them in one pass |
//! | [`output`] | the figures as one JSON document |
//! | [`definitions`] | the definition of each figure |

pub mod analyser;
pub mod definitions;
pub mod facts;
pub mod history;
pub mod interval;
pub mod months;
pub mod numbers;
pub mod options;
pub mod output;
pub mod recurrence;
pub mod survival;

pub use analyser::Analyser;
pub use facts::{CaseFacts, ChangeFacts};
pub use options::{AnalysisOptions, AsOf, Percentile};
pub use output::Analysis;

/// Analyses cases that come one by one, each with its history (empty where none is known).
pub fn analyse(
    cases: impl IntoIterator<Item = (CaseFacts, Vec<ChangeFacts>)>,
    options: AnalysisOptions,
) -> Analysis {
    let mut analyser = Analyser::new(options);
    for (case, mut history) in cases {
        analyser.add(&case, &mut history);
    }
    analyser.finish()
}

#[cfg(test)]
mod tests;
