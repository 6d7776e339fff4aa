//! What the auditor states beyond controls: misstatements and limitations, what makes up for a failure,
//! and how material it is.

use super::{TEXT_MAX, file, write};
use crate::events::MattersStated;
use crate::model::{About, Matters};
use crate::permits::ConcludeCriterion;
use crate::rules::control::DesignState;
use crate::rules::facts::{Compensation, CriterionFacts, MaterialityFactor, Status};
use crate::store::{self, Papers, matters_subject, proposed};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
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
/// materiality can be cleared: only where every linked principal commitment was achieved all the same.
/// `version` is that of the auditor's statements seen, 0 for none.
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
) -> Result<()> {
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
    state_matters(tx, env, permit, version, &matters, &reason)
}

fn stated(matters: &mut Matters, criterion: CriterionId) -> Result<&mut CriterionFacts, Refusal> {
    store::stated_of(&mut matters.criteria, criterion)
        .map_err(|fault| Refusal::state(fault.to_string()))
}
