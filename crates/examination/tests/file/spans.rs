//! Controls that changed in the period, what makes up for a failure over the same days, and a locked file.

use crate::support::*;
use controls::permits::ManageControls as Keep;
use examination::rules::span::Span;
use examination::spans::model::ControlSpan;
use examination::spans::service::{SpanInput, conclude_spans, state_spans};
use scope::model::EngagementState;
use scope::permits::MoveEngagement;

fn span(from: &str, to: &str, what: &str, tests: &[TestId]) -> ControlSpan {
    let date = |text: &str| kernel::period::parse_date(text).unwrap();
    let days = Span::new(date(from), date(to)).unwrap();
    ControlSpan { days, what: what.into(), tests: tests.to_vec() }
}

fn state(w: &World<'_>, version: i64, spans: Vec<ControlSpan>) -> Result<()> {
    let control = w.leavers;
    w.run::<PlanTests, _>(&manager(), move |tx, e, p| {
        state_spans(tx, e, p, version, control, (&spans, "The ticket of the change."))
    })
}

fn conclude_each(w: &World<'_>, of: [(DesignState, OperationState); 2]) -> Result<Standing> {
    let control = w.leavers;
    let inputs: Vec<SpanInput> = of
        .into_iter()
        .map(|(design, operation)| SpanInput { design, operation, reason: "As tested.".into() })
        .collect();
    w.run::<ConcludeControl, _>(&manager(), move |tx, e, p| {
        conclude_spans(tx, e, p, Expected::Any, control, (&inputs, "Both stretches."))
    })
}

const SUITABLE: DesignState = DesignState::Suitable;

#[test]
fn a_control_that_changed_is_concluded_on_each_stretch_with_the_tests_of_its_days() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let first = w.plan(w.leavers, "T-1", TestBasis::Census);
        let second_test = w.plan(w.leavers, "T-2", TestBasis::Census);
        let foreign = w.plan(w.changes, "T-3", TestBasis::Census);
        let population = w.freeze("Leavers", 12);
        let old = |tests: &[TestId]| span("2025-01-01", "2025-03-31", "By hand", tests);
        let new = |from: &str, tests: &[TestId]| span(from, "2025-12-31", "By the system", tests);
        // Every day once, tests of this control only.
        for wrong in [
            vec![old(&[]), new("2025-04-02", &[])],
            vec![old(&[]), new("2025-03-31", &[])],
            vec![old(&[]), new("2025-04-01", &[foreign])],
            vec![new("2025-01-01", &[])],
        ] {
            assert!(matches!(refused(state(&w, 0, wrong)), Refusal::Input { .. }));
        }
        state(&w, 0, vec![old(&[first]), new("2025-04-01", &[])]).unwrap();
        let at = state(&w, 0, vec![old(&[first]), new("2025-04-01", &[second_test])]);
        assert!(matches!(refused(at), Refusal::Stale { .. }));
        // Not as one any more, and not without evidence for each.
        let as_one = w.conclude_control(w.leavers, OperationState::Effective, None);
        assert!(state_refusal(as_one).contains("Conclude on each of its stretches"));
        let census = w.census(first, population, [10, 2, 0, 0]).unwrap();
        let found = DeviationInput {
            source: DeviationSource::Census { census, keys: None, outcome: RowOutcome::Exception },
            body: deviation_body(Nature::Systematic),
        };
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_deviation(tx, e, p, &found))
            .unwrap();
        let both = [(SUITABLE, OperationState::Ineffective), (SUITABLE, OperationState::Effective)];
        let early = state_refusal(conclude_each(&w, both));
        assert!(early.contains("No test speaks for the days from 2025-04-01"), "{early}");
        state(&w, 1, vec![old(&[first]), new("2025-04-01", &[second_test])]).unwrap();
        w.census(second_test, population, [12, 0, 0, 0]).unwrap();
        assert_eq!(conclude_each(&w, both).unwrap(), Standing::Stands);
        let papers = w.papers();
        let about = About::Control { control: w.leavers };
        let standing = papers.standing_conclusion(about).unwrap();
        assert_eq!(standing.spans.len(), 2);
        let worst =
            Verdict::Control { design: SUITABLE, operation: Some(OperationState::Ineffective) };
        assert_eq!((standing.proposed, standing.concluded), (worst, worst));
        // The criterion fails over the days of the failure alone.
        let weighed = store::compensations(&papers, "CC6.2".parse().unwrap()).unwrap();
        assert_eq!(weighed.len(), 1);
        assert_eq!(weighed[0].span.unwrap().to_string(), "2025-01-01 to 2025-03-31");
        assert!(!weighed[0].compensated);
        // What a stretch is concluded more favourably than its tests waits for a second person.
        let kind = [(SUITABLE, OperationState::Effective), (SUITABLE, OperationState::Effective)];
        assert_eq!(conclude_each(&w, kind).unwrap(), Standing::AwaitsSecond);
        let version = w.papers().conclusion(about).unwrap().version;
        w.run::<SecondConclusion, _>(&partner(), move |tx, e, p| {
            second(tx, e, p, about, version, "Agreed after discussion.")
        })
        .unwrap();
        assert!(w.papers().standing_conclusion(about).is_some());
        // The days are part of what was signed.
        state(&w, 2, vec![old(&[]), new("2025-04-01", &[second_test])]).unwrap();
        assert_eq!(w.papers().conclusion(about).unwrap().stands, Standing::Void);
        // Days before a control existed need no test; they fail by design.
        let absent = [
            (DesignState::NotImplemented, OperationState::Effective),
            (SUITABLE, OperationState::Effective),
        ];
        assert_eq!(conclude_each(&w, absent).unwrap(), Standing::Stands);
        let concluded = w.papers().standing_conclusion(about).unwrap().concluded;
        let not_there = DesignState::NotImplemented;
        let ineffective = Some(OperationState::Ineffective);
        assert_eq!(concluded, Verdict::Control { design: not_there, operation: ineffective });
    });
}

#[test]
fn a_type_1_examination_has_no_stretches() {
    on_both(&ROOMS, |t| {
        let w = World::of_type(t, ReportType::Type1);
        let two = vec![
            span("2025-01-01", "2025-03-31", "By hand", &[]),
            span("2025-04-01", "2025-12-31", "By the system", &[]),
        ];
        assert!(state_refusal(state(&w, 0, two)).contains("speaks for one date"));
    });
}

#[test]
fn what_makes_up_for_a_failure_is_proposed_with_a_reason_and_weighed_by_the_rules() {
    use examination::service::{CompensationInput, propose_compensation};
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let propose = |version: i64, control: &str| {
            let input = CompensationInput {
                criterion: "CC6.2".parse().unwrap(),
                controls: vec![control.to_owned()],
                accepted: true,
                reason: "The other control would have caught it.".into(),
            };
            w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
                propose_compensation(tx, e, p, version, &input)
            })
        };
        assert!(matches!(
            refused(propose(0, "NONE-1")),
            Refusal::Input { field: Some("controls"), .. }
        ));
        propose(0, "CHG-01").unwrap();
        let weighed = store::compensations(&w.papers(), "CC6.2".parse().unwrap()).unwrap();
        let offered = &weighed[0].offered[0];
        assert!(offered.described && !offered.mapped && !weighed[0].compensated);
        assert_eq!(offered.why_not, Some("it is not mapped to the criterion"));
        assert!(matches!(refused(propose(0, "IAM-05")), Refusal::Stale { .. }));
        propose(1, "IAM-05").unwrap();
        let weighed = store::compensations(&w.papers(), "CC6.2".parse().unwrap()).unwrap();
        assert_eq!(weighed[0].offered[0].why_not, Some("it is the control that failed"));
    });
}

fn lock(w: &World<'_>) {
    for to in [EngagementState::Fieldwork, EngagementState::Issued, EngagementState::Locked] {
        w.run::<MoveEngagement, _>(&partner(), move |tx, e, p| {
            scope::service::move_on(tx, e, p, to)
        })
        .unwrap();
    }
}

#[test]
fn a_control_edited_after_the_lock_leaves_the_locked_file_as_it_was() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        let population = w.freeze("Leavers", 12);
        w.census(test, population, [12, 0, 0, 0]).unwrap();
        w.conclude_control(w.leavers, OperationState::Effective, None).unwrap();
        let proof = Some("An empty list of changes.");
        w.conclude_control(w.changes, OperationState::NotOperated, proof).unwrap();
        lock(&w);
        let before = w.papers();
        let opinion = store::inputs_sha256(&before, About::Opinion);
        let (leavers, changes) = (w.leavers, w.changes);
        w.run::<Keep, _>(&lead(), move |tx, e, p| {
            let text = ControlText {
                statement: "Access of leavers ends within two days.".into(),
                criteria: vec!["CC6.3".parse().unwrap()],
                ..control_text("IAM-55", "CC6.2")
            };
            let change = Some((leavers, 1, "Next year."));
            controls::service::state_control(tx, e, p, change, &text)?;
            controls::service::retire(tx, e, p, changes, 1, "Replaced.")?;
            controls::service::state_control(tx, e, p, None, &control_text("NEW-01", "CC6.2"))
        })
        .unwrap();
        let after = w.papers();
        assert_eq!(after.controls, before.controls);
        assert_eq!(store::inputs_sha256(&after, About::Opinion), opinion);
        for control in [leavers, changes] {
            assert!(after.standing_conclusion(About::Control { control }).is_some());
            assert!(after.changed_since.contains(&control));
        }
        assert!(before.changed_since.is_empty() && after.changed_since.len() == 2);
        assert_eq!(after.results(), before.results());
    });
}
