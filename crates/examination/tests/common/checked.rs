//! What a person records of a list's completeness and accuracy, as the command line reads it.

use super::*;

impl World {
    /// Records the checks that people do, and accepts the population.
    pub(crate) fn relied_on(&self, t: &TestDb, name: &str, frozen: &Answer) {
        let rows = frozen.json["rows"].as_u64().unwrap();
        let path = checked(&t.folder.path().join("checks.toml"), rows);
        if name == "Rosters" {
            without_the_second(&path);
        }
        let accept = "Counted against the mirror.";
        self.examine(&["checks", "--population", name, "--checks", &path, "--accept", accept]);
    }

    /// The same for the capture of [`World::census`].
    pub(crate) fn capture_relied_on(&self, t: &TestDb) {
        let path = checked(&t.folder.path().join("checks.toml"), 8);
        without_the_second(&path);
        let accept = "Counted against the mirror.";
        self.examine(&["checks", "--population", "Leavers", "--checks", &path, "--accept", accept]);
    }
}

/// Takes the answer to the second check away: nobody asks of a capture what period it was asked for.
fn without_the_second(path: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    let second = "[[answers]]\ncheck = 2\noutcome = \"pass\"\ndetail = \"Ten of ten.\"\n";
    assert!(text.contains(second));
    std::fs::write(path, text.replace(second, "")).unwrap();
}

/// Writes what a person records of a list's completeness and accuracy; gives the path.
pub(crate) fn checked(path: &std::path::Path, rows: u64) -> String {
    let mut text = format!(
        r#"[retrieval]
system = "The source"
generator = "export"
query = "Everything, without a filter"
made_by = "Mei Tanaka"
made_at = "2026-01-01T08:00:00Z"
observed = true
operates_control = false

[reconciliation]
source = "the mirror"
opening = {rows}
additions = 0
removals = 0
returns = 0
"#
    );
    for check in [1, 2, 8, 9] {
        text.push_str(&format!(
            "[[answers]]\ncheck = {check}\noutcome = \"pass\"\ndetail = \"Ten of ten.\"\n"
        ));
    }
    std::fs::write(path, text).unwrap();
    path.to_string_lossy().into_owned()
}

pub(crate) const SCHEMA: &str = r#"
name = "changes"
kind = "event population"
zone = "Europe/London"
key = ["change_id"]
dated_by = "merged_at"
[[columns]]
name = "change_id"
type = "text"
[[columns]]
name = "merged_at"
type = "timestamp"
required = true
[[columns]]
name = "approved"
type = "text"
"#;

pub(crate) const TEST: &str = r#"
name = "Every change was approved"
[populations.changes]
schema = "changes.toml"
[units]
sql = "SELECT change_id AS unit FROM changes"
[test]
sql = """
SELECT change_id AS unit,
       CASE WHEN approved = 'yes' THEN 'pass' WHEN approved = 'no' THEN 'exception' ELSE 'unmatched' END AS result,
       CASE WHEN approved = 'yes' THEN NULL WHEN approved = 'no' THEN 'not approved' ELSE 'no record' END AS reason
FROM changes
"""
"#;
