//! The vault, as people see it.

pub mod requests;
mod upload;

use crate::collectors::permits::ReadCollectors;
use crate::collectors::{pages as collectors, store as collected};
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
use platform::http::{Answer, Cx, Failure, Upload};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Hash, Html, Kind, Page, Row, Shell, Table,
    facts,
};

async fn seen(cx: &Cx) -> Result<Vec<EvidenceItem>, Failure> {
    let chosen = cx.engagement();
    cx.read(move |conn, actor| service::seen(conn, actor, chosen)).await
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
    let may_add = cx.may::<SupplyEvidence>().is_ok();
    let mut empty = Empty::new(w.t("evidence-none"), w.t("evidence-none-next"));
    if may_add {
        empty = empty.action(add.clone());
    }
    let query = cx.list_query();
    let table = Table::new(w, "evidence", w.t("evidence-title"), columns)
        .rows(rows)
        .exports(&query)
        .empty(empty);
    if let Some(file) = cx.file("evidence", &table) {
        return file;
    }
    let mut shell = cx
        .shell()
        .title(w.t("evidence-question"))
        .answer(w.t1("evidence-answer", "count", items.len()))
        .at("evidence");
    if cx.can::<ReadCollectors>() {
        shell = shell.action(Button::link("/evidence/collectors", w.t("collectors-title")));
    }
    if may_add {
        shell = shell.action(add);
    }
    cx.page(&Page::new(shell).part(table))
}

/// An item that this person may read.
fn readable(
    conn: &mut platform::db::Conn<'_>,
    actor: &kernel::party::Actor,
    id: EvidenceId,
) -> platform::db::Result<EvidenceItem> {
    let (owner, engagement) = store::owner_of(conn, id)?.ok_or(Refusal::NotFound)?;
    let facts = match engagement {
        Some(engagement) => ::scope::facts(conn, engagement)?,
        None => shared_facts(conn, actor, owner)?,
    };
    authorize::<ReadEvidence>(actor, &facts)?;
    Ok(store::item(conn, owner, id)?.ok_or(Refusal::NotFound)?)
}

async fn one(cx: &Cx, id: String) -> Result<EvidenceItem, Failure> {
    let id: EvidenceId = id.parse().map_err(|_| Refusal::NotFound)?;
    cx.read(move |conn, actor| readable(conn, actor, id)).await
}

/// What a collector put on record of an item; nothing for one that a person supplied.
async fn retrieval(cx: &Cx, item: &EvidenceItem) -> Result<Option<Html>, Failure> {
    let (owner, id, w) = (item.organisation, item.id, cx.w);
    cx.read(move |conn, _| {
        let Some((run, name)) = collected::run_of(conn, owner, id)? else { return Ok(None) };
        let Some(record) = &run.record else { return Ok(None) };
        let person = match run.started_by.parse() {
            Ok(person) => Some(identity::store::name_of(conn, person)?),
            Err(_) => None,
        };
        let started = collectors::started_by(w, &run.started_by, person);
        Ok(Some(collectors::retrieved(w, (&run, &name), record, &started)))
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
    let mut page = Page::new(
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
        (w.t("evidence-media-type"), Html::text(&item.media_type)),
        (w.t("evidence-digest"), Html::code(&item.sha256)),
        (w.t("evidence-entry"), Html::code(&item.event.to_string())),
    ]));
    if let Some(retrieval) = retrieval(&cx, &item).await? {
        page = page
            .heading(&w.t("collectors-retrieval"))
            .part(platform::ui::prose(&w.t("collectors-retrieval-text")))
            .part(retrieval);
    }
    let file = format!("/evidence/{}/file", item.id);
    cx.page(&page.part(Button::link(file, w.t("evidence-download")).primary()))
}

/// `GET /evidence/{id}/file`: the bytes, verified before the first is sent.
///
/// # Errors
/// When there is no such item, or the stored file was altered.
pub async fn file(cx: Cx, Path(id): Path<String>) -> Answer {
    let item = one(&cx, id).await?;
    // What was taken once is given back, whatever the bound for uploads is today.
    let (blobs, name, max) = (cx.app.blobs.clone(), item.sha256.clone(), item.bytes);
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
        // Last, so that what was typed has arrived when a file is refused on its way.
        .field(Field::new(w, "file", w.t("evidence-file"), Kind::File(String::new())).required())
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
/// When the person may not supply evidence.
pub async fn new_form(cx: Cx) -> Answer {
    cx.may::<SupplyEvidence>()?;
    let codes = codes(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("evidence-new"))
        .at("evidence")
        .crumb("/evidence", cx.w.t("evidence-title"));
    let form = upload_form(&shell, &cx.form_key(), &codes);
    cx.page(&Page::new(shell).part(form))
}

fn days(form: &Form, now: Timestamp) -> Result<SpeaksFor, Failure> {
    let period = kernel::period::Period::parse(
        form.typed("speaks_from"),
        form.typed("speaks_to"),
        form.typed("zone"),
    )
    .map_err(|e| Refusal::field("speaks_to", format!("{e}.")))?;
    if period.starts_at() > now {
        return Err(Refusal::field(
            "speaks_from",
            "This day has not begun yet. Check the date and its zone.",
        )
        .into());
    }
    // A day that is not over yet is spoken for until now.
    Ok(SpeaksFor { from: period.starts_at(), to: period.last_instant().min(now) })
}

/// `POST /evidence/new`
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn new_submit(cx: Cx, upload: Upload) -> Answer {
    // Who may not supply evidence sends no file either.
    cx.may::<SupplyEvidence>()?;
    let sent = upload::receive(&cx, upload).await?;
    let codes = codes(&cx).await?;
    let shell = cx
        .shell()
        .title(cx.w.t("evidence-new"))
        .at("evidence")
        .crumb("/evidence", cx.w.t("evidence-title"));
    let mut form = upload_form(&shell, "", &codes);
    form.fill(&sent.pairs.0);
    form.check();
    if let Some(fault) = &sent.fault {
        form.error("file", fault.clone());
    }
    if form.ok() {
        match submit(&cx, &form, &sent).await {
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

async fn submit(cx: &Cx, form: &Form, sent: &upload::Sent) -> Result<EvidenceId, Failure> {
    let file = sent
        .file
        .clone()
        .ok_or_else(|| Refusal::field("file", "Choose a file that is not empty."))?;
    let now = cx.env().now();
    let mut pairs = sent.pairs.clone();
    // The same form with another file is another command.
    pairs.0.push(("sha256".to_owned(), file.blob.sha256.clone()));
    let input = EvidenceInput {
        name: form.typed("name").to_owned(),
        blob: file.blob,
        media_type: file.media_type.into(),
        speaks_for: days(form, now)?,
        source: form.typed("source").to_owned(),
        extracted_at: now,
        controls: form.ticked("controls").iter().filter_map(|c| c.parse().ok()).collect(),
    };
    let engagement = cx.engagement();
    cx.write_once(&pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let facts = match engagement {
            Some(id) => ::scope::facts(tx, id)?,
            None => Facts::of(owner),
        };
        service::supply(tx, env, &authorize::<SupplyEvidence>(actor, &facts)?, &input)
    })
    .await
}
