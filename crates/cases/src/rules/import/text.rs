//! Bytes to text: unpacking, character encodings, and where a byte is not text.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding};
use flate2::read::MultiGzDecoder;

use super::mapping::Compression;
use super::report::ImportError;

/// How many bytes are read and decoded at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// Stands in the decoded text where bytes were not text (U+FFFD).
pub(super) const REPLACEMENT: &str = "\u{fffd}";

/// A sequence of bytes that the encoding does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotText {
    /// Where its stand-in begins in the decoded text.
    pub at: u64,
    /// Where it begins in the unpacked file, the first byte being 0.
    pub byte: u64,
}

enum Unpacked<R: Read> {
    Plain(io::Chain<Cursor<Vec<u8>>, R>),
    Gzip(Box<MultiGzDecoder<io::Chain<Cursor<Vec<u8>>, R>>>),
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(inner) => inner.read(buffer),
            Self::Gzip(inner) => inner.read(buffer),
        }
    }
}

/// A stream of text in UTF-8, in chunks, with the places where the source was not text.
pub(super) struct TextStream<R: Read> {
    source: Unpacked<R>,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_from: usize,
    raw_to: usize,
    raw_total: u64,
    decoded: Vec<u8>,
    decoded_from: usize,
    decoded_to: usize,
    /// Decoded bytes handed on so far.
    consumed: u64,
    not_text: VecDeque<NotText>,
    source_ended: bool,
    finished: bool,
    bytes_max: u64,
}

impl<R: Read> TextStream<R> {
    /// Opens the stream: finds out whether it is packed and whether a byte order mark contradicts
    /// the encoding.
    pub(super) fn open(
        mut input: R,
        compression: Compression,
        encoding: &'static Encoding,
        bytes_max: u64,
    ) -> Result<Self, ImportError> {
        let start = read_start(&mut input, 4).map_err(unreadable)?;
        if start.starts_with(b"PK\x03\x04") {
            return Err(ImportError(
                "the file is a ZIP archive or a workbook; unpack it, or save the sheet as CSV, and import that"
                    .to_owned(),
            ));
        }
        let packed = start.starts_with(&[0x1f, 0x8b]);
        let unpack = match compression {
            Compression::Auto => packed,
            Compression::None => false,
            Compression::Gzip if packed => true,
            Compression::Gzip => {
                return Err(ImportError(
                    "the mapping says file.compression = \"gzip\", but the file is not gzip; correct the mapping or the file"
                        .to_owned(),
                ));
            }
        };
        let chained = Cursor::new(start).chain(input);
        let source = if unpack {
            Unpacked::Gzip(Box::new(MultiGzDecoder::new(chained)))
        } else {
            Unpacked::Plain(chained)
        };
        let mut stream = Self {
            source,
            decoder: encoding.new_decoder_with_bom_removal(),
            raw: vec![0; CHUNK_BYTES],
            raw_from: 0,
            raw_to: 0,
            raw_total: 0,
            decoded: vec![0; CHUNK_BYTES],
            decoded_from: 0,
            decoded_to: 0,
            consumed: 0,
            not_text: VecDeque::new(),
            source_ended: false,
            finished: false,
            bytes_max,
        };
        stream.check_mark(encoding)?;
        Ok(stream)
    }

    fn check_mark(&mut self, encoding: &'static Encoding) -> Result<(), ImportError> {
        while self.raw_to < 4 && !self.source_ended {
            self.read_raw().map_err(ImportError)?;
        }
        let start = self.raw.get(..self.raw_to.min(4)).unwrap_or_default();
        match Encoding::for_bom(start) {
            Some((marked, _)) if marked != encoding => Err(ImportError(format!(
                "the file begins with the byte order mark of {}, but the mapping says file.encoding is {}; correct the mapping",
                marked.name(),
                encoding.name()
            ))),
            _ => Ok(()),
        }
    }

    /// Bytes held for reading.
    pub(super) fn memory_bytes(&self) -> usize {
        self.raw.capacity()
            + self.decoded.capacity()
            + self.not_text.capacity() * size_of::<NotText>()
    }

    /// Appends what the source gives next to the raw bytes.
    fn read_raw(&mut self) -> Result<(), String> {
        let Some(free) = self.raw.get_mut(self.raw_to..) else { return Ok(()) };
        match self.source.read(free) {
            Ok(0) => self.source_ended = true,
            Ok(read) => {
                self.raw_to += read;
                self.raw_total = self.raw_total.saturating_add(read as u64);
                if self.raw_total > self.bytes_max {
                    return Err(format!(
                        "the unpacked file is longer than {} bytes; split it and import the parts",
                        self.bytes_max
                    ));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(broken_off(&error)),
        }
        Ok(())
    }

    /// The decoded text at hand, decoding more when all was consumed. Empty at the end.
    ///
    /// # Errors
    /// A sentence when the source breaks off (a cut gzip file, a device error).
    pub(super) fn chunk(&mut self) -> Result<&[u8], String> {
        while self.decoded_from == self.decoded_to && !self.finished {
            self.decode_more()?;
        }
        Ok(self.decoded.get(self.decoded_from..self.decoded_to).unwrap_or_default())
    }

    /// Marks decoded bytes as consumed.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.decoded_from = self.decoded_from.saturating_add(bytes).min(self.decoded_to);
        self.consumed = self.consumed.saturating_add(bytes as u64);
    }

    /// The first place before what has been consumed where the source was not text; it and all
    /// other places before are forgotten.
    pub(super) fn take_not_text(&mut self) -> Option<NotText> {
        let mut first = None;
        while let Some(found) = self.not_text.front().copied()
            && found.at < self.consumed
        {
            first = first.or(Some(found));
            self.not_text.pop_front();
        }
        first
    }

    fn decode_more(&mut self) -> Result<(), String> {
        if self.raw_from == self.raw_to && !self.source_ended {
            self.raw_from = 0;
            self.raw_to = 0;
            self.read_raw()?;
        }
        self.decoded_from = 0;
        self.decoded_to = 0;
        let raw = self.raw.get(self.raw_from..self.raw_to).unwrap_or_default();
        // Room is left for the stand-in of a byte that is not text.
        let room = self.decoded.len().saturating_sub(REPLACEMENT.len());
        let out = self.decoded.get_mut(..room).unwrap_or_default();
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(raw, out, self.source_ended);
        let chunk_start = self.raw_total - (self.raw_to - self.raw_from) as u64;
        self.raw_from += read;
        self.decoded_to = written;
        match result {
            DecoderResult::InputEmpty => self.finished = self.source_ended,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let seen = chunk_start + read as u64;
                let back = u64::from(length) + u64::from(after);
                self.not_text.push_back(NotText {
                    at: self.consumed + written as u64,
                    byte: seen.saturating_sub(back),
                });
                let end = written + REPLACEMENT.len();
                if let Some(place) = self.decoded.get_mut(written..end) {
                    place.copy_from_slice(REPLACEMENT.as_bytes());
                    self.decoded_to = end;
                }
            }
        }
        Ok(())
    }
}

/// Reads the first bytes, fewer only when the input is shorter.
fn read_start<R: Read>(input: &mut R, length: u64) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    input.by_ref().take(length).read_to_end(&mut start)?;
    Ok(start)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function in map_err")]
fn unreadable(error: io::Error) -> ImportError {
    ImportError(format!("the file cannot be read: {error}"))
}

fn broken_off(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "the packed file ends before its end mark; fetch it again".to_owned()
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            format!("the packed file is damaged ({error}); fetch it again")
        }
        _ => format!("reading broke off: {error}"),
    }
}
