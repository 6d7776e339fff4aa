//! Asking to be told by mail, confirming, leaving. Opening a link changes nothing: mail programs open
//! links before people do, so each page asks for a press of its button.

use super::public::at;
use crate::door;
use crate::pages::{languages, public_shell};
use crate::status::service;
use axum::extract::Path;
use identity::model::Party;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Button, Field, Form, Kind, PublicPage};

async fn party(cx: &Cx, named: Option<String>) -> Result<Party, Failure> {
    Ok(cx.app.db.read(move |conn| door::organisation(conn, named.as_deref())).await?)
}

pub(super) fn form(cx: &Cx, party: &Party) -> Form {
    let w = cx.w;
    Form::post(w, at(cx, party, "/status/follow"), "", w.t("status-follow-send"))
        .hide("to", party.id.to_string())
        .field(
            Field::new(w, "email", w.t("status-follow-email"), Kind::Email)
                .required()
                .max(254)
                .hint(w.t("status-follow-hint"))
                .autocomplete("email"),
        )
}

fn page(cx: &Cx, title: &str, answer: &str, party: &Party) -> PublicPage {
    let mut shell =
        public_shell(cx).title(cx.w.t1(title, "party", &party.name)).answer(cx.w.t(answer));
    shell.languages = languages(cx);
    PublicPage::new(shell)
}

/// `POST /status/follow`: the answer is the same whether the address is known or not.
///
/// # Errors
/// When no organisation can be told.
pub async fn ask(cx: Cx, pairs: Pairs) -> Answer {
    let party = party(&cx, pairs.get("to").map(str::to_owned)).await?;
    let mut form = form(&cx, &party);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (email, organisation) = (form.typed("email").to_owned(), party.id);
        let (w, mut env, base) = (cx.w, cx.env(), cx.app.base_url.clone());
        let asked = cx
            .app
            .db
            .write(move |tx| {
                let permit = service::may_follow(organisation)?;
                service::ask(tx, &mut env, &permit, (&email, w), &base)
            })
            .await
            .map_err(Failure::from);
        match asked {
            Ok(()) => {
                let page = page(&cx, "status-asked", "status-asked-text", &party);
                return cx.page(
                    &page.part(Button::link(at(&cx, &party, "/status"), cx.w.t("status-now"))),
                );
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, "status-follow-question", "status-follow-text", &party).part(form))
}

/// `GET /status/confirm/{token}`
///
/// # Errors
/// When no organisation can be told.
pub async fn confirm_page(cx: Cx, Path(_): Path<String>) -> Answer {
    let party = party(&cx, cx.param("to")).await?;
    let press = Button::post(cx.shell().path, "", cx.w.t("status-confirm-send")).primary();
    cx.page(&page(&cx, "status-confirm-question", "status-confirm-text", &party).part(press))
}

/// `POST /status/confirm/{token}`
///
/// # Errors
/// [`Refusal::NotFound`] for a token that is unknown, used or run out.
pub async fn confirm(cx: Cx, Path(token): Path<String>) -> Answer {
    let party = party(&cx, cx.param("to")).await?;
    let (organisation, mut env) = (party.id, cx.env());
    let done = cx
        .app
        .db
        .write(move |tx| {
            service::confirm(tx, &mut env, &service::may_follow(organisation)?, &token)
        })
        .await
        .map_err(Failure::from);
    answer(&cx, &party, done, ("status-confirmed", "status-confirmed-text"))
}

/// `GET /status/leave/{token}`
///
/// # Errors
/// When no organisation can be told.
pub async fn leave_page(cx: Cx, Path(_): Path<String>) -> Answer {
    let party = party(&cx, cx.param("to")).await?;
    let press = Button::post(cx.shell().path, "", cx.w.t("status-leave-send")).primary();
    cx.page(&page(&cx, "status-leave-question", "status-leave-text", &party).part(press))
}

/// `POST /status/leave/{token}`
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown token.
pub async fn leave(cx: Cx, Path(token): Path<String>) -> Answer {
    let party = party(&cx, cx.param("to")).await?;
    let (organisation, mut env) = (party.id, cx.env());
    let done = cx
        .app
        .db
        .write(move |tx| service::leave(tx, &mut env, &service::may_follow(organisation)?, &token))
        .await
        .map_err(Failure::from);
    answer(&cx, &party, done, ("status-left", "status-left-text"))
}

/// What a press led to. A link that no longer works is said plainly, with the way to ask anew.
fn answer(cx: &Cx, party: &Party, done: Result<(), Failure>, said: (&str, &str)) -> Answer {
    let back = Button::link(at(cx, party, "/status"), cx.w.t("status-now"));
    match done {
        Ok(()) => cx.page(&page(cx, said.0, said.1, party).part(back)),
        Err(Failure::Refused(Refusal::NotFound)) => {
            let page = page(cx, "status-link-over", "status-link-over-text", party);
            cx.page_again(&page.part(form(cx, party)).part(back))
        }
        Err(other) => Err(other),
    }
}
