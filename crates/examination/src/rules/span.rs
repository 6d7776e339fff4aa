//! Spans of whole days inside an examination period.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// From one day to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    from: Date,
    to: Date,
}

/// A span that ends before it begins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The span from {from} to {to} ends before it begins; swap the dates.")]
pub struct Reversed {
    from: Date,
    to: Date,
}

impl TryFrom<Written> for Span {
    type Error = Reversed;

    fn try_from(written: Written) -> Result<Self, Reversed> {
        Self::new(written.from, written.to)
    }
}

impl From<Span> for Written {
    fn from(span: Span) -> Self {
        Self { from: span.from, to: span.to }
    }
}

impl Span {
    /// A span whose end is not before its beginning.
    pub fn new(from: Date, to: Date) -> Result<Self, Reversed> {
        if to < from {
            return Err(Reversed { from, to });
        }
        Ok(Self { from, to })
    }

    /// Whether every day of `other` is in this span.
    pub fn contains(self, other: Span) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// Whether the day is in this span.
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether the two share a day.
    pub fn overlaps(self, other: Span) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

/// Days of `whole` that none of `spans` covers, or a day that two of them cover.
pub(crate) fn fault_in_cover(whole: Span, spans: &[Span]) -> Option<CoverFault> {
    let mut ordered = spans.to_vec();
    ordered.sort();
    let mut next = Some(whole.from);
    for span in ordered {
        if !whole.contains(span) {
            return Some(CoverFault::Outside(span));
        }
        match next {
            Some(expected) if span.from > expected => {
                let to = span.from.yesterday().unwrap_or(span.from);
                return Some(CoverFault::Gap(Span { from: expected, to }));
            }
            Some(expected) if span.from == expected => {}
            _ => return Some(CoverFault::Twice(span.from)),
        }
        next = span.to.tomorrow().ok();
    }
    match next {
        Some(expected) if expected <= whole.to => {
            Some(CoverFault::Gap(Span { from: expected, to: whole.to }))
        }
        _ => None,
    }
}

/// Why spans do not cover a period exactly once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CoverFault {
    /// A span reaches outside the period.
    Outside(Span),
    /// Days without a span.
    Gap(Span),
    /// A day in two spans.
    Twice(Date),
}
