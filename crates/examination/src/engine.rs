//! Work over frozen rows: freezing files into the firm's file, drawing items by seed, running a test
//! over every item.
//!
//! Everything here takes a processor and memory for a while and touches no database: callers run it on
//! a thread of its own and record what comes out through [`crate::service`].

use crate::model::{
    Block, CensusBody, CensusRow, Population, PopulationBody, PopulationUse, RowOutcome,
    SampleBody, SelectionMethod, TestId, UncoveredMonth,
};
use crate::service::{CENSUS_ROWS_MAX, CensusInput, effective_seed};
use crate::supplied::model::Origin;
use crate::supplied::rules;
use controls::model::ControlId;
use kernel::period::{Date, Period};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::blobs::{BlobError, BlobRef, Blobs, LocalStore};
use platform::db::{Error, Result};
use populations::census::{CensusOptions, TEST_BYTES_MAX, TestFile, UnitResult, parse_test, run};
use populations::commands::select_from_frozen;
use populations::frozen::{RECORD_FILE, ROWS_FILE, open};
use populations::progress::Watch;
use populations::schema::Kind;
use populations::select::{Method, Strata};
use populations::{FreezeOptions, Frozen, FrozenDir, library, schema};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use tempfile::TempDir;

pub use populations::SourceFile;
pub use populations::checks::Declared;
pub use populations::frozen::Rehashed;
pub use populations::times::Span;

/// The largest file of frozen rows that is stored, in bytes.
const ROWS_BYTES_MAX: u64 = 64 * 1024 * 1024 * 1024;
/// The longest text of an answer's columns that is kept beside a row, in bytes.
const DETAIL_MAX: usize = 900;

fn told(fault: populations::Error) -> Error {
    match fault {
        populations::Error::Io { .. } | populations::Error::Engine(_) => {
            Error::Other(fault.to_string())
        }
        other => Refusal::input(other.to_string()).into(),
    }
}

fn stored(fault: BlobError) -> Error {
    Error::Other(fault.to_string())
}

fn failed(fault: io::Error) -> Error {
    Error::Other(format!("a working file: {fault}"))
}

fn keep(blobs: &Blobs, path: &Path) -> Result<BlobRef> {
    blobs.put_file(path, ROWS_BYTES_MAX).map_err(stored)
}

/// Files to be frozen, with what is said of them.
pub struct FreezeInput {
    /// What the columns mean, as the text of a schema file.
    pub schema: String,
    /// The files, in order.
    pub sources: Vec<SourceFile>,
    /// What the population is called; the schema's name when empty.
    pub name: String,
    /// Where the files came from and how they were made.
    pub source: String,
    /// The controls that should have operated on the rows.
    pub controls: Vec<ControlId>,
    /// The period whose occurrences they hold, where the schema does not say so itself.
    pub span: Option<Span>,
    /// The period under examination.
    pub period: Period,
    /// Where the rows came from.
    pub origin: Origin,
    /// What is known of how the files were made.
    pub declared: Declared,
}

/// Freezes files and stores rows and record. What is returned is ready to be recorded.
///
/// # Errors
/// A refusal in plain words when the schema or a file cannot be used; otherwise when storage fails.
pub fn freeze(
    blobs: &Blobs,
    now: Timestamp,
    input: FreezeInput,
    watch: &dyn Watch,
) -> Result<PopulationBody> {
    let schema = schema::parse(&input.schema).map_err(told)?;
    let dates: Vec<Date> = input.sources.iter().filter_map(|s| s.speaks_for).collect();
    let coverage = rules::declared(&schema, input.span, &dates, &input.period)?;
    let mut texts: Vec<String> = dates.iter().map(ToString::to_string).collect();
    texts.sort_unstable();
    texts.dedup();
    // Told before a large file is read; the record is checked again when it is made.
    rules::may_be_frozen(&schema.name, Some(&coverage), &texts, &input.period, now)?;
    let span =
        (schema.kind == Kind::Events).then_some(Span { from: coverage.from, to: coverage.to });
    let work = tempfile::tempdir().map_err(failed)?;
    let out = work.path().join("frozen");
    let options = FreezeOptions {
        out: Some(&out),
        watch,
        span,
        declared: input.declared,
        ..FreezeOptions::at(now.to_jiff())
    };
    let frozen = populations::freeze(&schema, input.sources, &options).map_err(told)?;
    let rows_blob = keep(blobs, &out.join(ROWS_FILE))?;
    let record_blob = keep(blobs, &out.join(RECORD_FILE))?;
    let body = body_of(frozen, input.name, input.source, input.controls, rows_blob, record_blob)?;
    Ok(PopulationBody { coverage: Some(coverage), origin: Some(input.origin), ..body })
}

fn body_of(
    frozen: Frozen,
    name: String,
    source: String,
    controls: Vec<ControlId>,
    rows_blob: BlobRef,
    record_blob: BlobRef,
) -> Result<PopulationBody> {
    let json = |value: serde_json::Result<serde_json::Value>| {
        value.map_err(|e| Error::Other(format!("a profile that cannot be written: {e}")))
    };
    let dates: BTreeSet<String> =
        frozen.sources.iter().filter_map(|s| s.speaks_for).map(|d| d.to_string()).collect();
    let files: Vec<String> =
        frozen.sources.iter().map(|s| format!("{} ({})", s.name, s.sha256)).collect();
    Ok(PopulationBody {
        name: if name.trim().is_empty() { frozen.name.clone() } else { name },
        controls,
        rows: frozen.rows,
        canonical_sha256: frozen.canonical_sha256.clone(),
        schema_sha256: frozen.schema_sha256.clone(),
        meaning: Some(frozen.schema_meaning.clone()),
        key: frozen.key.clone(),
        columns: json(serde_json::to_value(&frozen.columns))?,
        checks: json(serde_json::to_value(&frozen.checks))?,
        source: if source.trim().is_empty() { files.join(", ") } else { source },
        speaks_for: dates.into_iter().collect(),
        rows_blob,
        record_blob,
        frozen_at: frozen.frozen_at.into(),
        coverage: None,
        origin: None,
    })
}

/// Frozen rows in a working directory, which goes when this is dropped.
pub struct Thawed {
    /// Rows and record.
    pub frozen: FrozenDir,
    _work: TempDir,
}

/// Brings the frozen rows of a population out of storage, verified by their digests.
///
/// # Errors
/// When they are not in storage, or are not those that were frozen.
pub fn thaw(blobs: &Blobs, body: &PopulationBody) -> Result<Thawed> {
    let work = tempfile::tempdir().map_err(failed)?;
    for (name, blob) in [(ROWS_FILE, &body.rows_blob), (RECORD_FILE, &body.record_blob)] {
        blobs.copy_out(&blob.sha256, &work.path().join(name)).map_err(stored)?;
    }
    let frozen = open(work.path()).map_err(told)?;
    if frozen.record.canonical_sha256 != body.canonical_sha256 {
        return Err(Error::Other(format!(
            "the stored rows of {} are not those that were frozen",
            body.name
        )));
    }
    Ok(Thawed { frozen, _work: work })
}

/// The items that follow from a population and a seed, in the order of selection.
///
/// # Errors
/// A refusal in plain words when the selection cannot be made; otherwise when storage fails.
pub fn derive(
    blobs: &Blobs,
    population: &PopulationBody,
    method: SelectionMethod,
    strata: Option<Strata<'_>>,
    seed: &str,
    size: usize,
) -> Result<Vec<String>> {
    let method = match method {
        SelectionMethod::Random => Method::Random,
        SelectionMethod::Systematic => Method::Systematic,
        SelectionMethod::Stratified => Method::Stratified,
        SelectionMethod::Haphazard | SelectionMethod::Targeted | SelectionMethod::Block => {
            return Err(Refusal::input("Items named by hand follow from no seed.").into());
        }
    };
    if method == Method::Stratified && strata.is_none() {
        return Err(
            Refusal::field("strata_column", "Name the column that holds the strata.").into()
        );
    }
    let effective = effective_seed(&population.canonical_sha256, seed)?;
    let thawed = thaw(blobs, population)?;
    let found =
        select_from_frozen(&thawed.frozen, method, &effective, size, strata).map_err(told)?;
    Ok(found.selected)
}

/// A store of files that goes when this is dropped: for work on a package, far from any deployment.
pub struct Scratch {
    /// The store.
    pub blobs: Blobs,
    _work: TempDir,
}

/// Makes an empty store of files.
///
/// # Errors
/// When there is no place for working files.
pub fn scratch() -> Result<Scratch> {
    let work = tempfile::tempdir().map_err(failed)?;
    let blobs = Blobs::new(LocalStore::open(work.path()).map_err(stored)?);
    Ok(Scratch { blobs, _work: work })
}

/// Makes the hash of a population again from its stored rows, believing no digest that is recorded
/// with them.
///
/// # Errors
/// When the rows are not in storage, or are no rows.
pub fn rehash(blobs: &Blobs, body: &PopulationBody) -> Result<Rehashed> {
    let work = tempfile::tempdir().map_err(failed)?;
    for (name, blob) in [(ROWS_FILE, &body.rows_blob), (RECORD_FILE, &body.record_blob)] {
        blobs.copy_out(&blob.sha256, &work.path().join(name)).map_err(stored)?;
    }
    populations::frozen::rehash(work.path()).map_err(told)
}

/// The items of a recorded sample, drawn again.
///
/// # Errors
/// As [`derive`].
pub fn draw_again(
    blobs: &Blobs,
    population: &PopulationBody,
    sample: &SampleBody,
) -> Result<Vec<String>> {
    let choice = Choice {
        method: sample.method,
        strata_column: sample.strata_column.as_deref(),
        strata_minimum: sample.notes.strata_minimum,
        seed: sample.seed.as_deref().unwrap_or_default(),
        size: sample.selected.len(),
    };
    Ok(derive_choice(blobs, population, &choice)?.0)
}

/// The hash of the kept rows of a full-population run, made again from them.
///
/// # Errors
/// When they are not in storage, or rows, totals and hash do not agree with each other.
pub fn result_again(blobs: &Blobs, body: &CensusBody) -> Result<String> {
    let work = tempfile::tempdir().map_err(failed)?;
    let record = populations::census::RESULT_FILE;
    for (name, blob) in [(ROWS_FILE, &body.rows_blob), (record, &body.result_blob)] {
        blobs.copy_out(&blob.sha256, &work.path().join(name)).map_err(stored)?;
    }
    populations::census::verify_result(work.path()).map(|c| c.result_sha256).map_err(told)
}

/// Runs a recorded test again over the populations it read, with the parameters it ran with.
///
/// # Errors
/// A refusal in plain words when its text or its populations are not there, or it cannot be run; otherwise
/// when storage fails.
pub fn run_again(
    blobs: &Blobs,
    body: &CensusBody,
    known: &BTreeMap<crate::model::PopulationId, Population>,
) -> Result<CensusInput> {
    let text = procedure_text(blobs, body).ok_or_else(|| {
        Refusal::input(
            "The text of the test is not there: neither the file nor the library has one with the recorded digest.",
        )
    })?;
    let mut populations = BTreeMap::new();
    for used in &body.populations {
        let found = known.get(&used.population).ok_or_else(|| {
            Refusal::input(format!("The population {} is not there.", used.population))
        })?;
        populations.insert(used.alias.clone(), found.clone());
    }
    let request = CensusRequest {
        test: body.test,
        procedure: &body.procedure,
        text: &text,
        populations: &populations,
        values: &body.parameters,
    };
    census(blobs, &request, &())
}

/// The text that a recorded run was carried out with: kept beside the run, or that of the library under
/// its name. None when neither has the recorded digest.
#[must_use]
pub fn procedure_text(blobs: &Blobs, body: &CensusBody) -> Option<String> {
    let kept = body.procedure_blob.as_ref().and_then(|blob| {
        String::from_utf8(blobs.read(&blob.sha256, TEST_BYTES_MAX as u64).ok()?).ok()
    });
    let known = || library::find(&body.procedure).map(|t| t.test.to_owned());
    kept.or_else(known)
        .filter(|text| hex::encode(Sha256::digest(text.as_bytes())) == body.procedure_sha256)
}

/// What is to be selected.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// How.
    pub method: SelectionMethod,
    /// The column that holds the strata.
    pub strata_column: Option<&'a str>,
    /// The least number of items from each stratum.
    pub strata_minimum: u64,
    /// The auditor's seed.
    pub seed: &'a str,
    /// How many items.
    pub size: usize,
}

/// As [`derive`], with a minimum per stratum and with the months that the selection leaves out.
///
/// # Errors
/// As [`derive`].
pub fn derive_choice(
    blobs: &Blobs,
    population: &PopulationBody,
    choice: &Choice<'_>,
) -> Result<(Vec<String>, Vec<UncoveredMonth>)> {
    let strata = choice
        .strata_column
        .filter(|_| choice.method == SelectionMethod::Stratified)
        .map(|column| Strata { column, minimum: choice.strata_minimum });
    let selected = derive(blobs, population, choice.method, strata, choice.seed, choice.size)?;
    let uncovered = uncovered(blobs, population, &selected)?;
    Ok((selected, uncovered))
}

/// The column by which a population is dated, as its frozen schema says.
fn dated_by(frozen: &FrozenDir) -> Option<String> {
    let meaning = &frozen.record.schema_meaning;
    let line = meaning.lines().find_map(|line| line.strip_prefix("dated_by "))?;
    (line != "-").then(|| line.to_owned())
}

/// The month of a canonical date or instant, in the population's own zone.
fn month_of(text: &str, zone: &str) -> Option<String> {
    if let (Ok(at), Ok(zone)) = (text.parse::<jiff::Timestamp>(), jiff::tz::TimeZone::get(zone)) {
        return Some(at.to_zoned(zone).strftime("%Y-%m").to_string());
    }
    text.get(..7).map(str::to_owned)
}

/// Months with a tenth or more of a dated population and no selected item.
fn uncovered(
    blobs: &Blobs,
    population: &PopulationBody,
    selected: &[String],
) -> Result<Vec<UncoveredMonth>> {
    let thawed = thaw(blobs, population)?;
    let Some(column) = dated_by(&thawed.frozen) else { return Ok(Vec::new()) };
    let zone = &thawed.frozen.record.zone;
    let days = thawed.frozen.column(&column).map_err(told)?;
    let months: Vec<Option<String>> =
        days.into_iter().map(|day| day.and_then(|d| month_of(&d, zone))).collect();
    let ids = thawed.frozen.ids().map_err(told)?;
    let dated = ids
        .iter()
        .zip(&months)
        .filter_map(|(id, month)| month.as_deref().map(|month| (id.as_str(), month)));
    let chosen = selected.iter().map(String::as_str).collect();
    let bare = populations::select::uncovered_months(dated, &chosen);
    let of = |m: populations::select::UncoveredMonth| UncoveredMonth {
        month: m.month,
        population: m.population,
    };
    Ok(bare.into_iter().map(of).collect())
}

/// Every item of a run, in ascending order of ids: those whose value of the column lies between `from`
/// and `to`. A day as the end stands for every moment of that day.
///
/// # Errors
/// A refusal when there is no such column or no such item; otherwise when storage fails.
pub fn block(blobs: &Blobs, population: &PopulationBody, run: &Block) -> Result<Vec<String>> {
    let thawed = thaw(blobs, population)?;
    let values = thawed.frozen.column(&run.column).map_err(told)?;
    let ids = thawed.frozen.ids().map_err(told)?;
    let within = |value: &str| {
        value >= run.from.as_str() && (value <= run.to.as_str() || value.starts_with(&run.to))
    };
    let mut found: Vec<String> = ids
        .into_iter()
        .zip(values)
        .filter(|(_, value)| value.as_deref().is_some_and(within))
        .map(|(id, _)| id)
        .collect();
    found.sort_unstable();
    if found.is_empty() {
        return Err(Refusal::field(
            "from",
            format!("No item of {} has a {} in this run.", population.name, run.column),
        )
        .into());
    }
    Ok(found)
}

/// Draws a recorded sample again and says whether the same items come out.
///
/// # Errors
/// As [`derive`].
pub fn rederive(blobs: &Blobs, population: &PopulationBody, sample: &SampleBody) -> Result<bool> {
    Ok(draw_again(blobs, population, sample)? == sample.selected)
}

/// The item that takes the place of one that never belonged to the population: the next of the ranking
/// under the sample's effective seed that is not on its sheet; of a stratified sample, the next of the
/// same stratum. A function of the frozen rows, the sample and its sheet, so that anybody can derive it.
///
/// # Errors
/// A refusal when the sample was not drawn by seed or no item is left; otherwise when storage fails.
pub fn next_ranked(
    blobs: &Blobs,
    population: &PopulationBody,
    sample: &SampleBody,
    on_sheet: &[String],
    replaced: &str,
) -> Result<String> {
    let Some(seed) = sample.effective_seed.as_deref() else {
        return Err(Refusal::input("Items named by hand follow from no seed.").into());
    };
    let thawed = thaw(blobs, population)?;
    let ids = thawed.frozen.ids().map_err(told)?;
    let strata = match &sample.strata_column {
        Some(column) => Some(thawed.frozen.column(column).map_err(told)?),
        None => None,
    };
    let stratum_of = |at: usize| strata.as_ref().and_then(|s| s.get(at)).cloned().flatten();
    let wanted = ids.iter().position(|id| id == replaced).and_then(stratum_of);
    let rest: Vec<&str> = ids
        .iter()
        .enumerate()
        .filter(|(at, id)| {
            !on_sheet.contains(id) && (strata.is_none() || stratum_of(*at) == wanted)
        })
        .map(|(_, id)| id.as_str())
        .collect();
    if rest.is_empty() {
        return Err(Refusal::state(
            "No item of the population is left to take this one's place. The sample is smaller by one; say so in the conclusion.",
        )
        .into());
    }
    let next = populations::select::rank(seed, &rest, 1).map_err(told)?;
    next.into_iter().next().map(|r| r.id).ok_or_else(|| Refusal::NotFound.into())
}

/// The text of a test of the library.
///
/// # Errors
/// A refusal that names those there are.
pub fn library_test(id: &str) -> Result<&'static str, Refusal> {
    library::find(id).map(|found| found.test).ok_or_else(|| {
        let known: Vec<&str> = library::TESTS.iter().map(|t| t.id).collect();
        Refusal::input(format!(
            "The library has no test of this name; it has {}.",
            known.join(", ")
        ))
    })
}

/// The text of a schema of the library: `leavers-against-logons/roster.toml`.
///
/// # Errors
/// A refusal that names those there are.
pub fn library_schema(name: &str) -> Result<&'static str, Refusal> {
    let found = name.split_once('/').and_then(|(test, file)| library::find(test)?.schema(file));
    found.ok_or_else(|| {
        let known: Vec<String> = library::TESTS
            .iter()
            .flat_map(|t| t.schemas.iter().map(move |(file, _)| format!("{}/{file}", t.id)))
            .collect();
        Refusal::input(format!("The library has no such schema; it has {}.", known.join(", ")))
    })
}

/// The names of the library's tests.
pub fn library_tests() -> impl Iterator<Item = &'static str> {
    library::TESTS.iter().map(|t| t.id)
}

/// A full-population test to be run.
pub struct CensusRequest<'a> {
    /// The planned test that it carries out.
    pub test: TestId,
    /// What it is called.
    pub procedure: &'a str,
    /// The text of its test file.
    pub text: &'a str,
    /// The populations it reads, by the names it uses.
    pub populations: &'a BTreeMap<String, Population>,
    /// Parameter values.
    pub values: &'a BTreeMap<String, String>,
}

/// Runs a test over frozen populations and stores the whole result. What is returned is ready to be
/// recorded.
///
/// # Errors
/// A refusal in plain words when the test cannot be run; otherwise when storage fails.
pub fn census(
    blobs: &Blobs,
    request: &CensusRequest<'_>,
    watch: &dyn Watch,
) -> Result<CensusInput> {
    let test: TestFile = parse_test(request.text).map_err(told)?;
    let mut thawed = BTreeMap::new();
    for (alias, population) in request.populations {
        thawed.insert(alias.clone(), thaw(blobs, &population.body)?);
    }
    let bound: BTreeMap<String, FrozenDir> =
        thawed.iter().map(|(alias, t)| (alias.clone(), t.frozen.clone())).collect();
    let work = tempfile::tempdir().map_err(failed)?;
    let out = work.path().join("result");
    let options = CensusOptions {
        out: Some(&out),
        rows_listed_max: CENSUS_ROWS_MAX,
        watch,
        ..CensusOptions::with_spill(work.path())
    };
    let found = run(&test, &bound, request.values, &options).map_err(told)?;
    let rows_blob = keep(blobs, &out.join(ROWS_FILE))?;
    let result_blob = keep(blobs, &out.join(populations::census::RESULT_FILE))?;
    let procedure_blob = blobs.put_bytes(request.text.as_bytes()).map_err(stored)?;
    let populations = request
        .populations
        .iter()
        .map(|(alias, population)| PopulationUse {
            population: population.id,
            alias: alias.clone(),
            canonical_sha256: population.body.canonical_sha256.clone(),
        })
        .collect();
    Ok(CensusInput {
        body: CensusBody {
            test: request.test,
            procedure: request.procedure.to_owned(),
            procedure_sha256: found.test_sha256,
            procedure_blob: Some(procedure_blob),
            parameters: found.parameters,
            populations,
            population: found.population,
            pass: found.pass,
            exceptions: found.exceptions,
            unmatched: found.unmatched,
            excluded: found.excluded,
            result_sha256: found.result_sha256,
            result_blob,
            rows_blob,
        },
        rows: found.rows.iter().filter_map(row_of).collect(),
    })
}

fn row_of(row: &populations::census::UnitRow) -> Option<CensusRow> {
    let outcome = match row.result {
        UnitResult::Exception => RowOutcome::Exception,
        UnitResult::Unmatched => RowOutcome::Unmatched,
        UnitResult::Excluded | UnitResult::Pass => return None,
    };
    let mut detail = row.reason.clone().unwrap_or_default();
    for (name, value) in &row.detail {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let part = format!("; {name}: {shown}");
        if detail.len() + part.len() <= DETAIL_MAX {
            detail.push_str(&part);
        }
    }
    Some(CensusRow { key: row.unit.clone(), outcome, detail })
}
