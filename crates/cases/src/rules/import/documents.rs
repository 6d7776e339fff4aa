//! Text to records where the file holds JSON: documents one after the other, or the elements of a list.
//!
//! | file | its records |
//! |---|---|
//! | `{…}` | that document |
//! | `{…}` `{…}` …, on lines of their own or not | each document |
//! | `[{…}, {…}]` | each element |
//! | `{"incidents": [{…}, {…}], …}`, where the mapping says `records = "incidents"` | each element of that list |
//!
//! A record is cut out of the text by its brackets, in memory that does not grow past
//! [`Limits::record_bytes`], and then read strictly. One that cannot be read is refused as a row is; reading
//! goes on with the next where that can be told: at a document that begins on its own, or after the mark
//! U+001E that stands between the files of a folder. In a list whose brackets do not match it cannot be
//! told, and the report says that the file was not read to its end.

use std::io::Read;

use super::json::Json;
use super::records::{Limits, RecordFault};
use super::report::{FileEnd, excerpt};
use super::text::{NotText, TextStream};

/// Stands between the files of a folder (RFC 7464's mark before a text).
pub const BETWEEN_FILES: u8 = 0x1e;

const OTHERWISE: &str = "it is not an object in braces, as a record must be";
const ENDLESS: &str = "the list of records that begins before has no end; fetch the file again";
const MIDDLE: &str = "the file ends in the middle of a record; fetch it again";
const BROKEN: &str = "it breaks off, or its brackets do not match, before the next record begins";

/// Where the reader stands between records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Between documents that follow one another.
    Sequence,
    /// In a list of records.
    List,
    /// Behind a list of records, in the object that it is a member of.
    Behind,
}

/// Reads one record after the other into one buffer.
pub struct Documents<R: Read> {
    text: TextStream<R>,
    limits: Limits,
    paths: Vec<String>,
    /// The member that holds the list of records; empty when the file is the list.
    wrapper: String,
    place: Place,
    /// Whether the list of records is a member of an object.
    wrapped: bool,
    buffer: Vec<u8>,
    cells: Vec<String>,
    found: Vec<bool>,
    row: u64,
    line: u64,
    lines: u64,
    fault: Option<RecordFault>,
    not_text: Option<NotText>,
    end: Option<FileEnd>,
}

impl<R: Read> Documents<R> {
    pub(super) fn new(
        text: TextStream<R>,
        wrapper: &str,
        paths: Vec<String>,
        limits: Limits,
    ) -> Self {
        Self {
            found: vec![false; paths.len()],
            text,
            limits,
            paths,
            wrapper: wrapper.to_owned(),
            place: Place::Sequence,
            wrapped: false,
            buffer: Vec::new(),
            cells: Vec::new(),
            row: 0,
            line: 1,
            lines: 1,
            fault: None,
            not_text: None,
            end: None,
        }
    }

    pub(super) const fn row(&self) -> u64 {
        self.row
    }

    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    pub(super) const fn fault(&self) -> Option<RecordFault> {
        self.fault
    }

    pub(super) const fn end(&self) -> Option<&FileEnd> {
        self.end.as_ref()
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn value(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.buffer.capacity()
            + self.cells.iter().map(String::capacity).sum::<usize>()
            + self.text.memory_bytes()
    }

    pub(super) fn beginning(&self) -> String {
        let start = self.buffer.get(..self.buffer.len().min(512)).unwrap_or_default();
        excerpt(&String::from_utf8_lossy(start))
    }

    /// The paths at which no record so far had anything.
    pub(super) fn never_found(&self) -> impl Iterator<Item = &str> {
        let pairs = self.paths.iter().zip(&self.found);
        pairs.filter(|(_, found)| !**found).map(|(path, _)| path.as_str())
    }

    /// Reads the next record. `false` at the end of the file: then [`Self::end`] says how it was.
    pub(super) fn advance(&mut self) -> bool {
        if self.end.is_some() {
            return false;
        }
        self.buffer.clear();
        self.cells.clear();
        self.fault = None;
        self.not_text = None;
        match self.cut_out() {
            Ok(true) => {}
            Ok(false) => {
                self.end = Some(FileEnd::Complete { final_line_break: true });
                return false;
            }
            Err(reason) => {
                self.end = Some(FileEnd::CutShort { reason });
                if self.buffer.is_empty() || self.place == Place::Behind {
                    return false;
                }
                self.fault = Some(RecordFault::NotJson(BROKEN));
            }
        }
        self.row += 1;
        self.read_cells();
        true
    }

    /// Makes cells of the record in the buffer.
    fn read_cells(&mut self) {
        let text = String::from_utf8_lossy(&self.buffer);
        if let Some(NotText { byte, .. }) = self.not_text {
            self.fault = Some(RecordFault::NotText { byte });
            return;
        }
        if self.fault.is_some() {
            return;
        }
        match Json::parse(&text) {
            Ok(document @ Json::Object(_)) => {
                self.cells = self.paths.iter().map(|path| document.cell(path)).collect();
                for (found, cell) in self.found.iter_mut().zip(&self.cells) {
                    *found |= !cell.is_empty();
                }
            }
            Ok(_) => self.fault = Some(RecordFault::NotJson(OTHERWISE)),
            Err(why) => self.fault = Some(RecordFault::NotJson(why)),
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, String> {
        Ok(self.text.chunk()?.first().copied())
    }

    fn take(&mut self, byte: u8) {
        self.text.consume(1);
        self.lines += u64::from(byte == b'\n');
        if let Some(found) = self.text.take_not_text() {
            self.not_text = self.not_text.or(Some(found));
        }
    }

    /// Keeps a byte of the record, up to the limit; past it the record is refused.
    fn keep(&mut self, byte: u8) {
        if self.buffer.len() < self.limits.record_bytes {
            self.buffer.push(byte);
        } else {
            self.fault = self.fault.or(Some(RecordFault::TooLong));
        }
        self.take(byte);
    }

    /// Passes over blanks, and says whether the file begins as JSON does.
    ///
    /// # Errors
    /// A sentence when it does not.
    pub(super) fn begin(&mut self) -> Result<(), String> {
        loop {
            match self.peek()? {
                Some(byte @ (b' ' | b'\t' | b'\r' | b'\n' | BETWEEN_FILES)) => self.take(byte),
                Some(b'{' | b'[') => return Ok(()),
                Some(_) => {
                    return Err("the file does not begin as JSON does, with a brace or a square bracket; correct the mapping, or export the register as JSON".to_owned());
                }
                None => return Err("the file is empty".to_owned()),
            }
        }
    }

    /// Finds the next record and puts it into the buffer; `false` when there is none.
    fn cut_out(&mut self) -> Result<bool, String> {
        while let Some(byte) = self.peek()? {
            self.line = self.lines;
            match (byte, self.place) {
                (b' ' | b'\t' | b'\r' | b'\n', _)
                | (BETWEEN_FILES, Place::Sequence)
                | (b',', Place::List | Place::Behind) => self.take(byte),
                (BETWEEN_FILES, Place::List | Place::Behind) => {
                    self.take(byte);
                    self.place = Place::Sequence;
                    self.fault = Some(RecordFault::NotJson(ENDLESS));
                    return Ok(true);
                }
                (b'[', Place::Sequence) => {
                    self.take(byte);
                    (self.place, self.wrapped) = (Place::List, false);
                }
                (b']', Place::List) => {
                    self.take(byte);
                    self.place = if self.wrapped { Place::Behind } else { Place::Sequence };
                }
                (b'}', Place::Behind) => {
                    self.take(byte);
                    self.place = Place::Sequence;
                }
                // Members behind the list say how many pages there are and the like; they are no records.
                (_, Place::Behind) => self.pass_over_member()?,
                (b'{', Place::Sequence) | (_, Place::List) => {
                    if self.record()? {
                        return Ok(true);
                    }
                }
                (_, Place::Sequence) => {
                    self.keep_line()?;
                    return Ok(true);
                }
            }
        }
        if self.place == Place::Sequence { Ok(false) } else { Err(ENDLESS.to_owned()) }
    }

    /// A line on which no document begins.
    fn keep_line(&mut self) -> Result<(), String> {
        self.fault = Some(RecordFault::NotJson(OTHERWISE));
        while let Some(byte) = self.peek()?
            && !matches!(byte, b'\n' | BETWEEN_FILES)
        {
            self.keep(byte);
        }
        Ok(())
    }

    /// Passes over the name or the value of a member.
    fn pass_over_member(&mut self) -> Result<(), String> {
        if self.peek()? == Some(b':') {
            self.take(b':');
            return Ok(());
        }
        self.record()?;
        self.fault = None;
        self.buffer.clear();
        Ok(())
    }

    /// Takes one value, to the bracket that closes it. `false` when it turns out to be the object around a
    /// list of records, at the beginning of that list.
    fn record(&mut self) -> Result<bool, String> {
        let mut open = Vec::new();
        // The last byte that is no blank: whether a value may follow it.
        let mut last = b',';
        // Whether the last text is the name of the member that holds the records.
        let mut named = false;
        while let Some(byte) = self.peek()? {
            let in_sequence = self.place == Place::Sequence;
            let expected = matches!(last, b',' | b':' | b'[' | b'{');
            if byte == BETWEEN_FILES || (byte == b'{' && in_sequence && !expected) {
                return self.broken();
            }
            match byte {
                b'"' => {
                    let from = self.buffer.len();
                    if !self.string()? {
                        return self.broken();
                    }
                    named = in_sequence
                        && matches!(last, b',' | b'{')
                        && open == [b'{']
                        && self.is_wrapper(from);
                    last = b'"';
                }
                b'[' if named && last == b':' => {
                    self.take(b'[');
                    self.buffer.clear();
                    self.fault = None;
                    (self.place, self.wrapped) = (Place::List, true);
                    return Ok(false);
                }
                b'{' | b'[' => {
                    if open.len() > self.limits.record_bytes {
                        return Err("brackets open without end".to_owned());
                    }
                    open.push(byte);
                    self.keep(byte);
                    last = byte;
                }
                // The end of what stands around a value without brackets.
                b'}' | b']' if open.is_empty() && !self.buffer.is_empty() => return Ok(true),
                b'}' | b']' => {
                    self.keep(byte);
                    let opened = open.pop();
                    if opened.is_some_and(|o| (o == b'{') != (byte == b'}')) {
                        return self.broken();
                    }
                    last = byte;
                }
                b',' | b':' | b' ' | b'\t' | b'\r' | b'\n'
                    if open.is_empty() && !self.buffer.is_empty() =>
                {
                    return Ok(true);
                }
                b' ' | b'\t' | b'\r' | b'\n' => self.keep(byte),
                other => {
                    self.keep(other);
                    last = other;
                }
            }
            if open.is_empty() && matches!(last, b'"' | b'}' | b']') {
                return Ok(true);
            }
        }
        if open.is_empty() { Ok(true) } else { Err(MIDDLE.to_owned()) }
    }

    /// Whether the text that begins there in the buffer names the member that holds the records.
    fn is_wrapper(&self, from: usize) -> bool {
        let name = self.buffer.get(from..).unwrap_or_default();
        let name = std::str::from_utf8(name).unwrap_or_default();
        !self.wrapper.is_empty()
            && matches!(Json::parse(name), Ok(Json::Text(text)) if text == self.wrapper)
    }

    /// Takes a text in quotation marks; `false` when a line break stands in it, which no text may hold.
    fn string(&mut self) -> Result<bool, String> {
        self.keep(b'"');
        let mut escaped = false;
        while let Some(byte) = self.peek()? {
            if matches!(byte, b'\n' | BETWEEN_FILES) {
                return Ok(false);
            }
            self.keep(byte);
            match byte {
                b'"' if !escaped => return Ok(true),
                b'\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
        Err(MIDDLE.to_owned())
    }

    /// The record cannot be cut out. Among documents the next one begins with a brace at the beginning of a
    /// line; in a list it cannot be told.
    fn broken(&mut self) -> Result<bool, String> {
        self.fault = Some(RecordFault::NotJson(BROKEN));
        let mut line_begins = self.buffer.last() == Some(&b'\n');
        while let Some(byte) = self.peek()? {
            let next = self.place == Place::Sequence && line_begins && byte == b'{';
            if byte == BETWEEN_FILES || next {
                return Ok(true);
            }
            line_begins = byte == b'\n';
            self.keep(byte);
        }
        if self.place == Place::Sequence {
            return Ok(true);
        }
        Err(format!(
            "the brackets of the record on line {} do not match, so what follows it in the list cannot be told apart; mend it or fetch the file again",
            self.line
        ))
    }
}
