//! The subject's tables: `apply` writes them, named queries read them.

use super::events::FirmEvent;
use super::model::{
    Acceptance, Assignment, FirmPolicy, FirmPolicyId, FirmProfile, Independence, Member,
    PolicyKind, PolicyText, Service, Standing,
};
use super::rules;
use crate::model::File;
use crate::rules::expansion::Stage;
use crate::rules::facts::OpinionPolicy;
use crate::rules::frequency::{GENERAL_PRACTICE, SamplingPolicy};
use jiff::civil::Date;
use kernel::event::Recorded;
use kernel::ids::{EngagementId, PartyId, PersonId};
use kernel::party::{Actor, Lapsed, LapsedWhen, Role, Side};
use kernel::permit::Facts;
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Row, Tx, json_text, read_json};
use platform::journal::Project;
use platform::params;

impl Project for FirmEvent {
    fn apply(tx: &mut Tx<'_>, e: &Recorded<Self>) -> Result<()> {
        match &e.event {
            Self::ProfileStated(x) => tx.execute(
                "INSERT INTO firm_profile (firm, body, version) VALUES ($1, $2, $3)
                 ON CONFLICT (firm) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version",
                params![e.log, json_text(&x.profile)?, e.version],
            )?,
            Self::PolicyDrafted(x) => tx.execute(
                "INSERT INTO firm_policy (id, firm, kind, body, drafted_by, drafted_at, approved_by, approved_at, version)
                 VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, $7)",
                params![x.id, e.log, x.text.body.kind().word(), json_text(&x.text)?, &e.actor, e.recorded_at, e.version],
            )?,
            Self::PolicyApproved(_) => tx.execute(
                "UPDATE firm_policy SET approved_by = $2, approved_at = $3, version = $4 WHERE id = $1",
                params![&e.subject, &e.actor, e.recorded_at, e.version],
            )?,
            Self::MemberAssigned(x) => tx.execute(
                "INSERT INTO firm_member (engagement, firm, person, body, released, version) VALUES ($1, $2, $3, $4, NULL, $5)
                 ON CONFLICT (engagement, firm, person) DO UPDATE SET body = EXCLUDED.body, released = NULL, version = EXCLUDED.version",
                params![x.engagement, e.log, x.person, json_text(&x.assignment)?, e.version],
            )?,
            Self::MemberReleased(x) => tx.execute(
                "UPDATE firm_member SET released = $4, version = $5 WHERE engagement = $1 AND firm = $2 AND person = $3",
                params![x.engagement, e.log, x.person, &x.reason, e.version],
            )?,
            Self::IndependenceConfirmed(x) => tx.execute(
                "INSERT INTO firm_independence (engagement, firm, person, threats, confirmed_at, judgement, judged_by, version) VALUES ($1, $2, $3, $4, $5, NULL, NULL, $6)
                 ON CONFLICT (engagement, firm, person) DO UPDATE SET threats = EXCLUDED.threats, confirmed_at = EXCLUDED.confirmed_at, judgement = NULL, judged_by = NULL, version = EXCLUDED.version",
                params![x.engagement, e.log, x.person, json_text(&x.threats)?, e.recorded_at, e.version],
            )?,
            Self::ThreatsJudged(x) => tx.execute(
                "UPDATE firm_independence SET judgement = $4, judged_by = $5, version = $6 WHERE engagement = $1 AND firm = $2 AND person = $3",
                params![x.engagement, e.log, x.person, json_text(&x.judgement)?, &e.actor, e.version],
            )?,
            Self::ServiceStated(x) => tx.execute(
                "INSERT INTO firm_service (id, engagement, firm, body, version) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body, version = EXCLUDED.version",
                params![x.id, x.engagement, e.log, json_text(&x.body)?, e.version],
            )?,
            Self::AcceptancePrepared(x) => tx.execute(
                "INSERT INTO firm_acceptance (engagement, firm, body, prepared_by, prepared_at, decision, decided_by, decided_at, version) VALUES ($1, $2, $3, $4, $5, NULL, NULL, NULL, $6)
                 ON CONFLICT (engagement, firm) DO UPDATE SET body = EXCLUDED.body, prepared_by = EXCLUDED.prepared_by, prepared_at = EXCLUDED.prepared_at,
                   decision = NULL, decided_by = NULL, decided_at = NULL, version = EXCLUDED.version",
                params![x.engagement, e.log, json_text(&x.text)?, &e.actor, e.recorded_at, e.version],
            )?,
            Self::AcceptanceDecided(x) => tx.execute(
                "UPDATE firm_acceptance SET decision = $3, decided_by = $4, decided_at = $5, version = $6 WHERE engagement = $1 AND firm = $2",
                params![x.engagement, e.log, json_text(&x.decision)?, &e.actor, e.recorded_at, e.version],
            )?,
        };
        Ok(())
    }
}

/// The subject under which the firm's profile is kept in the log.
#[must_use]
pub fn profile_subject(firm: PartyId) -> String {
    format!("{firm}/profile")
}

/// The subject under which something of one file is kept in the log.
#[must_use]
pub fn subject(file: File, what: &str) -> String {
    format!("{}/{}/{what}", file.engagement, file.firm)
}

/// A column of JSON that may be empty.
fn maybe<T: serde::de::DeserializeOwned>(row: &Row, column: &str) -> Result<Option<T>> {
    match row.get::<Option<String>>(column)? {
        Some(_) => read_json(row, column).map(Some),
        None => Ok(None),
    }
}

/// What the firm states of itself, with the version of the record.
///
/// # Errors
/// When the database refuses.
pub fn profile(conn: &mut Conn<'_>, firm: PartyId) -> Result<Option<(FirmProfile, i64)>> {
    conn.query_opt("SELECT body, version FROM firm_profile WHERE firm = $1", params![firm])?
        .map(|row| Ok((read_json(&row, "body")?, row.get("version")?)))
        .transpose()
}

fn to_policy(row: &Row) -> Result<FirmPolicy> {
    let text: PolicyText = read_json(row, "body")?;
    Ok(FirmPolicy {
        id: row.get("id")?,
        text,
        drafted_by: row.get("drafted_by")?,
        drafted_at: row.get("drafted_at")?,
        approved_by: row.get("approved_by")?,
        approved_at: row.get("approved_at")?,
        version: row.get("version")?,
    })
}

/// Every version of every policy of the firm, newest first.
///
/// # Errors
/// When the database refuses.
pub fn policies(conn: &mut Conn<'_>, firm: PartyId) -> Result<Vec<FirmPolicy>> {
    conn.query(
        "SELECT * FROM firm_policy WHERE firm = $1 ORDER BY drafted_at DESC, id DESC",
        params![firm],
    )?
    .iter()
    .map(to_policy)
    .collect()
}

/// One version of a policy.
///
/// # Errors
/// When the database refuses.
pub fn policy(conn: &mut Conn<'_>, firm: PartyId, id: FirmPolicyId) -> Result<Option<FirmPolicy>> {
    conn.query_opt("SELECT * FROM firm_policy WHERE firm = $1 AND id = $2", params![firm, id])?
        .as_ref()
        .map(to_policy)
        .transpose()
}

/// The policies of a firm that apply to one engagement, as the rules need them.
#[derive(Debug, Clone)]
pub struct InForce {
    /// The table of sizes; the one that ships with the product, where the firm has approved none.
    pub sampling: SamplingPolicy,
    /// Whether that table was approved by the firm.
    pub sampling_approved: bool,
    /// The planned extension of judgemental samples, with the version of the policy.
    pub expansion: Option<(Stage, String)>,
    /// The thresholds of pervasiveness.
    pub pervasiveness: Option<OpinionPolicy>,
    /// What is weighed, in words, with the version of the policy.
    pub materiality: Option<(String, String)>,
    /// Cut-offs of the rubric in tenths of a score (strong from, weak below), with the version.
    pub rubric: Option<(u32, u32, String)>,
}

/// The policies that apply to an engagement whose period ends on `on`.
///
/// # Errors
/// When the database refuses, or the table that ships with the product cannot be read (a fault).
pub fn in_force(
    conn: &mut Conn<'_>,
    firm: PartyId,
    on: Date,
    locked: Option<Timestamp>,
) -> Result<InForce> {
    let mut all = policies(conn, firm)?;
    // What is approved after a file was locked changes nothing in it.
    all.retain(|p| locked.is_none_or(|locked| p.approved_at.is_some_and(|at| at <= locked)));
    let found = |kind| rules::in_force(&all, kind, on);
    let own = found(PolicyKind::Sampling).and_then(rules::sampling_table);
    let sampling_approved = own.is_some();
    let sampling = match own {
        Some(table) => table,
        None => SamplingPolicy::from_toml(GENERAL_PRACTICE)
            .map_err(|e| DbError::Shape(format!("the table of sizes that is shipped: {e}")))?,
    };
    let label = |p: &FirmPolicy| p.text.label.clone();
    Ok(InForce {
        sampling,
        sampling_approved,
        expansion: found(PolicyKind::Expansion)
            .and_then(|p| rules::extension(p).map(|s| (s, label(p)))),
        pervasiveness: found(PolicyKind::Pervasiveness).and_then(rules::thresholds),
        materiality: found(PolicyKind::Materiality).and_then(|p| match &p.text.body {
            super::model::PolicyBody::Materiality { text } => Some((text.clone(), label(p))),
            _ => None,
        }),
        rubric: found(PolicyKind::Rubric).and_then(|p| match p.text.body {
            super::model::PolicyBody::Rubric { strong_from, weak_below } => {
                Some((strong_from, weak_below, label(p)))
            }
            _ => None,
        }),
    })
}

fn to_member(row: &Row) -> Result<Member> {
    Ok(Member {
        person: row.get("person")?,
        assignment: read_json(row, "body")?,
        released: row.get("released")?,
        version: row.get("version")?,
    })
}

/// The team of an engagement, released people included, by person.
///
/// # Errors
/// When the database refuses.
pub fn team(conn: &mut Conn<'_>, file: File) -> Result<Vec<Member>> {
    conn.query(
        "SELECT * FROM firm_member WHERE engagement = $1 AND firm = $2 ORDER BY person",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(to_member)
    .collect()
}

/// The engagements to whose team somebody belongs on a day, with their role there.
///
/// # Errors
/// When the database refuses.
pub fn assignments(
    conn: &mut Conn<'_>,
    firm: PartyId,
    person: PersonId,
    today: Date,
) -> Result<Vec<(EngagementId, Assignment)>> {
    let mut out = Vec::new();
    let rows = conn.query(
        "SELECT * FROM firm_member WHERE firm = $1 AND person = $2 ORDER BY engagement",
        params![firm, person],
    )?;
    for row in &rows {
        let member = to_member(row)?;
        if rules::on_team(&member, today) {
            out.push((row.get("engagement")?, member.assignment));
        }
    }
    Ok(out)
}

/// The confirmations of independence for an engagement, by person.
///
/// # Errors
/// When the database refuses.
pub fn confirmations(conn: &mut Conn<'_>, file: File) -> Result<Vec<Independence>> {
    conn.query(
        "SELECT * FROM firm_independence WHERE engagement = $1 AND firm = $2 ORDER BY person",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        Ok(Independence {
            person: row.get("person")?,
            threats: read_json(row, "threats")?,
            confirmed_at: row.get("confirmed_at")?,
            judgement: maybe(row, "judgement")?,
            judged_by: row.get("judged_by")?,
            version: row.get("version")?,
        })
    })
    .collect()
}

/// Services beside the examination, oldest first.
///
/// # Errors
/// When the database refuses.
pub fn services(conn: &mut Conn<'_>, file: File) -> Result<Vec<Service>> {
    conn.query(
        "SELECT * FROM firm_service WHERE engagement = $1 AND firm = $2 ORDER BY id",
        params![file.engagement, file.firm],
    )?
    .iter()
    .map(|row| {
        Ok(Service {
            id: row.get("id")?,
            body: read_json(row, "body")?,
            version: row.get("version")?,
        })
    })
    .collect()
}

/// Acceptance or continuance of an engagement, once it is assessed.
///
/// # Errors
/// When the database refuses.
pub fn acceptance(conn: &mut Conn<'_>, file: File) -> Result<Option<Acceptance>> {
    conn.query_opt(
        "SELECT * FROM firm_acceptance WHERE engagement = $1 AND firm = $2",
        params![file.engagement, file.firm],
    )?
    .map(|row| {
        Ok(Acceptance {
            text: read_json(&row, "body")?,
            prepared_by: row.get("prepared_by")?,
            prepared_at: row.get("prepared_at")?,
            decision: maybe(&row, "decision")?,
            decided_by: row.get("decided_by")?,
            decided_at: row.get("decided_at")?,
            version: row.get("version")?,
        })
    })
    .transpose()
}

/// Everything the firm keeps of who works on an engagement.
///
/// # Errors
/// When the database refuses.
pub fn standing(conn: &mut Conn<'_>, file: File) -> Result<Standing> {
    Ok(Standing {
        profile: profile(conn, file.firm)?.map(|(profile, _)| profile),
        team: team(conn, file)?,
        confirmations: confirmations(conn, file)?,
        services: services(conn, file)?,
        acceptance: acceptance(conn, file)?,
    })
}

/// Whether somebody reads as a peer reviewer of any engagement of the firm today.
///
/// # Errors
/// When the database refuses.
pub fn peer_review_open(
    conn: &mut Conn<'_>,
    firm: PartyId,
    person: PersonId,
    now: Timestamp,
) -> Result<bool> {
    let all = assignments(conn, firm, person, rules::day(now))?;
    Ok(all.iter().any(|(_, a)| a.role == Role::PeerReviewer))
}

/// The same person without a role that does not hold now: whoever is a peer reviewer is one only while an
/// engagement of the firm lets them in. Pages, endpoints and the command line all ask here.
///
/// # Errors
/// When the database refuses.
pub fn timed(conn: &mut Conn<'_>, mut actor: Actor, now: Timestamp) -> Result<Actor> {
    let (Side::Firm, Some(person), Some(firm)) = (actor.side, actor.person, actor.party) else {
        return Ok(actor);
    };
    if actor.roles.has(Role::PeerReviewer) && !peer_review_open(conn, firm, person, now)? {
        actor.roles = actor.roles.iter().filter(|r| *r != Role::PeerReviewer).collect();
    }
    Ok(actor)
}

/// When the time of a peer reviewer ended or begins, and which partner let them in. The last engagement
/// to which they were let in speaks, or the next one.
///
/// # Errors
/// When the database refuses.
pub fn lapsed(conn: &mut Conn<'_>, actor: &Actor, now: Timestamp) -> Result<Lapsed> {
    let never = Lapsed { when: LapsedWhen::Never, ask: None };
    let (Some(person), Some(firm)) = (actor.person, actor.party) else { return Ok(never) };
    let rows = conn.query(
        "SELECT * FROM firm_member WHERE firm = $1 AND person = $2 ORDER BY engagement",
        params![firm, person],
    )?;
    let today = rules::day(now);
    let mut found: Option<(EngagementId, LapsedWhen)> = None;
    for row in &rows {
        let (engagement, member) = (row.get("engagement")?, to_member(row)?);
        if member.assignment.role != Role::PeerReviewer {
            continue;
        }
        let file = File { engagement, firm };
        let subject = subject(file, &format!("team/{person}"));
        let written = platform::journal::history(conn, &subject)?.pop();
        let written = written.map(|(entry, ..)| rules::day(entry.recorded_at));
        let when = rules::lapsed(&member, written, today);
        if found.is_none_or(|(_, known)| rules::speaks_before(when, known)) {
            found = Some((engagement, when));
        }
    }
    let Some((engagement, when)) = found else { return Ok(never) };
    let team = team(conn, File { engagement, firm })?;
    let partner = team
        .iter()
        .find(|m| m.released.is_none() && m.assignment.role == Role::Partner)
        .map(|m| m.person);
    let ask = partner.map(|p| identity::store::name_of(conn, p)).transpose()?;
    Ok(Lapsed { when, ask })
}

/// The facts of an engagement as this person may know them: somebody who is nothing but a peer reviewer
/// knows of no engagement to which they are not assigned today.
///
/// # Errors
/// [`kernel::refusal::Refusal::NotFound`] when there is no such engagement.
pub fn facts_for(
    conn: &mut Conn<'_>,
    actor: &Actor,
    engagement: EngagementId,
    now: Timestamp,
) -> Result<Facts> {
    let facts = scope::facts(conn, engagement)?;
    let only_peer = actor.side == Side::Firm
        && actor.roles.iter().all(|r| r == Role::PeerReviewer || r == Role::FirmAdministrator);
    let (Some(firm), Some(person)) = (facts.firm, actor.person) else { return Ok(facts) };
    if !only_peer || !actor.roles.has(Role::PeerReviewer) {
        return Ok(facts);
    }
    let open = assignments(conn, firm, person, rules::day(now))?;
    Ok(facts.excluding(!open.iter().any(|(e, _)| *e == engagement)))
}
