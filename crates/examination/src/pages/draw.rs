//! Work over frozen rows: a sample by seed, a test over every item.

use super::sheet::{planned, test_page};
use super::{WORK, done, fresh_key, href, id, once, onto, papers, word};
use crate::engine::{self, CensusRequest};
use crate::model::{Population, SelectionMethod, Test};
use crate::permits::PerformTests;
use crate::service::{self, SampleInput};
use crate::store::Papers;
use axum::extract::Path;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Kind};
use std::collections::BTreeMap;

fn populations(papers: &Papers) -> Vec<Choice> {
    papers
        .populations
        .values()
        .map(|p| Choice::new(p.id.to_string(), p.body.name.clone()))
        .collect()
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
    .field(Field::new(w, "size", w.t("examination-size"), Kind::Number).required())
    .field(
        Field::new(w, "strata_column", w.t("examination-strata-column"), Kind::Text)
            .hint(w.t("examination-strata-column-hint"))
            .max(200),
    )
    .field(
        Field::new(w, "seed", w.t("examination-seed"), Kind::Text)
            .hint(w.t("examination-seed-hint"))
            .max(1_000),
    )
    .field(
        Field::new(w, "seed_drawn_at", w.t("examination-seed-drawn"), Kind::Text)
            .hint(w.t("examination-seed-drawn-hint"))
            .max(40),
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
    cx.page(&test_page(&cx, &papers, test, "examination-draw-title", form))
}

fn draw_input(cx: &Cx, form: &mut Form, test: &Test) -> Option<SampleInput> {
    let mut env = cx.env();
    let drawn = match form.typed("seed_drawn_at") {
        "" => Some(env.now()),
        text => Timestamp::parse(text).ok(),
    };
    let Some(seed_drawn_at) = drawn else {
        form.error("seed_drawn_at", cx.w.t("examination-seed-drawn-hint"));
        return None;
    };
    let seed = match form.typed("seed") {
        "" => hex::encode(env.bytes::<16>()),
        text => text.to_owned(),
    };
    Some(SampleInput {
        test: test.id,
        population: form.typed("population").parse().ok(),
        method: SelectionMethod::parse(form.typed("method"))?,
        strata_column: Some(form.typed("strata_column").to_owned()).filter(|c| !c.is_empty()),
        size: form.typed("size").parse().unwrap_or(0),
        seed,
        seed_drawn_at,
        named: Vec::new(),
        reason: String::new(),
    })
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
            let column = asked.strata_column.as_deref();
            engine::derive(&blobs, &body, asked.method, column, &asked.seed, asked.size)
        })
        .await??;
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
    let input = if form.ok() { draw_input(&cx, &mut form, test) } else { None };
    if let Some(input) = input {
        let population = input.population.and_then(|p| papers.populations.get(&p));
        let population = population.ok_or(Failure::Refused(Refusal::NotFound))?;
        match draw_from(&cx, engagement, population, input, &pairs).await {
            Ok(sample) => {
                let to = href(engagement, &format!("/samples/{sample}"));
                return done(&cx, &to, "examination-saved-sample").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&test_page(&cx, &papers, test, "examination-draw-title", form))
}

fn census_fields(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let library = engine::library_tests().map(|id| Choice::new(id, id));
    let library = std::iter::once(Choice::new("", "–")).chain(library).collect();
    Form::post(
        w,
        href(papers.engagement.id, &format!("/tests/{}/census", test.id)),
        &shell.csrf,
        w.t("examination-run"),
    )
    .key(fresh_key(cx))
    .cancel(href(papers.engagement.id, &format!("/controls/{}", test.plan.control)))
    .field(Field::new(w, "library", w.t("examination-library"), Kind::Select(library)))
    .field(
        Field::new(w, "procedure", w.t("examination-test-file"), Kind::Area(10))
            .hint(w.t("examination-test-file-hint"))
            .max(200_000),
    )
    .field(
        Field::new(w, "populations", w.t("examination-tab-populations"), Kind::Area(3))
            .hint(w.t("examination-bindings-hint"))
            .required()
            .max(10_000),
    )
    .field(
        Field::new(w, "parameters", w.t("examination-parameters"), Kind::Area(3))
            .hint(w.t("examination-parameters-hint"))
            .max(10_000),
    )
}

/// `GET /examination/{engagement}/tests/{test}/census`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn census_form(cx: Cx, Path((engagement, test)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let form = census_fields(&cx, &papers, test);
    cx.page(&test_page(&cx, &papers, test, "examination-run-title", form))
}

/// Lines of NAME=VALUE.
fn lines(text: &str) -> Option<BTreeMap<String, String>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| line.split_once('=').map(|(n, v)| (n.trim().to_owned(), v.trim().to_owned())))
        .collect()
}

/// A run as asked for: name and text of the test, populations by alias, parameters.
struct Asked {
    procedure: String,
    text: String,
    populations: BTreeMap<String, Population>,
    values: BTreeMap<String, String>,
}

fn asked(cx: &Cx, form: &mut Form, papers: &Papers) -> Option<Asked> {
    let w = cx.w;
    let (procedure, text) = match (form.typed("library"), form.typed("procedure")) {
        ("", "") => {
            form.error("library", w.t("examination-library-none"));
            return None;
        }
        ("", text) => (w.t("examination-own-test"), text.to_owned()),
        (id, _) => (id.to_owned(), engine::library_test(id).ok()?.to_owned()),
    };
    let Some(bindings) = lines(form.typed("populations")) else {
        form.error("populations", w.t("examination-bindings-hint"));
        return None;
    };
    let Some(values) = lines(form.typed("parameters")) else {
        form.error("parameters", w.t("examination-parameters-hint"));
        return None;
    };
    let mut populations = BTreeMap::new();
    for (alias, name) in bindings {
        // Several may carry the name: the newest is meant.
        let found =
            papers.populations.values().filter(|p| p.body.name == name || p.id.to_string() == name);
        let Some(found) = found.max_by_key(|p| (p.recorded_at, p.id)) else {
            form.error("populations", w.t1("examination-no-such-population", "name", name));
            return None;
        };
        populations.insert(alias, found.clone());
    }
    Some(Asked { procedure, text, populations, values })
}

/// `POST /examination/{engagement}/tests/{test}/census`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn census(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let mut form = census_fields(&cx, &papers, test);
    form.fill(&pairs.0);
    form.check();
    let asked = if form.ok() { asked(&cx, &mut form, &papers) } else { None };
    if let Some(asked) = asked {
        match run(&cx, engagement, test, asked, &pairs).await {
            Ok(census) => {
                let to = href(engagement, &format!("/census/{census}"));
                return done(&cx, &to, "examination-saved-run").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&test_page(&cx, &papers, test, "examination-run-title", form))
}

async fn run(
    cx: &Cx,
    engagement: EngagementId,
    test: &Test,
    asked: Asked,
    pairs: &Pairs,
) -> Result<crate::model::CensusId, Failure> {
    // Who may not record the run does not start one.
    cx.read(move |conn, actor| {
        authorize::<PerformTests>(actor, &scope::facts(conn, engagement)?)?;
        Ok(())
    })
    .await?;
    let (blobs, test) = (cx.app.blobs.clone(), test.id);
    let input = WORK
        .run(move || {
            let request = CensusRequest {
                test,
                procedure: &asked.procedure,
                text: &asked.text,
                populations: &asked.populations,
                values: &asked.values,
            };
            engine::census(&blobs, &request, &())
        })
        .await??;
    once(cx, pairs, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<PerformTests>(actor, &facts)?;
        service::record_census(tx, env, &permit, &input)
    })
    .await
}
