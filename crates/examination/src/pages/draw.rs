//! A sample of frozen rows, drawn by seed.

use super::sheet::{planned, test_page};
use super::{Page, WORK, done, fresh_key, href, id, once, onto, papers, paragraph, word};
use crate::engine;
use crate::model::{Population, PopulationId, SelectionMethod, SelectionNotes, Test};
use crate::permits::PerformTests;
use crate::service::{self, SampleInput};
use crate::store::Papers;
use axum::extract::Path;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Html, Kind, Note, Tone};

fn populations(papers: &Papers) -> Vec<Choice> {
    papers
        .populations
        .values()
        .map(|p| Choice::new(p.id.to_string(), p.body.name.clone()))
        .collect()
}

/// Which lists have not been through their checks, each with a link to them: a sample can be drawn, and
/// rests on a list that may yet be replaced.
fn unready(cx: &Cx, papers: &Papers) -> Option<Html> {
    let w = cx.w;
    let lines: String = papers
        .populations
        .values()
        .filter_map(|p| {
            let lacks = crate::ipe::rules::lacking(p, &papers.ipe_of(p.id)).len();
            if lacks == 0 {
                return None;
            }
            let to = href(papers.engagement.id, &format!("/populations/{}/completeness", p.id));
            let link = Html::link(&to, p.body.name.clone());
            let told = Html::text(&w.t1("examination-draw-open", "count", lacks));
            Some(format!("<li>{link}: {told}</li>"))
        })
        .collect();
    if lines.is_empty() {
        return None;
    }
    let body = paragraph(&w.t("examination-draw-early-why"))
        .and(Html::trusted(format!("<ul>{lines}</ul>")));
    Some(Note::new(Tone::Attention, w.t("examination-draw-early"), body).into())
}

fn draw_page(cx: &Cx, papers: &Papers, test: &Test, form: Form) -> Page {
    let mut page = test_page(cx, papers, test, "examination-draw-title", form);
    if let Some(note) = unready(cx, papers) {
        // Before the form, after what the test is for.
        let last = page.parts.len().saturating_sub(1);
        page.parts.insert(last, note);
    }
    page
}

fn draw_fields(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let derived = SelectionMethod::ALL.into_iter().filter(|m| m.is_derived());
    let methods = derived.map(|m| Choice::new(m.as_str(), word(w, "method", m.as_str())));
    Form::post(
        w,
        href(papers.engagement.id, &format!("/tests/{}/draw", test.id)),
        &shell.csrf,
        w.t("examination-draw"),
    )
    .key(fresh_key(cx))
    .cancel(href(papers.engagement.id, &format!("/controls/{}", test.plan.control)))
    .field(
        Field::new(
            w,
            "population",
            w.t("examination-population"),
            Kind::Select(populations(papers)),
        )
        .required(),
    )
    .field(
        Field::new(w, "method", w.t("examination-method"), Kind::Radio(methods.collect()))
            .required()
            .value(SelectionMethod::Random.as_str()),
    )
    .field(
        Field::new(w, "size", w.t("examination-size"), Kind::Number)
            .hint(w.t("examination-size-hint"))
            .required()
            .value(planned_items(papers, test)),
    )
    .field(
        Field::new(w, "strata_column", w.t("examination-strata-column"), Kind::Text)
            .hint(w.t("examination-strata-column-hint"))
            .max(200),
    )
    .field(
        Field::new(w, "strata_minimum", w.t("examination-strata-minimum"), Kind::Number)
            .hint(w.t("examination-strata-minimum-hint")),
    )
}

/// `GET /examination/{engagement}/tests/{test}/draw`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn draw_form(cx: Cx, Path((engagement, test)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let form = draw_fields(&cx, &papers, test);
    cx.page(&draw_page(&cx, &papers, test, form))
}

fn draw_input(
    cx: &Cx,
    form: &Form,
    (papers, test): (&Papers, &Test),
    population: &Population,
) -> Option<SampleInput> {
    let drawn = papers.samples.get(&test.id).map_or(&[][..], Vec::as_slice);
    let hash = &population.body.canonical_sha256;
    let (seed, seed_drawn_at) = service::seed_for(&mut cx.env(), drawn, hash);
    Some(SampleInput {
        test: test.id,
        population: Some(population.id),
        method: SelectionMethod::parse(form.typed("method"))?,
        strata_column: Some(form.typed("strata_column").to_owned()).filter(|c| !c.is_empty()),
        size: form.typed("size").parse().unwrap_or(0),
        seed,
        seed_drawn_at,
        named: Vec::new(),
        reason: String::new(),
        notes: SelectionNotes {
            strata_minimum: form.typed("strata_minimum").parse().unwrap_or(0),
            ..SelectionNotes::default()
        },
    })
}

/// How many items the plan asks for, while no sample is drawn yet.
fn planned_items(papers: &Papers, test: &Test) -> String {
    let drawn = papers.samples.get(&test.id).is_some_and(|all| !all.is_empty());
    let planned = papers.sizes.get(&test.id).filter(|_| !drawn);
    planned.map_or_else(String::new, |s| s.items.to_string())
}

async fn draw_from(
    cx: &Cx,
    engagement: EngagementId,
    population: &Population,
    input: SampleInput,
    pairs: &Pairs,
) -> Result<crate::model::SampleId, Failure> {
    let (blobs, body, asked) = (cx.app.blobs.clone(), population.body.clone(), input.clone());
    let selected = WORK
        .run(move || {
            let choice = engine::Choice {
                method: asked.method,
                strata_column: asked.strata_column.as_deref(),
                strata_minimum: asked.notes.strata_minimum,
                seed: &asked.seed,
                size: asked.size,
            };
            engine::derive_choice(&blobs, &body, &choice)
        })
        .await??;
    let (selected, uncovered) = selected;
    let mut input = input;
    input.notes.uncovered = uncovered;
    once(cx, pairs, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<PerformTests>(actor, &facts)?;
        service::draw_sample(tx, env, &permit, &input, &mut |_| Ok(selected.clone()))
    })
    .await
}

/// `POST /examination/{engagement}/tests/{test}/draw`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn draw(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let mut form = draw_fields(&cx, &papers, test);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let chosen: Option<PopulationId> = form.typed("population").parse().ok();
        let population = chosen.and_then(|p| papers.populations.get(&p));
        let population = population.ok_or(Failure::Refused(Refusal::NotFound))?;
        let input = draw_input(&cx, &form, (&papers, test), population);
        let input = input.ok_or(Failure::Refused(Refusal::NotFound))?;
        match draw_from(&cx, engagement, population, input, &pairs).await {
            Ok(sample) => {
                let to = href(engagement, &format!("/samples/{sample}"));
                return done(&cx, &to, "examination-saved-sample").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&draw_page(&cx, &papers, test, form))
}
