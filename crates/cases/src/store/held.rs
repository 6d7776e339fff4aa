//! Reports that are held until a person has looked.

use crate::model::CaseId;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::params;

/// Held reports of one title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The title.
    pub title: String,
    /// How many.
    pub n: i64,
    /// The oldest of them.
    pub oldest: Timestamp,
    /// One of them.
    pub example: CaseId,
}

/// Held reports by title, rare ones first: a flood repeats itself, and who has something to say does
/// not. Among equally rare ones the oldest comes first.
///
/// # Errors
/// When the database refuses.
pub fn groups(conn: &mut Conn<'_>, organisation: PartyId, limit: i64) -> Result<Vec<Group>> {
    conn.query(
        "SELECT title, CAST(COUNT(*) AS BIGINT) AS n, MIN(reported_at) AS oldest, MIN(id) AS example FROM case_record
         WHERE organisation = $1 AND held = 1 AND state = 'new' GROUP BY title ORDER BY n, oldest, example LIMIT $2",
        params![organisation, limit],
    )?
    .iter()
    .map(|row| {
        Ok(Group {
            title: row.get("title")?,
            n: row.get("n")?,
            oldest: row.get("oldest")?,
            example: row.get("example")?,
        })
    })
    .collect()
}

/// The statement of [`waiting`]: every page of the list asks it, so it has an index of its own.
pub const WAITING: &str =
    "SELECT CAST(COUNT(*) AS BIGINT) AS n, MIN(reported_at) AS oldest FROM case_record
     WHERE organisation = $1 AND held = 1 AND state = 'new'";

/// How many reports are held, and since when the oldest is.
///
/// # Errors
/// When the database refuses.
pub fn waiting(conn: &mut Conn<'_>, organisation: PartyId) -> Result<(i64, Option<Timestamp>)> {
    let row = conn.query_one(WAITING, params![organisation])?;
    Ok((row.get("n")?, row.get("oldest")?))
}

/// The oldest held reports of a title, with their versions.
///
/// # Errors
/// When the database refuses.
pub(crate) fn of_title(
    tx: &mut Tx<'_>,
    organisation: PartyId,
    title: &str,
    limit: i64,
) -> Result<Vec<(CaseId, i64)>> {
    tx.query(
        "SELECT id, version FROM case_record WHERE organisation = $1 AND held = 1 AND state = 'new' AND title = $2
         ORDER BY reported_at, id LIMIT $3",
        params![organisation, title, limit],
    )?
    .iter()
    .map(|row| Ok((row.get("id")?, row.get("version")?)))
    .collect()
}

/// A report is let in.
pub(crate) fn release(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    tx.execute("UPDATE case_record SET held = 0 WHERE id = $1", params![subject])?;
    Ok(())
}
