//! Small populations of our own, and short ways to freeze and test them.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use populations::census::{Census, CensusOptions, parse_test, run};
use populations::{
    Error, FreezeOptions, Frozen, FrozenDir, Schema, SourceFile, freeze, frozen, schema,
};

pub const CHANGES: &str = r#"
name = "changes"
kind = "event population"
zone = "America/New_York"
key = ["id"]
dated_by = "at"

[[columns]]
name = "id"
type = "text"

[[columns]]
name = "at"
source = "merged at"
type = "timestamp"
required = true

[[columns]]
name = "cost"
type = "decimal"
scale = 2

[[columns]]
name = "urgent"
type = "bool"
true = ["yes"]
false = ["no"]

[[columns]]
name = "note"
type = "text"
missing = ["", "?"]
"#;

pub const ROWS: &str = "id,merged at,cost,urgent,note
CHG-0001,2026-01-05T10:00:00-05:00,12.50,yes,first
CHG-0002,2026-02-06 11:30,3,no,?
CHG-0003,2026-03-07T12:00:00Z,,no,\"third, with a comma\"
";

pub fn now() -> Timestamp {
    "2026-07-15T12:00:00Z".parse().unwrap()
}

pub fn source(text: impl Into<Vec<u8>>) -> SourceFile {
    let bytes: Vec<u8> = text.into();
    SourceFile {
        name: "list.csv".into(),
        reader: Box::new(std::io::Cursor::new(bytes)),
        speaks_for: None,
    }
}

pub fn snapshot(text: &str, speaks_for: &str) -> SourceFile {
    let date = schema::parse_snapshot_date(speaks_for).unwrap();
    SourceFile { name: format!("{speaks_for}.csv"), speaks_for: Some(date), ..source(text) }
}

pub fn changes() -> Schema {
    schema::parse(CHANGES).unwrap()
}

pub fn freeze_text(schema: &Schema, text: impl Into<Vec<u8>>) -> Result<Frozen, Error> {
    freeze(schema, vec![source(text)], &FreezeOptions::at(now()))
}

pub fn hash(text: &str) -> String {
    freeze_text(&changes(), text).unwrap().canonical_sha256
}

/// Freezes into a directory and opens it.
pub fn keep(schema: &str, sources: Vec<SourceFile>, out: &Path) -> FrozenDir {
    let schema = schema::parse(schema).unwrap();
    let options = FreezeOptions { out: Some(out), ..FreezeOptions::at(now()) };
    freeze(&schema, sources, &options).unwrap();
    frozen::open(out).unwrap()
}

/// Runs a test over the population `ROWS`, called `changes`.
pub fn census(test: &str) -> Result<Census, Error> {
    census_over(CHANGES, ROWS, test)
}

pub fn census_over(schema: &str, rows: &str, test: &str) -> Result<Census, Error> {
    let work = tempfile::tempdir().unwrap();
    let frozen = keep(schema, vec![source(rows)], &work.path().join("changes"));
    let populations = BTreeMap::from([("changes".to_owned(), frozen)]);
    let test = parse_test(test)?;
    run(&test, &populations, &BTreeMap::new(), &CensusOptions::with_spill(work.path()))
}

pub fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A test over `changes` whose second query is the given one.
pub fn test_of(sql: &str) -> String {
    format!(
        "name = \"t\"\nzone = \"America/New_York\"\n[populations.changes]\n[units]\nsql = \"SELECT id AS unit FROM changes\"\n[test]\nsql = '''{sql}'''\n"
    )
}
