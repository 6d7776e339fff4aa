//! What can happen to sources and their messages. Kinds are frozen: a changed shape is a new version.

use super::model::{DeliveryId, Places, SourceId};
use crate::model::CaseId;
use serde::{Deserialize, Serialize};

/// A source as it stands after the event. Its secret is not here.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceStated {
    /// Its id.
    pub id: SourceId,
    /// What it is called.
    pub name: String,
    /// The channel's name on its cases.
    pub channel: String,
    /// Where its reports stand.
    pub places: Places,
}

/// A source got a new secret; the one before no longer signs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SecretMade {
    /// The source.
    pub id: SourceId,
}

/// Nothing more is taken from a source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceStopped {
    /// The source.
    pub id: SourceId,
}

/// A signed message made a case, or spoke of one that it had made before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageTaken {
    /// Its id here.
    pub id: DeliveryId,
    /// The source.
    pub source: SourceId,
    /// Its `webhook-id`.
    pub message: String,
    /// SHA-256 of its body.
    pub body: String,
    /// SHA-256 of its signature.
    pub signature: String,
    /// What the source calls the matter.
    pub reference: String,
    /// The case.
    pub case: CaseId,
    /// Whether the case was there before.
    pub again: bool,
}

/// A signed message could not be read, and is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageUnread {
    /// Its id here.
    pub id: DeliveryId,
    /// The source.
    pub source: SourceId,
    /// Its `webhook-id`.
    pub message: String,
    /// SHA-256 of its body, which is also its name among the files.
    pub body: String,
    /// SHA-256 of its signature.
    pub signature: String,
    /// Why.
    pub fault: String,
}

/// A person made a case of a message that could not be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageReleased {
    /// Its id here.
    pub id: DeliveryId,
    /// The case.
    pub case: CaseId,
    /// Why.
    pub decision: String,
}

/// A person decided that a message that could not be read is no report.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageDismissed {
    /// Its id here.
    pub id: DeliveryId,
    /// Why.
    pub decision: String,
}

kernel::events! {
    /// What can happen to sources and their messages.
    pub enum HookEvent in "hooks" {
        /// A source was stated, or stated anew.
        Stated(SourceStated) = "hooks.source_stated.v1",
        /// A source got a new secret.
        SecretMade(SecretMade) = "hooks.secret_made.v1",
        /// Nothing more is taken from a source.
        Stopped(SourceStopped) = "hooks.source_stopped.v1",
        /// A signed message made a case, or spoke of one again.
        Taken(MessageTaken) = "hooks.message_taken.v1",
        /// A signed message could not be read, and is kept.
        Unread(MessageUnread) = "hooks.message_unread.v1",
        /// A person made a case of one that could not be read.
        Released(MessageReleased) = "hooks.message_released.v1",
        /// A person dismissed one that could not be read.
        Dismissed(MessageDismissed) = "hooks.message_dismissed.v1",
    }
}
