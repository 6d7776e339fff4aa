//! From controls to criteria: met, not met or unknown, and whether that is material.

use serde::Serialize;

use super::control::{ControlConclusion, Failure, FailureKind, OperationState};
use super::criteria::{Criterion, listed};
use super::facts::{
    Answer, CriterionFacts, Facts, OtherCriteria, Prong, ReportType, ScopeLimitation, Status,
};
use super::item::Fault;
use super::words::sentence;

/// One criterion's conclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CriterionFinding {
    /// The criterion.
    pub id: Criterion,
    /// Whether it is met by design.
    pub design: Status,
    /// Whether it is met in operation; absent for type 1. Never better than the design.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<Status>,
    /// Why the design is not met or unknown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub design_reasons: Vec<String>,
    /// Why the operation is not met or unknown, beyond the design.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operation_reasons: Vec<String>,
    /// Failures that other controls made up for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub compensated: Vec<String>,
    /// Whether its failure is material; false for a criterion that is met.
    pub material: bool,
    /// Whether the principal commitments that rest on it were achieved with reasonable assurance:
    /// the worst answer; absent when none rests on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Answer>,
    /// How materiality was judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub materiality: Vec<String>,
    /// What nobody has concluded on yet, in sentences. The statuses speak of the rest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// Prongs for which something could not be examined, whatever else is known to fail.
    #[serde(skip)]
    pub limited: Vec<Prong>,
}

impl CriterionFinding {
    /// Its status under a prong; the description prong has none.
    pub fn status(&self, prong: Prong) -> Status {
        match prong {
            Prong::Description => Status::Met,
            Prong::Design => self.design,
            Prong::Operation => self.operation.unwrap_or(Status::Met),
        }
    }

    /// Why it is not met under a prong.
    pub fn reasons(&self, prong: Prong) -> Vec<String> {
        match prong {
            Prong::Description => Vec::new(),
            Prong::Design => self.design_reasons.clone(),
            // A design that fails takes the operation with it.
            Prong::Operation => {
                self.design_reasons.iter().chain(&self.operation_reasons).cloned().collect()
            }
        }
    }

    /// The finding with what is still open taken as not known, as a proposal for the criterion itself has
    /// it: nobody concludes that a criterion is met while a control that serves it is open.
    #[must_use]
    pub fn with_open_unknown(mut self) -> Self {
        if self.open.is_empty() {
            return self;
        }
        self.design = self.design.max(Status::Unknown);
        self.operation = self.operation.map(|operation| operation.max(Status::Unknown));
        self.design_reasons.extend(self.open.iter().cloned());
        self.material = true;
        self
    }

    /// Worst of its statuses.
    pub fn worst(&self) -> Status {
        self.operation.map_or(self.design, |operation| operation.max(self.design))
    }
}

/// Every in-scope criterion's conclusion, and points for the auditor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// In report order.
    pub criteria: Vec<CriterionFinding>,
    /// Points for the auditor.
    pub matters: Vec<String>,
    /// Criteria on which nobody has concluded anything yet.
    pub unmentioned: Vec<Criterion>,
}

/// Concludes every criterion in scope.
pub fn conclude_criteria(facts: &Facts, controls: &[ControlConclusion]) -> Result<Findings, Fault> {
    let mut findings = Findings::default();
    let mut unmentioned = Vec::new();
    for id in facts.in_scope() {
        let view = View::of(facts, controls, id);
        let mut finding = view.conclude(&mut findings.matters);
        if view.is_unmentioned() {
            unmentioned.push(id);
            if facts.other_criteria == OtherCriteria::Unknown {
                finding.design = Status::Unknown;
                finding.operation = finding.operation.map(|_| Status::Unknown);
                finding.design_reasons.push(format!("{id} is not mentioned in the facts."));
                finding.limited.extend([Prong::Design, Prong::Operation]);
            } else if facts.other_criteria == OtherCriteria::Open {
                finding.open.push(format!("Nothing is concluded yet that bears on {id}."));
            }
        }
        let waiting = view.waiting.iter();
        finding
            .open
            .extend(waiting.map(|c| format!("No conclusion on control {} stands yet.", c.id)));
        view.judge_materiality(&mut finding);
        findings.criteria.push(finding);
    }
    match (facts.other_criteria, unmentioned.is_empty()) {
        (OtherCriteria::Refuse, false) => {
            return Err(Fault::new(format!(
                "The facts do not mention {}; add their controls or conclusions, or say in other_criteria how to treat them (met, unknown or open).",
                listed(unmentioned)
            )));
        }
        (OtherCriteria::Met, false) => findings.matters.push(format!(
            "{} of {} criteria in scope are not mentioned in the facts and are taken as met.",
            unmentioned.len(),
            findings.criteria.len()
        )),
        (OtherCriteria::Open, false) => findings.unmentioned = unmentioned,
        _ => {}
    }
    Ok(findings)
}

/// One criterion with what the facts say of it.
pub(super) struct View<'a> {
    pub(super) facts: &'a Facts,
    pub(super) id: Criterion,
    pub(super) direct: Option<&'a CriterionFacts>,
    /// Conclusions of the controls mapped to it.
    pub(super) mapped: Vec<&'a ControlConclusion>,
    /// Controls mapped to it on which nobody has concluded yet.
    pub(super) waiting: Vec<&'a ControlConclusion>,
    /// Conclusions of all controls, in the order of the facts.
    pub(super) all: &'a [ControlConclusion],
}

impl<'a> View<'a> {
    pub(super) fn of(facts: &'a Facts, all: &'a [ControlConclusion], id: Criterion) -> Self {
        let (waiting, mapped) = facts
            .controls
            .iter()
            .zip(all)
            .filter(|(control, _)| control.criteria.contains(&id))
            .map(|(_, conclusion)| conclusion)
            .partition(|conclusion| conclusion.open);
        Self {
            facts,
            id,
            direct: facts.criteria.iter().find(|entry| entry.id == id),
            mapped,
            waiting,
            all,
        }
    }

    pub(super) fn type_two(&self) -> bool {
        self.facts.report_type == ReportType::Two
    }

    /// Whether nothing in the facts speaks of the criterion.
    fn is_unmentioned(&self) -> bool {
        self.direct.is_none()
            && self.mapped.is_empty()
            && self.waiting.is_empty()
            && !self.supported_by_others()
            && !self.facts.scope_limitations.iter().any(|limit| limit.criteria.contains(&self.id))
    }

    fn supported_by_others(&self) -> bool {
        self.facts.cuecs.iter().any(|cuec| cuec.necessary && cuec.criteria.contains(&self.id))
            || self.facts.csocs.iter().any(|csoc| csoc.criteria.contains(&self.id))
    }

    fn conclude(&self, matters: &mut Vec<String>) -> CriterionFinding {
        let mut finding = CriterionFinding {
            id: self.id,
            design: Status::Met,
            operation: None,
            design_reasons: Vec::new(),
            operation_reasons: Vec::new(),
            compensated: Vec::new(),
            material: false,
            assurance: None,
            materiality: Vec::new(),
            open: Vec::new(),
            limited: Vec::new(),
        };
        let (design, reasons) = self.prong(Prong::Design, &mut finding);
        finding.design = design;
        finding.design_reasons = reasons;
        if self.has_no_support() {
            finding.design = Status::NotMet;
            finding
                .design_reasons
                .push(format!("No control, CUEC or CSOC is mapped to {}.", self.id));
        }
        if self.type_two() {
            let (operation, reasons) = self.prong(Prong::Operation, &mut finding);
            // What is not suitably designed cannot have operated effectively.
            finding.operation = Some(operation.max(finding.design));
            finding.operation_reasons = reasons;
            // Nor is it known to have operated effectively where its design could not be examined.
            if finding.limited.contains(&Prong::Design) {
                finding.limited.push(Prong::Operation);
            }
        }
        if finding.worst() == Status::NotMet {
            self.suggest_compensation(matters);
        }
        finding
    }

    /// Mentioned, but with nothing that could meet it and no conclusion drawn.
    fn has_no_support(&self) -> bool {
        let concluded = self.direct.is_some_and(|direct| {
            direct.status.is_some() || direct.design.is_some() || direct.operation.is_some()
        });
        let limited =
            self.facts.scope_limitations.iter().any(|limit| limit.criteria.contains(&self.id));
        !self.is_unmentioned()
            && self.mapped.is_empty()
            && self.waiting.is_empty()
            && !self.supported_by_others()
            && !concluded
            && !limited
    }

    /// Status and reasons under design or operation.
    fn prong(&self, prong: Prong, finding: &mut CriterionFinding) -> (Status, Vec<String>) {
        let mut status = Status::Met;
        let mut reasons = Vec::new();
        let (compensated, limited) = (&mut finding.compensated, &mut finding.limited);
        let mut add = |worse: Status, reason: String| {
            status = status.max(worse);
            if worse == Status::Unknown && !limited.contains(&prong) {
                limited.push(prong);
            }
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        };
        for control in &self.mapped {
            let relevant = |failure: &&Failure| {
                (failure.kind == FailureKind::Design) == (prong == Prong::Design)
            };
            for failure in control.failures.iter().filter(relevant) {
                match self.compensation(control, failure) {
                    Ok(by) => compensated.push(format!("{} {by}", failure.reason)),
                    Err(why_not) => {
                        let worse = if failure.kind == FailureKind::Unable {
                            Status::Unknown
                        } else {
                            Status::NotMet
                        };
                        add(worse, failure.reason.clone());
                        if let Some(why_not) = why_not {
                            add(worse, why_not);
                        }
                    }
                }
            }
        }
        if let Some((stated, reason)) = self.stated(prong) {
            add(stated, reason);
        }
        for limit in self.limitations(prong) {
            add(Status::Unknown, limitation_sentence(limit));
        }
        for (effect, reason) in self.effects_of_subservice(prong) {
            add(effect, reason);
        }
        (status, reasons)
    }

    /// The conclusion the facts state outright, if it is not "met".
    fn stated(&self, prong: Prong) -> Option<(Status, String)> {
        let direct = self.direct?;
        let short_for = if self.type_two() { Prong::Operation } else { Prong::Design };
        let own = match prong {
            Prong::Design => direct.design,
            _ => direct.operation,
        };
        let short = direct.status.filter(|_| prong == short_for);
        let stated = own.max(short).filter(|status| *status != Status::Met)?;
        let what = if stated == Status::Unknown { "could not be concluded" } else { "is not met" };
        Some((
            stated,
            match &direct.reason {
                Some(reason) if !reason.trim().is_empty() => {
                    format!("{} {what}: {}", self.id, sentence(reason))
                }
                _ => format!("{} {what}.", self.id),
            },
        ))
    }

    fn limitations(&self, prong: Prong) -> impl Iterator<Item = &'a ScopeLimitation> {
        let (id, facts) = (self.id, self.facts);
        facts.scope_limitations.iter().filter(move |limit| {
            limit.criteria.contains(&id) && !lifted(limit) && touches(facts, limit, prong)
        })
    }

    /// What the auditor found a subservice organisation's controls to mean for this criterion.
    fn effects_of_subservice(&self, prong: Prong) -> Vec<(Status, String)> {
        let speaks = if self.type_two() { Prong::Operation } else { Prong::Design };
        if prong != speaks {
            return Vec::new();
        }
        self.facts
            .csocs
            .iter()
            .filter(|csoc| csoc.criteria.contains(&self.id))
            .filter_map(|csoc| {
                let effect = csoc.effect.filter(|effect| *effect != Status::Met)?;
                let because = csoc
                    .reason
                    .as_deref()
                    .map_or_else(|| "Its controls cannot be relied on.".to_owned(), sentence);
                Some((
                    effect,
                    format!("{} relies on subservice control {}. {because}", self.id, csoc.id),
                ))
            })
            .collect()
    }

    /// Points to other effective controls that might make up for a failure, where none were offered.
    fn suggest_compensation(&self, matters: &mut Vec<String>) {
        let offered = self.direct.is_some_and(|direct| direct.compensation.is_some());
        let effective: Vec<&str> = self
            .mapped
            .iter()
            .filter(|control| control.failures.is_empty())
            .filter(|control| control.operation != Some(OperationState::NotOperated))
            .map(|control| control.id.as_str())
            .collect();
        if !offered && !effective.is_empty() && effective.len() < self.mapped.len() {
            matters.push(format!(
                "{} is also mapped to {}, without failures: if they still give its outcome, record that as compensation.",
                self.id,
                listed(effective)
            ));
        }
    }

    /// Material by default; cleared with a reason and a second signature where every linked principal
    /// commitment was assured. What is softer than the rule is never one person's word.
    fn judge_materiality(&self, finding: &mut CriterionFinding) {
        if finding.worst() == Status::Met {
            return;
        }
        let id = self.id;
        let linked = self
            .facts
            .commitments
            .iter()
            .filter(|entry| entry.principal && entry.criteria.contains(&id));
        for commitment in linked {
            let answer = commitment.assurance.unwrap_or(Answer::Unknown);
            finding.assurance = finding.assurance.max(Some(answer));
            finding.materiality.push(match answer {
                Answer::Yes => format!(
                    "Commitment {} was achieved with reasonable assurance all the same.",
                    commitment.id
                ),
                Answer::No => format!(
                    "There is no reasonable assurance that commitment {} was achieved.",
                    commitment.id
                ),
                Answer::Unknown => {
                    format!("It is not known whether commitment {} was achieved.", commitment.id)
                }
            });
        }
        finding.material = true;
        let Some(direct) = self.direct else { return };
        if !direct.materiality_factors.is_empty() {
            finding.materiality.push(format!(
                "Weighed for {id}: {}.",
                listed(
                    direct.materiality_factors.iter().map(|factor| factor.word().replace('_', " "))
                )
            ));
        }
        if direct.material != Some(false) {
            return;
        }
        let reason = direct.material_reason.as_deref().unwrap_or_default().trim();
        let second = direct.material_second_signer.as_deref().unwrap_or_default().trim();
        match finding.assurance {
            _ if reason.is_empty() => finding.materiality.push(format!(
                "{id} stays material: clearing it needs a reason in material_reason."
            )),
            Some(Answer::No | Answer::Unknown) => finding.materiality.push(format!(
                "{id} stays material: it can be cleared only where every linked principal commitment was achieved with reasonable assurance."
            )),
            _ if second.is_empty() => finding.materiality.push(format!(
                "{id} stays material: clearing it needs the signature of a second person."
            )),
            _ => {
                finding.material = false;
                finding
                    .materiality
                    .push(format!("{id} was judged not material: {}", sentence(reason)));
            }
        }
    }
}

/// Whether other evidence made up for a limitation.
pub(crate) fn lifted(limit: &ScopeLimitation) -> bool {
    limit.alternative_evidence.as_deref().is_some_and(|record| !record.trim().is_empty())
}

/// Whether a limitation touches a prong.
pub(crate) fn touches(facts: &Facts, limit: &ScopeLimitation, prong: Prong) -> bool {
    if limit.prongs.is_empty() {
        prong
            == match facts.report_type {
                ReportType::One => Prong::Design,
                ReportType::Two => Prong::Operation,
            }
    } else {
        limit.prongs.contains(&prong)
    }
}

pub(crate) fn limitation_sentence(limit: &ScopeLimitation) -> String {
    if limit.what.trim().is_empty() {
        "Sufficient appropriate evidence could not be obtained.".to_owned()
    } else {
        format!("Sufficient appropriate evidence could not be obtained: {}", sentence(&limit.what))
    }
}
