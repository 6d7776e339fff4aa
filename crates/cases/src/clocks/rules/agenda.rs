//! Which rungs of the ladder are to be climbed, and when the next one is.
//!
//! An open case always has a next one: while a promise waits, its rungs and their repetitions; beside
//! that the reminder that nothing has happened for days.

use super::facts::Facts;
use super::promises::at_percent;
use crate::clocks::events::Flag;
use crate::clocks::model::{Planned, Promise, RungKey};
use crate::model::Severity;
use crate::policy::model::{Plan, Recipient, Rung, Trigger};
use crate::policy::rules::notation::trigger_text;
use kernel::clock::{Clock, ClockError, Pausing};
use kernel::time::Timestamp;
use std::collections::BTreeSet;

/// An hour in microseconds.
const HOUR_US: i64 = 3_600_000_000;

/// What is to be done about a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    /// Rungs whose time has come and that were not climbed, in the order of their times.
    pub due: Vec<Planned>,
    /// Every rung whose time has come, climbed or not.
    pub planned: Vec<Planned>,
    /// When the next is due, after now.
    pub next: Option<Timestamp>,
}

impl Agenda {
    /// When the case must be looked at next: at once while something is due.
    #[must_use]
    pub fn wake(&self, now: Timestamp) -> Option<Timestamp> {
        if self.due.is_empty() { self.next } else { Some(now) }
    }

    fn plan(&mut self, one: Planned, now: Timestamp) {
        if one.at <= now {
            self.planned.push(one);
        } else {
            self.next = Some(self.next.map_or(one.at, |next| next.min(one.at)));
        }
    }
}

/// The agenda of a case at an instant.
///
/// # Errors
/// When a share of a target cannot be reached under its calendar.
pub fn agenda(
    plan: &Plan,
    facts: &Facts,
    promises: &[Promise],
    climbed: &BTreeSet<RungKey>,
    now: Timestamp,
) -> Result<Agenda, ClockError> {
    let mut agenda = Agenda::default();
    if !facts.open() {
        return Ok(agenda);
    }
    for promise in promises {
        of_promise(plan, facts, promise, now, &mut agenda)?;
    }
    for (place, rung) in plan.body.ladder.iter().enumerate() {
        for (at, name, n) in of_case(plan, facts, &rung.on)? {
            agenda.plan(planned(RungKey::new(name, at, place, n), at, rung, None), now);
        }
    }
    standing(plan, facts, now, &mut agenda);
    agenda.planned.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    let done = |one: &Planned| {
        climbed.contains(&one.key) || one.repeats && repeated_since(&one.key, climbed)
    };
    agenda.due = agenda.planned.iter().filter(|one| !done(one)).cloned().collect();
    Ok(agenda)
}

/// Whether a later repetition of the same rung was climbed: it stands for those before it.
fn repeated_since(key: &RungKey, climbed: &BTreeSet<RungKey>) -> bool {
    let (series, n) = key.series();
    climbed.iter().map(RungKey::series).any(|(other, later)| other == series && later >= n)
}

fn planned(key: RungKey, at: Timestamp, rung: &Rung, due_at: Option<Timestamp>) -> Planned {
    let why = trigger_text(&rung.on);
    Planned { key, at, why, to: rung.to.clone(), due_at, repeats: false }
}

/// The rungs of one promise: those of its percentages, then the last one again and again.
fn of_promise(
    plan: &Plan,
    facts: &Facts,
    promise: &Promise,
    now: Timestamp,
    agenda: &mut Agenda,
) -> Result<(), ClockError> {
    let word = promise.clock.word();
    let end = match (promise.stopped_at, promise.superseded_at) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let alive = |at: Timestamp| end.is_none_or(|end| at < end);
    let mut last: Option<(u32, Timestamp, usize)> = None;
    for (place, rung) in plan.body.ladder.iter().enumerate() {
        let Trigger::Percent { percent, clock } = rung.on else { continue };
        if clock.is_some_and(|clock| clock.word() != word) {
            continue;
        }
        let at = at_percent(plan, facts, promise, percent)?.max(promise.made_at);
        if alive(at) {
            let key = RungKey::new(&word, promise.made_at, place, 0);
            let mut one = planned(key, at, rung, Some(promise.due_at));
            one.why = format!("{percent}% of {word}");
            agenda.plan(one, now);
        }
        if last.is_none_or(|(most, ..)| percent >= most) {
            last = Some((percent, at, place));
        }
    }
    let Some((_, last_at, place)) = last else { return Ok(()) };
    let Some(rung) = plan.body.ladder.get(place) else { return Ok(()) };
    if end.is_some() {
        return Ok(());
    }
    let every = i64::from(plan.body.repeat_hours).saturating_mul(HOUR_US);
    let from = last_at.max(promise.due_at);
    let repeat = |n: i64| {
        let at = Timestamp(from.0.saturating_add(every.saturating_mul(n)));
        let key = RungKey::new(&word, promise.made_at, place, n);
        let mut one = planned(key, at, rung, Some(promise.due_at));
        one.why = format!("again after {} hours, {word}", plan.body.repeat_hours);
        one.repeats = true;
        one
    };
    // Of repetitions whose time has passed only the latest counts: who comes back after a week wants
    // to be told once.
    let passed = now.0.saturating_sub(from.0) / every.max(1);
    if passed >= 1 {
        agenda.plan(repeat(passed), now);
    }
    agenda.plan(repeat(passed.max(0) + 1), now);
    Ok(())
}

/// When a trigger that belongs to the case as a whole goes off.
fn of_case(
    plan: &Plan,
    facts: &Facts,
    on: &Trigger,
) -> Result<Vec<(Timestamp, &'static str, i64)>, ClockError> {
    let flagged = |wanted: Flag, name: &'static str| {
        let flags = facts.flags.iter().filter(move |(_, flag)| *flag == wanted);
        flags.map(|(at, _)| (*at, name, 0)).collect()
    };
    Ok(match on {
        Trigger::Percent { .. } => Vec::new(),
        Trigger::NoOwner { after } => {
            let clock = Clock {
                calendar: plan.calendar(true),
                target: *after,
                pausing: Pausing::Regulatory,
            };
            let at = clock.deadline(facts.received, &[])?.at;
            let had = facts.owners.first().is_some_and(|(from, _)| *from <= at);
            let ended = facts.resolved.is_some_and(|end| end <= at);
            if had || ended { Vec::new() } else { vec![(at, "no_owner", 0)] }
        }
        Trigger::OwnerAway => away(facts),
        Trigger::SeverityRaised => raised(facts),
        Trigger::Recurrence { times } => {
            let nth = usize::try_from(times.saturating_sub(2)).unwrap_or(usize::MAX);
            facts.recurrences.get(nth).map(|at| (*at, "recurrence", 0)).into_iter().collect()
        }
        Trigger::Retaliation => flagged(Flag::Retaliation, "retaliation"),
        Trigger::NotHeard => flagged(Flag::NotHeard, "not_heard"),
    })
}

/// When the owner of an open case was, or came to be, away.
fn away(facts: &Facts) -> Vec<(Timestamp, &'static str, i64)> {
    let mut all = Vec::new();
    for (place, (since, owner)) in facts.owners.iter().enumerate() {
        let until = facts.owners.get(place + 1).map(|(at, _)| *at);
        for (person, from, to) in &facts.away {
            let at = (*since).max(*from);
            if person == owner && at < *to && until.is_none_or(|until| at < until) {
                all.push((at, "owner_away", 0));
            }
        }
    }
    all
}

/// When the severity rose.
fn raised(facts: &Facts) -> Vec<(Timestamp, &'static str, i64)> {
    let rank = |s: Severity| Severity::ALL.iter().position(|x| *x == s);
    let pairs = facts.severities.iter().zip(facts.severities.iter().skip(1));
    // Most severe first: a smaller place is more severe.
    pairs
        .filter(|((_, before), (_, after))| rank(*after) < rank(*before))
        .map(|(_, (at, _))| (*at, "severity_raised", 0))
        .collect()
}

/// The reminder that a case lies still, which every open case has.
fn standing(plan: &Plan, facts: &Facts, now: Timestamp, agenda: &mut Agenda) {
    let every = i64::from(plan.body.idle_days).saturating_mul(24 * HOUR_US).max(1);
    let one = |n: i64| Planned {
        key: RungKey::new("idle", facts.last, 0, n),
        at: Timestamp(facts.last.0.saturating_add(every.saturating_mul(n))),
        why: format!("nothing has happened for {} days", i64::from(plan.body.idle_days) * n),
        to: vec![Recipient::Owner, Recipient::Role("compliance_lead".into())],
        due_at: None,
        repeats: n > 1,
    };
    let passed = now.0.saturating_sub(facts.last.0).max(0) / every;
    if passed >= 1 {
        agenda.plan(one(passed), now);
    }
    agenda.plan(one(passed + 1), now);
}
