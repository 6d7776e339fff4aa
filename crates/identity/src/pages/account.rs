//! `/account`: who one is here, one's password, sessions and parties.

use super::{Page, door, enter, onto, role_words, zone};
use crate::model::{MemberState, Membership, PersonProfile};
use crate::permits::ManageOwnAccount;
use crate::rules::secrets as secret_rules;
use crate::service::{self, Outcome, permit_here, sign_in::login_of};
use crate::store::{self, secrets};
use axum::extract::Path;
use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs, session};
use platform::ui::{Button, Column, Field, Flash, Form, Html, Kind, Row, Status, Table, Tone};
use platform::words::Words;

struct Account {
    me: PersonProfile,
    parties: Vec<(String, Membership)>,
    sessions: Vec<session::Seen>,
    recovery_left: i64,
}

async fn load(cx: &Cx) -> Result<Account, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let permit = permit_here::<ManageOwnAccount>(actor)?;
        let person = permit.person().ok_or(Refusal::NotFound)?;
        let me = store::person(conn, person)?.ok_or(Refusal::NotFound)?;
        let mut parties = Vec::new();
        for membership in store::memberships_of(conn, person)? {
            if membership.state == MemberState::Active
                && let Some(party) = store::party(conn, membership.party)?
            {
                parties.push((party.name, membership));
            }
        }
        let sessions = session::of_person(conn, person, now)?;
        let recovery_left = secrets::recovery_left(conn, person)?;
        Ok(Account { me, parties, sessions, recovery_left })
    })
    .await
}

fn facts(rows: &[(String, Html)]) -> Html {
    let body: String = rows
        .iter()
        .map(|(term, value)| format!("<dt>{}</dt><dd>{value}</dd>", Html::text(term)))
        .collect();
    Html::trusted(format!("<dl class=\"facts\">{body}</dl>"))
}

fn heading(text: &str) -> Html {
    Html::trusted(format!("<h2>{}</h2>", Html::text(text)))
}

fn about(w: Words, account: &Account) -> Html {
    let me = &account.me;
    let moment = |at: Option<kernel::time::Timestamp>| -> Html {
        at.map_or_else(|| w.t("identity-never"), |at| w.moment(at, &zone())).into()
    };
    let factor: Html = if me.factor_added_at.is_some() {
        let left = w.t1("identity-recovery-left", "count", account.recovery_left);
        Html::from(Status::new(Tone::Good, w.t("identity-factor-on"))).and(left)
    } else {
        Status::new(Tone::Attention, w.t("identity-factor-off")).into()
    };
    let link = |href: &str, key: &str| Html::link(href, w.t(key));
    facts(&[
        (w.t("identity-name"), Html::text(&me.name).and(link("/account/name", "identity-change"))),
        (w.t("identity-email"), me.email.as_str().into()),
        (
            w.t("identity-password-set"),
            moment(me.password_set_at).and(link("/account/password", "identity-change")),
        ),
        (
            w.t("identity-second-factor"),
            factor.and(link("/account/second-factor", "identity-change")),
        ),
        (w.t("identity-last-sign-in"), moment(me.signed_in_at)),
        (w.t("identity-tokens"), link("/account/tokens", "identity-tokens-link")),
    ])
}

fn sessions(w: Words, cx: &Cx, csrf: &str, account: &Account) -> Table {
    let columns =
        vec![Column::new(w.t("identity-session-began")), Column::new(w.t("identity-session-seen"))];
    let here = cx.session.as_ref().map(|s| s.token.as_slice());
    let rows = account.sessions.iter().map(|seen| {
        let row =
            |last: Html| Row::new(vec![w.moment(seen.created_at, &zone()).into(), last.into()]);
        if here == Some(seen.token.as_slice()) {
            return row(Status::new(Tone::Good, w.t("identity-session-this")).into());
        }
        let href = format!("/account/sessions/{}/end", hex::encode(&seen.token));
        row(w.moment(seen.seen_at, &zone()).into())
            .action(Button::post(href, csrf, w.t("identity-session-end")).quiet())
    });
    Table::new(w, "sessions", w.t("identity-sessions"), columns).rows(rows)
}

fn parties(w: Words, csrf: &str, here: Option<PartyId>, account: &Account) -> Table {
    let columns = vec![Column::new(w.t("identity-party")), Column::new(w.t("identity-roles"))];
    let rows = account.parties.iter().map(|(name, membership)| {
        let row = Row::new(vec![name.into(), role_words(w, membership.roles).into()]);
        if Some(membership.party) == here {
            return row;
        }
        row.action(
            Button::post("/account/party", csrf, w.t("identity-act-for"))
                .with("party", membership.party.to_string())
                .quiet(),
        )
    });
    Table::new(w, "parties", w.t("identity-parties"), columns).rows(rows)
}

/// `GET /account`.
///
/// # Errors
/// When nobody is signed in.
pub async fn show(cx: Cx) -> Answer {
    let account = load(&cx).await?;
    let shell = cx.shell();
    let (w, csrf) = (shell.w, shell.csrf.clone());
    let here = cx.identity.as_ref().and_then(|i| i.actor.party);
    let mut parts = vec![
        about(w, &account),
        heading(&w.t("identity-sessions")),
        sessions(w, &cx, &csrf, &account).into(),
    ];
    if account.parties.len() > 1 {
        parts.push(heading(&w.t("identity-parties")));
        parts.push(parties(w, &csrf, here, &account).into());
    }
    let answer = w.t1("identity-account-answer", "count", account.sessions.len());
    let shell = shell.title(w.t("identity-account-title")).answer(answer).at("account");
    cx.page(&Page { shell, parts })
}

fn name_form(cx: &Cx, csrf: &str) -> Form {
    let w = cx.w;
    let name = cx.identity.as_ref().map_or("", |i| i.name.as_str());
    Form::post(w, "/account/name", csrf, w.t("identity-save")).cancel("/account").field(
        Field::new(w, "name", w.t("identity-name"), Kind::Text)
            .required()
            .max(120)
            .value(name)
            .autocomplete("name"),
    )
}

fn name_page(cx: &Cx, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let shell = shell.title(w.t("identity-name-title")).crumb("/account", w.t("account"));
    Page { shell, parts: vec![form.into()] }
}

/// `GET /account/name`.
///
/// # Errors
/// When nobody is signed in.
pub async fn name(cx: Cx) -> Answer {
    cx.actor()?;
    let form = name_form(&cx, &cx.shell().csrf);
    cx.page(&name_page(&cx, form))
}

/// `POST /account/name`: `name`.
///
/// # Errors
/// When the form is not this session's.
pub async fn rename(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let mut form = name_form(&cx, &cx.shell().csrf);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let name = form.typed("name").to_owned();
        let done = cx
            .write(move |tx, env, actor| {
                let permit = permit_here::<ManageOwnAccount>(actor)?;
                service::rename(tx, env, &permit, &name)
            })
            .await;
        match done {
            Ok(()) => {
                return cx.see_other("/account", Flash::Done(cx.w.t("identity-saved"))).await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&name_page(&cx, form))
}

fn password_form(cx: &Cx, csrf: &str) -> Form {
    let w = cx.w;
    let field = |name: &str, label: &str, token: &str| {
        Field::new(w, name, w.t(label), Kind::Password).required().max(1_024).autocomplete(token)
    };
    Form::post(w, "/account/password", csrf, w.t("identity-save"))
        .cancel("/account")
        .field(field("current", "identity-current-password", "current-password"))
        .field(
            field("password", "identity-new-password", "new-password")
                .hint(w.t("identity-password-hint")),
        )
        .field(field("again", "identity-password-again", "new-password"))
}

fn password_page(cx: &Cx, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let shell = shell
        .title(w.t("identity-password-title"))
        .answer(w.t("identity-password-answer"))
        .crumb("/account", w.t("account"));
    Page { shell, parts: vec![form.into()] }
}

/// `GET /account/password`.
///
/// # Errors
/// When nobody is signed in.
pub async fn password(cx: Cx) -> Answer {
    cx.actor()?;
    let form = password_form(&cx, &cx.shell().csrf);
    cx.page(&password_page(&cx, form))
}

/// `POST /account/password`: `current`, `password`, `again`. Ends every other session.
///
/// # Errors
/// [`Failure::Slow`] after too many attempts.
pub async fn change_password(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let mut form = password_form(&cx, &cx.shell().csrf);
    form.fill(&pairs.0);
    form.check();
    let person = cx.person()?;
    let new = pairs.get("password").unwrap_or_default().to_owned();
    if form.ok() {
        let me = cx
            .app
            .db
            .read(move |conn| Ok(store::person(conn, person)?.ok_or(Refusal::NotFound)?))
            .await?;
        if let Err(refusal) =
            secret_rules::acceptable_password(&new, &[me.email.as_str(), &me.name])
        {
            onto(&mut form, refusal.into())?;
        } else if pairs.get("again") != Some(new.as_str()) {
            form.error("again", cx.w.t("identity-not-the-same"));
        }
    }
    if form.ok() {
        let current = pairs.get("current").unwrap_or_default().to_owned();
        match set_password(&cx, current, new).await {
            Ok(token) => {
                cx.app
                    .db
                    .write({
                        let flash = Flash::Done(cx.w.t("identity-password-changed"));
                        let digest = session::digest(&token);
                        move |tx| session::say(tx, &digest, &flash)
                    })
                    .await?;
                return enter(&cx, "/account", &token);
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&password_page(&cx, form))
}

/// Proves the present password, hashes the new one, writes; answers with the new session's token.
async fn set_password(cx: &Cx, current: String, new: String) -> Result<String, Failure> {
    let person = cx.person()?;
    let door = door(cx)?;
    let account = format!("password:{person}");
    door.attempt(&account, None, cx.env().now())?;
    let login = cx.app.db.read(move |conn| login_of(conn, person)).await?;
    let Some(proof) = door.verify(login, current).await? else {
        return Err(Refusal::field("current", cx.w.t("identity-not-current")).into());
    };
    door.succeeded(&account);
    let hash = door.hash(new, cx.env().bytes()).await?;
    cx.write(move |tx, env, actor| {
        let permit = permit_here::<ManageOwnAccount>(actor)?;
        service::change_password(tx, env, &permit, &proof, &hash)
    })
    .await
}

/// `POST /account/sessions/{id}/end`: ends another of one's own sessions.
///
/// # Errors
/// When the form is not this session's.
pub async fn end_session(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let token = hex::decode(&id).map_err(|_| Failure::Refused(Refusal::NotFound))?;
    cx.write(move |tx, _, actor| {
        let permit = permit_here::<ManageOwnAccount>(actor)?;
        session::end_of(tx, permit.person().ok_or(Refusal::NotFound)?, &token)
    })
    .await?;
    cx.see_other("/account", Flash::Done(cx.w.t("identity-session-ended"))).await
}

/// `POST /account/party`: `party`; acts for another of one's own parties from now on.
///
/// # Errors
/// [`Refusal::NotFound`] for a party for which one does not act.
pub async fn switch_party(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let nothing = || Failure::Refused(Refusal::NotFound);
    let party: PartyId = pairs.get("party").and_then(|p| p.parse().ok()).ok_or_else(nothing)?;
    let session = cx.session.as_ref().map(|s| s.token.clone()).ok_or(Failure::SignIn)?;
    let outcome = cx
        .write(move |tx, env, actor| {
            let permit = permit_here::<ManageOwnAccount>(actor)?;
            service::switch_party(tx, env, &permit, &session, party)
        })
        .await?;
    match outcome {
        Outcome::In { token, .. } => enter(&cx, "/", &token),
        Outcome::Failed => Err(nothing()),
    }
}
