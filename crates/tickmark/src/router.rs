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
}

fn commitments() -> Router<App> {
    Router::new()
}

fn controls() -> Router<App> {
    Router::new()
}

fn cases() -> Router<App> {
    Router::new()
}

fn evidence() -> Router<App> {
    Router::new()
}

fn examination() -> Router<App> {
    Router::new()
}

fn reporting() -> Router<App> {
    Router::new()
}
