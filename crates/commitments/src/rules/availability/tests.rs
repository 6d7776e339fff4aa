//! Availability by hand, at the edges, and against an oracle that looks at every second.

use super::*;
use kernel::time::MICROS_PER_SECOND;
use proptest::prelude::*;

const MINUTE_US: i64 = 60 * MICROS_PER_SECOND;
const DAY_MIN: i64 = 1440;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span::new(at(from), at(to)).unwrap()
}

/// A span in hundredths of a minute after the epoch.
fn cents(from: i64, to: i64) -> Span {
    Span::new(Timestamp(from * MINUTE_US / 100), Timestamp(to * MINUTE_US / 100)).unwrap()
}

fn terms(rule: Rule, target: &str) -> Terms {
    Terms { rule, target: target.parse().unwrap(), maintenance_cap_us: None }
}

/// 30 days with so much downtime and maintenance, in hundredths of a minute and apart.
fn month(down: i64, maintenance: i64, rule: Rule) -> Availability {
    let maintenance = [cents(1_000_000, 1_000_000 + maintenance)];
    let window = cents(0, 30 * DAY_MIN * 100);
    measure(window, &[cents(100, 100 + down)], &maintenance, terms(rule, "99.9")).unwrap()
}

fn near(value: f64, expected: f64) -> bool {
    (value - expected).abs() < 5e-11
}

#[test]
fn the_three_readings_of_one_month() {
    let contract = month(4300, 12_000, Rule::Contract);
    assert!(near(contract.value(), 0.999_001_857_0), "{}", contract.value());
    assert!(contract.met());
    assert_eq!((contract.downtime_us, contract.excluded_us), (43 * MINUTE_US, 120 * MINUTE_US));
    let total = month(4300, 12_000, Rule::Total);
    assert!(near(total.value(), 0.999_004_629_6), "{}", total.value());
    assert!(total.met());
    // With nothing excluded the maintenance is downtime.
    let none = Terms { maintenance_cap_us: Some(0), ..terms(Rule::Contract, "99.9") };
    let window = cents(0, 30 * DAY_MIN * 100);
    let counted = measure(window, &[cents(100, 4400)], &[cents(10_000, 22_000)], none).unwrap();
    assert!(near(counted.value(), 0.996_226_851_9), "{}", counted.value());
    assert!(!counted.met());
    let other = month(2500, 6000, Rule::Contract);
    assert!(near(other.value(), 0.999_420_491_4), "{}", other.value());
}

#[test]
fn the_target_reached_exactly_is_met_and_a_hair_less_is_not() {
    let exact = month(4320, 0, Rule::Contract);
    assert!((exact.value() - 0.999).abs() < f64::EPSILON);
    assert!(exact.met());
    assert!(!month(4321, 0, Rule::Contract).met());
    let mut missed = exact;
    missed.downtime_us += 1;
    assert!(!missed.met());
    assert_eq!(missed.percent(4), "99.9000");
    assert_eq!(missed.percent_beside_target(), "99.899999999");
    assert_eq!(exact.percent_beside_target(), "99.900");
    assert_eq!(exact.to_string(), "99.900 % of 99.9 %: met");
}

#[test]
fn rounding_for_display_never_turns_a_miss_into_a_met() {
    let missed = Availability {
        window_us: 10_000_000,
        excluded_us: 0,
        downtime_us: 10_050,
        terms: terms(Rule::Contract, "99.9"),
    };
    assert_eq!(missed.percent(4), "99.8995");
    assert_eq!(missed.percent(2), "99.90");
    assert!(!missed.met());
    assert_eq!(missed.percent_beside_target(), "99.8995");
    // Half up, and zero decimals.
    assert_eq!(missed.percent(3), "99.900");
    assert_eq!(missed.percent(0), "100");
    let all = Availability { downtime_us: 0, ..missed };
    assert_eq!((all.percent(3), all.met()), ("100.000".to_owned(), true));
    let none = Availability { downtime_us: 10_000_000, ..missed };
    assert_eq!((none.percent(3), none.value()), ("0.000".to_owned(), 0.0));
}

#[test]
fn downtime_a_target_allows() {
    let cases = [
        ("99.9", 28, 4032),
        ("99.9", 30, 4320),
        ("99.9", 31, 4464),
        ("99.9", 365, 52_560),
        ("99.95", 30, 2160),
        ("99.99", 30, 432),
        ("99.99", 365, 5256),
        ("99.5", 30, 21_600),
        ("99", 30, 43_200),
    ];
    for (target, days, allowed_cents) in cases {
        let window = cents(0, days * DAY_MIN * 100);
        let measured = measure(window, &[], &[], terms(Rule::Contract, target)).unwrap();
        assert_eq!(measured.allowed_downtime_us(), allowed_cents * MINUTE_US / 100, "{target}");
        let at_most = cents(0, allowed_cents);
        assert!(measure(window, &[at_most], &[], terms(Rule::Total, target)).unwrap().met());
        let too_much = cents(0, allowed_cents + 1);
        assert!(!measure(window, &[too_much], &[], terms(Rule::Total, target)).unwrap().met());
    }
}

#[test]
fn overlapping_outages_and_maintenance_are_not_counted_twice() {
    let day = span("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    let outages = [
        span("2026-03-02T10:10:00Z", "2026-03-02T10:30:00Z"),
        span("2026-03-02T10:00:00Z", "2026-03-02T10:20:00Z"),
    ];
    let maintenance = [span("2026-03-02T10:25:00Z", "2026-03-02T10:40:00Z")];
    let measured = measure(day, &outages, &maintenance, terms(Rule::Contract, "99")).unwrap();
    assert_eq!(measured.downtime_us, 25 * MINUTE_US);
    assert_eq!(measured.excluded_us, 15 * MINUTE_US);
}

#[test]
fn outages_and_maintenance_are_cut_to_the_window() {
    let day = span("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    let outages = [
        span("2026-03-01T23:00:00Z", "2026-03-02T00:10:00Z"),
        span("2026-03-02T23:50:00Z", "2026-03-04T00:00:00Z"),
        span("2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z"),
    ];
    let maintenance = [span("2026-03-01T00:00:00Z", "2026-03-02T00:05:00Z")];
    let measured = measure(day, &outages, &maintenance, terms(Rule::Total, "99")).unwrap();
    assert_eq!(measured.downtime_us, 15 * MINUTE_US);
    assert_eq!(measured.excluded_us, 5 * MINUTE_US);
}

#[test]
fn maintenance_beyond_the_cap_is_downtime() {
    let day = span("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    let maintenance = [
        span("2026-03-02T10:00:00Z", "2026-03-02T13:00:00Z"),
        span("2026-03-02T02:00:00Z", "2026-03-02T04:00:00Z"),
    ];
    let capped = Terms { maintenance_cap_us: Some(240 * MINUTE_US), ..terms(Rule::Contract, "99") };
    // Two hours in the night and the first two of the day are inside the cap of four.
    let outages = [span("2026-03-02T11:30:00Z", "2026-03-02T12:30:00Z")];
    let measured = measure(day, &outages, &maintenance, capped).unwrap();
    assert_eq!(measured.excluded_us, 240 * MINUTE_US);
    assert_eq!(measured.downtime_us, 60 * MINUTE_US);
    let negative = Terms { maintenance_cap_us: Some(-1), ..capped };
    assert_eq!(measure(day, &[], &[], negative), Err(AvailabilityError::NegativeCap));
}

#[test]
fn each_month_stands_alone() {
    let period = Period::parse("2026-03-01", "2026-04-30", "America/New_York").unwrap();
    let outages = [span("2026-03-10T00:00:00-04:00", "2026-03-10T01:00:00-04:00")];
    let months = measure_months(&period, &outages, &[], terms(Rule::Contract, "99.9")).unwrap();
    let met: Vec<bool> = months.windows.iter().map(|(_, month)| month.met()).collect();
    assert_eq!(met, [false, true]);
    assert!(!months.all_met());
    // March has an hour less in New York.
    assert_eq!(months.windows[0].1.window_us, (31 * 24 - 1) * 60 * MINUTE_US);
    assert!(months.pooled() > 0.999, "averaged it would be met: {}", months.pooled());
}

#[test]
fn there_must_be_time_to_take_a_share_of() {
    let instant = span("2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z");
    let contract = terms(Rule::Contract, "99.9");
    assert_eq!(measure(instant, &[], &[], contract), Err(AvailabilityError::EmptyWindow));
    let day = span("2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");
    let error = measure(day, &[day], &[day], contract).unwrap_err().to_string();
    assert!(error.contains("nothing to measure"), "{error}");
    let total = measure(day, &[day], &[day], terms(Rule::Total, "99.9")).unwrap();
    assert!(total.met() && total.downtime_us == 0);
}

#[test]
fn targets_are_read_exactly() {
    for text in ["99.9", "99.9%", " 99.90 % ", "0.999", "9990bp", "9990 bp", "99.9000000"] {
        let target: AvailabilityTarget = text.parse().unwrap();
        assert_eq!(target.to_string(), "99.9", "{text}");
    }
    for (text, shown) in
        [("1", "100"), ("100", "100"), ("1.5", "1.5"), ("1%", "1"), ("99.9999999%", "99.9999999")]
    {
        assert_eq!(text.parse::<AvailabilityTarget>().unwrap().to_string(), shown);
    }
    for text in ["", "%", "ninety", "-1", "+99", "1e2", "99,9", ".9", "99.", "1111111111", "NaN"] {
        assert!(matches!(text.parse::<AvailabilityTarget>(), Err(TargetError::Form(_))), "{text}");
    }
    for text in ["0", "0.0", "0%", "100.1", "101%", "10001bp"] {
        let error = text.parse::<AvailabilityTarget>();
        assert!(matches!(error, Err(TargetError::OutOfRange(_))), "{text}");
    }
    let fine = "0.9999999999".parse::<AvailabilityTarget>();
    assert!(matches!(fine, Err(TargetError::TooFine(_))));
}

#[test]
fn spans_are_read_from_csv() {
    let text = "\u{feff}id, from ,to,note\r\n1,2026-03-02T10:00:00Z,2026-03-02T10:20:00Z,\"a, b\"\r\n\r\n2,2026-03-02T05:10:00-05:00,2026-03-02T10:10:00Z,\r\n";
    let spans = read_spans(text.as_bytes(), "outages").unwrap();
    assert_eq!(spans.len(), 2);
    assert_eq!(spans[0], span("2026-03-02T10:00:00Z", "2026-03-02T10:20:00Z"));
    assert_eq!(spans[1].length_us(), 0);
    assert_eq!(read_spans(b"from,to\n", "outages").unwrap(), []);
}

#[test]
fn what_is_wrong_with_a_csv_is_said_with_its_line() {
    let refusal = |bytes: &[u8]| read_spans(bytes, "outages").unwrap_err().to_string();
    let cases: [(&[u8], &str); 11] = [
        (b"", "needs one column \u{201c}from\u{201d} in its first line, and has 0"),
        (b"from,until\n", "one column \u{201c}to\u{201d}"),
        (b"from,to,to\n", "and has 2"),
        (b"From,To\n", "one column \u{201c}from\u{201d}"),
        (
            b"from,to\n2026-03-02T10:00:00Z,2026-03-02T10:20:00Z\n2026-02-30T10:00:00Z,x\n",
            "line 3 of the outages file, column \u{201c}from\u{201d}: \u{201c}2026-02-30T10:00:00Z\u{201d} is not a time",
        ),
        (
            b"from,to\n2026-03-02T10:00:00Z,\n",
            "line 2 of the outages file, column \u{201c}to\u{201d}",
        ),
        (b"from,to\n2026-03-02 10:00,2026-03-02 11:00\n", "is not a time"),
        (
            b"from,to\n2026-03-02T10:00:00Z\n",
            "line 2 of the outages file has 1 cells where the first line has 2",
        ),
        (b"from,to\n1,2,3\n", "has 3 cells"),
        (
            b"from,to\n2026-03-02T10:00:01Z,2026-03-02T10:00:00Z\n",
            "line 2 of the outages file: it ends at 2026-03-02T10:00:00Z, before it starts",
        ),
        (b"from,to\n\n\xff\xfe,x\n", "line 3 of the outages file is not UTF-8"),
    ];
    for (bytes, expected) in cases {
        let error = refusal(bytes);
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let long = format!("from,to\n{},x\n", "9".repeat(100_000));
    assert!(refusal(long.as_bytes()).len() < 400);
    let quoted = b"from,to\n\"2026-03-02T10:00:00Z,2026-03-02T10:20:00Z\n";
    assert!(refusal(quoted).contains("line 2"));
}

/// Spans in seconds after some instant, some of them empty, overlapping or outside the window.
fn any_spans() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((-50i64..450, 0i64..120), 0..8)
        .prop_map(|list| list.into_iter().map(|(from, length)| (from, from + length)).collect())
}

fn seconds(spans: &[(i64, i64)]) -> Vec<Span> {
    let instant = |s: i64| Timestamp(1_772_000_000_000_000 + s * MICROS_PER_SECOND);
    spans.iter().map(|&(from, to)| Span::new(instant(from), instant(to)).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every figure is that of an oracle that looks at every second of the window.
    #[test]
    fn every_figure_is_that_of_the_second_by_second_oracle(
        outages in any_spans(), maintenance in any_spans(), length in 1i64..400,
        cap in prop::option::of(0i64..200), total in any::<bool>(), target in 1u32..=1000,
    ) {
        let within = |list: &[(i64, i64)], s: i64| list.iter().any(|&(from, to)| from <= s && s < to);
        let (mut excluded, mut down) = (0, 0);
        for s in 0..length {
            if within(&maintenance, s) {
                if excluded < cap.unwrap_or(i64::MAX) { excluded += 1 } else { down += 1 }
            } else if within(&outages, s) {
                down += 1;
            }
        }
        let rule = if total { Rule::Total } else { Rule::Contract };
        let target_text = format!("{}.{}%", target / 10, target % 10);
        let terms = Terms {
            rule,
            target: target_text.parse().unwrap(),
            maintenance_cap_us: cap.map(|s| s * MICROS_PER_SECOND),
        };
        let window = seconds(&[(0, length)])[0];
        let found = measure(window, &seconds(&outages), &seconds(&maintenance), terms);
        let base = if total { length } else { length - excluded };
        if base == 0 {
            prop_assert!(found.is_err());
            return Ok(());
        }
        let found = found.unwrap();
        prop_assert_eq!(found.excluded_us, excluded * MICROS_PER_SECOND);
        prop_assert_eq!(found.downtime_us, down * MICROS_PER_SECOND);
        let good = base - down;
        prop_assert!((found.value() - good as f64 / base as f64).abs() < 1e-12);
        prop_assert_eq!(found.met(), good * 1000 >= base * i64::from(target));
        prop_assert!((0.0..=1.0).contains(&found.value()));
        // What is printed beside the target agrees with the verdict.
        let shown: AvailabilityTarget = match found.percent_beside_target().as_str() {
            "0.000" => return Ok(()),
            text => format!("{text}%").parse().unwrap(),
        };
        prop_assert_eq!(terms.target.is_met_by_wide(shown.part_of_whole().0, shown.part_of_whole().1), found.met());
    }

    /// The order of rows, their cuts and their doubles do not matter.
    #[test]
    fn spans_are_sets_of_instants(outages in any_spans(), maintenance in any_spans()) {
        let cut = |list: &[(i64, i64)]| -> Vec<(i64, i64)> {
            let halves = list.iter().rev().flat_map(|&(from, to)| {
                let middle = i64::midpoint(from, to);
                [(middle, to), (from, middle), (from, to)]
            });
            halves.collect()
        };
        let terms = terms(Rule::Total, "99.9");
        let window = seconds(&[(0, 400)])[0];
        let whole = measure(window, &seconds(&outages), &seconds(&maintenance), terms);
        let pieces = measure(window, &seconds(&cut(&outages)), &seconds(&cut(&maintenance)), terms);
        prop_assert_eq!(whole, pieces);
    }

    /// One more outage never helps; one more maintenance window never adds downtime.
    #[test]
    fn more_outages_never_help(outages in any_spans(), maintenance in any_spans(), more in any_spans()) {
        let terms = terms(Rule::Total, "99.9");
        let window = seconds(&[(0, 400)])[0];
        let down = |outages: &[(i64, i64)], maintenance: &[(i64, i64)]| {
            measure(window, &seconds(outages), &seconds(maintenance), terms).unwrap().downtime_us
        };
        let both: Vec<_> = outages.iter().chain(&more).copied().collect();
        prop_assert!(down(&both, &maintenance) >= down(&outages, &maintenance));
        let both: Vec<_> = maintenance.iter().chain(&more).copied().collect();
        prop_assert!(down(&outages, &both) <= down(&outages, &maintenance));
    }

    /// No bytes make the reader panic.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_spans(&bytes, "outages");
        let text = [b"from,to\n", bytes.as_slice()].concat();
        let _ = read_spans(&text, "outages");
    }
}
