//! A paper as it is written and as it is kept.

use kernel::ids::{EngagementId, EventId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A paper as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Written<T> {
    /// The engagement.
    pub engagement: EngagementId,
    /// Its name among those of its kind.
    pub key: String,
    /// What it says.
    pub body: T,
}

/// A paper as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    /// Its name among those of its kind.
    pub key: String,
    /// What it says.
    pub body: T,
    /// Who wrote it last: `per_…`.
    pub actor: String,
    /// When.
    pub at: Timestamp,
    /// The version, for forms.
    pub version: i64,
    /// The entry of the log.
    pub event: EventId,
}

/// Which paper of a list: a new one, or one at the version that was seen.
pub type At = Option<(String, i64)>;
