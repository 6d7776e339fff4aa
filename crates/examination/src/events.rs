//! What can happen in this room. Kinds are frozen: a changed shape is a new version.
//!
//! Every event goes to the firm's log.

use crate::model::{
    About, CensusBody, CensusId, CensusRow, DeviationBody, DeviationId, DeviationSource,
    Disposition, Matters, PopulationBody, PopulationId, PopulationJudgement, RowOutcome,
    SampleBody, SampleId, TestId, TestPlan, Verdict,
};
use crate::rules::facts::MaterialityFactor;
use crate::rules::item::ItemFacts;
use crate::spans::model::{ControlSpan, SpanVerdict};
use controls::model::ControlId;
use evidence::model::EvidenceId;
use kernel::ids::EngagementId;
use scope::catalogue::CriterionId;
use serde::{Deserialize, Serialize};

/// A test as it is planned after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TestPlanned {
    /// Its id.
    pub id: TestId,
    /// The engagement.
    pub engagement: EngagementId,
    /// How it is done.
    pub plan: TestPlan,
    /// Why the plan was changed; empty for a new one.
    pub reason: String,
}

/// A population was frozen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PopulationFrozen {
    /// Its id.
    pub id: PopulationId,
    /// The engagement.
    pub engagement: EngagementId,
    /// What is known of it.
    pub body: PopulationBody,
}

/// The auditor judged whether a population is complete and accurate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PopulationJudged {
    /// The judgement.
    pub judgement: PopulationJudgement,
}

/// A sample was drawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SampleDrawn {
    /// Its id.
    pub id: SampleId,
    /// The engagement.
    pub engagement: EngagementId,
    /// How, and which items.
    pub body: SampleBody,
}

/// An item has a result.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemTested {
    /// State and attribute results.
    pub facts: ItemFacts,
    /// What was looked at.
    pub evidence: Vec<EvidenceId>,
    /// What the tester notes.
    pub note: String,
}

/// Results were reviewed by somebody else.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemsReviewed {
    /// Which items.
    pub items: Vec<String>,
}

/// A test was run over every item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CensusRun {
    /// Its id.
    pub id: CensusId,
    /// The engagement.
    pub engagement: EngagementId,
    /// What was run and what came out.
    pub body: CensusBody,
}

/// Rows of a full-population test that did not pass, in parts so that no event grows too long.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CensusRowsListed {
    /// The place of the first one, from 0.
    pub first: u64,
    /// The rows.
    pub rows: Vec<CensusRow>,
}

/// A person decided about rows that did not pass.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CensusRowsJudged {
    /// Of which outcome.
    pub outcome: RowOutcome,
    /// Which rows; none means every row of that outcome that nobody had judged.
    pub keys: Option<Vec<String>>,
    /// What was decided; never a pass.
    pub disposition: Disposition,
    /// Why.
    pub reason: String,
    /// What shows it.
    pub evidence: Vec<EvidenceId>,
}

/// A deviation as it is known after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeviationStated {
    /// Its id.
    pub id: DeviationId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The control.
    pub control: ControlId,
    /// The test.
    pub test: TestId,
    /// Where it was found.
    pub source: DeviationSource,
    /// What is known of it.
    pub body: DeviationBody,
    /// What became known; empty for a new one.
    pub reason: String,
}

/// The auditor stated what else the opinion rests on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MattersStated {
    /// The engagement.
    pub engagement: EngagementId,
    /// All of it, as it stands now.
    pub matters: Matters,
    /// Why it changed.
    pub reason: String,
}

/// A second person signed that the failure of a criterion is not material.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MaterialitySeconded {
    /// The engagement.
    pub engagement: EngagementId,
    /// The criterion.
    pub criterion: CriterionId,
    /// The reason that was signed.
    pub reason: String,
    /// The factors that were signed.
    pub factors: Vec<MaterialityFactor>,
    /// Why this person agrees.
    pub remark: String,
}

/// A second person signed that a misstatement of the description, or a limit on the scope, is not material.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MatterSeconded {
    /// The engagement.
    pub engagement: EngagementId,
    /// The statement that was signed: SHA-256, 64 hexadecimal digits.
    pub sha256: String,
    /// Why this person agrees.
    pub remark: String,
}

/// The auditor stated over which days a control was of which kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SpansStated {
    /// The engagement.
    pub engagement: EngagementId,
    /// The control.
    pub control: ControlId,
    /// The stretches in order; none when it did not change after all.
    pub spans: Vec<ControlSpan>,
    /// Why.
    pub reason: String,
}

/// A person concluded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConclusionSigned {
    /// The engagement.
    pub engagement: EngagementId,
    /// About what.
    pub about: About,
    /// What the rules proposed.
    pub proposed: Verdict,
    /// What was concluded.
    pub concluded: Verdict,
    /// Why.
    pub reason: String,
    /// For a control that did not operate: what proves it.
    pub proof: Option<String>,
    /// For a control that changed in the period: the conclusion on each stretch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<SpanVerdict>,
    /// Whether a second person has to sign.
    pub awaits_second: bool,
    /// Digest of everything that it rests on.
    pub inputs_sha256: String,
    /// The version of the rule on what such a conclusion rests on, by which the digest was made.
    #[serde(default = "first_rule")]
    pub rule: u32,
}

/// Entries from before the rule had versions were made by the first.
const fn first_rule() -> u32 {
    1
}

/// A second person signed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConclusionSeconded {
    /// Digest of everything that it rests on; the same as at the first signature.
    pub inputs_sha256: String,
    /// Why this person agrees.
    pub reason: String,
}

kernel::events! {
    /// What can happen in the firm's file.
    pub enum ExaminationEvent in "examination" {
        /// A test of a control was planned, or planned anew with the reason.
        TestPlanned(TestPlanned) = "examination.test_planned.v1",
        /// A population was frozen: its hash, its rows, its checks.
        PopulationFrozen(PopulationFrozen) = "examination.population_frozen.v1",
        /// The auditor judged whether a population is complete and accurate.
        PopulationJudged(PopulationJudged) = "examination.population_judged.v1",
        /// A sample was drawn, with the seed that was drawn after the freeze.
        SampleDrawn(SampleDrawn) = "examination.sample_drawn.v1",
        /// A selected item has a result.
        ItemTested(ItemTested) = "examination.item_tested.v1",
        /// Results were reviewed by somebody other than the tester.
        ItemsReviewed(ItemsReviewed) = "examination.items_reviewed.v1",
        /// A test was run over every item of a population.
        CensusRun(CensusRun) = "examination.census_run.v1",
        /// Rows of a full-population test that did not pass.
        CensusRowsListed(CensusRowsListed) = "examination.census_rows_listed.v1",
        /// A person decided about rows that did not pass.
        CensusRowsJudged(CensusRowsJudged) = "examination.census_rows_judged.v1",
        /// A deviation was recorded, or more became known of it.
        DeviationStated(DeviationStated) = "examination.deviation_stated.v1",
        /// The auditor stated what else the opinion rests on.
        MattersStated(MattersStated) = "examination.matters_stated.v1",
        /// The auditor stated over which days a control was of which kind.
        SpansStated(SpansStated) = "examination.spans_stated.v1",
        /// A second person signed that the failure of a criterion is not material.
        MaterialitySeconded(MaterialitySeconded) = "examination.materiality_seconded.v1",
        /// A second person signed that a misstatement or a limit is not material.
        MatterSeconded(MatterSeconded) = "examination.matter_seconded.v1",
        /// A person concluded on a control, a criterion or the opinion.
        ConclusionSigned(ConclusionSigned) = "examination.conclusion_signed.v1",
        /// A second person signed a conclusion more favourable than proposed.
        ConclusionSeconded(ConclusionSeconded) = "examination.conclusion_seconded.v1",
    }
}
