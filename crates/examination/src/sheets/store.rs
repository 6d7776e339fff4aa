//! The subject's tables: `apply` writes them, named queries read them.

use super::events::SheetEvent;
use super::model::{Annotation, AnnotationId, Legend, NoteId, Part, ReviewNote, Signature};
use super::rules::basic_marks;
use crate::model::{File, SampleId};
use evidence::model::EvidenceId;
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use std::collections::BTreeMap;

impl Project for SheetEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::LegendStated(x) => {
                tx.execute(
                    "INSERT INTO sheet_legend (firm, version, marks, reason, stated_by, stated_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params![e.log, x.number, json_text(&x.marks)?, &x.reason, &e.actor, e.recorded_at, e.id],
                )?;
            }
            Self::ItemMarked(x) => {
                for (attribute, mark) in &x.marks {
                    tx.execute(
                        "INSERT INTO sheet_mark (sample, item, attribute, firm, mark, legend) VALUES ($1, $2, $3, $4, $5, $6)
                         ON CONFLICT (sample, item, attribute) DO UPDATE SET mark = EXCLUDED.mark, legend = EXCLUDED.legend",
                        params![x.sample, &x.item, attribute, e.log, mark, x.legend],
                    )?;
                }
            }
            Self::EvidenceMatched(x) => {
                for pair in &x.pairs {
                    tx.execute(
                        "INSERT INTO sheet_match (sample, item, evidence, firm, event) VALUES ($1, $2, $3, $4, $5)
                         ON CONFLICT (sample, item, evidence) DO NOTHING",
                        params![x.sample, &pair.item, pair.evidence, e.log, e.id],
                    )?;
                }
            }
            Self::AnnotationMade(x) => {
                tx.execute(
                    "INSERT INTO sheet_annotation (id, engagement, firm, evidence, sha256, page, region, note, sample, item, made_by, made_at, struck, event)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, NULL, $13)",
                    params![
                        x.id, x.engagement, e.log, x.evidence, &x.sha256, i64::from(x.page), json_text(&x.region)?, &x.note,
                        x.sample, x.item.clone(), &e.actor, e.recorded_at, e.id
                    ],
                )?;
            }
            Self::AnnotationStruck(x) => {
                tx.execute(
                    "UPDATE sheet_annotation SET struck = $2 WHERE id = $1",
                    params![&e.subject, &x.reason],
                )?;
            }
            Self::NoteRaised(x) => {
                tx.execute(
                    "INSERT INTO sheet_note (id, engagement, firm, sample, item, body, raised_by, raised_at, answer, answered_by, cleared, cleared_by, version)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL, NULL, $9)",
                    params![x.id, x.engagement, e.log, x.sample, x.item.clone(), &x.text, &e.actor, e.recorded_at, e.version],
                )?;
            }
            Self::NoteAnswered(x) => {
                tx.execute(
                    "UPDATE sheet_note SET answer = $2, answered_by = $3, version = $4 WHERE id = $1",
                    params![&e.subject, &x.answer, &e.actor, e.version],
                )?;
            }
            Self::NoteCleared(x) => {
                tx.execute(
                    "UPDATE sheet_note SET cleared = $2, cleared_by = $3, version = $4 WHERE id = $1",
                    params![&e.subject, &x.remark, &e.actor, e.version],
                )?;
            }
            Self::SheetPrepared(x) => {
                let file = File { engagement: x.engagement, firm: e.log };
                signed(tx, e, file, (x.sample, Part::Preparer), &x.digest)?;
            }
            Self::SheetReviewed(x) => {
                let file = File { engagement: x.engagement, firm: e.log };
                signed(tx, e, file, (x.sample, Part::Reviewer), &x.digest)?;
            }
        }
        Ok(())
    }
}

fn signed(
    tx: &mut Tx<'_>,
    e: &Recorded<SheetEvent>,
    file: File,
    (sample, part): (SampleId, Part),
    digest: &str,
) -> Result<()> {
    tx.execute(
        "INSERT INTO sheet_signature (sample, part, engagement, firm, signer, signed_at, digest, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (sample, part) DO UPDATE SET signer = EXCLUDED.signer, signed_at = EXCLUDED.signed_at, digest = EXCLUDED.digest, event = EXCLUDED.event",
        params![sample, part.as_str(), file.engagement, file.firm, &e.actor, e.recorded_at, digest, e.id],
    )?;
    Ok(())
}

/// The firm's legend as it stands, or as it stood in an earlier version.
///
/// # Errors
/// When the database refuses.
pub fn legend(conn: &mut Conn<'_>, firm: PartyId) -> Result<Legend> {
    let row = conn.query_opt(
        "SELECT version, marks, reason FROM sheet_legend WHERE firm = $1 ORDER BY version DESC LIMIT 1",
        params![firm],
    )?;
    to_legend(row.as_ref())
}

fn to_legend(row: Option<&Row>) -> Result<Legend> {
    let mut legend = Legend { version: 0, marks: basic_marks(), reason: String::new() };
    if let Some(row) = row {
        legend.version = row.get("version")?;
        legend.reason = row.get("reason")?;
        legend.marks.extend(read_json::<Vec<super::model::Mark>>(row, "marks")?);
    }
    Ok(legend)
}

/// Every version of the firm's legend that was stated, newest first.
///
/// # Errors
/// When the database refuses.
pub fn legends(conn: &mut Conn<'_>, firm: PartyId) -> Result<Vec<Legend>> {
    conn.query(
        "SELECT version, marks, reason FROM sheet_legend WHERE firm = $1 ORDER BY version DESC",
        params![firm],
    )?
    .iter()
    .map(|row| to_legend(Some(row)))
    .collect()
}

/// The keys of the marks of a sample's items, by item and attribute.
///
/// # Errors
/// When the database refuses.
pub fn marks(
    conn: &mut Conn<'_>,
    firm: PartyId,
    sample: SampleId,
) -> Result<BTreeMap<(String, String), String>> {
    conn.query(
        "SELECT item, attribute, mark FROM sheet_mark WHERE sample = $1 AND firm = $2",
        params![sample, firm],
    )?
    .iter()
    .map(|row| Ok(((row.get("item")?, row.get("attribute")?), row.get("mark")?)))
    .collect()
}

/// Evidence matched to a sample's items.
///
/// # Errors
/// When the database refuses.
pub fn matches(
    conn: &mut Conn<'_>,
    firm: PartyId,
    sample: SampleId,
) -> Result<BTreeMap<String, Vec<EvidenceId>>> {
    let mut all: BTreeMap<String, Vec<EvidenceId>> = BTreeMap::new();
    for row in conn.query(
        "SELECT item, evidence FROM sheet_match WHERE sample = $1 AND firm = $2 ORDER BY item, evidence",
        params![sample, firm],
    )? {
        all.entry(row.get("item")?).or_default().push(row.get("evidence")?);
    }
    Ok(all)
}

fn to_annotation(row: &Row) -> Result<Annotation> {
    Ok(Annotation {
        id: row.get("id")?,
        evidence: row.get("evidence")?,
        sha256: row.get("sha256")?,
        page: u32::try_from(row.get::<i64>("page")?)
            .map_err(|_| DbError::Shape("a page number beyond any document".to_owned()))?,
        region: read_json(row, "region")?,
        note: row.get("note")?,
        sample: row.get("sample")?,
        item: row.get("item")?,
        made_by: row.get("made_by")?,
        made_at: row.get("made_at")?,
        struck: row.get("struck")?,
    })
}

/// What was annotated on a document in this file, in the order in which it was made.
///
/// # Errors
/// When the database refuses.
pub fn annotations(
    conn: &mut Conn<'_>,
    file: File,
    evidence: EvidenceId,
) -> Result<Vec<Annotation>> {
    conn.query(
        "SELECT * FROM sheet_annotation WHERE engagement = $1 AND firm = $2 AND evidence = $3 ORDER BY id",
        params![file.engagement, file.firm, evidence],
    )?
    .iter()
    .map(to_annotation)
    .collect()
}

/// One annotation.
///
/// # Errors
/// When the database refuses.
pub fn annotation(conn: &mut Conn<'_>, file: File, id: AnnotationId) -> Result<Option<Annotation>> {
    conn.query_opt(
        "SELECT * FROM sheet_annotation WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_annotation)
    .transpose()
}

fn to_note(row: &Row) -> Result<ReviewNote> {
    Ok(ReviewNote {
        id: row.get("id")?,
        sample: row.get("sample")?,
        item: row.get("item")?,
        text: row.get("body")?,
        raised_by: row.get("raised_by")?,
        raised_at: row.get("raised_at")?,
        answer: row.get("answer")?,
        answered_by: row.get("answered_by")?,
        cleared: row.get("cleared")?,
        cleared_by: row.get("cleared_by")?,
        version: row.get("version")?,
    })
}

/// The review notes of a sheet, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn notes(conn: &mut Conn<'_>, file: File, sample: SampleId) -> Result<Vec<ReviewNote>> {
    conn.query(
        "SELECT * FROM sheet_note WHERE engagement = $1 AND firm = $2 AND sample = $3 ORDER BY id",
        params![file.engagement, file.firm, sample],
    )?
    .iter()
    .map(to_note)
    .collect()
}

/// One review note.
///
/// # Errors
/// When the database refuses.
pub fn note(conn: &mut Conn<'_>, file: File, id: NoteId) -> Result<Option<ReviewNote>> {
    conn.query_opt(
        "SELECT * FROM sheet_note WHERE engagement = $1 AND firm = $2 AND id = $3",
        params![file.engagement, file.firm, id],
    )?
    .as_ref()
    .map(to_note)
    .transpose()
}

/// Review notes of the whole file that are not cleared.
///
/// # Errors
/// When the database refuses.
pub fn open_notes(conn: &mut Conn<'_>, file: File) -> Result<i64> {
    conn.query_one(
        "SELECT COUNT(*) FROM sheet_note WHERE engagement = $1 AND firm = $2 AND cleared IS NULL",
        params![file.engagement, file.firm],
    )?
    .first()
}

/// The signatures under a sheet.
///
/// # Errors
/// When the database refuses.
pub fn signatures(conn: &mut Conn<'_>, file: File, sample: SampleId) -> Result<Vec<Signature>> {
    conn.query(
        "SELECT * FROM sheet_signature WHERE engagement = $1 AND firm = $2 AND sample = $3 ORDER BY part",
        params![file.engagement, file.firm, sample],
    )?
    .iter()
    .map(|row| {
        let part: String = row.get("part")?;
        let part = [Part::Preparer, Part::Reviewer]
            .into_iter()
            .find(|p| p.as_str() == part)
            .ok_or_else(|| DbError::Shape(format!("a signature as {part}")))?;
        Ok(Signature {
            part,
            signer: row.get("signer")?,
            signed_at: row.get("signed_at")?,
            digest: row.get("digest")?,
            event: row.get("event")?,
        })
    })
    .collect()
}
