//! What a command may know of the outside world.
//!
//! Below the edge nobody asks the system for the time or for randomness. The edge makes one `Env`
//! per request or job; tests and simulations make one from a seed, and a year passes in seconds.

use crate::ids::{Id, Kind};
use crate::time::Timestamp;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The time at which a command began, and its source of ids and randomness.
#[derive(Debug, Clone)]
pub struct Env {
    now: Timestamp,
    rng: ChaCha20Rng,
}

impl Env {
    /// An environment at `now` whose randomness follows from `seed`. The edge takes the seed from
    /// the operating system; a test writes it down.
    #[must_use]
    pub fn new(now: Timestamp, seed: [u8; 32]) -> Self {
        Self { now, rng: ChaCha20Rng::from_seed(seed) }
    }

    /// The time at which the command began; the same throughout the command.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Moves the clock, for simulations that play months in one process.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// A fresh id, made at [`Env::now`].
    pub fn id<K: Kind>(&mut self) -> Id<K> {
        let random = (u128::from(self.rng.next_u64()) << 64) | u128::from(self.rng.next_u64());
        Id::new(self.now, random)
    }

    /// `N` unpredictable bytes (as unpredictable as the seed).
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0u8; N];
        self.rng.fill_bytes(&mut out);
        out
    }

    /// A number from 0 to `bound` − 1, each equally likely. A bound of 0 gives 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        // Values past the last whole multiple of the bound would favour small numbers: drawn again.
        let limit = u64::MAX - u64::MAX % bound;
        loop {
            let value = self.rng.next_u64();
            if value < limit {
                return value % bound;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EventKind;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let mut a = Env::new(Timestamp(5_000_000), [1; 32]);
        let mut b = Env::new(Timestamp(5_000_000), [1; 32]);
        let x: Id<EventKind> = a.id();
        assert_eq!(x, b.id());
        assert_ne!(x, a.id());
        assert!((0..1000).all(|_| a.below(7) < 7));
    }
}
