//! The table of papers: `apply` writes it, named queries read it.

use super::events::{PromiseEvent, Written};
use super::model::{Kept, PaperKind, PromisePapers};
use crate::model::File;
use kernel::event::Recorded;
use kernel::ids::EngagementId;
use platform::db::{Conn, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The subject under which a paper is kept in the log.
#[must_use]
pub fn subject(file: File, kind: PaperKind, key: &str) -> String {
    format!("{}/{}/promises/{}/{key}", file.engagement, file.firm, kind.word())
}

fn text<T: Serialize>(
    kind: PaperKind,
    x: &Written<T>,
) -> Result<(PaperKind, EngagementId, &str, String)> {
    Ok((kind, x.engagement, &x.key, json_text(&x.body)?))
}

impl Project for PromiseEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let (kind, engagement, key, content) = match &e.event {
            Self::Understood(x) => text(PaperKind::Understood, x)?,
            Self::FindingJudged(x) => text(PaperKind::Finding, x)?,
            Self::RegulationNoted(x) => text(PaperKind::Regulation, x)?,
            Self::Concluded(x) => text(PaperKind::Conclusion, x)?,
            Self::Recommended(x) => text(PaperKind::Recommendation, x)?,
        };
        tx.execute(
            "INSERT INTO promise_paper (engagement, firm, kind, paper_key, content, actor, recorded_at, version, event)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (engagement, firm, kind, paper_key) DO UPDATE SET content = EXCLUDED.content, actor = EXCLUDED.actor,
               recorded_at = EXCLUDED.recorded_at, version = EXCLUDED.version, event = EXCLUDED.event",
            params![engagement, e.log, kind.word(), key, content, &e.actor, e.recorded_at, e.version, e.id],
        )?;
        Ok(())
    }
}

fn kept<T: DeserializeOwned>(rows: &[Row], kind: PaperKind) -> Result<Vec<Kept<T>>> {
    let mut out = Vec::new();
    for row in rows {
        let found: String = row.get("kind")?;
        if found == kind.word() {
            out.push(Kept {
                key: row.get("paper_key")?,
                body: read_json(row, "content")?,
                actor: row.get("actor")?,
                at: row.get("recorded_at")?,
                version: row.get("version")?,
                event: row.get("event")?,
            });
        }
    }
    Ok(out)
}

/// All papers of the firm's evaluation in one engagement. Callers hold a permit of the firm's file.
///
/// # Errors
/// When the database refuses.
pub fn papers(conn: &mut Conn<'_>, file: File) -> Result<PromisePapers> {
    let rows = conn.query(
        "SELECT * FROM promise_paper WHERE engagement = $1 AND firm = $2 ORDER BY kind, paper_key",
        params![file.engagement, file.firm],
    )?;
    Ok(PromisePapers {
        understood: kept(&rows, PaperKind::Understood)?,
        findings: kept(&rows, PaperKind::Finding)?,
        regulations: kept(&rows, PaperKind::Regulation)?,
        conclusions: kept(&rows, PaperKind::Conclusion)?,
        recommendations: kept(&rows, PaperKind::Recommendation)?,
    })
}
