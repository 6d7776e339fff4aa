//! Whether an availability target was kept: arithmetic on outages and maintenance.
//!
//! With *T* the time in the window, *M* the excluded maintenance and *D* the downtime outside *M*:
//!
//! | rule | availability | usual in |
//! |---|---|---|
//! | `contract` | (T − M − D) / (T − M) | contracts |
//! | `total` | (T − D) / T | public status pages |
//!
//! * Overlapping outages, of several regions or probes, are merged before they are added up, and
//!   cut to the window.
//! * An outage inside excluded maintenance is not downtime. Where the terms cap the maintenance of a
//!   window, the first maintenance up to the cap is excluded; what goes beyond is downtime, whether
//!   or not an outage was recorded.
//! * The comparison with the target is exact, in whole numbers. Rounding is for display alone.
//! * Each month stands alone: a missed month is not averaged away. The pooled figure is shown
//!   beside them.

mod spans;
mod spans_csv;
mod target;
#[cfg(test)]
mod tests;

use std::fmt;

use kernel::period::Period;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

pub use spans::{Span, SpanError};
pub use spans_csv::{CSV_BYTES_MAX, CsvError, ROWS_MAX, read_spans};
pub use target::{AvailabilityTarget, TargetError};

use spans::{first_of, length_us, merged, without};

/// Which time availability is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Of the window without the excluded maintenance.
    Contract,
    /// Of the whole window.
    Total,
}

/// What was promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Which time the share is taken of.
    pub rule: Rule,
    /// The least share that keeps the promise.
    pub target: AvailabilityTarget,
    /// Most maintenance that is excluded in one window, in microseconds; all of it if absent.
    pub maintenance_cap_us: Option<i64>,
}

/// The availability of one window under its terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Availability {
    /// Length of the window in microseconds (T).
    pub window_us: i64,
    /// Excluded maintenance in microseconds (M).
    pub excluded_us: i64,
    /// Downtime outside the excluded maintenance in microseconds (D).
    pub downtime_us: i64,
    /// The terms it was measured under.
    pub terms: Terms,
}

/// Why there is no availability to tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AvailabilityError {
    /// A window without length.
    #[error("the window ends when it starts; there is nothing to measure")]
    EmptyWindow,
    /// All of the window is excluded, and the rule leaves it out.
    #[error(
        "all of the window from {0} to {1} is excluded maintenance, so under the contract rule there is nothing to measure"
    )]
    AllExcluded(Timestamp, Timestamp),
    /// A cap below nothing.
    #[error("the maintenance cap is negative")]
    NegativeCap,
}

/// Measures a window.
///
/// # Errors
/// When there is no time to take a share of.
pub fn measure(
    window: Span,
    outages: &[Span],
    maintenance: &[Span],
    terms: Terms,
) -> Result<Availability, AvailabilityError> {
    let window_us = window.length_us();
    if window_us == 0 {
        return Err(AvailabilityError::EmptyWindow);
    }
    let cap_us = terms.maintenance_cap_us.unwrap_or(i64::MAX);
    if cap_us < 0 {
        return Err(AvailabilityError::NegativeCap);
    }
    let announced = merged(maintenance, window);
    let (excluded, beyond_cap) = first_of(&announced, cap_us);
    let mut down = outages.to_vec();
    down.extend(beyond_cap);
    let measured = Availability {
        window_us,
        excluded_us: length_us(&excluded),
        downtime_us: length_us(&without(&merged(&down, window), &excluded)),
        terms,
    };
    if measured.base_us() == 0 {
        return Err(AvailabilityError::AllExcluded(window.from(), window.to()));
    }
    Ok(measured)
}

impl Availability {
    /// The time that the share is taken of, in microseconds; above 0.
    #[must_use]
    pub fn base_us(&self) -> i64 {
        match self.terms.rule {
            Rule::Contract => self.window_us - self.excluded_us,
            Rule::Total => self.window_us,
        }
    }

    /// The part of it in which the service was available, in microseconds.
    #[must_use]
    pub fn good_us(&self) -> i64 {
        self.base_us() - self.downtime_us
    }

    /// The share as a fraction of 1, unrounded but for the floating point.
    #[must_use]
    pub fn value(&self) -> f64 {
        ratio(self.good_us(), self.base_us())
    }

    /// Whether the target was kept: the exact share is at least the target.
    #[must_use]
    pub fn met(&self) -> bool {
        self.terms.target.is_met_by(self.good_us(), self.base_us())
    }

    /// The most downtime that would have kept the target, in whole microseconds.
    #[must_use]
    pub fn allowed_downtime_us(&self) -> i64 {
        self.terms.target.allowed_us(self.base_us())
    }

    /// The percentage with so many decimals (at most 9), rounded half up: `99.90`. A rounded figure
    /// says nothing about the target; ask [`Availability::met`].
    #[must_use]
    pub fn percent(&self, decimals: u32) -> String {
        percent(self.good_us(), self.base_us(), decimals)
    }

    /// The percentage with at least three decimals, and as many more as it takes for the figure
    /// not to belie the verdict beside it: a miss of 99.9 % is never printed as `99.900`.
    #[must_use]
    pub fn percent_beside_target(&self) -> String {
        let (good, base) = (self.good_us(), self.base_us());
        let honest = (3..=9).find(|decimals| {
            let shown = scaled_percent(good, base, *decimals);
            self.terms.target.is_met_by_wide(shown, 100 * 10_i128.pow(*decimals)) == self.met()
        });
        match honest {
            Some(decimals) => percent(good, base, decimals),
            // A miss by less than any decimal shown: cut off, not rounded.
            None => percent_text(scaled_percent_cut(good, base, 9), 9),
        }
    }
}

/// Several windows of one period, each measured on its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Windows {
    /// Each window with its availability, in order.
    pub windows: Vec<(Period, Availability)>,
}

impl Windows {
    /// Whether every window kept the target.
    #[must_use]
    pub fn all_met(&self) -> bool {
        self.windows.iter().all(|(_, measured)| measured.met())
    }

    /// Available time of all windows as a share of their time: for information, never for the
    /// verdict.
    #[must_use]
    pub fn pooled(&self) -> f64 {
        let sum = |part: fn(&Availability) -> i64| -> i64 {
            self.windows.iter().map(|(_, measured)| part(measured)).sum()
        };
        ratio(sum(Availability::good_us), sum(Availability::base_us))
    }
}

/// Measures each calendar month of a period, on the clock of the period's zone. A cap on
/// maintenance holds for each month.
///
/// # Errors
/// As [`measure`].
pub fn measure_months(
    period: &Period,
    outages: &[Span],
    maintenance: &[Span],
    terms: Terms,
) -> Result<Windows, AvailabilityError> {
    let mut windows = Vec::new();
    for month in period.months() {
        let window = Span::of_period(&month);
        windows.push((month, measure(window, outages, maintenance, terms)?));
    }
    Ok(Windows { windows })
}

impl fmt::Display for Availability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.met() { "met" } else { "missed" };
        write!(f, "{} % of {} %: {verdict}", self.percent_beside_target(), self.terms.target)
    }
}

/// The nearest floating-point number to a share: microseconds of up to 285 years are exact in it.
fn ratio(part: i64, whole: i64) -> f64 {
    part as f64 / whole as f64
}

/// The percentage times 10^decimals, cut off.
fn scaled_percent_cut(good: i64, base: i64, decimals: u32) -> i128 {
    i128::from(good) * 100 * 10_i128.pow(decimals) / i128::from(base)
}

/// The percentage times 10^decimals, rounded half up.
fn scaled_percent(good: i64, base: i64, decimals: u32) -> i128 {
    let scaled = i128::from(good) * 100 * 10_i128.pow(decimals);
    let base = i128::from(base);
    (2 * scaled + base) / (2 * base)
}

fn percent(good: i64, base: i64, decimals: u32) -> String {
    let decimals = decimals.min(9);
    percent_text(scaled_percent(good, base, decimals), decimals)
}

fn percent_text(scaled: i128, decimals: u32) -> String {
    let unit = 10_i128.pow(decimals);
    match decimals {
        0 => format!("{scaled}"),
        n => format!("{}.{:0width$}", scaled / unit, scaled % unit, width = n as usize),
    }
}
