//! The subject's tables: views and tags by `apply`; words and figures behind the record.

pub mod words;

use super::events::ViewEvent;
use super::model::{SavedView, ViewId};
use super::rules::counting::Times;
use crate::clocks::events::ClockEvent;
use crate::model::{CaseId, CaseState, Count};
use kernel::event::Recorded;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Row, Tx};
use platform::journal::{self, Project};
use platform::params;
use std::collections::{BTreeMap, BTreeSet};

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

/// Calls `f` with the times of every case.
///
/// # Errors
/// Whatever the closure returns, or when the database refuses.
pub fn each_times(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    mut f: impl FnMut(Times) -> Result<()>,
) -> Result<()> {
    conn.for_each(
        "SELECT reported_at, acknowledged_at, resolved_at, closed_at FROM case_record WHERE organisation = $1 AND canary = 0",
        params![organisation],
        |row| {
            f(Times {
                reported: row.get("reported_at")?,
                acknowledged: row.get("acknowledged_at")?,
                resolved: row.get("resolved_at")?,
                closed: row.get("closed_at")?,
            })
        },
    )
}

/// The oldest cases in a state: when they were reported, and which.
///
/// # Errors
/// When the database refuses.
pub fn oldest(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    state: CaseState,
    limit: i64,
) -> Result<Vec<(Timestamp, CaseId)>> {
    conn.query(
        "SELECT reported_at, id FROM case_record WHERE organisation = $1 AND state = $2 AND canary = 0
         ORDER BY reported_at, id LIMIT $3",
        params![organisation, state.word(), limit],
    )?
    .iter()
    .map(|row| Ok((row.get("reported_at")?, row.get("id")?)))
    .collect()
}

/// A case about which something is promised, and who answers for it, since when it is open, and until
/// when it was.
pub type Promised = (CaseId, PersonId, Timestamp, Option<Timestamp>);

/// The cases about which something is promised and for which somebody answers.
///
/// # Errors
/// When the database refuses.
pub fn promised_cases(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Promised>> {
    conn.query(
        "SELECT c.id, c.owner, c.reported_at, c.closed_at FROM clock_case k JOIN case_record c ON c.id = k.case_id
         WHERE k.organisation = $1 AND c.owner IS NOT NULL AND c.canary = 0 ORDER BY c.id",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        Ok((row.get("id")?, row.get("owner")?, row.get("reported_at")?, row.get("closed_at")?))
    })
    .collect()
}

/// The cases whose clocks ever stood still.
///
/// # Errors
/// When the database refuses.
pub fn paused_cases(conn: &mut Conn<'_>, organisation: PartyId) -> Result<BTreeSet<CaseId>> {
    let mut cases = BTreeSet::new();
    journal::each_payload(conn, organisation, "clocks.paused.v1", |payload| {
        if let Ok(ClockEvent::Paused(paused)) = serde_json::from_slice::<ClockEvent>(payload) {
            cases.insert(paused.case);
        }
        Ok(())
    })?;
    Ok(cases)
}

/// The statement of [`private_counts`]: every dashboard asks it, so it has an index of its own.
pub const PRIVATE: &str = "SELECT reported_at, kind, severity, channel, state FROM case_record
     WHERE organisation = $1 AND privacy <> 'open' AND canary = 0";

/// How many anonymous and confidential cases there are of each sort; the same columns as the counts of
/// all cases.
///
/// # Errors
/// When the database refuses.
pub fn private_counts(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Count>> {
    let mut by: BTreeMap<(String, String, String, String, String), i64> = BTreeMap::new();
    conn.for_each(PRIVATE, params![organisation], |row| {
        let at: Timestamp = row.get("reported_at")?;
        let month: String = at.to_rfc3339().chars().take(7).collect();
        let key =
            (month, row.get("kind")?, row.get("severity")?, row.get("channel")?, row.get("state")?);
        *by.entry(key).or_default() += 1;
        Ok(())
    })?;
    let count = |((month, kind, severity, channel, state), n)| Count {
        month,
        kind,
        severity,
        channel,
        state,
        n,
    };
    Ok(by.into_iter().map(count).collect())
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
