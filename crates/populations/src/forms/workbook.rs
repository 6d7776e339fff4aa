//! A workbook: which sheet is read, its shared texts, which numbers are dates, and what is hidden.

use std::fs::File;
use std::io::{BufReader, Read};

use zip::ZipArchive;

use crate::error::{Error, Result, excerpt};
use crate::forms::sheet::{Look, Sheet};
use crate::forms::xml::{Part, Piece, attribute, says_yes};
use crate::forms::{Known, Take, Wanted};
use crate::schema::Schema;

/// Most files inside a workbook.
const PARTS_MAX: usize = 10_000;
/// Most bytes that the smaller parts unpack to.
const PART_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most bytes that the shared texts unpack to.
const TEXTS_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Most bytes that a sheet unpacks to.
const SHEET_BYTES_MAX: u64 = 16 * 1024 * 1024 * 1024;
/// Most sheets, styles or formats that are looked at.
const ENTRIES_MAX: usize = 100_000;

type Archive = ZipArchive<BufReader<File>>;

/// The texts that cells share, one after another.
#[derive(Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.all.get(start..end)
    }
}

struct Named {
    name: String,
    relation: String,
    hidden: bool,
}

#[derive(Default)]
struct Book {
    since_1904: bool,
    sheets: Vec<Named>,
}

pub(super) fn read(
    file: File,
    schema: &Schema,
    wanted: &[Wanted<'_>],
    take: &mut Take<'_>,
) -> Result<Known> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| {
        Error::File(format!(
            "The file begins like a workbook and cannot be read: {}. Nothing was frozen; export or copy it again.",
            excerpt(&error.to_string(), 200)
        ))
    })?;
    if archive.len() > PARTS_MAX || archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(Error::File(
            "The file is a ZIP archive and no workbook that can be read (.xlsx). Save the list as .xlsx or CSV.".into(),
        ));
    }
    let book = book(&mut archive)?;
    let relations = relations(&mut archive)?;
    let chosen = choose(&book, schema.file.sheet.as_deref())?;
    let target = |wanted: &dyn Fn(&Relation) -> bool| {
        relations.iter().find(|found| wanted(found)).map(|found| found.target.clone())
    };
    let path = target(&|found| found.id == chosen.relation)
        .ok_or_else(|| Error::File("The workbook does not say where its sheet is.".into()))?;
    let texts = match target(&|found| found.kind.ends_with("/sharedStrings")) {
        Some(path) => texts(&mut archive, &path)?,
        None => Texts::default(),
    };
    let dates = match target(&|found| found.kind.ends_with("/styles")) {
        Some(path) => date_styles(&mut archive, &path)?,
        None => Vec::new(),
    };
    let mut known = Known::default();
    let hidden: Vec<String> = book
        .sheets
        .iter()
        .filter(|sheet| sheet.hidden)
        .take(20)
        .map(|sheet| format!("\"{}\"", excerpt(&sheet.name, 40)))
        .collect();
    if !hidden.is_empty() {
        known.findings.push(format!("hidden sheets: {}", hidden.join(", ")));
    }
    let look = Look { schema, wanted, texts: &texts, dates: &dates, since_1904: book.since_1904 };
    let part = part(&mut archive, &path, "of the sheet", SHEET_BYTES_MAX)?;
    Sheet::new(look).read(part, take, &mut known)?;
    Ok(known)
}

fn part<'a>(
    archive: &'a mut Archive,
    path: &str,
    name: &'static str,
    bytes_max: u64,
) -> Result<Part<impl Read + 'a>> {
    let found = archive.by_name(path).map_err(|error| {
        Error::File(format!(
            "The workbook cannot be read: its part {name} is missing or damaged ({}).",
            excerpt(&error.to_string(), 120)
        ))
    })?;
    Ok(Part::new(found, name, bytes_max))
}

fn book(archive: &mut Archive) -> Result<Book> {
    let mut part = part(archive, "xl/workbook.xml", "workbook.xml", PART_BYTES_MAX)?;
    let mut book = Book::default();
    loop {
        match part.next()? {
            Piece::Start(start) => match start.local_name().as_ref() {
                "workbookPr" => book.since_1904 = says_yes(&start, "date1904"),
                "sheet" if book.sheets.len() < ENTRIES_MAX => book.sheets.push(Named {
                    name: attribute(&start, "name").unwrap_or_default(),
                    relation: attribute(&start, "id").unwrap_or_default(),
                    hidden: attribute(&start, "state").is_some_and(|state| state != "visible"),
                }),
                _ => {}
            },
            Piece::Finished => return Ok(book),
            Piece::End(_) | Piece::Text(_) => {}
        }
    }
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

fn relations(archive: &mut Archive) -> Result<Vec<Relation>> {
    let path = "xl/_rels/workbook.xml.rels";
    let mut part = part(archive, path, "workbook.xml.rels", PART_BYTES_MAX)?;
    let mut out = Vec::new();
    loop {
        match part.next()? {
            Piece::Start(start)
                if start.local_name().as_ref() == "Relationship" && out.len() < ENTRIES_MAX =>
            {
                let target = attribute(&start, "Target").unwrap_or_default();
                out.push(Relation {
                    id: attribute(&start, "Id").unwrap_or_default(),
                    kind: attribute(&start, "Type").unwrap_or_default(),
                    target: match target.strip_prefix('/') {
                        Some(whole) => whole.to_owned(),
                        None => format!("xl/{target}"),
                    },
                });
            }
            Piece::Finished => return Ok(out),
            _ => {}
        }
    }
}

/// The sheet that the schema names, else the only one that can be seen.
fn choose<'a>(book: &'a Book, named: Option<&str>) -> Result<&'a Named> {
    let names = |sheets: &[&Named]| {
        let shown: Vec<String> =
            sheets.iter().take(20).map(|s| format!("\"{}\"", excerpt(&s.name, 40))).collect();
        shown.join(", ")
    };
    let visible: Vec<&Named> = book.sheets.iter().filter(|sheet| !sheet.hidden).collect();
    match (named, visible.as_slice()) {
        (Some(name), _) => book.sheets.iter().find(|sheet| sheet.name == name).ok_or_else(|| {
            let all: Vec<&Named> = book.sheets.iter().collect();
            Error::File(format!(
                "The workbook has no sheet \"{}\"; it has {}.",
                excerpt(name, 40),
                names(&all)
            ))
        }),
        (None, [only]) => Ok(only),
        (None, []) => Err(Error::File("The workbook has no sheet that can be seen.".into())),
        (None, several) => Err(Error::File(format!(
            "The workbook has several sheets: {}. Name the one to freeze as sheet under [file] in the schema.",
            names(several)
        ))),
    }
}

fn texts(archive: &mut Archive, path: &str) -> Result<Texts> {
    let mut part = part(archive, path, "of the shared texts", TEXTS_BYTES_MAX)?;
    let mut texts = Texts::default();
    // Inside <t>, and inside the reading aids that are no part of the text.
    let (mut in_text, mut in_aid) = (false, false);
    loop {
        match part.next()? {
            Piece::Start(start) => match start.local_name().as_ref() {
                "t" => in_text = !in_aid,
                "rPh" => in_aid = true,
                _ => {}
            },
            Piece::End(name) => match name {
                "t" => in_text = false,
                "rPh" => in_aid = false,
                "si" => texts.ends.push(texts.all.len()),
                _ => {}
            },
            Piece::Text(text) if in_text => texts.all.push_str(&text),
            Piece::Text(_) => {}
            Piece::Finished => return Ok(texts),
        }
    }
}

/// For each style of a cell, whether it shows a number as a date or a time.
fn date_styles(archive: &mut Archive, path: &str) -> Result<Vec<bool>> {
    let mut part = part(archive, path, "styles.xml", PART_BYTES_MAX)?;
    let mut own: Vec<(u32, bool)> = Vec::new();
    let (mut styles, mut in_cells) = (Vec::new(), false);
    loop {
        match part.next()? {
            Piece::Start(start) => {
                let number = || attribute(&start, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                match start.local_name().as_ref() {
                    "numFmt" if own.len() < ENTRIES_MAX => {
                        let code = attribute(&start, "formatCode").unwrap_or_default();
                        own.extend(number().map(|id| (id, shows_date(&code))));
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells && styles.len() < ENTRIES_MAX => {
                        let id = number().unwrap_or(0);
                        let said = own.iter().find(|(known, _)| *known == id);
                        styles.push(match said {
                            Some((_, date)) => *date,
                            None => matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58),
                        });
                    }
                    _ => {}
                }
            }
            Piece::End("cellXfs") => in_cells = false,
            Piece::End(_) | Piece::Text(_) => {}
            Piece::Finished => return Ok(styles),
        }
    }
}

/// Whether a number format shows a date or a time: it holds one of their letters outside quotation
/// marks, brackets and escapes.
fn shows_date(code: &str) -> bool {
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    for letter in code.chars() {
        match letter {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' if !bracketed => return true,
            _ => {}
        }
    }
    // Elapsed time stands in brackets.
    ["[h]", "[hh]", "[m]", "[mm]", "[s]", "[ss]"].iter().any(|part| code.contains(part))
}

#[cfg(test)]
mod tests {
    use super::shows_date;

    #[test]
    fn formats_of_dates_are_told_from_others() {
        for code in ["yyyy-mm-dd", "d.m.yy hh:mm", "[h]:mm", "[$-409]m/d/yy h:mm AM/PM;@"] {
            assert!(shows_date(code), "{code}");
        }
        for code in ["General", "0.00", "#,##0", "\"days\" 0", "[Red]0.0", "0\\d", "@"] {
            assert!(!shows_date(code), "{code}");
        }
    }
}
