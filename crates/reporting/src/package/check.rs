//! Verifying a package: trees, payloads, files, report.

use super::proofs::{self, Places};
use super::read::{FILE_BYTES_MAX, FILES_MAX, MANIFEST_BYTES_MAX, Package, Source};
use super::{
    FORMAT, FORMATS_READ, Line, LogFile, MANIFEST, Manifest, REPORT, blobs_in, is_digest, papers,
};
use crate::press_room::PDF_BYTES_MAX;
use crate::report_document::ReportData;
use crate::verify_report::{Finding, data_of, verify_report};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use kernel::event::{Entry, payload_commitment};
use kernel::refusal::excerpt;
use ledger::{Checkpoint, Frontier, Hash, Verifier, leaf_hash};
use scope::events::ScopeEvent;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _};

/// The longest line of a log, in bytes: an entry and a payload in base64, with room to spare.
pub(super) const LINE_BYTES_MAX: u64 = 4 << 20;
/// The longest workpaper, in bytes.
pub(super) const PAPER_BYTES_MAX: u64 = 1 << 30;
/// Findings beyond this many are counted, not listed.
const FINDINGS_MAX: usize = 200;

/// What a package was found to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PackageReport {
    /// What is wrong; empty when nothing is.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub findings_unlisted: u64,
    /// The parties and the engagement, as the manifest names them.
    pub names: Option<[String; 3]>,
    /// Names that no entry of the package proves.
    pub stated: Option<Stated>,
    /// Entries in the trees.
    pub entries: u64,
    /// Entries that are disclosed whole.
    pub disclosed: u64,
    /// Disclosed entries whose content was erased.
    pub erased: u64,
    /// Files whose bytes have their digest.
    pub blobs: u64,
    /// Workpapers whose bytes have their digest.
    pub workpapers: u64,
    /// Proofs that verify.
    pub proofs: u64,
    /// Whether an issued report is in it.
    pub report: bool,
    /// Whether every log was verified with a key that the reader has from elsewhere.
    pub pinned: bool,
}

/// Names that are words of the package: no entry that it discloses holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stated {
    /// What the package calls the organisation.
    pub organisation: String,
    /// What it calls the firm.
    pub firm: String,
    /// How many people it names.
    pub people: usize,
}

impl std::fmt::Display for Stated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "As the package states and no entry proves: the organisation is called {}, the firm {}, and {} people have the names that stand beside their ids.",
            excerpt(&self.organisation, 120),
            excerpt(&self.firm, 120),
            self.people
        )
    }
}

impl PackageReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn verified(&self) -> bool {
        self.findings.is_empty()
    }

    fn find(&mut self, kind: &'static str, message: impl Into<String>) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding::new(kind, message));
        } else {
            self.findings_unlisted += 1;
        }
    }
}

/// What the disclosed entries of all logs say.
#[derive(Default)]
struct Said {
    /// Files that they name.
    blobs: BTreeMap<String, u64>,
    /// SHA-256 of each disclosed entry of the firm's log, by its index.
    firm: BTreeMap<u64, String>,
    /// Their leaves, by their ids.
    places: Places,
    /// What engagements are called, by their ids, as they were stated last.
    engagements: BTreeMap<String, String>,
    /// The key of the firm's log.
    firm_key: Option<Verifier>,
}

/// Verifies a package. `pinned` are keys that the reader has from elsewhere; a log whose name none of them
/// has is verified with the key in the manifest, which shows only that the package agrees with itself.
#[must_use]
pub fn verify_package(source: Box<dyn Source>, pinned: &[String]) -> PackageReport {
    let mut out = PackageReport::default();
    if let Err((kind, why)) = verify(source, pinned, &mut out) {
        out.find(kind, why);
    }
    out
}

/// The engagement is called as its entries call it. Parties and people are in entries of other matters,
/// which a package does not disclose: their names are passed on as what they are, words of the package.
fn check_display_names(manifest: &Manifest, said: &Said, out: &mut PackageReport) {
    let called = &manifest.engagement.name;
    match said.engagements.get(&manifest.engagement.id) {
        Some(recorded) if recorded == called => {}
        Some(recorded) => out.find(
            "names",
            format!(
                "The manifest calls the engagement “{}”; its entries call it “{}”.",
                excerpt(called, 120),
                excerpt(recorded, 120)
            ),
        ),
        None => out.find("names", "No entry of the package says what the engagement is called."),
    }
    out.stated = Some(Stated {
        organisation: manifest.organisation.name.clone(),
        firm: manifest.firm.name.clone(),
        people: manifest.people.len(),
    });
}

pub(super) type Stop = (&'static str, String);

fn verify(source: Box<dyn Source>, pinned: &[String], out: &mut PackageReport) -> Result<(), Stop> {
    let mut package = Package::open(source).map_err(|e| ("file", e))?;
    let manifest = manifest(&mut package)?;
    out.names = Some([
        manifest.engagement.name.clone(),
        manifest.organisation.name.clone(),
        manifest.firm.name.clone(),
    ]);
    let mut said = Said::default();
    out.pinned = true;
    for log in &manifest.logs {
        check_log(&mut package, &manifest, log, pinned, &mut said, out)?;
    }
    check_blobs(&mut package, &manifest, &said, out);
    check_papers(&mut package, &manifest, &said, out);
    check_report(&mut package, &manifest, &said, out);
    check_names(&package, &manifest, out);
    check_display_names(&manifest, &said, out);
    Ok(())
}

pub(super) fn manifest(package: &mut Package) -> Result<Manifest, Stop> {
    let bytes = package.read(MANIFEST, MANIFEST_BYTES_MAX).map_err(|e| ("manifest", e))?;
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|e| ("manifest", format!("{MANIFEST} cannot be read: {e}")))?;
    if !FORMATS_READ.contains(&manifest.format.as_str()) {
        return Err((
            "manifest",
            format!("The package has the format {}; this version reads {FORMAT}.", manifest.format),
        ));
    }
    let logs: Vec<&str> = manifest.logs.iter().map(|l| l.log.as_str()).collect();
    if logs != [manifest.organisation.id.as_str(), manifest.firm.id.as_str()] {
        return Err((
            "manifest",
            "A package holds the organisation's log and the firm's, and no other.".into(),
        ));
    }
    let digests = manifest.blobs.iter().map(|b| &b.sha256);
    let digests = digests.chain(manifest.papers.iter().map(|p| &p.sha256));
    if manifest.blobs.len() + manifest.papers.len() > FILES_MAX
        || !digests.into_iter().all(|d| is_digest(d))
    {
        return Err((
            "manifest",
            "The list of files in the manifest is not one that a package has.".into(),
        ));
    }
    Ok(manifest)
}

/// The key to verify a log with, and whether the reader has it from elsewhere.
fn key_of(log: &LogFile, pinned: &[String], out: &mut PackageReport) -> Option<Verifier> {
    let own = match Verifier::parse(&log.vkey) {
        Ok(key) => key,
        Err(e) => {
            out.find("key", format!("The key of {} is unusable: {e}", log.origin));
            return None;
        }
    };
    if own.name() != log.origin {
        out.find("key", format!("The key {} is not one of the log {}.", log.vkey, log.origin));
        return None;
    }
    let same_log = pinned
        .iter()
        .filter_map(|k| Verifier::parse(k.trim()).ok())
        .find(|k| k.name() == log.origin);
    match same_log {
        None => {
            out.pinned = false;
            Some(own)
        }
        Some(key) if key.vkey() != own.vkey() => {
            out.find(
                "key",
                format!(
                    "The package names the key {} for {}, which is not the one to verify with.",
                    log.vkey, log.origin
                ),
            );
            Some(key)
        }
        Some(key) => Some(key),
    }
}

fn check_log(
    package: &mut Package,
    manifest: &Manifest,
    log: &LogFile,
    pinned: &[String],
    said: &mut Said,
    out: &mut PackageReport,
) -> Result<(), Stop> {
    let key = key_of(log, pinned, out);
    let mut frontier = Frontier::new();
    let reader = package.reader(&log.file, FILE_BYTES_MAX).map_err(|e| ("log", e))?;
    let mut reader = BufReader::new(reader);
    loop {
        let mut text = Vec::new();
        let n = reader
            .by_ref()
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut text)
            .map_err(|e| ("log", format!("{} cannot be read: {e}", log.file)))?;
        if n == 0 {
            break;
        }
        let index = frontier.size();
        let at = format!("{} entry {index}", log.log);
        let line: Line = serde_json::from_slice(&text)
            .map_err(|e| ("log", format!("{at} is not a line of a package: {e}")))?;
        let leaf =
            check_line(&line, &at, log, (log.log == manifest.firm.id).then_some(index), said, out)
                .map_err(|e| ("entry", e))?;
        frontier.append(leaf);
    }
    out.entries += frontier.size();
    let Some(key) = key else { return Ok(()) };
    if log.log == manifest.firm.id {
        said.firm_key = Some(key.clone());
    }
    match Checkpoint::open(log.checkpoint.as_bytes(), &log.origin, std::slice::from_ref(&key)) {
        Err(e) => out.find("log", format!("The signed checkpoint of {} does not verify: {e}", log.origin)),
        Ok(checkpoint) if checkpoint.size != frontier.size() => out.find(
            "log",
            format!("The checkpoint of {} was signed for {} entries, and {} are here.", log.origin, checkpoint.size, frontier.size()),
        ),
        Ok(checkpoint) if checkpoint.root != frontier.root() => out.find(
            "log",
            format!("The entries of {} are not those that were signed: one was changed, moved, added or taken away.", log.origin),
        ),
        Ok(_) => {}
    }
    Ok(())
}

/// The leaf hash of a line, after what it discloses was checked.
fn check_line(
    line: &Line,
    at: &str,
    log: &LogFile,
    firm: Option<u64>,
    said: &mut Said,
    out: &mut PackageReport,
) -> Result<Hash, String> {
    let (entry, salt, payload) = match line {
        Line::Hash { leaf_hash } => {
            let bytes = hex::decode(leaf_hash).unwrap_or_default();
            return Hash::from_slice(&bytes)
                .ok_or_else(|| format!("{at} has a leaf hash that is none."));
        }
        Line::Entry { entry, salt, payload } => (entry, salt, payload),
    };
    let bytes = BASE64_STANDARD.decode(entry).map_err(|_| format!("{at} is not base64."))?;
    out.disclosed += 1;
    match Entry::parse(&bytes) {
        Err(e) => out.find("entry", format!("{at}: {e}")),
        Ok(entry) => {
            if entry.log.to_string() != log.log {
                out.find("entry", format!("{at} belongs to another log."));
            }
            if firm.is_some() {
                said.places.note(entry.id.to_string(), &bytes);
            }
            check_payload(&entry, at, (salt.as_ref(), payload.as_ref()), said, out);
        }
    }
    if let Some(index) = firm {
        said.firm.insert(index, hex::encode(Sha256::digest(&bytes)));
    }
    Ok(leaf_hash(&bytes))
}

fn check_payload(
    entry: &Entry,
    at: &str,
    content: (Option<&String>, Option<&String>),
    said: &mut Said,
    out: &mut PackageReport,
) {
    let (Some(salt), Some(payload)) = content else {
        if content != (None, None) {
            out.find("payload", format!("{at}: content and salt are given or erased together."));
        }
        out.erased += 1;
        return;
    };
    let salt = hex::decode(salt).unwrap_or_default();
    let payload = BASE64_STANDARD.decode(payload).unwrap_or_default();
    if payload_commitment(&salt, &payload) != entry.payload {
        out.find("payload", format!("{at}: the content is not what was recorded."));
        return;
    }
    match serde_json::from_slice(&payload) {
        Ok(ScopeEvent::EngagementOpened(x)) => {
            said.engagements.insert(entry.subject.clone(), x.name);
        }
        Ok(ScopeEvent::EngagementScoped(x)) => {
            said.engagements.insert(entry.subject.clone(), x.name);
        }
        _ => {}
    }
    if let Ok(value) = serde_json::from_slice(&payload) {
        blobs_in(&value, &mut said.blobs);
    }
}

fn digest(package: &mut Package, name: &str) -> Result<(String, u64), String> {
    let mut reader = package.reader(name, FILE_BYTES_MAX)?;
    let mut hash = Sha256::new();
    let bytes = std::io::copy(&mut reader, &mut HashWriter(&mut hash))
        .map_err(|e| format!("{name} cannot be read: {e}"))?;
    Ok((hex::encode(hash.finalize()), bytes))
}

struct HashWriter<'a>(&'a mut Sha256);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Every file that a disclosed entry names is there, and is what its name promises.
fn check_blobs(package: &mut Package, manifest: &Manifest, said: &Said, out: &mut PackageReport) {
    let listed: BTreeSet<&str> = manifest.blobs.iter().map(|b| b.sha256.as_str()).collect();
    for sha256 in said.blobs.keys() {
        if !listed.contains(sha256.as_str()) && manifest.report_sha256.as_ref() != Some(sha256) {
            out.find(
                "blob",
                format!("The record names the file {sha256}, and the package does not have it."),
            );
        }
    }
    for blob in &manifest.blobs {
        match digest(package, &format!("blobs/{}", blob.sha256)) {
            Err(why) => out.find("blob", why),
            Ok((found, bytes)) if found != blob.sha256 || bytes != blob.bytes => {
                out.find(
                    "blob",
                    format!(
                        "The file {} was altered: its bytes no longer have this digest.",
                        blob.sha256
                    ),
                );
            }
            Ok(_) => out.blobs += 1,
        }
    }
}

/// Every workpaper has the digest that the manifest gives it, and every proof verifies.
fn check_papers(package: &mut Package, manifest: &Manifest, said: &Said, out: &mut PackageReport) {
    let firm = manifest.logs.get(1).zip(said.firm_key.as_ref());
    for file in &manifest.papers {
        let folder = file.name.split('/').next().unwrap_or_default();
        if folder != papers::FOLDER && folder != proofs::FOLDER {
            out.find("manifest", format!("{} is neither a workpaper nor a proof.", file.name));
            continue;
        }
        let bytes = match package.read(&file.name, PAPER_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(why) => {
                out.find("paper", why);
                continue;
            }
        };
        if hex::encode(Sha256::digest(&bytes)) != file.sha256 || bytes.len() as u64 != file.bytes {
            out.find(
                "paper",
                format!(
                    "{} was altered: its bytes no longer have the digest that the manifest gives.",
                    file.name
                ),
            );
        } else if folder == papers::FOLDER {
            out.workpapers += 1;
        } else if let Some((log, key)) = firm {
            match said.places.check(file, &bytes, log, key) {
                Ok(()) => out.proofs += 1,
                Err(why) => out.find("proof", why),
            }
        }
    }
}

/// The report is the one that was issued, verifies by itself, and its figures lead to disclosed entries.
fn check_report(package: &mut Package, manifest: &Manifest, said: &Said, out: &mut PackageReport) {
    let Some(expected) = &manifest.report_sha256 else {
        if package.names.contains(REPORT) {
            out.find("manifest", "The package has a report that the manifest does not name.");
        }
        return;
    };
    let pdf = match package.read(REPORT, PDF_BYTES_MAX) {
        Ok(pdf) => pdf,
        Err(why) => return out.find("blob", why),
    };
    out.report = true;
    if hex::encode(Sha256::digest(&pdf)) != *expected || !said.blobs.contains_key(expected) {
        out.find("blob", "The report is not the one that the firm's log says was issued.");
    }
    let firm_key = manifest.logs.get(1).map(|l| l.vkey.as_str());
    let report = verify_report(&pdf, firm_key);
    for finding in report.findings {
        out.find(finding.kind, format!("The report: {}", finding.message));
    }
    let data: Option<ReportData> =
        data_of(&pdf).and_then(|json| serde_json::from_slice(&json).ok());
    for trace in data.into_iter().flat_map(|d| d.traces) {
        match said.firm.get(&trace.log_index) {
            None => out.find("entry", format!("Mark {} of the report leads to entry {} of the firm's log, which the package does not disclose.", trace.number, trace.log_index)),
            Some(found) if *found != trace.sha256 => out.find("entry", format!("Mark {} of the report leads to entry {} of the firm's log, which is another.", trace.number, trace.log_index)),
            Some(_) => {}
        }
    }
}

/// Nothing is in the package that its manifest does not name.
fn check_names(package: &Package, manifest: &Manifest, out: &mut PackageReport) {
    let mut known: BTreeSet<String> =
        manifest.blobs.iter().map(|b| format!("blobs/{}", b.sha256)).collect();
    known.extend(manifest.logs.iter().map(|l| l.file.clone()));
    known.extend(manifest.papers.iter().map(|p| p.name.clone()));
    known.extend([MANIFEST.to_owned(), REPORT.to_owned()]);
    for name in package.names.difference(&known) {
        out.find(
            "manifest",
            format!("The package has the file {name}, which its manifest does not name."),
        );
    }
}
