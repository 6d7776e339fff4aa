//! Samples that may be extended once deviations are found, planned in advance.
//!
//! Adding items after a deviation and accepting if no more turn up gives the control a second chance
//! and so raises the risk of overreliance. An extension is therefore part of the plan, its overall
//! risk is computed, and "add samples until it passes" is refused.

use serde::{Deserialize, Serialize};

use super::numbers::{Confidence, Rate};
use super::sampling::{
    MAX_SAMPLE, SamplingError, check_population, check_tolerable, model_at, within_risk,
};

/// Most stages of a plan.
pub const MAX_STAGES: usize = 8;
/// Most deviations that a staged plan may accept; keeps the computation small.
pub const MAX_ACCEPTED: u64 = 1_000;

/// One stage: items added, and the most deviations in all stages so far that end testing with success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Items added at this stage.
    pub add: u64,
    /// Accept if the deviations found so far, over all stages, are at most this many.
    pub accept_total: u64,
}

/// A sample in stages. After each stage but the last: accept at or below its `accept_total`, reject
/// above the last stage's, go on in between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Stage>", into = "Vec<Stage>")]
pub struct StagedPlan {
    stages: Vec<Stage>,
}

/// Why a staged plan or its course is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpansionError {
    /// No stage, or too many.
    #[error("A staged plan has between 1 and {MAX_STAGES} stages; this one has {0}.")]
    StageCount(usize),
    /// A stage adds nothing.
    #[error("Stage {0} adds no items; leave it out or give it a size.")]
    EmptyStage(usize),
    /// Acceptance figures fall, or exceed the items.
    #[error(
        "Stage {0} accepts a number of deviations that cannot work: totals must not fall from stage to stage, must be below the items tested so far, and at most {MAX_ACCEPTED}."
    )]
    AcceptTotal(usize),
    /// Sizes that cannot be sampled.
    #[error(transparent)]
    Sampling(#[from] SamplingError),
    /// No second stage is large enough.
    #[error(
        "No extension of a first sample of {first} items can hold the risk: the first stage alone uses {used:.4} of the {allowed:.4} that is allowed. Start with a larger sample."
    )]
    NoRoom {
        /// Items of the first stage.
        first: u64,
        /// Risk used by the first stage.
        used: Fixed,
        /// Risk of overreliance allowed.
        allowed: Fixed,
    },
    /// Items were added that no stage of the plan provides for.
    #[error(
        "Stage {stage} tested {tested} items where the plan says {planned}; items may be added only as planned, because adding until the result is good raises the risk of overreliance."
    )]
    NotAsPlanned {
        /// Stage, counted from 1.
        stage: usize,
        /// Items tested.
        tested: u64,
        /// Items planned; 0 when the plan has no such stage or had already ended.
        planned: u64,
    },
    /// More deviations than items in a stage.
    #[error("Stage {0} reports more deviations than items; an item deviates once.")]
    TooManyDeviations(usize),
}

/// A probability in an error, comparable because it is stored in whole millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixed(u64);

impl Fixed {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held between 0 and a million first"
    )]
    fn of(probability: f64) -> Self {
        Self((probability.clamp(0.0, 1.0) * 1e6).round() as u64)
    }
}

impl std::fmt::Display for Fixed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (self.0 as f64 / 1e6).fmt(f)
    }
}

/// What was found in one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageResult {
    /// Items tested in this stage.
    pub tested: u64,
    /// Deviations among them.
    pub deviations: u64,
}

/// Where a staged test stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Progress {
    /// Test the items of the next stage.
    Continue {
        /// Items to add.
        add: u64,
    },
    /// The plan accepts: deviations are within what it allows.
    Accept,
    /// The plan rejects: no further items may be added to change that.
    Reject,
}

impl TryFrom<Vec<Stage>> for StagedPlan {
    type Error = ExpansionError;

    fn try_from(stages: Vec<Stage>) -> Result<Self, ExpansionError> {
        Self::new(stages)
    }
}

impl From<StagedPlan> for Vec<Stage> {
    fn from(plan: StagedPlan) -> Self {
        plan.stages
    }
}

impl StagedPlan {
    /// Checks the stages.
    pub fn new(stages: Vec<Stage>) -> Result<Self, ExpansionError> {
        if stages.is_empty() || stages.len() > MAX_STAGES {
            return Err(ExpansionError::StageCount(stages.len()));
        }
        let (mut items, mut accepted) = (0_u64, 0_u64);
        for (index, stage) in stages.iter().enumerate() {
            if stage.add == 0 {
                return Err(ExpansionError::EmptyStage(index + 1));
            }
            items = items.saturating_add(stage.add);
            if items > MAX_SAMPLE {
                return Err(SamplingError::SampleTooLarge(items).into());
            }
            if stage.accept_total < accepted
                || stage.accept_total >= items
                || stage.accept_total > MAX_ACCEPTED
            {
                return Err(ExpansionError::AcceptTotal(index + 1));
            }
            accepted = stage.accept_total;
        }
        Ok(Self { stages })
    }

    /// The stages.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    fn reject_above(&self) -> u64 {
        self.stages.last().map_or(0, |stage| stage.accept_total)
    }

    /// Probability that the plan accepts a population which deviates at exactly `tolerable`.
    ///
    /// Follows the distribution of the running total of deviations from stage to stage. In a
    /// population of known size later stages draw from what earlier ones left.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "acceptance numbers are bounded by the plan's own limits"
    )]
    pub fn risk(&self, tolerable: Rate, population: Option<u64>) -> Result<f64, ExpansionError> {
        check_tolerable(tolerable)?;
        check_population(population)?;
        let items = self.stages.iter().map(|stage| stage.add).sum();
        if let Some(population) = population.filter(|size| *size < items) {
            return Err(SamplingError::SampleAbovePopulation { sample: items, population }.into());
        }
        let reject_above = self.reject_above();
        // running[d] = probability of being still undecided with d deviations in all.
        let mut running = vec![1.0_f64];
        let (mut accepted, mut drawn) = (0.0, 0_u64);
        for stage in &self.stages {
            let mut next = vec![0.0; reject_above as usize + 1];
            for (before, probability) in (0_u64..).zip(&running) {
                if *probability == 0.0 {
                    continue;
                }
                let model = remaining(tolerable, population, drawn, before);
                for more in 0..=(reject_above - before).min(stage.add) {
                    if let Some(slot) = next.get_mut((before + more) as usize) {
                        *slot += probability * model.exactly(more, stage.add);
                    }
                }
            }
            drawn += stage.add;
            for slot in next.iter_mut().take(stage.accept_total as usize + 1) {
                accepted += std::mem::take(slot);
            }
            running = next;
        }
        Ok(accepted)
    }

    /// Whether the overall risk is within the risk of overreliance.
    pub fn holds(
        &self,
        confidence: Confidence,
        tolerable: Rate,
        population: Option<u64>,
    ) -> Result<bool, ExpansionError> {
        Ok(within_risk(self.risk(tolerable, population)?, confidence))
    }

    /// Follows the results so far. Items beyond the plan, or after its end, are refused.
    pub fn progress(&self, results: &[StageResult]) -> Result<Progress, ExpansionError> {
        let reject_above = self.reject_above();
        let mut total = 0_u64;
        let mut verdict = None;
        for (index, result) in results.iter().enumerate() {
            let stage = self.stages.get(index).filter(|_| verdict.is_none());
            let planned = stage.map_or(0, |stage| stage.add);
            if result.tested != planned {
                return Err(ExpansionError::NotAsPlanned {
                    stage: index + 1,
                    tested: result.tested,
                    planned,
                });
            }
            if result.deviations > result.tested {
                return Err(ExpansionError::TooManyDeviations(index + 1));
            }
            total += result.deviations;
            verdict = match stage {
                Some(stage) if total <= stage.accept_total => Some(Progress::Accept),
                _ if total > reject_above => Some(Progress::Reject),
                _ => None,
            };
        }
        Ok(verdict.unwrap_or(Progress::Continue {
            add: self.stages.get(results.len()).map_or(0, |stage| stage.add),
        }))
    }
}

/// The model of what is left after `drawn` items held `found` deviations.
fn remaining(
    tolerable: Rate,
    population: Option<u64>,
    drawn: u64,
    found: u64,
) -> super::distributions::Model {
    use super::distributions::Model;
    match population {
        None => model_at(tolerable, None),
        Some(size) => Model::Hypergeometric {
            population: size - drawn,
            deviating: tolerable.ceil_of(size).saturating_sub(found).min(size - drawn),
        },
    }
}

/// Smallest second stage for "test `first`, accept at up to `accept_first`; otherwise add items and
/// accept at up to `accept_total` in all" that holds the confidence.
pub fn smallest_second_stage(
    first: u64,
    accept_first: u64,
    accept_total: u64,
    confidence: Confidence,
    tolerable: Rate,
    population: Option<u64>,
) -> Result<u64, ExpansionError> {
    let only = StagedPlan::new(vec![Stage { add: first, accept_total: accept_first }])?;
    let used = only.risk(tolerable, population)?;
    let no_room = ExpansionError::NoRoom {
        first,
        used: Fixed::of(used),
        allowed: Fixed::of(confidence.risk()),
    };
    let holds = |add: u64| {
        StagedPlan::new(vec![
            Stage { add: first, accept_total: accept_first },
            Stage { add, accept_total },
        ])?
        .holds(confidence, tolerable, population)
    };
    let largest = population.map_or(MAX_SAMPLE / 10, |size| size.saturating_sub(first));
    let least = accept_total.saturating_add(1).saturating_sub(first).max(1);
    if largest < least || !within_risk(used, confidence) {
        return Err(no_room);
    }
    // Doubling finds a size that holds quickly; the risk falls with the size, so halving finds the least.
    let mut high = least;
    while !holds(high)? {
        if high >= largest {
            return Err(no_room);
        }
        high = high.saturating_mul(2).min(largest);
    }
    let mut low = least;
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle)? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(high)
}
