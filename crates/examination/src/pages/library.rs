//! The tests that come with the product: what each shows, needs and asks.

use super::census::shown;
use super::{Page, facts, framed, heading, href, id, papers, paragraph};
use crate::model::{Population, Test};
use crate::permits::PerformTests;
use crate::rules::deviation::TestBasis;
use crate::store::Papers;
use axum::extract::{Path, Query};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Column, Html, Row, Status, Table, Tone};
use populations::census::{PopulationRef, TestFile, parse_test};
use populations::library::{self, LibraryTest};
use populations::schema;

/// What an address may ask for.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asks {
    /// The planned test for which one is chosen.
    #[serde(default)]
    test: String,
}

/// The columns that a test reads under a name, with the names of their types; none where the test does
/// not come with that schema.
fn wanted(test: &LibraryTest, declared: &PopulationRef) -> Option<Vec<(String, &'static str)>> {
    let wanted = schema::parse(test.schema(declared.schema.as_deref()?)?).ok()?;
    Some(wanted.columns.into_iter().map(|c| (c.name, c.kind.name())).collect())
}

/// Whether a frozen population has these columns, of the same types.
fn has(population: &Population, wanted: &[(String, &'static str)]) -> bool {
    let columns: Vec<(&str, &str)> = population
        .body
        .columns
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|column| Some((column.get("name")?.as_str()?, column.get("type")?.as_str()?)))
        .collect();
    wanted.iter().all(|(name, kind)| columns.contains(&(name.as_str(), kind)))
}

/// Whether a frozen population has the columns that a test reads under this name, of the same types.
pub(super) fn fits(population: &Population, test: &LibraryTest, declared: &PopulationRef) -> bool {
    wanted(test, declared).is_some_and(|wanted| has(population, &wanted))
}

/// The frozen populations that fit, the newest first, without those that were not accepted.
pub(super) fn fitting<'a>(
    papers: &'a Papers,
    test: &LibraryTest,
    declared: &PopulationRef,
) -> Vec<&'a Population> {
    let Some(wanted) = wanted(test, declared) else { return Vec::new() };
    let rejected = |p: &Population| p.judgement.as_ref().is_some_and(|j| !j.accepted);
    let mut found: Vec<&Population> =
        papers.populations.values().filter(|p| !rejected(p) && has(p, &wanted)).collect();
    found.sort_by_key(|p| std::cmp::Reverse((p.recorded_at, p.id)));
    found
}

/// The names of the populations of which none is frozen yet.
fn lacking(papers: &Papers, test: &LibraryTest, file: &TestFile) -> Vec<String> {
    file.populations
        .iter()
        .filter(|(_, declared)| fitting(papers, test, declared).is_empty())
        .map(|(alias, _)| alias.clone())
        .collect()
}

fn read() -> Vec<(&'static LibraryTest, TestFile)> {
    library::TESTS.iter().filter_map(|test| Some((test, parse_test(test.test).ok()?))).collect()
}

/// `GET /examination/{engagement}/library`, with `?test=ID` to choose one for a planned test.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn list(cx: Cx, Path(engagement): Path<String>, Query(asks): Query<Asks>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    let (shell, w, e) = (cx.shell(), cx.w, papers.engagement.id);
    let planned: Option<&Test> =
        asks.test.parse().ok().and_then(|id| papers.tests.iter().find(|test| test.id == id));
    let control = planned.and_then(|test| papers.control(test.plan.control));
    let mut tests = read();
    if let Some(control) = control {
        // Those that fit the control come first.
        tests.sort_by_key(|(_, file)| !file.controls.contains(&control.text.code));
    }
    let ready = tests.iter().filter(|(t, f)| lacking(&papers, t, f).is_empty()).count();
    let rows = tests.iter().map(|(test, file)| {
        let lacking = lacking(&papers, test, file);
        let status = if lacking.is_empty() {
            Status::new(Tone::Good, w.t("library-can-run"))
        } else {
            Status::new(Tone::Waiting, w.t1("library-lacks", "names", lacking.join(", ")))
        };
        let to = match planned {
            Some(planned) => format!("/tests/{}/census?library={}", planned.id, test.id),
            None => format!("/library/{}", test.id),
        };
        Row::new(vec![
            (&file.name).into(),
            file.number.clone().unwrap_or_default().into(),
            file.criteria.join(", ").into(),
            file.controls.join(", ").into(),
            status.into(),
        ])
        .to(href(e, &to))
    });
    let columns = vec![
        Column::new(w.t("library-what-passes")),
        Column::new(w.t("library-number")),
        Column::new(w.t("examination-tab-criteria")),
        Column::new(w.t("examination-tab-controls")),
        Column::new(w.t("library-ready")),
    ];
    let mut parts: Vec<Html> = Vec::new();
    if let (Some(planned), Some(control)) = (planned, control) {
        let (test, code) = (planned.plan.code.clone(), control.text.code.clone());
        parts.push(paragraph(&w.t2("library-for-test", "code", test, "control", code)));
    }
    parts.push(Table::new(w, "library", w.t("library-title"), columns).rows(rows).into());
    let shell = framed(shell, &papers, "populations")
        .title(w.t("library-title"))
        .answer(w.t2("library-answer", "count", tests.len(), "ready", ready))
        .crumb(href(e, "/populations"), w.t("examination-tab-populations"));
    cx.page(&Page { shell, parts })
}

/// A text as it stands, folded away.
fn folded(title: &str, text: &str) -> Html {
    Html::trusted(format!(
        "<details><summary>{}</summary><pre>{}</pre></details>",
        Html::text(title),
        Html::text(text.trim())
    ))
}

fn needed(cx: &Cx, papers: &Papers, test: &LibraryTest, file: &TestFile) -> Table {
    let w = cx.w;
    let columns = vec![
        Column::new(w.t("examination-population")),
        Column::new(w.t("library-what-it-is")),
        Column::new(w.t("library-columns")),
        Column::new(w.t("library-frozen")),
    ];
    let rows = file.populations.iter().map(|(alias, declared)| {
        let text = declared.schema.as_deref().and_then(|name| test.schema(name));
        let names: Vec<String> = text
            .and_then(|text| schema::parse(text).ok())
            .into_iter()
            .flat_map(|schema| schema.columns)
            .map(|column| format!("{} ({})", column.name, column.kind.name()))
            .collect();
        let frozen: Vec<String> =
            fitting(papers, test, declared).iter().map(|p| p.body.name.clone()).collect();
        let none = frozen.is_empty();
        Row::new(vec![
            alias.clone().into(),
            declared.about.clone().unwrap_or_default().into(),
            names.join(", ").into(),
            if none { w.t("library-none-frozen") } else { frozen.join(", ") }.into(),
        ])
    });
    Table::new(w, "needed", w.t("library-needs"), columns).rows(rows)
}

fn parameters(cx: &Cx, file: &TestFile) -> Table {
    let w = cx.w;
    let columns = vec![
        Column::new(w.t("library-question")),
        Column::new(w.t("library-unit-heading")),
        Column::new(w.t("library-usual")),
        Column::new(w.t("library-parameter")),
    ];
    let rows = file.parameters.iter().map(|(name, parameter)| {
        let usual = match parameter.default.as_ref().map(shown) {
            Some(text) if text.is_empty() => w.t("library-usual-none"),
            Some(text) => text,
            None => w.t("library-asked"),
        };
        Row::new(vec![
            parameter.question.clone().into(),
            parameter.unit.clone().unwrap_or_default().into(),
            usual.into(),
            Html::code(name).into(),
        ])
    });
    Table::new(w, "parameters", w.t("examination-parameters"), columns).rows(rows)
}

/// Where the test can be run: the planned tests of every item.
fn places(cx: &Cx, papers: &Papers, found: &LibraryTest) -> Html {
    let w = cx.w;
    let planned = papers.tests.iter().filter(|test| test.plan.basis == TestBasis::Census);
    let links: String = planned
        .map(|test| {
            let path = format!("/tests/{}/census?library={}", test.id, found.id);
            format!(
                "<li><a href=\"{}\">{}</a></li>",
                Html::text(&href(papers.engagement.id, &path)),
                Html::text(&w.t1("library-run-in", "code", test.plan.code.clone()))
            )
        })
        .collect();
    if links.is_empty() {
        paragraph(&w.t("library-plan-first"))
    } else {
        Html::trusted(format!("<ul>{links}</ul>"))
    }
}

/// `GET /examination/{engagement}/library/{test}`.
///
/// # Errors
/// Nothing is there for who may not read the file, nor under another name.
pub async fn test(cx: Cx, Path((engagement, name)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    let (shell, w, e) = (cx.shell(), cx.w, papers.engagement.id);
    let found = library::find(&name).ok_or(Failure::Refused(Refusal::NotFound))?;
    let file = parse_test(found.test).map_err(|fault| Failure::Fault(fault.to_string()))?;
    let lacking = lacking(&papers, found, &file);
    let mut parts: Vec<Html> =
        file.about.split("\n\n").map(|part| paragraph(&part.replace('\n', " "))).collect();
    let mut pairs = vec![
        (w.t("examination-tab-criteria"), Html::text(&file.criteria.join(", "))),
        (w.t("examination-tab-controls"), Html::text(&file.controls.join(", "))),
        (w.t("library-text-hash"), Html::code(&file.sha256)),
    ];
    if let Some(number) = &file.number {
        pairs.insert(0, (w.t("library-number"), Html::text(number)));
    }
    parts.push(facts(&pairs));
    parts.push(needed(&cx, &papers, found, &file).into());
    if !file.parameters.is_empty() {
        parts.push(parameters(&cx, &file).into());
    }
    if cx.can::<PerformTests>() {
        parts.extend([heading(&w.t("library-run")), places(&cx, &papers, found)]);
    }
    parts.push(heading(&w.t("library-texts")));
    parts.push(folded(&w.t("library-test-text"), found.test));
    for (name, text) in found.schemas {
        parts.push(folded(&w.t1("library-schema-text", "name", *name), text));
    }
    let answer = if lacking.is_empty() {
        w.t("library-test-ready")
    } else {
        w.t1("library-test-lacks", "names", lacking.join(", "))
    };
    let shell = framed(shell, &papers, "populations")
        .title(file.name.clone())
        .answer(answer)
        .crumb(href(e, "/populations"), w.t("examination-tab-populations"))
        .crumb(href(e, "/library"), w.t("library-title"));
    cx.page(&Page { shell, parts })
}
