//! A report checked without server and network: is it what the firm's log holds, to the last byte?
//!
//! The PDF carries its data and a proof. The proof shows that the log's key signed a tree in which an entry
//! stands that commits to the digest of the data; typesetting the data again must give the given file.

use crate::events::{ReportBuilt, ReportingEvent};
use crate::model::BuildKind;
use crate::press_room::{PDF_BYTES_MAX, PROOF_NAME, ProofFile, typeset};
use crate::report_document::{ReportData, ReportStatus};
use crate::service::{sha256, template_sha256};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use kernel::event::{Entry, payload_commitment};
use ledger::{TlogProof, Verifier};
use lopdf::{Dictionary, Document, LoadOptions, Object};
use serde::Serialize;
use std::collections::BTreeMap;

/// The name of the attachment that holds the report's data.
const DATA_NAME: &str = "report-data.json";
/// The longest attachment that is read, in bytes.
const ATTACHMENT_BYTES_MAX: usize = 32 << 20;
/// The most objects of a PDF that are looked at.
const OBJECTS_MAX: usize = 2_000_000;

/// The longest message of a finding, in characters.
const MESSAGE_CHARS_MAX: usize = 2_000;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What kind: `file`, `attachment`, `proof`, `key`, `payload`, `data`, `pdf`, `log`, `entry`, `blob`,
    /// `manifest`.
    pub kind: &'static str,
    /// A sentence.
    pub message: String,
}

impl Finding {
    pub(crate) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        // It may quote what a stranger's file says.
        Self { kind, message: kernel::refusal::excerpt(&message.into(), MESSAGE_CHARS_MAX) }
    }
}

/// What a report was found to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// What is wrong; empty when nothing is.
    pub findings: Vec<Finding>,
    /// The name of the log.
    pub origin: Option<String>,
    /// The key that vouches for it.
    pub vkey: Option<String>,
    /// Whether the reader's own key vouches, or only the key that the file names.
    pub pinned: bool,
    /// The place of the build's entry in the log.
    pub index: Option<u64>,
    /// SHA-256 of the data.
    pub data_sha256: Option<String>,
    /// The organisation, the system and the firm, as the data names them.
    pub names: Option<[String; 3]>,
    /// Whether the report is signed and issued, not a draft.
    pub issued: bool,
}

impl Verified {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn verified(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, kind: &'static str, message: impl Into<String>) {
        self.findings.push(Finding::new(kind, message));
    }
}

/// Checks a report. With `pinned`, the key that the reader has from elsewhere, the log must be signed by
/// that key; without, by the key that the file names, which shows only that the file agrees with itself.
#[must_use]
pub fn verify_report(pdf: &[u8], pinned: Option<&str>) -> Verified {
    let mut out = Verified::default();
    let attachments = match attachments(pdf) {
        Ok(found) => found,
        Err(why) => {
            out.find("file", why);
            return out;
        }
    };
    let (Some(data), Some(proof)) = (attachments.get(DATA_NAME), attachments.get(PROOF_NAME))
    else {
        for name in [DATA_NAME, PROOF_NAME].into_iter().filter(|n| !attachments.contains_key(*n)) {
            out.find("attachment", format!("The file carries no {name}: it is not a report of this product, or it was taken out."));
        }
        return out;
    };
    let digest = sha256(data);
    if let Some(built) = check_proof(proof, pinned, &mut out) {
        if built.data_sha256 != digest {
            out.find("data", format!("The data in the file has the digest {digest}, and the log holds {}: the data was changed.", built.data_sha256));
        }
        if built.template_sha256 != template_sha256() {
            out.find("pdf", "The report was typeset with templates that this version does not have. Use the version that built it to compare the pages.");
        }
        out.issued = built.kind == BuildKind::Final;
    }
    out.data_sha256 = Some(digest);
    check_pages(pdf, data, proof, &mut out);
    out
}

/// The entry, its payload and its place in the log.
fn check_proof(proof: &[u8], pinned: Option<&str>, out: &mut Verified) -> Option<ReportBuilt> {
    let proof: ProofFile = match serde_json::from_slice(proof) {
        Ok(proof) => proof,
        Err(e) => {
            out.find("proof", format!("{PROOF_NAME} cannot be read: {e}"));
            return None;
        }
    };
    let Ok(bytes) = BASE64_STANDARD.decode(&proof.entry) else {
        out.find("proof", "The entry in the proof is not base64.");
        return None;
    };
    check_place(&proof, &bytes, pinned, out);
    let entry = match Entry::parse(&bytes) {
        Ok(entry) => entry,
        Err(e) => {
            out.find("proof", e.to_string());
            return None;
        }
    };
    let salt = hex::decode(&proof.salt).unwrap_or_default();
    if payload_commitment(&salt, proof.payload.as_bytes()) != entry.payload {
        out.find(
            "payload",
            "The payload in the proof is not the one that the log's entry commits to.",
        );
        return None;
    }
    match serde_json::from_str::<ReportingEvent>(&proof.payload) {
        Ok(ReportingEvent::ReportBuilt(built)) => Some(built),
        _ => {
            out.find("payload", "The entry in the proof does not say that a report was built.");
            None
        }
    }
}

fn check_place(proof: &ProofFile, entry: &[u8], pinned: Option<&str>, out: &mut Verified) {
    let own = match Verifier::parse(&proof.vkey) {
        Ok(key) => key,
        Err(e) => {
            out.find("key", format!("The key in the proof is unusable: {e}"));
            return;
        }
    };
    let key = match pinned.map(Verifier::parse) {
        None => own,
        Some(Err(e)) => {
            out.find("key", format!("The key to verify with is unusable: {e}"));
            return;
        }
        Some(Ok(key)) => {
            if pinned.map(str::trim) != Some(proof.vkey.as_str()) {
                out.find(
                    "key",
                    format!(
                        "The file names the key {}, which is not the one to verify with.",
                        proof.vkey
                    ),
                );
            }
            out.pinned = true;
            key
        }
    };
    out.origin = Some(key.name().to_owned());
    out.vkey = Some(key.vkey());
    match TlogProof::parse(proof.proof.as_bytes()) {
        Err(e) => out.find("proof", e.to_string()),
        Ok(tlog) => {
            out.index = Some(tlog.index);
            if let Err(e) = tlog.verify(entry, key.name(), std::slice::from_ref(&key)) {
                out.find("proof", e.to_string());
            }
        }
    }
}

/// Typesets the data again and compares.
fn check_pages(pdf: &[u8], data: &[u8], proof: &[u8], out: &mut Verified) {
    let data: ReportData = match serde_json::from_slice(data) {
        Ok(data) => data,
        Err(e) => {
            out.find("data", format!("{DATA_NAME} cannot be read: {e}"));
            return;
        }
    };
    out.names = Some([
        data.facts.organization.name.clone(),
        data.facts.system.name.clone(),
        data.facts.firm.name.clone(),
    ]);
    if out.issued != (data.facts.status == ReportStatus::Issued) && out.findings.is_empty() {
        out.find("data", "The data and the log disagree on whether this is a draft.");
    }
    match typeset(&data, proof) {
        Err(why) => out.find("pdf", format!("The data cannot be typeset again: {why}")),
        Ok(again) if again != pdf => {
            let at = again
                .iter()
                .zip(pdf)
                .position(|(a, b)| a != b)
                .unwrap_or(again.len().min(pdf.len()));
            out.find("pdf", format!(
                "The file is not what its data gives: the two differ from byte {at} on ({} bytes, expected {}).",
                pdf.len(),
                again.len()
            ));
        }
        Ok(_) => {}
    }
}

/// The embedded files of a PDF by name.
fn attachments(pdf: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    if pdf.len() as u64 > PDF_BYTES_MAX {
        return Err(format!("The file is larger than a report can be ({PDF_BYTES_MAX} bytes)."));
    }
    let options =
        LoadOptions { max_decompressed_size: Some(ATTACHMENT_BYTES_MAX), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(pdf, options)
        .map_err(|e| format!("The file is not a PDF that can be read: {e}"))?;
    let mut out = BTreeMap::new();
    for object in document.objects.values().take(OBJECTS_MAX) {
        let Ok(spec) = object.as_dict() else { continue };
        let Some(name) = file_name(spec) else { continue };
        let Some(bytes) = content(&document, spec) else {
            return Err(format!("The attachment {name} cannot be read."));
        };
        if out.insert(name.clone(), bytes).is_some() {
            return Err(format!("The file carries {name} twice."));
        }
    }
    Ok(out)
}

fn file_name(spec: &Dictionary) -> Option<String> {
    spec.get(b"EF").ok()?;
    let name = spec.get(b"UF").or_else(|_| spec.get(b"F")).ok()?;
    lopdf::decode_text_string(name).ok()
}

fn content(document: &Document, spec: &Dictionary) -> Option<Vec<u8>> {
    let files = document.dereference(spec.get(b"EF").ok()?).ok()?.1.as_dict().ok()?;
    let file = files.get(b"F").or_else(|_| files.get(b"UF")).ok()?;
    let Ok((_, Object::Stream(stream))) = document.dereference(file) else { return None };
    stream.get_plain_content_with_limit(ATTACHMENT_BYTES_MAX).ok()
}

/// The data inside a report, as it stands there; none when the file cannot be read.
pub(crate) fn data_of(pdf: &[u8]) -> Option<Vec<u8>> {
    attachments(pdf).ok()?.remove(DATA_NAME)
}
