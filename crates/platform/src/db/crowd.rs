//! How many callers are at the writer at once, from which it tells when a group is large enough.
//!
//! Callers who wait for their answers come back together, so a writer that takes whoever waits soon takes
//! all of them, then stands still while the disk keeps them, and the disk while the writer runs the next.
//! A group that closes at half of them has one half at the disk while the writer runs the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Groups for which a number of callers is remembered: a second or two where many come in. Too high a
/// number costs nothing, because a group also closes when nobody waits.
const WINDOW: u32 = 1_000;

/// Who is at the writer: from being sent to being answered.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    inside: AtomicU32,
    /// The most at once, in the window before and in this one.
    most_before: AtomicU32,
    most: AtomicU32,
    groups: AtomicU32,
    last: AtomicU32,
}

/// A caller's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Inside(Arc<Crowd>);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Crowd {
    pub(super) fn enter(self: &Arc<Self>) -> Inside {
        let inside = self.inside.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(inside, Ordering::Relaxed);
        Inside(self.clone())
    }

    /// From how many commands on a group need not wait for more: half of those who came at once lately.
    pub(super) fn half(&self) -> usize {
        let most = self.most.load(Ordering::Relaxed).max(self.most_before.load(Ordering::Relaxed));
        usize::try_from(most.div_ceil(2)).unwrap_or(usize::MAX)
    }

    /// A group of so many commands was closed. Only the writer calls this.
    pub(super) fn closed(&self, commands: usize) {
        self.last.store(u32::try_from(commands).unwrap_or(u32::MAX), Ordering::Relaxed);
        if (self.groups.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(WINDOW) {
            let now = self.inside.load(Ordering::Relaxed);
            self.most_before.store(self.most.swap(now, Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// How many commands shared the last commit.
    pub(super) fn last(&self) -> u32 {
        self.last.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_those_who_came_at_once_is_enough_until_they_are_forgotten() {
        let crowd = Arc::new(Crowd::default());
        assert_eq!(crowd.half(), 0, "nobody to wait for");
        let alone = crowd.enter();
        assert_eq!(crowd.half(), 1);
        let many: Vec<_> = (0..31).map(|_| crowd.enter()).collect();
        assert_eq!(crowd.half(), 16);
        drop(many);
        crowd.closed(31);
        assert_eq!((crowd.half(), crowd.last()), (16, 31), "they may come back");
        (1..WINDOW).for_each(|_| crowd.closed(1));
        assert_eq!(crowd.half(), 16, "as of the window before");
        (0..WINDOW).for_each(|_| crowd.closed(1));
        assert_eq!((crowd.half(), crowd.last()), (1, 1));
        drop(alone);
    }
}
