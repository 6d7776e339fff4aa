//! Statements, on the organisation's side: what the firm released to it, and what it says.

use crate::deviations::model::{Answer as Said, Statement, StatementId};
use crate::deviations::permits::{GiveStatement, ReadStatements};
use crate::deviations::{service, store};
use crate::pages::id;
use axum::extract::Path;
use controls::model::Control;
use kernel::party::Side;
use kernel::permit::{authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Status, Table, Tone, facts,
};
use platform::words::Words;

fn state(w: Words, s: &Statement) -> Status {
    match &s.answer {
        Some(_) => Status::new(Tone::Good, w.t("deviations-given")),
        None => Status::new(Tone::Waiting, w.t1("deviations-waits", "due", s.due.clone())),
    }
}

/// Statements of the engagements that this person may see, with the codes of their controls.
async fn seen(cx: &Cx) -> Result<Vec<(Statement, String)>, Failure> {
    cx.read(move |conn, actor| {
        let seen = scope::<::scope::permits::ReadEngagement>(actor)?;
        let mut out = Vec::new();
        for engagement in ::scope::store::engagements(conn, &seen)? {
            let facts = ::scope::facts_of(&engagement);
            if authorize::<ReadStatements>(actor, &facts).is_err() {
                continue;
            }
            for statement in store::statements(conn, facts.owner, engagement.id)? {
                let control = controls::store::control(conn, facts.owner, statement.control)?;
                out.push((statement, control.map_or_else(String::new, |c| c.text.code)));
            }
        }
        Ok(out)
    })
    .await
}

/// `GET /statements`
///
/// # Errors
/// When the person may not read statements.
pub async fn list(cx: Cx) -> Answer {
    cx.may::<ReadStatements>()?;
    let all = seen(&cx).await?;
    let w = cx.w;
    let open = all.iter().filter(|(s, _)| s.answer.is_none()).count();
    let columns =
        ["examination-control", "deviations-released", "deviations-due", "deviations-state"]
            .map(|k| Column::new(w.t(k)));
    let rows = all.iter().map(|(s, code)| {
        Row::new(vec![code.into(), (&s.released).into(), (&s.due).into(), state(w, s).into()])
            .to(format!("/statements/{}", s.id))
    });
    let table = Table::new(w, "statements", w.t("deviations-statements"), columns.to_vec())
        .rows(rows)
        .exports(&cx.list_query())
        .empty(Empty::new(w.t("deviations-none"), w.t("deviations-none-next")));
    if let Some(file) = cx.file("statements", &table) {
        return file;
    }
    let firm = cx.actor().is_ok_and(|actor| actor.side == Side::Firm);
    let title = if firm { "deviations-list-title-firm" } else { "deviations-list-title" };
    let shell = cx.shell().at("statements").title(w.t(title)).answer(w.t1(
        "deviations-list-answer",
        "count",
        open,
    ));
    cx.page(&Page::new(shell).part(table))
}

async fn one(cx: &Cx, id: StatementId) -> Result<(Statement, Control), Failure> {
    cx.read(move |conn, actor| {
        let found = store::statement(conn, id)?.ok_or(Refusal::NotFound)?;
        let facts = ::scope::facts(conn, found.engagement)?;
        authorize::<ReadStatements>(actor, &facts)?;
        let control =
            controls::store::control(conn, facts.owner, found.control)?.ok_or(Refusal::NotFound)?;
        Ok((found, control))
    })
    .await
}

fn form(cx: &Cx, s: &Statement) -> Form {
    let w = cx.w;
    let answers = [("yes", "deviations-we-agree"), ("no", "deviations-we-disagree")]
        .map(|(value, key)| Choice::new(value, w.t(key)));
    let said = s.answer.clone();
    let mut agrees =
        Field::new(w, "agrees", w.t("deviations-agree"), Kind::Radio(answers.to_vec())).required();
    if let Some(said) = &said {
        agrees = agrees.value(if said.agrees { "yes" } else { "no" });
    }
    let text = |f: fn(&Said) -> String| said.as_ref().map(f).unwrap_or_default();
    Form::post(w, format!("/statements/{}", s.id), &cx.shell().csrf, w.t("deviations-give"))
        .version(u64::try_from(s.version).unwrap_or_default())
        .cancel("/statements")
        .field(agrees)
        .field(
            Field::new(w, "text", w.t("deviations-said"), Kind::Area(4))
                .hint(w.t("deviations-said-hint"))
                .required()
                .max(4_000)
                .value(text(|s| s.text.clone())),
        )
        .field(
            Field::new(w, "correction", w.t("deviations-put-right"), Kind::Area(3))
                .max(4_000)
                .value(text(|s| s.correction.clone())),
        )
        .field(
            Field::new(w, "corrected_on", w.t("deviations-corrected-on"), Kind::Date)
                .value(text(|s| s.corrected_on.clone().unwrap_or_default())),
        )
}

fn page(cx: &Cx, s: &Statement, control: &Control, form: Form) -> Page {
    let w = cx.w;
    let shell = cx
        .shell()
        .at("statements")
        .crumb("/statements", w.t("deviations-statements"))
        .title(w.t1("deviations-one-title", "code", control.text.code.clone()))
        .answer(Html::from(state(w, s)));
    let mut pairs = vec![
        (w.t("examination-statement"), Html::text(&control.text.statement)),
        (w.t("deviations-released"), Html::text(&s.released)),
        (w.t("deviations-due"), Html::text(&s.due)),
    ];
    if let Some(said) = &s.answer {
        let agreed = if said.agrees { "deviations-we-agree" } else { "deviations-we-disagree" };
        let day = said.corrected_on.clone().unwrap_or_default();
        pairs.push((w.t("deviations-agree"), Html::text(&w.t(agreed))));
        pairs.push((w.t("deviations-said"), Html::text(&said.text)));
        pairs.push((
            w.t("deviations-put-right"),
            Html::text(format!("{} {day}", said.correction).trim()),
        ));
    }
    let page = Page::new(shell).part(facts(pairs));
    if cx.can::<GiveStatement>() { page.part(form) } else { page }
}

/// `GET /statements/{id}`
///
/// # Errors
/// Nothing is there for who may not read it.
pub async fn statement(cx: Cx, Path(statement): Path<String>) -> Answer {
    let (found, control) = one(&cx, id(&statement)?).await?;
    let form = form(&cx, &found);
    cx.page(&page(&cx, &found, &control, form))
}

/// `POST /statements/{id}`: the organisation's statement.
///
/// # Errors
/// Nothing is there for who may not read it.
pub async fn give(cx: Cx, Path(statement): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let (found, control) = one(&cx, id(&statement)?).await?;
    cx.may::<GiveStatement>()?;
    let mut form = form(&cx, &found);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let answer = Said {
            agrees: form.typed("agrees") == "yes",
            text: form.typed("text").to_owned(),
            correction: form.typed("correction").to_owned(),
            corrected_on: Some(form.typed("corrected_on").to_owned()).filter(|d| !d.is_empty()),
        };
        let version = form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or(0);
        let (id, engagement) = (found.id, found.engagement);
        let written = cx
            .write(move |tx, env, actor| {
                let permit = authorize::<GiveStatement>(actor, &::scope::facts(tx, engagement)?)?;
                service::give_statement(tx, env, &permit, id, version, &answer)
            })
            .await;
        match written {
            Ok(()) => {
                let said = Flash::Done(cx.w.t("deviations-given-saved"));
                return cx.see_other(&format!("/statements/{id}"), said).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &found, &control, form))
}
