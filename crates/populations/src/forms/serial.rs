//! Numbers of a workbook: days since an epoch as dates and times, and other numbers to the fifteen
//! digits that a workbook keeps.

use jiff::civil::{Date, Time, date};

use crate::forms::tokens::plain_number;
use crate::times::{date_of_epoch_day, epoch_day};

/// From which number on a whole number has more than the fifteen digits that a workbook keeps.
const WHOLE_MAX: f64 = 1e15;
const DAY_MS: i64 = 86_400_000;
/// The last day of the year 9999, counted from 1900.
const SERIAL_MAX: f64 = 2_958_466.0;

/// A number as text, with the fifteen digits that a workbook keeps and shows.
///
/// # Errors
/// A plain reason, without the value.
pub(super) fn number(written: &str) -> Result<String, String> {
    let value: f64 = written.trim().parse().map_err(|_| "is not a number".to_owned())?;
    if !value.is_finite() {
        return Err("is not a number".into());
    }
    if value.abs() >= WHOLE_MAX {
        return Err(
            "has more than 15 digits, and a workbook rounds those; export the column as text"
                .into(),
        );
    }
    if value == 0.0 {
        return Ok("0".into());
    }
    plain_number(&format!("{value:.14e}")).ok_or_else(|| "is not a number".into())
}

/// The local date and time of a number of days, to the millisecond.
///
/// # Errors
/// A plain reason, without the value.
pub(super) fn moment(written: &str, since_1904: bool) -> Result<(Date, Time), String> {
    let serial: f64 = written.trim().parse().map_err(|_| "is not a number of days".to_owned())?;
    let first = if since_1904 { 0.0 } else { 1.0 };
    if !(first..SERIAL_MAX).contains(&serial) {
        return Err(
            "is no date of a workbook: it lies before the first day or after the last".into()
        );
    }
    // Sixteen digits hold a number of days to far below a millisecond; the text of the rounded number
    // is read again, because a number this small is exact in both.
    let millis: i64 = format!("{:.0}", serial * 86_400_000.0)
        .parse()
        .map_err(|_| "is not a number of days".to_owned())?;
    let (day, within) = (millis.div_euclid(DAY_MS), millis.rem_euclid(DAY_MS));
    let epoch = if since_1904 {
        date(1904, 1, 1)
    } else if day == 60 {
        return Err("is 29 February 1900, a day that workbooks count and that never was".into());
    } else if day < 60 {
        date(1899, 12, 31)
    } else {
        date(1899, 12, 30)
    };
    let found = i32::try_from(day)
        .ok()
        .and_then(|day| epoch_day(epoch).checked_add(day))
        .and_then(date_of_epoch_day)
        .ok_or("is no date of a workbook")?;
    let part = |number: i64| i8::try_from(number).unwrap_or(0);
    let (seconds, rest) = (within / 1_000, within % 1_000);
    let time = Time::new(
        part(seconds / 3_600),
        part(seconds / 60 % 60),
        part(seconds % 60),
        i32::try_from(rest * 1_000_000).unwrap_or(0),
    )
    .map_err(|_| "is no time of a day".to_owned())?;
    Ok((found, time))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(written: &str, since_1904: bool) -> String {
        match moment(written, since_1904) {
            Ok((date, time)) => format!("{date} {time}"),
            Err(reason) => reason,
        }
    }

    #[test]
    fn both_epochs_and_the_day_that_never_was() {
        assert_eq!(shown("1", false), "1900-01-01 00:00:00");
        assert_eq!(shown("59", false), "1900-02-28 00:00:00");
        assert!(shown("60", false).contains("never was"));
        assert_eq!(shown("61", false), "1900-03-01 00:00:00");
        assert_eq!(shown("46089.25", false), "2026-03-08 06:00:00");
        assert_eq!(shown("44627.25", true), "2026-03-08 06:00:00");
        assert_eq!(shown("0", true), "1904-01-01 00:00:00");
        assert!(shown("0.5", false).contains("no date"));
        assert!(shown("2958466", false).contains("no date"));
        assert_eq!(shown("46089.999999999", false), "2026-03-09 00:00:00");
        assert!(shown("NaN", false).contains("no date"));
    }

    #[test]
    fn fifteen_digits_are_kept_and_no_more() {
        assert_eq!(number("0.30000000000000004").unwrap(), "0.3");
        assert_eq!(number("12.5").unwrap(), "12.5");
        assert_eq!(number("1E-3").unwrap(), "0.001");
        assert_eq!(number("-126").unwrap(), "-126");
        assert_eq!(number("999999999999999").unwrap(), "999999999999999");
        assert!(number("1E+15").unwrap_err().contains("15 digits"));
        assert!(number("x").is_err());
        assert_eq!(number("-0").unwrap(), "0");
    }

    proptest! {
        #[test]
        fn cents_survive(units in -99_999_999_999_999_i64..99_999_999_999_999) {
            let sign = if units < 0 { "-" } else { "" };
            let all = units.unsigned_abs();
            let written = format!("{sign}{}.{:02}", all / 100, all % 100);
            let value: f64 = written.parse().unwrap();
            let back = number(&format!("{value:?}")).unwrap();
            let plain = written.trim_end_matches('0').trim_end_matches('.');
            prop_assert_eq!(back, if all == 0 { "0" } else { plain });
        }

        #[test]
        fn milliseconds_survive(days in 61_i64..100_000, millis in 0_i64..86_400_000) {
            let serial = (days * 86_400_000 + millis).to_string().parse::<f64>().unwrap() / 86_400_000.0;
            let (found, time) = moment(&format!("{serial:?}"), false).unwrap();
            let counted = i64::from(epoch_day(found) - epoch_day(date(1899, 12, 30)));
            prop_assert_eq!(counted, days);
            let within = time.duration_since(Time::midnight()).as_millis();
            prop_assert_eq!(within, i128::from(millis));
        }
    }
}
