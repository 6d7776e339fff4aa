//! Both databases have the same schema, and every table is known for what it is.

use platform::testing::TestDb;
use std::collections::BTreeSet;

/// Tables that are not projections of the log, each with the reason.
const OPERATIONAL: &[&str] = &["schema_migration", "session"];

#[test]
fn both_databases_report_the_same_schema() {
    let sqlite = TestDb::sqlite(tickmark::rooms::ROOMS);
    let ours = sqlite.db.read_blocking(|c| c.schema()).unwrap();
    assert!(ours.len() > 20);
    let Some(postgres) = TestDb::postgres(tickmark::rooms::ROOMS) else {
        eprintln!("PostgreSQL left out: {} names no server", platform::testing::POSTGRES);
        return;
    };
    let theirs = postgres.db.read_blocking(|c| c.schema()).unwrap();
    assert_eq!(ours, theirs);
}

#[test]
fn every_table_that_a_room_projects_exists() {
    let t = TestDb::sqlite(tickmark::rooms::ROOMS);
    let schema = t.db.read_blocking(|c| c.schema()).unwrap();
    for room in tickmark::rooms::ROOMS {
        for table in room.tables {
            assert!(
                schema.contains_key(*table),
                "{} projects {table}, which no migration makes",
                room.name
            );
        }
    }
    for table in OPERATIONAL {
        assert!(schema.contains_key(*table), "{table}");
    }
}

#[test]
fn every_kind_of_event_begins_with_its_room_and_says_what_it_means() {
    let mut seen = BTreeSet::new();
    for room in tickmark::rooms::ROOMS {
        for (kind, meaning) in room.kinds {
            assert!(kind.starts_with(&format!("{}.", room.name)), "{kind}");
            assert!(meaning.trim().len() > 10, "{kind} does not say what it means");
            assert!(seen.insert(*kind), "{kind} stands twice");
        }
    }
}
