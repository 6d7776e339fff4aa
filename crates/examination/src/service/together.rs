//! One signature under several criteria.

use super::conclude::may_sign;
use super::{TEXT_MAX, file, write};
use crate::completion::rules::plainly_met;
use crate::events::ConclusionSigned;
use crate::model::{About, Verdict};
use crate::permits::ConcludeCriterion;
use crate::rules::facts::Status;
use crate::store::{Papers, conclusion_subject, inputs_rule, inputs_sha256};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Result, Tx};
use platform::journal::Expected;
use scope::catalogue::CriterionId;
use scope::model::ReportType;
use std::collections::BTreeSet;

/// Concludes that the criteria are met of which every control is effective without a deviation: one deliberate
/// signature of a person, kept as a conclusion on each. The signer names the criteria that were read; when
/// others are plainly met by now, nothing is concluded.
///
/// # Errors
/// [`Refusal::State`] when there are none, when they are others than those read or the person may not sign;
/// [`Refusal::Input`] naming the field.
pub fn conclude_together(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeCriterion>,
    read: &BTreeSet<CriterionId>,
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    let reason = sentence("reason", reason, TEXT_MAX)?;
    let papers = Papers::load(tx, file.engagement)?;
    let found = plainly_met(&papers);
    if found.is_empty() {
        return Err(Refusal::state(
            "No criterion is left of which every control is effective without a deviation. Conclude on the others one by one.",
        )
        .into());
    }
    if found != *read {
        return Err(Refusal::state(
            "The criteria that are plainly met are others than those that you read. Read the list as it is now, then sign.",
        )
        .into());
    }
    let type_two = papers.engagement.report_type == ReportType::Type2;
    let verdict =
        Verdict::Criterion { design: Status::Met, operation: type_two.then_some(Status::Met) };
    for criterion in found {
        let about = About::Criterion { criterion };
        may_sign(tx, env, permit, about)?;
        let event = ConclusionSigned {
            engagement: file.engagement,
            about,
            proposed: verdict,
            concluded: verdict,
            reason: reason.clone(),
            proof: None,
            spans: Vec::new(),
            awaits_second: false,
            inputs_sha256: inputs_sha256(&papers, about),
            rule: inputs_rule(about),
        };
        let subject = conclusion_subject(file, about);
        write(tx, env, permit, &subject, Expected::Any, vec![event.into()])?;
    }
    Ok(())
}
