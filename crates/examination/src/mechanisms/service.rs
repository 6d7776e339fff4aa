//! Commands: permit, load, decide, record. Everything goes to the firm's log.

use super::events::{MechanismEvent, PaperWithdrawn, Written};
use super::figures;
use super::model::{
    CaseReview, Change, Draw, Evaluation, IdentifiedChannel, Improvement, Kept, Memo, MemoReview,
    PaperIdKind, PaperKind, PatternAnswer, PeopleHeard, Point, PolicyReview, Recommendation, Said,
    Scored, Weights,
};
use super::permits::{EvaluateMechanisms, ReviewMemorandum, SignMemorandum};
use super::rules::rubric::{Dimension, propose};
use super::store;
use crate::evaluations::model::At;
use crate::evaluations::service::{self as papers, TEXT_MAX, evidence, place};
use crate::model::File;
use crate::store::file_of;
use cases::policy::model::Topic;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};
use scope::model::Engagement;

/// The longest name.
pub const NAME_MAX: usize = 120;
/// Cases drawn at most.
pub const DRAW_MAX: usize = 200;
/// The questions about one case.
pub const QUESTIONS: usize = 12;

struct Desk {
    file: File,
    owner: PartyId,
    engagement: Engagement,
    papers: Evaluation,
}

fn desk<A>(conn: &mut Conn<'_>, permit: &Permit<A>) -> Result<Desk> {
    let file = file_of(permit.facts())?;
    let engagement = scope::store::engagement(conn, file.engagement)?.ok_or(Refusal::NotFound)?;
    let papers = store::evaluation(conn, file)?;
    Ok(Desk { file, owner: engagement.organisation, engagement, papers })
}

fn write<A, T>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    (kind, key, version): (PaperKind, &str, i64),
    body: T,
) -> Result<()>
where
    MechanismEvent: From<Written<T>>,
{
    let subject = |file| store::subject(file, kind, key);
    papers::write::<A, MechanismEvent, T>(tx, env, permit, subject, (key, version), body)
}

fn keys<T>(all: &[Kept<T>]) -> Vec<String> {
    all.iter().map(|k| k.key.clone()).collect()
}

fn date(field: &'static str, text: &str) -> Result<String, Refusal> {
    kernel::period::parse_date(text.trim())
        .map(|d| d.to_string())
        .map_err(|_| Refusal::field(field, "Give a date such as 2026-06-30."))
}

/// Records a channel that the auditor identified.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn identify_channel(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    at: At,
    input: &IdentifiedChannel,
) -> Result<String> {
    let desk = desk(tx, permit)?;
    let (key, version) = place::<PaperIdKind, _>(env, at, &desk.papers.channels)?;
    if let Some(id) = input.registered {
        cases::channels::store::channel(tx, desk.owner, id)?.ok_or(Refusal::NotFound)?;
    }
    let body = IdentifiedChannel {
        name: line("name", &input.name, NAME_MAX)?,
        note: sentence("note", &input.note, TEXT_MAX)?,
        evidence: evidence(tx, desk.owner, &input.evidence, 1)?,
        ..input.clone()
    };
    write(tx, env, permit, (PaperKind::Channel, &key, version), body)?;
    Ok(key)
}

/// Records the review of the policy: all twelve questions.
///
/// # Errors
/// As [`identify_channel`].
pub fn review_policy(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    version: i64,
    input: &PolicyReview,
) -> Result<()> {
    let desk = desk(tx, permit)?;
    cases::policy::store::version(tx, desk.owner, input.number)?.ok_or_else(|| {
        Refusal::state("The organisation has no version of a reporting policy to review.")
    })?;
    let mut body = input.clone();
    for topic in Topic::ALL {
        let answer = body.answers.get_mut(&topic).ok_or_else(|| {
            Refusal::input(
                "Answer all twelve questions; one that the policy leaves open is answered with no.",
            )
        })?;
        answer.place = sentence("answers", &answer.place, TEXT_MAX)?;
    }
    body.security = sentence("security", &input.security, TEXT_MAX)?;
    body.availability = sentence("availability", &input.availability, TEXT_MAX)?;
    body.upkeep = sentence("upkeep", &input.upkeep, TEXT_MAX)?;
    body.evidence = evidence(tx, desk.owner, &input.evidence, 1)?;
    write(tx, env, permit, (PaperKind::Policy, "policy", version), body)
}

/// Sums up what interviews and surveys of a group gave.
///
/// # Errors
/// As [`identify_channel`].
pub fn hear(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    version: i64,
    input: &PeopleHeard,
) -> Result<()> {
    let desk = desk(tx, permit)?;
    let body = PeopleHeard {
        group: input.group,
        summary: sentence("summary", &input.summary, TEXT_MAX)?,
        gaps: remark("gaps", &input.gaps, TEXT_MAX)?,
        evidence: evidence(tx, desk.owner, &input.evidence, 1)?,
    };
    write(tx, env, permit, (PaperKind::People, input.group.word(), version), body)
}

/// Draws cases of the period for reading, or further ones: a larger draw begins with the smaller one, and
/// nothing is ever drawn anew. The seed is made here, after the numbers were read, so that nobody steers it.
///
/// # Errors
/// [`Refusal::State`] while the period runs, or where its cases are not those that were drawn from;
/// [`Refusal::Input`] on the size.
pub fn draw(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    version: i64,
    size: usize,
) -> Result<usize> {
    let desk = desk(tx, permit)?;
    if env.now() < desk.engagement.period.ends_before() {
        return Err(Refusal::state(
            "The period has not ended. Draw its cases when no more can be reported in it.",
        )
        .into());
    }
    let numbers = figures::numbers(tx, desk.owner, &desk.engagement.period)?;
    let sha256 = populations::ids::population_sha256(numbers.iter().map(String::as_str));
    let before = desk.papers.draw.as_ref();
    let drawn = before.map_or(0, |d| d.body.numbers.len());
    if size <= drawn || size > numbers.len() || size > DRAW_MAX {
        return Err(Refusal::field(
            "size",
            format!(
                "{} cases were reported in the period and {drawn} are drawn. Ask for more than are drawn, and for {DRAW_MAX} at most.",
                numbers.len()
            ),
        )
        .into());
    }
    let seed = match before {
        Some(before) if before.body.population_sha256 == sha256 => before.body.seed.clone(),
        Some(_) => {
            return Err(Refusal::state(
                "The cases of the period are not those that were drawn from: some were added or taken away. Read further ones by name, with the reason.",
            )
            .into());
        }
        None => hex::encode(env.bytes::<16>()),
    };
    let told = |e: populations::Error| Refusal::state(e.to_string());
    let effective = populations::select::effective_seed(&sha256, &seed).map_err(told)?;
    let ids: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let ranked = populations::select::rank(&effective, &ids, size).map_err(told)?;
    let body = Draw {
        population: numbers.len() as u64,
        population_sha256: sha256,
        seed,
        effective_seed: effective,
        numbers: ranked.into_iter().map(|r| r.id).collect(),
    };
    write(tx, env, permit, (PaperKind::Draw, "draw", version), body)?;
    Ok(size)
}

/// Records what the auditor found in one case: all twelve questions, and what shows each.
///
/// # Errors
/// As [`identify_channel`].
pub fn read_case(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    version: i64,
    input: &CaseReview,
) -> Result<()> {
    let desk = desk(tx, permit)?;
    let case = cases::store::by_number(tx, desk.owner, &input.number)?.ok_or(Refusal::NotFound)?;
    let drawn = desk.papers.draw.as_ref().is_some_and(|d| d.body.numbers.contains(&input.number));
    let mut body = input.clone();
    body.reason = if drawn {
        remark("reason", &input.reason, TEXT_MAX)?
    } else {
        if case.canary || !desk.engagement.period.contains(case.reported_at) {
            return Err(Refusal::NotFound.into());
        }
        sentence("reason", &input.reason, TEXT_MAX)?
    };
    let known = |id: &str| {
        id.strip_prefix('H')
            .and_then(|n| n.parse::<usize>().ok())
            .is_some_and(|n| (1..=QUESTIONS).contains(&n))
    };
    if body.answers.len() != QUESTIONS || !body.answers.keys().all(|id| known(id)) {
        return Err(Refusal::input(
            "Answer all twelve questions: yes, no, or that it does not apply.",
        )
        .into());
    }
    let record = figures::of_case(tx, desk.owner, &case, env.now())?;
    for (question, answer) in &mut body.answers {
        let says = record.get(question.as_str());
        answer.against = says.filter(|s| against(answer.said, s)).map(|s| s.text.clone());
        answer.note = match (answer.said, &answer.against) {
            (Said::Yes, None) => remark("answers", &answer.note, TEXT_MAX)?,
            (_, None) => sentence("answers", &answer.note, TEXT_MAX).map_err(|_| {
                Refusal::input("Say beside each no, and each that does not apply, what shows it.")
            })?,
            (_, Some(says)) => sentence("answers", &answer.note, TEXT_MAX).map_err(|_| {
                Refusal::input(format!(
                    "The record speaks against the answer to {question}: {says} Say beside it what shows that the record is wrong, or answer otherwise."
                ))
            })?,
        };
    }
    write(tx, env, permit, (PaperKind::Case, &input.number, version), body)
}

/// Whether an answer is another than the record speaks for. That a question does not apply contradicts nothing.
fn against(said: Said, record: &figures::Says) -> bool {
    said != Said::NotApplicable && record.speaks_for.is_some_and(|speaks| speaks != said)
}

/// Answers a question about all cases. What the figures said is recorded beside it.
///
/// # Errors
/// As [`identify_channel`].
pub fn answer_pattern(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    (question, version): (&str, i64),
    input: &PatternAnswer,
) -> Result<()> {
    let desk = desk(tx, permit)?;
    let found = figures::read(tx, &desk.engagement, env.now())?.pattern(question);
    if found.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    let body = PatternAnswer {
        figures: found,
        answer: sentence("answer", &input.answer, TEXT_MAX)?,
        weakness: input.weakness,
        evidence: evidence(tx, desk.owner, &input.evidence, 0)?,
    };
    write(tx, env, permit, (PaperKind::Pattern, question, version), body)
}

/// Scores a dimension. What the figures propose is recorded beside the score.
///
/// # Errors
/// As [`identify_channel`].
pub fn score(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    version: i64,
    (dimension, score, reason, shown_by): (Dimension, u8, &str, &[String]),
) -> Result<()> {
    let desk = desk(tx, permit)?;
    if !(1..=5).contains(&score) {
        return Err(Refusal::field("score", "A score is a whole number from 1 to 5.").into());
    }
    let known = figures::read(tx, &desk.engagement, env.now())?.known();
    let proposed = propose(&known).into_iter().find(|p| p.dimension == dimension);
    let body = Scored {
        dimension,
        score,
        proposed: proposed.and_then(|p| p.score),
        reason: sentence("reason", reason, TEXT_MAX)?,
        evidence: evidence(tx, desk.owner, shown_by, 1)?,
    };
    write(tx, env, permit, (PaperKind::Score, dimension.word(), version), body)
}

/// Sets the weights of the dimensions.
///
/// # Errors
/// As [`identify_channel`].
pub fn set_weights(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    version: i64,
    input: &Weights,
) -> Result<()> {
    if input.weights.iter().any(|w| *w > 100) || input.weights.iter().all(|w| *w == 0) {
        return Err(Refusal::field("weights", "A weight is 0 to 100, and not all are 0.").into());
    }
    let body =
        Weights { weights: input.weights, reason: sentence("reason", &input.reason, TEXT_MAX)? };
    write(tx, env, permit, (PaperKind::Weights, "weights", version), body)
}

/// States a strength or a weakness.
///
/// # Errors
/// As [`identify_channel`].
pub fn state_point(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    at: At,
    input: &Point,
) -> Result<String> {
    let desk = desk(tx, permit)?;
    let (key, version) = place::<PaperIdKind, _>(env, at, &desk.papers.points)?;
    let body = Point {
        text: sentence("text", &input.text, TEXT_MAX)?,
        evidence: evidence(tx, desk.owner, &input.evidence, 1)?,
        ..input.clone()
    };
    write(tx, env, permit, (PaperKind::Point, &key, version), body)?;
    Ok(key)
}

/// Recommends something, or writes down what the organisation decided about it.
///
/// # Errors
/// As [`identify_channel`].
pub fn recommend(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    at: At,
    input: &Recommendation,
) -> Result<String> {
    let desk = desk(tx, permit)?;
    let (key, version) = place::<PaperIdKind, _>(env, at, &desk.papers.recommendations)?;
    if let Some(weakness) = &input.weakness
        && !desk.papers.points.iter().any(|p| p.key == *weakness)
    {
        return Err(Refusal::field("weakness", "Choose a weakness of this evaluation.").into());
    }
    let note = match input.response {
        super::model::Response::Open => remark("response_note", &input.response_note, TEXT_MAX)?,
        _ => sentence("response_note", &input.response_note, TEXT_MAX)?,
    };
    let body = Recommendation {
        text: sentence("text", &input.text, TEXT_MAX)?,
        response_note: note,
        ..input.clone()
    };
    write(tx, env, permit, (PaperKind::Recommendation, &key, version), body)?;
    Ok(key)
}

/// Logs an improvement that the organisation made.
///
/// # Errors
/// As [`identify_channel`].
pub fn log_improvement(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    at: At,
    input: &Improvement,
) -> Result<String> {
    let desk = desk(tx, permit)?;
    let (key, version) = place::<PaperIdKind, _>(env, at, &desk.papers.improvements)?;
    let due = input.follow_up_on.trim();
    let body = Improvement {
        on: date("on", &input.on)?,
        change: sentence("change", &input.change, TEXT_MAX)?,
        expected: sentence("expected", &input.expected, TEXT_MAX)?,
        follow_up_on: if due.is_empty() { String::new() } else { date("follow_up_on", due)? },
        follow_up: remark("follow_up", &input.follow_up, TEXT_MAX)?,
    };
    write(tx, env, permit, (PaperKind::Improvement, &key, version), body)?;
    Ok(key)
}

/// Logs a change of the mechanisms.
///
/// # Errors
/// As [`identify_channel`].
pub fn log_change(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    at: At,
    input: &Change,
) -> Result<String> {
    let desk = desk(tx, permit)?;
    let (key, version) = place::<PaperIdKind, _>(env, at, &desk.papers.changes)?;
    let body = Change {
        on: date("on", &input.on)?,
        change: sentence("change", &input.change, TEXT_MAX)?,
        reason: sentence("reason", &input.reason, TEXT_MAX)?,
    };
    write(tx, env, permit, (PaperKind::Change, &key, version), body)?;
    Ok(key)
}

/// Withdraws a paper of a list. Its earlier versions stay in the log.
///
/// # Errors
/// As [`identify_channel`].
pub fn withdraw(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<EvaluateMechanisms>,
    kind: PaperKind,
    (key, version): (&str, i64),
    reason: &str,
) -> Result<()> {
    let desk = desk(tx, permit)?;
    let papers = &desk.papers;
    let known = match kind {
        PaperKind::Channel => keys(&papers.channels),
        PaperKind::Point => keys(&papers.points),
        PaperKind::Recommendation => keys(&papers.recommendations),
        PaperKind::Improvement => keys(&papers.improvements),
        PaperKind::Change => keys(&papers.changes),
        _ => Vec::new(),
    };
    if !known.iter().any(|k| k == key) {
        return Err(Refusal::NotFound.into());
    }
    let event = PaperWithdrawn {
        engagement: desk.file.engagement,
        kind,
        key: key.to_owned(),
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    let origin = Origin::by(permit.actor(), desk.file.firm);
    let subject = store::subject(desk.file, kind, key);
    record(
        tx,
        env,
        &origin,
        &subject,
        Expected::Version(version),
        vec![MechanismEvent::from(event)],
    )?;
    Ok(())
}

/// Signs the memorandum: the digest of every paper it rests on is part of the signature.
///
/// # Errors
/// [`Refusal::State`] before every dimension has a score.
pub fn sign(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SignMemorandum>,
    version: i64,
    conclusion: &str,
) -> Result<()> {
    let desk = desk(tx, permit)?;
    let overall = desk.papers.overall().ok_or_else(|| {
        Refusal::state("Score all five dimensions before the memorandum is signed.")
    })?;
    let body = Memo {
        digest: desk.papers.digest,
        overall: overall.shown(),
        rating: overall.rating,
        conclusion: sentence("conclusion", conclusion, TEXT_MAX)?,
        cut_offs: Some(desk.papers.cut_offs),
    };
    write(tx, env, permit, (PaperKind::Memo, "memo", version), body)
}

/// Reviews the memorandum of somebody else, as it was signed.
///
/// # Errors
/// [`Refusal::State`] when it is not signed, when a paper changed since, or when the signer tries.
pub fn review(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ReviewMemorandum>,
    version: i64,
    note: &str,
) -> Result<()> {
    crate::firm::service::stays_outside(tx, permit)?;
    let desk = desk(tx, permit)?;
    if !desk.papers.signed() {
        return Err(Refusal::state(
            "The memorandum is not signed, or a paper changed after it was. It has to be signed first.",
        )
        .into());
    }
    if desk.papers.memo.as_ref().is_some_and(|m| m.actor == permit.actor().name()) {
        return Err(Refusal::state(
            "You signed this memorandum. Somebody else of the firm has to review it.",
        )
        .into());
    }
    let body = MemoReview { digest: desk.papers.digest, note: sentence("note", note, TEXT_MAX)? };
    write(tx, env, permit, (PaperKind::Review, "review", version), body)
}
