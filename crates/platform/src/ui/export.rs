//! Lists as files: exactly the words that the page shows, and nothing that a spreadsheet would run.

use super::table::Table;
use exhibits::{AboutWorkbook, Cell, Sheet, WorkbookError};
use jiff::civil::DateTime;

/// A kind of file in which a list can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListFormat {
    /// RFC 4180, UTF-8, CRLF.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
}

impl ListFormat {
    /// The kind of a name, `csv` or `xlsx`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }

    /// Its media type and the ending of its name.
    #[must_use]
    pub const fn kind(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Xlsx => {
                ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
            }
        }
    }
}

/// A list in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordList {
    /// What the list is called, for the workbook and its sheet.
    pub title: String,
    /// The columns.
    pub headings: Vec<String>,
    /// The rows, a word for each column.
    pub rows: Vec<Vec<String>>,
}

/// Characters of a sheet's name at most, and those it may not hold: rules of the format.
const SHEET_NAME_MAX: usize = 31;
const NOT_IN_SHEET_NAMES: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

impl WordList {
    /// The list as a file. `created` is written into a workbook, so that the same list has the same bytes.
    ///
    /// # Errors
    /// When a workbook does not hold so many rows or columns.
    pub fn bytes(self, format: ListFormat, created: DateTime) -> Result<Vec<u8>, WorkbookError> {
        let Self { title, headings, rows } = self;
        let header: Vec<&str> = headings.iter().map(String::as_str).collect();
        let cells = rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect());
        match format {
            ListFormat::Csv => {
                let mut out = Vec::new();
                // Writing into memory does not fail.
                let _ = exhibits::write_csv(&mut out, &header, cells);
                Ok(out)
            }
            ListFormat::Xlsx => {
                let about = AboutWorkbook { title: &title, author: "Tickmark", created };
                let named: String = title
                    .chars()
                    .filter(|c| !NOT_IN_SHEET_NAMES.contains(c) && *c != '\'')
                    .take(SHEET_NAME_MAX)
                    .collect();
                let name = if named.trim().is_empty() { "List" } else { named.trim() };
                let rows: Vec<Vec<Cell>> = cells.collect();
                let sheet = Sheet { name, header: &header, rows: &rows };
                Ok(exhibits::workbook(&about, &[sheet])?.bytes)
            }
        }
    }
}

/// The words of markup that our own components made: tags left out, characters unescaped, paragraphs
/// and breaks as line breaks.
fn plain(markup: &str) -> String {
    let mut out = String::new();
    let mut rest = markup;
    while let Some(at) = rest.find(['<', '&']) {
        let (before, found) = rest.split_at(at);
        out.push_str(before);
        let end = if found.starts_with('<') { '>' } else { ';' };
        let Some(length) = found.find(end) else {
            out.push_str(found);
            return out.trim().to_owned();
        };
        let (mark, after) = found.split_at(length + 1);
        // A digest is shown by its first characters and copied whole; a file is for copying.
        if let Some(whole) = mark.split("data-copy=\"").nth(1) {
            out.push_str(whole.split('"').next().unwrap_or_default());
            rest = after.split_once("</code>").map_or("", |(_, behind)| behind);
            continue;
        }
        match mark {
            "</p>" | "<br>" | "</li>" => out.push('\n'),
            _ if end == ';' => match character(mark) {
                Some(c) => out.push(c),
                None => out.push_str(mark),
            },
            _ => {}
        }
        rest = after;
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// The character of a reference such as `&amp;` or `&#39;`.
fn character(mark: &str) -> Option<char> {
    let name = mark.trim_start_matches('&').trim_end_matches(';');
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

impl super::Html {
    /// The words that are read, without markup: as an exported list or a typeset document shows them.
    #[must_use]
    pub fn words(&self) -> String {
        plain(self.as_str())
    }
}

impl Table {
    /// The list in the words that are shown.
    #[must_use]
    pub fn words(&self) -> WordList {
        let texts = |cells: Vec<&super::Html>| cells.iter().map(|c| c.words()).collect();
        WordList {
            title: self.caption().to_owned(),
            headings: self.headings().into_iter().map(str::to_owned).collect(),
            rows: self.cells().into_iter().map(texts).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Hash, Html};
    use super::*;

    #[test]
    fn a_list_is_the_words_shown_and_starts_no_formula() {
        let bold =
            Html::trusted("<p>One &amp; two</p><p>=<b>3</b> &#39;x&#39; &nope; 1 &lt; 2</p>");
        let list = WordList {
            title: "What: [is] asked? 'All' of it, and a good deal more".into(),
            headings: vec!["A".into(), "=B".into()],
            rows: vec![vec![plain(bold.as_str()), plain(Html::text("=1+1,\"x\"").as_str())]],
        };
        let created = jiff::civil::date(2026, 7, 1).at(0, 0, 0, 0);
        let text =
            String::from_utf8(list.clone().bytes(ListFormat::Csv, created).unwrap()).unwrap();
        assert_eq!(text, "A,'=B\r\n\"One & two\n=3 'x' &nope; 1 < 2\",\"'=1+1,\"\"x\"\"\"\r\n");
        let book = list.clone().bytes(ListFormat::Xlsx, created).unwrap();
        assert!(book.starts_with(b"PK"), "a workbook is an archive");
        assert_eq!(book, list.bytes(ListFormat::Xlsx, created).unwrap());
        let nameless =
            WordList { title: "???".into(), headings: vec!["A".into()], rows: Vec::new() };
        assert!(nameless.bytes(ListFormat::Xlsx, created).is_ok());
        let hash = Hash::new("ab".repeat(32)).to_string();
        assert_eq!(plain(&format!("{hash} x")), format!("{} x", "ab".repeat(32)));
        assert_eq!(plain("a <"), "a <");
        assert_eq!(plain("1 & 2"), "1 & 2");
    }
}
