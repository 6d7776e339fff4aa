//! The fold from facts to promises.
//!
//! | clock | starts | is kept by |
//! |---|---|---|
//! | acknowledge | the report | the first act of a person |
//! | triage | the report | the first decision about severity |
//! | answer | the report | the first word to the reporter that says more than that it arrived |
//! | update | each word to the reporter | the next; it ends with the end of the work |
//! | contain | the decision that it is an incident | the fact that the harm no longer spreads, at the latest the end of the work |
//! | resolve | the report | the end of the work |
//! | review | the end of the work | the review |
//! | a duty | its own event | its fulfilment |
//!
//! A change of severity makes a new promise; the old one stays on record as superseded. Under
//! [`Carry::FromStart`] the new target counts from the clock's start. Under [`Carry::Proportional`] the
//! share used of the old target, in whole per cent rounded down (in the handler's favour, by less than
//! one per cent), counts as used of the new one.

use super::facts::Facts;
use crate::clocks::model::{ClockRef, Promise};
use crate::model::Severity;
use crate::policy::model::{Carry, ClockKind, Plan};
use kernel::clock::{Clock, ClockError, Deadline, Pause, Pausing};
use kernel::time::Timestamp;

/// Every promise about a case, superseded ones included, clock by clock in the order of time.
///
/// # Errors
/// When a target cannot be reached under its calendar.
pub fn promises(plan: &Plan, facts: &Facts) -> Result<Vec<Promise>, ClockError> {
    let mut all = Vec::new();
    for kind in ClockKind::ALL {
        for (start, end) in runs(kind, facts) {
            run(plan, facts, kind, start, end, &mut all)?;
        }
    }
    for duty in &facts.duties {
        let target = duty.duty.target;
        let clock = Clock { calendar: plan.calendar(false), target, pausing: Pausing::Regulatory };
        all.push(Promise {
            clock: ClockRef::Duty(duty.duty.duty.clone()),
            severity: None,
            target,
            around_the_clock: false,
            from: duty.duty.from,
            used_before: 0,
            made_at: duty.stated_at.max(duty.duty.from),
            due_at: clock.deadline(duty.duty.from, &[])?.at,
            stopped_at: duty.ended_at,
            superseded_at: None,
        });
    }
    Ok(all)
}

/// From when until when a clock runs; several times for updates.
fn runs(kind: ClockKind, facts: &Facts) -> Vec<(Timestamp, Option<Timestamp>)> {
    let end = earlier(facts.resolved, facts.closed);
    let received = facts.received;
    match kind {
        ClockKind::Acknowledge => vec![(received, earlier(facts.acknowledged, end))],
        ClockKind::Triage => {
            vec![(received, earlier(facts.severities.first().map(|(at, _)| *at), end))]
        }
        ClockKind::Answer => {
            let answered = facts.told.iter().find(|(_, substance)| *substance).map(|(at, _)| *at);
            vec![(received, earlier(answered, facts.closed))]
        }
        ClockKind::Update => {
            let within = |at: &Timestamp| end.is_none_or(|end| *at < end);
            let told: Vec<Timestamp> =
                facts.told.iter().map(|(at, _)| *at).filter(within).collect();
            let next = told.iter().skip(1).copied().map(Some).chain([end]);
            told.iter().copied().zip(next).collect()
        }
        ClockKind::Contain => {
            let stop = earlier(facts.contained, end);
            facts.incident.map(|at| (at, stop.map(|s| s.max(at)))).into_iter().collect()
        }
        ClockKind::Resolve => vec![(received, end)],
        ClockKind::Review => facts
            .resolved
            .map(|at| (at, earlier(facts.reviewed, facts.closed).map(|s| s.max(at))))
            .into_iter()
            .collect(),
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// The severities while a clock runs: when each began to hold, and which.
fn spans(
    facts: &Facts,
    start: Timestamp,
    end: Option<Timestamp>,
) -> Vec<(Timestamp, Option<Severity>)> {
    let mut spans: Vec<(Timestamp, Option<Severity>)> = vec![(start, None)];
    for (at, severity) in &facts.severities {
        // What ends a clock is judged under what held before it.
        if end.is_some_and(|end| *at >= end && *at > start) {
            break;
        }
        let Some(last) = spans.last_mut() else { break };
        if last.1 == Some(*severity) {
            continue;
        }
        if *at <= start {
            last.1 = Some(*severity);
        } else {
            spans.push((*at, Some(*severity)));
        }
    }
    spans
}

fn run(
    plan: &Plan,
    facts: &Facts,
    kind: ClockKind,
    start: Timestamp,
    end: Option<Timestamp>,
    all: &mut Vec<Promise>,
) -> Result<(), ClockError> {
    let first = all.len();
    for (at, severity) in spans(facts, start, end) {
        let before = if all.len() > first { all.last_mut() } else { None };
        let Some((target, _)) = plan.target(severity, kind) else {
            // Nothing is promised from here on.
            if let Some(before) = before.filter(|p| p.open()) {
                before.superseded_at = Some(at);
            }
            continue;
        };
        let mut from = start;
        let mut used_before = 0;
        if let Some(before) = before.filter(|p| p.open()) {
            if plan.body.carry == Carry::Proportional {
                used_before = used(plan, facts, before, at)?;
                from = at;
            }
            before.superseded_at = Some(at);
        }
        let around_the_clock = plan.row(severity).is_some_and(|r| r.around_the_clock);
        let mut promise = Promise {
            clock: ClockRef::Service(kind),
            severity,
            target,
            around_the_clock,
            from,
            used_before,
            made_at: at.max(start),
            due_at: from,
            stopped_at: None,
            superseded_at: None,
        };
        promise.due_at = at_percent(plan, facts, &promise, 100)?;
        all.push(promise);
    }
    if all.len() > first
        && let Some(last) = all.last_mut().filter(|p| p.open())
    {
        last.stopped_at = end;
    }
    Ok(())
}

/// The pauses that stop a promise's clock. One that still lasts is taken to last as long as it may:
/// the deadline that follows is the latest there can be.
fn pauses(plan: &Plan, facts: &Facts, promise: &Promise) -> Result<Vec<Pause>, ClockError> {
    if !matches!(&promise.clock, ClockRef::Service(kind) if kind.pausable()) {
        return Ok(Vec::new());
    }
    facts
        .pauses
        .iter()
        .map(|pause| {
            let clock = Clock {
                calendar: plan.calendar(false),
                target: pause.most,
                pausing: Pausing::Regulatory,
            };
            let most = clock.deadline(pause.from, &[])?.at;
            Pause::new(pause.from, pause.to.map_or(most, |to| to.min(most)))
        })
        .collect()
}

fn clock<'p>(plan: &'p Plan, promise: &Promise) -> Clock<'p> {
    let pausing = match &promise.clock {
        ClockRef::Service(kind) if kind.pausable() => Pausing::Allowed,
        _ => Pausing::Regulatory,
    };
    Clock { calendar: plan.calendar(promise.around_the_clock), target: promise.target, pausing }
}

/// The instant at which a share of a promise's time is used.
///
/// # Errors
/// When it cannot be reached under its calendar.
pub fn at_percent(
    plan: &Plan,
    facts: &Facts,
    promise: &Promise,
    percent: u32,
) -> Result<Timestamp, ClockError> {
    let left = percent.saturating_sub(promise.used_before);
    if left == 0 {
        return Ok(promise.from);
    }
    let pauses = pauses(plan, facts, promise)?;
    clock(plan, promise).at_percent(promise.from, left, &pauses)
}

/// The largest whole percentage of a promise's time that was used at an instant, at most 1,000.
fn used(plan: &Plan, facts: &Facts, promise: &Promise, now: Timestamp) -> Result<u32, ClockError> {
    let (mut low, mut high) = (promise.used_before, 1_000);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if at_percent(plan, facts, promise, middle)? <= now {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(low)
}

/// How the deadline of a promise comes about, step by step.
///
/// # Errors
/// As [`promises`].
pub fn explain(plan: &Plan, facts: &Facts, promise: &Promise) -> Result<Deadline, ClockError> {
    if promise.used_before == 0 {
        let pauses = pauses(plan, facts, promise)?;
        return clock(plan, promise).deadline(promise.from, &pauses);
    }
    Ok(Deadline { at: promise.due_at, trace: Vec::new() })
}
