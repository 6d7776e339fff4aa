//! The description of the system, as management writes it: entries as lines, completeness by description
//! criterion, and wording.
//!
//! | file | holds |
//! |---|---|
//! | `lines.rs` | entries to and from lines of text, paragraphs to and from blocks |
//! | `wording.rs` | praise and plans |

mod lines;
mod wording;

pub use lines::{BadLine, blocks_of, line_form, parse_line, print_line, text_of};
pub use wording::{Remark, remarks};

use crate::model::{Section, SectionEntry};
use commitments::model::{Commitment, Requirement};
use controls::model::Control;
use scope::catalogue::{Catalogue, CriterionId, DescriptionCriterionId, ReportType};
use scope::model::{AssumedControl, Component, ComponentKind, Engagement, Subservice};
use serde::Serialize;
use std::collections::BTreeSet;

/// What the description is held against: the record of the other rooms.
#[derive(Debug, Clone)]
pub struct Registers {
    /// The engagement.
    pub engagement: Engagement,
    /// Principal commitments and others.
    pub commitments: Vec<Commitment>,
    /// What they require.
    pub requirements: Vec<Requirement>,
    /// The system's components.
    pub components: Vec<Component>,
    /// Controls in force.
    pub controls: Vec<Control>,
    /// Subservice organisations.
    pub subservices: Vec<Subservice>,
    /// Complementary controls of user entities.
    pub user_entity_controls: Vec<AssumedControl>,
    /// How many approved disclosures of incidents there are, or of that there were none.
    pub disclosed: usize,
    /// The numbers of critical incidents whose disclosure nobody has decided and approved.
    pub undecided: Vec<String>,
}

/// How complete one section is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// The criterion.
    pub criterion: DescriptionCriterionId,
    /// Whether it applies: DC9 is for Type 2 reports.
    pub applies: bool,
    /// What is missing, in sentences; empty when nothing is.
    pub missing: Vec<String>,
}

/// Holds every section against the registers. The description criteria are those of DC section 200.
#[must_use]
pub fn completeness(sections: &[Section], registers: &Registers) -> Vec<Completeness> {
    let catalogue = Catalogue::built_in();
    DescriptionCriterionId::all()
        .map(|criterion| {
            let applies = catalogue
                .description_criterion(criterion)
                .applies_to(registers.engagement.report_type);
            let section = sections.iter().find(|s| s.criterion == criterion);
            let missing =
                if applies { missing(criterion, section, sections, registers) } else { Vec::new() };
            Completeness { criterion, applies, missing }
        })
        .collect()
}

fn missing(
    criterion: DescriptionCriterionId,
    section: Option<&Section>,
    sections: &[Section],
    registers: &Registers,
) -> Vec<String> {
    let entries = section.map_or(&[][..], |s| s.body.entries.as_slice());
    let text = section.map_or("", |s| s.body.text.trim());
    match criterion.to_string().as_str() {
        "DC1" => services(entries),
        "DC2" => commitments(registers),
        "DC3" => components(text, registers),
        "DC4" => {
            let said = !text.is_empty() || !entries.is_empty() || registers.disclosed > 0;
            incidents(said, &registers.undecided)
        }
        "DC5" => criteria_without_controls(sections, registers),
        "DC6" => user_entities(registers),
        "DC7" => subservices(entries, text, registers),
        "DC8" => not_relevant(entries, registers),
        "DC9" => unless(
            !text.is_empty() || !entries.is_empty(),
            "List the significant changes of the period, or state that there were none and how this was established.",
        ),
        _ => Vec::new(),
    }
}

fn unless(so: bool, sentence: &str) -> Vec<String> {
    if so { Vec::new() } else { vec![sentence.to_owned()] }
}

/// DC4: something is said of incidents, and of each critical one somebody decided whether it is disclosed and
/// somebody else approved that.
fn incidents(said: bool, undecided: &[String]) -> Vec<String> {
    let mut out = unless(
        said,
        "List the incidents to disclose, or say that there were none and how this was established.",
    );
    if !undecided.is_empty() {
        out.push(format!(
            "Whether to disclose critical incidents is not decided and approved: {}. Decide under Cases, Disclosures.",
            undecided.join(", ")
        ));
    }
    out
}

/// DC1: at least one service, each with purpose and users. (An entry cannot be written without them.)
fn services(entries: &[SectionEntry]) -> Vec<String> {
    unless(
        entries.iter().any(|e| matches!(e, SectionEntry::Service { .. })),
        "Describe at least one service, with its purpose and who uses it.",
    )
}

/// DC2: every category in scope has a principal commitment and a requirement that follows from one.
fn commitments(registers: &Registers) -> Vec<String> {
    let mut out = Vec::new();
    for category in &registers.engagement.categories {
        let of: Vec<_> = registers
            .commitments
            .iter()
            .filter(|c| c.principal && c.category == *category)
            .collect();
        let name = category.name();
        if of.is_empty() {
            out.push(format!(
                "{name} has no principal service commitment. Add one to the register."
            ));
        } else if !registers
            .requirements
            .iter()
            .any(|r| of.iter().any(|c| r.commitments.contains(&c.id)))
        {
            out.push(format!("No system requirement follows from a commitment on {name}. Add one to the register."));
        }
    }
    out
}

/// DC3: all five kinds, each component with owner and location, and the boundary in words.
fn components(text: &str, registers: &Registers) -> Vec<String> {
    let mut out = unless(!text.is_empty(), "Say what is inside the system and what is not.");
    for kind in ComponentKind::ALL {
        if !registers.components.iter().any(|c| c.kind == kind) {
            out.push(format!(
                "The system has no component of the kind {}. Add one to the scope.",
                kind.as_str()
            ));
        }
    }
    for component in &registers.components {
        if component.owner.is_none() {
            out.push(format!("\u{201c}{}\u{201d} has nobody who answers for it.", component.name));
        }
        if component.location.trim().is_empty() {
            out.push(format!("\u{201c}{}\u{201d} has no location.", component.name));
        }
    }
    out
}

/// The criteria that management says are not relevant.
#[must_use]
pub fn left_out(sections: &[Section]) -> BTreeSet<CriterionId> {
    sections
        .iter()
        .flat_map(|s| &s.body.entries)
        .filter_map(|e| match e {
            SectionEntry::NotRelevant { criterion, .. } => Some(*criterion),
            _ => None,
        })
        .collect()
}

/// DC5: each criterion in scope has a control, a reason under DC8, or others' controls.
fn criteria_without_controls(sections: &[Section], registers: &Registers) -> Vec<String> {
    let left_out = left_out(sections);
    let served: BTreeSet<CriterionId> = registers
        .controls
        .iter()
        .flat_map(|c| c.text.criteria.iter().copied())
        .chain(registers.user_entity_controls.iter().flat_map(|c| c.criteria.iter().copied()))
        .chain(
            registers
                .subservices
                .iter()
                .flat_map(|s| &s.assumed_controls)
                .flat_map(|c| c.criteria.iter().copied()),
        )
        .collect();
    registers
        .engagement
        .criteria()
        .into_iter()
        .filter(|c| !served.contains(c) && !left_out.contains(c))
        .map(|c| format!("{c} has no control. Map one, or give a reason under DC8."))
        .collect()
}

/// DC6: each control of user entities names a criterion and who does it.
fn user_entities(registers: &Registers) -> Vec<String> {
    registers
        .user_entity_controls
        .iter()
        .flat_map(|c| {
            let no_criterion = c.criteria.is_empty().then(|| {
                format!("\u{201c}{}\u{201d} is needed for no criterion; what is only good advice is not such a control.", c.statement)
            });
            let no_actor = (!c.statement.to_lowercase().contains("user entit")).then(|| {
                format!("\u{201c}{}\u{201d} does not say that user entities do it.", c.statement)
            });
            [no_criterion, no_actor].into_iter().flatten()
        })
        .collect()
}

/// DC7: each subservice organisation has a method, controls assumed or included, a criterion, and is
/// watched over.
fn subservices(entries: &[SectionEntry], text: &str, registers: &Registers) -> Vec<String> {
    let mut out = Vec::new();
    for subservice in &registers.subservices {
        let name = &subservice.name;
        if subservice.assumed_controls.iter().all(|c| c.criteria.is_empty()) {
            out.push(format!(
                "{name} is needed for no criterion. State what is assumed of it, and for which."
            ));
        }
        let watched = entries.iter().any(
            |e| matches!(e, SectionEntry::Monitoring { subservice, .. } if subservice == name),
        );
        if !watched && text.is_empty() {
            out.push(format!("Say how {name} is monitored."));
        }
    }
    for entry in entries {
        if let SectionEntry::Monitoring { subservice, .. } = entry
            && !registers.subservices.iter().any(|s| s.name == *subservice)
        {
            out.push(format!(
                "{subservice} is no subservice organisation of the scope. Correct the name."
            ));
        }
    }
    out
}

/// DC8: only criteria in scope are said not to be relevant.
fn not_relevant(entries: &[SectionEntry], registers: &Registers) -> Vec<String> {
    let in_scope = registers.engagement.criteria();
    entries
        .iter()
        .filter_map(|e| match e {
            SectionEntry::NotRelevant { criterion, .. } if !in_scope.contains(criterion) => {
                Some(format!("{criterion} is not in scope; take it out."))
            }
            _ => None,
        })
        .collect()
}

/// Whether DC9 has a place in this report.
#[must_use]
pub fn has_changes(report: ReportType) -> bool {
    report == ReportType::Type2
}

#[cfg(test)]
mod tests;
