//! A message that came in, and what was made of it.

use crate::model::CaseId;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(MailId, MailIdKind, "mai", "message");

kernel::words! {
    /// What was made of a message.
    Outcome {
        /// Accepted, and not looked at yet.
        Waiting = "waiting",
        /// A new case.
        Case = "case",
        /// Added to a case by its reporter.
        Reply = "reply",
        /// Set aside for a person.
        Quarantine = "quarantine",
        /// A mail of ours came back, or a program answered it.
        Loop = "loop",
        /// A mail server could not deliver a mail of ours.
        Bounce = "bounce",
    }
}

kernel::words! {
    /// Why a message was set aside, or taken for a loop.
    Reason {
        /// It is what its outcome says.
        None = "none",
        /// The sender's domain says that the mail is not its own (DMARC).
        Forged = "forged",
        /// It is addressed to an address for answers that we never gave.
        Token = "token",
        /// Too many from one sender within an hour.
        Rate = "rate",
        /// Nothing in it can be read.
        Empty = "empty",
        /// It is not a mail, or too long to be read.
        Unreadable = "unreadable",
        /// A program wrote it by itself.
        Automatic = "automatic",
        /// It came by a mailing list or in bulk.
        Bulk = "bulk",
        /// It bears the id of a mail that we sent.
        Ours = "ours",
    }
}

/// What the mail server that we trust found out about the sender (RFC 8601).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authentication {
    /// The server that said so.
    pub server: String,
    /// Whether the sending machine may send for the domain: `pass`, `fail`, `softfail`, …
    pub spf: Option<String>,
    /// Whether a signature of the domain fits.
    pub dkim: Option<String>,
    /// What follows by the domain's own policy.
    pub dmarc: Option<String>,
}

/// A file in a message. It is not taken out of it: the message is kept whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its name, as it may be shown.
    pub name: String,
    /// What the message says that it is.
    pub media_type: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub organisation: PartyId,
    /// The message's name among the files.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: i64,
    /// How it came: `stdin` or `imap`.
    pub via: String,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When it was sorted.
    pub sorted_at: Option<Timestamp>,
    /// What was made of it.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The case that it made or belongs to.
    pub case: Option<CaseId>,
    /// The sender's address; empty where there is none.
    pub sender: String,
    /// Its subject line.
    pub subject: String,
    /// Its `Message-ID`, with its brackets; empty where there is none.
    pub message_id: String,
    /// What the trusted server found out.
    pub auth: Authentication,
    /// The files in it.
    pub attachments: Vec<Attachment>,
    /// When a person decided about it, after it was set aside.
    pub decided_at: Option<Timestamp>,
    /// What they decided, in words.
    pub decision: String,
    /// The version of the record, for forms.
    pub version: i64,
}
