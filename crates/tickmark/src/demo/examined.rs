//! July and August: the firm plans its tests, draws samples, finds deviations of each kind and
//! concludes on all controls but two, which are left for whoever looks around.

use super::people::Cast;
use super::plain::{PLAIN, Plain};
use super::{Story, listed, sheets};
use controls::model::ControlId;
use examination::deviations::model::Answer;
use examination::deviations::permits::{AskStatement, GiveStatement, SecondNature};
use examination::deviations::service::{ask_statement, give_statement, second_nature};
use examination::engine::{self, CensusRequest, FreezeInput, Span};
use examination::matters::service as matters;
use examination::model::{
    About, Attribute, DeviationBody, DeviationSource, Matters, Particulars, PopulationId,
    PopulationJudgement, RowOutcome, SampleId, SelectionMethod, TestId, TestPlan, Verdict,
};
use examination::permits::{
    ConcludeControl, ConcludeCriterion, KeepPopulations, PerformTests, PlanTests, ReviewWork,
};
use examination::rules::control::DesignState;
use examination::rules::deviation::{Nature, Procedure, TestBasis};
use examination::rules::facts::{
    CriterionFacts, LimitationCause, Misstatement, MisstatementKind, Prong, ScopeLimitation,
};
use examination::rules::item::{AttributeFacts, AttributeResult, ItemFacts, ItemState};
use examination::service::{
    self, CensusInput, ConclusionInput, DeviationInput, ItemInput, SampleInput,
};
use examination::store::{self, Papers};
use examination::supplied::model::{Kind, Origin};
use kernel::period::Period;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::edge::Edge as _;
use platform::journal::Expected;
use populations::SourceFile;
use std::collections::BTreeMap;

/// The columns of the leavers of a period.
pub(super) const LEAVERS: &str = r#"
name = "Leavers"
kind = "event population"
zone = "America/New_York"
key = ["worker"]
dated_by = "left_on"
span = { from = "2026-01-01", to = "2026-06-30" }
columns = [
  { name = "worker", type = "text", required = true },
  { name = "left_on", type = "date", required = true },
]
"#;
/// What is looked at for leavers, what an item is called, and what must hold.
pub(super) const ABOUT_LEAVERS: [&str; 3] = [
    "termination records and the directory's log of deactivations",
    "leavers",
    "access was disabled in every system within 24 hours of separation",
];
/// The same for changes.
pub(super) const ABOUT_CHANGES: [&str; 3] =
    ["the history of the main line", "changes", "a person other than its author merged it"];

pub(super) fn examine(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-07-13T13:00:00Z")?;
    for plain in &PLAIN {
        let Plain(code, evidence, items, attribute, named) = *plain;
        let list = listed::events(story, cast, code)?;
        let written =
            test_plan(story, cast, code, [evidence, items, attribute], TestBasis::Judgemental)?;
        let control = written.control;
        let size = u64::try_from(named.len()).unwrap_or(u64::MAX);
        let test = super::firm::plan_sized(story, cast, &written, size)?;
        let sample = pick(story, cast, (test, list), named)?;
        record(story, cast, (code, attribute), sample, (named, &[]))?;
        conclude(story, cast, control)?;
    }
    incidents(story, cast)?;
    leavers(story, cast)?;
    changes(story, cast)?;
    super::changed::moved(story, cast)?;
    compensation(story, cast)?;
    unfinished(story, cast)
}

/// Controls that make up for those that failed, as the auditor records them.
fn compensation(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let by = |criterion: &str, control: &str, reason: &str| -> Result<CriterionFacts> {
        let facts = serde_json::json!({
            "id": criterion,
            "compensation": { "controls": [control], "accepted": true, "reason": reason },
        });
        serde_json::from_value(facts).map_err(|e| Refusal::input(e.to_string()).into())
    };
    let review = "The quarterly review found the account and nobody had used it.";
    let stated = Matters {
        criteria: vec![
            by(
                "CC5.1",
                "RSK-06",
                "The risk of unapproved change is linked to release checks too.",
            )?,
            by("CC6.2", "IAM-07", review)?,
            by("CC6.3", "IAM-07", review)?,
        ],
        ..Matters::default()
    };
    story.act::<ConcludeCriterion, _>(cast, &cast.partner, move |tx, env, permit| {
        service::state_matters(tx, env, permit, 0, &stated, "Weighed with the manager.")
    })?;
    let misstated = Misstatement {
        dc: "DC3".parse().map_err(told)?,
        kind: MisstatementKind::Omission,
        what: "The vault of the backup tapes was missing among the infrastructure.".into(),
        material: None,
        material_reason: None,
        pervasive: false,
        corrected: true,
    };
    let limit = ScopeLimitation {
        what: "The gate records of the office of 3 to 5 February were overwritten by the camera system.".into(),
        cause: LimitationCause::BeyondControl,
        criteria: Vec::new(),
        prongs: vec![Prong::Operation],
        material: None,
        material_reason: None,
        pervasive: false,
        alternative_evidence: Some(
            "The reception's own book of visitors of these days, read in full and agreed to the badges handed out.".into(),
        ),
    };
    story.act::<ConcludeCriterion, _>(cast, &cast.manager, move |tx, env, permit| {
        let why = "Read against the walkthrough of the data centre; management added it.";
        matters::state_misstatement(tx, env, permit, 1, (None, &misstated), why)?;
        let why = "The export of the gate records ends on 2 February.";
        matters::state_limit(tx, env, permit, 2, (None, Some(&limit)), why)
    })
}

fn told(fault: impl std::fmt::Display) -> Refusal {
    Refusal::input(fault.to_string())
}

/// A test of one attribute.
pub(super) fn test_plan(
    story: &Story<'_>,
    cast: &Cast,
    code: &str,
    [evidence, items, attribute]: [&str; 3],
    basis: TestBasis,
) -> Result<TestPlan> {
    let control = story.control(cast, code)?;
    Ok(TestPlan {
        control,
        code: format!("T-{code}"),
        procedure: Procedure::Inspection,
        basis,
        evidence: evidence.into(),
        items: items.into(),
        attributes: vec![Attribute { letter: "A".into(), text: attribute.into() }],
        confidence: None,
        tolerable: None,
        observation_dates: None,
    })
}

/// Plans a test of one attribute.
pub(super) fn plan(
    story: &Story<'_>,
    cast: &Cast,
    code: &str,
    words: [&str; 3],
    basis: TestBasis,
) -> Result<(ControlId, TestId)> {
    let plan = test_plan(story, cast, code, words, basis)?;
    let control = plan.control;
    let test = story.act::<PlanTests, _>(cast, &cast.manager, move |tx, env, permit| {
        examination::planning::service::plan_by_hand(tx, env, permit, &plan)
    })?;
    Ok((control, test))
}

/// A test that the file of the period before planned.
fn carried(story: &Story<'_>, cast: &Cast, code: &str) -> Result<(ControlId, TestId)> {
    let (engagement, code) = (cast.engagement, format!("T-{code}"));
    story.deployment.db.read_blocking(move |conn| {
        let file = store::file_of(&scope::facts(conn, engagement)?)?;
        let found = store::test_by_code(conn, file, &code)?.ok_or(Refusal::NotFound)?;
        Ok((found.plan.control, found.id))
    })
}

/// How many items a test takes as it is planned now.
fn planned(story: &Story<'_>, cast: &Cast, test: TestId) -> Result<usize> {
    let engagement = cast.engagement;
    story.deployment.db.read_blocking(move |conn| {
        let papers = Papers::load(conn, engagement)?;
        let size = papers.sizes.get(&test).ok_or(Refusal::NotFound)?;
        Ok(usize::try_from(size.items).unwrap_or(usize::MAX))
    })
}

/// A sample of items that the senior names.
pub(super) fn pick(
    story: &Story<'_>,
    cast: &Cast,
    (test, population): (TestId, Option<PopulationId>),
    named: &[&str],
) -> Result<SampleId> {
    let named: Vec<String> = named.iter().map(|n| (*n).to_owned()).collect();
    let input = SampleInput {
        test,
        population,
        method: SelectionMethod::Haphazard,
        strata_column: None,
        size: named.len(),
        seed: String::new(),
        seed_drawn_at: story.now(),
        named,
        reason: "Spread over the period.".into(),
        notes: examination::model::SelectionNotes::default(),
    };
    story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        service::draw_sample(tx, env, permit, &input, &mut |_| Ok(Vec::new()))
    })
}

/// Records every item, and has the manager review what was recorded.
pub(super) fn record(
    story: &Story<'_>,
    cast: &Cast,
    about: (&str, &str),
    sample: SampleId,
    (items, failed): (&[&str], &[&str]),
) -> Result<()> {
    let seen = sheets::examined(story, cast, about, (items, failed))?;
    let inputs: Vec<ItemInput> = items
        .iter()
        .map(|id| {
            let result = if failed.contains(id) {
                AttributeResult::Deviation
            } else {
                AttributeResult::Pass
            };
            let attribute =
                AttributeFacts { attribute: "A".into(), result, accepted_alternative: None };
            ItemInput {
                facts: ItemFacts {
                    id: (*id).to_owned(),
                    state: ItemState::Tested,
                    attributes: vec![attribute],
                    replacement: None,
                },
                evidence: vec![seen],
                note: String::new(),
            }
        })
        .collect();
    // One after the other, kept together.
    story.edge.advance_seconds(20 * i64::try_from(items.len()).unwrap_or(0));
    story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        for input in &inputs {
            service::record_item(tx, env, permit, sample, Expected::Any, input)?;
        }
        Ok(())
    })?;
    let reviewed: Vec<String> = items.iter().map(|n| (*n).to_owned()).collect();
    story.act::<ReviewWork, _>(cast, &cast.manager, move |tx, env, permit| {
        service::review_items(tx, env, permit, sample, &reviewed)
    })?;
    sheets::sign(story, cast, sample)
}

/// Concludes as the rule proposes.
pub(super) fn conclude(story: &Story<'_>, cast: &Cast, control: ControlId) -> Result<()> {
    let engagement = cast.engagement;
    let operation = story.deployment.db.read_blocking(|conn| {
        let papers = Papers::load(conn, engagement)?;
        let found = store::proposal(&papers, control, DesignState::Suitable)
            .map_err(|fault| Refusal::state(fault.to_string()))?;
        Ok(found.and_then(|found| found.operation))
    })?;
    let input = ConclusionInput {
        about: About::Control { control },
        verdict: Verdict::Control { design: DesignState::Suitable, operation },
        reason: "As the tests show.".into(),
        proof: None,
    };
    story.act::<ConcludeControl, _>(cast, &cast.manager, move |tx, env, permit| {
        service::conclude(tx, env, permit, Expected::Any, &input)
    })?;
    Ok(())
}

/// What is said of a deviation: facts, first and last day, cause, kind, the organisation's statement.
struct Said(&'static str, &'static str, &'static str, &'static str, Nature, &'static str);

/// What else is recorded of a deviation: of a systematic cause, how far it was followed; of a single slip, why it is one although the period before had
/// another.
fn particulars(nature: Nature) -> Particulars {
    if nature != Nature::Isolated {
        return Particulars {
            others_checked: "No further reports were selected: the rota paged nobody for any report of moderate severity, the register counts what was late, and the control is concluded on as failed for the whole period.".into(),
            ..Particulars::default()
        };
    }
    Particulars {
        prior_period: "One leaver of the second half of 2025, of whom the manager told the platform team a day late.".into(),
        nature_reason: "Another cause than in the period before: a wrong last day, which can no longer be typed.".into(),
        ..Particulars::default()
    }
}

fn deviation(story: &Story<'_>, cast: &Cast, source: DeviationSource, said: &Said) -> Result<()> {
    let Said(facts, from, to, cause, nature, statement) = *said;
    let input = DeviationInput {
        source,
        body: DeviationBody {
            facts: facts.into(),
            attribute: Some("A".into()),
            from: Some(from.into()),
            to: Some(to.into()),
            cause: cause.into(),
            nature,
            undisclosed: false,
            mitigating: String::new(),
            client_statement: statement.into(),
            correction: String::new(),
            more: particulars(nature),
        },
    };
    let id = story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        service::record_deviation(tx, env, permit, &input)
    })?;
    // The organisation is asked about each; to the one that is a single slip it has not answered yet.
    let asked = story.act::<AskStatement, _>(cast, &cast.manager, move |tx, env, permit| {
        ask_statement(tx, env, permit, id, facts, "2026-07-24")
    })?;
    if nature == Nature::Isolated {
        // The period before had one too, so that it is a single slip takes a second person.
        return story.act::<SecondNature, _>(cast, &cast.partner, move |tx, env, permit| {
            second_nature(tx, env, permit, id, 1, "The two have nothing in common but the control.")
        });
    }
    let answer = Answer {
        agrees: true,
        text: "We agree with the facts.".into(),
        correction: statement.into(),
        corrected_on: None,
    };
    story.act::<GiveStatement, _>(cast, &cast.lead, move |tx, env, permit| {
        give_statement(tx, env, permit, asked, 1, &answer)
    })
}

/// The reports that the senior picked, by their titles: spread from January to June.
const SPREAD: [&str; 8] = [
    "Payslips of January are missing",
    "Portal unreachable",
    "Pressure to skip a review",
    "Export stops at 10,000 rows",
    "Slow responses in the western region",
    "Status page said all was well",
    "Transfers delayed by a day",
    "Laptop lost on the train",
];

/// Whether the register's own clock says so: an hour for critical reports, four for all others.
fn acknowledged_late(case: &cases::model::Case) -> bool {
    let target = if case.severity == Some(cases::model::Severity::Critical) { 1 } else { 4 };
    case.acknowledged_at.is_none_or(|at| at.seconds_since(case.reported_at) / 3_600 > target)
}

/// The reports of these titles by their numbers, each with whether it was acknowledged late.
fn chosen(story: &Story<'_>, cast: &Cast, titles: &[&str]) -> Result<Vec<(String, bool)>> {
    let mut found: Vec<(String, bool)> = Vec::new();
    story.deployment.db.read_blocking(|conn| {
        found.clear();
        cases::store::each_case(conn, cast.organisation, |case, _| {
            if titles.contains(&case.title.as_str()) {
                let late = acknowledged_late(&case);
                found.push((case.tracking_number, late));
            }
            Ok(())
        })
    })?;
    Ok(found)
}

/// A systematic deviation: reports of the register itself, some of them acknowledged late.
fn incidents(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let about = [
        "the case register and the on-call rota",
        "reports",
        "a person acknowledged the report within the target of its severity",
    ];
    let (control, test) = plan(story, cast, "INC-03", about, TestBasis::Judgemental)?;
    let found = chosen(story, cast, &SPREAD)?;
    let named: Vec<&str> = found.iter().map(|(number, _)| number.as_str()).collect();
    let late: Vec<&str> =
        found.iter().filter(|(_, late)| *late).map(|(number, _)| number.as_str()).collect();
    let list = listed::register(story, cast)?;
    let sample = pick(story, cast, (test, Some(list)), &named)?;
    record(story, cast, ("INC-03", about[2]), sample, (&named, &late))?;
    let items = late.iter().map(|n| (*n).to_owned()).collect();
    deviation(
        story,
        cast,
        DeviationSource::Sample { sample, items },
        &Said(
            "Three reports of moderate severity were acknowledged 9, 12 and 30 hours after they came in; the target is 4 hours.",
            "2026-03-04",
            "2026-04-27",
            "After the on-call rota was rebuilt in March it paged nobody for reports of moderate severity.",
            Nature::Systematic,
            "The rota was mended on 4 May and is now checked each week.",
        ),
    )?;
    conclude(story, cast, control)
}

/// Who left in the period, and when.
pub(super) const LEFT: [(&str, &str); 16] = [
    ("W-003", "01-09"),
    ("W-007", "01-16"),
    ("W-009", "01-30"),
    ("W-014", "02-13"),
    ("W-016", "02-27"),
    ("W-018", "03-06"),
    ("W-021", "03-20"),
    ("W-022", "03-31"),
    ("W-024", "04-10"),
    ("W-026", "04-24"),
    ("W-028", "05-08"),
    ("W-029", "05-15"),
    ("W-031", "05-29"),
    ("W-033", "06-05"),
    ("W-035", "06-19"),
    ("W-038", "06-26"),
];

/// An isolated deviation: a sample by seed of the period's leavers.
fn leavers(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let rows: String = std::iter::once("worker,left_on\n".to_owned())
        .chain(LEFT.iter().map(|(worker, day)| format!("{worker},2026-{day}\n")))
        .collect();
    let population =
        freeze(story, cast, "IAM-05", LEAVERS, "Leavers of the period", "leavers.csv", rows)?;
    let (control, test) = carried(story, cast, "IAM-05")?;
    story.edge.advance_seconds(600);
    let body = population_of(story, cast, population)?;
    let (seed, seed_drawn_at) = service::seed_for(&mut story.edge.env(), &[], "");
    let size = planned(story, cast, test)?;
    let drawn =
        engine::derive(&story.deployment.blobs, &body, SelectionMethod::Random, None, &seed, size)?;
    let input = SampleInput {
        test,
        population: Some(population),
        method: SelectionMethod::Random,
        strata_column: None,
        size: drawn.len(),
        seed,
        seed_drawn_at,
        named: Vec::new(),
        reason: String::new(),
        notes: examination::model::SelectionNotes::default(),
    };
    let selected = drawn.clone();
    let sample = story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        service::draw_sample(tx, env, permit, &input, &mut |_| Ok(selected.clone()))
    })?;
    let items: Vec<&str> = drawn.iter().map(String::as_str).collect();
    record(story, cast, ("IAM-05", ABOUT_LEAVERS[2]), sample, (&items, &["W-022"]))?;
    if items.contains(&"W-022") {
        deviation(
            story,
            cast,
            DeviationSource::Sample { sample, items: vec!["W-022".into()] },
            &Said(
                "Access of one leaver was disabled 35 hours after the end of the day of separation.",
                "2026-03-31",
                "2026-04-02",
                "The ticket was opened with the wrong last day.",
                Nature::Isolated,
                "The last day is now taken from the HR system and cannot be typed.",
            ),
        )?;
    }
    conclude(story, cast, control)
}

/// A deviation on purpose: every change of the period, two of them pushed around the protection.
fn changes(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let mut rows = "change_id,merged_at,kind,pr,authors,merged_by,n_commits\n".to_owned();
    for n in 0..120_u32 {
        let (month, day) = (n / 20 + 1, n % 20 + 3);
        let at = format!("2026-{month:02}-{day:02}T15:{:02}:00Z", n % 60);
        let author = format!("eng-{}", n % 7 + 1);
        if n == 71 || n == 72 {
            rows.push_str(&format!("c{n:03},{at},direct,,eng-4,,1\n"));
        } else {
            let merger = format!("eng-{}", (n + 3) % 7 + 1);
            rows.push_str(&format!("c{n:03},{at},merge,{},{author},{merger},1\n", n + 400));
        }
    }
    let schema = engine::library_schema("changes-second-person/changes.toml")?;
    let population =
        freeze(story, cast, "CHG-02", schema, "Changes of the period", "changes.csv", rows)?;
    let (control, test) = carried(story, cast, "CHG-02")?;
    let input = census(story, cast, test, population)?;
    let run = story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        service::record_census(tx, env, permit, &input)
    })?;
    deviation(
        story,
        cast,
        DeviationSource::Census { census: run, keys: None, outcome: RowOutcome::Exception },
        &Said(
            "An engineer switched the protection of the main line off and pushed two changes to it without a second person.",
            "2026-04-14",
            "2026-04-15",
            "A payroll run was due and nobody else was on call.",
            Nature::Intentional,
            "The right to switch protection off was taken from engineers; both changes were reviewed afterwards.",
        ),
    )?;
    conclude(story, cast, control)
}

pub(super) fn census(
    story: &Story<'_>,
    cast: &Cast,
    test: TestId,
    population: PopulationId,
) -> Result<CensusInput> {
    const TEST: &str = "changes-second-person";
    let engagement = cast.engagement;
    let all = story.deployment.db.read_blocking(|conn| {
        let facts = scope::facts(conn, engagement)?;
        store::populations(conn, store::file_of(&facts)?)
    })?;
    let known = all.into_iter().find(|p| p.id == population).ok_or(Refusal::NotFound)?;
    engine::census(
        &story.deployment.blobs,
        &CensusRequest {
            test,
            procedure: TEST,
            text: engine::library_test(TEST)?,
            populations: &BTreeMap::from([("changes".to_owned(), known)]),
            values: &BTreeMap::new(),
        },
        &(),
    )
}

/// One test is half done: two of five items have no result, and nothing is concluded. For another
/// control, LOG-02, nothing is planned yet.
fn unfinished(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let about = [
        "reports from outside and what was sent to their reporters",
        "reports",
        "the report had a tracking number and updates until it was closed",
    ];
    let (_, test) = plan(story, cast, "COM-08", about, TestBasis::Judgemental)?;
    let found = chosen(story, cast, &SPREAD[..5])?;
    let named: Vec<&str> = found.iter().map(|(number, _)| number.as_str()).collect();
    let list = listed::list_of(story, cast, listed::REGISTER)?;
    let sample = pick(story, cast, (test, list), &named)?;
    record(story, cast, ("COM-08", about[2]), sample, (&named[..3], &[]))?;
    listed::events(story, cast, "LOG-02")?;
    super::ipe::complete(story, cast)?;
    sheets::afternoon(story, cast)
}

pub(super) fn freeze(
    story: &Story<'_>,
    cast: &Cast,
    code: &str,
    schema: &str,
    name: &str,
    file: &str,
    rows: String,
) -> Result<PopulationId> {
    let counted = u64::try_from(rows.lines().count()).unwrap_or(1).saturating_sub(1);
    let id = frozen(story, cast, code, schema, name, file, rows)?;
    super::ipe::retrieved(story, cast, id, "HR system and code host", name, true)?;
    super::ipe::reconciled(
        story,
        cast,
        id,
        "the monthly count of internal audit",
        [counted, 0, 0, 0],
    )?;
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        let yes = PopulationJudgement {
            accepted: true,
            reason: "Agreed with the monthly count of internal audit.".into(),
        };
        service::judge_population(tx, env, permit, id, 1, &yes)
    })?;
    Ok(id)
}

/// Freezes rows and records them, without a judgement.
pub(super) fn frozen(
    story: &Story<'_>,
    cast: &Cast,
    code: &str,
    schema: &str,
    name: &str,
    file: &str,
    rows: String,
) -> Result<PopulationId> {
    let period = engagement_period(story, cast)?;
    let read = populations::schema::parse(schema).map_err(|e| Refusal::input(e.to_string()))?;
    let capture = read.kind == Kind::Capture;
    let input = FreezeInput {
        schema: schema.to_owned(),
        sources: vec![SourceFile {
            name: file.to_owned(),
            reader: Box::new(std::io::Cursor::new(rows.into_bytes())),
            speaks_for: capture.then(|| period.end()),
        }],
        span: (!capture && read.span.is_none())
            .then(|| Span { from: period.start(), to: period.end() }),
        period,
        origin: Origin::Organisation,
        declared: engine::Declared::default(),
        name: name.to_owned(),
        source: "Exported by Mei Tanaka with Dev Raman watching, no filter".to_owned(),
        controls: vec![story.control(cast, code)?],
    };
    let body = engine::freeze(&story.deployment.blobs, story.now(), input, &())?;
    story.act::<KeepPopulations, _>(cast, &cast.senior, move |tx, env, permit| {
        service::record_population(tx, env, permit, &body)
    })
}

pub(super) fn engagement_period(story: &Story<'_>, cast: &Cast) -> Result<Period> {
    let engagement = cast.engagement;
    story.deployment.db.read_blocking(|conn| {
        let found = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
        Ok(found.period)
    })
}

pub(super) fn population_of(
    story: &Story<'_>,
    cast: &Cast,
    id: PopulationId,
) -> Result<examination::model::PopulationBody> {
    let engagement = cast.engagement;
    story.deployment.db.read_blocking(|conn| {
        let facts = scope::facts(conn, engagement)?;
        let found =
            store::population(conn, store::file_of(&facts)?, id)?.ok_or(Refusal::NotFound)?;
        Ok(found.body)
    })
}
