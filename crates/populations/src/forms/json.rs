//! JSON: one array of flat objects, or one flat object after another (NDJSON).
//!
//! Numbers keep every digit, because they are never made floating-point numbers. An object with a name
//! twice is refused, because readers disagree on which of the two counts.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;

use crate::error::{Result, excerpt};
use crate::forms::tokens::{Token, Tokens};
use crate::forms::{Cells, Given, Known, Take, Wanted, absent};
use crate::records::FIELDS_MAX;
use crate::schema::Schema;

/// Longest name of a member, in bytes.
const NAME_MAX: usize = 1_000;

struct Reader<'a> {
    tokens: Tokens,
    wanted: &'a [Wanted<'a>],
    places: HashMap<&'a [u8], usize>,
    /// Where each wanted value of the object lies in `text`, and what it is.
    found: Vec<Option<(Given, usize, usize)>>,
    text: Vec<u8>,
    name: Vec<u8>,
    /// Names of the object that the schema does not name.
    others: BTreeSet<Vec<u8>>,
    /// Which wanted names some object had.
    seen: Vec<bool>,
    strangers: BTreeSet<Vec<u8>>,
    record_bytes: usize,
}

pub(super) fn read(
    text: Box<dyn Read + Send>,
    array: bool,
    schema: &Schema,
    wanted: &[Wanted<'_>],
    take: &mut Take<'_>,
) -> Result<Known> {
    let mut reader = Reader {
        tokens: Tokens::new(text, schema.file.record_bytes_max),
        wanted,
        places: wanted.iter().enumerate().map(|(at, w)| (w.source.as_bytes(), at)).collect(),
        found: vec![None; wanted.len()],
        text: Vec::new(),
        name: Vec::new(),
        others: BTreeSet::new(),
        seen: vec![false; wanted.len()],
        strangers: BTreeSet::new(),
        record_bytes: schema.file.record_bytes_max,
    };
    if array {
        reader.tokens.expect(b'[', "at its beginning")?;
    }
    let mut cells = Cells::default();
    loop {
        match (reader.tokens.mark()?, array) {
            (None, false) => break,
            (Some(b']'), true) => {
                reader.tokens.next()?;
                if reader.tokens.mark()?.is_some() {
                    return Err(reader.tokens.broken("is followed by more than one list"));
                }
                break;
            }
            _ => {}
        }
        reader.tokens.row += 1;
        reader.object(&mut cells)?;
        if !take(reader.tokens.row, &cells)? {
            break;
        }
        if array {
            match reader.tokens.mark()? {
                Some(b',') => {
                    reader.tokens.next()?;
                    if reader.tokens.mark()? == Some(b']') {
                        return Err(reader.tokens.broken("is followed by a comma and nothing"));
                    }
                }
                Some(b']') => {}
                Some(_) => return Err(reader.tokens.broken("lacks a comma after it")),
                None => {
                    return Err(reader.tokens.broken("ends too early: the file was cut off"));
                }
            }
        }
    }
    reader.known()
}

impl Reader<'_> {
    /// Reads an object into cells.
    fn object(&mut self, cells: &mut Cells) -> Result<()> {
        cells.clear();
        self.text.clear();
        self.others.clear();
        self.found.iter_mut().for_each(|found| *found = None);
        if self.tokens.mark()? != Some(b'{') {
            return Err(self.tokens.broken("is no object; the file must hold flat objects"));
        }
        self.tokens.expect(b'{', "at its beginning")?;
        let mut members = 0;
        if self.tokens.mark()? == Some(b'}') {
            self.tokens.next()?;
        } else {
            loop {
                members += 1;
                self.member(cells, members)?;
                match self.tokens.mark()? {
                    Some(b',') => {
                        self.tokens.next()?;
                    }
                    Some(b'}') => {
                        self.tokens.next()?;
                        break;
                    }
                    Some(_) => return Err(self.tokens.broken("lacks a comma between two members")),
                    None => {
                        return Err(self.tokens.broken("ends too early: the file was cut off"));
                    }
                }
            }
        }
        for found in &self.found {
            match found {
                Some((kind, from, to)) => {
                    cells.push(*kind, self.text.get(*from..*to).unwrap_or_default());
                }
                None => cells.push(Given::Null, b""),
            }
        }
        Ok(())
    }

    fn member(&mut self, cells: &mut Cells, members: usize) -> Result<()> {
        self.name.clear();
        let fits = self.tokens.text(&mut self.name)?;
        self.tokens.expect(b':', "after a name")?;
        if !fits || self.name.len() > NAME_MAX || members > FIELDS_MAX {
            cells.refuse(
                None,
                format!(
                    "has a name longer than {NAME_MAX} bytes, or more than {FIELDS_MAX} members"
                ),
            );
        }
        let from = self.text.len();
        let token = self.tokens.value(&mut self.text)?;
        let place = self.places.get(self.name.as_slice()).copied();
        let Some(place) = place else {
            self.text.truncate(from);
            if members <= FIELDS_MAX && self.name.len() <= NAME_MAX {
                self.stranger(cells);
            }
            return Ok(());
        };
        let column = self.wanted.get(place).map(|wanted| wanted.column);
        if let Some(seen) = self.seen.get_mut(place) {
            *seen = true;
        }
        if self.text.len() > self.record_bytes {
            cells.refuse(
                None,
                format!(
                    "is longer than {} bytes; record_bytes_max in the schema is too small",
                    self.record_bytes
                ),
            );
            self.text.truncate(from);
        }
        let kind = match token {
            Token::Text => Given::Text,
            Token::Number => Given::Number,
            Token::Bool => Given::Bool,
            Token::Null => Given::Null,
            Token::Nested => {
                cells.refuse(
                    column,
                    "holds a list or an object; a population is made of flat values",
                );
                Given::Null
            }
            Token::TooLong => {
                cells.refuse(column, "holds a text longer than record_bytes_max in the schema");
                Given::Null
            }
        };
        match self.found.get_mut(place) {
            Some(Some(_)) => {
                cells.refuse(
                    column,
                    "is there twice in one object, so it is not clear which is meant",
                );
            }
            Some(found) => *found = Some((kind, from, self.text.len())),
            None => {}
        }
        Ok(())
    }

    fn stranger(&mut self, cells: &mut Cells) {
        if self.others.contains(&self.name) {
            cells.refuse(
                None,
                format!(
                    "has the name \"{}\" twice, so it is not clear which is meant",
                    excerpt(&String::from_utf8_lossy(&self.name), 60)
                ),
            );
        }
        self.others.insert(self.name.clone());
        if self.strangers.len() < super::UNUSED_MAX && !self.strangers.contains(&self.name) {
            self.strangers.insert(self.name.clone());
        }
    }

    fn known(self) -> Result<Known> {
        let mut known = Known::default();
        for name in &self.strangers {
            known.unused(&String::from_utf8_lossy(name));
        }
        let pairs = self.wanted.iter().zip(&self.seen);
        let missing: Vec<&str> =
            pairs.filter(|(_, seen)| !**seen).map(|(wanted, _)| wanted.source).collect();
        if self.tokens.row > 0 && !missing.is_empty() {
            return Err(absent(&missing, &known.unused));
        }
        Ok(known)
    }
}
