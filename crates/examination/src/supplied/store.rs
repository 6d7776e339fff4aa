//! The subject's table: `apply` writes it, one named query reads it.

use super::events::SuppliedEvent;
use super::model::SuppliedPopulation;
use kernel::event::Recorded;
use kernel::ids::{EngagementId, PartyId};
use platform::db::{Conn, Result, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for SuppliedEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let Self::PopulationShown(x) = &e.event;
        tx.execute(
            "INSERT INTO supplied_population (id, engagement, organisation, body, event) VALUES ($1, $2, $3, $4, $5)",
            params![x.id, x.engagement, x.organisation, json_text(&x.shown)?, e.id],
        )?;
        Ok(())
    }
}

/// What was frozen of what the organisation supplied for one engagement, newest first. Callers hold a
/// permit for [`crate::permits::ReadPopulationHash`].
///
/// # Errors
/// When the database refuses.
pub fn of(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    engagement: EngagementId,
) -> Result<Vec<SuppliedPopulation>> {
    conn.query(
        "SELECT * FROM supplied_population WHERE organisation = $1 AND engagement = $2 ORDER BY id DESC",
        params![organisation, engagement],
    )?
    .iter()
    .map(|row| {
        Ok(SuppliedPopulation {
            id: row.get("id")?,
            engagement: row.get("engagement")?,
            shown: read_json(row, "body")?,
            event: row.get("event")?,
        })
    })
    .collect()
}
