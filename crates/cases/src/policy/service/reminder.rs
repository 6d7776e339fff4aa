//! Reminding those who answer for the policy of its review: once it is due, and every month until it is
//! held. That somebody was told is on record in the commit that plans the mail.

use super::super::events::{PolicyEvent, ReviewReminded};
use super::super::model::{PolicyState, PolicyVersion};
use super::super::permits::RemindReview;
use super::super::store;
use super::MONTH_US;
use identity::model::{Member, MemberState};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Role;
use kernel::permit::Permit;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Tx};
use platform::jobs::mail::{Mail, post};
use platform::journal::{Expected, Origin, history, record};
use platform::words::Words;

/// Reminds of the review of a version, where it is due and nobody was reminded within the last month.
/// Whether somebody was told.
///
/// # Errors
/// When the database refuses.
pub fn remind(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RemindReview>,
    number: i64,
    base_url: &str,
) -> Result<bool> {
    let owner = permit.owner();
    let Some(version) = store::version(tx, owner, number)? else { return Ok(false) };
    let due = version.review_due.filter(|due| *due <= env.now());
    let Some(due) = due.filter(|_| version.state == PolicyState::InForce) else {
        return Ok(false);
    };
    let (times, last) = reminded(tx, &version, due)?;
    if last.is_some_and(|at| env.now().0.saturating_sub(at.0) < MONTH_US) {
        return Ok(false);
    }
    let told = answerable(tx, owner, &version)?;
    if told.is_empty() {
        tracing::warn!(organisation = %owner, number, "nobody can be told that the review is due");
        return Ok(false);
    }
    let w = Words::english();
    for member in &told {
        let mail = Mail {
            to: member.profile.email.as_str().to_owned(),
            subject: w.t1("policy-mail-review-subject", "number", number),
            text: w.ta(
                "policy-mail-review-text",
                &[
                    ("title", version.body.title.as_str().into()),
                    ("number", number.into()),
                    ("due", w.moment_utc(due).into()),
                    ("link", format!("{base_url}/cases/policy/{number}").into()),
                ],
            ),
        };
        let key = format!("policy-review~{}~{}~{times}~{}", version.id, due.0, member.profile.id);
        // The next reminder comes then.
        let until = Timestamp(env.now().0.saturating_add(MONTH_US));
        post(tx, env, Some(owner), &key, &mail, Some(until))?;
    }
    let told = told.iter().map(|member| member.profile.id).collect();
    let event = ReviewReminded { organisation: owner, number, review_due: due, told };
    let origin = Origin::by(permit.actor(), owner);
    let subject = ReviewReminded::subject(version.id);
    record(tx, env, &origin, &subject, Expected::Any, vec![PolicyEvent::from(event)])?;
    Ok(true)
}

/// How often somebody was reminded of a review that fell due at a time, and when last.
fn reminded(
    conn: &mut Conn<'_>,
    version: &PolicyVersion,
    due: Timestamp,
) -> Result<(usize, Option<Timestamp>)> {
    let (mut times, mut last) = (0, None);
    for (entry, _, payload) in history(conn, &ReviewReminded::subject(version.id))? {
        let Some(payload) = payload else { continue };
        let event: PolicyEvent = serde_json::from_slice(&payload)
            .map_err(|e| DbError::Shape(format!("the payload of {}: {e}", entry.id)))?;
        if matches!(event, PolicyEvent::ReviewReminded(x) if x.review_due == due) {
            times += 1;
            last = Some(entry.recorded_at);
        }
    }
    Ok((times, last))
}

/// Who answers for a version: whoever wrote it, while they are with the organisation; otherwise the
/// compliance leads, otherwise the executive sponsors.
fn answerable(conn: &mut Conn<'_>, owner: PartyId, version: &PolicyVersion) -> Result<Vec<Member>> {
    let mut members = identity::store::people_of(conn, owner)?;
    members.retain(|member| member.membership.state == MemberState::Active);
    let author = |member: &Member| member.profile.id == version.drafted_by;
    let lead = |member: &Member| member.membership.roles.has(Role::ComplianceLead);
    let sponsor = |member: &Member| member.membership.roles.has(Role::ExecutiveSponsor);
    let asked: [&dyn Fn(&Member) -> bool; 3] = [&author, &lead, &sponsor];
    let told = asked.into_iter().find(|who| members.iter().any(who));
    members.retain(|member| told.is_some_and(|who| who(member)));
    Ok(members)
}
