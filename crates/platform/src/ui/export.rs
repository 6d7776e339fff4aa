//! Lists as files: exactly the words that the page shows, and nothing that a spreadsheet would run.

use super::table::Table;
use super::{Html, ListQuery};

/// A table as CSV (RFC 4180, UTF-8, CRLF): the columns' headings, then the rows as they are shown.
#[must_use]
pub(super) fn csv(headings: &[&str], rows: &[Vec<&Html>]) -> String {
    let mut out = String::new();
    record(&mut out, headings.iter().map(|h| (*h).to_owned()));
    for row in rows {
        record(&mut out, row.iter().map(|cell| plain(cell.as_str())));
    }
    out
}

fn record(out: &mut String, cells: impl Iterator<Item = String>) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(',');
        }
        let cell = neutral(&cell);
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// A cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one.
#[must_use]
pub fn neutral(text: &str) -> String {
    let first =
        text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control()).chars().next();
    if text.starts_with(['\t', '\r', '\n']) || first.is_some_and(|c| "=+-@＝＋－＠".contains(c))
    {
        return format!("'{text}");
    }
    text.to_owned()
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

/// Whether the address asks for a file instead of a page.
#[must_use]
pub fn wants_csv(query: &ListQuery) -> bool {
    query.get("format") == Some("csv")
}

impl Html {
    /// The words that are read, without markup: as an exported list or a typeset document shows them.
    #[must_use]
    pub fn words(&self) -> String {
        plain(self.as_str())
    }
}

impl Table {
    /// Headings and rows in words, for a document that sets the table itself.
    #[must_use]
    pub fn words(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let headings = self.headings().into_iter().map(str::to_owned).collect();
        let rows = self.cells().iter().map(|row| row.iter().map(|c| c.words()).collect()).collect();
        (headings, rows)
    }

    /// The rows as they are shown, as CSV.
    #[must_use]
    pub fn to_csv(&self) -> String {
        csv(&self.headings(), &self.cells())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_the_words_shown_and_start_no_formula() {
        let bold =
            Html::trusted("<p>One &amp; two</p><p>=<b>3</b> &#39;x&#39; &nope; 1 &lt; 2</p>");
        let text = csv(&["A", "=B"], &[vec![&bold, &Html::text("=1+1,\"x\"")]]);
        assert_eq!(text, "A,'=B\r\n\"One & two\n=3 'x' &nope; 1 < 2\",\"'=1+1,\"\"x\"\"\"\r\n");
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\u{a0}@x"] {
            assert_eq!(neutral(bad), format!("'{bad}"), "{bad:?}");
        }
        for good in ["TM-7K3Q9", "", "a=1", "Größe"] {
            assert_eq!(neutral(good), good);
        }
        let hash = super::super::Hash::new("ab".repeat(32)).to_string();
        assert_eq!(plain(&format!("{hash} x")), format!("{} x", "ab".repeat(32)));
        assert_eq!(plain("a <"), "a <");
        assert_eq!(plain("1 & 2"), "1 & 2");
    }
}
