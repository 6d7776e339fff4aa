//! The records of a file, whatever it is made of: a table, or JSON.

use std::io::Read;

use super::documents::Documents;
use super::json::WHOLE;
use super::mapping::{FileFormat, Mapping};
use super::records::{Limits, RecordFault, Records};
use super::report::{FileEnd, ImportError, Reason};
use super::row::Plan;
use super::text::TextStream;

/// Reads one record after the other.
pub enum Source<R: Read> {
    /// Rows of a table, with a heading.
    Table(Box<Records<R>>),
    /// Documents, without one.
    Documents(Box<Documents<R>>),
}

impl<R: Read> Source<R> {
    /// Opens a file and finds the mapped columns in it.
    ///
    /// # Errors
    /// When nothing of the file can be read under this mapping.
    pub fn open(input: R, mapping: &Mapping, limits: Limits) -> Result<(Self, Plan), ImportError> {
        let text =
            TextStream::open(input, mapping.compression, mapping.encoding, limits.file_bytes)?;
        match &mapping.format {
            FileFormat::Csv => {
                let mut records = Records::new(text, mapping.delimiter, mapping.quote, limits);
                let names = heading(&mut records, mapping, &limits)?;
                let plan = Plan::new(mapping, names)?;
                Ok((Self::Table(Box::new(records)), plan))
            }
            FileFormat::Json { records } => {
                let paths = paths(mapping);
                let plan = Plan::new(mapping, paths.clone())?;
                let mut documents = Documents::new(text, records, paths, limits);
                documents.begin().map_err(ImportError)?;
                Ok((Self::Documents(Box::new(documents)), plan))
            }
        }
    }

    /// Reads the next record. `false` at the end of the file: then [`Self::end`] says how it was.
    pub fn advance(&mut self) -> bool {
        match self {
            Self::Table(records) => records.advance(),
            Self::Documents(documents) => documents.advance(),
        }
    }

    /// Number of the current record; the heading of a table is number 1.
    #[must_use]
    pub fn row(&self) -> u64 {
        match self {
            Self::Table(records) => records.row(),
            Self::Documents(documents) => documents.row(),
        }
    }

    /// Number of the line on which the current record begins.
    #[must_use]
    pub fn line(&self) -> u64 {
        match self {
            Self::Table(records) => records.line(),
            Self::Documents(documents) => documents.line(),
        }
    }

    /// What is wrong with the current record, if anything is.
    #[must_use]
    pub fn fault(&self) -> Option<RecordFault> {
        match self {
            Self::Table(records) => records.fault(),
            Self::Documents(documents) => documents.fault(),
        }
    }

    /// How many values the current record has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Table(records) => records.len(),
            Self::Documents(documents) => documents.len(),
        }
    }

    /// Whether the current record has no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A value of the current record; empty past the last.
    #[must_use]
    pub fn value(&self, index: usize) -> &str {
        match self {
            Self::Table(records) => records.value(index),
            Self::Documents(documents) => documents.value(index),
        }
    }

    /// How the file ended; `None` before that.
    #[must_use]
    pub fn end(&self) -> Option<&FileEnd> {
        match self {
            Self::Table(records) => records.end(),
            Self::Documents(documents) => documents.end(),
        }
    }

    /// Whether the current record is the last of a table that does not end with a line break.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        matches!(self, Self::Table(records) if records.is_unfinished())
    }

    /// The beginning of the current record, for a report.
    #[must_use]
    pub fn beginning(&self) -> String {
        match self {
            Self::Table(records) => records.beginning(),
            Self::Documents(documents) => documents.beginning(),
        }
    }

    /// Bytes held for reading.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::Table(records) => records.memory_bytes(),
            Self::Documents(documents) => documents.memory_bytes(),
        }
    }

    /// The mapped paths at which no record so far had anything. A table's columns are looked up in its heading.
    #[must_use]
    pub fn never_found(&self) -> Vec<String> {
        match self {
            Self::Table(_) => Vec::new(),
            Self::Documents(documents) => documents.never_found().map(str::to_owned).collect(),
        }
    }
}

/// What is read of each document: the mapped paths, and the whole.
fn paths(mapping: &Mapping) -> Vec<String> {
    let mapped = mapping.columns.values().chain(&mapping.keep);
    let all = mapped.chain(mapping.order.iter().map(|order| &order.column));
    let mut paths: Vec<String> = all.cloned().chain([WHOLE.to_owned()]).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Reads the names of a table's columns.
fn heading<R: Read>(
    records: &mut Records<R>,
    mapping: &Mapping,
    limits: &Limits,
) -> Result<Vec<String>, ImportError> {
    if !records.advance() {
        return Err(ImportError(match records.end() {
            Some(FileEnd::CutShort { reason }) => {
                format!("nothing could be read from the file: {reason}")
            }
            _ => "the file is empty; its first row must name the columns".to_owned(),
        }));
    }
    if let Some(fault) = records.fault() {
        return Err(heading_error(fault, records, mapping, limits));
    }
    let names: Vec<String> =
        (0..records.len()).map(|at| records.value(at).trim().to_owned()).collect();
    if names.iter().any(|name| name.contains('\0')) {
        return Err(ImportError(
            "the heading holds NUL characters; the file is probably UTF-16: write file.encoding = \"utf-16le\" in the mapping"
                .to_owned(),
        ));
    }
    Ok(names)
}

fn heading_error<R: Read>(
    fault: RecordFault,
    records: &Records<R>,
    mapping: &Mapping,
    limits: &Limits,
) -> ImportError {
    let why = match fault {
        RecordFault::TooLong => Reason::TooLong { limit: limits.record_bytes }.to_string(),
        RecordFault::TooManyValues => Reason::TooManyValues { limit: limits.columns }.to_string(),
        RecordFault::UnclosedQuote => Reason::UnclosedQuote.to_string(),
        RecordFault::NotText { byte } => {
            Reason::NotText { byte, encoding: mapping.encoding.name() }.to_string()
        }
        RecordFault::NotJson(why) => why.to_owned(),
        RecordFault::BrokenOff => match records.end() {
            Some(FileEnd::CutShort { reason }) => reason.clone(),
            _ => "the file breaks off".to_owned(),
        },
    };
    ImportError(format!(
        "the heading cannot be read: {why} (it begins \u{201c}{}\u{201d})",
        records.beginning()
    ))
}
