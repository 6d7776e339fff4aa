//! Controls that make up for one that failed: which were offered, and why each may or may not.
//!
//! Only a control that is described, mapped to the same criterion, tested, and effective over the same
//! days can stand in for another; and only where the auditor agrees that it gives the same outcome.

use serde::Serialize;

use super::control::{ControlConclusion, Failure, FailureKind, OperationState};
use super::criteria::{Criterion, listed};
use super::criterion::View;
use super::facts::Facts;
use super::span::Span;

/// Whether one control may stand in for another one's failure, condition by condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fitness {
    /// The control.
    pub control: String,
    /// Management's description holds it.
    pub described: bool,
    /// It is mapped to the criterion.
    pub mapped: bool,
    /// It operated and was tested to a conclusion; in a type 1 examination, its design was concluded on.
    pub tested: bool,
    /// It was effective over the very days of the failure.
    pub same_days: bool,
    /// The days of the failure that it would have to make up for, where the period is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_over: Option<Span>,
    /// The days that its own tests speak for, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested_over: Option<Span>,
    /// The first condition that fails, as the end of a sentence; none when it is admissible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<&'static str>,
}

/// One failure under a criterion with what was offered to make up for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Weighed {
    /// The control that failed.
    pub control: String,
    /// In what it failed.
    pub kind: FailureKind,
    /// Over which days; all of them when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What was wrong.
    pub reason: String,
    /// The controls that the auditor proposes in its place.
    pub offered: Vec<Fitness>,
    /// Whether the failure is made up for: all of the offered are admissible and the auditor agreed.
    pub compensated: bool,
    /// Further controls mapped to the criterion that could be proposed.
    pub candidates: Vec<Fitness>,
}

/// Every failure of the controls mapped to a criterion, with what makes up for it and what could.
#[must_use]
pub fn weigh(facts: &Facts, controls: &[ControlConclusion], id: Criterion) -> Vec<Weighed> {
    let view = View::of(facts, controls, id);
    let offered: &[String] = view
        .direct
        .and_then(|direct| direct.compensation.as_ref())
        .map_or(&[], |offered| &offered.controls);
    let mut out = Vec::new();
    for failed in &view.mapped {
        for failure in &failed.failures {
            let fits = |name: &String| view.fitness(name, failed, failure);
            let others = view.mapped.iter().chain(&view.waiting).map(|other| &other.id);
            // Several deviations of one control over the same days are one failure of it.
            let found = Weighed {
                control: failed.id.clone(),
                kind: failure.kind,
                span: failure.span,
                reason: failure.reason.clone(),
                offered: offered.iter().map(fits).collect(),
                compensated: view.compensation(failed, failure).is_ok(),
                candidates: others
                    .filter(|name| **name != failed.id && !offered.contains(name))
                    .map(fits)
                    .collect(),
            };
            if !out.contains(&found) {
                out.push(found);
            }
        }
    }
    out
}

impl View<'_> {
    /// How a failure is made up for, or why not; no reason when nothing was offered.
    pub(super) fn compensation(
        &self,
        failed: &ControlConclusion,
        failure: &Failure,
    ) -> Result<String, Option<String>> {
        let Some(offered) = self.direct.and_then(|direct| direct.compensation.as_ref()) else {
            return Err(None);
        };
        let id = self.id;
        if offered.controls.is_empty() || !offered.accepted {
            return Err(Some(format!("Compensation for {id} is not accepted by the auditor.")));
        }
        for name in &offered.controls {
            if let Some(fault) = self.fitness(name, failed, failure).why_not {
                return Err(Some(format!(
                    "Control {name} cannot compensate for {} under {id}: {fault}.",
                    failed.id
                )));
            }
        }
        Ok(format!(
            "{id} is met all the same by {}, as the auditor agreed.",
            listed(&offered.controls)
        ))
    }

    /// Whether a control may stand in for a failed one over the days of its failure.
    pub(super) fn fitness(
        &self,
        name: &str,
        failed: &ControlConclusion,
        failure: &Failure,
    ) -> Fitness {
        let mut fitness = Fitness {
            control: name.to_owned(),
            described: false,
            mapped: false,
            tested: false,
            same_days: false,
            failed_over: failure.span.or(self.facts.period),
            tested_over: None,
            why_not: None,
        };
        let known = self.facts.controls.iter().zip(self.all).find(|(facts, _)| facts.id == name);
        let Some((facts, conclusion)) = known else {
            fitness.why_not = Some("it is not in the description");
            return fitness;
        };
        fitness.described = facts.described;
        fitness.mapped = facts.criteria.contains(&self.id);
        let over = |other: &&Failure| match (other.span, failure.span) {
            (Some(a), Some(b)) => a.overlaps(b),
            _ => true,
        };
        let failures: Vec<&Failure> = conclusion.failures.iter().filter(over).collect();
        let unknown = failures.iter().all(|f| f.kind == FailureKind::Unable);
        let idle = facts.spans.iter().any(|part| {
            let days = Span { from: part.from, to: part.to };
            part.operation == Some(OperationState::NotOperated)
                && failure.span.is_none_or(|failure| failure.overlaps(days))
        });
        let operated = !self.type_two()
            || (conclusion.operation != Some(OperationState::NotOperated) && !idle);
        fitness.tested = !conclusion.open && operated && (failures.is_empty() || !unknown);
        let needed = fitness.failed_over;
        if fitness.tested && self.type_two() {
            fitness.tested_over = facts.tested_over.or(self.facts.period);
        }
        let covers = match (facts.tested_over.filter(|_| self.type_two()), needed) {
            (None, _) => None,
            (Some(tested), Some(needed)) if tested.contains(needed) => None,
            (Some(_), Some(_)) => Some("it was not tested over the same days"),
            (Some(_), None) => {
                Some("the period is not given, so the days it was tested over cannot be compared")
            }
        };
        fitness.same_days = !conclusion.open && failures.is_empty() && operated && covers.is_none();
        fitness.why_not = if conclusion.id == failed.id {
            Some("it is the control that failed")
        } else if !fitness.described {
            Some("it is not in the description")
        } else if !fitness.mapped {
            Some("it is not mapped to the criterion")
        } else if conclusion.open || (!failures.is_empty() && unknown) {
            Some("it was not tested to a conclusion over the same days")
        } else if !failures.is_empty() {
            Some("it failed over the same days itself")
        } else if !operated {
            Some("it did not operate")
        } else {
            covers
        };
        fitness
    }
}
