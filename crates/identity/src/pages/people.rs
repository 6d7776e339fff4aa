//! `/people`: who acts for one's party, invitations, roles.

use super::{Page, onto, role_word, role_words, zone};
use crate::model::{Invitation, InvitationId, Member, MemberState};
use crate::permits::{Invite, ManagePeople, ReadPeople};
use crate::rules::people as rules;
use crate::service::{self, Invited, Letter, permit_here};
use crate::store::{self, After};
use axum::extract::Path;
use kernel::ids::PersonId;
use kernel::party::{Role, Roles, Side};
use kernel::permit::scope;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::jobs::mail::MailIsSent;
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Note, Pager, Row, Shell, Status,
    Table, Tone,
};
use platform::words::Words;

/// Rows of one page of the list.
const PAGE_ROWS: usize = 50;

fn manages(cx: &Cx) -> bool {
    cx.actor().is_ok_and(|actor| permit_here::<ManagePeople>(actor).is_ok())
}

fn side(cx: &Cx) -> Side {
    cx.identity.as_ref().map_or(Side::Public, |i| i.actor.side)
}

fn not_there() -> Failure {
    Failure::Refused(Refusal::NotFound)
}

fn parse<K: kernel::ids::Kind>(id: &str) -> Result<kernel::ids::Id<K>, Failure> {
    id.parse().map_err(|_| not_there())
}

fn roles_field(w: Words, side: Side, held: Roles) -> Field {
    let choices = Role::ALL.iter().filter(|role| role.side() == side).map(|role| {
        let word = role.as_str();
        let hint = w.t(&format!("identity-role-{}-hint", word.replace('_', "-")));
        Choice::new(word, role_word(w, *role)).hint(hint)
    });
    Field::new(w, "roles", w.t("identity-roles"), Kind::Boxes(choices.collect()))
        .required()
        .values(held.iter().map(Role::as_str))
}

fn ticked_roles(form: &Form) -> Vec<Role> {
    form.ticked("roles").iter().filter_map(|word| Role::parse(word)).collect()
}

struct List {
    members: Vec<Member>,
    more: bool,
    people: i64,
    factors: i64,
    invitations: Vec<Invitation>,
}

async fn load(cx: &Cx) -> Result<List, Failure> {
    let after: Option<PersonId> = match cx.list_query().after() {
        Some(id) => Some(parse(id)?),
        None => None,
    };
    let manages = manages(cx);
    // A file holds everybody, not one page of them.
    let whole = cx.param("format").is_some();
    cx.read(move |conn, actor| {
        let party = scope::<ReadPeople>(actor)?.party();
        let after = match after {
            Some(id) => {
                let member = store::member(conn, party, id)?.ok_or(Refusal::NotFound)?;
                Some(After { name: member.profile.name, id })
            }
            None => None,
        };
        let mut members = if whole {
            store::everybody(conn, party)?
        } else {
            store::people_page(conn, party, after.as_ref(), PAGE_ROWS + 1)?
        };
        let more = !whole && members.len() > PAGE_ROWS;
        if !whole {
            members.truncate(PAGE_ROWS);
        }
        let (people, factors) = store::people_counts(conn, party)?;
        let invitations = if manages { store::open_invitations(conn, party)? } else { Vec::new() };
        Ok(List { members, more, people, factors, invitations })
    })
    .await
}

fn state(w: Words, member: &Member) -> Status {
    if member.membership.state == MemberState::Deactivated {
        Status::new(Tone::Closed, w.t("identity-deactivated"))
    } else if member.profile.password_set_at.is_none() {
        Status::new(Tone::Waiting, w.t("identity-no-password"))
    } else if member.profile.factor_added_at.is_none() {
        Status::new(Tone::Attention, w.t("identity-factor-off"))
    } else {
        Status::new(Tone::Good, w.t("identity-factor-on"))
    }
}

fn people_table(cx: &Cx, list: &List) -> Table {
    let w = cx.w;
    let query = cx.list_query();
    let columns = [
        "identity-name",
        "identity-email",
        "identity-roles",
        "identity-last-sign-in",
        "identity-state",
    ]
    .map(|key| Column::new(w.t(key)));
    let rows = list.members.iter().map(|member| {
        let seen = member.profile.signed_in_at;
        let seen = seen.map_or_else(|| w.t("identity-never"), |at| w.moment(at, &zone()));
        Row::new(vec![
            (&member.profile.name).into(),
            member.profile.email.as_str().into(),
            role_words(w, member.membership.roles).into(),
            seen.into(),
            state(w, member).into(),
        ])
        .to(format!("/people/{}", member.profile.id))
    });
    let last = list.members.last().filter(|_| list.more).map(|m| m.profile.id.to_string());
    Table::new(w, "people", w.t("identity-people"), columns.to_vec())
        .rows(rows)
        .pager(Pager::keyset(&query, query.after(), last.as_deref()))
        .exports(&query)
        .empty(Empty::new(w.t("identity-people-none"), w.t("identity-people-none-next")))
}

fn invitations_table(cx: &Cx, shell: &Shell, list: &[Invitation], now: Timestamp) -> Table {
    let w = cx.w;
    let columns = ["identity-email", "identity-roles", "identity-expires", "identity-state"]
        .map(|key| Column::new(w.t(key)));
    let rows = list.iter().map(|invitation| {
        let status = if now < invitation.expires_at {
            Status::new(Tone::Waiting, w.t("identity-invitation-open"))
        } else {
            Status::new(Tone::Closed, w.t("identity-invitation-ran-out"))
        };
        let href = format!("/people/invitations/{}/withdraw", invitation.id);
        Row::new(vec![
            invitation.email.as_str().into(),
            role_words(w, invitation.roles).into(),
            w.moment(invitation.expires_at, &zone()).into(),
            status.into(),
        ])
        .action(Button::post(href, &shell.csrf, w.t("identity-withdraw")).quiet())
    });
    Table::new(w, "invitations", w.t("identity-invitations"), columns.to_vec()).rows(rows)
}

/// `GET /people`.
///
/// # Errors
/// When nobody is signed in.
pub async fn list(cx: Cx) -> Answer {
    let list = load(&cx).await?;
    let people = people_table(&cx, &list);
    if let Some(file) = cx.file("people", &people) {
        return file;
    }
    let mut shell = cx.shell();
    let w = shell.w;
    let mut parts: Vec<Html> = vec![people.into()];
    if !list.invitations.is_empty() {
        let heading = w.t("identity-invitations");
        parts.push(Html::trusted(format!("<h2>{}</h2>", Html::text(&heading))));
        let now = cx.env().now();
        parts.push(invitations_table(&cx, &shell, &list.invitations, now).into());
    }
    if manages(&cx) {
        let invite = Button::link("/people/invite", w.t("identity-invite")).primary();
        shell = shell.action(invite);
    }
    let answer = w.t2("identity-people-answer", "count", list.people, "factors", list.factors);
    let shell = shell.title(w.t("identity-people-title")).answer(answer).at("people");
    cx.page(&Page { shell, parts })
}

fn invite_form(cx: &Cx, csrf: &str) -> Form {
    let w = cx.w;
    Form::post(w, "/people/invite", csrf, w.t("identity-invite"))
        .cancel("/people")
        .field(Field::new(w, "email", w.t("identity-email"), Kind::Email).required().max(254))
        .field(roles_field(w, side(cx), Roles::NONE))
}

fn invite_page(cx: &Cx, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let shell = shell
        .title(w.t("identity-invite-title"))
        .answer(w.t("identity-invite-answer"))
        .at("people")
        .crumb("/people", w.t("identity-people"));
    Page { shell, parts: vec![form.into()] }
}

/// `GET /people/invite`.
///
/// # Errors
/// When one may not invite.
pub async fn invite_form_page(cx: Cx) -> Answer {
    permit_here::<Invite>(cx.actor()?)?;
    let form = invite_form(&cx, &cx.shell().csrf);
    cx.page(&invite_page(&cx, form))
}

/// The link of an invitation, shown this once as the answer to the form that made it.
fn link_page(cx: &Cx, invited: &Invited) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let link = format!("{}/invitation/{}", cx.app.base_url, invited.code);
    let text = Html::text(&w.t1("identity-link-give", "email", invited.email.as_str()))
        .and(Html::code(&link));
    let parts = vec![
        Note::new(Tone::Attention, w.t("identity-shown-once"), text).into(),
        Button::link("/people", w.t("identity-people")).primary().into(),
    ];
    let until = w.moment(invited.expires_at, &zone());
    let shell = shell
        .title(w.t("identity-link-title"))
        .answer(w.t1("identity-link-answer", "until", until))
        .at("people")
        .crumb("/people", w.t("identity-people"));
    Page { shell, parts }
}

/// How a link reaches its person by mail, where mail is sent.
fn letter(cx: &Cx) -> Option<Letter> {
    cx.app.extensions.get::<MailIsSent>()?;
    Some(Letter { base_url: cx.app.base_url.clone(), words: cx.w })
}

/// The answer to a form that made a link: mailed, or shown this once to be passed on.
async fn hand_over(cx: &Cx, invited: &Invited, mailed: bool) -> Answer {
    if mailed {
        let said = cx.w.t1("identity-link-mailed", "email", invited.email.as_str());
        return cx.see_other("/people", Flash::Done(said)).await;
    }
    cx.page(&link_page(cx, invited))
}

/// `POST /people/invite`: `email`, `roles`.
///
/// # Errors
/// When one may not invite.
pub async fn invite(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<Invite>()?;
    let mut form = invite_form(&cx, &cx.shell().csrf);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (email, roles) = (form.typed("email").to_owned(), ticked_roles(&form));
        let letter = letter(&cx);
        let mailed = letter.is_some();
        let done = cx
            .write(move |tx, env, actor| {
                let permit = permit_here::<Invite>(actor)?;
                let invited = service::invite(tx, env, &permit, &email, &roles)?;
                if let Some(letter) = &letter {
                    service::mail_link(tx, env, &permit, &invited, letter)?;
                }
                Ok(invited)
            })
            .await;
        match done {
            Ok(invited) => return hand_over(&cx, &invited, mailed).await,
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&invite_page(&cx, form))
}

/// `POST /people/invitations/{id}/withdraw`.
///
/// # Errors
/// [`Refusal::NotFound`] for an invitation of another party.
pub async fn withdraw(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: InvitationId = parse(&id)?;
    cx.write(move |tx, env, actor| {
        let permit = permit_here::<Invite>(actor)?;
        service::withdraw_invitation(tx, env, &permit, id)
    })
    .await?;
    cx.see_other("/people", Flash::Done(cx.w.t("identity-withdrawn"))).await
}

async fn member(cx: &Cx, id: PersonId) -> Result<Member, Failure> {
    cx.read(move |conn, actor| {
        let party = scope::<ReadPeople>(actor)?.party();
        Ok(store::member(conn, party, id)?.ok_or(Refusal::NotFound)?)
    })
    .await
}

fn roles_form(cx: &Cx, csrf: &str, member: &Member) -> Form {
    let w = cx.w;
    let version = u64::try_from(member.membership.version).unwrap_or(0);
    let label = if member.membership.state == MemberState::Active {
        w.t("identity-save")
    } else {
        w.t("identity-reactivate")
    };
    Form::post(w, format!("/people/{}", member.profile.id), csrf, label)
        .version(version)
        .cancel("/people")
        .field(roles_field(w, side(cx), member.membership.roles))
}

fn member_page(cx: &Cx, member: &Member, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let m = &member.membership;
    let fact =
        |key: &str, value: Html| format!("<dt>{}</dt><dd>{value}</dd>", Html::text(&w.t(key)));
    let facts = [
        fact("identity-email", member.profile.email.as_str().into()),
        fact("identity-roles", role_words(w, m.roles).into()),
        fact("identity-since", w.moment(m.since, &zone()).into()),
        fact("identity-state", state(w, member).into()),
    ]
    .concat();
    let mut parts = vec![Html::trusted(format!("<dl class=\"facts\">{facts}</dl>"))];
    if manages(cx) {
        parts.push(form.into());
        if m.state == MemberState::Active {
            let id = member.profile.id;
            let post = |what: &str, key: &str| {
                Button::post(format!("/people/{id}/{what}"), &shell.csrf, w.t(key))
            };
            parts.push(post("password-link", "identity-password-link").quiet().into());
            let deactivate = post("deactivate", "identity-deactivate");
            parts.push(deactivate.with("version", m.version.to_string()).grave().into());
        }
    }
    let shell = shell
        .title(w.t1("identity-person-title", "name", &member.profile.name))
        .answer(w.t1("identity-person-answer", "roles", role_words(w, m.roles)))
        .at("people")
        .crumb("/people", w.t("identity-people"));
    Page { shell, parts }
}

/// `GET /people/{id}`.
///
/// # Errors
/// [`Refusal::NotFound`] for anybody who is not of one's own party.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let member = member(&cx, parse(&id)?).await?;
    let form = roles_form(&cx, &cx.shell().csrf, &member);
    cx.page(&member_page(&cx, &member, form))
}

/// `POST /people/{id}`: `roles`, `version`; changes roles, or reactivates with them.
///
/// # Errors
/// As [`show`]; when one may not manage people.
pub async fn change(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: PersonId = parse(&id)?;
    let member = member(&cx, id).await?;
    cx.may::<ManagePeople>()?;
    let mut form = roles_form(&cx, &cx.shell().csrf, &member);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let roles = ticked_roles(&form);
        let version: i64 = form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or(0);
        let active = member.membership.state == MemberState::Active;
        let done = cx
            .write(move |tx, env, actor| {
                let permit = permit_here::<ManagePeople>(actor)?;
                if active {
                    service::change_roles(tx, env, &permit, id, version, &roles)
                } else {
                    service::reactivate(tx, env, &permit, id, &roles)
                }
            })
            .await;
        match done {
            Ok(()) => {
                let said = cx.w.t1("identity-roles-changed", "name", &member.profile.name);
                return cx.see_other("/people", Flash::Done(said)).await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&member_page(&cx, &member, form))
}

/// `POST /people/{id}/deactivate`: `version`.
///
/// # Errors
/// As [`change`].
pub async fn deactivate(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: PersonId = parse(&id)?;
    let name = member(&cx, id).await?.profile.name;
    let version: i64 = pairs.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let done = cx
        .write(move |tx, env, actor| {
            let permit = permit_here::<ManagePeople>(actor)?;
            service::deactivate(tx, env, &permit, id, version)
        })
        .await;
    let flash = match done {
        Ok(()) => Flash::Done(cx.w.t1("identity-deactivated-done", "name", name)),
        Err(Failure::Refused(refusal @ (Refusal::State(_) | Refusal::Stale { .. }))) => {
            Flash::Problem(refusal.to_string())
        }
        Err(other) => return Err(other),
    };
    cx.see_other("/people", flash).await
}

/// `POST /people/{id}/password-link`: a link by which they set a new password, mailed or shown once.
///
/// # Errors
/// As [`change`].
pub async fn password_link(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id: PersonId = parse(&id)?;
    let letter = letter(&cx);
    let mailed = letter.is_some();
    let invited = cx
        .write(move |tx, env, actor| {
            let permit = permit_here::<ManagePeople>(actor)?;
            let invited = service::password_link(tx, env, &permit, id)?;
            if let Some(letter) = &letter {
                service::mail_link(tx, env, &permit, &invited, letter)?;
            }
            Ok(invited)
        })
        .await?;
    hand_over(&cx, &invited, mailed).await
}

/// Whether somebody administers their party's people: the binary marks the room in the rail by it.
#[must_use]
pub fn administers(side: Side, roles: Roles) -> bool {
    roles.has(rules::administrator(side))
}
