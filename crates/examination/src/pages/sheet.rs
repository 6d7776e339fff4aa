//! Samples of items named by hand.

use super::{
    Page, control::NAMED, done, framed, fresh_key, href, id, once, onto, papers, paragraph, word,
};
use crate::model::{SelectionMethod, Test, TestId};
use crate::permits::PerformTests;
use crate::service::{self, SampleInput};
use crate::store::Papers;
use axum::extract::Path;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind};

pub(super) fn missing() -> Failure {
    Failure::Refused(Refusal::NotFound)
}

pub(super) fn planned(papers: &Papers, test: TestId) -> Result<&Test, Failure> {
    papers.tests.iter().find(|t| t.id == test).ok_or_else(missing)
}

fn named_form(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let methods = NAMED.map(|m| Choice::new(m.as_str(), word(w, "method", m.as_str())));
    let populations =
        papers.populations.values().map(|p| Choice::new(p.id.to_string(), p.body.name.clone()));
    let populations = std::iter::once(Choice::new("", "–")).chain(populations).collect();
    Form::post(
        w,
        href(papers.engagement.id, &format!("/tests/{}/sample", test.id)),
        &shell.csrf,
        w.t("examination-name-items"),
    )
    .key(fresh_key(cx))
    .cancel(href(papers.engagement.id, &format!("/controls/{}", test.plan.control)))
    .field(
        Field::new(w, "method", w.t("examination-method"), Kind::Radio(methods.to_vec()))
            .required(),
    )
    .field(Field::new(w, "population", w.t("examination-population"), Kind::Select(populations)))
    .field(
        Field::new(w, "named", w.t("examination-named"), Kind::Area(8))
            .hint(w.t("examination-named-hint"))
            .required()
            .max(100_000),
    )
    .field(Field::new(w, "reason", w.t("examination-reason"), Kind::Area(3)).required().max(4_000))
}

pub(super) fn test_page(cx: &Cx, papers: &Papers, test: &Test, title: &str, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let back = href(papers.engagement.id, &format!("/controls/{}", test.plan.control));
    let shell = framed(shell, papers, "controls")
        .title(w.t1(title, "code", test.plan.code.clone()))
        .crumb(back, test.plan.code.clone());
    Page { shell, parts: vec![paragraph(&papers.test_result(test).text), form.into()] }
}

/// `GET /examination/{engagement}/tests/{test}/sample`: items named by hand. Items that follow from a
/// seed are drawn from the frozen rows.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn name_items_form(cx: Cx, Path((engagement, test)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let form = named_form(&cx, &papers, test);
    cx.page(&test_page(&cx, &papers, test, "examination-name-items-title", form))
}

/// `POST /examination/{engagement}/tests/{test}/sample`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn name_items(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let mut form = named_form(&cx, &papers, test);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = SampleInput {
            test: test.id,
            population: form.typed("population").parse().ok(),
            method: SelectionMethod::parse(form.typed("method"))
                .unwrap_or(SelectionMethod::Targeted),
            strata_column: None,
            size: 0,
            seed: String::new(),
            seed_drawn_at: cx.env().now(),
            named: form
                .typed("named")
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .map(str::to_owned)
                .collect(),
            reason: form.typed("reason").to_owned(),
            notes: crate::model::SelectionNotes::default(),
        };
        let written = once(&cx, &pairs, move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            let permit = authorize::<PerformTests>(actor, &facts)?;
            service::draw_sample(tx, env, &permit, &input, &mut |_| {
                Err(Refusal::state("Items that follow from a seed are drawn from the frozen rows.")
                    .into())
            })
        })
        .await;
        match written {
            Ok(sample) => {
                let to = href(engagement, &format!("/samples/{sample}"));
                return done(&cx, &to, "examination-saved-sample").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&test_page(&cx, &papers, test, "examination-name-items-title", form))
}
