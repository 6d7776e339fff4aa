//! One cell to one value.

use jiff::civil::DateTime;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use kernel::time::Timestamp;

use super::mapping::{Mapping, Repeated, Skipped, Zone};
use super::report::Reason;

/// How dates are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// `2016-02-29T01:16:00Z` or with an offset.
    Rfc3339,
    /// Conversion specifications of C's `strptime`, such as `%d/%m/%Y %H:%M`. A date without a
    /// time of day stands for its first instant.
    Pattern {
        /// The pattern.
        pattern: String,
        /// Whether it reads an offset from UTC (`%z`) or seconds since 1970 (`%s`).
        offset: bool,
    },
}

impl DateFormat {
    /// Checks a format by writing a date with it and reading that back: a pattern without a day, a
    /// month or a year, or with an unknown letter, is refused.
    ///
    /// # Errors
    /// A sentence for the author of the mapping file.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "rfc3339" {
            return Ok(Self::Rfc3339);
        }
        let shown = kernel::refusal::excerpt(text, 64);
        let refusal = || {
            format!(
                "time.formats: \u{201c}{shown}\u{201d} does not describe a full date; write for example \"%d/%m/%Y %H:%M\" (day first), \"%m/%d/%Y %I:%M %p\" (month first), \"%Y-%m-%d %H:%M:%S\" or \"rfc3339\""
            )
        };
        if text.len() > 100 {
            return Err(refusal());
        }
        let carries = |specs: &[&str]| specs.iter().any(|spec| text.contains(spec));
        // A zone name inside a value (%Q) would be read and then ignored: refuse it here.
        if carries(&["%Q", "%:Q"]) {
            return Err(refusal());
        }
        let offset = carries(&["%z", "%:z", "%s"]);
        let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let written = strtime::format(text, &sample).map_err(|_| refusal())?;
        let read = BrokenDownTime::parse(text, &written).map_err(|_| refusal())?;
        let complete =
            if offset { read.to_timestamp().is_ok() } else { read.to_datetime().is_ok() };
        if complete {
            Ok(Self::Pattern { pattern: text.to_owned(), offset })
        } else {
            Err(refusal())
        }
    }

    /// Whether a date written in the other format reads as a different one in this: day-first and
    /// month-first beside each other.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        let (Self::Pattern { pattern: ours, .. }, Self::Pattern { pattern: theirs, .. }) =
            (self, other)
        else {
            return false;
        };
        // 3 April 2015, 06:07:08: every part fits every place, and no two are equal.
        let Ok(sample) = jiff::Timestamp::from_second(1_428_041_228) else { return false };
        let sample = sample.to_zoned(TimeZone::UTC);
        let read = |pattern: &str, text: &str| {
            BrokenDownTime::parse(pattern, text).and_then(|parts| parts.to_datetime()).ok()
        };
        let Ok(written) = strtime::format(theirs, &sample) else { return false };
        match (read(ours, &written), read(theirs, &written)) {
            (Some(as_ours), Some(as_theirs)) => as_ours != as_theirs,
            _ => false,
        }
    }

    /// Whether values in this format carry their own offset from UTC.
    #[must_use]
    pub const fn has_offset(&self) -> bool {
        match self {
            Self::Rfc3339 => true,
            Self::Pattern { offset, .. } => *offset,
        }
    }

    /// The format as the mapping file writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Rfc3339 => "rfc3339",
            Self::Pattern { pattern, .. } => pattern,
        }
    }
}

/// Reads a date by the mapping's formats, the first that fits, in the mapping's zone.
///
/// # Errors
/// [`Reason::NotADate`] when no format fits, [`Reason::NoSuchDate`] when one fits but the calendar
/// has no such day, and the two reasons about clock changes.
pub fn read_time(mapping: &Mapping, cell: &str) -> Result<Timestamp, Reason> {
    let mut no_such_date = false;
    for format in &mapping.formats {
        match format {
            DateFormat::Rfc3339 => {
                if let Ok(time) = cell.parse::<jiff::Timestamp>() {
                    return Ok(time.into());
                }
            }
            DateFormat::Pattern { pattern, offset } => {
                let Ok(read) = BrokenDownTime::parse(pattern, cell) else { continue };
                if *offset {
                    if let Ok(time) = read.to_timestamp() {
                        return Ok(time.into());
                    }
                } else if let Ok(local) = read.to_datetime() {
                    return instant(mapping, local);
                }
                no_such_date = true;
            }
        }
    }
    if no_such_date {
        return Err(Reason::NoSuchDate);
    }
    let formats = mapping.formats.iter().map(DateFormat::name).collect::<Vec<_>>().join(", ");
    Err(Reason::NotADate { formats })
}

/// The instant of a local time.
fn instant(mapping: &Mapping, local: DateTime) -> Result<Timestamp, Reason> {
    let zone = match &mapping.zone {
        Zone::Naive => &TimeZone::UTC,
        Zone::Iana(zone) => zone,
    };
    let candidate = zone.to_ambiguous_timestamp(local);
    let named = || zone.iana_name().unwrap_or("UTC").to_owned();
    let found = match candidate.offset() {
        AmbiguousOffset::Unambiguous { .. } => candidate.compatible(),
        AmbiguousOffset::Gap { .. } => match mapping.skipped {
            Skipped::Refuse => return Err(Reason::SkippedLocalTime { zone: named() }),
            Skipped::Shift => candidate.compatible(),
        },
        AmbiguousOffset::Fold { .. } => match mapping.repeated {
            Repeated::Refuse => return Err(Reason::RepeatedLocalTime { zone: named() }),
            Repeated::Earlier => candidate.earlier(),
            Repeated::Later => candidate.later(),
        },
    };
    found.map(Timestamp::from).map_err(|_| Reason::NoSuchDate)
}

/// Reads a whole number, with an optional sign and nothing else around it.
///
/// # Errors
/// [`Reason::NotAnInteger`].
pub fn read_integer(cell: &str) -> Result<i64, Reason> {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Reason::NotAnInteger);
    }
    cell.parse().map_err(|_| Reason::NotAnInteger)
}

/// Reads a count: a whole number from 0 to 4,294,967,295.
///
/// # Errors
/// [`Reason::NotACount`].
pub fn read_count(cell: &str) -> Result<u32, Reason> {
    read_integer(cell).ok().and_then(|value| u32::try_from(value).ok()).ok_or(Reason::NotACount)
}

/// Reads the mapping's words for yes and no.
///
/// # Errors
/// [`Reason::NotYesOrNo`].
pub fn read_yes_no(mapping: &Mapping, cell: &str) -> Result<bool, Reason> {
    if mapping.yes.iter().any(|word| word == cell) {
        Ok(true)
    } else if mapping.no.iter().any(|word| word == cell) {
        Ok(false)
    } else {
        Err(Reason::NotYesOrNo)
    }
}

/// Whether a spreadsheet would take the cell for a formula.
///
/// The characters are OWASP's list for CSV injection, with their full-width forms. A plain signed
/// number is not a formula.
#[must_use]
pub fn is_formula(cell: &str) -> bool {
    let Some(first) = cell.chars().next() else { return false };
    match first {
        '=' | '@' | '\t' | '\r' | '\u{ff1d}' | '\u{ff20}' => true,
        '+' | '-' => cell.len() > 1 && !is_plain_number(&cell[1..]),
        '\u{ff0b}' | '\u{ff0d}' => true,
        _ => false,
    }
}

fn is_plain_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().filter(|byte| matches!(byte, b'.' | b',')).count() <= 1
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}
