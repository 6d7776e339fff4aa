//! What the firm keeps of itself and of who works on an engagement. All of it is the firm's alone.

use crate::rules::words::words;
use jiff::civil::Date;
use kernel::ids::PersonId;
use kernel::party::Role;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(FirmPolicyId, FirmPolicyIdKind, "fpo", "firm policy");
kernel::id_kind!(ServiceId, ServiceIdKind, "nas", "non-attest service");

words! {
    /// What a peer review said of the firm's system of quality management.
    pub enum PeerRating: "peer review rating" {
        /// Suitably designed and complied with.
        Pass = "pass",
        /// The same but for what is named.
        PassWithDeficiencies = "pass_with_deficiencies",
        /// Not suitably designed or not complied with.
        Fail = "fail",
    }
}

/// The last peer review of the firm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerReview {
    /// The date of its report.
    pub dated: Date,
    /// What it said.
    pub rating: PeerRating,
    /// Who reviewed.
    pub reviewer: String,
}

/// What the firm states of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirmProfile {
    /// The number of its licence (firm permit).
    pub licence: String,
    /// The board or state that gave it.
    pub jurisdiction: String,
    /// The last day on which it is valid.
    pub licence_expires: Date,
    /// City and state from which reports are issued.
    pub office: String,
    /// The last peer review, if there was one.
    pub peer_review: Option<PeerReview>,
}

words! {
    /// What a policy of the firm is about.
    pub enum PolicyKind: "kind of policy" {
        /// How many items are tested.
        Sampling = "sampling",
        /// What is weighed when something is judged material.
        Materiality = "materiality",
        /// The one planned extension of a judgemental sample.
        Expansion = "expansion",
        /// From where on failures are pervasive.
        Pervasiveness = "pervasiveness",
        /// From where on reporting mechanisms are strong or weak.
        Rubric = "rubric",
    }
}

/// What a policy says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PolicyBody {
    /// A table of sizes in the format of `catalog/sampling`.
    Sampling {
        /// The table, as TOML. Its own version, date and approval give way to those of the policy.
        table: String,
    },
    /// What is weighed.
    Materiality {
        /// The policy in words.
        text: String,
    },
    /// The planned extension of judgemental samples whose row of the table has none.
    Expansion {
        /// Items added.
        add: u64,
        /// Most deviations in all that are accepted.
        accept_total: u64,
    },
    /// Thresholds of pervasiveness.
    Pervasiveness {
        /// Pervasive from this many categories on.
        categories: u32,
        /// Pervasive from this many series of the common criteria on.
        series: u32,
        /// Pervasive from this share of the criteria in scope on, in basis points.
        share_bp: u32,
        /// Series that set the tone for the whole entity, such as `CC1`.
        entity_level_series: Vec<String>,
    },
    /// Cut-offs of the effectiveness rubric, in tenths of a score from 10 to 50.
    Rubric {
        /// Strong from this score on.
        strong_from: u32,
        /// Weak below this score.
        weak_below: u32,
    },
}

impl PolicyBody {
    /// What the policy is about.
    #[must_use]
    pub const fn kind(&self) -> PolicyKind {
        match self {
            Self::Sampling { .. } => PolicyKind::Sampling,
            Self::Materiality { .. } => PolicyKind::Materiality,
            Self::Expansion { .. } => PolicyKind::Expansion,
            Self::Pervasiveness { .. } => PolicyKind::Pervasiveness,
            Self::Rubric { .. } => PolicyKind::Rubric,
        }
    }
}

/// A version of a policy as it is drafted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyText {
    /// What the version is called: `2026-1`.
    pub label: String,
    /// It applies to engagements whose period (or date) ends on or after this day.
    pub effective_from: Date,
    /// Why it is as it is, and what changed.
    pub reason: String,
    /// What it says.
    pub body: PolicyBody,
}

/// A version of a policy. What was drafted never changes; another version takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirmPolicy {
    /// Its id.
    pub id: FirmPolicyId,
    /// What it says, and from when on.
    #[serde(flatten)]
    pub text: PolicyText,
    /// Who drafted it.
    pub drafted_by: String,
    /// When.
    pub drafted_at: Timestamp,
    /// Who approved it, once somebody has; never who drafted it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// The version of the record.
    pub version: i64,
}

/// What somebody does on an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// In which role; they hold it in the firm too.
    pub role: Role,
    /// From which day on.
    pub from: Date,
    /// Until which day; needed for a peer reviewer.
    pub until: Option<Date>,
}

/// Somebody on the team of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// As what, from when until when.
    #[serde(flatten)]
    pub assignment: Assignment,
    /// Why they were released, once they were.
    pub released: Option<String>,
    /// The version of the record.
    pub version: i64,
}

words! {
    /// A threat to independence, by the names of the profession's conceptual framework.
    pub enum ThreatKind: "threat to independence" {
        /// Interests opposed to those of the client.
        AdverseInterest = "adverse_interest",
        /// Promoting the client's interests.
        Advocacy = "advocacy",
        /// A long or close relationship.
        Familiarity = "familiarity",
        /// Doing what management has to do.
        ManagementParticipation = "management_participation",
        /// Something to gain.
        SelfInterest = "self_interest",
        /// Examining one's own work.
        SelfReview = "self_review",
        /// Pressure.
        UndueInfluence = "undue_influence",
    }
}

/// A threat that somebody declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threat {
    /// Which.
    pub kind: ThreatKind,
    /// What the circumstances are.
    pub circumstances: String,
    /// What is done about it.
    pub safeguard: String,
}

/// A judgement of declared threats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Whether the safeguards bring the threats to an acceptable level.
    pub acceptable: bool,
    /// Why.
    pub reason: String,
}

/// Somebody's confirmation that they are independent of the client of one engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Independence {
    /// Who.
    pub person: PersonId,
    /// What they declared.
    pub threats: Vec<Threat>,
    /// When; it holds for a year.
    pub confirmed_at: Timestamp,
    /// What somebody else judged of the threats, if there are any.
    pub judgement: Option<Judgement>,
    /// Who judged.
    pub judged_by: Option<String>,
    /// The version of the record.
    pub version: i64,
}

words! {
    /// What the firm does for the client in a service that is no examination.
    pub enum Activity: "activity" {
        /// Advises; management decides.
        Advise = "advise",
        /// Compares what is there with the criteria.
        AssessGaps = "assess_gaps",
        /// Teaches.
        Train = "train",
        /// Designs controls for the client. Management's own work.
        DesignControls = "design_controls",
        /// Implements controls for the client. Management's own work.
        ImplementControls = "implement_controls",
        /// Operates or monitors controls for the client. Management's own work.
        OperateControls = "operate_controls",
        /// Decides or approves for the client. Management's own work.
        Decide = "decide",
    }
}

impl Activity {
    /// Whether it is management's own work, which no safeguard makes compatible with an examination.
    #[must_use]
    pub const fn is_managements(self) -> bool {
        matches!(
            self,
            Self::DesignControls | Self::ImplementControls | Self::OperateControls | Self::Decide
        )
    }
}

/// A service for the same client that is no examination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NonAttest {
    /// What it is.
    pub description: String,
    /// Its first day.
    pub from: Date,
    /// Its last day, once known.
    pub to: Option<Date>,
    /// What the firm does in it.
    pub activities: Vec<Activity>,
    /// Who of the client oversees it, with which skill; empty when nobody does.
    pub overseen_by: String,
    /// The threats it brings.
    pub threats: Vec<ThreatKind>,
    /// What is done about them.
    pub safeguards: String,
}

/// The same with its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// What it is.
    #[serde(flatten)]
    pub body: NonAttest,
    /// The version of the record.
    pub version: i64,
}

words! {
    /// Whether an engagement is the first one for the client.
    pub enum AcceptanceKind: "kind of acceptance" {
        /// A new client or system.
        Acceptance = "acceptance",
        /// A further period.
        Continuance = "continuance",
    }
}

words! {
    /// A precondition of an attestation engagement (AT-C 105), in our words.
    pub enum Precondition: "precondition" {
        /// Firm and team are independent.
        Independence = "independence",
        /// The system is a subject matter that can be examined and somebody answers for it.
        SubjectMatter = "subject_matter",
        /// The criteria are suitable and users have them.
        Criteria = "criteria",
        /// The evidence needed can be expected, with access to people and records.
        Evidence = "evidence",
        /// The conclusion will stand in a written report.
        WrittenReport = "written_report",
        /// The team has, or will have, the competence and time.
        Competence = "competence",
    }
}

/// How far one precondition is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Which.
    pub precondition: Precondition,
    /// Whether it is met.
    pub met: bool,
    /// On what that rests.
    pub basis: String,
}

/// An assessment of whether the firm should take the engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptanceText {
    /// New or continued.
    pub kind: AcceptanceKind,
    /// Each precondition.
    pub preconditions: Vec<Assessed>,
    /// What is known of the integrity of those who lead the client.
    pub integrity: String,
    /// Whether and when the engagement letter was signed.
    pub letter_signed: Option<Date>,
}

/// What was decided on an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the firm takes the engagement.
    pub accepted: bool,
    /// Why.
    pub reason: String,
}

/// Acceptance or continuance of an engagement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acceptance {
    /// What was assessed.
    #[serde(flatten)]
    pub text: AcceptanceText,
    /// Who assessed.
    pub prepared_by: String,
    /// When.
    pub prepared_at: Timestamp,
    /// What was decided, once somebody else has.
    pub decision: Option<Decision>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// The version of the record.
    pub version: i64,
}

/// Everything the firm keeps of who works on one engagement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// What the firm states of itself, once it has.
    pub profile: Option<FirmProfile>,
    /// The team, released people included.
    pub team: Vec<Member>,
    /// Confirmations of independence.
    pub confirmations: Vec<Independence>,
    /// Services beside the examination.
    pub services: Vec<Service>,
    /// Acceptance or continuance, once assessed.
    pub acceptance: Option<Acceptance>,
}
