//! Forgetting what ended long ago: a scheduled job of the deployment's own.

use super::{Ended, Handler, Recurrence, Schedule, Work, runner, store};
use kernel::zone::Zone;

/// The kind of this job, and the name of its schedule.
pub const KIND: &str = "jobs.tidy";
/// How long a job that was done or cancelled is remembered, in days. So long does its idempotency key
/// hold.
pub const REMEMBERED_DAYS: i64 = 90;
/// Jobs forgotten in one transaction.
const TOGETHER: i64 = 500;

/// Every night at half past three.
#[must_use]
pub fn nightly() -> Schedule {
    Schedule {
        party: None,
        name: KIND.to_owned(),
        kind: KIND.to_owned(),
        payload: serde_json::Value::Null,
        recurrence: Recurrence::daily(jiff::civil::Time::constant(3, 30, 0, 0), Zone::utc()),
    }
}

/// Forgets jobs that were done or cancelled more than [`REMEMBERED_DAYS`] ago. Dead ones stay until a
/// person has decided.
#[derive(Debug, Clone, Copy)]
pub struct Tidy;

impl Handler for Tidy {
    fn run(&self, work: &Work<'_>) -> Ended {
        let before = work.env().now().plus_seconds(-REMEMBERED_DAYS * 86_400);
        let mut forgotten = 0;
        loop {
            let gone =
                work.db().write_blocking(move |tx| store::forget_ended(tx, before, TOGETHER));
            match gone {
                Ok(0) => return Ended::done(),
                Ok(n) => forgotten += i64::try_from(n).unwrap_or(TOGETHER),
                Err(e) => return Err(runner::failed(&e)).into(),
            }
            if let Err(fault) = work.progress(forgotten, 0) {
                return Err(fault).into();
            }
        }
    }
}
