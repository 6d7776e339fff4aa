//! `tickmark examine spans`, `compensation`, `materiality` and `second-materiality`: what the auditor states beyond the tests.
//! Without anything to state, each prints what is stated and what the rules make of it.

use super::examine::{FileArgs, argument, control_of, papers, permit, test_of};
use crate::permits::{ConcludeCriterion, ConcludeOpinion, PlanTests, SecondConclusion};
use crate::rules::compensation::{Fitness, Weighed};
use crate::rules::facts::{MaterialityFactor, Status};
use crate::service::{self, CompensationInput, MaterialityInput};
use crate::spans::model::ControlSpan;
use crate::spans::service::{state_spans, stretches};
use crate::store::{self, Papers};
use clap::Args;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::{Result, Tx};
use scope::catalogue::CriterionId;
use serde_json::json;

/// States the stretches of a control that changed in the period.
#[derive(Debug, Clone, Args)]
pub struct SpansArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The control's code, such as IAM-05
    #[arg(long)]
    pub control: String,
    /// What the control was when the period began; left out, the stretches are printed
    #[arg(long, value_name = "TEXT", requires = "changes", requires = "reason")]
    pub first: Option<String>,
    /// The first day on which it was otherwise and what it was from then on, such as "2026-04-01 By the system"; given once for each change
    #[arg(long = "change", value_name = "DAY TEXT", requires = "first")]
    pub changes: Vec<String>,
    /// A test that speaks for a stretch, with any day of it, such as T-IAM-05-1@2026-04-01; given once for each
    #[arg(long = "test", value_name = "CODE@DAY", requires = "first")]
    pub tests: Vec<String>,
    /// It did not change after all
    #[arg(long, conflicts_with = "first", requires = "reason")]
    pub unchanged: bool,
    /// How the change is known
    #[arg(long)]
    pub reason: Option<String>,
}

/// Proposes what makes up for a failure under a criterion.
#[derive(Debug, Clone, Args)]
pub struct CompensationArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The criterion, such as CC6.2
    #[arg(long)]
    pub criterion: String,
    /// The code of a compensating control; given once for each, or left out to print what fails and what could make up for it
    #[arg(long = "control", requires = "reason")]
    pub controls: Vec<String>,
    /// The auditor agrees that they give the same outcome; without it they were considered and not accepted
    #[arg(long, requires = "controls")]
    pub accepted: bool,
    /// Take the proposal back
    #[arg(long, conflicts_with = "controls", requires = "reason")]
    pub take_back: bool,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// Judges how material it is that a criterion is not met.
#[derive(Debug, Clone, Args)]
pub struct MaterialityArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The criterion, such as CC6.2
    #[arg(long)]
    pub criterion: String,
    /// nature_and_cause, duration, customer_data_or_outage, compensating_controls, intentional, prior_period, user_reliance or known_and_hidden; given once for each that was weighed, or left out to print what was
    #[arg(long = "factor", requires = "reason")]
    pub factors: Vec<String>,
    /// It is not material; the rules clear it only where every linked principal commitment was achieved and a second person has signed
    #[arg(long, requires = "factors")]
    pub not_material: bool,
    /// It is pervasive by itself, whatever the firm's thresholds say
    #[arg(long, requires = "factors", conflicts_with = "not_material")]
    pub pervasive: bool,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
}

/// Signs, as second person, that a failure is not material.
#[derive(Debug, Clone, Args)]
pub struct SecondMaterialityArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The criterion, such as CC6.2
    #[arg(long)]
    pub criterion: String,
    /// Why you agree
    #[arg(long)]
    pub reason: String,
}

/// States what management refused.
#[derive(Debug, Clone, Args)]
pub struct RefusedArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// It refuses to give a written assertion
    #[arg(long)]
    pub assertion: bool,
    /// It refuses the representation letter, or representations without which there is no examination
    #[arg(long)]
    pub letter: bool,
    /// It refuses to amend its assertion for what was found: what it said
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub amendment: String,
    /// How this is known
    #[arg(long)]
    pub reason: String,
}

/// `tickmark examine refused`
pub(super) fn refused(cx: &Context, args: &RefusedArgs) -> Outcome {
    let now = cx.env().now();
    let (args, mut env) = (args.clone(), cx.env());
    let input = service::RefusedInput {
        assertion: args.assertion,
        letter: args.letter,
        amendment: args.amendment.clone(),
        reason: args.reason.clone(),
    };
    cx.db.write_blocking(move |tx| {
        let permit = permit::<ConcludeOpinion>(tx, &args.file, now)?;
        let seen = Papers::load(tx, super::examine::engagement(&args.file)?)?.matters_version;
        service::state_refused(tx, &mut env, &permit, seen, &input)
    })?;
    Answer::new(&json!({}), "Stated what management refused.")
}

/// `tickmark examine second-materiality`
pub(super) fn second(cx: &Context, args: &SecondMaterialityArgs) -> Outcome {
    let now = cx.env().now();
    let criterion: CriterionId = argument("criterion", &args.criterion)?;
    let (args, mut env) = (args.clone(), cx.env());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<SecondConclusion>(tx, &args.file, now)?;
        let seen = Papers::load(tx, super::examine::engagement(&args.file)?)?.matters_version;
        service::second_materiality(tx, &mut env, &permit, seen, criterion, &args.reason)
    })?;
    Answer::new(
        &json!({ "criterion": criterion }),
        format!("Signed as second person that the failure of {criterion} is not material."),
    )
}

/// `tickmark examine spans`
pub(super) fn spans(cx: &Context, args: &SpansArgs) -> Outcome {
    let now = cx.env().now();
    if args.first.is_some() || args.unchanged {
        let (args, mut env) = (args.clone(), cx.env());
        cx.db.write_blocking(move |tx| {
            let permit = permit::<PlanTests>(tx, &args.file, now)?;
            let control = control_of(tx, &permit, &args.control)?;
            let spans = stated(tx, &permit, &args)?;
            let papers = Papers::load(tx, super::examine::engagement(&args.file)?)?;
            let seen = papers.spans.get(&control).map_or(0, |s| s.version);
            let reason = args.reason.as_deref().unwrap_or_default();
            state_spans(tx, &mut env, &permit, seen, control, (&spans, reason))
        })?;
    }
    let file = args.file.clone();
    let papers = cx.db.read_blocking(move |conn| papers(conn, &file, now))?;
    let known = papers.controls.iter().find(|c| c.text.code == args.control);
    let known = known.ok_or_else(|| {
        Failed(format!("The organisation has no control {} in force.", args.control))
    })?;
    let spans = papers.spans_of(known.id);
    let code = |id| papers.tests.iter().find(|t| t.id == id).map(|t| t.plan.code.clone());
    let mut lines = vec![if spans.is_empty() {
        format!("{} is treated as the same all through the period.", args.control)
    } else {
        format!("{} is concluded on each of {} stretches.", args.control, spans.len())
    }];
    lines.extend(spans.iter().map(|span| {
        let tests: Vec<String> = span.tests.iter().filter_map(|id| code(*id)).collect();
        let tests = if tests.is_empty() { "no test".to_owned() } else { tests.join(", ") };
        format!("{} | {} | {tests}", span.days, span.what)
    }));
    Answer::new(&json!({ "control": args.control, "spans": spans }), lines.join("\n"))
}

/// The stretches of the arguments, each test laid to the one that holds its day.
fn stated(
    tx: &mut Tx<'_>,
    permit: &Permit<PlanTests>,
    args: &SpansArgs,
) -> Result<Vec<ControlSpan>> {
    let Some(first) = &args.first else { return Ok(Vec::new()) };
    let id = super::examine::engagement(&args.file)?;
    let period = scope::store::engagement(tx, id)?.ok_or(Refusal::NotFound)?.period;
    let mut spans = stretches(&period, first, &args.changes.join("\n"))?;
    for text in &args.tests {
        let (code, day) = text.rsplit_once('@').ok_or_else(|| {
            Refusal::input(format!(
                "--test: \"{}\" names no day. Write the test's code, @ and a day of the stretch it speaks for, such as T-1@2026-04-01.",
                kernel::refusal::excerpt(text, 60)
            ))
        })?;
        let day = kernel::period::parse_date(day)
            .map_err(|fault| Refusal::input(format!("--test: {fault}")))?;
        let test = test_of(tx, permit, code)?;
        let span = spans.iter_mut().find(|span| span.days.holds(day)).ok_or_else(|| {
            Refusal::input(format!("--test: {day} is in no stretch of the period."))
        })?;
        span.tests.push(test.id);
    }
    Ok(spans)
}

/// `tickmark examine compensation`
pub(super) fn compensation(cx: &Context, args: &CompensationArgs) -> Outcome {
    let now = cx.env().now();
    let criterion: CriterionId = argument("criterion", &args.criterion)?;
    if !args.controls.is_empty() || args.take_back {
        let (args, mut env) = (args.clone(), cx.env());
        cx.db.write_blocking(move |tx| {
            let permit = permit::<ConcludeCriterion>(tx, &args.file, now)?;
            let seen = Papers::load(tx, super::examine::engagement(&args.file)?)?.matters_version;
            let input = CompensationInput {
                criterion,
                controls: args.controls.clone(),
                accepted: args.accepted,
                reason: args.reason.clone().unwrap_or_default(),
            };
            service::propose_compensation(tx, &mut env, &permit, seen, &input)
        })?;
    }
    let file = args.file.clone();
    let papers = cx.db.read_blocking(move |conn| papers(conn, &file, now))?;
    in_scope(&papers, criterion)?;
    let weighed = store::compensations(&papers, criterion).map_err(|f| Failed(f.to_string()))?;
    let mut lines = vec![match weighed.len() {
        0 => format!("No control mapped to {criterion} failed."),
        n => format!(
            "{n} failures under {criterion}, {} of them not made up for.",
            weighed.iter().filter(|f| !f.compensated).count()
        ),
    }];
    lines.extend(weighed.iter().flat_map(told));
    let open = weighed.iter().any(|f| !f.compensated);
    let document = json!({ "criterion": criterion, "failures": weighed });
    Ok(Answer::new(&document, lines.join("\n"))?.no_if(open))
}

/// A failure and what was and could be offered for it, a line each.
fn told(failure: &Weighed) -> Vec<String> {
    let made_up = if failure.compensated { "made up for" } else { "not made up for" };
    let days = failure.span.map_or_else(String::new, |span| format!(" | {span}"));
    let mut lines = vec![format!("{} | {made_up}{days} | {}", failure.control, failure.reason)];
    for (kind, all) in [("proposed", &failure.offered), ("could be proposed", &failure.candidates)]
    {
        lines.extend(all.iter().map(|fit| match fit.why_not {
            None => format!("  {} | {kind} | admissible{}", fit.control, both_days(fit)),
            Some(why) => format!("  {} | {kind} | not admissible: {why}", fit.control),
        }));
    }
    lines
}

/// The days that a control was tested over, beside those of the failure.
fn both_days(fit: &Fitness) -> String {
    fit.tested_over.zip(fit.failed_over).map_or_else(String::new, |(tested, failed)| {
        format!(": tested over {tested}, the failure is of {failed}")
    })
}

fn in_scope(papers: &Papers, criterion: CriterionId) -> std::result::Result<(), Failed> {
    if papers.engagement.criteria().contains(&criterion) {
        return Ok(());
    }
    Err(Failed(format!("{criterion} is not in scope of this engagement.")))
}

/// `tickmark examine materiality`
pub(super) fn materiality(cx: &Context, args: &MaterialityArgs) -> Outcome {
    let now = cx.env().now();
    let criterion: CriterionId = argument("criterion", &args.criterion)?;
    if !args.factors.is_empty() {
        let (args, mut env) = (args.clone(), cx.env());
        cx.db.write_blocking(move |tx| {
            let permit = permit::<ConcludeCriterion>(tx, &args.file, now)?;
            let seen = Papers::load(tx, super::examine::engagement(&args.file)?)?.matters_version;
            let factors: Result<Vec<MaterialityFactor>, Refusal> =
                args.factors.iter().map(|text| argument("factor", text)).collect();
            let input = MaterialityInput {
                criterion,
                material: !args.not_material,
                pervasive: args.pervasive,
                factors: factors?,
                reason: args.reason.clone().unwrap_or_default(),
            };
            service::judge_materiality(tx, &mut env, &permit, seen, &input).map(drop)
        })?;
    }
    let file = args.file.clone();
    let papers = cx.db.read_blocking(move |conn| papers(conn, &file, now))?;
    in_scope(&papers, criterion)?;
    let found = store::criteria_proposed(&papers).map_err(|f| Failed(f.to_string()))?;
    let found = found.into_iter().find(|f| f.id.to_string() == criterion.to_string());
    let Some(found) = found.filter(|f| f.worst() != Status::Met) else {
        let text = format!("{criterion} is proposed as met: there is no failure to weigh.");
        return Answer::new(&json!({ "criterion": criterion, "material": false }), text);
    };
    let mut lines = vec![format!(
        "{criterion} is {}, and that counts as {}.",
        found.worst().word().replace('_', " "),
        if found.material { "material" } else { "not material" }
    )];
    lines.extend(found.materiality.iter().cloned());
    let awaits = papers.materiality_open().contains(&found.id);
    if awaits {
        lines.push("It waits for a second person (second-materiality).".to_owned());
    }
    let document = json!({
        "criterion": criterion,
        "awaits_second": awaits,
        "material": found.material,
        "weighed": found.materiality,
    });
    Answer::new(&document, lines.join("\n"))
}
