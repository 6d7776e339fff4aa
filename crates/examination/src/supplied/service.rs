//! The entry in the organisation's log that goes with each freeze of what it supplied.

use super::events::{PopulationShown, SuppliedEvent};
use super::model::{Shown, SuppliedId};
use crate::model::PopulationBody;
use crate::permits::KeepPopulations;
use crate::store::file_of;
use kernel::env::Env;
use kernel::permit::Permit;
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// Records in the organisation's log what was frozen, where the organisation supplied it. Of anything
/// else it records nothing there.
pub(crate) fn show(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<KeepPopulations>,
    body: &PopulationBody,
) -> Result<Option<SuppliedId>> {
    let (Some(coverage), Some(origin)) = (&body.coverage, &body.origin) else { return Ok(None) };
    if !origin.is_supplied() {
        return Ok(None);
    }
    let id: SuppliedId = env.id();
    let shown = Shown {
        name: body.name.clone(),
        rows: body.rows,
        canonical_sha256: body.canonical_sha256.clone(),
        schema_sha256: body.schema_sha256.clone(),
        meaning: body.meaning.clone(),
        coverage: coverage.clone(),
        origin: origin.clone(),
        frozen_at: body.frozen_at,
    };
    let (organisation, engagement) = (permit.owner(), file_of(permit.facts())?.engagement);
    let event = SuppliedEvent::from(PopulationShown { id, engagement, organisation, shown });
    let theirs = Origin::by(permit.actor(), organisation);
    record(tx, env, &theirs, &id.to_string(), Expected::New, vec![event])?;
    Ok(Some(id))
}
