//! Commands: permit, load, decide, record.

use super::events::{DecisionApproved, DecisionPrepared, DecisionReturned, DisclosureEvent};
use super::model::{Answer, Decision, DecisionState, DecisionText, DisclosureId, Draft};
use super::permits::{ApproveDisclosure, PrepareDisclosure};
use super::{rules, store};
use crate::model::{Case, CaseId, Intake, Severity};
use crate::service::TEXT_MAX;
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};
use scope::catalogue::ReportType;
use scope::model::Engagement;

/// The incidents that a description could disclose: those of the period, or, for a report as of a date,
/// those that were not resolved on it. Grave ones first.
///
/// # Errors
/// When the database refuses.
pub fn incidents(conn: &mut Conn<'_>, engagement: &Engagement) -> Result<Vec<Case>> {
    let (from, before) = (engagement.period.starts_at(), engagement.period.ends_before());
    let mut all = match engagement.report_type {
        ReportType::Type2 => {
            crate::store::incidents(conn, engagement.organisation, Some(from), before)?
        }
        ReportType::Type1 => crate::store::incidents(conn, engagement.organisation, None, before)?
            .into_iter()
            .filter(|case| case.resolved_at.is_none_or(|at| at >= from))
            .collect(),
    };
    all.sort_by_key(|case| (case.severity, case.reported_at));
    Ok(all)
}

/// How many incidents of an engagement have no approved decision.
///
/// # Errors
/// When the database refuses.
pub fn undecided(conn: &mut Conn<'_>, engagement: &Engagement) -> Result<usize> {
    let decisions = store::decisions(conn, engagement.id)?;
    let approved = |case: &Case| {
        decisions.iter().any(|d| d.case == Some(case.id) && d.state == DecisionState::Approved)
    };
    Ok(incidents(conn, engagement)?.iter().filter(|case| !approved(case)).count())
}

/// The numbers of the critical incidents of an engagement that were handled here and whose disclosure nobody
/// has decided and approved. A statement about the whole period does not stand in for them; incidents that
/// were taken over from another register are the description's own words.
///
/// # Errors
/// When the database refuses.
pub fn grave_undecided(conn: &mut Conn<'_>, engagement: &Engagement) -> Result<Vec<String>> {
    let decisions = store::decisions(conn, engagement.id)?;
    let approved = |case: &Case| {
        decisions.iter().any(|d| d.case == Some(case.id) && d.state == DecisionState::Approved)
    };
    Ok(incidents(conn, engagement)?
        .into_iter()
        .filter(|case| case.severity == Some(Severity::Critical) && case.intake == Intake::Filed)
        .filter(|case| !approved(case))
        .map(|case| case.tracking_number)
        .collect())
}

fn engagement_of<A>(conn: &mut Conn<'_>, permit: &Permit<A>) -> Result<EngagementId> {
    let id = permit.facts().engagement.ok_or(Refusal::NotFound)?;
    let found = scope::store::engagement(conn, id)?.ok_or(Refusal::NotFound)?;
    if found.organisation != permit.owner() {
        return Err(Refusal::NotFound.into());
    }
    Ok(id)
}

fn checked(input: &DecisionText, whole_period: bool) -> std::result::Result<DecisionText, Refusal> {
    if !whole_period && let Some(question) = rules::unanswered(&input.answers) {
        return Err(Refusal::field(question.word(), "Answer this question with yes or no."));
    }
    let mut answers = Vec::new();
    for answer in &input.answers {
        let why = remark("why", &answer.why, TEXT_MAX)?;
        if answer.yes && why.is_empty() {
            return Err(Refusal::field(answer.question.word(), "Say why the answer is yes."));
        }
        answers.push(Answer { why, ..answer.clone() });
    }
    let draft = if input.disclose {
        Draft {
            nature: sentence("nature", &input.draft.nature, TEXT_MAX)?,
            timing: sentence("timing", &input.draft.timing, TEXT_MAX)?,
            extent: sentence("extent", &input.draft.extent, TEXT_MAX)?,
        }
    } else {
        Draft::default()
    };
    let rationale = sentence("rationale", &input.rationale, TEXT_MAX)?;
    Ok(DecisionText { answers, disclose: input.disclose, rationale, draft })
}

/// Prepares a decision about a case, or with none about the whole period: at `seen`, the version of the
/// one that stands, or 0 for a first one. What was approved before has to be approved anew.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] naming the question or field.
pub fn prepare(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PrepareDisclosure>,
    case: Option<CaseId>,
    seen: i64,
    input: &DecisionText,
) -> Result<DisclosureId> {
    let engagement = engagement_of(tx, permit)?;
    if let Some(case) = case {
        crate::store::case(tx, permit.owner(), case)?.ok_or(Refusal::NotFound)?;
    }
    let text = checked(input, case.is_none())?;
    let before = store::decision(tx, engagement, case)?;
    let (id, expected) = match &before {
        None if seen == 0 => (env.id(), Expected::New),
        None => return Err(Refusal::NotFound.into()),
        Some(before) => (before.id, Expected::Version(seen)),
    };
    let organisation = permit.owner();
    let event = DecisionPrepared { id, organisation, engagement, case, text };
    let origin = Origin::by(permit.actor(), organisation);
    record(tx, env, &origin, &id.to_string(), expected, vec![DisclosureEvent::from(event)])?;
    Ok(id)
}

/// Approves a decision, or with a reason sends it back. Nobody approves what they prepared.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::State`] when it does not wait for this, or the
/// same person prepared it; [`Refusal::Input`].
pub fn judge(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ApproveDisclosure>,
    case: Option<CaseId>,
    seen: i64,
    (approve, said): (bool, &str),
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    let Decision { id, state, prepared_by, .. } =
        store::decision(tx, engagement, case)?.ok_or(Refusal::NotFound)?;
    if state != DecisionState::Prepared {
        return Err(Refusal::state("This decision does not wait for an approval.").into());
    }
    if prepared_by == permit.actor().name() {
        return Err(
            Refusal::state("You prepared this decision. Another person approves it.").into()
        );
    }
    let event = if approve {
        DisclosureEvent::from(DecisionApproved { remark: remark("remark", said, TEXT_MAX)? })
    } else {
        DisclosureEvent::from(DecisionReturned { reason: sentence("remark", said, TEXT_MAX)? })
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(seen), vec![event])?;
    Ok(())
}
