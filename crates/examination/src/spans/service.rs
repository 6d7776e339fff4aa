//! Commands: stating the stretches of a control, concluding on each.

use super::model::{ControlSpan, SpanVerdict};
use crate::events::{ConclusionSigned, SpansStated};
use crate::model::{About, Standing, Verdict};
use crate::permits::{ConcludeControl, PlanTests};
use crate::rules::control::{
    DesignState, OperationState, evidence_is_enough, speaks_for_every_day,
};
use crate::rules::span::{CoverFault, Span, fault_in_cover};
use crate::service::{TEXT_MAX, ask_second, backed_by_evidence, evaluated, file, may_sign, write};
use crate::store::{
    Papers, conclusion_subject, inputs_rule, inputs_sha256, refused_for, span_proposal, span_tests,
    spans_subject,
};
use controls::model::ControlId;
use jiff::civil::Date;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Result, Tx};
use platform::journal::Expected;
use scope::model::ReportType;

/// Most stretches of one control.
pub const SPANS_MAX: usize = 12;

/// States over which days a control was of which kind, and which tests speak for which days. None says
/// that it did not change after all. `version` is that of the statement seen, 0 for none.
///
/// # Errors
/// [`Refusal::Input`] naming the field: stretches that do not cover the period exactly once, a test of
/// another control; [`Refusal::State`] in a type 1 examination; [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn state_spans(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PlanTests>,
    version: i64,
    control: ControlId,
    (spans, reason): (&[ControlSpan], &str),
) -> Result<()> {
    let file = file(permit)?;
    let papers = Papers::load(tx, file.engagement)?;
    papers.control(control).ok_or(Refusal::NotFound)?;
    let event = SpansStated {
        engagement: file.engagement,
        control,
        spans: checked(&papers, control, spans)?,
        reason: sentence("reason", reason, TEXT_MAX)?,
    };
    let subject = spans_subject(file, control);
    write(tx, env, permit, &subject, Expected::Version(version), vec![event.into()])
}

/// Stretches of a period from what the control was at first and what changed, one change on each line:
/// the first day on which it was so, then what it was from then on. None where nothing changed. No test
/// speaks for any of them yet.
///
/// # Errors
/// [`Refusal::Input`] naming `changes`: no day, a day outside the period, a day given twice.
pub fn stretches(
    period: &kernel::period::Period,
    first: &str,
    changes: &str,
) -> Result<Vec<ControlSpan>, Refusal> {
    let wrong = |text: String| Refusal::field("changes", text);
    let mut starts: Vec<(Date, String)> = vec![(period.start(), first.trim().to_owned())];
    for line in changes.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (day, what) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let day = kernel::period::parse_date(day).map_err(|fault| wrong(fault.to_string()))?;
        if day <= period.start() || day > period.end() {
            return Err(wrong(format!(
                "{day} is not inside the period. Give the first day on which the control was as it is described."
            )));
        }
        starts.push((day, what.trim().to_owned()));
    }
    if starts.len() == 1 {
        return Ok(Vec::new());
    }
    starts.sort();
    let mut out: Vec<ControlSpan> = Vec::with_capacity(starts.len());
    for (position, (from, what)) in starts.iter().enumerate() {
        let next = starts.get(position + 1).and_then(|(day, _)| day.yesterday().ok());
        let days = Span::new(*from, next.unwrap_or(period.end()))
            .map_err(|_| wrong(format!("{from} is there twice. Give each day once.")))?;
        out.push(ControlSpan { days, what: what.clone(), tests: Vec::new() });
    }
    Ok(out)
}

fn checked(
    papers: &Papers,
    control: ControlId,
    spans: &[ControlSpan],
) -> Result<Vec<ControlSpan>, Refusal> {
    if papers.engagement.report_type != ReportType::Type2 {
        return Err(Refusal::state(
            "A type 1 examination speaks for one date, so a control has no stretches.",
        ));
    }
    if spans.is_empty() {
        return Ok(Vec::new());
    }
    if !(2..=SPANS_MAX).contains(&spans.len()) {
        return Err(Refusal::field(
            "changes",
            format!(
                "A control that changed has 2 to {SPANS_MAX} stretches. Give the first day of each but the first."
            ),
        ));
    }
    let period = &papers.engagement.period;
    let whole = Span::new(period.start(), period.end())
        .map_err(|e| Refusal::field("changes", e.to_string()))?;
    let days: Vec<Span> = spans.iter().map(|span| span.days).collect();
    if let Some(fault) = fault_in_cover(whole, &days) {
        return Err(Refusal::field("changes", told(fault, whole)));
    }
    let mut out = Vec::with_capacity(spans.len());
    for span in spans {
        let own = |id| papers.tests_of(control).any(|test| test.id == id);
        if !span.tests.iter().all(|id| own(*id)) {
            return Err(Refusal::field("tests", "Choose tests of this control."));
        }
        let mut tests = span.tests.clone();
        tests.sort_unstable();
        tests.dedup();
        let what = sentence("changes", &span.what, 1_000)?;
        out.push(ControlSpan { days: span.days, what, tests });
    }
    out.sort_by_key(|span| span.days);
    Ok(out)
}

fn told(fault: CoverFault, whole: Span) -> String {
    match fault {
        CoverFault::Outside(span) => {
            format!("The days from {span} reach outside the period from {whole}.")
        }
        CoverFault::Gap(span) => format!(
            "Nothing is said of the days from {span}. Say what the control was then, also where it did not exist yet."
        ),
        CoverFault::Twice(day) => format!("Two stretches hold {day}. Let them meet."),
    }
}

/// What a person concludes on one stretch.
#[derive(Debug, Clone)]
pub struct SpanInput {
    /// The design over these days.
    pub design: DesignState,
    /// The operation over these days; of a design that fails, it is always ineffective.
    pub operation: OperationState,
    /// Why.
    pub reason: String,
}

/// Concludes on a control that changed in the period, on each of its stretches in their order. The
/// control as a whole is what the worst of them is. Where one is more favourable than proposed, the
/// conclusion waits for a second signature.
///
/// # Errors
/// [`Refusal::State`] when there is no evidence for a stretch or the person may not sign,
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::Stale`].
pub fn conclude_spans(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ConcludeControl>,
    expected: Expected,
    control: ControlId,
    (inputs, reason): (&[SpanInput], &str),
) -> Result<Standing> {
    let file = file(permit)?;
    let about = About::Control { control };
    may_sign(tx, env, permit, about)?;
    let papers = Papers::load(tx, file.engagement)?;
    backed_by_evidence(&papers, control, env.now())?;
    let rests = |i: &SpanInput| !i.design.fails() && i.operation != OperationState::Unable;
    if inputs.iter().any(rests) {
        evaluated(&papers, control)?;
    }
    let (spans, proposed, concluded, awaits_second) =
        weigh_spans(&papers, control, inputs, &permit.actor().name())?;
    let event = ConclusionSigned {
        engagement: file.engagement,
        about,
        proposed,
        concluded,
        reason: sentence("reason", reason, TEXT_MAX)?,
        proof: None,
        spans,
        awaits_second,
        inputs_sha256: inputs_sha256(&papers, about),
        rule: inputs_rule(about),
    };
    let subject = conclusion_subject(file, about);
    write(tx, env, permit, &subject, expected, vec![event.into()])?;
    Ok(if awaits_second { Standing::AwaitsSecond } else { Standing::Stands })
}

/// Each stretch as it would be recorded, what is proposed and concluded for the control as a whole, and
/// whether a second person has to sign.
pub(crate) type WeighedSpans = (Vec<SpanVerdict>, Verdict, Verdict, bool);

/// What a conclusion on stretches would be recorded with, from the file as it is. Records nothing.
pub(crate) fn weigh_spans(
    papers: &Papers,
    control: ControlId,
    inputs: &[SpanInput],
    signer: &str,
) -> Result<WeighedSpans, Refusal> {
    papers.control(control).ok_or(Refusal::NotFound)?;
    let stated = papers.spans_of(control);
    if stated.is_empty() || stated.len() != inputs.len() {
        return Err(Refusal::state(
            "The stretches of this control changed since the page was opened. Load it again and conclude on each.",
        ));
    }
    let mut verdicts = Vec::with_capacity(inputs.len());
    let mut awaits = false;
    for (span, input) in stated.iter().zip(inputs) {
        let of = |e: Refusal| Refusal::state(format!("{}: {e}", span.days));
        let reason = sentence("reason", &input.reason, TEXT_MAX).map_err(of)?;
        // What is not suitably designed cannot have operated effectively.
        let operation =
            if input.design.fails() { OperationState::Ineffective } else { input.operation };
        if operation == OperationState::NotOperated && deviated_in(papers, control, span) {
            return Err(of(Refusal::state(
                "A deviation is recorded on these days, so the control’s occasion did arise then. It operated with deviations, failed, or could not be examined; it is not one that had no occasion to operate.",
            )));
        }
        if speaks_for_every_day(operation) {
            let left_out = papers.uncovered_in(control, span);
            refused_for(&left_out).map_or(Ok(()), |why| Err(of(Refusal::state(why))))?;
        }
        let proposed = proposal(papers, control, span, input.design, operation).map_err(of)?;
        let concluded = Verdict::Control { design: input.design, operation: Some(operation) };
        awaits |= ask_second(proposed, concluded, &reason, signer)?;
        verdicts.push(SpanVerdict { days: span.days, proposed, concluded, reason });
    }
    let proposed = worst(verdicts.iter().map(|v| v.proposed));
    let concluded = worst(verdicts.iter().map(|v| v.concluded));
    Ok((verdicts, proposed, concluded, awaits))
}

/// Whether a deviation of the control lies in a stretch: by its own days, and where it has none by the
/// test that found it. One whose test speaks for no stretch may lie in any.
fn deviated_in(papers: &Papers, control: ControlId, span: &ControlSpan) -> bool {
    let day = |text: &Option<String>| text.as_deref().and_then(|d| d.parse::<Date>().ok());
    let spoken_for = |test| papers.spans_of(control).iter().any(|s| s.tests.contains(test));
    papers.deviations.iter().filter(|d| d.control == control).any(|d| {
        match (day(&d.body.from), day(&d.body.to)) {
            (Some(from), Some(to)) => from <= span.days.to && span.days.from <= to,
            _ => span.tests.contains(&d.test) || !spoken_for(&d.test),
        }
    })
}

/// What the rules propose for one stretch, or why nothing can be concluded on it.
fn proposal(
    papers: &Papers,
    control: ControlId,
    span: &ControlSpan,
    design: DesignState,
    operation: OperationState,
) -> Result<Verdict, Refusal> {
    let evidence = span_tests(papers, control, span);
    let found = span_proposal(papers, control, span, design)
        .map_err(|fault| Refusal::state(fault.to_string()))?;
    let stated = || Verdict::Control { design, operation: Some(operation) };
    // A design that fails needs no test of operation; days without an occasion, and days that nobody
    // can examine, are stated with their reason where no test came to a result.
    let stated_alone =
        design.fails() || matches!(operation, OperationState::NotOperated | OperationState::Unable);
    match found {
        _ if design.fails() => Ok(stated()),
        Some(found) if evidence.open.is_empty() => {
            let favourable = matches!(
                operation,
                OperationState::Effective | OperationState::EffectiveWithDeviations
            );
            if favourable && !evidence_is_enough(&evidence.facts) {
                return Err(Refusal::state(format!(
                    "The tests of the days from {} cannot support that the control operated: inquiry is never enough alone. Inspect or reperform, or observe on at least two dates and inquire.",
                    span.days
                )));
            }
            Ok(Verdict::Control { design: found.design, operation: found.operation })
        }
        None if stated_alone => Ok(stated()),
        _ => Err(Refusal::state(format!(
            "There is no evidence yet to conclude from on the days from {}. {}",
            span.days,
            evidence.open.join(" ")
        ))),
    }
}

/// The worst design and the worst operation of several verdicts.
fn worst(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let mut out = (DesignState::Suitable, OperationState::NotOperated);
    for verdict in verdicts {
        if let Verdict::Control { design, operation: Some(operation) } = verdict {
            out.0 = out.0.max(design);
            if operation.severity() > out.1.severity() {
                out.1 = operation;
            }
        }
    }
    Verdict::Control { design: out.0, operation: Some(out.1) }
}
