//! The firm's legend of tick marks.

use super::legend_list;
use crate::pages::{done, heading, onto, paragraph};
use crate::rules::item::AttributeResult;
use crate::sheets::model::{Legend, Mark};
use crate::sheets::permits::{ReadLegend, StateLegend};
use crate::sheets::rules::basic_marks;
use crate::sheets::service::{self, LegendInput};
use crate::sheets::store as sheets;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Field, Form, Html, Kind, Page, fold};

async fn read(cx: &Cx) -> Result<(Legend, Vec<Legend>), Failure> {
    cx.read(|conn, actor| {
        let firm = actor.party.ok_or(Refusal::NotFound)?;
        authorize::<ReadLegend>(actor, &Facts::of(firm))?;
        Ok((sheets::legend(conn, firm)?, sheets::legends(conn, firm)?))
    })
    .await
}

/// One line per mark: key, sign, result, meaning.
fn line_of(mark: &Mark) -> String {
    format!("{} | {} | {} | {}", mark.key, mark.sign, mark.result.word(), mark.meaning)
}

fn own(legend: &Legend) -> &[Mark] {
    legend.marks.get(basic_marks().len()..).unwrap_or_default()
}

fn form(cx: &Cx, legend: &Legend) -> Form {
    let w = cx.w;
    let lines: Vec<String> = own(legend).iter().map(line_of).collect();
    Form::post(w, "/examination/legend", &cx.shell().csrf, w.t("sheets-legend-state"))
        .version(u64::try_from(legend.version).unwrap_or_default())
        .field(
            Field::new(w, "marks", w.t("sheets-legend-own"), Kind::Area(8))
                .hint(w.t("sheets-legend-own-hint"))
                .max(10_000)
                .value(lines.join("\n")),
        )
        .field(Field::new(w, "reason", w.t("examination-reason"), Kind::Text).required().max(2_000))
}

fn page(cx: &Cx, legend: &Legend, all: &[Legend], form: Form) -> Page {
    let w = cx.w;
    let shell = cx
        .shell()
        .at("examination")
        .crumb("/examination", w.t("examination-room"))
        .title(w.t("sheets-legend-title"))
        .answer(w.t2(
            "sheets-legend-answer",
            "count",
            legend.marks.len(),
            "own",
            own(legend).len(),
        ));
    let mut page = Page::new(shell).part(legend_list(w, legend));
    if cx.can::<StateLegend>() {
        page = page.part(heading(&w.t("sheets-legend-extend"))).part(form);
    }
    for earlier in all.iter().skip(1) {
        let title = w.t1("sheets-legend-version", "n", earlier.version);
        let body: Html = paragraph(&earlier.reason).and(legend_list(w, earlier));
        page = page.part(fold(&title, false, body));
    }
    page
}

/// `GET /examination/legend`.
///
/// # Errors
/// Nothing is there for who is not of a firm.
pub async fn legend(cx: Cx) -> Answer {
    let (legend, all) = read(&cx).await?;
    let form = form(&cx, &legend);
    cx.page(&page(&cx, &legend, &all, form))
}

/// Reads lines of `key | sign | result | meaning`.
fn marks(text: &str) -> Result<Vec<Mark>, String> {
    let mut out = Vec::new();
    for (n, line) in (1..).zip(text.lines()).filter(|(_, l)| !l.trim().is_empty()) {
        let parts: Vec<&str> = line.splitn(4, '|').map(str::trim).collect();
        let [key, sign, result, meaning] = parts.as_slice() else {
            return Err(format!("Line {n} needs four parts, key | sign | result | meaning."));
        };
        let result: AttributeResult = result.parse().map_err(|e| format!("Line {n}: {e}"))?;
        out.push(Mark {
            key: (*key).to_owned(),
            sign: (*sign).to_owned(),
            meaning: (*meaning).to_owned(),
            result,
        });
    }
    Ok(out)
}

/// `POST /examination/legend`.
///
/// # Errors
/// Nothing is there for who is not of a firm.
pub async fn state_legend(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let (legend, all) = read(&cx).await?;
    cx.may::<StateLegend>()?;
    let mut form = form(&cx, &legend);
    form.fill(&pairs.0);
    form.check();
    match marks(pairs.get("marks").unwrap_or_default()) {
        Err(wrong) => form.error("marks", wrong),
        Ok(marks) if form.ok() => {
            let input = LegendInput {
                seen: form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or(0),
                marks,
                reason: form.typed("reason").to_owned(),
            };
            let written = cx
                .write(move |tx, env, actor| {
                    let firm = actor.party.ok_or(Refusal::NotFound)?;
                    let permit = authorize::<StateLegend>(actor, &Facts::of(firm))?;
                    service::state_legend(tx, env, &permit, &input)
                })
                .await;
            match written {
                Ok(_) => return done(&cx, "/examination/legend", "sheets-legend-saved").await,
                Err(failure) => onto(&mut form, failure)?,
            }
        }
        Ok(_) => {}
    }
    cx.page_again(&page(&cx, &legend, &all, form))
}
