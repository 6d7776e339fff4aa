//! Markers of a systematic cause: computed from the record and shown with their reason. A person
//! concludes; a nature softer than the markers propose needs a recorded reason and a second signer.
//!
//! Source: section 3.8 of the domain notes. The thresholds are a proposal and stand in one place.

use crate::model::{DeviationBody, DeviationSource};
use crate::rules::deviation::Nature;
use serde::Serialize;
use std::collections::BTreeMap;

/// Of this many deviating items at least, a concentration is told.
const CONCENTRATED_ITEMS: u64 = 2;
/// The share of deviating items in one place that is a concentration: two thirds.
const CONCENTRATED: (u64, u64) = (2, 3);
/// The rate of deviating items, in parts per ten thousand, from which a single slip is no explanation,
/// where the plan tolerates no rate of its own: one in ten.
const RATE_BP: u64 = 1_000;

/// What points to a cause that reaches further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Several items deviate for the same cause.
    SameCause,
    /// They lie in one month, one system or with one person.
    Concentration,
    /// There are too many for slips.
    Rate,
    /// The period before had it too.
    Persistence,
    /// The control as designed could not have prevented it.
    Design,
}

/// A marker with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Marker {
    /// Which.
    pub kind: Kind,
    /// Why, in a sentence.
    pub reason: String,
}

/// One deviation record with the number of items that it covers.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// What is known of it.
    pub body: &'a DeviationBody,
    /// Items that deviated.
    pub items: u64,
}

/// What the items of a test came to. Items that were named on purpose stand for themselves and are left
/// out: a rate speaks of items that were selected to stand for the population.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Items that were looked at.
    pub tested: u64,
    /// Items that were seen to deviate.
    pub deviating: u64,
    /// Items that could not be examined, and nothing else shows that the control operated. They count as
    /// deviations when the test is evaluated, and are told apart from those that were seen.
    pub undetermined: u64,
}

/// How many items a record covers; of a run over everything without named rows, `rows`.
#[must_use]
pub fn items_of(source: &DeviationSource, rows: u64) -> u64 {
    match source {
        DeviationSource::Sample { items, .. } => items.len() as u64,
        DeviationSource::Census { keys: Some(keys), .. } => keys.len() as u64,
        DeviationSource::Census { keys: None, .. } => rows.max(1),
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_lowercase()
}

/// The markers of one record, seen with all records and all results of its test. `tolerable_bp` is the
/// rate that the plan tolerates.
#[must_use]
pub fn markers(
    this: Record<'_>,
    all: &[Record<'_>],
    counts: Counts,
    tolerable_bp: Option<u64>,
) -> Vec<Marker> {
    let mut out = Vec::new();
    let cause = folded(&this.body.cause);
    let same: u64 = all.iter().filter(|r| folded(&r.body.cause) == cause).map(|r| r.items).sum();
    if same >= 2 && !cause.is_empty() {
        out.push(Marker {
            kind: Kind::SameCause,
            reason: format!("{same} items deviated for the same cause: {}", this.body.cause),
        });
    }
    out.extend(concentration(this, all));
    out.extend(rate(counts, tolerable_bp));
    if !this.body.more.prior_period.is_empty() {
        out.push(Marker {
            kind: Kind::Persistence,
            reason: format!("It was there in the period before: {}", this.body.more.prior_period),
        });
    }
    if this.body.more.design {
        out.push(Marker {
            kind: Kind::Design,
            reason: "The control as designed could not have prevented it.".to_owned(),
        });
    }
    out
}

/// That deviations of the same control were recorded in earlier engagements, whatever whoever recorded
/// this one wrote of the period before.
#[must_use]
pub fn persistence(earlier: u64) -> Option<Marker> {
    let reason = match earlier {
        0 => return None,
        1 => "One deviation of this control was recorded in an earlier engagement.".to_owned(),
        n => format!("{n} deviations of this control were recorded in earlier engagements."),
    };
    Some(Marker { kind: Kind::Persistence, reason })
}

/// Too many items for slips. What could not be examined counts like a deviation, and is said apart.
fn rate(counts: Counts, tolerable_bp: Option<u64>) -> Option<Marker> {
    let Counts { tested, deviating, undetermined } = counts;
    let limit = tolerable_bp.unwrap_or(RATE_BP);
    let found = deviating.saturating_add(undetermined);
    let above = u128::from(found) * 10_000 > u128::from(tested) * u128::from(limit);
    let most = hundredths(limit);
    (tested > 0 && found >= 2 && above).then(|| Marker {
        kind: Kind::Rate,
        reason: if undetermined == 0 {
            format!("{deviating} of {tested} tested items deviated, more than {most} in a hundred.")
        } else {
            format!(
                "Of {tested} tested items {deviating} were seen to deviate and {undetermined} could not be examined, which count as deviations: {found} together, more than {most} in a hundred."
            )
        },
    })
}

fn hundredths(bp: u64) -> String {
    match bp % 100 {
        0 => (bp / 100).to_string(),
        rest => format!("{}.{rest:02}", bp / 100),
    }
}

fn concentration(this: Record<'_>, all: &[Record<'_>]) -> Option<Marker> {
    type Place = fn(&DeviationBody) -> String;
    let places: [(&str, Place); 3] = [
        ("month", |b| b.from.as_deref().and_then(|d| d.get(..7)).unwrap_or_default().to_owned()),
        ("system", |b| folded(&b.more.system)),
        ("person", |b| folded(&b.more.person)),
    ];
    let total: u64 = all.iter().map(|r| r.items).sum();
    // One record is no pattern: its items lie together because they were written down together.
    if total < CONCENTRATED_ITEMS || all.len() < 2 {
        return None;
    }
    let mut said = Vec::new();
    for (what, place) in places {
        let here = place(this.body);
        if here.is_empty() {
            continue;
        }
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for record in all {
            *counts.entry(place(record.body)).or_default() += record.items;
        }
        let count = counts.get(&here).copied().unwrap_or_default();
        if count >= CONCENTRATED_ITEMS && count * CONCENTRATED.1 >= total * CONCENTRATED.0 {
            said.push(format!("{count} of {total} with the {what} {here}"));
        }
    }
    (!said.is_empty()).then(|| Marker {
        kind: Kind::Concentration,
        reason: format!("The deviating items lie together: {}.", said.join("; ")),
    })
}

/// The nature that the markers propose. Nothing computed says that somebody acted on purpose.
#[must_use]
pub fn proposed(markers: &[Marker]) -> Nature {
    if markers.is_empty() { Nature::Isolated } else { Nature::Systematic }
}

/// Whether a nature is softer than proposed, and so needs a reason and a second signer.
#[must_use]
pub fn is_softer(concluded: Nature, proposed: Nature) -> bool {
    concluded < proposed
}
