//! The room's tables: `apply` writes them, named queries read them.

use crate::events::ControlEvent;
use crate::model::{Control, ControlId, Gap};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for ControlEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::ControlStated(x) => tx.execute(
                "INSERT INTO control (id, organisation, code, body, active, version) VALUES ($1, $2, $3, $4, 1, $5)
                 ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, body = EXCLUDED.body, active = EXCLUDED.active, version = EXCLUDED.version",
                params![x.id, x.organisation, &x.text.code, json_text(&x.text)?, e.version],
            )?,
            Self::ControlRetired(_) => tx.execute(
                "UPDATE control SET active = 0, version = $2 WHERE id = $1",
                params![&e.subject, e.version],
            )?,
            Self::GapOpened(x) => tx.execute(
                "INSERT INTO gap (id, organisation, criterion, finding, action, owner, due, closed, origin, version) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9)",
                params![x.id, x.organisation, x.criterion.to_string(), &x.finding, &x.action, x.owner, &x.due, json_text(&x.origin)?, e.version],
            )?,
            Self::GapPlanned(x) => tx.execute(
                "UPDATE gap SET action = $2, owner = $3, due = $4, version = $5 WHERE id = $1",
                params![&e.subject, &x.action, x.owner, &x.due, e.version],
            )?,
            Self::GapClosed(x) => tx.execute(
                "UPDATE gap SET closed = $2, version = $3 WHERE id = $1",
                params![&e.subject, &x.outcome, e.version],
            )?,
        };
        Ok(())
    }
}

const CONTROL: &str = "id, organisation, body, active, version";

fn to_control(row: &Row) -> Result<Control> {
    Ok(Control {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        text: read_json(row, "body")?,
        active: row.get("active")?,
        version: row.get("version")?,
    })
}

/// An organisation's controls, by code, the retired ones too.
///
/// # Errors
/// When the database refuses.
pub fn controls(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Control>> {
    conn.query(
        &format!("SELECT {CONTROL} FROM control WHERE organisation = $1 ORDER BY code"),
        params![organisation],
    )?
    .iter()
    .map(to_control)
    .collect()
}

/// One control of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn control(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: ControlId,
) -> Result<Option<Control>> {
    conn.query_opt(
        &format!("SELECT {CONTROL} FROM control WHERE organisation = $1 AND id = $2"),
        params![organisation, id],
    )?
    .as_ref()
    .map(to_control)
    .transpose()
}

/// The organisation's control of this code.
///
/// # Errors
/// When the database refuses.
pub fn by_code(conn: &mut Conn<'_>, organisation: PartyId, code: &str) -> Result<Option<Control>> {
    conn.query_opt(
        &format!("SELECT {CONTROL} FROM control WHERE organisation = $1 AND code = $2"),
        params![organisation, code],
    )?
    .as_ref()
    .map(to_control)
    .transpose()
}

/// The organisation's gaps, open ones first, then by due date.
///
/// # Errors
/// When the database refuses.
pub fn gaps(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Gap>> {
    conn.query(
        "SELECT id, organisation, criterion, finding, action, owner, due, closed, origin, version FROM gap
         WHERE organisation = $1 ORDER BY CASE WHEN closed IS NULL THEN 0 ELSE 1 END, due, id",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        let criterion: String = row.get("criterion")?;
        Ok(Gap {
            id: row.get("id")?,
            organisation: row.get("organisation")?,
            criterion: criterion
                .parse()
                .map_err(|_| DbError::Shape(format!("criterion {criterion}")))?,
            finding: row.get("finding")?,
            action: row.get("action")?,
            owner: row.get("owner")?,
            due: row.get("due")?,
            closed: row.get("closed")?,
            origin: read_json(row, "origin")?,
            version: row.get("version")?,
        })
    })
    .collect()
}
