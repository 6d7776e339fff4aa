//! What a population covers, where its rows came from, and what the organisation is shown of it.

use evidence::model::EvidenceId;
use kernel::ids::{EngagementId, EventId};
use kernel::period::Date;
use kernel::time::Timestamp;
pub use populations::schema::Kind;
use serde::{Deserialize, Serialize};

kernel::id_kind!(SuppliedId, SuppliedKind, "spl", "supplied population");

/// What a population covers, as the auditor declared when it was frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Occurrences of a period, or how something stood at a moment.
    pub kind: Kind,
    /// The zone in which its days are read.
    pub zone: String,
    /// The first day of the period; for a capture, the earliest date that it speaks for.
    pub from: Date,
    /// The last day of the period; for a capture, the latest date that it speaks for.
    pub to: Date,
}

/// Where the rows came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Origin {
    /// A file that the organisation gave to the firm.
    Organisation,
    /// An item of the organisation's evidence.
    Evidence {
        /// The item.
        evidence: EvidenceId,
    },
    /// The organisation's case register.
    Register,
    /// Something that the firm obtained elsewhere. The organisation is not shown it.
    Firm,
}

impl Origin {
    /// The word stored and shown.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Evidence { .. } => "evidence",
            Self::Register => "register",
            Self::Firm => "firm",
        }
    }

    /// Whether the organisation supplied the rows, and so is shown their hash.
    #[must_use]
    pub const fn is_supplied(&self) -> bool {
        !matches!(self, Self::Firm)
    }
}

/// What the organisation is shown: enough to compare what was frozen with what it gave, and nothing of
/// what it is used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// The population hash.
    pub canonical_sha256: String,
    /// Digest of what the columns mean.
    pub schema_sha256: String,
    /// What the columns mean, as the text that the digest is made of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// What it covers.
    pub coverage: Coverage,
    /// Where the rows came from.
    pub origin: Origin,
    /// When it was frozen.
    pub frozen_at: Timestamp,
}

/// The same as it stands in the organisation's record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SuppliedPopulation {
    /// Its id on the organisation's side.
    pub id: SuppliedId,
    /// The engagement.
    pub engagement: EngagementId,
    /// What is shown.
    #[serde(flatten)]
    pub shown: Shown,
    /// The entry of the organisation's log.
    pub event: EventId,
}
