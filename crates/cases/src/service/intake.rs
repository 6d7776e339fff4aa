//! Taking over a register kept elsewhere: bounded batches, each durable before the next.

use crate::events::{CaseEvent, ChangeImported};
use crate::model::CaseId;
use crate::permits::ImportCases;
use crate::rules::import::report::excerpt;
use crate::rules::import::{
    Batch, Fault, ImportReader, ImportReport, ImportedChange, Mapping, ReadOptions, Reason,
    RefusedRow, RowDigest,
};
use crate::store;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Db, DbError, Result, Tx};
use platform::edge::Edge;
use platform::journal::{Expected, Origin, PAYLOAD_BYTES_MAX, record};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::io::Read;
use std::sync::Arc;

/// Rows that become durable together.
pub const BATCH_ROWS: usize = 2_000;

/// Gives the keys of a register their cases: the same on every run.
///
/// 16 bits of the register's digest, the last number in the key, 80 bits of the key's digest: cases of
/// neighbouring numbers lie beside each other in every index. With digests alone each row of an import
/// would change a page of its own in each of them.
pub struct CaseIds {
    /// The digest so far: whose register it is, and which.
    register: Sha256,
    place: [u8; 2],
}

impl CaseIds {
    /// Of this register.
    #[must_use]
    pub fn of(organisation: PartyId, register: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [organisation.to_string().as_str(), register] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let [first, second, ..] = <[u8; 32]>::from(hash.clone().finalize());
        Self { register: hash, place: [first, second] }
    }

    /// The case of a key.
    #[must_use]
    pub fn id(&self, key: &str) -> CaseId {
        let mut hash = self.register.clone();
        hash.update((key.len() as u64).to_be_bytes());
        hash.update(key.as_bytes());
        let own = hash.finalize();
        let mut bits = [0; 16];
        bits[..2].copy_from_slice(&self.place);
        bits[2..6].copy_from_slice(&last_number(key).to_be_bytes());
        bits[6..].copy_from_slice(&own[..10]);
        CaseId::from_u128(u128::from_be_bytes(bits))
    }
}

/// The case of one key in a register; see [`CaseIds`].
#[must_use]
pub fn case_id(organisation: PartyId, register: &str, key: &str) -> CaseId {
    CaseIds::of(organisation, register).id(key)
}

/// Moves rows that would be longer in the record than an event may be to the refused ones, so that
/// they do not take the rest of their batch with them.
fn refuse_what_cannot_be_recorded(batch: &mut Batch) {
    let (fits, grown): (Vec<_>, Vec<_>) =
        std::mem::take(&mut batch.accepted).into_iter().partition(|row| fits(&row.change));
    batch.accepted = fits;
    batch.refused.extend(grown.into_iter().map(|row| RefusedRow {
        row: row.row,
        line: row.line,
        faults: vec![Fault {
            column: None,
            value: excerpt(&row.change.key),
            reason: Reason::TooLongToRecord { limit: PAYLOAD_BYTES_MAX },
        }],
    }));
    batch.refused.sort_by_key(|row| row.row);
}

/// Whether a change fits in an event, with room for what stands around it.
fn fits(change: &ImportedChange) -> bool {
    // Bytes of JSON that the id, the party and the names of the members take, generously.
    const AROUND: usize = 4_096;
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    // A character takes at most six bytes in JSON: short rows need not be written to be measured.
    if change.fields.text_bytes() < PAYLOAD_BYTES_MAX / 8 {
        return true;
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, change).is_ok() && count.0 + AROUND <= PAYLOAD_BYTES_MAX
}

/// The last run of digits in a key as a number, its lowest 32 bits; 0 where there is none.
fn last_number(key: &str) -> u32 {
    let digits = key.trim_end_matches(|c: char| !c.is_ascii_digit());
    let start = digits.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let run = digits.get(start..).unwrap_or_default();
    run.bytes().fold(0, |n: u32, digit| n.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')))
}

/// Records the rows of one batch that are not known yet; returns the digests of the others.
///
/// # Errors
/// When the database refuses; then nothing of the batch was written.
pub fn record_batch(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ImportCases>,
    register: &str,
    batch: &Batch,
) -> Result<HashSet<RowDigest>> {
    let (ids, mut known) = (CaseIds::of(permit.owner(), register), HashSet::new());
    for row in &batch.accepted {
        let case = ids.id(&row.change.key);
        if store::row_known(tx, permit.owner(), case, &row.change.digest.to_hex())? {
            known.insert(row.change.digest);
        }
    }
    let mut at = Origin::by(permit.actor(), permit.owner());
    for row in batch.accepted.iter().filter(|row| !known.contains(&row.change.digest)) {
        let change = row.change.clone();
        let id = ids.id(&change.key);
        at.occurred_at = change.occurred_at();
        let event = ChangeImported {
            id,
            organisation: permit.owner(),
            register: register.to_owned(),
            change,
        };
        record(tx, env, &at, &id.to_string(), Expected::Any, vec![CaseEvent::from(event)])?;
    }
    Ok(known)
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
    // A case is known by source and key; the mapping's name may change.
    let register = mapping.source().to_owned();
    let permit = Arc::new(permit);
    let mut report = ImportReport::default();
    let owner = permit.owner();
    // Rises with every run that records anything, which is what tells a later run from an earlier.
    let run = db.read_blocking(|conn| store::imported_rows(conn, owner))?;
    let options =
        ReadOptions { run: u32::try_from(run).unwrap_or(u32::MAX), ..ReadOptions::default() };
    let mut reader =
        ImportReader::open(input, mapping, options).map_err(|e| Refusal::input(e.to_string()))?;
    let mut next = reader.next_batch(BATCH_ROWS);
    while let Some(mut batch) = next {
        let rows = reader.rows();
        refuse_what_cannot_be_recorded(&mut batch);
        batch.refused.iter().for_each(&mut refused);
        let (permit, register, mut env) = (permit.clone(), register.clone(), edge.env());
        let batch = Arc::new(batch);
        let writing = batch.clone();
        let write = move || {
            db.write_blocking(move |tx| record_batch(tx, &mut env, &permit, &register, &writing))
        };
        // The next rows are read while these are being written.
        let (known, ahead) = std::thread::scope(|scope| {
            let writing = scope.spawn(write);
            let ahead = reader.next_batch(BATCH_ROWS);
            (writing.join(), ahead)
        });
        let known = known.map_err(|_| DbError::Stopped("the import"))??;
        let mut done = Arc::unwrap_or_clone(batch);
        done.set_aside_known(|digest| known.contains(digest));
        report.add_batch(&done);
        if !progress(rows) {
            return Ok(report);
        }
        next = ahead;
    }
    report.end = reader.end().cloned();
    report.never_found = reader.never_found();
    Ok(report)
}
