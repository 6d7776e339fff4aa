//! From tests to a control: whether it is suitably designed and whether it operated effectively.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::criteria::Criterion;
use super::deviation::{
    DeviationRecord, Procedure, TestFacts, TestOutcome, TestState, decide_test, deviations,
};
use super::frequency::Frequency;
use super::item::Fault;
use super::span::{CoverFault, Span, fault_in_cover};
use super::words::{sentence, words};

words! {
    /// Whether a control, if it operated, would do what its criteria need.
    pub enum DesignState: "design conclusion" {
        /// It would.
        Suitable = "suitable" | "effective" | "ok",
        /// It would not.
        Deficient = "deficient" | "not_suitable" | "unsuitable",
        /// It is described but does not exist.
        NotImplemented = "not_implemented" | "missing" | "absent",
    }
}

words! {
    /// Whether a control operated throughout the period.
    pub enum OperationState: "operating conclusion" {
        /// Without deviations.
        Effective = "effective",
        /// With deviations that are within what is tolerable.
        EffectiveWithDeviations = "effective_with_deviations" | "effective_with_exceptions",
        /// Not effectively, for at least part of the period.
        Ineffective = "ineffective" | "not_effective",
        /// Nothing happened that it acts on.
        NotOperated = "not_operated" | "did_not_operate",
        /// Sufficient evidence could not be had.
        Unable = "unable" | "unable_to_conclude" | "unknown",
    }
}

impl DesignState {
    /// Whether the design fails the control's criteria.
    pub const fn fails(self) -> bool {
        !matches!(self, Self::Suitable)
    }
}

impl OperationState {
    /// Order for "the worst of several": did not operate, effective, with deviations, unable, ineffective.
    pub const fn severity(self) -> u8 {
        match self {
            Self::NotOperated => 0,
            Self::Effective => 1,
            Self::EffectiveWithDeviations => 2,
            Self::Unable => 3,
            Self::Ineffective => 4,
        }
    }
}

/// The examination a control is concluded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// True for a type 2 examination, which concludes on operation.
    pub type_two: bool,
    /// The period of a type 2 examination.
    pub period: Option<Span>,
    /// The date of a type 1 examination.
    pub as_of: Option<Date>,
}

/// A control's state over part of the period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpanFacts {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Design over these days; suitable when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignState>,
    /// Operation over these days; effective when left out and the design is suitable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationState>,
    /// Why, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is known of one control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlFacts {
    /// Its identifier, such as IAM-05.
    pub id: String,
    /// The criteria it is mapped to.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// Whether management's description holds it; true when left out.
    #[serde(default = "yes")]
    pub described: bool,
    /// Design conclusion; suitable when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<DesignState>,
    /// Operating conclusion, where it is already drawn; otherwise give `tests` or `spans`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationState>,
    /// Nobody has concluded on it yet. Work that is not done says nothing of the control, and limits no
    /// scope: the opinion is proposed on the rest, and says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Why, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its tests of operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestFacts>,
    /// How often it operates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Frequency>,
    /// Whether a system carries it out.
    #[serde(default)]
    pub automated: bool,
    /// The days its tests speak for; the whole period when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested_over: Option<Span>,
    /// Days of which its tests looked at no occurrence: no list that they select from or run over covers
    /// them. That it operated over them is not concluded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<Span>,
    /// Its states over parts of the period, where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<SpanFacts>,
}

fn yes() -> bool {
    true
}

words! {
    /// In what a control failed.
    pub enum FailureKind: "kind of failure" {
        /// Its design.
        Design = "design",
        /// Its operation.
        Operation = "operation",
        /// It is not known whether it operated.
        Unable = "unable",
    }
}

/// A stretch in which a control did not do its part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// In what it failed.
    pub kind: FailureKind,
    /// The days; the whole period or the date when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    /// What was wrong, as a sentence.
    pub reason: String,
}

/// A concluded control.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlConclusion {
    /// Its identifier.
    pub id: String,
    /// Worst design state in the period or at the date.
    pub design: DesignState,
    /// Worst operating state in the period; absent for type 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<OperationState>,
    /// Nobody has concluded on it yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Where it failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failure>,
    /// Deviations that section IV prints whatever the opinion.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<String>,
    /// Points for the auditor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<String>,
}

/// Concludes a control from its facts.
pub fn conclude_control(facts: &ControlFacts, frame: Frame) -> Result<ControlConclusion, Fault> {
    let mut conclusion = ControlConclusion {
        id: facts.id.clone(),
        design: facts.design.unwrap_or(DesignState::Suitable),
        operation: None,
        open: facts.open,
        failures: Vec::new(),
        exceptions: Vec::new(),
        matters: Vec::new(),
    };
    if facts.open {
        if facts.design.is_some()
            || facts.operation.is_some()
            || !facts.tests.is_empty()
            || !facts.spans.is_empty()
        {
            return Err(Fault::new(format!(
                "Control {} is open, and yet something is concluded on it; leave out one of the two.",
                facts.id
            )));
        }
        conclusion.operation = frame.type_two.then_some(OperationState::Unable);
        return Ok(conclusion);
    }
    let concluded = if facts.spans.is_empty() {
        conclude_whole(facts, frame, &mut conclusion)
    } else {
        conclude_spans(facts, frame, &mut conclusion)
    };
    concluded.map_err(|fault| fault.at(&format!("Control {}", facts.id)))?;
    if conclusion.design == DesignState::NotImplemented && facts.described {
        conclusion.matters.push(format!(
            "Control {} is described but was not in place: ask management to correct the description, or treat it as a misstatement.",
            facts.id
        ));
    }
    Ok(conclusion)
}

/// A control whose state is the same all through.
fn conclude_whole(
    facts: &ControlFacts,
    frame: Frame,
    conclusion: &mut ControlConclusion,
) -> Result<(), Fault> {
    let because = facts
        .reason
        .as_ref()
        .map_or_else(String::new, |reason| format!(": {}", reason.trim_end_matches('.')));
    if conclusion.design.fails() {
        conclusion.failures.push(Failure {
            kind: FailureKind::Design,
            span: None,
            reason: format!("Control {} {}{because}.", facts.id, design_words(conclusion.design)),
        });
    }
    if !frame.type_two {
        if facts.operation.is_some() || !facts.tests.is_empty() {
            conclusion.matters.push(format!(
                "Operating results of control {} are left out: a type 1 examination does not conclude on operation.",
                facts.id
            ));
        }
        return Ok(());
    }
    if facts.operation.is_some() && !facts.tests.is_empty() {
        return Err(Fault::new(
            "give either operation, already concluded, or tests to conclude from, not both.",
        ));
    }
    if let Some(stated) = facts.operation {
        conclusion.operation = Some(stated);
        if let Some((kind, reason)) = note_operation(&facts.id, stated, &because, conclusion) {
            conclusion.failures.push(Failure { kind, span: None, reason });
        }
    } else if !facts.tests.is_empty() {
        conclude_tests(facts, frame, conclusion)?;
    } else if !conclusion.design.fails() {
        return Err(Fault::new(
            "there is no operating result; give operation (effective, effective_with_deviations, ineffective, not_operated or unable) or tests.",
        ));
    }
    if conclusion.design.fails() {
        // A badly designed control cannot operate effectively.
        conclusion.operation = Some(OperationState::Ineffective);
    }
    Ok(())
}

fn design_words(design: DesignState) -> &'static str {
    match design {
        DesignState::Suitable => "is suitably designed",
        DesignState::Deficient => "is not suitably designed",
        DesignState::NotImplemented => "was not in place",
    }
}

fn not_operated(id: &str) -> String {
    format!(
        "Control {id} did not operate because its occasion did not arise in the period; section IV says so and how that was established."
    )
}

/// Concludes from tests: the worst of them, decisive deviations, and whether the evidence is enough.
fn conclude_tests(
    facts: &ControlFacts,
    frame: Frame,
    conclusion: &mut ControlConclusion,
) -> Result<(), Fault> {
    let id = &facts.id;
    let mut worst = OperationState::NotOperated;
    for (index, test) in facts.tests.iter().enumerate() {
        let place = test
            .id
            .as_ref()
            .map_or_else(|| format!("test {}", index + 1), |name| format!("test {name}"));
        let outcome = decide_test(test).map_err(|fault| fault.at(&place))?;
        if outcome.deviations > 0 {
            conclusion.exceptions.push(exception(id, &place, test, &outcome));
        }
        if let Some(add) = outcome.may_add {
            conclusion.matters.push(format!(
                "Control {id}, {place}: the plan allows {add} more items before concluding."
            ));
        }
        let state = state_of(facts, test, &outcome);
        note_failures(facts, frame, test, &outcome, state, conclusion)
            .map_err(|fault| fault.at(&place))?;
        if state.severity() > worst.severity() {
            worst = state;
        }
    }
    if !facts.uncovered.is_empty() && speaks_for_every_day(worst) {
        worst = OperationState::Unable;
        note_uncovered(facts, conclusion);
    }
    if worst == OperationState::NotOperated {
        conclusion.matters.push(not_operated(id));
    }
    let favourable =
        matches!(worst, OperationState::Effective | OperationState::EffectiveWithDeviations);
    if favourable && !evidence_is_enough(&facts.tests) {
        worst = OperationState::Unable;
        conclusion.failures.push(Failure {
            kind: FailureKind::Unable,
            span: None,
            reason: format!(
                "The tests of control {id} are not enough to conclude: inspect or reperform it, or observe it on at least two dates and inquire."
            ),
        });
    }
    conclusion.operation = Some(worst);
    Ok(())
}

/// Whether a state claims something of every day: that a control failed can follow from a part of the
/// period, that it operated, or had no occasion to, cannot.
pub(crate) const fn speaks_for_every_day(state: OperationState) -> bool {
    matches!(
        state,
        OperationState::Effective
            | OperationState::EffectiveWithDeviations
            | OperationState::NotOperated
    )
}

fn note_uncovered(facts: &ControlFacts, conclusion: &mut ControlConclusion) {
    for days in &facts.uncovered {
        conclusion.failures.push(Failure {
            kind: FailureKind::Unable,
            span: Some(*days),
            reason: format!(
                "No list that control {} was tested from covers {days}, so nothing is known of its operation then.",
                facts.id
            ),
        });
    }
}

/// What section IV prints of a test with deviations.
fn exception(id: &str, place: &str, test: &TestFacts, outcome: &TestOutcome) -> String {
    let mut text = format!(
        "Control {id}, {place}: {} in {} items tested.",
        deviations(outcome.deviations),
        outcome.sample
    );
    for facts in test.deviation_records.iter().filter_map(|record| record.facts.as_deref()) {
        text.push(' ');
        text.push_str(&sentence(facts));
    }
    text
}

/// Whether one deviation of the test alone makes the control ineffective.
fn is_decisive(test: &TestFacts) -> bool {
    test.deviation_records.iter().any(DeviationRecord::is_decisive)
}

/// What one test says of the control.
fn state_of(facts: &ControlFacts, test: &TestFacts, outcome: &TestOutcome) -> OperationState {
    let decisive = is_decisive(test);
    let seldom = facts.automated || facts.frequency.is_some_and(Frequency::is_seldom);
    match outcome.state {
        TestState::NotOperated => OperationState::NotOperated,
        TestState::Unable if outcome.deviations > 0 && decisive => OperationState::Ineffective,
        TestState::Unable => OperationState::Unable,
        _ if decisive => OperationState::Ineffective,
        TestState::NoDev => OperationState::Effective,
        TestState::DevExceeds => OperationState::Ineffective,
        TestState::DevWithin if seldom => OperationState::Ineffective,
        TestState::DevWithin => OperationState::EffectiveWithDeviations,
    }
}

fn note_failures(
    facts: &ControlFacts,
    frame: Frame,
    test: &TestFacts,
    outcome: &TestOutcome,
    state: OperationState,
    conclusion: &mut ControlConclusion,
) -> Result<(), Fault> {
    let id = &facts.id;
    let unable = state == OperationState::Unable;
    if !unable && state != OperationState::Ineffective {
        return Ok(());
    }
    let kind = if unable { FailureKind::Unable } else { FailureKind::Operation };
    let why = outcome.reasons.join(" ");
    let mut reason = if unable {
        format!("It could not be determined whether control {id} operated effectively. {why}")
    } else {
        format!("Control {id} did not operate effectively. {why}")
    };
    if outcome.state == TestState::DevWithin && is_decisive(test) {
        reason.push_str(
            " A systematic, intentional or undisclosed deviation is not within any tolerable rate.",
        );
    } else if outcome.state == TestState::DevWithin {
        reason.push_str(
            " It is automated or operates at most monthly, so one missed occurrence decides for the days it covers.",
        );
    }
    let spans = failing_spans(frame, test, outcome)?;
    let reason = reason.trim_end().to_owned();
    let stretches =
        if spans.is_empty() { vec![None] } else { spans.into_iter().map(Some).collect() };
    for span in stretches {
        conclusion.failures.push(Failure { kind, span, reason: reason.clone() });
    }
    Ok(())
}

/// The days on which the control failed, if every deviation says so; otherwise none are known and the
/// whole period is meant.
fn failing_spans(
    frame: Frame,
    test: &TestFacts,
    outcome: &TestOutcome,
) -> Result<Vec<Span>, Fault> {
    let mut spans = Vec::new();
    for record in &test.deviation_records {
        let Some(span) = record.span()? else {
            return Ok(Vec::new());
        };
        if frame.period.is_some_and(|period| !period.contains(span)) {
            return Err(Fault::new(format!(
                "the deviation from {span} reaches outside the period; give the days inside it."
            )));
        }
        spans.push(span);
    }
    if (spans.len() as u64) < outcome.deviations {
        return Ok(Vec::new());
    }
    Ok(spans)
}

/// Inspection or reperformance, or observation on two dates together with inquiry.
pub(crate) fn evidence_is_enough(tests: &[TestFacts]) -> bool {
    let procedures = || tests.iter().map(|test| test.procedure.unwrap_or(Procedure::Inspection));
    let strong =
        procedures().any(|p| matches!(p, Procedure::Inspection | Procedure::Reperformance));
    let observed: u32 = tests
        .iter()
        .filter(|test| test.procedure == Some(Procedure::Observation))
        .map(|test| test.observation_dates.unwrap_or(1))
        .fold(0, u32::saturating_add);
    strong || (observed >= 2 && procedures().any(|p| p == Procedure::Inquiry))
}

/// A control whose state differs over the period.
fn conclude_spans(
    facts: &ControlFacts,
    frame: Frame,
    conclusion: &mut ControlConclusion,
) -> Result<(), Fault> {
    if facts.design.is_some() || facts.operation.is_some() || !facts.tests.is_empty() {
        return Err(Fault::new(
            "with spans, give design and operation inside each span and leave design, operation and tests out of the control.",
        ));
    }
    let mut spans = Vec::with_capacity(facts.spans.len());
    for part in &facts.spans {
        spans.push(Span::new(part.from, part.to).map_err(|fault| Fault::new(fault.to_string()))?);
    }
    let relevant: Vec<(&SpanFacts, Span)> = if frame.type_two {
        let Some(period) = frame.period else {
            return Err(Fault::new(
                "spans need the examination's period; add period with from and to.",
            ));
        };
        check_cover(period, &spans)?;
        facts.spans.iter().zip(spans).collect()
    } else {
        let Some(day) = frame.as_of else {
            return Err(Fault::new("spans need the examination's date; add as_of."));
        };
        let at: Vec<_> =
            facts.spans.iter().zip(spans).filter(|(_, span)| span.holds(day)).collect();
        if at.len() != 1 {
            return Err(Fault::new(format!(
                "{} spans hold the date {day}; exactly one must.",
                at.len()
            )));
        }
        at
    };
    for (part, span) in relevant {
        conclude_span(facts, frame, part, span, conclusion);
    }
    Ok(())
}

fn check_cover(period: Span, spans: &[Span]) -> Result<(), Fault> {
    match fault_in_cover(period, spans) {
        None => Ok(()),
        Some(CoverFault::Outside(span)) => {
            Err(Fault::new(format!("the span {span} reaches outside the period {period}.")))
        }
        Some(CoverFault::Gap(span)) => Err(Fault::new(format!(
            "no span covers {span}; add one, also for days before the control existed."
        ))),
        Some(CoverFault::Twice(day)) => {
            Err(Fault::new(format!("two spans cover {day}; make them meet without overlapping.")))
        }
    }
}

fn conclude_span(
    facts: &ControlFacts,
    frame: Frame,
    part: &SpanFacts,
    span: Span,
    conclusion: &mut ControlConclusion,
) {
    let id = &facts.id;
    let because = part
        .reason
        .as_ref()
        .map_or_else(String::new, |reason| format!(": {}", reason.trim_end_matches('.')));
    let when = if frame.type_two { format!(" from {span}") } else { String::new() };
    let design = part.design.unwrap_or(DesignState::Suitable);
    conclusion.design = conclusion.design.max(design);
    if design.fails() {
        conclusion.failures.push(Failure {
            kind: FailureKind::Design,
            span: frame.type_two.then_some(span),
            reason: format!("Control {id} {}{when}{because}.", design_words(design)),
        });
    }
    if !frame.type_two {
        return;
    }
    let operation = if design.fails() {
        OperationState::Ineffective
    } else {
        part.operation.unwrap_or(OperationState::Effective)
    };
    let worst = conclusion
        .operation
        .filter(|known| known.severity() >= operation.severity())
        .unwrap_or(operation);
    conclusion.operation = Some(worst);
    let told = format!("{when}{because}");
    let failed = note_operation(id, operation, &told, conclusion);
    // A design failure over the same days is already recorded and fails the operation with it.
    if let Some((kind, reason)) = failed.filter(|_| !design.fails()) {
        conclusion.failures.push(Failure { kind, span: Some(span), reason });
    }
}

/// Records what a state over some days means; gives the failure if it is one.
fn note_operation(
    id: &str,
    operation: OperationState,
    told: &str,
    conclusion: &mut ControlConclusion,
) -> Option<(FailureKind, String)> {
    match operation {
        OperationState::Effective => None,
        OperationState::NotOperated => {
            conclusion.matters.push(not_operated(id));
            None
        }
        OperationState::EffectiveWithDeviations => {
            let text = format!("Control {id}: deviations within what is tolerable{told}.");
            conclusion.exceptions.push(text);
            None
        }
        OperationState::Unable => Some((
            FailureKind::Unable,
            format!("It could not be determined whether control {id} operated effectively{told}."),
        )),
        OperationState::Ineffective => {
            let text = format!("Control {id}: did not operate effectively{told}.");
            conclusion.exceptions.push(text);
            let reason = format!("Control {id} did not operate effectively{told}.");
            Some((FailureKind::Operation, reason))
        }
    }
}
