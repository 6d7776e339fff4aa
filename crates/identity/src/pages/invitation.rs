//! `/invitation/{code}`: accepting, and setting a password by a link.

use super::{OpenPage, door, enter, onto, role_words, with_cookie};
use crate::model::Invitation;
use crate::rules::secrets;
use crate::service::sign_in::enter_by_invitation;
use crate::service::{self, Acceptance, Outcome};
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use kernel::ids::PersonId;
use platform::http::{Answer, Cx, Failure, Pairs, session};
use platform::ui::{Button, Field, Form, Html, Kind};

/// What the page knows of the invitation.
struct Opened {
    invitation: Invitation,
    party: String,
    known: Option<PersonId>,
}

async fn look(cx: &Cx, code: &str) -> Result<Opened, Failure> {
    let (code, now) = (code.to_owned(), cx.env().now());
    let looked = cx.app.db.read(move |conn| service::look_at_invitation(conn, &code, now)).await?;
    Ok(Opened { invitation: looked.0, party: looked.1, known: looked.2 })
}

impl Opened {
    /// Whether the account exists and nothing but consent is needed.
    fn joins_existing(&self) -> bool {
        self.invitation.person.is_none() && self.known.is_some()
    }
}

fn form(cx: &Cx, code: &str, opened: &Opened) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    let form = Form::post(w, format!("/invitation/{code}"), csrf, w.t("identity-accept"));
    if opened.joins_existing() {
        return form;
    }
    let name =
        Field::new(w, "name", w.t("identity-name"), Kind::Text).max(120).autocomplete("name");
    let form = if opened.invitation.person.is_some() {
        form.field(name.hint(w.t("identity-name-kept")))
    } else {
        form.field(name.required())
    };
    form.field(
        Field::new(w, "password", w.t("identity-new-password"), Kind::Password)
            .required()
            .max(1_024)
            .hint(w.t("identity-password-hint"))
            .autocomplete("new-password"),
    )
    .field(
        Field::new(w, "again", w.t("identity-password-again"), Kind::Password)
            .required()
            .max(1_024)
            .autocomplete("new-password"),
    )
}

fn page(cx: &Cx, code: &str, opened: &Opened, form: Form) -> OpenPage {
    let w = cx.w;
    let me = cx.identity.as_ref().and_then(|i| i.actor.person);
    let mut parts: Vec<Html> = Vec::new();
    if opened.joins_existing() && me != opened.known {
        let said = w.t1("identity-sign-in-first", "email", opened.invitation.email.as_str());
        parts.push(Html::trusted(format!("<p>{}</p>", Html::text(&said))));
        let next = format!("/?next=/invitation/{code}");
        parts.push(Button::link(next, w.t("sign-in")).primary().into());
    } else {
        parts.push(form.into());
    }
    let answer = w.t2(
        "identity-invitation-answer",
        "email",
        opened.invitation.email.as_str(),
        "roles",
        role_words(w, opened.invitation.roles),
    );
    let title = if opened.invitation.person.is_some() {
        w.t1("identity-password-link-title", "party", &opened.party)
    } else {
        w.t1("identity-invitation-title", "party", &opened.party)
    };
    OpenPage { shell: cx.shell().title(title).answer(answer), parts }
}

/// `GET /invitation/{code}`.
///
/// # Errors
/// Nothing is there for a code that was never given; a conflict where it no longer works.
pub async fn show(cx: Cx, Path(code): Path<String>) -> Answer {
    let opened = look(&cx, &code).await?;
    let form = form(&cx, &code, &opened);
    cx.page(&page(&cx, &code, &opened, form))
}

/// `POST /invitation/{code}`: `name`, `password`, `again`.
///
/// # Errors
/// As [`show`].
pub async fn accept(cx: Cx, Path(code): Path<String>, pairs: Pairs) -> Answer {
    if cx.session.is_some() {
        cx.check_csrf(&pairs)?;
    }
    let opened = look(&cx, &code).await?;
    let mut form = form(&cx, &code, &opened);
    form.fill(&pairs.0);
    form.check();
    let mut with = Acceptance {
        name: Some(form.typed("name").to_owned()),
        password: None,
        signed_in: cx.identity.as_ref().and_then(|i| i.actor.person),
    };
    if !opened.joins_existing() && form.ok() {
        let password = pairs.get("password").unwrap_or_default();
        let about = [opened.invitation.email.as_str(), form.typed("name"), opened.party.as_str()];
        if let Err(refusal) = secrets::acceptable_password(password, &about) {
            onto(&mut form, refusal.into())?;
        } else if pairs.get("again") != Some(password) {
            form.error("again", cx.w.t("identity-not-the-same"));
        } else {
            let salt = cx.env().bytes();
            with.password = Some(door(&cx)?.hash(password.to_owned(), salt).await?);
        }
    }
    if !form.ok() {
        return cx.page_again(&page(&cx, &code, &opened, form));
    }
    let (given, mut env) = (code.clone(), cx.env());
    let before = cx.session.as_ref().map(|s| s.token.clone());
    let done = cx
        .app
        .db
        .write(move |tx| {
            let accepted = service::accept_invitation(tx, &mut env, &given, &with)?;
            if !accepted.password_set {
                return Ok(None);
            }
            if let Some(before) = &before {
                session::end(tx, before)?;
            }
            Ok(Some(enter_by_invitation(tx, &mut env, accepted.person, accepted.party)?))
        })
        .await;
    match done {
        Ok(Some(Outcome::In { token, .. })) => enter(&cx, "/", &token),
        // An account with a second factor signs in as usual.
        Ok(Some(Outcome::Failed)) => {
            with_cookie(Redirect::to("/").into_response(), &session::clear_cookie(&cx.app))
        }
        Ok(None) => Ok(Redirect::to("/account").into_response()),
        Err(e) => {
            onto(&mut form, e.into())?;
            cx.page_again(&page(&cx, &code, &opened, form))
        }
    }
}
