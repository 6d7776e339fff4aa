//! The subject's tables: views and tags by `apply`; words and figures behind the record.

pub mod words;

use super::events::ViewEvent;
use super::model::{SavedView, ViewId};
use crate::model::CaseId;
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Row, Tx};
use platform::journal::Project;
use platform::params;
use std::collections::BTreeSet;

impl Project for ViewEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::ViewSaved(x) => tx.execute(
                "INSERT INTO case_view (id, organisation, owner, name, query, shared, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, query = EXCLUDED.query, shared = EXCLUDED.shared,
                   version = EXCLUDED.version",
                params![x.id, x.organisation, x.owner, &x.name, &x.query, x.shared, e.version],
            ),
            Self::ViewRemoved(x) => {
                tx.execute("DELETE FROM case_view WHERE id = $1", params![x.id])
            }
            Self::CaseTagged(x) if x.on => tx.execute(
                "INSERT INTO case_tag (organisation, case_id, tag) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                params![x.organisation, x.case, &x.tag],
            ),
            Self::CaseTagged(x) => tx.execute(
                "DELETE FROM case_tag WHERE organisation = $1 AND case_id = $2 AND tag = $3",
                params![x.organisation, x.case, &x.tag],
            ),
        }?;
        Ok(())
    }
}

fn to_view(row: &Row) -> Result<SavedView> {
    Ok(SavedView {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        owner: row.get("owner")?,
        name: row.get("name")?,
        query: row.get("query")?,
        shared: row.get("shared")?,
        version: row.get("version")?,
    })
}

/// The views that a person sees: their own, and those shared in the organisation; by name.
///
/// # Errors
/// When the database refuses.
pub fn views(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    person: PersonId,
) -> Result<Vec<SavedView>> {
    conn.query(
        "SELECT * FROM case_view WHERE organisation = $1 AND (owner = $2 OR shared = 1) ORDER BY name, id",
        params![organisation, person],
    )?
    .iter()
    .map(to_view)
    .collect()
}

/// One view that a person sees.
///
/// # Errors
/// When the database refuses.
pub fn view(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    person: PersonId,
    id: ViewId,
) -> Result<Option<SavedView>> {
    Ok(views(conn, organisation, person)?.into_iter().find(|v| v.id == id))
}

/// The tags of a case, in their order.
///
/// # Errors
/// When the database refuses.
pub fn tags_of(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
) -> Result<BTreeSet<String>> {
    conn.query(
        "SELECT tag FROM case_tag WHERE organisation = $1 AND case_id = $2",
        params![organisation, case],
    )?
    .iter()
    .map(|row| row.get("tag"))
    .collect()
}

/// The tags in use, in their order, at most 200.
///
/// # Errors
/// When the database refuses.
pub fn tags(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<String>> {
    conn.query(
        "SELECT tag FROM case_tag WHERE organisation = $1 GROUP BY tag ORDER BY tag LIMIT 200",
        params![organisation],
    )?
    .iter()
    .map(|row| row.get("tag"))
    .collect()
}

/// The figures that need every case, as last counted: up to which place of the log, when, and the
/// document.
///
/// # Errors
/// When the database refuses.
pub fn figures(
    conn: &mut Conn<'_>,
    organisation: PartyId,
) -> Result<Option<(i64, Timestamp, String)>> {
    conn.query_opt(
        "SELECT place, counted_at, body FROM case_figures WHERE organisation = $1",
        params![organisation],
    )?
    .map(|row| Ok((row.get("place")?, row.get("counted_at")?, row.get("body")?)))
    .transpose()
}

/// Keeps figures, unless later ones are there.
///
/// # Errors
/// When the database refuses.
pub fn keep_figures(
    tx: &mut Tx<'_>,
    organisation: PartyId,
    (place, counted_at, body): (i64, Timestamp, &str),
) -> Result<()> {
    tx.execute(
        "INSERT INTO case_figures (organisation, place, counted_at, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation) DO UPDATE SET place = EXCLUDED.place, counted_at = EXCLUDED.counted_at, body = EXCLUDED.body
         WHERE case_figures.counted_at <= EXCLUDED.counted_at",
        params![organisation, place, counted_at, body],
    )?;
    Ok(())
}
