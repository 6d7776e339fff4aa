//! The one place where the system's clock and randomness are read.
//!
//! Everything below receives an [`Env`]; a test gives a fixed one.

use kernel::env::Env;
use kernel::time::Timestamp;
use parking_lot::Mutex;

/// Gives a command its time and its randomness.
pub trait Edge: Send + Sync {
    /// A fresh environment for one request or job.
    fn env(&self) -> Env;
}

/// The system's clock and the operating system's randomness.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemEdge;

impl Edge for SystemEdge {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the edge: the one reading of clock and randomness"
    )]
    #[expect(
        clippy::panic,
        reason = "without randomness nothing may be signed or issued, so the process stops"
    )]
    fn env(&self) -> Env {
        let mut seed = [0; 32];
        if let Err(e) = getrandom::fill(&mut seed) {
            panic!("the operating system gives no randomness: {e}");
        }
        Env::new(jiff::Timestamp::now().into(), seed)
    }
}

/// A clock that a test or a simulation moves, with randomness that follows from a seed.
#[derive(Debug)]
pub struct FixedEdge(Mutex<Env>);

impl FixedEdge {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn new(now: Timestamp, seed: [u8; 32]) -> Self {
        Self(Mutex::new(Env::new(now, seed)))
    }

    /// Moves the clock.
    pub fn set(&self, now: Timestamp) {
        self.0.lock().set_now(now);
    }

    /// Moves the clock forward.
    pub fn advance_seconds(&self, seconds: i64) {
        let mut env = self.0.lock();
        let now = env.now().plus_seconds(seconds);
        env.set_now(now);
    }
}

impl Edge for FixedEdge {
    fn env(&self) -> Env {
        let mut env = self.0.lock();
        let seed = env.bytes();
        Env::new(env.now(), seed)
    }
}
