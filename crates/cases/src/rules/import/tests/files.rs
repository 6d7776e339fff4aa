//! Files as such: encodings, packing, quotes, lengths, ends.

use super::*;
use std::io::{self, Read, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

fn encoded_as(label: &str) -> Mapping {
    Mapping::parse(&EVENTS.replace("[time]", &format!("[file]\nencoding = \"{label}\"\n[time]")))
        .unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn open_error(mapping: Mapping, bytes: &[u8]) -> String {
    ImportReader::open(bytes, mapping, ReadOptions::default()).err().unwrap().to_string()
}

fn utf16le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn wrong_bytes_are_reported_with_row_column_and_byte() {
    let mut bytes = file(&[GOOD, "A-3,0,New,P1,1/3/2016 08:00,?,true,0,caf_", GOOD_TOO]);
    let at = bytes.iter().position(|byte| *byte == b'_').unwrap();
    bytes[at] = 0xe9;
    let (outcomes, report) = read(events(), &bytes);
    assert_eq!(only_fault(&outcomes), (Some("note"), "caf\u{fffd}", "not_text"));
    assert_eq!(
        refused(&outcomes)[0].faults[0].reason,
        Reason::NotText { byte: at as u64, encoding: "UTF-8" }
    );
    assert_eq!(refused(&outcomes)[0].row, 3);
    assert_eq!(report.accepted, 2);
    // The same bytes are text in the encoding they were written in.
    let (outcomes, report) = read(encoded_as("windows-1252"), &bytes);
    assert_eq!(report.refused, 0);
    assert_eq!(accepted(&outcomes)[1].change.fields.extra["note"], "caf\u{e9}");
}

#[test]
fn the_byte_is_right_in_every_chunk() {
    // The bad byte falls on, before and after the end of a chunk of 64 KiB, and far behind it.
    for padding in [65_400_usize, 65_450, 65_500, 65_536, 65_600, 200_000] {
        let note = "y".repeat(padding);
        let mut bytes = file(&[
            &format!("A-1,0,New,P1,1/3/2016 08:00,?,true,0,{note}"),
            "A-3,0,New,P1,1/3/2016 08:00,?,true,0,_",
            GOOD_TOO,
        ]);
        let at = bytes.iter().position(|byte| *byte == b'_').unwrap();
        bytes[at] = 0xff;
        let (outcomes, report) = read(events(), &bytes);
        assert_eq!(report.accepted, 2, "{padding}");
        assert_eq!(
            refused(&outcomes)[0].faults[0].reason,
            Reason::NotText { byte: at as u64, encoding: "UTF-8" },
            "{padding}"
        );
    }
}

#[test]
fn a_character_that_was_written_as_a_replacement_is_not_an_error() {
    let row = "A-3,0,New,P1,1/3/2016 08:00,?,true,0,\u{fffd}";
    let (_, report) = read(events(), &file(&[row]));
    assert_eq!(report.accepted, 1);
}

#[test]
fn utf16_is_read_and_its_mark_believed() {
    let text = format!("{HEADING}{}\n", GOOD.replace(",?", ",\u{1f600}"));
    let mut marked = vec![0xff, 0xfe];
    marked.extend(utf16le(&text));
    let (outcomes, _) = read(encoded_as("utf-16le"), &marked);
    assert_eq!(accepted(&outcomes)[0].change.fields.extra["note"], "\u{1f600}");
    let (_, report) = read(encoded_as("utf-16le"), &utf16le(&text));
    assert_eq!(report.accepted, 1);

    let error = open_error(events(), &marked);
    assert!(error.contains("mark of UTF-16LE") && error.contains("UTF-8"), "{error}");
    let error = open_error(events(), &utf16le(&text));
    assert!(error.contains("UTF-16"), "{error}");
}

#[test]
fn a_mark_before_utf8_is_not_part_of_the_first_column() {
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend(file(&[GOOD]));
    let (_, report) = read(events(), &bytes);
    assert_eq!(report.accepted, 1);
}

#[test]
fn packed_files_are_read_and_cut_ones_told_of() {
    let rows: Vec<String> = (0..5_000)
        .map(|n| format!("A-{n},{n},New,P1,1/3/2016 08:00,?,true,0,{}", n * 7919))
        .collect();
    let plain = file(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let packed = gzip(&plain);
    let (_, report) = read(events(), &packed);
    assert_eq!(report.accepted, 5_000);
    assert_eq!(report.end, Some(FileEnd::Complete { final_line_break: true }));

    let (outcomes, report) = read(events(), &packed[..packed.len() / 2]);
    assert!(report.accepted > 1_000 && report.accepted < 5_000, "{}", report.accepted);
    assert!(refused(&outcomes).len() <= 1);
    let Some(FileEnd::CutShort { reason }) = report.end else { panic!("{:?}", report.end) };
    assert!(reason.contains("ends before its end mark"), "{reason}");

    let mut damaged = packed.clone();
    let middle = packed.len() / 2;
    damaged[middle..middle + 8].fill(0xaa);
    let mut reader = ImportReader::open(&damaged[..], events(), ReadOptions::default()).unwrap();
    while reader.next_row().is_some() {}
    assert!(matches!(reader.end(), Some(FileEnd::CutShort { .. })), "{:?}", reader.end());

    let strict = EVENTS.replace("[time]", "[file]\ncompression = \"gzip\"\n[time]");
    let error = open_error(Mapping::parse(&strict).unwrap(), &plain);
    assert!(error.contains("not gzip"), "{error}");
    assert!(open_error(events(), b"PK\x03\x04....").contains("ZIP archive or a workbook"));
}

#[test]
fn a_file_cut_anywhere_keeps_the_rows_before_the_cut() {
    let whole = file(&[GOOD, GOOD_TOO, "A-3,0,New,P1,1/3/2016 08:00,?,true,0,\"a\nb\""]);
    let (complete, _) = read(events(), &whole);
    for length in HEADING.len()..whole.len() {
        let (outcomes, report) = read(events(), &whole[..length]);
        assert!(report.refused <= 1, "{length}");
        assert!(report.rows <= 3);
        let good = accepted(&outcomes);
        let sure = good.len().saturating_sub(1);
        assert_eq!(good[..sure], accepted(&complete)[..sure], "{length}");
        if !matches!(whole[length - 1], b'\n') {
            assert_eq!(report.end, Some(FileEnd::Complete { final_line_break: false }));
        }
    }
    let cut = &whole[..HEADING.len() + 20];
    let (outcomes, _) = read(events(), cut);
    assert_eq!(only_fault(&outcomes), (None, "A-1,0,New,P1,29/2/20", "cut_off"));
}

#[test]
fn a_quotation_mark_that_never_closes() {
    let bytes = file(&[GOOD, "A-3,0,New,P1,1/3/2016 08:00,?,true,0,\"never closed", GOOD_TOO]);
    let (outcomes, report) = read(events(), &bytes);
    assert_eq!((report.rows, report.accepted), (2, 1));
    assert_eq!(only_fault(&outcomes).2, "unclosed_quote");
    assert_eq!(refused(&outcomes)[0].line, 3);
}

#[test]
fn line_breaks_inside_values_blank_lines_and_both_line_ends() {
    let text = format!(
        "{}\r\n\r\n\"A-1\",0,New,P1,1/3/2016 08:00,?,true,0,\"one\r\ntwo, \"\"three\"\"\"\r\n\r\n{GOOD_TOO}\r\n",
        HEADING.trim_end()
    );
    let (outcomes, report) = read(events(), text.as_bytes());
    let rows = accepted(&outcomes);
    assert_eq!(rows[0].change.fields.extra["note"], "one\r\ntwo, \"three\"");
    assert_eq!((rows[0].row, rows[0].line), (2, 3));
    assert_eq!((rows[1].row, rows[1].line), (3, 6));
    assert_eq!(report.end, Some(FileEnd::Complete { final_line_break: true }));
}

#[test]
fn other_delimiters() {
    for (written, delimiter) in [(";", ";"), ("\\t", "\t"), ("|", "|")] {
        let mapping = Mapping::parse(
            &EVENTS.replace("[time]", &format!("[file]\ndelimiter = \"{written}\"\n[time]")),
        )
        .unwrap();
        let text = format!("{HEADING}{GOOD}\n").replace(',', delimiter);
        assert_eq!(read(mapping, text.as_bytes()).1.accepted, 1);
    }
}

#[test]
fn rows_with_too_few_or_too_many_values() {
    let (outcomes, report) =
        read(events(), &file(&["A-3,0,New", &format!("{GOOD},more"), GOOD_TOO]));
    assert_eq!(report.accepted, 1);
    assert_eq!(
        refused(&outcomes)[0].faults[0].reason,
        Reason::WrongWidth { found: 3, expected: 9 }
    );
    assert_eq!(
        refused(&outcomes)[1].faults[0].reason,
        Reason::WrongWidth { found: 10, expected: 9 }
    );
}

#[test]
fn headings_that_cannot_be_used() {
    assert!(open_error(events(), b"").contains("the file is empty"));
    assert!(open_error(events(), b"\n\n").contains("the file is empty"));
    let error = open_error(events(), b"id;seq;state\n");
    assert!(error.contains("no column") && error.contains("\u{201c}prio\u{201d}"), "{error}");
    let twice = HEADING.replace("note", "prio,note");
    assert!(open_error(events(), twice.as_bytes()).contains("more than once"));
    let error = open_error(events(), b"id,s\xffq\n");
    assert!(error.contains("byte 4 of the unpacked file"), "{error}");
}

/// A source that makes up its bytes: `start`, then `filler` so many times, then `end`.
struct Made {
    start: io::Cursor<Vec<u8>>,
    filler: u8,
    left: u64,
    end: io::Cursor<Vec<u8>>,
}

impl Made {
    fn new(start: &str, filler: u8, left: u64, end: &str) -> Self {
        Self {
            start: io::Cursor::new(start.as_bytes().to_vec()),
            filler,
            left,
            end: io::Cursor::new(end.as_bytes().to_vec()),
        }
    }
}

impl Read for Made {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.start.read(buffer)?;
        if read > 0 || buffer.is_empty() {
            return Ok(read);
        }
        if self.left == 0 {
            return self.end.read(buffer);
        }
        let length = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        buffer[..length].fill(self.filler);
        self.left -= length as u64;
        Ok(length)
    }
}

#[test]
fn a_line_of_two_gigabytes_is_refused_in_bounded_memory_and_the_next_row_lands() {
    let start = format!("{HEADING}{GOOD}\nA-3,0,New,P1,1/3/2016 08:00,?,true,0,");
    let made = Made::new(&start, b'x', 2 * 1024 * 1024 * 1024, &format!("\n{GOOD_TOO}\n"));
    let mut reader = ImportReader::open(made, events(), ReadOptions::default()).unwrap();
    let mut outcomes = Vec::new();
    while let Some(outcome) = reader.next_row() {
        assert!(reader.memory_bytes() < 3 * 1024 * 1024, "{}", reader.memory_bytes());
        outcomes.push(outcome);
    }
    assert_eq!(accepted(&outcomes).len(), 2);
    assert_eq!(only_fault(&outcomes).2, "too_long");
    let row = refused(&outcomes)[0];
    assert_eq!((row.row, row.line), (3, 3));
    assert!(row.faults[0].value.starts_with("A-3,0,New,P1,"), "{}", row.faults[0].value);
}

#[test]
fn long_rows_of_every_kind_are_refused_in_bounded_memory() {
    let length = 4 * 1024 * 1024;
    let kinds =
        [(b'x', "too_long"), (b',', "too_many_values"), (b'"', "too_long"), (0xff, "too_long")];
    for (filler, code) in kinds {
        let start = format!("{HEADING}{GOOD}\nA-3,0,New,P1,1/3/2016 08:00,?,true,0,");
        let made = Made::new(&start, filler, length, &format!("\n{GOOD_TOO}\n"));
        let mut reader = ImportReader::open(made, events(), ReadOptions::default()).unwrap();
        let mut outcomes = Vec::new();
        while let Some(outcome) = reader.next_row() {
            assert!(reader.memory_bytes() < 3 * 1024 * 1024);
            outcomes.push(outcome);
        }
        assert_eq!(only_fault(&outcomes).2, code, "{filler}");
        assert_eq!(accepted(&outcomes).len(), 2, "{filler}");
    }
    // A quotation mark opens and the file never closes it: all that follows is that one row.
    let start = format!("{HEADING}{GOOD}\nA-3,0,New,P1,1/3/2016 08:00,?,true,0,\"");
    let made = Made::new(&start, b'\n', length, "");
    let (outcomes, report) = read_with(events(), made, ReadOptions::default());
    assert_eq!(only_fault(&outcomes).2, "too_long");
    assert_eq!(report.accepted, 1);
}

#[test]
fn a_row_of_exactly_the_limit_is_read() {
    let limits = records::Limits { record_bytes: 200, columns: 9, ..records::Limits::default() };
    let fixed = "A-1,0,New,P1,1/3/2016 08:00,?,true,0,";
    let used = fixed.replace(',', "").len();
    for (length, good) in [(200 - used, true), (201 - used, false)] {
        let bytes = file(&[&format!("{fixed}{}", "x".repeat(length)), GOOD_TOO]);
        let options = ReadOptions { run: 0, limits };
        let (_, report) = read_with(events(), &bytes[..], options);
        assert_eq!(report.refused, u64::from(!good), "{length}");
    }
}

#[test]
fn limits_on_rows_and_bytes_stop_with_a_reason() {
    let bytes = file(&[GOOD, GOOD_TOO]);
    for (rows, complete) in [(1, false), (2, true)] {
        let limits = records::Limits { rows, ..records::Limits::default() };
        let (outcomes, report) = read_with(events(), &bytes[..], ReadOptions { run: 0, limits });
        assert_eq!(outcomes.len() as u64, rows);
        assert_eq!(matches!(report.end, Some(FileEnd::Complete { .. })), complete);
    }
    let limits = records::Limits { file_bytes: 100_000, ..records::Limits::default() };
    let made = Made::new(&format!("{HEADING}{GOOD}\n"), b'\n', 1_000_000, "");
    let (_, report) = read_with(events(), made, ReadOptions { run: 0, limits });
    assert_eq!(report.accepted, 1);
    let Some(FileEnd::CutShort { reason }) = report.end else { panic!("{:?}", report.end) };
    assert!(reason.contains("longer than 100000 bytes"), "{reason}");
}

/// A source that fails after its bytes.
struct Failing<'a>(&'a [u8]);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 if !buffer.is_empty() => Err(io::Error::other("the disk was pulled out")),
            read => Ok(read),
        }
    }
}

#[test]
fn a_source_that_fails_keeps_what_was_read() {
    let bytes = file(&[GOOD, GOOD_TOO]);
    let (outcomes, report) =
        read_with(events(), Failing(&bytes[..bytes.len() - 3]), ReadOptions::default());
    assert_eq!(accepted(&outcomes).len(), 1);
    assert_eq!(only_fault(&outcomes).2, "cut_off");
    assert_eq!(
        report.end,
        Some(FileEnd::CutShort { reason: "reading broke off: the disk was pulled out".to_owned() })
    );
}
