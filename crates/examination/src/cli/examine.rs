//! `tickmark examine …`: the firm's file from the command line.
//!
//! Whoever holds the data directory acts for the firm and the log says so; with `--as` a person of the
//! firm acts, with that person's roles. Reviews and second signatures need a person.

use super::commitment::{self, CommitmentArgs};
use super::deviation::{self, DeviationArgs, SecondNatureArgs};
use super::matters::{
    self, LeaveOutArgs, LimitArgs, MattersArgs, MisstatementArgs, SecondMatterArgs, UnreliableArgs,
};
use super::planned::{self, ConsiderArgs, RiskArgs, SizeArgs, UnderstandArgs};
use super::staff::{self, AcceptArgs, AssessArgs, AssignArgs, FirmArgs, IndependentArgs};
use super::stated::{
    self, CompensationArgs, MaterialityArgs, RefusedArgs, SecondMaterialityArgs, SpansArgs,
};
use super::work::{self, CensusArgs, CheckArgs, ChecksArgs, FreezeArgs, SelectArgs};
use crate::model::{About, Attribute, Disposition, RowOutcome, Standing, Test, TestPlan, Verdict};
use crate::permits::{
    ConcludeControl, ConcludeCriterion, ConcludeOpinion, PerformTests, PlanTests, ReadFile,
    SecondConclusion,
};
use crate::rules::control::{DesignState, OperationState};
use crate::rules::facts::{Opinion, Status};
use crate::rules::opinion::{TAKEN_AS_GIVEN, UNMONITORED};
use crate::service::{self, ConclusionInput};
use crate::store::{self, Papers};
use clap::{Args, Subcommand};
use controls::model::ControlId;
use identity::model::{Email, MemberState};
use kernel::ids::EngagementId;
use kernel::party::{Actor, Via};
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::{Conn, Result};
use platform::journal::Expected;
use serde_json::json;
use std::fmt::Display;
use std::str::FromStr;

/// Which file, and who acts.
#[derive(Debug, Clone, Args)]
pub struct FileArgs {
    /// The engagement, eng_…
    #[arg(long)]
    pub engagement: String,
    /// The e-mail address of the person of the firm who acts
    #[arg(long = "as", value_name = "EMAIL")]
    pub person: Option<String>,
}

/// `tickmark examine …`
#[derive(Debug, Clone, Subcommand)]
pub enum ExamineCommand {
    /// State the firm's licence and peer review
    Firm(FirmArgs),
    /// Put somebody on the team of the engagement
    Assign(AssignArgs),
    /// Confirm one's own independence; nobody signs without
    Independent(IndependentArgs),
    /// Assess the preconditions of acceptance or continuance
    Assess(AssessArgs),
    /// Decide on acceptance or continuance, assessed by somebody else
    Accept(AcceptArgs),
    /// Write down what is understood of the system
    Understand(UnderstandArgs),
    /// Assess risks of material misstatement, or print those that are open
    Risk(RiskArgs),
    /// Write down what is weighed when something is judged material
    Consider(ConsiderArgs),
    /// Plan a test of a control
    Plan(PlanArgs),
    /// State how many items a test takes, or approve fewer than the firm's policy asks for
    Size(SizeArgs),
    /// Freeze files as a population of the firm's file
    Freeze(FreezeArgs),
    /// Record checks on completeness and accuracy of a frozen population, and print how they stand
    Checks(ChecksArgs),
    /// Draw a sample of a frozen population, by seed
    Select(SelectArgs),
    /// Draw every sample of a test again and compare
    Check(CheckArgs),
    /// Run a test over every item of frozen populations
    Census(CensusArgs),
    /// Decide about rows of a full-population run that did not pass
    Judge(JudgeArgs),
    /// Record a deviation
    Deviation(DeviationArgs),
    /// Sign, as second person, a nature softer than the markers propose
    SecondNature(SecondNatureArgs),
    /// State over which days a control that changed was of which kind, and which tests speak for which
    Spans(SpansArgs),
    /// Propose controls that make up for those that failed under a criterion
    Compensation(CompensationArgs),
    /// Judge how material it is that a criterion is not met
    Materiality(MaterialityArgs),
    /// Sign, as second person, that the failure of a criterion is not material
    SecondMateriality(SecondMaterialityArgs),
    /// Evaluate a commitment: what was read, what the checks found, whether it was achieved
    Commitment(CommitmentArgs),
    /// Conclude on a control or a criterion
    Conclude(ConcludeArgs),
    /// State what management refused: its assertion, its letter, to amend its assertion
    Refused(RefusedArgs),
    /// Print misstatements, limits on the scope, criteria left out, and what waits for a second signature
    Matters(MattersArgs),
    /// State a misstatement of the description, or change one
    Misstatement(MisstatementArgs),
    /// State a limit on the scope, change one, or take one back
    Limit(LimitArgs),
    /// Leave a criterion out for the reason that the description gives
    LeaveOut(LeaveOutArgs),
    /// State that the evidence as such cannot be relied on
    Unreliable(UnreliableArgs),
    /// Sign, as second person, that a misstatement or a limit is not material
    SecondMatter(SecondMatterArgs),
    /// Propose the opinion from the record, and conclude on it
    Opinion(OpinionArgs),
    /// Sign a conclusion more favourable than proposed, as second person
    Second(SecondArgs),
    /// What was tested, with which results
    Results(ResultsArgs),
}

/// Plans a test.
#[derive(Debug, Clone, Args)]
pub struct PlanArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The control's code, such as IAM-05
    #[arg(long)]
    pub control: String,
    /// The test's code, such as T-IAM-05-1
    #[arg(long)]
    pub code: String,
    /// inquiry, observation, inspection or reperformance
    #[arg(long, default_value = "inspection")]
    pub procedure: String,
    /// statistical, judgemental, census or automated
    #[arg(long)]
    pub basis: String,
    /// What is looked at, as the report will say it
    #[arg(long)]
    pub evidence: String,
    /// What one item is called, in the plural
    #[arg(long)]
    pub items: String,
    /// What must hold for every item; given once for each attribute, which become A, B, C …
    #[arg(long = "attribute", required = true)]
    pub attributes: Vec<String>,
    /// For a statistical sample, such as 90%
    #[arg(long)]
    pub confidence: Option<String>,
    /// For a statistical sample, such as 10%
    #[arg(long)]
    pub tolerable: Option<String>,
}

/// Decides about rows.
#[derive(Debug, Clone, Args)]
pub struct JudgeArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The test's code; its last run is meant
    #[arg(long)]
    pub test: String,
    /// exception or unmatched
    #[arg(long)]
    pub outcome: String,
    /// A row's key; given once for each row, or left out for every open row
    #[arg(long = "row")]
    pub rows: Vec<String>,
    /// not_a_deviation, not_in_population, other_evidence or undetermined
    #[arg(long)]
    pub decision: String,
    /// Why
    #[arg(long)]
    pub reason: String,
}

/// Concludes on a control or a criterion.
#[derive(Debug, Clone, Args)]
pub struct ConcludeArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The control's code
    #[arg(long, conflicts_with = "criterion", required_unless_present = "criterion")]
    pub control: Option<String>,
    /// The criterion, such as CC6.2
    #[arg(long)]
    pub criterion: Option<String>,
    /// For a control suitable, deficient or not_implemented; for a criterion met, unknown or not_met
    #[arg(long)]
    pub design: String,
    /// For a control effective, effective_with_deviations, ineffective, not_operated or unable; for a criterion as design
    #[arg(long)]
    pub operation: Option<String>,
    /// Why
    #[arg(long)]
    pub reason: String,
    /// What proves that a control had no occasion to operate
    #[arg(long)]
    pub proof: Option<String>,
}

/// Proposes the opinion, and concludes on it.
#[derive(Debug, Clone, Args)]
pub struct OpinionArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// Print the facts that the proposal rests on instead
    #[arg(long, conflicts_with = "conclude")]
    pub facts: bool,
    /// unmodified, qualified, adverse, disclaimer or withdraw
    #[arg(long, requires = "reason")]
    pub conclude: Option<String>,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// Signs as second person.
#[derive(Debug, Clone, Args)]
pub struct SecondArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// A control's code, a criterion, or the word opinion
    pub about: String,
    /// Why
    #[arg(long)]
    pub reason: String,
}

/// Prints the results.
#[derive(Debug, Clone, Args)]
pub struct ResultsArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
}

impl ExamineCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// One sentence on what is wrong and what to do; the exit code is then 2.
    pub fn run(&self, cx: &Context) -> Outcome {
        match self {
            Self::Firm(args) => staff::firm(cx, args),
            Self::Assign(args) => staff::assign(cx, args),
            Self::Independent(args) => staff::independent(cx, args),
            Self::Assess(args) => staff::assess(cx, args),
            Self::Accept(args) => staff::accept(cx, args),
            Self::Understand(args) => planned::understand(cx, args),
            Self::Risk(args) => planned::risk(cx, args),
            Self::Consider(args) => planned::consider(cx, args),
            Self::Plan(args) => plan(cx, args),
            Self::Size(args) => planned::size(cx, args),
            Self::Freeze(args) => work::freeze(cx, args),
            Self::Checks(args) => work::checks(cx, args),
            Self::Select(args) => work::select(cx, args),
            Self::Check(args) => work::check(cx, args),
            Self::Census(args) => work::census(cx, args),
            Self::Judge(args) => judge(cx, args),
            Self::Deviation(args) => deviation::record(cx, args),
            Self::SecondNature(args) => deviation::second(cx, args),
            Self::Spans(args) => stated::spans(cx, args),
            Self::Compensation(args) => stated::compensation(cx, args),
            Self::Materiality(args) => stated::materiality(cx, args),
            Self::SecondMateriality(args) => stated::second(cx, args),
            Self::Commitment(args) => commitment::run(cx, args),
            Self::Conclude(args) => conclude(cx, args),
            Self::Refused(args) => stated::refused(cx, args),
            Self::Matters(args) => matters::list(cx, args),
            Self::Misstatement(args) => matters::misstatement(cx, args),
            Self::Limit(args) => matters::limit(cx, args),
            Self::LeaveOut(args) => matters::leave(cx, args),
            Self::Unreliable(args) => matters::unreliable(cx, args),
            Self::SecondMatter(args) => matters::second(cx, args),
            Self::Opinion(args) => opinion(cx, args),
            Self::Second(args) => second(cx, args),
            Self::Results(args) => results(cx, args),
        }
    }
}

/// Reads an argument, naming it in the sentence if it cannot be read.
pub(super) fn argument<T: FromStr>(name: &str, text: &str) -> Result<T, Refusal>
where
    T::Err: Display,
{
    text.parse().map_err(|fault: T::Err| Refusal::input(format!("--{name}: {fault}")))
}

pub(super) fn engagement(file: &FileArgs) -> Result<EngagementId, Refusal> {
    argument("engagement", &file.engagement)
}

/// The facts of the engagement, and who acts on it.
pub(super) fn acting(
    conn: &mut Conn<'_>,
    file: &FileArgs,
    now: Timestamp,
) -> Result<(Facts, Actor)> {
    let facts = scope::facts(conn, engagement(file)?)?;
    let firm = facts.firm.ok_or_else(|| {
        Refusal::state("No firm has joined this engagement yet, so there is no file to work in.")
    })?;
    let Some(email) = &file.person else {
        return Ok((facts, Actor::system(firm, "command-line")));
    };
    let email = Email::parse(email)?;
    let nobody = || {
        Refusal::input(format!("Nobody of the firm has the address {email}. Invite them first."))
    };
    let person = identity::store::person_by_email(conn, &email)?.ok_or_else(nobody)?;
    let member = identity::store::member(conn, firm, person.id)?.ok_or_else(nobody)?;
    if member.membership.state != MemberState::Active {
        return Err(Refusal::state("This person is deactivated. Reactivate them first.").into());
    }
    let side = identity::store::party(conn, firm)?.ok_or(Refusal::NotFound)?.side;
    let actor = Actor {
        person: Some(person.id),
        party: Some(firm),
        side,
        roles: member.membership.roles,
        via: Via::CommandLine,
    };
    // A role whose time is over is as if it were not held, here as on every page.
    let actor = crate::firm::store::timed(conn, actor, now)?;
    let facts = crate::firm::store::facts_for(conn, &actor, engagement(file)?, now)?;
    Ok((facts, actor))
}

pub(super) fn permit<A: Action>(
    conn: &mut Conn<'_>,
    file: &FileArgs,
    now: Timestamp,
) -> Result<Permit<A>> {
    let (facts, actor) = acting(conn, file, now)?;
    if file.person.is_none() && !A::RULE.system {
        return Err(Refusal::input("Say with --as which person of the firm does this.").into());
    }
    Ok(authorize::<A>(&actor, &facts)?)
}

pub(super) fn test_of<A>(conn: &mut Conn<'_>, permit: &Permit<A>, code: &str) -> Result<Test> {
    let file = store::file_of(permit.facts())?;
    Ok(store::test_by_code(conn, file, code)?
        .ok_or_else(|| Refusal::input(format!("No test is called {code}. Plan it first.")))?)
}

pub(super) fn control_of<A>(
    conn: &mut Conn<'_>,
    permit: &Permit<A>,
    code: &str,
) -> Result<ControlId> {
    Ok(controls::store::by_code(conn, permit.owner(), code)?
        .ok_or_else(|| Refusal::input(format!("The organisation has no control {code}.")))?
        .id)
}

fn plan(cx: &Context, args: &PlanArgs) -> Outcome {
    let now = cx.env().now();
    let args = args.clone();
    let mut env = cx.env();
    let (id, code) = cx.db.write_blocking(move |tx| {
        let permit = permit::<PlanTests>(tx, &args.file, now)?;
        let maybe = |text: &Option<String>| text.clone();
        let plan = TestPlan {
            control: control_of(tx, &permit, &args.control)?,
            code: args.code.clone(),
            procedure: argument("procedure", &args.procedure)?,
            basis: argument("basis", &args.basis)?,
            evidence: args.evidence.clone(),
            items: args.items.clone(),
            attributes: args
                .attributes
                .iter()
                .zip('A'..='Z')
                .map(|(text, letter)| Attribute { letter: letter.to_string(), text: text.clone() })
                .collect(),
            confidence: maybe(&args.confidence).map(|t| argument("confidence", &t)).transpose()?,
            tolerable: maybe(&args.tolerable).map(|t| argument("tolerable", &t)).transpose()?,
            observation_dates: None,
        };
        let id = crate::planning::service::plan_by_hand(tx, &mut env, &permit, &plan)?;
        Ok((id, args.code.clone()))
    })?;
    Answer::new(&json!({ "test": id, "code": code }), format!("Planned {code} ({id})."))
}

pub(super) fn outcome(text: &str) -> Result<RowOutcome, Refusal> {
    RowOutcome::parse(text)
        .ok_or_else(|| Refusal::input("--outcome: write exception or unmatched."))
}

pub(super) fn last_run<A>(
    conn: &mut Conn<'_>,
    permit: &Permit<A>,
    test: &Test,
) -> Result<crate::model::Census> {
    let file = store::file_of(permit.facts())?;
    Ok(store::censuses(conn, file, test.id)?
        .pop()
        .ok_or_else(|| Refusal::state("This test has not been run over a population yet."))?)
}

fn judge(cx: &Context, args: &JudgeArgs) -> Outcome {
    let now = cx.env().now();
    let args = args.clone();
    let mut env = cx.env();
    let count = cx.db.write_blocking(move |tx| {
        let permit = permit::<PerformTests>(tx, &args.file, now)?;
        let disposition = Disposition::parse(&args.decision).ok_or_else(|| {
            Refusal::input("--decision: write not_a_deviation, not_in_population, other_evidence or undetermined.")
        })?;
        let test = test_of(tx, &permit, &args.test)?;
        let run = last_run(tx, &permit, &test)?;
        let rows = (!args.rows.is_empty()).then_some(args.rows.as_slice());
        let outcome = outcome(&args.outcome)?;
        service::judge_rows(
            tx, &mut env, &permit, run.id, outcome, rows, disposition, &args.reason, &[],
        )
    })?;
    Answer::new(&json!({ "rows": count }), format!("Decided about {count} rows."))
}

fn verdict_of(args: &ConcludeArgs) -> Result<Verdict, Refusal> {
    let operation = args.operation.as_deref();
    if args.criterion.is_some() {
        let design: Status = argument("design", &args.design)?;
        let operation = operation.map(|o| argument::<Status>("operation", o)).transpose()?;
        return Ok(Verdict::Criterion { design, operation });
    }
    let design: DesignState = argument("design", &args.design)?;
    let operation = operation.map(|o| argument::<OperationState>("operation", o)).transpose()?;
    Ok(Verdict::Control { design, operation })
}

fn conclude(cx: &Context, args: &ConcludeArgs) -> Outcome {
    let now = cx.env().now();
    let (args, verdict) = (args.clone(), verdict_of(args)?);
    let mut env = cx.env();
    let (about, standing) = cx.db.write_blocking(move |tx| {
        let input = |about| ConclusionInput {
            about,
            verdict,
            reason: args.reason.clone(),
            proof: args.proof.clone(),
        };
        if let Some(criterion) = &args.criterion {
            let permit = permit::<ConcludeCriterion>(tx, &args.file, now)?;
            let about = About::Criterion { criterion: argument("criterion", criterion)? };
            let standing = service::conclude(tx, &mut env, &permit, Expected::Any, &input(about))?;
            return Ok((about, standing));
        }
        let permit = permit::<ConcludeControl>(tx, &args.file, now)?;
        let code = args.control.as_deref().unwrap_or_default();
        let about = About::Control { control: control_of(tx, &permit, code)? };
        Ok((about, service::conclude(tx, &mut env, &permit, Expected::Any, &input(about))?))
    })?;
    concluded(about, standing)
}

fn concluded(about: About, standing: Standing) -> Outcome {
    let text = match standing {
        Standing::AwaitsSecond => format!(
            "Recorded the conclusion on {about}. It is more favourable than the proposal and stands once a second person signs."
        ),
        _ => format!("Recorded the conclusion on {about}."),
    };
    Answer::new(&json!({ "about": about, "standing": standing }), text)
}

pub(super) fn papers(conn: &mut Conn<'_>, file: &FileArgs, now: Timestamp) -> Result<Papers> {
    permit::<ReadFile>(conn, file, now)?;
    Papers::load(conn, engagement(file)?)
}

fn opinion(cx: &Context, args: &OpinionArgs) -> Outcome {
    let now = cx.env().now();
    if let (Some(opinion), Some(reason)) = (&args.conclude, &args.reason) {
        let opinion: Opinion = argument("conclude", opinion)?;
        let (file, reason, mut env) = (args.file.clone(), reason.clone(), cx.env());
        let standing = cx.db.write_blocking(move |tx| {
            let permit = permit::<ConcludeOpinion>(tx, &file, now)?;
            let input = ConclusionInput {
                about: About::Opinion,
                verdict: Verdict::Opinion { opinion },
                reason: reason.clone(),
                proof: None,
            };
            service::conclude(tx, &mut env, &permit, Expected::Any, &input)
        })?;
        return concluded(About::Opinion, standing);
    }
    let file = args.file.clone();
    if args.facts {
        let facts = cx.db.read_blocking(move |conn| {
            permit::<ReadFile>(conn, &file, now)?;
            store::facts_for_opinion(conn, engagement(&file)?)
        })?;
        let text = serde_json::to_string_pretty(&facts).map_err(|e| Failed(e.to_string()))?;
        return Answer::new(&facts, text);
    }
    let facts = cx.db.read_blocking(move |conn| {
        permit::<ReadFile>(conn, &file, now)?;
        store::facts_for_opinion(conn, engagement(&file)?)
    })?;
    let mut proposal =
        crate::rules::opinion::propose(&facts).map_err(|fault| Failed(fault.to_string()))?;
    let answer = super::ProposeAnswer(proposal.clone());
    // What this room cannot know is no point for a reader: the description and the completion tell it.
    let before = proposal.matters.len();
    proposal.matters.retain(|m| !m.ends_with(UNMONITORED) && !m.ends_with(TAKEN_AS_GIVEN));
    if proposal.matters.len() < before {
        proposal.matters.push(ELSEWHERE.to_owned());
    }
    Answer::new(&answer, super::ProposeAnswer(proposal).to_string())
}

/// Where to find what the facts of a file do not hold.
const ELSEWHERE: &str = "Which control watches over a subservice organisation is said under DC 7 of the description; whether management's documents are there, in what is missing before the file is complete.";

fn second(cx: &Context, args: &SecondArgs) -> Outcome {
    let now = cx.env().now();
    let args = args.clone();
    let mut env = cx.env();
    let about = cx.db.write_blocking(move |tx| {
        let permit = permit::<SecondConclusion>(tx, &args.file, now)?;
        let about = if args.about == "opinion" {
            About::Opinion
        } else if let Ok(criterion) = args.about.parse() {
            About::Criterion { criterion }
        } else {
            About::Control { control: control_of(tx, &permit, &args.about)? }
        };
        let seen = Papers::load(tx, engagement(&args.file)?)?
            .conclusion(about)
            .ok_or_else(|| Refusal::state("Nobody has concluded on this yet."))?;
        service::second(tx, &mut env, &permit, about, seen.version, &args.reason)?;
        Ok(about)
    })?;
    Answer::new(
        &json!({ "about": about, "standing": Standing::Stands }),
        format!("Signed the conclusion on {about} as second person."),
    )
}

fn results(cx: &Context, args: &ResultsArgs) -> Outcome {
    let (file, now) = (args.file.clone(), cx.env().now());
    let papers = cx.db.read_blocking(move |conn| papers(conn, &file, now))?;
    let results = papers.results();
    let mut lines = Vec::new();
    for control in &results.controls {
        for test in &control.tests {
            lines.push(format!("{} {} | {} | {}", control.code, test.code, test.text, test.result));
        }
        lines.extend(control.stated.iter().map(|s| format!("{} | {s}", control.code)));
        if control.tests.is_empty() && control.stated.is_none() {
            lines.push(format!("{} | no test is planned", control.code));
        }
    }
    if let Some(proposal) = &results.proposal {
        lines.push(super::headline(proposal));
    }
    Answer::new(&results, lines.join("\n"))
}
