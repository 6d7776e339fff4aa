//! What the auditor states beyond controls: misstatements and limitations, what makes up for a failure,
//! and how material it is.

use super::{TEXT_MAX, file, write};
use crate::events::{MaterialitySeconded, MattersStated};
use crate::model::{About, Matters, Standing};
use crate::permits::{ConcludeCriterion, ConcludeOpinion, SecondConclusion};
use crate::rules::control::DesignState;
use crate::rules::facts::{Compensation, CriterionFacts, Given, MaterialityFactor, Status};
use crate::store::{self, Papers, materiality_subject, matters_subject, proposed};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use platform::db::{Result, Tx};
use platform::journal::Expected;
use scope::catalogue::CriterionId;

/// States what else the opinion rests on: misstatements, scope limitations, what management signed.
///
/// # Errors
/// [`Refusal::Stale`]; [`Refusal::Input`] with what contradicts itself.
pub fn state_matters(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCriterion>,
    version: i64,
    matters: &Matters,
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    crate::firm::service::stays_outside(tx, permit)?;
    if matters.criteria.iter().any(|c| c.material_second_signer.is_some()) {
        let why = "A second person signs materiality with their own hand, not in a statement. Leave material_second_signer out.";
        return Err(Refusal::field("matters", why).into());
    }
    let mut papers = Papers::load(tx, file.engagement)?;
    papers.matters = matters.clone();
    // The statement must fit the facts, or no opinion could be proposed from it.
    proposed(&papers, About::Opinion, DesignState::Suitable)
        .map_err(|fault| Refusal::field("matters", fault.to_string()))?;
    let event = MattersStated {
        engagement: file.engagement,
        matters: matters.clone(),
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    let subject = matters_subject(file);
    write(tx, env, permit, &subject, Expected::Version(version), vec![event.into()])
}

/// What management refused, as the partner states it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefusedInput {
    /// Its written assertion.
    pub assertion: bool,
    /// The representation letter, or representations without which there is no examination.
    pub letter: bool,
    /// To amend its assertion for what was found: what it said; empty where it did not refuse.
    pub amendment: String,
    /// How it is known.
    pub reason: String,
}

/// States what management refused, beside what is stated otherwise; the opinion follows from it. `version` is that
/// of the auditor's statements seen, 0 for none.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_refused(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeOpinion>,
    version: i64,
    input: &RefusedInput,
) -> Result<()> {
    let file = file(permit)?;
    let papers = Papers::load(tx, file.engagement)?;
    let mut matters = papers.matters;
    let said = |refused: bool, before: Option<Given>| match (refused, before) {
        (true, _) => Some(Given::Refused),
        (false, Some(Given::Refused)) => None,
        (false, before) => before,
    };
    let management = &mut matters.management;
    management.assertion = said(input.assertion, management.assertion);
    management.representation_letter = said(input.letter, management.representation_letter);
    let amendment = remark("amendment", &input.amendment, TEXT_MAX)?;
    management.amendment_refused = Some(amendment).filter(|text| !text.is_empty());
    let event = MattersStated {
        engagement: file.engagement,
        matters,
        reason: sentence("reason", &input.reason, TEXT_MAX)?,
    };
    write(tx, env, permit, &matters_subject(file), Expected::Version(version), vec![event.into()])
}

/// What the auditor proposes to make up for what failed under a criterion.
#[derive(Debug, Clone)]
pub struct CompensationInput {
    /// The criterion.
    pub criterion: CriterionId,
    /// Codes of the compensating controls; none takes the proposal back.
    pub controls: Vec<String>,
    /// Whether the auditor agrees that they give the same outcome.
    pub accepted: bool,
    /// Why.
    pub reason: String,
}

/// Proposes controls that make up for those that failed under a criterion, beside what is stated
/// otherwise. The rules, not the proposal, decide whether each is admissible. `version` is that of the
/// auditor's statements seen, 0 for none.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`] for a criterion out of scope,
/// [`Refusal::Stale`].
pub fn propose_compensation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCriterion>,
    version: i64,
    input: &CompensationInput,
) -> Result<()> {
    let papers = Papers::load(tx, file(permit)?.engagement)?;
    if !papers.engagement.criteria().contains(&input.criterion) {
        return Err(Refusal::NotFound.into());
    }
    for code in &input.controls {
        let known = papers.controls.iter().find(|control| control.text.code == *code);
        let fault = match known {
            None => format!("No control in force is called {code}."),
            Some(control) if !papers.describes(control) => format!(
                "Control {code} serves no criterion of this examination, so the description does not hold it."
            ),
            Some(_) => continue,
        };
        let rule = "Only a control of the description can make up for another.";
        return Err(Refusal::field("controls", format!("{fault} {rule}")).into());
    }
    let reason = sentence("reason", &input.reason, TEXT_MAX)?;
    let mut matters = papers.matters.clone();
    let entry = stated(&mut matters, input.criterion)?;
    entry.compensation = (!input.controls.is_empty()).then(|| Compensation {
        controls: input.controls.clone(),
        accepted: input.accepted,
        reason: Some(reason.clone()),
    });
    state_matters(tx, env, permit, version, &matters, &reason)
}

/// How the auditor judges the materiality of a criterion that is not met.
#[derive(Debug, Clone)]
pub struct MaterialityInput {
    /// The criterion.
    pub criterion: CriterionId,
    /// Whether the failure is material to users of the report.
    pub material: bool,
    /// Whether it is held to be pervasive by itself, whatever the thresholds say.
    pub pervasive: bool,
    /// The qualitative factors that were weighed, at least one.
    pub factors: Vec<MaterialityFactor>,
    /// Why.
    pub reason: String,
}

/// States how material it is that a criterion is not met. The rules, not the statement, decide whether
/// materiality can be cleared: only where every linked principal commitment was achieved all the same and
/// a second person has signed ([`second_materiality`]). `version` is that of the auditor's statements
/// seen, 0 for none. Whether it waits for a second signature is told.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::State`] where the criterion is met, so that there is
/// nothing to judge; [`Refusal::NotFound`] for a criterion out of scope, [`Refusal::Stale`].
pub fn judge_materiality(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCriterion>,
    version: i64,
    input: &MaterialityInput,
) -> Result<Standing> {
    let papers = Papers::load(tx, file(permit)?.engagement)?;
    if !papers.engagement.criteria().contains(&input.criterion) {
        return Err(Refusal::NotFound.into());
    }
    if input.factors.is_empty() {
        let why = "Choose at least one factor that was weighed.";
        return Err(Refusal::field("factors", why).into());
    }
    if input.pervasive && !input.material {
        let why = "What is pervasive is material. Take one of the two back.";
        return Err(Refusal::field("pervasive", why).into());
    }
    let told = |fault: crate::rules::item::Fault| Refusal::state(fault.to_string());
    let found = store::criteria_proposed(&papers).map_err(told)?;
    let name = input.criterion.to_string();
    let fails = found.iter().any(|f| f.id.to_string() == name && f.worst() != Status::Met);
    if !fails {
        return Err(Refusal::state(format!(
            "{name} is proposed as met, so there is no failure whose materiality could be judged."
        ))
        .into());
    }
    let reason = sentence("reason", &input.reason, TEXT_MAX)?;
    let mut matters = papers.matters.clone();
    let entry = stated(&mut matters, input.criterion)?;
    entry.material = Some(input.material);
    entry.material_reason = Some(reason.clone());
    entry.materiality_factors.clone_from(&input.factors);
    entry.pervasive = input.pervasive;
    let waits = papers.materiality_second(entry).is_none() && !input.material;
    state_matters(tx, env, permit, version, &matters, &reason)?;
    Ok(if waits { Standing::AwaitsSecond } else { Standing::Stands })
}

/// Signs, as a second person, that the failure of a criterion is not material. Until then it counts as
/// material. `version` is that of the auditor's statements seen.
///
/// # Errors
/// [`Refusal::State`] where nothing waits for a signature, for who judged it, and for who may not sign;
/// [`Refusal::NotFound`] for a criterion out of scope, [`Refusal::Stale`].
pub fn second_materiality(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SecondConclusion>,
    version: i64,
    criterion: CriterionId,
    remark: &str,
) -> Result<()> {
    let file = file(permit)?;
    let about = About::Criterion { criterion };
    super::may_sign(tx, env, permit, about)?;
    let papers = Papers::load(tx, file.engagement)?;
    if !papers.engagement.criteria().contains(&criterion) {
        return Err(Refusal::NotFound.into());
    }
    if papers.matters_version != version {
        return Err(Refusal::Stale { seen: version, now: papers.matters_version }.into());
    }
    let name = criterion.to_string();
    let stated = papers.matters.criteria.iter().find(|c| c.id.to_string() == name);
    let open =
        stated.filter(|c| c.material == Some(false) && papers.materiality_second(c).is_none());
    let Some(stated) = open else {
        return Err(Refusal::state(format!(
            "Nobody has judged that the failure of {criterion} is not material, or it is signed already. There is nothing to sign."
        ))
        .into());
    };
    let judged = store::stated_by(tx, file, criterion)?.materiality;
    if judged.is_none_or(|by| by.actor == permit.actor().name()) {
        return Err(Refusal::state("You judged this yourself. Another person has to sign.").into());
    }
    let event = MaterialitySeconded {
        engagement: file.engagement,
        criterion,
        reason: stated.material_reason.clone().unwrap_or_default(),
        factors: stated.materiality_factors.clone(),
        remark: sentence("reason", remark, TEXT_MAX)?,
    };
    let subject = materiality_subject(file, criterion);
    write(tx, env, permit, &subject, Expected::Any, vec![event.into()])
}

fn stated(matters: &mut Matters, criterion: CriterionId) -> Result<&mut CriterionFacts, Refusal> {
    store::stated_of(&mut matters.criteria, criterion)
        .map_err(|fault| Refusal::state(fault.to_string()))
}
