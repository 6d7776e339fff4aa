//! What joins all rooms for a reader: the front page, search, the glossary. Read-only.

use crate::owed::{self, Owed};
use axum::http::header;
use axum::response::IntoResponse as _;
use cases::model::{Case, CaseState};
use cases::store::CaseFilter;
use evidence::collectors::model::{Collector, Run};
use evidence::model::{Request, RequestState};
use kernel::party::Side;
use kernel::permit::{authorize, scope};
use kernel::refusal::Refusal;
use kernel::zone::Zone;
use platform::db::{Conn, Error, Result};
use platform::http::{Answer, Cx, Failure};
use platform::ui::{
    Button, Column, Empty, Field, Figure, Figures, Form, Html, Kind, Page, Row, Table, facts,
};
use platform::words::Words;

/// What the front page counts, as far as this person may know.
#[derive(Debug, Default)]
struct Waiting {
    engagements: usize,
    controls: Option<usize>,
    cases_open: Option<i64>,
    requests: Option<usize>,
    /// Requests whose next step is ours, the earliest due first.
    asked: Vec<Request>,
    /// The newest open cases.
    cases: Vec<Case>,
    /// Collectors whose last run was given up.
    collectors: Vec<(Collector, Run)>,
    /// What the auditor asked for beside the requests.
    owed: Vec<Owed>,
}

/// A figure that this person may see; `None` where the room is not theirs.
fn allowed<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(value) => Ok(Some(value)),
        Err(Error::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn count(
    conn: &mut Conn<'_>,
    actor: &kernel::party::Actor,
    chosen: Option<kernel::ids::EngagementId>,
) -> Result<Waiting> {
    let engagements = allowed(
        scope::<::scope::permits::ReadEngagement>(actor)
            .map_err(Error::from)
            .and_then(|s| ::scope::store::engagements(conn, &s)),
    )?
    .unwrap_or_default();
    let mut waiting = Waiting { engagements: engagements.len(), ..Waiting::default() };
    waiting.owed = owed::owed(conn, actor, &engagements)?;
    let Some(owner) = allowed(::scope::service::organisation_seen(conn, actor, chosen))? else {
        return Ok(waiting);
    };
    if scope::<controls::permits::ReadControls>(actor).is_ok() {
        waiting.controls =
            Some(controls::store::controls(conn, owner)?.iter().filter(|c| c.active).count());
    }
    if scope::<cases::permits::ReadCases>(actor).is_ok() {
        let open = cases::store::counts(conn, owner)?
            .iter()
            .filter(|c| !matches!(c.state.as_str(), "closed" | "withdrawn"))
            .map(|c| c.n)
            .sum();
        waiting.cases_open = Some(open);
        let newest = CaseFilter { limit: HITS_LIMIT, ..CaseFilter::default() };
        waiting.cases = cases::store::cases(conn, owner, &newest)?
            .into_iter()
            .filter(|c| !matches!(c.state, CaseState::Closed | CaseState::Withdrawn))
            .take(SHOWN_MAX)
            .collect();
    }
    if scope::<evidence::collectors::permits::StateCollectors>(actor).is_ok() {
        waiting.collectors = evidence::collectors::service::waiting(conn, actor)?;
    }
    let ours = |s: RequestState| match actor.side {
        Side::Firm => s == RequestState::Submitted,
        _ => matches!(s, RequestState::Open | RequestState::InProgress | RequestState::Returned),
    };
    let mut asked = Vec::new();
    for engagement in &engagements {
        if authorize::<evidence::permits::ReadRequests>(actor, &::scope::facts_of(engagement))
            .is_ok()
        {
            let all = evidence::store::requests(conn, engagement.id)?;
            asked.extend(all.into_iter().filter(|r| ours(r.state)));
        }
    }
    asked.sort_by(|a, b| a.due.cmp(&b.due));
    let reads = scope::<evidence::permits::ReadRequests>(actor).is_ok();
    waiting.requests = reads.then_some(asked.len());
    asked.truncate(SHOWN_MAX);
    waiting.asked = asked;
    Ok(waiting)
}

/// Rows of each list of the front page.
const SHOWN_MAX: usize = 8;

fn requests_table(w: Words, waiting: &Waiting) -> Option<Html> {
    waiting.requests?;
    let columns = ["code", "text", "due"].map(|k| Column::new(w.t(&format!("requests-{k}"))));
    let rows = waiting.asked.iter().map(|r| {
        let due = kernel::period::parse_date(&r.due).map_or_else(|_| r.due.clone(), |d| w.date(d));
        Row::new(vec![Html::id(&r.code).into(), (&r.text).into(), due.into()])
            .to(format!("/requests/{}", r.id))
    });
    let table = Table::new(w, "waiting", w.t("overview-requests"), columns.to_vec()).rows(rows);
    Some(table.empty(Empty::new(w.t("overview-requests-none"), Html::empty())).into())
}

/// Collectors that somebody has to look at; nothing where all is well.
fn collectors_table(w: Words, waiting: &Waiting) -> Option<Html> {
    if waiting.collectors.is_empty() {
        return None;
    }
    let columns = ["name", "system", "why"].map(|k| Column::new(w.t(&format!("collectors-{k}"))));
    let rows = waiting.collectors.iter().take(SHOWN_MAX).map(|(c, run)| {
        Row::new(vec![(&c.asked.name).into(), (&c.asked.system).into(), (&run.why).into()])
            .to(format!("/evidence/collectors/{}", c.id))
    });
    let title = w.t("collectors-waiting");
    Some(Table::new(w, "collectors", title, columns.to_vec()).rows(rows).cards().into())
}

fn cases_table(w: Words, waiting: &Waiting) -> Option<Html> {
    waiting.cases_open?;
    let zone = Zone::utc();
    let columns = ["overview-case", "overview-case-title", "overview-case-reported"];
    let columns = columns.map(|k| Column::new(w.t(k))).to_vec();
    let rows = waiting.cases.iter().map(|c| {
        let reported = w.date(zone.local(c.reported_at).date());
        Row::new(vec![Html::id(&c.tracking_number).into(), (&c.title).into(), reported.into()])
            .to(format!("/cases/{}", c.id))
    });
    let table = Table::new(w, "open-cases", w.t("overview-cases"), columns).rows(rows);
    Some(table.empty(Empty::new(w.t("overview-cases-none"), Html::empty())).into())
}

/// How much waits: requests, and what is owed beside them.
fn answer(w: Words, waiting: &Waiting) -> String {
    let requests = w.t1("overview-answer", "count", waiting.requests.unwrap_or(0));
    if waiting.owed.is_empty() {
        return requests;
    }
    format!("{requests} {}", w.t1("overview-answer-owed", "count", waiting.owed.len()))
}

/// `GET /`: the overview, or the page of signing in.
///
/// # Errors
/// When the database does not answer.
pub async fn home(cx: Cx) -> Answer {
    if cx.identity.is_none() {
        return identity::pages::sign_in_page(cx).await;
    }
    if cx.identity.as_ref().is_some_and(|i| i.lapsed.is_some()) {
        // Told with the day and whom to ask, as on every other page.
        return Err(Refusal::Forbidden("Your access does not run now.".to_owned()).into());
    }
    let chosen = cx.engagement();
    let waiting = cx.read(move |conn, actor| count(conn, actor, chosen)).await?;
    let w = cx.w;
    let mut figures = vec![
        Figure::new(w, w.t("overview-engagements"), w.number(waiting.engagements))
            .of("/engagements"),
    ];
    if let Some(n) = waiting.requests {
        figures.push(
            Figure::new(w, w.t("overview-requests"), w.number(n))
                .of("/requests")
                .definition(w.t("overview-requests-definition")),
        );
    }
    if let Some(n) = waiting.cases_open {
        figures.push(
            Figure::new(w, w.t("overview-cases"), w.number(n))
                .of("/cases")
                .definition(w.t("overview-cases-definition")),
        );
    }
    if let Some(n) = waiting.controls {
        figures.push(Figure::new(w, w.t("overview-controls"), w.number(n)).of("/controls"));
    }
    let mut page = Page::new(
        cx.shell().title(w.t("overview-question")).answer(answer(w, &waiting)).at("overview"),
    )
    .part(Figures::new(figures))
    .part(collectors_table(w, &waiting))
    .part(requests_table(w, &waiting))
    .part(owed::table(w, &waiting.owed))
    .part(cases_table(w, &waiting));
    if waiting.engagements == 0 {
        page = page.part(
            Empty::new(w.t("engagements-none"), w.t("engagements-none-next"))
                .action(Button::link("/engagements/new", w.t("engagement-add")).primary()),
        );
    }
    cx.page(&page)
}

/// `GET /search?q=`: controls, commitments, evidence and cases with this text, as far as the reader
/// may see them.
///
/// # Errors
/// When nobody is signed in.
pub async fn search(cx: Cx) -> Answer {
    let hits = hits(&cx).await?;
    let w = cx.w;
    let rows = hits.iter().map(|(kind, name, text, href)| {
        Row::new(vec![w.t(kind).into(), Html::id(name).into(), text.into()]).to(href.clone())
    });
    let columns =
        ["kind", "name", "text"].map(|k| Column::new(w.t(&format!("search-{k}")))).to_vec();
    let table = Table::new(w, "hits", w.t("search-hits"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("search-none"), w.t("search-none-next")));
    let q = cx.param("q").unwrap_or_default();
    let form = Form::get(w, "/search", w.t("search"))
        .field(Field::new(w, "q", w.t("search-label"), Kind::Search).max(QUERY_MAX).value(q))
        .compact();
    let shell = cx
        .shell()
        .title(w.t("search-question"))
        .answer(w.t1("search-answer", "count", hits.len()))
        .at("overview");
    cx.page(&Page::new(shell).part(form).part(table))
}

/// What the text of the search is found in; nothing for an empty text.
async fn hits(cx: &Cx) -> Result<Vec<Hit>, Failure> {
    let needle = cx.param("q").unwrap_or_default().trim().to_lowercase();
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        if needle.is_empty() || needle.chars().count() > QUERY_MAX {
            return Ok(Vec::new());
        }
        match ::scope::service::organisation_seen(conn, actor, chosen) {
            Ok(owner) => find(conn, actor, owner, &needle),
            // A firm that no engagement joins finds nothing, and is told so like everybody else.
            Err(Error::Refused(kernel::refusal::Refusal::NotFound)) => Ok(Vec::new()),
            Err(other) => Err(other),
        }
    })
    .await
}

/// `GET /search/palette?q=`: for the palette's script the list alone; otherwise the search page.
///
/// # Errors
/// When nobody is signed in.
pub async fn palette(cx: Cx) -> Answer {
    if !cx.headers.contains_key("hx-request") {
        return search(cx).await;
    }
    let w = cx.w;
    let found: Vec<String> = hits(&cx)
        .await?
        .into_iter()
        .take(PALETTE_MAX)
        .map(|(kind, name, text, href)| {
            let label = Html::from(format!("{}: {name} {text}", w.t(kind)));
            format!("<li>{}</li>", Html::link(&href, label))
        })
        .collect();
    let html = format!("<ul>{}</ul>", found.concat());
    Ok(([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// The longest text that is searched for, in characters.
const QUERY_MAX: usize = 200;
/// Hits that the palette shows.
const PALETTE_MAX: usize = 8;

type Hit = (&'static str, String, String, String);
/// Hits of each kind shown at most.
const HITS_MAX: usize = 25;
/// The same, for queries.
const HITS_LIMIT: i64 = 25;

fn find(
    conn: &mut Conn<'_>,
    actor: &kernel::party::Actor,
    owner: kernel::ids::PartyId,
    needle: &str,
) -> Result<Vec<Hit>> {
    let mut hits: Vec<Hit> = Vec::new();
    let has = |texts: &[&str]| texts.iter().any(|t| t.to_lowercase().contains(needle));
    if scope::<controls::permits::ReadControls>(actor).is_ok() {
        let found = controls::store::controls(conn, owner)?
            .into_iter()
            .filter(|c| has(&[&c.text.code, &c.text.statement]));
        hits.extend(found.take(HITS_MAX).map(|c| {
            ("nav-controls", c.text.code, c.text.statement, format!("/controls/{}", c.id))
        }));
    }
    if scope::<commitments::permits::ReadCommitments>(actor).is_ok() {
        let found = commitments::store::commitments(conn, owner)?
            .into_iter()
            .filter(|c| has(&[&c.code, &c.statement]));
        hits.extend(
            found.take(HITS_MAX).map(|c| {
                ("nav-commitments", c.code, c.statement, format!("/commitments/{}", c.id))
            }),
        );
    }
    if scope::<evidence::permits::ReadEvidence>(actor).is_ok() {
        let found =
            evidence::store::items(conn, owner)?.into_iter().filter(|i| has(&[&i.name, &i.source]));
        hits.extend(
            found
                .take(HITS_MAX)
                .map(|i| ("nav-evidence", i.name, i.source, format!("/evidence/{}", i.id))),
        );
    }
    if scope::<cases::permits::ReadCases>(actor).is_ok() {
        let filter = CaseFilter {
            text: Some(needle.to_owned()),
            limit: HITS_LIMIT,
            ..CaseFilter::default()
        };
        let found = cases::store::cases(conn, owner, &filter)?;
        hits.extend(
            found
                .into_iter()
                .map(|c| ("nav-cases", c.tracking_number, c.title, format!("/cases/{}", c.id))),
        );
    }
    Ok(hits)
}

/// Terms of the glossary, by their keys.
const TERMS: [&str; 16] = [
    "deviation",
    "exception",
    "deficiency",
    "criterion",
    "point-of-focus",
    "control",
    "population",
    "sample",
    "attribute",
    "workpaper",
    "subservice",
    "cuec",
    "csoc",
    "opinion",
    "commitment",
    "requirement",
];

/// `GET /glossary`: the profession's terms, in plain words.
///
/// # Errors
/// When the template fails.
pub async fn glossary(cx: Cx) -> Answer {
    let w = cx.w;
    let terms = TERMS
        .iter()
        .map(|t| (w.t(&format!("glossary-{t}")), Html::text(&w.t(&format!("glossary-{t}-text")))))
        .collect();
    let shell = cx.shell().title(w.t("glossary-question")).answer(w.t("glossary-answer"));
    cx.page(&Page::new(shell).part(facts(terms)))
}
