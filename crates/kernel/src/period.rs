//! Periods of whole dates in a declared zone: the period under examination, its months, and what
//! its length gives cause to say.

use std::fmt;

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

pub use jiff::civil::Date;

use crate::calendar::YEARS;
use crate::time::Timestamp;
use crate::zone::{UnknownZone, Zone};

/// Longest period in days: a hundred years.
pub const DAYS_MAX: u32 = 36_525;

/// A span of whole local dates, both included, in a zone. It contains every instant from the first
/// of its start date to the last of its end date, on the zone's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Period {
    start: Date,
    end: Date,
    zone: Zone,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    start: Date,
    end: Date,
    zone: Zone,
}

/// Why there is no such period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// A text that is not a date.
    #[error("“{0}” is not a date that exists; write it as 2026-06-30")]
    Date(String),
    /// A date outside the years calendars work in.
    #[error("{0} is outside the years 1970 to 2999")]
    Year(Date),
    /// The end lies before the start.
    #[error("the period ends on {end}, before it starts on {start}")]
    EndBeforeStart {
        /// The start date.
        start: Date,
        /// The end date.
        end: Date,
    },
    /// Longer than [`DAYS_MAX`].
    #[error("the period is longer than {DAYS_MAX} days")]
    TooLong,
    /// No such zone.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
}

/// How a period is cut into windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cycle {
    /// Calendar months.
    Month,
    /// Calendar quarters, from January.
    Quarter,
    /// Calendar years.
    Year,
}

impl Cycle {
    fn months(self) -> i8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }

    /// The first date of the cycle that a date lies in.
    #[must_use]
    pub fn first_date(self, date: Date) -> Date {
        let months = self.months();
        let first_month = (date.month() - 1) / months * months + 1;
        Date::new(date.year(), first_month, 1).unwrap_or(date)
    }

    /// The last date of the cycle that a date lies in.
    #[must_use]
    pub fn last_date(self, date: Date) -> Date {
        let months = self.months();
        let last_month = (date.month() - 1) / months * months + months;
        // Months run from 1 to 12 and every month has a first, so the fallback is never taken.
        Date::new(date.year(), last_month, 1).map_or(date, Date::last_of_month)
    }
}

impl Period {
    /// The period from one date to another, both included.
    ///
    /// # Errors
    /// When the end is before the start, a date is outside [`YEARS`], or it is longer than
    /// [`DAYS_MAX`].
    pub fn new(start: Date, end: Date, zone: Zone) -> Result<Self, PeriodError> {
        for date in [start, end] {
            if !YEARS.contains(&date.year()) {
                return Err(PeriodError::Year(date));
            }
        }
        if end < start {
            return Err(PeriodError::EndBeforeStart { start, end });
        }
        let period = Self { start, end, zone };
        if period.days() > DAYS_MAX {
            return Err(PeriodError::TooLong);
        }
        Ok(period)
    }

    /// The period from two texts such as `2026-01-01` and a zone name.
    ///
    /// # Errors
    /// As [`Period::new`], and when a text is not a date or a zone.
    pub fn parse(start: &str, end: &str, zone: &str) -> Result<Self, PeriodError> {
        Self::new(parse_date(start)?, parse_date(end)?, Zone::named(zone)?)
    }

    /// The first date.
    #[must_use]
    pub fn start(&self) -> Date {
        self.start
    }

    /// The last date, which is part of the period.
    #[must_use]
    pub fn end(&self) -> Date {
        self.end
    }

    /// The zone whose dates these are.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The first instant.
    #[must_use]
    pub fn starts_at(&self) -> Timestamp {
        self.zone.day_start(self.start)
    }

    /// The first instant after the period.
    #[must_use]
    pub fn ends_before(&self) -> Timestamp {
        self.zone.day_end(self.end)
    }

    /// The last instant, a microsecond before [`Period::ends_before`].
    #[must_use]
    pub fn last_instant(&self) -> Timestamp {
        Timestamp(self.ends_before().0 - 1)
    }

    /// Whether an instant lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.starts_at() <= at && at < self.ends_before()
    }

    /// Whether a date lies in it.
    #[must_use]
    pub fn contains_date(&self, date: Date) -> bool {
        self.start <= date && date <= self.end
    }

    /// Whether every date of another period lies in it.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// How many dates it has; at least 1.
    #[must_use]
    pub fn days(&self) -> u32 {
        let days = days_between(self.start, self.end) + 1;
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    /// Its dates, in order.
    pub fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        self.start.series(1.day()).take_while(|date| *date <= self.end)
    }

    /// Its calendar months, in order; the first and the last as far as they belong to it.
    #[must_use]
    pub fn months(&self) -> Vec<Self> {
        self.windows(Cycle::Month)
    }

    /// Its windows, in order, which cover it without overlap; the first and the last as far as
    /// they belong to it.
    #[must_use]
    pub fn windows(&self, cycle: Cycle) -> Vec<Self> {
        let mut windows = Vec::new();
        let mut start = self.start;
        while start <= self.end {
            let end = cycle.last_date(start).min(self.end);
            windows.push(Self { start, end, zone: self.zone.clone() });
            match end.tomorrow() {
                Ok(next) => start = next,
                Err(_) => break,
            }
        }
        windows
    }

    /// The dates after this period up to and including the report date, in which subsequent events
    /// are looked for. Nothing unless the report is dated after the period ends, as it must be.
    #[must_use]
    pub fn until_report(&self, report_date: Date) -> Option<Self> {
        let start = self.end.tomorrow().ok()?;
        Self::new(start, report_date, self.zone.clone()).ok()
    }

    /// What the length of a Type 2 period gives cause to say, under a firm's policy. The profession
    /// sets no minimum; these are remarks, not refusals. The period before, if there is one, should
    /// end on the day before this one starts.
    #[must_use]
    pub fn type2_remarks(&self, policy: &Type2Policy, prior: Option<&Self>) -> Vec<LengthRemark> {
        let days = self.days();
        let mut remarks = Vec::new();
        if days < policy.warn_below_days {
            remarks.push(LengthRemark::VeryShort { days, limit_days: policy.warn_below_days });
        } else if days < policy.note_below_days {
            remarks.push(LengthRemark::Short { days, limit_days: policy.note_below_days });
        }
        if days > policy.warn_above_days {
            remarks.push(LengthRemark::Long { days, limit_days: policy.warn_above_days });
        }
        if let Some(prior) = prior {
            let apart = days_between(prior.end, self.start) - 1;
            let days = apart.unsigned_abs();
            match apart {
                0 => {}
                1.. => remarks.push(LengthRemark::GapAfterPrior { days }),
                _ => remarks.push(LengthRemark::OverlapsPrior { days }),
            }
        }
        remarks
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    // Both dates are in years 1970 to 2999, where the difference in days always exists.
    from.until(to).map_or(0, |span| span.get_days())
}

/// Reads a date such as `2026-06-30`, and nothing beside it.
///
/// # Errors
/// When the text is not such a date, or the date does not exist.
pub fn parse_date(text: &str) -> Result<Date, PeriodError> {
    let date = (text.len() == "2026-06-30".len()).then(|| text.parse().ok());
    date.flatten().ok_or_else(|| PeriodError::Date(crate::refusal::excerpt(text, 40)))
}

/// A firm's policy on the length of Type 2 periods, in days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Type2Policy {
    /// Shorter than this is a warning.
    pub warn_below_days: u32,
    /// Shorter than this is a note.
    pub note_below_days: u32,
    /// Longer than this is a warning.
    pub warn_above_days: u32,
}

impl Default for Type2Policy {
    /// Warning under 90 days, note under 180, warning over 366. Six months are often suggested and
    /// 3 to 12 months are the range of the market.
    fn default() -> Self {
        Self { warn_below_days: 90, note_below_days: 180, warn_above_days: 366 }
    }
}

/// How much weight a remark has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// Worth knowing.
    Note,
    /// Worth a decision.
    Warning,
}

/// One remark on the length of a period. As text it is one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LengthRemark {
    /// Shorter than the policy's warning.
    VeryShort {
        /// Length of the period.
        days: u32,
        /// The policy's limit.
        limit_days: u32,
    },
    /// Shorter than the policy's note.
    Short {
        /// Length of the period.
        days: u32,
        /// The policy's limit.
        limit_days: u32,
    },
    /// Longer than the policy's limit.
    Long {
        /// Length of the period.
        days: u32,
        /// The policy's limit.
        limit_days: u32,
    },
    /// Dates between the prior period and this one that no report covers.
    GapAfterPrior {
        /// How many.
        days: u32,
    },
    /// Dates that both this and the prior period cover.
    OverlapsPrior {
        /// How many, counted from this period's start to the prior period's end.
        days: u32,
    },
}

impl LengthRemark {
    /// How much weight it has.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Self::Short { .. } => Weight::Note,
            Self::VeryShort { .. }
            | Self::Long { .. }
            | Self::GapAfterPrior { .. }
            | Self::OverlapsPrior { .. } => Weight::Warning,
        }
    }
}

impl fmt::Display for LengthRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |days: &u32| if *days == 1 { "" } else { "s" };
        match self {
            Self::VeryShort { days, limit_days } | Self::Short { days, limit_days } => write!(
                f,
                "The period has {days} day{}, fewer than the {limit_days} of the firm's policy.",
                plural(days)
            ),
            Self::Long { days, limit_days } => {
                write!(
                    f,
                    "The period has {days} days, more than the {limit_days} of the firm's policy."
                )
            }
            Self::GapAfterPrior { days } => write!(
                f,
                "{days} day{} between the prior period and this one are covered by no report.",
                plural(days)
            ),
            Self::OverlapsPrior { days } => {
                write!(f, "The prior period reaches {days} day{} into this one.", plural(days))
            }
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}, {}", self.start, self.end, self.zone)
    }
}

impl TryFrom<Written> for Period {
    type Error = PeriodError;
    fn try_from(written: Written) -> Result<Self, PeriodError> {
        Self::new(written.start, written.end, written.zone)
    }
}

impl From<Period> for Written {
    fn from(period: Period) -> Self {
        Self { start: period.start, end: period.end, zone: period.zone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(start: &str, end: &str) -> Period {
        Period::parse(start, end, "America/New_York").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_end_date_is_included_to_its_last_instant_in_the_zone() {
        let half_year = period("2026-01-01", "2026-06-30");
        assert_eq!(half_year.starts_at(), at("2026-01-01T05:00:00Z"));
        assert_eq!(half_year.last_instant(), at("2026-07-01T03:59:59.999999Z"));
        assert!(half_year.contains(at("2026-07-01T03:59:59.999999Z")));
        assert!(!half_year.contains(at("2026-07-01T04:00:00Z")));
        assert!(half_year.contains(at("2026-01-01T05:00:00Z")));
        assert!(!half_year.contains(at("2026-01-01T04:59:59.999999Z")));
        assert_eq!(half_year.days(), 181);
        assert_eq!(half_year.dates().count(), 181);
        assert!(half_year.contains_date(half_year.end()));
    }

    #[test]
    fn days_on_which_the_clocks_change_have_their_real_length() {
        for (day, hours) in [("2026-03-08", 23), ("2026-11-01", 25), ("2026-07-04", 24)] {
            let day = period(day, day);
            assert_eq!(day.ends_before().seconds_since(day.starts_at()), hours * 3600);
            assert_eq!(day.days(), 1);
        }
    }

    #[test]
    fn windows_cover_the_period_and_are_cut_at_its_ends() {
        let odd = period("2025-12-15", "2026-03-10");
        let told = |cycle| -> Vec<String> {
            let windows = odd.windows(cycle);
            windows.iter().map(|w| format!("{}..{}", w.start(), w.end())).collect()
        };
        assert_eq!(
            told(Cycle::Month),
            [
                "2025-12-15..2025-12-31",
                "2026-01-01..2026-01-31",
                "2026-02-01..2026-02-28",
                "2026-03-01..2026-03-10"
            ]
        );
        assert_eq!(told(Cycle::Quarter), ["2025-12-15..2025-12-31", "2026-01-01..2026-03-10"]);
        assert_eq!(told(Cycle::Year), ["2025-12-15..2025-12-31", "2026-01-01..2026-03-10"]);
        assert_eq!(odd.months(), odd.windows(Cycle::Month));
        let day = odd.end();
        let ends = |cycle: Cycle| format!("{}..{}", cycle.first_date(day), cycle.last_date(day));
        assert_eq!(ends(Cycle::Month), "2026-03-01..2026-03-31");
        assert_eq!(ends(Cycle::Quarter), "2026-01-01..2026-03-31");
        assert_eq!(ends(Cycle::Year), "2026-01-01..2026-12-31");
        assert!(odd.months().iter().all(|month| odd.covers(month) && !month.covers(&odd)));
        let leap = period("2028-02-01", "2028-02-29");
        assert_eq!((leap.days(), leap.months().len()), (29, 1));
    }

    #[test]
    fn lengths_give_cause_to_remark() {
        let policy = Type2Policy::default();
        let remarks = |start, end, prior: Option<&Period>| -> Vec<(Weight, String)> {
            let remarks = period(start, end).type2_remarks(&policy, prior);
            remarks.iter().map(|r| (r.weight(), r.to_string())).collect()
        };
        assert_eq!(remarks("2026-01-01", "2026-12-31", None), []);
        assert_eq!(remarks("2026-01-01", "2026-06-29", None), [], "180 days");
        let short = remarks("2026-01-01", "2026-06-28", None);
        assert_eq!(short[0].0, Weight::Note);
        assert!(short[0].1.contains("179 days, fewer than the 180"), "{}", short[0].1);
        assert_eq!(remarks("2026-01-01", "2026-03-31", None)[0].0, Weight::Note, "90 days");
        assert_eq!(remarks("2026-01-01", "2026-03-30", None)[0].0, Weight::Warning, "89 days");
        assert_eq!(remarks("2027-01-01", "2028-01-01", None), [], "366 days");
        let long = remarks("2027-01-01", "2028-01-02", None);
        assert!(long[0].1.contains("367 days, more than the 366"), "{}", long[0].1);
        let prior = period("2025-01-01", "2025-12-31");
        assert_eq!(remarks("2026-01-01", "2026-12-31", Some(&prior)), []);
        let gap = remarks("2026-01-02", "2026-12-31", Some(&prior));
        assert_eq!(
            gap[0].1,
            "1 day between the prior period and this one are covered by no report."
        );
        let overlap = remarks("2025-12-30", "2026-12-20", Some(&prior));
        assert_eq!(overlap[0].1, "The prior period reaches 2 days into this one.");
    }

    #[test]
    fn subsequent_events_lie_between_the_period_and_the_report() {
        let half_year = period("2026-01-01", "2026-06-30");
        let date = |text| parse_date(text).unwrap();
        let window = half_year.until_report(date("2026-08-14")).unwrap();
        assert_eq!(window, period("2026-07-01", "2026-08-14"));
        assert_eq!(half_year.until_report(half_year.end()), None);
    }

    #[test]
    fn what_is_no_period_is_refused_in_plain_words() {
        let refusal = |start, end, zone| Period::parse(start, end, zone).unwrap_err().to_string();
        assert_eq!(
            refusal("2026-06-30", "2026-01-01", "UTC"),
            "the period ends on 2026-01-01, before it starts on 2026-06-30"
        );
        assert!(refusal("2026-02-30", "2026-06-30", "UTC").contains("“2026-02-30” is not a date"));
        assert!(refusal("2026-02-03T00:00", "2026-06-30", "UTC").contains("is not a date"));
        assert!(refusal("1969-12-31", "2026-06-30", "UTC").contains("outside the years"));
        assert!(refusal("2026-01-01", "2126-06-30", "UTC").contains("longer than"));
        assert!(refusal("2026-01-01", "2026-06-30", "Nowhere").contains("not a time zone"));
    }

    #[test]
    fn it_survives_storage_as_json() {
        let half_year = period("2026-01-01", "2026-06-30");
        let json = serde_json::to_string(&half_year).unwrap();
        assert_eq!(json, r#"{"start":"2026-01-01","end":"2026-06-30","zone":"America/New_York"}"#);
        assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), half_year);
        let turned = r#"{"start":"2026-06-30","end":"2026-01-01","zone":"UTC"}"#;
        assert!(serde_json::from_str::<Period>(turned).is_err());
    }
}
