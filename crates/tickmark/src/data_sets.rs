//! `tickmark population` and `tickmark sample select`: data sets frozen, tested whole, drawn from.

use clap::{Args, Subcommand};
use kernel::time::Timestamp;
use platform::cli::{Answer, Failed, Outcome};
use platform::edge::{Edge, SystemEdge};
use populations::commands::{
    TestRun, TestSource, open_sources, parse_binding, read_schema, select_from, test_files,
};
use populations::schema::parse_snapshot_date;
use populations::select::{Method, Strata};
use populations::{FreezeOptions, freeze};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `tickmark population …`
#[derive(Debug, Clone, Subcommand)]
pub enum PopulationCommand {
    /// Read, check and hash a data set, and keep it for tests
    Freeze(FreezeArgs),
    /// Test every unit of a population by a query
    Test(TestArgs),
}

/// `tickmark population freeze`
#[derive(Debug, Clone, Args)]
pub struct FreezeArgs {
    /// The file: CSV, also gzipped; FILE@DATE for a snapshot, several for several dates
    #[arg(required = true, value_name = "FILE[@DATE]")]
    pub files: Vec<String>,
    /// What its columns mean
    #[arg(long, value_name = "FILE")]
    pub schema: PathBuf,
    /// A new directory that receives the frozen population
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `tickmark population test`
#[derive(Debug, Clone, Args)]
pub struct TestArgs {
    /// The test: a TOML file, or library:NAME for one that is shipped
    #[arg(value_name = "TEST.toml")]
    pub test: String,
    /// A population of the test: NAME=FILE, NAME=FILE@DATE,FILE@DATE or NAME=FROZEN-DIRECTORY
    #[arg(long = "with", value_name = "NAME=PATH")]
    pub with: Vec<String>,
    /// A parameter of the test: NAME=VALUE
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// A new directory that receives the whole result
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `tickmark sample select`
#[derive(Debug, Clone, Args)]
pub struct SelectArgs {
    /// The seed
    #[arg(long, value_name = "TEXT")]
    pub seed: String,
    /// How many items
    #[arg(long, value_name = "N")]
    pub size: usize,
    /// One id a line, a CSV whose first column is the id, or a frozen population's directory
    #[arg(long, value_name = "FILE")]
    pub ids: PathBuf,
    /// random, systematic or stratified
    #[arg(long, default_value = "random")]
    pub method: String,
    /// The column that holds the strata
    #[arg(long, value_name = "C")]
    pub strata_column: Option<String>,
    /// The least number of items from each stratum, or all that it has; 0 for shares alone
    #[arg(long, value_name = "N", default_value_t = 0, requires = "strata_column")]
    pub minimum: u64,
}

fn now() -> Timestamp {
    SystemEdge.env().now()
}

fn failed(e: populations::Error) -> Failed {
    Failed(e.to_string())
}

impl PopulationCommand {
    /// Runs it.
    ///
    /// # Errors
    /// One sentence; the exit code is then 2.
    pub fn run(&self) -> Outcome {
        match self {
            Self::Freeze(args) => args.run(),
            Self::Test(args) => args.run(),
        }
    }
}

impl FreezeArgs {
    fn run(&self) -> Outcome {
        let schema = read_schema(&self.schema).map_err(failed)?;
        let mut files = Vec::new();
        for text in &self.files {
            files.push(match text.rsplit_once('@') {
                Some((path, date)) => {
                    (PathBuf::from(path), Some(parse_snapshot_date(date).map_err(Failed)?))
                }
                None => (PathBuf::from(text), None),
            });
        }
        let options =
            FreezeOptions { out: self.out.as_deref(), ..FreezeOptions::at(now().to_jiff()) };
        let sources = open_sources(&files).map_err(failed)?;
        let frozen = freeze(&schema, sources, &options).map_err(failed)?;
        let text = format!("{} rows frozen.\nSHA-256 {}", frozen.rows, frozen.canonical_sha256);
        Answer::new(&frozen, text)
    }
}

impl TestArgs {
    fn run(&self) -> Outcome {
        let source = match self.test.strip_prefix("library:") {
            Some(id) => TestSource::library(id),
            None => TestSource::file(self.test.as_ref()),
        }
        .map_err(failed)?;
        let mut bindings = BTreeMap::new();
        for text in &self.with {
            let (name, binding) = parse_binding(text).map_err(failed)?;
            bindings.insert(name, binding);
        }
        let mut values = BTreeMap::new();
        for text in &self.set {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| Failed(format!("--set: “{text}” is not NAME=VALUE.")))?;
            values.insert(name.to_owned(), value.to_owned());
        }
        let how = TestRun {
            bindings: &bindings,
            values: &values,
            now: now().to_jiff(),
            out: self.out.as_deref(),
            watch: &(),
        };
        let census = test_files(&source, &how).map_err(failed)?;
        let text = format!(
            "{}: {} units = {} pass + {} exceptions + {} unmatched + {} excluded.",
            census.test,
            census.population,
            census.pass,
            census.exceptions,
            census.unmatched,
            census.excluded
        );
        Answer::new(&census, text)
    }
}

impl SelectArgs {
    /// Selects.
    ///
    /// # Errors
    /// One sentence; the exit code is then 2.
    pub fn run(&self) -> Outcome {
        let method = Method::named(&self.method).ok_or_else(|| {
            Failed(format!(
                "--method: “{}” is none of random, systematic and stratified.",
                self.method
            ))
        })?;
        let minimum = self.minimum;
        let strata = self.strata_column.as_deref().map(|column| Strata { column, minimum });
        let selection =
            select_from(&self.ids, method, &self.seed, self.size, strata).map_err(failed)?;
        let text = selection.selected.join("\n");
        Answer::new(&selection, text)
    }
}
