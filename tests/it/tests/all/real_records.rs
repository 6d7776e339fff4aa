//! The documented sequence from real records to a report that anybody can verify.

use super::command_line::{json, program, run};
use std::path::Path;
use std::process::Command;

/// The folder of real records, if the environment names one.
pub fn records() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one setting of the tests on real records")]
    let real = std::env::var("TICKMARK_REAL_DATA").ok();
    if real.is_none() {
        eprintln!("left out: TICKMARK_REAL_DATA names no folder of real records");
    }
    real
}

/// Verification of a file with one byte of it changed.
fn verified_with_a_byte_changed(file: &Path, at: usize) -> bool {
    let mut bytes = std::fs::read(file).unwrap();
    bytes[at] ^= 1;
    let changed =
        file.with_file_name(format!("changed-{}", file.file_name().unwrap().to_string_lossy()));
    std::fs::write(&changed, bytes).unwrap();
    run(&["verify", changed.to_str().unwrap()]).status.code() == Some(0)
}

#[test]
fn from_real_records_to_a_report_that_anybody_can_verify() {
    let Some(records) = records() else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/real-records/run.sh");
    let ran = Command::new("bash")
        .args([script, &records, out.to_str().unwrap()])
        .env("TICKMARK", program())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));

    // The figures of the three tests, and what is said of them.
    for line in [
        "10383 rows: 10383 recorded, 0 refused",
        "Froze 161362 rows as Logons",
        "34 items: 21 pass, 0 exceptions, 13 unmatched, 0 excluded",
        "2036 items: 0 pass, 1 exceptions, 2035 unmatched, 0 excluded",
        "1500 items: 737 pass, 763 exceptions, 0 unmatched, 0 excluded",
        "Proposed opinion: disclaimer",
        "Issued: ",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(said.matches("Verified: ").count(), 3, "{said}");

    // Each stands on its own, away from the others.
    let alone = tempfile::tempdir().unwrap();
    for name in ["package.zip", "report.pdf"] {
        let copy = alone.path().join(name);
        std::fs::copy(out.join(name), &copy).unwrap();
        let (code, report) = json(&["verify", copy.to_str().unwrap()]);
        assert_eq!(code, 0, "{name}: {report:#.800}");
        let length = std::fs::metadata(&copy).unwrap().len();
        let middle = usize::try_from(length / 2).unwrap();
        assert!(!verified_with_a_byte_changed(&copy, middle), "{name}");
    }

    // Running the import again changes nothing; the file of the engagement neither.
    let data = out.join("data");
    let data = data.to_str().unwrap();
    let engagement =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/real-records/engagement.toml");
    let (_, loaded) = json(&["engagement", "load", engagement, "--data", data]);
    assert_eq!(loaded["added"], 0, "{loaded}");
    let (code, verified) = json(&["verify", data]);
    assert_eq!(code, 0, "{verified:#.800}");
}

#[test]
fn an_engagement_file_with_a_mistake_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let admin = "admin@example.com";
    json(&["init", "--data", data, "--organization", "Example Ltd", "--admin", admin]);
    let good = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../examples/real-records/engagement.toml"
    ))
    .unwrap();
    let file = folder.path().join("engagement.toml");
    for (wrong, right, says) in [
        ("commitments = [\"SC-01\"]", "commitments = [\"SC-77\"]", "There is no commitment SC-77."),
        ("code = \"CHG-02\"", "code = \"OWN-01\"", "OWN-01 is not in the catalogue"),
        ("to = \"2025-12-31\"", "to = \"2009-12-31\"", "period"),
        ("type = \"type2\"", "type = \"type3\"", "type3"),
        ("owner = \"lead@example.com\"", "owner = \"x@example.com\"", "Nobody has the address"),
        ("roles = [\"partner\"]", "roles = [\"compliance_lead\"]", "role"),
    ] {
        assert!(good.contains(wrong), "{wrong}");
        std::fs::write(&file, good.replace(wrong, right)).unwrap();
        let out = run(&["engagement", "load", file.to_str().unwrap(), "--data", data]);
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(2), "{right}: {said}");
        assert!(said.contains(says), "{right}: {said}");
    }
    std::fs::write(&file, good).unwrap();
    let (_, first) = json(&["engagement", "load", file.to_str().unwrap(), "--data", data]);
    assert_eq!(first["kept"], 0, "nothing of the refused files stayed: {first}");
    let (_, again) = json(&["engagement", "load", file.to_str().unwrap(), "--data", data]);
    assert_eq!((&again["added"], &again["engagement"]), (&0.into(), &first["engagement"]));
}
