//! Full-population runs and what people decide about their rows.

use super::{NAME_MAX, TEXT_MAX, file, sha256_hex, write};
use crate::events::{CensusRowsJudged, CensusRowsListed, CensusRun, ExaminationEvent};
use crate::model::{CensusBody, CensusId, CensusRow, Disposition, File, RowOutcome};
use crate::permits::PerformTests;
use crate::store;
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::Expected;

/// Most rows that did not pass of one run.
pub const CENSUS_ROWS_MAX: usize = 200_000;
/// Bytes of rows in one event, well below the longest payload.
const PART_BYTES: usize = 500_000;
/// The longest key and the longest finding of a row, in bytes; longer findings are cut.
const KEY_MAX: usize = 1_000;
const DETAIL_MAX: usize = 1_000;

/// A run as recorded, with the rows that did not pass.
#[derive(Debug, Clone)]
pub struct CensusInput {
    /// What was run and what came out.
    pub body: CensusBody,
    /// Every exception and every unmatched row.
    pub rows: Vec<CensusRow>,
}

/// Records a run over every item. Its totals must add up, its rows must be all that did not pass, and
/// it must have read the populations as they were frozen.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`].
pub fn record_census(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    input: &CensusInput,
) -> Result<CensusId> {
    let file = file(permit)?;
    store::test(tx, file, input.body.test)?.ok_or(Refusal::NotFound)?;
    check_totals(input)?;
    check_populations(tx, file, &input.body)?;
    sha256_hex("procedure_sha256", &input.body.procedure_sha256)?;
    sha256_hex("result_sha256", &input.body.result_sha256)?;
    sha256_hex("result_blob", &input.body.result_blob.sha256)?;
    sha256_hex("rows_blob", &input.body.rows_blob.sha256)?;
    if let Some(text) = &input.body.procedure_blob {
        sha256_hex("procedure_blob", &text.sha256)?;
    }
    let body = CensusBody {
        procedure: sentence("procedure", &input.body.procedure, NAME_MAX)?,
        ..input.body.clone()
    };
    let id: CensusId = env.id();
    let mut events: Vec<ExaminationEvent> =
        vec![CensusRun { id, engagement: file.engagement, body }.into()];
    events.extend(parts(&input.rows)?.into_iter().map(ExaminationEvent::from));
    write(tx, env, permit, &id.to_string(), Expected::New, events)?;
    Ok(id)
}

fn check_totals(input: &CensusInput) -> Result<(), Refusal> {
    let body = &input.body;
    let sum = [body.pass, body.exceptions, body.unmatched, body.excluded]
        .iter()
        .try_fold(0_u64, |sum, part| sum.checked_add(*part));
    if sum != Some(body.population) {
        return Err(Refusal::field(
            "population",
            format!(
                "The totals do not add up: {} pass, {} exceptions, {} unmatched and {} excluded are not {} items.",
                body.pass, body.exceptions, body.unmatched, body.excluded, body.population
            ),
        ));
    }
    if input.rows.len() > CENSUS_ROWS_MAX {
        return Err(Refusal::field(
            "rows",
            format!(
                "{} rows did not pass; at most {CENSUS_ROWS_MAX} can be followed up. Correct the test or its population.",
                input.rows.len()
            ),
        ));
    }
    let of = |outcome| input.rows.iter().filter(|r| r.outcome == outcome).count() as u64;
    if of(RowOutcome::Exception) != body.exceptions || of(RowOutcome::Unmatched) != body.unmatched {
        return Err(Refusal::field(
            "rows",
            "The rows listed are not as many as the totals say. List every exception and every unmatched row.",
        ));
    }
    Ok(())
}

fn check_populations(conn: &mut Conn<'_>, file: File, body: &CensusBody) -> Result<()> {
    if body.populations.is_empty() {
        return Err(Refusal::field("populations", "Name the population that was tested.").into());
    }
    for used in &body.populations {
        let known = store::population(conn, file, used.population)?.ok_or(Refusal::NotFound)?;
        crate::ipe::service::may_be_tested(conn, file, &known)?;
        if known.body.canonical_sha256 != used.canonical_sha256 {
            return Err(Refusal::field(
                "populations",
                format!(
                    "The run read other rows than those frozen as {}. Run it on the frozen rows.",
                    known.body.name
                ),
            )
            .into());
        }
    }
    Ok(())
}

/// Splits rows over events, each well below the longest payload.
fn parts(rows: &[CensusRow]) -> Result<Vec<CensusRowsListed>, Refusal> {
    let mut out: Vec<CensusRowsListed> = Vec::new();
    let mut bytes = 0;
    for (place, row) in (0_u64..).zip(rows) {
        if row.key.is_empty() || row.key.len() > KEY_MAX {
            return Err(Refusal::field("rows", "Every row needs a key of 1 to 1000 bytes."));
        }
        let row = CensusRow { detail: cut(&row.detail), ..row.clone() };
        let size = row.key.len() + row.detail.len() + 80;
        match out.last_mut() {
            Some(part) if bytes + size <= PART_BYTES => part.rows.push(row),
            _ => {
                bytes = 0;
                out.push(CensusRowsListed { first: place, rows: vec![row] });
            }
        }
        bytes += size;
    }
    Ok(out)
}

fn cut(text: &str) -> String {
    if text.len() <= DETAIL_MAX {
        return text.to_owned();
    }
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= DETAIL_MAX - 4).last();
    format!("{}…", text.get(..end.unwrap_or(0)).unwrap_or_default())
}

/// Decides about rows that did not pass: every open one of an outcome, or those named. A deviation is
/// recorded as such instead, and nothing here turns a row into a pass.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`], [`Refusal::State`].
#[expect(clippy::too_many_arguments, reason = "one decision with everything it needs")]
pub fn judge_rows(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    census: CensusId,
    outcome: RowOutcome,
    keys: Option<&[String]>,
    disposition: Disposition,
    reason: &str,
    evidence: &[EvidenceId],
) -> Result<u64> {
    let file = file(permit)?;
    store::census(tx, file, census)?.ok_or(Refusal::NotFound)?;
    match (outcome, disposition) {
        (_, Disposition::Deviation) => {
            return Err(Refusal::field(
                "disposition",
                "A deviation is recorded with its facts, cause and nature; do that instead.",
            )
            .into());
        }
        (RowOutcome::Unmatched, Disposition::NotADeviation) => {
            return Err(Refusal::field(
                "disposition",
                "An unmatched row was not tested. Say what shows the control (other evidence), or that the row is not part of the population, or that it cannot be found out.",
            )
            .into());
        }
        _ => {}
    }
    let touched = rows_to_judge(tx, file, census, outcome, keys)?;
    for id in evidence {
        evidence::store::item(tx, permit.owner(), *id)?.ok_or(Refusal::NotFound)?;
    }
    let event = CensusRowsJudged {
        outcome,
        keys: keys.map(<[String]>::to_vec),
        disposition,
        reason: sentence("reason", reason, TEXT_MAX)?,
        evidence: evidence.to_vec(),
    };
    write(tx, env, permit, &census.to_string(), Expected::Any, vec![event.into()])?;
    Ok(touched)
}

/// How many rows a decision reaches. Named rows must exist, be of the outcome and not be deviations.
pub(super) fn rows_to_judge(
    conn: &mut Conn<'_>,
    file: File,
    census: CensusId,
    outcome: RowOutcome,
    keys: Option<&[String]>,
) -> Result<u64> {
    let Some(keys) = keys else {
        let open = store::census_rows_open(conn, file.firm, census, outcome)?;
        if open == 0 {
            return Err(Refusal::state("No row of this kind is open.").into());
        }
        return Ok(u64::try_from(open).unwrap_or(0));
    };
    if keys.is_empty() || keys.len() > 5_000 {
        return Err(Refusal::field("keys", "Choose 1 to 5000 rows, or all that are open.").into());
    }
    for key in keys {
        let before = store::census_row_disposition(conn, file.firm, census, outcome, key)?
            .ok_or_else(|| Refusal::field("keys", format!("The run has no such row {key}.")))?;
        if before.as_deref() == Some(Disposition::Deviation.as_str()) {
            return Err(Refusal::state(format!(
                "The row {key} is a deviation, and deviations are not taken away. Say what became known in the deviation's record."
            ))
            .into());
        }
    }
    Ok(keys.len() as u64)
}
