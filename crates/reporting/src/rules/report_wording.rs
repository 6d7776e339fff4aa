//! The words of the report that are ours: Section I, the assertion, the introduction to Section IV, and the
//! sentences of tests and results.
//!
//! Every sentence here is our own. A firm that holds a licence for the profession's illustrative wording
//! replaces any element with its own text through [`FirmWording`]; this file never contains it. Terms of
//! art (reasonable assurance, suitably designed, operated effectively, in all material respects) are used
//! as the profession uses them.
//!
//! The functions are pure: facts in, paragraphs out. They cover the elements of the practitioner's report
//! in AT-C section 205 and those that an examination under DC section 200 adds.
//!
//! | file | holds |
//! |---|---|
//! | `frame.rs` | scope, responsibilities, limits, restricted use |
//! | `opinion.rs` | basis and opinion in all four kinds, prong by prong |
//! | `assertion.rs` | Section II |
//! | `sentences.rs` | Section IV: introduction, procedures, results |

mod assertion;
mod frame;
mod opinion;
mod sentences;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use assertion::assertion;
pub use sentences::{
    Selection, exception, no_exception, not_operated, procedure, testing_introduction,
};

use crate::report_document::{
    AuditorsReport, Block, Description, Element, Opinion, Prose, ReportFacts, ReportKind,
    ReportPart, Run, Signature, SubserviceMethod,
};

/// A firm's own wording by element. In its text `{organization}`, `{short}`, `{system}`, `{when}`,
/// `{categories}` and `{firm}` are replaced by the report's facts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FirmWording(pub BTreeMap<Element, Vec<Block>>);

/// What Section I is worded from.
#[derive(Clone, Copy, Debug)]
pub struct WordingInput<'a> {
    /// Who, what, when.
    pub facts: &'a ReportFacts,
    /// The description, for its complementary controls and subservice organisations.
    pub description: &'a Description,
    /// Whether there is a Section V.
    pub other_information: bool,
    /// What was concluded.
    pub opinion: &'a Opinion,
    /// The signature; `None` in a draft.
    pub signature: Option<&'a Signature>,
}

/// Words Section I.
#[must_use]
pub fn auditors_report(input: &WordingInput<'_>, firm: &FirmWording) -> AuditorsReport {
    let words = Words::new(input.facts, input.description);
    let mut parts = frame::opening(input, &words);
    parts.extend(opinion::basis(input, &words));
    parts.push(opinion::opinion(input, &words));
    parts.push(frame::restricted_use(&words));
    AuditorsReport {
        title: "Independent service auditor’s report".into(),
        addressee: format!("To the management of {}", input.facts.organization.name),
        parts: with_firm_wording(parts, firm, &words),
        opinion: input.opinion.clone(),
        signature: input.signature.cloned(),
    }
}

/// Puts a firm's text in place of ours. An element with several parts (one for each subservice
/// organisation) is replaced once, at the first.
fn with_firm_wording(
    parts: Vec<ReportPart>,
    firm: &FirmWording,
    words: &Words<'_>,
) -> Vec<ReportPart> {
    let mut out: Vec<ReportPart> = Vec::with_capacity(parts.len());
    for part in parts {
        match firm.0.get(&part.element) {
            None => out.push(part),
            Some(_) if out.last().is_some_and(|last| last.element == part.element) => {}
            Some(blocks) => {
                let blocks = blocks.iter().map(|block| words.fill_block(block)).collect();
                out.push(ReportPart { blocks, ..part });
            }
        }
    }
    out
}

/// The facts as words, and the conditions the wording turns on.
pub(crate) struct Words<'a> {
    facts: &'a ReportFacts,
    subservice_organizations: &'static str,
    judgment: &'static str,
    /// `throughout the period July 1, 2025 to June 30, 2026` or `as of June 30, 2026`.
    when: String,
    /// `throughout the period` or `as of that date`.
    when_again: &'static str,
    categories: String,
    type_2: bool,
    has_cuecs: bool,
    has_csocs: bool,
}

impl<'a> Words<'a> {
    pub(crate) fn new(facts: &'a ReportFacts, description: &Description) -> Self {
        let spelling = facts.spelling;
        let (when, when_again) = match facts.kind {
            ReportKind::Type1 { on } => (format!("as of {}", spelling.date(on)), "as of that date"),
            ReportKind::Type2 { from, to } => (
                format!("throughout the period {} to {}", spelling.date(from), spelling.date(to)),
                "throughout the period",
            ),
        };
        Self {
            facts,
            subservice_organizations: spelling
                .word("subservice organisations", "subservice organizations"),
            judgment: spelling.word("judgement", "judgment"),
            when,
            when_again,
            categories: categories(facts),
            type_2: facts.kind.is_type_2(),
            has_cuecs: !description.cuecs.is_empty(),
            has_csocs: description
                .subservices
                .iter()
                .any(|s| s.method == SubserviceMethod::CarveOut && !s.csocs.is_empty()),
        }
    }

    fn short(&self) -> &str {
        &self.facts.organization.short_name
    }

    /// `user entities`, `subservice organizations`, both, or nothing.
    fn complementary_parties(&self) -> Option<String> {
        match (self.has_cuecs, self.has_csocs) {
            (false, false) => None,
            (true, false) => Some("user entities".into()),
            (false, true) => Some(format!("the {}", self.subservice_organizations)),
            (true, true) => {
                Some(format!("user entities and the {}", self.subservice_organizations))
            }
        }
    }

    /// What the whole examination is about: the promise and the yardstick.
    fn assurance(&self, verb: &str) -> String {
        format!(
            "reasonable assurance that {} {verb} its principal service commitments and system \
             requirements, measured by the applicable criteria",
            self.short()
        )
    }

    fn fill_block(&self, block: &Block) -> Block {
        let fill = |prose: &Prose| {
            Prose(
                prose
                    .0
                    .iter()
                    .map(|run| match run {
                        Run::Text(text) => Run::Text(self.fill(text)),
                        figure @ Run::Figure { .. } => figure.clone(),
                    })
                    .collect(),
            )
        };
        match block {
            Block::Paragraph(prose) => Block::Paragraph(fill(prose)),
            Block::List(items) => Block::List(items.iter().map(fill).collect()),
            Block::Lettered(items) => Block::Lettered(items.iter().map(fill).collect()),
        }
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{organization}", &self.facts.organization.name)
            .replace("{short}", self.short())
            .replace("{system}", &self.facts.system.name)
            .replace("{when}", &self.when)
            .replace("{categories}", &self.categories)
            .replace("{firm}", &self.facts.firm.name)
    }
}

/// The categories as they stand in a sentence: `security, availability and confidentiality`.
pub(crate) fn categories(facts: &ReportFacts) -> String {
    let names: Vec<String> =
        facts.categories.iter().map(|category| category.name().to_lowercase()).collect();
    list(names.iter().map(String::as_str))
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn list<'a>(items: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<&str> = items.collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn part(element: Element, heading: &str, blocks: Vec<Block>) -> ReportPart {
    ReportPart { element, heading: (!heading.is_empty()).then(|| heading.to_owned()), blocks }
}

fn items<const N: usize>(texts: [String; N]) -> Vec<Prose> {
    texts.into_iter().map(Prose::from).collect()
}

#[cfg(test)]
mod tests;
