//! Figures that need every case, from its times alone: how long things take, and what is open when.
//!
//! A small register is counted to the microsecond, and gives what `cases analyse` gives. Of a large one
//! the durations are rounded down, to the minute in the first week and to the hour after it, so that
//! counting a million cases needs no more memory than counting a thousand.

use crate::rules::analysis::months::Month;
use crate::rules::analysis::survival::{SurvivalSummary, kaplan_meier_grouped};
use crate::rules::import::mapping::Zone;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const WEEK: i64 = 7 * 24 * HOUR;
/// The confidence of intervals.
const CONFIDENCE: f64 = 0.95;
/// Months shown at most.
const MONTHS_MAX: usize = 120;

/// Durations by length: how many ended, how many still go on.
#[derive(Debug, Clone, Default)]
struct Durations {
    by: BTreeMap<i64, (u64, u64)>,
    left_out: u64,
}

impl Durations {
    fn add(&mut self, from: i64, to: Option<i64>, until: i64, exact: bool) {
        if from > until || to.is_some_and(|to| to < from) {
            self.left_out += 1;
            return;
        }
        let ended = to.filter(|to| *to <= until);
        let micros = ended.unwrap_or(until).saturating_sub(from);
        let unit = if micros < WEEK { MINUTE } else { HOUR };
        let length = if exact { micros } else { micros - micros % unit };
        let (over, on) = self.by.entry(length).or_default();
        if ended.is_some() {
            *over += 1;
        } else {
            *on += 1;
        }
    }

    fn summary(&self) -> SurvivalSummary {
        let n = self.by.values().map(|(over, on)| over + on).sum();
        let groups = self.by.iter().map(|(length, (over, on))| (*length, *over, *on));
        SurvivalSummary::of(&kaplan_meier_grouped(n, groups), self.left_out, CONFIDENCE)
    }
}

/// The times of a case.
#[derive(Debug, Clone, Copy)]
pub struct Times {
    /// When it was reported.
    pub reported: Timestamp,
    /// When a person first confirmed it.
    pub acknowledged: Option<Timestamp>,
    /// When the work was done.
    pub resolved: Option<Timestamp>,
    /// When it was concluded.
    pub closed: Option<Timestamp>,
}

/// Counts cases one after the other.
#[derive(Debug)]
pub struct Counter {
    until: Timestamp,
    exact: bool,
    cases: u64,
    acknowledge: Durations,
    resolve: Durations,
    opened: BTreeMap<Month, u64>,
    closed: BTreeMap<Month, u64>,
}

/// What was counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    /// Cases.
    pub cases: u64,
    /// Whether durations are exact.
    pub exact: bool,
    /// From report to the first sign of a person.
    pub time_to_acknowledge: SurvivalSummary,
    /// From report to resolution, or to its conclusion where no resolution is known.
    pub time_to_resolve: SurvivalSummary,
    /// Reports by month in UTC.
    pub per_month: Vec<(String, u64)>,
    /// Cases reported before the end of a month and not closed before it.
    pub backlog_month_end: Vec<(String, u64)>,
}

impl Counter {
    /// Begins, at the end of observation.
    #[must_use]
    pub fn new(until: Timestamp, exact: bool) -> Self {
        Self {
            until,
            exact,
            cases: 0,
            acknowledge: Durations::default(),
            resolve: Durations::default(),
            opened: BTreeMap::new(),
            closed: BTreeMap::new(),
        }
    }

    /// Adds a case.
    pub fn add(&mut self, times: Times) {
        self.cases += 1;
        let (from, until) = (times.reported.0, self.until.0);
        let over = times.resolved.or(times.closed);
        let acknowledged = times.acknowledged.or(over);
        self.acknowledge.add(from, acknowledged.map(|t| t.0), until, self.exact);
        self.resolve.add(from, over.map(|t| t.0), until, self.exact);
        *self.opened.entry(Month::of(&Zone::Naive, times.reported)).or_default() += 1;
        if let Some(closed) = times.closed {
            // A case closed before it was reported was open at no moment.
            let month = Month::of(&Zone::Naive, closed.max(times.reported));
            *self.closed.entry(month).or_default() += 1;
        }
    }

    /// The figures.
    #[must_use]
    pub fn finish(&self) -> Counted {
        let mut months = Vec::new();
        if let (Some(first), Some(last)) =
            (self.opened.keys().next(), self.opened.keys().next_back())
        {
            let mut month = *first;
            while month <= *last && months.len() < MONTHS_MAX * 100 {
                months.push(month);
                month = month.next();
            }
        }
        let before = |all: &BTreeMap<Month, u64>, end: Month| -> u64 {
            all.range(..end).map(|(_, n)| n).sum()
        };
        let shown = months.iter().rev().take(MONTHS_MAX).rev();
        let named = |of: &dyn Fn(Month) -> u64| -> Vec<(String, u64)> {
            shown.clone().map(|month| (month.to_string(), of(*month))).collect()
        };
        Counted {
            cases: self.cases,
            exact: self.exact,
            time_to_acknowledge: self.acknowledge.summary(),
            time_to_resolve: self.resolve.summary(),
            per_month: named(&|month| self.opened.get(&month).copied().unwrap_or(0)),
            backlog_month_end: named(&|month| {
                let end = month.next();
                before(&self.opened, end) - before(&self.closed, end)
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::analysis::{AnalysisOptions, CaseFacts, analyse};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_exact_count_is_what_the_analysis_finds_and_a_rounded_one_is_near(
            cases in prop::collection::vec(
                (0_i64..9_000, prop::option::of(0_i64..4_000), prop::option::of(-50_i64..9_000), prop::option::of(-50_i64..9_000)),
                1..40,
            ),
            until in 5_000_i64..20_000,
        ) {
            let at = |hours: i64| Timestamp(1_767_225_600_000_000 + hours * HOUR + hours % 7 * 1_234_567);
            let all: Vec<Times> = cases
                .iter()
                .map(|(reported, acknowledged, resolved, closed)| Times {
                    reported: at(*reported),
                    acknowledged: acknowledged.map(|h| at(reported + h)),
                    resolved: resolved.map(|h| at(reported + h)),
                    closed: closed.map(|h| at(reported + h)),
                })
                .collect();
            let facts = all.iter().map(|t| {
                let facts = CaseFacts {
                    opened_at: Some(t.reported),
                    acknowledged_at: t.acknowledged,
                    resolved_at: t.resolved,
                    closed_at: t.closed,
                    ..CaseFacts::default()
                };
                (facts, Vec::new())
            });
            let options = AnalysisOptions { observed_until: Some(at(until)), ..AnalysisOptions::default() };
            let analysis = analyse(facts, options);
            let counted = |exact| {
                let mut counter = Counter::new(at(until), exact);
                all.iter().for_each(|t| counter.add(*t));
                counter.finish()
            };
            let exact = counted(true);
            prop_assert_eq!(&exact.time_to_acknowledge, &analysis.survival.time_to_acknowledge);
            prop_assert_eq!(&exact.time_to_resolve, &analysis.survival.time_to_resolve);
            let named = |m: &crate::rules::analysis::months::MonthCounts| -> Vec<(String, u64)> {
                m.0.iter().map(|(month, n)| (month.to_string(), *n)).collect()
            };
            prop_assert_eq!(&exact.per_month, &named(&analysis.per_month));
            prop_assert_eq!(&exact.backlog_month_end, &named(&analysis.backlog_month_end));
            let near = counted(false);
            prop_assert_eq!(near.backlog_month_end, exact.backlog_month_end);
            let medians = (near.time_to_resolve.median_hours, exact.time_to_resolve.median_hours);
            if let (Some(near), Some(exact)) = medians {
                prop_assert!(near <= exact && exact - near <= 1.0);
            }
        }
    }
}
