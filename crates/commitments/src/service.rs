//! Commands: permit, load, decide, record.

use crate::events::{CommitmentEvent, CommitmentStated, RequirementStated};
use crate::model::{CommitmentId, Kept, RequirementId, RequirementKind, SOURCE_KINDS, Source};
use crate::permits::{ManageCommitments, MeasureCommitment};
use crate::store;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, line, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};
use scope::catalogue::{Category, CriterionId};
use std::collections::BTreeSet;

/// The longest code.
pub const CODE_MAX: usize = 20;
/// The longest statement.
pub const STATEMENT_MAX: usize = 4_000;
/// The most sources, commitments or criteria of one record.
pub const LINKS_MAX: usize = 100;

/// A commitment as stated.
#[derive(Debug, Clone)]
pub struct CommitmentInput {
    /// Its short name.
    pub code: String,
    /// Its category.
    pub category: Category,
    /// What is promised.
    pub statement: String,
    /// Whether it is principal.
    pub principal: bool,
    /// Where it is written.
    pub sources: Vec<Source>,
    /// Who answers for it.
    pub owner: Option<PersonId>,
}

/// States a commitment: a new one, or with `change` an existing one at the version that was seen.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_commitment(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageCommitments>,
    change: Option<(CommitmentId, i64)>,
    input: &CommitmentInput,
) -> Result<CommitmentId> {
    let existing = store::commitments(tx, permit.owner())?;
    let (id, expected) = match change {
        None => (env.id(), Expected::New),
        Some((id, version)) if existing.iter().any(|c| c.id == id) => {
            (id, Expected::Version(version))
        }
        Some(_) => return Err(Refusal::NotFound.into()),
    };
    let code = line("code", &input.code, CODE_MAX)?;
    if existing.iter().any(|c| c.code == code && c.id != id) {
        return Err(Refusal::field(
            "code",
            format!("Another commitment is called {code}. Choose another code."),
        )
        .into());
    }
    identity::service::answers_for(tx, permit.owner(), input.owner, "owner")?;
    let event = CommitmentStated {
        id,
        organisation: permit.owner(),
        code,
        category: input.category,
        statement: sentence("statement", &input.statement, STATEMENT_MAX)?,
        principal: input.principal,
        sources: sources(&input.sources)?,
        owner: input.owner,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![CommitmentEvent::from(event)])?;
    Ok(id)
}

fn sources(given: &[Source]) -> Result<Vec<Source>, Refusal> {
    if given.is_empty() || given.len() > LINKS_MAX {
        return Err(Refusal::field(
            "sources",
            format!("Name where this is promised: 1 to {LINKS_MAX} places."),
        ));
    }
    given
        .iter()
        .map(|source| {
            if !SOURCE_KINDS.contains(&source.kind.as_str()) {
                return Err(Refusal::field(
                    "sources",
                    format!("A place is one of these: {}.", SOURCE_KINDS.join(", ")),
                ));
            }
            let reference = sentence("sources", &source.reference, STATEMENT_MAX)?;
            Ok(Source { kind: source.kind.clone(), reference })
        })
        .collect()
}

/// A requirement as stated.
#[derive(Debug, Clone)]
pub struct RequirementInput {
    /// Its short name.
    pub code: String,
    /// What carries it.
    pub kind: RequirementKind,
    /// What is required.
    pub statement: String,
    /// The commitments that need it.
    pub commitments: Vec<CommitmentId>,
    /// The criteria that it bears on.
    pub criteria: Vec<CriterionId>,
}

/// States a requirement: a new one, or with `change` an existing one at the version that was seen.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_requirement(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageCommitments>,
    change: Option<(RequirementId, i64)>,
    input: &RequirementInput,
) -> Result<RequirementId> {
    let existing = store::requirements(tx, permit.owner())?;
    let (id, expected) = match change {
        None => (env.id(), Expected::New),
        Some((id, version)) if existing.iter().any(|r| r.id == id) => {
            (id, Expected::Version(version))
        }
        Some(_) => return Err(Refusal::NotFound.into()),
    };
    let code = line("code", &input.code, CODE_MAX)?;
    if existing.iter().any(|r| r.code == code && r.id != id) {
        return Err(Refusal::field(
            "code",
            format!("Another requirement is called {code}. Choose another code."),
        )
        .into());
    }
    let known = store::commitments(tx, permit.owner())?;
    if input.commitments.is_empty()
        || !input.commitments.iter().all(|id| known.iter().any(|c| c.id == *id))
    {
        return Err(Refusal::field(
            "commitments",
            "Choose at least one commitment of the register that needs this.",
        )
        .into());
    }
    let unique: BTreeSet<CriterionId> = input.criteria.iter().copied().collect();
    let needed: BTreeSet<CommitmentId> = input.commitments.iter().copied().collect();
    let event = RequirementStated {
        id,
        organisation: permit.owner(),
        code,
        kind: input.kind,
        statement: sentence("statement", &input.statement, STATEMENT_MAX)?,
        commitments: needed.into_iter().collect(),
        criteria: unique.into_iter().collect(),
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), expected, vec![CommitmentEvent::from(event)])?;
    Ok(id)
}

/// Records whether a commitment was kept in a window.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`].
pub fn measure(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MeasureCommitment>,
    kept: &Kept,
) -> Result<()> {
    store::commitment(tx, permit.owner(), kept.commitment)?.ok_or(Refusal::NotFound)?;
    let event = Kept {
        commitment: kept.commitment,
        window: line("window", &kept.window, CODE_MAX)?,
        value: sentence("value", &kept.value, STATEMENT_MAX)?,
        met: kept.met,
        source: sentence("source", &kept.source, STATEMENT_MAX)?,
    };
    let subject = kept.commitment.to_string();
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject, Expected::Any, vec![CommitmentEvent::from(event)])?;
    Ok(())
}
