//! The daily round: missing assignments are made, learners reminded, leads told of those who are late,
//! leavers let go, and the coverage of each month taken down. Going round twice a day changes nothing.

use super::super::events::{
    AssignmentReleased, CourseAssigned, CoverageRecorded, LearnerReminded, TrainingEvent,
};
use super::super::model::{Assignment, AssignmentId, Course, MemberFact};
use super::super::permits::ManageTraining;
use super::super::rules::due;
use super::super::store;
use kernel::env::Env;
use kernel::party::Role;
use kernel::permit::Permit;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::jobs::mail::{Mail, post};
use platform::journal::{Expected, Origin, record};
use platform::words::Words;
use serde::{Deserialize, Serialize};

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Assignments made.
    pub assigned: i64,
    /// Learners reminded.
    pub reminded: i64,
    /// Of these, told to the leads as well.
    pub escalated: i64,
    /// Open assignments of leavers let go.
    pub released: i64,
    /// Coverage figures taken down.
    pub taken: i64,
}

type People = [(MemberFact, String, String)];

/// Goes round once.
///
/// # Errors
/// When the database refuses.
pub fn go(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    base_url: &str,
) -> Result<Round> {
    let people = store::members(tx, permit.owner())?;
    let facts: Vec<MemberFact> = people.iter().map(|(f, ..)| f.clone()).collect();
    let mut round = Round::default();
    for course in store::courses(tx, permit.owner())? {
        let all = store::assignments(tx, permit.owner(), Some(course.id), None)?;
        for a in all.iter().filter(|a| a.is_open()) {
            if !facts.iter().any(|m| m.person == a.person && m.active) {
                write(tx, env, permit, a.id, AssignmentReleased {})?;
                round.released += 1;
            }
        }
        let all = store::assignments(tx, permit.owner(), Some(course.id), None)?;
        for wanted in due::wanted(&course, &facts, &all, env.now()) {
            let id: AssignmentId = env.id();
            let event = CourseAssigned {
                id,
                organisation: permit.owner(),
                course: course.id,
                person: wanted.person,
                reason: course.rule.rhythm,
                due_at: wanted.due_at,
            };
            write(tx, env, permit, id, event)?;
            tell(tx, env, permit, &people, (&course, id, wanted.person, wanted.due_at), base_url)?;
            round.assigned += 1;
        }
        for a in store::assignments(tx, permit.owner(), Some(course.id), None)? {
            let Some(days) = due::reminder(&a, env.now()) else { continue };
            let escalated = days >= due::ESCALATES_DAYS;
            write(tx, env, permit, a.id, LearnerReminded { days, escalated })?;
            remind(tx, env, permit, &people, (&course, &a, days), base_url)?;
            round.reminded += 1;
            round.escalated += i64::from(escalated);
        }
        round.taken += i64::from(take(tx, env, permit, &course, &facts)?);
    }
    Ok(round)
}

fn write(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    id: AssignmentId,
    event: impl Into<TrainingEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![event.into()])?;
    Ok(())
}

/// The first round of each month takes the figure down.
fn take(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    course: &Course,
    facts: &[MemberFact],
) -> Result<bool> {
    let month: String = env.now().to_rfc3339().chars().take(7).collect();
    if course.retired
        || course.material == 0
        || store::coverage_known(tx, permit.owner(), course.id, &month)?
    {
        return Ok(false);
    }
    let all = store::assignments(tx, permit.owner(), Some(course.id), None)?;
    let event = CoverageRecorded {
        course: course.id,
        organisation: permit.owner(),
        month,
        coverage: due::coverage(course, facts, &all, env.now()),
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    // A subject of its own: a form on the course must not find it changed by a round.
    let subject = format!("{}/coverage", course.id);
    record(tx, env, &origin, &subject, Expected::Any, vec![TrainingEvent::from(event)])?;
    Ok(true)
}

fn day(w: Words, at: Timestamp) -> String {
    w.moment(at, &jiff::tz::TimeZone::UTC)
}

fn tell(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    people: &People,
    (course, id, person, due_at): (&Course, AssignmentId, kernel::ids::PersonId, Timestamp),
    base_url: &str,
) -> Result<()> {
    let w = Words::english();
    let Some((_, name, email)) = people.iter().find(|(f, ..)| f.person == person) else {
        return Ok(());
    };
    let link = format!("{base_url}/training/assignments/{id}");
    let args = [
        ("name", name.as_str().into()),
        ("course", course.title.as_str().into()),
        ("due", day(w, due_at).into()),
        ("link", link.into()),
    ];
    let mail = Mail {
        to: email.clone(),
        subject: w.t1("training-mail-assigned-subject", "course", &course.title),
        text: w.ta("training-mail-assigned-text", &args),
    };
    post(tx, env, Some(permit.owner()), &format!("training~{id}~assigned"), &mail, None)?;
    Ok(())
}

fn remind(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageTraining>,
    people: &People,
    (course, a, days): (&Course, &Assignment, i64),
    base_url: &str,
) -> Result<()> {
    let w = Words::english();
    let Some((_, name, email)) = people.iter().find(|(f, ..)| f.person == a.person) else {
        return Ok(());
    };
    let link = format!("{base_url}/training/assignments/{}", a.id);
    let args = |link: &str| {
        [
            ("name", name.as_str().into()),
            ("course", course.title.as_str().into()),
            ("due", day(w, a.due_at).into()),
            ("days", days.abs().into()),
            ("link", link.to_owned().into()),
        ]
    };
    let sort = if days < 0 { "soon" } else { "late" };
    let mail = Mail {
        to: email.clone(),
        subject: w.t1(&format!("training-mail-{sort}-subject"), "course", &course.title),
        text: w.ta(&format!("training-mail-{sort}-text"), &args(&link)),
    };
    post(tx, env, Some(permit.owner()), &format!("training~{}~{days}", a.id), &mail, None)?;
    if days < due::ESCALATES_DAYS {
        return Ok(());
    }
    let overview = format!("{base_url}/training/manage");
    for (lead, _, email) in
        people.iter().filter(|(f, ..)| f.active && f.roles.has(Role::ComplianceLead))
    {
        let mail = Mail {
            to: email.clone(),
            subject: w.t2("training-mail-lead-subject", "name", name, "course", &course.title),
            text: w.ta("training-mail-lead-text", &args(&overview)),
        };
        let key = format!("training~{}~{days}~{}", a.id, lead.person);
        post(tx, env, Some(permit.owner()), &key, &mail, None)?;
    }
    Ok(())
}
