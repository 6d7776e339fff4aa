//! Views of the register and tags.

use kernel::ids::{PartyId, PersonId};
use serde::{Deserialize, Serialize};

kernel::id_kind!(ViewId, ViewIdKind, "cvw", "saved view");

/// The longest name of a view or tag, in characters.
pub const NAME_MAX: usize = 60;
/// The longest set of filters, in bytes.
pub const QUERY_BYTES_MAX: usize = 2_000;
/// Views that one person keeps at most.
pub const VIEWS_MAX: usize = 50;
/// Tags of one case at most.
pub const TAGS_MAX: usize = 20;

/// A set of filters under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// The organisation.
    pub organisation: PartyId,
    /// Who keeps it.
    pub owner: PersonId,
    /// What it is called.
    pub name: String,
    /// The filters as they stand in an address, without `?`.
    pub query: String,
    /// Whether everybody of the organisation who reads cases sees it.
    pub shared: bool,
    /// The version of its record.
    pub version: i64,
}

/// What is done with several cases at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BulkAct {
    /// Makes a person answer for them.
    Assign(PersonId),
    /// Puts a tag on them.
    Tag(String),
    /// Takes a tag off them.
    Untag(String),
    /// Concludes them with this outcome.
    Close(String),
}
