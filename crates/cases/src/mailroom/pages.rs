//! `/channels/mail`: what came in by mail, what was set aside, and deciding about it. The
//! organisation's own: a firm sees the control totals, never a sender.

use super::events::MailEvent;
use super::model::{Authentication, Mail, MailId, Outcome};
use super::permits::{DecideMail, ReadMail};
use super::rules::letter;
use super::service::{self, KEPT_BYTES_MAX};
use super::store::{self, Which};
use crate::channels::pages as channels;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use identity::pages::told::{Told, proof_file, version_seen};
use kernel::ids::EventId;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Column, Empty, Field, Flash, Form, Hash, Html, Kind, Note, Page, Pager, Row, Status,
    Table, Tone, facts, fold, prose,
};
use platform::words::Words;

/// Rows of one page.
const PAGE_ROWS: i64 = 50;

fn outcome(w: Words, mail: &Mail) -> Status {
    let tone = match mail.outcome {
        Outcome::Waiting => Tone::Waiting,
        Outcome::Case | Outcome::Reply => Tone::Good,
        Outcome::Quarantine if mail.decided_at.is_none() => Tone::Attention,
        Outcome::Quarantine | Outcome::Loop | Outcome::Bounce => Tone::Closed,
    };
    Status::new(tone, w.t(&format!("mailroom-outcome-{}", mail.outcome.word())))
}

fn authenticity(w: Words, auth: &Authentication) -> String {
    let said: Vec<String> = [("DMARC", &auth.dmarc), ("DKIM", &auth.dkim), ("SPF", &auth.spf)]
        .into_iter()
        .filter_map(|(name, value)| value.as_ref().map(|v| format!("{name} {v}")))
        .collect();
    if said.is_empty() { w.t("mailroom-authenticity-none") } else { said.join(", ") }
}

fn place(text: &str) -> Result<(Timestamp, MailId), Refusal> {
    let wrong =
        || Refusal::field("after", "This is not a place in the list. Start again without it.");
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    Ok((Timestamp(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

fn row(w: Words, mail: &Mail) -> Row {
    let case = mail.case.map_or_else(Html::empty, |id| {
        Html::link(&format!("/cases/{id}"), Html::text(&w.t("mailroom-case")))
    });
    Row::new(vec![
        w.moment_utc(mail.accepted_at).into(),
        (&mail.sender).into(),
        (&mail.subject).into(),
        outcome(w, mail).into(),
        w.t(&format!("mailroom-reason-{}", mail.reason.word())).into(),
        authenticity(w, &mail.auth).into(),
        case.into(),
    ])
    .to(format!("/channels/mail/{}", mail.id))
}

/// `GET /channels/mail?show=`
///
/// # Errors
/// When the reader may not see the mail.
pub async fn list(cx: Cx) -> Answer {
    let (w, query) = (cx.w, cx.list_query());
    let which = if query.get("show") == Some("all") { Which::All } else { Which::Undecided };
    let after = query.after().map(place).transpose()?;
    let (mut mails, undecided) = cx
        .read(move |conn, actor| {
            let owner = scope::<ReadMail>(actor)?.party();
            let mails = store::mails(conn, owner, which, after, PAGE_ROWS + 1)?;
            Ok((mails, store::undecided(conn, owner)?))
        })
        .await?;
    let rows = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let more = mails.len() > rows;
    mails.truncate(rows);
    let next = mails.last().filter(|_| more).map(|m| format!("{}.{}", m.accepted_at.0, m.id));
    let columns = ["accepted", "sender", "subject", "outcome", "reason", "authenticity", "case"]
        .map(|k| Column::new(w.t(&format!("mailroom-{k}"))));
    let empty = match which {
        Which::Undecided => Empty::new(w.t("mailroom-none"), w.t("mailroom-none-next"))
            .action(Button::link("/channels/mail?show=all", w.t("mailroom-show-all"))),
        Which::All => Empty::new(w.t("mailroom-none-all"), w.t("mailroom-none-all-next")),
    };
    let table = Table::new(w, "mail", w.t("mailroom-title"), columns.to_vec())
        .rows(mails.iter().map(|m| row(w, m)))
        .pager(Pager::keyset(&query, query.after(), next.as_deref()))
        .empty(empty);
    let other = match which {
        Which::Undecided => Button::link("/channels/mail?show=all", w.t("mailroom-show-all")),
        Which::All => Button::link("/channels/mail", w.t("mailroom-show-undecided")),
    };
    let shell = channels::shell(&cx, "/channels/mail")
        .title(w.t("mailroom-question"))
        .answer(w.t1("mailroom-answer", "count", undecided))
        .action(other);
    cx.page(&Page::new(shell).part(table))
}

struct Seen {
    mail: Mail,
    told: Told<MailEvent>,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: MailId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.read(move |conn, actor| {
        let owner = scope::<ReadMail>(actor)?.party();
        let mail = store::mail(conn, owner, id)?.ok_or(Refusal::NotFound)?;
        Ok(Seen { mail, told: Told::read(conn, &id.to_string())? })
    })
    .await
}

async fn raw_of(cx: &Cx, mail: &Mail) -> Result<Vec<u8>, Failure> {
    let (blobs, sha256) = (cx.app.blobs.clone(), mail.sha256.clone());
    let raw = cx.app.blocking(move || blobs.read(&sha256, KEPT_BYTES_MAX as u64)).await?;
    Ok(raw.map_err(platform::db::Error::from)?)
}

fn form(cx: &Cx, mail: &Mail, word: &str) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    let action = format!("/channels/mail/{}/{word}", mail.id);
    Form::post(w, action, csrf, w.t(&format!("mailroom-do-{word}-send")))
        .apart(word)
        .key(cx.form_key())
        .version(u64::try_from(mail.version).unwrap_or(0))
        .field(Field::new(w, "why", w.t("mailroom-why"), Kind::Area(2)).required().max(2_000))
}

fn say(w: Words, event: &MailEvent) -> (String, Html) {
    match event {
        MailEvent::Accepted(_) => (w.t("mailroom-event-accepted"), Html::empty()),
        MailEvent::Sorted(x) => {
            let made = w.t(&format!("mailroom-outcome-{}", x.outcome.word()));
            let reason = w.t(&format!("mailroom-reason-{}", x.reason.word()));
            (w.t1("mailroom-event-sorted", "outcome", made), Html::text(&reason))
        }
        MailEvent::Released(x) => (w.t("mailroom-event-released"), prose(&x.decision)),
        MailEvent::Dismissed(x) => (w.t("mailroom-event-dismissed"), prose(&x.decision)),
    }
}

async fn page(cx: &Cx, seen: &Seen, filled: Option<(&str, Form)>) -> Result<Page, Failure> {
    let (w, mail) = (cx.w, &seen.mail);
    let raw = raw_of(cx, mail).await?;
    let read = cx.app.blocking(move || letter::read(&raw)).await?.unwrap_or_default();
    let made = w.t(&format!("mailroom-outcome-{}", mail.outcome.word()));
    let title =
        if mail.subject.is_empty() { w.t("mailroom-untitled") } else { mail.subject.clone() };
    let shell = cx
        .shell()
        .at("channels")
        .crumb("/channels", w.t("channels-title"))
        .crumb("/channels/mail", w.t("mailroom-title"))
        .title(title)
        .answer(w.t2(
            "mailroom-one-answer",
            "outcome",
            made,
            "when",
            w.moment_utc(mail.accepted_at),
        ));
    let files: Vec<String> = mail
        .attachments
        .iter()
        .map(|a| format!("{} ({}, {})", a.name, a.media_type, w.size(a.bytes)))
        .collect();
    let case = mail.case.map_or_else(Html::empty, |id| {
        Html::link(&format!("/cases/{id}"), Html::id(&id.to_string()))
    });
    let mut page = Page::new(shell)
        .part(facts(vec![
            (w.t("mailroom-outcome"), outcome(w, mail).into()),
            (
                w.t("mailroom-reason"),
                w.t(&format!("mailroom-reason-{}", mail.reason.word())).into(),
            ),
            (w.t("mailroom-sender"), Html::text(&mail.sender)),
            (w.t("mailroom-authenticity"), authenticity(w, &mail.auth).into()),
            (w.t("mailroom-case"), case),
            (w.t("mailroom-via"), w.t(&format!("mailroom-via-{}", mail.via)).into()),
            (w.t("mailroom-message-id"), Html::code(&mail.message_id)),
            (w.t("mailroom-bytes"), w.size(u64::try_from(mail.bytes).unwrap_or(0)).into()),
            (w.t("mailroom-digest"), Hash::new(&mail.sha256).into()),
            (w.t("mailroom-files"), prose(&files.join("\n"))),
            (w.t("mailroom-decided"), Html::text(&mail.decision)),
        ]))
        .heading(&w.t("mailroom-words"));
    page = if read.text.is_empty() {
        page.part(prose(&w.t("mailroom-words-none")))
    } else {
        page.part(Note::new(Tone::Neutral, "", w.t("mailroom-words-note"))).part(prose(&read.text))
    };
    page = page.part(Button::link(format!("/channels/mail/{}/raw", mail.id), w.t("mailroom-raw")));
    let open = mail.decided_at.is_none()
        && matches!(mail.outcome, Outcome::Quarantine | Outcome::Loop | Outcome::Bounce);
    if cx.can::<DecideMail>() {
        let (wrong, mut again) =
            filled.map_or((None, None), |(word, form)| (Some(word), Some(form)));
        for word in ["release", "dismiss"] {
            let back = again.take_if(|_| wrong == Some(word));
            if open || back.is_some() {
                let form = back.unwrap_or_else(|| form(cx, mail, word));
                page = page.part(fold(
                    &w.t(&format!("mailroom-do-{word}")),
                    wrong == Some(word),
                    form,
                ));
            }
        }
    }
    let proofs = format!("/channels/mail/{}/proofs", mail.id);
    Ok(page.beside(&w.t("mailroom-log"), seen.told.timeline(w, &proofs, |e| say(w, e))))
}

/// `GET /channels/mail/{id}`
///
/// # Errors
/// When there is no such message in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None).await?)
}

/// `GET /channels/mail/{id}/raw`: the message as it came, as a file that no browser opens by itself.
///
/// # Errors
/// As [`show`].
pub async fn raw(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let raw = raw_of(&cx, &seen.mail).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.eml\"", seen.mail.id)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, raw).into_response())
}

/// `GET /channels/mail/{id}/proofs/{event}`
///
/// # Errors
/// As [`show`]; when the entry has no place in the log yet.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !seen.told.holds(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}

/// `POST /channels/mail/{id}/{action}`: `release` or `dismiss`.
///
/// # Errors
/// When the form is another session's, there is no such message, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<DecideMail>()?;
    let word =
        ["release", "dismiss"].into_iter().find(|w| *w == action).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx, &id).await?;
    let mut form = form(&cx, &seen.mail, word);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &pairs, word, &seen.mail, &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("mailroom-do-{word}-done")));
                return cx.see_other(&format!("/channels/mail/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((word, form))).await?)
}

async fn carry_out(
    cx: &Cx,
    pairs: &Pairs,
    word: &str,
    mail: &Mail,
    form: &Form,
) -> Result<(), Failure> {
    let (id, version, why) = (mail.id, version_seen(form)?, form.typed("why").to_owned());
    let release = word == "release";
    let raw = if release { raw_of(cx, mail).await? } else { Vec::new() };
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<DecideMail>(actor, &Facts::of(owner))?;
        if release {
            service::release(tx, env, &permit, (id, version), ("email", &raw, &why)).map(|_| ())
        } else {
            service::dismiss(tx, env, &permit, (id, version), &why)
        }
    })
    .await
}
