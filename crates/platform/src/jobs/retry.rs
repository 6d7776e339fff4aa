//! How long to wait after a failure: twice as long each time, with a random part.

use kernel::env::Env;

/// The wait after the first failure, in seconds.
const FIRST_SECONDS: i64 = 30;
/// The longest wait, in seconds: six hours.
const LONGEST_SECONDS: i64 = 6 * 3600;

/// Seconds to wait after the failure of attempt number `attempt` (from 1). The full wait doubles from
/// half a minute to six hours; what is waited is between half of it and all of it, so that jobs that
/// failed together do not come back together.
#[must_use]
pub fn delay_seconds(env: &mut Env, attempt: i64) -> i64 {
    let doublings = u32::try_from(attempt.clamp(1, 20) - 1).unwrap_or(0);
    let full = FIRST_SECONDS.saturating_mul(1 << doublings).min(LONGEST_SECONDS);
    let half = full / 2;
    let spread = u64::try_from(full - half + 1).unwrap_or(1);
    half + i64::try_from(env.below(spread)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Timestamp;

    proptest::proptest! {
        #[test]
        fn waits_double_and_stay_within_their_half(attempt in -5i64..100, seed: [u8; 32]) {
            let mut env = Env::new(Timestamp(0), seed);
            let waited = delay_seconds(&mut env, attempt);
            let full = (0..attempt.max(1) - 1).fold(30i64, |s, _| (s * 2).min(21_600));
            proptest::prop_assert!(waited >= full / 2 && waited <= full, "{waited} of {full}");
        }
    }

    #[test]
    fn jobs_that_failed_together_do_not_come_back_together() {
        let mut env = Env::new(Timestamp(0), [1; 32]);
        let waits: std::collections::BTreeSet<i64> =
            (0..50).map(|_| delay_seconds(&mut env, 8)).collect();
        assert!(waits.len() > 30, "{waits:?}");
    }
}
