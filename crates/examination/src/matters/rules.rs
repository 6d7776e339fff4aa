//! What of the auditor's statements counts, and what waits for a second signature.

use super::model::{Matter, MatterSecond};
use crate::model::Matters;
use crate::rules::criterion::lifted;
use crate::rules::facts::{Misstatement, Prong, ScopeLimitation};
use crate::store::Papers;
use scope::catalogue::CriterionId;

/// How a statement counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Management corrected the misstatement before the report is issued.
    Corrected,
    /// Other evidence made up for the limit.
    Lifted,
    /// The limit is weighed with each criterion that it names.
    WithCriteria,
    /// Not material, and signed by two.
    NotMaterial,
    /// Judged not material by one person; counts until another has signed.
    Awaits,
    /// As material.
    Counts,
}

/// The statements of a document that can be judged not material.
pub fn judgeable(matters: &Matters) -> impl Iterator<Item = Matter<'_>> {
    let misstatements = matters.description.misstatements.iter().map(Matter::Misstatement);
    misstatements.chain(matters.scope_limitations.iter().map(Matter::Limit))
}

impl Papers {
    /// How a statement counts.
    #[must_use]
    pub fn weight(&self, matter: Matter<'_>) -> Weight {
        match matter {
            Matter::Misstatement(m) if m.corrected => return Weight::Corrected,
            Matter::Limit(l) if lifted(l) => return Weight::Lifted,
            Matter::Limit(l) if !weighed_whole(l) => return Weight::WithCriteria,
            _ => {}
        }
        match (matter.not_material(), self.matter_second(matter)) {
            (Some(_), Some(_)) => Weight::NotMaterial,
            (Some(_), None) => Weight::Awaits,
            _ => Weight::Counts,
        }
    }

    /// The criteria in scope, without those that management calls not relevant and the firm agrees to leave out.
    #[must_use]
    pub fn criteria(&self) -> Vec<CriterionId> {
        let left_out = &self.matters.not_applicable;
        let left =
            |c: &CriterionId| left_out.iter().any(|n| n.criterion.to_string() == c.to_string());
        self.engagement.criteria().into_iter().filter(|c| !left(c)).collect()
    }

    /// The second signature under a statement as it stands.
    #[must_use]
    pub fn matter_second(&self, matter: Matter<'_>) -> Option<&MatterSecond> {
        let digest = matter.sha256();
        self.matter_seconds.iter().find(|second| second.sha256 == digest)
    }

    /// Statements that somebody judged not material and that count as material until somebody else has signed.
    #[must_use]
    pub fn matters_open(&self) -> Vec<Matter<'_>> {
        judgeable(&self.matters).filter(|m| self.weight(*m) == Weight::Awaits).collect()
    }

    /// The misstatements as they count: what nobody has signed as second person is not cleared.
    #[must_use]
    pub fn misstatements_weighed(&self) -> Vec<Misstatement> {
        let mut out = self.matters.description.misstatements.clone();
        for stated in &mut out {
            if self.matter_second(Matter::Misstatement(stated)).is_none() {
                stated.material = stated.material.filter(|material| *material);
            }
        }
        out
    }

    /// The limits on the scope as they count.
    #[must_use]
    pub fn limits_weighed(&self) -> Vec<ScopeLimitation> {
        let mut out = self.matters.scope_limitations.clone();
        for stated in &mut out {
            if self.matter_second(Matter::Limit(stated)).is_none() {
                stated.material = stated.material.filter(|material| *material);
            }
        }
        out
    }
}

/// Whether a limit is weighed by itself. One that names criteria is weighed with them, each with a judgement of
/// its own; only the description has no criteria to carry it.
#[must_use]
pub fn weighed_whole(limit: &ScopeLimitation) -> bool {
    limit.criteria.is_empty() || limit.prongs.contains(&Prong::Description)
}
