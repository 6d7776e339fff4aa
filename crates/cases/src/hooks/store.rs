//! The tables of sources and their messages: `apply` writes what is of the record, named functions the
//! secrets and the tallies.

use super::events::HookEvent;
use super::model::{Delivery, DeliveryId, Source, SourceId};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::period::Date;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::db::{Conn, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for HookEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::Stated(x) => {
                tx.execute(
                    "INSERT INTO hook_source (id, organisation, name, channel, places, made_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, channel = EXCLUDED.channel, places = EXCLUDED.places,
                       version = EXCLUDED.version",
                    params![x.id, e.log, &x.name, &x.channel, json_text(&x.places)?, e.recorded_at, e.version],
                )?;
            }
            Self::SecretMade(x) => {
                tx.execute(
                    "UPDATE hook_source SET stopped_at = NULL, version = $2 WHERE id = $1",
                    params![x.id, e.version],
                )?;
            }
            Self::Stopped(x) => {
                tx.execute(
                    "UPDATE hook_source SET stopped_at = $2, version = $3 WHERE id = $1",
                    params![x.id, e.recorded_at, e.version],
                )?;
            }
            Self::Taken(x) => {
                tx.execute(
                    "INSERT INTO hook_delivery (id, organisation, source, message, body, signature, reference, at, case_id, kept, fault, decision, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10, $11)",
                    params![
                        x.id, e.log, x.source, &x.message, &x.body, &x.signature, &x.reference, e.recorded_at, x.case,
                        if x.again { "again" } else { "" }, e.version
                    ],
                )?;
            }
            Self::Unread(x) => {
                tx.execute(
                    "INSERT INTO hook_delivery (id, organisation, source, message, body, signature, reference, at, kept, fault, decision, version)
                     VALUES ($1, $2, $3, $4, $5, $6, '', $7, $5, $8, '', $9)",
                    params![x.id, e.log, x.source, &x.message, &x.body, &x.signature, e.recorded_at, &x.fault, e.version],
                )?;
            }
            Self::Released(x) => {
                tx.execute(
                    "UPDATE hook_delivery SET case_id = $2, decided_at = $3, decision = $4, version = $5 WHERE id = $1",
                    params![x.id, x.case, e.recorded_at, &x.decision, e.version],
                )?;
            }
            Self::Dismissed(x) => {
                tx.execute(
                    "UPDATE hook_delivery SET decided_at = $2, decision = $3, version = $4 WHERE id = $1",
                    params![x.id, e.recorded_at, &x.decision, e.version],
                )?;
            }
        }
        Ok(())
    }
}

fn to_source(row: &Row) -> Result<Source> {
    Ok(Source {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        name: row.get("name")?,
        channel: row.get("channel")?,
        places: read_json(row, "places")?,
        made_at: row.get("made_at")?,
        stopped_at: row.get("stopped_at")?,
        version: row.get("version")?,
    })
}

fn to_delivery(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.get("id")?,
        source: row.get("source")?,
        message: row.get("message")?,
        body: row.get("body")?,
        signature: row.get("signature")?,
        reference: row.get("reference")?,
        at: row.get("at")?,
        case: row.get("case_id")?,
        kept: row.get("kept")?,
        fault: row.get("fault")?,
        decided_at: row.get("decided_at")?,
        decision: row.get("decision")?,
        version: row.get("version")?,
    })
}

/// The organisation's sources, by name.
///
/// # Errors
/// When the database refuses.
pub fn sources(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Source>> {
    conn.query(
        "SELECT * FROM hook_source WHERE organisation = $1 ORDER BY name",
        params![organisation],
    )?
    .iter()
    .map(to_source)
    .collect()
}

/// The source of this id with its secret, whosever it is: the address alone says which.
///
/// # Errors
/// When the database refuses.
pub fn with_secret(conn: &mut Conn<'_>, id: SourceId) -> Result<Option<(Source, String)>> {
    conn.query_opt(
        "SELECT s.*, k.secret FROM hook_source s JOIN hook_secret k ON k.source = s.id WHERE s.id = $1",
        params![id],
    )?
    .map(|row| Ok((to_source(&row)?, row.get("secret")?)))
    .transpose()
}

/// Keeps a source's secret in the place of the one before.
///
/// # Errors
/// When the database refuses.
pub fn keep_secret(tx: &mut Tx<'_>, id: SourceId, secret: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO hook_secret (source, secret) VALUES ($1, $2)
         ON CONFLICT (source) DO UPDATE SET secret = EXCLUDED.secret",
        params![id, secret],
    )?;
    Ok(())
}

/// The message of this id from a source.
///
/// # Errors
/// When the database refuses.
pub fn by_message(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    source: SourceId,
    message: &str,
) -> Result<Option<Delivery>> {
    conn.query_opt(
        "SELECT * FROM hook_delivery WHERE organisation = $1 AND source = $2 AND message = $3",
        params![organisation, source, message],
    )?
    .as_ref()
    .map(to_delivery)
    .transpose()
}

/// The first message of a source about a matter that it calls so.
///
/// # Errors
/// When the database refuses.
pub fn by_reference(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    source: SourceId,
    reference: &str,
) -> Result<Option<Delivery>> {
    conn.query_opt(
        "SELECT * FROM hook_delivery WHERE organisation = $1 AND source = $2 AND reference = $3 AND case_id IS NOT NULL
         ORDER BY at, id LIMIT 1",
        params![organisation, source, reference],
    )?
    .as_ref()
    .map(to_delivery)
    .transpose()
}

/// One message of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn delivery(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: DeliveryId,
) -> Result<Option<Delivery>> {
    conn.query_opt(
        "SELECT * FROM hook_delivery WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_delivery)
    .transpose()
}

/// Messages that could not be read and wait for a person, oldest first, at most 200.
///
/// # Errors
/// When the database refuses.
pub fn unread(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Delivery>> {
    conn.query(
        "SELECT * FROM hook_delivery WHERE organisation = $1 AND kept <> '' AND decided_at IS NULL ORDER BY at, id LIMIT 200",
        params![organisation],
    )?
    .iter()
    .map(to_delivery)
    .collect()
}

/// Messages between two times: how many made a case, spoke of one again, could not be read.
///
/// # Errors
/// When the database refuses.
pub fn counts(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    (from, to): (Timestamp, Timestamp),
) -> Result<[i64; 3]> {
    let row = conn.query_one(
        "SELECT CAST(COALESCE(SUM(CASE WHEN kept = '' AND decision = '' THEN 1 ELSE 0 END), 0) AS BIGINT) AS made,
                CAST(COALESCE(SUM(CASE WHEN kept = '' AND decision <> '' THEN 1 ELSE 0 END), 0) AS BIGINT) AS again,
                CAST(COALESCE(SUM(CASE WHEN kept <> '' THEN 1 ELSE 0 END), 0) AS BIGINT) AS unread
         FROM hook_delivery WHERE organisation = $1 AND at >= $2 AND at < $3",
        params![organisation, from, to],
    )?;
    Ok([row.get("made")?, row.get("again")?, row.get("unread")?])
}

/// The date under which something is tallied: that of UTC.
#[must_use]
pub fn day_of(at: Timestamp) -> Date {
    Zone::utc().local(at).date()
}

/// Counts one.
///
/// # Errors
/// When the database refuses.
pub fn tally(
    tx: &mut Tx<'_>,
    organisation: PartyId,
    source: SourceId,
    at: Timestamp,
    what: &str,
) -> Result<()> {
    tx.execute(
        "INSERT INTO hook_tally (organisation, source, day, what, n) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (organisation, source, day, what) DO UPDATE SET n = hook_tally.n + 1",
        params![organisation, source, day_of(at).to_string(), what],
    )?;
    Ok(())
}

/// What was counted on a date, over all sources of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn tallies(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    day: Date,
) -> Result<Vec<(String, i64)>> {
    conn.query(
        "SELECT what, CAST(SUM(n) AS BIGINT) AS n FROM hook_tally WHERE organisation = $1 AND day = $2 GROUP BY what ORDER BY what",
        params![organisation, day.to_string()],
    )?
    .iter()
    .map(|row| Ok((row.get("what")?, row.get("n")?)))
    .collect()
}

/// What was counted for one source in all.
///
/// # Errors
/// When the database refuses.
pub fn tallies_of(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    source: SourceId,
) -> Result<Vec<(String, i64)>> {
    conn.query(
        "SELECT what, CAST(SUM(n) AS BIGINT) AS n FROM hook_tally WHERE organisation = $1 AND source = $2 GROUP BY what ORDER BY what",
        params![organisation, source],
    )?
    .iter()
    .map(|row| Ok((row.get("what")?, row.get("n")?)))
    .collect()
}

/// The files that the record names: messages that could not be read.
///
/// # Errors
/// When the database refuses.
pub fn files(conn: &mut Conn<'_>) -> Result<Vec<String>> {
    conn.query("SELECT DISTINCT kept FROM hook_delivery WHERE kept <> '' ORDER BY kept", &[])?
        .iter()
        .map(|row| row.get("kept"))
        .collect()
}
