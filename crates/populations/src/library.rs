//! Tests that come with the product, with the schemas of the populations they read. They name no
//! files: those are bound when a test is run.
//!
//! One folder for each test: `TEST.toml`, and in `fixture/` a small population of each kind with what
//! must come out for every unit. Schemas stand in `schemas/`, so that one frozen population serves
//! every test that reads its kind; the three tests of foreign records have their own beside them.

/// A test of the library.
#[derive(Debug, Clone, Copy)]
pub struct LibraryTest {
    /// Its name on the command line.
    pub id: &'static str,
    /// The text of its `TEST.toml`.
    pub test: &'static str,
    /// The texts of the schemas it names, by file name.
    pub schemas: &'static [(&'static str, &'static str)],
}

impl LibraryTest {
    /// The text of the schema with this file name.
    pub fn schema(&self, file: &str) -> Option<&'static str> {
        self.schemas.iter().find(|(name, _)| *name == file).map(|(_, text)| *text)
    }
}

macro_rules! library_test {
    ($id:literal, $($schema:literal),+) => {
        LibraryTest {
            id: $id,
            test: include_str!(concat!("../library/", $id, "/TEST.toml")),
            schemas: &[$((
                concat!($schema, ".toml"),
                include_str!(concat!("../library/schemas/", $schema, ".toml")),
            )),+],
        }
    };
}

/// Every test of the library: first those over populations of the common schemas, by number.
#[rustfmt::skip]
pub const TESTS: &[LibraryTest] = &[
    library_test!("leaver-access-removed", "workers", "systems", "accounts", "aliases"),
    library_test!("leaver-sign-ins", "workers", "signins", "aliases"),
    library_test!("accounts-belong-to-workers", "accounts", "workers", "externals", "aliases"),
    library_test!("access-approved-before-grant", "grants", "requests"),
    library_test!("movers-lose-old-rights", "movers", "role_rights", "rights_held"),
    library_test!("access-reviews-complete", "reviews_of_access", "accounts_reviewed", "review_decisions"),
    library_test!("second-factor-on-accounts", "accounts", "break_glass"),
    library_test!("administrators-approved", "accounts", "approved_admins"),
    library_test!("keys-rotated", "access_keys"),
    library_test!("dormant-accounts", "accounts"),
    library_test!("changes-reviewed", "pulls", "pull_commits", "reviews"),
    library_test!("checks-passed", "pulls", "required_checks", "check_runs"),
    library_test!("changes-have-tickets", "pulls", "tickets"),
    library_test!("deployments-from-changes", "deployments", "deploy_commits", "merged_commits"),
    library_test!("bypasses-reviewed", "bypasses", "bypass_reviews"),
    library_test!("emergency-changes-approved", "emergency_changes"),
    library_test!("author-does-not-deploy", "deployments", "deploy_commits"),
    library_test!("screening-before-access", "workers", "screenings", "first_access"),
    library_test!("documents-accepted", "workers", "documents", "acknowledgements"),
    library_test!("training-completed", "workers", "trainings"),
    library_test!("incident-clocks", "incidents", "clock_targets"),
    library_test!("root-cause-of-severe-incidents", "incidents"),
    library_test!("reports-answered", "reports", "case_numbers"),
    library_test!("outages-have-incidents", "outages", "incidents"),
    library_test!("vulnerabilities-fixed", "vulnerabilities", "day_targets"),
    library_test!("scans-every-month", "scan_scopes", "scan_runs"),
    library_test!("backups-every-day", "stores", "backup_jobs"),
    library_test!("restores-every-quarter", "stores", "restore_tests"),
    library_test!("devices-managed", "workers", "devices"),
    library_test!("vendors-reviewed", "vendors"),
    library_test!("data-deleted-on-exit", "exits"),
    library_test!("subject-requests-answered", "subject_requests"),
    library_test!("periodic-controls-occurred", "expected_periods", "occurrences"),
    library_test!("duties-separated", "role_grants", "conflicts", "conflict_approvals"),
    library_test!("availability-kept", "objectives", "outages", "maintenance"),
    LibraryTest {
        id: "leavers-against-logons",
        test: include_str!("../library/leavers-against-logons/TEST.toml"),
        schemas: &[
            ("roster.toml", include_str!("../library/leavers-against-logons/roster.toml")),
            ("logons.toml", include_str!("../library/leavers-against-logons/logons.toml")),
        ],
    },
    LibraryTest {
        id: "changes-second-person",
        test: include_str!("../library/changes-second-person/TEST.toml"),
        schemas: &[("changes.toml", include_str!("../library/changes-second-person/changes.toml"))],
    },
    LibraryTest {
        id: "cases-kept-their-times",
        test: include_str!("../library/cases-kept-their-times/TEST.toml"),
        schemas: &[("cases.toml", include_str!("../library/cases-kept-their-times/cases.toml"))],
    },
];

/// The test of this name.
pub fn find(id: &str) -> Option<&'static LibraryTest> {
    TESTS.iter().find(|test| test.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::census::parse_test;

    #[test]
    fn every_test_can_be_read_and_names_schemas_that_are_there() {
        for library in TESTS {
            let test = parse_test(library.test).unwrap_or_else(|e| panic!("{}: {e}", library.id));
            let mut named = std::collections::BTreeSet::new();
            for (alias, population) in &test.populations {
                let name = population.schema.as_deref().unwrap();
                let text = library.schema(name).unwrap_or_else(|| panic!("{alias}: {name}"));
                crate::schema::parse(text).unwrap_or_else(|e| panic!("{name}: {e}"));
                named.insert(name);
            }
            assert_eq!(named.len(), library.schemas.len(), "{}", library.id);
            assert!(test.parameters.values().all(|parameter| parameter.value.is_none()));
            assert!(!test.criteria.is_empty(), "{} names no criterion", library.id);
            assert!(!test.controls.is_empty(), "{} names no control", library.id);
        }
    }

    #[test]
    fn the_numbered_tests_are_thirty_five_each_once() {
        let numbers: Vec<String> =
            TESTS.iter().filter_map(|library| parse_test(library.test).unwrap().number).collect();
        let expected: Vec<String> = (1..=35).map(|n| format!("T{n}")).collect();
        assert_eq!(numbers, expected);
    }
}
