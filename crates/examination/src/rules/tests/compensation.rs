//! Which controls make up for one that failed, condition by condition.

use serde_json::json;

use crate::rules::compensation::{Weighed, weigh};
use crate::rules::control::{Frame, conclude_control};
use crate::rules::facts::Facts;

/// A control that failed from April on, with others offered and not offered in its place.
fn weighed(offered: &[&str]) -> Vec<Weighed> {
    let whole = |id: &str, criteria: &[&str], operation: &str| json!({"id": id, "criteria": criteria, "operation": operation});
    let parts = |id: &str, first: &str, second: &str| {
        json!({"id": id, "criteria": ["CC6.2"], "spans": [
            {"from": "2026-01-01", "to": "2026-03-31", "operation": first},
            {"from": "2026-04-01", "to": "2026-12-31", "operation": second},
        ]})
    };
    let mut undescribed = whole("X-5", &["CC6.2"], "effective");
    undescribed["described"] = json!(false);
    let mut early = whole("X-6", &["CC6.2"], "effective");
    early["tested_over"] = json!({"from": "2026-01-01", "to": "2026-06-30"});
    let facts = json!({
        "report_type": "type_2",
        "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "categories": ["security"],
        "other_criteria": "met",
        "controls": [
            parts("X-1", "effective", "ineffective"),
            parts("X-2", "ineffective", "effective"),
            parts("X-3", "effective", "not_operated"),
            whole("X-4", &["CC8.1"], "effective"),
            undescribed,
            early,
            whole("X-7", &["CC6.2"], "unable"),
        ],
        "criteria": [{"id": "CC6.2", "compensation": {"controls": offered, "accepted": true}}],
    });
    let facts = Facts::from_json(&facts.to_string()).unwrap();
    let frame = Frame { type_two: true, period: facts.period, as_of: None };
    let controls: Vec<_> =
        facts.controls.iter().map(|c| conclude_control(c, frame).unwrap()).collect();
    weigh(&facts, &controls, "CC6.2".parse().unwrap())
        .into_iter()
        .filter(|failure| failure.control == "X-1")
        .collect()
}

#[test]
fn a_control_stands_in_only_over_the_same_days_described_mapped_and_tested() {
    let why = |control: &str| {
        let found = weighed(&[control]);
        assert_eq!(found.len(), 1);
        let fitness = found[0].offered[0].clone();
        assert_eq!(fitness.why_not.is_none(), found[0].compensated, "{control}");
        fitness
    };
    // It failed in other days only.
    let good = why("X-2");
    assert!(good.described && good.mapped && good.tested && good.same_days);
    assert_eq!(good.why_not, None);
    // The days of both stand beside the answer, so that nobody has to take it on trust.
    let days = |span: Option<crate::rules::span::Span>| span.map(|s| s.to_string());
    assert_eq!(days(good.failed_over).unwrap(), "2026-04-01 to 2026-12-31");
    assert_eq!(days(good.tested_over).unwrap(), "2026-01-01 to 2026-12-31");
    assert_eq!(days(why("X-6").tested_over).unwrap(), "2026-01-01 to 2026-06-30");
    assert_eq!(days(why("X-7").tested_over), None, "nothing was tested to a conclusion");
    for (control, reason) in [
        ("X-1", "it is the control that failed"),
        ("X-3", "it did not operate"),
        ("X-4", "it is not mapped to the criterion"),
        ("X-5", "it is not in the description"),
        ("X-6", "it was not tested over the same days"),
        ("X-7", "it was not tested to a conclusion over the same days"),
    ] {
        assert_eq!(why(control).why_not, Some(reason), "{control}");
    }
    assert!(!why("X-7").tested && !why("X-3").tested && !why("X-6").same_days);
}

#[test]
fn one_that_is_not_admissible_spoils_the_proposal_and_the_others_are_named() {
    assert!(!weighed(&["X-2", "X-4"])[0].compensated);
    let candidates: Vec<String> =
        weighed(&["X-2"])[0].candidates.iter().map(|c| c.control.clone()).collect();
    assert_eq!(candidates, ["X-3", "X-5", "X-6", "X-7"]);
}
