//! The reporting policy of the organisation, and what time did: rungs climbed, an absence, the watchdog.

use super::people::Cast;
use super::{Story, permit};
use cases::clocks::permits::StateAbsence;
use cases::clocks::service::AbsenceInput;
use cases::clocks::{jobs, store};
use cases::policy::model::PolicyBody;
use cases::policy::permits::{ApprovePolicy, WritePolicy};
use cases::policy::service as policy;
use cases::training::{self, permits::TakeTraining};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::Result;

/// The business calendar of the organisation.
const CALENDAR: &str = include_str!("../../../../catalog/calendars/new-york-2026.toml");

/// Puts the first version of the policy in force.
pub(super) fn promise(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let body: PolicyBody = toml::from_str(cases::policy::TEMPLATE)
        .map_err(|e| Refusal::input(format!("the template of a policy: {e}")))?;
    let body = PolicyBody { calendar: CALENDAR.to_owned(), ..body };
    let lead = cast.lead.clone();
    let number = story.run(move |tx, env| {
        let permit = permit::<WritePolicy>(&lead)?;
        policy::draft(tx, env, &permit, body.clone(), "The first version, from the template.")
    })?;
    story.edge.advance_seconds(3_600);
    let sponsor = cast.sponsor.clone();
    story.run(move |tx, env| {
        policy::approve(tx, env, &permit::<ApprovePolicy>(&sponsor)?, number, 1)
    })?;
    read(story, cast)
}

/// Those who are there confirm to have read it.
fn read(story: &Story<'_>, cast: &Cast) -> Result<()> {
    for who in [&cast.sponsor, &cast.lead, &cast.handler, &cast.counsel, &cast.engineer] {
        story.edge.advance_seconds(20);
        let who = who.clone();
        story.run(move |tx, env| {
            let permit = permit::<TakeTraining>(&who)?;
            for text in training::store::texts(tx, permit.owner())? {
                training::service::acknowledge(tx, env, &permit, text.id)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

impl Story<'_> {
    /// Lets time pass up to a moment; what it brings happens on the way.
    pub(super) fn pass(&self, until: Timestamp) -> Result<()> {
        loop {
            let next = self.deployment.db.read_blocking(store::next_due)?;
            let Some(next) = next.filter(|next| *next <= until) else { break };
            if next > self.now() {
                self.edge.set(next);
            }
            jobs::turn(&self.deployment.db, self.edge, "https://alder.example")?;
        }
        if until > self.now() {
            self.edge.set(until);
        }
        Ok(())
    }
}

/// The case handler goes on leave; the watchdog looks at the half year.
pub(super) fn watch(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-07-06T14:30:00Z")?;
    let now = story.now();
    let (handler, lead) = (cast.handler.clone(), cast.lead.person);
    let input = AbsenceInput {
        person: handler.person.ok_or(Refusal::NotFound)?,
        deputy: lead,
        from: now.plus_seconds(3_600),
        to: now.plus_seconds(14 * 86_400),
    };
    story.run(move |tx, env| {
        let permit = permit::<StateAbsence>(&handler)?;
        cases::clocks::service::state_absence(tx, env, &permit, input).map(|_| ())
    })?;
    jobs::watch(&story.deployment.db, story.edge, true).map(|_| ())
}
