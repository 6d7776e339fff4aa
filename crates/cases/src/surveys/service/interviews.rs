//! Commands of interviews.

use super::super::events::{
    FollowUpAdded, FollowUpClosed, InterviewClosed, InterviewHeld, InterviewPlanned, SurveyEvent,
};
use super::super::model::{Answers, Interview, InterviewId, InterviewState};
use super::super::permits::ManageSurveys;
use super::super::store;
use super::known;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, sentence};
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest answer, follow-up or conclusion.
pub const TEXT_MAX: usize = 8_000;
/// Themes of one interview at most.
pub const THEMES_MAX: usize = 12;
/// Follow-ups of one interview at most.
pub const FOLLOW_UPS_MAX: usize = 40;

/// An interview as planned.
#[derive(Debug, Clone)]
pub struct InterviewInput {
    /// Who is asked.
    pub who: String,
    /// Their role.
    pub position: String,
    /// Why they were chosen.
    pub reason: String,
    /// The date.
    pub planned_at: Timestamp,
    /// The ids of its questions.
    pub questions: Vec<String>,
}

/// Plans an interview.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn plan(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    input: &InterviewInput,
) -> Result<InterviewId> {
    let id: InterviewId = env.id();
    let event = InterviewPlanned {
        id,
        organisation: permit.owner(),
        who: line("who", &input.who, 120)?,
        position: line("position", &input.position, 120)?,
        reason: sentence("reason", &input.reason, 1_000)?,
        interviewer: permit.person().ok_or(Refusal::NotFound)?,
        planned_at: input.planned_at,
        questions: known(&input.questions)?,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![SurveyEvent::from(event)])?;
    Ok(id)
}

fn load(tx: &mut Tx<'_>, permit: &Permit<ManageSurveys>, id: InterviewId) -> Result<Interview> {
    let interview = store::interview(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if interview.state == InterviewState::Closed {
        return Err(Refusal::state("This interview is closed. Plan another to ask again.").into());
    }
    Ok(interview)
}

fn write(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    (id, version): (InterviewId, i64),
    event: impl Into<SurveyEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event.into()])?;
    Ok(())
}

/// Themes as they are counted: lower case, trimmed, each once.
#[must_use]
pub fn themes(text: &str) -> Vec<String> {
    let mut all: Vec<String> = text
        .split([',', ';', '\n'])
        .map(|t| t.trim().to_lowercase())
        .filter(|t| !t.is_empty())
        .map(|t| t.chars().take(60).collect())
        .collect();
    all.sort();
    all.dedup();
    all.truncate(THEMES_MAX);
    all
}

/// Writes down what was answered, or completes it.
///
/// # Errors
/// [`Refusal::Input`] when nothing was answered, [`Refusal::State`] once it is closed,
/// [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn hold(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    at: (InterviewId, i64),
    (held_at, given, themes): (Timestamp, &Answers, Vec<String>),
) -> Result<()> {
    let interview = load(tx, permit, at.0)?;
    if held_at > env.now() {
        return Err(Refusal::field("held_at", "This lies in the future. When was it held?").into());
    }
    let mut answers = Answers::new();
    for id in &interview.questions {
        if let Some(answer) = given.get(id).map(|a| a.trim()).filter(|a| !a.is_empty()) {
            answers.insert(id.clone(), sentence("answer", answer, TEXT_MAX)?);
        }
    }
    if answers.is_empty() {
        return Err(
            Refusal::input("Nothing is answered yet. Write down at least one answer.").into()
        );
    }
    write(tx, env, permit, at, InterviewHeld { held_at, answers, themes })
}

/// Adds something to be done.
///
/// # Errors
/// As [`hold`].
pub fn add_follow_up(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    at: (InterviewId, i64),
    (what, owner, due_at): (&str, &str, Timestamp),
) -> Result<i64> {
    load(tx, permit, at.0)?;
    let before = store::follow_ups(tx, permit.owner(), at.0)?.len();
    if before >= FOLLOW_UPS_MAX {
        return Err(Refusal::state("There are as many follow-ups as an interview can have.").into());
    }
    let number = i64::try_from(before).unwrap_or(i64::MAX) + 1;
    let event = FollowUpAdded {
        number,
        what: sentence("what", what, TEXT_MAX)?,
        owner: line("owner", owner, 120)?,
        due_at,
    };
    write(tx, env, permit, at, event)?;
    Ok(number)
}

/// Says what came of something to be done.
///
/// # Errors
/// As [`hold`]; [`Refusal::State`] when it is done already.
pub fn close_follow_up(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    at: (InterviewId, i64),
    (number, outcome): (i64, &str),
) -> Result<()> {
    load(tx, permit, at.0)?;
    let all = store::follow_ups(tx, permit.owner(), at.0)?;
    let one = all.iter().find(|f| f.number == number).ok_or(Refusal::NotFound)?;
    if one.closed_at.is_some() {
        return Err(Refusal::state("This is done already.").into());
    }
    let event = FollowUpClosed { number, outcome: sentence("outcome", outcome, TEXT_MAX)? };
    write(tx, env, permit, at, event)
}

/// Closes an interview that was held and has nothing open.
///
/// # Errors
/// [`Refusal::State`] before it was held, or while something is open; otherwise as [`hold`].
pub fn close(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    at: (InterviewId, i64),
    conclusion: &str,
) -> Result<()> {
    let interview = load(tx, permit, at.0)?;
    if interview.state != InterviewState::Held {
        return Err(Refusal::state("Write down first what was answered.").into());
    }
    let open = store::follow_ups(tx, permit.owner(), at.0)?
        .iter()
        .filter(|f| f.closed_at.is_none())
        .count();
    if open > 0 {
        return Err(Refusal::state(format!(
            "{open} of its follow-ups are open. Say of each what came of it, then close."
        ))
        .into());
    }
    let event = InterviewClosed { conclusion: sentence("conclusion", conclusion, TEXT_MAX)? };
    write(tx, env, permit, at, event)
}
