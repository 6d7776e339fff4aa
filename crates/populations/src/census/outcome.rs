//! The answer of a test: totals, reasons, rows, and the digests by which it can be checked.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::frozen::{ROWS_FILE, file_sha256, rows_hash};

/// Name of the result's record beside its rows.
pub const RESULT_FILE: &str = "result.json";
const RECORD_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// How one unit came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitResult {
    /// The control did not operate on this unit.
    Exception,
    /// It cannot be told from the records whether it did. Never counted as a pass.
    Unmatched,
    /// The unit is not subject to the control, for the stated reason.
    Excluded,
    /// The control operated.
    Pass,
}

impl UnitResult {
    /// The result of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "exception" => Self::Exception,
            "unmatched" => Self::Unmatched,
            "excluded" => Self::Excluded,
            "pass" => Self::Pass,
            _ => return None,
        })
    }
}

/// One unit's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitRow {
    /// The unit.
    pub unit: String,
    /// How it came out.
    pub result: UnitResult,
    /// Why; always there unless it passed.
    pub reason: Option<String>,
    /// The query's other columns.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub detail: serde_json::Map<String, serde_json::Value>,
}

/// How many units came out so for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// How they came out.
    pub result: UnitResult,
    /// Why.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// A population that a test read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationUsed {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Records of its files that were refused and so not tested.
    pub refused: u64,
    /// Its hash, in hexadecimal.
    pub canonical_sha256: String,
}

/// The answer of a test, as `tickmark population test --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Census {
    /// Version of this form; 1.
    pub version: u32,
    /// The test's name.
    pub test: String,
    /// SHA-256 of the test file's text, in hexadecimal.
    pub test_sha256: String,
    /// Units tested; always the sum of the four that follow.
    pub population: u64,
    /// Units on which the control operated.
    pub pass: u64,
    /// Units on which it did not.
    pub exceptions: u64,
    /// Units of which it cannot be told.
    pub unmatched: u64,
    /// Units that are not subject to it.
    pub excluded: u64,
    /// Reasons with their counts; at most 200, by result and reason.
    pub reasons: Vec<ReasonCount>,
    /// Units whose reason is not among those listed.
    pub reasons_not_listed: u64,
    /// The parameters it ran with.
    pub parameters: BTreeMap<String, String>,
    /// The populations it read, by the name its queries use.
    pub populations: BTreeMap<String, PopulationUsed>,
    /// What the result's columns mean; part of the result's hash.
    pub result_meaning: String,
    /// Hash of all rows of the result, made as for a population, in hexadecimal.
    pub result_sha256: String,
    /// SHA-256 of the file that holds all rows; empty when they were not kept.
    pub rows_sha256: String,
    /// Rows by result (exceptions first), then unit; the rest is in the file with all rows.
    pub rows: Vec<UnitRow>,
    /// Rows that are not in the list above.
    pub rows_not_listed: u64,
}

/// Opens a kept result and checks that its rows are those that were counted.
///
/// # Errors
/// [`Error::File`] when record or rows were changed; [`Error::Io`] when they cannot be read.
pub fn verify_result(directory: &Path) -> Result<Census> {
    let path = directory.join(RESULT_FILE);
    let file = File::open(&path).map_err(|error| Error::io("opening", &path, error))?;
    let mut text = String::new();
    file.take(RECORD_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(|error| Error::io("reading", &path, error))?;
    let census: Census = serde_json::from_str(&text).map_err(|error| {
        Error::File(format!("{} is not the result of a test: {error}.", path.display()))
    })?;
    let rows = directory.join(ROWS_FILE);
    let columns = census.result_meaning.lines().filter(|line| line.starts_with("column ")).count();
    let digest: [u8; 32] = Sha256::digest(census.result_meaning.as_bytes()).into();
    let (found, count) = rows_hash(&rows, columns, &digest, false)?;
    let sum = census.pass + census.exceptions + census.unmatched + census.excluded;
    let same = file_sha256(&rows)? == census.rows_sha256 && found == census.result_sha256;
    if !same || count != census.population || sum != census.population {
        return Err(Error::File(format!(
            "The result in {} was changed after the test ran: its rows, its totals and its hash do not agree.",
            directory.display()
        )));
    }
    Ok(census)
}
