//! Taking over a register kept elsewhere: bounded batches, each durable before the next.

use crate::events::{CaseEvent, ChangeImported};
use crate::model::CaseId;
use crate::permits::ImportCases;
use crate::rules::import::{Batch, ImportReader, ImportReport, Mapping, ReadOptions, RefusedRow};
use crate::store;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Db, Result, Tx};
use platform::edge::Edge;
use platform::journal::{Expected, Origin, record};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;

/// Rows that become durable together.
pub const BATCH_ROWS: usize = 2_000;

/// The case of a key in a register: the same on every run.
#[must_use]
pub fn case_id(organisation: PartyId, register: &str, key: &str) -> CaseId {
    let mut hash = Sha256::new();
    for part in [organisation.to_string().as_str(), register, key] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bits = [0; 16];
    bits.copy_from_slice(&digest[..16]);
    CaseId::from_u128(u128::from_be_bytes(bits))
}

/// Records the rows of one batch that are not known yet, and sets the others aside in it.
///
/// # Errors
/// When the database refuses; then nothing of the batch was written.
pub fn record_batch(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ImportCases>,
    register: &str,
    batch: &mut Batch,
) -> Result<()> {
    let mut known = HashSet::new();
    for row in &batch.accepted {
        if store::row_known(tx, permit.owner(), &row.change.digest.to_hex())? {
            known.insert(row.change.digest);
        }
    }
    batch.set_aside_known(|digest| known.contains(digest));
    let origin = Origin::by(permit.actor(), permit.owner());
    for row in &batch.accepted {
        let change = row.change.clone();
        let id = case_id(permit.owner(), register, &change.key);
        let mut at = origin.clone();
        at.occurred_at = change.occurred_at();
        let event = ChangeImported {
            id,
            organisation: permit.owner(),
            register: register.to_owned(),
            change,
        };
        record(tx, env, &at, &id.to_string(), Expected::Any, vec![CaseEvent::from(event)])?;
    }
    Ok(())
}

/// Reads a whole file, batch by batch. What was recorded before an interruption stays; running again
/// goes on where it stopped, because known rows are passed over.
///
/// `progress` is told how many rows have been read; when it returns `false` the import stops after
/// the batch that is durable. `refused` receives every refused row.
///
/// # Errors
/// A plain sentence when the file as a whole cannot be read, or when the database refuses.
pub fn import(
    db: &Db,
    edge: &Arc<dyn Edge>,
    permit: Permit<ImportCases>,
    mapping: Mapping,
    input: impl Read,
    mut progress: impl FnMut(u64) -> bool,
    mut refused: impl FnMut(&RefusedRow),
) -> Result<ImportReport> {
    let register = mapping.name().to_owned();
    let permit = Arc::new(permit);
    let mut report = ImportReport::default();
    let mut reader = ImportReader::open(input, mapping, ReadOptions::default())
        .map_err(|e| Refusal::input(e.to_string()))?;
    while let Some(batch) = reader.next_batch(BATCH_ROWS) {
        batch.refused.iter().for_each(&mut refused);
        let (permit, register, mut env) = (permit.clone(), register.clone(), edge.env());
        let done = db.write_blocking(move |tx| {
            let mut batch = batch.clone();
            record_batch(tx, &mut env, &permit, &register, &mut batch)?;
            Ok(batch)
        })?;
        report.add_batch(&done);
        if !progress(reader.rows()) {
            break;
        }
    }
    report.end = reader.end().cloned();
    Ok(report)
}
