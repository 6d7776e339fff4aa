//! How far an engagement is, derived from the record: by series of criteria, and what waits for whom.

use super::model::{Area, Budget, Time};
use super::store::in_scope;
use crate::firm::model::Standing as Staffing;
use crate::model::{About, Standing};
use crate::store::Papers;
use controls::model::Control;
use jiff::civil::Date;
use kernel::time::Timestamp;
use scope::catalogue::Series;
use std::collections::BTreeSet;

/// How far one series is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesProgress {
    /// Which series.
    pub series: Series,
    /// Its criteria in scope.
    pub criteria: usize,
    /// Those with a conclusion that stands.
    pub concluded_criteria: usize,
    /// Controls in force that serve one of them.
    pub controls: usize,
    /// Those with a planned test.
    pub planned: usize,
    /// Those with a conclusion that stands.
    pub concluded: usize,
    /// Deviations of these controls, as recorded.
    pub deviations: usize,
    /// Hours budgeted.
    pub hours: u32,
    /// Minutes recorded.
    pub minutes: u64,
}

/// The minutes recorded on one area, what was withdrawn left out.
#[must_use]
pub fn minutes_on(times: &[Time], area: &str) -> u64 {
    times
        .iter()
        .filter(|t| t.withdrawn.is_none() && t.text.area.as_str() == area)
        .map(|t| u64::from(t.text.minutes))
        .sum()
}

/// The hours budgeted for one area.
#[must_use]
pub fn hours_for(budget: &Budget, area: &str) -> u32 {
    budget.lines.iter().filter(|l| l.area.as_str() == area).map(|l| l.hours).sum()
}

/// All hours budgeted and all minutes recorded.
#[must_use]
pub fn spent(budget: &Budget, times: &[Time]) -> (u64, u64) {
    let hours = budget.lines.iter().map(|l| u64::from(l.hours)).sum();
    let kept = times.iter().filter(|t| t.withdrawn.is_none());
    (hours, kept.map(|t| u64::from(t.text.minutes)).sum())
}

/// How far each series in scope is, in report order. A control that serves two series is counted in both.
#[must_use]
pub fn by_series(papers: &Papers, budget: &Budget, times: &[Time]) -> Vec<SeriesProgress> {
    let scope = papers.criteria();
    let series: BTreeSet<Series> = scope.iter().map(|c| c.series()).collect();
    let stands: BTreeSet<About> = papers
        .conclusions()
        .into_iter()
        .filter(|c| c.stands == Standing::Stands)
        .map(|c| c.about)
        .collect();
    series
        .into_iter()
        .map(|series| {
            let criteria: Vec<_> = scope.iter().filter(|c| c.series() == series).collect();
            let controls: Vec<_> = papers
                .controls
                .iter()
                .filter(|c| in_scope(papers, c).iter().any(|k| k.series() == series))
                .collect();
            let concluded =
                |c: &&&controls::model::Control| stands.contains(&About::Control { control: c.id });
            SeriesProgress {
                series,
                concluded_criteria: criteria
                    .iter()
                    .filter(|c| stands.contains(&About::Criterion { criterion: ***c }))
                    .count(),
                criteria: criteria.len(),
                planned: controls.iter().filter(|c| papers.tests_of(c.id).next().is_some()).count(),
                concluded: controls.iter().filter(concluded).count(),
                deviations: papers
                    .deviations
                    .iter()
                    .filter(|d| controls.iter().any(|c| c.id == d.control))
                    .count(),
                controls: controls.len(),
                hours: hours_for(budget, series.label()),
                minutes: minutes_on(times, series.label()),
            }
        })
        .collect()
}

/// The areas of a budget: work that serves all criteria, then the series in scope.
#[must_use]
pub fn areas(papers: &Papers) -> Vec<Area> {
    let series: BTreeSet<Series> =
        papers.engagement.criteria().iter().map(|c| c.series()).collect();
    super::model::COMMON_AREAS
        .into_iter()
        .chain(series.iter().map(|s| s.label()))
        .filter_map(Area::parse)
        .collect()
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whom {
    /// A partner or the quality reviewer.
    Partner,
    /// Somebody who reviews: never the preparer.
    Reviewer,
    /// The team.
    Team,
    /// The client.
    Client,
}

impl Whom {
    /// The word of it in keys.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Reviewer => "reviewer",
            Self::Team => "team",
            Self::Client => "client",
        }
    }
}

/// Something that waits in one engagement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// For whom.
    pub whom: Whom,
    /// What, as the end of a key.
    pub what: &'static str,
    /// How many.
    pub count: usize,
    /// Since when the oldest waits, where that is known.
    pub since: Option<Timestamp>,
    /// The page of the engagement on which it stands.
    pub at: String,
}

/// What else the overview knows of an engagement.
#[derive(Debug, Clone)]
pub struct Around {
    /// Who works on it.
    pub staffing: Staffing,
    /// Requests that wait for the client.
    pub requests_open: usize,
    /// Requests that the client has answered and nobody of the firm has looked at.
    pub requests_answered: usize,
    /// Since when the oldest of them waits.
    pub open_since: Option<Timestamp>,
    /// Since when the oldest answer waits to be looked at.
    pub answered_since: Option<Timestamp>,
    /// Milestones that are overdue.
    pub overdue: usize,
    /// The day of the first of them.
    pub overdue_since: Option<Timestamp>,
}

/// When an entry of the log was made: its id begins with the moment, in milliseconds.
fn moment(event: kernel::ids::EventId) -> Timestamp {
    made(event.to_u128())
}

/// When an id was made: it begins with the moment, in milliseconds.
#[must_use]
pub fn made(id: u128) -> Timestamp {
    let millis = i64::try_from(id >> 80).unwrap_or(i64::MAX);
    Timestamp(millis.saturating_mul(1_000))
}

/// The oldest result that nobody has reviewed: since when, and in which sample.
#[must_use]
pub fn oldest_unreviewed(papers: &Papers) -> Option<(Timestamp, crate::model::SampleId)> {
    papers
        .items
        .values()
        .flatten()
        .filter(|i| i.tested_by.is_some() && i.reviewed_by.is_none())
        .map(|i| (moment(i.event), i.sample))
        .min()
}

/// Everything that waits in an engagement, in the order of who has to act.
#[must_use]
pub fn waiting(papers: &Papers, around: &Around, today: Date) -> Vec<Waiting> {
    let mut out = Vec::new();
    let mut add = |whom, what, count, since, at: &str| {
        if count > 0 {
            out.push(Waiting { whom, what, count, since, at: at.to_owned() });
        }
    };
    let decision = around.staffing.acceptance.as_ref().is_none_or(|a| a.decision.is_none());
    let joined = Some(made(papers.engagement.id.to_u128()));
    add(Whom::Partner, "acceptance", usize::from(decision), joined, "/team");
    let threats = around
        .staffing
        .confirmations
        .iter()
        .filter(|c| !c.threats.is_empty() && c.judgement.is_none())
        .collect::<Vec<_>>();
    let since = threats.iter().map(|c| c.confirmed_at).min();
    add(Whom::Partner, "threats", threats.len(), since, "/team");
    let conclusions = papers.conclusions();
    let of = |s: Standing| {
        let all: Vec<_> = conclusions.iter().filter(|c| c.stands == s).collect();
        (all.len(), all.iter().map(|c| c.recorded_at).min())
    };
    let (second, since) = of(Standing::AwaitsSecond);
    add(Whom::Partner, "second", second, since, "");
    add(Whom::Partner, "materiality", papers.materiality_open().len(), None, "/criteria");
    add(Whom::Partner, "materiality", papers.matters_open().len(), None, "/matters");
    let (criteria, since) = criteria_to_conclude(papers);
    add(Whom::Partner, "criteria", criteria, since, "/criteria");
    let (opinion, since) = opinion_to_conclude(papers);
    add(Whom::Partner, "opinion", usize::from(opinion), since, "/opinion");
    let oldest = oldest_unreviewed(papers);
    let at = oldest.map_or_else(String::new, |(_, s)| format!("/samples/{s}"));
    add(Whom::Reviewer, "review", papers.unreviewed(), oldest.map(|(since, _)| since), &at);
    let (void, since) = of(Standing::Void);
    add(Whom::Team, "void", void, since, "");
    let unconfirmed = around
        .staffing
        .team
        .iter()
        .filter(|m| crate::firm::rules::works(m, today))
        .filter(|m| {
            let found = around.staffing.confirmations.iter().find(|c| c.person == m.person);
            found.is_none_or(|c| c.threats.is_empty())
                && crate::firm::rules::independent(found, today).is_err()
        })
        .count();
    add(Whom::Team, "independence", unconfirmed, joined, "/team");
    let unplanned = papers
        .controls
        .iter()
        .filter(|c| !in_scope(papers, c).is_empty() && papers.tests_of(c.id).next().is_none())
        .count();
    add(Whom::Team, "plan", unplanned, joined, "/plan/tests");
    add(Whom::Team, "overdue", around.overdue, around.overdue_since, "/plan");
    add(Whom::Team, "answered", around.requests_answered, around.answered_since, "/requests");
    add(Whom::Client, "requests", around.requests_open, around.open_since, "/requests");
    out
}

/// When the last of these controls was concluded on; none while one of them, or all, has no conclusion that
/// stands.
fn concluded_on<'a>(
    papers: &Papers,
    mut controls: impl Iterator<Item = &'a Control>,
) -> Option<Timestamp> {
    controls.try_fold(None, |last: Option<Timestamp>, control| {
        let found = papers.standing_conclusion(About::Control { control: control.id })?;
        Some(last.max(Some(found.recorded_at)))
    })?
}

/// The criteria on which nobody has concluded although every control that serves them is concluded on, and
/// since when the first of them waits.
fn criteria_to_conclude(papers: &Papers) -> (usize, Option<Timestamp>) {
    if papers.engagement.locked() {
        return (0, None);
    }
    let waits = papers.criteria().into_iter().filter_map(|criterion| {
        if papers.conclusion(About::Criterion { criterion }).is_some() {
            return None;
        }
        let serving = papers.controls.iter().filter(|c| c.text.criteria.contains(&criterion));
        concluded_on(papers, serving)
    });
    let waits: Vec<Timestamp> = waits.collect();
    (waits.len(), waits.into_iter().min())
}

/// Whether the opinion waits for the partner: every control is concluded on and no result waits for its
/// review; and since when.
fn opinion_to_conclude(papers: &Papers) -> (bool, Option<Timestamp>) {
    let waits = !papers.engagement.locked()
        && papers.conclusion(About::Opinion).is_none()
        && papers.unreviewed() == 0;
    let since = if waits { concluded_on(papers, papers.controls.iter()) } else { None };
    (since.is_some(), since)
}

/// Whole days from one moment to a day; 0 where it lies ahead.
#[must_use]
pub fn age_days(since: Timestamp, today: Date) -> u64 {
    let hours = today.duration_since(crate::firm::rules::day(since)).as_hours();
    u64::try_from(hours / 24).unwrap_or(0)
}
