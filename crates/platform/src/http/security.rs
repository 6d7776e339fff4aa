//! Headers that every answer carries, and posts from other sites refused.

use super::{App, Cx, Failure};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

/// What a page may load and do: our own style, script, fonts and images, nothing inline, nothing from
/// elsewhere, no eval, never inside another site's frame.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; manifest-src 'self'";

/// Puts the headers on an answer.
pub(super) fn headers(app: &App, response: &mut Response) {
    let out = response.headers_mut();
    let mut put = |name: HeaderName, value: &'static str| {
        out.entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    put(header::CACHE_CONTROL, "no-store");
    if app.secure() {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000");
    }
}

/// Whether a browser says that the request comes from another site. Browsers send `Sec-Fetch-Site`
/// or `Origin`; programs send neither and have no cookie that could be abused.
fn from_elsewhere(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match text("sec-fetch-site") {
        Some("same-origin" | "none") => false,
        Some(_) => true,
        None => match text("origin") {
            None => false,
            Some(origin) => {
                let host = text("host").unwrap_or_default();
                origin != app.base_url
                    && origin.split_once("://").is_none_or(|(_, authority)| authority != host)
            }
        },
    }
}

/// Refuses what changes something and comes from another site.
///
/// # Errors
/// [`Failure::Request`] with 403.
pub(super) fn same_site(cx: &Cx, method: &Method) -> Result<(), Failure> {
    let safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let bearer = cx.headers.contains_key(header::AUTHORIZATION);
    if !safe && !bearer && from_elsewhere(&cx.app, &cx.headers) {
        return Err(Failure::Request(
            StatusCode::FORBIDDEN,
            "This was sent from another site, so it was not carried out. Open the page here and send it again.".into(),
        ));
    }
    Ok(())
}

impl Cx {
    /// Checks the anti-forgery token that a form of this session carries.
    ///
    /// # Errors
    /// [`Failure::Request`] with 403 when it is missing or another session's.
    pub fn check_csrf(&self, pairs: &super::Pairs) -> Result<(), Failure> {
        use subtle::ConstantTimeEq as _;
        let Some(session) = &self.session else { return Err(Failure::SignIn) };
        let given = pairs.get("csrf").unwrap_or_default();
        if bool::from(given.as_bytes().ct_eq(session.csrf.as_bytes())) {
            return Ok(());
        }
        Err(Failure::Request(
            StatusCode::FORBIDDEN,
            "This form belongs to an earlier session. What you typed was not recorded: go back, reload the page and send it again.".into(),
        ))
    }
}
