//! The watchdog: goes over every open case by itself, works out from the log which rungs had to be
//! climbed by now, and compares with those that were. It does not ask the timers.

use super::super::events::ClockEvent;
use super::super::model::{Missing, Pass, Route, WatchId};
use super::super::permits::Escalate;
use super::super::rules::agenda::agenda;
use super::super::rules::promises::promises;
use super::super::store;
use super::{read, shape};
use crate::model::CaseId;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Role;
use kernel::permit::Permit;
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::jobs::mail::{Mail, post};
use platform::jobs::webhook;
use platform::journal::{Expected, Origin, record};
use platform::words::Words;

/// How late a rung may be climbed before the watchdog calls it missing, in microseconds: five minutes.
pub const GRACE_US: i64 = 300 * 1_000_000;
/// Findings of one kind that are listed.
const LISTED_MAX: usize = 100;
/// Cases read at a time.
const PAGE: i64 = 500;

/// Goes over the open cases of an organisation as they stand at an instant. It only reads, however many
/// cases there are, so that whoever files or works on one meanwhile is not held up.
///
/// # Errors
/// When the database refuses.
pub fn look_over(
    conn: &mut Conn<'_>,
    permit: &Permit<Escalate>,
    (id, now): (WatchId, Timestamp),
) -> Result<Pass> {
    let organisation = permit.owner();
    let mut pass = Pass {
        id,
        organisation,
        open: 0,
        planned: 0,
        climbed: 0,
        missing: Vec::new(),
        silent: Vec::new(),
        nobody: Vec::new(),
    };
    let covered = crate::policy::store::in_force(conn, organisation)?.is_some();
    let mut after = None;
    loop {
        let cases = store::open_cases(conn, organisation, after, PAGE)?;
        let Some(last) = cases.last() else { break };
        after = Some(last.case);
        for open in cases {
            match open.policy {
                Some(_) => look(conn, &mut pass, open.case, open.next_at, now)?,
                // Came in before there was a policy, or its promise could not be worked out.
                None if covered => list(&mut pass.silent, open.case),
                None => {}
            }
        }
    }
    Ok(pass)
}

/// Puts on record what a pass found; those who run reporting are told when something is wrong, and
/// whoever listens for the heartbeat hears it.
///
/// # Errors
/// When the database refuses.
pub fn put_on_record(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<Escalate>,
    pass: &Pass,
) -> Result<()> {
    let organisation = permit.owner();
    let origin = Origin::by(permit.actor(), organisation);
    let subject = pass.id.to_string();
    record(tx, env, &origin, &subject, Expected::New, vec![ClockEvent::from(pass.clone())])?;
    let data = serde_json::json!({
        "open": pass.open, "planned": pass.planned, "climbed": pass.climbed, "good": pass.good(),
    });
    webhook::tell(tx, env, organisation, &subject, "escalation.watched", &data)?;
    if !pass.good() {
        alarm(tx, env, pass)?;
    }
    Ok(())
}

fn list<T>(to: &mut Vec<T>, one: T) {
    if to.len() < LISTED_MAX {
        to.push(one);
    }
}

fn look(
    conn: &mut Conn<'_>,
    pass: &mut Pass,
    case: CaseId,
    next_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    let organisation: PartyId = pass.organisation;
    let Some(read) = read(conn, organisation, case)? else { return Ok(()) };
    pass.open += 1;
    let promises = promises(&read.plan, &read.facts).map_err(|e| shape(&e))?;
    let climbed = store::climbed_keys(conn, case)?;
    let then = Timestamp(now.0 - GRACE_US);
    let agenda =
        agenda(&read.plan, &read.facts, &promises, &climbed, then).map_err(|e| shape(&e))?;
    pass.planned += u64::try_from(agenda.planned.len()).unwrap_or(u64::MAX);
    pass.climbed += u64::try_from(agenda.planned.len() - agenda.due.len()).unwrap_or(u64::MAX);
    for rung in agenda.due {
        list(&mut pass.missing, Missing { case, key: rung.key, at: rung.at });
    }
    if next_at.is_none_or(|at| at < then) {
        list(&mut pass.silent, case);
    }
    let nobody = store::climbed(conn, case)?.iter().any(|d| d.climbed.route == Route::Nobody);
    if nobody {
        list(&mut pass.nobody, case);
    }
    Ok(())
}

fn alarm(tx: &mut Tx<'_>, env: &mut Env, pass: &Pass) -> Result<()> {
    let w = Words::english();
    let told = identity::store::people_of(tx, pass.organisation)?;
    let lead = |m: &&identity::model::Member| {
        m.membership.state == identity::model::MemberState::Active
            && m.membership.roles.any(&[Role::ComplianceLead, Role::ExecutiveSponsor])
    };
    for member in told.iter().filter(lead) {
        let mail = Mail {
            to: member.profile.email.as_str().to_owned(),
            subject: w.t("clocks-alarm-subject"),
            text: w.ta(
                "clocks-alarm-text",
                &[
                    ("missing", pass.missing.len().into()),
                    ("silent", pass.silent.len().into()),
                    ("nobody", pass.nobody.len().into()),
                ],
            ),
        };
        let key = format!("watch:{}:{}", pass.id, member.profile.id);
        post(tx, env, Some(pass.organisation), &key, &mail, None)?;
    }
    Ok(())
}
