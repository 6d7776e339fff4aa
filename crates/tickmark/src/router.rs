//! Every route on one screen.
//!
//! One block per room, pages before endpoints. What a path may do is decided by the handler's permit,
//! never by the path.

use axum::Router;
use axum::routing::{get, post};
use platform::http::App;

/// Every page and endpoint.
#[must_use]
pub fn router() -> Router<App> {
    Router::new()
        .merge(house())
        .merge(identity())
        .merge(scope())
        .merge(commitments())
        .merge(controls())
        .merge(cases())
        .merge(evidence())
        .merge(examination())
        .merge(reporting())
        .fallback(crate::pages::nothing_here)
}

/// What belongs to no room.
fn house() -> Router<App> {
    Router::new()
        .route("/", get(crate::overview::home))
        .route("/search", get(crate::overview::search))
        .route("/glossary", get(crate::overview::glossary))
        .route("/metrics", get(crate::pages::metrics))
        .route("/api/openapi.json", get(crate::pages::openapi))
        .route("/preferences", post(crate::pages::preferences))
        .route("/design", get(crate::pages::design))
        .route("/static/{*path}", get(crate::pages::asset))
        .route("/healthz", get(crate::pages::healthz))
        .route("/readyz", get(crate::pages::readyz))
}

fn identity() -> Router<App> {
    Router::new()
}

fn scope() -> Router<App> {
    Router::new()
        .route("/engagements", get(scope::pages::list))
        .route("/engagements/new", get(scope::pages::new_form).post(scope::pages::new_submit))
        .route("/engagements/{id}", get(scope::pages::show))
        .route("/system", get(scope::pages::system).post(scope::pages::describe))
}

fn commitments() -> Router<App> {
    Router::new()
        .route("/commitments", get(commitments::pages::list))
        .route("/commitments/new", get(commitments::pages::new_form).post(commitments::pages::new_submit))
        .route("/commitments/{id}", get(commitments::pages::show))
        .route("/requirements/new", get(commitments::pages::new_requirement_form).post(commitments::pages::new_requirement_submit))
}

fn controls() -> Router<App> {
    Router::new()
        .route("/controls", get(controls::pages::list))
        .route("/controls/new", get(controls::pages::new_form).post(controls::pages::new_submit))
        .route("/controls/coverage", get(controls::pages::coverage))
        .route("/controls/{id}", get(controls::pages::show))
}

fn cases() -> Router<App> {
    Router::new()
}

fn evidence() -> Router<App> {
    Router::new()
        .route("/evidence", get(evidence::pages::list))
        .route("/evidence/new", get(evidence::pages::new_form).post(evidence::pages::new_submit))
        .route("/evidence/{id}", get(evidence::pages::show))
        .route("/evidence/{id}/file", get(evidence::pages::file))
        .route("/requests", get(evidence::request_pages::list).post(evidence::request_pages::ask))
        .route("/requests/{id}", get(evidence::request_pages::show).post(evidence::request_pages::act))
}

fn examination() -> Router<App> {
    Router::new()
}

fn reporting() -> Router<App> {
    Router::new()
}
