//! `tickmark verify`: a data directory, an exported package, a receipt or an issued report. Needs no
//! server and no network.

use crate::data::GuardPlace;
use crate::{data, rooms};
use clap::Args;
use kernel::ids::PartyId;
use ledger::{
    Receipt,
    receipt::{Place, Trust},
};
use platform::blobs::{BlobError, Blobs, LocalStore};
use platform::cli::{Answer, Failed, Outcome};
use platform::db::read_only;
use platform::journal::{FileGuard, Journal, MemoryGuard, Report, verify_entries, verify_replay};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A receipt is read up to this length.
const RECEIPT_BYTES_MAX: u64 = 1 << 20;

/// `tickmark verify`
#[derive(Debug, Clone, Args)]
pub struct VerifyArgs {
    /// A data directory, an exported package, a receipt, or an issued report
    pub path: PathBuf,
    /// Public key that the log must have; without it, the key that the file itself names
    #[arg(long, value_name = "VKEY")]
    pub key: Option<String>,
}

impl VerifyArgs {
    /// Verifies; a data directory also against the guard that is kept elsewhere.
    ///
    /// # Errors
    /// One sentence when the path is none of the four kinds of thing.
    pub fn run(&self, elsewhere: Option<&GuardPlace>) -> Outcome {
        if self.path.is_dir() {
            return data_directory(&self.path, elsewhere);
        }
        let mut head = Vec::new();
        fs::File::open(&self.path).and_then(|f| f.take(4).read_to_end(&mut head)).map_err(|e| {
            Failed(format!("{} cannot be read: {e}. Check the path.", self.path.display()))
        })?;
        match head.as_slice() {
            b"PK\x03\x04" => package(&self.path, self.key.as_ref()),
            b"%PDF" => report(&self.path, self.key.as_deref()),
            _ => receipt(&self.path, self.key.as_deref()),
        }
    }
}

/// A report is read up to this length.
const REPORT_BYTES_MAX: u64 = 512 << 20;

fn package(path: &Path, key: Option<&String>) -> Outcome {
    let pinned: Vec<String> = key.cloned().into_iter().collect();
    let file = fs::File::open(path)
        .map_err(|e| Failed(format!("{} cannot be read: {e}", path.display())))?;
    let found = reporting::package::verify_package(Box::new(file), &pinned);
    let text = if found.verified() {
        let stated = found.stated.as_ref().map_or_else(String::new, |s| format!("\n{s}"));
        format!(
            "Verified: {} entries, {} of them whole, {} files.{stated}",
            found.entries, found.disclosed, found.blobs
        )
    } else {
        refusal(found.findings.iter().map(|f| (f.kind, f.message.as_str())))
    };
    told("package", found.verified(), &found, text)
}

fn report(path: &Path, key: Option<&str>) -> Outcome {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|f| f.take(REPORT_BYTES_MAX).read_to_end(&mut bytes))
        .map_err(|e| Failed(format!("{} cannot be read: {e}", path.display())))?;
    let found = reporting::verify_report::verify_report(&bytes, key);
    let text = if found.verified() {
        format!(
            "Verified: every byte follows from data that the log of {} holds.",
            found.origin.as_deref().unwrap_or("the firm")
        )
    } else {
        refusal(found.findings.iter().map(|f| (f.kind, f.message.as_str())))
    };
    told("report", found.verified(), &found, text)
}

fn refusal<'a>(findings: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    findings.fold("Not verified.".to_owned(), |text, (kind, message)| {
        format!("{text}\n  {kind}: {message}")
    })
}

fn told(kind: &str, verified: bool, found: &impl serde::Serialize, text: String) -> Outcome {
    let mut json = serde_json::json!({ "kind": kind, "verified": verified });
    if let (Some(out), Ok(serde_json::Value::Object(more))) =
        (json.as_object_mut(), serde_json::to_value(found))
    {
        out.extend(more);
    }
    Ok(Answer::new(&json, text)?.no_if(!verified))
}

fn receipt(path: &Path, key: Option<&str>) -> Outcome {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|f| f.take(RECEIPT_BYTES_MAX + 1).read_to_end(&mut bytes))
        .map_err(|e| Failed(format!("{} cannot be read: {e}", path.display())))?;
    let receipt = Receipt::parse(&bytes).map_err(|e| {
        Failed(format!(
            "{} is neither a data directory, a package, a report nor a receipt ({e}).",
            path.display()
        ))
    })?;
    let pinned =
        key.map(ledger::Verifier::parse).transpose().map_err(|e| Failed(format!("--key: {e}")))?;
    let trust =
        pinned.as_ref().map_or(Trust::AsStated, |key| Trust::Pinned(std::slice::from_ref(key)));
    match receipt.verify(trust) {
        Err(e) => {
            let json = serde_json::json!({ "kind": "receipt", "verified": false, "findings": [{ "kind": "receipt", "message": e.to_string() }] });
            Ok(Answer::new(&json, format!("Not verified: {e}"))?.no_if(true))
        }
        Ok(found) => {
            let place = match found.place {
                Place::Logged { .. } => "The log holds it.",
                Place::Promised => "The log has signed it; its place in the tree is still to come.",
            };
            let json = serde_json::json!({
                "kind": "receipt", "verified": true, "log": found.origin, "key_pinned": found.pinned,
                "fields": found.fields, "logged": matches!(found.place, Place::Logged { .. }), "findings": [],
            });
            let mut text =
                format!("Verified: this receipt was signed by {}. {place}", found.origin);
            for (name, value) in &found.fields {
                text.push_str(&format!("\n  {name}: {value}"));
            }
            if !found.pinned {
                text.push_str("\nThe key is the one that the receipt itself names. Give --key to compare it with one that you got elsewhere.");
            }
            Answer::new(&json, text)
        }
    }
}

/// What is promised of each log: by the file in the data directory and, where the configuration names
/// one, by the guard elsewhere, whichever is further.
fn promised(
    folder: &Path,
    elsewhere: Option<&GuardPlace>,
) -> Result<HashMap<PartyId, (u64, ledger::Hash)>, Failed> {
    let file = folder.join("guard");
    let mut kept = if file.exists() { FileGuard::read(&file)? } else { HashMap::new() };
    let there = elsewhere.map(|place| place.kept(folder)).transpose()?.unwrap_or_default();
    there.into_iter().for_each(|(log, last)| {
        let here = kept.entry(log).or_insert(last);
        if here.0 < last.0 {
            *here = last;
        }
    });
    Ok(kept)
}

fn data_directory(folder: &Path, elsewhere: Option<&GuardPlace>) -> Outcome {
    let (name, seed) = data::keys(folder)?;
    let journal = Journal::new(&name, seed, Box::new(MemoryGuard::default()));
    let mut report = Report::default();
    let guard = promised(folder, elsewhere)?;
    let migrations = rooms::migrations();
    let blobs = read_only(&data::database_file(folder), |conn| {
        let keys = journal.keys(conn)?;
        let logs: BTreeSet<PartyId> = keys.keys().copied().collect();
        for log in logs.iter().filter(|log| !guard.contains_key(*log)) {
            report.find(
                "guard",
                log.to_string(),
                "no checkpoint of this log is kept outside the database",
            );
        }
        verify_entries(conn, &keys, &guard, &mut report)?;
        verify_replay(conn, &migrations, rooms::ROOMS, &mut report)?;
        rooms::blobs_named(conn)
    })?;
    let stored = verify_blobs(folder, &blobs, &mut report)?;
    let json = serde_json::json!({
        "kind": "data directory", "verified": report.verified(), "logs": report.logs, "entries": report.entries,
        "erased": report.erased, "waiting": report.waiting, "tables": report.tables, "rows": report.rows,
        "blobs": stored, "findings": report.findings, "findings_unlisted": report.findings_unlisted,
    });
    let counted = format!(
        "{} logs, {} entries, {} tables with {} rows compared with a replay, {stored} files",
        report.logs, report.entries, report.tables, report.rows
    );
    let text = if report.verified() {
        format!("Verified: {counted}. Nothing was altered.")
    } else {
        let mut text = format!("Not verified: {counted}.");
        for finding in &report.findings {
            text.push_str(&format!("\n  {} · {}: {}", finding.kind, finding.at, finding.message));
        }
        text
    };
    Ok(Answer::new(&json, text)?.no_if(!report.verified()))
}

/// Reads every stored file and compares it with its name; every file that the record names must be
/// there.
fn verify_blobs(
    folder: &Path,
    named: &BTreeSet<String>,
    report: &mut Report,
) -> Result<u64, Failed> {
    let failed = |e: BlobError| Failed(e.to_string());
    let blobs = Blobs::new(LocalStore::open(&folder.join("blobs")).map_err(failed)?);
    let stored = blobs.names().map_err(failed)?;
    for name in &stored {
        if let Err(e) = blobs.verify(name) {
            report.find("blob", name.clone(), e.to_string());
        }
    }
    for name in named.iter().filter(|name| stored.binary_search(name).is_err()) {
        report.find("blob", name.clone(), "the record names this file and it is missing");
    }
    Ok(stored.len() as u64)
}
