//! One prong of the opinion: what stands against it, how much that weighs, and what follows.

use super::criteria::Criterion;
use super::criterion::{CriterionFinding, Findings, lifted, limitation_sentence, touches};
use super::facts::{Facts, Given, Opinion, Prong, ScopeLimitation, Status};
use super::opinion::{Basis, Conditions, ProngProposal};
use super::pervasive::{self, Cause};
use super::words::sentence;

/// What stands against a prong.
#[derive(Default)]
struct Against {
    /// Something is wrong.
    deficient: bool,
    /// Something could not be examined.
    limited: bool,
    deficient_pervasive: bool,
    limited_pervasive: bool,
    /// Management's refusals leave nothing to rely on, so that no adverse opinion can be given either.
    prefer_disclaimer: bool,
    criteria: Vec<Criterion>,
    reasons: Vec<String>,
}

pub(super) fn decide_prong(
    facts: &Facts,
    findings: &Findings,
    conditions: &Conditions,
    prong: Prong,
) -> ProngProposal {
    let mut against = Against::default();
    if prong == Prong::Description {
        weigh_misstatements(facts, &mut against);
    } else {
        weigh_criteria(facts, findings, prong, &mut against);
    }
    weigh_limitations(facts, findings, prong, &mut against);
    weigh_management(facts, &mut against);
    let (opinion, alternatives) = against.opinion();
    if let Some(conclusion) = conclusion_sentence(prong, opinion, &against) {
        against.reasons.push(conclusion);
    }
    let mut conditioned_on = Vec::new();
    if prong != Prong::Description {
        if !conditions.cuec.is_empty() {
            conditioned_on.push("cuec");
        }
        if !conditions.csoc.is_empty() {
            conditioned_on.push("csoc");
        }
    }
    ProngProposal {
        opinion,
        basis: against.basis(prong),
        material: against.deficient || against.limited,
        pervasive: opinion.severity() >= Opinion::Adverse.severity(),
        criteria: against.criteria,
        alternatives,
        conditioned_on,
        reasons: against.reasons,
    }
}

impl Against {
    fn opinion(&self) -> (Opinion, Vec<Opinion>) {
        let both = self.deficient_pervasive && self.limited_pervasive;
        if self.prefer_disclaimer {
            let other = if self.deficient_pervasive { vec![Opinion::Adverse] } else { Vec::new() };
            return (Opinion::Disclaimer, other);
        }
        if both {
            (Opinion::Adverse, vec![Opinion::Disclaimer])
        } else if self.deficient_pervasive {
            (Opinion::Adverse, Vec::new())
        } else if self.limited_pervasive {
            (Opinion::Disclaimer, Vec::new())
        } else if self.deficient || self.limited {
            (Opinion::Qualified, Vec::new())
        } else {
            (Opinion::Unmodified, Vec::new())
        }
    }

    fn basis(&self, prong: Prong) -> Option<Basis> {
        match (self.deficient, self.limited) {
            (true, true) => Some(Basis::Both),
            (true, false) if prong == Prong::Description => Some(Basis::Misstatement),
            (true, false) => Some(Basis::Deficiency),
            (false, true) => Some(Basis::ScopeLimitation),
            (false, false) => None,
        }
    }
}

/// The prong's name inside a sentence.
pub(super) fn prong_words(prong: Prong) -> &'static str {
    match prong {
        Prong::Description => "the description",
        Prong::Design => "the suitability of design",
        Prong::Operation => "operating effectiveness",
    }
}

fn conclusion_sentence(prong: Prong, opinion: Opinion, against: &Against) -> Option<String> {
    // Where one of the two alone is pervasive, it alone decides.
    let (wrong, missing) = match (against.deficient_pervasive, against.limited_pervasive) {
        (false, false) => (against.deficient, against.limited),
        pervasive => pervasive,
    };
    let what = match (wrong, missing) {
        (true, true) => {
            "What is wrong, and the possible effects of what could not be examined, are each"
        }
        (true, false) => "What is wrong is",
        (false, true) => "The possible effects of what could not be examined are",
        (false, false) => return None,
    };
    let weight = match opinion {
        Opinion::Unmodified => return None,
        Opinion::Qualified => "material but not pervasive",
        Opinion::Adverse | Opinion::Disclaimer | Opinion::Withdraw => "material and pervasive",
    };
    Some(format!(
        "{what} {weight}, so the opinion on {} is {}.",
        prong_words(prong),
        match opinion {
            Opinion::Disclaimer => "disclaimed".to_owned(),
            other => other.to_string(),
        }
    ))
}

fn weigh_misstatements(facts: &Facts, against: &mut Against) {
    for misstatement in &facts.description.misstatements {
        let name = misstatement.kind.word().replace('_', " ");
        let what = if misstatement.what.trim().is_empty() {
            format!("{}: {name}.", misstatement.dc)
        } else {
            format!("{}, {name}: {}", misstatement.dc, sentence(&misstatement.what))
        };
        if misstatement.corrected {
            continue;
        }
        let cleared = cleared(misstatement.material, misstatement.material_reason.as_deref());
        match cleared {
            Some(reason) => {
                against.reasons.push(format!("{what} Judged not material: {}", sentence(reason)))
            }
            None => {
                against.deficient = true;
                against.deficient_pervasive |= misstatement.pervasive;
                against.reasons.push(format!("{what} Management has not corrected it."));
            }
        }
    }
}

/// The reason for which materiality is cleared; clearing without one does not count.
fn cleared(material: Option<bool>, reason: Option<&str>) -> Option<&str> {
    reason.map(str::trim).filter(|reason| material == Some(false) && !reason.is_empty())
}

fn weigh_criteria(facts: &Facts, findings: &Findings, prong: Prong, against: &mut Against) {
    let mut not_met = Vec::new();
    let mut unknown = Vec::new();
    // Those that are known to fail and were also limited: learning of a failure makes no limitation lighter.
    let mut limited = Vec::new();
    for found in &findings.criteria {
        let status = found.status(prong);
        if status == Status::Met {
            continue;
        }
        against.reasons.push(found_sentence(found, prong));
        if !found.material {
            continue;
        }
        against.criteria.push(found.id);
        if status == Status::Unknown || found.limited.contains(&prong) {
            limited.push(found.id);
        }
        if status == Status::NotMet {
            not_met.push(found.id);
        } else {
            unknown.push(found.id);
        }
    }
    let in_scope = findings.criteria.len();
    let wrong = pervasive::reasons(facts, Cause::Failure, &not_met, in_scope);
    let missing = pervasive::reasons(facts, Cause::NoEvidence, &limited, in_scope);
    against.deficient_pervasive = !wrong.is_empty();
    against.limited_pervasive = !missing.is_empty();
    against.deficient = !not_met.is_empty();
    against.limited = !unknown.is_empty() || against.limited_pervasive;
    against.reasons.extend(wrong.into_iter().chain(missing));
}

fn found_sentence(found: &CriterionFinding, prong: Prong) -> String {
    let id = found.id;
    let head = match found.status(prong) {
        Status::NotMet => format!("{id} is not met."),
        _ => format!("{id} could not be concluded."),
    };
    let mut parts = vec![head];
    for reason in found.reasons(prong) {
        // A stated reason already opens with the criterion and its status.
        if let Some(rest) = reason.strip_prefix(&format!("{id} is not met: ")) {
            parts.push(capitalised(rest));
        } else if let Some(rest) = reason.strip_prefix(&format!("{id} could not be concluded: ")) {
            parts.push(capitalised(rest));
        } else if !parts.contains(&reason) {
            parts.push(reason);
        }
    }
    parts.extend(found.materiality.iter().cloned());
    parts.join(" ")
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Limitations of a whole prong; those that name criteria are already in the criteria's statuses.
fn weigh_limitations(facts: &Facts, findings: &Findings, prong: Prong, against: &mut Against) {
    let relevant = |limit: &&ScopeLimitation| !lifted(limit) && touches(facts, limit, prong);
    for limit in facts.scope_limitations.iter().filter(relevant) {
        let whole = limit.criteria.is_empty() || prong == Prong::Description;
        if whole {
            match cleared(limit.material, limit.material_reason.as_deref()) {
                Some(reason) => {
                    against.reasons.push(format!(
                        "{} Judged not material: {}",
                        limitation_sentence(limit),
                        sentence(reason)
                    ));
                    continue;
                }
                None => {
                    against.limited = true;
                    against.reasons.push(limitation_sentence(limit));
                }
            }
        }
        // A criterion that is both limited and known to fail still counts as limited here, so that
        // learning of a failure never makes a pervasive limitation lighter.
        let weighs = whole
            || findings
                .criteria
                .iter()
                .any(|found| found.material && limit.criteria.contains(&found.id));
        if limit.pervasive && weighs {
            against.limited = true;
            against.limited_pervasive = true;
        }
    }
    if let Some(reason) = &facts.evidence_unreliable {
        against.limited = true;
        against.limited_pervasive = true;
        against.deficient_pervasive |= against.deficient;
        against
            .reasons
            .push(format!("The evidence itself cannot be relied on: {}", sentence(reason)));
    }
}

fn weigh_management(facts: &Facts, against: &mut Against) {
    let management = &facts.management;
    let mut refuse = |reason: &str| {
        against.limited = true;
        against.limited_pervasive = true;
        against.prefer_disclaimer = true;
        against.reasons.push(reason.to_owned());
    };
    if management.representation_letter == Some(Given::Refused) {
        refuse(
            "Management refuses to sign the representation letter, which limits the scope of the whole examination.",
        );
    }
    if management.assertion == Some(Given::Refused) {
        refuse("Management refuses to give its written assertion.");
    }
}
