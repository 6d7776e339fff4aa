//! Numbers, dates and spans of time as a language writes them.

use super::Words;
use fluent_bundle::FluentValue;
use jiff::Zoned;
use jiff::tz::TimeZone;
use kernel::time::Timestamp;

/// How a language groups and points its numbers (CLDR 48, Latin digits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    group: char,
    point: char,
    /// Digits before the point below which nothing is grouped.
    group_from: usize,
}

type Formatter<M> = fn(&FluentValue<'_>, &M) -> Option<String>;

impl Style {
    /// 1,234.5
    pub const COMMA: Self = Self { group: ',', point: '.', group_from: 4 };
    /// 1.234,5
    pub const DOT: Self = Self { group: '.', point: ',', group_from: 4 };
    /// 1234,5 and 12.345,6
    pub const DOT_FROM_FIVE: Self = Self { group: '.', point: ',', group_from: 5 };
    /// 1 234,5 with a narrow space that does not break
    pub const SPACE: Self = Self { group: '\u{202f}', point: ',', group_from: 4 };

    /// Rewrites a plain decimal (`-1234.50`) in this style. Anything else is returned as it is.
    #[must_use]
    pub fn decimal(self, plain: &str) -> String {
        let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |r| ("\u{2212}", r));
        let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
        if whole.is_empty()
            || !whole.bytes().chain(fraction.unwrap_or("").bytes()).all(|b| b.is_ascii_digit())
        {
            return plain.to_owned();
        }
        let mut out = String::from(sign);
        for (i, digit) in whole.chars().enumerate() {
            let left = whole.len() - i;
            if i > 0 && left.is_multiple_of(3) && whole.len() >= self.group_from {
                out.push(self.group);
            }
            out.push(digit);
        }
        if let Some(fraction) = fraction {
            out.push(self.point);
            out.push_str(fraction);
        }
        out
    }

    /// Fluent's hook takes a plain function, so there is one per style.
    pub(super) fn fluent_formatter<M>(self) -> Formatter<M> {
        fn with(style: Style, value: &FluentValue<'_>) -> Option<String> {
            match value {
                FluentValue::Number(n) => Some(style.decimal(&n.as_string())),
                _ => None,
            }
        }
        match self {
            Self::DOT => |v, _| with(Style::DOT, v),
            Self::DOT_FROM_FIVE => |v, _| with(Style::DOT_FROM_FIVE, v),
            Self::SPACE => |v, _| with(Style::SPACE, v),
            _ => |v, _| with(Style::COMMA, v),
        }
    }
}

/// A whole number of any width, or a reference to one (templates pass references).
pub trait Whole {
    /// Its decimal digits, with `-` in front of a negative.
    fn digits(&self) -> String;
}
impl<T: Whole> Whole for &T {
    fn digits(&self) -> String {
        (**self).digits()
    }
}
macro_rules! whole { ($($kind:ty),+) => { $(
    impl Whole for $kind { fn digits(&self) -> String { self.to_string() } }
)+ } }
whole!(i32, i64, i128, u16, u32, u64, u128, usize);

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8",
    "month-9", "month-10", "month-11", "month-12",
];
const WEEKDAYS: [&str; 7] =
    ["day-mon", "day-tue", "day-wed", "day-thu", "day-fri", "day-sat", "day-sun"];

impl Words {
    /// A whole number, grouped.
    #[must_use]
    pub fn number(&self, n: impl Whole) -> String {
        self.style().decimal(&n.digits())
    }

    /// A decimal with a fixed number of places.
    #[must_use]
    pub fn decimal(&self, value: f64, places: usize) -> String {
        self.style().decimal(&format!("{value:.places$}"))
    }

    /// A fraction as percent: `0.9921` with one place is `99.2 %`. Rounded half away from zero in
    /// the last place shown, as printed by the language's own rules.
    #[must_use]
    pub fn percent(&self, fraction: f64, places: usize) -> String {
        self.t1("format-percent", "number", self.decimal(fraction * 100.0, places))
    }

    /// A size in bytes with a binary unit: `4.2 MiB`.
    #[must_use]
    pub fn size(&self, bytes: u64) -> String {
        const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        let mut value = bytes as f64;
        let mut unit = 0;
        while value >= 1024.0 && unit + 1 < UNITS.len() {
            value /= 1024.0;
            unit += 1;
        }
        let places = usize::from(unit > 0);
        format!("{}\u{a0}{}", self.decimal(value, places), UNITS.get(unit).copied().unwrap_or("B"))
    }

    /// A date: `9 March 2026`.
    #[must_use]
    pub fn date(&self, date: jiff::civil::Date) -> String {
        let month = usize::from(date.month().unsigned_abs()).saturating_sub(1);
        self.ta(
            "format-date",
            &[
                ("day", i32::from(date.day()).into()),
                ("month", self.t(MONTHS.get(month).copied().unwrap_or_default()).into()),
                ("year", date.year().to_string().into()),
            ],
        )
    }

    /// A weekday's name.
    #[must_use]
    pub fn weekday(&self, date: jiff::civil::Date) -> String {
        let day = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        self.t(WEEKDAYS.get(day).copied().unwrap_or_default())
    }

    /// A moment in universal time, for what belongs to no engagement and so to no zone.
    #[must_use]
    pub fn moment_utc(&self, at: Timestamp) -> String {
        self.moment(at, &TimeZone::UTC)
    }

    /// A moment in a zone, with its offset: `9 March 2026, 16:30 UTC−4`.
    #[must_use]
    pub fn moment(&self, at: Timestamp, zone: &TimeZone) -> String {
        let local = at.to_jiff().to_zoned(zone.clone());
        self.ta(
            "format-moment",
            &[
                ("date", self.date(local.date()).into()),
                ("time", clock(&local).into()),
                ("zone", offset(&local).into()),
            ],
        )
    }

    /// A due moment with its weekday: `Friday 13 March 2026, 17:00 UTC−4`.
    #[must_use]
    pub fn due(&self, at: Timestamp, zone: &TimeZone) -> String {
        let local = at.to_jiff().to_zoned(zone.clone());
        self.t2(
            "format-due",
            "weekday",
            self.weekday(local.date()),
            "moment",
            self.moment(at, zone),
        )
    }

    /// A span of time in at most two units, rounded down: `6 h`, `2 d 4 h`, `45 s`. The sign is
    /// left to the sentence around it.
    #[must_use]
    pub fn span(&self, seconds: i64) -> String {
        let s = seconds.unsigned_abs();
        let (days, hours, minutes, rest) = (s / 86_400, s / 3600 % 24, s / 60 % 60, s % 60);
        let parts = if days > 0 {
            [("span-days", days), ("span-hours", hours)]
        } else if hours > 0 {
            [("span-hours", hours), ("span-minutes", minutes)]
        } else if minutes > 0 {
            [("span-minutes", minutes), ("span-seconds", 0)]
        } else {
            [("span-seconds", rest), ("span-days", 0)]
        };
        let mut out = String::new();
        for (i, (key, n)) in parts.into_iter().enumerate() {
            if i == 0 || n > 0 {
                if i > 0 {
                    out.push(' ');
                }
                out.push_str(&self.t1(key, "n", n));
            }
        }
        out
    }
}

fn clock(local: &Zoned) -> String {
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// `UTC`, `UTC+2`, `UTC−3:30`.
fn offset(local: &Zoned) -> String {
    let seconds = local.offset().seconds();
    if seconds == 0 {
        return "UTC".to_owned();
    }
    let sign = if seconds < 0 { '\u{2212}' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    if minutes.is_multiple_of(60) {
        format!("UTC{sign}{}", minutes / 60)
    } else {
        format!("UTC{sign}{}:{:02}", minutes / 60, minutes % 60)
    }
}
