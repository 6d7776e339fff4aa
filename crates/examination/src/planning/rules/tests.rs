//! The rules of planning, on worked examples and on random ones.

use super::*;
use crate::planning::model::Area;
use crate::rules::frequency::{GENERAL_PRACTICE, SamplingPolicy};
use controls::model::ControlText;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use proptest::prelude::*;
use scope::catalogue::{ControlType, Frequency as Register};

fn date(text: &str) -> Date {
    text.parse().unwrap()
}
fn year() -> Period {
    Period::parse("2025-01-01", "2025-12-31", "Europe/London").unwrap()
}
fn policies() -> InForce {
    InForce {
        sampling: SamplingPolicy::from_toml(GENERAL_PRACTICE).unwrap(),
        sampling_approved: false,
        expansion: Some((Stage { add: 10, accept_total: 1 }, "2025-1".into())),
        pervasiveness: None,
        materiality: None,
        rubric: None,
    }
}
fn control(frequency: Register, nature: Nature) -> Control {
    Control {
        id: controls::model::ControlId::new(Timestamp(0), 1),
        organisation: PartyId::new(Timestamp(0), 2),
        text: ControlText {
            code: "IAM-05".into(),
            statement: "Access of leavers ends within one day.".into(),
            frequency,
            owner_role: "Head of IT".into(),
            owner: None,
            control_type: ControlType::Preventive,
            nature,
            criteria: vec!["CC6.2".parse().unwrap()],
            requirements: Vec::new(),
        },
        active: true,
        version: 1,
    }
}
fn proposed(frequency: Register, nature: Nature, frozen: Option<u64>, risk: Risk) -> Proposal {
    let (control, period, policies) = (control(frequency, nature), year(), policies());
    propose(Matrix {
        control: &control,
        criteria: &control.text.criteria,
        type_two: true,
        period: &period,
        risk: (risk, &[]),
        frozen,
        existing: 0,
        policies: &policies,
    })
}

#[test]
fn the_register_is_expected_to_operate_as_often_as_it_says() {
    let n = |f| expected_population(f, &year());
    assert_eq!(n(Frequency::Annual), Some(1));
    assert_eq!(n(Frequency::Semiannual), Some(2));
    assert_eq!(n(Frequency::Quarterly), Some(4));
    assert_eq!(n(Frequency::Monthly), Some(12));
    assert_eq!(n(Frequency::Weekly), Some(53));
    assert_eq!(n(Frequency::Daily), Some(261));
    assert_eq!(n(Frequency::PerEvent), None);
}

#[test]
fn a_quarterly_control_takes_two_of_four_and_an_automated_one_a_single_instance() {
    let p = proposed(Register::Quarterly, Nature::Manual, None, Risk::Normal);
    assert_eq!((p.size.items, p.size.population, p.size.expected), (2, 4, true));
    assert_eq!(p.basis, TestBasis::Judgemental);
    assert_eq!(p.attributes[0].text, "access of leavers ends within one day");
    assert_eq!(p.code, "T-IAM-05-1");
    // The population has no room for ten more.
    assert!(p.size.extension.is_none() && p.levels.is_none());
    let p = proposed(Register::Quarterly, Nature::Manual, None, Risk::High);
    assert_eq!(p.size.items, 4);
    let p = proposed(Register::Continuous, Nature::Automated, None, Risk::High);
    assert_eq!((p.basis, p.size.items), (TestBasis::Automated, 1));
    let p = proposed(Register::Daily, Nature::Manual, None, Risk::Normal);
    assert_eq!((p.basis, p.size.items), (TestBasis::Statistical, 25));
    assert!(p.levels.is_some());
    let p = proposed(Register::PerEvent, Nature::Manual, Some(0), Risk::Normal);
    assert_eq!(p.size.items, 0);
    // Per event with a frozen population of 20: the row of 13 to 52.
    let few = proposed(Register::PerEvent, Nature::Manual, Some(20), Risk::Normal);
    assert!(!few.size.expected && few.size.items <= 20 && few.size.row > 0);
}

fn plain(items: u64, reason: &str) -> PlannedSize {
    PlannedSize {
        items,
        by_policy: 25,
        population: 250,
        expected: false,
        risk: Risk::Normal,
        policy: "p".into(),
        row: 1,
        extension: None,
        reason: reason.into(),
    }
}

#[test]
fn inquiry_alone_is_never_accepted_for_operation() {
    let size = plain(25, "");
    let accept = |t2, p, dates, stronger| may_accept(t2, p, dates, stronger, &size).is_ok();
    assert!(!accept(true, Procedure::Inquiry, None, false));
    assert!(accept(true, Procedure::Inquiry, None, true));
    assert!(accept(false, Procedure::Inquiry, None, false));
    assert!(accept(true, Procedure::Inspection, None, false));
    assert!(!accept(true, Procedure::Observation, Some(1), false));
    assert!(accept(true, Procedure::Observation, Some(2), false));
    for (items, reason, good) in
        [(0, "x", false), (251, "x", false), (24, "", false), (24, "Few occurred.", true)]
    {
        let found = may_accept(true, Procedure::Inspection, None, false, &plain(items, reason));
        assert_eq!(found.is_ok(), good, "{items} {reason}");
    }
}

fn due(milestone: Milestone, on: &str) -> Due {
    Due { milestone, due: date(on), done: None }
}

#[test]
fn a_timeline_keeps_the_order_of_the_work() {
    let (end, today) = (date("2026-06-30"), date("2026-07-20"));
    let good = [
        due(Milestone::FieldworkBegins, "2026-05-04"),
        due(Milestone::PopulationsFrozen, "2026-07-03"),
        due(Milestone::FieldworkEnds, "2026-08-07"),
        due(Milestone::ReportDated, "2026-08-28"),
        due(Milestone::FileLocked, "2026-10-27"),
    ];
    check_timeline(&good, end, today).unwrap();
    let wrong = [
        (1, "2026-06-30"),
        (2, "2026-07-02"),
        (3, "2026-08-06"),
        (4, "2026-10-28"),
        (4, "2026-08-27"),
    ];
    for (n, on) in wrong {
        let mut all = good;
        all[n].due = date(on);
        assert!(check_timeline(&all, end, today).is_err(), "{n} {on}");
    }
    let mut all = good;
    all[0].done = Some(date("2026-07-21"));
    assert!(check_timeline(&all, end, today).is_err());
    assert!(check_timeline(&[good[0], good[0]], end, today).is_err());
    assert!(overdue(&good[1], today) && !overdue(&good[2], today));
}

#[test]
fn time_fits_a_day_that_has_come() {
    let time = |minutes| TimeText {
        on: date("2026-07-01"),
        area: Area::parse("CC6").unwrap(),
        minutes,
        note: "n".into(),
    };
    assert!(check_time(&time(480), 0, date("2026-07-01")).is_ok());
    assert!(check_time(&time(480), 0, date("2026-06-30")).is_err());
    assert!(check_time(&time(480), 961, date("2026-07-01")).is_err());
    assert!(check_time(&time(0), 0, date("2026-07-01")).is_err());
    assert!(Area::parse("CC10").is_none() && Area::parse("planning").is_some());
}

fn risk() -> impl Strategy<Value = Risk> {
    prop::sample::select(Risk::ALL)
}

proptest! {
    /// A higher inherent or control risk never lowers the class, and prior deviations never do.
    #[test]
    fn classes_are_monotone(a in risk(), b in risk(), c in risk(), prior in 0_u64..3) {
        let higher = if rank(b) > rank(a) { b } else { a };
        prop_assert!(rank(class(higher, c)) >= rank(class(a, c)));
        prop_assert!(rank(class(c, higher)) >= rank(class(c, a)));
        let criterion: CriterionId = "CC6.2".parse().unwrap();
        let about = RiskAbout { prong: Prong::Operation, criterion: Some(criterion) };
        let text = RiskText { inherent: a, control: b, basis: String::new() };
        let assessed: Assessed = [(about, text)].into();
        let (without, _) = control_class(Prong::Operation, &[criterion], &assessed, 0);
        let (with, _) = control_class(Prong::Operation, &[criterion], &assessed, prior);
        prop_assert_eq!(without, class(a, b));
        prop_assert!(rank(with) >= rank(without));
        prop_assert!(prior == 0 || with == without.raised());
    }

    /// Whatever is proposed can be tested: never more items than there are, never a confidence level on a
    /// judgemental size, an extension only where the population has room for it; and a higher class never
    /// asks for fewer items.
    #[test]
    fn proposals_hold_together(
        frequency in prop::sample::select(Register::ALL),
        nature in prop::sample::select(Nature::ALL),
        frozen in prop::option::of(0_u64..2_000),
        low in risk(), high in risk(),
    ) {
        let p = proposed(frequency, nature, frozen, low);
        prop_assert!(p.size.items <= p.size.population);
        prop_assert_eq!(p.levels.is_some(), p.basis == TestBasis::Statistical);
        prop_assert!(!p.attributes.is_empty() && p.procedure != Procedure::Inquiry);
        if let Some((stage, _)) = &p.size.extension {
            prop_assert!(stage.add <= p.size.population - p.size.items);
        }
        if rank(low) <= rank(high) {
            let q = proposed(frequency, nature, frozen, high);
            prop_assert!(p.size.items <= q.size.items);
        }
    }
}
