//! The forms of a case, and the commands that they make.

mod fields;

use super::Seen;
use crate::model::casework::{Fact, FactKind, Impact, MessagePurpose, Review, RootCause};
use crate::model::{Case, CaseId, CaseState, Severity};
use crate::permits::HandleCase;
use crate::service::{self, TEXT_MAX, casework};
use kernel::env::Env;
use kernel::ids::{EventId, PersonId};
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::ui::{Field, Form, Kind};
use platform::words::Words;

/// What can be done with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Triage,
    Assign,
    Impact,
    Fact,
    Cause,
    Resolve,
    Review,
    Close,
    Tell,
    Note,
    Severity,
    Correct,
    Reopen,
}

impl Act {
    /// In the order in which they are usually done.
    pub(super) const ALL: [Self; 13] = [
        Self::Triage,
        Self::Assign,
        Self::Tell,
        Self::Impact,
        Self::Fact,
        Self::Cause,
        Self::Resolve,
        Self::Review,
        Self::Close,
        Self::Note,
        Self::Severity,
        Self::Correct,
        Self::Reopen,
    ];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Triage => "triage",
            Self::Assign => "assign",
            Self::Impact => "impact",
            Self::Fact => "fact",
            Self::Cause => "cause",
            Self::Resolve => "resolve",
            Self::Review => "review",
            Self::Close => "close",
            Self::Tell => "tell",
            Self::Note => "note",
            Self::Severity => "severity",
            Self::Correct => "correct",
            Self::Reopen => "reopen",
        }
    }

    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.word() == word)
    }

    /// The key of what the act is called.
    pub(super) fn key(self) -> String {
        format!("cases-do-{}", self.word())
    }

    /// Whether the rules allow it now; the service decides again.
    pub(super) fn possible(self, seen: &Seen) -> bool {
        let case = &seen.case;
        let open = !case.state.is_concluded();
        let resolved = case.state == CaseState::Resolved;
        match self {
            Self::Triage => open && seen.judged.is_none(),
            Self::Severity => open && seen.judged.is_some() && case.severity.is_some(),
            Self::Assign | Self::Cause => open,
            Self::Resolve => open && case.severity.is_some() && !resolved,
            Self::Close | Self::Reopen => resolved,
            Self::Impact | Self::Fact | Self::Review => case.severity.is_some(),
            Self::Tell | Self::Note | Self::Correct => true,
        }
    }

    /// The act that brings the case on, which stands open on the page.
    pub(super) fn next(seen: &Seen) -> Self {
        let case = &seen.case;
        match case.state {
            _ if case.severity.is_none() => Self::Triage,
            _ if case.owner.is_none() => Self::Assign,
            CaseState::Resolved => Self::Close,
            CaseState::Closed | CaseState::Withdrawn => Self::Note,
            _ => Self::Tell,
        }
    }

    pub(super) fn form(self, w: Words, seen: &Seen, csrf: &str, key: &str) -> Form {
        let case = &seen.case;
        let version = u64::try_from(case.version).unwrap_or(0);
        let area = |name: &str| {
            Field::new(w, name, w.t(&format!("cases-{}", name.replace('_', "-"))), Kind::Area(3))
                .required()
                .max(TEXT_MAX)
        };
        let action = format!("/cases/{}/{}", case.id, self.word());
        let form = Form::post(w, action, csrf, w.t(&format!("{}-send", self.key())))
            .apart(self.word())
            .key(key)
            .version(version);
        match self {
            Self::Triage | Self::Severity => fields::judgement(w, seen, form).field(area("reason")),
            Self::Assign => fields::owner(w, seen, form),
            Self::Impact => fields::impact(w, seen, form),
            Self::Fact => fields::fact(w, form),
            Self::Cause => fields::cause(w, seen, form),
            Self::Resolve => {
                let known = seen.cause.as_ref().map_or("", |c| c.cause.as_str());
                form.field(area("root_cause").value(known)).field(area("measures"))
            }
            Self::Review => fields::review(w, form),
            Self::Close => fields::close(w, seen, form.field(area("outcome"))),
            Self::Tell => fields::tell(w, seen, form),
            Self::Note => form.field(area("note").hint(w.t("cases-note-hint"))),
            Self::Correct => fields::correct(w, seen, form),
            Self::Reopen => form.field(area("reason")),
        }
    }

    /// The command of a form that was sent.
    pub(super) fn command(
        self,
        form: &Form,
        seen: &Seen,
        me: PersonId,
    ) -> std::result::Result<Command, Refusal> {
        let typed = |name: &str| form.typed(name).to_owned();
        let judged = || -> std::result::Result<_, Refusal> {
            let severity = Severity::from_word(form.typed("severity"))
                .ok_or_else(|| Refusal::field("severity", "Choose how severe it is."))?;
            Ok((severity, form.typed("incident") == "yes", typed("reason")))
        };
        Ok(match self {
            Self::Triage => Command::Triage(judged()?),
            Self::Severity => Command::Severity(judged()?),
            Self::Assign => Command::Assign(match form.typed("owner") {
                "" => me,
                other => other
                    .parse()
                    .map_err(|_| Refusal::field("owner", "Choose somebody of the list."))?,
            }),
            Self::Impact => Command::Impact(fields::read_impact(form, seen)?),
            Self::Fact => Command::Fact(Fact {
                what: FactKind::from_word(form.typed("what"))
                    .ok_or_else(|| Refusal::field("what", "Choose what it was."))?,
                at: utc("at", form.typed("at"))?,
                evidence: typed("evidence"),
            }),
            Self::Cause => Command::Cause(fields::read_cause(form)?),
            Self::Review => Command::Review(Review {
                held_on: typed("held_on"),
                participants: form.typed("participants").lines().map(str::to_owned).collect(),
                went_well: typed("went_well"),
                went_badly: typed("went_badly"),
                lessons: typed("lessons"),
            }),
            Self::Resolve => Command::Resolve(typed("root_cause"), typed("measures")),
            Self::Close => Command::Close(typed("outcome"), typed("told")),
            Self::Tell => Command::Tell(
                MessagePurpose::from_word(form.typed("purpose")).unwrap_or(MessagePurpose::Answer),
                typed("message"),
            ),
            Self::Note => Command::Note(typed("note")),
            Self::Correct => Command::Correct(
                form.typed("entry")
                    .parse()
                    .map_err(|_| Refusal::field("entry", "Choose an entry of the list."))?,
                typed("text"),
                typed("reason"),
            ),
            Self::Reopen => Command::Reopen(typed("reason")),
        })
    }
}

/// A moment as a form has it, `2026-03-09T16:30` on the UTC clock.
pub(crate) fn utc(field: &'static str, text: &str) -> std::result::Result<Timestamp, Refusal> {
    let seconds = if text.len() == 16 { ":00Z" } else { "Z" };
    Timestamp::parse(&format!("{text}{seconds}"))
        .map_err(|_| Refusal::field(field, "Write a date and a time like 2026-03-09 16:30."))
}

/// A command about a case.
#[derive(Debug, Clone)]
pub(super) enum Command {
    Triage((Severity, bool, String)),
    Severity((Severity, bool, String)),
    Assign(PersonId),
    Impact(Impact),
    Fact(Fact),
    Cause(RootCause),
    Review(Review),
    Note(String),
    Tell(MessagePurpose, String),
    Resolve(String, String),
    Close(String, String),
    Correct(EventId, String, String),
    Reopen(String),
}

impl Command {
    pub(super) fn carry_out(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env,
        permit: &Permit<HandleCase>,
        id: CaseId,
        version: i64,
    ) -> Result<()> {
        match self {
            Self::Triage((severity, incident, reason)) => {
                service::triage(tx, env, permit, id, version, (*severity, *incident, reason))
            }
            Self::Severity((severity, incident, reason)) => {
                let now = (*severity, *incident, reason.as_str());
                casework::change_severity(tx, env, permit, id, version, now)
            }
            Self::Assign(person) => service::assign(tx, env, permit, id, version, *person),
            Self::Impact(impact) => casework::state_impact(tx, env, permit, id, version, impact),
            Self::Fact(fact) => casework::state_fact(tx, env, permit, id, version, fact),
            Self::Cause(cause) => casework::state_cause(tx, env, permit, id, version, cause),
            Self::Review(review) => casework::hold_review(tx, env, permit, id, version, review),
            Self::Note(text) => service::note(tx, env, permit, id, version, text),
            Self::Tell(purpose, text) => {
                casework::tell(tx, env, permit, id, version, (*purpose, text))
            }
            Self::Resolve(cause, measures) => {
                service::resolve(tx, env, permit, id, version, (cause, measures))
            }
            Self::Close(outcome, told) if told.is_empty() => {
                service::close(tx, env, permit, id, version, outcome)
            }
            // Telling and closing are one command: neither happens without the other.
            Self::Close(outcome, told) => {
                let said = (MessagePurpose::Outcome, told.as_str());
                casework::tell(tx, env, permit, id, version, said)?;
                service::close(tx, env, permit, id, version + 1, outcome)
            }
            Self::Correct(entry, text, reason) => {
                casework::correct(tx, env, permit, id, version, (*entry, text, reason))
            }
            Self::Reopen(reason) => casework::reopen(tx, env, permit, id, version, reason),
        }
    }
}

/// Which criteria a case of this sort usually bears on; a person confirms them.
pub(super) fn proposed(case: &Case) -> &'static str {
    use crate::model::CaseKind::{Complaint, Concern, Failure, Incident};
    match case.kind {
        Incident => "CC7.3, CC7.4, CC7.5",
        Failure => "CC7.2, CC7.3",
        Concern => "CC2.2, CC4.2",
        Complaint => "CC2.3",
    }
}
