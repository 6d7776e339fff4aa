//! Commands of the mail door: take in, sort, decide; and mail to reporters.

use super::events::{MailAccepted, MailDismissed, MailEvent, MailReleased, MailSorted};
use super::model::{Mail, MailId, Outcome, Reason};
use super::permits::{DecideMail, TakeInMail};
use super::rules::letter::{self, Letter};
use super::rules::sorting::{Known, sort as decide};
use super::rules::{results, token};
use super::store;
use crate::canaries;
use crate::door;
use crate::model::{Case, CaseId, CaseKind};
use crate::service::{self as casework, Filed, ReportInput, Reporter, TITLE_MAX};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::{Refusal, sentence};
use platform::blobs::{BlobRef, Blobs};
use platform::db::{Conn, Db, Error, Result, Tx};
use platform::jobs::mail::{self as post, Mail as Outgoing, Thread};
use platform::jobs::{NewJob, enqueue};
use platform::journal::{Expected, Origin, record};
use platform::words::Words;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The longest message that is kept, in bytes.
pub const KEPT_BYTES_MAX: usize = 200 << 20;
/// The key of the deployment from which addresses for answers follow.
const KEY_PURPOSE: &str = "addresses for answers by mail";

/// How the door is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Whose door it is.
    pub organisation: PartyId,
    /// The address to which people write: `report@example.org`.
    pub address: String,
    /// The channel's name, as it stands on its cases.
    pub channel: String,
    /// The name of the server whose `Authentication-Results` count.
    pub trusted: Option<String>,
    /// The domain from which mail is sent, by which our own mail is recognised.
    pub sent_from: Option<String>,
    /// Where people reach this deployment, without a slash at the end.
    pub base_url: String,
}

impl Setup {
    fn permit(&self) -> Result<Permit<TakeInMail>> {
        let actor = Actor::system(self.organisation, "mail");
        Ok(authorize::<TakeInMail>(&actor, &Facts::of(self.organisation))?)
    }
}

/// Keeps a message and records that it was accepted. The same bytes again are the same message.
///
/// The message is durable in the blob store before anything else happens, and its sorting is planned in
/// the transaction that accepts it: whoever is told that it was taken may forget it.
///
/// # Errors
/// When the blob store or the database refuses; then the sender must keep the message.
pub fn take_in(
    db: &Db,
    blobs: &Blobs,
    env: Env,
    setup: &Setup,
    (raw, whole, via): (&[u8], bool, &'static str),
) -> Result<MailId> {
    let blob = blobs.put_bytes(raw)?;
    let permit = setup.permit()?;
    let mut env = env;
    db.write_blocking(move |tx| accept(tx, &mut env, &permit, &blob, whole, via))
}

/// Records that a message, which is kept already, was accepted, and plans its sorting.
///
/// # Errors
/// When the database refuses.
pub fn accept(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<TakeInMail>,
    blob: &BlobRef,
    whole: bool,
    via: &str,
) -> Result<MailId> {
    let organisation = permit.owner();
    if let Some(known) = store::by_content(tx, organisation, &blob.sha256)? {
        return Ok(known);
    }
    let id: MailId = env.id();
    let event = MailAccepted {
        id,
        sha256: blob.sha256.clone(),
        bytes: i64::try_from(blob.bytes).unwrap_or(i64::MAX),
        via: via.to_owned(),
    };
    let origin = Origin::by(permit.actor(), organisation);
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![MailEvent::from(event)])?;
    let payload = serde_json::json!({ "id": id, "whole": whole });
    let job =
        NewJob::new(Some(organisation), super::jobs::SORT, format!("mailroom.sort.{id}"), payload);
    enqueue(tx, env, &job)?;
    Ok(id)
}

/// Reads a message, whatever its bytes: a fault of the reader is a message that cannot be read.
fn read(raw: &[u8]) -> Option<Letter> {
    catch_unwind(AssertUnwindSafe(|| letter::read(raw))).unwrap_or_else(|_| {
        tracing::error!(
            bytes = raw.len(),
            "a message stopped its reader; it is kept and set aside"
        );
        None
    })
}

/// Sorts a message that was accepted: once, however often it is called.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such message; when the database or the blob store fails.
pub fn sort(
    db: &Db,
    blobs: &Blobs,
    env: &Env,
    setup: &Setup,
    (id, whole): (MailId, bool),
) -> Result<Mail> {
    let organisation = setup.organisation;
    let found = db.read_blocking(|conn| store::mail(conn, organisation, id))?;
    let mail = found.ok_or(Refusal::NotFound)?;
    if mail.outcome != Outcome::Waiting {
        return Ok(mail);
    }
    let raw = blobs.read(&mail.sha256, KEPT_BYTES_MAX as u64)?;
    let letter = if whole { read(&raw) } else { None };
    let attempt = |letter: Option<Letter>| {
        let (setup, mut env) = (setup.clone(), env.clone());
        db.write_blocking(move |tx| {
            sort_in(tx, &mut env, &setup, id, letter.as_ref())?;
            Ok(store::mail(tx, organisation, id)?.ok_or(Refusal::NotFound)?)
        })
    };
    match attempt(letter) {
        // A report that the rules of the house refuse is kept for a person rather than lost.
        Err(Error::Refused(refusal)) => {
            tracing::warn!(%refusal, mail = %id, "a mail could not become a case; it is set aside");
            attempt(None)
        }
        other => other,
    }
}

/// The report that a message makes.
fn report(setup: &Setup, letter: &Letter) -> ReportInput {
    let first: String =
        letter.text.lines().next().unwrap_or_default().chars().take(TITLE_MAX).collect();
    let title = [letter.subject.as_str(), first.trim()]
        .into_iter()
        .find(|t| !t.is_empty())
        .map_or_else(|| Words::english().t("mailroom-untitled"), str::to_owned);
    let description = if letter.text.is_empty() { title.clone() } else { letter.text.clone() };
    let contact = Some(letter.sender.clone()).filter(|s| !s.is_empty() && s.len() <= 200);
    ReportInput {
        reporter: Reporter::Open { contact },
        // What it is, a person decides: a mail does not say.
        ..ReportInput::new(&setup.channel, CaseKind::Concern, title, description)
    }
}

fn sort_in(
    tx: &mut Tx<'_>,
    env: &mut Env,
    setup: &Setup,
    id: MailId,
    letter: Option<&Letter>,
) -> Result<()> {
    let organisation = setup.organisation;
    let mail = store::mail(tx, organisation, id)?.ok_or(Refusal::NotFound)?;
    if mail.outcome != Outcome::Waiting {
        return Ok(());
    }
    let key = tx.key_for(KEY_PURPOSE)?;
    let empty = Letter::default();
    let seen = letter.unwrap_or(&empty);
    let auth = results::read(&seen.authentication, setup.trusted.as_deref());
    let hour_ago = env.now().plus_seconds(-3_600);
    let recipients = seen.recipients.iter().map(String::as_str);
    let known = Known {
        addressed: token::addressed(&key, &setup.address, organisation, recipients),
        auth: &auth,
        ours: setup
            .sent_from
            .as_deref()
            .is_some_and(|domain| post::is_own_message_id(&seen.message_id, domain)),
        recent: store::recent_of(tx, organisation, &seen.sender, hour_ago)?,
        canary: canaries::store::recognised(tx, organisation, &seen.text)?.is_some(),
    };
    let (mut outcome, mut reason, mut case) = decide(letter, &known);
    let mut filed = None;
    let permit = door::permit(organisation)?;
    match (outcome, case) {
        (Outcome::Case, _) => {
            let new = casework::file_report(tx, env, &permit, &report(setup, seen))?;
            case = Some(new.id);
            filed = Some(new);
        }
        (Outcome::Reply, Some(about)) => {
            let text = if seen.text.is_empty() { &seen.subject } else { &seen.text };
            if casework::reporter_writes(tx, env, &permit, about, text)?.is_none() {
                // The address was ours, but the case takes no words by mail: a person decides.
                (outcome, reason) = (Outcome::Quarantine, Reason::Token);
            }
        }
        _ => {}
    }
    let event = MailSorted {
        id,
        outcome,
        reason,
        case,
        sender: seen.sender.clone(),
        subject: seen.subject.clone(),
        message_id: seen.message_id.clone(),
        auth: auth.clone(),
        attachments: seen.attachments.clone(),
    };
    let origin = Origin::by(setup.permit()?.actor(), organisation);
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![MailEvent::from(event)])?;
    match &filed {
        Some(filed) if !known.canary => acknowledge(tx, env, setup, (id, seen), filed),
        _ => Ok(()),
    }
}

/// Answers a new report at once, with its number and the way back.
fn acknowledge(
    tx: &mut Tx<'_>,
    env: &mut Env,
    setup: &Setup,
    (id, letter): (MailId, &Letter),
    filed: &Filed,
) -> Result<()> {
    if !post::is_address(&letter.sender) {
        return Ok(());
    }
    let w = Words::english();
    let mail = Outgoing {
        to: letter.sender.clone(),
        subject: w.t1("mailroom-ack-subject", "number", &filed.tracking_number),
        text: w.ta(
            "mailroom-ack-text",
            &[
                ("number", filed.tracking_number.as_str().into()),
                ("code", filed.return_code.as_str().into()),
                ("link", format!("{}/report/follow-up", setup.base_url).into()),
            ],
        ),
    };
    let thread = Thread {
        reply_to: answer_address(tx, setup, filed.id)?,
        in_reply_to: Some(letter.message_id.clone()).filter(|id| !id.is_empty()),
    };
    let key = format!("mailroom.ack.{id}");
    post::post_answerable(tx, env, Some(setup.organisation), &key, &mail, &thread)?;
    Ok(())
}

/// The address to which a reporter answers about a case.
///
/// # Errors
/// Where no deployment stands behind the connection.
pub fn answer_address(conn: &Conn<'_>, setup: &Setup, case: CaseId) -> Result<Option<String>> {
    let key = conn.key_for(KEY_PURPOSE)?;
    Ok(token::address(&key, &setup.address, setup.organisation, case))
}

/// Plans a mail to a reporter about their case, to be sent with an address for answers. False where the
/// organisation has no door for mail, so that nobody could answer.
///
/// # Errors
/// When the database refuses.
pub fn plan_update(
    tx: &mut Tx<'_>,
    env: &mut Env,
    case: &Case,
    version: i64,
    (to, text): (&str, &str),
) -> Result<bool> {
    if !store::in_use(tx, case.organisation)? {
        return Ok(false);
    }
    let payload = serde_json::json!({
        "case": case.id, "number": case.tracking_number, "to": to, "text": text,
        "language": case.language,
    });
    // The list of jobs names the case, not the person: who looks after jobs need not know who reported.
    let key = format!("mailroom.update.{}.{version}", case.id);
    let job = NewJob::new(Some(case.organisation), super::jobs::UPDATE, key, payload)
        .about(&case.tracking_number);
    enqueue(tx, env, &job)?;
    Ok(true)
}

fn aside(tx: &mut Tx<'_>, permit: &Permit<DecideMail>, id: MailId) -> Result<Mail> {
    let mail = store::mail(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if mail.outcome == Outcome::Waiting {
        return Err(Refusal::state("This message has not been sorted yet. Wait a moment.").into());
    }
    if mail.decided_at.is_some() || matches!(mail.outcome, Outcome::Case | Outcome::Reply) {
        return Err(Refusal::state("This message is not set aside any more.").into());
    }
    Ok(mail)
}

/// Makes a case of a message that was set aside. `raw` are its bytes. No mail is sent: who was taken for
/// a program or a forger is answered by a person.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`], [`Refusal::Stale`], [`Refusal::Input`].
pub fn release(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideMail>,
    (id, version): (MailId, i64),
    (channel, raw, why): (&str, &[u8], &str),
) -> Result<CaseId> {
    let mail = aside(tx, permit, id)?;
    let decision = sentence("why", why, 2_000)?;
    let mut letter = read(raw).unwrap_or_default();
    if letter.text.is_empty() && letter.subject.is_empty() {
        letter.text = Words::english().t1("mailroom-unreadable-text", "id", mail.id.to_string());
    }
    let setup = Setup {
        organisation: permit.owner(),
        address: String::new(),
        channel: channel.to_owned(),
        trusted: None,
        sent_from: None,
        base_url: String::new(),
    };
    let door = door::permit(permit.owner())?;
    let filed = casework::file_report(tx, env, &door, &report(&setup, &letter))?;
    let event = MailReleased { id, case: filed.id, decision };
    decided(tx, env, permit, (id, version), event.into())?;
    Ok(filed.id)
}

/// Decides that a message that was set aside is no report.
///
/// # Errors
/// As [`release`].
pub fn dismiss(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideMail>,
    (id, version): (MailId, i64),
    why: &str,
) -> Result<()> {
    aside(tx, permit, id)?;
    let decision = sentence("why", why, 2_000)?;
    decided(tx, env, permit, (id, version), MailDismissed { id, decision }.into())
}

fn decided(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideMail>,
    (id, version): (MailId, i64),
    event: MailEvent,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), vec![event])?;
    Ok(())
}
