//! What happened, in order, each entry with its place in the log and its proof.

use super::html::component;
use super::{Hash, Html, safe_href};
use crate::words::Words;
use askama::Template;
use jiff::tz::TimeZone;
use kernel::time::Timestamp;

/// Where an entry stands in the party's log.
#[derive(Clone, Debug)]
pub enum Proof {
    /// Recorded; its place in the tree follows within moments.
    Pending,
    /// Placed: the index in the log, the leaf hash in hexadecimal, where the proof file is.
    Placed {
        /// The index in the log, from 0.
        index: u64,
        /// The leaf hash, lower-case hexadecimal.
        hash: String,
        /// Where the `tlog-proof` file is.
        href: String,
    },
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    at: String,
    at_iso: String,
    recorded: Option<(String, String)>,
    who: String,
    what: Html,
    detail: Html,
    proof: Option<(Proof, Hash)>,
    firm_only: bool,
}

/// Entries, oldest or newest first as given.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/timeline.html")]
pub struct Timeline {
    w: Words,
    zone: TimeZone,
    zone_name: String,
    entries: Vec<Entry>,
    more: Option<String>,
}
component!(Timeline);

impl Timeline {
    /// Times are printed in `zone` with their offset.
    #[must_use]
    pub fn new(w: Words, zone: TimeZone) -> Self {
        let zone_name = zone.iana_name().unwrap_or("UTC").to_owned();
        Self { w, zone, zone_name, entries: Vec::new(), more: None }
    }

    /// Adds an entry: when it happened, who did it, what it was.
    #[must_use]
    pub fn entry(mut self, at: Timestamp, who: impl Into<String>, what: impl Into<Html>) -> Self {
        self.entries.push(Entry {
            at: self.w.moment(at, &self.zone),
            at_iso: at.to_rfc3339(),
            recorded: None,
            who: who.into(),
            what: what.into(),
            detail: Html::empty(),
            proof: None,
            firm_only: false,
        });
        self
    }

    /// The last entry was recorded at another time than it happened.
    #[must_use]
    pub fn recorded(mut self, at: Timestamp) -> Self {
        let words = self.w.moment(at, &self.zone);
        if let Some(entry) = self.entries.last_mut().filter(|e| e.at != words) {
            entry.recorded = Some((words, at.to_rfc3339()));
        }
        self
    }

    /// Words under the last entry.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Html>) -> Self {
        if let Some(entry) = self.entries.last_mut() {
            entry.detail = detail.into();
        }
        self
    }

    /// The proof of the last entry.
    #[must_use]
    pub fn proof(mut self, proof: Proof) -> Self {
        if let Some(entry) = self.entries.last_mut() {
            let hash = match &proof {
                Proof::Placed { hash, .. } => Hash::new(hash.clone()),
                Proof::Pending => Hash::new(""),
            };
            entry.proof = Some((proof, hash));
        }
        self
    }

    /// Marks the last entry as visible to the firm only.
    #[must_use]
    pub fn firm_only(mut self) -> Self {
        if let Some(entry) = self.entries.last_mut() {
            entry.firm_only = true;
        }
        self
    }

    /// Where earlier entries are.
    #[must_use]
    pub fn more(mut self, href: impl Into<String>) -> Self {
        self.more = Some(href.into()).filter(|h| safe_href(h));
        self
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
