//! Whether samples are as large as the firm's policy asks, and what is drawn from what. Pure.

use crate::model::{Sample, Test};
use crate::planning::model::PlannedSize;
use crate::rules::deviation::{Procedure, TestBasis};
use crate::rules::item::ItemState;
use crate::store::Papers;
use controls::model::Control;
use scope::catalogue::Frequency;
use scope::model::ReportType;
use std::collections::BTreeSet;

/// Whether a size has to be held against the policy: items are chosen, and not all of them tested by a run.
#[must_use]
pub fn is_sampled(papers: &Papers, test: &Test) -> bool {
    let chosen = matches!(test.plan.basis, TestBasis::Statistical | TestBasis::Judgemental);
    let whole = papers.tests_of(test.plan.control).any(|t| papers.censuses.contains_key(&t.id));
    chosen && !whole && test.plan.procedure != Procedure::Inquiry
}

/// How many items were chosen for a test: for a control that changed in the period those of all its tests
/// together, because each speaks for a stretch. Items that another took the place of do not count.
#[must_use]
pub fn chosen(papers: &Papers, test: &Test) -> u64 {
    let changed = !papers.spans_of(test.plan.control).is_empty();
    let tests = papers.tests_of(test.plan.control).filter(|t| t.id == test.id || changed);
    let mut named: BTreeSet<(bool, &str)> = BTreeSet::new();
    for sample in tests.flat_map(|t| papers.samples.get(&t.id).into_iter().flatten()) {
        let items = papers.items.get(&sample.id).into_iter().flatten();
        let stays = items.filter(|i| i.facts.state != ItemState::Replaced);
        named.extend(stays.map(|i| (sample.body.population.is_some(), i.facts.id.as_str())));
    }
    u64::try_from(named.len()).unwrap_or(u64::MAX)
}

/// Whether a size stays below what the policy asks for; one that takes the whole population does not.
#[must_use]
pub const fn below_policy(size: &PlannedSize) -> bool {
    size.items < size.by_policy && size.items < size.population
}

/// What is wrong with how many items a test takes, in a sentence.
#[must_use]
pub fn fault(papers: &Papers, test: &Test) -> Option<String> {
    if !is_sampled(papers, test) {
        return None;
    }
    let code = &test.plan.code;
    let Some(size) = papers.sizes.get(&test.id) else {
        return Some(format!(
            "How many items test {code} takes has not been held against the firm's policy. State its size."
        ));
    };
    let chosen = chosen(papers, test);
    if below_policy(size) && !papers.approved_sizes.contains(&test.id) {
        return Some(format!(
            "Test {code} is planned with {} items where the firm's policy asks for {}. A manager or partner other than who planned it has to approve that, with the reason.",
            size.items, size.by_policy
        ));
    }
    if chosen < size.items {
        return Some(format!(
            "{chosen} of the {} items that test {code} takes have been selected. Select the others, or state a smaller size with its reason.",
            size.items
        ));
    }
    None
}

/// Whether a test of an event-driven control rests on items that somebody named, of no frozen list: nobody can
/// tell then what could have been chosen.
#[must_use]
pub fn unlisted(papers: &Papers, control: &Control, test: &Test) -> bool {
    let listed = |s: &Sample| s.body.population.is_some();
    let drawn = papers.samples.get(&test.id).map(Vec::as_slice).unwrap_or_default();
    papers.engagement.report_type == ReportType::Type2
        && control.text.frequency == Frequency::PerEvent
        && is_sampled(papers, test)
        && !drawn.is_empty()
        && !drawn.iter().any(listed)
}
