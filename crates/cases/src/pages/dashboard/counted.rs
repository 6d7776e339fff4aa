//! Counts by kind, channel, severity and month, without figures that could single a reporter out.

use super::{concluded, kind_label};
use crate::model::{Count, Severity};
use crate::pages::severity_word;
use crate::views::rules::suppress::{Counts, Shown, shown};
use platform::ui::{Column, Empty, Html, ListQuery, Row, Table};
use platform::words::Words;
use serde::Serialize;
use std::collections::BTreeMap;

/// The most months and channels shown.
const ROWS_MAX: usize = 36;

/// One value of a property with its figures; none where they are not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Cell {
    /// The value: a word, the name of a channel, a month.
    pub value: String,
    /// All cases.
    pub all: Option<i64>,
    /// Of them, open.
    pub open: Option<i64>,
}

/// Counts by one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct By {
    /// `kind`, `channel`, `severity` or `month`.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// Its values; none where the whole table could single somebody out.
    pub cells: Option<Vec<Cell>>,
}

impl By {
    /// Whether a figure is not shown.
    pub(super) fn hides(&self) -> bool {
        self.cells.as_ref().is_none_or(|cells| cells.iter().any(|c| c.all.is_none()))
    }
}

/// A property of a count.
type Of = for<'c> fn(&'c Count) -> &'c str;

const PROPERTIES: [(&str, Of); 4] = [
    ("kind", |c| &c.kind),
    ("channel", |c| &c.channel),
    ("severity", |c| &c.severity),
    ("month", |c| &c.month),
];

/// Counts by each property.
#[must_use]
pub fn by_all(counts: &[Count], private: &[Count]) -> Vec<By> {
    PROPERTIES.iter().map(|(name, of)| by(name, *of, counts, private)).collect()
}

fn by(name: &'static str, of: Of, counts: &[Count], private: &[Count]) -> By {
    let mut rows: BTreeMap<&str, Counts> = BTreeMap::new();
    let empty = Counts { all: 0, open: 0, private: 0, private_open: 0 };
    for count in counts {
        let row = rows.entry(of(count)).or_insert(empty);
        row.all += count.n;
        row.open += if concluded(count) { 0 } else { count.n };
    }
    for count in private {
        if let Some(row) = rows.get_mut(of(count)) {
            row.private += count.n;
            row.private_open += if concluded(count) { 0 } else { count.n };
        }
    }
    rows.retain(|_, row| row.all > 0);
    let all: Vec<Counts> = rows.values().copied().collect();
    let cells = match shown(&all) {
        Shown::Nothing => None,
        Shown::Rows(shown) => Some(
            rows.iter()
                .zip(shown)
                .map(|((value, row), shown)| Cell {
                    value: (*value).to_owned(),
                    all: shown.then_some(row.all),
                    open: shown.then_some(row.open),
                })
                .collect(),
        ),
    };
    By { name, cells }
}

/// What a value is called, and the filters that list its cases.
fn label(w: Words, name: &str, value: &str) -> (String, Vec<(&'static str, String)>) {
    match name {
        "kind" => (kind_label(w, value), vec![("kind", value.to_owned())]),
        "severity" if value.is_empty() => {
            (severity_word(w, None), vec![("severity", "none".to_owned())])
        }
        "severity" => {
            (severity_word(w, Severity::from_word(value)), vec![("severity", value.to_owned())])
        }
        "channel" if value.is_empty() => (w.t("cases-channel-none"), Vec::new()),
        "channel" => (value.to_owned(), vec![("channel", value.to_owned())]),
        _ => {
            let from = format!("{value}-01");
            let days = kernel::period::parse_date(&from).map(|d| d.days_in_month()).unwrap_or(28);
            (value.to_owned(), vec![("from", from), ("to", format!("{value}-{days:02}"))])
        }
    }
}

fn href(filters: &[(&'static str, String)]) -> Option<String> {
    let mut query = ListQuery::parse("/cases", "");
    for (name, value) in filters {
        let href = query.href_with(name, value);
        query = ListQuery::parse("/cases", href.split_once('?').map_or("", |(_, q)| q));
    }
    (!filters.is_empty()).then(|| query.href_first())
}

/// The table of one property.
pub(super) fn table(w: Words, by: &By) -> Html {
    let columns = vec![
        Column::new(w.t(&format!("cases-{}", by.name))),
        Column::new(w.t("cases-count-all")).numeric(),
        Column::new(w.t("cases-count-open")).numeric(),
    ];
    let mut cells: Vec<&Cell> = by.cells.iter().flatten().collect();
    match by.name {
        "month" => cells.reverse(),
        "channel" => cells.sort_by_key(|c| std::cmp::Reverse(c.all.unwrap_or(0))),
        "severity" => {
            let place = |c: &Cell| Severity::ALL.iter().position(|s| s.word() == c.value);
            cells.sort_by_key(|c| place(c).unwrap_or(usize::MAX));
        }
        _ => {}
    }
    let figure = |n: Option<i64>| n.map_or_else(|| w.t("figures-hidden"), |n| w.number(n));
    let rows = cells.into_iter().take(ROWS_MAX).map(|cell| {
        let (label, filters) = label(w, by.name, &cell.value);
        let row = Row::new(vec![label.into(), figure(cell.all).into(), figure(cell.open).into()]);
        match href(&filters) {
            Some(href) => row.to(href),
            None => row,
        }
    });
    let caption = w.t(&format!("cases-by-{}", by.name));
    Table::new(w, format!("by-{}", by.name), caption, columns)
        .rows(rows)
        .empty(Empty::new(w.t("figures-all-hidden"), w.t("figures-all-hidden-next")))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_confidential_report_is_hidden_with_another_row() {
        let count = |channel: &str, state: &str, n| Count {
            month: "2026-03".into(),
            kind: "concern".into(),
            severity: String::new(),
            channel: channel.into(),
            state: state.into(),
            n,
        };
        let counts =
            [count("email", "closed", 30), count("hotline", "new", 1), count("portal", "new", 8)];
        let private = [count("hotline", "new", 1)];
        let all = by_all(&counts, &private);
        let channels = &all[1];
        let figures: Vec<_> = channels.cells.iter().flatten().map(|c| (&*c.value, c.all)).collect();
        assert_eq!(figures, [("email", Some(30)), ("hotline", None), ("portal", None)]);
        assert!(channels.hides() && !all[0].hides(), "one kind of 39 says nothing of one person");
        assert!(by_all(&counts, &[]).iter().all(|by| !by.hides()));
    }
}
