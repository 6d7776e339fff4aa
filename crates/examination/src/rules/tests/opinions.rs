//! The opinion vectors O1 to O14, fed as the JSON that a user would write.

use serde_json::{Value, json};

use crate::rules::control::OperationState;
use crate::rules::criteria::Criterion;
use crate::rules::facts::{Facts, Opinion, Status};
use crate::rules::opinion::{Advice, Basis, Proposal, propose};

/// The proposal for facts in JSON.
pub(super) fn proposed(facts: &Value) -> Proposal {
    propose(&Facts::from_json(&facts.to_string()).unwrap()).unwrap()
}

/// The sentence with which facts are refused.
fn refused(facts: &Value) -> String {
    match Facts::from_json(&facts.to_string()) {
        Err(fault) => fault.to_string(),
        Ok(facts) => propose(&facts).unwrap_err().to_string(),
    }
}

fn opinions(proposal: &Proposal) -> (Opinion, Opinion, Opinion, Option<Opinion>) {
    (
        proposal.headline,
        proposal.prongs.description.opinion,
        proposal.prongs.design.opinion,
        proposal.prongs.operation.as_ref().map(|prong| prong.opinion),
    )
}

fn has(sentences: &[String], part: &str) -> bool {
    sentences.iter().any(|sentence| sentence.contains(part))
}

const CLEAN: Opinion = Opinion::Unmodified;
const QUALIFIED: Opinion = Opinion::Qualified;

#[test]
fn o1_a_tolerable_deviation_is_printed_and_the_opinion_unmodified() {
    let p = proposed(&json!({
        "type": 2,
        "controls": [{
            "id": "IAM-04",
            "criteria": ["CC6.2"],
            "tests": [{"sample": 25, "deviations": 1, "confidence": "90%", "tolerable": "20%"}]
        }]
    }));
    assert_eq!(opinions(&p), (CLEAN, CLEAN, CLEAN, Some(CLEAN)));
    assert_eq!(p.controls[0].operation, Some(OperationState::EffectiveWithDeviations));
    assert!(has(&p.exceptions, "IAM-04, test 1: 1 deviation in 25 items"), "{:?}", p.exceptions);
    assert!(has(&p.reasons, "Section IV prints"));
    assert!(has(&p.matters, "32 of 33 criteria in scope are not mentioned"));
}

#[test]
fn o2_an_annual_control_that_did_not_happen_fails_its_criterion() {
    let p = proposed(&json!({
        "type": 2,
        "controls": [{
            "id": "RSK-01", "criteria": ["CC3.2"], "frequency": "annual",
            "tests": [{"population": 1, "sample": 1, "deviations": 1}]
        }],
        "commitments": [{"id": "SC-1", "criteria": ["CC3.2"], "assurance": "no"}]
    }));
    assert_eq!(opinions(&p), (QUALIFIED, CLEAN, CLEAN, Some(QUALIFIED)));
    let operation = p.prongs.operation.unwrap();
    assert_eq!(operation.basis, Some(Basis::Deficiency));
    assert!(operation.material && !operation.pervasive);
    assert!(has(&p.reasons, "no reasonable assurance that commitment SC-1 was achieved"));
}

/// A missed second-quarter review with two other controls on the same criteria.
fn missed_review() -> Value {
    json!({
        "type": 2,
        "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "controls": [
            {
                "id": "IAM-07", "criteria": ["CC6.2", "CC6.3"], "frequency": "quarterly",
                "tests": [{
                    "population": 4, "sample": 4, "deviations": 1,
                    "deviation_records": [{"item": "2026-Q2", "from": "2026-04-01", "to": "2026-06-30"}]
                }]
            },
            {"id": "IAM-05", "criteria": ["CC6.2", "CC6.3"], "automated": true, "operation": "effective"},
            {"id": "IAM-08", "criteria": ["CC6.2", "CC6.3"], "operation": "effective"}
        ],
        "criteria": [
            {"id": "CC6.2", "compensation": {"controls": ["IAM-05", "IAM-08"], "accepted": true}},
            {"id": "CC6.3", "compensation": {"controls": ["IAM-05", "IAM-08"], "accepted": true}}
        ]
    })
}

#[test]
fn o3_compensation_meets_the_criterion_if_the_auditor_agrees() {
    let p = proposed(&missed_review());
    assert_eq!(opinions(&p), (CLEAN, CLEAN, CLEAN, Some(CLEAN)));
    assert_eq!(p.controls[0].operation, Some(OperationState::Ineffective));
    assert!(has(&p.exceptions, "1 deviation in 4 items"));
    assert_eq!(p.criteria.len(), 2);
    assert!(has(&p.criteria[0].compensated, "IAM-05 and IAM-08"));

    for (change, because) in [
        (("/criteria/0/compensation/accepted", json!(false)), "not accepted by the auditor"),
        (("/criteria/0/compensation/controls", json!([])), "not accepted by the auditor"),
        (("/controls/1/described", json!(false)), "not in the description"),
        (("/controls/1/criteria", json!(["CC6.3"])), "not mapped to the criterion"),
        (("/controls/1/operation", json!("not_operated")), "did not operate"),
        (("/controls/1/operation", json!("ineffective")), "failed over the same days"),
        (("/controls/1/operation", json!("unable")), "not tested to a conclusion"),
        (("/controls/1/design", json!("deficient")), "failed over the same days"),
        (
            ("/controls/1/tested_over", json!({"from": "2026-05-01", "to": "2026-12-31"})),
            "not tested over the same days",
        ),
    ] {
        let mut facts = missed_review();
        // A field that is not there yet is added to its object.
        let (parent, field) = change.0.rsplit_once('/').unwrap();
        facts.pointer_mut(parent).unwrap()[field] = change.1;
        let p = proposed(&facts);
        assert_eq!(p.headline, QUALIFIED, "{}", change.0);
        assert!(has(&p.reasons, because), "{}: {:?}", change.0, p.reasons);
    }
    let mut facts = missed_review();
    facts["controls"][1]["tested_over"] = json!({"from": "2026-04-01", "to": "2026-06-30"});
    assert_eq!(proposed(&facts).headline, CLEAN);
    // Without a word on compensation the criterion fails and the auditor is asked.
    facts.as_object_mut().unwrap().remove("criteria");
    let p = proposed(&facts);
    assert_eq!(p.headline, QUALIFIED);
    assert!(has(&p.matters, "CC6.2 is also mapped to IAM-05 and IAM-08"));
}

/// Late removals for 9 of 20 leavers.
fn late_removals() -> Value {
    json!({
        "type": 2,
        "controls": [{
            "id": "IAM-05", "criteria": ["CC6.2", "CC6.3"],
            "tests": [{"sample": 20, "deviations": 9, "confidence": "90%", "tolerable": "10%"}]
        }],
        "commitments": [{"id": "SEC-1", "criteria": ["CC6.2", "CC6.3"], "assurance": "no"}]
    })
}

#[test]
fn o4_two_criteria_of_one_series_qualify() {
    let p = proposed(&late_removals());
    assert_eq!(opinions(&p), (QUALIFIED, CLEAN, CLEAN, Some(QUALIFIED)));
    let ids: Vec<String> =
        p.prongs.operation.unwrap().criteria.iter().map(Criterion::to_string).collect();
    assert_eq!(ids, ["CC6.2", "CC6.3"]);
}

#[test]
fn o5_failures_in_many_series_are_pervasive_and_adverse() {
    let mut facts = late_removals();
    for (id, criterion) in [("CHG-01", "CC8.1"), ("INC-01", "CC7.3"), ("VEN-02", "CC9.2")] {
        facts["controls"].as_array_mut().unwrap().push(json!({
            "id": id, "criteria": [criterion], "design": "not_implemented", "described": false
        }));
    }
    let p = proposed(&facts);
    assert_eq!(opinions(&p), (Opinion::Adverse, CLEAN, Opinion::Adverse, Some(Opinion::Adverse)));
    assert!(
        has(&p.reasons, "4 series of the common criteria (CC6, CC7, CC8 and CC9)"),
        "{:?}",
        p.reasons
    );
    // The same failures stated as criteria give the same headline.
    let stated = proposed(&json!({
        "type": 2,
        "criteria": (["CC6.2", "CC6.3", "CC7.3", "CC8.1", "CC9.2"].map(|id| json!({"id": id, "status": "NOT MET"})))
    }));
    assert_eq!(opinions(&stated), (Opinion::Adverse, CLEAN, CLEAN, Some(Opinion::Adverse)));
}

#[test]
fn o6_lost_evidence_for_one_criterion_qualifies_by_scope() {
    let p = proposed(&json!({
        "type": 2,
        "controls": [{"id": "CHG-01", "criteria": ["CC8.1"], "tests": [
            {"unable": "the ticket system was lost for 4 of 12 months"}
        ]}]
    }));
    assert_eq!(opinions(&p), (QUALIFIED, CLEAN, CLEAN, Some(QUALIFIED)));
    assert_eq!(p.prongs.operation.as_ref().unwrap().basis, Some(Basis::ScopeLimitation));
    assert_eq!(p.criteria[0].operation, Some(Status::Unknown));
    let limited = json!({
        "type": 2,
        "scope_limitations": [{"what": "the ticket system was lost for 4 of 12 months", "criteria": ["CC8.1"]}]
    });
    let q = proposed(&limited);
    assert_eq!(opinions(&q), opinions(&p));
    assert!(q.withdraw.is_none());
    // Other evidence lifts it.
    let mut lifted = limited;
    lifted["scope_limitations"][0]["alternative_evidence"] =
        json!("EV-120: the repository's own merge log");
    assert_eq!(proposed(&lifted).headline, CLEAN);
}

#[test]
fn o7_refused_access_across_domains_is_disclaimed() {
    let p = proposed(&json!({
        "type": 2,
        "scope_limitations": [{
            "what": "management refuses access to logs and human resources data",
            "cause": "management",
            "criteria": ["CC1.4", "CC6.1", "CC6.2", "CC7.2", "CC7.3"]
        }]
    }));
    assert_eq!(opinions(&p), (Opinion::Disclaimer, CLEAN, CLEAN, Some(Opinion::Disclaimer)));
    assert_eq!(p.withdraw.unwrap().advice, Advice::Consider);
    assert_eq!(p.alternatives, [Opinion::Withdraw]);
    assert!(p.can_issue);
    // Said outright instead of found from the criteria.
    let p = proposed(&json!({
        "type": 2,
        "scope_limitations": [{"what": "no access to logs", "cause": "management", "pervasive": true}]
    }));
    assert_eq!(p.headline, Opinion::Disclaimer);
}

#[test]
fn o8_no_representation_letter_disclaim_or_withdraw() {
    let p = proposed(&json!({"type": 2, "management": {"representation_letter": "refused"}}));
    let disclaimer = Opinion::Disclaimer;
    assert_eq!(opinions(&p), (disclaimer, disclaimer, disclaimer, Some(disclaimer)));
    assert_eq!(p.withdraw.as_ref().unwrap().advice, Advice::Consider);
    assert_eq!(p.alternatives, [Opinion::Withdraw]);
    assert_eq!(p.prongs.design.basis, Some(Basis::ScopeLimitation));
}

#[test]
fn o9_no_assertion_withdraw() {
    let p = proposed(&json!({"type": 2, "management": {"assertion": "refused"}}));
    assert_eq!(p.headline, Opinion::Withdraw);
    assert!(!p.can_issue);
    assert_eq!(p.withdraw.as_ref().unwrap().advice, Advice::Withdraw);
    assert!(has(&p.reasons, "cannot be issued"));
    let p = proposed(
        &json!({"type": 2, "management": {"assertion": "refused", "withdrawal_possible": false}}),
    );
    assert_eq!((p.headline, p.can_issue), (Opinion::Disclaimer, true));
    let p = proposed(
        &json!({"type": 2, "management": {"assertion": "refused", "engaging_party": false}}),
    );
    assert_eq!(p.headline, Opinion::Disclaimer);
    assert!(has(&p.reasons, "restricted to the engaging party"));
}

#[test]
fn o10_nothing_happened_that_the_control_acts_on() {
    let facts = |complete: bool| {
        json!({
            "type": 2,
            "controls": [{"id": "IAM-05", "criteria": ["CC6.2"], "tests": [
                {"population": 0, "population_complete": complete}
            ]}]
        })
    };
    let p = proposed(&facts(true));
    assert_eq!(opinions(&p), (CLEAN, CLEAN, CLEAN, Some(CLEAN)));
    assert_eq!(p.controls[0].operation, Some(OperationState::NotOperated));
    assert!(has(&p.matters, "did not operate because its occasion did not arise"));
    // An empty list that is not shown to be complete proves nothing.
    let p = proposed(&facts(false));
    assert_eq!(p.controls[0].operation, Some(OperationState::Unable));
    assert_eq!(p.headline, QUALIFIED);
}

#[test]
fn o11_an_omitted_breach_modifies_the_description() {
    let facts = |pervasive: bool, corrected: bool| {
        json!({
            "type": 2,
            "description": {"misstatements": [{
                "dc": "DC4", "kind": "omission", "what": "the breach of 3 March is left out",
                "pervasive": pervasive, "corrected": corrected
            }]}
        })
    };
    let p = proposed(&facts(false, false));
    assert_eq!(opinions(&p), (QUALIFIED, QUALIFIED, CLEAN, Some(CLEAN)));
    assert_eq!(p.prongs.description.basis, Some(Basis::Misstatement));
    assert!(has(&p.reasons, "The description: DC4, omission: the breach of 3 March is left out."));
    assert_eq!(proposed(&facts(true, false)).headline, Opinion::Adverse);
    assert_eq!(proposed(&facts(true, true)).headline, CLEAN);
}

#[test]
fn o12_a_qualified_report_of_a_carved_out_host_is_evaluated() {
    let mut facts = json!({
        "type": 2,
        "csocs": [{
            "id": "CSOC-1", "subservice": "the host", "criteria": ["CC6.4"],
            "monitored_by": "VEN-02", "report_opinion": "qualified"
        }]
    });
    let p = proposed(&facts);
    assert_eq!(opinions(&p), (CLEAN, CLEAN, CLEAN, Some(CLEAN)));
    assert!(has(&p.matters, "evaluate what that means for CC6.4"));
    assert_eq!(p.conditions.csoc, ["CSOC-1"]);
    facts["csocs"][0]["effect"] = json!("not_met");
    facts["csocs"][0]["reason"] = json!("Visitor logs were not kept.");
    let p = proposed(&facts);
    assert_eq!(opinions(&p), (QUALIFIED, CLEAN, CLEAN, Some(QUALIFIED)));
    assert!(has(&p.reasons, "Visitor logs were not kept."));
    facts["csocs"][0]["effect"] = json!("met");
    let p = proposed(&facts);
    assert_eq!(p.headline, CLEAN);
    assert!(!has(&p.matters, "evaluate what that means"));
}

#[test]
fn o13_a_design_deficiency_in_part_of_the_period() {
    let mut facts = json!({
        "type": 2,
        "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "controls": [{"id": "CHG-02", "criteria": ["CC8.1"], "spans": [
            {"from": "2026-01-01", "to": "2026-03-31", "design": "deficient", "reason": "authors could approve their own changes"},
            {"from": "2026-04-01", "to": "2026-12-31"}
        ]}]
    });
    let p = proposed(&facts);
    assert_eq!(opinions(&p), (QUALIFIED, CLEAN, QUALIFIED, Some(QUALIFIED)));
    assert!(has(&p.reasons, "from 2026-01-01 to 2026-03-31"), "{:?}", p.reasons);
    // Another control over just those days, accepted, makes up for it.
    facts["controls"].as_array_mut().unwrap().push(json!({
        "id": "CHG-09", "criteria": ["CC8.1"], "operation": "effective",
        "tested_over": {"from": "2026-01-01", "to": "2026-03-31"}
    }));
    facts["criteria"] =
        json!([{"id": "CC8.1", "compensation": {"controls": ["CHG-09"], "accepted": true}}]);
    assert_eq!(proposed(&facts).headline, CLEAN);
    // One that failed itself on some of those days does not; one that failed later does.
    let failing = |from: &str, to: &str| {
        let mut facts = facts.clone();
        facts["controls"][1] = json!({
            "id": "CHG-09", "criteria": ["CC8.1"],
            "tests": [{"sample": 9, "deviations": 1, "deviation_records": [{"from": from, "to": to}]}]
        });
        let p = proposed(&facts);
        has(&p.reasons, "it failed over the same days itself")
    };
    assert!(failing("2026-03-31", "2026-04-05"));
    assert!(!failing("2026-04-01", "2026-04-05"));
    facts["controls"][0]["spans"][1]["from"] = json!("2026-04-03");
    assert!(refused(&facts).contains("no span covers 2026-04-01 to 2026-04-02"));
    facts["controls"][0]["spans"][1]["from"] = json!("2026-03-30");
    assert!(refused(&facts).contains("two spans cover 2026-03-30"));
}

#[test]
fn o14_type_1_and_a_control_that_is_not_in_place() {
    let facts = json!({
        "type": 1,
        "as_of": "2026-06-30",
        "controls": [{"id": "CHG-01", "criteria": ["CC8.1"], "design": "not_implemented"}]
    });
    let p = proposed(&facts);
    assert_eq!(opinions(&p), (QUALIFIED, CLEAN, QUALIFIED, None));
    let written = serde_json::to_value(&p).unwrap();
    assert!(written["prongs"].get("operation").is_none());
    assert!(written["controls"][0].get("operation").is_none());
    assert!(has(&p.matters, "described but was not in place"));
}

#[test]
fn a_type_1_examination_holds_no_operating_results() {
    let p = proposed(&json!({
        "type": "Type 1",
        "controls": [{"id": "A", "criteria": ["CC6.1"], "operation": "ineffective"}],
        "criteria": [{"id": "CC6.2", "status": "not_met"}]
    }));
    assert_eq!(opinions(&p), (QUALIFIED, CLEAN, QUALIFIED, None));
    assert!(has(&p.matters, "Operating results of control A are left out"));
    let text = serde_json::to_string(&p).unwrap();
    assert!(!text.contains("\"operation\""), "{text}");
    assert!(
        refused(&json!({"type": 1, "scope_limitations": [{"what": "x", "prongs": ["c"]}]}))
            .contains("no prong on operation")
    );
    // The span that holds the date decides, the others do not.
    let at = |day: &str| {
        proposed(&json!({
            "type": 1, "as_of": day,
            "controls": [{"id": "A", "criteria": ["CC6.1"], "spans": [
                {"from": "2026-01-01", "to": "2026-03-31", "design": "deficient"},
                {"from": "2026-04-01", "to": "2026-12-31"}
            ]}]
        }))
        .headline
    };
    assert_eq!((at("2026-03-31"), at("2026-04-01")), (QUALIFIED, CLEAN));
}
