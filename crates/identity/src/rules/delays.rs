//! Delays after failures: a bounded table, whose clock is an argument.
//!
//! Every attempt counts before it is judged, so that many at once are not many free tries; success
//! forgets them. After a few free attempts each further one must wait twice as long as the last.

use kernel::time::Timestamp;
use std::collections::HashMap;

/// How strict a table of delays is.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Attempts without delay.
    pub free: u32,
    /// The first delay, in seconds; it doubles with each further attempt.
    pub first_seconds: i64,
    /// The longest delay, in seconds.
    pub longest_seconds: i64,
    /// After so many seconds without an attempt they are forgotten.
    pub forget_seconds: i64,
    /// The most keys that are kept. Beyond it the one whose attempts were forgotten soonest goes.
    pub keys_max: usize,
}

/// For one account: five free, then 2 s, 4 s, … at most 15 minutes.
pub const ACCOUNT: Policy = Policy {
    free: 5,
    first_seconds: 2,
    longest_seconds: 900,
    forget_seconds: 3_600,
    keys_max: 20_000,
};
/// For one network address, behind which a whole office may sit: 60 free, then 1 s, 2 s, … at most a
/// minute.
pub const ADDRESS: Policy = Policy {
    free: 60,
    first_seconds: 1,
    longest_seconds: 60,
    forget_seconds: 900,
    keys_max: 20_000,
};

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: Timestamp,
    open_at: Timestamp,
}

/// A table of attempts by key.
#[derive(Debug)]
pub struct Delays {
    policy: Policy,
    tries: HashMap<[u8; 32], Tries>,
}

impl Delays {
    /// An empty table.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { policy, tries: HashMap::new() }
    }

    /// Counts an attempt by `key` at `now`, or refuses it.
    ///
    /// # Errors
    /// The seconds to wait, at least 1. A refused attempt is not counted.
    pub fn attempt(&mut self, key: [u8; 32], now: Timestamp) -> Result<(), u64> {
        let policy = self.policy;
        let before = self.tries.get(&key).copied();
        let before = before.filter(|t| now.seconds_since(t.last) < policy.forget_seconds);
        if let Some(t) = before
            && now < t.open_at
        {
            let micros = t.open_at.0.saturating_sub(now.0);
            return Err(u64::try_from(micros).unwrap_or(0).div_ceil(1_000_000).max(1));
        }
        let count = before.map_or(0, |t| t.count).saturating_add(1);
        let open_at = if count < policy.free {
            now
        } else {
            let doubled = policy.first_seconds.checked_shl((count - policy.free).min(30));
            now.plus_seconds(doubled.unwrap_or(i64::MAX).min(policy.longest_seconds))
        };
        if before.is_none() {
            self.make_room(now);
        }
        self.tries.insert(key, Tries { count, last: now, open_at });
        Ok(())
    }

    /// Forgets the attempts of a key, after one that succeeded.
    pub fn succeeded(&mut self, key: &[u8; 32]) {
        self.tries.remove(key);
    }

    /// How many keys are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tries.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tries.is_empty()
    }

    fn make_room(&mut self, now: Timestamp) {
        if self.tries.len() < self.policy.keys_max {
            return;
        }
        let forget = self.policy.forget_seconds;
        self.tries.retain(|_, t| now.seconds_since(t.last) < forget);
        // A flood of made-up keys pushes out its own single tries before anybody's many.
        let mut ranks: Vec<(u32, Timestamp)> =
            self.tries.values().map(|t| (t.count, t.last)).collect();
        if ranks.len() < self.policy.keys_max {
            return;
        }
        ranks.sort_unstable();
        let cut = ranks[ranks.len() / 8];
        self.tries.retain(|_, t| (t.count, t.last) > cut);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Policy = Policy {
        free: 3,
        first_seconds: 2,
        longest_seconds: 16,
        forget_seconds: 100,
        keys_max: 64,
    };
    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }
    fn key(n: u16) -> [u8; 32] {
        let mut key = [0; 32];
        key[..2].copy_from_slice(&n.to_be_bytes());
        key
    }

    #[test]
    fn delays_double_up_to_the_longest_and_are_forgotten() {
        let mut delays = Delays::new(SMALL);
        for _ in 0..3 {
            delays.attempt(key(1), at(0)).unwrap();
        }
        assert_eq!(delays.attempt(key(1), at(0)), Err(2));
        assert_eq!(delays.attempt(key(1), at(1)), Err(1));
        assert_eq!(delays.attempt(key(2), at(1)), Ok(()));
        let mut now = 2;
        for wait in [4, 8, 16, 16, 16] {
            assert_eq!(delays.attempt(key(1), at(now)), Ok(()));
            assert_eq!(delays.attempt(key(1), at(now)), Err(wait));
            now += i64::try_from(wait).unwrap();
        }
        assert_eq!(delays.attempt(key(1), at(now + 100)), Ok(()));
        assert_eq!(delays.attempt(key(1), at(now + 100)), Ok(()), "forgotten, so free again");
    }

    #[test]
    fn success_forgets() {
        let mut delays = Delays::new(SMALL);
        for _ in 0..3 {
            delays.attempt(key(1), at(0)).unwrap();
        }
        delays.succeeded(&key(1));
        assert_eq!(delays.attempt(key(1), at(0)), Ok(()));
    }

    #[test]
    fn a_flood_of_made_up_keys_is_bounded_and_frees_nobody() {
        let mut delays = Delays::new(SMALL);
        for _ in 0..3 {
            delays.attempt(key(0), at(0)).unwrap();
        }
        for n in 1..5_000 {
            let _ = delays.attempt(key(n), at(1));
            assert!(delays.len() <= SMALL.keys_max);
        }
        assert_eq!(delays.attempt(key(0), at(1)), Err(1), "the one with many tries is still kept");
    }

    proptest::proptest! {
        #[test]
        fn it_never_waits_longer_than_the_longest(steps in proptest::collection::vec(0i64..40, 0..80)) {
            let mut delays = Delays::new(SMALL);
            let mut now = 0;
            for step in steps {
                now += step;
                if let Err(wait) = delays.attempt(key(1), at(now)) {
                    proptest::prop_assert!((1..=16).contains(&wait));
                    proptest::prop_assert!(delays.attempt(key(1), at(now).plus_seconds(16)).is_ok());
                    now += 16;
                }
            }
        }
    }
}
