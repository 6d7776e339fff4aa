//! `tickmark examine deviation|second-nature`: deviations, and the second signature under a nature softer
//! than the markers propose.

use super::examine::{FileArgs, argument, engagement, last_run, outcome, permit, test_of};
use crate::deviations::permits::SecondNature;
use crate::deviations::service::{markers_of, nature_of, second_nature};
use crate::model::{DeviationBody, DeviationId, DeviationSource, Particulars};
use crate::permits::PerformTests;
use crate::service::{self, DeviationInput};
use crate::store::Papers;
use clap::Args;
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Outcome};
use serde_json::json;

/// Records a deviation of rows of a full-population run.
#[derive(Debug, Clone, Args)]
pub struct DeviationArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The test's code; its last run is meant
    #[arg(long)]
    pub test: String,
    /// exception or unmatched
    #[arg(long, default_value = "exception")]
    pub outcome: String,
    /// A row's key; given once for each row, or left out for every open row
    #[arg(long = "row")]
    pub rows: Vec<String>,
    /// What happened
    #[arg(long)]
    pub facts: String,
    /// The attribute that was not met, by its letter
    #[arg(long)]
    pub attribute: Option<String>,
    /// First day, 2026-02-03
    #[arg(long)]
    pub from: Option<String>,
    /// Last day
    #[arg(long)]
    pub to: Option<String>,
    /// Why it happened
    #[arg(long)]
    pub cause: String,
    /// isolated, systematic or intentional
    #[arg(long)]
    pub nature: String,
    /// Why the nature is softer than the markers propose, where it is
    #[arg(long, default_value = "")]
    pub nature_reason: String,
    /// A control that lessened its effect
    #[arg(long, default_value = "")]
    pub mitigating: String,
    /// What the organisation said
    #[arg(long, default_value = "")]
    pub client_statement: String,
    /// What was put right
    #[arg(long, default_value = "")]
    pub correction: String,
}

/// Signs a softer nature as second person.
#[derive(Debug, Clone, Args)]
pub struct SecondNatureArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The deviation, dev_…
    #[arg(long)]
    pub deviation: String,
    /// Why you agree with the softer nature
    #[arg(long)]
    pub reason: String,
}

pub(super) fn record(cx: &Context, args: &DeviationArgs) -> Outcome {
    let now = cx.env().now();
    let args = args.clone();
    let mut env = cx.env();
    let (id, waits) = cx.db.write_blocking(move |tx| {
        let permit = permit::<PerformTests>(tx, &args.file, now)?;
        let test = test_of(tx, &permit, &args.test)?;
        let run = last_run(tx, &permit, &test)?;
        let input = DeviationInput {
            source: DeviationSource::Census {
                census: run.id,
                keys: (!args.rows.is_empty()).then(|| args.rows.clone()),
                outcome: outcome(&args.outcome)?,
            },
            body: DeviationBody {
                facts: args.facts.clone(),
                attribute: args.attribute.clone(),
                from: args.from.clone(),
                to: args.to.clone(),
                cause: args.cause.clone(),
                nature: argument("nature", &args.nature)?,
                undisclosed: false,
                mitigating: args.mitigating.clone(),
                client_statement: args.client_statement.clone(),
                correction: args.correction.clone(),
                more: Particulars {
                    nature_reason: args.nature_reason.clone(),
                    ..Particulars::default()
                },
            },
        };
        let id = service::record_deviation(tx, &mut env, &permit, &input)?;
        let papers = Papers::load(tx, engagement(&args.file)?)?;
        let found = papers.deviations.iter().find(|d| d.id == id).ok_or(Refusal::NotFound)?;
        let reasons = markers_of(&papers, found).into_iter().map(|m| m.reason);
        Ok((id, nature_of(&papers, found).open.then(|| reasons.collect::<Vec<_>>())))
    })?;
    let text = match &waits {
        None => format!("Recorded the deviation {id}."),
        Some(reasons) => format!(
            "Recorded the deviation {id}. Its nature is softer than the markers propose, so nothing is concluded before a reason is recorded and a second person signs (second-nature): {}",
            reasons.join(" ")
        ),
    };
    Answer::new(&json!({ "deviation": id, "awaits_second": waits.is_some() }), text)
}

pub(super) fn second(cx: &Context, args: &SecondNatureArgs) -> Outcome {
    let now = cx.env().now();
    let args = args.clone();
    let mut env = cx.env();
    let id: DeviationId = argument("deviation", &args.deviation)?;
    cx.db.write_blocking(move |tx| {
        let permit = permit::<SecondNature>(tx, &args.file, now)?;
        let papers = Papers::load(tx, engagement(&args.file)?)?;
        let found = papers.deviations.iter().find(|d| d.id == id).ok_or(Refusal::NotFound)?;
        second_nature(tx, &mut env, &permit, id, found.version, &args.reason)
    })?;
    Answer::new(&json!({ "deviation": id }), format!("Signed the nature of {id} as second person."))
}
