//! Second signatures under what was judged not material, and who stated it.

use super::model::MatterSecond;
use super::rules::judgeable;
use crate::events::{ExaminationEvent, MatterSeconded};
use crate::model::File;
use crate::store::{StatedBy, matters_subject};
use kernel::event::Recorded;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal;
use platform::params;

/// The subject under which second signatures under one statement are kept in the log.
#[must_use]
pub fn second_subject(file: File, sha256: &str) -> String {
    format!("{}/{}/matter {sha256}", file.engagement, file.firm)
}

/// The signatures of a file.
///
/// # Errors
/// When the database refuses.
pub fn seconds(conn: &mut Conn<'_>, file: File) -> Result<Vec<MatterSecond>> {
    conn.query(
        "SELECT * FROM exam_matter_second WHERE engagement = $1 AND firm = $2 ORDER BY sha256",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        Ok(MatterSecond {
            sha256: row.get("sha256")?,
            remark: row.get("remark")?,
            signer: row.get("signer")?,
            signed_at: row.get("signed_at")?,
            event: row.get("event")?,
        })
    })
    .collect()
}

/// Keeps a signature.
pub(crate) fn seconded(
    tx: &mut Tx<'_>,
    e: &Recorded<ExaminationEvent>,
    x: &MatterSeconded,
) -> Result<()> {
    tx.execute(
        "INSERT INTO exam_matter_second (engagement, firm, sha256, remark, signer, signed_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (engagement, firm, sha256) DO UPDATE SET remark = EXCLUDED.remark, signer = EXCLUDED.signer, signed_at = EXCLUDED.signed_at, event = EXCLUDED.event",
        params![x.engagement, e.log, &x.sha256, &x.remark, &e.actor, e.recorded_at, e.id],
    )?;
    Ok(())
}

/// Who made a statement as it stands, from the log; none where it does not stand.
///
/// # Errors
/// When the database refuses or an entry has not the shape of its kind.
pub fn stated_by(conn: &mut Conn<'_>, file: File, sha256: &str) -> Result<Option<StatedBy>> {
    let mut by = None;
    for (entry, _, payload) in journal::history(conn, &matters_subject(file))? {
        let Some(payload) = payload else { continue };
        let event: ExaminationEvent = serde_json::from_slice(&payload)
            .map_err(|e| DbError::Shape(format!("the payload of {}: {e}", entry.id)))?;
        let ExaminationEvent::MattersStated(stated) = event else { continue };
        if !judgeable(&stated.matters).any(|m| m.sha256() == sha256) {
            by = None;
        } else if by.is_none() {
            by = Some(StatedBy { actor: entry.actor.clone(), at: entry.recorded_at });
        }
    }
    Ok(by)
}
