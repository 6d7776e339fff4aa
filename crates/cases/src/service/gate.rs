//! The public door under load: counts what comes in by channel, and says whether a report is held for a
//! person. Follow-up pages do not pass here, so who holds a return code is never in a flood's way.

use crate::rules::flood::{BITS_LEAST, VALID_US, Window, answered, bits, challenge};
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Reports in a minute up to which a channel is calm, when nothing else is configured.
pub const CALM_PER_MINUTE: u32 = 600;
/// Channels counted at most; a caller may make names up. Beyond that they share one count.
const CHANNELS_MAX: usize = 1_000;

/// Answered challenges remembered at most. Each cost work, so only work can fill this.
const USED_MAX: usize = 1_000_000;

/// The gate of a deployment.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Reports in a minute up to which a channel is calm; 0: there is no gate.
    calm: u32,
    secret: [u8; 32],
    windows: Arc<Mutex<HashMap<(PartyId, String), Window>>>,
    /// Challenges that were answered, and when: each serves one report.
    used: Arc<Mutex<HashMap<String, i64>>>,
}

/// What came with a report to show that work was done.
#[derive(Debug, Clone, Copy, Default)]
pub struct Work<'a> {
    /// The challenge.
    pub challenge: &'a str,
    /// Its answer.
    pub number: &'a str,
}

impl Gate {
    /// A gate; `calm` 0 leaves the door open whatever comes.
    #[must_use]
    pub fn new(calm: u32, secret: [u8; 32]) -> Self {
        Self { calm, secret, windows: Arc::default(), used: Arc::default() }
    }

    fn window<T>(&self, at: PartyId, channel: &str, f: impl FnOnce(&mut Window) -> T) -> Option<T> {
        let mut windows = self.windows.lock().ok()?;
        let known = windows.contains_key(&(at, channel.to_owned()));
        let name = if known || windows.len() < CHANNELS_MAX { channel } else { "" };
        Some(f(windows.entry((at, name.to_owned())).or_default()))
    }

    /// What a form of this channel is asked for now; none while it is calm.
    #[must_use]
    pub fn asks(&self, at: PartyId, channel: &str, now: Timestamp) -> Option<String> {
        if self.calm == 0 {
            return None;
        }
        let rate = self.window(at, channel, |window| window.seen(now.0))?;
        match bits(rate, self.calm) {
            0 => None,
            bits => Some(challenge(&self.secret, &at.to_string(), now.0, bits)),
        }
    }

    /// Counts a report; whether it is held for a person.
    #[must_use]
    pub fn holds(&self, at: PartyId, channel: &str, now: Timestamp, work: Work<'_>) -> bool {
        if self.calm == 0 {
            return false;
        }
        let Some(rate) = self.window(at, channel, |window| window.count(now.0)) else {
            return false;
        };
        if bits(rate, self.calm) == 0 {
            return false;
        }
        // What was asked for when the form was made is enough: nobody is asked twice.
        let good =
            answered(&self.secret, &at.to_string(), now.0, BITS_LEAST, work.challenge, work.number);
        !(good && self.first_use(work.challenge, now))
    }

    /// Whether a challenge has not served a report yet.
    fn first_use(&self, challenge: &str, now: Timestamp) -> bool {
        let Ok(mut used) = self.used.lock() else { return false };
        if used.len() >= USED_MAX {
            used.retain(|_, at| now.0 - *at <= VALID_US);
        }
        used.len() < USED_MAX && used.insert(challenge.to_owned(), now.0).is_none()
    }
}
