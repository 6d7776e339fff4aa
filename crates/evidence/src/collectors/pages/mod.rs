//! Collectors, as the people of the organisation see them.

mod form;

use crate::collectors::jobs::Reaches;
use crate::collectors::model::{
    Asked, Collector, CollectorId, Covers, Record, Run, RunId, RunState, Version, When,
};
use crate::collectors::permits::{ReadCollectors, RunCollector, StateCollectors};
use crate::collectors::{service, store};
use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use form::{Known, known};
use kernel::ids::PersonId;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::jobs::webhook::Reach;
use platform::ui::{
    Button, Cell, Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Shell, Status,
    Table, Tone, facts, fold, prose,
};
use platform::words::Words;
use std::collections::HashMap;

/// Everything about one collector.
struct Seen {
    collector: Collector,
    runs: Vec<Run>,
    versions: Vec<Version>,
    next: Option<kernel::time::Timestamp>,
    names: HashMap<String, String>,
}

fn reach(cx: &Cx) -> Reach {
    cx.app.extensions.get::<Reaches>().map_or_else(Reach::default, |r| r.0)
}

fn csrf(cx: &Cx) -> &str {
    cx.session.as_ref().map_or("", |s| s.csrf.as_str())
}

fn shell(cx: &Cx) -> Shell {
    cx.shell().at("evidence").crumb("/evidence", cx.w.t("evidence-title"))
}

fn inner(cx: &Cx) -> Shell {
    shell(cx).crumb("/evidence/collectors", cx.w.t("collectors-title"))
}

fn to(collector: &Collector) -> String {
    format!("/evidence/collectors/{}", collector.id)
}

/// What time an answer speaks for, in words.
fn covers(w: Words, asked: &Asked) -> String {
    match asked.covers {
        Covers::Days { from, to } => {
            w.t2("collectors-covers-days-said", "from", w.date(from), "to", w.date(to))
        }
        other => w.t(&format!("collectors-covers-{}", other.as_str().replace('_', "-"))),
    }
}

/// When a collector runs, in words.
fn when(w: Words, asked: &Asked) -> String {
    let word = w.t(&format!("collectors-when-{}", asked.when.as_str().replace('_', "-")));
    let day = match asked.when {
        When::ByHand => return word,
        When::Daily => String::new(),
        When::Weekly { day } => w.t(&format!("collectors-weekday-{day}")),
        When::Monthly { day } => w.t1("collectors-day-said", "day", day.to_string()),
    };
    format!("{word} {day} {} {}", asked.at, asked.zone).replace("  ", " ")
}

fn state(w: Words, collector: &Collector, last: Option<&Run>) -> Status {
    if collector.stopped_at.is_some() {
        return Status::new(Tone::Closed, w.t("collectors-stopped"));
    }
    last.map_or_else(
        || Status::new(Tone::Neutral, w.t("collectors-never-ran")),
        |run| run_state(w, run.state),
    )
}

fn run_state(w: Words, state: RunState) -> Status {
    let tone = match state {
        RunState::Waiting => Tone::Waiting,
        RunState::Collected => Tone::Good,
        RunState::Failed => Tone::Attention,
        RunState::Cancelled => Tone::Closed,
    };
    Status::new(tone, w.t(&format!("collectors-run-{}", state.as_str())))
}

/// `GET /evidence/collectors`
///
/// # Errors
/// Nothing is there for who may not read them.
pub async fn list(cx: Cx) -> Answer {
    let all = cx
        .read(|conn, actor| {
            let owner = scope::<ReadCollectors>(actor)?.party();
            let mut all = Vec::new();
            for collector in store::collectors(conn, owner)? {
                let last = store::runs(conn, owner, collector.id)?.into_iter().next();
                all.push((collector, last));
            }
            Ok(all)
        })
        .await?;
    let w = cx.w;
    let columns = ["name", "system", "when", "last", "state"]
        .map(|k| Column::new(w.t(&format!("collectors-{k}"))))
        .to_vec();
    let rows = all.iter().map(|(c, last)| {
        let moment = last.as_ref().map_or_else(String::new, |run| w.moment_utc(run.planned_at));
        Row::new(vec![
            (&c.asked.name).into(),
            (&c.asked.system).into(),
            when(w, &c.asked).into(),
            moment.into(),
            state(w, c, last.as_ref()).into(),
        ])
        .to(to(c))
    });
    let add = Button::link("/evidence/collectors/new", w.t("collectors-add")).primary();
    let may = cx.can::<StateCollectors>();
    let mut empty = Empty::new(w.t("collectors-none"), w.t("collectors-none-next"));
    if may {
        empty = empty.action(add.clone());
    }
    let query = cx.list_query();
    let table = Table::new(w, "collectors", w.t("collectors-title"), columns)
        .rows(rows)
        .exports(&query)
        .empty(empty);
    if let Some(file) = cx.file("collectors", &table) {
        return file;
    }
    let failed = all
        .iter()
        .filter(|(c, run)| {
            c.stopped_at.is_none() && run.as_ref().is_some_and(|r| r.state == RunState::Failed)
        })
        .count();
    let mut shell = shell(&cx).title(w.t("collectors-question")).answer(w.t2(
        "collectors-answer",
        "count",
        all.len(),
        "failed",
        failed,
    ));
    if may {
        shell = shell.action(add);
    }
    cx.page(&Page::new(shell).part(table))
}

/// `GET /evidence/collectors/new`
///
/// # Errors
/// When the person may not declare one.
pub async fn new_form(cx: Cx) -> Answer {
    cx.may::<StateCollectors>()?;
    let known = known(&cx).await?;
    let form = form::fresh(&cx, &known, None);
    cx.page(&new_page(&cx, form))
}

fn new_page(cx: &Cx, form: Form) -> Page {
    let shell = inner(cx).title(cx.w.t("collectors-new")).answer(cx.w.t("collectors-new-answer"));
    Page::new(shell).part(form)
}

/// `POST /evidence/collectors/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<StateCollectors>()?;
    let known = known(&cx).await?;
    let mut form = form::fresh(&cx, &known, None);
    if let Some(id) = stated(&cx, &mut form, &pairs, None).await? {
        let to = format!("/evidence/collectors/{id}");
        return cx.see_other(&to, Flash::Done(cx.w.t("collectors-saved"))).await;
    }
    cx.page_again(&new_page(&cx, form))
}

/// Reads the form and states what it says; none with the fault on the form.
async fn stated(
    cx: &Cx,
    form: &mut Form,
    pairs: &Pairs,
    before: Option<(&Collector, i64)>,
) -> Result<Option<CollectorId>, Failure> {
    form.fill(&pairs.0);
    form.check();
    let Some((asked, secret)) = form::read(cx, form, before.is_some_and(|b| b.0.has_secret)) else {
        return Ok(None);
    };
    let chosen = before.map_or_else(|| cx.engagement(), |(c, _)| c.engagement);
    let known = before.map(|(c, version)| (c.id, version));
    let reach = reach(cx);
    // What a form's key is kept under is a digest of the form: not of its secret.
    let mut said = pairs.clone();
    said.0.retain(|(name, _)| name != "secret");
    let written = cx
        .write_once(&said, move |tx, env, actor| {
            let owner = actor.party.ok_or(Refusal::NotFound)?;
            let facts = match chosen {
                Some(id) => ::scope::facts(tx, id)?,
                None => Facts::of(owner),
            };
            let permit = authorize::<StateCollectors>(actor, &facts)?;
            service::state(tx, env, &permit, known, (&asked, &secret, reach))
        })
        .await;
    match written {
        Ok(id) => Ok(Some(id)),
        Err(failure) => {
            Cx::refuse_on(form, failure)?;
            Ok(None)
        }
    }
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: CollectorId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.read(move |conn, actor| {
        let owner = scope::<ReadCollectors>(actor)?.party();
        let collector = store::collector(conn, owner, id)?.ok_or(Refusal::NotFound)?;
        let runs = store::runs(conn, owner, id)?;
        let versions = store::versions(conn, owner, id)?;
        let name = crate::collectors::jobs::name_of(id);
        let next = platform::jobs::store::schedules::next_at(conn, Some(owner), &name)?;
        let mut names = HashMap::new();
        let actors = runs.iter().map(|r| &r.started_by).chain(versions.iter().map(|v| &v.by));
        for actor in actors {
            if let Ok(person) = actor.parse::<PersonId>()
                && !names.contains_key(actor)
            {
                names.insert(actor.clone(), identity::store::name_of(conn, person)?);
            }
        }
        Ok(Seen { collector, runs, versions, next, names })
    })
    .await
}

fn who(w: Words, names: &HashMap<String, String>, actor: &str) -> String {
    if actor.starts_with("system:") {
        return w.t("collectors-by-schedule");
    }
    names.get(actor).cloned().unwrap_or_else(|| actor.to_owned())
}

/// Why a run brought no evidence, with the answer that was kept to be read.
fn why(w: Words, collector: &Collector, run: &Run) -> Html {
    if run.evidence.is_some() {
        return Html::empty();
    }
    let said = Html::text(&run.why);
    match &run.answer {
        None => said,
        Some(_) => {
            let href = format!("{}/runs/{}/answer", to(collector), run.id);
            said.and(" ").and(Html::link(&href, w.t("collectors-read-answer")))
        }
    }
}

fn runs_table(w: Words, seen: &Seen) -> Table {
    let columns = ["planned", "started-by", "version", "state", "bytes", "digest", "why"]
        .map(|k| Column::new(w.t(&format!("collectors-{k}"))))
        .to_vec();
    let rows = seen.runs.iter().map(|run| {
        let (bytes, digest): (Cell, Cell) = match &run.record {
            Some(r) => (w.number(r.bytes).into(), platform::ui::Hash::new(&r.sha256).into()),
            None => ("".into(), "".into()),
        };
        let row = Row::new(vec![
            w.moment_utc(run.planned_at).into(),
            who(w, &seen.names, &run.started_by).into(),
            w.number(run.number).into(),
            run_state(w, run.state).into(),
            bytes,
            digest,
            why(w, &seen.collector, run).into(),
        ]);
        match run.evidence {
            Some(evidence) => row.to(format!("/evidence/{evidence}")),
            None => row,
        }
    });
    Table::new(w, "runs", w.t("collectors-runs"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("collectors-no-runs"), w.t("collectors-no-runs-next")))
}

fn versions_table(w: Words, seen: &Seen) -> Table {
    let columns = ["version", "stated", "by", "address", "covers", "when"]
        .map(|k| Column::new(w.t(&format!("collectors-{k}"))))
        .to_vec();
    let rows = seen.versions.iter().map(|v| {
        Row::new(vec![
            w.number(v.number).into(),
            w.moment_utc(v.at).into(),
            who(w, &seen.names, &v.by).into(),
            Html::code(&v.asked.address).into(),
            covers(w, &v.asked).into(),
            when(w, &v.asked).into(),
        ])
    });
    Table::new(w, "versions", w.t("collectors-versions"), columns).rows(rows).cards()
}

fn asked_facts(w: Words, seen: &Seen, known: &Known) -> Html {
    let c = &seen.collector;
    let asked = &c.asked;
    let secret = match (c.has_secret, asked.header.is_empty()) {
        (true, _) => w.t1("collectors-secret-kept", "header", &asked.header),
        (false, _) => w.t("collectors-secret-none"),
    };
    let next = match (c.stopped_at, seen.next) {
        (None, Some(at)) => w.moment_utc(at),
        _ => String::new(),
    };
    facts(vec![
        (w.t("collectors-system"), Html::text(&asked.system)),
        (w.t("collectors-asks"), Html::code(&format!("GET {}", asked.address))),
        (w.t("collectors-secret"), Html::text(&secret)),
        (
            w.t("collectors-format"),
            Html::text(&w.t(&format!("collectors-format-{}", asked.format.as_str()))),
        ),
        (w.t("collectors-columns"), Html::text(&asked.columns.join(", "))),
        (w.t("collectors-covers"), Html::text(&covers(w, asked))),
        (w.t("collectors-zone"), Html::text(&asked.zone)),
        (w.t("collectors-when"), Html::text(&when(w, asked))),
        (w.t("collectors-next"), Html::text(&next)),
        (w.t("evidence-controls"), Html::text(&known.controls_of(asked).join(", "))),
        (w.t("collectors-for-request"), Html::text(&known.request_of(asked))),
        (
            w.t("collectors-owner"),
            Html::text(&c.owner.map_or_else(String::new, |p| who(w, &seen.names, &p.to_string()))),
        ),
        (w.t("collectors-because"), Html::text(&c.stopped_because)),
    ])
}

fn run_form(cx: &Cx, seen: &Seen) -> Form {
    let action = format!("{}/run", to(&seen.collector));
    Form::post(cx.w, action, csrf(cx), cx.w.t("collectors-run-now")).key(cx.form_key()).apart("run")
}

fn stop_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    Form::post(w, format!("{}/stop", to(&seen.collector)), csrf(cx), w.t("collectors-stop"))
        .version(u64::try_from(seen.collector.version).unwrap_or(0))
        .key(cx.form_key())
        .apart("stop")
        .field(Field::new(w, "why", w.t("collectors-because"), Kind::Area(2)).required().max(2_000))
}

/// The page, with a form that was sent in the place of the fresh one of the same name.
fn one_page(cx: &Cx, seen: &Seen, known: &Known, sent: Option<(&str, Form)>) -> Page {
    let w = cx.w;
    let c = &seen.collector;
    let ended = |run: &&Run| matches!(run.state, RunState::Collected | RunState::Failed);
    let last = seen.runs.iter().find(ended);
    let cancelled = seen.runs.first().is_some_and(|run| run.state == RunState::Cancelled);
    let answer = match (c.stopped_at, last) {
        (Some(_), _) => w.t("collectors-one-stopped"),
        (None, _) if cancelled => w.t("collectors-one-cancelled"),
        (None, None) => w.t("collectors-one-new"),
        (None, Some(run)) if run.state == RunState::Failed => w.t("collectors-one-failed"),
        (None, Some(run)) => w.t1(
            "collectors-one-answer",
            "at",
            w.moment_utc(run.ended_at.unwrap_or(run.planned_at)),
        ),
    };
    let mut page = Page::new(inner(cx).title(c.asked.name.clone()).answer(answer));
    if let Some(run) = last.filter(|r| r.state == RunState::Failed && c.stopped_at.is_none()) {
        let text = prose(&run.why).and(prose(&w.t("collectors-failed-next")));
        page = page.part(Note::new(Tone::Attention, w.t("collectors-failed"), text));
    }
    page = page.part(asked_facts(w, seen, known));
    let (mut run, mut stop, mut restate) =
        (run_form(cx, seen), stop_form(cx, seen), form::fresh(cx, known, Some(c)));
    let which = sent.as_ref().map_or("", |(name, _)| name).to_owned();
    match sent {
        Some(("run", form)) => run = form,
        Some(("stop", form)) => stop = form,
        Some((_, form)) => restate = form,
        None => {}
    }
    if cx.can::<RunCollector>() && c.stopped_at.is_none() {
        page = page.part(run);
    }
    page = page.part(runs_table(w, seen)).part(versions_table(w, seen));
    if cx.can::<StateCollectors>() {
        page = page.part(fold(&w.t("collectors-restate"), which == "restate", restate));
        if c.stopped_at.is_none() {
            page = page.part(fold(&w.t("collectors-stop"), which == "stop", stop));
        }
    }
    page
}

/// `GET /evidence/collectors/{id}`
///
/// # Errors
/// Nothing is there for who may not read them.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let known = known(&cx).await?;
    cx.page(&one_page(&cx, &seen, &known, None))
}

fn version(form: &Form) -> Result<i64, Failure> {
    let text = form.hidden("version").unwrap_or_default();
    Ok(text.parse::<i64>().map_err(|_| {
        Refusal::input(
            "This form does not say which version of the record you saw. Reload the page.",
        )
    })?)
}

/// `POST /evidence/collectors/{id}/restate`: another version of what is asked.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn restate(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<StateCollectors>()?;
    let seen = seen(&cx, &id).await?;
    let known = known(&cx).await?;
    let mut form = form::fresh(&cx, &known, Some(&seen.collector));
    form.fill(&pairs.0);
    let version = version(&form)?;
    if stated(&cx, &mut form, &pairs, Some((&seen.collector, version))).await?.is_some() {
        let to = to(&seen.collector);
        return cx.see_other(&to, Flash::Done(cx.w.t("collectors-restated"))).await;
    }
    cx.page_again(&one_page(&cx, &seen, &known, Some(("restate", form))))
}

/// `POST /evidence/collectors/{id}/run`: plans a run.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn run(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<RunCollector>()?;
    let seen = seen(&cx, &id).await?;
    let collector = seen.collector.id;
    let planned: Result<RunId, Failure> = cx
        .write_once(&pairs, move |tx, env, actor| {
            let owner = actor.party.ok_or(Refusal::NotFound)?;
            let permit = authorize::<RunCollector>(actor, &Facts::of(owner))?;
            service::plan(tx, env, &permit, collector)
        })
        .await;
    match planned {
        Ok(_) => {
            let done = Flash::Done(cx.w.t("collectors-planned-done"));
            cx.see_other(&to(&seen.collector), done).await
        }
        Err(failure) => {
            let mut form = run_form(&cx, &seen);
            Cx::refuse_on(&mut form, failure)?;
            let known = known(&cx).await?;
            cx.page_again(&one_page(&cx, &seen, &known, Some(("run", form))))
        }
    }
}

/// `POST /evidence/collectors/{id}/stop`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn stop(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<StateCollectors>()?;
    let seen = seen(&cx, &id).await?;
    let mut form = stop_form(&cx, &seen);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (collector, version) = (seen.collector.id, version(&form)?);
        let (why, chosen) = (form.typed("why").to_owned(), seen.collector.engagement);
        let written = cx
            .write(move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let facts = match chosen {
                    Some(id) => ::scope::facts(tx, id)?,
                    None => Facts::of(owner),
                };
                let permit = authorize::<StateCollectors>(actor, &facts)?;
                service::stop(tx, env, &permit, (collector, version), &why)
            })
            .await;
        match written {
            Ok(()) => {
                let done = Flash::Done(cx.w.t("collectors-stopped-done"));
                return cx.see_other(&to(&seen.collector), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let known = known(&cx).await?;
    cx.page_again(&one_page(&cx, &seen, &known, Some(("stop", form))))
}

/// What is on record of a run, for the page of the evidence that it became: both sides read it.
#[must_use]
pub fn retrieved(w: Words, (run, name): (&Run, &str), record: &Record, started_by: &str) -> Html {
    let header = |text: &str| if text.is_empty() { Html::empty() } else { Html::code(text) };
    facts(vec![
        (w.t("collectors-collector"), Html::text(name)),
        (w.t("collectors-version"), Html::text(&w.number(run.number).to_string())),
        (w.t("collectors-run"), Html::code(&run.id.to_string())),
        (w.t("collectors-system"), Html::text(&record.system)),
        (w.t("collectors-request-sent"), Html::code(&record.request)),
        (w.t("collectors-started-by"), Html::text(started_by)),
        (w.t("collectors-begun"), Html::text(&record.begun_at.to_rfc3339())),
        (w.t("collectors-ended"), Html::text(&record.ended_at.to_rfc3339())),
        (w.t("collectors-status"), Html::text(&record.status.to_string())),
        (w.t("collectors-date"), header(&record.date)),
        (w.t("collectors-content-type"), header(&record.content_type)),
        (w.t("collectors-etag"), header(&record.etag)),
        (w.t("collectors-zone"), Html::text(&record.zone)),
    ])
}

/// Who or what started a run, by name.
#[must_use]
pub fn started_by(w: Words, actor: &str, name: Option<String>) -> String {
    let names = name.map(|name| (actor.to_owned(), name)).into_iter().collect();
    who(w, &names, actor)
}

/// `GET /evidence/collectors/{id}/runs/{run}/answer`: an answer that was none, to be read. It is no
/// evidence, and whoever examines does not see it.
///
/// # Errors
/// Nothing is there for who may not read collectors, and where no answer was kept.
pub async fn answer(cx: Cx, Path((id, run)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let run: RunId = run.parse().map_err(|_| Refusal::NotFound)?;
    let found = seen.runs.iter().find(|r| r.id == run).and_then(|r| r.answer.clone());
    let kept = found.ok_or(Refusal::NotFound)?;
    let blobs = cx.app.blobs.clone();
    let bytes = cx
        .app
        .blocking(move || blobs.read(&kept.sha256, kept.bytes))
        .await?
        .map_err(|e| Failure::Fault(e.to_string()))?;
    // What another system wrote runs nothing here.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{run}.txt\"")),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
