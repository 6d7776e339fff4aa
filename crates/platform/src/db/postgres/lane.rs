//! Commands that collide, several in one commit.
//!
//! Commands of one organisation change the same counters, so side by side all but one of them are run
//! for nothing, and one after the other each waits for a commit of its own. Once commands collide they
//! come here: one thread runs all that wait, one after the other in one serialisable transaction, and
//! answers them after its commit. What is refused among them takes nothing of the others with it: the
//! group is then run again with a savepoint for each.
//!
//! Another server may write at the same time; then the whole group is run again.

use super::{ATTEMPTS_MAX, Connection, collided, connect};
use crate::db::conn::Inner;
use crate::db::{DbError, Error, Result, Tx};
use crate::journal::{Journal, Pending};
use ::postgres::IsolationLevel;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Commands that share one commit at most, so that the first does not wait too long.
const GROUP_MAX: usize = 64;
/// So many commands come here after a collision, or after a group of several, before they are tried
/// side by side again.
const STAY: u32 = 256;

/// What became of one run of a command.
enum Ran {
    /// It is to be kept.
    Kept,
    /// It is not, and its caller is told why.
    Refused,
    /// Another server was first; the group is to be run again.
    Collided(Error),
}

/// A command that waits.
trait Job: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran;
    /// Answers the caller; `failed` where the group did not become durable.
    fn answer(self: Box<Self>, failed: Option<&str>);
}

struct Typed<T, F> {
    f: F,
    result: Option<Result<T>>,
    answer: Sender<Result<T>>,
}

impl<T, F> Job for Typed<T, F>
where
    T: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let result = catch_unwind(AssertUnwindSafe(|| (self.f)(tx)))
            .unwrap_or_else(|_| Err(DbError::Stopped("a command stopped unexpectedly").into()));
        match result {
            Err(e) if collided(&e) => Ran::Collided(e),
            result => {
                let kept = result.is_ok();
                self.result = Some(result);
                if kept { Ran::Kept } else { Ran::Refused }
            }
        }
    }

    fn answer(self: Box<Self>, failed: Option<&str>) {
        let result = match (failed, self.result) {
            (Some(why), Some(Ok(_)) | None) => Err(DbError::Outside(why.to_owned()).into()),
            (_, Some(result)) => result,
            (None, None) => Err(DbError::Stopped("the command was not run").into()),
        };
        // A caller that went away needs no answer.
        let _ = self.answer.send(result);
    }
}

/// How a run of a group ended.
enum Ended {
    /// Committed, with what it appended.
    Committed(Vec<Pending>),
    /// One was refused and nothing was written: once more, with a savepoint for each.
    OneRefused,
}

/// The thread that runs them, and the way there.
pub(super) struct Lane {
    queue: Option<Sender<Box<dyn Job>>>,
    /// How many commands are still to come here before they are tried side by side.
    stay: Arc<AtomicU32>,
    thread: Option<JoinHandle<()>>,
}

impl Lane {
    pub(super) fn open(url: &str, journal: Arc<Journal>) -> Result<Self> {
        let (queue, jobs) = channel();
        let stay = Arc::new(AtomicU32::new(0));
        let worker =
            Worker { url: url.to_owned(), connection: None, journal, stay: Arc::clone(&stay) };
        let thread = std::thread::Builder::new()
            .name("tickmark-lane".to_owned())
            .spawn(move || worker.work(&jobs))
            .map_err(|e| DbError::Outside(format!("a thread could not be started: {e}")))?;
        Ok(Self { queue: Some(queue), stay, thread: Some(thread) })
    }

    /// Whether a command is better sent here at once.
    pub(super) fn attracts(&self) -> bool {
        let one_less = |left: u32| left.checked_sub(1);
        self.stay.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }

    /// Runs a command among those that collide.
    pub(super) fn run<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = channel();
        let job = Box::new(Typed { f, result: None, answer });
        let stopped = || Error::from(DbError::Stopped("the writer"));
        let queue = self.queue.as_ref().ok_or_else(stopped)?;
        queue.send(job).map_err(|_| stopped())?;
        answered.recv().map_err(|_| stopped())?
    }

    /// Commands have collided: those that follow come here.
    pub(super) fn collided(&self) {
        self.stay.store(STAY, Ordering::Relaxed);
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.queue = None;
        // The last handle may be dropped with a command, by the thread itself.
        let own = std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|t| t.thread().id() != own) {
            let _ = thread.join();
        }
    }
}

struct Worker {
    url: String,
    /// None until there is something to do.
    connection: Option<Connection>,
    journal: Arc<Journal>,
    stay: Arc<AtomicU32>,
}

impl Worker {
    fn work(mut self, jobs: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = jobs.recv() {
            let mut group = vec![first];
            group.extend(jobs.try_iter().take(GROUP_MAX - 1));
            if group.len() > 1 {
                self.stay.store(STAY, Ordering::Relaxed);
            }
            let failed = self.commit(&mut group).err().map(|e| e.to_string());
            for job in group {
                job.answer(failed.as_deref());
            }
        }
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a thread of its own, which blocks on the server anyway, lets a collision pass"
    )]
    fn commit(&mut self, group: &mut [Box<dyn Job>]) -> Result<()> {
        let (mut attempt, mut savepoints) = (0_u32, false);
        loop {
            match self.run(group, savepoints) {
                Ok(Ended::Committed(appended)) => {
                    appended.iter().for_each(|pending| self.journal.wake(pending));
                    return Ok(());
                }
                Ok(Ended::OneRefused) if group.len() == 1 => return Ok(()),
                Ok(Ended::OneRefused) => savepoints = true,
                Err(e) if attempt < ATTEMPTS_MAX && collided(&e) => {
                    attempt += 1;
                    let wait = u64::from(attempt.min(10));
                    std::thread::sleep(std::time::Duration::from_millis(wait));
                }
                Err(e) => return Err(e),
            }
        }
    }

    /// Runs the commands one after the other in one transaction.
    fn run(&mut self, group: &mut [Box<dyn Job>], savepoints: bool) -> Result<Ended> {
        if self.connection.as_ref().is_some_and(|c| c.client.is_closed()) {
            self.connection = None;
        }
        let Connection { client, statements } = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.url)?),
        };
        let level = IsolationLevel::Serializable;
        let mut transaction =
            client.build_transaction().isolation_level(level).start().map_err(DbError::from)?;
        let (secret, mut appended) = (self.journal.secret(), Vec::new());
        for job in group {
            if savepoints {
                transaction.batch_execute("SAVEPOINT command").map_err(DbError::from)?;
            }
            let inner = Inner::Postgres { tx: &mut transaction, statements };
            let mut tx = Tx::new(inner).knowing(secret);
            let end = match (job.run(&mut tx), savepoints) {
                (Ran::Collided(e), _) => return Err(e),
                (Ran::Refused, false) => return Ok(Ended::OneRefused),
                (Ran::Refused, true) => "ROLLBACK TO command; RELEASE command",
                (Ran::Kept, _) => {
                    appended.push(std::mem::take(&mut tx.effects));
                    "RELEASE command"
                }
            };
            if savepoints {
                transaction.batch_execute(end).map_err(DbError::from)?;
            }
        }
        transaction.commit().map_err(DbError::from)?;
        Ok(Ended::Committed(appended))
    }
}
