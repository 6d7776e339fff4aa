//! The subject's tables: `apply` writes them, named queries read them.

use super::events::DeviationEvent;
use super::model::{Second, Statement, StatementId};
use crate::model::{DeviationId, File};
use kernel::event::Recorded;
use kernel::ids::{EngagementId, PartyId};
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for DeviationEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::NatureSeconded(x) => tx.execute(
                "INSERT INTO deviation_second (deviation, engagement, firm, nature, reason, signer, signed_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (deviation) DO UPDATE SET nature = EXCLUDED.nature, reason = EXCLUDED.reason, signer = EXCLUDED.signer, signed_at = EXCLUDED.signed_at, event = EXCLUDED.event",
                params![x.deviation, x.engagement, e.log, x.nature.word(), &x.reason, &e.actor, e.recorded_at, e.id],
            )?,
            Self::StatementLinked(x) => tx.execute(
                "INSERT INTO deviation_statement (statement, deviation, engagement, firm) VALUES ($1, $2, $3, $4)",
                params![x.statement, x.deviation, x.engagement, e.log],
            )?,
            Self::StatementAsked(x) => tx.execute(
                "INSERT INTO statement (id, engagement, organisation, control, released, due, asked_by, asked_at, answer, given_by, given_at, version, event)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL, $9, $10)",
                params![x.id, x.engagement, x.organisation, x.control, &x.released, &x.due, &e.actor, e.recorded_at, e.version, e.id],
            )?,
            Self::StatementGiven(x) => tx.execute(
                "UPDATE statement SET answer = $2, given_by = $3, given_at = $4, version = $5, event = $6 WHERE id = $1",
                params![&e.subject, json_text(&x.answer)?, &e.actor, e.recorded_at, e.version, e.id],
            )?,
        };
        Ok(())
    }
}

/// The second signatures of the file.
///
/// # Errors
/// When the database refuses.
pub fn seconds(conn: &mut Conn<'_>, file: File) -> Result<Vec<Second>> {
    conn.query(
        "SELECT * FROM deviation_second WHERE engagement = $1 AND firm = $2 ORDER BY deviation",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        let nature: String = row.get("nature")?;
        Ok(Second {
            deviation: row.get("deviation")?,
            nature: nature
                .parse()
                .map_err(|_| DbError::Shape(format!("a signature under the nature {nature}")))?,
            reason: row.get("reason")?,
            signer: row.get("signer")?,
            signed_at: row.get("signed_at")?,
            event: row.get("event")?,
        })
    })
    .collect()
}

fn to_statement(row: &Row) -> Result<Statement> {
    let answered: Option<String> = row.get("answer")?;
    Ok(Statement {
        id: row.get("id")?,
        engagement: row.get("engagement")?,
        control: row.get("control")?,
        released: row.get("released")?,
        due: row.get("due")?,
        asked_by: row.get("asked_by")?,
        asked_at: row.get("asked_at")?,
        answer: if answered.is_some() { Some(read_json(row, "answer")?) } else { None },
        given_by: row.get("given_by")?,
        given_at: row.get("given_at")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// The statements that were asked of an organisation in one engagement, newest first.
///
/// # Errors
/// When the database refuses.
pub fn statements(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    engagement: EngagementId,
) -> Result<Vec<Statement>> {
    conn.query(
        "SELECT * FROM statement WHERE organisation = $1 AND engagement = $2 ORDER BY id DESC",
        params![organisation, engagement],
    )?
    .iter()
    .map(to_statement)
    .collect()
}

/// One statement, and whose it is; what may be done with it is decided by a permit for its engagement.
///
/// # Errors
/// When the database refuses.
pub fn statement(conn: &mut Conn<'_>, id: StatementId) -> Result<Option<Statement>> {
    conn.query_opt("SELECT * FROM statement WHERE id = $1", params![id])?
        .as_ref()
        .map(to_statement)
        .transpose()
}

/// The statements that the firm asked for about one deviation, newest first.
///
/// # Errors
/// When the database refuses.
pub fn statements_about(
    conn: &mut Conn<'_>,
    file: File,
    deviation: DeviationId,
) -> Result<Vec<Statement>> {
    conn.query(
        "SELECT s.* FROM statement s JOIN deviation_statement d ON d.statement = s.id
         WHERE d.engagement = $1 AND d.firm = $2 AND d.deviation = $3 ORDER BY s.id DESC",
        params![file.engagement, file.firm, deviation],
    )?
    .iter()
    .map(to_statement)
    .collect()
}
