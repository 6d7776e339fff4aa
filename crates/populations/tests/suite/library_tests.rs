//! The library's tests on small populations of our own.

use std::collections::BTreeMap;
use std::path::Path;

use populations::census::{Census, CensusOptions, UnitResult, parse_test, run};
use populations::commands::{Binding, TestRun, TestSource, parse_binding, test_files};
use populations::{Error, FrozenDir, SourceFile, library};

use crate::support::*;

fn frozen(id: &str, schema: &str, sources: Vec<SourceFile>, at: &Path) -> FrozenDir {
    keep(library::find(id).unwrap().schema(schema).unwrap(), sources, &at.join(schema))
}

fn run_library(
    id: &str,
    populations: BTreeMap<String, FrozenDir>,
    given: &[(&str, &str)],
    at: &Path,
) -> Result<Census, Error> {
    let test = parse_test(library::find(id).unwrap().test).unwrap();
    run(&test, &populations, &values(given), &CensusOptions::with_spill(at))
}

fn cells(census: &Census) -> BTreeMap<String, (UnitResult, String)> {
    let rows = census.rows.iter();
    rows.map(|row| (row.unit.clone(), (row.result, row.reason.clone().unwrap_or_default())))
        .collect()
}

const WORKERS: &str =
    "person_id,work_email,worker_type,start_date,end_date,end_at,notified_at,involuntary,work_zone
A,,employee,2020-01-06,2026-03-02,2026-03-02T17:00:00-05:00,,false,America/New_York
B,,employee,2020-01-06,2026-03-08,,,false,America/New_York
C,,employee,2020-01-06,2026-04-10,2026-04-10T12:00:00-04:00,,true,America/New_York
D,,employee,2020-01-06,2026-05-01,,,false,America/New_York
D,,employee,2026-05-15,,,,,America/New_York
E,,employee,2020-01-06,2026-06-20,,,false,America/New_York
F,,employee,2020-01-06,2025-12-31,,,false,America/New_York
";
const ACCOUNTS: &str = "system,account_id,person_id,login,kind,is_admin,mfa,created_at,state,removed_at,restored_at,last_used_at
okta,oa,A,,human,,,,,2026-03-02T22:30:00Z,,
github,ga,A,,human,,,,,2026-03-03T21:59:00Z,,
okta,ob,B,,human,,,,,2026-03-10T03:59:59Z,,
okta,oc,C,,human,,,,,2026-04-10T18:00:00Z,,
github,gc,C,,human,,,,,2026-04-10T18:00:00Z,,
okta,od,D,,human,,,,,2026-05-01T21:00:00Z,2026-05-15T13:00:00Z,
github,gd,D,,human,,,,,2026-05-02T03:00:00Z,,
okta,of,F,,human,,,,,2026-01-02T15:00:00Z,,
";
const SYSTEMS: &str = "system,everyone,reached_through\nokta,true,\ngithub,false,\n";
const ALIASES: &str = "alias,person_id,verified\n";

/// The small oracle of section 4.4, to the cell.
#[test]
fn access_of_leavers_is_judged_to_the_second() {
    let work = tempfile::tempdir().unwrap();
    let id = "leaver-access-removed";
    let populations = || {
        BTreeMap::from([
            (
                "workers".to_owned(),
                frozen(id, "workers.toml", vec![source(WORKERS)], &work.path().join("l")),
            ),
            (
                "accounts".to_owned(),
                frozen(id, "accounts.toml", vec![source(ACCOUNTS)], &work.path().join("a")),
            ),
            (
                "systems".to_owned(),
                frozen(id, "systems.toml", vec![source(SYSTEMS)], &work.path().join("s")),
            ),
            (
                "aliases".to_owned(),
                frozen(id, "aliases.toml", vec![source(ALIASES)], &work.path().join("i")),
            ),
        ])
    };
    let bound = populations();
    let census = run_library(
        id,
        bound.clone(),
        &[("period_from", "2026-01-01"), ("period_to", "2026-06-30")],
        work.path(),
    )
    .unwrap();
    let found = cells(&census);
    let of = |unit: &str| (found[unit].0, found[unit].1.as_str());
    for unit in [
        "A 2026-03-02 okta",
        "A 2026-03-02 github",
        "B 2026-03-08 okta",
        "D 2026-05-01 okta",
        "D 2026-05-01 github",
    ] {
        assert_eq!(of(unit).0, UnitResult::Pass, "{unit}: {:?}", of(unit));
    }
    for unit in ["C 2026-04-10 okta", "C 2026-04-10 github"] {
        assert_eq!(of(unit), (UnitResult::Exception, "the account was removed after the deadline"));
    }
    assert_eq!(of("E 2026-06-20 okta").0, UnitResult::Unmatched);
    for unit in ["B 2026-03-08 github", "E 2026-06-20 github"] {
        assert_eq!(
            of(unit),
            (UnitResult::Excluded, "not applicable: the person had no account there")
        );
    }
    for unit in ["F 2025-12-31 okta", "F 2025-12-31 github"] {
        assert!(of(unit).1.contains("boundary item"), "{unit}");
    }
    assert_eq!((census.pass, census.exceptions, census.unmatched), (5, 2, 1));
    let counts: Vec<(u64, &str)> = census
        .reasons
        .iter()
        .filter(|reason| reason.result == UnitResult::Excluded)
        .map(|reason| (reason.count, reason.reason.as_str()))
        .collect();
    assert_eq!(
        counts,
        [
            (2, "not applicable: the person had no account there"),
            (2, "the employment ended outside the period: a boundary item, not counted"),
        ]
    );
    // The date-only deadline over the change of clocks, and one second more.
    let b = census.rows.iter().find(|row| row.unit == "B 2026-03-08 okta").unwrap();
    assert_eq!(b.detail["deadline"], "2026-03-10T03:59:59Z");
    let late = ACCOUNTS.replace("2026-03-10T03:59:59Z", "2026-03-10T04:00:00Z");
    let mut bound = bound;
    bound.insert(
        "accounts".into(),
        frozen(id, "accounts.toml", vec![source(late)], &work.path().join("late")),
    );
    let census = run_library(
        id,
        bound,
        &[("period_from", "2026-01-01"), ("period_to", "2026-06-30")],
        work.path(),
    )
    .unwrap();
    assert_eq!(cells(&census)["B 2026-03-08 okta"].0, UnitResult::Exception);
}

const ROSTERS: [(&str, &str); 4] = [
    ("2026-01", "u1 u2 u3 u4 u5 u6"),
    ("2026-02", "u1 u3 u4 u5"),
    ("2026-03", "u1 u2 u4 u5"),
    ("2026-04", "u1 u2 u5 u6"),
];

fn roster_sources() -> Vec<SourceFile> {
    let file = |names: &str| {
        let rows: String =
            names.split(' ').map(|id| format!("N {id},{id},{id}@x.example,r,d,s\n")).collect();
        format!("employee_name,user_id,email,role,department,supervisor\n{rows}")
    };
    ROSTERS.iter().map(|(month, names)| snapshot(&file(names), month)).collect()
}

const LOGONS: &str = "date,user,pc,activity
01/10/2026 09:00:00,u1,PC-1,Logon
02/14/2026 09:00:00,u2,PC-1,Logon
02/14/2026 09:30:00,u6,PC-1,Logon
03/20/2026 09:00:00,u2,PC-1,Logon
03/15/2026 10:00:00,u3,PC-2,Logon
04/02/2026 10:00:00,u3,PC-2,Logoff
04/15/2026 08:00:00,u4,PC-3,Logon
";

fn leavers(reading: Option<&str>, schema_reading: Option<&str>) -> Result<Census, Error> {
    let work = tempfile::tempdir().unwrap();
    let found = library::find("leavers-against-logons").unwrap();
    let schema = found.schema("roster.toml").unwrap();
    let schema = match schema_reading {
        Some(reading) => {
            schema.replace("[speaks_for]", &format!("[speaks_for]\nreading = \"{reading}\""))
        }
        None => schema.to_owned(),
    };
    let populations = BTreeMap::from([
        ("rosters".to_owned(), keep(&schema, roster_sources(), &work.path().join("r"))),
        (
            "logons".to_owned(),
            keep(
                found.schema("logons.toml").unwrap(),
                vec![source(LOGONS)],
                &work.path().join("l"),
            ),
        ),
    ]);
    let mut given = vec![("period_from", "2026-02-01"), ("period_to", "2026-04-30")];
    given.extend(reading.map(|reading| ("roster_reading", reading)));
    run_library("leavers-against-logons", populations, &given, work.path())
}

#[test]
fn the_leavers_test_asks_what_date_a_roster_speaks_for() {
    let asked = leavers(None, None).unwrap_err().to_string();
    assert!(asked.contains("What date does a staff roster speak for"), "{asked}");
    assert!(asked.contains("start-of-month, end-of-month"), "{asked}");
    assert!(leavers(Some("whenever"), None).unwrap_err().to_string().contains("is none of"));
    assert_eq!(
        leavers(None, Some("end-of-month")).unwrap().parameters["roster_reading"],
        "end-of-month"
    );
    let quarrel = leavers(Some("start-of-month"), Some("end-of-month")).unwrap_err().to_string();
    assert!(quarrel.contains("Settle which is right"), "{quarrel}");
}

/// u2 and u6 leave in February; u2 is back in March, u6 in April. u3 leaves in March, u4 in April.
/// Nobody is called a leaver in January, which is only the opening roster.
#[test]
fn the_reading_of_the_roster_decides_who_used_access_after_leaving() {
    let end = leavers(Some("end-of-month"), None).unwrap();
    let found = cells(&end);
    let units: Vec<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(units, ["u2 2026-02", "u3 2026-03", "u4 2026-04", "u6 2026-02"]);
    assert_eq!(found["u2 2026-02"].0, UnitResult::Unmatched);
    assert!(found["u2 2026-02"].1.contains("on a later roster again"));
    assert_eq!(found["u3 2026-03"].0, UnitResult::Exception);
    assert_eq!(found["u4 2026-04"].0, UnitResult::Unmatched);
    assert!(found["u4 2026-04"].1.contains("list of logons ends before"));
    assert_eq!(found["u6 2026-02"].0, UnitResult::Pass);

    let start = leavers(Some("start-of-month"), None).unwrap();
    let found = cells(&start);
    assert_eq!(found["u2 2026-02"].0, UnitResult::Unmatched);
    for unit in ["u3 2026-03", "u4 2026-04", "u6 2026-02"] {
        assert_eq!(found[unit].0, UnitResult::Exception, "{unit}");
    }
    let u6 = start.rows.iter().find(|row| row.unit == "u6 2026-02").unwrap();
    assert_eq!(
        (&u6.detail["events_after"], &u6.detail["first_after"]),
        (&1.into(), &"2026-02-14T14:30:00Z".into())
    );
    // The populations are the same whichever way the rosters are read.
    assert_eq!(start.populations, end.populations);
}

/// The same from files on disk, as the command line does it.
#[test]
fn a_test_file_with_its_own_paths_is_run_from_its_directory() {
    let work = tempfile::tempdir().unwrap();
    let found = library::find("leavers-against-logons").unwrap();
    let write = |name: &str, text: &str| std::fs::write(work.path().join(name), text).unwrap();
    for (name, text) in found.schemas {
        write(name, text);
    }
    write("logon.csv", LOGONS);
    let mut files = Vec::new();
    for ((month, _), mut roster) in ROSTERS.iter().zip(roster_sources()) {
        let mut text = String::new();
        roster.reader.read_to_string(&mut text).unwrap();
        write(&format!("{month}.csv"), &text);
        files.push(format!("{{ path = \"{month}.csv\", speaks_for = \"{month}\" }}"));
    }
    let text = found
        .test
        .replace(
            "schema = \"roster.toml\"",
            &format!("schema = \"roster.toml\"\nfiles = [{}]", files.join(", ")),
        )
        .replace("schema = \"logons.toml\"", "schema = \"logons.toml\"\nfile = \"logon.csv\"")
        .replace(
            "[parameters.roster_reading]",
            "[parameters.roster_reading]\nvalue = \"end-of-month\"",
        )
        .replace("[parameters.period_from]", "[parameters.period_from]\nvalue = \"2026-02-01\"")
        .replace("[parameters.period_to]", "[parameters.period_to]\nvalue = 2026-04-30");
    write("TEST.toml", &text);
    let none = (BTreeMap::new(), BTreeMap::new());
    let how = TestRun { bindings: &none.0, values: &none.1, now: now(), out: None, watch: &() };
    let census =
        test_files(&TestSource::file(&work.path().join("TEST.toml")).unwrap(), &how).unwrap();
    assert_eq!((census.population, census.exceptions, census.unmatched), (4, 1, 2));

    // The library's own text with the files bound on the command line.
    let at = |name: &str| work.path().join(name).display().to_string();
    let months: Vec<String> = ROSTERS
        .iter()
        .map(|(month, _)| format!("{}@{month}", at(&format!("{month}.csv"))))
        .collect();
    let bindings = BTreeMap::from([
        parse_binding(&format!("rosters={}", months.join(","))).unwrap(),
        parse_binding(&format!("logons={}", at("logon.csv"))).unwrap(),
    ]);
    let given = values(&[
        ("roster_reading", "end-of-month"),
        ("period_from", "2026-02-01"),
        ("period_to", "2026-04-30"),
    ]);
    let how = TestRun { bindings: &bindings, values: &given, ..how };
    let again = test_files(&TestSource::library("leavers-against-logons").unwrap(), &how).unwrap();
    assert_eq!(again.result_sha256, census.result_sha256);

    let missing = BTreeMap::from([parse_binding(&format!("logons={}", at("logon.csv"))).unwrap()]);
    let how = TestRun { bindings: &missing, ..how };
    let error = test_files(&TestSource::library("leavers-against-logons").unwrap(), &how)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the population rosters is not given. One staff roster a month"),
        "{error}"
    );
    assert!(matches!(parse_binding("rosters").unwrap_err(), Error::Test(_)));
    assert!(matches!(
        parse_binding(&format!("r={}", work.path().display())).unwrap().1,
        Binding::Frozen(_)
    ));
}
