//! What is sealed, and how it stands.

use crate::model::CaseId;
use crate::sealed::rules::CaseKey;
use kernel::ids::PersonId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a reporter wrote, as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SealedReport {
    /// In a few words.
    pub title: String,
    /// In full.
    pub description: String,
    /// How to reach the reporter; never there for an anonymous report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Whom it concerns, as typed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about_people: String,
}

/// What is hidden about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileDetails {
    /// Its name, plain.
    pub name: String,
    /// Its length before sealing, in bytes.
    pub bytes: u64,
    /// Whether this is the copy whose metadata was taken out, the original, or a file of a kind from
    /// which nothing can be taken out.
    pub role: FileRole,
    /// Whether the reporter sent it.
    pub from_reporter: bool,
}

/// What a stored file is to the one that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// As it was sent; a copy without metadata stands beside it.
    Original,
    /// The copy without metadata.
    Stripped,
    /// As it was sent; metadata cannot be taken out of this kind of file.
    Unstripped,
}

/// A file that was sealed while it arrived: durable in the vault, not yet part of a case.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// Its own number, from which its key follows.
    pub number: [u8; 16],
    /// Its digest in the vault, sealed as it is.
    pub sha256: String,
    /// What it is by its bytes.
    pub media_type: String,
    /// What is hidden about it.
    pub details: FileDetails,
}

/// Files with the key of the case that they wait for.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// The case's key.
    pub key: CaseKey,
    /// The files.
    pub files: Vec<StoredFile>,
}

/// A file of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// The case.
    pub case: CaseId,
    /// Its place among what is sealed of the case.
    pub version: i64,
    /// Its digest in the vault.
    pub sha256: String,
    /// Its length before sealing, in bytes.
    pub bytes: i64,
    /// What it is by its bytes.
    pub media_type: String,
    /// Its own number.
    pub number: Vec<u8>,
    /// Name and more, sealed.
    pub details: Vec<u8>,
}

/// Everything of a case that was sealed, opened.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    /// What the reporter wrote first.
    pub report: Option<SealedReport>,
    /// What was said later, by the version of its entry.
    pub messages: BTreeMap<i64, String>,
    /// What was noted, by the version of its entry.
    pub notes: BTreeMap<i64, String>,
    /// Its files, with what is hidden about them.
    pub files: Vec<(SealedFile, FileDetails)>,
}

/// How the sealed part of a case stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SealedState {
    /// Those who alone may open it, where that was decided; otherwise everybody who handles cases.
    pub readers: Option<Vec<PersonId>>,
    /// Since when, and why, it must not be destroyed.
    pub held: Option<(Timestamp, String)>,
    /// When its key was destroyed, and the entry that says so.
    pub destroyed: Option<(Timestamp, String)>,
}
