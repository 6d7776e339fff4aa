//! Registers that are JSON. The incidents are made up; real VERIS records are read by the command line's tests.

use super::*;
use crate::rules::import::records::Limits;
use proptest::prelude::*;

fn shipped(name: &str) -> Mapping {
    let (_, text) = mapping::SHIPPED.iter().find(|(shipped, _)| *shipped == name).unwrap();
    Mapping::parse(text).unwrap()
}

/// Key, state, severity, kind and title of each row that was taken.
fn taken(outcomes: &[RowOutcome]) -> Vec<[String; 5]> {
    accepted(outcomes)
        .iter()
        .map(|row| {
            let f = &row.change.fields;
            [
                row.change.key.clone(),
                f.state.map_or("", CaseState::word).to_owned(),
                f.severity.map_or("", Severity::word).to_owned(),
                f.kind.map_or("", CaseKind::word).to_owned(),
                f.title.clone().unwrap_or_default(),
            ]
        })
        .collect()
}

fn codes(outcomes: &[RowOutcome]) -> Vec<(u64, u64, &'static str)> {
    let rows = refused(outcomes).into_iter();
    rows.map(|row| (row.row, row.line, row.faults[0].reason.code())).collect()
}

fn incident(id: &str, status: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"incident","incident_number":7,"title":"Mail \u201cslow\u201d, \"very\"","created_at":"2026-02-03T03:05:00Z","status":"{status}","urgency":"high","service":{{"id":"S1","summary":"Mail"}},"assignments":[{{"at":"2026-02-03T03:06:00Z","assignee":{{"summary":"Ann"}}}},{{"at":"2026-02-03T03:07:00Z","assignee":{{"summary":"Tom"}}}}],"acknowledgements":[{{"at":"2026-02-03T03:09:00Z"}},{{"at":"2026-02-03T04:00:00Z"}}],"priority":{{"summary":"P2"}},"teams":[{{"summary":"Ops"}}],"resolved_at":null,"last_status_change_at":"2026-02-03T03:09:00Z"}}"#
    )
}

#[test]
fn pages_of_pagerduty_and_lines_give_the_same_cases() {
    let (one, two, three) = (
        incident("P1A", "acknowledged"),
        incident("P2B", "triggered"),
        incident("P3C", "resolved"),
    );
    let pages = format!(
        "{{\"incidents\": [{one},\n{two}], \"limit\": 2, \"offset\": 0, \"more\": true, \"note\": {{\"incidents\": []}}}}\n{{\"limit\": 2, \"incidents\": [\n{three}\n], \"more\": false}}\n"
    );
    let lines = format!("{one}\n{two}\n{three}\n");
    let list = format!("[\n{one},{two},\n\n{three}]");
    let (outcomes, report) = read(shipped("pagerduty-incidents"), pages.as_bytes());
    assert_eq!((report.rows, report.accepted), (3, 3), "{:?}", refused(&outcomes));
    assert_eq!(report.end, Some(FileEnd::Complete { final_line_break: true }));
    let title = "Mail \u{201c}slow\u{201d}, \"very\"";
    assert_eq!(
        taken(&outcomes),
        [
            ["P1A", "in_progress", "high", "incident", title],
            ["P2B", "new", "high", "incident", title],
            ["P3C", "resolved", "high", "incident", title],
        ]
        .map(|row| row.map(str::to_owned))
    );
    let first = &accepted(&outcomes)[0].change.fields;
    assert_eq!(first.asset.as_deref(), Some("Mail"));
    assert_eq!(first.assigned_to.as_deref(), Some("Ann; Tom"));
    assert_eq!(first.acknowledged_at.unwrap().to_string(), "2026-02-03T03:09:00Z");
    assert_eq!(first.extra["incident_number"], "7");
    assert!(first.extra["$"].contains("\"incident_number\":7"), "{}", first.extra["$"]);
    for other in [lines, list] {
        let (rows, _) = read(shipped("pagerduty-incidents"), other.as_bytes());
        let digests = |rows: &[RowOutcome]| -> Vec<RowDigest> {
            accepted(rows).iter().map(|row| row.change.digest).collect()
        };
        assert_eq!(digests(&rows), digests(&outcomes), "known again, however it is packed");
    }
}

#[test]
fn pagerduty_as_csv_is_about_the_same_cases() {
    let csv = "id,incident_number,description,status,urgency,priority_name,service_name,escalation_policy_name,team_name,created_at,resolved_at,resolved_by_user_name,seconds_to_first_ack,seconds_to_resolve\n\
        P1A,7,\"Mail, slow\",resolved,high,P1,Mail,Default,Ops,2026-02-03T03:05:00,2026-02-03T04:05:00,Ann,60,3600\n\
        P2B,8,Odd,paused,low,,Mail,Default,Ops,2026-02-03T03:05:00,null,,,\n";
    let (outcomes, report) = read(shipped("pagerduty-incidents-csv"), csv.as_bytes());
    assert_eq!((report.accepted, report.refused), (1, 1));
    assert_eq!(
        taken(&outcomes),
        [["P1A", "resolved", "critical", "incident", "Mail, slow"].map(str::to_owned)]
    );
    assert_eq!(only_fault(&outcomes), (Some("status"), "paused", "unlisted_word"));
    let json = shipped("pagerduty-incidents");
    assert_eq!(json.source(), shipped("pagerduty-incidents-csv").source());
}

fn veris(id: &str, more: &str) -> String {
    format!(
        r#"{{"incident_id":"{id}","schema_version":"1.3.7","security_incident":"Confirmed","summary":"Cards were copied.",
  "action":{{"hacking":{{"variety":["Brute force"],"vector":["Web application"]}},"error":{{"variety":["Loss"],"vector":["Carelessness"]}}}},
  "actor":{{"external":{{"motive":["Financial"]}}}},"asset":{{"assets":[{{"variety":"S - Database"}},{{"variety":"P - Cashier"}}]}},
  "timeline":{{"incident":{{"year":2024,"month":2}}}},"impact":{{"overall_rating":"Damaging"}},
  "victim":{{"victim_id":"Alder Tax"}},"plus":{{"created":"2024-03-01T10:00:00Z","analysis_status":"Finalized"{more}}}}}"#
    )
}

#[test]
fn veris_documents_keep_what_is_known_of_the_day() {
    let text = format!("{}\n{}", veris("A-1", ""), veris("A-2", ",\"note\":1e400"));
    let (outcomes, report) = read(shipped("veris"), text.as_bytes());
    assert_eq!(report.accepted, 2, "{:?}", refused(&outcomes));
    assert_eq!(
        taken(&outcomes)[0],
        ["A-1", "closed", "high", "incident", "Alder Tax"].map(str::to_owned)
    );
    let fields = &accepted(&outcomes)[1].change.fields;
    assert_eq!(fields.category.as_deref(), Some("error; hacking"));
    assert_eq!(fields.asset.as_deref(), Some("S - Database; P - Cashier"));
    assert_eq!(fields.extra["timeline.incident.month"], "2");
    assert!(!fields.extra.contains_key("timeline.incident.day"));
    assert!(fields.extra["$"].contains("\"note\":1e400"), "a number is not rounded");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_lands() {
    let good = |id: &str| veris(id, "").replace('\n', "");
    for (name, text, keys, expected) in [
        (
            "a line that was cut",
            format!("{}\n{}\n{}\n", good("A"), &good("B")[..90], good("C")),
            vec!["A", "C"],
            vec![(2, 2, "not_json")],
        ),
        (
            "a bracket of the wrong kind",
            format!("{{\"a\": [1}}\n{}\n", good("C")),
            vec!["C"],
            vec![(1, 1, "not_json")],
        ),
        (
            "words between documents",
            format!("{}\nnothing\n{}", good("A"), good("C")),
            vec!["A", "C"],
            vec![(2, 2, "not_json")],
        ),
        (
            "elements that are no objects",
            format!("[1, \"two\", {}, null, [3]]", good("C")),
            vec!["C"],
            vec![(1, 1, "not_json"), (2, 1, "not_json"), (4, 1, "not_json"), (5, 1, "not_json")],
        ),
        (
            "a member named twice",
            format!("[{}, {}]", good("A"), good("B").replacen("{", "{\"summary\":\"x\",", 1)),
            vec!["A"],
            vec![(2, 1, "not_json")],
        ),
        (
            "files of which the middle one breaks off",
            format!("{}\u{1e}\n[{}\u{1e}\n{}", good("A"), good("B"), good("C")),
            vec!["A", "B", "C"],
            vec![(3, 2, "not_json")],
        ),
        (
            "a word that no table lists, a day that is none, a key that is missing",
            [
                good("A").replace("Confirmed", "Rumour"),
                good("B").replace("2024-03-01T", "2024-02-30T"),
                good("").replace("\"incident_id\":\"\",", ""),
                good("D"),
            ]
            .join("\n"),
            vec!["D"],
            vec![(1, 1, "unlisted_word"), (2, 2, "not_a_date"), (3, 3, "missing")],
        ),
    ] {
        let (outcomes, report) = read(shipped("veris"), text.as_bytes());
        let found: Vec<String> = taken(&outcomes).into_iter().map(|[key, ..]| key).collect();
        assert_eq!(
            (found, codes(&outcomes)),
            (keys.iter().map(|k| (*k).to_owned()).collect(), expected),
            "{name}"
        );
        assert!(matches!(report.end, Some(FileEnd::Complete { .. })), "{name}");
    }
}

#[test]
fn a_file_that_ends_too_early_says_so() {
    let good = veris("A", "");
    for (text, accepted, refused) in [
        (format!("[{good}"), 1, 0),
        (format!("[{good}, {{\"incident_id\":"), 1, 1),
        (format!("[{good}, {{\"a\": ]}}, {good}]"), 1, 1),
        (format!("{good}{{\"incident_id\": \"B"), 1, 1),
    ] {
        let (_, report) = read(shipped("veris"), text.as_bytes());
        assert_eq!((report.accepted, report.refused), (accepted, refused), "{text}");
        assert!(matches!(report.end, Some(FileEnd::CutShort { .. })), "{text}: {:?}", report.end);
    }
}

#[test]
fn what_is_no_json_is_refused_whole_and_paths_are_checked() {
    for (text, why) in
        [("", "empty"), (" \n", "empty"), ("id,title\n1,x\n", "does not begin as JSON")]
    {
        let error = ImportReader::open(text.as_bytes(), shipped("veris"), ReadOptions::default());
        let error = error.err().unwrap().to_string();
        assert!(error.contains(why), "{error}");
    }
    let (_, text) = mapping::SHIPPED.iter().find(|(name, _)| *name == "veris").unwrap();
    for (from, to, why) in [
        ("\"plus.created\"", "\"plus..created\"", "is not a path"),
        ("\"summary\"", "\"*\"", "is not a path"),
        ("\"summary\"", "\"a.*.b\"", "is not a path"),
        ("format = \"json\"", "format = \"csv\"\nrecords = \"x\"", "file.records"),
    ] {
        let changed = text.replacen(from, to, 1);
        let refused = Mapping::parse(&changed).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    let misspelt = Mapping::parse(&text.replacen("\"summary\"", "\"sumary\"", 1)).unwrap();
    let document = veris("A", "");
    let mut reader =
        ImportReader::open(document.as_bytes(), misspelt, ReadOptions::default()).unwrap();
    while reader.next_row().is_some() {}
    assert!(reader.never_found().contains(&"sumary".to_owned()));
    assert!(!reader.never_found().contains(&"plus.created".to_owned()));
}

#[test]
fn memory_and_depth_are_bounded() {
    let limits = Limits { record_bytes: 2_048, ..Limits::default() };
    let options = ReadOptions { run: 0, limits };
    let long = veris("A", &format!(",\"x\":\"{}\"", "y".repeat(500_000)));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(900), "]".repeat(900));
    let text = format!("{long}\n{deep}\n{}", veris("B", ""));
    let mut reader = ImportReader::open(text.as_bytes(), shipped("veris"), options).unwrap();
    let outcomes: Vec<RowOutcome> = reader.by_ref().collect();
    let found = codes(&outcomes);
    assert_eq!((found[0].2, found[1].2), ("too_long", "not_json"), "{found:?}");
    assert_eq!(taken(&outcomes)[0][0], "B");
    assert!(reader.memory_bytes() < 1 << 20, "{}", reader.memory_bytes());
}

proptest! {
    /// Any order of brackets, texts and documents: counted, in any pieces, and the end is known.
    #[test]
    fn nearly_documents(parts in prop::collection::vec(prop_oneof![
        Just("{".to_owned()), Just("}".to_owned()), Just("[".to_owned()), Just("]".to_owned()),
        Just(",".to_owned()), Just("\n".to_owned()), Just("\"".to_owned()), Just("\u{1e}".to_owned()),
        Just("\"incidents\":".to_owned()), Just(":".to_owned()), Just("\\".to_owned()), Just("12".to_owned()),
        Just(incident("A", "triggered")), Just(incident("B", "resolved")), "\\PC{0,3}",
    ], 0..24)) {
        let text = parts.concat();
        for name in ["pagerduty-incidents", "veris"] {
            let opened = ImportReader::open(text.as_bytes(), shipped(name), ReadOptions::default());
            if let Ok(mut reader) = opened {
                let mut report = ImportReport::default();
                let outcomes: Vec<RowOutcome> = reader.by_ref().inspect(|row| report.add(row)).collect();
                prop_assert!(reader.end().is_some());
                prop_assert_eq!(report.rows, report.accepted + report.refused + report.duplicates);
                prop_assert_eq!(report.rows, outcomes.len() as u64);
                prop_assert!(report.rows <= text.len() as u64);
            }
        }
    }

    /// No document is lost: as many as were written are read, whatever their texts hold.
    #[test]
    fn documents_that_are_written_are_read(texts in prop::collection::vec("\\PC{0,12}", 1..6), list: bool) {
        let documents: Vec<String> = texts.iter().enumerate().map(|(n, text)| serde_json::json!({
            "id": format!("P{n}"), "title": text, "created_at": "2026-02-03T03:05:00Z", "status": "triggered",
        }).to_string()).collect();
        let text = if list { format!("[{}]", documents.join(",")) } else { documents.join("\n") };
        let (outcomes, report) = read(shipped("pagerduty-incidents"), text.as_bytes());
        prop_assert_eq!(report.accepted, texts.len() as u64);
        for (row, title) in accepted(&outcomes).iter().zip(&texts) {
            let expected = (!title.trim().is_empty()).then_some(title.as_str());
            prop_assert_eq!(row.change.fields.title.as_deref(), expected);
        }
    }
}
