//! What an analysis knows of a case and of each change of it.

use kernel::time::Timestamp;

use crate::rules::import::{CaseSnapshot, CaseState, ChangeOrder, ImportedChange};

/// A case as it stands. Words are those of the register the case was kept in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFacts {
    /// The case's number, unique among the cases analysed.
    pub number: String,
    /// State, as written.
    pub state: Option<String>,
    /// Whether something is still expected to happen to it.
    pub active: Option<bool>,
    /// Priority, as written.
    pub priority: Option<String>,
    /// Impact, as written.
    pub impact: Option<String>,
    /// Urgency, as written.
    pub urgency: Option<String>,
    /// Channel by which it came.
    pub contact_type: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Subcategory.
    pub subcategory: Option<String>,
    /// What the reporter noticed.
    pub symptom: Option<String>,
    /// Who reported it.
    pub caller: Option<String>,
    /// The group that handles it.
    pub assignment_group: Option<String>,
    /// When it was reported.
    pub opened_at: Option<Timestamp>,
    /// When a person first confirmed it or began to act.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The last change known of it.
    pub updated_at: Option<Timestamp>,
    /// Whether the promised times were kept.
    pub sla_made: Option<bool>,
    /// How often it was reopened, the greatest count any change states.
    pub reopen_count: u32,
    /// How often it changed hands.
    pub reassignment_count: u32,
    /// Whether it is linked to a problem record.
    pub has_problem: bool,
    /// Whether it is linked to a change request that is to solve it.
    pub has_change_request: bool,
    /// Whether a change is named as its cause.
    pub caused_by_change: bool,
}

impl From<&CaseSnapshot> for CaseFacts {
    fn from(snapshot: &CaseSnapshot) -> Self {
        let fields = &snapshot.fields;
        Self {
            number: snapshot.key.clone(),
            state: fields.state_source.clone(),
            active: fields.active.or_else(|| fields.state.map(|state| !state.is_concluded())),
            priority: fields.priority.clone(),
            impact: fields.impact.clone(),
            urgency: fields.urgency.clone(),
            contact_type: fields.contact_type.clone(),
            category: fields.category.clone(),
            subcategory: fields.subcategory.clone(),
            symptom: fields.symptom.clone(),
            caller: fields.caller.clone(),
            assignment_group: fields.assignment_group.clone(),
            opened_at: fields.opened_at,
            acknowledged_at: fields.acknowledged_at.or(snapshot.left_new_at),
            resolved_at: fields.resolved_at,
            closed_at: fields.closed_at,
            updated_at: fields.updated_at,
            sla_made: fields.sla_made,
            reopen_count: snapshot.reopen_count_max,
            reassignment_count: fields.reassignment_count.unwrap_or(0),
            has_problem: fields.problem.is_some(),
            has_change_request: fields.change_request.is_some(),
            caused_by_change: fields.caused_by.is_some(),
        }
    }
}

/// One change of a case: what the case looked like from then on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeFacts {
    /// Its place among the changes of the case.
    pub order: ChangeOrder,
    /// When it was made.
    pub updated_at: Option<Timestamp>,
    /// When the record of the case was made, as this change states it.
    pub created_at: Option<Timestamp>,
    /// State, as written.
    pub state: Option<String>,
    /// State, in our words.
    pub state_meaning: Option<CaseState>,
    /// Whether something was still expected to happen.
    pub active: Option<bool>,
    /// Priority, as written.
    pub priority: Option<String>,
    /// When the case was reported, as this change states it.
    pub opened_at: Option<Timestamp>,
    /// When it was resolved, as this change states it.
    pub resolved_at: Option<Timestamp>,
    /// Whether the promised times had been kept so far.
    pub sla_made: Option<bool>,
}

impl From<&ImportedChange> for ChangeFacts {
    fn from(change: &ImportedChange) -> Self {
        let fields = &change.fields;
        Self {
            order: change.order.clone(),
            updated_at: fields.updated_at,
            created_at: fields.created_at,
            state: fields.state_source.clone(),
            state_meaning: fields.state,
            active: fields.active.or_else(|| fields.state.map(|state| !state.is_concluded())),
            priority: fields.priority.clone(),
            opened_at: fields.opened_at,
            resolved_at: fields.resolved_at,
            sla_made: fields.sla_made,
        }
    }
}
