//! Pages that belong to no room: the front door, files, health.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Refusal;
use platform::http::{Answer, App, Cx, Failure, Pairs};
use platform::ui::{Engagement, NavItem, Person, Shell, Theme, assets, design_page};

/// A file of the interface. Its address holds a digest, so it may be kept for a year.
pub async fn asset(Path(path): Path<String>) -> Response {
    let Some(asset) = assets::lookup(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.mime)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.bytes).into_response()
}

/// Every component of the interface with sample data.
///
/// # Errors
/// When the template fails.
pub async fn design(cx: Cx) -> Answer {
    // Always in the same frame with sample rooms, so that every component is seen, signed in or not.
    let html = design_page(&sample_frame(&cx))?;
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// The frame of a signed-in page with a sample person, rooms and engagements.
fn sample_frame(cx: &Cx) -> Shell {
    let mut shell = cx.shell();
    if let Some(theme) = cx.param("theme") {
        shell.theme = Theme::parse(&theme);
    }
    shell.side = if cx.param("side").as_deref() == Some("firm") {
        kernel::party::Side::Firm
    } else {
        kernel::party::Side::ServiceOrganisation
    };
    let room = |id: &str, label: &str| NavItem::new(id, format!("/design#{id}"), label);
    shell.nav = vec![
        room("overview", "Overview"),
        room("scope", "Scope"),
        room("commitments", "Commitments").waiting(2),
        room("controls", "Controls").with(vec![
            room("risks", "Risks"),
            room("interface", "Interface"),
            room("training", "Training").waiting(1),
        ]),
        room("cases", "Cases").waiting(4),
        room("evidence", "Evidence"),
        room("reporting", "Report"),
    ];
    shell.person = Some(Person {
        name: "Maria Okafor".to_owned(),
        role: "Compliance lead".to_owned(),
        party: "Halden Payroll".to_owned(),
    });
    let engagement = |name: &str, period: &str, current| Engagement {
        href: "/design".to_owned(),
        name: name.to_owned(),
        period: period.to_owned(),
        current,
        locked: false,
    };
    shell.engagements = vec![
        engagement("SOC 2 Type 2, 2026", "1 January to 30 June 2026", true),
        engagement("SOC 2 Type 1, 2025", "as of 31 October 2025", false),
    ];
    shell.at("interface")
}

/// Whether the process is alive.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Whether it can serve: the database answers, and takes commands.
pub async fn readyz(axum::extract::State(app): axum::extract::State<App>) -> Response {
    if !app.db.takes_commands() {
        let said = "nothing is taken in any more: the disk failed; mend it and start again\n";
        return (StatusCode::SERVICE_UNAVAILABLE, said).into_response();
    }
    match app.db.read(|conn| conn.query_one("SELECT 1 AS one", &[])).await {
        Ok(_) => "ready\n".into_response(),
        Err(e) => {
            tracing::error!(error = %e, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Light or dark, and the language, kept in cookies: `POST /preferences` with `theme`, `lang`, `back`.
///
/// # Errors
/// Never; a choice that is not known is ignored.
pub async fn preferences(cx: Cx, pairs: Pairs) -> Answer {
    let back =
        pairs.get("back").filter(|b| b.starts_with('/') && !b.starts_with("//")).unwrap_or("/");
    let mut response = Redirect::to(back).into_response();
    for name in ["theme", "lang"] {
        let Some(value) = pairs.get(name) else { continue };
        let known = match name {
            "theme" => platform::ui::Theme::parse(value).as_str() == value,
            _ => platform::words::Words::of(value).is_some(),
        };
        let secure = if cx.app.secure() { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000{secure}");
        if known && let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

/// What is not there.
///
/// # Errors
/// Always: [`Refusal::NotFound`].
pub async fn nothing_here() -> Answer {
    Err(Failure::Refused(Refusal::NotFound))
}

/// What is there, but cannot be asked for in that way: an address of a form opened as a page.
///
/// # Errors
/// Always: 405.
pub async fn not_that_way() -> Answer {
    Err(Failure::Request(
        StatusCode::METHOD_NOT_ALLOWED,
        "This address takes another kind of request. Nothing was changed: start from the overview and use the page's own form.".into(),
    ))
}

/// Counters for a monitoring system, in the text format of Prometheus. Counts of the whole deployment
/// only: nothing of one party.
///
/// # Errors
/// When the database does not answer.
pub async fn metrics(axum::extract::State(app): axum::extract::State<App>) -> Answer {
    let (entries, waiting, logs) = app
        .db
        .read(|conn| platform::journal::totals(conn).map(|t| (t.entries, t.waiting, t.logs)))
        .await?;
    let now = app.env().now();
    let jobs = app.db.read(move |conn| platform::jobs::store::totals(conn, now)).await?;
    let late = jobs.oldest_due.map_or(0, |at| now.seconds_since(at).max(0));
    let text = format!(
        "# HELP tickmark_journal_entries Entries of all logs.\n# TYPE tickmark_journal_entries gauge\ntickmark_journal_entries {entries}\n\
         # HELP tickmark_journal_waiting Entries that wait for their place in the tree.\n# TYPE tickmark_journal_waiting gauge\ntickmark_journal_waiting {waiting}\n\
         # HELP tickmark_journal_logs Logs.\n# TYPE tickmark_journal_logs gauge\ntickmark_journal_logs {logs}\n\
         # HELP tickmark_jobs_waiting Jobs that wait for their time or for another attempt.\n# TYPE tickmark_jobs_waiting gauge\ntickmark_jobs_waiting {}\n\
         # HELP tickmark_jobs_running Jobs that a worker is at.\n# TYPE tickmark_jobs_running gauge\ntickmark_jobs_running {}\n\
         # HELP tickmark_jobs_dead Jobs that failed and wait for a person.\n# TYPE tickmark_jobs_dead gauge\ntickmark_jobs_dead {}\n\
         # HELP tickmark_jobs_oldest_due_seconds For how long the oldest job that is due has not been taken.\n# TYPE tickmark_jobs_oldest_due_seconds gauge\ntickmark_jobs_oldest_due_seconds {late}\n",
        jobs.waiting, jobs.leased, jobs.dead
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response())
}

/// The description of the endpoints, OpenAPI 3.1.
///
/// # Errors
/// When it cannot be written (a fault of the code).
pub async fn openapi() -> Answer {
    let json = crate::rooms::openapi()
        .to_json()
        .map_err(|e| Failure::Fault(format!("the description of the endpoints: {e}")))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
