//! Annotations on regions of documents, and the firm's legend.

use super::{NOTE_MAX, file, write};
use crate::model::SampleId;
use crate::permits::PerformTests;
use crate::sheets::events::{AnnotationMade, AnnotationStruck, LegendStated, SheetEvent};
use crate::sheets::model::{AnnotationId, Mark, Region};
use crate::sheets::permits::StateLegend;
use crate::sheets::{rules, store as sheets};
use crate::store;
use evidence::model::EvidenceId;
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// The last page of a document that can be annotated.
const PAGES_MAX: u32 = 10_000;

/// An annotation as entered.
#[derive(Debug, Clone)]
pub struct AnnotationInput {
    /// The document.
    pub evidence: EvidenceId,
    /// The page, from 1; a picture has one.
    pub page: u32,
    /// Where on it.
    pub region: Region,
    /// What is noted.
    pub note: String,
    /// The sheet from which it is made.
    pub sample: Option<SampleId>,
    /// The item.
    pub item: Option<String>,
}

/// Notes something on a region of a document. The document itself stays as it is.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`] naming the field.
pub fn annotate(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    input: &AnnotationInput,
) -> Result<AnnotationId> {
    let file = file(permit)?;
    let document = evidence::store::item(tx, permit.owner(), input.evidence)?
        .filter(|e| e.engagement.is_none_or(|id| id == file.engagement))
        .ok_or(Refusal::NotFound)?;
    if input.page == 0 || input.page > PAGES_MAX {
        return Err(Refusal::field("page", format!("A page is 1 to {PAGES_MAX}.")).into());
    }
    if input.page != 1 && document.media_type.starts_with("image/") {
        return Err(Refusal::field("page", "A picture has one page: write 1.").into());
    }
    if let Some(sample) = input.sample {
        store::sample(tx, file, sample)?.ok_or(Refusal::NotFound)?;
    }
    let id: AnnotationId = env.id();
    let event = AnnotationMade {
        id,
        engagement: file.engagement,
        evidence: document.id,
        sha256: document.sha256,
        page: input.page,
        region: rules::check_region(input.region)?,
        note: sentence("annotation", &input.note, NOTE_MAX)?,
        sample: input.sample,
        item: input.item.clone(),
    };
    write(tx, env, permit, &id.to_string(), Expected::New, vec![event.into()])?;
    Ok(id)
}

/// Strikes an annotation out, with the reason. It stays to be read.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is struck out already, [`Refusal::Input`].
pub fn strike(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PerformTests>,
    id: AnnotationId,
    reason: &str,
) -> Result<()> {
    let found = sheets::annotation(tx, file(permit)?, id)?.ok_or(Refusal::NotFound)?;
    if found.struck.is_some() {
        return Err(Refusal::state("This annotation is struck out already.").into());
    }
    let event = AnnotationStruck { reason: sentence("reason", reason, NOTE_MAX)? };
    write(tx, env, permit, &id.to_string(), Expected::Any, vec![event.into()])
}

/// The firm's own marks as entered.
#[derive(Debug, Clone)]
pub struct LegendInput {
    /// The number of the legend that the person saw; 0 when the firm had none.
    pub seen: i64,
    /// Its own marks, without the four of every sheet.
    pub marks: Vec<Mark>,
    /// Why.
    pub reason: String,
}

/// States the firm's legend anew. Sheets that were marked keep what their marks said then.
///
/// # Errors
/// [`Refusal::Input`] naming the mark, [`Refusal::Stale`], [`Refusal::State`] when a mark that was used
/// is to mean another result.
pub fn state_legend(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<StateLegend>,
    input: &LegendInput,
) -> Result<i64> {
    let firm = permit.owner();
    let marks = rules::check_marks(&input.marks)?;
    for earlier in sheets::legends(tx, firm)? {
        let changed = marks
            .iter()
            .find(|m| earlier.marks.iter().any(|e| e.key == m.key && e.result != m.result));
        if let Some(mark) = changed {
            return Err(Refusal::state(format!(
                "The mark {} stood for another result in legend {}. Choose another key, so that older sheets read as they were meant.",
                mark.key, earlier.version
            ))
            .into());
        }
    }
    let number = input.seen + 1;
    let event =
        LegendStated { number, marks, reason: sentence("reason", &input.reason, NOTE_MAX)? };
    let origin = Origin::by(permit.actor(), firm);
    let events = vec![SheetEvent::from(event)];
    record(tx, env, &origin, &format!("{firm}/legend"), Expected::Version(input.seen), events)?;
    Ok(number)
}
