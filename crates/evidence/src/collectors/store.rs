//! The tables of collectors: `apply` writes what is of the record, named functions the sealed secrets.

use super::events::CollectorEvent;
use super::model::{Asked, Collector, CollectorId, Run, RunId, RunState, Version};
use crate::model::EvidenceId;
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

/// Runs of one collector that are listed.
const RUNS_MAX: i64 = 100;

impl Project for CollectorEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::Stated(x) => {
                let asked: &Asked = &x.asked;
                tx.execute(
                    "INSERT INTO collector (id, organisation, engagement, number, name, owner, has_secret, stopped_at, stopped_because, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, '', $8)
                     ON CONFLICT (id) DO UPDATE SET number = EXCLUDED.number, name = EXCLUDED.name, owner = EXCLUDED.owner,
                       has_secret = EXCLUDED.has_secret, stopped_at = NULL, stopped_because = '', version = EXCLUDED.version",
                    params![
                        x.id, e.log, x.engagement, x.number, &asked.name, x.owner,
                        i64::from(x.has_secret), e.version
                    ],
                )?;
                tx.execute(
                    "INSERT INTO collector_version (collector, number, organisation, body, stated_by, stated_at)
                     VALUES ($1, $2, $3, $4, $5, $6)",
                    params![x.id, x.number, e.log, json_text(asked)?, &e.actor, e.recorded_at],
                )?;
            }
            Self::Stopped(x) => {
                tx.execute(
                    "UPDATE collector SET has_secret = 0, stopped_at = $2, stopped_because = $3, version = $4 WHERE id = $1",
                    params![x.id, e.recorded_at, &x.why, e.version],
                )?;
            }
            Self::RunPlanned(x) => {
                tx.execute(
                    "INSERT INTO collector_run (id, organisation, collector, number, state, started_by, planned_at, attempts, why, version)
                     VALUES ($1, $2, $3, $4, 'waiting', $5, $6, 0, '', $7)",
                    params![x.id, e.log, x.collector, x.number, &e.actor, e.recorded_at, e.version],
                )?;
            }
            Self::RunCollected(x) => {
                tx.execute(
                    "UPDATE collector_run SET state = 'collected', number = $2, ended_at = $3, record = $4, evidence = $5, version = $6
                     WHERE id = $1",
                    params![x.id, x.number, e.recorded_at, json_text(&x.record)?, x.evidence, e.version],
                )?;
            }
            Self::RunFailed(x) => {
                let (state, ended) = if x.last {
                    (RunState::Failed, Some(e.recorded_at))
                } else {
                    (RunState::Waiting, None)
                };
                tx.execute(
                    "UPDATE collector_run SET state = $2, number = $3, attempts = $4, why = $5, ended_at = $6, version = $7, answer = $8
                     WHERE id = $1",
                    params![
                        x.id, state.as_str(), x.number, x.attempt, &x.why, ended, e.version,
                        x.answer.as_ref().map(json_text).transpose()?
                    ],
                )?;
            }
            Self::RunCancelled(x) => {
                tx.execute(
                    "UPDATE collector_run SET state = 'cancelled', ended_at = $2, version = $3 WHERE id = $1",
                    params![x.id, e.recorded_at, e.version],
                )?;
            }
        }
        Ok(())
    }
}

fn to_collector(row: &Row) -> Result<Collector> {
    Ok(Collector {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        engagement: row.get("engagement")?,
        number: row.get("number")?,
        asked: read_json(row, "body")?,
        owner: row.get("owner")?,
        has_secret: row.get::<i64>("has_secret")? != 0,
        stopped_at: row.get("stopped_at")?,
        stopped_because: row.get("stopped_because")?,
        version: row.get("version")?,
    })
}

const COLLECTOR: &str = "SELECT c.*, v.body FROM collector c
    JOIN collector_version v ON v.collector = c.id AND v.number = c.number";

/// The organisation's collectors, by name.
///
/// # Errors
/// When the database refuses.
pub fn collectors(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Collector>> {
    let sql = format!("{COLLECTOR} WHERE c.organisation = $1 ORDER BY c.name");
    conn.query(&sql, params![organisation])?.iter().map(to_collector).collect()
}

/// One collector of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn collector(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: CollectorId,
) -> Result<Option<Collector>> {
    let sql = format!("{COLLECTOR} WHERE c.organisation = $1 AND c.id = $2");
    conn.query_opt(&sql, params![organisation, id])?.as_ref().map(to_collector).transpose()
}

/// Every version of a collector, newest first.
///
/// # Errors
/// When the database refuses.
pub fn versions(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: CollectorId,
) -> Result<Vec<Version>> {
    conn.query(
        "SELECT * FROM collector_version WHERE organisation = $1 AND collector = $2 ORDER BY number DESC",
        params![organisation, id],
    )?
    .iter()
    .map(|row| {
        Ok(Version {
            number: row.get("number")?,
            asked: read_json(row, "body")?,
            by: row.get("stated_by")?,
            at: row.get("stated_at")?,
        })
    })
    .collect()
}

fn to_run(row: &Row) -> Result<Run> {
    let state: String = row.get("state")?;
    let record: Option<String> = row.get("record")?;
    let answer: Option<String> = row.get("answer")?;
    Ok(Run {
        id: row.get("id")?,
        collector: row.get("collector")?,
        number: row.get("number")?,
        state: RunState::parse(&state)
            .ok_or_else(|| DbError::Shape(format!("a run in the state {state}")))?,
        started_by: row.get("started_by")?,
        planned_at: row.get("planned_at")?,
        attempts: row.get("attempts")?,
        ended_at: row.get("ended_at")?,
        why: row.get("why")?,
        record: if record.is_some() { Some(read_json(row, "record")?) } else { None },
        evidence: row.get("evidence")?,
        answer: if answer.is_some() { Some(read_json(row, "answer")?) } else { None },
    })
}

/// The newest runs of a collector, newest first, at most 100.
///
/// # Errors
/// When the database refuses.
pub fn runs(conn: &mut Conn<'_>, organisation: PartyId, id: CollectorId) -> Result<Vec<Run>> {
    conn.query(
        "SELECT * FROM collector_run WHERE organisation = $1 AND collector = $2
         ORDER BY planned_at DESC, id DESC LIMIT $3",
        params![organisation, id, RUNS_MAX],
    )?
    .iter()
    .map(to_run)
    .collect()
}

/// One run.
///
/// # Errors
/// When the database refuses.
pub fn run(conn: &mut Conn<'_>, organisation: PartyId, id: RunId) -> Result<Option<Run>> {
    conn.query_opt(
        "SELECT * FROM collector_run WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_run)
    .transpose()
}

/// The run that an item of evidence came from, and what the collector was called in the version that
/// was asked; none where a person supplied it.
///
/// # Errors
/// When the database refuses.
pub fn run_of(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    evidence: EvidenceId,
) -> Result<Option<(Run, String)>> {
    let row = conn.query_opt(
        "SELECT r.*, v.body FROM collector_run r
         JOIN collector_version v ON v.collector = r.collector AND v.number = r.number
         WHERE r.organisation = $1 AND r.evidence = $2",
        params![organisation, evidence],
    )?;
    row.map(|row| Ok((to_run(&row)?, read_json::<Asked>(&row, "body")?.name))).transpose()
}

/// Collectors whose newest run that ended was given up, with that run: they wait for somebody.
///
/// # Errors
/// When the database refuses.
pub fn waiting(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<(Collector, Run)>> {
    let mut found = Vec::new();
    for collector in collectors(conn, organisation)? {
        if collector.stopped_at.is_some() {
            continue;
        }
        let last = runs(conn, organisation, collector.id)?
            .into_iter()
            .find(|run| matches!(run.state, RunState::Collected | RunState::Failed));
        if let Some(run) = last.filter(|run| run.state == RunState::Failed) {
            found.push((collector, run));
        }
    }
    Ok(found)
}

/// Keeps a sealed secret in the place of the one before.
///
/// # Errors
/// When the database refuses.
pub fn keep_secret(tx: &mut Tx<'_>, id: CollectorId, sealed: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO collector_secret (collector, sealed) VALUES ($1, $2)
         ON CONFLICT (collector) DO UPDATE SET sealed = EXCLUDED.sealed",
        params![id, sealed],
    )?;
    Ok(())
}

/// Forgets a secret.
///
/// # Errors
/// When the database refuses.
pub fn forget_secret(tx: &mut Tx<'_>, id: CollectorId) -> Result<()> {
    tx.execute("DELETE FROM collector_secret WHERE collector = $1", params![id])?;
    Ok(())
}

/// A collector's sealed secret.
///
/// # Errors
/// When the database refuses.
pub fn sealed_secret(conn: &mut Conn<'_>, id: CollectorId) -> Result<Option<Vec<u8>>> {
    conn.query_opt("SELECT sealed FROM collector_secret WHERE collector = $1", params![id])?
        .map(|row| row.get("sealed"))
        .transpose()
}
