//! The tables of canaries: `apply` writes them, named queries read them.

use super::events::CanaryEvent;
use super::model::{Alarm, Canary, CanaryId, Settings, Verdict, Way};
use super::rules::{candidates, digest, mark};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for CanaryEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::Settings(x) => {
                tx.execute(
                    "INSERT INTO canary_settings (organisation, body, version) VALUES ($1, $2, $3)
                     ON CONFLICT (organisation) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version",
                    params![e.log, json_text(x)?, e.version],
                )?;
            }
            Self::Planned(x) => {
                tx.execute(
                    "INSERT INTO canary (id, organisation, way, channel, month, due_at, mark, unsent, alarms, verdict)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, '', '[]', '')",
                    params![x.id, e.log, x.way.word(), &x.channel, &x.month, x.due_at, &x.mark],
                )?;
            }
            Self::Sent(x) => {
                tx.execute(
                    "UPDATE canary SET sent_at = $2 WHERE id = $1",
                    params![x.id, e.recorded_at],
                )?;
            }
            Self::Unsent(x) => {
                tx.execute("UPDATE canary SET unsent = $2 WHERE id = $1", params![x.id, &x.why])?;
            }
            Self::Received(x) => {
                tx.execute(
                    "UPDATE canary SET case_id = $2, received_at = $3 WHERE id = $1",
                    params![x.id, x.case, e.recorded_at],
                )?;
            }
            Self::Acknowledged(x) => {
                tx.execute(
                    "UPDATE canary SET acknowledged_at = $2 WHERE id = $1",
                    params![x.id, x.at],
                )?;
            }
            Self::Escalated(x) => {
                tx.execute(
                    "UPDATE canary SET escalated_at = $2 WHERE id = $1",
                    params![x.id, x.at],
                )?;
            }
            Self::Alarmed(x) => {
                let row = tx.query_one("SELECT alarms FROM canary WHERE id = $1", params![x.id])?;
                let mut alarms: Vec<Alarm> = read_json(&row, "alarms")?;
                alarms.push(x.alarm);
                tx.execute(
                    "UPDATE canary SET alarms = $2 WHERE id = $1",
                    params![x.id, json_text(&alarms)?],
                )?;
            }
            Self::Retired(x) => {
                tx.execute(
                    "UPDATE canary SET retired_at = $2, verdict = $3 WHERE id = $1",
                    params![x.id, e.recorded_at, x.verdict.word()],
                )?;
            }
        }
        Ok(())
    }
}

fn to_canary(row: &Row) -> Result<Canary> {
    let way: String = row.get("way")?;
    Ok(Canary {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        way: Way::from_word(&way)
            .ok_or_else(|| DbError::Shape(format!("a canary by the way {way}")))?,
        channel: row.get("channel")?,
        month: row.get("month")?,
        due_at: row.get("due_at")?,
        sent_at: row.get("sent_at")?,
        unsent: row.get("unsent")?,
        case: row.get("case_id")?,
        received_at: row.get("received_at")?,
        acknowledged_at: row.get("acknowledged_at")?,
        escalated_at: row.get("escalated_at")?,
        alarms: read_json(row, "alarms")?,
        retired_at: row.get("retired_at")?,
        verdict: Verdict::from_word(&row.get::<String>("verdict")?),
    })
}

/// How the organisation's canaries are sent, with the version for forms; none where it was never said.
///
/// # Errors
/// When the database refuses.
pub fn settings(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Option<(Settings, i64)>> {
    conn.query_opt(
        "SELECT body, version FROM canary_settings WHERE organisation = $1",
        params![organisation],
    )?
    .map(|row| Ok((read_json(&row, "body")?, row.get("version")?)))
    .transpose()
}

/// Every organisation that sends canaries, with how.
///
/// # Errors
/// When the database refuses.
pub fn senders(conn: &mut Conn<'_>) -> Result<Vec<(PartyId, Settings)>> {
    let rows =
        conn.query("SELECT organisation, body FROM canary_settings ORDER BY organisation", &[])?;
    rows.iter().map(|row| Ok((row.get("organisation")?, read_json(row, "body")?))).collect()
}

/// Whether any canaries of a month were planned for a way.
///
/// # Errors
/// When the database refuses.
pub fn planned(conn: &mut Conn<'_>, organisation: PartyId, month: &str, way: Way) -> Result<bool> {
    let row = conn.query_opt(
        "SELECT 1 AS planned FROM canary WHERE organisation = $1 AND month = $2 AND way = $3 LIMIT 1",
        params![organisation, month, way.word()],
    )?;
    Ok(row.is_some())
}

/// Canaries whose time has come and that are not retired, in the order of their time.
///
/// # Errors
/// When the database refuses.
pub fn flying(conn: &mut Conn<'_>, organisation: PartyId, now: Timestamp) -> Result<Vec<Canary>> {
    conn.query(
        "SELECT * FROM canary WHERE organisation = $1 AND retired_at IS NULL AND due_at <= $2 ORDER BY due_at, id",
        params![organisation, now],
    )?
    .iter()
    .map(to_canary)
    .collect()
}

/// One canary.
///
/// # Errors
/// When the database refuses.
pub fn canary(conn: &mut Conn<'_>, organisation: PartyId, id: CanaryId) -> Result<Option<Canary>> {
    conn.query_opt(
        "SELECT * FROM canary WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_canary)
    .transpose()
}

/// Canaries that have served, newest first; those that still fly are nobody's to know.
///
/// # Errors
/// When the database refuses.
pub fn retired(conn: &mut Conn<'_>, organisation: PartyId, limit: i64) -> Result<Vec<Canary>> {
    conn.query(
        "SELECT * FROM canary WHERE organisation = $1 AND retired_at IS NOT NULL ORDER BY sent_at DESC, id LIMIT $2",
        params![organisation, limit],
    )?
    .iter()
    .map(to_canary)
    .collect()
}

/// The canary that a report is, by a mark in its text that this deployment has made and sent. A report
/// without anything that could be a mark costs no query.
///
/// # Errors
/// When the database refuses.
pub fn recognised(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    text: &str,
) -> Result<Option<Canary>> {
    for candidate in candidates(text) {
        let row = conn.query_opt(
            "SELECT * FROM canary WHERE organisation = $1 AND mark = $2 AND sent_at IS NOT NULL",
            params![organisation, digest(candidate)],
        )?;
        if let Some(row) = row {
            let canary = to_canary(&row)?;
            // The row says which; the key says that it was us.
            let key = conn.key_for(super::service::KEY_PURPOSE)?;
            if mark(&key, organisation, canary.id).as_deref() == Some(candidate) {
                return Ok(Some(canary));
            }
        }
    }
    Ok(None)
}
