//! `tickmark examine matters`, `misstatement`, `limit`, `leave-out`, `unreliable` and `second-matter`: what bears on the
//! opinion beyond controls and criteria.

use super::examine::{FileArgs, argument, engagement, papers, permit};
use crate::matters::model::Matter;
use crate::matters::rules::{Weight, judgeable};
use crate::matters::service::{
    leave_out, second_matter, state_limit, state_misstatement, state_unreliable,
};
use crate::permits::{ConcludeCriterion, ConcludeOpinion, SecondConclusion};
use crate::rules::criteria::Criterion;
use crate::rules::facts::{
    LimitationCause, Misstatement, MisstatementKind, Prong, ScopeLimitation,
};
use crate::store::Papers;
use clap::Args;
use kernel::env::Env;
use kernel::permit::{Action, Permit};
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Outcome};
use platform::db::{Result, Tx};
use scope::catalogue::CriterionId;
use serde_json::json;

/// Prints misstatements, limits on the scope, criteria left out, and what of it waits for a second signature.
#[derive(Debug, Clone, Args)]
pub struct MattersArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
}

/// How a statement is weighed.
#[derive(Debug, Clone, Args)]
pub struct Weighing {
    /// It is not material, and why; counts as material until a second person has signed
    #[arg(long, value_name = "WHY")]
    pub not_material: Option<String>,
    /// It distorts the whole, or its possible effects are pervasive
    #[arg(long)]
    pub pervasive: bool,
    /// The one to change, by its number in `examine matters`; left out, a new one is stated
    #[arg(long)]
    pub which: Option<usize>,
    /// Why this is stated now
    #[arg(long)]
    pub reason: String,
}

/// States a misstatement of the description, or changes one.
#[derive(Debug, Clone, Args)]
pub struct MisstatementArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The description criterion, DC1 to DC9
    #[arg(long)]
    pub dc: String,
    /// factual_error, omission or distortion
    #[arg(long)]
    pub kind: String,
    /// What is wrong
    #[arg(long)]
    pub what: String,
    /// Management corrected it before the report is issued
    #[arg(long)]
    pub corrected: bool,
    /// How it is weighed
    #[command(flatten)]
    pub weighing: Weighing,
}

/// States a limit on the scope, changes one, or takes one back.
#[derive(Debug, Clone, Args)]
pub struct LimitArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// What could not be examined
    #[arg(long, required_unless_present = "withdrawn")]
    pub what: Option<String>,
    /// beyond_control, nature_or_timing or management
    #[arg(long, default_value = "beyond_control")]
    pub cause: String,
    /// description, design or operation; given once for each, and left out for operation (design in type 1)
    #[arg(long = "prong")]
    pub prongs: Vec<String>,
    /// A criterion that it touches, such as CC6.2; given once for each, and left out for the whole prong
    #[arg(long = "criterion")]
    pub criteria: Vec<String>,
    /// Other evidence that made up for it; the limit is lifted then
    #[arg(long, value_name = "WHERE AND WHY")]
    pub other_evidence: Option<String>,
    /// Take the one of --which back
    #[arg(long, requires = "which")]
    pub withdrawn: bool,
    /// How it is weighed
    #[command(flatten)]
    pub weighing: Weighing,
}

/// Leaves a criterion out for the reason that the description gives.
#[derive(Debug, Clone, Args)]
pub struct LeaveOutArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The criterion, such as CC6.4
    #[arg(long)]
    pub criterion: String,
    /// The reason that the description gives; left out, the criterion is examined after all
    #[arg(long, default_value = "")]
    pub given: String,
    /// Why the firm agrees, or no longer does
    #[arg(long)]
    pub reason: String,
}

/// States that the evidence as such cannot be relied on.
#[derive(Debug, Clone, Args)]
pub struct UnreliableArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// Why it cannot be relied on; left out, it can after all
    #[arg(long, default_value = "")]
    pub why: String,
    /// Why this is stated now
    #[arg(long)]
    pub reason: String,
}

/// Signs, as second person, that a misstatement or a limit is not material.
#[derive(Debug, Clone, Args)]
pub struct SecondMatterArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The statement's SHA-256, as `examine matters` prints it, or its beginning
    #[arg(long)]
    pub sha256: String,
    /// Why you agree
    #[arg(long)]
    pub reason: String,
}

/// Runs a command on the statements as they are now.
fn run<A, F>(
    cx: &Context,
    file: &FileArgs,
    mut f: F,
) -> std::result::Result<(), platform::cli::Failed>
where
    A: Action,
    F: FnMut(&mut Tx<'_>, &mut Env, &Permit<A>, &Papers) -> Result<()> + Send + 'static,
{
    let now = cx.env().now();
    let (file, mut env) = (file.clone(), cx.env());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<A>(tx, &file, now)?;
        let papers = Papers::load(tx, engagement(&file)?)?;
        f(tx, &mut env, &permit, &papers)
    })?;
    Ok(())
}

fn line(papers: &Papers, matter: Matter<'_>) -> String {
    let digest = matter.sha256();
    let weight = match papers.weight(matter) {
        Weight::Corrected => "corrected",
        Weight::Lifted => "lifted",
        Weight::WithCriteria => "weighed with its criteria",
        Weight::NotMaterial => "not material, signed by two",
        Weight::Awaits => "not material once a second person has signed",
        Weight::Counts => "counts as material",
    };
    format!("{} | {weight} | {digest}", matter.what())
}

/// `tickmark examine matters`
pub(super) fn list(cx: &Context, args: &MattersArgs) -> Outcome {
    let now = cx.env().now();
    let file = args.file.clone();
    let papers = cx.db.read_blocking(move |conn| papers(conn, &file, now))?;
    let stated = &papers.matters;
    let mut lines = vec![format!(
        "{} misstatements, {} limits on the scope, {} waiting for a second signature.",
        stated.description.misstatements.len(),
        stated.scope_limitations.len(),
        papers.matters_open().len()
    )];
    let known = (0..).zip(&stated.description.misstatements);
    lines.extend(known.map(|(n, m): (usize, _)| {
        format!("misstatement {n} | {} | {}", m.dc, line(&papers, Matter::Misstatement(m)))
    }));
    let known = (0..).zip(&stated.scope_limitations);
    lines.extend(
        known.map(|(n, l): (usize, _)| format!("limit {n} | {}", line(&papers, Matter::Limit(l)))),
    );
    let left = stated.not_applicable.iter();
    lines.extend(left.map(|n| format!("left out | {} | {}", n.criterion, n.reason)));
    lines.extend(stated.evidence_unreliable.iter().map(|why| format!("evidence as such | {why}")));
    let open: Vec<String> = papers.matters_open().iter().map(Matter::sha256).collect();
    let document = json!({
        "misstatements": stated.description.misstatements,
        "limits": stated.scope_limitations,
        "left_out": stated.not_applicable,
        "evidence_unreliable": stated.evidence_unreliable,
        "seconds": papers.matter_seconds,
        "awaits_second": open,
    });
    Ok(Answer::new(&document, lines.join("\n"))?.no_if(!open.is_empty()))
}

/// `tickmark examine misstatement`
pub(super) fn misstatement(cx: &Context, args: &MisstatementArgs) -> Outcome {
    let weighing = args.weighing.clone();
    let kind: MisstatementKind = argument("kind", &args.kind)?;
    let stated = Misstatement {
        dc: argument("dc", &args.dc)?,
        kind,
        what: args.what.clone(),
        material: weighing.not_material.as_ref().map(|_| false),
        material_reason: weighing.not_material.clone(),
        pervasive: weighing.pervasive,
        corrected: args.corrected,
    };
    run::<ConcludeCriterion, _>(cx, &args.file, move |tx, env, permit, papers| {
        let version = papers.matters_version;
        state_misstatement(tx, env, permit, version, (weighing.which, &stated), &weighing.reason)
    })?;
    Answer::new(&json!({}), "Stated.")
}

/// `tickmark examine limit`
pub(super) fn limit(cx: &Context, args: &LimitArgs) -> Outcome {
    let weighing = args.weighing.clone();
    let cause: LimitationCause = argument("cause", &args.cause)?;
    let prongs: std::result::Result<Vec<Prong>, Refusal> =
        args.prongs.iter().map(|text| argument("prong", text)).collect();
    let criteria: std::result::Result<Vec<Criterion>, Refusal> =
        args.criteria.iter().map(|text| argument("criterion", text)).collect();
    let stated = ScopeLimitation {
        what: args.what.clone().unwrap_or_default(),
        cause,
        criteria: criteria?,
        prongs: prongs?,
        material: weighing.not_material.as_ref().map(|_| false),
        material_reason: weighing.not_material.clone(),
        pervasive: weighing.pervasive,
        alternative_evidence: args.other_evidence.clone(),
    };
    let stated = Some(stated).filter(|_| !args.withdrawn);
    run::<ConcludeCriterion, _>(cx, &args.file, move |tx, env, permit, papers| {
        let (version, at) = (papers.matters_version, (weighing.which, stated.as_ref()));
        state_limit(tx, env, permit, version, at, &weighing.reason)
    })?;
    Answer::new(&json!({}), "Stated.")
}

/// `tickmark examine leave-out`
pub(super) fn leave(cx: &Context, args: &LeaveOutArgs) -> Outcome {
    let criterion: CriterionId = argument("criterion", &args.criterion)?;
    let (given, reason) = (args.given.clone(), args.reason.clone());
    run::<ConcludeCriterion, _>(cx, &args.file, move |tx, env, permit, papers| {
        leave_out(tx, env, permit, papers.matters_version, (criterion, &given), &reason)
    })?;
    Answer::new(&json!({ "criterion": criterion }), "Stated.")
}

/// `tickmark examine unreliable`
pub(super) fn unreliable(cx: &Context, args: &UnreliableArgs) -> Outcome {
    let (why, reason) = (args.why.clone(), args.reason.clone());
    run::<ConcludeOpinion, _>(cx, &args.file, move |tx, env, permit, papers| {
        state_unreliable(tx, env, permit, papers.matters_version, &why, &reason)
    })?;
    Answer::new(&json!({}), "Stated.")
}

/// `tickmark examine second-matter`
pub(super) fn second(cx: &Context, args: &SecondMatterArgs) -> Outcome {
    let (wanted, reason) = (args.sha256.clone(), args.reason.clone());
    run::<SecondConclusion, _>(cx, &args.file, move |tx, env, permit, papers| {
        let mut found = judgeable(&papers.matters)
            .map(|m| m.sha256())
            .filter(|d| wanted.len() >= 6 && d.starts_with(&wanted));
        let (Some(digest), None) = (found.next(), found.next()) else {
            let why = "--sha256: No statement, or more than one, begins so. `examine matters` prints them.";
            return Err(Refusal::input(why).into());
        };
        second_matter(tx, env, permit, &digest, &reason)
    })?;
    Answer::new(&json!({}), "Signed as second person that it is not material.")
}
