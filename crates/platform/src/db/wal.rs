//! Keeps SQLite's write-ahead log short while commands go on.
//!
//! Somebody has to move pages from the log into the database and flush it. Left to itself SQLite does so
//! in the commit that finds the log long, and whoever is in that commit waits 15 ms for the work of all
//! the others. Here a thread with a connection of its own moves them while the writer goes on. What remains,
//! the pages of the few commits meanwhile, the writer moves itself once the log is long and the thread
//! has just caught up; with the next commit the log then begins again at its start.

use super::{DbError, Result};
use rusqlite::Connection;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

/// Flushes the log, for commits that did not.
#[derive(Debug)]
pub(super) struct Flush {
    /// SQLite keeps the log as long as a connection is open, so it stays this file.
    log: File,
    count: AtomicU64,
    lost: AtomicBool,
}

impl Flush {
    /// For the database at `path`, which some connection holds open with a write-ahead log.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let opened = File::open(&log).map_err(|e| {
            DbError::Outside(format!("{} cannot be opened: {e}", log.to_string_lossy()))
        })?;
        Ok(Self::over(opened))
    }

    /// Over an open file.
    pub(super) const fn over(log: File) -> Self {
        Self { log, count: AtomicU64::new(0), lost: AtomicBool::new(false) }
    }

    /// Returns once everything that was committed before the call is on disk.
    pub(super) fn flush(&self) -> Result<()> {
        self.count.fetch_add(1, Ordering::AcqRel);
        self.log.sync_data().map_err(|e| {
            self.lost.store(true, Ordering::Release);
            tracing::error!(error = %e, "the database's log could not be flushed; nothing more is written until a new start");
            DbError::Outside(format!("the disk did not keep it: {e}. Whether it is kept is known after a new start")).into()
        })
    }

    /// How often it was asked for.
    #[cfg(test)]
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Whether a flush failed. The system then no longer knows what of it is on disk.
    pub(super) fn lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }
}

/// How long the log may become, in pages of 4 KiB.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    /// After so many new pages the thread is woken. Few commands in a hundred then wait for its flush, and
    /// a page that was written often is moved once.
    step: i32,
    /// From so many on the log is to begin again as soon as little is left to move.
    long: i32,
    /// From so many on the writer moves them itself, whatever is left.
    too_long: i32,
}

/// 64, 128 and 512 MiB.
pub(super) const LENGTHS: Lengths = Lengths { step: 16_384, long: 32_768, too_long: 131_072 };

/// What the writer does after each commit, and what wakes the thread.
struct Writer {
    lengths: Lengths,
    /// How long the log was when the thread was woken last.
    woken_at: i32,
    wake: SyncSender<()>,
    caught_up: Arc<AtomicBool>,
}

impl Writer {
    /// Whether the writer has to move what remains, now that the log has so many pages.
    fn committed(&mut self, pages: i32) -> bool {
        if pages < self.woken_at {
            // It has begun again.
            self.woken_at = 0;
        }
        let new = pages - self.woken_at;
        if pages >= self.lengths.long && self.caught_up.swap(false, Ordering::AcqRel) {
            return true;
        }
        if new < self.lengths.step {
            return false;
        }
        self.woken_at = pages;
        self.caught_up.store(false, Ordering::Release);
        match self.wake.try_send(()) {
            // Where the thread is still at work it will see these pages too.
            Ok(()) | Err(TrySendError::Full(())) => pages >= self.lengths.too_long,
            Err(TrySendError::Disconnected(())) => true,
        }
    }
}

/// Moves pages from the log of a database. Runs until the writer's connection is closed.
pub(super) struct Mover {
    conn: Connection,
    woken: Receiver<()>,
    caught_up: Arc<AtomicBool>,
}

impl Mover {
    pub(super) fn run(self) {
        while self.woken.recv().is_ok() {
            let moved = self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            match moved {
                Ok(()) => self.caught_up.store(true, Ordering::Release),
                // The log only grows; the writer moves its pages once it is too long.
                Err(error) => {
                    tracing::warn!(%error, "pages of the database's log could not be moved");
                }
            }
        }
    }
}

/// Takes the log out of SQLite's own keeping: `conn` is what moves pages.
///
/// # Errors
/// When SQLite does not take the hook.
pub(super) fn keep_short(
    writer: &mut Connection,
    conn: Connection,
    lengths: Lengths,
) -> Result<Mover> {
    let (wake, woken) = sync_channel(1);
    let caught_up = Arc::new(AtomicBool::new(false));
    let mut after = Writer { lengths, woken_at: 0, wake, caught_up: caught_up.clone() };
    writer
        .wal_hook(Some(move |wal: &mut rusqlite::hooks::Wal, pages| {
            if after.committed(pages) {
                // The commit is durable already: an error here is no reason to refuse it.
                let _ = wal.checkpoint();
            }
            Ok(())
        }))
        .map_err(DbError::from)?;
    Ok(Mover { conn, woken, caught_up })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Lengths = Lengths { step: 500, long: 4_000, too_long: 16_000 };
    const STEP: i32 = SHORT.step;
    const LONG: i32 = SHORT.long;
    const TOO_LONG: i32 = SHORT.too_long;

    fn writer() -> (Writer, Receiver<()>) {
        let (wake, woken) = sync_channel(1);
        (Writer { lengths: SHORT, woken_at: 0, wake, caught_up: Arc::default() }, woken)
    }

    #[test]
    fn the_thread_is_woken_by_new_pages_and_the_writer_moves_what_remains() {
        let (mut w, woken) = writer();
        for pages in (100..STEP).step_by(100) {
            assert!(!w.committed(pages));
        }
        assert!(woken.try_recv().is_err());
        assert!(!w.committed(STEP));
        assert!(woken.try_recv().is_ok());
        w.caught_up.store(true, Ordering::Release);
        assert!(!w.committed(STEP + 10), "the log is short");
        for pages in (2 * STEP..LONG).step_by(100) {
            assert!(!w.committed(pages));
        }
        assert!(!w.committed(LONG), "the thread has not caught up");
        w.caught_up.store(true, Ordering::Release);
        assert!(w.committed(LONG + 10));
        assert!(!w.committed(LONG + 20), "once is enough");
        assert!(!w.committed(30), "it has begun again");
        let _ = woken.try_recv();
        assert!(!w.committed(STEP + 40));
        assert!(woken.try_recv().is_ok(), "and counts from its beginning");
    }

    #[test]
    fn where_the_thread_never_catches_up_the_writer_does() {
        let (mut w, woken) = writer();
        let mut by_the_writer = 0;
        for pages in (0..TOO_LONG + 10 * STEP).step_by(250) {
            by_the_writer += i32::from(w.committed(pages));
        }
        assert_eq!(by_the_writer, 10, "once for every step beyond");
        drop(woken);
        assert!(w.committed(TOO_LONG + 12 * STEP), "and when the thread has stopped");
    }

    #[test]
    fn the_log_of_a_busy_database_stays_short() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("busy.db");
        let mut conn = Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER, b BLOB)")
            .unwrap();
        let mover = keep_short(&mut conn, Connection::open(&path).unwrap(), SHORT).unwrap();
        let thread = std::thread::spawn(move || mover.run());
        for n in 0..60_i64 {
            // Four megabytes each.
            conn.execute_batch("BEGIN").unwrap();
            for _ in 0..40 {
                conn.execute("INSERT INTO t VALUES (?1, zeroblob(100000))", [n]).unwrap();
            }
            conn.execute_batch("COMMIT").unwrap();
        }
        let log = std::fs::metadata(dir.path().join("busy.db-wal")).unwrap().len();
        assert!(log < 72_000_000, "{log} bytes, of 240 million that were written");
        let rows: i64 = conn.query_row("SELECT COUNT(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 2_400);
        drop(conn);
        thread.join().unwrap();
    }
}
