//! Text to records: delimiters, quotation marks, and memory that does not grow with a line.

use std::io::Read;

use csv_core::ReadRecordResult;

use super::report::{FileEnd, excerpt};
use super::text::{NotText, TextStream};

/// What bounds the reading of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest row, in bytes of UTF-8 without delimiters and quotation marks.
    pub record_bytes: usize,
    /// Most columns.
    pub columns: usize,
    /// Most rows: they are remembered by digest to find repeats, about 40 bytes each.
    pub rows: u64,
    /// Longest file, unpacked, in bytes.
    pub file_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_bytes: 1024 * 1024,
            columns: 1_000,
            rows: 10_000_000,
            file_bytes: 64 * 1024 * 1024 * 1024,
        }
    }
}

/// What is wrong with a record before any value is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordFault {
    /// Longer than [`Limits::record_bytes`].
    TooLong,
    /// More values than [`Limits::columns`].
    TooManyValues,
    /// The file ends inside quotation marks.
    UnclosedQuote,
    /// The file breaks off in the middle.
    BrokenOff,
    /// It is no document that can be read; the end of a sentence says why.
    NotJson(&'static str),
    /// A byte of the file is not text in its encoding.
    NotText {
        /// Its place in the unpacked file, the first byte being 0.
        byte: u64,
    },
}

/// Reads one record after the other into one buffer.
pub struct Records<R: Read> {
    text: TextStream<R>,
    csv: csv_core::Reader,
    limits: Limits,
    buffer: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    values: usize,
    /// Line breaks that were skipped before records.
    skipped_lines: u64,
    row: u64,
    line: u64,
    fault: Option<RecordFault>,
    /// How a record began whose buffer was read over.
    began: Option<String>,
    delimiter: u8,
    not_text: Option<NotText>,
    ended_by_line_break: bool,
    end: Option<FileEnd>,
}

/// How a record's reading stands.
enum Step {
    More,
    Record,
    End,
}

impl<R: Read> Records<R> {
    /// Starts reading; the first record is the heading.
    pub(super) fn new(
        text: TextStream<R>,
        delimiter: u8,
        quote: Option<u8>,
        limits: Limits,
    ) -> Self {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.delimiter(delimiter);
        match quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        Self {
            text,
            csv: builder.build(),
            limits,
            buffer: vec![0; limits.record_bytes.clamp(1, 4096)],
            filled: 0,
            ends: vec![0; limits.columns.clamp(1, 64)],
            values: 0,
            skipped_lines: 0,
            row: 0,
            line: 1,
            fault: None,
            began: None,
            delimiter,
            not_text: None,
            ended_by_line_break: true,
            end: None,
        }
    }

    /// Number of the current record, the heading being 1. Blank lines are not counted.
    #[must_use]
    pub const fn row(&self) -> u64 {
        self.row
    }

    /// Number of the line on which the current record begins.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong with the current record, if anything is.
    #[must_use]
    pub const fn fault(&self) -> Option<RecordFault> {
        self.fault
    }

    /// How many values the current record has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.values
    }

    /// Whether the current record has no values.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.values == 0
    }

    /// How the file ended; `None` before that.
    #[must_use]
    pub const fn end(&self) -> Option<&FileEnd> {
        self.end.as_ref()
    }

    /// Whether the current record is the last of a file that does not end with a line break.
    #[must_use]
    pub const fn is_unfinished(&self) -> bool {
        !self.ended_by_line_break
    }

    /// Bytes held for reading.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.buffer.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.text.memory_bytes()
    }

    /// A value of the current record; empty past the last.
    #[must_use]
    pub fn value(&self, index: usize) -> &str {
        if index >= self.values {
            return "";
        }
        let from = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let to = self.ends.get(index).copied().unwrap_or(0);
        let bytes = self.buffer.get(from.unwrap_or(0)..to).unwrap_or_default();
        // The decoder gives UTF-8 and the splitter cuts it at ASCII characters only.
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The beginning of the current record, for a report: its first values with the delimiter
    /// between them.
    #[must_use]
    pub fn beginning(&self) -> String {
        if let Some(began) = &self.began {
            return began.clone();
        }
        let mut text = String::new();
        let mut from = 0;
        let ends = self.ends.iter().take(self.values).copied();
        for (index, to) in ends.chain([self.filled]).enumerate() {
            if index > 0 {
                text.push(char::from(self.delimiter));
            }
            let value = self.buffer.get(from..to).unwrap_or_default();
            let start = value.get(..value.len().min(512)).unwrap_or_default();
            text.push_str(&String::from_utf8_lossy(start));
            from = to;
            if text.len() > 512 || to == self.filled {
                break;
            }
        }
        excerpt(&text)
    }

    /// Reads the next record. `false` at the end of the file: then [`Self::end`] says how it was.
    ///
    /// A record with a [`Self::fault`] counts as a record; reading goes on after it.
    pub fn advance(&mut self) -> bool {
        if self.end.is_some() {
            return false;
        }
        self.filled = 0;
        self.values = 0;
        self.fault = None;
        self.began = None;
        self.not_text = None;
        let started = self.skip_line_breaks();
        if let Err(reason) = started {
            self.end = Some(FileEnd::CutShort { reason });
            return false;
        }
        self.line = self.csv.line() + self.skipped_lines;
        loop {
            match self.step() {
                Step::More => {}
                Step::Record => {
                    self.row += 1;
                    if let Some(NotText { byte, .. }) = self.not_text {
                        self.fault = self.fault.or(Some(RecordFault::NotText { byte }));
                    }
                    return true;
                }
                Step::End => return false,
            }
        }
    }

    /// Skips line breaks before a record, so that the line number is that of its first value.
    fn skip_line_breaks(&mut self) -> Result<(), String> {
        loop {
            let chunk = self.text.chunk()?;
            let skipped = chunk.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let lines = chunk.iter().take(skipped).filter(|byte| **byte == b'\n').count() as u64;
            let whole = skipped == chunk.len();
            if skipped > 0 {
                self.text.consume(skipped);
                self.skipped_lines += lines;
                self.ended_by_line_break = true;
            }
            if !whole || skipped == 0 {
                return Ok(());
            }
        }
    }

    fn step(&mut self) -> Step {
        let chunk = match self.text.chunk() {
            Ok(chunk) => chunk,
            Err(reason) => return self.break_off(reason),
        };
        if chunk.is_empty() {
            return self.finish();
        }
        let out = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let ends = self.ends.get_mut(self.values..).unwrap_or_default();
        let (result, read, written, ended) = self.csv.read_record(chunk, out, ends);
        let last = read.checked_sub(1).and_then(|index| chunk.get(index)).copied();
        self.text.consume(read);
        // Asked for at every step, so that what is remembered stays small in a long bad record.
        let not_text = self.text.take_not_text();
        self.not_text = self.not_text.or(not_text);
        self.filled += written;
        self.values += ended;
        if read > 0 {
            self.ended_by_line_break = matches!(last, Some(b'\r' | b'\n'));
        }
        match result {
            ReadRecordResult::InputEmpty => Step::More,
            ReadRecordResult::OutputFull => {
                self.make_room();
                Step::More
            }
            ReadRecordResult::OutputEndsFull => {
                self.make_room_for_values();
                Step::More
            }
            ReadRecordResult::Record => Step::Record,
            // Only given for empty input.
            ReadRecordResult::End => Step::End,
        }
    }

    /// Grows the buffer up to the limit; past it the record is refused.
    fn make_room(&mut self) {
        // One more than the limit, so that a record of exactly that length is not refused.
        let limit = self.limits.record_bytes.saturating_add(1);
        if self.fault.is_none() && self.buffer.len() < limit {
            let grown = self.buffer.len().saturating_mul(2).min(limit);
            self.buffer.resize(grown, 0);
            return;
        }
        self.read_over(RecordFault::TooLong);
    }

    fn make_room_for_values(&mut self) {
        // One more than the limit, so that a record of exactly that many is not refused.
        let limit = self.limits.columns.saturating_add(1);
        if self.fault.is_none() && self.ends.len() < limit {
            let grown = self.ends.len().saturating_mul(2).min(limit);
            self.ends.resize(grown, 0);
            return;
        }
        self.read_over(RecordFault::TooManyValues);
    }

    /// Keeps the fault and how the record began, and reads the rest of it over what was read.
    fn read_over(&mut self, fault: RecordFault) {
        if self.began.is_none() {
            self.began = Some(self.beginning());
        }
        self.fault = self.fault.or(Some(fault));
        self.filled = 0;
        self.values = 0;
    }

    /// The text is at its end: closes a record that has no line break, or finds that a quotation
    /// mark was never closed.
    fn finish(&mut self) -> Step {
        self.end = Some(FileEnd::Complete { final_line_break: self.ended_by_line_break });
        if self.ended_by_line_break && self.filled == 0 && self.values == 0 && self.fault.is_none()
        {
            return Step::End;
        }
        loop {
            // A line break ends a record everywhere but inside quotation marks.
            let out = self.buffer.get_mut(self.filled..).unwrap_or_default();
            let ends = self.ends.get_mut(self.values..).unwrap_or_default();
            let (result, _, written, ended) = self.csv.read_record(b"\n", out, ends);
            self.filled += written;
            self.values += ended;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::OutputFull => self.make_room(),
                ReadRecordResult::OutputEndsFull => self.make_room_for_values(),
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    self.fault = self.fault.or(Some(RecordFault::UnclosedQuote));
                    break;
                }
            }
        }
        Step::Record
    }

    fn break_off(&mut self, reason: String) -> Step {
        self.end = Some(FileEnd::CutShort { reason });
        if self.filled == 0 && self.values == 0 && self.fault.is_none() {
            return Step::End;
        }
        self.fault = Some(RecordFault::BrokenOff);
        Step::Record
    }
}
