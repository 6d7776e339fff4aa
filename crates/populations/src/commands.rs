//! What the command line does with files: freeze them, test them, select from a list of ids. Thin
//! over the rest of the crate; paths are the caller's own, so this is not for use on a server.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::census::{
    Census, CensusOptions, PopulationRef, TEST_BYTES_MAX, TestFile, parse_test, run,
};
use crate::error::{Error, Result, excerpt};
use crate::freeze::{FreezeOptions, freeze};
use crate::frozen::{FrozenDir, RECORD_FILE, open};
use crate::ids::{IDS_BYTES_MAX, parse_ids, population_sha256};
use crate::library;
use crate::progress::Watch;
use crate::schema::{self, SCHEMA_BYTES_MAX, Schema, parse_snapshot_date};
use crate::select::{Method, Selection, Strata, select_as};
use crate::source::SourceFile;

/// Where a population of a test is found, given with the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// A frozen population's directory.
    Frozen(PathBuf),
    /// Data files, each with the date it speaks for, if that was given.
    Files(Vec<(PathBuf, Option<Date>)>),
}

/// Reads a binding: `ALIAS=PATH`, or `ALIAS=PATH@DATE,PATH@DATE` for snapshots of several dates.
/// A path to a directory is a frozen population.
///
/// # Errors
/// [`Error::Test`] in plain words.
pub fn parse_binding(text: &str) -> Result<(String, Binding)> {
    let shape = || {
        Error::Test(format!(
            "\"{}\" does not bind a population; write NAME=FILE, NAME=DIRECTORY or NAME=FILE@2026-01,FILE@2026-02",
            excerpt(text, 120)
        ))
    };
    let (alias, paths) = text.split_once('=').ok_or_else(shape)?;
    if alias.is_empty() || paths.is_empty() {
        return Err(shape());
    }
    let mut files = Vec::new();
    for part in paths.split(',') {
        let (path, date) = match part.rsplit_once('@') {
            Some((path, date)) => (path, Some(parse_snapshot_date(date).map_err(Error::Test)?)),
            None => (part, None),
        };
        if path.is_empty() {
            return Err(shape());
        }
        files.push((PathBuf::from(path), date));
    }
    let binding = match files.as_slice() {
        [(path, None)] if path.is_dir() => Binding::Frozen(path.clone()),
        _ => Binding::Files(files),
    };
    Ok((alias.to_owned(), binding))
}

/// Reads a schema file.
///
/// # Errors
/// [`Error::Io`], [`Error::Schema`].
pub fn read_schema(path: &Path) -> Result<Schema> {
    schema::parse(&read_text(path, SCHEMA_BYTES_MAX)?)
}

/// Opens data files for freezing.
///
/// # Errors
/// [`Error::Io`] when one cannot be opened.
pub fn open_sources(files: &[(PathBuf, Option<Date>)]) -> Result<Vec<SourceFile>> {
    files
        .iter()
        .map(|(path, speaks_for)| {
            let file = File::open(path).map_err(|error| Error::io("opening", path, error))?;
            let name = path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            );
            Ok(SourceFile { name, reader: Box::new(file), speaks_for: *speaks_for })
        })
        .collect()
}

/// A test with the directory or the library that its schemas come from.
pub struct TestSource {
    test: TestFile,
    home: Home,
}

enum Home {
    Directory(PathBuf),
    Library(&'static library::LibraryTest),
}

impl TestSource {
    /// Reads a test file.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Test`].
    pub fn file(path: &Path) -> Result<Self> {
        let test = parse_test(&read_text(path, TEST_BYTES_MAX)?)?;
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        Ok(Self { test, home: Home::Directory(directory) })
    }

    /// A test of the library.
    ///
    /// # Errors
    /// [`Error::Test`] naming those there are.
    pub fn library(id: &str) -> Result<Self> {
        let found = library::find(id).ok_or_else(|| {
            let known: Vec<&str> = library::TESTS.iter().map(|test| test.id).collect();
            Error::Test(format!(
                "the library has no test \"{}\"; it has {}",
                excerpt(id, 60),
                known.join(", ")
            ))
        })?;
        Ok(Self { test: parse_test(found.test)?, home: Home::Library(found) })
    }

    /// The test.
    pub fn test(&self) -> &TestFile {
        &self.test
    }

    fn schema(&self, alias: &str, declared: &PopulationRef) -> Result<Schema> {
        let name = declared.schema.as_deref().ok_or_else(|| {
            Error::Test(format!(
                "the population {alias} is given as a file and has no schema in the test"
            ))
        })?;
        match &self.home {
            Home::Directory(directory) => read_schema(&directory.join(name)),
            Home::Library(library) => {
                let text = library.schema(name);
                schema::parse(
                    text.ok_or_else(|| Error::Test(format!("the library has no schema {name}")))?,
                )
            }
        }
    }

    /// Where the test itself says that a population is.
    fn declared(&self, declared: &PopulationRef) -> Result<Option<Binding>> {
        let Home::Directory(directory) = &self.home else { return Ok(None) };
        if let Some(frozen) = &declared.frozen {
            return Ok(Some(Binding::Frozen(directory.join(frozen))));
        }
        let mut files = Vec::new();
        if let Some(file) = &declared.file {
            files.push((directory.join(file), None));
        }
        for file in &declared.files {
            let date = file.speaks_for.as_deref().map(parse_snapshot_date).transpose();
            files.push((directory.join(&file.path), date.map_err(Error::Test)?));
        }
        Ok(if files.is_empty() { None } else { Some(Binding::Files(files)) })
    }
}

/// How a test is run from files.
pub struct TestRun<'a> {
    /// Populations given with the run; they take the place of the test's own.
    pub bindings: &'a BTreeMap<String, Binding>,
    /// Parameter values given with the run.
    pub values: &'a BTreeMap<String, String>,
    /// The present instant, at which files are frozen.
    pub now: Timestamp,
    /// Directory that receives the whole result.
    pub out: Option<&'a Path>,
    /// Who watches.
    pub watch: &'a dyn Watch,
}

/// Runs a test: freezes the populations that are given as files, then counts.
///
/// # Errors
/// Those of [`freeze`] and [`run`].
pub fn test_files(source: &TestSource, how: &TestRun<'_>) -> Result<Census> {
    if let Some(stranger) =
        how.bindings.keys().find(|alias| !source.test.populations.contains_key(*alias))
    {
        let known: Vec<&str> = source.test.populations.keys().map(String::as_str).collect();
        return Err(Error::Test(format!(
            "it reads no population called \"{}\"; it reads {}",
            excerpt(stranger, 60),
            known.join(", ")
        )));
    }
    let work = tempfile::tempdir()
        .map_err(|error| Error::io("making a directory in", &std::env::temp_dir(), error))?;
    let mut populations = BTreeMap::new();
    for (alias, declared) in &source.test.populations {
        let binding = match how.bindings.get(alias) {
            Some(given) => Some(given.clone()),
            None => source.declared(declared)?,
        };
        let frozen = match binding {
            None => continue,
            Some(Binding::Frozen(path)) => open(&path)?,
            Some(Binding::Files(files)) => {
                let schema = source.schema(alias, declared)?;
                freeze_into(&schema, &files, &work.path().join(alias), how)?
            }
        };
        populations.insert(alias.clone(), frozen);
    }
    let options =
        CensusOptions { out: how.out, watch: how.watch, ..CensusOptions::with_spill(work.path()) };
    run(&source.test, &populations, how.values, &options)
}

fn freeze_into(
    schema: &Schema,
    files: &[(PathBuf, Option<Date>)],
    out: &Path,
    how: &TestRun<'_>,
) -> Result<FrozenDir> {
    let options = FreezeOptions { out: Some(out), watch: how.watch, ..FreezeOptions::at(how.now) };
    freeze(schema, open_sources(files)?, &options)?;
    open(out)
}

/// Selects a sample from a file of ids, or from a frozen population's directory.
///
/// # Errors
/// [`Error::Io`], [`Error::Selection`].
pub fn select_from(
    path: &Path,
    method: Method,
    seed: &str,
    size: usize,
    strata: Option<Strata<'_>>,
) -> Result<Selection> {
    if method == Method::Stratified && strata.is_none() {
        return Err(Error::Selection(
            "a stratified sample needs the column that holds the strata".into(),
        ));
    }
    if path.join(RECORD_FILE).is_file() {
        let frozen = open(path)?;
        return select_from_frozen(&frozen, method, seed, size, strata);
    }
    let items = parse_ids(&read_bytes(path, IDS_BYTES_MAX)?, strata.map(|s| s.column))?;
    let hash = population_sha256(items.iter().map(|item| item.id.as_str()));
    select_as(method, seed, &items, size, strata.map_or(0, |s| s.minimum), hash)
}

/// Selects from a frozen population. The seed is used as given; see
/// [`crate::select::effective_seed`] for the seed that binds the population's hash.
///
/// # Errors
/// [`Error::Selection`]; [`Error::Io`] when the rows cannot be read.
pub fn select_from_frozen(
    frozen: &FrozenDir,
    method: Method,
    seed: &str,
    size: usize,
    strata: Option<Strata<'_>>,
) -> Result<Selection> {
    let minimum = strata.map_or(0, |s| s.minimum);
    let strata = match strata {
        Some(named) => Some(frozen.column(named.column)?),
        None => None,
    };
    let mut strata = strata.map(Vec::into_iter);
    let items: Vec<crate::ids::Item> = frozen
        .ids()?
        .into_iter()
        .map(|id| crate::ids::Item {
            id,
            stratum: strata.as_mut().and_then(|values| values.next().flatten()),
        })
        .collect();
    select_as(method, seed, &items, size, minimum, frozen.record.canonical_sha256.clone())
}

fn read_text(path: &Path, bytes_max: usize) -> Result<String> {
    String::from_utf8(read_bytes(path, bytes_max)?)
        .map_err(|_| Error::File(format!("{} is not UTF-8 text.", path.display())))
}

fn read_bytes(path: &Path, bytes_max: usize) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|error| Error::io("opening", path, error))?;
    let mut bytes = Vec::new();
    file.take(bytes_max as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::io("reading", path, error))?;
    if bytes.len() > bytes_max {
        return Err(Error::Limit(format!(
            "{} is larger than {bytes_max} bytes, which is the limit.",
            path.display()
        )));
    }
    Ok(bytes)
}
