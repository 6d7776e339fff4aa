//! What is missing between commitments, requirements, controls and results.
//!
//! | check | holds when |
//! |---|---|
//! | F1 | every category in scope has a principal commitment |
//! | F2 | every principal commitment has a requirement, and its requirements cover people, process and technology, or a reason is recorded for a kind that is not needed |
//! | F3 | every requirement has an active control |
//! | F4 | every active control behind a principal commitment answers a criterion in scope, of the commitment's category or of the common criteria, which serve all categories |
//! | F5 | every measured commitment has a result for every window of the period |
//! | F12 | every active control serves a commitment or a risk |
//!
//! A reference to something that is not there is told too, and serves nothing.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kernel::period::{Cycle, Date, Period};
use scope::catalogue::{Categories, Category, CriterionId};
use serde::{Deserialize, Serialize};

use crate::model::RequirementKind;

/// How a numeric commitment is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// Each calendar window on its own.
    Each(Cycle),
    /// Once over the whole period.
    Throughout,
    /// At each event, so that no window is known before.
    PerEvent,
}

/// A commitment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitmentNode<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its category.
    pub category: Category,
    /// Whether it is one of the principal ones, common to most users.
    pub principal: bool,
    /// How it is measured, if it is numeric.
    pub measured: Option<Measured>,
    /// Kinds for which a reason is recorded why no requirement is needed.
    pub not_needed: &'a [RequirementKind],
    /// First date on which it holds; from the start if absent.
    pub effective_from: Option<Date>,
    /// Last date on which it holds; to the end if absent.
    pub effective_to: Option<Date>,
}

/// A system requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementNode<'a> {
    /// Its id.
    pub id: &'a str,
    /// What carries it.
    pub kind: RequirementKind,
    /// Ids of the commitments it serves.
    pub commitments: &'a [&'a str],
    /// Ids of the controls that meet it.
    pub controls: &'a [&'a str],
}

/// A control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlNode<'a> {
    /// Its id.
    pub id: &'a str,
    /// Whether it is in operation.
    pub active: bool,
    /// Criteria it answers.
    pub criteria: &'a [CriterionId],
    /// Whether it treats a risk.
    pub treats_risk: bool,
}

/// A result of a measured commitment, over whole dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResultNode<'a> {
    /// Id of the commitment.
    pub commitment: &'a str,
    /// First date it speaks for.
    pub from: Date,
    /// Last date it speaks for.
    pub to: Date,
}

/// Everything the checks look at.
#[derive(Debug, Clone, Copy)]
pub struct Graph<'a> {
    /// Categories in scope.
    pub categories: Categories,
    /// The period under examination.
    pub period: &'a Period,
    /// Commitments.
    pub commitments: &'a [CommitmentNode<'a>],
    /// Requirements.
    pub requirements: &'a [RequirementNode<'a>],
    /// Controls.
    pub controls: &'a [ControlNode<'a>],
    /// Results.
    pub results: &'a [ResultNode<'a>],
}

/// One thing that is missing. As text it is one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Gap {
    /// F1: a category in scope without a principal commitment.
    CategoryWithoutCommitment {
        /// The category.
        category: Category,
    },
    /// F2: a principal commitment without any requirement.
    CommitmentWithoutRequirement {
        /// The commitment.
        commitment: String,
    },
    /// F2: a principal commitment whose requirements leave out a kind without a reason.
    KindNotCovered {
        /// The commitment.
        commitment: String,
        /// The kind that is missing.
        missing: RequirementKind,
    },
    /// F3: a requirement without an active control.
    RequirementWithoutControl {
        /// The requirement.
        requirement: String,
    },
    /// F4: a control that answers no fitting criterion for a principal commitment.
    ControlWithoutCriterion {
        /// The control.
        control: String,
        /// The commitment.
        commitment: String,
        /// The category of the commitment.
        category: Category,
    },
    /// F5: a window without a result.
    WindowWithoutResult {
        /// The commitment.
        commitment: String,
        /// First date of the window inside the period.
        from: Date,
        /// Last date of the window inside the period.
        to: Date,
    },
    /// F12: a control that serves neither a commitment nor a risk.
    OrphanControl {
        /// The control.
        control: String,
    },
    /// A reference to something that is not there.
    Unknown {
        /// The requirement or result that refers.
        from: String,
        /// The commitment or control it names.
        to: String,
    },
}

impl Gap {
    /// The check that found it, such as `F1`; `link` for a reference to nothing.
    #[must_use]
    pub fn check(&self) -> &'static str {
        match self {
            Self::CategoryWithoutCommitment { .. } => "F1",
            Self::CommitmentWithoutRequirement { .. } | Self::KindNotCovered { .. } => "F2",
            Self::RequirementWithoutControl { .. } => "F3",
            Self::ControlWithoutCriterion { .. } => "F4",
            Self::WindowWithoutResult { .. } => "F5",
            Self::OrphanControl { .. } => "F12",
            Self::Unknown { .. } => "link",
        }
    }
}

/// Everything that is missing, by check and then in the order of the input.
#[must_use]
pub fn gaps(graph: &Graph<'_>) -> Vec<Gap> {
    let index = Index::of(graph);
    let mut gaps = Vec::new();
    gaps.extend(categories_without_commitment(graph));
    gaps.extend(commitments_without_requirements(graph, &index));
    gaps.extend(requirements_without_control(graph, &index));
    gaps.extend(controls_without_criterion(graph, &index));
    gaps.extend(windows_without_result(graph));
    gaps.extend(orphan_controls(graph, &index));
    gaps.extend(unknown_references(graph, &index));
    gaps
}

/// The nodes by id.
struct Index<'a> {
    commitments: BTreeMap<&'a str, &'a CommitmentNode<'a>>,
    controls: BTreeMap<&'a str, &'a ControlNode<'a>>,
    /// Requirements by the commitment they serve.
    serving: BTreeMap<&'a str, Vec<&'a RequirementNode<'a>>>,
}

impl<'a> Index<'a> {
    fn of(graph: &Graph<'a>) -> Self {
        let mut serving: BTreeMap<&str, Vec<&RequirementNode<'_>>> = BTreeMap::new();
        for requirement in graph.requirements {
            for commitment in requirement.commitments {
                serving.entry(commitment).or_default().push(requirement);
            }
        }
        Self {
            commitments: graph.commitments.iter().map(|node| (node.id, node)).collect(),
            controls: graph.controls.iter().map(|node| (node.id, node)).collect(),
            serving,
        }
    }

    fn requirements_of(&self, commitment: &str) -> &[&'a RequirementNode<'a>] {
        self.serving.get(commitment).map_or(&[], Vec::as_slice)
    }
}

fn principal<'a>(graph: &Graph<'a>) -> impl Iterator<Item = &'a CommitmentNode<'a>> {
    graph.commitments.iter().filter(|commitment| commitment.principal)
}

fn categories_without_commitment(graph: &Graph<'_>) -> Vec<Gap> {
    let promised: BTreeSet<Category> = principal(graph).map(|c| c.category).collect();
    let silent = graph.categories.iter().filter(|category| !promised.contains(category));
    silent.map(|category| Gap::CategoryWithoutCommitment { category }).collect()
}

fn commitments_without_requirements(graph: &Graph<'_>, index: &Index<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for commitment in principal(graph) {
        let name = || commitment.id.to_owned();
        let requirements = index.requirements_of(commitment.id);
        if requirements.is_empty() {
            gaps.push(Gap::CommitmentWithoutRequirement { commitment: name() });
            continue;
        }
        for missing in RequirementKind::ALL {
            let covered = requirements.iter().any(|r| r.kind == missing);
            if !covered && !commitment.not_needed.contains(&missing) {
                gaps.push(Gap::KindNotCovered { commitment: name(), missing });
            }
        }
    }
    gaps
}

fn requirements_without_control(graph: &Graph<'_>, index: &Index<'_>) -> Vec<Gap> {
    let active = |id: &&str| index.controls.get(id).is_some_and(|control| control.active);
    let bare = graph.requirements.iter().filter(|r| !r.controls.iter().any(active));
    bare.map(|r| Gap::RequirementWithoutControl { requirement: r.id.to_owned() }).collect()
}

fn controls_without_criterion(graph: &Graph<'_>, index: &Index<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for commitment in principal(graph) {
        let requirements = index.requirements_of(commitment.id).iter();
        let ids: BTreeSet<&str> = requirements.flat_map(|r| r.controls).copied().collect();
        let controls = ids.iter().filter_map(|id| index.controls.get(id));
        for control in controls.filter(|control| control.active) {
            let fits = |criterion: &CriterionId| {
                let category = criterion.category();
                graph.categories.applies(criterion.series())
                    && (category == commitment.category || category == Category::Security)
            };
            if !control.criteria.iter().any(fits) {
                gaps.push(Gap::ControlWithoutCriterion {
                    control: control.id.to_owned(),
                    commitment: commitment.id.to_owned(),
                    category: commitment.category,
                });
            }
        }
    }
    gaps
}

fn windows_without_result(graph: &Graph<'_>) -> Vec<Gap> {
    let mut results: BTreeMap<&str, Vec<&ResultNode<'_>>> = BTreeMap::new();
    for result in graph.results {
        results.entry(result.commitment).or_default().push(result);
    }
    let mut gaps = Vec::new();
    for commitment in graph.commitments {
        let own = results.get(commitment.id).map_or(&[][..], Vec::as_slice);
        for window in windows_of(commitment, graph.period) {
            if !own.iter().any(|result| speaks_for(result, &window, commitment.measured)) {
                gaps.push(Gap::WindowWithoutResult {
                    commitment: commitment.id.to_owned(),
                    from: window.start(),
                    to: window.end(),
                });
            }
        }
    }
    gaps
}

/// The windows of a commitment in the part of the period in which it holds.
fn windows_of(commitment: &CommitmentNode<'_>, period: &Period) -> Vec<Period> {
    let start = commitment.effective_from.map_or(period.start(), |d| d.max(period.start()));
    let end = commitment.effective_to.map_or(period.end(), |d| d.min(period.end()));
    let Ok(held) = Period::new(start, end, period.zone().clone()) else {
        return Vec::new();
    };
    match commitment.measured {
        Some(Measured::Each(cycle)) => held.windows(cycle),
        Some(Measured::Throughout) => vec![held],
        Some(Measured::PerEvent) | None => Vec::new(),
    }
}

/// A result speaks for a window when it is over just that window: as far as it lies in the period,
/// or all of its calendar month, quarter or year. One result over several months speaks for none of
/// them.
fn speaks_for(result: &ResultNode<'_>, window: &Period, measured: Option<Measured>) -> bool {
    let (mut from, mut to) = (window.start(), window.end());
    if let Some(Measured::Each(cycle)) = measured {
        from = cycle.first_date(from);
        to = cycle.last_date(to);
    }
    from <= result.from
        && result.from <= window.start()
        && window.end() <= result.to
        && result.to <= to
}

fn orphan_controls(graph: &Graph<'_>, index: &Index<'_>) -> Vec<Gap> {
    let promised = graph
        .requirements
        .iter()
        .filter(|r| r.commitments.iter().any(|id| index.commitments.contains_key(id)));
    let served: BTreeSet<&str> = promised.flat_map(|r| r.controls).copied().collect();
    let orphans = graph
        .controls
        .iter()
        .filter(|control| control.active && !control.treats_risk && !served.contains(control.id));
    orphans.map(|control| Gap::OrphanControl { control: control.id.to_owned() }).collect()
}

fn unknown_references(graph: &Graph<'_>, index: &Index<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut refer = |from: &str, to: &str, known: bool| {
        if !known {
            gaps.push(Gap::Unknown { from: from.to_owned(), to: to.to_owned() });
        }
    };
    for requirement in graph.requirements {
        for id in requirement.commitments {
            refer(requirement.id, id, index.commitments.contains_key(id));
        }
        for id in requirement.controls {
            refer(requirement.id, id, index.controls.contains_key(id));
        }
    }
    for result in graph.results {
        let known = index.commitments.contains_key(result.commitment);
        refer("a result", result.commitment, known);
    }
    gaps
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CategoryWithoutCommitment { category } => write!(
                f,
                "{category} is in scope and has no principal commitment; state one or leave the category out."
            ),
            Self::CommitmentWithoutRequirement { commitment } => {
                write!(f, "The principal commitment {commitment} has no system requirement.")
            }
            Self::KindNotCovered { commitment, missing } => write!(
                f,
                "The requirements of {commitment} do not cover {}; add one, or record why none is needed.",
                missing.as_str()
            ),
            Self::RequirementWithoutControl { requirement } => {
                write!(f, "The requirement {requirement} has no active control.")
            }
            Self::ControlWithoutCriterion { control, commitment, category } => write!(
                f,
                "The control {control} serves the {category} commitment {commitment} and answers no criterion in scope that fits it."
            ),
            Self::WindowWithoutResult { commitment, from, to } => {
                write!(f, "The commitment {commitment} has no result for {from} to {to}.")
            }
            Self::OrphanControl { control } => write!(
                f,
                "The control {control} serves no commitment and treats no risk; map it or drop it."
            ),
            Self::Unknown { from, to } => {
                write!(f, "A link leads from {from} to {to}, which does not exist.")
            }
        }
    }
}
