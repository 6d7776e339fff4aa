//! `/examination/{engagement}/promises`: every commitment, how far its evaluation has come.

use super::super::rules::{assurance as standing_assurance, controls, findings, judgement};
use super::{Seen, assurance, frame, page, seen};
use crate::pages::heading;
use axum::extract::Path;
use platform::http::{Answer, Cx};
use platform::ui::{Cell, Column, Empty, Html, Note, Row, Table, Tone, prose, stack};

fn table(cx: &Cx, seen: &Seen) -> Table {
    let (w, papers) = (cx.w, &seen.papers);
    let columns = vec![
        Column::new(w.t("promises-commitment")),
        Column::new(w.t("promises-statement")),
        Column::new(w.t("promises-controls")).numeric(),
        Column::new(w.t("promises-windows")).numeric(),
        Column::new(w.t("promises-findings-open")).numeric(),
        Column::new(w.t("promises-assurance")),
    ];
    let all = findings(papers);
    let rows = papers.commitments.iter().map(|c| {
        let results = papers.kept.get(&c.id).map_or(&[][..], Vec::as_slice);
        let met = results.iter().filter(|k| k.met).count();
        let open = all
            .iter()
            .filter(|f| f.commitment == Some(c.id) && judgement(papers, f).is_none())
            .count();
        let concluded = papers.promises.conclusion(c.id).map(|k| k.body.assurance);
        let status: Html = if c.principal {
            assurance(w, concluded, standing_assurance(papers, c.id).is_some()).into()
        } else {
            w.t("promises-not-principal").into()
        };
        let windows = if results.is_empty() {
            w.t("promises-no-windows")
        } else {
            w.t2("promises-of", "n", met, "of", results.len())
        };
        let cells: Vec<Cell> = vec![
            Html::id(&c.code).into(),
            (&c.statement).into(),
            w.number(controls(papers, c.id).len()).into(),
            windows.into(),
            w.number(open).into(),
            status.into(),
        ];
        Row::new(cells).to(seen.href(&format!("/{}", c.id)))
    });
    Table::new(w, "commitments", w.t("promises-title-short"), columns)
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("promises-none"), w.t("promises-none-next")))
}

/// `GET /examination/{engagement}/promises`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn list(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let (w, papers) = (cx.w, &seen.papers);
    let principal: Vec<_> = papers.commitments.iter().filter(|c| c.principal).collect();
    let done = principal.iter().filter(|c| standing_assurance(papers, c.id).is_some()).count();
    let answer = w.t2("promises-answer", "done", done, "of", principal.len());
    let general: Vec<String> = findings(papers)
        .into_iter()
        .filter(|f| f.commitment.is_none())
        .map(|f| format!("{}: {}", f.check, f.text))
        .collect();
    let mut parts: Vec<Html> = vec![
        table(&cx, &seen).into(),
        Note::new(Tone::Neutral, w.t("promises-no-legal"), w.t("promises-no-legal-why")).into(),
    ];
    if !general.is_empty() {
        parts.push(heading(&w.t("promises-general")));
        parts.push(stack(general.iter().map(|t| Html::text(t))));
    }
    let recommended = &papers.promises.recommendations;
    if !recommended.is_empty() {
        parts.push(heading(&w.t("promises-recommendations")));
        parts.push(prose(&w.t("promises-recommendations-outside")));
        parts.push(stack(recommended.iter().map(|k| {
            let code = papers.commitments.iter().find(|c| c.id == k.body.commitment);
            Html::text(&format!("{}: {}", code.map_or("", |c| c.code.as_str()), k.body.text))
        })));
    }
    cx.page(&page(frame(&cx, &seen, w.t("promises-title"), answer), parts))
}
