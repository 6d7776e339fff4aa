//! One SQL text on two databases.
//!
//! | file | holds |
//! |---|---|
//! | `value.rs` | the four kinds of value, rows by column name |
//! | `conn.rs` | [`Conn`] (reads) and [`Tx`] (writes) over either driver |
//! | `sqlite.rs` | the SQLite driver: its threads, its readers |
//! | `writer.rs` | the one writer of SQLite, group commit |
//! | `crowd.rs` | how many callers are at that writer at once |
//! | `durable.rs` | what happens between a commit of SQLite and its answers |
//! | `wal.rs` | keeps SQLite's write-ahead log short while commands go on |
//! | `postgres.rs`, `postgres/` | the PostgreSQL driver, its pool, and the lane in which commands that collide share a commit |
//! | `migrate.rs` | one migration text rendered per database, the schema as both report it |
//! | `dialect.rs` | the few statements that differ |
//!
//! Services and stores are synchronous functions over a [`Tx`]; async exists only in [`Db::read`] and
//! [`Db::write`], which an HTTP handler awaits.

mod conn;
mod crowd;
pub mod dialect;
mod durable;
mod migrate;
mod postgres;
mod sqlite;
mod value;
mod wal;
mod writer;

pub use conn::{Conn, Tx};
pub use migrate::{Column, Migration, Schema};
pub use sqlite::{in_memory, read_only};
pub use value::{FromValue, Row, Value, json_text, read_json};

use crate::journal::{Journal, Trees};
use kernel::refusal::Refusal;
use std::path::PathBuf;
use std::sync::Arc;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// Embedded SQLite, the default.
    Sqlite,
    /// PostgreSQL, or an engine that speaks its protocol.
    Postgres,
}

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL URL: `postgres://user@host:port/name`.
    Url(String),
}

/// What went wrong with the database. Not for people's eyes: pages say that the record is unchanged
/// and to try again, logs say this.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// SQLite refused.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL refused.
    #[error("PostgreSQL: {}", said(.0))]
    Postgres(#[from] ::postgres::Error),
    /// A row is not of the shape that the code expects.
    #[error("a row is not as expected: {0}")]
    Shape(String),
    /// The database's own threads have stopped.
    #[error("the database is shut down: {0}")]
    Stopped(&'static str),
    /// The schema is not the one this version knows.
    #[error("{0}")]
    Schema(String),
    /// Something outside the database that a commit depends on failed (the checkpoint guard).
    #[error("{0}")]
    Outside(String),
}

/// Why a command did not go through: refused by a rule, or the machinery failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule said no; nothing was written, and the person is told why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The machinery failed; nothing was written.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Something else below failed; nothing was written.
    #[error("{0}")]
    Other(String),
}

/// The driver's own words with the server's.
fn said(e: &::postgres::Error) -> String {
    e.as_db_error().map_or_else(|| e.to_string(), |server| format!("{e}: {}", server.message()))
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        Self::Db(e.into())
    }
}

/// The result of everything that touches the database.
pub type Result<T, E = Error> = std::result::Result<T, E>;

enum Driver {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Pool),
}

/// A handle to the database, cheap to clone.
#[derive(Clone)]
pub struct Db {
    driver: Arc<Driver>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("backend", &self.backend()).finish()
    }
}

impl Db {
    /// Opens the database, brings its schema up to date and starts its threads.
    ///
    /// `journal` places entries in the tree at the end of each durable commit on SQLite; on
    /// PostgreSQL an elected sequencer does so (see [`crate::journal::sequencer`]).
    ///
    /// # Errors
    /// When it cannot be opened, or holds migrations that this version does not know.
    pub fn open(
        location: &Location,
        migrations: &[Migration],
        journal: Arc<Journal>,
    ) -> Result<Self> {
        let driver = match location {
            Location::File(path) => {
                Driver::Sqlite(sqlite::Sqlite::open(path, migrations, journal)?)
            }
            Location::Url(url) => Driver::Postgres(postgres::Pool::open(url, migrations, journal)?),
        };
        Ok(Self { driver: Arc::new(driver) })
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match *self.driver {
            Driver::Sqlite(_) => Backend::Sqlite,
            Driver::Postgres(_) => Backend::Postgres,
        }
    }

    /// Reads, on a thread that may block. Sees one consistent state of the database.
    ///
    /// # Errors
    /// Whatever the closure returns, or that the database failed.
    pub async fn read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn<'_>) -> Result<T> + Send + 'static,
    {
        let db = self.clone();
        tokio::task::spawn_blocking(move || db.read_blocking(f))
            .await
            .map_err(|_| DbError::Stopped("a reader stopped unexpectedly"))?
    }

    /// As [`Db::read`], for callers that are not async (command line, jobs, tests).
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, F>(&self, f: F) -> Result<T>
    where
        F: FnOnce(&mut Conn<'_>) -> Result<T>,
    {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.read(f),
            Driver::Postgres(pool) => pool.read(f),
        }
    }

    /// Runs a command. Returns after its commit is on disk; when it returns an error, nothing of it
    /// was written. The closure may run again after a conflict, so it must not keep state outside.
    ///
    /// # Errors
    /// Whatever the closure returns, or that the database failed.
    pub async fn write<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.write(f).await,
            Driver::Postgres(_) => {
                let db = self.clone();
                tokio::task::spawn_blocking(move || db.write_blocking(f))
                    .await
                    .map_err(|_| DbError::Stopped("a writer stopped unexpectedly"))?
            }
        }
    }

    /// As [`Db::write`], with an answer that is prepared while the disk is flushed: `prepare` gets what
    /// the command gave and the trees that its commit left, where they are known with the commit. What it
    /// makes is returned only once all is durable, so it must let nothing out by another way.
    ///
    /// # Errors
    /// Whatever the closures return, or that the database failed.
    pub async fn write_preparing<T, U, F, P>(&self, f: F, prepare: P) -> Result<U>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
        P: FnOnce(T, &Trees) -> Result<U>,
    {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.write_preparing(f, prepare).await,
            Driver::Postgres(_) => prepare(self.write(f).await?, &Trees::default()),
        }
    }

    /// As [`Db::write`], for callers that are not async.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.write_blocking(f, false),
            Driver::Postgres(pool) => pool.write(f),
        }
    }

    /// Whether commands are still taken in. On SQLite a disk that failed once ends that until a new start.
    #[must_use]
    pub fn takes_commands(&self) -> bool {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.takes_commands(),
            Driver::Postgres(_) => true,
        }
    }

    /// How many commands shared the last commit: 1 where nobody else is writing, and on PostgreSQL, where
    /// work behind the record holds up nobody. For work that lets people go first.
    #[must_use]
    pub fn crowd(&self) -> u32 {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.crowd(),
            Driver::Postgres(_) => 1,
        }
    }

    /// Runs a command to its end and takes everything back: what would happen, without it happening.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn dry_run<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.write_blocking(f, true),
            Driver::Postgres(pool) => pool.dry_run(f),
        }
    }

    /// A copy of a SQLite database as one file, made while it is in use.
    ///
    /// # Errors
    /// On PostgreSQL, whose own tools make backups; or when the copy fails.
    pub fn copy_to(&self, path: &std::path::Path) -> Result<()> {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.copy_to(path),
            Driver::Postgres(_) => Err(Refusal::state(
                "A PostgreSQL database is backed up with pg_dump; this command copies SQLite databases only.",
            )
            .into()),
        }
    }
}
