//! What can happen in this subject. Kinds are frozen: a changed shape is a new version.

use super::model::{DeficiencyId, DeficiencyText, Mended, Origin, RiskId, RiskText, Told};
use kernel::ids::PartyId;
use serde::{Deserialize, Serialize};

/// A risk as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RiskStated {
    /// Its id.
    pub id: RiskId,
    /// The organisation.
    pub organisation: PartyId,
    /// What is said of it.
    pub text: RiskText,
    /// What opened or changed it.
    pub origin: Origin,
    /// Why it was changed; empty for a new one.
    pub reason: String,
}

/// A risk is no longer watched.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RiskClosed {
    /// Why.
    pub reason: String,
}

/// A control failed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeficiencyOpened {
    /// Its id.
    pub id: DeficiencyId,
    /// The organisation.
    pub organisation: PartyId,
    /// What is said of it.
    pub text: DeficiencyText,
    /// Where it came from.
    pub origin: Origin,
}

/// A deficiency was told to those who answer for the organisation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeficiencyTold {
    /// To whom, and when.
    #[serde(flatten)]
    pub told: Told,
}

/// A deficiency was mended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeficiencyMended {
    /// How, and what proves it.
    #[serde(flatten)]
    pub mended: Mended,
}

kernel::events! {
    /// What can happen to risks and deficiencies.
    pub enum RiskEvent in "risks" {
        /// A risk was stated, or stated anew with the reason.
        RiskStated(RiskStated) = "risks.risk_stated.v1",
        /// A risk is no longer watched.
        RiskClosed(RiskClosed) = "risks.risk_closed.v1",
        /// A control failed: a deficiency was opened.
        DeficiencyOpened(DeficiencyOpened) = "risks.deficiency_opened.v1",
        /// A deficiency was told to those who answer for the organisation.
        DeficiencyTold(DeficiencyTold) = "risks.deficiency_told.v1",
        /// A deficiency was mended, with what proves it.
        DeficiencyMended(DeficiencyMended) = "risks.deficiency_mended.v1",
    }
}
