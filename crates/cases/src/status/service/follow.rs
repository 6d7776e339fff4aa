//! Following the status page by mail: asked for, confirmed from the mailbox, ended with one click.

use super::super::events::{
    StatusEvent, SubscriptionAsked, SubscriptionConfirmed, SubscriptionEnded,
};
use super::super::model::SubscriberId;
use super::super::permits::FollowStatus;
use super::super::{jobs, store};
use identity::model::Email;
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::jobs::mail::{Mail, post};
use platform::journal::{Expected, Origin, record};
use platform::words::Words;
use sha2::{Digest, Sha256};

/// How long a link of confirmation works, in days. Afterwards the address is forgotten.
pub const ASKED_DAYS: i64 = 3;
/// Nobody is sent a second mail of confirmation sooner than this, in seconds: the form must not be a
/// way to fill somebody else's mailbox.
const AGAIN_SECONDS: i64 = 3_600;
/// Lapsed addresses that are forgotten along with one request.
const LAPSED_TOGETHER: i64 = 20;

/// The permit of anybody at the page.
///
/// # Errors
/// When the rule does not admit the public.
pub fn may_follow(organisation: PartyId) -> Result<Permit<FollowStatus>> {
    Ok(authorize::<FollowStatus>(&Actor::public(organisation), &Facts::of(organisation))?)
}

/// What is kept of a token: 128 random bits need no slow hash.
fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(format!("tickmark status follower v1 {token}").as_bytes()).to_vec()
}

fn token(env: &mut Env) -> String {
    hex::encode(env.bytes::<16>())
}

/// Asks to be told. Whether the address is known already is not said: the answer is always the same.
///
/// # Errors
/// [`Refusal::Input`] for what is no address.
pub fn ask(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FollowStatus>,
    (email, w): (&str, Words),
    base_url: &str,
) -> Result<()> {
    let organisation = permit.owner();
    let email = Email::parse(email)?;
    forget_lapsed(tx, env, permit)?;
    let before = store::by_email(tx, organisation, email.as_str())?;
    if before
        .as_ref()
        .is_some_and(|b| b.confirmed || env.now().seconds_since(b.asked_at) < AGAIN_SECONDS)
    {
        return Ok(());
    }
    let id: SubscriberId = before.map_or_else(|| env.id(), |b| b.subscriber);
    let event = SubscriptionAsked { id, organisation, language: w.tag().to_owned() };
    let origin = Origin::by(permit.actor(), organisation);
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![StatusEvent::from(event)])?;
    let (confirm, leave) = (token(env), token(env));
    let address = store::Address {
        subscriber: id,
        organisation,
        email: email.as_str(),
        confirm_digest: &digest(&confirm),
        leave_token: &leave,
        asked_at: env.now(),
    };
    store::keep_address(tx, &address)?;
    let party = identity::store::party(tx, organisation)?.ok_or(Refusal::NotFound)?;
    let link = jobs::link(base_url, organisation, &format!("/status/confirm/{confirm}"));
    let mail = Mail {
        to: email.as_str().to_owned(),
        subject: w.t1("status-mail-confirm-subject", "party", &party.name),
        text: w.ta(
            "status-mail-confirm-text",
            &[("party", party.name.into()), ("link", link.into()), ("days", ASKED_DAYS.into())],
        ),
    };
    let until = env.now().plus_seconds(ASKED_DAYS * 86_400);
    post(
        tx,
        env,
        Some(organisation),
        &format!("status-confirm~{}", hex::encode(digest(&confirm))),
        &mail,
        Some(until),
    )?;
    Ok(())
}

fn forget_lapsed(tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<FollowStatus>) -> Result<()> {
    let before = env.now().plus_seconds(-ASKED_DAYS * 86_400);
    for id in store::lapsed(tx, permit.owner(), before, LAPSED_TOGETHER)? {
        end(tx, env, permit, id, false)?;
    }
    Ok(())
}

fn end(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FollowStatus>,
    id: SubscriberId,
    left: bool,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![StatusEvent::from(SubscriptionEnded { left })];
    record(tx, env, &origin, &id.to_string(), Expected::Any, events)?;
    store::forget_address(tx, id)
}

/// Confirms with the token from the mailbox; doing so again changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] for a token that is unknown, used or run out.
pub fn confirm(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FollowStatus>,
    token: &str,
) -> Result<()> {
    let kept = store::by_confirm(tx, &digest(token))?.ok_or(Refusal::NotFound)?;
    let late = env.now().seconds_since(kept.asked_at) > ASKED_DAYS * 86_400;
    if kept.organisation != permit.owner() || late {
        return Err(Refusal::NotFound.into());
    }
    confirm_known(tx, env, permit, kept.subscriber)
}

/// Confirms for a subscriber who is known already: whoever calls this has seen that the address is theirs.
///
/// # Errors
/// When the database refuses.
pub fn confirm_known(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FollowStatus>,
    id: SubscriberId,
) -> Result<()> {
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![StatusEvent::from(SubscriptionConfirmed {})];
    record(tx, env, &origin, &id.to_string(), Expected::Any, events)?;
    store::confirm_used(tx, id)
}

/// Ends a subscription of a subscriber who is known already.
///
/// # Errors
/// When the database refuses.
pub fn leave_known(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FollowStatus>,
    id: SubscriberId,
) -> Result<()> {
    end(tx, env, permit, id, true)
}

/// Leaves with the token that stands in every mail. The address is forgotten at once.
///
/// # Errors
/// [`Refusal::NotFound`] for an unknown token.
pub fn leave(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<FollowStatus>,
    token: &str,
) -> Result<()> {
    let kept = store::by_leave(tx, token)?.ok_or(Refusal::NotFound)?;
    if kept.organisation != permit.owner() {
        return Err(Refusal::NotFound.into());
    }
    end(tx, env, permit, kept.subscriber, true)
}
