//! The request list, as both sides see it.

use crate::model::{Request, RequestId, RequestState};
use crate::permits::{AnswerRequest, AskRequest, JudgeRequest, ReadRequests};
use crate::service::{self, RequestInput};
use crate::store;
use axum::extract::Path;
use kernel::ids::EngagementId;
use kernel::party::Side;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Status, Table, Tone,
    prose,
};
use platform::words::Words;

fn state(w: Words, request: &Request) -> Status {
    let tone = match request.state {
        RequestState::Open => Tone::Waiting,
        RequestState::InProgress => Tone::Underway,
        RequestState::Submitted => Tone::Waiting,
        RequestState::Returned => Tone::Attention,
        RequestState::Accepted => Tone::Good,
    };
    Status::new(tone, w.t(&format!("requests-{}", request.state.as_str().replace('_', "-"))))
}

/// A stored date in words.
fn due(w: Words, text: &str) -> String {
    kernel::period::parse_date(text).map_or_else(|_| text.to_owned(), |d| w.date(d))
}

/// The engagement whose requests are shown.
async fn engagement(cx: &Cx) -> Result<EngagementId, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| scope::service::engagement_seen(conn, actor, chosen)).await
}

fn ask_form(shell: &Shell, key: &str) -> Form {
    let w = shell.w;
    Form::post(w, "/requests", &shell.csrf, w.t("requests-ask"))
        .key(key)
        .field(Field::new(w, "code", w.t("requests-code"), Kind::Text).required().max(20))
        .field(Field::new(w, "text", w.t("requests-text"), Kind::Area(3)).required())
        .field(Field::new(w, "due", w.t("requests-due"), Kind::Date).required())
}

async fn requests(cx: &Cx) -> Result<Vec<Request>, Failure> {
    let id = engagement(cx).await?;
    cx.read(move |conn, actor| {
        authorize::<ReadRequests>(actor, &scope::facts(conn, id)?)?;
        store::requests(conn, id)
    })
    .await
}

fn requests_table(cx: &Cx, requests: &[Request]) -> Table {
    let w = cx.w;
    let rows = requests.iter().map(|r| {
        Row::new(vec![
            Html::id(&r.code).into(),
            (&r.text).into(),
            due(w, &r.due).into(),
            state(w, r).into(),
        ])
        .to(format!("/requests/{}", r.id))
    });
    let columns = ["code", "text", "due", "state"]
        .map(|k| Column::new(w.t(&format!("requests-{k}"))))
        .to_vec();
    Table::new(w, "requests", w.t("requests-title"), columns)
        .rows(rows)
        .exports(&cx.list_query())
        .empty(Empty::new(w.t("requests-none"), w.t("requests-none-next")))
}

fn page(cx: &Cx, requests: &[Request], form: Option<Form>) -> Result<Page, Failure> {
    let w = cx.w;
    let side = cx.actor()?.side;
    let ours = |r: &&Request| match side {
        Side::Firm => r.state == RequestState::Submitted,
        _ => matches!(
            r.state,
            RequestState::Open | RequestState::InProgress | RequestState::Returned
        ),
    };
    let waiting = requests.iter().filter(ours).count();
    let shell = cx
        .shell()
        .title(w.t("requests-question"))
        .answer(w.t1("requests-answer", "count", waiting))
        .at("requests");
    let form =
        cx.can::<AskRequest>().then(|| form.unwrap_or_else(|| ask_form(&shell, &cx.form_key())));
    let mut page = Page::new(shell).part(requests_table(cx, requests));
    if let Some(form) = form {
        page = page.heading(&w.t("requests-ask")).part(form);
    }
    Ok(page)
}

/// `GET /requests`
///
/// # Errors
/// When no engagement is chosen, or the reader may not see its requests.
pub async fn list(cx: Cx) -> Answer {
    let requests = requests(&cx).await?;
    if let Some(file) = cx.file("requests", &requests_table(&cx, &requests)) {
        return file;
    }
    let page = page(&cx, &requests, None)?;
    cx.page(&page)
}

/// `POST /requests`: the firm asks.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn ask(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<AskRequest>()?;
    let id = engagement(&cx).await?;
    let mut form = ask_form(&cx.shell(), "");
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = RequestInput {
            code: form.typed("code").to_owned(),
            text: form.typed("text").to_owned(),
            control: None,
            owner: None,
            due: form.typed("due").to_owned(),
        };
        let done = cx
            .write_once(&pairs, move |tx, env, actor| {
                let permit = authorize::<AskRequest>(actor, &scope::facts(tx, id)?)?;
                service::ask(tx, env, &permit, &input)
            })
            .await;
        match done {
            Ok(_) => return cx.see_other("/requests", Flash::Done(cx.w.t("requests-asked"))).await,
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let page = page(&cx, &requests(&cx).await?, Some(form))?;
    cx.page_again(&page)
}

async fn one(cx: &Cx, id: RequestId) -> Result<Request, Failure> {
    cx.read(move |conn, actor| {
        let request = store::request(conn, id)?.ok_or(Refusal::NotFound)?;
        authorize::<ReadRequests>(actor, &scope::facts(conn, request.engagement)?)?;
        Ok(request)
    })
    .await
}

async fn forms(cx: &Cx, shell: &Shell, request: &Request) -> Result<Vec<Form>, Failure> {
    let w = cx.w;
    let action = format!("/requests/{}", request.id);
    let version = u64::try_from(request.version).unwrap_or(0);
    if cx.actor()?.side == Side::Firm {
        if request.state != RequestState::Submitted || !cx.can::<JudgeRequest>() {
            return Ok(Vec::new());
        }
        let judge = |value: &str, label: String| {
            Form::post(w, action.clone(), &shell.csrf, label)
                .apart(value)
                .key(cx.form_key())
                .version(version)
                .hide("do", value)
                .field(Field::new(w, "remark", w.t("requests-remark"), Kind::Area(2)))
        };
        return Ok(vec![
            judge("accept", w.t("requests-accept")),
            judge("return", w.t("requests-return")),
        ]);
    }
    if request.state == RequestState::Accepted || !cx.can::<AnswerRequest>() {
        return Ok(Vec::new());
    }
    let organisation = request.organisation;
    let engagement = request.engagement;
    let items = cx.read(move |conn, _| store::items(conn, organisation)).await?;
    // What was supplied for another engagement is not this firm's to open.
    let offered = items.iter().filter(|i| i.engagement.is_none_or(|id| id == engagement));
    let choices = offered.map(|i| Choice::new(i.id.to_string(), i.name.clone())).collect();
    Ok(vec![
        Form::post(w, action, &shell.csrf, w.t("requests-submit"))
            .key(cx.form_key())
            .version(version)
            .hide("do", "answer")
            .field(
                Field::new(w, "items", w.t("requests-answer-with"), Kind::Boxes(choices))
                    .required(),
            )
            .field(Field::new(w, "remark", w.t("requests-remark"), Kind::Area(2))),
    ])
}

async fn record_page(cx: &Cx, request: &Request, filled: Option<Form>) -> Result<Page, Failure> {
    let w = cx.w;
    let shell = cx
        .shell()
        .title(request.code.clone())
        .answer(request.text.as_str())
        .at("requests")
        .crumb("/requests", w.t("requests-title"));
    let forms = match filled {
        Some(form) => vec![form],
        None => forms(cx, &shell, request).await?,
    };
    let mut page = Page::new(shell).part(state(w, request)).part(prose(&request.remark));
    for item in &request.items {
        page = page.part(Html::link(&format!("/evidence/{item}"), item.to_string()));
    }
    Ok(forms.into_iter().fold(page, Page::part))
}

/// `GET /requests/{id}`
///
/// # Errors
/// When there is no such request in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let request = one(&cx, id.parse().map_err(|_| Refusal::NotFound)?).await?;
    let page = record_page(&cx, &request, None).await?;
    cx.page(&page)
}

/// `POST /requests/{id}`: the organisation answers, the firm accepts or returns.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn act(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: RequestId = id.parse().map_err(|_| Refusal::NotFound)?;
    let request = one(&cx, id).await?;
    let engagement = request.engagement;
    let version: i64 = pairs.get("version").and_then(|v| v.parse().ok()).ok_or_else(|| {
        Refusal::input(
            "This form does not say which version of the request you saw. Reload the page.",
        )
    })?;
    let what = pairs.get("do").unwrap_or_default().to_owned();
    if !matches!(what.as_str(), "answer" | "accept" | "return") {
        return Err(Refusal::NotFound.into());
    }
    let remark = pairs.get("remark").unwrap_or_default().to_owned();
    let items: Vec<_> =
        pairs.0.iter().filter(|(n, _)| n == "items").filter_map(|(_, v)| v.parse().ok()).collect();
    let answering = what == "answer";
    let done = cx
        .write_once(&pairs, move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            if answering {
                let permit = authorize::<AnswerRequest>(actor, &facts)?;
                return service::answer(tx, env, &permit, id, version, &items, &remark);
            }
            let permit = authorize::<JudgeRequest>(actor, &facts)?;
            service::judge(tx, env, &permit, id, version, what == "accept", &remark)
        })
        .await;
    match done {
        Ok(()) => {
            let said = if answering { "requests-answered" } else { "requests-judged" };
            cx.see_other(&format!("/requests/{id}"), Flash::Done(cx.w.t(said))).await
        }
        Err(failure) => {
            let wanted = pairs.get("do").unwrap_or_default();
            let shell = cx.shell();
            let forms = forms(&cx, &shell, &request).await?;
            // Somebody may have answered or judged meanwhile: then there is no form to go back to.
            let Some(mut form) = forms.into_iter().find(|f| f.hidden("do") == Some(wanted)) else {
                return Err(failure);
            };
            form.fill(&pairs.0);
            Cx::refuse_on(&mut form, failure)?;
            let page = record_page(&cx, &request, Some(form)).await?;
            cx.page_again(&page)
        }
    }
}
