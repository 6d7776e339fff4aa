//! What clocks need to know of a case, gathered from its events.

use crate::clocks::events::{ClockEvent, DutyStarted, Flag};
use crate::events::CaseEvent;
use crate::model::Severity;
use crate::model::casework::{FactKind, MessagePurpose};
use kernel::ids::PersonId;
use kernel::target::Target;
use kernel::time::Timestamp;

/// A span in which clocks may stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PauseFact {
    /// From when.
    pub from: Timestamp,
    /// Until when, if somebody ended it.
    pub to: Option<Timestamp>,
    /// For how long at most.
    pub most: Target,
}

/// A duty, and when it was fulfilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyFact {
    /// The duty.
    pub duty: DutyStarted,
    /// When it was stated.
    pub stated_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// What is known of a case. Each list is in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// When it was reported.
    pub received: Timestamp,
    /// When a person first acted on it.
    pub acknowledged: Option<Timestamp>,
    /// Decisions about severity.
    pub severities: Vec<(Timestamp, Severity)>,
    /// When it was decided that it is an incident.
    pub incident: Option<Timestamp>,
    /// When the reporter was told something, and whether it was more than that it arrived.
    pub told: Vec<(Timestamp, bool)>,
    /// When the harm stopped spreading.
    pub contained: Option<Timestamp>,
    /// When the work was done.
    pub resolved: Option<Timestamp>,
    /// When it was reviewed.
    pub reviewed: Option<Timestamp>,
    /// When it was closed or withdrawn.
    pub closed: Option<Timestamp>,
    /// Who answered for it, since when.
    pub owners: Vec<(Timestamp, PersonId)>,
    /// When clocks stood still.
    pub pauses: Vec<PauseFact>,
    /// Duties of law.
    pub duties: Vec<DutyFact>,
    /// What was flagged.
    pub flags: Vec<(Timestamp, Flag)>,
    /// Since when it is known to be the second, the third, … of its kind, as people linked or confirmed.
    pub recurrences: Vec<Timestamp>,
    /// When the owner is away: who, from, to.
    pub away: Vec<(PersonId, Timestamp, Timestamp)>,
    /// The last time that anything happened.
    pub last: Timestamp,
}

impl Facts {
    /// Of a report that has just come in.
    #[must_use]
    pub fn received(at: Timestamp) -> Self {
        Self { received: at, last: at, ..Self::default() }
    }

    /// Takes in an event of the case.
    pub fn case_event(&mut self, at: Timestamp, event: &CaseEvent) {
        self.last = self.last.max(at);
        match event {
            CaseEvent::ReportFiled(_) => self.received = at,
            CaseEvent::CaseTriaged(x) => {
                self.act(at);
                self.severities.push((at, x.severity));
                if x.incident {
                    self.incident.get_or_insert(at);
                }
            }
            CaseEvent::CaseAssigned(x) => {
                self.act(at);
                self.owners.push((at, x.owner));
            }
            CaseEvent::SeverityChanged(x) => {
                self.severities.push((at, x.to));
                if x.incident {
                    self.incident.get_or_insert(at);
                }
            }
            CaseEvent::MessageSent(x) if !x.from_reporter => {
                self.act(at);
                self.told.push((at, x.purpose != MessagePurpose::Receipt));
            }
            CaseEvent::FactStated(x) if x.fact.what == FactKind::Contained => {
                // What was stated later than it happened is counted from when it was stated: nobody
                // keeps a promise afterwards.
                self.contained.get_or_insert(at);
            }
            CaseEvent::CaseResolved(_) => {
                self.act(at);
                self.resolved = Some(at);
            }
            CaseEvent::CaseReopened(_) => {
                self.resolved = None;
                self.reviewed = None;
            }
            CaseEvent::ReviewHeld(_) => self.reviewed = Some(at),
            CaseEvent::CaseClosed(_) | CaseEvent::ReportDiscarded(_) => self.closed = Some(at),
            CaseEvent::MessageSent(_)
            | CaseEvent::FactStated(_)
            | CaseEvent::ReportReleased(_)
            | CaseEvent::ImpactStated(_)
            | CaseEvent::EntryCorrected(_)
            | CaseEvent::CauseStated(_)
            | CaseEvent::NoteAdded(_)
            | CaseEvent::ChangeImported(_) => {}
        }
    }

    /// A person did something about it.
    pub fn act(&mut self, at: Timestamp) {
        self.acknowledged.get_or_insert(at);
    }

    /// Takes in an event of its clocks.
    pub fn clock_event(&mut self, at: Timestamp, event: &ClockEvent) {
        match event {
            ClockEvent::Paused(x) => {
                self.pauses.push(PauseFact { from: at, to: None, most: x.most });
            }
            ClockEvent::Resumed(_) => {
                if let Some(open) = self.pauses.last_mut().filter(|p| p.to.is_none()) {
                    open.to = Some(at);
                }
            }
            ClockEvent::FlagSet(x) => self.flags.push((at, x.flag)),
            ClockEvent::DutyStarted(x) => {
                self.duties.push(DutyFact { duty: x.clone(), stated_at: at, ended_at: None });
            }
            ClockEvent::DutyEnded(x) => {
                let open = self.duties.iter_mut().rev();
                if let Some(open) =
                    open.filter(|d| d.ended_at.is_none()).find(|d| d.duty.duty == x.duty)
                {
                    open.ended_at = Some(x.at);
                }
            }
            ClockEvent::Armed(_)
            | ClockEvent::RungClimbed(_)
            | ClockEvent::PersonExcluded(_)
            | ClockEvent::AbsenceStated(_)
            | ClockEvent::AbsenceEnded(_)
            | ClockEvent::Watched(_) => return,
        }
        self.last = self.last.max(at);
    }

    /// Who answers for it now.
    #[must_use]
    pub fn owner(&self) -> Option<PersonId> {
        self.owners.last().map(|(_, person)| *person)
    }

    /// Whether it is still open.
    #[must_use]
    pub fn open(&self) -> bool {
        self.closed.is_none()
    }
}
