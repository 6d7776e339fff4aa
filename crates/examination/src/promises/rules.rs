//! What the checks find in commitments and requirements, and what a conclusion rests on: pure functions of the
//! file.

use super::model::{Judged, Kept};
use crate::model::{About, Standing};
use crate::rules::facts::Answer;
use crate::store::Papers;
use commitments::model::{Commitment, CommitmentId, Requirement};
use commitments::rules::measurability::{Draft, MEASURABLE_FROM, measurability};
use commitments::rules::sufficiency::{
    CommitmentNode, ControlNode, Gap, Graph, Measured, RequirementNode, ResultNode, gaps,
};
use controls::model::Control;
use kernel::period::{Cycle, Period};
use scope::catalogue::Categories;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Something that the checks found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The commitment that it concerns; none where a whole category has none.
    pub commitment: Option<CommitmentId>,
    /// The check: `F2`, or `M` for measurability.
    pub check: String,
    /// What was found, in a sentence.
    pub text: String,
}

impl Finding {
    /// Under which key a judgement of it is kept: digest of its words, so that a finding that changes is
    /// judged anew.
    #[must_use]
    pub fn key(&self) -> String {
        hex::encode(Sha256::digest(format!("{} {}", self.check, self.text)))[..24].to_owned()
    }
}

/// The requirements behind a commitment.
#[must_use]
pub fn requirements(papers: &Papers, commitment: CommitmentId) -> Vec<&Requirement> {
    papers.requirements.iter().filter(|r| r.commitments.contains(&commitment)).collect()
}

/// The controls behind a commitment: those in force that meet one of its requirements.
#[must_use]
pub fn controls(papers: &Papers, commitment: CommitmentId) -> Vec<&Control> {
    let needed = requirements(papers, commitment);
    let meets = |c: &&Control| needed.iter().any(|r| c.text.requirements.contains(&r.id));
    papers.controls.iter().filter(meets).collect()
}

/// A month that a result speaks for, where its window is one.
fn month(window: &str) -> Option<Period> {
    let (year, month) = window.split_once('-')?;
    let first = format!("{year:0>4}-{month}-01");
    let start = kernel::period::parse_date(&first).ok().filter(|_| window.len() == 7)?;
    Period::new(start, start.last_of_month(), kernel::zone::Zone::utc()).ok()
}

/// Whether a result speaks for a period: one of a month does where the month has a day of it. Of a window in
/// other words nobody but a person can tell, so it is shown.
#[must_use]
pub fn speaks_for(window: &str, period: &Period) -> bool {
    month(window).is_none_or(|m| m.start() <= period.end() && m.end() >= period.start())
}

/// What the checks of measurability and sufficiency find in the file's commitments, by check.
#[must_use]
pub fn findings(papers: &Papers) -> Vec<Finding> {
    let mut out: Vec<Finding> = papers
        .commitments
        .iter()
        .filter(|c| c.principal)
        .filter_map(|c| {
            let found = measurability(&Draft { statement: &c.statement, ..Draft::default() });
            (!found.is_measurable()).then(|| Finding {
                commitment: Some(c.id),
                check: "M".into(),
                text: format!(
                    "{} earns {} of 8 points of measurability, fewer than {MEASURABLE_FROM}: {}",
                    c.code,
                    found.score,
                    found
                        .findings
                        .iter()
                        .filter(|f| !f.earned)
                        .map(|f| f.point.missing())
                        .collect::<Vec<_>>()
                        .join(" ")
                ),
            })
        })
        .collect();
    out.extend(sufficiency(papers));
    out
}

fn sufficiency(papers: &Papers) -> Vec<Finding> {
    // An engagement without a category has nothing to be sufficient for.
    let Ok(categories) = Categories::new(papers.engagement.categories.iter().copied()) else {
        return Vec::new();
    };
    let measured = |c: &Commitment| {
        let results = papers.kept.get(&c.id)?;
        let monthly = !results.is_empty() && results.iter().all(|k| month(&k.window).is_some());
        monthly.then_some(Measured::Each(Cycle::Month))
    };
    let codes: Vec<Vec<&str>> = papers
        .requirements
        .iter()
        .map(|r| {
            let code = |id| papers.commitments.iter().find(|c| c.id == id).map(|c| c.code.as_str());
            r.commitments.iter().filter_map(|id| code(*id)).collect()
        })
        .collect();
    let met_by: Vec<Vec<&str>> = papers
        .requirements
        .iter()
        .map(|r| {
            let meets = papers.controls.iter().filter(|c| c.text.requirements.contains(&r.id));
            meets.map(|c| c.text.code.as_str()).collect()
        })
        .collect();
    let commitments: Vec<CommitmentNode<'_>> = papers
        .commitments
        .iter()
        .map(|c| CommitmentNode {
            id: &c.code,
            category: c.category,
            principal: c.principal,
            measured: measured(c),
            not_needed: &[],
            effective_from: None,
            effective_to: None,
        })
        .collect();
    let requirements: Vec<RequirementNode<'_>> = papers
        .requirements
        .iter()
        .zip(codes.iter().zip(&met_by))
        .map(|(r, (commitments, controls))| RequirementNode {
            id: &r.code,
            kind: r.kind,
            commitments,
            controls,
        })
        .collect();
    let controls: Vec<ControlNode<'_>> = papers
        .controls
        .iter()
        .map(|c| ControlNode {
            id: &c.text.code,
            active: c.active,
            criteria: &c.text.criteria,
            // Controls without a commitment are no matter of this evaluation.
            treats_risk: true,
        })
        .collect();
    let months: Vec<(&str, Period)> = papers
        .commitments
        .iter()
        .flat_map(|c| {
            let all = papers.kept.get(&c.id).into_iter().flatten();
            all.filter_map(move |k| Some((c.code.as_str(), month(&k.window)?)))
        })
        .collect();
    let results: Vec<ResultNode<'_>> = months
        .iter()
        .map(|(commitment, m)| ResultNode { commitment, from: m.start(), to: m.end() })
        .collect();
    let graph = Graph {
        categories,
        period: &papers.engagement.period,
        commitments: &commitments,
        requirements: &requirements,
        controls: &controls,
        results: &results,
    };
    gaps(&graph).into_iter().map(|gap| finding(papers, &gap)).collect()
}

fn finding(papers: &Papers, gap: &Gap) -> Finding {
    let code = match gap {
        Gap::CommitmentWithoutRequirement { commitment }
        | Gap::KindNotCovered { commitment, .. }
        | Gap::ControlWithoutCriterion { commitment, .. }
        | Gap::WindowWithoutResult { commitment, .. } => Some(commitment.clone()),
        Gap::RequirementWithoutControl { requirement } => papers
            .requirements
            .iter()
            .find(|r| r.code == *requirement)
            .and_then(|r| r.commitments.first())
            .and_then(|id| papers.commitments.iter().find(|c| c.id == *id))
            .map(|c| c.code.clone()),
        Gap::CategoryWithoutCommitment { .. } | Gap::OrphanControl { .. } | Gap::Unknown { .. } => {
            None
        }
    };
    let commitment =
        code.and_then(|code| papers.commitments.iter().find(|c| c.code == code)).map(|c| c.id);
    Finding { commitment, check: gap.check().to_owned(), text: gap.to_string() }
}

/// Digest of everything that a conclusion on a commitment rests on: its own record and that of its
/// requirements, the results of its windows, the conclusions on its controls, what was read, and the findings
/// judged. When it changes, the conclusion is void.
#[must_use]
pub fn inputs_sha256(papers: &Papers, commitment: CommitmentId) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    if let Some(c) = papers.commitments.iter().find(|c| c.id == commitment) {
        let _ = writeln!(text, "commitment {} {}", c.id, c.version);
    }
    for r in requirements(papers, commitment) {
        let _ = writeln!(text, "requirement {} {}", r.id, r.version);
    }
    for k in papers.kept.get(&commitment).into_iter().flatten() {
        let _ = writeln!(text, "result {} {} {}", k.window, k.value, k.met);
    }
    for control in controls(papers, commitment) {
        let state = papers.conclusion(About::Control { control: control.id }).map_or_else(
            || "none".to_owned(),
            |c| format!("{} {} {}", c.event, c.inputs_sha256, c.stands == Standing::Stands),
        );
        let _ = writeln!(text, "control {} {state}", control.id);
    }
    if let Some(u) = papers.promises.understood(commitment) {
        let _ = writeln!(text, "understood {}", u.event);
    }
    for finding in findings(papers).iter().filter(|f| f.commitment == Some(commitment)) {
        let judged = judgement(papers, finding).map(|j| j.event.to_string()).unwrap_or_default();
        let _ = writeln!(text, "finding {} {judged}", finding.key());
    }
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// How a finding was judged.
#[must_use]
pub fn judgement<'p>(
    papers: &'p Papers,
    finding: &Finding,
) -> Option<&'p Kept<super::model::FindingJudged>> {
    let key = finding.key();
    papers.promises.findings.iter().find(|j| j.key == key)
}

/// Findings of a commitment that were judged and that the checks no longer make, because what they spoke of
/// was changed. They stay readable, and judgeable, in the file.
#[must_use]
pub fn past_findings(
    papers: &Papers,
    commitment: CommitmentId,
) -> Vec<&Kept<super::model::FindingJudged>> {
    let now: Vec<String> = findings(papers).iter().map(Finding::key).collect();
    let of = papers.promises.findings.iter().filter(|k| k.body.commitment == Some(commitment));
    of.filter(|k| !now.contains(&k.key)).collect()
}

/// What was concluded on a commitment, if it still speaks of the file as it stands.
#[must_use]
pub fn assurance(papers: &Papers, commitment: CommitmentId) -> Option<Answer> {
    let concluded = papers.promises.conclusion(commitment)?;
    let stands = concluded.body.inputs_sha256 == inputs_sha256(papers, commitment);
    stands.then_some(concluded.body.assurance)
}

/// Why a favourable conclusion on a commitment cannot be reached yet, in sentences; empty where nothing
/// stands against it. What was found weak does not by itself forbid it: that is weighed by a person.
#[must_use]
pub fn open_points(papers: &Papers, commitment: CommitmentId) -> Vec<String> {
    let mut out = Vec::new();
    if papers.promises.understood(commitment).is_none() {
        out.push("What was promised, and where, has not been read.".to_owned());
    }
    let behind = controls(papers, commitment);
    if behind.is_empty() {
        out.push("No control in force meets a requirement of it.".to_owned());
    }
    for control in &behind {
        if papers.standing_conclusion(About::Control { control: control.id }).is_none() {
            out.push(format!("No conclusion on control {} stands.", control.text.code));
        }
    }
    for finding in findings(papers).iter().filter(|f| f.commitment == Some(commitment)) {
        if judgement(papers, finding).is_none() {
            out.push(format!("Not judged yet: {}", finding.text));
        }
    }
    out
}

/// Findings that were judged to stand, of one commitment.
#[must_use]
pub fn standing_findings(papers: &Papers, commitment: CommitmentId) -> Vec<Finding> {
    findings(papers)
        .into_iter()
        .filter(|f| f.commitment == Some(commitment))
        .filter(|f| judgement(papers, f).is_some_and(|j| j.body.judged == Judged::Stands))
        .collect()
}
