//! January: the period before. A small file of the same two parties that goes the whole way: planned,
//! tested, concluded, signed, reported and locked, with one addition beside it. What follows begins from it.

use super::people::{Cast, actor};
use super::{Story, examined, firm, permit, planned, promised, reported};
use controls::model::ControlId;
use controls::permits::ManageControls;
use examination::completion::model::{ProcedureBody, ProcedureKind};
use examination::completion::permits::{
    AcknowledgeLetter, AddToLocked, CarryForward, LockFile, PerformCompletion, ReviewCompletion,
    SignPartner, SignPrepared, SignQuality, WriteLetter,
};
use examination::completion::service::{self as completion, Signs};
use examination::deviations::model::Answer;
use examination::deviations::permits::{AskStatement, GiveStatement};
use examination::deviations::service::{ask_statement, give_statement};
use examination::engine;
use examination::firm::model::AcceptanceKind;
use examination::model::{
    About, DeviationBody, DeviationSource, Matters, Particulars, SelectionMethod, Verdict,
};
use examination::permits::{ConcludeCriterion, ConcludeOpinion, PerformTests};
use examination::planning::model::{Topic, Understood};
use examination::planning::permits::Plan as MayPlan;
use examination::planning::service as planning;
use examination::rules::deviation::{Nature, TestBasis};
use examination::rules::facts::{CriterionFacts, Given, Prong};
use examination::service::{self, ConclusionInput, DeviationInput, SampleInput};
use examination::store::Papers;
use kernel::env::Env;
use kernel::party::Actor;
use kernel::period::Date;
use kernel::permit::{Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::edge::Edge as _;
use platform::journal::Expected;
use reporting::model::{AssertionBody, Terms};
use reporting::permits::{IssueReport, PrepareReport, SignAssertion, WriteDescription};
use reporting::press_room;

/// The day of the report, of the assertion and of the representations.
const DATED: Date = Date::constant(2026, 1, 23);

const DESCRIPTION: &str = r#"
[DC1]
text = "Alder Payroll computes pay, tax and transfers for employers and shows their staff the results."
entries = ["Payroll | computes pay, tax and transfers each period | employers", "Portal | shows payslips and takes hours | employers and their staff"]
[DC2]
text = "The principal service commitments are part of the service agreement and its security schedule."
[DC3]
text = "The system consists of the parts listed here. Hosting is provided by a subservice organisation."
[DC4]
text = "No incident of the period led to a failure of a principal commitment; every incident was reviewed against the commitments."
[DC5]
text = "Management meets each quarter on security and risk."
[DC6]
text = "User entities keep their own lists of portal users true."
[DC7]
text = "Northfield Cloud hosts the platform and is presented under the carve-out method."
entries = ["Northfield Cloud | Leadership reviews its assurance report and bridge letter in the quarterly meetings of ORG-01."]
[DC8]
text = "All criteria of the two categories apply."
[DC9]
text = "No significant change was made to the system in the period; the change register was reviewed."
"#;

/// Code, what was looked at, what an item is called, what must hold, and the items.
type Plain = (&'static str, [&'static str; 3], &'static [&'static str]);

const PLAIN: [Plain; 3] = [
    (
        "ORG-01",
        [
            "minutes and papers of the quarterly meetings",
            "meetings",
            "leadership met with the independent member and decided on every point of the agenda",
        ],
        &["third quarter", "fourth quarter"],
    ),
    (
        "SEC-01",
        [
            "records of the monthly comparison and its tickets",
            "months",
            "everything was compared with the baseline and removals were done within ten business days",
        ],
        &["August", "November"],
    ),
    (
        "OPS-01",
        [
            "records of the monthly review and its actions",
            "months",
            "incidents, restore, capacity and availability were reviewed and actions closed",
        ],
        &["September", "December"],
    ),
];

/// The whole examination of the period before, up to its locked file.
pub(super) fn examine(story: &Story<'_>, cast: &Cast) -> Result<()> {
    firm::house(story, cast)?;
    firm::staff(story, cast, Date::constant(2026, 1, 5))?;
    firm::accept(story, cast, AcceptanceKind::Acceptance, Date::constant(2026, 1, 2))?;
    plan(story, cast)?;
    story.at("2026-01-12T14:00:00Z")?;
    for (code, about, items) in PLAIN {
        let plan = examined::test_plan(story, cast, code, about, TestBasis::Judgemental)?;
        let control = plan.control;
        let size = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let test = firm::plan_sized(story, cast, &plan, size)?;
        let sample = examined::pick(story, cast, (test, None), items)?;
        examined::record(story, cast, (code, about[2]), sample, (items, &[]))?;
        examined::conclude(story, cast, control)?;
    }
    leavers(story, cast)?;
    changes(story, cast)?;
    let few = "The control runs a few times in a half-year and was looked at on two occasions; each was read in full.";
    planned::settle_sizes(story, cast, &[], few)?;
    promised::conclude(story, cast)?;
    describe(story, cast)?;
    story.at("2026-01-23T15:00:00Z")?;
    report(story, cast)?;
    conclude(story, cast)?;
    procedures(story, cast)?;
    letter(story, cast)?;
    sign(story, cast)?;
    story.edge.advance_seconds(600);
    let (who, id) = (cast.partner.clone(), cast.engagement);
    let d = story.deployment;
    press_room::issue(&d.db, &d.journal, &d.blobs, &story.edge.env(), move |conn| {
        Ok(authorize::<IssueReport>(&who, &scope::facts(conn, id)?)?)
    })?;
    story.at("2026-01-26T15:00:00Z")?;
    story.act::<LockFile, _>(cast, &cast.partner, |tx, env, permit| {
        completion::lock(tx, env, permit, 7, "").map(|_| ())
    })
}

fn plan(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let parts = [
        (
            Topic::Services,
            "Runs payroll for employers in three countries. Users rely on pay being right and on time, and on the confidentiality of pay data.",
        ),
        (
            Topic::Procedures,
            "Five controls: a quarterly meeting of leadership, two monthly reviews, removal of leavers by hand, and review of each change by a second person.",
        ),
        (Topic::Subservices, "A hosting provider, carved out; its report is reviewed each year."),
    ]
    .map(|(topic, text)| Understood { topic, text: text.into() })
    .to_vec();
    story.act::<MayPlan, _>(cast, &cast.senior, move |tx, env, p| {
        planning::state_understanding(tx, env, p, Expected::New, &parts)
    })?;
    let usual =
        "Usual for an organisation of this size. Response: tests of the controls mapped to it.";
    let leavers =
        "Few people leave and each is handled by hand. Response: a sample of ten of fourteen.";
    let change = "Every change can reach pay. Response: every change of the period is compared with its review.";
    planned::assess(
        story,
        cast,
        &[(Prong::Operation, "CC6.2"), (Prong::Operation, "CC6.3")],
        leavers,
    )?;
    planned::assess(story, cast, &[(Prong::Operation, "CC8.1")], change)?;
    planned::assess_rest(story, cast, usual, |_| true)?;
    planned::materiality(story, cast)
}

/// A sample by seed of ten of fourteen leavers, with one deviation.
fn leavers(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let days = [
        "07-11", "07-25", "08-08", "08-22", "09-05", "09-19", "10-03", "10-17", "10-31", "11-07",
        "11-14", "11-21", "12-05", "12-12",
    ];
    let rows: String = std::iter::once("worker,left_on\n".to_owned())
        .chain(days.iter().zip(101..).map(|(day, n)| format!("W-{n},2025-{day}\n")))
        .collect();
    let schema =
        examined::LEAVERS.replace("2026-01-01", "2025-07-01").replace("2026-06-30", "2025-12-31");
    let name = "Leavers of the period";
    let population =
        examined::freeze(story, cast, "IAM-05", &schema, name, "leavers-2025.csv", rows)?;
    let about = examined::ABOUT_LEAVERS;
    let plan = examined::test_plan(story, cast, "IAM-05", about, TestBasis::Judgemental)?;
    let control = plan.control;
    let test = firm::plan_sized(story, cast, &plan, 10)?;
    story.edge.advance_seconds(600);
    let body = examined::population_of(story, cast, population)?;
    let (seed, seed_drawn_at) = service::seed_for(&mut story.edge.env(), &[], "");
    let (blobs, random) = (&story.deployment.blobs, SelectionMethod::Random);
    let drawn = engine::derive(blobs, &body, random, None, &seed, 10)?;
    let input = SampleInput {
        test,
        population: Some(population),
        method: random,
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
    let Some(late) = items.first().copied() else {
        return Err(Refusal::input("no leaver was drawn").into());
    };
    let looked_for = ("IAM-05", examined::ABOUT_LEAVERS[2]);
    examined::record(story, cast, looked_for, sample, (&items, &[late]))?;
    let day = days.iter().zip(101..).find(|(_, n)| format!("W-{n}") == late).map(|(day, _)| *day);
    deviation(story, cast, DeviationSource::Sample { sample, items: vec![late.into()] }, day)?;
    examined::conclude(story, cast, control)
}

fn deviation(
    story: &Story<'_>,
    cast: &Cast,
    source: DeviationSource,
    day: Option<&str>,
) -> Result<()> {
    let day = format!("2025-{}", day.unwrap_or("12-12"));
    // The account was open from the end of the last day until the second morning after it.
    let until = kernel::period::parse_date(&day)
        .map_err(|e| Refusal::input(e.to_string()))?
        .tomorrow()
        .and_then(|next| next.tomorrow())
        .map_err(|e| Refusal::input(e.to_string()))?;
    let facts =
        "Access of one leaver was disabled 31 hours after the end of the day of separation.";
    let input = DeviationInput {
        source,
        body: DeviationBody {
            facts: facts.into(),
            attribute: Some("A".into()),
            from: Some(day),
            to: Some(until.to_string()),
            cause: "The manager told the platform team on the next day.".into(),
            nature: Nature::Isolated,
            undisclosed: false,
            mitigating: "The account was not used after the separation.".into(),
            client_statement: String::new(),
            correction: String::new(),
            more: Particulars::default(),
        },
    };
    let id = story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        service::record_deviation(tx, env, permit, &input)
    })?;
    let asked = story.act::<AskStatement, _>(cast, &cast.manager, move |tx, env, permit| {
        ask_statement(tx, env, permit, id, facts, "2026-01-19")
    })?;
    let answer = Answer {
        agrees: true,
        text: "We agree with the facts.".into(),
        correction: "Managers are reminded on the day before each last day.".into(),
        corrected_on: None,
    };
    story.act::<GiveStatement, _>(cast, &cast.lead, move |tx, env, permit| {
        give_statement(tx, env, permit, asked, 1, &answer)
    })
}

/// Every change of the period: none without a second person.
fn changes(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let mut rows = "change_id,merged_at,kind,pr,authors,merged_by,n_commits\n".to_owned();
    for n in 0..48_u32 {
        let (month, day) = (n / 8 + 7, n % 8 * 3 + 2);
        rows.push_str(&format!(
            "c{n:03},2025-{month:02}-{day:02}T15:{:02}:00Z,merge,{},eng-{},eng-{},1\n",
            n % 60,
            n + 300,
            n % 7 + 1,
            (n + 3) % 7 + 1
        ));
    }
    let schema = engine::library_schema("changes-second-person/changes.toml")?;
    let name = "Changes of the period";
    let population =
        examined::freeze(story, cast, "CHG-02", schema, name, "changes-2025.csv", rows)?;
    let (control, test) =
        examined::plan(story, cast, "CHG-02", examined::ABOUT_CHANGES, TestBasis::Census)?;
    let input = examined::census(story, cast, test, population)?;
    story.act::<PerformTests, _>(cast, &cast.senior, move |tx, env, permit| {
        service::record_census(tx, env, permit, &input).map(|_| ())
    })?;
    examined::conclude(story, cast, control)
}

/// Management describes its system.
fn describe(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-01-19T14:00:00Z")?;
    let sections =
        reporting::cli::sections_of(DESCRIPTION).map_err(|e| Refusal::input(e.to_string()))?;
    story.act::<WriteDescription, _>(cast, &cast.lead, move |tx, env, permit| {
        for (criterion, body) in &sections {
            reporting::service::write_section(tx, env, permit, *criterion, Expected::Any, body)?;
        }
        Ok(())
    })
}

/// Assertion, terms and representations, all of the day of the report.
fn report(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.act::<SignAssertion, _>(cast, &cast.sponsor, move |tx, env, permit| {
        let engagement = permit.facts().engagement.ok_or(Refusal::NotFound)?;
        let body = AssertionBody {
            text: reporting::assemble::proposed_assertion(tx, engagement)?,
            signer: "Ruth Abernathy".into(),
            position: "Chief executive officer".into(),
            date: DATED,
        };
        reporting::service::sign_assertion(tx, env, permit, &body)
    })?;
    story.act::<PrepareReport, _>(cast, &cast.manager, move |tx, env, permit| {
        let terms = Terms {
            city: "Columbus".into(),
            state: "Ohio".into(),
            report_date: Some(DATED),
            ..Terms::default()
        };
        reporting::service::state_terms(tx, env, permit, Expected::Any, &terms)?;
        let mut letter = reported::letter(DATED);
        letter
            .text
            .push_str("\n\nThe one deviation that was found and not corrected is not material.");
        reporting::service::receive_letter(tx, env, permit, &letter)
    })
}

/// What makes up for the deviation, and the opinion as the rules propose it.
fn conclude(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let by = |criterion: &str| -> Result<CriterionFacts> {
        let facts = serde_json::json!({
            "id": criterion,
            "compensation": {
                "controls": ["SEC-01"],
                "accepted": true,
                "reason": "The monthly comparison of accounts found it disabled and unused.",
            },
        });
        serde_json::from_value(facts).map_err(|e| Refusal::input(e.to_string()).into())
    };
    let mut matters = Matters { criteria: vec![by("CC6.2")?, by("CC6.3")?], ..Matters::default() };
    matters.management.assertion = Some(Given::Given);
    matters.management.representation_letter = Some(Given::Given);
    story.act::<ConcludeCriterion, _>(cast, &cast.partner, move |tx, env, permit| {
        service::state_matters(tx, env, permit, 0, &matters, "Weighed with the manager.")
    })?;
    criteria(story, cast)?;
    let id = cast.engagement;
    story.act::<ConcludeOpinion, _>(cast, &cast.partner, move |tx, env, permit| {
        let found = examination::store::results(tx, id)?;
        let proposal = found.proposal.ok_or_else(|| Refusal::input("no opinion is proposed"))?;
        let input = ConclusionInput {
            about: About::Opinion,
            verdict: Verdict::Opinion { opinion: proposal.headline },
            reason: "As the rules propose; the one deviation is isolated and made up for.".into(),
            proof: None,
        };
        service::conclude(tx, env, permit, Expected::Any, &input).map(|_| ())
    })
}

/// Every criterion: those whose controls are all effective under one signature, the others one by one.
fn criteria(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let id = cast.engagement;
    story.act::<ConcludeCriterion, _>(cast, &cast.partner, move |tx, env, permit| {
        let plain = examination::completion::rules::plainly_met(&Papers::load(tx, id)?);
        let reason = "Every control that addresses them was effective throughout, without a deviation.";
        if !plain.is_empty() {
            service::conclude_together(tx, env, permit, &plain, reason)?;
        }
        for line in Papers::load(tx, id)?.criterion_results() {
            if line.conclusion.is_some() {
                continue;
            }
            let input = ConclusionInput {
                about: About::Criterion { criterion: line.criterion },
                verdict: line.proposed.ok_or_else(|| Refusal::input("no criterion is proposed"))?,
                reason: "The one deviation of the controls that address it is isolated; the account was found disabled and unused by the monthly comparison.".into(),
                proof: None,
            };
            service::conclude(tx, env, permit, Expected::Any, &input)?;
        }
        Ok(())
    })
}

fn procedures(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let done = [
        (
            ProcedureKind::Inquiry,
            "Ruth Abernathy, chief executive officer; Nadia Lindqvist, compliance",
            "Asked about incidents, changes, litigation and departures since 31 December. None bears on the report.",
        ),
        (ProcedureKind::Minutes, "Minutes of January", "Nothing bears on the report."),
        (
            ProcedureKind::Incidents,
            "The incident tickets from 1 January on",
            "No incident of the two highest severities is open.",
        ),
        (
            ProcedureKind::Changes,
            "The history of the main line from 1 January on",
            "No change to how access or changes are handled.",
        ),
        (
            ProcedureKind::Reports,
            "The report of Northfield Cloud on the year to 30 September 2025, with a bridge letter",
            "Unmodified; the assumed controls are covered.",
        ),
        (
            ProcedureKind::OtherInformation,
            "Section V of the report, management’s responses",
            "They agree with the exceptions of section IV and with what was seen.",
        ),
    ];
    let performed =
        story.act::<PerformCompletion, _>(cast, &cast.senior, move |tx, env, permit| {
            let mut ids = Vec::new();
            for (kind, source, result) in done {
                let body = ProcedureBody {
                    kind,
                    control: None,
                    performed_on: DATED,
                    covers_to: DATED,
                    source: source.into(),
                    result: result.into(),
                    matter: None,
                    evidence: Vec::new(),
                };
                ids.push(completion::perform(tx, env, permit, None, &body)?);
            }
            Ok(ids)
        })?;
    story.act::<ReviewCompletion, _>(cast, &cast.manager, move |tx, env, permit| {
        performed.iter().try_for_each(|id| completion::review(tx, env, permit, *id))
    })
}

/// The letter on deficiencies, which management acknowledges.
fn letter(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.act::<WriteLetter, _>(cast, &cast.manager, |tx, env, permit| {
        let engagement = permit.facts().engagement.ok_or(Refusal::NotFound)?;
        let drafted = examination::completion::rules::draft_letter(&Papers::load(tx, engagement)?)
            .ok_or_else(|| Refusal::input("no deviation to write of"))?;
        completion::write_letter(tx, env, permit, 0, &drafted).map(|_| ())
    })?;
    story.act::<WriteLetter, _>(cast, &cast.partner, |tx, env, permit| {
        completion::release_letter(tx, env, permit, 1)
    })?;
    story.act::<AcknowledgeLetter, _>(cast, &cast.sponsor, completion::acknowledge_letter)
}

fn sign(story: &Story<'_>, cast: &Cast) -> Result<()> {
    fn one<A: Signs>(tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<A>) -> Result<()> {
        let engagement = permit.facts().engagement.ok_or(Refusal::NotFound)?;
        let outside = reporting::service::outside(tx, engagement)?;
        completion::sign(tx, env, permit, "The file is complete.", &outside)
    }
    let quality: Actor = actor(story, firm::REVIEWER)?;
    story.act::<SignPrepared, _>(cast, &cast.manager, one)?;
    story.act::<SignQuality, _>(cast, &quality, one)?;
    story.act::<SignPartner, _>(cast, &cast.partner, one)
}

/// The organisation puts finer controls in the place of its three broad ones.
pub(super) fn retire(story: &Story<'_>, cast: &Cast) -> Result<()> {
    for (code, _, _) in PLAIN {
        let id: ControlId = story.control(cast, code)?;
        let lead = cast.lead.clone();
        story.edge.advance_seconds(20);
        story.run(move |tx, env| {
            let may = permit::<ManageControls>(&lead)?;
            let why = "Finer controls take its place from 2026 on.";
            controls::service::retire(tx, env, &may, id, 1, why)
        })?;
    }
    Ok(())
}

/// The present file begins from the one before, to which something is added later.
pub(super) fn carry(story: &Story<'_>, cast: &Cast, before: &Cast) -> Result<()> {
    let from = before.engagement;
    story.at("2026-01-28T15:00:00Z")?;
    story.act::<CarryForward, _>(cast, &cast.manager, move |tx, env, permit| {
        completion::carry(tx, env, permit, from).map(|_| ())
    })?;
    story.at("2026-02-09T16:00:00Z")?;
    story.act::<AddToLocked, _>(before, &cast.manager, |tx, env, permit| {
        let text = "The letter of representations with the signature in ink was filed. It reads as the copy that the file holds.";
        let reason = "It came by post after the file was locked; the report rested on the copy.";
        completion::add(tx, env, permit, "Letter of representations", text, reason, &[]).map(|_| ())
    })
}
