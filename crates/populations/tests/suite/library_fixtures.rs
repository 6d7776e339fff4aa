//! Every test of the library on its fixture: what came out for each unit against what must come out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use populations::census::{CensusOptions, UnitResult, parse_test, run};
use populations::library::{self, LibraryTest};

use crate::support::*;

/// Tests whose populations are snapshots of several dates have tests of their own.
const ELSEWHERE: [&str; 1] = ["leavers-against-logons"];

fn folder(library: &LibraryTest) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("library").join(library.id).join("fixture")
}

fn read(library: &LibraryTest, name: &str) -> String {
    let path = folder(library).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Units with their result and a part of the reason, as the file of expectations says.
fn expected(library: &LibraryTest) -> BTreeMap<String, (UnitResult, String)> {
    let text = read(library, "expected.csv");
    let mut out = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [unit, result, reason] = fields[..] else { panic!("{}: {line}", library.id) };
        let result = match result {
            "pass" => UnitResult::Pass,
            "exception" => UnitResult::Exception,
            "unmatched" => UnitResult::Unmatched,
            "excluded" => UnitResult::Excluded,
            other => panic!("{}: {other}", library.id),
        };
        assert!(out.insert(unit.to_owned(), (result, reason.to_owned())).is_none(), "{line}");
    }
    out
}

fn differences(library: &LibraryTest) -> Vec<String> {
    let work = tempfile::tempdir().unwrap();
    let test = parse_test(library.test).unwrap();
    let mut populations = BTreeMap::new();
    for (alias, declared) in &test.populations {
        let schema = library.schema(declared.schema.as_deref().unwrap()).unwrap();
        let rows = read(library, &format!("{alias}.csv"));
        let frozen = keep(schema, vec![source(rows)], &work.path().join(alias));
        assert_eq!(frozen.record.refused.count, 0, "{}: {:?}", library.id, frozen.record.refused);
        populations.insert(alias.clone(), frozen);
    }
    let given: BTreeMap<String, String> = toml::from_str(&read(library, "values.toml")).unwrap();
    let census = match run(&test, &populations, &given, &CensusOptions::with_spill(work.path())) {
        Ok(census) => census,
        Err(error) => return vec![format!("{}: {error}", library.id)],
    };
    let mut out = Vec::new();
    let total = census.pass + census.exceptions + census.unmatched + census.excluded;
    if total != census.population {
        out.push(format!("{}: {total} of {}", library.id, census.population));
    }
    let mut expected = expected(library);
    for row in &census.rows {
        let reason = row.reason.clone().unwrap_or_default();
        match expected.remove(&row.unit) {
            Some((result, part)) if result == row.result && reason.contains(&part) => {}
            Some((result, part)) => out.push(format!(
                "{}: {} is {:?} ({reason}), expected {result:?} ({part})",
                library.id, row.unit, row.result
            )),
            None => out.push(format!("{}: {} was not expected", library.id, row.unit)),
        }
    }
    out.extend(expected.keys().map(|unit| format!("{}: {unit} did not come out", library.id)));
    out
}

#[test]
fn every_library_test_gives_what_its_fixture_expects() {
    let mut wrong = Vec::new();
    for library in library::TESTS.iter().filter(|t| !ELSEWHERE.contains(&t.id)) {
        wrong.extend(differences(library));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Each kind of outcome that a test can give is shown by its fixture, so that no branch is only read.
#[test]
fn every_fixture_shows_passes_and_exceptions() {
    for library in library::TESTS.iter().filter(|t| !ELSEWHERE.contains(&t.id)) {
        let found = expected(library);
        for wanted in [UnitResult::Pass, UnitResult::Exception] {
            assert!(found.values().any(|(result, _)| *result == wanted), "{}", library.id);
        }
        for wanted in ["'unmatched'", "'excluded'"] {
            if library.test.contains(wanted) {
                let result = if wanted == "'unmatched'" {
                    UnitResult::Unmatched
                } else {
                    UnitResult::Excluded
                };
                assert!(found.values().any(|(r, _)| *r == result), "{}: {wanted}", library.id);
            }
        }
    }
}

/// The zone of a run takes the place of the test's own, and is recorded with it.
#[test]
fn a_run_may_name_its_zone() {
    let library = library::find("data-deleted-on-exit").unwrap();
    let work = tempfile::tempdir().unwrap();
    let test = parse_test(library.test).unwrap();
    let rows = read(library, "exits.csv");
    let exits = keep(library.schema("exits.toml").unwrap(), vec![source(rows)], work.path());
    let populations = BTreeMap::from([("exits".to_owned(), exits)]);
    let of = |zone: &str| {
        let given = values(&[("as_of", "2026-06-30"), ("zone", zone)]);
        run(&test, &populations, &given, &CensusOptions::with_spill(work.path()))
    };
    let (west, east) = (of("America/New_York").unwrap(), of("Europe/London").unwrap());
    assert_eq!((west.pass, west.exceptions), (1, 2));
    assert_eq!((east.pass, east.exceptions), (0, 3));
    assert_eq!(east.parameters["zone"], "Europe/London");
    assert_ne!(west.result_sha256, east.result_sha256);
    assert!(of("Mars/Olympus").is_err());
}
