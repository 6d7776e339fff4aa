//! Pages of the subject: saved views, and acts on several cases.
//!
//! | module | pages |
//! |---|---|
//! | [`bulk`] | `/cases/bulk`: chosen cases, what would happen to each, what happened |

pub mod bulk;

use super::model::{NAME_MAX, ViewId};
use super::permits::KeepViews;
use super::{service, store};
use axum::extract::Path;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Pairs};
use platform::ui::{Button, Column, Empty, Field, Flash, Form, Kind, Page, Row, Shell, Table};

fn form(cx: &Cx, shell: &Shell, query: &str) -> Form {
    let w = cx.w;
    Form::post(w, format!("/cases/views/new?{query}"), &shell.csrf, w.t("views-save-send"))
        .key(cx.form_key())
        .cancel(format!("/cases?{query}"))
        .field(Field::new(w, "name", w.t("views-name"), Kind::Text).required().max(NAME_MAX))
        .field(
            Field::new(w, "shared", w.t("views-shared"), Kind::Box).hint(w.t("views-shared-hint")),
        )
}

fn new_page(cx: &Cx, shell: Shell, form: Form) -> Page {
    let w = cx.w;
    let shell = shell
        .title(w.t("views-new-question"))
        .answer(w.t("views-new-answer"))
        .at("cases")
        .crumb("/cases", w.t("cases-room"));
    Page::new(shell).part(form)
}

fn query_of(cx: &Cx) -> String {
    service::canonical(cx.uri.query().unwrap_or_default())
}

/// `GET /cases/views/new?…`: the filters of the address, to be named.
///
/// # Errors
/// When the person may not keep views.
pub async fn new_form(cx: Cx) -> Answer {
    cx.may::<KeepViews>()?;
    let shell = cx.shell();
    let form = form(&cx, &shell, &query_of(&cx));
    cx.page(&new_page(&cx, shell, form))
}

/// `POST /cases/views/new?…`
///
/// # Errors
/// When the form is another session's, or the person may not keep views.
pub async fn save(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<KeepViews>()?;
    let shell = cx.shell();
    let query = query_of(&cx);
    let mut form = form(&cx, &shell, &query);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (name, shared) = (form.typed("name").to_owned(), !form.ticked("shared").is_empty());
        let (kept, said) = (query.clone(), name.clone());
        let saved = cx
            .write_once(&pairs, move |tx, env, actor| {
                let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
                let permit = authorize::<KeepViews>(actor, &facts)?;
                service::save(tx, env, &permit, (&name, &kept, shared))
            })
            .await;
        match saved {
            Ok(_) => {
                let done = Flash::Done(cx.w.t1("views-saved", "name", said));
                return cx.see_other(&format!("/cases?{query}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, shell, form))
}

/// `GET /cases/views`
///
/// # Errors
/// When the person may not keep views.
pub async fn list(cx: Cx) -> Answer {
    cx.may::<KeepViews>()?;
    let me = cx.person()?;
    let organisation = cx.party()?;
    let views = cx.read(move |conn, _| store::views(conn, organisation, me)).await?;
    let w = cx.w;
    let shell = cx
        .shell()
        .title(w.t("views-question"))
        .answer(w.t1("views-answer", "count", views.len()))
        .at("cases")
        .crumb("/cases", w.t("cases-room"));
    let csrf = shell.csrf.clone();
    let rows = views.iter().map(|view| {
        let whose = if view.shared { "views-for-all" } else { "views-for-me" };
        let row = Row::new(vec![(&view.name).into(), w.t(whose).into(), (&view.query).into()])
            .to(format!("/cases?{}", view.query));
        if view.owner == me {
            let href = format!("/cases/views/{}/remove", view.id);
            row.action(Button::post(href, &csrf, w.t("views-remove")))
        } else {
            row
        }
    });
    let columns = ["views-name", "views-for", "views-filters"].map(|c| Column::new(w.t(c)));
    let empty = Empty::new(w.t("views-none"), w.t("views-none-next"))
        .action(Button::link("/cases", w.t("cases-all")));
    let table = Table::new(w, "views", w.t("views-caption"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(empty);
    cx.page(&Page::new(shell).part(table))
}

/// `POST /cases/views/{id}/remove`
///
/// # Errors
/// When the form is another session's, or the person keeps no such view.
pub async fn remove(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: ViewId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.write(move |tx, env, actor| {
        let facts = Facts::of(actor.party.ok_or(Refusal::NotFound)?);
        service::remove(tx, env, &authorize::<KeepViews>(actor, &facts)?, id)
    })
    .await?;
    cx.see_other("/cases/views", Flash::Done(cx.w.t("views-removed"))).await
}
