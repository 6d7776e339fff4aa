//! Endpoints: the results of an examination, the hashes of its populations, and what the auditor states
//! beyond the tests ([`stated`]).

pub mod stated;

use crate::firm::store::facts_for;
use crate::permits::{ReadFile, ReadPopulationHash};
use crate::store::Papers;
use crate::supplied;
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Problem};

fn engagement(text: &str) -> Result<EngagementId, Failure> {
    text.parse().map_err(|_| Failure::Refused(Refusal::NotFound))
}

/// `GET /api/v1/examination/{engagement}` (scope `examination:read`): per control its tests, figures,
/// results and entries; per criterion and for the opinion what is proposed and what was concluded.
///
/// # Errors
/// 401 without session or token; 404 for who may not read the file.
#[utoipa::path(get, path = "/api/v1/examination/{engagement}", tag = "examination",
    params(("engagement" = String, Path, description = "`eng_…`")),
    responses((status = 200, description = "Results"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn results(cx: Cx, Path(id): Path<String>) -> Answer {
    let id = engagement(&id)?;
    let now = cx.env().now();
    let results = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &facts_for(conn, actor, id, now)?)?;
            Ok(Papers::load(conn, id)?.results())
        })
        .await?;
    Ok(Json(results).into_response())
}

/// `GET /api/v1/examination/{engagement}/populations` (scope `examination:read`): name, rows, hash, zone,
/// what it covers, which days of the period under examination a list of occurrences leaves out (`left_out`)
/// and when it was frozen, of every population frozen from what the organisation supplied.
/// Both sides are given the same, out of the organisation's own record; what the firm obtained elsewhere
/// is not in it.
///
/// # Errors
/// 401 without session or token; 404 for who has no part in the engagement.
#[utoipa::path(get, path = "/api/v1/examination/{engagement}/populations", tag = "examination",
    params(("engagement" = String, Path, description = "`eng_…`")),
    responses((status = 200, description = "Populations"), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn populations(cx: Cx, Path(id): Path<String>) -> Answer {
    let id = engagement(&id)?;
    let now = cx.env().now();
    let published = cx
        .read(move |conn, actor| {
            let facts = facts_for(conn, actor, id, now)?;
            authorize::<ReadPopulationHash>(actor, &facts)?;
            let period = ::scope::store::engagement(conn, id)?.ok_or(Refusal::NotFound)?;
            let found = supplied::store::of(conn, facts.owner, id)?;
            Ok(found
                .into_iter()
                .map(|p| supplied::rules::published(p, &period))
                .collect::<Vec<_>>())
        })
        .await?;
    Ok(Json(serde_json::json!({ "populations": published })).into_response())
}

/// The room's part of the OpenAPI document.
#[derive(Debug, utoipa::OpenApi)]
#[openapi(paths(
    results,
    populations,
    stated::spans,
    stated::state,
    stated::compensation,
    stated::propose_compensation,
    stated::materiality,
    stated::judge_materiality,
    stated::second_materiality
))]
pub struct Api;
