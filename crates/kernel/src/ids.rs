//! Ids that carry their kind and sort by the time they were made.
//!
//! Written `cas_01KAB…`: three letters for the kind, an underscore, and a ULID in Crockford's
//! base 32 (48 bits of milliseconds, 80 bits of randomness). The kind is part of the type, so an id
//! of one kind cannot be passed where another is meant, and part of the text, so that a person who
//! meets one in a log knows what it names.

use crate::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

/// What an id names. Implemented by the marker types that [`id_kind!`](crate::id_kind) makes.
pub trait Kind: 'static {
    /// Three lower-case letters, unique in the product.
    const PREFIX: &'static str;
    /// The word a person would use.
    const NOUN: &'static str;
}

/// An id of kind `K`.
pub struct Id<K>(u128, PhantomData<fn() -> K>);

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\u{201c}{text}\u{201d} is not the id of a {noun}: it should look like {prefix}_01ABCDEFGHJKMNPQRSTVWXYZ00"
)]
pub struct NotAnId {
    /// What was given, cut to 64 characters.
    pub text: String,
    /// What was wanted.
    pub noun: &'static str,
    /// The prefix that was wanted.
    pub prefix: &'static str,
}

impl<K: Kind> Id<K> {
    /// Makes an id from a time and 80 bits of randomness (the upper 48 bits given are ignored).
    #[must_use]
    pub fn new(at: Timestamp, random: u128) -> Self {
        Self(ulid::Ulid::from_parts(at.unix_millis(), random).0, PhantomData)
    }

    /// The 128 bits, for keys that sort.
    #[must_use]
    pub const fn to_u128(self) -> u128 {
        self.0
    }

    /// An id from its 128 bits; used for ids derived from a digest, such as those of imported rows.
    #[must_use]
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits, PhantomData)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0u8; ulid::ULID_LEN];
        // Each event writes a dozen of these: three plain parts cost half of what a format does.
        f.write_str(K::PREFIX)?;
        f.write_str("_")?;
        f.write_str(ulid::Ulid(self.0).array_to_str(&mut buffer))
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<K: Kind> FromStr for Id<K> {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let refuse = || NotAnId {
            text: crate::refusal::excerpt(text, 64),
            noun: K::NOUN,
            prefix: K::PREFIX,
        };
        let body = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or_else(refuse)?;
        let ulid = ulid::Ulid::from_string(body).map_err(|_| refuse())?;
        let id = Self(ulid.0, PhantomData);
        // One text per id: other spellings of the same bits are refused.
        if id.to_string() == text { Ok(id) } else { Err(refuse()) }
    }
}
impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Declares a kind of id: `id_kind!(CaseId, CaseKind, "cas", "case");`
#[macro_export]
macro_rules! id_kind {
    ($alias:ident, $marker:ident, $prefix:literal, $noun:literal) => {
        #[doc = concat!("Marks ids of a ", $noun, " (`", $prefix, "_…`).")]
        #[derive(Debug)]
        pub enum $marker {}
        impl $crate::ids::Kind for $marker {
            const PREFIX: &'static str = $prefix;
            const NOUN: &'static str = $noun;
        }
        #[doc = concat!("The id of a ", $noun, ", written `", $prefix, "_…`.")]
        pub type $alias = $crate::ids::Id<$marker>;
    };
}

id_kind!(PartyId, PartyKind, "pty", "party");
id_kind!(PersonId, PersonKind, "per", "person");
id_kind!(EngagementId, EngagementKind, "eng", "engagement");
id_kind!(EventId, EventKind, "evt", "event");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_carries_the_kind_and_sorts_by_time() {
        let a = PersonId::new(Timestamp(1_000_000), u128::MAX);
        let b = PersonId::new(Timestamp(2_000_000), 0);
        assert!(a < b && a.to_string() < b.to_string());
        assert!(a.to_string().starts_with("per_"));
        assert_eq!(a.to_string().parse::<PersonId>().unwrap(), a);
        let refused = a.to_string().parse::<PartyId>().unwrap_err();
        assert!(refused.to_string().contains("not the id of a party"));
    }

    #[test]
    fn other_spellings_of_the_same_bits_are_refused() {
        let id = PersonId::new(Timestamp(1_700_000_000_000_000), 7).to_string();
        assert!(id.to_lowercase().parse::<PersonId>().is_err());
        assert!(format!("{id} ").parse::<PersonId>().is_err());
    }

    proptest::proptest! {
        #[test]
        fn every_id_round_trips(bits in proptest::num::u128::ANY) {
            let id = EventId::from_u128(bits);
            proptest::prop_assert_eq!(id.to_string().parse::<EventId>().unwrap(), id);
        }

        #[test]
        fn no_text_panics(text in ".{0,64}") {
            let _ = text.parse::<EventId>();
        }
    }
}
