//! The reporting policy and its versions.

use crate::model::{CaseKind, Severity};
use kernel::calendar::Calendar;
use kernel::ids::{PartyId, PersonId};
use kernel::party::Role;
use kernel::refusal::Refusal;
use kernel::target::Target;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

kernel::id_kind!(PolicyId, PolicyIdKind, "pol", "reporting policy");

/// The twelve questions that a reporting policy answers, in the order of the checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Which failures, incidents, concerns and complaints are covered.
    Types,
    /// Which steps a reporter takes.
    Steps,
    /// Which channel is for what.
    Channels,
    /// How severity is decided.
    Severities,
    /// By when reports are acknowledged and resolved.
    Targets,
    /// Who is told when a target is missed.
    Escalation,
    /// How a report is tracked.
    Tracking,
    /// How its outcome is recorded.
    Outcome,
    /// How those affected are told.
    Notice,
    /// How long records are kept.
    Evidence,
    /// How people learn of it.
    Training,
    /// How often the policy is reviewed.
    Review,
}

impl Topic {
    /// Every topic, in order.
    pub const ALL: [Self; 12] = [
        Self::Types,
        Self::Steps,
        Self::Channels,
        Self::Severities,
        Self::Targets,
        Self::Escalation,
        Self::Tracking,
        Self::Outcome,
        Self::Notice,
        Self::Evidence,
        Self::Training,
        Self::Review,
    ];

    /// The word in addresses, forms and events.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Types => "types",
            Self::Steps => "steps",
            Self::Channels => "channels",
            Self::Severities => "severities",
            Self::Targets => "targets",
            Self::Escalation => "escalation",
            Self::Tracking => "tracking",
            Self::Outcome => "outcome",
            Self::Notice => "notice",
            Self::Evidence => "evidence",
            Self::Training => "training",
            Self::Review => "review",
        }
    }
}

/// What a service clock measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// From the report until a person has acted on it.
    Acknowledge,
    /// From the report until its severity was decided.
    Triage,
    /// From the report until the reporter was told something of substance.
    Answer,
    /// From each word to the reporter until the next.
    Update,
    /// From the decision that it is an incident until the harm no longer spreads.
    Contain,
    /// From the report until the work is done.
    Resolve,
    /// From the end of the work until it was reviewed.
    Review,
}

impl ClockKind {
    /// Every clock, in the order in which they usually end.
    pub const ALL: [Self; 7] = [
        Self::Acknowledge,
        Self::Triage,
        Self::Answer,
        Self::Update,
        Self::Contain,
        Self::Resolve,
        Self::Review,
    ];

    /// The word in forms, events and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Triage => "triage",
            Self::Answer => "answer",
            Self::Update => "update",
            Self::Contain => "contain",
            Self::Resolve => "resolve",
            Self::Review => "review",
        }
    }

    /// The clock of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }

    /// Whether a pause stops it. Acknowledging, deciding and keeping the reporter informed wait for
    /// nobody outside, so no pause excuses them.
    #[must_use]
    pub const fn pausable(self) -> bool {
        matches!(self, Self::Contain | Self::Resolve | Self::Review)
    }
}

/// What is promised for one severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRow {
    /// The severity; none while it is undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Whether business units count around the clock.
    #[serde(default)]
    pub around_the_clock: bool,
    /// The targets; a clock without one does not run.
    pub targets: BTreeMap<ClockKind, Target>,
}

/// What becomes of the time already used when the severity changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carry {
    /// The new target counts from the clock's own start.
    #[default]
    FromStart,
    /// The share of the old target that was used, in whole per cent, is used of the new one too.
    Proportional,
}

/// A reason for which clocks may stand still.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseRule {
    /// The reason, as listed.
    pub reason: String,
    /// For how long at most.
    pub most: Target,
}

/// What sets a rung off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// So much of a clock's time was used; of any clock where none is named.
    Percent {
        /// The share, 1 to 1,000.
        percent: u32,
        /// Of this clock only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clock: Option<ClockKind>,
    },
    /// Nobody answers for the case after this time.
    NoOwner {
        /// From the report on.
        after: Target,
    },
    /// Who answers for it is away.
    OwnerAway,
    /// The severity rose.
    SeverityRaised,
    /// It is at least the n-th of its kind.
    Recurrence {
        /// From this one on.
        times: u32,
    },
    /// Somebody suffered, or fears to suffer, for reporting.
    Retaliation,
    /// The reporter says that nobody listens.
    NotHeard,
}

/// Who is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Whoever answers for the case; where nobody does, the case handlers.
    Owner,
    /// Everybody with a role.
    Role(String),
    /// An address, also of somebody outside: an external trustee.
    Address(String),
}

impl Recipient {
    /// The role, where it is one.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Role(word) => Role::parse(word),
            _ => None,
        }
    }
}

/// One step of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// What sets it off.
    pub on: Trigger,
    /// Who is told.
    pub to: Vec<Recipient>,
}

/// What a policy can ask for before a case is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// What it touched is stated.
    Impact,
    /// Its root cause is stated by a method.
    Cause,
    /// At least one corrective action was planned and carried out.
    Action,
    /// Each action was checked, and found effective, by somebody else.
    Effectiveness,
    /// A review was held.
    Review,
    /// It was decided whether somebody must be notified.
    Notice,
    /// The reporter was told what came of it.
    Reporter,
}

impl Need {
    /// Everything that can be asked for, in the order in which it is usually done.
    pub const ALL: [Self; 7] = [
        Self::Impact,
        Self::Cause,
        Self::Action,
        Self::Effectiveness,
        Self::Review,
        Self::Notice,
        Self::Reporter,
    ];

    /// The words with which it is written in a policy.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Impact => "impact",
            Self::Cause => "root cause",
            Self::Action => "corrective action",
            Self::Effectiveness => "effect checked",
            Self::Review => "review",
            Self::Notice => "notice decided",
            Self::Reporter => "reporter told",
        }
    }

    /// What these words ask for.
    #[must_use]
    pub fn from_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|need| need.words() == words)
    }
}

/// What closing a case of one severity needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosingRow {
    /// The severity.
    pub severity: Severity,
    /// Of incidents only, or only of what is none; of both where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<bool>,
    /// What is needed; nothing where it is empty.
    pub needs: BTreeSet<Need>,
}

/// A reporting policy: its texts, and the parts that the clocks read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyBody {
    /// What it is called.
    pub title: String,
    /// What is reported under it.
    pub covers: Vec<CaseKind>,
    /// What it says to each question.
    pub texts: BTreeMap<Topic, String>,
    /// What each severity means.
    pub severities: BTreeMap<Severity, String>,
    /// The business calendar, as a calendar file: pinned here, so that a later one changes no promise.
    pub calendar: String,
    /// What is promised, by severity.
    pub rows: Vec<TargetRow>,
    /// What becomes of used time when the severity changes.
    #[serde(default)]
    pub carry: Carry,
    /// For which reasons clocks may stand still.
    pub pauses: Vec<PauseRule>,
    /// Who is told when.
    pub ladder: Vec<Rung>,
    /// After how many hours the last rung is repeated, again and again.
    pub repeat_hours: u32,
    /// After how many days without a fact an open case is brought up.
    pub idle_days: u32,
    /// What closing a case needs; the usual where nothing is said. Earlier versions said nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closing: Vec<ClosingRow>,
    /// How long records are kept after a case is closed, in months.
    pub retention_months: u32,
    /// How long sealed content is kept after a case is closed, in days; the usual where nothing is
    /// said. Earlier versions said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed_days: Option<u32>,
    /// After how many months the policy is reviewed.
    pub review_months: u32,
}

impl PolicyBody {
    /// What the policy says that closing a case needs; none where it says nothing of such a case.
    #[must_use]
    pub fn closing_needs(&self, severity: Severity, incident: bool) -> Option<&BTreeSet<Need>> {
        let said = |of: Option<bool>| {
            self.closing.iter().find(|row| row.severity == severity && row.incident == of)
        };
        said(Some(incident)).or_else(|| said(None)).map(|row| &row.needs)
    }
}

/// How a version stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyState {
    /// Being written.
    Draft,
    /// In force.
    InForce,
    /// A later one is in force.
    Superseded,
    /// A draft that was given up.
    Withdrawn,
}

impl PolicyState {
    /// The word in the table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InForce => "in_force",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Draft, Self::InForce, Self::Superseded, Self::Withdrawn]
            .into_iter()
            .find(|s| s.word() == word)
    }
}

/// One version of an organisation's policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PolicyVersion {
    /// Its id.
    pub id: PolicyId,
    /// The organisation.
    pub organisation: PartyId,
    /// Its number, from 1.
    pub number: i64,
    /// How it stands.
    pub state: PolicyState,
    /// What it says.
    pub body: PolicyBody,
    /// What changed against the one before, and why.
    pub change_note: String,
    /// Who wrote it.
    pub drafted_by: PersonId,
    /// When.
    pub drafted_at: Timestamp,
    /// Who approved it.
    pub approved_by: Option<PersonId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// When it was last reviewed without being changed.
    pub reviewed_at: Option<Timestamp>,
    /// By when it is to be reviewed.
    pub review_due: Option<Timestamp>,
    /// The version of the record, for forms.
    pub version: i64,
}

/// A policy with its calendars read: what the clocks work with.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The id of the version, which never changes once approved.
    pub id: PolicyId,
    /// The number of the version.
    pub number: i64,
    /// What it says.
    pub body: PolicyBody,
    business: Calendar,
    always: Calendar,
}

impl Plan {
    /// Reads a policy.
    ///
    /// # Errors
    /// [`Refusal::Input`] on `calendar` when the business calendar cannot be read.
    pub fn new(id: PolicyId, number: i64, body: PolicyBody) -> Result<Self, Refusal> {
        let business = Calendar::parse(&body.calendar).map_err(|e| {
            Refusal::field("calendar", format!("The calendar cannot be read: {e}."))
        })?;
        let zone: Zone = business.zone().clone();
        let always = Calendar::always(business.version(), zone);
        Ok(Self { id, number, body, business, always })
    }

    /// What is promised for a severity; where the policy has no row for it, nothing.
    #[must_use]
    pub fn row(&self, severity: Option<Severity>) -> Option<&TargetRow> {
        self.body.rows.iter().find(|r| r.severity == severity)
    }

    /// The calendar that a row counts by.
    #[must_use]
    pub fn calendar(&self, around_the_clock: bool) -> &Calendar {
        if around_the_clock { &self.always } else { &self.business }
    }

    /// The row's target for a clock, with its calendar.
    #[must_use]
    pub fn target(
        &self,
        severity: Option<Severity>,
        clock: ClockKind,
    ) -> Option<(Target, &Calendar)> {
        let row = self.row(severity)?;
        Some((*row.targets.get(&clock)?, self.calendar(row.around_the_clock)))
    }

    /// The longest that a pause for a reason may last.
    #[must_use]
    pub fn pause(&self, reason: &str) -> Option<Target> {
        self.body.pauses.iter().find(|p| p.reason == reason).map(|p| p.most)
    }
}
