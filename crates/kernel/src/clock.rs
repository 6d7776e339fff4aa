//! Service clocks: when a promise falls due, how much time has been counted, and why.
//!
//! A clock never stores a counter. It is a function of its calendar, its target, the instant it
//! started and the pauses on record, so anybody can work it out again and get the same answer.
//! Every deadline comes with a trace: steps that follow one another without a gap from the start
//! to the deadline, each saying how much of it was counted and why.
//!
//! The rules:
//!
//! * The deadline is the first instant at which the whole target has been counted. Work done at
//!   that very instant is in time.
//! * A pause runs from its first instant up to, not including, its last. Pauses that overlap are
//!   one pause; the part before the start is nothing. A pause takes its span out of what is
//!   counted, except for calendar months and for [`Pausing::Regulatory`] clocks.
//! * Business days are counted at the close of each open date after the date of the start. A date
//!   whose close lies in a pause is not counted. So a pause moves the deadline by the closes it
//!   covers, and no deadline falls inside a pause.
//! * Calendar months keep the local date and time of the start; where the month is shorter, its
//!   last day.
//! * Local times follow the rule of [`crate::zone`], spans of hours that of [`crate::calendar`].
//! * Nothing is searched for longer than a hundred years.

mod explain;
mod pieces;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::calendar::{Calendar, DayKind, OpenSpan, YEARS};
use crate::target::{Target, Unit};
use crate::time::Timestamp;
use pieces::{Piece, Ticking};

/// Most pauses one clock takes.
pub const PAUSES_MAX: usize = 10_000;
/// A hundred years, in microseconds: as far as any clock looks.
const HORIZON_US: i64 = 36_525 * 86_400_000_000;

/// A span in which a clock stands still: from its first instant up to, not including, its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pause {
    from: Timestamp,
    to: Timestamp,
}

impl Pause {
    /// A pause between two instants. One that ends when it starts is nothing. A pause that still
    /// lasts is given up to the present instant.
    ///
    /// # Errors
    /// When it ends before it starts.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, ClockError> {
        if to < from {
            return Err(ClockError::PauseEndsBeforeStart);
        }
        Ok(Self { from, to })
    }

    /// The first instant of it.
    #[must_use]
    pub fn from(self) -> Timestamp {
        self.from
    }

    /// The first instant after it.
    #[must_use]
    pub fn to(self) -> Timestamp {
        self.to
    }
}

/// Whether pauses stop a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pausing {
    /// A pause takes its span out of what is counted.
    #[default]
    Allowed,
    /// Set by law or regulation: it runs on, whatever is on record.
    Regulatory,
}

/// What a clock counts, under which calendar.
#[derive(Debug, Clone, Copy)]
pub struct Clock<'a> {
    /// Supplies the zone, and the open time for the business units.
    pub calendar: &'a Calendar,
    /// How much is counted.
    pub target: Target,
    /// Whether pauses stop it.
    pub pausing: Pausing,
}

/// One step of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where the step starts; the end of the step before.
    pub from: Timestamp,
    /// Where it ends.
    pub to: Timestamp,
    /// How much of it was counted, in microseconds. For business days: the open time of a date
    /// that was counted.
    pub counted_us: i64,
    /// Why so much.
    pub why: Why,
}

/// Why a step was counted or not. As text ([`std::fmt::Display`]) it is a phrase in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Time counts around the clock.
    AroundTheClock,
    /// The calendar is open.
    Open(OpenSpan),
    /// The calendar is closed; the dates inside that have no open time at all, at most
    /// [`CLOSED_DATES_LISTED_MAX`], and how many more there are.
    Closed {
        /// The dates, each with the part of the calendar that closes it.
        dates: Vec<(Date, DayKind)>,
        /// Dates beyond those listed.
        more: u32,
    },
    /// The clock stands still.
    Paused,
    /// The rest of the date of the start, which business days leave out.
    StartDate(Date),
    /// An open date that was counted.
    CountedDate {
        /// The date.
        date: Date,
        /// Which one it is, from 1.
        number: u32,
        /// How many there are to count.
        of: u32,
    },
    /// A date without open time, which business days leave out.
    ClosedDate(Date, DayKind),
    /// An open date whose close lies in a pause.
    PausedDate(Date),
    /// Calendar months.
    Months {
        /// How many.
        months: u32,
        /// The local date of the start.
        from: Date,
        /// The local date of the deadline.
        to: Date,
        /// Whether the local time of the start does not exist on that date.
        time_skipped: bool,
    },
}

/// Most closed dates that one step of a trace lists.
pub const CLOSED_DATES_LISTED_MAX: usize = 7;

/// When a target falls due, with the trace that explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The deadline.
    pub at: Timestamp,
    /// The steps from the start to the deadline, without a gap.
    pub trace: Vec<Step>,
}

impl Deadline {
    /// Whether something done at an instant was in time. The deadline itself is.
    #[must_use]
    pub fn is_met_by(&self, done: Timestamp) -> bool {
        done <= self.at
    }
}

/// How much time was counted between two instants, with the trace that explains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elapsed {
    /// Counted time in microseconds.
    pub counted_us: i64,
    /// The steps from start to end, without a gap.
    pub trace: Vec<Step>,
}

/// Why a clock gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// An instant outside the years clocks work in.
    #[error("the {0} is outside the years 1970 to 2999")]
    OutOfYears(&'static str),
    /// The end lies before the start.
    #[error("the end is before the start")]
    EndBeforeStart,
    /// Start and end are too far apart.
    #[error("the start and the end are more than 100 years apart")]
    TooFarApart,
    /// A pause ends before it starts.
    #[error("a pause ends before it starts")]
    PauseEndsBeforeStart,
    /// More pauses than are taken.
    #[error("there are {0} pauses; {PAUSES_MAX} is the most that is taken")]
    TooManyPauses(usize),
    /// The target lies beyond the hundred years that are searched.
    #[error(
        "{target} from the start are not counted within 100 years; the calendar “{version}” has too little open time, or pauses take it away"
    )]
    NotReached {
        /// What was to be counted.
        target: Target,
        /// Under which calendar.
        version: String,
    },
}

/// What stops a walk along the line of time.
#[derive(Clone, Copy)]
enum Stop {
    /// An instant.
    At(Timestamp),
    /// So many microseconds counted.
    Counted(i64),
}

impl Clock<'_> {
    /// When the target falls due.
    ///
    /// # Errors
    /// When the start is outside [`YEARS`], there are too many pauses, or the target is not
    /// reached within a hundred years.
    pub fn deadline(&self, start: Timestamp, pauses: &[Pause]) -> Result<Deadline, ClockError> {
        let pauses = self.pauses_that_count(start, pauses)?;
        match self.target.unit() {
            Unit::BusinessDays => self.business_days(start, &pauses),
            Unit::CalendarMonths => self.calendar_months(start),
            Unit::Minutes
            | Unit::Hours
            | Unit::Days
            | Unit::BusinessMinutes
            | Unit::BusinessHours => {
                let length_us = self.target.length_us().unwrap_or(0);
                self.counted_from(start, &pauses, length_us)
            }
        }
    }

    /// The instant at which a percentage of the target has been counted, as an escalation needs
    /// it: 50 is half of the time, 200 as much again as was promised. Business days are measured
    /// by the open time up to their deadline, calendar months by the time of the world.
    ///
    /// # Errors
    /// As [`Clock::deadline`].
    pub fn at_percent(
        &self,
        start: Timestamp,
        percent: u32,
        pauses: &[Pause],
    ) -> Result<Timestamp, ClockError> {
        let share = |us: i64| {
            let share = i128::from(us) * i128::from(percent) / 100;
            i64::try_from(share).unwrap_or(i64::MAX)
        };
        let deadline = self.deadline(start, pauses)?;
        if percent == 100 {
            return Ok(deadline.at);
        }
        let pauses = self.pauses_that_count(start, pauses)?;
        let whole_us = match (self.target.length_us(), self.target.unit()) {
            (Some(length_us), _) => length_us,
            (None, Unit::CalendarMonths) => {
                let real_us = share(deadline.at.0 - start.0);
                let at = start.0.saturating_add(real_us);
                return self.within_horizon(start, at);
            }
            (None, _) => {
                walk(self.ticking(), start, &pauses, Stop::At(deadline.at))
                    .ok_or_else(|| self.not_reached())?
                    .counted_us
            }
        };
        Ok(self.counted_from(start, &pauses, share(whole_us))?.at)
    }

    fn within_horizon(&self, start: Timestamp, at_us: i64) -> Result<Timestamp, ClockError> {
        if at_us - start.0 > HORIZON_US {
            return Err(self.not_reached());
        }
        Ok(Timestamp(at_us))
    }

    fn ticking(&self) -> Ticking<'_> {
        match self.target.unit() {
            Unit::Minutes | Unit::Hours | Unit::Days | Unit::CalendarMonths => Ticking::World,
            Unit::BusinessMinutes | Unit::BusinessHours | Unit::BusinessDays => {
                Ticking::Open(self.calendar)
            }
        }
    }

    fn pauses_that_count(
        &self,
        start: Timestamp,
        pauses: &[Pause],
    ) -> Result<Vec<Pause>, ClockError> {
        in_years("start", start)?;
        let merged = merged(start, pauses)?;
        Ok(match self.pausing {
            Pausing::Allowed => merged,
            Pausing::Regulatory => Vec::new(),
        })
    }

    fn not_reached(&self) -> ClockError {
        ClockError::NotReached { target: self.target, version: self.calendar.version().to_owned() }
    }

    fn counted_from(
        &self,
        start: Timestamp,
        pauses: &[Pause],
        length_us: i64,
    ) -> Result<Deadline, ClockError> {
        let walked = walk(self.ticking(), start, pauses, Stop::Counted(length_us))
            .ok_or_else(|| self.not_reached())?;
        let at = walked.trace.last().map_or(start, |step| step.to);
        Ok(Deadline { at, trace: walked.trace })
    }

    fn business_days(&self, start: Timestamp, pauses: &[Pause]) -> Result<Deadline, ClockError> {
        let (calendar, zone) = (self.calendar, self.calendar.zone());
        let of = self.target.count();
        let mut date = calendar.day_of(start);
        let mut trace = vec![Step {
            from: start,
            to: zone.day_end(date),
            counted_us: 0,
            why: Why::StartDate(date),
        }];
        let mut number = 0;
        loop {
            date = date.tomorrow().map_err(|_| self.not_reached())?;
            let from = zone.day_start(date);
            self.within_horizon(start, from.0)?;
            let spans = calendar.open_spans(date);
            let to = zone.day_end(date);
            let close = spans.last().map(|span| span.to);
            let (to, counted_us, why) = match close {
                None => (to, 0, Why::ClosedDate(date, calendar.hours_on(date).0)),
                Some(close) if covers(pauses, close) => (to, 0, Why::PausedDate(date)),
                Some(close) => {
                    number += 1;
                    let open_us = spans.iter().map(|s| s.to.0 - s.from.0);
                    let why = Why::CountedDate { date, number, of };
                    (if number == of { close } else { to }, open_us.sum(), why)
                }
            };
            // A date that the zone leaves out altogether has no length and needs no step.
            if from < to {
                let step = Step { from, to, counted_us, why };
                trace.push(step);
            }
            if number == of {
                return Ok(Deadline { at: to, trace });
            }
        }
    }

    fn calendar_months(&self, start: Timestamp) -> Result<Deadline, ClockError> {
        let zone = self.calendar.zone();
        let local = zone.local(start);
        let months = self.target.count();
        let to =
            local.date().checked_add(i64::from(months).months()).map_err(|_| self.not_reached())?;
        let wanted = to.to_datetime(local.time());
        let at = zone.instant(wanted);
        let why =
            Why::Months { months, from: local.date(), to, time_skipped: zone.local(at) != wanted };
        let step = Step { from: start, to: at, counted_us: at.0 - start.0, why };
        Ok(Deadline { at, trace: vec![step] })
    }
}

/// Time inside the calendar's open spans between two instants, without the pauses.
///
/// # Errors
/// When the end is before the start, one of them is outside [`YEARS`], they are more than a
/// hundred years apart, or there are too many pauses.
pub fn elapsed(
    calendar: &Calendar,
    start: Timestamp,
    end: Timestamp,
    pauses: &[Pause],
) -> Result<Elapsed, ClockError> {
    in_years("start", start)?;
    in_years("end", end)?;
    if end < start {
        return Err(ClockError::EndBeforeStart);
    }
    let pauses = merged(start, pauses)?;
    walk(Ticking::Open(calendar), start, &pauses, Stop::At(end)).ok_or(ClockError::TooFarApart)
}

fn in_years(what: &'static str, at: Timestamp) -> Result<(), ClockError> {
    if YEARS.contains(&at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).year()) {
        Ok(())
    } else {
        Err(ClockError::OutOfYears(what))
    }
}

/// The pauses in order, without overlaps, empty ones and what lies before the start.
fn merged(start: Timestamp, pauses: &[Pause]) -> Result<Vec<Pause>, ClockError> {
    if pauses.len() > PAUSES_MAX {
        return Err(ClockError::TooManyPauses(pauses.len()));
    }
    let clipped = pauses.iter().map(|p| Pause { from: p.from.max(start), to: p.to });
    let mut sorted: Vec<Pause> = clipped.filter(|p| p.from < p.to).collect();
    sorted.sort_unstable();
    let mut merged: Vec<Pause> = Vec::with_capacity(sorted.len());
    for pause in sorted {
        match merged.last_mut() {
            Some(last) if pause.from <= last.to => last.to = last.to.max(pause.to),
            _ => merged.push(pause),
        }
    }
    Ok(merged)
}

/// Whether the moment before an instant lies in a pause: the instant is then the end of paused
/// time.
fn covers(pauses: &[Pause], at: Timestamp) -> bool {
    pauses.iter().any(|p| p.from < at && at <= p.to)
}

/// Walks from the start, through pauses and closed time, until the stop. Nothing if that lies
/// beyond the horizon. The pauses are merged and in order.
fn walk(ticking: Ticking<'_>, start: Timestamp, pauses: &[Pause], stop: Stop) -> Option<Elapsed> {
    let horizon = Timestamp(start.0 + HORIZON_US);
    let mut pauses = pauses.iter().peekable();
    let mut walked = Elapsed { counted_us: 0, trace: Vec::new() };
    let mut now = start;
    loop {
        let left_us = match stop {
            Stop::At(end) => end.0 - now.0,
            Stop::Counted(length_us) => length_us - walked.counted_us,
        };
        if left_us <= 0 {
            return Some(walked);
        }
        if now >= horizon {
            return None;
        }
        while pauses.next_if(|p| p.to <= now).is_some() {}
        let end = match stop {
            Stop::At(end) => end.min(horizon),
            Stop::Counted(_) => horizon,
        };
        let Piece { counts, mut to, why } = match pauses.peek() {
            Some(pause) if pause.from <= now => {
                Piece { counts: false, to: pause.to.min(end), why: Why::Paused }
            }
            next => ticking.piece(now, next.map_or(end, |p| end.min(p.from))),
        };
        if counts {
            to = to.min(Timestamp(now.0.saturating_add(left_us)));
        }
        let counted_us = if counts { to.0 - now.0 } else { 0 };
        walked.counted_us += counted_us;
        walked.trace.push(Step { from: now, to, counted_us, why });
        now = to;
    }
}

#[cfg(test)]
mod tests;
