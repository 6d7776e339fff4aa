//! Results by tick marks, evidence matched to items.

use super::{NOTE_MAX, file, sheet, subject, write};
use crate::model::{Item, SampleId, Test};
use crate::permits::PerformTests;
use crate::rules::item::{
    AttributeFacts, AttributeResult, ItemFacts, ItemOutcome, ItemState, Replacement,
};
use crate::service::{ItemInput, record_item};
use crate::sheets::events::{EvidenceMatched, ItemMarked, Matched};
use crate::sheets::model::Legend;
use crate::sheets::{rules, store as sheets};
use crate::store;
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::ids::EventId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark};
use platform::db::{Result, Tx};
use platform::journal::Expected;
use std::collections::{BTreeMap, BTreeSet};

/// Most matches that are confirmed at once.
const PAIRS_MAX: usize = 5_000;

/// A result as entered on a sheet.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The item.
    pub item: String,
    /// The entry of the log that held the item's result when the person saw it; a result that somebody
    /// else recorded since is never written over. None writes over whatever is there.
    pub seen: Option<EventId>,
    /// What was typed for each attribute's letter.
    pub marks: BTreeMap<String, String>,
    /// Tested, unavailable or replaced.
    pub state: ItemState,
    /// Other evidence that was accepted for attributes without evidence.
    pub alternative: Option<String>,
    /// The item that took its place, for a replaced one.
    pub replacement: Option<Replacement>,
    /// What the tester notes.
    pub note: String,
    /// What was looked at; none keeps what is there.
    pub evidence: Option<Vec<EvidenceId>>,
}

/// What came of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// The same result is recorded already; sent again after a lost answer, for instance.
    Same,
    /// Recorded.
    Recorded(ItemOutcome),
}

/// Records an item's result by the marks of the firm's legend, unless the same is recorded already.
///
/// # Errors
/// [`Refusal::State`] when somebody else recorded another result since; [`Refusal::Input`] naming what
/// is wrong; [`Refusal::NotFound`].
pub fn enter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    sample: SampleId,
    entry: &Entry,
) -> Result<Entered> {
    let file = file(permit)?;
    let (drawn, items) = sheet(tx, file, sample)?;
    let item = items.iter().find(|i| i.facts.id == entry.item).ok_or(Refusal::NotFound)?;
    let test = store::test(tx, file, drawn.body.test)?.ok_or(Refusal::NotFound)?;
    let legend = sheets::legend(tx, file.firm)?;
    let matched = sheets::matches(tx, file.firm, sample)?;
    let (attributes, keys) = marked(&legend, &test, item, entry)?;
    let facts = ItemFacts {
        id: entry.item.clone(),
        state: entry.state,
        attributes,
        replacement: entry.replacement.clone(),
    };
    let note = remark("note", &entry.note, NOTE_MAX)?;
    let evidence = evidence_of(item, entry, matched.get(&entry.item));
    let known = sheets::marks(tx, file.firm, sample)?;
    let same_marks = keys.iter().all(|(attribute, key)| {
        known.get(&(entry.item.clone(), attribute.clone())).is_none_or(|k| k == key)
    });
    if item.tested_by.is_some()
        && item.facts == facts
        && item.note == note
        && item.evidence == evidence
        && same_marks
    {
        return Ok(Entered::Same);
    }
    if entry.seen.is_some_and(|seen| seen != item.event) {
        return Err(Refusal::state(format!(
            "Another result of {} was recorded after you opened the sheet. What you typed is kept: compare the two and choose.",
            entry.item
        ))
        .into());
    }
    let input = ItemInput { facts, evidence, note };
    let outcome = record_item(tx, env, permit, sample, Expected::Any, &input)?;
    if !keys.is_empty() {
        let event =
            ItemMarked { sample, item: entry.item.clone(), marks: keys, legend: legend.version };
        write(tx, env, permit, &subject(sample), Expected::Any, vec![event.into()])?;
    }
    Ok(Entered::Recorded(outcome))
}

/// The results and the keys that the typed marks stand for.
fn marked(
    legend: &Legend,
    test: &Test,
    item: &Item,
    entry: &Entry,
) -> Result<(Vec<AttributeFacts>, BTreeMap<String, String>), Refusal> {
    let (mut attributes, mut keys) = (Vec::new(), BTreeMap::new());
    if entry.state != ItemState::Tested {
        return Ok((attributes, keys));
    }
    let before = |letter: &str| {
        let found = item.facts.attributes.iter().find(|a| a.attribute == letter)?;
        found.accepted_alternative.clone()
    };
    for attribute in &test.plan.attributes {
        let letter = &attribute.letter;
        let typed = entry.marks.get(letter).map(String::as_str).unwrap_or_default();
        if typed.trim().is_empty() {
            return Err(Refusal::field(
                "marks",
                format!("{}, attribute {letter}: no mark yet.", entry.item),
            ));
        }
        let mark = rules::mark(legend, typed).ok_or_else(|| {
            let known: Vec<&str> = legend.marks.iter().map(|m| m.key.as_str()).collect();
            Refusal::field(
                "marks",
                format!(
                    "{}, attribute {letter}: “{}” is no mark of the legend. Type one of {}.",
                    entry.item,
                    kernel::refusal::excerpt(typed, 20),
                    known.join(", ")
                ),
            )
        })?;
        let missing = mark.result == AttributeResult::MissingEvidence;
        let alternative = entry.alternative.clone().filter(|a| !a.trim().is_empty());
        attributes.push(AttributeFacts {
            attribute: letter.clone(),
            result: mark.result,
            accepted_alternative: alternative.or_else(|| before(letter)).filter(|_| missing),
        });
        keys.insert(letter.clone(), mark.key.clone());
    }
    Ok((attributes, keys))
}

/// What was looked at: what the person names, or what was there, and always what was matched.
fn evidence_of(item: &Item, entry: &Entry, matched: Option<&Vec<EvidenceId>>) -> Vec<EvidenceId> {
    match &entry.evidence {
        Some(named) => named.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        None => {
            let matched = matched.into_iter().flatten();
            let all: BTreeSet<EvidenceId> = item.evidence.iter().chain(matched).copied().collect();
            all.into_iter().collect()
        }
    }
}

/// Matches evidence to items. An item that has a result gets it again with the evidence added, and has
/// to be reviewed again.
///
/// # Errors
/// [`Refusal::Input`] when nothing is named or too much, [`Refusal::NotFound`].
pub fn match_evidence(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    sample: SampleId,
    pairs: &[Matched],
) -> Result<usize> {
    let file = file(permit)?;
    let (_, items) = sheet(tx, file, sample)?;
    if pairs.is_empty() || pairs.len() > PAIRS_MAX {
        return Err(Refusal::field("pairs", "Choose 1 to 5000 matches.").into());
    }
    let known = sheets::matches(tx, file.firm, sample)?;
    let mut fresh: Vec<Matched> = Vec::new();
    for pair in pairs {
        let item = items.iter().find(|i| i.facts.id == pair.item).ok_or(Refusal::NotFound)?;
        evidence::store::item(tx, permit.owner(), pair.evidence)?
            .filter(|e| e.engagement.is_none_or(|id| id == file.engagement))
            .ok_or(Refusal::NotFound)?;
        let there = item.evidence.contains(&pair.evidence)
            || known.get(&pair.item).is_some_and(|e| e.contains(&pair.evidence));
        if !there && !fresh.contains(pair) {
            fresh.push(pair.clone());
        }
    }
    if fresh.is_empty() {
        return Ok(0);
    }
    let event = EvidenceMatched { sample, pairs: fresh.clone() };
    write(tx, env, permit, &subject(sample), Expected::Any, vec![event.into()])?;
    for item in items.iter().filter(|i| i.tested_by.is_some()) {
        let more = fresh.iter().filter(|p| p.item == item.facts.id).map(|p| p.evidence);
        let all: BTreeSet<EvidenceId> = item.evidence.iter().copied().chain(more).collect();
        if all.len() > item.evidence.len() {
            let input = ItemInput {
                facts: item.facts.clone(),
                evidence: all.into_iter().collect(),
                note: item.note.clone(),
            };
            record_item(tx, env, permit, sample, Expected::Any, &input)?;
        }
    }
    Ok(fresh.len())
}
