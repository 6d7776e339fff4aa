//! Wording of the description: what cannot be measured, and what is not yet so.

use super::print_line;
use crate::model::Section;
use controls::rules::wording::{find_phrase, words};
use scope::catalogue::DescriptionCriterionId;
use serde::Serialize;

/// Praise that no examination can confirm.
const SUPERLATIVES: [&str; 20] = [
    "world class",
    "world-class",
    "best in breed",
    "best-in-breed",
    "best in class",
    "best-in-class",
    "industry leading",
    "industry-leading",
    "leading",
    "state of the art",
    "state-of-the-art",
    "cutting edge",
    "cutting-edge",
    "unparalleled",
    "unmatched",
    "military grade",
    "military-grade",
    "bank grade",
    "bank-grade",
    "robust",
];

/// Words that speak of what is not yet in place.
const FUTURE: [&str; 6] =
    ["will", "plans to", "intends to", "going to", "is planned", "are planned"];

/// A remark on the words of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The section.
    pub criterion: DescriptionCriterionId,
    /// The words.
    pub words: String,
    /// What is wrong with them.
    pub message: String,
}

/// Remarks on the words of every section, in order.
#[must_use]
pub fn remarks(sections: &[Section]) -> Vec<Remark> {
    let mut out = Vec::new();
    for section in sections {
        let entries: Vec<String> = section.body.entries.iter().map(print_line).collect();
        let text = format!("{}\n{}", section.body.text, entries.join("\n")).to_lowercase();
        let spoken = words(&text);
        let mut said = |phrase: &str, why: &str| {
            if find_phrase(&spoken, phrase).next().is_some() {
                out.push(Remark {
                    criterion: section.criterion,
                    words: phrase.to_owned(),
                    message: format!("\u{201c}{phrase}\u{201d} {why}"),
                });
            }
        };
        for phrase in SUPERLATIVES {
            said(phrase, "cannot be measured. Say what is so.");
        }
        for phrase in FUTURE {
            said(phrase, "speaks of the future. A description says what was in place.");
        }
    }
    out
}
