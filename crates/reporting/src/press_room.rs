//! From a recorded build to the file: its proof, its typesetting, its place among the blobs.

use crate::model::{Build, Issued};
use crate::permits::{IssueReport, PrepareReport};
use crate::report_document::{ReportAttachment, ReportData, typeset_report};
use crate::service::{self, Built};
use crate::store;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use ledger::TlogProof;
use platform::blobs::{BlobRef, Blobs};
use platform::db::{Conn, Db, DbError, Error, Result, Tx};
use platform::journal::{Journal, proof_of};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The name of the attachment that proves the report's data to be in the log.
pub const PROOF_NAME: &str = "proof.json";
/// The longest report file that is read, in bytes.
pub const PDF_BYTES_MAX: u64 = 64 << 20;

/// `proof.json`: what shows, without network, that the firm's log holds the digest of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofFile {
    /// The exact bytes of the entry, in base64.
    pub entry: String,
    /// The payload of the event, as it was recorded.
    pub payload: String,
    /// The salt of the payload's commitment, in hexadecimal.
    pub salt: String,
    /// The proof of inclusion, in the form of C2SP `tlog-proof`.
    pub proof: String,
    /// The public key of the firm's log.
    pub vkey: String,
}

/// The proof of a build.
///
/// # Errors
/// [`Refusal::State`] while the log has not placed the entry.
pub fn proof_file(conn: &mut Conn<'_>, journal: &Arc<Journal>, build: &Build) -> Result<ProofFile> {
    let shape = |e: String| Error::from(DbError::Shape(e));
    let proof = proof_of(conn, journal, build.event)?.ok_or_else(|| {
        Refusal::state("The log has not placed the build yet. Try again in a moment.")
    })?;
    let (salt, payload) = store::content(conn, build.event)?.ok_or_else(|| {
        Refusal::state("The content of this build was erased. Build the report again.")
    })?;
    Ok(ProofFile {
        entry: BASE64_STANDARD.encode(&proof.entry),
        payload: String::from_utf8(payload).map_err(|e| shape(e.to_string()))?,
        salt: hex::encode(salt),
        proof: TlogProof::new(proof.index, proof.hashes, &proof.checkpoint)
            .to_text()
            .map_err(|e| shape(e.to_string()))?,
        vkey: journal.vkey(build.firm)?,
    })
}

/// The bytes of `proof.json`.
pub(crate) fn proof_json(proof: &ProofFile) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(proof)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Typesets data with its proof inside.
///
/// # Errors
/// A sentence that says what cannot be printed.
pub fn typeset(data: &ReportData, proof: &[u8]) -> Result<Vec<u8>, String> {
    let attachment = ReportAttachment {
        name: PROOF_NAME,
        mime: "application/json",
        description: "Proof that the log of the service auditor holds the digest of the data",
        bytes: proof,
    };
    typeset_report(data, &[attachment]).map(|pdf| pdf.bytes).map_err(|e| e.to_string())
}

/// The file of a build: the one already made, else typeset now and kept.
///
/// # Errors
/// As [`proof_file`]; when it cannot be printed or kept.
pub fn file_of(
    db: &Db,
    journal: &Arc<Journal>,
    blobs: &Blobs,
    built: &Built,
) -> Result<(BlobRef, Vec<u8>)> {
    let (firm, event) = (built.build.firm, built.build.event);
    if let Some(kept) = db.read_blocking(|conn| store::file(conn, firm, event))? {
        let bytes = blobs.read(&kept.sha256, PDF_BYTES_MAX)?;
        return Ok((kept, bytes));
    }
    let proof = db.read_blocking(|conn| proof_file(conn, journal, &built.build))?;
    let proof = proof_json(&proof).map_err(|e| DbError::Shape(e.to_string()))?;
    let bytes = typeset(&built.data, &proof).map_err(Refusal::state)?;
    let kept = blobs.put_bytes(&bytes)?;
    blobs.put_bytes(&built.json)?;
    // Two people may build at the same time: the first file counts.
    let named = kept.clone();
    let first = db.write_blocking(move |tx| {
        store::put_file(tx, firm, event, &named)?;
        store::file(tx, firm, event)
    })?;
    match first {
        Some(first) if first != kept => {
            let bytes = blobs.read(&first.sha256, PDF_BYTES_MAX)?;
            Ok((first, bytes))
        }
        _ => Ok((kept, bytes)),
    }
}

/// Places what waits, where no background sequencer has done so yet.
fn place(db: &Db, journal: &Arc<Journal>, built: &Built) -> Result<()> {
    let event = built.build.event;
    let waits = db.read_blocking(|conn| Ok(store::log_place(conn, event)?.is_none()))?;
    if waits {
        while journal.sequence_once(db)? {}
    }
    Ok(())
}

/// Builds a draft and typesets it.
///
/// # Errors
/// As [`service::build_draft`] and [`file_of`].
pub fn draft(
    db: &Db,
    journal: &Arc<Journal>,
    blobs: &Blobs,
    mut env: Env,
    permit: impl Fn(&mut Conn<'_>) -> Result<Permit<PrepareReport>> + Send + 'static,
) -> Result<(Built, BlobRef, Vec<u8>)> {
    let built = db.write_blocking(move |tx: &mut Tx<'_>| {
        let permit = permit(tx)?;
        service::build_draft(tx, &mut env, &permit)
    })?;
    place(db, journal, &built)?;
    let (blob, bytes) = file_of(db, journal, blobs, &built)?;
    Ok((built, blob, bytes))
}

/// Builds the signed report, typesets it, and issues that very file.
///
/// # Errors
/// As [`service::build_final`], [`file_of`] and [`service::issue`].
pub fn issue(
    db: &Db,
    journal: &Arc<Journal>,
    blobs: &Blobs,
    env: &Env,
    permit: impl Fn(&mut Conn<'_>) -> Result<Permit<IssueReport>> + Send + Clone + 'static,
) -> Result<(Issued, Vec<u8>)> {
    let (mut first, again) = (env.clone(), permit.clone());
    let (built, mut second) = db.write_blocking(move |tx: &mut Tx<'_>| {
        let permit = permit(tx)?;
        let built = service::build_final(tx, &mut first, &permit)?;
        // The second command goes on where the first stopped drawing ids.
        Ok((built, first.clone()))
    })?;
    place(db, journal, &built)?;
    let (blob, bytes) = file_of(db, journal, blobs, &built)?;
    let event = built.build.event;
    let issued = db.write_blocking(move |tx: &mut Tx<'_>| {
        let permit = again(tx)?;
        service::issue(tx, &mut second, &permit, event, &blob)
    })?;
    Ok((issued, bytes))
}
