//! The room's tables: `apply` writes them, named queries read them.

use crate::events::ReportingEvent;
use crate::model::{
    Build, BuildKind, Issued, Letter, ReportId, Section, SectionBody, SignedAssertion, Terms,
};
use kernel::event::Recorded;
use kernel::ids::{EngagementId, EventId, PartyId};
use platform::blobs::BlobRef;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;
use scope::catalogue::DescriptionCriterionId;

fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Project for ReportingEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::SectionWritten(x) => {
                tx.execute(
                    "INSERT INTO description_section (engagement, criterion, organisation, body, version, edited_by, edited_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (engagement, criterion) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version, edited_by = EXCLUDED.edited_by, edited_at = EXCLUDED.edited_at",
                    params![x.engagement, x.criterion.to_string(), e.log, json_text(&x.body)?, e.version, &e.actor, e.recorded_at],
                )?;
            }
            Self::AssertionSigned(x) => {
                tx.execute(
                    "INSERT INTO report_assertion (engagement, organisation, body, signed_by, version, event) VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (engagement) DO UPDATE SET body = EXCLUDED.body, signed_by = EXCLUDED.signed_by, version = EXCLUDED.version, event = EXCLUDED.event",
                    params![x.engagement, e.log, json_text(&x.body)?, &e.actor, e.version, e.id],
                )?;
            }
            Self::TermsStated(x) => {
                tx.execute(
                    "INSERT INTO report_terms (engagement, firm, body, version) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (engagement, firm) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version",
                    params![x.engagement, e.log, json_text(&x.terms)?, e.version],
                )?;
            }
            Self::LetterReceived(x) => {
                tx.execute(
                    "INSERT INTO report_letter (engagement, firm, body, version) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (engagement, firm) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version",
                    params![x.engagement, e.log, json_text(&x.letter)?, e.version],
                )?;
            }
            Self::ReportBuilt(x) => {
                tx.execute(
                    "INSERT INTO report_build (event, report, engagement, firm, kind, data_sha256, template_sha256, to_mend, findings, built_at, built_by, number)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                    params![e.id, x.report, x.engagement, e.log, x.kind.as_str(), &x.data_sha256, &x.template_sha256, count(x.to_mend), json_text(&x.findings)?, e.recorded_at, &e.actor, e.version],
                )?;
            }
            Self::ReportIssued(x) => {
                tx.execute(
                    "INSERT INTO report_issue (engagement, organisation, firm, report, build, pdf, issued_at, issued_by, event) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    params![x.engagement, x.organisation, e.log, x.report, x.build, json_text(&x.pdf)?, e.recorded_at, &e.actor, e.id],
                )?;
            }
        }
        Ok(())
    }
}

/// The subject under which a section is kept in the log.
#[must_use]
pub fn section_subject(engagement: EngagementId, criterion: DescriptionCriterionId) -> String {
    format!("{engagement}/description/{criterion}")
}

/// The subject under which the assertion is kept.
#[must_use]
pub fn assertion_subject(engagement: EngagementId) -> String {
    format!("{engagement}/assertion")
}

/// The subject under which the firm keeps its terms, letter or report (`what`).
#[must_use]
pub fn firm_subject(engagement: EngagementId, firm: PartyId, what: &str) -> String {
    format!("{engagement}/{firm}/{what}")
}

/// Every section of the description, DC1 to DC9; those never written are empty at version 0.
///
/// # Errors
/// When the database refuses.
pub fn sections(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Vec<Section>> {
    let rows = conn.query(
        "SELECT criterion, body, version, edited_at FROM description_section WHERE engagement = $1",
        params![engagement],
    )?;
    let mut written = Vec::with_capacity(rows.len());
    for row in &rows {
        written.push(Section {
            criterion: row
                .get::<String>("criterion")?
                .parse()
                .map_err(|_| DbError::Shape("a description criterion that is not known".into()))?,
            body: read_json::<SectionBody>(row, "body")?,
            version: row.get("version")?,
            edited_at: Some(row.get("edited_at")?),
        });
    }
    Ok(DescriptionCriterionId::all()
        .map(|criterion| {
            let found = written.iter().find(|s| s.criterion == criterion).cloned();
            found.unwrap_or(Section {
                criterion,
                body: SectionBody::default(),
                version: 0,
                edited_at: None,
            })
        })
        .collect())
}

/// The signed assertion, if there is one.
///
/// # Errors
/// When the database refuses.
pub fn assertion(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Option<SignedAssertion>> {
    conn.query_opt(
        "SELECT body, version, event FROM report_assertion WHERE engagement = $1",
        params![engagement],
    )?
    .map(|row| {
        Ok(SignedAssertion {
            body: read_json(&row, "body")?,
            version: row.get("version")?,
            event: row.get("event")?,
        })
    })
    .transpose()
}

/// The firm's terms with their version; the usual ones at version 0 when none were stated.
///
/// # Errors
/// When the database refuses.
pub fn terms(conn: &mut Conn<'_>, engagement: EngagementId, firm: PartyId) -> Result<(Terms, i64)> {
    conn.query_opt(
        "SELECT body, version FROM report_terms WHERE engagement = $1 AND firm = $2",
        params![engagement, firm],
    )?
    .map_or_else(
        || Ok((Terms::default(), 0)),
        |row| Ok((read_json(&row, "body")?, row.get("version")?)),
    )
}

/// The representation letter, if it was received.
///
/// # Errors
/// When the database refuses.
pub fn letter(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
    firm: PartyId,
) -> Result<Option<Letter>> {
    conn.query_opt(
        "SELECT body FROM report_letter WHERE engagement = $1 AND firm = $2",
        params![engagement, firm],
    )?
    .map(|row| read_json(&row, "body"))
    .transpose()
}

fn to_build(row: &Row) -> Result<Build> {
    let kind: String = row.get("kind")?;
    Ok(Build {
        report: row.get("report")?,
        engagement: row.get("engagement")?,
        firm: row.get("firm")?,
        kind: BuildKind::parse(&kind)
            .ok_or_else(|| DbError::Shape(format!("a build of the kind {kind}")))?,
        data_sha256: row.get("data_sha256")?,
        template_sha256: row.get("template_sha256")?,
        to_mend: u64::try_from(row.get::<i64>("to_mend")?).unwrap_or(0),
        findings: read_json(row, "findings")?,
        built_at: row.get("built_at")?,
        event: row.get("event")?,
    })
}

/// The latest build of a firm's report, of one kind or of any.
///
/// # Errors
/// When the database refuses.
pub fn latest_build(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
    firm: PartyId,
    kind: Option<BuildKind>,
) -> Result<Option<Build>> {
    let rows = conn.query(
        "SELECT * FROM report_build WHERE engagement = $1 AND firm = $2 ORDER BY number DESC",
        params![engagement, firm],
    )?;
    for row in &rows {
        let build = to_build(row)?;
        if kind.is_none_or(|k| k == build.kind) {
            return Ok(Some(build));
        }
    }
    Ok(None)
}

/// One build of a firm's report.
///
/// # Errors
/// When the database refuses.
pub fn build(conn: &mut Conn<'_>, firm: PartyId, event: EventId) -> Result<Option<Build>> {
    conn.query_opt(
        "SELECT * FROM report_build WHERE firm = $1 AND event = $2",
        params![firm, event],
    )?
    .as_ref()
    .map(to_build)
    .transpose()
}

/// The report's id, once it was built.
///
/// # Errors
/// When the database refuses.
pub fn report_id(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
    firm: PartyId,
) -> Result<Option<ReportId>> {
    Ok(latest_build(conn, engagement, firm, None)?.map(|b| b.report))
}

/// The issued report of an engagement. Callers have authorised the reader.
///
/// # Errors
/// When the database refuses.
pub fn issued(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Option<Issued>> {
    conn.query_opt(
        "SELECT report, build, pdf, issued_at, event FROM report_issue WHERE engagement = $1",
        params![engagement],
    )?
    .map(|row| {
        Ok(Issued {
            report: row.get("report")?,
            build: row.get("build")?,
            pdf: read_json(&row, "pdf")?,
            issued_at: row.get("issued_at")?,
            event: row.get("event")?,
        })
    })
    .transpose()
}

/// The file that was typeset from a build, if it was.
///
/// # Errors
/// When the database refuses.
pub fn file(conn: &mut Conn<'_>, firm: PartyId, build: EventId) -> Result<Option<BlobRef>> {
    conn.query_opt(
        "SELECT pdf FROM report_file WHERE firm = $1 AND build = $2",
        params![firm, build],
    )?
    .map(|row| read_json(&row, "pdf"))
    .transpose()
}

/// Keeps which file a build became. The first one counts: the same build is always the same file.
///
/// # Errors
/// When the database refuses.
pub fn put_file(tx: &mut Tx<'_>, firm: PartyId, build: EventId, pdf: &BlobRef) -> Result<()> {
    tx.execute(
        "INSERT INTO report_file (build, firm, pdf) VALUES ($1, $2, $3) ON CONFLICT (build) DO NOTHING",
        params![build, firm, json_text(pdf)?],
    )?;
    Ok(())
}

/// What the log says of one entry, for a figure's trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    /// Its index in the log.
    pub index: u64,
    /// The kind of fact.
    pub kind: String,
    /// SHA-256 of the entry's bytes.
    pub sha256: String,
}

/// Where an entry stands in its log; none while it waits for its place.
///
/// # Errors
/// When the database refuses or the entry cannot be read.
pub fn log_place(conn: &mut Conn<'_>, event: EventId) -> Result<Option<LogPlace>> {
    use sha2::Digest as _;
    let row =
        conn.query_opt("SELECT leaf, entry FROM journal_entry WHERE id = $1", params![event])?;
    let Some(row) = row else { return Ok(None) };
    let Some(leaf) = row.get::<Option<i64>>("leaf")? else { return Ok(None) };
    let bytes: Vec<u8> = row.get("entry")?;
    let entry = kernel::event::Entry::parse(&bytes).map_err(|e| DbError::Shape(e.to_string()))?;
    Ok(Some(LogPlace {
        index: u64::try_from(leaf).unwrap_or(0),
        kind: entry.kind,
        sha256: hex::encode(sha2::Sha256::digest(&bytes)),
    }))
}

/// Salt and payload of an entry; none once they are erased.
///
/// # Errors
/// When the database refuses.
pub fn content(conn: &mut Conn<'_>, event: EventId) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let row =
        conn.query_opt("SELECT salt, payload FROM journal_entry WHERE id = $1", params![event])?;
    let Some(row) = row else { return Ok(None) };
    Ok(row.get::<Option<Vec<u8>>>("salt")?.zip(row.get("payload")?))
}

/// Size and signed checkpoint of a party's log, if it has one.
///
/// # Errors
/// When the database refuses.
pub fn log_head(conn: &mut Conn<'_>, log: PartyId) -> Result<Option<(i64, String)>> {
    conn.query_opt("SELECT size, checkpoint FROM journal_log WHERE log = $1", params![log])?
        .map(|row| Ok((row.get("size")?, row.get("checkpoint")?)))
        .transpose()
}

/// Calls `f` with the bytes, salt and payload of every placed entry of a log below `size`, in the order
/// of the tree.
///
/// # Errors
/// Whatever the closure returns, or when the database refuses.
pub fn each_log_entry(
    conn: &mut Conn<'_>,
    log: PartyId,
    size: i64,
    mut f: impl FnMut(Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>) -> Result<()>,
) -> Result<()> {
    conn.for_each(
        "SELECT entry, salt, payload FROM journal_entry WHERE log = $1 AND leaf IS NOT NULL AND leaf < $2 ORDER BY leaf",
        params![log, size],
        |row| f(row.get("entry")?, row.get("salt")?, row.get("payload")?),
    )
}
