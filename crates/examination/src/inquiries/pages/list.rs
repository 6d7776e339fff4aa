//! `/examination/{engagement}/inquiries`: what is planned, whom the firm asked, what it supports.

use super::super::model::{Agreed, ProcedureKind, ProcedureState, Support, Tenure};
use super::super::permits::HoldInquiries;
use super::super::rules::{Work, supports};
use super::super::service::work;
use super::{Seen, enough, frame, named, seen, state, tone};
use crate::evaluations::pages::page;
use axum::extract::Path;
use platform::http::{Answer, Cx};
use platform::ui::{Button, Cell, Column, Empty, Html, Row, Status, Table, Tone, heading, prose};
use platform::words::Words;
use std::collections::{BTreeMap, BTreeSet};

fn procedures(w: Words, seen: &Seen) -> Table {
    let columns = ["what", "kind", "whom", "state", "used-for"]
        .map(|k| Column::new(w.t(&format!("inquiries-{k}"))));
    let rows = seen.procedures.iter().map(|p| {
        let whom: Vec<&str> = p.plan.asked.iter().map(|a| a.name.as_str()).collect();
        let used = p.outcome.as_ref().map(|o| named(w, "support", o.support.word()));
        let cells: Vec<Cell> = vec![
            (&p.plan.title).into(),
            named(w, "kind", p.plan.kind.word()).into(),
            whom.join(", ").into(),
            state(w, p.state).into(),
            used.unwrap_or_default().into(),
        ];
        Row::new(cells).to(seen.href(&format!("/{}", p.id)))
    });
    Table::new(w, "procedures", w.t("inquiries-room"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("inquiries-none"), w.t("inquiries-none-next")))
}

/// Who was asked, by function and by how long they have had it: a picture of one-sided choices.
fn coverage(w: Words, seen: &Seen) -> Table {
    let mut by: BTreeMap<&str, BTreeMap<Tenure, usize>> = BTreeMap::new();
    let live = seen.procedures.iter().filter(|p| p.state != ProcedureState::Cancelled);
    for asked in live.flat_map(|p| &p.plan.asked) {
        *by.entry(&asked.function).or_default().entry(asked.tenure).or_default() += 1;
    }
    let mut columns = vec![Column::new(w.t("inquiries-function"))];
    columns.extend(Tenure::ALL.iter().map(|t| Column::new(named(w, "tenure", t.word())).numeric()));
    let rows = by.into_iter().map(|(function, of)| {
        let mut cells: Vec<Cell> = vec![function.into()];
        cells.extend(
            Tenure::ALL.iter().map(|t| Cell::from(w.number(of.get(t).copied().unwrap_or(0)))),
        );
        Row::new(cells)
    });
    Table::new(w, "coverage", w.t("inquiries-coverage"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("inquiries-nobody"), w.t("inquiries-nobody-next")))
}

/// What the procedures about each control support together, before any test.
fn by_control(w: Words, seen: &Seen) -> Table {
    let columns = ["control", "procedures", "for-design", "for-operation"]
        .map(|k| Column::new(w.t(&format!("inquiries-{k}"))));
    let controls: BTreeSet<_> = seen
        .procedures
        .iter()
        .filter(|p| p.state != ProcedureState::Cancelled)
        .flat_map(|p| p.plan.controls.iter().copied())
        .collect();
    let rows = seen.papers.controls.iter().filter(|c| controls.contains(&c.id)).map(|control| {
        let about = || {
            seen.procedures.iter().filter(|p| {
                p.state != ProcedureState::Cancelled && p.plan.controls.contains(&control.id)
            })
        };
        let done = about().fold(Work::default(), |all, p| all.with(&work(p, seen.entries(p.id))));
        let cell = |support| match supports(&done, support) {
            Ok(()) => Html::from(Status::new(tone(support), enough(w, support))),
            Err(lack) => Html::from(Status::new(Tone::Waiting, w.t("inquiries-not-enough")))
                .and(prose(&lack.to_string())),
        };
        let cells: Vec<Cell> = vec![
            Html::id(&control.text.code).into(),
            w.number(about().count()).into(),
            cell(Support::Design).into(),
            cell(Support::Operation).into(),
        ];
        Row::new(cells)
            .to(crate::pages::href(seen.papers.engagement.id, &format!("/controls/{}", control.id)))
    });
    Table::new(w, "by-control", w.t("inquiries-by-control"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("inquiries-no-control"), w.t("inquiries-no-control-next")))
}

fn consents(w: Words, seen: &Seen) -> Table {
    let columns = ["consent-to", "state", "consent-words"]
        .map(|k| Column::new(w.t(&format!("inquiries-{k}"))));
    let rows = Agreed::ALL.iter().map(|what| {
        let held = seen.consents.iter().find(|c| c.what == *what && c.holds());
        let status = match held {
            Some(_) => Status::new(Tone::Good, w.t("inquiries-consented")),
            None => Status::new(Tone::Waiting, w.t("inquiries-no-consent")),
        };
        let cells: Vec<Cell> = vec![
            named(w, "agreed", what.word()).into(),
            status.into(),
            held.map_or("", |c| c.words.as_str()).into(),
        ];
        Row::new(cells)
    });
    Table::new(w, "consents", w.t("inquiries-consents"), columns.to_vec()).rows(rows).cards()
}

/// `GET /examination/{engagement}/inquiries`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn list(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let w = cx.w;
    let open = seen
        .procedures
        .iter()
        .filter(|p| matches!(p.state, ProcedureState::Planned | ProcedureState::Held))
        .count();
    let walkthroughs = seen
        .procedures
        .iter()
        .filter(|p| {
            p.plan.kind == ProcedureKind::Walkthrough && p.state == ProcedureState::Concluded
        })
        .count();
    let answer = w.ta(
        "inquiries-answer",
        &[
            ("count", seen.procedures.len().into()),
            ("open", open.into()),
            ("walkthroughs", walkthroughs.into()),
        ],
    );
    let parts = vec![
        procedures(w, &seen).into(),
        heading(&w.t("inquiries-by-control")),
        by_control(w, &seen).into(),
        heading(&w.t("inquiries-coverage")),
        coverage(w, &seen).into(),
        heading(&w.t("inquiries-consents")),
        consents(w, &seen).into(),
    ];
    let mut shell = frame(&cx, &seen, w.t("inquiries-title"), answer);
    if cx.can::<HoldInquiries>() {
        shell = shell.action(Button::link(seen.href("/new"), w.t("inquiries-new")).primary());
    }
    cx.page(&page(shell, parts))
}
