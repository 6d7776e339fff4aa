//! `/cases/overdue`: open cases with a promise whose time is over.

use super::{clock_name, shell};
use crate::clocks::store::{self, Overdue};
use crate::model::Severity;
use crate::pages::{owner_seen, severity_word};
use kernel::time::Timestamp;
use platform::http::{Answer, Cx};
use platform::ui::{Column, Empty, Html, Page, Row, Table};
use platform::words::Words;

/// Cases shown at most; the longest overdue.
const SHOWN_MAX: i64 = 500;

fn row(w: Words, one: &Overdue, owner: &str, now: Timestamp) -> Row {
    let late = one.armed.promises.iter().filter(|p| p.open() && p.due_at < now);
    let clocks: Vec<String> = late.map(|p| clock_name(w, &p.clock)).collect();
    let due = one.armed.deadline_at();
    let by = due.map_or(0, |at| (now.0 - at.0) / 1_000_000);
    Row::new(vec![
        Html::id(&one.tracking_number).into(),
        severity_word(w, Severity::from_word(&one.severity)).into(),
        clocks.join(", ").into(),
        due.map_or_else(Html::empty, |at| w.moment_utc(at).into()).into(),
        w.span(by).into(),
        owner.into(),
    ])
    .to(format!("/cases/{}/clocks", one.armed.case))
}

/// `GET /cases/overdue`
///
/// # Errors
/// When the reader may not see cases.
pub async fn show(cx: Cx) -> Answer {
    let (chosen, now) = (cx.engagement(), cx.env().now());
    let seen = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            let all = store::overdue(conn, owner, actor.person, now, SHOWN_MAX)?;
            all.into_iter()
                .map(|one| {
                    let name = one.owner.map(|p| identity::store::name_of(conn, p)).transpose()?;
                    Ok((one, name.unwrap_or_default()))
                })
                .collect::<platform::db::Result<Vec<_>>>()
        })
        .await?;
    let (w, query) = (cx.w, cx.list_query());
    let columns = ["number", "severity", "late-clocks", "due", "late-by", "owner"]
        .map(|k| Column::new(w.t(&format!("clocks-{k}"))))
        .to_vec();
    let rows = seen.iter().map(|(one, owner)| row(w, one, owner, now));
    let table = Table::new(w, "overdue", w.t("clocks-overdue-title"), columns)
        .rows(rows)
        .cards()
        .exports(&query)
        .empty(Empty::new(w.t("clocks-overdue-none"), w.t("clocks-overdue-none-text")));
    if let Some(file) = cx.file("overdue", &table) {
        return file;
    }
    let shell = shell(&cx, "/cases/overdue").title(w.t("clocks-overdue-question")).answer(w.t1(
        "clocks-overdue-answer",
        "count",
        seen.len(),
    ));
    cx.page(&Page::new(shell).part(table))
}
