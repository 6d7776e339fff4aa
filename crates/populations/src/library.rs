//! Tests that come with the product, with the schemas of the populations they read. They name no
//! files: those are bound when a test is run.

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

/// Every test of the library.
pub const TESTS: &[LibraryTest] = &[
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
        id: "leaver-access-removed",
        test: include_str!("../library/leaver-access-removed/TEST.toml"),
        schemas: &[
            ("leavers.toml", include_str!("../library/leaver-access-removed/leavers.toml")),
            ("systems.toml", include_str!("../library/leaver-access-removed/systems.toml")),
            ("accounts.toml", include_str!("../library/leaver-access-removed/accounts.toml")),
        ],
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

    #[test]
    fn every_test_can_be_read_and_names_schemas_that_are_there() {
        for library in TESTS {
            let test = crate::census::parse_test(library.test).unwrap();
            for (alias, population) in &test.populations {
                let name = population.schema.as_deref().unwrap();
                let text = library.schema(name).unwrap_or_else(|| panic!("{alias}: {name}"));
                crate::schema::parse(text).unwrap();
            }
            assert_eq!(test.populations.len(), library.schemas.len());
            assert!(test.parameters.values().all(|parameter| parameter.value.is_none()));
        }
    }
}
