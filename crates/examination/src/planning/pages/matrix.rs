//! The tests that the control matrix asks for: the list, and each one to accept or edit.

use super::risk;
use crate::firm::pages::{maybe, send};
use crate::model::{Attribute, Test, TestPlan};
use crate::pages::{done, framed, fresh_key, href, id, papers};
use crate::permits::PlanTests;
use crate::planning::model::{PlannedSize, Proposal};
use crate::planning::permits::Plan as MayPlan;
use crate::planning::rules::{ASSUMED_EVENTS, sizes};
use crate::planning::service::{self, AcceptInput};
use crate::planning::store::Plan;
use crate::rules::deviation::{Procedure, TestBasis};
use crate::store::Papers;
use axum::extract::Path;
use controls::model::{Control, ControlId};
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Form, Html, Kind, Note, Page, Row, Shell, Status, Table,
    Tone, facts, prose, stack,
};
use platform::words::Words;

async fn seen(cx: &Cx, engagement: EngagementId) -> Result<(Papers, Plan), Failure> {
    let (papers, _) = papers(cx, engagement).await?;
    cx.read(move |conn, _| {
        let plan = Plan::load(conn, &papers)?;
        Ok((papers, plan))
    })
    .await
}

fn size_words(w: Words, size: &PlannedSize) -> String {
    // Nobody knows yet how often an event happened.
    if size.expected && size.population == ASSUMED_EVENTS {
        return w.t1("planning-size-open", "n", size.items);
    }
    let key = if size.expected { "planning-size-expected" } else { "planning-size-frozen" };
    w.t2(key, "n", size.items, "of", size.population)
}

fn proposal_table(cx: &Cx, papers: &Papers, proposals: &[Proposal]) -> Table {
    let w = cx.w;
    let shell = cx.shell();
    let names = ["control", "statement", "class", "basis-of-test", "size"];
    let columns = names.iter().map(|c| Column::new(w.t(&format!("planning-{c}")))).collect();
    let may = cx.can::<MayPlan>();
    let rows = proposals.iter().filter_map(|p| {
        let control = papers.control(p.control)?;
        let to = href(papers.engagement.id, &format!("/plan/tests/{}", p.control));
        let row = Row::new(vec![
            Html::id(&control.text.code).into(),
            (&control.text.statement).into(),
            risk(w, p.size.risk).into(),
            crate::pages::word(w, "basis", p.basis.word()).into(),
            size_words(w, &p.size).into(),
        ])
        .to(&to);
        let accept = || {
            Button::post(&to, &shell.csrf, w.t("planning-accept"))
                .with("as", "proposed")
                .with("key", fresh_key(cx))
        };
        Some(if may && p.size.items > 0 { row.action(accept()) } else { row })
    });
    Table::new(w, "proposals", w.t("planning-proposals"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("planning-proposals-none"), w.t("planning-proposals-none-next")))
}

/// The size of a planned test with where it is stated and approved.
fn size_cell(w: Words, papers: &Papers, test: &Test) -> Html {
    if !sizes::is_sampled(papers, test) {
        return Html::empty();
    }
    let to = href(papers.engagement.id, &format!("/plan/sizes/{}", test.id));
    let Some(size) = papers.sizes.get(&test.id) else {
        return Html::link(&to, w.t("planning-size-state"));
    };
    let reason = if size.reason.is_empty() { "" } else { ". " };
    let link = Html::link(&to, format!("{}{reason}{}", size_words(w, size), size.reason));
    let open = sizes::below_policy(size) && !papers.approved_sizes.contains(&test.id);
    if open { link.and(Status::new(Tone::Waiting, w.t("planning-size-waits"))) } else { link }
}

fn planned_table(w: Words, papers: &Papers) -> Table {
    let names =
        ["test", "control", "procedure", "basis-of-test", "class", "size", "policy", "extension"];
    let columns = names.iter().map(|c| Column::new(w.t(&format!("planning-{c}")))).collect();
    let rows = papers.tests.iter().map(|t| {
        let size = papers.sizes.get(&t.id);
        let code = papers.control(t.plan.control).map(|c| c.text.code.clone()).unwrap_or_default();
        let extension = size.and_then(|s| s.extension.as_ref());
        let sized = |f: &dyn Fn(&PlannedSize) -> Html| size.map_or_else(Html::empty, f);
        Row::new(vec![
            Html::id(&t.plan.code).into(),
            Html::id(&code).into(),
            crate::pages::word(w, "procedure", t.plan.procedure.word()).into(),
            crate::pages::word(w, "basis", t.plan.basis.word()).into(),
            sized(&|s| risk(w, s.risk).into()).into(),
            size_cell(w, papers, t).into(),
            sized(&|s| {
                Html::text(&w.t2("planning-table-row", "policy", s.policy.clone(), "row", s.row))
            })
            .into(),
            extension
                .map(|(stage, by)| {
                    w.ta(
                        "planning-extension-line",
                        &[
                            ("add", stage.add.into()),
                            ("accept", stage.accept_total.into()),
                            ("policy", by.clone().into()),
                        ],
                    )
                })
                .unwrap_or_default()
                .into(),
        ])
        .to(href(papers.engagement.id, &format!("/controls/{}", t.plan.control)))
    });
    Table::new(w, "planned", w.t("planning-planned"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("planning-planned-none"), w.t("planning-planned-none-next")))
}

/// `GET /examination/{engagement}/plan/tests`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn proposals(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let (papers, plan) = seen(&cx, id(&engagement)?).await?;
    let w = cx.w;
    let all = plan.proposals(&papers);
    let shell = framed(cx.shell(), &papers, "plan")
        .crumb(href(papers.engagement.id, "/plan"), w.t("planning-tab"))
        .title(w.t("planning-tests-title"))
        .answer(w.t2(
            "planning-tests-answer",
            "planned",
            papers.tests.len(),
            "proposed",
            all.len(),
        ));
    let policies = &papers.policies;
    let mut page = Page::new(shell);
    if !policies.sampling_approved {
        let text = w.t1("planning-default-table", "version", policies.sampling.version.clone());
        page = page.part(Note::new(Tone::Waiting, "", text.as_str()));
    }
    cx.page(&page.part(proposal_table(&cx, &papers, &all)).part(planned_table(w, &papers)))
}

fn known(papers: &Papers, plan: &Plan, control: ControlId) -> Result<(Control, Proposal), Failure> {
    let found = papers.control(control).ok_or(Refusal::NotFound)?.clone();
    let proposal = plan.proposal(papers, &found).ok_or(Refusal::NotFound)?;
    Ok((found, proposal))
}

fn words_of<T: Copy>(
    w: Words,
    kind: &str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter().map(|t| Choice::new(word(*t), crate::pages::word(w, kind, word(*t)))).collect()
}

fn accept_form(shell: &Shell, papers: &Papers, key: &str, p: &Proposal) -> Form {
    let w = shell.w;
    let action = href(papers.engagement.id, &format!("/plan/tests/{}", p.control));
    let text = |name: &str, label: &str, value: String, max: usize| {
        Field::new(w, name, w.t(label), Kind::Text).required().max(max).value(value)
    };
    let attributes: Vec<&str> = p.attributes.iter().map(|a| a.text.as_str()).collect();
    let level = |name: &str, label: &str, value: Option<String>| {
        Field::new(w, name, w.t(label), Kind::Text)
            .hint(w.t("examination-statistical-only"))
            .max(20)
            .value(value.unwrap_or_default())
    };
    Form::post(w, action, &shell.csrf, w.t("planning-accept"))
        .key(key)
        .cancel(href(papers.engagement.id, "/plan/tests"))
        .field(text("code", "examination-code", p.code.clone(), 40))
        .field(
            Field::new(
                w,
                "procedure",
                w.t("examination-procedure"),
                Kind::Radio(words_of(w, "procedure", Procedure::ALL, Procedure::word)),
            )
            .required()
            .value(p.procedure.word()),
        )
        .field(
            Field::new(
                w,
                "basis",
                w.t("examination-basis"),
                Kind::Radio(words_of(w, "basis", TestBasis::ALL, TestBasis::word)),
            )
            .required()
            .value(p.basis.word()),
        )
        .field(
            Field::new(w, "size", w.t("planning-size"), Kind::Number)
                .hint(w.t2("planning-size-hint", "n", p.size.by_policy, "of", p.size.population))
                .required()
                .value(if p.size.items == 0 { String::new() } else { p.size.items.to_string() }),
        )
        .field(
            Field::new(w, "size_reason", w.t("planning-size-reason"), Kind::Area(2))
                .hint(w.t("planning-size-reason-hint"))
                .max(4_000),
        )
        .field(text("evidence", "examination-evidence", p.evidence.clone(), 1_000))
        .field(text("items", "examination-items", p.items.clone(), 200))
        .field(
            Field::new(w, "attributes", w.t("examination-attributes"), Kind::Area(4))
                .hint(w.t("examination-attributes-hint"))
                .required()
                .max(20_000)
                .value(attributes.join("\n")),
        )
        .field(level("confidence", "examination-confidence", p.levels.map(|(c, _)| c.to_string())))
        .field(level("tolerable", "examination-tolerable", p.levels.map(|(_, t)| t.to_string())))
        .field(Field::new(
            w,
            "observation_dates",
            w.t("examination-observation-dates"),
            Kind::Number,
        ))
}

fn accept_page(cx: &Cx, papers: &Papers, control: &Control, p: &Proposal, form: Form) -> Page {
    let w = cx.w;
    let e = papers.engagement.id;
    let shell = framed(cx.shell(), papers, "plan")
        .crumb(href(e, "/plan"), w.t("planning-tab"))
        .crumb(href(e, "/plan/tests"), w.t("planning-tests"))
        .title(w.t1("planning-test-title", "code", control.text.code.clone()))
        .answer(size_words(w, &p.size));
    let criteria: Vec<String> = control.text.criteria.iter().map(ToString::to_string).collect();
    let status: Status = risk(w, p.size.risk);
    let page = Page::new(shell)
        .part(prose(&control.text.statement))
        .part(facts(vec![
            (w.t("planning-class"), status.into()),
            (w.t("planning-criteria"), Html::text(&criteria.join(", "))),
            (w.t("planning-policy"), Html::link("/firm", Html::id(&p.size.policy))),
        ]))
        .heading(&w.t("planning-why"))
        .part(stack(p.reasons.iter().map(|r| Html::text(r))));
    if cx.can::<MayPlan>() {
        page.heading(&w.t("planning-accept-or-edit")).part(form)
    } else {
        page
    }
}

/// `GET /examination/{engagement}/plan/tests/{control}`
///
/// # Errors
/// Nothing is there for who may not read the file; none when the control serves no criterion in scope.
pub async fn proposal(cx: Cx, Path((engagement, control)): Path<(String, String)>) -> Answer {
    let (papers, plan) = seen(&cx, id(&engagement)?).await?;
    let (control, p) = known(&papers, &plan, id(&control)?)?;
    let form = accept_form(&cx.shell(), &papers, &fresh_key(&cx), &p);
    cx.page(&accept_page(&cx, &papers, &control, &p, form))
}

/// The proposal as it is.
fn as_proposed(p: &Proposal) -> AcceptInput {
    AcceptInput {
        plan: TestPlan {
            control: p.control,
            code: p.code.clone(),
            procedure: p.procedure,
            basis: p.basis,
            evidence: p.evidence.clone(),
            items: p.items.clone(),
            attributes: p.attributes.clone(),
            confidence: p.levels.map(|(c, _)| c),
            tolerable: p.levels.map(|(_, t)| t),
            observation_dates: None,
        },
        items: p.size.items,
        reason: String::new(),
    }
}

/// The proposal as it was edited.
fn edited(w: Words, form: &mut Form, p: &Proposal) -> AcceptInput {
    let number = w.t("firm-a-number");
    let level = w.t("planning-a-level");
    let attributes = form
        .typed("attributes")
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .zip('A'..='Z')
        .map(|(l, letter)| Attribute { letter: letter.to_string(), text: l.to_owned() })
        .collect();
    AcceptInput {
        plan: TestPlan {
            control: p.control,
            code: form.typed("code").to_owned(),
            procedure: form.typed("procedure").parse().unwrap_or(p.procedure),
            basis: form.typed("basis").parse().unwrap_or(p.basis),
            evidence: form.typed("evidence").to_owned(),
            items: form.typed("items").to_owned(),
            attributes,
            confidence: maybe(form, "confidence", &level),
            tolerable: maybe(form, "tolerable", &level),
            observation_dates: maybe(form, "observation_dates", &number),
        },
        items: maybe(form, "size", &number).unwrap_or(0),
        reason: form.typed("size_reason").to_owned(),
    }
}

/// `POST /examination/{engagement}/plan/tests/{control}`: accepts the proposal, as it is or as edited.
///
/// # Errors
/// When the form is another session's, nothing is there for the person, or they may not.
pub async fn accept(
    cx: Cx,
    Path((engagement, control)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, plan) = seen(&cx, engagement).await?;
    cx.may::<MayPlan>()?;
    let (control, p) = known(&papers, &plan, id(&control)?)?;
    let mut form = accept_form(&cx.shell(), &papers, &fresh_key(&cx), &p);
    let input = if pairs.get("as") == Some("proposed") {
        as_proposed(&p)
    } else {
        form.fill(&pairs.0);
        form.check();
        edited(cx.w, &mut form, &p)
    };
    let again = send(&cx, &pairs, form, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let plan = authorize::<MayPlan>(actor, &facts)?;
        let tests = authorize::<PlanTests>(actor, &facts)?;
        service::accept_proposal(tx, env, (&plan, &tests), &input)
    });
    match again.await? {
        None => done(&cx, &href(engagement, "/plan/tests"), "planning-accepted").await,
        Some(form) => cx.page_again(&accept_page(&cx, &papers, &control, &p, form)),
    }
}
