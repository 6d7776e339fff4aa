//! Commands of training.

pub mod round;

use super::events::{
    CourseCompleted, CourseStated, MaterialPublished, PracticeFiled, PracticeStepped, QuizFailed,
    TextAcknowledged, TextPutForward, TrainingEvent,
};
use super::model::{AssignmentId, CourseId, Material, PracticeId, Rule, TextId};
use super::permits::{ManageTraining, TakeTraining};
use super::rules::practice::{SCENARIOS, STAGES};
use super::rules::quiz::{self, Marked};
use super::store;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::party::Role;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest title.
pub const TITLE_MAX: usize = 160;
/// The longest prose.
pub const TEXT_MAX: usize = 40_000;
/// The longest practice report.
pub const PRACTICE_MAX: usize = 5_000;

/// A course as stated.
#[derive(Debug, Clone)]
pub struct CourseInput {
    /// What it is called.
    pub title: String,
    /// Who must take it.
    pub rule: Rule,
    /// Whether it is no longer given.
    pub retired: bool,
}

/// States a course, a new one or one that is there.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn state_course(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    existing: Option<(CourseId, i64)>,
    input: &CourseInput,
) -> Result<CourseId> {
    if !(1..=365).contains(&input.rule.due_days) {
        return Err(Refusal::field("due_days", "Give 1 to 365 days.").into());
    }
    let (id, expected) = match existing {
        Some((id, version)) => {
            store::course(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
            (id, Expected::Version(version))
        }
        None => (env.id(), Expected::New),
    };
    let event = CourseStated {
        id,
        organisation: permit.owner(),
        title: line("title", &input.title, TITLE_MAX)?,
        rule: input.rule.clone(),
        retired: input.retired,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![TrainingEvent::from(event)])?;
    Ok(id)
}

/// Publishes new material of a course. Who passed with an earlier one has passed.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn publish_material(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    (id, version): (CourseId, i64),
    (text, quiz, pass_percent): (&str, &str, i64),
) -> Result<i64> {
    let course = store::course(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if !(1..=100).contains(&pass_percent) {
        return Err(Refusal::field("pass_percent", "Give a share from 1 to 100 per cent.").into());
    }
    let material = Material {
        text: sentence("text", text, TEXT_MAX)?,
        questions: quiz::parse(quiz)?,
        pass_percent,
    };
    let number = course.material + 1;
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![TrainingEvent::from(MaterialPublished { number, material })];
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), events)?;
    Ok(number)
}

fn learner(permit: &Permit<TakeTraining>) -> Result<PersonId> {
    Ok(permit.person().ok_or(Refusal::NotFound)?)
}

/// Answers a quiz. The material is the one whose questions were shown: when a newer one was published
/// meanwhile, the learner sees that first.
///
/// # Errors
/// [`Refusal::NotFound`] for another's assignment, [`Refusal::State`] when it is done, or when the
/// material is no longer the present one.
pub fn answer(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<TakeTraining>,
    id: AssignmentId,
    number: i64,
    answers: Vec<Vec<usize>>,
) -> Result<Marked> {
    let assignment = store::assignment(tx, permit.owner(), id)?
        .filter(|a| Some(a.person) == permit.person())
        .ok_or(Refusal::NotFound)?;
    if !assignment.is_open() {
        return Err(Refusal::state("This is done already. Nothing was changed.").into());
    }
    let course = store::course(tx, permit.owner(), assignment.course)?.ok_or(Refusal::NotFound)?;
    if course.material != number {
        return Err(Refusal::state(
            "The material was changed while you read. Open the page again: the questions may differ.",
        )
        .into());
    }
    let material =
        store::material(tx, permit.owner(), course.id, number)?.ok_or(Refusal::NotFound)?;
    let marked = quiz::mark(&material, &answers);
    let (right, of) = marked.score();
    let event = if marked.passed {
        TrainingEvent::from(CourseCompleted { material: number, answers, right, of })
    } else {
        TrainingEvent::from(QuizFailed { material: number, answers, right, of })
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![event])?;
    Ok(marked)
}

/// A practice report as filed.
#[derive(Debug, Clone)]
pub struct PracticeInput {
    /// What they were asked to report: one of [`SCENARIOS`].
    pub scenario: String,
    /// In a few words.
    pub title: String,
    /// In full.
    pub text: String,
    /// When it happened, as written; may be empty.
    pub occurred: String,
}

/// Files a practice report. It becomes no case: the register, its figures and its clocks never see it.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn practise(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<TakeTraining>,
    input: &PracticeInput,
) -> Result<PracticeId> {
    if !SCENARIOS.contains(&input.scenario.as_str()) {
        return Err(Refusal::field("scenario", "Choose what you practise.").into());
    }
    let id: PracticeId = env.id();
    let event = PracticeFiled {
        id,
        organisation: permit.owner(),
        person: learner(permit)?,
        scenario: input.scenario.clone(),
        title: line("title", &input.title, TITLE_MAX)?,
        text: sentence("text", &input.text, PRACTICE_MAX)?,
        occurred: remark("occurred", &input.occurred, 100)?,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![TrainingEvent::from(event)])?;
    Ok(id)
}

/// Goes one stage on in a practice.
///
/// # Errors
/// [`Refusal::NotFound`] for another's, [`Refusal::State`] at its end, [`Refusal::Stale`].
pub fn step(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<TakeTraining>,
    (id, version): (PracticeId, i64),
) -> Result<i64> {
    let practice =
        store::practice(tx, permit.owner(), learner(permit)?, id)?.ok_or(Refusal::NotFound)?;
    let end = i64::try_from(STAGES.len()).unwrap_or(i64::MAX) - 1;
    if practice.stage >= end {
        return Err(Refusal::state("This practice has come to its end.").into());
    }
    let stage = practice.stage + 1;
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![TrainingEvent::from(PracticeStepped { stage, last: stage == end })];
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), events)?;
    Ok(stage)
}

/// A version of a text to be confirmed.
#[derive(Debug, Clone)]
pub struct TextInput {
    /// Of what it is a version: the text of an id, such as a policy's.
    pub subject: String,
    /// Which version.
    pub number: i64,
    /// What it is called.
    pub title: String,
    /// The text itself, in the prose of [`super::rules::markup`].
    pub body: String,
    /// Who confirms; empty: everybody.
    pub who: Vec<Role>,
    /// By when.
    pub due_at: Timestamp,
}

/// Puts a version of a text forward to be confirmed. The same version again is the same text.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn put_forward(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    input: &TextInput,
) -> Result<TextId> {
    let subject = line("subject", &input.subject, 100)?;
    if let Some(known) = store::text_of(tx, permit.owner(), &subject, input.number)? {
        return Ok(known.id);
    }
    if input.due_at <= env.now() {
        return Err(
            Refusal::field("due_at", "This lies in the past. Give people time to read.").into()
        );
    }
    let id: TextId = env.id();
    let event = TextPutForward {
        id,
        organisation: permit.owner(),
        subject,
        number: input.number,
        title: line("title", &input.title, TITLE_MAX)?,
        body: sentence("body", &input.body, TEXT_MAX)?,
        who: input.who.clone(),
        due_at: input.due_at,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![TrainingEvent::from(event)])?;
    Ok(id)
}

/// Confirms to have read a text. Doing so again changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn acknowledge(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<TakeTraining>,
    id: TextId,
) -> Result<()> {
    store::text(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    let person = learner(permit)?;
    let known = store::acknowledgements(tx, permit.owner(), id)?;
    if known.iter().any(|a| a.person == person) {
        return Ok(());
    }
    let event = TextAcknowledged { person, organisation: permit.owner() };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![TrainingEvent::from(event)])?;
    Ok(())
}
