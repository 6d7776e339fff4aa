//! `/channels/sources/unread`: signed messages that could not be read, and deciding about them.

use crate::hooks::model::{Delivery, DeliveryId, Source};
use crate::hooks::permits::{DecideMessage, ReadSources};
use crate::hooks::rules::{BODY_BYTES_MAX, HookReport, read};
use crate::hooks::{service, store};
use crate::model::CaseKind;
use crate::service::{TEXT_MAX, TITLE_MAX};
use axum::extract::Path;
use identity::pages::told::version_seen;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::{Refusal, excerpt, line, sentence};
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Empty, Field, Flash, Form, Html, Kind, Page, facts, fold, heading};

/// How much of a message is shown, in characters.
const SHOWN_MAX: usize = 4_000;

async fn waiting(cx: &Cx) -> Result<(Vec<Delivery>, Vec<Source>), Failure> {
    cx.read(|conn, actor| {
        let owner = scope::<ReadSources>(actor)?.party();
        Ok((store::unread(conn, owner)?, store::sources(conn, owner)?))
    })
    .await
}

async fn body_of(cx: &Cx, delivery: &Delivery) -> Result<Vec<u8>, Failure> {
    let (blobs, kept) = (cx.app.blobs.clone(), delivery.kept.clone());
    let read = cx.app.blocking(move || blobs.read(&kept, BODY_BYTES_MAX as u64)).await?;
    Ok(read.map_err(platform::db::Error::from)?)
}

fn form(cx: &Cx, delivery: &Delivery, word: &str) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    let action = format!("/channels/sources/unread/{}/{word}", delivery.id);
    let form = Form::post(w, action, csrf, w.t(&format!("hooks-do-{word}-send")))
        .apart(&format!("{word}-{}", delivery.id))
        .key(cx.form_key())
        .version(u64::try_from(delivery.version).unwrap_or(0));
    let form = if word == "release" {
        form.field(
            Field::new(w, "title", w.t("hooks-place-title"), Kind::Text)
                .max(TITLE_MAX)
                .hint(w.t("hooks-release-hint")),
        )
        .field(
            Field::new(w, "description", w.t("hooks-place-description"), Kind::Area(4))
                .max(TEXT_MAX),
        )
    } else {
        form
    };
    form.field(Field::new(w, "why", w.t("hooks-why"), Kind::Area(2)).required().max(2_000))
}

async fn page(cx: &Cx, filled: Option<(DeliveryId, &str, Form)>) -> Result<Page, Failure> {
    let (deliveries, sources) = waiting(cx).await?;
    let w = cx.w;
    let shell = cx
        .shell()
        .at("channels")
        .crumb("/channels", w.t("channels-title"))
        .crumb("/channels/sources", w.t("hooks-title"))
        .title(w.t("hooks-unread-question"))
        .answer(w.t1("hooks-unread-answer", "count", deliveries.len()));
    let mut page = Page::new(shell);
    if deliveries.is_empty() {
        return Ok(page.part(Empty::new(w.t("hooks-unread-none"), w.t("hooks-unread-none-next"))));
    }
    let mut filled = filled;
    for delivery in &deliveries {
        let body = body_of(cx, delivery).await?;
        let text = excerpt(&String::from_utf8_lossy(&body), SHOWN_MAX);
        let name = sources.iter().find(|s| s.id == delivery.source).map_or("", |s| s.name.as_str());
        let shown = Html::trusted(format!("<pre>{}</pre>", Html::text(&text)));
        page = page
            .part(heading(name))
            .part(facts(vec![
                (w.t("hooks-came"), w.moment_utc(delivery.at).into()),
                (w.t("hooks-message"), Html::code(&delivery.message)),
                (w.t("hooks-fault"), Html::text(&delivery.fault)),
            ]))
            .part(fold(&w.t("hooks-body"), false, shown));
        if cx.can::<DecideMessage>() {
            for word in ["release", "dismiss"] {
                let back = filled.take_if(|(id, w, _)| *id == delivery.id && *w == word);
                let open = back.is_some();
                let form = back.map_or_else(|| form(cx, delivery, word), |(_, _, form)| form);
                page = page.part(fold(&w.t(&format!("hooks-do-{word}")), open, form));
            }
        }
    }
    Ok(page)
}

/// `GET /channels/sources/unread`
///
/// # Errors
/// When the reader may not see them.
pub async fn list(cx: Cx) -> Answer {
    cx.page(&page(&cx, None).await?)
}

/// What a person wrote in the place of what could not be read; else the message read anew.
fn report(form: &Form, body: &[u8], source: &Source) -> Result<HookReport, Refusal> {
    let (title, description) = (form.typed("title"), form.typed("description"));
    if title.is_empty() && description.is_empty() {
        return read(body, &source.places).map_err(|why| {
            Refusal::field(
                "title",
                format!("It still cannot be read: {why} Write what it reports."),
            )
        });
    }
    let description = if description.is_empty() { title } else { description };
    let title = if title.is_empty() {
        description.lines().next().unwrap_or_default().chars().take(TITLE_MAX).collect()
    } else {
        title.to_owned()
    };
    Ok(HookReport {
        reference: String::new(),
        title: line("title", &title, TITLE_MAX)?,
        description: sentence("description", description, TEXT_MAX)?,
        kind: CaseKind::Concern,
        occurred_at: None,
        contact: None,
    })
}

/// `POST /channels/sources/unread/{id}/{action}`: `release` or `dismiss`.
///
/// # Errors
/// When the form is another session's, there is no such message, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<DecideMessage>()?;
    let word =
        ["release", "dismiss"].into_iter().find(|w| *w == action).ok_or(Refusal::NotFound)?;
    let id: DeliveryId = id.parse().map_err(|_| Refusal::NotFound)?;
    let (deliveries, sources) = waiting(&cx).await?;
    let delivery = deliveries.iter().find(|d| d.id == id).ok_or(Refusal::NotFound)?;
    let source = sources.iter().find(|s| s.id == delivery.source).ok_or(Refusal::NotFound)?;
    let mut form = form(&cx, delivery, word);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &pairs, (word, delivery, source), &form).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("hooks-do-{word}-done")));
                return cx.see_other("/channels/sources/unread", done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, Some((id, word, form))).await?)
}

async fn carry_out(
    cx: &Cx,
    pairs: &Pairs,
    (word, delivery, source): (&str, &Delivery, &Source),
    form: &Form,
) -> Result<(), Failure> {
    let (id, version, why) = (delivery.id, version_seen(form)?, form.typed("why").to_owned());
    let made = if word == "release" {
        Some(report(form, &body_of(cx, delivery).await?, source)?)
    } else {
        None
    };
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<DecideMessage>(actor, &Facts::of(owner))?;
        match &made {
            Some(report) => {
                service::release(tx, env, &permit, (id, version), (report, &why)).map(|_| ())
            }
            None => service::dismiss(tx, env, &permit, (id, version), &why),
        }
    })
    .await
}
