//! The subject's tables: `apply` writes them, named queries read them.

use super::events::RiskEvent;
use super::model::{Deficiency, DeficiencyId, Risk, RiskId};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for RiskEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::RiskStated(x) => tx.execute(
                "INSERT INTO risk (id, organisation, body, origin, closed, version) VALUES ($1, $2, $3, $4, NULL, $5)
                 ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, origin = EXCLUDED.origin, version = EXCLUDED.version",
                params![x.id, x.organisation, json_text(&x.text)?, json_text(&x.origin)?, e.version],
            )?,
            Self::RiskClosed(x) => tx.execute(
                "UPDATE risk SET closed = $2, version = $3 WHERE id = $1",
                params![&e.subject, &x.reason, e.version],
            )?,
            Self::DeficiencyOpened(x) => tx.execute(
                "INSERT INTO deficiency (id, organisation, control, body, origin, opened_at, reported, closed, version)
                 VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, $7)",
                params![x.id, x.organisation, x.text.control, json_text(&x.text)?, json_text(&x.origin)?, e.recorded_at, e.version],
            )?,
            Self::DeficiencyTold(x) => tx.execute(
                "UPDATE deficiency SET reported = $2, version = $3 WHERE id = $1",
                params![&e.subject, json_text(&x.told)?, e.version],
            )?,
            Self::DeficiencyMended(x) => tx.execute(
                "UPDATE deficiency SET closed = $2, version = $3 WHERE id = $1",
                params![&e.subject, json_text(&x.mended)?, e.version],
            )?,
        };
        Ok(())
    }
}

/// A column of JSON that may be empty.
fn maybe<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<Option<T>> {
    match row.get::<Option<String>>(column)? {
        Some(_) => read_json(row, column).map(Some),
        None => Ok(None),
    }
}

fn to_risk(row: &Row) -> Result<Risk> {
    Ok(Risk {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        text: read_json(row, "body")?,
        origin: read_json(row, "origin")?,
        closed: row.get("closed")?,
        version: row.get("version")?,
    })
}

fn to_deficiency(row: &Row) -> Result<Deficiency> {
    Ok(Deficiency {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        text: read_json(row, "body")?,
        origin: read_json(row, "origin")?,
        opened_at: row.get("opened_at")?,
        told: maybe(row, "reported")?,
        mended: maybe(row, "closed")?,
        version: row.get("version")?,
    })
}

/// The organisation's risks, in the order in which they were first stated.
///
/// # Errors
/// When the database refuses.
pub fn risks(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Risk>> {
    conn.query("SELECT * FROM risk WHERE organisation = $1 ORDER BY id", params![organisation])?
        .iter()
        .map(to_risk)
        .collect()
}

/// One risk of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn risk(conn: &mut Conn<'_>, organisation: PartyId, id: RiskId) -> Result<Option<Risk>> {
    conn.query_opt(
        "SELECT * FROM risk WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_risk)
    .transpose()
}

/// The organisation's deficiencies, newest first.
///
/// # Errors
/// When the database refuses.
pub fn deficiencies(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Deficiency>> {
    conn.query(
        "SELECT * FROM deficiency WHERE organisation = $1 ORDER BY opened_at DESC, id DESC",
        params![organisation],
    )?
    .iter()
    .map(to_deficiency)
    .collect()
}

/// One deficiency of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn deficiency(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: DeficiencyId,
) -> Result<Option<Deficiency>> {
    conn.query_opt(
        "SELECT * FROM deficiency WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_deficiency)
    .transpose()
}
