//! Tables of training. Only `apply` writes them.

use super::events::{CourseAssigned, TrainingEvent};
use super::model::{
    Acknowledgement, Assignment, AssignmentId, Course, CourseId, Coverage, CoverageTaken, Material,
    MemberFact, Practice, PracticeId, PutForward, Rhythm, TextId,
};
use identity::model::MemberState;
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for TrainingEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::CourseStated(x) => {
                tx.execute(
                    "INSERT INTO training_course (id, organisation, title, rule, retired, since, material, version)
                     VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
                     ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title, rule = EXCLUDED.rule, retired = EXCLUDED.retired,
                       version = EXCLUDED.version",
                    params![x.id, x.organisation, &x.title, json_text(&x.rule)?, x.retired, e.recorded_at, e.version],
                )?;
            }
            Self::MaterialPublished(x) => {
                tx.execute(
                    "INSERT INTO training_material (course, number, organisation, content, published_at) VALUES ($1, $2, $3, $4, $5)",
                    params![&e.subject, x.number, e.log, json_text(&x.material)?, e.recorded_at],
                )?;
                tx.execute(
                    "UPDATE training_course SET material = $2, version = $3 WHERE id = $1",
                    params![&e.subject, x.number, e.version],
                )?;
            }
            Self::CourseAssigned(x) => assigned(tx, e, x)?,
            Self::QuizFailed(_) => {
                tx.execute(
                    "UPDATE training_assignment SET attempts = attempts + 1, version = $2 WHERE id = $1",
                    params![&e.subject, e.version],
                )?;
            }
            Self::CourseCompleted(x) => {
                tx.execute(
                    "UPDATE training_assignment SET attempts = attempts + 1, completed_at = $2, material = $3, right_answers = $4,
                       questions = $5, completed_event = $6, version = $7 WHERE id = $1",
                    params![&e.subject, e.occurred_at, x.material, x.right, x.of, e.id, e.version],
                )?;
            }
            Self::LearnerReminded(x) => {
                tx.execute(
                    "UPDATE training_assignment SET reminded = $2, version = $3 WHERE id = $1",
                    params![&e.subject, x.days, e.version],
                )?;
            }
            Self::AssignmentReleased(_) => {
                tx.execute(
                    "UPDATE training_assignment SET released_at = $2, version = $3 WHERE id = $1",
                    params![&e.subject, e.recorded_at, e.version],
                )?;
            }
            Self::CoverageRecorded(x) => {
                let c = x.coverage;
                tx.execute(
                    "INSERT INTO training_coverage (organisation, course, month, taken_at, applies, done, within, late)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (organisation, course, month) DO UPDATE SET taken_at = EXCLUDED.taken_at, applies = EXCLUDED.applies,
                       done = EXCLUDED.done, within = EXCLUDED.within, late = EXCLUDED.late",
                    params![x.organisation, x.course, &x.month, e.recorded_at, c.applies, c.done, c.within, c.late],
                )?;
            }
            Self::PracticeFiled(x) => {
                tx.execute(
                    "INSERT INTO training_practice (id, organisation, person, scenario, title, body, occurred, filed_at, stage, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
                    params![x.id, x.organisation, x.person, &x.scenario, &x.title, &x.text, &x.occurred, e.recorded_at, e.version],
                )?;
            }
            Self::PracticeStepped(x) => {
                let finished = x.last.then_some(e.recorded_at);
                tx.execute(
                    "UPDATE training_practice SET stage = $2, finished_at = $3, version = $4 WHERE id = $1",
                    params![&e.subject, x.stage, finished, e.version],
                )?;
            }
            Self::TextPutForward(x) => {
                tx.execute(
                    "INSERT INTO training_text (id, organisation, subject, number, title, body, who, due_at, put_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    params![x.id, x.organisation, &x.subject, x.number, &x.title, &x.body, json_text(&x.who)?, x.due_at, e.recorded_at],
                )?;
            }
            Self::TextAcknowledged(x) => {
                tx.execute(
                    "INSERT INTO training_acknowledgement (text, person, organisation, at, event) VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (text, person) DO NOTHING",
                    params![&e.subject, x.person, x.organisation, e.recorded_at, e.id],
                )?;
            }
        }
        Ok(())
    }
}

fn assigned(tx: &mut Tx<'_>, e: &Recorded<TrainingEvent>, x: &CourseAssigned) -> Result<()> {
    tx.execute(
        "INSERT INTO training_assignment (id, organisation, course, person, reason, assigned_at, due_at, attempts, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
        params![x.id, x.organisation, x.course, x.person, x.reason.word(), e.recorded_at, x.due_at, e.version],
    )?;
    Ok(())
}

fn to_course(row: &Row) -> Result<Course> {
    Ok(Course {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        title: row.get("title")?,
        rule: read_json(row, "rule")?,
        retired: row.get("retired")?,
        since: row.get("since")?,
        material: row.get("material")?,
        version: row.get("version")?,
    })
}

fn to_assignment(row: &Row) -> Result<Assignment> {
    let reason: String = row.get("reason")?;
    let score = row.get::<Option<i64>>("right_answers")?.zip(row.get::<Option<i64>>("questions")?);
    Ok(Assignment {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        course: row.get("course")?,
        person: row.get("person")?,
        reason: Rhythm::from_word(&reason)
            .ok_or_else(|| DbError::Shape(format!("column reason holds {reason}")))?,
        assigned_at: row.get("assigned_at")?,
        due_at: row.get("due_at")?,
        attempts: row.get("attempts")?,
        reminded: row.get("reminded")?,
        completed_at: row.get("completed_at")?,
        material: row.get("material")?,
        score,
        completed_event: row.get("completed_event")?,
        released_at: row.get("released_at")?,
        version: row.get("version")?,
    })
}

fn to_practice(row: &Row) -> Result<Practice> {
    Ok(Practice {
        id: row.get("id")?,
        person: row.get("person")?,
        scenario: row.get("scenario")?,
        title: row.get("title")?,
        text: row.get("body")?,
        occurred: row.get("occurred")?,
        filed_at: row.get("filed_at")?,
        stage: row.get("stage")?,
        finished_at: row.get("finished_at")?,
        version: row.get("version")?,
    })
}

fn to_text(row: &Row) -> Result<PutForward> {
    Ok(PutForward {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        subject: row.get("subject")?,
        number: row.get("number")?,
        title: row.get("title")?,
        body: row.get("body")?,
        who: read_json(row, "who")?,
        due_at: row.get("due_at")?,
        put_at: row.get("put_at")?,
    })
}

/// The courses of an organisation, in the order in which they were made.
///
/// # Errors
/// When the database refuses.
pub fn courses(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Course>> {
    conn.query(
        "SELECT * FROM training_course WHERE organisation = $1 ORDER BY retired, id",
        params![organisation],
    )?
    .iter()
    .map(to_course)
    .collect()
}

/// One course.
///
/// # Errors
/// When the database refuses.
pub fn course(conn: &mut Conn<'_>, organisation: PartyId, id: CourseId) -> Result<Option<Course>> {
    conn.query_opt(
        "SELECT * FROM training_course WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_course)
    .transpose()
}

/// A version of a course's material.
///
/// # Errors
/// When the database refuses.
pub fn material(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    course: CourseId,
    number: i64,
) -> Result<Option<Material>> {
    conn.query_opt(
        "SELECT content FROM training_material WHERE organisation = $1 AND course = $2 AND number = $3",
        params![organisation, course, number],
    )?
    .map(|row| read_json(&row, "content"))
    .transpose()
}

/// All assignments of an organisation, oldest first; of one course or one person where one is named.
///
/// # Errors
/// When the database refuses.
pub fn assignments(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    course: Option<CourseId>,
    person: Option<PersonId>,
) -> Result<Vec<Assignment>> {
    conn.query(
        "SELECT * FROM training_assignment WHERE organisation = $1
           AND ($2 = '' OR course = $2) AND ($3 = '' OR person = $3) ORDER BY due_at, id",
        params![
            organisation,
            course.map(|c| c.to_string()).unwrap_or_default(),
            person.map(|p| p.to_string()).unwrap_or_default()
        ],
    )?
    .iter()
    .map(to_assignment)
    .collect()
}

/// One assignment.
///
/// # Errors
/// When the database refuses.
pub fn assignment(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: AssignmentId,
) -> Result<Option<Assignment>> {
    conn.query_opt(
        "SELECT * FROM training_assignment WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_assignment)
    .transpose()
}

/// The practice reports of a person, newest first.
///
/// # Errors
/// When the database refuses.
pub fn practices(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    person: PersonId,
) -> Result<Vec<Practice>> {
    conn.query(
        "SELECT * FROM training_practice WHERE organisation = $1 AND person = $2 ORDER BY id DESC LIMIT 20",
        params![organisation, person],
    )?
    .iter()
    .map(to_practice)
    .collect()
}

/// One practice report of a person.
///
/// # Errors
/// When the database refuses.
pub fn practice(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    person: PersonId,
    id: PracticeId,
) -> Result<Option<Practice>> {
    conn.query_opt(
        "SELECT * FROM training_practice WHERE organisation = $1 AND person = $2 AND id = $3",
        params![organisation, person, id],
    )?
    .as_ref()
    .map(to_practice)
    .transpose()
}

/// How many practised to the end, and how many began.
///
/// # Errors
/// When the database refuses.
pub fn practised(conn: &mut Conn<'_>, organisation: PartyId) -> Result<(i64, i64)> {
    let row = conn.query_one(
        "SELECT count(DISTINCT CASE WHEN finished_at IS NOT NULL THEN person END) AS finished, count(DISTINCT person) AS begun
         FROM training_practice WHERE organisation = $1",
        params![organisation],
    )?;
    Ok((row.get("finished")?, row.get("begun")?))
}

/// The texts put forward, newest first.
///
/// # Errors
/// When the database refuses.
pub fn texts(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<PutForward>> {
    conn.query(
        "SELECT * FROM training_text WHERE organisation = $1 ORDER BY put_at DESC, id DESC",
        params![organisation],
    )?
    .iter()
    .map(to_text)
    .collect()
}

/// One text put forward.
///
/// # Errors
/// When the database refuses.
pub fn text(conn: &mut Conn<'_>, organisation: PartyId, id: TextId) -> Result<Option<PutForward>> {
    conn.query_opt(
        "SELECT * FROM training_text WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_text)
    .transpose()
}

/// The version of a subject's text that was put forward under a number.
///
/// # Errors
/// When the database refuses.
pub fn text_of(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    subject: &str,
    number: i64,
) -> Result<Option<PutForward>> {
    conn.query_opt(
        "SELECT * FROM training_text WHERE organisation = $1 AND subject = $2 AND number = $3",
        params![organisation, subject, number],
    )?
    .as_ref()
    .map(to_text)
    .transpose()
}

/// Who confirmed a text.
///
/// # Errors
/// When the database refuses.
pub fn acknowledgements(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    text: TextId,
) -> Result<Vec<Acknowledgement>> {
    conn.query(
        "SELECT text, person, at, event FROM training_acknowledgement WHERE organisation = $1 AND text = $2 ORDER BY at, person",
        params![organisation, text],
    )?
    .iter()
    .map(|row| {
        Ok(Acknowledgement {
            text: row.get("text")?,
            person: row.get("person")?,
            at: row.get("at")?,
            event: row.get("event")?,
        })
    })
    .collect()
}

/// The coverage figures that were taken down, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn coverage_taken(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<CoverageTaken>> {
    conn.query(
        "SELECT course, month, taken_at, applies, done, within, late FROM training_coverage
         WHERE organisation = $1 ORDER BY month, course",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok(CoverageTaken {
            course: row.get("course")?,
            month: row.get("month")?,
            taken_at: row.get("taken_at")?,
            coverage: Coverage {
                applies: row.get("applies")?,
                done: row.get("done")?,
                within: row.get("within")?,
                late: row.get("late")?,
            },
        })
    })
    .collect()
}

/// Whether a coverage figure of this month was taken down already.
///
/// # Errors
/// When the database refuses.
pub fn coverage_known(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    course: CourseId,
    month: &str,
) -> Result<bool> {
    Ok(conn
        .query_opt(
            "SELECT month FROM training_coverage WHERE organisation = $1 AND course = $2 AND month = $3",
            params![organisation, course, month],
        )?
        .is_some())
}

/// The organisation's list of people, as far as the rules need it, with name and address.
///
/// # Errors
/// When the database refuses.
pub fn members(
    conn: &mut Conn<'_>,
    organisation: PartyId,
) -> Result<Vec<(MemberFact, String, String)>> {
    let people = identity::store::people_of(conn, organisation)?;
    Ok(people
        .into_iter()
        .map(|m| {
            let fact = MemberFact {
                person: m.profile.id,
                roles: m.membership.roles,
                since: m.membership.since,
                active: m.membership.state == MemberState::Active,
            };
            (fact, m.profile.name, m.profile.email.as_str().to_owned())
        })
        .collect())
}
