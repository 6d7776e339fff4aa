//! Running a test: units and answers are read side by side in the order of units, so that a missing,
//! doubled or unknown unit is found without holding either list in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{Array, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::{DataFrame, SessionContext, col};
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::sqlparser::ast::Statement;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use crate::cell::Cell;
use crate::census::engine::{Functions, Limits, engine_error, register, run_to_end, session};
use crate::census::outcome::{
    Census, PopulationUsed, RESULT_FILE, ReasonCount, UnitResult, UnitRow,
};
use crate::census::result_columns::{FIXED, meaning, plan, plan_units};
use crate::census::sandbox::parse_query;
use crate::census::test_file::TestFile;
use crate::census::values::{Values, resolve};
use crate::digest::{Digester, PopulationHasher};
use crate::error::{Error, Result, excerpt};
use crate::frozen::{FrozenDir, ROWS_FILE, write_whole};
use crate::progress::{Progress, Stage, Watch};
use crate::views::View;
use crate::writer::RowWriter;

const REASONS_MAX: usize = 200;
const SHOWN_UNITS: usize = 5;

/// How to run a test.
pub struct CensusOptions<'a> {
    /// Directory that receives the whole result; must not hold one. `None` keeps only the answer.
    pub out: Option<&'a Path>,
    /// Directory for temporary files when a query needs more than its memory.
    pub spill: &'a Path,
    /// Rows listed in the answer.
    pub rows_listed_max: usize,
    /// Memory of the query engine, in bytes.
    pub memory_bytes_max: usize,
    /// Temporary files of the query engine, in bytes.
    pub spill_bytes_max: u64,
    /// Longest time the queries may take.
    pub time_max: Duration,
    /// Threads, 1 to 64.
    pub threads: usize,
    /// Who watches.
    pub watch: &'a dyn Watch,
}

impl<'a> CensusOptions<'a> {
    /// Usual limits: 1,000 rows listed, 1 GiB of memory, 16 GiB of temporary files in `spill`, ten
    /// minutes.
    pub fn with_spill(spill: &'a Path) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            out: None,
            spill,
            rows_listed_max: 1_000,
            memory_bytes_max: 1024 * 1024 * 1024,
            spill_bytes_max: 16 * 1024 * 1024 * 1024,
            time_max: Duration::from_secs(600),
            threads: threads.clamp(1, 16),
            watch: &(),
        }
    }
}

/// Runs a test over frozen populations, with parameter values given for this run.
///
/// # Errors
/// [`Error::Test`] when a population is not bound, a parameter is not declared, a query is refused,
/// or its answer is not one row for every unit; [`Error::Limit`], [`Error::Cancelled`],
/// [`Error::Io`]. Nothing is kept then.
pub fn run(
    test: &TestFile,
    populations: &BTreeMap<String, FrozenDir>,
    given: &BTreeMap<String, String>,
    options: &CensusOptions<'_>,
) -> Result<Census> {
    check_populations(test, populations)?;
    let values = resolve(test, given, populations)?;
    if let Some(out) = options.out
        && out.join(RESULT_FILE).exists()
    {
        return Err(Error::Refused(format!(
            "{} already holds a result, and a result is never written over. Choose another directory.",
            out.display()
        )));
    }
    let limits = Limits {
        memory_bytes: options.memory_bytes_max,
        spill_bytes: options.spill_bytes_max,
        spill_directory: options.spill.to_owned(),
        time: options.time_max,
        threads: options.threads,
    };
    let work = count(test, populations, &values, options, &limits);
    let mut census = run_to_end(&limits, options.watch, work)?;
    census.parameters = values.iter().map(|(name, value)| (name.clone(), value.shown())).collect();
    census.populations =
        populations.iter().map(|(alias, frozen)| (alias.clone(), used(frozen))).collect();
    if let Some(out) = options.out {
        let text =
            serde_json::to_vec_pretty(&census).map_err(|error| Error::Engine(error.to_string()))?;
        write_whole(&out.join(RESULT_FILE), &text)?;
    }
    Ok(census)
}

fn check_populations(test: &TestFile, populations: &BTreeMap<String, FrozenDir>) -> Result<()> {
    if let Some(stranger) = populations.keys().find(|alias| !test.populations.contains_key(*alias))
    {
        return Err(Error::Test(format!(
            "it reads no population called \"{}\"",
            excerpt(stranger, 60)
        )));
    }
    for (alias, declared) in &test.populations {
        let Some(population) = populations.get(alias) else {
            return Err(Error::Test(format!(
                "the population {alias} is not given. {} Name its file and schema, or a frozen population.",
                declared.about.as_deref().unwrap_or_default().trim()
            )));
        };
        let refused = &population.record.refused;
        if refused.count > 0 && !declared.accept_refused {
            let first = refused.rows.first().map_or_else(String::new, |row| {
                let column =
                    row.column.as_ref().map_or_else(String::new, |name| format!(", column {name}"));
                format!(" (first: row {}{column} {})", row.row, row.reason)
            });
            return Err(Error::Test(format!(
                "{} records of the population {alias} could not be read{first}, so this would not be a test of all. Correct the export, or say accept_refused = true under [populations.{alias}] and report the number.",
                refused.count
            )));
        }
    }
    Ok(())
}

fn used(frozen: &FrozenDir) -> PopulationUsed {
    PopulationUsed {
        name: frozen.record.name.clone(),
        rows: frozen.record.rows,
        refused: frozen.record.refused.count,
        canonical_sha256: frozen.record.canonical_sha256.clone(),
    }
}

async fn count(
    test: &TestFile,
    populations: &BTreeMap<String, FrozenDir>,
    values: &Values,
    options: &CensusOptions<'_>,
    limits: &Limits,
) -> Result<Census> {
    let functions = Functions::steady();
    let names = functions.names();
    let units_sql = parse_query("units query", &test.units_sql, &names, values)?;
    let test_sql = parse_query("test query", &test.test_sql, &names, values)?;
    let context = session(functions, limits)?;
    for (alias, frozen) in populations {
        register(&context, alias, &frozen.rows_path()).await?;
    }
    let units = frame(&context, units_sql).await?;
    let unit = plan_units(units.schema())?;
    let units = sorted(units.select(vec![unit]).map_err(|error| engine_error(&error))?).await?;
    let answers = frame(&context, test_sql).await?;
    let columns = plan(answers.schema())?;
    let schema: SchemaRef = Arc::new(columns.schema);
    let answers = answers.select(columns.expressions).map_err(|error| engine_error(&error))?;
    let answers = sorted(answers).await?;
    let meaning = meaning(&test.name, test.zone.as_deref(), &schema);
    let writer = match options.out {
        Some(out) => {
            std::fs::create_dir_all(out)
                .map_err(|error| Error::io("making the directory", out, error))?;
            Some(RowWriter::create_file(&out.join(ROWS_FILE), &schema)?)
        }
        None => None,
    };
    let digest: [u8; 32] = Sha256::digest(meaning.as_bytes()).into();
    let mut tally = UnitTally::new(schema, digest, options, writer);
    tally.read(units, answers).await?;
    tally.finish(test, meaning)
}

async fn frame(context: &SessionContext, statement: Statement) -> Result<DataFrame> {
    let plan = context
        .state()
        .statement_to_plan(DfStatement::Statement(Box::new(statement)))
        .await
        .map_err(|error| engine_error(&error))?;
    // A second guard behind the reading of the query's text: the plan itself must only read.
    datafusion::execution::context::SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)
        .map_err(|error| engine_error(&error))?;
    context.execute_logical_plan(plan).await.map_err(|error| engine_error(&error))
}

async fn sorted(frame: DataFrame) -> Result<SendableRecordBatchStream> {
    let frame =
        frame.sort(vec![col("unit").sort(true, true)]).map_err(|error| engine_error(&error))?;
    frame.execute_stream().await.map_err(|error| engine_error(&error))
}

/// A sorted stream of unit names.
struct Units {
    stream: SendableRecordBatchStream,
    batch: Option<StringArray>,
    at: usize,
    last: Option<String>,
    count: u64,
}

impl Units {
    /// The unit at hand, or `None` when all have been read.
    async fn current(&mut self) -> Result<Option<String>> {
        loop {
            if let Some(batch) = &self.batch
                && self.at < batch.len()
            {
                if batch.is_null(self.at) {
                    return Err(Error::Test("the units query names an empty unit".into()));
                }
                return Ok(Some(batch.value(self.at).to_owned()));
            }
            match self.stream.next().await {
                None => return Ok(None),
                Some(batch) => {
                    let batch = batch.map_err(|error| engine_error(&error))?;
                    self.batch =
                        batch.columns().first().map(|array| array.as_string::<i32>().clone());
                    self.at = 0;
                }
            }
        }
    }

    /// Goes on behind `unit`, the one at hand.
    fn advance(&mut self, unit: String) -> Result<()> {
        if self.last.as_ref() == Some(&unit) {
            return Err(Error::Test(format!(
                "the units query names \"{}\" twice",
                excerpt(&unit, 60)
            )));
        }
        self.count += 1;
        self.at += 1;
        self.last = Some(unit);
        Ok(())
    }
}

#[derive(Default)]
struct Strays {
    count: u64,
    first: Vec<String>,
}

impl Strays {
    fn add(&mut self, unit: &str) {
        self.count += 1;
        if self.first.len() < SHOWN_UNITS {
            self.first.push(format!("\"{}\"", excerpt(unit, 60)));
        }
    }
}

struct UnitTally<'a> {
    schema: SchemaRef,
    options: &'a CensusOptions<'a>,
    writer: Option<RowWriter>,
    hasher: PopulationHasher,
    digester: Digester,
    counts: BTreeMap<UnitResult, u64>,
    listed: BTreeMap<UnitResult, Vec<UnitRow>>,
    reasons: BTreeMap<(UnitResult, String), u64>,
    reasons_not_listed: u64,
    last: Option<String>,
    unanswered: Strays,
    unknown: Strays,
}

impl<'a> UnitTally<'a> {
    fn new(
        schema: SchemaRef,
        digest: [u8; 32],
        options: &'a CensusOptions<'a>,
        writer: Option<RowWriter>,
    ) -> Self {
        Self {
            schema,
            options,
            writer,
            hasher: PopulationHasher::new(&digest, false),
            digester: Digester::default(),
            counts: BTreeMap::new(),
            listed: BTreeMap::new(),
            reasons: BTreeMap::new(),
            reasons_not_listed: 0,
            last: None,
            unanswered: Strays::default(),
            unknown: Strays::default(),
        }
    }

    async fn read(
        &mut self,
        units: SendableRecordBatchStream,
        mut answers: SendableRecordBatchStream,
    ) -> Result<()> {
        let mut units = Units { stream: units, batch: None, at: 0, last: None, count: 0 };
        while let Some(batch) = answers.next().await {
            let batch = batch.map_err(|error| engine_error(&error))?;
            self.batch(&batch, &mut units).await?;
            self.options.watch.progress(Progress {
                stage: Stage::Querying,
                rows: self.hasher.count(),
                bytes: 0,
            });
        }
        while let Some(unit) = units.current().await? {
            self.unanswered.add(&unit);
            units.advance(unit)?;
        }
        self.agree(units.count)
    }

    async fn batch(&mut self, batch: &RecordBatch, units: &mut Units) -> Result<()> {
        // The engine may call a column nullable otherwise than planned; the values are the same.
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec())?;
        let views = View::all(&batch, batch.num_columns())?;
        for row in 0..batch.num_rows() {
            let unit = match views.first().map(|view| view.cell(row)) {
                Some(Cell::Text(unit)) if !unit.is_empty() => unit.to_owned(),
                _ => return Err(Error::Test("the test query gives a row without a unit".into())),
            };
            if self.last.as_ref() == Some(&unit) {
                return Err(Error::Test(format!(
                    "the test query gives more than one row for the unit \"{}\"; each unit has one result. Group by unit.",
                    excerpt(&unit, 60)
                )));
            }
            self.meet(&unit, units).await?;
            self.row(&views, row, &unit)?;
            self.last = Some(unit);
        }
        match &mut self.writer {
            Some(writer) => writer.write(&batch),
            None => Ok(()),
        }
    }

    /// Finds a unit of the answers among the units; both come in the same order.
    async fn meet(&mut self, unit: &str, units: &mut Units) -> Result<()> {
        while let Some(next) = units.current().await? {
            match next.as_str().cmp(unit) {
                std::cmp::Ordering::Less => {
                    self.unanswered.add(&next);
                    units.advance(next)?;
                }
                std::cmp::Ordering::Equal => return units.advance(next),
                std::cmp::Ordering::Greater => break,
            }
        }
        self.unknown.add(unit);
        Ok(())
    }

    fn row(&mut self, views: &[View<'_>], row: usize, unit: &str) -> Result<()> {
        let text = |at: usize| match views.get(at).map(|view| view.cell(row)) {
            Some(Cell::Text(text)) => Some(text.to_owned()),
            _ => None,
        };
        let named = text(1).unwrap_or_default();
        let Some(result) = UnitResult::named(&named) else {
            return Err(Error::Test(format!(
                "the unit \"{}\" has the result \"{}\"; it must be pass, exception, unmatched or excluded",
                excerpt(unit, 60),
                excerpt(&named, 40)
            )));
        };
        let reason = text(2).filter(|reason| !reason.trim().is_empty());
        if reason.is_none() && result != UnitResult::Pass {
            return Err(Error::Test(format!(
                "the unit \"{}\" is \"{named}\" without a reason; only a pass needs none",
                excerpt(unit, 60)
            )));
        }
        *self.counts.entry(result).or_default() += 1;
        self.hasher.push(self.digester.row(views.iter().map(|view| view.cell(row))));
        if let Some(reason) = &reason {
            let key = (result, excerpt(reason, 300));
            if self.reasons.len() < REASONS_MAX || self.reasons.contains_key(&key) {
                *self.reasons.entry(key).or_default() += 1;
            } else {
                self.reasons_not_listed += 1;
            }
        }
        let listed = self.listed.entry(result).or_default();
        if listed.len() < self.options.rows_listed_max {
            let names = self.schema.fields().iter().map(|field| field.name().clone());
            let detail = names
                .zip(views)
                .skip(FIXED.len())
                .map(|(name, view)| (name, json(view.cell(row))))
                .collect();
            listed.push(UnitRow { unit: unit.to_owned(), result, reason, detail });
        }
        Ok(())
    }

    fn agree(&self, units: u64) -> Result<()> {
        let mut faults = Vec::new();
        if self.unanswered.count > 0 {
            faults.push(format!(
                "{} of {units} units have no result, for example {}; a join has lost them",
                self.unanswered.count,
                self.unanswered.first.join(", ")
            ));
        }
        if self.unknown.count > 0 {
            faults.push(format!(
                "{} results belong to no unit, for example {}",
                self.unknown.count,
                self.unknown.first.join(", ")
            ));
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Error::Test(format!("units and results do not agree: {}", faults.join("; "))))
        }
    }

    fn finish(mut self, test: &TestFile, result_meaning: String) -> Result<Census> {
        let of =
            |counts: &BTreeMap<UnitResult, u64>, result| counts.get(&result).copied().unwrap_or(0);
        let population = self.hasher.count();
        let rows: Vec<UnitRow> =
            self.listed.into_values().flatten().take(self.options.rows_listed_max).collect();
        let rows_sha256 = match self.writer.take() {
            Some(writer) => writer.finish()?,
            None => String::new(),
        };
        Ok(Census {
            version: 1,
            test: test.name.clone(),
            test_sha256: test.sha256.clone(),
            population,
            pass: of(&self.counts, UnitResult::Pass),
            exceptions: of(&self.counts, UnitResult::Exception),
            unmatched: of(&self.counts, UnitResult::Unmatched),
            excluded: of(&self.counts, UnitResult::Excluded),
            reasons: self
                .reasons
                .into_iter()
                .map(|((result, reason), count)| ReasonCount { result, reason, count })
                .collect(),
            reasons_not_listed: self.reasons_not_listed,
            parameters: BTreeMap::new(),
            populations: BTreeMap::new(),
            result_meaning,
            result_sha256: hex::encode(self.hasher.finish(self.options.threads)),
            rows_sha256,
            rows_not_listed: population - rows.len() as u64,
            rows,
        })
    }
}

fn json(cell: Cell<'_>) -> serde_json::Value {
    match cell {
        Cell::Missing => serde_json::Value::Null,
        Cell::Integer(value) => value.into(),
        Cell::Bool(value) => value.into(),
        Cell::Real(value) => value.into(),
        other => other.canonical().into(),
    }
}
