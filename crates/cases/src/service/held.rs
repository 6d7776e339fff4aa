//! Reports that came in a flood: a person lets them in, or judges them to be junk.

use super::TEXT_MAX;
use crate::events::{CaseEvent, ReportDiscarded, ReportReleased};
use crate::model::CaseId;
use crate::permits::HandleCase;
use crate::store;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// Reports that one command discards at most.
pub const TOGETHER_MAX: i64 = 2_000;

/// Lets a held report in: from now on it is a case like any other, and what is promised about it counts
/// from the day it came.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is not held.
pub fn release(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    id: CaseId,
) -> Result<()> {
    let case = store::case(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if !case.held || case.state.is_concluded() {
        return Err(Refusal::state("This report is not held.").into());
    }
    let armed = crate::clocks::service::at_filing(tx, permit.owner(), id, case.reported_at)?;
    let event = CaseEvent::from(ReportReleased { armed });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(case.version), vec![event])?;
    crate::clocks::service::rearm(tx, env, &origin, id)
}

/// Judges held reports of one title to be junk, the oldest [`TOGETHER_MAX`] of them; how many. They stay
/// on record, and whoever holds a return code still reads that they were received.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn discard(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<HandleCase>,
    title: &str,
    reason: &str,
) -> Result<usize> {
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let held = store::held::of_title(tx, permit.owner(), title, TOGETHER_MAX)?;
    for (id, version) in &held {
        let event = CaseEvent::from(ReportDiscarded { reason: reason.clone() });
        let expected = Expected::Version(*version);
        record(tx, env, &origin, &id.to_string(), expected, vec![event])?;
    }
    Ok(held.len())
}
