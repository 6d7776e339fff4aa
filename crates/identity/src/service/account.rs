//! One's own password, second factor, recovery codes, and the party for which one acts.

use super::sign_in::{Outcome, Verified, enter, spend_code};
use crate::events::{
    FactorAdded, FactorRemoved, IdentityEvent, Means, PasswordSet, RecoveryCodesMade,
};
use crate::model::{MemberState, PersonProfile};
use crate::permits::ManageOwnAccount;
use crate::rules::one_time::{self, Checked};
use crate::rules::secrets as secret_rules;
use crate::store::{self, secrets};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};
use platform::http::session;
use platform::journal::{Expected, record};

fn wrong_code() -> Refusal {
    Refusal::field(
        "code",
        "This code is not right, or was used before. Wait for the next one and check that the clock of your device is right.",
    )
}

fn note(
    tx: &mut Tx<'_>,
    env: &mut Env,
    me: &PersonProfile,
    event: impl Into<IdentityEvent>,
) -> Result<()> {
    let origin = super::own(me.home, me.id);
    record(tx, env, &origin, &me.id.to_string(), Expected::Any, vec![event.into()])?;
    Ok(())
}

/// Sets a new password (given as its hash) for somebody who has just proven the old one. Every
/// session ends; answers with the token of a new one for this browser.
///
/// # Errors
/// [`Refusal::Input`] when the proof is not theirs or no longer holds.
pub fn change_password(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageOwnAccount>,
    proof: &Verified,
    hash: &str,
) -> Result<String> {
    let me = super::self_of(tx, permit)?;
    let mut credential = secrets::credential(tx, me.id)?;
    if proof.person() != me.id || !proof.holds(&credential) {
        return Err(Refusal::field("current", "This is not your present password.").into());
    }
    credential.password = Some(hash.to_owned());
    secrets::put_credential(tx, me.home, me.id, &credential)?;
    note(tx, env, &me, PasswordSet { person: me.id })?;
    session::end_all(tx, me.id)?;
    session::start(tx, env, me.id, permit.owner())
}

/// Makes a secret for a second factor, to be shown now and confirmed by its first code. Until then
/// nothing changes.
///
/// # Errors
/// [`Refusal::State`] when there is a factor already.
pub fn start_factor(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageOwnAccount>,
) -> Result<Vec<u8>> {
    let me = super::self_of(tx, permit)?;
    let mut credential = secrets::credential(tx, me.id)?;
    if credential.factor.is_some() {
        return Err(Refusal::state(
            "Your account has a second factor. Remove it before you add another.",
        )
        .into());
    }
    let secret = env.bytes::<{ one_time::SECRET_BYTES }>().to_vec();
    credential.pending = Some(secret.clone());
    secrets::put_credential(tx, me.home, me.id, &credential)?;
    Ok(secret)
}

/// Adds the second factor whose secret was shown, proven by its first code. Answers with the recovery
/// codes, which are nowhere else.
///
/// # Errors
/// [`Refusal::Input`] when the code is not right, [`Refusal::State`] when no secret waits.
pub fn add_factor(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageOwnAccount>,
    code: &str,
) -> Result<Vec<String>> {
    let me = super::self_of(tx, permit)?;
    let mut credential = secrets::credential(tx, me.id)?;
    let Some(secret) = credential.pending.take() else {
        return Err(Refusal::state("Nothing waits to be confirmed. Begin again.").into());
    };
    let Checked::Right { step } = one_time::check(&secret, code, env.now(), 0)? else {
        return Err(wrong_code().into());
    };
    credential.factor = Some(secret);
    credential.step = step;
    secrets::put_credential(tx, me.home, me.id, &credential)?;
    let codes = fresh_codes(tx, env, &me)?;
    let recovery_codes = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    note(tx, env, &me, FactorAdded { person: me.id, recovery_codes })?;
    Ok(codes)
}

fn fresh_codes(tx: &mut Tx<'_>, env: &mut Env, me: &PersonProfile) -> Result<Vec<String>> {
    let codes = secret_rules::new_recovery_codes(env);
    let digests: Vec<Vec<u8>> = codes.iter().map(|c| secret_rules::recovery_digest(c)).collect();
    secrets::put_recovery(tx, me.home, me.id, &digests)?;
    Ok(codes)
}

/// Spends a code of one's own second factor (or a recovery code) as proof for something grave.
///
/// # Errors
/// [`Refusal::Input`] when it is not right, [`Refusal::State`] when there is no second factor.
pub fn prove_code(
    tx: &mut Tx<'_>,
    env: &Env,
    permit: &Permit<ManageOwnAccount>,
    code: &str,
) -> Result<PersonProfile> {
    let me = super::self_of(tx, permit)?;
    match spend_code(tx, env, &me, code)? {
        Ok(Means::Password) => Err(Refusal::state("Your account has no second factor.").into()),
        Ok(_) => Ok(me),
        Err(_) => Err(wrong_code().into()),
    }
}

/// Removes the second factor, proven by one of its codes or a recovery code.
///
/// # Errors
/// As [`prove_code`].
pub fn remove_factor(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageOwnAccount>,
    code: &str,
) -> Result<()> {
    let me = prove_code(tx, env, permit, code)?;
    let mut credential = secrets::credential(tx, me.id)?;
    credential.factor = None;
    credential.pending = None;
    secrets::put_credential(tx, me.home, me.id, &credential)?;
    secrets::put_recovery(tx, me.home, me.id, &[])?;
    note(tx, env, &me, FactorRemoved { person: me.id })
}

/// Replaces the recovery codes, proven by a code of the second factor.
///
/// # Errors
/// As [`prove_code`].
pub fn make_recovery_codes(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageOwnAccount>,
    code: &str,
) -> Result<Vec<String>> {
    let me = prove_code(tx, env, permit, code)?;
    let codes = fresh_codes(tx, env, &me)?;
    let recovery_codes = u32::try_from(codes.len()).unwrap_or(u32::MAX);
    note(tx, env, &me, RecoveryCodesMade { person: me.id, recovery_codes })?;
    Ok(codes)
}

/// Acts for another of one's own parties from now on: ends this session and starts one there.
///
/// # Errors
/// [`Refusal::NotFound`] when one does not act for it.
pub fn switch_party(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ManageOwnAccount>,
    session: &[u8],
    party: PartyId,
) -> Result<Outcome> {
    let me = super::self_of(tx, permit)?;
    let member = store::member(tx, party, me.id)?.ok_or(Refusal::NotFound)?;
    if member.membership.state != MemberState::Active {
        return Err(Refusal::NotFound.into());
    }
    session::end(tx, session)?;
    let means = if me.factor_added_at.is_some() { Means::PasswordAndCode } else { Means::Password };
    enter(tx, env, &me, party, means)
}
