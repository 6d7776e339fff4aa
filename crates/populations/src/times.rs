//! Dates and times as exports write them, read strictly: a date that does not exist, or a local
//! time that the clock change skipped or repeated, is never guessed at.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Unit};
use serde::{Deserialize, Serialize};

/// How dates and times of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeFormat {
    /// ISO 8601 and RFC 3339: `2026-03-08`, `2026-03-08 17:00:05`, `2026-03-08T17:00:05.25-05:00`.
    Iso,
    /// Day, month, year: `8/3/2026 17:00`.
    DayFirst,
    /// Month, day, year: `3/8/2026 5:00 PM`.
    MonthFirst,
    /// A `strptime` pattern, such as `%d %b %Y %H:%M`.
    Pattern(String),
}

/// What is done with a local time that occurs twice, in the hour when clocks go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fold {
    /// Refuse the row: the record does not say which of the two instants it means.
    #[default]
    Refuse,
    /// Take the earlier of the two instants.
    Earlier,
    /// Take the later of the two instants.
    Later,
}

/// A span of whole days, both ends inclusive, read in a declared zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day; the span ends with its last instant in the zone.
    pub to: Date,
}

impl Span {
    /// First instant of the span and the first instant after it, in microseconds since 1970.
    pub fn instants_us(&self, zone: &TimeZone) -> Result<(i64, i64), String> {
        if self.to < self.from {
            return Err(format!("the span ends on {} before it begins on {}", self.to, self.from));
        }
        let after = self.to.tomorrow().map_err(|_| "the span ends too late".to_owned())?;
        Ok((start_of_day(self.from, zone)?, start_of_day(after, zone)?))
    }
}

/// First instant of a local day, in microseconds since 1970.
pub fn start_of_day(date: Date, zone: &TimeZone) -> Result<i64, String> {
    date.to_zoned(zone.clone())
        .and_then(|zoned| zoned.start_of_day())
        .map(|zoned| zoned.timestamp().as_microsecond())
        .map_err(|_| format!("{date} lies outside the years that can be read"))
}

/// 23:59:59 of a local day: when a day that was given without a time ends, by the second.
/// A leaver whose record holds a date only is in service until then.
pub fn end_of_day(date: Date, zone: &TimeZone) -> Result<i64, String> {
    zone.to_ambiguous_timestamp(date.at(23, 59, 59, 0))
        .later()
        .map(Timestamp::as_microsecond)
        .map_err(|_| format!("{date} lies outside the years that can be read"))
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970-01-01.
pub fn epoch_day(date: Date) -> i32 {
    // The difference of two dates in days always exists.
    EPOCH.until((Unit::Day, date)).map_or(0, |span| span.get_days())
}

/// The date that lies `days` after 1970-01-01, if it is in the years 1 to 9999.
pub fn date_of_epoch_day(days: i32) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    let date = EPOCH.checked_add(span).ok()?;
    (1..=9999).contains(&date.year()).then_some(date)
}

const DAYS_TO_EPOCH: i64 = 719_468;

/// Year, month and day of a day counted from 1970-01-01, in the years 1 to 9999. The calendar repeats
/// every 400 years, which have 146,097 days; counted from a first of March, a leap day comes last.
pub(crate) fn civil_of_day(days: i64) -> Option<(u64, u64, u64)> {
    let days = u64::try_from(days.checked_add(DAYS_TO_EPOCH)?).ok()?;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + next;
    (1..=9999).contains(&year).then_some((year, month, day))
}

/// The day, counted from 1970-01-01, of a date that exists.
fn day_of_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_EPOCH
}

/// An instant as most exports write it, `2026-03-08T17:00:05Z`; `None` for any other text, which the
/// rules for all forms then read or refuse.
fn plain_instant(text: &str) -> Option<i64> {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        m1,
        m2,
        b'-',
        d1,
        d2,
        b'T' | b' ',
        h1,
        h2,
        b':',
        n1,
        n2,
        b':',
        s1,
        s2,
        b'Z',
    ] = text.as_bytes()
    else {
        return None;
    };
    let two = |tens: u8, ones: u8| {
        let sound = tens.is_ascii_digit() && ones.is_ascii_digit();
        sound.then(|| i8::try_from((tens - b'0') * 10 + (ones - b'0')).ok()).flatten()
    };
    let year = i16::from(two(y1, y2)?) * 100 + i16::from(two(y3, y4)?);
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    Date::new(year, month, day).ok().filter(|date| date.year() > 0)?;
    Time::new(hour, minute, second, 0).ok()?;
    let days = day_of_civil(year.into(), month.into(), day.into());
    let minutes = (days * 24 + i64::from(hour)) * 60 + i64::from(minute);
    let micros = (minutes * 60 + i64::from(second)) * 1_000_000;
    Timestamp::from_microsecond(micros).is_ok().then_some(micros)
}

/// Reads a date.
///
/// # Errors
/// A plain reason, without the value: the caller adds row and column.
pub fn parse_date(text: &str, format: &TimeFormat) -> Result<Date, String> {
    let date = match format {
        TimeFormat::Iso => {
            if text.len() != 10 {
                return Err("is not a date written as year-month-day, such as 2026-03-08".into());
            }
            let (year, month, day) = three_numbers(text, '-')
                .ok_or("is not a date written as year-month-day, such as 2026-03-08")?;
            civil(year, month, day)?
        }
        TimeFormat::DayFirst | TimeFormat::MonthFirst => numeric_date(text, format)?,
        TimeFormat::Pattern(pattern) => broken_down(pattern, text)?
            .to_date()
            .map_err(|_| "is not a date that exists".to_owned())?,
    };
    in_years(date)
}

/// Reads a point in time. A time without an offset is local to `zone`.
///
/// # Errors
/// A plain reason, without the value: the caller adds row and column.
pub fn parse_timestamp(
    text: &str,
    format: &TimeFormat,
    zone: &TimeZone,
    fold: Fold,
) -> Result<i64, String> {
    parse_in_order(text, format, (zone, fold), &mut LastHour::default())
}

/// [`parse_timestamp`] for one of many values of a column, of which `last` remembers the hour before.
///
/// # Errors
/// As [`parse_timestamp`].
pub(crate) fn parse_in_order(
    text: &str,
    format: &TimeFormat,
    (zone, fold): (&TimeZone, Fold),
    last: &mut LastHour,
) -> Result<i64, String> {
    if *format == TimeFormat::Iso
        && let Some(micros) = plain_instant(text)
    {
        return Ok(micros);
    }
    let local = match format {
        TimeFormat::Iso => match iso_parts(text)? {
            (local, Some(offset_seconds)) => {
                return micros_at_offset(local, offset_seconds);
            }
            (local, None) => local,
        },
        TimeFormat::DayFirst | TimeFormat::MonthFirst => {
            let (date, time) =
                text.split_once([' ', 'T']).ok_or("has a date without a time of day")?;
            numeric_date(date, format)?.to_datetime(clock(time.trim_start())?)
        }
        TimeFormat::Pattern(pattern) => {
            let parts = broken_down(pattern, text)?;
            let local =
                parts.to_datetime().map_err(|_| "is not a date and time that exists".to_owned())?;
            if let Some(offset) = parts.offset() {
                return micros_at_offset(local, offset.seconds());
            }
            local
        }
    };
    in_years(local.date())?;
    last.micros(local, zone, fold)
}

/// The last hour of a column's local times with the instant at which it began: rows mostly come in the order
/// of their time, and what the zone says of an hour is asked once. One for each column, for a column has one
/// zone.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LastHour(Option<(i64, i64)>);

impl LastHour {
    fn micros(&mut self, local: DateTime, zone: &TimeZone, fold: Fold) -> Result<i64, String> {
        let date = local.date();
        let days = day_of_civil(date.year().into(), date.month().into(), date.day().into());
        let hour = days * 24 + i64::from(local.hour());
        let seconds = i64::from(local.minute()) * 60 + i64::from(local.second());
        let nanos = i64::from(local.subsec_nanosecond());
        if let Some((of, began)) = self.0
            && of == hour
            && nanos % 1_000 == 0
        {
            return Ok(began + seconds * 1_000_000 + nanos / 1_000);
        }
        let micros = local_to_micros(local, zone, fold)?;
        self.0 = steady(date.at(local.hour(), 0, 0, 0), zone).map(|began| (hour, began));
        Ok(micros)
    }
}

/// The instant at which a local hour begins, where the clocks of the zone do not change in it: both its ends
/// occur once, at one distance from UTC.
fn steady(begins: DateTime, zone: &TimeZone) -> Option<i64> {
    let ends = begins.date().at(begins.hour(), 59, 59, 999_999_999);
    let offset = |local| match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => Some(offset),
        AmbiguousOffset::Gap { .. } | AmbiguousOffset::Fold { .. } => None,
    };
    let same = offset(begins)? == offset(ends)?;
    same.then(|| local_to_micros(begins, zone, Fold::Refuse).ok()).flatten()
}

/// The instant of a local time, or the reason why there is none or more than one.
pub fn local_to_micros(local: DateTime, zone: &TimeZone, fold: Fold) -> Result<i64, String> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let chosen = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => ambiguous.compatible(),
        AmbiguousOffset::Gap { .. } => {
            return Err(format!(
                "does not exist: clocks in {} went forward over it",
                zone.iana_name().unwrap_or("the declared zone")
            ));
        }
        AmbiguousOffset::Fold { .. } => match fold {
            Fold::Refuse => {
                return Err(format!(
                    "occurs twice, because clocks in {} went back; say fold = \"earlier\" or \
                     \"later\" in the schema if the source's rule is known",
                    zone.iana_name().unwrap_or("the declared zone")
                ));
            }
            Fold::Earlier => ambiguous.earlier(),
            Fold::Later => ambiguous.later(),
        },
    };
    chosen
        .map(Timestamp::as_microsecond)
        .map_err(|_| "lies outside the years that can be read".to_owned())
}

/// Checks a `strptime` pattern: it must read back what it writes, and hold what the type needs.
pub fn check_pattern(pattern: &str, needs_time: bool) -> Result<(), String> {
    if pattern.len() > 100 {
        return Err("is longer than 100 characters".into());
    }
    let sample = Date::constant(2026, 11, 23)
        .at(17, 4, 5, 0)
        .to_zoned(TimeZone::UTC)
        .map_err(|error| error.to_string())?;
    let written = jiff::fmt::strtime::format(pattern, &sample)
        .map_err(|error| format!("is not a pattern that can be used: {error}"))?;
    let parts = broken_down(pattern, &written)
        .map_err(|_| "is a pattern that can be written but not read".to_owned())?;
    if parts.to_date().ok() != Some(sample.date()) {
        return Err("does not hold year, month and day".into());
    }
    if needs_time && parts.to_datetime().map_or(true, |found| found.hour() != 17) {
        return Err("does not hold the time of day in 24 hours or with AM/PM".into());
    }
    Ok(())
}

fn broken_down(pattern: &str, text: &str) -> Result<BrokenDownTime, String> {
    BrokenDownTime::parse(pattern, text)
        .map_err(|_| format!("is not written as the schema says ({pattern})"))
}

fn in_years(date: Date) -> Result<Date, String> {
    if (1..=9999).contains(&date.year()) {
        Ok(date)
    } else {
        Err("lies outside the years 1 to 9999".into())
    }
}

fn micros_at_offset(local: DateTime, offset_seconds: i32) -> Result<i64, String> {
    in_years(local.date())?;
    if offset_seconds.abs() > 18 * 3600 {
        return Err("has an offset of more than 18 hours".into());
    }
    TimeZone::UTC
        .to_timestamp(local)
        .map(|utc| utc.as_microsecond() - i64::from(offset_seconds) * 1_000_000)
        .map_err(|_| "lies outside the years that can be read".to_owned())
}

/// Splits ISO text into local date-time and an offset in seconds, if it carries one.
fn iso_parts(text: &str) -> Result<(DateTime, Option<i32>), String> {
    const SHAPE: &str = "is not a date and time such as 2026-03-08T17:00:05-05:00";
    let (date, rest) = text.split_at_checked(10).ok_or(SHAPE)?;
    let (year, month, day) = three_numbers(date, '-').ok_or(SHAPE)?;
    let date = civil(year, month, day)?;
    if rest.is_empty() {
        return Err("has a date without a time of day".into());
    }
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(SHAPE)?;
    let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => {
            let (time, offset) = rest.split_at(at);
            (time.trim_end(), Some(offset_seconds(offset).ok_or(SHAPE)?))
        }
        None => (rest, None),
    };
    Ok((date.to_datetime(clock(time)?), offset))
}

fn offset_seconds(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.get(1..)?.split(':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits
        .get(2..)
        .map_or(Some(0), |rest| if rest.is_empty() { Some(0) } else { rest.parse().ok() })?;
    (minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn numeric_date(text: &str, format: &TimeFormat) -> Result<Date, String> {
    let (shape, day_first) = if *format == TimeFormat::DayFirst {
        ("is not a date written day/month/year with a year of four digits", true)
    } else {
        ("is not a date written month/day/year with a year of four digits", false)
    };
    let mark = text.chars().find(|found| matches!(found, '/' | '-' | '.')).ok_or(shape)?;
    let (first, second, year) = three_numbers(text, mark).ok_or(shape)?;
    if text.rsplit(mark).next().is_none_or(|year| year.len() != 4) {
        return Err(shape.into());
    }
    if day_first { civil(year, second, first) } else { civil(year, first, second) }
}

fn civil(year: i32, month: i32, day: i32) -> Result<Date, String> {
    let part = |value: i32| i8::try_from(value).ok();
    i16::try_from(year)
        .ok()
        .zip(part(month).zip(part(day)))
        .and_then(|(year, (month, day))| Date::new(year, month, day).ok())
        .ok_or_else(|| "is not a date that exists".to_owned())
}

/// Three runs of digits, at most four long, parted by `mark`.
fn three_numbers(text: &str, mark: char) -> Option<(i32, i32, i32)> {
    let mut parts = text.split(mark);
    let mut next = || {
        let part = parts.next()?;
        let sound = !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        if sound { part.parse::<i32>().ok() } else { None }
    };
    let found = (next()?, next()?, next()?);
    if parts.next().is_some() { None } else { Some(found) }
}

/// `17:00`, `17:00:05`, `17:00:05.123456`, `5:00 PM`.
fn clock(text: &str) -> Result<Time, String> {
    const SHAPE: &str = "has no time of day such as 17:00 or 17:00:05";
    let upper = text.trim_end();
    let (digits, meridiem) =
        match upper.len().checked_sub(2).and_then(|at| upper.split_at_checked(at)) {
            Some((rest, tail)) if tail.eq_ignore_ascii_case("am") => (rest.trim_end(), Some(false)),
            Some((rest, tail)) if tail.eq_ignore_ascii_case("pm") => (rest.trim_end(), Some(true)),
            _ => (upper, None),
        };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut parts = whole.split(':');
    let hour = two_digits(parts.next()).ok_or(SHAPE)?;
    let minute = two_digits(parts.next()).ok_or(SHAPE)?;
    let second = match parts.next() {
        Some(text) => two_digits(Some(text)).ok_or(SHAPE)?,
        None => 0,
    };
    if parts.next().is_some() {
        return Err(SHAPE.into());
    }
    let hour = match meridiem {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return Err("is not a time that exists".into()),
        Some(after_noon) => hour % 12 + if after_noon { 12 } else { 0 },
    };
    Time::new(hour, minute, second, nanoseconds(fraction)?)
        .map_err(|_| "is not a time that exists".to_owned())
}

fn two_digits(text: Option<&str>) -> Option<i8> {
    let text = text?;
    let sound = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

fn nanoseconds(fraction: Option<&str>) -> Result<i32, String> {
    let Some(text) = fraction else { return Ok(0) };
    if text.is_empty() || text.len() > 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("has a fraction of a second that cannot be read".into());
    }
    if text.bytes().skip(6).any(|byte| byte != b'0') {
        return Err("is finer than a microsecond".into());
    }
    let scale = 10_i32.pow(9 - u32::try_from(text.len()).unwrap_or(9));
    text.parse::<i32>()
        .map(|value| value * scale)
        .map_err(|_| "has a fraction of a second that cannot be read".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan as _;
    use proptest::prelude::*;

    fn new_york() -> TimeZone {
        TimeZone::get("America/New_York").unwrap()
    }

    fn instant(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn read(text: &str, format: TimeFormat) -> Result<i64, String> {
        parse_timestamp(text, &format, &new_york(), Fold::Refuse)
    }

    proptest! {
        #[test]
        fn the_remembered_hour_changes_no_instant(
            zone in prop::sample::select(vec![
                "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "Asia/Kolkata",
                "Africa/Monrovia", "Pacific/Apia", "UTC",
            ]),
            fold in prop::sample::select(vec![Fold::Refuse, Fold::Earlier, Fold::Later]),
            // Around the changes of clocks of many years, near to each other.
            times in prop::collection::vec((1900_i16..2100, 1_i8..=12, 1_i8..=28, 0_i8..4, 0_i8..60, 0_i32..3), 1..8),
            steps in prop::collection::vec(-90_i64..90, 1..40),
        ) {
            let zone = TimeZone::get(zone).unwrap();
            let mut last = LastHour::default();
            for (year, month, day, hour, minute, nanos) in times {
                let mut local = Date::new(year, month, day).unwrap().at(hour, minute, 0, nanos * 500);
                for step in &steps {
                    local = local.saturating_add(step.minutes());
                    prop_assert_eq!(
                        last.micros(local, &zone, fold),
                        local_to_micros(local, &zone, fold)
                    );
                }
            }
        }
    }

    /// Oracle of section 4.4 rule 6: a date alone ends at 23:59:59 local time.
    #[test]
    fn a_date_alone_ends_in_its_zone_also_when_clocks_change() {
        let end = |text: &str| end_of_day(text.parse().unwrap(), &new_york()).unwrap();
        assert_eq!(end("2026-03-07"), instant("2026-03-08T04:59:59Z"));
        assert_eq!(end("2026-03-07") + 24 * 3_600_000_000, instant("2026-03-09T04:59:59Z"));
        assert_eq!(end("2026-03-08"), instant("2026-03-09T03:59:59Z"));
        assert_eq!(end("2026-11-01"), instant("2026-11-02T04:59:59Z"));
    }

    #[test]
    fn day_first_and_month_first_are_not_confused() {
        let day = |text: &str, format| parse_date(text, &format).map(|date| date.to_string());
        assert_eq!(day("5/3/2016", TimeFormat::DayFirst).unwrap(), "2016-03-05");
        assert_eq!(day("5/3/2016", TimeFormat::MonthFirst).unwrap(), "2016-05-03");
        assert_eq!(day("29/2/2016", TimeFormat::DayFirst).unwrap(), "2016-02-29");
        assert!(day("29/2/2015", TimeFormat::DayFirst).unwrap_err().contains("exists"));
        assert!(day("31/04/2026", TimeFormat::DayFirst).unwrap_err().contains("exists"));
        assert!(day("13/13/2026", TimeFormat::MonthFirst).unwrap_err().contains("exists"));
        assert!(day("1/2/26", TimeFormat::DayFirst).unwrap_err().contains("four digits"));
        assert!(day("2026-2-30", TimeFormat::Iso).is_err());
        assert!(day("2026-02-30", TimeFormat::Iso).unwrap_err().contains("exists"));
    }

    #[test]
    fn offsets_local_times_and_twelve_hour_clocks() {
        let same = instant("2026-03-02T22:00:00Z");
        for (text, format) in [
            ("2026-03-02T17:00:00-05:00", TimeFormat::Iso),
            ("2026-03-02 17:00", TimeFormat::Iso),
            ("2026-03-02T22:00:00Z", TimeFormat::Iso),
            ("2026-03-03T03:45:00+0545", TimeFormat::Iso),
            ("2/3/2026 17:00", TimeFormat::DayFirst),
            ("03/02/2026 5:00:00 PM", TimeFormat::MonthFirst),
            ("2 Mar 2026 17:00", TimeFormat::Pattern("%d %b %Y %H:%M".into())),
            ("02.03.2026 22:00 +0000", TimeFormat::Pattern("%d.%m.%Y %H:%M %z".into())),
        ] {
            assert_eq!(read(text, format), Ok(same), "{text}");
        }
        assert_eq!(read("2026-03-02T22:00:00.25Z", TimeFormat::Iso), Ok(same + 250_000));
        assert!(read("2026-03-02", TimeFormat::Iso).unwrap_err().contains("without a time"));
        assert!(read("2026-03-02 24:00", TimeFormat::Iso).unwrap_err().contains("exists"));
        assert!(read("2026-03-02 13:00 PM", TimeFormat::Iso).unwrap_err().contains("exists"));
    }

    #[test]
    fn times_the_clock_change_skips_or_repeats_are_not_guessed() {
        let skipped = read("2026-03-08 02:30", TimeFormat::Iso).unwrap_err();
        assert!(skipped.contains("does not exist"), "{skipped}");
        let twice = read("2026-11-01 01:30", TimeFormat::Iso).unwrap_err();
        assert!(twice.contains("occurs twice"), "{twice}");
        let folded =
            |fold| parse_timestamp("2026-11-01 01:30", &TimeFormat::Iso, &new_york(), fold);
        assert_eq!(folded(Fold::Earlier), Ok(instant("2026-11-01T05:30:00Z")));
        assert_eq!(folded(Fold::Later), Ok(instant("2026-11-01T06:30:00Z")));
    }

    #[test]
    fn patterns_are_checked_before_use() {
        assert!(check_pattern("%d/%m/%Y %H:%M", true).is_ok());
        assert!(check_pattern("%m/%d/%Y %I:%M %p", true).is_ok());
        assert!(check_pattern("%d/%m/%Y", true).is_err());
        assert!(check_pattern("%H:%M", false).is_err());
        assert!(check_pattern("%Q%", false).is_err());
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        let days = (-719_162..2_932_897).step_by(13).chain([-719_162, -1, 0, 11_016, 2_932_896]);
        for days in days {
            let date = date_of_epoch_day(days).unwrap();
            let (year, month, day) = civil_of_day(days.into()).unwrap();
            assert_eq!(format!("{year:04}-{month:02}-{day:02}"), date.to_string());
            let text = format!("{date}T23:05:59Z");
            assert_eq!(plain_instant(&text), text.parse().ok().map(Timestamp::as_microsecond));
        }
        assert!(civil_of_day(-719_163).is_none() && civil_of_day(2_932_897).is_none());
        for text in [
            "0000-01-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:60Z",
            "2026-01-01T00:0a:00Z",
            "2026-01-01T00:00:00",
        ] {
            assert_eq!(plain_instant(text), None, "{text}");
        }
    }

    #[test]
    fn epoch_days_go_there_and_back() {
        for text in ["1970-01-01", "2000-02-29", "0001-01-01", "9999-12-31", "1969-12-31"] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date_of_epoch_day(epoch_day(date)), Some(date));
        }
        assert_eq!(epoch_day("1970-01-02".parse().unwrap()), 1);
    }
}
