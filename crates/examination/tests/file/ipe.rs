//! Completeness and accuracy on both databases: what stands in the way of acceptance and of selection,
//! and how an empty list becomes a proven zero.

use crate::support::*;
use examination::ipe::model::{
    CheckAnswer, Explanation, Outcome, Reconciliation, Representation, ZeroProof,
};
use examination::ipe::{rules, service};
use examination::model::PopulationId;

fn record(w: &World<'_>, rows: u64) -> PopulationId {
    let body = population("Leavers", rows, w.now());
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
    let input = Reconciliation {
        source: "the payroll".into(),
        opening,
        additions,
        removals,
        returns,
        lists: Vec::new(),
    };
    w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| service::reconcile(tx, e, p, id, &input))
        .unwrap();
}

/// Everything that people do but the reconciliation.
fn others(w: &World<'_>, id: PopulationId) {
    let made = retrieval(w.now());
    w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
        service::record_retrieval(tx, e, p, id, &made)?;
        for check in [1, 2, 8, 9] {
            let answer = CheckAnswer {
                outcome: Outcome::Pass,
                detail: "Ten items.".into(),
                evidence: Vec::new(),
            };
            service::answer_check(tx, e, p, id, check, &answer)?;
        }
        Ok(())
    })
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
        let told = state_refusal(judge(&w, id, true));
        assert!(told.contains("Check 9 is not done: no rows of it were traced"), "{told}");
        others(&w, id);
        judge(&w, id, true).unwrap();
        draw().unwrap();
        let file = w.papers().file;
        let known = w.papers().populations[&id].clone();
        let (_, states, version) =
            w.t.db.read_blocking(move |conn| service::standing(conn, file, &known)).unwrap();
        assert_eq!((states[10].outcome, version), (Outcome::Pass, 9));
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
        assert_eq!(operation(), None, "an empty list that nobody checked says nothing");
        let stated = |w: &World<'_>| {
            let proof = Some("The list is empty.");
            w.conclude_control(w.leavers, OperationState::NotOperated, proof)
        };
        let told = state_refusal(stated(&w));
        assert!(told.contains("“Leavers”") && told.contains("Prove the zero"), "{told}");
        assert!(state_refusal(judge(&w, id, true)).contains("Prove the zero"));
        let prove = || {
            let proof = ZeroProof { how: "The payroll has no end.".into(), evidence: Vec::new() };
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                service::prove_zero(tx, e, p, id, &proof)
            })
        };
        assert!(state_refusal(prove()).contains("An empty list alone proves nothing"));
        let made = retrieval(w.now());
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            service::record_retrieval(tx, e, p, id, &made)
        })
        .unwrap();
        assert!(state_refusal(prove()).contains("An empty list alone proves nothing"));
        reconcile(&w, id, [0, 0, 0, 0]);
        prove().unwrap();
        others(&w, id);
        judge(&w, id, true).unwrap();
        assert_eq!(operation(), Some(OperationState::NotOperated));
        stated(&w).unwrap();
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
        for check in [0, 4, 6, 10, 13, 14] {
            assert!(
                matches!(refused(answer(check, Outcome::Pass)), Refusal::Input { .. }),
                "{check}"
            );
        }
        assert!(matches!(refused(answer(8, Outcome::NotDone)), Refusal::Input { .. }));
        answer(8, Outcome::Fail).unwrap();
        assert!(state_refusal(judge(&w, id, true)).contains("Check 8 fails"));
        others(&w, id);
        // When the list was made is recorded now, and no answer says otherwise.
        for check in [3, 12] {
            assert!(matches!(refused(answer(check, Outcome::Pass)), Refusal::Input { .. }));
        }
        reconcile(&w, id, [5, 0, 0, 0]);
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
        let told = state_refusal(w.census(test, old, [5, 0, 0, 0]));
        assert!(told.contains("One worker was missing."), "a run over it is refused too: {told}");
        others(&w, later);
        reconcile(&w, later, [6, 0, 0, 0]);
        judge(&w, later, true).unwrap();
    });
}

/// Neither a sample nor a run over everything supports a conclusion while nobody has evaluated the
/// population: the refusal names it and what is missing. What was evaluated is part of what was signed.
#[test]
fn nothing_is_concluded_from_a_population_that_nobody_evaluated() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sampled = w.plan(w.leavers, "T-1", TestBasis::Judgemental);
        let counted = w.plan(w.changes, "T-2", TestBasis::Census);
        let id = record(&w, 10);
        let input = sample_input(sampled, id, w.now(), 1);
        let sample = w
            .run::<PerformTests, _>(&staff(), move |tx, e, p| {
                draw_sample(tx, e, p, &input, &mut |_| Ok(vec!["W-1".into()]))
            })
            .unwrap();
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            let passed = result("W-1", AttributeResult::Pass, AttributeResult::Pass);
            record_item(tx, e, p, sample, Expected::Any, &passed)
        })
        .unwrap();
        w.census(counted, id, [10, 0, 0, 0]).unwrap();
        let conclude = |control| w.conclude_control(control, OperationState::Effective, None);
        for control in [w.leavers, w.changes] {
            let told = state_refusal(conclude(control));
            for part in ["“Leavers”", "Check 8 is not done", "Check 10 is not done", "Check 13"]
            {
                assert!(told.contains(part), "{part}: {told}");
            }
            let papers = w.papers();
            assert!(store::proposal(&papers, control, DesignState::Suitable).unwrap().is_none());
        }
        // That it could not be examined may be said: that is what is missing.
        w.conclude_control(w.leavers, OperationState::Unable, None).unwrap();
        others(&w, id);
        reconcile(&w, id, [10, 0, 0, 0]);
        let told = state_refusal(conclude(w.leavers));
        assert!(told.contains("nobody has judged the population"), "{told}");
        judge(&w, id, true).unwrap();
        for control in [w.leavers, w.changes] {
            assert_eq!(conclude(control).unwrap(), Standing::Stands);
        }
        // What would open an accepted population again is not recorded beside the acceptance.
        let counts = Reconciliation {
            source: "the payroll".into(),
            opening: 11,
            additions: 0,
            removals: 0,
            returns: 0,
            lists: Vec::new(),
        };
        let later = w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            service::reconcile(tx, e, p, id, &counts)
        });
        let told = state_refusal(later);
        for part in
            ["was accepted as it was frozen", "fails by 1", "put it in the place of this one"]
        {
            assert!(told.contains(part), "{part}: {told}");
        }
        let stands = |control| w.papers().conclusion(About::Control { control }).unwrap().stands;
        assert_eq!(stands(w.leavers), Standing::Stands);
        // A second source that turns out to differ is a judgement anew, and voids what was concluded.
        let no =
            PopulationJudgement { accepted: false, reason: "The payroll has one more.".into() };
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            judge_population(tx, e, p, id, 2, &no)
        })
        .unwrap();
        reconcile(&w, id, [11, 0, 0, 0]);
        for control in [w.leavers, w.changes] {
            assert_eq!(stands(control), Standing::Void);
        }
    });
}

/// A representation stands in the place of a second source, and accuracy is still to be shown.
#[test]
fn where_no_second_source_exists_a_representation_lets_a_list_be_accepted_and_says_so() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let id = record(&w, 5);
        let made = retrieval(w.now());
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            service::record_retrieval(tx, e, p, id, &made)?;
            let letter = Representation {
                why: "The tool keeps no other list".into(),
                signed_by: "Dev Raman, compliance lead".into(),
                dated: "2026-01-10".into(),
                evidence: evidence_id(),
            };
            service::rely_on_representation(tx, e, p, id, &letter)
        })
        .unwrap();
        let told = state_refusal(judge(&w, id, true));
        assert!(told.contains("Check 9") && !told.contains("Check 10"), "{told}");
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            for check in [1, 2, 9] {
                let detail = "Five rows.".into();
                let answer = CheckAnswer { outcome: Outcome::Pass, detail, evidence: Vec::new() };
                service::answer_check(tx, e, p, id, check, &answer)?;
            }
            Ok(())
        })
        .unwrap();
        judge(&w, id, true).unwrap();
        let papers = w.papers();
        assert!(papers.unready(std::iter::once(id)).is_empty());
        let states = rules::of_population(&papers.populations[&id].body, &papers.ipe_of(id));
        assert!(
            rules::report_line(&states, &papers.ipe_of(id)).contains("No second source exists")
        );
    });
}

/// By what it covers: occurrences not before their period has closed, a capture not after the period under
/// examination, and nothing of which nobody says what it covers or where it came from.
#[test]
fn what_is_frozen_too_early_or_too_late_is_refused_with_the_date() {
    use examination::supplied::model::{Coverage, Origin};
    use populations::schema::Kind;
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let freeze = |coverage: Option<Coverage>, origin: Option<Origin>| {
            let dates = coverage.iter().filter(|c| c.kind == Kind::Capture);
            let speaks_for = dates.map(|c| c.to.to_string()).collect();
            let body =
                PopulationBody { coverage, origin, speaks_for, ..population("X", 5, w.now()) };
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                record_population(tx, e, p, &body)
            })
        };
        let of = |kind, to: &str| Some(Coverage { kind, to: to.parse().unwrap(), ..coverage() });
        let ours = || Some(Origin::Firm);
        let today = w.now().to_rfc3339()[..10].to_owned();
        let early = state_refusal(freeze(of(Kind::Events, &today), ours()));
        assert!(early.contains(&today) && early.contains("cannot be frozen yet"), "{early}");
        let late = state_refusal(freeze(of(Kind::Capture, &today), ours()));
        assert!(late.contains(&today) && late.contains("2025-12-31"), "{late}");
        let Refusal::Input { message, .. } = refused(freeze(None, ours())) else { panic!() };
        assert!(message.contains("Nothing says what"), "{message}");
        let nobody = refused(freeze(of(Kind::Events, "2025-12-31"), None));
        assert!(matches!(nobody, Refusal::Input { field: Some("origin"), .. }), "{nobody:?}");
        let stranger = evidence::model::EvidenceId::new(Timestamp(0), 99);
        let unknown = Some(Origin::Evidence { evidence: stranger });
        assert_eq!(refused(freeze(of(Kind::Events, "2025-12-31"), unknown)), Refusal::NotFound);
        freeze(of(Kind::Events, "2025-12-31"), ours()).unwrap();
        freeze(of(Kind::Capture, "2025-12-31"), ours()).unwrap();
    });
}

#[test]
fn a_list_is_not_reconciled_with_the_system_that_made_it() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let id = record(&w, 134);
        others(&w, id);
        let own = retrieval(w.now()).system;
        let refused = w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            let counts = Reconciliation {
                source: own.clone(),
                opening: 134,
                additions: 0,
                removals: 0,
                returns: 0,
                lists: Vec::new(),
            };
            service::reconcile(tx, e, p, id, &counts)
        });
        assert!(format!("{refused:?}").contains("source of the list itself"), "{refused:?}");
        // Nothing was written, so another source is taken.
        reconcile(&w, id, [120, 34, 21, 1]);
    });
}

/// Lists of one file that speak of the same people agree, or the count does not hold.
#[test]
fn a_count_is_held_against_the_list_of_what_it_counted() {
    use examination::ipe::model::{Count, Counted};
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let (roster, left, joined) = (record(&w, 134), w.freeze("Gone", 16), w.freeze("New", 34));
        let counted = |count, list| Counted { count, list, name: "Forged".into(), rows: 21 };
        let lists = vec![counted(Count::Additions, joined), counted(Count::Removals, left)];
        let sent = |id: PopulationId, lists: Vec<Counted>| {
            let input = Reconciliation {
                source: "the payroll".into(),
                opening: 120,
                additions: 34,
                removals: 21,
                returns: 1,
                lists,
            };
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                service::reconcile(tx, e, p, id, &input)
            })
        };
        // The list cannot bear out its own count, nor a list of another file any.
        let own = sent(roster, vec![counted(Count::Removals, roster)]);
        assert!(matches!(refused(own), Refusal::Input { field: Some("lists"), .. }));
        let alien = PopulationId::new(Timestamp(0), 77);
        let elsewhere = sent(roster, vec![counted(Count::Removals, alien)]);
        assert!(matches!(refused(elsewhere), Refusal::NotFound));
        sent(roster, lists).unwrap();
        // The sum comes out, and the list of who left contradicts it.
        let told = state_refusal(judge(&w, roster, true));
        assert!(told.contains("21 went out, and the list \u{201c}Gone\u{201d} has 16."), "{told}");
        assert!(!told.contains("\u{201c}New\u{201d} has"), "{told}");
        explain(&w, roster, 10, "").unwrap();
        let told = state_refusal(judge(&w, roster, true));
        assert!(!told.contains("Gone"), "explained: {told}");
    });
}
