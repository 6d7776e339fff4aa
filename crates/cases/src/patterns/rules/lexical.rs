//! Texts that are alike: shingles and MinHash find candidates, the cosine of weighted words measures.

use std::collections::{BTreeMap, BTreeSet};

/// Characters of a text that are looked at.
const TEXT_MAX: usize = 2_000;
/// Values of a signature.
pub const SIGNATURE: usize = 96;
/// Values of a band: texts that agree in a whole band are candidates. With 32 bands of 3, texts that
/// share half of their shingles become candidates in 99 of 100 cases, those that share a fifth in 23.
const BAND: usize = 3;
/// How many earlier texts of a band are candidates for one.
const NEAREST: usize = 3;

/// The words of a text in their order, in lower case, numbers left out: dates and ids differ between two
/// texts about one matter.
#[must_use]
pub fn normalised(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().take(TEXT_MAX).flat_map(char::to_lowercase).chain([' ']) {
        if c.is_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() {
            if word.chars().any(char::is_alphabetic) {
                words.push(std::mem::take(&mut word));
            }
            word.clear();
        }
    }
    words
}

/// The shingles of a text: its pairs of neighbouring words; its words, where there are fewer than four.
#[must_use]
pub fn shingles(words: &[String]) -> BTreeSet<u64> {
    if words.len() < 4 {
        return words.iter().map(|word| digest(&[word])).collect();
    }
    words.windows(2).map(|pair| digest(pair.iter().collect::<Vec<_>>().as_slice())).collect()
}

/// FNV-1a over the words, then mixed: the same on every machine.
fn digest(words: &[&String]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in words.iter().flat_map(|word| word.bytes().chain([0])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mixed(hash)
}

const fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// The signature of a set of shingles: for each of many orders the first one. Two sets agree in a value
/// as often as they share shingles. `None` of an empty set.
#[must_use]
pub fn signature(shingles: &BTreeSet<u64>) -> Option<Vec<u64>> {
    if shingles.is_empty() {
        return None;
    }
    let orders = (1..=SIGNATURE as u64).map(|n| mixed(n.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    Some(
        orders
            .map(|order| shingles.iter().map(|s| mixed(s ^ order)).min().unwrap_or(u64::MAX))
            .collect(),
    )
}

/// Pairs of places whose texts may be alike, the earlier place first. Of many alike texts each is
/// paired with the few nearest before it.
#[must_use]
pub fn candidates(texts: &[Vec<String>]) -> BTreeSet<(usize, usize)> {
    let signatures: Vec<_> = texts.iter().map(|words| signature(&shingles(words))).collect();
    let mut pairs = BTreeSet::new();
    for band in 0..SIGNATURE / BAND {
        let mut alike: BTreeMap<&[u64], Vec<usize>> = BTreeMap::new();
        for (place, signature) in signatures.iter().enumerate() {
            let Some(part) = signature.as_ref().and_then(|s| s.get(band * BAND..(band + 1) * BAND))
            else {
                continue;
            };
            let before = alike.entry(part).or_default();
            pairs.extend(before.iter().rev().take(NEAREST).map(|earlier| (*earlier, place)));
            before.push(place);
        }
    }
    pairs
}

/// Words with how telling each is: the logarithm of how few texts have it.
#[derive(Debug)]
pub struct Weights {
    texts: f64,
    with: BTreeMap<String, f64>,
}

impl Weights {
    /// Of all texts.
    #[must_use]
    pub fn of(texts: &[Vec<String>]) -> Self {
        let mut with: BTreeMap<String, f64> = BTreeMap::new();
        for words in texts {
            for word in words.iter().collect::<BTreeSet<_>>() {
                match with.get_mut(word) {
                    Some(n) => *n += 1.0,
                    None => {
                        with.insert(word.clone(), 1.0);
                    }
                }
            }
        }
        Self { texts: texts.len() as f64, with }
    }

    fn weight(&self, word: &str) -> f64 {
        let with = self.with.get(word).copied().unwrap_or(0.0);
        ((self.texts + 1.0) / (with + 1.0)).ln() + 1.0
    }

    fn vector<'w>(&self, words: &'w [String]) -> BTreeMap<&'w str, f64> {
        let mut vector: BTreeMap<&str, f64> = BTreeMap::new();
        for word in words {
            *vector.entry(word).or_default() += 1.0;
        }
        for (word, n) in &mut vector {
            // A word said ten times does not weigh ten times as much.
            *n = (1.0 + n.ln()) * self.weight(word);
        }
        vector
    }

    /// How alike two texts are, from 0 to 1: the cosine of their weighted words.
    #[must_use]
    pub fn cosine(&self, a: &[String], b: &[String]) -> f64 {
        let (a, b) = (self.vector(a), self.vector(b));
        let dot: f64 = a.iter().filter_map(|(word, x)| Some(x * b.get(word)?)).sum();
        let length = |v: &BTreeMap<&str, f64>| v.values().map(|x| x * x).sum::<f64>().sqrt();
        let both = length(&a) * length(&b);
        if both > 0.0 { (dot / both).clamp(0.0, 1.0) } else { 0.0 }
    }
}
