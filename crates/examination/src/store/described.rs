//! What the description of the engagement holds, and who stated what of a criterion.

use crate::events::ExaminationEvent;
use crate::model::File;
use crate::rules::criteria::Criterion;
use crate::rules::facts::{Answer, CriterionFacts, MaterialityFactor, Status};
use crate::store::{Papers, facts, matters_subject};
use controls::model::Control;
use kernel::ids::EventId;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, read_json};
use platform::journal;
use platform::params;
use scope::catalogue::CriterionId;
use serde::Serialize;

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

impl Papers {
    /// The second signature under what is stated now: that the failure of a criterion is not material.
    #[must_use]
    pub fn materiality_second(&self, stated: &CriterionFacts) -> Option<&MaterialitySecond> {
        self.materiality_seconds.iter().find(|second| second.covers(stated))
    }

    /// Criteria that are not met, that somebody judged not material, and that would count as not material
    /// once somebody else has signed.
    #[must_use]
    pub fn materiality_open(&self) -> Vec<Criterion> {
        let unsigned = |id: Criterion| {
            let stated = self.matters.criteria.iter().find(|c| c.id == id);
            stated
                .is_some_and(|c| c.material == Some(false) && self.materiality_second(c).is_none())
        };
        let found = super::criteria_proposed(self).unwrap_or_default();
        found
            .into_iter()
            .filter(|f| f.worst() != Status::Met && unsigned(f.id))
            .filter(|f| matches!(f.assurance, None | Some(Answer::Yes)))
            .map(|f| f.id)
            .collect()
    }
}

/// The second signatures under judgements of materiality of a file.
pub(super) fn materiality_seconds(
    conn: &mut Conn<'_>,
    file: File,
) -> Result<Vec<MaterialitySecond>> {
    conn.query(
        "SELECT * FROM exam_materiality_second WHERE engagement = $1 AND firm = $2 ORDER BY criterion",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        let criterion: String = row.get("criterion")?;
        Ok(MaterialitySecond {
            criterion: criterion
                .parse()
                .map_err(|_| DbError::Shape(format!("a signature under {criterion}")))?,
            reason: row.get("reason")?,
            factors: read_json(row, "factors")?,
            remark: row.get("remark")?,
            signer: row.get("signer")?,
            signed_at: row.get("signed_at")?,
            event: row.get("event")?,
        })
    })
    .collect()
}

/// Whether controls of user entities or of subservice organisations are mapped to a criterion.
pub(super) fn supported_by_others(papers: &Papers, id: Criterion) -> bool {
    facts::cuecs(papers).iter().any(|c| c.criteria.contains(&id))
        || facts::csocs(papers).iter().any(|c| c.criteria.contains(&id))
}

/// A second person's signature under the judgement that the failure of a criterion is not material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MaterialitySecond {
    /// The criterion.
    pub criterion: CriterionId,
    /// The reason that was signed; another one needs another signature.
    pub reason: String,
    /// The factors that were signed.
    pub factors: Vec<MaterialityFactor>,
    /// Why this person agrees.
    pub remark: String,
    /// Who.
    pub signer: String,
    /// When.
    pub signed_at: Timestamp,
    /// The entry.
    pub event: EventId,
}

impl MaterialitySecond {
    /// Whether the signature is of what is stated now.
    #[must_use]
    pub fn covers(&self, stated: &CriterionFacts) -> bool {
        stated.id.to_string() == self.criterion.to_string()
            && stated.material == Some(false)
            && stated.material_reason.as_deref() == Some(&self.reason)
            && stated.materiality_factors == self.factors
    }
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
