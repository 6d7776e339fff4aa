//! The definition of each figure, as it is printed beside it.

use std::collections::BTreeMap;

use super::options::{AnalysisOptions, Percentile};
use crate::rules::import::mapping::Zone;

/// Definitions that depend on nothing.
const FIXED: &[(&str, &str)] = &[
    ("events", "Changes recorded of the incidents of the period."),
    (
        "rows_exact_duplicate",
        "Rows that stood twice in what was imported and were recorded once; null where that is not known.",
    ),
    ("opened_at_min", "The earliest opened_at of the period's incidents."),
    ("opened_at_max", "The latest opened_at of the period's incidents."),
    (
        "by_priority",
        "Incidents by the priority of their last change, most first; incidents without one are not listed.",
    ),
    (
        "by_impact",
        "Incidents by the impact of their last change, most first; incidents without one are not listed.",
    ),
    (
        "by_urgency",
        "Incidents by the urgency of their last change, most first; incidents without one are not listed.",
    ),
    (
        "by_contact_type",
        "Incidents by the channel of their last change, most first; incidents without one are not listed.",
    ),
    (
        "final_state",
        "Incidents by the state of their last change: greatest sequence number, of equal ones the last in file order.",
    ),
    (
        "final_active_true",
        "Incidents that their last change calls active; where the register has no such mark, those in a state that is not concluded.",
    ),
    ("resolved_at_missing", "Incidents whose last change gives no time of resolution."),
    (
        "resolved_before_opened",
        "Incidents resolved before they were opened: a mistake of the record. They count in the hours with their negative time and are left out of survival.",
    ),
    (
        "closed_before_resolved",
        "Incidents closed before they were resolved: a mistake of the record.",
    ),
    ("sla_made", "Incidents whose last change says that the promised times were kept."),
    (
        "sla_made_rate",
        "sla_made / incidents, six decimals. An incident that does not say counts as not kept.",
    ),
    (
        "sla_missing",
        "Incidents whose last change does not say whether the promised times were kept.",
    ),
    (
        "sla_made_rate_by_priority",
        "made / of among the incidents of each priority of the last change, with the intervals of the share.",
    ),
    (
        "sla_ever_false_then_true",
        "Incidents with a change that says the promise was missed and a later one that says it was kept.",
    ),
    ("reopened_incidents", "Incidents with a reopen count above 0 in any of their changes."),
    ("reopened_rate", "reopened_incidents / incidents, six decimals."),
    ("reopen_total", "Sum over incidents of the greatest reopen count of any of their changes."),
    ("max_reopen", "The greatest reopen count of any incident."),
    ("reassigned_incidents", "Incidents whose last change has a reassignment count above 0."),
    ("reassignment_total", "Sum of the reassignment counts of the last changes."),
    ("category_missing", "Incidents whose last change has no category."),
    (
        "category_top10",
        "The ten categories with the most incidents, equal ones in alphabetical order.",
    ),
    ("category_distinct", "Different categories of last changes."),
    (
        "assignment_group_top10",
        "The ten assignment groups with the most incidents, equal ones in alphabetical order.",
    ),
    ("assignment_group_missing", "Incidents whose last change has no assignment group."),
    (
        "recurrence",
        "A group is the incidents with the same category, subcategory and symptom in their last change; incidents with any of the three missing are left out. repeat_30d: incidents opened no more than 30 times 24 hours after another of the same key, in the order of opened_at and number, where the earlier one may lie before the period. Lists hold the ten greatest, equal ones in alphabetical order.",
    ),
    (
        "state_transitions",
        "Pairs of states of successive changes of an incident, in the order of sequence number and file, most first. Equal states count too; a change without a state makes no pair.",
    ),
    (
        "state_as_of",
        "For each moment T: the last change in the order of sequence number and file among those made at or before T. incidents_seen counts the incidents that have one.",
    ),
    ("incidents_linked_to_problem", "Incidents whose last change names a problem record."),
    (
        "incidents_linked_to_change_rfc",
        "Incidents whose last change names a change request that is to solve them.",
    ),
    ("incidents_caused_by_change", "Incidents whose last change names a change as their cause."),
    (
        "traps",
        "Oddities that make naive counting wrong: changes in the nameless state -100; incidents whose last change in order is not their last row in the file; changes dated before the one they follow; changes that do not say when the record was made; incidents with two or more priorities; incidents whose opened_at or resolved_at is not the same in all changes.",
    ),
];

/// The figures in hours.
const DURATIONS: [(&str, &str); 3] = [
    (
        "hours_to_resolve",
        "resolved_at \u{2212} opened_at of the last change; incidents without either are left out.",
    ),
    (
        "hours_to_resolve_by_priority",
        "hours_to_resolve among the incidents of each priority of the last change.",
    ),
    (
        "hours_to_close",
        "closed_at \u{2212} opened_at of the last change; incidents without either are left out.",
    ),
];

/// The definition of each figure under these options, by the figure's name.
#[must_use]
pub fn definitions(options: &AnalysisOptions) -> BTreeMap<&'static str, String> {
    let mut all: BTreeMap<&'static str, String> =
        FIXED.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
    let clock = match &options.zone {
        Zone::Naive => "as written, in no known zone".to_owned(),
        Zone::Iana(_) => format!("on the clock of {}", options.zone.name()),
    };
    let intervals = format!(
        "Two-sided intervals at {} confidence: Wilson's score interval without continuity correction, and Clopper and Pearson's exact interval.",
        options.confidence
    );
    let mut put = |name: &'static str, text: String| {
        all.insert(name, text);
    };
    put("incidents", incidents(options));
    for (name, what) in DURATIONS {
        put(name, format!("{what} {}", hours(options)));
    }
    put("sla_made_interval", format!("For sla_made_rate. {intervals}"));
    put("reopened_interval", format!("For reopened_rate. {intervals}"));
    put(
        "per_month",
        format!(
            "Incidents of the period by the calendar month of opened_at, {clock}. Months without one are listed with 0, unless the months lie more than 600 apart."
        ),
    );
    put(
        "backlog_month_end",
        format!(
            "Of all incidents known, also those outside the period: opened before the first instant of the next month, {clock}, and not closed before it. The months are those of per_month."
        ),
    );
    put(
        "survival",
        format!(
            "Kaplan and Meier's estimate with open incidents censored at the end of observation (about.observed_until), not left out. time_to_resolve: from opened_at to resolved_at, or to closed_at where an incident was closed without a time of resolution, so that it counts as no quicker than it was. time_to_acknowledge: from opened_at to the recorded acknowledgement; where none is recorded, to the earliest change to a state other than new; where there is none, to the end of time_to_resolve. median and p90: the first time by which half and nine in ten are over, null when that is not reached. Intervals: Brookmeyer and Crowley on the log(\u{2212}log) scale at {} confidence. curve: share not over, at most 200 points.",
            options.confidence
        ),
    );
    all
}

/// What the figures in hours have in common.
fn hours(options: &AnalysisOptions) -> String {
    let p90 = match options.percentile {
        Percentile::Linear => "p90 is p90_linear",
        Percentile::Nearest => "p90 is p90_nearest",
    };
    format!(
        "In hours, four decimals. median: the middle value or the mean of the middle two; p90_linear: linear interpolation between the nearest ranks (Hyndman and Fan, type 7); p90_nearest: the smallest value with at least nine in ten at or below it; {p90}."
    )
}

fn incidents(options: &AnalysisOptions) -> String {
    let period = match (options.from.is_some(), options.to.is_some()) {
        (false, false) => "all that are known",
        (true, false) => "those with opened_at at or after about.from",
        (false, true) => "those with opened_at before about.to",
        (true, true) => "those with opened_at at or after about.from and before about.to",
    };
    format!("Different case numbers: {period}.")
}
