//! One item beside its evidence: what must hold on the left, what shows it on the right.

use super::{Sheet, below, document, load, outcome, supports, vault};
use crate::model::{Item, SampleId};
use crate::pages::{done, heading, id, onto, paragraph, word};
use crate::permits::PerformTests;
use crate::rules::item::{ItemOutcome, ItemState, Replacement, ReplacementReason, item_outcome};
use crate::sheets::service::{self, Entered, Entry};
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use evidence::model::{EvidenceId, EvidenceItem};
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, CONTENT_SECURITY_POLICY, Cx, Failure, Pairs};
use platform::ui::{Button, Choice, Field, Form, Html, Kind, Page, Shell, buttons, fold};
use platform::words::Words;
use std::collections::BTreeMap;

/// Evidence offered by boxes; beyond, it is named by its id.
const OFFERED: usize = 30;
/// Of these, such as bear on no control or on another one.
const OTHERS: usize = 6;

fn mark_fields(w: Words, sheet: &Sheet, item: &Item, mut form: Form) -> Form {
    let marks: Vec<Choice> = sheet
        .legend
        .marks
        .iter()
        .map(|m| Choice::new(m.key.clone(), format!("{} {} {}", m.key, m.sign, m.meaning)))
        .collect();
    for attribute in &sheet.test.plan.attributes {
        let letter = &attribute.letter;
        let field = Field::new(
            w,
            format!("m.{letter}"),
            format!("{letter}: {}", attribute.text),
            Kind::Select(marks.clone()),
        );
        form = form.field(field.value(sheet.key(item, letter).unwrap_or_default()));
    }
    form
}

fn evidence_field(w: Words, sheet: &Sheet, item: &Item, vault: &[EvidenceItem]) -> Field {
    let mine = sheet.evidence(item);
    let control = &sheet.test.plan.control;
    let bears = |e: &&EvidenceItem| !mine.contains(&e.id) && e.controls.contains(control);
    let other = |e: &&EvidenceItem| !mine.contains(&e.id) && !e.controls.contains(control);
    let offered: Vec<&EvidenceItem> = vault
        .iter()
        .filter(|e| mine.contains(&e.id))
        .chain(vault.iter().filter(bears).take(OFFERED))
        .chain(vault.iter().filter(other).take(OTHERS))
        .collect();
    let boxes = offered.iter().map(|e| Choice::new(e.id.to_string(), e.name.clone()));
    Field::new(w, "evidence", w.t("sheets-evidence-looked"), Kind::Boxes(boxes.collect()))
        .values(mine.iter().map(ToString::to_string))
}

fn item_form(shell: &Shell, sheet: &Sheet, item: &Item, vault: &[EvidenceItem]) -> Form {
    let w = shell.w;
    let action = sheet.href(&format!("/items/{}", item.position));
    let states = [ItemState::Tested, ItemState::Unavailable]
        .map(|s| Choice::new(s.word(), word(w, "item", s.word())));
    let state = match item.facts.state {
        ItemState::Unavailable => ItemState::Unavailable,
        _ => ItemState::Tested,
    };
    let alternative = item
        .facts
        .attributes
        .iter()
        .find_map(|a| a.accepted_alternative.clone())
        .unwrap_or_default();
    let form = Form::post(w, action, &shell.csrf, w.t("sheets-save-next"))
        .hide("seen", item.event.to_string());
    mark_fields(w, sheet, item, form)
        .field(
            Field::new(w, "note", w.t("examination-note"), Kind::Area(2))
                .max(2_000)
                .value(item.note.clone()),
        )
        .field(evidence_field(w, sheet, item, vault))
        .field(
            Field::new(w, "state", w.t("examination-item-state"), Kind::Radio(states.to_vec()))
                .required()
                .value(state.word()),
        )
        .field(
            Field::new(w, "alternative", w.t("examination-alternative"), Kind::Text)
                .hint(w.t("examination-alternative-hint"))
                .max(1_000)
                .value(alternative),
        )
}

/// Replacing an item: by the next of the ranking, or by one that the tester names where no seed ranks.
pub(super) fn replace_form(shell: &Shell, sheet: &Sheet, item: &Item) -> Form {
    let w = shell.w;
    let action = sheet.href(&format!("/items/{}/replace", item.position));
    let reasons = ReplacementReason::ALL
        .iter()
        .map(|r| Choice::new(r.word(), word(w, "replacement", r.word())));
    let mut form = Form::post(w, action, &shell.csrf, w.t("sheets-replace"))
        .apart("replace")
        .field(
            Field::new(
                w,
                "reason",
                w.t("examination-replacement"),
                Kind::Select(reasons.collect()),
            )
            .required(),
        )
        .field(
            Field::new(w, "note", w.t("sheets-replace-shown"), Kind::Area(2)).required().max(2_000),
        );
    if !sheet.sample.body.method.is_derived() {
        form = form.field(
            Field::new(w, "by", w.t("examination-replaced-by"), Kind::Text).required().max(300),
        );
    }
    form
}

fn around(w: Words, sheet: &Sheet, item: &Item) -> Html {
    let at = |position: i64| {
        let near = sheet.items.iter().find(|i| i.position == position)?;
        Some((sheet.href(&format!("/items/{position}")), near.facts.id.clone()))
    };
    let back = at(item.position - 1)
        .map(|(to, id)| Html::from(Button::link(to, format!("← {id}")).quiet()));
    let next = at(item.position + 1)
        .map(|(to, id)| Html::from(Button::link(to, format!("{id} →")).quiet()));
    let all = Html::from(Button::link(sheet.href(""), w.t("sheets-back")).quiet());
    buttons([back, Some(all), next].into_iter().flatten())
}

async fn page(
    cx: &Cx,
    sheet: &Sheet,
    item: &Item,
    vault: &[EvidenceItem],
    form: Form,
) -> Result<Page, Failure> {
    let w = cx.w;
    let shell = below(cx, sheet, w.t1("sheets-item-title", "item", item.facts.id.clone()));
    let shell = shell.answer(Html::from(outcome(w, item)).and(Html::text(&format!(
        " {}",
        w.t2("sheets-item-answer", "n", item.position, "of", sheet.items.len())
    ))));
    let mut left = around(w, sheet, item).and(paragraph(&supports(w, sheet.test.plan.procedure)));
    let fixed = item.facts.state == ItemState::Replaced;
    if cx.can::<PerformTests>() && !fixed {
        left = left.and(form);
        let replace = replace_form(&cx.shell(), sheet, item);
        let said = if sheet.sample.body.method.is_derived() {
            paragraph(&w.t("sheets-replace-ranked"))
        } else {
            Html::default()
        };
        left = left.and(fold(&w.t("sheets-replace-title"), false, said.and(replace)));
    }
    if let Some(replacement) = &item.facts.replacement {
        left = left.and(paragraph(&w.t2(
            "sheets-replaced-by",
            "reason",
            word(w, "replacement", replacement.reason.word()),
            "item",
            replacement.by.clone(),
        )));
    }
    let right = heading(&w.t("sheets-evidence")).and(document::pane(cx, sheet, item, vault).await?);
    let both = Html::trusted(format!(
        "<div class=\"two-pane\"><div>{left}</div><div class=\"pane\">{right}</div></div>"
    ));
    Ok(Page::new(shell).part(both).part(super::script("sheet.js")))
}

/// A page that may show a PDF of our own in a frame, and nothing else beyond the common policy.
fn framing(answer: Answer) -> Answer {
    let mut response = answer?;
    let policy = format!("{CONTENT_SECURITY_POLICY}; frame-src 'self'");
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
    }
    Ok(response)
}

/// `GET /examination/{engagement}/samples/{sample}/items/{position}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn item(
    cx: Cx,
    Path((engagement, sample, position)): Path<(String, String, i64)>,
) -> Answer {
    let sheet = load(&cx, id(&engagement)?, id(&sample)?).await?;
    let item = sheet.item(position)?;
    let vault = vault(&cx, &sheet).await?;
    let form = item_form(&cx.shell(), &sheet, item, &vault);
    framing(cx.page(&page(&cx, &sheet, item, &vault, form).await?))
}

fn entry(form: &Form, sheet: &Sheet, item: &Item) -> Entry {
    let marks: BTreeMap<String, String> = sheet
        .letters()
        .into_iter()
        .map(|l| (l.to_owned(), form.typed(&format!("m.{l}")).to_owned()))
        .collect();
    let evidence: Vec<EvidenceId> =
        form.ticked("evidence").iter().filter_map(|e| e.parse().ok()).collect();
    Entry {
        item: item.facts.id.clone(),
        seen: form.hidden("seen").and_then(|s| s.parse().ok()),
        marks,
        state: form.typed("state").parse().unwrap_or(ItemState::Tested),
        alternative: Some(form.typed("alternative").to_owned()).filter(|a| !a.is_empty()),
        replacement: None,
        note: form.typed("note").to_owned(),
        evidence: Some(evidence),
    }
}

/// The next item without a result after this one, else the sheet.
fn onward(sheet: &Sheet, item: &Item) -> String {
    let open = |i: &&Item| {
        i.position != item.position
            && matches!(item_outcome(&i.facts), Ok(ItemOutcome::Open) | Err(_))
    };
    let later = sheet.items.iter().filter(open).find(|i| i.position > item.position);
    match later.or_else(|| sheet.items.iter().find(open)) {
        Some(next) => sheet.href(&format!("/items/{}", next.position)),
        None => sheet.href(""),
    }
}

/// `POST /examination/{engagement}/samples/{sample}/items/{position}`: the item's result.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn enter_item(
    cx: Cx,
    Path((engagement, sample, position)): Path<(String, String, i64)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    let sheet = load(&cx, engagement, sample).await?;
    cx.may::<PerformTests>()?;
    let item = sheet.item(position)?;
    let vault = vault(&cx, &sheet).await?;
    let mut form = item_form(&cx.shell(), &sheet, item, &vault);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let entry = entry(&form, &sheet, item);
        let written = cx
            .write(move |tx, env, actor| {
                let permit = authorize::<PerformTests>(actor, &scope::facts(tx, engagement)?)?;
                service::enter(tx, env, &permit, sample, &entry)
            })
            .await;
        match written {
            Ok(Entered::Recorded(ItemOutcome::Deviation { .. })) => {
                return done(&cx, &onward(&sheet, item), "examination-saved-deviating").await;
            }
            Ok(_) => return done(&cx, &onward(&sheet, item), "examination-saved-result").await,
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    framing(cx.page_again(&page(&cx, &sheet, item, &vault, form).await?))
}

/// `POST /examination/{engagement}/samples/{sample}/items/{position}/replace`: an item that never
/// belonged to the population gives its place to the next of the ranking.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn replace_item(
    cx: Cx,
    Path((engagement, sample, position)): Path<(String, String, i64)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    let sheet = load(&cx, engagement, sample).await?;
    cx.may::<PerformTests>()?;
    let item = sheet.item(position)?;
    let mut form = replace_form(&cx.shell(), &sheet, item);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let reason = form.typed("reason").parse::<ReplacementReason>();
        let by = successor(&cx, &sheet, item, form.typed("by")).await;
        let (replaced, note) = (item.facts.id.clone(), form.typed("note").to_owned());
        let written = match (reason, by) {
            (Ok(reason), Ok(by)) => {
                let replacement = Replacement { reason, by };
                cx.write(move |tx, env, actor| {
                    let facts = scope::facts(tx, engagement)?;
                    let permit = authorize::<PerformTests>(actor, &facts)?;
                    let (old, new) = (&replaced, &replacement);
                    crate::service::replace_item(tx, env, &permit, sample, old, new, &note)
                })
                .await
                .map(drop)
            }
            (Err(_), _) => Err(Refusal::field("reason", cx.w.t("sheets-replace-reason")).into()),
            (_, Err(failure)) => Err(failure),
        };
        match written {
            Ok(()) => return done(&cx, &sheet.href(""), "sheets-replaced").await,
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    super::refused(&cx, &sheet, cx.w.t("sheets-replace-title"), form)
}

/// The item that takes another's place: ranked next, or named by hand.
async fn successor(cx: &Cx, sheet: &Sheet, item: &Item, named: &str) -> Result<String, Failure> {
    let body = sheet.sample.body.clone();
    let population = body.population.and_then(|p| sheet.papers.populations.get(&p)).cloned();
    let Some(population) = population.filter(|_| body.method.is_derived()) else {
        return Ok(named.trim().to_owned());
    };
    let on_sheet: Vec<String> = sheet.items.iter().map(|i| i.facts.id.clone()).collect();
    let (blobs, replaced) = (cx.app.blobs.clone(), item.facts.id.clone());
    let found = cx
        .app
        .blocking(move || {
            crate::engine::next_ranked(&blobs, &population.body, &body, &on_sheet, &replaced)
        })
        .await??;
    Ok(found)
}
