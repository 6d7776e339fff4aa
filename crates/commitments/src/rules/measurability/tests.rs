//! Commitments good and bad, and what each word earns or costs.

use super::*;
use kernel::period::parse_date;
use proptest::prelude::*;

fn read(statement: &str) -> Measurability {
    measurability(&Draft { statement, ..Draft::default() })
}

fn missing(statement: &str) -> Vec<Point> {
    let findings = read(statement).findings;
    findings.iter().filter(|f| !f.earned).map(|f| f.point).collect()
}

#[test]
fn a_full_statement_earns_every_point() {
    let statement = "Monthly availability of the production API is at least 99.9 %, excluding announced maintenance up to 4 h per month, measured by external probes";
    let read = read(statement);
    assert_eq!(read.score, POINTS_MAX, "{:?}", read.findings);
    assert!(read.is_measurable());
    let words = |point| {
        let finding = read.findings.iter().find(|f| f.point == point).unwrap();
        finding.words.join(" / ")
    };
    assert_eq!(words(Point::Metric), "availability");
    assert_eq!(words(Point::Target), "at least 99.9");
    assert_eq!(words(Point::Unit), "99.9 %");
    assert_eq!(words(Point::Window), "monthly");
    assert_eq!(words(Point::Scope), "of the production api");
    assert_eq!(words(Point::Source), "measured by external");
}

#[test]
fn an_empty_promise_earns_next_to_nothing() {
    let promise = read("We keep data secure");
    assert!(promise.score <= 2, "{:?}", promise.findings);
    assert!(!promise.is_measurable());
    assert_eq!(read("  \n").score, 0);
    assert_eq!(read("").score, 0);
    assert_eq!(read("—, ; .").score, 0);
}

#[test]
fn commitments_of_each_kind_are_read() {
    use Point::{Metric, Scope, Source, Window};
    let cases: [(&str, &[Point]); 9] = [
        ("We notify customers of confirmed breaches within 72 hours of confirmation", &[Source]),
        (
            "Customer data is erased within thirty days after contract end, as recorded in the exit register",
            &[],
        ),
        (
            "Payroll files are processed by 18:00 on the day received, with reconciled totals",
            &[Source],
        ),
        ("Access requests are answered in 30 days", &[Metric, Point::Target, Window, Source]),
        ("We back up all databases every 24 hours, logged in the backup console", &[]),
        ("We restore the service within an hour of failure", &[Source]),
        ("Response time of the API is ≤300ms in any calendar month, measured by probes", &[]),
        ("Downtime does not exceed 43 minutes per month", &[Scope, Source]),
        ("Uptime ≥ 99.95%", &[Window, Scope, Source]),
    ];
    for (statement, expected) in cases {
        assert_eq!(missing(statement), expected, "{statement}: {:?}", read(statement).findings);
    }
}

#[test]
fn an_exclusion_is_neither_target_nor_window() {
    let statement = "The service is available, excluding maintenance of at most 4 hours per month";
    let lacking = missing(statement);
    for point in [Point::Target, Point::Unit, Point::Window] {
        assert!(lacking.contains(&point), "{point:?}");
    }
}

#[test]
fn vague_words_cost_a_point_unless_defined() {
    for statement in [
        "We use reasonable care",
        "We answer in a timely manner",
        "We use state-of-the-art encryption",
        "We protect data to Industry  Standard",
        "We make best efforts",
        "We scale as needed",
        "Robust backups are kept",
        "A highly available service",
        "Our product is secure by design",
    ] {
        assert!(missing(statement).contains(&Point::Precise), "{statement}");
    }
    let draft = Draft {
        statement: "We answer in a timely manner",
        defined_terms: &["Timely"],
        ..Draft::default()
    };
    let precise = &measurability(&draft).findings[6];
    assert!(precise.earned && precise.words.is_empty());
    // A word that only contains a vague one is not vague.
    assert!(!missing("Untimely reports are reviewed").contains(&Point::Precise));
}

#[test]
fn absolute_words_cost_a_point_unless_meant() {
    for statement in [
        "We never lose data",
        "100% uptime",
        "100 % uptime",
        "We guarantee the deadline",
        "Guaranteed delivery",
    ] {
        assert!(missing(statement).contains(&Point::Attainable), "{statement}");
        let meant =
            measurability(&Draft { statement, absolute_intended: true, ..Draft::default() });
        assert!(meant.findings[7].earned);
        let warned = meant.advice.iter().any(|a| matches!(a, Advice::AbsoluteIntended(_)));
        assert!(warned, "{statement}");
    }
    assert!(!missing("1100 % growth").contains(&Point::Attainable));
}

#[test]
fn recorded_measures_count_beside_the_words() {
    let measure = MeasureDraft {
        metric: Some("availability"),
        target: Some("99.9"),
        unit: Some("%"),
        window: Some("month"),
        scope: Some("API"),
        data_source: Some("probes"),
    };
    let statement = "Die Schnittstelle ist verfügbar.";
    let full = measurability(&Draft { statement, measure, ..Draft::default() });
    assert_eq!(full.score, 8);
    let blank = MeasureDraft { scope: Some("  "), ..measure };
    assert_eq!(measurability(&Draft { statement, measure: blank, ..Draft::default() }).score, 7);
    assert_eq!(measurability(&Draft { measure, ..Draft::default() }).score, 0);
}

#[test]
fn advice_earns_no_points() {
    let told = |draft: &Draft<'_>| -> Vec<String> {
        measurability(draft).advice.iter().map(ToString::to_string).collect()
    };
    let effective_from = Some(parse_date("2026-01-01").unwrap());
    let good = Draft {
        statement: "The Ledgerline Payroll Ltd notifies customers within 72 hours of confirmation",
        organisation: &["Ledgerline Payroll"],
        effective_from,
        ..Draft::default()
    };
    assert_eq!(told(&good), [] as [&str; 0]);
    let poor = Draft {
        statement: "Customers will be told, as the team strives to be open",
        ..Draft::default()
    };
    assert_eq!(
        told(&poor),
        [
            "Begin with who promises: the service organisation.",
            "Write in the present tense; “will” speaks of another time.",
            "State an obligation; “strives” states an aim.",
            "Record the date from which it holds.",
        ]
    );
    assert!(read(poor.statement).findings.iter().all(|f| !f.point.missing().is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The score is the number of points earned, whatever is written, and a longer list of defined
    /// terms never lowers it.
    #[test]
    fn the_score_is_the_count(statement in "\\PC{0,200}", term in "[a-z]{1,12}") {
        let plain = read(&statement);
        prop_assert_eq!(usize::from(plain.score), plain.findings.iter().filter(|f| f.earned).count());
        prop_assert_eq!(plain.findings.len(), usize::from(POINTS_MAX));
        let defined = Draft { statement: &statement, defined_terms: &[&term], ..Draft::default() };
        prop_assert!(measurability(&defined).score >= plain.score);
    }

    /// Spaces, case and hyphens do not matter.
    #[test]
    fn spelling_does_not_matter(words in prop::collection::vec(prop::sample::select(vec![
        "We", "answer", "within", "72", "hours", "of", "the", "request", "availability", "99.9%",
        "at", "least", "timely", "state-of-the-art", "monthly", "measured", "by", "probes",
    ]), 1..20)) {
        let one = words.join(" ");
        let other = words.join("  \t").to_uppercase().replace('-', " ");
        prop_assert_eq!(read(&one).findings, read(&other).findings);
    }
}
