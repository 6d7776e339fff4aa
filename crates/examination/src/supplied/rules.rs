//! Whether a population may be frozen by what it covers: occurrences not before their period has closed,
//! the state of something not after the period under examination, and nothing of which nobody says what
//! it covers.

use super::model::{Coverage, SuppliedPopulation};
use crate::rules::cover::{Reach, uncovered};
use crate::rules::span::Span as Days;
use kernel::period::{Date, Period};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use populations::schema::{Kind, Schema};
use populations::times::Span;
use scope::model::{Engagement, ReportType};
use serde::Serialize;

/// What a population covers, from its schema and from what was given with the freeze: a span for
/// occurrences, the dates that the files speak for otherwise.
///
/// # Errors
/// [`Refusal::Input`] that says what to give where nothing says what it covers.
pub fn declared(
    schema: &Schema,
    given: Option<Span>,
    dates: &[Date],
    period: &Period,
) -> Result<Coverage, Refusal> {
    let whole = Span { from: period.start(), to: period.end() };
    let found = populations::coverage::declared(schema, given, dates, Some(whole))
        .map_err(|fault| Refusal::field(fault.field(), fault.to_string()))?;
    let (from, to) = (found.from, found.to);
    Ok(Coverage { kind: schema.kind, zone: schema.zone_name.clone(), from, to })
}

/// Refuses occurrences whose period had not closed when they were frozen, and a capture that speaks for a
/// date after the period under examination or after the freeze. Of a series of captures the last may be
/// the first after the period's end: it shows who was gone by then.
///
/// # Errors
/// [`Refusal::State`] with the dates; [`Refusal::Input`] where nothing says what the population covers.
pub fn may_be_frozen(
    name: &str,
    coverage: Option<&Coverage>,
    dates: &[String],
    period: &Period,
    frozen_at: Timestamp,
) -> Result<(), Refusal> {
    let Some(coverage) = coverage else {
        return Err(Refusal::field(
            "covers_from",
            format!(
                "Nothing says what the population “{name}” covers. Give the first and the last day whose occurrences it holds, or the date that it speaks for."
            ),
        ));
    };
    let zone = Zone::named(&coverage.zone)
        .map_err(|fault| Refusal::field("schema", format!("The zone of “{name}”: {fault}.")))?;
    if coverage.to < coverage.from {
        return Err(Refusal::field(
            "covers_to",
            format!(
                "The population ends on {} before it begins on {}.",
                coverage.to, coverage.from
            ),
        ));
    }
    let today = zone.local(frozen_at).date();
    match coverage.kind {
        Kind::Events if frozen_at < zone.day_end(coverage.to) => Err(Refusal::state(format!(
            "The population “{name}” cannot be frozen yet: it is to hold every occurrence to the end of {} in {}, and it is {today} there. Freeze it once {} is over, or freeze a span that has closed and the rest later.",
            coverage.to, coverage.zone, coverage.to
        ))),
        Kind::Events => Ok(()),
        Kind::Capture if coverage.to > today => Err(Refusal::state(format!(
            "The capture “{name}” is said to speak for {}, and it is {today} in {}: a date that has not come cannot be captured. Give the date on which things stood as it shows.",
            coverage.to, coverage.zone
        ))),
        Kind::Capture if coverage.to > period.end() && !closes_a_series(dates, period) => {
            Err(Refusal::state(format!(
                "The capture “{name}” speaks for {}, after the period ended on {}: it does not show how things stood within the period. Freeze one that was made within it, or give the date that this one speaks for.",
                coverage.to,
                period.end()
            )))
        }
        Kind::Capture => Ok(()),
    }
}

/// Whether only the last of several dates lies after the period, and the one before it does not.
fn closes_a_series(dates: &[String], period: &Period) -> bool {
    let end = period.end().to_string();
    let late = dates.iter().filter(|date| **date > end).count();
    late == 1 && dates.len() > 1
}

/// The days of an engagement's period that a list of occurrences leaves out; none of a capture, and in a
/// type 1 examination.
#[must_use]
pub fn left_out(coverage: &Coverage, engagement: &Engagement) -> Vec<Days> {
    let period = &engagement.period;
    let whole = Days::new(period.start(), period.end()).ok();
    let whole = whole.filter(|_| engagement.report_type == ReportType::Type2);
    let reach = reach(coverage);
    match (whole, reach) {
        (Some(whole), Some(reach)) => uncovered(whole, period.zone(), &[reach]),
        _ => Vec::new(),
    }
}

/// What a list of occurrences holds; none of a capture.
#[must_use]
pub fn reach(coverage: &Coverage) -> Option<Reach> {
    let zone = Zone::named(&coverage.zone).ok()?;
    let days = Days::new(coverage.from, coverage.to).ok()?;
    (coverage.kind == Kind::Events).then(|| Reach::of(days, &zone))
}

/// What both sides are given of a population at the API.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    /// What stands in the organisation's record.
    #[serde(flatten)]
    pub population: SuppliedPopulation,
    /// Days of the period that it leaves out.
    pub left_out: Vec<Days>,
}

/// A population with the days that it leaves out.
#[must_use]
pub fn published(population: SuppliedPopulation, engagement: &Engagement) -> Published {
    let left_out = left_out(&population.shown.coverage, engagement);
    Published { population, left_out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        kernel::period::parse_date(text).unwrap()
    }
    fn period() -> Period {
        Period::parse("2026-01-01", "2026-06-30", "America/New_York").unwrap()
    }
    fn coverage(kind: Kind, from: &str, to: &str) -> Coverage {
        Coverage { kind, zone: "America/New_York".into(), from: date(from), to: date(to) }
    }
    fn schema(text: &str) -> Schema {
        populations::schema::parse(&format!(
            "name = \"changes\"\nzone = \"America/New_York\"\nkey = [\"id\"]\n{text}\ncolumns = [{{ name = \"id\", type = \"text\" }}, {{ name = \"on\", type = \"date\" }}]"
        ))
        .unwrap()
    }
    fn told(found: Result<(), Refusal>) -> String {
        found.unwrap_err().to_string()
    }

    #[test]
    fn occurrences_wait_until_their_period_has_closed_in_its_zone() {
        let events = coverage(Kind::Events, "2026-01-01", "2026-06-30");
        let at = |text: &str| {
            may_be_frozen("Leavers", Some(&events), &[], &period(), Timestamp::parse(text).unwrap())
        };
        // Midnight in New York is four in the morning in UTC.
        let early = told(at("2026-07-01T03:59:59Z"));
        assert!(early.contains("2026-06-30") && early.contains("cannot be frozen yet"), "{early}");
        at("2026-07-01T04:00:01Z").unwrap();
    }

    #[test]
    fn a_capture_after_the_period_is_refused_but_may_close_a_series() {
        let now = Timestamp::parse("2026-09-01T12:00:00Z").unwrap();
        let check = |from: &str, to: &str, dates: &[&str]| {
            let dates: Vec<String> = dates.iter().map(|d| (*d).to_owned()).collect();
            let capture = coverage(Kind::Capture, from, to);
            may_be_frozen("Workers", Some(&capture), &dates, &period(), now)
        };
        check("2026-06-30", "2026-06-30", &["2026-06-30"]).unwrap();
        let late = told(check("2026-07-01", "2026-07-01", &["2026-07-01"]));
        assert!(late.contains("2026-07-01") && late.contains("2026-06-30"), "{late}");
        check("2026-05-01", "2026-07-01", &["2026-05-01", "2026-06-01", "2026-07-01"]).unwrap();
        told(check("2026-06-01", "2026-08-01", &["2026-06-01", "2026-07-01", "2026-08-01"]));
        assert!(told(check("2026-10-01", "2026-10-01", &[])).contains("has not come"));
    }

    #[test]
    fn where_nothing_says_what_is_covered_the_refusal_says_what_to_give() {
        let events = schema("kind = \"event population\"\ndated_by = \"on\"");
        let capture = schema("kind = \"configuration capture\"");
        let none = declared(&events, None, &[], &period()).unwrap_err().to_string();
        assert!(none.contains("first and the last day") && none.contains("2026-06-30"), "{none}");
        let none = declared(&capture, None, &[], &period()).unwrap_err().to_string();
        assert!(none.contains("date on which things stood"), "{none}");
        let now = Timestamp::parse("2026-09-01T12:00:00Z").unwrap();
        assert!(told(may_be_frozen("X", None, &[], &period(), now)).contains("Nothing says"));
        let span = Span { from: date("2026-01-01"), to: date("2026-03-31") };
        assert_eq!(declared(&events, Some(span), &[], &period()).unwrap().to, span.to);
        let found = declared(&capture, None, &[date("2026-06-30")], &period()).unwrap();
        assert_eq!((found.kind, found.from), (Kind::Capture, date("2026-06-30")));
        let own = schema(
            "kind = \"event population\"\ndated_by = \"on\"\nspan = { from = \"2026-01-01\", to = \"2026-06-30\" }",
        );
        assert!(declared(&own, Some(span), &[], &period()).is_err());
        assert_eq!(declared(&own, None, &[], &period()).unwrap().to, date("2026-06-30"));
    }

    proptest! {
        /// Whatever the dates: occurrences are frozen exactly when their last day is over, and a single
        /// capture exactly when its date lies neither after the period nor after the freeze.
        #[test]
        fn kinds_are_refused_by_their_dates_alone(days in 0_i64..400, now in 0_i64..400) {
            let start = date("2025-12-01");
            let day = |n: i64| start.checked_add(jiff::Span::new().days(n)).unwrap();
            let at = Zone::named("America/New_York").unwrap().day_start(day(now)).plus_seconds(43_200);
            let found = |kind| {
                let covered = Coverage { kind, zone: "America/New_York".into(), from: day(days), to: day(days) };
                may_be_frozen("X", Some(&covered), &[day(days).to_string()], &period(), at).is_ok()
            };
            prop_assert_eq!(found(Kind::Events), now > days);
            prop_assert_eq!(found(Kind::Capture), days <= now && day(days) <= period().end());
        }
    }
}
