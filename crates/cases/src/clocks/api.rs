//! JSON endpoints of clocks.

use super::model::{Promise, Standing};
use super::rules::promises::explain;
use super::{service, store};
use crate::model::CaseId;
use crate::pages::owner_seen;
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx};
use serde::Serialize;
use utoipa::ToSchema;

/// One step of the working of a deadline.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepOut {
    /// From when, in RFC 3339 with the calendar's offset.
    pub from: String,
    /// Until when.
    pub to: String,
    /// How much of it was counted, in seconds.
    pub counted_s: i64,
    /// Why.
    pub why: String,
}

/// One promise about a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromiseOut {
    /// `acknowledge`, `triage`, `answer`, `update`, `contain`, `resolve`, `review` or `duty:…`.
    pub clock: String,
    /// The severity under which it was made; none while undecided.
    pub severity: Option<String>,
    /// How much time: `8 business hours`.
    pub target: String,
    /// From when it counts.
    pub from: String,
    /// By when.
    pub due_at: String,
    /// When it was kept, in time or not.
    pub stopped_at: Option<String>,
    /// When another promise took its place.
    pub superseded_at: Option<String>,
    /// `running`, `kept`, `late`, `overdue` or `superseded`.
    pub standing: String,
    /// How the deadline comes about.
    pub trace: Vec<StepOut>,
}

/// The clocks of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClocksOut {
    /// The version of the policy under which it came in; none where nothing is promised.
    pub policy: Option<i64>,
    /// When the next rung is due.
    pub next_at: Option<String>,
    /// Every promise.
    pub promises: Vec<PromiseOut>,
    /// Rungs that were climbed: when, and why.
    pub climbed: Vec<ClimbedOut>,
}

/// A rung that was climbed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClimbedOut {
    /// For when it was planned.
    pub planned_at: String,
    /// When people were told.
    pub at: String,
    /// Why.
    pub why: String,
    /// How many people and addresses were told.
    pub told: usize,
}

const fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Running => "running",
        Standing::Kept => "kept",
        Standing::Late => "late",
        Standing::Overdue => "overdue",
        Standing::Superseded => "superseded",
    }
}

/// `GET /api/v1/cases/{id}/clocks` (scope `cases:read`)
///
/// # Errors
/// 401 without session or token, 403 without role or scope, 404 when there is no such case.
#[utoipa::path(get, path = "/api/v1/cases/{id}/clocks", tag = "cases",
    params(("id" = String, Path, description = "`cas_…`"),
           ("engagement" = Option<String>, Query, description = "For a firm: through which engagement")),
    responses((status = 200, body = ClocksOut), (status = 401), (status = 403), (status = 404)))]
pub async fn clocks(cx: Cx, Path(id): Path<String>) -> Answer {
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (chosen, now) = (crate::api::engagement(&cx)?, cx.env().now());
    let out = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            crate::store::case(conn, owner, id)?.ok_or(Refusal::NotFound)?;
            if let Some(person) = actor.person
                && crate::store::kept_out(conn, id, person)?
            {
                return Err(Refusal::NotFound.into());
            }
            let Some(read) = service::read(conn, owner, id)? else {
                return Ok(ClocksOut {
                    policy: None,
                    next_at: None,
                    promises: Vec::new(),
                    climbed: Vec::new(),
                });
            };
            let climbed = store::climbed(conn, id)?.into_iter().map(|done| ClimbedOut {
                planned_at: done.climbed.planned.at.to_rfc3339(),
                at: done.at.to_rfc3339(),
                told: done.climbed.told.len() + done.climbed.addresses.len(),
                why: done.climbed.planned.why,
            });
            Ok(ClocksOut {
                policy: Some(read.plan.number),
                next_at: read.armed.next_at.map(|at| at.to_rfc3339()),
                promises: read.armed.promises.iter().map(|p| promise(&read, p, now)).collect(),
                climbed: climbed.collect(),
            })
        })
        .await?;
    Ok(Json(out).into_response())
}

fn promise(read: &service::Read, p: &Promise, now: kernel::time::Timestamp) -> PromiseOut {
    let zone = read.plan.calendar(p.around_the_clock).zone();
    let trace = explain(&read.plan, &read.facts, p).map(|d| d.trace).unwrap_or_default();
    PromiseOut {
        clock: p.clock.word(),
        severity: p.severity.map(|s| s.word().to_owned()),
        target: p.target.to_string(),
        from: zone.rfc3339(p.from),
        due_at: zone.rfc3339(p.due_at),
        stopped_at: p.stopped_at.map(|at| zone.rfc3339(at)),
        superseded_at: p.superseded_at.map(|at| zone.rfc3339(at)),
        standing: word(p.standing(now)).to_owned(),
        trace: trace
            .iter()
            .map(|step| StepOut {
                from: zone.rfc3339(step.from),
                to: zone.rfc3339(step.to),
                counted_s: step.counted_us / 1_000_000,
                why: step.why.to_string(),
            })
            .collect(),
    }
}

/// This subject's part of the OpenAPI document.
#[derive(Debug, utoipa::OpenApi)]
#[openapi(paths(clocks))]
pub struct Api;
