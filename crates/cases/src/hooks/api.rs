//! The endpoint to which other systems send.

use super::model::SourceId;
use super::rules::{BODY_BYTES_MAX, HookReport, read};
use super::service::{self, Became, Message, NotTaken};
use super::store;
use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Problem};
use platform::inbound::hook::{Distrust, Signed};
use serde::Serialize;

/// What a message became.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HookOut {
    /// `case`, `known` or `kept`.
    pub became: &'static str,
    /// The public number of the case, where there is one.
    pub tracking_number: Option<String>,
    /// The secret way back, for the person who reported; told once, with a new case.
    pub return_code: Option<String>,
}

/// `POST /api/v1/hooks/{source}`: a message signed as <https://www.standardwebhooks.com> specifies.
///
/// # Errors
/// 401 when it is not believed, and without such a source, which nobody learns; 409 when it is played again, 410 when the
/// source was stopped, 422 when its id was used for another body.
#[utoipa::path(post, path = "/api/v1/hooks/{source}", tag = "cases",
    params(("source" = String, Path, description = "`hks_…`"),
           ("webhook-id" = String, Header, description = "The same at every attempt"),
           ("webhook-timestamp" = String, Header, description = "The second of this attempt, at most five minutes from now"),
           ("webhook-signature" = String, Header, description = "`v1,` and the HMAC-SHA-256 of `id.timestamp.body`")),
    request_body(content = Object, description = "JSON; where the report stands in it is told by the source"),
    responses((status = 200, body = HookOut), (status = 201, body = HookOut), (status = 202, body = HookOut),
              (status = 401, body = Problem), (status = 409, body = Problem),
              (status = 410, body = Problem), (status = 422, body = Problem)))]
pub async fn take_in(cx: Cx, Path(id): Path<String>, body: Bytes) -> Answer {
    if body.len() > BODY_BYTES_MAX {
        return Err(Failure::Request(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("This is more than {BODY_BYTES_MAX} bytes. Send large things as files."),
        ));
    }
    let now = cx.env().now();
    let signed = Signed::read(&cx.headers);
    let Ok(id) = id.parse::<SourceId>() else { return Err(unknown(&signed, &body, now)) };
    // That it arrived is counted by itself, before anything is made of it: the control totals compare.
    let found = cx
        .app
        .db
        .write(move |tx| {
            let Some((source, _)) = store::with_secret(tx, id)? else { return Ok(None) };
            store::tally(tx, source.organisation, id, now, "arrived")?;
            Ok(Some(source))
        })
        .await?;
    let Some(found) = found else { return Err(unknown(&signed, &body, now)) };
    let report = read(&body, &found.places);
    if report.is_err() && signed.is_ok() && believed(&cx, id, &signed, &body).await? {
        // Kept before it is recorded; only what is signed may fill the store.
        let (blobs, bytes) = (cx.app.blobs.clone(), body.clone());
        cx.app
            .blocking(move || blobs.put_bytes(&bytes))
            .await?
            .map_err(platform::db::Error::from)?;
    }
    let became = take(&cx, id, signed, report, body).await?;
    answer(became)
}

/// What somebody is told who does not know a secret: the same whether there is such a source or not.
fn unknown(signed: &Result<Signed, Distrust>, body: &[u8], now: Timestamp) -> Failure {
    /// A secret that no source has, because each is made of 32 random bytes.
    const NOBODYS: &str = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let why = match signed {
        Ok(signed) => platform::inbound::hook::verify(NOBODYS, signed, body, now).err(),
        Err(why) => Some(*why),
    };
    refused(NotTaken::Distrusted(why.unwrap_or(Distrust::Signature)))
}

async fn believed(
    cx: &Cx,
    id: SourceId,
    signed: &Result<Signed, Distrust>,
    body: &Bytes,
) -> Result<bool, Failure> {
    let (signed, body, now) = (signed.clone(), body.clone(), cx.env().now());
    let found = cx.app.db.read(move |conn| store::with_secret(conn, id)).await?;
    Ok(match (found, signed) {
        (Some((_, secret)), Ok(signed)) => {
            platform::inbound::hook::verify(&secret, &signed, &body, now).is_ok()
        }
        _ => false,
    })
}

async fn take(
    cx: &Cx,
    id: SourceId,
    signed: Result<Signed, Distrust>,
    report: Result<HookReport, String>,
    body: Bytes,
) -> Result<Became, Failure> {
    let mut env = cx.env();
    Ok(cx
        .app
        .db
        .write(move |tx| {
            let message = Message {
                signed: signed.as_ref().map_err(|e| *e),
                body: &body,
                read: report.as_ref().map_err(String::as_str),
            };
            service::take_in(tx, &mut env, id, &message)
        })
        .await?)
}

fn answer(became: Became) -> Answer {
    let (status, out) = match became {
        Became::Case(filed) => (
            StatusCode::CREATED,
            HookOut {
                became: "case",
                tracking_number: Some(filed.tracking_number),
                return_code: Some(filed.return_code),
            },
        ),
        Became::Known(number) => (
            StatusCode::OK,
            HookOut { became: "known", tracking_number: Some(number), return_code: None },
        ),
        Became::Kept(_) => (
            StatusCode::ACCEPTED,
            HookOut { became: "kept", tracking_number: None, return_code: None },
        ),
        Became::Refused(why) => return Err(refused(why)),
    };
    Ok((status, [(header::CACHE_CONTROL, "no-store")], Json(out)).into_response())
}

fn refused(why: NotTaken) -> Failure {
    let (status, text) = match why {
        NotTaken::Distrusted(distrust) => (StatusCode::UNAUTHORIZED, distrust.to_string()),
        NotTaken::Stopped => {
            (StatusCode::GONE, "Nothing is taken from this source any more.".to_owned())
        }
        NotTaken::Replayed => (
            StatusCode::CONFLICT,
            "This very request came before. An attempt that is made again is signed anew."
                .to_owned(),
        ),
        NotTaken::IdReused => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "This webhook-id was used for another body. Each message needs its own.".to_owned(),
        ),
    };
    Failure::Request(status, text)
}

/// This subject's part of the OpenAPI document.
#[derive(Debug, utoipa::OpenApi)]
#[openapi(paths(take_in))]
pub struct Api;
