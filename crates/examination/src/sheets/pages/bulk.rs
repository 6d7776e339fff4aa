//! A block pasted from a spreadsheet, and evidence matched to items: each shown before it is recorded.

use super::{Sheet, below, load, vault};
use crate::model::SampleId;
use crate::pages::{done, heading, id, paragraph, sentences};
use crate::permits::PerformTests;
use crate::rules::item::ItemState;
use crate::sheets::events::Matched;
use crate::sheets::rules::matching::{By, Candidate, Proposal, propose};
use crate::sheets::rules::paste::{self as block, PasteFault, PastedRow, Shape};
use crate::sheets::service::{self, Entered, Entry};
use axum::extract::Path;
use evidence::model::EvidenceId;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    CSRF_FIELD, Column, Empty, Field, Form, Html, Kind, Note, Page, Row, Table, Tone,
};

/// The longest block, in bytes.
const BLOCK_MAX: usize = 400_000;
/// The longest text that is searched for keys, in bytes, and how many texts.
const SEARCHED_BYTES_MAX: u64 = 1_000_000;
const SEARCHED_MAX: usize = 200;

fn fields(cx: &Cx, sheet: &Sheet) -> Form {
    let w = cx.w;
    Form::post(w, sheet.href("/paste"), &cx.shell().csrf, w.t("sheets-preview"))
        .cancel(sheet.href(""))
        .field(
            Field::new(w, "block", w.t("sheets-block"), Kind::Area(12))
                .hint(w.t1("sheets-block-hint", "letters", sheet.letters().join(", ")))
                .required()
                .max(BLOCK_MAX),
        )
        .field(
            Field::new(w, "start", w.t("sheets-block-start"), Kind::Number)
                .hint(w.t("sheets-block-start-hint")),
        )
}

fn paste_page(cx: &Cx, sheet: &Sheet, parts: Vec<Html>) -> Page {
    let w = cx.w;
    let code = sheet.test.plan.code.clone();
    let shell = below(cx, sheet, w.t1("sheets-paste-title", "code", code))
        .answer(w.t("sheets-paste-answer"));
    parts.into_iter().fold(Page::new(shell), Page::part)
}

/// `GET /examination/{engagement}/samples/{sample}/paste`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn paste_form(cx: Cx, Path((engagement, sample)): Path<(String, String)>) -> Answer {
    let sheet = load(&cx, id(&engagement)?, id(&sample)?).await?;
    cx.may::<PerformTests>()?;
    let form = fields(&cx, &sheet);
    cx.page(&paste_page(&cx, &sheet, vec![form.into()]))
}

fn fault_table(cx: &Cx, faults: &[PasteFault]) -> Html {
    let w = cx.w;
    let columns = ["sheets-row", "sheets-column", "sheets-wrong"].map(|k| Column::new(w.t(k)));
    let rows = faults.iter().take(200).map(|f| {
        Row::new(vec![
            w.number(u64::try_from(f.row).unwrap_or_default()).into(),
            (&f.column).into(),
            (&f.message).into(),
        ])
    });
    Table::new(w, "faults", w.t1("sheets-faults", "count", faults.len()), columns.to_vec())
        .rows(rows)
        .into()
}

/// What would be recorded, each row beside what is recorded now, with the button that records it.
fn preview(cx: &Cx, sheet: &Sheet, rows: &[PastedRow], form: &Form) -> Html {
    let w = cx.w;
    let mut columns = vec![Column::new(w.t("examination-item"))];
    columns.extend(sheet.letters().into_iter().map(Column::new));
    columns.push(Column::new(w.t("examination-note")));
    columns.push(Column::new(w.t("sheets-now")));
    let lines = rows.iter().map(|r| {
        let mut cells = vec![Html::id(&r.item).into()];
        for letter in sheet.letters() {
            let key = r.marks.get(letter).cloned().unwrap_or_default();
            cells.push(format!("{} {key}", sheet.sign_of(&key)).into());
        }
        cells.push((&r.note).into());
        let item = sheet.items.iter().find(|i| i.facts.id == r.item);
        let now: Vec<String> = item.map_or_else(Vec::new, |i| {
            sheet.letters().into_iter().filter_map(|l| sheet.key(i, l)).collect()
        });
        cells.push(if now.is_empty() { "–".to_owned() } else { now.join(" ") }.into());
        Row::new(cells)
    });
    let caption = w.t1("sheets-preview-rows", "count", rows.len());
    let table = Table::new(w, "preview", caption, columns).rows(lines);
    let seen: String = rows
        .iter()
        .filter_map(|r| sheet.items.iter().find(|i| i.facts.id == r.item))
        .map(|i| format!("{} ", i.event))
        .collect();
    let record = Form::post(w, sheet.href("/paste"), &cx.shell().csrf, w.t("sheets-record"))
        .apart("record")
        .hide("block", form.typed("block"))
        .hide("start", form.typed("start"))
        .hide("seen", seen)
        .hide("record", "yes");
    Html::from(table).and(record)
}

/// `POST /examination/{engagement}/samples/{sample}/paste`: the preview, and with `record` the record.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn paste(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    let sheet = load(&cx, engagement, sample).await?;
    cx.may::<PerformTests>()?;
    let mut form = fields(&cx, &sheet);
    form.fill(&pairs.0);
    form.check();
    if !form.ok() {
        return cx.page_again(&paste_page(&cx, &sheet, vec![form.into()]));
    }
    let items: Vec<&str> = sheet.items.iter().map(|i| i.facts.id.as_str()).collect();
    let letters = sheet.letters();
    let start = form.typed("start").parse().ok();
    // The text as it was sent: the form trims what is typed, and a first cell may be empty.
    let text = pairs.get("block").unwrap_or_default();
    let shape = Shape { attributes: &letters, items: &items, start };
    match block::read(text, &sheet.legend, shape) {
        Err(faults) => {
            let note = Note::new(Tone::Attention, cx.w.t("sheets-nothing-taken"), Html::default());
            let parts = vec![note.into(), fault_table(&cx, &faults), form.into()];
            cx.page_again(&paste_page(&cx, &sheet, parts))
        }
        Ok(rows) if pairs.get("record").is_some() => {
            record(&cx, engagement, &sheet, rows, &pairs).await
        }
        Ok(rows) => {
            let parts = vec![preview(&cx, &sheet, &rows, &form), form.into()];
            cx.page(&paste_page(&cx, &sheet, parts))
        }
    }
}

async fn record(
    cx: &Cx,
    engagement: EngagementId,
    sheet: &Sheet,
    rows: Vec<PastedRow>,
    pairs: &Pairs,
) -> Answer {
    let seen: Vec<_> =
        pairs.get("seen").unwrap_or_default().split(' ').filter_map(|s| s.parse().ok()).collect();
    let sample = sheet.sample.id;
    let entries: Vec<Entry> = (0..)
        .zip(rows)
        .map(|(n, row)| Entry {
            item: row.item,
            seen: seen.get::<usize>(n).copied(),
            marks: row.marks,
            state: ItemState::Tested,
            alternative: None,
            replacement: None,
            note: row.note,
            evidence: None,
        })
        .collect();
    // All or nothing: what was previewed is what is recorded.
    let recorded = cx
        .write(move |tx, env, actor| {
            let permit = authorize::<PerformTests>(actor, &scope::facts(tx, engagement)?)?;
            let mut count = 0;
            for entry in &entries {
                let entered = service::enter(tx, env, &permit, sample, entry)?;
                count += usize::from(entered != Entered::Same);
            }
            Ok(count)
        })
        .await;
    match recorded {
        Ok(_) => done(cx, &sheet.href(""), "sheets-saved").await,
        Err(Failure::Refused(refusal)) => {
            let mut form = fields(cx, sheet);
            form.fill(&pairs.0);
            form.error("block", refusal.to_string());
            cx.page_again(&paste_page(cx, sheet, vec![form.into()]))
        }
        Err(other) => Err(other),
    }
}

/// Files of the vault with the text of those that are text, as far as it is searched.
async fn candidates(cx: &Cx, sheet: &Sheet) -> Result<Vec<Candidate<EvidenceId>>, Failure> {
    let vault = vault(cx, sheet).await?;
    let mut out = Vec::with_capacity(vault.len());
    let mut searched = 0;
    for item in vault {
        let is_text = item.media_type.starts_with("text/");
        let text = if is_text && item.bytes <= SEARCHED_BYTES_MAX && searched < SEARCHED_MAX {
            searched += 1;
            let (blobs, name, max) = (cx.app.blobs.clone(), item.sha256.clone(), item.bytes);
            let read = cx.app.blocking(move || blobs.read(&name, max)).await?;
            read.ok().and_then(|bytes| String::from_utf8(bytes).ok())
        } else {
            None
        };
        out.push(Candidate { id: item.id, name: item.name, text });
    }
    Ok(out)
}

fn match_rows(
    cx: &Cx,
    sheet: &Sheet,
    files: &[Candidate<EvidenceId>],
    found: &[Proposal<EvidenceId>],
) -> String {
    let w = cx.w;
    found
        .iter()
        .map(|p| {
            let name = files.iter().find(|f| f.id == p.evidence).map_or("", |f| f.name.as_str());
            let why = match p.by {
                By::Name => w.t("sheets-by-name"),
                By::Text => w.t("sheets-by-text"),
            };
            let item = sheet.items.iter().find(|i| i.facts.id == p.item);
            let there = item.is_some_and(|i| sheet.evidence(i).contains(&p.evidence));
            let tick = if there {
                Html::text(&w.t("sheets-matched-already")).to_string()
            } else {
                let value = format!("{}\u{1f}{}", p.evidence, p.item);
                format!(
                    "<label class=\"choice\"><input type=\"checkbox\" name=\"pair\" value=\"{}\" checked> <span>{}</span></label>",
                    Html::text(&value),
                    Html::text(&w.t("sheets-take")),
                )
            };
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}{}</td><td>{tick}</td></tr>",
                Html::text(&p.item),
                Html::text(name),
                Html::text(&why),
                p.line.as_ref().map_or_else(String::new, |l| format!("<br><code>{}</code>", Html::text(l))),
            )
        })
        .collect()
}

/// `GET /examination/{engagement}/samples/{sample}/matches`: which evidence belongs to which item.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn matches(cx: Cx, Path((engagement, sample)): Path<(String, String)>) -> Answer {
    let sheet = load(&cx, id(&engagement)?, id(&sample)?).await?;
    cx.may::<PerformTests>()?;
    let w = cx.w;
    let files = candidates(&cx, &sheet).await?;
    let items: Vec<&str> = sheet.items.iter().map(|i| i.facts.id.as_str()).collect();
    let found = propose(&items, &files);
    let without = sheet
        .items
        .iter()
        .filter(|i| sheet.evidence(i).is_empty() && !found.iter().any(|p| p.item == i.facts.id))
        .map(|i| i.facts.id.clone())
        .collect::<Vec<_>>();
    let shell =
        below(&cx, &sheet, w.t1("sheets-match-title", "code", sheet.test.plan.code.clone()))
            .answer(w.t2("sheets-match-answer", "count", found.len(), "without", without.len()));
    let mut page = Page::new(shell);
    if found.is_empty() {
        page = page.part(Empty::new(w.t("sheets-match-none"), w.t("sheets-match-none-next")));
    } else {
        let heads: String =
            ["examination-item", "sheets-evidence", "sheets-why", "sheets-take-head"]
                .map(|k| format!("<th scope=\"col\">{}</th>", Html::text(&w.t(k))))
                .concat();
        page = page.part(Html::trusted(format!(
            "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"{CSRF_FIELD}\" value=\"{}\"><div class=\"scroll\" role=\"region\" aria-labelledby=\"matches-caption\" tabindex=\"0\"><table><caption id=\"matches-caption\">{}</caption><thead><tr>{heads}</tr></thead><tbody>{}</tbody></table></div><div class=\"submit\"><button type=\"submit\" class=\"button primary\">{}</button></div></form>",
            sheet.href("/matches"),
            Html::text(&cx.shell().csrf),
            Html::text(&w.t("sheets-match-proposed")),
            match_rows(&cx, &sheet, &files, &found),
            Html::text(&w.t("sheets-match-confirm")),
        )));
    }
    if !without.is_empty() {
        page = page.part(heading(&w.t("sheets-match-without"))).part(sentences(&without));
        page = page.part(paragraph(&w.t("sheets-match-without-next")));
    }
    cx.page(&page)
}

/// `POST /examination/{engagement}/samples/{sample}/matches`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn confirm_matches(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    let sheet = load(&cx, engagement, sample).await?;
    cx.may::<PerformTests>()?;
    let mut chosen = Vec::new();
    for (_, value) in pairs.0.iter().filter(|(name, _)| name == "pair") {
        let (evidence, item) = value.split_once('\u{1f}').ok_or_else(super::nothing)?;
        chosen.push(Matched { item: item.to_owned(), evidence: id(evidence)? });
    }
    cx.write(move |tx, env, actor| {
        let permit = authorize::<PerformTests>(actor, &scope::facts(tx, engagement)?)?;
        service::match_evidence(tx, env, &permit, sample, &chosen)
    })
    .await?;
    done(&cx, &sheet.href(""), "sheets-matched").await
}
