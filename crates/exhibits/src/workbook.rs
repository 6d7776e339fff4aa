//! Small XLSX workbooks: typed cells, a header that stays in sight, nothing that runs.

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::csv_safe::is_formula_like;

/// The most rows a sheet can have beside its header (a limit of the file format).
pub const ROWS_MAX: usize = 1_048_575;
/// The most columns a sheet can have (a limit of the file format).
pub const COLUMNS_MAX: usize = 16_384;
/// The most characters a cell can hold (a limit of the file format).
pub const CELL_CHARACTERS_MAX: usize = 32_767;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text. Never a formula, whatever it begins with.
    Text(String),
    /// A whole number. One with more than 15 digits is written as text: spreadsheets would round it.
    Integer(i64),
    /// A number. Not a number and infinities are written as nothing.
    Number(f64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// A local date and time; say in the header in which zone.
    DateTime(DateTime),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

/// One sheet.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// 1 to 31 characters, none of `[ ] : * ? / \`, not beginning or ending with an apostrophe.
    pub name: &'a str,
    /// The column headings.
    pub header: &'a [&'a str],
    /// The rows; a row may be shorter than the header, not longer.
    pub rows: &'a [Vec<Cell>],
}

/// What the file says about itself.
#[derive(Clone, Copy, Debug)]
pub struct AboutWorkbook<'a> {
    /// Its title.
    pub title: &'a str,
    /// Who made it.
    pub author: &'a str,
    /// When it was made. An argument, so that the same input has the same bytes.
    pub created: DateTime,
}

/// A finished workbook.
#[derive(Clone, Debug)]
pub struct Xlsx {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many cells were longer than [`CELL_CHARACTERS_MAX`] and were cut; each says so at its end.
    pub cells_cut: usize,
}

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The sheet has more rows than the format holds.
    #[error(
        "the sheet “{sheet}” has {rows} rows and a workbook holds {ROWS_MAX}; filter it or export CSV"
    )]
    TooManyRows {
        /// Its name.
        sheet: String,
        /// How many rows it has.
        rows: usize,
    },
    /// The sheet has more columns than the format holds, or a row is longer than the header.
    #[error("row {row} of the sheet “{sheet}” has {cells} cells and its header has {columns}")]
    RowTooLong {
        /// Its name.
        sheet: String,
        /// The row, counted from 1 below the header.
        row: usize,
        /// How many cells it has.
        cells: usize,
        /// How many the header has.
        columns: usize,
    },
    /// The sheet has more columns than the format holds.
    #[error(
        "the sheet “{sheet}” has {columns} columns and a workbook holds {COLUMNS_MAX}; choose fewer or export CSV"
    )]
    TooManyColumns {
        /// Its name.
        sheet: String,
        /// How many columns it has.
        columns: usize,
    },
    /// The writer refused, for example a sheet's name.
    #[error("the workbook could not be written: {0}")]
    Writer(#[from] XlsxError),
}

/// Writes a workbook.
///
/// # Errors
/// [`WorkbookError`] where the sheets do not fit the file format.
pub fn workbook(about: &AboutWorkbook<'_>, sheets: &[Sheet<'_>]) -> Result<Xlsx, WorkbookError> {
    let mut book = Workbook::new();
    book.set_properties(
        &DocProperties::new()
            .set_title(about.title)
            .set_author(about.author)
            .set_creation_datetime(&excel_time(about.created)?),
    );
    let formats = Formats::new();
    let mut cells_cut = 0;
    for sheet in sheets {
        cells_cut += write_sheet(book.add_worksheet(), sheet, &formats)?;
    }
    Ok(Xlsx { bytes: book.save_to_buffer()?, cells_cut })
}

struct Formats {
    header: Format,
    text: Format,
    guarded: Format,
    date: Format,
    date_time: Format,
}

impl Formats {
    fn new() -> Self {
        let text = Format::new().set_align(FormatAlign::Top);
        Self {
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Bottom)
                .set_border_bottom(FormatBorder::Thin),
            // Excel turns a text such as `=1+1` into a formula when someone edits the cell, unless the
            // cell carries the mark of a leading apostrophe.
            guarded: text.clone().set_quote_prefix(),
            date: text.clone().set_num_format("yyyy-mm-dd"),
            date_time: text.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
            text,
        }
    }
}

fn write_sheet(
    out: &mut Worksheet,
    sheet: &Sheet<'_>,
    formats: &Formats,
) -> Result<usize, WorkbookError> {
    let name = || sheet.name.to_owned();
    if sheet.rows.len() > ROWS_MAX {
        return Err(WorkbookError::TooManyRows { sheet: name(), rows: sheet.rows.len() });
    }
    let columns = sheet.header.len();
    if columns > COLUMNS_MAX {
        return Err(WorkbookError::TooManyColumns { sheet: name(), columns });
    }
    out.set_name(sheet.name)?;
    let mut widths: Vec<usize> = Vec::with_capacity(columns);
    let mut cells_cut = 0;
    for (column, heading) in (0u16..).zip(sheet.header) {
        let (text, cut) = cut(heading);
        cells_cut += usize::from(cut);
        out.write_string_with_format(0, column, text.as_ref(), &formats.header)?;
        widths.push(heading.chars().count());
    }
    for (line, row) in (1u32..).zip(sheet.rows) {
        if row.len() > columns {
            let row_number = usize::try_from(line).unwrap_or(usize::MAX);
            return Err(WorkbookError::RowTooLong {
                sheet: name(),
                row: row_number,
                cells: row.len(),
                columns,
            });
        }
        for ((column, cell), width) in (0u16..).zip(row).zip(&mut widths) {
            let (wide, cut) = write_cell(out, (line, column), cell, formats)?;
            *width = (*width).max(wide);
            cells_cut += usize::from(cut);
        }
    }
    for (column, width) in (0u16..).zip(&widths) {
        let width = u16::try_from((*width).clamp(8, 60)).unwrap_or(60);
        out.set_column_width(column, f64::from(width) + 1.5)?;
    }
    out.set_freeze_panes(1, 0)?;
    if let (Ok(last_row), Ok(last_column)) =
        (u32::try_from(sheet.rows.len()), u16::try_from(columns))
        && last_column > 0
        && last_row > 0
    {
        out.autofilter(0, 0, last_row, last_column - 1)?;
    }
    Ok(cells_cut)
}

/// Writes one cell; answers how wide it is in characters and whether it was cut.
fn write_cell(
    out: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(usize, bool), XlsxError> {
    let plain = |out: &mut Worksheet, text: &str| {
        let format = if is_formula_like(text) { &formats.guarded } else { &formats.text };
        let (shown, cut) = cut(text);
        out.write_string_with_format(row, column, shown.as_ref(), format)?;
        Ok((shown.lines().map(|l| l.chars().count()).max().unwrap_or(0), cut))
    };
    match cell {
        Cell::Empty => Ok((0, false)),
        Cell::Text(text) => plain(out, text),
        Cell::Integer(value) if value.unsigned_abs() >= 1_000_000_000_000_000 => {
            plain(out, &value.to_string())
        }
        Cell::Integer(value) => {
            #[expect(clippy::cast_precision_loss, reason = "fewer than 16 digits are exact")]
            out.write_number_with_format(row, column, *value as f64, &formats.text)?;
            Ok((value.to_string().len(), false))
        }
        Cell::Number(value) if value.is_finite() => {
            out.write_number_with_format(row, column, *value, &formats.text)?;
            Ok((value.to_string().len().min(18), false))
        }
        Cell::Number(_) => Ok((0, false)),
        Cell::Bool(value) => {
            out.write_boolean_with_format(row, column, *value, &formats.text)?;
            Ok((5, false))
        }
        // Spreadsheets count days from 1900; an earlier day is text.
        Cell::Date(value) if value.year() < 1900 => plain(out, &value.to_string()),
        Cell::Date(value) => {
            out.write_datetime_with_format(
                row,
                column,
                &excel_time(value.at(0, 0, 0, 0))?,
                &formats.date,
            )?;
            Ok((10, false))
        }
        Cell::DateTime(value) if value.year() < 1900 => plain(out, &value.to_string()),
        Cell::DateTime(value) => {
            out.write_datetime_with_format(row, column, &excel_time(*value)?, &formats.date_time)?;
            Ok((19, false))
        }
    }
}

/// `text`, or as much as a cell holds with a note of how long it was.
fn cut(text: &str) -> (std::borrow::Cow<'_, str>, bool) {
    // Spreadsheets count UTF-16 units.
    let units: usize = text.chars().map(char::len_utf16).sum();
    if units <= CELL_CHARACTERS_MAX {
        return (text.into(), false);
    }
    let note =
        format!("… (cut: the text has {units} characters and a cell holds {CELL_CHARACTERS_MAX})");
    let room = CELL_CHARACTERS_MAX - note.encode_utf16().count();
    let mut used = 0;
    let shown: String = text
        .chars()
        .take_while(|c| {
            used += c.len_utf16();
            used <= room
        })
        .collect();
    (format!("{shown}{note}").into(), true)
}

fn excel_time(value: DateTime) -> Result<ExcelDateTime, XlsxError> {
    let part = |v: i8| u8::try_from(v).unwrap_or(0);
    let millisecond = u16::try_from(value.millisecond()).unwrap_or(0);
    ExcelDateTime::from_ymd(
        u16::try_from(value.year()).unwrap_or(1900),
        part(value.month()),
        part(value.day()),
    )?
    .and_hms_milli(
        u16::from(part(value.hour())),
        part(value.minute()),
        part(value.second()),
        millisecond,
    )
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use jiff::civil::date;

    use super::*;

    fn about() -> AboutWorkbook<'static> {
        AboutWorkbook {
            title: "Requests that wait",
            author: "Tickmark",
            created: date(2026, 3, 31).at(12, 0, 0, 0),
        }
    }

    fn part(xlsx: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(xlsx)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn cells_keep_their_types_and_no_text_is_a_formula() {
        let rows = vec![vec![
            Cell::from("=1+1"),
            Cell::Integer(42),
            Cell::Integer(9_007_199_254_740_993),
            Cell::Number(0.5),
            Cell::Bool(true),
            Cell::Date(date(2026, 3, 31)),
            Cell::DateTime(date(2026, 3, 31).at(6, 0, 0, 0)),
            Cell::Date(date(1899, 1, 1)),
            Cell::Number(f64::INFINITY),
        ]];
        let header = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let sheet = Sheet { name: "Facts", header: &header, rows: &rows };
        let made = workbook(&about(), &[sheet]).unwrap();
        assert_eq!(made.cells_cut, 0);
        let sheet = part(&made.bytes, "xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>"), "a formula: {sheet}");
        assert!(sheet.contains("<v>42</v>"));
        assert!(sheet.contains("<v>0.5</v>"));
        // 2026-03-31 is day 46112 of the spreadsheet calendar; 06:00 a quarter of a day later.
        assert!(sheet.contains("<v>46112</v>"), "{sheet}");
        assert!(sheet.contains("<v>46112.25</v>"));
        let strings = part(&made.bytes, "xl/sharedStrings.xml");
        assert!(
            strings.contains("=1+1")
                && strings.contains("9007199254740993")
                && strings.contains("1899-01-01")
        );
        assert!(part(&made.bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
    }

    #[test]
    fn the_same_input_has_the_same_bytes() {
        let rows = vec![vec![Cell::from("x")]];
        let sheet = || [Sheet { name: "S", header: &["h"], rows: &rows }];
        let first = workbook(&about(), &sheet()).unwrap().bytes;
        assert_eq!(first, workbook(&about(), &sheet()).unwrap().bytes);
        assert!(part(&first, "docProps/core.xml").contains("2026-03-31T12:00:00Z"));
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        let rows =
            vec![vec![Cell::Text("é".repeat(40_000))], vec![Cell::Text("😀".repeat(20_000))]];
        let made = workbook(&about(), &[Sheet { name: "S", header: &["h"], rows: &rows }]).unwrap();
        assert_eq!(made.cells_cut, 2);
        assert!(
            part(&made.bytes, "xl/sharedStrings.xml").contains("the text has 40000 characters")
        );
    }

    #[test]
    fn what_does_not_fit_is_refused_in_words() {
        let rows = vec![vec![Cell::Empty], vec![Cell::Empty, Cell::Empty]];
        let error =
            workbook(&about(), &[Sheet { name: "S", header: &["h"], rows: &rows }]).unwrap_err();
        assert_eq!(error.to_string(), "row 2 of the sheet “S” has 2 cells and its header has 1");
        let error =
            workbook(&about(), &[Sheet { name: "a/b", header: &["h"], rows: &[] }]).unwrap_err();
        assert!(error.to_string().starts_with("the workbook could not be written: "), "{error}");
    }
}
