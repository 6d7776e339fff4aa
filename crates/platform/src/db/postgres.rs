//! PostgreSQL: a pool of connections, serialisable transactions; those that collide share a commit.

mod lane;

use super::conn::{Inner, Statements};
use super::{Conn, DbError, Error, Migration, Result, Tx, dialect, migrate};
use crate::journal::Journal;
use ::postgres::error::SqlState;
use ::postgres::{Client, IsolationLevel, NoTls};
use lane::Lane;
use parking_lot::{Condvar, Mutex};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Connections at most.
const CONNECTIONS_MAX: usize = 16;
/// How often a command that collided with another is run again.
const ATTEMPTS_MAX: u32 = 50;

struct Connection {
    client: Client,
    statements: Statements,
}

struct State {
    idle: Vec<Connection>,
    open: usize,
}

pub(super) struct Pool {
    url: String,
    state: Mutex<State>,
    free: Condvar,
    /// Where commands go that collide.
    lane: Lane,
    journal: Arc<Journal>,
}

impl Pool {
    pub(super) fn open(url: &str, migrations: &[Migration], journal: Arc<Journal>) -> Result<Self> {
        let pool = Self {
            url: url.to_owned(),
            state: Mutex::new(State { idle: Vec::new(), open: 0 }),
            free: Condvar::new(),
            lane: Lane::open(url, journal.clone())?,
            journal,
        };
        pool.in_transaction(IsolationLevel::ReadCommitted, |tx| {
            dialect::lock_schema(tx)?;
            migrate::migrate(tx, migrations)?;
            pool.journal.check_guard(tx)
        })?;
        Ok(pool)
    }

    fn take(&self) -> Result<Connection> {
        let mut state = self.state.lock();
        loop {
            if let Some(connection) = state.idle.pop() {
                if !connection.client.is_closed() {
                    return Ok(connection);
                }
                state.open -= 1;
                continue;
            }
            if state.open < CONNECTIONS_MAX {
                state.open += 1;
                break;
            }
            self.free.wait(&mut state);
        }
        drop(state);
        connect(&self.url).inspect_err(|_| {
            self.state.lock().open -= 1;
            self.free.notify_one();
        })
    }

    fn give_back(&self, connection: Connection) {
        let mut state = self.state.lock();
        if connection.client.is_closed() {
            state.open -= 1;
        } else {
            state.idle.push(connection);
        }
        self.free.notify_one();
    }

    fn in_transaction<T>(
        &self,
        level: IsolationLevel,
        f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
    ) -> Result<T> {
        self.lent(|connection| run(connection, level, self.journal.secret(), f))
    }

    /// Lends a connection. One under which a command stopped midway is closed, and its place is free again.
    fn lent<T>(&self, f: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let mut connection = self.take()?;
        let result = catch_unwind(AssertUnwindSafe(|| f(&mut connection)));
        if let Ok(result) = result {
            self.give_back(connection);
            return result;
        }
        drop(connection);
        self.state.lock().open -= 1;
        self.free.notify_one();
        Err(DbError::Stopped("a command stopped unexpectedly").into())
    }

    pub(super) fn read<T>(&self, f: impl FnOnce(&mut Conn<'_>) -> Result<T>) -> Result<T> {
        self.lent(|connection| {
            let Connection { client, statements } = connection;
            let mut tx = client
                .build_transaction()
                .isolation_level(IsolationLevel::RepeatableRead)
                .read_only(true)
                .start()
                .map_err(DbError::from)?;
            let secret = Some(self.journal.secret());
            f(&mut Conn { inner: Inner::Postgres { tx: &mut tx, statements }, secret })
        })
    }

    /// Runs a command: side by side with others, and with those that collide where they do.
    pub(super) fn write<T, F>(&self, mut f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        if self.lane.attracts() {
            return self.lane.run(f);
        }
        let outcome = self.in_transaction(IsolationLevel::Serializable, |tx| {
            let value = f(tx)?;
            Ok((value, std::mem::take(&mut tx.effects)))
        });
        match outcome {
            Ok((value, effects)) => {
                self.journal.wake(&effects);
                Ok(value)
            }
            Err(e) if collided(&e) => {
                self.lane.collided();
                self.lane.run(f)
            }
            Err(e) => Err(e),
        }
    }

    /// Runs a command to its end and takes everything back.
    #[expect(
        clippy::disallowed_methods,
        reason = "a thread of the pool, which blocks on the server anyway, lets a collision pass"
    )]
    pub(super) fn dry_run<T, F>(&self, mut f: F) -> Result<T>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T>,
    {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let mut kept = None;
            let outcome = self.in_transaction(IsolationLevel::Serializable, |tx| {
                kept = Some(f(tx)?);
                Err::<(), _>(DbError::Stopped("dry run").into())
            });
            match (kept, outcome) {
                (Some(value), _) => return Ok(value),
                (None, Err(e)) if attempt < ATTEMPTS_MAX && collided(&e) => {
                    std::thread::sleep(std::time::Duration::from_millis(u64::from(attempt)));
                }
                (None, Err(e)) => return Err(e),
                (None, Ok(())) => return Err(DbError::Stopped("a dry run").into()),
            }
        }
    }
}

fn connect(url: &str) -> Result<Connection> {
    let client = Client::connect(url, NoTls).map_err(DbError::from)?;
    Ok(Connection { client, statements: Statements::new() })
}

fn run<T>(
    connection: &mut Connection,
    level: IsolationLevel,
    secret: [u8; 32],
    f: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let Connection { client, statements } = connection;
    let mut transaction =
        client.build_transaction().isolation_level(level).start().map_err(DbError::from)?;
    let inner = Inner::Postgres { tx: &mut transaction, statements };
    let value = f(&mut Tx::new(inner).knowing(secret))?;
    transaction.commit().map_err(DbError::from)?;
    Ok(value)
}

/// Whether the server asks to run the transaction again.
fn collided(e: &Error) -> bool {
    let Error::Db(DbError::Postgres(e)) = e else { return false };
    let Some(server) = e.as_db_error() else { return false };
    let code = server.code();
    *code == SqlState::T_R_SERIALIZATION_FAILURE
        || *code == SqlState::T_R_DEADLOCK_DETECTED
        // Two commands that each found the same version of a subject: the other was first.
        || (*code == SqlState::UNIQUE_VIOLATION && server.constraint() == Some("journal_entry_subject"))
}
