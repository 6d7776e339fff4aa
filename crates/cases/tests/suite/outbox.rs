//! The mail that would have been sent.

use platform::jobs::mail;
use platform::jobs::{Ended, Handler, Ran, Runner, Work};
use platform::testing::Web;
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Collected(Arc<Mutex<Vec<mail::Mail>>>);

impl Handler for Collected {
    fn run(&self, work: &Work<'_>) -> Ended {
        self.0.lock().unwrap().push(work.payload().unwrap());
        Ended::done()
    }
}

/// Does what waits, and gives the mail among it.
pub fn sent(web: &Web<'_>) -> Vec<mail::Mail> {
    let sent = Collected::default();
    let runner = Runner::new(web.t.db.clone(), web.edge.clone()).with(mail::KIND, sent.clone());
    while runner.tick().unwrap() != Ran::Nothing {}
    let all = sent.0.lock().unwrap();
    all.clone()
}
