//! The front door: signing in and out.
//!
//! The form carries no anti-forgery token, because there is no session yet to tie one to. What such a
//! token would prevent is that another site signs a reader in as somebody else; every browser of the
//! last years says with `Sec-Fetch-Site` or `Origin` where a form was sent from, and the shell refuses
//! what comes from elsewhere, for this form as for all others. A cookie before sign-in would add a
//! second proof of the same thing and one more cookie for everybody who only looks, so there is none.
//!
//! Address, password and code are asked for on one page and refused in one sentence: an intermediate
//! page that asks for the code would tell that the password is right.

use super::{OpenPage, door, enter, local_path, with_cookie};
use crate::model::{Member, MemberState};
use crate::service::{self, Outcome};
use crate::store;
use axum::response::{IntoResponse, Redirect};
use kernel::ids::PersonId;
use kernel::party::Side;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, From, Pairs, session};
use platform::ui::{Button, Column, Field, Form, Html, Kind, Row, Table};
use platform::words::Words;

/// The most people the demonstration offers to sign in as.
const DEMONSTRATION_MAX: usize = 60;

fn form(w: Words, next: &str) -> Form {
    Form::post(w, "/sign-in", "", w.t("sign-in"))
        .hide("next", next)
        .field(
            Field::new(w, "email", w.t("identity-email"), Kind::Email)
                .required()
                .max(254)
                .autocomplete("username"),
        )
        .field(
            Field::new(w, "password", w.t("identity-password"), Kind::Password)
                .required()
                .max(1_024)
                .autocomplete("current-password"),
        )
        .field(
            Field::new(w, "code", w.t("identity-code"), Kind::Text)
                .max(40)
                .hint(w.t("identity-code-hint"))
                .autocomplete("one-time-code"),
        )
}

/// The page of signing in, with the form as it stands.
async fn page(cx: &Cx, form: Form) -> Result<OpenPage, Failure> {
    let shell = cx.shell();
    let w = shell.w;
    let mut parts: Vec<Html> = vec![form.into()];
    if cx.app.demonstration {
        parts.insert(0, demonstration(cx, w).await?);
    }
    if reports_to_one(cx).await? {
        parts.push(Html::trusted(format!(
            "<p>{}</p>",
            Html::link("/report", w.t("identity-report-link"))
        )));
    }
    let shell = shell.title(w.t("identity-sign-in-title")).answer(w.t("identity-sign-in-answer"));
    Ok(OpenPage { shell, parts })
}

/// Whether the public reporting page knows to whom a report goes.
async fn reports_to_one(cx: &Cx) -> Result<bool, Failure> {
    let parties = cx.app.db.read(store::parties).await?;
    Ok(parties.iter().filter(|p| p.side == Side::ServiceOrganisation).count() == 1)
}

/// Everybody of the demonstration, each with a button.
async fn demonstration(cx: &Cx, w: Words) -> Result<Html, Failure> {
    let people: Vec<(String, Side, Member)> = cx
        .app
        .db
        .read(|conn| {
            let mut people = Vec::new();
            for party in store::parties(conn)? {
                for member in store::people_of(conn, party.id)? {
                    if member.membership.state == MemberState::Active {
                        people.push((party.name.clone(), party.side, member));
                    }
                }
            }
            people.truncate(DEMONSTRATION_MAX);
            Ok(people)
        })
        .await?;
    let columns = vec![
        Column::new(w.t("identity-name")),
        Column::new(w.t("identity-roles")),
        Column::new(w.t("identity-party")),
    ];
    let rows = people.into_iter().map(|(party, _, member)| {
        let label = w.t1("identity-enter-as", "name", &member.profile.name);
        let button =
            Button::post("/demo/sign-in", "", label).with("person", member.profile.id.to_string());
        let roles = super::role_words(w, member.membership.roles);
        Row::new(vec![(&member.profile.name).into(), roles.into(), party.into()]).action(button)
    });
    let table = Table::new(w, "demonstration", w.t("identity-demonstration"), columns).rows(rows);
    Ok(table.into())
}

/// `GET /`: the page of signing in; `?next=` is where to go afterwards. Who is signed in goes on.
///
/// # Errors
/// When the database refuses.
pub async fn sign_in_page(cx: Cx) -> Answer {
    let next = cx.param("next");
    let next = local_path(next.as_deref());
    if cx.identity.is_some() {
        let to = if next == "/" { "/account" } else { next };
        return Ok(Redirect::to(to).into_response());
    }
    let form = form(cx.w, next);
    let mut page = page(&cx, form).await?;
    page.shell.languages = cx.languages();
    cx.page(&page)
}

/// `POST /sign-in`: `email`, `password`, `code` (where there is a second factor), `next`.
///
/// # Errors
/// [`Failure::Slow`] after too many attempts.
pub async fn sign_in(cx: Cx, from: From, pairs: Pairs) -> Answer {
    let next = local_path(pairs.get("next"));
    let mut form = form(cx.w, next);
    form.fill(&pairs.0);
    form.check();
    if !form.ok() {
        return cx.page_again(&page(&cx, form).await?);
    }
    let email = form.typed("email").to_owned();
    let code = form.typed("code").to_owned();
    let password = pairs.get("password").unwrap_or_default().to_owned();
    let door = door(&cx)?;
    door.attempt(&email, from.network(), cx.env().now())?;
    let asked = email.clone();
    let login = cx.app.db.read(move |conn| service::login(conn, &asked)).await?;
    let whose = login.person();
    let outcome = match door.verify(login, password).await? {
        Some(verified) => {
            let mut env = cx.env();
            let before = cx.session.as_ref().map(|s| s.token.clone());
            cx.app
                .db
                .write(move |tx| {
                    let outcome = service::sign_in(tx, &mut env, &verified, &code, None)?;
                    if let (Outcome::In { .. }, Some(before)) = (&outcome, &before) {
                        session::end(tx, before)?;
                    }
                    Ok(outcome)
                })
                .await?
        }
        None => {
            if let Some(person) = whose {
                // After the answer, whose time must not tell that there is an account.
                cx.app.write_later("a failed sign-in", move |tx, env| {
                    service::record_failure(tx, env, person)
                });
            }
            Outcome::Failed
        }
    };
    match outcome {
        Outcome::In { token, .. } => {
            door.succeeded(&email);
            enter(&cx, next, &token)
        }
        Outcome::Failed => {
            let mut form = self::form(cx.w, next);
            form.fill(&[("email".to_owned(), email)]);
            form.error("", cx.w.t("identity-wrong"));
            cx.page_again(&page(&cx, form).await?)
        }
    }
}

/// `POST /sign-out`: ends this session.
///
/// # Errors
/// When the form is not this session's.
pub async fn sign_out(cx: Cx, pairs: Pairs) -> Answer {
    if let Some(session) = &cx.session {
        cx.check_csrf(&pairs)?;
        let token = session.token.clone();
        cx.app.db.write(move |tx| session::end(tx, &token)).await?;
    }
    with_cookie(Redirect::to("/").into_response(), &session::clear_cookie(&cx.app))
}

/// `POST /demo/sign-in`: `person`; one click, only where this is the fictional demonstration.
///
/// # Errors
/// [`Refusal::NotFound`] everywhere else, and for people who are not there.
pub async fn demo_sign_in(cx: Cx, pairs: Pairs) -> Answer {
    let nothing = || Failure::Refused(Refusal::NotFound);
    if !cx.app.demonstration {
        return Err(nothing());
    }
    let person: PersonId = pairs.get("person").and_then(|p| p.parse().ok()).ok_or_else(nothing)?;
    let mut env = cx.env();
    let before = cx.session.as_ref().map(|s| s.token.clone());
    let outcome = cx
        .app
        .db
        .write(move |tx| {
            if let Some(before) = &before {
                session::end(tx, before)?;
            }
            service::demonstration_sign_in(tx, &mut env, person)
        })
        .await?;
    match outcome {
        Outcome::In { token, .. } => enter(&cx, local_path(pairs.get("next")), &token),
        Outcome::Failed => Err(nothing()),
    }
}
