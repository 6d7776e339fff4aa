//! `/examination` and `/examination/{engagement}`: what waits, and where every control stands.

use super::{Page, found, framed, href, id, papers};
use crate::model::{About, Standing};
use crate::permits::ReadFile;
use crate::store::Papers;
use axum::extract::Path;
use controls::model::Control;
use kernel::permit::scope;
use platform::http::{Answer, Cx};
use platform::ui::{Column, Empty, Figure, Figures, Html, Row, Table};
use platform::words::Words;
use scope::permits::ReadEngagement;

/// How the work of one engagement stands.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    controls: usize,
    concluded: usize,
    open_tests: usize,
    void: usize,
    awaiting: usize,
    unreviewed: usize,
}

fn progress(papers: &Papers) -> Progress {
    let conclusions = papers.conclusions();
    let of = |s: Standing| conclusions.iter().filter(|c| c.stands == s).count();
    Progress {
        controls: papers.controls.len(),
        concluded: papers
            .controls
            .iter()
            .filter(|c| papers.standing_conclusion(About::Control { control: c.id }).is_some())
            .count(),
        open_tests: papers
            .controls
            .iter()
            .filter(|c| !papers.evidence_for(c.id).open.is_empty())
            .count(),
        void: of(Standing::Void),
        awaiting: of(Standing::AwaitsSecond),
        unreviewed: papers.unreviewed(),
    }
}

/// `GET /examination`.
///
/// # Errors
/// Nothing is there for the organisation's side.
pub async fn list(cx: Cx) -> Answer {
    let files = cx
        .read(|conn, actor| {
            scope::<ReadFile>(actor)?;
            let visible = scope::store::engagements(conn, &scope::<ReadEngagement>(actor)?)?;
            visible.into_iter().map(|e| Papers::load(conn, e.id)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let shell = cx.shell();
    let w = shell.w;
    let columns = vec![
        Column::new(w.t("examination-engagement")),
        Column::new(w.t("examination-period")),
        Column::new(w.t("examination-concluded-controls")).numeric(),
        Column::new(w.t("examination-waits")),
    ];
    let mut waiting = 0;
    let rows: Vec<Row> = files
        .iter()
        .map(|papers| {
            let e = &papers.engagement;
            let p = progress(papers);
            waiting += usize::from(!waits(w, &p).is_empty());
            Row::new(vec![
                (&e.name).into(),
                format!("{} – {}", w.date(e.period.start()), w.date(e.period.end())).into(),
                w.t2("examination-n-of-n", "n", p.concluded, "of", p.controls).into(),
                waits(w, &p).join("; ").into(),
            ])
            .to(href(e.id, ""))
        })
        .collect();
    let shell = shell
        .title(w.t("examination-list-title"))
        .answer(w.t2("examination-list-answer", "count", files.len(), "waiting", waiting))
        .at("examination");
    let table = Table::new(w, "engagements", w.t("examination-room"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("examination-list-none"), w.t("examination-list-none-next")));
    cx.page(&Page { shell, parts: vec![table.into()] })
}

/// What waits in a file, in phrases.
fn waits(w: Words, p: &Progress) -> Vec<String> {
    let mut out = Vec::new();
    for (key, count) in [
        ("examination-waits-void", p.void),
        ("examination-waits-second", p.awaiting),
        ("examination-waits-review", p.unreviewed),
        ("examination-waits-tests", p.open_tests),
        ("examination-waits-conclusions", p.controls - p.concluded),
    ] {
        if count > 0 {
            out.push(w.t1(key, "count", count));
        }
    }
    out
}

/// What to do next for a control, in a sentence.
fn next_step(w: Words, papers: &Papers, control: &Control) -> String {
    let conclusion = papers.conclusion(About::Control { control: control.id });
    match conclusion.map(|c| c.stands) {
        Some(Standing::Void) => w.t("examination-next-again"),
        Some(Standing::AwaitsSecond) => w.t("examination-next-second"),
        Some(Standing::Stands) => w.t("examination-next-none"),
        None if papers.tests_of(control.id).next().is_none() => w.t("examination-next-plan"),
        None => match papers.evidence_for(control.id).open.first() {
            Some(open) => open.clone(),
            None => w.t("examination-next-conclude"),
        },
    }
}

/// How many items deviated in all tests: what section IV counts, where one record may cover several.
fn deviating(papers: &Papers) -> u64 {
    papers
        .tests
        .iter()
        .map(|test| papers.test_result(test))
        .map(|result| result.deviations + result.named_deviations)
        .sum()
}

/// `GET /examination/{engagement}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn engagement(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    let shell = cx.shell();
    let w = shell.w;
    let p = progress(&papers);
    let columns = vec![
        Column::new(w.t("examination-control")),
        Column::new(w.t("examination-statement")),
        Column::new(w.t("examination-tests")).numeric(),
        Column::new(w.t("examination-deviations")).numeric(),
        Column::new(w.t("examination-conclusion")),
        Column::new(w.t("examination-next")),
    ];
    let rows = papers.controls.iter().map(|control| {
        let conclusion = papers.conclusion(About::Control { control: control.id });
        let deviations = papers.deviations.iter().filter(|d| d.control == control.id).count();
        Row::new(vec![
            Html::id(&control.text.code).into(),
            (&control.text.statement).into(),
            w.number(papers.tests_of(control.id).count()).into(),
            w.number(deviations).into(),
            found(w, conclusion.as_ref()).into(),
            next_step(w, &papers, control).into(),
        ])
        .to(href(papers.engagement.id, &format!("/controls/{}", control.id)))
    });
    let figures = Figures::new(vec![
        Figure::new(w, w.t("examination-concluded-controls"), w.number(p.concluded))
            .unit(w.t1("examination-of-n", "of", p.controls))
            .definition(w.t("examination-concluded-controls-counted")),
        Figure::new(w, w.t("examination-deviations"), w.number(papers.deviations.len()))
            .unit(w.t1("examination-deviations-items", "items", deviating(&papers)))
            .definition(w.t("examination-deviations-counted")),
        Figure::new(w, w.t("examination-unreviewed"), w.number(p.unreviewed)),
        Figure::new(w, w.t("examination-void-conclusions"), w.number(p.void)),
    ]);
    let answer = w.t2("examination-answer", "concluded", p.concluded, "controls", p.controls);
    let table = Table::new(w, "controls", w.t("examination-tab-controls"), columns)
        .rows(rows)
        .exports(&cx.list_query())
        .empty(Empty::new(w.t("examination-no-controls"), w.t("examination-no-controls-next")));
    if let Some(file) = cx.file("controls", &table) {
        return file;
    }
    let shell = framed(shell, &papers, "controls").title(w.t("examination-title")).answer(answer);
    cx.page(&Page { shell, parts: vec![figures.into(), table.into()] })
}
