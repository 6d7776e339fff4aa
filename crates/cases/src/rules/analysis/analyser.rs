//! Gathers all figures in one pass over the cases.

use std::collections::BTreeMap;

use kernel::time::Timestamp;

use super::definitions::definitions;
use super::facts::{CaseFacts, ChangeFacts};
use super::history::Histories;
use super::interval::ShareInterval;
use super::months::{Arrivals, shown};
use super::numbers::{HoursSummary, Tally, rate};
use super::options::AnalysisOptions;
use super::output::{About, Analysis, SlaByPriority, Survivals};
use super::recurrence::Recurrences;
use super::survival::{Observation, SurvivalSummary, kaplan_meier};

/// How many categories and groups are listed.
const LISTED: usize = 10;

/// Counts by the words of a case.
#[derive(Debug, Default)]
struct Words {
    priority: Tally,
    impact: Tally,
    urgency: Tally,
    contact_type: Tally,
    state: Tally,
    category: Tally,
    assignment_group: Tally,
}

/// The times of one case, for survival.
#[derive(Debug)]
struct Span {
    opened: i64,
    acknowledged: Option<i64>,
    over: Option<i64>,
}

/// Promises kept, of cases.
#[derive(Debug, Default, Clone, Copy)]
struct Kept {
    made: u64,
    of: u64,
}

/// Takes cases one by one and gives the figures at the end.
///
/// Of a case it keeps its times and what it is counted under, about 200 bytes.
#[derive(Debug)]
pub struct Analyser {
    options: AnalysisOptions,
    offered: u64,
    incidents: u64,
    active: u64,
    words: Words,
    opened_min: Option<Timestamp>,
    opened_max: Option<Timestamp>,
    last_seen: Option<Timestamp>,
    to_resolve: BTreeMap<Option<String>, Vec<i64>>,
    to_close: Vec<i64>,
    resolved_missing: u64,
    resolved_before_opened: u64,
    closed_before_resolved: u64,
    sla: BTreeMap<String, Kept>,
    sla_made: u64,
    sla_missing: u64,
    reopened: u64,
    reopen_total: u64,
    reopen_max: u64,
    reassigned: u64,
    reassignment_total: u64,
    problems: u64,
    change_requests: u64,
    caused_by_change: u64,
    arrivals: Arrivals,
    recurrences: Recurrences,
    histories: Histories,
    spans: Vec<Span>,
    undated: u64,
}

impl Analyser {
    /// Begins.
    #[must_use]
    pub fn new(options: AnalysisOptions) -> Self {
        let histories = Histories::new(options.states_as_of.clone());
        Self {
            options,
            histories,
            offered: 0,
            incidents: 0,
            active: 0,
            words: Words::default(),
            opened_min: None,
            opened_max: None,
            last_seen: None,
            to_resolve: BTreeMap::new(),
            to_close: Vec::new(),
            resolved_missing: 0,
            resolved_before_opened: 0,
            closed_before_resolved: 0,
            sla: BTreeMap::new(),
            sla_made: 0,
            sla_missing: 0,
            reopened: 0,
            reopen_total: 0,
            reopen_max: 0,
            reassigned: 0,
            reassignment_total: 0,
            problems: 0,
            change_requests: 0,
            caused_by_change: 0,
            arrivals: Arrivals::default(),
            recurrences: Recurrences::default(),
            spans: Vec::new(),
            undated: 0,
        }
    }

    /// Adds a case with its history, which is put in order; empty where none is known.
    ///
    /// Every case known should be offered, also those outside the period: backlog and repeats look
    /// beyond it.
    pub fn add(&mut self, case: &CaseFacts, history: &mut [ChangeFacts]) {
        self.offered += 1;
        let times = [
            case.opened_at,
            case.acknowledged_at,
            case.resolved_at,
            case.closed_at,
            case.updated_at,
        ];
        self.last_seen = self.last_seen.max(times.into_iter().flatten().max());
        let selected = self.options.selects(case.opened_at);
        self.arrivals.add(&self.options.zone, case.opened_at, case.closed_at, selected);
        self.recurrences.add(case, selected);
        if selected {
            self.incidents += 1;
            self.add_words(case);
            self.add_durations(case);
            self.add_promises(case);
            self.add_counts(case);
            self.add_span(case);
            self.histories.add(history);
        }
    }

    fn add_words(&mut self, case: &CaseFacts) {
        let words = &mut self.words;
        words.priority.add(case.priority.as_deref());
        words.impact.add(case.impact.as_deref());
        words.urgency.add(case.urgency.as_deref());
        words.contact_type.add(case.contact_type.as_deref());
        words.state.add(case.state.as_deref());
        words.category.add(case.category.as_deref());
        words.assignment_group.add(case.assignment_group.as_deref());
        self.active += u64::from(case.active == Some(true));
    }

    fn add_durations(&mut self, case: &CaseFacts) {
        self.resolved_missing += u64::from(case.resolved_at.is_none());
        if let (Some(closed), Some(resolved)) = (case.closed_at, case.resolved_at) {
            self.closed_before_resolved += u64::from(closed < resolved);
        }
        let Some(opened) = case.opened_at else { return };
        self.opened_min = Some(self.opened_min.map_or(opened, |known| known.min(opened)));
        self.opened_max = self.opened_max.max(Some(opened));
        if let Some(resolved) = case.resolved_at {
            self.resolved_before_opened += u64::from(resolved < opened);
            let micros = resolved.0.saturating_sub(opened.0);
            self.to_resolve.entry(case.priority.clone()).or_default().push(micros);
        }
        if let Some(closed) = case.closed_at {
            self.to_close.push(closed.0.saturating_sub(opened.0));
        }
    }

    fn add_promises(&mut self, case: &CaseFacts) {
        let made = u64::from(case.sla_made == Some(true));
        self.sla_made += made;
        self.sla_missing += u64::from(case.sla_made.is_none());
        if let Some(priority) = &case.priority {
            let kept = self.sla.entry(priority.clone()).or_default();
            kept.made += made;
            kept.of += 1;
        }
    }

    fn add_counts(&mut self, case: &CaseFacts) {
        let reopened = u64::from(case.reopen_count);
        self.reopened += u64::from(reopened > 0);
        self.reopen_total += reopened;
        self.reopen_max = self.reopen_max.max(reopened);
        let reassigned = u64::from(case.reassignment_count);
        self.reassigned += u64::from(reassigned > 0);
        self.reassignment_total += reassigned;
        self.problems += u64::from(case.has_problem);
        self.change_requests += u64::from(case.has_change_request);
        self.caused_by_change += u64::from(case.caused_by_change);
    }

    fn add_span(&mut self, case: &CaseFacts) {
        let Some(opened) = case.opened_at else {
            self.undated += 1;
            return;
        };
        let over = case.resolved_at.or(case.closed_at);
        self.spans.push(Span {
            opened: opened.0,
            acknowledged: case.acknowledged_at.or(over).map(|at| at.0),
            over: over.map(|at| at.0),
        });
    }

    /// The figures.
    #[must_use]
    pub fn finish(mut self) -> Analysis {
        let options = self.options.clone();
        let until = options.observed_until.or(self.last_seen);
        let (to_resolve, by_priority) = self.resolution();
        let sla_by_priority = self.promises_by_priority();
        let survival = self.survival(until);
        let (per_month, backlog_month_end) = self.arrivals.finish(&options.zone);
        let history = self.histories.finish();
        let share = |part: u64| ShareInterval::of(part, self.incidents, options.confidence);
        let at = |time: Option<Timestamp>| time.map(|time| shown(&options.zone, time));
        Analysis {
            about: About::new(&options, self.offered, until),
            events: history.events,
            incidents: self.incidents,
            rows_exact_duplicate: options.rows_exact_duplicate,
            opened_at_min: at(self.opened_min),
            opened_at_max: at(self.opened_max),
            by_priority: self.words.priority.counts(),
            by_impact: self.words.impact.counts(),
            by_urgency: self.words.urgency.counts(),
            by_contact_type: self.words.contact_type.counts(),
            final_state: self.words.state.counts(),
            final_active_true: self.active,
            hours_to_resolve: HoursSummary::of(to_resolve, options.percentile),
            hours_to_resolve_by_priority: by_priority,
            hours_to_close: HoursSummary::of(self.to_close, options.percentile),
            resolved_at_missing: self.resolved_missing,
            resolved_before_opened: self.resolved_before_opened,
            closed_before_resolved: self.closed_before_resolved,
            sla_made: self.sla_made,
            sla_made_rate: rate(self.sla_made, self.incidents),
            sla_made_interval: share(self.sla_made),
            sla_missing: self.sla_missing,
            sla_made_rate_by_priority: sla_by_priority,
            sla_ever_false_then_true: history.sla_false_then_true,
            reopened_incidents: self.reopened,
            reopened_rate: rate(self.reopened, self.incidents),
            reopened_interval: share(self.reopened),
            reopen_total: self.reopen_total,
            max_reopen: self.reopen_max,
            reassigned_incidents: self.reassigned,
            reassignment_total: self.reassignment_total,
            category_missing: self.words.category.missing(),
            category_top10: self.words.category.top(LISTED),
            category_distinct: self.words.category.distinct(),
            assignment_group_top10: self.words.assignment_group.top(LISTED),
            assignment_group_missing: self.words.assignment_group.missing(),
            per_month,
            backlog_month_end,
            recurrence: self.recurrences.finish(),
            survival,
            state_transitions: history.transitions,
            state_as_of: history.states_as_of,
            incidents_linked_to_problem: self.problems,
            incidents_linked_to_change_rfc: self.change_requests,
            incidents_caused_by_change: self.caused_by_change,
            traps: history.traps,
            definitions: definitions(&options),
        }
    }

    /// All times to resolve, and their summary for each priority.
    fn resolution(&mut self) -> (Vec<i64>, BTreeMap<String, HoursSummary>) {
        let mut all = Vec::new();
        let mut by_priority = BTreeMap::new();
        for (priority, micros) in std::mem::take(&mut self.to_resolve) {
            all.extend_from_slice(&micros);
            if let Some(priority) = priority {
                by_priority.insert(priority, HoursSummary::of(micros, self.options.percentile));
            }
        }
        (all, by_priority)
    }

    fn promises_by_priority(&self) -> BTreeMap<String, SlaByPriority> {
        let confidence = self.options.confidence;
        self.sla
            .iter()
            .map(|(priority, Kept { made, of })| {
                let share = SlaByPriority {
                    made: *made,
                    of: *of,
                    rate: rate(*made, *of),
                    interval: ShareInterval::of(*made, *of, confidence),
                };
                (priority.clone(), share)
            })
            .collect()
    }

    fn survival(&self, until: Option<Timestamp>) -> Survivals {
        let until = until.map_or(i64::MAX, |at| at.0);
        let estimate = |end: fn(&Span) -> Option<i64>| {
            let seen: Vec<Observation> = self
                .spans
                .iter()
                .filter_map(|span| observed(span.opened, end(span), until))
                .collect();
            let left_out = self.undated + (self.spans.len() - seen.len()) as u64;
            SurvivalSummary::of(&kaplan_meier(seen), left_out, self.options.confidence)
        };
        Survivals {
            time_to_acknowledge: estimate(|span| span.acknowledged),
            time_to_resolve: estimate(|span| span.over),
        }
    }
}

/// How long something took as seen at the end of observation; `None` when it had not begun by then
/// or ended before it began.
fn observed(opened: i64, ended: Option<i64>, until: i64) -> Option<Observation> {
    if opened > until || ended.is_some_and(|end| end < opened) {
        return None;
    }
    Some(match ended {
        Some(end) if end <= until => {
            Observation { micros: end.saturating_sub(opened), ended: true }
        }
        _ => Observation { micros: until.saturating_sub(opened), ended: false },
    })
}
