//! SQLite: one writer thread with group commit, several readers.
//!
//! Commands wait in a queue. The writer takes as many as are waiting, runs them one after the other
//! inside one transaction (each in a savepoint of its own as soon as one of them is refused), signs the new
//! state of their trees, commits once, and hands the answers to the guard thread. That one flushes SQLite's
//! write-ahead log, then keeps the new checkpoints outside the database, and only then answers
//! (`durable.rs`). While it waits for the disk, the writer already runs the next group; what was committed
//! meanwhile shares one flush.

use super::conn::Inner;
use super::durable::{self, Group};
use super::{Conn, DbError, Error, Migration, Result, Tx, migrate, wal};
use crate::journal::{self, Journal, Trees};
use parking_lot::{Condvar, Mutex};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// At most this many commands share one commit, so that the first does not wait too long.
const GROUP_MAX: usize = 512;
/// Commands that may wait for the writer; beyond it, callers wait at the door.
const QUEUE_MAX: usize = 16_384;
/// Connections for readers.
const READERS_MAX: usize = 8;
/// Pages that the writer keeps: as many as a large group changes. Not many more, because SQLite walks its
/// whole table of pages at the end of almost every commit (a page that is given another number on the way
/// leaves a high number behind, down to which the table is cut back): 8 % of the writer's time at twice
/// this size.
const WRITER_CACHE_KIB: u32 = 16_384;
/// Pages that each reader keeps. Few, because the system keeps the file's pages for all of them once.
const READER_CACHE_KIB: u32 = 2_048;
/// Prepared statements kept per connection.
const STATEMENTS_MAX: usize = 400;

/// A command on its way through the writer.
pub(super) trait Job: Send {
    /// Runs it; `false` rolls its savepoint back.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// What tells whoever prepares the answer that it is committed, though not yet durable.
    fn prepares(&mut self, _trees: &Trees) -> Option<Box<dyn FnOnce()>> {
        None
    }
    /// Answers the caller; `failed` when the group did not become durable.
    fn answer(self: Box<Self>, failed: Option<&str>);
}

/// A command whose caller waits for its end alone.
struct Typed<T, F, A> {
    f: F,
    dry: bool,
    result: Option<Result<T>>,
    answer: Option<A>,
}

/// The result of a command, also of one that panics.
fn caught<T>(tx: &mut Tx<'_>, f: &mut impl FnMut(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(|| f(tx)))
        .unwrap_or_else(|_| Err(DbError::Stopped("a command stopped unexpectedly").into()))
}

/// What a caller is told in the end.
fn ended<T>(failed: Option<&str>, result: Option<Result<T>>) -> Result<T> {
    match (failed, result) {
        (Some(why), Some(Ok(_)) | None) => Err(DbError::Outside(why.to_owned()).into()),
        (_, Some(result)) => result,
        (None, None) => Err(DbError::Stopped("the command was not run").into()),
    }
}

impl<T, F, A> Job for Typed<T, F, A>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send,
    A: FnOnce(Result<T>) + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = caught(tx, &mut self.f);
        let keep = result.is_ok() && !self.dry;
        self.result = Some(result);
        keep
    }
    fn answer(mut self: Box<Self>, failed: Option<&str>) {
        let result = ended(failed, self.result.take());
        if let Some(answer) = self.answer.take() {
            answer(result);
        }
    }
}

/// A command whose answer is prepared while the disk is flushed.
struct Staged<T, F> {
    f: F,
    result: Option<Result<T>>,
    committed: Option<oneshot::Sender<(T, Trees)>>,
    durable: oneshot::Sender<Result<()>>,
}

impl<T, F> Job for Staged<T, F>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = caught(tx, &mut self.f);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }
    fn prepares(&mut self, trees: &Trees) -> Option<Box<dyn FnOnce()>> {
        let kept = self.result.take_if(|result| result.is_ok())?.ok()?;
        let (committed, trees) = (self.committed.take()?, trees.clone());
        Some(Box::new(move || {
            let _ = committed.send((kept, trees));
        }))
    }
    fn answer(mut self: Box<Self>, failed: Option<&str>) {
        let told = self.committed.is_none();
        let result = self.result.take().map(|result| result.map(|_| ()));
        let _ = self.durable.send(ended(failed, result.or(told.then_some(Ok(())))));
    }
}

pub(super) struct Sqlite {
    path: PathBuf,
    secret: [u8; 32],
    queue: Option<SyncSender<Box<dyn Job>>>,
    crowd: Arc<AtomicU32>,
    readers: Mutex<Vec<Connection>>,
    reader_free: Condvar,
    threads: Vec<JoinHandle<()>>,
    /// Flushes of the log; what the tests count.
    #[cfg_attr(not(test), expect(dead_code, reason = "counted by the tests"))]
    flushed: Arc<wal::Flush>,
}

// Temporary stores stay where SQLite puts them: with `temp_store = MEMORY` what a savepoint needs to
// take pages back is a list in memory that every statement walks from its beginning, and an import of
// 2,000 rows spent more than half its time there.
fn configure(conn: &Connection, cache_kib: u32) -> Result<()> {
    // A plan depends on the statement alone. Otherwise a statement whose plan a bound value could
    // sway is prepared anew each time it is run, which was a fifth of a submission.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    conn.busy_timeout(std::time::Duration::from_secs(10))?;
    // What is deleted or replaced is overwritten where its page is written anyway: a destroyed key does
    // not stay behind in the file.
    conn.execute_batch("PRAGMA secure_delete = FAST")?;
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -{cache_kib};
         PRAGMA trusted_schema = OFF;",
    ))?;
    Ok(())
}

impl Sqlite {
    pub(super) fn open(
        path: &Path,
        migrations: &[Migration],
        journal: Arc<Journal>,
    ) -> Result<Self> {
        let mut writer = Connection::open(path)?;
        configure(&writer, WRITER_CACHE_KIB)?;
        writer.execute_batch("PRAGMA journal_mode = WAL")?;
        writer.execute_batch("BEGIN IMMEDIATE")?;
        let prepared = (|| {
            let mut tx = Tx::new(Inner::Sqlite(&writer));
            migrate::migrate(&mut tx, migrations)?;
            journal.check_guard(&mut tx)
        })();
        writer.execute_batch(if prepared.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
        prepared?;
        // From here on the guard thread flushes the log of each commit, so that the writer need not wait.
        // SQLite still flushes where the log begins again and where pages leave it.
        writer.execute_batch("PRAGMA synchronous = NORMAL")?;
        let flushed = Arc::new(wal::Flush::open(path)?);
        let flushes = flushed.clone();
        let readers = (0..READERS_MAX).map(|_| Self::reader(path)).collect::<Result<Vec<_>>>()?;
        let moves = Connection::open(path)?;
        configure(&moves, READER_CACHE_KIB)?;
        let mover = wal::keep_short(&mut writer, moves, wal::LENGTHS)?;
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(QUEUE_MAX);
        let (done, groups) = channel::<Group>();
        let (keep, kept) = sync_channel(1);
        let (keeper, settler, secret) = (journal.clone(), journal.clone(), journal.secret());
        let crowd = Arc::new(AtomicU32::new(1));
        let last = crowd.clone();
        let threads = vec![
            spawn("tickmark-writer", move || write_loop(&writer, &jobs, &done, &journal, &last))?,
            spawn("tickmark-settle", move || durable::settle_loop(&kept, &settler))?,
            spawn("tickmark-guard", move || {
                durable::guard_loop(&groups, &flushes, &keeper, &keep)
            })?,
            spawn("tickmark-wal", move || mover.run())?,
        ];
        Ok(Self {
            path: path.to_owned(),
            secret,
            queue: Some(queue),
            crowd,
            readers: Mutex::new(readers),
            reader_free: Condvar::new(),
            threads,
            flushed,
        })
    }

    /// How many commands shared the last commit.
    pub(super) fn crowd(&self) -> u32 {
        self.crowd.load(Ordering::Relaxed)
    }

    fn reader(path: &Path) -> Result<Connection> {
        let conn = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        configure(&conn, READER_CACHE_KIB)?;
        conn.execute_batch("PRAGMA query_only = ON")?;
        Ok(conn)
    }

    pub(super) fn read<T>(&self, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        let conn = {
            let mut readers = self.readers.lock();
            loop {
                if let Some(conn) = readers.pop() {
                    break conn;
                }
                self.reader_free.wait(&mut readers);
            }
        };
        let result = catch_unwind(AssertUnwindSafe(|| {
            conn.prepare_cached("BEGIN")?.execute([])?;
            let secret = Some(self.secret);
            let result = f(&mut Conn { inner: Inner::Sqlite(&conn), secret });
            conn.prepare_cached("ROLLBACK")?.execute([])?;
            result
        }));
        // A reader that stopped midway is replaced, so that no half-open transaction lives on.
        let conn = if result.is_ok() { conn } else { Self::reader(&self.path)? };
        self.readers.lock().push(conn);
        self.reader_free.notify_one();
        result.unwrap_or_else(|_| Err(DbError::Stopped("a reader stopped unexpectedly").into()))
    }

    fn send(&self, job: impl Job + 'static) -> Result<()> {
        self.queue
            .as_ref()
            .and_then(|queue| queue.send(Box::new(job)).ok())
            .ok_or_else(|| DbError::Stopped("the writer").into())
    }

    pub(super) async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let answer = Some(move |result| {
            let _ = answer.send(result);
        });
        self.send(Typed { f, dry: false, result: None, answer })?;
        answered.await.map_err(|_| DbError::Stopped("the writer"))?
    }

    pub(super) async fn write_preparing<T, U, F, P>(&self, f: F, prepare: P) -> Result<U>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
        P: FnOnce(T, &Trees) -> Result<U>,
    {
        let (committed, value) = oneshot::channel();
        let (durable, ended) = oneshot::channel();
        self.send(Staged { f, result: None, committed: Some(committed), durable })?;
        // A command that is refused or lost ends without having been committed.
        let prepared = value.await.ok().map(|(value, trees)| prepare(value, &trees));
        ended.await.map_err(|_| DbError::Stopped("the writer"))??;
        prepared.ok_or(DbError::Stopped("the writer"))?
    }

    pub(super) fn write_blocking<T, F>(&self, f: F, dry: bool) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = channel();
        let answer = Some(move |result| {
            let _ = answer.send(result);
        });
        self.send(Typed { f, dry, result: None, answer })?;
        answered.recv().map_err(|_| Error::from(DbError::Stopped("the writer")))?
    }

    pub(super) fn copy_to(&self, path: &Path) -> Result<()> {
        let source = Connection::open(&self.path)?;
        source.execute("VACUUM INTO ?1", [path.to_string_lossy().as_ref()])?;
        Ok(())
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // The last handle may be dropped by one of these threads itself.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

fn spawn(name: &str, f: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(f)
        .map_err(|e| DbError::Outside(format!("a thread could not be started: {e}")).into())
}

fn write_loop(
    conn: &Connection,
    jobs: &Receiver<Box<dyn Job>>,
    done: &Sender<Group>,
    journal: &Arc<Journal>,
    crowd: &AtomicU32,
) {
    while let Ok(first) = jobs.recv() {
        let mut group = vec![first];
        while group.len() < GROUP_MAX {
            match jobs.try_recv() {
                Ok(job) => group.push(job),
                Err(_) => break,
            }
        }
        crowd.store(u32::try_from(group.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
        match commit_group(conn, &mut group, journal) {
            Ok(trees) => {
                let prepares: Vec<_> =
                    group.iter_mut().filter_map(|job| job.prepares(&trees)).collect();
                if let Err(lost) = done.send(Group { jobs: group, trees }) {
                    // Nothing can be made durable any more, so nothing more is taken in.
                    durable::fail(lost.0.jobs, "the guard thread has stopped");
                    return;
                }
                for tell in prepares {
                    tell();
                }
            }
            Err(e) => {
                let _ = conn.execute_batch("ROLLBACK");
                durable::fail(group, &e.to_string());
            }
        }
    }
}

fn commit_group(
    conn: &Connection,
    group: &mut [Box<dyn Job>],
    journal: &Arc<Journal>,
) -> Result<Trees> {
    let step = |sql: &str| -> Result<()> {
        conn.prepare_cached(sql)?.execute([])?;
        Ok(())
    };
    // Almost every command goes through, and a savepoint costs a copy of each page that is changed
    // under it: so a group first runs without any, and once more from the start if one is refused.
    step("BEGIN IMMEDIATE")?;
    let mut trees = journal::Group::new(journal.clone());
    if all_kept(conn, group, &mut trees)? {
        return close_group(conn, trees, journal);
    }
    step("ROLLBACK")?;
    if group.len() == 1 {
        return Ok(Trees::default());
    }
    step("BEGIN IMMEDIATE")?;
    let mut trees = journal::Group::new(journal.clone());
    for job in group.iter_mut() {
        step("SAVEPOINT command")?;
        let mut tx = Tx::in_group(Inner::Sqlite(conn), &mut trees);
        if job.run(&mut tx) {
            let appended = tx.effects;
            step("RELEASE command")?;
            trees.keep(&mut Tx::new(Inner::Sqlite(conn)), appended)?;
        } else {
            step("ROLLBACK TO command")?;
            step("RELEASE command")?;
        }
    }
    close_group(conn, trees, journal)
}

/// Runs the commands one after the other; stops at the first that is not to be kept.
fn all_kept(
    conn: &Connection,
    group: &mut [Box<dyn Job>],
    trees: &mut journal::Group,
) -> Result<bool> {
    for job in group {
        let mut tx = Tx::in_group(Inner::Sqlite(conn), trees);
        if !job.run(&mut tx) {
            return Ok(false);
        }
        let appended = tx.effects;
        trees.keep(&mut Tx::new(Inner::Sqlite(conn)), appended)?;
    }
    Ok(true)
}

/// Signs the new state of the group's trees and commits.
fn close_group(conn: &Connection, trees: journal::Group, journal: &Journal) -> Result<Trees> {
    let advances = trees.seal(&mut Tx::new(Inner::Sqlite(conn)))?;
    conn.prepare_cached("COMMIT")?.execute([])?;
    journal.committed(&advances);
    Ok(Trees::new(advances))
}

/// Runs a closure over an empty database in memory that has the given schema: for replays.
///
/// # Errors
/// Whatever the closure returns, or when a migration fails.
pub fn in_memory<T>(
    migrations: &[Migration],
    f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let conn = Connection::open_in_memory()?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN")?;
    let mut tx = Tx::new(Inner::Sqlite(&conn));
    migrate::migrate(&mut tx, migrations)?;
    f(&mut tx)
}

/// Reads a SQLite file without changing it: for verification.
///
/// # Errors
/// When it cannot be opened, or whatever the closure returns.
pub fn read_only<T>(path: &Path, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
    let conn = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    conn.execute_batch("BEGIN")?;
    f(&mut Conn { inner: Inner::Sqlite(&conn), secret: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::MemoryGuard;

    fn journal() -> Journal {
        Journal::new("test.example", [3; 32], Box::new(MemoryGuard::default()))
    }

    #[test]
    fn each_answer_comes_after_a_flush_of_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flushed.db");
        let db = Sqlite::open(&path, crate::MIGRATIONS, Arc::new(journal())).unwrap();
        for n in 1..=3_u64 {
            let before = db.flushed.count();
            db.write_blocking(|_| Ok(()), false).unwrap();
            assert!(db.flushed.count() > before, "command {n}");
        }
        drop(db);
        assert!(wal::Flush::open(&folder.path().join("none.db")).is_err());
    }
}
