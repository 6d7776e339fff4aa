//! Commands of surveys and interviews.

pub mod interviews;

use super::events::{NamedAnswer, PeopleInvited, SurveyClosed, SurveyEvent, SurveyOpened};
use super::model::{Answers, Survey, SurveyId, SurveyState};
use super::permits::{AnswerSurvey, ManageSurveys};
use super::rules::suppress::K;
use super::rules::{answers, bank};
use super::store::{self, Ticket};
use identity::model::Email;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::{Refusal, line, sentence};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::jobs::mail::{Mail, post};
use platform::journal::{Expected, Origin, record};
use platform::words::Words;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The longest title.
pub const TITLE_MAX: usize = 160;
/// The longest introduction.
pub const INTRO_MAX: usize = 4_000;
/// Questions of a survey or an interview at most.
pub const QUESTIONS_MAX: usize = 40;
/// Groups of a survey at most.
pub const SEGMENTS_MAX: usize = 12;
/// Invitations in one command at most.
pub const INVITED_TOGETHER: usize = 500;
/// Answers of one anonymous survey at most: they enter the log in one entry of bounded size.
pub const ANSWERS_MAX: usize = 2_000;
/// The largest that all answers of an anonymous survey may be together, in bytes.
const BOX_BYTES_MAX: usize = 900_000;

/// A survey as opened.
#[derive(Debug, Clone)]
pub struct SurveyInput {
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub intro: String,
    /// The ids of its questions.
    pub questions: Vec<String>,
    /// Groups to choose from.
    pub segments: Vec<String>,
    /// Whether nobody's identity is kept.
    pub anonymous: bool,
    /// Until when.
    pub closes_at: Timestamp,
}

pub(super) fn known(ids: &[String]) -> Result<Vec<String>, Refusal> {
    let wanted: BTreeSet<&String> = ids.iter().collect();
    let kept: Vec<String> =
        bank::all().iter().filter(|q| wanted.contains(&q.id)).map(|q| q.id.clone()).collect();
    if kept.is_empty() || kept.len() > QUESTIONS_MAX {
        return Err(Refusal::field("questions", format!("Choose 1 to {QUESTIONS_MAX} questions.")));
    }
    Ok(kept)
}

/// Opens a survey.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn open(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    input: &SurveyInput,
) -> Result<SurveyId> {
    if input.closes_at <= env.now() {
        return Err(Refusal::field(
            "closes_at",
            "This lies in the past. Give people time to answer.",
        )
        .into());
    }
    let mut segments = Vec::new();
    for segment in &input.segments {
        let segment = line("segments", segment, 60)?;
        if !segments.contains(&segment) {
            segments.push(segment);
        }
    }
    if segments.len() > SEGMENTS_MAX {
        return Err(Refusal::field(
            "segments",
            format!(
                "Give at most {SEGMENTS_MAX} groups: few people in each would be kept back anyway."
            ),
        )
        .into());
    }
    let id: SurveyId = env.id();
    let event = SurveyOpened {
        id,
        organisation: permit.owner(),
        title: line("title", &input.title, TITLE_MAX)?,
        intro: sentence("intro", &input.intro, INTRO_MAX)?,
        questions: known(&input.questions)?,
        segments,
        anonymous: input.anonymous,
        closes_at: input.closes_at,
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![SurveyEvent::from(event)])?;
    Ok(id)
}

/// What is kept of a token: 128 random bits need no slow hash.
fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(format!("tickmark survey ticket v1 {token}").as_bytes()).to_vec()
}

fn token(env: &mut Env) -> String {
    hex::encode(env.bytes::<16>())
}

fn managed(tx: &mut Tx<'_>, permit: &Permit<ManageSurveys>, id: SurveyId) -> Result<Survey> {
    let survey = store::survey(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if survey.state == SurveyState::Closed {
        return Err(Refusal::state("This survey is closed. Open a new one to ask again.").into());
    }
    Ok(survey)
}

/// The addresses in a text: one per line, or separated by commas.
fn addresses(text: &str) -> Result<Vec<Email>, Refusal> {
    let mut all = BTreeSet::new();
    for part in text.split(['\n', ',', ';']).map(str::trim).filter(|p| !p.is_empty()) {
        let email = Email::parse(part).map_err(|_| {
            Refusal::field(
                "addresses",
                format!("“{}” is not an address.", kernel::refusal::excerpt(part, 60)),
            )
        })?;
        all.insert(email);
    }
    if all.is_empty() || all.len() > INVITED_TOGETHER {
        return Err(Refusal::field(
            "addresses",
            format!("Give 1 to {INVITED_TOGETHER} addresses."),
        ));
    }
    Ok(all.into_iter().collect())
}

/// Invites people, each with a ticket of their own. Of an anonymous survey only their number enters the
/// record; the order in which tickets are made says nothing of the order of the addresses.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::NotFound`], [`Refusal::State`] once it is closed.
pub fn invite(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    (id, version): (SurveyId, i64),
    text: &str,
    base_url: &str,
) -> Result<usize> {
    let survey = managed(tx, permit, id)?;
    let mut all = addresses(text)?;
    if !survey.anonymous {
        let before = store::invited(tx, permit.owner(), id)?;
        all.retain(|e| !before.iter().any(|(b, _)| b == e.as_str()));
    }
    let named = if survey.anonymous {
        Vec::new()
    } else {
        all.iter().map(|e| e.as_str().to_owned()).collect()
    };
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = SurveyEvent::from(PeopleInvited { count, named, link: false });
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    let party = identity::store::party(tx, permit.owner())?.ok_or(Refusal::NotFound)?;
    let w = Words::english();
    for email in &all {
        let token = token(env);
        let ticket = Ticket {
            survey: id,
            organisation: permit.owner(),
            email: (!survey.anonymous).then(|| email.as_str().to_owned()),
            common: false,
            used: false,
        };
        store::make_ticket(tx, &digest(&token), &ticket)?;
        let link = format!("{}/survey/{token}", base_url.trim_end_matches('/'));
        let promise = if survey.anonymous { "survey-mail-anonymous" } else { "survey-mail-named" };
        let mail = Mail {
            to: email.as_str().to_owned(),
            subject: w.t2("survey-mail-subject", "party", &party.name, "title", &survey.title),
            text: w.ta(
                "survey-mail-text",
                &[
                    ("intro", survey.intro.as_str().into()),
                    ("link", link.into()),
                    ("until", w.moment(survey.closes_at, &jiff::tz::TimeZone::UTC).into()),
                    ("promise", w.t(promise).into()),
                ],
            ),
        };
        // The key says nothing of the ticket: sent mail is remembered with its address.
        let key = format!("survey~{}", self::token(env));
        post(tx, env, Some(permit.owner()), &key, &mail, Some(survey.closes_at))?;
    }
    Ok(all.len())
}

/// Makes the common link, with which anybody who has it may answer, more than once if they wish.
///
/// # Errors
/// As [`invite`]; [`Refusal::State`] when the survey is named.
pub fn make_link(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    (id, version): (SurveyId, i64),
) -> Result<()> {
    let survey = managed(tx, permit, id)?;
    if !survey.anonymous {
        return Err(Refusal::state("A named survey is answered by invitation alone: a common link does not say who answers.").into());
    }
    if survey.by_link {
        return Err(Refusal::state("There is a common link already.").into());
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = SurveyEvent::from(PeopleInvited { count: 0, named: vec![], link: true });
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    let token = token(env);
    let ticket =
        Ticket { survey: id, organisation: permit.owner(), email: None, common: true, used: false };
    store::make_ticket(tx, &digest(&token), &ticket)?;
    store::keep_link(tx, permit.owner(), id, &token)
}

/// What a ticket leads to.
#[derive(Debug)]
pub struct Asked {
    /// The survey.
    pub survey: Survey,
    /// Who asks.
    pub party: String,
    /// Whether it was answered already with this ticket.
    pub used: bool,
}

/// The survey to which a ticket leads.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown ticket, or of a survey that is closed.
pub fn asked(conn: &mut Conn<'_>, token: &str, now: Timestamp) -> Result<Asked> {
    let ticket = store::ticket(conn, &digest(token))?.ok_or(Refusal::NotFound)?;
    let survey =
        store::survey(conn, ticket.organisation, ticket.survey)?.ok_or(Refusal::NotFound)?;
    if survey.state == SurveyState::Closed || now > survey.closes_at {
        return Err(Refusal::NotFound.into());
    }
    let party = identity::store::party(conn, ticket.organisation)?.ok_or(Refusal::NotFound)?;
    Ok(Asked { survey, party: party.name, used: ticket.used && !ticket.common })
}

/// The permit of whoever has a ticket.
///
/// # Errors
/// When the rule does not admit the public.
pub fn may_answer(organisation: PartyId) -> Result<Permit<AnswerSurvey>> {
    Ok(authorize::<AnswerSurvey>(&Actor::public(organisation), &Facts::of(organisation))?)
}

/// Answers a survey with a ticket. An anonymous answer goes into the box, without a time, under a random
/// key; the ticket is marked used. A named one is an entry of the log.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::State`] when the ticket was used; [`Refusal::Input`].
pub fn answer(tx: &mut Tx<'_>, env: &mut Env, token: &str, given: &Answers) -> Result<()> {
    let Asked { survey, used, .. } = asked(tx, token, env.now())?;
    let permit = may_answer(survey.organisation)?;
    if used {
        return Err(Refusal::state(
            "This invitation was answered already. The first answer counts.",
        )
        .into());
    }
    let kept = answers::checked(&survey, given)?;
    let digest = digest(token);
    store::use_ticket(tx, &digest)?;
    if !survey.anonymous {
        let ticket = store::ticket(tx, &digest)?.ok_or(Refusal::NotFound)?;
        let email = ticket.email.ok_or(Refusal::NotFound)?;
        let origin = Origin::by(permit.actor(), permit.owner());
        let event = SurveyEvent::from(NamedAnswer { email, answers: kept });
        record(tx, env, &origin, &survey.id.to_string(), Expected::Any, vec![event])?;
        return Ok(());
    }
    let before = store::in_box(tx, survey.id)?;
    let size = |a: &Answers| a.iter().map(|(k, v)| k.len() + v.len() + 16).sum::<usize>();
    let bytes: usize = before.iter().map(size).sum::<usize>() + size(&kept);
    if before.len() >= ANSWERS_MAX || bytes > BOX_BYTES_MAX {
        return Err(Refusal::state(
            "This survey has as many answers as it can hold. Thank you; nothing was kept of yours.",
        )
        .into());
    }
    let key = hex::encode(env.bytes::<16>());
    store::put_in_box(tx, permit.owner(), survey.id, &key, &kept)
}

/// Closes a survey. Anonymous answers enter the log in one entry, shuffled; fewer than [`K`] are
/// destroyed unread. Tickets are forgotten.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`] when it is closed, [`Refusal::Stale`].
pub fn close(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageSurveys>,
    (id, version): (SurveyId, i64),
) -> Result<i64> {
    let survey = managed(tx, permit, id)?;
    let mut answers = if survey.anonymous { store::in_box(tx, id)? } else { Vec::new() };
    let count = if survey.anonymous {
        i64::try_from(answers.len()).unwrap_or(i64::MAX)
    } else {
        survey.answered
    };
    let too_few = survey.anonymous && answers.len() < usize::try_from(K).unwrap_or(usize::MAX);
    if too_few {
        answers.clear();
    }
    // The keys of the box are random; drawn once more, so that not even they give an order.
    for last in (1..answers.len()).rev() {
        let other =
            usize::try_from(env.below(u64::try_from(last + 1).unwrap_or(1))).unwrap_or_default();
        answers.swap(last, other);
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    let event = SurveyEvent::from(SurveyClosed { count, answers, too_few });
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    store::forget(tx, id)?;
    Ok(count)
}
