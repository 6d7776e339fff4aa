//! When failures are pervasive: the firm's thresholds applied to a set of criteria.

use std::collections::BTreeSet;

use super::criteria::{Category, Criterion, listed};
use super::facts::Facts;

/// What stands against criteria. Whether what is wrong is pervasive, and whether what could not be examined
/// might be, are two questions: neither adds to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// They are known not to be met.
    Failure,
    /// Sufficient appropriate evidence could not be obtained.
    NoEvidence,
}

/// Why these criteria, taken together, are pervasive; empty when they are not.
///
/// Adding a criterion never removes a reason, so a proposal never improves by a further failure.
pub(crate) fn reasons(
    facts: &Facts,
    cause: Cause,
    failed: &[Criterion],
    in_scope: usize,
) -> Vec<String> {
    let (reach, share) = match cause {
        Cause::Failure => ("The failures reach", "fail"),
        Cause::NoEvidence => ("What could not be examined reaches", "could not be concluded"),
    };
    let policy = &facts.policy;
    let mut reasons = Vec::new();
    let categories: BTreeSet<Category> = failed.iter().map(|id| id.category()).collect();
    if categories.len() >= policy.pervasive_categories {
        reasons.push(format!(
            "{reach} the objectives of {} categories ({}); the firm's policy calls {} pervasive.",
            categories.len(),
            listed(categories.iter().map(|category| category.word().replace('_', " "))),
            policy.pervasive_categories
        ));
    }
    let mut series: Vec<&str> =
        failed.iter().filter(|id| id.is_common()).map(|id| id.series()).collect();
    series.sort_unstable();
    series.dedup();
    if series.len() >= policy.pervasive_series {
        reasons.push(format!(
            "{reach} {} series of the common criteria ({}); the firm's policy calls {} pervasive.",
            series.len(),
            listed(&series),
            policy.pervasive_series
        ));
    }
    let enough = !failed.is_empty()
        && !policy.pervasive_share.is_zero()
        && reaches(failed.len(), in_scope, policy.pervasive_share);
    if enough {
        reasons.push(format!(
            "{} of {in_scope} criteria in scope {share}; the firm's policy calls {} pervasive.",
            failed.len(),
            policy.pervasive_share
        ));
    }
    for id in failed {
        reasons.extend(alone(facts, *id));
    }
    reasons
}

/// Whether `part` of `whole` is at least the share.
fn reaches(part: usize, whole: usize, share: super::numbers::Rate) -> bool {
    part as u64 >= share.ceil_of(whole as u64)
}

/// Why one criterion's failure is pervasive by itself.
fn alone(facts: &Facts, id: Criterion) -> Option<String> {
    let stated = facts.criteria.iter().find(|entry| entry.id == id)?;
    let entity_level = facts.policy.entity_level_series.iter().any(|name| name == id.series());
    let elsewhere: Vec<Criterion> =
        stated.affects.iter().copied().filter(|other| other.series() != id.series()).collect();
    if entity_level && !elsewhere.is_empty() {
        Some(format!(
            "{id} works at the level of the whole entity and its failure affects {}.",
            listed(elsewhere)
        ))
    } else if stated.undermines_evidence {
        Some(format!("The failure of {id} undermines the evidence itself."))
    } else if stated.pervasive {
        Some(format!("The auditor holds the failure of {id} to be pervasive."))
    } else {
        None
    }
}
