//! The room's tables: `apply` writes them, named queries read them.

use crate::events::CommitmentEvent;
use crate::model::{Commitment, CommitmentId, Kept, Requirement, RequirementKind};
use kernel::event::Recorded;
use kernel::ids::PartyId;
use platform::db::{Conn, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for CommitmentEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::CommitmentStated(x) => tx.execute(
                "INSERT INTO commitment (id, organisation, code, category, statement, principal, sources, owner, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                 ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, category = EXCLUDED.category, statement = EXCLUDED.statement,
                   principal = EXCLUDED.principal, sources = EXCLUDED.sources, owner = EXCLUDED.owner, version = EXCLUDED.version",
                params![x.id, x.organisation, &x.code, json_text(&x.category)?, &x.statement, x.principal, json_text(&x.sources)?, x.owner, e.version],
            )?,
            Self::RequirementStated(x) => tx.execute(
                "INSERT INTO requirement (id, organisation, code, kind, statement, commitments, criteria, version)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, kind = EXCLUDED.kind, statement = EXCLUDED.statement,
                   commitments = EXCLUDED.commitments, criteria = EXCLUDED.criteria, version = EXCLUDED.version",
                params![x.id, x.organisation, &x.code, x.kind.as_str(), &x.statement, json_text(&x.commitments)?, json_text(&x.criteria)?, e.version],
            )?,
            Self::Kept(x) => tx.execute(
                "INSERT INTO commitment_kept (commitment, window_name, organisation, value, met, source, recorded_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (commitment, window_name) DO UPDATE SET value = EXCLUDED.value, met = EXCLUDED.met,
                   source = EXCLUDED.source, recorded_at = EXCLUDED.recorded_at",
                params![x.commitment, &x.window, e.log, &x.value, x.met, &x.source, e.recorded_at],
            )?,
        };
        Ok(())
    }
}

fn to_commitment(row: &Row) -> Result<Commitment> {
    Ok(Commitment {
        id: row.get("id")?,
        organisation: row.get("organisation")?,
        code: row.get("code")?,
        category: read_json(row, "category")?,
        statement: row.get("statement")?,
        principal: row.get("principal")?,
        sources: read_json(row, "sources")?,
        owner: row.get("owner")?,
        version: row.get("version")?,
    })
}

/// The register of an organisation's commitments, by code.
///
/// # Errors
/// When the database refuses.
pub fn commitments(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Commitment>> {
    conn.query(
        "SELECT * FROM commitment WHERE organisation = $1 ORDER BY code",
        params![organisation],
    )?
    .iter()
    .map(to_commitment)
    .collect()
}

/// One commitment of the organisation.
///
/// # Errors
/// When the database refuses.
pub fn commitment(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    id: CommitmentId,
) -> Result<Option<Commitment>> {
    conn.query_opt(
        "SELECT * FROM commitment WHERE organisation = $1 AND id = $2",
        params![organisation, id],
    )?
    .as_ref()
    .map(to_commitment)
    .transpose()
}

/// The organisation's requirements, by code.
///
/// # Errors
/// When the database refuses.
pub fn requirements(conn: &mut Conn<'_>, organisation: PartyId) -> Result<Vec<Requirement>> {
    conn.query(
        "SELECT * FROM requirement WHERE organisation = $1 ORDER BY code",
        params![organisation],
    )?
    .iter()
    .map(|row| {
        let kind: String = row.get("kind")?;
        Ok(Requirement {
            id: row.get("id")?,
            organisation: row.get("organisation")?,
            code: row.get("code")?,
            kind: RequirementKind::parse(&kind).ok_or_else(|| {
                platform::db::DbError::Shape(format!("a requirement of the kind {kind}"))
            })?,
            statement: row.get("statement")?,
            commitments: read_json(row, "commitments")?,
            criteria: read_json(row, "criteria")?,
            version: row.get("version")?,
        })
    })
    .collect()
}

/// In which windows a commitment was kept or missed, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn kept(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    commitment: CommitmentId,
) -> Result<Vec<Kept>> {
    conn.query(
        "SELECT commitment, window_name, value, met, source FROM commitment_kept
         WHERE organisation = $1 AND commitment = $2 ORDER BY window_name",
        params![organisation, commitment],
    )?
    .iter()
    .map(|row| {
        Ok(Kept {
            commitment: row.get("commitment")?,
            window: row.get("window_name")?,
            value: row.get("value")?,
            met: row.get("met")?,
            source: row.get("source")?,
        })
    })
    .collect()
}
