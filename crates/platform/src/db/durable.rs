//! Makes durable what the writer has committed, and only then has it answered.

use super::sqlite::Job;
use super::wal;
use crate::journal::{Advance, Journal, Trees};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::time::Duration;

/// The guard's file is flushed at most so often where many commands come in.
const SETTLE_EVERY: Duration = Duration::from_millis(20);

/// Commands whose commit waits for the disk.
pub(super) struct Group {
    pub(super) jobs: Vec<Box<dyn Job>>,
    pub(super) trees: Trees,
}

/// Tells each caller that nothing of theirs was kept.
pub(super) fn fail(jobs: Vec<Box<dyn Job>>, why: &str) {
    for job in jobs {
        job.answer(Some(why));
    }
}

/// The newest state of each tree that these groups extended.
fn newest(groups: &[Group]) -> Vec<Advance> {
    let mut newest: Vec<Advance> = Vec::new();
    for advance in groups.iter().rev().flat_map(|group| group.trees.advances()) {
        if newest.iter().all(|kept| kept.log != advance.log) {
            newest.push(advance.clone());
        }
    }
    newest
}

/// Flushes what was committed, keeps its checkpoints, answers. The database first: a guard that is ahead
/// of it would look like a restored backup. The guard's own flush comes after the answers
/// ([`settle_loop`]): what it keeps outlives the process from the moment it is written.
pub(super) fn guard_loop(
    groups: &Receiver<Group>,
    log: &wal::Flush,
    journal: &Journal,
    settle: &SyncSender<()>,
) {
    while let Ok(first) = groups.recv() {
        let mut waiting = vec![first];
        waiting.extend(groups.try_iter());
        let kept = log.flush().and_then(|()| journal.guard(&newest(&waiting)));
        let failed = kept.err().map(|e| e.to_string());
        for job in waiting.into_iter().flat_map(|group| group.jobs) {
            job.answer(failed.as_deref());
        }
        let settles = !matches!(settle.try_send(()), Err(TrySendError::Disconnected(())));
        if failed.is_some() && log.lost() || !settles {
            // What a failed flush leaves behind, only a new start tells.
            return;
        }
    }
}

/// Flushes the guard behind the answers. Ends with the last command, or when the disk does not take it;
/// then nothing more is taken in, because nobody would notice an older copy any more.
#[expect(clippy::disallowed_methods, reason = "a thread of its own, whose work is to wait")]
pub(super) fn settle_loop(kept: &Receiver<()>, journal: &Journal) {
    let settle = || {
        let settled = journal.settle();
        if let Err(error) = &settled {
            tracing::error!(%error, "nothing more is written until a new start");
        }
        settled.is_ok()
    };
    while kept.recv().is_ok() && settle() {
        // Where the next is there already, many come in, and one flush serves those of a while.
        while kept.try_recv().is_ok() {
            std::thread::sleep(SETTLE_EVERY);
            if !settle() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{DbError, Error, Result, Tx};
    use crate::journal::{Guard, MemoryGuard};
    use kernel::ids::PartyId;
    use ledger::Hash;
    use std::collections::BTreeSet;
    use std::sync::mpsc::{Sender, channel, sync_channel};

    fn journal(guard: impl Guard + 'static) -> Journal {
        Journal::new("test.example", [3; 32], Box::new(guard))
    }

    struct Told(Sender<Option<String>>);

    impl Job for Told {
        fn run(&mut self, _tx: &mut Tx<'_>) -> bool {
            true
        }
        fn answer(self: Box<Self>, failed: Option<&str>) {
            let _ = self.0.send(failed.map(str::to_owned));
        }
    }

    fn group(answer: &Sender<Option<String>>) -> Group {
        Group { jobs: vec![Box::new(Told(answer.clone()))], trees: Trees::default() }
    }

    /// A device that takes no flush stands for a disk that fails.
    #[test]
    fn nothing_is_acknowledged_that_was_not_flushed_and_nothing_more_is_taken() {
        let (send, groups) = channel();
        let (answer, answered) = channel();
        for _ in 0..2 {
            assert!(send.send(group(&answer)).is_ok());
        }
        let log = wal::Flush::over(std::fs::File::open("/dev/null").unwrap());
        let (settle, _kept) = sync_channel(1);
        // Returns although commands could still come.
        guard_loop(&groups, &log, &journal(MemoryGuard::default()), &settle);
        for _ in 0..2 {
            let told = answered.recv().unwrap().unwrap();
            assert!(told.contains("the disk did not keep it"), "{told}");
        }
        drop(groups);
        fail(send.send(group(&answer)).unwrap_err().0.jobs, "the guard thread has stopped");
        assert!(answered.recv().unwrap().is_some());
    }

    struct Full(MemoryGuard);

    impl Guard for Full {
        fn last(&self, log: PartyId) -> Result<Option<(u64, Hash)>> {
            self.0.last(log)
        }
        fn logs(&self) -> Result<BTreeSet<PartyId>> {
            self.0.logs()
        }
        fn advance(&self, advances: &[Advance]) -> Result<()> {
            self.0.advance(advances)
        }
        fn settle(&self) -> Result<()> {
            Err(Error::from(DbError::Outside("no space".into())))
        }
        fn replace(&self, log: PartyId, size: u64, root: Hash) -> Result<()> {
            self.0.replace(log, size, root)
        }
    }

    #[test]
    fn a_guard_that_is_not_flushed_ends_the_writing() {
        let (settle, kept) = sync_channel(1);
        settle.send(()).unwrap();
        settle_loop(&kept, &journal(Full(MemoryGuard::default())));
        drop(kept);
        let (send, groups) = channel();
        let (answer, answered) = channel();
        send.send(group(&answer)).unwrap();
        let file = tempfile::tempfile().unwrap();
        // Returns although commands could still come; what was flushed is acknowledged.
        guard_loop(&groups, &wal::Flush::over(file), &journal(MemoryGuard::default()), &settle);
        assert_eq!(answered.recv().unwrap(), None);
    }
}
