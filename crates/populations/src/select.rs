//! Sample selection that anybody can make again: random by rank, systematic, stratified.
//!
//! The seed protocol: the service organisation freezes the population and both sides see its hash;
//! the auditor then enters a seed; the selection is ranked under [`effective_seed`], so neither side
//! can steer it. Source: section 3.6 of the domain notes (AU-C 530 by analogy).

use std::collections::{BTreeMap, BinaryHeap, HashSet};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::ids::{Item, population_sha256};

/// Between seed and item id, so that no other pair gives the same bytes.
const SEPARATOR: [u8; 1] = [0x1f];
/// Fewer items than this are not shared over threads.
const PART_MIN: usize = 50_000;
/// Most items of one population, so that positions are exact in 128 bits.
const ITEMS_MAX: usize = 1 << 31;

/// How a sample is selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// The first n of a ranking by digest.
    Random,
    /// Every I-th item in ascending order of ids, I = N/n, from a start drawn with the seed.
    Systematic,
    /// Shares by largest remainder, at random inside each stratum.
    Stratified,
}

impl Method {
    /// The method of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "random" => Some(Self::Random),
            "systematic" => Some(Self::Systematic),
            "stratified" => Some(Self::Stratified),
            _ => None,
        }
    }
}

/// A selected sample, as `tickmark sample select --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Selection {
    /// Ids in the order of selection: by rank; by position; by stratum and rank in it.
    pub selected: Vec<String>,
    /// Hash of the list that was selected from; see [`population_sha256`].
    pub population_sha256: String,
    /// How they were selected.
    pub method: Method,
    /// Items selected from.
    pub population: u64,
    /// For a stratified sample, each stratum with its size and share.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub strata: Vec<Share>,
}

/// A stratum's part in a sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The stratum.
    pub stratum: String,
    /// Items in it.
    pub population: u64,
    /// Items selected from it.
    pub selected: u64,
}

/// An item with its place in the ranking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Ranked {
    /// SHA-256 of seed, 0x1f and id; the ranking is by this, ascending, then by id.
    #[serde(serialize_with = "as_hex")]
    pub digest: [u8; 32],
    /// The item's id.
    pub id: String,
}

fn as_hex<S: serde::Serializer>(digest: &[u8; 32], to: S) -> std::result::Result<S::Ok, S::Error> {
    to.serialize_str(&hex::encode(digest))
}

/// The seed under which a frozen population is ranked: SHA-256, in hexadecimal, of the 32 bytes of
/// the population hash followed by the auditor's seed. Used as text in [`rank_digest`].
///
/// # Errors
/// [`Error::Selection`] when the hash is not 64 hexadecimal digits or the seed is empty.
pub fn effective_seed(population_sha256: &str, auditor_seed: &str) -> Result<String> {
    let mut hash = [0; 32];
    hex::decode_to_slice(population_sha256, &mut hash).map_err(|_| {
        Error::Selection("the population hash must be 64 hexadecimal digits".into())
    })?;
    check_seed(auditor_seed)?;
    Ok(hex::encode(Sha256::new().chain_update(hash).chain_update(auditor_seed).finalize()))
}

/// SHA-256 of seed, 0x1f and id.
pub fn rank_digest(seed: &str, id: &str) -> [u8; 32] {
    Sha256::new().chain_update(seed).chain_update(SEPARATOR).chain_update(id).finalize().into()
}

/// The first `size` items of the ranking under a seed. The ranking does not depend on the order of
/// `ids`, and a larger size only adds to a smaller one.
///
/// # Errors
/// [`Error::Selection`] when the size is 0 or above the number of items, ids repeat, or the seed is
/// empty.
pub fn rank(seed: &str, ids: &[&str], size: usize) -> Result<Vec<Ranked>> {
    check_seed(seed)?;
    check_size(size, ids.len())?;
    let (ranked, distinct) = ranked(seed, ids, size);
    // Ids of equal digests are most likely equal themselves; only then is every id compared.
    if !distinct {
        check_unique(ids)?;
    }
    Ok(ranked)
}

/// The next `more` items of the ranking after those already selected: a planned expansion, or
/// replacements for items that turned out void.
///
/// # Errors
/// As [`rank`]; also when an item of `already` is not in the population.
pub fn extend(seed: &str, ids: &[&str], already: &[&str], more: usize) -> Result<Vec<Ranked>> {
    let taken: HashSet<&str> = already.iter().copied().collect();
    let known: HashSet<&str> = ids.iter().copied().collect();
    if let Some(stranger) = taken.iter().find(|id| !known.contains(*id)) {
        return Err(Error::Selection(format!(
            "the item \"{stranger}\" was selected and is not in the population"
        )));
    }
    let rest: Vec<&str> = ids.iter().copied().filter(|id| !taken.contains(id)).collect();
    rank(seed, &rest, more)
}

/// Selects a sample.
///
/// # Errors
/// [`Error::Selection`] in plain words.
pub fn select(method: Method, seed: &str, items: &[Item], size: usize) -> Result<Selection> {
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let population_sha256 = population_sha256(ids.iter().copied());
    select_as(method, seed, items, size, 0, population_sha256)
}

/// The strata of a sample: the column that holds them, and the least number of items from each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strata<'a> {
    /// The column.
    pub column: &'a str,
    /// Items from each stratum at the least, or all that it has; 0 for shares alone.
    pub minimum: u64,
}

/// As [`select`], from a population whose hash is known, and of a stratified sample with at least
/// `minimum` items from each stratum.
///
/// # Errors
/// As [`select`].
pub fn select_as(
    method: Method,
    seed: &str,
    items: &[Item],
    size: usize,
    minimum: u64,
    population_sha256: String,
) -> Result<Selection> {
    if minimum > 0 && method != Method::Stratified {
        return Err(Error::Selection(
            "a minimum for each stratum belongs to a stratified sample; select stratified, or leave it out"
                .into(),
        ));
    }
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    let (selected, strata) = match method {
        Method::Random => (names(rank(seed, &ids, size)?), Vec::new()),
        Method::Systematic => (systematic(seed, &ids, size)?, Vec::new()),
        Method::Stratified => stratified(seed, items, size, minimum)?,
    };
    Ok(Selection { selected, population_sha256, method, population: items.len() as u64, strata })
}

fn names(ranked: Vec<Ranked>) -> Vec<String> {
    ranked.into_iter().map(|item| item.id).collect()
}

fn lowest(seed: &str, ids: &[&str], size: usize) -> Vec<Ranked> {
    ranked(seed, ids, size).0
}

/// A digest with its id.
type Candidate<'a> = ([u8; 32], &'a str);

/// The lowest of the ranking, and whether the first eight bytes of every digest differ from all others:
/// then no id is there twice. Digests are made on as many threads as there are processors.
fn ranked(seed: &str, ids: &[&str], size: usize) -> (Vec<Ranked>, bool) {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = ids.len().div_ceil(threads).max(PART_MIN);
    let (mut kept, mut heads) = if ids.len() <= part {
        part_of(seed, ids, size)
    } else {
        std::thread::scope(|scope| {
            let parts: Vec<_> = ids
                .chunks(part)
                .map(|chunk| (chunk, scope.spawn(move || part_of(seed, chunk, size))))
                .collect();
            let (mut kept, mut heads) = (Vec::new(), Vec::with_capacity(ids.len()));
            for (chunk, thread) in parts {
                // A thread that could not be finished is done again here.
                let (some, more) = thread.join().unwrap_or_else(|_| part_of(seed, chunk, size));
                kept.extend(some);
                heads.extend(more);
            }
            (kept, heads)
        })
    };
    kept.sort_unstable();
    kept.truncate(size);
    heads.sort_unstable();
    let distinct = heads.windows(2).all(|pair| pair.first() != pair.last());
    let named = kept.into_iter().map(|(digest, id)| Ranked { digest, id: id.to_owned() });
    (named.collect(), distinct)
}

/// The lowest candidates of some ids, and the first eight bytes of every digest.
fn part_of<'a>(seed: &str, ids: &[&'a str], size: usize) -> (Vec<Candidate<'a>>, Vec<u64>) {
    let mut kept: BinaryHeap<Candidate<'a>> = BinaryHeap::with_capacity(size.min(ids.len()) + 1);
    let mut heads = Vec::with_capacity(ids.len());
    let seeded = Sha256::new().chain_update(seed).chain_update(SEPARATOR);
    for id in ids {
        let digest: [u8; 32] = seeded.clone().chain_update(id).finalize().into();
        heads.push(digest.first_chunk().map_or(0, |head| u64::from_be_bytes(*head)));
        let candidate = (digest, *id);
        if kept.len() < size {
            kept.push(candidate);
        } else if kept.peek().is_some_and(|worst| candidate < *worst) {
            kept.pop();
            kept.push(candidate);
        }
    }
    (kept.into_vec(), heads)
}

/// Selects every I-th item in ascending order of ids. The start, as a share of the interval, is the
/// first eight bytes of the digest of seed, 0x1f and `systematic start`, read big-endian, over 2^64.
///
/// # Errors
/// As [`rank`].
pub fn systematic(seed: &str, ids: &[&str], size: usize) -> Result<Vec<String>> {
    check_seed(seed)?;
    check_size(size, ids.len())?;
    check_unique(ids)?;
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    let digest = rank_digest(seed, "systematic start");
    let numerator = digest.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let start = Start { numerator: u128::from(numerator), denominator: 1 << 64 };
    let positions = systematic_positions(ids.len() as u64, size as u64, start)?;
    let item = |position: u64| sorted.get(usize::try_from(position).ok()?).copied();
    Ok(positions.into_iter().filter_map(item).map(str::to_owned).collect())
}

/// Where a systematic sample starts, as an exact share of the interval, 0 ≤ share < 1.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// Numerator of the share.
    pub numerator: u128,
    /// Denominator of the share, at most 2^64.
    pub denominator: u128,
}

/// Positions, from 0, of a systematic sample: floor((start + i)·N/n) for i in 0..n, in exact
/// integers.
///
/// # Errors
/// [`Error::Selection`] when n is not between 1 and N or the start is not a share.
pub fn systematic_positions(population: u64, size: u64, start: Start) -> Result<Vec<u64>> {
    let sizes = usize::try_from(size).ok().zip(usize::try_from(population).ok());
    let (size_here, population_here) =
        sizes.ok_or_else(|| Error::Selection("the population is too large".into()))?;
    check_size(size_here, population_here)?;
    if start.numerator >= start.denominator || start.denominator > 1 << 64 {
        return Err(Error::Selection("the start must be a share of the interval below 1".into()));
    }
    let positions = (0..u128::from(size)).map(|step| {
        let along = start.numerator + step * start.denominator;
        along * u128::from(population) / (start.denominator * u128::from(size))
    });
    Ok(positions.filter_map(|position| u64::try_from(position).ok()).collect())
}

/// Selects at random inside each stratum, with shares from [`allocate`].
///
/// # Errors
/// As [`rank`]; also when an item has no stratum.
pub fn stratified(
    seed: &str,
    items: &[Item],
    size: usize,
    minimum: u64,
) -> Result<(Vec<String>, Vec<Share>)> {
    check_seed(seed)?;
    check_size(size, items.len())?;
    let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    check_unique(&ids)?;
    let mut strata: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for item in items {
        let stratum = item.stratum.as_deref().filter(|name| !name.is_empty()).ok_or_else(|| {
            Error::Selection(format!(
                "the item \"{}\" has no stratum; name the column that holds it",
                item.id
            ))
        })?;
        strata.entry(stratum).or_default().push(&item.id);
    }
    let sizes: Vec<(String, u64)> =
        strata.iter().map(|(name, ids)| ((*name).to_owned(), ids.len() as u64)).collect();
    let shares = allocate(&sizes, size as u64, minimum)?;
    let mut selected = Vec::with_capacity(size);
    for (share, ids) in shares.iter().zip(strata.values()) {
        let count = usize::try_from(share.selected).unwrap_or(usize::MAX);
        selected.extend(names(lowest(seed, ids, count)));
    }
    Ok((selected, shares))
}

/// Shares a sample over strata by largest remainder; equal remainders go to the larger stratum, then
/// to the name that comes first. A stratum whose share is below `minimum` gets the minimum (or all
/// of its items, if it has fewer), and the rest is shared over the others.
///
/// # Errors
/// [`Error::Selection`] when the size is not between 1 and the number of items, or the minimums alone
/// need more.
pub fn allocate(strata: &[(String, u64)], size: u64, minimum: u64) -> Result<Vec<Share>> {
    let total: u64 = strata.iter().map(|(_, count)| count).sum();
    let sizes = usize::try_from(size).ok().zip(usize::try_from(total).ok());
    let (size_here, total_here) =
        sizes.ok_or_else(|| Error::Selection("the population is too large".into()))?;
    check_size(size_here, total_here)?;
    let floor = |count: u64| minimum.min(count);
    let needed: u64 = strata.iter().map(|(_, count)| floor(*count)).sum();
    if needed > size {
        return Err(Error::Selection(format!(
            "a minimum of {minimum} for each of {} strata needs {needed} items, and the sample has {size}",
            strata.len()
        )));
    }
    let mut fixed: Vec<Option<u64>> = vec![None; strata.len()];
    loop {
        let shares = proportional(strata, &fixed, size);
        let mut settled = true;
        for ((slot, share), (_, count)) in fixed.iter_mut().zip(&shares).zip(strata) {
            if slot.is_none() && *share < floor(*count) {
                *slot = Some(floor(*count));
                settled = false;
            }
        }
        if settled {
            let named = strata.iter().zip(shares);
            return Ok(named
                .map(|((stratum, population), selected)| Share {
                    stratum: stratum.clone(),
                    population: *population,
                    selected,
                })
                .collect());
        }
    }
}

/// Largest remainder over the strata that are not fixed.
fn proportional(strata: &[(String, u64)], fixed: &[Option<u64>], size: u64) -> Vec<u64> {
    let left = u128::from(size - fixed.iter().flatten().sum::<u64>());
    let open = |at: usize| fixed.get(at).is_some_and(Option::is_none);
    let total: u128 = strata
        .iter()
        .enumerate()
        .filter(|(at, _)| open(*at))
        .map(|(_, (_, count))| u128::from(*count))
        .sum();
    let mut shares: Vec<u64> = fixed.iter().map(|slot| slot.unwrap_or(0)).collect();
    let mut remainders = Vec::new();
    let mut given = 0;
    for (at, (name, count)) in strata.iter().enumerate().filter(|(at, _)| open(*at)) {
        let quota = left * u128::from(*count);
        let whole = quota.checked_div(total).unwrap_or(0);
        given += whole;
        remainders.push((
            std::cmp::Reverse(quota.checked_rem(total).unwrap_or(0)),
            std::cmp::Reverse(*count),
            name,
            at,
        ));
        if let (Some(share), Ok(whole)) = (shares.get_mut(at), u64::try_from(whole)) {
            *share = whole;
        }
    }
    remainders.sort();
    let over = usize::try_from(left.saturating_sub(given)).unwrap_or(0);
    for (_, _, _, at) in remainders.into_iter().take(over) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    shares
}

/// A month with a tenth or more of the population and no selected item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UncoveredMonth {
    /// The month, such as `2026-03`.
    pub month: String,
    /// Items in it.
    pub population: u64,
}

/// Months with at least a tenth of the items from which nothing was selected: a warning for the
/// auditor, never a reason to select again in silence.
pub fn uncovered_months<'a>(
    items: impl Iterator<Item = (&'a str, &'a str)>,
    selected: &HashSet<&str>,
) -> Vec<UncoveredMonth> {
    let mut months: BTreeMap<&str, (u64, bool)> = BTreeMap::new();
    let mut total = 0;
    for (id, month) in items {
        total += 1;
        let entry = months.entry(month).or_default();
        entry.0 += 1;
        entry.1 |= selected.contains(id);
    }
    let bare = months.into_iter().filter(|(_, (count, covered))| !covered && count * 10 >= total);
    bare.map(|(month, (population, _))| UncoveredMonth { month: month.to_owned(), population })
        .collect()
}

fn check_seed(seed: &str) -> Result<()> {
    if seed.is_empty() || seed.len() > 1_000 {
        return Err(Error::Selection("the seed must have 1 to 1000 bytes".into()));
    }
    Ok(())
}

fn check_size(size: usize, population: usize) -> Result<()> {
    if population > ITEMS_MAX {
        return Err(Error::Selection(format!("the population has more than {ITEMS_MAX} items")));
    }
    if size == 0 || size > population {
        return Err(Error::Selection(format!(
            "the size must be between 1 and the {population} items of the population, and it is {size}"
        )));
    }
    Ok(())
}

fn check_unique(ids: &[&str]) -> Result<()> {
    let mut seen = HashSet::with_capacity(ids.len());
    match ids.iter().find(|id| !seen.insert(**id)) {
        Some(id) => Err(Error::Selection(format!("the id \"{id}\" is in the population twice"))),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "select_tests.rs"]
mod tests;
