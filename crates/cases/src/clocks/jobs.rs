//! The turn of the clock, and the watchdog's pass, as the edge calls them.

use super::permits::Escalate;
use super::{service, store};
use kernel::ids::PartyId;
use kernel::party::{Actor, Side};
use kernel::permit::{Facts, Permit, authorize};
use platform::db::{Db, Result};
use platform::edge::Edge;

/// Cases whose rungs are climbed in one turn at most.
const TOGETHER: i64 = 200;
/// How often an organisation is watched, in microseconds: every hour.
pub const WATCH_EVERY_US: i64 = 3_600 * 1_000_000;

fn permit(organisation: PartyId, job: &'static str) -> Result<Permit<Escalate>> {
    Ok(authorize::<Escalate>(&Actor::system(organisation, job), &Facts::of(organisation))?)
}

/// Climbs every rung whose time has come; how many. Each case is a commit of its own, so that what was
/// done stays done, and a process that is killed at any step goes on where it stopped: a rung is on
/// record in the commit that plans its mail.
///
/// # Errors
/// When the database refuses.
pub fn turn(db: &Db, edge: &dyn Edge, base_url: &str) -> Result<usize> {
    let now = edge.env().now();
    let due = db.read_blocking(move |conn| store::due(conn, now, TOGETHER))?;
    let mut climbed = 0;
    for (organisation, case) in due {
        let (mut env, base_url) = (edge.env(), base_url.to_owned());
        climbed += db.write_blocking(move |tx| {
            let permit = permit(organisation, "clocks")?;
            service::climb(tx, &mut env, &permit, case, &base_url)
        })?;
    }
    Ok(climbed)
}

/// Watches every organisation that was not watched for an hour, or all of them; how many.
///
/// # Errors
/// When the database refuses.
pub fn watch(db: &Db, edge: &dyn Edge, all: bool) -> Result<Vec<super::model::Pass>> {
    let now = edge.env().now();
    let organisations: Vec<PartyId> = db.read_blocking(move |conn| {
        let mut due = Vec::new();
        for party in identity::store::parties(conn)? {
            let last = store::last_watched(conn, party.id)?;
            let waits = last.is_none_or(|at| now.0 - at.0 >= WATCH_EVERY_US);
            if party.side == Side::ServiceOrganisation && (all || waits) {
                due.push(party.id);
            }
        }
        Ok(due)
    })?;
    let mut passes = Vec::new();
    for organisation in organisations {
        let mut env = edge.env();
        let asked = (env.id(), env.now());
        let pass = db.read_blocking(move |conn| {
            service::look_over(conn, &permit(organisation, "watchdog")?, asked)
        })?;
        let found = pass.clone();
        db.write_blocking(move |tx| {
            let permit = permit(organisation, "watchdog")?;
            service::put_on_record(tx, &mut env, &permit, &found)
        })?;
        passes.push(pass);
    }
    Ok(passes)
}
