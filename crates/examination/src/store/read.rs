//! Plans, populations, samples, items, full-population tests, deviations.

use crate::model::{
    Census, CensusId, CensusRow, Deviation, DeviationId, Disposition, File, Item, JudgedRow,
    Population, PopulationId, RowOutcome, Sample, SampleId, Test, TestId,
};
use crate::rules::item::{ItemOutcome, item_outcome};
use kernel::ids::PartyId;
use kernel::permit::Facts;
use kernel::refusal::Refusal;
use platform::db::{Conn, DbError, Result, Row, read_json};
use platform::params;

/// The firm's file that facts speak of.
///
/// # Errors
/// [`Refusal::NotFound`] when no engagement or no firm is named.
pub fn file_of(facts: &Facts) -> Result<File, Refusal> {
    match (facts.engagement, facts.firm) {
        (Some(engagement), Some(firm)) => Ok(File { engagement, firm }),
        _ => Err(Refusal::NotFound),
    }
}

fn to_test(row: &Row) -> Result<Test> {
    Ok(Test {
        id: row.get("id")?,
        plan: read_json(row, "plan")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// The planned tests of the file, by code.
///
/// # Errors
/// When the database refuses.
pub fn tests(conn: &mut Conn<'_>, file: File) -> Result<Vec<Test>> {
    conn.query(
        "SELECT * FROM exam_test WHERE engagement = $1 AND firm = $2 ORDER BY code, id",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(to_test)
    .collect()
}

/// One planned test.
///
/// # Errors
/// When the database refuses.
pub fn test(conn: &mut Conn<'_>, file: File, id: TestId) -> Result<Option<Test>> {
    conn.query_opt(
        "SELECT * FROM exam_test WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_test)
    .transpose()
}

/// The planned test of this code.
///
/// # Errors
/// When the database refuses.
pub fn test_by_code(conn: &mut Conn<'_>, file: File, code: &str) -> Result<Option<Test>> {
    conn.query_opt(
        "SELECT * FROM exam_test WHERE engagement = $1 AND firm = $2 AND code = $3",
        params![file.engagement, file.firm, code],
    )?
    .as_ref()
    .map(to_test)
    .transpose()
}

fn to_population(row: &Row) -> Result<Population> {
    let judged: Option<String> = row.get("judgement")?;
    Ok(Population {
        id: row.get("id")?,
        body: read_json(row, "body")?,
        judgement: if judged.is_some() { Some(read_json(row, "judgement")?) } else { None },
        recorded_at: row.get("recorded_at")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// The frozen populations of the file, newest first.
///
/// # Errors
/// When the database refuses.
pub fn populations(conn: &mut Conn<'_>, file: File) -> Result<Vec<Population>> {
    conn.query(
        "SELECT * FROM exam_population WHERE engagement = $1 AND firm = $2 ORDER BY recorded_at DESC, id DESC",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(to_population)
    .collect()
}

/// One population.
///
/// # Errors
/// When the database refuses.
pub fn population(conn: &mut Conn<'_>, file: File, id: PopulationId) -> Result<Option<Population>> {
    conn.query_opt(
        "SELECT * FROM exam_population WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_population)
    .transpose()
}

fn to_sample(row: &Row) -> Result<Sample> {
    Ok(Sample {
        id: row.get("id")?,
        body: read_json(row, "body")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// The samples of a test, in the order in which they were drawn.
///
/// # Errors
/// When the database refuses.
pub fn samples(conn: &mut Conn<'_>, file: File, test: TestId) -> Result<Vec<Sample>> {
    conn.query(
        "SELECT * FROM exam_sample WHERE engagement = $1 AND firm = $2 AND test = $3 ORDER BY id",
        params![file.engagement, file.firm, test],
    )?
    .iter()
    .map(to_sample)
    .collect()
}

/// One sample.
///
/// # Errors
/// When the database refuses.
pub fn sample(conn: &mut Conn<'_>, file: File, id: SampleId) -> Result<Option<Sample>> {
    conn.query_opt(
        "SELECT * FROM exam_sample WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_sample)
    .transpose()
}

/// The items of a sample, in the order of selection.
///
/// # Errors
/// When the database refuses.
pub fn items(conn: &mut Conn<'_>, file: File, sample: SampleId) -> Result<Vec<Item>> {
    conn.query(
        "SELECT * FROM exam_item WHERE sample = $1 AND firm = $2 ORDER BY position",
        params![sample, file.firm],
    )?
    .iter()
    .map(|row| {
        Ok(Item {
            sample: row.get("sample")?,
            position: row.get("position")?,
            facts: read_json(row, "facts")?,
            evidence: read_json(row, "evidence")?,
            note: row.get("note")?,
            tested_by: row.get("tested_by")?,
            reviewed_by: row.get("reviewed_by")?,
            event: row.get("event")?,
        })
    })
    .collect()
}

/// How many of these items have no result yet.
#[must_use]
pub fn open_items(items: &[Item]) -> u64 {
    let open = |i: &&Item| !matches!(item_outcome(&i.facts), Ok(o) if o != ItemOutcome::Open);
    items.iter().filter(open).count() as u64
}

/// How many results nobody has reviewed yet, over the whole file.
///
/// # Errors
/// When the database refuses.
pub fn unreviewed(conn: &mut Conn<'_>, file: File) -> Result<i64> {
    conn.query_one(
        "SELECT COUNT(*) FROM exam_item i JOIN exam_sample s ON s.id = i.sample
         WHERE s.engagement = $1 AND s.firm = $2 AND i.tested_by IS NOT NULL AND i.reviewed_by IS NULL",
        params![file.engagement, file.firm],
    )?
    .first()
}

fn to_census(row: &Row) -> Result<Census> {
    Ok(Census {
        id: row.get("id")?,
        body: read_json(row, "body")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// The full-population runs of a test, oldest first; the last one counts.
///
/// # Errors
/// When the database refuses.
pub fn censuses(conn: &mut Conn<'_>, file: File, test: TestId) -> Result<Vec<Census>> {
    conn.query(
        "SELECT * FROM exam_census WHERE engagement = $1 AND firm = $2 AND test = $3 ORDER BY id",
        params![file.engagement, file.firm, test],
    )?
    .iter()
    .map(to_census)
    .collect()
}

/// One full-population run.
///
/// # Errors
/// When the database refuses.
pub fn census(conn: &mut Conn<'_>, file: File, id: CensusId) -> Result<Option<Census>> {
    conn.query_opt(
        "SELECT * FROM exam_census WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_census)
    .transpose()
}

/// Rows of a run that did not pass, from place `after` on, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub fn census_rows(
    conn: &mut Conn<'_>,
    file: File,
    census: CensusId,
    after: i64,
    limit: i64,
) -> Result<Vec<JudgedRow>> {
    conn.query(
        "SELECT * FROM exam_census_row WHERE census = $1 AND firm = $2 AND position >= $3 ORDER BY position LIMIT $4",
        params![census, file.firm, after, limit],
    )?
    .iter()
    .map(|row| {
        let outcome: String = row.get("outcome")?;
        let disposition: Option<String> = row.get("disposition")?;
        let read = |text: String| {
            Disposition::parse(&text)
                .ok_or_else(|| DbError::Shape(format!("a row with the disposition {text}")))
        };
        Ok(JudgedRow {
            row: CensusRow {
                key: row.get("row_key")?,
                outcome: RowOutcome::parse(&outcome)
                    .ok_or_else(|| DbError::Shape(format!("a row with the outcome {outcome}")))?,
                detail: row.get("detail")?,
            },
            disposition: disposition.map(read).transpose()?,
            reason: row.get("reason")?,
            deviation: row.get("deviation")?,
        })
    })
    .collect()
}

/// How far the rows of a run that did not pass have been followed up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Followed {
    /// Exceptions that nobody has decided about.
    pub open_exceptions: u64,
    /// Unmatched rows that nobody has followed up.
    pub open_unmatched: u64,
    /// Rows that are deviations.
    pub deviations: u64,
    /// Rows that could not be found out; they count like deviations.
    pub undetermined: u64,
    /// Rows that never belonged to the population.
    pub not_in_population: u64,
    /// Unmatched rows for which other evidence was accepted.
    pub other_evidence: u64,
    /// Exceptions that are no deviation of the control.
    pub not_deviations: u64,
}

/// Counts the decisions on a run's rows.
///
/// # Errors
/// When the database refuses.
pub fn followed(conn: &mut Conn<'_>, file: File, census: CensusId) -> Result<Followed> {
    let mut out = Followed::default();
    let rows = conn.query(
        "SELECT outcome, disposition, COUNT(*) AS n FROM exam_census_row WHERE census = $1 AND firm = $2 GROUP BY outcome, disposition",
        params![census, file.firm],
    )?;
    for row in rows {
        let n = u64::try_from(row.get::<i64>("n")?).unwrap_or(0);
        let outcome: String = row.get("outcome")?;
        let disposition: Option<String> = row.get("disposition")?;
        match disposition.as_deref().map(Disposition::parse) {
            None if outcome == RowOutcome::Exception.as_str() => out.open_exceptions += n,
            None => out.open_unmatched += n,
            Some(Some(Disposition::Deviation)) => out.deviations += n,
            Some(Some(Disposition::Undetermined)) => out.undetermined += n,
            Some(Some(Disposition::NotInPopulation)) => out.not_in_population += n,
            Some(Some(Disposition::OtherEvidence)) => out.other_evidence += n,
            Some(Some(Disposition::NotADeviation)) => out.not_deviations += n,
            Some(None) => return Err(DbError::Shape("an unknown disposition".to_owned()).into()),
        }
    }
    Ok(out)
}

fn to_deviation(row: &Row) -> Result<Deviation> {
    Ok(Deviation {
        id: row.get("id")?,
        control: row.get("control")?,
        test: row.get("test")?,
        source: read_json(row, "source")?,
        body: read_json(row, "body")?,
        version: row.get("version")?,
        event: row.get("event")?,
    })
}

/// Every deviation of the file, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn deviations(conn: &mut Conn<'_>, file: File) -> Result<Vec<Deviation>> {
    conn.query(
        "SELECT * FROM exam_deviation WHERE engagement = $1 AND firm = $2 ORDER BY id",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(to_deviation)
    .collect()
}

/// One deviation.
///
/// # Errors
/// When the database refuses.
pub fn deviation(conn: &mut Conn<'_>, file: File, id: DeviationId) -> Result<Option<Deviation>> {
    conn.query_opt(
        "SELECT * FROM exam_deviation WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_deviation)
    .transpose()
}

/// Rows of a run with this outcome that nobody has judged yet.
///
/// # Errors
/// When the database refuses.
pub fn census_rows_open(
    conn: &mut Conn<'_>,
    firm: PartyId,
    census: CensusId,
    outcome: RowOutcome,
) -> Result<i64> {
    conn.query_one(
        "SELECT count(*) AS n FROM exam_census_row WHERE census = $1 AND firm = $2 AND outcome = $3 AND disposition IS NULL",
        params![census, firm, outcome.as_str()],
    )?
    .get("n")
}

/// How a row of a run was judged: `None` when the run has no such row, `Some(None)` while nobody has.
///
/// # Errors
/// When the database refuses.
pub fn census_row_disposition(
    conn: &mut Conn<'_>,
    firm: PartyId,
    census: CensusId,
    outcome: RowOutcome,
    key: &str,
) -> Result<Option<Option<String>>> {
    conn.query_opt(
        "SELECT disposition FROM exam_census_row WHERE census = $1 AND firm = $2 AND outcome = $3 AND row_key = $4",
        params![census, firm, outcome.as_str(), key],
    )?
    .map(|row| row.get("disposition"))
    .transpose()
}
