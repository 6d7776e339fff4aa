//! What must hold of every clock, on calendars and instants drawn at random, most of them around
//! days on which the clocks change; and the same answers from a naive second implementation that
//! looks at every minute.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod common;

use common::{Drawn, Minutes, drawn};
use kernel::calendar::Calendar;
use kernel::clock::{Clock, Deadline, Pause, Pausing, elapsed};
use kernel::period::Period;
use kernel::target::{Target, Unit};
use kernel::time::Timestamp;
use kernel::zone::Zone;
use proptest::prelude::*;

const MINUTE_US: i64 = 60_000_000;

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn clock(calendar: &Calendar, target: Target) -> Clock<'_> {
    Clock { calendar, target, pausing: Pausing::Allowed }
}

fn target(count: u32, unit: Unit) -> Target {
    Target::new(count, unit).unwrap()
}

/// The units whose length is counted, and business days.
fn any_target() -> impl Strategy<Value = Target> {
    prop_oneof![
        (1u32..3000).prop_map(|n| target(n, Unit::Minutes)),
        (1u32..100).prop_map(|n| target(n, Unit::Hours)),
        (1u32..8).prop_map(|n| target(n, Unit::Days)),
        (1u32..3000).prop_map(|n| target(n, Unit::BusinessMinutes)),
        (1u32..60).prop_map(|n| target(n, Unit::BusinessHours)),
        (1u32..8).prop_map(|n| target(n, Unit::BusinessDays)),
    ]
}

/// A calendar may be closed for good; a deadline then is an error, which is no matter here.
fn due(
    calendar: &Calendar,
    target: Target,
    start: Timestamp,
    pauses: &[Pause],
) -> Option<Deadline> {
    clock(calendar, target).deadline(start, pauses).ok()
}

fn open_us(calendar: &Calendar, from: Timestamp, to: Timestamp, pauses: &[Pause]) -> i64 {
    elapsed(calendar, from, to, pauses).unwrap().counted_us
}

proptest! {
    #![proptest_config(config(300))]

    /// w(a, b) + w(b, c) = w(a, c).
    #[test]
    fn elapsed_adds_up(Drawn { calendar, mut instants, pauses } in drawn(false)) {
        instants.sort_unstable();
        let [a, b, c] = [instants[0], instants[1], instants[2]];
        let whole = open_us(&calendar, a, c, &pauses);
        prop_assert_eq!(open_us(&calendar, a, b, &pauses) + open_us(&calendar, b, c, &pauses), whole);
        prop_assert!(whole <= c.0 - a.0);
        prop_assert!(open_us(&calendar, a, b, &pauses) <= whole);
        prop_assert!(whole <= open_us(&calendar, a, c, &[]));
    }

    /// Counting up to the deadline gives the target back, no earlier instant does, and the moment
    /// before it is working time.
    #[test]
    fn the_deadline_is_the_inverse_of_elapsed(
        Drawn { calendar, instants, pauses } in drawn(false), minutes in 1u32..4000,
    ) {
        let start = instants[0];
        let target = target(minutes, Unit::BusinessMinutes);
        if let Some(Deadline { at, .. }) = due(&calendar, target, start, &pauses) {
            let before = Timestamp(at.0 - 1);
            prop_assert_eq!(open_us(&calendar, start, at, &pauses), i64::from(minutes) * MINUTE_US);
            prop_assert_eq!(open_us(&calendar, before, at, &pauses), 1);
            prop_assert!(calendar.is_open_at(before));
            prop_assert!(!pauses.iter().any(|p| p.from() <= before && before < p.to()));
        } else {
            let later = start.plus_seconds(99 * 365 * 86_400);
            prop_assert!(open_us(&calendar, start, later, &pauses) < i64::from(minutes) * MINUTE_US);
        }
    }

    /// A later start never falls due earlier, and every deadline is after its start.
    #[test]
    fn deadlines_keep_the_order_of_starts(
        Drawn { calendar, mut instants, pauses } in drawn(false), target in any_target(),
    ) {
        instants.sort_unstable();
        let deadlines = instants.iter().map(|&start| due(&calendar, target, start, &pauses));
        let deadlines: Vec<_> = deadlines.flatten().map(|d| d.at).collect();
        prop_assert!(deadlines.is_sorted());
        prop_assert!(deadlines.iter().zip(&instants).all(|(due, start)| due > start));
    }

    /// One more pause never makes a deadline earlier, and no deadline falls inside a pause.
    #[test]
    fn pausing_never_shortens(
        Drawn { calendar, instants, pauses } in drawn(false), target in any_target(),
    ) {
        let mut last = None;
        for n in 0..=pauses.len() {
            let now = due(&calendar, target, instants[0], &pauses[..n]).map(|d| d.at);
            // A deadline that is no longer reached is later than any.
            prop_assert!(last.is_none() || now.is_none() || last <= now);
            if let Some(at) = now {
                prop_assert!(!pauses[..n].iter().any(|p| p.from() < at && at <= p.to()));
            }
            last = now.or(last);
        }
    }

    /// The order of pauses, their overlaps and their cuts do not matter.
    #[test]
    fn pauses_are_a_set_of_instants(
        Drawn { calendar, instants, pauses } in drawn(false), target in any_target(),
    ) {
        let mut cut: Vec<Pause> = Vec::new();
        for pause in pauses.iter().rev() {
            let middle = Timestamp(i64::midpoint(pause.from().0, pause.to().0));
            cut.push(Pause::new(middle, pause.to()).unwrap());
            cut.push(Pause::new(pause.from(), middle).unwrap());
            cut.push(*pause);
        }
        let whole = due(&calendar, target, instants[0], &pauses);
        prop_assert_eq!(due(&calendar, target, instants[0], &cut), whole);
    }

    /// The steps of a trace follow one another from the start to the deadline; what they counted
    /// is the target; a step counts all of its time or none.
    #[test]
    fn the_trace_adds_up(
        Drawn { calendar, instants, pauses } in drawn(false), target in any_target(),
    ) {
        let start = instants[0];
        let Some(Deadline { at, trace }) = due(&calendar, target, start, &pauses) else {
            return Ok(());
        };
        let mut now = start;
        for step in &trace {
            prop_assert_eq!(step.from, now);
            prop_assert!(step.to > step.from);
            let real_us = step.to.0 - step.from.0;
            if target.length_us().is_some() {
                prop_assert!(step.counted_us == 0 || step.counted_us == real_us);
            } else {
                prop_assert!((0..=real_us).contains(&step.counted_us));
            }
            prop_assert!(!step.why.to_string().is_empty());
            now = step.to;
        }
        prop_assert_eq!(now, at);
        if let Some(length_us) = target.length_us() {
            prop_assert_eq!(trace.iter().map(|s| s.counted_us).sum::<i64>(), length_us);
        }
    }

    /// Business days end at the close of an open date, and counting one more of them goes on to a
    /// later date.
    #[test]
    fn business_days_end_at_closes(
        Drawn { calendar, instants, pauses } in drawn(false), count in 1u32..12,
    ) {
        let of = |n| due(&calendar, target(n, Unit::BusinessDays), instants[0], &pauses);
        if let (Some(now), Some(next)) = (of(count), of(count + 1)) {
            let date = calendar.day_of(Timestamp(now.at.0 - 1));
            prop_assert_eq!(calendar.close_of(date), Some(now.at));
            prop_assert!(date > calendar.day_of(instants[0]));
            prop_assert!(calendar.day_of(Timestamp(next.at.0 - 1)) > date);
        }
    }

    /// Escalations keep their order, and 100 % is the deadline.
    #[test]
    fn shares_of_a_target_are_in_order(
        Drawn { calendar, instants, pauses } in drawn(false), target in any_target(),
    ) {
        let clock = clock(&calendar, target);
        let at: Vec<_> = [0, 50, 80, 99, 100, 101, 150, 200]
            .into_iter()
            .filter_map(|percent| clock.at_percent(instants[0], percent, &pauses).ok())
            .collect();
        prop_assert!(at.is_sorted());
        if let Some(deadline) = due(&calendar, target, instants[0], &pauses) {
            prop_assert!(at.contains(&deadline.at));
        }
    }

    /// Calendar months: the same local time unless the clocks skip it, at most the same day of the
    /// month, and no later than the month that is meant.
    #[test]
    fn calendar_months_keep_the_local_time(
        Drawn { calendar, instants, .. } in drawn(false), months in 1u32..40,
    ) {
        let zone = calendar.zone();
        let Deadline { at, .. } =
            due(&calendar, target(months, Unit::CalendarMonths), instants[0], &[]).unwrap();
        let (from, to) = (zone.local(instants[0]), zone.local(at));
        let months_of = |d: jiff::civil::DateTime| i32::from(d.year()) * 12 + i32::from(d.month());
        prop_assert_eq!(months_of(to) - months_of(from), i32::try_from(months).unwrap());
        let last = to.date().last_of_month().day();
        let skipped = zone.instant(to.date().to_datetime(from.time())) == at && to.time() > from.time();
        prop_assert!(to.time() == from.time() || skipped);
        prop_assert!(to.day() == from.day().min(last) || skipped);
    }

    /// The rule for local times: never reversed; where the clock shows the time, it is that time.
    #[test]
    fn local_times_keep_their_order(
        Drawn { calendar, mut instants, .. } in drawn(false), shift in -7200i64..7200,
    ) {
        let zone = calendar.zone();
        instants.push(instants[0].plus_seconds(shift));
        let mut locals: Vec<_> = instants.iter().map(|&at| zone.local(at)).collect();
        locals.sort_unstable();
        let mapped: Vec<_> = locals.iter().map(|&local| zone.instant(local)).collect();
        prop_assert!(mapped.is_sorted());
        for (&at, local) in instants.iter().map(|at| (at, zone.local(*at))) {
            prop_assert_eq!(zone.local(zone.instant(local)), local);
            prop_assert!(zone.instant(local) <= at);
        }
    }

    /// A calendar as JSON is the same calendar.
    #[test]
    fn calendars_survive_storage(Drawn { calendar, .. } in drawn(false)) {
        let json = serde_json::to_string(&calendar).unwrap();
        prop_assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
    }
}

proptest! {
    #![proptest_config(config(120))]

    /// Deadlines and elapsed time are those of an oracle that looks at every minute.
    #[test]
    fn every_answer_is_that_of_the_minute_by_minute_oracle(
        Drawn { calendar, mut instants, pauses } in drawn(true),
        targets in prop::collection::vec(any_target(), 6),
    ) {
        instants.sort_unstable();
        let start = instants[0];
        let minutes = Minutes::around(&calendar, start, &pauses);
        for pair in instants.windows(2) {
            let expected = minutes.elapsed_us(pair[0], pair[1]);
            prop_assert_eq!(open_us(&calendar, pair[0], pair[1], &pauses), expected);
        }
        for target in targets {
            let found = due(&calendar, target, start, &pauses).map(|d| d.at);
            match minutes.deadline(start, target) {
                Some(expected) => prop_assert_eq!(found, Some(expected), "{}", target),
                None => prop_assert!(found.is_none_or(|at| at > minutes.end()), "{}", target),
            }
        }
    }
}

proptest! {
    #![proptest_config(config(300))]

    /// An instant is in a period exactly when its date in the period's zone is, whatever the zone does
    /// with its clocks on the days at both ends.
    #[test]
    fn invariant_15_a_period_is_counted_in_its_own_zone(
        zone in prop::sample::select(vec![
            "UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia",
            "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca",
        ]),
        first in 0_i64..3_000,
        days in 0_i64..400,
        near in 0_u8..4,
        off_us in -93_600_000_000_i64..93_600_000_000,
    ) {
        let zone = Zone::named(zone).unwrap();
        let origin = jiff::civil::date(2018, 1, 1);
        let start = origin.checked_add(jiff::Span::new().days(first)).unwrap();
        let end = start.checked_add(jiff::Span::new().days(days)).unwrap();
        let period = Period::new(start, end, zone.clone()).unwrap();
        let at = match near {
            0 => period.starts_at(),
            1 => period.last_instant(),
            2 => period.ends_before(),
            _ => Timestamp(period.starts_at().0 + off_us),
        };
        let at = if near < 3 { at } else { Timestamp(at.0.max(0)) };
        let date = zone.local(at).date();
        prop_assert_eq!(period.contains(at), (start..=end).contains(&date));
        prop_assert_eq!(period.contains_date(date), period.contains(at));
        prop_assert_eq!(period.last_instant().0 + 1, period.ends_before().0);
    }
}
