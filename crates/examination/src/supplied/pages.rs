//! What was frozen of the organisation's own records, on the organisation's side.

use super::model::{SuppliedId, SuppliedPopulation};
use super::{rules, store};
use crate::permits::ReadPopulationHash;
use crate::rules::cover::in_words;
use ::scope::model::Engagement;
use axum::extract::Path;
use kernel::permit::{authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Column, Empty, Html, Page, Row, Status, Table, Tone, facts};
use platform::words::Words;
use populations::schema::Kind;

/// What was frozen for the engagements that this person may see.
async fn seen(cx: &Cx) -> Result<Vec<(SuppliedPopulation, Engagement)>, Failure> {
    cx.read(move |conn, actor| {
        let seen = scope::<::scope::permits::ReadEngagement>(actor)?;
        let mut out = Vec::new();
        for engagement in ::scope::store::engagements(conn, &seen)? {
            let facts = ::scope::facts_of(&engagement);
            if authorize::<ReadPopulationHash>(actor, &facts).is_err() {
                continue;
            }
            for found in store::of(conn, facts.owner, engagement.id)? {
                out.push((found, engagement.clone()));
            }
        }
        Ok(out)
    })
    .await
}

/// A cell of two lines.
fn two(first: &Html, second: &str) -> Html {
    Html::trusted(format!("{first}<br><small>{}</small>", Html::text(second)))
}

/// The days that a population covers, or the date that it speaks for.
fn days(w: Words, found: &SuppliedPopulation) -> String {
    let coverage = &found.shown.coverage;
    let (from, to) = (coverage.from.to_string(), coverage.to.to_string());
    if from == to && coverage.kind == Kind::Capture {
        w.t1("supplied-as-at", "on", to)
    } else {
        w.t2("examination-covers-days", "from", from, "to", to)
    }
}

fn left_out(w: Words, found: &SuppliedPopulation, engagement: &Engagement) -> Option<String> {
    let days = rules::left_out(&found.shown.coverage, engagement);
    (!days.is_empty()).then(|| w.t1("examination-leaves-out", "days", in_words(&days)))
}

fn zone(found: &SuppliedPopulation) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(&found.shown.coverage.zone).unwrap_or(jiff::tz::TimeZone::UTC)
}

fn table(cx: &Cx, all: &[(SuppliedPopulation, Engagement)]) -> Table {
    let w = cx.w;
    let columns = vec![
        Column::new(w.t("examination-population")),
        Column::new(w.t("supplied-rows")).numeric(),
        Column::new(w.t("examination-population-hash")),
        Column::new(w.t("supplied-covers")),
        Column::new(w.t("examination-frozen-at")),
        Column::new(w.t("supplied-engagement")),
    ];
    let rows = all.iter().map(|(found, engagement)| {
        let shown = &found.shown;
        let entry = w.t1("supplied-entry", "entry", found.event.to_string());
        let covers = two(&Html::text(&days(w, found)), &shown.coverage.zone);
        let covers = match left_out(w, found, engagement) {
            Some(text) => covers.and(Status::new(Tone::Attention, text)),
            None => covers,
        };
        Row::new(vec![
            two(
                &Html::link(&format!("/populations/{}", found.id), shown.name.clone()),
                &w.t(&format!("supplied-from-{}", shown.origin.as_str())),
            )
            .into(),
            w.number(shown.rows).into(),
            two(&Html::code(&shown.canonical_sha256), &entry).into(),
            covers.into(),
            w.moment(shown.frozen_at, &zone(found)).into(),
            (&engagement.name).into(),
        ])
    });
    Table::new(w, "supplied", w.t("supplied-table"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("supplied-none"), w.t("supplied-none-next")))
        .exports(&cx.list_query())
        .cards()
}

/// `GET /populations`
///
/// # Errors
/// When the person may not read the hashes of populations.
pub async fn list(cx: Cx) -> Answer {
    cx.may::<ReadPopulationHash>()?;
    let all = seen(&cx).await?;
    let table = table(&cx, &all);
    if let Some(file) = cx.file("populations", &table) {
        return file;
    }
    let w = cx.w;
    let shell = cx.shell().at("populations").title(w.t("supplied-title")).answer(w.t1(
        "supplied-answer",
        "count",
        all.len(),
    ));
    let how = format!("<p>{}</p>", Html::text(&w.t("supplied-how")));
    cx.page(&Page::new(shell).part(table).part(Html::trusted(how)))
}

/// What the columns mean, as the text that the digest is made of.
pub(crate) fn meaning(w: Words, text: &str) -> Html {
    Html::trusted(format!(
        "<h2>{}</h2><p>{}</p><pre><code>{}</code></pre>",
        Html::text(&w.t("supplied-meaning")),
        Html::text(&w.t("supplied-meaning-how")),
        Html::text(text)
    ))
}

/// How anybody makes both digests again, without this deployment.
fn again(w: Words, found: &SuppliedPopulation) -> Html {
    let coverage = &found.shown.coverage;
    let options = match coverage.kind {
        Kind::Events => format!(" --from {} --to {}", coverage.from, coverage.to),
        Kind::Capture => String::new(),
    };
    let file = match coverage.kind {
        Kind::Events => "FILE".to_owned(),
        Kind::Capture => format!("FILE@{}", coverage.to),
    };
    let steps = ["supplied-again-meaning", "supplied-again-schema", "supplied-again-freeze"]
        .map(|key| format!("<li>{}</li>", Html::text(&w.t(key))));
    let commands = format!(
        "sha256sum meaning.txt\ntickmark population freeze {file} --schema SCHEMA.toml{options}"
    );
    Html::trusted(format!(
        "<h2>{}</h2><ol>{}</ol><pre><code>{}</code></pre>",
        Html::text(&w.t("supplied-again")),
        steps.concat(),
        Html::text(&commands)
    ))
}

/// `GET /populations/{population}`
///
/// # Errors
/// Nothing is there for who may not read the hashes of its engagement.
pub async fn population(cx: Cx, Path(id): Path<String>) -> Answer {
    cx.may::<ReadPopulationHash>()?;
    let missing = || Failure::Refused(Refusal::NotFound);
    let id: SuppliedId = id.parse().map_err(|_| missing())?;
    let all = seen(&cx).await?;
    let (found, engagement) = all.iter().find(|(p, _)| p.id == id).ok_or_else(missing)?;
    let (w, shown) = (cx.w, &found.shown);
    let mut pairs = vec![
        (w.t("examination-population-hash"), Html::code(&shown.canonical_sha256)),
        (w.t("examination-schema-hash"), Html::code(&shown.schema_sha256)),
        (w.t("supplied-rows"), Html::text(&w.number(shown.rows))),
        (
            w.t("supplied-covers"),
            Html::text(&format!("{}, {}", days(w, found), shown.coverage.zone)),
        ),
        (w.t("examination-frozen-at"), Html::text(&w.moment(shown.frozen_at, &zone(found)))),
        (
            w.t("examination-origin"),
            Html::text(&w.t(&format!("supplied-from-{}", shown.origin.as_str()))),
        ),
        (w.t("supplied-engagement"), Html::text(&engagement.name)),
        (w.t("supplied-entry-label"), Html::code(&found.event.to_string())),
    ];
    if let Some(text) = left_out(w, found, engagement) {
        pairs.insert(4, (w.t("examination-left-out"), Status::new(Tone::Attention, text).into()));
    }
    let shell = cx
        .shell()
        .at("populations")
        .crumb("/populations", w.t("supplied-table"))
        .title(w.t1("supplied-one-title", "name", shown.name.clone()))
        .answer(w.t1("examination-population-answer", "rows", shown.rows));
    let mut page = Page::new(shell).part(facts(pairs));
    page = match &shown.meaning {
        Some(text) => page.part(meaning(w, text)).part(again(w, found)),
        None => page
            .part(Html::trusted(format!("<p>{}</p>", Html::text(&w.t("supplied-meaning-none"))))),
    };
    cx.page(&page)
}
