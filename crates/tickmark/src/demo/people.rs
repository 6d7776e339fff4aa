//! Who takes part.

use super::Story;
use identity::permits::RegisterParty;
use identity::service::{add_person_directly, register_party};
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, authorize};
use platform::db::Result;

/// The people and parties of the story.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Alder Payroll, the service organisation.
    pub organisation: PartyId,
    /// Whitcombe & Osei, the CPA firm.
    pub firm: PartyId,
    /// Runs the engagement on the organisation's side.
    pub lead: Actor,
    /// Handles cases.
    pub handler: Actor,
    /// Supplies evidence and owns controls.
    pub engineer: Actor,
    /// Reviews the work.
    pub manager: Actor,
    /// Performs the tests.
    pub senior: Actor,
}

fn actor(side: Side, party: PartyId, person: PersonId, roles: &[Role]) -> Actor {
    let roles: Roles = roles.iter().copied().collect();
    Actor { person: Some(person), party: Some(party), side, roles, via: Via::CommandLine }
}

fn found(story: &Story<'_>, side: Side, name: &'static str) -> Result<PartyId> {
    story.run(move |tx, env| {
        let party: PartyId = env.id();
        let permit =
            authorize::<RegisterParty>(&Actor::system(party, "demonstration"), &Facts::of(party))?;
        register_party(tx, env, &permit, side, name)
    })
}

/// Founds both parties and brings their people in.
pub(super) fn introduce(story: &Story<'_>) -> Result<Cast> {
    let organisation = found(story, Side::ServiceOrganisation, "Alder Payroll")?;
    let firm = found(story, Side::Firm, "Whitcombe & Osei LLP")?;
    let add = |side,
               party,
               email: &'static str,
               name: &'static str,
               roles: &'static [Role]|
     -> Result<Actor> {
        let person =
            story.run(move |tx, env| add_person_directly(tx, env, party, email, name, roles))?;
        Ok(actor(side, party, person, roles))
    };
    let ours = Side::ServiceOrganisation;
    // They sign in and look around; the story does not act as them yet.
    add(
        ours,
        organisation,
        "ruth.abernathy@alder.example",
        "Ruth Abernathy",
        &[Role::ExecutiveSponsor],
    )?;
    add(
        Side::Firm,
        firm,
        "samuel.osei@whitcombe.example",
        "Samuel Osei",
        &[Role::Partner, Role::FirmAdministrator],
    )?;
    Ok(Cast {
        organisation,
        firm,
        lead: add(
            ours,
            organisation,
            "nadia.lindqvist@alder.example",
            "Nadia Lindqvist",
            &[Role::Administrator, Role::ComplianceLead],
        )?,
        handler: add(
            ours,
            organisation,
            "tomas.okafor@alder.example",
            "Tomás Okafor",
            &[Role::CaseHandler],
        )?,
        engineer: add(
            ours,
            organisation,
            "mei.tanaka@alder.example",
            "Mei Tanaka",
            &[Role::ControlOwner, Role::EvidenceProvider],
        )?,
        manager: add(
            Side::Firm,
            firm,
            "ines.carvalho@whitcombe.example",
            "Inês Carvalho",
            &[Role::Manager],
        )?,
        senior: add(Side::Firm, firm, "dev.raman@whitcombe.example", "Dev Raman", &[Role::Senior])?,
    })
}
