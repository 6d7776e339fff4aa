//! Signs that not everything is reported, or not in time.

use super::chance::{binomial_at_least, mann_whitney, poisson_interval};
use super::facts::{DAY, PatternCase, Signal, days};
use kernel::time::Timestamp;
use std::collections::BTreeMap;

/// Below this chance an answer calls for attention.
pub const RARE: f64 = 0.05;
/// Reports below which a channel's rate says nothing.
const FEWEST: usize = 5;
/// Days at the end of a quarter in which heaping is looked for.
const QUARTER_END: i64 = 7;
/// After so long without being judged grave, a grave case was escalated late.
const LATE: i64 = DAY;

/// A channel as far as gaps need it: its name, and since when it is open (none where it is known by its
/// cases only).
pub type OpenSince = (String, Option<Timestamp>);

/// For each channel: how likely is it that nobody reported for so long, if reports came as before?
///
/// The rate is that between the first and the last report. The chance of none in the silence since then
/// is `exp(−rate · days)`; its interval comes from the exact interval of the rate. With fewer than five
/// reports nothing is said about chance. A channel that never had one is told as `never_used`.
#[must_use]
pub fn silence(cases: &[PatternCase], channels: &[OpenSince], until: Timestamp) -> Vec<Signal> {
    let mut by: BTreeMap<&str, Vec<Timestamp>> = BTreeMap::new();
    for case in cases.iter().filter(|c| !c.channel.is_empty() && c.reported_at <= until) {
        by.entry(&case.channel).or_default().push(case.reported_at);
    }
    let mut signals = Vec::new();
    for (channel, since) in channels.iter().filter(|(name, _)| !by.contains_key(name.as_str())) {
        let mut signal = Signal::of("never_used", channel);
        signal.flagged = true;
        if let Some(since) = since {
            signal = signal.with("days_open", days(until.0.saturating_sub(since.0)));
        }
        signals.push(signal);
    }
    for (channel, mut times) in by {
        times.sort_unstable();
        let (Some(first), Some(last)) = (times.first().copied(), times.last().copied()) else {
            continue;
        };
        let (span, silent) = (days(last.0 - first.0), days(until.0 - last.0));
        let mut signal = Signal::of("silence", channel)
            .with("reports", times.len() as f64)
            .with("days_of_reports", span)
            .with("days_silent", silent);
        // The first report opens the span, so it is no event within it.
        let events = times.len() - 1;
        if times.len() >= FEWEST && span > 0.0 {
            let none = |rate: f64| (-rate * silent).exp();
            let rate = |events: f64| events / span;
            let [low, high] = poisson_interval(events as u64, 0.95);
            let chance = none(rate(events as f64));
            signal = signal.with("rate_per_day", rate(events as f64));
            signal.chance = Some(chance);
            signal.interval = Some([none(rate(high)), none(rate(low))]);
            signal.flagged = chance < RARE;
        }
        signals.push(signal);
    }
    signals
}

/// Does it take longer and longer until what happened is reported? The lags of the later half of the
/// reports against those of the earlier half, by rank (Mann and Whitney, one-sided).
#[must_use]
pub fn lag(cases: &[PatternCase]) -> Option<Signal> {
    let mut known: Vec<(&PatternCase, i64)> = cases
        .iter()
        .filter_map(|c| Some((c, c.reported_at.0 - c.occurred_at?.0)))
        .filter(|(_, lag)| *lag >= 0)
        .collect();
    if known.is_empty() {
        return None;
    }
    known.sort_by_key(|(case, _)| (case.reported_at, case.number.clone()));
    let (earlier, later) = known.split_at(known.len() / 2);
    let lags = |half: &[(&PatternCase, i64)]| half.iter().map(|(_, lag)| *lag).collect::<Vec<_>>();
    let (before, after) = (lags(earlier), lags(later));
    let hours = |lags: &[i64]| median(lags).unwrap_or(0.0) / 3_600_000_000.0;
    let mut signal = Signal::of("lag", "")
        .with("reports", known.len() as f64)
        .with("median_hours_earlier", hours(&before))
        .with("median_hours_later", hours(&after));
    if let Some((u, z, chance)) = mann_whitney(&before, &after) {
        signal = signal.with("u", u).with("z", z);
        signal.chance = Some(chance);
        signal.flagged = chance < RARE;
    }
    let mut longest = known.clone();
    longest.sort_by_key(|(_, lag)| std::cmp::Reverse(*lag));
    Some(signal.naming(longest.into_iter().take(10).map(|(case, _)| case)))
}

fn median(values: &[i64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_unstable();
    let middle = values.len() / 2;
    let high = *values.get(middle)? as f64;
    match values.len().is_multiple_of(2) {
        true => Some(f64::midpoint(*values.get(middle - 1)? as f64, high)),
        false => Some(high),
    }
}

/// The first day of the quarter after a date's, in UTC.
fn quarter_end(at: Timestamp) -> Option<Timestamp> {
    let date = at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).date();
    let (year, next) = match date.month() {
        1..=3 => (date.year(), 4),
        4..=6 => (date.year(), 7),
        7..=9 => (date.year(), 10),
        _ => (date.year().checked_add(1)?, 1),
    };
    Timestamp::parse(&format!("{year:04}-{next:02}-01T00:00:00Z")).ok()
}

/// Do reports heap up at the end of quarters? The share of reports in the last seven days of quarters
/// against the share of such days between the first and the last report (exact binomial, one-sided).
#[must_use]
pub fn heaping(cases: &[PatternCase]) -> Option<Signal> {
    let first = cases.iter().map(|c| c.reported_at).min()?;
    let last = cases.iter().map(|c| c.reported_at).max()?;
    let at_end = |at: Timestamp| {
        quarter_end(at).is_some_and(|end| end.0.saturating_sub(at.0) <= QUARTER_END * DAY)
    };
    let in_days = last.0.saturating_sub(first.0) / DAY + 1;
    // A span of decades is looked at by its first hundred years.
    let days: Vec<Timestamp> =
        (0..in_days.min(36_525)).map(|n| Timestamp(first.0 + n * DAY)).collect();
    let end_days = days.iter().filter(|at| at_end(**at)).count();
    let heaped: Vec<&PatternCase> = cases.iter().filter(|c| at_end(c.reported_at)).collect();
    let expected = end_days as f64 / days.len() as f64;
    let mut signal = Signal::of("heaping", "")
        .with("reports", cases.len() as f64)
        .with("at_quarter_end", heaped.len() as f64)
        .with("share_of_days", expected);
    // Without a whole quarter in sight there is no end to compare with.
    if in_days >= 90 && cases.len() >= 20 {
        let chance = binomial_at_least(heaped.len() as u64, cases.len() as u64, expected);
        signal.chance = Some(chance);
        signal.flagged = chance < RARE;
    }
    Some(signal.naming(heaped))
}

/// Grave cases whose severity was raised, or which a person first confirmed, more than a day after the
/// report. A count; the method gives no chance.
#[must_use]
pub fn late_escalation(cases: &[PatternCase]) -> Signal {
    let grave: Vec<&PatternCase> = cases.iter().filter(|c| c.grave).collect();
    let late: Vec<&PatternCase> = grave
        .iter()
        .copied()
        .filter(|c| {
            let when = c.grave_at.max(c.acknowledged_at);
            when.is_some_and(|at| at.0.saturating_sub(c.reported_at.0) > LATE)
        })
        .collect();
    let told = grave.iter().filter(|c| c.grave_at.or(c.acknowledged_at).is_some()).count();
    let mut signal = Signal::of("late_escalation", "")
        .with("grave", grave.len() as f64)
        .with("with_times", told as f64)
        .with("late", late.len() as f64);
    signal.interval =
        crate::rules::analysis::interval::wilson(late.len() as u64, told as u64, 0.95);
    signal.flagged = !late.is_empty();
    signal.naming(late)
}
