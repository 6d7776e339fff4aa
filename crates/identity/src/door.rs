//! What sign-in keeps for the life of the process: delays after failures, a few places for hashing,
//! and when tokens were last used.
//!
//! The composition makes one [`Door`], puts it into the application's extensions and gives it to the
//! [`Directory`](crate::Directory).

use crate::model::TokenId;
use crate::rules::delays::{ACCOUNT, ADDRESS, Delays};
use crate::service::{Login, Verified};
use crate::store::secrets as secret_store;
use kernel::time::Timestamp;
use parking_lot::Mutex;
use platform::db::{Db, Result};
use platform::http::Failure;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// How many passwords are hashed at the same time, each in 19 MiB.
const HASHES_AT_ONCE: usize = 4;
/// How many may wait for a place; further ones are told to come back.
const WAITING_MAX: usize = 64;
/// The most tokens whose last use waits to be written.
const USED_MAX: usize = 10_000;

struct Inner {
    accounts: Mutex<Delays>,
    addresses: Mutex<Delays>,
    places: Semaphore,
    waiting: AtomicUsize,
    used: Mutex<BTreeMap<TokenId, Timestamp>>,
    scopes: Vec<&'static str>,
    proxies: Vec<IpAddr>,
}

/// See the module. Cheap to clone; every clone is the same door.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

fn key(kind: &str, text: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(text.as_bytes());
    hash.finalize().into()
}

impl Door {
    /// A door for a deployment whose tokens may have these scopes (those of every room's actions;
    /// see [`scopes_of`]) and that is reached through these proxies, if any: their
    /// `X-Forwarded-For` is believed, nobody else's.
    #[must_use]
    pub fn new(scopes: Vec<&'static str>, proxies: Vec<IpAddr>) -> Self {
        Self(Arc::new(Inner {
            accounts: Mutex::new(Delays::new(ACCOUNT)),
            addresses: Mutex::new(Delays::new(ADDRESS)),
            places: Semaphore::new(HASHES_AT_ONCE),
            waiting: AtomicUsize::new(0),
            used: Mutex::new(BTreeMap::new()),
            scopes,
            proxies,
        }))
    }

    /// The scopes that tokens may have.
    #[must_use]
    pub fn scopes(&self) -> &[&'static str] {
        &self.0.scopes
    }

    /// The address that counts for delays: the peer, or behind a known proxy the last address in
    /// `forwarded` that is not a known proxy itself.
    #[must_use]
    pub fn address(&self, peer: Option<IpAddr>, forwarded: Option<&str>) -> Option<IpAddr> {
        let peer = peer?;
        if !self.0.proxies.contains(&peer) {
            return Some(peer);
        }
        let hops = forwarded.unwrap_or_default().rsplit(',').take(20);
        let hop = hops
            .map_while(|hop| hop.trim().parse::<IpAddr>().ok())
            .find(|hop| !self.0.proxies.contains(hop));
        Some(hop.unwrap_or(peer))
    }

    /// Counts an attempt on an account (by the address typed, known or not) from a network address.
    ///
    /// # Errors
    /// [`Failure::Slow`] with the seconds to wait.
    pub fn attempt(
        &self,
        account: &str,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if let Some(from) = from {
            // A whole IPv6 network of one subscriber counts as one address.
            let network = match from {
                IpAddr::V4(v4) => v4.to_string(),
                IpAddr::V6(v6) => format!("{:x?}", &v6.segments()[..4]),
            };
            let key = key("address", &network);
            self.0.addresses.lock().attempt(key, now).map_err(Failure::Slow)?;
        }
        let key = key("account", &folded(account));
        self.0.accounts.lock().attempt(key, now).map_err(Failure::Slow)
    }

    /// Forgets the attempts on an account, after one that succeeded. Those from the network address
    /// stay: whoever owns one account must not buy free tries at others with it.
    pub fn succeeded(&self, account: &str) {
        self.0.accounts.lock().succeeded(&key("account", &folded(account)));
    }

    /// Runs a hash on a thread that may block, at most a few at a time.
    async fn hashing<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let _waiting = Waiting::enter(&self.0.waiting).ok_or(Failure::Slow(2))?;
        let place = self.0.places.acquire().await;
        let done = tokio::task::spawn_blocking(work).await;
        drop(place);
        done.map_err(|_| Failure::Fault("hashing a password stopped unexpectedly".into()))
    }

    /// Checks a password, in the same time whether or not there is an account.
    ///
    /// # Errors
    /// [`Failure::Slow`] when too many wait.
    pub async fn verify(
        &self,
        login: Login,
        password: String,
    ) -> Result<Option<Verified>, Failure> {
        self.hashing(move || Verified::check(login, &password)).await
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`Failure::Slow`] when too many wait; [`Failure::Refused`] when it cannot be hashed.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Failure> {
        let hash = move || crate::rules::secrets::hash_password(&password, salt);
        Ok(self.hashing(hash).await??)
    }

    /// Remembers that a token was used.
    pub fn token_used(&self, id: TokenId, at: Timestamp) {
        let mut used = self.0.used.lock();
        if used.len() < USED_MAX || used.contains_key(&id) {
            used.insert(id, at);
        }
    }

    /// Writes when tokens were last used; the composition calls it every minute or so, and pages that
    /// show it call it before. Nothing is written when nothing was used.
    ///
    /// # Errors
    /// When the database refuses; what was to be written is then kept.
    pub async fn note_token_use(&self, db: &Db) -> Result<()> {
        let used: Vec<(TokenId, Timestamp)> =
            self.0.used.lock().iter().map(|(id, at)| (*id, *at)).collect();
        if used.is_empty() {
            return Ok(());
        }
        let written = used.clone();
        db.write(move |tx| {
            written.iter().try_for_each(|(id, at)| secret_store::token_used(tx, *id, *at))
        })
        .await?;
        let mut now = self.0.used.lock();
        for (id, at) in used {
            if now.get(&id) == Some(&at) {
                now.remove(&id);
            }
        }
        Ok(())
    }
}

/// The scopes of several rooms' actions, for [`Door::new`].
#[must_use]
pub fn scopes_of(rooms: &[&[kernel::permit::Rule]]) -> Vec<&'static str> {
    let all: Vec<&'static str> =
        rooms.iter().flat_map(|rules| rules.iter().map(|rule| rule.scope)).collect();
    crate::rules::people::offered(&all)
}

/// The typed address as the key of its delays. What is no address is its own key.
fn folded(account: &str) -> String {
    account.trim().to_lowercase().chars().take(300).collect()
}

/// A place in the queue for hashing, given back when dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(count: &'a AtomicUsize) -> Option<Self> {
        if count.fetch_add(1, Ordering::AcqRel) >= WAITING_MAX {
            count.fetch_sub(1, Ordering::AcqRel);
            return None;
        }
        Some(Self(count))
    }
}
impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let door = Door::new(Vec::new(), vec![ip("10.0.0.1"), ip("10.0.0.2")]);
        let from = |peer: &str, forwarded| door.address(Some(ip(peer)), forwarded);
        assert_eq!(from("192.0.2.9", Some("1.2.3.4")), Some(ip("192.0.2.9")));
        assert_eq!(from("10.0.0.1", Some("6.6.6.6, 1.2.3.4, 10.0.0.2")), Some(ip("1.2.3.4")));
        assert_eq!(from("10.0.0.1", Some("nonsense")), Some(ip("10.0.0.1")));
        assert_eq!(from("10.0.0.1", None), Some(ip("10.0.0.1")));
        assert_eq!(door.address(None, Some("1.2.3.4")), None);
    }

    #[test]
    fn attempts_are_slowed_by_account_whether_or_not_it_exists() {
        let door = Door::new(Vec::new(), Vec::new());
        let now = Timestamp(1_000_000_000);
        for _ in 0..5 {
            door.attempt("Nobody@example.com", None, now).unwrap();
        }
        let slow = door.attempt(" nobody@EXAMPLE.com", None, now);
        assert!(matches!(slow, Err(Failure::Slow(2))));
        door.attempt("else@example.com", None, now).unwrap();
        door.succeeded("nobody@example.com");
        door.attempt("nobody@example.com", None, now).unwrap();
    }

    #[test]
    fn attempts_are_slowed_by_network_address() {
        let door = Door::new(Vec::new(), Vec::new());
        let now = Timestamp(1_000_000_000);
        let from = |n: u16| format!("2001:db8::{n:x}").parse::<IpAddr>().ok();
        for n in 0..60 {
            door.attempt(&format!("a{n}@example.com"), from(n), now).unwrap();
        }
        assert!(matches!(door.attempt("z@example.com", from(99), now), Err(Failure::Slow(1))));
        let elsewhere = "2001:db9::1".parse().ok();
        door.attempt("z@example.com", elsewhere, now).unwrap();
    }
}
