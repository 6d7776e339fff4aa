//! Commands: permit, load, decide, record.

use crate::catalogue::{Categories, Category};
use crate::events::{
    ComponentDescribed, EngagementMoved, EngagementOpened, EngagementScoped, FirmJoined,
    ScopeEvent, SubserviceDescribed, UserEntityControlsStated,
};
use crate::model::{
    AssumedControl, ComponentKind, Engagement, EngagementState, ReportType, SubserviceMethod,
};
use crate::permits::{DescribeSystem, JoinFirm, ManageEngagement, MoveEngagement};
use crate::store;
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::Side;
use kernel::period::Period;
use kernel::permit::{Facts, Permit};
use kernel::refusal::{Refusal, line, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The longest name.
pub const NAME_MAX: usize = 200;
/// The longest text of a component or an assumed control.
pub const TEXT_MAX: usize = 4_000;

/// What is known of an engagement before anyone may touch it.
///
/// # Errors
/// [`Refusal::NotFound`] when there is none.
pub fn facts(conn: &mut Conn<'_>, id: EngagementId) -> Result<Facts> {
    let engagement = store::engagement(conn, id)?.ok_or(Refusal::NotFound)?;
    Ok(facts_of(&engagement))
}

/// The same, of an engagement already read.
#[must_use]
pub fn facts_of(engagement: &Engagement) -> Facts {
    let locked_at = engagement.moved_at.filter(|_| engagement.locked());
    Facts::engagement(engagement.id, engagement.organisation, engagement.firm, engagement.locked())
        .locked_at(locked_at)
}

/// What an engagement is about.
#[derive(Debug, Clone)]
pub struct EngagementInput {
    /// What people call it.
    pub name: String,
    /// The system.
    pub system_name: String,
    /// Type 1 or 2.
    pub report_type: ReportType,
    /// The period; for a Type 1 the one date.
    pub period: Period,
    /// The categories, security among them.
    pub categories: Vec<Category>,
}

fn check(input: &EngagementInput) -> Result<EngagementInput, Refusal> {
    if input.report_type == ReportType::Type1 && input.period.start() != input.period.end() {
        return Err(Refusal::field(
            "end",
            "A Type 1 report is as of one date: start and end are the same.",
        ));
    }
    let categories = Categories::new(input.categories.iter().copied())
        .map_err(|e| Refusal::field("categories", e.to_string()))?;
    if !categories.contains(Category::Security) {
        return Err(Refusal::field(
            "categories",
            "Security is part of every SOC 2 examination: the common criteria belong to it. Add it.",
        ));
    }
    Ok(EngagementInput {
        name: line("name", &input.name, NAME_MAX)?,
        system_name: line("system_name", &input.system_name, NAME_MAX)?,
        report_type: input.report_type,
        period: input.period.clone(),
        categories: categories.iter().collect(),
    })
}

/// Opens an engagement of the organisation that the permit is for.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn open_engagement(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageEngagement>,
    input: &EngagementInput,
) -> Result<EngagementId> {
    let input = check(input)?;
    let id: EngagementId = env.id();
    let event = EngagementOpened {
        id,
        organisation: permit.owner(),
        name: input.name,
        system_name: input.system_name,
        report_type: input.report_type,
        period: input.period,
        categories: input.categories,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![ScopeEvent::from(event)])?;
    Ok(id)
}

fn engagement_of<A>(tx: &mut Tx<'_>, permit: &Permit<A>) -> Result<Engagement> {
    let id = permit.facts().engagement.ok_or(Refusal::NotFound)?;
    Ok(store::engagement(tx, id)?.ok_or(Refusal::NotFound)?)
}

/// Changes what an engagement is about, with the reason.
///
/// # Errors
/// [`Refusal::Input`], [`Refusal::Stale`], or [`Refusal::State`] once the report is issued.
pub fn change_scope(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageEngagement>,
    version: i64,
    input: &EngagementInput,
    reason: &str,
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    if !matches!(engagement.state, EngagementState::Preparation | EngagementState::Fieldwork) {
        return Err(Refusal::state(
            "The report has been issued, so its scope stands. Open the next engagement instead.",
        )
        .into());
    }
    let input = check(input)?;
    let event = EngagementScoped {
        name: input.name,
        system_name: input.system_name,
        report_type: input.report_type,
        period: input.period,
        categories: input.categories,
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(
        tx,
        env,
        &origin,
        &engagement.id.to_string(),
        Expected::Version(version),
        vec![event.into()] as Vec<ScopeEvent>,
    )?;
    Ok(())
}

/// Joins a firm. The organisation's people and the firm's must be different people.
///
/// # Errors
/// [`Refusal::Input`] when there is no such firm, [`Refusal::State`] when another one is joined
/// already, or somebody would hold both sides.
pub fn join_firm(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<JoinFirm>,
    firm: PartyId,
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    if engagement.firm.is_some_and(|joined| joined != firm) {
        return Err(Refusal::state(
            "Another firm is joined to this engagement. A change of auditor is a new engagement.",
        )
        .into());
    }
    if engagement.firm == Some(firm) {
        return Ok(());
    }
    if identity::store::party(tx, firm)?.is_none_or(|party| party.side != Side::Firm) {
        return Err(Refusal::field("firm", "Choose a CPA firm that is registered here.").into());
    }
    identity::service::nobody_on_both_sides(tx, engagement.organisation, firm)?;
    let event = ScopeEvent::from(FirmJoined { firm });
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &engagement.id.to_string(), Expected::Any, vec![event])?;
    Ok(())
}

/// Moves the engagement on. States follow each other in order; nothing goes back.
///
/// # Errors
/// [`Refusal::State`] when the step is not the next one.
pub fn move_on(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MoveEngagement>,
    to: EngagementState,
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    let place = |state| EngagementState::ALL.iter().position(|s| *s == state).unwrap_or_default();
    if place(to) != place(engagement.state) + 1 {
        return Err(Refusal::state(format!(
            "The engagement is in {}; it cannot go to {} from there.",
            engagement.state.as_str(),
            to.as_str()
        ))
        .into());
    }
    if engagement.firm.is_none() {
        return Err(
            Refusal::state("No firm is joined to this engagement yet. Join one first.").into()
        );
    }
    let event = ScopeEvent::from(EngagementMoved { state: to });
    // The engagement is the organisation's record, so the fact goes to its log, whoever moved it.
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &engagement.id.to_string(), Expected::Any, vec![event])?;
    Ok(())
}

/// A component as described.
#[derive(Debug, Clone)]
pub struct ComponentInput {
    /// Which kind.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// Who answers for it.
    pub owner: Option<PersonId>,
    /// Where it is.
    pub location: String,
}

/// Describes a component of the system.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn describe_component(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DescribeSystem>,
    input: &ComponentInput,
) -> Result<crate::model::ComponentId> {
    identity::service::answers_for(tx, permit.owner(), input.owner, "owner")?;
    let event = ComponentDescribed {
        id: env.id(),
        organisation: permit.owner(),
        kind: input.kind,
        name: line("name", &input.name, NAME_MAX)?,
        purpose: sentence("purpose", &input.purpose, TEXT_MAX)?,
        owner: input.owner,
        location: line("location", &input.location, NAME_MAX)?,
    };
    let id = event.id;
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![ScopeEvent::from(event)])?;
    Ok(id)
}

/// A subservice organisation as described.
#[derive(Debug, Clone)]
pub struct SubserviceInput {
    /// Its name.
    pub name: String,
    /// What it does for the system.
    pub service: String,
    /// How it is presented.
    pub method: SubserviceMethod,
    /// What is assumed of it.
    pub assumed_controls: Vec<AssumedControl>,
}

fn assumed(controls: &[AssumedControl]) -> Result<Vec<AssumedControl>, Refusal> {
    controls
        .iter()
        .map(|control| {
            if control.criteria.is_empty() {
                return Err(Refusal::field(
                    "criteria",
                    "Each complementary control names the criteria that are met only together with it; without one it is advice, not a control.",
                ));
            }
            Ok(AssumedControl { statement: sentence("statement", &control.statement, TEXT_MAX)?, criteria: control.criteria.clone() })
        })
        .collect()
}

/// Describes a subservice organisation.
///
/// # Errors
/// [`Refusal::Input`] when a carve-out names no assumed control (DC7), or one names no criterion.
pub fn describe_subservice(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DescribeSystem>,
    input: &SubserviceInput,
) -> Result<crate::model::SubserviceId> {
    if input.method == SubserviceMethod::CarveOut && input.assumed_controls.is_empty() {
        return Err(Refusal::field("assumed_controls", "A carved-out subservice organisation needs at least one type of control that is assumed of it.").into());
    }
    let event = SubserviceDescribed {
        id: env.id(),
        organisation: permit.owner(),
        name: line("name", &input.name, NAME_MAX)?,
        service: sentence("service", &input.service, TEXT_MAX)?,
        method: input.method,
        assumed_controls: assumed(&input.assumed_controls)?,
    };
    let id = event.id;
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![ScopeEvent::from(event)])?;
    Ok(id)
}

/// States the complementary controls of user entities, all of them at once.
///
/// # Errors
/// [`Refusal::Input`] when one names no criterion.
pub fn state_user_entity_controls(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DescribeSystem>,
    controls: &[AssumedControl],
) -> Result<()> {
    let event =
        UserEntityControlsStated { organisation: permit.owner(), controls: assumed(controls)? };
    let subject = format!("user-entity-controls:{}", permit.owner());
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject, Expected::Any, vec![ScopeEvent::from(event)])?;
    Ok(())
}

/// The organisation whose records a reader sees: their own; or, on the firm's side, that of the
/// engagement that they have chosen, if their firm is joined to it, else of the only client there is.
///
/// # Errors
/// [`Refusal::NotFound`] when there is none, [`Refusal::State`] when a firm's person must choose.
pub fn organisation_seen(
    conn: &mut Conn<'_>,
    actor: &kernel::party::Actor,
    chosen: Option<EngagementId>,
) -> Result<PartyId> {
    let party = actor.party.ok_or(Refusal::NotFound)?;
    if actor.side != kernel::party::Side::Firm {
        return Ok(party);
    }
    let scope = kernel::permit::scope::<crate::permits::ReadEngagement>(actor)?;
    let engagements = store::engagements(conn, &scope)?;
    let seen = match chosen {
        Some(id) => engagements.iter().find(|e| e.id == id),
        None => engagements.first(),
    }
    .ok_or(Refusal::NotFound)?;
    if chosen.is_none() && engagements.iter().any(|e| e.organisation != seen.organisation) {
        return Err(choose().into());
    }
    Ok(seen.organisation)
}

/// The engagement that a page speaks of which names none: the one that the reader has chosen; else the
/// only one that is not locked; else the only one there is.
///
/// # Errors
/// [`Refusal::State`] when there is none, or when the reader must choose.
pub fn engagement_seen(
    conn: &mut Conn<'_>,
    actor: &kernel::party::Actor,
    chosen: Option<EngagementId>,
) -> Result<EngagementId> {
    if let Some(id) = chosen {
        return Ok(id);
    }
    let scope = kernel::permit::scope::<crate::permits::ReadEngagement>(actor)?;
    let all = store::engagements(conn, &scope)?;
    let open: Vec<_> = all.iter().filter(|e| !e.locked()).collect();
    match (open.as_slice(), all.as_slice()) {
        ([one], _) => Ok(one.id),
        ([], [one]) => Ok(one.id),
        (_, []) => Err(Refusal::state(
            "There is no engagement yet, so there is nothing to show. The organisation opens one under Scope.",
        )
        .into()),
        _ => Err(choose().into()),
    }
}

fn choose() -> Refusal {
    Refusal::state("Choose an engagement first, at the top of the page or on the engagements page.")
}
