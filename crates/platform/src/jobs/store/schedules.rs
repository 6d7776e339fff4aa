//! The table of schedules.

use super::super::{Recurrence, enqueue};
use super::{party_of, party_text};
use crate::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use crate::jobs::NewJob;
use crate::params;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::time::Timestamp;

/// Something that happens again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The party; none for the deployment's own.
    pub party: Option<PartyId>,
    /// Its name, unique within the party: letters, digits, dots, hyphens.
    pub name: String,
    /// The kind of the jobs that it plans.
    pub kind: String,
    /// Their payload.
    pub payload: serde_json::Value,
    /// When.
    pub recurrence: Recurrence,
}

fn read(row: &Row) -> Result<(Schedule, Timestamp)> {
    let schedule = Schedule {
        party: party_of(row)?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        payload: read_json(row, "payload")?,
        recurrence: read_json(row, "recurrence")?,
    };
    Ok((schedule, row.get("next_at")?))
}

/// Puts a schedule in place. An unchanged one keeps its next run; a changed one runs next at the first
/// time of its new rule.
///
/// # Errors
/// When the rule has no run left, or the database refuses.
pub fn schedule(tx: &mut Tx<'_>, schedule: &Schedule, now: Timestamp) -> Result<()> {
    let party = party_text(schedule.party);
    let (payload, recurrence) = (json_text(&schedule.payload)?, json_text(&schedule.recurrence)?);
    let before = tx.query_opt(
        "SELECT party, name, kind, payload, recurrence, next_at FROM job_schedule
         WHERE party = $1 AND name = $2",
        params![&party, &schedule.name],
    )?;
    if let Some(row) = before
        && read(&row).is_ok_and(|(kept, _)| kept == *schedule)
    {
        return Ok(());
    }
    let next = schedule
        .recurrence
        .next_after(now)
        .ok_or_else(|| DbError::Shape(format!("{} never runs", schedule.name)))?;
    tx.execute(
        "INSERT INTO job_schedule (party, name, kind, payload, recurrence, next_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (party, name) DO UPDATE SET kind = EXCLUDED.kind, payload = EXCLUDED.payload,
             recurrence = EXCLUDED.recurrence, next_at = EXCLUDED.next_at",
        params![party, &schedule.name, &schedule.kind, payload, recurrence, next],
    )?;
    Ok(())
}

/// Takes a schedule away; jobs that it has planned stay.
///
/// # Errors
/// When the database refuses.
pub fn unschedule(tx: &mut Tx<'_>, party: Option<PartyId>, name: &str) -> Result<()> {
    tx.execute(
        "DELETE FROM job_schedule WHERE party = $1 AND name = $2",
        params![party_text(party), name],
    )?;
    Ok(())
}

/// Whether a schedule is due.
pub(crate) fn any_due(conn: &mut Conn<'_>, now: Timestamp) -> Result<bool> {
    let found =
        conn.query_opt("SELECT name FROM job_schedule WHERE next_at <= $1 LIMIT 1", params![now])?;
    Ok(found.is_some())
}

/// When a schedule runs next.
///
/// # Errors
/// When the database refuses.
pub fn next_at(
    conn: &mut Conn<'_>,
    party: Option<PartyId>,
    name: &str,
) -> Result<Option<Timestamp>> {
    conn.query_opt(
        "SELECT next_at FROM job_schedule WHERE party = $1 AND name = $2",
        params![party_text(party), name],
    )?
    .map(|row| row.get("next_at"))
    .transpose()
}

/// Schedules run in one transaction at most.
const FIRED_MAX: i64 = 50;

/// Plans one job for each schedule that is due and moves it to its first run after now: what was
/// missed while the program stood still is caught up once, not once for each time.
pub(crate) fn fire(tx: &mut Tx<'_>, env: &mut Env) -> Result<usize> {
    let now = env.now();
    let due = tx.query(
        "SELECT party, name, kind, payload, recurrence, next_at FROM job_schedule
         WHERE next_at <= $1 ORDER BY next_at, party, name LIMIT $2",
        params![now, FIRED_MAX],
    )?;
    let mut fired = 0;
    for row in &due {
        let (schedule, at) = read(row)?;
        // At the end of the calendar there is no next run.
        let next = schedule.recurrence.next_after(now).unwrap_or(Timestamp(i64::MAX));
        let moved = tx.execute(
            "UPDATE job_schedule SET next_at = $1, fired_at = $2
             WHERE party = $3 AND name = $4 AND next_at = $5",
            params![next, now, party_text(schedule.party), &schedule.name, at],
        )?;
        if moved == 0 {
            continue;
        }
        let key = format!("{}@{at}", schedule.name);
        let job =
            NewJob::new(schedule.party, schedule.kind, key, schedule.payload).about(schedule.name);
        enqueue(tx, env, &job)?;
        fired += 1;
    }
    Ok(fired)
}
