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
use platform::http::{Failure, Places};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many passwords are hashed at the same time, each in 19 MiB.
const HASHES_AT_ONCE: usize = 4;
/// How many may wait for a place; further ones are told to come back.
const WAITING_MAX: usize = 64;
/// The most tokens whose last use waits to be written.
const USED_MAX: usize = 10_000;

struct Inner {
    accounts: Mutex<Delays>,
    addresses: Mutex<Delays>,
    places: Places,
    used: Mutex<BTreeMap<TokenId, Timestamp>>,
    scopes: Vec<&'static str>,
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
    /// A door for a deployment whose tokens may have these scopes: those of every room's actions,
    /// see [`scopes_of`].
    #[must_use]
    pub fn new(scopes: Vec<&'static str>) -> Self {
        Self(Arc::new(Inner {
            accounts: Mutex::new(Delays::new(ACCOUNT)),
            addresses: Mutex::new(Delays::new(ADDRESS)),
            places: Places::new(HASHES_AT_ONCE, WAITING_MAX),
            used: Mutex::new(BTreeMap::new()),
            scopes,
        }))
    }

    /// The scopes that tokens may have.
    #[must_use]
    pub fn scopes(&self) -> &[&'static str] {
        &self.0.scopes
    }

    /// Counts an attempt on an account (by the address typed, known or not) from a network address.
    ///
    /// # Errors
    /// [`Failure::Slow`] with the seconds to wait.
    pub fn attempt(
        &self,
        account: &str,
        network: Option<String>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if let Some(network) = network {
            let key = key("network", &network);
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

    /// Checks a password, in the same time whether or not there is an account.
    ///
    /// # Errors
    /// [`Failure::Slow`] when too many wait.
    pub async fn verify(
        &self,
        login: Login,
        password: String,
    ) -> Result<Option<Verified>, Failure> {
        self.0.places.run(move || Verified::check(login, &password)).await
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// [`Failure::Slow`] when too many wait; [`Failure::Refused`] when it cannot be hashed.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> Result<String, Failure> {
        let hash = move || crate::rules::secrets::hash_password(&password, salt);
        Ok(self.0.places.run(hash).await??)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_slowed_by_account_whether_or_not_it_exists() {
        let door = Door::new(Vec::new());
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
        let door = Door::new(Vec::new());
        let now = Timestamp(1_000_000_000);
        let here = || Some("192.0.2.9".to_owned());
        for n in 0..60 {
            door.attempt(&format!("a{n}@example.com"), here(), now).unwrap();
        }
        assert!(matches!(door.attempt("z@example.com", here(), now), Err(Failure::Slow(1))));
        let elsewhere = Some("192.0.2.10".to_owned());
        door.attempt("z@example.com", elsewhere, now).unwrap();
    }
}
