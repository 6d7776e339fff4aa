//! The table of papers: `apply` writes it, named queries read it.

use super::events::PromiseEvent;
use super::model::{PaperKind, PromisePapers};
use crate::evaluations::store::{self as evaluations, text};
use crate::model::File;
use kernel::event::Recorded;
use platform::db::{Conn, Result, Tx};
use platform::journal::Project;
use platform::params;

/// The subject under which a paper is kept in the log.
#[must_use]
pub fn subject(file: File, kind: PaperKind, key: &str) -> String {
    evaluations::subject(file, "promises", kind.word(), key)
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
        understood: evaluations::kept(&rows, PaperKind::Understood.word())?,
        findings: evaluations::kept(&rows, PaperKind::Finding.word())?,
        regulations: evaluations::kept(&rows, PaperKind::Regulation.word())?,
        conclusions: evaluations::kept(&rows, PaperKind::Conclusion.word())?,
        recommendations: evaluations::kept(&rows, PaperKind::Recommendation.word())?,
    })
}
