//! The vault, as people see it.

pub mod requests;

use crate::model::{EvidenceId, EvidenceItem, SpeaksFor};
use crate::permits::{ReadEvidence, SupplyEvidence};
use crate::service::{self, EvidenceInput};
use crate::store;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::blobs::BlobRef;
use platform::http::{Answer, Cx, Failure, Pairs, Upload, plain_file_name};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Hash, Html, Kind, Page, Row, Shell, Table,
    facts,
};
use std::sync::Arc;

/// What this page needs of the form beside the file.
const FIELDS_MAX: usize = 100;

async fn seen(cx: &Cx) -> Result<Vec<EvidenceItem>, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        scope::<ReadEvidence>(actor)?;
        let owner = ::scope::service::organisation_seen(conn, actor, chosen)?;
        store::items(conn, owner)
    })
    .await
}

fn span(item: &EvidenceItem) -> String {
    let zone = Zone::utc();
    if item.speaks_for.from == item.speaks_for.to {
        return zone.rfc3339(item.speaks_for.from);
    }
    format!("{} – {}", zone.rfc3339(item.speaks_for.from), zone.rfc3339(item.speaks_for.to))
}

/// `GET /evidence`
///
/// # Errors
/// When the reader may not see the vault.
pub async fn list(cx: Cx) -> Answer {
    let items = seen(&cx).await?;
    let w = cx.w;
    let rows = items.iter().map(|i| {
        Row::new(vec![
            (&i.name).into(),
            span(i).into(),
            (&i.source).into(),
            w.number(i.bytes).into(),
            Hash::new(&i.sha256).into(),
        ])
        .to(format!("/evidence/{}", i.id))
    });
    let columns = ["name", "speaks-for", "source", "bytes", "digest"]
        .map(|k| Column::new(w.t(&format!("evidence-{k}"))))
        .to_vec();
    let add = Button::link("/evidence/new", w.t("evidence-add")).primary();
    let table = Table::new(w, "evidence", w.t("evidence-title"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("evidence-none"), w.t("evidence-none-next")).action(add.clone()));
    let shell = cx
        .shell()
        .title(w.t("evidence-question"))
        .answer(w.t1("evidence-answer", "count", items.len()))
        .at("evidence")
        .action(add);
    cx.page(&Page::new(shell).part(table))
}

async fn one(cx: &Cx, id: String) -> Result<EvidenceItem, Failure> {
    let id: EvidenceId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.read(move |conn, actor| {
        let (owner, engagement) = store::owner_of(conn, id)?.ok_or(Refusal::NotFound)?;
        let facts = match engagement {
            Some(engagement) => ::scope::facts(conn, engagement)?,
            None => shared_facts(conn, actor, owner)?,
        };
        authorize::<ReadEvidence>(actor, &facts)?;
        Ok(store::item(conn, owner, id)?.ok_or(Refusal::NotFound)?)
    })
    .await
}

/// Evidence outside any engagement is read by the organisation, and by a firm that one of its
/// engagements joins.
fn shared_facts(
    conn: &mut platform::db::Conn<'_>,
    actor: &kernel::party::Actor,
    owner: kernel::ids::PartyId,
) -> platform::db::Result<Facts> {
    if actor.side == kernel::party::Side::Firm {
        let seen = scope::<::scope::permits::ReadEngagement>(actor)?;
        let joined =
            ::scope::store::engagements(conn, &seen)?.into_iter().find(|e| e.organisation == owner);
        return Ok(joined.map_or(Facts::of(owner), |e| ::scope::facts_of(&e)));
    }
    Ok(Facts::of(owner))
}

/// `GET /evidence/{id}`
///
/// # Errors
/// When there is no such item in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let item = one(&cx, id).await?;
    let w = cx.w;
    let zone = Zone::utc();
    let page = Page::new(
        cx.shell()
            .title(item.name.clone())
            .answer(w.t1("evidence-one-answer", "span", span(&item)))
            .at("evidence")
            .crumb("/evidence", w.t("evidence-title")),
    )
    .part(facts(vec![
        (w.t("evidence-speaks-for"), Html::text(&span(&item))),
        (w.t("evidence-source"), Html::text(&item.source)),
        (w.t("evidence-extracted"), Html::text(&zone.rfc3339(item.extracted_at))),
        (w.t("evidence-recorded"), Html::text(&zone.rfc3339(item.recorded_at))),
        (w.t("evidence-bytes"), w.number(item.bytes).into()),
        (w.t("evidence-digest"), Html::code(&item.sha256)),
        (w.t("evidence-entry"), Html::code(&item.event.to_string())),
    ]))
    .part(Button::link(format!("/evidence/{}/file", item.id), w.t("evidence-download")).primary());
    cx.page(&page)
}

/// `GET /evidence/{id}/file`: the bytes, verified before the first is sent.
///
/// # Errors
/// When there is no such item, or the stored file was altered.
pub async fn file(cx: Cx, Path(id): Path<String>) -> Answer {
    let item = one(&cx, id).await?;
    let (blobs, name, max) = (cx.app.blobs.clone(), item.sha256.clone(), cx.app.upload_bytes_max);
    let bytes = cx
        .app
        .blocking(move || blobs.read(&name, max))
        .await?
        .map_err(|e| Failure::Fault(e.to_string()))?;
    let ascii: String = item
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '_' })
        .collect();
    // Never shown inside our own pages: what somebody uploaded runs nothing here.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{ascii}\"")),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

fn upload_form(shell: &Shell, key: &str, controls: &[(String, String)]) -> Form {
    let w = shell.w;
    let choices = controls.iter().map(|(id, code)| Choice::new(id.clone(), code.clone())).collect();
    Form::post(w, "/evidence/new", &shell.csrf, w.t("evidence-add"))
        .key(key)
        .cancel("/evidence")
        .field(Field::new(w, "file", w.t("evidence-file"), Kind::File(String::new())).required())
        .field(Field::new(w, "name", w.t("evidence-name"), Kind::Text).required().max(200))
        .field(
            Field::new(w, "speaks_from", w.t("evidence-from"), Kind::Date)
                .required()
                .hint(w.t("evidence-from-hint")),
        )
        .field(Field::new(w, "speaks_to", w.t("evidence-to"), Kind::Date).required())
        .field(Field::new(w, "zone", w.t("evidence-zone"), Kind::Text).required().value("UTC"))
        .field(
            Field::new(w, "source", w.t("evidence-source"), Kind::Area(3))
                .required()
                .hint(w.t("evidence-source-hint")),
        )
        .field(Field::new(w, "controls", w.t("evidence-controls"), Kind::Boxes(choices)))
}

async fn codes(cx: &Cx) -> Result<Vec<(String, String)>, Failure> {
    cx.read(|conn, actor| {
        let party = actor.party.ok_or(Refusal::NotFound)?;
        Ok(controls::store::controls(conn, party)?
            .into_iter()
            .filter(|c| c.active)
            .map(|c| (c.id.to_string(), c.text.code))
            .collect())
    })
    .await
}

/// `GET /evidence/new`
///
/// # Errors
/// When nobody is signed in.
pub async fn new_form(cx: Cx) -> Answer {
    let codes = codes(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("evidence-new"))
        .at("evidence")
        .crumb("/evidence", cx.w.t("evidence-title"));
    let form = upload_form(&shell, &cx.form_key(), &codes);
    cx.page(&Page::new(shell).part(form))
}

/// The parts of an upload: the fields, and the file once it is durable.
struct Parts {
    pairs: Pairs,
    file: Option<(String, BlobRef)>,
}

async fn receive(cx: &Cx, mut upload: Upload) -> Result<Parts, Failure> {
    let cut = |_| {
        Failure::Request(
            axum::http::StatusCode::BAD_REQUEST,
            "The upload was cut off before its end. Send it again.".into(),
        )
    };
    let mut parts = Parts { pairs: Pairs::default(), file: None };
    while let Some(mut field) = upload.0.next_field().await.map_err(cut)? {
        let name = field.name().unwrap_or_default().to_owned();
        if parts.pairs.0.len() >= FIELDS_MAX {
            return Err(Failure::Request(
                axum::http::StatusCode::PAYLOAD_TOO_LARGE,
                "The form has too many fields.".into(),
            ));
        }
        let Some(file_name) = field.file_name().map(plain_file_name) else {
            parts.pairs.0.push((name, field.text().await.map_err(cut)?));
            continue;
        };
        let failed = |e: platform::blobs::BlobError| Failure::from(platform::db::Error::from(e));
        let blobs: Arc<_> = cx.app.blobs.clone();
        let mut incoming = blobs.begin(cx.app.upload_bytes_max).map_err(failed)?;
        let mut empty = true;
        while let Some(chunk) = field.chunk().await.map_err(cut)? {
            empty = false;
            incoming.write(&chunk).map_err(failed)?;
        }
        if !empty {
            let blob = cx.app.blocking(move || incoming.finish()).await?.map_err(failed)?;
            parts.file = Some((file_name.clone(), blob));
        }
        parts.pairs.0.push((name, file_name));
    }
    Ok(parts)
}

fn days(form: &Form, now: Timestamp) -> Result<SpeaksFor, Failure> {
    let period = kernel::period::Period::parse(
        form.typed("speaks_from"),
        form.typed("speaks_to"),
        form.typed("zone"),
    )
    .map_err(|e| Refusal::field("speaks_to", e.to_string()))?;
    // A day that is not over yet is spoken for until now.
    Ok(SpeaksFor { from: period.starts_at(), to: period.last_instant().min(now) })
}

/// `POST /evidence/new`
///
/// # Errors
/// When the form is another session's, the file is too large, or the person may not.
pub async fn new_submit(cx: Cx, upload: Upload) -> Answer {
    cx.actor()?;
    let parts = receive(&cx, upload).await?;
    cx.check_csrf(&parts.pairs)?;
    let codes = codes(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("evidence-new"))
        .at("evidence")
        .crumb("/evidence", cx.w.t("evidence-title"));
    let mut form = upload_form(&shell, "", &codes);
    form.fill(&parts.pairs.0);
    form.check();
    if form.ok() {
        let done = submit(&cx, &form, parts.file).await;
        match done {
            Ok(id) => {
                return cx
                    .see_other(&format!("/evidence/{id}"), Flash::Done(cx.w.t("evidence-saved")))
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&Page::new(shell).part(form))
}

async fn submit(
    cx: &Cx,
    form: &Form,
    file: Option<(String, BlobRef)>,
) -> Result<EvidenceId, Failure> {
    let (_, blob) =
        file.ok_or_else(|| Refusal::field("file", "Choose a file that is not empty."))?;
    let now = cx.env().now();
    let input = EvidenceInput {
        name: form.typed("name").to_owned(),
        blob,
        media_type: "application/octet-stream".into(),
        speaks_for: days(form, now)?,
        source: form.typed("source").to_owned(),
        extracted_at: now,
        controls: form.ticked("controls").iter().filter_map(|c| c.parse().ok()).collect(),
    };
    let engagement = cx.engagement();
    cx.write(move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let facts = match engagement {
            Some(id) => ::scope::facts(tx, id)?,
            None => Facts::of(owner),
        };
        service::supply(tx, env, &authorize::<SupplyEvidence>(actor, &facts)?, &input)
    })
    .await
}
