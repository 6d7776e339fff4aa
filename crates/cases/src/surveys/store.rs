//! Tables of surveys and interviews. Only `apply` writes what the log holds; tickets and the box of
//! anonymous answers are written by name.

use super::events::{SurveyClosed, SurveyEvent};
use super::model::{
    Answers, FollowUp, Interview, InterviewId, InterviewState, Survey, SurveyId, SurveyState,
};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for SurveyEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::SurveyOpened(x) => {
                tx.execute(
                    "INSERT INTO survey (id, organisation, title, intro, questions, segments, anonymous, state, closes_at, opened_at,
                       invited, answered, by_link, too_few, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, 0, 0, 0, 0, $10)",
                    params![
                        x.id, x.organisation, &x.title, &x.intro, json_text(&x.questions)?, json_text(&x.segments)?, x.anonymous,
                        x.closes_at, e.recorded_at, e.version
                    ],
                )?;
            }
            Self::PeopleInvited(x) => {
                tx.execute(
                    "UPDATE survey SET invited = invited + $2, by_link = CASE WHEN $3 = 1 THEN 1 ELSE by_link END, version = $4 WHERE id = $1",
                    params![&e.subject, x.count, x.link, e.version],
                )?;
                for email in &x.named {
                    tx.execute(
                        "INSERT INTO survey_invited (survey, email, organisation) VALUES ($1, $2, $3) ON CONFLICT (survey, email) DO NOTHING",
                        params![&e.subject, email, e.log],
                    )?;
                }
            }
            Self::NamedAnswer(x) => {
                tx.execute(
                    "INSERT INTO survey_answer (survey, number, organisation, email, content) VALUES ($1, $2, $3, $4, $5)",
                    params![&e.subject, e.version, e.log, &x.email, json_text(&x.answers)?],
                )?;
                tx.execute(
                    "UPDATE survey_invited SET answered_at = $3 WHERE survey = $1 AND email = $2",
                    params![&e.subject, &x.email, e.recorded_at],
                )?;
                tx.execute(
                    "UPDATE survey SET answered = answered + 1, version = $2 WHERE id = $1",
                    params![&e.subject, e.version],
                )?;
            }
            Self::SurveyClosed(x) => closed(tx, e, x)?,
            Self::InterviewPlanned(x) => {
                tx.execute(
                    "INSERT INTO interview (id, organisation, who, position, reason, interviewer, planned_at, questions, state, answers,
                       themes, conclusion, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', '{}', '[]', '', $9)",
                    params![
                        x.id, x.organisation, &x.who, &x.position, &x.reason, x.interviewer, x.planned_at, json_text(&x.questions)?, e.version
                    ],
                )?;
            }
            Self::InterviewHeld(x) => {
                tx.execute(
                    "UPDATE interview SET state = 'held', held_at = $2, answers = $3, themes = $4, version = $5 WHERE id = $1",
                    params![&e.subject, x.held_at, json_text(&x.answers)?, json_text(&x.themes)?, e.version],
                )?;
            }
            Self::FollowUpAdded(x) => {
                tx.execute(
                    "INSERT INTO interview_follow_up (interview, number, organisation, what, owner, due_at, outcome)
                     VALUES ($1, $2, $3, $4, $5, $6, '')",
                    params![&e.subject, x.number, e.log, &x.what, &x.owner, x.due_at],
                )?;
                touch(tx, e)?;
            }
            Self::FollowUpClosed(x) => {
                tx.execute(
                    "UPDATE interview_follow_up SET closed_at = $3, outcome = $4 WHERE interview = $1 AND number = $2",
                    params![&e.subject, x.number, e.recorded_at, &x.outcome],
                )?;
                touch(tx, e)?;
            }
            Self::InterviewClosed(x) => {
                tx.execute(
                    "UPDATE interview SET state = 'closed', conclusion = $2, version = $3 WHERE id = $1",
                    params![&e.subject, &x.conclusion, e.version],
                )?;
            }
        }
        Ok(())
    }
}

fn touch(tx: &mut Tx<'_>, e: &Recorded<SurveyEvent>) -> Result<()> {
    tx.execute("UPDATE interview SET version = $2 WHERE id = $1", params![&e.subject, e.version])?;
    Ok(())
}

fn closed(tx: &mut Tx<'_>, e: &Recorded<SurveyEvent>, x: &SurveyClosed) -> Result<()> {
    for (number, answers) in (1i64..).zip(&x.answers) {
        tx.execute(
            "INSERT INTO survey_answer (survey, number, organisation, content) VALUES ($1, $2, $3, $4)",
            params![&e.subject, number, e.log, json_text(answers)?],
        )?;
    }
    tx.execute(
        "UPDATE survey SET state = 'closed', closed_at = $2, answered = $3, too_few = $4, version = $5 WHERE id = $1",
        params![&e.subject, e.recorded_at, x.count, x.too_few, e.version],
    )?;
    Ok(())
}

fn to_survey(row: &Row) -> Result<Survey> {
    let state: String = row.get("state")?;
    Ok(Survey {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        title: row.get("title")?,
        intro: row.get("intro")?,
        questions: read_json(row, "questions")?,
        segments: read_json(row, "segments")?,
        anonymous: row.get("anonymous")?,
        state: if state == "open" { SurveyState::Open } else { SurveyState::Closed },
        closes_at: row.get("closes_at")?,
        opened_at: row.get("opened_at")?,
        closed_at: row.get("closed_at")?,
        invited: row.get("invited")?,
        answered: row.get("answered")?,
        by_link: row.get("by_link")?,
        too_few: row.get("too_few")?,
        version: row.get("version")?,
    })
}

fn to_interview(row: &Row) -> Result<Interview> {
    let state = match row.get::<String>("state")?.as_str() {
        "planned" => InterviewState::Planned,
        "held" => InterviewState::Held,
        "closed" => InterviewState::Closed,
        other => return Err(DbError::Shape(format!("column state holds {other}")).into()),
    };
    Ok(Interview {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        who: row.get("who")?,
        position: row.get("position")?,
        reason: row.get("reason")?,
        interviewer: row.get("interviewer")?,
        planned_at: row.get("planned_at")?,
        questions: read_json(row, "questions")?,
        state,
        held_at: row.get("held_at")?,
        answers: read_json(row, "answers")?,
        themes: read_json(row, "themes")?,
        conclusion: row.get("conclusion")?,
        version: row.get("version")?,
    })
}

/// The surveys of an organisation, newest first.
///
/// # Errors
/// When the database refuses.
pub fn surveys(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Survey>> {
    conn.query(
        "SELECT * FROM survey WHERE organisation = $1 ORDER BY id DESC LIMIT 500",
        params![organisation],
    )?
    .iter()
    .map(to_survey)
    .collect()
}

/// One survey.
///
/// # Errors
/// When the database refuses.
pub fn survey(conn: &mut Conn<'_>, organisation: PartyId, id: SurveyId) -> Result<Option<Survey>> {
    conn.query_opt(
        "SELECT * FROM survey WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_survey)
    .transpose()
}

/// What was answered: of a named survey so far, of an anonymous one once it is closed.
///
/// # Errors
/// When the database refuses.
pub fn answers(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: SurveyId,
) -> Result<Vec<(Option<String>, Answers)>> {
    conn.query(
        "SELECT email, content FROM survey_answer WHERE organisation = $1 AND survey = $2 ORDER BY number",
        params![organisation, id],
    )?
    .iter()
    .map(|row| Ok((row.get("email")?, read_json(row, "content")?)))
    .collect()
}

/// Who was invited to a named survey, and whether they have answered.
///
/// # Errors
/// When the database refuses.
pub fn invited(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: SurveyId,
) -> Result<Vec<(String, bool)>> {
    conn.query(
        "SELECT email, answered_at FROM survey_invited WHERE organisation = $1 AND survey = $2 ORDER BY email",
        params![organisation, id],
    )?
    .iter()
    .map(|row| Ok((row.get("email")?, row.get::<Option<i64>>("answered_at")?.is_some())))
    .collect()
}

/// A ticket.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// To which survey.
    pub survey: SurveyId,
    /// Whose.
    pub organisation: PartyId,
    /// Who was invited, of a named survey.
    pub email: Option<String>,
    /// Whether it is a common link, with which anybody may answer.
    pub common: bool,
    /// Whether it was used.
    pub used: bool,
}

/// The ticket with a digest.
///
/// # Errors
/// When the database refuses.
pub fn ticket(conn: &mut Conn<'_>, digest: &[u8]) -> Result<Option<Ticket>> {
    conn.query_opt(
        "SELECT survey, organisation, email, common, used FROM survey_ticket WHERE digest = $1",
        params![digest],
    )?
    .map(|row| {
        Ok(Ticket {
            survey: row.get("survey")?,
            organisation: row.get("organisation")?,
            email: row.get("email")?,
            common: row.get("common")?,
            used: row.get("used")?,
        })
    })
    .transpose()
}

/// Makes a ticket.
///
/// # Errors
/// When the database refuses.
pub fn make_ticket(tx: &mut Tx<'_>, digest: &[u8], t: &Ticket) -> Result<()> {
    tx.execute(
        "INSERT INTO survey_ticket (digest, survey, organisation, email, common, used) VALUES ($1, $2, $3, $4, $5, 0)",
        params![digest, t.survey, t.organisation, t.email.clone(), t.common],
    )?;
    Ok(())
}

/// Marks a ticket as used: no time, no answer beside it.
///
/// # Errors
/// When the database refuses.
pub fn use_ticket(tx: &mut Tx<'_>, digest: &[u8]) -> Result<()> {
    tx.execute("UPDATE survey_ticket SET used = 1 WHERE digest = $1", params![digest])?;
    Ok(())
}

/// Keeps the common link of a survey.
///
/// # Errors
/// When the database refuses.
pub fn keep_link(tx: &mut Tx<'_>, organisation: PartyId, id: SurveyId, token: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO survey_link (survey, organisation, token) VALUES ($1, $2, $3)",
        params![id, organisation, token],
    )?;
    Ok(())
}

/// The token of the common link.
///
/// # Errors
/// When the database refuses.
pub fn link(conn: &mut Conn<'_>, organisation: PartyId, id: SurveyId) -> Result<Option<String>> {
    conn.query_opt(
        "SELECT token FROM survey_link WHERE organisation = $1 AND survey = $2",
        params![organisation, id],
    )?
    .map(|row| row.get("token"))
    .transpose()
}

/// Puts an anonymous answer into the box, under a random key.
///
/// # Errors
/// When the database refuses.
pub fn put_in_box(
    tx: &mut Tx<'_>,
    organisation: PartyId,
    id: SurveyId,
    key: &str,
    answers: &Answers,
) -> Result<()> {
    tx.execute(
        "INSERT INTO survey_box (id, survey, organisation, content) VALUES ($1, $2, $3, $4)",
        params![key, id, organisation, json_text(answers)?],
    )?;
    Ok(())
}

/// What lies in the box, in the order of random keys.
///
/// # Errors
/// When the database refuses.
pub fn in_box(conn: &mut Conn<'_>, id: SurveyId) -> Result<Vec<Answers>> {
    conn.query("SELECT content FROM survey_box WHERE survey = $1 ORDER BY id", params![id])?
        .iter()
        .map(|row| read_json(row, "content"))
        .collect()
}

/// Empties the box and forgets tickets and link of a survey.
///
/// # Errors
/// When the database refuses.
pub fn forget(tx: &mut Tx<'_>, id: SurveyId) -> Result<()> {
    tx.execute("DELETE FROM survey_box WHERE survey = $1", params![id])?;
    tx.execute("DELETE FROM survey_ticket WHERE survey = $1", params![id])?;
    tx.execute("DELETE FROM survey_link WHERE survey = $1", params![id])?;
    Ok(())
}

/// The interviews of an organisation, newest date first.
///
/// # Errors
/// When the database refuses.
pub fn interviews(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Interview>> {
    conn.query(
        "SELECT * FROM interview WHERE organisation = $1 ORDER BY planned_at DESC, id DESC LIMIT 500",
        params![organisation],
    )?
    .iter()
    .map(to_interview)
    .collect()
}

/// One interview.
///
/// # Errors
/// When the database refuses.
pub fn interview(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: InterviewId,
) -> Result<Option<Interview>> {
    conn.query_opt(
        "SELECT * FROM interview WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_interview)
    .transpose()
}

/// What an interview left to be done, in order.
///
/// # Errors
/// When the database refuses.
pub fn follow_ups(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: InterviewId,
) -> Result<Vec<FollowUp>> {
    conn.query(
        "SELECT * FROM interview_follow_up WHERE organisation = $1 AND interview = $2 ORDER BY number",
        params![organisation, id],
    )?
    .iter()
    .map(|row| {
        Ok(FollowUp {
            number: row.get("number")?,
            what: row.get("what")?,
            owner: row.get("owner")?,
            due_at: row.get("due_at")?,
            closed_at: row.get("closed_at")?,
            outcome: row.get("outcome")?,
        })
    })
    .collect()
}

/// How many follow-ups of all interviews are open.
///
/// # Errors
/// When the database refuses.
pub fn open_follow_ups(conn: &mut Conn<'_>, organisation: PartyId) -> Result<i64> {
    conn.query_one(
        "SELECT count(*) AS n FROM interview_follow_up WHERE organisation = $1 AND closed_at IS NULL",
        params![organisation],
    )?
    .get("n")
}
