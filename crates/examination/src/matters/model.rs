//! What of the auditor's statements can be judged not material, and the second signature under it.

use crate::rules::facts::{Misstatement, ScopeLimitation};
use kernel::ids::EventId;
use kernel::time::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// One statement that can be judged not material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter<'a> {
    /// A misstatement of the description.
    Misstatement(&'a Misstatement),
    /// A limit on the scope.
    Limit(&'a ScopeLimitation),
}

impl Matter<'_> {
    /// What was stated, in a sentence.
    #[must_use]
    pub fn what(&self) -> &str {
        match self {
            Self::Misstatement(m) => &m.what,
            Self::Limit(l) => &l.what,
        }
    }

    /// Why it is held not to be material, where it is.
    #[must_use]
    pub fn not_material(&self) -> Option<&str> {
        let (material, reason) = match self {
            Self::Misstatement(m) => (m.material, m.material_reason.as_deref()),
            Self::Limit(l) => (l.material, l.material_reason.as_deref()),
        };
        reason.filter(|_| material == Some(false))
    }

    /// SHA-256 of the whole statement, as 64 hexadecimal digits: what a second person signs. Whatever changes in
    /// the statement needs a signature anew.
    #[must_use]
    pub fn sha256(&self) -> String {
        // Texts, words and flags always serialise.
        let text = match self {
            Self::Misstatement(m) => serde_json::to_string(&("misstatement", m)),
            Self::Limit(l) => serde_json::to_string(&("limit", l)),
        };
        hex::encode(Sha256::digest(text.unwrap_or_default()))
    }
}

/// A second person's signature under the judgement that a misstatement or a limit is not material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatterSecond {
    /// The statement that was signed ([`Matter::sha256`]).
    pub sha256: String,
    /// Why this person agrees.
    pub remark: String,
    /// Who.
    pub signer: String,
    /// When.
    pub signed_at: Timestamp,
    /// The entry.
    pub event: EventId,
}
