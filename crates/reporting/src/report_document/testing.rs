//! Section IV: criteria, related controls, tests and results.

use scope::catalogue::{CriterionId, Frequency};
use serde::{Deserialize, Serialize};

use super::prose::{Block, Prose};

/// Section IV.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Testing {
    /// How tests were done and how to read what follows.
    pub introduction: Vec<Block>,
    /// The criteria in scope by series, each with the controls meant to meet it.
    pub series: Vec<CriterionSeries>,
    /// The controls in groups; each control once.
    pub groups: Vec<ControlGroup>,
}

impl Testing {
    /// Every control, in print order.
    pub fn controls(&self) -> impl Iterator<Item = &ControlEntry> {
        self.groups.iter().flat_map(|group| &group.controls)
    }

    /// Every criterion in scope, in print order.
    pub fn criteria(&self) -> impl Iterator<Item = &CriterionEntry> {
        self.series.iter().flat_map(|series| &series.criteria)
    }
}

/// A series of criteria.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriterionSeries {
    /// For example `CC6`.
    pub id: String,
    /// Our own name for it.
    pub title: String,
    /// Its criteria.
    pub criteria: Vec<CriterionEntry>,
}

/// A criterion in scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriterionEntry {
    /// For example `CC6.2`.
    pub id: CriterionId,
    /// What it asks: our paraphrase, or the firm's licensed text from its own records.
    pub text: String,
    /// The controls meant to meet it.
    pub controls: Vec<String>,
    /// The complementary user entity controls it needs.
    pub cuecs: Vec<String>,
    /// The complementary subservice organisation controls it needs.
    pub csocs: Vec<String>,
}

/// A group of controls under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlGroup {
    /// Its heading, for example `Identity and access`.
    pub title: String,
    /// Its controls.
    pub controls: Vec<ControlEntry>,
}

/// A control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlEntry {
    /// For example `IAM-05`.
    pub id: String,
    /// A short name, where it has one.
    pub title: Option<String>,
    /// What is done, by whom, how often, on what.
    pub statement: Prose,
    /// The criteria it is meant to meet.
    pub criteria: Vec<CriterionId>,
    /// How often it operates.
    pub frequency: Frequency,
    /// The subservice organisation that operates it, where one is included; `None` for our own.
    pub operated_by: Option<String>,
    /// Where it changed in the period: each stretch with its days, what the control was, and its tests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stretches: Vec<Prose>,
    /// The tests; empty in a Type 1 report.
    pub tests: Vec<TestEntry>,
}

/// A test of a control and its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestEntry {
    /// What was done, on what, selected how, to determine what.
    pub procedure: Prose,
    /// How completeness and accuracy was evaluated of each list that the service organisation produced and
    /// the test used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub information: Vec<Prose>,
    /// The sample, where one was drawn.
    pub sample: Option<Sample>,
    /// The result.
    pub result: TestResult,
    /// The workpaper, named in the appendix of traces and nowhere else.
    pub workpaper: String,
}

/// A sample or a whole population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// How many items were tested.
    pub items: u64,
    /// How many there are.
    pub population: u64,
}

/// The result of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestResult {
    /// What came out.
    pub outcome: Outcome,
    /// The result as printed; never blank.
    pub text: Prose,
    /// The released deviations it discloses; one or more for an exception, none otherwise.
    pub deviations: Vec<String>,
}

/// What came out of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// No exceptions noted.
    NoException,
    /// At least one tested instance did not do what the control says.
    Exception,
    /// What would trigger the control did not happen in the period, and that was established.
    NotOperated,
    /// It could not be tested.
    NotTested,
}
