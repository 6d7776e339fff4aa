//! Planning a procedure.

use super::super::model::{Asked, InquiryId, Plan, Procedure, ProcedureKind, Tenure};
use super::super::permits::HoldInquiries;
use super::super::service;
use super::{Seen, choices, frame, seen};
use crate::evaluations::pages::page;
use crate::pages::{done, id, submit};
use axum::extract::Path;
use cases::surveys::rules::bank;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind, Page, Shell};

/// People whom one form can name.
const PEOPLE: usize = 3;

fn plan_form(cx: &Cx, seen: &Seen, old: Option<&Procedure>) -> Form {
    let (w, plan) = (cx.w, old.map(|p| &p.plan));
    let to = old.map_or_else(|| seen.href("/new"), |p| seen.href(&format!("/{}/plan", p.id)));
    let kinds: Vec<&'static str> = ProcedureKind::ALL.iter().map(|k| k.word()).collect();
    let asked_for = cx.param("control");
    let controls = seen.papers.controls.iter().map(|c| {
        Choice::new(c.id.to_string(), c.text.code.clone())
            .hint(kernel::refusal::excerpt(&c.text.statement, 120))
    });
    let tests =
        seen.papers.tests.iter().map(|t| Choice::new(t.id.to_string(), t.plan.code.clone()));
    let questions =
        bank::all().iter().map(|q| Choice::new(q.id.clone(), q.id.clone()).hint(q.text(w)));
    let mut form = Form::post(w, to, &cx.shell().csrf, w.t("inquiries-save-plan"))
        .key(cx.form_key())
        .version(old.and_then(|p| u64::try_from(p.version).ok()).unwrap_or(0))
        .cancel(seen.href(""))
        .field(
            Field::new(w, "kind", w.t("inquiries-kind"), Kind::Radio(choices(w, "kind", &kinds)))
                .required()
                .value(plan.map_or("", |p| p.kind.word())),
        )
        .field(
            Field::new(w, "title", w.t("inquiries-what"), Kind::Text)
                .required()
                .max(200)
                .value(plan.map_or("", |p| p.title.as_str())),
        )
        .field(
            Field::new(w, "purpose", w.t("inquiries-purpose"), Kind::Area(2))
                .required()
                .max(4_000)
                .value(plan.map_or("", |p| p.purpose.as_str())),
        );
    let tenures: Vec<&'static str> = Tenure::ALL.iter().map(|t| t.word()).collect();
    for n in 0..PEOPLE {
        let one = plan.and_then(|p| p.asked.get(n));
        let text = |name: &str, key: &str, value: Option<&str>| {
            Field::new(w, format!("{name}-{n}"), w.t(key), Kind::Text)
                .max(200)
                .value(value.unwrap_or(""))
        };
        form = form
            .heading(w.t1("inquiries-person-n", "n", n + 1))
            .field(text("name", "inquiries-name", one.map(|a| a.name.as_str())))
            .field(text("function", "inquiries-function", one.map(|a| a.function.as_str())))
            .field(
                Field::new(
                    w,
                    format!("tenure-{n}"),
                    w.t("inquiries-tenure"),
                    Kind::Select(choices(w, "tenure", &tenures)),
                )
                .value(one.map_or(Tenure::Unknown, |a| a.tenure).word()),
            )
            .field(text("why", "inquiries-why", one.map(|a| a.reason.as_str())));
    }
    let ids = plan.map(|p| p.controls.iter().map(ToString::to_string).collect::<Vec<_>>());
    form.heading(w.t("inquiries-questions"))
        .field(
            Field::new(
                w,
                "questions",
                w.t("inquiries-from-bank"),
                Kind::Boxes(questions.collect()),
            )
            .values(plan.map(|p| p.questions.clone()).unwrap_or_default()),
        )
        .field(
            Field::new(w, "own", w.t("inquiries-own"), Kind::Area(4))
                .max(10_000)
                .hint(w.t("inquiries-own-hint"))
                .value(plan.map(|p| p.own.join("\n")).unwrap_or_default()),
        )
        .heading(w.t("inquiries-concerns"))
        .field(
            Field::new(w, "controls", w.t("inquiries-controls"), Kind::Boxes(controls.collect()))
                .values(ids.unwrap_or_else(|| asked_for.into_iter().collect())),
        )
        .field(
            Field::new(w, "tests", w.t("inquiries-tests"), Kind::Boxes(tests.collect())).values(
                plan.map(|p| p.tests.iter().map(ToString::to_string).collect::<Vec<_>>())
                    .unwrap_or_default(),
            ),
        )
}

fn read(form: &Form) -> Option<Plan> {
    let asked = (0..PEOPLE).filter_map(|n| {
        let text = |name: &str| form.typed(&format!("{name}-{n}")).to_owned();
        let tenure = Tenure::from_word(&text("tenure")).unwrap_or(Tenure::Unknown);
        let one =
            Asked { name: text("name"), function: text("function"), tenure, reason: text("why") };
        // A group of fields that nobody touched names nobody.
        let touched = [&one.name, &one.function, &one.reason].iter().any(|t| !t.is_empty());
        touched.then_some(one)
    });
    Some(Plan {
        kind: ProcedureKind::from_word(form.typed("kind"))?,
        title: form.typed("title").to_owned(),
        purpose: form.typed("purpose").to_owned(),
        controls: form.ticked("controls").iter().filter_map(|c| c.parse().ok()).collect(),
        tests: form.ticked("tests").iter().filter_map(|t| t.parse().ok()).collect(),
        asked: asked.collect(),
        questions: form.ticked("questions").to_vec(),
        own: form
            .typed("own")
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

fn shell(cx: &Cx, seen: &Seen, old: Option<&Procedure>) -> Shell {
    let title = if old.is_some() { "inquiries-change-title" } else { "inquiries-new-title" };
    frame(cx, seen, cx.w.t(title), cx.w.t("inquiries-new-answer"))
}

/// `GET /examination/{engagement}/inquiries/new`, with `?control=` one chosen.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn new_form(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    cx.may::<HoldInquiries>()?;
    let form = plan_form(&cx, &seen, None);
    cx.page(&Page::new(shell(&cx, &seen, None)).part(form))
}

/// `POST /examination/{engagement}/inquiries/new`
///
/// # Errors
/// As [`new_form`].
pub async fn new(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    write(cx, &engagement, None, pairs).await
}

/// `GET /examination/{engagement}/inquiries/{inquiry}/plan`
///
/// # Errors
/// As [`new_form`].
pub async fn change_form(cx: Cx, Path((engagement, inquiry)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    cx.may::<HoldInquiries>()?;
    let old = known(&seen, &inquiry)?;
    let form = plan_form(&cx, &seen, Some(old));
    cx.page(&page(shell(&cx, &seen, Some(old)), vec![form.into()]))
}

/// `POST /examination/{engagement}/inquiries/{inquiry}/plan`
///
/// # Errors
/// As [`new_form`].
pub async fn change(
    cx: Cx,
    Path((engagement, inquiry)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    write(cx, &engagement, Some(&inquiry), pairs).await
}

fn known<'s>(seen: &'s Seen, inquiry: &str) -> Result<&'s Procedure, Failure> {
    let id: InquiryId = id(inquiry)?;
    seen.procedures.iter().find(|p| p.id == id).ok_or(Failure::Refused(Refusal::NotFound))
}

async fn write(cx: Cx, engagement: &str, inquiry: Option<&str>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let seen = seen(&cx, engagement).await?;
    cx.may::<HoldInquiries>()?;
    let old = inquiry.map(|i| known(&seen, i)).transpose()?;
    let mut form = plan_form(&cx, &seen, old);
    form.fill(&pairs.0);
    form.check();
    if let Some(input) = read(&form) {
        let version = form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or(0);
        let change = old.map(|p| (p.id, version));
        let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<HoldInquiries>| {
            service::plan(tx, env, permit, change, &input)
        };
        if submit(&cx, &pairs, seen.papers.engagement.id, &mut form, command).await? {
            let to = old.map_or_else(|| seen.href(""), |p| seen.href(&format!("/{}", p.id)));
            return done(&cx, &to, "inquiries-saved").await;
        }
    }
    cx.page_again(&page(shell(&cx, &seen, old), vec![form.into()]))
}
