//! What can happen to what the organisation supplied. Everything goes to the organisation's log.

use super::model::{Shown, SuppliedId};
use kernel::ids::{EngagementId, PartyId};
use serde::{Deserialize, Serialize};

/// Rows that the organisation supplied were frozen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PopulationShown {
    /// Its id on the organisation's side.
    pub id: SuppliedId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The organisation.
    pub organisation: PartyId,
    /// What it is shown.
    pub shown: Shown,
}

kernel::events! {
    /// What can happen to what the organisation supplied.
    pub enum SuppliedEvent in "supplied" {
        /// Rows that the organisation supplied were frozen under this hash.
        PopulationShown(PopulationShown) = "supplied.population_shown.v1",
    }
}
