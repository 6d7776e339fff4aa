//! The last checkpoint of each log, kept outside the database.
//!
//! A database restored from a backup is older than what was already promised to somebody. Signing on
//! from there would be a fork: two histories under one key. So each checkpoint is also kept where a
//! restore of the database does not reach, and nothing is signed until the two agree.

use super::{Advance, Journal};
use crate::db::{DbError, Error, Result, Tx};
use kernel::ids::PartyId;
use ledger::{Checkpoint, Hash};
use parking_lot::Mutex;
use std::collections::{BTreeSet, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the last checkpoints are kept.
pub trait Guard: Send + Sync {
    /// The last checkpoint of a log: size and root.
    ///
    /// # Errors
    /// When it cannot be read.
    fn last(&self, log: PartyId) -> Result<Option<(u64, Hash)>>;
    /// Every log of which something is kept.
    ///
    /// # Errors
    /// When it cannot be read.
    fn logs(&self) -> Result<BTreeSet<PartyId>>;
    /// Keeps newer checkpoints, beyond the end of this process; what is not newer is passed over.
    ///
    /// # Errors
    /// When it cannot be written.
    fn advance(&self, advances: &[Advance]) -> Result<()>;
    /// Has what is kept outlive the machine's failure too, where [`Guard::advance`] left that open.
    ///
    /// # Errors
    /// When the disk does not take it.
    fn settle(&self) -> Result<()> {
        Ok(())
    }
    /// Replaces what is kept, after an operator has reconciled a restored database.
    ///
    /// # Errors
    /// When it cannot be written.
    fn replace(&self, log: PartyId, size: u64, root: Hash) -> Result<()>;
}

type Kept = HashMap<PartyId, (u64, Hash)>;

/// What is newer than kept; two sequencers may arrive here in either order.
fn newer<'a>(advances: &'a [Advance], kept: &Kept) -> Vec<&'a Advance> {
    let larger = |a: &&Advance| kept.get(&a.log).is_none_or(|(size, _)| *size < a.checkpoint.size);
    advances.iter().filter(larger).collect()
}

/// In memory, for tests and for databases that live in memory.
#[derive(Debug, Default)]
pub struct MemoryGuard(Mutex<Kept>);

impl Guard for MemoryGuard {
    fn last(&self, log: PartyId) -> Result<Option<(u64, Hash)>> {
        Ok(self.0.lock().get(&log).copied())
    }
    fn logs(&self) -> Result<BTreeSet<PartyId>> {
        Ok(self.0.lock().keys().copied().collect())
    }
    fn advance(&self, advances: &[Advance]) -> Result<()> {
        let mut kept = self.0.lock();
        for a in newer(advances, &kept) {
            kept.insert(a.log, (a.checkpoint.size, a.checkpoint.root));
        }
        Ok(())
    }
    fn replace(&self, log: PartyId, size: u64, root: Hash) -> Result<()> {
        self.0.lock().insert(log, (size, root));
        Ok(())
    }
}

/// A file to which one line per checkpoint is appended: log, size, root. One write per commit, however
/// many logs it touched; the flush to the disk is [`Guard::settle`]. Rewritten short when it grows long.
///
/// A line that a failing machine takes with it leaves the guard behind the database by what was kept in
/// the last moments, which is no fault; only who then restores a copy made in just these moments goes
/// unnoticed.
pub struct FileGuard {
    path: PathBuf,
    state: Mutex<FileState>,
}

struct FileState {
    /// Shared, so that it is flushed while lines are added.
    file: Arc<File>,
    kept: Kept,
    bytes: u64,
}

/// Beyond this length the file is rewritten with the last line of each log.
const FILE_BYTES_MAX: u64 = 4 << 20;

fn outside(what: &str, e: &std::io::Error) -> Error {
    DbError::Outside(format!("the checkpoint guard could not be {what}: {e}")).into()
}

impl FileGuard {
    /// Opens or creates the guard file.
    ///
    /// # Errors
    /// When it cannot be read, or a complete line of it is not a guard line.
    pub fn open(path: &Path) -> Result<Self> {
        let mut file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)
            .map_err(|e| outside("opened", &e))?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(|e| outside("read", &e))?;
        let kept = parse(&text)?;
        if !text.is_empty() && !text.ends_with('\n') {
            // The last write was cut short, by a process or by a machine that ended: the database is at
            // least as far.
            file.write_all(b"\n").map_err(|e| outside("written", &e))?;
        }
        Ok(Self {
            path: path.to_owned(),
            state: Mutex::new(FileState { file: Arc::new(file), kept, bytes: text.len() as u64 }),
        })
    }

    /// What a guard file says, for verification without opening it for writing.
    ///
    /// # Errors
    /// When it cannot be read or is not a guard file.
    pub fn read(path: &Path) -> Result<HashMap<PartyId, (u64, Hash)>> {
        parse(&std::fs::read_to_string(path).map_err(|e| outside("read", &e))?)
    }
}

fn parse(text: &str) -> Result<Kept> {
    let mut kept = Kept::new();
    let complete = text.rfind('\n').map_or(0, |end| end + 1);
    for line in text[..complete].lines() {
        let mut words = line.split(' ');
        let parsed = (|| {
            let log = words.next()?.parse().ok()?;
            let size = words.next()?.parse().ok()?;
            Some((log, (size, words.next()?.parse().ok()?)))
        })();
        match parsed {
            Some((log, checkpoint)) => {
                kept.insert(log, checkpoint);
            }
            // A line cut short by a crash was followed by a new line when the file was next opened.
            None if line.len() < 100 => {}
            None => {
                return Err(DbError::Outside(
                    "the checkpoint guard holds a line that is not a checkpoint".into(),
                )
                .into());
            }
        }
    }
    Ok(kept)
}

fn line(log: PartyId, size: u64, root: Hash) -> String {
    format!("{log} {size} {root}\n")
}

impl FileState {
    fn append(&mut self, text: &str) -> Result<()> {
        (&*self.file).write_all(text.as_bytes()).map_err(|e| outside("written", &e))?;
        self.bytes += text.len() as u64;
        Ok(())
    }
}

fn flush(file: &File) -> Result<()> {
    file.sync_data().map_err(|e| outside("flushed to the disk", &e))
}

impl FileGuard {
    fn shorten(&self, state: &mut FileState) -> Result<()> {
        let text: String =
            state.kept.iter().map(|(log, (size, root))| line(*log, *size, *root)).collect();
        let next = self.path.with_extension("next");
        let written = (|| {
            let mut file = File::create(&next)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&next, &self.path)?;
            if let Some(folder) = self.path.parent() {
                File::open(folder)?.sync_all()?;
            }
            OpenOptions::new().read(true).append(true).open(&self.path)
        })();
        state.file = Arc::new(written.map_err(|e: std::io::Error| outside("rewritten", &e))?);
        state.bytes = text.len() as u64;
        Ok(())
    }
}

impl Guard for FileGuard {
    fn last(&self, log: PartyId) -> Result<Option<(u64, Hash)>> {
        Ok(self.state.lock().kept.get(&log).copied())
    }
    fn logs(&self) -> Result<BTreeSet<PartyId>> {
        Ok(self.state.lock().kept.keys().copied().collect())
    }
    fn advance(&self, advances: &[Advance]) -> Result<()> {
        let mut state = self.state.lock();
        let newer = newer(advances, &state.kept);
        let text: String =
            newer.iter().map(|a| line(a.log, a.checkpoint.size, a.checkpoint.root)).collect();
        // Behind the answers would be too late for a log's first line: a database with a log of which
        // nothing is kept does not start.
        let first = newer.iter().any(|a| !state.kept.contains_key(&a.log));
        state.append(&text)?;
        if first {
            flush(&state.file)?;
        }
        for a in newer {
            state.kept.insert(a.log, (a.checkpoint.size, a.checkpoint.root));
        }
        if state.bytes > FILE_BYTES_MAX { self.shorten(&mut state) } else { Ok(()) }
    }
    fn settle(&self) -> Result<()> {
        // Not under the lock: lines are added meanwhile.
        let file = self.state.lock().file.clone();
        flush(&file)
    }
    fn replace(&self, log: PartyId, size: u64, root: Hash) -> Result<()> {
        let mut state = self.state.lock();
        state.append(&line(log, size, root))?;
        state.kept.insert(log, (size, root));
        flush(&state.file)
    }
}

/// An object per log in an object store, replaced only if nobody else replaced it meanwhile.
pub struct ObjectGuard {
    store: Arc<dyn object_store::ObjectStore>,
    prefix: String,
    runtime: Mutex<tokio::runtime::Runtime>,
}

impl ObjectGuard {
    /// A guard in this store, under `prefix/guard/`.
    ///
    /// # Errors
    /// When no runtime can be made.
    pub fn new(store: Arc<dyn object_store::ObjectStore>, prefix: &str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| outside("started", &e))?;
        Ok(Self { store, prefix: prefix.to_owned(), runtime: Mutex::new(runtime) })
    }

    fn path(&self, log: PartyId) -> object_store::path::Path {
        object_store::path::Path::from(format!("{}/guard/{log}", self.prefix))
    }

    fn read(&self, log: PartyId) -> Result<Option<((u64, Hash), object_store::UpdateVersion)>> {
        use object_store::ObjectStoreExt as _;
        let failed = |e: object_store::Error| kept_fails(&e);
        self.runtime.lock().block_on(async {
            let got = match self.store.get(&self.path(log)).await {
                Ok(got) => got,
                Err(object_store::Error::NotFound { .. }) => return Ok(None),
                Err(e) => return Err(failed(e)),
            };
            let version = object_store::UpdateVersion {
                e_tag: got.meta.e_tag.clone(),
                version: got.meta.version.clone(),
            };
            let text = got.bytes().await.map_err(failed)?;
            let kept = parse(&String::from_utf8_lossy(&text))?;
            kept.get(&log).map(|kept| Some((*kept, version))).ok_or_else(|| {
                DbError::Outside("the checkpoint guard holds no checkpoint".into()).into()
            })
        })
    }

    fn put(
        &self,
        log: PartyId,
        size: u64,
        root: Hash,
        mode: object_store::PutMode,
    ) -> object_store::Result<()> {
        let body = line(log, size, root).into_bytes();
        self.runtime
            .lock()
            .block_on(self.store.put_opts(&self.path(log), body.into(), mode.into()))
            .map(|_| ())
    }

    /// Moves one log on, if nobody is further. Whoever loses a race against another sequencer looks
    /// again at what is kept then.
    fn advance_one(&self, a: &Advance) -> Result<()> {
        use object_store::Error::{AlreadyExists, Precondition};
        for _ in 0..RACES_MAX {
            let mode = match self.read(a.log)? {
                None => object_store::PutMode::Create,
                Some(((size, _), _)) if size >= a.checkpoint.size => return Ok(()),
                Some((_, version)) => object_store::PutMode::Update(version),
            };
            match self.put(a.log, a.checkpoint.size, a.checkpoint.root, mode) {
                Ok(()) => return Ok(()),
                Err(AlreadyExists { .. } | Precondition { .. }) => {}
                Err(e) => return Err(kept_fails(&e)),
            }
        }
        Err(DbError::Outside("the checkpoint guard is moved by too many at once".into()).into())
    }
}

/// Races that one advance may lose in a row.
const RACES_MAX: usize = 20;

fn kept_fails(e: &object_store::Error) -> Error {
    DbError::Outside(format!("the checkpoint guard: {e}")).into()
}

impl Guard for ObjectGuard {
    fn last(&self, log: PartyId) -> Result<Option<(u64, Hash)>> {
        Ok(self.read(log)?.map(|(kept, _)| kept))
    }
    fn logs(&self) -> Result<BTreeSet<PartyId>> {
        use futures_util::TryStreamExt as _;
        let folder = object_store::path::Path::from(format!("{}/guard", self.prefix));
        let listed = self.store.list(Some(&folder)).try_collect::<Vec<_>>();
        let listed = self.runtime.lock().block_on(listed).map_err(|e| kept_fails(&e))?;
        Ok(listed.iter().filter_map(|o| o.location.filename()?.parse().ok()).collect())
    }
    fn advance(&self, advances: &[Advance]) -> Result<()> {
        advances.iter().try_for_each(|a| self.advance_one(a))
    }
    fn replace(&self, log: PartyId, size: u64, root: Hash) -> Result<()> {
        self.put(log, size, root, object_store::PutMode::Overwrite).map_err(|e| kept_fails(&e))
    }
}

/// A guard elsewhere, which several servers may share, beside the file of this one, which verification
/// reads without a network. Either may lag behind; what is kept is the further of the two.
pub struct SharedGuard {
    file: FileGuard,
    shared: Box<dyn Guard>,
}

impl SharedGuard {
    /// Both.
    #[must_use]
    pub const fn new(file: FileGuard, shared: Box<dyn Guard>) -> Self {
        Self { file, shared }
    }
}

impl Guard for SharedGuard {
    fn last(&self, log: PartyId) -> Result<Option<(u64, Hash)>> {
        let (here, there) = (self.file.last(log)?, self.shared.last(log)?);
        Ok(here.into_iter().chain(there).max_by_key(|(size, _)| *size))
    }
    fn logs(&self) -> Result<BTreeSet<PartyId>> {
        Ok(self.file.logs()?.into_iter().chain(self.shared.logs()?).collect())
    }
    fn advance(&self, advances: &[Advance]) -> Result<()> {
        self.shared.advance(advances)?;
        self.file.advance(advances)
    }
    fn settle(&self) -> Result<()> {
        self.shared.settle()?;
        self.file.settle()
    }
    fn replace(&self, log: PartyId, size: u64, root: Hash) -> Result<()> {
        self.shared.replace(log, size, root)?;
        self.file.replace(log, size, root)
    }
}

fn present(tx: &mut Tx<'_>) -> Result<Vec<(PartyId, String)>> {
    tx.query("SELECT log, checkpoint FROM journal_log WHERE size > 0 ORDER BY log", &[])?
        .iter()
        .map(|row| Ok((row.get("log")?, row.get("checkpoint")?)))
        .collect()
}

/// Logs of which something was promised and of which the database knows nothing.
fn missing(guard: &dyn Guard, present: &[(PartyId, String)]) -> Result<Vec<(PartyId, u64)>> {
    let mut missing = Vec::new();
    for log in guard.logs()?.into_iter().filter(|log| present.iter().all(|(p, _)| p != log)) {
        match guard.last(log)? {
            // An operator took back what had been promised: nothing is.
            None | Some((0, _)) => {}
            Some((size, _)) => missing.push((log, size)),
        }
    }
    Ok(missing)
}

fn opened(journal: &Journal, log: PartyId, signed: &str) -> Result<Checkpoint> {
    let verifier = journal.signer(log)?.verifier().clone();
    Checkpoint::open(signed.as_bytes(), &journal.origin(log), &[verifier]).map_err(|e| {
        DbError::Outside(format!(
            "The last checkpoint of {log} is not signed by this deployment's key ({e}). Is this the right key file?"
        ))
        .into()
    })
}

/// Refuses a database that is older than its guard.
pub(super) fn check(journal: &Journal, guard: &dyn Guard, tx: &mut Tx<'_>) -> Result<()> {
    let present = present(tx)?;
    if let Some((log, size)) = missing(guard, &present)?.first() {
        return Err(disagrees(
            *log,
            &format!(
                "{size} entries were promised and the database has none: it was restored from an older copy"
            ),
        ));
    }
    for (log, signed) in present {
        let now = opened(journal, log, &signed)?;
        let problem = match guard.last(log)? {
            None => Some("nothing is kept for it, so nobody can tell whether this database is older than what was promised".to_owned()),
            Some((size, _)) if size > now.size => Some(format!(
                "{size} entries were promised and the database has {}: it was restored from an older copy",
                now.size
            )),
            Some((size, root)) => {
                let then = super::proofs::root_at(tx, log, size, now.size)?;
                (then != root).then(|| "its entries are not those that were promised: the log was rewritten".to_owned())
            }
        };
        if let Some(problem) = problem {
            return Err(disagrees(log, &problem));
        }
    }
    Ok(())
}

fn disagrees(log: PartyId, problem: &str) -> Error {
    DbError::Outside(format!(
        "The log of {log} does not agree with the checkpoint kept outside the database: {problem}. \
         Nothing was changed. Restore the right database, or, if you restored this one knowingly, run `tickmark doctor --accept-restored`."
    ))
    .into()
}

/// Takes the database's present state as the truth.
pub(super) fn reconcile(
    journal: &Journal,
    guard: &dyn Guard,
    tx: &mut Tx<'_>,
) -> Result<Vec<String>> {
    let mut said = Vec::new();
    let present = present(tx)?;
    for (log, size) in missing(guard, &present)? {
        said.push(format!("{log}: the guard held {size} entries; the database has none of them"));
        guard.replace(log, 0, ledger::empty_root())?;
    }
    for (log, signed) in present {
        let now = opened(journal, log, &signed)?;
        let before = guard.last(log)?;
        if before != Some((now.size, now.root)) {
            let was = before.map_or("nothing".to_owned(), |(size, root)| {
                format!("{size} entries, root {root}")
            });
            said.push(format!(
                "{log}: the guard held {was}; it now holds {} entries, root {}",
                now.size, now.root
            ));
            guard.replace(log, now.size, now.root)?;
        }
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Timestamp;

    fn advance(size: u64) -> Advance {
        let root = ledger::leaf_hash(&size.to_be_bytes());
        let origin = "test.example/log".to_owned();
        let tail = super::super::sequencer::Tail::empty();
        Advance {
            log: PartyId::new(Timestamp(0), 1),
            checkpoint: Checkpoint { origin, size, root, extensions: Vec::new() },
            signed: String::new(),
            tail: Arc::new(tail),
        }
    }

    #[test]
    fn sequencers_that_race_never_take_the_guard_back() {
        let store: Arc<dyn object_store::ObjectStore> =
            Arc::new(object_store::memory::InMemory::new());
        std::thread::scope(|scope| {
            for first in 1..=4 {
                let store = store.clone();
                scope.spawn(move || {
                    let guard = ObjectGuard::new(store, "logs").unwrap();
                    let mut before = 0;
                    for size in (first..200).step_by(4) {
                        guard.advance(&[advance(size)]).unwrap();
                        let now = guard.last(advance(1).log).unwrap().unwrap().0;
                        assert!(now >= size && now >= before, "{now} after {size} and {before}");
                        before = now;
                    }
                });
            }
        });
        let guard = ObjectGuard::new(store, "logs").unwrap();
        let log = advance(1).log;
        assert_eq!(guard.last(log).unwrap(), Some((199, advance(199).checkpoint.root)));
        guard.replace(log, 5, advance(5).checkpoint.root).unwrap();
        assert_eq!(guard.last(log).unwrap().unwrap().0, 5, "an operator may set it back");
    }
}
