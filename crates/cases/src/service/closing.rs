//! How far a case is from its end.

use crate::model::{Case, Intake};
use crate::rules::closing::{Demands, Missing, Progress, missing};
use crate::service::casework::outcome_told;
use crate::store;
use crate::work::model::Relation;
use crate::work::store as work;
use platform::db::{Conn, Result};

/// What is demanded before a case is concluded: what the policy in force says of such a case, or the
/// usual where it says nothing or none is in force.
///
/// # Errors
/// When the database refuses.
pub fn demands(conn: &mut Conn<'_>, case: &Case) -> Result<Demands> {
    let incident = store::judged(conn, case.organisation, case.id)?.is_some_and(|j| j.incident);
    let plan = crate::policy::store::in_force(conn, case.organisation)?;
    let said = plan.as_ref().zip(case.severity);
    let said = said.and_then(|(plan, severity)| plan.body.closing_needs(severity, incident));
    Ok(said.map_or_else(|| Demands::usual(case.severity, incident), Demands::of))
}

/// How far it has come.
///
/// # Errors
/// When the database refuses.
pub fn progress(conn: &mut Conn<'_>, case: &Case) -> Result<Progress> {
    let (owner, id) = (case.organisation, case.id);
    let actions = work::actions(conn, owner, id)?;
    let notices = work::notices(conn, owner, id)?;
    let unproven = |check: &Option<crate::work::model::Check>| {
        !check.as_ref().is_some_and(|check| check.effective)
    };
    Ok(Progress {
        impact: store::impact(conn, owner, id)?.is_some(),
        cause: store::cause(conn, owner, id)?.is_some(),
        actions: actions.len(),
        actions_open: actions.iter().filter(|a| a.done.is_none()).count(),
        actions_unproven: actions.iter().filter(|a| a.done.is_some() && unproven(&a.check)).count(),
        tasks_open: work::tasks(conn, owner, id)?.iter().filter(|t| t.done.is_none()).count(),
        reviews: store::reviews(conn, owner, id)?.len(),
        notices: notices.len(),
        notices_unsent: notices.iter().filter(|n| n.text.duty && n.sent.is_none()).count(),
        // A row of another register brought no reporter along.
        reporter_told: case.intake == Intake::Imported || outcome_told(conn, case)?,
        duplicate: work::links(conn, owner, id)?
            .iter()
            .any(|l| l.case == id && l.relation == Relation::DuplicateOf),
    })
}

/// What is missing before it may be concluded.
///
/// # Errors
/// When the database refuses.
pub fn missing_of(conn: &mut Conn<'_>, case: &Case) -> Result<Vec<Missing>> {
    let demands = demands(conn, case)?;
    Ok(missing(&demands, &progress(conn, case)?))
}
