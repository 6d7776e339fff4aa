//! Forms of a file other than text with a delimiter: JSON, NDJSON, workbooks, Parquet.
//!
//! Each reader hands over one row at a time, with one cell for each column that the schema reads: the
//! text of the value and what the file said it is. From there a row goes the way of every row: typed as
//! the schema says, refused by row and column, digested. So the same values have one hash in every form.
//!
//! | file | holds |
//! |---|---|
//! | `json.rs`, `tokens.rs` | an array of flat objects, or one object after another |
//! | `workbook.rs`, `sheet.rs`, `xml.rs`, `serial.rs` | workbooks: what is hidden in them, formulas, dates as numbers |
//! | `columns.rs` | Parquet |
//! | `form.rs` | which form a file has |

mod columns;
mod form;
mod json;
mod serial;
mod sheet;
mod tokens;
mod workbook;
mod xml;

use std::fs::File;
use std::io::Read;

use crate::error::{Error, Result, excerpt};
use crate::schema::{ColumnType, HeaderBinding, Schema};

pub use form::Form;

/// Most headings that are listed as not frozen.
const UNUSED_MAX: usize = 200;

/// What a file said a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Given {
    /// Text, written as the schema says.
    Text,
    /// No value.
    Null,
    /// A number, with a point as its mark.
    Number,
    /// `true` or `false`.
    Bool,
    /// A date, year first.
    Date,
    /// A date with a time of day, local to the column's zone.
    Local,
    /// A point in time with its offset.
    Instant,
}

/// A column that is read from the file.
pub(crate) struct Wanted<'a> {
    /// Its heading.
    pub(crate) source: &'a str,
    /// Its position in the schema.
    pub(crate) column: usize,
    /// Its type.
    pub(crate) kind: &'a ColumnType,
}

/// The columns that are read, in the order in which a row holds them, and how rows bind to the schema.
pub(crate) fn wanted(schema: &Schema) -> (Vec<Wanted<'_>>, HeaderBinding) {
    let mut wanted = Vec::with_capacity(schema.columns.len());
    let mut places = Vec::with_capacity(schema.columns.len());
    for (column, found) in schema.columns.iter().enumerate() {
        places.push(found.source.as_deref().map(|source| {
            wanted.push(Wanted { source, column, kind: &found.kind });
            wanted.len() - 1
        }));
    }
    let binding = HeaderBinding { places, fields: wanted.len(), unused: Vec::new() };
    (wanted, binding)
}

/// One row on its way: the cells one after another, and what makes it unusable.
#[derive(Default)]
pub(crate) struct Cells {
    pub(crate) text: Vec<u8>,
    /// Where each cell ends in the text.
    pub(crate) ends: Vec<u32>,
    pub(crate) kinds: Vec<Given>,
    /// Why the row cannot be used: the column's position in the schema, and the reason.
    pub(crate) fault: Option<(Option<usize>, String)>,
}

impl Cells {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.kinds.clear();
        self.fault = None;
    }

    /// Adds a cell.
    pub(crate) fn push(&mut self, kind: Given, text: &[u8]) {
        self.text.extend_from_slice(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.kinds.push(kind);
    }

    /// Marks the row as unusable, unless it already is.
    pub(crate) fn refuse(&mut self, column: Option<usize>, reason: impl Into<String>) {
        if self.fault.is_none() {
            self.fault = Some((column, reason.into()));
        }
    }
}

/// Takes a row by its number in the file; says whether to go on.
pub(crate) type Take<'a> = dyn FnMut(u64, &Cells) -> Result<bool> + 'a;

/// What is known of a file when its rows have been read.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Headings that the schema does not name.
    pub(crate) unused: Vec<String>,
    /// What the file hides or computes.
    pub(crate) findings: Vec<String>,
}

impl Known {
    fn unused(&mut self, heading: &str) {
        if self.unused.len() < UNUSED_MAX {
            self.unused.push(excerpt(heading, 60));
        }
    }
}

/// Reads the rows of text in JSON.
pub(crate) fn read_text(
    form: Form,
    text: Box<dyn Read + Send>,
    schema: &Schema,
    wanted: &[Wanted<'_>],
    take: &mut Take<'_>,
) -> Result<Known> {
    json::read(text, form == Form::Json, schema, wanted, take)
}

/// Reads the rows of a workbook or a Parquet file.
pub(crate) fn read_file(
    form: Form,
    file: File,
    schema: &Schema,
    wanted: &[Wanted<'_>],
    take: &mut Take<'_>,
) -> Result<Known> {
    match form {
        Form::Workbook => workbook::read(file, schema, wanted, take),
        _ => columns::read(file, schema, wanted, take),
    }
}

/// Names of the schema that no record of the file had.
fn absent(missing: &[&str], found: &[String]) -> Error {
    let names = |all: &mut dyn Iterator<Item = String>| all.take(40).collect::<Vec<_>>().join(", ");
    Error::File(format!(
        "The file does not hold what the schema describes. Missing: {}. Found beside the rest: {}. Check the source names in the schema.",
        names(&mut missing.iter().map(|name| format!("\"{}\"", excerpt(name, 60)))),
        if found.is_empty() { "nothing".to_owned() } else { names(&mut found.iter().cloned()) }
    ))
}
