//! The subject's tables: `apply` writes them, named queries read them. The wrapped keys are beside the
//! record, because what is destroyed must not come back from it.

use super::events::SealedEvent as E;
use super::model::{SealedFile, SealedState};
use crate::model::CaseId;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use std::collections::BTreeSet;

/// Bytes as an event holds them.
pub(crate) fn written(bytes: &[u8]) -> String {
    BASE64_STANDARD_NO_PAD.encode(bytes)
}

fn read(text: &str) -> Result<Vec<u8>> {
    BASE64_STANDARD_NO_PAD
        .decode(text)
        .map_err(|e| DbError::Shape(format!("sealed bytes: {e}")).into())
}

impl Project for E {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            E::ContentSealed(x) => tx.execute(
                "INSERT INTO sealed_content (case_id, version, organisation, part, body) VALUES ($1, $2, $3, $4, $5)",
                params![x.case, e.version, x.organisation, &x.part, read(&x.body)?],
            )?,
            E::FileSealed(x) => tx.execute(
                "INSERT INTO sealed_file (case_id, version, organisation, sha256, bytes, media_type, number, details)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                params![
                    x.case, e.version, x.organisation, &x.sha256, x.bytes, &x.media_type, read(&x.number)?,
                    read(&x.details)?
                ],
            )?,
            E::SealOpened(x) => tx.execute(
                "INSERT INTO sealed_opening (case_id, version, organisation, person, at) VALUES ($1, $2, $3, $4, $5)",
                params![x.case, e.version, x.organisation, x.person, e.recorded_at],
            )?,
            E::SealRestricted(x) => tx.execute(
                "INSERT INTO sealed_state (case_id, organisation, readers) VALUES ($1, $2, $3)
                 ON CONFLICT (case_id) DO UPDATE SET readers = EXCLUDED.readers",
                params![x.case, x.organisation, json_text(&x.readers)?],
            )?,
            E::HoldPlaced(x) => tx.execute(
                "INSERT INTO sealed_state (case_id, organisation, held_at, held_because) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (case_id) DO UPDATE SET held_at = EXCLUDED.held_at, held_because = EXCLUDED.held_because",
                params![x.case, x.organisation, e.recorded_at, &x.reason],
            )?,
            E::HoldReleased(x) => tx.execute(
                "UPDATE sealed_state SET held_at = NULL, held_because = NULL WHERE case_id = $1",
                params![x.case],
            )?,
            E::KeyDestroyed(x) => {
                for table in ["sealed_content", "sealed_file"] {
                    tx.execute(&format!("DELETE FROM {table} WHERE case_id = $1"), params![x.case])?;
                }
                tx.execute(
                    "INSERT INTO sealed_state (case_id, organisation, destroyed_at, destroyed_by) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (case_id) DO UPDATE SET destroyed_at = EXCLUDED.destroyed_at, destroyed_by = EXCLUDED.destroyed_by",
                    params![x.case, x.organisation, e.recorded_at, e.id],
                )?
            }
        };
        Ok(())
    }
}

/// How the sealed part of a case stands.
///
/// # Errors
/// When the database refuses.
pub fn state(conn: &mut Conn<'_>, case: CaseId) -> Result<SealedState> {
    let row = conn.query_opt("SELECT * FROM sealed_state WHERE case_id = $1", params![case])?;
    let Some(row) = row else { return Ok(SealedState::default()) };
    let readers = match row.get::<Option<String>>("readers")? {
        Some(_) => Some(read_json(&row, "readers")?),
        None => None,
    };
    let pair = |at: &str, what: &str| -> Result<Option<(Timestamp, String)>> {
        Ok(row.get::<Option<Timestamp>>(at)?.zip(row.get::<Option<String>>(what)?))
    };
    Ok(SealedState {
        readers,
        held: pair("held_at", "held_because")?,
        destroyed: pair("destroyed_at", "destroyed_by")?,
    })
}

/// The sealed texts of a case: version, part, sealed bytes.
///
/// # Errors
/// When the database refuses.
pub fn contents(conn: &mut Conn<'_>, case: CaseId) -> Result<Vec<(i64, String, Vec<u8>)>> {
    conn.query(
        "SELECT version, part, body FROM sealed_content WHERE case_id = $1 ORDER BY version",
        params![case],
    )?
    .iter()
    .map(|row| Ok((row.get("version")?, row.get("part")?, row.get("body")?)))
    .collect()
}

fn file_of(row: &Row) -> Result<SealedFile> {
    Ok(SealedFile {
        case: row.get("case_id")?,
        version: row.get("version")?,
        sha256: row.get("sha256")?,
        bytes: row.get("bytes")?,
        media_type: row.get("media_type")?,
        number: row.get("number")?,
        details: row.get("details")?,
    })
}

/// The files of a case, in their order.
///
/// # Errors
/// When the database refuses.
pub fn files(conn: &mut Conn<'_>, case: CaseId) -> Result<Vec<SealedFile>> {
    conn.query("SELECT * FROM sealed_file WHERE case_id = $1 ORDER BY version", params![case])?
        .iter()
        .map(file_of)
        .collect()
}

/// The names of all sealed files in the vault.
///
/// # Errors
/// When the database refuses.
pub fn file_names(conn: &mut Conn<'_>) -> Result<BTreeSet<String>> {
    conn.query("SELECT DISTINCT sha256 FROM sealed_file", &[])?
        .iter()
        .map(|row| row.get("sha256"))
        .collect()
}

/// When a person last opened what is sealed of a case.
///
/// # Errors
/// When the database refuses.
pub fn last_opened(
    conn: &mut Conn<'_>,
    case: CaseId,
    person: PersonId,
) -> Result<Option<Timestamp>> {
    conn.query_one(
        "SELECT MAX(at) AS at FROM sealed_opening WHERE case_id = $1 AND person = $2",
        params![case, person],
    )?
    .get("at")
}

/// Who opened what is sealed of a case, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn openings(conn: &mut Conn<'_>, case: CaseId) -> Result<Vec<(Timestamp, PersonId)>> {
    conn.query(
        "SELECT at, person FROM sealed_opening WHERE case_id = $1 ORDER BY version",
        params![case],
    )?
    .iter()
    .map(|row| Ok((row.get("at")?, row.get("person")?)))
    .collect()
}

/// A holder's copy of a case's key.
pub(crate) fn wrapped(conn: &mut Conn<'_>, case: CaseId, holder: &str) -> Result<Option<Vec<u8>>> {
    conn.query_opt(
        "SELECT wrapped FROM case_key WHERE case_id = $1 AND holder = $2",
        params![case, holder],
    )?
    .map(|row| row.get("wrapped"))
    .transpose()
}

/// Keeps a holder's copy of a case's key.
pub(crate) fn keep_key(
    tx: &mut Tx<'_>,
    case: CaseId,
    organisation: PartyId,
    holder: &str,
    wrapped: &[u8],
) -> Result<()> {
    tx.execute(
        "INSERT INTO case_key (case_id, holder, organisation, wrapped) VALUES ($1, $2, $3, $4)
         ON CONFLICT (case_id, holder) DO UPDATE SET wrapped = EXCLUDED.wrapped",
        params![case, holder, organisation, wrapped],
    )?;
    Ok(())
}

/// Destroys the copies of a case's key: all of them, or all but the reporter's.
pub(crate) fn destroy_keys(tx: &mut Tx<'_>, case: CaseId, also_reporters: bool) -> Result<()> {
    let keep = if also_reporters { "" } else { super::service::REPORTER };
    // Overwritten first, in rows of the same length, before their place is given free.
    tx.execute(
        "UPDATE case_key SET wrapped = $3 WHERE case_id = $1 AND holder <> $2",
        params![case, keep, &[0u8; 60][..]],
    )?;
    tx.execute("DELETE FROM case_key WHERE case_id = $1 AND holder <> $2", params![case, keep])?;
    Ok(())
}
