//! A frozen population on disk: `population.json` and `rows.parquet` in a directory of their own.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::batch::RefusedRow;
use crate::checks::Check;
use crate::digest::{Digester, PopulationHasher};
use crate::error::{Error, Result};
use crate::forms::Form;
use crate::profile::ColumnProfile;
use crate::schema::{Kind, Reading};
use crate::times::Span;
use crate::views::View;

/// The rows.
pub const ROWS_FILE: &str = "rows.parquet";
/// What they are.
pub const RECORD_FILE: &str = "population.json";
const RECORD_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What is known of a frozen population. Printed by `tickmark population freeze --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// Version of this form; 1.
    pub version: u32,
    /// The population's name.
    pub name: String,
    /// What it is made of.
    pub kind: Kind,
    /// IANA zone in which its dates are read.
    pub zone: String,
    /// Names of the key columns.
    pub key: Vec<String>,
    /// Rows frozen.
    pub rows: u64,
    /// The population hash, in hexadecimal.
    pub canonical_sha256: String,
    /// What the columns mean, as text; its SHA-256 is part of the population hash.
    pub schema_meaning: String,
    /// SHA-256 of the line above, in hexadecimal.
    pub schema_sha256: String,
    /// Whether the order of rows entered the hash.
    pub order_matters: bool,
    /// The period whose occurrences these are.
    pub span: Option<Span>,
    /// Which moment of its date a snapshot speaks for, where that was declared.
    pub reading: Option<Reading>,
    /// The columns and what is in them.
    pub columns: Vec<ColumnProfile>,
    /// The checks on completeness and accuracy.
    pub checks: Vec<Check>,
    /// Records that were refused.
    pub refused: Refused,
    /// The files that were read, in order.
    pub sources: Vec<Source>,
    /// When it was frozen.
    pub frozen_at: Timestamp,
    /// SHA-256 of `rows.parquet`, in hexadecimal; empty when no rows were written.
    pub rows_sha256: String,
}

/// Records that were refused: how many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// All of them.
    pub count: u64,
    /// The first, in file order.
    pub rows: Vec<RefusedRow>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name.
    pub name: String,
    /// Its size as stored.
    pub bytes: u64,
    /// SHA-256 of its bytes as stored, in hexadecimal.
    pub sha256: String,
    /// Records in it, without the header.
    pub records: u64,
    /// The date it speaks for.
    pub speaks_for: Option<jiff::civil::Date>,
    /// Headings that the schema does not name; those columns were not frozen.
    pub columns_not_frozen: Vec<String>,
    /// The form in which it was written.
    #[serde(default, skip_serializing_if = "Form::is_csv")]
    pub form: Form,
    /// What a workbook hides or computes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<String>,
}

/// A frozen population in a directory.
#[derive(Debug, Clone)]
pub struct FrozenDir {
    /// The directory.
    pub path: PathBuf,
    /// What the record says.
    pub record: Frozen,
}

/// Opens a frozen population and checks that its rows are the bytes that were frozen.
///
/// # Errors
/// [`Error::Io`] when it cannot be read, [`Error::File`] when the record is damaged or the rows have
/// been changed.
pub fn open(path: &Path) -> Result<FrozenDir> {
    let record = read_record(path)?;
    let found = FrozenDir { path: path.to_owned(), record };
    let rows = found.rows_path();
    let sha256 = file_sha256(&rows)?;
    if sha256 != found.record.rows_sha256 {
        return Err(Error::File(format!(
            "{} is not the file that was frozen: its SHA-256 is {sha256} and the record says {}. Restore it from a copy.",
            rows.display(),
            found.record.rows_sha256
        )));
    }
    Ok(found)
}

/// The record of a frozen population, as it stands there.
fn read_record(path: &Path) -> Result<Frozen> {
    let record_path = path.join(RECORD_FILE);
    let file =
        File::open(&record_path).map_err(|error| Error::io("opening", &record_path, error))?;
    let mut text = String::new();
    file.take(RECORD_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(|error| Error::io("reading", &record_path, error))?;
    let record: Frozen = serde_json::from_str(&text).map_err(|error| {
        Error::File(format!(
            "{} is not the record of a frozen population: {error}.",
            record_path.display()
        ))
    })?;
    if record.version != 1 {
        return Err(Error::File(format!(
            "{} has version {}, and this program knows version 1.",
            record_path.display(),
            record.version
        )));
    }
    Ok(record)
}

/// What stored rows give when their hash is made again, whatever the record beside them claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehashed {
    /// The population hash of the rows, in hexadecimal.
    pub canonical_sha256: String,
    /// SHA-256 of what the columns mean, in hexadecimal.
    pub schema_sha256: String,
    /// How many rows there are.
    pub rows: u64,
    /// The names of the key columns, as the record has them.
    pub key: Vec<String>,
}

/// Makes the population hash again from rows and from what the record says that their columns mean. No
/// digest of the record is believed: this is for whoever compares with a hash that they have from
/// elsewhere.
///
/// # Errors
/// [`Error::Io`] when a file cannot be read, [`Error::File`] when it is not of a frozen population.
pub fn rehash(path: &Path) -> Result<Rehashed> {
    let record = read_record(path)?;
    let digest: [u8; 32] = Sha256::digest(record.schema_meaning.as_bytes()).into();
    let (canonical_sha256, rows) =
        rows_hash(&path.join(ROWS_FILE), record.columns.len(), &digest, record.order_matters)?;
    Ok(Rehashed { canonical_sha256, schema_sha256: hex::encode(digest), rows, key: record.key })
}

/// SHA-256 of a file, in hexadecimal.
pub(crate) fn file_sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(|error| Error::io("opening", path, error))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = file.read(&mut buffer).map_err(|error| Error::io("reading", path, error))?;
        match buffer.get(..count) {
            Some(read) if count > 0 => hasher.update(read),
            _ => return Ok(hex::encode(hasher.finalize())),
        }
    }
}

impl FrozenDir {
    /// Where the rows are.
    pub fn rows_path(&self) -> PathBuf {
        self.path.join(ROWS_FILE)
    }

    /// Makes the population hash again from the stored rows.
    ///
    /// # Errors
    /// [`Error::File`] when the hash is not the recorded one.
    pub fn verify(&self) -> Result<()> {
        let schema_digest: [u8; 32] = Sha256::digest(self.record.schema_meaning.as_bytes()).into();
        if hex::encode(schema_digest) != self.record.schema_sha256 {
            return Err(Error::File(format!(
                "The record of \"{}\" was changed: the meaning of its columns does not have the recorded digest.",
                self.record.name
            )));
        }
        let (found, _) = rows_hash(
            &self.rows_path(),
            self.record.columns.len(),
            &schema_digest,
            self.record.order_matters,
        )?;
        if found != self.record.canonical_sha256 {
            return Err(Error::File(format!(
                "The rows of \"{}\" have the population hash {found}, and the record says {}: rows or record were changed.",
                self.record.name, self.record.canonical_sha256
            )));
        }
        Ok(())
    }

    /// The item ids from which a sample is selected: the key's canonical text; the texts of a key of
    /// several columns are joined with U+001F.
    ///
    /// # Errors
    /// [`Error::Selection`] when the population has no key.
    pub fn ids(&self) -> Result<Vec<String>> {
        let names: Vec<&str> =
            self.record.columns.iter().map(|column| column.name.as_str()).collect();
        let key: Vec<usize> = self
            .record
            .key
            .iter()
            .filter_map(|name| names.iter().position(|found| found == name))
            .collect();
        if key.is_empty() {
            return Err(Error::Selection(format!(
                "the population \"{}\" has no key, so its items cannot be named",
                self.record.name
            )));
        }
        let mut ids = Vec::new();
        self.each_batch(names.len(), |views, rows| {
            for row in 0..rows {
                let mut id = String::new();
                for (nth, view) in key.iter().filter_map(|at| views.get(*at)).enumerate() {
                    if nth > 0 {
                        id.push('\u{1f}');
                    }
                    view.cell(row).write_canonical(&mut id);
                }
                ids.push(id);
            }
            Ok(())
        })?;
        Ok(ids)
    }

    /// The canonical text of one column, row by row in stored order.
    ///
    /// # Errors
    /// [`Error::Selection`] when there is no such column.
    pub fn column(&self, name: &str) -> Result<Vec<Option<String>>> {
        let at =
            self.record.columns.iter().position(|column| column.name == name).ok_or_else(|| {
                Error::Selection(format!(
                    "the population \"{}\" has no column {name}",
                    self.record.name
                ))
            })?;
        let mut values = Vec::new();
        self.each_batch(self.record.columns.len(), |views, rows| {
            let view = views.get(at);
            values.extend((0..rows).map(|row| view.and_then(|view| view.cell(row).canonical())));
            Ok(())
        })?;
        Ok(values)
    }

    fn each_batch(
        &self,
        columns: usize,
        take: impl FnMut(&[View<'_>], usize) -> Result<()>,
    ) -> Result<()> {
        each_batch(&self.rows_path(), columns, take)
    }
}

fn each_batch(
    path: &Path,
    columns: usize,
    mut take: impl FnMut(&[View<'_>], usize) -> Result<()>,
) -> Result<()> {
    let file = File::open(path).map_err(|error| Error::io("opening", path, error))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(8192).build()?;
    for batch in reader {
        let batch = batch?;
        take(&View::all(&batch, columns)?, batch.num_rows())?;
    }
    Ok(())
}

/// The hash of stored rows, in hexadecimal, and their number.
pub(crate) fn rows_hash(
    path: &Path,
    columns: usize,
    schema_digest: &[u8; 32],
    order_matters: bool,
) -> Result<(String, u64)> {
    let mut hasher = PopulationHasher::new(schema_digest, order_matters);
    let mut digester = Digester::default();
    each_batch(path, columns, |views, rows| {
        for row in 0..rows {
            hasher.push(digester.row(views.iter().map(|view| view.cell(row))));
        }
        Ok(())
    })?;
    let count = hasher.count();
    Ok((hex::encode(hasher.finish(1)), count))
}

/// Writes a file so that it is either wholly there or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let part = path.with_extension("part");
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| Error::io("writing", path, error))
}
