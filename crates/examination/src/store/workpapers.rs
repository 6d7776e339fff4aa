//! Workpapers: what somebody who was not there needs to follow a test from its plan to its conclusion.
//! They hold what the record says and what follows from it by the rules; the same record gives the
//! same papers anywhere.

use crate::model::{About, Verdict};
use crate::model::{
    Census, Concluded, Deviation, Item, JudgedRow, Matters, Population, Sample, Test,
};
use crate::rules::control::{ControlConclusion, DesignState};
use crate::rules::deviation::{TestOutcome, decide_test};
use crate::rules::facts::Facts;
use crate::rules::opinion::Proposal;
use crate::store::facts::{facts_of, test_evidence};
use crate::store::{
    CriterionResult, Followed, Papers, Uncovered, census_rows, censuses, followed, proposal,
};
use controls::model::Control;
use kernel::ids::EventId;
use platform::db::{Conn, Result};
use scope::catalogue::CriterionId;
use scope::model::Engagement;
use serde::Serialize;

/// Rows of a run that are read at once.
const ROWS_AT_ONCE: i64 = 5_000;

/// How one control was tested.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlPaper {
    /// The control's code.
    pub code: String,
    /// Its statement, as tested.
    pub statement: String,
    /// How often it operates.
    pub frequency: String,
    /// Whether people or machines carry it out.
    pub nature: String,
    /// The criteria it serves.
    pub criteria: Vec<CriterionId>,
    /// Its tests.
    pub tests: Vec<TestPaper>,
    /// What the rules propose for the control with the design as concluded.
    pub proposal: Option<ControlConclusion>,
    /// The conclusion, with whether it stands.
    pub conclusion: Option<Concluded>,
    /// What is still open, in sentences.
    pub open: Vec<String>,
    /// Days of the period for which its tests rest on no list of occurrences.
    pub uncovered: Vec<Uncovered>,
}

/// One test with everything that was done.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestPaper {
    /// The plan.
    pub test: Test,
    /// What was done, as the report prints it.
    pub text: String,
    /// What came of it, as the report prints it.
    pub result: String,
    /// What the rules make of it: counts, upper limits, state.
    pub outcomes: Vec<TestOutcome>,
    /// The samples with their items.
    pub samples: Vec<SamplePaper>,
    /// The full-population runs, oldest first; the last one counts.
    pub runs: Vec<RunPaper>,
    /// The deviations.
    pub deviations: Vec<Deviation>,
}

/// A sample with its items.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SamplePaper {
    /// How it was drawn.
    pub sample: Sample,
    /// The items in the order of selection, with their results.
    pub items: Vec<Item>,
}

/// A full-population run with the rows that did not pass.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunPaper {
    /// What was run and what came out.
    pub run: Census,
    /// How far its rows were followed up.
    pub followed: Followed,
    /// The rows that did not pass, with what was decided.
    pub rows: Vec<JudgedRow>,
}

/// What the opinion rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpinionPaper {
    /// The engagement.
    pub engagement: Engagement,
    /// What the auditor stated beyond controls and criteria.
    pub matters: Matters,
    /// The facts from which the opinion is proposed.
    pub facts: Facts,
    /// What the rules propose.
    pub proposal: Option<Proposal>,
    /// Why there is no proposal.
    pub no_proposal: Option<String>,
    /// The criteria with their conclusions.
    pub criteria: Vec<CriterionResult>,
    /// The conclusion, with whether it stands.
    pub conclusion: Option<Concluded>,
}

/// The frozen populations of the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PopulationsPaper {
    /// By id.
    pub populations: Vec<Population>,
}

/// How one control was tested. Callers hold a permit of this room.
///
/// # Errors
/// When the database refuses.
pub fn control_paper(
    conn: &mut Conn<'_>,
    papers: &Papers,
    control: &Control,
) -> Result<ControlPaper> {
    let conclusion = papers.conclusion(About::Control { control: control.id });
    let design = match conclusion.as_ref().map(|c| c.concluded) {
        Some(Verdict::Control { design, .. }) => design,
        _ => DesignState::Suitable,
    };
    let mut tests = Vec::new();
    for test in papers.tests_of(control.id) {
        tests.push(test_paper(conn, papers, test)?);
    }
    Ok(ControlPaper {
        code: control.text.code.clone(),
        statement: control.text.statement.clone(),
        frequency: control.text.frequency.as_str().to_owned(),
        nature: control.text.nature.as_str().to_owned(),
        criteria: control.text.criteria.clone(),
        tests,
        proposal: proposal(papers, control.id, design).ok().flatten(),
        conclusion,
        open: papers.open_for(control.id),
        uncovered: papers.uncovered(control.id),
    })
}

fn test_paper(conn: &mut Conn<'_>, papers: &Papers, test: &Test) -> Result<TestPaper> {
    let printed = papers.test_result(test);
    let mut runs = Vec::new();
    for run in censuses(conn, papers.file, test.id)? {
        let mut rows: Vec<JudgedRow> = Vec::new();
        loop {
            let after = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            let more = census_rows(conn, papers.file, run.id, after, ROWS_AT_ONCE)?;
            if more.is_empty() {
                break;
            }
            rows.extend(more);
        }
        runs.push(RunPaper { followed: followed(conn, papers.file, run.id)?, run, rows });
    }
    let samples = papers.samples.get(&test.id).into_iter().flatten();
    Ok(TestPaper {
        test: test.clone(),
        text: printed.text,
        result: printed.result,
        outcomes: test_evidence(papers, test)
            .facts
            .iter()
            .filter_map(|facts| decide_test(facts).ok())
            .collect(),
        samples: samples
            .map(|sample| SamplePaper {
                sample: sample.clone(),
                items: papers.items.get(&sample.id).cloned().unwrap_or_default(),
            })
            .collect(),
        runs,
        deviations: papers.deviations_of(test.id).cloned().collect(),
    })
}

/// What the opinion rests on. Callers hold a permit of this room.
#[must_use]
pub fn opinion_paper(papers: &Papers) -> OpinionPaper {
    let found = papers.results();
    OpinionPaper {
        engagement: papers.engagement.clone(),
        matters: papers.matters.clone(),
        facts: facts_of(papers),
        proposal: found.proposal,
        no_proposal: found.no_proposal,
        criteria: found.criteria,
        conclusion: found.opinion,
    }
}

/// The frozen populations of the file.
#[must_use]
pub fn populations_paper(papers: &Papers) -> PopulationsPaper {
    PopulationsPaper { populations: papers.populations.values().cloned().collect() }
}

/// The entries that a paper names, so that each can be given its proof.
#[must_use]
pub fn entries_of(paper: &ControlPaper) -> Vec<EventId> {
    let mut out: Vec<EventId> = paper.conclusion.iter().map(|c| c.event).collect();
    for test in &paper.tests {
        out.push(test.test.event);
        out.extend(test.samples.iter().map(|s| s.sample.event));
        out.extend(test.runs.iter().map(|r| r.run.event));
        out.extend(test.deviations.iter().map(|d| d.event));
    }
    out
}
