//! Lists: columns, order by link, keyset pages, filters, exports.

use super::html::component;
use super::{Button, Empty, Html, ListQuery, safe_href};
use crate::words::Words;
use askama::Template;

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    label: String,
    numeric: bool,
    sort: Option<Sort>,
}

#[derive(Clone, Debug)]
struct Sort {
    href: String,
    now: Option<bool>,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false, sort: None }
    }

    /// A column of numbers, set flush at the end.
    #[must_use]
    pub const fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Its heading is a link that orders the list by `name`; a second press turns the order.
    /// `now` is the order shown ([`ListQuery::sort`]).
    #[must_use]
    pub fn sorts(mut self, query: &ListQuery, name: &str, now: (&str, bool)) -> Self {
        let active = (now.0 == name).then_some(now.1);
        self.sort = Some(Sort { href: query.href_sort(name, active == Some(false)), now: active });
        self
    }

    fn aria(&self) -> &'static str {
        match self.sort.as_ref().and_then(|s| s.now) {
            Some(true) => "descending",
            Some(false) => "ascending",
            None => "none",
        }
    }
}

/// One cell: text (escaped) or a component.
#[derive(Clone, Debug, Default)]
pub struct Cell(Html);

impl<T: Into<Html>> From<T> for Cell {
    fn from(content: T) -> Self {
        Self(content.into())
    }
}

/// One row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    href: Option<String>,
    cells: Vec<Cell>,
    actions: Vec<Button>,
    missed: bool,
    select: Option<(String, String)>,
}

impl Row {
    /// A row of cells, as many as there are columns. The first names the row.
    #[must_use]
    pub fn new(cells: Vec<Cell>) -> Self {
        Self { cells, ..Self::default() }
    }

    /// Where the first cell leads.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into()).filter(|h| safe_href(h));
        self
    }

    /// A button at the end of the row.
    #[must_use]
    pub fn action(mut self, action: Button) -> Self {
        self.actions.push(action);
        self
    }

    /// The row tells of a missed promise.
    #[must_use]
    pub const fn missed(mut self, missed: bool) -> Self {
        self.missed = missed;
        self
    }

    /// A box to choose the row; `label` says which row it is.
    #[must_use]
    pub fn select(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.select = Some((value.into(), label.into()));
        self
    }
}

/// Pages by key: no page numbers, no counting of what is not shown.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    first: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    total: Option<u64>,
}

impl Pager {
    /// From the keys of the first and the last row shown, where there are rows before and after.
    #[must_use]
    pub fn keyset(query: &ListQuery, before: Option<&str>, after: Option<&str>) -> Self {
        Self {
            first: before.map(|_| query.href_first()),
            previous: before.map(|key| query.href_before(key)),
            next: after.map(|key| query.href_after(key)),
            total: None,
        }
    }

    /// How many there are in all, where that is known cheaply.
    #[must_use]
    pub const fn of(mut self, total: u64) -> Self {
        self.total = Some(total);
        self
    }
}

/// The list as a file.
#[derive(Clone, Debug)]
pub struct Export {
    href: String,
    label: String,
}

/// A column that may be shown or hidden.
#[derive(Clone, Debug)]
pub struct ColumnChoice {
    /// The value of `col`.
    pub key: String,
    /// Its heading.
    pub label: String,
    /// Whether it is shown.
    pub shown: bool,
}

/// A filter that is set, with the address of the list without it.
#[derive(Clone, Debug)]
pub struct Filter {
    /// What it says: `Kind: incident`.
    pub label: String,
    /// The list without it.
    pub drop: String,
}

/// What can be done with the rows that were chosen.
#[derive(Clone, Debug)]
struct Bulk {
    action: String,
    csrf: String,
    buttons: Vec<(String, String)>,
}

/// A set of filters under a name.
#[derive(Clone, Debug)]
pub struct SavedFilter {
    /// Its name.
    pub label: String,
    /// The list with it.
    pub href: String,
    /// Whether it is the one in use.
    pub current: bool,
}

/// A list.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/table.html")]
pub struct Table {
    w: Words,
    id: String,
    caption: String,
    caption_hidden: bool,
    columns: Vec<Column>,
    rows: Vec<Row>,
    pager: Pager,
    exports: Vec<Export>,
    choices: Vec<ColumnChoice>,
    query: ListQuery,
    filters: Vec<Filter>,
    saved: Vec<SavedFilter>,
    save: Option<Button>,
    empty: Option<Empty>,
    cards: bool,
    wide: bool,
    bulk: Option<Bulk>,
}
component!(Table);

impl Table {
    /// `id` is unique in the page (letters, digits, `-`); `caption` says what the rows are.
    #[must_use]
    pub fn new(
        w: Words,
        id: impl Into<String>,
        caption: impl Into<String>,
        columns: Vec<Column>,
    ) -> Self {
        Self {
            w,
            id: id.into(),
            caption: caption.into(),
            caption_hidden: false,
            columns,
            rows: Vec::new(),
            pager: Pager::default(),
            exports: Vec::new(),
            choices: Vec::new(),
            query: ListQuery::default(),
            filters: Vec::new(),
            saved: Vec::new(),
            save: None,
            empty: None,
            cards: false,
            wide: false,
            bulk: None,
        }
    }

    /// The rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// What to say where there are none. Without it a plain sentence is shown.
    #[must_use]
    pub fn empty(mut self, empty: Empty) -> Self {
        self.empty = Some(empty);
        self
    }

    /// Pages by key.
    #[must_use]
    pub fn pager(mut self, pager: Pager) -> Self {
        self.pager = pager;
        self
    }

    /// CSV and XLSX of exactly what is shown, all pages (`format=csv`, `format=xlsx`).
    #[must_use]
    pub fn exports(mut self, query: &ListQuery) -> Self {
        for (format, key) in [("csv", "export-csv"), ("xlsx", "export-xlsx")] {
            self.exports.push(Export { href: query.href_format(format), label: self.w.t(key) });
        }
        self
    }

    pub(super) fn caption(&self) -> &str {
        &self.caption
    }

    pub(super) fn headings(&self) -> Vec<&str> {
        self.columns.iter().map(|c| c.label.as_str()).collect()
    }

    pub(super) fn cells(&self) -> Vec<Vec<&Html>> {
        self.rows.iter().map(|row| row.cells.iter().map(|cell| &cell.0).collect()).collect()
    }

    /// Lets the reader choose columns.
    #[must_use]
    pub fn choose(mut self, query: &ListQuery, choices: Vec<ColumnChoice>) -> Self {
        self.query = query.clone();
        self.choices = choices;
        self
    }

    /// Filters that are set.
    #[must_use]
    pub fn filters(mut self, filters: Vec<Filter>) -> Self {
        self.filters = filters;
        self
    }

    /// Filters saved under a name, and the button that saves the present ones.
    #[must_use]
    pub fn saved(mut self, saved: Vec<SavedFilter>, save: Option<Button>) -> Self {
        self.saved = saved;
        self.save = save;
        self
    }

    /// On a narrow screen each row becomes a card. For lists of few columns of words.
    #[must_use]
    pub const fn cards(mut self) -> Self {
        self.cards = true;
        self
    }

    /// More columns than fit: the table scrolls sideways inside its own frame at any width.
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The caption is for screen readers only (a heading above says the same).
    #[must_use]
    pub const fn caption_hidden(mut self) -> Self {
        self.caption_hidden = true;
        self
    }

    /// Rows with a box ([`Row::select`]) are sent together by POST to `action`: each button is
    /// `(value of "do", label)`. The chosen rows arrive as `row`.
    #[must_use]
    pub fn bulk(
        mut self,
        action: impl Into<String>,
        csrf: impl Into<String>,
        buttons: Vec<(String, String)>,
    ) -> Self {
        self.bulk = Some(Bulk { action: action.into(), csrf: csrf.into(), buttons });
        self
    }

    fn shown(&self) -> String {
        let shown = self.rows.len();
        match self.pager.total {
            Some(total) => self.w.t2("pager-shown-of", "shown", shown, "total", total),
            None => self.w.t1("pager-shown", "shown", shown),
        }
    }

    fn selects(&self) -> bool {
        self.bulk.is_some()
    }

    fn acts(&self) -> bool {
        self.rows.iter().any(|r| !r.actions.is_empty())
    }

    fn label_of(&self, column: &usize) -> &str {
        self.columns.get(*column).map_or("", |c| c.label.as_str())
    }

    fn is_numeric(&self, column: &usize) -> bool {
        self.columns.get(*column).is_some_and(|c| c.numeric)
    }
}
