//! The mapping file: what the columns of a foreign register mean.
//!
//! TOML, described for its authors in `docs/guide/import-mapping.md`. Unknown keys are errors: a
//! misspelt column name must not turn into a column nobody reads.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use self::check::{checked, cut, toml_error};
use super::cells::DateFormat;
use super::vocabulary::{CaseKind, CaseState, Severity};

mod check;

/// The longest mapping file that is read, in bytes.
pub const MAPPING_BYTES_MAX: usize = 256 * 1024;

/// The version of this format, as the file states it in `mapping`.
pub const MAPPING_VERSION: &str = "1";

/// The mappings that come with the program: name and text. A copy of one is where the author of a
/// new mapping starts.
pub const SHIPPED: &[(&str, &str)] = &[
    (
        "servicenow-event-log",
        include_str!("../../../../../catalog/mappings/servicenow-event-log.toml"),
    ),
    (
        "markdown-status-page",
        include_str!("../../../../../catalog/mappings/markdown-status-page.toml"),
    ),
    ("jira-issues", include_str!("../../../../../catalog/mappings/jira-issues.toml")),
    (
        "pagerduty-incidents",
        include_str!("../../../../../catalog/mappings/pagerduty-incidents.toml"),
    ),
    (
        "pagerduty-incidents-csv",
        include_str!("../../../../../catalog/mappings/pagerduty-incidents-csv.toml"),
    ),
    ("veris", include_str!("../../../../../catalog/mappings/veris.toml")),
    ("spreadsheet", include_str!("../../../../../catalog/mappings/spreadsheet.toml")),
];

/// The most names a list or table of the file may hold.
const NAMES_MAX: usize = 2_000;

/// A mapping file that cannot be used: one plain sentence that says where and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MappingError(pub String);

/// What a field of a case holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// The case's number.
    Key,
    /// Text of any length that fits in a record.
    LongText,
    /// A name or a word, at most [`super::row::LABEL_CHARS_MAX`] characters.
    Label,
    /// A point in time.
    Time,
    /// A whole number, zero or more.
    Count,
    /// Yes or no.
    YesNo,
}

macro_rules! fields {
    ($($variant:ident = $name:literal: $kind:ident),+ $(,)?) => {
        /// A field of a case that a column can be mapped to.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each is explained at its namesake in CaseFields")]
        pub enum Field {
            $(#[serde(rename = $name)] $variant),+
        }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in mapping files and in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it holds.
            #[must_use]
            pub const fn kind(self) -> FieldKind {
                match self { $(Self::$variant => FieldKind::$kind),+ }
            }
        }
    };
}

fields! {
    Key = "key": Key,
    Title = "title": Label,
    Description = "description": LongText,
    Kind = "kind": Label,
    State = "state": Label,
    Active = "active": YesNo,
    Severity = "severity": Label,
    Priority = "priority": Label,
    Impact = "impact": Label,
    Urgency = "urgency": Label,
    Category = "category": Label,
    Subcategory = "subcategory": Label,
    Symptom = "symptom": Label,
    ContactType = "contact_type": Label,
    Location = "location": Label,
    Asset = "asset": Label,
    Caller = "caller": Label,
    OpenedBy = "opened_by": Label,
    AssignmentGroup = "assignment_group": Label,
    AssignedTo = "assigned_to": Label,
    ResolvedBy = "resolved_by": Label,
    CreatedBy = "created_by": Label,
    UpdatedBy = "updated_by": Label,
    CloseCode = "close_code": Label,
    OpenedAt = "opened_at": Time,
    AcknowledgedAt = "acknowledged_at": Time,
    ResolvedAt = "resolved_at": Time,
    ClosedAt = "closed_at": Time,
    CreatedAt = "created_at": Time,
    UpdatedAt = "updated_at": Time,
    SlaMade = "sla_made": YesNo,
    ReopenCount = "reopen_count": Count,
    ReassignmentCount = "reassignment_count": Count,
    Problem = "problem": Label,
    ChangeRequest = "change_request": Label,
    CausedBy = "caused_by": Label,
    Vendor = "vendor": Label,
}

/// What one row of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One row per case: a second row with the same key is refused.
    Case,
    /// One row per event: many rows describe one case at different times.
    Event,
}

/// What the file is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// A table with a heading.
    Csv,
    /// Documents.
    Json {
        /// The member of an outer object that holds the list of records; empty where there is no such object.
        records: String,
    },
}

/// How the file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Gzip when the first two bytes say so.
    #[default]
    Auto,
    /// As it is.
    None,
    /// Gzip, and an error when it is not.
    Gzip,
}

/// What a local time that the clock change skips means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// The row is refused: such a time does not exist.
    #[default]
    Refuse,
    /// The time is moved forward by as much as the clock was.
    Shift,
}

/// What a local time that occurs twice means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeated {
    /// The first of the two.
    #[default]
    Earlier,
    /// The second of the two.
    Later,
    /// The row is refused.
    Refuse,
}

/// What a word means that the file's tables do not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// The row is refused.
    #[default]
    Refuse,
    /// The word is kept as written, without a meaning of ours, and counted in the report.
    Keep,
}

/// How the values of an order column are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderAs {
    /// As whole numbers, so that 10 follows 9.
    #[default]
    Integer,
    /// As points in time.
    Time,
}

/// A column by which the rows of one case are ordered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderColumn {
    /// The column's name.
    pub column: String,
    /// How its values are compared.
    #[serde(default, rename = "as")]
    pub read_as: OrderAs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMapping {
    mapping: String,
    name: String,
    source: String,
    #[serde(default = "one")]
    revision: u32,
    shape: Shape,
    #[serde(default)]
    required: Option<BTreeSet<Field>>,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    file: RawFile,
    time: RawTime,
    #[serde(default)]
    missing: RawMissing,
    #[serde(default)]
    order: Vec<OrderColumn>,
    columns: BTreeMap<Field, String>,
    #[serde(default)]
    defaults: RawDefaults,
    #[serde(default)]
    yes_no: RawYesNo,
    #[serde(default)]
    states: BTreeMap<String, String>,
    #[serde(default)]
    severities: BTreeMap<String, String>,
    #[serde(default)]
    kinds: BTreeMap<String, String>,
    #[serde(default)]
    unlisted: UnlistedWords,
}

const fn one() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawFile {
    format: String,
    records: String,
    delimiter: String,
    quote: String,
    encoding: String,
    compression: Compression,
}

impl Default for RawFile {
    fn default() -> Self {
        Self {
            format: "csv".to_owned(),
            records: String::new(),
            delimiter: ",".to_owned(),
            quote: "\"".to_owned(),
            encoding: "utf-8".to_owned(),
            compression: Compression::Auto,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTime {
    zone: String,
    formats: Vec<String>,
    #[serde(default)]
    skipped: Skipped,
    #[serde(default)]
    repeated: Repeated,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawMissing {
    markers: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawDefaults {
    kind: Option<CaseKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawYesNo {
    yes: Vec<String>,
    no: Vec<String>,
}

impl Default for RawYesNo {
    fn default() -> Self {
        Self { yes: vec!["true".to_owned()], no: vec!["false".to_owned()] }
    }
}

/// What becomes of words that the tables do not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnlistedWords {
    /// Words of the state column.
    pub states: Unlisted,
    /// Words of the severity column, or of the priority column where no severity is mapped.
    pub severities: Unlisted,
    /// Words of the kind column.
    pub kinds: Unlisted,
}

/// The zone in which the file's times are written.
#[derive(Clone, Debug)]
pub enum Zone {
    /// Taken as written: no zone is known, no clock change is corrected. Such times are held as
    /// though they were UTC, and every figure made from them says so.
    Naive,
    /// A place's clock.
    Iana(TimeZone),
}

impl Zone {
    /// Reads `naive` or an IANA name such as `Europe/Lisbon`.
    pub fn parse(name: &str) -> Result<Self, MappingError> {
        if name == "naive" {
            return Ok(Self::Naive);
        }
        TimeZone::get(name).map(Self::Iana).map_err(|_| {
            MappingError(format!(
                "time.zone: \u{201c}{}\u{201d} is not a time zone; write a name such as \"Europe/Lisbon\" or \"UTC\", or \"naive\" when the zone is not known",
                cut(name)
            ))
        })
    }

    /// The name as the mapping file writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Naive => "naive",
            Self::Iana(zone) => zone.iana_name().unwrap_or("UTC"),
        }
    }
}

/// A checked mapping file.
#[derive(Clone, Debug)]
pub struct Mapping {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) revision: u32,
    pub(super) shape: Shape,
    pub(super) required: BTreeSet<Field>,
    pub(super) keep: Vec<String>,
    pub(super) format: FileFormat,
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
    pub(super) encoding: &'static encoding_rs::Encoding,
    pub(super) compression: Compression,
    pub(super) zone: Zone,
    pub(super) formats: Vec<DateFormat>,
    pub(super) skipped: Skipped,
    pub(super) repeated: Repeated,
    pub(super) markers: Vec<String>,
    pub(super) order: Vec<OrderColumn>,
    pub(super) columns: BTreeMap<Field, String>,
    pub(super) default_kind: Option<CaseKind>,
    pub(super) yes: Vec<String>,
    pub(super) no: Vec<String>,
    pub(super) states: BTreeMap<String, Option<CaseState>>,
    pub(super) severities: BTreeMap<String, Option<Severity>>,
    pub(super) kinds: BTreeMap<String, Option<CaseKind>>,
    pub(super) unlisted: UnlistedWords,
}

impl Mapping {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// One sentence that names the line or the key and says what is expected there.
    pub fn parse(toml: &str) -> Result<Self, MappingError> {
        if toml.len() > MAPPING_BYTES_MAX {
            return Err(MappingError(format!(
                "the mapping file is longer than {MAPPING_BYTES_MAX} bytes; a mapping is a short list of columns and words"
            )));
        }
        let raw: RawMapping = toml::from_str(toml).map_err(|error| toml_error(toml, &error))?;
        checked(raw)
    }

    /// What the mapping calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of the system that the register comes from. A case is known by source and key.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Raised by the author when the meaning of a column changes, so that rows already imported
    /// are stated anew.
    #[must_use]
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// What a row is.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        self.shape
    }

    /// What the file is made of.
    #[must_use]
    pub const fn format(&self) -> &FileFormat {
        &self.format
    }

    /// The zone of its times.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The column a field is read from.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<&str> {
        self.columns.get(&field).map(String::as_str)
    }
}
