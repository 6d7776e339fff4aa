//! Pages of the firm about its procedures, and the organisation's page of appointments.
//!
//! | file | holds |
//! |---|---|
//! | `list.rs` | all procedures, who was asked, what they support |
//! | `plan.rs` | planning one |
//! | `record.rs` | one procedure: what it gave, follow-ups, corroboration, conclusion, appointment |
//! | `record/forms.rs` | its forms |
//! | `theirs.rs` | `/appointments`, the organisation's |

mod list;
mod plan;
mod record;
mod theirs;

pub use list::list;
pub use plan::{change, change_form, new, new_form};
pub use record::{add, call_off, cancel, conclude, follow_up, record, schedule};
pub use theirs::{answer, appointments, consent};

use super::model::{
    Appointment, Consent, InquiryId, KeptEntry, Procedure, ProcedureState, Support,
};
use super::store;
use crate::firm::store::facts_for;
use crate::pages::{framed, href, id};
use crate::permits::ReadFile;
use crate::store::Papers;
use cases::surveys::rules::bank;
use jiff::tz::TimeZone;
use kernel::ids::{EngagementId, PersonId};
use kernel::permit::authorize;
use kernel::time::Timestamp;
use platform::http::{Cx, Failure};
use platform::ui::{Choice, Html, Shell, Status, Tone};
use platform::words::Words;
use std::collections::BTreeMap;

/// What the pages of one engagement know.
struct Seen {
    papers: Papers,
    procedures: Vec<Procedure>,
    entries: BTreeMap<InquiryId, Vec<KeptEntry>>,
    appointments: Vec<Appointment>,
    consents: Vec<Consent>,
    /// Names of everybody who wrote something down or is to be met.
    names: BTreeMap<String, String>,
    /// The organisation's people.
    people: Vec<(PersonId, String)>,
}

impl Seen {
    fn href(&self, rest: &str) -> String {
        href(self.papers.engagement.id, &format!("/inquiries{rest}"))
    }
    fn name(&self, actor: &str) -> String {
        self.names.get(actor).cloned().unwrap_or_else(|| actor.to_owned())
    }
    fn entries(&self, id: InquiryId) -> &[KeptEntry] {
        self.entries.get(&id).map_or(&[], Vec::as_slice)
    }
    fn zone(&self) -> TimeZone {
        TimeZone::get(self.papers.engagement.period.zone().name()).unwrap_or(TimeZone::UTC)
    }
}

async fn seen(cx: &Cx, engagement: &str) -> Result<Seen, Failure> {
    let engagement: EngagementId = id(engagement)?;
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadFile>(actor, &facts_for(conn, actor, engagement, now)?)?;
        let papers = Papers::load(conn, engagement)?;
        let owner = papers.engagement.organisation;
        let procedures = store::procedures(conn, papers.file)?;
        let (mut entries, mut names) = (BTreeMap::new(), BTreeMap::new());
        for procedure in &procedures {
            entries.insert(procedure.id, store::entries(conn, papers.file, procedure.id)?);
        }
        let written = entries.values().flatten().map(|e: &KeptEntry| e.actor.clone());
        for actor in written.chain(procedures.iter().map(|p| p.planned_by.clone())) {
            if let Ok(person) = actor.parse::<PersonId>() {
                names.insert(actor, identity::store::name_of(conn, person)?);
            }
        }
        let people = identity::store::people_of(conn, owner)?;
        Ok(Seen {
            appointments: store::appointments(conn, owner, None)?
                .into_iter()
                .filter(|a| a.engagement == engagement && a.firm == papers.file.firm)
                .collect(),
            consents: store::consents(conn, owner, engagement)?,
            people: people.into_iter().map(|m| (m.profile.id, m.profile.name)).collect(),
            papers,
            procedures,
            entries,
            names,
        })
    })
    .await
}

fn frame(cx: &Cx, seen: &Seen, title: String, answer: impl Into<Html>) -> Shell {
    let shell = framed(cx.shell(), &seen.papers, "inquiries").title(title).answer(answer);
    if cx.uri.path().ends_with("/inquiries") {
        shell
    } else {
        shell.crumb(seen.href(""), cx.w.t("inquiries-room"))
    }
}

fn named(w: Words, prefix: &str, word: &str) -> String {
    w.t(&format!("inquiries-{prefix}-{}", word.replace('_', "-")))
}

fn choices(w: Words, prefix: &str, all: &[&'static str]) -> Vec<Choice> {
    all.iter().map(|word| Choice::new(*word, named(w, prefix, word))).collect()
}

fn state(w: Words, state: ProcedureState) -> Status {
    let tone = match state {
        ProcedureState::Planned => Tone::Waiting,
        ProcedureState::Held => Tone::Attention,
        ProcedureState::Concluded => Tone::Good,
        ProcedureState::Cancelled => Tone::Neutral,
    };
    Status::new(tone, named(w, "state", state.word()))
}

/// A question in words: of the bank by its id, else as it was written.
fn question(w: Words, text: &str) -> String {
    bank::question(text).map_or_else(|| text.to_owned(), |q| format!("{} {}", q.id, q.text(w)))
}

/// A moment as it is typed into a field, in a zone.
fn typed(at: Timestamp, zone: &TimeZone) -> String {
    at.to_jiff().to_zoned(zone.clone()).datetime().strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A moment as it was typed.
fn moment(text: &str, seen: &Seen) -> Option<Timestamp> {
    let local: jiff::civil::DateTime = text.parse().ok()?;
    Some(seen.papers.engagement.period.zone().instant(local))
}

/// For what work is enough, and for what it is not: never a bare yes.
fn enough(w: Words, support: Support) -> String {
    w.t(&format!("inquiries-enough-{}", support.word()))
}

/// Nothing here concludes on operation: that takes the test with its items.
const fn tone(support: Support) -> Tone {
    match support {
        Support::Operation => Tone::Neutral,
        Support::Understanding | Support::Design => Tone::Good,
    }
}
