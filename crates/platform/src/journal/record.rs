//! Append and apply, in one transaction.

use super::Appended;
use crate::db::{DbError, Migration, Result, Row, Tx};
use crate::{db::Conn, params};
use kernel::env::Env;
use kernel::event::{DomainEvent, ENTRY_FORMAT, Entry, Recorded, payload_commitment};
use kernel::ids::{EventId, PartyId};
use kernel::party::Actor;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use ledger::leaf_hash;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// The longest payload of one event, in bytes. Large things are blobs, named by their digest.
pub const PAYLOAD_BYTES_MAX: usize = 1 << 20;
/// The longest idempotency key.
pub const KEY_BYTES_MAX: usize = 200;

/// A room's events with the one function that turns them into rows.
pub trait Project: DomainEvent {
    /// Writes what the event means into the room's tables. A function of the event and the rows
    /// alone: it reads no clock and makes no ids, so that a replay gives the same tables.
    ///
    /// # Errors
    /// When the database refuses, or the event contradicts the rows (a fault of `service`).
    fn apply(tx: &mut Tx<'_>, event: &Recorded<Self>) -> Result<()>;
}

/// What the composition knows of a room: enough to migrate, replay and compare it.
#[derive(Clone, Copy)]
pub struct Room {
    /// Its name, with which the kinds of its events begin.
    pub name: &'static str,
    /// Every kind with its meaning.
    pub kinds: &'static [(&'static str, &'static str)],
    /// Applies a stored event.
    pub apply: fn(&mut Tx<'_>, &Entry, &[u8]) -> Result<()>,
    /// The tables that are projections of the log, compared by a replay.
    pub tables: &'static [&'static str],
    /// Its migrations.
    pub migrations: &'static [Migration],
}

impl Room {
    /// A room with its event type.
    #[must_use]
    pub const fn new<E: Project>(
        tables: &'static [&'static str],
        migrations: &'static [Migration],
    ) -> Self {
        Self { name: E::ROOM, kinds: E::KINDS, apply: apply_stored::<E>, tables, migrations }
    }
}

impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Room").field("name", &self.name).finish_non_exhaustive()
    }
}

fn apply_stored<E: Project>(tx: &mut Tx<'_>, entry: &Entry, payload: &[u8]) -> Result<()> {
    let event: E = serde_json::from_slice(payload)
        .map_err(|e| DbError::Shape(format!("the payload of {}: {e}", entry.id)))?;
    E::apply(tx, &recorded(entry, event))
}

fn recorded<E>(entry: &Entry, event: E) -> Recorded<E> {
    Recorded {
        id: entry.id,
        log: entry.log,
        recorded_at: entry.recorded_at,
        occurred_at: entry.occurred_at,
        actor: entry.actor.clone(),
        subject: entry.subject.clone(),
        version: entry.version,
        event,
    }
}

/// Who records, in which log, and when the facts happened.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The party whose log it is.
    pub log: PartyId,
    /// Who: `per_…`, `system:job` or `public`.
    pub actor: String,
    /// When it happened; the time of recording, if not given.
    pub occurred_at: Option<Timestamp>,
}

impl Origin {
    /// Facts that an actor makes now, in this party's log.
    #[must_use]
    pub fn by(actor: &Actor, log: PartyId) -> Self {
        Self { log, actor: actor.name(), occurred_at: None }
    }

    /// The same, for facts that happened at another time.
    #[must_use]
    pub const fn at(mut self, occurred_at: Timestamp) -> Self {
        self.occurred_at = Some(occurred_at);
        self
    }
}

/// What the caller believes about the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It does not exist yet.
    New,
    /// It has this version (the form carried it).
    Version(i64),
    /// Whatever version it has.
    Any,
}

/// Appends events about `subject` to the log and applies each. Returns the recorded events.
///
/// # Errors
/// [`Refusal::Stale`] when the subject has another version than expected; otherwise when the database
/// refuses.
pub fn record<E: Project>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    subject: &str,
    expected: Expected,
    events: Vec<E>,
) -> Result<Vec<Recorded<E>>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let first = next_version(tx, origin.log, subject, expected)?;
    let mut out = Vec::with_capacity(events.len());
    for (version, event) in (first..).zip(events) {
        let payload = serde_json::to_vec(&event)
            .map_err(|e| DbError::Shape(format!("an event that cannot be written: {e}")))?;
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(Refusal::input(format!(
                "This is too long to record ({} bytes, at most {PAYLOAD_BYTES_MAX}). Attach the long part as a file.",
                payload.len()
            ))
            .into());
        }
        let salt: [u8; 16] = env.bytes();
        let entry = Entry {
            v: ENTRY_FORMAT,
            id: env.id(),
            log: origin.log,
            recorded_at: env.now(),
            occurred_at: origin.occurred_at.unwrap_or_else(|| env.now()),
            actor: origin.actor.clone(),
            subject: subject.to_owned(),
            version,
            kind: event.kind().to_owned(),
            payload: payload_commitment(&salt, &payload),
        };
        let bytes = entry.to_bytes();
        let (hash, leaf) = (leaf_hash(&bytes), tx.next_place(origin.log)?);
        tx.execute(
            "INSERT INTO journal_entry (id, log, leaf, subject, version, recorded_at, entry, salt, payload)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            params![entry.id, entry.log, leaf, subject, version, entry.recorded_at, &bytes[..], &salt[..], payload],
        )?;
        let place = leaf.map(i64::cast_unsigned);
        tx.effects.push(Appended { log: origin.log, entry: bytes, place }, hash);
        let event = recorded(&entry, event);
        E::apply(tx, &event)?;
        out.push(event);
    }
    Ok(out)
}

/// The version of the first new event of a subject. That nobody else gives it the same, the log's own
/// index says: one of two commands that run side by side is refused there, and runs again.
fn next_version(
    conn: &mut Conn<'_>,
    log: PartyId,
    subject: &str,
    expected: Expected,
) -> Result<i64> {
    let row = last_entry(conn, subject)?;
    let before = match &row {
        None => 0,
        // A subject lives in one log; reaching it from another is never the person's to know.
        Some(row) if row.get::<PartyId>("log")? != log => return Err(Refusal::NotFound.into()),
        Some(row) => row.get::<i64>("version")?,
    };
    let seen = match expected {
        Expected::New => 0,
        Expected::Version(seen) => seen,
        Expected::Any => before,
    };
    if seen != before {
        return Err(Refusal::Stale { seen, now: before }.into());
    }
    Ok(before + 1)
}

/// Log and version of the last entry about a subject.
fn last_entry(conn: &mut Conn<'_>, subject: &str) -> Result<Option<Row>> {
    conn.query_opt(
        "SELECT log, version FROM journal_entry WHERE subject = $1 ORDER BY version DESC LIMIT 1",
        params![subject],
    )
}

/// The version of a subject; 0 when it does not exist.
///
/// # Errors
/// When the database refuses.
pub fn version_of(conn: &mut Conn<'_>, subject: &str) -> Result<i64> {
    last_entry(conn, subject)?.map_or(Ok(0), |row| row.get("version"))
}

/// An entry, its place in the tree (none until the sequencer has been), its payload (none where
/// erased).
pub type Told = (Entry, Option<i64>, Option<Vec<u8>>);

/// The entries about a subject, oldest first, with their payloads (none where erased) and places in
/// the tree (none until the sequencer has been).
///
/// # Errors
/// When the database refuses.
pub fn history(conn: &mut Conn<'_>, subject: &str) -> Result<Vec<Told>> {
    conn.query(
        "SELECT entry, leaf, payload FROM journal_entry WHERE subject = $1 ORDER BY version",
        params![subject],
    )?
    .iter()
    .map(|row| {
        let entry = Entry::parse(&row.get::<Vec<u8>>("entry")?)
            .map_err(|e| DbError::Shape(e.to_string()))?;
        Ok((entry, row.get("leaf")?, row.get("payload")?))
    })
    .collect()
}

/// Keeps an entry that was recorded elsewhere, such as one of a package that is played again, so that
/// [`history`] tells of it. It gets no place in any tree and is applied to no table.
///
/// # Errors
/// When its subject has an entry of that version already, or the database refuses.
pub fn keep_told(tx: &mut Tx<'_>, entry: &Entry, payload: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO journal_entry (id, log, leaf, subject, version, recorded_at, entry, salt, payload)
         VALUES ($1, $2, NULL, $3, $4, $5, $6, NULL, $7)",
        params![
            entry.id,
            entry.log,
            &entry.subject,
            entry.version,
            entry.recorded_at,
            entry.to_bytes(),
            payload
        ],
    )?;
    Ok(())
}

/// Calls `f` with the content of every event of one kind in a log, in the order of the record; erased
/// ones are passed over.
///
/// # Errors
/// Whatever the closure returns, or when the database refuses.
pub fn each_payload(
    conn: &mut Conn<'_>,
    log: PartyId,
    kind: &str,
    mut f: impl FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let needle = format!("\"kind\":\"{kind}\"");
    conn.for_each(
        "SELECT entry, payload FROM journal_entry WHERE log = $1 AND payload IS NOT NULL ORDER BY seq",
        params![log],
        |row| {
            let entry = row.get::<Vec<u8>>("entry")?;
            // The frozen entry names its kind in exactly these bytes; reading on only then is cheap.
            if entry.windows(needle.len()).any(|w| w == needle.as_bytes()) {
                f(&row.get::<Vec<u8>>("payload")?)?;
            }
            Ok(())
        },
    )
}

/// The subjects of entries that follow a place in a log, each with its place, in the order of the log:
/// at most `limit`. For work that follows the record behind its writers; entries that wait for their
/// place come later.
///
/// # Errors
/// When the database refuses.
pub fn subjects_after(
    conn: &mut Conn<'_>,
    log: PartyId,
    place: i64,
    limit: i64,
) -> Result<Vec<(i64, String)>> {
    conn.query(
        "SELECT leaf, subject FROM journal_entry WHERE log = $1 AND leaf > $2 ORDER BY leaf LIMIT $3",
        params![log, place, limit],
    )?
    .iter()
    .map(|row| Ok((row.get("leaf")?, row.get("subject")?)))
    .collect()
}

/// How many entries of a log have their place.
///
/// # Errors
/// When the database refuses.
pub fn size_of(conn: &mut Conn<'_>, log: PartyId) -> Result<i64> {
    conn.query_opt("SELECT size FROM journal_log WHERE log = $1", params![log])?
        .map_or(Ok(0), |row| row.get("size"))
}

/// How many entries of each kind a log got between two times; ids sort by the time of recording.
///
/// # Errors
/// When the database refuses.
pub fn entries_between(
    conn: &mut Conn<'_>,
    log: PartyId,
    (from, to): (Timestamp, Timestamp),
) -> Result<std::collections::BTreeMap<String, i64>> {
    let (first, last) = (EventId::new(from, 0), EventId::new(to, 0));
    let mut kinds = std::collections::BTreeMap::new();
    conn.for_each(
        "SELECT entry FROM journal_entry WHERE id >= $1 AND id < $2 AND log = $3",
        params![first, last, log],
        |row| {
            let entry = Entry::parse(&row.get::<Vec<u8>>("entry")?)
                .map_err(|e| DbError::Shape(e.to_string()))?;
            *kinds.entry(entry.kind).or_default() += 1;
            Ok(())
        },
    )?;
    Ok(kinds)
}

/// How much there is, over all logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Entries that have their place.
    pub entries: i64,
    /// Entries that wait for it.
    pub waiting: i64,
    /// Logs.
    pub logs: i64,
}

/// How much there is, over all logs; reads no entry.
///
/// # Errors
/// When the database refuses.
pub fn totals(conn: &mut Conn<'_>) -> Result<Totals> {
    let row = conn.query_one(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS entries, count(*) AS logs FROM journal_log",
        &[],
    )?;
    let waiting =
        conn.query_one("SELECT count(*) AS n FROM journal_entry WHERE leaf IS NULL", &[])?;
    Ok(Totals { entries: row.get("entries")?, waiting: waiting.get("n")?, logs: row.get("logs")? })
}

/// Destroys the content of an event: payload and salt. The entry and its place in the tree remain.
///
/// # Errors
/// When the database refuses.
pub fn erase(tx: &mut Tx<'_>, event: EventId) -> Result<bool> {
    let touched = tx.execute(
        "UPDATE journal_entry SET salt = NULL, payload = NULL WHERE id = $1",
        params![event],
    )?;
    Ok(touched == 1)
}

/// Runs a command once per key: the same key with the same input gives the first answer again, with
/// other input it is refused.
///
/// `caller` keeps the keys of different callers apart; `input` is the digested request.
///
/// # Errors
/// [`Refusal::KeyReused`]; otherwise whatever the command returns.
pub fn once<T, F>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    caller: &str,
    key: Option<&str>,
    input: &[u8],
    command: F,
) -> Result<T>
where
    T: Serialize + DeserializeOwned,
    F: FnOnce(&mut Tx<'_>, &mut Env) -> Result<T>,
{
    let Some(key) = key else { return command(tx, env) };
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(Refusal::input(format!(
            "An idempotency key has 1 to {KEY_BYTES_MAX} bytes; a random UUID is a good one."
        ))
        .into());
    }
    let digest = Sha256::digest(input).to_vec();
    let before = tx.query_opt(
        "SELECT input, answer FROM journal_idempotency WHERE caller = $1 AND key = $2",
        params![caller, key],
    )?;
    if let Some(row) = before {
        if row.get::<Vec<u8>>("input")? != digest {
            return Err(Refusal::KeyReused.into());
        }
        return serde_json::from_slice(&row.get::<Vec<u8>>("answer")?)
            .map_err(|e| DbError::Shape(format!("a stored answer: {e}")).into());
    }
    let value = command(tx, env)?;
    let answer = serde_json::to_vec(&value)
        .map_err(|e| DbError::Shape(format!("an answer that cannot be stored: {e}")))?;
    tx.execute(
        "INSERT INTO journal_idempotency (caller, key, input, answer, at) VALUES ($1, $2, $3, $4, $5)",
        params![caller, key, digest, answer, env.now()],
    )?;
    Ok(value)
}
