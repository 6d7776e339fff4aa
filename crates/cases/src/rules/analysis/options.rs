//! What is counted and by which rule.

use kernel::time::Timestamp;
use serde::Serialize;

use crate::rules::import::mapping::Zone;

/// How a percentile falls between two values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Percentile {
    /// Linear interpolation between the two nearest values (Hyndman and Fan's type 7, the usual
    /// rule of statistics programs and spreadsheets).
    #[default]
    Linear,
    /// The smallest value with at least that share of values at or below it: always a value that
    /// occurred.
    Nearest,
}

impl Percentile {
    /// Reads `linear` or `nearest`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "linear" => Some(Self::Linear),
            "nearest" => Some(Self::Nearest),
            _ => None,
        }
    }

    /// The word on the command line and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Nearest => "nearest",
        }
    }
}

/// A past moment at which the states of all cases are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// How the moment is named in the answer, usually as the person wrote it.
    pub label: String,
    /// The moment; changes made at it count.
    pub at: Timestamp,
}

/// What is counted and by which rule.
#[derive(Clone, Debug)]
pub struct AnalysisOptions {
    /// Only cases opened at this instant or later.
    pub from: Option<Timestamp>,
    /// Only cases opened before this instant.
    pub to: Option<Timestamp>,
    /// The rule of the percentile called `p90`; both rules are always printed beside it.
    pub percentile: Percentile,
    /// The zone in which months and days are counted.
    pub zone: Zone,
    /// The end of observation: cases not over by then are censored there. `None` takes the last
    /// moment known of any case.
    pub observed_until: Option<Timestamp>,
    /// Moments at which states are asked for.
    pub states_as_of: Vec<AsOf>,
    /// Confidence of the intervals, between 0 and 1 exclusive.
    pub confidence: f64,
    /// Rows that stood twice in what was imported, where that is known.
    pub rows_exact_duplicate: Option<u64>,
}

impl Default for AnalysisOptions {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
            percentile: Percentile::Linear,
            zone: Zone::Naive,
            observed_until: None,
            states_as_of: Vec::new(),
            confidence: 0.95,
            rows_exact_duplicate: None,
        }
    }
}

impl AnalysisOptions {
    /// Whether a case opened then belongs to the period. A case that does not say when it was
    /// opened belongs only where no period is asked for.
    #[must_use]
    pub fn selects(&self, opened_at: Option<Timestamp>) -> bool {
        match opened_at {
            Some(at) => self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to),
            None => self.from.is_none() && self.to.is_none(),
        }
    }
}
