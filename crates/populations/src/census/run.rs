//! Running a test: first the quick way, on all threads at once; where that finds a fault or lacks
//! memory, and where the rows are kept, the careful way in the order of units.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::prelude::{DataFrame, SessionContext};
use datafusion::sql::parser::Statement as DfStatement;
use datafusion::sql::sqlparser::ast::Statement;
use sha2::{Digest, Sha256};

use crate::census::engine::{
    Functions, Joins, Limits, engine_error, register, run_to_end, session,
};
use crate::census::outcome::{Census, PopulationUsed, RESULT_FILE};
use crate::census::result_columns::{meaning, plan, plan_units};
use crate::census::sandbox::parse_query;
use crate::census::tally::Tally;
use crate::census::test_file::TestFile;
use crate::census::values::{Value, Values, resolve};
use crate::census::{parallel, plan_size, sorted};
use crate::error::{Error, Result, excerpt};
use crate::frozen::{FrozenDir, write_whole};
use crate::progress::Watch;

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
    let work = Run { test, populations, values: &values, options, limits: &limits };
    let mut census = run_to_end(&limits, options.watch, work.count())?;
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

/// One run with all it needs.
struct Run<'a> {
    test: &'a TestFile,
    populations: &'a BTreeMap<String, FrozenDir>,
    values: &'a Values,
    options: &'a CensusOptions<'a>,
    limits: &'a Limits,
}

/// Both queries, planned.
struct Queries {
    units: DataFrame,
    answers: DataFrame,
    schema: SchemaRef,
    meaning: String,
    digest: [u8; 32],
}

impl Queries {
    fn tally(&self, listed_max: usize) -> Tally {
        Tally::new(SchemaRef::clone(&self.schema), &self.digest, listed_max)
    }
}

impl Run<'_> {
    async fn count(&self) -> Result<Census> {
        let quick = match self.options.out {
            None => self.quickly().await,
            Some(_) => self.in_order(Joins::InMemory).await.map(Some),
        };
        match quick {
            Ok(Some(census)) => Ok(census),
            // Sorting and merging can go on in temporary files where a table in memory cannot.
            Ok(None) | Err(Error::Limit(_)) => self.in_order(Joins::Sorted).await,
            Err(error) => Err(error),
        }
    }

    async fn quickly(&self) -> Result<Option<Census>> {
        let queries = self.queries(Joins::InMemory).await?;
        let (options, listed_max) = (self.options, self.options.rows_listed_max);
        let empty = || queries.tally(listed_max);
        let (units, answers) = (queries.units.clone(), queries.answers.clone());
        let found = parallel::count(units, answers, empty, options.threads, options.watch).await?;
        Ok(found
            .map(|tally| tally.finish(self.test, queries.meaning, String::new(), options.threads)))
    }

    async fn in_order(&self, joins: Joins) -> Result<Census> {
        let queries = self.queries(joins).await?;
        let options = self.options;
        let tally = queries.tally(options.rows_listed_max);
        let (tally, rows_sha256) =
            sorted::count(queries.units, queries.answers, tally, options.out, options.watch)
                .await?;
        Ok(tally.finish(self.test, queries.meaning, rows_sha256, options.threads))
    }

    async fn queries(&self, joins: Joins) -> Result<Queries> {
        let functions = Functions::steady();
        let names = functions.names();
        let units = parse_query("units query", &self.test.units_sql, &names, self.values)?;
        let answers = parse_query("test query", &self.test.test_sql, &names, self.values)?;
        let context = session(functions, self.limits, joins)?;
        for (alias, frozen) in self.populations {
            register(&context, alias, &frozen.rows_path()).await?;
        }
        let units = frame(&context, units).await?;
        let unit = plan_units(units.schema())?;
        let units = units.select(vec![unit]).map_err(|error| engine_error(&error))?;
        let answers = frame(&context, answers).await?;
        let columns = plan(answers.schema())?;
        let schema: SchemaRef = Arc::new(columns.schema);
        let answers = answers.select(columns.expressions).map_err(|error| engine_error(&error))?;
        let zone = self.values.get("zone").map(Value::shown);
        let meaning = meaning(&self.test.name, zone.as_deref(), &schema);
        let digest = Sha256::digest(meaning.as_bytes()).into();
        Ok(Queries { units, answers, schema, meaning, digest })
    }
}

async fn frame(context: &SessionContext, statement: Statement) -> Result<DataFrame> {
    let plan = context
        .state()
        .statement_to_plan(DfStatement::Statement(Box::new(statement)))
        .await
        .map_err(|error| engine_error(&error))?;
    plan_size::check(&plan)?;
    // A second guard behind the reading of the query's text: the plan itself must only read.
    datafusion::execution::context::SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)
        .map_err(|error| engine_error(&error))?;
    context.execute_logical_plan(plan).await.map_err(|error| engine_error(&error))
}
