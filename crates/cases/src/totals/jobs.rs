//! What time does with control totals: every night the day before is counted.

use super::service;
use jiff::civil::Time;
use kernel::party::Side;
use kernel::zone::Zone;
use platform::jobs::{Ended, Fault, Handler, Recurrence, Schedule, Work};

/// The kind of this job, and the name of its schedule.
pub const COUNT: &str = "totals.count";

/// Counts yesterday, in UTC, for every organisation.
#[derive(Debug, Clone, Copy)]
pub struct CountYesterday;

impl Handler for CountYesterday {
    fn run(&self, work: &Work<'_>) -> Ended {
        let counted = || -> platform::db::Result<()> {
            let parties = work.db().read_blocking(identity::store::parties)?;
            for party in parties.into_iter().filter(|p| p.side == Side::ServiceOrganisation) {
                // The day before the one for which the job was planned, however late it runs.
                let day = Zone::utc().local(work.made_at()).date().yesterday();
                let Ok(day) = day else { continue };
                let mut env = work.env();
                work.db().write_blocking(move |tx| {
                    let permit = service::permit(party.id)?;
                    service::count_day(tx, &mut env, &permit, day).map(|_| ())
                })?;
            }
            Ok(())
        };
        match counted() {
            Ok(()) => Ended::done(),
            Err(e) => Err(Fault::from(&e)).into(),
        }
    }
}

/// Every night at ten past one.
#[must_use]
pub fn nightly() -> Schedule {
    Schedule {
        party: None,
        name: COUNT.to_owned(),
        kind: COUNT.to_owned(),
        payload: serde_json::Value::Null,
        recurrence: Recurrence::daily(Time::constant(1, 10, 0, 0), Zone::utc()),
    }
}
