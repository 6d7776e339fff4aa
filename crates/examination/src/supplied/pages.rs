//! What was frozen of the organisation's own records, on the organisation's side.

use super::model::SuppliedPopulation;
use super::store;
use crate::permits::ReadPopulationHash;
use kernel::permit::{authorize, scope};
use platform::http::{Answer, Cx, Failure};
use platform::ui::{Column, Empty, Html, Page, Row, Table};
use populations::schema::Kind;

/// What was frozen for the engagements that this person may see, with their names.
async fn seen(cx: &Cx) -> Result<Vec<(SuppliedPopulation, String)>, Failure> {
    cx.read(move |conn, actor| {
        let seen = scope::<::scope::permits::ReadEngagement>(actor)?;
        let mut out = Vec::new();
        for engagement in ::scope::store::engagements(conn, &seen)? {
            let facts = ::scope::facts_of(&engagement);
            if authorize::<ReadPopulationHash>(actor, &facts).is_err() {
                continue;
            }
            for found in store::of(conn, facts.owner, engagement.id)? {
                out.push((found, engagement.name.clone()));
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

/// `GET /populations`
///
/// # Errors
/// When the person may not read the hashes of populations.
pub async fn list(cx: Cx) -> Answer {
    cx.may::<ReadPopulationHash>()?;
    let all = seen(&cx).await?;
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
        let zone = jiff::tz::TimeZone::get(&shown.coverage.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let (from, to) = (shown.coverage.from.to_string(), shown.coverage.to.to_string());
        let days = if from == to && shown.coverage.kind == Kind::Capture {
            w.t1("supplied-as-at", "on", to)
        } else {
            w.t2("examination-covers-days", "from", from, "to", to)
        };
        let entry = w.t1("supplied-entry", "entry", found.event.to_string());
        Row::new(vec![
            two(
                &Html::text(&shown.name),
                &w.t(&format!("supplied-from-{}", shown.origin.as_str())),
            )
            .into(),
            w.number(shown.rows).into(),
            two(&Html::code(&shown.canonical_sha256), &entry).into(),
            two(&Html::text(&days), &shown.coverage.zone).into(),
            w.moment(shown.frozen_at, &zone).into(),
            engagement.into(),
        ])
    });
    let table = Table::new(w, "supplied", w.t("supplied-table"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("supplied-none"), w.t("supplied-none-next")));
    let shell = cx.shell().at("populations").title(w.t("supplied-title")).answer(w.t1(
        "supplied-answer",
        "count",
        all.len(),
    ));
    let how = format!("<p>{}</p>", Html::text(&w.t("supplied-how")));
    cx.page(&Page::new(shell).part(table).part(Html::trusted(how)))
}
