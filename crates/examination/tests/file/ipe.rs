//! Completeness and accuracy on both databases: what stands in the way of acceptance and of selection,
//! and how an empty list becomes a proven zero.

use crate::support::*;
use examination::ipe::model::{
    CheckAnswer, Explanation, Generator, Outcome, Reconciliation, Representation, Retrieval,
    ZeroProof,
};
use examination::ipe::{rules, service};
use examination::model::PopulationId;

fn checks() -> serde_json::Value {
    let outcome = |n: u8| if matches!(n, 8 | 9 | 10 | 13) { "not-applicable" } else { "pass" };
    let check = |n: u8| serde_json::json!({ "number": n, "id": format!("check_{n}"), "outcome": outcome(n), "detail": "Looked at." });
    (0..14).map(check).collect()
}

fn record(w: &World<'_>, rows: u64) -> PopulationId {
    let body = PopulationBody { checks: checks(), ..population("Leavers", rows, w.now()) };
    w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| record_population(tx, e, p, &body))
        .unwrap()
}

fn judge(w: &World<'_>, id: PopulationId, accepted: bool) -> Result<()> {
    let judgement = PopulationJudgement { accepted, reason: "Looked at everything.".into() };
    w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
        judge_population(tx, e, p, id, 1, &judgement)
    })
}

fn reconcile(w: &World<'_>, id: PopulationId, counts: [u64; 4]) {
    let [opening, additions, removals, returns] = counts;
    let input =
        Reconciliation { source: "the payroll".into(), opening, additions, removals, returns };
    w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| service::reconcile(tx, e, p, id, &input))
        .unwrap();
}

fn explain(w: &World<'_>, id: PopulationId, check: u8, item: &str) -> Result<()> {
    let input = Explanation {
        check,
        item: item.into(),
        reason: "One worker was hired and left on one day.".into(),
        evidence: vec![evidence_id()],
    };
    w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| service::explain(tx, e, p, id, &input))
}

fn retrieval(w: &World<'_>) -> Retrieval {
    Retrieval {
        system: "HR system".into(),
        generator: Generator::Script,
        query: "select * from workers where end_date between '2025-01-01' and '2025-12-31'".into(),
        parameters: "Europe/London".into(),
        made_by: "Mei Tanaka".into(),
        made_at: w.now(),
        output_sha256: Some(digest("output")),
        observed: true,
        operates_control: true,
    }
}

#[test]
fn a_list_that_does_not_reconcile_is_neither_accepted_nor_selected_from() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Judgemental);
        let id = record(&w, 133);
        reconcile(&w, id, [120, 34, 21, 1]);
        let told = state_refusal(judge(&w, id, true));
        assert!(told.contains("it fails by 1"), "{told}");
        let draw = || {
            let input = sample_input(test, id, w.now(), 2);
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                draw_sample(tx, e, p, &input, &mut |_| Ok(vec!["W-1".into(), "W-2".into()]))
            })
        };
        assert!(state_refusal(draw()).contains("does not reconcile"));
        assert!(state_refusal(explain(&w, id, 4, "")).contains("needs no explanation"));
        explain(&w, id, 10, "").unwrap();
        assert!(state_refusal(explain(&w, id, 10, "")).contains("has one already"));
        // Another comparison opens the question again.
        reconcile(&w, id, [120, 35, 21, 1]);
        assert!(state_refusal(judge(&w, id, true)).contains("it fails by 2"));
        reconcile(&w, id, [120, 33, 21, 1]);
        judge(&w, id, true).unwrap();
        draw().unwrap();
        let file = w.papers().file;
        let known = w.papers().populations[&id].clone();
        let (_, states, version) =
            w.t.db.read_blocking(move |conn| service::standing(conn, file, &known)).unwrap();
        assert_eq!((states[10].outcome, version), (Outcome::Pass, 4));
    });
}

#[test]
fn nothing_is_selected_from_a_population_that_was_not_accepted() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Judgemental);
        let id = record(&w, 10);
        judge(&w, id, false).unwrap();
        let input = sample_input(test, id, w.now(), 1);
        let drawn = w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            draw_sample(tx, e, p, &input, &mut |_| Ok(vec!["W-1".into()]))
        });
        assert!(state_refusal(drawn).contains("not complete and accurate"));
    });
}

#[test]
fn an_empty_list_says_that_a_control_did_not_operate_only_when_the_zero_is_proven() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let id = record(&w, 0);
        w.census(test, id, [0, 0, 0, 0]).unwrap();
        let operation = || {
            let papers = w.papers();
            let found = store::proposal(&papers, w.leavers, DesignState::Suitable).unwrap();
            found.and_then(|found| found.operation)
        };
        assert_eq!(operation(), Some(OperationState::Unable));
        assert!(state_refusal(judge(&w, id, true)).contains("Prove the zero"));
        let prove = || {
            let proof = ZeroProof { how: "The payroll has no end.".into(), evidence: Vec::new() };
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                service::prove_zero(tx, e, p, id, &proof)
            })
        };
        assert!(state_refusal(prove()).contains("An empty list alone proves nothing"));
        let made = retrieval(&w);
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            service::record_retrieval(tx, e, p, id, &made)
        })
        .unwrap();
        assert!(state_refusal(prove()).contains("An empty list alone proves nothing"));
        reconcile(&w, id, [0, 0, 0, 0]);
        prove().unwrap();
        judge(&w, id, true).unwrap();
        assert_eq!(operation(), Some(OperationState::NotOperated));
    });
}

#[test]
fn a_representation_stands_only_where_there_is_no_second_source() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let id = record(&w, 5);
        let rely = |evidence| {
            let input = Representation {
                why: "The tool keeps no other list".into(),
                signed_by: "Dev Raman, compliance lead".into(),
                dated: "2026-01-10".into(),
                evidence,
            };
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                service::rely_on_representation(tx, e, p, id, &input)
            })
        };
        let stranger = evidence::model::EvidenceId::new(Timestamp(0), 99);
        assert!(matches!(refused(rely(stranger)), Refusal::NotFound));
        rely(evidence_id()).unwrap();
        let file = w.papers().file;
        let known = w.papers().populations[&id].clone();
        let (ipe, states, _) =
            w.t.db.read_blocking(move |conn| service::standing(conn, file, &known)).unwrap();
        assert!(rules::report_line(&states, &ipe).contains("No second source exists"));
        reconcile(&w, id, [5, 0, 0, 0]);
        assert!(state_refusal(rely(evidence_id())).contains("second source"));
    });
}

#[test]
fn a_person_answers_only_what_no_file_can_answer() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let id = record(&w, 5);
        let answer = |check, outcome| {
            let input = CheckAnswer { outcome, detail: "Ten items.".into(), evidence: Vec::new() };
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                service::answer_check(tx, e, p, id, check, &input)
            })
        };
        for check in [0, 1, 4, 6, 10, 13, 14] {
            assert!(
                matches!(refused(answer(check, Outcome::Pass)), Refusal::Input { .. }),
                "{check}"
            );
        }
        assert!(matches!(refused(answer(8, Outcome::NotDone)), Refusal::Input { .. }));
        answer(8, Outcome::Fail).unwrap();
        assert!(state_refusal(judge(&w, id, true)).contains("Check 8 fails"));
        answer(8, Outcome::Pass).unwrap();
        judge(&w, id, true).unwrap();
        // The organisation records nothing here.
        assert!(authorize::<KeepPopulations>(&lead(), &w.facts).is_err());
    });
}

#[test]
fn a_corrected_list_takes_the_place_of_a_population_and_says_why() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Judgemental);
        let old = record(&w, 5);
        let later = record(&w, 6);
        let replace = |old, new, why: &str| {
            let input = examination::ipe::model::Superseded { new, why: why.into() };
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                service::supersede(tx, e, p, old, &input)
            })
        };
        assert!(matches!(refused(replace(later, old, "Wrong way.")), Refusal::Input { .. }));
        assert!(matches!(refused(replace(old, later, " ")), Refusal::Input { .. }));
        replace(old, later, "One worker was missing.").unwrap();
        assert!(state_refusal(replace(old, later, "Again.")).contains("already stands"));
        assert!(state_refusal(judge(&w, old, true)).contains("One worker was missing."));
        let input = sample_input(test, old, w.now(), 1);
        let drawn = w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            draw_sample(tx, e, p, &input, &mut |_| Ok(vec!["W-1".into()]))
        });
        assert!(state_refusal(drawn).contains("One worker was missing."));
        judge(&w, later, true).unwrap();
    });
}
