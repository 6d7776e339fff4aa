//! Errors as people and programs meet them.

use super::Cx;
use super::cx::{page, wants_json};
use crate::db::Error;
use askama::Template;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::party::{Lapsed, LapsedWhen};
use kernel::refusal::Refusal;
use serde::Serialize;

/// What a handler returns.
pub type Answer = Result<Response, Failure>;

/// Why a request was not answered with what it asked for.
#[derive(Debug)]
pub enum Failure {
    /// A rule said no.
    Refused(Refusal),
    /// Nobody is signed in.
    SignIn,
    /// The request itself is wrong: too large, not UTF-8, not JSON.
    Request(StatusCode, String),
    /// Too many requests from here; try again after so many seconds.
    Slow(u64),
    /// The machinery failed. The text goes to the log, never to the person.
    Fault(String),
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        match e {
            Error::Refused(refusal) => Self::Refused(refusal),
            other => Self::Fault(other.to_string()),
        }
    }
}
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
impl From<askama::Error> for Failure {
    fn from(e: askama::Error) -> Self {
        Self::Fault(format!("a template: {e}"))
    }
}

/// The stable names of problems: the last part of a problem's `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// The input is wrong.
    InvalidInput,
    /// Nothing is there.
    NotFound,
    /// Known, but not yours to do.
    Forbidden,
    /// Somebody changed it meanwhile.
    Stale,
    /// Not in this state.
    Conflict,
    /// The key was used for another request.
    KeyReused,
    /// Sign in or send a token.
    Unauthenticated,
    /// The request is malformed or too large.
    BadRequest,
    /// Too many requests.
    TooMany,
    /// Our fault.
    Fault,
}

/// Problem details, RFC 9457.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Names the kind of problem: `/problems/not-found`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, what was kept, what to do.
    pub detail: String,
    /// The member of the request that is to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Failure {
    /// Status, kind and sentence.
    #[must_use]
    pub fn explain(&self) -> (StatusCode, ProblemKind, String) {
        let (status, kind) = match self {
            Self::Refused(Refusal::Input { .. }) => {
                (StatusCode::UNPROCESSABLE_ENTITY, ProblemKind::InvalidInput)
            }
            Self::Refused(Refusal::NotFound) => (StatusCode::NOT_FOUND, ProblemKind::NotFound),
            Self::Refused(Refusal::Forbidden(_)) => (StatusCode::FORBIDDEN, ProblemKind::Forbidden),
            Self::Refused(Refusal::Stale { .. }) => (StatusCode::CONFLICT, ProblemKind::Stale),
            Self::Refused(Refusal::State(_)) => (StatusCode::CONFLICT, ProblemKind::Conflict),
            Self::Refused(Refusal::KeyReused) => {
                (StatusCode::UNPROCESSABLE_ENTITY, ProblemKind::KeyReused)
            }
            Self::SignIn => (StatusCode::UNAUTHORIZED, ProblemKind::Unauthenticated),
            Self::Request(status, _) => (*status, ProblemKind::BadRequest),
            Self::Slow(_) => (StatusCode::TOO_MANY_REQUESTS, ProblemKind::TooMany),
            Self::Fault(_) => (StatusCode::INTERNAL_SERVER_ERROR, ProblemKind::Fault),
        };
        let detail = match self {
            Self::Refused(refusal) => refusal.to_string(),
            Self::SignIn => "Sign in first, or send an API token in the Authorization header.".to_owned(),
            Self::Request(_, detail) => detail.clone(),
            Self::Slow(seconds) => format!("Too many attempts. Nothing was lost; try again in {seconds} seconds."),
            Self::Fault(_) => "Something failed on our side. Nothing was changed by this request; what was recorded before is safe. Try again, and tell us if it happens twice.".to_owned(),
        };
        (status, kind, detail)
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Refused(Refusal::Input { field, .. }) => field.map(str::to_owned),
            _ => None,
        }
    }

    /// As problem details.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (status, kind, detail) = self.explain();
        let name = serde_json::to_value(kind)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        Problem {
            kind: format!("/problems/{name}"),
            title: title(kind).to_owned(),
            status: status.as_u16(),
            detail,
            field: self.field(),
        }
    }

    /// As the asker wants it: a page, problem details, or the way to the sign-in page.
    /// Headers that say more than the status are kept.
    pub(super) fn answer(&self, cx: &Cx, method: &Method, headers: &HeaderMap) -> Response {
        let mut response = self.shown(cx, method);
        for name in [header::ALLOW, header::RETRY_AFTER] {
            if let Some(value) = headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        response
    }

    fn shown(&self, cx: &Cx, method: &Method) -> Response {
        if let Self::Fault(why) = self {
            tracing::error!(path = cx.uri.path(), error = %why, "a request failed");
        }
        if wants_json(&cx.uri, &cx.headers) {
            return self.json();
        }
        if matches!(self, Self::SignIn) {
            // A form that was sent cannot be gone back to by a link; the page it stood on can.
            let next =
                if *method == Method::GET { Some(cx.uri.to_string()) } else { came_from(cx) };
            let to =
                next.map_or_else(|| "/".to_owned(), |n| format!("/?next={}", form_urlencoded(&n)));
            return Redirect::to(&to).into_response();
        }
        let (status, kind, detail) = self.explain();
        let (title, detail) = match cx.identity.as_ref().and_then(|i| i.lapsed.as_ref()) {
            // Whoever's time is over is told that, and the same on every page of every room.
            Some(lapsed) if matches!(kind, ProblemKind::Forbidden | ProblemKind::NotFound) => {
                over(cx, lapsed)
            }
            _ => (title(kind).to_owned(), detail),
        };
        let shell = cx.shell().title(title);
        let template = ErrorPage { shell, detail };
        page(status, &template).unwrap_or_else(|_| (status, template.detail).into_response())
    }

    fn json(&self) -> Response {
        let problem = self.problem();
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Self::Slow(seconds) = self
            && let Ok(value) = seconds.to_string().parse()
        {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }
}

/// What somebody reads whose only role does not hold now.
fn over(cx: &Cx, lapsed: &Lapsed) -> (String, String) {
    let w = cx.w;
    let (title, told) = match lapsed.when {
        LapsedWhen::Ended(on) => ("access-ended-title", w.t1("access-ended", "on", w.date(on))),
        LapsedWhen::Begins(on) => ("access-begins-title", w.t1("access-begins", "on", w.date(on))),
        LapsedWhen::Never => ("access-never-title", w.t("access-never")),
    };
    let ask = match &lapsed.ask {
        Some(who) => w.t1("access-ask", "who", who.clone()),
        None => w.t("access-ask-anybody"),
    };
    (w.t(title), format!("{told} {ask}"))
}

/// The page of ours from which a form was sent, as the browser says.
fn came_from(cx: &Cx) -> Option<String> {
    let referer = cx.headers.get(header::REFERER)?.to_str().ok()?;
    let host = cx.headers.get(header::HOST)?.to_str().ok()?;
    let (_, rest) = referer.split_once("://")?;
    let path = rest.strip_prefix(host)?;
    path.starts_with('/').then(|| path.to_owned())
}

fn form_urlencoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

const fn title(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::InvalidInput => "This cannot be taken as it is",
        ProblemKind::NotFound => "There is nothing here",
        ProblemKind::Forbidden => "This is not yours to do",
        ProblemKind::Stale => "Somebody changed this meanwhile",
        ProblemKind::Conflict => "Not possible as things stand",
        ProblemKind::KeyReused => "This key was used before",
        ProblemKind::Unauthenticated => "Sign in first",
        ProblemKind::BadRequest => "This request cannot be read",
        ProblemKind::TooMany => "Too many attempts",
        ProblemKind::Fault => "Something failed on our side",
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    shell: crate::ui::Shell,
    detail: String,
}

/// A failure leaves the handler as a marker; the outermost layer, which knows the request, turns it
/// into a page or problem details.
#[derive(Clone)]
pub(super) struct Unanswered(pub std::sync::Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        // Without the layer (in a unit test) the answer is problem details.
        let mut response = self.json();
        response.extensions_mut().insert(Unanswered(std::sync::Arc::new(self)));
        response
    }
}

/// Turns what handlers left unanswered into what the asker wants.
pub(super) fn finish(cx: &Cx, method: &Method, response: Response) -> Response {
    match response.extensions().get::<Unanswered>().cloned() {
        Some(Unanswered(failure)) => failure.answer(cx, method, response.headers()),
        None => response,
    }
}
