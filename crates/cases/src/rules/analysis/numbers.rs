//! Hours, percentiles, counts and rounding.

use std::collections::BTreeMap;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::options::Percentile;

/// Microseconds in an hour.
pub const MICROS_PER_HOUR: i64 = 3_600_000_000;

/// Rounds to so many decimals, as the value would be printed.
#[must_use]
pub fn rounded(value: f64, decimals: usize) -> f64 {
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

/// Microseconds as hours, unrounded.
#[must_use]
pub fn hours(micros: i64) -> f64 {
    // Exact to the microsecond for 285 years.
    micros as f64 / MICROS_PER_HOUR as f64
}

/// A share `part / whole`, rounded to six decimals; `None` of nothing.
#[must_use]
pub fn rate(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| rounded(part as f64 / whole as f64, 6))
}

/// The value at a percentile of sorted values, by linear interpolation (Hyndman and Fan, type 7).
///
/// `numerator / denominator` is the percentile, such as 9 / 10. `None` of nothing.
#[must_use]
pub fn percentile_linear(sorted: &[i64], numerator: usize, denominator: usize) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = last * numerator / denominator;
    let rest = last * numerator % denominator;
    let low = *sorted.get(place)?;
    let high = sorted.get(place + 1).copied().unwrap_or(low);
    let gap = high.saturating_sub(low) as f64;
    Some(low as f64 + gap * rest as f64 / denominator as f64)
}

/// The smallest of sorted values with at least `numerator / denominator` of them at or below it.
#[must_use]
pub fn percentile_nearest(sorted: &[i64], numerator: usize, denominator: usize) -> Option<i64> {
    let rank = (sorted.len() * numerator).div_ceil(denominator);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// Durations in hours, rounded to four decimals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HoursSummary {
    /// How many durations.
    pub n: u64,
    /// The shortest.
    pub min: Option<f64>,
    /// The middle one, or the mean of the middle two.
    pub median: Option<f64>,
    /// The 90th percentile by the rule asked for.
    pub p90: Option<f64>,
    /// The 90th percentile by linear interpolation.
    pub p90_linear: Option<f64>,
    /// The 90th percentile by nearest rank.
    pub p90_nearest: Option<f64>,
    /// Arithmetic mean.
    pub mean: Option<f64>,
    /// The longest.
    pub max: Option<f64>,
    /// All together.
    pub sum: f64,
}

impl HoursSummary {
    /// Sums up durations in microseconds, in any order.
    #[must_use]
    pub fn of(mut micros: Vec<i64>, percentile: Percentile) -> Self {
        micros.sort_unstable();
        let total: i128 = micros.iter().map(|value| i128::from(*value)).sum();
        let sum = total as f64 / MICROS_PER_HOUR as f64;
        let exact = |value: i64| rounded(hours(value), 4);
        let between = |value: f64| rounded(value / MICROS_PER_HOUR as f64, 4);
        let p90_linear = percentile_linear(&micros, 9, 10).map(between);
        let p90_nearest = percentile_nearest(&micros, 9, 10).map(exact);
        Self {
            n: micros.len() as u64,
            min: micros.first().copied().map(exact),
            median: percentile_linear(&micros, 1, 2).map(between),
            p90: match percentile {
                Percentile::Linear => p90_linear,
                Percentile::Nearest => p90_nearest,
            },
            p90_linear,
            p90_nearest,
            mean: (!micros.is_empty()).then(|| rounded(sum / micros.len() as f64, 4)),
            max: micros.last().copied().map(exact),
            sum: rounded(sum, 4),
        }
    }
}

/// Counts by word while they are gathered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<String, u64>,
    missing: u64,
}

impl Tally {
    /// Counts one; `None` counts as missing.
    pub fn add(&mut self, word: Option<&str>) {
        match word {
            None => self.missing += 1,
            // Most words have been seen before: look before allocating.
            Some(word) => match self.counts.get_mut(word) {
                Some(count) => *count += 1,
                None => {
                    self.counts.insert(word.to_owned(), 1);
                }
            },
        }
    }

    /// How many had no word.
    #[must_use]
    pub const fn missing(&self) -> u64 {
        self.missing
    }

    /// How many different words.
    #[must_use]
    pub fn distinct(&self) -> u64 {
        self.counts.len() as u64
    }

    /// All counts, greatest first, equal ones by word.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.top(usize::MAX)
    }

    /// The greatest counts, equal ones by word.
    #[must_use]
    pub fn top(&self, most: usize) -> Counts {
        let mut all: Vec<(&String, u64)> =
            self.counts.iter().map(|(word, count)| (word, *count)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        Counts(all.into_iter().take(most).map(|(word, count)| (word.clone(), count)).collect())
    }
}

/// Counts by word, greatest first. A JSON object in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub Vec<(String, u64)>);

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (word, count) in &self.0 {
            map.serialize_entry(word, count)?;
        }
        map.end()
    }
}
