//! A block copied from a spreadsheet, read as items by attributes. What is wrong names row and column.

use super::mark;
use crate::sheets::model::Legend;
use std::collections::BTreeMap;

/// Most rows of one block.
pub const ROWS_MAX: usize = 5_000;

/// A row that can be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedRow {
    /// The item.
    pub item: String,
    /// The key of a mark for each attribute.
    pub marks: BTreeMap<String, String>,
    /// The note, empty where the block has none.
    pub note: String,
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasteFault {
    /// The row of the block, from 1.
    pub row: usize,
    /// The column, as a spreadsheet names it: `A` is the first of the block.
    pub column: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// How the columns of a block are to be understood.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    /// The attributes' letters, in order.
    pub attributes: &'a [&'a str],
    /// The items of the sheet, in order.
    pub items: &'a [&'a str],
    /// Where the first row goes when the block does not name its items: its place on the sheet, from 1.
    pub start: Option<usize>,
}

/// Splits a block into cells: tabs between cells, line ends between rows. A cell in quotes may hold
/// both, and a doubled quote stands for one, as spreadsheets copy it.
#[must_use]
pub fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let (mut quoted, mut begins) = (false, true);
    while let Some(c) = chars.next() {
        let row = rows.last_mut();
        let Some(cell) = row.and_then(|r| r.last_mut()) else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if begins => {
                quoted = true;
                begins = false;
            }
            '\t' if !quoted => {
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
                begins = true;
            }
            '\r' if !quoted => {}
            '\n' if !quoted => {
                rows.push(vec![String::new()]);
                begins = true;
            }
            other => {
                cell.push(other);
                begins = false;
            }
        }
    }
    while rows.last().is_some_and(|row| row.iter().all(|cell| cell.trim().is_empty())) {
        rows.pop();
    }
    rows
}

/// The name of a column as spreadsheets write it: A, B, …, Z, AA.
fn column(at: usize) -> String {
    let mut at = at + 1;
    let mut name = String::new();
    while at > 0 {
        at -= 1;
        let letter = u8::try_from(at % 26).map_or('?', |n| char::from(b'A' + n));
        name.insert(0, letter);
        at /= 26;
    }
    name
}

/// What a column of the block holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Holds {
    Item,
    Attribute(String),
    Note,
}

/// The columns in the order of the sheet, or as the first row names them.
fn columns(first: &[String], shape: Shape<'_>) -> (Vec<Holds>, bool) {
    let named = |cell: &String| -> Option<Holds> {
        let cell = cell.trim();
        if let Some(letter) = shape.attributes.iter().find(|a| a.eq_ignore_ascii_case(cell)) {
            return Some(Holds::Attribute((*letter).to_owned()));
        }
        match cell.to_lowercase().as_str() {
            "item" | "id" | "key" | "#" => Some(Holds::Item),
            "note" | "notes" | "comment" | "comments" | "remark" => Some(Holds::Note),
            _ => None,
        }
    };
    let read: Option<Vec<Holds>> = first.iter().map(named).collect();
    // “A, B” alone could be marks too: a first row names columns only when it names the items.
    let header = read.filter(|all| all.contains(&Holds::Item));
    if let Some(header) = header.filter(|_| !shape.items.contains(&first[0].trim())) {
        return (header, true);
    }
    let mut order = Vec::new();
    if shape.start.is_none() {
        order.push(Holds::Item);
    }
    order.extend(shape.attributes.iter().map(|a| Holds::Attribute((*a).to_owned())));
    order.push(Holds::Note);
    (order, false)
}

/// Reads a block.
///
/// # Errors
/// Everything that is wrong with it, by row and column; then nothing of it is to be recorded.
pub fn read(
    text: &str,
    legend: &Legend,
    shape: Shape<'_>,
) -> Result<Vec<PastedRow>, Vec<PasteFault>> {
    let rows = cells(text);
    let whole = |message: String| vec![PasteFault { row: 1, column: "A".into(), message }];
    let Some(first) = rows.first() else {
        return Err(whole(
            "There is nothing to read. Copy the cells in the spreadsheet and paste them here."
                .into(),
        ));
    };
    if rows.len() > ROWS_MAX {
        return Err(whole(format!(
            "The block has {} rows, at most {ROWS_MAX} are read.",
            rows.len()
        )));
    }
    let (order, header) = columns(first, shape);
    let mut reading = Reading { legend, shape, order: &order, faults: Vec::new(), out: Vec::new() };
    for (nth, row) in rows.iter().enumerate().skip(usize::from(header)) {
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            reading.row(nth + 1, row, nth - usize::from(header));
        }
    }
    if reading.faults.is_empty() { Ok(reading.out) } else { Err(reading.faults) }
}

struct Reading<'a> {
    legend: &'a Legend,
    shape: Shape<'a>,
    order: &'a [Holds],
    faults: Vec<PasteFault>,
    out: Vec<PastedRow>,
}

impl Reading<'_> {
    fn fault(&mut self, row: usize, at: usize, message: impl Into<String>) {
        self.faults.push(PasteFault { row, column: column(at), message: message.into() });
    }

    fn row(&mut self, row: usize, cells: &[String], nth: usize) {
        let before = self.faults.len();
        let mut item = self
            .shape
            .start
            .and_then(|start| self.shape.items.get((start + nth).checked_sub(1)?))
            .map(|id| (*id).to_owned());
        if self.shape.start.is_some() && item.is_none() {
            self.fault(
                row,
                0,
                "The sheet has no item for this row. Start further up, or paste fewer rows.",
            );
            return;
        }
        let (mut marks, mut note) = (BTreeMap::new(), String::new());
        for (at, cell) in cells.iter().enumerate() {
            let cell = cell.trim();
            match self.order.get(at) {
                None if cell.is_empty() => {}
                None => self.fault(
                    row,
                    at,
                    format!("“{}” stands in a column that the sheet does not have.", short(cell)),
                ),
                Some(Holds::Item) => {
                    let known = self.shape.items.iter().find(|id| **id == cell);
                    match known {
                        Some(id) => item = Some((*id).to_owned()),
                        None => self.fault(
                            row,
                            at,
                            format!("“{}” is no item of this sheet.", short(cell)),
                        ),
                    }
                }
                Some(Holds::Note) => note = cell.to_owned(),
                Some(Holds::Attribute(letter)) => match mark(self.legend, cell) {
                    Some(found) => {
                        marks.insert(letter.clone(), found.key.clone());
                    }
                    None if cell.is_empty() => {
                        self.fault(row, at, format!("Attribute {letter} has no mark."));
                    }
                    None => {
                        self.fault(row, at, format!("“{}” is no mark of the legend.", short(cell)))
                    }
                },
            }
        }
        if self.faults.len() > before {
            return;
        }
        let missing: Vec<&str> =
            self.shape.attributes.iter().copied().filter(|a| !marks.contains_key(*a)).collect();
        if !missing.is_empty() {
            self.fault(
                row,
                cells.len(),
                format!("There is no mark for attribute {}.", missing.join(", ")),
            );
            return;
        }
        match item {
            Some(item) if self.out.iter().any(|r| r.item == item) => {
                self.fault(row, 0, format!("The item {} is in the block twice.", short(&item)));
            }
            Some(item) => self.out.push(PastedRow { item, marks, note }),
            None => self.fault(row, 0, "No item is named in this row."),
        }
    }
}

fn short(text: &str) -> String {
    kernel::refusal::excerpt(text, 40)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheets::rules::basic_marks;
    use proptest::prelude::*;

    const ITEMS: [&str; 3] = ["W-1", "W-2", "W-3"];

    fn legend() -> Legend {
        Legend { version: 0, marks: basic_marks(), reason: String::new() }
    }

    fn block(text: &str, start: Option<usize>) -> Result<Vec<PastedRow>, Vec<PasteFault>> {
        read(text, &legend(), Shape { attributes: &["A", "B"], items: &ITEMS, start })
    }

    fn flat(rows: &[PastedRow]) -> Vec<String> {
        rows.iter()
            .map(|r| {
                let marks: Vec<_> = r.marks.iter().map(|(a, k)| format!("{a}{k}")).collect();
                format!("{} {} {}", r.item, marks.join(" "), r.note)
            })
            .collect()
    }

    #[test]
    fn a_block_is_read_by_key_by_heading_or_by_place() {
        let by_key = block("W-2\tp\t✗\tlate by a day\r\nW-1\tok\tn/a\n\n", None).unwrap();
        assert_eq!(flat(&by_key), ["W-2 AP BD late by a day", "W-1 AP BN "]);
        let by_heading = block("Note\tB\tItem\tA\nsee ticket\tP\tW-3\tD\n", None).unwrap();
        assert_eq!(flat(&by_heading), ["W-3 AD BP see ticket"]);
        let by_place = block("P\tP\nD\tN\t\"two\nlines, a \"\"word\"\"\"", Some(2)).unwrap();
        assert_eq!(flat(&by_place), ["W-2 AP BP ", "W-3 AD BN two\nlines, a \"word\""]);
    }

    #[test]
    fn what_is_wrong_names_row_and_column_and_nothing_is_taken() {
        let told = |text: &str, start| -> Vec<String> {
            let faults = block(text, start).unwrap_err();
            faults.iter().map(|f| format!("{}{} {}", f.column, f.row, f.message)).collect()
        };
        let all = told("W-1\tP\tP\nW-9\tQ\t\nW-1\tP\tP\nW-2\tP", None);
        assert_eq!(all.len(), 5, "{all:?}");
        assert!(all[0].starts_with("A2 “W-9” is no item"), "{all:?}");
        assert!(all[1].starts_with("B2 “Q” is no mark"), "{all:?}");
        assert!(all[2].starts_with("C2 Attribute B has no mark"), "{all:?}");
        assert!(all[3].starts_with("A3 The item W-1 is in the block twice"), "{all:?}");
        assert!(all[4].starts_with("C4 There is no mark for attribute B"), "{all:?}");
        assert!(told("P\tP\nP\tP", Some(3))[0].starts_with("A2 The sheet has no item"));
        assert!(told("", None)[0].contains("nothing to read"));
        assert!(told("W-1\tP\tP\tnote\tmore", None)[0].starts_with("E1"));
        assert_eq!((column(25), column(26)), ("Z".into(), "AA".into()));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_no_row_lacks_a_mark(text in "[ -~\t\n\"]{0,200}", start in prop::option::of(0_usize..6)) {
            if let Ok(rows) = block(&text, start) {
                for row in rows {
                    prop_assert!(ITEMS.contains(&row.item.as_str()));
                    prop_assert_eq!(row.marks.len(), 2);
                }
            }
        }
    }
}
