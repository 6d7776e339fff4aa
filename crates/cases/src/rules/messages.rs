//! What can be said to a reporter to begin with, from the catalogue.

use crate::model::casework::MessagePurpose;
use serde::Deserialize;
use std::sync::LazyLock;

/// A text to begin with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Its code, also in addresses.
    pub code: String,
    /// What it is said for.
    pub purpose: MessagePurpose,
    /// The text.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Openings {
    message: Vec<Opening>,
}

const FILE: &str = include_str!("../../../../catalog/messages.toml");

/// The texts of the catalogue. A test reads the file that is compiled in, so it is never empty.
pub static ALL: LazyLock<Vec<Opening>> =
    LazyLock::new(|| toml::from_str::<Openings>(FILE).map(|o| o.message).unwrap_or_default());

/// A text with the case's number and title in their places.
#[must_use]
pub fn begin(opening: &Opening, number: &str, title: &str) -> String {
    // The title is put in last: what a reporter wrote is never read as a place.
    opening.text.trim().replace("{number}", number).replace("{title}", title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_has_a_text() {
        let all = toml::from_str::<Openings>(FILE).unwrap().message;
        assert_eq!(all.len(), ALL.len());
        // A receipt goes out by itself.
        for purpose in MessagePurpose::ALL.iter().filter(|p| **p != MessagePurpose::Receipt) {
            assert!(all.iter().any(|m| m.purpose == *purpose), "{purpose:?}");
        }
        for opening in &all {
            let text = begin(opening, "TM-1", "{number}");
            assert!(!text.contains("{title}") && text.contains("TM-1"), "{text}");
        }
    }
}
