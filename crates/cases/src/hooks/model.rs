//! Systems that report, and their messages.

use crate::model::CaseId;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(SourceId, SourceIdKind, "hks", "source of messages");
kernel::id_kind!(DeliveryId, DeliveryIdKind, "hkd", "message of another system");

/// Where in a source's messages a report stands: JSON pointers (RFC 6901); an empty one stands for
/// nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// What the source calls the matter: the same matter again makes no second case.
    pub reference: String,
    /// In a few words.
    pub title: String,
    /// In full.
    pub description: String,
    /// `failure`, `incident`, `concern` or `complaint`; what is none of them is a concern.
    pub kind: String,
    /// When it happened, in RFC 3339.
    pub occurred_at: String,
    /// How to reach the reporter.
    pub contact: String,
}

impl Default for Places {
    fn default() -> Self {
        let of = |name: &str| format!("/data/{name}");
        Self {
            reference: of("id"),
            title: of("title"),
            description: of("description"),
            kind: of("kind"),
            occurred_at: of("occurred_at"),
            contact: of("contact"),
        }
    }
}

/// A system that reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id, which stands in its address.
    pub id: SourceId,
    /// To whom it reports.
    pub organisation: PartyId,
    /// What it is called.
    pub name: String,
    /// The channel's name on its cases.
    pub channel: String,
    /// Where its reports stand.
    pub places: Places,
    /// Since when.
    pub made_at: Timestamp,
    /// Since when nothing is taken from it.
    pub stopped_at: Option<Timestamp>,
    /// The version of the record, for forms.
    pub version: i64,
}

/// A message that was signed and new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id here.
    pub id: DeliveryId,
    /// The source.
    pub source: SourceId,
    /// Its `webhook-id`.
    pub message: String,
    /// Lower-case hexadecimal SHA-256 of its body.
    pub body: String,
    /// The same of the signature by which it first came.
    pub signature: String,
    /// What the source calls the matter; empty where it says nothing.
    pub reference: String,
    /// When it came.
    pub at: Timestamp,
    /// The case that it made or spoke of again.
    pub case: Option<CaseId>,
    /// Where its body is kept because it could not be read; else empty.
    pub kept: String,
    /// Why it could not be read; else empty.
    pub fault: String,
    /// When a person decided about it.
    pub decided_at: Option<Timestamp>,
    /// What they decided.
    pub decision: String,
    /// The version of the record, for forms.
    pub version: i64,
}
