//! Table G: extending a sample after deviations raises the risk.

use super::{confidence, rate};
use crate::rules::expansion::{
    ExpansionError, Progress, Stage, StageResult, StagedPlan, smallest_second_stage,
};

fn staged(stages: &[(u64, u64)]) -> StagedPlan {
    StagedPlan::new(stages.iter().map(|&(add, accept_total)| Stage { add, accept_total }).collect())
        .unwrap()
}

#[test]
fn overall_risks_of_two_stages() {
    for (n1, n2, risk) in [(25, 15, 0.1128), (25, 19, 0.0987), (25, 25, 0.0861), (22, 22, 0.1222)] {
        let found = staged(&[(n1, 0), (n2, 1)]).risk(rate("10%"), None).unwrap();
        assert!((found - risk).abs() <= 0.000_051, "{n1} + {n2}: {found}");
    }
    let holds =
        |n2| staged(&[(25, 0), (n2, 1)]).holds(confidence("90%"), rate("10%"), None).unwrap();
    assert!(!holds(18) && holds(19));
}

#[test]
fn the_four_stage_plan() {
    let plan = staged(&[(50, 0), (51, 1), (51, 2), (51, 3)]);
    let risk = plan.risk(rate("5%"), None).unwrap();
    assert!((risk - 0.0975).abs() <= 0.000_051, "{risk}");
}

#[test]
fn smallest_extensions_that_hold() {
    for (n1, level, tolerable, n2) in [
        (25, "90%", "10%", 19),
        (30, "95%", "10%", 28),
        (60, "95%", "5%", 71),
        (45, "90%", "5%", 118),
        (59, "95%", "5%", 90),
    ] {
        let found = smallest_second_stage(n1, 0, 1, confidence(level), rate(tolerable), None);
        assert_eq!(found, Ok(n2), "{n1} {level} {tolerable}");
    }
    // 20 items without a deviation already use more than the 10% that is allowed.
    let refused = smallest_second_stage(20, 0, 1, confidence("90%"), rate("10%"), None);
    assert!(matches!(refused, Err(ExpansionError::NoRoom { .. })), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("0.1216"));
}

#[test]
fn stages_drawn_from_a_known_population_agree_with_enumeration() {
    // N = 6, 2 deviating, draw 2 then 2; accept at 0, or at 1 in all after the second draw.
    let plan = staged(&[(2, 0), (2, 1)]);
    let found = plan.risk(rate("33%"), Some(6)).unwrap();
    let mut accepted = 0;
    let mut all = 0;
    for a in 0..6 {
        for b in (0..6).filter(|&b| b != a) {
            for c in (0..6).filter(|&c| c != a && c != b) {
                for d in (0..6).filter(|&d| d != a && d != b && d != c) {
                    all += 1;
                    let first = usize::from(a < 2) + usize::from(b < 2);
                    let total = first + usize::from(c < 2) + usize::from(d < 2);
                    accepted += usize::from(first == 0 || total <= 1);
                }
            }
        }
    }
    assert!((found - accepted as f64 / all as f64).abs() < 1e-12, "{found}");
}

#[test]
fn one_stage_is_the_plain_sample() {
    let found = staged(&[(59, 0)]).risk(rate("5%"), None).unwrap();
    assert!((found - 0.95_f64.powi(59)).abs() < 1e-15);
}

#[test]
fn items_are_added_only_as_planned() {
    let plan = staged(&[(25, 0), (19, 1)]);
    let result = |tested, deviations| StageResult { tested, deviations };
    assert_eq!(plan.progress(&[]), Ok(Progress::Continue { add: 25 }));
    assert_eq!(plan.progress(&[result(25, 0)]), Ok(Progress::Accept));
    assert_eq!(plan.progress(&[result(25, 1)]), Ok(Progress::Continue { add: 19 }));
    assert_eq!(plan.progress(&[result(25, 2)]), Ok(Progress::Reject));
    assert_eq!(plan.progress(&[result(25, 1), result(19, 0)]), Ok(Progress::Accept));
    assert_eq!(plan.progress(&[result(25, 1), result(19, 1)]), Ok(Progress::Reject));
    // Adding until it passes: after rejection, after acceptance, or in another number.
    for course in [
        vec![result(25, 1), result(19, 1), result(40, 0)],
        vec![result(25, 2), result(19, 0)],
        vec![result(25, 0), result(19, 0)],
        vec![result(25, 1), result(30, 0)],
    ] {
        let refused = plan.progress(&course).unwrap_err();
        assert!(refused.to_string().contains("only as planned"), "{refused}");
    }
    assert!(matches!(plan.progress(&[result(25, 26)]), Err(ExpansionError::TooManyDeviations(1))));
}

#[test]
fn plans_that_cannot_work_are_refused() {
    let new = |stages: &[(u64, u64)]| {
        StagedPlan::new(
            stages.iter().map(|&(add, accept_total)| Stage { add, accept_total }).collect(),
        )
    };
    assert!(matches!(new(&[]), Err(ExpansionError::StageCount(0))));
    assert!(matches!(new(&[(1, 0); 9]), Err(ExpansionError::StageCount(9))));
    assert!(matches!(new(&[(25, 0), (0, 1)]), Err(ExpansionError::EmptyStage(2))));
    assert!(matches!(new(&[(25, 2), (10, 1)]), Err(ExpansionError::AcceptTotal(2))));
    assert!(matches!(new(&[(3, 3)]), Err(ExpansionError::AcceptTotal(1))));
    assert!(matches!(new(&[(u64::MAX, 0), (u64::MAX, 1)]), Err(ExpansionError::Sampling(_))));
    let plan = staged(&[(25, 0), (19, 1)]);
    assert!(plan.risk(rate("10%"), Some(40)).is_err());
}
