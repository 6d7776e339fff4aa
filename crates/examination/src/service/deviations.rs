//! Deviations: recorded with facts, cause and nature; added to, never taken away.

use super::census::rows_to_judge;
use super::{NAME_MAX, TEXT_MAX, file, optional, write};
use crate::events::DeviationStated;
use crate::model::{DeviationBody, DeviationId, DeviationSource, File, Particulars, TestId};
use crate::permits::PerformTests;
use crate::rules::item::{ItemOutcome, item_outcome};
use crate::store;
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId};
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::Expected;

/// A deviation as entered.
#[derive(Debug, Clone)]
pub struct DeviationInput {
    /// Where it was found.
    pub source: DeviationSource,
    /// What is known of it.
    pub body: DeviationBody,
}

fn check_body(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
    body: &DeviationBody,
) -> Result<DeviationBody> {
    let engagement = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
    let period = &engagement.period;
    let date = |field: &'static str, text: &Option<String>| -> Result<Option<String>, Refusal> {
        let Some(text) = text.as_deref().map(str::trim).filter(|t| !t.is_empty()) else {
            return Ok(None);
        };
        let date =
            kernel::period::parse_date(text).map_err(|e| Refusal::field(field, e.to_string()))?;
        if !period.contains_date(date) {
            return Err(Refusal::field(
                field,
                format!(
                    "{date} is outside the period of the examination. Give the days inside it."
                ),
            ));
        }
        Ok(Some(date.to_string()))
    };
    let (from, to) = (date("from", &body.from)?, date("to", &body.to)?);
    let (owner, from_date) = (engagement.organisation, from.clone());
    if from.is_some() != to.is_some() || from > to {
        return Err(Refusal::field("to", "Give the first and the last day, or neither.").into());
    }
    Ok(DeviationBody {
        facts: sentence("facts", &body.facts, TEXT_MAX)?,
        attribute: body.attribute.clone(),
        from,
        to,
        cause: sentence("cause", &body.cause, TEXT_MAX)?,
        nature: body.nature,
        undisclosed: body.undisclosed,
        mitigating: optional("mitigating", &body.mitigating, TEXT_MAX)?,
        client_statement: optional("client_statement", &body.client_statement, TEXT_MAX)?,
        correction: optional("correction", &body.correction, TEXT_MAX)?,
        more: particulars(conn, (owner, from_date), &body.more)?,
    })
}

/// What else is known, within bounds. A correction is dated on or after the deviation.
fn particulars(
    conn: &mut Conn<'_>,
    (owner, from): (PartyId, Option<String>),
    more: &Particulars,
) -> Result<Particulars> {
    let corrected_on = match more.corrected_on.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => {
            let day = kernel::period::parse_date(text)
                .map_err(|e| Refusal::field("corrected_on", e.to_string()))?;
            Some(day.to_string())
        }
    };
    if corrected_on.is_some() && from.is_some() && corrected_on < from {
        return Err(Refusal::field(
            "corrected_on",
            "It cannot have been put right before it began. Check both days.",
        )
        .into());
    }
    if let Some(control) = more.mitigating_control {
        controls::store::control(conn, owner, control)?.ok_or(Refusal::NotFound)?;
    }
    if !more.anomaly_proof.trim().is_empty() && more.others_checked.trim().is_empty() {
        return Err(Refusal::field(
            "others_checked",
            "An anomaly has to be shown not to recur elsewhere: say which other units were looked at and what was found.",
        )
        .into());
    }
    Ok(Particulars {
        system: optional("system", &more.system, NAME_MAX)?,
        person: optional("person", &more.person, NAME_MAX)?,
        design: more.design,
        prior_period: optional("prior_period", &more.prior_period, TEXT_MAX)?,
        others_checked: optional("others_checked", &more.others_checked, TEXT_MAX)?,
        customer_impact: optional("customer_impact", &more.customer_impact, TEXT_MAX)?,
        mitigating_control: more.mitigating_control,
        corrected_on,
        anomaly_proof: optional("anomaly_proof", &more.anomaly_proof, TEXT_MAX)?,
        nature_reason: optional("nature_reason", &more.nature_reason, TEXT_MAX)?,
    })
}

/// The test in which the deviation was found; refuses items that did not deviate and rows that passed.
fn check_source(conn: &mut Conn<'_>, file: File, source: &DeviationSource) -> Result<TestId> {
    match source {
        DeviationSource::Sample { sample, items } => {
            let drawn = store::sample(conn, file, *sample)?.ok_or(Refusal::NotFound)?;
            let sheet = store::items(conn, file, *sample)?;
            if items.is_empty() {
                return Err(Refusal::field("items", "Name the item that deviated.").into());
            }
            for id in items {
                let item = sheet.iter().find(|i| i.facts.id == *id).ok_or(Refusal::NotFound)?;
                if !matches!(item_outcome(&item.facts), Ok(ItemOutcome::Deviation { .. })) {
                    return Err(Refusal::state(format!(
                        "The item {id} has no deviating result. Enter its result first."
                    ))
                    .into());
                }
            }
            let again = store::deviations(conn, file)?.into_iter().any(|d| {
                matches!(&d.source, DeviationSource::Sample { sample: s, items: i } if s == sample && i.iter().any(|i| items.contains(i)))
            });
            if again {
                return Err(Refusal::state(
                    "A deviation is recorded for one of these items already. Add to that record.",
                )
                .into());
            }
            Ok(drawn.body.test)
        }
        DeviationSource::Census { census, keys, outcome } => {
            let run = store::census(conn, file, *census)?.ok_or(Refusal::NotFound)?;
            rows_to_judge(conn, file, *census, *outcome, keys.as_deref())?;
            Ok(run.body.test)
        }
    }
}

/// Records a deviation of selected items or of rows of a full-population run.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`] naming the field, [`Refusal::State`].
pub fn record_deviation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    input: &DeviationInput,
) -> Result<DeviationId> {
    let file = file(permit)?;
    let test = check_source(tx, file, &input.source)?;
    let plan = store::test(tx, file, test)?.ok_or(Refusal::NotFound)?.plan;
    let body = check_body(tx, file.engagement, &input.body)?;
    if body.attribute.as_ref().is_some_and(|a| !plan.attributes.iter().any(|p| p.letter == *a)) {
        return Err(Refusal::field("attribute", "The test has no such attribute.").into());
    }
    let id: DeviationId = env.id();
    let event = DeviationStated {
        id,
        engagement: file.engagement,
        control: plan.control,
        test,
        source: input.source.clone(),
        body,
        reason: String::new(),
    };
    write(tx, env, permit, &id.to_string(), Expected::New, vec![event.into()])?;
    Ok(id)
}

/// Adds to what is known of a deviation, with the reason; what was known before stays in the log.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] naming the field.
pub fn update_deviation(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    id: DeviationId,
    version: i64,
    body: &DeviationBody,
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    let before = store::deviation(tx, file, id)?.ok_or(Refusal::NotFound)?;
    let event = DeviationStated {
        id,
        engagement: file.engagement,
        control: before.control,
        test: before.test,
        source: before.source,
        body: check_body(tx, file.engagement, body)?,
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    write(tx, env, permit, &id.to_string(), Expected::Version(version), vec![event.into()])
}
