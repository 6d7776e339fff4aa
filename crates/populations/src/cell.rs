//! One typed value: how it is read from an export, and its canonical text.
//!
//! The canonical text is what is hashed, so it depends on the value alone and never on how a file
//! wrote it. The table of forms is in `docs/guide/populations.md`.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::forms::Given;
use crate::schema::{Column, ColumnType};
use crate::times::{self, LastHour, TimeFormat, date_of_epoch_day, epoch_day};

/// Most digits a decimal can hold, before and after the mark together.
pub const DECIMAL_DIGITS_MAX: usize = 38;

/// One value of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// The source has no value.
    Missing,
    /// Text as it stands.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A decimal as a whole number of units of the last place, and the number of places.
    Decimal(i128, u8),
    /// Yes or no.
    Bool(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// A binary floating-point number; only results of tests hold these, never frozen records.
    Real(f64),
}

impl Cell<'_> {
    /// Appends the canonical text. A missing value has none.
    pub fn write_canonical(&self, out: &mut String) {
        // Writing to a String cannot fail, so the results are of no interest.
        let _ = match *self {
            Self::Missing => Ok(()),
            Self::Text(text) => out.write_str(text),
            Self::Integer(value) => {
                push_integer(out, value);
                Ok(())
            }
            Self::Decimal(units, places) => write_decimal(out, units, places),
            Self::Bool(value) => out.write_str(if value { "true" } else { "false" }),
            Self::Date(days) => match date_of_epoch_day(days) {
                Some(date) => write!(out, "{date}"),
                None => write!(out, "day {days}"),
            },
            Self::Timestamp(micros) => match Timestamp::from_microsecond(micros) {
                Ok(_) if push_instant(out, micros) => Ok(()),
                Ok(instant) => write!(out, "{instant}"),
                Err(_) => write!(out, "microsecond {micros}"),
            },
            Self::Real(value) => write!(out, "{value:?}"),
        };
    }

    /// The canonical text, or `None` for a missing value.
    pub fn canonical(&self) -> Option<String> {
        if matches!(self, Self::Missing) {
            return None;
        }
        let mut out = String::new();
        self.write_canonical(&mut out);
        Some(out)
    }
}

/// The decimal digits of a number of 64 bits, without the formatter's detours: every row of a
/// population goes through here.
fn push_integer(out: &mut String, value: i64) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    let mut left = value.unsigned_abs();
    while left > 0 || at == digits.len() {
        at -= 1;
        put_digit(&mut digits, at, left);
        left /= 10;
    }
    if value < 0 {
        out.push('-');
    }
    push_ascii(out, digits.get(at..));
}

/// An instant of the years 1 to 9999 in RFC 3339, in UTC, with as many decimals as it needs. False,
/// and nothing written, for others.
fn push_instant(out: &mut String, micros: i64) -> bool {
    const DAY: i64 = 86_400_000_000;
    let Some((year, month, day)) = times::civil_of_day(micros.div_euclid(DAY)) else {
        return false;
    };
    let time = micros.rem_euclid(DAY).unsigned_abs();
    let (seconds, fraction) = (time / 1_000_000, time % 1_000_000);
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    put_number(&mut text, 0..4, year);
    put_number(&mut text, 5..7, month);
    put_number(&mut text, 8..10, day);
    put_number(&mut text, 11..13, seconds / 3_600);
    put_number(&mut text, 14..16, seconds / 60 % 60);
    put_number(&mut text, 17..19, seconds % 60);
    put_number(&mut text, 20..26, fraction);
    let mut end = if fraction == 0 { 19 } else { 26 };
    while fraction != 0 && text.get(end - 1) == Some(&b'0') {
        end -= 1;
    }
    push_ascii(out, text.get(..end));
    out.push('Z');
    true
}

fn put_number(text: &mut [u8], places: std::ops::Range<usize>, mut number: u64) {
    for at in places.rev() {
        put_digit(text, at, number);
        number /= 10;
    }
}

/// Puts the last digit of a number at a place.
fn put_digit(text: &mut [u8], at: usize, number: u64) {
    let [digit, ..] = (number % 10).to_le_bytes();
    if let Some(place) = text.get_mut(at) {
        *place = b'0' + digit;
    }
}

fn push_ascii(out: &mut String, bytes: Option<&[u8]>) {
    out.push_str(bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default());
}

fn write_decimal(out: &mut String, units: i128, places: u8) -> std::fmt::Result {
    if units < 0 {
        out.push('-');
    }
    let digits = units.unsigned_abs().to_string();
    let places = usize::from(places);
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    out.push_str(whole);
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    Ok(())
}

/// Reads one field as the schema says.
///
/// # Errors
/// A plain reason without the value and without its place: the caller adds row and column.
pub fn read_cell<'a>(field: &'a str, column: &Column) -> Result<Cell<'a>, String> {
    read_in_order(field, column, &mut LastHour::default())
}

/// [`read_cell`] for one of many fields of a column, of which `last` remembers the hour before.
///
/// # Errors
/// As [`read_cell`].
pub(crate) fn read_in_order<'a>(
    field: &'a str,
    column: &Column,
    last: &mut LastHour,
) -> Result<Cell<'a>, String> {
    // Most values begin and end with a visible character; only others can have something to trim.
    let visible = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = field.as_bytes();
    let trimmed =
        if visible(bytes.first()) && visible(bytes.last()) { field } else { field.trim() };
    let text = if column.trims() { trimmed } else { field };
    if column.missing.iter().any(|marker| marker == text) {
        return if column.required {
            Err("has no value, and the schema requires one".into())
        } else {
            Ok(Cell::Missing)
        };
    }
    match &column.kind {
        ColumnType::Text { .. } => Ok(Cell::Text(text)),
        ColumnType::Integer => read_integer(text).map(Cell::Integer),
        ColumnType::Decimal { scale, mark } => {
            read_decimal(text, *scale, *mark).map(|units| Cell::Decimal(units, *scale))
        }
        ColumnType::Bool { yes, no } => read_bool(text, yes, no).map(Cell::Bool),
        ColumnType::Date { format } => {
            times::parse_date(text, format).map(|date| Cell::Date(epoch_day(date)))
        }
        ColumnType::Timestamp { format, zone, fold } => {
            times::parse_in_order(text, format, (zone, *fold), last).map(Cell::Timestamp)
        }
    }
}

/// Reads a value of which the file said what it is. Text is read by [`read_cell`].
///
/// # Errors
/// As [`read_cell`].
pub(crate) fn read_given<'a>(
    text: &'a str,
    given: Given,
    column: &Column,
) -> Result<Cell<'a>, String> {
    if given == Given::Null || column.missing.iter().any(|marker| marker == text) {
        return if column.required {
            Err("has no value, and the schema requires one".into())
        } else {
            Ok(Cell::Missing)
        };
    }
    match (given, &column.kind) {
        (Given::Number, ColumnType::Decimal { scale, .. }) => {
            read_decimal(text, *scale, '.').map(|units| Cell::Decimal(units, *scale))
        }
        (Given::Bool, ColumnType::Bool { .. }) => Ok(Cell::Bool(text == "true")),
        (Given::Date, ColumnType::Date { .. }) => {
            times::parse_date(text, &TimeFormat::Iso).map(|date| Cell::Date(epoch_day(date)))
        }
        (Given::Local | Given::Instant, ColumnType::Timestamp { zone, fold, .. }) => {
            times::parse_timestamp(text, &TimeFormat::Iso, zone, *fold).map(Cell::Timestamp)
        }
        (Given::Local | Given::Instant, ColumnType::Date { .. }) => {
            Err("has a time of day, and the column holds dates".into())
        }
        (Given::Date, ColumnType::Timestamp { .. }) => {
            Err("is a date without a time of day".into())
        }
        _ => read_cell(text, column),
    }
}

fn read_integer(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("is not a whole number".into());
    }
    text.parse().map_err(|_| "is too large for a whole number of 64 bits".to_owned())
}

fn read_decimal(text: &str, scale: u8, mark: char) -> Result<i128, String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once(mark).unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(format!("is not a decimal number with '{mark}' as its mark"));
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let places = usize::from(scale);
    if fraction.len() > places {
        return Err(format!("has more than the {scale} decimal places that the schema allows"));
    }
    if whole.len() + places > DECIMAL_DIGITS_MAX {
        return Err(format!("has more than {DECIMAL_DIGITS_MAX} digits"));
    }
    let units = whole
        .bytes()
        .chain(fraction.bytes())
        .chain(std::iter::repeat_n(b'0', places - fraction.len()))
        .fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
    Ok(if negative { -units } else { units })
}

fn read_bool(text: &str, yes: &[String], no: &[String]) -> Result<bool, String> {
    let among = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if among(yes) {
        Ok(true)
    } else if among(no) {
        Ok(false)
    } else {
        Err(format!("is neither yes ({}) nor no ({})", yes.join(", "), no.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(cell: Cell<'_>) -> String {
        cell.canonical().unwrap()
    }

    #[test]
    fn canonical_text_depends_on_the_value_alone() {
        assert_eq!(text(Cell::Integer(read_integer("+007").unwrap())), "7");
        assert_eq!(text(Cell::Integer(read_integer("-0").unwrap())), "0");
        let decimal =
            |written: &str| text(Cell::Decimal(read_decimal(written, 4, '.').unwrap(), 4));
        assert_eq!(decimal("1.50"), "1.5");
        assert_eq!(decimal("01.5000"), "1.5");
        assert_eq!(decimal("-.25"), "-0.25");
        assert_eq!(decimal("-0"), "0");
        assert_eq!(decimal("100"), "100");
        assert_eq!(text(Cell::Decimal(read_decimal("7,5", 2, ',').unwrap(), 2)), "7.5");
        assert_eq!(text(Cell::Date(0)), "1970-01-01");
        assert_eq!(text(Cell::Timestamp(1_500_000)), "1970-01-01T00:00:01.5Z");
        assert_eq!(text(Cell::Timestamp(1_000_000)), "1970-01-01T00:00:01Z");
        assert_eq!(Cell::Missing.canonical(), None);
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert!(read_integer("9223372036854775808").unwrap_err().contains("64 bits"));
        assert!(read_integer("1e5").is_err());
        assert!(read_integer("").is_err());
        assert!(read_integer("-").is_err());
        assert!(read_decimal("1.005", 2, '.').unwrap_err().contains("2 decimal places"));
        assert!(read_decimal(&"9".repeat(39), 0, '.').unwrap_err().contains("38 digits"));
        assert!(read_decimal("1,234.5", 2, '.').is_err());
        assert!(read_decimal(".", 2, '.').is_err());
    }

    proptest! {
        #[test]
        fn integers_survive(value: i64) {
            prop_assert_eq!(read_integer(&value.to_string()).unwrap(), value);
        }

        #[test]
        fn numbers_and_instants_are_written_as_the_libraries_write_them(
            value: i64,
            micros in -70_000_000_000_000_000_i64..260_000_000_000_000_000,
            coarse in 0_u32..7,
        ) {
            prop_assert_eq!(text(Cell::Integer(value)), value.to_string());
            let micros = micros / 10_i64.pow(coarse) * 10_i64.pow(coarse);
            let expected = Timestamp::from_microsecond(micros)
                .map_or_else(|_| format!("microsecond {micros}"), |instant| instant.to_string());
            prop_assert_eq!(text(Cell::Timestamp(micros)), expected);
        }

        #[test]
        fn decimals_survive(units in -1_000_000_000_000_i128..1_000_000_000_000, scale in 0_u8..9) {
            let written = text(Cell::Decimal(units, scale));
            prop_assert_eq!(read_decimal(&written, scale, '.').unwrap(), units);
        }

        #[test]
        fn reading_never_panics(written in ".{0,40}") {
            let _ = read_decimal(&written, 3, '.');
            let _ = read_integer(&written);
            for format in [times::TimeFormat::Iso, times::TimeFormat::DayFirst] {
                let zone = jiff::tz::TimeZone::UTC;
                let _ = times::parse_date(&written, &format);
                let _ = times::parse_timestamp(&written, &format, &zone, times::Fold::Refuse);
            }
        }
    }
}
