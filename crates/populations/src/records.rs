//! Splits CSV text into records, streaming, with every size bounded.
//!
//! The splitter is `csv-core`: quotes may hold delimiters and line ends, a doubled quote is one
//! quote, blank lines are no records. A record that is too long is reported and skipped up to its
//! end, so that one bad line neither fills the memory nor costs the good rows.

use std::io::Read;

use csv_core::ReadRecordResult;

use crate::error::{Error, Result};
use crate::source::reading_error;

/// Most fields a record may have.
pub const FIELDS_MAX: usize = 4096;

/// What stands at the next place of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// A record; its fields were appended.
    Record,
    /// A record that is longer than allowed; nothing was appended.
    TooLong,
    /// A record with more than [`FIELDS_MAX`] fields; nothing was appended.
    TooManyFields,
    /// The end of the file.
    End,
}

/// Streaming splitter.
pub(crate) struct Records<R> {
    reader: R,
    name: String,
    core: csv_core::Reader,
    input: Vec<u8>,
    input_at: usize,
    input_len: usize,
    output: Vec<u8>,
    ends: Vec<usize>,
    /// Something other than line ends has been read since the last record.
    begun: bool,
    ended: bool,
}

impl<R: Read> Records<R> {
    pub(crate) fn new(reader: R, name: &str, delimiter: u8, record_bytes_max: usize) -> Self {
        Self {
            reader,
            name: name.to_owned(),
            core: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            input: vec![0; 256 * 1024],
            input_at: 0,
            input_len: 0,
            output: vec![0; record_bytes_max],
            ends: vec![0; FIELDS_MAX],
            begun: false,
            ended: false,
        }
    }

    /// Reads the next record and appends its fields' bytes to `text` and, for each field, the
    /// position in `text` where it ends to `ends`.
    pub(crate) fn next(&mut self, text: &mut Vec<u8>, ends: &mut Vec<u32>) -> Result<Next> {
        let (mut out_at, mut ends_at) = (0, 0);
        let mut verdict = Next::Record;
        loop {
            if self.input_at == self.input_len && !self.refill()? {
                return Ok(Next::End);
            }
            let pending = self.input.get(self.input_at..self.input_len).unwrap_or_default();
            let (result, read, written, ended) = self.core.read_record(
                pending,
                self.output.get_mut(out_at..).unwrap_or_default(),
                self.ends.get_mut(ends_at..).unwrap_or_default(),
            );
            let consumed = pending.get(..read).unwrap_or_default();
            self.begun |= consumed.iter().any(|byte| !matches!(byte, b'\r' | b'\n'));
            self.input_at += read;
            out_at += written;
            ends_at += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    verdict = Next::TooLong;
                    (out_at, ends_at) = (0, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    if verdict == Next::Record {
                        verdict = Next::TooManyFields;
                    }
                    (out_at, ends_at) = (0, 0);
                }
                ReadRecordResult::Record => {
                    self.begun = false;
                    if verdict == Next::Record {
                        self.append(out_at, ends_at, text, ends);
                    }
                    return Ok(verdict);
                }
                ReadRecordResult::End => return Ok(Next::End),
            }
        }
    }

    fn append(&self, out_at: usize, ends_at: usize, text: &mut Vec<u8>, ends: &mut Vec<u32>) {
        let base = text.len();
        text.extend_from_slice(self.output.get(..out_at).unwrap_or_default());
        let found = self.ends.get(..ends_at).unwrap_or_default();
        // Batches are cut well below 4 GiB, so positions fit 32 bits.
        ends.extend(found.iter().map(|end| u32::try_from(base + end).unwrap_or(u32::MAX)));
    }

    /// Reads more input; false at the end of the file. A last record without a line end is given
    /// one: if that does not finish it, the file ends inside a quoted field.
    fn refill(&mut self) -> Result<bool> {
        if self.ended {
            if self.begun {
                return Err(Error::File(format!(
                    "{} ends inside a quoted field: it was cut off, or a quotation mark is not closed. Nothing was frozen; export it again.",
                    self.name
                )));
            }
            return Ok(false);
        }
        self.input_at = 0;
        self.input_len = loop {
            match self.reader.read(&mut self.input) {
                Ok(count) => break count,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(reading_error(error, &self.name)),
            }
        };
        if self.input_len == 0 {
            self.ended = true;
            if !self.begun {
                return Ok(false);
            }
            if let Some(first) = self.input.first_mut() {
                *first = b'\n';
                self.input_len = 1;
            }
        }
        Ok(true)
    }
}

/// Splits one piece of CSV text into records of text fields; for tests and for fuzzing.
///
/// # Errors
/// [`Error::File`] when a quoted field is not closed, a record is longer than `record_bytes_max` or
/// a field is not UTF-8.
pub fn parse_records(
    bytes: &[u8],
    delimiter: u8,
    record_bytes_max: usize,
) -> Result<Vec<Vec<String>>> {
    let mut records = Records::new(bytes, "The text", delimiter, record_bytes_max);
    let mut found = Vec::new();
    loop {
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        match records.next(&mut text, &mut ends)? {
            Next::End => return Ok(found),
            Next::TooLong | Next::TooManyFields => {
                return Err(Error::File(format!("Record {} is too long", found.len() + 1)));
            }
            Next::Record => {
                let mut start = 0;
                let mut fields = Vec::with_capacity(ends.len());
                for end in ends {
                    let end = end as usize;
                    let field = text.get(start..end).unwrap_or_default();
                    let field = std::str::from_utf8(field).map_err(|_| {
                        Error::File(format!("Record {} is not UTF-8", found.len() + 1))
                    })?;
                    fields.push(field.to_owned());
                    start = end;
                }
                found.push(fields);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(text: &str) -> Result<Vec<Vec<String>>> {
        parse_records(text.as_bytes(), b',', 100)
    }

    #[test]
    fn quotes_blank_lines_and_a_missing_last_line_end() {
        let found = split("a,b\r\n\r\n\"x,\"\"1\"\"\n2\",\n3,4").unwrap();
        assert_eq!(found, [vec!["a", "b"], vec!["x,\"1\"\n2", ""], vec!["3", "4"]]);
        assert!(split("").unwrap().is_empty());
        assert!(split("\n\n\r\n").unwrap().is_empty());
    }

    #[test]
    fn a_file_cut_off_inside_quotes_is_refused() {
        let error = split("a,b\n1,\"cut of").unwrap_err().to_string();
        assert!(error.contains("ends inside a quoted field"), "{error}");
    }

    #[test]
    fn an_overlong_record_is_skipped_and_the_next_is_read() {
        let text = format!("a,b\n{},2\n3,4\n", "x".repeat(1_000_000));
        let mut records = Records::new(text.as_bytes(), "t", b',', 100);
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        let mut seen = Vec::new();
        loop {
            match records.next(&mut bytes, &mut ends).unwrap() {
                Next::End => break,
                verdict => seen.push(verdict),
            }
        }
        assert_eq!(seen, [Next::Record, Next::TooLong, Next::Record]);
        assert_eq!(bytes, b"ab34");
        assert_eq!(ends, [1, 2, 3, 4]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_split_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = parse_records(&bytes, b',', 64);
        }

        #[test]
        fn what_is_quoted_comes_back(fields in prop::collection::vec("[a-z\",\r\n é]{0,8}", 1..6)) {
            let line: Vec<String> =
                fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
            let found = parse_records(line.join(",").as_bytes(), b',', 1000).unwrap();
            prop_assert_eq!(found, vec![fields]);
        }
    }
}
