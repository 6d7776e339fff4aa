//! Carries an engagement file into the record, through the same commands that the pages use.

use super::model::{Control, EngagementFile, Of};
use commitments::permits::ManageCommitments;
use commitments::service::{
    CommitmentInput, RequirementInput, state_commitment, state_requirement,
};
use controls::model::ControlText;
use controls::permits::ManageControls;
use identity::model::Email;
use identity::permits::RegisterParty;
use identity::service::{add_person_directly, register_party};
use kernel::env::Env;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Conn, Result, Tx};
use scope::catalogue::Catalogue;
use scope::model::EngagementState;
use scope::permits::{DescribeSystem, JoinFirm, ManageEngagement, MoveEngagement, ReadEngagement};
use scope::service::{ComponentInput, EngagementInput, SubserviceInput};
use serde::Serialize;
use std::collections::BTreeMap;

/// What loading did.
#[derive(Debug, Clone, Serialize)]
pub struct Loaded {
    /// The engagement.
    pub engagement: EngagementId,
    /// The firm, where the file names one.
    pub firm: Option<PartyId>,
    /// Things that were not there before.
    pub added: u32,
    /// Things that were, and stay as they are.
    pub kept: u32,
}

/// Loads a file for an organisation.
///
/// # Errors
/// [`Refusal`] naming what in the file is wrong; nothing is then written.
pub fn load(
    tx: &mut Tx<'_>,
    env: &mut Env,
    organisation: PartyId,
    file: &EngagementFile,
) -> Result<Loaded> {
    let mut loading = Loading { tx, env, organisation, firm: None, added: 0, kept: 0 };
    loading.people(file)?;
    let lead = loading.lead()?;
    loading.system(file, &lead)?;
    loading.promises(file, &lead)?;
    loading.controls(file, &lead)?;
    let engagement = loading.engagement(file, &lead)?;
    let Loading { firm, added, kept, .. } = loading;
    Ok(Loaded { engagement, firm, added, kept })
}

struct Loading<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    env: &'a mut Env,
    organisation: PartyId,
    firm: Option<PartyId>,
    added: u32,
    kept: u32,
}

/// A permit for what belongs to the actor's party, outside any engagement.
fn own<A: Action>(actor: &Actor) -> Result<Permit<A>> {
    Ok(authorize(actor, &Facts::of(actor.party.ok_or(Refusal::NotFound)?))?)
}

fn person_of(conn: &mut Conn<'_>, email: Option<&str>) -> Result<Option<PersonId>> {
    let Some(email) = email else { return Ok(None) };
    let known = identity::store::person_by_email(conn, &Email::parse(email)?)?;
    let known = known.ok_or_else(|| {
        Refusal::input(format!("Nobody has the address {email}. Add a [[person]] with it."))
    })?;
    Ok(Some(known.id))
}

impl Loading<'_, '_> {
    fn done(&mut self, was_there: bool) {
        *(if was_there { &mut self.kept } else { &mut self.added }) += 1;
    }

    fn people(&mut self, file: &EngagementFile) -> Result<()> {
        if let Some(firm) = &file.firm {
            self.firm = Some(self.firm_named(&firm.name)?);
        }
        for person in &file.person {
            let party = match person.of {
                Of::Organization => self.organisation,
                Of::Firm => self.firm.ok_or_else(|| {
                    Refusal::input(format!(
                        "{} is of the firm, but there is no [firm].",
                        person.email
                    ))
                })?,
            };
            let known = identity::store::person_by_email(self.tx, &Email::parse(&person.email)?)?;
            let member = match &known {
                Some(known) => identity::store::member(self.tx, party, known.id)?,
                None => None,
            };
            if member.is_none() {
                add_person_directly(
                    self.tx,
                    self.env,
                    party,
                    &person.email,
                    &person.name,
                    &person.roles,
                )?;
            }
            self.done(member.is_some());
        }
        Ok(())
    }

    fn firm_named(&mut self, name: &str) -> Result<PartyId> {
        let known = identity::store::parties(self.tx)?
            .into_iter()
            .find(|p| p.side == Side::Firm && p.name == name);
        self.done(known.is_some());
        if let Some(known) = known {
            return Ok(known.id);
        }
        let party: PartyId = self.env.id();
        let system = Actor::system(party, "engagement file");
        let permit = authorize::<RegisterParty>(&system, &Facts::of(party))?;
        register_party(self.tx, self.env, &permit, Side::Firm, name)
    }

    /// A person of a party with a role, who then acts.
    fn holder(&mut self, party: PartyId, side: Side, role: Role, of: &str) -> Result<Actor> {
        let found = identity::store::people_of(self.tx, party)?
            .into_iter()
            .find(|m| m.membership.roles.has(role))
            .ok_or_else(|| {
                Refusal::input(format!(
                    "Nobody of {of} has the role {role}. Give it to a [[person]] of the file."
                ))
            })?;
        let roles: Roles = found.membership.roles;
        Ok(Actor {
            person: Some(found.profile.id),
            party: Some(party),
            side,
            roles,
            via: Via::CommandLine,
        })
    }

    fn lead(&mut self) -> Result<Actor> {
        let party = self.organisation;
        self.holder(party, Side::ServiceOrganisation, Role::ComplianceLead, "the organisation")
    }

    fn system(&mut self, file: &EngagementFile, lead: &Actor) -> Result<()> {
        let permit = own::<DescribeSystem>(lead)?;
        let known = scope::store::components(self.tx, self.organisation)?;
        for part in &file.component {
            let there = known.iter().any(|k| k.kind == part.kind && k.name == part.name);
            if !there {
                let input = ComponentInput {
                    kind: part.kind,
                    name: part.name.clone(),
                    purpose: part.purpose.clone(),
                    owner: person_of(self.tx, part.owner.as_deref())?,
                    location: part.location.clone(),
                };
                scope::service::describe_component(self.tx, self.env, &permit, &input)?;
            }
            self.done(there);
        }
        let known = scope::store::subservices(self.tx, self.organisation)?;
        for subservice in &file.subservice {
            let there = known.iter().any(|k| k.name == subservice.name);
            if !there {
                let input = SubserviceInput {
                    name: subservice.name.clone(),
                    service: subservice.service.clone(),
                    method: subservice.method,
                    assumed_controls: subservice.assumed.clone(),
                };
                scope::service::describe_subservice(self.tx, self.env, &permit, &input)?;
            }
            self.done(there);
        }
        let assumed = &file.user_entity_control;
        let stated = scope::store::user_entity_controls(self.tx, self.organisation)?;
        if !assumed.is_empty() && stated.is_empty() {
            scope::service::state_user_entity_controls(self.tx, self.env, &permit, assumed)?;
            self.done(false);
        }
        Ok(())
    }

    fn promises(&mut self, file: &EngagementFile, lead: &Actor) -> Result<()> {
        let permit = own::<ManageCommitments>(lead)?;
        let mut ids: BTreeMap<String, _> =
            commitments::store::commitments(self.tx, self.organisation)?
                .into_iter()
                .map(|c| (c.code, c.id))
                .collect();
        for commitment in &file.commitment {
            let there = ids.contains_key(&commitment.code);
            if !there {
                let input = CommitmentInput {
                    code: commitment.code.clone(),
                    category: commitment.category,
                    statement: commitment.statement.clone(),
                    principal: commitment.principal,
                    sources: commitment.sources.clone(),
                    owner: person_of(self.tx, commitment.owner.as_deref())?,
                };
                let id = state_commitment(self.tx, self.env, &permit, None, &input)?;
                ids.insert(commitment.code.clone(), id);
            }
            self.done(there);
        }
        let known = commitments::store::requirements(self.tx, self.organisation)?;
        for requirement in &file.requirement {
            let there = known.iter().any(|k| k.code == requirement.code);
            if !there {
                let input = RequirementInput {
                    code: requirement.code.clone(),
                    kind: requirement.kind,
                    statement: requirement.statement.clone(),
                    commitments: by_code(&ids, &requirement.commitments, "commitment")?,
                    criteria: requirement.criteria.clone(),
                };
                state_requirement(self.tx, self.env, &permit, None, &input)?;
            }
            self.done(there);
        }
        Ok(())
    }

    fn controls(&mut self, file: &EngagementFile, lead: &Actor) -> Result<()> {
        let permit = own::<ManageControls>(lead)?;
        let requirements: BTreeMap<String, _> =
            commitments::store::requirements(self.tx, self.organisation)?
                .into_iter()
                .map(|r| (r.code, r.id))
                .collect();
        for control in &file.control {
            let there =
                controls::store::by_code(self.tx, self.organisation, &control.code)?.is_some();
            if !there {
                let owner = person_of(self.tx, control.owner.as_deref())?;
                let carried = by_code(&requirements, &control.requirements, "requirement")?;
                let text = ControlText { owner, requirements: carried, ..text_of(control)? };
                controls::service::state_control(self.tx, self.env, &permit, None, &text)?;
            }
            self.done(there);
        }
        Ok(())
    }

    fn engagement(&mut self, file: &EngagementFile, lead: &Actor) -> Result<EngagementId> {
        let said = &file.engagement;
        let visible = kernel::permit::scope::<ReadEngagement>(lead)?;
        let known = scope::store::engagements(self.tx, &visible)?
            .into_iter()
            .find(|e| e.organisation == self.organisation && e.name == said.name);
        self.done(known.is_some());
        if let Some(known) = known {
            return Ok(known.id);
        }
        let input = EngagementInput {
            name: said.name.clone(),
            system_name: said.system.clone(),
            report_type: said.report_type,
            period: file.period().map_err(Refusal::input)?,
            categories: said.categories.clone(),
        };
        let permit = own::<ManageEngagement>(lead)?;
        let id = scope::service::open_engagement(self.tx, self.env, &permit, &input)?;
        if let Some(firm) = self.firm {
            let facts = scope::facts(self.tx, id)?;
            let permit = authorize::<JoinFirm>(lead, &facts)?;
            scope::service::join_firm(self.tx, self.env, &permit, firm)?;
            let manager = self.holder(firm, Side::Firm, Role::Manager, "the firm")?;
            let facts = scope::facts(self.tx, id)?;
            let permit = authorize::<MoveEngagement>(&manager, &facts)?;
            scope::service::move_on(self.tx, self.env, &permit, EngagementState::Fieldwork)?;
        }
        Ok(id)
    }
}

fn by_code<Id: Copy>(ids: &BTreeMap<String, Id>, codes: &[String], what: &str) -> Result<Vec<Id>> {
    codes
        .iter()
        .map(|code| {
            let found = ids.get(code).copied();
            Ok(found.ok_or_else(|| Refusal::input(format!("There is no {what} {code}.")))?)
        })
        .collect()
}

/// What is said of a control: the file's words, and the catalogue's where the file is silent.
fn text_of(control: &Control) -> Result<ControlText> {
    let row = Catalogue::built_in().control(&control.code);
    let missing = |what: &str| {
        Refusal::input(format!(
            "{} is not in the catalogue, so the file must say its {what}.",
            control.code
        ))
    };
    Ok(ControlText {
        code: control.code.clone(),
        statement: control
            .statement
            .clone()
            .or_else(|| row.map(|r| r.statement.clone()))
            .ok_or_else(|| missing("statement"))?,
        frequency: control
            .frequency
            .or_else(|| row.map(|r| r.frequency))
            .ok_or_else(|| missing("frequency"))?,
        owner_role: control
            .owner_role
            .clone()
            .or_else(|| row.map(|r| r.owner_role.to_string()))
            .ok_or_else(|| missing("owner_role"))?,
        owner: None,
        control_type: control
            .control_type
            .or_else(|| row.map(|r| r.control_type))
            .ok_or_else(|| missing("type"))?,
        nature: control
            .nature
            .or_else(|| row.map(|r| r.nature))
            .ok_or_else(|| missing("nature"))?,
        criteria: control
            .criteria
            .clone()
            .or_else(|| row.map(|r| r.criteria.clone()))
            .ok_or_else(|| missing("criteria"))?,
        requirements: Vec::new(),
    })
}
