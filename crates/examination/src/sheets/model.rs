//! The legend of tick marks, annotations on documents, review notes, signatures of a sheet.

use crate::model::SampleId;
use crate::rules::item::AttributeResult;
use evidence::model::EvidenceId;
use kernel::ids::EventId;
use kernel::time::Timestamp;
use serde::{Deserialize, Serialize};

kernel::id_kind!(AnnotationId, AnnotationIdKind, "ann", "annotation");
kernel::id_kind!(NoteId, NoteIdKind, "rvn", "review note");

/// A tick mark: the key that is typed, the sign that is shown, what it says, and the result that it
/// stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// One letter or digit, upper case.
    pub key: String,
    /// The sign, at most three characters.
    pub sign: String,
    /// What it says, in a sentence.
    pub meaning: String,
    /// The result that it stands for.
    pub result: AttributeResult,
}

/// A firm's tick marks. The four marks that every sheet knows come first and are never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Legend {
    /// Its number; 0 until the firm extends it.
    pub version: i64,
    /// The marks.
    pub marks: Vec<Mark>,
    /// Why it was extended last.
    pub reason: String,
}

/// Part of a page, in parts per ten thousand of its width and height, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// From the left edge.
    pub x: u16,
    /// From the upper edge.
    pub y: u16,
    /// Its width, at least 1.
    pub width: u16,
    /// Its height, at least 1.
    pub height: u16,
}

/// Something noted on a region of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Annotation {
    /// Its id.
    pub id: AnnotationId,
    /// The document.
    pub evidence: EvidenceId,
    /// The digest of its bytes when it was annotated.
    pub sha256: String,
    /// The page, from 1.
    pub page: u32,
    /// Where on the page.
    pub region: Region,
    /// What is noted.
    pub note: String,
    /// The sheet from which it was made.
    pub sample: Option<SampleId>,
    /// The item.
    pub item: Option<String>,
    /// Who.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Why it was struck out, if it was. It stays to be read.
    pub struck: Option<String>,
}

/// A reviewer's note, which has to be cleared before the sheet counts as reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewNote {
    /// Its id.
    pub id: NoteId,
    /// The sheet.
    pub sample: SampleId,
    /// The item, if it is about one.
    pub item: Option<String>,
    /// What the reviewer asks.
    pub text: String,
    /// Who.
    pub raised_by: String,
    /// When.
    pub raised_at: Timestamp,
    /// What was answered.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<String>,
    /// What the reviewer says to clear it.
    pub cleared: Option<String>,
    /// Who cleared it.
    pub cleared_by: Option<String>,
    /// The version of the record.
    pub version: i64,
}

impl ReviewNote {
    /// Whether it still has to be cleared.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.cleared.is_none()
    }
}

/// Whose signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Who tested the items.
    Preparer,
    /// Who reviewed them; never a tester.
    Reviewer,
}

impl Part {
    /// The word stored in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Preparer => "preparer",
            Self::Reviewer => "reviewer",
        }
    }
}

/// A signature under a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// Whose part.
    pub part: Part,
    /// Who.
    pub signer: String,
    /// When.
    pub signed_at: Timestamp,
    /// Digest of the results that were signed, 64 hexadecimal digits.
    pub digest: String,
    /// The entry.
    pub event: EventId,
}
