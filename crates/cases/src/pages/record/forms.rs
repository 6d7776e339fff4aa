//! The forms of a case, and the commands that they make.

use super::super::severity_word;
use crate::model::{Case, CaseId, CaseState, Severity};
use crate::permits::HandleCase;
use crate::service::{self, TEXT_MAX};
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::ui::{Choice, Field, Form, Kind};
use platform::words::Words;

/// What can be done with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Triage,
    Assign,
    Resolve,
    Close,
    Tell,
    Note,
}

impl Act {
    pub(super) const ALL: [Self; 6] =
        [Self::Triage, Self::Assign, Self::Resolve, Self::Close, Self::Tell, Self::Note];

    const fn word(self) -> &'static str {
        match self {
            Self::Triage => "triage",
            Self::Assign => "assign",
            Self::Resolve => "resolve",
            Self::Close => "close",
            Self::Tell => "tell",
            Self::Note => "note",
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
    pub(super) fn possible(self, case: &Case, me: PersonId) -> bool {
        let open = !case.state.is_concluded();
        match self {
            Self::Triage => open,
            Self::Assign => open && case.owner != Some(me),
            Self::Resolve => open && case.severity.is_some() && case.state != CaseState::Resolved,
            Self::Close => case.state == CaseState::Resolved,
            Self::Tell | Self::Note => true,
        }
    }

    pub(super) fn form(self, w: Words, case: &Case, csrf: &str, key: &str) -> Form {
        let version = u64::try_from(case.version).unwrap_or(0);
        let area = |name: &str| {
            Field::new(w, name, w.t(&format!("cases-{}", name.replace('_', "-"))), Kind::Area(3))
                .required()
                .max(TEXT_MAX)
        };
        let action = format!("/cases/{}/{}", case.id, self.word());
        let form = Form::post(w, action, csrf, w.t(&format!("{}-send", self.key())))
            .key(key)
            .version(version);
        match self {
            Self::Triage => triage(w, case, form).field(area("reason")),
            Self::Assign => form,
            Self::Resolve => form.field(area("root_cause")).field(area("measures")),
            Self::Close => form.field(area("outcome")),
            Self::Tell => form.field(area("message").hint(w.t("cases-message-hint"))),
            Self::Note => form.field(area("note").hint(w.t("cases-note-hint"))),
        }
    }

    /// The command of a form that was sent.
    pub(super) fn command(
        self,
        form: &Form,
        me: PersonId,
    ) -> std::result::Result<Command, Refusal> {
        let typed = |name: &str| form.typed(name).to_owned();
        Ok(match self {
            Self::Triage => Command::Triage {
                severity: Severity::from_word(form.typed("severity"))
                    .ok_or_else(|| Refusal::field("severity", "Choose how severe it is."))?,
                incident: form.typed("incident") == "yes",
                reason: typed("reason"),
            },
            Self::Assign => Command::Assign(me),
            Self::Resolve => Command::Resolve(typed("root_cause"), typed("measures")),
            Self::Close => Command::Close(typed("outcome")),
            Self::Tell => Command::Tell(typed("message")),
            Self::Note => Command::Note(typed("note")),
        })
    }
}

fn triage(w: Words, case: &Case, form: Form) -> Form {
    let severities =
        Severity::ALL.iter().map(|s| Choice::new(s.word(), severity_word(w, Some(*s)))).collect();
    let incident = vec![
        Choice::new("yes", w.t("cases-is-incident")).hint(w.t("cases-is-incident-hint")),
        Choice::new("no", w.t("cases-is-event")).hint(w.t("cases-is-event-hint")),
    ];
    let mut severity =
        Field::new(w, "severity", w.t("cases-severity"), Kind::Radio(severities)).required();
    if let Some(now) = case.severity {
        severity = severity.value(now.word());
    }
    form.field(severity)
        .field(Field::new(w, "incident", w.t("cases-incident"), Kind::Radio(incident)).required())
}

/// A command about a case.
#[derive(Debug, Clone)]
pub(super) enum Command {
    Triage { severity: Severity, incident: bool, reason: String },
    Assign(PersonId),
    Note(String),
    Tell(String),
    Resolve(String, String),
    Close(String),
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
            Self::Triage { severity, incident, reason } => {
                service::triage(tx, env, permit, id, version, (*severity, *incident, reason))
            }
            Self::Assign(person) => service::assign(tx, env, permit, id, version, *person),
            Self::Note(text) => service::note(tx, env, permit, id, version, text),
            Self::Tell(text) => service::tell_reporter(tx, env, permit, id, version, text),
            Self::Resolve(cause, measures) => {
                service::resolve(tx, env, permit, id, version, (cause, measures))
            }
            Self::Close(outcome) => service::close(tx, env, permit, id, version, outcome),
        }
    }
}
