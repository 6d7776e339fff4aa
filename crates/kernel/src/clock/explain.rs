//! The reasons of a trace as English phrases.

use std::fmt;

use jiff::civil::Date;

use crate::calendar::{DayKind, OpenSpan, weekday_name};

use super::Why;

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AroundTheClock => f.write_str("time counts around the clock"),
            Self::Open(span) => open(f, span),
            Self::Closed { dates, more } => closed(f, dates, *more),
            Self::Paused => f.write_str("paused"),
            Self::StartDate(date) => {
                write!(f, "the date of the start, {}, is not counted", Day(*date))
            }
            Self::CountedDate { date, number, of } => {
                write!(f, "business day {number} of {of}: {}", Day(*date))
            }
            Self::ClosedDate(date, kind) => write!(f, "not counted: {}", ClosedDay(*date, *kind)),
            Self::PausedDate(date) => {
                write!(f, "not counted: the close of {} is paused", Day(*date))
            }
            Self::Months { months, from, to, time_skipped } => {
                let plural = if *months == 1 { "" } else { "s" };
                write!(f, "{months} calendar month{plural} from {from} to {to}")?;
                if from.day() != to.day() {
                    write!(f, ", the last day of that month")?;
                }
                if *time_skipped {
                    write!(f, "; the clocks skip the local time on that day, so the next instant")?;
                }
                Ok(())
            }
        }
    }
}

fn open(f: &mut fmt::Formatter<'_>, span: &OpenSpan) -> fmt::Result {
    write!(f, "open {}, {}", Day(span.date), span.hours)?;
    if span.kind == DayKind::Special {
        f.write_str(", special hours")?;
    }
    let wall_min = i64::from(span.hours.to_min()) - i64::from(span.hours.from_min());
    let real_s = (span.to.0 - span.from.0) / 1_000_000;
    if real_s != wall_min * 60 {
        let (hours, minutes) = (real_s / 3600, real_s % 3600 / 60);
        write!(f, "; the clocks change and the span lasts {hours} h {minutes:02} min")?;
    }
    Ok(())
}

fn closed(f: &mut fmt::Formatter<'_>, dates: &[(Date, DayKind)], more: u32) -> fmt::Result {
    f.write_str("closed")?;
    for (i, (date, kind)) in dates.iter().enumerate() {
        let lead = if i == 0 { ": " } else { "; " };
        write!(f, "{lead}{}", ClosedDay(*date, *kind))?;
    }
    if more > 0 {
        write!(f, "; and {more} more days without hours")?;
    }
    Ok(())
}

/// A date with its weekday.
struct Day(Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", weekday_name(self.0.weekday()), self.0)
    }
}

/// A date with the reason why it is closed.
struct ClosedDay(Date, DayKind);

impl fmt::Display for ClosedDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.1 {
            DayKind::Ordinary => "has no hours",
            DayKind::Holiday => "is a holiday",
            DayKind::Special => "is closed as a special day",
        };
        write!(f, "{} {reason}", Day(self.0))
    }
}
