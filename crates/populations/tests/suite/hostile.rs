//! Files that lie, break off or never end. A file that cannot be trusted as a whole gives nothing;
//! a bad row is named with its column, and the good rows are frozen.

use std::io::{Read, Write};

use populations::{Error, FreezeOptions, SourceFile, freeze, schema};

use crate::support::*;

fn refused(text: impl Into<Vec<u8>>) -> Vec<String> {
    let frozen = freeze_text(&changes(), text).unwrap();
    assert_eq!(frozen.refused.count as usize, frozen.refused.rows.len());
    let rows = frozen.refused.rows.iter();
    rows.map(|row| format!("{} {} {}", row.row, row.column.as_deref().unwrap_or("-"), row.reason))
        .collect()
}

fn whole_file(text: impl Into<Vec<u8>>) -> String {
    let error = freeze_text(&changes(), text).unwrap_err();
    assert!(matches!(error, Error::File(_)), "{error:?}");
    error.to_string()
}

const HEADER: &str = "id,merged at,cost,urgent,note\n";

#[test]
fn bad_rows_are_named_and_good_rows_land() {
    let text = format!(
        "{HEADER}A-1,2026-02-30T10:00:00Z,1,yes,a
A-2,2026-01-05T10:00:00Z,1.234,yes,b
A-3,2026-01-05T10:00:00Z,1,maybe,c
,2026-01-05T10:00:00Z,1,yes,d
A-5,2026-03-08 02:30,1,yes,e
A-6,2025-11-02 01:30,1,yes,f
A-7,2026-01-05T10:00:00Z,1,yes
A-8,2026-01-05T10:00:00Z,1,yes,good
A-8,2026-01-06T10:00:00Z,2,no,again
A-9,,1,yes,j
"
    );
    let frozen = freeze_text(&changes(), text.clone()).unwrap();
    assert_eq!(frozen.rows, 1);
    let found = refused(text);
    let expected = [
        ("2 at", "not a date that exists"),
        ("3 cost", "more than the 2 decimal places"),
        ("4 urgent", "neither yes"),
        ("5 id", "has no value"),
        ("6 at", "clocks in America/New_York went forward"),
        ("7 at", "occurs twice"),
        ("8 -", "has 4 fields, and the header has 5"),
        ("10 id", "already on row 9"),
        ("11 at", "has no value"),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (line, (place, words)) in found.iter().zip(expected) {
        assert!(line.starts_with(place) && line.contains(words), "{place} {words}: {line}");
    }
    let check = |id: &str| frozen.checks.iter().find(|check| check.id == id).unwrap();
    assert!(check("every_record_read").detail.contains("9 of 10 records"));
    assert!(check("unique_key").detail.contains("1 rows repeat the key"));
}

#[test]
fn wrong_encodings_and_nul_bytes() {
    let latin = [
        HEADER.as_bytes(),
        b"A-1,2026-01-05T10:00:00Z,1,yes,caf\xe9\nA-2,2026-01-05T10:00:00Z,1,yes,ok\n",
    ]
    .concat();
    let found = refused(latin.clone());
    assert!(
        found.len() == 1 && found[0].starts_with("2 note") && found[0].contains("not valid UTF-8"),
        "{found:?}"
    );

    let windows =
        schema::parse(&CHANGES.replace("key =", "file = { encoding = \"windows-1252\" }\nkey ="))
            .unwrap();
    let right = freeze_text(&windows, latin).unwrap();
    assert_eq!(right.refused.count, 0);
    assert_eq!(
        right.canonical_sha256,
        hash(&format!(
            "{HEADER}A-1,2026-01-05T10:00:00Z,1,yes,café\nA-2,2026-01-05T10:00:00Z,1,yes,ok\n"
        ))
    );

    let nul = refused(format!("{HEADER}A-1,2026-01-05T10:00:00Z,1,yes,a\0b\n"));
    assert!(nul[0].starts_with("2 note") && nul[0].contains("NUL"), "{nul:?}");

    let utf16: Vec<u8> = ROWS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(whole_file(utf16.clone()).contains("UTF-16"));
    assert!(whole_file([b"\xff\xfe".to_vec(), utf16.clone()].concat()).contains("UTF-16"));
    // Half a character at the end of a UTF-16 file.
    let declared =
        schema::parse(&CHANGES.replace("key =", "file = { encoding = \"utf-16le\" }\nkey ="))
            .unwrap();
    let cut = freeze_text(&declared, [utf16.as_slice(), b"x"].concat()).unwrap();
    assert_eq!((cut.rows, cut.refused.count), (3, 1));
}

#[test]
fn files_that_break_off() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let many: String =
        (0..20_000).map(|at| format!("B-{at},2026-01-05T10:00:00Z,1,yes,x{at}\n")).collect();
    gz.write_all(HEADER.as_bytes()).unwrap();
    gz.write_all(many.as_bytes()).unwrap();
    let whole = gz.finish().unwrap();
    assert_eq!(freeze_text(&changes(), whole.clone()).unwrap().rows, 20_000);
    let cut = whole_file(&whole[..whole.len() / 2]);
    assert!(cut.contains("cut off") && cut.contains("Nothing was frozen"), "{cut}");
    let cut_in_checksum = whole_file(&whole[..whole.len() - 4]);
    assert!(cut_in_checksum.contains("cut off"), "{cut_in_checksum}");
    let mut damaged = whole;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    damaged[middle + 1] ^= 0xff;
    let error = freeze_text(&changes(), damaged).unwrap_err().to_string();
    assert!(error.contains("damaged") || error.contains("cut off"), "{error}");

    let open_quote = whole_file(format!("{HEADER}A-1,2026-01-05T10:00:00Z,1,yes,\"never closed\n"));
    assert!(open_quote.contains("inside a quoted field"), "{open_quote}");
    assert!(whole_file("").contains("empty"));
    assert!(whole_file("PK\x03\x04rest").contains("workbook"));
}

#[test]
fn wrong_headers_are_explained() {
    let other = whole_file("id;merged at;cost;urgent;note\n");
    assert!(
        other.contains("Missing: \"id\", \"merged at\"") && other.contains("delimiter"),
        "{other}"
    );
    let doubled = whole_file("id,merged at,cost,urgent,note,note\n");
    assert!(doubled.contains("two columns called \"note\""), "{doubled}");
    assert_eq!(freeze_text(&changes(), HEADER).unwrap().rows, 0);
    let no_gzip =
        schema::parse(&CHANGES.replace("key =", "file = { gzip = false }\nkey =")).unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(ROWS.as_bytes()).unwrap();
    assert!(
        freeze_text(&no_gzip, gz.finish().unwrap())
            .unwrap_err()
            .to_string()
            .contains("gzip = false")
    );
}

/// A line of 2 GB between two good rows, made as it is read. The whole freeze must stay small.
#[test]
fn an_endless_line_costs_one_row() {
    let line = 2 * 1024 * 1024 * 1024_u64;
    let start = format!("{HEADER}A-1,2026-01-05T10:00:00Z,1,yes,a\nA-2,");
    let end = "\nA-3,2026-01-05T10:00:00Z,1,yes,c\n";
    let reader =
        std::io::Cursor::new(start).chain(std::io::repeat(b'x').take(line)).chain(end.as_bytes());
    let source =
        SourceFile { name: "endless.csv".into(), reader: Box::new(reader), speaks_for: None };
    let frozen = freeze(&changes(), vec![source], &FreezeOptions::at(now())).unwrap();
    assert_eq!(frozen.rows, 2);
    assert_eq!(frozen.refused.rows[0].row, 3);
    assert!(frozen.refused.rows[0].reason.contains("longer than 1048576 bytes"));
}

#[test]
fn limits_are_told() {
    let options = FreezeOptions { rows_max: 2, ..FreezeOptions::at(now()) };
    let error = freeze(&changes(), vec![source(ROWS)], &options).unwrap_err();
    assert!(matches!(error, Error::Limit(_)), "{error}");
    let options = FreezeOptions { rows_max: 3, ..FreezeOptions::at(now()) };
    assert!(freeze(&changes(), vec![source(ROWS)], &options).is_ok());

    let bad: String = (0..50).map(|at| format!("C-{at},never,1,yes,x\n")).collect();
    let options = FreezeOptions { refused_max: 10, ..FreezeOptions::at(now()) };
    let frozen = freeze(&changes(), vec![source(format!("{HEADER}{bad}"))], &options).unwrap();
    assert_eq!((frozen.refused.count, frozen.refused.rows.len()), (50, 10));
}

/// Doubled keys far apart, in other batches and other files, are found in file order.
#[test]
fn doubled_keys_are_found_across_batches() {
    let row = |id: &str| format!("{id},2026-01-05T10:00:00Z,1,yes,{}\n", "x".repeat(200));
    let many: String = (0..20_000).map(|at| row(&format!("D-{at}"))).collect();
    let text = format!("{HEADER}{}{many}{}", row("TWICE"), row("TWICE"));
    let frozen = freeze_text(&changes(), text).unwrap();
    assert_eq!((frozen.rows, frozen.refused.count), (20_001, 1));
    assert_eq!(frozen.refused.rows[0].row, 20_003);
    assert!(frozen.refused.rows[0].reason.contains("\"TWICE\", which is already on row 2"));

    let files =
        vec![source(format!("{HEADER}{}", row("E"))), source(format!("{HEADER}{}", row("E")))];
    let frozen = freeze(&changes(), files, &FreezeOptions::at(now())).unwrap();
    assert!(
        frozen.refused.rows[0].reason.contains("already on row 2 of list.csv"),
        "{:?}",
        frozen.refused
    );
}

/// The delimiter between them is gone when the fields' bytes lie side by side, and the two halves would
/// make a sound character.
#[test]
fn a_character_torn_over_two_fields_is_refused() {
    let mut text =
        b"id,merged at,cost,urgent,note\nCHG-1\xc3,\xa92026-01-05T10:00:00Z,1,yes,x\n".to_vec();
    text.extend(b"CHG-2,2026-01-05T10:00:00Z,1,yes,\xc3\xa9\n");
    let frozen = freeze_text(&changes(), text).unwrap();
    assert_eq!((frozen.rows, frozen.refused.count), (1, 1));
    let refused = &frozen.refused.rows[0];
    assert_eq!((refused.row, refused.column.as_deref()), (2, Some("id")));
    assert!(refused.reason.contains("not valid UTF-8"), "{}", refused.reason);
}
