//! `SCHEMA.toml`: what a file's columns mean. Written out in `docs/guide/populations.md`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result, excerpt};
use crate::forms::Form;
use crate::schema_file::RawSchema;
use crate::times::{Fold, Span, TimeFormat};

/// Largest schema file that is read.
pub const SCHEMA_BYTES_MAX: usize = 256 * 1024;
/// Most columns a schema may name.
pub const COLUMNS_MAX: usize = 500;
/// Largest record that a schema may allow.
pub const RECORD_BYTES_LIMIT: usize = 16 * 1024 * 1024;
/// Column that every frozen population has beside its own: the record's number in its source file,
/// the header being record 1.
pub const SOURCE_ROW: &str = "source_row";
/// Column that every frozen population has beside its own: the number of the source file, from 1.
pub const SOURCE_FILE: &str = "source_file";

/// What a population is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// All occurrences in a period. It can be frozen only after the period has closed.
    #[serde(rename = "event population")]
    Events,
    /// The state of something at a moment, such as a list of users or a roster.
    #[serde(rename = "configuration capture")]
    Capture,
}

impl Kind {
    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "event population",
            Self::Capture => "configuration capture",
        }
    }
}

/// Which moment of its date a snapshot speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// The first instant of the month.
    StartOfMonth,
    /// The last instant of the month.
    EndOfMonth,
    /// The first instant of the day.
    StartOfDay,
    /// The last instant of the day.
    EndOfDay,
}

impl Reading {
    /// Every reading, for messages and forms.
    pub const ALL: [Self; 4] =
        [Self::StartOfMonth, Self::EndOfMonth, Self::StartOfDay, Self::EndOfDay];

    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::StartOfMonth => "start-of-month",
            Self::EndOfMonth => "end-of-month",
            Self::StartOfDay => "start-of-day",
            Self::EndOfDay => "end-of-day",
        }
    }

    /// The reading of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reading| reading.name() == name)
    }

    /// The first instant (in microseconds since 1970) at which what the snapshot shows is known to
    /// hold: for a reading at the end of a month or day, the first instant after it.
    ///
    /// # Errors
    /// A plain reason when the date is outside the years that can be read.
    pub fn instant_us(self, date: Date, zone: &TimeZone) -> std::result::Result<i64, String> {
        let outside = |_| format!("{date} lies outside the years that can be read");
        let day = match self {
            Self::StartOfMonth => date.first_of_month(),
            Self::EndOfMonth => date.last_of_month().tomorrow().map_err(outside)?,
            Self::StartOfDay => date,
            Self::EndOfDay => date.tomorrow().map_err(outside)?,
        };
        crate::times::start_of_day(day, zone)
    }
}

/// What date a snapshot speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SpeaksFor {
    /// The date, or the first day of the month when a month was given. `None` when each file says
    /// its own.
    pub date: Option<Date>,
    /// Which moment of that date. `None` when nobody has declared it; a test that depends on it
    /// then asks, and does not run without an answer.
    pub reading: Option<Reading>,
    /// The column that receives the date, so that snapshots of several dates can be one population.
    pub column: Option<String>,
}

/// The type of a column and how its values are written.
#[derive(Debug, Clone)]
pub enum ColumnType {
    /// Text; `trim` removes white space around it.
    Text {
        /// Whether white space around the text is removed.
        trim: bool,
    },
    /// A whole number of 64 bits.
    Integer,
    /// An exact decimal.
    Decimal {
        /// Places after the mark.
        scale: u8,
        /// `.` or `,`.
        mark: char,
    },
    /// Yes or no.
    Bool {
        /// Words for yes, compared without regard to case.
        yes: Vec<String>,
        /// Words for no.
        no: Vec<String>,
    },
    /// A date without a time.
    Date {
        /// How it is written.
        format: TimeFormat,
    },
    /// A point in time.
    Timestamp {
        /// How it is written.
        format: TimeFormat,
        /// Where times without an offset are local.
        zone: TimeZone,
        /// What is done with times that occur twice.
        fold: Fold,
    },
}

impl ColumnType {
    /// The type's name in files and results.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Integer => "integer",
            Self::Decimal { .. } => "decimal",
            Self::Bool { .. } => "bool",
            Self::Date { .. } => "date",
            Self::Timestamp { .. } => "timestamp",
        }
    }
}

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in queries: lower-case letters, digits and `_`.
    pub name: String,
    /// Its heading in the source file. `None` for the column that receives the snapshot's date.
    pub source: Option<String>,
    /// Its type.
    pub kind: ColumnType,
    /// Texts that mean "no value".
    pub missing: Vec<String>,
    /// Whether a row without a value here is refused.
    pub required: bool,
}

impl Column {
    /// Whether white space around a value is removed before it is read.
    pub(crate) fn trims(&self) -> bool {
        !matches!(self.kind, ColumnType::Text { trim: false })
    }
}

/// How the source file is written.
#[derive(Debug, Clone)]
pub struct FileFormat {
    /// Separates the fields.
    pub delimiter: u8,
    /// How characters are stored.
    pub encoding: &'static encoding_rs::Encoding,
    /// Whether a gzip file is accepted.
    pub gzip: bool,
    /// Longest record that is accepted, in bytes of UTF-8.
    pub record_bytes_max: usize,
    /// The form of the file; `None` when its first bytes tell.
    pub form: Option<Form>,
    /// The sheet of a workbook; `None` when only one can be seen.
    pub sheet: Option<String>,
}

/// A schema that has been checked.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The population's name.
    pub name: String,
    /// What it is made of.
    pub kind: Kind,
    /// IANA name of the zone in which its dates, months and spans are read.
    pub zone_name: String,
    /// That zone.
    pub zone: TimeZone,
    /// Positions of the key columns.
    pub key: Vec<usize>,
    /// Position of the column that dates each event.
    pub dated_by: Option<usize>,
    /// Position of the column that is numbered without gaps.
    pub sequence: Option<usize>,
    /// Whether the order of rows carries meaning and so enters the hash.
    pub order_matters: bool,
    /// The period whose occurrences these are.
    pub span: Option<Span>,
    /// What date a snapshot speaks for.
    pub speaks_for: Option<SpeaksFor>,
    /// How the file is written.
    pub file: FileFormat,
    /// The columns, in the order of the canonical form.
    pub columns: Vec<Column>,
}

/// Reads a schema file.
///
/// # Errors
/// [`Error::Schema`] with what is wrong and what to do.
pub fn parse(text: &str) -> Result<Schema> {
    if text.len() > SCHEMA_BYTES_MAX {
        return Err(Error::Schema(format!("it is larger than {SCHEMA_BYTES_MAX} bytes")));
    }
    let raw: RawSchema = toml::from_str(text).map_err(|error| {
        Error::Schema(excerpt(error.to_string().trim(), 600).replace("\\n", "\n"))
    })?;
    raw.check().map_err(Error::Schema)
}

impl Schema {
    /// The text that says what the columns mean, and nothing of how a file wrote them.
    pub fn meaning(&self) -> String {
        let names = |positions: &[usize]| {
            let found: Vec<&str> = positions
                .iter()
                .filter_map(|position| self.columns.get(*position))
                .map(|column| column.name.as_str())
                .collect();
            if found.is_empty() { "-".to_owned() } else { found.join(",") }
        };
        let mut out = String::from("tickmark population schema 1\n");
        let mut line = |word: &str, value: &str| {
            out.push_str(word);
            out.push(' ');
            out.push_str(value);
            out.push('\n');
        };
        line("name", &self.name);
        line("kind", self.kind.name());
        line("zone", &self.zone_name);
        line("order", if self.order_matters { "matters" } else { "free" });
        line("key", &names(&self.key));
        line("dated_by", &names(self.dated_by.as_slice()));
        if let Some(speaks_for) = &self.speaks_for {
            let date = speaks_for.date.map_or("-".to_owned(), |date| date.to_string());
            let reading = speaks_for.reading.map_or("-", Reading::name);
            line("speaks_for", &format!("{date} {reading}"));
        }
        for column in &self.columns {
            let kind = column.kind.name();
            match &column.kind {
                ColumnType::Decimal { scale, .. } => {
                    line("column", &format!("{} {kind} {scale}", column.name));
                }
                _ => line("column", &format!("{} {kind}", column.name)),
            }
        }
        out
    }

    /// SHA-256 of [`Schema::meaning`].
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.meaning().as_bytes()).into()
    }

    /// The position of the column of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The position of the column that receives the snapshot's date.
    pub fn snapshot_column(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.source.is_none())
    }

    /// Where each schema column stands in a file with these headings.
    ///
    /// # Errors
    /// [`Error::File`] that names the headings that are missing or doubled, and those found.
    pub fn bind_header(&self, headings: &[String]) -> Result<HeaderBinding> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut doubled = BTreeSet::new();
        for (place, heading) in headings.iter().enumerate() {
            if places.insert(heading, place).is_some() {
                doubled.insert(heading.as_str());
            }
        }
        let mut wanted = Vec::with_capacity(self.columns.len());
        let mut absent = Vec::new();
        for column in &self.columns {
            match &column.source {
                None => wanted.push(None),
                Some(source) if doubled.contains(source.as_str()) => {
                    return Err(Error::File(format!(
                        "The header has two columns called \"{}\", so it is not clear which one is meant. Export each column under its own name.",
                        excerpt(source, 60)
                    )));
                }
                Some(source) => match places.remove(source.as_str()) {
                    Some(place) => wanted.push(Some(place)),
                    None => absent.push(format!("\"{}\"", excerpt(source, 60))),
                },
            }
        }
        if !absent.is_empty() {
            let shown: Vec<String> =
                headings.iter().take(40).map(|heading| excerpt(heading, 40)).collect();
            return Err(Error::File(format!(
                "The header is not the one the schema describes. Missing: {}. Found: {}. Check the delimiter, the encoding and the source names in the schema.",
                absent.join(", "),
                shown.join(", ")
            )));
        }
        let unused = places.keys().take(200).map(|heading| excerpt(heading, 60)).collect();
        Ok(HeaderBinding { places: wanted, fields: headings.len(), unused })
    }
}

/// Where the schema's columns stand in one file.
#[derive(Debug, Clone)]
pub struct HeaderBinding {
    /// For each schema column its place in the record; `None` for the snapshot's date.
    pub places: Vec<Option<usize>>,
    /// Fields each record must have.
    pub fields: usize,
    /// Headings that the schema does not name; they are not frozen.
    pub unused: Vec<String>,
}

/// A date or a month, as a snapshot's date may be given.
///
/// # Errors
/// A plain reason.
pub fn parse_snapshot_date(text: &str) -> std::result::Result<Date, String> {
    let full = if text.len() == 7 { format!("{text}-01") } else { text.to_owned() };
    crate::times::parse_date(&full, &TimeFormat::Iso).map_err(|_| {
        format!(
            "\"{}\" is neither a month such as 2010-07 nor a date such as 2010-07-31",
            excerpt(text, 40)
        )
    })
}
