//! `/channels/sources`: which systems report, a new one, its secret, and what came from it.

use crate::channels::pages as channels;
use crate::hooks::model::{Places, Source, SourceId};
use crate::hooks::permits::{ManageSources, ReadSources};
use crate::hooks::rules::POINTER_MAX;
use crate::hooks::service::{self, SourceInput};
use crate::hooks::store;
use axum::extract::Path;
use identity::pages::told::version_seen;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Shell, Status, Table,
    Tone, facts, fold, prose,
};
use platform::words::Words;

/// The fields that say where a report stands, in the order of the form.
const PLACES: [&str; 6] = ["reference", "title", "description", "kind", "occurred_at", "contact"];

fn place<'p>(places: &'p Places, name: &str) -> &'p str {
    match name {
        "reference" => &places.reference,
        "title" => &places.title,
        "description" => &places.description,
        "kind" => &places.kind,
        "occurred_at" => &places.occurred_at,
        _ => &places.contact,
    }
}

fn fields(form: Form, w: Words, now: Option<&Source>) -> Form {
    let usual = Places::default();
    let places = now.map_or(&usual, |s| &s.places);
    let form = form
        .field(
            Field::new(w, "name", w.t("hooks-name"), Kind::Text)
                .required()
                .max(80)
                .value(now.map_or("", |s| s.name.as_str())),
        )
        .field(
            Field::new(w, "channel", w.t("hooks-channel"), Kind::Text)
                .required()
                .max(40)
                .hint(w.t("hooks-channel-hint"))
                .value(now.map_or("", |s| s.channel.as_str())),
        )
        .say(prose(&w.t("hooks-places-text")));
    PLACES.iter().fold(form, |form, name| {
        form.field(
            Field::new(
                w,
                *name,
                w.t(&format!("hooks-place-{}", name.replace('_', "-"))),
                Kind::Text,
            )
            .max(POINTER_MAX)
            .value(place(places, name)),
        )
    })
}

fn input(form: &Form) -> SourceInput {
    let typed = |name: &str| form.typed(name).to_owned();
    SourceInput {
        name: typed("name"),
        channel: typed("channel"),
        places: Places {
            reference: typed("reference"),
            title: typed("title"),
            description: typed("description"),
            kind: typed("kind"),
            occurred_at: typed("occurred_at"),
            contact: typed("contact"),
        },
    }
}

fn csrf(cx: &Cx) -> &str {
    cx.session.as_ref().map_or("", |s| s.csrf.as_str())
}

fn add_form(cx: &Cx) -> Form {
    let form = Form::post(cx.w, "/channels/sources", csrf(cx), cx.w.t("hooks-add"))
        .key(cx.form_key())
        .apart("add");
    fields(form, cx.w, None)
}

async fn all(cx: &Cx) -> Result<(Vec<Source>, usize), Failure> {
    cx.read(|conn, actor| {
        let owner = scope::<ReadSources>(actor)?.party();
        Ok((store::sources(conn, owner)?, store::unread(conn, owner)?.len()))
    })
    .await
}

fn shell(cx: &Cx, unread: usize) -> Shell {
    let w = cx.w;
    let unread_button =
        Button::link("/channels/sources/unread", w.t1("hooks-unread-link", "count", unread));
    channels::shell(cx, "/channels/sources").title(w.t("hooks-question")).action(unread_button)
}

/// The secret, shown this once.
fn secret_note(cx: &Cx, id: SourceId, secret: &str) -> Html {
    let w = cx.w;
    let address = format!("{}/api/v1/hooks/{id}", cx.app.base_url);
    let shown = facts(vec![
        (w.t("hooks-address"), Html::code(&address)),
        (w.t("hooks-secret"), Html::code(secret)),
    ]);
    Note::new(
        Tone::Attention,
        w.t("hooks-secret-once"),
        prose(&w.t("hooks-secret-text")).and(shown),
    )
    .into()
}

async fn list_page(cx: &Cx, form: Form, first: Option<Html>) -> Result<Page, Failure> {
    let (sources, unread) = all(cx).await?;
    let w = cx.w;
    let columns = ["name", "channel", "since", "state"]
        .map(|k| Column::new(w.t(&format!("hooks-{k}"))))
        .to_vec();
    let rows = sources.iter().map(|s| {
        let state = match s.stopped_at {
            None => Status::new(Tone::Good, w.t("hooks-state-open")),
            Some(_) => Status::new(Tone::Closed, w.t("hooks-state-stopped")),
        };
        Row::new(vec![
            (&s.name).into(),
            (&s.channel).into(),
            w.moment_utc(s.made_at).into(),
            state.into(),
        ])
        .to(format!("/channels/sources/{}", s.id))
    });
    let table = Table::new(w, "sources", w.t("hooks-title"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("hooks-none"), w.t("hooks-none-next")));
    let open = sources.iter().filter(|s| s.stopped_at.is_none()).count();
    let mut page = Page::new(shell(cx, unread).answer(w.t1("hooks-answer", "count", open)));
    if let Some(first) = first {
        page = page.part(first);
    }
    page = page.part(table);
    if cx.can::<ManageSources>() {
        let wrong = !form.ok();
        page = page.part(fold(&w.t("hooks-add"), wrong, form));
    }
    Ok(page)
}

/// `GET /channels/sources`
///
/// # Errors
/// When the reader may not see them.
pub async fn list(cx: Cx) -> Answer {
    cx.page(&list_page(&cx, add_form(&cx), None).await?)
}

/// `POST /channels/sources`: adds one, and shows its secret once.
///
/// # Errors
/// When the form is another session's or the person may not.
pub async fn add(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageSources>()?;
    let mut form = add_form(&cx);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = input(&form);
        // Not kept under the form's key: the answer holds the secret.
        let made = cx
            .write(move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<ManageSources>(actor, &Facts::of(owner))?;
                service::add_source(tx, env, &permit, &input)
            })
            .await;
        match made {
            Ok((id, secret)) => {
                let note = secret_note(&cx, id, &secret);
                return cx.page(&list_page(&cx, add_form(&cx), Some(note)).await?);
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&list_page(&cx, form, None).await?)
}

async fn one(cx: &Cx, id: &str) -> Result<(Source, Vec<(String, i64)>), Failure> {
    let id: SourceId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.read(move |conn, actor| {
        let owner = scope::<ReadSources>(actor)?.party();
        let all = store::sources(conn, owner)?;
        let source = all.into_iter().find(|s| s.id == id).ok_or(Refusal::NotFound)?;
        Ok((source, store::tallies_of(conn, owner, id)?))
    })
    .await
}

fn restate_form(cx: &Cx, source: &Source) -> Form {
    let action = format!("/channels/sources/{}/restate", source.id);
    let form = Form::post(cx.w, action, csrf(cx), cx.w.t("hooks-restate-send"))
        .key(cx.form_key())
        .version(u64::try_from(source.version).unwrap_or(0));
    fields(form, cx.w, Some(source))
}

fn one_page(
    cx: &Cx,
    (source, tallies): (&Source, &[(String, i64)]),
    form: Form,
    first: Option<Html>,
) -> Page {
    let w = cx.w;
    let counted: Vec<_> = tallies
        .iter()
        .map(|(what, n)| {
            let key = format!("hooks-tally-{}", what.replace(['.', '_'], "-"));
            (w.t(&key), w.number(*n).into())
        })
        .collect();
    let answer = if source.stopped_at.is_some() { "hooks-one-stopped" } else { "hooks-one-open" };
    let shell = cx
        .shell()
        .at("channels")
        .crumb("/channels", w.t("channels-title"))
        .crumb("/channels/sources", w.t("hooks-title"))
        .title(source.name.clone())
        .answer(w.t(answer));
    let address = format!("{}/api/v1/hooks/{}", cx.app.base_url, source.id);
    let mut page = Page::new(shell);
    if let Some(first) = first {
        page = page.part(first);
    }
    page = page
        .part(facts(vec![
            (w.t("hooks-address"), Html::code(&address)),
            (w.t("hooks-channel"), Html::text(&source.channel)),
            (w.t("hooks-since"), w.moment_utc(source.made_at).into()),
        ]))
        .heading(&w.t("hooks-counted"));
    page = if counted.is_empty() {
        page.part(Empty::new(w.t("hooks-counted-none"), w.t("hooks-counted-none-next")))
    } else {
        page.part(facts(counted))
    };
    if cx.can::<ManageSources>() {
        let post = |what: &str| {
            let href = format!("/channels/sources/{}/{what}", source.id);
            Button::post(href, csrf(cx), w.t(&format!("hooks-do-{what}")))
        };
        let wrong = !form.ok();
        page = page.part(fold(&w.t("hooks-restate"), wrong, form));
        page = page.part(post("renew"));
        if source.stopped_at.is_none() {
            page = page.part(post("stop").grave());
        }
    }
    page
}

/// `GET /channels/sources/{id}`
///
/// # Errors
/// When there is no such source in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let (source, tallies) = one(&cx, &id).await?;
    let form = restate_form(&cx, &source);
    cx.page(&one_page(&cx, (&source, &tallies), form, None))
}

/// `POST /channels/sources/{id}/{action}`: `restate`, `renew` or `stop`.
///
/// # Errors
/// When the form is another session's, there is no such source, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageSources>()?;
    let (source, tallies) = one(&cx, &id).await?;
    let id = source.id;
    let back = format!("/channels/sources/{id}");
    match action.as_str() {
        "renew" => {
            let secret = cx
                .write(move |tx, env, actor| {
                    let owner = actor.party.ok_or(Refusal::NotFound)?;
                    let permit = authorize::<ManageSources>(actor, &Facts::of(owner))?;
                    service::renew_secret(tx, env, &permit, id)
                })
                .await?;
            let note = secret_note(&cx, id, &secret);
            let form = restate_form(&cx, &source);
            cx.page(&one_page(&cx, (&source, &tallies), form, Some(note)))
        }
        "stop" => {
            cx.write(move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<ManageSources>(actor, &Facts::of(owner))?;
                service::stop_source(tx, env, &permit, id)
            })
            .await?;
            cx.see_other(&back, Flash::Done(cx.w.t("hooks-do-stop-done"))).await
        }
        "restate" => {
            let mut form = restate_form(&cx, &source);
            form.fill(&pairs.0);
            form.check();
            if form.ok() {
                let (input, version) = (input(&form), version_seen(&form)?);
                let done = cx
                    .write_once(&pairs, move |tx, env, actor| {
                        let owner = actor.party.ok_or(Refusal::NotFound)?;
                        let permit = authorize::<ManageSources>(actor, &Facts::of(owner))?;
                        service::restate_source(tx, env, &permit, (id, version), &input)
                    })
                    .await;
                match done {
                    Ok(()) => {
                        let said = Flash::Done(cx.w.t("hooks-restate-done"));
                        return cx.see_other(&back, said).await;
                    }
                    Err(failure) => Cx::refuse_on(&mut form, failure)?,
                }
            }
            cx.page_again(&one_page(&cx, (&source, &tallies), form, None))
        }
        _ => Err(Refusal::NotFound.into()),
    }
}
