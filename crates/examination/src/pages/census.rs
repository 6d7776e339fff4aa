//! Running a test over every item: one of the library, with a field for each population and parameter
//! it needs, or a test file of one's own.

use super::library::{fits, fitting};
use super::sheet::{planned, test_page};
use super::{WORK, done, fresh_key, href, id, once, onto, papers};
use crate::engine::{self, CensusRequest};
use crate::model::{Population, Test};
use crate::permits::PerformTests;
use crate::service;
use crate::store::Papers;
use axum::extract::{Path, Query};
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Field, Form, Html, Kind};
use populations::census::{Parameter, ParameterType, TestFile, parse_test};
use populations::library::{self, LibraryTest};
use populations::schema::Reading;
use std::collections::BTreeMap;

/// What an address may ask for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asks {
    /// The test of the library that is to be run.
    #[serde(default)]
    library: String,
}

fn blank(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let (shell, w) = (cx.shell(), cx.w);
    Form::post(
        w,
        href(papers.engagement.id, &format!("/tests/{}/census", test.id)),
        &shell.csrf,
        w.t("examination-run"),
    )
    .key(fresh_key(cx))
    .cancel(href(papers.engagement.id, &format!("/controls/{}", test.plan.control)))
}

/// The form of a test file of one's own.
fn own_fields(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let w = cx.w;
    blank(cx, papers, test)
        .field(
            Field::new(w, "procedure", w.t("examination-test-file"), Kind::Area(10))
                .hint(w.t("examination-test-file-hint"))
                .required()
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

/// The form of a test of the library: what it needs, one field each.
fn library_fields(
    cx: &Cx,
    papers: &Papers,
    test: &Test,
    chosen: &LibraryTest,
    file: &TestFile,
) -> Form {
    let w = cx.w;
    let mut form = blank(cx, papers, test).hide("library", chosen.id);
    form = form.heading(w.t("examination-tab-populations"));
    for (alias, declared) in &file.populations {
        let fitting = fitting(papers, chosen, declared);
        let choices = fitting.iter().map(|p| {
            Choice::new(
                p.id.to_string(),
                w.t2("library-choice", "name", p.body.name.clone(), "rows", p.body.rows),
            )
        });
        let none = Choice::new("", w.t("library-choose"));
        let mut field = Field::new(
            w,
            format!("p-{alias}"),
            alias.clone(),
            Kind::Select(std::iter::once(none).chain(choices).collect()),
        )
        .hint(declared.about.clone().unwrap_or_default())
        .required();
        if let [only] = fitting.as_slice() {
            field = field.value(only.id.to_string());
        }
        form = form.field(field);
    }
    if !file.parameters.is_empty() || file.zone.is_some() {
        form = form.heading(w.t("examination-parameters"));
    }
    for (name, parameter) in &file.parameters {
        form = form.field(parameter_field(cx, papers, name, parameter));
    }
    if file.zone.is_some() {
        form = form.field(
            Field::new(w, "v-zone", w.t("library-zone"), Kind::Text)
                .value(papers.engagement.period.zone().name())
                .required()
                .max(60),
        );
    }
    form
}

/// Parameters that the engagement itself answers are filled in.
fn parameter_field(cx: &Cx, papers: &Papers, name: &str, parameter: &Parameter) -> Field {
    let w = cx.w;
    let period = &papers.engagement.period;
    let usual = parameter.default.as_ref().map(shown);
    let start = match name {
        "period_from" => Some(period.start().to_string()),
        "period_to" | "as_of" if parameter.kind == ParameterType::Date => {
            Some(period.end().to_string())
        }
        _ => usual.clone(),
    };
    let choices = |names: Vec<String>| {
        let names = names.into_iter().map(|name| Choice::new(name.clone(), name));
        Kind::Select(std::iter::once(Choice::new("", w.t("library-choose"))).chain(names).collect())
    };
    let kind = match parameter.kind {
        ParameterType::Date => Kind::Date,
        ParameterType::Integer => Kind::Number,
        ParameterType::Bool => choices(vec!["true".into(), "false".into()]),
        ParameterType::Choice => choices(parameter.choices.clone()),
        ParameterType::Reading => choices(Reading::ALL.map(|r| r.name().to_owned()).to_vec()),
        _ => Kind::Text,
    };
    let unit = parameter.unit.as_deref().map(|unit| w.t1("library-unit", "unit", unit));
    let written = match parameter.kind {
        ParameterType::Duration => Some(w.t("library-duration-hint")),
        ParameterType::Timestamp => Some(w.t("library-timestamp-hint")),
        _ => None,
    };
    let hint: Vec<String> = [unit, written].into_iter().flatten().collect();
    let mut field = Field::new(w, format!("v-{name}"), parameter.question.clone(), kind)
        .hint(hint.join(". "))
        .max(1_000);
    if usual.as_deref() != Some("") {
        field = field.required();
    }
    match start {
        Some(start) => field.value(start),
        None => field,
    }
}

/// A value of a test file as a person types it.
pub(super) fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The test of the library that was chosen, and what it needs.
fn chosen(id: &str) -> Option<(&'static LibraryTest, TestFile)> {
    let found = library::find(id)?;
    Some((found, parse_test(found.test).ok()?))
}

fn fields(cx: &Cx, papers: &Papers, test: &Test, library: &str) -> Form {
    match chosen(library) {
        Some((found, file)) => library_fields(cx, papers, test, found, &file),
        None => own_fields(cx, papers, test),
    }
}

/// What stands above the form: the chosen test, or the way to choose one.
fn above(cx: &Cx, papers: &Papers, test: &Test, library: &str) -> Html {
    let w = cx.w;
    let e = papers.engagement.id;
    let link = |to: &str, text: &str| {
        format!("<p><a href=\"{}\">{}</a></p>", Html::text(&href(e, to)), Html::text(text))
    };
    let choose = link(
        &format!("/library?test={}", test.id),
        &w.t1("library-choose-from", "count", library::TESTS.len()),
    );
    Html::trusted(match chosen(library) {
        Some((found, file)) => format!(
            "<p><strong>{}</strong></p>{}{choose}",
            Html::text(&file.name),
            link(&format!("/library/{}", found.id), &w.t("library-what-it-needs"))
        ),
        None => choose,
    })
}

fn page(cx: &Cx, papers: &Papers, test: &Test, library: &str, form: Form) -> super::Page {
    let mut page = test_page(cx, papers, test, "examination-run-title", form);
    page.parts.insert(0, above(cx, papers, test, library));
    page
}

/// `GET /examination/{engagement}/tests/{test}/census`, with `?library=ID` for a test of the library.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn census_form(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    Query(asks): Query<Asks>,
) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let form = fields(&cx, &papers, test, &asks.library);
    cx.page(&page(&cx, &papers, test, &asks.library, form))
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

/// A test file of one's own, with its populations by name and its parameters as lines.
fn own(cx: &Cx, form: &mut Form, papers: &Papers) -> Option<Asked> {
    let w = cx.w;
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
    let text = form.typed("procedure").to_owned();
    Some(Asked { procedure: w.t("examination-own-test"), text, populations, values })
}

/// A test of the library with what was chosen for it.
fn of_library(
    cx: &Cx,
    form: &mut Form,
    papers: &Papers,
    found: &LibraryTest,
    file: &TestFile,
) -> Option<Asked> {
    let mut populations = BTreeMap::new();
    for (alias, declared) in &file.populations {
        let name = format!("p-{alias}");
        let population = form
            .typed(&name)
            .parse()
            .ok()
            .and_then(|id| papers.populations.get(&id))
            .filter(|p| fits(p, found, declared));
        let Some(population) = population else {
            form.error(&name, cx.w.t("library-choose-fitting"));
            return None;
        };
        populations.insert(alias.clone(), population.clone());
    }
    let names =
        file.parameters.keys().map(String::as_str).chain(file.zone.as_ref().map(|_| "zone"));
    let values = names
        .map(|name| (name.to_owned(), form.typed(&format!("v-{name}")).trim().to_owned()))
        .filter(|(name, value)| {
            let usual = file.parameters.get(name).is_some_and(|p| p.default.is_some());
            !(value.is_empty() && usual)
        })
        .collect();
    let procedure = found.id.to_owned();
    Some(Asked { procedure, text: found.test.to_owned(), populations, values })
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
    let library = pairs.0.iter().find(|(name, _)| name == "library");
    let library = library.map(|(_, id)| id.clone()).unwrap_or_default();
    let mut form = fields(&cx, &papers, test, &library);
    form.fill(&pairs.0);
    form.check();
    let asked = match (form.ok(), chosen(&library)) {
        (false, _) => None,
        (true, Some((found, file))) => of_library(&cx, &mut form, &papers, found, &file),
        (true, None) => own(&cx, &mut form, &papers),
    };
    if let Some(asked) = asked {
        match run(&cx, engagement, test, asked, &pairs).await {
            Ok(census) => {
                let to = href(engagement, &format!("/census/{census}"));
                return done(&cx, &to, "examination-saved-run").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &papers, test, &library, form))
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
