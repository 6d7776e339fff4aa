//! `tickmark examine commitment`: what was read of a commitment, what the checks found in it, and whether it was
//! kept. Without anything to state, it prints how the evaluation stands.

use super::examine::{FileArgs, acting, argument, permit};
use crate::permits::ReadFile;
use crate::promises::model::{Agrees, Judged, Understood};
use crate::promises::permits::{ConcludeCommitment, EvaluateCommitments};
use crate::promises::{rules, service};
use crate::rules::facts::Answer as Given;
use crate::store::{Papers, file_of};
use clap::Args;
use commitments::model::Commitment;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Outcome};
use serde_json::json;

/// Evaluates a commitment.
#[derive(Debug, Clone, Args)]
pub struct CommitmentArgs {
    /// Which file, and who acts
    #[command(flatten)]
    pub file: FileArgs,
    /// The commitment's code, such as SC-01
    #[arg(long)]
    pub code: String,
    /// What was read: contracts, agreements on service levels, notices; and what carries the commitment
    #[arg(long, requires = "evidence")]
    pub read: Option<String>,
    /// Whether the register says what the sources say: yes, no or not_read
    #[arg(long, default_value = "yes", requires = "read")]
    pub agrees: String,
    /// A finding of the checks, by its key, or all
    #[arg(
        long,
        value_name = "KEY",
        requires = "judged",
        requires = "reason",
        conflicts_with = "read"
    )]
    pub finding: Option<String>,
    /// What becomes of the finding: stands, or none
    #[arg(long, requires = "finding")]
    pub judged: Option<String>,
    /// Whether there is reasonable assurance that it was achieved: yes, no or unknown
    #[arg(long, value_name = "ANSWER", requires = "reason", conflicts_with_all = ["read", "finding"])]
    pub assurance: Option<String>,
    /// Why
    #[arg(long)]
    pub reason: Option<String>,
    /// What shows it; given once for each
    #[arg(long)]
    pub evidence: Vec<String>,
}

fn of<'p>(papers: &'p Papers, code: &str) -> Result<&'p Commitment, Refusal> {
    papers
        .commitments
        .iter()
        .find(|c| c.code == code)
        .ok_or_else(|| Refusal::input(format!("The organisation has no commitment {code}.")))
}

/// `tickmark examine commitment`
pub(super) fn run(cx: &Context, args: &CommitmentArgs) -> Outcome {
    match (&args.read, &args.finding, &args.assurance) {
        (Some(read), ..) => understand(cx, args, read),
        (None, Some(key), _) => judge(cx, args, key),
        (None, None, Some(answer)) => conclude(cx, args, answer),
        (None, None, None) => show(cx, args),
    }
}

fn understand(cx: &Context, args: &CommitmentArgs, read: &str) -> Outcome {
    let now = cx.env().now();
    let agrees = Agrees::from_word(&args.agrees)
        .ok_or_else(|| Refusal::input("--agrees: write yes, no or not_read."))?;
    let (args, read, mut env, code) = (args.clone(), read.to_owned(), cx.env(), args.code.clone());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<EvaluateCommitments>(tx, &args.file, now)?;
        let papers = Papers::load(tx, file_of(permit.facts())?.engagement)?;
        let commitment = of(&papers, &args.code)?.id;
        let version = papers.promises.understood(commitment).map_or(0, |u| u.version);
        let body = Understood {
            commitment,
            version: 0,
            agrees,
            read: read.clone(),
            evidence: args.evidence.clone(),
        };
        service::understand(tx, &mut env, &permit, version, &body)
    })?;
    Answer::new(&json!({ "commitment": code }), format!("Wrote down what was read of {code}."))
}

fn judge(cx: &Context, args: &CommitmentArgs, key: &str) -> Outcome {
    let now = cx.env().now();
    let judged = Judged::from_word(args.judged.as_deref().unwrap_or_default())
        .ok_or_else(|| Refusal::input("--judged: write stands or none."))?;
    let (args, key, mut env, code) = (args.clone(), key.to_owned(), cx.env(), args.code.clone());
    let count = cx.db.write_blocking(move |tx| {
        let permit = permit::<EvaluateCommitments>(tx, &args.file, now)?;
        let papers = Papers::load(tx, file_of(permit.facts())?.engagement)?;
        let commitment = of(&papers, &args.code)?.id;
        let mut keys = vec![key.clone()];
        if key == "all" {
            let all = rules::findings(&papers);
            let open = all.iter().filter(|f| {
                f.commitment == Some(commitment) && rules::judgement(&papers, f).is_none()
            });
            keys = open.map(rules::Finding::key).collect();
        }
        let reason = args.reason.as_deref().unwrap_or_default();
        for key in &keys {
            let before = papers.promises.findings.iter().find(|k| k.key == *key);
            let version = before.map_or(0, |k| k.version);
            service::judge(tx, &mut env, &permit, (key, version), (judged, reason))?;
        }
        Ok(keys.len())
    })?;
    Answer::new(&json!({ "judged": count }), format!("Judged {count} findings of {code}."))
}

fn conclude(cx: &Context, args: &CommitmentArgs, answer: &str) -> Outcome {
    let now = cx.env().now();
    let answer: Given = argument("assurance", answer)?;
    let (args, mut env, code) = (args.clone(), cx.env(), args.code.clone());
    cx.db.write_blocking(move |tx| {
        let permit = permit::<ConcludeCommitment>(tx, &args.file, now)?;
        let papers = Papers::load(tx, file_of(permit.facts())?.engagement)?;
        let commitment = of(&papers, &args.code)?.id;
        let version = papers.promises.conclusion(commitment).map_or(0, |c| c.version);
        let reason = args.reason.as_deref().unwrap_or_default();
        let input = (commitment, answer, reason, args.evidence.as_slice());
        service::conclude(tx, &mut env, &permit, version, input)
    })?;
    Answer::new(
        &json!({ "commitment": code, "assurance": answer }),
        format!("Concluded on {code}."),
    )
}

fn show(cx: &Context, args: &CommitmentArgs) -> Outcome {
    let now = cx.env().now();
    let args = args.clone();
    let (papers, commitment) = cx.db.read_blocking(move |conn| {
        let (facts, actor) = acting(conn, &args.file, now)?;
        authorize::<ReadFile>(&actor, &facts)?;
        let papers = Papers::load(conn, file_of(&facts)?.engagement)?;
        let commitment = of(&papers, &args.code)?.clone();
        Ok((papers, commitment))
    })?;
    let assurance = rules::assurance(&papers, commitment.id);
    let open = rules::open_points(&papers, commitment.id);
    let all = rules::findings(&papers);
    let found: Vec<_> = all.iter().filter(|f| f.commitment == Some(commitment.id)).collect();
    let mut lines = vec![format!("{} {}", commitment.code, commitment.statement)];
    for finding in &found {
        let judged = rules::judgement(&papers, finding).map_or("open", |j| j.body.judged.word());
        lines.push(format!("  {} {judged}: {}", finding.key(), finding.text));
    }
    lines.extend(open.iter().map(|point| format!("  - {point}")));
    lines.push(assurance.map_or_else(
        || "No conclusion stands.".to_owned(),
        |a| format!("Reasonable assurance: {}.", a.word()),
    ));
    let findings: Vec<_> = found
        .iter()
        .map(|f| {
            let judged = rules::judgement(&papers, f).map(|j| j.body.judged);
            json!({ "key": f.key(), "check": f.check, "text": f.text, "judged": judged })
        })
        .collect();
    Answer::new(
        &json!({ "commitment": commitment.code, "assurance": assurance, "open": open, "findings": findings }),
        lines.join("\n"),
    )
}
