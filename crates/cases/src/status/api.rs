//! The status page as JSON. What has no name on the page has none here.

use super::model::{Notice, NoticeKind, Update};
use super::pages::Shown;
use super::{jobs, rules};
use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use platform::http::{Answer, Cx, Problem};
use serde::Serialize;

/// A component.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ComponentOut {
    /// What it is called on the page.
    pub name: String,
    /// What it does.
    pub description: String,
    /// `operational`, `maintenance`, `degraded`, `partial` or `major`.
    pub status: String,
}

/// One thing that was said.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UpdateOut {
    /// Its number within the notice.
    pub number: i64,
    /// RFC 3339.
    pub at: String,
    /// Where the notice stood.
    pub state: String,
    /// The words.
    pub text: String,
    /// The number of the update that it corrects.
    pub corrects: Option<i64>,
    /// The number of the update that corrects it.
    pub corrected_by: Option<i64>,
}

/// An incident or planned work.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NoticeOut {
    /// What it is called in public addresses.
    pub reference: String,
    /// In a few words.
    pub title: String,
    /// Where it stands at this moment.
    pub state: String,
    /// When it began, or is going to: RFC 3339.
    pub begins_at: String,
    /// When planned work is going to end: RFC 3339.
    pub ends_at: Option<String>,
    /// The components that it affects, by the names on the page, with how each stands meanwhile.
    pub affects: std::collections::BTreeMap<String, String>,
    /// The page that tells it.
    pub link: String,
    /// What was said, oldest first.
    pub updates: Vec<UpdateOut>,
}

/// The status page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StatusOut {
    /// Whose it is.
    pub organisation: String,
    /// The moment of the picture: RFC 3339.
    pub at: String,
    /// The worst of all components.
    pub status: String,
    /// Every component that is shown.
    pub components: Vec<ComponentOut>,
    /// Incidents that last, newest first.
    pub incidents: Vec<NoticeOut>,
    /// Planned work, under way or to come.
    pub maintenance: Vec<NoticeOut>,
}

fn update(u: &Update) -> UpdateOut {
    UpdateOut {
        number: u.version,
        at: u.at.to_rfc3339(),
        state: u.state.word().to_owned(),
        text: u.text.clone(),
        corrects: u.corrects,
        corrected_by: u.corrected_by,
    }
}

fn notice(shown: &Shown, base_url: &str, (notice, updates): &(Notice, Vec<Update>)) -> NoticeOut {
    let affects = shown.components.iter().filter_map(|c| {
        notice.affected.get(&c.id).map(|i| (c.public_name.clone(), i.word().to_owned()))
    });
    NoticeOut {
        reference: notice.reference.clone(),
        title: notice.title.clone(),
        state: rules::shown_state(notice, shown.now).word().to_owned(),
        begins_at: notice.begins_at.to_rfc3339(),
        ends_at: notice
            .ends_at
            .filter(|_| notice.kind == NoticeKind::Maintenance)
            .map(kernel::time::Timestamp::to_rfc3339),
        affects: affects.collect(),
        link: jobs::link(base_url, shown.party.id, &format!("/status/{}", notice.reference)),
        updates: updates.iter().map(update).collect(),
    }
}

/// `GET /api/v1/status`: needs no account.
///
/// # Errors
/// 404 for an unknown organisation, 422 where one must be named.
#[utoipa::path(get, path = "/api/v1/status", tag = "status",
    params(("to" = Option<String>, Query, description = "Whose page, `pty_…`; needed only where several organisations have one")),
    responses((status = 200, body = StatusOut), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn status(cx: Cx) -> Answer {
    let shown = Shown::of(&cx).await?;
    let base = cx.app.base_url.clone();
    let out = StatusOut {
        organisation: shown.party.name.clone(),
        at: shown.now.to_rfc3339(),
        status: shown.overall().word().to_owned(),
        components: shown
            .components
            .iter()
            .map(|c| ComponentOut {
                name: c.public_name.clone(),
                description: c.description.clone(),
                status: shown.stands(c).word().to_owned(),
            })
            .collect(),
        incidents: shown.incidents().map(|n| notice(&shown, &base, n)).collect(),
        maintenance: shown.maintenance().map(|n| notice(&shown, &base, n)).collect(),
    };
    Ok(([(header::CACHE_CONTROL, "public, max-age=30")], Json(out)).into_response())
}

/// The description of the endpoint.
#[derive(Debug, utoipa::OpenApi)]
#[openapi(paths(status), components(schemas(StatusOut, NoticeOut, UpdateOut, ComponentOut)))]
pub struct Api;
