//! The reminder of the policy's review as a scheduled job.

use super::permits::RemindReview;
use super::{service, store};
use kernel::party::Actor;
use kernel::permit::{Facts, authorize};
use kernel::zone::Zone;
use platform::db::Error;
use platform::jobs::{Ended, Fault, Handler, Recurrence, Schedule, Work};

/// The kind of this job, and the name of its schedule.
pub const KIND: &str = "policy.review";

/// Every morning at ten past six, UTC.
#[must_use]
pub fn daily() -> Schedule {
    Schedule {
        party: None,
        name: KIND.to_owned(),
        kind: KIND.to_owned(),
        payload: serde_json::Value::Null,
        recurrence: Recurrence::daily(jiff::civil::Time::constant(6, 10, 0, 0), Zone::utc()),
    }
}

/// Reminds of every policy whose review is due.
#[derive(Debug, Clone)]
pub struct Reviews {
    /// The address at which the deployment is reached, for links in mail.
    pub base_url: String,
}

impl Handler for Reviews {
    fn run(&self, work: &Work<'_>) -> Ended {
        self.remind(work).into()
    }
}

impl Reviews {
    fn remind(&self, work: &Work<'_>) -> Result<(), Fault> {
        let fault = |e: Error| Fault::Again(e.to_string());
        let now = work.env().now();
        let due = work.db().read_blocking(move |conn| store::reviews_due(conn, now));
        for (done, version) in (1..).zip(due.map_err(fault)?) {
            let (mut env, base_url) = (work.env(), self.base_url.clone());
            let (organisation, number) = (version.organisation, version.number);
            let told = work.db().write_blocking(move |tx| {
                let actor = Actor::system(organisation, "policy");
                let permit = authorize::<RemindReview>(&actor, &Facts::of(organisation))?;
                service::remind(tx, &mut env, &permit, number, &base_url)
            });
            if told.map_err(fault)? {
                tracing::info!(%organisation, number, "the review of a reporting policy is due");
            }
            work.progress(done, 0)?;
        }
        Ok(())
    }
}
