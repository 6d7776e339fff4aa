//! An engagement as one file that anybody can check without us.
//!
//! # What is inside
//!
//! `manifest.json` names the parties, the two logs with their keys and signed checkpoints, the files and
//! the report. `logs/pty_….ndjson` holds one line for each entry of the organisation's and of the firm's
//! log, **all of them in the order of the tree**, so that the tree can be made again and compared with the
//! signed checkpoint: nothing can be left out, added, moved or changed without being seen. `blobs/…` are
//! the files that disclosed entries name, each under its SHA-256: frozen rows with their schema, texts and
//! result sets of full-population tests, evidence. `workpapers/…` say in readable form how each control was
//! tested and what the opinion rests on; `proofs/…` prove the entries that they name, one by one;
//! `report.pdf` is the issued report.
//!
//! # What is believed
//!
//! [`verify_package`] believes the log's key and nothing else: it shows that the package is what was
//! recorded. [`reperform`] believes no recorded result either: it plays the disclosed entries into an empty
//! schema in memory and makes hashes, seeds, selections, full-population runs, limits and proposals again.
//!
//! # What is disclosed
//!
//! Entries of this engagement are whole: entry, salt and payload. Of every other entry only its leaf hash
//! is given, which proves that it is there and says nothing of it. An entry belongs to the engagement when
//! its subject or payload names the engagement, when it is about a test, population, sample, run or
//! deviation that does, or when it is in the organisation's registers of scope, commitments and controls,
//! from which the report is assembled. Cases, accounts and other engagements stay behind their hashes.
//! Whoever passes a package on could turn further entries into hashes; so the verification also demands
//! every entry that the report's figures name, and tells how many entries are disclosed.
//!
//! | file | holds |
//! |---|---|
//! | `write.rs` | [`export`] |
//! | `papers.rs` | the workpapers |
//! | `proofs.rs` | proofs of single entries |
//! | `read.rs` | reading a zip within bounds |
//! | `check.rs` | [`verify_package`] |
//! | `replay.rs` | the disclosed entries in the order in which they were recorded |
//! | `reperform.rs` | [`reperform`] |
//! | `rederive.rs` | populations, selections, runs and workpapers made again |

mod check;
mod papers;
mod proofs;
mod read;
mod rederive;
mod reperform;
mod replay;
mod write;

pub use check::{PackageReport, Stated, verify_package};
pub use read::Source;
pub use reperform::{Difference, Reperformed, reperform};
pub use write::{Exported, export};

use serde::{Deserialize, Serialize};

/// The format written today.
pub const FORMAT: &str = "tickmark-package@v2";
/// Formats that are read: the first had neither workpapers nor proofs.
pub const FORMATS_READ: [&str; 2] = ["tickmark-package@v1", FORMAT];
/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// The name of the report.
pub const REPORT: &str = "report.pdf";

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// The engagement.
    pub engagement: Named,
    /// The organisation.
    pub organisation: Named,
    /// The firm.
    pub firm: Named,
    /// The logs, the organisation's first.
    pub logs: Vec<LogFile>,
    /// The files, by digest.
    pub blobs: Vec<BlobFile>,
    /// SHA-256 of the issued report, once it is issued.
    pub report_sha256: Option<String>,
    /// Workpapers and proofs, by name.
    #[serde(default)]
    pub papers: Vec<NamedFile>,
    /// The people whom the workpapers name by their ids. Their names are stated, not proved.
    #[serde(default)]
    pub people: Vec<Named>,
}

/// A file of the package under its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedFile {
    /// Its name in the package: `workpapers/….json` or `proofs/….tlog-proof`.
    pub name: String,
    /// Lower-case hex of its SHA-256.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// An id with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A log in the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogFile {
    /// The party whose log it is.
    pub log: String,
    /// What its checkpoints are signed under.
    pub origin: String,
    /// Its public key.
    pub vkey: String,
    /// The signed checkpoint.
    pub checkpoint: String,
    /// The name of the file with its entries.
    pub file: String,
    /// How many entries it has.
    pub entries: u64,
    /// How many of them are disclosed.
    pub disclosed: u64,
}

/// A file in the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobFile {
    /// Lower-case hex of its SHA-256.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
}

/// One line of a log: a disclosed entry, or the hash of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Line {
    /// A disclosed entry.
    Entry {
        /// Its exact bytes, in base64.
        entry: String,
        /// The salt in hexadecimal; none once the content was erased.
        salt: Option<String>,
        /// The payload in base64; none once the content was erased.
        payload: Option<String>,
    },
    /// The leaf hash of an entry that is not disclosed, in hexadecimal.
    Hash {
        /// RFC 6962 leaf hash.
        leaf_hash: String,
    },
}

/// The file references in a payload: every object with `sha256` and `bytes`.
fn blobs_in(value: &serde_json::Value, out: &mut std::collections::BTreeMap<String, u64>) {
    match value {
        serde_json::Value::Object(fields) => {
            if let (Some(sha256), Some(bytes)) = (
                fields.get("sha256").and_then(serde_json::Value::as_str),
                fields.get("bytes").and_then(serde_json::Value::as_u64),
            ) && is_digest(sha256)
            {
                out.insert(sha256.to_owned(), bytes);
            }
            fields.values().for_each(|v| blobs_in(v, out));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|v| blobs_in(v, out)),
        _ => {}
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}
