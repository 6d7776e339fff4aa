//! `tickmark reperform`: everything in an exported package that follows by rule, made again. Needs no
//! server, no database and no network, and believes no stored result.

use crate::rooms;
use clap::Args;
use platform::cli::{Answer, Failed, Outcome};
use platform::journal::Room;
use reporting::package::{Reperformed, Source, reperform};
use std::fs::File;
use std::path::PathBuf;

/// `tickmark reperform`
#[derive(Debug, Clone, Args)]
pub struct ReperformArgs {
    /// An exported package
    pub path: PathBuf,
    /// Public key that a log must have; without it, the key that the package itself names
    #[arg(long, value_name = "VKEY")]
    pub key: Vec<String>,
}

impl ReperformArgs {
    /// Re-performs.
    ///
    /// # Errors
    /// One sentence when the file cannot be read.
    pub fn run(&self) -> Outcome {
        File::open(&self.path).map_err(|e| {
            Failed(format!("{} cannot be read: {e}. Check the path.", self.path.display()))
        })?;
        let open = || File::open(&self.path).map(|f| Box::new(f) as Box<dyn Source>);
        let found = reperform(&open, &self.key, &file_rooms(), &rooms::migrations());
        Ok(Answer::new(&found, told(&found))?.no_if(!found.identical()))
    }
}

/// The rooms from whose records workpapers follow: all but people and cases, of which a package tells
/// nothing.
#[must_use]
pub fn file_rooms() -> Vec<Room> {
    // The list is in the order of the rooms: those of cases stand together, before the evidence.
    let place = |name: &str| rooms::ROOMS.iter().position(|r| r.name == name);
    let cases = place(cases::ROOM.name)..place(evidence::ROOM.name);
    let apart = |n: usize, room: &Room| {
        room.name == identity::ROOM.name || (Some(n) >= cases.start && Some(n) < cases.end)
    };
    rooms::ROOMS.iter().enumerate().filter(|(n, r)| !apart(*n, r)).map(|(_, r)| *r).collect()
}

fn told(found: &Reperformed) -> String {
    let mut text = if found.identical() {
        "Identical: everything that follows by rule came out as it was recorded.".to_owned()
    } else {
        "Not identical.".to_owned()
    };
    for (kind, count) in &found.derived {
        text.push_str(&format!("\n  {count} {kind}"));
    }
    for finding in &found.findings {
        text.push_str(&format!("\n  {}: {}", finding.kind, finding.message));
    }
    for d in &found.differences {
        text.push_str(&format!(
            "\n  {}, {}: recorded {}, derived {}",
            d.object, d.value, d.stored, d.derived
        ));
    }
    let more = found.differences_unlisted + found.findings_unlisted;
    if more > 0 {
        text.push_str(&format!("\n  and {more} more"));
    }
    text.push_str(&format!("\nDigest of all that was derived: {}", found.derived_sha256));
    if let Some(stated) = &found.stated {
        text.push_str(&format!("\n{stated}"));
    }
    if !found.pinned && found.findings.is_empty() {
        text.push_str("\nThe keys are those that the package itself names. Give --key to compare them with ones that you got elsewhere.");
    }
    text
}
