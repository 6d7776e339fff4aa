//! Pages of the room.
//!
//! | module | pages |
//! |---|---|
//! | [`report`] | `/report`: anybody reports, without an account |
//! | [`follow_up`] | `/report/follow-up`: the reporter comes back with number and code |
//! | [`verify`] | `/report/verify`: a receipt is verified in the browser |
//! | [`hotline`] | `/cases/hotline`: an operator files for a caller |
//! | [`held`] | `/cases/held`: reports that came in a flood |
//! | [`register`] | `/cases`: the list, and the list as a file |
//! | [`record`] | `/cases/{id}`: one case, and the work on it |
//! | [`dashboard`] | `/cases/dashboard`: how many of each sort |

mod arrival;
pub mod dashboard;
pub mod follow_up;
pub mod held;
pub mod hotline;
pub mod record;
pub mod register;
pub mod report;
pub mod verify;

use crate::model::{Case, CaseKind, CaseState, Severity};
use crate::permits::ReadCases;
use kernel::ids::{EngagementId, PartyId};
use kernel::party::{Actor, Side};
use kernel::permit::scope;
use platform::db::{Conn, Result};
use platform::http::Cx;
use platform::ui::{Language, Shell, Status, Tone};
use platform::words::Words;

/// The organisation whose cases a reader sees.
///
/// # Errors
/// When the reader may not see cases, or must choose an engagement first.
pub(crate) fn owner_seen(
    conn: &mut Conn<'_>,
    actor: &Actor,
    engagement: Option<EngagementId>,
) -> Result<PartyId> {
    scope::<ReadCases>(actor)?;
    ::scope::service::organisation_seen(conn, actor, engagement)
}

/// The frame of a page for everybody. Says nothing of who is signed in.
pub(crate) fn public_shell(cx: &Cx) -> Shell {
    let mut shell = cx.shell();
    shell.side = Side::Public;
    shell.person = None;
    shell.nav.clear();
    shell.engagements.clear();
    shell.flash.clear();
    shell.csrf.clear();
    shell
}

/// The same page in other languages; only where the address alone makes the page.
pub(crate) fn languages(cx: &Cx) -> Vec<Language> {
    cx.languages()
}

/// Where a public form is sent, in the language that the address chose.
pub(crate) fn in_language(cx: &Cx, path: &str) -> String {
    match cx.param("lang").filter(|tag| Words::of(tag).is_some()) {
        Some(_) => format!("{path}?lang={}", cx.w.tag()),
        None => path.to_owned(),
    }
}

/// A word of ours as part of a message's key.
pub(crate) fn key_of(prefix: &str, word: &str) -> String {
    format!("{prefix}-{}", word.replace('_', "-"))
}

pub(crate) fn kind_word(w: Words, kind: CaseKind) -> String {
    w.t(&key_of("cases-kind", kind.word()))
}

pub(crate) fn state_word(w: Words, state: CaseState) -> String {
    w.t(&key_of("cases-state", state.word()))
}

pub(crate) fn severity_word(w: Words, severity: Option<Severity>) -> String {
    severity.map_or_else(
        || w.t("cases-severity-undecided"),
        |s| w.t(&key_of("cases-severity", s.word())),
    )
}

pub(crate) fn state_status(w: Words, case: &Case) -> Status {
    let tone = match case.state {
        CaseState::New => Tone::Neutral,
        CaseState::Acknowledged
        | CaseState::AwaitingReporter
        | CaseState::AwaitingVendor
        | CaseState::AwaitingInternal => Tone::Waiting,
        CaseState::InProgress => Tone::Underway,
        CaseState::Resolved => Tone::Good,
        CaseState::Closed | CaseState::Withdrawn => Tone::Closed,
    };
    Status::new(tone, state_word(w, case.state))
}
