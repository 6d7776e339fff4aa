//! One frozen population: what it holds and covers, its checks, the judgement.

use super::populations::{judged, kind_word, zone};
use super::{Page, done, facts, framed, heading, href, id, onto, papers, version};
use crate::ipe;
use crate::model::{Population, PopulationJudgement};
use crate::permits::KeepPopulations;
use crate::rules::cover::in_words;
use crate::service::{self, register::Grown};
use crate::store::Papers;
use axum::extract::Path;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Choice, Column, Field, Form, Html, Kind, Note, Row, Shell, Table, Tone};
use platform::words::Words;

fn judge_form(shell: &Shell, engagement: EngagementId, population: &Population) -> Form {
    let w = shell.w;
    let choices = vec![
        Choice::new("yes", w.t("examination-accepted")),
        Choice::new("no", w.t("examination-rejected")),
    ];
    let action = href(engagement, &format!("/populations/{}", population.id));
    Form::post(w, action, &shell.csrf, w.t("examination-judge"))
        .version(u64::try_from(population.version).unwrap_or_default())
        .field(
            Field::new(w, "accepted", w.t("examination-judgement"), Kind::Radio(choices))
                .required(),
        )
        .field(
            Field::new(w, "reason", w.t("examination-judge-reason"), Kind::Area(3))
                .required()
                .max(4_000),
        )
}

/// The thirteen checks as they stand now: what the file itself shows, and what people did since.
fn checks(w: Words, papers: &Papers, population: &Population) -> Table {
    let columns =
        ["ipe-check", "ipe-outcome", "ipe-found"].map(|key| Column::new(w.t(key))).to_vec();
    let states = ipe::rules::of_population(&population.body, &papers.ipe_of(population.id));
    let rows = states.iter().map(|state| {
        Row::new(vec![
            w.t(&format!("ipe-check-{}", state.number)).into(),
            ipe::pages::status(w, state.outcome).into(),
            (&state.detail).into(),
        ])
    });
    Table::new(w, "checks", w.t("examination-checks"), columns).rows(rows)
}

/// A table of JSON objects, as the freeze printed them: the columns' profile.
fn objects(
    w: Words,
    table: &str,
    title: &str,
    value: &serde_json::Value,
    names: &[(&str, &str)],
) -> Table {
    let columns = names.iter().map(|(_, key)| Column::new(w.t(key))).collect();
    let shown = |v: &serde_json::Value| match v {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let rows = value.as_array().into_iter().flatten().map(|object| {
        let cell =
            |(name, _): &(&str, &str)| object.get(name).map_or_else(String::new, shown).into();
        Row::new(names.iter().map(cell).collect())
    });
    Table::new(w, table, title, columns).rows(rows)
}

/// What the source gained since the freeze, read apart from the file: it changes nothing in it.
async fn grown(
    cx: &Cx,
    papers: &Papers,
    population: &Population,
) -> Result<Option<Grown>, Failure> {
    let (owner, found) = (papers.engagement.organisation, population.clone());
    cx.read(move |conn, _| ipe::service::growth(conn, owner, &found)).await
}

fn population_page(
    cx: &Cx,
    papers: &Papers,
    (population, grown): (&Population, Option<Grown>),
    form: Form,
) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let body = &population.body;
    let controls: Vec<&str> = body
        .controls
        .iter()
        .filter_map(|c| papers.control(*c))
        .map(|c| c.text.code.as_str())
        .collect();
    let zone = zone(papers);
    let mut pairs = vec![
        (w.t("examination-population-hash"), Html::code(&body.canonical_sha256)),
        (w.t("examination-schema-hash"), Html::code(&body.schema_sha256)),
        (w.t("examination-frozen-at"), Html::text(&w.moment(body.frozen_at, &zone))),
        (w.t("examination-source"), Html::text(&body.source)),
        (w.t("examination-key"), Html::text(&body.key.join(", "))),
        (w.t("examination-tab-controls"), Html::text(&controls.join(", "))),
        (w.t("examination-entries"), Html::code(&population.event.to_string())),
        (w.t("examination-judgement"), judged(w, papers, population).into()),
    ];
    if let Some(coverage) = &body.coverage {
        let days = w.t2(
            "examination-covers-days",
            "from",
            coverage.from.to_string(),
            "to",
            coverage.to.to_string(),
        );
        pairs.push((w.t("examination-kind"), Html::text(&kind_word(w, coverage.kind))));
        pairs.push((w.t("examination-covers"), Html::text(&days)));
        pairs.push((w.t("examination-zone"), Html::text(&coverage.zone)));
    }
    let left_out = papers.days_left_out(population);
    if !left_out.is_empty() {
        pairs.push((w.t("examination-left-out"), Html::text(&in_words(&left_out))));
    }
    if let Some(origin) = &body.origin {
        let word = format!("examination-origin-{}", origin.as_str());
        pairs.push((w.t("examination-origin"), Html::text(&w.t(&word))));
    }
    if !body.speaks_for.is_empty() {
        pairs.push((w.t("examination-speaks-for"), Html::text(&body.speaks_for.join(", "))));
    }
    if let Some(judgement) = &population.judgement {
        pairs.push((w.t("examination-reason"), Html::text(&judgement.reason)));
    }
    let profile = [
        ("name", "examination-column"),
        ("type", "examination-column-type"),
        ("nulls", "examination-column-nulls"),
        ("distinct", "examination-column-distinct"),
        ("min", "examination-column-min"),
        ("max", "examination-column-max"),
    ];
    let completeness = format!("/populations/{}/completeness", population.id);
    let completeness = format!(
        "<p><a href=\"{}\">{}</a></p>",
        Html::text(&href(papers.engagement.id, &completeness)),
        Html::text(&w.t("ipe-link"))
    );
    let mut parts = vec![facts(&pairs)];
    if !left_out.is_empty() {
        let text = w.t1("examination-left-out-why", "days", in_words(&left_out));
        parts.push(Note::new(Tone::Attention, w.t("examination-left-out-title"), text).into());
    }
    if let Some(grown) = grown {
        parts.push(ipe::pages::growth_note(w, &papers.ipe_of(population.id), grown));
    }
    if let Some(meaning) = &body.meaning {
        parts.push(crate::supplied::pages::meaning(w, meaning));
    }
    parts.extend([
        Html::trusted(completeness),
        checks(w, papers, population).into(),
        objects(w, "columns", &w.t("examination-columns"), &body.columns, &profile).into(),
    ]);
    if cx.can::<KeepPopulations>() {
        parts.extend([heading(&w.t("examination-judge")), form.into()]);
    }
    let shell = framed(shell, papers, "populations")
        .title(w.t1("examination-population-title", "name", body.name.clone()))
        .answer(w.t1("examination-population-answer", "rows", body.rows))
        .crumb(href(papers.engagement.id, "/populations"), w.t("examination-tab-populations"));
    Page { shell, parts }
}

fn known<'a>(papers: &'a Papers, text: &str) -> Result<&'a Population, Failure> {
    papers.populations.get(&id(text)?).ok_or(Failure::Refused(Refusal::NotFound))
}

/// `GET /examination/{engagement}/populations/{population}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn population(cx: Cx, Path((engagement, population)): Path<(String, String)>) -> Answer {
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    let found = known(&papers, &population)?;
    let form = judge_form(&cx.shell(), engagement, found);
    let grown = grown(&cx, &papers, found).await?;
    cx.page(&population_page(&cx, &papers, (found, grown), form))
}

/// `POST /examination/{engagement}/populations/{population}`: the judgement.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn judge(
    cx: Cx,
    Path((engagement, population)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<KeepPopulations>()?;
    let found = known(&papers, &population)?;
    let mut form = judge_form(&cx.shell(), engagement, found);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (population, seen) = (found.id, version(&form));
        let judgement = PopulationJudgement {
            accepted: form.typed("accepted") == "yes",
            reason: form.typed("reason").to_owned(),
        };
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<KeepPopulations>(actor, &facts)?;
                service::judge_population(tx, env, &permit, population, seen, &judgement)
            })
            .await;
        match written {
            Ok(()) => {
                let to = href(engagement, &format!("/populations/{population}"));
                return done(&cx, &to, "examination-saved-judgement").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    let grown = grown(&cx, &papers, found).await?;
    cx.page_again(&population_page(&cx, &papers, (found, grown), form))
}
