//! The list as a file: the columns and filters that are shown, all pages.

use super::{Beside, asked::filter, cell, columns};
use crate::pages::owner_seen;
use crate::store;
use axum::http::header;
use axum::response::IntoResponse;
use exhibits::{AboutWorkbook, Cell, Sheet, neutral};
use jiff::tz::TimeZone;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure};
use platform::ui::ListQuery;

/// Rows read at a time for a file.
const BATCH_ROWS: i64 = 1_000;
/// The most rows of one file of text.
const FILE_ROWS_MAX: usize = 500_000;
/// The most rows of one workbook, which is made in memory.
const WORKBOOK_ROWS_MAX: usize = 100_000;

/// Sends the list as `csv` or `xlsx`.
pub(super) async fn send(cx: &Cx, query: &ListQuery, format: &str) -> Answer {
    let mut wanted = filter(query, BATCH_ROWS, cx.person().ok(), cx.env().now())?;
    wanted.after = None;
    let most = if format == "xlsx" { WORKBOOK_ROWS_MAX } else { FILE_ROWS_MAX };
    let (chosen, w, shown) = (cx.engagement(), cx.w, columns(query));
    let of_rows = shown.clone();
    let rows: Vec<Vec<String>> = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            let (mut rows, mut beside) = (Vec::new(), Beside::default());
            loop {
                let batch = store::cases(conn, owner, &wanted)?;
                beside.learn(conn, owner, &of_rows, &batch)?;
                rows.extend(batch.iter().map(|case| {
                    of_rows.iter().map(|c| cell(w, c, case, &beside)).collect::<Vec<_>>()
                }));
                beside.tags.clear();
                if rows.len() > most {
                    return Err(Refusal::state(format!(
                        "This list has more than {most} cases. Filter it first, and export it in parts."
                    ))
                    .into());
                }
                match batch.last() {
                    Some(last) => wanted.after = Some((last.reported_at, last.id)),
                    None => return Ok(rows),
                }
            }
        })
        .await?;
    let headings: Vec<String> = shown.iter().map(|c| w.t(&format!("cases-{c}"))).collect();
    if format == "xlsx" { workbook(cx, &headings, rows) } else { text(&headings, &rows) }
}

fn text(headings: &[String], rows: &[Vec<String>]) -> Answer {
    let odd = |e: csv::Error| Failure::Fault(format!("a file could not be made: {e}"));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(headings).map_err(odd)?;
    for row in rows {
        out.write_record(row.iter().map(|cell| neutral(cell).into_owned())).map_err(odd)?;
    }
    let bytes = out.into_inner().map_err(|e| Failure::Fault(format!("a file: {e}")))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"cases.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

fn workbook(cx: &Cx, headings: &[String], rows: Vec<Vec<String>>) -> Answer {
    let title = cx.w.t("cases-room");
    let created = TimeZone::UTC.to_datetime(cx.env().now().to_jiff());
    let about = AboutWorkbook { title: &title, author: "Tickmark", created };
    let rows: Vec<Vec<Cell>> =
        rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect();
    let header: Vec<&str> = headings.iter().map(String::as_str).collect();
    let sheet = Sheet { name: "Cases", header: &header, rows: &rows };
    let made = exhibits::workbook(&about, &[sheet])
        .map_err(|e| Failure::Fault(format!("a workbook could not be made: {e}")))?;
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"cases.xlsx\""),
    ];
    Ok((headers, made.bytes).into_response())
}
