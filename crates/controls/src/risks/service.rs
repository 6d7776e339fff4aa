//! Commands: permit, load, decide, record.

use super::events::{
    DeficiencyMended, DeficiencyOpened, DeficiencyTold, RiskClosed, RiskEvent, RiskStated,
};
use super::model::{DeficiencyId, DeficiencyText, Mended, Origin, RiskId, RiskText, Told};
use super::permits::ManageRisks;
use super::store;
use crate::model::ControlId;
use crate::service::TEXT_MAX;
use crate::store::control;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::period::parse_date;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin as By, record};
use std::collections::BTreeSet;

/// The longest title.
const TITLE_MAX: usize = 200;

fn date(field: &'static str, text: &str) -> std::result::Result<String, Refusal> {
    parse_date(text.trim())
        .map(|date| date.to_string())
        .map_err(|_| Refusal::field(field, "Write a date like 2026-03-09."))
}

fn own_controls(conn: &mut Conn<'_>, owner: PartyId, all: &[ControlId]) -> Result<()> {
    for id in all {
        if control(conn, owner, *id)?.is_none() {
            return Err(Refusal::field("controls", "Choose from your own register.").into());
        }
    }
    Ok(())
}

/// States a risk: a new one, or with `change` one at the version that was seen, with the reason.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`]
/// when it is no longer watched.
pub fn state_risk(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageRisks>,
    change: Option<(RiskId, i64, &str)>,
    (input, origin): (&RiskText, &Origin),
) -> Result<RiskId> {
    let owner = permit.owner();
    let (id, expected, reason) = match change {
        None => (env.id(), Expected::New, String::new()),
        Some((id, version, reason)) => {
            let risk = store::risk(tx, owner, id)?.ok_or(Refusal::NotFound)?;
            if risk.closed.is_some() {
                return Err(
                    Refusal::state("This risk is no longer watched. State a new one.").into()
                );
            }
            (id, Expected::Version(version), sentence("reason", reason, TEXT_MAX)?)
        }
    };
    for (field, value) in [("likelihood", input.likelihood), ("impact", input.impact)] {
        if !(1..=5).contains(&value) {
            return Err(Refusal::field(field, "Choose a number from 1 to 5.").into());
        }
    }
    own_controls(tx, owner, &input.controls)?;
    identity::service::answers_for(tx, owner, input.owner, "owner")?;
    let text = RiskText {
        title: line("title", &input.title, TITLE_MAX)?,
        description: sentence("description", &input.description, TEXT_MAX)?,
        review_on: date("review_on", &input.review_on)?,
        controls: input.controls.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        ..input.clone()
    };
    let event = RiskStated { id, organisation: owner, text, origin: origin.clone(), reason };
    let by = By::by(permit.actor(), owner);
    record(tx, env, &by, &id.to_string(), expected, vec![RiskEvent::from(event)])?;
    Ok(id)
}

/// A risk is no longer watched.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`], [`Refusal::Input`].
pub fn close_risk(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageRisks>,
    id: RiskId,
    version: i64,
    reason: &str,
) -> Result<()> {
    let risk = store::risk(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if risk.closed.is_some() {
        return Err(Refusal::state("This risk is no longer watched already.").into());
    }
    let event = RiskEvent::from(RiskClosed { reason: sentence("reason", reason, TEXT_MAX)? });
    let by = By::by(permit.actor(), permit.owner());
    record(tx, env, &by, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}

/// Opens a deficiency: a control failed, and that is confirmed.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn open_deficiency(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageRisks>,
    (input, origin): (&DeficiencyText, &Origin),
) -> Result<DeficiencyId> {
    let owner = permit.owner();
    if control(tx, owner, input.control)?.is_none() {
        return Err(Refusal::field("control", "Choose from your own register.").into());
    }
    identity::service::answers_for(tx, owner, Some(input.owner), "owner")?;
    let id: DeficiencyId = env.id();
    let text = DeficiencyText {
        finding: sentence("finding", &input.finding, TEXT_MAX)?,
        due: date("due", &input.due)?,
        ..input.clone()
    };
    let event = DeficiencyOpened { id, organisation: owner, text, origin: origin.clone() };
    let by = By::by(permit.actor(), owner);
    record(tx, env, &by, &id.to_string(), Expected::New, vec![RiskEvent::from(event)])?;
    Ok(id)
}

fn open(tx: &mut Tx<'_>, permit: &Permit<ManageRisks>, id: DeficiencyId) -> Result<()> {
    let found = store::deficiency(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if found.mended.is_some() {
        return Err(Refusal::state("This deficiency is mended already.").into());
    }
    Ok(())
}

/// Records to whom in the leadership a deficiency was told (CC4.2).
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when it is mended, [`Refusal::Input`].
pub fn tell_deficiency(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageRisks>,
    id: DeficiencyId,
    version: i64,
    told: &Told,
) -> Result<()> {
    open(tx, permit, id)?;
    let told = Told { to: line("to", &told.to, TITLE_MAX)?, on: date("on", &told.on)? };
    let event = RiskEvent::from(DeficiencyTold { told });
    let by = By::by(permit.actor(), permit.owner());
    record(tx, env, &by, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}

/// Closes a deficiency. What was done is not enough: what shows it is needed too; and one that is more
/// than minor was told to the leadership before.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`], [`Refusal::Input`].
pub fn mend_deficiency(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageRisks>,
    id: DeficiencyId,
    version: i64,
    mended: &Mended,
) -> Result<()> {
    open(tx, permit, id)?;
    let found = store::deficiency(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if found.told.is_none() && found.text.gravity > super::model::Gravity::Minor {
        return Err(Refusal::state(
            "A deficiency that is more than minor is told to the leadership before it is closed. Record to whom.",
        )
        .into());
    }
    let mended = Mended {
        action: sentence("action", &mended.action, TEXT_MAX)?,
        evidence: sentence("evidence", &mended.evidence, TEXT_MAX)?,
    };
    let event = RiskEvent::from(DeficiencyMended { mended });
    let by = By::by(permit.actor(), permit.owner());
    record(tx, env, &by, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}
