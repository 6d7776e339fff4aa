//! The figures as one JSON document.
//!
//! Every figure stands at the top of the document under its own name, and `definitions` holds the
//! definition of each under the same name. [`Analysis::figures`] gives the same with each
//! definition beside its value.

use std::collections::BTreeMap;

use kernel::time::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::history::{StatesAsOf, Traps};
use super::interval::ShareInterval;
use super::months::{MonthCounts, shown};
use super::numbers::{Counts, HoursSummary};
use super::options::AnalysisOptions;
use super::recurrence::Recurrence;
use super::survival::SurvivalSummary;
use crate::rules::import::mapping::Zone;

/// What was counted, in which zone and by which rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct About {
    /// Cases looked at; those of the period are `incidents`.
    pub cases_known: u64,
    /// Beginning of the period, inclusive; `null` for all.
    pub from: Option<String>,
    /// End of the period, exclusive; `null` for all.
    pub to: Option<String>,
    /// The zone of times and months.
    pub zone: String,
    /// What that means for the figures.
    pub zone_note: &'static str,
    /// The rule of the percentile called `p90`.
    pub percentile: &'static str,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Where cases that are not over are censored.
    pub observed_until: Option<String>,
}

impl About {
    pub(super) fn new(
        options: &AnalysisOptions,
        cases_known: u64,
        until: Option<Timestamp>,
    ) -> Self {
        let at = |time: Option<Timestamp>| time.map(|time| shown(&options.zone, time));
        Self {
            cases_known,
            from: at(options.from),
            to: at(options.to),
            zone: options.zone.name().to_owned(),
            zone_note: match options.zone {
                Zone::Naive => {
                    "Times are taken as written; no zone is known and no clock change is corrected."
                }
                Zone::Iana(_) => {
                    "Times are shown and months are counted on this zone's clock; durations are elapsed time."
                }
            },
            percentile: options.percentile.word(),
            confidence: options.confidence,
            observed_until: at(until),
        }
    }
}

/// Promises kept among the cases of one priority.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlaByPriority {
    /// Kept.
    pub made: u64,
    /// Of so many cases.
    pub of: u64,
    /// The share.
    pub rate: Option<f64>,
    /// Its intervals.
    pub interval: Option<ShareInterval>,
}

/// How long things take, with open cases censored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Survivals {
    /// From opening to the first sign of a person.
    pub time_to_acknowledge: SurvivalSummary,
    /// From opening to resolution.
    pub time_to_resolve: SurvivalSummary,
}

/// Every figure; the definition of each is in `definitions` under the field's name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the definition of each figure is data: see definitions.rs")]
pub struct Analysis {
    pub about: About,
    pub events: u64,
    pub incidents: u64,
    pub rows_exact_duplicate: Option<u64>,
    pub opened_at_min: Option<String>,
    pub opened_at_max: Option<String>,
    pub by_priority: Counts,
    pub by_impact: Counts,
    pub by_urgency: Counts,
    pub by_contact_type: Counts,
    pub final_state: Counts,
    pub final_active_true: u64,
    pub hours_to_resolve: HoursSummary,
    pub hours_to_resolve_by_priority: BTreeMap<String, HoursSummary>,
    pub hours_to_close: HoursSummary,
    pub resolved_at_missing: u64,
    pub resolved_before_opened: u64,
    pub closed_before_resolved: u64,
    pub sla_made: u64,
    pub sla_made_rate: Option<f64>,
    pub sla_made_interval: Option<ShareInterval>,
    pub sla_missing: u64,
    pub sla_made_rate_by_priority: BTreeMap<String, SlaByPriority>,
    pub sla_ever_false_then_true: u64,
    pub reopened_incidents: u64,
    pub reopened_rate: Option<f64>,
    pub reopened_interval: Option<ShareInterval>,
    pub reopen_total: u64,
    pub max_reopen: u64,
    pub reassigned_incidents: u64,
    pub reassignment_total: u64,
    pub category_missing: u64,
    pub category_top10: Counts,
    pub category_distinct: u64,
    pub assignment_group_top10: Counts,
    pub assignment_group_missing: u64,
    pub per_month: MonthCounts,
    pub backlog_month_end: MonthCounts,
    pub recurrence: Recurrence,
    pub survival: Survivals,
    pub state_transitions: Counts,
    pub state_as_of: StatesAsOf,
    pub incidents_linked_to_problem: u64,
    pub incidents_linked_to_change_rfc: u64,
    pub incidents_caused_by_change: u64,
    pub traps: Traps,
    pub definitions: BTreeMap<&'static str, String>,
}

impl Analysis {
    /// Every figure as `{"definition": "…", "value": …}` under its name, with `about` as it is.
    #[must_use]
    pub fn figures(&self) -> Value {
        let mut document = serde_json::to_value(self).unwrap_or_default();
        let Some(figures) = document.as_object_mut() else { return document };
        figures.remove("definitions");
        for (name, value) in figures.iter_mut() {
            if let Some(definition) = self.definitions.get(name.as_str()) {
                let figure = std::mem::take(value);
                *value = json!({ "definition": definition, "value": figure });
            }
        }
        document
    }
}
