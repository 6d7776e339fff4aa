//! What became of every row of a file.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::change::{ImportedChange, RowDigest};
use super::mapping::Field;
use super::reader::{Batch, RowOutcome};

/// The longest excerpt of a value in a report, in characters.
pub const EXCERPT_CHARS_MAX: usize = 80;

/// The most faults reported for one row; the first ones are enough to mend it.
pub const FAULTS_MAX: usize = 8;

/// The most different words and columns an [`ImportReport`] lists.
const LISTED_MAX: usize = 100;

/// A file that cannot be imported at all. Nothing was read from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ImportError(pub String);

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the sentence of each says what it is")]
pub enum Reason {
    #[error(
        "byte {byte} of the unpacked file is not {encoding} text; save the file in that encoding or name the right one in the mapping"
    )]
    NotText { byte: u64, encoding: &'static str },
    #[error(
        "the row is longer than {limit} bytes; a quotation mark that is never closed, or a missing line break, is the usual cause"
    )]
    TooLong { limit: usize },
    #[error(
        "the row takes more than {limit} bytes in the record, where some characters take more room than in the file; shorten its longest value"
    )]
    TooLongToRecord { limit: usize },
    #[error("the row has more than {limit} values")]
    TooManyValues { limit: usize },
    #[error("the row has {found} values where the heading names {expected} columns")]
    WrongWidth { found: usize, expected: usize },
    #[error(
        "the file ends in the middle of this row, after {found} of {expected} values; fetch the file again"
    )]
    CutOff { found: usize, expected: usize },
    #[error(
        "a quotation mark opens in this row and the file ends before it is closed; fetch the file again or mend the mark"
    )]
    UnclosedQuote,
    #[error("the record is not a JSON document that can be read: {why}")]
    NotJson { why: &'static str },
    #[error("a value is required here and none is given")]
    Missing,
    #[error("this cannot be read as a date written as {formats}")]
    NotADate { formats: String },
    #[error("this date does not exist in the calendar")]
    NoSuchDate,
    #[error("this local time does not exist in {zone}: the clock change skips it")]
    SkippedLocalTime { zone: String },
    #[error("this local time occurs twice in {zone}: the clock is set back over it")]
    RepeatedLocalTime { zone: String },
    #[error("this is not a whole number")]
    NotAnInteger,
    #[error("this is not a count: a whole number, zero or more")]
    NotACount,
    #[error("this is none of the mapping's words for yes and no")]
    NotYesOrNo,
    #[error("the mapping's table [{table}] does not list this word; add it there")]
    UnlistedWord { table: &'static str },
    #[error(
        "row {first_row} has the same number with other values; the mapping says one row per case"
    )]
    KeyTaken { first_row: u64 },
    #[error("the value has more than {limit} characters")]
    TextTooLong { limit: usize },
    #[error("the value holds a NUL character, which is not text")]
    NulCharacter,
}

impl Reason {
    /// A short word for the reason, for counting and for scripts.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotText { .. } => "not_text",
            Self::TooLong { .. } => "too_long",
            Self::TooLongToRecord { .. } => "too_long_to_record",
            Self::TooManyValues { .. } => "too_many_values",
            Self::WrongWidth { .. } => "wrong_width",
            Self::CutOff { .. } => "cut_off",
            Self::UnclosedQuote => "unclosed_quote",
            Self::NotJson { .. } => "not_json",
            Self::Missing => "missing",
            Self::NotADate { .. } => "not_a_date",
            Self::NoSuchDate => "no_such_date",
            Self::SkippedLocalTime { .. } => "skipped_local_time",
            Self::RepeatedLocalTime { .. } => "repeated_local_time",
            Self::NotAnInteger => "not_an_integer",
            Self::NotACount => "not_a_count",
            Self::NotYesOrNo => "not_yes_or_no",
            Self::UnlistedWord { .. } => "unlisted_word",
            Self::KeyTaken { .. } => "key_taken",
            Self::TextTooLong { .. } => "text_too_long",
            Self::NulCharacter => "nul_character",
        }
    }
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The column, by its name in the file; `None` when the row as a whole is to blame.
    pub column: Option<String>,
    /// The beginning of the value, at most [`EXCERPT_CHARS_MAX`] characters.
    pub value: String,
    /// Why.
    pub reason: Reason,
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut out = serializer.serialize_struct("Fault", 4)?;
        out.serialize_field("column", &self.column)?;
        out.serialize_field("value", &self.value)?;
        out.serialize_field("code", self.reason.code())?;
        out.serialize_field("reason", &self.reason.to_string())?;
        out.end()
    }
}

/// A row that was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// Number of the row; the heading is row 1 and blank lines are not counted.
    pub row: u64,
    /// Number of the line on which it begins (values in quotation marks may hold line breaks).
    pub line: u64,
    /// What is wrong with it: at least one, at most [`FAULTS_MAX`].
    pub faults: Vec<Fault>,
}

/// A row that says nothing new: it stands twice in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DuplicateRow {
    /// Number of the row; the heading is row 1.
    pub row: u64,
    /// The earlier row that says the same.
    pub first_row: u64,
    /// The digest of both.
    pub digest: RowDigest,
}

/// Something worth telling about a row that was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum RowFlag {
    /// A spreadsheet would take the value for a formula. It is kept as it came; exports for
    /// spreadsheets put an apostrophe before it.
    Formula {
        /// The column.
        column: String,
    },
    /// The mapping gives the word no meaning of ours; it was kept as written.
    WordWithoutMeaning {
        /// The field it is mapped to.
        field: Field,
        /// The word.
        word: String,
    },
}

/// A row that can be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRow {
    /// Number of the row; the heading is row 1.
    pub row: u64,
    /// Number of the line on which it begins.
    pub line: u64,
    /// What it says.
    pub change: ImportedChange,
    /// What is worth telling about it.
    pub flags: Vec<RowFlag>,
}

/// How the file ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum FileEnd {
    /// At its end.
    Complete {
        /// Whether the last row ends with a line break. Where it does not, its last value may have
        /// been cut.
        final_line_break: bool,
    },
    /// Before its end. Rows read until then count.
    CutShort {
        /// A sentence that says why.
        reason: String,
    },
}

/// A word or column and how often it occurred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// Field or column.
    pub field: String,
    /// The word; empty where only the column matters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub word: String,
    /// How many rows.
    pub rows: u64,
}

/// The totals of an import: `rows = accepted + refused + duplicates`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows of the file, without the heading.
    pub rows: u64,
    /// Rows recorded by this run.
    pub accepted: u64,
    /// Rows not recorded, each with its reasons.
    pub refused: u64,
    /// Rows that say nothing new: the next two together.
    pub duplicates: u64,
    /// Rows that stand earlier in the same file.
    pub duplicates_in_file: u64,
    /// Rows that an earlier run recorded.
    pub already_imported: u64,
    /// Refused rows by the code of their first fault.
    pub refused_by_reason: BTreeMap<&'static str, u64>,
    /// Accepted rows with a value that a spreadsheet would run, by column.
    #[serde(serialize_with = "occurrences")]
    pub formulas: BTreeMap<(String, String), u64>,
    /// Words kept without a meaning of ours.
    #[serde(serialize_with = "occurrences")]
    pub words_without_meaning: BTreeMap<(String, String), u64>,
    /// Paths of the mapping at which no document had anything: perhaps misspelt.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub never_found: Vec<String>,
    /// How the file ended; `None` while it is being read.
    pub end: Option<FileEnd>,
}

fn occurrences<S: Serializer>(
    counts: &BTreeMap<(String, String), u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(counts.iter().map(|((field, word), rows)| Occurrence {
        field: field.clone(),
        word: word.clone(),
        rows: *rows,
    }))
}

impl ImportReport {
    /// Counts one row.
    pub fn add(&mut self, outcome: &RowOutcome) {
        match outcome {
            RowOutcome::Accepted(row) => self.add_accepted(row),
            RowOutcome::Refused(row) => self.add_refused(row),
            RowOutcome::Duplicate(_) => self.add_repeats(1, 0),
        }
    }

    /// Counts a batch, after [`Batch::set_aside_known`].
    pub fn add_batch(&mut self, batch: &Batch) {
        batch.accepted.iter().for_each(|row| self.add_accepted(row));
        batch.refused.iter().for_each(|row| self.add_refused(row));
        self.add_repeats(count(batch.duplicates.len()), batch.already_imported);
    }

    fn add_accepted(&mut self, row: &ImportedRow) {
        self.rows += 1;
        self.accepted += 1;
        for flag in &row.flags {
            match flag {
                RowFlag::Formula { column } => {
                    tally(&mut self.formulas, (column.clone(), String::new()));
                }
                RowFlag::WordWithoutMeaning { field, word } => {
                    let key = (field.name().to_owned(), word.clone());
                    tally(&mut self.words_without_meaning, key);
                }
            }
        }
    }

    fn add_refused(&mut self, row: &RefusedRow) {
        self.rows += 1;
        self.refused += 1;
        if let Some(fault) = row.faults.first() {
            *self.refused_by_reason.entry(fault.reason.code()).or_default() += 1;
        }
    }

    fn add_repeats(&mut self, in_file: u64, known: u64) {
        self.rows += in_file + known;
        self.duplicates += in_file + known;
        self.duplicates_in_file += in_file;
        self.already_imported += known;
    }
}

fn tally(counts: &mut BTreeMap<(String, String), u64>, key: (String, String)) {
    if counts.len() < LISTED_MAX || counts.contains_key(&key) {
        *counts.entry(key).or_default() += 1;
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The beginning of a value for a report: at most [`EXCERPT_CHARS_MAX`] characters, with control
/// characters written as escapes so that a terminal cannot be told what to do.
#[must_use]
pub fn excerpt(value: &str) -> String {
    let mut out = String::new();
    for (index, character) in value.chars().enumerate() {
        if index == EXCERPT_CHARS_MAX {
            out.push('\u{2026}');
            break;
        }
        if character.is_control() || is_bidi_control(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// Characters that turn the direction of the text around them.
fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
