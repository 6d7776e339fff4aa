//! Dates and instants so many days, business days or minutes away.
//!
//! A business day is a weekday that is no holiday of the organisation; the holidays come with the run,
//! because no calendar is everybody's. Counting begins on the day after the given one.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, Date32Builder, TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::common::{DataFusionError, Result, exec_err};

use crate::census::functions::{as_dates, as_instants, as_text};
use crate::error::excerpt;
use crate::times::{self, TimeFormat, date_of_epoch_day, epoch_day};
use crate::views::UTC;

/// Most business days that are counted: about ten years.
const BUSINESS_DAYS_MAX: i64 = 2_600;
const MINUTE_US: i64 = 60_000_000;

/// The date so many calendar days later.
pub(super) fn days_after(dates: &ArrayRef, counts: &ArrayRef) -> Result<ArrayRef> {
    let (dates, counts) = (as_dates(dates), counts.as_primitive::<Int64Type>());
    let mut out = Date32Builder::with_capacity(dates.len());
    for row in 0..dates.len() {
        if dates.is_null(row) || counts.is_null(row) {
            out.append_null();
            continue;
        }
        let day = i32::try_from(counts.value(row))
            .ok()
            .and_then(|count| dates.value(row).checked_add(count))
            .filter(|day| date_of_epoch_day(*day).is_some());
        match day {
            Some(day) => out.append_value(day),
            None => return exec_err!("days_after: the date lies outside the years 1 to 9999"),
        }
    }
    Ok(Arc::new(out.finish()))
}

/// The date so many business days later.
pub(super) fn business_days_after(
    dates: &ArrayRef,
    counts: &ArrayRef,
    holidays: &ArrayRef,
) -> Result<ArrayRef> {
    let (dates, counts) = (as_dates(dates), counts.as_primitive::<Int64Type>());
    let holidays = as_text(holidays);
    let mut known: Option<(&str, BTreeSet<i32>)> = None;
    let mut out = Date32Builder::with_capacity(dates.len());
    for row in 0..dates.len() {
        if dates.is_null(row) || counts.is_null(row) || holidays.is_null(row) {
            out.append_null();
            continue;
        }
        let text = holidays.value(row);
        let off = match known.take() {
            Some((before, off)) if before == text => off,
            _ => days_off(text)?,
        };
        out.append_value(business_day(dates.value(row), counts.value(row), &off)?);
        known = Some((text, off));
    }
    Ok(Arc::new(out.finish()))
}

fn days_off(text: &str) -> Result<BTreeSet<i32>> {
    text.split_whitespace()
        .map(|word| {
            times::parse_date(word, &TimeFormat::Iso).map(epoch_day).map_err(|reason| {
                DataFusionError::Execution(format!(
                    "the holiday \"{}\" {reason}",
                    excerpt(word, 40)
                ))
            })
        })
        .collect()
}

fn business_day(from: i32, count: i64, off: &BTreeSet<i32>) -> Result<i32> {
    if !(0..=BUSINESS_DAYS_MAX).contains(&count) {
        return exec_err!("business_days_after counts from 0 to {BUSINESS_DAYS_MAX} days");
    }
    let (mut day, mut left) = (from, count);
    while left > 0 {
        day = match day.checked_add(1).filter(|day| date_of_epoch_day(*day).is_some()) {
            Some(day) => day,
            None => {
                return exec_err!("business_days_after: the date lies outside the years 1 to 9999");
            }
        };
        // 1970-01-01 was a Thursday.
        let weekday = (i64::from(day) + 3).rem_euclid(7);
        if weekday < 5 && !off.contains(&day) {
            left -= 1;
        }
    }
    Ok(day)
}

/// The instant so many minutes later.
pub(super) fn minutes_after(instants: &ArrayRef, counts: &ArrayRef) -> Result<ArrayRef> {
    let (instants, counts) = (as_instants(instants), counts.as_primitive::<Int64Type>());
    let mut out = TimestampMicrosecondBuilder::with_capacity(instants.len()).with_timezone(UTC);
    for row in 0..instants.len() {
        if instants.is_null(row) || counts.is_null(row) {
            out.append_null();
            continue;
        }
        let later = counts
            .value(row)
            .checked_mul(MINUTE_US)
            .and_then(|span| instants.value(row).checked_add(span));
        match later {
            Some(later) => out.append_value(later),
            None => {
                return exec_err!("minutes_after: the instant lies outside the years 1 to 9999");
            }
        }
    }
    Ok(Arc::new(out.finish()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weekends_and_holidays_are_left_out() {
        let day = |y, m, d| epoch_day(date(y, m, d));
        let none = BTreeSet::new();
        let may = days_off("2026-05-25").unwrap();
        assert_eq!(business_day(day(2026, 3, 6), 2, &none).unwrap(), day(2026, 3, 10));
        assert_eq!(business_day(day(2026, 5, 22), 2, &may).unwrap(), day(2026, 5, 27));
        assert_eq!(business_day(day(2026, 5, 23), 0, &may).unwrap(), day(2026, 5, 23));
        assert!(days_off("25 May").is_err());
        assert!(business_day(day(2026, 1, 1), -1, &none).is_err());
    }

    proptest! {
        #[test]
        fn as_many_business_days_lie_between_as_were_asked_for(
            from in 18_000_i32..22_000,
            count in 0_i64..300,
            holidays in proptest::collection::btree_set(18_000_i32..22_500, 0..40),
        ) {
            let to = business_day(from, count, &holidays).unwrap();
            let works = |day: &i32| {
                let weekday = date_of_epoch_day(*day).unwrap().weekday();
                weekday.to_monday_zero_offset() < 5 && !holidays.contains(day)
            };
            prop_assert_eq!((from + 1..=to).filter(works).count(), usize::try_from(count).unwrap());
            prop_assert!(count == 0 || works(&to));
        }
    }
}
