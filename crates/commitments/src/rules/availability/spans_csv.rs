//! Outages and maintenance windows as CSV: columns `from` and `to`, times in RFC 3339.

use kernel::time::{NotATime, Timestamp};

use super::{Span, SpanError};

/// Longest file that is read, in bytes.
pub const CSV_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most rows that are read.
pub const ROWS_MAX: usize = 1_000_000;
/// Longest part of a cell that an error repeats, in characters.
const CELL_SHOWN_CHARS: usize = 64;

/// Why a file of spans is refused. Lines are counted from 1, the header being the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsvError {
    /// Longer than [`CSV_BYTES_MAX`].
    #[error("the {name} file is longer than {CSV_BYTES_MAX} bytes; measure a shorter window")]
    TooLong {
        /// What the file holds.
        name: &'static str,
    },
    /// More rows than [`ROWS_MAX`].
    #[error("the {name} file has more than {ROWS_MAX} rows; measure a shorter window")]
    TooManyRows {
        /// What the file holds.
        name: &'static str,
    },
    /// Bytes that are not UTF-8 text.
    #[error("line {line} of the {name} file is not UTF-8 text; save the file as CSV UTF-8")]
    NotText {
        /// What the file holds.
        name: &'static str,
        /// Line of the file.
        line: u64,
    },
    /// The header lacks a column or has it twice.
    #[error("the {name} file needs one column “{column}” in its first line, and has {found}")]
    Column {
        /// What the file holds.
        name: &'static str,
        /// `from` or `to`.
        column: &'static str,
        /// How many it has.
        found: usize,
    },
    /// A row with more or fewer cells than the header.
    #[error("line {line} of the {name} file has {cells} cells where the first line has {columns}")]
    Ragged {
        /// What the file holds.
        name: &'static str,
        /// Line of the file.
        line: u64,
        /// Cells of the row.
        cells: usize,
        /// Cells of the header.
        columns: usize,
    },
    /// A cell that is not a time.
    #[error("line {line} of the {name} file, column “{column}”: {error}")]
    Time {
        /// What the file holds.
        name: &'static str,
        /// Line of the file.
        line: u64,
        /// `from` or `to`.
        column: &'static str,
        /// What is wrong with the cell.
        error: NotATime,
    },
    /// A span that ends before it starts.
    #[error("line {line} of the {name} file: {error}")]
    Span {
        /// What the file holds.
        name: &'static str,
        /// Line of the file.
        line: u64,
        /// What is wrong with the span.
        error: SpanError,
    },
}

/// Reads the spans of a CSV file; `name` says what they are ("outages"). Columns other than `from`
/// and `to` are left alone.
///
/// # Errors
/// The first thing that is wrong, with its line. Nothing is read half.
pub fn read_spans(bytes: &[u8], name: &'static str) -> Result<Vec<Span>, CsvError> {
    if bytes.len() > CSV_BYTES_MAX {
        return Err(CsvError::TooLong { name });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Err(error) = std::str::from_utf8(bytes) {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        return Err(CsvError::NotText { name, line: 1 + newlines(before) });
    }
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    // The text is in memory and valid UTF-8 and rows may be ragged: reading cannot fail.
    let not_text = |error: csv::Error| CsvError::NotText {
        name,
        line: error.position().map_or(1, csv::Position::line),
    };
    let header = reader.headers().map_err(not_text)?.clone();
    let column = |column: &'static str| {
        let mut places = header.iter().enumerate().filter(|(_, cell)| *cell == column);
        match (places.next(), places.count()) {
            (Some((place, _)), 0) => Ok(place),
            (first, more) => {
                Err(CsvError::Column { name, column, found: usize::from(first.is_some()) + more })
            }
        }
    };
    let (from, to) = (column("from")?, column("to")?);
    let mut spans = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(not_text)? {
        if spans.len() == ROWS_MAX {
            return Err(CsvError::TooManyRows { name });
        }
        let line = record.position().map_or(0, csv::Position::line);
        let (cells, columns) = (record.len(), header.len());
        if cells != columns {
            return Err(CsvError::Ragged { name, line, cells, columns });
        }
        let time = |place: usize, column: &'static str| {
            let cell = record.get(place).unwrap_or_default();
            Timestamp::parse(cell).map_err(|mut error| {
                error.text = kernel::refusal::excerpt(&error.text, CELL_SHOWN_CHARS);
                CsvError::Time { name, line, column, error }
            })
        };
        let span = Span::new(time(from, "from")?, time(to, "to")?);
        spans.push(span.map_err(|error| CsvError::Span { name, line, error })?);
    }
    Ok(spans)
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
