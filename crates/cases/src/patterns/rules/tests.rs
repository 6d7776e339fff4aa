//! The methods against plain counting, known values and each other.

mod properties;

use super::chance::*;
use super::facts::DAY;
use super::gaps::{heaping, lag, late_escalation, silence};
use super::outages::{Outage, outages};
use super::proposals::{Method, proposals};
use super::recurrence::recurrence;
use super::weaknesses::weaknesses;
use super::*;
use kernel::time::Timestamp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn day(n: i64) -> Timestamp {
    Timestamp(at("2026-01-01T12:00:00Z").0 + n * DAY)
}

fn case(n: i64, reported: Timestamp, text: &str) -> PatternCase {
    PatternCase {
        id: format!("cas_{n}"),
        number: format!("N{n:04}"),
        channel: "portal".into(),
        incident: true,
        reported_at: reported,
        text: text.into(),
        ..PatternCase::default()
    }
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

#[test]
fn chances_have_their_known_values() {
    // R: ppois(4, 2.5, lower = FALSE); pbinom(7, 20, 0.2, lower = FALSE); pnorm(1.645, lower = FALSE)
    near(poisson_at_least(5, 2.5), 0.108_821_981_4);
    near(binomial_at_least(8, 20, 0.2), 0.032_142_664_2);
    near(normal_at_least(1.645), 0.049_984_905_5);
    near(normal_at_least(-1.645), 1.0 - 0.049_984_905_5);
    // R: poisson.test(10)$conf.int, poisson.test(0)$conf.int
    let [low, high] = poisson_interval(10, 0.95);
    near(low, 4.795_388_6);
    near(high, 18.390_356_0);
    near(poisson_interval(0, 0.95)[1], 3.688_879_5);
    // Ranks 1 to 8 against 9 to 16: U is the largest there is.
    let (early, late): (Vec<i64>, Vec<i64>) = ((0..8).collect(), (8..16).collect());
    let (u, z, chance) = mann_whitney(&early, &late).unwrap();
    near(u, 64.0);
    assert!(z > 3.2 && chance < 0.001, "{z} {chance}");
    assert!(mann_whitney(&early, &late[..7]).is_none(), "too few");
    assert!(mann_whitney(&[1; 9], &[1; 9]).is_none(), "all equal");
    let (estimate, [low, high]) = chapman(40, 30, 20, 0.95).unwrap();
    near(estimate, 41.0 * 31.0 / 21.0 - 1.0);
    assert!(low >= 50.0 && low < estimate && estimate < high);
    assert!(chapman(40, 30, 6, 0.95).is_none() && chapman(4, 30, 8, 0.95).is_none());
}

#[test]
fn a_channel_that_fell_silent_is_told_and_one_that_was_always_rare_is_not() {
    let mut cases: Vec<_> = (0..20).map(|n| case(n, day(n * 2), "x")).collect();
    for n in 0..2 {
        cases.push(PatternCase { channel: "letter".into(), ..case(50 + n, day(n), "x") });
    }
    let open = [("portal".to_owned(), Some(day(0))), ("hotline".to_owned(), Some(day(8)))];
    let signals = silence(&cases, &open, day(58));
    let of = |subject: &str| signals.iter().find(|s| s.subject == subject).unwrap();
    let portal = of("portal");
    // 19 reports after the first in 38 days, then 20 days of silence.
    near(portal.chance.unwrap(), (-0.5_f64 * 20.0).exp());
    let [low, high] = portal.interval.unwrap();
    assert!(portal.flagged && low < portal.chance.unwrap() && portal.chance.unwrap() < high);
    let letter = of("letter");
    assert!(letter.chance.is_none() && !letter.flagged, "two reports say nothing of chance");
    let hotline = of("hotline");
    assert_eq!((hotline.kind, hotline.flagged, hotline.chance), ("never_used", true, None));
    assert_eq!(hotline.figure("days_open"), Some(50.0));
    assert!(!silence(&cases, &[], day(39))[1].flagged, "a day of silence is nothing");
}

#[test]
fn lags_that_grow_and_reports_that_heap_up_are_told() {
    let lagged = |n: i64, hours: i64| PatternCase {
        occurred_at: Some(Timestamp(day(n).0 - hours * 3_600_000_000)),
        ..case(n, day(n), "x")
    };
    let growing: Vec<_> = (0..40).map(|n| lagged(n, 2 + n * n % 7 + n)).collect();
    let signal = lag(&growing).unwrap();
    assert!(signal.flagged && signal.chance.unwrap() < 0.001, "{signal:?}");
    assert!(signal.figure("median_hours_later") > signal.figure("median_hours_earlier"));
    let level: Vec<_> = (0..40).map(|n| lagged(n, 5 + n * 13 % 11)).collect();
    assert!(!lag(&level).unwrap().flagged);
    let few: Vec<_> = (0..6).map(|n| lagged(n, n * 100)).collect();
    assert!(lag(&few).unwrap().chance.is_none());
    assert!(lag(&[case(1, day(0), "x")]).is_none(), "nobody said when it happened");

    let even: Vec<_> = (0..180).map(|n| case(n, day(n), "x")).collect();
    let signal = heaping(&even).unwrap();
    // Days 0 to 179 of 2026 are 1 January to 29 June: the last week of March, and 24 to 29 June.
    assert_eq!(signal.figure("at_quarter_end"), Some(13.0));
    near(signal.figure("share_of_days").unwrap(), 13.0 / 180.0);
    assert!(!signal.flagged && signal.chance.unwrap() > 0.4);
    let heaped: Vec<_> =
        even.iter().cloned().chain((0..12).map(|n| case(900 + n, day(88), "x"))).collect();
    assert!(heaping(&heaped).unwrap().flagged);
    assert!(heaping(&even[..60]).unwrap().chance.is_none(), "no whole quarter in sight");
    assert!(heaping(&[]).is_none());
}

#[test]
fn outages_are_matched_by_link_or_by_time_and_component() {
    let outage = |name: &str, begun: i64, part: &str| Outage {
        reference: name.into(),
        begun_at: day(begun),
        ended_at: Some(day(begun)),
        components: vec![part.into()],
        linked: None,
    };
    let touched =
        |n, d, part: &str| PatternCase { components: vec![part.into()], ..case(n, day(d), "x") };
    let cases =
        [touched(1, 11, "Portal"), touched(2, 31, "Payroll"), case(3, day(60), "no component")];
    let mut published = vec![
        outage("a", 10, "Portal"),
        outage("b", 30, "Portal"),
        outage("c", 59, "Portal"),
        outage("d", 80, "Portal"),
        Outage { linked: Some("cas_2".into()), ..outage("e", 90, "Portal") },
    ];
    let signals = outages(&cases, &published, day(100));
    let missing: Vec<_> = signals[1..].iter().map(|s| s.subject.as_str()).collect();
    assert_eq!(missing, ["b", "d"]);
    assert_eq!(signals[0].figure("matched"), Some(3.0));
    assert!(signals[0].interval.is_none(), "too few for an estimate");
    // One that ends before it begins is looked for around its beginning.
    published[3].ended_at = Some(day(12));
    assert_eq!(outages(&cases, &published, day(100)).len(), 3);
    assert!(outages(&cases, &[], day(1)).is_empty());
}

#[test]
fn grave_cases_are_late_after_a_day() {
    let grave = |n, hours: Option<i64>| PatternCase {
        grave: true,
        grave_at: hours.map(|h| Timestamp(day(0).0 + h * 3_600_000_000)),
        ..case(n, day(0), "x")
    };
    let cases = [grave(1, Some(23)), grave(2, Some(25)), grave(3, None), case(4, day(0), "x")];
    let signal = late_escalation(&cases);
    assert_eq!(signal.cases, ["cas_2"]);
    assert_eq!((signal.figure("grave"), signal.figure("with_times")), (Some(3.0), Some(2.0)));
}

#[test]
fn what_comes_up_too_often_is_told_with_its_chance() {
    let mut cases: Vec<_> = (0..10)
        .map(|n| PatternCase {
            components: vec![format!("Part {n}"), format!("Part {n}")],
            ..case(n, day(n), "x")
        })
        .collect();
    for n in 0..9 {
        cases.push(PatternCase { components: vec!["Part 3".into()], ..case(20 + n, day(n), "x") });
    }
    let signals = weaknesses(&cases);
    let [part] = signals.as_slice() else { panic!("{signals:?}") };
    assert_eq!((part.kind, &*part.subject, part.cases.len()), ("component_recurs", "Part 3", 10));
    near(part.chance.unwrap(), (poisson_at_least(10, 1.9) * 10.0).min(1.0));
    assert!(part.flagged);
    let two = PatternCase { controls: vec!["CC-1".into()], ..case(50, day(1), "x") };
    let signals = weaknesses(&[two.clone(), two]);
    assert!(signals[0].chance.is_none() && !signals[0].flagged, "one value has no spread");
}

#[test]
fn a_recurrence_is_counted_from_the_day_it_was_mended_and_only_where_people_agreed() {
    let mended = |n, reported, at: i64, basis| PatternCase {
        mended: Some((day(at), basis)),
        ..case(n, day(reported), "x")
    };
    let cases = [
        mended(0, 0, 10, Basis::CorrectiveAction),
        case(1, day(5), "reported before it was mended"),
        mended(2, 30, 32, Basis::Resolution),
        mended(3, 150, 151, Basis::Resolution),
        case(4, day(160), "never confirmed as the same"),
    ];
    let confirmed = [(0, 1), (1, 2), (2, 3)];
    let found = recurrence(&cases, &confirmed, day(200), 0.95);
    assert_eq!((found.groups, found.grouped, found.mended), (1, 4, 3));
    assert_eq!(found.from_corrective_action, 1);
    // Mended on day 10, again on 30; mended on 32, again on 150; mended on 151, watched for 49 days.
    let counts: Vec<_> = found.within.iter().map(|w| (w.days, w.watched, w.came_again)).collect();
    assert_eq!(counts, [(30, 3, 1), (90, 2, 1), (180, 1, 1)]);
    assert_eq!(found.again, [(2, 0), (3, 2)]);
    assert_eq!((found.time_to_recurrence.ended, found.time_to_recurrence.censored), (2, 1));
    let none = recurrence(&cases, &[], day(200), 0.95);
    assert_eq!((none.groups, none.again.len()), (0, 0));
}

#[test]
fn pairs_are_proposed_by_fingerprint_text_and_structure() {
    let print = |n, d, text: &str, parts: [&str; 3]| PatternCase {
        fingerprint: Some(parts.map(str::to_owned).to_vec()),
        ..case(n, day(d), text)
    };
    let parts = |n, d, text: &str, component: &str| PatternCase {
        components: vec![component.to_owned()],
        ..case(n, day(d), text)
    };
    let mut cases = vec![
        print(0, 0, "one", ["a", "b", "c"]),
        print(1, 1, "one", ["a", "b", "d"]),
        print(2, 2, "two", ["a", "b", "c"]),
        print(3, 3, "three", ["a", "b", "c"]),
        case(
            4,
            day(4),
            "Payslips of the north branch are missing since Monday, nobody can open them",
        ),
        case(
            5,
            day(9),
            "Payslips of the south branch are missing since Friday, nobody can open them",
        ),
        case(6, day(5), "The coffee machine on the third floor leaks"),
        parts(7, 20, "Portal slow when many sign in", "Portal"),
        parts(8, 21, "Sign in slow again", "Portal"),
        parts(9, 22, "Unreadable letters", "Printer"),
    ];
    let found = proposals(&cases);
    let pairs: Vec<_> = found.iter().map(|p| (p.earlier, p.later, p.method)).collect();
    assert_eq!(
        pairs,
        [
            (0, 2, Method::Fingerprint),
            (2, 3, Method::Fingerprint),
            (4, 5, Method::Lexical),
            (7, 8, Method::Structural),
        ]
    );
    assert_eq!(found[0].shared, ["a", "b", "c"]);
    assert_eq!(found[3].shared, ["component: Portal"]);
    assert!(found[2].likeness > 0.6 && found[2].days == 5.0);
    // In whatever order the cases come, the same pairs are proposed.
    cases.reverse();
    let ids: Vec<_> = proposals(&cases)
        .iter()
        .map(|p| (cases[p.earlier].id.clone(), cases[p.later].id.clone()))
        .collect();
    assert_eq!(ids[2], ("cas_4".to_owned(), "cas_5".to_owned()));
    assert_eq!(ids.len(), 4);
}
