//! Re-performing a package: everything that follows by rule is made again from what was recorded, with no
//! database and no trust in any stored result.

use super::Manifest;
use super::check::{PackageReport, Stated, manifest, verify_package};
use super::read::{FILE_BYTES_MAX, Package, Source};
use super::rederive;
use super::replay::{self, Said};
use crate::verify_report::Finding;
use examination::engine::{Scratch, scratch};
use examination::events::{ConclusionSigned, ExaminationEvent};
use examination::service::weigh_signed;
use examination::store::{Papers, inputs_sha256};
use kernel::ids::EngagementId;
use platform::db::{Error, Migration, Tx, in_memory};
use platform::journal::{Room, keep_told};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Differences beyond this many are counted, not listed.
const DIFFERENCES_MAX: usize = 500;
/// The longest value that is shown of a difference, in characters.
const SHOWN_MAX: usize = 300;

/// Something that came out otherwise than it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What it is about: `population Leavers (pop_…)`, `control IAM-05`.
    pub object: String,
    /// Which of its values.
    pub value: String,
    /// What was recorded.
    pub stored: String,
    /// What came out.
    pub derived: String,
}

/// What came of re-performing a package. Two runs over the same package give the same value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reperformed {
    /// The engagement, the organisation and the firm, as the manifest names them.
    pub names: Option<[String; 3]>,
    /// Names that no entry of the package proves.
    pub stated: Option<Stated>,
    /// Whether every log was verified with a key that the reader has from elsewhere.
    pub pinned: bool,
    /// What is wrong with the package itself; empty when nothing is.
    pub findings: Vec<Finding>,
    /// Findings beyond those listed.
    pub findings_unlisted: u64,
    /// What came out otherwise; empty when everything is identical.
    pub differences: Vec<Difference>,
    /// Differences beyond those listed.
    pub differences_unlisted: u64,
    /// How many things of each kind were made again.
    pub derived: BTreeMap<&'static str, u64>,
    /// SHA-256 over all that was derived, to be compared with that of another machine.
    pub derived_sha256: String,
}

impl Reperformed {
    /// Whether the package is what was recorded and everything came out identical.
    #[must_use]
    pub fn identical(&self) -> bool {
        self.findings.is_empty() && self.differences.is_empty()
    }
}

/// What is being gathered.
pub(super) struct Work {
    /// The answer.
    pub out: Reperformed,
    hash: Sha256,
}

impl Work {
    /// Counts one thing that was made again, and takes it into the digest of all.
    pub(super) fn derived(&mut self, kind: &'static str, what: &str, bytes: &[u8]) {
        *self.out.derived.entry(kind).or_insert(0) += 1;
        self.hash.update(format!("{kind} {what} {}\n", bytes.len()));
        self.hash.update(bytes);
    }

    /// Names a difference.
    pub(super) fn differs(&mut self, object: &str, value: &str, stored: &str, derived: &str) {
        if self.out.differences.len() >= DIFFERENCES_MAX {
            self.out.differences_unlisted += 1;
            return;
        }
        let cut = |text: &str| {
            if text.chars().count() <= SHOWN_MAX {
                text.to_owned()
            } else {
                format!("{}…", text.chars().take(SHOWN_MAX).collect::<String>())
            }
        };
        self.out.differences.push(Difference {
            object: object.to_owned(),
            value: value.to_owned(),
            stored: cut(stored),
            derived: cut(derived),
        });
    }

    /// Names a difference if there is one.
    pub(super) fn compare(&mut self, object: &str, value: &str, stored: &str, derived: &str) {
        if stored != derived {
            self.differs(object, value, stored, derived);
        }
    }
}

/// Re-performs a package. `open` gives the package as often as it is asked for; `pinned` are keys that the
/// reader has from elsewhere; `rooms` and `migrations` are those of this version.
#[must_use]
pub fn reperform(
    open: &dyn Fn() -> std::io::Result<Box<dyn Source>>,
    pinned: &[String],
    rooms: &[Room],
    migrations: &[Migration],
) -> Reperformed {
    let mut work = Work { out: Reperformed::default(), hash: Sha256::new() };
    if let Err((kind, why)) = again(open, pinned, rooms, migrations, &mut work) {
        work.out.findings.push(Finding::new(kind, why));
    }
    work.out.derived_sha256 = hex::encode(work.hash.finalize());
    work.out
}

fn again(
    open: &dyn Fn() -> std::io::Result<Box<dyn Source>>,
    pinned: &[String],
    rooms: &[Room],
    migrations: &[Migration],
    work: &mut Work,
) -> Result<(), (&'static str, String)> {
    let opened = || open().map_err(|e| ("file", format!("The package cannot be read: {e}")));
    let PackageReport { findings, findings_unlisted, names, stated, pinned, .. } =
        verify_package(opened()?, pinned);
    work.out.findings = findings;
    work.out.findings_unlisted = findings_unlisted;
    (work.out.names, work.out.stated, work.out.pinned) = (names, stated, pinned);
    let mut package = Package::open(opened()?).map_err(|e| ("file", e))?;
    let manifest = manifest(&mut package)?;
    let engagement: EngagementId = manifest
        .engagement
        .id
        .parse()
        .map_err(|_| ("manifest", "The manifest names no engagement.".to_owned()))?;
    let said = replay::entries(&mut package, &manifest)?;
    let scratch = unpack(&mut package, &manifest)?;
    let mut play = |tx: &mut Tx<'_>| {
        for said in &said {
            conclusion(tx, said, work);
            apply(tx, said, rooms, work);
        }
        rederive::everything(tx, engagement, &scratch.blobs, &mut package, &manifest, work)
    };
    in_memory(migrations, &mut play).map_err(|e| ("replay", told(&e)))
}

/// An error in words: what a rule says where a rule refused.
pub(super) fn told(e: &Error) -> String {
    e.to_string()
}

/// Brings the files of the package into a store of their own, each under the digest that its bytes have.
fn unpack(package: &mut Package, manifest: &Manifest) -> Result<Scratch, (&'static str, String)> {
    let scratch = scratch().map_err(|e| ("file", e.to_string()))?;
    for blob in &manifest.blobs {
        // A file that is missing or too long was named by the verification.
        if let Ok(mut reader) = package.reader(&format!("blobs/{}", blob.sha256), FILE_BYTES_MAX) {
            scratch.blobs.put(&mut reader, FILE_BYTES_MAX).map_err(|e| ("blob", e.to_string()))?;
        }
    }
    Ok(scratch)
}

fn apply(tx: &mut Tx<'_>, said: &Said, rooms: &[Room], work: &mut Work) {
    let room = said.entry.kind.split('.').next().unwrap_or_default();
    // Rooms that the workpapers do not rest on are not played.
    let Some(room) = rooms.iter().find(|r| r.name == room) else { return };
    // A locked file reads the registers from the history of their entries.
    let played = keep_told(tx, &said.entry, &said.payload)
        .and_then(|()| (room.apply)(tx, &said.entry, &said.payload));
    if let Err(e) = played {
        let object = format!("entry {}", said.entry.id);
        work.differs(&object, &said.entry.kind, "recorded", &format!("cannot be played: {e}"));
    }
}

/// What the rules propose at the moment at which a conclusion was signed, from the file as it was then.
fn conclusion(tx: &mut Tx<'_>, said: &Said, work: &mut Work) {
    let Ok(ExaminationEvent::ConclusionSigned(signed)) = serde_json::from_slice(&said.payload)
    else {
        return;
    };
    let papers = match Papers::load(tx, signed.engagement) {
        Ok(papers) => papers,
        Err(e) => {
            return work.differs(&signed.about.to_string(), "file", "signed", &told(&e));
        }
    };
    let object = object_of(&papers, &signed);
    let words = |v: &examination::model::Verdict| serde_json::to_string(v).unwrap_or_default();
    match weigh_signed(&papers, &signed, &said.entry.actor) {
        Err(refusal) => {
            work.differs(&object, "proposal", &words(&signed.proposed), &refusal.to_string());
        }
        Ok((proposed, awaits_second)) => {
            work.compare(&object, "proposal", &words(&signed.proposed), &words(&proposed));
            let yes = |b: bool| if b { "yes" } else { "no" };
            let (stored, derived) = (yes(signed.awaits_second), yes(awaits_second));
            work.compare(&object, "needs a second signature", stored, derived);
            work.derived("proposals", &object, words(&proposed).as_bytes());
        }
    }
    let inputs = inputs_sha256(&papers, signed.about);
    work.compare(&object, "digest of what it rests on", &signed.inputs_sha256, &inputs);
}

/// What a conclusion is about, in a reader's words.
fn object_of(papers: &Papers, signed: &ConclusionSigned) -> String {
    match signed.about {
        examination::model::About::Control { control } => papers.control(control).map_or_else(
            || signed.about.to_string(),
            |c| format!("conclusion on control {}", c.text.code),
        ),
        _ => format!("conclusion on {}", signed.about),
    }
}
