//! A few places for work that takes a processor and memory for a while, such as hashing a password:
//! so many at a time, so many waiting, and whoever comes then is told to come back.

use super::Failure;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

/// See the module.
#[derive(Debug)]
pub struct Places {
    places: Semaphore,
    waiting: AtomicUsize,
    waiting_max: usize,
}

/// A place in the queue, given back when dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Places {
    /// `at_once` pieces of work at a time; at most `waiting_max` under way or waiting.
    #[must_use]
    pub fn new(at_once: usize, waiting_max: usize) -> Self {
        Self { places: Semaphore::new(at_once), waiting: AtomicUsize::new(0), waiting_max }
    }

    fn enter(&self) -> Option<Waiting<'_>> {
        let waiting = Waiting(&self.waiting);
        (self.waiting.fetch_add(1, Ordering::AcqRel) < self.waiting_max).then_some(waiting)
    }

    /// Runs the work on a thread that may block, once there is a place.
    ///
    /// # Errors
    /// [`Failure::Slow`] when too many wait; [`Failure::Fault`] when the work stopped unexpectedly.
    pub async fn run<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let _waiting = self.enter().ok_or(Failure::Slow(2))?;
        let _place = self.places.acquire().await;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| Failure::Fault("work in the background stopped unexpectedly".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::mpsc;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn so_many_at_a_time_and_the_next_come_back() {
        let places = Arc::new(Places::new(2, 3));
        let (began, seen) = mpsc::channel();
        let mut open = Vec::new();
        let mut under_way = Vec::new();
        for n in 0..3 {
            let (let_go, hold) = mpsc::channel::<()>();
            open.push(let_go);
            let (mine, began) = (places.clone(), began.clone());
            under_way.push(tokio::spawn(async move {
                let work = move || {
                    began.send(n).unwrap();
                    let _ = hold.recv();
                    n
                };
                mine.run(work).await.unwrap()
            }));
            while places.waiting.load(Ordering::Acquire) <= n {
                tokio::task::yield_now().await;
            }
        }
        assert_ne!(seen.recv().unwrap(), seen.recv().unwrap());
        assert!(seen.try_recv().is_err(), "two at a time");
        assert!(matches!(places.run(|| ()).await, Err(Failure::Slow(2))));
        drop(open);
        for (n, work) in under_way.into_iter().enumerate() {
            assert_eq!(work.await.unwrap(), n);
        }
        assert!(places.run(|| ()).await.is_ok());
    }
}
