//! What is wrong, what is in force, who may sign. No clock: the day is an argument.

use super::model::{
    AcceptanceText, Assignment, FirmPolicy, FirmProfile, Independence, Member, NonAttest,
    PeerRating, PolicyBody, PolicyKind, PolicyText, Precondition, Standing,
};
use crate::rules::expansion::Stage;
use crate::rules::facts::OpinionPolicy;
use crate::rules::frequency::SamplingPolicy;
use crate::rules::numbers::Rate;
use jiff::civil::Date;
use jiff::{Span, tz::TimeZone};
use kernel::ids::PersonId;
use kernel::party::{LapsedWhen, Role, Side};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;

/// A peer review speaks for the firm this many years.
pub const PEER_REVIEW_YEARS: i64 = 3;
/// A licence that ends within this many days is spoken of.
pub const LICENCE_NOTICE_DAYS: i64 = 60;
/// A peer reviewer is let in for at most this many days.
pub const PEER_REVIEWER_DAYS_MAX: i64 = 366;
/// The most items that an expansion adds.
pub const EXPANSION_MAX: u64 = 1_000;

/// The date of a moment, in UTC.
#[must_use]
pub fn day(at: Timestamp) -> Date {
    at.to_jiff().to_zoned(TimeZone::UTC).date()
}

/// A day so many years later; the last day that can be written, where there is none.
fn years_after(date: Date, years: i64) -> Date {
    date.checked_add(Span::new().years(years)).unwrap_or(Date::MAX)
}

fn days_after(date: Date, days: i64) -> Date {
    date.checked_add(Span::new().days(days)).unwrap_or(Date::MAX)
}

/// Something that is wrong with the firm's own standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// Whether no report may be signed while it lasts.
    pub blocks: bool,
    /// What it is and what to do, in a sentence.
    pub text: String,
}

/// What is wrong with licence and peer review on a day.
#[must_use]
pub fn concerns(profile: Option<&FirmProfile>, today: Date) -> Vec<Concern> {
    let Some(profile) = profile else {
        return vec![Concern {
            blocks: true,
            text: "The firm has not stated its licence. State it before a report is signed.".into(),
        }];
    };
    let mut out = Vec::new();
    let mut say = |blocks, text: String| out.push(Concern { blocks, text });
    let ends = profile.licence_expires;
    if ends < today {
        say(
            true,
            format!(
                "Licence {} of {} ended on {ends}. No report may be signed before it is renewed.",
                profile.licence, profile.jurisdiction
            ),
        );
    } else if ends <= days_after(today, LICENCE_NOTICE_DAYS) {
        say(
            false,
            format!("Licence {} ends on {ends}. Renew it before that day.", profile.licence),
        );
    }
    match &profile.peer_review {
        None => say(false, "No peer review is stated. Readers of a report look for one.".into()),
        Some(review) => {
            if years_after(review.dated, PEER_REVIEW_YEARS) < today {
                say(
                    false,
                    format!(
                        "The last peer review is dated {}, more than {PEER_REVIEW_YEARS} years ago. State the next one.",
                        review.dated
                    ),
                );
            }
            if review.rating != PeerRating::Pass {
                say(false, format!("The peer review of {} was not a plain pass.", review.dated));
            }
        }
    }
    out
}

/// The version of a policy that applies to an engagement whose period ends on `on`: of those approved,
/// the one with the latest day of effect that is not after it; of two with the same day, the one
/// approved later.
#[must_use]
pub fn in_force(all: &[FirmPolicy], kind: PolicyKind, on: Date) -> Option<&FirmPolicy> {
    all.iter()
        .filter(|p| p.text.body.kind() == kind && p.approved_at.is_some())
        .filter(|p| p.text.effective_from <= on)
        .max_by_key(|p| (p.text.effective_from, p.approved_at, p.id))
}

/// Checks what a policy says.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn check_policy(body: &PolicyBody) -> Result<(), Refusal> {
    match body {
        PolicyBody::Sampling { table } => {
            SamplingPolicy::from_toml(table).map_err(|e| Refusal::field("table", e.to_string()))?;
        }
        PolicyBody::Materiality { text } => {
            kernel::refusal::sentence("text", text, crate::service::TEXT_MAX)?;
        }
        PolicyBody::Expansion { add, accept_total } => {
            if *add == 0 || *add > EXPANSION_MAX {
                return Err(Refusal::field("add", "An extension adds between 1 and 1000 items."));
            }
            if accept_total >= add {
                return Err(Refusal::field(
                    "accept_total",
                    "It must accept fewer deviations than it adds items.",
                ));
            }
        }
        PolicyBody::Pervasiveness { categories, series, share_bp, entity_level_series } => {
            if *categories == 0 || *series == 0 {
                return Err(Refusal::field("categories", "Thresholds begin at 1."));
            }
            if *share_bp == 0 || *share_bp > 10_000 {
                return Err(Refusal::field("share", "The share is above 0% and at most 100%."));
            }
            let known = |s: &String| scope::catalogue::Series::all().any(|k| k.label() == s);
            if let Some(odd) = entity_level_series.iter().find(|s| !known(s)) {
                let shown = kernel::refusal::excerpt(odd, 20);
                return Err(Refusal::field(
                    "entity_level_series",
                    format!("{shown} is no series of criteria. Write CC1, CC3 and so on."),
                ));
            }
        }
        PolicyBody::Rubric { strong_from, weak_below } => {
            if !(10..=50).contains(strong_from)
                || !(10..=50).contains(weak_below)
                || weak_below > strong_from
            {
                return Err(Refusal::field(
                    "strong_from",
                    "Scores run from 1.0 to 5.0, and weak ends where adequate begins.",
                ));
            }
        }
    }
    Ok(())
}

/// Whether a draft may be approved.
///
/// # Errors
/// [`Refusal::State`] when it is approved already, when the drafter tries, or when it would change what
/// applied before.
pub fn approve(
    drafted_by: &str,
    approved: bool,
    text: &PolicyText,
    by: &str,
    today: Date,
) -> Result<(), Refusal> {
    if approved {
        return Err(Refusal::state("This version is approved already."));
    }
    if drafted_by == by {
        return Err(Refusal::state(
            "Whoever drafted a policy does not approve it. Ask another partner or the quality reviewer.",
        ));
    }
    if text.effective_from < today {
        return Err(Refusal::state(format!(
            "It would apply from {}, which is past. A policy is approved before it applies: draft it again with a later day.",
            text.effective_from
        )));
    }
    Ok(())
}

/// The table of sizes that a policy holds, under the policy's own name, day and approval.
#[must_use]
pub fn sampling_table(policy: &FirmPolicy) -> Option<SamplingPolicy> {
    let PolicyBody::Sampling { table } = &policy.text.body else { return None };
    let mut table = SamplingPolicy::from_toml(table).ok()?;
    table.version.clone_from(&policy.text.label);
    table.effective_from = policy.text.effective_from.to_string();
    table.approved_by = policy.approved_by.clone().unwrap_or_default();
    Some(table)
}

/// The planned extension that a policy holds.
#[must_use]
pub fn extension(policy: &FirmPolicy) -> Option<Stage> {
    match policy.text.body {
        PolicyBody::Expansion { add, accept_total } => Some(Stage { add, accept_total }),
        _ => None,
    }
}

/// The thresholds that a policy holds.
#[must_use]
pub fn thresholds(policy: &FirmPolicy) -> Option<OpinionPolicy> {
    let PolicyBody::Pervasiveness { categories, series, share_bp, entity_level_series } =
        &policy.text.body
    else {
        return None;
    };
    Some(OpinionPolicy {
        version: policy.text.label.clone(),
        pervasive_categories: usize::try_from(*categories).ok()?,
        pervasive_series: usize::try_from(*series).ok()?,
        pervasive_share: Rate::from_basis_points(*share_bp),
        entity_level_series: entity_level_series.clone(),
    })
}

/// Whether an assignment holds on a day.
#[must_use]
pub fn on_team(member: &Member, today: Date) -> bool {
    let Assignment { from, until, .. } = member.assignment;
    member.released.is_none() && from <= today && until.is_none_or(|end| today <= end)
}

/// Whether somebody takes part in the examination on a day. A peer reviewer reads the file and confirms nothing of it.
#[must_use]
pub fn works(member: &Member, today: Date) -> bool {
    on_team(member, today) && member.assignment.role != Role::PeerReviewer
}

/// Whether somebody may be put on a team as said.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn assign(assignment: &Assignment, holds_role: bool, of_client: bool) -> Result<(), Refusal> {
    if assignment.role.side() != Side::Firm || assignment.role == Role::FirmAdministrator {
        return Err(Refusal::field("role", "Choose a role of an engagement team."));
    }
    if of_client {
        return Err(Refusal::field(
            "person",
            "This person acts or acted for the client. Nobody stands on both sides of an engagement: choose somebody else.",
        ));
    }
    if !holds_role {
        return Err(Refusal::field(
            "role",
            "This person does not hold the role in the firm. The firm's administrator gives it on the people page.",
        ));
    }
    if assignment.until.is_some_and(|until| until < assignment.from) {
        return Err(Refusal::field("until", "The last day is before the first. Swap them."));
    }
    if assignment.role == Role::PeerReviewer {
        let Some(until) = assignment.until else {
            return Err(Refusal::field(
                "until",
                "A peer reviewer reads for a limited time. Give the last day.",
            ));
        };
        if until > days_after(assignment.from, PEER_REVIEWER_DAYS_MAX) {
            return Err(Refusal::field("until", "A peer reviewer is let in for a year at most."));
        }
    }
    Ok(())
}

/// When an assignment that does not hold today ended or begins. Somebody who was released lost it on the
/// day on which that was written, at the latest on their last day.
#[must_use]
pub fn lapsed(member: &Member, written: Option<Date>, today: Date) -> LapsedWhen {
    let last = match (&member.released, member.assignment.until, written) {
        (Some(_), Some(until), Some(written)) => Some(until.min(written)),
        (Some(_), None, Some(written)) => Some(written),
        (_, until, _) => until,
    };
    match last {
        None if member.assignment.from > today => LapsedWhen::Begins(member.assignment.from),
        Some(last) if member.released.is_none() && last >= today => {
            LapsedWhen::Begins(member.assignment.from)
        }
        Some(last) => LapsedWhen::Ended(last),
        None => LapsedWhen::Never,
    }
}

/// Which of two is told: what begins before what ended, the next one and the last one first.
#[must_use]
pub fn speaks_before(one: LapsedWhen, other: LapsedWhen) -> bool {
    match (one, other) {
        (LapsedWhen::Begins(a), LapsedWhen::Begins(b)) => a < b,
        (LapsedWhen::Ended(a), LapsedWhen::Ended(b)) => a > b,
        (LapsedWhen::Begins(_), _) | (LapsedWhen::Ended(_), LapsedWhen::Never) => true,
        _ => false,
    }
}

/// Whether a confirmation of independence holds on a day; the sentence says what to do when not.
///
/// # Errors
/// [`Refusal::State`].
pub fn independent(found: Option<&Independence>, today: Date) -> Result<(), Refusal> {
    let Some(found) = found else {
        return Err(Refusal::state(
            "There is no confirmation of independence for this engagement. Confirm it on the page of the team first.",
        ));
    };
    if years_after(day(found.confirmed_at), 1) < today {
        return Err(Refusal::state(format!(
            "The confirmation of independence of {} is more than a year old. Confirm it again.",
            day(found.confirmed_at)
        )));
    }
    if found.threats.is_empty() {
        return Ok(());
    }
    match &found.judgement {
        None => Err(Refusal::state(
            "Threats to independence were declared and nobody has judged them yet. Have them judged first.",
        )),
        Some(judged) if !judged.acceptable => Err(Refusal::state(
            "The threats to independence that were declared are not acceptable. Somebody else has to do this.",
        )),
        Some(_) => Ok(()),
    }
}

/// What makes a service incompatible with the examination, in sentences; nothing when it is compatible.
///
/// Management's own work is a threat that no safeguard removes. Everything else needs somebody of the
/// client who oversees it, and a safeguard for each threat that is named.
#[must_use]
pub fn service_faults(service: &NonAttest) -> Vec<String> {
    let mut out: Vec<String> = service
        .activities
        .iter()
        .filter(|a| a.is_managements())
        .map(|a| {
            format!(
                "“{}” includes what is management's own work ({}). No safeguard makes that compatible with an examination.",
                service.description,
                a.word().replace('_', " ")
            )
        })
        .collect();
    if service.overseen_by.trim().is_empty() {
        out.push(format!(
            "Nobody of the client oversees “{}”. Management must name somebody with the skill to do so.",
            service.description
        ));
    }
    if !service.threats.is_empty() && service.safeguards.trim().is_empty() {
        out.push(format!(
            "“{}” brings threats to independence and no safeguard is stated.",
            service.description
        ));
    }
    out
}

/// Whether somebody is a quality reviewer of the engagement now.
#[must_use]
pub fn is_quality_reviewer(member: &Member) -> bool {
    member.released.is_none() && member.assignment.role == Role::QualityReviewer
}

/// Refuses the quality reviewer of the engagement, whatever else they are in the firm: who looks at the
/// decisions of the team from outside takes none of them.
///
/// # Errors
/// [`Refusal::State`] saying so.
pub fn stays_outside(standing: &Standing, person: PersonId) -> Result<(), Refusal> {
    if standing.team.iter().any(|m| m.person == person && is_quality_reviewer(m)) {
        return Err(Refusal::state(
            "You review the quality of this engagement, so you stay outside what its team decides: you neither review its procedures nor sign its conclusions. Ask another partner or manager.",
        ));
    }
    Ok(())
}

/// Whether somebody may sign anything in the file on a day.
///
/// # Errors
/// [`Refusal::State`] saying what is missing.
pub fn may_sign(standing: &Standing, person: PersonId, today: Date) -> Result<(), Refusal> {
    independent(standing.confirmations.iter().find(|c| c.person == person), today)?;
    stays_outside(standing, person)?;
    let own_work = standing.services.iter().find_map(|s| {
        s.body.activities.iter().any(|a| a.is_managements()).then(|| service_faults(&s.body))
    });
    match own_work.and_then(|faults| faults.into_iter().next()) {
        Some(fault) => Err(Refusal::state(fault)),
        None => Ok(()),
    }
}

/// Whether somebody may sign the opinion on a day: besides [`may_sign`], the engagement was accepted and
/// the firm's licence is in force.
///
/// # Errors
/// [`Refusal::State`] saying what is missing.
pub fn may_sign_opinion(standing: &Standing, person: PersonId, today: Date) -> Result<(), Refusal> {
    may_sign(standing, person, today)?;
    let accepted = standing.acceptance.as_ref().and_then(|a| a.decision.as_ref());
    match accepted.map(|d| d.accepted) {
        None => {
            return Err(Refusal::state(
                "The engagement has not been accepted. Assess the preconditions and have somebody else decide, on the page of the team.",
            ));
        }
        Some(false) => {
            return Err(Refusal::state("The engagement was declined, so no opinion is signed."));
        }
        Some(true) => {}
    }
    match concerns(standing.profile.as_ref(), today).into_iter().find(|c| c.blocks) {
        Some(concern) => Err(Refusal::state(concern.text)),
        None => Ok(()),
    }
}

/// What stands against accepting an engagement, in sentences; nothing when it may be accepted.
#[must_use]
pub fn against_acceptance(standing: &Standing, text: &AcceptanceText, today: Date) -> Vec<String> {
    let mut out = Vec::new();
    for wanted in Precondition::ALL {
        let name = wanted.word().replace('_', " ");
        match text.preconditions.iter().find(|a| a.precondition == *wanted) {
            None => out.push(format!("The precondition “{name}” is not assessed.")),
            Some(a) if !a.met => out.push(format!("The precondition “{name}” is not met.")),
            Some(a) if a.basis.trim().is_empty() => {
                out.push(format!("It is not said on what the precondition “{name}” rests."));
            }
            Some(_) => {}
        }
    }
    let team: Vec<&Member> = standing.team.iter().filter(|m| m.released.is_none()).collect();
    for (role, name) in [(Role::Partner, "partner"), (Role::QualityReviewer, "quality reviewer")] {
        if !team.iter().any(|m| m.assignment.role == role) {
            out.push(format!("The team has no {name}."));
        }
    }
    let unconfirmed = team
        .iter()
        .filter(|m| m.assignment.role != Role::PeerReviewer)
        .filter(|m| {
            let found = standing.confirmations.iter().find(|c| c.person == m.person);
            independent(found, today).is_err()
        })
        .count();
    if unconfirmed > 0 {
        out.push(format!(
            "{unconfirmed} of the team have no confirmation of independence that holds."
        ));
    }
    out.extend(standing.services.iter().flat_map(|s| service_faults(&s.body)));
    out.extend(
        concerns(standing.profile.as_ref(), today).into_iter().filter(|c| c.blocks).map(|c| c.text),
    );
    out
}

#[cfg(test)]
mod tests;
