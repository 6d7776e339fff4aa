//! What can happen on test sheets. Kinds are frozen: a changed shape is a new version.
//!
//! Every event goes to the firm's log.

use super::model::{AnnotationId, Mark, NoteId, Region};
use crate::model::SampleId;
use evidence::model::EvidenceId;
use kernel::ids::EngagementId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The legend as it stands after the event.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LegendStated {
    /// Its number, from 1.
    pub number: i64,
    /// The firm's own marks, without the four that every sheet knows.
    pub marks: Vec<Mark>,
    /// Why.
    pub reason: String,
}

/// The marks of an item's attributes. The result itself is an event of the examination.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ItemMarked {
    /// The sample.
    pub sample: SampleId,
    /// The item.
    pub item: String,
    /// The key of a mark for each attribute's letter.
    pub marks: BTreeMap<String, String>,
    /// The legend that they are of.
    pub legend: i64,
}

/// Evidence that belongs to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The item.
    pub item: String,
    /// The evidence.
    pub evidence: EvidenceId,
}

/// Evidence was matched to items.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EvidenceMatched {
    /// The sample.
    pub sample: SampleId,
    /// What belongs to what.
    pub pairs: Vec<Matched>,
}

/// A region of a document was annotated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnnotationMade {
    /// Its id.
    pub id: AnnotationId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The document.
    pub evidence: EvidenceId,
    /// Digest of its bytes.
    pub sha256: String,
    /// The page, from 1.
    pub page: u32,
    /// Where on it.
    pub region: Region,
    /// What is noted.
    pub note: String,
    /// The sheet from which it was made.
    pub sample: Option<SampleId>,
    /// The item.
    pub item: Option<String>,
}

/// An annotation was struck out; it stays to be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnnotationStruck {
    /// Why.
    pub reason: String,
}

/// A reviewer raised a note.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteRaised {
    /// Its id.
    pub id: NoteId,
    /// The engagement.
    pub engagement: EngagementId,
    /// The sample.
    pub sample: SampleId,
    /// The item, if it is about one.
    pub item: Option<String>,
    /// What is asked.
    pub text: String,
}

/// A note was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteAnswered {
    /// The answer.
    pub answer: String,
}

/// A note was cleared.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NoteCleared {
    /// What the reviewer says to it.
    pub remark: String,
}

/// The preparer signed the sheet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetPrepared {
    /// The engagement.
    pub engagement: EngagementId,
    /// The sample.
    pub sample: SampleId,
    /// Digest of the results.
    pub digest: String,
}

/// The reviewer signed the sheet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetReviewed {
    /// The engagement.
    pub engagement: EngagementId,
    /// The sample.
    pub sample: SampleId,
    /// Digest of the results.
    pub digest: String,
}

kernel::events! {
    /// What can happen on test sheets.
    pub enum SheetEvent in "sheets" {
        /// The firm extended its legend of tick marks.
        LegendStated(LegendStated) = "sheets.legend_stated.v1",
        /// The attributes of an item were marked.
        ItemMarked(ItemMarked) = "sheets.item_marked.v1",
        /// Evidence was matched to items.
        EvidenceMatched(EvidenceMatched) = "sheets.evidence_matched.v1",
        /// A region of a document was annotated.
        AnnotationMade(AnnotationMade) = "sheets.annotation_made.v1",
        /// An annotation was struck out with the reason.
        AnnotationStruck(AnnotationStruck) = "sheets.annotation_struck.v1",
        /// A reviewer raised a note.
        NoteRaised(NoteRaised) = "sheets.note_raised.v1",
        /// A review note was answered.
        NoteAnswered(NoteAnswered) = "sheets.note_answered.v1",
        /// A review note was cleared by a reviewer.
        NoteCleared(NoteCleared) = "sheets.note_cleared.v1",
        /// The preparer signed a sheet.
        SheetPrepared(SheetPrepared) = "sheets.prepared.v1",
        /// The reviewer signed a sheet.
        SheetReviewed(SheetReviewed) = "sheets.reviewed.v1",
    }
}
