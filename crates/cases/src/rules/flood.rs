//! How a public door copes with a flood: what it asks of a browser, and which reports a person looks at
//! before they become cases. Nothing is ever refused.
//!
//! A channel is calm up to a number of reports in a minute. Beyond it the door asks for work: a number
//! `n` for which SHA-256 of `challenge ~ n` begins with so many zero bits. One more bit doubles the work,
//! and one more bit is asked for each time the rate doubles. Who has done it files as always. Who has
//! not (a browser without script, a program, or junk) files too, and the report is held for a person.
//! Each channel counts for itself, so that a flood at one does not close another.

use sha2::{Digest, Sha256};
use std::collections::VecDeque;

/// Zero bits asked for as soon as a channel is no longer calm: about 4,000 digests.
pub const BITS_LEAST: u32 = 12;
/// Zero bits asked for at most: about 260,000 digests, some seconds of a slow telephone.
pub const BITS_MOST: u32 = 18;
/// A minute, in microseconds.
const MINUTE_US: i64 = 60_000_000;
/// For how long a challenge may be answered, in microseconds: two hours.
pub const VALID_US: i64 = 120 * MINUTE_US;
/// Slices of the minute that is counted.
const SLICES: i64 = 12;

/// How many reports came in during the last minute, in slices of five seconds.
#[derive(Debug, Default, Clone)]
pub struct Window {
    slices: VecDeque<(i64, u32)>,
}

impl Window {
    /// Counts one at an instant; how many the last minute had with it.
    pub fn count(&mut self, now_us: i64) -> u32 {
        self.forget(now_us);
        let slice = now_us.div_euclid(MINUTE_US / SLICES);
        match self.slices.back_mut() {
            Some((last, n)) if *last >= slice => *n = n.saturating_add(1),
            _ => self.slices.push_back((slice, 1)),
        }
        self.total()
    }

    /// How many the last minute had.
    pub fn seen(&mut self, now_us: i64) -> u32 {
        self.forget(now_us);
        self.total()
    }

    fn forget(&mut self, now_us: i64) {
        let oldest = now_us.div_euclid(MINUTE_US / SLICES) - SLICES;
        while self.slices.front().is_some_and(|(slice, _)| *slice <= oldest) {
            self.slices.pop_front();
        }
    }

    fn total(&self) -> u32 {
        self.slices.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }
}

/// How many zero bits are asked for at a rate; 0 while the channel is calm.
#[must_use]
pub fn bits(per_minute: u32, calm: u32) -> u32 {
    if per_minute <= calm {
        return 0;
    }
    let doublings = (per_minute / calm.max(1)).max(1).ilog2();
    (BITS_LEAST + doublings).min(BITS_MOST)
}

/// A challenge as it stands in a form: what it is bound to, until when, how hard.
///
/// The tag is made with a key of the process, so nobody can write a challenge of their own.
#[must_use]
pub fn challenge(secret: &[u8; 32], bound_to: &str, made_us: i64, bits: u32) -> String {
    let open = format!("{made_us}.{bits}");
    format!("{open}.{}", tag(secret, bound_to, &open))
}

fn tag(secret: &[u8; 32], bound_to: &str, open: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"tickmark door challenge v1\0");
    hash.update(secret);
    hash.update((bound_to.len() as u64).to_be_bytes());
    hash.update(bound_to.as_bytes());
    hash.update(open.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    hex::encode(&digest[..16])
}

/// Whether a challenge of ours was answered: it is bound to this form, not too old, at least as hard as
/// the door asks, and the number fits.
#[must_use]
pub fn answered(
    secret: &[u8; 32],
    bound_to: &str,
    now_us: i64,
    least_bits: u32,
    challenge: &str,
    number: &str,
) -> bool {
    let Some((open, given)) = challenge.rsplit_once('.') else { return false };
    let Some((made, bits)) = open.split_once('.') else { return false };
    let (Ok(made_us), Ok(bits)) = (made.parse::<i64>(), bits.parse::<u32>()) else { return false };
    if number.is_empty() || number.len() > 20 || !number.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let fresh = (0..=VALID_US).contains(&now_us.saturating_sub(made_us));
    fresh
        && bits >= least_bits.min(BITS_MOST)
        && given == tag(secret, bound_to, open)
        && zero_bits(challenge, number) >= bits
}

/// How many zero bits a challenge asks for, as it says itself.
#[must_use]
pub fn bits_asked(challenge: &str) -> u32 {
    challenge.split('.').nth(1).and_then(|bits| bits.parse().ok()).unwrap_or(0)
}

/// With how many zero bits the digest begins.
#[must_use]
pub fn zero_bits(challenge: &str, number: &str) -> u32 {
    let digest = Sha256::digest(format!("{challenge}~{number}").as_bytes());
    let mut bits = 0;
    for byte in digest {
        bits += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: [u8; 32] = [7; 32];

    fn solve(challenge: &str, bits: u32) -> String {
        (0_u64..).map(|n| n.to_string()).find(|n| zero_bits(challenge, n) >= bits).unwrap()
    }

    #[test]
    fn work_is_asked_for_only_beyond_calm_and_grows_with_the_rate() {
        assert_eq!(bits(600, 600), 0);
        assert_eq!(bits(601, 600), 12);
        assert_eq!(bits(1_200, 600), 13);
        assert_eq!(bits(4_800, 600), 15);
        assert_eq!(bits(u32::MAX, 600), 18);
    }

    #[test]
    fn an_answer_counts_once_made_for_this_form_in_time_and_hard_enough() {
        let asked = challenge(&SECRET, "form-1", 0, 12);
        let number = solve(&asked, 12);
        let good = |bound: &str, now: i64, least: u32, number: &str| {
            answered(&SECRET, bound, now, least, &asked, number)
        };
        assert!(good("form-1", MINUTE_US, 12, &number));
        assert!(!good("form-2", MINUTE_US, 12, &number));
        assert!(!good("form-1", 3 * 60 * MINUTE_US, 12, &number));
        assert!(!good("form-1", -1, 12, &number));
        assert!(!good("form-1", MINUTE_US, 13, &number));
        assert!(!good("form-1", MINUTE_US, 12, ""));
        assert!(!answered(&[8; 32], "form-1", MINUTE_US, 12, &asked, &number));
        let easier = asked.replacen(".12.", ".0.", 1);
        assert!(!answered(&SECRET, "form-1", MINUTE_US, 0, &easier, "1"));
    }

    #[test]
    fn a_window_forgets_after_a_minute() {
        let mut window = Window::default();
        assert_eq!((0..100).map(|_| window.count(0)).last(), Some(100));
        assert_eq!(window.count(30 * 1_000_000), 101);
        assert_eq!(window.seen(62 * 1_000_000), 1);
        assert_eq!(window.seen(200 * 1_000_000), 0);
    }

    proptest! {
        #[test]
        fn no_text_is_taken_for_an_answer(challenge in "\\PC{0,80}", number in "\\PC{0,30}") {
            prop_assert!(!answered(&SECRET, "form", 0, 0, &challenge, &number));
        }

        #[test]
        fn a_window_counts_what_came_within_a_minute(gaps in prop::collection::vec(0..20_i64, 1..60)) {
            let (mut window, mut times, mut now) = (Window::default(), Vec::new(), 0);
            for gap in gaps {
                now += gap * 1_000_000;
                times.push(now);
                let counted = window.count(now);
                let surely = times.iter().filter(|t| now - **t < 55_000_000).count();
                let perhaps = times.iter().filter(|t| now - **t <= 60_000_000).count();
                prop_assert!((surely..=perhaps).contains(&(counted as usize)));
            }
        }
    }
}
