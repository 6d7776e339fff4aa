//! The room's tables: `apply` writes them, named queries read them.

use crate::events::EvidenceEvent;
use crate::model::{EvidenceId, EvidenceItem, Request, RequestId, RequestState, SpeaksFor};
use kernel::event::Recorded;
use kernel::ids::{EngagementId, PartyId};
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for EvidenceEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::EvidenceSupplied(x) => tx.execute(
                "INSERT INTO evidence_item (id, organisation, engagement, name, sha256, bytes, media_type, speaks_from, speaks_to,
                   source, extracted_at, controls, supplied_by, recorded_at, event)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                params![
                    x.id, x.organisation, x.engagement, &x.name, &x.sha256, i64::try_from(x.bytes).unwrap_or(i64::MAX), &x.media_type,
                    x.speaks_for.from, x.speaks_for.to, &x.source, x.extracted_at, json_text(&x.controls)?,
                    &e.actor, e.recorded_at, e.id
                ],
            )?,
            Self::RequestAsked(x) => tx.execute(
                "INSERT INTO request (id, engagement, organisation, code, body, control, owner, due, state, items, remark, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '[]', '', $9)",
                params![x.id, x.engagement, x.organisation, &x.code, &x.text, x.control, x.owner, &x.due, e.version],
            )?,
            Self::RequestAnswered(x) => tx.execute(
                "UPDATE request SET items = $2, remark = $3, state = 'submitted', version = $4 WHERE id = $1",
                params![&e.subject, json_text(&x.items)?, &x.remark, e.version],
            )?,
            Self::RequestJudged(x) => tx.execute(
                "UPDATE request SET state = $2, remark = $3, version = $4 WHERE id = $1",
                params![&e.subject, if x.accepted { "accepted" } else { "returned" }, &x.remark, e.version],
            )?,
        };
        Ok(())
    }
}

fn to_item(row: &Row) -> Result<EvidenceItem> {
    Ok(EvidenceItem {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        engagement: row.get("engagement")?,
        name: row.get("name")?,
        sha256: row.get("sha256")?,
        bytes: u64::try_from(row.get::<i64>("bytes")?).unwrap_or(0),
        media_type: row.get("media_type")?,
        speaks_for: SpeaksFor { from: row.get("speaks_from")?, to: row.get("speaks_to")? },
        source: row.get("source")?,
        extracted_at: row.get("extracted_at")?,
        controls: read_json(row, "controls")?,
        supplied_by: row.get("supplied_by")?,
        recorded_at: row.get("recorded_at")?,
        event: row.get("event")?,
    })
}

/// The organisation's evidence, newest first.
///
/// # Errors
/// When the database refuses.
pub fn items(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<EvidenceItem>> {
    conn.query(
        "SELECT * FROM evidence_item WHERE organisation = $1 ORDER BY recorded_at DESC, id DESC",
        params![organisation],
    )?
    .iter()
    .map(to_item)
    .collect()
}

/// One item of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn item(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: EvidenceId,
) -> Result<Option<EvidenceItem>> {
    conn.query_opt(
        "SELECT * FROM evidence_item WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_item)
    .transpose()
}

/// The organisation to which an item belongs, for authorisation.
///
/// # Errors
/// When the database refuses.
pub fn owner_of(
    conn: &mut Conn<'_>,
    id: EvidenceId,
) -> Result<Option<(PartyId, Option<EngagementId>)>> {
    conn.query_opt("SELECT organisation, engagement FROM evidence_item WHERE id = $1", params![id])?
        .map(|row| Ok((row.get("organisation")?, row.get("engagement")?)))
        .transpose()
}

fn to_request(row: &Row) -> Result<Request> {
    let state: String = row.get("state")?;
    Ok(Request {
        id: row.get("id")?,
        engagement: row.get("engagement")?,
        organisation: row.get("organisation")?,
        code: row.get("code")?,
        text: row.get("body")?,
        control: row.get("control")?,
        owner: row.get("owner")?,
        due: row.get("due")?,
        state: RequestState::parse(&state)
            .ok_or_else(|| DbError::Shape(format!("a request in the state {state}")))?,
        items: read_json(row, "items")?,
        remark: row.get("remark")?,
        version: row.get("version")?,
    })
}

/// The requests of an engagement, by code.
///
/// # Errors
/// When the database refuses.
pub fn requests(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Vec<Request>> {
    conn.query(
        "SELECT * FROM request WHERE engagement = $1 ORDER BY code, id",
        params![engagement],
    )?
    .iter()
    .map(to_request)
    .collect()
}

/// One request.
///
/// # Errors
/// When the database refuses.
pub fn request(conn: &mut Conn<'_>, id: RequestId) -> Result<Option<Request>> {
    conn.query_opt("SELECT * FROM request WHERE id = $1", params![id])?
        .as_ref()
        .map(to_request)
        .transpose()
}

/// Every file that an item names.
///
/// # Errors
/// When the database refuses.
pub fn files(conn: &mut Conn<'_>) -> Result<Vec<String>> {
    conn.query("SELECT DISTINCT sha256 FROM evidence_item", &[])?
        .iter()
        .map(|row| row.get("sha256"))
        .collect()
}
