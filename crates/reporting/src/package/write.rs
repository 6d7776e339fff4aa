//! Writing a package. The same state gives the same bytes: names in order, no clock.

use super::papers::{Workpapers, workpapers};
use super::{
    BlobFile, FORMAT, Line, LogFile, MANIFEST, Manifest, Named, NamedFile, REPORT, blobs_in, proofs,
};
use crate::permits::ExportPackage;
use crate::store;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use kernel::event::Entry;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use ledger::{MemoryTree, leaf_hash};
use platform::blobs::Blobs;
use platform::db::{Conn, DbError, Error, Result};
use platform::journal::Journal;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Seek, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

/// Prefixes of the ids of things that belong to one engagement alone.
const OWN_KINDS: [&str; 6] = ["tst_", "pop_", "smp_", "cen_", "dev_", "rpt_"];
/// Rooms whose records the report is assembled from, whatever engagement they were made for.
const REGISTERS: [&str; 3] = ["scope.", "commitments.", "controls."];
/// Kinds of the firm's own record that an examination rests on, whatever engagement they were made for: its
/// policies in their versions.
const POLICIES: [&str; 1] = ["firm.policy"];
/// Kinds that never leave the organisation, whatever ids their text names.
const WITHHELD: [&str; 1] = ["work.privileged_noted.v1"];

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Exported {
    /// The manifest.
    pub manifest: Manifest,
}

struct Row {
    bytes: Vec<u8>,
    salt: Option<Vec<u8>>,
    payload: Option<Vec<u8>>,
}

struct Log {
    id: PartyId,
    checkpoint: String,
    rows: Vec<Row>,
    disclosed: BTreeSet<usize>,
}

fn failed(e: impl std::fmt::Display) -> Error {
    DbError::Outside(format!("the package cannot be written: {e}")).into()
}

/// Writes the package of an engagement.
///
/// # Errors
/// [`Refusal::NotFound`] without engagement or firm; when a file is missing from the store or was altered.
pub fn export<W: Write + Seek>(
    conn: &mut Conn<'_>,
    journal: &Journal,
    blobs: &Blobs,
    permit: &Permit<ExportPackage>,
    out: W,
) -> Result<Exported> {
    let id = permit.facts().engagement.ok_or(Refusal::NotFound)?;
    let engagement = scope::store::engagement(conn, id)?.ok_or(Refusal::NotFound)?;
    let firm = engagement.firm.ok_or(Refusal::NotFound)?;
    let organisation = engagement.organisation;
    let mut logs = [read_log(conn, organisation)?, read_log(conn, firm)?];
    disclose(&mut logs, id);
    let papers = workpapers(conn, id)?;
    let files = named_files(&logs[1], &papers)?;
    let mut named = BTreeMap::new();
    for row in logs.iter().flat_map(|l| l.disclosed.iter().filter_map(|n| l.rows.get(*n))) {
        if let Some(payload) = &row.payload
            && let Ok(value) = serde_json::from_slice(payload)
        {
            blobs_in(&value, &mut named);
        }
    }
    let report = store::issued(conn, id)?;
    if let Some(report) = &report {
        // It stands in the package under its own name.
        named.remove(&report.pdf.sha256);
    }
    let name = |conn: &mut Conn<'_>, id: PartyId| -> Result<Named> {
        let party = identity::store::party(conn, id)?;
        Ok(Named { id: id.to_string(), name: party.map_or_else(String::new, |p| p.name) })
    };
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        engagement: Named { id: id.to_string(), name: engagement.name.clone() },
        organisation: name(conn, organisation)?,
        firm: name(conn, firm)?,
        logs: logs.iter().map(|l| log_file(journal, l)).collect::<Result<_>>()?,
        blobs: named
            .iter()
            .map(|(sha256, bytes)| BlobFile { sha256: sha256.clone(), bytes: *bytes })
            .collect(),
        report_sha256: report.as_ref().map(|r| r.pdf.sha256.clone()),
        papers: files.iter().map(|(name, bytes)| named_file(name, bytes)).collect(),
        people: people(conn, &papers)?,
    };
    write(&manifest, &logs, &files, blobs, out)?;
    Ok(Exported { manifest })
}

fn named_file(name: &str, bytes: &[u8]) -> NamedFile {
    NamedFile {
        name: name.to_owned(),
        sha256: hex::encode(Sha256::digest(bytes)),
        bytes: bytes.len() as u64,
    }
}

/// The workpapers, and the proof of every entry that they name.
fn named_files(firm: &Log, papers: &Workpapers) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = papers.texts.clone();
    let tree: MemoryTree = firm.rows.iter().map(|r| r.bytes.as_slice()).collect();
    let size = firm.rows.len() as u64;
    let mut found = BTreeSet::new();
    for (index, row) in (0_u64..).zip(&firm.rows) {
        let Ok(entry) = Entry::parse(&row.bytes) else { continue };
        if papers.entries.contains(&entry.id) {
            let proof = proofs::proof(&tree, size, index, &firm.checkpoint).map_err(failed)?;
            files.insert(proofs::name_of(&entry.id.to_string()), proof);
            found.insert(entry.id);
        }
    }
    if found.len() < papers.entries.len() {
        return Err(Refusal::state(
            "The newest entries of the file still wait for their place in the log. Export again in a moment.",
        )
        .into());
    }
    Ok(files)
}

/// The names of the people whom the workpapers name.
fn people(conn: &mut Conn<'_>, papers: &Workpapers) -> Result<Vec<Named>> {
    let mut ids = BTreeSet::new();
    for text in papers.texts.values() {
        ids.extend(ids_in(&String::from_utf8_lossy(text), &["per_"]));
    }
    let mut out = Vec::new();
    for id in ids {
        if let Ok(person) = id.parse::<PersonId>() {
            out.push(Named { id, name: identity::store::name_of(conn, person)? });
        }
    }
    Ok(out)
}

fn log_file(journal: &Journal, log: &Log) -> Result<LogFile> {
    Ok(LogFile {
        log: log.id.to_string(),
        origin: journal.origin(log.id),
        vkey: journal.vkey(log.id)?,
        checkpoint: log.checkpoint.clone(),
        file: format!("logs/{}.ndjson", log.id),
        entries: log.rows.len() as u64,
        disclosed: log.disclosed.len() as u64,
    })
}

/// Every placed entry of a log, up to its signed checkpoint.
fn read_log(conn: &mut Conn<'_>, id: PartyId) -> Result<Log> {
    let (size, checkpoint) = store::log_head(conn, id)?.ok_or_else(|| {
        Refusal::state(
            "One of the two parties has no entry in its log yet, so there is nothing to export.",
        )
    })?;
    let mut rows = Vec::new();
    store::each_log_entry(conn, id, size, |bytes, salt, payload| {
        rows.push(Row { bytes, salt, payload });
        Ok(())
    })?;
    Ok(Log { id, checkpoint, rows, disclosed: BTreeSet::new() })
}

/// Ids of these kinds, in a text.
fn ids_in(text: &str, kinds: &[&str]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for kind in kinds {
        for (at, _) in text.match_indices(kind) {
            let id: String = text[at..].chars().take(30).collect();
            let body = id.get(4..).unwrap_or_default();
            if body.len() == 26
                && body.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
            {
                out.insert(id);
            }
        }
    }
    out
}

/// Ids of things that belong to one engagement, in a text.
fn own_ids(text: &str) -> BTreeSet<String> {
    ids_in(text, &OWN_KINDS)
}

/// Chooses the entries of the engagement: those that name it, and from there those about its things.
///
/// In the firm's log a subject whose first entry names the engagement belongs to it with all that follows.
fn disclose(logs: &mut [Log; 2], engagement: EngagementId) {
    let engagement = engagement.to_string();
    let firm = logs[1].id;
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut subjects: BTreeSet<String> = BTreeSet::new();
    loop {
        let before = (known.len(), logs.iter().map(|l| l.disclosed.len()).sum::<usize>());
        for log in logs.iter_mut() {
            for (n, row) in log.rows.iter().enumerate() {
                if log.disclosed.contains(&n) {
                    continue;
                }
                let Ok(entry) = Entry::parse(&row.bytes) else { continue };
                if WITHHELD.contains(&entry.kind.as_str()) {
                    continue;
                }
                let payload = String::from_utf8_lossy(row.payload.as_deref().unwrap_or_default());
                let names = entry.subject.contains(&engagement) || payload.contains(&engagement);
                let policy = POLICIES.iter().any(|p| entry.kind.starts_with(p));
                let register = REGISTERS.iter().any(|r| entry.kind.starts_with(r))
                    // Of another engagement's own record nothing is told.
                    && (!entry.subject.starts_with("eng_") || names);
                let subject = own_ids(&entry.subject);
                let about = subject.iter().any(|id| known.contains(id))
                    || own_ids(&payload).iter().any(|id| known.contains(id));
                let follows = log.id == firm && subjects.contains(&entry.subject);
                if names || register || policy || about || follows {
                    log.disclosed.insert(n);
                    known.extend(subject);
                    if log.id == firm && (names || about) && !whose(&entry.subject) {
                        subjects.insert(entry.subject.clone());
                    }
                }
            }
        }
        if before == (known.len(), logs.iter().map(|l| l.disclosed.len()).sum::<usize>()) {
            return;
        }
    }
}

/// Whether a subject is a person or a party, which have a life beyond the engagement.
fn whose(subject: &str) -> bool {
    ["per_", "pty_"].iter().any(|kind| subject.starts_with(kind))
}

fn line(log: &Log, n: usize, row: &Row) -> Line {
    if log.disclosed.contains(&n) {
        Line::Entry {
            entry: BASE64_STANDARD.encode(&row.bytes),
            salt: row.salt.as_ref().map(hex::encode),
            payload: row.payload.as_ref().map(|p| BASE64_STANDARD.encode(p)),
        }
    } else {
        Line::Hash { leaf_hash: leaf_hash(&row.bytes).to_hex() }
    }
}

fn write<W: Write + Seek>(
    manifest: &Manifest,
    logs: &[Log],
    files: &BTreeMap<String, Vec<u8>>,
    blobs: &Blobs,
    out: W,
) -> Result<()> {
    let mut zip = ZipWriter::new(out);
    // The time in a zip's own fields is always the same, so that the same state gives the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .large_file(true);
    let json = serde_json::to_vec_pretty(manifest).map_err(failed)?;
    zip.start_file(MANIFEST, options).map_err(failed)?;
    zip.write_all(&json).map_err(failed)?;
    for (log, file) in logs.iter().zip(&manifest.logs) {
        zip.start_file(file.file.as_str(), options).map_err(failed)?;
        for (n, row) in log.rows.iter().enumerate() {
            let mut text = serde_json::to_vec(&line(log, n, row)).map_err(failed)?;
            text.push(b'\n');
            zip.write_all(&text).map_err(failed)?;
        }
    }
    for blob in &manifest.blobs {
        let mut reader = blobs.open(&blob.sha256)?;
        zip.start_file(format!("blobs/{}", blob.sha256), options).map_err(failed)?;
        std::io::copy(&mut reader, &mut zip).map_err(failed)?;
    }
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).map_err(failed)?;
        zip.write_all(bytes).map_err(failed)?;
    }
    if let Some(sha256) = &manifest.report_sha256 {
        let mut reader = blobs.open(sha256)?;
        zip.start_file(REPORT, options).map_err(failed)?;
        std::io::copy(&mut reader, &mut zip).map_err(failed)?;
    }
    zip.finish().map_err(failed)?;
    Ok(())
}
