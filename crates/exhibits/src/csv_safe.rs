//! Comma-separated values that a spreadsheet opens without running anything.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula,
//! even when the cell came from a reporter's title. [`neutral`] puts an apostrophe before such text;
//! [`original`] takes it off again, so nothing is lost.

use std::borrow::Cow;
use std::io::Write;

use crate::workbook::Cell;

/// `text`, made harmless where a spreadsheet would take it for a formula.
///
/// Plain numbers such as `-12.5` stay as they are.
#[must_use]
pub fn neutral(text: &str) -> Cow<'_, str> {
    if is_formula_like(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// What [`neutral`] was given.
#[must_use]
pub fn original(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula_like(rest) => rest,
        _ => text,
    }
}

/// Whether a spreadsheet might run `text`. Includes the wide forms of the signs that some import dialogs
/// fold, signs behind leading white space or control characters, and text that was already made harmless (so that undoing is exact).
pub(crate) fn is_formula_like(text: &str) -> bool {
    if text.starts_with(['\t', '\r', '\n']) {
        return true;
    }
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    if let Some(rest) = text.strip_prefix('\'') {
        return is_formula_like(rest);
    }
    trimmed.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && !is_plain_number(text)
}

fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|b| *b == b'.').count() <= 1
}

/// Writes a header and rows as CSV (RFC 4180: commas, CRLF, quotes where needed), text made harmless.
///
/// Rows are taken one at a time, so any number of them can be written in constant memory.
///
/// # Errors
/// What `out` answers.
pub fn write_csv(
    out: impl Write,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<Cell>>,
) -> std::io::Result<()> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(out);
    writer.write_record(header.iter().map(|h| neutral(h).into_owned())).map_err(io_error)?;
    for row in rows {
        writer.write_record(row.iter().map(csv_text)).map_err(io_error)?;
    }
    writer.flush()
}

fn csv_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => neutral(text).into_owned(),
        Cell::Integer(value) => value.to_string(),
        Cell::Number(value) if value.is_finite() => value.to_string(),
        Cell::Number(_) => String::new(),
        Cell::Bool(value) => if *value { "true" } else { "false" }.to_owned(),
        Cell::Date(value) => value.to_string(),
        Cell::DateTime(value) => value.to_string(),
    }
}

fn io_error(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_made_harmless_and_numbers_are_not_touched() {
        for attack in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "+SUM(A1)",
            "-2+3",
            "@SUM(1)",
            "\t=1",
            "\r=1",
            "  =HYPERLINK(\"http://x\")",
            "＝1",
            "-1e5",
            "--1",
        ] {
            assert_eq!(neutral(attack), format!("'{attack}"), "{attack:?}");
            assert_eq!(original(&neutral(attack)), attack);
        }
        for plain in ["-12.5", "+3", "12", "O'Neill", "a=b", "", "'quoted'", "1-2", "– dash"] {
            assert_eq!(neutral(plain), plain, "{plain:?}");
        }
    }

    proptest! {
        #[test]
        fn undoing_gives_the_original(text in "['=+@\\- \\t\\ra-z0-9.＝]{0,12}|\\PC{0,20}") {
            let safe = neutral(&text).into_owned();
            prop_assert_eq!(original(&safe), text.as_str());
            prop_assert!(!safe.starts_with(['=', '@', '\t', '\r', '\n']));
            prop_assert!(!safe.trim_start().starts_with(['=', '＝', '@']));
        }
    }

    #[test]
    fn rows_of_every_kind_of_cell() {
        let mut out = Vec::new();
        let rows = vec![
            vec![
                Cell::Text("=HYPERLINK(\"x\")".into()),
                Cell::Integer(-5),
                Cell::Number(0.25),
                Cell::Bool(true),
                Cell::Date(jiff::civil::date(2026, 3, 31)),
                Cell::DateTime(jiff::civil::date(2026, 3, 31).at(16, 30, 0, 0)),
                Cell::Empty,
            ],
            vec![Cell::Text("a, \"b\"\nc".into()), Cell::Number(f64::NAN)],
        ];
        write_csv(&mut out, &["Title", "n"], rows).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Title,n\r\n\"'=HYPERLINK(\"\"x\"\")\",-5,0.25,true,2026-03-31,2026-03-31T16:30:00,\r\n\"a, \"\"b\"\"\nc\",\r\n"
        );
    }
}
