//! Values, words, orders, repeats.

use super::*;
use kernel::time::Timestamp;

fn zoned(zone: &str, more: &str) -> Mapping {
    let text = EVENTS.replace("zone = \"naive\"", &format!("zone = \"{zone}\"")).replace(
        "formats = [\"%d/%m/%Y %H:%M\"]",
        &format!("formats = [\"%d/%m/%Y %H:%M\"]\n{more}"),
    );
    Mapping::parse(&text).unwrap()
}

fn opened(mapping: Mapping, written: &str) -> Result<String, &'static str> {
    let row = format!("A-1,0,New,P1,{written},?,true,0,?");
    let (outcomes, _) = read(mapping, &file(&[&row]));
    match &outcomes[0] {
        RowOutcome::Accepted(row) => Ok(row.change.fields.opened_at.unwrap().to_rfc3339()),
        RowOutcome::Refused(row) => {
            assert_eq!(row.faults[0].column.as_deref(), Some("opened"));
            Err(row.faults[0].reason.code())
        }
        RowOutcome::Duplicate(row) => panic!("{row:?}"),
    }
}

#[test]
fn a_good_row_says_everything_it_holds_and_nothing_else() {
    let row = "A-1, 7 ,Working,P9,1/2/2016 03:04,?,false,2, kept  as it is ";
    let (outcomes, report) = read(events(), &file(&[row]));
    let row = accepted(&outcomes)[0];
    assert_eq!((row.row, row.line), (2, 2));
    let change = &row.change;
    assert_eq!(change.key, "A-1");
    assert_eq!(change.order, ChangeOrder { sequence: vec![7], run: 0, row: 2 });
    assert_eq!(change.occurred_at(), None);
    let fields = &change.fields;
    assert_eq!(fields.state, Some(CaseState::InProgress));
    assert_eq!(fields.state_source.as_deref(), Some("Working"));
    assert_eq!(fields.priority.as_deref(), Some("P9"));
    assert_eq!(fields.severity, None);
    assert_eq!(fields.opened_at, Some(Timestamp::parse("2016-02-01T03:04:00Z").unwrap()));
    assert_eq!(fields.sla_made, Some(false));
    assert_eq!(fields.reopen_count, Some(2));
    assert_eq!(fields.extra["note"], " kept  as it is ");
    assert_eq!(fields.category, None);
    // P9 has no meaning of ours and the mapping keeps such words: that is told.
    assert_eq!(report.words_without_meaning[&("priority".to_owned(), "P9".to_owned())], 1);

    let json = serde_json::to_string(change).unwrap();
    assert_eq!(serde_json::from_str::<ImportedChange>(&json).unwrap(), *change);
    assert!(!json.contains("null"), "{json}");
}

#[test]
fn dates_are_day_first_and_must_exist() {
    assert_eq!(opened(events(), "3/2/2016 00:00").unwrap(), "2016-02-03T00:00:00Z");
    assert_eq!(opened(events(), "29/2/2016 23:59").unwrap(), "2016-02-29T23:59:00Z");
    assert_eq!(opened(events(), "29/2/2015 10:00"), Err("no_such_date"));
    assert_eq!(opened(events(), "31/4/2016 10:00"), Err("no_such_date"));
    assert_eq!(opened(events(), "1/13/2016 10:00"), Err("not_a_date"));
    assert_eq!(opened(events(), "1/1/2016 24:00"), Err("not_a_date"));
    assert_eq!(opened(events(), "2016-01-01 10:00"), Err("not_a_date"));
    assert_eq!(opened(events(), "1/1/2016 10:00 tomorrow"), Err("not_a_date"));
    assert_eq!(opened(events(), "?"), Err("missing"));
    assert_eq!(opened(events(), ""), Err("missing"));
}

#[test]
fn several_formats_are_tried_in_order_and_offsets_are_honoured() {
    let text = EVENTS.replace("\"naive\"", "\"UTC\"").replace(
        "[\"%d/%m/%Y %H:%M\"]",
        "[\"rfc3339\", \"%Y-%m-%d %H:%M %z\", \"%d.%m.%Y\", \"%m/%d/%Y %I:%M %p\"]",
    );
    let mapping = || Mapping::parse(&text).unwrap();
    assert_eq!(opened(mapping(), "2016-03-01T01:00:00+02:00").unwrap(), "2016-02-29T23:00:00Z");
    assert_eq!(opened(mapping(), "2016-03-01 01:00 -0330").unwrap(), "2016-03-01T04:30:00Z");
    assert_eq!(opened(mapping(), "7.3.2016").unwrap(), "2016-03-07T00:00:00Z");
    assert_eq!(opened(mapping(), "3/7/2016 01:30 PM").unwrap(), "2016-03-07T13:30:00Z");
}

#[test]
fn the_clock_change_is_never_guessed_over() {
    // New York, 13 March 2016: 02:00 to 03:00 does not exist; 6 November: 01:00 to 02:00 is twice.
    let zone = |more: &str| zoned("America/New_York", more);
    assert_eq!(opened(zone(""), "13/3/2016 01:30").unwrap(), "2016-03-13T06:30:00Z");
    assert_eq!(opened(zone(""), "13/3/2016 02:30"), Err("skipped_local_time"));
    assert_eq!(
        opened(zone("skipped = \"shift\""), "13/3/2016 02:30").unwrap(),
        "2016-03-13T07:30:00Z"
    );
    assert_eq!(opened(zone(""), "6/11/2016 01:30").unwrap(), "2016-11-06T05:30:00Z");
    assert_eq!(
        opened(zone("repeated = \"later\""), "6/11/2016 01:30").unwrap(),
        "2016-11-06T06:30:00Z"
    );
    assert_eq!(
        opened(zone("repeated = \"refuse\""), "6/11/2016 01:30"),
        Err("repeated_local_time")
    );
    // Without a zone there is no clock change.
    assert_eq!(opened(events(), "13/3/2016 02:30").unwrap(), "2016-03-13T02:30:00Z");
}

#[test]
fn refused_rows_name_row_column_and_value_and_the_others_land() {
    let bad = [
        ("A-3,x,New,P1,1/3/2016 08:00,?,true,0,?", "seq", "x", "not_an_integer"),
        ("A-3,?,New,P1,1/3/2016 08:00,?,true,0,?", "seq", "?", "missing"),
        ("?,0,New,P1,1/3/2016 08:00,?,true,0,?", "id", "?", "missing"),
        ("A-3,0,Lost,P1,1/3/2016 08:00,?,true,0,?", "state", "Lost", "unlisted_word"),
        ("A-3,0,New,P1,1/3/2016 08:00,?,maybe,0,?", "kept", "maybe", "not_yes_or_no"),
        ("A-3,0,New,P1,1/3/2016 08:00,?,true,-1,?", "reopened", "-1", "not_a_count"),
        ("A-3,0,New,P1,1/3/2016 08:00,?,true,1.5,?", "reopened", "1.5", "not_a_count"),
        (
            "A-3,0,New,P1,1/3/2016 08:00,?,true,99999999999,?",
            "reopened",
            "99999999999",
            "not_a_count",
        ),
    ];
    for (row, column, value, code) in bad {
        let (outcomes, report) = read(events(), &file(&[GOOD, row, GOOD_TOO]));
        assert_eq!(only_fault(&outcomes), (Some(column), value, code));
        assert_eq!(refused(&outcomes)[0].row, 3);
        assert_eq!((report.rows, report.accepted, report.refused), (3, 2, 1));
        assert_eq!(report.refused_by_reason[code], 1);
    }
}

#[test]
fn all_faults_of_a_row_are_told_at_once() {
    let (outcomes, _) = read(events(), &file(&["A-3,x,Lost,P1,31/2/2016 08:00,soon,maybe,-1,?"]));
    let columns: Vec<&str> =
        refused(&outcomes)[0].faults.iter().filter_map(|fault| fault.column.as_deref()).collect();
    assert_eq!(columns.len(), 6, "{columns:?}");
    let json = serde_json::to_value(refused(&outcomes)[0]).unwrap();
    assert_eq!(json["row"], 2);
    assert!(json["faults"].as_array().unwrap().iter().any(|fault| fault["code"] == "no_such_date"
        && fault["value"] == "31/2/2016 08:00"
        && fault["reason"] == "this date does not exist in the calendar"));
}

#[test]
fn values_that_a_database_or_a_terminal_would_choke_on() {
    let long = "x".repeat(row::LABEL_CHARS_MAX + 1);
    let rows = [
        format!("A-3,0,New,{long},1/3/2016 08:00,?,true,0,?"),
        "A-3,0,New,P\u{0}1,1/3/2016 08:00,?,true,0,?".to_owned(),
    ];
    let (outcomes, _) = read(events(), &file(&[&rows[0], &rows[1]]));
    let codes: Vec<_> = refused(&outcomes).iter().map(|row| row.faults[0].reason.code()).collect();
    assert_eq!(codes, ["text_too_long", "nul_character"]);
    assert_eq!(
        refused(&outcomes)[0].faults[0].value.chars().count(),
        report::EXCERPT_CHARS_MAX + 1
    );
    assert_eq!(report::excerpt("a\u{1b}[2Jb\u{202e}c"), "a\\u{1b}[2Jb\\u{202e}c");
}

#[test]
fn formulas_are_kept_as_text_and_flagged() {
    let row = "A-1,0,New,P1,1/3/2016 08:00,?,true,0,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"";
    let (outcomes, report) = read(events(), &file(&[row]));
    let kept = &accepted(&outcomes)[0].change.fields.extra["note"];
    assert_eq!(kept, "=HYPERLINK(\"http://x\",\"y\")");
    assert_eq!(report.formulas[&("note".to_owned(), String::new())], 1);
}

#[test]
fn the_last_row_is_the_greatest_sequence_as_a_number_then_the_later_row() {
    // As text, 9 would come after 10.
    let rows = [
        "A-1,10,Done,P1,1/3/2016 08:00,5/3/2016 08:00,true,0,last by number",
        "A-1,9,Working,P1,1/3/2016 08:00,4/3/2016 08:00,true,3,?",
        "A-1,0,New,P1,1/3/2016 08:00,1/3/2016 08:01,true,0,?",
        "A-1,10,Done,P2,1/3/2016 08:00,5/3/2016 08:00,true,1,a tie and later in the file",
    ];
    let (outcomes, _) = read(events(), &file(&rows));
    let mut snapshot = CaseSnapshot::default();
    accepted(&outcomes).iter().for_each(|row| fold(&mut snapshot, &row.change));
    assert_eq!(snapshot.key, "A-1");
    assert_eq!(snapshot.changes, 4);
    assert_eq!(snapshot.fields.extra["note"], "a tie and later in the file");
    assert_eq!(snapshot.fields.severity, Some(Severity::High));
    assert_eq!(snapshot.reopen_count_max, 3);
    assert_eq!(snapshot.left_new_at.unwrap().to_rfc3339(), "2016-03-04T08:00:00Z");
}

#[test]
fn a_row_that_stands_twice_is_a_duplicate_and_a_second_run_changes_nothing() {
    let bytes = file(&[GOOD, GOOD_TOO, GOOD, "A-9,x,New,P1,1/3/2016 08:00,?,true,0,?"]);
    let mut reader = ImportReader::open(&bytes[..], events(), ReadOptions::default()).unwrap();
    let mut first = ImportReport::default();
    let mut known = std::collections::BTreeSet::new();
    while let Some(mut batch) = reader.next_batch(2) {
        batch.set_aside_known(|digest| known.contains(digest));
        known.extend(batch.accepted.iter().map(|row| row.change.digest));
        first.add_batch(&batch);
    }
    assert_eq!((first.rows, first.accepted, first.refused, first.duplicates), (4, 2, 1, 1));

    let again = ReadOptions { run: 1, ..ReadOptions::default() };
    let mut reader = ImportReader::open(&bytes[..], events(), again).unwrap();
    let mut second = ImportReport::default();
    while let Some(mut batch) = reader.next_batch(100) {
        batch.set_aside_known(|digest| known.contains(digest));
        assert!(batch.accepted.is_empty());
        second.add_batch(&batch);
    }
    assert_eq!((second.rows, second.accepted, second.refused, second.duplicates), (4, 0, 1, 3));
    assert_eq!((second.duplicates_in_file, second.already_imported), (1, 2));
}

#[test]
fn one_row_per_case_refuses_a_second_row_with_other_values() {
    let other = "A-1,0,Done,P1,29/2/2016 01:16,29/2/2016 09:23,true,0,?";
    let (outcomes, report) = read(one_row_per_case(), &file(&[GOOD, GOOD, other, GOOD_TOO]));
    assert_eq!((report.accepted, report.duplicates, report.refused), (2, 1, 1));
    assert_eq!(only_fault(&outcomes), (Some("id"), "A-1", "key_taken"));
    let reason = refused(&outcomes)[0].faults[0].reason.to_string();
    assert!(reason.starts_with("row 2 has the same number"), "{reason}");
}

#[test]
fn a_later_run_wins_where_the_sequence_says_nothing() {
    let mut snapshot = CaseSnapshot::default();
    let later = "A-1,0,Done,P1,29/2/2016 01:16,29/2/2016 09:23,true,0,?";
    for (run, row) in [(5, later), (2, GOOD)] {
        let options = ReadOptions { run, ..ReadOptions::default() };
        let (outcomes, _) = read_with(one_row_per_case(), &file(&[GOOD_TOO, row])[..], options);
        fold(&mut snapshot, &accepted(&outcomes)[1].change);
    }
    assert_eq!(snapshot.fields.state, Some(CaseState::Closed));
}

#[test]
fn the_digest_is_of_what_the_row_says_not_of_where_it_stands() {
    let digest = |mapping: Mapping, text: &str| {
        let (outcomes, _) = read(mapping, text.as_bytes());
        accepted(&outcomes)[0].change.digest
    };
    let plain = digest(events(), &format!("{HEADING}{GOOD}\n"));
    let moved = digest(
        events(),
        "note,seq,state,prio,opened,changed,kept,reopened,id,added\n\
         ?,0,New,P1,29/2/2016 01:16,29/2/2016 01:23,true,0,A-1,?\n",
    );
    assert_eq!(plain, moved);
    let other = GOOD.replace(",?", ",word");
    assert_ne!(plain, digest(events(), &format!("{HEADING}{other}\n")));
    // A new revision of the mapping states the row anew; so does another source.
    let revised = EVENTS.replace("shape", "revision = 2\nshape");
    assert_ne!(plain, digest(Mapping::parse(&revised).unwrap(), &format!("{HEADING}{GOOD}\n")));
    let elsewhere = EVENTS.replace("\"made-up\"", "\"elsewhere\"");
    assert_ne!(plain, digest(Mapping::parse(&elsewhere).unwrap(), &format!("{HEADING}{GOOD}\n")));
    assert_eq!(RowDigest::from_hex(&plain.to_hex()), Some(plain));
    assert_eq!(RowDigest::from_hex("zz"), None);
    assert_eq!(RowDigest::from_hex(&"\u{fc}".repeat(32)), None);
}
