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
        // The stretch in which a deviation lies had its occasion; of the other one that is not said.
        let idle = |at: usize| {
            let mut of = both;
            of[at].1 = OperationState::NotOperated;
            conclude_each(&w, of)
        };
        let told = state_refusal(idle(0));
        assert!(told.contains("2025-01-01 to 2025-03-31") && told.contains("did arise"), "{told}");
        let other = idle(1).map_or_else(|e| e.to_string(), |_| String::new());
        assert!(!other.contains("did arise"), "{other}");
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
        // Before anybody has concluded on it, nothing is known to have failed.
        let none = store::compensations(&w.papers(), "CC6.2".parse().unwrap()).unwrap();
        assert_eq!(none, []);
        tested(&w, w.leavers, "T-1", 3);
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

/// What makes up for a failure under a criterion, with the agreement of the auditor.
fn makes_up(w: &World<'_>, version: i64, criterion: &str, control: &str) -> Result<()> {
    let input = examination::service::CompensationInput {
        criterion: criterion.parse().unwrap(),
        controls: vec![control.to_owned()],
        accepted: true,
        reason: "The other control would have caught it.".into(),
    };
    w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
        examination::service::propose_compensation(tx, e, p, version, &input)
    })
}

fn conclude_criterion(w: &World<'_>, criterion: &str, status: Status) -> Result<Standing> {
    let input = ConclusionInput {
        about: About::Criterion { criterion: criterion.parse().unwrap() },
        verdict: Verdict::Criterion { design: Status::Met, operation: Some(status) },
        reason: "As the controls show.".into(),
        proof: None,
    };
    w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
        conclude(tx, e, p, Expected::Any, &input)
    })
}

/// Tests a control over every item of a population with so many exceptions, and concludes as the tests show.
fn tested(w: &World<'_>, control: ControlId, code: &str, exceptions: u64) {
    let test = w.plan(control, code, TestBasis::Census);
    let population = w.freeze("Leavers", 12);
    let census = w.census(test, population, [12 - exceptions, exceptions, 0, 0]).unwrap();
    let mut operation = OperationState::Effective;
    if exceptions > 0 {
        let found = DeviationInput {
            source: DeviationSource::Census { census, keys: None, outcome: RowOutcome::Exception },
            body: deviation_body(Nature::Systematic),
        };
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| record_deviation(tx, e, p, &found))
            .unwrap();
        operation = OperationState::Ineffective;
    }
    assert_eq!(w.conclude_control(control, operation, None).unwrap(), Standing::Stands);
}

fn stands(w: &World<'_>, criterion: &str) -> Standing {
    let criterion = criterion.parse().unwrap();
    w.papers().conclusion(About::Criterion { criterion }).unwrap().stands
}

#[test]
fn a_statement_on_one_criterion_voids_the_conclusion_on_that_criterion_and_the_opinion_alone() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        tested(&w, w.leavers, "T-1", 3);
        tested(&w, w.changes, "T-2", 0);
        conclude_criterion(&w, "CC6.2", Status::NotMet).unwrap();
        conclude_criterion(&w, "CC8.1", Status::Met).unwrap();
        let opinion = store::inputs_sha256(&w.papers(), About::Opinion);
        makes_up(&w, 0, "CC6.2", "CHG-01").unwrap();
        assert_eq!(stands(&w, "CC6.2"), Standing::Void);
        assert_eq!(stands(&w, "CC8.1"), Standing::Stands);
        let restated = store::inputs_sha256(&w.papers(), About::Opinion);
        assert_ne!(restated, opinion, "the opinion rests on it");

        // How material the failure is bears on its criterion alone too.
        conclude_criterion(&w, "CC6.2", Status::NotMet).unwrap();
        let judge = |version: i64, criterion: &str, material: bool, factors: usize| {
            use examination::rules::facts::MaterialityFactor as Of;
            let input = examination::service::MaterialityInput {
                criterion: criterion.parse().unwrap(),
                material,
                pervasive: false,
                factors: [Of::Duration, Of::UserReliance].into_iter().take(factors).collect(),
                reason: "Three leavers kept access for a month.".into(),
            };
            w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
                examination::service::judge_materiality(tx, e, p, version, &input)
            })
        };
        let bare = refused(judge(1, "CC6.2", true, 0));
        assert!(matches!(bare, Refusal::Input { field: Some("factors"), .. }));
        assert!(state_refusal(judge(1, "CC8.1", true, 1)).contains("proposed as met"));
        assert!(matches!(refused(judge(0, "CC6.2", true, 1)), Refusal::Stale { .. }));
        assert_eq!(stands(&w, "CC6.2"), Standing::Stands);
        judge(1, "CC6.2", true, 2).unwrap();
        assert_eq!(stands(&w, "CC6.2"), Standing::Void);
        assert_eq!(stands(&w, "CC8.1"), Standing::Stands);
        assert_ne!(store::inputs_sha256(&w.papers(), About::Opinion), restated);
        let found = store::criteria_proposed(&w.papers()).unwrap();
        let found = found.iter().find(|f| f.id.to_string() == "CC6.2").unwrap();
        assert!(found.material, "{found:?}");
        assert!(found.materiality.iter().any(|m| m.contains("duration")), "{found:?}");

        // Who stated each, and when, is read from the log.
        let file = w.papers().file;
        let by = |criterion: &'static str| {
            t.db.read_blocking(move |c| store::stated_by(c, file, criterion.parse().unwrap()))
                .unwrap()
        };
        let both = by("CC6.2");
        let (first, later) = (both.compensation.unwrap(), both.materiality.unwrap());
        assert_eq!((&first.actor, &later.actor), (&manager().name(), &manager().name()));
        assert!(first.at < later.at);
        assert_eq!(by("CC8.1"), store::CriterionStated::default());
    });
}

#[test]
fn only_a_control_of_this_description_tested_over_the_days_of_the_failure_makes_up_for_it() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let (mapped, elsewhere) = w
            .run::<Keep, _>(&lead(), |tx, e, p| {
                let one = control_text("IAM-07", "CC6.2");
                let one = controls::service::state_control(tx, e, p, None, &one)?;
                // In the register for privacy, which this engagement does not examine.
                let two = control_text("PRV-01", "P1.1");
                Ok((one, controls::service::state_control(tx, e, p, None, &two)?))
            })
            .unwrap();
        tested(&w, w.leavers, "T-1", 3);
        let Refusal::Input { field: Some("controls"), message } =
            refused(makes_up(&w, 0, "CC6.2", "PRV-01"))
        else {
            panic!("the control is none of this description");
        };
        assert!(message.contains("serves no criterion of this examination"), "{message}");
        let papers = w.papers();
        assert!(!papers.describes(papers.control(elsewhere).unwrap()));
        assert!(papers.describes(papers.control(mapped).unwrap()));

        // Tested over a part of the period, it says nothing of the rest.
        let test = w.plan(mapped, "T-7", TestBasis::Census);
        let mut body = population("Leavers", 12, w.now());
        body.coverage.as_mut().unwrap().to = "2025-06-30".parse().unwrap();
        let part = w
            .run::<KeepPopulations, _>(&staff(), move |tx, e, p| record_population(tx, e, p, &body))
            .unwrap();
        let yes = PopulationJudgement { accepted: true, reason: "Totals agree.".into() };
        w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
            evaluated(tx, e, p, part, 12)?;
            judge_population(tx, e, p, part, 1, &yes)
        })
        .unwrap();
        w.census(test, part, [12, 0, 0, 0]).unwrap();
        let early = state_refusal(w.conclude_control(mapped, OperationState::Effective, None));
        assert!(early.contains("leaves out"), "{early}");
        makes_up(&w, 0, "CC6.2", "IAM-07").unwrap();
        let weighed = || store::compensations(&w.papers(), "CC6.2".parse().unwrap()).unwrap();
        let found = weighed();
        let offered = &found[0].offered[0];
        assert!(offered.described && offered.mapped && !offered.tested && !offered.same_days);
        assert_eq!(offered.why_not, Some("it was not tested to a conclusion over the same days"));
        // The rest of the period was tested too.
        let rest = w.plan(mapped, "T-8", TestBasis::Census);
        let whole = w.freeze("Leavers", 12);
        w.census(rest, whole, [12, 0, 0, 0]).unwrap();
        w.conclude_control(mapped, OperationState::Effective, None).unwrap();
        assert!(weighed()[0].compensated, "{:?}", weighed());
    });
}

/// What the organisation says of its system, stated or stated anew.
fn system(w: &World<'_>, kept: Option<Said>, word: &'static str) -> Said {
    use commitments::service::{CommitmentInput, RequirementInput};
    let owner = Facts::of(party(ORGANISATION));
    let promise = authorize::<commitments::permits::ManageCommitments>(&lead(), &owner).unwrap();
    let describe = authorize::<scope::permits::DescribeSystem>(&lead(), &owner).unwrap();
    let mut e = Env::new(w.now().plus_seconds(1), [if kept.is_some() { 7 } else { 6 }; 32]);
    w.env.lock().unwrap().set_now(e.now());
    w.t.db
        .write_blocking(move |tx| {
            let input = CommitmentInput {
                code: "SC-01".into(),
                category: Category::Security,
                statement: format!("Access of leavers ends within {word}."),
                principal: true,
                sources: vec![commitments::model::Source {
                    kind: "contract".into(),
                    reference: word.into(),
                }],
                owner: None,
            };
            let change = kept.map(|k| (k.0, 1));
            let one = commitments::service::state_commitment(tx, &mut e, &promise, change, &input)?;
            let input = RequirementInput {
                code: "SR-01".into(),
                kind: commitments::model::RequirementKind::Process,
                statement: format!("Departures reach IT within {word}."),
                commitments: vec![one],
                criteria: vec!["CC6.2".parse().unwrap()],
            };
            let change = kept.map(|k| (k.1, 1));
            let two =
                commitments::service::state_requirement(tx, &mut e, &promise, change, &input)?;
            let assumed = |criterion: &str| scope::model::AssumedControl {
                statement: format!("Tell us of leavers within {word}."),
                criteria: vec![criterion.parse().unwrap()],
            };
            let stated = [assumed(if kept.is_some() { "CC6.3" } else { "CC6.2" })];
            scope::service::state_user_entity_controls(tx, &mut e, &describe, &stated)?;
            let id = match kept {
                Some(k) => k.2,
                None => e.id(),
            };
            let described = scope::events::SubserviceDescribed {
                id,
                organisation: party(ORGANISATION),
                name: format!("Hosting {word}"),
                service: "Runs the machines.".into(),
                method: scope::model::SubserviceMethod::CarveOut,
                assumed_controls: vec![assumed("CC6.1")],
            };
            let origin = platform::journal::Origin::by(describe.actor(), party(ORGANISATION));
            let events = vec![scope::events::ScopeEvent::from(described)];
            platform::journal::record(tx, &mut e, &origin, &id.to_string(), Expected::Any, events)?;
            Ok((one, two, id))
        })
        .unwrap()
}

type Said = (
    commitments::model::CommitmentId,
    commitments::model::RequirementId,
    scope::model::SubserviceId,
);

#[test]
fn what_the_organisation_restates_after_the_lock_changes_nothing_in_the_locked_file() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let said = system(&w, None, "a day");
        tested(&w, w.leavers, "T-1", 0);
        conclude_criterion(&w, "CC6.2", Status::Met).unwrap();
        lock(&w);
        let before = w.papers();
        let digests = |papers: &Papers| {
            [
                About::Opinion,
                About::Criterion { criterion: "CC6.2".parse().unwrap() },
                About::Control { control: w.leavers },
            ]
            .map(|about| store::inputs_sha256(papers, about))
        };
        assert_eq!(stands(&w, "CC6.2"), Standing::Stands);
        system(&w, Some(said), "two weeks");
        let after = w.papers();
        assert_eq!(after.commitments, before.commitments);
        assert_eq!(after.requirements, before.requirements);
        assert_eq!(after.user_entity_controls, before.user_entity_controls);
        assert_eq!(after.subservices, before.subservices);
        assert!(after.subservices[0].name.contains("a day"));
        assert_eq!(digests(&after), digests(&before));
        assert_eq!(stands(&w, "CC6.2"), Standing::Stands);
        assert_eq!(after.results(), before.results());
        // The registers themselves moved on.
        let live =
            t.db.read_blocking(|c| {
                let owner = party(ORGANISATION);
                Ok((
                    commitments::store::commitments(c, owner)?[0].statement.clone(),
                    scope::store::subservices(c, owner)?[0].name.clone(),
                    scope::store::user_entity_controls(c, owner)?[0].statement.clone(),
                ))
            })
            .unwrap();
        for text in [live.0, live.1, live.2] {
            assert!(text.contains("two weeks"), "{text}");
        }
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

/// Judges the failure of CC6.2 by one factor.
fn judged(w: &World<'_>, version: i64, material: bool, reason: &str) -> Result<Standing> {
    let input = examination::service::MaterialityInput {
        criterion: "CC6.2".parse().unwrap(),
        material,
        pervasive: false,
        factors: vec![examination::rules::facts::MaterialityFactor::Duration],
        reason: reason.into(),
    };
    w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
        examination::service::judge_materiality(tx, e, p, version, &input)
    })
}

fn signs(w: &World<'_>, by: &Actor, version: i64) -> Result<()> {
    w.run::<SecondConclusion, _>(by, move |tx, e, p| {
        let (id, why) = ("CC6.2".parse().unwrap(), "I looked at the tickets too.");
        examination::service::second_materiality(tx, e, p, version, id, why)
    })
}

fn counts_as_material(w: &World<'_>) -> bool {
    let found = store::criteria_proposed(&w.papers()).unwrap();
    found.iter().find(|f| f.id.to_string() == "CC6.2").unwrap().material
}

#[test]
fn a_failure_counts_as_not_material_only_once_another_person_has_signed() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        tested(&w, w.leavers, "T-1", 3);
        let waits = |w: &World<'_>| {
            let missing = examination::completion::rules::missing_of_file(&w.papers());
            missing.iter().any(|m| m.text.contains("the failure of CC6.2 is not material waits"))
        };
        assert!(state_refusal(signs(&w, &partner(), 0)).contains("nothing to sign"));
        assert_eq!(judged(&w, 0, true, "A month.").unwrap(), Standing::Stands);
        assert!(state_refusal(signs(&w, &partner(), 1)).contains("nothing to sign"));
        assert_eq!(judged(&w, 1, false, "One day each.").unwrap(), Standing::AwaitsSecond);
        assert!(counts_as_material(&w) && waits(&w), "one person alone clears nothing");
        let alone = store::inputs_sha256(&w.papers(), About::Opinion);
        assert!(state_refusal(signs(&w, &manager(), 2)).contains("Another person has to sign"));
        assert!(matches!(refused(signs(&w, &partner(), 1)), Refusal::Stale { .. }));
        signs(&w, &partner(), 2).unwrap();
        assert!(!counts_as_material(&w) && !waits(&w));
        let signed = store::inputs_sha256(&w.papers(), About::Opinion);
        assert_ne!(signed, alone, "an opinion signed before is void");
        assert!(state_refusal(signs(&w, &partner(), 2)).contains("nothing to sign"));
        // The signature is of the reason and the factors: other ones need another signature.
        assert_eq!(judged(&w, 2, false, "Two days each.").unwrap(), Standing::AwaitsSecond);
        assert!(counts_as_material(&w) && waits(&w));
        // What was signed counts again when it is stated again.
        assert_eq!(judged(&w, 3, false, "One day each.").unwrap(), Standing::Stands);
        assert!(!counts_as_material(&w));
        // Nobody is named as second person in a statement.
        let mut smuggled = w.papers().matters;
        smuggled.criteria[0].material_second_signer = Some("per_anybody".into());
        let sent = w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
            state_matters(tx, e, p, 4, &smuggled, "As agreed.")
        });
        assert!(matches!(refused(sent), Refusal::Input { field: Some("matters"), .. }));
    });
}

#[test]
fn a_conclusion_signed_under_an_earlier_rule_is_void_and_says_so() {
    use examination::events::{ConclusionSigned, ExaminationEvent};
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        tested(&w, w.leavers, "T-1", 3);
        conclude_criterion(&w, "CC6.2", Status::NotMet).unwrap();
        let about = About::Criterion { criterion: "CC6.2".parse().unwrap() };
        let today = w.papers().conclusion(about).unwrap();
        assert!(today.stands == Standing::Stands && !today.of_earlier_rule());
        // As an entry of then holds it: another digest, and no word of a version.
        let event = ConclusionSigned {
            engagement: w.engagement,
            about,
            proposed: today.proposed,
            concluded: today.concluded,
            reason: today.reason,
            proof: None,
            spans: Vec::new(),
            awaits_second: false,
            inputs_sha256: digest("as it was made then"),
            rule: 0,
        };
        let mut then = serde_json::to_value(ExaminationEvent::from(event)).unwrap();
        let text = then.to_string().replace(",\"rule\":0", "").replace("\"rule\":0,", "");
        then = serde_json::from_str(&text).unwrap();
        let event: ExaminationEvent = serde_json::from_value(then).unwrap();
        w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
            let file = store::file_of(p.facts())?;
            let origin = platform::journal::Origin::by(p.actor(), file.firm);
            let subject = store::conclusion_subject(file, about);
            let any = Expected::Any;
            platform::journal::record(tx, e, &origin, &subject, any, vec![event.clone()])?;
            Ok(())
        })
        .unwrap();
        let found = w.papers().conclusion(about).unwrap();
        assert_eq!((found.stands, found.rule), (Standing::Void, 1));
        assert!(found.of_earlier_rule());
        let missing = examination::completion::rules::missing_of_file(&w.papers());
        assert!(missing.iter().any(|m| m.text.contains("earlier version of the rule")));
        // Signed again, it stands; what is void for another reason does not speak of the rule.
        conclude_criterion(&w, "CC6.2", Status::NotMet).unwrap();
        assert_eq!(stands(&w, "CC6.2"), Standing::Stands);
        judged(&w, 0, true, "A month.").unwrap();
        let found = w.papers().conclusion(about).unwrap();
        assert!(found.stands == Standing::Void && !found.of_earlier_rule());
    });
}
