//! Commands: permit, load, decide, record. Everything goes to the firm's log.

use super::events::{PromiseEvent, Written};
use super::model::{
    Concluded, FindingJudged, Judged, PaperKind, PromiseIdKind, Recommended, Regulation, Understood,
};
use super::permits::{ConcludeCommitment, EvaluateCommitments};
use super::rules::{findings, inputs_sha256, open_points};
use super::store;
use crate::evaluations::model::At;
use crate::evaluations::service::{self as evaluations, TEXT_MAX, evidence, place};
use crate::rules::facts::Answer;
use crate::store::{Papers, file_of};
use commitments::model::{Commitment, CommitmentId};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, sentence};
use platform::db::{Conn, Result, Tx};
use std::collections::BTreeSet;

/// Said where somebody judges what the checks found before the register was changed.
pub(super) const FOUND_NO_LONGER: &str = "The checks no longer find this: the commitment, a requirement or a control behind it was changed since the page was opened. Load the page again and judge what is found now.";

fn papers<A>(conn: &mut Conn<'_>, permit: &Permit<A>) -> Result<Papers> {
    Papers::load(conn, file_of(permit.facts())?.engagement)
}

fn known(papers: &Papers, id: CommitmentId) -> Result<&Commitment, Refusal> {
    papers.commitments.iter().find(|c| c.id == id).ok_or(Refusal::NotFound)
}

fn write<A, T>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    (kind, key, version): (PaperKind, &str, i64),
    body: T,
) -> Result<()>
where
    PromiseEvent: From<Written<T>>,
{
    let subject = |file| store::subject(file, kind, key);
    evaluations::write::<A, PromiseEvent, T>(tx, env, permit, subject, (key, version), body)
}

/// Writes down what was read of a commitment.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn understand(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateCommitments>,
    version: i64,
    input: &Understood,
) -> Result<()> {
    let papers = papers(tx, permit)?;
    let commitment = known(&papers, input.commitment)?;
    let body = Understood {
        commitment: commitment.id,
        version: commitment.version,
        agrees: input.agrees,
        read: sentence("read", &input.read, TEXT_MAX)?,
        evidence: evidence(tx, papers.engagement.organisation, &input.evidence, 1)?,
    };
    let key = commitment.id.to_string();
    write(tx, env, permit, (PaperKind::Understood, &key, version), body)
}

/// Judges a finding of the checks. A finding that changes its words is judged anew; one that was judged and
/// is found no longer, because what it spoke of was changed, stays in the file and can be judged otherwise.
///
/// # Errors
/// As [`understand`]; [`Refusal::State`] where the checks find no such thing now and nobody judged it.
pub fn judge(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateCommitments>,
    (key, version): (&str, i64),
    (judged, reason): (Judged, &str),
) -> Result<()> {
    let papers = papers(tx, permit)?;
    let all = findings(&papers);
    let (commitment, text) = match all.iter().find(|f| f.key() == key) {
        Some(found) => (found.commitment, found.text.clone()),
        None => {
            let judged = papers.promises.findings.iter().find(|k| k.key == key);
            let judged = judged.ok_or_else(|| Refusal::state(FOUND_NO_LONGER))?;
            (judged.body.commitment, judged.body.finding.clone())
        }
    };
    let body = FindingJudged {
        commitment,
        finding: text,
        judged,
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    write(tx, env, permit, (PaperKind::Finding, key, version), body)
}

/// Notes a regulation that a commitment refers to. It is no judgement of compliance.
///
/// # Errors
/// As [`understand`].
pub fn note_regulation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateCommitments>,
    at: At,
    input: &Regulation,
) -> Result<String> {
    let papers = papers(tx, permit)?;
    known(&papers, input.commitment)?;
    let (key, version) = place::<PromiseIdKind, _>(env, at, &papers.promises.regulations)?;
    let criteria: BTreeSet<_> = input.criteria.iter().copied().collect();
    let body = Regulation {
        commitment: input.commitment,
        reference: line("reference", &input.reference, 300)?,
        taken: sentence("taken", &input.taken, TEXT_MAX)?,
        criteria: criteria.into_iter().collect(),
    };
    write(tx, env, permit, (PaperKind::Regulation, &key, version), body)?;
    Ok(key)
}

/// Recommends something, outside the report.
///
/// # Errors
/// As [`understand`].
pub fn recommend(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateCommitments>,
    at: At,
    input: &Recommended,
) -> Result<String> {
    let papers = papers(tx, permit)?;
    known(&papers, input.commitment)?;
    let (key, version) = place::<PromiseIdKind, _>(env, at, &papers.promises.recommendations)?;
    let body = Recommended {
        commitment: input.commitment,
        finding: sentence("finding", &input.finding, TEXT_MAX)?,
        text: sentence("text", &input.text, TEXT_MAX)?,
    };
    write(tx, env, permit, (PaperKind::Recommendation, &key, version), body)?;
    Ok(key)
}

/// Concludes whether there is reasonable assurance that a commitment was achieved. It is one of the facts from
/// which the opinion is proposed, and is void as soon as something that it rests on changes.
///
/// # Errors
/// As [`understand`]; [`Refusal::State`] where a yes or no is concluded before the work that it rests on.
pub fn conclude(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCommitment>,
    version: i64,
    (commitment, assurance, reason, shown_by): (CommitmentId, Answer, &str, &[String]),
) -> Result<()> {
    let papers = papers(tx, permit)?;
    known(&papers, commitment)?;
    let open = open_points(&papers, commitment);
    if assurance == Answer::Yes && !open.is_empty() {
        return Err(Refusal::state(format!(
            "Reasonable assurance cannot be concluded before this is settled: {}",
            open.join(" ")
        ))
        .into());
    }
    let body = Concluded {
        commitment,
        assurance,
        reason: sentence("reason", reason, TEXT_MAX)?,
        evidence: evidence(
            tx,
            papers.engagement.organisation,
            shown_by,
            usize::from(assurance != Answer::Unknown),
        )?,
        inputs_sha256: inputs_sha256(&papers, commitment),
    };
    let key = commitment.to_string();
    write(tx, env, permit, (PaperKind::Conclusion, &key, version), body)
}
