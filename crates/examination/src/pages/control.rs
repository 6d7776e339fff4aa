//! How a control was tested, its plan, and its conclusion.

use super::{
    Names, Page, concluded, done, drawn_early, facts, framed, fresh_key, heading, href, id, once,
    onto, papers, paragraph, second_offered, sentences, standing, verdict, version, void_note,
    word,
};
use crate::model::{About, Attribute, Sample, SelectionMethod, Standing, Test, TestPlan, Verdict};
use crate::permits::{ConcludeControl, PerformTests, PlanTests};
use crate::rules::control::{DesignState, OperationState};
use crate::rules::deviation::{Procedure, TestBasis};
use crate::service::{self, ConclusionInput};
use crate::spans::pages::{self as spans, span_parts};
use crate::store::{self, Papers};
use axum::extract::Path;
use controls::model::{Control, ControlId};
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Button, Choice, Column, Empty, Field, Form, Html, Kind, Note, Row, Shell, Table, Tone, buttons,
};
use platform::words::Words;

fn missing() -> Failure {
    Failure::Refused(Refusal::NotFound)
}

fn known(papers: &Papers, control: ControlId) -> Result<&Control, Failure> {
    papers.control(control).ok_or_else(missing)
}

/// `GET /examination/{engagement}/controls/{control}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn control(cx: Cx, Path((engagement, control)): Path<(String, String)>) -> Answer {
    let (papers, names) = papers(&cx, id(&engagement)?).await?;
    let found = known(&papers, id(&control)?)?.clone();
    let form = conclusion_form(&cx.shell(), &papers, &found);
    let page = control_page(&cx, &papers, &names, &found, form);
    cx.page(&page)
}

fn control_page(cx: &Cx, papers: &Papers, names: &Names, control: &Control, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let e = papers.engagement.id;
    let about = About::Control { control: control.id };
    let conclusion = papers.conclusion(about);
    let mut parts = vec![paragraph(&control.text.statement)];
    if papers.changed_since.contains(&control.id) {
        let title = w.t("examination-changed-since");
        parts.push(Note::new(Tone::Neutral, title, w.t("examination-changed-since-why")).into());
    }
    let open = !papers.engagement.locked();
    let plan = (cx.can::<PlanTests>() && open).then(|| {
        let to = href(e, &format!("/controls/{}/plan", control.id));
        Html::from(Button::link(to, w.t("examination-plan-test")))
    });
    let result = papers.control_result(control);
    if result.tests.is_empty() {
        parts.push(
            Empty::new(w.t("examination-no-tests"), w.t("examination-no-tests-next"))
                .action(plan.clone())
                .into(),
        );
    }
    for test in papers.tests_of(control.id) {
        parts.extend(test_parts(cx, papers, test));
    }
    parts.extend(span_parts(w, papers, control));
    parts.push(heading(&w.t("examination-conclusion")));
    if !result.uncovered.is_empty() {
        let title = w.t("examination-uncovered");
        parts.push(Note::new(Tone::Attention, title, w.t("examination-uncovered-why")).into());
    }
    if let Some(c) = &conclusion {
        parts.extend(void_note(w, c));
        parts.push(concluded(w, names, c));
        parts.extend(second_offered(cx, papers, c).map(Html::from));
    }
    if !result.open.is_empty() {
        parts.push(sentences(&result.open));
    }
    if cx.can::<ConcludeControl>() && open {
        parts.push(form.into());
    }
    let answer = Html::text(&w.t2(
        "examination-control-answer",
        "tests",
        result.tests.len(),
        "deviations",
        papers.deviations.iter().filter(|d| d.control == control.id).count(),
    ))
    .and(standing(w, conclusion.as_ref()));
    let to_print = href(e, &format!("/controls/{}/tested", control.id));
    let to_print = Button::link(to_print, w.t("completion-tested-link"));
    let type_two = papers.engagement.report_type == scope::model::ReportType::Type2;
    let stretches = !papers.spans_of(control.id).is_empty();
    let may_state = cx.can::<PlanTests>() && open;
    let changed = (type_two && (stretches || may_state)).then(|| {
        let to = href(e, &format!("/controls/{}/spans", control.id));
        Html::from(Button::link(to, w.t(if stretches { "spans-read" } else { "spans-link" })))
    });
    let actions = plan.into_iter().chain(changed).chain([Html::from(to_print)]);
    let shell = framed(shell, papers, "controls")
        .title(w.t1("examination-control-title", "code", control.text.code.clone()))
        .answer(answer)
        .action(buttons(actions));
    Page { shell, parts }
}

/// Everything of one test: what was done, from which population, how items were chosen, what came of
/// it, and what to do next.
fn test_parts(cx: &Cx, papers: &Papers, test: &Test) -> Vec<Html> {
    let w = cx.w;
    let e = papers.engagement.id;
    let line = papers.test_result(test);
    let mut pairs = vec![
        (
            w.t("examination-procedure"),
            Html::text(&word(w, "procedure", test.plan.procedure.word())),
        ),
        (w.t("examination-basis"), Html::text(&word(w, "basis", test.plan.basis.word()))),
        (w.t("examination-done"), Html::text(&line.text)),
        (w.t("examination-result"), Html::text(&line.result)),
    ];
    if let Some(sha256) = &line.population_sha256 {
        pairs.push((w.t("examination-population-hash"), Html::code(sha256)));
    }
    let entries: Vec<String> = line.entries.iter().map(ToString::to_string).collect();
    pairs.push((w.t("examination-entries"), Html::code(&entries.join(" "))));
    let mut parts = vec![heading(&format!("{} {}", w.t("examination-test"), test.plan.code))];
    parts.push(facts(&pairs));
    let attributes: Vec<String> =
        test.plan.attributes.iter().map(|a| format!("{}: {}", a.letter, a.text)).collect();
    parts.push(sentences(&attributes));
    for sample in papers.samples.get(&test.id).into_iter().flatten() {
        parts.push(selection(w, e, sample));
        parts.extend(drawn_early(w, papers, &sample.body));
    }
    if let Some(table) = census_table(w, papers, test) {
        parts.push(table);
    }
    if let Some(table) = deviations_table(w, papers, test) {
        parts.push(table.into());
    }
    if !cx.can::<PerformTests>() {
        return parts;
    }
    let tests = |rest: &str| href(e, &format!("/tests/{}/{rest}", test.id));
    let all = [
        ("draw", "examination-draw"),
        ("census", "examination-run"),
        ("sample", "examination-name-items"),
        ("block", "examination-block-take"),
        ("deviation", "examination-record-deviation"),
    ];
    parts.push(buttons(all.map(|(to, key)| Button::link(tests(to), w.t(key)).into())));
    parts
}

/// How a sample was drawn, so that anybody can draw it again.
fn selection(w: Words, e: EngagementId, sample: &Sample) -> Html {
    let body = &sample.body;
    let sheet = href(e, &format!("/samples/{}", sample.id));
    let mut pairs = vec![
        (
            w.t("examination-sample"),
            Html::link(&sheet, w.t1("examination-items-n", "count", body.selected.len())),
        ),
        (w.t("examination-method"), Html::text(&word(w, "method", body.method.as_str()))),
    ];
    let text = |value: &Option<String>| value.as_deref().map(Html::code);
    for (key, value) in [
        ("examination-seed", text(&body.seed)),
        ("examination-seed-drawn", body.seed_drawn_at.map(|at| Html::code(&at.to_rfc3339()))),
        ("examination-seed-source", body.notes.given_source().map(Html::text)),
        ("examination-effective-seed", text(&body.effective_seed)),
        ("examination-reason", body.reason.as_deref().map(Html::text)),
    ] {
        pairs.extend(value.map(|v| (w.t(key), v)));
    }
    facts(&pairs)
}

fn census_table(w: Words, papers: &Papers, test: &Test) -> Option<Html> {
    let census = papers.censuses.get(&test.id)?;
    let followed = papers.followed.get(&census.id).copied().unwrap_or_default();
    let columns = [
        "examination-census-population",
        "examination-census-pass",
        "examination-census-exceptions",
        "examination-census-unmatched",
        "examination-census-excluded",
        "examination-census-open",
    ]
    .map(|key| Column::new(w.t(key)).numeric());
    let body = &census.body;
    let open = followed.open_exceptions + followed.open_unmatched;
    let figures =
        [body.population, body.pass, body.exceptions, body.unmatched, body.excluded, open];
    let row = Row::new(figures.iter().map(|n| w.number(*n).into()).collect())
        .to(href(papers.engagement.id, &format!("/census/{}", census.id)));
    let table = Table::new(w, "census", body.procedure.clone(), columns.to_vec()).rows([row]);
    let parameters: Vec<String> =
        body.parameters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let mut pairs = vec![(w.t("examination-result-hash"), Html::code(&body.result_sha256))];
    if !parameters.is_empty() {
        pairs.push((w.t("examination-parameters"), Html::text(&parameters.join(", "))));
    }
    Some(Html::from(table).and(facts(&pairs)))
}

fn deviations_table(w: Words, papers: &Papers, test: &Test) -> Option<Table> {
    let columns = [
        "examination-what-happened",
        "examination-nature",
        "examination-cause",
        "examination-from-to",
        "examination-client-statement",
    ]
    .map(|key| Column::new(w.t(key)));
    let rows: Vec<Row> = papers
        .deviations_of(test.id)
        .map(|d| {
            let days = match (&d.body.from, &d.body.to) {
                (Some(from), Some(to)) => format!("{from} – {to}"),
                _ => String::new(),
            };
            Row::new(vec![
                (&d.body.facts).into(),
                word(w, "nature", d.body.nature.word()).into(),
                (&d.body.cause).into(),
                days.into(),
                (&d.body.client_statement).into(),
            ])
            .to(href(papers.engagement.id, &format!("/deviations/{}", d.id)))
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let id = format!("deviations-{}", test.plan.code);
        Table::new(w, id, w.t("examination-deviations"), columns.to_vec()).rows(rows)
    })
}

fn choices<T: Copy>(
    w: Words,
    kind: &str,
    all: &[T],
    of: impl Fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter().map(|v| Choice::new(of(*v), word(w, kind, of(*v)))).collect()
}

fn conclusion_form(shell: &Shell, papers: &Papers, control: &Control) -> Form {
    if !papers.spans_of(control.id).is_empty() {
        return spans::conclusion_form(shell, papers, control);
    }
    let w = shell.w;
    let about = About::Control { control: control.id };
    let action = href(papers.engagement.id, &format!("/controls/{}/conclude", control.id));
    let seen = papers.conclusion(about).map_or(0, |c| c.version);
    let type_two = papers.engagement.report_type == scope::model::ReportType::Type2;
    let proposed = store::proposal(papers, control.id, DesignState::Suitable).ok().flatten();
    let mut form = Form::post(w, action, &shell.csrf, w.t("examination-conclude"))
        .version(u64::try_from(seen).unwrap_or_default());
    if let Some(p) = &proposed {
        let found = Verdict::Control { design: p.design, operation: p.operation };
        form =
            form.say(paragraph(&w.t1("examination-rules-propose", "verdict", verdict(w, &found))));
    }
    form = form.field(
        Field::new(
            w,
            "design",
            w.t("examination-design"),
            Kind::Radio(choices(w, "design", DesignState::ALL, DesignState::word)),
        )
        .required(),
    );
    if type_two {
        let states = choices(w, "operation", OperationState::ALL, OperationState::word);
        // Nothing is chosen beforehand: what the rules propose is told above, and a person concludes.
        form = form.field(
            Field::new(w, "operation", w.t("examination-operation"), Kind::Radio(states))
                .required(),
        );
    }
    form.field(
        Field::new(w, "reason", w.t("examination-reason"), Kind::Area(3)).required().max(4_000),
    )
    .field(
        Field::new(w, "proof", w.t("examination-proof"), Kind::Area(2))
            .hint(w.t("examination-proof-hint"))
            .max(4_000),
    )
}

/// `POST /examination/{engagement}/controls/{control}/conclude`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn conclude_control(
    cx: Cx,
    Path((engagement, control)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, control) = (id(&engagement)?, id(&control)?);
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<ConcludeControl>()?;
    let found = known(&papers, control)?.clone();
    let mut form = conclusion_form(&cx.shell(), &papers, &found);
    form.fill(&pairs.0);
    form.check();
    let stretches = papers.spans_of(control).len();
    if form.ok() && stretches > 0 {
        if let Some(standing) =
            spans::conclude(&cx, engagement, (control, stretches), &mut form).await?
        {
            return concluded_on(&cx, engagement, control, standing).await;
        }
    } else if form.ok() {
        let operation = form.typed("operation").parse::<OperationState>().ok();
        let input = ConclusionInput {
            about: About::Control { control },
            verdict: Verdict::Control {
                design: form.typed("design").parse().unwrap_or(DesignState::Suitable),
                operation,
            },
            reason: form.typed("reason").to_owned(),
            proof: Some(form.typed("proof").to_owned()),
        };
        let seen = Expected::Version(version(&form));
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<ConcludeControl>(actor, &facts)?;
                service::conclude(tx, env, &permit, seen, &input)
            })
            .await;
        match written {
            Ok(standing) => return concluded_on(&cx, engagement, control, standing).await,
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&control_page(&cx, &papers, &names, &found, form))
}

/// Goes back to the control and says whether the conclusion waits for a second person.
async fn concluded_on(
    cx: &Cx,
    engagement: EngagementId,
    control: ControlId,
    standing: Standing,
) -> Answer {
    let to = href(engagement, &format!("/controls/{control}"));
    let key = match standing {
        Standing::AwaitsSecond => "examination-saved-awaits",
        _ => "examination-saved-conclusion",
    };
    done(cx, &to, key).await
}

fn plan_fields(cx: &Cx, papers: &Papers, control: &Control) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let action = href(papers.engagement.id, &format!("/controls/{}/plan", control.id));
    let n = papers.tests_of(control.id).count() + 1;
    let bases = choices(w, "basis", TestBasis::ALL, TestBasis::word);
    Form::post(w, action, &shell.csrf, w.t("examination-plan-test"))
        .key(fresh_key(cx))
        .cancel(href(papers.engagement.id, &format!("/controls/{}", control.id)))
        .field(
            Field::new(w, "code", w.t("examination-code"), Kind::Text)
                .required()
                .max(40)
                .value(format!("T-{}-{n}", control.text.code)),
        )
        .field(
            Field::new(
                w,
                "procedure",
                w.t("examination-procedure"),
                Kind::Radio(choices(w, "procedure", Procedure::ALL, Procedure::word)),
            )
            .required()
            .value(Procedure::Inspection.word()),
        )
        .field(Field::new(w, "basis", w.t("examination-basis"), Kind::Radio(bases)).required())
        .field(
            Field::new(w, "evidence", w.t("examination-evidence"), Kind::Text)
                .hint(w.t("examination-evidence-hint"))
                .required()
                .max(1_000),
        )
        .field(
            Field::new(w, "items", w.t("examination-items"), Kind::Text)
                .hint(w.t("examination-items-hint"))
                .required()
                .max(200),
        )
        .field(
            Field::new(w, "attributes", w.t("examination-attributes"), Kind::Area(5))
                .hint(w.t("examination-attributes-hint"))
                .required()
                .max(20_000),
        )
        .field(
            Field::new(w, "confidence", w.t("examination-confidence"), Kind::Text)
                .hint(w.t("examination-statistical-only"))
                .max(20),
        )
        .field(
            Field::new(w, "tolerable", w.t("examination-tolerable"), Kind::Text)
                .hint(w.t("examination-statistical-only"))
                .max(20),
        )
        .field(Field::new(
            w,
            "observation_dates",
            w.t("examination-observation-dates"),
            Kind::Number,
        ))
}

/// One attribute per line; lines take the letters A, B, C … in turn.
fn attributes(text: &str) -> Vec<Attribute> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .zip('A'..='Z')
        .map(|(line, letter)| Attribute { letter: letter.to_string(), text: line.to_owned() })
        .collect()
}

/// Reads a field that may be empty, or puts what is wrong beside it.
fn maybe<T: std::str::FromStr>(form: &mut Form, name: &str) -> Option<T>
where
    T::Err: std::fmt::Display,
{
    let text = form.typed(name).to_owned();
    if text.is_empty() {
        return None;
    }
    match text.parse() {
        Ok(value) => Some(value),
        Err(fault) => {
            form.error(name, T::Err::to_string(&fault));
            None
        }
    }
}

fn planned(form: &mut Form, control: ControlId) -> TestPlan {
    let procedure = maybe(form, "procedure").unwrap_or(Procedure::Inspection);
    let basis = maybe(form, "basis").unwrap_or(TestBasis::Judgemental);
    let (confidence, tolerable) = (maybe(form, "confidence"), maybe(form, "tolerable"));
    let observation_dates = maybe(form, "observation_dates");
    TestPlan {
        control,
        code: form.typed("code").to_owned(),
        procedure,
        basis,
        evidence: form.typed("evidence").to_owned(),
        items: form.typed("items").to_owned(),
        attributes: attributes(form.typed("attributes")),
        confidence,
        tolerable,
        observation_dates,
    }
}

fn plan_page(cx: &Cx, papers: &Papers, control: &Control, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let back = href(papers.engagement.id, &format!("/controls/{}", control.id));
    let shell = framed(shell, papers, "controls")
        .title(w.t1("examination-plan-title", "code", control.text.code.clone()))
        .crumb(back, control.text.code.clone());
    Page { shell, parts: vec![paragraph(&control.text.statement), form.into()] }
}

/// `GET /examination/{engagement}/controls/{control}/plan`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn plan_form(cx: Cx, Path((engagement, control)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PlanTests>()?;
    let found = known(&papers, id(&control)?)?.clone();
    let form = plan_fields(&cx, &papers, &found);
    cx.page(&plan_page(&cx, &papers, &found, form))
}

/// `POST /examination/{engagement}/controls/{control}/plan`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn plan(
    cx: Cx,
    Path((engagement, control)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, control) = (id(&engagement)?, id(&control)?);
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PlanTests>()?;
    let found = known(&papers, control)?.clone();
    let mut form = plan_fields(&cx, &papers, &found);
    form.fill(&pairs.0);
    form.check();
    let plan = planned(&mut form, control);
    if form.ok() {
        let written = once(&cx, &pairs, move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            let permit = authorize::<PlanTests>(actor, &facts)?;
            crate::planning::service::plan_by_hand(tx, env, &permit, &plan)
        })
        .await;
        match written {
            Ok(_) => {
                let to = href(engagement, &format!("/controls/{control}"));
                return done(&cx, &to, "examination-saved-plan").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&plan_page(&cx, &papers, &found, form))
}

/// The methods by which a person names items.
pub(super) const NAMED: [SelectionMethod; 2] =
    [SelectionMethod::Haphazard, SelectionMethod::Targeted];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_take_letters_in_turn_and_empty_lines_are_left_out() {
        let read = attributes("access ended in time\n\n  the request was approved \n");
        let told: Vec<_> = read.iter().map(|a| (a.letter.as_str(), a.text.as_str())).collect();
        assert_eq!(told, [("A", "access ended in time"), ("B", "the request was approved")]);
        assert_eq!(attributes(&"x\n".repeat(40)).len(), 26);
    }
}
