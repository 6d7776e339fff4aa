//! The table of papers: `apply` writes it, named queries read it.

use super::events::MechanismEvent;
use super::model::{Evaluation, Kept, PaperKind};
use super::rules::priority::by_effect;
use super::rules::rubric::CutOffs;
use crate::evaluations::store::{self as evaluations, text};
use crate::model::File;
use kernel::event::Recorded;
use platform::db::{Conn, Result, Row, Tx};
use platform::journal::Project;
use platform::params;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// The subject under which a paper is kept in the log.
#[must_use]
pub fn subject(file: File, kind: PaperKind, key: &str) -> String {
    evaluations::subject(file, "mechanisms", kind.word(), key)
}

impl Project for MechanismEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        let (kind, engagement, key, content) = match &e.event {
            Self::ChannelIdentified(x) => text(PaperKind::Channel, x)?,
            Self::PolicyReviewed(x) => text(PaperKind::Policy, x)?,
            Self::PeopleHeard(x) => text(PaperKind::People, x)?,
            Self::CasesDrawn(x) => text(PaperKind::Draw, x)?,
            Self::CaseRead(x) => text(PaperKind::Case, x)?,
            Self::PatternAnswered(x) => text(PaperKind::Pattern, x)?,
            Self::DimensionScored(x) => text(PaperKind::Score, x)?,
            Self::WeightsSet(x) => text(PaperKind::Weights, x)?,
            Self::PointStated(x) => text(PaperKind::Point, x)?,
            Self::RecommendationStated(x) => text(PaperKind::Recommendation, x)?,
            Self::ImprovementLogged(x) => text(PaperKind::Improvement, x)?,
            Self::ChangeLogged(x) => text(PaperKind::Change, x)?,
            Self::MemorandumSigned(x) => text(PaperKind::Memo, x)?,
            Self::MemorandumReviewed(x) => text(PaperKind::Review, x)?,
            Self::PaperWithdrawn(x) => {
                tx.execute(
                    "UPDATE mech_paper SET withdrawn = $5, version = $6, event = $7
                     WHERE engagement = $1 AND firm = $2 AND kind = $3 AND paper_key = $4",
                    params![x.engagement, e.log, x.kind.word(), &x.key, &x.reason, e.version, e.id],
                )?;
                return Ok(());
            }
        };
        tx.execute(
            "INSERT INTO mech_paper (engagement, firm, kind, paper_key, content, actor, recorded_at, version, event)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (engagement, firm, kind, paper_key) DO UPDATE SET content = EXCLUDED.content, withdrawn = NULL,
               actor = EXCLUDED.actor, recorded_at = EXCLUDED.recorded_at, version = EXCLUDED.version, event = EXCLUDED.event",
            params![engagement, e.log, kind.word(), key, content, &e.actor, e.recorded_at, e.version, e.id],
        )?;
        Ok(())
    }
}

/// The papers of one kind that were not withdrawn.
fn kept<T: DeserializeOwned>(rows: &[Row], kind: PaperKind) -> Result<Vec<Kept<T>>> {
    let mut live = Vec::new();
    for row in rows {
        if row.get::<Option<String>>("withdrawn")?.is_none() {
            live.push(row);
        }
    }
    evaluations::kept(live, kind.word())
}

/// All papers of the firm's evaluation in one engagement. Callers hold a permit of the firm's file.
///
/// # Errors
/// When the database refuses.
pub fn evaluation(conn: &mut Conn<'_>, file: File) -> Result<Evaluation> {
    let rows = conn.query(
        "SELECT * FROM mech_paper WHERE engagement = $1 AND firm = $2 ORDER BY kind, paper_key",
        params![file.engagement, file.firm],
    )?;
    let memo: Option<Kept<super::model::Memo>> = kept(&rows, PaperKind::Memo)?.pop();
    let cut_offs = match under(&rows, memo.as_ref())? {
        Some(signed) => signed,
        None => cut_offs(conn, file)?,
    };
    let mut recommendations = kept(&rows, PaperKind::Recommendation)?;
    by_effect(&mut recommendations, |r: &Kept<super::model::Recommendation>| {
        (r.body.security, r.body.availability)
    });
    let mut improvements = kept::<super::model::Improvement>(&rows, PaperKind::Improvement)?;
    improvements.sort_by(|a, b| a.body.on.cmp(&b.body.on));
    let mut changes = kept::<super::model::Change>(&rows, PaperKind::Change)?;
    changes.sort_by(|a, b| a.body.on.cmp(&b.body.on));
    Ok(Evaluation {
        channels: kept(&rows, PaperKind::Channel)?,
        policy: kept(&rows, PaperKind::Policy)?.pop(),
        people: kept(&rows, PaperKind::People)?,
        draw: kept(&rows, PaperKind::Draw)?.pop(),
        cases: kept(&rows, PaperKind::Case)?,
        patterns: kept(&rows, PaperKind::Pattern)?,
        scores: kept(&rows, PaperKind::Score)?,
        weights: kept(&rows, PaperKind::Weights)?.pop(),
        points: kept(&rows, PaperKind::Point)?,
        recommendations,
        improvements,
        changes,
        memo,
        review: kept(&rows, PaperKind::Review)?.pop(),
        digest: digest(&rows, &cut_offs)?,
        cut_offs,
    })
}

/// The cut-offs under which the memorandum was signed, while it stands on the papers as they are: a later
/// version of the firm's policy is for what is signed later.
fn under(rows: &[Row], memo: Option<&Kept<super::model::Memo>>) -> Result<Option<CutOffs>> {
    let Some(memo) = memo else { return Ok(None) };
    let Some(signed) = memo.body.cut_offs.clone() else { return Ok(None) };
    Ok((digest(rows, &signed)? == memo.body.digest).then_some(signed))
}

/// The cut-offs of the firm's policy that applies to the engagement; those that are shipped where it has
/// approved none.
fn cut_offs(conn: &mut Conn<'_>, file: File) -> Result<CutOffs> {
    let Some(engagement) = scope::store::engagement(conn, file.engagement)? else {
        return Ok(CutOffs::default());
    };
    let locked = engagement.moved_at.filter(|_| engagement.locked());
    let policies = crate::firm::store::in_force(conn, file.firm, engagement.period.end(), locked)?;
    Ok(policies.rubric.map_or_else(CutOffs::default, |(strong_from, weak_below, policy)| CutOffs {
        strong_from,
        weak_below,
        policy: Some(policy),
    }))
}

/// SHA-256 over kind, key and entry of every paper but signature and review: any later change of one shows.
fn digest(rows: &[Row], cut: &CutOffs) -> Result<String> {
    let mut hash = Sha256::new();
    if let Some(policy) = &cut.policy {
        hash.update(format!("rubric {policy} {} {}\n", cut.strong_from, cut.weak_below));
    }
    for row in rows {
        let kind: String = row.get("kind")?;
        if kind == PaperKind::Memo.word() || kind == PaperKind::Review.word() {
            continue;
        }
        let (key, event): (String, String) = (row.get("paper_key")?, row.get("event")?);
        hash.update(format!("{kind}\n{key}\n{event}\n"));
    }
    Ok(hex::encode(hash.finalize()))
}
