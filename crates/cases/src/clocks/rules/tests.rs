//! Properties of the fold and of the ladder, over random histories; months in milliseconds.

use super::agenda::agenda;
use super::facts::{DutyFact, Facts, PauseFact};
use super::promises::{at_percent, explain, promises};
use crate::clocks::events::{DutyStarted, Flag};
use crate::clocks::model::{ClockRef, Promise, RungKey, Standing};
use crate::model::{CaseId, Severity};
use crate::policy::model::{Carry, ClockKind, Plan, PolicyId};
use crate::policy::rules::tests::template;
use kernel::ids::PersonId;
use kernel::time::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;

const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Wednesday, 4 March 2026, 10:00 UTC.
fn start() -> Timestamp {
    Timestamp::parse("2026-03-04T10:00:00Z").unwrap()
}

fn plan_with(carry: Carry) -> Plan {
    let body = crate::policy::model::PolicyBody { carry, ..template() };
    Plan::new(PolicyId::from_u128(1), 1, body).unwrap()
}

fn plan() -> Plan {
    plan_with(Carry::FromStart)
}

fn of(all: &[Promise], kind: ClockKind) -> Vec<&Promise> {
    all.iter().filter(|p| p.clock == ClockRef::Service(kind)).collect()
}

fn after(at: Timestamp, us: i64) -> Timestamp {
    Timestamp(at.0 + us)
}

/// What may happen to a case.
#[derive(Debug, Clone, Copy)]
enum Step {
    Act,
    Severity(Severity),
    Incident,
    Tell(bool),
    Contain,
    Resolve,
    Review,
    Close,
    Owner(u128),
    Pause,
    Resume,
    Flag,
    Duty,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Act),
        prop::sample::select(Severity::ALL.to_vec()).prop_map(Step::Severity),
        Just(Step::Incident),
        any::<bool>().prop_map(Step::Tell),
        Just(Step::Contain),
        Just(Step::Resolve),
        Just(Step::Review),
        (1..4_u128).prop_map(Step::Owner),
        Just(Step::Pause),
        Just(Step::Resume),
        Just(Step::Flag),
        Just(Step::Duty),
    ]
}

/// Steps with the minutes before each.
fn any_history() -> impl Strategy<Value = Vec<(i64, Step)>> {
    prop::collection::vec((1..6_000_i64, any_step()), 0..14)
}

fn apply(facts: &mut Facts, at: Timestamp, step: Step) {
    facts.last = at;
    match step {
        Step::Act => facts.act(at),
        Step::Severity(severity) => {
            facts.act(at);
            facts.severities.push((at, severity));
        }
        Step::Incident => {
            facts.incident.get_or_insert(at);
        }
        Step::Tell(substance) => {
            facts.act(at);
            facts.told.push((at, substance));
        }
        Step::Contain => {
            facts.contained.get_or_insert(at);
        }
        Step::Resolve => {
            facts.act(at);
            facts.resolved.get_or_insert(at);
        }
        Step::Review => facts.reviewed = facts.resolved.map(|_| at),
        Step::Close => facts.closed = Some(at),
        Step::Owner(n) => facts.owners.push((at, PersonId::from_u128(n))),
        Step::Pause => {
            if facts.pauses.last().is_none_or(|p| p.to.is_some()) {
                let most = "10 business days".parse().unwrap();
                facts.pauses.push(PauseFact { from: at, to: None, most });
            }
        }
        Step::Resume => {
            if let Some(open) = facts.pauses.last_mut().filter(|p| p.to.is_none()) {
                open.to = Some(at);
            }
        }
        Step::Flag => facts.flags.push((at, Flag::Retaliation)),
        Step::Duty => facts.duties.push(DutyFact {
            duty: DutyStarted {
                case: CaseId::from_u128(1),
                duty: "test".into(),
                target: "72 hours".parse().unwrap(),
                reference: "a law".into(),
                starts: "aware".into(),
                from: at,
                evidence: "a log".into(),
            },
            stated_at: at,
            ended_at: None,
        }),
    }
}

/// The facts after each step, and when it happened.
fn prefixes(history: &[(i64, Step)]) -> Vec<(Timestamp, Facts)> {
    let mut facts = Facts::received(start());
    let mut all = vec![(start(), facts.clone())];
    let mut at = start();
    for (minutes, step) in history {
        at = after(at, minutes * MINUTE);
        apply(&mut facts, at, *step);
        all.push((at, facts.clone()));
    }
    all
}

#[test]
fn a_report_is_promised_an_acknowledgement_a_decision_and_an_answer() {
    let plan = plan();
    let all = promises(&plan, &Facts::received(start())).unwrap();
    let words: Vec<_> = all.iter().map(|p| (p.clock.word(), p.due_at.to_rfc3339())).collect();
    assert_eq!(
        words,
        [
            ("acknowledge".to_owned(), "2026-03-04T14:00:00Z".to_owned()),
            ("triage".to_owned(), "2026-03-04T18:00:00Z".to_owned()),
            ("answer".to_owned(), "2026-03-05T10:00:00Z".to_owned()),
        ]
    );
}

#[test]
fn a_change_of_severity_keeps_both_promises_on_record() {
    let plan = plan();
    let mut facts = Facts::received(start());
    apply(&mut facts, after(start(), HOUR), Step::Severity(Severity::Moderate));
    apply(&mut facts, after(start(), 3 * HOUR), Step::Severity(Severity::Critical));
    let all = promises(&plan, &facts).unwrap();
    let resolve = of(&all, ClockKind::Resolve);
    assert_eq!(resolve.len(), 2);
    // 20 business days after Wednesday, 4 March: Wednesday, 1 April, at the close.
    assert_eq!(resolve[0].due_at.to_rfc3339(), "2026-04-01T17:00:00Z");
    assert_eq!(resolve[0].standing(start()), Standing::Superseded);
    // 48 hours from the report, not from the change.
    assert_eq!(resolve[1].due_at.to_rfc3339(), "2026-03-06T10:00:00Z");
    assert_eq!(resolve[1].made_at, after(start(), 3 * HOUR));
}

#[test]
fn used_time_can_be_carried_over_in_proportion() {
    let plan = plan_with(Carry::Proportional);
    let mut facts = Facts::received(start());
    apply(&mut facts, after(start(), MINUTE), Step::Severity(Severity::High));
    // Half of five days, then critical: half of 48 hours is left.
    apply(&mut facts, after(start(), 60 * HOUR), Step::Severity(Severity::Critical));
    let all = promises(&plan, &facts).unwrap();
    let resolve = of(&all, ClockKind::Resolve);
    assert_eq!(resolve[1].used_before, 50);
    assert_eq!(resolve[1].due_at, after(start(), 84 * HOUR));
}

#[test]
fn the_update_clock_rearms_with_every_word_and_ends_with_the_work() {
    let plan = plan();
    let mut facts = Facts::received(start());
    apply(&mut facts, after(start(), HOUR), Step::Severity(Severity::High));
    apply(&mut facts, after(start(), 2 * HOUR), Step::Tell(false));
    apply(&mut facts, after(start(), 30 * HOUR), Step::Tell(true));
    apply(&mut facts, after(start(), 40 * HOUR), Step::Resolve);
    let all = promises(&plan, &facts).unwrap();
    let now = after(start(), 50 * HOUR);
    let updates: Vec<_> = of(&all, ClockKind::Update).iter().map(|p| p.standing(now)).collect();
    // Told after 28 hours where 24 were promised; then the work ended in time.
    assert_eq!(updates, [Standing::Late, Standing::Kept]);
    // That it arrived is no answer: that came after 30 hours, six too late.
    assert_eq!(of(&all, ClockKind::Answer).last().unwrap().standing(now), Standing::Late);
}

#[test]
fn a_pause_moves_what_may_wait_and_nothing_else_and_ends_by_itself() {
    let plan = plan();
    let mut facts = Facts::received(start());
    apply(&mut facts, after(start(), HOUR), Step::Severity(Severity::High));
    let before = promises(&plan, &facts).unwrap();
    let mut paused = facts.clone();
    apply(&mut paused, after(start(), DAY), Step::Pause);
    apply(&mut paused, after(start(), 2 * DAY), Step::Resume);
    let then = promises(&plan, &paused).unwrap();
    let due = |all: &[Promise], kind| of(all, kind).last().unwrap().due_at;
    assert_eq!(due(&then, ClockKind::Resolve), after(due(&before, ClockKind::Resolve), DAY));
    assert_eq!(due(&then, ClockKind::Answer), due(&before, ClockKind::Answer));
    // Nobody resumes: after ten business days time counts again.
    let mut forgotten = facts;
    apply(&mut forgotten, after(start(), DAY), Step::Pause);
    let at_most = due(&promises(&plan, &forgotten).unwrap(), ClockKind::Resolve);
    // Thursday 5 March 10:00 to Thursday 19 March 17:00 is left out of five days from the 4th.
    assert_eq!(at_most.to_rfc3339(), "2026-03-23T17:00:00Z");
}

#[test]
fn a_duty_never_pauses_and_counts_from_its_own_event() {
    let plan = plan();
    let mut facts = Facts::received(start());
    apply(&mut facts, after(start(), HOUR), Step::Duty);
    apply(&mut facts, after(start(), 2 * HOUR), Step::Pause);
    let all = promises(&plan, &facts).unwrap();
    assert_eq!(all.last().unwrap().due_at, after(start(), 73 * HOUR));
}

#[test]
fn simulated_months_of_silence_never_fall_silent() {
    let plan = plan();
    let facts = Facts::received(start());
    let all = promises(&plan, &facts).unwrap();
    let (mut now, mut climbed) = (start(), BTreeSet::new());
    let end = after(start(), 180 * DAY);
    let mut rungs = 0;
    while now < end {
        let turn = agenda(&plan, &facts, &all, &climbed, now).unwrap();
        rungs += turn.due.len();
        climbed.extend(turn.due.into_iter().map(|one| one.key));
        let next = turn.next.unwrap();
        assert!(next > now && next.0 - now.0 <= DAY, "at most a day apart");
        now = next;
    }
    // Three overdue clocks are repeated every day for half a year.
    assert!((3 * 175..3 * 190 + 60).contains(&rungs), "{rungs}");
}

#[test]
fn who_comes_back_after_a_week_is_told_once() {
    let plan = plan();
    let facts = Facts::received(start());
    let all = promises(&plan, &facts).unwrap();
    let turn =
        |climbed: &BTreeSet<RungKey>, now| agenda(&plan, &facts, &all, climbed, now).unwrap();
    let back = after(start(), 9 * DAY);
    let due = turn(&BTreeSet::new(), back).due;
    let repeats = due.iter().filter(|one| one.repeats).count();
    assert_eq!(repeats, 3, "one repetition for each of three clocks");
    let climbed: BTreeSet<RungKey> = due.into_iter().map(|one| one.key).collect();
    assert!(turn(&climbed, back).due.is_empty());
    // The watchdog, which looks at a moment before, misses nothing either.
    assert!(turn(&climbed, after(back, -5 * MINUTE)).due.is_empty());
}

proptest! {
    #[test]
    fn every_open_case_has_a_next_time_and_a_turn_leaves_nothing_due(
        history in any_history(), wait in 0..100_000_i64
    ) {
        let plan = plan();
        for (at, facts) in prefixes(&history) {
            let now = after(at, wait * MINUTE);
            let all = promises(&plan, &facts).unwrap();
            let first = agenda(&plan, &facts, &all, &BTreeSet::new(), now).unwrap();
            prop_assert!(first.next.is_some_and(|next| next > now));
            let climbed: BTreeSet<RungKey> =
                first.due.iter().map(|one| one.key.clone()).collect();
            prop_assert_eq!(climbed.len(), first.due.len(), "keys are unique");
            let second = agenda(&plan, &facts, &all, &climbed, now).unwrap();
            prop_assert!(second.due.is_empty());
            prop_assert_eq!(second.next, first.next);
        }
    }

    #[test]
    fn a_closed_case_rests(history in any_history(), wait in 0..100_000_i64) {
        let plan = plan();
        let (at, mut facts) = prefixes(&history).pop().unwrap();
        apply(&mut facts, after(at, MINUTE), Step::Close);
        let all = promises(&plan, &facts).unwrap();
        prop_assert!(all.iter().filter(|p| matches!(p.clock, ClockRef::Service(_))).all(|p| !p.open()));
        let now = after(at, wait * MINUTE);
        let turn = agenda(&plan, &facts, &all, &BTreeSet::new(), now).unwrap();
        prop_assert!(turn.due.is_empty() && turn.next.is_none());
    }

    #[test]
    fn replaying_any_prefix_gives_each_alert_that_was_given(history in any_history()) {
        let plan = plan();
        let all = prefixes(&history);
        for pair in all.windows(2) {
            let [(_, before), (now, later)] = pair else { continue };
            // Just before the next fact, and as seen from after it.
            let then = after(*now, -1);
            let seen = |facts: &Facts| {
                let made = promises(&plan, facts).unwrap();
                let turn = agenda(&plan, facts, &made, &BTreeSet::new(), then).unwrap();
                let keys = turn.planned.into_iter().filter(|one| !one.repeats);
                // What lies still is counted from the last fact, which is another one now.
                keys.filter(|one| !one.key.0.starts_with("idle"))
                    .map(|one| (one.key, one.at)).collect::<BTreeSet<_>>()
            };
            let (mut early, late) = (seen(before), seen(later));
            if before.pauses != later.pauses {
                // How much open time a number of business days holds depends on the dates that count,
                // so a pause moves shares of them also where they lie before it.
                let days = promises(&plan, before).unwrap().into_iter()
                    .filter(|p| p.target.unit() == kernel::target::Unit::BusinessDays)
                    .map(|p| format!("{}~{}~", p.clock.word(), p.made_at.0)).collect::<Vec<_>>();
                early.retain(|(key, _)| !days.iter().any(|series| key.0.starts_with(series)));
            }
            prop_assert!(early.is_subset(&late), "{early:?} {late:?}");
        }
    }

    #[test]
    fn pausing_never_makes_a_deadline_earlier_and_rungs_come_in_order(history in any_history()) {
        let plan = plan();
        let (_, facts) = prefixes(&history).pop().unwrap();
        let unpaused = Facts { pauses: Vec::new(), ..facts.clone() };
        let (with, without) = (promises(&plan, &facts).unwrap(), promises(&plan, &unpaused).unwrap());
        prop_assert_eq!(with.len(), without.len());
        for (a, b) in with.iter().zip(&without) {
            prop_assert!(a.due_at >= b.due_at);
            let shares = [50, 80, 100, 150, 200];
            let times: Vec<_> =
                shares.iter().map(|p| at_percent(&plan, &facts, a, *p).unwrap()).collect();
            prop_assert!(times.is_sorted());
            prop_assert_eq!(times[2], a.due_at);
        }
    }

    #[test]
    fn what_is_explained_is_what_was_promised_without_a_gap(history in any_history()) {
        let plan = plan();
        let (_, facts) = prefixes(&history).pop().unwrap();
        for promise in promises(&plan, &facts).unwrap() {
            let told = explain(&plan, &facts, &promise).unwrap();
            prop_assert_eq!(told.at, promise.due_at);
            prop_assert_eq!(told.trace.first().unwrap().from, promise.from);
            prop_assert!(told.trace.windows(2).all(|pair| pair[0].to == pair[1].from));
        }
    }

    #[test]
    fn no_two_promises_of_one_clock_wait_at_once(history in any_history(), proportional in any::<bool>()) {
        let plan = plan_with(if proportional { Carry::Proportional } else { Carry::FromStart });
        for (_, facts) in prefixes(&history) {
            let all = promises(&plan, &facts).unwrap();
            for kind in ClockKind::ALL {
                prop_assert!(of(&all, kind).iter().filter(|p| p.open()).count() <= 1);
            }
        }
    }
}
