//! Every item of a chosen run: a block, or the whole stratum that a systematic cause reaches. Set apart
//! from what was drawn by seed, and never part of an upper limit.

use super::sheet::{planned, test_page};
use super::{WORK, done, fresh_key, href, id, once, onto, papers};
use crate::engine;
use crate::model::{Block, SelectionMethod, SelectionNotes, Test};
use crate::permits::PerformTests;
use crate::service::{self, SampleInput};
use crate::store::Papers;
use axum::extract::Path;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind};

fn fields(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let w = cx.w;
    let populations =
        papers.populations.values().map(|p| Choice::new(p.id.to_string(), p.body.name.clone()));
    let drawn = papers.samples.get(&test.id).into_iter().flatten();
    let before = drawn.filter_map(|s| s.body.population).next_back();
    let asked = cx.param("deviation");
    let about = papers.deviations.iter().find(|d| asked.as_deref() == Some(&d.id.to_string()));
    let reason = about
        .map_or_else(String::new, |d| w.t1("examination-block-of", "cause", d.body.cause.clone()));
    let line =
        |name: &str, key: &str| Field::new(w, name, w.t(key), Kind::Text).required().max(200);
    Form::post(
        w,
        href(papers.engagement.id, &format!("/tests/{}/block", test.id)),
        &cx.shell().csrf,
        w.t("examination-block-take"),
    )
    .key(fresh_key(cx))
    .cancel(href(papers.engagement.id, &format!("/controls/{}", test.plan.control)))
    .field(
        Field::new(
            w,
            "population",
            w.t("examination-population"),
            Kind::Select(populations.collect()),
        )
        .required()
        .value(before.map(|p| p.to_string()).unwrap_or_default()),
    )
    .field(line("column", "examination-block-column").hint(w.t("examination-block-column-hint")))
    .field(line("from", "examination-block-from").hint(w.t("examination-block-from-hint")))
    .field(Field::new(w, "to", w.t("examination-block-to"), Kind::Text).max(200))
    .field(
        Field::new(w, "reason", w.t("examination-reason"), Kind::Area(3))
            .required()
            .max(4_000)
            .value(reason),
    )
}

/// `GET /examination/{engagement}/tests/{test}/block`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn block_form(cx: Cx, Path((engagement, test)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let form = fields(&cx, &papers, test);
    cx.page(&test_page(&cx, &papers, test, "examination-block-title", form))
}

async fn items(cx: &Cx, papers: &Papers, test: &Test, form: &Form) -> Result<SampleInput, Failure> {
    let population = form.typed("population").parse().ok();
    let population = population
        .and_then(|id| papers.populations.get(&id))
        .ok_or(Failure::Refused(Refusal::NotFound))?;
    let (column, from) = (form.typed("column").to_owned(), form.typed("from").to_owned());
    let to = Some(form.typed("to").to_owned()).filter(|t| !t.is_empty());
    let run = Block { column, to: to.unwrap_or_else(|| from.clone()), from };
    let (blobs, body, asked) = (cx.app.blobs.clone(), population.body.clone(), run.clone());
    let named = WORK.run(move || engine::block(&blobs, &body, &asked)).await??;
    Ok(SampleInput {
        test: test.id,
        population: Some(population.id),
        method: SelectionMethod::Block,
        strata_column: None,
        size: 0,
        seed: String::new(),
        seed_drawn_at: cx.env().now(),
        named,
        reason: form.typed("reason").to_owned(),
        notes: SelectionNotes { block: Some(run), ..SelectionNotes::default() },
    })
}

/// `POST /examination/{engagement}/tests/{test}/block`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn block(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let mut form = fields(&cx, &papers, test);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let drawn = match items(&cx, &papers, test, &form).await {
            Ok(input) => {
                once(&cx, &pairs, move |tx, env, actor| {
                    let permit = authorize::<PerformTests>(actor, &scope::facts(tx, engagement)?)?;
                    service::draw_sample(tx, env, &permit, &input, &mut |_| {
                        Err(Refusal::state("A block follows from its run, not from a seed.").into())
                    })
                })
                .await
            }
            Err(failure) => Err(failure),
        };
        match drawn {
            Ok(sample) => {
                let to = href(engagement, &format!("/samples/{sample}"));
                return done(&cx, &to, "examination-saved-sample").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&test_page(&cx, &papers, test, "examination-block-title", form))
}
