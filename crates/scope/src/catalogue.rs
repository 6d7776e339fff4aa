//! The catalogue: the profession's knowledge that every engagement starts from.
//!
//! The rows live as reviewed data files in the repository's `catalog/` folder, are compiled into the
//! program, and are read once. What they say is ours: identifiers and counts are the profession's,
//! every wording is our own paraphrase.
//!
//! | file | holds |
//! |---|---|
//! | `criterion_id.rs` | [`Series`] and [`CriterionId`]: an id that does not exist cannot be made |
//! | `criteria.rs` | [`Category`], [`Categories`], the 61 criteria and which apply to a scope |
//! | `description_criteria.rs` | the 9 criteria for management's description |
//! | `controls.rs` | the 130 controls to start from |
//! | `requests.rs` | the 116 requests to start from |

mod controls;
mod criteria;
mod criterion_id;
mod description_criteria;
mod requests;

use std::sync::LazyLock;

pub use controls::{
    CatalogueControl, ControlCode, ControlType, Frequency, Nature, OwnerRole, UnknownWord,
};
pub use criteria::{Categories, Category, Criterion, NoCategory};
pub use criterion_id::{CriterionId, Series, UnknownCriterion};
pub use description_criteria::{
    DescriptionCriterion, DescriptionCriterionId, ReportType, UnknownDescriptionCriterion,
};
pub use requests::{CatalogueRequest, RequestCode, RequestCriteria, RequestKind};

use controls::Controls;
use criteria::Criteria;
use description_criteria::DescriptionCriteria;
use requests::Requests;

/// Why a catalogue file was refused: which file, and one plain sentence that names the row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("catalog/{file}: {problem}")]
pub struct CatalogueError {
    /// Name of the file under `catalog/`.
    pub file: &'static str,
    /// What is wrong, naming the row.
    pub problem: String,
}

impl CatalogueError {
    fn new(file: &'static str, problem: impl Into<String>) -> Self {
        Self { file, problem: problem.into() }
    }
}

/// The text of the four catalogue files, before it is read.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// Text of `criteria.toml`.
    pub criteria: &'a str,
    /// Text of `description_criteria.toml`.
    pub description_criteria: &'a str,
    /// Text of `controls.toml`.
    pub controls: &'a str,
    /// Text of `requests.toml`.
    pub requests: &'a str,
}

/// The files as they were when the program was built.
pub const BUILT_IN: Sources<'static> = Sources {
    criteria: include_str!("../../../catalog/criteria.toml"),
    description_criteria: include_str!("../../../catalog/description_criteria.toml"),
    controls: include_str!("../../../catalog/controls.toml"),
    requests: include_str!("../../../catalog/requests.toml"),
};

/// All four files, read and checked against one another.
#[derive(Debug)]
pub struct Catalogue {
    criteria: Criteria,
    description: DescriptionCriteria,
    controls: Controls,
    requests: Requests,
}

impl Catalogue {
    /// The catalogue that ships with the program, read on first use.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static READ: LazyLock<Catalogue> = LazyLock::new(|| {
            #[expect(
                clippy::expect_used,
                reason = "the text is compiled in and the tests of this module read the same bytes"
            )]
            Catalogue::read(BUILT_IN).expect("the catalogue compiled into the program is sound")
        });
        &READ
    }

    /// Reads and checks the four files.
    ///
    /// # Errors
    /// [`CatalogueError`] if a file is not TOML of the documented shape, if a criterion is missing,
    /// doubled or unknown, if a control or request refers to nothing, if a code is doubled, or if a
    /// criterion is left without any control.
    pub fn read(sources: Sources<'_>) -> Result<Self, CatalogueError> {
        let criteria = Criteria::read(sources.criteria)?;
        let description = DescriptionCriteria::read(sources.description_criteria)?;
        let controls = Controls::read(sources.controls)?;
        let requests = Requests::read(sources.requests)?;
        let catalogue = Self { criteria, description, controls, requests };
        for id in CriterionId::all() {
            if catalogue.controls_for(id).next().is_none() {
                let problem = format!("no control serves criterion {id}");
                return Err(CatalogueError::new(controls::FILE, problem));
            }
        }
        Ok(catalogue)
    }

    /// Edition of the trust services criteria, as printed in a report.
    #[must_use]
    pub fn criteria_edition(&self) -> &str {
        &self.criteria.edition
    }

    /// All 61 criteria in report order.
    #[must_use]
    pub fn criteria(&self) -> &[Criterion] {
        &self.criteria.rows
    }

    /// The row of one criterion.
    #[must_use]
    pub fn criterion(&self, id: CriterionId) -> &Criterion {
        &self.criteria.rows[id.ordinal()]
    }

    /// Our short title of a series, such as "Changes" for CC8.
    #[must_use]
    pub fn series_title(&self, series: Series) -> &str {
        &self.criteria.series_titles[series.ordinal()]
    }

    /// The criteria that apply to an examination of these categories, in report order.
    pub fn criteria_in(&self, categories: Categories) -> impl Iterator<Item = &Criterion> {
        categories.criteria().map(|id| self.criterion(id))
    }

    /// Edition of the description criteria, as printed in a report.
    #[must_use]
    pub fn description_edition(&self) -> &str {
        &self.description.edition
    }

    /// All 9 description criteria.
    #[must_use]
    pub fn description_criteria(&self) -> &[DescriptionCriterion] {
        &self.description.rows
    }

    /// The row of one description criterion.
    #[must_use]
    pub fn description_criterion(&self, id: DescriptionCriterionId) -> &DescriptionCriterion {
        &self.description.rows[id.ordinal()]
    }

    /// All controls, in the order of the file.
    #[must_use]
    pub fn controls(&self) -> &[CatalogueControl] {
        &self.controls.rows
    }

    /// The control with this code, such as `IAM-04`.
    #[must_use]
    pub fn control(&self, code: &str) -> Option<&CatalogueControl> {
        self.controls().iter().find(|control| control.code.as_str() == code)
    }

    /// The controls that serve a criterion.
    pub fn controls_for(&self, id: CriterionId) -> impl Iterator<Item = &CatalogueControl> {
        self.controls().iter().filter(move |control| control.criteria.contains(&id))
    }

    /// The controls that serve at least one criterion of these categories.
    pub fn controls_in(&self, categories: Categories) -> impl Iterator<Item = &CatalogueControl> {
        self.controls().iter().filter(move |control| {
            control.criteria.iter().any(|id| categories.applies(id.series()))
        })
    }

    /// Every role that owns a control of the catalogue, in alphabetical order.
    #[must_use]
    pub fn owner_roles(&self) -> &[OwnerRole] {
        &self.controls.owner_roles
    }

    /// All requests, in the order of the file.
    #[must_use]
    pub fn requests(&self) -> &[CatalogueRequest] {
        &self.requests.rows
    }

    /// The request with this code, such as `R-024`.
    #[must_use]
    pub fn request(&self, code: &str) -> Option<&CatalogueRequest> {
        self.requests().iter().find(|request| request.code.as_str() == code)
    }

    /// The requests that an examination of these categories needs.
    pub fn requests_in(&self, categories: Categories) -> impl Iterator<Item = &CatalogueRequest> {
        self.requests().iter().filter(move |request| request.criteria.applies_to(categories))
    }
}

#[cfg(test)]
mod tests;
