//! What is planned for an engagement. All of it is the firm's alone.

use crate::model::{Attribute, TestId};
use crate::rules::deviation::{Procedure, TestBasis};
use crate::rules::expansion::Stage;
use crate::rules::facts::{MaterialityFactor, Prong};
use crate::rules::frequency::Risk;
use crate::rules::words::words;
use controls::model::ControlId;
use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::time::Timestamp;
use scope::catalogue::CriterionId;
use serde::{Deserialize, Serialize};
use std::fmt;

kernel::id_kind!(TimeId, TimeIdKind, "tim", "time recorded");

words! {
    /// What the auditor understands of the system before planning.
    pub enum Topic: "part of the understanding" {
        /// Services, users and the principal commitments.
        Services = "services",
        /// Infrastructure, software and data.
        Technology = "technology",
        /// People, their duties and who oversees them.
        People = "people",
        /// Procedures and how the organisation watches over its controls.
        Procedures = "procedures",
        /// Subservice organisations and how they are presented.
        Subservices = "subservices",
        /// What changed since the period began, or the last report.
        Changes = "changes",
        /// Incidents that became known.
        Incidents = "incidents",
        /// Where things could go wrong, fraud included.
        Risks = "risks",
    }
}

/// What is understood of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Understood {
    /// Which part.
    pub topic: Topic,
    /// What is understood, and from what.
    pub text: String,
}

/// The understanding of the system as stated last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Understanding {
    /// Part by part; what is not there is not understood yet.
    pub parts: Vec<Understood>,
    /// Who stated it.
    pub stated_by: String,
    /// When.
    pub stated_at: Timestamp,
    /// The version of the record.
    pub version: i64,
}

/// What a risk of material misstatement is about: a prong, and in the prongs on controls a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RiskAbout {
    /// The prong.
    pub prong: Prong,
    /// The criterion; none for the description.
    pub criterion: Option<CriterionId>,
}

impl fmt::Display for RiskAbout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.criterion {
            None => write!(f, "{}", self.prong),
            Some(criterion) => write!(f, "{} {criterion}", self.prong),
        }
    }
}

/// An assessment of one risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskText {
    /// How prone the subject is to misstatement before any control.
    pub inherent: Risk,
    /// How likely the organisation's controls do not prevent or detect it.
    pub control: Risk,
    /// What it rests on, and what is done about it.
    pub basis: String,
}

/// The same with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssessedRisk {
    /// What it is about.
    pub about: RiskAbout,
    /// What was assessed.
    #[serde(flatten)]
    pub text: RiskText,
    /// Who assessed.
    pub assessed_by: String,
    /// The version of the record.
    pub version: i64,
}

words! {
    /// A qualitative factor that is weighed when something is judged material.
    pub enum Factor: "materiality factor" {
        /// What kind of thing it is and why it happened.
        NatureAndCause = "nature_and_cause",
        /// How long it lasted.
        Duration = "duration",
        /// Whether customer data or an outage was involved.
        CustomerEffect = "customer_effect",
        /// Whether compensating controls ran.
        Compensation = "compensation",
        /// Whether it was done on purpose.
        Intent = "intent",
        /// Whether it happened in the prior period too.
        Recurrence = "recurrence",
        /// How users rely on what is described.
        Reliance = "reliance",
        /// Whether management knew of it and kept it back.
        Concealment = "concealment",
    }
}

impl Factor {
    /// The same factor as the rules on an opinion name it: what is considered for the engagement in
    /// planning is what is weighed of each criterion that is not met.
    #[must_use]
    pub const fn weighed(self) -> MaterialityFactor {
        match self {
            Self::NatureAndCause => MaterialityFactor::NatureAndCause,
            Self::Duration => MaterialityFactor::Duration,
            Self::CustomerEffect => MaterialityFactor::CustomerDataOrOutage,
            Self::Compensation => MaterialityFactor::CompensatingControls,
            Self::Intent => MaterialityFactor::Intentional,
            Self::Recurrence => MaterialityFactor::PriorPeriod,
            Self::Reliance => MaterialityFactor::UserReliance,
            Self::Concealment => MaterialityFactor::KnownAndHidden,
        }
    }
}

/// What a factor means in this engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// Which.
    pub factor: Factor,
    /// What it means here.
    pub note: String,
}

/// The materiality considerations of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaterialityText {
    /// The factors that were considered.
    pub factors: Vec<Weighed>,
    /// What a user of the report would hold to be material here.
    pub conclusion: String,
    /// The version of the firm's policy that applied, if there was one.
    pub policy: Option<String>,
}

/// The same with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Materiality {
    /// What was considered.
    #[serde(flatten)]
    pub text: MaterialityText,
    /// Who considered.
    pub considered_by: String,
    /// The version of the record.
    pub version: i64,
}

/// How many items a planned test takes, and why so many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedSize {
    /// Items to test.
    pub items: u64,
    /// Items that the policy asks for.
    pub by_policy: u64,
    /// The population that the size was read for.
    pub population: u64,
    /// Whether that population is expected rather than frozen.
    pub expected: bool,
    /// The risk class.
    pub risk: Risk,
    /// The version of the table of sizes.
    pub policy: String,
    /// Its row, from 1; 0 where no row decided.
    pub row: u64,
    /// The planned extension, with the version of the policy it comes from.
    pub extension: Option<(Stage, String)>,
    /// Why the size is another than the policy's, or why the class of a test carried from an earlier file
    /// was raised; empty where neither is so.
    pub reason: String,
}

/// A test that the control matrix asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// The control.
    pub control: ControlId,
    /// A short name for the test.
    pub code: String,
    /// How evidence is obtained.
    pub procedure: Procedure,
    /// On what the conclusion will rest.
    pub basis: TestBasis,
    /// What is looked at.
    pub evidence: String,
    /// What one item is called, in the plural.
    pub items: String,
    /// What must hold for every item.
    pub attributes: Vec<Attribute>,
    /// How many items, and why.
    pub size: PlannedSize,
    /// Confidence and tolerable rate of a statistical size.
    pub levels: Option<(crate::rules::numbers::Confidence, crate::rules::numbers::Rate)>,
    /// Why it is proposed like this, in sentences.
    pub reasons: Vec<String>,
}

words! {
    /// A point in the course of an engagement.
    pub enum Milestone: "milestone" {
        /// The plan is approved.
        Planned = "planned",
        /// Fieldwork begins.
        FieldworkBegins = "fieldwork_begins",
        /// Populations of the whole period are frozen.
        PopulationsFrozen = "populations_frozen",
        /// Interim work is rolled forward to the end of the period.
        RolledForward = "rolled_forward",
        /// Fieldwork ends.
        FieldworkEnds = "fieldwork_ends",
        /// The quality review is done.
        QualityReviewed = "quality_reviewed",
        /// The report is dated.
        ReportDated = "report_dated",
        /// The file is assembled and locked.
        FileLocked = "file_locked",
    }
}

/// When something is due, and when it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// What.
    pub milestone: Milestone,
    /// Until which day.
    pub due: Date,
    /// On which day it was done, once it was.
    pub done: Option<Date>,
}

/// The timeline of an engagement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// What is due when, in the order of the work.
    pub dates: Vec<Due>,
    /// The version of the record; 0 when nothing is stated.
    pub version: i64,
}

/// What time is budgeted for and recorded on: a series of criteria, or work that serves all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(String);

/// Work that serves all criteria.
pub const COMMON_AREAS: [&str; 4] = ["planning", "description", "review", "completion"];

impl Area {
    /// Reads an area: `planning`, `description`, `review`, `completion` or a series such as `CC6`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let known = COMMON_AREAS.contains(&text)
            || scope::catalogue::Series::all().any(|s| s.label() == text);
        known.then(|| Self(text.to_owned()))
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Hours budgeted for one area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLine {
    /// For what.
    pub area: Area,
    /// How many hours.
    pub hours: u32,
}

/// The budget of an engagement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// Line by line.
    pub lines: Vec<BudgetLine>,
    /// The version of the record; 0 when nothing is stated.
    pub version: i64,
}

/// Time that somebody worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeText {
    /// On which day.
    pub on: Date,
    /// On what.
    pub area: Area,
    /// How many minutes.
    pub minutes: u32,
    /// What was done.
    pub note: String,
}

/// The same with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Time {
    /// Its id.
    pub id: TimeId,
    /// Whose.
    pub person: PersonId,
    /// What was recorded.
    #[serde(flatten)]
    pub text: TimeText,
    /// Why it was withdrawn, once it was.
    pub withdrawn: Option<String>,
    /// The version of the record.
    pub version: i64,
}

/// A planned size with the test it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SizedTest {
    /// The test.
    pub test: TestId,
    /// How many items, and why.
    pub size: PlannedSize,
}
