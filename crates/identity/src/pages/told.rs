//! What the log holds about one subject, as a timeline with proofs. It stands here because a timeline names
//! people; every room above uses it.

use jiff::tz::TimeZone;
use kernel::event::Entry;
use kernel::ids::{EventId, PersonId};
use kernel::refusal::Refusal;
use platform::db::{Conn, DbError, Result};
use platform::http::{Answer, Cx, Failure};
use platform::journal::{history, proof_of};
use platform::ui::{Html, Proof, Timeline};
use platform::words::Words;
use std::collections::BTreeMap;

use axum::http::header;
use axum::response::IntoResponse;

/// The most entries that a page shows; the newest.
const SHOWN_MAX: usize = 200;

struct One<E> {
    entry: Entry,
    leaf: Option<i64>,
    hash: String,
    /// None where the content was erased.
    event: Option<E>,
}

/// The entries about a subject, oldest first, each read as an event of the room.
pub struct Told<E> {
    entries: Vec<One<E>>,
    names: BTreeMap<String, String>,
}

impl<E: serde::de::DeserializeOwned> Told<E> {
    /// Reads them.
    ///
    /// # Errors
    /// When the database refuses, or an entry is of another subject.
    pub fn read(conn: &mut Conn<'_>, subject: &str) -> Result<Self> {
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
                names.insert(entry.actor.clone(), crate::store::name_of(conn, person)?);
            }
            let hash = ledger::leaf_hash(&entry.to_bytes()).to_hex();
            entries.push(One { entry, leaf, hash, event });
        }
        Ok(Self { entries, names })
    }

    /// Whether an entry is one of these.
    pub fn holds(&self, event: EventId) -> bool {
        self.entries.iter().any(|e| e.entry.id == event)
    }

    /// The timeline, newest last. `proofs` is where the proofs of the entries are, `say` the sentence
    /// and the detail of one event.
    pub fn timeline(&self, w: Words, proofs: &str, say: impl Fn(&E) -> (String, Html)) -> Html {
        let hidden = self.entries.len().saturating_sub(SHOWN_MAX);
        let mut line = Timeline::new(w, TimeZone::UTC);
        for one in self.entries.iter().skip(hidden) {
            let entry = &one.entry;
            let proof = match one.leaf.and_then(|leaf| u64::try_from(leaf).ok()) {
                Some(index) => Proof::Placed {
                    index,
                    hash: one.hash.clone(),
                    href: format!("{proofs}/{}", entry.id),
                },
                None => Proof::Pending,
            };
            let (what, detail) = match &one.event {
                Some(event) => say(event),
                None => (w.t("told-erased"), Html::empty()),
            };
            line = line
                .entry(entry.occurred_at, self.who(w, &entry.actor), what)
                .recorded(entry.recorded_at)
                .detail(detail)
                .proof(proof);
        }
        let line = Html::from(line);
        if hidden == 0 { line } else { Html::from(w.t1("told-cut", "count", hidden)).and(line) }
    }

    fn who(&self, w: Words, actor: &str) -> String {
        if actor.starts_with("system:") {
            return w.t("told-by-the-product");
        }
        match actor {
            "public" => w.t("told-by-the-public"),
            actor => self.names.get(actor).cloned().unwrap_or_else(|| actor.to_owned()),
        }
    }
}

/// The proof that the log holds an entry, as a file in the `tlog-proof` format. The caller has seen
/// that the entry is the reader's to know.
///
/// # Errors
/// [`Refusal::NotFound`] while it has no place in the log.
pub async fn proof_file(cx: &Cx, event: EventId) -> Answer {
    let journal = cx.app.journal.clone();
    let text = cx
        .read(move |conn, _| {
            let proof = proof_of(conn, &journal, event)?.ok_or(Refusal::NotFound)?;
            Ok(ledger::TlogProof::new(proof.index, proof.hashes, &proof.checkpoint)
                .to_text()
                .map_err(|e| DbError::Outside(format!("a proof could not be written: {e}")))?)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{event}.tlog-proof\"")),
    ];
    Ok((headers, text).into_response())
}

/// The version that a form says its reader saw.
///
/// # Errors
/// [`Refusal::Input`] when it says none.
pub fn version_seen(form: &platform::ui::Form) -> std::result::Result<i64, Failure> {
    let text = form.hidden("version").unwrap_or_default();
    Ok(text.parse::<i64>().map_err(|_| {
        Refusal::input(
            "This form does not say which version of the record you saw. Reload the page.",
        )
    })?)
}
