//! The tables: `apply` writes them, named queries read them.

use super::events::InquiryEvent;
use super::model::{
    Agreed, Appointment, AppointmentId, AppointmentState, Consent, InquiryId, KeptEntry, Outcome,
    Procedure, ProcedureState,
};
use crate::model::File;
use kernel::event::Recorded;
use kernel::ids::{EngagementId, PartyId, PersonId};
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

/// The subject under which a consent is kept in the log.
#[must_use]
pub fn consent_subject(engagement: EngagementId, what: Agreed) -> String {
    format!("{engagement}/consent/{}", what.word())
}

impl Project for InquiryEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let state = |tx: &mut Tx<'_>, state: ProcedureState| {
            tx.execute(
                "UPDATE inq_procedure SET state = $2, version = $3, event = $4 WHERE id = $1",
                params![&e.subject, state.word(), e.version, e.id],
            )
        };
        match &e.event {
            Self::ProcedurePlanned(x) => {
                tx.execute(
                    "INSERT INTO inq_procedure (id, engagement, firm, plan, state, planned_by, recorded_at, version, event)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                     ON CONFLICT (id) DO UPDATE SET plan = EXCLUDED.plan, version = EXCLUDED.version, event = EXCLUDED.event",
                    params![x.id, x.engagement, e.log, json_text(&x.plan)?, ProcedureState::Planned.word(), &e.actor, e.recorded_at, e.version, e.id],
                )?;
            }
            Self::ProcedureScheduled(x) => {
                tx.execute(
                    "UPDATE inq_procedure SET appointment = $2, version = $3, event = $4 WHERE id = $1",
                    params![&e.subject, x.appointment, e.version, e.id],
                )?;
            }
            Self::EntryAdded(x) => {
                tx.execute(
                    "INSERT INTO inq_entry (procedure_id, number, engagement, firm, kind, content, actor, recorded_at, event)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    params![&e.subject, x.number, x.engagement, e.log, x.entry.word(), json_text(&x.entry)?, &e.actor, e.recorded_at, e.id],
                )?;
                state(tx, ProcedureState::Held)?;
            }
            Self::FollowUpDone(x) => {
                tx.execute(
                    "UPDATE inq_entry SET outcome = $3 WHERE procedure_id = $1 AND number = $2",
                    params![&e.subject, x.number, &x.outcome],
                )?;
                state(tx, ProcedureState::Held)?;
            }
            Self::ProcedureConcluded(x) => {
                tx.execute(
                    "UPDATE inq_procedure SET conclusion = $2 WHERE id = $1",
                    params![&e.subject, json_text(&x.outcome)?],
                )?;
                state(tx, ProcedureState::Concluded)?;
            }
            Self::ProcedureCancelled(_) => {
                state(tx, ProcedureState::Cancelled)?;
            }
            Self::AppointmentSet(x) => {
                tx.execute(
                    "INSERT INTO inq_appointment (id, organisation, engagement, firm, content, person, at_time, state, reply, version, event)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10)
                     ON CONFLICT (id) DO UPDATE SET content = EXCLUDED.content, person = EXCLUDED.person, at_time = EXCLUDED.at_time,
                       state = EXCLUDED.state, reply = EXCLUDED.reply, version = EXCLUDED.version, event = EXCLUDED.event",
                    params![x.id, x.organisation, x.engagement, x.firm, json_text(&x.meeting)?, x.meeting.person, x.meeting.at,
                        AppointmentState::Proposed.word(), e.version, e.id],
                )?;
            }
            Self::AppointmentAnswered(x) => {
                tx.execute(
                    "UPDATE inq_appointment SET state = $2, reply = $3, version = $4, event = $5 WHERE id = $1",
                    params![&e.subject, x.state.word(), &x.reply, e.version, e.id],
                )?;
            }
            Self::ConsentGiven(x) => {
                tx.execute(
                    "INSERT INTO inq_consent (organisation, engagement, what, words, given_by, given_at, version, event)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (organisation, engagement, what) DO UPDATE SET words = EXCLUDED.words, given_by = EXCLUDED.given_by,
                       given_at = EXCLUDED.given_at, withdrawn_at = NULL, version = EXCLUDED.version, event = EXCLUDED.event",
                    params![e.log, x.engagement, x.what.word(), &x.words, &e.actor, e.recorded_at, e.version, e.id],
                )?;
            }
            Self::ConsentWithdrawn(x) => {
                tx.execute(
                    "UPDATE inq_consent SET withdrawn_at = $4, version = $5, event = $6
                     WHERE organisation = $1 AND engagement = $2 AND what = $3",
                    params![e.log, x.engagement, x.what.word(), e.recorded_at, e.version, e.id],
                )?;
            }
        }
        Ok(())
    }
}

fn word<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| DbError::Shape(format!("column {column} holds {text}")).into())
}

fn to_procedure(row: &Row) -> Result<Procedure> {
    let outcome: Option<String> = row.get("conclusion")?;
    let outcome: Option<Outcome> =
        if outcome.is_some() { Some(read_json(row, "conclusion")?) } else { None };
    Ok(Procedure {
        id: row.get("id")?,
        plan: read_json(row, "plan")?,
        state: word(row, "state", ProcedureState::from_word)?,
        appointment: row.get("appointment")?,
        outcome,
        planned_by: row.get("planned_by")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// The firm's procedures, in the order in which they were planned. Callers hold a permit of the file.
///
/// # Errors
/// When the database refuses.
pub fn procedures(conn: &mut Conn<'_>, file: File) -> Result<Vec<Procedure>> {
    conn.query(
        "SELECT * FROM inq_procedure WHERE engagement = $1 AND firm = $2 ORDER BY id",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(to_procedure)
    .collect()
}

/// One of them.
///
/// # Errors
/// When the database refuses.
pub fn procedure(conn: &mut Conn<'_>, file: File, id: InquiryId) -> Result<Option<Procedure>> {
    conn.query_opt(
        "SELECT * FROM inq_procedure WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_procedure)
    .transpose()
}

fn to_entry(row: &Row) -> Result<KeptEntry> {
    Ok(KeptEntry {
        number: row.get("number")?,
        entry: read_json(row, "content")?,
        outcome: row.get("outcome")?,
        actor: row.get("actor")?,
        at: row.get("recorded_at")?,
    })
}

/// What a procedure gave, in order.
///
/// # Errors
/// When the database refuses.
pub fn entries(conn: &mut Conn<'_>, file: File, id: InquiryId) -> Result<Vec<KeptEntry>> {
    conn.query(
        "SELECT * FROM inq_entry WHERE engagement = $1 AND firm = $2 AND procedure_id = $3 ORDER BY number",
        params![file.engagement, file.firm, id],
    )?
    .iter()
    .map(to_entry)
    .collect()
}

fn to_appointment(row: &Row) -> Result<Appointment> {
    Ok(Appointment {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        engagement: row.get("engagement")?,
        firm: row.get("firm")?,
        meeting: read_json(row, "content")?,
        state: word(row, "state", AppointmentState::from_word)?,
        reply: row.get("reply")?,
        version: row.get("version")?,
    })
}

/// The appointments of an organisation, of one person where one is named; latest first, at most 200.
///
/// # Errors
/// When the database refuses.
pub fn appointments(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    person: Option<PersonId>,
) -> Result<Vec<Appointment>> {
    conn.query(
        "SELECT * FROM inq_appointment WHERE organisation = $1 AND ($2 = '' OR person = $2)
         ORDER BY at_time DESC, id LIMIT 200",
        params![organisation, person.map(|p| p.to_string()).unwrap_or_default()],
    )?
    .iter()
    .map(to_appointment)
    .collect()
}

/// One appointment of an organisation.
///
/// # Errors
/// When the database refuses.
pub fn appointment(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: AppointmentId,
) -> Result<Option<Appointment>> {
    conn.query_opt(
        "SELECT * FROM inq_appointment WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_appointment)
    .transpose()
}

/// What the organisation consented to for an engagement, taken back or not.
///
/// # Errors
/// When the database refuses.
pub fn consents(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    engagement: EngagementId,
) -> Result<Vec<Consent>> {
    conn.query(
        "SELECT * FROM inq_consent WHERE organisation = $1 AND engagement = $2 ORDER BY what",
        params![organisation, engagement],
    )?
    .iter()
    .map(|row| {
        Ok(Consent {
            what: word(row, "what", Agreed::from_word)?,
            words: row.get("words")?,
            given_by: row.get("given_by")?,
            given_at: row.get("given_at")?,
            withdrawn_at: row.get("withdrawn_at")?,
            version: row.get("version")?,
        })
    })
    .collect()
}
