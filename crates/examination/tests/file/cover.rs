//! Lists that cover only a part of the period: what is proposed, what is refused, how several lists join.

use crate::support::*;
use examination::model::PopulationId;
use examination::rules::span::Span;
use examination::spans::model::ControlSpan;
use examination::spans::service::{SpanInput, conclude_spans, state_spans};

fn date(text: &str) -> kernel::period::Date {
    kernel::period::parse_date(text).unwrap()
}

fn days(from: &str, to: &str) -> Span {
    Span::new(date(from), date(to)).unwrap()
}

/// An accepted list of these days.
fn list(w: &World<'_>, name: &str, rows: u64, (from, to): (&str, &str)) -> PopulationId {
    let mut body = population(name, rows, w.now());
    let mut covers = coverage();
    (covers.from, covers.to) = (date(from), date(to));
    body.coverage = Some(covers);
    let yes = PopulationJudgement { accepted: true, reason: "Totals agree.".into() };
    w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
        let id = record_population(tx, e, p, &body)?;
        evaluated(tx, e, p, id, rows)?;
        judge_population(tx, e, p, id, 1, &yes)?;
        Ok(id)
    })
    .unwrap()
}

/// A run over such a list.
fn run(
    w: &World<'_>,
    test: TestId,
    of: PopulationId,
    counts: [u64; 4],
) -> examination::model::CensusId {
    let mut input = census_input(test, of, counts);
    let name = w.papers().populations[&of].body.name.clone();
    input.body.populations[0].canonical_sha256 = digest(&name);
    w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_census(tx, e, p, &input)).unwrap()
}

const FIRST: (&str, &str) = ("2025-01-01", "2025-03-31");
const REST: (&str, &str) = ("2025-04-01", "2025-12-31");
const GAP: &str = "2025-04-01 to 2025-12-31 (275 days)";

fn proposed(w: &World<'_>) -> Option<OperationState> {
    let found = store::proposal(&w.papers(), w.leavers, DesignState::Suitable).unwrap();
    found.and_then(|found| found.operation)
}

#[test]
fn a_control_is_not_said_to_have_operated_on_days_that_no_list_covers() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let quarter = list(&w, "First quarter", 12, FIRST);
        run(&w, test, quarter, [12, 0, 0, 0]);
        assert_eq!(proposed(&w), Some(OperationState::Unable));
        for claimed in [OperationState::Effective, OperationState::EffectiveWithDeviations] {
            let told = state_refusal(w.conclude_control(w.leavers, claimed, None));
            assert!(told.contains(GAP) && told.contains("“First quarter”"), "{told}");
        }
        let none = w.conclude_control(w.leavers, OperationState::NotOperated, Some("No leaver."));
        assert!(state_refusal(none).contains(GAP));
        // It is printed wherever somebody reads how the control was tested.
        let papers = w.papers();
        let control = papers.control(w.leavers).unwrap().clone();
        let result = papers.control_result(&control);
        assert_eq!(result.uncovered[0].days, [days(REST.0, REST.1)]);
        assert!(result.open.iter().any(|line| line.contains(GAP)), "{:?}", result.open);
        assert!(result.tests[0].information[0].contains(GAP));
        let paper =
            w.t.db
                .read_blocking(move |conn| store::control_paper(conn, &papers, &control))
                .unwrap();
        assert_eq!(paper.uncovered, result.uncovered);
        // That it could not be examined throughout may be said.
        let unable = w.conclude_control(w.leavers, OperationState::Unable, None).unwrap();
        assert_eq!(unable, Standing::Stands);
        // The remaining days, tested for the same: the lists join.
        let other = w.plan(w.leavers, "T-2", TestBasis::Census);
        let rest = list(&w, "The rest", 30, REST);
        assert_eq!(proposed(&w), Some(OperationState::Unable), "frozen is not tested");
        run(&w, other, rest, [30, 0, 0, 0]);
        assert_eq!(proposed(&w), Some(OperationState::Effective));
        assert!(w.papers().uncovered(w.leavers).is_empty());
        w.conclude_control(w.leavers, OperationState::Effective, None).unwrap();
    });
}

#[test]
fn days_of_which_another_attribute_was_tested_stay_uncovered() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let first = w.plan(w.leavers, "T-1", TestBasis::Census);
        let mut other = test_plan(w.leavers, "T-2", TestBasis::Census);
        other.attributes[0].text = "the equipment was returned".into();
        let second = w
            .run::<PlanTests, _>(&manager(), move |tx, e, p| plan_test(tx, e, p, None, &other))
            .unwrap();
        run(&w, first, list(&w, "First quarter", 12, FIRST), [12, 0, 0, 0]);
        run(&w, second, list(&w, "The rest", 30, REST), [30, 0, 0, 0]);
        let left = w.papers().uncovered(w.leavers);
        assert_eq!(left.len(), 2);
        let of = |code: &str| left.iter().find(|u| u.tests == [code]).unwrap().days.clone();
        assert_eq!(of("T-1"), [days(REST.0, REST.1)]);
        assert_eq!(of("T-2"), [days(FIRST.0, FIRST.1)]);
        assert_eq!(proposed(&w), Some(OperationState::Unable));
    });
}

#[test]
fn a_failure_found_in_a_part_of_the_period_is_a_failure() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let quarter = list(&w, "First quarter", 12, FIRST);
        let census = run(&w, test, quarter, [10, 2, 0, 0]);
        let found = DeviationInput {
            source: DeviationSource::Census { census, keys: None, outcome: RowOutcome::Exception },
            body: deviation_body(Nature::Systematic),
        };
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_deviation(tx, e, p, &found))
            .unwrap();
        assert_eq!(proposed(&w), Some(OperationState::Ineffective));
        w.conclude_control(w.leavers, OperationState::Ineffective, None).unwrap();
    });
}

#[test]
fn of_a_control_that_changed_each_stretch_is_covered_by_its_own_lists() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let first = w.plan(w.leavers, "T-1", TestBasis::Census);
        let second = w.plan(w.leavers, "T-2", TestBasis::Census);
        run(&w, first, list(&w, "First quarter", 12, FIRST), [12, 0, 0, 0]);
        let short = list(&w, "Nearly the rest", 30, ("2025-04-01", "2025-12-30"));
        run(&w, second, short, [30, 0, 0, 0]);
        let control = w.leavers;
        let span = |(from, to): (&str, &str), test| ControlSpan {
            days: days(from, to),
            what: "As it was then".into(),
            tests: vec![test],
        };
        let spans = vec![span(FIRST, first), span(REST, second)];
        w.run::<PlanTests, _>(&manager(), move |tx, e, p| {
            state_spans(tx, e, p, 0, control, (&spans, "The ticket of the change."))
        })
        .unwrap();
        let conclude = || {
            let one = SpanInput {
                design: DesignState::Suitable,
                operation: OperationState::Effective,
                reason: "As tested.".into(),
            };
            let inputs = [one.clone(), one];
            w.run::<ConcludeControl, _>(&manager(), move |tx, e, p| {
                conclude_spans(tx, e, p, Expected::Any, control, (&inputs, "Both stretches."))
            })
        };
        let told = state_refusal(conclude());
        assert!(told.contains("leaves out 2025-12-31"), "{told}");
        run(&w, second, list(&w, "The rest", 31, REST), [31, 0, 0, 0]);
        assert_eq!(conclude().unwrap(), Standing::Stands);
    });
}

#[test]
fn samples_of_several_lists_are_pooled_for_a_limit_only_in_their_shares() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let mut plan = test_plan(w.leavers, "T-1", TestBasis::Statistical);
        (plan.confidence, plan.tolerable) =
            (Some("90%".parse().unwrap()), Some("10%".parse().unwrap()));
        let test = w
            .run::<PlanTests, _>(&manager(), move |tx, e, p| plan_test(tx, e, p, None, &plan))
            .unwrap();
        let draw = |from: PopulationId, prefix: &'static str, size: usize| {
            let input = sample_input(test, from, w.now(), size);
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                let ids = (1..=size).map(|n| format!("{prefix}-{n}")).collect::<Vec<_>>();
                draw_sample(tx, e, p, &input, &mut |_| Ok(ids.clone()))
            })
            .unwrap()
        };
        let quarter = list(&w, "First quarter", 100, FIRST);
        let rest = list(&w, "The rest", 300, REST);
        let pass = |sample, prefix: &'static str, size: usize| {
            for n in 1..=size {
                let ok = AttributeResult::Pass;
                let input = result(&format!("{prefix}-{n}"), ok, ok);
                w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                    record_item(tx, e, p, sample, Expected::Any, &input)
                })
                .unwrap();
            }
        };
        pass(draw(quarter, "Q", 3), "Q", 3);
        pass(draw(rest, "R", 3), "R", 3);
        let facts = w.papers().evidence_for(w.leavers).facts;
        assert_eq!(facts[0].population, Some(400));
        assert_eq!(facts[0].basis, Some(TestBasis::Judgemental), "3 of 100 and 3 of 300");
        pass(draw(rest, "S", 6), "S", 6);
        let facts = w.papers().evidence_for(w.leavers).facts;
        assert_eq!(facts[0].basis, Some(TestBasis::Statistical), "3 of 100 and 9 of 300");
        assert!(w.papers().uncovered(w.leavers).is_empty());
    });
}

#[test]
fn a_sample_drawn_before_the_checks_of_its_list_says_so_for_good() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Judgemental);
        let body = population("Leavers", 10, w.now());
        let id = w
            .run::<KeepPopulations, _>(&staff(), move |tx, e, p| record_population(tx, e, p, &body))
            .unwrap();
        let draw = || {
            let mut input = sample_input(test, id, w.now(), 1);
            // What the caller says of it is not believed.
            input.notes.before_checks = vec!["Nothing at all.".into()];
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                draw_sample(tx, e, p, &input, &mut |_| Ok(vec!["W-1".into()]))
            })
            .unwrap()
        };
        let of = |sample| {
            let papers = w.papers();
            let found = papers.samples[&test].iter().find(|s| s.id == sample).unwrap();
            found.body.notes.before_checks.clone()
        };
        let early = draw();
        let lacked = of(early);
        assert!(lacked.len() > 5 && lacked[0].contains("Check 1 is not done"), "{lacked:?}");
        let yes = PopulationJudgement { accepted: true, reason: "Totals agree.".into() };
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            evaluated(tx, e, p, id, 10)?;
            judge_population(tx, e, p, id, 1, &yes)
        })
        .unwrap();
        let late = draw();
        assert_eq!(of(late), Vec::<String>::new());
        assert_eq!(of(early), lacked);
        let papers = w.papers();
        let control = papers.control(w.leavers).unwrap();
        let told = papers.control_result(control).tests[0].drawn_before_checks.clone();
        assert_eq!(told.len(), 1);
        assert!(told[0].contains(&early.to_string()) && told[0].contains("Check 1"), "{told:?}");
    });
}
