//! How long work tells its caller where it stands, and how the caller stops it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Which part of the work is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Reading and typing the source file.
    Reading,
    /// Sorting row digests and making the population hash.
    Hashing,
    /// Running a test's query.
    Querying,
}

/// A report of progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Progress {
    /// Which part is running.
    pub stage: Stage,
    /// Rows dealt with so far in this stage.
    pub rows: u64,
    /// Bytes of the source read so far, as stored (compressed bytes for a gzip file).
    pub bytes: u64,
}

/// Somebody who watches long work. Called from the working thread; must return quickly.
pub trait Watch: Sync {
    /// Takes a report. Reports of one stage never go backwards.
    fn progress(&self, progress: Progress);

    /// True when the work is to stop; it then ends soon with [`crate::Error::Cancelled`].
    fn cancelled(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl Watch for () {
    fn progress(&self, _progress: Progress) {}
}

/// A watcher made of counters, for a job that shows its progress from another thread.
#[derive(Debug, Default)]
pub struct Counters {
    rows: AtomicU64,
    bytes: AtomicU64,
    stop: AtomicBool,
}

impl Counters {
    /// Rows dealt with in the stage that runs now.
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// Bytes of the source read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Asks the work to stop.
    pub fn cancel(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Watch for Counters {
    fn progress(&self, progress: Progress) {
        self.rows.store(progress.rows, Ordering::Relaxed);
        self.bytes.store(progress.bytes, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
