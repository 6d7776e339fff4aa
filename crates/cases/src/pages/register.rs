//! `/cases`: the list, and the list as a file.

use super::{kind_word, owner_seen, severity_word, state_status, state_word};
use crate::model::{Case, CaseId, CaseKind, CaseState, Severity};
use crate::permits::HandleCase;
use crate::store::{self, CaseFilter};
use axum::http::header;
use axum::response::IntoResponse;
use jiff::tz::TimeZone;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Form, Html, Kind, ListQuery, Page, Pager, Row, Table,
    neutral,
};
use platform::words::Words;

/// Rows of one page.
const PAGE_ROWS: i64 = 50;
/// Rows read at a time for a file.
const BATCH_ROWS: i64 = 1_000;
/// The most rows of one file.
const FILE_ROWS_MAX: usize = 500_000;
/// What the list and the file show.
const COLUMNS: [&str; 7] = ["number", "title", "kind", "severity", "state", "channel", "reported"];

/// Where the list continues behind a case.
pub(crate) fn key_after(case: &Case) -> String {
    format!("{}.{}", case.reported_at.0, case.id)
}

fn place(text: &str) -> Result<(Timestamp, CaseId), Refusal> {
    let wrong =
        || Refusal::field("after", "This is not a place in the list. Start again without it.");
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    Ok((Timestamp(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

fn chosen<T: Copy>(
    query: &ListQuery,
    field: &'static str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<Option<T>, Refusal> {
    let Some(given) = query.get(field) else { return Ok(None) };
    match all.iter().find(|x| word(**x) == given) {
        Some(found) => Ok(Some(*found)),
        None => {
            let words: Vec<_> = all.iter().map(|x| word(*x)).collect();
            Err(Refusal::field(field, format!("{field} is one of: {}.", words.join(", "))))
        }
    }
}

/// What the address asks of the list.
///
/// # Errors
/// [`Refusal::Input`] naming the parameter.
pub(crate) fn filter(query: &ListQuery, limit: i64) -> Result<CaseFilter, Refusal> {
    Ok(CaseFilter {
        state: chosen(query, "state", CaseState::ALL, CaseState::word)?,
        severity: chosen(query, "severity", Severity::ALL, Severity::word)?,
        kind: chosen(query, "kind", CaseKind::ALL, CaseKind::word)?,
        channel: query.get("channel").map(str::to_owned),
        text: query.get("q").map(str::trim).filter(|q| !q.is_empty()).map(str::to_owned),
        canaries: false,
        reader: None,
        after: query.after().map(place).transpose()?,
        limit,
    })
}

fn select(w: Words, name: &str, choices: Vec<(&'static str, String)>, query: &ListQuery) -> Field {
    let mut all = vec![Choice::new("", w.t("cases-any"))];
    all.extend(choices.into_iter().map(|(value, label)| Choice::new(value, label)));
    Field::new(w, name, w.t(&format!("cases-{name}")), Kind::Select(all))
        .value(query.get(name).unwrap_or_default())
}

fn filters(w: Words, query: &ListQuery) -> Form {
    let states = CaseState::ALL.iter().map(|x| (x.word(), state_word(w, *x))).collect();
    let severities = Severity::ALL.iter().map(|x| (x.word(), severity_word(w, Some(*x)))).collect();
    let kinds = CaseKind::ALL.iter().map(|x| (x.word(), kind_word(w, *x))).collect();
    let mut form = Form::get(w, "/cases", w.t("cases-filter"))
        .compact()
        .field(
            Field::new(w, "q", w.t("cases-search"), Kind::Search)
                .value(query.get("q").unwrap_or_default())
                .max(400),
        )
        .field(select(w, "state", states, query))
        .field(select(w, "severity", severities, query))
        .field(select(w, "kind", kinds, query));
    if let Some(channel) = query.get("channel") {
        form = form.hide("channel", channel);
    }
    form
}

fn cells(w: Words, case: &Case) -> [String; 7] {
    [
        case.tracking_number.clone(),
        case.title.clone(),
        kind_word(w, case.kind),
        severity_word(w, case.severity),
        state_word(w, case.state),
        case.channel.clone(),
        case.reported_at.to_rfc3339(),
    ]
}

fn row(w: Words, case: &Case) -> Row {
    Row::new(vec![
        Html::id(&case.tracking_number).into(),
        (&case.title).into(),
        kind_word(w, case.kind).into(),
        severity_word(w, case.severity).into(),
        state_status(w, case).into(),
        (&case.channel).into(),
        w.moment(case.reported_at, &TimeZone::UTC).into(),
    ])
    .to(format!("/cases/{}", case.id))
}

/// `GET /cases`
///
/// # Errors
/// When the reader may not see cases, or a filter is none.
pub async fn list(cx: Cx) -> Answer {
    let query = cx.list_query();
    if query.get("format") == Some("csv") {
        return file(&cx, &query).await;
    }
    let mut wanted = filter(&query, PAGE_ROWS + 1)?;
    wanted.canaries = cx.can::<HandleCase>();
    let chosen = cx.engagement();
    let (mut cases, open) = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            let counts = store::counts(conn, owner)?;
            let concluded =
                |state: &str| CaseState::from_word(state).is_some_and(CaseState::is_concluded);
            let open: i64 = counts.iter().filter(|c| !concluded(&c.state)).map(|c| c.n).sum();
            // Nobody finds a report that concerns them.
            wanted.reader = actor.person;
            Ok((store::cases(conn, owner, &wanted)?, open))
        })
        .await?;
    let rows = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let more = cases.len() > rows;
    cases.truncate(rows);
    let next = cases.last().filter(|_| more).map(key_after);
    let w = cx.w;
    let columns = COLUMNS.map(|c| Column::new(w.t(&format!("cases-{c}")))).to_vec();
    let empty = if query.filtered() {
        Empty::new(w.t("cases-none-match"), w.t("cases-none-match-next"))
            .action(Button::link("/cases", w.t("cases-all")))
    } else {
        Empty::new(w.t("cases-none"), w.t("cases-none-next"))
    };
    let table = Table::new(w, "cases", w.t("cases-room"), columns)
        .rows(cases.iter().map(|case| row(w, case)))
        .pager(Pager::keyset(&query, None, next.as_deref()))
        .empty(empty);
    let shell = cx
        .shell()
        .title(w.t("cases-question"))
        .answer(w.t1("cases-answer", "count", open))
        .at("cases")
        .action(Button::link("/cases/dashboard", w.t("cases-dashboard")))
        .action(Button::link(query.href_format("csv"), w.t("export-csv")));
    let mut page = Page::new(shell).part(filters(w, &query)).part(table);
    if query.after().is_some() {
        page = page.part(Html::link(&query.href_first(), w.t("pager-first")));
    }
    cx.page(&page)
}

/// The list with its filters as a file: all pages.
async fn file(cx: &Cx, query: &ListQuery) -> Answer {
    let mut wanted = filter(query, BATCH_ROWS)?;
    wanted.after = None;
    let (chosen, w) = (cx.engagement(), cx.w);
    let rows: Vec<[String; 7]> = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            wanted.reader = actor.person;
            let mut rows = Vec::new();
            loop {
                let batch = store::cases(conn, owner, &wanted)?;
                rows.extend(batch.iter().map(|case| cells(w, case)));
                if rows.len() > FILE_ROWS_MAX {
                    return Err(Refusal::state(format!(
                        "This list has more than {FILE_ROWS_MAX} cases. Filter it first, and export it in parts."
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
    let odd = |e: csv::Error| Failure::Fault(format!("a file could not be made: {e}"));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS.map(|c| w.t(&format!("cases-{c}")))).map_err(odd)?;
    for row in &rows {
        out.write_record(row.each_ref().map(|cell| neutral(cell))).map_err(odd)?;
    }
    let bytes = out.into_inner().map_err(|e| Failure::Fault(format!("a file: {e}")))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"cases.csv\""),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_none_is_refused_and_a_place_is_read_back() {
        let refused = filter(&ListQuery::parse("/cases", "state=open"), 1).unwrap_err();
        assert!(matches!(refused, Refusal::Input { field: Some("state"), .. }), "{refused:?}");
        assert!(filter(&ListQuery::parse("/cases", "after=x"), 1).is_err());
        let id = CaseId::from_u128(7);
        let query = format!("after=-5.{id}&severity=high&q=+a+");
        let read = filter(&ListQuery::parse("/cases", &query), 1).unwrap();
        assert_eq!(read.after, Some((Timestamp(-5), id)));
        assert_eq!((read.severity, read.text.as_deref()), (Some(Severity::High), Some("a")));
    }
}
