//! How long things take when some of them are not over yet.
//!
//! Leaving open cases out makes a slow process look fast, because the slowest cases are the ones
//! still open. Kaplan and Meier's estimate counts each open case as "longer than this" instead.

use serde::{Deserialize, Serialize};

use super::interval::normal_quantile;
use super::numbers::{hours, rounded};

/// One thing that takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observation {
    /// How long it took, or has taken so far, in microseconds; zero or more.
    pub micros: i64,
    /// Whether it is over. `false`: it was still going on when last seen (censored).
    pub ended: bool,
}

/// A time at which something ended, and the share that lasts longer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The time, in microseconds.
    pub micros: i64,
    /// How many were still going on just before.
    pub at_risk: u64,
    /// How many ended at it.
    pub ended: u64,
    /// Estimated share that lasts longer.
    pub share_open: f64,
    /// Greenwood's sum of d / (n (n − d)) so far; infinite once nothing is left.
    pub greenwood: f64,
}

/// Kaplan and Meier's estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Survival {
    /// Observations.
    pub n: u64,
    /// Of them, over.
    pub ended: u64,
    /// Of them, still going on.
    pub censored: u64,
    /// The estimate, falling; one step per time at which something ended.
    pub steps: Vec<Step>,
}

/// Estimates the share that lasts longer than any given time.
#[must_use]
pub fn kaplan_meier(mut observations: Vec<Observation>) -> Survival {
    observations.sort_unstable_by_key(|seen| seen.micros);
    let groups = observations.chunk_by(|a, b| a.micros == b.micros).map(|same_time| {
        let ended = same_time.iter().filter(|seen| seen.ended).count() as u64;
        let micros = same_time.first().map_or(0, |seen| seen.micros);
        (micros, ended, same_time.len() as u64 - ended)
    });
    kaplan_meier_grouped(observations.len() as u64, groups)
}

/// The same of `n` observations that are counted already: for each time, in order, how many ended and
/// how many were still going on.
#[must_use]
pub fn kaplan_meier_grouped(n: u64, groups: impl IntoIterator<Item = (i64, u64, u64)>) -> Survival {
    // Ends and censorings of the same time fall into one group: what was censored then was still
    // at risk when the others ended.
    let mut at_risk = n;
    let (mut share_open, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    for (micros, ended, censored) in groups {
        if ended > 0 {
            let left = at_risk - ended;
            share_open *= left as f64 / at_risk as f64;
            greenwood += ended as f64 / (at_risk as f64 * left as f64);
            steps.push(Step { micros, at_risk, ended, share_open, greenwood });
        }
        at_risk -= ended + censored;
    }
    let ended = steps.iter().map(|step| step.ended).sum();
    Survival { n, ended, censored: n - ended, steps }
}

/// A product of many fractions drifts in its last digits; a share this near counts as reached.
const NEAR: f64 = 1e-9;

impl Survival {
    /// The time by which a share of `share` is over: the first at which no more than `1 − share`
    /// last longer. `None` when it has not been reached.
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<i64> {
        self.steps.iter().find(|step| step.share_open <= 1.0 - share + NEAR).map(|step| step.micros)
    }

    /// The estimated share that lasts longer than a time.
    #[must_use]
    pub fn share_open_at(&self, micros: i64) -> f64 {
        let after = self.steps.partition_point(|step| step.micros <= micros);
        let last = after.checked_sub(1).and_then(|last| self.steps.get(last));
        last.map_or(1.0, |step| step.share_open)
    }

    /// A confidence interval for [`Self::quantile`]: Brookmeyer and Crowley's, on the log(−log)
    /// scale. An end is `None` where the data does not reach it.
    #[must_use]
    pub fn quantile_interval(&self, share: f64, confidence: f64) -> [Option<i64>; 2] {
        let z = normal_quantile(0.5 + confidence / 2.0);
        let first = |sign: f64| {
            self.steps
                .iter()
                .find(|step| bound(step, sign * z) <= 1.0 - share + NEAR)
                .map(|step| step.micros)
        };
        [first(1.0), first(-1.0)]
    }
}

/// The pointwise bound of a step on the log(−log) scale: the lower one for a positive `z`. Where
/// nothing is left the scale says nothing, and the bounds are the widest.
fn bound(step: &Step, z: f64) -> f64 {
    if step.share_open <= 0.0 || step.greenwood.is_infinite() {
        return if z > 0.0 { 0.0 } else { 1.0 };
    }
    let log = step.share_open.ln();
    if log == 0.0 {
        return 1.0;
    }
    step.share_open.powf((z * step.greenwood.sqrt() / log.abs()).exp())
}

/// The most points of a curve in JSON.
const CURVE_POINTS_MAX: usize = 200;

/// A survival estimate in hours, for JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurvivalSummary {
    /// Cases that count.
    pub n: u64,
    /// Of them, over.
    pub ended: u64,
    /// Of them, not over at the end of observation.
    pub censored: u64,
    /// Cases that cannot count: no opening time, an end before it, or opened after the end of
    /// observation.
    pub left_out: u64,
    /// Hours by which half are over; `null` when that has not been reached.
    pub median_hours: Option<f64>,
    /// The confidence interval of the median.
    pub median_hours_interval: [Option<f64>; 2],
    /// Hours by which nine in ten are over; `null` when that has not been reached.
    pub p90_hours: Option<f64>,
    /// The confidence interval of that.
    pub p90_hours_interval: [Option<f64>; 2],
    /// The curve, thinned to at most 200 points.
    pub curve: Vec<CurvePoint>,
}

/// A point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Hours since the start.
    pub hours: f64,
    /// Share not over by then.
    pub share_open: f64,
}

impl SurvivalSummary {
    /// Sums up an estimate.
    #[must_use]
    pub fn of(survival: &Survival, left_out: u64, confidence: f64) -> Self {
        let in_hours = |micros: i64| rounded(hours(micros), 4);
        let interval =
            |share: f64| survival.quantile_interval(share, confidence).map(|end| end.map(in_hours));
        Self {
            n: survival.n,
            ended: survival.ended,
            censored: survival.censored,
            left_out,
            median_hours: survival.quantile(0.5).map(in_hours),
            median_hours_interval: interval(0.5),
            p90_hours: survival.quantile(0.9).map(in_hours),
            p90_hours_interval: interval(0.9),
            curve: curve(&survival.steps),
        }
    }
}

/// Every so many steps, and always the last.
fn curve(steps: &[Step]) -> Vec<CurvePoint> {
    let stride = steps.len().div_ceil(CURVE_POINTS_MAX - 1).max(1);
    steps
        .iter()
        .enumerate()
        .filter(|(index, _)| index % stride == 0 || index + 1 == steps.len())
        .map(|(_, step)| CurvePoint {
            hours: rounded(hours(step.micros), 4),
            share_open: rounded(step.share_open, 6),
        })
        .collect()
}
