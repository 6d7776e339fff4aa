//! `/settings/jobs` and `/settings/webhooks`: what waits to be sent, what failed and why, and where
//! webhooks go. Administrators of a party see what is their party's, and nothing else.

use axum::extract::Path;
use kernel::env::Env;
use kernel::ids::{Id, Kind};
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize, scope};
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::jobs::mail::MailIsSent;
use platform::jobs::permits::{ManageJobs, ReadJobs};
use platform::jobs::store::endpoints;
use platform::jobs::webhook::{self, Endpoint, Reach};
use platform::jobs::{Job, JobId, JobState, mail, store};
use platform::ui::{
    Button, Column, Empty, Field, Flash, Form, Html, Kind as FieldKind, Note, Page, Pager, Row,
    Shell, Status, Table, Tone,
};
use platform::words::Words;

/// Rows of one page of the list.
const PAGE_ROWS: i64 = 50;
/// The states that have a view, the one that opens first before the others.
const VIEWS: [JobState; 5] =
    [JobState::Dead, JobState::Waiting, JobState::Leased, JobState::Done, JobState::Cancelled];

fn parse<K: Kind>(id: &str) -> Result<Id<K>, Failure> {
    id.parse().map_err(|_| Failure::Refused(Refusal::NotFound))
}

fn may_manage(actor: &Actor) -> Result<Permit<ManageJobs>> {
    let party = actor.party.ok_or(Refusal::NotFound)?;
    Ok(authorize::<ManageJobs>(actor, &Facts::of(party))?)
}

/// What the page of jobs knows.
struct List {
    jobs: Vec<Job>,
    counts: Vec<(JobState, i64)>,
}

impl List {
    fn count(&self, state: JobState) -> i64 {
        self.counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n)
    }
}

/// `GET /settings/jobs?state=`: what failed, what waits, what is being done, what was done.
///
/// # Errors
/// When the reader does not administer a party.
pub async fn jobs(cx: Cx) -> Answer {
    let state = cx.param("state").and_then(|s| JobState::parse(&s)).unwrap_or(JobState::Dead);
    let before: Option<JobId> = cx.list_query().after().map(parse).transpose()?;
    let list = cx
        .read(move |conn, actor| {
            let party = Some(scope::<ReadJobs>(actor)?.party());
            let jobs = store::list(conn, party, state, before, PAGE_ROWS + 1)?;
            Ok(List { jobs, counts: store::counts(conn, party)? })
        })
        .await?;
    let w = cx.w;
    let (dead, waiting) = (list.count(JobState::Dead), list.count(JobState::Waiting));
    let mut shell = cx
        .shell()
        .title(w.t("jobs-question"))
        .answer(w.t2("jobs-answer", "dead", dead, "waiting", waiting))
        .at("settings");
    for view in VIEWS {
        let word = view.as_str();
        let count = u64::try_from(list.count(view)).unwrap_or(0);
        let href = format!("/settings/jobs?state={word}");
        shell = shell.tab(href, w.t(&format!("jobs-state-{word}")), Some(count), view == state);
    }
    shell = shell.tab("/settings/webhooks", w.t("jobs-webhooks"), None, false);
    let table = jobs_table(&cx, &shell, &list, state);
    let mut page = Page::new(shell);
    if cx.app.extensions.get::<MailIsSent>().is_none() {
        let text = w.t("jobs-no-mail-server-text");
        page = page.part(Note::new(Tone::Attention, w.t("jobs-no-mail-server"), text));
    }
    cx.page(&page.part(table))
}

fn jobs_table(cx: &Cx, shell: &Shell, list: &List, state: JobState) -> Table {
    let w = cx.w;
    let shown = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let more = list.jobs.len() > shown;
    let rows = list.jobs.iter().take(shown).map(|job| job_row(w, shell, job));
    let last = list.jobs.get(shown.saturating_sub(1)).filter(|_| more).map(|j| j.id.to_string());
    let query = cx.list_query();
    let columns = ["about", "kind", "made", "attempts", "next", "error"].map(|key| {
        let column = Column::new(w.t(&format!("jobs-{key}")));
        if key == "attempts" { column.numeric() } else { column }
    });
    let word = state.as_str();
    Table::new(w, "jobs", w.t(&format!("jobs-state-{word}")), columns.to_vec())
        .rows(rows)
        .cards()
        .pager(Pager::keyset(&query, query.after(), last.as_deref()))
        .empty(Empty::new(w.t(&format!("jobs-none-{word}")), w.t("jobs-none-next")))
}

fn job_row(w: Words, shell: &Shell, job: &Job) -> Row {
    let kind = match job.kind.as_str() {
        mail::KIND => w.t("jobs-kind-mail"),
        webhook::KIND => w.t("jobs-kind-webhook"),
        other => other.to_owned(),
    };
    let next = match (job.due_at, job.ended_at) {
        (Some(at), _) if job.state == JobState::Leased => {
            w.t1("jobs-until", "at", w.moment_utc(at))
        }
        (Some(at), _) => w.moment_utc(at),
        (None, Some(at)) => w.t1("jobs-ended", "at", w.moment_utc(at)),
        (None, None) => String::new(),
    };
    let about = if job.about.is_empty() { job.key.clone() } else { job.about.clone() };
    let mut row = Row::new(vec![
        about.into(),
        kind.into(),
        w.moment_utc(job.made_at).into(),
        w.number(job.attempts).into(),
        next.into(),
        job.error.as_str().into(),
    ])
    .missed(job.state == JobState::Dead);
    let post = |what: &str| {
        let label = w.t(&format!("jobs-{what}"));
        Button::post(format!("/settings/jobs/{}/{what}", job.id), &shell.csrf, label).quiet()
    };
    if matches!(job.state, JobState::Waiting | JobState::Dead) && job.can_retry {
        row = row.action(post("retry"));
    }
    if matches!(job.state, JobState::Waiting | JobState::Dead | JobState::Leased) {
        row = row.action(post("cancel"));
    }
    row
}

/// What both buttons of a row do: the act, and the list again, which says what has happened.
async fn act(
    cx: Cx,
    id: &str,
    pairs: &Pairs,
    said: &str,
    mut f: impl FnMut(&mut Tx<'_>, &mut Env, &Permit<ManageJobs>, JobId) -> Result<()> + Send + 'static,
) -> Answer {
    cx.check_csrf(pairs)?;
    let id: JobId = parse(id)?;
    let done = cx
        .write(move |tx, env, actor| {
            let permit = may_manage(actor)?;
            f(tx, env, &permit, id)
        })
        .await;
    let flash = match done {
        Ok(()) => Flash::Done(cx.w.t(said)),
        Err(Failure::Refused(refusal @ Refusal::State(_))) => Flash::Problem(refusal.to_string()),
        Err(other) => return Err(other),
    };
    cx.see_other("/settings/jobs", flash).await
}

/// `POST /settings/jobs/{id}/retry`: has it tried again now.
///
/// # Errors
/// [`Refusal::NotFound`] for a job of another party.
pub async fn retry(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    let again = |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<ManageJobs>, id| {
        store::retry(tx, Some(p.owner()), id, env.now())
    };
    act(cx, &id, &pairs, "jobs-retried", again).await
}

/// `POST /settings/jobs/{id}/cancel`: has it no longer done.
///
/// # Errors
/// As [`retry`].
pub async fn cancel(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    let cancel = |tx: &mut Tx<'_>, env: &mut Env, p: &Permit<ManageJobs>, id| {
        let job = store::find(tx, Some(p.owner()), id)?.ok_or(Refusal::NotFound)?;
        store::cancel(tx, Some(p.owner()), id, env.now())?;
        evidence::collectors::service::job_cancelled(tx, env, p, &job)
    };
    act(cx, &id, &pairs, "jobs-cancelled", cancel).await
}

// webhooks -------------------------------------------------------------------------------------

fn webhook_form(cx: &Cx) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    Form::post(w, "/settings/webhooks", csrf, w.t("jobs-webhook-add")).field(
        Field::new(w, "url", w.t("jobs-webhook-url"), FieldKind::Url)
            .required()
            .max(500)
            .hint(w.t("jobs-webhook-url-hint")),
    )
}

async fn webhooks_page(cx: &Cx, form: Form, first: Option<Html>) -> Result<Page, Failure> {
    let list = cx
        .read(move |conn, actor| {
            let party = scope::<ReadJobs>(actor)?.party();
            endpoints::of_party(conn, party)
        })
        .await?;
    let w = cx.w;
    let used = list.iter().filter(|e| e.disabled.is_none()).count();
    let shell = cx
        .shell()
        .title(w.t("jobs-webhooks-question"))
        .answer(w.t1("jobs-webhooks-answer", "count", used))
        .at("settings")
        .crumb("/settings/jobs", w.t("jobs-queue"));
    let rows = list.iter().map(|endpoint| endpoint_row(w, &shell, endpoint));
    let columns = ["url", "since", "state"].map(|k| Column::new(w.t(&format!("jobs-webhook-{k}"))));
    let table = Table::new(w, "webhooks", w.t("jobs-webhooks"), columns.to_vec())
        .rows(rows)
        .empty(Empty::new(w.t("jobs-webhooks-none"), w.t("jobs-webhooks-none-next")));
    let mut page = Page::new(shell);
    if let Some(first) = first {
        page = page.part(first);
    }
    Ok(page.part(table).heading(&w.t("jobs-webhook-add")).part(form))
}

fn endpoint_row(w: Words, shell: &Shell, endpoint: &Endpoint) -> Row {
    let status = match &endpoint.disabled {
        None => Html::from(Status::new(Tone::Good, w.t("jobs-webhook-in-use"))),
        Some(why) => Html::from(Status::new(Tone::Attention, w.t("jobs-webhook-disabled")))
            .and(Html::text(&format!(" {why}"))),
    };
    let since = w.moment_utc(endpoint.made_at);
    let mut row = Row::new(vec![Html::code(&endpoint.url).into(), since.into(), status.into()]);
    let post = |what: &str| {
        let label = w.t(&format!("jobs-webhook-{what}"));
        Button::post(format!("/settings/webhooks/{}/{what}", endpoint.id), &shell.csrf, label)
            .quiet()
    };
    if endpoint.disabled.is_some() {
        row = row.action(post("enable"));
    }
    row.action(post("remove"))
}

/// `GET /settings/webhooks`: where the party is told.
///
/// # Errors
/// When the reader does not administer a party.
pub async fn webhooks(cx: Cx) -> Answer {
    let form = webhook_form(&cx);
    let page = webhooks_page(&cx, form, None).await?;
    cx.page(&page)
}

/// `POST /settings/webhooks`: `url`. Answers with the secret, shown this once.
///
/// # Errors
/// As [`webhooks`].
pub async fn add_webhook(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let mut form = webhook_form(&cx);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let url = form.typed("url").to_owned();
        let reach = cx.app.extensions.get::<Reach>().copied().unwrap_or_default();
        let done = cx
            .write(move |tx, env, actor| {
                let permit = may_manage(actor)?;
                webhook::add_endpoint(tx, env, permit.owner(), reach, &url)
            })
            .await;
        match done {
            Ok((_, secret)) => {
                let w = cx.w;
                let text = Html::text(&w.t("jobs-webhook-secret-text")).and(Html::code(&secret));
                let note = Note::new(Tone::Attention, w.t("jobs-webhook-secret"), text);
                let form = webhook_form(&cx);
                let page = webhooks_page(&cx, form, Some(note.into())).await?;
                return cx.page(&page);
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let page = webhooks_page(&cx, form, None).await?;
    cx.page_again(&page)
}

/// `POST /settings/webhooks/{id}/enable`.
///
/// # Errors
/// [`Refusal::NotFound`] for an endpoint of another party.
pub async fn enable_webhook(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = parse(&id)?;
    cx.write(move |tx, _, actor| webhook::enable_endpoint(tx, may_manage(actor)?.owner(), id))
        .await?;
    cx.see_other("/settings/webhooks", Flash::Done(cx.w.t("jobs-webhook-enabled"))).await
}

/// `POST /settings/webhooks/{id}/remove`.
///
/// # Errors
/// [`Refusal::NotFound`] for an endpoint of another party.
pub async fn remove_webhook(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = parse(&id)?;
    cx.write(move |tx, _, actor| webhook::remove_endpoint(tx, may_manage(actor)?.owner(), id))
        .await?;
    cx.see_other("/settings/webhooks", Flash::Done(cx.w.t("jobs-webhook-removed"))).await
}
