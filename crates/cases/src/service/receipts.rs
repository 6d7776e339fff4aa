//! Receipts: what a reporter takes away, and what else the log signs for people outside.

use super::{Filed, Promised};
use crate::events::CaseEvent;
use crate::model::{Case, Privacy};
use kernel::event::Entry;
use kernel::refusal::Refusal;
use platform::db::{Conn, DbError, Result};
use platform::journal::{Appended, Journal, Proof, Trees, history, proof_of_first};
use std::collections::BTreeMap;

/// The receipt of a report: what was filed, when, and the proof that the log holds it. Verifies
/// offline with the log's public key alone. Without a proof only while the log has not placed the
/// entry yet; then it is the log's signed promise.
///
/// # Errors
/// [`Refusal::NotFound`], or when the database refuses.
pub fn receipt(conn: &mut Conn<'_>, journal: &Journal, case: &Case) -> Result<String> {
    let (entry, proof) =
        proof_of_first(conn, journal, &case.id.to_string())?.ok_or(Refusal::NotFound)?;
    let said = Said {
        number: &case.tracking_number,
        channel: &case.channel,
        privacy: case.privacy,
        promised: &promised_first(conn, case)?,
    };
    issue(journal, &said, &entry, proof)
}

/// The receipt of a report that was filed a moment ago, from what its command appended and the trees that
/// its commit left: nothing is read back. None where they do not reach, and for an answer that is given
/// again.
///
/// # Errors
/// When it cannot be made (a fault of the code).
pub fn receipt_at_once(
    journal: &Journal,
    filed: &Filed,
    (appended, trees): (Option<&Appended>, &Trees),
) -> Result<Option<String>> {
    // What is appended last is the report itself only where nothing was sealed behind it.
    if filed.privacy != Privacy::Open || filed.files {
        return Ok(None);
    }
    let Some(proof) = appended.and_then(|appended| journal.proof_at_edge(trees, appended)) else {
        return Ok(None);
    };
    let entry = proof.entry.clone();
    let said = Said {
        number: &filed.tracking_number,
        channel: &filed.channel,
        privacy: filed.privacy,
        promised: &filed.promised,
    };
    issue(journal, &said, &entry, Some(proof)).map(Some)
}

/// What a receipt states.
struct Said<'a> {
    number: &'a str,
    channel: &'a str,
    privacy: Privacy,
    promised: &'a Promised,
}

/// What was promised when the report came in, whatever was promised since.
fn promised_first(conn: &mut Conn<'_>, case: &Case) -> Result<Promised> {
    let first = history(conn, &case.id.to_string())?.into_iter().next();
    let event = first.and_then(|(.., payload)| payload).map(|p| serde_json::from_slice(&p));
    Ok(match event {
        Some(Ok(CaseEvent::ReportFiled(filed))) => Promised::of(filed.armed.as_ref()),
        _ => Promised::default(),
    })
}

fn odd(e: &dyn std::fmt::Display) -> DbError {
    DbError::Outside(format!("a receipt could not be made: {e}"))
}

fn issue(journal: &Journal, said: &Said<'_>, bytes: &[u8], proof: Option<Proof>) -> Result<String> {
    let entry = Entry::parse(bytes).map_err(|e| odd(&e))?;
    let mut fields = BTreeMap::from([
        ("tracking_number".to_owned(), said.number.to_owned()),
        ("received_at".to_owned(), entry.recorded_at.to_rfc3339()),
        ("channel".to_owned(), said.channel.to_owned()),
        ("content_commitment".to_owned(), entry.payload),
    ]);
    let promised = said.promised;
    if let Some(policy) = promised.policy {
        fields.insert("policy_version".to_owned(), policy.to_string());
    }
    for (name, at) in
        [("acknowledge_by", promised.acknowledge_by), ("answer_by", promised.answer_by)]
    {
        if let Some(at) = at {
            fields.insert(name.to_owned(), at.to_rfc3339());
        }
    }
    if said.privacy == Privacy::Anonymous {
        fields.insert("received_within".to_owned(), "the hour that begins at received_at".into());
    }
    sign(journal, bytes, fields, proof)
}

/// A statement about an entry, signed by the entry's log, with the proof that the log holds it.
///
/// # Errors
/// When it cannot be made (a fault of the code).
pub(crate) fn sign(
    journal: &Journal,
    bytes: &[u8],
    fields: BTreeMap<String, String>,
    proof: Option<Proof>,
) -> Result<String> {
    let entry = Entry::parse(bytes).map_err(|e| odd(&e))?;
    let signer = journal.signer(entry.log)?;
    let mut receipt = ledger::Receipt::issue(fields, bytes, &signer).map_err(|e| odd(&e))?;
    if let Some(Proof { index, hashes, checkpoint, state, .. }) = proof {
        let proof = ledger::TlogProof::new(index, hashes, &checkpoint);
        receipt = match state {
            Some(state) => receipt.with_own_proof(proof, &state),
            None => receipt.with_proof(proof, &[signer.verifier().clone()]),
        }
        .map_err(|e| odd(&e))?;
    }
    Ok(receipt.to_text().map_err(|e| odd(&e))?)
}
