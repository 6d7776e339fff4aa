//! Pages: the front door, one's own account, the people of a party, invitations.
//!
//! | file | holds |
//! |---|---|
//! | `sign_in.rs` | `/`, `/sign-in`, `/sign-out`, `/demo/sign-in` |
//! | `invitation.rs` | `/invitation/{code}` |
//! | `account.rs` | `/account`, password, name, sessions, parties |
//! | `factor.rs` | `/account/second-factor` |
//! | `tokens.rs` | `/account/tokens` |
//! | `people.rs` | `/people`, invitations, roles |
//! | `told.rs` | what the log holds about a subject, for the pages of every room |

pub mod account;
pub mod factor;
pub mod invitation;
pub mod people;
pub mod sign_in;
pub mod tokens;
pub mod told;

pub use sign_in::{demo_sign_in, sign_in, sign_in_page, sign_out};

use crate::door::Door;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, session};
use platform::ui::{Form, Html, Shell};
use platform::words::Words;

/// A page of which the components are put together in the handler.
#[derive(askama::Template)]
#[template(path = "identity/page.html")]
struct Page {
    shell: Shell,
    parts: Vec<Html>,
}

/// The same for everybody.
#[derive(askama::Template)]
#[template(path = "identity/open.html")]
struct OpenPage {
    shell: Shell,
    parts: Vec<Html>,
}

/// The door of this deployment.
pub(crate) fn door(cx: &Cx) -> Result<Door, Failure> {
    cx.app
        .extensions
        .get::<Door>()
        .cloned()
        .ok_or_else(|| Failure::Fault("the application was put together without a Door".into()))
}

/// A place of this site to go to after signing in: a path, never another site.
#[must_use]
pub fn local_path(next: Option<&str>) -> &str {
    let plain = |path: &&str| {
        path.len() <= 500
            && path.starts_with('/')
            && !path.starts_with("//")
            && !path.contains('\\')
            && path.chars().all(|c| c.is_ascii_graphic())
    };
    next.filter(plain).unwrap_or("/")
}

/// Goes somewhere with a session's cookie.
fn enter(cx: &Cx, to: &str, token: &str) -> Answer {
    with_cookie(Redirect::to(to).into_response(), &session::set_cookie(&cx.app, token))
}

fn with_cookie(mut response: Response, cookie: &str) -> Answer {
    let cookie = HeaderValue::from_str(cookie)
        .map_err(|_| Failure::Fault("a cookie that cannot be sent".into()))?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Puts a refusal on the form; what is no refusal of the input stays a failure.
fn onto(form: &mut Form, failure: Failure) -> Result<(), Failure> {
    match failure {
        Failure::Refused(Refusal::Input { field, message }) => {
            form.error(field.unwrap_or_default(), message);
            Ok(())
        }
        Failure::Refused(Refusal::NotFound) => Err(Failure::Refused(Refusal::NotFound)),
        Failure::Refused(refusal) => {
            form.error("", refusal.to_string());
            Ok(())
        }
        other => Err(other),
    }
}

/// A role in the reader's language.
fn role_word(w: Words, role: kernel::party::Role) -> String {
    w.t(&format!("identity-role-{}", role.as_str().replace('_', "-")))
}

/// Roles in the reader's language.
fn role_words(w: Words, roles: kernel::party::Roles) -> String {
    roles.iter().map(|role| role_word(w, role)).collect::<Vec<_>>().join(", ")
}

/// Moments are shown in UTC here: accounts belong to no engagement and so to no declared zone.
fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::UTC
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::party::Role;

    #[test]
    fn after_signing_in_one_stays_on_this_site() {
        for kept in ["/cases?x=1#y", "/people/per_1", "/"] {
            assert_eq!(local_path(Some(kept)), kept);
        }
        let long = format!("/{}", "a".repeat(600));
        let foreign =
            ["//evil.example", "https://evil.example", "/\\evil.example", "cases", "", &long];
        for other in foreign.into_iter().chain(["/a\nSet-Cookie: x", "/ü", "/a b"]) {
            assert_eq!(local_path(Some(other)), "/", "{other:?}");
        }
        assert_eq!(local_path(None), "/");
    }

    #[test]
    fn every_role_has_a_word() {
        let w = Words::english();
        for role in Role::ALL {
            let key = format!("identity-role-{}", role.as_str().replace('_', "-"));
            assert!(w.has(&key), "{key}");
        }
    }
}
