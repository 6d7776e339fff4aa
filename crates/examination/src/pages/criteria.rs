//! Criteria: what the rules propose from the controls, and what people conclude.

use super::{
    Names, Page, concluded, done, framed, heading, href, id, onto, papers, second_form, sentences,
    standing, verdict, version, word,
};
use crate::model::{About, Verdict};
use crate::permits::ConcludeCriterion;
use crate::rules::facts::Status;
use crate::service::{self, ConclusionInput};
use crate::store::Papers;
use axum::extract::Path;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{Choice, Column, Field, Form, Html, Kind, Row, Shell, Table};
use platform::words::Words;
use scope::catalogue::CriterionId;

fn statuses(w: Words) -> Vec<Choice> {
    Status::ALL.iter().map(|s| Choice::new(s.word(), word(w, "status", s.word()))).collect()
}

fn conclusion_form(shell: &Shell, papers: &Papers, criterion: CriterionId) -> Form {
    let w = shell.w;
    let result = papers.criterion_results().into_iter().find(|r| r.criterion == criterion);
    let (design, operation) = match result.as_ref().and_then(|r| r.proposed) {
        Some(Verdict::Criterion { design, operation }) => (Some(design), operation),
        _ => (None, None),
    };
    let seen = papers.conclusion(About::Criterion { criterion }).map_or(0, |c| c.version);
    let field = |name: &str, key: &str, value: Option<Status>| {
        let field = Field::new(w, name, w.t(key), Kind::Radio(statuses(w))).required();
        match value {
            Some(status) => field.value(status.word()),
            None => field,
        }
    };
    let action = href(papers.engagement.id, &format!("/criteria?criterion={criterion}"));
    let mut form = Form::post(w, action, &shell.csrf, w.t("examination-conclude"))
        .hide("criterion", criterion.to_string())
        .version(u64::try_from(seen).unwrap_or_default())
        .field(field("design", "examination-design", design));
    if papers.engagement.report_type == scope::model::ReportType::Type2 {
        form = form.field(field("operation", "examination-operation", operation));
    }
    form.field(
        Field::new(w, "reason", w.t("examination-reason"), Kind::Area(3)).required().max(4_000),
    )
}

fn criteria_page(
    cx: &Cx,
    papers: &Papers,
    names: &Names,
    chosen: Option<(CriterionId, Form)>,
) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let e = papers.engagement.id;
    let results = papers.criterion_results();
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
        .to(href(e, &format!("/criteria?criterion={}", r.criterion)))
    });
    let mut parts: Vec<Html> =
        vec![Table::new(w, "criteria", w.t("examination-tab-criteria"), columns).rows(rows).into()];
    if let Some((criterion, form)) = chosen {
        parts.push(heading(&criterion.to_string()));
        if let Some(result) = results.iter().find(|r| r.criterion == criterion) {
            parts.push(sentences(&result.reasons));
            if let Some(c) = &result.conclusion {
                parts.push(concluded(w, names, c));
                parts.extend(second_form(cx, e, c).map(Html::from));
            }
        }
        if cx.can::<ConcludeCriterion>() {
            parts.push(form.into());
        }
    }
    let met = |v: &Verdict| {
        matches!(v, Verdict::Criterion { design: Status::Met, operation: None | Some(Status::Met) })
    };
    let count = results.iter().filter(|r| r.proposed.as_ref().is_some_and(met)).count();
    let shell = framed(shell, papers, "criteria")
        .title(w.t("examination-criteria-title"))
        .answer(w.t2("examination-criteria-answer", "met", count, "of", results.len()));
    Page { shell, parts }
}

fn chosen(cx: &Cx, papers: &Papers) -> Result<Option<CriterionId>, Failure> {
    let Some(text) = cx.param("criterion") else { return Ok(None) };
    let criterion = text.parse().ok().filter(|c| papers.engagement.criteria().contains(c));
    criterion.map(Some).ok_or(Failure::Refused(Refusal::NotFound))
}

/// `GET /examination/{engagement}/criteria`, with `?criterion=CC6.2` the form for one.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn criteria(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let (papers, names) = papers(&cx, id(&engagement)?).await?;
    let form = chosen(&cx, &papers)?.map(|c| (c, conclusion_form(&cx.shell(), &papers, c)));
    cx.page(&criteria_page(&cx, &papers, &names, form))
}

/// `POST /examination/{engagement}/criteria?criterion=CC6.2`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn conclude_criterion(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<ConcludeCriterion>()?;
    let criterion = chosen(&cx, &papers)?.ok_or(Failure::Refused(Refusal::NotFound))?;
    let mut form = conclusion_form(&cx.shell(), &papers, criterion);
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
        let seen = Expected::Version(version(&form));
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<ConcludeCriterion>(actor, &facts)?;
                service::conclude(tx, env, &permit, seen, &input)
            })
            .await;
        match written {
            Ok(_) => {
                let to = href(engagement, &format!("/criteria?criterion={criterion}"));
                return done(&cx, &to, "examination-saved-conclusion").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&criteria_page(&cx, &papers, &names, Some((criterion, form))))
}
