//! Criteria: what the rules propose from the controls, what makes up for what failed, and what people
//! conclude.

use super::stated::{
    Stated, awaits_second, compensation_form, compensation_stated, materiality_form,
    materiality_parts, stated,
};
use super::{
    Names, Page, concluded, done, framed, heading, href, id, onto, papers, paragraph,
    second_offered, sentences, standing, verdict, version, void_note, word,
};
use crate::model::{About, Standing, Verdict};
use crate::permits::{ConcludeCriterion, SecondConclusion};
use crate::rules::compensation::{Fitness, Weighed};
use crate::rules::facts::Status;
use crate::rules::span::Span;
use crate::service::{self, ConclusionInput};
use crate::store::{CriterionResult, Papers, compensations, criteria_proposed};
use axum::extract::Path;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Choice, Column, Empty, Field, Form, Html, Kind, Note, Row, Shell, Status as Mark, Table, Tone,
    fold,
};
use platform::words::Words;
use scope::catalogue::CriterionId;

fn statuses(w: Words) -> Vec<Choice> {
    Status::ALL.iter().map(|s| Choice::new(s.word(), word(w, "status", s.word()))).collect()
}

fn conclusion_form(shell: &Shell, papers: &Papers, criterion: CriterionId) -> Form {
    let w = shell.w;
    let result = papers.criterion_results().into_iter().find(|r| r.criterion == criterion);
    let proposed = result.as_ref().and_then(|r| r.proposed);
    let seen = papers.conclusion(About::Criterion { criterion }).map_or(0, |c| c.version);
    // Nothing is chosen beforehand: what the rules propose stands beside the choice.
    let field = |name: &str, key: &str, value: Option<Status>| {
        let field = Field::new(w, name, w.t(key), Kind::Radio(statuses(w))).required();
        match value {
            Some(found) => {
                let found = word(w, "status", found.word());
                field.hint(w.t1("examination-rules-propose", "verdict", found))
            }
            None => field,
        }
    };
    let (design, operation) = match proposed {
        Some(Verdict::Criterion { design, operation }) => (Some(design), operation),
        _ => (None, None),
    };
    let action = href(papers.engagement.id, &format!("/criteria/{criterion}"));
    let mut form = Form::post(w, action, &shell.csrf, w.t("examination-conclude"))
        .version(u64::try_from(seen).unwrap_or_default())
        .field(field("design", "examination-design", design));
    if papers.engagement.report_type == scope::model::ReportType::Type2 {
        form = form.field(field("operation", "examination-operation", operation));
    }
    form.field(
        Field::new(w, "reason", w.t("examination-reason"), Kind::Area(3)).required().max(4_000),
    )
}

fn criteria_table(cx: &Cx, papers: &Papers, results: &[CriterionResult]) -> Table {
    let w = cx.w;
    let e = papers.engagement.id;
    let columns = vec![
        Column::new(w.t("examination-criterion")),
        Column::new(w.t("examination-tab-controls")),
        Column::new(w.t("examination-proposed")),
        Column::new(w.t("examination-concluded")),
        Column::new(w.t("examination-standing")),
    ];
    let rows = results.iter().map(|r| {
        let controls: Vec<&str> = papers
            .controls
            .iter()
            .filter(|c| c.text.criteria.contains(&r.criterion))
            .map(|c| c.text.code.as_str())
            .collect();
        Row::new(vec![
            Html::id(&r.criterion.to_string()).into(),
            controls.join(", ").into(),
            r.proposed.as_ref().map_or_else(String::new, |v| verdict(w, v)).into(),
            r.conclusion.as_ref().map_or_else(String::new, |c| verdict(w, &c.concluded)).into(),
            standing(w, r.conclusion.as_ref()).into(),
        ])
        .to(href(e, &format!("/criteria/{}", r.criterion)))
    });
    Table::new(w, "criteria", w.t("examination-tab-criteria"), columns)
        .rows(rows)
        .exports(&cx.list_query())
        .cards()
}

fn criteria_page(cx: &Cx, papers: &Papers, results: &[CriterionResult]) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let parts: Vec<Html> = vec![criteria_table(cx, papers, results).into()];
    let met = |v: &Verdict| {
        matches!(v, Verdict::Criterion { design: Status::Met, operation: None | Some(Status::Met) })
    };
    let count = results.iter().filter(|r| r.proposed.as_ref().is_some_and(met)).count();
    let shell = framed(shell, papers, "criteria")
        .title(w.t("examination-criteria-title"))
        .answer(w.t2("examination-criteria-answer", "met", count, "of", results.len()));
    Page { shell, parts }
}

/// `GET /examination/{engagement}/criteria`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn criteria(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    let results = papers.criterion_results();
    if let Some(file) = cx.file("criteria", &criteria_table(&cx, &papers, &results)) {
        return file;
    }
    cx.page(&criteria_page(&cx, &papers, &results))
}

pub(super) fn known(papers: &Papers, text: &str) -> Result<CriterionId, Failure> {
    let criterion = text.parse().ok().filter(|c| papers.criteria().contains(c));
    criterion.ok_or(Failure::Refused(Refusal::NotFound))
}

/// The controls mapped to a criterion, with what is concluded of each.
fn controls_table(w: Words, papers: &Papers, criterion: CriterionId) -> Table {
    let columns = ["examination-control", "examination-concluded", "examination-standing"]
        .map(|key| Column::new(w.t(key)));
    let mapped = papers.controls.iter().filter(|c| c.text.criteria.contains(&criterion));
    let rows = mapped.map(|control| {
        let found = papers.conclusion(About::Control { control: control.id });
        Row::new(vec![
            Html::id(&control.text.code).into(),
            found.as_ref().map_or_else(String::new, |c| verdict(w, &c.concluded)).into(),
            standing(w, found.as_ref()).into(),
        ])
        .to(href(papers.engagement.id, &format!("/controls/{}", control.id)))
    });
    let caption = w.t("criterion-controls");
    Table::new(w, "criterion-controls", caption, columns.to_vec())
        .rows(rows)
        .empty(Empty::new(w.t("criterion-no-control"), w.t("criterion-no-control-next")))
}

/// What failed under the criterion, and whether it is made up for.
fn failures_table(w: Words, weighed: &[Weighed]) -> Table {
    let columns = ["examination-control", "criterion-failed-in", "spans-days", "criterion-made-up"]
        .map(|key| Column::new(w.t(key)));
    let rows = weighed.iter().map(|failure| {
        let days = failure.span.map_or_else(
            || w.t("criterion-whole-period"),
            |span| format!("{} – {}", w.date(span.from), w.date(span.to)),
        );
        let made_up = if failure.compensated {
            Mark::new(Tone::Good, w.t("criterion-made-up-yes"))
        } else {
            Mark::new(Tone::Attention, w.t("criterion-made-up-no"))
        };
        Row::new(vec![
            Html::id(&failure.control).into(),
            (&failure.reason).into(),
            days.into(),
            made_up.into(),
        ])
    });
    Table::new(w, "criterion-failures", w.t("criterion-failures"), columns.to_vec())
        .rows(rows)
        .cards()
}

/// Each control that is or could be proposed, condition by condition.
fn fitness_table(w: Words, weighed: &[Weighed]) -> Table {
    let columns = [
        "criterion-proposed-control",
        "criterion-for",
        "criterion-described",
        "criterion-mapped",
        "criterion-tested",
        "criterion-same-days",
        "criterion-admissible",
    ]
    .map(|key| Column::new(w.t(key)));
    let yes = |is: bool| w.t(if is { "criterion-yes" } else { "criterion-no" });
    let row = |failure: &Weighed, fitness: &Fitness, offered: bool| {
        let admissible = match fitness.why_not {
            None if offered => Mark::new(Tone::Good, w.t("criterion-admissible-yes")),
            None => Mark::new(Tone::Waiting, w.t("criterion-could-be")),
            Some(why) => {
                let text = w.t1("criterion-admissible-no", "why", why);
                Mark::new(if offered { Tone::Attention } else { Tone::Neutral }, text)
            }
        };
        Row::new(vec![
            Html::id(&fitness.control).into(),
            Html::id(&failure.control).into(),
            yes(fitness.described).into(),
            yes(fitness.mapped).into(),
            yes(fitness.tested).into(),
            same_days(w, fitness).into(),
            admissible.into(),
        ])
    };
    let rows = weighed.iter().flat_map(|failure| {
        let offered = failure.offered.iter().map(move |f| (f, true));
        let further = failure.candidates.iter().map(move |f| (f, false));
        offered.chain(further).map(move |(fitness, offered)| row(failure, fitness, offered))
    });
    Table::new(w, "criterion-compensation", w.t("criterion-compensation"), columns.to_vec())
        .rows(rows)
        .empty(Empty::new(w.t("criterion-no-candidate"), w.t("criterion-no-candidate-next")))
        .cards()
}

/// Whether a control was effective over the days of a failure, with the days of both.
fn same_days(w: Words, fitness: &Fitness) -> String {
    let is = w.t(if fitness.same_days { "criterion-yes" } else { "criterion-no" });
    let days = |span: Span| format!("{} – {}", w.date(span.from), w.date(span.to));
    let told = fitness.failed_over.zip(fitness.tested_over);
    told.map_or(is.clone(), |(failed, tested)| {
        format!(
            "{is}. {}",
            w.t2("criterion-both-days", "tested", days(tested), "failed", days(failed))
        )
    })
}

/// The forms of a criterion's page.
pub(super) struct Forms {
    pub(super) conclusion: Form,
    pub(super) compensation: Form,
    pub(super) materiality: Form,
    pub(super) second: Form,
}

pub(super) fn forms(cx: &Cx, papers: &Papers, criterion: CriterionId, stated: &Stated) -> Forms {
    Forms {
        conclusion: conclusion_form(&cx.shell(), papers, criterion),
        compensation: compensation_form(cx, papers, criterion),
        materiality: materiality_form(cx, papers, criterion, stated),
        second: super::stated::second_form(cx, papers, criterion),
    }
}

/// That the judgement on materiality waits for a second person, with the form for who may sign.
fn materiality_awaits(cx: &Cx, papers: &Papers, criterion: CriterionId, form: Form) -> Vec<Html> {
    // What was typed is shown again with its fault, also when nothing waits any more.
    if !awaits_second(papers, criterion) && form.ok() {
        return Vec::new();
    }
    let w = cx.w;
    let told = w.t("criterion-materiality-awaits-why");
    let note = Note::new(Tone::Attention, w.t("examination-awaits-second"), told);
    let mut parts: Vec<Html> = vec![note.into()];
    let outside = papers.stays_outside(super::me(cx));
    if cx.can::<SecondConclusion>() && !outside && !papers.engagement.locked() {
        parts.push(form.into());
    }
    parts
}

pub(super) fn criterion_page(
    cx: &Cx,
    papers: &Papers,
    (names, stated): (&Names, &Stated),
    criterion: CriterionId,
    forms: Forms,
) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let e = papers.engagement.id;
    let may = cx.can::<ConcludeCriterion>() && !papers.engagement.locked();
    let mut parts: Vec<Html> = vec![controls_table(w, papers, criterion).into()];
    let (weighed, contradicts) = match compensations(papers, criterion) {
        Ok(weighed) => (weighed, None),
        Err(fault) => (Vec::new(), Some(fault.to_string())),
    };
    if let Some(fault) = &contradicts {
        // Nothing is said of failures from a record that contradicts itself.
        let title = w.t("examination-no-proposal");
        parts.push(Note::new(Tone::Attention, title, fault.clone()).into());
    } else if weighed.is_empty() {
        parts.push(paragraph(&w.t("criterion-nothing-failed")));
    } else {
        parts.push(failures_table(w, &weighed).into());
        parts.push(fitness_table(w, &weighed).into());
        parts.push(paragraph(&w.t("criterion-compensation-rule")));
        parts.extend(compensation_stated(w, papers, criterion, stated));
        if may {
            let open = !forms.compensation.ok();
            parts.push(fold(&w.t("criterion-propose"), open, forms.compensation));
        }
    }
    let found = criteria_proposed(papers).unwrap_or_default();
    let finding = found.into_iter().find(|f| f.id.to_string() == criterion.to_string());
    if let Some(f) = finding.as_ref().filter(|f| f.worst() != Status::Met) {
        parts.extend(materiality_parts(w, papers, f, stated));
        parts.extend(materiality_awaits(cx, papers, criterion, forms.second));
        if may {
            let open = !forms.materiality.ok();
            parts.push(fold(&w.t("criterion-judge"), open, forms.materiality));
        }
    }
    parts.push(heading(&w.t("examination-conclusion")));
    if let Some(f) = &finding {
        let said = [&f.design_reasons, &f.operation_reasons, &f.compensated];
        let said: Vec<String> = said.into_iter().flatten().cloned().collect();
        if !said.is_empty() {
            parts.push(sentences(&said));
        }
    }
    let conclusion = papers.conclusion(About::Criterion { criterion });
    if let Some(c) = &conclusion {
        parts.extend(void_note(w, c));
        parts.push(concluded(w, names, c));
        parts.extend(second_offered(cx, papers, c).map(Html::from));
    }
    if may {
        parts.push(forms.conclusion.into());
    }
    let proposed = finding
        .map_or_else(|| w.t("examination-no-proposal"), |f| word(w, "status", f.worst().word()));
    let open = weighed.iter().filter(|f| !f.compensated).count();
    let counted = match contradicts {
        Some(_) => Html::empty(),
        None => Html::text(&w.t2("criterion-answer", "failures", weighed.len(), "open", open)),
    };
    let answer = counted
        .and(Html::text(&w.t1("criterion-answer-proposed", "status", proposed)))
        .and(standing(w, conclusion.as_ref()));
    let shell = framed(shell, papers, "criteria")
        .crumb(href(e, "/criteria"), w.t("examination-tab-criteria"))
        .title(w.t1("criterion-title", "criterion", criterion.to_string()))
        .answer(answer);
    Page { shell, parts }
}

/// `GET /examination/{engagement}/criteria/{criterion}`.
///
/// # Errors
/// Nothing is there for who may not read the file, nor for a criterion out of scope.
pub async fn criterion(cx: Cx, Path((engagement, criterion)): Path<(String, String)>) -> Answer {
    let (papers, names) = papers(&cx, id(&engagement)?).await?;
    let criterion = known(&papers, &criterion)?;
    let stated = stated(&cx, &papers, criterion).await?;
    let forms = forms(&cx, &papers, criterion, &stated);
    cx.page(&criterion_page(&cx, &papers, (&names, &stated), criterion, forms))
}

/// `POST /examination/{engagement}/criteria/{criterion}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn conclude_criterion(
    cx: Cx,
    Path((engagement, criterion)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<ConcludeCriterion>()?;
    let criterion = known(&papers, &criterion)?;
    let stated = stated(&cx, &papers, criterion).await?;
    let mut forms = forms(&cx, &papers, criterion, &stated);
    let form = &mut forms.conclusion;
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = ConclusionInput {
            about: About::Criterion { criterion },
            verdict: Verdict::Criterion {
                design: form.typed("design").parse().unwrap_or(Status::Unknown),
                operation: form.typed("operation").parse().ok(),
            },
            reason: form.typed("reason").to_owned(),
            proof: None,
        };
        let seen = Expected::Version(version(form));
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<ConcludeCriterion>(actor, &facts)?;
                service::conclude(tx, env, &permit, seen, &input)
            })
            .await;
        match written {
            Ok(standing) => {
                let to = href(engagement, &format!("/criteria/{criterion}"));
                let key = match standing {
                    Standing::AwaitsSecond => "examination-saved-awaits",
                    _ => "examination-saved-conclusion",
                };
                return done(&cx, &to, key).await;
            }
            Err(failure) => onto(form, failure)?,
        }
    }
    cx.page_again(&criterion_page(&cx, &papers, (&names, &stated), criterion, forms))
}
