//! Duties to notify and letters, from the catalogue; a letter filled from what is known of a case.
//!
//! A letter is a draft: a person completes what stands in brackets, and a person sends it.

use crate::model::casework::FactKind;
use crate::work::model::Recipient;
use kernel::target::Target;
use kernel::time::Timestamp;
use serde::Deserialize;
use std::sync::LazyLock;

/// A duty to notify that a case can raise.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Who is notified.
    pub to: Recipient,
    /// Where it is written.
    pub reference: String,
    /// The milestone at which the time begins.
    pub starts: FactKind,
    /// How much time it gives, where a time is stated.
    pub target: Option<Target>,
    /// The code of the letter to begin with.
    pub letter: String,
}

impl Regime {
    /// By when, from the time of the milestone; none where business days have to be counted.
    #[must_use]
    pub fn due(&self, start: Timestamp) -> Option<Timestamp> {
        let length = self.target.and_then(Target::length_us)?;
        Some(Timestamp(start.0.saturating_add(length)))
    }
}

/// A letter with places to fill.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its code, also in addresses.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// The text; `{name}` is a place.
    pub body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regimes {
    regime: Vec<Regime>,
}

const REGIMES: &str = include_str!("../../../../../catalog/notices.toml");
const TEMPLATES: [&str; 5] = [
    include_str!("../../../../../catalog/letters/supervisory-authority.toml"),
    include_str!("../../../../../catalog/letters/early-warning.toml"),
    include_str!("../../../../../catalog/letters/persons-concerned.toml"),
    include_str!("../../../../../catalog/letters/customers.toml"),
    include_str!("../../../../../catalog/letters/insurer.toml"),
];

/// The duties of the catalogue. The tests read the file that is compiled in, so it is never empty.
pub static ALL_REGIMES: LazyLock<Vec<Regime>> =
    LazyLock::new(|| toml::from_str::<Regimes>(REGIMES).map(|r| r.regime).unwrap_or_default());

/// The letters of the catalogue.
pub static ALL_TEMPLATES: LazyLock<Vec<Template>> =
    LazyLock::new(|| TEMPLATES.iter().filter_map(|text| toml::from_str(text).ok()).collect());

/// The duty of this code.
#[must_use]
pub fn regime(code: &str) -> Option<&'static Regime> {
    ALL_REGIMES.iter().find(|r| r.code == code)
}

/// The letter of this code.
#[must_use]
pub fn template(code: &str) -> Option<&'static Template> {
    ALL_TEMPLATES.iter().find(|t| t.code == code)
}

/// The places that a letter may have, and what is said where nothing is known yet.
pub const PLACES: [(&str, &str); 12] = [
    ("organisation", "[name of the organisation]"),
    ("today", "[date]"),
    ("number", "[reference]"),
    ("title", "[what happened, in a sentence]"),
    ("occurred", "[when it began]"),
    ("detected", "[when it was noticed]"),
    ("aware", "[when the organisation became aware]"),
    ("contained", "[not yet, or when]"),
    ("data", "[kinds of data]"),
    ("extent", "[how many people, customers, hours]"),
    ("cause", "[not known yet]"),
    ("measures", "[what was done and is planned]"),
];

/// Fills the places of a text. What a value holds is never read as a place, and a place for which
/// there is no value, or an empty one, says in brackets what belongs there.
#[must_use]
pub fn fill(body: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let place = from.find('}').and_then(|end| {
            let name = from.get(1..end)?;
            PLACES.iter().find(|(known, _)| *known == name).map(|place| (place, end + 1))
        });
        match place {
            Some(((name, unknown), end)) => {
                let value = value(name).filter(|v| !v.trim().is_empty());
                out.push_str(value.as_deref().unwrap_or(unknown));
                rest = from.get(end..).unwrap_or_default();
            }
            None => {
                out.push('{');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_catalogue_is_whole() {
        assert_eq!(ALL_TEMPLATES.len(), TEMPLATES.len(), "every letter parses");
        let regimes = toml::from_str::<Regimes>(REGIMES).unwrap().regime;
        assert_eq!(ALL_REGIMES.len(), regimes.len());
        assert!(regimes.len() >= 8);
        for regime in &regimes {
            assert!(template(&regime.letter).is_some(), "{}", regime.code);
            assert!(!regime.reference.is_empty() && !regime.name.is_empty());
            assert_eq!(regimes.iter().filter(|r| r.code == regime.code).count(), 1);
        }
        for letter in ALL_TEMPLATES.iter() {
            for place in letter.body.split('{').skip(1) {
                let name = place.split('}').next().unwrap();
                assert!(PLACES.iter().any(|(p, _)| *p == name), "{}: {name}", letter.code);
            }
        }
        let gdpr = regime("gdpr-33").unwrap();
        assert_eq!(gdpr.due(Timestamp(0)), Some(Timestamp(72 * 3_600_000_000)));
        assert_eq!(regime("contract").unwrap().due(Timestamp(0)), None);
    }

    #[test]
    fn a_value_is_never_read_as_a_place() {
        let text = fill("{title} / {cause} / {nobody}", |name| match name {
            "title" => Some("{cause}".into()),
            _ => Some(" ".into()),
        });
        assert_eq!(text, "{cause} / [not known yet] / {nobody}");
    }

    proptest! {
        /// Text without places is given back as it is; filling never panics and keeps what stands between.
        #[test]
        fn filling_keeps_the_text(body in "[^{]{0,60}", odd in "\\PC{0,60}", value in "\\PC{0,20}") {
            prop_assert_eq!(fill(&body, |_| None), body.clone());
            let _ = fill(&odd, |_| Some(value.clone()));
            let filled = fill(&format!("{body}{{title}}{body}"), |_| Some(format!("x{value}")));
            prop_assert_eq!(filled, format!("{body}x{value}{body}"));
        }
    }
}
