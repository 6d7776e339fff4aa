//! What the log holds about a case.

use super::super::{key_of, severity_word};
use crate::events::CaseEvent;
use crate::model::CaseId;
use jiff::tz::TimeZone;
use kernel::event::Entry;
use kernel::ids::{EventId, PersonId};
use platform::db::{Conn, DbError, Result};
use platform::journal::history;
use platform::ui::{Html, Proof, Timeline, prose};
use platform::words::Words;
use std::collections::BTreeMap;

/// The most entries that the page shows; the newest.
const SHOWN_MAX: usize = 200;

struct One {
    entry: Entry,
    leaf: Option<i64>,
    hash: String,
    /// None where the content was erased.
    event: Option<CaseEvent>,
}

/// The entries about a case, oldest first.
pub(super) struct Happened {
    entries: Vec<One>,
    names: BTreeMap<String, String>,
}

impl Happened {
    pub(super) fn read(conn: &mut Conn<'_>, subject: &str) -> Result<Self> {
        let mut entries = Vec::new();
        let mut names = BTreeMap::new();
        for (entry, leaf, payload) in history(conn, subject)? {
            let event = payload
                .map(|p| serde_json::from_slice(&p))
                .transpose()
                .map_err(|e| DbError::Shape(format!("the payload of {}: {e}", entry.id)))?;
            if let Ok(person) = entry.actor.parse::<PersonId>()
                && !names.contains_key(&entry.actor)
            {
                names.insert(entry.actor.clone(), identity::store::name_of(conn, person)?);
            }
            let hash = ledger::leaf_hash(&entry.to_bytes()).to_hex();
            entries.push(One { entry, leaf, hash, event });
        }
        Ok(Self { entries, names })
    }

    pub(super) fn holds(&self, event: EventId) -> bool {
        self.entries.iter().any(|e| e.entry.id == event)
    }

    fn who(&self, w: Words, actor: &str) -> String {
        match actor {
            "public" => w.t("cases-reporter"),
            actor => self.names.get(actor).cloned().unwrap_or_else(|| actor.to_owned()),
        }
    }

    pub(super) fn timeline(&self, w: Words, case: CaseId) -> Html {
        let hidden = self.entries.len().saturating_sub(SHOWN_MAX);
        let mut line = Timeline::new(w, TimeZone::UTC);
        for one in self.entries.iter().skip(hidden) {
            let entry = &one.entry;
            let proof = match one.leaf.and_then(|leaf| u64::try_from(leaf).ok()) {
                Some(index) => Proof::Placed {
                    index,
                    hash: one.hash.clone(),
                    href: format!("/cases/{case}/proofs/{}", entry.id),
                },
                None => Proof::Pending,
            };
            let (what, detail) = match &one.event {
                Some(event) => (w.t(&event_key(&entry.kind)), detail(w, event)),
                None => (w.t("cases-event-erased"), Html::empty()),
            };
            line = line
                .entry(entry.occurred_at, self.who(w, &entry.actor), what)
                .recorded(entry.recorded_at)
                .detail(detail)
                .proof(proof);
        }
        let line = Html::from(line);
        if hidden == 0 {
            line
        } else {
            Html::from(w.t1("cases-history-cut", "count", hidden)).and(line)
        }
    }
}

/// `cases.note_added.v1` as the key of its sentence.
fn event_key(kind: &str) -> String {
    key_of("cases-event", kind.split('.').nth(1).unwrap_or_default())
}

fn detail(w: Words, event: &CaseEvent) -> Html {
    match event {
        CaseEvent::CaseTriaged(x) => {
            let incident = if x.incident { "cases-is-incident" } else { "cases-is-event" };
            Html::from(severity_word(w, Some(x.severity))).and(w.t(incident)).and(prose(&x.reason))
        }
        CaseEvent::NoteAdded(x) => prose(&x.text),
        CaseEvent::MessageSent(x) => prose(&x.text),
        CaseEvent::CaseResolved(x) => prose(&x.root_cause).and(prose(&x.action)),
        CaseEvent::CaseClosed(x) => prose(&x.outcome),
        CaseEvent::ChangeImported(x) => Html::text(&x.register),
        CaseEvent::SeverityChanged(x) => {
            let change = w.t2(
                "casework-from-to",
                "from",
                severity_word(w, Some(x.from)),
                "to",
                severity_word(w, Some(x.to)),
            );
            let incident = if x.incident { "cases-is-incident" } else { "cases-is-event" };
            prose(&change).and(w.t(incident)).and(prose(&x.reason))
        }
        CaseEvent::FactStated(x) => {
            let what = w.t(&key_of("casework-fact", x.fact.what.word()));
            let at = w.moment(x.fact.at, &TimeZone::UTC);
            prose(&w.t2("casework-fact-at", "what", what, "at", at)).and(prose(&x.fact.evidence))
        }
        CaseEvent::ImpactStated(x) => prose(&x.impact.extent),
        CaseEvent::EntryCorrected(x) => prose(&x.text).and(prose(&x.reason)),
        CaseEvent::CauseStated(x) => prose(&x.cause.cause),
        CaseEvent::ReviewHeld(x) => prose(&x.review.lessons),
        CaseEvent::CaseReopened(x) => prose(&x.reason),
        CaseEvent::ReportFiled(_) | CaseEvent::CaseAssigned(_) => Html::empty(),
    }
}
