//! What of the auditor's statements counts, and what waits for a second signature.

use super::model::{Matter, MatterSecond};
use crate::rules::criterion::lifted;
use crate::rules::facts::{Misstatement, Prong, ScopeLimitation};
use crate::store::Papers;
use scope::catalogue::CriterionId;

impl Papers {
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
        let misstatements = self.matters.description.misstatements.iter();
        let misstatements = misstatements.filter(|m| !m.corrected).map(Matter::Misstatement);
        let limits = self.matters.scope_limitations.iter();
        let limits = limits.filter(|l| !lifted(l) && weighed_whole(l)).map(Matter::Limit);
        misstatements
            .chain(limits)
            .filter(|m| m.not_material().is_some() && self.matter_second(*m).is_none())
            .collect()
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
