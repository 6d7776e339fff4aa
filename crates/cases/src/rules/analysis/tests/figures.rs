//! Every figure on a register small enough to count by hand.

use serde_json::{Value, json};

use super::*;
use crate::rules::analysis::months::{Edge, Month, moment};

const MAPPING: &str = r#"
mapping = "1"
name = "Made-up event log"
source = "made-up"
shape = "event"
[time]
zone = "naive"
formats = ["%d/%m/%Y %H:%M"]
[missing]
markers = ["?"]
[[order]]
column = "seq"
[columns]
key = "id"
state = "state"
active = "active"
priority = "prio"
opened_at = "opened"
created_at = "created"
updated_at = "changed"
resolved_at = "resolved"
closed_at = "closed"
sla_made = "kept"
reopen_count = "reopened"
reassignment_count = "moved"
category = "cat"
subcategory = "sub"
symptom = "sym"
caller = "caller"
assignment_group = "group"
contact_type = "via"
impact = "impact"
urgency = "urgency"
problem = "problem"
change_request = "rfc"
caused_by = "cause"
[states]
"New" = "new"
"Active" = "in_progress"
"Done" = "resolved"
"Closed" = "closed"
"-100" = "none"
"#;

/// Rows out of order; a tie of sequences (D); an open case (E); one closed but never resolved (C);
/// one closed before it was resolved and resolved before it was opened (F).
const ROWS: &str = "\
id,seq,state,active,prio,opened,created,changed,resolved,closed,kept,reopened,moved,cat,sub,sym,caller,group,via,impact,urgency,problem,rfc,cause
A,2,Closed,false,P1,31/1/2020 23:00,31/1/2020 23:01,2/2/2020 09:00,1/2/2020 01:00,2/2/2020 09:00,true,0,1,mail,send,late,Ann,desk,Phone,1,1,PRB1,?,?
A,0,New,true,P2,31/1/2020 23:00,31/1/2020 23:01,31/1/2020 23:01,1/2/2020 01:00,2/2/2020 09:00,true,0,0,mail,send,late,Ann,desk,Phone,1,1,?,?,?
A,1,Done,true,P1,31/1/2020 23:00,?,1/2/2020 01:00,1/2/2020 01:00,2/2/2020 09:00,true,0,1,mail,send,late,Ann,desk,Phone,1,1,PRB1,?,?
B,0,New,true,P2,1/2/2020 00:00,1/2/2020 00:00,1/2/2020 00:00,?,?,true,0,0,mail,send,late,Bob,desk,Mail,2,2,?,?,?
B,1,Active,true,P2,1/2/2020 00:00,1/2/2020 00:00,1/2/2020 04:00,?,?,false,0,0,mail,send,late,Bob,desk,Mail,2,2,?,?,?
B,2,Active,true,P2,1/2/2020 00:00,1/2/2020 00:00,1/2/2020 03:00,?,?,true,2,0,mail,send,late,Bob,desk,Mail,2,2,?,?,?
B,3,Closed,false,P2,1/2/2020 00:00,1/2/2020 00:00,3/2/2020 00:00,2/2/2020 00:00,3/2/2020 00:00,false,1,2,mail,send,late,Bob,desk,Mail,2,2,?,CHG1,CHG2
C,0,Closed,false,P2,3/3/2020 00:00,3/3/2020 00:00,3/3/2020 10:00,?,3/3/2020 10:00,false,0,0,mail,send,late,Ann,net,Phone,2,3,?,?,?
D,5,Active,true,P2,2/2/2020 12:00,2/2/2020 12:00,2/2/2020 13:00,?,?,true,0,0,?,send,late,Ann,?,Phone,3,3,?,?,?
D,5,-100,true,P2,2/2/2020 12:00,2/2/2020 12:00,2/2/2020 14:00,?,?,true,0,0,?,send,late,Ann,?,Phone,3,3,?,?,?
E,0,New,true,P3,2/3/2020 00:00,2/3/2020 00:00,2/3/2020 00:00,?,?,?,0,0,mail,read,slow,Ann,desk,Phone,3,3,?,?,?
F,0,Closed,false,P3,10/3/2020 00:00,10/3/2020 00:00,10/3/2020 00:00,9/3/2020 23:00,9/3/2020 22:00,true,0,0,mail,read,slow,Bob,desk,Phone,3,3,?,?,?
A,2,Closed,false,P1,31/1/2020 23:00,31/1/2020 23:01,2/2/2020 09:00,1/2/2020 01:00,2/2/2020 09:00,true,0,1,mail,send,late,Ann,desk,Phone,1,1,PRB1,?,?
";

fn options() -> AnalysisOptions {
    let moment = |text: &str| AsOf { label: text.to_owned(), at: at(text) };
    AnalysisOptions {
        states_as_of: vec![moment("2020-02-01 03:00"), moment("2020-01-01 00:00")],
        ..AnalysisOptions::default()
    }
}

fn document(options: AnalysisOptions) -> Value {
    let (register, report) = imported(MAPPING, ROWS.as_bytes());
    assert_eq!((report.rows, report.accepted, report.duplicates), (13, 12, 1));
    let options =
        AnalysisOptions { rows_exact_duplicate: Some(report.duplicates_in_file), ..options };
    serde_json::to_value(analysed(&register, options)).unwrap()
}

#[test]
fn counts() {
    let found = document(options());
    assert_eq!(found["events"], 12);
    assert_eq!(found["incidents"], 6);
    assert_eq!(found["rows_exact_duplicate"], 1);
    assert_eq!(found["opened_at_min"], "2020-01-31 23:00:00");
    assert_eq!(found["opened_at_max"], "2020-03-10 00:00:00");
    assert_eq!(found["by_priority"], json!({"P2": 3, "P3": 2, "P1": 1}));
    assert_eq!(found["by_impact"], json!({"3": 3, "2": 2, "1": 1}));
    assert_eq!(found["by_urgency"], json!({"3": 4, "1": 1, "2": 1}));
    assert_eq!(found["by_contact_type"], json!({"Phone": 5, "Mail": 1}));
    assert_eq!(found["final_state"], json!({"Closed": 4, "-100": 1, "New": 1}));
    assert_eq!(found["final_active_true"], 2);
    assert_eq!(found["category_missing"], 1);
    assert_eq!(found["category_top10"], json!({"mail": 5}));
    assert_eq!(found["category_distinct"], 1);
    assert_eq!(found["assignment_group_top10"], json!({"desk": 4, "net": 1}));
    assert_eq!(found["assignment_group_missing"], 1);
    assert_eq!(found["reassigned_incidents"], 2);
    assert_eq!(found["reassignment_total"], 3);
    assert_eq!(found["incidents_linked_to_problem"], 1);
    assert_eq!(found["incidents_linked_to_change_rfc"], 1);
    assert_eq!(found["incidents_caused_by_change"], 1);
    // The greatest count of any change, though the last change of B says 1.
    assert_eq!((&found["reopened_incidents"], &found["reopen_total"]), (&json!(1), &json!(2)));
    assert_eq!(found["max_reopen"], 2);
    assert_eq!(found["reopened_rate"], json!(0.166_667));
}

#[test]
fn hours_and_promises() {
    let found = document(options());
    // A 2 h, B 24 h, F −1 h: a mistake of the record, shown and counted.
    let hours = &found["hours_to_resolve"];
    assert_eq!(
        (&hours["n"], &hours["min"], &hours["median"]),
        (&json!(3), &json!(-1.0), &json!(2.0))
    );
    assert_eq!((&hours["p90"], &hours["p90_linear"]), (&json!(19.6), &json!(19.6)));
    assert_eq!((&hours["p90_nearest"], &hours["max"]), (&json!(24.0), &json!(24.0)));
    assert_eq!((&hours["sum"], &hours["mean"]), (&json!(25.0), &json!(8.3333)));
    assert_eq!(found["hours_to_resolve_by_priority"]["P2"]["n"], 1);
    assert_eq!(found["hours_to_resolve_by_priority"]["P1"]["median"], json!(2.0));
    assert_eq!(found["hours_to_close"]["n"], 4);
    assert_eq!(found["resolved_at_missing"], 3);
    assert_eq!(found["resolved_before_opened"], 1);
    assert_eq!(found["closed_before_resolved"], 1);
    // A, D and F say kept; E says nothing.
    assert_eq!((&found["sla_made"], &found["sla_missing"]), (&json!(3), &json!(1)));
    assert_eq!(found["sla_made_rate"], json!(0.5));
    assert_eq!(found["sla_made_interval"]["confidence"], json!(0.95));
    let of_p2 = &found["sla_made_rate_by_priority"]["P2"];
    assert_eq!(
        (&of_p2["made"], &of_p2["of"], &of_p2["rate"]),
        (&json!(1), &json!(3), &json!(0.333_333))
    );
    assert_eq!(found["sla_ever_false_then_true"], 1);

    let nearest = document(AnalysisOptions { percentile: Percentile::Nearest, ..options() });
    assert_eq!(nearest["hours_to_resolve"]["p90"], json!(24.0));
    assert_eq!(nearest["about"]["percentile"], "nearest");
}

#[test]
fn months_and_backlog() {
    let found = document(options());
    assert_eq!(found["per_month"], json!({"2020-01": 1, "2020-02": 2, "2020-03": 3}));
    // January: A. February: D (A and B closed). March: D and E; F was open at no moment.
    assert_eq!(found["backlog_month_end"], json!({"2020-01": 1, "2020-02": 1, "2020-03": 2}));
}

#[test]
fn recurrence() {
    let found = &document(options())["recurrence"];
    // mail/send/late: A, B, C; mail/read/slow: E, F; D has no category.
    assert_eq!((&found["groups"], &found["groups_with_2plus"]), (&json!(2), &json!(2)));
    assert_eq!(found["top10"][0], json!({"key": ["mail", "send", "late"], "incidents": 3}));
    // B follows A; C follows B after 31 days, which is too late; F follows E.
    assert_eq!(found["repeat_30d_category_subcategory_symptom"], 2);
    // Ann: A (31 January) and C (3 March) lie 32 days apart.
    assert_eq!(found["repeat_30d_caller_category_subcategory"], 0);
    assert_eq!(found["top10_callers"][0], json!({"key": ["Ann"], "incidents": 4}));
}

#[test]
fn transitions_states_and_traps() {
    let found = document(options());
    assert_eq!(
        found["state_transitions"],
        json!({
            "Active -> -100": 1, "Active -> Active": 1, "Active -> Closed": 1,
            "Done -> Closed": 1, "New -> Active": 1, "New -> Done": 1,
        })
    );
    // At 03:00: A is Done. B's change of 04:00 is not yet made, but the next in order, dated 03:00,
    // is.
    assert_eq!(
        found["state_as_of"]["2020-02-01 03:00"],
        json!({"incidents_seen": 2, "by_state": {"Active": 1, "Done": 1}, "active_true": 2})
    );
    assert_eq!(
        found["state_as_of"]["2020-01-01 00:00"],
        json!({"incidents_seen": 0, "by_state": {}, "active_true": 0})
    );
    assert_eq!(
        found["traps"],
        json!({
            "state_minus_100_rows": 1,
            "final_row_differs_from_last_file_row": 1,
            "sys_updated_at_goes_backwards_in_sys_mod_order": 1,
            "sys_created_at_missing_rows": 1,
            "incidents_with_two_or_more_priorities": 1,
            "incidents_where_opened_at_varies": 0,
            "incidents_where_resolved_at_varies": 1,
        })
    );
}

#[test]
fn open_cases_are_censored_not_dropped() {
    let found = document(options());
    // The last moment known is 10 March 2020, 00:00. F ends before it begins.
    assert_eq!(found["about"]["observed_until"], "2020-03-10 00:00:00");
    let resolve = &found["survival"]["time_to_resolve"];
    assert_eq!((&resolve["n"], &resolve["ended"]), (&json!(5), &json!(3)));
    assert_eq!((&resolve["censored"], &resolve["left_out"]), (&json!(2), &json!(1)));
    // A 2 h, C 10 h (closed, never resolved), B 24 h, then E and D open: three of five are over.
    assert_eq!((&resolve["median_hours"], &resolve["p90_hours"]), (&json!(24.0), &Value::Null));
    assert_eq!(resolve["curve"][2], json!({"hours": 24.0, "share_open": 0.4}));
    // A 2 h (Done), B 3 h (the earliest change that is not New), C 10 h, D 1 h, F at once; E is
    // still New: by 2 h three of six were acknowledged, by 10 h five.
    let acknowledge = &found["survival"]["time_to_acknowledge"];
    assert_eq!((&acknowledge["n"], &acknowledge["ended"]), (&json!(6), &json!(5)));
    assert_eq!(acknowledge["median_hours"], json!(2.0));
    assert_eq!(acknowledge["p90_hours"], Value::Null);

    // Seen on 1 February at 12:00, only A is over, and the cases of March have not begun.
    let earlier = AnalysisOptions {
        observed_until: Some(at("2020-02-01 12:00")),
        ..AnalysisOptions::default()
    };
    let resolve = &document(earlier)["survival"]["time_to_resolve"];
    assert_eq!(
        (&resolve["n"], &resolve["ended"], &resolve["left_out"]),
        (&json!(2), &json!(1), &json!(4))
    );
}

#[test]
fn a_period_selects_by_opening_time_and_backlog_looks_beyond_it() {
    let found = document(AnalysisOptions {
        from: Some(at("2020-02-01 00:00")),
        to: Some(at("2020-03-01 00:00")),
        ..AnalysisOptions::default()
    });
    assert_eq!((&found["incidents"], &found["about"]["cases_known"]), (&json!(2), &json!(6)));
    assert_eq!(found["events"], 6);
    assert_eq!(found["per_month"], json!({"2020-02": 2}));
    assert_eq!(found["backlog_month_end"], json!({"2020-02": 1}));
    // B repeats A, which was opened before the period.
    assert_eq!(found["recurrence"]["repeat_30d_category_subcategory_symptom"], 1);
    assert_eq!(found["recurrence"]["groups"], 1);
    assert_eq!(found["about"]["from"], "2020-02-01 00:00:00");
    let text = found["definitions"]["incidents"].as_str().unwrap();
    assert!(text.contains("about.from") && text.contains("about.to"), "{text}");
}

#[test]
fn months_are_counted_on_the_clock_of_the_zone() {
    let zone = Zone::parse("Asia/Tokyo").unwrap();
    let case = |opened: &str| {
        (CaseFacts { opened_at: Some(at(opened)), ..CaseFacts::default() }, Vec::new())
    };
    let options = AnalysisOptions { zone: zone.clone(), ..AnalysisOptions::default() };
    // 31 January 15:00 in UTC is 1 February in Tokyo; December to February has no gap.
    let found = analyse([case("2020-01-31 15:00"), case("2019-12-01 00:00")], options);
    let found = serde_json::to_value(found).unwrap();
    assert_eq!(found["per_month"], json!({"2019-12": 1, "2020-01": 0, "2020-02": 1}));
    assert_eq!(found["backlog_month_end"], json!({"2019-12": 1, "2020-01": 1, "2020-02": 2}));
    assert_eq!(found["opened_at_max"], "2020-02-01T00:00:00+09:00");
    assert_eq!(found["about"]["zone"], "Asia/Tokyo");

    let month = Month { year: 2019, month: 12 };
    assert_eq!(month.next(), Month { year: 2020, month: 1 });
    assert_eq!(month.first_instant(&zone), at("2019-11-30 15:00"));
}

#[test]
fn one_mistyped_year_does_not_list_centuries() {
    let case = |opened: &str| {
        (CaseFacts { opened_at: Some(at(opened)), ..CaseFacts::default() }, Vec::new())
    };
    let found =
        analyse([case("0020-01-31 15:00"), case("2020-01-31 15:00")], AnalysisOptions::default());
    assert_eq!(serde_json::to_value(found.per_month).unwrap(), json!({"0020-01": 1, "2020-01": 1}));
}

#[test]
fn every_figure_has_a_definition_and_every_definition_a_figure() {
    for options in [options(), AnalysisOptions { zone: Zone::parse("UTC").unwrap(), ..options() }] {
        let (register, _) = imported(MAPPING, ROWS.as_bytes());
        let analysis = analysed(&register, options);
        let document = serde_json::to_value(&analysis).unwrap();
        let mut figures: Vec<&str> =
            document.as_object().unwrap().keys().map(String::as_str).collect();
        figures.retain(|name| !["about", "definitions"].contains(name));
        let mut defined: Vec<&str> = analysis.definitions.keys().copied().collect();
        figures.sort_unstable();
        defined.sort_unstable();
        assert_eq!(figures, defined);

        let beside = analysis.figures();
        assert!(beside.get("definitions").is_none());
        for name in figures {
            assert_eq!(beside[name]["value"], document[name], "{name}");
            assert_eq!(beside[name]["definition"], document["definitions"][name], "{name}");
        }
    }
}

#[test]
fn nothing_at_all() {
    let found = serde_json::to_value(analyse([], AnalysisOptions::default())).unwrap();
    assert_eq!(found["incidents"], 0);
    assert_eq!(found["sla_made_rate"], Value::Null);
    assert_eq!(found["sla_made_interval"], Value::Null);
    assert_eq!(found["hours_to_resolve"]["median"], Value::Null);
    assert_eq!(found["per_month"], json!({}));
    assert_eq!(found["survival"]["time_to_resolve"]["n"], 0);
    assert_eq!(found["about"]["observed_until"], Value::Null);
}

#[test]
fn counts_are_written_greatest_first() {
    let (register, _) = imported(MAPPING, ROWS.as_bytes());
    let text = serde_json::to_string(&analysed(&register, options())).unwrap();
    assert!(text.contains(r#""final_state":{"Closed":4,"-100":1,"New":1}"#), "{text}");
    assert!(text.contains(r#""by_priority":{"P2":3,"P3":2,"P1":1}"#));
}

#[test]
fn moments_as_people_write_them() {
    let lisbon = Zone::parse("Europe/Lisbon").unwrap();
    let read = |zone: &Zone, text, edge| moment(zone, text, edge);
    assert_eq!(read(&Zone::Naive, "2016-03-31", Edge::From), Ok(at("2016-03-31 00:00")));
    assert_eq!(read(&Zone::Naive, "2016-03-31", Edge::To), Ok(at("2016-04-01 00:00")));
    assert_eq!(read(&Zone::Naive, "2016-03-31 23:59", Edge::To), Ok(at("2016-03-31 23:59")));
    assert_eq!(read(&lisbon, "2016-03-31", Edge::From), Ok(at("2016-03-30 23:00")));
    assert_eq!(read(&lisbon, "2016-03-31T10:00:00+02:00", Edge::From), Ok(at("2016-03-31 08:00")));
    assert_eq!(read(&lisbon, "2016-03-31T10:00:00", Edge::From), Ok(at("2016-03-31 09:00")));
    let error = read(&Zone::Naive, "2016-03-31T10:00:00Z", Edge::From).unwrap_err();
    assert!(error.contains("leave the offset out"), "{error}");
    for wrong in ["", "31/3/2016", "2016-02-30", "2016-03-31 25:00", "yesterday"] {
        let error = read(&lisbon, wrong, Edge::To).unwrap_err();
        assert!(error.contains("is not a moment"), "{error}");
    }
}
