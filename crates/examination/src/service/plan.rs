//! Planned tests; populations and their judgement.

use super::{NAME_MAX, TEXT_MAX, file, optional, sha256_hex, write};
use crate::events::{PopulationFrozen, PopulationJudged, TestPlanned};
use crate::model::{
    Attribute, PopulationBody, PopulationId, PopulationJudgement, TestId, TestPlan,
};
use crate::permits::{KeepPopulations, PlanTests};
use crate::rules::deviation::TestBasis;
use crate::store;
use crate::supplied::{self, model::Origin};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::Expected;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Most attributes of one test.
const ATTRIBUTES_MAX: usize = 26;
/// The longest profile or list of checks of a population, as JSON, in bytes.
const PROFILE_BYTES_MAX: usize = 400_000;
/// Most snapshots in one population.
const SNAPSHOTS_MAX: usize = 1_000;

fn check_plan<A>(conn: &mut Conn<'_>, permit: &Permit<A>, plan: &TestPlan) -> Result<TestPlan> {
    let control =
        controls::store::control(conn, permit.owner(), plan.control)?.ok_or(Refusal::NotFound)?;
    if !control.active {
        return Err(
            Refusal::field("control", "This control is retired. Choose one in force.").into()
        );
    }
    if plan.attributes.is_empty() || plan.attributes.len() > ATTRIBUTES_MAX {
        return Err(Refusal::field(
            "attributes",
            "A test looks for 1 to 26 attributes. Write what must hold for every item.",
        )
        .into());
    }
    let mut letters = BTreeSet::new();
    let mut attributes = Vec::with_capacity(plan.attributes.len());
    for attribute in &plan.attributes {
        let letter = sentence("attributes", &attribute.letter, 3)?;
        if !letters.insert(letter.clone()) {
            return Err(Refusal::field(
                "attributes",
                format!("Attribute {letter} is there twice. Give each its own letter."),
            )
            .into());
        }
        attributes
            .push(Attribute { letter, text: sentence("attributes", &attribute.text, 1_000)? });
    }
    let statistical = plan.basis == TestBasis::Statistical;
    if statistical && (plan.confidence.is_none() || plan.tolerable.is_none()) {
        return Err(Refusal::field(
            "confidence",
            "A statistical test needs a confidence and a tolerable rate, such as 90% and 10%.",
        )
        .into());
    }
    Ok(TestPlan {
        code: sentence("code", &plan.code, 40)?,
        evidence: sentence("evidence", &plan.evidence, 1_000)?,
        items: sentence("items", &plan.items, NAME_MAX)?,
        attributes,
        ..plan.clone()
    })
}

/// Plans a test of a control, or with `change` plans an existing one anew, at the version that was
/// seen and with the reason.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn plan_test(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PlanTests>,
    change: Option<(TestId, i64, &str)>,
    plan: &TestPlan,
) -> Result<TestId> {
    let file = file(permit)?;
    let plan = check_plan(tx, permit, plan)?;
    let (id, expected, reason) = match change {
        None => (env.id(), Expected::New, String::new()),
        Some((id, version, reason)) => {
            let before = store::test(tx, file, id)?.ok_or(Refusal::NotFound)?;
            if before.plan.control != plan.control {
                return Err(Refusal::field(
                    "control",
                    "A test stays with its control. Plan another test for the other control.",
                )
                .into());
            }
            (id, Expected::Version(version), sentence("reason", reason, TEXT_MAX)?)
        }
    };
    if store::test_by_code(tx, file, &plan.code)?.is_some_and(|other| other.id != id) {
        return Err(Refusal::field(
            "code",
            format!("Another test is called {}. Choose another code.", plan.code),
        )
        .into());
    }
    let event = TestPlanned { id, engagement: file.engagement, plan, reason };
    write(tx, env, permit, &id.to_string(), expected, vec![event.into()])?;
    Ok(id)
}

/// Records a frozen population, whose rows and record are stored as files. Where the organisation supplied
/// the rows, what it may see of them is recorded in its own log too.
///
/// # Errors
/// [`Refusal::State`] when by what it covers it is frozen too early or too late; [`Refusal::Input`] naming
/// the field.
pub fn record_population(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    input: &PopulationBody,
) -> Result<PopulationId> {
    let file = file(permit)?;
    sha256_hex("canonical_sha256", &input.canonical_sha256)?;
    sha256_hex("schema_sha256", &input.schema_sha256)?;
    agrees(input.meaning.as_deref(), &input.schema_sha256)?;
    sha256_hex("rows_blob", &input.rows_blob.sha256)?;
    sha256_hex("record_blob", &input.record_blob.sha256)?;
    if input.frozen_at > env.now() {
        return Err(Refusal::field(
            "frozen_at",
            "The population claims to have been frozen in the future. Freeze it again on a machine with the right time.",
        )
        .into());
    }
    let engagement = scope::store::engagement(tx, file.engagement)?.ok_or(Refusal::NotFound)?;
    supplied::rules::may_be_frozen(
        &input.name,
        input.coverage.as_ref(),
        &input.speaks_for,
        &engagement.period,
        input.frozen_at,
    )?;
    came_from(tx, permit, input)?;
    if input.speaks_for.len() > SNAPSHOTS_MAX {
        return Err(Refusal::field(
            "speaks_for",
            "More than 1000 snapshots cannot be frozen as one population.",
        )
        .into());
    }
    for date in &input.speaks_for {
        kernel::period::parse_date(date)
            .map_err(|e| Refusal::field("speaks_for", e.to_string()))?;
    }
    let profile = input.columns.to_string().len() + input.checks.to_string().len();
    if profile > PROFILE_BYTES_MAX {
        return Err(Refusal::field(
            "columns",
            format!("The profile of the columns has {profile} bytes, at most {PROFILE_BYTES_MAX} are kept. Freeze fewer columns."),
        )
        .into());
    }
    for control in &input.controls {
        controls::store::control(tx, permit.owner(), *control)?.ok_or(Refusal::NotFound)?;
    }
    let body = PopulationBody {
        name: sentence("name", &input.name, NAME_MAX)?,
        source: optional("source", &input.source, TEXT_MAX)?,
        ..input.clone()
    };
    let id: PopulationId = env.id();
    let event = PopulationFrozen { id, engagement: file.engagement, body: body.clone() };
    write(tx, env, permit, &id.to_string(), Expected::New, vec![event.into()])?;
    supplied::service::show(tx, env, permit, &body)?;
    crate::planning::service::read_sizes_again(tx, env, permit, &body.controls)?;
    Ok(id)
}

/// Refuses a text of the columns' meaning that the digest is not made of: both sides are shown it.
fn agrees(meaning: Option<&str>, schema_sha256: &str) -> Result<(), Refusal> {
    let Some(meaning) = meaning else { return Ok(()) };
    if meaning.len() > PROFILE_BYTES_MAX
        || hex::encode(Sha256::digest(meaning)) != schema_sha256.to_ascii_lowercase()
    {
        return Err(Refusal::field(
            "meaning",
            "The text of what the columns mean does not have the digest beside it. Freeze the files again.",
        ));
    }
    Ok(())
}

/// Refuses rows of which nobody says where they came from, or that came from no evidence of this
/// engagement.
fn came_from(
    conn: &mut Conn<'_>,
    permit: &Permit<KeepPopulations>,
    input: &PopulationBody,
) -> Result<()> {
    match &input.origin {
        None => Err(Refusal::field(
            "origin",
            "Say where the rows came from: the organisation supplied them, or the firm obtained them elsewhere.",
        )
        .into()),
        Some(Origin::Evidence { evidence }) => {
            let engagement = file(permit)?.engagement;
            evidence::store::item(conn, permit.owner(), *evidence)?
                .filter(|item| item.engagement.is_none_or(|of| of == engagement))
                .ok_or(Refusal::NotFound)?;
            Ok(())
        }
        Some(_) => Ok(()),
    }
}

/// Judges whether a population is complete and accurate enough to test from.
///
/// # Errors
/// [`Refusal::State`] when it is to be accepted and something stands in the way; [`Refusal::NotFound`],
/// [`Refusal::Stale`], [`Refusal::Input`].
pub fn judge_population(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    id: PopulationId,
    version: i64,
    judgement: &PopulationJudgement,
) -> Result<()> {
    let known = store::population(tx, file(permit)?, id)?.ok_or(Refusal::NotFound)?;
    if judgement.accepted {
        crate::ipe::service::may_be_accepted(tx, file(permit)?, &known)?;
    }
    let judgement = PopulationJudgement {
        accepted: judgement.accepted,
        reason: sentence("reason", &judgement.reason, TEXT_MAX)?,
    };
    let event = PopulationJudged { judgement };
    write(tx, env, permit, &id.to_string(), Expected::Version(version), vec![event.into()])
}
