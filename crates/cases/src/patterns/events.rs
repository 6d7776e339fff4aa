//! What can happen to pairs of cases. Kinds are frozen: a changed shape is a new version.

use super::rules::proposals::Method;
use crate::model::CaseId;
use kernel::ids::PartyId;
use serde::{Deserialize, Serialize};

/// A person decided about two cases. A later decision about the same two replaces it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkDecided {
    /// The organisation.
    pub organisation: PartyId,
    /// The case reported first.
    pub earlier: CaseId,
    /// The case reported later.
    pub later: CaseId,
    /// Whether they are the same matter.
    pub same: bool,
    /// By what the pair was proposed; none where a person named it.
    pub method: Option<Method>,
    /// The likeness of the texts when it was decided, in thousandths.
    pub likeness: i64,
    /// Why.
    pub reason: String,
}

impl LinkDecided {
    /// Under which subject the decisions about two cases are recorded.
    #[must_use]
    pub fn subject(earlier: CaseId, later: CaseId) -> String {
        format!("{earlier}~{later}")
    }
}

kernel::events! {
    /// What can happen to pairs of cases.
    pub enum PatternEvent in "patterns" {
        /// A person decided whether two cases are the same matter.
        LinkDecided(LinkDecided) = "patterns.link_decided.v1",
    }
}
