//! A run of raw records turned into typed Arrow columns; what cannot be typed is refused by name.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, RecordBatch,
    StringBuilder, TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::SchemaRef;
use encoding_rs::UTF_8;
use serde::{Deserialize, Serialize};

use crate::cell::{Cell, read_given, read_in_order};
use crate::error::{Result, excerpt};
use crate::forms::Given;
use crate::records::{FIELDS_MAX, Next};
use crate::schema::{Column, ColumnType, HeaderBinding, Schema};
use crate::times::LastHour;
use crate::views::UTC;

/// Most characters of a foreign value that a refusal repeats.
const VALUE_CHARS_MAX: usize = 60;

/// A row that was not frozen, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Name of the source file.
    pub file: String,
    /// Number of the record in its file; the header is record 1. Blank lines are not counted.
    pub row: u64,
    /// The column at fault, by its name in the schema; none when the row as a whole is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What is wrong, in plain words.
    pub reason: String,
}

/// What is known of the file a batch comes from.
pub(crate) struct FileContext {
    pub(crate) number: i64,
    pub(crate) name: String,
    /// Records of the files before this one, headers included.
    pub(crate) base: u64,
    pub(crate) binding: HeaderBinding,
    /// The snapshot's date as days since 1970.
    pub(crate) speaks_for: Option<i32>,
}

/// The shape of one record in a [`RawBatch`].
pub(crate) struct RawRow {
    pub(crate) record: u64,
    pub(crate) text_start: usize,
    pub(crate) ends_start: usize,
    pub(crate) fields: usize,
    pub(crate) verdict: Next,
}

/// Records of one file, split and not yet read.
#[derive(Default)]
pub(crate) struct RawBatch {
    pub(crate) number: u64,
    pub(crate) file: Option<Arc<FileContext>>,
    /// Stored bytes read when this batch was complete, over all files.
    pub(crate) bytes: u64,
    pub(crate) text: Vec<u8>,
    pub(crate) ends: Vec<u32>,
    pub(crate) rows: Vec<RawRow>,
    /// For each field what the file said it is; empty for text with a delimiter.
    pub(crate) kinds: Vec<Given>,
    /// Records that the reader of the file could not use: number, position of the column, reason.
    pub(crate) faults: Vec<(u64, Option<usize>, String)>,
}

impl RawBatch {
    pub(crate) fn clear(&mut self) {
        self.file = None;
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
        self.kinds.clear();
        self.faults.clear();
    }
}

/// Typed records.
pub(crate) struct TypedBatch {
    pub(crate) rows: RecordBatch,
    pub(crate) refused: Vec<RefusedRow>,
    pub(crate) refused_count: u64,
}

/// Reads every record of a batch; keeps at most `refused_max` refusals and counts the rest.
pub(crate) fn type_batch(
    schema: &Schema,
    arrow: &SchemaRef,
    raw: &RawBatch,
    file: &FileContext,
    refused_max: usize,
) -> Result<TypedBatch> {
    let capacity = raw.rows.len();
    let sound = sound_text(schema, &raw.text);
    let mut builders: Vec<Builder> =
        schema.columns.iter().map(|column| Builder::new(&column.kind, capacity)).collect();
    let mut numbers = Int64Builder::with_capacity(capacity);
    let mut cells: Vec<Cell<'_>> = Vec::with_capacity(schema.columns.len());
    let mut hours = vec![LastHour::default(); schema.columns.len()];
    let (mut refused, mut refused_count) = (Vec::new(), 0);
    for row in &raw.rows {
        cells.clear();
        match read_row(schema, (raw, sound, row), file, &mut hours, &mut cells) {
            Ok(()) => {
                for (builder, cell) in builders.iter_mut().zip(&cells) {
                    builder.append(*cell);
                }
                numbers.append_value(i64::try_from(row.record).unwrap_or(i64::MAX));
            }
            Err((column, reason)) => {
                refused_count += 1;
                if refused.len() < refused_max {
                    refused.push(RefusedRow {
                        file: file.name.clone(),
                        row: row.record,
                        column: column.map(|column| column.name.clone()),
                        reason,
                    });
                }
            }
        }
    }
    let mut arrays: Vec<ArrayRef> = builders.iter_mut().map(Builder::finish).collect();
    let numbers = numbers.finish();
    let files = datafusion::arrow::array::Int64Array::from_value(file.number, numbers.len());
    arrays.push(Arc::new(files));
    arrays.push(Arc::new(numbers));
    let rows = RecordBatch::try_new(Arc::clone(arrow), arrays)?;
    Ok(TypedBatch { rows, refused, refused_count })
}

type Fault<'a> = (Option<&'a Column>, String);
/// A column, and the hour of its value before.
type InOrder<'a> = (&'a Column, &'a mut LastHour);

fn read_row<'a, 's>(
    schema: &'s Schema,
    (raw, sound, row): (&'a RawBatch, Option<&'a str>, &RawRow),
    file: &FileContext,
    hours: &mut [LastHour],
    cells: &mut Vec<Cell<'a>>,
) -> std::result::Result<(), Fault<'s>> {
    match row.verdict {
        Next::TooLong => {
            return Err((
                None,
                format!(
                    "is longer than {} bytes; a quotation mark may not be closed, or record_bytes_max in the schema is too small",
                    schema.file.record_bytes_max
                ),
            ));
        }
        Next::TooManyFields => return Err((None, format!("has more than {FIELDS_MAX} fields"))),
        Next::Record | Next::End => {}
    }
    if let Ok(at) = raw.faults.binary_search_by_key(&row.record, |(record, _, _)| *record)
        && let Some((_, column, reason)) = raw.faults.get(at)
    {
        return Err((column.and_then(|at| schema.columns.get(at)), reason.clone()));
    }
    if row.fields != file.binding.fields {
        return Err((
            None,
            format!("has {} fields, and the header has {}", row.fields, file.binding.fields),
        ));
    }
    for ((column, place), hour) in schema.columns.iter().zip(&file.binding.places).zip(hours) {
        let cell = match place {
            None => file.speaks_for.map_or(Cell::Missing, Cell::Date),
            Some(place) => {
                let range = field(raw, row, *place);
                let given = raw.kinds.get(row.ends_start + place).copied();
                let read = match given.filter(|given| *given != Given::Text) {
                    Some(given) => {
                        read_known(column, raw.text.get(range).unwrap_or_default(), given)
                    }
                    None => read_written(schema, (column, hour), raw, sound, range),
                };
                read.map_err(|reason| (Some(column), reason))?
            }
        };
        cells.push(cell);
    }
    Ok(())
}

/// The text of a batch when all of it is sound: then no field needs to be looked at again. A field that
/// begins or ends inside a character is still seen, because it is no piece of this text.
fn sound_text<'a>(schema: &Schema, bytes: &'a [u8]) -> Option<&'a str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let unsound = schema.file.encoding != UTF_8 && text.contains('\u{fffd}');
    (!unsound && !text.contains('\0')).then_some(text)
}

/// Where a field lies in the batch's text.
fn field(raw: &RawBatch, row: &RawRow, place: usize) -> Range<usize> {
    let end = |at: usize| raw.ends.get(row.ends_start + at).map_or(0, |end| *end as usize);
    let start = if place == 0 { row.text_start } else { end(place - 1) };
    start..end(place)
}

fn read_field<'a>(
    schema: &Schema,
    column: InOrder<'_>,
    bytes: &'a [u8],
) -> std::result::Result<Cell<'a>, String> {
    if bytes.contains(&0) {
        return Err("holds a NUL byte, which no text has; the export is damaged".into());
    }
    let encoding = schema.file.encoding;
    let text = std::str::from_utf8(bytes).map_err(|_| {
        format!(
            "\"{}\" is not valid UTF-8; if the export is in another encoding, name it in the schema, such as windows-1252",
            excerpt(&String::from_utf8_lossy(bytes), VALUE_CHARS_MAX)
        )
    })?;
    if encoding != UTF_8 && text.contains('\u{fffd}') {
        return Err(format!(
            "\"{}\" holds bytes that are no character of {}; check the encoding in the schema",
            excerpt(text, VALUE_CHARS_MAX),
            encoding.name()
        ));
    }
    read_text(column, text)
}

fn read_written<'a>(
    schema: &Schema,
    column: InOrder<'_>,
    raw: &'a RawBatch,
    sound: Option<&'a str>,
    range: Range<usize>,
) -> std::result::Result<Cell<'a>, String> {
    match sound.and_then(|text| text.get(range.clone())) {
        Some(text) => read_text(column, text),
        None => read_field(schema, column, raw.text.get(range).unwrap_or_default()),
    }
}

/// Reads a value that is no text; its own text is made by the reader of the file and is plain.
fn read_known<'a>(
    column: &Column,
    bytes: &'a [u8],
    given: Given,
) -> std::result::Result<Cell<'a>, String> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    read_given(text, given, column).map_err(|reason| {
        if given == Given::Null {
            reason
        } else {
            format!("\"{}\" {reason}", excerpt(text, VALUE_CHARS_MAX))
        }
    })
}

fn read_text<'a>(
    (column, hour): InOrder<'_>,
    text: &'a str,
) -> std::result::Result<Cell<'a>, String> {
    read_in_order(text, column, hour).map_err(|reason| {
        if text.trim().is_empty() {
            reason
        } else {
            format!("\"{}\" {reason}", excerpt(text, VALUE_CHARS_MAX))
        }
    })
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Decimal(Decimal128Builder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
}

impl Builder {
    fn new(kind: &ColumnType, rows: usize) -> Self {
        match kind {
            ColumnType::Text { .. } => Self::Text(StringBuilder::with_capacity(rows, rows * 12)),
            ColumnType::Integer => Self::Integer(Int64Builder::with_capacity(rows)),
            ColumnType::Decimal { .. } => Self::Decimal(
                Decimal128Builder::with_capacity(rows)
                    .with_data_type(crate::views::arrow_type(kind)),
            ),
            ColumnType::Bool { .. } => Self::Bool(BooleanBuilder::with_capacity(rows)),
            ColumnType::Date { .. } => Self::Date(Date32Builder::with_capacity(rows)),
            ColumnType::Timestamp { .. } => {
                Self::Timestamp(TimestampMicrosecondBuilder::with_capacity(rows).with_timezone(UTC))
            }
        }
    }

    /// Appends a cell. `read_cell` yields the column's own type or a missing value, so any other
    /// pair is a missing value.
    fn append(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(builder), Cell::Text(value)) => builder.append_value(value),
            (Self::Integer(builder), Cell::Integer(value)) => builder.append_value(value),
            (Self::Decimal(builder), Cell::Decimal(units, _)) => builder.append_value(units),
            (Self::Bool(builder), Cell::Bool(value)) => builder.append_value(value),
            (Self::Date(builder), Cell::Date(days)) => builder.append_value(days),
            (Self::Timestamp(builder), Cell::Timestamp(micros)) => builder.append_value(micros),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Integer(builder), _) => builder.append_null(),
            (Self::Decimal(builder), _) => builder.append_null(),
            (Self::Bool(builder), _) => builder.append_null(),
            (Self::Date(builder), _) => builder.append_null(),
            (Self::Timestamp(builder), _) => builder.append_null(),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Integer(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish()),
            Self::Bool(builder) => Arc::new(builder.finish()),
            Self::Date(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
        }
    }
}
