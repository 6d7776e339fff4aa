//! The stretches of a control on its page, the page that states them, and the conclusion on each.

use super::model::ControlSpan;
use super::service::{SpanInput, conclude_spans, state_spans, stretches};
use crate::model::{About, Standing, Verdict};
use crate::pages::{
    Names, Page, done, framed, heading, href, id, onto, papers, paragraph, sentences, submit,
    verdict, version, word,
};
use crate::permits::{ConcludeControl, PlanTests};
use crate::rules::control::{DesignState, OperationState};
use crate::rules::span::Span;
use crate::store::{Papers, Uncovered, span_proposal, span_tests};
use axum::extract::Path;
use controls::model::{Control, ControlId};
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{Choice, Column, Empty, Field, Form, Html, Kind, Row, Shell, Table};
use platform::words::Words;

/// The days of a stretch as a reader says them.
fn days(w: Words, span: Span) -> String {
    format!("{} – {}", w.date(span.from), w.date(span.to))
}

/// The stretches of a control with what supports each, what is proposed and what was concluded.
pub(crate) fn span_parts(w: Words, papers: &Papers, control: &Control) -> Vec<Html> {
    let stated = papers.spans_of(control.id);
    if stated.is_empty() {
        return Vec::new();
    }
    let columns = [
        "spans-days",
        "spans-what",
        "spans-tests",
        "examination-proposed",
        "examination-concluded",
        "examination-reason",
    ]
    .map(|key| Column::new(w.t(key)));
    let signed = papers
        .conclusion(About::Control { control: control.id })
        .filter(|c| c.stands != Standing::Void)
        .map(|c| c.spans)
        .unwrap_or_default();
    let rows = stated.iter().map(|span| {
        let concluded = signed.iter().find(|s| s.days == span.days);
        Row::new(vec![
            days(w, span.days).into(),
            (&span.what).into(),
            tests_told(papers, control.id, span).into(),
            proposed(w, papers, control.id, span).into(),
            concluded.map_or_else(String::new, |s| verdict(w, &s.concluded)).into(),
            concluded.map_or_else(String::new, |s| s.reason.clone()).into(),
        ])
    });
    let mut parts = vec![heading(&w.t("spans-heading"))];
    parts.push(Table::new(w, "spans", w.t("spans-heading"), columns.to_vec()).rows(rows).into());
    if let Some(statement) = papers.spans.get(&control.id) {
        parts.push(paragraph(&w.t1("spans-why", "reason", statement.reason.clone())));
    }
    parts
}

/// The tests that speak for a stretch, each with what came of it.
fn tests_told(papers: &Papers, control: ControlId, span: &ControlSpan) -> Html {
    let tests = papers.tests_of(control).filter(|test| span.tests.contains(&test.id));
    let mut lines: Vec<String> = tests
        .map(|test| format!("{}: {}", test.plan.code, papers.test_result(test).result))
        .collect();
    if lines.is_empty() {
        lines = span_tests(papers, control, span).open;
    }
    lines.extend(papers.uncovered_in(control, span).iter().map(Uncovered::sentence));
    sentences(&lines)
}

fn proposed(w: Words, papers: &Papers, control: ControlId, span: &ControlSpan) -> String {
    match span_proposal(papers, control, span, DesignState::Suitable) {
        Ok(Some(found)) if span_tests(papers, control, span).open.is_empty() => {
            verdict(w, &Verdict::Control { design: found.design, operation: found.operation })
        }
        Ok(_) => w.t("spans-not-finished"),
        Err(fault) => fault.to_string(),
    }
}

/// The form that concludes on each stretch.
pub(crate) fn conclusion_form(shell: &Shell, papers: &Papers, control: &Control) -> Form {
    let w = shell.w;
    let action = href(papers.engagement.id, &format!("/controls/{}/conclude", control.id));
    let seen = papers.conclusion(About::Control { control: control.id }).map_or(0, |c| c.version);
    let mut form = Form::post(w, action, &shell.csrf, w.t("spans-conclude"))
        .version(u64::try_from(seen).unwrap_or_default())
        .say(paragraph(&w.t("spans-conclude-each")));
    for (position, span) in papers.spans_of(control.id).iter().enumerate() {
        let choices = |kind: &str, all: Vec<&'static str>| {
            all.into_iter().map(|v| Choice::new(v, word(w, kind, v))).collect::<Vec<_>>()
        };
        let designs = choices("design", DesignState::ALL.iter().map(|d| d.word()).collect());
        let states = choices("operation", OperationState::ALL.iter().map(|o| o.word()).collect());
        let operation = Field::new(
            w,
            format!("operation-{position}"),
            w.t("examination-operation"),
            Kind::Radio(states),
        )
        .required();
        let told = proposed(w, papers, control.id, span);
        form = form
            .heading(format!("{}: {}", days(w, span.days), span.what))
            .field(
                Field::new(
                    w,
                    format!("design-{position}"),
                    w.t("examination-design"),
                    Kind::Radio(designs),
                )
                .required(),
            )
            .field(operation.hint(format!("{}: {told}", w.t("examination-proposed"))))
            .field(
                Field::new(
                    w,
                    format!("reason-{position}"),
                    w.t("examination-reason"),
                    Kind::Area(2),
                )
                .required()
                .max(4_000),
            );
    }
    form.heading(w.t("spans-as-a-whole")).field(
        Field::new(w, "reason", w.t("examination-reason"), Kind::Area(2)).required().max(4_000),
    )
}

/// Carries out the conclusion on each stretch. None where the form has to be shown again.
pub(crate) async fn conclude(
    cx: &Cx,
    engagement: EngagementId,
    (control, stretches): (ControlId, usize),
    form: &mut Form,
) -> Result<Option<Standing>, Failure> {
    let mut inputs = Vec::with_capacity(stretches);
    for position in 0..stretches {
        inputs.push(SpanInput {
            design: form
                .typed(&format!("design-{position}"))
                .parse()
                .unwrap_or(DesignState::Deficient),
            operation: form
                .typed(&format!("operation-{position}"))
                .parse()
                .unwrap_or(OperationState::Unable),
            reason: form.typed(&format!("reason-{position}")).to_owned(),
        });
    }
    let (reason, seen) = (form.typed("reason").to_owned(), Expected::Version(version(form)));
    let written = cx
        .write(move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            let permit = authorize::<ConcludeControl>(actor, &facts)?;
            conclude_spans(tx, env, &permit, seen, control, (&inputs, &reason))
        })
        .await;
    match written {
        Ok(standing) => Ok(Some(standing)),
        Err(failure) => {
            onto(form, failure)?;
            Ok(None)
        }
    }
}

fn spans_form(cx: &Cx, papers: &Papers, control: &Control) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let back = href(papers.engagement.id, &format!("/controls/{}", control.id));
    let stated = papers.spans_of(control.id);
    let seen = papers.spans.get(&control.id).map_or(0, |s| s.version);
    let changes: Vec<String> =
        stated.iter().skip(1).map(|s| format!("{} {}", s.days.from, s.what)).collect();
    let mut form = Form::post(w, format!("{back}/spans"), &shell.csrf, w.t("spans-save"))
        .key(crate::pages::fresh_key(cx))
        .version(u64::try_from(seen).unwrap_or_default())
        .cancel(back)
        .field(
            Field::new(w, "first", w.t("spans-first"), Kind::Text)
                .value(stated.first().map_or("", |s| s.what.as_str()))
                .max(1_000),
        )
        .field(
            Field::new(w, "changes", w.t("spans-changes"), Kind::Area(4))
                .hint(w.t("spans-changes-hint"))
                .value(changes.join("\n"))
                .max(20_000),
        );
    for (position, span) in stated.iter().enumerate() {
        let tests: Vec<Choice> = papers
            .tests_of(control.id)
            .map(|t| Choice::new(t.id.to_string(), t.plan.code.clone()))
            .collect();
        if tests.is_empty() {
            break;
        }
        form = form.field(
            Field::new(
                w,
                format!("tests-{position}"),
                w.t1("spans-tests-of", "days", days(w, span.days)),
                Kind::Boxes(tests),
            )
            .values(span.tests.iter().map(ToString::to_string)),
        );
    }
    form.field(Field::new(w, "reason", w.t("spans-reason"), Kind::Area(2)).required().max(4_000))
}

/// Reads the stretches from the form, or puts beside the field what is wrong.
fn read(form: &mut Form, papers: &Papers) -> Vec<ControlSpan> {
    let (first, changes) = (form.typed("first").to_owned(), form.typed("changes").to_owned());
    let mut out = match stretches(&papers.engagement.period, &first, &changes) {
        Ok(out) => out,
        Err(fault) => {
            let Refusal::Input { message, .. } = fault else { return Vec::new() };
            form.error("changes", message);
            return Vec::new();
        }
    };
    for (position, span) in out.iter_mut().enumerate() {
        let ticked = form.ticked(&format!("tests-{position}"));
        span.tests = ticked.iter().filter_map(|id| id.parse().ok()).collect();
    }
    out
}

/// The page: what is stated with the tests and conclusions of each stretch, and for those who plan the
/// form that states it. A locked file is read alone.
fn page(cx: &Cx, papers: &Papers, control: &Control, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let code = control.text.code.clone();
    let back = href(papers.engagement.id, &format!("/controls/{}", control.id));
    let stated = papers.spans_of(control.id).len();
    let shell = framed(shell, papers, "controls")
        .title(w.t1("spans-title", "code", code.clone()))
        .answer(w.t1("spans-answer", "count", stated))
        .crumb(back, code);
    let mut parts = vec![paragraph(&control.text.statement)];
    parts.extend(span_parts(w, papers, control));
    if cx.can::<PlanTests>() && !papers.engagement.locked() {
        if stated > 0 {
            parts.push(heading(&w.t("spans-restate")));
        }
        parts.push(paragraph(&w.t("spans-intro")));
        parts.push(form.into());
    } else if stated == 0 {
        parts.push(Empty::new(w.t("spans-none-stated"), w.t("spans-none-stated-next")).into());
    }
    Page { shell, parts }
}

async fn seen(
    cx: &Cx,
    engagement: EngagementId,
    control: &str,
) -> Result<(Papers, Names, Control), Failure> {
    let (papers, names) = papers(cx, engagement).await?;
    let found = papers.control(id(control)?).cloned();
    let found = found.ok_or(Failure::Refused(Refusal::NotFound))?;
    Ok((papers, names, found))
}

/// `GET /examination/{engagement}/controls/{control}/spans`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn spans(cx: Cx, Path((engagement, control)): Path<(String, String)>) -> Answer {
    let (papers, _, control) = seen(&cx, id(&engagement)?, &control).await?;
    let form = spans_form(&cx, &papers, &control);
    cx.page(&page(&cx, &papers, &control, form))
}

/// `POST /examination/{engagement}/controls/{control}/spans`.
///
/// # Errors
/// Forbidden for who may read the file and not plan its tests; nothing is there for anybody else.
pub async fn state(
    cx: Cx,
    Path((engagement, control)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _, control) = seen(&cx, engagement, &control).await?;
    cx.may::<PlanTests>()?;
    let mut form = spans_form(&cx, &papers, &control);
    form.fill(&pairs.0);
    form.check();
    let spans = read(&mut form, &papers);
    if form.ok() && spans.is_empty() && papers.spans_of(control.id).is_empty() {
        form.error("changes", cx.w.t("spans-none"));
    }
    let (of, seen, reason) = (control.id, version(&form), form.typed("reason").to_owned());
    let sent =
        submit::<PlanTests, _, _>(&cx, &pairs, engagement, &mut form, move |tx, env, permit| {
            state_spans(tx, env, permit, seen, of, (&spans, &reason))
        })
        .await?;
    if sent {
        let to = href(engagement, &format!("/controls/{of}"));
        return done(&cx, &to, "spans-saved").await;
    }
    cx.page_again(&page(&cx, &papers, &control, form))
}
