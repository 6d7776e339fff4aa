//! The file of the next period, begun from this one.

use super::{engagement, file, write};
use crate::completion::events::FileCarried;
use crate::completion::model::{RaisedRisk, Recipe};
use crate::completion::permits::CarryForward;
use crate::completion::store;
use crate::model::TestPlan;
use crate::permits::PlanTests;
use crate::planning::permits::Plan as MayPlan;
use crate::service::plan_test;
use crate::store::{Papers, test_by_code};
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::permit::{Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::journal::Expected;
use std::collections::BTreeMap;

/// Begins a file from that of the period before: plans of tests and recipes of populations are carried, and
/// the risk class of a control with deviations is raised. No conclusion, no result and no evidence is.
/// Returns how many plans were carried.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such engagement between the two; [`Refusal::State`] when this file
/// was begun from another already, or the other is not of an earlier period.
pub fn carry(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<CarryForward>,
    from: EngagementId,
) -> Result<usize> {
    let file = file(permit)?;
    let now = engagement(tx, file)?;
    let before = Papers::load(tx, from)?;
    if before.file.firm != file.firm
        || before.engagement.organisation != now.organisation
        || from == now.id
    {
        return Err(Refusal::NotFound.into());
    }
    if before.engagement.period.start() >= now.period.start() {
        return Err(
            Refusal::state("A file is begun from that of an earlier period. Choose one.").into()
        );
    }
    if store::carried(tx, file)?.is_some() {
        return Err(Refusal::state("This file was begun from an earlier one already.").into());
    }
    let plans = authorize::<PlanTests>(permit.actor(), permit.facts())?;
    let (mut carried, mut left_behind) = (Vec::new(), Vec::new());
    for test in &before.tests {
        let plan: &TestPlan = &test.plan;
        let live = controls::store::control(tx, now.organisation, plan.control)?;
        if live.is_none_or(|control| !control.active) {
            left_behind.push(format!("{}: its control is no longer in force.", plan.code));
        } else if test_by_code(tx, file, &plan.code)?.is_some() {
            left_behind.push(format!("{}: this file has a test of that code.", plan.code));
        } else {
            carried.push(plan_test(tx, env, &plans, None, plan)?);
        }
    }
    let event = FileCarried {
        engagement: file.engagement,
        from,
        recipes: recipes(&before),
        risks: raised(&before),
        left_behind,
    };
    let subject = format!("{}/{}/carried", file.engagement, file.firm);
    write(tx, env, permit, file.firm, &subject, Expected::New, event.into())?;
    // Sizes are read anew: of this period, and for classes that the deviations raised.
    let planner = authorize::<MayPlan>(permit.actor(), permit.facts())?;
    for test in &carried {
        crate::planning::service::size_carried(tx, env, &planner, *test)?;
    }
    Ok(carried.len())
}

/// How the populations of a file were got: the newest of each name, and nothing of their rows.
fn recipes(papers: &Papers) -> Vec<Recipe> {
    let mut newest: BTreeMap<&str, &crate::model::Population> = BTreeMap::new();
    for population in papers.populations.values() {
        let kept = newest.entry(population.body.name.as_str()).or_insert(population);
        if population.recorded_at > kept.recorded_at {
            *kept = population;
        }
    }
    let names = |columns: &serde_json::Value| {
        let all = columns.as_array().into_iter().flatten();
        all.filter_map(|c| c.get("name")?.as_str().map(str::to_owned)).collect()
    };
    newest
        .into_values()
        .map(|p| Recipe {
            name: p.body.name.clone(),
            controls: p.body.controls.clone(),
            source: p.body.source.clone(),
            key: p.body.key.clone(),
            columns: names(&p.body.columns),
            schema_sha256: p.body.schema_sha256.clone(),
        })
        .collect()
}

/// Controls with deviations: tested more the next time.
fn raised(papers: &Papers) -> Vec<RaisedRisk> {
    let mut out = Vec::new();
    for control in &papers.controls {
        let found = papers.deviations.iter().filter(|d| d.control == control.id).count();
        if found > 0 {
            out.push(RaisedRisk {
                control: control.id,
                deviations: u32::try_from(found).unwrap_or(u32::MAX),
                reason: format!(
                    "{} recorded in {}.",
                    if found == 1 {
                        "One deviation was".to_owned()
                    } else {
                        format!("{found} deviations were")
                    },
                    papers.engagement.name
                ),
            });
        }
    }
    out
}
