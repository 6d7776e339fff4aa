//! The list as a file: the columns and filters that are shown, all pages.

use super::{Beside, asked::filter, cell, columns};
use crate::pages::owner_seen;
use crate::store;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx};
use platform::ui::{ListFormat, ListQuery, WordList};

/// Rows read at a time for a file.
const BATCH_ROWS: i64 = 1_000;
/// The most rows of one file of text.
const FILE_ROWS_MAX: usize = 500_000;
/// The most rows of one workbook, which is made in memory.
const WORKBOOK_ROWS_MAX: usize = 100_000;

/// Sends the list as `csv` or `xlsx`.
pub(super) async fn send(cx: &Cx, query: &ListQuery, format: ListFormat) -> Answer {
    let mut wanted = filter(query, BATCH_ROWS, cx.person().ok(), cx.env().now())?;
    wanted.after = None;
    let most = if format == ListFormat::Xlsx { WORKBOOK_ROWS_MAX } else { FILE_ROWS_MAX };
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
    cx.list_file("cases", WordList { title: w.t("cases-room"), headings, rows }, format)
}
