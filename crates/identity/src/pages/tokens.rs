//! `/account/tokens`: keys for programs.

use super::{Page, door, onto, zone};
use crate::model::{ApiToken, TokenId};
use crate::permits::{MakeToken, ReadTokens};
use crate::service::{self, TokenInput, permit_here};
use crate::store;
use axum::extract::Path;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Note, Row, Shell, Status, Table,
    Tone,
};

async fn load(cx: &Cx) -> Result<Vec<ApiToken>, Failure> {
    door(cx)?.note_token_use(&cx.app.db).await?;
    cx.read(|conn, actor| {
        let permit = permit_here::<ReadTokens>(actor)?;
        let person = permit.person().ok_or(Refusal::NotFound)?;
        store::tokens_of(conn, permit.owner(), person)
    })
    .await
}

fn form(cx: &Cx, csrf: &str) -> Result<Form, Failure> {
    let w = cx.w;
    let door = door(cx)?;
    let scopes = crate::rules::people::offered(door.scopes());
    let choices = scopes.into_iter().map(|scope| Choice::new(scope, scope)).collect();
    let days = [30, 90, 366].map(|n| Choice::new(n.to_string(), w.t1("identity-days", "count", n)));
    Ok(Form::post(w, "/account/tokens", csrf, w.t("identity-token-make"))
        .field(
            Field::new(w, "name", w.t("identity-token-name"), Kind::Text)
                .required()
                .max(120)
                .hint(w.t("identity-token-name-hint")),
        )
        .field(
            Field::new(w, "scopes", w.t("identity-scopes"), Kind::Boxes(choices))
                .required()
                .hint(w.t("identity-scopes-hint")),
        )
        .field(
            Field::new(w, "days", w.t("identity-works-for"), Kind::Radio(days.to_vec()))
                .required()
                .value("90"),
        ))
}

fn table(cx: &Cx, shell: &Shell, tokens: &[ApiToken], now: Timestamp) -> Table {
    let w = cx.w;
    let columns = [
        "identity-token-name",
        "identity-scopes",
        "identity-expires",
        "identity-used",
        "identity-state",
    ]
    .map(|key| Column::new(w.t(key)));
    let rows = tokens.iter().map(|token| {
        let state = if token.revoked_at.is_some() {
            Status::new(Tone::Closed, w.t("identity-token-revoked"))
        } else if token.works(now) {
            Status::new(Tone::Good, w.t("identity-token-works"))
        } else {
            Status::new(Tone::Closed, w.t("identity-token-ran-out"))
        };
        let used = token.used_at.map_or_else(|| w.t("identity-never"), |at| w.moment(at, &zone()));
        let row = Row::new(vec![
            (&token.name).into(),
            token.scopes.join(", ").into(),
            w.moment(token.expires_at, &zone()).into(),
            used.into(),
            state.into(),
        ]);
        if !token.works(now) {
            return row;
        }
        let href = format!("/account/tokens/{}/revoke", token.id);
        row.action(Button::post(href, &shell.csrf, w.t("identity-revoke")).grave())
    });
    Table::new(w, "tokens", w.t("identity-tokens"), columns.to_vec())
        .rows(rows)
        .empty(Empty::new(w.t("identity-tokens-none"), w.t("identity-tokens-none-next")))
}

async fn page(cx: &Cx, form: Form, new: Option<&str>) -> Result<Page, Failure> {
    let tokens = load(cx).await?;
    let now = cx.env().now();
    let shell = cx.shell();
    let w = shell.w;
    let working = tokens.iter().filter(|t| t.works(now)).count();
    let mut parts: Vec<Html> = Vec::new();
    if let Some(secret) = new {
        let text = Html::text(&w.t("identity-token-keep")).and(Html::code(secret));
        parts.push(Note::new(Tone::Attention, w.t("identity-shown-once"), text).into());
    }
    parts.push(table(cx, &shell, &tokens, now).into());
    let heading = w.t("identity-token-new");
    parts.push(Html::trusted(format!("<h2>{}</h2>", Html::text(&heading))));
    parts.push(form.into());
    let shell = shell
        .title(w.t("identity-tokens-title"))
        .answer(w.t1("identity-tokens-answer", "count", working))
        .crumb("/account", w.t("account"));
    Ok(Page { shell, parts })
}

/// `GET /account/tokens`.
///
/// # Errors
/// When nobody is signed in.
pub async fn show(cx: Cx) -> Answer {
    let form = form(&cx, &cx.shell().csrf)?;
    cx.page(&page(&cx, form, None).await?)
}

/// `POST /account/tokens`: `name`, `scopes`, `days`. The answer shows the secret, once.
///
/// # Errors
/// When the form is not this session's.
pub async fn make(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let csrf = cx.shell().csrf;
    let mut form = form(&cx, &csrf)?;
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = TokenInput {
            name: form.typed("name").to_owned(),
            scopes: form.ticked("scopes").to_vec(),
            days: form.typed("days").parse().unwrap_or(0),
        };
        let door = door(&cx)?;
        let done = cx
            .write(move |tx, env, actor| {
                let permit = permit_here::<MakeToken>(actor)?;
                service::make_token(tx, env, &permit, &input, door.scopes())
            })
            .await;
        match done {
            Ok(token) => {
                let fresh = self::form(&cx, &csrf)?;
                return cx.page(&page(&cx, fresh, Some(&token.secret)).await?);
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, form, None).await?)
}

/// `POST /account/tokens/{id}/revoke`.
///
/// # Errors
/// [`Refusal::NotFound`] for a token that is not one's own.
pub async fn revoke(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: TokenId = id.parse().map_err(|_| Failure::Refused(Refusal::NotFound))?;
    cx.write(move |tx, env, actor| {
        let permit = permit_here::<MakeToken>(actor)?;
        service::revoke_token(tx, env, &permit, id)
    })
    .await?;
    cx.see_other("/account/tokens", Flash::Done(cx.w.t("identity-token-revoked-done"))).await
}
