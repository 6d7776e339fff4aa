//! What a conclusion may rest on: evidence that exists, of a kind that supports it.
//!
//! Source: section 3.2 and invariant 16 of the domain notes. Inquiry alone supports no conclusion on
//! operation; observation does on two dates together with inquiry; inspection and reperformance do.

use crate::model::{Item, Test};
use crate::rules::deviation::Procedure;
use crate::rules::item::{ItemOutcome, ItemState, item_outcome};
use evidence::model::EvidenceId;
use kernel::time::Timestamp;
use std::collections::BTreeMap;

/// Results shown by name where several lack evidence.
const NAMED: usize = 5;

/// What a test's results lack before anything may be concluded from them, in sentences. A result by
/// inspection or reperformance names what was looked at; one by inquiry or observation names it or says
/// in its note who was asked or what was watched, and when. Nothing named was extracted after `now`.
#[must_use]
pub fn lacking(
    test: &Test,
    items: &[Item],
    extracted: &BTreeMap<EvidenceId, Timestamp>,
    now: Timestamp,
) -> Vec<String> {
    let code = &test.plan.code;
    let noted = matches!(test.plan.procedure, Procedure::Inquiry | Procedure::Observation);
    let counted = |i: &&Item| {
        i.facts.state == ItemState::Tested
            && matches!(
                item_outcome(&i.facts),
                Ok(ItemOutcome::Pass | ItemOutcome::Deviation { .. })
            )
    };
    let shown = |i: &&Item| !i.evidence.is_empty() || (noted && !i.note.trim().is_empty());
    let without: Vec<&str> =
        items.iter().filter(counted).filter(|i| !shown(i)).map(|i| i.facts.id.as_str()).collect();
    let late: Vec<&str> = items
        .iter()
        .filter(counted)
        .filter(|i| i.evidence.iter().any(|e| extracted.get(e).is_none_or(|at| *at > now)))
        .map(|i| i.facts.id.as_str())
        .collect();
    let names = |all: &[&str]| {
        let first = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        if all.len() > NAMED { format!("{first} and {} more", all.len() - NAMED) } else { first }
    };
    let mut out = Vec::new();
    if !without.is_empty() {
        out.push(format!(
            "Test {code}: {} results name no evidence ({}). Match what was looked at on the sheet.",
            without.len(),
            names(&without)
        ));
    }
    if !late.is_empty() {
        out.push(format!(
            "Test {code}: evidence of {} was extracted after the time of concluding.",
            names(&late)
        ));
    }
    out
}
