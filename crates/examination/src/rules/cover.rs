//! Which days of a period lists of occurrences leave out.
//!
//! An opinion on operation speaks for the whole period, so what is tested must come from all of it: a list
//! of the first quarter says nothing of the second. Days are whole days in a zone. A list whose days are
//! read in another zone covers a day of the period only from its first instant to its last: one in
//! universal time that ends on 30 June misses the evening of that day in New York.

use jiff::civil::Date;
use kernel::time::Timestamp;
use kernel::zone::Zone;

use super::span::Span;

/// The instants that a list holds the occurrences of: from the first on, before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reach {
    from: Timestamp,
    until: Timestamp,
}

impl Reach {
    /// The days of a span in a zone, from the first instant of the first to the last of the last.
    #[must_use]
    pub fn of(span: Span, zone: &Zone) -> Self {
        Self { from: zone.day_start(span.from), until: zone.day_end(span.to) }
    }

    /// What both hold, if they share an instant. A test that reads several lists speaks for no instant
    /// that one of them leaves out.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        let both = Self { from: self.from.max(other.from), until: self.until.min(other.until) };
        (both.from < both.until).then_some(both)
    }
}

/// The days of a span, in its zone, of which at least one instant lies in none of the reaches: in order,
/// apart from each other, and none when every day is covered.
#[must_use]
pub fn uncovered(wanted: Span, zone: &Zone, reaches: &[Reach]) -> Vec<Span> {
    let whole = Reach::of(wanted, zone);
    let mut ordered = reaches.to_vec();
    ordered.sort_unstable();
    let mut out = Vec::new();
    let mut covered = whole.from;
    for reach in ordered {
        if reach.from > covered {
            leave_out(zone, (covered, reach.from.min(whole.until)), &mut out);
        }
        covered = covered.max(reach.until);
        if covered >= whole.until {
            return out;
        }
    }
    leave_out(zone, (covered, whole.until), &mut out);
    out
}

/// Adds the days that hold the instants from one to before another.
fn leave_out(zone: &Zone, (from, until): (Timestamp, Timestamp), out: &mut Vec<Span>) {
    if from >= until {
        return;
    }
    let first = zone.local(from).date();
    let last = last_day(zone, until).max(first);
    match out.last_mut() {
        // Two gaps can end and begin on one day, or on two that follow each other.
        Some(before) if before.to.tomorrow().unwrap_or(Date::MAX) >= first => {
            before.to = before.to.max(last);
        }
        _ => out.push(Span { from: first, to: last }),
    }
}

/// The last day that has an instant before this one.
fn last_day(zone: &Zone, until: Timestamp) -> Date {
    let day = zone.local(until).date();
    if zone.day_start(day) < until { day } else { day.yesterday().unwrap_or(day) }
}

/// How many days a span has.
#[must_use]
pub fn days(span: Span) -> i64 {
    i64::from((span.to - span.from).get_days()) + 1
}

/// The days in words: `2026-04-01 to 2026-06-30 (91 days)`, several parted by “and”.
#[must_use]
pub fn in_words(spans: &[Span]) -> String {
    let one = |span: &Span| match days(*span) {
        1 => span.from.to_string(),
        n => format!("{span} ({n} days)"),
    };
    let all: Vec<String> = spans.iter().map(one).collect();
    all.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn span(from: &str, to: &str) -> Span {
        Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }
    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }
    fn left(lists: &[(&str, &str, &str)]) -> Vec<Span> {
        let period = span("2026-01-01", "2026-06-30");
        let reaches: Vec<Reach> =
            lists.iter().map(|(from, to, at)| Reach::of(span(from, to), &zone(at))).collect();
        uncovered(period, &zone("America/New_York"), &reaches)
    }
    const NY: &str = "America/New_York";

    #[test]
    fn one_list_joined_lists_and_what_they_leave_out() {
        assert_eq!(left(&[("2026-01-01", "2026-06-30", NY)]), []);
        assert_eq!(left(&[("2025-07-01", "2026-12-31", NY)]), []);
        assert_eq!(left(&[]), [span("2026-01-01", "2026-06-30")]);
        assert_eq!(left(&[("2026-01-01", "2026-03-31", NY)]), [span("2026-04-01", "2026-06-30")]);
        let both = [("2026-04-01", "2026-06-30", NY), ("2026-01-01", "2026-03-31", NY)];
        assert_eq!(left(&both), []);
        // The day between two lists, and the ends.
        let apart = [("2026-01-02", "2026-03-30", NY), ("2026-04-01", "2026-06-29", NY)];
        let gaps = [
            ("2026-01-01", "2026-01-01"),
            ("2026-03-31", "2026-03-31"),
            ("2026-06-30", "2026-06-30"),
        ];
        assert_eq!(left(&apart), gaps.map(|(from, to)| span(from, to)));
        assert_eq!(in_words(&left(&apart)), "2026-01-01 and 2026-03-31 and 2026-06-30");
        let quarter = left(&[("2026-01-01", "2026-03-31", NY)]);
        assert_eq!(in_words(&quarter), "2026-04-01 to 2026-06-30 (91 days)");
        // Outside the period alone.
        assert_eq!(left(&[("2025-01-01", "2025-12-31", NY)]).len(), 1);
    }

    #[test]
    fn days_read_in_another_zone_end_at_another_instant() {
        assert_eq!(
            left(&[("2026-01-01", "2026-06-30", "UTC")]),
            [span("2026-06-30", "2026-06-30")]
        );
        assert_eq!(left(&[("2026-01-01", "2026-07-01", "UTC")]), []);
        assert_eq!(
            left(&[("2026-01-01", "2026-06-30", "America/Los_Angeles")]),
            [span("2026-01-01", "2026-01-01")]
        );
        // Two lists that meet on a day in different zones leave out hours of it: two gaps, one stretch.
        let parted = [("2026-01-01", "2026-03-30", "UTC"), ("2026-04-01", "2026-06-30", NY)];
        assert_eq!(left(&parted), [span("2026-03-30", "2026-03-31")]);
    }

    #[test]
    fn a_test_of_two_lists_speaks_for_what_both_hold() {
        let at = zone(NY);
        let reach = |from, to| Reach::of(span(from, to), &at);
        let both = reach("2026-01-01", "2026-06-30").and(reach("2026-02-01", "2026-12-31"));
        assert_eq!(both, Some(reach("2026-02-01", "2026-06-30")));
        assert_eq!(reach("2026-01-01", "2026-01-31").and(reach("2026-02-01", "2026-02-28")), None);
    }

    proptest! {
        /// A day is left out exactly when no single list holds it, whatever the lists and their order.
        #[test]
        fn the_days_left_out_are_those_that_no_list_holds(
            lists in prop::collection::vec((0_i32..200, 0_i32..60), 0..6),
        ) {
            let at = zone(NY);
            let start: Date = "2025-12-01".parse().unwrap();
            let day = |n: i32| start.checked_add(jiff::Span::new().days(n)).unwrap();
            let spans: Vec<Span> =
                lists.iter().map(|(from, more)| Span { from: day(*from), to: day(from + more) }).collect();
            let reaches: Vec<Reach> = spans.iter().map(|s| Reach::of(*s, &at)).collect();
            let period = span("2026-01-01", "2026-06-30");
            let found = uncovered(period, &at, &reaches);
            for n in 0..260 {
                let one = day(n);
                let held = spans.iter().any(|s| s.holds(one)) || !period.holds(one);
                prop_assert_eq!(found.iter().filter(|s| s.holds(one)).count(), usize::from(!held));
            }
            prop_assert!(found.windows(2).all(|w| w[0].to < w[1].from));
        }
    }
}
