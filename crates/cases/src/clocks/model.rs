//! Promises, rungs, absences, and what a watchdog found.

use crate::model::{CaseId, Severity};
use crate::policy::model::{ClockKind, Recipient};
use kernel::ids::{PartyId, PersonId};
use kernel::target::Target;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(ClockBookId, ClockBookIdKind, "clk", "clocks of a case");
kernel::id_kind!(AbsenceId, AbsenceIdKind, "abs", "absence");
kernel::id_kind!(WatchId, WatchIdKind, "wat", "watchdog's pass");

/// Under which subject the clocks of a case are recorded: beside the case, which has its own.
#[must_use]
pub fn book_of(case: CaseId) -> ClockBookId {
    ClockBookId::from_u128(case.to_u128())
}

/// Which clock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockRef {
    /// Of the policy.
    Service(ClockKind),
    /// Set by law, regulation or contract, by the id of its duty.
    Duty(String),
}

impl ClockRef {
    /// The word in tables, addresses and JSON: `resolve`, `duty:gdpr-33`.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Service(kind) => kind.word().to_owned(),
            Self::Duty(id) => format!("duty:{id}"),
        }
    }
}

/// What was promised about one clock of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Which clock.
    pub clock: ClockRef,
    /// The severity under which it was made; none while undecided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// How much time.
    pub target: Target,
    /// Whether business units count around the clock.
    #[serde(default)]
    pub around_the_clock: bool,
    /// From when it is counted.
    pub from: Timestamp,
    /// How much of the target was used before, in per cent.
    #[serde(default)]
    pub used_before: u32,
    /// When it was made: its start, or the change of severity.
    pub made_at: Timestamp,
    /// By when.
    pub due_at: Timestamp,
    /// When it was kept, in time or not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<Timestamp>,
    /// When another promise took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_at: Option<Timestamp>,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its time runs.
    Running,
    /// Kept in time.
    Kept,
    /// Kept, but late.
    Late,
    /// Not kept yet, and its time is over.
    Overdue,
    /// Another promise took its place.
    Superseded,
}

impl Promise {
    /// How it stands at an instant. A deadline reached exactly is kept.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        match (self.superseded_at, self.stopped_at) {
            (Some(_), _) => Standing::Superseded,
            (None, Some(at)) if at <= self.due_at => Standing::Kept,
            (None, Some(_)) => Standing::Late,
            (None, None) if now > self.due_at => Standing::Overdue,
            (None, None) => Standing::Running,
        }
    }

    /// Whether it still waits to be kept.
    #[must_use]
    pub fn open(&self) -> bool {
        self.stopped_at.is_none() && self.superseded_at.is_none()
    }
}

/// What is on record after a command: the promises, and when something is to be done next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Armed {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The version of the policy, fixed when the case came in.
    pub policy: i64,
    /// Every promise so far, in the order of their clocks.
    pub promises: Vec<Promise>,
    /// When the next rung is due; none once the case is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
}

impl Armed {
    /// The earliest deadline that still waits.
    #[must_use]
    pub fn deadline_at(&self) -> Option<Timestamp> {
        self.promises.iter().filter(|p| p.open()).map(|p| p.due_at).min()
    }
}

/// Names one rung of one case: the same rung is climbed once.
///
/// Its text is `clock~made_at~what~n`: `resolve~1767225600000000~100~0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RungKey(pub String);

impl RungKey {
    /// Of a clock's promise, by the place of the rung on the ladder and how often it was repeated.
    #[must_use]
    pub fn new(clock: &str, made_at: Timestamp, place: usize, n: i64) -> Self {
        Self(format!("{clock}~{}~{place}~{n}", made_at.0))
    }

    /// What it has in common with its repetitions, and which of them it is.
    #[must_use]
    pub fn series(&self) -> (&str, i64) {
        let (series, n) = self.0.rsplit_once('~').unwrap_or((&self.0, "0"));
        (series, n.parse().unwrap_or(0))
    }
}

/// A rung that is to be climbed at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Which.
    pub key: RungKey,
    /// When.
    pub at: Timestamp,
    /// Why, as on the ladder: `100% of resolve`, `no owner after 4 hours`.
    pub why: String,
    /// Who is to be told.
    pub to: Vec<Recipient>,
    /// The deadline concerned, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// Whether it stands for repetitions that fell due before it and were passed over.
    #[serde(default)]
    pub repeats: bool,
}

/// A rung as it was climbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Climbed {
    /// What was planned.
    pub planned: Planned,
    /// The people who were told.
    pub told: Vec<PersonId>,
    /// Addresses outside that were told.
    pub addresses: Vec<String>,
    /// People who would have been told, and whom the report concerns.
    pub left_out: Vec<PersonId>,
    /// How recipients were found, where the rung's own could not be told.
    pub route: Route,
}

/// How the people of a rung were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// As the ladder says.
    Ladder,
    /// Nobody of this rung could be told: those of a higher one were.
    Higher,
    /// Nobody on the ladder could be told: everybody who runs the organisation's reporting was.
    Everybody,
    /// There was nobody at all.
    Nobody,
}

/// Somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: Option<PersonId>,
    /// From when.
    pub from: Timestamp,
    /// Until when; not included.
    pub to: Timestamp,
}

/// What a watchdog found in one pass over an organisation's open cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// Its id.
    pub id: WatchId,
    /// The organisation.
    pub organisation: PartyId,
    /// Open cases with promises.
    pub open: u64,
    /// Rungs that had to be climbed by now.
    pub planned: u64,
    /// Those of them that were.
    pub climbed: u64,
    /// Rungs that were not climbed though their time had passed by more than the grace; at most a
    /// hundred are listed.
    pub missing: Vec<Missing>,
    /// Open cases for which nothing is planned any more; at most a hundred are listed.
    pub silent: Vec<CaseId>,
    /// Rungs for which nobody could be told.
    pub nobody: Vec<CaseId>,
}

impl Pass {
    /// Whether everything was as it should be.
    #[must_use]
    pub fn good(&self) -> bool {
        self.missing.is_empty() && self.silent.is_empty() && self.nobody.is_empty()
    }
}

/// A rung that was planned and not climbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Of which case.
    pub case: CaseId,
    /// Which rung.
    pub key: RungKey,
    /// When it was to be climbed.
    pub at: Timestamp,
}
