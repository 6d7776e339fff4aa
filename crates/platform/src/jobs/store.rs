//! The table of jobs: every statement that touches it.

pub mod endpoints;
pub mod schedules;

use super::{Job, JobId, JobState, KEY_BYTES_MAX, NewJob, one_line};
use crate::db::{Conn, DbError, Result, Row, Tx, Value};
use crate::params;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;

const COLUMNS: &str = "id, party, kind, key, about, state, made_at, run_at, due_at, attempts, \
    attempts_max, fence, cancel_asked, progress_done, progress_of, error, ended_at, \
    CASE WHEN payload IS NULL THEN 0 ELSE 1 END AS held";

pub(super) fn party_text(party: Option<PartyId>) -> String {
    party.map_or_else(String::new, |p| p.to_string())
}

pub(super) fn party_of(row: &Row) -> Result<Option<PartyId>> {
    let text: String = row.get("party")?;
    if text.is_empty() { Ok(None) } else { row.get("party").map(Some) }
}

fn job(row: &Row) -> Result<Job> {
    let state: String = row.get("state")?;
    Ok(Job {
        id: row.get("id")?,
        party: party_of(row)?,
        kind: row.get("kind")?,
        key: row.get("key")?,
        about: row.get("about")?,
        state: JobState::parse(&state)
            .ok_or_else(|| DbError::Shape(format!("a job in the state {state}")))?,
        made_at: row.get("made_at")?,
        run_at: row.get("run_at")?,
        due_at: row.get("due_at")?,
        attempts: row.get("attempts")?,
        attempts_max: row.get("attempts_max")?,
        fence: row.get("fence")?,
        cancel_asked: row.get("cancel_asked")?,
        progress: (row.get("progress_done")?, row.get("progress_of")?),
        error: row.get("error")?,
        ended_at: row.get("ended_at")?,
        can_retry: row.get("held")?,
    })
}

pub(super) fn insert(
    tx: &mut Tx<'_>,
    env: &mut Env,
    job: &NewJob,
    payload: &str,
    input: &[u8],
) -> Result<JobId> {
    let id: JobId = env.id();
    let party = party_text(job.party);
    let run_at = job.run_at.unwrap_or_else(|| env.now());
    let made = tx.query_opt(
        "INSERT INTO job (id, party, kind, key, input, payload, about, state, made_at, run_at, due_at,
             expires_at, attempts, attempts_max, owner, fence, cancel_asked, progress_done, progress_of, error)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $10, $11, 0, $12, '', 0, 0, 0, 0, '')
         ON CONFLICT (party, key) DO NOTHING RETURNING id",
        params![
            id, &party, &job.kind, &job.key, input, payload, one_line(&job.about), env.now(), run_at, run_at,
            job.expires_at, job.attempts_max.max(1)
        ],
    )?;
    if made.is_some() {
        return Ok(id);
    }
    let before = tx.query_one(
        "SELECT id, input FROM job WHERE party = $1 AND key = $2",
        params![&party, &job.key],
    )?;
    if before.get::<Vec<u8>>("input")? != input {
        return Err(Refusal::KeyReused.into());
    }
    before.get("id")
}

/// A job that is due, as it was when it was looked at.
pub(super) struct Due {
    pub id: JobId,
    pub fence: i64,
    pub kind: String,
}

/// What is due, oldest first.
pub(super) fn due(
    conn: &mut Conn<'_>,
    kinds: &[&str],
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>> {
    let places: Vec<String> = (3..kinds.len() + 3).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT id, fence, kind FROM job WHERE due_at <= $1 AND kind IN ({})
         ORDER BY due_at, id LIMIT $2",
        places.join(", ")
    );
    let mut values = vec![Value::from(now), Value::from(limit)];
    values.extend(kinds.iter().map(|kind| Value::from(*kind)));
    conn.query(&sql, &values)?
        .iter()
        .map(|row| Ok(Due { id: row.get("id")?, fence: row.get("fence")?, kind: row.get("kind")? }))
        .collect()
}

/// A job that this worker holds.
pub(super) struct Held {
    pub job: Job,
    pub payload: String,
    pub expired: bool,
}

/// Takes a job if nobody has meanwhile: one statement, so that of two workers one comes too late.
pub(super) fn take(
    tx: &mut Tx<'_>,
    due: &Due,
    owner: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Held>> {
    let row = tx.query_opt(
        &format!(
            "UPDATE job SET state = 'leased', owner = $1, fence = fence + 1, attempts = attempts + 1,
                 due_at = $2
             WHERE id = $3 AND fence = $4 AND due_at <= $5
             RETURNING {COLUMNS}, COALESCE(payload, '') AS payload, expires_at"
        ),
        params![owner, until, due.id, due.fence, now],
    )?;
    row.map(|row| {
        let expires_at: Option<Timestamp> = row.get("expires_at")?;
        let expired = expires_at.is_some_and(|at| at <= now);
        Ok(Held { job: job(&row)?, payload: row.get("payload")?, expired })
    })
    .transpose()
}

/// Prolongs a lease and notes how far the work is. None when the lease is another's by now, else
/// whether somebody asked to stop.
pub(super) fn beat(
    tx: &mut Tx<'_>,
    id: JobId,
    fence: i64,
    until: Timestamp,
    progress: (i64, i64),
) -> Result<Option<bool>> {
    tx.query_opt(
        "UPDATE job SET due_at = $1, progress_done = $2, progress_of = $3
         WHERE id = $4 AND fence = $5 AND state = 'leased' RETURNING cancel_asked",
        params![until, progress.0, progress.1, id, fence],
    )?
    .map(|row| row.get("cancel_asked"))
    .transpose()
}

/// The end of a job. `keep` leaves the payload, so that a person may have it tried again.
/// False when the lease is another's by now; then nothing was written.
pub(super) fn end(
    tx: &mut Tx<'_>,
    id: JobId,
    fence: i64,
    state: JobState,
    error: &str,
    keep: bool,
    now: Timestamp,
) -> Result<bool> {
    let touched = tx.execute(
        "UPDATE job SET state = $1, error = $2, ended_at = $3, due_at = NULL, owner = '',
             payload = CASE WHEN $4 = 1 THEN payload ELSE NULL END
         WHERE id = $5 AND fence = $6 AND state = 'leased'",
        params![state.as_str(), one_line(error), now, i64::from(keep), id, fence],
    )?;
    Ok(touched == 1)
}

/// Back to waiting after a failure. False when the lease is another's by now.
pub(super) fn again(
    tx: &mut Tx<'_>,
    id: JobId,
    fence: i64,
    at: Timestamp,
    error: &str,
) -> Result<bool> {
    let touched = tx.execute(
        "UPDATE job SET state = 'waiting', due_at = $1, error = $2, owner = ''
         WHERE id = $3 AND fence = $4 AND state = 'leased'",
        params![at, one_line(error), id, fence],
    )?;
    Ok(touched == 1)
}

/// A job of a party.
///
/// # Errors
/// When the database refuses.
pub fn find(conn: &mut Conn<'_>, party: Option<PartyId>, id: JobId) -> Result<Option<Job>> {
    conn.query_opt(
        &format!("SELECT {COLUMNS} FROM job WHERE id = $1 AND party = $2"),
        params![id, party_text(party)],
    )?
    .map(|row| job(&row))
    .transpose()
}

/// The jobs of a party in one state, newest first, beginning after `before`.
///
/// # Errors
/// When the database refuses.
pub fn list(
    conn: &mut Conn<'_>,
    party: Option<PartyId>,
    state: JobState,
    before: Option<JobId>,
    limit: i64,
) -> Result<Vec<Job>> {
    // An id of all `Z` comes after every id.
    let before = before.map_or_else(|| "job_Z".to_owned(), |id| id.to_string());
    conn.query(
        &format!(
            "SELECT {COLUMNS} FROM job WHERE party = $1 AND state = $2 AND id < $3
             ORDER BY id DESC LIMIT $4"
        ),
        params![party_text(party), state.as_str(), before, limit],
    )?
    .iter()
    .map(job)
    .collect()
}

/// A job of whatever party, for the operator at the machine.
///
/// # Errors
/// When the database refuses.
pub fn find_any(conn: &mut Conn<'_>, id: JobId) -> Result<Option<Job>> {
    conn.query_opt(&format!("SELECT {COLUMNS} FROM job WHERE id = $1"), params![id])?
        .map(|row| job(&row))
        .transpose()
}

/// The newest jobs of all parties in one state, for the operator at the machine.
///
/// # Errors
/// When the database refuses.
pub fn list_any(conn: &mut Conn<'_>, state: JobState, limit: i64) -> Result<Vec<Job>> {
    conn.query(
        &format!("SELECT {COLUMNS} FROM job WHERE state = $1 ORDER BY id DESC LIMIT $2"),
        params![state.as_str(), limit],
    )?
    .iter()
    .map(job)
    .collect()
}

/// How many jobs of a party are in each state; states without any are left out.
///
/// # Errors
/// When the database refuses.
pub fn counts(conn: &mut Conn<'_>, party: Option<PartyId>) -> Result<Vec<(JobState, i64)>> {
    let rows = conn.query(
        "SELECT state, count(*) AS n FROM job WHERE party = $1 GROUP BY state ORDER BY state",
        params![party_text(party)],
    )?;
    rows.iter()
        .map(|row| {
            let state: String = row.get("state")?;
            let state = JobState::parse(&state)
                .ok_or_else(|| DbError::Shape(format!("a job in the state {state}")))?;
            Ok((state, row.get("n")?))
        })
        .collect()
}

/// How many mails, or jobs of another kind, wait over all parties.
///
/// # Errors
/// When the database refuses.
pub fn waiting_of_kind(conn: &mut Conn<'_>, kind: &str) -> Result<i64> {
    conn.query_one(
        "SELECT count(*) AS n FROM job WHERE kind = $1 AND due_at IS NOT NULL",
        params![kind],
    )?
    .get("n")
}

/// The queue as a whole, for a monitoring system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Jobs that wait, for their time or for another attempt.
    pub waiting: i64,
    /// Jobs that a runner is at.
    pub leased: i64,
    /// Jobs that were put aside after failing.
    pub dead: i64,
    /// When the oldest job fell due that nobody has taken; none if nothing is late.
    pub oldest_due: Option<Timestamp>,
}

/// The queue as a whole.
///
/// # Errors
/// When the database refuses.
pub fn totals(conn: &mut Conn<'_>, now: Timestamp) -> Result<Totals> {
    let row = conn.query_one(
        "SELECT CAST(COALESCE(SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting,
                CAST(COALESCE(SUM(CASE WHEN state = 'leased' THEN 1 ELSE 0 END), 0) AS BIGINT) AS leased,
                CAST(COALESCE(SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END), 0) AS BIGINT) AS dead,
                MIN(CASE WHEN due_at <= $1 THEN due_at END) AS oldest_due
         FROM job WHERE state IN ('waiting', 'leased', 'dead')",
        params![now],
    )?;
    Ok(Totals {
        waiting: row.get("waiting")?,
        leased: row.get("leased")?,
        dead: row.get("dead")?,
        oldest_due: row.get("oldest_due")?,
    })
}

/// Has a job of a party tried again now, with all its attempts.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] when it is done, running, or its content is gone.
pub fn retry(tx: &mut Tx<'_>, party: Option<PartyId>, id: JobId, now: Timestamp) -> Result<()> {
    let job = find(tx, party, id)?.ok_or(Refusal::NotFound)?;
    let no = match job.state {
        JobState::Waiting | JobState::Dead if job.can_retry => None,
        JobState::Leased => Some("This is being done just now. Look again in a minute."),
        JobState::Done => Some("This was done. There is nothing to try again."),
        _ => Some(
            "What was to be sent is no longer kept, so this cannot be tried again. Start it anew where it came from.",
        ),
    };
    if let Some(no) = no {
        return Err(Refusal::state(no).into());
    }
    tx.execute(
        "UPDATE job SET state = 'waiting', due_at = $1, attempts = 0, cancel_asked = 0, ended_at = NULL
         WHERE id = $2 AND state IN ('waiting', 'dead')",
        params![now, id],
    )?;
    Ok(())
}

/// Has a job of a party no longer done. Work that runs just now is asked to stop.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] when it has ended.
pub fn cancel(tx: &mut Tx<'_>, party: Option<PartyId>, id: JobId, now: Timestamp) -> Result<()> {
    let job = find(tx, party, id)?.ok_or(Refusal::NotFound)?;
    match job.state {
        JobState::Done => Err(Refusal::state("This was done already.").into()),
        JobState::Cancelled => Err(Refusal::state("This was cancelled already.").into()),
        JobState::Leased => {
            tx.execute("UPDATE job SET cancel_asked = 1 WHERE id = $1", params![id])?;
            Ok(())
        }
        JobState::Waiting | JobState::Dead => {
            tx.execute(
                "UPDATE job SET state = 'cancelled', due_at = NULL, payload = NULL, ended_at = $1
                 WHERE id = $2",
                params![now, id],
            )?;
            Ok(())
        }
    }
}

/// Has the job of this key no longer done, if there is one that has not ended: for a command that
/// takes back what it had planned.
///
/// # Errors
/// When the database refuses.
pub fn cancel_by_key(
    tx: &mut Tx<'_>,
    party: Option<PartyId>,
    key: &str,
    now: Timestamp,
) -> Result<()> {
    let found = tx.query_opt(
        "SELECT id FROM job WHERE party = $1 AND key = $2 AND state IN ('waiting', 'leased', 'dead')",
        params![party_text(party), key.get(..KEY_BYTES_MAX).unwrap_or(key)],
    )?;
    found.map_or(Ok(()), |row| cancel(tx, party, row.get("id")?, now))
}

/// Forgets jobs that were done or cancelled before a time, at most `limit` of them; how many.
///
/// # Errors
/// When the database refuses.
pub fn forget_ended(tx: &mut Tx<'_>, before: Timestamp, limit: i64) -> Result<u64> {
    tx.execute(
        "DELETE FROM job WHERE id IN (SELECT id FROM job WHERE ended_at < $1
             AND state IN ('done', 'cancelled') ORDER BY ended_at LIMIT $2)",
        params![before, limit],
    )
}
