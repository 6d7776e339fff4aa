//! Parquet: the columns that the schema reads, turned into the text of their values.
//!
//! What another program wrote beside the types of the format itself is not looked at, so that the same
//! bytes mean the same everywhere.

use std::fs::File;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampNanosecondType,
};
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cell::Cell;
use crate::error::{Error, Result, excerpt};
use crate::forms::{Cells, Given, Known, Take, Wanted};
use crate::schema::Schema;

/// Rows that are turned into cells at a time.
const BATCH_ROWS: usize = 4_096;
/// Most bytes that one column of one group of rows may say it unpacks to.
const CHUNK_BYTES_MAX: i64 = 4 * 1024 * 1024 * 1024;

fn damaged(error: &impl std::fmt::Display) -> Error {
    Error::File(format!(
        "The Parquet file cannot be read: {}. Nothing was frozen; export or copy it again.",
        excerpt(&error.to_string(), 200)
    ))
}

pub(super) fn read(
    file: File,
    schema: &Schema,
    wanted: &[Wanted<'_>],
    take: &mut Take<'_>,
) -> Result<Known> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|error| damaged(&error))?;
    for group in builder.metadata().row_groups() {
        if group.columns().iter().any(|c| c.uncompressed_size() > CHUNK_BYTES_MAX) {
            return Err(Error::Limit(
                "A column of the Parquet file unpacks to more than 4 GiB in one group of rows. Write it in smaller groups.".into(),
            ));
        }
    }
    let fields = builder.schema().fields();
    let headings: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
    let binding = schema.bind_header(&headings)?;
    let places: Vec<usize> = binding.places.iter().copied().flatten().collect();
    for (wanted, place) in wanted.iter().zip(&places) {
        if let Some(field) = fields.get(*place)
            && target(field.data_type()).is_none()
        {
            return Err(Error::File(format!(
                "The column \"{}\" of the Parquet file has the type {}, which no population holds. Export flat values.",
                excerpt(wanted.source, 60),
                excerpt(&field.data_type().to_string(), 60)
            )));
        }
    }
    let mask = ProjectionMask::roots(builder.parquet_schema(), places.iter().copied());
    let reader = builder
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(|error| damaged(&error))?;
    let (mut row, mut cells) = (0, Cells::default());
    for batch in reader {
        let batch = batch.map_err(|error| damaged(&error))?;
        let columns = columns(&batch, wanted)?;
        for at in 0..batch.num_rows() {
            row += 1;
            cells.clear();
            for (wanted, column) in wanted.iter().zip(&columns) {
                column.put(wanted, at, &mut cells);
            }
            if !take(row, &cells)? {
                return Ok(Known { unused: binding.unused, ..Known::default() });
            }
        }
    }
    Ok(Known { unused: binding.unused, ..Known::default() })
}

/// The type through which a column's values are read, without loss; none for values that are not flat.
fn target(kind: &DataType) -> Option<DataType> {
    Some(match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => DataType::Utf8,
        DataType::Binary | DataType::LargeBinary => DataType::Binary,
        DataType::Boolean => DataType::Boolean,
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => DataType::Int64,
        DataType::UInt64 => DataType::Decimal128(20, 0),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => DataType::Float64,
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
            if *scale >= 0 =>
        {
            DataType::Decimal128((*precision).max(1), *scale)
        }
        DataType::Date32 | DataType::Date64 => DataType::Date32,
        DataType::Timestamp(unit, zone) => match unit {
            TimeUnit::Nanosecond => DataType::Timestamp(TimeUnit::Nanosecond, zone.clone()),
            // Seconds and milliseconds fit; nanoseconds since 1970 would end in 2262.
            _ => DataType::Timestamp(TimeUnit::Microsecond, zone.clone()),
        },
        DataType::Dictionary(_, values) => target(values)?,
        _ => return None,
    })
}

struct Column {
    values: ArrayRef,
    kind: DataType,
}

/// The wanted columns of a batch, each in the order of the schema.
fn columns(batch: &RecordBatch, wanted: &[Wanted<'_>]) -> Result<Vec<Column>> {
    wanted
        .iter()
        .map(|wanted| {
            let missing = || damaged(&format!("column {} is missing", excerpt(wanted.source, 60)));
            let array = batch.column_by_name(wanted.source).ok_or_else(missing)?;
            let kind = target(array.data_type()).ok_or_else(missing)?;
            let single = *array.data_type() == DataType::Float32;
            let values = cast(array, &kind).map_err(|error| damaged(&error))?;
            // A number of 32 bits is written with its own digits, not with those it gets in 64.
            Ok(if single {
                Column { values: array.clone(), kind: DataType::Float32 }
            } else {
                Column { values, kind }
            })
        })
        .collect()
}

impl Column {
    fn put(&self, wanted: &Wanted<'_>, row: usize, cells: &mut Cells) {
        if self.values.is_null(row) {
            cells.push(Given::Null, b"");
            return;
        }
        let refuse = |cells: &mut Cells, reason: &str| {
            cells.refuse(Some(wanted.column), reason);
            cells.push(Given::Null, b"");
        };
        let number = |cells: &mut Cells, text: Option<String>| match text {
            Some(text) => cells.push(Given::Number, text.as_bytes()),
            None => refuse(cells, "is not a number"),
        };
        match &self.kind {
            DataType::Utf8 => {
                cells.push(Given::Text, self.values.as_string::<i32>().value(row).as_bytes());
            }
            DataType::Binary => {
                cells.push(Given::Text, self.values.as_binary::<i32>().value(row));
            }
            DataType::Boolean => {
                let yes = self.values.as_boolean().value(row);
                cells.push(Given::Bool, if yes { b"true" } else { b"false" });
            }
            DataType::Int64 => {
                number(cells, Some(self.values.as_primitive::<Int64Type>().value(row).to_string()));
            }
            DataType::Float32 => {
                let value = self
                    .values
                    .as_primitive::<datafusion::arrow::datatypes::Float32Type>()
                    .value(row);
                number(cells, value.is_finite().then(|| value.to_string()));
            }
            DataType::Float64 => {
                let value = self.values.as_primitive::<Float64Type>().value(row);
                number(cells, value.is_finite().then(|| value.to_string()));
            }
            DataType::Decimal128(_, scale) => {
                let units = self.values.as_primitive::<Decimal128Type>().value(row);
                let cell = Cell::Decimal(units, u8::try_from(*scale).unwrap_or(0));
                number(cells, cell.canonical());
            }
            DataType::Date32 => {
                let days = self.values.as_primitive::<Date32Type>().value(row);
                match crate::times::date_of_epoch_day(days) {
                    Some(date) => cells.push(Given::Date, date.to_string().as_bytes()),
                    None => refuse(cells, "is a date outside the years that can be read"),
                }
            }
            DataType::Timestamp(unit, zone) => match self.instant(*unit, row) {
                Some(instant) if zone.is_some() => {
                    cells.push(Given::Instant, instant.to_string().as_bytes());
                }
                Some(instant) => {
                    let local = TimeZone::UTC.to_datetime(instant);
                    cells.push(Given::Local, local.to_string().as_bytes());
                }
                None => refuse(cells, "is a time outside the years that can be read"),
            },
            _ => refuse(cells, "is of a type that no population holds"),
        }
    }

    fn instant(&self, unit: TimeUnit, row: usize) -> Option<Timestamp> {
        if unit == TimeUnit::Nanosecond {
            let nanos = self.values.as_primitive::<TimestampNanosecondType>().value(row);
            return Timestamp::from_nanosecond(i128::from(nanos)).ok();
        }
        let micros = self
            .values
            .as_primitive::<datafusion::arrow::datatypes::TimestampMicrosecondType>()
            .value(row);
        Timestamp::from_microsecond(micros).ok()
    }
}
