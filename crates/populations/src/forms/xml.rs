//! The parts of a workbook as XML events, with depth and the length of every piece bounded.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Error, Result};

/// Longest piece of markup or text.
const PIECE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// Deepest nesting of elements.
const DEPTH_MAX: u32 = 64;

/// A part that is being read.
pub(super) struct Part<R: Read> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    depth: u32,
    name: &'static str,
}

/// What comes next in a part.
pub(super) enum Piece<'a> {
    Start(BytesStart<'a>),
    End(&'a str),
    Text(String),
    Finished,
}

impl<R: Read> Part<R> {
    pub(super) fn new(content: R, name: &'static str, bytes_max: u64) -> Self {
        let bounded = Bounded { inner: BufReader::new(content), piece: 0, left: bytes_max };
        let mut reader = Reader::from_reader(bounded);
        reader.config_mut().expand_empty_elements = true;
        Self { reader, buffer: Vec::new(), depth: 0, name }
    }

    fn broken(&self, what: &str) -> Error {
        broken(self.name, what)
    }

    /// The next piece; comments and processing instructions are passed over.
    pub(super) fn next(&mut self) -> Result<Piece<'_>> {
        loop {
            self.buffer.clear();
            self.reader.get_mut().piece = 0;
            let name = self.name;
            // Two steps, because a piece that is handed out borrows the buffer.
            let event = self
                .reader
                .read_event_into(&mut self.buffer)
                .map_err(|error| broken(name, &error.to_string()))?
                .into_owned();
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEPTH_MAX {
                        return Err(self.broken("is nested too deeply"));
                    }
                    return Ok(Piece::Start(start));
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.buffer.clear();
                    self.buffer.extend_from_slice(end.local_name().as_ref().as_bytes());
                    return Ok(Piece::End(std::str::from_utf8(&self.buffer).unwrap_or_default()));
                }
                Event::Text(text) => return Ok(Piece::Text(text.xml10_content().into_owned())),
                Event::CData(text) => return Ok(Piece::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => {
                    let named = match reference.as_ref() {
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "amp" => Some('&'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => reference.resolve_char_ref().ok().flatten(),
                    };
                    return match named {
                        Some(character) => Ok(Piece::Text(character.to_string())),
                        None => Err(self.broken("names a character that XML does not know")),
                    };
                }
                Event::DocType(_) => {
                    return Err(self.broken("declares a document type, which no workbook does"));
                }
                Event::Eof => return Ok(Piece::Finished),
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::Empty(_) => {}
            }
        }
    }
}

fn broken(name: &str, what: &str) -> Error {
    Error::File(format!(
        "The workbook cannot be read: its part {name} {}. Nothing was frozen; save it again.",
        crate::error::excerpt(what, 200)
    ))
}

/// The value of an attribute by its local name.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    start
        .attributes()
        .with_checks(false)
        .filter_map(std::result::Result::ok)
        .find(|found| found.key.local_name().as_ref() == name)
        .and_then(|found| quick_xml::escape::unescape(&found.value).ok().map(|v| v.into_owned()))
}

/// Whether an attribute says yes.
pub(super) fn says_yes(start: &BytesStart<'_>, name: &str) -> bool {
    attribute(start, name).is_some_and(|value| value == "1" || value == "true")
}

/// Ends the reading of a piece, or of a part, that is longer than allowed.
struct Bounded<R> {
    inner: BufReader<R>,
    piece: u64,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), available.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > PIECE_BYTES_MAX {
            return Err(io::Error::other("holds a single value of several megabytes"));
        }
        if self.left == 0 {
            return Err(io::Error::other("unpacks to more than a workbook may hold"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.piece += count as u64;
        self.left = self.left.saturating_sub(count as u64);
        self.inner.consume(count);
    }
}
