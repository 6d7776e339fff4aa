//! Who takes part, and what they wrote down: both come from one file, `alder.toml`, as anybody's would.

use super::Story;
use crate::engagement_file::{EngagementFile, load};
use identity::permits::RegisterParty;
use identity::service::{add_person_directly, register_party};
use kernel::ids::{EngagementId, PartyId};
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::db::Result;

/// The people and parties of the story, and their engagement.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Alder Payroll, the service organisation.
    pub organisation: PartyId,
    /// What it has examined.
    pub engagement: EngagementId,
    /// Signs for the organisation.
    pub sponsor: Actor,
    /// Runs the engagement on the organisation's side.
    pub lead: Actor,
    /// Handles cases.
    pub handler: Actor,
    /// Answers for the law.
    pub counsel: Actor,
    /// Supplies evidence and owns controls.
    pub engineer: Actor,
    /// Answers for the examination.
    pub partner: Actor,
    /// Reviews the work.
    pub manager: Actor,
    /// Performs the tests.
    pub senior: Actor,
}

/// Founds both parties, brings their people in and writes their first engagement down.
pub(super) fn introduce(story: &Story<'_>) -> Result<Cast> {
    let file = EngagementFile::parse(include_str!("alder.toml")).map_err(Refusal::input)?;
    let organisation = story.run(|tx, env| {
        let party: PartyId = env.id();
        let permit =
            authorize::<RegisterParty>(&Actor::system(party, "demonstration"), &Facts::of(party))?;
        register_party(tx, env, &permit, Side::ServiceOrganisation, "Alder Payroll")
    })?;
    // A file is loaded by a compliance lead, so she is there first.
    story.run(move |tx, env| {
        let roles = [Role::Administrator, Role::ComplianceLead];
        let email = "nadia.lindqvist@alder.example";
        add_person_directly(tx, env, organisation, email, "Nadia Lindqvist", &roles)
    })?;
    let earlier = EngagementFile::parse(include_str!("earlier.toml")).map_err(Refusal::input)?;
    let file = EngagementFile { engagement: earlier.engagement, control: earlier.control, ..file };
    let loaded = story.run(move |tx, env| load(tx, env, organisation, &file))?;
    Ok(Cast {
        organisation,
        engagement: loaded.engagement,
        sponsor: actor(story, "ruth.abernathy@alder.example")?,
        lead: actor(story, "nadia.lindqvist@alder.example")?,
        handler: actor(story, "tomas.okafor@alder.example")?,
        counsel: actor(story, "leila.haddad@alder.example")?,
        engineer: actor(story, "mei.tanaka@alder.example")?,
        partner: actor(story, "samuel.osei@whitcombe.example")?,
        manager: actor(story, "ines.carvalho@whitcombe.example")?,
        senior: actor(story, "dev.raman@whitcombe.example")?,
    })
}

/// The same people in the present engagement, which is opened now.
pub(super) fn begin(story: &Story<'_>, before: &Cast) -> Result<Cast> {
    let organisation = before.organisation;
    let file = EngagementFile::parse(include_str!("alder.toml")).map_err(Refusal::input)?;
    let loaded = story.run(move |tx, env| load(tx, env, organisation, &file))?;
    Ok(Cast { engagement: loaded.engagement, ..before.clone() })
}

/// A person of the story as they act.
pub(super) fn actor(story: &Story<'_>, email: &'static str) -> Result<Actor> {
    let now = story.now();
    story.deployment.db.read_blocking(|conn| crate::who::actor(conn, Some(email), now))
}
