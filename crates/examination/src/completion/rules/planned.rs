//! What is missing of planning, of the conclusions on commitments and of inquiries. Pure.

use super::{Missing, missing};
use crate::inquiries::model::{Procedure, ProcedureState};
use crate::planning::model::RiskAbout;
use crate::planning::rules::sizes;
use crate::planning::store::risk_subjects;
use crate::store::Papers;
use scope::model::Engagement;
use std::collections::BTreeSet;

/// What is stated of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stated {
    /// Whether anything is understood of the system.
    pub understanding: bool,
    /// Whether materiality was considered.
    pub materiality: bool,
    /// The risks that were assessed.
    pub assessed: BTreeSet<RiskAbout>,
}

/// Names shown before the rest is counted.
const NAMED_MAX: usize = 6;

/// What is missing of the plan: a test answers a risk, and what is material is decided before it is found.
#[must_use]
pub fn missing_of_plan(engagement: &Engagement, stated: &Stated) -> Vec<Missing> {
    let mut out = Vec::new();
    if !stated.understanding {
        out.push(missing(
            "planning",
            "The understanding of the system has not been written down.",
            "/plan",
        ));
    }
    let all = risk_subjects(engagement);
    let open: Vec<&RiskAbout> = all.iter().filter(|a| !stated.assessed.contains(a)).collect();
    if !open.is_empty() {
        let mut names: Vec<String> = open.iter().take(NAMED_MAX).map(|a| named(**a)).collect();
        if open.len() > NAMED_MAX {
            names.push(format!("{} more", open.len() - NAMED_MAX));
        }
        let text = format!(
            "{} of {} risks of material misstatement have not been assessed: {}.",
            open.len(),
            all.len(),
            names.join(", ")
        );
        out.push(missing("planning", text, "/plan/risks"));
    }
    if !stated.materiality {
        let text = "Nobody has written down what is weighed when something is judged material.";
        out.push(missing("planning", text, "/plan"));
    }
    out
}

/// A risk by its criterion and prong.
fn named(about: RiskAbout) -> String {
    match about.criterion {
        None => format!("the {}", about.prong),
        Some(criterion) => format!("{criterion} ({})", about.prong),
    }
}

/// Principal commitments on which nobody has concluded, or of which the conclusion is void. That it is
/// unknown whether one was kept is a conclusion too: the opinion weighs it.
#[must_use]
pub fn missing_commitments(papers: &Papers) -> Vec<Missing> {
    let mut out = Vec::new();
    for commitment in papers.commitments.iter().filter(|c| c.principal) {
        if crate::promises::rules::assurance(papers, commitment.id).is_some() {
            continue;
        }
        let code = &commitment.code;
        let text = if papers.promises.conclusion(commitment.id).is_some() {
            format!(
                "The conclusion on commitment {code} is void: what it rests on changed after it was signed."
            )
        } else {
            format!(
                "Nobody has concluded whether there is reasonable assurance that commitment {code} was achieved."
            )
        };
        out.push(missing("commitments", text, format!("/promises/{}", commitment.id)));
    }
    out
}

/// Inquiries, walkthroughs and observations that were planned and neither concluded nor cancelled.
#[must_use]
pub fn missing_inquiries(procedures: &[Procedure]) -> Vec<Missing> {
    let open = |p: &&Procedure| match p.state {
        ProcedureState::Concluded | ProcedureState::Cancelled => false,
        ProcedureState::Planned | ProcedureState::Held => true,
    };
    procedures
        .iter()
        .filter(open)
        .map(|p| {
            let text = format!(
                "\u{201c}{}\u{201d} has been planned and not concluded. Say of each follow-up what came of it and conclude, or cancel it with a reason.",
                p.plan.title
            );
            missing("inquiries", text, format!("/inquiries/{}", p.id))
        })
        .collect()
}

/// Samples that are smaller than the firm's policy asks without an approval, or than was planned, and tests of
/// event-driven controls on items that nobody drew from a frozen list.
#[must_use]
pub fn missing_sizes(papers: &Papers) -> Vec<Missing> {
    let mut out = Vec::new();
    for test in &papers.tests {
        let Some(control) = papers.control(test.plan.control) else { continue };
        if let Some(text) = sizes::fault(papers, test) {
            out.push(missing("sizes", text, format!("/plan/sizes/{}", test.id)));
        }
        if sizes::unlisted(papers, control, test) {
            let text = format!(
                "Test {} of {}, which operates by the event, rests on items that were named by hand. Freeze the list of the events and draw from it.",
                test.plan.code, control.text.code
            );
            out.push(missing("sizes", text, "/populations"));
        }
    }
    out
}
