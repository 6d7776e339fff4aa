//! Deadlines and elapsed time worked out by hand.

use super::*;
use crate::zone::Zone;

const OFFICE: &str = r#"
version = "2026-1"
zone = "America/New_York"
holidays = ["2026-11-26", "2026-12-25"]
[hours]
mon = ["09:00-12:00", "13:00-17:00"]
tue = ["09:00-17:00"]
wed = ["09:00-17:00"]
thu = ["09:00-17:00"]
fri = ["09:00-17:00"]
[special]
"2026-12-24" = ["09:00-12:00"]
"#;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn pause(from: &str, to: &str) -> Pause {
    Pause::new(at(from), at(to)).unwrap()
}

fn office() -> Calendar {
    Calendar::parse(OFFICE).unwrap()
}

fn due_in(calendar: &Calendar, start: &str, target: &str, pauses: &[Pause]) -> String {
    let clock = Clock { calendar, target: target.parse().unwrap(), pausing: Pausing::Allowed };
    let deadline = clock.deadline(at(start), pauses).unwrap();
    calendar.zone().rfc3339(deadline.at)
}

fn due(start: &str, target: &str) -> String {
    due_in(&office(), start, target, &[])
}

#[test]
fn business_hours_run_through_lunch_nights_weekends_holidays_and_half_days() {
    // Monday with a lunch break: three hours in the morning, four after.
    assert_eq!(due("2026-03-09T09:00:00-04:00", "4 business hours"), "2026-03-09T14:00:00-04:00");
    // A target that ends with the day ends at its close, not at the next opening.
    assert_eq!(due("2026-03-10T09:00:00-04:00", "8 business hours"), "2026-03-10T17:00:00-04:00");
    assert_eq!(
        due("2026-03-09T12:00:00-04:00", "30 business minutes"),
        "2026-03-09T13:30:00-04:00"
    );
    // Friday evening before the clocks go forward, to Monday.
    assert_eq!(due("2026-03-06T16:30:00-05:00", "1 business hour"), "2026-03-09T09:30:00-04:00");
    assert_eq!(due("2026-03-06T23:00:00-05:00", "8 business hours"), "2026-03-10T10:00:00-04:00");
    // Over Thanksgiving.
    assert_eq!(due("2026-11-25T16:00:00-05:00", "2 business hours"), "2026-11-27T10:00:00-05:00");
    // The half day before Christmas, the holiday, the weekend.
    assert_eq!(due("2026-12-24T09:00:00-05:00", "4 business hours"), "2026-12-28T10:00:00-05:00");
}

#[test]
fn elapsed_units_count_around_the_clock() {
    assert_eq!(due("2026-03-07T12:00:00-05:00", "90 minutes"), "2026-03-07T13:30:00-05:00");
    // A day is 24 hours, also when the local day has 23.
    assert_eq!(due("2026-03-07T12:00:00-05:00", "1 day"), "2026-03-08T13:00:00-04:00");
    assert_eq!(due("2026-10-30T12:00:00-04:00", "72 hours"), "2026-11-02T11:00:00-05:00");
    assert_eq!(due("2026-02-26T12:00:00-05:00", "7 days"), "2026-03-05T12:00:00-05:00");
}

#[test]
fn a_leaver_given_as_a_date_has_real_hours_whatever_the_clocks_do() {
    let calendar = office();
    let day = |text: &str| calendar.zone().date_only(text.parse().unwrap());
    let clock = |target: &str| Clock {
        calendar: &calendar,
        target: target.parse().unwrap(),
        pausing: Pausing::Allowed,
    };
    let due = |text: &str| clock("24 hours").deadline(day(text), &[]).unwrap().at;
    assert_eq!(due("2026-03-07"), at("2026-03-09T04:59:59Z"));
    assert_eq!(due("2026-03-08"), at("2026-03-10T03:59:59Z"));
    assert_eq!(due("2026-11-01"), at("2026-11-03T04:59:59Z"));
    // Exactly on the deadline is in time; a microsecond later is not.
    let deadline = clock("24 hours").deadline(day("2026-03-08"), &[]).unwrap();
    assert!(deadline.is_met_by(at("2026-03-10T03:59:59Z")));
    assert!(!deadline.is_met_by(at("2026-03-10T03:59:59.000001Z")));
}

#[test]
fn business_days_end_at_a_close_and_leave_out_the_date_of_the_start() {
    assert_eq!(due("2026-03-02T08:00:00-05:00", "3 business days"), "2026-03-05T17:00:00-05:00");
    assert_eq!(due("2026-03-02T23:59:59-05:00", "3 business days"), "2026-03-05T17:00:00-05:00");
    assert_eq!(due("2026-03-05T12:00:00-05:00", "3 business days"), "2026-03-10T17:00:00-04:00");
    // From a Saturday the first open date is Monday.
    assert_eq!(due("2026-03-07T12:00:00-05:00", "1 business day"), "2026-03-09T17:00:00-04:00");
    // A half day is an open date and closes at noon; a holiday is not one.
    assert_eq!(due("2026-12-23T12:00:00-05:00", "1 business day"), "2026-12-24T12:00:00-05:00");
    assert_eq!(due("2026-12-23T12:00:00-05:00", "2 business days"), "2026-12-28T17:00:00-05:00");
    // Late on Monday in universal time is still Monday in New York.
    assert_eq!(due("2026-03-03T03:00:00Z", "1 business day"), "2026-03-03T17:00:00-05:00");
    let always = Calendar::always("1", Zone::named("Europe/Berlin").unwrap());
    let end = due_in(&always, "2026-03-27T12:00:00+01:00", "2 business days", &[]);
    assert_eq!(end, "2026-03-30T00:00:00+02:00");
}

#[test]
fn calendar_months_keep_the_day_or_take_the_last() {
    assert_eq!(due("2026-01-31T09:00:00-05:00", "1 calendar month"), "2026-02-28T09:00:00-05:00");
    assert_eq!(due("2028-01-31T09:00:00-05:00", "1 calendar month"), "2028-02-29T09:00:00-05:00");
    assert_eq!(due("2026-01-31T09:00:00-05:00", "3 calendar months"), "2026-04-30T09:00:00-04:00");
    assert_eq!(due("2024-02-29T09:00:00-05:00", "12 calendar months"), "2025-02-28T09:00:00-05:00");
    assert_eq!(due("2026-11-15T23:30:00-05:00", "3 calendar months"), "2027-02-15T23:30:00-05:00");
    // 02:30 does not exist on the day the clocks go forward; it happens twice when they go back.
    assert_eq!(due("2026-02-08T02:30:00-05:00", "1 calendar month"), "2026-03-08T03:00:00-04:00");
    assert_eq!(due("2026-10-01T01:30:00-04:00", "1 calendar month"), "2026-11-01T01:30:00-04:00");
}

#[test]
fn spans_on_the_days_the_clocks_change_last_as_long_as_really_passes() {
    let week = |zone: &str, span: &str| {
        let text = format!(
            "version = \"1\"\nzone = \"{zone}\"\n[hours]\nsat = [\"{span}\"]\nsun = [\"{span}\"]\n"
        );
        Calendar::parse(&text).unwrap()
    };
    let open_h = |calendar: &Calendar, from: &str, to: &str| {
        elapsed(calendar, at(from), at(to), &[]).unwrap().counted_us as f64 / 3.6e9
    };
    let ny = week("America/New_York", "00:00-24:00");
    assert!(
        (open_h(&ny, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00") - 23.0).abs() < 1e-9
    );
    assert!(
        (open_h(&ny, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00") - 25.0).abs() < 1e-9
    );
    let berlin = week("Europe/Berlin", "01:00-05:00");
    assert!(
        (open_h(&berlin, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00") - 3.0).abs()
            < 1e-9
    );
    assert!(
        (open_h(&berlin, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00") - 5.0).abs()
            < 1e-9
    );
    let howe = week("Australia/Lord_Howe", "01:00-05:00");
    assert!(
        (open_h(&howe, "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00") - 3.5).abs()
            < 1e-9
    );
    assert!(
        (open_h(&howe, "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30") - 4.5).abs()
            < 1e-9
    );
    // Opening inside the hour that does not exist means opening at the jump.
    let ny = week("America/New_York", "02:30-05:00");
    assert!(
        (open_h(&ny, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00") - 2.0).abs() < 1e-9
    );
    // Opening inside the hour that happens twice means opening the first time.
    let ny = week("America/New_York", "01:30-03:00");
    assert!(
        (open_h(&ny, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00") - 2.5).abs() < 1e-9
    );
    let end = due_in(&berlin, "2026-03-28T00:00:00+01:00", "6 business hours", &[]);
    assert_eq!(end, "2026-03-29T04:00:00+02:00");
}

#[test]
fn pauses_take_their_span_out() {
    let calendar = office();
    let day = |target: &str, pauses: &[Pause]| {
        due_in(&calendar, "2026-03-10T09:00:00-04:00", target, pauses)
    };
    let noon = pause("2026-03-10T12:00:00-04:00", "2026-03-10T13:00:00-04:00");
    assert_eq!(day("8 business hours", &[noon]), "2026-03-11T10:00:00-04:00");
    assert_eq!(day("8 hours", &[noon]), "2026-03-10T18:00:00-04:00");
    // Only the open part of a pause matters to business hours.
    let night = pause("2026-03-10T16:00:00-04:00", "2026-03-11T10:00:00-04:00");
    assert_eq!(day("8 business hours", &[night]), "2026-03-11T11:00:00-04:00");
    // Overlapping pauses are one; what lies before the start is nothing.
    let overlapping = [
        pause("2026-03-10T12:30:00-04:00", "2026-03-10T13:30:00-04:00"),
        pause("2026-03-09T12:00:00-04:00", "2026-03-10T09:30:00-04:00"),
        noon,
        pause("2026-03-10T12:40:00-04:00", "2026-03-10T12:40:00-04:00"),
    ];
    assert_eq!(day("6 business hours", &overlapping), "2026-03-10T17:00:00-04:00");
    assert_eq!(day("1 calendar month", &overlapping), "2026-04-10T09:00:00-04:00");
    // A pause that begins exactly at the deadline does not move it.
    let after = pause("2026-03-10T17:00:00-04:00", "2026-03-20T17:00:00-04:00");
    assert_eq!(day("8 business hours", &[after]), "2026-03-10T17:00:00-04:00");
    assert_eq!(day("8 hours", &[after]), "2026-03-10T17:00:00-04:00");
}

#[test]
fn a_business_day_counts_unless_its_close_is_paused() {
    let calendar = office();
    let due = |pauses: &[Pause]| {
        due_in(&calendar, "2026-03-02T09:00:00-05:00", "2 business days", pauses)
    };
    assert_eq!(due(&[]), "2026-03-04T17:00:00-05:00");
    // A pause over midday leaves the day as it is.
    let midday = pause("2026-03-04T11:00:00-05:00", "2026-03-04T12:00:00-05:00");
    assert_eq!(due(&[midday]), "2026-03-04T17:00:00-05:00");
    // A whole date, and exactly its hours.
    let whole = pause("2026-03-04T00:00:00-05:00", "2026-03-05T00:00:00-05:00");
    assert_eq!(due(&[whole]), "2026-03-05T17:00:00-05:00");
    let hours = pause("2026-03-04T09:00:00-05:00", "2026-03-04T17:00:00-05:00");
    assert_eq!(due(&[hours]), "2026-03-05T17:00:00-05:00");
    // From Wednesday noon to Friday noon: the five hours left on Wednesday are left on Friday.
    let span = pause("2026-03-04T12:00:00-05:00", "2026-03-06T12:00:00-05:00");
    assert_eq!(due(&[span]), "2026-03-06T17:00:00-05:00");
    // Beginning exactly at the close.
    let evening = pause("2026-03-04T17:00:00-05:00", "2026-03-06T12:00:00-05:00");
    assert_eq!(due(&[evening]), "2026-03-04T17:00:00-05:00");
}

#[test]
fn regulatory_clocks_never_pause() {
    let calendar = office();
    let clock = Clock {
        calendar: &calendar,
        target: "72 hours".parse().unwrap(),
        pausing: Pausing::Regulatory,
    };
    let start = at("2026-03-02T09:00:00-05:00");
    let paused = [pause("2026-03-03T00:00:00Z", "2026-03-09T00:00:00Z")];
    assert_eq!(clock.deadline(start, &paused), clock.deadline(start, &[]));
    assert_eq!(clock.deadline(start, &paused).unwrap().at, start.plus_seconds(72 * 3600));
}

#[test]
fn the_trace_explains_the_deadline() {
    let calendar = office();
    let clock = |target: &str| Clock {
        calendar: &calendar,
        target: target.parse().unwrap(),
        pausing: Pausing::Allowed,
    };
    let told = |deadline: Deadline| -> Vec<(String, i64, String)> {
        let zone = calendar.zone();
        let steps = deadline.trace.iter().map(|s| {
            let from = zone.local(s.from).strftime("%m-%d %H:%M").to_string();
            (from, s.counted_us / 60_000_000, s.why.to_string())
        });
        steps.collect()
    };
    let row = |from: &str, minutes, why: &str| (from.to_owned(), minutes, why.to_owned());
    let noon = [pause("2026-12-23T16:00:00-05:00", "2026-12-23T16:30:00-05:00")];
    let start = at("2026-12-23T15:30:00-05:00");
    assert_eq!(
        told(clock("5 business hours").deadline(start, &noon).unwrap()),
        [
            row("12-23 15:30", 30, "open Wednesday 2026-12-23, 09:00-17:00"),
            row("12-23 16:00", 0, "paused"),
            row("12-23 16:30", 30, "open Wednesday 2026-12-23, 09:00-17:00"),
            row("12-23 17:00", 0, "closed"),
            row("12-24 09:00", 180, "open Thursday 2026-12-24, 09:00-12:00, special hours"),
            row(
                "12-24 12:00",
                0,
                "closed: Friday 2026-12-25 is a holiday; Saturday 2026-12-26 has no hours; Sunday 2026-12-27 has no hours"
            ),
            row("12-28 09:00", 60, "open Monday 2026-12-28, 09:00-12:00"),
        ]
    );
    let paused = [pause("2026-12-24T00:00:00-05:00", "2026-12-24T13:00:00-05:00")];
    assert_eq!(
        told(clock("1 business day").deadline(start, &paused).unwrap()),
        [
            row("12-23 15:30", 0, "the date of the start, Wednesday 2026-12-23, is not counted"),
            row("12-24 00:00", 0, "not counted: the close of Thursday 2026-12-24 is paused"),
            row("12-25 00:00", 0, "not counted: Friday 2026-12-25 is a holiday"),
            row("12-26 00:00", 0, "not counted: Saturday 2026-12-26 has no hours"),
            row("12-27 00:00", 0, "not counted: Sunday 2026-12-27 has no hours"),
            row("12-28 00:00", 420, "business day 1 of 1: Monday 2026-12-28"),
        ]
    );
    let months =
        told(clock("2 calendar months").deadline(at("2026-12-31T12:00:00Z"), &[]).unwrap());
    assert_eq!(
        months[0].2,
        "2 calendar months from 2026-12-31 to 2027-02-28, the last day of that month"
    );
    let hours = told(clock("1 hour").deadline(start, &[]).unwrap());
    assert_eq!(hours, [row("12-23 15:30", 60, "time counts around the clock")]);
}

#[test]
fn elapsed_counts_open_time_between_two_instants() {
    let calendar = office();
    let span = |from: &str, to: &str, pauses: &[Pause]| {
        elapsed(&calendar, at(from), at(to), pauses).unwrap().counted_us / 1_000_000
    };
    assert_eq!(span("2026-03-06T16:30:00-05:00", "2026-03-09T09:30:00-04:00", &[]), 3600);
    assert_eq!(span("2026-03-07T00:00:00-05:00", "2026-03-08T00:00:00-05:00", &[]), 0);
    assert_eq!(span("2026-03-09T09:00:00-04:00", "2026-03-09T09:00:00-04:00", &[]), 0);
    let noon = pause("2026-03-10T12:00:00-04:00", "2026-03-10T13:00:00-04:00");
    assert_eq!(span("2026-03-10T00:00:00-04:00", "2026-03-11T00:00:00-04:00", &[noon]), 7 * 3600);
    let half = elapsed(
        &calendar,
        at("2026-03-10T10:00:00.25-04:00"),
        at("2026-03-10T10:00:01-04:00"),
        &[],
    );
    assert_eq!(half.unwrap().counted_us, 750_000);
}

#[test]
fn escalation_instants_are_shares_of_the_target() {
    let calendar = office();
    let start = at("2026-03-10T09:00:00-04:00");
    let share = |target: &str, percent: u32| {
        let clock = Clock {
            calendar: &calendar,
            target: target.parse().unwrap(),
            pausing: Pausing::Allowed,
        };
        calendar.zone().rfc3339(clock.at_percent(start, percent, &[]).unwrap())
    };
    assert_eq!(share("8 business hours", 50), "2026-03-10T13:00:00-04:00");
    assert_eq!(share("8 business hours", 150), "2026-03-11T13:00:00-04:00");
    assert_eq!(share("8 business hours", 0), "2026-03-10T09:00:00-04:00");
    assert_eq!(share("72 hours", 80), "2026-03-12T18:36:00-04:00");
    // One business day from Tuesday morning has 16 open hours in it.
    assert_eq!(share("1 business day", 50), "2026-03-10T17:00:00-04:00");
    assert_eq!(share("1 business day", 100), "2026-03-11T17:00:00-04:00");
    assert_eq!(share("1 business day", 150), "2026-03-12T17:00:00-04:00");
    assert_eq!(share("1 calendar month", 200), "2026-05-11T09:00:00-04:00");
    let clock = Clock {
        calendar: &calendar,
        target: "1200 calendar months".parse().unwrap(),
        pausing: Pausing::Allowed,
    };
    assert!(matches!(clock.at_percent(start, u32::MAX, &[]), Err(ClockError::NotReached { .. })));
}

#[test]
fn a_clock_that_never_ends_is_an_error_not_a_loop() {
    let closed = Calendar::parse("version = \"shut\"\nzone = \"UTC\"").unwrap();
    let start = at("2026-01-01T00:00:00Z");
    for target in ["1 business minute", "1 business day"] {
        let clock =
            Clock { calendar: &closed, target: target.parse().unwrap(), pausing: Pausing::Allowed };
        let error = clock.deadline(start, &[]).unwrap_err().to_string();
        assert!(error.contains("not counted within 100 years"), "{error}");
        assert!(error.contains("“shut”"), "{error}");
    }
    assert_eq!(elapsed(&closed, start, at("2100-01-01T00:00:00Z"), &[]).unwrap().counted_us, 0);
    let trace = elapsed(&closed, start, at("2026-01-20T00:00:00Z"), &[]).unwrap().trace;
    let told = trace[0].why.to_string();
    assert!(
        told.ends_with("Wednesday 2026-01-07 has no hours; and 12 more days without hours"),
        "{told}"
    );
    let forever = [pause("2026-01-01T00:00:00Z", "2999-01-01T00:00:00Z")];
    let clock =
        Clock { calendar: &closed, target: "1 hour".parse().unwrap(), pausing: Pausing::Allowed };
    assert!(matches!(clock.deadline(start, &forever), Err(ClockError::NotReached { .. })));
}

#[test]
fn hostile_input_is_refused() {
    let calendar = office();
    let start = at("2026-01-01T00:00:00Z");
    assert_eq!(
        elapsed(&calendar, start, at("2025-01-01T00:00:00Z"), &[]),
        Err(ClockError::EndBeforeStart)
    );
    assert_eq!(
        elapsed(&calendar, start, at("2127-01-01T00:00:00Z"), &[]),
        Err(ClockError::TooFarApart)
    );
    assert_eq!(
        Pause::new(start, at("2025-01-01T00:00:00Z")),
        Err(ClockError::PauseEndsBeforeStart)
    );
    let clock =
        Clock { calendar: &calendar, target: "1 hour".parse().unwrap(), pausing: Pausing::Allowed };
    for extreme in
        [Timestamp(i64::MIN), Timestamp(-1), at("3000-01-01T00:00:00Z"), Timestamp(i64::MAX)]
    {
        assert_eq!(clock.deadline(extreme, &[]), Err(ClockError::OutOfYears("start")));
        assert!(elapsed(&calendar, start, extreme, &[]).is_err());
    }
    let many = vec![Pause::new(start, start).unwrap(); PAUSES_MAX + 1];
    assert_eq!(clock.deadline(start, &many), Err(ClockError::TooManyPauses(PAUSES_MAX + 1)));
    // Pauses at the ends of time are clipped, not overflowed.
    let ends = [
        Pause::new(Timestamp(i64::MIN), start).unwrap(),
        Pause::new(at("2026-01-02T00:00:00Z"), Timestamp(i64::MAX)).unwrap(),
    ];
    assert_eq!(clock.deadline(start, &ends).unwrap().at, start.plus_seconds(3600));
}
