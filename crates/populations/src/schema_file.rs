//! The schema file as it is written, and the checks that turn it into a [`Schema`].

use std::collections::BTreeSet;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::error::excerpt;
use crate::forms::Form;
use crate::schema::{
    COLUMNS_MAX, Column, ColumnType, FileFormat, Kind, RECORD_BYTES_LIMIT, Reading, SOURCE_FILE,
    SOURCE_ROW, Schema, SpeaksFor, parse_snapshot_date,
};
use crate::times::{Fold, Span, TimeFormat, check_pattern};

const RECORD_BYTES_DEFAULT: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSchema {
    name: String,
    kind: Kind,
    zone: String,
    key: Vec<String>,
    dated_by: Option<String>,
    sequence: Option<String>,
    #[serde(default)]
    order_matters: bool,
    #[serde(default)]
    fold: Fold,
    missing: Option<Vec<String>>,
    span: Option<Span>,
    speaks_for: Option<RawSpeaksFor>,
    #[serde(default)]
    file: RawFile,
    columns: Vec<RawColumn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSpeaksFor {
    date: Option<String>,
    reading: Option<Reading>,
    column: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawFile {
    delimiter: Option<String>,
    encoding: Option<String>,
    gzip: Option<bool>,
    record_bytes_max: Option<usize>,
    form: Option<Form>,
    sheet: Option<String>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum TypeName {
    Text,
    Integer,
    Decimal,
    Bool,
    Date,
    Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    name: String,
    source: Option<String>,
    #[serde(rename = "type")]
    kind: TypeName,
    #[serde(default)]
    required: bool,
    missing: Option<Vec<String>>,
    trim: Option<bool>,
    scale: Option<u8>,
    decimal_mark: Option<String>,
    #[serde(rename = "true")]
    yes: Option<Vec<String>>,
    #[serde(rename = "false")]
    no: Option<Vec<String>>,
    format: Option<String>,
    day_first: Option<bool>,
    zone: Option<String>,
}

type Checked<T> = Result<T, String>;

impl RawSchema {
    pub(crate) fn check(self) -> Checked<Schema> {
        plain_name("name", &self.name)?;
        let zone = find_zone(&self.zone)?;
        let file = self.file.check()?;
        let missing = self.missing.unwrap_or_else(|| vec![String::new()]);
        check_markers("missing", &missing)?;
        let mut columns = Vec::with_capacity(self.columns.len() + 1);
        for raw in self.columns {
            columns.push(raw.check(&zone, self.fold, &missing)?);
        }
        let speaks_for = match self.speaks_for {
            Some(raw) => Some(raw.check(&mut columns)?),
            None => None,
        };
        check_columns(&columns)?;
        let key = key_positions(&mut columns, &self.key)?;
        let dated_by = dating_column(&columns, self.kind, self.dated_by.as_deref())?;
        let sequence = numbered_column(&columns, self.sequence.as_deref())?;
        if let Some(span) = &self.span {
            span.instants_us(&zone)?;
        }
        Ok(Schema {
            name: self.name,
            kind: self.kind,
            zone_name: self.zone,
            zone,
            key,
            dated_by,
            sequence,
            order_matters: self.order_matters,
            span: self.span,
            speaks_for,
            file,
            columns,
        })
    }
}

fn position(columns: &[Column], name: &str, role: &str) -> Checked<usize> {
    columns.iter().position(|column| column.name == name).ok_or_else(|| {
        format!("{role} names \"{}\", which is not one of the columns", excerpt(name, 60))
    })
}

/// Finds the key columns; a key is always required.
fn key_positions(columns: &mut [Column], names: &[String]) -> Checked<Vec<usize>> {
    let mut key = Vec::with_capacity(names.len());
    for name in names {
        let found = position(columns, name, "key")?;
        if key.contains(&found) {
            return Err(format!("key names \"{name}\" twice"));
        }
        key.push(found);
        if let Some(column) = columns.get_mut(found) {
            column.required = true;
        }
    }
    Ok(key)
}

fn dating_column(columns: &[Column], kind: Kind, name: Option<&str>) -> Checked<Option<usize>> {
    let Some(name) = name else {
        return match kind {
            Kind::Capture => Ok(None),
            Kind::Events => Err(
                "an event population needs dated_by, the column that says when each event happened"
                    .into(),
            ),
        };
    };
    let found = position(columns, name, "dated_by")?;
    match columns.get(found).map(|column| &column.kind) {
        Some(ColumnType::Date { .. } | ColumnType::Timestamp { .. }) => Ok(Some(found)),
        _ => Err("dated_by must name a column of type date or timestamp".into()),
    }
}

fn numbered_column(columns: &[Column], name: Option<&str>) -> Checked<Option<usize>> {
    let Some(name) = name else { return Ok(None) };
    let found = position(columns, name, "sequence")?;
    match columns.get(found).map(|column| &column.kind) {
        Some(ColumnType::Text { .. } | ColumnType::Integer) => Ok(Some(found)),
        _ => Err("sequence must name a column of type text or integer".into()),
    }
}

impl RawSpeaksFor {
    /// Checks the section and adds the column that receives the date.
    fn check(self, columns: &mut Vec<Column>) -> Checked<SpeaksFor> {
        let date = match &self.date {
            Some(text) => Some(
                parse_snapshot_date(text).map_err(|reason| format!("speaks_for.date: {reason}"))?,
            ),
            None => None,
        };
        if let Some(name) = &self.column {
            columns.push(Column {
                name: name.clone(),
                source: None,
                kind: ColumnType::Date { format: TimeFormat::Iso },
                missing: Vec::new(),
                required: true,
            });
        }
        Ok(SpeaksFor { date, reading: self.reading, column: self.column })
    }
}

impl RawFile {
    fn check(self) -> Checked<FileFormat> {
        let delimiter = match self.delimiter.as_deref() {
            None => b',',
            Some("tab") => b'\t',
            Some(text) => match text.as_bytes() {
                [byte]
                    if byte.is_ascii()
                        && !byte.is_ascii_alphanumeric()
                        && !b"\"\r\n\0".contains(byte) =>
                {
                    *byte
                }
                _ => {
                    return Err("file.delimiter must be one ASCII character that is no letter, digit, quotation mark or line end, or \"tab\"".into());
                }
            },
        };
        let label = self.encoding.as_deref().unwrap_or("utf-8");
        let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            format!("file.encoding \"{}\" is not known; use utf-8, utf-16le, utf-16be, windows-1252 or another name of the WHATWG encoding standard", excerpt(label, 40))
        })?;
        let record_bytes_max = self.record_bytes_max.unwrap_or(RECORD_BYTES_DEFAULT);
        if !(1..=RECORD_BYTES_LIMIT).contains(&record_bytes_max) {
            return Err(format!(
                "file.record_bytes_max must be between 1 and {RECORD_BYTES_LIMIT}"
            ));
        }
        if self.sheet.as_ref().is_some_and(|name| name.is_empty() || name.chars().count() > 31) {
            return Err("file.sheet must be the name of a sheet, of 1 to 31 characters".into());
        }
        Ok(FileFormat {
            delimiter,
            encoding,
            gzip: self.gzip.unwrap_or(true),
            record_bytes_max,
            form: self.form,
            sheet: self.sheet,
        })
    }
}

impl RawColumn {
    fn check(self, zone: &TimeZone, fold: Fold, missing: &[String]) -> Checked<Column> {
        self.refuse_settings_of_other_types()?;
        let place = format!("column \"{}\"", excerpt(&self.name, 60));
        let kind = match self.kind {
            TypeName::Text => ColumnType::Text { trim: self.trim.unwrap_or(false) },
            TypeName::Integer => ColumnType::Integer,
            TypeName::Decimal => self.decimal(&place)?,
            TypeName::Bool => self.bool(&place)?,
            TypeName::Date => ColumnType::Date { format: self.time_format(&place, false)? },
            TypeName::Timestamp => ColumnType::Timestamp {
                format: self.time_format(&place, true)?,
                zone: match &self.zone {
                    Some(name) => find_zone(name)?,
                    None => zone.clone(),
                },
                fold,
            },
        };
        let missing = self.missing.unwrap_or_else(|| missing.to_vec());
        check_markers(&place, &missing)?;
        let source = self.source.unwrap_or_else(|| self.name.clone());
        if source.is_empty() || source.len() > 500 {
            return Err(format!("{place}: source must be a heading of 1 to 500 bytes"));
        }
        Ok(Column { name: self.name, source: Some(source), kind, missing, required: self.required })
    }

    fn decimal(&self, place: &str) -> Checked<ColumnType> {
        let scale = self.scale.ok_or_else(|| {
            format!("{place} is a decimal and needs scale, the number of decimal places")
        })?;
        if scale > 18 {
            return Err(format!("{place}: scale must be at most 18"));
        }
        let mark = match self.decimal_mark.as_deref() {
            None | Some(".") => '.',
            Some(",") => ',',
            Some(_) => return Err(format!("{place}: decimal_mark must be \".\" or \",\"")),
        };
        Ok(ColumnType::Decimal { scale, mark })
    }

    fn bool(&self, place: &str) -> Checked<ColumnType> {
        let words = |given: &Option<Vec<String>>, usual: &str| {
            given.clone().unwrap_or_else(|| vec![usual.to_owned()])
        };
        let (yes, no) = (words(&self.yes, "true"), words(&self.no, "false"));
        let both = yes.iter().any(|word| no.iter().any(|other| other.eq_ignore_ascii_case(word)));
        if yes.is_empty() || no.is_empty() || both {
            return Err(format!(
                "{place}: true and false need at least one word each and none in common"
            ));
        }
        Ok(ColumnType::Bool { yes, no })
    }

    fn time_format(&self, place: &str, needs_time: bool) -> Checked<TimeFormat> {
        match (&self.format, self.day_first) {
            (Some(_), Some(_)) => {
                Err(format!("{place}: give either format or day_first, not both"))
            }
            (None, None) => Ok(TimeFormat::Iso),
            (None, Some(true)) => Ok(TimeFormat::DayFirst),
            (None, Some(false)) => Ok(TimeFormat::MonthFirst),
            (Some(pattern), None) if pattern == "iso" => Ok(TimeFormat::Iso),
            (Some(pattern), None) => {
                check_pattern(pattern, needs_time).map_err(|reason| {
                    format!("{place}: format \"{}\" {reason}", excerpt(pattern, 60))
                })?;
                Ok(TimeFormat::Pattern(pattern.clone()))
            }
        }
    }

    fn refuse_settings_of_other_types(&self) -> Checked<()> {
        let dates = matches!(self.kind, TypeName::Date | TypeName::Timestamp);
        let misplaced = [
            ("trim", self.trim.is_some() && self.kind != TypeName::Text),
            ("scale", self.scale.is_some() && self.kind != TypeName::Decimal),
            ("decimal_mark", self.decimal_mark.is_some() && self.kind != TypeName::Decimal),
            ("true", self.yes.is_some() && self.kind != TypeName::Bool),
            ("false", self.no.is_some() && self.kind != TypeName::Bool),
            ("format", self.format.is_some() && !dates),
            ("day_first", self.day_first.is_some() && !dates),
            ("zone", self.zone.is_some() && self.kind != TypeName::Timestamp),
        ];
        match misplaced.iter().find(|(_, wrong)| *wrong) {
            Some((setting, _)) => Err(format!(
                "column \"{}\": {setting} does not belong to a column of its type",
                excerpt(&self.name, 60)
            )),
            None => Ok(()),
        }
    }
}

fn check_columns(columns: &[Column]) -> Checked<()> {
    if columns.is_empty() || columns.len() > COLUMNS_MAX {
        return Err(format!("it must have between 1 and {COLUMNS_MAX} columns"));
    }
    let mut names = BTreeSet::new();
    let mut sources = BTreeSet::new();
    for column in columns {
        if !is_identifier(&column.name) {
            return Err(format!(
                "column name \"{}\" must be lower-case letters, digits and _, begin with a letter and have at most 63 characters",
                excerpt(&column.name, 60)
            ));
        }
        if [SOURCE_ROW, SOURCE_FILE].contains(&column.name.as_str()) {
            return Err(format!(
                "the column name {} is kept for the product's own use",
                column.name
            ));
        }
        if !names.insert(column.name.as_str()) {
            return Err(format!("column \"{}\" is there twice", column.name));
        }
        if let Some(source) = &column.source
            && !sources.insert(source.as_str())
        {
            return Err(format!("two columns read the heading \"{}\"", excerpt(source, 60)));
        }
    }
    Ok(())
}

/// A name that needs no quoting in a query.
pub(crate) fn is_identifier(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A title without control characters, 1 to 200 characters.
pub(crate) fn plain_name(what: &str, name: &str) -> Checked<()> {
    let length = name.chars().count();
    if !(1..=200).contains(&length) || name.chars().any(char::is_control) || name.trim() != name {
        return Err(format!(
            "{what} must be 1 to 200 characters on one line, without spaces around it"
        ));
    }
    Ok(())
}

/// The zone of this IANA name.
pub(crate) fn find_zone(name: &str) -> Checked<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        format!(
            "zone \"{}\" is not an IANA time zone such as Europe/London or America/New_York",
            excerpt(name, 60)
        )
    })
}

fn check_markers(place: &str, markers: &[String]) -> Checked<()> {
    if markers.len() > 20 || markers.iter().any(|marker| marker.len() > 100) {
        return Err(format!("{place}: at most 20 missing markers of at most 100 bytes each"));
    }
    Ok(())
}
