//! Commands: permit, load, decide, record.

use crate::events::{
    ControlEvent, ControlRetired, ControlStated, GapClosed, GapOpened, GapPlanned,
};
use crate::model::{Control, ControlId, ControlText, Coverage, Gap, GapId};
use crate::permits::{ManageControls, ManageGaps};
use crate::store;
use commitments::model::RequirementId;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};
use scope::catalogue::CriterionId;
use std::collections::BTreeSet;

/// The longest code.
pub const CODE_MAX: usize = 20;
/// The longest statement, finding or action.
pub const TEXT_MAX: usize = 4_000;

/// States a control: a new one, or with `change` an existing one at the version that was seen, with
/// the reason for the change.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_control(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageControls>,
    change: Option<(ControlId, i64, &str)>,
    input: &ControlText,
) -> Result<ControlId> {
    let code = line("code", &input.code, CODE_MAX)?;
    let same_code = store::by_code(tx, permit.owner(), &code)?;
    let (id, expected, reason) = match change {
        None => (env.id(), Expected::New, String::new()),
        Some((id, version, reason)) => {
            store::control(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
            (id, Expected::Version(version), sentence("reason", reason, TEXT_MAX)?)
        }
    };
    if same_code.is_some_and(|other| other.id != id) {
        return Err(Refusal::field(
            "code",
            format!("Another control is called {code}. Choose another code."),
        )
        .into());
    }
    if input.criteria.is_empty() {
        return Err(Refusal::field(
            "criteria",
            "Choose at least one criterion that this control serves.",
        )
        .into());
    }
    let known = commitments::store::requirements(tx, permit.owner())?;
    if !input.requirements.iter().all(|r| known.iter().any(|k| k.id == *r)) {
        return Err(
            Refusal::field("requirements", "Choose requirements of your own register.").into()
        );
    }
    identity::service::answers_for(tx, permit.owner(), input.owner, "owner")?;
    let carried: BTreeSet<RequirementId> = input.requirements.iter().copied().collect();
    let unique: BTreeSet<CriterionId> = input.criteria.iter().copied().collect();
    let text = ControlText {
        code,
        statement: sentence("statement", &input.statement, TEXT_MAX)?,
        owner_role: line("owner_role", &input.owner_role, 100)?,
        criteria: unique.into_iter().collect(),
        requirements: carried.into_iter().collect(),
        ..input.clone()
    };
    let event = ControlStated { id, organisation: permit.owner(), text, reason };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![ControlEvent::from(event)])?;
    Ok(id)
}

/// Retires a control.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when it is retired already.
pub fn retire(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageControls>,
    id: ControlId,
    version: i64,
    reason: &str,
) -> Result<()> {
    let control = store::control(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if !control.active {
        return Err(Refusal::state("This control is retired already.").into());
    }
    let event =
        ControlEvent::from(ControlRetired { reason: sentence("reason", reason, TEXT_MAX)? });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}

/// How far a criterion is covered by these controls.
#[must_use]
pub fn coverage(criterion: CriterionId, controls: &[Control]) -> Coverage {
    let mut serving =
        controls.iter().filter(|c| c.active && c.text.criteria.contains(&criterion)).peekable();
    if serving.peek().is_none() {
        return Coverage::Gap;
    }
    if serving.any(|c| c.text.owner.is_some()) { Coverage::Covered } else { Coverage::Partial }
}

/// What is done about a gap.
#[derive(Debug, Clone)]
pub struct GapPlan {
    /// What will be done.
    pub action: String,
    /// Who does it.
    pub owner: Option<PersonId>,
    /// Until which date, `2026-06-30`.
    pub due: String,
}

/// A gap as found.
#[derive(Debug, Clone)]
pub struct GapInput {
    /// The criterion.
    pub criterion: CriterionId,
    /// What is missing.
    pub finding: String,
    /// What is done about it.
    pub plan: GapPlan,
    /// What opened it.
    pub origin: crate::risks::model::Origin,
}

/// A plan as it may be recorded.
fn planned(tx: &mut Tx<'_>, permit: &Permit<ManageGaps>, plan: &GapPlan) -> Result<GapPlan> {
    let due = kernel::period::parse_date(plan.due.trim())
        .map_err(|e| Refusal::field("due", format!("{e}.")))?;
    identity::service::answers_for(tx, permit.owner(), plan.owner, "owner")?;
    let action = sentence("action", &plan.action, TEXT_MAX)?;
    Ok(GapPlan { action, owner: plan.owner, due: due.to_string() })
}

/// Opens a gap.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn open_gap(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageGaps>,
    input: &GapInput,
) -> Result<GapId> {
    let plan = planned(tx, permit, &input.plan)?;
    let event = GapOpened {
        id: env.id(),
        organisation: permit.owner(),
        criterion: input.criterion,
        finding: sentence("finding", &input.finding, TEXT_MAX)?,
        action: plan.action,
        owner: plan.owner,
        due: plan.due,
        origin: input.origin.clone(),
    };
    let id = event.id;
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![ControlEvent::from(event)])?;
    Ok(id)
}

/// A gap of the organisation that is not closed.
fn open(tx: &mut Tx<'_>, permit: &Permit<ManageGaps>, id: GapId) -> Result<Gap> {
    let gaps = store::gaps(tx, permit.owner())?;
    let gap = gaps.into_iter().find(|g| g.id == id).ok_or(Refusal::NotFound)?;
    if gap.closed.is_some() {
        return Err(Refusal::state("This gap is closed already.").into());
    }
    Ok(gap)
}

/// Plans anew what is done about a gap, at the version that was seen.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`]
/// when it is closed already.
pub fn plan_gap(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageGaps>,
    (id, version): (GapId, i64),
    (plan, reason): (&GapPlan, &str),
) -> Result<()> {
    open(tx, permit, id)?;
    let GapPlan { action, owner, due } = planned(tx, permit, plan)?;
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let event = ControlEvent::from(GapPlanned { action, owner, due, reason });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}

/// Closes a gap, at the version that was seen.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`]
/// when it is closed already.
pub fn close_gap(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageGaps>,
    (id, version): (GapId, i64),
    outcome: &str,
) -> Result<()> {
    open(tx, permit, id)?;
    let event = ControlEvent::from(GapClosed { outcome: sentence("outcome", outcome, TEXT_MAX)? });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}
