//! Samples, results, review.

use super::{TEXT_MAX, file, optional, write};
use crate::events::{ItemTested, ItemsReviewed, SampleDrawn};
use crate::model::{
    Deviation, DeviationSource, Population, PopulationId, Sample, SampleBody, SampleId,
    SelectionMethod, SelectionNotes, TestId,
};
use crate::permits::{PerformTests, ReviewWork};
use crate::rules::item::{ItemFacts, ItemOutcome, ItemState, Replacement, item_outcome};
use crate::store;
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::journal::Expected;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Most items of one sample.
pub const SAMPLE_MAX: usize = 5_000;
/// The longest id of an item, in characters.
const ITEM_MAX: usize = 300;

/// The seed under which a frozen population is ranked: SHA-256, in hexadecimal, of the 32 bytes of the
/// population hash followed by the auditor's seed. Neither side alone can steer it.
///
/// # Errors
/// [`Refusal::Input`] when the hash is no hash or the seed is empty or longer than 1000 bytes.
pub fn effective_seed(population_sha256: &str, seed: &str) -> Result<String, Refusal> {
    let mut hash = [0; 32];
    hex::decode_to_slice(population_sha256, &mut hash).map_err(|_| {
        Refusal::input("The population has no hash of 64 hexadecimal digits. Freeze it again.")
    })?;
    if seed.is_empty() || seed.len() > 1_000 {
        return Err(Refusal::field("seed", "A seed has 1 to 1000 bytes."));
    }
    Ok(hex::encode(Sha256::new().chain_update(hash).chain_update(seed).finalize()))
}

/// A sample as asked for.
#[derive(Debug, Clone)]
pub struct SampleInput {
    /// The test it is for.
    pub test: TestId,
    /// The population; none only for items named by hand.
    pub population: Option<PopulationId>,
    /// How items are chosen.
    pub method: SelectionMethod,
    /// The column that holds the strata.
    pub strata_column: Option<String>,
    /// How many items, for a derived selection.
    pub size: usize,
    /// The auditor's seed, for a derived selection. Whoever calls draws it, by [`seed_for`]; one that a person
    /// gives has its source in the notes.
    pub seed: String,
    /// When the seed was drawn.
    pub seed_drawn_at: Timestamp,
    /// The items, where they are named by hand.
    pub named: Vec<String>,
    /// Why these, where they are named by hand.
    pub reason: String,
    /// What else the selection rests on.
    pub notes: SelectionNotes,
}

/// Draws a sample. For a derived selection `derive` is given the effective seed and gives the items in
/// the order of selection; it must be a function of the frozen rows and the seed alone. Drawn before the
/// population's checks are done, the sample says which were not.
///
/// # Errors
/// [`Refusal::State`] when the seed was drawn before the population was frozen; [`Refusal::NotFound`];
/// [`Refusal::Input`] naming the field.
pub fn draw_sample(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    input: &SampleInput,
    derive: &mut dyn FnMut(&str) -> Result<Vec<String>>,
) -> Result<SampleId> {
    let file = file(permit)?;
    store::test(tx, file, input.test)?.ok_or(Refusal::NotFound)?;
    let population = match input.population {
        Some(id) => Some(store::population(tx, file, id)?.ok_or(Refusal::NotFound)?),
        None => None,
    };
    let mut before_checks = Vec::new();
    if let Some(population) = &population {
        crate::ipe::service::may_be_tested(tx, file, population)?;
        before_checks = crate::ipe::service::lacking(tx, file, population)?;
    }
    let mut body = if input.method.is_derived() {
        let drawn = store::samples(tx, file, input.test)?;
        not_drawn_anew(&drawn, population.as_ref(), &input.seed)?;
        derived(env, input, population.as_ref(), derive)?
    } else {
        named(input, population.as_ref())?
    };
    check_items(&body.selected, population.as_ref())?;
    // What the record says, never what the caller does.
    body.notes.before_checks = before_checks;
    let id: SampleId = env.id();
    let event = SampleDrawn { id, engagement: file.engagement, body };
    write(tx, env, permit, &id.to_string(), Expected::New, vec![event.into()])?;
    Ok(id)
}

/// The seed of a selection, with when it was drawn: for a test that drew from these rows before, the one of
/// then, so that a larger sample only adds; else a new one, drawn now by the system. Nobody chooses it.
#[must_use]
pub fn seed_for(env: &mut Env, drawn: &[Sample], population_sha256: &str) -> (String, Timestamp) {
    let before = drawn
        .iter()
        .filter(|s| s.body.population_sha256.as_deref() == Some(population_sha256))
        .find_map(|s| Some((s.body.seed.clone()?, s.body.seed_drawn_at?)));
    before.unwrap_or_else(|| (hex::encode(env.bytes::<16>()), env.now()))
}

/// The same rows are drawn from again only with the same seed: whoever dislikes what was selected does not
/// draw until it suits them.
fn not_drawn_anew(
    drawn: &[Sample],
    population: Option<&Population>,
    seed: &str,
) -> Result<(), Refusal> {
    let Some(population) = population else { return Ok(()) };
    let hash = Some(population.body.canonical_sha256.as_str());
    let other = drawn.iter().any(|s| {
        s.body.population_sha256.as_deref() == hash
            && s.body.seed.as_deref().is_some_and(|before| before != seed)
    });
    if other {
        return Err(Refusal::state(
            "This test has drawn from this population with another seed. A selection is never drawn anew: leave the seed out, and the one of then adds items to those that were selected.",
        ));
    }
    Ok(())
}

fn derived(
    env: &Env,
    input: &SampleInput,
    population: Option<&Population>,
    derive: &mut dyn FnMut(&str) -> Result<Vec<String>>,
) -> Result<SampleBody> {
    let Some(population) = population else {
        return Err(Refusal::field(
            "population",
            "A selection by seed needs a frozen population. Choose one.",
        )
        .into());
    };
    if input.seed_drawn_at < population.body.frozen_at {
        return Err(Refusal::state(format!(
            "The seed was drawn at {}, before the population was frozen at {}. Whoever froze it could have known the seed: draw a new one now.",
            input.seed_drawn_at.to_rfc3339(),
            population.body.frozen_at.to_rfc3339()
        ))
        .into());
    }
    if input.seed_drawn_at > env.now() {
        return Err(Refusal::field("seed_drawn_at", "A seed cannot be drawn in the future.").into());
    }
    let effective = effective_seed(&population.body.canonical_sha256, &input.seed)?;
    let selected = derive(&effective)?;
    if selected.len() != input.size || selected.is_empty() {
        return Err(Refusal::field(
            "size",
            format!("{} items were asked for and {} could be selected. Ask for 1 to the size of the population.", input.size, selected.len()),
        )
        .into());
    }
    Ok(SampleBody {
        test: input.test,
        population: Some(population.id),
        population_sha256: Some(population.body.canonical_sha256.clone()),
        method: input.method,
        strata_column: input.strata_column.clone(),
        seed: Some(input.seed.clone()),
        seed_drawn_at: Some(input.seed_drawn_at),
        effective_seed: Some(effective),
        selected,
        reason: None,
        notes: input.notes.clone(),
    })
}

fn named(input: &SampleInput, population: Option<&Population>) -> Result<SampleBody, Refusal> {
    Ok(SampleBody {
        test: input.test,
        population: population.map(|p| p.id),
        population_sha256: population.map(|p| p.body.canonical_sha256.clone()),
        method: input.method,
        strata_column: None,
        seed: None,
        seed_drawn_at: None,
        effective_seed: None,
        selected: input.named.iter().map(|i| i.trim().to_owned()).collect(),
        reason: Some(sentence("reason", &input.reason, TEXT_MAX)?),
        notes: input.notes.clone(),
    })
}

fn check_items(selected: &[String], population: Option<&Population>) -> Result<(), Refusal> {
    if selected.is_empty() || selected.len() > SAMPLE_MAX {
        return Err(Refusal::field(
            "size",
            format!(
                "A sample has 1 to {SAMPLE_MAX} items; test the whole population instead of more."
            ),
        ));
    }
    let rows = population.map_or(u64::MAX, |p| p.body.rows);
    if selected.len() as u64 > rows {
        return Err(Refusal::field("size", format!("The population has only {rows} items.")));
    }
    let mut seen = BTreeSet::new();
    for item in selected {
        if item.is_empty() || item.chars().count() > ITEM_MAX {
            return Err(Refusal::field("items", "Every item needs an id of 1 to 300 characters."));
        }
        if !seen.insert(item) {
            return Err(Refusal::field("items", format!("The item {item} is there twice.")));
        }
    }
    Ok(())
}

/// A result as entered.
#[derive(Debug, Clone)]
pub struct ItemInput {
    /// State and attribute results.
    pub facts: ItemFacts,
    /// What was looked at.
    pub evidence: Vec<EvidenceId>,
    /// What the tester notes.
    pub note: String,
}

/// Records the result for a selected item. An item whose evidence cannot be had counts as a deviation;
/// a result is never turned into a pass while a deviation is recorded for it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`], [`Refusal::State`].
pub fn record_item(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    sample: SampleId,
    expected: Expected,
    input: &ItemInput,
) -> Result<ItemOutcome> {
    let drawn = store::sample(tx, file(permit)?, sample)?.ok_or(Refusal::NotFound)?;
    if input.facts.state == ItemState::Replaced && drawn.body.method.is_derived() {
        return Err(Refusal::field(
            "state",
            "An item that was drawn by seed gives its place to the next item of the ranking, and to no other. Replace it on its own page.",
        )
        .into());
    }
    record(tx, env, permit, &drawn, expected, input)
}

/// Replaces an item that never belonged to the population. Of a sample drawn by seed, `replacement.by`
/// must be what [`crate::engine::next_ranked`] gives: the caller derives it from the frozen rows.
///
/// # Errors
/// [`Refusal::State`] when the item has a deviation on record or was replaced before;
/// [`Refusal::NotFound`]; [`Refusal::Input`].
pub fn replace_item(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    sample: SampleId,
    item: &str,
    replacement: &Replacement,
    note: &str,
) -> Result<()> {
    let file = file(permit)?;
    let drawn = store::sample(tx, file, sample)?.ok_or(Refusal::NotFound)?;
    let sheet = store::items(tx, file, sample)?;
    let found = sheet.iter().find(|i| i.facts.id == item).ok_or(Refusal::NotFound)?;
    if found.facts.state == ItemState::Replaced {
        return Err(Refusal::state(format!("{item} was replaced already.")).into());
    }
    if deviates(&store::deviations(tx, file)?, sample, item) {
        return Err(Refusal::state(
            "A deviation is recorded for this item. An item is replaced only when it never belonged to the population, and then it has none: say so in the deviation's record.",
        )
        .into());
    }
    if sheet.iter().any(|i| i.facts.id == replacement.by) {
        return Err(Refusal::field(
            "by",
            format!("{} stands on the sheet already. Name another item.", replacement.by),
        )
        .into());
    }
    let input = ItemInput {
        facts: ItemFacts {
            id: item.to_owned(),
            state: ItemState::Replaced,
            attributes: Vec::new(),
            replacement: Some(Replacement {
                reason: replacement.reason,
                by: sentence("by", &replacement.by, ITEM_MAX)?,
            }),
        },
        evidence: found.evidence.clone(),
        note: sentence("note", note, TEXT_MAX)?,
    };
    record(tx, env, permit, &drawn, Expected::Any, &input)?;
    Ok(())
}

fn deviates(all: &[Deviation], sample: SampleId, item: &str) -> bool {
    all.iter().any(|d| {
        matches!(&d.source, DeviationSource::Sample { sample: s, items } if *s == sample && items.iter().any(|i| i == item))
    })
}

fn record(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    drawn: &Sample,
    expected: Expected,
    input: &ItemInput,
) -> Result<ItemOutcome> {
    let (file, sample) = (file(permit)?, drawn.id);
    let sheet = store::items(tx, file, sample)?;
    if !sheet.iter().any(|i| i.facts.id == input.facts.id) {
        return Err(Refusal::NotFound.into());
    }
    let outcome =
        item_outcome(&input.facts).map_err(|fault| Refusal::field("result", fault.to_string()))?;
    check_attributes(tx, file, drawn, &input.facts, &outcome)?;
    for id in &input.evidence {
        evidence::store::item(tx, permit.owner(), *id)?
            .filter(|e| e.engagement.is_none_or(|id| id == file.engagement))
            .ok_or_else(|| {
                Refusal::field("evidence", format!("There is no evidence {id} of this engagement."))
            })?;
    }
    if outcome == ItemOutcome::Pass
        && deviates(&store::deviations(tx, file)?, sample, &input.facts.id)
    {
        return Err(Refusal::state(
            "A deviation is recorded for this item, and deviations are not taken away. If it was a mistake, say so in the deviation's record.",
        )
        .into());
    }
    let event = ItemTested {
        facts: input.facts.clone(),
        evidence: input.evidence.clone(),
        note: optional("note", &input.note, TEXT_MAX)?,
    };
    write(tx, env, permit, &sample.to_string(), expected, vec![event.into()])?;
    Ok(outcome)
}

/// A tested item must say something of every attribute of the plan, and nothing else.
fn check_attributes(
    tx: &mut Tx<'_>,
    file: crate::model::File,
    sample: &Sample,
    facts: &ItemFacts,
    outcome: &ItemOutcome,
) -> Result<()> {
    let test = store::test(tx, file, sample.body.test)?.ok_or(Refusal::NotFound)?;
    let wanted: BTreeSet<&str> = test.plan.attributes.iter().map(|a| a.letter.as_str()).collect();
    let given: BTreeSet<&str> = facts.attributes.iter().map(|a| a.attribute.as_str()).collect();
    if given.len() != facts.attributes.len() || !given.is_subset(&wanted) {
        return Err(Refusal::field(
            "result",
            format!(
                "The test looks for the attributes {}; give each once.",
                wanted.iter().copied().collect::<Vec<_>>().join(", ")
            ),
        )
        .into());
    }
    let counted = matches!(outcome, ItemOutcome::Pass | ItemOutcome::Deviation { .. });
    if counted && facts.state == ItemState::Tested && given != wanted {
        let missing: Vec<&str> = wanted.difference(&given).copied().collect();
        return Err(Refusal::field(
            "result",
            format!(
                "There is no result for attribute {}. Enter one, or not applicable.",
                missing.join(", ")
            ),
        )
        .into());
    }
    Ok(())
}

/// Reviews results. Whoever tested an item cannot review it.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when an item is not tested or was tested by the reviewer.
pub fn review_items(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ReviewWork>,
    sample: SampleId,
    items: &[String],
) -> Result<()> {
    let file = file(permit)?;
    crate::firm::service::stays_outside(tx, permit)?;
    store::sample(tx, file, sample)?.ok_or(Refusal::NotFound)?;
    let sheet = store::items(tx, file, sample)?;
    let reviewer = permit.actor().name();
    if items.is_empty() {
        return Err(Refusal::field("items", "Choose at least one result to review.").into());
    }
    for id in items {
        let item = sheet.iter().find(|i| i.facts.id == *id).ok_or(Refusal::NotFound)?;
        match &item.tested_by {
            None => {
                return Err(
                    Refusal::state(format!("The item {id} has no result to review yet.")).into()
                );
            }
            Some(tester) if *tester == reviewer => {
                return Err(Refusal::state(format!(
                    "You tested the item {id} yourself. Somebody else has to review it."
                ))
                .into());
            }
            Some(_) => {}
        }
    }
    let open = crate::sheets::store::notes(tx, file, sample)?;
    let open = open
        .iter()
        .find(|n| n.is_open() && n.item.as_ref().is_some_and(|asked| items.contains(asked)));
    if let Some(note) = open {
        return Err(Refusal::state(format!(
            "A review note on {} is not cleared yet. Clear it first.",
            note.item.as_deref().unwrap_or_default()
        ))
        .into());
    }
    let event = ItemsReviewed { items: items.to_vec() };
    write(tx, env, permit, &sample.to_string(), Expected::Any, vec![event.into()])
}
