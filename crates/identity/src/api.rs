//! Endpoints: who am I, my tokens, the people of my party.

use crate::door::Door;
use crate::model::{ApiToken, Member};
use crate::permits::{MakeToken, ReadPeople, ReadTokens};
use crate::service::{self, TokenInput, permit_here};
use crate::store::{self, After};
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use kernel::ids::PersonId;
use kernel::party::{Role, Via};
use kernel::permit::scope;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, JsonBody, Problem};
use serde::{Deserialize, Serialize};

/// Rows of one page, unless asked otherwise.
const PAGE_ROWS: usize = 100;

/// Who a request comes from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Me {
    /// The person, `per_…`.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The party for whom they act, `pty_…`.
    pub party: String,
    /// Its name.
    pub party_name: String,
    /// `service_organisation` or `firm`.
    pub side: String,
    /// Their roles.
    pub roles: Vec<String>,
    /// The token's scopes; absent for a browser session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

/// `GET /api/v1/me`
///
/// # Errors
/// 401 without session or token.
#[utoipa::path(get, path = "/api/v1/me", tag = "identity",
    responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub async fn me(cx: Cx) -> Answer {
    let identity = cx.identity.as_ref().ok_or(Failure::SignIn)?;
    let scopes = match &identity.actor.via {
        Via::Token { scopes } => Some(scopes.clone()),
        _ => None,
    };
    let me = Me {
        person: cx.person()?.to_string(),
        name: identity.name.clone(),
        party: cx.party()?.to_string(),
        party_name: identity.party.clone(),
        side: identity.actor.side.as_str().to_owned(),
        roles: identity.actor.roles.iter().map(|r| r.as_str().to_owned()).collect(),
        scopes,
    };
    Ok(Json(me).into_response())
}

/// A token without its secret.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenOut {
    /// `tok_…`.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// RFC 3339.
    pub made_at: String,
    /// RFC 3339.
    pub expires_at: String,
    /// RFC 3339, if it was revoked.
    pub revoked_at: Option<String>,
    /// RFC 3339, if it was ever used; to the minute or so.
    pub used_at: Option<String>,
}

impl From<ApiToken> for TokenOut {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            scopes: token.scopes,
            made_at: token.made_at.to_rfc3339(),
            expires_at: token.expires_at.to_rfc3339(),
            revoked_at: token.revoked_at.map(kernel::time::Timestamp::to_rfc3339),
            used_at: token.used_at.map(kernel::time::Timestamp::to_rfc3339),
        }
    }
}

/// One's own tokens.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Tokens {
    /// Newest first, at most 1,000.
    pub tokens: Vec<TokenOut>,
}

/// `GET /api/v1/tokens` (scope `tokens:read`)
///
/// # Errors
/// 401 without session or token, 403 without the scope.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "identity",
    responses((status = 200, body = Tokens), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn tokens(cx: Cx) -> Answer {
    super::pages::door(&cx)?.note_token_use(&cx.app.db).await?;
    let tokens = cx
        .read(|conn, actor| {
            let permit = permit_here::<ReadTokens>(actor)?;
            let person = permit.person().ok_or(Refusal::NotFound)?;
            store::tokens_of(conn, permit.owner(), person)
        })
        .await?;
    Ok(Json(Tokens { tokens: tokens.into_iter().map(Into::into).collect() }).into_response())
}

/// What is asked of a new token.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenIn {
    /// What it is for.
    pub name: String,
    /// What it may do, each such as `cases:read`.
    pub scopes: Vec<String>,
    /// For how many days it works, 1 to 366.
    #[serde(default = "ninety")]
    pub days: i64,
}

const fn ninety() -> i64 {
    90
}

/// A token that was just made.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenMade {
    /// `tok_…`.
    pub id: String,
    /// The secret, `tmk_…`: told now and never again.
    pub secret: String,
    /// RFC 3339.
    pub expires_at: String,
}

/// `POST /api/v1/tokens` (scope `tokens:write`)
///
/// A token made by a token has none but that token's scopes. There is no idempotency key here: the
/// answer holds a secret, and answers of keyed commands are stored.
///
/// # Errors
/// 401 without session or token, 403 without the scope or from another site, 422 for input that is
/// not acceptable.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "identity", request_body = TokenIn,
    responses((status = 201, body = TokenMade), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn make_token(cx: Cx, body: JsonBody<TokenIn>) -> Answer {
    if cx.headers.contains_key("idempotency-key") {
        return Err(Refusal::input(
            "A token is made without an Idempotency-Key, because its answer holds a secret that is stored nowhere. Leave the header out; if an answer was lost, revoke that token and make another.",
        )
        .into());
    }
    let door: Door = super::pages::door(&cx)?;
    let input =
        TokenInput { name: body.value.name, scopes: body.value.scopes, days: body.value.days };
    let made = cx
        .write(move |tx, env, actor| {
            let permit = permit_here::<MakeToken>(actor)?;
            service::make_token(tx, env, &permit, &input, door.scopes())
        })
        .await?;
    let out = TokenMade {
        id: made.id.to_string(),
        secret: made.secret,
        expires_at: made.expires_at.to_rfc3339(),
    };
    let no_store: (HeaderName, HeaderValue) =
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok((StatusCode::CREATED, [no_store], Json(out)).into_response())
}

/// A person of one's own party.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonOut {
    /// `per_…`.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their roles.
    pub roles: Vec<String>,
    /// `active` or `deactivated`.
    pub state: String,
    /// Whether they have a second factor.
    pub second_factor: bool,
}

impl From<Member> for PersonOut {
    fn from(member: Member) -> Self {
        Self {
            id: member.profile.id.to_string(),
            name: member.profile.name,
            email: member.profile.email.as_str().to_owned(),
            roles: member.membership.roles.iter().map(Role::as_str).map(str::to_owned).collect(),
            state: member.membership.state.as_str().to_owned(),
            second_factor: member.profile.factor_added_at.is_some(),
        }
    }
}

/// The people of one's own party.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct People {
    /// By name.
    pub people: Vec<PersonOut>,
    /// Give it as `after` to get the next ones; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// `GET /api/v1/people?after=per_…&limit=100` (scope `people:read`)
///
/// # Errors
/// 401 without session or token, 403 without the scope, 404 when `after` is nobody of the party.
#[utoipa::path(get, path = "/api/v1/people", tag = "identity",
    params(("after" = Option<String>, Query, description = "The last person of the page before"),
           ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000")),
    responses((status = 200, body = People), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn people(cx: Cx) -> Answer {
    let limit = match cx.param("limit") {
        None => PAGE_ROWS,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=store::ROWS_MAX).contains(n))
            .ok_or_else(|| Refusal::field("limit", "The limit is a number from 1 to 1000."))?,
    };
    let after: Option<PersonId> = cx
        .param("after")
        .map(|id| {
            id.parse().map_err(|_| Refusal::field("after", "This is not the id of a person."))
        })
        .transpose()?;
    let (members, more) = cx
        .read(move |conn, actor| {
            let party = scope::<ReadPeople>(actor)?.party();
            let after = match after {
                Some(id) => {
                    let member = store::member(conn, party, id)?.ok_or(Refusal::NotFound)?;
                    Some(After { name: member.profile.name, id })
                }
                None => None,
            };
            let mut members = store::people_page(conn, party, after.as_ref(), limit + 1)?;
            let more = members.len() > limit;
            members.truncate(limit);
            Ok((members, more))
        })
        .await?;
    let next = members.last().filter(|_| more).map(|m| m.profile.id.to_string());
    let people = members.into_iter().map(Into::into).collect();
    Ok(Json(People { people, next }).into_response())
}

/// This room's part of the OpenAPI document.
#[derive(Debug, utoipa::OpenApi)]
#[openapi(paths(me, tokens, make_token, people))]
pub struct Api;
