//! The one writer of a SQLite database, and the commands on their way through it.
//!
//! The writer takes the commands that wait, runs them one after the other inside one transaction, and
//! commits it as soon as the disk is free and nobody waits or half of all callers are in (`crowd.rs`):
//! while the disk still keeps the group before, whoever comes joins this one. So there are as many commits
//! as flushes, a commit writes each page that its commands share once, and writer and disk work at the
//! same time.

use super::conn::Inner;
use super::crowd::{Crowd, Inside};
use super::durable::{self, Disk, Group};
use super::{DbError, Result, Tx};
use crate::journal::{self, Journal, Trees};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use tokio::sync::oneshot;

/// At most this many commands share one commit, so that the first does not wait too long.
const GROUP_MAX: usize = 512;

/// What the writer is told.
pub(super) enum Message {
    /// To run a command.
    Job(Box<dyn Job>),
    /// That the disk is free.
    Free,
    /// To end.
    Stop,
}

/// A command on its way through the writer.
pub(super) trait Job: Send {
    /// Runs it; `false` rolls its savepoint back.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// What tells whoever prepares the answer that it is committed, though not yet durable.
    fn prepares(&mut self, _trees: &Trees) -> Option<Box<dyn FnOnce() + Send>> {
        None
    }
    /// Answers the caller; `failed` when the group did not become durable.
    fn answer(self: Box<Self>, failed: Option<&str>);
}

/// A command whose caller waits for its end alone.
pub(super) struct Typed<T, F, A> {
    f: F,
    dry: bool,
    result: Option<Result<T>>,
    answer: Option<A>,
    _inside: Inside,
}

impl<T, F, A> Typed<T, F, A> {
    /// `dry`: nothing of it is kept.
    pub(super) const fn new(f: F, dry: bool, answer: A, inside: Inside) -> Self {
        Self { f, dry, result: None, answer: Some(answer), _inside: inside }
    }
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
pub(super) struct Staged<T, F> {
    f: F,
    result: Option<Result<T>>,
    committed: Option<oneshot::Sender<(T, Trees)>>,
    durable: oneshot::Sender<Result<()>>,
    _inside: Inside,
}

impl<T, F> Staged<T, F> {
    pub(super) const fn new(
        f: F,
        committed: oneshot::Sender<(T, Trees)>,
        durable: oneshot::Sender<Result<()>>,
        inside: Inside,
    ) -> Self {
        Self { f, result: None, committed: Some(committed), durable, _inside: inside }
    }
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
    fn prepares(&mut self, trees: &Trees) -> Option<Box<dyn FnOnce() + Send>> {
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

/// The thread that writes.
pub(super) struct Writer {
    pub(super) conn: Connection,
    pub(super) messages: Receiver<Message>,
    pub(super) done: Sender<Group>,
    pub(super) disk: Arc<Disk>,
    pub(super) journal: Arc<Journal>,
    pub(super) crowd: Arc<Crowd>,
}

impl Writer {
    pub(super) fn run(self) {
        loop {
            match self.messages.recv() {
                Ok(Message::Job(first)) => {
                    if !self.group(first) {
                        return;
                    }
                }
                Ok(Message::Free) => {}
                Ok(Message::Stop) | Err(_) => return,
            }
        }
    }

    /// Runs and commits a group that begins with this command; whether to go on.
    fn group(&self, first: Box<dyn Job>) -> bool {
        let mut open = match Open::begin(&self.conn, &self.journal) {
            Ok(open) => open,
            Err(e) => {
                durable::fail(vec![first], &e.to_string());
                return true;
            }
        };
        let mut goes_on = true;
        let ran = open.run(first).and_then(|()| {
            while !self.is_large_enough(open.jobs.len()) {
                match self.next() {
                    Some(Message::Job(job)) => open.run(job)?,
                    Some(Message::Free) => {}
                    Some(Message::Stop) => {
                        goes_on = false;
                        break;
                    }
                    None => break,
                }
            }
            Ok(())
        });
        self.crowd.closed(open.jobs.len());
        match ran.and_then(|()| open.commit()) {
            Ok(trees) => self.hand_over(open.jobs, trees) && goes_on,
            Err(e) => {
                let _ = self.conn.execute_batch("ROLLBACK");
                durable::fail(open.jobs, &e.to_string());
                goes_on
            }
        }
    }

    fn is_large_enough(&self, commands: usize) -> bool {
        commands >= GROUP_MAX || commands >= self.crowd.half() && !self.disk.is_busy()
    }

    /// The next message for a group that is open: whatever is there, and while the disk is busy, what
    /// comes meanwhile.
    fn next(&self) -> Option<Message> {
        match self.messages.try_recv() {
            Ok(message) => Some(message),
            Err(TryRecvError::Disconnected) => Some(Message::Stop),
            Err(TryRecvError::Empty) if self.disk.is_busy_and_tells() => {
                Some(self.messages.recv().unwrap_or(Message::Stop))
            }
            Err(TryRecvError::Empty) => None,
        }
    }

    /// Hands a committed group to the disk; whether there still is one.
    fn hand_over(&self, mut jobs: Vec<Box<dyn Job>>, trees: Trees) -> bool {
        let prepares = jobs.iter_mut().filter_map(|job| job.prepares(&trees)).collect();
        self.disk.begins();
        if let Err(lost) = self.done.send(Group { jobs, trees, prepares }) {
            // Nothing can be made durable any more, so nothing more is taken in.
            durable::fail(lost.0.jobs, "the guard thread has stopped");
            return false;
        }
        true
    }
}

fn step(conn: &Connection, sql: &str) -> Result<()> {
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// A transaction that commands are still joining.
struct Open<'a> {
    conn: &'a Connection,
    journal: &'a Arc<Journal>,
    trees: journal::Group,
    jobs: Vec<Box<dyn Job>>,
    /// Almost every command goes through, and a savepoint costs a copy of each page that is changed under
    /// it: so a group runs without any until one is refused, and then once more from its start.
    savepoints: bool,
}

impl<'a> Open<'a> {
    fn begin(conn: &'a Connection, journal: &'a Arc<Journal>) -> Result<Self> {
        step(conn, "BEGIN IMMEDIATE")?;
        let trees = journal::Group::new(journal.clone());
        Ok(Self { conn, journal, trees, jobs: Vec::new(), savepoints: false })
    }

    /// Runs one more command.
    fn run(&mut self, job: Box<dyn Job>) -> Result<()> {
        self.jobs.push(job);
        let last = self.jobs.len() - 1;
        if self.savepoints {
            return self.run_apart(last);
        }
        if self.run_on(last)? {
            return Ok(());
        }
        step(self.conn, "ROLLBACK")?;
        step(self.conn, "BEGIN IMMEDIATE")?;
        self.trees = journal::Group::new(self.journal.clone());
        self.savepoints = true;
        // Alone, it has its answer: there is nobody of whom it could have taken anything.
        if last == 0 { Ok(()) } else { (0..=last).try_for_each(|n| self.run_apart(n)) }
    }

    /// Runs a command on what those before it left; whether it is kept.
    fn run_on(&mut self, n: usize) -> Result<bool> {
        let mut tx = Tx::in_group(Inner::Sqlite(self.conn), &mut self.trees);
        if !self.jobs[n].run(&mut tx) {
            return Ok(false);
        }
        let appended = tx.effects;
        self.trees.keep(&mut Tx::new(Inner::Sqlite(self.conn)), appended)?;
        Ok(true)
    }

    /// Runs a command in a savepoint of its own.
    fn run_apart(&mut self, n: usize) -> Result<()> {
        step(self.conn, "SAVEPOINT command")?;
        let mut tx = Tx::in_group(Inner::Sqlite(self.conn), &mut self.trees);
        if self.jobs[n].run(&mut tx) {
            let appended = tx.effects;
            step(self.conn, "RELEASE command")?;
            return self.trees.keep(&mut Tx::new(Inner::Sqlite(self.conn)), appended);
        }
        step(self.conn, "ROLLBACK TO command")?;
        step(self.conn, "RELEASE command")
    }

    /// Signs the new state of the group's trees and commits.
    fn commit(&mut self) -> Result<Trees> {
        let advances = self.trees.seal(&mut Tx::new(Inner::Sqlite(self.conn)))?;
        step(self.conn, "COMMIT")?;
        self.journal.committed(&advances);
        Ok(Trees::new(advances))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::MemoryGuard;
    use kernel::refusal::Refusal;
    use std::sync::mpsc::{channel, sync_channel};

    /// A command that counts up, and is refused or not.
    fn job(crowd: &Arc<Crowd>, answer: Sender<bool>, refused: bool) -> Message {
        let f = move |tx: &mut Tx<'_>| {
            tx.execute("UPDATE counted SET n = n + 1", &[])?;
            if refused { Err(Refusal::state("No.").into()) } else { Ok(()) }
        };
        let answer = move |result: Result<()>| {
            let _ = answer.send(result.is_ok());
        };
        Message::Job(Box::new(Typed::new(f, false, answer, crowd.enter())))
    }

    #[test]
    fn whoever_comes_while_the_disk_is_busy_joins_and_a_refusal_takes_only_its_own() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE counted (n INTEGER); INSERT INTO counted VALUES (0)")
            .unwrap();
        let (send, messages) = sync_channel(10);
        let (done, groups) = channel();
        let (disk, crowd) = (Arc::<Disk>::default(), Arc::<Crowd>::default());
        let guard = Box::new(MemoryGuard::default());
        let journal = Arc::new(Journal::new("test.example", [3; 32], guard));
        let writer =
            Writer { conn, messages, done, disk: disk.clone(), journal, crowd: crowd.clone() };
        let (answer, answers) = channel();
        disk.begins();
        for refused in [true, false, false, true, false] {
            send.send(job(&crowd, answer.clone(), refused)).unwrap();
        }
        // Ends the group although the disk is busy still.
        send.send(Message::Stop).unwrap();
        let Ok(Message::Job(first)) = writer.messages.recv() else { panic!("a command") };
        assert!(!writer.group(first), "it was told to end");
        let group = groups.try_recv().unwrap();
        assert!(groups.try_recv().is_err(), "one commit for all");
        assert!(answers.try_recv().is_err(), "nobody is answered before the disk has it");
        let n: i64 = writer.conn.query_row("SELECT n FROM counted", [], |row| row.get(0)).unwrap();
        assert_eq!(n, 3);
        for job in group.jobs {
            job.answer(None);
        }
        assert_eq!(answers.try_iter().collect::<Vec<_>>(), [false, true, true, false, true]);
    }
}
