//! What the changes of cases show: transitions, states at a past moment, oddities of the record.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use super::facts::ChangeFacts;
use super::numbers::{Counts, Tally};
use super::options::AsOf;

/// The code that ServiceNow writes in place of a state that has no name.
const STATE_WITHOUT_NAME: &str = "-100";

/// The states of all cases at a past moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StatesAt {
    /// Cases with a change at or before that moment.
    pub incidents_seen: u64,
    /// Their states then.
    pub by_state: Counts,
    /// Of them, active then.
    pub active_true: u64,
}

/// Answers by the label of the moment, in the order asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatesAsOf(pub Vec<(String, StatesAt)>);

impl Serialize for StatesAsOf {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (label, states) in &self.0 {
            map.serialize_entry(label, states)?;
        }
        map.end()
    }
}

/// Oddities of a record that make naive counting wrong. Each is a count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traps {
    /// Changes whose state is the code −100.
    pub state_minus_100_rows: u64,
    /// Cases whose last change in order is not the last in the file.
    pub final_row_differs_from_last_file_row: u64,
    /// Changes dated before the one they follow.
    pub sys_updated_at_goes_backwards_in_sys_mod_order: u64,
    /// Changes that do not say when the record was made.
    pub sys_created_at_missing_rows: u64,
    /// Cases whose priority changed.
    pub incidents_with_two_or_more_priorities: u64,
    /// Cases whose opening time changed or came later.
    pub incidents_where_opened_at_varies: u64,
    /// Cases whose time of resolution changed or came later.
    pub incidents_where_resolved_at_varies: u64,
}

/// One moment asked for, while it is counted.
#[derive(Clone, Debug)]
struct Moment {
    asked: AsOf,
    seen: u64,
    by_state: Tally,
    active: u64,
}

/// Gathers the histories of cases.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    events: u64,
    transitions: BTreeMap<String, Tally>,
    moments: Vec<Moment>,
    sla_false_then_true: u64,
    traps: Traps,
}

/// What the histories came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryFigures {
    /// All changes.
    pub events: u64,
    /// `from -> to` and how often.
    pub transitions: Counts,
    /// States at the moments asked for.
    pub states_as_of: StatesAsOf,
    /// Cases whose promise was noted as missed and later as kept.
    pub sla_false_then_true: u64,
    /// Oddities.
    pub traps: Traps,
}

impl Histories {
    /// Begins, with the moments at which states are asked for.
    #[must_use]
    pub fn new(moments: Vec<AsOf>) -> Self {
        let moments = moments
            .into_iter()
            .map(|asked| Moment { asked, seen: 0, by_state: Tally::default(), active: 0 })
            .collect();
        Self { moments, ..Self::default() }
    }

    /// Counts the history of one case, after putting it in order.
    pub fn add(&mut self, history: &mut [ChangeFacts]) {
        history.sort_by(|a, b| a.order.cmp(&b.order));
        self.events += history.len() as u64;
        for pair in history.windows(2) {
            if let [before, after] = pair {
                self.add_step(before, after);
            }
        }
        for moment in &mut self.moments {
            let then = history
                .iter()
                .rev()
                .find(|change| change.updated_at.is_some_and(|at| at <= moment.asked.at));
            if let Some(change) = then {
                moment.seen += 1;
                moment.by_state.add(change.state.as_deref());
                moment.active += u64::from(change.active == Some(true));
            }
        }
        self.add_oddities(history);
    }

    fn add_step(&mut self, before: &ChangeFacts, after: &ChangeFacts) {
        if let (Some(from), Some(to)) = (&before.state, &after.state) {
            match self.transitions.get_mut(from) {
                Some(tally) => tally.add(Some(to)),
                None => {
                    let mut tally = Tally::default();
                    tally.add(Some(to));
                    self.transitions.insert(from.clone(), tally);
                }
            }
        }
        if let (Some(earlier), Some(later)) = (before.updated_at, after.updated_at) {
            self.traps.sys_updated_at_goes_backwards_in_sys_mod_order += u64::from(later < earlier);
        }
    }

    fn add_oddities(&mut self, history: &[ChangeFacts]) {
        let traps = &mut self.traps;
        let rows = |odd: &dyn Fn(&ChangeFacts) -> bool| {
            history.iter().filter(|change| odd(change)).count() as u64
        };
        traps.state_minus_100_rows +=
            rows(&|change| change.state.as_deref() == Some(STATE_WITHOUT_NAME));
        traps.sys_created_at_missing_rows += rows(&|change| change.created_at.is_none());
        let place = |change: &ChangeFacts| (change.order.run, change.order.row);
        let last_in_file = history.iter().map(place).max();
        traps.final_row_differs_from_last_file_row +=
            u64::from(history.last().map(place) != last_in_file);
        let priorities: BTreeSet<&str> =
            history.iter().filter_map(|change| change.priority.as_deref()).collect();
        traps.incidents_with_two_or_more_priorities += u64::from(priorities.len() > 1);
        traps.incidents_where_opened_at_varies +=
            u64::from(history.windows(2).any(|pair| differ(pair, |change| change.opened_at)));
        traps.incidents_where_resolved_at_varies +=
            u64::from(history.windows(2).any(|pair| differ(pair, |change| change.resolved_at)));
        let missed = history.iter().position(|change| change.sla_made == Some(false));
        let kept_after = missed
            .and_then(|at| history.get(at..))
            .is_some_and(|rest| rest.iter().any(|change| change.sla_made == Some(true)));
        self.sla_false_then_true += u64::from(kept_after);
    }

    /// The figures.
    #[must_use]
    pub fn finish(self) -> HistoryFigures {
        let mut transitions: Vec<(String, u64)> = self
            .transitions
            .iter()
            .flat_map(|(from, tally)| {
                tally.counts().0.into_iter().map(move |(to, n)| (format!("{from} -> {to}"), n))
            })
            .collect();
        transitions.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let states_as_of = self
            .moments
            .into_iter()
            .map(|moment| {
                let states = StatesAt {
                    incidents_seen: moment.seen,
                    by_state: moment.by_state.counts(),
                    active_true: moment.active,
                };
                (moment.asked.label, states)
            })
            .collect();
        HistoryFigures {
            events: self.events,
            transitions: Counts(transitions),
            states_as_of: StatesAsOf(states_as_of),
            sla_false_then_true: self.sla_false_then_true,
            traps: self.traps,
        }
    }
}

fn differ<T: PartialEq>(pair: &[ChangeFacts], of: impl Fn(&ChangeFacts) -> T) -> bool {
    matches!(pair, [before, after] if of(before) != of(after))
}
