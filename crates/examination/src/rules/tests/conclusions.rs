//! Items, tests, controls and what people conclude.

use serde_json::{Value, json};

use crate::rules::conclusion::{Conclusion, ConclusionError, Relation};
use crate::rules::control::{
    ControlConclusion, ControlFacts, DesignState, Frame, OperationState, conclude_control,
};
use crate::rules::criteria::{Category, Criterion};
use crate::rules::deviation::{TestFacts, TestOutcome, TestState, decide_test};
use crate::rules::facts::{Opinion, Status};
use crate::rules::item::{ItemFacts, ItemOutcome, Tally, item_outcome, tally};

fn item(facts: Value) -> Result<ItemOutcome, String> {
    let facts: ItemFacts = serde_json::from_value(facts).unwrap();
    item_outcome(&facts).map_err(|fault| fault.to_string())
}

fn test(facts: Value) -> TestOutcome {
    let facts: TestFacts = serde_json::from_value(facts).unwrap();
    decide_test(&facts).unwrap()
}

fn test_refused(facts: Value) -> String {
    let facts: TestFacts = serde_json::from_value(facts).unwrap();
    decide_test(&facts).unwrap_err().to_string()
}

fn control(facts: Value) -> ControlConclusion {
    let facts: ControlFacts = serde_json::from_value(facts).unwrap();
    let frame = Frame {
        type_two: true,
        period: Some(
            serde_json::from_value(json!({"from": "2026-01-01", "to": "2026-12-31"})).unwrap(),
        ),
        as_of: None,
    };
    conclude_control(&facts, frame).unwrap()
}

#[test]
fn missing_evidence_is_a_deviation_unless_other_evidence_is_recorded() {
    let with = |result: &str, alternative: Value| {
        item(json!({"id": "CHG-1", "attributes": [
            {"attribute": "A", "result": "pass"},
            {"attribute": "B", "result": result, "accepted_alternative": alternative}
        ]}))
        .unwrap()
    };
    let deviation = ItemOutcome::Deviation { attributes: vec!["B".to_owned()] };
    assert_eq!(with("pass", Value::Null), ItemOutcome::Pass);
    assert_eq!(with("not_applicable", Value::Null), ItemOutcome::Pass);
    assert_eq!(with("deviation", Value::Null), deviation);
    assert_eq!(with("missing evidence", Value::Null), deviation);
    assert_eq!(with("missing", json!(" ")), deviation);
    assert_eq!(with("missing", json!("EV-77, the mail to the owner")), ItemOutcome::Pass);
    // Other evidence does not turn a deviation that was seen into a pass.
    assert_eq!(with("deviation", json!("EV-77")), deviation);
    assert!(matches!(
        item(json!({"id": "X", "state": "unavailable"})),
        Ok(ItemOutcome::Deviation { .. })
    ));
}

#[test]
fn items_are_replaced_only_if_they_never_belonged_to_the_population() {
    assert_eq!(
        item(json!({"id": "X", "state": "replaced", "replacement": {"reason": "void", "by": "Y"}})),
        Ok(ItemOutcome::Replaced)
    );
    for bad in [json!(null), json!({"reason": "void", "by": ""})] {
        let said = item(json!({"id": "X", "state": "replaced", "replacement": bad})).unwrap_err();
        assert!(said.contains("count it as unavailable"), "{said}");
    }
    let inconvenient = json!({"id": "X", "state": "replaced", "replacement": {"reason": "inconvenient", "by": "Y"}});
    assert!(serde_json::from_value::<ItemFacts>(inconvenient).is_err());
    assert!(item(json!({"id": "X"})).unwrap_err().contains("no attribute applies"));
}

#[test]
fn items_are_counted_once_and_nothing_is_netted_off() {
    let items: Vec<ItemFacts> = serde_json::from_value(json!([
        {"id": "1", "attributes": [{"attribute": "A", "result": "fail"}, {"attribute": "B", "result": "fail"}]},
        {"id": "2", "attributes": [{"attribute": "A", "result": "pass"}]},
        {"id": "3", "state": "unavailable"},
        {"id": "4", "state": "replaced", "replacement": {"reason": "duplicate", "by": "5"}},
        {"id": "5", "state": "received"}
    ]))
    .unwrap();
    let counts = Tally { tested: 3, deviations: 2, replaced: 1, open: 1 };
    assert_eq!(tally(&items), Ok(counts));
    let twice = [items[1].clone(), items[1].clone()];
    assert!(tally(&twice).unwrap_err().to_string().contains("listed twice"));
    let said = test_refused(json!({"items": items}));
    assert!(said.contains("1 selected items are not tested yet"), "{said}");
    let outcome = test(json!({"items": items[..3]}));
    assert_eq!((outcome.sample, outcome.deviations, outcome.state), (3, 2, TestState::DevExceeds));
    assert!(test_refused(json!({"items": items[..3], "deviations": 1})).contains("differ"));
    let said = test_refused(json!({"sample": 25, "deviations": 1, "deviation_records": [{}, {}]}));
    assert!(said.contains("none is netted off"), "{said}");
}

#[test]
fn statistical_tests_turn_on_the_upper_limit() {
    let state = |n, k, tolerable: &str| {
        test(json!({"sample": n, "deviations": k, "confidence": "90%", "tolerable": tolerable}))
            .state
    };
    assert_eq!(state(25, 0, "10%"), TestState::NoDev);
    assert_eq!(state(25, 1, "20%"), TestState::DevWithin);
    assert_eq!(state(25, 1, "10%"), TestState::DevExceeds);
    // No deviation, but too few items to rely on that.
    let few = test(json!({"sample": 10, "confidence": "90%", "tolerable": "10%"}));
    assert_eq!(few.state, TestState::Unable);
    assert!(few.reasons[0].contains("as high as 20.6%"), "{:?}", few.reasons);
    // A known population counts in: 20 of 100 is enough where 20 of many is not.
    let finite = |population| {
        test(json!({"sample": 20, "population": population, "confidence": "90%", "tolerable": "10%"})).state
    };
    assert_eq!((finite(100), finite(10_000)), (TestState::NoDev, TestState::Unable));
    assert!(
        test_refused(json!({"sample": 20, "basis": "statistical"}))
            .contains("needs confidence and tolerable")
    );
}

#[test]
fn judgemental_samples_accept_no_deviation_without_a_planned_extension() {
    assert_eq!(test(json!({"sample": 5})).state, TestState::NoDev);
    assert_eq!(test(json!({"sample": 5, "deviations": 1})).state, TestState::DevExceeds);
    let plan = json!({"sample": 25, "deviations": 1, "expansion": {"add": 19, "accept_total": 1}});
    let offered = test(plan.clone());
    assert_eq!((offered.state, offered.may_add), (TestState::DevExceeds, Some(19)));
    let extended = |more: u64| {
        let mut facts = plan.clone();
        facts["expansion"]["deviations"] = json!(more);
        test(facts)
    };
    assert_eq!((extended(0).state, extended(0).sample), (TestState::DevWithin, 44));
    assert_eq!((extended(1).state, extended(1).deviations), (TestState::DevExceeds, 2));
    // A cause that reaches further is not answered by more random items.
    let mut systematic = plan;
    systematic["deviation_records"] = json!([{"nature": "systematic"}]);
    assert_eq!(test(systematic).may_add, None);
    // Extending although nothing called for it, or after the plan had ended.
    let idle = json!({"sample": 25, "expansion": {"add": 19, "accept_total": 1, "deviations": 0}});
    assert!(test_refused(idle).contains("only as planned"));
    let late = json!({"sample": 25, "deviations": 3, "expansion": {"add": 19, "accept_total": 1, "deviations": 0}});
    assert!(test_refused(late).contains("only as planned"));
}

#[test]
fn a_statistical_extension_must_hold_its_overall_risk() {
    let extended = |add: u64| {
        test(json!({
            "sample": 25, "deviations": 1, "confidence": "90%", "tolerable": "10%",
            "expansion": {"add": add, "accept_total": 1, "deviations": 0}
        }))
    };
    assert_eq!(extended(19).state, TestState::DevWithin);
    let short = extended(15);
    assert_eq!(short.state, TestState::DevExceeds);
    assert!(short.reasons.last().unwrap().contains("overall risk"));
}

#[test]
fn absurd_counts_are_refused_and_never_overflow() {
    let most = u64::MAX;
    let expansion = json!({"add": most, "accept_total": most, "deviations": most});
    for facts in [
        json!({"sample": most, "deviations": most, "expansion": expansion}),
        json!({"sample": 1, "deviations": 1, "expansion": expansion}),
        json!({"sample": most, "confidence": "90%", "tolerable": "10%"}),
        json!({"sample": most, "population": most, "basis": "statistical", "confidence": "90%", "tolerable": "10%"}),
    ] {
        assert!(!test_refused(facts).is_empty());
    }
    let whole =
        test(json!({"sample": most, "population": most, "deviations": 1, "tolerable": "1%"}));
    assert_eq!(whole.state, TestState::DevWithin);
}

#[test]
fn a_census_compares_what_was_found() {
    let state = |k, tolerable: Value| {
        test(json!({"population": 20, "sample": 20, "deviations": k, "tolerable": tolerable})).state
    };
    assert_eq!(state(0, Value::Null), TestState::NoDev);
    assert_eq!(state(1, Value::Null), TestState::DevExceeds);
    assert_eq!(state(1, json!("5%")), TestState::DevWithin);
    assert_eq!(state(2, json!("5%")), TestState::DevExceeds);
    assert!(
        test_refused(json!({"basis": "census", "population": 20, "sample": 19}))
            .contains("must be equal")
    );
    assert!(test_refused(json!({"population": 20, "sample": 21})).contains("check both figures"));
}

#[test]
fn populations_must_be_shown_complete() {
    assert_eq!(
        test(json!({"population": 0, "population_complete": true})).state,
        TestState::NotOperated
    );
    assert_eq!(test(json!({"population": 0})).state, TestState::Unable);
    let unproven = json!({"population": 400, "population_complete": false, "sample": 25, "confidence": "90%", "tolerable": "10%"});
    assert_eq!(test(unproven).state, TestState::Unable);
}

#[test]
fn decisive_deviations_make_a_control_ineffective() {
    let with = |record: Value| {
        control(json!({"id": "A", "tests": [{
            "sample": 60, "deviations": 1, "confidence": "90%", "tolerable": "10%", "deviation_records": [record]
        }]}))
        .operation
    };
    assert_eq!(with(json!({})), Some(OperationState::EffectiveWithDeviations));
    assert_eq!(with(json!({"nature": "systematic"})), Some(OperationState::Ineffective));
    assert_eq!(with(json!({"nature": "fraud"})), Some(OperationState::Ineffective));
    assert_eq!(with(json!({"undisclosed": true})), Some(OperationState::Ineffective));
}

#[test]
fn automated_and_seldom_controls_fail_by_one_instance() {
    let automated = control(json!({"id": "A", "automated": true, "tests": [{
        "basis": "automated", "sample": 1, "deviations": 1,
        "deviation_records": [{"from": "2026-02-01", "to": "2026-02-10"}]
    }]}));
    assert_eq!(automated.operation, Some(OperationState::Ineffective));
    assert_eq!(automated.failures[0].span.unwrap().to_string(), "2026-02-01 to 2026-02-10");
    // 1 of 4 quarterly reviews missed is tolerable at no rate a firm would set, whatever is written.
    let quarterly = control(json!({"id": "Q", "frequency": "quarterly", "tests": [
        {"population": 4, "sample": 4, "deviations": 1, "tolerable": "30%"}
    ]}));
    assert_eq!(quarterly.operation, Some(OperationState::Ineffective));
    assert_eq!(quarterly.failures[0].span, None);
    let weekly = control(json!({"id": "W", "frequency": "weekly", "tests": [
        {"population": 52, "sample": 52, "deviations": 1, "tolerable": "5%"}
    ]}));
    assert_eq!(weekly.operation, Some(OperationState::EffectiveWithDeviations));
}

#[test]
fn inquiry_alone_is_never_enough() {
    let with = |tests: Value| control(json!({"id": "A", "tests": tests})).operation;
    let unable = Some(OperationState::Unable);
    let effective = Some(OperationState::Effective);
    assert_eq!(with(json!([{"procedure": "inquiry", "sample": 3}])), unable);
    assert_eq!(
        with(json!([{"procedure": "observation", "sample": 1, "observation_dates": 2}])),
        unable
    );
    assert_eq!(
        with(json!([
            {"procedure": "inquiry", "sample": 1}, {"procedure": "observation", "sample": 1, "observation_dates": 1}
        ])),
        unable
    );
    assert_eq!(
        with(json!([
            {"procedure": "inquiry", "sample": 1}, {"procedure": "observation", "sample": 2, "observation_dates": 2}
        ])),
        effective
    );
    assert_eq!(
        with(
            json!([{"procedure": "inquiry", "sample": 3}, {"procedure": "reperformance", "sample": 1}])
        ),
        effective
    );
    // Inquiry that uncovers a deviation still counts against the control.
    assert_eq!(
        with(json!([{"procedure": "inquiry", "sample": 3, "deviations": 1}])),
        Some(OperationState::Ineffective)
    );
}

#[test]
fn the_worst_test_decides_and_bad_design_fails_operation() {
    let worst = control(json!({"id": "A", "tests": [
        {"sample": 25, "confidence": "90%", "tolerable": "10%"},
        {"unable": "the log was overwritten"}
    ]}));
    assert_eq!(worst.operation, Some(OperationState::Unable));
    let idle = control(json!({"id": "A", "tests": [
        {"population": 0, "population_complete": true}, {"sample": 25, "confidence": "90%", "tolerable": "10%"}
    ]}));
    assert_eq!(idle.operation, Some(OperationState::Effective));
    let bad = control(json!({"id": "A", "design": "deficient", "operation": "effective"}));
    assert_eq!(
        (bad.design, bad.operation),
        (DesignState::Deficient, Some(OperationState::Ineffective))
    );
}

fn concluded<T>(
    proposed: T,
    concluded: T,
    reason: Option<&str>,
    second: Option<&str>,
) -> Conclusion<T> {
    Conclusion {
        proposed,
        concluded,
        reason: reason.map(str::to_owned),
        signer: "partner".to_owned(),
        second_signer: second.map(str::to_owned),
    }
}

#[test]
fn a_more_favourable_conclusion_needs_a_reason_and_a_second_signer() {
    let why = Some("compensating control seen in operation");
    let check = |second| concluded(Opinion::Qualified, Opinion::Unmodified, why, second).check();
    assert!(matches!(check(None), Err(ConclusionError::NeedsSecondSigner { .. })));
    assert_eq!(check(Some("partner")), Err(ConclusionError::SameSigner));
    assert!(matches!(check(Some(" ")), Err(ConclusionError::NeedsSecondSigner { .. })));
    assert_eq!(check(Some("quality reviewer")), Ok(Relation::MoreFavourable));
    let silent =
        concluded(Opinion::Qualified, Opinion::Unmodified, Some(" "), Some("quality reviewer"))
            .check();
    assert!(matches!(silent, Err(ConclusionError::NoReason { .. })));
    let harsher = concluded(Opinion::Unmodified, Opinion::Qualified, why, None);
    assert_eq!(harsher.check(), Ok(Relation::LessFavourable));
    assert_eq!(
        concluded(Opinion::Adverse, Opinion::Disclaimer, why, None).check(),
        Ok(Relation::EqualWeight)
    );
    assert_eq!(
        concluded(Opinion::Adverse, Opinion::Adverse, None, None).check(),
        Ok(Relation::AsProposed)
    );
    assert!(matches!(
        concluded(Status::NotMet, Status::Unknown, why, None).check(),
        Err(ConclusionError::NeedsSecondSigner { .. })
    ));
    let lighter = concluded(OperationState::Ineffective, OperationState::NotOperated, why, None);
    assert!(matches!(lighter.check(), Err(ConclusionError::NeedsSecondSigner { .. })));
    let nobody =
        Conclusion { signer: " ".to_owned(), ..concluded(Status::Met, Status::Met, None, None) };
    assert_eq!(nobody.check(), Err(ConclusionError::NoSigner));
}

#[test]
fn the_61_criteria_are_those_of_the_catalogue() {
    let catalogue: toml::Value =
        toml::from_str(include_str!("../../../../../catalog/criteria.toml")).unwrap();
    let listed: Vec<String> = catalogue["series"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|series| series["criterion"].as_array().unwrap())
        .map(|criterion| criterion["id"].as_str().unwrap().to_owned())
        .collect();
    let ours: Vec<String> = Criterion::all().map(|id| id.to_string()).collect();
    assert_eq!(ours, listed);
    assert_eq!(ours.len(), 61);
    for (category, count) in [
        (Category::Security, 33),
        (Category::Availability, 36),
        (Category::Confidentiality, 35),
        (Category::ProcessingIntegrity, 38),
        (Category::Privacy, 51),
    ] {
        assert_eq!(Criterion::in_scope(&[category]).len(), count, "{category}");
    }
    for id in Criterion::all() {
        assert_eq!(id.to_string().to_lowercase().parse(), Ok(id));
    }
    for wrong in ["CC8.2", "C1.3", "P1.2", "CC9.9", "PP1.1", "CC6", "CC6.", "CC6.01", "CC6.2.1", ""]
    {
        assert!(wrong.parse::<Criterion>().is_err(), "{wrong}");
    }
}
