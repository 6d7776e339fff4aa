//! Functions that tests need beside those of SQL: local days and what a snapshot speaks for.
//!
//! | function | gives |
//! |---|---|
//! | `start_of_day(date, zone)` | first instant of the local day |
//! | `end_of_day(date, zone)` | 23:59:59 of the local day: when a termination given as a date takes effect |
//! | `local_date(instant, zone)` | the local date of an instant |
//! | `known_from(date, reading, zone)` | first instant at which what a snapshot shows is known to hold |
//! | `days_after(date, days)` | the date so many calendar days later; earlier when below zero |
//! | `business_days_after(date, days, holidays)` | the date so many weekdays later, leaving out the holidays, a text of dates parted by spaces |
//! | `minutes_after(instant, minutes)` | the instant so many minutes later |
//! | `instant(text)` | an instant written in RFC 3339 with its offset |
//! | `date_of(text)` | a date written as year-month-day |

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Date32Builder, StringArray, TimestampMicrosecondArray,
    TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use datafusion::common::{DataFusionError, Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::census::spans;
use crate::error::excerpt;
use crate::schema::Reading;
use crate::schema_file::find_zone;
use crate::times::{self, TimeFormat, date_of_epoch_day, epoch_day};
use crate::views::{UTC, timestamp_type};

/// All of them.
pub(super) fn all() -> Vec<Arc<ScalarUDF>> {
    [
        Which::StartOfDay,
        Which::EndOfDay,
        Which::LocalDate,
        Which::KnownFrom,
        Which::DaysAfter,
        Which::BusinessDaysAfter,
        Which::MinutesAfter,
        Which::Instant,
        Which::DateOf,
    ]
    .into_iter()
    .map(|which| {
        let signature = Signature::user_defined(Volatility::Immutable);
        Arc::new(ScalarUDF::new_from_impl(ZoneFunction { which, signature }))
    })
    .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Which {
    StartOfDay,
    EndOfDay,
    LocalDate,
    KnownFrom,
    DaysAfter,
    BusinessDaysAfter,
    MinutesAfter,
    Instant,
    DateOf,
}

impl Which {
    fn arguments(self) -> Vec<DataType> {
        match self {
            Self::StartOfDay | Self::EndOfDay => vec![DataType::Date32, DataType::Utf8],
            Self::LocalDate => vec![timestamp_type(), DataType::Utf8],
            Self::KnownFrom => vec![DataType::Date32, DataType::Utf8, DataType::Utf8],
            Self::DaysAfter => vec![DataType::Date32, DataType::Int64],
            Self::BusinessDaysAfter => vec![DataType::Date32, DataType::Int64, DataType::Utf8],
            Self::MinutesAfter => vec![timestamp_type(), DataType::Int64],
            Self::Instant | Self::DateOf => vec![DataType::Utf8],
        }
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ZoneFunction {
    which: Which,
    signature: Signature,
}

impl ScalarUDFImpl for ZoneFunction {
    fn name(&self) -> &str {
        match self.which {
            Which::StartOfDay => "start_of_day",
            Which::EndOfDay => "end_of_day",
            Which::LocalDate => "local_date",
            Which::KnownFrom => "known_from",
            Which::DaysAfter => "days_after",
            Which::BusinessDaysAfter => "business_days_after",
            Which::MinutesAfter => "minutes_after",
            Which::Instant => "instant",
            Which::DateOf => "date_of",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match self.which {
            Which::LocalDate | Which::DateOf | Which::DaysAfter | Which::BusinessDaysAfter => {
                DataType::Date32
            }
            _ => timestamp_type(),
        })
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let wanted = self.which.arguments();
        let fits = |(given, wanted): (&DataType, &DataType)| match wanted {
            DataType::Utf8 => matches!(
                given,
                DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null
            ),
            DataType::Date32 => matches!(given, DataType::Date32 | DataType::Null),
            DataType::Int64 => given.is_integer() || *given == DataType::Null,
            _ => matches!(given, DataType::Timestamp(_, Some(_)) | DataType::Null),
        };
        if given.len() != wanted.len() || !given.iter().zip(&wanted).all(fits) {
            let names: Vec<&str> = wanted.iter().map(plain_type).collect();
            return plan_err!("{} takes ({})", self.name(), names.join(", "));
        }
        Ok(wanted)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let arrays: Vec<ArrayRef> =
            args.args.iter().map(|value| value.to_array(rows)).collect::<Result<_>>()?;
        let found: ArrayRef = match (self.which, arrays.as_slice()) {
            (Which::StartOfDay, [dates, zones]) => days(dates, zones, times::start_of_day)?,
            (Which::EndOfDay, [dates, zones]) => days(dates, zones, times::end_of_day)?,
            (Which::LocalDate, [instants, zones]) => local_dates(instants, zones)?,
            (Which::KnownFrom, [dates, readings, zones]) => known_from(dates, readings, zones)?,
            (Which::DaysAfter, [dates, counts]) => spans::days_after(dates, counts)?,
            (Which::BusinessDaysAfter, [dates, counts, holidays]) => {
                spans::business_days_after(dates, counts, holidays)?
            }
            (Which::MinutesAfter, [instants, counts]) => spans::minutes_after(instants, counts)?,
            (Which::Instant, [texts]) => instants(texts)?,
            (Which::DateOf, [texts]) => dates_of(texts)?,
            _ => return exec_err!("{} was called with other arguments than planned", self.name()),
        };
        Ok(ColumnarValue::Array(found))
    }
}

fn plain_type(kind: &DataType) -> &'static str {
    match kind {
        DataType::Utf8 => "text",
        DataType::Date32 => "date",
        DataType::Int64 => "whole number",
        _ => "timestamp",
    }
}

/// Zones by name; rows usually share one, so the last is kept.
#[derive(Default)]
struct Zones {
    last: Option<(String, TimeZone)>,
}

impl Zones {
    fn get(&mut self, name: &str) -> Result<&TimeZone> {
        if self.last.as_ref().is_none_or(|(known, _)| known != name) {
            self.last =
                Some((name.to_owned(), find_zone(name).map_err(DataFusionError::Execution)?));
        }
        match &self.last {
            Some((_, zone)) => Ok(zone),
            None => exec_err!("no zone"),
        }
    }
}

type DayRule = fn(jiff::civil::Date, &TimeZone) -> std::result::Result<i64, String>;

fn days(dates: &ArrayRef, zones: &ArrayRef, rule: DayRule) -> Result<ArrayRef> {
    let (dates, zones) = (as_dates(dates), as_text(zones));
    let mut known = Zones::default();
    let mut out = TimestampMicrosecondBuilder::with_capacity(dates.len()).with_timezone(UTC);
    for row in 0..dates.len() {
        if dates.is_null(row) || zones.is_null(row) {
            out.append_null();
            continue;
        }
        let zone = known.get(zones.value(row))?;
        let date = date_of_epoch_day(dates.value(row)).ok_or_else(|| {
            DataFusionError::Execution("a date outside the years 1 to 9999".into())
        })?;
        out.append_value(rule(date, zone).map_err(DataFusionError::Execution)?);
    }
    Ok(Arc::new(out.finish()))
}

fn known_from(dates: &ArrayRef, readings: &ArrayRef, zones: &ArrayRef) -> Result<ArrayRef> {
    let (dates, readings, zones) = (as_dates(dates), as_text(readings), as_text(zones));
    let mut known = Zones::default();
    let mut out = TimestampMicrosecondBuilder::with_capacity(dates.len()).with_timezone(UTC);
    for row in 0..dates.len() {
        if dates.is_null(row) || readings.is_null(row) || zones.is_null(row) {
            out.append_null();
            continue;
        }
        let name = readings.value(row);
        let Some(reading) = Reading::named(name) else {
            return exec_err!("\"{}\" is no reading of a snapshot's date", excerpt(name, 60));
        };
        let date = date_of_epoch_day(dates.value(row)).ok_or_else(|| {
            DataFusionError::Execution("a date outside the years 1 to 9999".into())
        })?;
        let zone = known.get(zones.value(row))?;
        out.append_value(reading.instant_us(date, zone).map_err(DataFusionError::Execution)?);
    }
    Ok(Arc::new(out.finish()))
}

fn local_dates(instants: &ArrayRef, zones: &ArrayRef) -> Result<ArrayRef> {
    let (instants, zones) = (as_instants(instants), as_text(zones));
    let mut known = Zones::default();
    let mut out = Date32Builder::with_capacity(instants.len());
    for row in 0..instants.len() {
        if instants.is_null(row) || zones.is_null(row) {
            out.append_null();
            continue;
        }
        let zone = known.get(zones.value(row))?;
        let instant = Timestamp::from_microsecond(instants.value(row))
            .map_err(|error| DataFusionError::Execution(error.to_string()))?;
        out.append_value(epoch_day(zone.to_datetime(instant).date()));
    }
    Ok(Arc::new(out.finish()))
}

fn instants(texts: &ArrayRef) -> Result<ArrayRef> {
    let texts = as_text(texts);
    let mut out = TimestampMicrosecondBuilder::with_capacity(texts.len()).with_timezone(UTC);
    for text in texts {
        match text {
            None => out.append_null(),
            Some(text) => {
                let instant: Timestamp = text.parse().map_err(|_| {
                    DataFusionError::Execution(format!(
                        "instant: \"{}\" is not RFC 3339 with an offset",
                        excerpt(text, 60)
                    ))
                })?;
                out.append_value(instant.as_microsecond());
            }
        }
    }
    Ok(Arc::new(out.finish()))
}

fn dates_of(texts: &ArrayRef) -> Result<ArrayRef> {
    let texts = as_text(texts);
    let mut out = Date32Builder::with_capacity(texts.len());
    for text in texts {
        match text {
            None => out.append_null(),
            Some(text) => {
                let date = times::parse_date(text, &TimeFormat::Iso).map_err(|reason| {
                    DataFusionError::Execution(format!(
                        "date_of: \"{}\" {reason}",
                        excerpt(text, 60)
                    ))
                })?;
                out.append_value(epoch_day(date));
            }
        }
    }
    Ok(Arc::new(out.finish()))
}

pub(super) fn as_text(array: &ArrayRef) -> &StringArray {
    array.as_string::<i32>()
}

pub(super) fn as_dates(array: &ArrayRef) -> &Date32Array {
    array.as_primitive::<Date32Type>()
}

pub(super) fn as_instants(array: &ArrayRef) -> &TimestampMicrosecondArray {
    array.as_primitive::<TimestampMicrosecondType>()
}
