//! The sheet: items by attributes. One form that works without script; script moves between the cells
//! with the arrow keys, saves each row as it is completed and keeps what could not be sent.

use super::{Sheet, below, legend_list, load, outcome, review, script, supports};
use crate::model::{Item, SampleId};
use crate::pages::{done, drawn_early, heading, href, id, paragraph, sentences, word};
use crate::permits::PerformTests;
use crate::rules::item::ItemState;
use crate::sheets::service::{self, Entered, Entry};
use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse;
use kernel::ids::{EngagementId, EventId};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::db::Error;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Button, CSRF_FIELD, Html, Note, Page, Tone, buttons, facts, fold};
use platform::words::Words;
use serde_json::json;
use std::collections::BTreeMap;

/// Rows of a sheet on one page.
const ROWS: usize = 100;
/// What the script says, each with a word of its own.
const SAID: [&str; 9] = [
    "saved",
    "kept",
    "sending",
    "signed-out",
    "mine",
    "theirs",
    "restored",
    "incomplete",
    "unknown",
];

/// What was typed in one row.
#[derive(Debug, Clone, Default)]
struct Typed {
    seen: Option<EventId>,
    marks: BTreeMap<String, String>,
    note: Option<String>,
}

/// Reads the fields `seen.3`, `m.3.A` and `note.3`.
fn typed(pairs: &Pairs) -> BTreeMap<i64, Typed> {
    let mut rows: BTreeMap<i64, Typed> = BTreeMap::new();
    for (name, value) in &pairs.0 {
        let mut parts = name.splitn(3, '.');
        let (what, row, rest) = (parts.next(), parts.next(), parts.next());
        let Some(row) = row.and_then(|r| r.parse::<i64>().ok()) else { continue };
        let row = rows.entry(row).or_default();
        match (what, rest) {
            (Some("seen"), None) => row.seen = value.parse().ok(),
            (Some("m"), Some(letter)) => {
                row.marks.insert(letter.to_owned(), value.trim().to_owned());
            }
            (Some("note"), None) => row.note = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    rows
}

/// Whether a row can be typed in: replaced and unavailable items have no marks.
fn takes_marks(item: &Item) -> bool {
    !matches!(item.facts.state, ItemState::Replaced | ItemState::Unavailable)
}

fn cell(sheet: &Sheet, item: &Item, letter: &str, typed: Option<&Typed>) -> String {
    let key = match typed.and_then(|t| t.marks.get(letter)) {
        Some(typed) => typed.clone(),
        None => sheet.key(item, letter).unwrap_or_default(),
    };
    let sign = sheet.sign_of(&key.to_ascii_uppercase());
    format!(
        "<td><span class=\"mark\"><input name=\"m.{}.{letter}\" value=\"{}\" maxlength=\"12\" autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" aria-label=\"{} {letter}\" data-mark=\"{letter}\"><span class=\"sign\" aria-hidden=\"true\">{}</span></span></td>",
        item.position,
        Html::text(&key),
        Html::text(&item.facts.id),
        Html::text(sign),
    )
}

fn fixed_cell(sheet: &Sheet, item: &Item, letter: &str) -> String {
    let key = sheet.key(item, letter).unwrap_or_default();
    let sign = Html::text(sheet.sign_of(&key));
    format!("<td><span class=\"sign\">{sign}</span> {}</td>", Html::text(&key))
}

fn row(w: Words, sheet: &Sheet, item: &Item, typed: Option<&Typed>, may: bool) -> String {
    let may = may && takes_marks(item);
    let name =
        |actor: &Option<String>| actor.as_deref().map_or_else(String::new, |a| sheet.names.of(a));
    let cells = sheet.letters().into_iter().map(|letter| {
        if may { cell(sheet, item, letter, typed) } else { fixed_cell(sheet, item, letter) }
    });
    let marks: String = cells.collect();
    let note = typed.and_then(|t| t.note.clone()).unwrap_or_else(|| item.note.clone());
    let note = if may {
        format!(
            "<input class=\"row-note\" name=\"note.{}\" value=\"{}\" maxlength=\"2000\" aria-label=\"{}\" data-note>",
            item.position,
            Html::text(&note),
            Html::text(&w.t1("sheets-note-of", "item", item.facts.id.clone())),
        )
    } else {
        Html::text(&note).to_string()
    };
    let about = |n: &&crate::sheets::model::ReviewNote| {
        n.is_open() && n.item.as_deref() == Some(item.facts.id.as_str())
    };
    let asked = match sheet.notes.iter().filter(about).count() {
        0 => String::new(),
        n => {
            let said = Html::text(&w.t1("sheets-notes-n", "count", n));
            format!(" <span class=\"badge\">{said}</span>")
        }
    };
    format!(
        "<tr data-row=\"{position}\"><td class=\"number\">{position}</td><th scope=\"row\"><a href=\"{to}\">{id}</a>{asked}<input type=\"hidden\" name=\"seen.{position}\" value=\"{seen}\" data-seen></th>{marks}<td>{note}</td><td>{evidence}</td><td data-outcome>{outcome}</td><td>{tested}</td><td>{reviewed}</td></tr>",
        position = item.position,
        to = sheet.href(&format!("/items/{}", item.position)),
        id = Html::text(&item.facts.id),
        seen = typed.and_then(|t| t.seen).unwrap_or(item.event),
        outcome = Html::from(outcome(w, item)),
        evidence = Html::text(&w.t1("sheets-evidence-n", "count", sheet.evidence(item).len())),
        tested = Html::text(&name(&item.tested_by)),
        reviewed = Html::text(&name(&item.reviewed_by)),
    )
}

fn table(
    w: Words,
    sheet: &Sheet,
    shown: &[Item],
    typed: &BTreeMap<i64, Typed>,
    may: bool,
) -> String {
    let head = |text: &str| format!("<th scope=\"col\">{}</th>", Html::text(text));
    let mut heads =
        format!("<th scope=\"col\" class=\"number\">#</th>{}", head(&w.t("examination-item")));
    for attribute in &sheet.test.plan.attributes {
        heads.push_str(&head(&attribute.letter));
    }
    for key in [
        "examination-note",
        "sheets-evidence",
        "examination-result",
        "examination-tested-by",
        "examination-reviewed-by",
    ] {
        heads.push_str(&head(&w.t(key)));
    }
    let rows: String =
        shown.iter().map(|i| row(w, sheet, i, typed.get(&i.position), may)).collect();
    format!(
        "<div class=\"scroll wide\" role=\"region\" aria-labelledby=\"sheet-caption\" tabindex=\"0\"><table class=\"sheet\"><caption id=\"sheet-caption\">{}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>",
        Html::text(&w.t("examination-items-sheet")),
    )
}

/// The form around the table, with the words that the script says.
fn grid(cx: &Cx, sheet: &Sheet, shown: &[Item], typed: &BTreeMap<i64, Typed>) -> Html {
    let w = cx.w;
    let may = cx.can::<PerformTests>();
    let table = table(w, sheet, shown, typed, may);
    if !may {
        return Html::trusted(table);
    }
    let legend: BTreeMap<&str, &str> =
        sheet.legend.marks.iter().map(|m| (m.key.as_str(), m.sign.as_str())).collect();
    let words: BTreeMap<&str, String> =
        SAID.iter().map(|k| (*k, w.t(&format!("sheets-say-{k}")))).collect();
    let who = cx.actor().map(kernel::party::Actor::name).unwrap_or_default();
    let data = |value: serde_json::Result<String>| Html::text(&value.unwrap_or_default());
    Html::trusted(format!(
        "<form class=\"sheet-form\" method=\"post\" action=\"{action}\" novalidate data-sheet=\"{sample}\" data-who=\"{who}\" data-legend=\"{legend}\" data-words=\"{words}\"><input type=\"hidden\" name=\"{CSRF_FIELD}\" value=\"{csrf}\"><p class=\"sheet-state\" role=\"status\" data-state></p>{table}<div class=\"submit\"><button type=\"submit\" class=\"button primary\">{save}</button></div></form>",
        action = sheet.href("/entries"),
        sample = sheet.sample.id,
        who = Html::text(&who),
        legend = data(serde_json::to_string(&legend)),
        words = data(serde_json::to_string(&words)),
        csrf = Html::text(&cx.shell().csrf),
        save = Html::text(&w.t("sheets-save")),
    ))
}

fn answer(w: Words, sheet: &Sheet) -> String {
    w.t2("examination-sheet-answer", "open", sheet.open(), "of", sheet.items.len())
}

/// Which rows a page shows, and the links to the others.
fn window<'a>(cx: &Cx, sheet: &'a Sheet) -> (&'a [Item], Option<Html>) {
    let all = &sheet.items;
    if all.len() <= ROWS {
        return (all, None);
    }
    let from = cx.param("from").and_then(|f| f.parse::<usize>().ok()).unwrap_or(1).max(1) - 1;
    let from = (from / ROWS * ROWS).min((all.len() - 1) / ROWS * ROWS);
    let to = (from + ROWS).min(all.len());
    let links = (0..all.len().div_ceil(ROWS)).map(|n| {
        let first = n * ROWS + 1;
        let label = format!("{first} – {}", (n * ROWS + ROWS).min(all.len()));
        Html::from(Button::link(sheet.href(&format!("?from={first}")), label).quiet())
    });
    (all.get(from..to).unwrap_or_default(), Some(buttons(links)))
}

/// Months that the selection leaves out: said, never repaired by selecting again.
fn uncovered(w: Words, sheet: &Sheet) -> Option<Html> {
    let months: Vec<String> = sheet
        .sample
        .body
        .notes
        .uncovered
        .iter()
        .map(|m| w.t2("sheets-uncovered-month", "month", m.month.clone(), "count", m.population))
        .collect();
    (!months.is_empty()).then(|| {
        let said = sentences(&months).and(paragraph(&w.t("sheets-uncovered-why")));
        Note::new(Tone::Attention, w.t("sheets-uncovered"), said).into()
    })
}

/// How anybody derives the same items: from the population, the seed and the method.
fn recipe(w: Words, sheet: &Sheet) -> Html {
    let body = &sheet.sample.body;
    let method = word(w, "method", body.method.as_str());
    let mut pairs = vec![(w.t("examination-method"), Html::text(&method))];
    let code = |value: &Option<String>| value.as_deref().map(Html::code);
    let strata = body.notes.strata_minimum;
    let run = body
        .notes
        .block
        .as_ref()
        .map(|b| Html::text(&format!("{}: {} – {}", b.column, b.from, b.to)));
    for (key, value) in [
        ("examination-population-hash", code(&body.population_sha256)),
        ("examination-seed", code(&body.seed)),
        ("examination-seed-drawn", body.seed_drawn_at.map(|at| Html::code(&at.to_rfc3339()))),
        ("examination-seed-source", body.notes.given_source().map(Html::text)),
        ("examination-effective-seed", code(&body.effective_seed)),
        ("examination-strata-column", body.strata_column.as_deref().map(Html::text)),
        ("examination-strata-minimum", (strata > 0).then(|| Html::text(&w.number(strata)))),
        ("examination-block-run", run),
        ("examination-reason", body.reason.as_deref().map(Html::text)),
    ] {
        pairs.extend(value.map(|v| (w.t(key), v)));
    }
    let mut out = facts(pairs);
    if let Some(seed) = &body.effective_seed {
        let column = body.strata_column.as_ref();
        let column = column.map_or_else(String::new, |c| format!(" --strata-column {c}"));
        let minimum = if strata > 0 { format!(" --minimum {strata}") } else { String::new() };
        let command = format!(
            "tickmark sample select --method {} --seed {seed} --size {} --ids POPULATION{column}{minimum}",
            body.method.as_str(),
            body.selected.len(),
        );
        out = out
            .and(paragraph(&w.t("sheets-recipe-how")))
            .and(Html::trusted(format!("<pre><code>{}</code></pre>", Html::text(&command))));
    } else {
        out = out.and(paragraph(&w.t("sheets-recipe-apart")));
    }
    out
}

fn page(cx: &Cx, sheet: &Sheet, typed: &BTreeMap<i64, Typed>, faults: &[String]) -> Page {
    let w = cx.w;
    let code = sheet.test.plan.code.clone();
    let mut shell =
        below(cx, sheet, w.t1("examination-sheet-title", "code", code)).answer(answer(w, sheet));
    if cx.can::<PerformTests>() {
        shell = shell
            .action(Button::link(sheet.href("/paste"), w.t("sheets-paste")))
            .action(Button::link(sheet.href("/matches"), w.t("sheets-match")));
    }
    let attributes: Vec<String> =
        sheet.test.plan.attributes.iter().map(|a| format!("{}: {}", a.letter, a.text)).collect();
    let mut page = Page::new(shell)
        .part(sentences(&attributes))
        .part(paragraph(&supports(w, sheet.test.plan.procedure)));
    if !faults.is_empty() {
        let said = sentences(faults);
        page = page.part(Note::new(Tone::Attention, w.t("sheets-not-recorded"), said));
    }
    if let Some(early) = drawn_early(w, &sheet.papers, &sheet.sample.body) {
        page = page.part(early);
    }
    if let Some(bare) = uncovered(w, sheet) {
        page = page.part(bare);
    }
    let (shown, links) = window(cx, sheet);
    page = page.part(grid(cx, sheet, shown, typed));
    if let Some(links) = links {
        page = page.part(links);
    }
    let keys = legend_list(w, &sheet.legend)
        .and(paragraph(&w.t("sheets-keys")))
        .and(Html::link("/examination/legend", w.t("sheets-legend-link")));
    page = page.part(fold(&w.t("sheets-legend"), true, keys));
    page = page.part(fold(&w.t("sheets-recipe"), false, recipe(w, sheet)));
    page = page.part(heading(&w.t("sheets-review")));
    for part in review::parts(cx, sheet) {
        page = page.part(part);
    }
    page.part(script("sheet.js"))
}

/// `GET /examination/{engagement}/samples/{sample}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn sheet(cx: Cx, Path((engagement, sample)): Path<(String, String)>) -> Answer {
    let sheet = load(&cx, id(&engagement)?, id(&sample)?).await?;
    cx.page(&page(&cx, &sheet, &BTreeMap::new(), &[]))
}

/// What is to be recorded: rows in which something was typed that is not recorded already.
fn asked(sheet: &Sheet, rows: &BTreeMap<i64, Typed>) -> Vec<(i64, Entry)> {
    let mut out = Vec::new();
    for (position, row) in rows {
        let Some(item) = sheet.items.iter().find(|i| i.position == *position) else { continue };
        let note = row.note.clone().unwrap_or_else(|| item.note.clone());
        let typed = row.marks.values().any(|m| !m.is_empty());
        let as_recorded = note == item.note
            && sheet.letters().iter().all(|l| {
                let known = sheet.key(item, l).unwrap_or_default();
                row.marks.get(*l).is_none_or(|m| m.eq_ignore_ascii_case(&known))
            });
        let untouched = !typed && item.tested_by.is_none() && note.is_empty();
        if as_recorded || untouched || !takes_marks(item) {
            continue;
        }
        let entry = Entry {
            item: item.facts.id.clone(),
            seen: row.seen,
            marks: row.marks.clone(),
            state: ItemState::Tested,
            alternative: None,
            replacement: None,
            note,
            evidence: None,
        };
        out.push((*position, entry));
    }
    out
}

type Done = (i64, Result<Entered, Refusal>);

async fn record(
    cx: &Cx,
    engagement: EngagementId,
    sample: SampleId,
    asked: Vec<(i64, Entry)>,
) -> Result<Vec<Done>, Failure> {
    cx.write(move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<PerformTests>(actor, &facts)?;
        let mut out = Vec::new();
        for (position, entry) in &asked {
            // A refusal comes before anything of its row is written: the other rows are recorded.
            match service::enter(tx, env, &permit, sample, entry) {
                Ok(entered) => out.push((*position, Ok(entered))),
                Err(Error::Refused(refusal)) => out.push((*position, Err(refusal))),
                Err(other) => return Err(other),
            }
        }
        Ok(out)
    })
    .await
}

/// What the script is told of a row.
fn told(w: Words, sheet: &Sheet, position: i64, refusal: Option<&Refusal>) -> serde_json::Value {
    let Ok(item) = sheet.item(position) else { return json!({ "position": position }) };
    let key = |letter: &str| sheet.key(item, letter).unwrap_or_default();
    let marks: BTreeMap<&str, String> = sheet.letters().into_iter().map(|l| (l, key(l))).collect();
    json!({
        "position": position,
        "saved": refusal.is_none(),
        "conflict": matches!(refusal, Some(Refusal::State(_))),
        "message": refusal.map(ToString::to_string),
        "seen": item.event,
        "marks": marks,
        "note": item.note,
        "outcome": Html::from(outcome(w, item)).to_string(),
    })
}

/// `POST /examination/{engagement}/samples/{sample}/entries`: the rows of the sheet, from the form or
/// one by one from the script.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn entries(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample) = (id(&engagement)?, id(&sample)?);
    let before = load(&cx, engagement, sample).await?;
    cx.may::<PerformTests>()?;
    let rows = typed(&pairs);
    let recorded = record(&cx, engagement, sample, asked(&before, &rows)).await?;
    let w = cx.w;
    let after = load(&cx, engagement, sample).await?;
    if cx.wants_json() {
        let refused = |position: &i64| {
            recorded.iter().find(|(p, _)| p == position).and_then(|(_, r)| r.as_ref().err())
        };
        let told: Vec<_> = rows.keys().map(|p| told(w, &after, *p, refused(p))).collect();
        return Ok(Json(json!({ "rows": told, "answer": answer(w, &after) })).into_response());
    }
    let faults: Vec<String> =
        recorded.iter().filter_map(|(_, r)| r.as_ref().err()).map(ToString::to_string).collect();
    if faults.is_empty() {
        let to = href(engagement, &format!("/samples/{sample}"));
        return done(&cx, &to, "sheets-saved").await;
    }
    let kept: BTreeMap<i64, Typed> = rows
        .into_iter()
        .filter(|(p, _)| recorded.iter().any(|(q, r)| p == q && r.is_err()))
        .collect();
    cx.page_again(&page(&cx, &after, &kept, &faults))
}
