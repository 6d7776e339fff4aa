//! What the log holds about a case: its own entries and those of the work that it asked for.

use super::super::{key_of, severity_word};
use crate::events::CaseEvent;
use crate::model::CaseId;
use crate::work::events::WorkEvent;
use jiff::tz::TimeZone;
use kernel::event::Entry;
use kernel::ids::{EventId, PersonId};
use platform::db::{Conn, DbError, Result};
use platform::journal::history;
use platform::ui::{Choice, Html, Note, Proof, Timeline, Tone, prose};
use platform::words::Words;
use std::collections::BTreeMap;

/// The most entries that the page shows; the newest.
const SHOWN_MAX: usize = 200;

/// What an entry says.
enum Said {
    Case(Box<CaseEvent>),
    Work(Box<WorkEvent>),
    /// Of a subject that tells its own story elsewhere; the timeline names the kind.
    Other,
    /// The content was erased.
    Erased,
}

struct One {
    entry: Entry,
    leaf: Option<i64>,
    hash: String,
    said: Said,
}

/// The entries about a case, oldest first.
pub(crate) struct Happened {
    entries: Vec<One>,
    names: BTreeMap<String, String>,
    /// Corrected entries, and when they were.
    corrected: BTreeMap<EventId, kernel::time::Timestamp>,
}

fn said(entry: &Entry, payload: Option<Vec<u8>>) -> Result<Said> {
    let Some(payload) = payload else { return Ok(Said::Erased) };
    let odd = |e: serde_json::Error| DbError::Shape(format!("the payload of {}: {e}", entry.id));
    Ok(match entry.kind.split('.').next() {
        Some("cases") => Said::Case(Box::new(serde_json::from_slice(&payload).map_err(odd)?)),
        Some("work") => Said::Work(Box::new(serde_json::from_slice(&payload).map_err(odd)?)),
        _ => Said::Other,
    })
}

impl Happened {
    /// Reads the entries about these subjects.
    pub(crate) fn read(conn: &mut Conn<'_>, subjects: &[String]) -> Result<Self> {
        let mut entries = Vec::new();
        let mut names = BTreeMap::new();
        let mut corrected = BTreeMap::new();
        for subject in subjects {
            for (entry, leaf, payload) in history(conn, subject)? {
                let said = said(&entry, payload)?;
                if let Said::Case(event) = &said
                    && let CaseEvent::EntryCorrected(x) = &**event
                {
                    corrected.insert(x.entry, entry.recorded_at);
                }
                if let Ok(person) = entry.actor.parse::<PersonId>()
                    && !names.contains_key(&entry.actor)
                {
                    names.insert(entry.actor.clone(), identity::store::name_of(conn, person)?);
                }
                let hash = ledger::leaf_hash(&entry.to_bytes()).to_hex();
                entries.push(One { entry, leaf, hash, said });
            }
        }
        // In the order of the record; what has no place yet comes last.
        entries.sort_by_key(|one| (one.entry.recorded_at, one.leaf.unwrap_or(i64::MAX)));
        Ok(Self { entries, names, corrected })
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

    /// The entries that a correction can name, newest first: those about the case itself.
    pub(super) fn choices(&self, w: Words) -> Vec<Choice> {
        let own = |one: &&One| matches!(&one.said, Said::Case(_));
        let all = self.entries.iter().rev().filter(own).take(SHOWN_MAX);
        all.map(|one| {
            let label = format!(
                "{} · {} {}",
                w.moment(one.entry.recorded_at, &TimeZone::UTC),
                self.who(w, &one.entry.actor),
                w.t(&event_key(&one.entry.kind))
            );
            Choice::new(one.entry.id.to_string(), label)
        })
        .collect()
    }

    fn detail(&self, w: Words, one: &One) -> Html {
        let mut detail = match &one.said {
            Said::Case(event) => case_detail(w, event),
            Said::Work(event) => work_detail(w, event),
            Said::Other | Said::Erased => Html::empty(),
        };
        if let Said::Case(event) = &one.said
            && let CaseEvent::EntryCorrected(x) = &**event
            && let Some(old) = self.entries.iter().find(|o| o.entry.id == x.entry)
        {
            let at = w.moment(old.entry.recorded_at, &TimeZone::UTC);
            let what = w.t(&event_key(&old.entry.kind));
            let who = self.who(w, &old.entry.actor);
            let points = w.ta(
                "casework-corrects",
                &[("at", at.into()), ("who", who.into()), ("what", what.into())],
            );
            detail = prose(&points).and(detail);
        }
        if let Some(at) = self.corrected.get(&one.entry.id) {
            let note = w.t1("casework-corrected-text", "at", w.moment(*at, &TimeZone::UTC));
            detail = detail.and(Note::new(Tone::Attention, w.t("casework-corrected"), note));
        }
        detail
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
            let what = match &one.said {
                Said::Erased => w.t("told-erased"),
                _ => w.t(&event_key(&entry.kind)),
            };
            line = line
                .entry(entry.occurred_at, self.who(w, &entry.actor), what)
                .recorded(entry.recorded_at)
                .detail(self.detail(w, one))
                .proof(proof);
        }
        let line = Html::from(line);
        if hidden == 0 { line } else { Html::from(w.t1("told-cut", "count", hidden)).and(line) }
    }
}

/// `cases.note_added.v1` as the key of its sentence, `cases-event-note-added`.
fn event_key(kind: &str) -> String {
    let mut parts = kind.split('.');
    let room = parts.next().unwrap_or_default();
    key_of(&format!("{room}-event"), parts.next().unwrap_or_default())
}

fn judged(w: Words, incident: bool, reason: &str) -> Html {
    let incident = if incident { "cases-is-incident" } else { "cases-is-event" };
    prose(&w.t(incident)).and(prose(reason))
}

fn case_detail(w: Words, event: &CaseEvent) -> Html {
    match event {
        CaseEvent::CaseTriaged(x) => {
            Html::from(severity_word(w, Some(x.severity))).and(judged(w, x.incident, &x.reason))
        }
        CaseEvent::SeverityChanged(x) => {
            let (from, to) = (severity_word(w, Some(x.from)), severity_word(w, Some(x.to)));
            prose(&w.t2("casework-from-to", "from", from, "to", to))
                .and(judged(w, x.incident, &x.reason))
        }
        CaseEvent::NoteAdded(x) => prose(&x.text),
        CaseEvent::MessageSent(x) => prose(&x.text),
        CaseEvent::CaseResolved(x) => prose(&x.root_cause).and(prose(&x.action)),
        CaseEvent::CaseClosed(x) => prose(&x.outcome),
        CaseEvent::ChangeImported(x) => Html::text(&x.register),
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
        CaseEvent::ReportDiscarded(x) => prose(&x.reason),
        CaseEvent::ReportReleased(_) => Html::empty(),
        CaseEvent::ReportFiled(_) | CaseEvent::CaseAssigned(_) => Html::empty(),
    }
}

fn work_detail(w: Words, event: &WorkEvent) -> Html {
    match event {
        WorkEvent::TaskSet(x) => prose(&x.title),
        WorkEvent::TaskDone(x) => prose(&x.what),
        WorkEvent::ActionPlanned(x) => prose(&x.what),
        WorkEvent::ActionDone(x) => {
            prose(&x.what).and(prose(&w.t1("work-effective-from", "date", &x.effective_on)))
        }
        WorkEvent::ActionChecked(x) => {
            let key = if x.check.effective { "work-effective" } else { "work-without-effect" };
            prose(&w.t(key)).and(prose(&x.check.how)).and(prose(&x.check.result))
        }
        WorkEvent::NoticeDecided(x) => {
            let key = if x.text.duty { "work-duty" } else { "work-no-duty" };
            prose(&w.t(&key_of("work-to", x.text.to.word())))
                .and(prose(&w.t(key)))
                .and(prose(&x.text.reason))
        }
        WorkEvent::NoticeSent(x) => prose(&x.sent.how),
        WorkEvent::CasesLinked(x) => {
            prose(&w.t(&key_of("work-relation", x.relation.word()))).and(prose(&x.reason))
        }
        WorkEvent::CasesUnlinked(x) => prose(&x.reason),
        WorkEvent::PrivilegedNoted(x) => prose(&x.text),
        WorkEvent::FindingLinked(x) => {
            prose(&w.t(&key_of("work-finding", x.kind.word()))).and(prose(&x.reason))
        }
    }
}
