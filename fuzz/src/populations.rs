//! Targets of the crate `populations`.

use std::io::Write;

use populations::census::{check_sql, parse_test};
use populations::commands::parse_binding;
use populations::records::parse_records;
use populations::{FreezeOptions, SourceFile, freeze, schema};

/// The schema of a population.
pub(crate) fn schema_file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(parsed) = schema::parse(text) {
        let again = schema::parse(text);
        assert!(again.is_ok_and(|again| again.digest() == parsed.digest()));
    }
}

/// CSV text to records.
pub(crate) fn records(bytes: &[u8]) {
    if let Ok(found) = parse_records(bytes, b',', 1_024) {
        let length: usize = found.iter().flatten().map(String::len).sum();
        assert!(length <= bytes.len(), "no more text than there was");
    }
}

const LEAVERS: &str = include_str!("../corpus/populations_schema/leavers.toml");

/// A file frozen under a fixed schema: what it holds is either a row or refused by row and column.
pub(crate) fn frozen(bytes: &[u8]) {
    frozen_as("", bytes);
}

/// The same for JSON, one object after another.
pub(crate) fn json(bytes: &[u8]) {
    frozen_as("\n[file]\nform = \"ndjson\"\n", bytes);
    frozen_as("\n[file]\nform = \"json\"\n", bytes);
}

/// The same for the sheet of a workbook: the bytes stand as the sheet inside a sound archive, because
/// a changed archive seldom gets past its checksums.
pub(crate) fn workbook(bytes: &[u8]) {
    frozen_as("", bytes);
    if let Ok(whole) = around(bytes) {
        frozen_as("", &whole);
    }
}

fn around(sheet: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    const BOOK: &[u8] =
        b"<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r\"/></sheets></workbook>";
    const RELATIONS: &[u8] = b"<Relationships><Relationship Id=\"r\" Type=\"x/worksheet\" Target=\"s.xml\"/></Relationships>";
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let parts =
        [("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", RELATIONS), ("xl/s.xml", sheet)];
    for (name, content) in parts {
        archive.start_file(name, options)?;
        archive.write_all(content)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The same for Parquet.
pub(crate) fn parquet(bytes: &[u8]) {
    frozen_as("", bytes);
}

fn frozen_as(more: &str, bytes: &[u8]) {
    let Ok(schema) = schema::parse(&format!("{LEAVERS}{more}")) else { return };
    let source = SourceFile {
        name: "leavers".into(),
        reader: Box::new(std::io::Cursor::new(bytes.to_vec())),
        speaks_for: None,
    };
    let options =
        FreezeOptions { threads: 1, rows_max: 500, ..FreezeOptions::at(Default::default()) };
    match freeze(&schema, vec![source], &options) {
        Ok(frozen) => {
            let records: u64 = frozen.sources.iter().map(|source| source.records).sum();
            assert_eq!(
                frozen.rows + frozen.refused.count,
                records,
                "every record is accounted for"
            );
            assert!(frozen.refused.rows.iter().all(|row| row.row > 0 && !row.reason.is_empty()));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A test of a whole population: its file, and its SQL before anything runs.
pub(crate) fn test_file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(parsed) = parse_test(text) {
        assert!(!parsed.units_sql.is_empty() && parsed.sha256.len() == 64);
    }
    // Reading a query must not run it, nor stop at what is no query.
    let _ = check_sql(text, &std::collections::BTreeSet::new());
    let _ = parse_binding(text);
}
