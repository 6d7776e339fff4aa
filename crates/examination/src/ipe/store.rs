//! The subject's table: `apply` writes it, named queries read it.

use super::events::IpeEvent;
use super::model::{By, Ipe};
use crate::model::{File, PopulationId};
use kernel::event::Recorded;
use kernel::ids::EngagementId;
use platform::db::{Conn, Result, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use std::collections::BTreeMap;

impl Project for IpeEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let by = e.actor.clone();
        match &e.event {
            Self::RetrievalRecorded(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.retrieval = Some(By { what: x.what.clone(), by });
            }),
            Self::CheckAnswered(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.answers.insert(x.check, By { what: x.answer.clone(), by });
            }),
            Self::FailureExplained(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.explanations.push(By { what: x.what.clone(), by });
            }),
            Self::Reconciled(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.reconciliation = Some(By { what: x.what.clone(), by });
                // What explained another difference does not explain this one.
                ipe.explanations.retain(|explained| explained.what.check != 10);
            }),
            Self::RepresentationRelied(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.representation = Some(By { what: x.what.clone(), by });
            }),
            Self::PopulationSuperseded(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.superseded = Some(By { what: x.what.clone(), by });
            }),
            Self::ZeroProven(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.zero = Some(By { what: x.what.clone(), by });
            }),
            Self::GrowthExplained(x) => change(tx, e, x.population, x.engagement, |ipe| {
                ipe.growth = Some(By { what: x.what.clone(), by });
            }),
        }
    }
}

fn change(
    tx: &mut Tx<'_>,
    e: &Recorded<IpeEvent>,
    population: PopulationId,
    engagement: EngagementId,
    apply: impl FnOnce(&mut Ipe),
) -> Result<()> {
    let known = tx.query_opt(
        "SELECT body FROM exam_ipe WHERE population = $1 AND firm = $2",
        params![population, e.log],
    )?;
    let mut ipe: Ipe = match known {
        Some(row) => read_json(&row, "body")?,
        None => Ipe::default(),
    };
    apply(&mut ipe);
    tx.execute(
        "INSERT INTO exam_ipe (population, engagement, firm, body, version, event) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (population) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version, event = EXCLUDED.event",
        params![population, engagement, e.log, json_text(&ipe)?, e.version, e.id],
    )?;
    Ok(())
}

/// What is recorded of one population of the file, and the version of that.
///
/// # Errors
/// When the database refuses.
pub fn of(conn: &mut Conn<'_>, file: File, population: PopulationId) -> Result<(Ipe, i64)> {
    let row = conn.query_opt(
        "SELECT body, version FROM exam_ipe WHERE population = $1 AND engagement = $2 AND firm = $3",
        params![population, file.engagement, file.firm],
    )?;
    match row {
        Some(row) => Ok((read_json(&row, "body")?, row.get("version")?)),
        None => Ok((Ipe::default(), 0)),
    }
}

/// What is recorded of every population of the file.
///
/// # Errors
/// When the database refuses.
pub fn all(conn: &mut Conn<'_>, file: File) -> Result<BTreeMap<PopulationId, Ipe>> {
    conn.query(
        "SELECT population, body FROM exam_ipe WHERE engagement = $1 AND firm = $2 ORDER BY population",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| Ok((row.get("population")?, read_json(row, "body")?)))
    .collect()
}
