//! Attribute sampling: how many items to test, and what the result says about all of them.
//!
//! The population is either large (binomial model) or its size is known and counted in
//! (hypergeometric model). A sample supports reliance on a control when the probability of so few
//! deviations, were the population deviating at the tolerable rate, is no more than the risk of
//! overreliance. Limits are one-sided upper limits (Clopper and Pearson for the binomial model).
//!
//! Everything here ends in bounded time: sizes above the stated limits are refused in words.

use serde::{Deserialize, Serialize};

use super::distributions::Model;
use super::numbers::{Confidence, Rate};
use super::words::words;

/// Largest sample that is evaluated; more items than this are tested as a whole population.
pub const MAX_SAMPLE: u64 = 10_000_000;
/// Largest sample that is ever proposed.
pub const MAX_PLANNED: u64 = 250_000;
/// Largest population size that is accepted.
pub const MAX_POPULATION: u64 = 1_000_000_000_000;

/// Slack in comparing a computed probability with the risk, for cases where both are equal on paper
/// (19 of 20 items at 95%: the probability is exactly 0.05).
const TOLERANCE: f64 = 1e-12;

words! {
    /// How a sample size was found.
    pub enum SizeMethod: "sizing method" {
        /// Large population.
        Binomial = "binomial",
        /// Population of known size, drawn without replacement.
        Hypergeometric = "hypergeometric",
        /// Every item is tested.
        Census = "census",
    }
}

words! {
    /// Whether sizes follow the exact computation or a printed table that departs from it.
    pub enum TableMode: "table mode" {
        /// The exact smallest sample.
        Exact = "exact",
        /// The printed table, in the few cells where it departs from the exact computation.
        Printed = "printed",
    }
}

/// A printed cell that is not the exact smallest sample.
struct PrintedCell {
    confidence_bp: u32,
    tolerable_bp: u32,
    expected_bp: u32,
    n: u64,
}

/// Where the tables of the AICPA audit sampling guide (appendix A) depart from the exact binomial, as
/// noted by the authors of the R package jfa, who compared them cell by cell. At 7% tolerable the
/// printed 112 leaves a risk of 0.1007; at 5% the printed 200 leaves far more.
const PRINTED_CELLS: [PrintedCell; 3] = [
    PrintedCell { confidence_bp: 9_000, tolerable_bp: 700, expected_bp: 325, n: 112 },
    PrintedCell { confidence_bp: 9_000, tolerable_bp: 700, expected_bp: 350, n: 112 },
    PrintedCell { confidence_bp: 9_000, tolerable_bp: 500, expected_bp: 350, n: 200 },
];

/// What a sample is planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Level at which the result shall hold.
    pub confidence: Confidence,
    /// Tolerable deviation rate: the highest at which the control still counts as effective.
    pub tolerable: Rate,
    /// Expected deviation rate; used for planning only.
    pub expected: Rate,
    /// Items in the population, where known and to be counted in.
    pub population: Option<u64>,
    /// Exact computation or printed table.
    pub table_mode: TableMode,
}

/// The size of a sample and how many deviations it can hold and still support reliance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleSize {
    /// Items to test.
    pub n: u64,
    /// Most deviations the plan accepts.
    pub allowed_deviations: u64,
    /// How the size was found.
    pub method: SizeMethod,
}

/// A tested sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tested {
    /// Items tested.
    pub sample: u64,
    /// Items among them that deviated; missing evidence counts, nothing is netted off.
    pub deviations: u64,
    /// Level at which the limit shall hold.
    pub confidence: Confidence,
    /// Items in the population, where known and to be counted in.
    pub population: Option<u64>,
    /// Tolerable deviation rate, to decide against.
    pub tolerable: Option<Rate>,
}

/// What a tested sample says of the whole population.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Upper limit of the deviation rate at the stated confidence, as a fraction.
    pub upper_limit: f64,
    /// Upper limit in items (`D_U`); only for a population of known size.
    pub upper_count: Option<u64>,
    /// Whether the result supports reliance at the tolerable rate; `None` without one.
    pub supported: Option<bool>,
    /// Deviations over items tested.
    pub point_rate: f64,
}

impl Evaluation {
    /// Allowance for sampling risk: upper limit less point rate. Zero when every item was tested.
    pub fn allowance(&self) -> f64 {
        (self.upper_limit - self.point_rate).max(0.0)
    }

    /// The upper limit in percent as printed tables show it: rounded up to one decimal.
    pub fn printed_upper_limit_percent(&self) -> f64 {
        // The small deduction keeps a limit that is exact to one decimal from being raised by noise.
        (self.upper_limit * 1000.0 - 1e-9).ceil() / 10.0
    }
}

/// Why a sample cannot be planned or evaluated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SamplingError {
    /// The population is empty.
    #[error(
        "A population of 0 items cannot be sampled; show that it is complete and conclude that the control did not operate."
    )]
    EmptyPopulation,
    /// The population is larger than anything real.
    #[error("A population of {0} items is above the limit of {MAX_POPULATION}; check the figure.")]
    PopulationTooLarge(u64),
    /// Tolerable rate of nothing or everything.
    #[error(
        "A tolerable rate of {0} cannot be used; it must be above 0% and below 100% (5% to 20% are usual)."
    )]
    Tolerable(Rate),
    /// Expecting at least as many deviations as can be tolerated.
    #[error(
        "The expected rate of {expected} is not below the tolerable rate of {tolerable}; no sample can support reliance, so test another control or the whole population."
    )]
    ExpectedNotBelowTolerable {
        /// Expected rate.
        expected: Rate,
        /// Tolerable rate.
        tolerable: Rate,
    },
    /// The sample would be absurdly large.
    #[error(
        "No sample of up to {MAX_PLANNED} items is enough for these rates; widen the gap between expected and tolerable rate, or test the whole population."
    )]
    PlanTooLarge,
    /// Nothing was tested.
    #[error("A sample of 0 items says nothing; test at least one item.")]
    EmptySample,
    /// More items tested than are evaluated.
    #[error(
        "A sample of {0} items is above the limit of {MAX_SAMPLE}; test the whole population and give its size, or check the figure."
    )]
    SampleTooLarge(u64),
    /// More deviations than items.
    #[error(
        "{deviations} deviations in a sample of {sample} items are impossible; an item deviates once, however many attributes fail."
    )]
    MoreDeviationsThanItems {
        /// Deviations given.
        deviations: u64,
        /// Items given.
        sample: u64,
    },
    /// The sample is larger than the population.
    #[error(
        "A sample of {sample} items cannot come from a population of {population}; check both figures."
    )]
    SampleAbovePopulation {
        /// Items given.
        sample: u64,
        /// Population given.
        population: u64,
    },
}

/// Whether a probability is within the risk of overreliance.
pub(crate) fn within_risk(probability: f64, confidence: Confidence) -> bool {
    probability <= confidence.risk() + TOLERANCE
}

/// The model of a population that deviates at exactly the tolerable rate.
pub(crate) fn model_at(rate: Rate, population: Option<u64>) -> Model {
    match population {
        None => Model::Binomial(rate.as_fraction()),
        Some(population) => {
            Model::Hypergeometric { population, deviating: rate.ceil_of(population) }
        }
    }
}

pub(crate) fn check_tolerable(tolerable: Rate) -> Result<(), SamplingError> {
    if tolerable.is_zero() || tolerable >= Rate::WHOLE {
        return Err(SamplingError::Tolerable(tolerable));
    }
    Ok(())
}

pub(crate) fn check_population(population: Option<u64>) -> Result<(), SamplingError> {
    match population {
        Some(0) => Err(SamplingError::EmptyPopulation),
        Some(size) if size > MAX_POPULATION => Err(SamplingError::PopulationTooLarge(size)),
        _ => Ok(()),
    }
}

/// Smallest sample that supports reliance if deviations occur at the expected rate.
///
/// For each count of deviations `k` the sizes with `ceil(n × expected) = k` form a run, and within a
/// run the risk falls with `n`; so the first run whose last size is good holds the smallest size.
pub fn plan(plan: &Plan) -> Result<SampleSize, SamplingError> {
    check_tolerable(plan.tolerable)?;
    check_population(plan.population)?;
    if plan.expected >= plan.tolerable {
        return Err(SamplingError::ExpectedNotBelowTolerable {
            expected: plan.expected,
            tolerable: plan.tolerable,
        });
    }
    if let Some(printed) = printed_cell(plan) {
        return Ok(printed);
    }
    let limit = plan.population.unwrap_or(MAX_PLANNED).min(MAX_PLANNED);
    let mut allowed = 0;
    let mut first = 1;
    while first <= limit {
        let last = plan.expected.most_within(allowed).unwrap_or(limit).min(limit);
        if first <= last {
            if let Some(n) = smallest_between(plan, allowed, first, last) {
                return Ok(sized(plan, n, allowed));
            }
            first = last + 1;
        }
        allowed += 1;
    }
    whole_population(plan, plan.population.map(|size| plan.expected.ceil_of(size)))
}

/// Smallest sample that supports reliance with exactly `allowed` deviations in it.
pub fn plan_for_allowed(
    confidence: Confidence,
    tolerable: Rate,
    population: Option<u64>,
    allowed: u64,
) -> Result<SampleSize, SamplingError> {
    check_tolerable(tolerable)?;
    check_population(population)?;
    let plan = Plan {
        confidence,
        tolerable,
        expected: Rate::ZERO,
        population,
        table_mode: TableMode::Exact,
    };
    let limit = population.unwrap_or(MAX_PLANNED).min(MAX_PLANNED);
    match smallest_between(&plan, allowed, 1, limit) {
        Some(n) => Ok(sized(&plan, n, allowed)),
        None => whole_population(&plan, Some(allowed)),
    }
}

/// First size in `first..=last` at which `allowed` deviations are still good.
fn smallest_between(plan: &Plan, allowed: u64, first: u64, last: u64) -> Option<u64> {
    let model = model_at(plan.tolerable, plan.population);
    let enough = plan.confidence.risk() + TOLERANCE;
    let good = |n: u64| model.at_most_or_above(allowed, n, enough) <= enough;
    if allowed >= last || !good(last) {
        return None;
    }
    let (mut low, mut high) = (first, last);
    while low < high {
        let middle = low + (high - low) / 2;
        if good(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(high)
}

fn sized(plan: &Plan, n: u64, allowed: u64) -> SampleSize {
    match plan.population {
        None => SampleSize { n, allowed_deviations: allowed, method: SizeMethod::Binomial },
        Some(population) if n >= population => census(plan.tolerable, population, allowed),
        Some(_) => {
            SampleSize { n, allowed_deviations: allowed, method: SizeMethod::Hypergeometric }
        }
    }
}

/// Testing everything: the rate found is the rate, so no more than the tolerable share may deviate.
fn census(tolerable: Rate, population: u64, allowed: u64) -> SampleSize {
    SampleSize {
        n: population,
        allowed_deviations: allowed.min(tolerable.floor_of(population)),
        method: SizeMethod::Census,
    }
}

fn whole_population(plan: &Plan, allowed: Option<u64>) -> Result<SampleSize, SamplingError> {
    match plan.population {
        Some(population) if population <= MAX_PLANNED => {
            Ok(census(plan.tolerable, population, allowed.unwrap_or_default()))
        }
        _ => Err(SamplingError::PlanTooLarge),
    }
}

fn printed_cell(plan: &Plan) -> Option<SampleSize> {
    if plan.table_mode == TableMode::Exact || plan.population.is_some() {
        return None;
    }
    let cell = PRINTED_CELLS.iter().find(|cell| {
        plan.confidence.rate() == Rate::from_basis_points(cell.confidence_bp)
            && plan.tolerable == Rate::from_basis_points(cell.tolerable_bp)
            && plan.expected == Rate::from_basis_points(cell.expected_bp)
    })?;
    Some(SampleSize {
        n: cell.n,
        allowed_deviations: plan.expected.ceil_of(cell.n),
        method: SizeMethod::Binomial,
    })
}

/// Evaluates a tested sample: upper limit, point rate and, with a tolerable rate, the decision.
///
/// With a population the decision is strict: the most deviating items that are still consistent with
/// the sample must be fewer than `ceil(population × tolerable)`. When every item was tested the
/// deviations found are compared with the tolerable rate directly.
pub fn evaluate(tested: &Tested) -> Result<Evaluation, SamplingError> {
    check_tested(tested)?;
    let Tested { sample: n, deviations: k, confidence, population, tolerable } = *tested;
    let point_rate = k as f64 / n as f64;
    let (upper_limit, upper_count, supported) = match population {
        Some(size) if size == n => (point_rate, Some(k), tolerable.map(|rate| rate.covers(k, n))),
        Some(size) => {
            let most = most_deviating(k, n, size, confidence);
            (most as f64 / size as f64, Some(most), tolerable.map(|rate| most < rate.ceil_of(size)))
        }
        None => (
            upper_rate(k, n, confidence),
            None,
            tolerable.map(|rate| within_risk(model_at(rate, None).at_most(k, n), confidence)),
        ),
    };
    Ok(Evaluation { upper_limit, upper_count, supported, point_rate })
}

fn check_tested(tested: &Tested) -> Result<(), SamplingError> {
    if let Some(tolerable) = tested.tolerable {
        check_tolerable(tolerable)?;
    }
    check_population(tested.population)?;
    let sample = tested.sample;
    if sample == 0 {
        return Err(SamplingError::EmptySample);
    }
    if tested.deviations > sample {
        return Err(SamplingError::MoreDeviationsThanItems {
            deviations: tested.deviations,
            sample,
        });
    }
    match tested.population {
        Some(population) if sample > population => {
            Err(SamplingError::SampleAbovePopulation { sample, population })
        }
        Some(population) if sample == population => Ok(()),
        _ if sample > MAX_SAMPLE => Err(SamplingError::SampleTooLarge(sample)),
        _ => Ok(()),
    }
}

/// Rate at which `k` or fewer deviations in `n` would be found with exactly the risk of overreliance.
fn upper_rate(k: u64, n: u64, confidence: Confidence) -> f64 {
    if k == n {
        return 1.0;
    }
    let risk = confidence.risk();
    if k == 0 {
        return -(risk.ln() / n as f64).exp_m1();
    }
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    // Halving until neighbours are met; 128 halvings reach full precision even for tiny rates.
    for _ in 0..128 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if Model::Binomial(middle).at_most(k, n) > risk {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Most deviating items (`D_U`) that are still consistent with `k` of `n` at the confidence.
fn most_deviating(k: u64, n: u64, population: u64, confidence: Confidence) -> u64 {
    let consistent = |deviating: u64| {
        let model = Model::Hypergeometric { population, deviating };
        !within_risk(model.at_most(k, n), confidence)
    };
    // With only k deviating items, k or fewer are certain to be found: consistent at any confidence.
    let (mut low, mut high) = (k, population - n + k);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if consistent(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Confidence that a sample of `n` with `k` deviations actually gives that the rate is below `rate`,
/// as a fraction. Not to be printed for sizes that rest on judgement.
pub fn confidence_bought(
    n: u64,
    k: u64,
    rate: Rate,
    population: Option<u64>,
) -> Result<f64, SamplingError> {
    check_tolerable(rate)?;
    check_tested(&Tested {
        sample: n,
        deviations: k,
        // Any level: only the sizes are checked.
        confidence: Confidence::HALF,
        population,
        tolerable: None,
    })?;
    Ok(1.0 - model_at(rate, population).at_most(k, n))
}

/// Most deviations in `n` items that still support reliance; `None` when even zero are too many.
pub fn most_acceptable(
    n: u64,
    confidence: Confidence,
    tolerable: Rate,
    population: Option<u64>,
) -> Result<Option<u64>, SamplingError> {
    check_tolerable(tolerable)?;
    check_tested(&Tested {
        sample: n,
        deviations: 0,
        confidence,
        population,
        tolerable: Some(tolerable),
    })?;
    if population == Some(n) {
        return Ok(Some(tolerable.floor_of(n)));
    }
    let model = model_at(tolerable, population);
    let good = |k: u64| within_risk(model.at_most(k, n), confidence);
    if !good(0) {
        return Ok(None);
    }
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if good(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(Some(low))
}

/// The finite population correction `n0 / (1 + (n0 − 1) / N)`, rounded up.
///
/// It **understates** the sample that is needed (38 instead of 45 for 100 items at 95% and 5%) and is
/// here only to explain a table that was made with it; [`plan`] is what to use.
pub fn finite_population_correction(n0: u64, population: u64) -> u64 {
    if n0 == 0 || population == 0 {
        return 0;
    }
    // n0·N / (N + n0 − 1), in integers.
    let (n0, population) = (u128::from(n0), u128::from(population));
    u64::try_from((n0 * population).div_ceil(population + n0 - 1)).unwrap_or(u64::MAX)
}
