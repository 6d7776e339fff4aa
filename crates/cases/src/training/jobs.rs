//! The daily round of training as a scheduled job.

use super::permits::ManageTraining;
use super::service::round;
use kernel::party::{Actor, Side};
use kernel::permit::{Facts, authorize};
use kernel::zone::Zone;
use platform::db::Error;
use platform::jobs::{Ended, Fault, Handler, Recurrence, Schedule, Work};

/// The kind of this job, and the name of its schedule.
pub const KIND: &str = "training.daily";

/// Every morning at six, UTC.
#[must_use]
pub fn daily() -> Schedule {
    Schedule {
        party: None,
        name: KIND.to_owned(),
        kind: KIND.to_owned(),
        payload: serde_json::Value::Null,
        recurrence: Recurrence::daily(jiff::civil::Time::constant(6, 0, 0, 0), Zone::utc()),
    }
}

/// Goes round every organisation.
#[derive(Debug, Clone)]
pub struct Daily {
    /// The address at which the deployment is reached, for links in mail.
    pub base_url: String,
}

fn fault(e: &Error) -> Fault {
    Fault::Again(e.to_string())
}

impl Handler for Daily {
    fn run(&self, work: &Work<'_>) -> Ended {
        self.rounds(work).into()
    }
}

impl Daily {
    fn rounds(&self, work: &Work<'_>) -> Result<(), Fault> {
        let parties = work.db().read_blocking(identity::store::parties).map_err(|e| fault(&e))?;
        let mut done = 0;
        for party in parties.into_iter().filter(|p| p.side == Side::ServiceOrganisation) {
            let (mut env, base) = (work.env(), self.base_url.clone());
            let gone = work.db().write_blocking(move |tx| {
                let actor = Actor::system(party.id, "training");
                let permit = authorize::<ManageTraining>(&actor, &Facts::of(party.id))?;
                round::go(tx, &mut env, &permit, &base)
            });
            match gone {
                Ok(round) => tracing::info!(?round, "training round"),
                Err(e) => return Err(fault(&e)),
            }
            done += 1;
            work.progress(done, 0)?;
        }
        Ok(())
    }
}
