//! Did it come again after it was mended? Counted over pairs that people have confirmed, and over
//! nothing else.

use super::facts::{Basis, DAY, PatternCase};
use crate::rules::analysis::interval::ShareInterval;
use crate::rules::analysis::survival::{Observation, SurvivalSummary, kaplan_meier};
use kernel::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Groups of cases joined by pairs: for each case the smallest place of its group.
#[must_use]
pub fn groups(cases: usize, pairs: &[(usize, usize)]) -> Vec<usize> {
    fn root(of: &mut [usize], mut place: usize) -> usize {
        while let Some(up) = of.get(place).copied().filter(|up| *up != place) {
            let top = of.get(up).copied().unwrap_or(up);
            if let Some(here) = of.get_mut(place) {
                *here = top;
            }
            place = top;
        }
        place
    }
    let mut of: Vec<usize> = (0..cases).collect();
    for (a, b) in pairs.iter().filter(|(a, b)| *a < cases && *b < cases) {
        let (a, b) = (root(&mut of, *a), root(&mut of, *b));
        if let Some(high) = of.get_mut(a.max(b)) {
            *high = a.min(b);
        }
    }
    (0..cases).map(|place| root(&mut of, place)).collect()
}

/// How many came again within so many days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Within {
    /// The days.
    pub days: i64,
    /// Mended cases that were watched for so long.
    pub watched: u64,
    /// Of them, those whose matter came again.
    pub came_again: u64,
    /// The intervals of the share; none of nothing.
    pub interval: Option<ShareInterval>,
}

/// What was mended and came again.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recurrence {
    /// Groups of two cases and more.
    pub groups: u64,
    /// Cases in them.
    pub grouped: u64,
    /// Cases that were mended before the end of observation.
    pub mended: u64,
    /// Of them, counted from a corrective action's effective date; the others from their resolution.
    pub from_corrective_action: u64,
    /// Within 30, 90 and 180 days.
    pub within: Vec<Within>,
    /// Time from mending to coming again, those that have not come again being censored at the end of
    /// observation.
    pub time_to_recurrence: SurvivalSummary,
    /// Cases that came again after their matter was mended, by place, with the one that was mended.
    #[serde(skip)]
    pub again: Vec<(usize, usize)>,
}

/// Days within which a recurrence is counted.
pub const WITHIN: [i64; 3] = [30, 90, 180];

/// Counts over confirmed pairs of places, as known at the end of observation.
#[must_use]
pub fn recurrence(
    cases: &[PatternCase],
    confirmed: &[(usize, usize)],
    until: Timestamp,
    confidence: f64,
) -> Recurrence {
    let group_of = groups(cases.len(), confirmed);
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, group) in group_of.iter().enumerate() {
        members.entry(*group).or_default().push(place);
    }
    let many = members.values().filter(|m| m.len() > 1);
    let (mut observations, mut again) = (Vec::new(), Vec::new());
    let (mut mended, mut from_action) = (0, 0);
    let mut counts = WITHIN.map(|days| (days, 0_u64, 0_u64));
    for (place, case) in cases.iter().enumerate() {
        let Some((at, basis)) = case.mended.filter(|(at, _)| *at <= until) else { continue };
        mended += 1;
        from_action += u64::from(basis == Basis::CorrectiveAction);
        let others = group_of.get(place).and_then(|group| members.get(group));
        let next = others
            .into_iter()
            .flatten()
            .filter(|other| **other != place)
            .filter_map(|other| Some((cases.get(*other)?.reported_at, *other)))
            // What was reported before it was mended is not a recurrence of what was mended.
            .filter(|(reported, _)| *reported > at && *reported <= until)
            .min();
        let micros = next.map_or(until.0, |(reported, _)| reported.0).saturating_sub(at.0);
        observations.push(Observation { micros, ended: next.is_some() });
        if let Some((_, other)) = next {
            again.push((other, place));
        }
        for (days, watched, came) in &mut counts {
            // Who was not watched for so long does not count, whether it came again or not: otherwise
            // the share would rise by the recent ones that already have.
            if until.0.saturating_sub(at.0) >= *days * DAY {
                *watched += 1;
                *came += u64::from(next.is_some() && micros <= *days * DAY);
            }
        }
    }
    again.sort_unstable();
    Recurrence {
        groups: many.clone().count() as u64,
        grouped: many.map(Vec::len).sum::<usize>() as u64,
        mended,
        from_corrective_action: from_action,
        within: counts
            .into_iter()
            .map(|(days, watched, came_again)| Within {
                days,
                watched,
                came_again,
                interval: ShareInterval::of(came_again, watched, confidence),
            })
            .collect(),
        time_to_recurrence: SurvivalSummary::of(&kaplan_meier(observations), 0, confidence),
        again,
    }
}
