//! Receipts: what a person who files a report takes away.
//!
//! ```text
//! tickmark-receipt@v1
//! channel: web
//! first_answer_by: 2026-03-10T16:30:00-04:00
//! received_at: 2026-03-09T07:12:44Z
//! tracking_number: TM-7F3K-92QX
//! log: example.com/log+c74f20a3+ARpc2Qc…
//! entry: AQIDBA==
//!
//! — example.com/log x08go/ZJ…wJnAM=
//!
//! c2sp.org/tlog-proof@v1
//! index 1
//! …
//! ```
//!
//! It has two parts. The **statement** is a signed note: what the organisation says it received
//! and promised, the log's public key, and the exact bytes of the log entry. The log's own key
//! signs it, so that neither the promise nor the entry can be disowned. The **proof** is a
//! `tlog-proof` file for that entry; whatever follows the empty line can be cut out and checked
//! by any tool that knows the format. A statement may be handed out a moment before the log has
//! placed its entry; it is then a promise of inclusion, and [`Place::Promised`] says so.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::checkpoint::Checkpoint;
use crate::note::{MAX_NOTE_BYTES, NoteError, SignedNote, Signer, Verifier};
use crate::proof::{MAX_PROOF_BYTES, PROOF_HEADER, ProofError, TlogProof};
use crate::tile::MAX_ENTRY_BYTES;

/// First line of every receipt.
pub const RECEIPT_HEADER: &str = "tickmark-receipt@v1";

/// Most fields a receipt can have.
pub const MAX_FIELDS: usize = 64;

/// Longest name of a field, in bytes.
pub const MAX_FIELD_NAME_BYTES: usize = 64;

/// Longest value of a field, in bytes.
pub const MAX_FIELD_VALUE_BYTES: usize = 1024;

/// Longest receipt that is read, in bytes.
pub const MAX_RECEIPT_BYTES: usize = MAX_NOTE_BYTES + MAX_PROOF_BYTES + 1;

/// Names that the receipt itself uses.
const RESERVED: [&str; 2] = ["log", "entry"];

/// Why a receipt is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Larger than [`MAX_RECEIPT_BYTES`].
    #[error("the receipt is larger than any receipt can be")]
    TooLarge,
    /// Not UTF-8.
    #[error("the receipt is not valid UTF-8 text")]
    NotUtf8,
    /// Another first line.
    #[error("this is not a receipt: its first line must be tickmark-receipt@v1")]
    NotAReceipt,
    /// A line that is not `name: value`, stands in the wrong place, or comes twice.
    #[error("line {0} of the receipt is malformed or not in its place")]
    BadLine(usize),
    /// The statement does not end with its `log` and `entry` lines.
    #[error("the receipt is incomplete: its statement must end with a log line and an entry line")]
    Incomplete,
    /// A field's name is not one to 64 lower-case letters, digits and underscores, or is reserved.
    #[error(
        "the field name {0:?} is not allowed: use up to 64 lower-case letters, digits and \
         underscores, starting with a letter, and neither \u{201c}log\u{201d} nor \u{201c}entry\u{201d}"
    )]
    BadFieldName(String),
    /// A field's value is empty, too long, starts or ends with a space, or has characters that
    /// break lines, hide, or reorder text.
    #[error(
        "the value of the field {0:?} must be one line of 1 to 1024 bytes without control \
         characters and without spaces at its ends"
    )]
    BadFieldValue(String),
    /// More than [`MAX_FIELDS`].
    #[error("a receipt has at most 64 fields")]
    TooManyFields,
    /// The entry is empty, longer than [`MAX_ENTRY_BYTES`], or not base64.
    #[error("the entry in the receipt must be base64 of 1 to 65535 bytes")]
    BadEntry,
    /// The `log` line is not a verifier key.
    #[error("the log key in the receipt is unusable: {0}")]
    BadLogKey(NoteError),
    /// The statement's note is malformed, or its signature does not fit.
    #[error("the statement of the receipt does not hold: {0}")]
    Statement(NoteError),
    /// The reader trusts other keys than the one the receipt names.
    #[error(
        "the receipt is signed by the key {found}, which is not one that you trust for that log"
    )]
    KeyNotTrusted {
        /// The key that the receipt names.
        found: String,
    },
    /// The proof is malformed or does not prove the entry.
    #[error("the proof in the receipt does not hold: {0}")]
    Proof(#[from] ProofError),
}

/// A receipt that was read or issued. Reading checks its form only; see [`Receipt::verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    fields: BTreeMap<String, String>,
    entry: Vec<u8>,
    log: Verifier,
    /// The signed note, byte for byte.
    statement: String,
    proof: Option<TlogProof>,
}

/// Whose keys are believed.
#[derive(Debug, Clone, Copy)]
pub enum Trust<'k> {
    /// Only these, which the reader has from elsewhere (the organisation's site, an earlier
    /// receipt, a package). The key in the receipt must be one of them.
    Pinned(&'k [Verifier]),
    /// The key that the receipt itself names. This shows that the receipt is whole and agrees with
    /// itself; who holds the key is for the reader to find out.
    AsStated,
}

/// What a receipt was found to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedReceipt {
    /// What the organisation stated, by name.
    pub fields: BTreeMap<String, String>,
    /// The exact bytes of the log entry.
    pub entry: Vec<u8>,
    /// The log's name.
    pub origin: String,
    /// Whether the reader's own keys vouch for it, or only the key in the receipt.
    pub pinned: bool,
    /// Where the entry is.
    pub place: Place,
}

/// Where a receipt's entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Proven to be in the log.
    Logged {
        /// Zero-based index in the log.
        index: u64,
        /// The signed state of the log in which it is.
        checkpoint: Checkpoint,
    },
    /// Signed by the log, with the proof still to come.
    Promised,
}

impl Receipt {
    /// Issues a receipt without a proof, signed by the log's key.
    ///
    /// # Errors
    /// [`ReceiptError`] when a field or the entry is not allowed.
    pub fn issue(
        fields: BTreeMap<String, String>,
        entry: &[u8],
        signer: &Signer,
    ) -> Result<Self, ReceiptError> {
        check_fields(&fields)?;
        if entry.is_empty() || entry.len() > MAX_ENTRY_BYTES {
            return Err(ReceiptError::BadEntry);
        }
        let log = signer.verifier().clone();
        let text = statement_text(&fields, &log, entry);
        let statement = signer.sign(&text).map_err(ReceiptError::Statement)?;
        Ok(Self { fields, entry: entry.to_vec(), log, statement, proof: None })
    }

    /// Adds the proof that the entry is in the log, replacing an earlier one.
    ///
    /// # Errors
    /// [`ReceiptError::Proof`] when it does not prove this entry under one of `keys` (the log's
    /// key now, and earlier ones).
    pub fn with_proof(self, proof: TlogProof, keys: &[Verifier]) -> Result<Self, ReceiptError> {
        proof.to_text()?;
        proof.verify(&self.entry, self.log.name(), keys)?;
        Ok(Self { proof: Some(proof), ..self })
    }

    /// As [`Receipt::with_proof`], by the log itself, whose state it has just signed: the signature
    /// is not checked again.
    ///
    /// # Errors
    /// As [`Receipt::with_proof`].
    pub fn with_own_proof(
        self,
        proof: TlogProof,
        state: &Checkpoint,
    ) -> Result<Self, ReceiptError> {
        proof.verify_under(&self.entry, state)?;
        Ok(Self { proof: Some(proof), ..self })
    }

    /// What the organisation stated, by name. Believe it only after [`Receipt::verify`].
    #[must_use]
    pub fn fields(&self) -> &BTreeMap<String, String> {
        &self.fields
    }

    /// The exact bytes of the log entry.
    #[must_use]
    pub fn entry(&self) -> &[u8] {
        &self.entry
    }

    /// The log's public key, as the receipt names it.
    #[must_use]
    pub fn log(&self) -> &Verifier {
        &self.log
    }

    /// The proof, when the log had placed the entry.
    #[must_use]
    pub fn proof(&self) -> Option<&TlogProof> {
        self.proof.as_ref()
    }

    /// The receipt's file.
    ///
    /// # Errors
    /// [`ReceiptError::Proof`], which [`Receipt::with_proof`] and [`Receipt::parse`] rule out.
    pub fn to_text(&self) -> Result<String, ReceiptError> {
        let mut text = self.statement.clone();
        if let Some(proof) = &self.proof {
            text.push('\n');
            text.push_str(&proof.to_text()?);
        }
        Ok(text)
    }

    /// Reads a receipt's file and checks its form. Windows line ends, which mail programs make,
    /// are read as plain ones; nothing that is signed contains either.
    ///
    /// # Errors
    /// [`ReceiptError`] saying what is wrong.
    pub fn parse(file: &[u8]) -> Result<Self, ReceiptError> {
        if file.len() > MAX_RECEIPT_BYTES {
            return Err(ReceiptError::TooLarge);
        }
        let text = std::str::from_utf8(file).map_err(|_| ReceiptError::NotUtf8)?;
        let text = text.replace("\r\n", "\n");
        let (statement, proof) = match text.find(&format!("\n\n{PROOF_HEADER}\n")) {
            Some(end) => {
                let proof = text.as_bytes().get(end + 2..).unwrap_or_default();
                (&text[..=end], Some(TlogProof::parse(proof)?))
            }
            None => (text.as_str(), None),
        };
        let note = SignedNote::parse(statement.as_bytes()).map_err(|error| {
            let is_receipt = text.starts_with(RECEIPT_HEADER);
            if is_receipt { ReceiptError::Statement(error) } else { ReceiptError::NotAReceipt }
        })?;
        let (fields, log, entry) = parse_statement(note.text)?;
        let statement = statement.to_owned();
        Ok(Self { fields, entry, log, statement, proof })
    }

    /// Checks the whole receipt, offline: the statement's signature, and the proof if there is one.
    ///
    /// # Errors
    /// [`ReceiptError::KeyNotTrusted`], [`ReceiptError::Statement`] and [`ReceiptError::Proof`].
    pub fn verify(&self, trust: Trust<'_>) -> Result<VerifiedReceipt, ReceiptError> {
        let (keys, pinned) = match trust {
            Trust::Pinned(keys) if keys.contains(&self.log) => (keys, true),
            Trust::Pinned(_) => {
                return Err(ReceiptError::KeyNotTrusted { found: self.log.vkey() });
            }
            Trust::AsStated => (std::slice::from_ref(&self.log), false),
        };
        self.log.open(self.statement.as_bytes()).map_err(ReceiptError::Statement)?;
        let place = match &self.proof {
            None => Place::Promised,
            Some(proof) => Place::Logged {
                index: proof.index,
                checkpoint: proof.verify(&self.entry, self.log.name(), keys)?,
            },
        };
        Ok(VerifiedReceipt {
            fields: self.fields.clone(),
            entry: self.entry.clone(),
            origin: self.log.name().to_owned(),
            pinned,
            place,
        })
    }
}

/// The text that is signed. Fields come in the order of their names, so that one set of facts has
/// one text.
fn statement_text(fields: &BTreeMap<String, String>, log: &Verifier, entry: &[u8]) -> String {
    let mut text = format!("{RECEIPT_HEADER}\n");
    for (name, value) in fields {
        text.push_str(&format!("{name}: {value}\n"));
    }
    text.push_str(&format!("log: {}\nentry: {}\n", log.vkey(), BASE64_STANDARD.encode(entry)));
    text
}

type Statement = (BTreeMap<String, String>, Verifier, Vec<u8>);

fn parse_statement(text: &str) -> Result<Statement, ReceiptError> {
    let body = text.strip_prefix(RECEIPT_HEADER).and_then(|rest| rest.strip_prefix('\n'));
    let body = body.ok_or(ReceiptError::NotAReceipt)?;
    let mut lines: Vec<(usize, &str, &str)> = Vec::new();
    for (number, line) in (2..).zip(body.lines()) {
        let (name, value) = line.split_once(": ").ok_or(ReceiptError::BadLine(number))?;
        lines.push((number, name, value));
        if lines.len() > MAX_FIELDS + RESERVED.len() {
            return Err(ReceiptError::TooManyFields);
        }
    }
    let (Some((_, "entry", entry)), Some((_, "log", log))) = (lines.pop(), lines.pop()) else {
        return Err(ReceiptError::Incomplete);
    };
    let mut fields = BTreeMap::new();
    for (number, name, value) in lines {
        // Strictly ascending names: one order, no name twice.
        if fields.last_key_value().is_some_and(|(last, _): (&String, _)| last.as_str() >= name) {
            return Err(ReceiptError::BadLine(number));
        }
        fields.insert(name.to_owned(), value.to_owned());
    }
    check_fields(&fields)?;
    let log = Verifier::parse(log).map_err(ReceiptError::BadLogKey)?;
    let entry = parse_entry(entry)?;
    if statement_text(&fields, &log, &entry) == text {
        Ok((fields, log, entry))
    } else {
        Err(ReceiptError::Incomplete)
    }
}

fn parse_entry(encoded: &str) -> Result<Vec<u8>, ReceiptError> {
    if encoded.is_empty() || encoded.len() > MAX_ENTRY_BYTES.div_ceil(3) * 4 {
        return Err(ReceiptError::BadEntry);
    }
    let entry = BASE64_STANDARD.decode(encoded).map_err(|_| ReceiptError::BadEntry)?;
    if entry.len() > MAX_ENTRY_BYTES { Err(ReceiptError::BadEntry) } else { Ok(entry) }
}

fn check_fields(fields: &BTreeMap<String, String>) -> Result<(), ReceiptError> {
    if fields.len() > MAX_FIELDS {
        return Err(ReceiptError::TooManyFields);
    }
    for (name, value) in fields {
        if !is_field_name(name) {
            let shown = name.chars().take(MAX_FIELD_NAME_BYTES).collect();
            return Err(ReceiptError::BadFieldName(shown));
        }
        if !is_field_value(value) {
            return Err(ReceiptError::BadFieldValue(name.clone()));
        }
    }
    Ok(())
}

fn is_field_name(name: &str) -> bool {
    let part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() <= MAX_FIELD_NAME_BYTES
        && name.bytes().all(part)
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !RESERVED.contains(&name)
}

fn is_field_value(value: &str) -> bool {
    // Line separators and the marks that reorder text: what a person sees must be what was signed.
    let misleading = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !value.is_empty()
        && value.len() <= MAX_FIELD_VALUE_BYTES
        && value.trim() == value
        && !value.contains(misleading)
}

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
