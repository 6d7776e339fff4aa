//! The item sheet of a sample, its review, and samples of items named by hand.
//!
//! The entry form stands above the sheet and opens with the next item that has no result: type the
//! letters, press Enter, and the page comes back with the one after it.

use super::{
    Names, Page, control::NAMED, done, framed, fresh_key, heading, href, id, once, onto, papers,
    paragraph, word,
};
use crate::model::{Item, Sample, SampleId, SelectionMethod, Test, TestId};
use crate::permits::{PerformTests, ReviewWork};
use crate::rules::item::{
    AttributeFacts, AttributeResult, ItemFacts, ItemOutcome, ItemState, Replacement,
    ReplacementReason, item_outcome,
};
use crate::service::{self, ItemInput, SampleInput};
use crate::store::{self, Papers};
use axum::extract::Path;
use evidence::model::EvidenceId;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{Choice, Column, Field, Form, Html, Kind, Row, Shell, Status, Table, Tone};
use platform::words::Words;

pub(super) fn missing() -> Failure {
    Failure::Refused(Refusal::NotFound)
}

fn find(papers: &Papers, sample: SampleId) -> Result<(&Test, &Sample), Failure> {
    let hit = papers.tests.iter().find_map(|t| {
        let drawn = papers.samples.get(&t.id)?.iter().find(|s| s.id == sample)?;
        Some((t, drawn))
    });
    hit.ok_or_else(missing)
}

pub(super) fn planned(papers: &Papers, test: TestId) -> Result<&Test, Failure> {
    papers.tests.iter().find(|t| t.id == test).ok_or_else(missing)
}

/// Results in the order of the attributes as one types them: `P D N M`, one letter each.
fn letters(text: &str) -> Option<Vec<AttributeResult>> {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != ',')
        .map(|c| match c.to_ascii_uppercase() {
            'P' | '1' => Some(AttributeResult::Pass),
            'D' | '0' => Some(AttributeResult::Deviation),
            'M' => Some(AttributeResult::MissingEvidence),
            'N' | '-' => Some(AttributeResult::NotApplicable),
            _ => None,
        })
        .collect()
}

fn letter(result: AttributeResult) -> &'static str {
    match result {
        AttributeResult::Pass => "P",
        AttributeResult::Deviation => "D",
        AttributeResult::MissingEvidence => "M",
        AttributeResult::NotApplicable => "N",
    }
}

fn entry_form(shell: &Shell, papers: &Papers, test: &Test, sample: &Sample, item: &str) -> Form {
    let w = shell.w;
    let action = href(papers.engagement.id, &format!("/samples/{}/items", sample.id));
    let states = [ItemState::Tested, ItemState::Unavailable, ItemState::Replaced]
        .map(|s| Choice::new(s.word(), word(w, "item", s.word())));
    let reasons = ReplacementReason::ALL
        .iter()
        .map(|r| Choice::new(r.word(), word(w, "replacement", r.word())));
    let reasons = std::iter::once(Choice::new("", "–")).chain(reasons).collect();
    let wanted: Vec<&str> = test.plan.attributes.iter().map(|a| a.letter.as_str()).collect();
    Form::post(w, action, &shell.csrf, w.t("examination-record-result"))
        .field(
            Field::new(w, "item", w.t("examination-item"), Kind::Text)
                .required()
                .max(300)
                .value(item),
        )
        .field(
            Field::new(
                w,
                "results",
                w.t1("examination-results", "letters", wanted.join(" ")),
                Kind::Text,
            )
            .hint(w.t("examination-results-hint"))
            .max(100),
        )
        .field(
            Field::new(w, "state", w.t("examination-item-state"), Kind::Radio(states.to_vec()))
                .required()
                .value(ItemState::Tested.word()),
        )
        .field(
            Field::new(w, "evidence", w.t("examination-evidence-ids"), Kind::Text)
                .hint(w.t("examination-evidence-ids-hint"))
                .max(2_000),
        )
        .field(
            Field::new(w, "alternative", w.t("examination-alternative"), Kind::Text)
                .hint(w.t("examination-alternative-hint"))
                .max(1_000),
        )
        .field(Field::new(w, "replacement", w.t("examination-replacement"), Kind::Select(reasons)))
        .field(Field::new(w, "replaced_by", w.t("examination-replaced-by"), Kind::Text).max(300))
        .field(Field::new(w, "note", w.t("examination-note"), Kind::Area(2)).max(4_000))
}

fn outcome(w: Words, item: &Item) -> Status {
    match item_outcome(&item.facts) {
        Ok(ItemOutcome::Pass) => Status::new(Tone::Good, w.t("examination-item-pass")),
        Ok(ItemOutcome::Deviation { .. }) => {
            Status::new(Tone::Attention, w.t("examination-item-deviation"))
        }
        Ok(ItemOutcome::Replaced) => Status::new(Tone::Closed, w.t("examination-item-replaced")),
        Ok(ItemOutcome::Open) | Err(_) => Status::new(Tone::Waiting, w.t("examination-item-open")),
    }
}

fn sheet_table(w: Words, names: &Names, test: &Test, items: &[Item]) -> Table {
    let mut columns = vec![Column::new("#").numeric(), Column::new(w.t("examination-item"))];
    columns.extend(test.plan.attributes.iter().map(|a| Column::new(a.letter.clone())));
    for key in [
        "examination-result",
        "examination-tested-by",
        "examination-reviewed-by",
        "examination-note",
    ] {
        columns.push(Column::new(w.t(key)));
    }
    let name = |actor: &Option<String>| actor.as_deref().map_or_else(String::new, |a| names.of(a));
    let rows = items.iter().map(|item| {
        let mut cells = vec![w.number(item.position).into(), Html::id(&item.facts.id).into()];
        for attribute in &test.plan.attributes {
            let found = item.facts.attributes.iter().find(|f| f.attribute == attribute.letter);
            cells.push(found.map_or("", |f| letter(f.result)).into());
        }
        cells.push(outcome(w, item).into());
        cells.push(name(&item.tested_by).into());
        cells.push(name(&item.reviewed_by).into());
        cells.push((&item.note).into());
        Row::new(cells)
    });
    Table::new(w, "items", w.t("examination-items-sheet"), columns).rows(rows)
}

fn next_open(items: &[Item]) -> String {
    let open =
        items.iter().find(|i| matches!(item_outcome(&i.facts), Ok(ItemOutcome::Open) | Err(_)));
    open.map(|i| i.facts.id.clone()).unwrap_or_default()
}

fn sheet_page(
    cx: &Cx,
    papers: &Papers,
    names: &Names,
    test: &Test,
    sample: &Sample,
    form: Form,
) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let e = papers.engagement.id;
    let none = Vec::new();
    let items = papers.items.get(&sample.id).unwrap_or(&none);
    let open = store::open_items(items);
    let me = cx.actor().map(kernel::party::Actor::name).unwrap_or_default();
    let waiting: Vec<&Item> = items
        .iter()
        .filter(|i| i.reviewed_by.is_none() && i.tested_by.as_ref().is_some_and(|t| *t != me))
        .collect();
    let attributes: Vec<String> =
        test.plan.attributes.iter().map(|a| format!("{}: {}", a.letter, a.text)).collect();
    let mut parts = vec![super::sentences(&attributes)];
    if cx.can::<PerformTests>() {
        parts.push(form.into());
    }
    parts.push(sheet_table(w, names, test, items).into());
    if !waiting.is_empty() && cx.can::<ReviewWork>() {
        let boxes = waiting.iter().map(|i| Choice::new(i.facts.id.clone(), i.facts.id.clone()));
        let action = href(e, &format!("/samples/{}/review", sample.id));
        parts.push(heading(&w.t("examination-review")));
        parts.push(
            Form::post(w, action, &shell.csrf, w.t("examination-review-chosen"))
                .field(
                    Field::new(
                        w,
                        "items",
                        w.t("examination-items-sheet"),
                        Kind::Boxes(boxes.collect()),
                    )
                    .required(),
                )
                .into(),
        );
    }
    let code = test.plan.code.clone();
    let back = href(e, &format!("/controls/{}", test.plan.control));
    let shell = framed(shell, papers, "controls")
        .title(w.t1("examination-sheet-title", "code", code.clone()))
        .answer(w.t2("examination-sheet-answer", "open", open, "of", items.len()))
        .crumb(back, code);
    Page { shell, parts }
}

/// `GET /examination/{engagement}/samples/{sample}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn sheet(cx: Cx, Path((engagement, sample)): Path<(String, String)>) -> Answer {
    let (papers, names) = papers(&cx, id(&engagement)?).await?;
    let (test, drawn) = find(&papers, id(&sample)?)?;
    let next = papers.items.get(&drawn.id).map(|i| next_open(i)).unwrap_or_default();
    let form = entry_form(&cx.shell(), &papers, test, drawn, &next);
    cx.page(&sheet_page(&cx, &papers, &names, test, drawn, form))
}

fn entered(w: Words, form: &mut Form, test: &Test) -> Option<ItemInput> {
    let state: ItemState = form.typed("state").parse().unwrap_or(ItemState::Tested);
    let mut results = letters(form.typed("results")).unwrap_or_default();
    if state != ItemState::Tested {
        results.clear();
    } else if results.len() != test.plan.attributes.len() {
        form.error(
            "results",
            w.t1("examination-results-wrong", "count", test.plan.attributes.len()),
        );
        return None;
    }
    let alternative = Some(form.typed("alternative").to_owned()).filter(|a| !a.is_empty());
    let attributes = test
        .plan
        .attributes
        .iter()
        .zip(results)
        .map(|(a, result)| AttributeFacts {
            attribute: a.letter.clone(),
            result,
            accepted_alternative: alternative
                .clone()
                .filter(|_| result == AttributeResult::MissingEvidence),
        })
        .collect();
    let mut evidence: Vec<EvidenceId> = Vec::new();
    let typed = form.typed("evidence").to_owned();
    for text in typed.split([' ', ',']).filter(|t| !t.is_empty()) {
        match text.parse() {
            Ok(id) => evidence.push(id),
            Err(fault) => {
                form.error("evidence", kernel::ids::NotAnId::to_string(&fault));
                return None;
            }
        }
    }
    let replacement = form
        .typed("replacement")
        .parse()
        .ok()
        .map(|reason| Replacement { reason, by: form.typed("replaced_by").to_owned() });
    Some(ItemInput {
        facts: ItemFacts {
            id: form.typed("item").to_owned(),
            state,
            attributes,
            replacement: replacement.filter(|_| state == ItemState::Replaced),
        },
        evidence,
        note: form.typed("note").to_owned(),
    })
}

/// `POST /examination/{engagement}/samples/{sample}/items`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn record_item(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample) = (id(&engagement)?, id(&sample)?);
    let (papers, names) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let (test, drawn) = find(&papers, sample)?;
    let mut form = entry_form(&cx.shell(), &papers, test, drawn, "");
    form.fill(&pairs.0);
    form.check();
    let input = if form.ok() { entered(cx.w, &mut form, test) } else { None };
    if let Some(input) = input {
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<PerformTests>(actor, &facts)?;
                service::record_item(tx, env, &permit, sample, Expected::Any, &input)
            })
            .await;
        match written {
            Ok(ItemOutcome::Deviation { .. }) => {
                let to = href(engagement, &format!("/samples/{sample}"));
                return done(&cx, &to, "examination-saved-deviating").await;
            }
            Ok(_) => {
                let to = href(engagement, &format!("/samples/{sample}"));
                return done(&cx, &to, "examination-saved-result").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&sheet_page(&cx, &papers, &names, test, drawn, form))
}

/// `POST /examination/{engagement}/samples/{sample}/review`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn review(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    let chosen: Vec<String> =
        pairs.0.iter().filter(|(n, _)| n == "items").map(|(_, v)| v.clone()).collect();
    cx.write(move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<ReviewWork>(actor, &facts)?;
        service::review_items(tx, env, &permit, sample, &chosen)
    })
    .await?;
    done(&cx, &href(engagement, &format!("/samples/{sample}")), "examination-saved-review").await
}

fn named_form(cx: &Cx, papers: &Papers, test: &Test) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let methods = NAMED.map(|m| Choice::new(m.as_str(), word(w, "method", m.as_str())));
    let populations =
        papers.populations.values().map(|p| Choice::new(p.id.to_string(), p.body.name.clone()));
    let populations = std::iter::once(Choice::new("", "–")).chain(populations).collect();
    Form::post(
        w,
        href(papers.engagement.id, &format!("/tests/{}/sample", test.id)),
        &shell.csrf,
        w.t("examination-name-items"),
    )
    .key(fresh_key(cx))
    .cancel(href(papers.engagement.id, &format!("/controls/{}", test.plan.control)))
    .field(
        Field::new(w, "method", w.t("examination-method"), Kind::Radio(methods.to_vec()))
            .required(),
    )
    .field(Field::new(w, "population", w.t("examination-population"), Kind::Select(populations)))
    .field(
        Field::new(w, "named", w.t("examination-named"), Kind::Area(8))
            .hint(w.t("examination-named-hint"))
            .required()
            .max(100_000),
    )
    .field(Field::new(w, "reason", w.t("examination-reason"), Kind::Area(3)).required().max(4_000))
}

pub(super) fn test_page(cx: &Cx, papers: &Papers, test: &Test, title: &str, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let back = href(papers.engagement.id, &format!("/controls/{}", test.plan.control));
    let shell = framed(shell, papers, "controls")
        .title(w.t1(title, "code", test.plan.code.clone()))
        .crumb(back, test.plan.code.clone());
    Page { shell, parts: vec![paragraph(&papers.test_result(test).text), form.into()] }
}

/// `GET /examination/{engagement}/tests/{test}/sample`: items named by hand. Items that follow from a
/// seed are drawn from the frozen rows.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn name_items_form(cx: Cx, Path((engagement, test)): Path<(String, String)>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let form = named_form(&cx, &papers, test);
    cx.page(&test_page(&cx, &papers, test, "examination-name-items-title", form))
}

/// `POST /examination/{engagement}/tests/{test}/sample`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn name_items(
    cx: Cx,
    Path((engagement, test)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<PerformTests>()?;
    let test = planned(&papers, id(&test)?)?;
    let mut form = named_form(&cx, &papers, test);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let input = SampleInput {
            test: test.id,
            population: form.typed("population").parse().ok(),
            method: SelectionMethod::parse(form.typed("method"))
                .unwrap_or(SelectionMethod::Targeted),
            strata_column: None,
            size: 0,
            seed: String::new(),
            seed_drawn_at: cx.env().now(),
            named: form
                .typed("named")
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .map(str::to_owned)
                .collect(),
            reason: form.typed("reason").to_owned(),
        };
        let written = once(&cx, &pairs, move |tx, env, actor| {
            let facts = scope::facts(tx, engagement)?;
            let permit = authorize::<PerformTests>(actor, &facts)?;
            service::draw_sample(tx, env, &permit, &input, &mut |_| {
                Err(Refusal::state("Items that follow from a seed are drawn from the frozen rows.")
                    .into())
            })
        })
        .await;
        match written {
            Ok(sample) => {
                let to = href(engagement, &format!("/samples/{sample}"));
                return done(&cx, &to, "examination-saved-sample").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&test_page(&cx, &papers, test, "examination-name-items-title", form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_typed_as_letters() {
        use AttributeResult::{Deviation, MissingEvidence, NotApplicable, Pass};
        assert_eq!(
            letters("P d, n m"),
            Some(vec![Pass, Deviation, NotApplicable, MissingEvidence])
        );
        assert_eq!(letters("PX"), None);
        for result in [Pass, Deviation, NotApplicable, MissingEvidence] {
            assert_eq!(letters(letter(result)), Some(vec![result]));
        }
    }
}
