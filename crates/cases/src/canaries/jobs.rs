//! What time does with canaries: every few minutes it plans, sends and watches.

use super::model::Way;
use super::service::{self, Flight};
use super::store;
use jiff::civil::Time;
use kernel::ids::PartyId;
use kernel::zone::Zone;
use platform::db::Db;
use platform::edge::Edge;
use platform::jobs::{Days, Ended, Fault, Handler, Recurrence, Schedule, Work};
use std::sync::Arc;

/// The kind of this job, and the name of its schedule.
pub const RUN: &str = "canaries.run";
/// Minutes between two looks.
const EVERY_MINUTES: i16 = 5;

/// Sends canaries by the channels of this deployment, as somebody outside would.
pub trait Carrier: Send + Sync {
    /// By which ways it can send to an organisation, each with the channel's name on its cases.
    ///
    /// # Errors
    /// A sentence when that cannot be told now.
    fn ways(&self, organisation: PartyId) -> Result<Vec<(Way, String)>, String>;

    /// Sends a canary. Whether it comes in shows later.
    ///
    /// # Errors
    /// A sentence when the channel did not take it.
    fn carry(&self, organisation: PartyId, flight: &Flight) -> Result<(), String>;
}

/// Plans, sends and watches the canaries of every organisation.
pub struct Run(
    /// What sends them.
    pub Arc<dyn Carrier>,
);

/// One look: plans, sends what is due, watches what flies.
///
/// # Errors
/// When the database fails.
pub fn look(db: &Db, edge: &dyn Edge, carrier: &dyn Carrier) -> platform::db::Result<()> {
    let senders = db.read_blocking(store::senders)?;
    for (organisation, settings) in senders {
        if settings.on {
            let ways = carrier.ways(organisation).unwrap_or_else(|why| {
                tracing::warn!(%organisation, why, "the ways of canaries cannot be told");
                Vec::new()
            });
            let (settings, mut env) = (settings.clone(), edge.env());
            let flights = db.write_blocking(move |tx| {
                let permit = service::permit(organisation)?;
                service::plan(tx, &mut env, &permit, &settings, &ways)?;
                service::take_off(tx, &mut env, &permit)
            })?;
            for flight in flights {
                let Err(why) = carrier.carry(organisation, &flight) else { continue };
                let mut env = edge.env();
                db.write_blocking(move |tx| {
                    let permit = service::permit(organisation)?;
                    service::not_sent(tx, &mut env, &permit, flight.id, &why)
                })?;
            }
        }
        // What flies is looked after also when no more are sent.
        let mut env = edge.env();
        db.write_blocking(move |tx| {
            let permit = service::permit(organisation)?;
            service::watch(tx, &mut env, &permit, &settings)
        })?;
    }
    Ok(())
}

/// The clock and randomness of a job.
struct OfWork<'w>(&'w Work<'w>);

impl Edge for OfWork<'_> {
    fn env(&self) -> kernel::env::Env {
        self.0.env()
    }
}

impl Handler for Run {
    fn lease_seconds(&self) -> i64 {
        300
    }

    fn run(&self, work: &Work<'_>) -> Ended {
        match look(work.db(), &OfWork(work), &*self.0) {
            Ok(()) => Ended::done(),
            Err(e) => Err(Fault::from(&e)).into(),
        }
    }
}

/// Every five minutes, for every organisation.
#[must_use]
pub fn looks() -> Schedule {
    let times =
        (0..1_440).step_by(usize::try_from(EVERY_MINUTES).unwrap_or(5)).filter_map(|m: i16| {
            Time::new(i8::try_from(m / 60).ok()?, i8::try_from(m % 60).ok()?, 0, 0).ok()
        });
    Schedule {
        party: None,
        name: RUN.to_owned(),
        kind: RUN.to_owned(),
        payload: serde_json::Value::Null,
        recurrence: Recurrence::new(Days::Every, times.collect(), Zone::utc())
            .unwrap_or_else(|| Recurrence::daily(Time::midnight(), Zone::utc())),
    }
}
