//! Published outages against incidents: what the public was told and the register does not know.

use super::chance::chapman;
use super::facts::{DAY, PatternCase, Signal};
use kernel::time::Timestamp;

/// An outage as it was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// How it is named.
    pub reference: String,
    /// When it began.
    pub begun_at: Timestamp,
    /// When it was over, if it is; never before it began.
    pub ended_at: Option<Timestamp>,
    /// The components that it touched.
    pub components: Vec<String>,
    /// The case that it was linked to.
    pub linked: Option<String>,
}

/// Before an outage began its incident may have been reported so long.
const BEFORE: i64 = DAY;
/// After it was over its incident may be reported so long.
const AFTER: i64 = 3 * DAY;

/// Outages for which no incident was reported: none is linked, and none was reported between a day
/// before the outage began and three days after it was over that touched one of its components (or does
/// not say what it touched).
///
/// Where seven and more are matched, Chapman's estimate says how many there may be in all that either
/// list knows of. The two lists are not independent, so it is an indication and no finding.
#[must_use]
pub fn outages(cases: &[PatternCase], outages: &[Outage], until: Timestamp) -> Vec<Signal> {
    let incidents: Vec<&PatternCase> = cases.iter().filter(|c| c.incident).collect();
    let mut missing = Vec::new();
    let mut matched: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    let mut both = 0_u64;
    for outage in outages {
        let from = outage.begun_at.0.saturating_sub(BEFORE);
        let to = outage.ended_at.unwrap_or(until).0.max(outage.begun_at.0).saturating_add(AFTER);
        let found = incidents.iter().find(|c| {
            let linked = outage.linked.as_deref() == Some(c.id.as_str());
            let near = (from..=to).contains(&c.reported_at.0);
            let touches = c.components.is_empty()
                || c.components.iter().any(|component| outage.components.contains(component));
            linked || (near && touches)
        });
        match found {
            Some(case) => {
                both += 1;
                matched.insert(&case.id);
            }
            None => missing.push(outage),
        }
    }
    if outages.is_empty() {
        return Vec::new();
    }
    let mut all = Signal::of("outages", "")
        .with("outages", outages.len() as f64)
        .with("incidents", incidents.len() as f64)
        .with("matched", both as f64)
        .with("without_incident", missing.len() as f64);
    all.flagged = !missing.is_empty();
    // One incident may answer for several outages; it is shared once.
    if let Some((estimate, interval)) =
        chapman(incidents.len() as u64, outages.len() as u64, matched.len() as u64, 0.95)
    {
        all = all.with("estimated_in_all", estimate);
        all.interval = Some(interval);
    }
    let mut signals = vec![all];
    signals.extend(missing.into_iter().map(|outage| {
        let mut signal = Signal::of("outage_without_incident", &outage.reference);
        signal.flagged = true;
        signal
    }));
    signals
}
