//! How a control was tested, from the plan to the proofs: a page that can be printed and handed to a peer
//! reviewer.

use super::{
    Names, Page, concluded, drawn_early, facts, framed, heading, href, id, names_of, paragraph,
    sentences, word,
};
use crate::firm::store::facts_for;
use crate::model::{About, Item, Population};
use crate::permits::ReadFile;
use crate::rules::cover::in_words;
use crate::rules::item::{AttributeResult, ItemOutcome, item_outcome};
use crate::store::{
    ControlPaper, Papers, RunPaper, SamplePaper, TestPaper, Uncovered, control_paper, entries_of,
};
use axum::extract::Path;
use controls::model::{Control, ControlId};
use evidence::model::{EvidenceId, EvidenceItem};
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx};
use platform::ui::{Column, Html, Note, Row, Status, Table, Tone};
use platform::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the page shows.
struct Seen {
    papers: Papers,
    names: Names,
    control: Control,
    paper: ControlPaper,
    risk: Option<String>,
    /// What was looked at for the items.
    evidence: BTreeMap<EvidenceId, EvidenceItem>,
}

/// `GET /examination/{engagement}/controls/{control}/tested`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn tested(cx: Cx, Path((engagement, control)): Path<(String, String)>) -> Answer {
    let engagement = id(&engagement)?;
    let control: ControlId = id(&control)?;
    let now = cx.env().now();
    let seen = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &facts_for(conn, actor, engagement, now)?)?;
            let papers = Papers::load(conn, engagement)?;
            let control = papers.control(control).ok_or(Refusal::NotFound)?.clone();
            let paper = control_paper(conn, &papers, &control)?;
            let carried = crate::completion::store::carried(conn, papers.file)?;
            let risk = carried
                .and_then(|c| c.risks.into_iter().find(|r| r.control == control.id))
                .map(|r| r.reason);
            let names = names_of(conn, &papers)?;
            let mut evidence = BTreeMap::new();
            let samples = paper.tests.iter().flat_map(|t| &t.samples);
            for id in samples.flat_map(|s| &s.items).flat_map(|i| &i.evidence) {
                if let Some(found) =
                    evidence::store::item(conn, papers.engagement.organisation, *id)?
                {
                    evidence.insert(*id, found);
                }
            }
            Ok(Seen { papers, names, control, paper, risk, evidence })
        })
        .await?;
    cx.page(&page(&cx, &seen))
}

fn page(cx: &Cx, seen: &Seen) -> Page {
    let w = cx.w;
    let e = seen.papers.engagement.id;
    let code = seen.paper.code.clone();
    let deviations: usize = seen.paper.tests.iter().map(|t| t.deviations.len()).sum();
    let shell = framed(cx.shell(), &seen.papers, "controls")
        .crumb(href(e, &format!("/controls/{}", seen.control.id)), code.clone())
        .title(w.t1("completion-tested-title", "code", code))
        .answer(w.t2(
            "completion-tested-answer",
            "tests",
            seen.paper.tests.len(),
            "deviations",
            deviations,
        ));
    let criteria: Vec<String> = seen.paper.criteria.iter().map(ToString::to_string).collect();
    let period = &seen.papers.engagement.period;
    let mut parts = vec![
        heading(&w.t("completion-tested-statement")),
        paragraph(&seen.paper.statement),
        facts(&[
            (w.t("examination-engagement"), Html::text(&seen.papers.engagement.name)),
            (
                w.t("examination-period"),
                Html::text(&format!("{} – {}", w.date(period.start()), w.date(period.end()))),
            ),
            (w.t("examination-tab-criteria"), Html::text(&criteria.join(", "))),
        ]),
    ];
    if let Some(reason) = &seen.risk {
        let text = w.t1("completion-tested-risk", "reason", reason.clone());
        parts.push(Note::new(Tone::Attention, w.t("completion-carried-risk"), text).into());
    }
    for test in &seen.paper.tests {
        parts.extend(test_parts(w, seen, test));
    }
    parts.push(heading(&w.t("completion-tested-conclusion")));
    if !seen.paper.uncovered.is_empty() {
        let lines: Vec<String> = seen.paper.uncovered.iter().map(Uncovered::sentence).collect();
        let title = w.t("examination-uncovered");
        parts.push(Note::new(Tone::Attention, title, lines.join(" ")).into());
    }
    match seen.papers.conclusion(About::Control { control: seen.control.id }) {
        Some(c) => {
            let at = period.zone().rfc3339(c.recorded_at);
            parts.push(concluded(w, &seen.names, &c));
            parts.push(facts(&[(w.t("completion-signed-at"), Html::text(&at))]));
        }
        None => parts.push(Status::new(Tone::Waiting, w.t("examination-not-concluded")).into()),
    }
    if !seen.paper.open.is_empty() {
        parts.push(sentences(&seen.paper.open));
    }
    parts.push(heading(&w.t("completion-tested-proofs")));
    parts.push(paragraph(&w.t("completion-tested-proofs-next")));
    let entries = entries_of(&seen.paper);
    let list: String =
        entries.iter().map(|id| format!("<li>{}</li>", Html::code(&id.to_string()))).collect();
    parts.push(Html::trusted(format!("<ul>{list}</ul>")));
    Page { shell, parts }
}

fn test_parts(w: Words, seen: &Seen, test: &TestPaper) -> Vec<Html> {
    let plan = &test.test.plan;
    let mut out = vec![heading(&plan.code), paragraph(&test.text), paragraph(&test.result)];
    let attributes: String = plan
        .attributes
        .iter()
        .map(|a| format!("<li>{} {}</li>", Html::text(&a.letter), Html::text(&a.text)))
        .collect();
    let mut pairs = vec![
        (w.t("examination-procedure"), Html::text(&word(w, "procedure", plan.procedure.word()))),
        (w.t("examination-basis"), Html::text(&word(w, "basis", plan.basis.word()))),
        (w.t("completion-tested-attributes"), Html::trusted(format!("<ul>{attributes}</ul>"))),
    ];
    for outcome in &test.outcomes {
        if let Some(found) = &outcome.evaluation {
            // Rounded up: a limit is never shown lower than it is.
            let limit = format!("{:.1} %", found.printed_upper_limit_percent());
            pairs.push((w.t("completion-tested-limit"), Html::text(&limit)));
        }
    }
    out.push(facts(&pairs));
    let mut shown = Vec::new();
    let used =
        test.samples.iter().filter_map(|s| s.sample.body.population).chain(
            test.runs.iter().flat_map(|r| r.run.body.populations.iter().map(|u| u.population)),
        );
    for used in used {
        if let (false, Some(found)) = (shown.contains(&used), seen.papers.populations.get(&used)) {
            out.push(population(w, &seen.papers, found));
        }
        shown.push(used);
    }
    for sample in &test.samples {
        out.push(selection(w, sample));
        out.extend(drawn_early(w, &seen.papers, &sample.sample.body));
        out.push(items(w, seen, &plan.code, sample));
        out.extend(looked_at(w, seen, sample));
    }
    out.extend(test.runs.iter().map(|run| run_part(w, run)));
    if !test.deviations.is_empty() {
        out.push(Html::trusted(format!(
            "<h3>{}</h3>",
            Html::text(&w.t("completion-tested-deviations"))
        )));
        for d in &test.deviations {
            let pairs = [
                (w.t("completion-found"), Html::text(&d.body.facts)),
                (w.t("examination-nature"), Html::text(&word(w, "nature", d.body.nature.word()))),
                (w.t("examination-cause"), Html::text(&d.body.cause)),
                (w.t("examination-client-statement"), Html::text(&d.body.client_statement)),
                (w.t("completion-correction"), Html::text(&d.body.correction)),
            ];
            let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
            out.push(facts(&said.collect::<Vec<_>>()));
        }
    }
    out
}

/// How completeness and accuracy of a list were evaluated: the sentence of the report, then each check as it
/// stands, with what people answered and explained.
fn evaluated(w: Words, papers: &Papers, found: &Population) -> Html {
    let ipe = papers.ipe.get(&found.id).cloned().unwrap_or_default();
    let states = crate::ipe::rules::of_population(&found.body, &ipe);
    let checks = states.iter().map(|state| {
        let outcome = state.outcome.as_str().replace('_', "-");
        let outcome = Html::text(&w.t(&format!("ipe-outcome-{outcome}")));
        let explained = state.explained.iter().map(|e| match e.item.as_str() {
            "" => format!(" {}", Html::text(&e.reason)),
            item => format!(" {}: {}", Html::text(item), Html::text(&e.reason)),
        });
        let explained: String = explained.collect();
        format!("<li>{}. {outcome}: {}{explained}</li>", state.number, Html::text(&state.detail))
    });
    let checks: String = checks.collect();
    paragraph(&crate::ipe::rules::report_line(&states, &ipe))
        .and(Html::trusted(format!("<ul>{checks}</ul>")))
}

/// A population: its hash, where it came from, its checks, how it was judged.
fn population(w: Words, papers: &Papers, found: &Population) -> Html {
    let body = &found.body;
    let title = format!("{}: {}", w.t("completion-tested-population"), body.name);
    let checks = evaluated(w, papers, found);
    let judged = found.judgement.as_ref().map_or_else(Html::default, |j| {
        let word = if j.accepted { "examination-accepted" } else { "examination-rejected" };
        Html::text(&format!("{}: {}", w.t(word), j.reason))
    });
    let mut pairs = vec![
        (w.t("completion-tested-hash"), Html::code(&body.canonical_sha256)),
        (w.t("completion-tested-rows"), Html::text(&w.number(body.rows))),
        (w.t("completion-carried-source"), Html::text(&body.source)),
    ];
    if let Some(coverage) = &body.coverage {
        let (from, to) = (coverage.from.to_string(), coverage.to.to_string());
        let days = w.t2("examination-covers-days", "from", from, "to", to);
        pairs.push((w.t("examination-covers"), Html::text(&format!("{days}, {}", coverage.zone))));
    }
    let left_out = papers.days_left_out(found);
    if !left_out.is_empty() {
        pairs.push((w.t("examination-left-out"), Html::text(&in_words(&left_out))));
    }
    pairs.extend([
        (w.t("completion-tested-checks"), checks),
        (w.t("completion-tested-judged"), judged),
    ]);
    Html::trusted(format!("<h3>{}</h3>", Html::text(&title))).and(facts(&pairs))
}

/// How the items were chosen, and how to choose them again.
fn selection(w: Words, sample: &SamplePaper) -> Html {
    let body = &sample.sample.body;
    let mut pairs = vec![(
        w.t("completion-tested-method"),
        Html::text(&word(w, "method", body.method.as_str())),
    )];
    if let Some(seed) = &body.seed {
        pairs.push((w.t("completion-tested-seed"), Html::code(seed)));
    }
    if let Some(at) = body.seed_drawn_at {
        pairs.push((w.t("completion-tested-seed-at"), Html::text(&at.to_rfc3339())));
    }
    if !body.notes.seed_source.is_empty() {
        pairs.push((w.t("examination-seed-source"), Html::text(&body.notes.seed_source)));
    }
    if let Some(effective) = &body.effective_seed {
        pairs.push((w.t("completion-tested-effective"), Html::code(effective)));
    }
    if let Some(reason) = &body.reason {
        pairs.push((w.t("completion-reason"), Html::text(reason)));
    }
    let out =
        Html::trusted(format!("<h3>{}</h3>", Html::text(&w.t("completion-tested-selection"))))
            .and(facts(&pairs));
    if body.method == crate::model::SelectionMethod::Random {
        let n = body.selected.len();
        return out.and(paragraph(&w.t1("completion-tested-recipe", "n", n)));
    }
    out
}

fn result_word(w: Words, result: AttributeResult) -> String {
    w.t(match result {
        AttributeResult::Pass => "examination-item-pass",
        AttributeResult::Deviation => "examination-item-deviation",
        AttributeResult::MissingEvidence => "completion-tested-no-evidence",
        AttributeResult::NotApplicable => "completion-tested-not-applicable",
    })
}

/// The files behind the items: what each is called, where it came from and when, and the digest by which
/// anybody can tell whether they hold the same one.
fn looked_at(w: Words, seen: &Seen, sample: &SamplePaper) -> Option<Html> {
    let ids: BTreeSet<EvidenceId> =
        sample.items.iter().flat_map(|i| &i.evidence).copied().collect();
    let files = ids.iter().filter_map(|id| seen.evidence.get(id));
    let rows: Vec<Row> = files
        .map(|file| {
            let zone = seen.papers.engagement.period.zone();
            Row::new(vec![
                file.name.as_str().into(),
                file.source.as_str().into(),
                zone.rfc3339(file.extracted_at).into(),
                Html::code(&file.sha256).into(),
            ])
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let columns = ["evidence", "source", "extracted", "digest"]
        .map(|k| Column::new(w.t(&format!("completion-tested-{k}"))));
    let drawn = sample.sample.id.to_string();
    let caption = format!("{}, {drawn}", w.t("completion-tested-looked-at"));
    Some(Table::new(w, format!("evidence-{drawn}"), caption, columns.to_vec()).rows(rows).into())
}

fn items(w: Words, seen: &Seen, code: &str, sample: &SamplePaper) -> Html {
    let names = &seen.names;
    let columns = ["item", "result", "evidence", "note", "by", "review"]
        .map(|k| Column::new(w.t(&format!("completion-tested-{k}"))));
    let rows = sample.items.iter().map(|item: &Item| {
        let attributes: Vec<String> = item
            .facts
            .attributes
            .iter()
            .map(|a| format!("{} {}", a.attribute, result_word(w, a.result)))
            .collect();
        let outcome = match item_outcome(&item.facts) {
            Ok(ItemOutcome::Pass) => Status::new(Tone::Good, attributes.join(", ")),
            Ok(ItemOutcome::Deviation { .. }) => {
                Status::new(Tone::Attention, attributes.join(", "))
            }
            Ok(ItemOutcome::Replaced) => {
                Status::new(Tone::Closed, w.t("examination-item-replaced"))
            }
            _ => Status::new(Tone::Waiting, w.t("examination-item-open")),
        };
        let files = item.evidence.iter().filter_map(|id| seen.evidence.get(id));
        let evidence: Vec<&str> = files.map(|file| file.name.as_str()).collect();
        let by =
            |actor: &Option<String>| actor.as_deref().map_or_else(String::new, |a| names.of(a));
        Row::new(vec![
            Html::id(&item.facts.id).into(),
            outcome.into(),
            evidence.join("; ").into(),
            item.note.as_str().into(),
            by(&item.tested_by).into(),
            by(&item.reviewed_by).into(),
        ])
    });
    let drawn = sample.sample.id.to_string();
    let id = format!("items-{code}-{drawn}");
    // A test can have several samples: each table has a name of its own.
    let caption = format!("{}, {code}, {drawn}", w.t("completion-tested-items"));
    Table::new(w, id, caption, columns.to_vec()).rows(rows).into()
}

fn run_part(w: Words, run: &RunPaper) -> Html {
    let body = &run.run.body;
    let counts = format!(
        "{} = {} + {} + {} + {}",
        w.number(body.population),
        w.number(body.pass),
        w.number(body.exceptions),
        w.number(body.unmatched),
        w.number(body.excluded)
    );
    let parameters: Vec<String> =
        body.parameters.iter().map(|(k, v)| format!("{k} = {v}")).collect();
    let rows = run.rows.iter().map(|row| {
        let decided =
            row.disposition.map_or_else(String::new, |d| word(w, "disposition", d.as_str()));
        Row::new(vec![
            Html::id(&row.row.key).into(),
            word(w, "outcome", row.row.outcome.as_str()).into(),
            row.row.detail.as_str().into(),
            decided.into(),
            row.reason.as_deref().unwrap_or_default().into(),
        ])
    });
    let columns = [
        "completion-tested-item",
        "completion-tested-result",
        "completion-found",
        "completion-tested-judged",
        "completion-reason",
    ]
    .map(|k| Column::new(w.t(k)));
    let title = format!("{}: {}", w.t("completion-tested-run"), body.procedure);
    Html::trusted(format!("<h3>{}</h3>", Html::text(&title)))
        .and(facts(&[
            (w.t("completion-tested-procedure-digest"), Html::code(&body.procedure_sha256)),
            (w.t("examination-parameters"), Html::text(&parameters.join(", "))),
            (w.t("completion-tested-counts"), Html::text(&counts)),
            (w.t("completion-tested-result-hash"), Html::code(&body.result_sha256)),
        ]))
        .and(Html::from(
            Table::new(w, format!("run-{}", run.run.id), title, columns.to_vec()).rows(rows),
        ))
}
