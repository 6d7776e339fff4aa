//! The firm's profile and its policies.

use super::{NAME_MAX, TEXT_MAX, write};
use crate::firm::events::{PolicyApproved, PolicyDrafted, ProfileStated};
use crate::firm::model::{FirmPolicyId, FirmProfile, PeerReview, PolicyText};
use crate::firm::permits::{ApprovePolicy, DraftPolicy, StateProfile};
use crate::firm::{rules, store};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, remark, sentence};
use platform::db::{Result, Tx};
use platform::journal::Expected;

/// The longest policy, in characters.
const POLICY_MAX: usize = 40_000;

/// States the firm's licence and peer review, at the version that was seen.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_profile(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<StateProfile>,
    expected: Expected,
    input: &FirmProfile,
) -> Result<()> {
    let firm = permit.owner();
    let today = rules::day(env.now());
    let peer_review = match &input.peer_review {
        None => None,
        Some(review) if review.dated > today => {
            return Err(Refusal::field(
                "dated",
                "A peer review cannot be dated in the future. Give the date of its report.",
            )
            .into());
        }
        Some(review) => Some(PeerReview {
            reviewer: line("reviewer", &review.reviewer, NAME_MAX)?,
            ..review.clone()
        }),
    };
    let profile = FirmProfile {
        licence: line("licence", &input.licence, NAME_MAX)?,
        jurisdiction: line("jurisdiction", &input.jurisdiction, NAME_MAX)?,
        licence_expires: input.licence_expires,
        office: line("office", &input.office, NAME_MAX)?,
        peer_review,
    };
    let subject = store::profile_subject(firm);
    write(tx, env, permit, firm, (&subject, expected), ProfileStated { profile })
}

/// Drafts a version of a policy.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn draft_policy(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DraftPolicy>,
    input: &PolicyText,
) -> Result<FirmPolicyId> {
    let firm = permit.owner();
    if let crate::firm::model::PolicyBody::Sampling { table } = &input.body
        && table.chars().count() > POLICY_MAX
    {
        return Err(Refusal::field("table", "A table has at most 40000 characters.").into());
    }
    rules::check_policy(&input.body)?;
    let text = PolicyText {
        label: line("label", &input.label, 40)?,
        reason: sentence("reason", &input.reason, TEXT_MAX)?,
        ..input.clone()
    };
    let same = |p: &crate::firm::model::FirmPolicy| {
        p.text.body.kind() == text.body.kind() && p.text.label == text.label
    };
    if store::policies(tx, firm)?.iter().any(same) {
        return Err(Refusal::field(
            "label",
            format!("There is a version {} already. Choose another name.", text.label),
        )
        .into());
    }
    let id: FirmPolicyId = env.id();
    let event = PolicyDrafted { id, text };
    write(tx, env, permit, firm, (&id.to_string(), Expected::New), event)?;
    Ok(id)
}

/// Approves a version of a policy that somebody else drafted, before it applies.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`], [`Refusal::Stale`].
pub fn approve_policy(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ApprovePolicy>,
    (id, version): (FirmPolicyId, i64),
    note: &str,
) -> Result<()> {
    let firm = permit.owner();
    let found = store::policy(tx, firm, id)?.ok_or(Refusal::NotFound)?;
    let by = permit.actor().name();
    let approved = found.approved_at.is_some();
    rules::approve(&found.drafted_by, approved, &found.text, &by, rules::day(env.now()))?;
    let event = PolicyApproved { note: remark("note", note, TEXT_MAX)? };
    write(tx, env, permit, firm, (&id.to_string(), Expected::Version(version)), event)
}
