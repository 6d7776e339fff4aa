//! Local times in a zone, and when they come next.
//!
//! **The rule when clocks change** is that of [`kernel::zone`]: a local time stands for the first
//! instant at which the local clock shows that time or a later one. So a time that does not exist runs
//! at the next instant that does, a time that happens twice runs once, the first time, and two local
//! times that fall into the same gap are one run.

use jiff::civil::{Date, DateTime, Time};
use kernel::time::Timestamp;
use kernel::zone::Zone;
use serde::{Deserialize, Serialize};

/// Days that are looked ahead; any rule that has a day at all has one within two years.
const DAYS_AHEAD: usize = 800;
/// Local times of one day at most: one for each minute.
const TIMES_MAX: usize = 1440;

/// On which local dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    /// Every day.
    Every,
    /// These days of the week: 1 is Monday, 7 is Sunday.
    Week(Vec<i8>),
    /// These days of the month; one that a month does not have is its last day.
    Month(Vec<i8>),
}

impl Days {
    fn has(&self, date: Date) -> bool {
        match self {
            Self::Every => true,
            Self::Week(days) => days.contains(&date.weekday().to_monday_one_offset()),
            Self::Month(days) => days.iter().any(|d| date.day() == (*d).min(date.days_in_month())),
        }
    }

    fn good(&self) -> bool {
        let within = |days: &[i8], last| {
            !days.is_empty() && days.len() <= 31 && days.iter().all(|d| (1..=last).contains(d))
        };
        match self {
            Self::Every => true,
            Self::Week(days) => within(days, 7),
            Self::Month(days) => within(days, 31),
        }
    }
}

/// When something happens again and again: on which days, at which local times, of which zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Recurrence {
    days: Days,
    times: Vec<Time>,
    zone: Zone,
}

/// As it is stored, before it is checked.
#[derive(Deserialize)]
struct Written {
    days: Days,
    times: Vec<Time>,
    zone: Zone,
}

impl TryFrom<Written> for Recurrence {
    type Error = &'static str;
    fn try_from(w: Written) -> Result<Self, Self::Error> {
        Self::new(w.days, w.times, w.zone).ok_or("a recurrence without days or times")
    }
}

impl Recurrence {
    /// A rule; none when it names no day or no time, or one that does not exist.
    #[must_use]
    pub fn new(days: Days, mut times: Vec<Time>, zone: Zone) -> Option<Self> {
        times.sort_unstable();
        times.dedup();
        let good = days.good() && !times.is_empty() && times.len() <= TIMES_MAX;
        good.then_some(Self { days, times, zone })
    }

    /// Every day at one time.
    #[must_use]
    pub fn daily(at: Time, zone: Zone) -> Self {
        Self { days: Days::Every, times: vec![at], zone }
    }

    /// A rule of one time a day, named by its hour and minute; none when it names no day or no time.
    #[must_use]
    pub fn at(days: Days, hour: i8, minute: i8, zone: Zone) -> Option<Self> {
        Self::new(days, vec![Time::new(hour, minute, 0, 0).ok()?], zone)
    }

    /// The first run after an instant; none at the end of the calendar.
    #[must_use]
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        // A gap can move a time of yesterday's date past midnight, so begin a day early.
        let mut date = self.zone.local(after).date().yesterday().ok()?;
        for _ in 0..DAYS_AHEAD {
            if self.days.has(date) {
                let next = self
                    .times
                    .iter()
                    .map(|time| self.zone.instant(DateTime::from_parts(date, *time)))
                    .find(|at| *at > after);
                if next.is_some() {
                    return next;
                }
            }
            date = date.tomorrow().ok()?;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, time};
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }
    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }
    fn runs(rule: &Recurrence, from: &str, n: usize) -> Vec<String> {
        let mut now = at(from);
        (0..n)
            .map(|_| {
                now = rule.next_after(now).unwrap();
                rule.zone.rfc3339(now)
            })
            .collect()
    }

    #[test]
    fn a_missing_time_runs_at_the_next_instant_and_a_doubled_one_once() {
        let rule = Recurrence::daily(time(2, 30, 0, 0), zone("America/New_York"));
        assert_eq!(
            runs(&rule, "2026-03-07T00:00:00-05:00", 3),
            ["2026-03-07T02:30:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"]
        );
        let rule = Recurrence::daily(time(1, 30, 0, 0), zone("America/New_York"));
        assert_eq!(
            runs(&rule, "2026-11-01T00:00:00-04:00", 2),
            ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"]
        );
    }

    #[test]
    fn two_times_in_one_gap_are_one_run() {
        let times = vec![time(2, 15, 0, 0), time(2, 45, 0, 0)];
        let rule = Recurrence::new(Days::Every, times, zone("Europe/Berlin")).unwrap();
        assert_eq!(
            runs(&rule, "2026-03-29T00:00:00+01:00", 2),
            ["2026-03-29T03:00:00+02:00", "2026-03-30T02:15:00+02:00"]
        );
    }

    #[test]
    fn a_date_that_was_left_out_runs_when_the_next_begins() {
        let rule = Recurrence::daily(time(12, 0, 0, 0), zone("Pacific/Apia"));
        assert_eq!(
            runs(&rule, "2011-12-29T13:00:00-10:00", 2),
            ["2011-12-31T00:00:00+14:00", "2011-12-31T12:00:00+14:00"]
        );
    }

    #[test]
    fn days_of_the_week_and_of_the_month() {
        let monday = Recurrence::new(Days::Week(vec![1]), vec![time(9, 0, 0, 0)], Zone::utc());
        assert_eq!(
            runs(&monday.unwrap(), "2026-01-01T00:00:00Z", 2),
            ["2026-01-05T09:00:00+00:00", "2026-01-12T09:00:00+00:00"]
        );
        let last = Recurrence::new(Days::Month(vec![31]), vec![time(0, 0, 0, 0)], Zone::utc());
        assert_eq!(
            runs(&last.unwrap(), "2028-01-31T00:00:00Z", 3),
            ["2028-02-29T00:00:00+00:00", "2028-03-31T00:00:00+00:00", "2028-04-30T00:00:00+00:00"]
        );
        for bad in [Days::Week(vec![]), Days::Week(vec![8]), Days::Month(vec![0])] {
            assert!(Recurrence::new(bad, vec![time(0, 0, 0, 0)], Zone::utc()).is_none());
        }
        let stored = "{\"days\":{\"week\":[9]},\"times\":[\"01:00:00\"],\"zone\":\"UTC\"}";
        assert!(serde_json::from_str::<Recurrence>(stored).is_err());
    }

    /// Minute by minute: walks the clock on the wall and runs whatever local time it reaches or jumps
    /// over for the first time. Knows nothing of offsets, gaps or folds.
    fn oracle(rule: &Recurrence, from: Timestamp, minutes: i64) -> Vec<Timestamp> {
        let mut seen = rule.zone.local(from.plus_seconds(-86_400 * 2));
        let mut out = Vec::new();
        for minute in -2 * 1440..minutes {
            let now = from.plus_seconds(minute * 60);
            let wall = rule.zone.local(now);
            if wall <= seen {
                continue;
            }
            let mut date = seen.date();
            let mut reached = false;
            while date <= wall.date() {
                reached |= rule.days.has(date)
                    && rule.times.iter().any(|t| {
                        let local = DateTime::from_parts(date, *t);
                        seen < local && local <= wall
                    });
                date = date.tomorrow().unwrap();
            }
            seen = wall;
            if reached && now > from {
                out.push(now);
            }
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        #[test]
        fn agrees_with_walking_minute_by_minute_across_changes(
            place in 0usize..7,
            day in -3i64..2,
            minutes in proptest::collection::vec(0i16..1440, 1..5),
            week in proptest::option::of(proptest::collection::vec(1i8..=7, 1..5)),
            near_the_change: bool,
        ) {
            // Zones with the dates on which their clocks change; Lord Howe moves by half an hour, Apia
            // left out a whole day, Cairo changes at midnight.
            let changes = [
                ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)),
                ("Europe/Berlin", date(2026, 3, 29)), ("Australia/Lord_Howe", date(2026, 10, 4)),
                ("Australia/Lord_Howe", date(2026, 4, 5)), ("Pacific/Apia", date(2011, 12, 30)),
                ("Africa/Cairo", date(2026, 4, 24)),
            ];
            let (name, change) = changes[place];
            let zone = zone(name);
            let from = zone.day_start(change).plus_seconds(day * 86_400);
            let times = minutes.iter().map(|m| {
                // Half of the time all of them fall into the four hours in which clocks change.
                let m = if near_the_change { m % 240 } else { *m };
                time(i8::try_from(m / 60).unwrap(), i8::try_from(m % 60).unwrap(), 0, 0)
            });
            let days = week.map_or(Days::Every, Days::Week);
            let rule = Recurrence::new(days, times.collect(), zone).unwrap();
            let length = 5 * 1440;
            let expected = oracle(&rule, from, length);
            let mut found = Vec::new();
            let mut now = from;
            while let Some(next) = rule.next_after(now).filter(|n| *n < from.plus_seconds(length * 60)) {
                found.push(next);
                now = next;
            }
            prop_assert_eq!(found, expected);
        }
    }
}
