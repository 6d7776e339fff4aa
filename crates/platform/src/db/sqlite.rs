//! SQLite: one writer thread with group commit, several readers.
//!
//! Commands wait in a queue. The writer (`writer.rs`) runs those of a group one after the other inside one
//! transaction (each in a savepoint of its own as soon as one of them is refused), signs the new state of
//! their trees, commits once, and hands the answers to the guard thread. That one flushes SQLite's
//! write-ahead log, then keeps the new checkpoints outside the database, and only then answers
//! (`durable.rs`). While it waits for the disk, the writer already runs the next group.

use super::conn::Inner;
use super::crowd::Crowd;
use super::durable::{self, Disk, Group, Keeper};
use super::writer::{Job, Message, Staged, Typed, Writer};
use super::{Conn, DbError, Error, Migration, Result, Tx, migrate, wal};
use crate::journal::{Journal, Trees};
use parking_lot::{Condvar, Mutex};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Commands that may wait for the writer; beyond it, callers wait at the door.
const QUEUE_MAX: usize = 16_384;
/// Connections for readers.
const READERS_MAX: usize = 8;
/// Pages that the writer keeps: as many as a large group changes. Not many more, because SQLite walks its
/// whole table of pages at the end of almost every commit (a page that is given another number on the way
/// leaves a high number behind, down to which the table is cut back), and the system keeps the file's pages
/// anyway.
const WRITER_CACHE_KIB: u32 = 8_192;
/// Pages that each reader keeps. Few, because the system keeps the file's pages for all of them once.
const READER_CACHE_KIB: u32 = 1_024;
/// Prepared statements kept per connection.
const STATEMENTS_MAX: usize = 400;

pub(super) struct Sqlite {
    path: PathBuf,
    secret: [u8; 32],
    queue: SyncSender<Message>,
    crowd: Arc<Crowd>,
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
        let readers = (0..READERS_MAX).map(|_| Self::reader(path)).collect::<Result<Vec<_>>>()?;
        let moves = Connection::open(path)?;
        configure(&moves, READER_CACHE_KIB)?;
        let mover = wal::keep_short(&mut writer, moves, wal::LENGTHS)?;
        let (queue, messages) = sync_channel(QUEUE_MAX);
        let (done, groups) = channel::<Group>();
        let (settle, settles) = sync_channel(1);
        let (secret, settler) = (journal.secret(), journal.clone());
        let (crowd, disk) = (Arc::<Crowd>::default(), Arc::<Disk>::default());
        let keeper = Keeper {
            groups,
            log: flushed.clone(),
            journal: journal.clone(),
            disk: disk.clone(),
            writer: queue.clone(),
            settle,
        };
        let writer = Writer { conn: writer, messages, done, disk, journal, crowd: crowd.clone() };
        let threads = vec![
            spawn("tickmark-writer", move || writer.run())?,
            spawn("tickmark-guard", move || keeper.run())?,
            spawn("tickmark-settle", move || durable::settle_loop(&settles, &settler))?,
            spawn("tickmark-wal", move || mover.run())?,
        ];
        Ok(Self {
            path: path.to_owned(),
            secret,
            queue,
            crowd,
            readers: Mutex::new(readers),
            reader_free: Condvar::new(),
            threads,
            flushed,
        })
    }

    /// Whether commands are still taken in: none of the threads has given up.
    pub(super) fn takes_commands(&self) -> bool {
        !self.threads.iter().any(JoinHandle::is_finished)
    }

    /// How many commands shared the last commit.
    pub(super) fn crowd(&self) -> u32 {
        self.crowd.last()
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
        let sent = self.queue.send(Message::Job(Box::new(job)));
        sent.map_err(|_| DbError::Stopped("the writer").into())
    }

    pub(super) async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let answer = move |result| {
            let _ = answer.send(result);
        };
        self.send(Typed::new(f, false, answer, self.crowd.enter()))?;
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
        self.send(Staged::new(f, committed, durable, self.crowd.enter()))?;
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
        let answer = move |result| {
            let _ = answer.send(result);
        };
        self.send(Typed::new(f, dry, answer, self.crowd.enter()))?;
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
        let _ = self.queue.send(Message::Stop);
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

    /// A disk that takes no flush of the guard: what was answered is kept, and nothing more is taken in.
    #[test]
    fn whoever_asks_learns_that_nothing_more_is_taken_in() {
        let folder = tempfile::tempdir().unwrap();
        let guard = Box::new(durable::tests::Full(MemoryGuard::default()));
        let journal = Arc::new(Journal::new("test.example", [3; 32], guard));
        let db = Sqlite::open(&folder.path().join("full.db"), crate::MIGRATIONS, journal).unwrap();
        assert!(db.takes_commands());
        db.write_blocking(|_| Ok(()), false).unwrap();
        // The flush comes behind the answer.
        while db.takes_commands() {
            std::thread::yield_now();
        }
        while db.write_blocking(|_| Ok(()), false).is_ok() {}
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
