//! One selected item: whether it deviates.
//!
//! An item deviates once, however many of its attributes fail. Missing evidence is a deviation unless
//! other evidence was accepted and recorded; an item may be replaced only if it never belonged to the
//! population.

use serde::{Deserialize, Serialize};

use super::words::words;

/// Most items or records in one test's facts.
pub const MAX_ITEMS: usize = 100_000;

/// A fact that cannot be right, in one sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl Fault {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The same fault, saying where it is.
    pub(crate) fn at(self, place: &str) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

words! {
    /// Where a selected item stands.
    pub enum ItemState: "item state" {
        /// Drawn into the sample.
        Selected = "selected",
        /// Its evidence was asked for.
        EvidenceRequested = "evidence_requested",
        /// Its evidence has arrived.
        Received = "received",
        /// Its attributes have results.
        Tested = "tested",
        /// It was not part of the population and another item took its place.
        Replaced = "replaced",
        /// Its evidence cannot be had; counts as a deviation.
        Unavailable = "unavailable",
    }
}

words! {
    /// The only reasons for which an item may be replaced: it never belonged to the population.
    pub enum ReplacementReason: "reason for replacement" {
        /// Cancelled before the control was due.
        Void = "void" | "voided",
        /// The same occurrence listed twice.
        Duplicate = "duplicate",
        /// Outside the system or the period.
        OutOfScope = "out_of_scope" | "not_in_population",
    }
}

words! {
    /// Result of one attribute of one item.
    pub enum AttributeResult: "attribute result" {
        /// As the control says.
        Pass = "pass" | "passed" | "ok" | "yes",
        /// Not as the control says.
        Deviation = "deviation" | "exception" | "fail" | "failed" | "no",
        /// No evidence.
        MissingEvidence = "missing_evidence" | "missing" | "no_evidence",
        /// The attribute does not apply to this item.
        NotApplicable = "not_applicable" | "n/a" | "na",
    }
}

/// One attribute of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeFacts {
    /// The attribute's letter or name.
    pub attribute: String,
    /// What was found.
    pub result: AttributeResult,
    /// For missing evidence: the record of other evidence that the auditor accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_alternative: Option<String>,
}

/// Why an item was replaced, and by which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// Why the item never belonged to the population.
    pub reason: ReplacementReason,
    /// The item that took its place, next in the ranking.
    pub by: String,
}

/// One selected item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFacts {
    /// Its identifier in the population.
    pub id: String,
    /// Where it stands; tested when left out.
    #[serde(default = "tested")]
    pub state: ItemState,
    /// Its attribute results.
    #[serde(default)]
    pub attributes: Vec<AttributeFacts>,
    /// For a replaced item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<Replacement>,
}

fn tested() -> ItemState {
    ItemState::Tested
}

/// What an item adds to the count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ItemOutcome {
    /// Every attribute that applies passed.
    Pass,
    /// One deviation, however many attributes failed.
    Deviation {
        /// The attributes that failed or had no evidence.
        attributes: Vec<String>,
    },
    /// Not counted; another item is.
    Replaced,
    /// Not finished; nothing can be concluded yet.
    Open,
}

/// Decides one item.
pub fn item_outcome(item: &ItemFacts) -> Result<ItemOutcome, Fault> {
    let id = &item.id;
    match item.state {
        ItemState::Selected | ItemState::EvidenceRequested | ItemState::Received => {
            Ok(ItemOutcome::Open)
        }
        ItemState::Unavailable => {
            Ok(ItemOutcome::Deviation { attributes: vec!["evidence unavailable".to_owned()] })
        }
        ItemState::Replaced => match &item.replacement {
            Some(replacement) if !replacement.by.trim().is_empty() => Ok(ItemOutcome::Replaced),
            _ => Err(Fault::new(format!(
                "Item {id} is replaced without a reason and a successor; give replacement with reason (void, duplicate or out_of_scope) and by, or count it as unavailable."
            ))),
        },
        ItemState::Tested => {
            if item.attributes.iter().all(|fact| fact.result == AttributeResult::NotApplicable) {
                return Err(Fault::new(format!(
                    "Item {id} is tested but no attribute applies to it; give its attribute results or replace it as out_of_scope."
                )));
            }
            let failed: Vec<String> = item
                .attributes
                .iter()
                .filter(|fact| fact.deviates())
                .map(|fact| fact.attribute.clone())
                .collect();
            Ok(if failed.is_empty() {
                ItemOutcome::Pass
            } else {
                ItemOutcome::Deviation { attributes: failed }
            })
        }
    }
}

impl AttributeFacts {
    fn deviates(&self) -> bool {
        match self.result {
            AttributeResult::Pass | AttributeResult::NotApplicable => false,
            AttributeResult::Deviation => true,
            AttributeResult::MissingEvidence => {
                self.accepted_alternative.as_deref().is_none_or(|record| record.trim().is_empty())
            }
        }
    }
}

/// Counts over the items of a test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Items that count as tested: passed or deviating.
    pub tested: u64,
    /// Deviating items.
    pub deviations: u64,
    /// Replaced items.
    pub replaced: u64,
    /// Items not finished.
    pub open: u64,
}

/// Counts a test's items; the same item twice is refused.
pub fn tally(items: &[ItemFacts]) -> Result<Tally, Fault> {
    if items.len() > MAX_ITEMS {
        return Err(Fault::new(format!(
            "The test lists {} items; at most {MAX_ITEMS} are read, so give the counts instead.",
            items.len()
        )));
    }
    let mut seen = std::collections::HashSet::new();
    let mut counts = Tally::default();
    for item in items {
        if !seen.insert(item.id.as_str()) {
            return Err(Fault::new(format!(
                "Item {} is listed twice; an item counts once.",
                item.id
            )));
        }
        match item_outcome(item)? {
            ItemOutcome::Pass => counts.tested += 1,
            ItemOutcome::Deviation { .. } => {
                counts.tested += 1;
                counts.deviations += 1;
            }
            ItemOutcome::Replaced => counts.replaced += 1,
            ItemOutcome::Open => counts.open += 1,
        }
    }
    Ok(counts)
}
