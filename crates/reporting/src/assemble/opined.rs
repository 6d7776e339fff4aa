//! What is concluded, prong by prong, with the matters that modify it.

use super::Record;
use crate::report_document::{
    Block, Conclusion, Matter, MatterNature, Opinion, Prong, ProngConclusion, Prose,
};
use examination::model::{Standing, Verdict};
use examination::rules::criterion::CriterionFinding;
use examination::rules::facts::{Opinion as Concluded, Prong as RuleProng, Status};
use examination::rules::opinion::{Basis, ProngProposal, Proposal};
use examination::store::{ControlResult, Results};
use kernel::refusal::Refusal;
use scope::catalogue::CriterionId;

/// The opinion as concluded, or in a draft without a conclusion as proposed.
///
/// A conclusion names the headline alone. Where it is the proposed one, the prongs are those of the
/// proposal. Where a person concluded otherwise, every modified prong takes the concluded opinion; and
/// where none was modified, the last prong does.
///
/// # Errors
/// [`Refusal::State`] when nothing can be proposed, or the conclusion is to withdraw.
pub(super) fn opinion(record: &Record, results: &Results) -> Result<Opinion, Refusal> {
    let proposal = results.proposal.as_ref().ok_or_else(|| {
        Refusal::state(format!(
            "The record gives no opinion to print: {}",
            results.no_proposal.as_deref().unwrap_or("nothing is proposed.")
        ))
    })?;
    let concluded = concluded(results).unwrap_or(proposal.headline);
    if concluded == Concluded::Withdraw {
        return Err(Refusal::state(
            "The conclusion is to withdraw from the engagement: there is no report to print.",
        ));
    }
    let prongs = prongs(proposal, concluded);
    let matters = matters(record, results, proposal, &prongs);
    let unamended =
        !matters.is_empty() && record.papers.matters.management.amendment_refused.is_some();
    Ok(Opinion { prongs, matters, unamended })
}

/// The headline that a person signed, if it stands.
fn concluded(results: &Results) -> Option<Concluded> {
    let found = results.opinion.as_ref().filter(|c| c.stands == Standing::Stands)?;
    match found.concluded {
        Verdict::Opinion { opinion } => Some(opinion),
        _ => None,
    }
}

const fn conclusion(opinion: Concluded) -> Conclusion {
    match opinion {
        Concluded::Unmodified => Conclusion::Unmodified,
        Concluded::Qualified => Conclusion::Qualified,
        Concluded::Adverse => Conclusion::Adverse,
        Concluded::Disclaimer | Concluded::Withdraw => Conclusion::Disclaimer,
    }
}

const fn prong(prong: RuleProng) -> Prong {
    match prong {
        RuleProng::Description => Prong::Description,
        RuleProng::Design => Prong::Design,
        RuleProng::Operation => Prong::Operation,
    }
}

fn prongs(proposal: &Proposal, concluded: Concluded) -> Vec<ProngConclusion> {
    let mut out: Vec<ProngConclusion> = proposal
        .prongs
        .each()
        .map(|(p, found)| ProngConclusion {
            prong: prong(p),
            conclusion: conclusion(found.opinion),
        })
        .collect();
    if concluded == proposal.headline {
        return out;
    }
    let wanted = conclusion(concluded);
    let none_modified = out.iter().all(|p| p.conclusion == Conclusion::Unmodified);
    for p in out.iter_mut().filter(|p| p.conclusion != Conclusion::Unmodified) {
        p.conclusion = wanted;
    }
    if none_modified && let Some(last) = out.last_mut() {
        last.conclusion = wanted;
    }
    out
}

fn nature(found: &ProngProposal, in_design: bool) -> MatterNature {
    match found.basis {
        Some(Basis::Misstatement) => MatterNature::Misstatement,
        Some(Basis::ScopeLimitation) => MatterNature::ScopeLimitation,
        _ if in_design => MatterNature::Design,
        _ => MatterNature::Operation,
    }
}

/// One matter for each criterion that is not met; one for all that could not be examined; one for a prong
/// that is modified without naming a criterion.
fn matters(
    record: &Record,
    results: &Results,
    proposal: &Proposal,
    prongs: &[ProngConclusion],
) -> Vec<Matter> {
    let modified =
        |p: Prong| prongs.iter().any(|x| x.prong == p && x.conclusion != Conclusion::Unmodified);
    let mut out: Vec<Matter> = Vec::new();
    let mut limits = Limits::new();
    for (rule_prong, found) in proposal.prongs.each().filter(|(p, _)| modified(prong(*p))) {
        let this = prong(rule_prong);
        let criteria: Vec<CriterionId> =
            found.criteria.iter().filter_map(|c| c.to_string().parse().ok()).collect();
        if criteria.is_empty() {
            out.push(whole_prong(record, this, found));
        }
        for criterion in criteria {
            let finding =
                proposal.criteria.iter().find(|f| f.id.to_string() == criterion.to_string());
            let reasons = finding.map(|f| f.reasons(rule_prong)).unwrap_or_default();
            let unknown = finding.is_some_and(|f| status(f, rule_prong) == Status::Unknown);
            if let Some(matter) = out.iter_mut().find(|m| m.criteria == [criterion]) {
                matter.prongs.push(this);
                add_reasons(matter, reasons);
            } else if unknown {
                limits.add(record, results, this, criterion);
            } else {
                out.push(matter(record, results, this, found, criterion, reasons));
            }
        }
    }
    out.extend(limits.matter());
    out
}

const fn status(finding: &CriterionFinding, prong: RuleProng) -> Status {
    match (prong, finding.operation) {
        (RuleProng::Operation, Some(operation)) => operation,
        _ => finding.design,
    }
}

fn add_reasons(matter: &mut Matter, reasons: Vec<String>) {
    for reason in reasons {
        let block = Block::text(reason);
        if !matter.blocks.contains(&block) {
            matter.blocks.push(block);
        }
    }
}

/// What could not be examined, as one matter: criteria that are unknown share their reasons, and saying
/// each again for every criterion would hide what is missing.
struct Limits(Matter);

impl Limits {
    fn new() -> Self {
        Self(Matter {
            heading: "Scope of the examination".to_owned(),
            nature: MatterNature::ScopeLimitation,
            prongs: Vec::new(),
            criteria: Vec::new(),
            controls: Vec::new(),
            blocks: Vec::new(),
            effect: Prose::default(),
        })
    }

    fn add(&mut self, record: &Record, results: &Results, prong: Prong, criterion: CriterionId) {
        let matter = &mut self.0;
        if !matter.prongs.contains(&prong) {
            matter.prongs.push(prong);
        }
        if !matter.criteria.contains(&criterion) {
            matter.criteria.push(criterion);
        }
        for code in serving(record, criterion) {
            if !matter.controls.contains(&code) {
                matter.controls.push(code);
            }
        }
        let codes = serving(record, criterion);
        add_reasons(matter, of_controls(results, &codes).filter_map(not_examined).collect());
    }

    fn matter(mut self) -> Option<Matter> {
        let one = match self.0.criteria.len() {
            0 => return None,
            1 => "that criterion was",
            _ => "those criteria were",
        };
        if self.0.blocks.is_empty() {
            self.0.blocks.push(Block::text(
                "Evidence that would have shown whether the controls that serve them met them could not be had.",
            ));
        }
        self.0.effect = Prose::from(format!(
            "As a result, it could not be determined whether {one} met, and whether the commitments and \
             system requirements that rest on them were."
        ));
        Some(self.0)
    }
}

/// The lines of some controls.
fn of_controls<'a>(
    results: &'a Results,
    codes: &'a [String],
) -> impl Iterator<Item = &'a ControlResult> {
    results.controls.iter().filter(|c| codes.contains(&c.code))
}

/// What a reader is told of a control on which evidence is missing; what the workpapers say of why it is,
/// such as which rate was planned, is for the file alone.
fn not_examined(control: &ControlResult) -> Option<String> {
    let code = &control.code;
    if let Some(stated) = &control.stated {
        let why =
            stated.strip_prefix("Not tested: ").unwrap_or(stated).trim().trim_end_matches('.');
        return Some(format!("Control {code} was not tested: {why}."));
    }
    let stands = control.conclusion.as_ref().is_some_and(|c| c.stands == Standing::Stands);
    (!stands).then(|| {
        format!(
            "Evidence of how control {code} operated had not been obtained when this was written."
        )
    })
}

/// What a reader is told of a control that failed: the exceptions of its tests, as section IV has them.
fn failed(control: &ControlResult) -> Option<String> {
    let facts: Vec<&str> = control
        .tests
        .iter()
        .flat_map(|t| &t.exceptions)
        .map(|e| e.facts.trim().trim_end_matches('.'))
        .collect();
    (!facts.is_empty()).then(|| {
        format!("Control {}: {}. Section IV has the test.", control.code, facts.join(". "))
    })
}

/// The codes of the controls that serve a criterion.
fn serving(record: &Record, criterion: CriterionId) -> Vec<String> {
    let serves = |c: &&controls::model::Control| c.text.criteria.contains(&criterion);
    record.papers.controls.iter().filter(serves).map(|c| c.text.code.clone()).collect()
}

fn matter(
    record: &Record,
    results: &Results,
    prong: Prong,
    found: &ProngProposal,
    criterion: CriterionId,
    reasons: Vec<String>,
) -> Matter {
    let nature = match prong {
        Prong::Description => MatterNature::Misstatement,
        Prong::Design => MatterNature::Design,
        Prong::Operation => MatterNature::Operation,
    };
    let codes = serving(record, criterion);
    let exceptions: Vec<String> = of_controls(results, &codes).filter_map(failed).collect();
    let blocks = match (prong, exceptions.is_empty(), reasons.is_empty()) {
        (Prong::Operation, false, _) => exceptions,
        (_, _, true) => found.reasons.clone(),
        _ => reasons,
    };
    Matter {
        heading: format!("Criterion {criterion}"),
        nature,
        prongs: vec![prong],
        criteria: vec![criterion],
        controls: codes,
        blocks: blocks.into_iter().map(Block::text).collect(),
        effect: Prose::from(format!(
            "As a result, criterion {criterion} was not met, and reasonable assurance was not obtained that the \
             commitments and system requirements that rest on it were met."
        )),
    }
}

/// A prong that is modified for reasons beyond single criteria.
fn whole_prong(record: &Record, prong: Prong, found: &ProngProposal) -> Matter {
    let (heading, effect) = match prong {
        Prong::Description => (
            "Presentation of the description",
            "As a result, the description does not present the system according to the description criteria in this respect.",
        ),
        Prong::Design => (
            "Design of controls",
            "As a result, reasonable assurance was not obtained that the controls were suitably designed in this respect.",
        ),
        Prong::Operation => (
            "Operation of controls",
            "As a result, reasonable assurance was not obtained that the controls operated effectively in this respect.",
        ),
    };
    let stated = record.papers.matters.evidence_unreliable.clone();
    let reasons = if found.reasons.is_empty() {
        let own = concluded_reason(record).or(stated);
        own.into_iter().collect()
    } else {
        found.reasons.clone()
    };
    Matter {
        heading: heading.to_owned(),
        nature: nature(found, prong == Prong::Design),
        prongs: vec![prong],
        criteria: Vec::new(),
        controls: Vec::new(),
        blocks: reasons.into_iter().map(Block::text).collect(),
        effect: effect.into(),
    }
}

/// The reason that the signer of the opinion gave.
fn concluded_reason(record: &Record) -> Option<String> {
    record.papers.standing_conclusion(examination::model::About::Opinion).map(|c| c.reason)
}
