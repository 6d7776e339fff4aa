//! Random calendars, and a clock that knows nothing but minutes.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZoneDatabase;
use kernel::calendar::Calendar;
use kernel::clock::Pause;
use kernel::target::{Target, Unit};
use kernel::time::Timestamp;
use proptest::prelude::*;

const MINUTE_US: i64 = 60_000_000;
const DAY_MIN: i64 = 1440;

/// Dates around which clocks change, or months are short.
const ANCHORS: [(&str, &str); 16] = [
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    // The clocks go forward at midnight, so the date starts at 01:00.
    ("Africa/Cairo", "2026-04-24"),
    ("America/Santiago", "2026-09-06"),
    // They go back over midnight into the date before.
    ("America/Santiago", "2026-04-05"),
    ("America/St_Johns", "2010-11-07"),
    // A whole date is left out.
    ("Pacific/Apia", "2011-12-30"),
    ("Asia/Kolkata", "2026-01-31"),
    ("UTC", "2028-02-29"),
    ("America/New_York", "2027-02-28"),
    ("Europe/Berlin", "2026-12-31"),
    ("Pacific/Chatham", "2026-09-27"),
];

/// A calendar with instants and pauses near one of the anchors.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub calendar: Calendar,
    /// Three instants, in any order.
    pub instants: Vec<Timestamp>,
    pub pauses: Vec<Pause>,
}

/// Up to three spans of a day that do not overlap, from sorted cuts of the day.
fn spans() -> impl Strategy<Value = Vec<String>> {
    let cut = prop_oneof![(0u32..=288).prop_map(|n| n * 5), 0u32..=1440, 85u32..200];
    prop::collection::btree_set(cut, 0..=6).prop_map(|cuts| {
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let clock = |m: u32| format!("{:02}:{:02}", m / 60, m % 60);
        cuts.chunks_exact(2).map(|c| format!("{}-{}", clock(c[0]), clock(c[1]))).collect()
    })
}

fn calendar(zone: &'static str, anchor: Date) -> impl Strategy<Value = Calendar> {
    let near = move |n: i32| anchor.saturating_add(n.days()).to_string();
    let week = prop::collection::vec(spans(), 7);
    let holidays = prop::collection::vec((-8i32..16).prop_map(near), 0..3);
    let special = prop::collection::btree_map((-8i32..16).prop_map(near), spans(), 0..3);
    let always = prop::bool::weighted(0.05);
    (week, holidays, special, always).prop_map(move |(week, holidays, special, always)| {
        if always {
            return Calendar::parse(&format!("version=\"1\"\nzone=\"{zone}\"\nalways=true"))
                .unwrap();
        }
        let mut text =
            format!("version = \"1\"\nzone = \"{zone}\"\nholidays = {holidays:?}\n[hours]\n");
        for (day, spans) in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].iter().zip(week) {
            text += &format!("{day} = {spans:?}\n");
        }
        text += "[special]\n";
        for (date, spans) in special {
            text += &format!("{date:?} = {spans:?}\n");
        }
        Calendar::parse(&text).unwrap()
    })
}

/// Draws a calendar, instants within a few days of the anchor (many within two hours of the start
/// of its date, where clocks change), and pauses (many of them from one close to another); on
/// whole minutes if so wanted.
pub fn drawn(whole_minutes: bool) -> impl Strategy<Value = Drawn> {
    prop::sample::select(&ANCHORS[..]).prop_flat_map(move |(zone, anchor)| {
        let anchor: Date = anchor.parse().unwrap();
        let rules = TimeZoneDatabase::bundled().get(zone).unwrap();
        let middle = rules.to_timestamp(anchor.at(1, 0, 0, 0)).unwrap().as_microsecond();
        let grain = if whole_minutes { MINUTE_US } else { 1 };
        let near = move |minutes: i64| {
            let range = minutes * MINUTE_US / grain;
            (-range..range).prop_map(move |n| Timestamp(middle + n * grain))
        };
        let instant = prop_oneof![near(120), near(3 * DAY_MIN)];
        let pause = (near(6 * DAY_MIN), 0..3 * DAY_MIN * MINUTE_US / grain, any::<bool>())
            .prop_map(move |(from, n, to_closes)| (from, Timestamp(from.0 + n * grain), to_closes));
        (
            calendar(zone, anchor),
            prop::collection::vec(instant, 3),
            prop::collection::vec(pause, 0..4),
        )
            .prop_map(|(calendar, instants, pauses)| {
                let close = |at: Timestamp| calendar.close_of(calendar.day_of(at)).unwrap_or(at);
                let pauses = pauses.into_iter().map(|(from, to, to_closes)| {
                    if to_closes {
                        Pause::new(close(from), close(to).max(close(from))).unwrap()
                    } else {
                        Pause::new(from, to).unwrap()
                    }
                });
                let pauses = pauses.collect();
                Drawn { calendar, instants, pauses }
            })
    })
}

/// Every minute from some days before an instant to the end of a date some days after it: what the
/// local clock shows, whether the calendar is open, whether the clock is paused.
pub struct Minutes {
    first: Timestamp,
    always: bool,
    open: Vec<bool>,
    paused: Vec<bool>,
    /// Each date's first minute and, if it has open time, its last close.
    dates: Vec<(usize, Option<usize>)>,
}

impl Minutes {
    const DAYS_BEFORE: i64 = 4;
    const DAYS_AFTER: i64 = 14;

    pub fn around(calendar: &Calendar, start: Timestamp, pauses: &[Pause]) -> Self {
        let first = Timestamp(start.0 - Self::DAYS_BEFORE * DAY_MIN * MINUTE_US);
        let rules = TimeZoneDatabase::bundled().get(calendar.zone().name()).unwrap();
        let count = (Self::DAYS_BEFORE + Self::DAYS_AFTER) * DAY_MIN;
        let at = |i: i64| Timestamp(first.0 + i * MINUTE_US);
        let mut local: Vec<DateTime> =
            (0..count).map(|i| rules.to_datetime(at(i).to_jiff())).collect();
        // A date that is known in part has an unknown close, so the minutes end where it begins.
        let cut = local[local.len() - 1].date().at(0, 0, 0, 0);
        local.truncate(local.iter().position(|shown| *shown >= cut).unwrap());
        let shows = |wanted: DateTime| {
            let found = local.iter().position(|shown| *shown >= wanted);
            found.unwrap_or(local.len())
        };
        let mut minutes = Self {
            first,
            always: calendar.is_always(),
            open: vec![calendar.is_always(); local.len()],
            paused: (0..i64::try_from(local.len()).unwrap())
                .map(|i| pauses.iter().any(|p| p.from() <= at(i) && at(i) < p.to()))
                .collect(),
            dates: Vec::new(),
        };
        let mut date = local[0].date();
        while date <= local[local.len() - 1].date() {
            let midnight = |date: Date| date.at(0, 0, 0, 0);
            let mut close = None;
            for span in calendar.hours_on(date).1 {
                let clock = |m: u16| match m {
                    1440 => midnight(date.tomorrow().unwrap()),
                    m => midnight(date).saturating_add(i64::from(m).minutes()),
                };
                let (from, to) = (shows(clock(span.from_min())), shows(clock(span.to_min())));
                minutes.open[from..to].fill(true);
                if from < to {
                    close = Some(to);
                }
            }
            minutes.dates.push((shows(midnight(date)), close));
            date = date.tomorrow().unwrap();
        }
        minutes
    }

    /// The first instant after the minutes that are known.
    pub fn end(&self) -> Timestamp {
        self.at(self.open.len())
    }

    fn at(&self, minute: usize) -> Timestamp {
        Timestamp(self.first.0 + i64::try_from(minute).unwrap() * MINUTE_US)
    }

    fn minute(&self, at: Timestamp) -> usize {
        usize::try_from((at.0 - self.first.0) / MINUTE_US).unwrap()
    }

    pub fn elapsed_us(&self, from: Timestamp, to: Timestamp) -> i64 {
        let range = self.minute(from)..self.minute(to);
        let counted = range.filter(|&i| self.open[i] && !self.paused[i]).count();
        i64::try_from(counted).unwrap() * MINUTE_US
    }

    /// The deadline, if it lies within the minutes that are known.
    pub fn deadline(&self, start: Timestamp, target: Target) -> Option<Timestamp> {
        let start = self.minute(start);
        let mut left = i64::from(target.count());
        if target.unit() == Unit::BusinessDays {
            // The date of the start is the last one to have begun; the ones after it count, each
            // at its close, unless the minute before the close is paused.
            let after = self.dates.iter().filter(|(begins, _)| *begins > start);
            for close in after.filter_map(|(_, close)| *close) {
                left -= i64::from(!self.paused[close - 1]);
                if left == 0 {
                    return Some(self.at(close));
                }
            }
            return None;
        }
        left *= target.unit().length_us().unwrap() / MINUTE_US;
        let world = matches!(target.unit(), Unit::Minutes | Unit::Hours | Unit::Days);
        for i in start..self.open.len() {
            let counts = world || self.always || self.open[i];
            left -= i64::from(counts && !self.paused[i]);
            if left == 0 {
                return Some(self.at(i + 1));
            }
        }
        None
    }
}
