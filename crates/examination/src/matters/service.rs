//! Commands on what bears on the opinion beyond controls and criteria.

use super::model::Matter;
use super::rules::{judgeable, weighed_whole};
use super::store::{second_subject, stated_by};
use crate::events::{MatterSeconded, MattersStated};
use crate::model::Matters;
use crate::permits::{ConcludeCriterion, ConcludeOpinion, SecondConclusion};
use crate::rules::facts::{Misstatement, NotApplicable, ScopeLimitation};
use crate::service::{TEXT_MAX, file, state_matters, write};
use crate::store::{Papers, matters_subject};
use kernel::env::Env;
use kernel::permit::{Action, Permit};
use kernel::refusal::{Refusal, remark, sentence};
use platform::db::{Result, Tx};
use platform::journal::Expected;
use scope::catalogue::CriterionId;

/// The papers, at the version of the auditor's statements that was seen.
fn seen<A: Action>(tx: &mut Tx<'_>, permit: &Permit<A>, version: i64) -> Result<Papers> {
    let papers = Papers::load(tx, file(permit)?.engagement)?;
    if papers.matters_version != version {
        return Err(Refusal::Stale { seen: version, now: papers.matters_version }.into());
    }
    Ok(papers)
}

/// Puts a statement into its place in a list, behind the others, or takes it out.
fn placed<T>(list: &mut Vec<T>, which: Option<usize>, stated: Option<T>) -> Result<(), Refusal> {
    match (which, stated) {
        (None, Some(stated)) => list.push(stated),
        (Some(at), stated) if at < list.len() => {
            list.splice(at..=at, stated);
        }
        _ => return Err(Refusal::NotFound),
    }
    Ok(())
}

/// Why something is not material, as it is kept; a judgement without a reason is refused, and a reason goes with no
/// other judgement.
fn cleared(material: Option<bool>, reason: Option<&str>) -> Result<Option<String>, Refusal> {
    match material {
        Some(false) => sentence("material_reason", reason.unwrap_or_default(), TEXT_MAX).map(Some),
        _ => Ok(None),
    }
}

/// States a limit on the scope, changes one (`which`, from 0), or takes one back (`None` for it). What is judged not
/// material counts as material until a second person has signed ([`second_matter`]). `version` is that of the
/// auditor's statements seen, 0 for none.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::NotFound`] where there is no such limit, [`Refusal::Stale`].
pub fn state_limit(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCriterion>,
    version: i64,
    (which, limit): (Option<usize>, Option<&ScopeLimitation>),
    reason: &str,
) -> Result<()> {
    let papers = seen(tx, permit, version)?;
    let mut matters = papers.matters.clone();
    let limit = limit.map(|limit| checked_limit(&papers, limit)).transpose()?;
    placed(&mut matters.scope_limitations, which, limit)?;
    state_matters(tx, env, permit, version, &matters, reason)
}

fn checked_limit(papers: &Papers, limit: &ScopeLimitation) -> Result<ScopeLimitation, Refusal> {
    let scope: Vec<String> = papers.criteria().iter().map(ToString::to_string).collect();
    if let Some(id) = limit.criteria.iter().find(|id| !scope.contains(&id.to_string())) {
        let why = format!("{id} is not examined in this engagement. Name criteria in scope.");
        return Err(Refusal::field("criteria", why));
    }
    if limit.material == Some(false) && !weighed_whole(limit) {
        let why = "A limit that names criteria is weighed with each of them. Judge materiality on the page of the criterion.";
        return Err(Refusal::field("material", why));
    }
    let other = remark(
        "alternative_evidence",
        limit.alternative_evidence.as_deref().unwrap_or_default(),
        TEXT_MAX,
    )?;
    Ok(ScopeLimitation {
        what: sentence("what", &limit.what, TEXT_MAX)?,
        material_reason: cleared(limit.material, limit.material_reason.as_deref())?,
        alternative_evidence: Some(other).filter(|text| !text.is_empty()),
        ..limit.clone()
    })
}

/// States a misstatement of the description, or changes one (`which`, from 0): corrected, material or not. `version` is
/// that of the auditor's statements seen, 0 for none.
///
/// # Errors
/// [`Refusal::Input`] naming the field; [`Refusal::NotFound`] where there is no such misstatement, [`Refusal::Stale`].
pub fn state_misstatement(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCriterion>,
    version: i64,
    (which, stated): (Option<usize>, &Misstatement),
    reason: &str,
) -> Result<()> {
    let mut matters = seen(tx, permit, version)?.matters;
    let stated = Misstatement {
        what: sentence("what", &stated.what, TEXT_MAX)?,
        material_reason: cleared(stated.material, stated.material_reason.as_deref())?,
        ..stated.clone()
    };
    placed(&mut matters.description.misstatements, which, Some(stated))?;
    state_matters(tx, env, permit, version, &matters, reason)
}

/// Agrees that a criterion is not relevant, with management's reason as the description gives it (DC 8); an empty one
/// takes it back. `version` is that of the auditor's statements seen, 0 for none.
///
/// # Errors
/// [`Refusal::NotFound`] for a criterion out of the categories; [`Refusal::Input`] where none would be left, or nothing
/// is to be taken back; [`Refusal::Stale`].
pub fn leave_out(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCriterion>,
    version: i64,
    (criterion, given): (CriterionId, &str),
    reason: &str,
) -> Result<()> {
    let papers = seen(tx, permit, version)?;
    if !papers.engagement.criteria().contains(&criterion) {
        return Err(Refusal::NotFound.into());
    }
    let id = crate::store::rule_criterion(criterion).map_err(|f| Refusal::state(f.to_string()))?;
    let given = remark("given", given, TEXT_MAX)?;
    let mut matters = papers.matters;
    let before = matters.not_applicable.len();
    matters.not_applicable.retain(|n| n.criterion != id);
    if given.is_empty() && matters.not_applicable.len() == before {
        let why = "Write the reason that the description gives. Only what was left out can be taken back.";
        return Err(Refusal::field("given", why).into());
    }
    if !given.is_empty() {
        matters.not_applicable.push(NotApplicable { criterion: id, reason: given });
        matters.not_applicable.sort_by_key(|n| n.criterion);
    }
    state_matters(tx, env, permit, version, &matters, reason)
}

/// States that the evidence as such cannot be relied on, and why; an empty text takes it back. `version` is that of the
/// auditor's statements seen, 0 for none.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_unreliable(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeOpinion>,
    version: i64,
    unreliable: &str,
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    let papers = seen(tx, permit, version)?;
    let said = remark("unreliable", unreliable, TEXT_MAX)?;
    let evidence_unreliable = Some(said).filter(|text| !text.is_empty());
    let matters = Matters { evidence_unreliable, ..papers.matters };
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let event = MattersStated { engagement: file.engagement, matters, reason };
    write(tx, env, permit, &matters_subject(file), Expected::Version(version), vec![event.into()])
}

/// Signs, as a second person, that a misstatement or a limit is not material. Until then it counts as material.
/// `sha256` is that of the statement ([`Matter::sha256`]).
///
/// # Errors
/// [`Refusal::NotFound`] where no such statement stands; [`Refusal::State`] where nothing waits for a signature, for who
/// judged it, and for who may not sign.
pub fn second_matter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SecondConclusion>,
    sha256: &str,
    remark: &str,
) -> Result<()> {
    let file = file(permit)?;
    crate::firm::service::may_sign(tx, permit, env.now())?;
    let papers = Papers::load(tx, file.engagement)?;
    if !judgeable(&papers.matters).any(|m| m.sha256() == sha256) {
        return Err(Refusal::NotFound.into());
    }
    if !papers.matters_open().iter().any(|m: &Matter<'_>| m.sha256() == sha256) {
        let why = "Nobody has judged that this is not material, or it is signed already. There is nothing to sign.";
        return Err(Refusal::state(why).into());
    }
    let by = stated_by(tx, file, sha256)?;
    if by.is_none_or(|by| by.actor == permit.actor().name()) {
        return Err(Refusal::state("You judged this yourself. Another person has to sign.").into());
    }
    let event = MatterSeconded {
        engagement: file.engagement,
        sha256: sha256.to_owned(),
        remark: sentence("reason", remark, TEXT_MAX)?,
    };
    write(tx, env, permit, &second_subject(file, sha256), Expected::Any, vec![event.into()])
}
