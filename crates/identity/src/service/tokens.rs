//! API tokens.

use crate::events::{IdentityEvent, TokenMade, TokenRevoked};
use crate::model::{self, TokenId};
use crate::permits::MakeToken;
use crate::rules::people as rules;
use crate::rules::secrets as secret_rules;
use crate::store::{self, secrets};
use kernel::env::Env;
use kernel::party::Via;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

/// What somebody asks of a new token.
#[derive(Debug, Clone)]
pub struct TokenInput {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// For how many days it works.
    pub days: i64,
}

/// A token that was just made. The secret is nowhere else: it is shown now or never.
#[derive(Clone)]
pub struct NewToken {
    /// Its id.
    pub id: TokenId,
    /// The secret, `tmk_…`.
    pub secret: String,
    /// From this moment it no longer works.
    pub expires_at: Timestamp,
}

/// Makes a token that acts as the permit's person for the permit's party. `known` are the scopes of
/// every room's actions. A token that makes a token gives no more than it has.
///
/// # Errors
/// When name, scopes or days are not acceptable, or there are too many tokens.
pub fn make_token(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MakeToken>,
    input: &TokenInput,
    known: &[&str],
) -> Result<NewToken> {
    let me = super::self_of(tx, permit)?;
    let party = permit.owner();
    let name = model::name("name", &input.name)?;
    let held = match &permit.actor().via {
        Via::Token { scopes } => Some(scopes.as_slice()),
        _ => None,
    };
    let scopes = rules::token_scopes(&input.scopes, known, held)?;
    let expires_at = rules::token_expiry(env.now(), input.days)?;
    let tokens = store::tokens_of(tx, party, me.id)?;
    if tokens.iter().filter(|t| t.works(env.now())).count() >= rules::TOKENS_MAX {
        return Err(Refusal::state(format!(
            "You have {} working tokens. Revoke one before you make another.",
            rules::TOKENS_MAX
        ))
        .into());
    }
    let id: TokenId = env.id();
    let secret = secret_rules::new_token(env);
    let event = TokenMade { token: id, person: me.id, name, scopes, expires_at };
    let origin = Origin::by(permit.actor(), party);
    record(tx, env, &origin, &id.to_string(), Expected::New, vec![IdentityEvent::from(event)])?;
    secrets::put_token(tx, party, id, &secret_rules::digest(&secret))?;
    Ok(NewToken { id, secret, expires_at })
}

/// Revokes one's own token at once.
///
/// # Errors
/// [`Refusal::NotFound`] when it is not theirs, [`Refusal::State`] when it is revoked already.
pub fn revoke_token(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<MakeToken>,
    id: TokenId,
) -> Result<()> {
    let me = super::self_of(tx, permit)?;
    let party = permit.owner();
    let token = store::token(tx, party, me.id, id)?.ok_or(Refusal::NotFound)?;
    if token.revoked_at.is_some() {
        return Err(Refusal::state("This token is revoked already.").into());
    }
    let event = IdentityEvent::from(TokenRevoked { token: id });
    let origin = Origin::by(permit.actor(), party);
    record(tx, env, &origin, &id.to_string(), Expected::Any, vec![event])?;
    secrets::drop_token(tx, id)
}
