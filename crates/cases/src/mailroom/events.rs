//! What can happen to mail that comes in. Kinds are frozen: a changed shape is a new version.

use super::model::{Attachment, Authentication, MailId, Outcome, Reason};
use crate::model::CaseId;
use serde::{Deserialize, Serialize};

/// A message was accepted and is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailAccepted {
    /// Its id.
    pub id: MailId,
    /// Its name among the files.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: i64,
    /// How it came: `stdin` or `imap`.
    pub via: String,
}

/// What was made of a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailSorted {
    /// Its id.
    pub id: MailId,
    /// What.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The case that it made or belongs to.
    pub case: Option<CaseId>,
    /// The sender's address; empty where there is none.
    pub sender: String,
    /// Its subject line.
    pub subject: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// What the trusted server found out about the sender.
    pub auth: Authentication,
    /// The files in it.
    pub attachments: Vec<Attachment>,
}

/// A message that was set aside is a report after all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailReleased {
    /// Its id.
    pub id: MailId,
    /// The case that was made of it.
    pub case: CaseId,
    /// Why.
    pub decision: String,
}

/// A message that was set aside is no report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailDismissed {
    /// Its id.
    pub id: MailId,
    /// Why.
    pub decision: String,
}

kernel::events! {
    /// What can happen to mail that comes in.
    pub enum MailEvent in "mailroom" {
        /// A message was accepted: it is kept whole.
        Accepted(MailAccepted) = "mailroom.accepted.v1",
        /// It was sorted: a case, a reply, set aside, a loop, a bounce.
        Sorted(MailSorted) = "mailroom.sorted.v1",
        /// One that was set aside became a case.
        Released(MailReleased) = "mailroom.released.v1",
        /// One that was set aside is no report, with the reason.
        Dismissed(MailDismissed) = "mailroom.dismissed.v1",
    }
}
