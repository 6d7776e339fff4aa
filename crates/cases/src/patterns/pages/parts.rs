//! The parts of the page.

use super::super::model::PatternReport;
use super::super::rules::{PatternCase, Signal};
use platform::ui::{
    Button, Cell, Column, Empty, Figure, Figures, Html, Row, Status, Table, Tone, prose,
};
use platform::words::Words;

/// The sections of answers: heading, and the sorts that stand under it.
pub(super) const SECTIONS: [(&str, &[&str]); 2] = [
    (
        "patterns-gaps",
        &[
            "never_used",
            "silence",
            "lag",
            "heaping",
            "outages",
            "outage_without_incident",
            "late_escalation",
        ],
    ),
    (
        "patterns-weaknesses",
        &["control_recurs", "component_recurs", "cause_recurs", "matter_recurs"],
    ),
];
/// Links to cases in one cell.
const LINKS: usize = 5;

fn key(kind: &str) -> String {
    format!("patterns-{}", kind.replace('_', "-"))
}

fn number_of<'f>(found: &'f PatternReport, id: &str) -> &'f str {
    let case: Option<&PatternCase> = found.cases.iter().find(|c| c.id == id);
    case.map_or("", |c| c.number.as_str())
}

fn links(found: &PatternReport, ids: &[String]) -> Html {
    let mut out = String::new();
    for id in ids.iter().take(LINKS) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        let link = Html::link(&format!("/cases/{id}"), number_of(found, id));
        out.push_str(link.as_str());
    }
    if ids.len() > LINKS {
        out.push_str(&format!(" + {}", ids.len() - LINKS));
    }
    Html::trusted(out)
}

/// The figures of recurrence.
pub(super) fn recurrence(w: Words, found: &PatternReport) -> Figures {
    let recurrence = &found.recurrence;
    let mut figures =
        vec![Figure::new(w, w.t("patterns-mended"), w.number(recurrence.mended)).definition(w.t2(
            "patterns-mended-definition",
            "action",
            recurrence.from_corrective_action,
            "resolution",
            recurrence.mended - recurrence.from_corrective_action,
        ))];
    for within in &recurrence.within {
        let label = w.t1("patterns-within", "days", within.days);
        let value = match within.interval {
            Some(_) => w.percent(within.came_again as f64 / within.watched as f64, 1),
            None => w.t("patterns-nothing"),
        };
        let definition = match &within.interval {
            Some(interval) => w.ta(
                "patterns-within-of",
                &[
                    ("again", within.came_again.into()),
                    ("watched", within.watched.into()),
                    ("low", w.percent(interval.wilson[0], 1).into()),
                    ("high", w.percent(interval.wilson[1], 1).into()),
                ],
            ),
            None => w.t1("patterns-within-none", "days", within.days),
        };
        figures.push(Figure::new(w, label, value).definition(definition));
    }
    let median = recurrence.time_to_recurrence.median_hours;
    let value = median.map_or_else(
        || w.t("patterns-median-none"),
        |hours| w.t1("patterns-days", "days", w.decimal(hours / 24.0, 1)),
    );
    figures.push(Figure::new(w, w.t("patterns-median"), value).definition(w.t2(
        "patterns-median-definition",
        "ended",
        recurrence.time_to_recurrence.ended,
        "censored",
        recurrence.time_to_recurrence.censored,
    )));
    Figures::new(figures)
}

/// The cases that came again, if there are any.
pub(super) fn came_again(w: Words, found: &PatternReport) -> Option<Table> {
    if found.came_again.is_empty() {
        return None;
    }
    let columns = vec![Column::new(w.t("patterns-again")), Column::new(w.t("patterns-after"))];
    let rows = found.came_again.iter().rev().take(50).map(|(again, mended)| {
        let cells: Vec<Cell> = vec![
            number_of(found, again).into(),
            Html::link(&format!("/cases/{mended}"), number_of(found, mended)).into(),
        ];
        Row::new(cells).to(format!("/cases/{again}"))
    });
    Some(Table::new(w, "again", w.t("patterns-came-again"), columns).rows(rows).cards())
}

/// Pairs that wait for a decision, with buttons for those who decide.
pub(super) fn waiting(w: Words, found: &PatternReport, csrf: Option<&str>) -> Table {
    let columns = ["pair-later", "pair-earlier", "method", "shared", "likeness", "apart"]
        .map(|c| Column::new(w.t(&format!("patterns-{c}"))));
    let rows = found.waiting.iter().take(50).map(|pair| {
        let proposal = &pair.proposal;
        let title = |id: &str| {
            let case = found.cases.iter().find(|c| c.id == id);
            case.map_or(String::new(), |c| kernel::refusal::excerpt(&c.text, 70))
        };
        let cells: Vec<Cell> = vec![
            format!("{} {}", pair.later_number, title(&pair.later)).into(),
            Html::link(
                &format!("/cases/{}", pair.earlier),
                format!("{} {}", pair.earlier_number, title(&pair.earlier)),
            )
            .into(),
            w.t(&format!("patterns-method-{}", proposal.method.word())).into(),
            proposal.shared.join(", ").into(),
            w.decimal(proposal.likeness, 2).into(),
            w.t1("patterns-days", "days", w.decimal(proposal.days, 1)).into(),
        ];
        let mut row = Row::new(cells).to(format!("/cases/{}", pair.later));
        if let Some(csrf) = csrf {
            for (same, label) in [("yes", "patterns-confirm"), ("no", "patterns-reject")] {
                let likeness = format!("{:.0}", proposal.likeness * 1_000.0);
                row = row.action(
                    Button::post("/cases/patterns", csrf, w.t(label))
                        .with("earlier", &pair.earlier)
                        .with("later", &pair.later)
                        .with("method", proposal.method.word())
                        .with("likeness", likeness)
                        .with("same", same),
                );
            }
        }
        row
    });
    Table::new(w, "pairs", w.t("patterns-waiting"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("patterns-no-pairs"), w.t("patterns-no-pairs-next")))
}

fn chance(w: Words, signal: &Signal) -> String {
    match signal.chance {
        None => w.t("patterns-no-chance"),
        Some(p) if p < 0.0001 => w.t("patterns-chance-tiny"),
        Some(p) => w.percent(p, 2),
    }
}

fn inputs(w: Words, signal: &Signal) -> String {
    let mut all: Vec<String> = signal
        .inputs
        .iter()
        .map(|(name, value)| {
            let places = match name {
                _ if value.fract() == 0.0 => 0,
                days if days.starts_with("days") => 1,
                _ => 3,
            };
            format!("{}: {}", w.t(&key(&format!("input_{name}"))), w.decimal(*value, places))
        })
        .collect();
    if let Some([low, high]) = signal.interval {
        let (low, high) = (w.decimal(low, 3), w.decimal(high, 3));
        all.push(w.t2("patterns-interval", "low", low, "high", high));
    }
    all.join("; ")
}

/// One table for each sort of answer, with its definition above it.
pub(super) fn signals(w: Words, found: &PatternReport, kinds: &[&str]) -> Vec<Html> {
    let mut parts = Vec::new();
    for kind in kinds {
        let of_kind: Vec<&Signal> = found.signals.iter().filter(|s| s.kind == *kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        parts.push(prose(&w.t(&format!("{}-definition", key(kind)))));
        let columns = ["of", "found", "figures", "chance", "cases"]
            .map(|c| Column::new(w.t(&format!("patterns-column-{c}"))));
        let rows = of_kind.into_iter().map(|signal| {
            let subject: Cell = match signal.subject.as_str() {
                "" => w.t("patterns-all-cases").into(),
                reference if signal.kind == "outage_without_incident" => {
                    Html::link(&format!("/status/{reference}"), reference).into()
                }
                other => other.to_owned().into(),
            };
            let status = if signal.flagged {
                Status::new(Tone::Attention, w.t("patterns-flagged"))
            } else {
                Status::new(Tone::Neutral, w.t("patterns-not-flagged"))
            };
            Row::new(vec![
                subject,
                status.into(),
                inputs(w, signal).into(),
                chance(w, signal).into(),
                links(found, &signal.cases).into(),
            ])
        });
        let table = Table::new(w, kind.replace('_', "-"), w.t(&key(kind)), columns.to_vec());
        parts.push(table.rows(rows).cards().into());
    }
    parts
}
