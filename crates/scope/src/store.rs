//! The room's tables: `apply` writes them, named queries read them.

use crate::events::ScopeEvent;
use crate::model::{
    AssumedControl, Component, ComponentKind, Engagement, EngagementState, Subservice,
    SubserviceMethod,
};
use crate::permits::ReadEngagement;
use kernel::event::Recorded;
use kernel::ids::{EngagementId, PartyId};
use kernel::party::Side;
use kernel::permit::Scope;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

fn word<T>(row: &Row, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    let text: String = row.get(column)?;
    parse(&text).ok_or_else(|| DbError::Shape(format!("column {column} holds {text}")).into())
}

impl Project for ScopeEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::EngagementOpened(x) => {
                tx.execute(
                    "INSERT INTO engagement (id, organisation, name, system_name, report_type, period, categories, state, version, opened_at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, 'preparation', $8, $9)",
                    params![x.id, x.organisation, &x.name, &x.system_name, json_text(&x.report_type)?, json_text(&x.period)?, json_text(&x.categories)?, e.version, e.recorded_at],
                )?;
            }
            Self::EngagementScoped(x) => {
                tx.execute(
                    "UPDATE engagement SET name = $2, system_name = $3, report_type = $4, period = $5, categories = $6, version = $7 WHERE id = $1",
                    params![&e.subject, &x.name, &x.system_name, json_text(&x.report_type)?, json_text(&x.period)?, json_text(&x.categories)?, e.version],
                )?;
            }
            Self::FirmJoined(x) => {
                tx.execute(
                    "UPDATE engagement SET firm = $2, version = $3 WHERE id = $1",
                    params![&e.subject, x.firm, e.version],
                )?;
            }
            Self::EngagementMoved(x) => {
                tx.execute(
                    "UPDATE engagement SET state = $2, moved_at = $4, version = $3 WHERE id = $1",
                    params![&e.subject, x.state.as_str(), e.version, e.recorded_at],
                )?;
            }
            Self::ComponentDescribed(x) => {
                tx.execute(
                    "INSERT INTO system_component (id, organisation, kind, name, purpose, owner, location) VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (id) DO UPDATE SET kind = EXCLUDED.kind, name = EXCLUDED.name, purpose = EXCLUDED.purpose, owner = EXCLUDED.owner, location = EXCLUDED.location",
                    params![x.id, x.organisation, x.kind.as_str(), &x.name, &x.purpose, x.owner, &x.location],
                )?;
            }
            Self::SubserviceDescribed(x) => {
                tx.execute(
                    "INSERT INTO subservice (id, organisation, name, service, method, assumed_controls) VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, service = EXCLUDED.service, method = EXCLUDED.method, assumed_controls = EXCLUDED.assumed_controls",
                    params![x.id, x.organisation, &x.name, &x.service, x.method.as_str(), json_text(&x.assumed_controls)?],
                )?;
            }
            Self::UserEntityControlsStated(x) => {
                tx.execute(
                    "DELETE FROM user_entity_control WHERE organisation = $1",
                    params![x.organisation],
                )?;
                for (position, control) in x.controls.iter().enumerate() {
                    tx.execute(
                        "INSERT INTO user_entity_control (organisation, position, statement, criteria) VALUES ($1, $2, $3, $4)",
                        params![x.organisation, i64::try_from(position).unwrap_or(i64::MAX), &control.statement, json_text(&control.criteria)?],
                    )?;
                }
            }
        }
        Ok(())
    }
}

const ENGAGEMENT: &str = "id, organisation, firm, name, system_name, report_type, period, categories, state, moved_at, version";

fn to_engagement(row: &Row) -> Result<Engagement> {
    Ok(Engagement {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        firm: row.get("firm")?,
        name: row.get("name")?,
        system_name: row.get("system_name")?,
        report_type: read_json(row, "report_type")?,
        period: read_json(row, "period")?,
        categories: read_json(row, "categories")?,
        state: word(row, "state", EngagementState::parse)?,
        moved_at: row.get("moved_at")?,
        version: row.get("version")?,
    })
}

/// An engagement by id. Callers authorise with its facts before they show anything of it.
///
/// # Errors
/// When the database refuses.
pub fn engagement(conn: &mut Conn<'_>, id: EngagementId) -> Result<Option<Engagement>> {
    conn.query_opt(&format!("SELECT {ENGAGEMENT} FROM engagement WHERE id = $1"), params![id])?
        .as_ref()
        .map(to_engagement)
        .transpose()
}

/// The engagements that a reader may see: its own as an organisation, those it is joined to as a firm.
///
/// # Errors
/// When the database refuses.
pub fn engagements(conn: &mut Conn<'_>, scope: &Scope<ReadEngagement>) -> Result<Vec<Engagement>> {
    let column = if scope.side() == Side::Firm { "firm" } else { "organisation" };
    conn.query(
        &format!("SELECT {ENGAGEMENT} FROM engagement WHERE {column} = $1 ORDER BY opened_at DESC, id DESC"),
        params![scope.party()],
    )?
    .iter()
    .map(to_engagement)
    .collect()
}

/// The system's components, by kind and name.
///
/// # Errors
/// When the database refuses.
pub fn components(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Component>> {
    conn.query(
        "SELECT id, organisation, kind, name, purpose, owner, location FROM system_component
         WHERE organisation = $1 ORDER BY kind, name, id",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok(Component {
            id: row.get("id")?,
            organisation: row.get("organisation")?,
            kind: word(row, "kind", ComponentKind::parse)?,
            name: row.get("name")?,
            purpose: row.get("purpose")?,
            owner: row.get("owner")?,
            location: row.get("location")?,
        })
    })
    .collect()
}

/// The subservice organisations, by name.
///
/// # Errors
/// When the database refuses.
pub fn subservices(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Subservice>> {
    conn.query(
        "SELECT id, organisation, name, service, method, assumed_controls FROM subservice
         WHERE organisation = $1 ORDER BY name, id",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok(Subservice {
            id: row.get("id")?,
            organisation: row.get("organisation")?,
            name: row.get("name")?,
            service: row.get("service")?,
            method: word(row, "method", SubserviceMethod::parse)?,
            assumed_controls: read_json(row, "assumed_controls")?,
        })
    })
    .collect()
}

/// The complementary controls of user entities, in their order.
///
/// # Errors
/// When the database refuses.
pub fn user_entity_controls(
    conn: &mut Conn<'_>,
    organisation: PartyId,
) -> Result<Vec<AssumedControl>> {
    conn.query(
        "SELECT statement, criteria FROM user_entity_control WHERE organisation = $1 ORDER BY position",
        params![organisation],
    )?
    .iter()
    .map(|row| Ok(AssumedControl { statement: row.get("statement")?, criteria: read_json(row, "criteria")? }))
    .collect()
}
