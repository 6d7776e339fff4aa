//! `/account/second-factor`: adding one, new recovery codes, removing it.

use super::{Page, door, onto};
use crate::permits::ManageOwnAccount;
use crate::rules::one_time;
use crate::service::{self, permit_here};
use crate::store::{self, secrets};
use axum::response::{IntoResponse, Redirect};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Button, Choice, Field, Flash, Form, Html, Kind, Note, Tone};

/// How the account stands.
enum State {
    /// No second factor.
    None,
    /// A secret was made and waits for its first code.
    Pending { secret: Vec<u8>, email: String },
    /// There is one.
    On { recovery_left: i64 },
}

async fn load(cx: &Cx) -> Result<State, Failure> {
    cx.read(|conn, actor| {
        let permit = permit_here::<ManageOwnAccount>(actor)?;
        let person = permit.person().ok_or(Refusal::NotFound)?;
        let me = store::person(conn, person)?.ok_or(Refusal::NotFound)?;
        let credential = secrets::credential(conn, person)?;
        Ok(match (credential.factor, credential.pending) {
            (Some(_), _) => State::On { recovery_left: secrets::recovery_left(conn, person)? },
            (None, Some(secret)) => State::Pending { secret, email: me.email.as_str().to_owned() },
            (None, None) => State::None,
        })
    })
    .await
}

fn code_field(cx: &Cx, kind: Kind) -> Field {
    Field::new(cx.w, "code", cx.w.t("identity-code"), kind)
        .required()
        .max(40)
        .autocomplete("one-time-code")
}

fn confirm_form(cx: &Cx, csrf: &str) -> Form {
    Form::post(cx.w, "/account/second-factor", csrf, cx.w.t("identity-factor-confirm"))
        .cancel("/account")
        .field(code_field(cx, Kind::OneTimeCode).hint(cx.w.t("identity-factor-confirm-hint")))
}

fn manage_form(cx: &Cx, csrf: &str) -> Form {
    let w = cx.w;
    let choices = vec![
        Choice::new("codes", w.t("identity-factor-new-codes")),
        Choice::new("remove", w.t("identity-factor-remove")),
    ];
    Form::post(w, "/account/second-factor", csrf, w.t("identity-factor-do"))
        .cancel("/account")
        .field(
            Field::new(w, "do", w.t("identity-factor-what"), Kind::Radio(choices))
                .required()
                .value("codes"),
        )
        .field(code_field(cx, Kind::Text).hint(w.t("identity-code-hint")))
}

fn form(cx: &Cx, state: &State, csrf: &str) -> Form {
    match state {
        State::On { .. } => manage_form(cx, csrf),
        _ => confirm_form(cx, csrf),
    }
}

fn page(cx: &Cx, state: &State, form: Form) -> Result<Page, Failure> {
    let shell = cx.shell();
    let w = shell.w;
    let mut parts: Vec<Html> = Vec::new();
    let answer = match state {
        State::None => {
            let start = w.t("identity-factor-start");
            parts.push(
                Button::post("/account/second-factor/start", &shell.csrf, start).primary().into(),
            );
            w.t("identity-factor-none-answer")
        }
        State::Pending { secret, email } => {
            let address = one_time::address(secret, email, "Tickmark")?;
            let svg = one_time::qr_svg(&address, &w.t("identity-factor-qr"))?;
            let words = one_time::in_words(secret)?;
            let typed = w.rich("identity-factor-type", &[], &[("secret", Html::code(&words))]);
            parts.push(Html::trusted(format!("<figure>{svg}</figure><p>{typed}</p>")));
            parts.push(form.into());
            w.t("identity-factor-pending-answer")
        }
        State::On { recovery_left } => {
            parts.push(form.into());
            w.t1("identity-factor-on-answer", "count", *recovery_left)
        }
    };
    let shell =
        shell.title(w.t("identity-factor-title")).answer(answer).crumb("/account", w.t("account"));
    Ok(Page { shell, parts })
}

/// `GET /account/second-factor`.
///
/// # Errors
/// When nobody is signed in.
pub async fn show(cx: Cx) -> Answer {
    let state = load(&cx).await?;
    let form = form(&cx, &state, &cx.shell().csrf);
    cx.page(&page(&cx, &state, form)?)
}

/// `POST /account/second-factor/start`: makes a secret and shows it.
///
/// # Errors
/// When there is a second factor already.
pub async fn start(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.write(|tx, env, actor| {
        let permit = permit_here::<ManageOwnAccount>(actor)?;
        service::start_factor(tx, env, &permit)
    })
    .await?;
    Ok(Redirect::to("/account/second-factor").into_response())
}

/// `POST /account/second-factor`: `code` confirms a secret that was shown; where there is a second
/// factor, `do` says what (`codes`, `remove`) and `code` proves it.
///
/// # Errors
/// [`Failure::Slow`] after too many codes.
pub async fn submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let state = load(&cx).await?;
    let mut form = form(&cx, &state, &cx.shell().csrf);
    form.fill(&pairs.0);
    form.check();
    if !form.ok() {
        return cx.page_again(&page(&cx, &state, form)?);
    }
    let door = door(&cx)?;
    let account = format!("code:{}", cx.person()?);
    door.attempt(&account, None, cx.env().now())?;
    let (code, what) = (form.typed("code").to_owned(), form.typed("do").to_owned());
    let pending = !matches!(state, State::On { .. });
    let done = cx
        .write(move |tx, env, actor| {
            let permit = permit_here::<ManageOwnAccount>(actor)?;
            if pending {
                return service::add_factor(tx, env, &permit, &code).map(Some);
            }
            if what == "remove" {
                return service::remove_factor(tx, env, &permit, &code).map(|()| None);
            }
            service::make_recovery_codes(tx, env, &permit, &code).map(Some)
        })
        .await;
    match done {
        Ok(codes) => {
            door.succeeded(&account);
            match codes {
                Some(codes) => cx.page(&codes_page(&cx, &codes)),
                None => {
                    let flash = Flash::Done(cx.w.t("identity-factor-removed"));
                    cx.see_other("/account", flash).await
                }
            }
        }
        Err(failure) => {
            onto(&mut form, failure)?;
            cx.page_again(&page(&cx, &state, form)?)
        }
    }
}

/// The recovery codes, shown this once as the answer to the form that made them.
fn codes_page(cx: &Cx, codes: &[String]) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let list: String = codes.iter().map(|c| format!("<li>{}</li>", Html::code(c))).collect();
    let parts = vec![
        Note::new(Tone::Attention, w.t("identity-shown-once"), w.t("identity-recovery-keep"))
            .into(),
        Html::trusted(format!("<ul>{list}</ul>")),
        Button::link("/account", w.t("identity-recovery-kept")).primary().into(),
    ];
    let shell = shell
        .title(w.t("identity-recovery-title"))
        .answer(w.t1("identity-recovery-answer", "count", codes.len()))
        .crumb("/account", w.t("account"));
    Page { shell, parts }
}
