//! What can happen to sealed content. Kinds are frozen: a changed shape is a new version. The subject of
//! these events is the case's seal, so that an opening does not make a handler's form stale.

use crate::model::{CaseId, CaseKind, CaseState, Privacy, Severity};
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A part of a case was sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContentSealed {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// `report`, or `message:3` and `note:4` with the version of the entry whose text it is.
    pub part: String,
    /// Nonce, ciphertext and tag in base 64.
    pub body: String,
}

/// A file was sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FileSealed {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The digest of the sealed bytes in the vault.
    pub sha256: String,
    /// The length before sealing, in bytes.
    pub bytes: i64,
    /// What it is by its bytes.
    pub media_type: String,
    /// Its own number, from which its key follows, in base 64.
    pub number: String,
    /// Name and more: nonce, ciphertext and tag in base 64.
    pub details: String,
}

/// Somebody opened what is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SealOpened {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who.
    pub person: PersonId,
}

/// From now on these people alone may open it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SealRestricted {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who.
    pub readers: Vec<PersonId>,
    /// Why.
    pub reason: String,
}

/// It must not be destroyed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldPlaced {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// Why.
    pub reason: String,
}

/// It may be destroyed again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldReleased {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// Why.
    pub reason: String,
}

/// The key was destroyed; what remains of the case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyDestroyed {
    /// The case.
    pub case: CaseId,
    /// The organisation.
    pub organisation: PartyId,
    /// The public number.
    pub tracking_number: String,
    /// What was reported.
    pub kind: CaseKind,
    /// How much of it was open.
    pub privacy: Privacy,
    /// How much harm was at stake.
    pub severity: Option<Severity>,
    /// Where it stood.
    pub state: CaseState,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When a person first confirmed it.
    pub acknowledged_at: Option<Timestamp>,
    /// When the work was done.
    pub resolved_at: Option<Timestamp>,
    /// When it was concluded.
    pub closed_at: Option<Timestamp>,
    /// How many texts were destroyed.
    pub texts: i64,
    /// How many files were destroyed.
    pub files: i64,
    /// Days for which it was kept after it was concluded.
    pub retention_days: i64,
    /// The version of the reporting policy that set them; none where they were the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<i64>,
    /// Why.
    pub reason: String,
}

kernel::events! {
    /// What can happen to sealed content.
    pub enum SealedEvent in "sealed" {
        /// A part of a case was sealed.
        ContentSealed(ContentSealed) = "sealed.content_sealed.v1",
        /// A file of a case was sealed.
        FileSealed(FileSealed) = "sealed.file_sealed.v1",
        /// Somebody opened what is sealed.
        SealOpened(SealOpened) = "sealed.opened.v1",
        /// Some people alone may open it from now on.
        SealRestricted(SealRestricted) = "sealed.restricted.v1",
        /// A legal hold was placed on it.
        HoldPlaced(HoldPlaced) = "sealed.hold_placed.v1",
        /// The legal hold was taken away.
        HoldReleased(HoldReleased) = "sealed.hold_released.v1",
        /// Its key was destroyed; the skeleton of the case stays.
        KeyDestroyed(KeyDestroyed) = "sealed.key_destroyed.v1",
    }
}
