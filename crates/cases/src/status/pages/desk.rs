//! `/cases/status`: what the page shows, who published what when, and the list of components.

use super::{impact_status, kind_word, state_status, state_word};
use crate::status::model::{Component, ComponentId, Followers, Notice, Update};
use crate::status::permits::{PublishStatus, ReadStatusDesk};
use crate::status::service::{self, ComponentInput};
use crate::status::{rules, store};
use axum::extract::Path;
use identity::pages::told::proof_file;
use jiff::tz::TimeZone;
use kernel::ids::{EngagementId, EventId, PartyId, PersonId};
use kernel::party::Actor;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Column, Empty, Field, Figure, Figures, Flash, Form, Html, Kind, Page, Row, Shell, Table,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// Publications shown and exported at most, newest first.
const SHOWN_MAX: i64 = 1_000;

/// The organisation whose desk a reader sees.
pub(super) fn owner(
    conn: &mut Conn<'_>,
    actor: &Actor,
    chosen: Option<EngagementId>,
) -> Result<PartyId> {
    scope::<ReadStatusDesk>(actor)?;
    ::scope::service::organisation_seen(conn, actor, chosen)
}

struct Desk {
    components: Vec<Component>,
    open: Vec<Notice>,
    published: Vec<(Update, Notice)>,
    names: BTreeMap<String, String>,
    followers: Followers,
}

async fn read(cx: &Cx) -> Result<Desk, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let organisation = owner(conn, actor, chosen)?;
        let published = store::published_last(conn, organisation, SHOWN_MAX)?;
        let mut names = BTreeMap::new();
        for (update, _) in &published {
            if let Ok(person) = update.actor.parse::<PersonId>()
                && !names.contains_key(&update.actor)
            {
                names.insert(update.actor.clone(), identity::store::name_of(conn, person)?);
            }
        }
        Ok(Desk {
            components: store::components(conn, organisation)?,
            open: store::open_notices(conn, organisation)?,
            published,
            names,
            followers: store::followers(conn, organisation)?,
        })
    })
    .await
}

fn frame(cx: &Cx) -> Shell {
    cx.shell().at("status").crumb("/cases", cx.w.t("cases-room"))
}

fn published(cx: &Cx, desk: &Desk) -> Table {
    let w = cx.w;
    let columns = [
        "status-when",
        "status-who",
        "status-what",
        "status-kind",
        "status-state",
        "status-words",
        "status-proof",
    ]
    .map(|key| Column::new(w.t(key)))
    .to_vec();
    let rows = desk.published.iter().map(|(u, n)| {
        let who = desk.names.get(&u.actor).cloned().unwrap_or_else(|| u.actor.clone());
        let mut words: String = u.text.chars().take(160).collect();
        if u.corrects.is_some() {
            words = format!("{} {words}", w.t("status-correction"));
        }
        Row::new(vec![
            w.moment(u.at, &TimeZone::UTC).into(),
            who.into(),
            Html::link(&format!("/cases/status/notices/{}", n.id), n.title.as_str()).into(),
            kind_word(w, n.kind).into(),
            state_word(w, u.state).into(),
            words.into(),
            Html::link(
                &format!("/cases/status/notices/{}/proofs/{}", n.id, u.event),
                w.t("status-proof-get"),
            )
            .into(),
        ])
    });
    Table::new(w, "published", w.t("status-published"), columns)
        .rows(rows)
        .cards()
        .exports(&cx.list_query())
        .empty(Empty::new(w.t("status-published-none"), w.t("status-published-none-text")))
}

fn components(cx: &Cx, desk: &Desk) -> Table {
    let w = cx.w;
    let now = cx.env().now();
    let columns = ["status-place", "status-public-name", "status-inside-name", "status-state"]
        .map(|key| Column::new(w.t(key)))
        .to_vec();
    let rows = desk.components.iter().map(|c| {
        let state: Html = if c.retired {
            w.t("status-retired").into()
        } else {
            impact_status(w, rules::component_state(c.id, &desk.open, now)).into()
        };
        let row =
            Row::new(vec![c.place.into(), (&c.public_name).into(), (&c.name).into(), state.into()]);
        if cx.can::<PublishStatus>() {
            row.to(format!("/cases/status/components/{}", c.id))
        } else {
            row
        }
    });
    Table::new(w, "components", w.t("status-components"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("status-components-none"), w.t("status-components-none-text")))
}

fn figures(w: Words, desk: &Desk) -> Figures {
    Figures::new(vec![
        Figure::new(w, w.t("status-open"), w.number(desk.open.len()))
            .of("#open")
            .definition(w.t("status-open-counted")),
        Figure::new(w, w.t("status-followers"), w.number(desk.followers.confirmed))
            .definition(w.t("status-followers-counted"))
            .note(w.t2(
                "status-followers-note",
                "asked",
                desk.followers.asked,
                "left",
                desk.followers.left,
            )),
    ])
}

/// `GET /cases/status`
///
/// # Errors
/// When the reader may not see it.
pub async fn show(cx: Cx) -> Answer {
    let w = cx.w;
    let desk = read(&cx).await?;
    let table = published(&cx, &desk);
    if let Some(file) = cx.file("status-publications", &table) {
        return file;
    }
    let now = cx.env().now();
    let mut shell = frame(&cx).title(w.t("status-desk-question")).answer(w.t1(
        "status-desk-answer",
        "count",
        desk.open.len(),
    ));
    if cx.can::<PublishStatus>() {
        shell = shell
            .action(
                Button::link("/cases/status/notices/new?kind=incident", w.t("status-new-incident"))
                    .primary(),
            )
            .action(Button::link(
                "/cases/status/notices/new?kind=maintenance",
                w.t("status-new-maintenance"),
            ))
            .action(Button::link("/cases/status/components/new", w.t("status-new-component")));
    }
    let shell = shell.action(Button::link("/status", w.t("status-see-public")).quiet());
    let columns = ["status-what", "status-kind", "status-began", "status-state"]
        .map(|key| Column::new(w.t(key)))
        .to_vec();
    let rows = desk.open.iter().map(|n| {
        Row::new(vec![
            (&n.title).into(),
            kind_word(w, n.kind).into(),
            w.moment(n.begins_at, &TimeZone::UTC).into(),
            state_status(w, rules::shown_state(n, now)).into(),
        ])
        .to(format!("/cases/status/notices/{}", n.id))
    });
    let open = Table::new(w, "open", w.t("status-open"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("status-open-none"), w.t("status-open-none-text")));
    let page = Page::new(shell)
        .part(figures(w, &desk))
        .part(open)
        .part(components(&cx, &desk))
        .part(table);
    cx.page(&page)
}

fn component_form(cx: &Cx, before: Option<&Component>) -> Form {
    let w = cx.w;
    let action = before.map_or_else(
        || "/cases/status/components/new".to_owned(),
        |c| format!("/cases/status/components/{}", c.id),
    );
    let text = |name: &str, value: Option<&String>, label: &str| {
        Field::new(w, name, w.t(label), Kind::Text).value(value.cloned().unwrap_or_default())
    };
    let mut retired =
        Field::new(w, "retired", w.t("status-retire"), Kind::Box).hint(w.t("status-retire-hint"));
    if before.is_some_and(|c| c.retired) {
        retired = retired.values(["on"]);
    }
    let mut form = Form::post(w, action, &cx.shell().csrf, w.t("status-component-save"))
        .key(cx.form_key())
        .cancel("/cases/status")
        .field(
            text("public_name", before.map(|c| &c.public_name), "status-public-name")
                .required()
                .max(service::TITLE_MAX)
                .hint(w.t("status-public-name-hint")),
        )
        .field(
            text("name", before.map(|c| &c.name), "status-inside-name")
                .required()
                .max(service::TITLE_MAX)
                .hint(w.t("status-inside-name-hint")),
        )
        .field(text("description", before.map(|c| &c.description), "status-description").max(500))
        .field(
            Field::new(w, "place", w.t("status-place"), Kind::Number)
                .required()
                .value(before.map_or(10, |c| c.place).to_string()),
        )
        .field(retired);
    if let Some(c) = before {
        form = form.version(u64::try_from(c.version).unwrap_or(0));
    }
    form
}

async fn component(cx: &Cx, id: Option<&str>) -> Result<Option<Component>, Failure> {
    cx.may::<PublishStatus>()?;
    let Some(id) = id else { return Ok(None) };
    let id: ComponentId = id.parse().map_err(|_| Refusal::NotFound)?;
    let found = cx
        .read(move |conn, actor| store::component(conn, actor.party.ok_or(Refusal::NotFound)?, id))
        .await?;
    Ok(Some(found.ok_or(Refusal::NotFound)?))
}

fn component_page(cx: &Cx, form: Form) -> Page {
    let w = cx.w;
    let shell = frame(cx)
        .title(w.t("status-component-question"))
        .answer(w.t("status-component-answer"))
        .crumb("/cases/status", w.t("status-desk"));
    Page::new(shell).part(form)
}

/// `GET /cases/status/components/new`
///
/// # Errors
/// When the person may not.
pub async fn new_component(cx: Cx) -> Answer {
    component(&cx, None).await?;
    cx.page(&component_page(&cx, component_form(&cx, None)))
}

/// `GET /cases/status/components/{id}`
///
/// # Errors
/// When there is none, or the person may not.
pub async fn edit_component(cx: Cx, Path(id): Path<String>) -> Answer {
    let before = component(&cx, Some(&id)).await?;
    cx.page(&component_page(&cx, component_form(&cx, before.as_ref())))
}

async fn save(cx: Cx, id: Option<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let before = component(&cx, id.as_deref()).await?;
    let mut form = component_form(&cx, before.as_ref());
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = ComponentInput {
            name: form.typed("name").to_owned(),
            public_name: form.typed("public_name").to_owned(),
            description: form.typed("description").to_owned(),
            place: form.typed("place").parse().unwrap_or(0),
            retired: form.ticked("retired").iter().any(|v| v == "on")
                || form.typed("retired") == "on",
        };
        let version =
            form.hidden("version").and_then(|v| v.parse::<i64>().ok()).unwrap_or_default();
        let existing = before.as_ref().map(|c| (c.id, version));
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<PublishStatus>(actor, &Facts::of(owner))?;
                service::state_component(tx, env, &permit, existing, &input)
            })
            .await;
        match done {
            Ok(_) => {
                return cx
                    .see_other("/cases/status", Flash::Done(cx.w.t("status-component-saved")))
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&component_page(&cx, form))
}

/// `POST /cases/status/components/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn add_component(cx: Cx, pairs: Pairs) -> Answer {
    save(cx, None, pairs).await
}

/// `POST /cases/status/components/{id}`
///
/// # Errors
/// As [`add_component`].
pub async fn save_component(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    save(cx, Some(id), pairs).await
}

/// `GET /cases/status/notices/{id}/proofs/{event}`: the proof that the log holds a publication, in the
/// `tlog-proof` format.
///
/// # Errors
/// When there is no such publication in the reader's scope, or it has no place in the log yet.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let id = id.parse().map_err(|_| Refusal::NotFound)?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    let updates = cx
        .read(move |conn, actor| {
            let organisation = owner(conn, actor, chosen)?;
            store::updates(conn, organisation, id)
        })
        .await?;
    if !updates.iter().any(|u| u.event == event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}
