//! The same rows in five forms have one hash; hostile files of each form are refused by row and column.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use populations::{Error, FreezeOptions, Frozen, SourceFile, freeze, schema};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use crate::support::{now, source};

const SCHEMA: &str = r#"
name = "items"
kind = "event population"
zone = "UTC"
key = ["id"]
dated_by = "at"
columns = [
    { name = "id", type = "text", required = true },
    { name = "at", source = "Happened at", type = "timestamp" },
    { name = "cost", type = "decimal", scale = 2 },
    { name = "tries", type = "integer" },
    { name = "urgent", type = "bool", true = ["yes", "true"], false = ["no", "false"] },
    { name = "day", type = "date" },
    { name = "note", type = "text" },
]
"#;

const HEADINGS: [&str; 7] = ["id", "Happened at", "cost", "tries", "urgent", "day", "note"];

#[derive(Debug, Clone)]
struct Item {
    id: String,
    at: Option<i64>,
    cost: Option<i64>,
    tries: Option<i64>,
    urgent: Option<bool>,
    day: Option<i32>,
    note: Option<String>,
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let item = (
        proptest::option::of(1_600_000_000_000_i64..1_780_000_000_000),
        proptest::option::of(-9_999_999_i64..9_999_999),
        proptest::option::of(-999_999_999_999_999_i64..999_999_999_999_999),
        proptest::option::of(any::<bool>()),
        proptest::option::of(10_000_i32..22_000),
        proptest::option::of("[a-z \"',;<&>_x0A1é漢=\\-\n]{1,20}"),
    );
    proptest::collection::vec(item, 0..30).prop_map(|rows| {
        let items = rows.into_iter().enumerate();
        items
            .map(|(n, (at, cost, tries, urgent, day, note))| Item {
                id: format!("I-{n:04}"),
                at,
                cost,
                tries,
                urgent,
                day,
                note,
            })
            .collect()
    })
}

fn day_of(days: i32) -> Date {
    date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap()
}

fn instant(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap()
}

fn cents(cost: i64) -> String {
    let sign = if cost < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cost.abs() / 100, cost.abs() % 100)
}

fn csv(items: &[Item]) -> Vec<u8> {
    let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
    let mut out = HEADINGS.join(",") + "\n";
    for item in items {
        let fields = [
            item.id.clone(),
            item.at.map(|at| instant(at).to_string()).unwrap_or_default(),
            item.cost.map(cents).unwrap_or_default(),
            item.tries.map(|n| n.to_string()).unwrap_or_default(),
            item.urgent.map(|u| if u { "yes" } else { "no" }.to_owned()).unwrap_or_default(),
            item.day.map(|day| day_of(day).to_string()).unwrap_or_default(),
            item.note.clone().map(quoted).unwrap_or_default(),
        ];
        out += &(fields.join(",") + "\n");
    }
    out.into_bytes()
}

/// Members in another order than the schema's, without those that have no value on every second row.
fn objects(items: &[Item]) -> Vec<String> {
    let value = |text: String| serde_json::Value::String(text).to_string();
    let one = |(n, item): (usize, &Item)| {
        let mut members = vec![
            ("note", item.note.clone().map(value)),
            ("urgent", item.urgent.map(|u| u.to_string())),
            ("tries", item.tries.map(|tries| tries.to_string())),
            (
                "cost",
                item.cost.map(|cost| if n % 3 == 0 { value(cents(cost)) } else { cents(cost) }),
            ),
            ("day", item.day.map(|day| value(day_of(day).to_string()))),
            ("Happened at", item.at.map(|at| value(instant(at).to_string()))),
            ("id", Some(value(item.id.clone()))),
        ];
        // The first row has every member, so that every name is known.
        members.retain(|(_, value)| value.is_some() || n == 0 || n % 2 == 1);
        let members: Vec<String> = members
            .into_iter()
            .map(|(name, text)| format!("\"{name}\": {}", text.unwrap_or_else(|| "null".into())))
            .collect();
        format!("{{{}}}", members.join(", "))
    };
    items.iter().enumerate().map(one).collect()
}

fn json(items: &[Item]) -> Vec<u8> {
    format!("[{}]", objects(items).join(",\n ")).into_bytes()
}

fn ndjson(items: &[Item]) -> Vec<u8> {
    objects(items).join("\n").into_bytes()
}

fn workbook(items: &[Item]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000");
    for (at, heading) in (0_u16..).zip(HEADINGS) {
        sheet.write_string(0, at, heading).unwrap();
    }
    for (row, item) in (1_u32..).zip(items) {
        sheet.write_string(row, 0, &item.id).unwrap();
        if let Some(at) = item.at {
            let local = TimeZone::UTC.to_datetime(instant(at));
            let text = format!("{}T{}", local.date(), local.time());
            if row % 4 == 0 {
                sheet.write_string(row, 1, format!("{text}Z")).unwrap();
            } else {
                let serial = ExcelDateTime::parse_from_str(&text).unwrap();
                sheet.write_datetime_with_format(row, 1, &serial, &moment).unwrap();
            }
        }
        // Some numbers stand as text, as exports often have them.
        if let Some(cost) = item.cost {
            if row % 3 == 0 {
                sheet.write_string(row, 2, cents(cost)).unwrap();
            } else {
                sheet.write_number(row, 2, cents(cost).parse::<f64>().unwrap()).unwrap();
            }
        }
        if let Some(tries) = item.tries {
            sheet.write_number(row, 3, tries.to_string().parse::<f64>().unwrap()).unwrap();
        }
        if let Some(urgent) = item.urgent {
            sheet.write_boolean(row, 4, urgent).unwrap();
        }
        if let Some(day) = item.day {
            let serial = ExcelDateTime::parse_from_str(&day_of(day).to_string()).unwrap();
            sheet.write_datetime_with_format(row, 5, &serial, &moment).unwrap();
        }
        if let Some(note) = &item.note {
            sheet.write_string(row, 6, note).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn parquet(items: &[Item]) -> Vec<u8> {
    let of = |get: &dyn Fn(&Item) -> Option<i64>| items.iter().map(get).collect::<Vec<_>>();
    let micros = of(&|item| item.at.map(|at| at * 1_000));
    let cost: Vec<Option<i128>> = items.iter().map(|item| item.cost.map(i128::from)).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("day", Arc::new(Date32Array::from_iter(items.iter().map(|item| item.day)))),
        ("note", Arc::new(StringArray::from_iter(items.iter().map(|item| item.note.as_deref())))),
        ("id", Arc::new(StringArray::from_iter_values(items.iter().map(|item| &item.id)))),
        ("Happened at", Arc::new(TimestampMicrosecondArray::from(micros).with_timezone("UTC"))),
        ("cost", Arc::new(Decimal128Array::from(cost).with_precision_and_scale(12, 2).unwrap())),
        ("tries", Arc::new(Int64Array::from(of(&|item| item.tries)))),
        ("urgent", Arc::new(BooleanArray::from_iter(items.iter().map(|item| item.urgent)))),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )
    .unwrap();
    let mut out = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    out
}

fn frozen(bytes: Vec<u8>) -> Result<Frozen, Error> {
    frozen_as(SCHEMA, bytes)
}

fn frozen_as(text: &str, bytes: Vec<u8>) -> Result<Frozen, Error> {
    freeze(&schema::parse(text).unwrap(), vec![source(bytes)], &FreezeOptions::at(now()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The promise of part 3: one hash whatever the form, and whatever the order of rows.
    #[test]
    fn the_same_rows_in_five_forms_have_one_hash(
        items in items(),
        shuffle in any::<proptest::sample::Index>(),
    ) {
        let mut others = items.clone();
        if !others.is_empty() {
            let middle = shuffle.index(others.len());
            others.rotate_left(middle);
            others.reverse();
        }
        let expected = frozen(csv(&items)).unwrap();
        prop_assert_eq!(expected.refused.count, 0, "{:?}", expected.refused);
        prop_assert_eq!(expected.rows, items.len() as u64);
        let forms = [
            ("json", json(&others)),
            ("ndjson", ndjson(&others)),
            ("xlsx", workbook(&others)),
            ("parquet", parquet(&others)),
        ];
        for (name, bytes) in forms {
            // NDJSON of no rows is a file of no bytes, which tells nothing.
            if bytes.is_empty() {
                continue;
            }
            let found = frozen(bytes).unwrap();
            prop_assert_eq!(found.refused.count, 0, "{}: {:?}", name, found.refused);
            prop_assert_eq!(&found.canonical_sha256, &expected.canonical_sha256, "{}", name);
            prop_assert_eq!(
                serde_json::to_value(found.sources[0].form).unwrap(),
                serde_json::Value::from(name)
            );
        }
    }

    /// Whatever bytes follow the first ones of a form, the answer is rows or a plain sentence.
    #[test]
    fn broken_files_are_refused_in_words(
        items in items(),
        cut in any::<proptest::sample::Index>(),
        byte in any::<u8>(),
        form in 0_usize..4,
    ) {
        let mut bytes = [json, ndjson, workbook, parquet][form](&items);
        prop_assume!(bytes.len() > 4);
        let at = cut.index(bytes.len());
        if byte % 2 == 0 {
            bytes.truncate(at.max(4));
        } else if at >= 4 {
            bytes[at] = byte;
        }
        if let Err(error) = frozen(bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

fn refused(bytes: impl Into<Vec<u8>>) -> Vec<(u64, Option<String>, String)> {
    let found = frozen(bytes.into()).unwrap();
    found.refused.rows.into_iter().map(|row| (row.row, row.column, row.reason)).collect()
}

#[test]
fn json_rows_are_refused_by_row_and_column() {
    let row = |members: &str| {
        format!(
            r#"{{"id":"a","Happened at":null,"cost":null,"tries":null,"urgent":null,"day":null,"note":null}},{{"id":"b",{members}}}"#
        )
    };
    let cases = [
        (r#""cost":[1]"#, Some("cost"), "flat values"),
        (r#""note":{"a":{"b":1}}"#, Some("note"), "flat values"),
        (r#""cost":1,"cost":2"#, Some("cost"), "twice"),
        (r#""x":1,"x":2"#, None, "\"x\" twice"),
        (r#""tries":9223372036854775808"#, Some("tries"), "64 bits"),
        (r#""tries":1.5"#, Some("tries"), "not a whole number"),
        (r#""cost":0.125"#, Some("cost"), "2 decimal places"),
        (r#""cost":1e999"#, Some("cost"), "not a decimal number"),
        (r#""urgent":1"#, Some("urgent"), "neither yes"),
        (r#""note":"\u0000""#, Some("note"), "NUL"),
        (r#""day":20260308"#, Some("day"), "20260308"),
    ];
    for (members, column, words) in cases {
        let found = refused(format!("[{}]", row(members)));
        assert_eq!(found.len(), 1, "{members}");
        assert_eq!((found[0].0, found[0].1.as_deref()), (2, column), "{members}: {}", found[0].2);
        assert!(found[0].2.contains(words), "{members}: {}", found[0].2);
    }
    // Numbers are never rounded, and an exponent is written out.
    let exact = row(r#""cost":9007199254740993.25,"tries":12e2"#);
    let found = frozen(format!("[{exact}]").into_bytes()).unwrap();
    assert_eq!(found.refused.count, 0);
    assert_eq!(found.columns[2].max.as_deref(), Some("9007199254740993.25"));
    assert_eq!(found.columns[3].max.as_deref(), Some("1200"));
}

#[test]
fn json_that_is_broken_is_refused_as_a_whole() {
    let deep = format!("[{{\"id\":{}1{}}}]", "[".repeat(100), "]".repeat(100));
    let cases = [
        (r#"[{"id":"a"}"#, "cut off"),
        (r#"[{"id":"a"},]"#, "comma"),
        (r#"[{"id":"a"}{"id":"b"}]"#, "lacks a comma"),
        (r#"[{"id" "a"}]"#, "after a name"),
        (r#"[{"id":'a'}]"#, "no value"),
        (r#"[{"id":01}]"#, "number"),
        (r#"[{"id":"\ud800"}]"#, "half of an escaped"),
        (r#"[{"id":"\q"}]"#, "escape"),
        (r#"[{"id":nul}]"#, "none of true"),
        (r#"[1]"#, "no object"),
        (r#"[{"id":"a"}] x"#, "followed by more"),
        (r#"[{"id":[1}]"#, "do not match"),
        (deep.as_str(), "too deeply"),
        (r#"[{"id":"a"}]"#, "Missing: \"Happened at\""),
    ];
    for (text, words) in cases {
        let error = frozen(text.as_bytes().to_vec()).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
    let no_rows = frozen(b"[]".to_vec()).unwrap();
    assert_eq!((no_rows.rows, no_rows.refused.count), (0, 0));
}

fn finding(found: &Frozen) -> &str {
    let check = found.checks.iter().find(|check| check.number == 11).unwrap();
    assert_eq!(serde_json::to_value(check.outcome).unwrap(), "fail");
    &check.detail
}

fn book(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, heading) in (0_u16..).zip(HEADINGS) {
        sheet.write_string(0, at, heading).unwrap();
    }
    for (row, id) in [(1, "a"), (2, "b"), (3, "c")] {
        sheet.write_string(row, 0, id).unwrap();
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

/// Check 11: what a workbook hides and computes is read, and said.
#[test]
fn what_a_workbook_hides_is_a_finding() {
    let hidden = book(|sheet| {
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(6).unwrap();
    });
    let found = frozen(hidden).unwrap();
    assert_eq!(found.rows, 3);
    assert!(finding(&found).contains("1 hidden rows, which were read: 3"), "{}", finding(&found));
    assert!(finding(&found).contains("1 hidden columns"));

    let filtered = book(|sheet| {
        sheet.autofilter(0, 0, 3, 6).unwrap();
        sheet
            .filter_column(0, &rust_xlsxwriter::FilterCondition::new().add_list_filter("a"))
            .unwrap();
    });
    assert!(finding(&frozen(filtered).unwrap()).contains("a filter that was left on"));

    let computed = book(|sheet| {
        sheet.write_formula(1, 2, Formula::new("=1+1").set_result("2")).unwrap();
    });
    let found = frozen(computed).unwrap();
    assert!(finding(&found).contains("1 values that are computed by formulas: C2"));
    assert_eq!(found.columns[2].max.as_deref(), Some("2"));

    let plain = frozen(book(|_| {})).unwrap();
    let check = plain.checks.iter().find(|check| check.number == 11).unwrap();
    assert_eq!(serde_json::to_value(check.outcome).unwrap(), "pass");
}

#[test]
fn cells_that_a_workbook_cannot_hold_truly_are_refused() {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let bytes = book(|sheet| {
        sheet.write_number(1, 3, 1e15).unwrap();
        sheet.write_number_with_format(2, 3, 46_089.0, &date).unwrap();
        sheet.write_number(3, 5, 46_089.5).unwrap();
    });
    let found = refused(bytes);
    let words = ["rounds those", "date that is kept as a number", "has a time of day"];
    for ((row, column, reason), (expected, words)) in
        found.iter().zip([(2, words[0]), (3, words[1]), (4, words[2])])
    {
        assert_eq!(*row, expected);
        assert!(column.is_some() && reason.contains(words), "{reason}");
    }
    assert_eq!(found.len(), 3);
}

#[test]
fn a_workbook_of_several_sheets_needs_the_name_of_one() {
    let mut book = Workbook::new();
    for name in ["Notes", "Rows"] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        for (at, heading) in (0_u16..).zip(HEADINGS) {
            sheet.write_string(0, at, heading).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let error = frozen(bytes.clone()).unwrap_err().to_string();
    assert!(error.contains("several sheets: \"Notes\", \"Rows\""), "{error}");
    let named = format!("{SCHEMA}[file]\nsheet = \"Rows\"\n");
    assert_eq!(frozen_as(&named, bytes.clone()).unwrap().rows, 0);
    let other = format!("{SCHEMA}[file]\nsheet = \"Cells\"\n");
    assert!(frozen_as(&other, bytes).unwrap_err().to_string().contains("no sheet \"Cells\""));
}

/// A workbook written by hand: dates since 1904, and parts that unpack to far more than they weigh.
fn by_hand(workbook_pr: &str, sheet: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let mut add = |name: &str, bytes: &[u8]| {
        zip.start_file(name, options).unwrap();
        zip.write_all(bytes).unwrap();
    };
    let book = format!(
        "<workbook>{workbook_pr}<sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    add("xl/workbook.xml", book.as_bytes());
    add(
        "xl/_rels/workbook.xml.rels",
        b"<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/s.xml\"/></Relationships>",
    );
    add("xl/worksheets/s.xml", sheet);
    zip.finish().unwrap().into_inner()
}

fn sheet_of(rows: &str) -> Vec<u8> {
    let heading = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let header: String = HEADINGS.iter().map(|text| heading(text)).collect();
    format!("<worksheet><sheetData><row>{header}</row>{rows}</sheetData></worksheet>").into_bytes()
}

#[test]
fn dates_since_1904_and_damaged_parts() {
    let row = "<row><c t=\"inlineStr\"><is><t>a</t></is></c><c r=\"F2\"><v>44627</v></c></row>";
    let day = |book: &str| {
        let found = frozen(by_hand(book, &sheet_of(row))).unwrap();
        found.columns[5].max.clone().unwrap()
    };
    assert_eq!(day("<workbookPr date1904=\"1\"/>"), "2026-03-08");
    assert_eq!(day(""), "2022-03-07");

    let broken = |sheet: &[u8]| frozen(by_hand("", sheet)).unwrap_err().to_string();
    assert!(broken(b"<worksheet><sheetData><row r=\"2\"/><row r=\"1\"/>").contains("out of order"));
    assert!(broken(b"<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet/>").contains("document type"));
    assert!(broken(&"<a>".repeat(100).into_bytes()).contains("nested too deeply"));
    assert!(broken(b"<worksheet></sheet>").contains("cannot be read"));
    let bomb = format!("<worksheet><sheetData><row><c t=\"str\"><v>{}", "A".repeat(8 << 20));
    assert!(broken(bomb.as_bytes()).contains("several megabytes"), "{}", broken(bomb.as_bytes()));
    assert!(frozen(b"PK\x03\x04rest".to_vec()).is_err());
}

#[test]
fn the_form_may_be_declared_and_must_then_be_true() {
    let declared = |form: &str| format!("{SCHEMA}[file]\nform = \"{form}\"\n");
    let text = b"[{}]".to_vec();
    let error = frozen_as(&declared("parquet"), text.clone()).unwrap_err().to_string();
    assert!(error.contains("is JSON, and the schema says that it is Parquet"), "{error}");
    let error = frozen_as(&declared("csv"), text).unwrap_err().to_string();
    assert!(error.contains("header"), "{error}");
    assert!(schema::parse(&declared("xml")).is_err());
    let gone = SourceFile { name: "x".into(), ..source(Vec::new()) };
    let options = FreezeOptions::at(now());
    assert!(freeze(&schema::parse(SCHEMA).unwrap(), vec![gone], &options).is_err());
}

/// Rows of several files of several forms are one population, and a doubled key is found across them.
#[test]
fn files_of_several_forms_are_one_population() {
    let items: Vec<Item> = (0..6)
        .map(|n| Item {
            id: format!("I-{n}"),
            at: Some(1_700_000_000_000),
            cost: Some(n),
            tries: Some(n),
            urgent: Some(true),
            day: Some(20_000),
            note: None,
        })
        .collect();
    let whole = frozen(csv(&items)).unwrap();
    let sources = vec![
        source(workbook(&items[..2])),
        source(ndjson(&items[2..4])),
        source(csv(&items[4..])),
        source(parquet(&items[1..2])),
    ];
    let found =
        freeze(&schema::parse(SCHEMA).unwrap(), sources, &FreezeOptions::at(now())).unwrap();
    assert_eq!(found.canonical_sha256, whole.canonical_sha256);
    assert_eq!(found.refused.count, 1);
    assert!(found.refused.rows[0].reason.contains("row 3 of list.csv"), "{:?}", found.refused);
}
