//! `tickmark examine understand`, `risk`, `consider` and `size`: planning before the tests. `risk` without an
//! assessment prints what is open.

use super::examine::{FileArgs, acting, argument, permit, test_of};
use crate::planning::model::{Factor, RiskAbout, RiskText, Topic, Understood, Weighed};
use crate::planning::permits::{ApproveSize, Plan, ReadPlan};
use crate::planning::rules::sizes;
use crate::planning::{service, store};
use crate::rules::facts::Prong;
use crate::rules::frequency::Risk;
use crate::store::{Papers, file_of};
use clap::Args;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Outcome};
use platform::journal::Expected;
use scope::catalogue::CriterionId;
use serde_json::json;
use std::collections::BTreeSet;
use std::str::FromStr;

/// Writes down what is understood of the system.
#[derive(Debug, Clone, Args)]
pub struct UnderstandArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// A part and what is understood of it, such as "services=Payroll for employers in three countries"; given once for each of services, technology, people, procedures, subservices, changes, incidents, risks
    #[arg(long = "part", value_name = "PART=TEXT", required = true)]
    pub parts: Vec<String>,
}

/// Assesses risks of material misstatement.
#[derive(Debug, Clone, Args)]
pub struct RiskArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// description, design or operation
    #[arg(long)]
    pub prong: Option<String>,
    /// A criterion, such as CC6.2, or a series, such as CC6; given once for each, and not at all for the description
    #[arg(long = "criterion", requires = "prong")]
    pub criteria: Vec<String>,
    /// Every risk of the prong (or of all, without one) that nobody has assessed yet
    #[arg(long, conflicts_with = "criteria", requires = "basis")]
    pub rest: bool,
    /// How prone to misstatement before any control: low, normal or high
    #[arg(long, default_value = "normal")]
    pub inherent: String,
    /// How likely controls do not prevent or detect it: low, normal or high
    #[arg(long, default_value = "normal")]
    pub control: String,
    /// What it rests on, and the response; left out, what is not assessed is printed
    #[arg(long)]
    pub basis: Option<String>,
}

/// Writes down what is weighed when something is judged material.
#[derive(Debug, Clone, Args)]
pub struct ConsiderArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// A factor and what it means here, such as "duration=Weeks around a pay run weigh more"; given once for each of nature_and_cause, duration, customer_effect, compensation, intent, recurrence, reliance, concealment
    #[arg(long = "factor", value_name = "FACTOR=TEXT", required = true)]
    pub factors: Vec<String>,
    /// What a user of the report would hold to be material here
    #[arg(long)]
    pub conclusion: String,
}

/// States how many items a test takes, or approves fewer than the firm's policy asks for.
#[derive(Debug, Clone, Args)]
pub struct SizeArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The test's code
    #[arg(long)]
    pub test: String,
    /// How many items it takes; left out without --approve, what is stated is printed
    #[arg(long, value_name = "N", conflicts_with = "approve")]
    pub items: Option<u64>,
    /// Approve the size that somebody else stated
    #[arg(long, requires = "reason")]
    pub approve: bool,
    /// Why another number than the policy's, or why fewer are enough
    #[arg(long)]
    pub reason: Option<String>,
}

/// `tickmark examine size`
pub(super) fn size(cx: &Context, args: &SizeArgs) -> Outcome {
    let now = cx.env().now();
    let (args, mut env, code) = (args.clone(), cx.env(), args.test.clone());
    let reason = args.reason.clone().unwrap_or_default();
    if let Some(items) = args.items {
        cx.db.write_blocking(move |tx| {
            let permit = permit::<Plan>(tx, &args.file, now)?;
            let test = test_of(tx, &permit, &args.test)?.id;
            let before = store::size_of(tx, file_of(permit.facts())?, test)?;
            let at = (test, before.map_or(0, |b| b.version));
            service::size_test(tx, &mut env, &permit, at, (items, &reason))
        })?;
        let text = format!("Test {code} takes {items} items.");
        return Answer::new(&json!({ "test": code, "items": items }), text);
    }
    if args.approve {
        cx.db.write_blocking(move |tx| {
            let permit = permit::<ApproveSize>(tx, &args.file, now)?;
            let test = test_of(tx, &permit, &args.test)?.id;
            service::approve_size(tx, &mut env, &permit, test, &reason)
        })?;
        return Answer::new(&json!({ "test": code }), format!("Approved the size of test {code}."));
    }
    let (papers, test) = cx.db.read_blocking(move |conn| {
        let (facts, actor) = acting(conn, &args.file, now)?;
        let permit = authorize::<ReadPlan>(&actor, &facts)?;
        let test = test_of(conn, &permit, &args.test)?;
        Ok((Papers::load(conn, file_of(&facts)?.engagement)?, test))
    })?;
    let size = papers.sizes.get(&test.id);
    let chosen = sizes::chosen(&papers, &test);
    let fault = sizes::fault(&papers, &test);
    let said = size.map_or_else(
        || "No size is stated.".to_owned(),
        |s| {
            format!(
                "{} items of {}; the firm's policy asks for {}.",
                s.items, s.population, s.by_policy
            )
        },
    );
    let text = format!("{said} Selected so far: {chosen}. {}", fault.clone().unwrap_or_default());
    Answer::new(
        &json!({ "test": code, "size": size, "selected": chosen, "fault": fault }),
        text.trim_end(),
    )
}

/// Reads `word=text`.
fn pair<T: FromStr>(name: &str, given: &str) -> Result<(T, String), Refusal>
where
    T::Err: std::fmt::Display,
{
    let (word, text) = given.split_once('=').ok_or_else(|| {
        Refusal::input(format!("--{name}: write the word, an equals sign and the text."))
    })?;
    Ok((argument(name, word.trim())?, text.trim().to_owned()))
}

/// New where nothing is stated, else the version that is there: the command replaces what it read.
fn at(version: Option<i64>) -> Expected {
    version.map_or(Expected::New, Expected::Version)
}

pub(super) fn understand(cx: &Context, args: &UnderstandArgs) -> Outcome {
    let now = cx.env().now();
    let parts = args
        .parts
        .iter()
        .map(|p| pair::<Topic>("part", p).map(|(topic, text)| Understood { topic, text }))
        .collect::<Result<Vec<_>, _>>()?;
    let (args, mut env, count) = (args.clone(), cx.env(), parts.len());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<Plan>(tx, &args.file, now)?;
        let before = store::understanding(tx, file_of(permit.facts())?)?;
        let expected = at(before.map(|b| b.version));
        service::state_understanding(tx, &mut env, &permit, expected, &parts)
    })?;
    Answer::new(
        &json!({ "parts": count }),
        format!("Wrote down {count} parts of the understanding."),
    )
}

/// The risks that the arguments name.
fn named(
    args: &RiskArgs,
    all: &[RiskAbout],
    assessed: &BTreeSet<RiskAbout>,
) -> Result<BTreeSet<RiskAbout>, Refusal> {
    let prong: Option<Prong> = args.prong.as_deref().map(|p| argument("prong", p)).transpose()?;
    let of_prong = all.iter().copied().filter(|a| prong.is_none_or(|p| p == a.prong));
    if args.rest {
        return Ok(of_prong.filter(|a| !assessed.contains(a)).collect());
    }
    if prong == Some(Prong::Description) && args.criteria.is_empty() {
        return Ok(of_prong.collect());
    }
    let of_prong: Vec<RiskAbout> = of_prong.collect();
    let mut out = BTreeSet::new();
    for given in &args.criteria {
        let series = |a: &&RiskAbout| a.criterion.is_some_and(|c| c.series().label() == given);
        let mut found: Vec<RiskAbout> = of_prong.iter().filter(series).copied().collect();
        if found.is_empty() {
            let criterion: CriterionId = argument("criterion", given)?;
            found.extend(of_prong.iter().filter(|a| a.criterion == Some(criterion)));
        }
        if found.is_empty() {
            return Err(Refusal::input(format!("--criterion: {given} is not in scope.")));
        }
        out.extend(found);
    }
    Ok(out)
}

pub(super) fn risk(cx: &Context, args: &RiskArgs) -> Outcome {
    let now = cx.env().now();
    let (args, mut env) = (args.clone(), cx.env());
    let Some(basis) = args.basis.clone() else { return open_risks(cx, &args) };
    let text = RiskText {
        inherent: argument::<Risk>("inherent", &args.inherent)?,
        control: argument::<Risk>("control", &args.control)?,
        basis,
    };
    let count = cx.db.write_blocking(move |tx| {
        let permit = permit::<Plan>(tx, &args.file, now)?;
        let file = file_of(permit.facts())?;
        let engagement = scope::store::engagement(tx, file.engagement)?.ok_or(Refusal::NotFound)?;
        let all = store::risk_subjects(&engagement);
        let assessed = store::risks(tx, file)?.into_iter().map(|r| r.about).collect();
        let about = named(&args, &all, &assessed)?;
        if about.is_empty() {
            return Err(Refusal::input(
                "Say which risks: --prong with --criterion, or --rest for those that nobody has assessed. If --rest finds none, all are assessed.",
            )
            .into());
        }
        service::assess_risks(tx, &mut env, &permit, &about, &text)?;
        Ok(about.len())
    })?;
    Answer::new(&json!({ "assessed": count }), format!("Assessed {count} risks."))
}

fn open_risks(cx: &Context, args: &RiskArgs) -> Outcome {
    let now = cx.env().now();
    let args = args.clone();
    let (assessed, open) = cx.db.read_blocking(move |conn| {
        let (facts, actor) = acting(conn, &args.file, now)?;
        authorize::<ReadPlan>(&actor, &facts)?;
        let file = file_of(&facts)?;
        let engagement =
            scope::store::engagement(conn, file.engagement)?.ok_or(Refusal::NotFound)?;
        let assessed: BTreeSet<_> =
            store::risks(conn, file)?.into_iter().map(|r| r.about).collect();
        let mut open = store::risk_subjects(&engagement);
        open.retain(|a| !assessed.contains(a));
        Ok((assessed.len(), open))
    })?;
    let names: Vec<String> = open.iter().map(ToString::to_string).collect();
    let text = if names.is_empty() {
        format!("All {assessed} risks are assessed.")
    } else {
        format!("Assessed: {assessed}. Not assessed: {}.", names.join(", "))
    };
    Answer::new(&json!({ "assessed": assessed, "open": names }), text)
}

pub(super) fn consider(cx: &Context, args: &ConsiderArgs) -> Outcome {
    let now = cx.env().now();
    let factors = args
        .factors
        .iter()
        .map(|f| pair::<Factor>("factor", f).map(|(factor, note)| Weighed { factor, note }))
        .collect::<Result<Vec<_>, _>>()?;
    let (args, mut env, count) = (args.clone(), cx.env(), factors.len());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<Plan>(tx, &args.file, now)?;
        let before = store::materiality(tx, file_of(permit.facts())?)?;
        let expected = at(before.map(|b| b.version));
        service::consider_materiality(tx, &mut env, &permit, expected, (&factors, &args.conclusion))
    })?;
    Answer::new(&json!({ "factors": count }), format!("Wrote down {count} factors of materiality."))
}
