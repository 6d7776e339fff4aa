//! Who works on an engagement, whether they are independent, whether the firm takes it; who may sign.

use super::{NAME_MAX, TEXT_MAX, write};
use crate::firm::events::{
    AcceptanceDecided, AcceptancePrepared, IndependenceConfirmed, MemberAssigned, MemberReleased,
    ServiceStated, ThreatsJudged,
};
use crate::firm::model::{
    AcceptanceText, Assessed, Assignment, Decision, Judgement, NonAttest, ServiceId, Threat,
};
use crate::firm::permits::{
    ConfirmIndependence, DecideAcceptance, JudgeThreats, KeepServices, KeepTeam, PrepareAcceptance,
};
use crate::firm::{rules, store};
use crate::model::File;
use crate::store::file_of;
use identity::model::MemberState;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::journal::Expected;

/// Most threats that one person declares.
const THREATS_MAX: usize = 20;

fn file<A>(permit: &Permit<A>) -> Result<File, Refusal> {
    file_of(permit.facts())
}

/// Puts somebody on the team, or changes their part in it.
///
/// # Errors
/// [`Refusal::Input`] naming the field: when they act or ever acted for the client, do not hold the role
/// in the firm, or a peer reviewer has no last day.
pub fn assign(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepTeam>,
    person: PersonId,
    input: &Assignment,
) -> Result<()> {
    let file = file(permit)?;
    let memberships = identity::store::memberships_of(tx, person)?;
    let of_client = memberships.iter().any(|m| m.party == permit.owner());
    let holds = memberships
        .iter()
        .any(|m| m.party == file.firm && m.state == MemberState::Active && m.roles.has(input.role));
    rules::assign(input, holds, of_client)?;
    let event = MemberAssigned { engagement: file.engagement, person, assignment: input.clone() };
    let subject = store::subject(file, &format!("team/{person}"));
    write(tx, env, permit, file.firm, (&subject, Expected::Any), event)
}

/// Takes somebody off the team.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when they are off it, [`Refusal::Input`], [`Refusal::Stale`].
pub fn release(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepTeam>,
    (person, version): (PersonId, i64),
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    let team = store::team(tx, file)?;
    let found = team.iter().find(|m| m.person == person).ok_or(Refusal::NotFound)?;
    if found.released.is_some() {
        return Err(Refusal::state("This person left the team already.").into());
    }
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let event = MemberReleased { engagement: file.engagement, person, reason };
    let subject = store::subject(file, &format!("team/{person}"));
    write(tx, env, permit, file.firm, (&subject, Expected::Version(version)), event)
}

/// Confirms the independence of whoever acts, with the threats they declare. Confirming again replaces
/// what was declared, and any judgement on it.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::State`] when no person acts.
pub fn confirm(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConfirmIndependence>,
    threats: &[Threat],
) -> Result<()> {
    let file = file(permit)?;
    let person = permit.person().ok_or_else(no_person)?;
    if threats.len() > THREATS_MAX {
        return Err(Refusal::field("threats", "At most 20 threats are declared at once.").into());
    }
    let threats = threats
        .iter()
        .map(|t| {
            Ok(Threat {
                kind: t.kind,
                circumstances: sentence("circumstances", &t.circumstances, TEXT_MAX)?,
                safeguard: remark("safeguard", &t.safeguard, TEXT_MAX)?,
            })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    let event = IndependenceConfirmed { engagement: file.engagement, person, threats };
    let subject = store::subject(file, &format!("independence/{person}"));
    write(tx, env, permit, file.firm, (&subject, Expected::Any), event)
}

/// Judges the threats that somebody else declared.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when there is nothing to judge or the person judges their
/// own, [`Refusal::Input`], [`Refusal::Stale`].
pub fn judge_threats(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<JudgeThreats>,
    (person, version): (PersonId, i64),
    input: &Judgement,
) -> Result<()> {
    let file = file(permit)?;
    let all = store::confirmations(tx, file)?;
    let found = all.iter().find(|c| c.person == person).ok_or(Refusal::NotFound)?;
    if found.threats.is_empty() {
        return Err(Refusal::state("No threat was declared, so there is nothing to judge.").into());
    }
    if permit.person() == Some(person) {
        return Err(Refusal::state(
            "Nobody judges the threats that they declared themselves. Ask another partner or the quality reviewer.",
        )
        .into());
    }
    let without = found.threats.iter().any(|t| t.safeguard.is_empty());
    if input.acceptable && without {
        return Err(Refusal::field(
            "acceptable",
            "A threat without a safeguard cannot be brought to an acceptable level. Have the safeguard stated first.",
        )
        .into());
    }
    let judgement = Judgement {
        acceptable: input.acceptable,
        reason: sentence("reason", &input.reason, TEXT_MAX)?,
    };
    let event = ThreatsJudged { engagement: file.engagement, person, judgement };
    let subject = store::subject(file, &format!("independence/{person}"));
    write(tx, env, permit, file.firm, (&subject, Expected::Version(version)), event)
}

/// Records a service for the same client beside the examination; with `change` what became known of one.
/// What is incompatible is recorded too, for it happened; the file shows it and nothing can be signed.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn state_service(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepServices>,
    change: Option<(ServiceId, i64)>,
    input: &NonAttest,
) -> Result<ServiceId> {
    let file = file(permit)?;
    let (id, expected) = match change {
        None => (env.id(), Expected::New),
        Some((id, version)) => {
            let all = store::services(tx, file)?;
            all.iter().find(|s| s.id == id).ok_or(Refusal::NotFound)?;
            (id, Expected::Version(version))
        }
    };
    if input.activities.is_empty() {
        return Err(Refusal::field("activities", "Choose what the firm does in it.").into());
    }
    if input.to.is_some_and(|to| to < input.from) {
        return Err(Refusal::field("to", "The last day is before the first. Swap them.").into());
    }
    let body = NonAttest {
        description: sentence("description", &input.description, TEXT_MAX)?,
        overseen_by: remark("overseen_by", &input.overseen_by, NAME_MAX)?,
        safeguards: remark("safeguards", &input.safeguards, TEXT_MAX)?,
        ..input.clone()
    };
    let event = ServiceStated { id, engagement: file.engagement, body };
    write(tx, env, permit, file.firm, (&id.to_string(), expected), event)?;
    Ok(id)
}

/// Assesses the preconditions; an earlier decision no longer holds.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn prepare_acceptance(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PrepareAcceptance>,
    expected: Expected,
    input: &AcceptanceText,
) -> Result<()> {
    let file = file(permit)?;
    let mut seen = std::collections::BTreeSet::new();
    let mut preconditions = Vec::with_capacity(input.preconditions.len());
    for assessed in &input.preconditions {
        if !seen.insert(assessed.precondition) {
            return Err(Refusal::input("Each precondition is assessed once.").into());
        }
        preconditions.push(Assessed {
            basis: remark("basis", &assessed.basis, TEXT_MAX)?,
            ..assessed.clone()
        });
    }
    let text = AcceptanceText {
        preconditions,
        integrity: sentence("integrity", &input.integrity, TEXT_MAX)?,
        ..input.clone()
    };
    let event = AcceptancePrepared { engagement: file.engagement, text };
    let subject = store::subject(file, "acceptance");
    write(tx, env, permit, file.firm, (&subject, expected), event)
}

/// Decides on an assessment that somebody else made.
///
/// # Errors
/// [`Refusal::NotFound`] when nothing is assessed; [`Refusal::State`] when it is decided, when whoever
/// assessed it tries, or when something stands against accepting; [`Refusal::Input`], [`Refusal::Stale`].
pub fn decide_acceptance(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideAcceptance>,
    version: i64,
    input: &Decision,
) -> Result<()> {
    let file = file(permit)?;
    let standing = store::standing(tx, file)?;
    let found = standing.acceptance.as_ref().ok_or(Refusal::NotFound)?;
    if found.decision.is_some() {
        return Err(Refusal::state("This was decided already. Assess it again first.").into());
    }
    if found.prepared_by == permit.actor().name() {
        return Err(Refusal::state(
            "Whoever assessed the engagement does not decide on it. Ask another partner or the quality reviewer.",
        )
        .into());
    }
    if input.accepted {
        let against = rules::against_acceptance(&standing, &found.text, rules::day(env.now()));
        if !against.is_empty() {
            return Err(Refusal::state(format!(
                "The engagement cannot be accepted yet. {}",
                against.join(" ")
            ))
            .into());
        }
    }
    let decision =
        Decision { accepted: input.accepted, reason: sentence("reason", &input.reason, TEXT_MAX)? };
    let event = AcceptanceDecided { engagement: file.engagement, decision };
    let subject = store::subject(file, "acceptance");
    write(tx, env, permit, file.firm, (&subject, Expected::Version(version)), event)
}

fn no_person() -> Refusal {
    Refusal::state("Only a person signs. Sign in, or name who acts.")
}

/// Refuses unless whoever acts may sign in the file: they confirmed their independence within the year,
/// declared threats were judged acceptable, and the firm does none of management's work for the client.
///
/// # Errors
/// [`Refusal::State`] saying what is missing.
pub fn may_sign<A>(conn: &mut Conn<'_>, permit: &Permit<A>, now: Timestamp) -> Result<()> {
    let person = permit.person().ok_or_else(no_person)?;
    let standing = store::standing(conn, file(permit)?)?;
    Ok(rules::may_sign(&standing, person, rules::day(now))?)
}

/// Refuses the quality reviewer of the engagement.
///
/// # Errors
/// [`Refusal::State`] saying that they stay outside.
pub fn stays_outside<A>(conn: &mut Conn<'_>, permit: &Permit<A>) -> Result<()> {
    let Some(person) = permit.person() else { return Ok(()) };
    let standing = store::standing(conn, file(permit)?)?;
    Ok(rules::stays_outside(&standing, person)?)
}

/// The same as [`may_sign`] for the opinion, which also needs an accepted engagement and a licence in force.
///
/// # Errors
/// [`Refusal::State`] saying what is missing.
pub fn may_sign_opinion<A>(conn: &mut Conn<'_>, permit: &Permit<A>, now: Timestamp) -> Result<()> {
    let person = permit.person().ok_or_else(no_person)?;
    let standing = store::standing(conn, file(permit)?)?;
    Ok(rules::may_sign_opinion(&standing, person, rules::day(now))?)
}
