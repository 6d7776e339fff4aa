//! Commands on the reporting policy: permit, load, decide, record.

mod forward;
mod reminder;

pub use reminder::remind;

use super::events::{PolicyApproved, PolicyDrafted, PolicyEvent, PolicyReviewed, PolicyWithdrawn};
use super::model::{Plan, PolicyBody, PolicyId, PolicyState, PolicyVersion};
use super::permits::{ApprovePolicy, WritePolicy};
use super::{rules, store};
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest note or finding.
pub const NOTE_MAX: usize = 4_000;
/// A month as the review cycle counts it: the review falls due on a day, not at an instant.
const MONTH_US: i64 = 30_436_875 * 86_400_000_000 / 1_000_000;

/// Writes the next version, or changes the draft there is.
///
/// # Errors
/// [`Refusal::Input`] naming the part that cannot be used.
pub fn draft(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<WritePolicy>,
    body: PolicyBody,
    change_note: &str,
) -> Result<i64> {
    let by = permit.actor().person.ok_or(Refusal::NotFound)?;
    let body = rules::checked(body)?;
    let all = store::versions(tx, permit.owner())?;
    let open = all.iter().find(|v| v.state == PolicyState::Draft);
    let number = open.map_or_else(|| all.first().map_or(1, |v| v.number + 1), |v| v.number);
    let (id, expected) = match open {
        Some(open) => (open.id, Expected::Version(open.version)),
        None => (env.id(), Expected::New),
    };
    Plan::new(id, number, body.clone())?;
    let event = PolicyDrafted {
        id,
        organisation: permit.owner(),
        number,
        body,
        change_note: sentence("change_note", change_note, NOTE_MAX)?,
        by,
    };
    say(tx, env, permit, id, expected, event)?;
    Ok(number)
}

fn say<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    id: PolicyId,
    expected: Expected,
    event: impl Into<PolicyEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![event.into()])?;
    Ok(())
}

fn load<A>(tx: &mut Tx<'_>, permit: &Permit<A>, number: i64) -> Result<PolicyVersion> {
    Ok(store::version(tx, permit.owner(), number)?.ok_or(Refusal::NotFound)?)
}

fn months_later(now: Timestamp, months: u32) -> Timestamp {
    Timestamp(now.0.saturating_add(i64::from(months).saturating_mul(MONTH_US)))
}

/// Puts a draft in force, and its text forward to be confirmed by everybody of the organisation. Whoever
/// wrote it does not approve it.
///
/// # Errors
/// [`Refusal::State`] when it is no draft, is the approver's own, or leaves out what clocks need.
pub fn approve(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ApprovePolicy>,
    number: i64,
    version: i64,
) -> Result<()> {
    let by: PersonId = permit.actor().person.ok_or(Refusal::NotFound)?;
    let found = load(tx, permit, number)?;
    if found.state != PolicyState::Draft {
        return Err(Refusal::state("Only a draft can be approved.").into());
    }
    if found.drafted_by == by {
        return Err(Refusal::state(
            "You wrote this draft. Somebody else must approve it: ask the executive sponsor.",
        )
        .into());
    }
    if let Some(missing) = rules::cannot_run(&found.body) {
        return Err(Refusal::state(missing).into());
    }
    let review_due = months_later(env.now(), found.body.review_months);
    let event = PolicyApproved { organisation: permit.owner(), number, by, review_due };
    say(tx, env, permit, found.id, Expected::Version(version), event)?;
    forward::put_forward(tx, env, permit.owner(), &found)
}

/// Gives a draft up.
///
/// # Errors
/// [`Refusal::State`] when it is no draft.
pub fn withdraw(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<WritePolicy>,
    number: i64,
    version: i64,
    reason: &str,
) -> Result<()> {
    let found = load(tx, permit, number)?;
    if found.state != PolicyState::Draft {
        return Err(Refusal::state("Only a draft can be given up.").into());
    }
    let reason = sentence("reason", reason, NOTE_MAX)?;
    let event = PolicyWithdrawn { organisation: permit.owner(), number, reason };
    say(tx, env, permit, found.id, Expected::Version(version), event)
}

/// Records that the version in force was reviewed and stays as it is.
///
/// # Errors
/// [`Refusal::State`] when it is not in force.
pub fn review(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<WritePolicy>,
    number: i64,
    version: i64,
    finding: &str,
) -> Result<()> {
    let found = load(tx, permit, number)?;
    if found.state != PolicyState::InForce {
        return Err(Refusal::state("Only the version in force is reviewed.").into());
    }
    let event = PolicyReviewed {
        organisation: permit.owner(),
        number,
        finding: sentence("finding", finding, NOTE_MAX)?,
        review_due: months_later(env.now(), found.body.review_months),
    };
    say(tx, env, permit, found.id, Expected::Version(version), event)
}
