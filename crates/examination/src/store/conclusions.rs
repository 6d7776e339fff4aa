//! What conclusions rest on, and what the rules propose before a person concludes.

use crate::model::{About, File, Standing, Verdict};
use crate::rules::compensation::{self, Weighed};
use crate::rules::control::{ControlConclusion, DesignState, conclude_control};
use crate::rules::criterion::{CriterionFinding, conclude_criteria};
use crate::rules::facts::Facts;
use crate::rules::item::Fault;
use crate::rules::opinion::{Proposal, propose};
use crate::store::{Papers, facts};
use controls::model::ControlId;
use scope::catalogue::CriterionId;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The subject under which a conclusion is kept in the log.
#[must_use]
pub fn conclusion_subject(file: File, about: About) -> String {
    format!("{}/{}/{about}", file.engagement, file.firm)
}

/// The subject under which the stretches of a control are kept in the log.
#[must_use]
pub fn spans_subject(file: File, control: ControlId) -> String {
    format!("{}/{}/spans {control}", file.engagement, file.firm)
}

/// The subject under which second signatures under the materiality of a criterion are kept in the log.
#[must_use]
pub fn materiality_subject(file: File, criterion: CriterionId) -> String {
    format!("{}/{}/materiality {criterion}", file.engagement, file.firm)
}

/// The subject under which the auditor's further statements are kept in the log.
#[must_use]
pub fn matters_subject(file: File) -> String {
    format!("{}/{}/matters", file.engagement, file.firm)
}

/// Digest of everything that a conclusion rests on. When it changes, a signature on it is void.
///
/// A control rests on its own statement and on plans, populations with their checks and judgement, items, runs and
/// deviations; a criterion on the conclusions of the controls mapped to it and what the
/// auditor stated of it; the opinion on all facts it is proposed from. Reviewing a result changes no digest.
#[must_use]
pub fn inputs_sha256(papers: &Papers, about: About) -> String {
    let text = match about {
        About::Control { control } => control_inputs(papers, control),
        About::Criterion { criterion } => criterion_inputs(papers, criterion),
        About::Opinion => opinion_inputs(papers),
    };
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The version of the rule on what a conclusion rests on. Whoever changes the text that a digest is made
/// of raises it, so that a signature from before is told to be void for that reason.
#[must_use]
pub const fn inputs_rule(about: About) -> u32 {
    match about {
        // Since 2, what is stated on other criteria is no part of it.
        About::Criterion { .. } => 2,
        About::Control { .. } | About::Opinion => 1,
    }
}

fn control_inputs(papers: &Papers, control: ControlId) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    if let Some(known) = papers.control(control) {
        let _ = writeln!(text, "control {} {}", known.id, known.version);
    }
    if let Some(stated) = papers.spans.get(&control) {
        let _ = writeln!(text, "spans {}", stated.event);
    }
    // Nothing where every day is covered. The period may be moved after somebody has signed.
    for left_out in papers.uncovered(control) {
        let _ = writeln!(text, "uncovered {}", left_out.sentence());
    }
    for test in papers.tests_of(control) {
        let _ = writeln!(text, "test {} {}", test.id, test.version);
        for sample in papers.samples.get(&test.id).into_iter().flatten() {
            let _ = writeln!(text, "sample {} {}", sample.id, sample.event);
            judged(papers, sample.body.population, &mut text);
            for item in papers.items.get(&sample.id).into_iter().flatten() {
                let _ = writeln!(text, "item {} {}", item.position, item.event);
            }
        }
        if let Some(census) = papers.censuses.get(&test.id) {
            let _ = writeln!(text, "census {} {}", census.id, census.version);
            for used in &census.body.populations {
                judged(papers, Some(used.population), &mut text);
            }
            if let Some(followed) = papers.followed.get(&census.id) {
                let _ = writeln!(text, "followed {followed:?}");
            }
        }
        for deviation in papers.deviations_of(test.id) {
            let _ = writeln!(text, "deviation {} {}", deviation.id, deviation.version);
        }
    }
    text
}

fn judged(papers: &Papers, population: Option<crate::model::PopulationId>, text: &mut String) {
    if let Some(found) = population.and_then(|id| papers.populations.get(&id)) {
        let _ = writeln!(text, "population {} {}", found.id, found.version);
        // What is recorded of its completeness and accuracy is part of what a conclusion rests on.
        // What its source gained later is none of it: the population stays the one that was frozen.
        if let Some(ipe) = papers.ipe.get(&found.id) {
            let ipe = crate::ipe::model::Ipe { growth: None, ..ipe.clone() };
            let _ = writeln!(text, "checks {}", serde_json::to_string(&ipe).unwrap_or_default());
        }
    }
}

fn criterion_inputs(papers: &Papers, criterion: CriterionId) -> String {
    let mut text = stated_inputs(papers, criterion);
    for control in papers.controls.iter().filter(|c| c.text.criteria.contains(&criterion)) {
        let about = About::Control { control: control.id };
        let state = papers.conclusion(about).map_or_else(
            || "none".to_owned(),
            |c| format!("{} {} {}", c.event, c.inputs_sha256, c.stands == Standing::Stands),
        );
        let _ = writeln!(text, "control {} {state}", control.id);
    }
    // Where a commitment that rests on the criterion is concluded on, the proposal weighs it.
    for commitment in
        papers.commitments.iter().filter(|c| papers.promises.conclusion(c.id).is_some())
    {
        let needed = crate::promises::rules::requirements(papers, commitment.id);
        if needed.iter().any(|r| r.criteria.contains(&criterion)) {
            let assurance = crate::promises::rules::assurance(papers, commitment.id);
            let _ = writeln!(text, "commitment {} {assurance:?}", commitment.id);
        }
    }
    text
}

fn opinion_inputs(papers: &Papers) -> String {
    // Facts always serialise: they are texts and numbers.
    let mut text = serde_json::to_string(&facts::facts_of(papers)).unwrap_or_default();
    // A clearance that one person alone stated once counted; an opinion signed on it is void.
    for stated in papers.matters.criteria.iter().filter(|c| c.material == Some(false)) {
        if papers.materiality_second(stated).is_none() {
            let _ = writeln!(text, "materiality of {} unsigned", stated.id);
        }
    }
    text
}

/// What the auditor stated that bears on one criterion, and no more: a statement on another criterion
/// leaves the conclusion on this one as it was signed.
fn stated_inputs(papers: &Papers, criterion: CriterionId) -> String {
    let Ok(id) = facts::rule_criterion(criterion) else { return String::new() };
    let matters = &papers.matters;
    let own: Vec<_> = matters.criteria.iter().filter(|c| c.id == id).collect();
    let left_out: Vec<_> = matters.not_applicable.iter().filter(|n| n.criterion == id).collect();
    let limits: Vec<_> =
        matters.scope_limitations.iter().filter(|l| l.criteria.contains(&id)).collect();
    // Texts and numbers always serialise; writing to a string cannot fail.
    let stated = serde_json::to_string(&(own, left_out, limits)).unwrap_or_default();
    let supported = super::described::supported_by_others(papers, id);
    format!("stated {stated}\nsupported by others {supported}\n")
}

/// What the rules propose from the record.
#[derive(Debug, Clone, PartialEq)]
pub enum Proposed {
    /// For a control; none when nothing has been tested to the end.
    Control(Option<ControlConclusion>),
    /// For a criterion.
    Criterion(Box<CriterionFinding>),
    /// For the opinion.
    Opinion(Box<Proposal>),
}

impl Proposed {
    /// The proposal as a verdict; for a control without finished tests there is none.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::Control(found) => found
                .as_ref()
                .map(|c| Verdict::Control { design: c.design, operation: c.operation }),
            Self::Criterion(found) => {
                Some(Verdict::Criterion { design: found.design, operation: found.operation })
            }
            Self::Opinion(found) => Some(Verdict::Opinion { opinion: found.headline }),
        }
    }
}

/// What the rules propose about one thing. For a control, `design` is the person's judgement of its
/// design, which no rule can make.
///
/// # Errors
/// [`Fault`] when the record contradicts itself, in a sentence that says what to put right.
pub fn proposed(papers: &Papers, about: About, design: DesignState) -> Result<Proposed, Fault> {
    match about {
        About::Control { control } => {
            Ok(Proposed::Control(facts::proposal(papers, control, design)?))
        }
        About::Criterion { criterion } => {
            let id = facts::rule_criterion(criterion)?;
            let findings = criteria_proposed(papers)?;
            let found = findings.into_iter().find(|c| c.id == id);
            found.map(|f| Proposed::Criterion(Box::new(f))).ok_or_else(|| {
                Fault(format!(
                    "{criterion} is not in scope of this engagement; change its categories first."
                ))
            })
        }
        About::Opinion => Ok(Proposed::Opinion(Box::new(propose(&facts::facts_of(papers))?))),
    }
}

/// Every failure of the controls mapped to a criterion, with what makes up for it and what could.
///
/// # Errors
/// [`Fault`] when the record contradicts itself.
pub fn compensations(papers: &Papers, criterion: CriterionId) -> Result<Vec<Weighed>, Fault> {
    let facts = facts::facts_without_criteria(papers);
    let controls = controls_proposed(papers, &facts)?;
    Ok(compensation::weigh(&facts, &controls, facts::rule_criterion(criterion)?))
}

/// What the rules make of every control from its standing conclusion.
fn controls_proposed(papers: &Papers, facts: &Facts) -> Result<Vec<ControlConclusion>, Fault> {
    let frame = facts::frame(papers);
    facts.controls.iter().map(|c| conclude_control(c, frame)).collect()
}

/// What the rules propose for every criterion in scope, in report order, from the conclusions on
/// controls and the auditor's statements. A conclusion on a criterion does not speak for its own
/// proposal.
///
/// # Errors
/// [`Fault`] when the record contradicts itself.
pub fn criteria_proposed(papers: &Papers) -> Result<Vec<CriterionFinding>, Fault> {
    let facts = facts::facts_without_criteria(papers);
    facts.validate()?;
    let controls = controls_proposed(papers, &facts)?;
    let found = conclude_criteria(&facts, &controls)?.criteria;
    Ok(found.into_iter().map(CriterionFinding::with_open_unknown).collect())
}
