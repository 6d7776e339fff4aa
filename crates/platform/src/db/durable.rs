//! Makes durable what the writer has committed, and only then has it answered.

use super::wal;
use super::writer::{Job, Message};
use crate::journal::{Advance, Journal, Trees};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::time::Duration;

/// The guard's file is flushed at most so often where many commands come in.
const SETTLE_EVERY: Duration = Duration::from_millis(20);

/// Commands whose commit waits for the disk.
pub(super) struct Group {
    pub(super) jobs: Vec<Box<dyn Job>>,
    pub(super) trees: Trees,
    /// Tells those who prepare their answers meanwhile.
    pub(super) prepares: Vec<Box<dyn FnOnce() + Send>>,
}

/// Whether the disk is at work, and whether the writer waits for its end with a group that is open.
#[derive(Debug, Default)]
pub(super) struct Disk {
    busy: AtomicBool,
    awaited: AtomicBool,
}

impl Disk {
    pub(super) fn begins(&self) {
        self.busy.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::SeqCst)
    }

    /// Whether it is busy; if so, [`Message::Free`] will come.
    pub(super) fn is_busy_and_tells(&self) -> bool {
        if !self.is_busy() {
            return false;
        }
        self.awaited.store(true, Ordering::SeqCst);
        // It may have become free in between, without seeing that somebody waits.
        self.is_busy()
    }

    fn ends(&self, writer: &SyncSender<Message>) {
        self.busy.store(false, Ordering::SeqCst);
        if self.awaited.swap(false, Ordering::SeqCst) {
            let _ = writer.send(Message::Free);
        }
    }
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

/// The thread that flushes what was committed, keeps its checkpoints and answers. The database first: a
/// guard that is ahead of it would look like a restored backup. The guard's own flush comes after the
/// answers ([`settle_loop`]): what it keeps outlives the process from the moment it is written.
pub(super) struct Keeper {
    pub(super) groups: Receiver<Group>,
    pub(super) log: Arc<wal::Flush>,
    pub(super) journal: Arc<Journal>,
    pub(super) disk: Arc<Disk>,
    pub(super) writer: SyncSender<Message>,
    pub(super) settle: SyncSender<()>,
}

impl Keeper {
    pub(super) fn run(self) {
        while let Ok(first) = self.groups.recv() {
            let mut waiting = vec![first];
            waiting.extend(self.groups.try_iter());
            if !self.keep(waiting) {
                break;
            }
        }
        // A writer that waits with an open group finds that nobody takes it any more.
        drop(self.groups);
        self.disk.ends(&self.writer);
    }

    /// Whether to go on.
    fn keep(&self, mut waiting: Vec<Group>) -> bool {
        for tell in waiting.iter_mut().flat_map(|group| std::mem::take(&mut group.prepares)) {
            tell();
        }
        let kept = self.log.flush().and_then(|()| self.journal.guard(&newest(&waiting)));
        let failed = kept.err().map(|e| e.to_string());
        // What a failed flush leaves behind, only a new start tells.
        let lost = failed.is_some() && self.log.lost();
        if !lost {
            self.disk.ends(&self.writer);
        }
        for job in waiting.into_iter().flat_map(|group| group.jobs) {
            job.answer(failed.as_deref());
        }
        let settles = !matches!(self.settle.try_send(()), Err(TrySendError::Disconnected(())));
        settles && !lost
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
pub(super) mod tests {
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
        Group {
            jobs: vec![Box::new(Told(answer.clone()))],
            trees: Trees::default(),
            prepares: Vec::new(),
        }
    }

    /// A device that takes no flush stands for a disk that fails.
    /// A thread that keeps, over this file as the log, with what its writer and its disk are told.
    struct Kept {
        keeper: Keeper,
        send: Sender<Group>,
        told: Receiver<Message>,
        settles: Receiver<()>,
    }

    fn keeper(log: std::fs::File) -> Kept {
        let (send, groups) = channel();
        let (writer, told) = sync_channel(10);
        let (settle, settles) = sync_channel(1);
        let journal = Arc::new(journal(MemoryGuard::default()));
        let (log, disk) = (Arc::new(wal::Flush::over(log)), Arc::new(Disk::default()));
        let keeper = Keeper { groups, log, journal, disk, writer, settle };
        Kept { keeper, send, told, settles }
    }

    /// A device that takes no flush stands for a disk that fails.
    #[test]
    fn nothing_is_acknowledged_that_was_not_flushed_and_nothing_more_is_taken() {
        let Kept { keeper, send, told, settles: _settles } =
            keeper(std::fs::File::open("/dev/null").unwrap());
        let (answer, answered) = channel();
        for _ in 0..2 {
            assert!(send.send(group(&answer)).is_ok());
        }
        let disk = keeper.disk.clone();
        disk.begins();
        assert!(disk.is_busy_and_tells(), "a writer waits with an open group");
        // Returns although commands could still come.
        keeper.run();
        for _ in 0..2 {
            let told = answered.recv().unwrap().unwrap();
            assert!(told.contains("the disk did not keep it"), "{told}");
        }
        assert!(matches!(told.try_recv(), Ok(Message::Free)), "it is told, and finds nobody");
        fail(send.send(group(&answer)).unwrap_err().0.jobs, "the guard thread has stopped");
        assert!(answered.recv().unwrap().is_some());
    }

    #[test]
    fn whoever_waits_for_the_disk_is_told_and_nobody_else() {
        let Kept { keeper, send, told, settles } = keeper(tempfile::tempfile().unwrap());
        let (answer, answered) = channel();
        let disk = keeper.disk.clone();
        assert!(!disk.is_busy_and_tells(), "nothing was handed over");
        let thread = std::thread::spawn(move || keeper.run());
        disk.begins();
        assert!(disk.is_busy_and_tells());
        send.send(group(&answer)).unwrap();
        assert_eq!(answered.recv().unwrap(), None);
        assert!(matches!(told.recv(), Ok(Message::Free)));
        assert!(!disk.is_busy_and_tells(), "its group is kept");
        disk.begins();
        send.send(group(&answer)).unwrap();
        assert_eq!(answered.recv().unwrap(), None);
        drop(send);
        thread.join().unwrap();
        assert!(told.recv().is_err(), "nobody waited");
        assert!(settles.recv().is_ok(), "the guard is flushed behind the answers");
    }

    /// A guard whose disk takes no flush.
    pub(in crate::db) struct Full(pub(in crate::db) MemoryGuard);

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
        let Kept { mut keeper, send, .. } = self::keeper(tempfile::tempfile().unwrap());
        drop(kept);
        keeper.settle = settle;
        let (answer, answered) = channel();
        send.send(group(&answer)).unwrap();
        // Returns although commands could still come; what was flushed is acknowledged.
        keeper.run();
        assert_eq!(answered.recv().unwrap(), None);
    }
}
