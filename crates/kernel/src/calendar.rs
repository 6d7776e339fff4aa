//! Business calendars: when work is done, in one time zone, under one version.
//!
//! A calendar is a small file that people write and review:
//!
//! ```toml
//! version = "2026-1"
//! zone = "America/New_York"              # a name of the IANA database
//! always = false                         # true: 24 hours a day, every day; the rest is left out
//! holidays = ["2026-11-26", "2026-12-25"]
//! [hours]                                # local wall-clock spans; a day not named is closed
//! mon = ["09:00-12:00", "13:00-17:00"]
//! tue = ["09:00-17:00"]
//! [special]                              # replaces the day's hours; an empty list closes it
//! "2026-12-24" = ["09:00-12:00"]
//! ```
//!
//! * Spans may touch but not overlap. `24:00` is the end of the day; no span runs past it.
//! * `special` speaks of one date and is the last word on it, also when the date is a holiday.
//! * Local times that the clock skips or shows twice follow the rule of [`crate::zone`]; on such a
//!   day a span lasts as long as really passes between its two instants (`00:00-24:00` is 23 hours
//!   on the day the clocks go forward one hour).
//! * An open date is one with some open time in it.
//!
//! A calendar is never changed in place. A clock keeps the calendar, with its version, that it was
//! started under.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::zone::{UnknownZone, Zone};

/// Longest calendar file that is read, in bytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
const VERSION_CHARS_MAX: usize = 64;
const SPANS_PER_DAY_MAX: usize = 24;
const DATES_MAX: usize = 5_000;
const MINUTES_PER_DAY: u16 = 24 * 60;

/// The years that calendars and clocks work in, both included.
pub const YEARS: std::ops::RangeInclusive<i16> = 1970..=2999;

/// One span of opening hours on the local clock, `HH:MM-HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalSpan {
    from_min: u16,
    to_min: u16,
}

impl LocalSpan {
    const WHOLE_DAY: Self = Self { from_min: 0, to_min: MINUTES_PER_DAY };

    /// Minutes after local midnight at which the span opens, 0 to 1439.
    #[must_use]
    pub fn from_min(self) -> u16 {
        self.from_min
    }

    /// Minutes after local midnight at which the span closes, 1 to 1440.
    #[must_use]
    pub fn to_min(self) -> u16 {
        self.to_min
    }
}

impl fmt::Display for LocalSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from_min, self.to_min);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60)
    }
}

impl FromStr for LocalSpan {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let (from, to) = text.split_once('-').ok_or(SpanError::Form)?;
        let (from_min, to_min) = (minute_of_day(from)?, minute_of_day(to)?);
        if to_min < from_min {
            return Err(SpanError::EndBeforeStart);
        }
        if to_min == from_min {
            return Err(SpanError::Empty);
        }
        Ok(Self { from_min, to_min })
    }
}

fn minute_of_day(text: &str) -> Result<u16, SpanError> {
    let (hour, minute) = text.trim().split_once(':').ok_or(SpanError::Form)?;
    let two_digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
    };
    let (hour, minute) = two_digits(hour).zip(two_digits(minute)).ok_or(SpanError::Form)?;
    if minute > 59 {
        return Err(SpanError::Minute);
    }
    let minutes = hour * 60 + minute;
    if minutes > MINUTES_PER_DAY {
        return Err(SpanError::PastMidnight);
    }
    Ok(minutes)
}

/// What is wrong with one span of opening hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// Not of the form `HH:MM-HH:MM`.
    #[error("is not a span of hours; write it as 09:00-17:00")]
    Form,
    /// Minutes above 59.
    #[error("has more than 59 minutes in an hour")]
    Minute,
    /// A time after 24:00.
    #[error("goes past 24:00; a day ends there")]
    PastMidnight,
    /// It ends before it starts.
    #[error(
        "ends before it starts; a span that runs past midnight is written as two, one on each day (22:00-24:00 and 00:00-06:00)"
    )]
    EndBeforeStart,
    /// It ends when it starts.
    #[error("is empty: it ends when it starts")]
    Empty,
}

/// Why a calendar file is refused. Every text is one sentence for the person who wrote the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Larger than [`FILE_BYTES_MAX`].
    #[error("the calendar is {0} bytes long; {FILE_BYTES_MAX} is the most that is read")]
    TooLong(usize),
    /// Not TOML, or with a key or a type that the format does not have.
    #[error("the calendar cannot be read at line {line}: {message}")]
    Toml {
        /// Line of the file, from 1.
        line: usize,
        /// The parser's message.
        message: String,
    },
    /// No version, or one that is empty, too long or holds control characters.
    #[error(
        "the calendar needs a version of 1 to {VERSION_CHARS_MAX} printable characters, such as version = \"2026-1\""
    )]
    Version,
    /// No zone in a calendar with hours.
    #[error("the calendar needs a zone, such as zone = \"America/New_York\"")]
    NoZone,
    /// A zone that the database does not hold.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// `always = true` beside hours, holidays or special days.
    #[error("the calendar says always = true and also lists {0}; leave one of the two out")]
    AlwaysAnd(&'static str),
    /// A key under `[hours]` that is not a day of the week.
    #[error("“{0}” under [hours] is not a day; write mon, tue, wed, thu, fri, sat or sun")]
    Weekday(String),
    /// A date that is not one, or does not exist.
    #[error("“{date}” under {place} is not a date that exists; write it as 2026-12-24")]
    Date {
        /// `holidays` or `[special]`.
        place: &'static str,
        /// The text found.
        date: String,
    },
    /// A date outside [`YEARS`].
    #[error("“{date}” under {place} is outside the years {} to {}", YEARS.start(), YEARS.end())]
    Year {
        /// `holidays` or `[special]`.
        place: &'static str,
        /// The text found.
        date: String,
    },
    /// One span is wrong.
    #[error("the span “{span}” of {day} {error}")]
    Span {
        /// Day of the week, or date.
        day: String,
        /// The text found.
        span: String,
        /// What is wrong with it.
        error: SpanError,
    },
    /// Two spans of one day overlap.
    #[error("the spans {first} and {second} of {day} overlap")]
    Overlap {
        /// Day of the week, or date.
        day: String,
        /// The earlier one.
        first: LocalSpan,
        /// The later one.
        second: LocalSpan,
    },
    /// More spans or dates than are read.
    #[error("the calendar has more than {most} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        most: usize,
    },
}

/// The file as written: the shape that is stored and exchanged.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(default)]
    always: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holidays: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    hours: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    special: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Opening {
    Always,
    Hours(Box<OpeningHours>),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct OpeningHours {
    /// Monday first.
    week: [Vec<LocalSpan>; 7],
    holidays: BTreeSet<Date>,
    special: BTreeMap<Date, Vec<LocalSpan>>,
}

/// A business calendar. Read it with [`Calendar::parse`]; as JSON it has the shape of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CalendarFile", into = "CalendarFile")]
pub struct Calendar {
    version: String,
    zone: Zone,
    opening: Opening,
}

/// Why a date has no open time, or other hours than its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// The hours of its weekday, if it has any.
    Ordinary,
    /// A holiday.
    Holiday,
    /// A special day, with its own hours or none.
    Special,
}

/// One stretch of open time: a span of hours on one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenSpan {
    /// When it opens.
    pub from: Timestamp,
    /// When it closes; always after `from`.
    pub to: Timestamp,
    /// The local date.
    pub date: Date,
    /// What the calendar says.
    pub hours: LocalSpan,
    /// Whether the hours are a special day's.
    pub kind: DayKind,
}

impl Calendar {
    /// Reads a calendar file (see the head of this module).
    ///
    /// # Errors
    /// A sentence that says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        if text.len() > FILE_BYTES_MAX {
            return Err(CalendarError::TooLong(text.len()));
        }
        let file: CalendarFile = toml::from_str(text).map_err(|e| {
            let before = e.span().and_then(|s| text.get(..s.start)).unwrap_or("");
            CalendarError::Toml {
                line: before.matches('\n').count() + 1,
                message: e.message().replace('\n', "; "),
            }
        })?;
        Self::try_from(file)
    }

    /// Open around the clock, every day.
    #[must_use]
    pub fn always(version: &str, zone: Zone) -> Self {
        Self { version: version.to_owned(), zone, opening: Opening::Always }
    }

    /// The version that clocks pin.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The zone whose local time the hours are in.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether it is open around the clock, every day.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.opening == Opening::Always
    }

    /// The hours the calendar gives a date, in order, and by which of its parts.
    #[must_use]
    pub fn hours_on(&self, date: Date) -> (DayKind, &[LocalSpan]) {
        match &self.opening {
            Opening::Always => (DayKind::Ordinary, &[LocalSpan::WHOLE_DAY]),
            Opening::Hours(hours) => {
                if let Some(spans) = hours.special.get(&date) {
                    (DayKind::Special, spans)
                } else if hours.holidays.contains(&date) {
                    (DayKind::Holiday, &[])
                } else {
                    let day = date.weekday().to_monday_zero_offset();
                    let spans = usize::try_from(day).ok().and_then(|d| hours.week.get(d));
                    (DayKind::Ordinary, spans.map_or(&[], Vec::as_slice))
                }
            }
        }
    }

    /// The open time of a date as instants, in order. A span that the clocks skip altogether is
    /// left out.
    #[must_use]
    pub fn open_spans(&self, date: Date) -> Vec<OpenSpan> {
        let (kind, hours) = self.hours_on(date);
        let spans = hours.iter().map(|&hours| OpenSpan {
            from: self.minute_instant(date, hours.from_min),
            to: self.minute_instant(date, hours.to_min),
            date,
            hours,
            kind,
        });
        spans.filter(|s| s.from < s.to).collect()
    }

    /// When a date closes for the last time; nothing if it has no open time.
    #[must_use]
    pub fn close_of(&self, date: Date) -> Option<Timestamp> {
        self.open_spans(date).last().map(|s| s.to)
    }

    /// Whether an instant is in open time. The instant of closing is not.
    #[must_use]
    pub fn is_open_at(&self, at: Timestamp) -> bool {
        self.open_spans(self.day_of(at)).iter().any(|s| s.from <= at && at < s.to)
    }

    /// The date an instant belongs to: the last one that has started. It is the local date, except
    /// where the clocks go back across midnight: there the new date, once started, goes on.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> Date {
        let shown = self.zone.local(at).date();
        match shown.tomorrow() {
            Ok(next) if self.zone.day_start(next) <= at => next,
            _ => shown,
        }
    }

    fn minute_instant(&self, date: Date, minute: u16) -> Timestamp {
        if minute >= MINUTES_PER_DAY {
            return self.zone.day_end(date);
        }
        // Below 1440, so both parts are in range and the fallback is never taken.
        let time = i8::try_from(minute / 60)
            .ok()
            .zip(i8::try_from(minute % 60).ok())
            .and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok())
            .unwrap_or(Time::midnight());
        self.zone.instant(date.to_datetime(time))
    }
}

impl FromStr for Calendar {
    type Err = CalendarError;
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::parse(text)
    }
}

impl TryFrom<CalendarFile> for Calendar {
    type Error = CalendarError;

    fn try_from(file: CalendarFile) -> Result<Self, CalendarError> {
        let version = file.version.unwrap_or_default();
        let chars = version.chars().count();
        if version.trim().is_empty()
            || chars > VERSION_CHARS_MAX
            || version.chars().any(char::is_control)
        {
            return Err(CalendarError::Version);
        }
        let zone = file.zone.as_deref().map(Zone::named).transpose()?;
        if file.always {
            let beside = [
                (file.hours.is_empty(), "hours"),
                (file.holidays.is_empty(), "holidays"),
                (file.special.is_empty(), "special days"),
            ];
            if let Some((_, what)) = beside.iter().find(|(absent, _)| !absent) {
                return Err(CalendarError::AlwaysAnd(what));
            }
            return Ok(Self::always(&version, zone.unwrap_or_else(Zone::utc)));
        }
        if file.holidays.len() > DATES_MAX || file.special.len() > DATES_MAX {
            return Err(CalendarError::TooMany {
                what: "holidays or special days",
                most: DATES_MAX,
            });
        }
        let zone = zone.ok_or(CalendarError::NoZone)?;
        let mut opening = OpeningHours::default();
        for (day, spans) in &file.hours {
            let place = WEEKDAYS
                .iter()
                .position(|(name, _)| name == day)
                .and_then(|i| opening.week.get_mut(i));
            *place.ok_or_else(|| CalendarError::Weekday(shortened(day)))? = day_spans(day, spans)?;
        }
        for text in &file.holidays {
            opening.holidays.insert(date_of("holidays", text)?);
        }
        for (day, spans) in &file.special {
            opening.special.insert(date_of("[special]", day)?, day_spans(day, spans)?);
        }
        Ok(Self { version, zone, opening: Opening::Hours(Box::new(opening)) })
    }
}

impl From<Calendar> for CalendarFile {
    fn from(calendar: Calendar) -> Self {
        let written = |spans: &[LocalSpan]| spans.iter().map(ToString::to_string).collect();
        let mut file = Self {
            version: Some(calendar.version),
            zone: Some(calendar.zone.name().to_owned()),
            ..Self::default()
        };
        match calendar.opening {
            Opening::Always => file.always = true,
            Opening::Hours(hours) => {
                let days = WEEKDAYS.iter().zip(&hours.week);
                file.hours = days
                    .filter(|(_, spans)| !spans.is_empty())
                    .map(|((name, _), spans)| ((*name).to_owned(), written(spans)))
                    .collect();
                file.holidays = hours.holidays.iter().map(ToString::to_string).collect();
                file.special = hours
                    .special
                    .iter()
                    .map(|(date, spans)| (date.to_string(), written(spans)))
                    .collect();
            }
        }
        file
    }
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// The English name of a day of the week.
#[must_use]
pub fn weekday_name(day: Weekday) -> &'static str {
    let index = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
    WEEKDAYS.get(index).map_or("", |(_, name)| name)
}

fn shortened(text: &str) -> String {
    crate::refusal::excerpt(text, 40)
}

fn date_of(place: &'static str, text: &str) -> Result<Date, CalendarError> {
    let refuse = || CalendarError::Date { place, date: shortened(text) };
    // The date parser also takes times and zones after the date; a calendar takes the date alone.
    if text.len() != "2026-12-24".len() {
        return Err(refuse());
    }
    let date: Date = text.parse().map_err(|_| refuse())?;
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(CalendarError::Year { place, date: shortened(text) })
    }
}

fn day_spans(day: &str, texts: &[String]) -> Result<Vec<LocalSpan>, CalendarError> {
    if texts.len() > SPANS_PER_DAY_MAX {
        return Err(CalendarError::TooMany { what: "spans in one day", most: SPANS_PER_DAY_MAX });
    }
    let mut spans: Vec<LocalSpan> = Vec::with_capacity(texts.len());
    for text in texts {
        spans.push(text.parse().map_err(|error| CalendarError::Span {
            day: shortened(day),
            span: shortened(text),
            error,
        })?);
    }
    spans.sort_unstable();
    for pair in spans.windows(2) {
        if let [first, second] = *pair
            && second.from_min < first.to_min
        {
            return Err(CalendarError::Overlap { day: shortened(day), first, second });
        }
    }
    Ok(spans)
}

#[cfg(test)]
mod tests;
