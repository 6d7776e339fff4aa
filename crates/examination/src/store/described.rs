//! What the description of the engagement holds, and who stated what of a criterion.

use crate::events::ExaminationEvent;
use crate::model::File;
use crate::rules::criteria::Criterion;
use crate::rules::facts::CriterionFacts;
use crate::store::{Papers, facts, matters_subject};
use controls::model::Control;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result};
use platform::journal;
use scope::catalogue::CriterionId;

impl Papers {
    /// Whether the description of this engagement's system holds a control: it presents those that serve
    /// a criterion of the examination which management does not call inapplicable. A control that is in
    /// the organisation's register for something else is none of this report's.
    #[must_use]
    pub fn describes(&self, control: &Control) -> bool {
        let scope = self.engagement.criteria();
        let left_out = &self.matters.not_applicable;
        control.text.criteria.iter().filter(|c| scope.contains(c)).any(|c| {
            facts::rule_criterion(*c).is_ok_and(|id| !left_out.iter().any(|n| n.criterion == id))
        })
    }
}

/// Whether controls of user entities or of subservice organisations are mapped to a criterion.
pub(super) fn supported_by_others(papers: &Papers, id: Criterion) -> bool {
    facts::cuecs(papers).iter().any(|c| c.criteria.contains(&id))
        || facts::csocs(papers).iter().any(|c| c.criteria.contains(&id))
}

/// Who stated something of a criterion last, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedBy {
    /// The actor of the log's entry.
    pub actor: String,
    /// When it was recorded.
    pub at: Timestamp,
}

/// Who stated what the auditor says of a criterion beyond its controls; nothing where nothing is stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CriterionStated {
    /// What makes up for a failure.
    pub compensation: Option<StatedBy>,
    /// How material a failure is.
    pub materiality: Option<StatedBy>,
}

/// Reads from the log who stated compensation and materiality of a criterion as they stand.
///
/// # Errors
/// When the database refuses or an entry has not the shape of its kind.
pub fn stated_by(
    conn: &mut Conn<'_>,
    file: File,
    criterion: CriterionId,
) -> Result<CriterionStated> {
    let mut out = CriterionStated::default();
    let Ok(id) = facts::rule_criterion(criterion) else { return Ok(out) };
    let weighed = |c: &CriterionFacts| {
        let text = (c.material, c.material_reason.clone(), c.pervasive);
        (text, c.materiality_factors.clone())
    };
    let nothing = ((None, None, false), Vec::new());
    let mut before: Option<CriterionFacts> = None;
    for (entry, _, payload) in journal::history(conn, &matters_subject(file))? {
        let Some(payload) = payload else { continue };
        let event: ExaminationEvent = serde_json::from_slice(&payload)
            .map_err(|e| DbError::Shape(format!("the payload of {}: {e}", entry.id)))?;
        let ExaminationEvent::MattersStated(stated) = event else { continue };
        let now = stated.matters.criteria.into_iter().find(|c| c.id == id);
        let by = || Some(StatedBy { actor: entry.actor.clone(), at: entry.recorded_at });
        let offered = now.as_ref().and_then(|c| c.compensation.clone());
        if offered != before.as_ref().and_then(|c| c.compensation.clone()) {
            out.compensation = offered.and_then(|_| by());
        }
        let judged = now.as_ref().map_or_else(|| nothing.clone(), weighed);
        if judged != before.as_ref().map_or_else(|| nothing.clone(), weighed) {
            out.materiality = Some(&judged).filter(|j| **j != nothing).and_then(|_| by());
        }
        before = now;
    }
    Ok(out)
}
