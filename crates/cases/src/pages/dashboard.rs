//! `/cases/dashboard`: how many cases of each sort.

use super::{kind_word, owner_seen, severity_word};
use crate::model::{CaseKind, CaseState, Count, Severity};
use crate::store;
use platform::http::{Answer, Cx};
use platform::ui::{
    Button, Cell, Column, Empty, Figure, Figures, Html, ListQuery, Page, Row, Table, prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// The most months and channels shown; the counts above the tables are of all cases.
const ROWS_MAX: usize = 36;

fn sum<'c>(counts: impl Iterator<Item = &'c Count>) -> i64 {
    counts.map(|c| c.n).sum()
}

fn concluded(count: &Count) -> bool {
    CaseState::from_word(&count.state).is_some_and(CaseState::is_concluded)
}

/// Sums by one property, in the order of its words.
fn by<'c>(counts: &'c [Count], of: impl Fn(&'c Count) -> &'c str) -> BTreeMap<&'c str, (i64, i64)> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for count in counts {
        let (all, open) = sums.entry(of(count)).or_default();
        *all += count.n;
        *open += if concluded(count) { 0 } else { count.n };
    }
    sums
}

/// One row: what it is called, the filter that lists it, all cases and open ones.
type Line<'l> = (String, Option<(&'l str, &'l str)>, (i64, i64));

fn table(w: Words, id: &str, lines: Vec<Line<'_>>) -> Html {
    let columns = vec![
        Column::new(w.t(&format!("cases-{id}"))),
        Column::new(w.t("cases-count-all")).numeric(),
        Column::new(w.t("cases-count-open")).numeric(),
    ];
    let rows = lines.into_iter().map(|(label, filter, (all, open))| {
        let cells: Vec<Cell> = vec![label.into(), w.number(all).into(), w.number(open).into()];
        let row = Row::new(cells);
        match filter {
            Some((name, value)) => row.to(ListQuery::parse("/cases", "").href_with(name, value)),
            None => row,
        }
    });
    Table::new(w, format!("by-{id}"), w.t(&format!("cases-by-{id}")), columns).rows(rows).into()
}

fn tables(w: Words, counts: &[Count]) -> Vec<(&'static str, Html)> {
    let kinds = by(counts, |c| &c.kind);
    let kind_lines = CaseKind::ALL
        .iter()
        .filter_map(|k| {
            kinds.get(k.word()).map(|n| (kind_word(w, *k), Some(("kind", k.word())), *n))
        })
        .collect();
    let severities = by(counts, |c| &c.severity);
    let mut severity_lines: Vec<Line<'_>> = Severity::ALL
        .iter()
        .filter_map(|s| {
            severities
                .get(s.word())
                .map(|n| (severity_word(w, Some(*s)), Some(("severity", s.word())), *n))
        })
        .collect();
    if let Some(n) = severities.get("") {
        severity_lines.push((severity_word(w, None), None, *n));
    }
    let channels = by(counts, |c| &c.channel);
    let mut channel_lines: Vec<Line<'_>> = channels
        .iter()
        .map(|(name, n)| {
            let label =
                if name.is_empty() { w.t("cases-channel-none") } else { (*name).to_owned() };
            (label, Some(("channel", *name)).filter(|(_, v)| !v.is_empty()), *n)
        })
        .collect();
    channel_lines.sort_by_key(|(_, _, (all, _))| std::cmp::Reverse(*all));
    channel_lines.truncate(ROWS_MAX);
    let months = by(counts, |c| &c.month);
    let month_lines =
        months.iter().rev().take(ROWS_MAX).map(|(m, n)| ((*m).to_owned(), None, *n)).collect();
    vec![
        ("kind", table(w, "kind", kind_lines)),
        ("channel", table(w, "channel", channel_lines)),
        ("severity", table(w, "severity", severity_lines)),
        ("month", table(w, "month", month_lines)),
    ]
}

/// `GET /cases/dashboard`
///
/// # Errors
/// When the reader may not see cases.
pub async fn show(cx: Cx) -> Answer {
    let chosen = cx.engagement();
    let counts = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            store::counts(conn, owner)
        })
        .await?;
    let w = cx.w;
    let all = sum(counts.iter());
    let open = sum(counts.iter().filter(|c| !concluded(c)));
    let undecided = sum(counts.iter().filter(|c| c.severity.is_empty() && !concluded(c)));
    let waiting = sum(counts.iter().filter(|c| c.state == CaseState::New.word()));
    let figure = |name: &str, n: i64, href: Option<&str>| {
        let figure = Figure::new(w, w.t(&format!("cases-figure-{name}")), w.number(n))
            .definition(w.t(&format!("cases-figure-{name}-definition")));
        match href {
            Some(href) => figure.of(href),
            None => figure,
        }
    };
    let shell = cx
        .shell()
        .title(w.t("cases-dashboard-question"))
        .answer(w.t2("cases-dashboard-answer", "all", all, "open", open))
        .at("cases")
        .crumb("/cases", w.t("cases-room"))
        .action(Button::link("/cases", w.t("cases-room")));
    let mut page = Page::new(shell).part(Figures::new(vec![
        figure("all", all, Some("/cases")),
        figure("open", open, None),
        figure("new", waiting, Some("/cases?state=new")),
        figure("undecided", undecided, None),
    ]));
    if all == 0 {
        page = page.part(Empty::new(w.t("cases-none"), w.t("cases-none-next")));
        return cx.page(&page);
    }
    for (name, table) in tables(w, &counts) {
        page = page
            .heading(&w.t(&format!("cases-by-{name}")))
            .part(prose(&w.t(&format!("cases-by-{name}-definition"))))
            .part(table);
    }
    cx.page(&page)
}
