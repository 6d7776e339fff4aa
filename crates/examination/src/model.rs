//! What the firm's file holds: plans, populations, samples, full-population tests, deviations, conclusions.
//!
//! Everything here is the firm's alone. What both sides may see is in the organisation's own record:
//! [`crate::supplied`].

mod selection;

pub use selection::{Block, SelectionNotes, UncoveredMonth};

use crate::rules::control::{DesignState, OperationState};
use crate::rules::deviation::{Nature, Procedure, TestBasis};
use crate::rules::facts::{
    CriterionFacts, DescriptionFacts, ManagementFacts, NotApplicable, Opinion, OpinionPolicy,
    ScopeLimitation, Status,
};
use crate::rules::item::ItemFacts;
use crate::rules::numbers::{Confidence, Rate};
use crate::spans::model::SpanVerdict;
use crate::supplied::model::{Coverage, Origin};
use controls::model::ControlId;
use evidence::model::EvidenceId;
use kernel::ids::{EngagementId, EventId, PartyId};
use kernel::time::Timestamp;
use platform::blobs::BlobRef;
use scope::catalogue::CriterionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

kernel::id_kind!(TestId, TestIdKind, "tst", "test of a control");
kernel::id_kind!(PopulationId, PopulationIdKind, "pop", "population");
kernel::id_kind!(SampleId, SampleIdKind, "smp", "sample");
kernel::id_kind!(CensusId, CensusIdKind, "cen", "full-population test");
kernel::id_kind!(DeviationId, DeviationIdKind, "dev", "deviation");

/// The firm's file on one engagement. Every query names both, so that a firm that joins an engagement
/// later never reads its predecessor's papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File {
    /// The engagement.
    pub engagement: EngagementId,
    /// The firm whose file it is.
    pub firm: PartyId,
}

/// One thing that a test looks for in every item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its letter: `A`.
    pub letter: String,
    /// What must hold, ending a sentence that begins with “to determine whether”.
    pub text: String,
}

/// How one control is tested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestPlan {
    /// The control.
    pub control: ControlId,
    /// A short name, unique in the file: `T-IAM-05-1`.
    pub code: String,
    /// How evidence is obtained.
    pub procedure: Procedure,
    /// On what the conclusion rests.
    pub basis: TestBasis,
    /// What is looked at: “termination records and directory logs”.
    pub evidence: String,
    /// What one item is called, in the plural: “terminated workers”.
    pub items: String,
    /// The attributes, at least one.
    pub attributes: Vec<Attribute>,
    /// Confidence of a statistical test.
    pub confidence: Option<Confidence>,
    /// Tolerable deviation rate of a statistical test.
    pub tolerable: Option<Rate>,
    /// For an observation: the number of dates on which it was watched.
    pub observation_dates: Option<u32>,
}

/// A planned test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Test {
    /// Its id.
    pub id: TestId,
    /// How it is done.
    #[serde(flatten)]
    pub plan: TestPlan,
    /// The version of the record.
    pub version: i64,
    /// The event that stated it last.
    pub event: EventId,
}

/// What is known of a frozen population.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationBody {
    /// What it is called: `Leavers`.
    pub name: String,
    /// The controls that should have operated on its rows.
    pub controls: Vec<ControlId>,
    /// How many rows were frozen.
    pub rows: u64,
    /// The population hash, 64 hexadecimal digits.
    pub canonical_sha256: String,
    /// Digest of what the columns mean, 64 hexadecimal digits.
    pub schema_sha256: String,
    /// What the columns mean, as the text that the digest is made of: name, kind, zone, key, each column with
    /// its type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Names of the columns that name a row.
    pub key: Vec<String>,
    /// The columns with their profile, as the freeze printed them.
    pub columns: serde_json::Value,
    /// The checks on completeness and accuracy, as the freeze printed them.
    pub checks: serde_json::Value,
    /// System, query and parameters it came from, who extracted it.
    pub source: String,
    /// The dates its snapshots speak for, `2026-06-30`; empty for occurrences of a period.
    pub speaks_for: Vec<String>,
    /// The rows, as Parquet.
    pub rows_blob: BlobRef,
    /// The record of the freeze.
    pub record_blob: BlobRef,
    /// When it was frozen. A seed drawn before this is refused.
    pub frozen_at: Timestamp,
    /// What it covers. None is frozen without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// Where its rows came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// The auditor's judgement of a population.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationJudgement {
    /// Whether it is complete and accurate enough to test from.
    pub accepted: bool,
    /// What was done to find out.
    pub reason: String,
}

/// A frozen population of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Population {
    /// Its id.
    pub id: PopulationId,
    /// What is known of it.
    #[serde(flatten)]
    pub body: PopulationBody,
    /// Whether it may be relied on, once somebody judged.
    pub judgement: Option<PopulationJudgement>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The version of the record.
    pub version: i64,
    /// The event that recorded it.
    pub event: EventId,
}

/// How items were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelectionMethod {
    /// The first n of a ranking by digest; anybody can make it again from hash and seed.
    Random,
    /// Every I-th item from a start drawn with the seed.
    Systematic,
    /// Shares by largest remainder, at random inside each stratum.
    Stratified,
    /// Picked without pattern; never statistical.
    Haphazard,
    /// Picked for a reason; reported apart, never projected.
    Targeted,
    /// Every item of a chosen run; reported apart, never projected.
    Block,
}

impl SelectionMethod {
    /// Every method.
    pub const ALL: [Self; 6] = [
        Self::Random,
        Self::Systematic,
        Self::Stratified,
        Self::Haphazard,
        Self::Targeted,
        Self::Block,
    ];

    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Systematic => "systematic",
            Self::Stratified => "stratified",
            Self::Haphazard => "haphazard",
            Self::Targeted => "targeted",
            Self::Block => "block",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == text)
    }

    /// Whether the items follow from a population and a seed.
    #[must_use]
    pub const fn is_derived(self) -> bool {
        matches!(self, Self::Random | Self::Systematic | Self::Stratified)
    }
}

/// A drawn sample.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleBody {
    /// The test it is for.
    pub test: TestId,
    /// The population, unless the items were named by hand.
    pub population: Option<PopulationId>,
    /// The population's hash when the items were drawn.
    pub population_sha256: Option<String>,
    /// How they were chosen.
    pub method: SelectionMethod,
    /// The column that holds the strata of a stratified sample.
    pub strata_column: Option<String>,
    /// The auditor's seed, for a derived selection.
    pub seed: Option<String>,
    /// When the seed was drawn; never before the population was frozen.
    pub seed_drawn_at: Option<Timestamp>,
    /// `sha256(population hash ‖ seed)` in hexadecimal, under which items are ranked.
    pub effective_seed: Option<String>,
    /// The items, in the order of selection.
    pub selected: Vec<String>,
    /// Why these items, where they were named by hand.
    pub reason: Option<String>,
    /// What else the selection rests on, and what it leaves out.
    #[serde(default)]
    pub notes: SelectionNotes,
}

/// A sample of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Its id.
    pub id: SampleId,
    /// How it was drawn.
    #[serde(flatten)]
    pub body: SampleBody,
    /// The version of the record.
    pub version: i64,
    /// The event that drew it.
    pub event: EventId,
}

/// The result for one selected item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// The sample.
    pub sample: SampleId,
    /// Its place in the selection, from 1.
    pub position: i64,
    /// State and attribute results.
    pub facts: ItemFacts,
    /// What was looked at.
    pub evidence: Vec<EvidenceId>,
    /// What the tester notes.
    pub note: String,
    /// Who tested it.
    pub tested_by: Option<String>,
    /// Who reviewed the result; never the tester.
    pub reviewed_by: Option<String>,
    /// The event that holds the result.
    pub event: EventId,
}

/// What came of one row in a test of the whole population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowOutcome {
    /// The rule does not hold; a person decides whether it is a deviation.
    Exception,
    /// No counterpart was found; a person follows it up. Never counted as a pass.
    Unmatched,
}

impl RowOutcome {
    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::Unmatched => "unmatched",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Exception, Self::Unmatched].into_iter().find(|o| o.as_str() == text)
    }
}

/// What a person decided about a row that did not pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// A deviation; made only by recording one.
    Deviation,
    /// An exception of the rule that is none of the control, with the reason. Still counted as tested.
    NotADeviation,
    /// It never belonged to the population.
    NotInPopulation,
    /// No counterpart, but other evidence shows that the control operated. Stays unmatched.
    OtherEvidence,
    /// It cannot be found out; counts like a deviation.
    Undetermined,
}

impl Disposition {
    /// Every disposition.
    pub const ALL: [Self; 5] = [
        Self::Deviation,
        Self::NotADeviation,
        Self::NotInPopulation,
        Self::OtherEvidence,
        Self::Undetermined,
    ];

    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deviation => "deviation",
            Self::NotADeviation => "not_a_deviation",
            Self::NotInPopulation => "not_in_population",
            Self::OtherEvidence => "other_evidence",
            Self::Undetermined => "undetermined",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.as_str() == text)
    }
}

/// A row of a full-population test that did not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusRow {
    /// Which row: the text of its key.
    pub key: String,
    /// What came of it.
    pub outcome: RowOutcome,
    /// What was found.
    pub detail: String,
}

/// The same with what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JudgedRow {
    /// The row.
    #[serde(flatten)]
    pub row: CensusRow,
    /// What was decided, once it was.
    pub disposition: Option<Disposition>,
    /// Why.
    pub reason: Option<String>,
    /// The deviation it is part of.
    pub deviation: Option<DeviationId>,
}

/// A population that a full-population test read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationUse {
    /// The population.
    pub population: PopulationId,
    /// What the test calls it.
    pub alias: String,
    /// Its hash when it was read.
    pub canonical_sha256: String,
}

/// A run of a test over every item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CensusBody {
    /// The planned test that it carries out.
    pub test: TestId,
    /// The name of the test in the library, or of its file.
    pub procedure: String,
    /// Digest of the test's text, 64 hexadecimal digits.
    pub procedure_sha256: String,
    /// The test's text, so that anybody can run it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure_blob: Option<BlobRef>,
    /// The parameters it ran with.
    pub parameters: BTreeMap<String, String>,
    /// The populations it read; the first is the one whose items are counted.
    pub populations: Vec<PopulationUse>,
    /// Items in all.
    pub population: u64,
    /// Items that passed.
    pub pass: u64,
    /// Items for which the rule does not hold.
    pub exceptions: u64,
    /// Items without a counterpart.
    pub unmatched: u64,
    /// Items the test leaves out, with its stated reasons.
    pub excluded: u64,
    /// Hash of all rows of the result, made as for a population, 64 hexadecimal digits.
    pub result_sha256: String,
    /// The record of the result: totals, reasons, parameters.
    pub result_blob: BlobRef,
    /// Every row of the result, as Parquet.
    pub rows_blob: BlobRef,
}

/// A full-population test of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Census {
    /// Its id.
    pub id: CensusId,
    /// What was run and what came out.
    #[serde(flatten)]
    pub body: CensusBody,
    /// The version of the record.
    pub version: i64,
    /// The event that recorded it.
    pub event: EventId,
}

/// Where a deviation was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found_in", rename_all = "snake_case")]
pub enum DeviationSource {
    /// Items of a sample.
    Sample {
        /// The sample.
        sample: SampleId,
        /// The items.
        items: Vec<String>,
    },
    /// Rows of a full-population test.
    Census {
        /// The run.
        census: CensusId,
        /// The rows; none means every row of that outcome that nobody had judged.
        keys: Option<Vec<String>>,
        /// Of which outcome.
        outcome: RowOutcome,
    },
}

/// What is known of a deviation. Deviations are never taken away; more becomes known of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviationBody {
    /// What happened, in sentences that the report can print.
    pub facts: String,
    /// The attribute that was not met, by its letter.
    pub attribute: Option<String>,
    /// First day on which the control was not as described, `2026-02-03`.
    pub from: Option<String>,
    /// Last such day.
    pub to: Option<String>,
    /// Why it happened.
    pub cause: String,
    /// What kind of thing it is.
    pub nature: Nature,
    /// Management knew of it and kept it back.
    pub undisclosed: bool,
    /// A control that lessened its effect.
    pub mitigating: String,
    /// What the organisation said to it.
    pub client_statement: String,
    /// What was put right, and when.
    pub correction: String,
    /// What else is known of it.
    #[serde(default)]
    pub more: Particulars,
}

/// What else is known of a deviation: what tells a single slip from a cause that reaches further.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Particulars {
    /// The system in which it happened.
    pub system: String,
    /// Who carried the control out, by name or post.
    pub person: String,
    /// The control as designed could not have prevented it.
    pub design: bool,
    /// The same deviation in the period before: what was reported then; empty for none.
    pub prior_period: String,
    /// Other units that the cause could have reached, and what was found there; empty: not looked at.
    pub others_checked: String,
    /// What it meant for customers.
    pub customer_impact: String,
    /// The control that lessened its effect.
    pub mitigating_control: Option<ControlId>,
    /// On which day it was put right.
    pub corrected_on: Option<String>,
    /// It is said to be an anomaly that cannot recur: what proves so.
    pub anomaly_proof: String,
    /// Why its nature is softer than the markers propose.
    pub nature_reason: String,
}

/// A deviation of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// Its id.
    pub id: DeviationId,
    /// The control.
    pub control: ControlId,
    /// The test.
    pub test: TestId,
    /// Where it was found.
    pub source: DeviationSource,
    /// What is known of it.
    #[serde(flatten)]
    pub body: DeviationBody,
    /// The version of the record.
    pub version: i64,
    /// The event that stated it last.
    pub event: EventId,
}

/// What is concluded about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum About {
    /// A control.
    Control {
        /// Which.
        control: ControlId,
    },
    /// A criterion.
    Criterion {
        /// Which.
        criterion: CriterionId,
    },
    /// The opinion.
    Opinion,
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Control { control } => write!(f, "control {control}"),
            Self::Criterion { criterion } => write!(f, "criterion {criterion}"),
            Self::Opinion => f.write_str("opinion"),
        }
    }
}

/// What is concluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Verdict {
    /// Of a control.
    Control {
        /// Whether it is suitably designed.
        design: DesignState,
        /// Whether it operated; none in a type 1 examination.
        operation: Option<OperationState>,
    },
    /// Of a criterion.
    Criterion {
        /// Whether it is met by design.
        design: Status,
        /// Whether it is met in operation; none in a type 1 examination.
        operation: Option<Status>,
    },
    /// Of the examination.
    Opinion {
        /// The opinion.
        opinion: Opinion,
    },
}

/// A person's conclusion on a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Concluded {
    /// About what.
    pub about: About,
    /// What the rules proposed from the record as it was.
    pub proposed: Verdict,
    /// What was concluded.
    pub concluded: Verdict,
    /// Why.
    pub reason: String,
    /// For a control that did not operate: what proves that it had no occasion to.
    pub proof: Option<String>,
    /// For a control that changed in the period: the conclusion on each stretch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<SpanVerdict>,
    /// Who concluded.
    pub signer: String,
    /// Who agreed to a more favourable conclusion.
    pub second_signer: Option<String>,
    /// Whether a second signature is still needed.
    pub awaits_second: bool,
    /// Digest of everything that it rests on, when it was signed.
    pub inputs_sha256: String,
    /// By which version of the rule on what it rests on the digest was made.
    #[serde(skip)]
    pub rule: u32,
    /// Whether what it rests on is still what it was; a conclusion that does not stand is shown as void.
    pub stands: Standing,
    /// The version of the record.
    pub version: i64,
    /// The event that holds it.
    pub event: EventId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

impl Concluded {
    /// Whether it was signed under an earlier version of the rule on what it rests on: its digest cannot be
    /// made again, whether or not anything else changed.
    #[must_use]
    pub fn of_earlier_rule(&self) -> bool {
        self.rule < crate::store::inputs_rule(self.about)
    }
}

/// Whether a conclusion may be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Signed, and nothing it rests on has changed.
    Stands,
    /// More favourable than proposed; a second person has to sign.
    AwaitsSecond,
    /// Something it rests on changed after it was signed.
    Void,
}

/// What the auditor states for the opinion beyond controls and criteria. The newest statement counts;
/// earlier ones remain in the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Matters {
    /// Criteria that do not apply, with management's reason.
    pub not_applicable: Vec<NotApplicable>,
    /// Materiality, compensation and reach of criteria.
    pub criteria: Vec<CriterionFacts>,
    /// Misstatements of the description.
    pub description: DescriptionFacts,
    /// Evidence that could not be had.
    pub scope_limitations: Vec<ScopeLimitation>,
    /// What management signed.
    pub management: ManagementFacts,
    /// Why evidence as such cannot be relied on.
    pub evidence_unreliable: Option<String>,
    /// The firm's thresholds.
    pub policy: OpinionPolicy,
}
