//! Conclusions and second signatures.

use super::{TEXT_MAX, file, write};
use crate::deviations::service::{natures_open, reach_open};
use crate::events::{ConclusionSeconded, ConclusionSigned};
use crate::model::{About, Standing, Verdict};
use crate::permits::{ConcludeControl, ConcludeCriterion, ConcludeOpinion, SecondConclusion};
use crate::rules::conclusion::{Conclusion, ConclusionError, Graded};
use crate::rules::control::{
    DesignState, OperationState, evidence_is_enough, speaks_for_every_day,
};
use crate::sheets::rules::support;
use crate::spans::service::{SpanInput, weigh_spans};
use crate::store::{self, Papers, conclusion_subject, inputs_rule, inputs_sha256, proposed};
use kernel::env::Env;
use kernel::permit::{Action, Permit};
use kernel::refusal::{Refusal, sentence};
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::journal::Expected;

/// A conclusion as entered.
#[derive(Debug, Clone)]
pub struct ConclusionInput {
    /// About what.
    pub about: About,
    /// What is concluded.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// For a control that did not operate: what proves that it had no occasion to.
    pub proof: Option<String>,
}

/// The permits that allow a conclusion about one kind of thing.
pub trait Concludes: Action {
    /// Whether the permit is for this kind.
    fn covers(about: About) -> bool;
}
impl Concludes for ConcludeControl {
    fn covers(about: About) -> bool {
        matches!(about, About::Control { .. })
    }
}
impl Concludes for ConcludeCriterion {
    fn covers(about: About) -> bool {
        matches!(about, About::Criterion { .. })
    }
}
impl Concludes for ConcludeOpinion {
    fn covers(about: About) -> bool {
        matches!(about, About::Opinion)
    }
}

/// Concludes. What the rules propose is recorded beside what the person concludes; a conclusion that is
/// more favourable waits for a second signature, and does not stand until it has one.
///
/// # Errors
/// [`Refusal::State`] when there is no evidence to conclude from or the person may not sign,
/// [`Refusal::Input`] naming the field,
/// [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn conclude<A: Concludes>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    expected: Expected,
    input: &ConclusionInput,
) -> Result<Standing> {
    let file = file(permit)?;
    if !A::covers(input.about) {
        return Err(Refusal::NotFound.into());
    }
    may_sign(tx, env, permit, input.about)?;
    let papers = Papers::load(tx, file.engagement)?;
    whole(&papers, input.about)?;
    let reason = sentence("reason", &input.reason, TEXT_MAX)?;
    let input = &ConclusionInput { reason: reason.clone(), ..input.clone() };
    let (proposal, awaits_second) = weigh(&papers, input, &permit.actor().name())?;
    supported(&papers, input, env.now())?;
    let event = ConclusionSigned {
        engagement: file.engagement,
        about: input.about,
        proposed: proposal,
        concluded: input.verdict,
        reason,
        proof: input.proof.as_deref().map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned),
        spans: Vec::new(),
        awaits_second,
        inputs_sha256: inputs_sha256(&papers, input.about),
        rule: inputs_rule(input.about),
    };
    let subject = conclusion_subject(file, input.about);
    write(tx, env, permit, &subject, expected, vec![event.into()])?;
    Ok(if awaits_second { Standing::AwaitsSecond } else { Standing::Stands })
}

/// A conclusion on operation is impossible before its evidence exists, and a favourable one without a
/// kind of test that can support it: inquiry alone never does, whoever signs.
fn supported(papers: &Papers, input: &ConclusionInput, now: Timestamp) -> Result<(), Refusal> {
    let (About::Control { control }, Verdict::Control { operation: Some(operation), .. }) =
        (input.about, input.verdict)
    else {
        return Ok(());
    };
    if operation != OperationState::Unable {
        evaluated(papers, control)?;
    }
    if speaks_for_every_day(operation) {
        let left_out = papers.uncovered(control);
        store::refused_for(&left_out).map_or(Ok(()), |why| Err(Refusal::state(why)))?;
    }
    backed_by_evidence(papers, control, now)?;
    let favourable =
        matches!(operation, OperationState::Effective | OperationState::EffectiveWithDeviations);
    let facts = papers.evidence_for(control).facts;
    if favourable && !facts.is_empty() && !evidence_is_enough(&facts) {
        return Err(Refusal::state(
            "The tests of this control cannot support that it operated: inquiry is never enough alone, and an observation speaks for its moment. Inspect or reperform, or observe on at least two dates and inquire.",
        ));
    }
    Ok(())
}

/// Refuses while nobody has evaluated whether the information behind a control is complete and accurate.
pub(crate) fn evaluated(
    papers: &Papers,
    control: controls::model::ControlId,
) -> Result<(), Refusal> {
    let unready = papers.unready_for(control);
    if unready.is_empty() {
        return Ok(());
    }
    Err(Refusal::state(format!(
        "Nothing is concluded from information whose completeness and accuracy nobody has evaluated. {}",
        unready.join(" ")
    )))
}

/// Refuses while a result of the control's tests names no evidence that was there, while the nature of a
/// deviation waits for its second signature, and while nobody followed a systematic cause.
pub(crate) fn backed_by_evidence(
    papers: &Papers,
    control: controls::model::ControlId,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut lacking = Vec::new();
    for test in papers.tests_of(control) {
        for sample in papers.samples.get(&test.id).into_iter().flatten() {
            let items = papers.items.get(&sample.id).map(Vec::as_slice).unwrap_or_default();
            lacking.extend(support::lacking(test, items, &papers.extracted, now));
        }
    }
    if !lacking.is_empty() {
        return Err(Refusal::state(format!(
            "Nothing is concluded before its evidence is there. {}",
            lacking.join(" ")
        )));
    }
    let mut deviations = natures_open(papers, control);
    deviations.extend(reach_open(papers, control));
    if !deviations.is_empty() {
        return Err(Refusal::state(deviations.join(" ")));
    }
    Ok(())
}

/// A control that changed in the period is concluded on each of its stretches, never as one.
fn whole(papers: &Papers, about: About) -> Result<(), Refusal> {
    match about {
        About::Control { control } if !papers.spans_of(control).is_empty() => Err(Refusal::state(
            "This control changed in the period. Conclude on each of its stretches.",
        )),
        _ => Ok(()),
    }
}

/// Whether a conclusion needs a second signature; refused when it may not stand at all.
pub(crate) fn ask_second(
    proposed: Verdict,
    concluded: Verdict,
    reason: &str,
    signer: &str,
) -> Result<bool, Refusal> {
    match check(proposed, concluded, reason, signer, None)? {
        Ok(()) => Ok(false),
        Err(ConclusionError::NeedsSecondSigner { .. }) => Ok(true),
        Err(other) => Err(Refusal::field("reason", other.to_string())),
    }
}

/// Refuses whoever may not sign: who has not confirmed their independence; for the opinion also while
/// the engagement is not accepted.
pub(crate) fn may_sign<A>(
    tx: &mut Tx<'_>,
    env: &Env,
    permit: &Permit<A>,
    about: About,
) -> Result<()> {
    match about {
        About::Opinion => crate::firm::service::may_sign_opinion(tx, permit, env.now()),
        _ => crate::firm::service::may_sign(tx, permit, env.now()),
    }
}

/// What a conclusion would be recorded with, from the file as it is: what the rules propose, and whether
/// a second person has to sign. Records nothing; whoever re-performs a conclusion compares with it.
///
/// # Errors
/// As [`conclude`].
pub fn weigh(
    papers: &Papers,
    input: &ConclusionInput,
    signer: &str,
) -> Result<(Verdict, bool), Refusal> {
    let proposal = proposal_for(papers, input)?;
    let needs = ask_second(proposal, input.verdict, &input.reason, signer)?;
    Ok((proposal, needs))
}

/// As [`weigh`], for a conclusion as it was signed: on each stretch where the control changed.
///
/// # Errors
/// As [`conclude`].
pub fn weigh_signed(
    papers: &Papers,
    signed: &ConclusionSigned,
    signer: &str,
) -> Result<(Verdict, bool), Refusal> {
    let About::Control { control } = signed.about else {
        return weigh(papers, &signed_input(signed), signer);
    };
    if signed.spans.is_empty() {
        return weigh(papers, &signed_input(signed), signer);
    }
    let inputs: Vec<SpanInput> = signed
        .spans
        .iter()
        .filter_map(|span| match span.concluded {
            Verdict::Control { design, operation: Some(operation) } => {
                Some(SpanInput { design, operation, reason: span.reason.clone() })
            }
            _ => None,
        })
        .collect();
    let (_, proposed, _, awaits) = weigh_spans(papers, control, &inputs, signer)?;
    Ok((proposed, awaits))
}

fn signed_input(signed: &ConclusionSigned) -> ConclusionInput {
    ConclusionInput {
        about: signed.about,
        verdict: signed.concluded,
        reason: signed.reason.clone(),
        proof: signed.proof.clone(),
    }
}

/// What the rules propose, after it was checked that there is something to conclude from.
fn proposal_for(papers: &Papers, input: &ConclusionInput) -> Result<Verdict, Refusal> {
    let told = |fault: crate::rules::item::Fault| Refusal::state(fault.to_string());
    let type_two = papers.engagement.report_type == scope::model::ReportType::Type2;
    match (input.about, input.verdict) {
        (About::Control { control }, Verdict::Control { design, operation }) => {
            papers.control(control).ok_or(Refusal::NotFound)?;
            if operation.is_some() != type_two {
                return Err(Refusal::field(
                    "operation",
                    if type_two {
                        "A type 2 examination concludes on operation too. Choose an operating conclusion."
                    } else {
                        "A type 1 examination does not conclude on operation. Leave it out."
                    },
                ));
            }
            control_proposal(papers, control, design, operation, input.proof.as_deref())
        }
        (About::Criterion { criterion }, Verdict::Criterion { operation, .. }) => {
            if !papers.criteria().contains(&criterion) {
                return Err(Refusal::NotFound);
            }
            if operation.is_some() != type_two {
                return Err(Refusal::field(
                    "operation",
                    "Conclude on design, and on operation in a type 2 examination only.",
                ));
            }
            let found = proposed(papers, input.about, DesignState::Suitable).map_err(told)?;
            found.verdict().ok_or(Refusal::NotFound)
        }
        (About::Opinion, Verdict::Opinion { .. }) => {
            opinion_ready(papers)?;
            let found = proposed(papers, About::Opinion, DesignState::Suitable).map_err(told)?;
            found.verdict().ok_or(Refusal::NotFound)
        }
        _ => Err(Refusal::input("The conclusion is of another kind than what it is about.")),
    }
}

fn control_proposal(
    papers: &Papers,
    control: controls::model::ControlId,
    design: DesignState,
    operation: Option<OperationState>,
    proof: Option<&str>,
) -> Result<Verdict, Refusal> {
    let Some(operation) = operation else {
        return Ok(Verdict::Control { design, operation: None });
    };
    let proof = proof.map(str::trim).filter(|p| !p.is_empty());
    if operation == OperationState::NotOperated
        && papers.deviations.iter().any(|d| d.control == control)
    {
        return Err(Refusal::field(
            "operation",
            "A deviation is recorded on this control, so its occasion did arise. It operated with deviations, failed, or could not be examined; it is not one that had no occasion to operate.",
        ));
    }
    let open = papers.evidence_for(control).open;
    let found =
        store::proposal(papers, control, design).map_err(|f| Refusal::state(f.to_string()))?;
    match found {
        Some(found) if open.is_empty() => {
            // A stated "did not operate" needs its proof even where the tests point there.
            if operation == OperationState::NotOperated
                && found.operation != Some(OperationState::NotOperated)
                && proof.is_none()
            {
                return Err(no_proof());
            }
            Ok(Verdict::Control { design: found.design, operation: found.operation })
        }
        // Nothing finished, or something still open: only what needs no test may be said.
        _ if operation == OperationState::NotOperated => {
            proof.ok_or_else(no_proof)?;
            Ok(Verdict::Control { design, operation: Some(OperationState::NotOperated) })
        }
        // Where nothing at all came of the tests, a limit on scope may be stated; a half-done test is
        // finished first, so that nobody looks away from what it has shown.
        None if operation == OperationState::Unable => {
            Ok(Verdict::Control { design, operation: Some(OperationState::Unable) })
        }
        _ => Err(Refusal::state(format!(
            "There is no evidence yet to conclude from: finish a sample or a full-population test, or state that the control did not operate, with what proves it, or that it could not be examined. {}",
            open.join(" ")
        ))),
    }
}

fn no_proof() -> Refusal {
    Refusal::field(
        "proof",
        "Say what proves that the control had no occasion to operate, such as a complete population without rows.",
    )
}

fn opinion_ready(papers: &Papers) -> Result<(), Refusal> {
    let waits = papers.unreviewed();
    if waits > 0 {
        return Err(Refusal::state(format!(
            "{waits} results have not been reviewed by a second person. Have them reviewed before the opinion."
        )));
    }
    let open: Vec<&str> = papers
        .controls
        .iter()
        .filter(|c| papers.conclusion(About::Control { control: c.id }).is_none())
        .map(|c| c.text.code.as_str())
        .collect();
    if !open.is_empty() {
        return Err(Refusal::state(format!(
            "Nobody has concluded on {} yet. Work that is not done is no limit on scope: finish it, or conclude that it could not be examined, before the opinion.",
            open.join(", ")
        )));
    }
    let unfinished: Vec<String> = papers
        .conclusions()
        .into_iter()
        .filter(|c| c.stands != Standing::Stands && c.about != About::Opinion)
        .map(|c| match c.about {
            About::Control { control } => papers
                .control(control)
                .map_or_else(|| c.about.to_string(), |k| format!("control {}", k.text.code)),
            _ => c.about.to_string(),
        })
        .collect();
    if !unfinished.is_empty() {
        return Err(Refusal::state(format!(
            "Some conclusions do not stand: {}. Sign them again, or have the second person sign.",
            unfinished.join(", ")
        )));
    }
    Ok(())
}

/// Checks each part of a conclusion against its proposal with the rule on overrides.
fn check(
    proposed: Verdict,
    concluded: Verdict,
    reason: &str,
    signer: &str,
    second: Option<&str>,
) -> Result<Result<(), ConclusionError>, Refusal> {
    let one = Signed { reason, signer, second };
    Ok(match (proposed, concluded) {
        (
            Verdict::Control { design: p, operation: po },
            Verdict::Control { design: c, operation: co },
        ) => one.check(p, c).and_then(|()| one.check_option(po, co)),
        (
            Verdict::Criterion { design: p, operation: po },
            Verdict::Criterion { design: c, operation: co },
        ) => one.check(p, c).and_then(|()| one.check_option(po, co)),
        (Verdict::Opinion { opinion: p }, Verdict::Opinion { opinion: c }) => one.check(p, c),
        _ => return Err(Refusal::input("The conclusion is of another kind than its proposal.")),
    })
}

struct Signed<'a> {
    reason: &'a str,
    signer: &'a str,
    second: Option<&'a str>,
}

impl Signed<'_> {
    fn check<T: Graded>(&self, proposed: T, concluded: T) -> Result<(), ConclusionError> {
        let conclusion = Conclusion {
            proposed,
            concluded,
            reason: Some(self.reason.to_owned()),
            signer: self.signer.to_owned(),
            second_signer: self.second.map(str::to_owned),
        };
        conclusion.check().map(|_| ())
    }

    fn check_option<T: Graded>(
        &self,
        proposed: Option<T>,
        concluded: Option<T>,
    ) -> Result<(), ConclusionError> {
        match (proposed, concluded) {
            (Some(p), Some(c)) => self.check(p, c),
            _ => Ok(()),
        }
    }
}

/// Signs a conclusion that is more favourable than its proposal, as the second person.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it needs no second signature, when what it rests on
/// changed since, or when the first signer tries.
pub fn second(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SecondConclusion>,
    about: About,
    version: i64,
    reason: &str,
) -> Result<()> {
    let file = file(permit)?;
    may_sign(tx, env, permit, about)?;
    let papers = Papers::load(tx, file.engagement)?;
    let first = papers.conclusion(about).ok_or(Refusal::NotFound)?;
    match first.stands {
        Standing::AwaitsSecond => {}
        Standing::Stands => {
            return Err(Refusal::state("This conclusion needs no second signature.").into());
        }
        Standing::Void => {
            return Err(Refusal::state(
                "What this conclusion rests on changed after it was signed. It has to be concluded again first.",
            )
            .into());
        }
    }
    let signer = permit.actor().name();
    check(first.proposed, first.concluded, &first.reason, &first.signer, Some(&signer))?
        .map_err(|e| Refusal::state(e.to_string()))?;
    let event = ConclusionSeconded {
        inputs_sha256: first.inputs_sha256,
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    let subject = conclusion_subject(file, about);
    write(tx, env, permit, &subject, Expected::Version(version), vec![event.into()])
}
