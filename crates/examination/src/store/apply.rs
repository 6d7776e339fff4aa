//! What each event means in rows. The only writer of the room's tables.

use crate::events::{
    CensusRowsJudged, CensusRowsListed, ConclusionSigned, DeviationStated, ExaminationEvent,
    ItemTested, SampleDrawn,
};
use crate::model::{DeviationSource, Disposition};
use crate::rules::item::{ItemFacts, ItemState};
use crate::store::conclusion_subject;
use kernel::event::Recorded;
use platform::db::{DbError, Result, Tx, json_text};
use platform::journal::Project;
use platform::params;

impl Project for ExaminationEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::TestPlanned(x) => {
                tx.execute(
                    "INSERT INTO exam_test (id, engagement, firm, control, code, plan, version, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                     ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, plan = EXCLUDED.plan, version = EXCLUDED.version, event = EXCLUDED.event",
                    params![x.id, x.engagement, e.log, x.plan.control, &x.plan.code, json_text(&x.plan)?, e.version, e.id],
                )?;
            }
            Self::PopulationFrozen(x) => {
                tx.execute(
                    "INSERT INTO exam_population (id, engagement, firm, name, body, judgement, recorded_at, version, event) VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8)",
                    params![x.id, x.engagement, e.log, &x.body.name, json_text(&x.body)?, e.recorded_at, e.version, e.id],
                )?;
            }
            Self::PopulationJudged(x) => {
                tx.execute(
                    "UPDATE exam_population SET judgement = $2, version = $3 WHERE id = $1",
                    params![&e.subject, json_text(&x.judgement)?, e.version],
                )?;
            }
            Self::SampleDrawn(x) => drawn(tx, e, x)?,
            Self::ItemTested(x) => tested(tx, e, x)?,
            Self::ItemsReviewed(x) => {
                for item in &x.items {
                    tx.execute(
                        "UPDATE exam_item SET reviewed_by = $3 WHERE sample = $1 AND item = $2",
                        params![&e.subject, item, &e.actor],
                    )?;
                }
            }
            Self::CensusRun(x) => {
                tx.execute(
                    "INSERT INTO exam_census (id, engagement, firm, test, body, version, event) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    params![x.id, x.engagement, e.log, x.body.test, json_text(&x.body)?, e.version, e.id],
                )?;
            }
            Self::CensusRowsListed(x) => listed(tx, e, x)?,
            Self::CensusRowsJudged(x) => rows_judged(tx, e, x)?,
            Self::DeviationStated(x) => deviated(tx, e, x)?,
            Self::MattersStated(x) => {
                tx.execute(
                    "INSERT INTO exam_matters (engagement, firm, matters, version, event) VALUES ($1, $2, $3, $4, $5)
                     ON CONFLICT (engagement, firm) DO UPDATE SET matters = EXCLUDED.matters, version = EXCLUDED.version, event = EXCLUDED.event",
                    params![x.engagement, e.log, json_text(&x.matters)?, e.version, e.id],
                )?;
            }
            Self::SpansStated(x) => {
                tx.execute(
                    "INSERT INTO exam_spans (engagement, firm, control, spans, reason, version, event) VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (engagement, firm, control) DO UPDATE SET spans = EXCLUDED.spans, reason = EXCLUDED.reason, version = EXCLUDED.version, event = EXCLUDED.event",
                    params![x.engagement, e.log, x.control, json_text(&x.spans)?, &x.reason, e.version, e.id],
                )?;
            }
            Self::MaterialitySeconded(x) => {
                tx.execute(
                    "INSERT INTO exam_materiality_second (engagement, firm, criterion, reason, factors, remark, signer, signed_at, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                     ON CONFLICT (engagement, firm, criterion) DO UPDATE SET reason = EXCLUDED.reason, factors = EXCLUDED.factors, remark = EXCLUDED.remark, signer = EXCLUDED.signer, signed_at = EXCLUDED.signed_at, event = EXCLUDED.event",
                    params![x.engagement, e.log, x.criterion.to_string(), &x.reason, json_text(&x.factors)?, &x.remark, &e.actor, e.recorded_at, e.id],
                )?;
            }
            Self::MatterSeconded(x) => crate::matters::store::seconded(tx, e, x)?,
            Self::ConclusionSigned(x) => signed(tx, e, x)?,
            Self::ConclusionSeconded(_) => {
                tx.execute(
                    "UPDATE exam_conclusion SET second_signer = $2, awaits_second = 0, version = $3, event = $4 WHERE subject = $1",
                    params![&e.subject, &e.actor, e.version, e.id],
                )?;
            }
        }
        Ok(())
    }
}

fn drawn(tx: &mut Tx<'_>, e: &Recorded<ExaminationEvent>, x: &SampleDrawn) -> Result<()> {
    tx.execute(
        "INSERT INTO exam_sample (id, engagement, firm, test, body, version, event) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![x.id, x.engagement, e.log, x.body.test, json_text(&x.body)?, e.version, e.id],
    )?;
    for (position, item) in (1_i64..).zip(&x.body.selected) {
        let facts = ItemFacts {
            id: item.clone(),
            state: ItemState::Selected,
            attributes: Vec::new(),
            replacement: None,
        };
        item_row(tx, e, &x.id.to_string(), position, &facts)?;
    }
    Ok(())
}

fn item_row(
    tx: &mut Tx<'_>,
    e: &Recorded<ExaminationEvent>,
    sample: &str,
    position: i64,
    facts: &ItemFacts,
) -> Result<()> {
    tx.execute(
        "INSERT INTO exam_item (sample, item, firm, position, facts, evidence, note, tested_by, reviewed_by, event) VALUES ($1, $2, $3, $4, $5, '[]', '', NULL, NULL, $6)",
        params![sample, &facts.id, e.log, position, json_text(facts)?, e.id],
    )?;
    Ok(())
}

fn tested(tx: &mut Tx<'_>, e: &Recorded<ExaminationEvent>, x: &ItemTested) -> Result<()> {
    tx.execute(
        "UPDATE exam_item SET facts = $3, evidence = $4, note = $5, tested_by = $6, reviewed_by = NULL, event = $7 WHERE sample = $1 AND item = $2",
        params![&e.subject, &x.facts.id, json_text(&x.facts)?, json_text(&x.evidence)?, &x.note, &e.actor, e.id],
    )?;
    // The item that takes its place joins the sheet; the replaced one stays on it.
    if let Some(replacement) = &x.facts.replacement {
        let known = tx.query_opt(
            "SELECT position FROM exam_item WHERE sample = $1 AND item = $2",
            params![&e.subject, &replacement.by],
        )?;
        if known.is_none() {
            let last: i64 = tx
                .query_one(
                    "SELECT COALESCE(MAX(position), 0) FROM exam_item WHERE sample = $1",
                    params![&e.subject],
                )?
                .first()?;
            let facts = ItemFacts {
                id: replacement.by.clone(),
                state: ItemState::Selected,
                attributes: Vec::new(),
                replacement: None,
            };
            item_row(tx, e, &e.subject, last + 1, &facts)?;
        }
    }
    Ok(())
}

fn listed(tx: &mut Tx<'_>, e: &Recorded<ExaminationEvent>, x: &CensusRowsListed) -> Result<()> {
    let first = i64::try_from(x.first)
        .map_err(|_| DbError::Shape("a place beyond what is counted".to_owned()))?;
    for (position, row) in (first..).zip(&x.rows) {
        tx.execute(
            "INSERT INTO exam_census_row (census, position, firm, row_key, outcome, detail, disposition, reason, deviation) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL)",
            params![&e.subject, position, e.log, &row.key, row.outcome.as_str(), &row.detail],
        )?;
    }
    Ok(())
}

fn rows_judged(
    tx: &mut Tx<'_>,
    e: &Recorded<ExaminationEvent>,
    x: &CensusRowsJudged,
) -> Result<()> {
    let disposition = x.disposition.as_str();
    // What rests on the run rests on these decisions too.
    tx.execute(
        "UPDATE exam_census SET version = $2 WHERE id = $1",
        params![&e.subject, e.version],
    )?;
    match &x.keys {
        None => {
            tx.execute(
                "UPDATE exam_census_row SET disposition = $3, reason = $4 WHERE census = $1 AND outcome = $2 AND disposition IS NULL",
                params![&e.subject, x.outcome.as_str(), disposition, &x.reason],
            )?;
        }
        Some(keys) => {
            for key in keys {
                tx.execute(
                    "UPDATE exam_census_row SET disposition = $4, reason = $5, deviation = NULL WHERE census = $1 AND outcome = $2 AND row_key = $3",
                    params![&e.subject, x.outcome.as_str(), key, disposition, &x.reason],
                )?;
            }
        }
    }
    Ok(())
}

fn deviated(tx: &mut Tx<'_>, e: &Recorded<ExaminationEvent>, x: &DeviationStated) -> Result<()> {
    tx.execute(
        "INSERT INTO exam_deviation (id, engagement, firm, control, test, source, body, version, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version, event = EXCLUDED.event",
        params![x.id, x.engagement, e.log, x.control, x.test, json_text(&x.source)?, json_text(&x.body)?, e.version, e.id],
    )?;
    let DeviationSource::Census { census, keys, outcome } = &x.source else { return Ok(()) };
    // Only the first statement marks rows: what becomes known later changes none.
    if e.version > 1 {
        return Ok(());
    }
    let (disposition, facts) = (Disposition::Deviation.as_str(), &x.body.facts);
    match keys {
        None => {
            tx.execute(
                "UPDATE exam_census_row SET disposition = $3, reason = $4, deviation = $5 WHERE census = $1 AND outcome = $2 AND disposition IS NULL",
                params![*census, outcome.as_str(), disposition, facts, x.id],
            )?;
        }
        Some(keys) => {
            for key in keys {
                tx.execute(
                    "UPDATE exam_census_row SET disposition = $4, reason = $5, deviation = $6 WHERE census = $1 AND outcome = $2 AND row_key = $3",
                    params![*census, outcome.as_str(), key, disposition, facts, x.id],
                )?;
            }
        }
    }
    Ok(())
}

fn signed(tx: &mut Tx<'_>, e: &Recorded<ExaminationEvent>, x: &ConclusionSigned) -> Result<()> {
    let file = crate::model::File { engagement: x.engagement, firm: e.log };
    tx.execute(
        "INSERT INTO exam_conclusion (subject, engagement, firm, about, proposed, concluded, reason, proof, signer, second_signer, awaits_second, inputs_sha256, version, event, recorded_at, spans, rule)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (subject) DO UPDATE SET proposed = EXCLUDED.proposed, concluded = EXCLUDED.concluded, reason = EXCLUDED.reason, proof = EXCLUDED.proof,
           signer = EXCLUDED.signer, second_signer = NULL, awaits_second = EXCLUDED.awaits_second, inputs_sha256 = EXCLUDED.inputs_sha256,
           version = EXCLUDED.version, event = EXCLUDED.event, recorded_at = EXCLUDED.recorded_at, spans = EXCLUDED.spans, rule = EXCLUDED.rule",
        params![
            conclusion_subject(file, x.about), x.engagement, e.log, json_text(&x.about)?, json_text(&x.proposed)?, json_text(&x.concluded)?,
            &x.reason, x.proof.clone(), &e.actor, x.awaits_second, &x.inputs_sha256, e.version, e.id, e.recorded_at,
            json_text(&x.spans)?, i64::from(x.rule)
        ],
    )?;
    Ok(())
}
