//! What an opinion is proposed from: the facts of one examination, as one document.
//!
//! The same document is written by the product and accepted by `tickmark opinion propose`; it is
//! described field by field, with a full example, in `docs/guide/opinion-facts.md`. Unknown fields are
//! refused, words may be written in any case, and everything that has a usual value may be left out.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::control::ControlFacts;
use super::criteria::{Category, Criterion};
use super::item::Fault;
use super::numbers::Rate;
use super::span::Span;
use super::words::{shown, words};

/// Most entries of any list in the facts.
pub const MAX_ENTRIES: usize = 10_000;

/// Which of the two reports is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportType {
    /// As of a date: description and design.
    One,
    /// Throughout a period: description, design and operation.
    Two,
}

impl Serialize for ReportType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(match self {
            Self::One => 1,
            Self::Two => 2,
        })
    }
}

impl<'de> Deserialize<'de> for ReportType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(String),
        }
        let text = match Written::deserialize(deserializer) {
            Ok(Written::Number(number)) => number.to_string(),
            Ok(Written::Text(text)) => text,
            Err(_) => String::new(),
        };
        match text.to_ascii_lowercase().trim_start_matches("type").trim_matches([' ', '_', '-']) {
            "1" | "i" => Ok(Self::One),
            "2" | "ii" => Ok(Self::Two),
            _ => Err(de::Error::custom(
                "the type of report must be given as 1 (as of a date) or 2 (throughout a period)",
            )),
        }
    }
}

words! {
    /// The three separate parts of an opinion.
    pub enum Prong: "prong" {
        /// (a) The description is presented in line with the description criteria.
        Description = "description" | "a",
        /// (b) Controls were suitably designed.
        Design = "design" | "b",
        /// (c) Type 2 only: controls operated effectively.
        Operation = "operation" | "operating_effectiveness" | "c",
    }
}

words! {
    /// Whether a criterion is met.
    pub enum Status: "criterion status" {
        /// The controls give its outcome.
        Met = "met",
        /// It cannot be concluded.
        Unknown = "unknown" | "unable",
        /// They do not.
        NotMet = "not_met" | "unmet" | "failed",
    }
}

words! {
    /// The four opinions, and the advice to give none.
    pub enum Opinion: "opinion" {
        /// Without modification.
        Unmodified = "unmodified" | "unqualified" | "clean",
        /// "Except for": material, not pervasive.
        Qualified = "qualified",
        /// Material and pervasive.
        Adverse = "adverse",
        /// No opinion: evidence is missing and the possible effects are material and pervasive.
        Disclaimer = "disclaimer" | "disclaimed",
        /// Leave the engagement; no report.
        Withdraw = "withdraw",
    }
}

impl Opinion {
    /// Severity; adverse and disclaimer are equal, a person picks.
    pub const fn severity(self) -> u8 {
        match self {
            Self::Unmodified => 0,
            Self::Qualified => 1,
            Self::Adverse | Self::Disclaimer => 2,
            Self::Withdraw => 3,
        }
    }
}

words! {
    /// A three-way answer.
    pub enum Answer: "answer" {
        /// Yes.
        Yes = "yes" | "true",
        /// Not known.
        Unknown = "unknown",
        /// No.
        No = "no" | "false",
    }
}

words! {
    /// What the facts leave out of the in-scope criteria.
    pub enum OtherCriteria: "treatment of other criteria" {
        /// They are taken as met, and the answer says so.
        Met = "met",
        /// They could not be concluded.
        Unknown = "unknown",
        /// Nobody has concluded on them yet.
        Open = "open",
        /// The facts are refused.
        Refuse = "refuse",
    }
}

words! {
    /// Why evidence could not be had.
    pub enum LimitationCause: "cause of a scope limitation" {
        /// Records lost or destroyed, beyond anyone's control.
        BeyondControl = "beyond_control" | "circumstances" | "records_lost",
        /// The nature or timing of the work.
        NatureOrTiming = "nature_or_timing" | "timing",
        /// Management did not allow it.
        Management = "management" | "imposed_by_management",
    }
}

words! {
    /// How a description goes wrong.
    pub enum MisstatementKind: "kind of misstatement" {
        /// It says what is not so.
        FactualError = "factual_error" | "error",
        /// It leaves out what the description criteria ask for.
        Omission = "omission",
        /// It misleads by its presentation.
        Distortion = "distortion",
    }
}

words! {
    /// Whether management gave a document.
    pub enum Given: "state of a document" {
        /// Given.
        Given = "given" | "signed" | "provided",
        /// Not yet.
        Pending = "pending",
        /// Refused.
        Refused = "refused",
    }
}

words! {
    /// What an auditor weighs in judging materiality.
    pub enum MaterialityFactor: "materiality factor" {
        /// Its nature and cause.
        NatureAndCause = "nature_and_cause",
        /// It lasted long.
        Duration = "duration",
        /// Customer data or an outage was involved.
        CustomerDataOrOutage = "customer_data_or_outage" | "customer_data" | "outage",
        /// Compensating controls ran.
        CompensatingControls = "compensating_controls",
        /// It was intentional.
        Intentional = "intentional",
        /// It happened in the prior period too.
        PriorPeriod = "prior_period" | "recurrence",
        /// Users rely on exactly this.
        UserReliance = "user_reliance",
        /// Management knew and kept it back.
        KnownAndHidden = "known_and_hidden",
    }
}

fn yes() -> bool {
    true
}

/// A criterion that does not apply, with management's reason from the description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotApplicable {
    /// The criterion.
    pub criterion: Criterion,
    /// Why.
    pub reason: String,
}

/// Controls that still give a criterion's outcome although another failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compensation {
    /// The compensating controls: described, mapped to the criterion and effective over the same days.
    pub controls: Vec<String>,
    /// Whether the auditor agrees that they are enough.
    pub accepted: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What is concluded about one criterion beyond its controls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriterionFacts {
    /// The criterion, such as CC6.2.
    pub id: Criterion,
    /// Short for `operation` in a type 2 and `design` in a type 1 examination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Whether it is met by design.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<Status>,
    /// Whether it is met in operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<Status>,
    /// Why, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Controls that make up for those that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compensation: Option<Compensation>,
    /// `false` clears materiality, with a reason, where every linked commitment was assured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<bool>,
    /// Why it is not material.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material_reason: Option<String>,
    /// Who signed, as second person, that it is not material. Without it materiality is not cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material_second_signer: Option<String>,
    /// What was weighed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materiality_factors: Vec<MaterialityFactor>,
    /// The auditor holds this failure alone to be pervasive.
    #[serde(default)]
    pub pervasive: bool,
    /// Criteria of other series that this failure touches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affects: Vec<Criterion>,
    /// The failure undermines the evidence itself, such as fabricated records.
    #[serde(default)]
    pub undermines_evidence: bool,
}

/// A service commitment or system requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitmentFacts {
    /// Its identifier.
    pub id: String,
    /// Whether it is a principal one; only those weigh.
    #[serde(default = "yes")]
    pub principal: bool,
    /// The criteria it rests on.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// Whether there is reasonable assurance that it was achieved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Answer>,
}

/// A misstatement of management's description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misstatement {
    /// The description criterion, DC1 to DC9.
    pub dc: DescriptionCriterion,
    /// How it goes wrong.
    pub kind: MisstatementKind,
    /// What is wrong, in a sentence.
    #[serde(default)]
    pub what: String,
    /// `false` clears materiality, with a reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<bool>,
    /// Why it is not material.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material_reason: Option<String>,
    /// Whether it distorts the description as a whole.
    #[serde(default)]
    pub pervasive: bool,
    /// Whether management corrected it before the report; that clears it.
    #[serde(default)]
    pub corrected: bool,
}

/// One of the nine description criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DescriptionCriterion(u8);

impl std::fmt::Display for DescriptionCriterion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DC{}", self.0)
    }
}

impl std::str::FromStr for DescriptionCriterion {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let upper = text.trim().to_ascii_uppercase();
        let number = upper.strip_prefix("DC").unwrap_or(&upper).trim();
        (1..=9_u8).find(|known| known.to_string() == number).map(Self).ok_or_else(|| {
            Fault::new(format!(
                "\"{}\" is not a description criterion; they are DC1 to DC9.",
                shown(text, 20)
            ))
        })
    }
}

impl Serialize for DescriptionCriterion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DescriptionCriterion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// What is known of the description.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DescriptionFacts {
    /// Misstatements found, corrected ones too.
    pub misstatements: Vec<Misstatement>,
}

/// Evidence that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeLimitation {
    /// What could not be examined, in a sentence.
    #[serde(default)]
    pub what: String,
    /// Why.
    #[serde(default = "beyond_control")]
    pub cause: LimitationCause,
    /// The criteria that cannot be concluded; the whole of its prongs when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
    /// The prongs it touches; operation in a type 2 and design in a type 1 examination when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prongs: Vec<Prong>,
    /// `false` clears materiality, with a reason; for a limitation without criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<bool>,
    /// Why it is not material.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material_reason: Option<String>,
    /// Whether its possible effects are pervasive; otherwise found from the criteria.
    #[serde(default)]
    pub pervasive: bool,
    /// The record of other evidence that made up for it; lifts the limitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alternative_evidence: Option<String>,
}

fn beyond_control() -> LimitationCause {
    LimitationCause::BeyondControl
}

/// What management signed, and who engaged the firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ManagementFacts {
    /// The written assertion; taken as given when left out, and the answer says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion: Option<Given>,
    /// The representation letter; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub representation_letter: Option<Given>,
    /// What management said when it refused to amend its assertion for what was found; the report tells of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amendment_refused: Option<String>,
    /// Whether management is the party that engaged the firm.
    pub engaging_party: bool,
    /// Whether law lets the firm withdraw.
    pub withdrawal_possible: bool,
}

impl Default for ManagementFacts {
    fn default() -> Self {
        Self {
            assertion: None,
            representation_letter: None,
            amendment_refused: None,
            engaging_party: true,
            withdrawal_possible: true,
        }
    }
}

/// A complementary user entity control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuecFacts {
    /// Its identifier.
    pub id: String,
    /// The criteria it is needed for.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// Whether those criteria cannot be met without it; mere good advice conditions nothing.
    #[serde(default = "yes")]
    pub necessary: bool,
}

/// A complementary subservice organisation control under the carve-out method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsocFacts {
    /// Its identifier.
    pub id: String,
    /// The subservice organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subservice: Option<String>,
    /// The criteria it is relied on for.
    #[serde(default)]
    pub criteria: Vec<Criterion>,
    /// The organisation's own control that monitors it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitored_by: Option<String>,
    /// The opinion in the subservice organisation's own report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report_opinion: Option<Opinion>,
    /// What the auditor found that to mean for the criteria: met when there is no effect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Status>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A firm's thresholds for calling failures pervasive. Proposals of this product, not of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OpinionPolicy {
    /// Version of the policy.
    pub version: String,
    /// Pervasive from this many categories on.
    pub pervasive_categories: usize,
    /// Pervasive from this many series of the common criteria on.
    pub pervasive_series: usize,
    /// Pervasive from this share of the in-scope criteria on.
    pub pervasive_share: Rate,
    /// Series that set the tone for the whole entity: pervasive when one fails with effect on others.
    pub entity_level_series: Vec<String>,
}

impl Default for OpinionPolicy {
    fn default() -> Self {
        Self {
            version: "default-1".to_owned(),
            pervasive_categories: 2,
            pervasive_series: 3,
            pervasive_share: Rate::from_basis_points(2_500),
            entity_level_series: ["CC1", "CC3", "CC4", "CC5"].map(str::to_owned).to_vec(),
        }
    }
}

/// The facts of one examination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// 1 or 2.
    #[serde(rename = "type", alias = "report_type")]
    pub report_type: ReportType,
    /// The period of a type 2 examination; needed where spans are used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Span>,
    /// The date of a type 1 examination; needed where spans are used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// Categories in scope; security when left out. The common criteria are always in scope.
    #[serde(default = "security")]
    pub categories: Vec<Category>,
    /// In-scope criteria that do not apply, with the reason the description gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_applicable: Vec<NotApplicable>,
    /// Controls with their conclusions or tests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub controls: Vec<ControlFacts>,
    /// What is concluded about criteria directly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<CriterionFacts>,
    /// How criteria are treated that the facts do not mention.
    #[serde(default = "taken_as_met")]
    pub other_criteria: OtherCriteria,
    /// Service commitments and system requirements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<CommitmentFacts>,
    /// The description.
    #[serde(default)]
    pub description: DescriptionFacts,
    /// Evidence that could not be had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope_limitations: Vec<ScopeLimitation>,
    /// What management signed.
    #[serde(default)]
    pub management: ManagementFacts,
    /// Why evidence as such cannot be relied on, such as fabricated records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_unreliable: Option<String>,
    /// Controls that user entities must run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuecs: Vec<CuecFacts>,
    /// Controls that carved-out subservice organisations must run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub csocs: Vec<CsocFacts>,
    /// The firm's thresholds.
    #[serde(default)]
    pub policy: OpinionPolicy,
}

fn security() -> Vec<Category> {
    vec![Category::Security]
}

fn taken_as_met() -> OtherCriteria {
    OtherCriteria::Met
}

impl Facts {
    /// Reads facts from JSON.
    pub fn from_json(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text).map_err(|fault| {
            Fault::new(format!(
                "The facts cannot be read: {fault}; docs/guide/opinion-facts.md describes every field."
            ))
        })
    }

    /// The criteria that apply, in report order.
    pub fn in_scope(&self) -> Vec<Criterion> {
        Criterion::in_scope(&self.categories)
            .into_iter()
            .filter(|id| !self.not_applicable.iter().any(|na| na.criterion == *id))
            .collect()
    }
}
