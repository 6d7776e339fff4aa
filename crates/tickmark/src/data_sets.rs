//! `tickmark population` and `tickmark sample select`: data sets frozen, tested whole, drawn from.

use clap::{Args, Subcommand};
use kernel::period::{Date, parse_date};
use kernel::time::Timestamp;
use platform::cli::{Answer, Failed, Outcome};
use platform::edge::{Edge, SystemEdge};
use populations::commands::{
    TestRun, TestSource, open_sources, parse_binding, read_schema, select_from, test_files,
};
use populations::coverage::{Undeclared, declared};
use populations::schema::{Kind, Schema, parse_snapshot_date};
use populations::select::{Method, Strata};
use populations::times::Span;
use populations::{FreezeOptions, freeze};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    /// The first day whose occurrences the data holds, where the schema of an event population does not say
    #[arg(long, value_name = "DATE", requires = "to")]
    pub from: Option<String>,
    /// The last day whose occurrences the data holds, where the schema of an event population does not say
    #[arg(long, value_name = "DATE", requires = "from")]
    pub to: Option<String>,
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
                // An address in the name of a file is no date.
                Some((path, date)) if !Path::new(text).exists() => {
                    (PathBuf::from(path), Some(parse_snapshot_date(date).map_err(Failed)?))
                }
                _ => (PathBuf::from(text), None),
            });
        }
        let covers = self.covers(&schema, &files)?;
        let options = FreezeOptions {
            out: self.out.as_deref(),
            span: covers.filter(|_| schema.kind == Kind::Events),
            ..FreezeOptions::at(now().to_jiff())
        };
        let sources = open_sources(&files).map_err(failed)?;
        let frozen = freeze(&schema, sources, &options).map_err(failed)?;
        let said = covered(&schema, covers);
        let text =
            format!("{} rows frozen.\nSHA-256 {}\n{said}", frozen.rows, frozen.canonical_sha256);
        Answer::new(&Frozen { frozen: &frozen, covers, said: &said }, text)
    }

    /// What the data covers, by the rule of the auditor's file. Of a capture nothing may be said: it can be
    /// hashed all the same.
    fn covers(
        &self,
        schema: &Schema,
        files: &[(PathBuf, Option<Date>)],
    ) -> Result<Option<Span>, Failed> {
        let day = |text: &String| parse_date(text).map_err(|fault| Failed(format!("{fault}.")));
        let given = match (&self.from, &self.to) {
            (Some(from), Some(to)) => Some(Span { from: day(from)?, to: day(to)? }),
            _ => None,
        };
        let dates: Vec<Date> = files.iter().filter_map(|(_, date)| *date).collect();
        match declared(schema, given, &dates, None) {
            Ok(covers) => Ok(Some(covers)),
            Err(Undeclared::NoDate { .. }) => Ok(None),
            Err(fault @ Undeclared::NoSpan { .. }) => {
                Err(Failed(format!("{fault} Write --from and --to, or span in the schema.")))
            }
            Err(fault) => Err(Failed(fault.to_string())),
        }
    }
}

/// The answer of `population freeze`: the record of the freeze, and what it covers.
#[derive(Serialize)]
struct Frozen<'a> {
    #[serde(flatten)]
    frozen: &'a populations::Frozen,
    covers: Option<Span>,
    #[serde(rename = "coverage")]
    said: &'a str,
}

/// What is covered, in a sentence; for a capture of which nothing says it, what follows from that.
fn covered(schema: &Schema, covers: Option<Span>) -> String {
    let zone = &schema.zone_name;
    match (schema.kind, covers) {
        (Kind::Events, Some(span)) => {
            format!("Covers {} to {}, days of {zone}.", span.from, span.to)
        }
        (Kind::Capture, Some(span)) if span.from == span.to => {
            format!("A configuration capture, which speaks for {} in {zone}.", span.to)
        }
        (Kind::Capture, Some(span)) => format!(
            "Configuration captures, which speak for dates from {} to {} in {zone}.",
            span.from, span.to
        ),
        (_, None) => "No span declared: a configuration capture covers none, and nothing says which date this one speaks for. The rows can be hashed and tested; the auditor’s file takes them only with a date (FILE@2026-06-30, or speaks_for.date in the schema).".to_owned(),
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
