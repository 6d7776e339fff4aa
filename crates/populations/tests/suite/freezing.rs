//! The hash depends on the rows alone; profile, checks and what is kept.

use std::io::Write;

use populations::checks::{Declared, Outcome, Reconciliation};
use populations::frozen;
use populations::progress::Counters;
use populations::times::Span;
use populations::{Error, FreezeOptions, Frozen, freeze, schema};
use proptest::prelude::*;

use crate::support::*;

fn span(from: &str, to: &str) -> Span {
    Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn check(frozen: &Frozen, id: &str) -> (Outcome, String) {
    let found = frozen.checks.iter().find(|check| check.id == id).unwrap();
    (found.outcome, format!("{} {}", found.detail, found.examples.join(" | ")))
}

#[test]
fn the_hash_is_that_of_the_rows_and_not_of_the_file() {
    let plain = hash(ROWS);
    let reordered = "note,urgent,cost,id,merged at,extra\r\n\
        \"third, with a comma\",NO,,CHG-0003,2026-03-07T07:00:00-05:00,x\r\n\
        first,Yes,12.5,CHG-0001,2026-01-05T15:00:00Z,y\r\n\
        ,no,3.00,CHG-0002,2026-02-06T16:30:00.000Z,z\r\n";
    assert_eq!(hash(reordered), plain);

    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(ROWS.as_bytes()).unwrap();
    assert_eq!(freeze_text(&changes(), gz.finish().unwrap()).unwrap().canonical_sha256, plain);

    let marked = [b"\xef\xbb\xbf", ROWS.as_bytes()].concat();
    assert_eq!(freeze_text(&changes(), marked).unwrap().canonical_sha256, plain);

    let semicolons =
        CHANGES.replace("key =", "file = { delimiter = \";\", encoding = \"utf-16le\" }\nkey =");
    let schema = schema::parse(&semicolons).unwrap();
    let text = ROWS
        .replace("\"third, with a comma\"", "third/ with a comma")
        .replace(',', ";")
        .replace('/', ",");
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(freeze_text(&schema, utf16).unwrap().canonical_sha256, plain);
}

#[test]
fn any_other_cell_gives_another_hash() {
    let plain = hash(ROWS);
    for (from, to) in [
        ("first", "First"),
        ("12.50", "12.51"),
        ("10:00:00", "10:00:01"),
        (",yes,", ",no,"),
        ("CHG-0002", "CHG-0004"),
        (",?", ",none"),
    ] {
        assert_ne!(hash(&ROWS.replace(from, to)), plain, "{from} → {to}");
    }
    let renamed = schema::parse(&CHANGES.replace("\"changes\"", "\"other changes\"")).unwrap();
    assert_ne!(freeze_text(&renamed, ROWS).unwrap().canonical_sha256, plain);
}

/// The documented form, made again from the text of the meaning with SHA-256 alone.
#[test]
fn the_hash_can_be_made_by_hand() {
    use sha2::{Digest, Sha256};
    let schema = schema::parse(
        "name = \"a\"\nkind = \"configuration capture\"\nzone = \"UTC\"\nkey = [\"k\"]\n[[columns]]\nname = \"k\"\ntype = \"integer\"\n",
    )
    .unwrap();
    let frozen = freeze_text(&schema, "k\n07\n").unwrap();
    let meaning = "tickmark population schema 1\nname a\nkind configuration capture\nzone UTC\norder free\nkey k\ndated_by -\ncolumn k integer\n";
    assert_eq!(frozen.schema_meaning, meaning);
    let row = Sha256::digest(b"\x01\x00\x00\x00\x017");
    let whole = [
        b"tickmark population 1\n".as_slice(),
        &Sha256::digest(meaning.as_bytes()),
        &row,
        &1_u64.to_be_bytes(),
    ]
    .concat();
    assert_eq!(frozen.canonical_sha256, hex::encode(Sha256::digest(whole)));
}

#[test]
fn the_profile_says_what_the_columns_hold() {
    let frozen = freeze_text(&changes(), ROWS).unwrap();
    assert_eq!(frozen.rows, 3);
    let column = |name: &str| frozen.columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!(column("cost").nulls, 1);
    assert_eq!(column("cost").min.as_deref(), Some("3"));
    assert_eq!(column("cost").max.as_deref(), Some("12.5"));
    assert_eq!(column("at").min.as_deref(), Some("2026-01-05T15:00:00Z"));
    assert_eq!(column("urgent").distinct, 2);
    assert_eq!(column("note").distinct, 2);
    assert_eq!(column("id").kind, "text");
}

#[test]
fn an_open_period_is_not_frozen() {
    let schema = changes();
    let at = |now: &str, span| {
        let options = FreezeOptions { span: Some(span), ..FreezeOptions::at(now.parse().unwrap()) };
        freeze(&schema, vec![source(ROWS)], &options)
    };
    let quarter = span("2026-01-01", "2026-03-31");
    // Midnight in New York is 04:00 UTC in summer.
    let early = at("2026-04-01T03:59:59Z", quarter).unwrap_err();
    assert!(
        matches!(early, Error::Refused(_)) && early.to_string().contains("2026-03-31"),
        "{early}"
    );
    assert!(at("2026-04-01T04:00:00Z", quarter).is_ok());

    let capture = CHANGES.replace("event population", "configuration capture");
    let options = FreezeOptions {
        span: Some(quarter),
        ..FreezeOptions::at("2026-02-01T00:00:00Z".parse().unwrap())
    };
    assert!(freeze(&schema::parse(&capture).unwrap(), vec![source(ROWS)], &options).is_ok());
}

#[test]
fn the_checks_are_answered_from_the_rows_and_what_was_declared() {
    let schema = schema::parse(&CHANGES.replace("key =", "sequence = \"id\"\nkey =")).unwrap();
    let rows = "id,merged at,cost,urgent,note
CHG-0001,2026-01-05T10:00:00-05:00,1,yes,\"=HYPERLINK(\"\"http://x\"\")\"
CHG-0002,2026-01-31T23:59:59-05:00,1,no,a
CHG-0005,2026-04-01T00:00:00-04:00,1,no,b
";
    let options = FreezeOptions {
        span: Some(span("2026-01-01", "2026-03-31")),
        declared: Declared {
            control_total: Some(4),
            window: Some(span("2026-01-02", "2026-03-31")),
            generated_at: Some("2026-04-01T04:00:00Z".parse().unwrap()),
            source_sha256: Some("00".into()),
            reconciliation: Some(Reconciliation {
                opening: 3,
                additions: 0,
                removals: 0,
                returns: 0,
            }),
        },
        ..FreezeOptions::at(now())
    };
    let frozen = freeze(&schema, vec![source(rows)], &options).unwrap();
    assert_eq!(frozen.checks.len(), 14);
    for (id, outcome, words) in [
        ("every_record_read", Outcome::Pass, "All 3"),
        ("row_count_matches_source", Outcome::Fail, "shows 4 rows and the file holds 3"),
        ("window_contains_span", Outcome::Fail, "2026-01-02"),
        ("generated_after_span", Outcome::Pass, "2026-03-31"),
        ("unique_key", Outcome::Pass, "once"),
        ("dates_inside_span", Outcome::Fail, "1 rows lie outside"),
        ("sequence_without_gaps", Outcome::Fail, "CHG-3 to CHG-4 are missing"),
        ("no_empty_month", Outcome::Fail, "2026-02: 0, 2026-03: 0"),
        ("reverse_test", Outcome::NotApplicable, "Pick items"),
        ("reconciles", Outcome::Pass, "= 3"),
        ("no_formulas", Outcome::Fail, "row 2, column note"),
        ("hash_matches_connector", Outcome::Fail, &frozen.sources[0].sha256),
        ("independent_export", Outcome::NotApplicable, "who exported"),
    ] {
        let (found, text) = check(&frozen, id);
        assert_eq!(found, outcome, "{id}: {text}");
        assert!(text.contains(words), "{id}: {text}");
    }
}

#[test]
fn snapshots_of_several_dates_are_one_population() {
    let schema = |date: &str| {
        schema::parse(&format!(
            "name = \"r\"\nkind = \"configuration capture\"\nzone = \"UTC\"\nkey = [\"who\", \"month\"]\n[speaks_for]\ncolumn = \"month\"\n{date}\n[[columns]]\nname = \"who\"\ntype = \"text\"\n"
        ))
        .unwrap()
    };
    let files = vec![snapshot("who\na\nb\n", "2026-01"), snapshot("who\na\na\n", "2026-02")];
    let frozen = freeze(&schema(""), files, &FreezeOptions::at(now())).unwrap();
    assert_eq!((frozen.rows, frozen.refused.count), (3, 1));
    assert_eq!(frozen.refused.rows[0].file, "2026-02.csv");
    assert_eq!(frozen.refused.rows[0].row, 3);
    assert!(frozen.refused.rows[0].reason.contains("already on row 2"), "{:?}", frozen.refused);
    let month = frozen.columns.iter().find(|column| column.name == "month").unwrap();
    assert_eq!(
        (month.min.as_deref(), month.max.as_deref()),
        (Some("2026-01-01"), Some("2026-02-01"))
    );

    let silent =
        freeze(&schema(""), vec![source("who\na\n")], &FreezeOptions::at(now())).unwrap_err();
    assert!(silent.to_string().contains("what date it speaks for"), "{silent}");
    let said =
        freeze(&schema("date = \"2026-03\""), vec![source("who\na\n")], &FreezeOptions::at(now()));
    assert_eq!(said.unwrap().rows, 1);
}

#[test]
fn many_small_files_are_one_population() {
    let files = (0..200)
        .map(|at| {
            source(format!("id,merged at,cost,urgent,note\nH-{at},2026-01-05T10:00:00Z,1,yes,x\n"))
        })
        .collect();
    let options = FreezeOptions { threads: 1, rows_max: 200, ..FreezeOptions::at(now()) };
    let frozen = freeze(&changes(), files, &options).unwrap();
    assert_eq!((frozen.rows, frozen.sources.len(), frozen.refused.count), (200, 200, 0));
}

#[test]
fn what_is_kept_can_be_verified_and_tampering_is_found() {
    let work = tempfile::tempdir().unwrap();
    let out = work.path().join("a [b] ü?");
    let kept = keep(CHANGES, vec![source(ROWS)], &out);
    kept.verify().unwrap();
    assert_eq!(kept.ids().unwrap(), ["CHG-0001", "CHG-0002", "CHG-0003"]);
    assert_eq!(kept.column("cost").unwrap(), [Some("12.5".into()), Some("3".into()), None]);

    let options = FreezeOptions { out: Some(&out), ..FreezeOptions::at(now()) };
    let again = freeze(&changes(), vec![source(ROWS)], &options).unwrap_err();
    assert!(again.to_string().contains("never written over"), "{again}");

    // Other rows under the old record.
    let other = work.path().join("other");
    keep(CHANGES, vec![source(ROWS.replace("first", "First"))], &other);
    std::fs::copy(other.join("rows.parquet"), out.join("rows.parquet")).unwrap();
    let error = frozen::open(&out).unwrap_err();
    assert!(error.to_string().contains("not the file that was frozen"), "{error}");

    // Other rows and their file hash: the population hash still gives it away.
    let mut record: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("population.json")).unwrap()).unwrap();
    let theirs: serde_json::Value =
        serde_json::from_slice(&std::fs::read(other.join("population.json")).unwrap()).unwrap();
    record["rows_sha256"] = theirs["rows_sha256"].clone();
    std::fs::write(out.join("population.json"), record.to_string()).unwrap();
    let error = frozen::open(&out).unwrap().verify().unwrap_err();
    assert!(error.to_string().contains("rows or record were changed"), "{error}");
}

#[test]
fn progress_is_told_and_work_stops_on_request() {
    let watch = Counters::default();
    let options = FreezeOptions { watch: &watch, ..FreezeOptions::at(now()) };
    freeze(&changes(), vec![source(ROWS)], &options).unwrap();
    assert_eq!((watch.rows(), watch.bytes()), (3, ROWS.len() as u64));

    let work = tempfile::tempdir().unwrap();
    let out = work.path().join("p");
    watch.cancel();
    let options = FreezeOptions { out: Some(&out), ..options };
    let stopped = freeze(&changes(), vec![source(ROWS)], &options).unwrap_err();
    assert!(matches!(stopped, Error::Cancelled), "{stopped}");
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let error = schema::parse(&CHANGES.replace("key =", "kye =")).unwrap_err().to_string();
    assert!(error.contains("kye"), "{error}");
    for (from, to, words) in [
        ("\"America/New_York\"", "\"Mars/Olympus\"", "IANA"),
        ("dated_by = \"at\"", "", "needs dated_by"),
        ("dated_by = \"at\"", "dated_by = \"note\"", "date or timestamp"),
        ("scale = 2", "", "needs scale"),
        ("scale = 2", "scale = 2\nday_first = true", "does not belong"),
        ("name = \"note\"", "name = \"Note\"", "lower-case"),
        ("name = \"note\"", "name = \"source_row\"", "kept for"),
        ("name = \"note\"", "name = \"id\"", "twice"),
        ("key = [\"id\"]", "key = [\"nope\"]", "nope"),
        ("type = \"timestamp\"", "type = \"timestamp\"\nformat = \"%H\"", "year, month and day"),
    ] {
        let error = schema::parse(&CHANGES.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(words), "{to}: {error}");
    }
}

fn rows_strategy() -> impl Strategy<Value = Vec<(String, i64, Option<String>)>> {
    prop::collection::hash_map(
        "[A-Z]{1,3}-[0-9]{1,3}",
        (0_i64..1_700_000_000, prop::option::of("[ -~é]{1,12}")),
        1..40,
    )
    .prop_map(|rows| rows.into_iter().map(|(id, (at, note))| (id, at, note)).collect())
}

fn csv_of(rows: &[(String, i64, Option<String>)]) -> String {
    let mut out = String::from("id,merged at,cost,urgent,note\n");
    for (id, at, note) in rows {
        let at = jiff::Timestamp::from_second(*at).unwrap();
        let note = note.as_deref().unwrap_or("?").replace('"', "\"\"");
        out.push_str(&format!("{id},{at},1.25,yes,\"{note}\"\n"));
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn shuffled_rows_have_the_same_hash_and_a_changed_cell_another(
        (rows, shuffled) in rows_strategy().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        at in any::<prop::sample::Index>(),
    ) {
        let plain = hash(&csv_of(&rows));
        prop_assert_eq!(&hash(&csv_of(&shuffled)), &plain);
        let mut changed = shuffled;
        let place = at.index(changed.len());
        changed[place].1 += 1;
        prop_assert_ne!(&hash(&csv_of(&changed)), &plain);
        changed.remove(place);
        prop_assert_ne!(&hash(&csv_of(&changed)), &plain);
    }

    #[test]
    fn no_file_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let whole = [b"id,merged at,cost,urgent,note\n".as_slice(), &bytes].concat();
        let _ = freeze_text(&changes(), whole);
        let _ = freeze_text(&changes(), bytes);
    }

    #[test]
    fn no_schema_makes_it_panic(text in "[a-z\\[\\]=\"\n #]{0,200}") {
        let _ = schema::parse(&text);
    }
}

/// What stands after the period says nothing of how it stood within; the refusal gives both dates.
#[test]
fn a_capture_of_after_the_period_is_refused_with_the_date() {
    let text = "name = \"accounts\"\nkind = \"configuration capture\"\nzone = \"America/New_York\"\nkey = [\"id\"]\nspan = { from = \"2026-01-01\", to = \"2026-06-30\" }\ncolumns = [{ name = \"id\", type = \"text\" }]\n";
    let schema = schema::parse(text).unwrap();
    let rows = "id\na\n";
    let late =
        freeze(&schema, vec![source(rows)], &FreezeOptions::at(now())).unwrap_err().to_string();
    assert!(late.contains("is of 2026-07-15, after the period ended on 2026-06-30"), "{late}");
    let within = freeze(&schema, vec![snapshot(rows, "2026-06-30")], &FreezeOptions::at(now()));
    assert_eq!(within.unwrap().rows, 1);
    let after = freeze(&schema, vec![snapshot(rows, "2026-07-01")], &FreezeOptions::at(now()));
    assert!(after.unwrap_err().to_string().contains("is of 2026-07-01"));
    // The last instant of the period in its zone is the first of July in UTC.
    let mut options = FreezeOptions::at(now());
    options.declared.generated_at = Some("2026-07-01T03:59:59Z".parse().unwrap());
    assert_eq!(freeze(&schema, vec![source(rows)], &options).unwrap().rows, 1);
}

#[test]
fn a_row_that_is_its_own_key_is_kept_once_and_hashed_as_with_any_key() {
    let of = |key: &str| {
        let text = format!(
            "name = \"logons\"\nkind = \"event population\"\nzone = \"America/New_York\"\nkey = [{key}]\ndated_by = \"at\"\n\
             [[columns]]\nname = \"at\"\ntype = \"timestamp\"\nformat = \"%m/%d/%Y %H:%M:%S\"\nrequired = true\n\
             [[columns]]\nname = \"who\"\ntype = \"text\"\nrequired = true\n"
        );
        schema::parse(&text).unwrap()
    };
    let rows = "at,who\n03/08/2026 01:59:00,ann\n03/08/2026 01:59:00,bob\n03/08/2026 02:30:00,cat\n\
        03/08/2026 03:00:00,ann\n03/08/2026 01:59:00,ann\n11/01/2026 00:59:59,ann\n11/01/2026 01:00:00,ann\n";
    let frozen = freeze_text(&of("\"at\", \"who\""), rows).unwrap();
    let said: Vec<&str> = frozen.refused.rows.iter().map(|r| r.reason.as_str()).collect();
    assert_eq!((frozen.rows, said.len()), (4, 3), "{said:?}");
    assert!(said[0].contains("does not exist: clocks"), "{said:?}");
    assert!(said[1].contains("already on row 2"), "{said:?}");
    assert!(said[2].contains("occurs twice"), "{said:?}");
    // In another order the key is no longer the row, and is found by a digest of its own.
    let other = freeze_text(&of("\"who\", \"at\""), rows).unwrap();
    assert_eq!(other.rows_sha256, frozen.rows_sha256);
    assert_eq!(other.refused.rows.len(), 3);
}
