//! Sample sizes by how often a control operates: a firm's policy, as versioned data.
//!
//! No standard prescribes these sizes and firms differ, so none is a constant here. A row is either
//! statistical, and then its sizes are checked against the exact computation when the policy is read,
//! or judgemental, and then it carries no confidence level and none may be printed for it.

use serde::{Deserialize, Serialize};

use super::expansion::{ExpansionError, Stage, StagedPlan};
use super::numbers::{Confidence, Rate};
use super::sampling::{self, MAX_POPULATION, SamplingError, TableMode};
use super::words::words;

/// Most rows of a policy.
pub const MAX_ROWS: usize = 200;

/// The starting policy that ships with the product, as a file a firm can copy and change.
pub const GENERAL_PRACTICE: &str =
    include_str!("../../../../catalog/sampling/general-practice.toml");

words! {
    /// How often a control operates.
    pub enum Frequency: "frequency" {
        /// Once a year.
        Annual = "annual" | "annually" | "yearly",
        /// Twice a year.
        Semiannual = "semiannual" | "semi_annual" | "semiannually" | "half_yearly",
        /// Four times a year.
        Quarterly = "quarterly",
        /// Twelve times a year.
        Monthly = "monthly",
        /// Twice a month.
        SemiMonthly = "semi_monthly" | "semimonthly" | "fortnightly" | "biweekly",
        /// Every week.
        Weekly = "weekly",
        /// Every working or calendar day.
        Daily = "daily",
        /// Several times a day.
        ManyPerDay = "many_per_day" | "multiple_per_day",
        /// Whenever its event happens.
        PerEvent = "per_event" | "as_needed" | "ad_hoc",
        /// All the time, by configuration.
        Continuous = "continuous" | "automated",
    }
}

impl Frequency {
    /// A control that operates so seldom (annually to monthly) that one missed occurrence is more than
    /// any tolerable rate for the span it covers.
    pub const fn is_seldom(self) -> bool {
        matches!(self, Self::Annual | Self::Semiannual | Self::Quarterly | Self::Monthly)
    }
}

words! {
    /// Risk class of a control, which moves its sample size inside the row.
    pub enum Risk: "risk class" {
        /// Lower than usual.
        Low = "low",
        /// Usual.
        Normal = "normal" | "medium" | "moderate",
        /// Higher than usual.
        High = "high",
    }
}

impl Risk {
    /// The class one step up; the highest stays.
    pub const fn raised(self) -> Self {
        match self {
            Self::Low => Self::Normal,
            Self::Normal | Self::High => Self::High,
        }
    }
}

words! {
    /// What makes a control riskier than its frequency says.
    pub enum RiskFactor: "risk factor" {
        /// Deviations were found before, in the prior period or earlier in this one.
        PriorDeviation = "prior_deviation",
        /// The control is new in this period.
        NewControl = "new_control" | "new",
        /// People carry it out by hand.
        Manual = "manual",
        /// A principal commitment leans on it.
        KeyToCommitment = "key_to_commitment" | "key_control",
    }
}

/// The risk class to use: one step above `base` when any factor applies.
pub fn risk_with(base: Risk, factors: &[RiskFactor]) -> Risk {
    if factors.is_empty() { base } else { base.raised() }
}

words! {
    /// What a row's sizes rest on.
    pub enum Basis: "basis" {
        /// Computed; carries a confidence level.
        Statistical = "statistical",
        /// Judgement and other evidence; carries no confidence level.
        Judgemental = "judgemental" | "judgmental" | "non_statistical" | "nonstatistical",
    }
}

/// How many items a row asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RowSize {
    /// Every item.
    All,
    /// A number per risk class; never more than the population.
    ByRisk {
        /// Low risk.
        low: u64,
        /// Normal risk.
        normal: u64,
        /// High risk.
        high: u64,
    },
    /// A share of the population, rounded up, within bounds.
    Share {
        /// Share of the population.
        rate: Rate,
        /// At least this many.
        #[serde(default)]
        min: Option<u64>,
        /// At most this many.
        #[serde(default)]
        max: Option<u64>,
    },
}

/// One row of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRow {
    /// Frequencies the row speaks for.
    pub frequencies: Vec<Frequency>,
    /// Smallest population it applies to.
    #[serde(default)]
    pub population_min: Option<u64>,
    /// Largest population it applies to.
    #[serde(default)]
    pub population_max: Option<u64>,
    /// What the sizes rest on.
    pub basis: Basis,
    /// The sizes.
    pub size: RowSize,
    /// Confidence level; statistical rows only.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// Tolerable rate; statistical rows only.
    #[serde(default)]
    pub tolerable: Option<Rate>,
    /// Expected rate; statistical rows only, nothing when absent.
    #[serde(default)]
    pub expected: Option<Rate>,
    /// One planned extension after deviations, if the policy allows any.
    #[serde(default)]
    pub expansion: Option<Stage>,
}

/// A firm's sampling policy. Versions are kept; a plan names the version it was made under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamplingPolicy {
    /// Version, such as `2026-1`.
    pub version: String,
    /// First day it applies, as `2026-01-01`.
    pub effective_from: String,
    /// Who approved it; empty until someone has.
    #[serde(default)]
    pub approved_by: String,
    /// What it is and where its figures come from.
    pub source: String,
    /// The rows, searched in order.
    pub row: Vec<PolicyRow>,
}

/// What a policy asks for in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicySize {
    /// Items to test.
    pub n: u64,
    /// What the size rests on. A judgemental size has no confidence level.
    pub basis: Basis,
    /// True when every item is tested, which has no sampling risk.
    pub census: bool,
    /// Confidence level of a statistical size.
    pub confidence: Option<Confidence>,
    /// Tolerable rate of a statistical size.
    pub tolerable: Option<Rate>,
    /// Deviations that a statistical size can hold and still support reliance.
    pub allowed_deviations: Option<u64>,
    /// The planned extension, if the row has one and the population has room for it.
    pub expansion: Option<Stage>,
    /// Version of the policy.
    pub version: String,
    /// Number of the row, counted from 1.
    pub row: usize,
}

/// Why a policy cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Not a policy file.
    #[error("The sampling policy cannot be read: {0}")]
    Unreadable(String),
    /// No rows, too many rows, or no version.
    #[error(
        "The sampling policy needs a version, a first day of effect such as 2026-01-01 and between 1 and {MAX_ROWS} rows."
    )]
    Shape,
    /// A row that contradicts itself.
    #[error("Row {row} of the sampling policy {fault}")]
    Row {
        /// Counted from 1.
        row: usize,
        /// What is wrong and what to do.
        fault: String,
    },
    /// No row speaks for the case.
    #[error(
        "Sampling policy {version} has no row for a {frequency} control with a population of {population}; add one or decide the size by judgement and record why."
    )]
    NoRow {
        /// Version of the policy.
        version: String,
        /// Frequency asked for.
        frequency: Frequency,
        /// Population asked for.
        population: u64,
    },
    /// The population cannot be sampled.
    #[error(transparent)]
    Sampling(#[from] SamplingError),
}

impl SamplingPolicy {
    /// Reads and checks a policy file.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let policy: Self =
            toml::from_str(text).map_err(|fault| PolicyError::Unreadable(fault.to_string()))?;
        policy.validate()?;
        Ok(policy)
    }

    /// Checks every row; a statistical row must hold what it claims for every population it covers.
    pub fn validate(&self) -> Result<(), PolicyError> {
        let dated = self.effective_from.parse::<jiff::civil::Date>().is_ok();
        if self.version.trim().is_empty()
            || !dated
            || self.row.is_empty()
            || self.row.len() > MAX_ROWS
        {
            return Err(PolicyError::Shape);
        }
        for (index, row) in self.row.iter().enumerate() {
            row.fault().map_or(Ok(()), |fault| Err(PolicyError::Row { row: index + 1, fault }))?;
        }
        Ok(())
    }

    /// Items to test for a control of this frequency, population and risk class.
    ///
    /// The population is what the period really held, once it is shown to be complete.
    pub fn size(
        &self,
        frequency: Frequency,
        population: u64,
        risk: Risk,
    ) -> Result<PolicySize, PolicyError> {
        sampling::check_population(Some(population))?;
        let found =
            self.row.iter().enumerate().find(|(_, row)| row.speaks_for(frequency, population));
        let Some((index, row)) = found else {
            return Err(PolicyError::NoRow {
                version: self.version.clone(),
                frequency,
                population,
            });
        };
        let n = row.items(population, risk);
        let statistical = row.basis == Basis::Statistical;
        let allowed = match (row.confidence, row.tolerable) {
            (Some(confidence), Some(tolerable)) if statistical => {
                sampling::most_acceptable(n, confidence, tolerable, Some(population))?
            }
            _ => None,
        };
        Ok(PolicySize {
            n,
            basis: row.basis,
            census: n == population,
            confidence: row.confidence.filter(|_| statistical),
            tolerable: row.tolerable.filter(|_| statistical),
            allowed_deviations: allowed,
            expansion: row.expansion.filter(|stage| stage.add <= population - n),
            version: self.version.clone(),
            row: index + 1,
        })
    }
}

impl PolicyRow {
    fn speaks_for(&self, frequency: Frequency, population: u64) -> bool {
        self.frequencies.contains(&frequency)
            && self.population_min.is_none_or(|least| population >= least)
            && self.population_max.is_none_or(|most| population <= most)
    }

    fn items(&self, population: u64, risk: Risk) -> u64 {
        let wanted = match self.size {
            RowSize::All => population,
            RowSize::ByRisk { low, normal, high } => match risk {
                Risk::Low => low,
                Risk::Normal => normal,
                Risk::High => high,
            },
            RowSize::Share { rate, min, max } => {
                let share = rate.ceil_of(population);
                share.max(min.unwrap_or(1)).min(max.unwrap_or(u64::MAX))
            }
        };
        wanted.clamp(1, population)
    }

    /// What is wrong with the row, as the end of a sentence.
    fn fault(&self) -> Option<String> {
        if self.frequencies.is_empty() {
            return Some("names no frequency; list at least one.".to_owned());
        }
        if self.population_min.unwrap_or(1) > self.population_max.unwrap_or(MAX_POPULATION) {
            return Some("has a smallest population above its largest; swap them.".to_owned());
        }
        match self.size {
            RowSize::ByRisk { low, normal, high } if low == 0 || low > normal || normal > high => {
                return Some(
                    "must have sizes of at least 1 that do not fall as risk rises.".to_owned(),
                );
            }
            RowSize::Share { min, max, .. }
                if min.unwrap_or(1) == 0 || min.unwrap_or(1) > max.unwrap_or(u64::MAX) =>
            {
                return Some("must have bounds of at least 1, the lower first.".to_owned());
            }
            _ => {}
        }
        match self.basis {
            Basis::Judgemental => self.judgemental_fault(),
            Basis::Statistical => self.statistical_fault(),
        }
    }

    fn judgemental_fault(&self) -> Option<String> {
        (self.confidence.is_some() || self.tolerable.is_some() || self.expected.is_some()).then(
            || {
                "rests on judgement and must not carry a confidence level or rates; take them out or make the row statistical."
                    .to_owned()
            },
        )
    }

    fn statistical_fault(&self) -> Option<String> {
        let (Some(confidence), Some(tolerable)) = (self.confidence, self.tolerable) else {
            return Some(
                "is statistical and needs a confidence level and a tolerable rate.".to_owned(),
            );
        };
        let least = match self.size {
            RowSize::All => return None,
            RowSize::ByRisk { low, .. } => low,
            RowSize::Share { .. } => {
                return Some(
                    "is statistical but sized by a share; a share gives no confidence, so make it judgemental."
                        .to_owned(),
                );
            }
        };
        // The large-population size is enough for every population (it is never smaller than the
        // exact size for a known one), so one comparison covers the whole row.
        let needed = sampling::plan(&sampling::Plan {
            confidence,
            tolerable,
            expected: self.expected.unwrap_or(Rate::ZERO),
            population: None,
            table_mode: TableMode::Exact,
        });
        match needed {
            Err(fault) => return Some(format!("cannot be planned: {fault}")),
            Ok(size) if size.n > least => {
                return Some(format!(
                    "claims {confidence} confidence at {tolerable} but its smallest size is {least} and {} are needed; raise the size or make the row judgemental.",
                    size.n
                ));
            }
            Ok(_) => {}
        }
        let stage = self.expansion?;
        let risk = StagedPlan::new(vec![Stage { add: least, accept_total: 0 }, stage])
            .and_then(|plan| plan.risk(tolerable, None));
        extension_fault(risk, confidence)
    }
}

fn extension_fault(risk: Result<f64, ExpansionError>, confidence: Confidence) -> Option<String> {
    match risk {
        Err(fault) => Some(format!("has an extension that cannot be used: {fault}")),
        Ok(risk) if !sampling::within_risk(risk, confidence) => Some(format!(
            "has an extension that raises the overall risk to {risk:.4}, above what {confidence} confidence allows; add more items in the extension."
        )),
        Ok(_) => None,
    }
}
