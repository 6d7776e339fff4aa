//! Pairs of cases that may be the same matter. A proposal is no finding: a person decides.

use super::facts::{PatternCase, days};
use super::lexical::{Weights, candidates, normalised};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From which cosine on alike texts are proposed.
pub const LEXICAL_FROM: f64 = 0.6;
/// From which cosine on a shared component or control is proposed: alone it says too little.
pub const STRUCTURAL_FROM: f64 = 0.3;
/// A component or control that more than this share of the cases touch says nothing of two of them.
const COMMON: f64 = 0.2;
/// Proposals for one case at most.
const EACH_MAX: usize = 3;

/// By what a pair was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The same fingerprint: every known part is equal.
    Fingerprint,
    /// Alike texts.
    Lexical,
    /// The same component, control or cause, and texts that have something in common.
    Structural,
}

impl Method {
    /// The word in records and keys of messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fingerprint => "fingerprint",
            Self::Lexical => "lexical",
            Self::Structural => "structural",
        }
    }

    /// The method of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Fingerprint, Self::Lexical, Self::Structural].into_iter().find(|m| m.word() == word)
    }
}

/// A pair that may be the same matter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proposal {
    /// The place of the earlier case among those looked at.
    #[serde(skip)]
    pub earlier: usize,
    /// The place of the later one.
    #[serde(skip)]
    pub later: usize,
    /// By what it was found.
    pub method: Method,
    /// The cosine of the texts, 0 to 1; a likeness, not a probability.
    pub likeness: f64,
    /// What both have in common.
    pub shared: Vec<String>,
    /// Days between the two reports.
    pub days: f64,
}

/// Places of the cases in the order of their reports.
fn in_order(cases: &[PatternCase]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|place| cases.get(*place).map(|c| (c.reported_at, c.number.clone())));
    order
}

/// What a case may share with another.
fn features(case: &PatternCase) -> Vec<String> {
    let marked = |mark: &str, words: &[String]| -> Vec<String> {
        words.iter().map(|word| format!("{mark}: {word}")).collect()
    };
    let mut all = marked("component", &case.components);
    all.extend(marked("control", &case.controls));
    all.extend(case.cause.iter().map(|cause| format!("cause: {cause}")));
    all
}

/// Proposes pairs: each case with the nearest earlier one of the same fingerprint, and with up to three
/// others that are alike. The order of the cases given does not matter.
#[must_use]
pub fn proposals(cases: &[PatternCase]) -> Vec<Proposal> {
    let order = in_order(cases);
    let sorted: Vec<&PatternCase> = order.iter().filter_map(|place| cases.get(*place)).collect();
    let texts: Vec<Vec<String>> = sorted.iter().map(|case| normalised(&case.text)).collect();
    let weights = Weights::of(&texts);
    let features: Vec<Vec<String>> = sorted.iter().map(|case| features(case)).collect();
    let mut found: BTreeMap<(usize, usize), Method> = BTreeMap::new();
    let mut last: BTreeMap<&[String], usize> = BTreeMap::new();
    for (later, case) in sorted.iter().enumerate() {
        if let Some(print) = case.fingerprint.as_deref()
            && let Some(earlier) = last.insert(print, later)
        {
            found.insert((earlier, later), Method::Fingerprint);
        }
    }
    for pair in candidates(&texts) {
        found.entry(pair).or_insert(Method::Lexical);
    }
    for pair in structural(&features) {
        found.entry(pair).or_insert(Method::Structural);
    }
    let mut all: Vec<Proposal> = found
        .into_iter()
        .filter_map(|((earlier, later), method)| {
            let (a, b) = (sorted.get(earlier)?, sorted.get(later)?);
            let likeness = weights.cosine(texts.get(earlier)?, texts.get(later)?);
            let shared: Vec<String> = match method {
                Method::Fingerprint => a.fingerprint.clone().unwrap_or_default(),
                _ => {
                    let of_later = features.get(later)?;
                    features
                        .get(earlier)?
                        .iter()
                        .filter(|f| of_later.contains(f))
                        .cloned()
                        .collect()
                }
            };
            // Alike texts of two known fingerprints that differ are different matters.
            let differ = a.fingerprint.is_some() && b.fingerprint.is_some();
            let kept = match method {
                Method::Fingerprint => true,
                Method::Lexical => !differ && likeness >= LEXICAL_FROM,
                Method::Structural => !differ && likeness >= STRUCTURAL_FROM,
            };
            let days = days(b.reported_at.0.saturating_sub(a.reported_at.0));
            kept.then_some(Proposal { earlier, later, method, likeness, shared, days })
        })
        .collect();
    all.sort_by(|a, b| {
        (a.later, a.method).cmp(&(b.later, b.method)).then(b.likeness.total_cmp(&a.likeness))
    });
    let mut kept: Vec<Proposal> = Vec::new();
    for proposal in all {
        let of_case = kept.iter().rev().take_while(|p| p.later == proposal.later).count();
        if of_case < EACH_MAX {
            kept.push(proposal);
        }
    }
    for proposal in &mut kept {
        let place = |n: usize| order.get(n).copied().unwrap_or(n);
        (proposal.earlier, proposal.later) = (place(proposal.earlier), place(proposal.later));
    }
    kept
}

/// Pairs that share something not too common: each with the nearest earlier one of it.
fn structural(features: &[Vec<String>]) -> Vec<(usize, usize)> {
    let mut with: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, all) in features.iter().enumerate() {
        for feature in all {
            with.entry(feature).or_default().push(place);
        }
    }
    // Of a handful of cases two are a large share already.
    let most = (features.len() as f64 * COMMON).max(5.0);
    let telling = with.values().filter(|places| places.len() as f64 <= most);
    telling
        .flat_map(|places| places.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?))))
        .collect()
}
