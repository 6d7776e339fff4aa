//! Filing a report, and what its reporter adds later.

use super::{CONTACT_MAX, TEXT_MAX, TITLE_MAX};
use crate::canaries;
use crate::clocks::model::{Armed, ClockRef};
use crate::events::{CaseEvent, MessageSent, ReportFiled};
use crate::model::casework::MessagePurpose;
use crate::model::{Case, CaseId, CaseKind, Privacy};
use crate::permits::{FileReport, HandleCase};
use crate::policy::model::ClockKind;
use crate::rules::concerned::{CONCERNED_MAX, concerned};
use crate::rules::numbers;
use crate::sealed::model::{Parcel, SealedReport};
use crate::sealed::rules::CaseKey;
use crate::sealed::service as sealing;
use crate::store;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::{Expected, Origin, record};
use serde::{Deserialize, Serialize};

/// Who reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reporter {
    /// Somebody who does not mind being known to the people who work on the case and to the service
    /// auditor, or who simply does not say who they are. What they write is not sealed.
    Open {
        /// How to reach them, if they said so.
        contact: Option<String>,
    },
    /// Somebody who is known only to those who may open the case.
    Confidential {
        /// How to reach them, if they said so.
        contact: Option<String>,
    },
    /// Somebody of whom nothing is known: there is nowhere to write it down. The time of their report
    /// is recorded to the hour.
    Anonymous,
}

impl Reporter {
    /// How much of the case is open.
    #[must_use]
    pub const fn privacy(&self) -> Privacy {
        match self {
            Self::Open { .. } => Privacy::Open,
            Self::Confidential { .. } => Privacy::Confidential,
            Self::Anonymous => Privacy::Anonymous,
        }
    }

    fn contact(&self) -> Result<Option<String>> {
        let (Self::Open { contact } | Self::Confidential { contact }) = self else {
            return Ok(None);
        };
        Ok(match contact.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(contact) => Some(sentence("contact", contact, CONTACT_MAX)?),
        })
    }
}

/// A report as filed.
#[derive(Debug, Clone)]
pub struct ReportInput {
    /// The channel's name.
    pub channel: String,
    /// What is reported.
    pub kind: CaseKind,
    /// In a few words.
    pub title: String,
    /// In full.
    pub description: String,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
    /// Who reports.
    pub reporter: Reporter,
    /// Whom it concerns, by name, address or id: they are kept out of the case.
    pub about_people: String,
    /// Files that came with it.
    pub parcel: Option<Parcel>,
    /// The reporter's language, `en`.
    pub language: String,
}

impl ReportInput {
    /// An open report by nobody in particular, in English, about nobody, without files.
    #[must_use]
    pub fn new(
        channel: impl Into<String>,
        kind: CaseKind,
        title: impl Into<String>,
        description: impl Into<String>,
    ) -> Self {
        Self {
            channel: channel.into(),
            kind,
            title: title.into(),
            description: description.into(),
            occurred_at: None,
            reporter: Reporter::Open { contact: None },
            about_people: String::new(),
            parcel: None,
            language: "en".to_owned(),
        }
    }
}

/// What a reporter takes away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The case.
    pub id: CaseId,
    /// The public number.
    pub tracking_number: String,
    /// The secret way back. Shown once; only its digest is kept.
    pub return_code: String,
    /// The channel by which it came.
    pub channel: String,
    /// How much of it is open.
    #[serde(default)]
    pub privacy: Privacy,
    /// Whether files came with it.
    #[serde(default)]
    pub files: bool,
    /// What was promised to the reporter, and by which version of the policy.
    #[serde(default)]
    pub promised: Promised,
    /// Whether it is held until a person has looked, because it came in a flood.
    #[serde(default)]
    pub held: bool,
}

/// What a reporter was promised when the report came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promised {
    /// The version of the reporting policy; none where none was in force.
    pub policy: Option<i64>,
    /// By when somebody confirms the report.
    pub acknowledge_by: Option<Timestamp>,
    /// By when the reporter is told something of substance.
    pub answer_by: Option<Timestamp>,
}

impl Promised {
    /// What the clocks of a case say about its reporter.
    #[must_use]
    pub fn of(armed: Option<&Armed>) -> Self {
        let by = |kind: ClockKind| {
            let promises = armed.iter().flat_map(|a| &a.promises);
            promises
                .filter(|p| p.superseded_at.is_none() && p.clock == ClockRef::Service(kind))
                .map(|p| p.due_at)
                .next_back()
        };
        Self {
            policy: armed.map(|a| a.policy),
            acknowledge_by: by(ClockKind::Acknowledge),
            answer_by: by(ClockKind::Answer),
        }
    }
}

/// Files a report.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn file_report(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FileReport>,
    input: &ReportInput,
) -> Result<Filed> {
    file_in(tx, env, permit, input, false)
}

/// Files a report that is `held` for a person, or not.
///
/// # Errors
/// As [`file_report`].
pub(crate) fn file_in(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FileReport>,
    input: &ReportInput,
    held: bool,
) -> Result<Filed> {
    if input.occurred_at.is_some_and(|at| at > env.now()) {
        return Err(
            Refusal::field("occurred_at", "This lies in the future. When did it happen?").into()
        );
    }
    let exact = env.now();
    if input.reporter == Reporter::Anonymous {
        // Ids, the entry and the tables then hold no finer time than this.
        env.set_now(to_the_hour(exact));
    }
    let filed = file(tx, env, permit, input, held);
    env.set_now(exact);
    filed
}

/// The beginning of the hour: as exactly as the time of what an anonymous reporter does is recorded.
#[must_use]
pub const fn to_the_hour(at: Timestamp) -> Timestamp {
    const HOUR_US: i64 = 3_600_000_000;
    Timestamp(at.0.div_euclid(HOUR_US) * HOUR_US)
}

fn file(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FileReport>,
    input: &ReportInput,
    held: bool,
) -> Result<Filed> {
    let channel = sentence("channel", &input.channel, 40)?;
    let privacy = input.reporter.privacy();
    let (id, return_code) = (env.id(), numbers::return_code(env));
    let way = Way::of(tx, &return_code)?
        .ok_or_else(|| DbError::Shape("a return code that is not one".into()))?;
    let mut filed = Filed {
        id,
        tracking_number: way.number.clone(),
        return_code,
        channel,
        privacy,
        files: input.parcel.is_some(),
        promised: Promised::default(),
        held,
    };
    let told = SealedReport {
        title: sentence("title", &input.title, TITLE_MAX)?,
        description: sentence("description", &input.description, TEXT_MAX)?,
        contact: input.reporter.contact()?,
        about_people: remark("about_people", &input.about_people, CONCERNED_MAX)?,
    };
    let (open, hidden) = match privacy {
        Privacy::Open => (told, None),
        Privacy::Confidential | Privacy::Anonymous => {
            (SealedReport { title: SEALED_TITLE.to_owned(), ..SealedReport::default() }, Some(told))
        }
    };
    // Looked at before it is sealed. A canary shall come through a flood.
    let canary = canaries::store::recognised(tx, permit.owner(), &input.description)?;
    filed.held &= canary.is_none();
    let held = filed.held;
    // Promises are made to a report that is held once a person has let it in, from its first day on.
    let armed = match held {
        true => None,
        false => crate::clocks::service::at_filing(tx, permit.owner(), filed.id, env.now())?,
    };
    filed.promised = Promised::of(armed.as_ref());
    let event = ReportFiled {
        armed,
        held,
        id: filed.id,
        organisation: permit.owner(),
        tracking_number: filed.tracking_number.clone(),
        channel: filed.channel.clone(),
        kind: input.kind,
        title: open.title,
        description: open.description,
        occurred_at: input.occurred_at,
        contact: open.contact,
        language: input.language.chars().filter(char::is_ascii_alphanumeric).take(8).collect(),
        canary: canary.is_some(),
        privacy,
        about_people: open.about_people,
        kept_out: kept_out(tx, permit.owner(), &input.about_people)?,
    };
    let mut origin = Origin::by(permit.actor(), permit.owner());
    origin.occurred_at = input.occurred_at;
    record(tx, env, &origin, &filed.id.to_string(), Expected::New, vec![CaseEvent::from(event)])?;
    store::keep_code(tx, &way.digest, filed.id, permit.owner())?;
    if let Some(canary) = &canary {
        canaries::service::arrived(tx, env, canary, filed.id)?;
    }
    if hidden.is_some() || input.parcel.is_some() {
        origin.occurred_at = None;
        seal(tx, env, &origin, &filed, (hidden, input.parcel.as_ref()))?;
    }
    Ok(filed)
}

/// What stands in the open instead of a title that is sealed.
pub const SEALED_TITLE: &str = "Sealed report";

fn seal(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    filed: &Filed,
    (hidden, parcel): (Option<SealedReport>, Option<&Parcel>),
) -> Result<()> {
    let key = parcel.map_or_else(|| CaseKey::draw(env), |p| p.key.clone());
    sealing::keep_key(tx, env, filed.id, origin.log, &key, &filed.return_code)?;
    if let Some(report) = hidden {
        sealing::hide_report(tx, env, origin, filed.id, &key, &report)?;
    }
    match parcel {
        Some(parcel) => sealing::attach(tx, env, origin, filed.id, &key, &parcel.files),
        None => Ok(()),
    }
}

/// The people of the organisation among those whom a report concerns.
fn kept_out(conn: &mut Conn<'_>, organisation: PartyId, text: &str) -> Result<Vec<PersonId>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let people = identity::store::people_of(conn, organisation)?;
    let known = people.iter().map(|m| (m.profile.id, &*m.profile.name, m.profile.email.as_str()));
    Ok(concerned(text, known))
}

/// What follows from a return code under keys of the deployment.
struct Way {
    /// The tracking number.
    number: String,
    /// What is kept of the code.
    digest: Vec<u8>,
}

impl Way {
    fn of(conn: &Conn<'_>, code: &str) -> Result<Option<Self>> {
        let number = numbers::tracking_number(&conn.key_for("tracking numbers")?, code);
        let digest = numbers::code_digest(&conn.key_for("return codes")?, code);
        Ok(number.zip(digest).map(|(number, digest)| Self { number, digest }))
    }
}

/// The key under which a handler's words about a case are sealed; none where the case is open.
pub(crate) fn inside_key(
    tx: &mut Tx<'_>,
    permit: &Permit<HandleCase>,
    case: &Case,
) -> Result<Option<CaseKey>> {
    if !sealing::is_sealed(case) {
        return Ok(None);
    }
    let person = permit.person().ok_or(Refusal::NotFound)?;
    sealing::key_for(tx, permit.owner(), case.id, person).map(Some)
}

/// Records words about a case: in the open, or sealed with only the fact left in the open.
pub(crate) fn say<E: Into<CaseEvent>>(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    (id, expected): (CaseId, Expected),
    (part, key, text): (&str, Option<CaseKey>, String),
    make: impl FnOnce(String) -> E,
) -> Result<()> {
    let (open, hidden) = match key {
        None => (text, None),
        Some(key) => (String::new(), Some((key, text))),
    };
    let events = vec![make(open).into()];
    let recorded = record(tx, env, origin, &id.to_string(), expected, events)?;
    if let (Some((key, text)), Some(entry)) = (hidden, recorded.first()) {
        let part = format!("{part}:{}", entry.version);
        sealing::hide(tx, env, origin, id, &key, (&part, text.as_bytes()))?;
    }
    crate::clocks::service::rearm(tx, env, origin, id)
}

/// The reporter says something; who they are is the return code alone.
///
/// # Errors
/// [`Refusal::NotFound`] when no report has this code, [`Refusal::Input`], [`Refusal::State`] when the
/// sealed content of the case was destroyed.
pub fn reporter_says(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FileReport>,
    code: &str,
    text: &str,
    parcel: Option<&Parcel>,
) -> Result<()> {
    let case = followed(tx, code)?;
    if case.organisation != permit.owner() {
        return Err(Refusal::NotFound.into());
    }
    let text = sentence("text", text, TEXT_MAX)?;
    let exact = env.now();
    env.set_now(kept_time(&case, exact));
    let origin = Origin::by(permit.actor(), permit.owner());
    let said = reporter_adds(tx, env, &origin, &case, (code, text), parcel);
    env.set_now(exact);
    said
}

/// The reporter of an open case writes by a way that itself says which case it is: an address for
/// answers. None where there is no such case, or its content is sealed: only the code opens it.
///
/// # Errors
/// [`Refusal::Input`].
pub fn reporter_writes(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FileReport>,
    id: CaseId,
    text: &str,
) -> Result<Option<()>> {
    let Some(case) = store::case(tx, permit.owner(), id)? else { return Ok(None) };
    if sealing::is_sealed(&case) {
        return Ok(None);
    }
    let text = sentence("text", text, TEXT_MAX)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let message = |text| MessageSent { from_reporter: true, text, purpose: MessagePurpose::Answer };
    say(tx, env, &origin, (id, Expected::Any), ("message", None, text), message).map(Some)
}

/// The time with which something that the reporter of a case does is recorded: to the hour where they
/// are anonymous, but not before what happened to the case already, so that its history stays in order.
#[must_use]
pub fn kept_time(case: &Case, now: Timestamp) -> Timestamp {
    if case.privacy != Privacy::Anonymous {
        return now;
    }
    let last = [Some(case.reported_at), case.acknowledged_at, case.resolved_at, case.closed_at];
    to_the_hour(now).max(last.into_iter().flatten().max().unwrap_or_default())
}

fn reporter_adds(
    tx: &mut Tx<'_>,
    env: &mut Env,
    origin: &Origin,
    case: &Case,
    (code, text): (&str, String),
    parcel: Option<&Parcel>,
) -> Result<()> {
    let key = if sealing::is_sealed(case) {
        Some(sealing::key_of_reporter(tx, case.id, code)?)
    } else {
        None
    };
    let message = |text| MessageSent { from_reporter: true, text, purpose: MessagePurpose::Answer };
    say(tx, env, origin, (case.id, Expected::Any), ("message", key, text), message)?;
    match parcel {
        Some(parcel) => sealing::add_parcel(tx, env, origin, case, code, parcel),
        None => Ok(()),
    }
}

/// The case to which a return code leads.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn followed(conn: &mut Conn<'_>, code: &str) -> Result<Case> {
    let way = Way::of(conn, code)?.ok_or(Refusal::NotFound)?;
    if let Some(case) = store::by_code(conn, (&way.number, &way.digest))? {
        return Ok(case);
    }
    Ok(store::by_code_alone(conn, &way.digest)?.ok_or(Refusal::NotFound)?)
}
