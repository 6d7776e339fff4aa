//! Layers around the router, listening, stopping.

use super::failure::finish;
use super::{App, Cx, body::BODY_BYTES_MAX, security};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::future::Future;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// A request that takes longer than this is answered with 503; what it wrote stays written.
const REQUEST_SECONDS_MAX: u64 = 60;

/// Puts the shell around a router: who asks, same-site check, errors as pages, headers, bounds,
/// compression.
pub fn layered(app: &App, router: Router<App>) -> Router {
    router
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            super::Failure::Fault("a handler stopped unexpectedly".into()).into_response()
        }))
        .layer(from_fn_with_state(app.clone(), around))
        .layer(CompressionLayer::new().gzip(true))
        .with_state(app.clone())
}

async fn around(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if !needs_context(&path) {
        let mut response = next.run(request).await;
        security::headers(&app, &mut response);
        return response;
    }
    let cx = Cx::look_up(&app, request.headers(), request.uri()).await;
    request.extensions_mut().insert(cx.clone());
    let method = request.method().clone();
    let response = match security::same_site(&cx, request.method()) {
        Err(failure) => failure.into_response(),
        Ok(()) => {
            match tokio::time::timeout(Duration::from_secs(REQUEST_SECONDS_MAX), next.run(request))
                .await
            {
                Ok(response) => response,
                Err(_) => (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "This took too long. Try again; nothing is lost.",
                )
                    .into_response(),
            }
        }
    };
    let mut response = finish(&cx, &method, response);
    security::headers(&app, &mut response);
    response
}

/// Files and health checks need no session.
fn needs_context(path: &str) -> bool {
    !path.starts_with("/static/")
        && !matches!(path, "/healthz" | "/readyz" | "/metrics" | "/favicon.ico")
}

/// Listens until `stop` resolves, then finishes what is under way.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    listener: tokio::net::TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // Handlers that slow down repeated attempts ask from where a request comes.
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
