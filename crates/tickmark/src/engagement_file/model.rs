//! What stands in an engagement file.

use commitments::model::{RequirementKind, Source};
use kernel::party::Role;
use kernel::period::Period;
use scope::catalogue::{Category, ControlType, CriterionId, Frequency, Nature, ReportType};
use scope::model::{AssumedControl, ComponentKind, SubserviceMethod};
use serde::Deserialize;

/// An engagement, told by the names that people use.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngagementFile {
    /// The engagement itself.
    pub engagement: Scope,
    /// The CPA firm that joins it; without one the engagement stays in preparation.
    pub firm: Option<Firm>,
    /// The people of both sides.
    #[serde(default)]
    pub person: Vec<Person>,
    /// The parts of the system.
    #[serde(default)]
    pub component: Vec<Component>,
    /// Subservice organisations.
    #[serde(default)]
    pub subservice: Vec<Subservice>,
    /// Complementary user entity controls.
    #[serde(default)]
    pub user_entity_control: Vec<AssumedControl>,
    /// What was promised.
    #[serde(default)]
    pub commitment: Vec<Commitment>,
    /// What that requires.
    #[serde(default)]
    pub requirement: Vec<Requirement>,
    /// The controls.
    #[serde(default)]
    pub control: Vec<Control>,
}

/// `[engagement]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// What people call it; the engagement is known by this name.
    pub name: String,
    /// The system under examination.
    pub system: String,
    /// `type1` or `type2`.
    #[serde(rename = "type")]
    pub report_type: ReportType,
    /// First day, `2026-01-01`.
    pub from: String,
    /// Last day, included; for a Type 1 the same day.
    pub to: String,
    /// The zone in which the days are meant, such as `Europe/London`.
    pub zone: String,
    /// `security` and whichever others are in scope.
    pub categories: Vec<Category>,
}

/// `[firm]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Firm {
    /// Its name.
    pub name: String,
}

/// Which side a person is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The service organisation.
    Organization,
    /// The CPA firm.
    Firm,
}

/// `[[person]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The e-mail address, by which the person is known.
    pub email: String,
    /// The full name.
    pub name: String,
    /// `organization` or `firm`.
    pub of: Of,
    /// What the person is trusted with.
    pub roles: Vec<Role>,
}

/// `[[component]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Which of the five kinds.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// The e-mail of who answers for it.
    pub owner: Option<String>,
    /// Where it is.
    pub location: String,
}

/// `[[subservice]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subservice {
    /// Its name.
    pub name: String,
    /// What it does for the system.
    pub service: String,
    /// `carve_out` or `inclusive`.
    pub method: SubserviceMethod,
    /// Controls assumed there.
    #[serde(default)]
    pub assumed: Vec<AssumedControl>,
}

/// `[[commitment]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// A short name: `SC-01`.
    pub code: String,
    /// The category it belongs to.
    pub category: Category,
    /// What is promised.
    pub statement: String,
    /// Whether it is common to most users and stated in the description.
    #[serde(default)]
    pub principal: bool,
    /// Where it is written.
    pub sources: Vec<Source>,
    /// The e-mail of who answers for it.
    pub owner: Option<String>,
}

/// `[[requirement]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// A short name: `SR-01`.
    pub code: String,
    /// `people`, `process` or `technology`.
    pub kind: RequirementKind,
    /// What must hold.
    pub statement: String,
    /// Codes of the commitments that need it.
    pub commitments: Vec<String>,
    /// The criteria it is about.
    #[serde(default)]
    pub criteria: Vec<CriterionId>,
}

/// `[[control]]`: a control of the catalogue by its code, with whatever is different here; or one of
/// the organisation's own, with everything said.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Its code.
    pub code: String,
    /// The promise that is tested literally.
    pub statement: Option<String>,
    /// How often it operates.
    pub frequency: Option<Frequency>,
    /// The role that answers for it.
    pub owner_role: Option<String>,
    /// The e-mail of the person who answers for it.
    pub owner: Option<String>,
    /// Preventive, detective or corrective.
    #[serde(rename = "type")]
    pub control_type: Option<ControlType>,
    /// Manual, automated, or manual on a system's data.
    pub nature: Option<Nature>,
    /// The criteria it serves.
    pub criteria: Option<Vec<CriterionId>>,
    /// Codes of the requirements it carries.
    #[serde(default)]
    pub requirements: Vec<String>,
}

impl EngagementFile {
    /// Reads a file's text.
    ///
    /// # Errors
    /// A sentence that names the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|e| e.to_string())
    }

    /// The period of the engagement.
    ///
    /// # Errors
    /// A sentence, when a date or the zone is not one.
    pub fn period(&self) -> Result<Period, String> {
        let scope = &self.engagement;
        Period::parse(&scope.from, &scope.to, &scope.zone).map_err(|e| e.to_string())
    }
}
