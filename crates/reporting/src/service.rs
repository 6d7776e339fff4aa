//! Commands: permit, load, decide, record.

use crate::assemble;
use crate::events::{
    AssertionSigned, LetterReceived, ReportBuilt, ReportIssued, ReportingEvent, SectionWritten,
    TermsStated,
};
use crate::model::{
    AssertionBody, Build, BuildKind, Issued, KeptFinding, Letter, Representation, Section,
    SectionBody, Terms,
};
use crate::permits::{IssueReport, PrepareReport, SignAssertion, WriteDescription};
use crate::report_document::{ReportData, report_json};
use crate::rules::report_lint::{Context, can_be_issued, lint};
use crate::rules::{self, representations};
use crate::store;
use examination::completion::model::Step;
use examination::completion::rules::changed;
use examination::completion::service::{Outside, inputs_now};
use examination::model::{About, Standing, Verdict};
use examination::rules::facts::{Given, Opinion};
use examination::store::Papers;
use jiff::civil::Date;
use kernel::env::Env;
use kernel::ids::{EngagementId, EventId, PartyId};
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use platform::blobs::BlobRef;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::{Expected, Origin, record};
use scope::catalogue::DescriptionCriterionId;
use scope::model::{Engagement, EngagementState};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// The longest text of a section, assertion or letter.
pub const TEXT_MAX: usize = 60_000;
/// The longest name, place or position.
pub const NAME_MAX: usize = 200;
/// The most entries of one section.
pub const ENTRIES_MAX: usize = 500;
/// The most remarks of the linter that a build keeps.
pub const FINDINGS_MAX: usize = 200;

fn engagement_of<A>(conn: &mut Conn<'_>, permit: &Permit<A>) -> Result<Engagement> {
    let id = permit.facts().engagement.ok_or(Refusal::NotFound)?;
    Ok(scope::store::engagement(conn, id)?.ok_or(Refusal::NotFound)?)
}

/// What was issued stays as it was.
fn not_issued(conn: &mut Conn<'_>, engagement: &Engagement) -> Result<()> {
    let over = matches!(engagement.state, EngagementState::Issued | EngagementState::Locked);
    if over || store::issued(conn, engagement.id)?.is_some() {
        return Err(Refusal::state(
            "The report of this engagement has been issued, so what it says can no longer change.",
        )
        .into());
    }
    Ok(())
}

fn firm_of<A>(permit: &Permit<A>) -> Result<PartyId, Refusal> {
    permit.facts().firm.ok_or(Refusal::NotFound)
}

/// A text that may be empty, bounded and without characters that cannot be shown.
fn optional(field: &'static str, text: &str, max: usize) -> Result<String, Refusal> {
    if text.trim().is_empty() { Ok(String::new()) } else { sentence(field, text, max) }
}

/// Writes a section of the description at the version that was seen.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`], [`Refusal::State`] once the report is issued.
pub fn write_section(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<WriteDescription>,
    criterion: DescriptionCriterionId,
    expected: Expected,
    body: &SectionBody,
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    not_issued(tx, &engagement)?;
    if body.entries.len() > ENTRIES_MAX {
        return Err(Refusal::field(
            "entries",
            format!("A section has at most {ENTRIES_MAX} entries. Join some of them."),
        )
        .into());
    }
    for entry in &body.entries {
        // An entry must be one that its section has.
        let line = crate::rules::description::print_line(entry);
        crate::rules::description::parse_line(criterion, &line)
            .map_err(|e| Refusal::field("entries", e.to_string()))?;
        sentence("entries", &line, TEXT_MAX)?;
    }
    let event = SectionWritten {
        engagement: engagement.id,
        criterion,
        body: SectionBody {
            text: optional("text", &body.text, TEXT_MAX)?,
            entries: body.entries.clone(),
        },
    };
    let subject = store::section_subject(engagement.id, criterion);
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject, expected, vec![ReportingEvent::from(event)])?;
    Ok(())
}

/// Signs management's assertion; a later signature replaces an earlier one.
///
/// # Errors
/// [`Refusal::Input`] naming the field: a date in the future or before the end of what the report speaks
/// for; [`Refusal::State`] once the report is issued.
pub fn sign_assertion(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SignAssertion>,
    body: &AssertionBody,
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    not_issued(tx, &engagement)?;
    let zone = engagement.period.zone();
    if body.date > zone.local(env.now()).date() {
        return Err(Refusal::field(
            "date",
            "This date is not here yet. Give the day of signature.",
        )
        .into());
    }
    if body.date < engagement.period.end() {
        return Err(Refusal::field(
            "date",
            format!(
                "The assertion speaks for days up to {}; it cannot be signed before.",
                engagement.period.end()
            ),
        )
        .into());
    }
    let body = AssertionBody {
        text: sentence("text", &body.text, TEXT_MAX)?,
        signer: sentence("signer", &body.signer, NAME_MAX)?,
        position: sentence("position", &body.position, NAME_MAX)?,
        date: body.date,
    };
    let event = AssertionSigned { engagement: engagement.id, body };
    let subject = store::assertion_subject(engagement.id);
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &subject, Expected::Any, vec![ReportingEvent::from(event)])?;
    Ok(())
}

/// States the firm's terms for its report.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`], [`Refusal::State`] once the report is issued.
pub fn state_terms(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PrepareReport>,
    expected: Expected,
    terms: &Terms,
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    not_issued(tx, &engagement)?;
    let own = |field, text: &Option<String>| -> Result<Option<String>, Refusal> {
        let text = optional(field, text.as_deref().unwrap_or_default(), NAME_MAX)?;
        Ok((!text.is_empty()).then_some(text))
    };
    if let Some(date) = terms.report_date {
        date_after_end(&engagement, date)?;
    }
    let terms = Terms {
        city: sentence("city", &terms.city, NAME_MAX)?,
        state: sentence("state", &terms.state, NAME_MAX)?,
        licence: own("licence", &terms.licence)?,
        peer_review: own("peer_review", &terms.peer_review)?,
        report_date: terms.report_date,
        spelling: terms.spelling,
        confidentiality: sentence("confidentiality", &terms.confidentiality, NAME_MAX)?,
    };
    let event = TermsStated { engagement: engagement.id, terms };
    firm_event(tx, env, permit, "terms", expected, event.into())?;
    Ok(())
}

fn date_after_end(engagement: &Engagement, date: Date) -> Result<(), Refusal> {
    if date < engagement.period.end() {
        return Err(Refusal::field(
            "report_date",
            format!(
                "The report speaks for days up to {}; it cannot be dated before.",
                engagement.period.end()
            ),
        ));
    }
    Ok(())
}

fn firm_event<A>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<A>,
    what: &str,
    expected: Expected,
    event: ReportingEvent,
) -> Result<EventId> {
    let firm = firm_of(permit)?;
    let engagement = permit.facts().engagement.ok_or(Refusal::NotFound)?;
    let subject = store::firm_subject(engagement, firm, what);
    let origin = Origin::by(permit.actor(), firm);
    let recorded = record(tx, env, &origin, &subject, expected, vec![event])?;
    Ok(recorded.first().ok_or_else(|| DbError::Shape("nothing was recorded".into()))?.id)
}

/// Records management's written representations as received.
///
/// # Errors
/// [`Refusal::Input`] naming the field: the letter has the date of the report; [`Refusal::State`] once
/// the report is issued.
pub fn receive_letter(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PrepareReport>,
    letter: &Letter,
) -> Result<()> {
    let engagement = engagement_of(tx, permit)?;
    not_issued(tx, &engagement)?;
    let (terms, _) = store::terms(tx, engagement.id, firm_of(permit)?)?;
    if terms.report_date != Some(letter.date) {
        return Err(Refusal::field(
            "date",
            "The letter has the date of the auditor's report. State the report's date first, or correct this one.",
        )
        .into());
    }
    let letter = Letter {
        text: sentence("text", &letter.text, TEXT_MAX)?,
        signer: sentence("signer", &letter.signer, NAME_MAX)?,
        date: letter.date,
        given: letter.given.clone(),
        reservations: remark("reservations", &letter.reservations, TEXT_MAX)?,
    };
    firm_event(
        tx,
        env,
        permit,
        "letter",
        Expected::Any,
        LetterReceived { engagement: engagement.id, letter }.into(),
    )?;
    Ok(())
}

/// Lower-case hex of SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// SHA-256 over the templates that this version typesets with, each with its name.
#[must_use]
pub fn template_sha256() -> String {
    const TEMPLATES: [(&str, &str); 9] = [
        ("assertion", include_str!("../templates/report/assertion.typ")),
        ("auditor", include_str!("../templates/report/auditor.typ")),
        ("base", include_str!("../templates/report/base.typ")),
        ("description", include_str!("../templates/report/description.typ")),
        ("front", include_str!("../templates/report/front.typ")),
        ("main", include_str!("../templates/report/main.typ")),
        ("other", include_str!("../templates/report/other.typ")),
        ("testing", include_str!("../templates/report/testing.typ")),
        ("traces", include_str!("../templates/report/traces.typ")),
    ];
    let mut hash = Sha256::new();
    for (name, text) in TEMPLATES {
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    hex::encode(hash.finalize())
}

/// A build as recorded, with the data it stands for.
#[derive(Debug, Clone)]
pub struct Built {
    /// The recorded build.
    pub build: Build,
    /// The data.
    pub data: ReportData,
    /// `report-data.json`.
    pub json: Vec<u8>,
}

fn data_of(data: &ReportData) -> Result<Vec<u8>> {
    Ok(report_json(data).map_err(|e| DbError::Shape(format!("the report's data: {e}")))?)
}

/// Builds a draft from the record. While nothing changed since the last draft, that one is given again
/// and nothing is recorded.
///
/// # Errors
/// As [`assemble::build`].
pub fn build_draft(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<PrepareReport>,
) -> Result<Built> {
    build(tx, env, permit, BuildKind::Draft)
}

fn build<A>(tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<A>, kind: BuildKind) -> Result<Built> {
    let (engagement, firm) = (engagement_of(tx, permit)?, firm_of(permit)?);
    let known = store::report_id(tx, engagement.id, firm)?;
    let report = known.unwrap_or_else(|| env.id());
    let data = assemble::build(tx, engagement.id, report, kind)?;
    let json = data_of(&data)?;
    let (data_sha256, template_sha256) = (sha256(&json), template_sha256());
    if let Some(last) = store::latest_build(tx, engagement.id, firm, Some(kind))?
        && (&last.data_sha256, &last.template_sha256) == (&data_sha256, &template_sha256)
    {
        return Ok(Built { build: last, data, json });
    }
    let found = lint(&data, &Context::default());
    let findings: Vec<KeptFinding> = found.iter().map(KeptFinding::from).collect();
    let to_mend = findings.iter().filter(|f| f.mend).count() as u64;
    let event = ReportBuilt {
        report,
        engagement: engagement.id,
        organisation: engagement.organisation,
        kind,
        data_sha256,
        template_sha256,
        to_mend,
        findings: findings.into_iter().take(FINDINGS_MAX).collect(),
    };
    let id = firm_event(tx, env, permit, "report", Expected::Any, event.into())?;
    let build =
        store::build(tx, firm, id)?.ok_or_else(|| DbError::Shape("a build without row".into()))?;
    Ok(Built { build, data, json })
}

/// One condition for issuing the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Its name: `description`, `assertion`, `date`, `letter`, `opinion`, `signature`, `lint`.
    pub name: &'static str,
    /// Whether it is met.
    pub met: bool,
    /// What is missing, in a sentence; empty when nothing is.
    pub missing: String,
}

fn condition(name: &'static str, met: bool, missing: impl Into<String>) -> Condition {
    Condition { name, met, missing: if met { String::new() } else { missing.into() } }
}

/// What the organisation still has to do for the report. It rests on nothing of the firm's file.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such engagement.
pub fn organisation_conditions(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
) -> Result<Vec<Condition>> {
    let registers = assemble::registers(conn, engagement)?;
    let sections = store::sections(conn, engagement)?;
    let open = crate::rules::description::completeness(&sections, &registers)
        .iter()
        .filter(|c| !c.missing.is_empty())
        .map(|c| c.criterion.to_string())
        .collect::<Vec<_>>();
    let signed = store::assertion(conn, engagement)?.is_some();
    Ok(vec![
        condition(
            "description",
            open.is_empty(),
            format!("The description is not complete: {}.", open.join(", ")),
        ),
        condition("assertion", signed, "Management has not signed its assertion."),
    ])
}

/// Everything that stands between the record and the issued report. For the firm alone.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such engagement, or no firm.
pub fn conditions(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Vec<Condition>> {
    let record = assemble::Record::load(conn, engagement)?;
    let mut out = organisation_conditions(conn, engagement)?;
    let terms = &record.terms;
    let end = record.papers.engagement.period.end();
    out.push(condition(
        "date",
        terms.report_date.is_some_and(|d| d >= end) && !terms.city.is_empty(),
        "The report has no date, or no place of signature. State the terms.",
    ));
    let letter = store::letter(conn, engagement, record.papers.file.firm)?;
    out.push(condition(
        "letter",
        letter.is_some() && letter.map(|l| l.date) == terms.report_date,
        "There is no representation letter with the report's date.",
    ));
    let opinion = record.papers.conclusion(About::Opinion);
    out.push(condition(
        "opinion",
        opinion.is_some_and(|o| o.stands == Standing::Stands),
        "Nobody has concluded on the opinion, or what the conclusion rests on has changed.",
    ));
    out.push(signature_condition(conn, &record.papers)?);
    out.push(lint_condition(conn, engagement, record.papers.file.firm)?);
    Ok(out)
}

/// What this room says of a file that is to be signed: the report's date, what is missing of management's
/// documents, and what a signature binds of them.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such engagement, or no firm.
pub fn outside(conn: &mut Conn<'_>, engagement: EngagementId) -> Result<Outside> {
    let facts = scope::facts(conn, engagement)?;
    let firm = facts.firm.ok_or(Refusal::NotFound)?;
    let (terms, version) = store::terms(conn, engagement, firm)?;
    let letter = store::letter(conn, engagement, firm)?;
    let conditions = organisation_conditions(conn, engagement)?;
    let mut missing: Vec<String> =
        conditions.into_iter().filter(|c| !c.met).map(|c| c.missing).collect();
    if letter.is_none() || letter.as_ref().map(|l| l.date) != terms.report_date {
        missing.push("There is no representation letter with the report's date.".to_owned());
    }
    let papers = Papers::load(conn, engagement)?;
    if let Some(letter) = &letter {
        missing.extend(unrepresented(&papers, letter));
    }
    let asserted = store::assertion(conn, engagement)?;
    missing.extend(unreserved(&papers, asserted.as_ref().map(|a| a.body.text.as_str())));
    missing.extend(left_out_apart(&papers, &store::sections(conn, engagement)?));
    let mut inputs = BTreeMap::new();
    inputs.insert("the report's terms".to_owned(), version.to_string());
    if let Some(assertion) = asserted {
        inputs.insert("management's assertion".to_owned(), assertion.event.to_string());
    }
    if let Some(letter) = letter {
        let text = serde_json::to_vec(&letter).unwrap_or_default();
        inputs.insert("the letter of representations".to_owned(), sha256(&text));
    }
    for section in store::sections(conn, engagement)? {
        let name = format!("section {} of the description", section.criterion);
        inputs.insert(name, section.version.to_string());
    }
    Ok(Outside { report_date: terms.report_date, missing, inputs })
}

/// The representations that this engagement asks management for.
#[must_use]
pub fn representations_wanted(papers: &Papers) -> Vec<Representation> {
    let supplied = !papers.populations.is_empty();
    representations::wanted(&papers.subservices, !papers.deviations.is_empty(), supplied)
}

/// What the letter of representations lacks of what this engagement asks for.
fn unrepresented(papers: &Papers, letter: &Letter) -> Vec<String> {
    let wanted = representations_wanted(papers);
    let refused = papers.matters.management.representation_letter == Some(Given::Refused);
    representations::lacking(letter, &wanted, refused)
}

/// Criteria that only one side leaves out: management's description (DC 8) or the firm's file.
fn left_out_apart(papers: &Papers, sections: &[Section]) -> Vec<String> {
    let described = rules::description::left_out(sections);
    let examined = papers.criteria();
    let scope = papers.engagement.criteria().into_iter();
    scope
        .filter_map(|c| match (described.contains(&c), examined.contains(&c)) {
            (true, true) => Some(format!(
                "The description calls {c} not relevant, and nobody of the firm has agreed to leave it out. State that, or have management take it back."
            )),
            (false, false) => Some(format!(
                "The firm leaves {c} out, and the description does not say why it is not relevant (DC 8)."
            )),
            _ => None,
        })
        .collect()
}

/// Management's assertion without a reservation beside a modified opinion: it is amended first, or its refusal is
/// recorded and the report says so.
fn unreserved(papers: &Papers, asserted: Option<&str>) -> Option<String> {
    let modified = match papers.conclusion(About::Opinion).map(|c| c.concluded) {
        Some(Verdict::Opinion { opinion }) => {
            matches!(opinion, Opinion::Qualified | Opinion::Adverse)
        }
        _ => false,
    };
    let told = papers.matters.management.amendment_refused.is_some();
    (modified && !told && asserted.is_some_and(rules::is_unreserved)).then(|| {
        "Management asserts without exception, and the opinion is modified. Ask management to amend its assertion; if it refuses, state that with the opinion.".to_owned()
    })
}

/// Controls that changed in the period and that the section on significant changes (DC9) does not name. Whether a
/// change is significant a person judges; the organisation is not told what the firm knows of stretches.
///
/// # Errors
/// When the database refuses.
pub fn changes_not_described(conn: &mut Conn<'_>, papers: &Papers) -> Result<Vec<String>> {
    let sections = store::sections(conn, papers.engagement.id)?;
    let said = sections.iter().find(|s| s.criterion.to_string() == "DC9");
    let said = said.map_or_else(String::new, |s| {
        let entries = serde_json::to_string(&s.body.entries).unwrap_or_default();
        format!("{} {entries}", s.body.text)
    });
    let unnamed = papers
        .controls
        .iter()
        .filter(|c| papers.spans_of(c.id).len() > 1 && !said.contains(c.text.code.as_str()));
    Ok(unnamed
        .map(|c| {
            format!(
                "Control {} changed within the period, and the section on significant changes (DC 9) does not name it. Ask management whether the change belongs there.",
                c.text.code
            )
        })
        .collect())
}

/// Whether the partner has signed the file as it is now.
fn signature_condition(conn: &mut Conn<'_>, papers: &Papers) -> Result<Condition> {
    let outside = outside(conn, papers.engagement.id)?;
    let now = inputs_now(conn, papers, &outside)?;
    let signatures = examination::completion::store::signatures(conn, papers.file)?;
    let partner = signatures.iter().find(|s| s.step == Step::Partner);
    Ok(match partner.map(|s| changed(s, &now)) {
        None => condition("signature", false, "The partner has not signed the file."),
        Some(changes) => condition(
            "signature",
            changes.is_empty(),
            format!("The partner's signature on the file is void, because {}.", changes.join("; ")),
        ),
    })
}

/// Whether the report as it would be issued now has nothing that must be mended.
fn lint_condition(
    conn: &mut Conn<'_>,
    engagement: EngagementId,
    firm: PartyId,
) -> Result<Condition> {
    // Before the first build the report has no id; any stands for it here.
    let report =
        store::report_id(conn, engagement, firm)?.unwrap_or(crate::model::ReportId::from_u128(0));
    match assemble::build(conn, engagement, report, BuildKind::Final) {
        Ok(data) => {
            let found = lint(&data, &Context::default());
            let first = found.iter().find(|f| f.weight == crate::rules::report_lint::Weight::Mend);
            let missing = first.map_or_else(String::new, |f| {
                format!("The report has something to mend: {}.", f.message)
            });
            Ok(condition("lint", can_be_issued(&found), missing))
        }
        Err(platform::db::Error::Refused(Refusal::State(why))) => Ok(condition("lint", false, why)),
        Err(other) => Err(other),
    }
}

/// Builds the signed report, if everything that it needs is there. Nobody else sees it before it is
/// issued ([`issue`]).
///
/// # Errors
/// [`Refusal::State`] with everything that is missing; as [`assemble::build`].
pub fn build_final(tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<IssueReport>) -> Result<Built> {
    let engagement = engagement_of(tx, permit)?;
    not_issued(tx, &engagement)?;
    let missing: Vec<String> =
        conditions(tx, engagement.id)?.into_iter().filter(|c| !c.met).map(|c| c.missing).collect();
    if !missing.is_empty() {
        return Err(Refusal::state(missing.join(" ")).into());
    }
    if let Some(date) = store::terms(tx, engagement.id, firm_of(permit)?)?.0.report_date
        && date > engagement.period.zone().local(env.now()).date()
    {
        return Err(Refusal::state(format!(
            "The report is dated {date}, which is not here yet. Issue it on that day, or correct the date."
        ))
        .into());
    }
    build(tx, env, permit, BuildKind::Final)
}

/// Issues a signed build as the file that was typeset from it. Refused when the record has changed since
/// the build.
///
/// # Errors
/// [`Refusal::State`] when something changed or is missing, [`Refusal::NotFound`] for another firm's build.
pub fn issue(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<IssueReport>,
    build: EventId,
    pdf: &BlobRef,
) -> Result<Issued> {
    let engagement = engagement_of(tx, permit)?;
    let now = build_final(tx, env, permit)?;
    if now.build.event != build {
        return Err(Refusal::state(
            "The record changed while the report was typeset. Build it again and read it before it is issued.",
        )
        .into());
    }
    if store::file(tx, now.build.firm, build)?.as_ref() != Some(pdf) {
        return Err(Refusal::NotFound.into());
    }
    let event = ReportIssued {
        report: now.build.report,
        engagement: engagement.id,
        organisation: engagement.organisation,
        build,
        pdf: pdf.clone(),
    };
    firm_event(tx, env, permit, "report", Expected::Any, event.into())?;
    if engagement.state == EngagementState::Fieldwork {
        let facts = scope::facts_of(&engagement);
        let permit =
            kernel::permit::authorize::<scope::permits::MoveEngagement>(permit.actor(), &facts)?;
        scope::service::move_on(tx, env, &permit, EngagementState::Issued)?;
    }
    Ok(store::issued(tx, engagement.id)?.ok_or(Refusal::NotFound)?)
}
