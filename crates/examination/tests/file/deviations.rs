//! The worked examples on deviations: (a) to (g) of section 3.8, markers, the second signer, the
//! organisation's statement, and what stays out of an upper limit.

use crate::support::*;
use examination::deviations::model::Answer;
use examination::deviations::permits::{AskStatement, GiveStatement, ReadStatements, SecondNature};
use examination::deviations::rules::{
    Counts, Kind, Record, is_softer, markers, persistence, proposed,
};
use examination::deviations::service::{
    ask_statement, give_statement, markers_of, nature_of, second_nature,
};
use examination::deviations::store as stored;
use examination::model::{DeviationId, PopulationId, SampleId};
use examination::rules::deviation::{TestFacts, TestState, decide_test};
use examination::rules::frequency::{Risk, RiskFactor, risk_with};

/// A sample of `n` items of which the first `k` deviate.
fn tested(w: &World<'_>, basis: TestBasis, n: usize, k: usize) -> SampleId {
    let test = w.plan(w.leavers, "T-1", basis);
    let population = w.freeze("Leavers", 400);
    let items: Vec<String> = (1..=n).map(|i| format!("W-{i}")).collect();
    let (input, drawn) = (sample_input(test, population, w.now(), n), items.clone());
    let sample = w
        .run::<PerformTests, _>(&staff(), move |tx, e, p| {
            draw_sample(tx, e, p, &input, &mut |_| Ok(drawn.clone()))
        })
        .unwrap();
    for (i, item) in items.iter().enumerate() {
        let a = if i < k { AttributeResult::Deviation } else { AttributeResult::Pass };
        let entry = result(item, a, AttributeResult::Pass);
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            record_item(tx, e, p, sample, Expected::Any, &entry)
        })
        .unwrap();
    }
    sample
}

fn stated(w: &World<'_>, sample: SampleId, item: &str, body: DeviationBody) -> DeviationId {
    let source = DeviationSource::Sample { sample, items: vec![item.to_owned()] };
    let input = DeviationInput { source, body };
    w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_deviation(tx, e, p, &input)).unwrap()
}

fn body(cause: &str, from: &str, more: Particulars) -> DeviationBody {
    DeviationBody {
        cause: cause.into(),
        from: Some(from.into()),
        to: Some(from.into()),
        more,
        ..deviation_body(Nature::Isolated)
    }
}

#[test]
fn a_d_e_a_deviation_is_never_netted_off_nor_erased_by_a_late_act_another_control_or_a_correction()
{
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = tested(&w, TestBasis::Judgemental, 5, 1);
        let count = |w: &World<'_>| {
            let papers = w.papers();
            papers.test_result(&papers.tests[0]).deviations
        };
        assert_eq!(count(&w), 1);
        let late = body("The ticket was forgotten.", "2025-03-01", Particulars::default());
        let id = stated(&w, sample, "W-1", late.clone());
        let control = w.changes;
        let mended = DeviationBody {
            mitigating: "The quarterly review found it.".into(),
            correction: "Access was ended.".into(),
            more: Particulars {
                mitigating_control: Some(control),
                corrected_on: Some("2025-03-02".into()),
                ..Particulars::default()
            },
            ..late
        };
        let early = DeviationBody {
            more: Particulars { corrected_on: Some("2025-02-01".into()), ..mended.more.clone() },
            ..mended.clone()
        };
        let update = |body: DeviationBody| {
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                update_deviation(tx, e, p, id, 1, &body, "The review came in.")
            })
        };
        assert!(refused(update(early)).to_string().contains("before it began"));
        update(mended).unwrap();
        assert_eq!(count(&w), 1, "putting it right takes nothing away");
        let pass = result("W-1", AttributeResult::Pass, AttributeResult::Pass);
        let erased = w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            record_item(tx, e, p, sample, Expected::Any, &pass)
        });
        assert!(state_refusal(erased).contains("deviations are not taken away"));
        let proposal = examination::store::proposal(&w.papers(), w.leavers, DesignState::Suitable);
        assert_eq!(proposal.unwrap().unwrap().operation, Some(OperationState::Ineffective));
    });
}

#[test]
fn b_an_anomaly_needs_proof_that_it_cannot_recur_elsewhere() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = tested(&w, TestBasis::Judgemental, 5, 1);
        let claim = |others: &str| Particulars {
            anomaly_proof: "A leap second on one host.".into(),
            others_checked: others.into(),
            ..Particulars::default()
        };
        let source = DeviationSource::Sample { sample, items: vec!["W-1".into()] };
        let bare = DeviationInput { source, body: body("Clock.", "2025-03-01", claim("")) };
        let refusal =
            refused(w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                record_deviation(tx, e, p, &bare)
            }));
        assert!(matches!(refusal, Refusal::Input { field: Some("others_checked"), .. }));
        stated(&w, sample, "W-1", body("Clock.", "2025-03-01", claim("All 12 hosts: none.")));
    });
}

#[test]
fn c_markers_are_computed_and_a_softer_nature_needs_a_reason_and_a_second_signer() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = tested(&w, TestBasis::Judgemental, 10, 2);
        let one = stated(&w, sample, "W-1", body("Rota.", "2025-03-01", Particulars::default()));
        let alone = w.papers();
        let found = markers_of(&alone, &alone.deviations[0]);
        // One slip is no pattern; that two of ten items deviate is told whether or not both are written down.
        let kinds: Vec<Kind> = found.iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [Kind::Rate], "{found:?}");
        stated(&w, sample, "W-2", body(" rota ", "2025-03-20", Particulars::default()));
        let papers = w.papers();
        let kinds: Vec<Kind> =
            markers_of(&papers, &papers.deviations[0]).iter().map(|m| m.kind).collect();
        assert_eq!(kinds, [Kind::SameCause, Kind::Concentration, Kind::Rate]);
        let standing = nature_of(&papers, &papers.deviations[0]);
        assert!(standing.proposed == Nature::Systematic && standing.softer && standing.open);
        let told = state_refusal(w.conclude_control(w.leavers, OperationState::Ineffective, None));
        assert!(told.contains("needs a reason and a second signer"), "{told}");
        let sign = |who: &Actor, id: DeviationId, version: i64| {
            w.run::<SecondNature, _>(who, move |tx, e, p| {
                second_nature(tx, e, p, id, version, "Two different shifts.")
            })
        };
        assert!(state_refusal(sign(&partner(), one, 1)).contains("No reason is recorded"));
        let two = papers.deviations[1].id;
        for id in [one, two] {
            let reasoned = body(
                "Rota.",
                "2025-03-01",
                Particulars {
                    nature_reason: "Two unrelated slips.".into(),
                    ..Particulars::default()
                },
            );
            w.run::<PerformTests, _>(&manager(), move |tx, e, p| {
                update_deviation(tx, e, p, id, 1, &reasoned, "Weighed.")
            })
            .unwrap();
            assert!(state_refusal(sign(&manager(), id, 2)).contains("Another person"));
            assert!(matches!(refused(sign(&partner(), id, 1)), Refusal::Stale { .. }));
            sign(&partner(), id, 2).unwrap();
        }
        w.conclude_control(w.leavers, OperationState::Ineffective, None).unwrap();
        // Another reason needs another signature.
        let other = body(
            "Rota.",
            "2025-03-01",
            Particulars { nature_reason: "On second thoughts.".into(), ..Particulars::default() },
        );
        w.run::<PerformTests, _>(&manager(), move |tx, e, p| {
            update_deviation(tx, e, p, one, 2, &other, "Said better.")
        })
        .unwrap();
        let papers = w.papers();
        assert!(nature_of(&papers, &papers.deviations[0]).open);
    });
}

/// That nothing happened is proven before a list without rows is accepted; see the tests of the checks.
#[test]
fn f_an_occasion_that_did_not_arise_is_neither_effective_nor_failed() {
    let empty = |complete| TestFacts {
        population: Some(0),
        population_complete: complete,
        ..TestFacts::default()
    };
    assert_eq!(decide_test(&empty(Some(true))).unwrap().state, TestState::NotOperated);
    assert_eq!(decide_test(&empty(None)).unwrap().state, TestState::Unable);
}

#[test]
fn a_control_with_a_deviation_had_its_occasion() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = tested(&w, TestBasis::Judgemental, 5, 1);
        stated(&w, sample, "W-1", body("Rota.", "2025-03-01", Particulars::default()));
        let proof = Some("A list without rows.");
        let told = refused(w.conclude_control(w.leavers, OperationState::NotOperated, proof));
        assert!(matches!(told, Refusal::Input { field: Some("operation"), .. }), "{told}");
        assert!(told.to_string().contains("its occasion did arise"), "{told}");
    });
}

#[test]
fn a_systematic_cause_is_followed_through_its_stratum_or_a_person_says_why_not() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = tested(&w, TestBasis::Judgemental, 5, 1);
        let with = |others: &str| {
            let others_checked = others.to_owned();
            let more = Particulars { others_checked, ..Particulars::default() };
            DeviationBody { nature: Nature::Systematic, ..body("Rota.", "2025-03-01", more) }
        };
        let id = stated(&w, sample, "W-1", with(""));
        let conclude = || w.conclude_control(w.leavers, OperationState::Ineffective, None);
        let told = state_refusal(conclude());
        assert!(told.contains("test the whole stratum in which it lies"), "{told}");
        // A run that the deviating item is no part of is another stratum, and so is one of another list.
        let other = w.freeze("Workers", 400);
        let population = w.papers().samples[&w.papers().tests[0].id][0].body.population.unwrap();
        run_of(&w, population, &["W-90", "W-91"]);
        assert_eq!(state_refusal(conclude()), told);
        run_of(&w, other, &["W-1", "W-92"]);
        assert_eq!(state_refusal(conclude()), told);
        let said = with("Every leaver of March was looked at: no other.");
        w.run::<PerformTests, _>(&manager(), move |tx, e, p| {
            update_deviation(tx, e, p, id, 1, &said, "Looked further.")
        })
        .unwrap();
        conclude().unwrap();
    });
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = tested(&w, TestBasis::Judgemental, 5, 1);
        let systematic = DeviationBody {
            nature: Nature::Systematic,
            ..body("Rota.", "2025-03-01", Particulars::default())
        };
        stated(&w, sample, "W-1", systematic);
        let population = *w.papers().populations.keys().next().unwrap();
        run_of(&w, population, &["W-1", "W-93"]);
        w.conclude_control(w.leavers, OperationState::Ineffective, None).unwrap();
    });
}

/// Takes a run of items as a sheet of its own and tests each.
fn run_of(w: &World<'_>, population: PopulationId, items: &[&str]) -> SampleId {
    let test = w.papers().tests[0].id;
    let input = SampleInput {
        method: SelectionMethod::Block,
        named: items.iter().map(|i| (*i).to_owned()).collect(),
        reason: "The weeks after the move.".into(),
        ..sample_input(test, population, w.now(), items.len())
    };
    let run = w
        .run::<PerformTests, _>(&staff(), move |tx, e, p| {
            draw_sample(tx, e, p, &input, &mut |_| Ok(Vec::new()))
        })
        .unwrap();
    for item in items {
        let entry = result(item, AttributeResult::Pass, AttributeResult::Pass);
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            record_item(tx, e, p, run, Expected::Any, &entry)
        })
        .unwrap();
    }
    run
}

const FEW: Counts = Counts { tested: 40, deviating: 1, undetermined: 0 };

#[test]
fn the_marker_of_the_rate_tells_what_was_seen_from_what_could_not_be_examined() {
    let body = body("Forgotten.", "2025-03-01", Particulars::default());
    let this = Record { body: &body, items: 1 };
    let with = |deviating, undetermined| {
        let counts = Counts { tested: 40, deviating, undetermined };
        let found = markers(this, &[this], counts, None);
        found.into_iter().find(|m| m.kind == Kind::Rate).map(|m| m.reason)
    };
    assert_eq!(with(4, 0), None, "4 of 40 are ten in a hundred, and not more");
    let seen = with(5, 0).unwrap();
    assert_eq!(seen, "5 of 40 tested items deviated, more than 10 in a hundred.");
    let both = with(3, 2).unwrap();
    assert!(both.contains("3 were seen to deviate and 2 could not be examined"), "{both}");
    assert!(both.contains("5 together"), "{both}");
}

#[test]
fn g_a_deviation_of_the_period_before_raises_the_risk_and_marks_a_new_one() {
    assert_ne!(risk_with(Risk::Normal, &[RiskFactor::PriorDeviation]), Risk::Normal);
    let again =
        Particulars { prior_period: "Two leavers in 2024.".into(), ..Particulars::default() };
    let body = body("Forgotten.", "2025-03-01", again);
    let this = Record { body: &body, items: 1 };
    let found = markers(this, &[this], FEW, None);
    assert_eq!(found.iter().map(|m| m.kind).collect::<Vec<_>>(), [Kind::Persistence]);
    assert_eq!(proposed(&found), Nature::Systematic);
    // What the file of the engagement before holds is a marker too, whatever was written here.
    assert_eq!(persistence(0), None);
    let before = persistence(1).unwrap();
    assert_eq!(before.kind, Kind::Persistence);
    assert!(before.reason.contains("in an earlier engagement"), "{}", before.reason);
    assert_eq!(proposed(&[before]), Nature::Systematic);
    let designed = Particulars { design: true, ..Particulars::default() };
    let body = DeviationBody { more: designed, ..body };
    let this = Record { body: &body, items: 1 };
    assert_eq!(markers(this, &[this], FEW, None)[0].kind, Kind::Design);
    assert!(is_softer(Nature::Isolated, Nature::Systematic));
    assert!(!is_softer(Nature::Intentional, Nature::Systematic));
}

#[test]
fn items_named_on_purpose_stay_out_of_the_upper_limit() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        tested(&w, TestBasis::Judgemental, 5, 0);
        let test = w.papers().tests[0].id;
        let population = *w.papers().populations.keys().next().unwrap();
        let input = SampleInput {
            method: SelectionMethod::Block,
            named: vec!["W-90".into(), "W-91".into()],
            reason: "The two weeks after the move.".into(),
            ..sample_input(test, population, w.now(), 2)
        };
        let block = w
            .run::<PerformTests, _>(&staff(), move |tx, e, p| {
                draw_sample(tx, e, p, &input, &mut |_| Ok(Vec::new()))
            })
            .unwrap();
        for item in ["W-90", "W-91"] {
            let entry = result(item, AttributeResult::Deviation, AttributeResult::Pass);
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                record_item(tx, e, p, block, Expected::Any, &entry)
            })
            .unwrap();
        }
        let facts = w.papers().evidence_for(w.leavers).facts;
        assert_eq!(facts.len(), 2, "the block is a test of its own");
        // The report tells a rate of the sample alone, and the block beside it.
        let papers = w.papers();
        let line = papers.test_result(&papers.tests[0]);
        assert_eq!((line.n, line.deviations), (Some(5), 0));
        assert_eq!((line.named, line.named_deviations), (2, 2));
        let beside = "and for 2 further terminated workers selected as every item of a stated run,";
        assert!(
            line.text.contains("a sample of 5 of") && line.text.contains(beside),
            "{}",
            line.text
        );
        let said = "for 2 of 2 further terminated workers selected as every item of a stated run";
        assert!(line.result.starts_with("Exception noted: "), "{}", line.result);
        assert!(line.result.contains(said), "{}", line.result);
        assert!(line.result.contains("None of the 5 terminated workers sampled deviated"));
        assert_eq!((facts[0].items.len(), facts[1].items.len()), (5, 2));
        assert_eq!(facts[1].basis, Some(TestBasis::Judgemental));
    });
}

#[test]
fn a_statement_is_the_organisations_own_and_tells_it_nothing_that_was_not_released() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = tested(&w, TestBasis::Judgemental, 5, 1);
        let id = stated(&w, sample, "W-1", body("Rota.", "2025-03-01", Particulars::default()));
        let asked = w
            .run::<AskStatement, _>(&manager(), move |tx, e, p| {
                ask_statement(tx, e, p, id, "One leaver kept access for 30 hours.", "2026-02-01")
            })
            .unwrap();
        let subject = asked.to_string();
        let told = t.db.read_blocking(move |c| platform::journal::history(c, &subject)).unwrap();
        let (entry, _, payload) = &told[0];
        assert_eq!(entry.log, party(ORGANISATION));
        let text = String::from_utf8(payload.clone().unwrap()).unwrap();
        for hidden in [id.to_string(), sample.to_string(), "isolated".into(), "W-1".into()] {
            assert!(!text.contains(&hidden), "{hidden} in {text}");
        }
        let answer = Answer {
            agrees: false,
            text: "It was 26 hours.".into(),
            correction: "The rota is checked weekly.".into(),
            corrected_on: Some("2025-05-04".into()),
        };
        let given = answer.clone();
        w.run::<GiveStatement, _>(&lead(), move |tx, e, p| {
            give_statement(tx, e, p, asked, 1, &given)
        })
        .unwrap();
        let file = w.papers().file;
        let about = t.db.read_blocking(move |c| stored::statements_about(c, file, id)).unwrap();
        assert_eq!(about[0].answer.as_ref(), Some(&answer));
        // The firm never writes in the organisation's name, and the organisation never asks.
        assert_eq!(
            authorize::<GiveStatement>(&manager(), &w.facts).unwrap_err(),
            Refusal::NotFound
        );
        assert_eq!(authorize::<AskStatement>(&lead(), &w.facts).unwrap_err(), Refusal::NotFound);
        assert_eq!(authorize::<SecondNature>(&lead(), &w.facts).unwrap_err(), Refusal::NotFound);
        assert!(authorize::<ReadStatements>(&lead(), &w.facts).is_ok());
        let empty = Answer { text: " ".into(), ..answer };
        let refusal = refused(w.run::<GiveStatement, _>(&lead(), move |tx, e, p| {
            give_statement(tx, e, p, asked, 2, &empty)
        }));
        assert!(matches!(refusal, Refusal::Input { field: Some("text"), .. }));
    });
}
