//! The line of time cut into pieces that count and pieces that do not.

use crate::calendar::Calendar;
use crate::time::Timestamp;

use super::{CLOSED_DATES_LISTED_MAX, Why};

/// What makes time count.
#[derive(Clone, Copy)]
pub(super) enum Ticking<'a> {
    /// It always does.
    World,
    /// It does while the calendar is open.
    Open(&'a Calendar),
}

/// A stretch of time that counts, or does not, throughout.
pub(super) struct Piece {
    pub counts: bool,
    /// The first instant after it, later than the instant asked about.
    pub to: Timestamp,
    pub why: Why,
}

impl Ticking<'_> {
    /// The piece from an instant on, which ends no later than `until`.
    pub(super) fn piece(self, now: Timestamp, until: Timestamp) -> Piece {
        match self {
            Self::Open(calendar) if !calendar.is_always() => piece_of(calendar, now, until),
            Self::Open(_) | Self::World => {
                Piece { counts: true, to: until, why: Why::AroundTheClock }
            }
        }
    }
}

fn piece_of(calendar: &Calendar, now: Timestamp, until: Timestamp) -> Piece {
    let mut date = calendar.day_of(now);
    let mut dates = Vec::new();
    let mut more = 0;
    loop {
        let spans = calendar.open_spans(date);
        if let Some(&span) = spans.iter().find(|span| span.to > now) {
            return if span.from <= now {
                Piece { counts: true, to: span.to.min(until), why: Why::Open(span) }
            } else {
                Piece { counts: false, to: span.from.min(until), why: Why::Closed { dates, more } }
            };
        }
        if spans.is_empty() {
            if dates.len() < CLOSED_DATES_LISTED_MAX {
                dates.push((date, calendar.hours_on(date).0));
            } else {
                more += 1;
            }
        }
        match date.tomorrow() {
            Ok(next) if calendar.zone().day_start(next) < until => date = next,
            _ => {
                return Piece { counts: false, to: until, why: Why::Closed { dates, more } };
            }
        }
    }
}
