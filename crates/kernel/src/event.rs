//! The envelope of every fact, and the frozen bytes of a log entry.
//!
//! An entry holds a commitment to its payload, not the payload: `SHA-256(salt ‖ payload)`. Destroying
//! payload and salt erases the content while the tree still verifies.

use crate::ids::{EventId, PartyId};
use crate::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the entry format written today.
pub const ENTRY_FORMAT: u32 = 1;
/// The longest entry that is read, in bytes. Payloads are not part of it.
pub const ENTRY_BYTES_MAX: usize = 4096;

/// A room's events. Made by [`events!`](crate::events).
pub trait DomainEvent: Serialize + DeserializeOwned + Send + 'static {
    /// The room's name; every kind begins with it and a dot.
    const ROOM: &'static str;
    /// Every kind with what it means.
    const KINDS: &'static [(&'static str, &'static str)];
    /// The kind of this event: `cases.reported.v1`.
    fn kind(&self) -> &'static str;
}

/// Declares a room's events as an enum of payload structs, each with its frozen kind.
///
/// ```
/// #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
/// pub struct Opened { pub title: String }
/// kernel::events! {
///     /// What can happen in this room.
///     pub enum RoomEvent in "room" {
///         /// Somebody opened it.
///         Opened(Opened) = "room.opened.v1",
///     }
/// }
/// use kernel::event::DomainEvent;
/// assert_eq!(RoomEvent::Opened(Opened { title: "x".into() }).kind(), "room.opened.v1");
/// ```
#[macro_export]
macro_rules! events {
    ($(#[$outer:meta])* $vis:vis enum $name:ident in $room:literal {
        $( #[doc = $doc:literal] $(#[$attr:meta])* $variant:ident($payload:ty) = $kind:literal ),+ $(,)?
    }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $( #[doc = $doc] $(#[$attr])* #[serde(rename = $kind)] $variant($payload) ),+ }

        impl $crate::event::DomainEvent for $name {
            const ROOM: &'static str = $room;
            const KINDS: &'static [(&'static str, &'static str)] = &[$(($kind, $doc)),+];
            fn kind(&self) -> &'static str { match self { $(Self::$variant(_) => $kind),+ } }
        }
        $( impl From<$payload> for $name { fn from(value: $payload) -> Self { Self::$variant(value) } } )+
    };
}

/// The frozen part of a log entry. Its JSON bytes, made once by [`Entry::to_bytes`], are what the
/// tree holds; they are stored and never made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// [`ENTRY_FORMAT`].
    pub v: u32,
    /// The event's id.
    pub id: EventId,
    /// The party whose log this is.
    pub log: PartyId,
    /// When the product recorded it.
    pub recorded_at: Timestamp,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who: `per_…`, `system:job` or `public`.
    pub actor: String,
    /// The record that it is about: the text of its id.
    pub subject: String,
    /// The version of the subject after this event, from 1.
    pub version: i64,
    /// What kind of fact.
    pub kind: String,
    /// Hex of `SHA-256(salt ‖ payload)`.
    pub payload: String,
}

/// Bytes that are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not a log entry: {0}")]
pub struct NotAnEntry(pub String);

impl Entry {
    /// The entry's bytes. Called once, when the entry is recorded.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // A struct of numbers and strings always serialises.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads stored bytes.
    ///
    /// # Errors
    /// When they are too long, not JSON of this shape, or of a later format.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAnEntry> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(NotAnEntry(format!("{} bytes, at most {ENTRY_BYTES_MAX}", bytes.len())));
        }
        let entry: Self = serde_json::from_slice(bytes).map_err(|e| NotAnEntry(e.to_string()))?;
        if entry.v != ENTRY_FORMAT {
            return Err(NotAnEntry(format!(
                "format {}, this version reads {ENTRY_FORMAT}",
                entry.v
            )));
        }
        Ok(entry)
    }
}

/// The commitment to a payload that an entry holds: hex of `SHA-256(salt ‖ payload)`.
#[must_use]
pub fn payload_commitment(salt: &[u8], payload: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(payload);
    hex::encode(hash.finalize())
}

/// An event as a room's `apply` sees it: the payload with what the envelope says of it.
#[derive(Debug, Clone)]
pub struct Recorded<E> {
    /// The event's id.
    pub id: EventId,
    /// The party whose log holds it.
    pub log: PartyId,
    /// When the product recorded it.
    pub recorded_at: Timestamp,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who.
    pub actor: String,
    /// The record it is about.
    pub subject: String,
    /// The version of the subject after it.
    pub version: i64,
    /// The fact itself.
    pub event: E,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            v: ENTRY_FORMAT,
            id: EventId::new(Timestamp(1), 2),
            log: PartyId::new(Timestamp(1), 3),
            recorded_at: Timestamp(5),
            occurred_at: Timestamp(4),
            actor: "public".into(),
            subject: "cas_x".into(),
            version: 1,
            kind: "cases.reported.v1".into(),
            payload: payload_commitment(b"salt", b"{}"),
        }
    }

    #[test]
    fn bytes_round_trip_and_are_frozen() {
        let bytes = entry().to_bytes();
        assert_eq!(Entry::parse(&bytes).unwrap(), entry());
        // The exact text is part of the format: changing it breaks every log in the world.
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"v\":1,\"id\":\"evt_00000000000000000000000002\",\"log\":\"pty_00000000000000000000000003\",\"recorded_at\":5,\"occurred_at\":4,\"actor\":\"public\",\"subject\":\"cas_x\",\"version\":1,\"kind\":\"cases.reported.v1\",\"payload\":\"3a44b6ecd1cc15d0ad6ab1a3b09e0f6c0e83b7b0e4b1b40ca64c0b4ff0a8f4a7\"}".replace("3a44b6ecd1cc15d0ad6ab1a3b09e0f6c0e83b7b0e4b1b40ca64c0b4ff0a8f4a7", &payload_commitment(b"salt", b"{}"))
        );
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = Entry::parse(&bytes);
        }
    }
}
