//! Spans of time and the little algebra that availability needs of them.

use kernel::period::Period;
use kernel::time::Timestamp;

/// A span of time, from its first instant up to, not including, its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    from: Timestamp,
    to: Timestamp,
}

/// A span that ends before it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it ends at {to}, before it starts at {from}")]
pub struct SpanError {
    from: Timestamp,
    to: Timestamp,
}

impl Span {
    /// A span between two instants. One that ends when it starts has no length.
    ///
    /// # Errors
    /// When it ends before it starts.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, SpanError> {
        if to < from { Err(SpanError { from, to }) } else { Ok(Self { from, to }) }
    }

    /// The span of a period, to the last instant of its last date.
    #[must_use]
    pub fn of_period(period: &Period) -> Self {
        Self { from: period.starts_at(), to: period.ends_before() }
    }

    /// The first instant.
    #[must_use]
    pub fn from(self) -> Timestamp {
        self.from
    }

    /// The first instant after it.
    #[must_use]
    pub fn to(self) -> Timestamp {
        self.to
    }

    /// Its length in microseconds.
    #[must_use]
    pub fn length_us(self) -> i64 {
        self.to.0.saturating_sub(self.from.0)
    }
}

/// The spans cut to the window, in order and without overlap or empty ones.
pub(super) fn merged(spans: &[Span], window: Span) -> Vec<Span> {
    let cut = spans.iter().map(|s| Span { from: s.from.max(window.from), to: s.to.min(window.to) });
    let mut sorted: Vec<Span> = cut.filter(|s| s.from < s.to).collect();
    sorted.sort_unstable();
    let mut merged: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match merged.last_mut() {
            Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
            _ => merged.push(span),
        }
    }
    merged
}

/// Splits merged spans: the first of them up to a total length, and the rest.
pub(super) fn first_of(spans: &[Span], cap_us: i64) -> (Vec<Span>, Vec<Span>) {
    let (mut first, mut rest) = (Vec::new(), Vec::new());
    let mut left_us = cap_us;
    for &span in spans {
        let taken_us = span.length_us().min(left_us);
        let cut = Timestamp(span.from.0 + taken_us);
        left_us -= taken_us;
        let parts = [(&mut first, span.from, cut), (&mut rest, cut, span.to)];
        for (list, from, to) in parts {
            if from < to {
                list.push(Span { from, to });
            }
        }
    }
    (first, rest)
}

/// What of the first merged spans lies outside the second.
pub(super) fn without(spans: &[Span], taken: &[Span]) -> Vec<Span> {
    let mut left = Vec::new();
    let mut taken = taken.iter().peekable();
    for &Span { mut from, to } in spans {
        while taken.next_if(|t| t.to <= from).is_some() {}
        while let Some(t) = taken.peek().filter(|t| t.from < to) {
            if from < t.from {
                left.push(Span { from, to: t.from });
            }
            from = t.to.min(to);
            if t.to > to {
                break;
            }
            taken.next();
        }
        if from < to {
            left.push(Span { from, to });
        }
    }
    left
}

/// The total length of merged spans in microseconds.
pub(super) fn length_us(spans: &[Span]) -> i64 {
    spans.iter().map(|s| s.length_us()).sum()
}
