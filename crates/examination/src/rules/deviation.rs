//! From items to a test: what a test's deviations mean.
//!
//! Deviations are counted, never netted off: a late act is a deviation where time is an attribute, and a
//! repair by another control does not erase one.

use serde::{Deserialize, Serialize};

use super::expansion::{Progress, Stage, StageResult, StagedPlan};
use super::item::{Fault, ItemFacts, MAX_ITEMS, tally};
use super::numbers::{Confidence, Rate};
use super::sampling::{self, Evaluation, Tested};
use super::span::Span;
use super::words::{sentence, words};

words! {
    /// What kind of thing a deviation is.
    pub enum Nature: "nature of a deviation" {
        /// A single slip.
        Isolated = "isolated",
        /// A cause that reaches other items too.
        Systematic = "systematic",
        /// Done on purpose, fraud included.
        Intentional = "intentional" | "fraud",
    }
}

/// What is known of one deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviationRecord {
    /// The item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Isolated when left out.
    #[serde(default = "isolated")]
    pub nature: Nature,
    /// Management knew of it and kept it back.
    #[serde(default)]
    pub undisclosed: bool,
    /// First day on which the control was not as described.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<jiff::civil::Date>,
    /// Last such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<jiff::civil::Date>,
    /// The facts, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<String>,
}

fn isolated() -> Nature {
    Nature::Isolated
}

impl DeviationRecord {
    /// Whether this one deviation alone makes the control ineffective.
    pub fn is_decisive(&self) -> bool {
        self.nature != Nature::Isolated || self.undisclosed
    }

    /// The days it covers, if both ends are recorded.
    pub fn span(&self) -> Result<Option<Span>, Fault> {
        match (self.from, self.to) {
            (Some(from), Some(to)) => {
                Span::new(from, to).map(Some).map_err(|fault| Fault::new(fault.to_string()))
            }
            _ => Ok(None),
        }
    }
}

words! {
    /// How evidence was obtained.
    pub enum Procedure: "procedure" {
        /// Asking a knowledgeable person; never enough alone.
        Inquiry = "inquiry",
        /// Watching it being done; speaks for that moment.
        Observation = "observation",
        /// Examining a record or configuration.
        Inspection = "inspection" | "recalculation",
        /// Repeating the control independently.
        Reperformance = "reperformance",
    }
}

words! {
    /// On what a test's conclusion rests.
    pub enum TestBasis: "basis of a test" {
        /// Upper limit at a confidence against the tolerable rate.
        Statistical = "statistical",
        /// A firm's table of sizes.
        Judgemental = "judgemental" | "judgmental" | "non_statistical" | "table",
        /// Every item of the population.
        Census = "census" | "full_population",
        /// One instance for each configuration of an automated control.
        Automated = "automated",
    }
}

/// A planned extension of a test and, once done, what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpansionFacts {
    /// Items the policy adds.
    pub add: u64,
    /// Most deviations in all that it accepts.
    pub accept_total: u64,
    /// Deviations among the added items, once they are tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviations: Option<u64>,
}

/// One test of one control.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TestFacts {
    /// A name for messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How evidence was obtained; inspection when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub procedure: Option<Procedure>,
    /// For observation: on how many dates it was watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observation_dates: Option<u32>,
    /// What the conclusion rests on; from the other fields when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<TestBasis>,
    /// Items in the population.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<u64>,
    /// Whether the population was shown to be complete and accurate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population_complete: Option<bool>,
    /// Items tested, the extension not included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<u64>,
    /// Deviating items among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deviations: Option<u64>,
    /// The items one by one, instead of the two counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemFacts>,
    /// What is known of the deviations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deviation_records: Vec<DeviationRecord>,
    /// Confidence level of a statistical test.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Tolerable deviation rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerable: Option<Rate>,
    /// The planned extension, if the policy has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expansion: Option<ExpansionFacts>,
    /// Why sufficient evidence could not be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unable: Option<String>,
}

words! {
    /// What a test shows.
    pub enum TestState: "state of a test" {
        /// No deviation.
        NoDev = "no_dev" | "no_deviation" | "no_deviations",
        /// Deviations within what the plan tolerates.
        DevWithin = "dev_within",
        /// Deviations beyond it.
        DevExceeds = "dev_exceeds",
        /// The population is shown to be complete and is empty.
        NotOperated = "not_operated",
        /// Sufficient evidence could not be had.
        Unable = "unable",
    }
}

/// A decided test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestOutcome {
    /// What it shows.
    pub state: TestState,
    /// What the conclusion rests on.
    pub basis: TestBasis,
    /// Items tested, extension included.
    pub sample: u64,
    /// Deviating items, extension included.
    pub deviations: u64,
    /// Limits, for a statistical test of one stage.
    pub evaluation: Option<Evaluation>,
    /// Items that the plan lets the auditor add before concluding.
    pub may_add: Option<u64>,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// Decides a test.
pub fn decide_test(test: &TestFacts) -> Result<TestOutcome, Fault> {
    let counts = counts(test)?;
    let mut outcome = TestOutcome {
        state: TestState::NoDev,
        basis: basis_of(test, counts.0)?,
        sample: counts.0,
        deviations: counts.1,
        evaluation: None,
        may_add: None,
        reasons: Vec::new(),
    };
    let unable = |outcome: &mut TestOutcome, reason: String| {
        outcome.state = TestState::Unable;
        outcome.reasons.push(reason);
    };
    if let Some(reason) = &test.unable {
        unable(
            &mut outcome,
            format!("Sufficient evidence could not be obtained: {}", sentence(reason)),
        );
    } else if test.population == Some(0) {
        if test.population_complete == Some(true) {
            outcome.state = TestState::NotOperated;
            outcome.reasons.push(
                "The population is complete and empty: nothing happened in the period that the control acts on."
                    .to_owned(),
            );
        } else {
            unable(
                &mut outcome,
                "The population is empty but not shown to be complete, so it is not known that the control had no occasion to operate.".to_owned(),
            );
        }
    } else if test.population_complete == Some(false) {
        unable(
            &mut outcome,
            "The population was not shown to be complete and accurate, so a sample of it supports nothing.".to_owned(),
        );
    } else {
        decide_counts(test, &mut outcome)?;
    }
    Ok(outcome)
}

/// Items tested and deviations, from the items or from the counts.
fn counts(test: &TestFacts) -> Result<(u64, u64), Fault> {
    if test.deviation_records.len() > MAX_ITEMS {
        return Err(Fault::new(format!(
            "The test holds {} deviation records; at most {MAX_ITEMS} are read.",
            test.deviation_records.len()
        )));
    }
    let recorded = test.deviation_records.len() as u64;
    let (sample, deviations) = if test.items.is_empty() {
        (test.sample.unwrap_or(0), test.deviations.unwrap_or(recorded))
    } else {
        let tally = tally(&test.items)?;
        if tally.open > 0 {
            return Err(Fault::new(format!(
                "{} selected items are not tested yet; finish them or mark them unavailable, which counts as a deviation.",
                tally.open
            )));
        }
        let differs = |given: Option<u64>, counted| given.is_some_and(|given| given != counted);
        if differs(test.sample, tally.tested) || differs(test.deviations, tally.deviations) {
            return Err(Fault::new(format!(
                "The items count {} tested and {} deviating, but the figures given differ; correct them or leave them out.",
                tally.tested, tally.deviations
            )));
        }
        (tally.tested, tally.deviations)
    };
    let further = test.expansion.as_ref().and_then(|e| e.deviations).unwrap_or(0);
    let in_all = deviations.saturating_add(further);
    if recorded > in_all {
        return Err(Fault::new(format!(
            "{recorded} deviations are recorded but only {in_all} are counted; every recorded deviation counts and none is netted off."
        )));
    }
    if deviations > sample {
        return Err(Fault::new(format!(
            "{deviations} deviations in {sample} tested items are impossible; give sample as the number of items tested."
        )));
    }
    Ok((sample, deviations))
}

fn basis_of(test: &TestFacts, sample: u64) -> Result<TestBasis, Fault> {
    let whole = test.population == Some(sample) && sample > 0;
    let basis = test.basis.unwrap_or(if whole {
        TestBasis::Census
    } else if test.confidence.is_some() && test.tolerable.is_some() {
        TestBasis::Statistical
    } else {
        TestBasis::Judgemental
    });
    match basis {
        TestBasis::Statistical if test.confidence.is_none() || test.tolerable.is_none() => {
            Err(Fault::new(
                "A statistical test needs confidence and tolerable, such as \"90%\" and \"10%\".",
            ))
        }
        TestBasis::Census if !whole && test.population.is_some_and(|size| size > 0) => {
            Err(Fault::new("A census tests every item: sample and population must be equal."))
        }
        _ => Ok(basis),
    }
}

/// Decides a test that has items.
fn decide_counts(test: &TestFacts, outcome: &mut TestOutcome) -> Result<(), Fault> {
    let (n, k) = (outcome.sample, outcome.deviations);
    if n == 0 {
        return Err(Fault::new(
            "Nothing was tested: give sample and deviations, or unable with the reason, or population 0 with population_complete true.",
        ));
    }
    if let Some(population) = test.population.filter(|size| *size < n) {
        return Err(Fault::new(format!(
            "{n} items were tested out of a population of {population}; check both figures."
        )));
    }
    match outcome.basis {
        TestBasis::Automated => {
            outcome.state = state_if(k == 0, k);
            if k > 0 {
                outcome.reasons.push(format!(
                    "{k} of {n} instances of the automated control failed; an automated control does the same thing every time, so one failure decides."
                ));
            }
        }
        TestBasis::Census => decide_census(test, outcome),
        TestBasis::Statistical => decide_statistical(test, outcome)?,
        TestBasis::Judgemental => {
            outcome.state = state_if(k == 0, k);
            if k > 0 {
                outcome.reasons.push(format!(
                    "{} in {n} items of a sample that rests on judgement.",
                    deviations(k)
                ));
            }
        }
    }
    if test.expansion.is_some() {
        follow_expansion(test, outcome)?;
    }
    Ok(())
}

fn state_if(within: bool, k: u64) -> TestState {
    match (within, k) {
        (true, 0) => TestState::NoDev,
        (true, _) => TestState::DevWithin,
        (false, _) => TestState::DevExceeds,
    }
}

/// "1 deviation", "2 deviations".
pub(crate) fn deviations(k: u64) -> String {
    if k == 1 { "1 deviation".to_owned() } else { format!("{k} deviations") }
}

fn decide_census(test: &TestFacts, outcome: &mut TestOutcome) {
    let (n, k) = (outcome.sample, outcome.deviations);
    let within = test.tolerable.map_or(k == 0, |tolerable| tolerable.covers(k, n));
    outcome.state = state_if(within, k);
    if k > 0 {
        outcome.reasons.push(match test.tolerable {
            Some(tolerable) => format!(
                "{} in all {n} items, {} the tolerable rate of {tolerable}.",
                deviations(k),
                if within { "within" } else { "above" }
            ),
            None => format!("{} in all {n} items, and no tolerable rate was set.", deviations(k)),
        });
    }
}

fn decide_statistical(test: &TestFacts, outcome: &mut TestOutcome) -> Result<(), Fault> {
    let (Some(confidence), Some(tolerable)) = (test.confidence, test.tolerable) else {
        return Ok(());
    };
    let (n, k) = (outcome.sample, outcome.deviations);
    let evaluation = sampling::evaluate(&Tested {
        sample: n,
        deviations: k,
        confidence,
        population: test.population,
        tolerable: Some(tolerable),
    })
    .map_err(|fault| Fault::new(fault.to_string()))?;
    let supported = evaluation.supported == Some(true);
    let limit = format!("{:.1}%", evaluation.printed_upper_limit_percent());
    outcome.evaluation = Some(evaluation);
    if k == 0 && !supported {
        // No deviation was found, but too few items were looked at to rely on that.
        outcome.state = TestState::Unable;
        outcome.reasons.push(format!(
            "No deviation in {n} items, but at {confidence} confidence the rate may be as high as {limit}, not below the tolerable {tolerable}; test more items."
        ));
        return Ok(());
    }
    outcome.state = state_if(supported, k);
    if k > 0 {
        outcome.reasons.push(format!(
            "{} in {n} items: at {confidence} confidence the rate is at most {limit}, {} the tolerable {tolerable}.",
            deviations(k),
            if supported { "within" } else { "not within" }
        ));
    }
    Ok(())
}

/// Follows the planned extension: offers it, or takes its result into the state.
fn follow_expansion(test: &TestFacts, outcome: &mut TestOutcome) -> Result<(), Fault> {
    let Some(expansion) = &test.expansion else {
        return Ok(());
    };
    let levels = match (outcome.basis, test.confidence, test.tolerable) {
        (TestBasis::Statistical, Some(confidence), Some(tolerable)) => {
            Some((confidence, tolerable))
        }
        (TestBasis::Judgemental, ..) => None,
        _ => {
            return Err(Fault::new(
                "Only a sample can be extended; leave expansion out of a census or an automated test.",
            ));
        }
    };
    let (n, k) = (outcome.sample, outcome.deviations);
    let plan = extended_plan(test, expansion, n, levels)?;
    let mut results = vec![StageResult { tested: n, deviations: k }];
    if let Some(more) = expansion.deviations {
        results.push(StageResult { tested: expansion.add, deviations: more });
    }
    let progress = plan.progress(&results).map_err(|fault| Fault::new(fault.to_string()))?;
    let Some(more) = expansion.deviations else {
        if let Progress::Continue { add } = progress {
            offer_extension(test, expansion, add, outcome);
        }
        return Ok(());
    };
    let holds = match levels {
        Some((confidence, tolerable)) => plan
            .holds(confidence, tolerable, test.population)
            .map_err(|fault| Fault::new(fault.to_string()))?,
        None => true,
    };
    outcome.sample = n + expansion.add;
    outcome.deviations = k + more;
    outcome.evaluation = None;
    outcome.state = state_if(progress == Progress::Accept && holds, outcome.deviations);
    outcome.reasons.push(format!(
        "After the planned extension: {} in {} items; the plan accepts {}{}.",
        deviations(outcome.deviations),
        outcome.sample,
        expansion.accept_total,
        if holds { "" } else { ", but its overall risk is above what the confidence allows" }
    ));
    Ok(())
}

/// The test as a plan in two stages. A judgemental first stage accepts no deviation, a statistical one
/// as many as its sample supports.
fn extended_plan(
    test: &TestFacts,
    expansion: &ExpansionFacts,
    n: u64,
    levels: Option<(Confidence, Rate)>,
) -> Result<StagedPlan, Fault> {
    let accept_first = match levels {
        Some((confidence, tolerable)) => {
            sampling::most_acceptable(n, confidence, tolerable, test.population)
                .map_err(|fault| Fault::new(fault.to_string()))?
                .unwrap_or(0)
        }
        None => 0,
    };
    StagedPlan::new(vec![
        Stage { add: n, accept_total: accept_first },
        Stage { add: expansion.add, accept_total: expansion.accept_total },
    ])
    .map_err(|fault| Fault::new(fault.to_string()))
}

/// Until the extension is tested the deviations exceed what the plan accepts.
fn offer_extension(
    test: &TestFacts,
    expansion: &ExpansionFacts,
    add: u64,
    outcome: &mut TestOutcome,
) {
    outcome.state = TestState::DevExceeds;
    if test.deviation_records.iter().any(DeviationRecord::is_decisive) {
        outcome.reasons.push(
            "The cause is not isolated: look at everything it reaches; more random items would not answer it."
                .to_owned(),
        );
    } else {
        outcome.may_add = Some(add);
        outcome.reasons.push(format!(
            "The plan allows {add} more items before concluding, and then {} in all.",
            deviations(expansion.accept_total)
        ));
    }
}
