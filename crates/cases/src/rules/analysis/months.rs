//! Calendar months: arrivals, and what was still open at their ends.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use kernel::time::Timestamp;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::rules::import::mapping::Zone;

/// Months in a row up to which those without a case are listed too, as zero. A single date with a
/// mistyped year would otherwise list centuries.
const MONTHS_FILLED_MAX: usize = 600;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year, in the proleptic Gregorian calendar.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// The month of an instant, in a zone.
    #[must_use]
    pub fn of(zone: &Zone, at: Timestamp) -> Self {
        let local = civil(zone, at);
        Self { year: local.year(), month: local.month() }
    }

    /// The next month.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year.saturating_add(1), month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// Its first instant in a zone; where the clock change skips midnight, the first that exists.
    #[must_use]
    pub fn first_instant(self, zone: &Zone) -> Timestamp {
        let Ok(day) = Date::new(self.year, self.month, 1) else { return Timestamp(i64::MAX) };
        time_zone(zone)
            .to_ambiguous_timestamp(day.to_datetime(jiff::civil::Time::midnight()))
            .compatible()
            .map_or(Timestamp(i64::MAX), Timestamp::from)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

fn time_zone(zone: &Zone) -> &TimeZone {
    static UTC: TimeZone = TimeZone::UTC;
    match zone {
        Zone::Naive => &UTC,
        Zone::Iana(zone) => zone,
    }
}

/// The local date and time of an instant.
#[must_use]
pub fn civil(zone: &Zone, at: Timestamp) -> DateTime {
    time_zone(zone).to_datetime(at.to_jiff())
}

/// A time as a person reads it: `2016-02-29 01:16:00` where no zone is known, otherwise RFC 3339
/// with the zone's offset.
#[must_use]
pub fn shown(zone: &Zone, at: Timestamp) -> String {
    match zone {
        Zone::Naive => civil(zone, at).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Zone::Iana(zone) => {
            at.to_jiff().to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
        }
    }
}

/// Which end of a period a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its beginning: a date stands for the first instant of the day.
    From,
    /// Its end, as people say it, inclusive: a date stands for the first instant of the next day,
    /// which the period no longer holds.
    To,
}

/// Reads a moment that a person gave: a date (`2016-03-31`), a local time (`2016-03-31 23:59`,
/// with or without seconds) or RFC 3339 with an offset.
///
/// # Errors
/// A sentence that says what to write.
pub fn moment(zone: &Zone, text: &str, edge: Edge) -> Result<Timestamp, String> {
    let refusal = || {
        let shown = kernel::refusal::excerpt(text, 64);
        format!(
            "\u{201c}{shown}\u{201d} is not a moment: write a date such as 2016-03-31, a local time such as 2016-03-31 23:59, or a time with an offset such as 2016-03-31T23:59:00Z"
        )
    };
    let local = |at: DateTime| {
        time_zone(zone)
            .to_ambiguous_timestamp(at)
            .compatible()
            .map(Timestamp::from)
            .map_err(|_| refusal())
    };
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return match zone {
            Zone::Naive => Err(format!(
                "{}: the times of these cases have no known zone, so leave the offset out",
                kernel::refusal::excerpt(text, 64)
            )),
            Zone::Iana(_) => Ok(at.into()),
        };
    }
    if let Ok(day) = Date::strptime("%Y-%m-%d", text) {
        let day = match edge {
            Edge::From => day,
            Edge::To => day.tomorrow().map_err(|_| refusal())?,
        };
        return local(day.to_datetime(jiff::civil::Time::midnight()));
    }
    ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| DateTime::strptime(format, text).ok())
        .ok_or_else(refusal)
        .and_then(local)
}

/// Counts by month, in order. A JSON object in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthCounts(pub Vec<(Month, u64)>);

impl Serialize for MonthCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (month, count) in &self.0 {
            map.serialize_entry(&month.to_string(), count)?;
        }
        map.end()
    }
}

/// Gathers arrivals and closings.
#[derive(Clone, Debug, Default)]
pub struct Arrivals {
    by_month: BTreeMap<Month, u64>,
    opened: Vec<i64>,
    closed: Vec<i64>,
}

impl Arrivals {
    /// Counts a case towards the backlog, and towards its month when it belongs to the period.
    pub fn add(
        &mut self,
        zone: &Zone,
        opened_at: Option<Timestamp>,
        closed_at: Option<Timestamp>,
        selected: bool,
    ) {
        let Some(opened) = opened_at else { return };
        self.opened.push(opened.0);
        if let Some(closed) = closed_at {
            // A case closed before it was opened was open at no moment.
            self.closed.push(closed.0.max(opened.0));
        }
        if selected {
            *self.by_month.entry(Month::of(zone, opened)).or_default() += 1;
        }
    }

    /// Cases opened in each month, and cases open at each month's end.
    #[must_use]
    pub fn finish(mut self, zone: &Zone) -> (MonthCounts, MonthCounts) {
        self.opened.sort_unstable();
        self.closed.sort_unstable();
        let months = self.months();
        let count = |month: &Month| self.by_month.get(month).copied().unwrap_or(0);
        let per_month = months.iter().map(|month| (*month, count(month))).collect();
        let backlog = months
            .iter()
            .map(|month| (*month, self.open_at(month.next().first_instant(zone))))
            .collect();
        (MonthCounts(per_month), MonthCounts(backlog))
    }

    /// How many were opened before an instant and not closed before it.
    fn open_at(&self, at: Timestamp) -> u64 {
        let before = |times: &[i64]| times.partition_point(|time| *time < at.0) as u64;
        before(&self.opened) - before(&self.closed)
    }

    /// All months from the first to the last with a case, or only those with one where they lie
    /// too far apart.
    fn months(&self) -> Vec<Month> {
        let known: Vec<Month> = self.by_month.keys().copied().collect();
        let (Some(first), Some(last)) = (known.first(), known.last()) else { return known };
        let mut filled = vec![*first];
        let mut month = *first;
        while month < *last {
            month = month.next();
            filled.push(month);
            if filled.len() > MONTHS_FILLED_MAX {
                return known;
            }
        }
        filled
    }
}
