//! From stored bytes to UTF-8 text: hashing what is stored, unpacking gzip, decoding characters.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use encoding_rs::{CoderResult, Decoder, UTF_8, UTF_16BE, UTF_16LE};
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::forms::Form;
use crate::schema::FileFormat;

/// Most bytes of text one source may unpack to.
pub const TEXT_BYTES_MAX: u64 = 64 * 1024 * 1024 * 1024;

/// Most bytes of a workbook or a Parquet file.
pub const WHOLE_BYTES_MAX: u64 = 16 * 1024 * 1024 * 1024;
/// Bytes that are looked at to tell what a file is.
const PEEK: usize = 64;

/// One file to be frozen.
pub struct SourceFile {
    /// Its name, for messages and the record of what was frozen.
    pub name: String,
    /// Its bytes as stored.
    pub reader: Box<dyn Read + Send>,
    /// The date it speaks for, where the schema leaves that to each file.
    pub speaks_for: Option<Date>,
}

/// What was read of a source.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    bytes: AtomicU64,
    hasher: Mutex<Sha256>,
}

impl Tally {
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// SHA-256 of the bytes read so far.
    pub(crate) fn sha256_hex(&self) -> String {
        let hasher = self.hasher.lock().unwrap_or_else(PoisonError::into_inner);
        hex::encode(hasher.clone().finalize())
    }
}

/// A plain sentence carried through the layers of readers.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Plain(String);

fn plain(message: impl Into<String>) -> io::Error {
    io::Error::other(Plain(message.into()))
}

/// Turns a reader's error into the crate's own.
pub(crate) fn reading_error(error: io::Error, name: &str) -> Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Plain>()) {
        Some(Plain(message)) => Error::File(message.clone()),
        None => Error::Io { what: format!("reading {name}"), source: error },
    }
}

/// What a source holds, opened.
pub(crate) enum Content {
    /// UTF-8 text, not yet checked to be valid where the file says it is UTF-8.
    Text(Box<dyn Read + Send>),
    /// A whole file, because its form cannot be read from beginning to end.
    Whole(File),
}

/// An opened source.
pub(crate) struct Opened {
    pub(crate) content: Content,
    pub(crate) form: Form,
    pub(crate) tally: Arc<Tally>,
}

/// Opens a source.
pub(crate) fn open_source(reader: Box<dyn Read + Send>, format: &FileFormat) -> io::Result<Opened> {
    let tally = Arc::new(Tally::default());
    let tapped: Box<dyn Read + Send> = Box::new(Tap { inner: reader, tally: Arc::clone(&tally) });
    let (start, tapped) = peek(tapped)?;
    let unpacked = if start.starts_with(&[0x1f, 0x8b]) {
        if !format.gzip {
            return Err(plain(
                "The file is gzip-compressed, and the schema says gzip = false. Unpack it first.",
            ));
        }
        Box::new(Gunzip { inner: MultiGzDecoder::new(tapped) })
    } else {
        tapped
    };
    let (start, unpacked) = peek(unpacked)?;
    if start.is_empty() {
        return Err(plain("The file is empty: it has not even a header."));
    }
    let shown = Form::of(&start);
    // JSON is UTF-8; a file in another encoding that begins like it is text with a delimiter.
    let found = if shown.is_binary() || format.encoding == UTF_8 { shown } else { Form::Csv };
    let form = format.form.unwrap_or(found);
    if form.is_binary() || found.is_binary() {
        return whole(unpacked, form, found, tally);
    }
    refuse_other_formats(&start, format)?;
    let limited: Box<dyn Read + Send> = Box::new(Limit { inner: unpacked, left: TEXT_BYTES_MAX });
    if format.encoding == UTF_8 {
        let bom = if start.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
        let mut limited = limited;
        limited.read_exact(&mut [0; 3][..bom])?;
        return Ok(Opened { content: Content::Text(limited), form, tally });
    }
    let decoder = format.encoding.new_decoder_with_bom_removal();
    let text = Box::new(Decoding::new(limited, decoder));
    Ok(Opened { content: Content::Text(text), form, tally })
}

/// Copies a file that must be read as a whole into a temporary one.
fn whole(
    unpacked: Box<dyn Read + Send>,
    form: Form,
    found: Form,
    tally: Arc<Tally>,
) -> io::Result<Opened> {
    if form != found {
        return Err(plain(format!(
            "The file is {}, and the schema says that it is {}. Correct form under [file] in the schema, or leave it out.",
            found.shown(),
            form.shown()
        )));
    }
    let mut file = tempfile::tempfile()?;
    let copied = io::copy(&mut unpacked.take(WHOLE_BYTES_MAX + 1), &mut file)?;
    if copied > WHOLE_BYTES_MAX {
        return Err(plain(format!(
            "The file is larger than {WHOLE_BYTES_MAX} bytes, which is the limit for {}. Split it by period, or export it as CSV.",
            form.shown()
        )));
    }
    file.rewind()?;
    Ok(Opened { content: Content::Whole(file), form, tally })
}

fn refuse_other_formats(start: &[u8], format: &FileFormat) -> io::Result<()> {
    let utf16 = format.encoding == UTF_16LE || format.encoding == UTF_16BE;
    let marked = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
    if !utf16 && (marked || start.get(..4).is_some_and(|four| four.contains(&0))) {
        return Err(plain(format!(
            "The file is not in {}: it begins like UTF-16 or like binary data. Say encoding = \"utf-16le\" in the schema if it is UTF-16.",
            format.encoding.name()
        )));
    }
    if utf16 && start.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Err(plain(
            "The file is UTF-8, and the schema says UTF-16. Say encoding = \"utf-8\".",
        ));
    }
    Ok(())
}

/// Looks at the first bytes without losing them.
fn peek(mut reader: Box<dyn Read + Send>) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut start = Vec::with_capacity(PEEK);
    reader.by_ref().take(PEEK as u64).read_to_end(&mut start)?;
    let whole = io::Cursor::new(start.clone()).chain(reader);
    Ok((start, Box::new(whole)))
}

struct Tap {
    inner: Box<dyn Read + Send>,
    tally: Arc<Tally>,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(read) = buffer.get(..count) {
            self.tally.hasher.lock().unwrap_or_else(PoisonError::into_inner).update(read);
        }
        self.tally.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

struct Gunzip {
    inner: MultiGzDecoder<Box<dyn Read + Send>>,
}

impl Read for Gunzip {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => plain(
                "The gzip data ends too early: the file was cut off. Nothing was frozen; export or copy it again.",
            ),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => plain(
                "The gzip data is damaged: its checksum or structure is wrong. Nothing was frozen; export or copy it again.",
            ),
            _ => error,
        })
    }
}

struct Limit {
    inner: Box<dyn Read + Send>,
    left: u64,
}

impl Read for Limit {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            plain(format!("The file unpacks to more than {TEXT_BYTES_MAX} bytes, which is the limit. Split it by period."))
        })?;
        Ok(count)
    }
}

/// Decodes characters. Bytes that are no character of the encoding become U+FFFD, which the reader
/// of rows refuses, so that the row and the column can be named.
struct Decoding {
    inner: Box<dyn Read + Send>,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_len: usize,
    text: Vec<u8>,
    text_at: usize,
    text_len: usize,
    ended: bool,
    done: bool,
}

impl Decoding {
    fn new(inner: Box<dyn Read + Send>, decoder: Decoder) -> Self {
        Self {
            inner,
            decoder,
            raw: vec![0; 64 * 1024],
            raw_at: 0,
            raw_len: 0,
            text: vec![0; 256 * 1024],
            text_at: 0,
            text_len: 0,
            ended: false,
            done: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw_len && !self.ended {
            self.raw_len = self.inner.read(&mut self.raw)?;
            self.raw_at = 0;
            self.ended = self.raw_len == 0;
        }
        let pending = self.raw.get(self.raw_at..self.raw_len).unwrap_or_default();
        let (result, read, written, _) =
            self.decoder.decode_to_utf8(pending, &mut self.text, self.ended);
        self.raw_at += read;
        self.text_at = 0;
        self.text_len = written;
        self.done = self.ended && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.text_at == self.text_len {
            if self.done {
                return Ok(0);
            }
            self.fill()?;
        }
        let ready = self.text.get(self.text_at..self.text_len).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.text_at += count;
        Ok(count)
    }
}
