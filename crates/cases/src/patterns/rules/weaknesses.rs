//! Controls, components and causes that come up too often to be chance alone.

use super::chance::{poisson_at_least, poisson_interval};
use super::facts::{PatternCase, Signal};
use super::gaps::RARE;
use std::collections::BTreeMap;

/// Different values below which an even spread says nothing.
const VALUES_MIN: usize = 5;
/// Answers of one sort at most.
const LISTED: usize = 20;

/// For each control, component and cause: in how many cases it came up, and how likely at least so many
/// are if all known values of its sort came up alike (Poisson, corrected for looking at all of them by
/// Bonferroni). With fewer than five values nothing is said of chance. Those with two cases and more are
/// told, most first.
#[must_use]
pub fn weaknesses(cases: &[PatternCase]) -> Vec<Signal> {
    let mut signals = Vec::new();
    for (kind, of) in [
        (
            "control_recurs",
            &(|c: &PatternCase| c.controls.clone()) as &dyn Fn(&PatternCase) -> Vec<String>,
        ),
        ("component_recurs", &|c| c.components.clone()),
        ("cause_recurs", &|c| c.cause.iter().cloned().collect()),
        ("matter_recurs", &|c| c.fingerprint.iter().map(|parts| parts.join(" · ")).collect()),
    ] {
        let mut by: BTreeMap<String, Vec<&PatternCase>> = BTreeMap::new();
        for case in cases {
            let mut values = of(case);
            values.sort_unstable();
            values.dedup();
            for value in values {
                by.entry(value).or_default().push(case);
            }
        }
        let total: usize = by.values().map(Vec::len).sum();
        let (values, mean) = (by.len(), total as f64 / by.len().max(1) as f64);
        let mut of_sort: Vec<Signal> = by
            .into_iter()
            .filter(|(_, cases)| cases.len() > 1)
            .map(|(value, cases)| {
                let n = cases.len() as u64;
                let mut signal = Signal::of(kind, value)
                    .with("cases", n as f64)
                    .with("mean_of_its_sort", mean)
                    .with("values", values as f64);
                signal.interval = Some(poisson_interval(n, 0.95));
                if values >= VALUES_MIN {
                    let chance = (poisson_at_least(n, mean) * values as f64).min(1.0);
                    signal.chance = Some(chance);
                    signal.flagged = chance < RARE;
                }
                signal.naming(cases)
            })
            .collect();
        of_sort.sort_by(|a, b| {
            let n = |s: &Signal| s.figure("cases").unwrap_or(0.0);
            n(b).total_cmp(&n(a)).then_with(|| a.subject.cmp(&b.subject))
        });
        of_sort.truncate(LISTED);
        signals.extend(of_sort);
    }
    signals
}
