//! Section I: the independent service auditor's report.

use jiff::civil::Date;
use scope::catalogue::CriterionId;
use serde::{Deserialize, Serialize};

use super::prose::{Block, Prose};

/// Section I, ready to print: its parts in order, worded, and what they conclude.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditorsReport {
    /// Contains the word “independent”.
    pub title: String,
    /// To whom it is addressed.
    pub addressee: String,
    /// The parts in print order.
    pub parts: Vec<ReportPart>,
    /// What the parts conclude, as data.
    pub opinion: Opinion,
    /// Signature, place and date; `None` in a draft.
    pub signature: Option<Signature>,
}

/// One part of Section I.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportPart {
    /// Which required element it is.
    pub element: Element,
    /// Its heading; `None` runs on from the part before.
    pub heading: Option<String>,
    /// Its text.
    pub blocks: Vec<Block>,
}

/// The elements a service auditor's report must have, in print order. Title, addressee, signature, place
/// and date are fields of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Element {
    /// What was examined, by which criteria.
    Scope,
    /// One part for each subservice organisation: left out (carve-out) or included.
    Subservice,
    /// Complementary user entity controls.
    UserEntityControls,
    /// Complementary subservice organisation controls.
    SubserviceControls,
    /// Section V is not covered by the opinion.
    OtherInformation,
    /// What the service organisation answers for.
    OrganizationResponsibilities,
    /// What the auditor answers for, independence, procedures.
    AuditorResponsibilities,
    /// What controls cannot do.
    InherentLimitations,
    /// Type 2: tests are in Section IV. Type 1: operation was not examined.
    TestsOfControls,
    /// Why the opinion is modified; before it.
    BasisForModification,
    /// The opinion.
    Opinion,
    /// Who may use the report and what they must understand.
    RestrictedUse,
}

/// What the auditor concluded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// Two prongs in a Type 1 report, three in a Type 2.
    pub prongs: Vec<ProngConclusion>,
    /// The matters that modify it; empty if and only if every prong is unmodified.
    pub matters: Vec<Matter>,
    /// Whether management refused to amend its assertion for them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unamended: bool,
}

impl Opinion {
    /// The worst of the prongs. Adverse and disclaimer rank equal; the first of them counts.
    #[must_use]
    pub fn headline(&self) -> Conclusion {
        self.prongs
            .iter()
            .map(|prong| prong.conclusion)
            .reduce(|worst, next| if next.rank() > worst.rank() { next } else { worst })
            .unwrap_or(Conclusion::Unmodified)
    }
}

/// One prong and its conclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProngConclusion {
    /// Which prong.
    pub prong: Prong,
    /// Its conclusion.
    pub conclusion: Conclusion,
}

/// What is opined on, separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prong {
    /// The description is presented in line with the description criteria.
    Description,
    /// The controls were suitably designed.
    Design,
    /// The controls operated effectively. Type 2 only.
    Operation,
}

/// The four kinds of opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// Without modification.
    Unmodified,
    /// Material, not pervasive: “except for”.
    Qualified,
    /// Material and pervasive.
    Adverse,
    /// Evidence could not be had, and what it might have shown is material and pervasive.
    Disclaimer,
}

impl Conclusion {
    fn rank(self) -> u8 {
        match self {
            Self::Unmodified => 0,
            Self::Qualified => 1,
            Self::Adverse | Self::Disclaimer => 2,
        }
    }
}

/// A matter that modifies the opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    /// A short name, for example `Removal of access`.
    pub heading: String,
    /// What kind of matter it is.
    pub nature: MatterNature,
    /// The prongs it modifies.
    pub prongs: Vec<Prong>,
    /// The criteria that were not met, or could not be concluded on.
    pub criteria: Vec<CriterionId>,
    /// The controls concerned.
    pub controls: Vec<String>,
    /// What the description says, what was found, for how long, and the effect.
    pub blocks: Vec<Block>,
    /// The effect in a sentence: which criterion, hence which commitment, lacked assurance.
    pub effect: Prose,
}

/// What kind of matter modifies an opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatterNature {
    /// The description is wrong or leaves out what belongs in it.
    Misstatement,
    /// A control was not suitably designed.
    Design,
    /// A control did not operate effectively.
    Operation,
    /// Sufficient appropriate evidence could not be obtained.
    ScopeLimitation,
}

/// The firm's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The firm's name, as it signs.
    pub firm: String,
    /// Where.
    pub city: String,
    /// Where.
    pub state: String,
    /// When: the report date.
    pub date: Date,
}
