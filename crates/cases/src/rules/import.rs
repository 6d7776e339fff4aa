//! Import of a case register that another system kept.
//!
//! A *mapping file* says what the columns of the foreign file mean ([`mapping`]). The reader
//! ([`reader`]) walks the file once, in memory that does not grow with the length of a line, and
//! gives for every row either a typed [`ImportedRow`], a [`RefusedRow`] with the column and the
//! reason, or a [`DuplicateRow`]. Nothing is ever left out in silence: the four counts of an
//! [`ImportReport`] add up to the rows of the file.
//!
//! An accepted row is one [`ImportedChange`]: what the other system said about one case at one
//! moment. [`fold`] puts changes together; whatever the order in which they arrive, the result is
//! the same.
//!
//! | file | holds |
//! |---|---|
//! | [`mapping`] | the mapping file: its TOML, checked, with plain-sentence errors |
//! | [`vocabulary`] | our own states, severities and kinds |
//! | [`text`] | bytes to text: gzip, character encodings, where a byte is not text |
//! | [`records`] | text to records: delimiters, quotes, bounded length, files that were cut short |
//! | [`source`] | the records of a file, of either kind |
//! | [`json`] | one JSON document, and the values in it by their paths |
//! | [`documents`] | text to records where the file holds JSON |
//! | [`cells`] | one cell to one value: dates, whole numbers, yes and no, formulas |
//! | [`row`] | one record to one change, or to its faults |
//! | [`change`] | changes, their order, the digest that makes an import repeatable, and the fold |
//! | [`reader`] | the pass over a file, row by row or in batches |
//! | [`front_matter`] | a folder of Markdown files as one table |
//! | [`report`] | refused rows, their reasons, and the totals |

pub mod cells;
pub mod change;
pub mod documents;
pub mod front_matter;
pub mod json;
pub mod mapping;
pub mod reader;
pub mod records;
pub mod report;
pub mod row;
pub mod source;
pub mod text;
pub mod vocabulary;

pub use change::{CaseFields, CaseSnapshot, ChangeOrder, ImportedChange, RowDigest, fold};
pub use mapping::{Field, Mapping, MappingError};
pub use reader::{Batch, ImportReader, ReadOptions, RowOutcome};
pub use report::{
    DuplicateRow, Fault, FileEnd, ImportError, ImportReport, ImportedRow, Reason, RefusedRow,
    RowFlag,
};
pub use vocabulary::{CaseKind, CaseState, Severity};

#[cfg(test)]
mod tests;
