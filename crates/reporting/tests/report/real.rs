//! An examination with frozen rows, a selection by seed and a full-population run, all of them real.

use crate::world::*;
use controls::model::ControlId;
use evidence::model::EvidenceId;
use examination::engine::{self, CensusRequest, FreezeInput, SourceFile, Span};
use examination::model::{
    About, Attribute, DeviationBody, DeviationSource, Disposition, Matters, PopulationId,
    PopulationJudgement, RowOutcome, SampleId, SelectionMethod, TestId, TestPlan, Verdict,
};
use examination::permits::{
    ConcludeControl, ConcludeCriterion, KeepPopulations, PerformTests, PlanTests, ReviewWork,
};
use examination::rules::control::DesignState;
use examination::rules::deviation::{Nature, Procedure, TestBasis};
use examination::rules::facts::Given;
use examination::rules::item::{AttributeFacts, AttributeResult, ItemFacts, ItemState};
use examination::service::{self, ConclusionInput, DeviationInput, ItemInput, SampleInput};
use examination::store::{self, Papers};
use examination::supplied::model::Origin;
use platform::journal::Expected;
use platform::testing::env;
use std::collections::BTreeMap;
use std::io::Cursor;

pub const LEAVERS: &str = r#"
name = "Leavers"
kind = "event population"
zone = "Europe/London"
key = ["worker"]
dated_by = "left_on"
span = { from = "2025-01-01", to = "2025-12-31" }
columns = [
  { name = "worker", type = "text", required = true },
  { name = "left_on", type = "date", required = true },
]
"#;

fn freeze(
    world: &World<'_>,
    control: ControlId,
    schema: &str,
    name: &str,
    rows: String,
) -> PopulationId {
    freeze_of(world, control, schema, name, rows, 2025)
}

/// Freezes the rows of a year, and has them judged complete.
fn freeze_of(
    world: &World<'_>,
    control: ControlId,
    schema: &str,
    name: &str,
    rows: String,
    year: i16,
) -> PopulationId {
    let (first, last) = (format!("{year}-01-01"), format!("{year}-12-31"));
    let source = SourceFile {
        name: format!("{name}.csv"),
        reader: Box::new(Cursor::new(rows.into_bytes())),
        speaks_for: None,
    };
    let input = FreezeInput {
        schema: schema.into(),
        sources: vec![source],
        name: name.into(),
        source: "HR system, all workers with a last day in 2025".into(),
        controls: vec![control],
        span: Some(Span { from: first.parse().unwrap(), to: last.parse().unwrap() }),
        period: kernel::period::Period::parse(&first, &last, "Europe/London").unwrap(),
        origin: Origin::Organisation,
        declared: engine::Declared::default(),
    };
    let body = engine::freeze(&world.blobs, world.next().now(), input, &()).unwrap();
    let rows = body.rows;
    let id = world
        .run::<KeepPopulations, _>(&world.manager(), move |tx, e, p| {
            service::record_population(tx, e, p, &body)
        })
        .unwrap();
    world
        .run::<KeepPopulations, _>(&world.manager(), move |tx, e, p| {
            evaluated(tx, e, p, id, rows)?;
            let yes = PopulationJudgement { accepted: true, reason: "Totals agree.".into() };
            service::judge_population(tx, e, p, id, 1, &yes)
        })
        .unwrap();
    id
}

fn plan(world: &World<'_>, control: ControlId, code: &str, basis: TestBasis) -> TestId {
    let statistical = basis == TestBasis::Statistical;
    let plan = TestPlan {
        control,
        code: code.into(),
        procedure: Procedure::Inspection,
        basis,
        evidence: "termination records and directory logs".into(),
        items: "terminated workers".into(),
        attributes: vec![Attribute {
            letter: "A".into(),
            text: "access ended within one day".into(),
        }],
        confidence: statistical.then(|| "90%".parse().unwrap()),
        tolerable: statistical.then(|| "20%".parse().unwrap()),
        observation_dates: None,
    };
    world
        .run::<PlanTests, _>(&world.manager(), move |tx, e, p| {
            service::plan_test(tx, e, p, None, &plan)
        })
        .unwrap()
}

/// The leavers of a year, frozen and judged.
pub fn leavers(world: &World<'_>, control: ControlId, year: i16, count: usize) -> PopulationId {
    let rows: String = std::iter::once("worker,left_on\n".to_owned())
        .chain((0..count).map(|n| format!("W-{n:03},{year}-{:02}-{:02}\n", n % 12 + 1, n % 27 + 1)))
        .collect();
    let schema = LEAVERS.replace("2025", &year.to_string());
    freeze_of(world, control, &schema, "Leavers", rows, year)
}

/// The test that the control matrix proposes, accepted as it is.
pub fn accepted(world: &World<'_>, control: ControlId, code: &'static str) -> TestId {
    use examination::planning::permits::Plan as MayPlan;
    use examination::planning::service::{AcceptInput, accept_proposal};
    let id = world.engagement;
    world
        .run::<MayPlan, _>(&world.manager(), move |tx, e, p| {
            let papers = Papers::load(tx, id)?;
            let known = papers.control(control).unwrap();
            let plan = examination::planning::store::Plan::load(tx, &papers)?;
            let proposal = plan.proposal(&papers, known).unwrap();
            let input = AcceptInput {
                plan: TestPlan {
                    control,
                    code: code.into(),
                    procedure: proposal.procedure,
                    basis: proposal.basis,
                    evidence: proposal.evidence,
                    items: proposal.items,
                    attributes: proposal.attributes,
                    confidence: None,
                    tolerable: None,
                    observation_dates: None,
                },
                items: proposal.size.items,
                reason: String::new(),
            };
            let tests = kernel::permit::authorize::<PlanTests>(p.actor(), p.facts())?;
            accept_proposal(tx, e, (p, &tests), &input)
        })
        .unwrap()
}

pub fn sample(
    world: &World<'_>,
    test: TestId,
    population: PopulationId,
    size: usize,
) -> (SampleId, Vec<String>) {
    let file = examination::model::File { engagement: world.engagement, firm: world.firm };
    let body =
        world.t.db.read_blocking(|c| store::population(c, file, population)).unwrap().unwrap().body;
    let drawn =
        engine::derive(&world.blobs, &body, SelectionMethod::Random, None, "drawn by dice", size)
            .unwrap();
    let input = SampleInput {
        test,
        population: Some(population),
        method: SelectionMethod::Random,
        strata_column: None,
        size: drawn.len(),
        seed: "drawn by dice".into(),
        seed_drawn_at: world.next().now(),
        named: Vec::new(),
        reason: String::new(),
        notes: Default::default(),
    };
    let selected = drawn.clone();
    let id = world
        .run::<PerformTests, _>(&world.manager(), move |tx, e, p| {
            service::draw_sample(tx, e, p, &input, &mut |_| Ok(selected.clone()))
        })
        .unwrap();
    (id, drawn)
}

/// What the organisation supplied, and the tester looked at.
fn supplied(world: &World<'_>) -> EvidenceId {
    let blob = world.blobs.put_bytes(b"a picture of the directory").unwrap();
    let at = env().now();
    world
        .run::<evidence::permits::SupplyEvidence, _>(&world.lead(), move |tx, e, p| {
            let input = evidence::service::EvidenceInput {
                name: "directory.png".into(),
                blob: blob.clone(),
                media_type: "image/png".into(),
                speaks_for: evidence::model::SpeaksFor { from: at, to: at },
                source: "Screenshot of the directory".into(),
                extracted_at: at,
                controls: Vec::new(),
            };
            evidence::service::supply(tx, e, p, &input)
        })
        .unwrap()
}

pub fn results(world: &World<'_>, sample: SampleId, items: &[String]) {
    let looked_at = supplied(world);
    for (n, item) in items.iter().enumerate() {
        let result = if n == 3 { AttributeResult::Deviation } else { AttributeResult::Pass };
        let input = ItemInput {
            facts: ItemFacts {
                id: item.clone(),
                state: ItemState::Tested,
                attributes: vec![AttributeFacts {
                    attribute: "A".into(),
                    result,
                    accepted_alternative: None,
                }],
                replacement: None,
            },
            evidence: vec![looked_at],
            note: "Read the ticket and the log.".into(),
        };
        world
            .run::<PerformTests, _>(&world.manager(), move |tx, e, p| {
                service::record_item(tx, e, p, sample, Expected::Any, &input)
            })
            .unwrap();
    }
    let all = items.to_vec();
    world
        .run::<ReviewWork, _>(&world.partner(), move |tx, e, p| {
            service::review_items(tx, e, p, sample, &all)
        })
        .unwrap();
    let deviating = items[3].clone();
    world
        .run::<PerformTests, _>(&world.manager(), move |tx, e, p| {
            let input = DeviationInput {
                source: DeviationSource::Sample { sample, items: vec![deviating.clone()] },
                body: DeviationBody {
                    facts: "Access of one leaver ended after 39 hours.".into(),
                    attribute: Some("A".into()),
                    from: Some("2025-03-31".into()),
                    to: Some("2025-04-01".into()),
                    cause: "The ticket had the wrong day.".into(),
                    nature: Nature::Isolated,
                    undisclosed: false,
                    mitigating: String::new(),
                    client_statement: "The day now comes from the HR system.".into(),
                    correction: String::new(),
                    more: Default::default(),
                },
            };
            service::record_deviation(tx, e, p, &input)
        })
        .unwrap();
}

fn changes(world: &World<'_>, control: ControlId) {
    let mut rows = "change_id,merged_at,kind,pr,authors,merged_by,n_commits\n".to_owned();
    for n in 0..60_u32 {
        let at = format!("2025-{:02}-{:02}T15:00:00Z", n % 12 + 1, n % 20 + 3);
        if n == 41 {
            rows.push_str(&format!("c{n:03},{at},direct,,eng-4,,1\n"));
        } else {
            rows.push_str(&format!("c{n:03},{at},merge,{},eng-1,eng-2,1\n", n + 400));
        }
    }
    // Read in the engagement's own zone, in which the year is over.
    let schema = engine::library_schema("changes-second-person/changes.toml").unwrap();
    let schema = schema.replace("America/New_York", "Europe/London");
    let population = freeze(world, control, &schema, "Changes", rows);
    let test = plan(world, control, "T-IAM-05-2", TestBasis::Census);
    let file = examination::model::File { engagement: world.engagement, firm: world.firm };
    let found =
        world.t.db.read_blocking(|c| store::population(c, file, population)).unwrap().unwrap();
    let request = CensusRequest {
        test,
        procedure: "changes-second-person",
        text: engine::library_test("changes-second-person").unwrap(),
        populations: &BTreeMap::from([("changes".to_owned(), found)]),
        values: &BTreeMap::new(),
    };
    let input = engine::census(&world.blobs, &request, &()).unwrap();
    assert_eq!(input.body.exceptions, 1, "{:?}", input.body);
    let run = world
        .run::<PerformTests, _>(&world.manager(), move |tx, e, p| {
            service::record_census(tx, e, p, &input)
        })
        .unwrap();
    world
        .run::<PerformTests, _>(&world.manager(), move |tx, e, p| {
            service::judge_rows(
                tx,
                e,
                p,
                run,
                RowOutcome::Exception,
                None,
                Disposition::NotADeviation,
                "An emergency change, approved afterwards as the policy says.",
                &[],
            )
        })
        .unwrap();
}

/// Tests the world's control by a sample and by a full-population run, and concludes as proposed.
pub fn examine(world: &World<'_>) {
    let id = world.engagement;
    let control = world
        .t
        .db
        .read_blocking(|c| {
            let owner = scope::facts(c, id)?.owner;
            controls::store::by_code(c, owner, "IAM-05")
        })
        .unwrap()
        .unwrap()
        .id;
    let rows: String = std::iter::once("worker,left_on\n".to_owned())
        .chain((0..60).map(|n| format!("W-{n:03},2025-{:02}-{:02}\n", n % 12 + 1, n % 27 + 1)))
        .collect();
    let population = freeze(world, control, LEAVERS, "Leavers", rows);
    let test = plan(world, control, "T-IAM-05-1", TestBasis::Statistical);
    let (drawn, items) = sample(world, test, population, 25);
    results(world, drawn, &items);
    changes(world, control);
    world
        .run::<ConcludeControl, _>(&world.partner(), move |tx, e, p| {
            let papers = Papers::load(tx, id)?;
            let found = store::proposal(&papers, control, DesignState::Suitable).unwrap().unwrap();
            let input = ConclusionInput {
                about: About::Control { control },
                verdict: Verdict::Control { design: found.design, operation: found.operation },
                reason: "The tests show it.".into(),
                proof: None,
            };
            service::conclude(tx, e, p, Expected::Any, &input)
        })
        .unwrap();
    world
        .run::<ConcludeCriterion, _>(&world.partner(), |tx, e, p| {
            let mut matters = Matters::default();
            matters.management.assertion = Some(Given::Given);
            matters.management.representation_letter = Some(Given::Given);
            service::state_matters(tx, e, p, 0, &matters, "Both were received.")
        })
        .unwrap();
}
