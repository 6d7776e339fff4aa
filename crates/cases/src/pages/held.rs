//! `/cases/held`: reports that came in a flood, for a person to look at.

use super::owner_seen;
use crate::model::CaseId;
use crate::permits::HandleCase;
use crate::service::held;
use crate::store::held::{Group, groups, waiting};
use axum::extract::Path;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Button, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Table, fold};

/// Titles shown at most.
const SHOWN_MAX: i64 = 200;

struct Seen {
    groups: Vec<Group>,
    waiting: (i64, Option<Timestamp>),
}

async fn seen(cx: &Cx) -> Result<Seen, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        Ok(Seen { groups: groups(conn, owner, SHOWN_MAX)?, waiting: waiting(conn, owner)? })
    })
    .await
}

fn discard_form(cx: &Cx, seen: &Seen) -> Form {
    let w = cx.w;
    let csrf = cx.shell().csrf;
    let titles = seen.groups.iter().rev().map(|g| {
        let hint = w.t1("cases-held-count", "count", g.n);
        platform::ui::Choice::new(g.title.clone(), g.title.clone()).hint(hint)
    });
    Form::post(w, "/cases/held/discard", &csrf, w.t("cases-held-discard"))
        .key(cx.form_key())
        .field(
            Field::new(w, "title", w.t("cases-held-title"), Kind::Select(titles.collect()))
                .required(),
        )
        .field(
            Field::new(w, "reason", w.t("cases-held-reason"), Kind::Area(2))
                .required()
                .max(crate::service::TEXT_MAX),
        )
        .grave()
}

fn page(cx: &Cx, seen: &Seen, filled: Option<Form>) -> Page {
    let w = cx.w;
    let (n, oldest) = seen.waiting;
    let since = oldest.map_or_else(String::new, |at| w.moment_utc(at));
    let shell = cx
        .shell()
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .title(w.t("cases-held-question"))
        .answer(w.t2("cases-held-answer", "count", n, "since", since));
    let columns = ["held-title", "held-n", "held-oldest"]
        .map(|k| Column::new(w.t(&format!("cases-{k}"))))
        .to_vec();
    let csrf = cx.shell().csrf;
    let may = cx.can::<HandleCase>();
    let rows = seen.groups.iter().map(|g| {
        let row = Row::new(vec![
            Html::text(&g.title).into(),
            w.number(g.n).into(),
            w.moment_utc(g.oldest).into(),
        ])
        .to(format!("/cases/{}", g.example));
        if may {
            let action = format!("/cases/held/{}/release", g.example);
            row.action(Button::post(action, csrf.clone(), w.t("cases-held-release")))
        } else {
            row
        }
    });
    let table = Table::new(w, "held", w.t("cases-held"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("cases-held-none"), w.t("cases-held-none-text")));
    let mut page = Page::new(shell).part(table);
    if may && !seen.groups.is_empty() {
        let open = filled.is_some();
        let form = filled.unwrap_or_else(|| discard_form(cx, seen));
        page = page.part(fold(&w.t("cases-held-discard"), open, form));
    }
    page
}

/// `GET /cases/held`
///
/// # Errors
/// When the reader may not see cases.
pub async fn show(cx: Cx) -> Answer {
    let seen = seen(&cx).await?;
    cx.page(&page(&cx, &seen, None))
}

/// `POST /cases/held/{id}/release`
///
/// # Errors
/// When the form is another session's, there is no such report, or it is not held.
pub async fn release(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: CaseId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.write(move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<HandleCase>(actor, &Facts::of(owner))?;
        held::release(tx, env, &permit, id)
    })
    .await?;
    cx.see_other(&format!("/cases/{id}"), Flash::Done(cx.w.t("cases-held-released"))).await
}

/// `POST /cases/held/discard`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn discard(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<HandleCase>()?;
    let seen = seen(&cx).await?;
    let mut form = discard_form(&cx, &seen);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (title, reason) = (form.typed("title").to_owned(), form.typed("reason").to_owned());
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let owner = actor.party.ok_or(Refusal::NotFound)?;
                let permit = authorize::<HandleCase>(actor, &Facts::of(owner))?;
                held::discard(tx, env, &permit, &title, &reason)
            })
            .await;
        match done {
            Ok(n) => {
                let done = Flash::Done(cx.w.t1("cases-held-discarded", "count", n));
                return cx.see_other("/cases/held", done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some(form)))
}
