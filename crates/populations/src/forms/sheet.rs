//! One sheet, row by row: the header binds it to the schema, every later row becomes cells.

use std::io::Read;

use quick_xml::events::BytesStart;

use crate::error::{Error, Result, excerpt};
use crate::forms::workbook::Texts;
use crate::forms::xml::{Part, Piece, attribute, says_yes};
use crate::forms::{Cells, Given, Known, Take, Wanted, serial};
use crate::profile::EXAMPLES_MAX;
use crate::schema::{ColumnType, Schema};

/// Last row and last column that a sheet can have.
const ROW_MAX: u64 = 1_048_576;
const COLUMN_MAX: usize = 16_384;

/// What a sheet is read with.
pub(super) struct Look<'a> {
    pub(super) schema: &'a Schema,
    pub(super) wanted: &'a [Wanted<'a>],
    pub(super) texts: &'a Texts,
    /// Which styles show a number as a date.
    pub(super) dates: &'a [bool],
    pub(super) since_1904: bool,
}

/// A cell as the sheet holds it.
#[derive(Default)]
struct Raw {
    column: usize,
    kind: String,
    date: bool,
    formula: bool,
    value: String,
    /// Whether there was a value, be it an empty text.
    given: bool,
}

/// Where the reading of a sheet is.
#[derive(Default)]
struct Place {
    in_value: bool,
    in_aid: bool,
    in_filter: bool,
}

pub(super) struct Sheet<'a> {
    look: Look<'a>,
    row: u64,
    cell: Raw,
    cells: Vec<Raw>,
    /// For each wanted column its place in the sheet, and how many headings there are.
    bound: Option<(Vec<usize>, usize)>,
    hidden_rows: Vec<u64>,
    hidden_row_count: u64,
    hidden_columns: u64,
    formulas: Vec<String>,
    formula_count: u64,
    filtered: bool,
    merged: u64,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(look: Look<'a>) -> Self {
        Self {
            look,
            row: 0,
            cell: Raw::default(),
            cells: Vec::new(),
            bound: None,
            hidden_rows: Vec::new(),
            hidden_row_count: 0,
            hidden_columns: 0,
            formulas: Vec::new(),
            formula_count: 0,
            filtered: false,
            merged: 0,
        }
    }

    pub(super) fn read(
        mut self,
        mut part: Part<impl Read>,
        take: &mut Take<'_>,
        known: &mut Known,
    ) -> Result<()> {
        let mut place = Place::default();
        let mut cells = Cells::default();
        loop {
            match part.next()? {
                Piece::Start(start) => self.start(&start, &mut place)?,
                Piece::Text(text) if place.in_value => self.value(&text)?,
                Piece::Text(_) => {}
                Piece::End(name) => match name {
                    "v" | "t" => place.in_value = false,
                    "rPh" => place.in_aid = false,
                    "autoFilter" => place.in_filter = false,
                    "c" => self.cells.push(std::mem::take(&mut self.cell)),
                    "row" if !self.finish_row(&mut cells, take, known)? => break,
                    _ => {}
                },
                Piece::Finished => break,
            }
        }
        if self.bound.is_none() {
            return Err(Error::File("The sheet has no header: it holds no value at all.".into()));
        }
        self.findings(known);
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>, place: &mut Place) -> Result<()> {
        match start.local_name().as_ref() {
            "row" => self.begin_row(start)?,
            "c" => self.begin_cell(start)?,
            "f" => self.cell.formula = true,
            "v" => {
                place.in_value = true;
                self.cell.given = true;
            }
            "t" if !place.in_aid => {
                place.in_value = true;
                self.cell.given = true;
            }
            "rPh" => place.in_aid = true,
            "col" if says_yes(start, "hidden") => {
                let edge =
                    |name| attribute(start, name).and_then(|n| n.parse::<u64>().ok()).unwrap_or(1);
                let (first, last) = (edge("min"), edge("max").min(COLUMN_MAX as u64));
                self.hidden_columns += last.saturating_sub(first) + 1;
            }
            "autoFilter" => place.in_filter = true,
            "filterColumn" if place.in_filter => self.filtered = true,
            "mergeCell" => self.merged += 1,
            _ => {}
        }
        Ok(())
    }

    fn begin_row(&mut self, start: &BytesStart<'_>) -> Result<()> {
        let number = match attribute(start, "r") {
            Some(text) => text.parse::<u64>().ok().filter(|n| *n > self.row && *n <= ROW_MAX),
            None => Some(self.row + 1),
        };
        self.row = number.ok_or_else(|| {
            Error::File(format!(
                "The workbook cannot be read: the rows after row {} are out of order.",
                self.row
            ))
        })?;
        if says_yes(start, "hidden") {
            self.hidden_row_count += 1;
            if self.hidden_rows.len() < EXAMPLES_MAX {
                self.hidden_rows.push(self.row);
            }
        }
        self.cells.clear();
        Ok(())
    }

    fn begin_cell(&mut self, start: &BytesStart<'_>) -> Result<()> {
        let next = self.cells.last().map_or(0, |cell| cell.column + 1);
        let column = match attribute(start, "r") {
            Some(name) => column_of(&name).filter(|column| *column >= next),
            None => Some(next),
        };
        let column = column.filter(|column| *column < COLUMN_MAX).ok_or_else(|| {
            Error::File(format!(
                "The workbook cannot be read: the cells of row {} are out of order.",
                self.row
            ))
        })?;
        let style = attribute(start, "s").and_then(|style| style.parse::<usize>().ok());
        self.cell = Raw {
            column,
            kind: attribute(start, "t").unwrap_or_default(),
            date: style.and_then(|at| self.look.dates.get(at)).copied().unwrap_or(false),
            ..Raw::default()
        };
        Ok(())
    }

    fn value(&mut self, text: &str) -> Result<()> {
        if self.cell.value.len() + text.len() > self.look.schema.file.record_bytes_max {
            return Err(Error::File(format!(
                "A cell of row {} is longer than record_bytes_max in the schema.",
                self.row
            )));
        }
        self.cell.value.push_str(text);
        Ok(())
    }

    /// Takes a row that has been read; says whether to go on.
    fn finish_row(
        &mut self,
        cells: &mut Cells,
        take: &mut Take<'_>,
        known: &mut Known,
    ) -> Result<bool> {
        let empty = self.cells.iter().all(|cell| !cell.given && !cell.formula);
        if empty {
            return Ok(true);
        }
        for cell in self.cells.iter().filter(|cell| cell.formula) {
            self.formula_count += 1;
            if self.formulas.len() < EXAMPLES_MAX {
                self.formulas.push(format!("{}{}", letters(cell.column), self.row));
            }
        }
        let Some((places, headings)) = &self.bound else {
            self.bound = Some(self.header(known)?);
            return Ok(true);
        };
        cells.clear();
        if let Some(stray) = self.cells.iter().find(|cell| cell.given && cell.column >= *headings) {
            cells.refuse(
                None,
                format!("has a value in column {}, which has no heading", letters(stray.column)),
            );
        }
        for (wanted, place) in self.look.wanted.iter().zip(places) {
            match self.cells.iter().find(|cell| cell.column == *place) {
                Some(cell) => put(&self.look, wanted, cell, cells),
                None => cells.push(Given::Null, b""),
            }
        }
        take(self.row, cells)
    }

    /// Binds the first row that holds anything to the schema.
    fn header(&self, known: &mut Known) -> Result<(Vec<usize>, usize)> {
        let mut headings: Vec<String> = Vec::new();
        for cell in &self.cells {
            let text = text_of(&self.look, cell).unwrap_or_default();
            let heading = text.trim().to_owned();
            if !heading.is_empty() {
                headings.resize(cell.column, String::new());
                headings.push(heading);
            }
        }
        let binding = self.look.schema.bind_header(&headings)?;
        for unused in binding.unused.iter().filter(|heading| !heading.is_empty()) {
            known.unused(unused);
        }
        Ok((binding.places.into_iter().flatten().collect(), headings.len()))
    }

    fn findings(&self, known: &mut Known) {
        let list =
            |numbers: &[u64]| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        if self.hidden_row_count > 0 {
            known.findings.push(format!(
                "{} hidden rows, which were read: {}",
                self.hidden_row_count,
                list(&self.hidden_rows)
            ));
        }
        if self.hidden_columns > 0 {
            known.findings.push(format!("{} hidden columns", self.hidden_columns));
        }
        if self.filtered {
            known.findings.push("a filter that was left on; the rows it hides were read".into());
        }
        if self.formula_count > 0 {
            known.findings.push(format!(
                "{} values that are computed by formulas: {}",
                self.formula_count,
                self.formulas.join(", ")
            ));
        }
        if self.merged > 0 {
            known.findings.push(format!(
                "{} merged cells, of which only the first holds the value",
                self.merged
            ));
        }
    }
}

/// The text of a cell that is no number.
fn text_of(look: &Look<'_>, cell: &Raw) -> Option<String> {
    match cell.kind.as_str() {
        "s" => {
            let at = cell.value.trim().parse::<usize>().ok()?;
            look.texts.get(at).map(unescaped)
        }
        "" | "n" => serial::number(&cell.value).ok(),
        _ => Some(unescaped(&cell.value)),
    }
}

/// Puts a cell into the row as what the sheet says it is.
fn put(look: &Look<'_>, wanted: &Wanted<'_>, cell: &Raw, cells: &mut Cells) {
    let column = Some(wanted.column);
    if !cell.given || cell.value.is_empty() && matches!(cell.kind.as_str(), "" | "n" | "d") {
        if cell.formula {
            cells.refuse(
                column,
                "holds a formula without its value; open the workbook and save it again",
            );
        }
        cells.push(Given::Null, b"");
        return;
    }
    match cell.kind.as_str() {
        "" | "n" => number(look, wanted, cell, cells),
        "b" => {
            let yes = cell.value.trim() == "1";
            cells.push(Given::Bool, if yes { b"true" } else { b"false" });
        }
        "e" => {
            cells.refuse(column, format!("holds the error {}", excerpt(&cell.value, 20)));
            cells.push(Given::Null, b"");
        }
        "d" => {
            let kind = match cell.value.contains('T') {
                true if cell.value.ends_with('Z') => Given::Instant,
                true => Given::Local,
                false => Given::Date,
            };
            cells.push(kind, cell.value.as_bytes());
        }
        _ => match text_of(look, cell) {
            Some(text) => cells.push(Given::Text, text.as_bytes()),
            None => {
                cells.refuse(column, "names a text that the workbook does not hold");
                cells.push(Given::Null, b"");
            }
        },
    }
}

/// A number: a date where the column holds dates, otherwise to the digits that a workbook keeps.
fn number(look: &Look<'_>, wanted: &Wanted<'_>, cell: &Raw, cells: &mut Cells) {
    let moment = || serial::moment(&cell.value, look.since_1904);
    let found = match wanted.kind {
        ColumnType::Date { .. } => moment().and_then(|(date, time)| {
            if time == jiff::civil::Time::midnight() {
                Ok((Given::Date, date.to_string()))
            } else {
                Err("has a time of day, and the column holds dates".to_owned())
            }
        }),
        ColumnType::Timestamp { .. } => {
            moment().map(|(date, time)| (Given::Local, format!("{date}T{time}")))
        }
        _ if cell.date => {
            Err("is a date that is kept as a number; give the column the type date or timestamp"
                .to_owned())
        }
        _ => serial::number(&cell.value).map(|text| (Given::Number, text)),
    };
    match found {
        Ok((kind, text)) => cells.push(kind, text.as_bytes()),
        Err(reason) => {
            cells.refuse(Some(wanted.column), format!("\"{}\" {reason}", excerpt(&cell.value, 40)));
            cells.push(Given::Null, b"");
        }
    }
}

/// The column of a cell's name, from 0: `B7` is 1.
fn column_of(name: &str) -> Option<usize> {
    let letters = name.bytes().take_while(u8::is_ascii_uppercase);
    let mut column = 0_usize;
    for letter in letters.take(4) {
        column = column * 26 + usize::from(letter - b'A') + 1;
    }
    column.checked_sub(1)
}

/// The letters of a column.
fn letters(column: usize) -> String {
    let mut out = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        out.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    out.iter().rev().collect()
}

/// Undoes the way in which workbooks write characters that XML does not hold: `_x000D_`.
fn unescaped(text: &str) -> String {
    if !text.contains("_x") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let code = from.get(2..6).filter(|_| from.get(6..7) == Some("_"));
        let found =
            code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match found {
            Some(character) => {
                out.push(character);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (name, column) in [("A1", 0), ("Z9", 25), ("AA10", 26), ("XFD1048576", 16_383)] {
            assert_eq!(column_of(name), Some(column));
            assert!(name.starts_with(&letters(column)));
        }
        assert_eq!(column_of("7"), None);
        assert_eq!(unescaped("a_x000D_b_xZZZZ_ _x"), "a\rb_xZZZZ_ _x");
    }
}
