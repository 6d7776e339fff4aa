//! Commands: how canaries are sent, planning, sending, watching, retiring.

use super::events::{
    CanaryAcknowledged, CanaryAlarmed, CanaryEscalated, CanaryEvent, CanaryPlanned, CanaryReceived,
    CanaryRetired, CanarySent, CanaryUnsent,
};
use super::model::{Alarm, Canary, CanaryId, Settings, Verdict, Way};
use super::permits::{ManageCanaries, RunCanaries};
use super::rules::{Seen, Step, digest, mark, next, times, words};
use super::store;
use crate::channels::permits::ManageChannels;
use crate::channels::service as register;
use crate::events::{CaseClosed, CaseEvent};
use crate::model::{CaseId, CaseKind};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::db::{DbError, Result, Tx};
use platform::jobs::mail::{self as post, Mail};
use platform::journal::{Expected, Origin, record};
use platform::words::Words;

/// The key of the deployment from which marks follow.
pub(crate) const KEY_PURPOSE: &str = "marks of canaries";

/// The permit of the product's own job.
///
/// # Errors
/// When the rule of [`RunCanaries`] does not admit it.
pub fn permit(organisation: PartyId) -> Result<Permit<RunCanaries>> {
    Ok(authorize(&Actor::system(organisation, "canaries"), &Facts::of(organisation))?)
}

fn put(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCanaries>,
    id: CanaryId,
    event: impl Into<CanaryEvent>,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![event.into()])?;
    Ok(())
}

/// Decides how canaries are sent.
///
/// # Errors
/// [`Refusal::Input`] naming the field, [`Refusal::Stale`].
pub fn state_settings(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageCanaries>,
    version: i64,
    settings: &Settings,
) -> Result<()> {
    let within = |field, value: i64, from, to| {
        if (from..=to).contains(&value) {
            Ok(())
        } else {
            Err(Refusal::field(field, format!("Write a whole number from {from} to {to}.")))
        }
    };
    within("per_month", i64::from(settings.per_month), 1, 31)?;
    within("receive_minutes", settings.receive_minutes, 5, 1_440)?;
    within("acknowledge_hours", settings.acknowledge_hours, 1, 120)?;
    if settings.alarm_to.len() > 10 || !settings.alarm_to.iter().all(|to| post::is_address(to)) {
        return Err(Refusal::field(
            "alarm_to",
            "Write up to ten addresses to which mail can be sent, one on each line.",
        )
        .into());
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    let subject = format!("canaries:{}", permit.owner());
    let event = CanaryEvent::Settings(settings.clone());
    record(tx, env, &origin, &subject, Expected::Version(version), vec![event])?;
    Ok(())
}

/// A canary as it is sent.
#[derive(Debug, Clone)]
pub struct Flight {
    /// Which.
    pub id: CanaryId,
    /// By which channel.
    pub way: Way,
    /// The channel's name.
    pub channel: String,
    /// What is reported.
    pub kind: CaseKind,
    /// In a few words.
    pub title: String,
    /// In full, with the mark.
    pub text: String,
}

/// Plans the canaries of the month for the ways for which none are planned: at random times in what is
/// left of it. `ways` are the ways by which canaries can be sent, each with its channel's name.
///
/// # Errors
/// When the database refuses.
pub fn plan(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCanaries>,
    settings: &Settings,
    ways: &[(Way, String)],
) -> Result<()> {
    let organisation = permit.owner();
    let today = Zone::utc().local(env.now()).date();
    let month = today.to_string().chars().take(7).collect::<String>();
    let after = today.last_of_month().tomorrow().map_err(|e| DbError::Shape(e.to_string()))?;
    let end = Zone::utc().day_start(after);
    for (way, channel) in ways {
        if store::planned(tx, organisation, &month, *way)? {
            continue;
        }
        let key = tx.key_for(KEY_PURPOSE)?;
        let now = env.now();
        for due_at in times(env, (now, end), settings.per_month) {
            let id: CanaryId = env.id();
            let mark = mark(&key, organisation, id)
                .ok_or_else(|| DbError::Shape("a mark that could not be made".into()))?;
            let (channel, month, mark) = (channel.clone(), month.clone(), digest(&mark));
            let event = CanaryPlanned { id, way: *way, channel, month, due_at, mark };
            put(tx, env, permit, id, event)?;
        }
    }
    Ok(())
}

/// Takes off the canaries whose time has come: each is on record as sent before it is handed over, so
/// that it is recognised however fast it comes in, and never sent twice.
///
/// # Errors
/// When the database refuses.
pub fn take_off(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCanaries>,
) -> Result<Vec<Flight>> {
    let organisation = permit.owner();
    let due = store::flying(tx, organisation, env.now())?;
    let mut flights = Vec::new();
    for canary in due.into_iter().filter(|c| c.sent_at.is_none()) {
        let key = tx.key_for(KEY_PURPOSE)?;
        let mark = mark(&key, organisation, canary.id)
            .ok_or_else(|| DbError::Shape("a mark that could not be made".into()))?;
        let (title, text) = words(env, &mark);
        put(tx, env, permit, canary.id, CanarySent { id: canary.id })?;
        flights.push(Flight {
            id: canary.id,
            way: canary.way,
            channel: canary.channel,
            kind: CaseKind::Failure,
            title,
            text,
        });
    }
    Ok(flights)
}

/// Writes down that a canary could not be sent.
///
/// # Errors
/// When the database refuses.
pub fn not_sent(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCanaries>,
    id: CanaryId,
    why: &str,
) -> Result<()> {
    let why = kernel::refusal::excerpt(why, 400);
    let why = if why.is_empty() { "?".to_owned() } else { why };
    put(tx, env, permit, id, CanaryUnsent { id, why })
}

/// Whether a report is a canary; when it is, its arrival is on record with the case. Called by whoever
/// files a report, in the same transaction.
///
/// # Errors
/// When the database refuses.
pub(crate) fn arrived(tx: &mut Tx<'_>, env: &mut Env, canary: &Canary, case: CaseId) -> Result<()> {
    if canary.case.is_some() {
        return Ok(());
    }
    let permit = permit(canary.organisation)?;
    put(tx, env, &permit, canary.id, CanaryReceived { id: canary.id, case })
}

/// Looks after every canary that flies: what was confirmed, escalated or missed goes on record, alarms
/// are mailed, and what has served is retired. Returns how many things happened.
///
/// # Errors
/// When the database refuses.
pub fn watch(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCanaries>,
    settings: &Settings,
) -> Result<usize> {
    let mut happened = 0;
    for canary in store::flying(tx, permit.owner(), env.now())? {
        let seen = seen(tx, &canary)?;
        for step in next(&canary, &seen, settings, env.now()) {
            happened += 1;
            let id = canary.id;
            match step {
                Step::Acknowledged(at) => put(tx, env, permit, id, CanaryAcknowledged { id, at })?,
                Step::Escalated(at) => put(tx, env, permit, id, CanaryEscalated { id, at })?,
                Step::Alarm(alarm) => raise(tx, env, permit, settings, (&canary, alarm))?,
                Step::Retire(verdict) => retire(tx, env, permit, (&canary, verdict))?,
            }
        }
    }
    Ok(happened)
}

fn seen(tx: &mut Tx<'_>, canary: &Canary) -> Result<Seen> {
    let Some(id) = canary.case else { return Ok(Seen::default()) };
    let case = crate::store::case(tx, canary.organisation, id)?;
    let rungs = crate::clocks::store::climbed(tx, id)?;
    Ok(Seen {
        acknowledged_at: case.and_then(|c| c.acknowledged_at),
        escalated_at: rungs.first().map(|r| r.at),
    })
}

fn raise(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCanaries>,
    settings: &Settings,
    (canary, alarm): (&Canary, Alarm),
) -> Result<()> {
    put(tx, env, permit, canary.id, CanaryAlarmed { id: canary.id, alarm })?;
    let w = Words::english();
    let what = w.t(&format!("canaries-alarm-{}", alarm.word()));
    let sent = canary.sent_at.map(Timestamp::to_rfc3339).unwrap_or_default();
    for (n, to) in settings.alarm_to.iter().enumerate() {
        let mail = Mail {
            to: to.clone(),
            subject: w.t1("canaries-mail-subject", "channel", &canary.channel),
            // The case is not named: whoever reads this may also handle cases.
            text: w.ta(
                "canaries-mail-text",
                &[
                    ("channel", canary.channel.as_str().into()),
                    ("what", what.as_str().into()),
                    ("sent", sent.as_str().into()),
                    ("why", canary.unsent.as_str().into()),
                ],
            ),
        };
        let key = format!("canaries.alarm.{}.{}.{n}", canary.id, alarm.word());
        post::post(tx, env, Some(permit.owner()), &key, &mail, None)?;
    }
    Ok(())
}

/// Retires a canary: its case is closed and says what it was, and the register of channels gets a trial.
fn retire(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<RunCanaries>,
    (canary, verdict): (&Canary, Verdict),
) -> Result<()> {
    let organisation = permit.owner();
    put(tx, env, permit, canary.id, CanaryRetired { id: canary.id, verdict })?;
    let w = Words::english();
    if let Some(id) = canary.case
        && let Some(case) = crate::store::case(tx, organisation, id)?
        && !case.state.is_concluded()
    {
        let origin = Origin::by(permit.actor(), organisation);
        let closed = CaseClosed { outcome: w.t("canaries-closed") };
        let events = vec![CaseEvent::from(closed)];
        record(tx, env, &origin, &id.to_string(), Expected::Any, events)?;
        crate::clocks::service::rearm(tx, env, &origin, id)?;
    }
    let all = crate::channels::store::channels(tx, organisation)?;
    let channel = all.into_iter().find(|c| c.name == canary.channel && c.retired_at.is_none());
    let (Some(channel), Some(sent)) = (channel, canary.sent_at) else { return Ok(()) };
    let actor = Actor::system(organisation, "canaries");
    let keep = authorize::<ManageChannels>(&actor, &Facts::of(organisation))?;
    let received = canary.received_at.is_some();
    let evidence = w.ta(
        "canaries-evidence",
        &[
            ("id", canary.id.to_string().into()),
            ("sent", sent.to_rfc3339().into()),
            ("received", canary.received_at.map(Timestamp::to_rfc3339).unwrap_or_default().into()),
            (
                "verdict",
                w.t(&format!("canaries-verdict-{}", verdict.word().replace('_', "-"))).into(),
            ),
        ],
    );
    let on = Zone::utc().local(sent).date();
    let told = (on, received, evidence.as_str());
    register::test(tx, env, &keep, channel.id, Expected::Any, told)
}
