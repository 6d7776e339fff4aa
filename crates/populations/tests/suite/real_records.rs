//! The same on records that exist in the world, where `TICKMARK_REAL_DATA` names their directory.
//! They are not part of the project; without them these tests say so and pass.

use std::collections::BTreeMap;
use std::path::PathBuf;

use populations::census::{Census, UnitResult};
use populations::commands::{Binding, TestRun, TestSource, test_files};
use populations::{Error, FreezeOptions, commands, freeze, library, schema};

use crate::support::*;

fn real_data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TICKMARK_REAL_DATA").map(PathBuf::from);
    let found = root.map(|root| root.join(folder)).filter(|path| path.is_dir());
    if found.is_none() {
        eprintln!("not run: TICKMARK_REAL_DATA names no directory with {folder}");
    }
    found
}

fn run_on(
    id: &str,
    bindings: &BTreeMap<String, Binding>,
    given: &[(&str, &str)],
) -> Result<Census, Error> {
    let how = TestRun { bindings, values: &values(given), now: now(), out: None, watch: &() };
    test_files(&TestSource::library(id).unwrap(), &how)
}

#[test]
fn leavers_of_the_third_quarter_against_161362_logons() {
    let Some(data) = real_data("logons-cert") else { return };
    let rosters = (6..=10)
        .map(|month| {
            let date = schema::parse_snapshot_date(&format!("2010-{month:02}")).unwrap();
            (data.join(format!("rosters/2010-{month:02}.csv")), Some(date))
        })
        .collect();
    let bindings = BTreeMap::from([
        ("rosters".to_owned(), Binding::Files(rosters)),
        ("logons".to_owned(), Binding::Files(vec![(data.join("logon-2010Q3.csv.gz"), None)])),
    ]);
    let id = "leavers-against-logons";
    let period = [("period_from", "2010-07-01"), ("period_to", "2010-09-30")];
    let asked = run_on(id, &bindings, &period).unwrap_err().to_string();
    assert!(asked.contains("nobody has declared roster_reading"), "{asked}");

    let read_as = |reading| {
        run_on(id, &bindings, &[period[0], period[1], ("roster_reading", reading)]).unwrap()
    };
    let end = read_as("end-of-month");
    assert_eq!((end.population, end.exceptions), (34, 0));
    // The list of logons ends with September, so nothing can be seen after the September leavers.
    assert_eq!((end.pass, end.unmatched, end.excluded), (21, 13, 0));
    assert_eq!(end.populations["logons"].rows, 161_362);
    assert_eq!(end.populations["logons"].refused, 0);

    let start = read_as("start-of-month");
    assert_eq!((start.population, start.exceptions), (34, 34));
    let events: i64 =
        start.rows.iter().map(|row| row.detail["events_after"].as_i64().unwrap()).sum();
    assert_eq!(events, 1_230);
    let by_month = |month: &str| start.rows.iter().filter(|row| row.unit.ends_with(month)).count();
    assert_eq!((by_month("2010-07"), by_month("2010-08"), by_month("2010-09")), (7, 14, 13));
}

#[test]
fn the_logons_have_the_published_profile() {
    let Some(data) = real_data("logons-cert") else { return };
    let schema = library::find("leavers-against-logons").unwrap().schema("logons.toml").unwrap();
    let schema = schema::parse(schema).unwrap();
    let sources = commands::open_sources(&[(data.join("logon-2010Q3.csv.gz"), None)]).unwrap();
    let frozen = freeze(&schema, sources, &FreezeOptions::at(now())).unwrap();
    let column = |name: &str| frozen.columns.iter().find(|column| column.name == name).unwrap();
    assert_eq!((frozen.rows, frozen.refused.count), (161_362, 0));
    assert_eq!(
        (column("user_id").distinct, column("pc").distinct, column("activity").distinct),
        (968, 971, 2)
    );
    // 00:04:43 and 23:53:14 local time, four hours behind UTC in summer.
    assert_eq!(column("at").min.as_deref(), Some("2010-07-01T04:04:43Z"));
    assert_eq!(column("at").max.as_deref(), Some("2010-10-01T03:53:14Z"));
    assert!(frozen.checks.iter().any(|check| check.id == "unique_key" && check.detail.contains("Every key occurs once")));
}

#[test]
fn two_thousand_changes_of_a_public_repository() {
    let Some(data) = real_data("changes-git") else { return };
    let bindings = BTreeMap::from([(
        "changes".to_owned(),
        Binding::Files(vec![(data.join("changes-2025.csv"), None)]),
    )]);
    let census = run_on("changes-second-person", &bindings, &[]).unwrap();
    assert_eq!(
        (census.population, census.pass, census.exceptions, census.unmatched),
        (2_036, 0, 1, 2_035)
    );
    assert_eq!(census.rows[0].result, UnitResult::Exception);
    assert!(census.rows[0].reason.as_deref().unwrap().contains("without a pull request"));
    let reasons: Vec<(u64, &str)> =
        census.reasons.iter().map(|reason| (reason.count, reason.reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            (1, "pushed straight to the main line, without a pull request"),
            (2, "pull request 8538 stands for 2 changes, and the merger is unknown"),
            (
                2_033,
                "the merger is unknown: version control does not record who makes a squash merge"
            ),
        ]
    );
}
