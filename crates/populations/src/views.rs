//! Arrow columns read as typed cells, and the Arrow type of each column type.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Field, Float64Type, Int64Type, Schema as ArrowSchema,
    SchemaRef, TimeUnit, TimestampMicrosecondType,
};

use crate::cell::Cell;
use crate::error::{Error, Result};
use crate::schema::{ColumnType, SOURCE_FILE, SOURCE_ROW, Schema};

/// The zone that Arrow timestamps carry; instants are stored in UTC.
pub(crate) const UTC: &str = "+00:00";

/// The Arrow type in which a column is stored.
pub(crate) fn arrow_type(kind: &ColumnType) -> DataType {
    match kind {
        ColumnType::Text { .. } => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Decimal { scale, .. } => {
            DataType::Decimal128(38, i8::try_from(*scale).unwrap_or(i8::MAX))
        }
        ColumnType::Bool { .. } => DataType::Boolean,
        ColumnType::Date { .. } => DataType::Date32,
        ColumnType::Timestamp { .. } => timestamp_type(),
    }
}

/// Microseconds in UTC.
pub(crate) fn timestamp_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()))
}

/// The Arrow schema of a frozen population: its columns, then source file and source row.
pub(crate) fn arrow_schema(schema: &Schema) -> SchemaRef {
    let mut fields: Vec<Field> = schema
        .columns
        .iter()
        .map(|column| Field::new(&column.name, arrow_type(&column.kind), true))
        .collect();
    fields.push(Field::new(SOURCE_FILE, DataType::Int64, false));
    fields.push(Field::new(SOURCE_ROW, DataType::Int64, false));
    Arc::new(ArrowSchema::new(fields))
}

/// One column of a batch.
pub(crate) enum View<'a> {
    Text(&'a StringArray),
    Integer(&'a Int64Array),
    Decimal(&'a Decimal128Array, u8),
    Bool(&'a BooleanArray),
    Date(&'a Date32Array),
    Timestamp(&'a TimestampMicrosecondArray),
    Real(&'a Float64Array),
}

impl<'a> View<'a> {
    /// Reads a column; `None` when its type is not one that populations hold.
    pub(crate) fn of(array: &'a ArrayRef) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Self::Text(array.as_string::<i32>()),
            DataType::Int64 => Self::Integer(array.as_primitive::<Int64Type>()),
            DataType::Decimal128(_, scale) => {
                Self::Decimal(array.as_primitive::<Decimal128Type>(), u8::try_from(*scale).ok()?)
            }
            DataType::Boolean => Self::Bool(array.as_boolean()),
            DataType::Date32 => Self::Date(array.as_primitive::<Date32Type>()),
            DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
                Self::Timestamp(array.as_primitive::<TimestampMicrosecondType>())
            }
            DataType::Float64 => Self::Real(array.as_primitive::<Float64Type>()),
            _ => return None,
        })
    }

    /// The first `count` columns of a batch.
    pub(crate) fn all(batch: &'a RecordBatch, count: usize) -> Result<Vec<Self>> {
        batch
            .columns()
            .iter()
            .take(count)
            .map(|array| {
                Self::of(array).ok_or_else(|| {
                    Error::Engine(format!("a column of type {} cannot be read", array.data_type()))
                })
            })
            .collect()
    }

    /// The value in a row.
    #[inline]
    pub(crate) fn cell(&self, row: usize) -> Cell<'a> {
        match self {
            Self::Text(array) if array.is_valid(row) => Cell::Text(array.value(row)),
            Self::Integer(array) if array.is_valid(row) => Cell::Integer(array.value(row)),
            Self::Decimal(array, scale) if array.is_valid(row) => {
                Cell::Decimal(array.value(row), *scale)
            }
            Self::Bool(array) if array.is_valid(row) => Cell::Bool(array.value(row)),
            Self::Date(array) if array.is_valid(row) => Cell::Date(array.value(row)),
            Self::Timestamp(array) if array.is_valid(row) => Cell::Timestamp(array.value(row)),
            Self::Real(array) if array.is_valid(row) => Cell::Real(array.value(row)),
            _ => Cell::Missing,
        }
    }
}
