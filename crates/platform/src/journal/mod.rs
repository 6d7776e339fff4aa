//! The one write path.
//!
//! A command appends events to its party's log and each event is applied to its room's tables, in one
//! transaction. With the commit the entries have their places in the party's tree (on PostgreSQL an
//! elected sequencer gives them theirs soon after), and a signed checkpoint, which is also kept outside
//! the database.
//!
//! | file | holds |
//! |---|---|
//! | `record.rs` | [`record`]: append and apply; [`once`]: idempotency keys |
//! | `sequencer.rs` | places in the tree, tiles, checkpoints |
//! | `group.rs` | places given at once, where there is one writer |
//! | `proofs.rs` | inclusion proofs and receipts from stored entries and tiles |
//! | `guard.rs` | the last checkpoint, outside the database |
//! | `replay.rs` | the whole log played into an empty database, compared with the live tables |

mod group;
mod guard;
mod proofs;
mod record;
mod replay;
mod sequencer;

pub(crate) use group::Group;
pub use guard::{FileGuard, Guard, MemoryGuard, ObjectGuard, SharedGuard};
pub use proofs::{Proof, proof_of, proof_of_first, proof_of_leaf, root_at, tile};
pub use record::{
    Expected, Origin, PAYLOAD_BYTES_MAX, Project, Room, each_payload, entries_between, erase,
    history, keep_told, once, record, size_of, subjects_after, totals, version_of,
};
pub use replay::{Finding, Report, verify_entries, verify_replay};

use crate::db::{DbError, Result, Tx};
use kernel::ids::PartyId;
use ledger::{Checkpoint, Hash, Signer};
use parking_lot::{Condvar, Mutex};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// An entry as a command has just appended it.
#[derive(Debug, Clone)]
pub struct Appended {
    /// The log.
    pub log: PartyId,
    /// The exact bytes of the entry.
    pub entry: Vec<u8>,
    /// Its place in the tree, where it is known with the commit.
    pub place: Option<u64>,
}

/// What a command appended: the leaf hashes of its entries by log, in their order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Pending {
    logs: BTreeMap<PartyId, Vec<Hash>>,
    last: Option<Appended>,
}

impl Pending {
    /// How many entries of a log.
    pub(crate) fn of(&self, log: PartyId) -> usize {
        self.logs.get(&log).map_or(0, Vec::len)
    }
    pub(crate) fn push(&mut self, appended: Appended, leaf: Hash) {
        self.logs.entry(appended.log).or_default().push(leaf);
        self.last = Some(appended);
    }
    pub(crate) const fn last(&self) -> Option<&Appended> {
        self.last.as_ref()
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.logs.is_empty()
    }
}

/// A log's tree has grown: the new checkpoint, to be kept by the guard.
#[derive(Debug, Clone)]
pub struct Advance {
    /// The log.
    pub log: PartyId,
    /// Size and root after the commit.
    pub checkpoint: Checkpoint,
    /// The signed note.
    pub signed: String,
    pub(crate) tail: Arc<sequencer::Tail>,
}

/// The trees that a commit extended, as it left them. What is proven in them is older than what any
/// later commit signs, so it may be told as soon as this commit is durable.
#[derive(Debug, Clone, Default)]
pub struct Trees(Arc<Vec<Advance>>);

impl Trees {
    pub(crate) fn new(advances: Vec<Advance>) -> Self {
        Self(Arc::new(advances))
    }
    pub(crate) fn advances(&self) -> &[Advance] {
        &self.0
    }
    fn of(&self, log: PartyId) -> Option<&Advance> {
        self.0.iter().find(|advance| advance.log == log)
    }
}

/// The journal of one deployment: its signing key, its guard, and what it remembers of the trees.
pub struct Journal {
    name: String,
    seed: [u8; 32],
    secret: [u8; 32],
    guard: Box<dyn Guard>,
    signers: Mutex<HashMap<PartyId, Arc<Signer>>>,
    tails: Mutex<HashMap<PartyId, Arc<sequencer::Tail>>>,
    published: Mutex<HashMap<PartyId, Arc<sequencer::Tail>>>,
    woken: Mutex<bool>,
    wake: Condvar,
    accept: bool,
    accepted: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("name", &self.name).finish_non_exhaustive()
    }
}

fn deployment_secret(seed: &[u8; 32]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(b"tickmark deployment secret v1\0");
    hash.update(seed);
    hash.finalize().into()
}

impl Journal {
    /// A journal whose logs have origins `name/pty_…` and keys derived from `seed` (32 secret bytes
    /// of the deployment, kept outside the database).
    #[must_use]
    pub fn new(name: &str, seed: [u8; 32], guard: Box<dyn Guard>) -> Self {
        Self {
            name: name.to_owned(),
            seed,
            secret: deployment_secret(&seed),
            guard,
            signers: Mutex::new(HashMap::new()),
            tails: Mutex::new(HashMap::new()),
            published: Mutex::new(HashMap::new()),
            woken: Mutex::new(false),
            wake: Condvar::new(),
            accept: false,
            accepted: Mutex::new(Vec::new()),
        }
    }

    /// The origin of a party's log: what its checkpoints are signed under.
    #[must_use]
    pub fn origin(&self, log: PartyId) -> String {
        format!("{}/{log}", self.name)
    }

    /// The signer of a party's log.
    ///
    /// # Errors
    /// When the deployment's name cannot be a key name.
    pub fn signer(&self, log: PartyId) -> Result<Arc<Signer>> {
        use sha2::{Digest, Sha256};
        // Deriving a key costs as much as signing with it.
        if let Some(signer) = self.signers.lock().get(&log) {
            return Ok(signer.clone());
        }
        // One key per log, so that a log can be handed over whole without the others' keys.
        let mut hash = Sha256::new();
        hash.update(b"tickmark log key v1\0");
        hash.update(self.seed);
        hash.update(log.to_string().as_bytes());
        let signer = Signer::from_seed(&self.origin(log), hash.finalize().into())
            .map_err(|e| DbError::Outside(format!("the log's signing key: {e}")))?;
        let signer = Arc::new(signer);
        self.signers.lock().insert(log, signer.clone());
        Ok(signer)
    }

    /// A secret of the deployment apart from the logs' keys, from which keys for other purposes
    /// follow. Like them it is never in the database.
    pub(crate) const fn secret(&self) -> [u8; 32] {
        self.secret
    }

    /// The key with which anybody verifies a party's log.
    ///
    /// # Errors
    /// As [`Journal::signer`].
    pub fn vkey(&self, log: PartyId) -> Result<String> {
        Ok(self.signer(log)?.vkey())
    }

    /// Keeps new checkpoints outside the database, before anybody is answered. From then on they
    /// outlive the process; the machine's failure once [`Journal::settle`] has returned.
    pub(crate) fn guard(&self, advances: &[Advance]) -> Result<()> {
        if advances.is_empty() {
            return Ok(());
        }
        self.guard.advance(advances)?;
        self.publish(advances);
        Ok(())
    }

    /// Has what the guard keeps outlive the machine's failure.
    pub(crate) fn settle(&self) -> Result<()> {
        self.guard.settle()
    }

    /// Remembers the trees' right edges after a commit.
    pub(crate) fn committed(&self, advances: &[Advance]) {
        let mut tails = self.tails.lock();
        for advance in advances {
            tails.insert(advance.log, advance.tail.clone());
        }
    }

    /// Tells the sequencer that entries wait for their place.
    pub(crate) fn wake(&self, pending: &Pending) {
        if !pending.is_empty() {
            *self.woken.lock() = true;
            self.wake.notify_all();
        }
    }

    /// Waits until entries wait for their place, or `at_most` has passed.
    pub fn wait(&self, at_most: std::time::Duration) {
        let mut woken = self.woken.lock();
        if !*woken {
            self.wake.wait_for(&mut woken, at_most);
        }
        *woken = false;
    }

    /// The same journal, taking the database's present state as the truth when it is opened: for an
    /// operator who restored a backup knowingly.
    #[must_use]
    pub fn accepting_restored(mut self) -> Self {
        self.accept = true;
        self
    }

    /// What the guard held before a restored database was accepted, in sentences.
    #[must_use]
    pub fn accepted(&self) -> Vec<String> {
        self.accepted.lock().clone()
    }

    /// Compares every log with the checkpoint kept outside the database; refuses to go on when the
    /// database is older than what was promised.
    pub(crate) fn check_guard(&self, tx: &mut Tx<'_>) -> Result<()> {
        if self.accept {
            *self.accepted.lock() = guard::reconcile(self, &*self.guard, tx)?;
            return Ok(());
        }
        guard::check(self, &*self.guard, tx)
    }
}
