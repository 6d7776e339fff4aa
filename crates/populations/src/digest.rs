//! Row digests and the population hash. The form is defined in `docs/guide/populations.md`, so that
//! anybody can make the hash again with nothing but SHA-256.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

use crate::cell::Cell;

/// SHA-256 of a row.
pub type RowDigest = [u8; 32];

/// The part of a key's digest that is kept to find doubled keys: 96 bits. Among 29 million rows the
/// chance that two different keys share it is about 5 in 10^15.
pub(crate) type KeyDigest = [u8; 12];

const PREFIX: &[u8] = b"tickmark population 1\n";

/// Makes digests, reusing its buffers.
#[derive(Default)]
pub(crate) struct Digester {
    row: Vec<u8>,
    text: String,
}

impl Digester {
    /// SHA-256 over the cells: for each 0x00 when missing, otherwise 0x01, the length of its
    /// canonical text in bytes as 32 bits big-endian, and the text.
    pub(crate) fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> RowDigest {
        self.row.clear();
        for cell in cells {
            match cell {
                Cell::Missing => self.row.push(0),
                Cell::Text(text) => append(&mut self.row, text),
                _ => {
                    self.text.clear();
                    cell.write_canonical(&mut self.text);
                    append(&mut self.row, &self.text);
                }
            }
        }
        sha256_of(&mut self.row)
    }

    /// The kept part of a key's digest.
    pub(crate) fn key<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> KeyDigest {
        key_of(&self.row(cells))
    }
}

/// The part of a digest that is kept of a key.
pub(crate) fn key_of(digest: &RowDigest) -> KeyDigest {
    digest.first_chunk().copied().unwrap_or_default()
}

/// SHA-256 of a short message, which is padded in place. Rows are so short that the usual way, through
/// a buffer for messages that come in pieces, costs more than the hash itself.
fn sha256_of(message: &mut Vec<u8>) -> [u8; 32] {
    const START: [u32; 8] = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];
    const BLOCK: usize = 64;
    let bits = (message.len() as u64).wrapping_mul(8);
    let whole = (message.len() + 9).next_multiple_of(BLOCK);
    message.push(0x80);
    message.resize(whole - 8, 0);
    message.extend_from_slice(&bits.to_be_bytes());
    let mut state = START;
    compress256(&mut state, message.as_chunks::<BLOCK>().0);
    let mut digest = [0; 32];
    for (to, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(state) {
        *to = word.to_be_bytes();
    }
    digest
}

#[inline]
fn append(row: &mut Vec<u8>, text: &str) {
    // A record is at most 16 MiB, so its fields' lengths fit 32 bits.
    let [a, b, c, d] = u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
    row.extend_from_slice(&[1, a, b, c, d]);
    row.extend_from_slice(text.as_bytes());
}

/// For tables of digests: their first eight bytes are as good as any hash of them.
pub(crate) type DigestHashing = std::hash::BuildHasherDefault<FirstBytes>;

/// See [`DigestHashing`].
#[derive(Default)]
pub(crate) struct FirstBytes(u64);

impl std::hash::Hasher for FirstBytes {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk::<8>() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    // The length prefix of an array is no part of it.
    fn write_usize(&mut self, _: usize) {}
}

/// Collects row digests and makes the population hash: SHA-256 over the prefix
/// `tickmark population 1` and a line end, the schema's digest, the row digests (sorted, unless order
/// matters) and their count as 64 bits big-endian.
pub(crate) struct PopulationHasher {
    hasher: Sha256,
    /// Digests by first byte when order is free; `None` when they are hashed as they come.
    buckets: Option<Vec<Vec<RowDigest>>>,
    count: u64,
}

impl PopulationHasher {
    pub(crate) fn new(schema_digest: &[u8; 32], order_matters: bool) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(PREFIX);
        hasher.update(schema_digest);
        let buckets = (!order_matters).then(|| vec![Vec::new(); 256]);
        Self { hasher, buckets, count: 0 }
    }

    pub(crate) fn push(&mut self, digest: RowDigest) {
        self.count += 1;
        match &mut self.buckets {
            None => self.hasher.update(digest),
            Some(buckets) => {
                let [first, ..] = digest;
                if let Some(bucket) = buckets.get_mut(usize::from(first)) {
                    bucket.push(digest);
                }
            }
        }
    }

    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Adds the rows of another of the same schema. Only where order is free.
    pub(crate) fn merge(&mut self, other: Self) {
        self.count += other.count;
        if let (Some(buckets), Some(others)) = (&mut self.buckets, other.buckets) {
            for (bucket, other) in buckets.iter_mut().zip(others) {
                if bucket.is_empty() {
                    *bucket = other;
                } else {
                    bucket.extend_from_slice(&other);
                }
            }
        }
    }

    pub(crate) fn finish(mut self, threads: usize) -> [u8; 32] {
        if let Some(mut buckets) = self.buckets.take() {
            let share = buckets.len().div_ceil(threads.clamp(1, 64));
            std::thread::scope(|scope| {
                for part in buckets.chunks_mut(share) {
                    scope.spawn(move || part.iter_mut().for_each(|bucket| sort_digests(bucket)));
                }
            });
            for digest in buckets.iter().flatten() {
                self.hasher.update(digest);
            }
        }
        self.hasher.update(self.count.to_be_bytes());
        self.hasher.finalize().into()
    }
}

/// Sorts by bytes. Eight at a time nearly always decide, and compare as one number.
fn sort_digests(digests: &mut [RowDigest]) {
    let start = |digest: &RowDigest| digest.first_chunk().map(|start| u64::from_be_bytes(*start));
    digests.sort_unstable_by(|a, b| start(a).cmp(&start(b)).then_with(|| a.cmp(b)));
}

/// Digests of names, to see whether two lists name the same things and each of them once.
pub(crate) struct DigestSet {
    /// By first byte, as three numbers, which compare faster than bytes.
    buckets: Vec<Vec<[u32; 3]>>,
}

impl Default for DigestSet {
    fn default() -> Self {
        Self { buckets: vec![Vec::new(); 256] }
    }
}

impl DigestSet {
    pub(crate) fn push(&mut self, digest: KeyDigest) {
        let (words, _) = digest.as_chunks::<4>();
        let [first, ..] = digest;
        if let (Some(bucket), [a, b, c]) = (self.buckets.get_mut(usize::from(first)), words) {
            bucket.push([a, b, c].map(|word| u32::from_be_bytes(*word)));
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (bucket, other) in self.buckets.iter_mut().zip(other.buckets) {
            if bucket.is_empty() {
                *bucket = other;
            } else {
                bucket.extend_from_slice(&other);
            }
        }
    }

    /// Whether neither holds a digest twice and both hold the same.
    pub(crate) fn same_without_repeats(mut self, mut other: Self, threads: usize) -> bool {
        let share = self.buckets.len().div_ceil(threads.clamp(1, 64));
        let parts = self.buckets.chunks_mut(share).zip(other.buckets.chunks_mut(share));
        std::thread::scope(|scope| {
            let checks: Vec<_> = parts
                .map(|(ours, theirs)| {
                    scope.spawn(move || {
                        ours.iter_mut().zip(theirs).all(|(ours, theirs)| {
                            ours.sort_unstable();
                            theirs.sort_unstable();
                            ours == theirs && ours.windows(2).all(|two| two.first() != two.last())
                        })
                    })
                })
                .collect();
            checks.into_iter().all(|check| check.join().unwrap_or(false))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition written out by hand for one row, so that the form cannot drift unnoticed.
    #[test]
    fn the_form_is_the_documented_one() {
        let cells = [Cell::Text("Aé"), Cell::Missing, Cell::Integer(-7)];
        let digest = Digester::default().row(cells.into_iter());
        let by_hand = b"\x01\x00\x00\x00\x03A\xc3\xa9\x00\x01\x00\x00\x00\x02-7";
        assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(by_hand)));

        let other = Digester::default().row([Cell::Text("z")].into_iter());
        let schema = [9; 32];
        let mut sorted = [digest, other];
        sorted.sort();
        let mut whole = b"tickmark population 1\n".to_vec();
        whole.extend(schema);
        whole.extend(sorted.concat());
        whole.extend([0, 0, 0, 0, 0, 0, 0, 2]);
        let expected = <[u8; 32]>::from(Sha256::digest(&whole));
        for order in [[digest, other], [other, digest]] {
            let mut hasher = PopulationHasher::new(&schema, false);
            order.into_iter().for_each(|row| hasher.push(row));
            assert_eq!(hasher.finish(3), expected);
        }
    }

    #[test]
    fn the_short_way_gives_sha_256() {
        for length in (0..300).chain([4_096, 65_537]) {
            let message: Vec<u8> = (0_u8..=250).cycle().take(length).collect();
            let expected = <[u8; 32]>::from(Sha256::digest(&message));
            assert_eq!(sha256_of(&mut message.clone()), expected, "{length}");
        }
    }

    #[test]
    fn a_missing_value_is_not_an_empty_text_and_fields_do_not_run_together() {
        let mut digester = Digester::default();
        let mut row = |cells: &[Cell<'static>]| digester.row(cells.iter().copied());
        assert_ne!(row(&[Cell::Missing]), row(&[Cell::Text("")]));
        assert_ne!(
            row(&[Cell::Text("ab"), Cell::Text("c")]),
            row(&[Cell::Text("a"), Cell::Text("bc")])
        );
    }

    #[test]
    fn lists_are_the_same_in_any_order_and_parts_and_no_name_comes_twice() {
        let set = |names: &[&'static str]| {
            let (mut digester, mut set) = (Digester::default(), DigestSet::default());
            for name in names {
                let mut part = DigestSet::default();
                part.push(digester.key([Cell::Text(name)].into_iter()));
                set.merge(part);
            }
            set
        };
        let names: Vec<String> = (0..2_000).map(|at| format!("unit {at}")).collect();
        let names: Vec<&'static str> = names.into_iter().map(|name| &*name.leak()).collect();
        let turned: Vec<&'static str> = names.iter().rev().copied().collect();
        for threads in [1, 3, 64] {
            assert!(set(&names).same_without_repeats(set(&turned), threads));
            assert!(!set(&names).same_without_repeats(set(&turned[1..]), threads));
            assert!(!set(&names[1..]).same_without_repeats(set(&turned), threads));
        }
        let twice = [&names[..], &names[..1]].concat();
        assert!(!set(&twice).same_without_repeats(set(&twice), 2));
        assert!(!set(&twice).same_without_repeats(set(&names), 2));
        assert!(!set(&["a"]).same_without_repeats(set(&["b"]), 2));
        assert!(set(&[]).same_without_repeats(set(&[]), 2));
    }

    #[test]
    fn order_enters_the_hash_only_when_it_matters() {
        let (one, two) = ([1; 32], [2; 32]);
        let hash = |rows: [RowDigest; 2], order_matters| {
            let mut hasher = PopulationHasher::new(&[0; 32], order_matters);
            rows.into_iter().for_each(|row| hasher.push(row));
            hasher.finish(1)
        };
        assert_eq!(hash([one, two], false), hash([two, one], false));
        assert_ne!(hash([one, two], true), hash([two, one], true));
    }
}
