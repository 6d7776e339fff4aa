//! Materiality, pervasiveness, conditions, refusals and the written form of a proposal.

use serde_json::{Value, json};

use super::opinions::proposed;
use crate::rules::facts::{Facts, Opinion, Status};
use crate::rules::opinion::propose;

fn refused(facts: &Value) -> String {
    match Facts::from_json(&facts.to_string()) {
        Err(fault) => fault.to_string(),
        Ok(facts) => propose(&facts).unwrap_err().to_string(),
    }
}

fn has(sentences: &[String], part: &str) -> bool {
    sentences.iter().any(|sentence| sentence.contains(part))
}

fn failing(ids: &[&str]) -> Value {
    json!({
        "type": 2,
        "categories": ["security", "availability"],
        "criteria": (ids.iter().map(|id| json!({"id": id, "status": "not_met"})).collect::<Vec<_>>())
    })
}

#[test]
fn materiality_is_cleared_only_with_a_reason_and_assured_commitments() {
    let signed = |assurance: Value, reason: &str, second: Value| {
        let p = proposed(&json!({
            "type": 2,
            "criteria": [{"id": "CC5.2", "status": "not_met", "material": false, "material_reason": reason,
                          "material_second_signer": second, "materiality_factors": ["duration"]}],
            "commitments": assurance
        }));
        (p.headline, p.reasons.join(" "))
    };
    let headline = |assurance: Value, reason: &str| signed(assurance, reason, json!("Avery"));
    let linked = |answer: &str| json!([{"id": "C1", "criteria": ["CC5.2"], "assurance": answer}]);
    let reason = "it lasted one day and nothing depended on it";
    let (opinion, said) = headline(linked("yes"), reason);
    assert_eq!(opinion, Opinion::Unmodified);
    assert!(said.contains("judged not material: it lasted one day"), "{said}");
    assert_eq!(headline(json!([]), reason).0, Opinion::Unmodified);
    let (opinion, said) = headline(linked("yes"), "  ");
    assert_eq!(opinion, Opinion::Qualified);
    assert!(said.contains("needs a reason in material_reason"));
    for answer in ["no", "unknown"] {
        let (opinion, said) = headline(linked(answer), reason);
        assert_eq!(opinion, Opinion::Qualified);
        assert!(said.contains("can be cleared only where"), "{said}");
    }
    // It is never one person's word.
    for nobody in [json!(null), json!("  ")] {
        let (opinion, said) = signed(linked("yes"), reason, nobody);
        assert_eq!(opinion, Opinion::Qualified);
        assert!(said.contains("needs the signature of a second person"), "{said}");
    }
    // A commitment that is not principal does not weigh.
    let minor = json!([{"id": "C1", "criteria": ["CC5.2"], "assurance": "no", "principal": false}]);
    assert_eq!(headline(minor, reason).0, Opinion::Unmodified);
}

#[test]
fn each_way_of_being_pervasive() {
    let headline = |facts: &Value| proposed(facts).headline;
    // Two categories; two series; three series.
    assert_eq!(headline(&failing(&["CC8.1", "A1.2"])), Opinion::Adverse);
    assert_eq!(headline(&failing(&["CC8.1", "CC7.1"])), Opinion::Qualified);
    assert_eq!(headline(&failing(&["CC8.1", "CC7.1", "CC6.1"])), Opinion::Adverse);
    // 8 of 36 criteria is below 25%, 9 is exactly there.
    let most = ["CC6.1", "CC6.2", "CC6.3", "CC6.4", "CC6.5", "CC6.6", "CC6.7", "CC6.8", "CC7.1"];
    assert_eq!(headline(&failing(&most[..8])), Opinion::Qualified);
    let p = proposed(&failing(&most));
    assert_eq!(p.headline, Opinion::Adverse);
    assert!(has(
        &p.reasons,
        "9 of 36 criteria in scope fail; the firm's policy calls 25% pervasive"
    ));
    // Entity level, with and without effect on others.
    let mut facts = failing(&["CC3.2"]);
    assert_eq!(headline(&facts), Opinion::Qualified);
    facts["criteria"][0]["affects"] = json!(["CC3.4"]);
    assert_eq!(headline(&facts), Opinion::Qualified);
    facts["criteria"][0]["affects"] = json!(["CC7.1"]);
    assert_eq!(headline(&facts), Opinion::Adverse);
    facts["criteria"][0]["id"] = json!("CC2.1");
    assert_eq!(headline(&facts), Opinion::Qualified);
    // The evidence itself, or the auditor's word.
    for field in ["undermines_evidence", "pervasive"] {
        let mut facts = failing(&["CC8.1"]);
        facts["criteria"][0][field] = json!(true);
        assert_eq!(headline(&facts), Opinion::Adverse);
    }
    // A firm may set its own thresholds.
    let mut facts = failing(&["CC8.1", "CC7.1"]);
    facts["policy"] = json!({"version": "firm-7", "pervasive_series": 2});
    let p = proposed(&facts);
    assert_eq!((p.headline, p.policy_version.as_str()), (Opinion::Adverse, "firm-7"));
}

#[test]
fn deficiencies_and_missing_evidence_are_each_judged_pervasive_apart() {
    let facts = |not_met: &[&str], unknown: &[&str]| {
        let entry = |id: &&str, status: &str| json!({"id": id, "status": status});
        let criteria: Vec<Value> = not_met
            .iter()
            .map(|id| entry(id, "not_met"))
            .chain(unknown.iter().map(|id| entry(id, "unknown")))
            .collect();
        json!({"type": 2, "criteria": criteria})
    };
    // Three series together, but neither what failed nor what could not be examined reaches three.
    let p = proposed(&facts(&["CC8.1"], &["CC7.1", "CC6.1"]));
    assert_eq!((p.headline, p.alternatives), (Opinion::Qualified, vec![]));
    // Known failures alone lead to adverse, missing evidence alone to a disclaimer.
    let p = proposed(&facts(&["CC8.1", "CC7.1", "CC6.1"], &["CC9.1"]));
    assert_eq!((p.headline, p.alternatives), (Opinion::Adverse, vec![]));
    let p = proposed(&facts(&["CC8.1"], &["CC9.1", "CC5.1", "CC1.1"]));
    assert_eq!((p.headline, p.alternatives), (Opinion::Disclaimer, vec![]));
    assert!(has(&p.reasons, "What could not be examined reaches 3 series"));
    assert!(!has(&p.reasons, "The failures reach"));
    let p = proposed(&facts(&["CC8.1", "CC7.1", "CC6.1"], &["CC9.1", "CC5.1", "CC1.1"]));
    assert_eq!((p.headline, p.alternatives), (Opinion::Adverse, vec![Opinion::Disclaimer]));
    let p = proposed(&facts(&["CC8.1"], &["CC8.1"][..0]));
    assert_eq!(p.headline, Opinion::Qualified);
    let written = serde_json::to_value(proposed(&facts(&["CC8.1"], &["CC7.1"]))).unwrap();
    assert_eq!(written["prongs"]["operation"]["basis"], "deficiency_and_scope_limitation");
}

#[test]
fn work_that_is_not_done_limits_no_scope() {
    let facts = |more: Value| {
        let mut controls = vec![
            json!({"id": "IR-03", "criteria": ["CC7.4"], "operation": "ineffective"}),
            json!({"id": "CHG-02", "criteria": ["CC8.1"], "operation": "ineffective"}),
        ];
        controls.extend(more.as_array().unwrap().iter().cloned());
        json!({"type": 2, "controls": controls})
    };
    // Two controls that nobody has concluded on, and two known failures.
    let open = json!([
        {"id": "COM-08", "criteria": ["CC2.3"], "open": true},
        {"id": "LOG-02", "criteria": ["CC7.2", "CC7.3"], "open": true}
    ]);
    let p = proposed(&facts(open));
    assert_eq!(p.headline, Opinion::Qualified);
    assert_eq!(p.open.controls, ["COM-08", "LOG-02"]);
    assert!(p.reasons[0].contains("no conclusion stands on control COM-08 and control LOG-02"));
    assert!(p.reasons[1].starts_with("On what is concluded so far it would be qualified"));
    assert!(!has(&p.reasons, "CC7.3"), "{:?}", p.reasons);
    // The same controls, concluded as not examinable, do limit it, and are still no pervasive failure.
    let unable = json!([
        {"id": "COM-08", "criteria": ["CC2.3"], "operation": "unable"},
        {"id": "LOG-02", "criteria": ["CC7.2", "CC7.3"], "operation": "unable"}
    ]);
    let p = proposed(&facts(unable));
    assert_eq!(p.headline, Opinion::Qualified);
    assert!(p.open.is_empty() && p.reasons[0].starts_with("The proposed opinion is qualified"));
    // Criteria that nothing bears on yet are open too, where the facts say so.
    let p = proposed(&json!({"type": 2, "other_criteria": "open"}));
    assert_eq!((p.headline, p.open.criteria.len()), (Opinion::Unmodified, 33));
    assert!(has(&p.reasons, "So far: "));
    let both =
        json!({"type": 2, "controls": [{"id": "A", "open": true, "operation": "effective"}]});
    assert!(refused(&both).contains("Control A is open, and yet something is concluded on it"));
}

#[test]
fn a_control_that_is_open_makes_up_for_nothing() {
    let p = proposed(&json!({
        "type": 2,
        "controls": [
            {"id": "A", "criteria": ["CC6.2"], "operation": "ineffective"},
            {"id": "B", "criteria": ["CC6.2"], "open": true}
        ],
        "criteria": [{"id": "CC6.2", "compensation": {"controls": ["B"], "accepted": true}}]
    }));
    assert_eq!(p.headline, Opinion::Qualified);
    assert!(has(&p.reasons, "it was not tested to a conclusion over the same days"));
}

#[test]
fn learning_of_a_failure_does_not_lighten_a_pervasive_limitation() {
    let mut facts = json!({
        "type": 2,
        "scope_limitations": [{"what": "no access to logs", "criteria": ["CC8.1"], "pervasive": true}],
        "criteria": [{"id": "CC8.1"}]
    });
    assert_eq!(proposed(&facts).headline, Opinion::Disclaimer);
    facts["criteria"][0]["operation"] = json!("not_met");
    assert_eq!(proposed(&facts).headline, Opinion::Disclaimer);
    facts["scope_limitations"][0]["pervasive"] = json!(false);
    assert_eq!(proposed(&facts).headline, Opinion::Qualified);
}

#[test]
fn fabricated_evidence_leaves_nothing_to_stand_on() {
    let p = proposed(&json!({"type": 2, "evidence_unreliable": "screenshots were fabricated"}));
    assert_eq!(p.headline, Opinion::Disclaimer);
    assert!(p.withdraw.is_some());
    let mut facts = failing(&["CC8.1"]);
    facts["evidence_unreliable"] = json!("screenshots were fabricated");
    assert_eq!(proposed(&facts).headline, Opinion::Adverse);
}

#[test]
fn opinions_are_conditioned_on_necessary_controls_of_others() {
    let p = proposed(&json!({
        "type": 2,
        "cuecs": [
            {"id": "CUEC-1", "criteria": ["CC6.2"]},
            {"id": "CUEC-2", "criteria": ["CC6.1"], "necessary": false}
        ],
        "csocs": [{"id": "CSOC-1", "criteria": ["CC6.4"]}]
    }));
    assert_eq!(p.conditions.cuec, ["CUEC-1"]);
    assert!(p.prongs.description.conditioned_on.is_empty());
    assert_eq!(p.prongs.design.conditioned_on, ["cuec", "csoc"]);
    assert_eq!(p.prongs.operation.unwrap().conditioned_on, ["cuec", "csoc"]);
    assert!(has(&p.matters, "relying on a subservice organisation unmonitored"));
}

#[test]
fn a_criterion_without_anything_mapped_to_it_is_not_met_by_design() {
    let p = proposed(&json!({"type": 2, "criteria": [{"id": "CC9.2"}]}));
    assert_eq!(p.prongs.design.opinion, Opinion::Qualified);
    assert!(has(&p.reasons, "No control, CUEC or CSOC is mapped to CC9.2"));
    assert_eq!(p.criteria[0].operation, Some(Status::NotMet));
}

#[test]
fn criteria_left_out_are_met_unknown_or_refused_as_asked() {
    let headline = |word: &str| proposed(&json!({"type": 2, "other_criteria": word})).headline;
    assert_eq!(headline("met"), Opinion::Unmodified);
    assert_eq!(headline("unknown"), Opinion::Disclaimer);
    let said = refused(&json!({
        "type": 1, "other_criteria": "refuse",
        "criteria": ((1..=5).map(|n| json!({"id": format!("CC1.{n}"), "design": "met"})).collect::<Vec<_>>())
    }));
    assert!(said.starts_with("The facts do not mention CC2.1, CC2.2"), "{said}");
    let p = proposed(&json!({
        "type": 2, "categories": ["privacy"],
        "not_applicable": [{"criterion": "P6.7", "reason": "The organisation is a processor only."}]
    }));
    assert_eq!(p.criteria_in_scope, 33 + 18 - 1);
}

#[test]
fn what_cannot_be_right_is_refused_in_words() {
    for (facts, part) in [
        (json!({}), "must be given as 1 (as of a date) or 2 (throughout a period)"),
        (json!({"type": 3}), "must be given as 1"),
        (json!({"type": 2, "contrls": []}), "unknown field `contrls`"),
        (json!({"type": 2, "categories": ["safety"]}), "\"safety\" is not a known category"),
        (json!({"type": 2, "criteria": [{"id": "CC8.2"}]}), "series CC8 has only CC8.1"),
        (json!({"type": 2, "criteria": [{"id": "A1.2"}]}), "add its category (availability)"),
        (json!({"type": 2, "criteria": [{"id": "CC6.1"}, {"id": "cc6.1"}]}), "listed twice"),
        (json!({"type": 2, "controls": [{"id": " "}]}), "A control has no id"),
        (json!({"type": 2, "controls": [{"id": "A"}]}), "Control A: there is no operating result"),
        (
            json!({"type": 2, "controls": [{"id": "A", "operation": "great"}]}),
            "not a known operating conclusion",
        ),
        (
            json!({"type": 2, "controls": [{"id": "A", "operation": "effective", "tests": [{"sample": 1}]}]}),
            "not both",
        ),
        (
            json!({"type": 2, "controls": [{"id": "A", "tests": [{"sample": 2, "deviations": 3}]}]}),
            "Control A: test 1: 3 deviations in 2",
        ),
        (json!({"type": 2, "controls": [{"id": "A", "tests": [{}]}]}), "Nothing was tested"),
        (
            json!({"type": 2, "controls": [{"id": "A", "spans": [{"from": "2026-01-01", "to": "2026-02-30"}]}]}),
            "cannot be read",
        ),
        (
            json!({"type": 2, "controls": [{"id": "A", "spans": [{"from": "2026-01-01", "to": "2026-02-01"}]}]}),
            "add period",
        ),
        (
            json!({"type": 2, "period": {"from": "2026-12-31", "to": "2026-01-01"}}),
            "ends before it begins",
        ),
        (
            json!({"type": 2, "criteria": [{"id": "CC6.1", "compensation": {"controls": ["X"], "accepted": true}}]}),
            "names control X",
        ),
        (
            json!({"type": 2, "not_applicable": [{"criterion": "CC6.4", "reason": ""}]}),
            "without a reason",
        ),
        (
            json!({"type": 2, "description": {"misstatements": [{"dc": "DC10", "kind": "error"}]}}),
            "they are DC1 to DC9",
        ),
        (json!({"type": 2, "policy": {"pervasive_series": 0}}), "at least 1 category"),
        (json!({"type": 2, "policy": {"pervasive_share": 25}}), "25%"),
        (json!({"type": 2, "policy": {"entity_level_series": ["CC10"]}}), "is not a series"),
    ] {
        let said = refused(&facts);
        assert!(said.contains(part), "{facts}: {said}");
    }
    let many: Vec<Value> = (0..10_001).map(|n| json!({"id": n.to_string()})).collect();
    assert!(refused(&json!({"type": 2, "controls": many})).contains("at most 10000"));
}

#[test]
fn facts_survive_writing_and_reading() {
    let text = include_str!("../../../../../docs/guide/opinion-facts.md");
    let example = fenced(text, 0);
    let facts = Facts::from_json(example).unwrap();
    let again = Facts::from_json(&serde_json::to_string(&facts).unwrap()).unwrap();
    assert_eq!(facts, again);
}

/// The n-th JSON block of a document.
fn fenced(text: &str, n: usize) -> &str {
    text.split("```json\n").nth(n + 1).unwrap().split("```").next().unwrap()
}

#[test]
fn the_guide_shows_what_the_example_gives() {
    let text = include_str!("../../../../../docs/guide/opinion-facts.md");
    let proposal = propose(&Facts::from_json(fenced(text, 0)).unwrap()).unwrap();
    let written = serde_json::to_value(&proposal).unwrap();
    let shown: Value = serde_json::from_str(fenced(text, 1)).unwrap();
    assert_eq!(written["headline"], shown["headline"]);
    assert_eq!(written["reasons"], shown["reasons"]);
    for (name, prong) in shown["prongs"].as_object().unwrap() {
        assert_eq!(&written["prongs"][name], prong, "{name}");
    }
    assert_eq!(written["prongs"].as_object().unwrap().len(), 3);
    // Every shorter example in the guide is accepted too.
    for n in 2..text.matches("```json").count() {
        let facts = Facts::from_json(fenced(text, n)).unwrap();
        propose(&facts).unwrap();
    }
}
