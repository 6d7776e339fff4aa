//! Frozen populations: the list, and freezing a file.

use super::{Page, WORK, done, framed, fresh_key, heading, href, id, onto, papers};
use crate::engine::{self, Declared, FreezeInput};
use crate::model::Population;
use crate::permits::KeepPopulations;
use crate::rules::cover::in_words;
use crate::service::{self, register};
use crate::store::Papers;
use crate::supplied::model::Origin;
use axum::extract::Path;
use axum::extract::multipart::{Field as Part, MultipartError};
use axum::http::StatusCode;
use evidence::model::EvidenceItem;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::blobs::BlobRef;
use platform::http::{Answer, BODY_BYTES_MAX, Cx, Failure, Pairs, Upload, plain_file_name};
use platform::ui::{
    Choice, Column, Empty, Field, Form, Html, Kind, ListQuery, Row, Status, Table, Tone,
};
use platform::words::Words;
use populations::SourceFile;
use populations::times::Span;
use sha2::{Digest as _, Sha256};

/// Most files of one population that are taken by a page.
const FILES_MAX: usize = 60;

/// The zone that the examination's dates are read in.
pub(super) fn zone(papers: &Papers) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(papers.engagement.period.zone().name())
        .unwrap_or(jiff::tz::TimeZone::UTC)
}

pub(super) fn judged(w: Words, papers: &Papers, population: &Population) -> Status {
    let ready = papers.unready(std::iter::once(population.id)).is_empty();
    match population.judgement.as_ref().map(|j| j.accepted) {
        // Accepted, and since then something was found or a corrected list took its place.
        Some(true) if !ready => Status::new(Tone::Attention, w.t("examination-accepted-open")),
        None => Status::new(Tone::Waiting, w.t("examination-not-judged")),
        Some(true) => Status::new(Tone::Good, w.t("examination-accepted")),
        Some(false) => Status::new(Tone::Attention, w.t("examination-rejected")),
    }
}

pub(super) fn kind_word(w: Words, kind: populations::schema::Kind) -> String {
    w.t(match kind {
        populations::schema::Kind::Events => "examination-kind-events",
        populations::schema::Kind::Capture => "examination-kind-capture",
    })
}

/// The schemas of the library, each once.
fn library_schemas() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<(&str, &str)> =
        populations::library::TESTS.iter().flat_map(|test| test.schemas.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A file, an item of evidence or the register: where the rows come from.
fn origin_fields(cx: &Cx, items: &[EvidenceItem], form: Form) -> Form {
    let w = cx.w;
    let accepted = ".csv,.gz,.json,.ndjson,.xlsx,.parquet,text/csv";
    let none = || Choice::new("", "–");
    let items = items.iter().map(|item| {
        let name = if item.is_collected() {
            cx.w.t1("examination-collected", "name", item.name.clone())
        } else {
            item.name.clone()
        };
        Choice::new(item.id.to_string(), name)
    });
    let supplied_by = ["organisation", "firm"]
        .map(|who| Choice::new(who, w.t(&format!("examination-supplied-{who}"))));
    form.field(
        Field::new(w, "file", w.t("examination-file"), Kind::File(accepted.into())).hint(w.t1(
            "examination-file-hint",
            "most",
            w.size(cx.app.upload_bytes_max),
        )),
    )
    .field(
        Field::new(
            w,
            "supplied_by",
            w.t("examination-supplied-by"),
            Kind::Radio(supplied_by.to_vec()),
        )
        .hint(w.t("examination-supplied-hint")),
    )
    .field(
        Field::new(
            w,
            "evidence",
            w.t("library-from-evidence"),
            Kind::Select(std::iter::once(none()).chain(items).collect()),
        )
        .hint(w.t("library-from-evidence-hint")),
    )
    .field(
        Field::new(w, "register", w.t("library-from-register"), Kind::Box)
            .hint(w.t("library-from-register-hint")),
    )
}

fn freeze_form(cx: &Cx, papers: &Papers, items: &[EvidenceItem]) -> Form {
    let shell = cx.shell();
    let w = shell.w;
    let controls =
        papers.controls.iter().map(|c| Choice::new(c.id.to_string(), c.text.code.clone()));
    let schemas = library_schemas().into_iter().map(|(name, text)| {
        let kind = populations::schema::parse(text).map(|schema| kind_word(w, schema.kind));
        Choice::new(name, kind.map_or_else(|_| name.to_owned(), |kind| format!("{name}: {kind}")))
    });
    let schemas = std::iter::once(Choice::new("", "–")).chain(schemas).collect();
    let form = Form::post(
        w,
        href(papers.engagement.id, "/populations"),
        &shell.csrf,
        w.t("examination-freeze"),
    )
    .key(fresh_key(cx))
    .field(
        Field::new(w, "name", w.t("examination-population-name"), Kind::Text).required().max(200),
    )
    .field(
        Field::new(w, "schema", w.t("examination-schema"), Kind::Area(12))
            .hint(w.t("examination-schema-hint"))
            .max(200_000),
    )
    .field(
        Field::new(w, "library", w.t("library-schema"), Kind::Select(schemas))
            .hint(w.t("library-schema-hint")),
    )
    .field(
        Field::new(w, "source", w.t("examination-source"), Kind::Area(2))
            .hint(w.t("examination-source-hint"))
            .max(4_000),
    )
    .field(Field::new(w, "covers_from", w.t("examination-covers-from"), Kind::Date).hint(w.t2(
        "examination-covers-hint",
        "from",
        papers.engagement.period.start().to_string(),
        "to",
        papers.engagement.period.end().to_string(),
    )))
    .field(Field::new(w, "covers_to", w.t("examination-covers-to"), Kind::Date))
    .field(
        Field::new(w, "speaks_for", w.t("examination-speaks-for"), Kind::Text)
            .hint(w.t("examination-speaks-for-hint"))
            .max(20),
    )
    .field(Field::new(
        w,
        "controls",
        w.t("examination-tab-controls"),
        Kind::Boxes(controls.collect()),
    ));
    origin_fields(cx, items, form)
}

/// What a population covers, and which days of the period it leaves out.
fn covers(w: Words, papers: &Papers, population: &Population) -> Html {
    let Some(coverage) = &population.body.coverage else { return Html::default() };
    let days = w.t2(
        "examination-covers-days",
        "from",
        coverage.from.to_string(),
        "to",
        coverage.to.to_string(),
    );
    let left_out = papers.days_left_out(population);
    if left_out.is_empty() {
        return Html::text(&days);
    }
    let text = w.t1("examination-leaves-out", "days", in_words(&left_out));
    Html::text(&format!("{days} ")).and(Status::new(Tone::Attention, text))
}

fn populations_table(w: Words, query: &ListQuery, papers: &Papers) -> Table {
    let columns = vec![
        Column::new(w.t("examination-population")),
        Column::new(w.t("examination-census-population")).numeric(),
        Column::new(w.t("examination-covers")),
        Column::new(w.t("examination-population-hash")),
        Column::new(w.t("examination-frozen-at")),
        Column::new(w.t("examination-judgement")),
    ];
    let mut all: Vec<&Population> = papers.populations.values().collect();
    all.sort_by_key(|p| std::cmp::Reverse((p.recorded_at, p.id)));
    let zone = zone(papers);
    let rows = all.iter().map(|p| {
        Row::new(vec![
            (&p.body.name).into(),
            w.number(p.body.rows).into(),
            covers(w, papers, p).into(),
            Html::code(&p.body.canonical_sha256).into(),
            w.moment(p.body.frozen_at, &zone).into(),
            judged(w, papers, p).into(),
        ])
        .to(href(papers.engagement.id, &format!("/populations/{}", p.id)))
    });
    Table::new(w, "populations", w.t("examination-tab-populations"), columns)
        .rows(rows)
        .empty(Empty::new(
            w.t("examination-no-populations"),
            w.t("examination-no-populations-next"),
        ))
        .exports(query)
        .cards()
}

fn list_page(cx: &Cx, papers: &Papers, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let table = populations_table(w, &cx.list_query(), papers);
    let all = &papers.populations;
    let judged = all.values().filter(|p| p.judgement.is_some()).count();
    let library = format!(
        "<p><a href=\"{}\">{}</a></p>",
        Html::text(&href(papers.engagement.id, "/library")),
        Html::text(&w.t("library-title"))
    );
    let mut parts: Vec<Html> = vec![table.into(), Html::trusted(library)];
    if cx.can::<KeepPopulations>() {
        parts.extend([heading(&w.t("examination-freeze")), form.into()]);
    }
    let shell = framed(shell, papers, "populations")
        .title(w.t("examination-populations-title"))
        .answer(w.t2("examination-populations-answer", "count", all.len(), "judged", judged));
    Page { shell, parts }
}

/// `GET /examination/{engagement}/populations`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn list(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let (papers, _) = papers(&cx, id(&engagement)?).await?;
    if let Some(file) = cx.file("populations", &populations_table(cx.w, &cx.list_query(), &papers))
    {
        return file;
    }
    let items = supplied(&cx, &papers).await?;
    let form = freeze_form(&cx, &papers, &items);
    cx.page(&list_page(&cx, &papers, form))
}

/// What the organisation supplied for this engagement.
async fn supplied(cx: &Cx, papers: &Papers) -> Result<Vec<EvidenceItem>, Failure> {
    let (owner, engagement) = (papers.engagement.organisation, papers.engagement.id);
    let mut items = cx.read(move |conn, _| evidence::store::items(conn, owner)).await?;
    items.retain(|item| item.engagement.is_none_or(|of| of == engagement));
    Ok(items)
}

fn cut_off(fault: &MultipartError) -> Failure {
    if fault.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let text = "The files are larger than this deployment takes at once. Freeze them at the command line.";
        return Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, text.into());
    }
    let text = "The upload was cut off before its end. Send it again.";
    Failure::Request(StatusCode::BAD_REQUEST, text.into())
}

/// What came with the form: its texts, and the files as they were stored.
#[derive(Default)]
struct Sent {
    pairs: Pairs,
    files: Vec<(String, BlobRef)>,
}

async fn receive(cx: &Cx, upload: Upload) -> Result<Sent, Failure> {
    let mut sent = Sent::default();
    let mut multipart = upload.0;
    let mut room = BODY_BYTES_MAX;
    while let Some(part) = multipart.next_field().await.map_err(|e| cut_off(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if let Some(file) = part.file_name().map(plain_file_name) {
            // Nothing is stored for somebody whose form is not this session's own.
            cx.check_csrf(&sent.pairs)?;
            if sent.files.len() >= FILES_MAX {
                return Err(Refusal::field("file", "At most 60 files are taken at once.").into());
            }
            let blob = store_part(cx, part).await?;
            if blob.bytes > 0 {
                sent.files.push((file, blob));
            }
            continue;
        }
        let bytes = part.bytes().await.map_err(|e| cut_off(&e))?;
        room = room.checked_sub(bytes.len() + name.len()).ok_or_else(|| {
            Failure::Request(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The form's texts are too long. Shorten the schema.".into(),
            )
        })?;
        let value = String::from_utf8(bytes.to_vec()).map_err(|_| {
            Failure::Request(
                StatusCode::BAD_REQUEST,
                "The form is not UTF-8 text. Send it as UTF-8.".into(),
            )
        })?;
        sent.pairs.0.push((name, value));
    }
    cx.check_csrf(&sent.pairs)?;
    Ok(sent)
}

/// Takes a file as it arrives; what was given is kept beside what is frozen from it.
async fn store_part(cx: &Cx, mut part: Part<'_>) -> Result<BlobRef, Failure> {
    let fault = |e: platform::blobs::BlobError| Failure::Fault(e.to_string());
    let mut incoming = cx.app.blobs.begin(cx.app.upload_bytes_max).map_err(fault)?;
    while let Some(chunk) = part.chunk().await.map_err(|e| cut_off(&e))? {
        incoming.write(&chunk).map_err(|e| match e {
            platform::blobs::BlobError::TooLarge { .. } => Failure::Request(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The file is larger than this deployment takes. Freeze it at the command line."
                    .into(),
            ),
            other => fault(other),
        })?;
    }
    incoming.finish().map_err(fault)
}

/// `POST /examination/{engagement}/populations`: takes a file and freezes it.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn freeze(cx: Cx, Path(engagement): Path<String>, upload: Upload) -> Answer {
    let engagement: EngagementId = id(&engagement)?;
    // Who may not freeze here sends no file either.
    cx.read(move |conn, actor| {
        authorize::<KeepPopulations>(actor, &scope::facts(conn, engagement)?)?;
        Ok(())
    })
    .await?;
    let sent = receive(&cx, upload).await?;
    let (papers, _) = papers(&cx, engagement).await?;
    let items = supplied(&cx, &papers).await?;
    let mut form = freeze_form(&cx, &papers, &items);
    let mut pairs = sent.pairs.clone();
    pairs.0.extend(sent.files.iter().map(|(name, _)| ("file".to_owned(), name.clone())));
    form.fill(&pairs.0);
    form.check();
    let date = match form.typed("speaks_for") {
        "" => None,
        text => match populations::schema::parse_snapshot_date(text) {
            Ok(date) => Some(date),
            Err(fault) => {
                form.error("speaks_for", fault);
                None
            }
        },
    };
    let span = span(&mut form, cx.w);
    let origin =
        if form.ok() { origin(&cx, &papers, &items, &mut form, &sent, span).await? } else { None };
    if let Some(origin) = origin {
        match frozen(&cx, &papers, &form, origin, &sent.pairs, date).await {
            Ok(population) => {
                let to = href(engagement, &format!("/populations/{population}"));
                return done(&cx, &to, "examination-saved-population").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&list_page(&cx, &papers, form))
}

/// Where the rows come from and what their columns mean.
struct Rows {
    files: Vec<(String, String)>,
    rows: Option<Vec<u8>>,
    source: String,
    schema: String,
    origin: Origin,
    span: Option<Span>,
    declared: Declared,
}

/// The period that was typed: both of its days, or neither.
fn span(form: &mut Form, w: Words) -> Option<Span> {
    let day = |name: &str| kernel::period::parse_date(form.typed(name)).ok();
    match (day("covers_from"), day("covers_to")) {
        (Some(from), Some(to)) => Some(Span { from, to }),
        (None, None) => None,
        (from, _) => {
            let lacks = if from.is_none() { "covers_from" } else { "covers_to" };
            form.error(lacks, w.t("examination-covers-both"));
            None
        }
    }
}

/// What the columns mean: the text that was typed, or a schema of the library in the engagement's zone.
fn schema_of(
    cx: &Cx,
    papers: &Papers,
    form: &mut Form,
    register: bool,
) -> Result<Option<String>, Failure> {
    let own = form.typed("schema").trim().to_owned();
    let library = library_schemas().into_iter().find(|(name, _)| *name == form.typed("library"));
    let zone = papers.engagement.period.zone().name();
    let in_zone = |text: &str| {
        let own = format!("\"{zone}\"");
        text.replace("\"America/New_York\"", &own).replace("\"UTC\"", &own)
    };
    Ok(match (own.is_empty(), library) {
        (false, None) => Some(own),
        (true, Some((_, text))) => Some(in_zone(text)),
        (true, None) if register => Some(in_zone(register::schema()?)),
        (true, None) => {
            form.error("schema", cx.w.t("library-schema-needed"));
            None
        }
        (false, Some(_)) => {
            form.error("schema", cx.w.t("library-schema-twice"));
            None
        }
    })
}

/// What the form names: exactly one of uploaded files, an item of evidence and the register.
async fn origin(
    cx: &Cx,
    papers: &Papers,
    items: &[EvidenceItem],
    form: &mut Form,
    sent: &Sent,
    span: Option<Span>,
) -> Result<Option<Rows>, Failure> {
    let item = items.iter().find(|item| item.id.to_string() == form.typed("evidence"));
    let from_register = !form.typed("register").is_empty();
    let given = [!sent.files.is_empty(), item.is_some(), from_register];
    if given.iter().filter(|given| **given).count() != 1 {
        form.error("file", cx.w.t("library-one-origin"));
        return Ok(None);
    }
    let Some(schema) = schema_of(cx, papers, form, from_register)? else { return Ok(None) };
    if from_register {
        let (owner, period) = (papers.engagement.organisation, papers.engagement.period.clone());
        let whole = Span { from: period.start(), to: period.end() };
        let found = cx.read(move |conn, _| register::extract(conn, owner, &period)).await?;
        return Ok(Some(Rows {
            files: Vec::new(),
            source: found.query,
            schema,
            origin: Origin::Register,
            span: Some(whole),
            declared: Declared {
                control_total: Some(found.count),
                window: Some(whole),
                generated_at: Some(cx.env().now().to_jiff()),
                source_sha256: Some(hex::encode(Sha256::digest(&found.rows))),
                reconciliation: None,
            },
            rows: Some(found.rows),
        }));
    }
    let mut source = form.typed("source").to_owned();
    let files = match item {
        Some(item) => {
            if source.trim().is_empty() {
                source.clone_from(&item.source);
            }
            vec![(item.name.clone(), item.sha256.clone())]
        }
        None => sent.files.iter().map(|(name, blob)| (name.clone(), blob.sha256.clone())).collect(),
    };
    if source.trim().is_empty() {
        form.error("source", cx.w.t("examination-source-hint"));
        return Ok(None);
    }
    let origin = match (item, form.typed("supplied_by")) {
        (Some(item), _) => Origin::Evidence { evidence: item.id },
        (None, "organisation") => Origin::Organisation,
        (None, "firm") => Origin::Firm,
        (None, _) => {
            form.error("supplied_by", cx.w.t("examination-supplied-needed"));
            return Ok(None);
        }
    };
    let declared = Declared {
        generated_at: item.map(|item| item.extracted_at.to_jiff()),
        // A collector digested the answer when it came; what a person uploads has no such witness.
        source_sha256: item.filter(|item| item.is_collected()).map(|item| item.sha256.clone()),
        ..Declared::default()
    };
    Ok(Some(Rows { files, rows: None, source, schema, origin, span, declared }))
}

async fn frozen(
    cx: &Cx,
    papers: &Papers,
    form: &Form,
    origin: Rows,
    pairs: &Pairs,
    speaks_for: Option<kernel::period::Date>,
) -> Result<crate::model::PopulationId, Failure> {
    let (blobs, now) = (cx.app.blobs.clone(), cx.env().now());
    let (engagement, period) = (papers.engagement.id, papers.engagement.period.clone());
    let connected = Some((origin.declared.source_sha256.clone(), origin.source.clone()))
        .filter(|_| origin.origin == Origin::Register)
        .and_then(|(sha256, query)| Some((sha256?, query)));
    let name = form.typed("name").to_owned();
    let controls = form.ticked("controls").iter().filter_map(|c| c.parse().ok()).collect();
    let body = WORK
        .run(move || {
            let mut sources = Vec::with_capacity(origin.files.len() + 1);
            for (name, sha256) in origin.files {
                let reader =
                    blobs.open(&sha256).map_err(|e| platform::db::Error::Other(e.to_string()))?;
                sources.push(SourceFile { name, reader: Box::new(reader), speaks_for });
            }
            sources.extend(origin.rows.map(|rows| SourceFile {
                name: "case-register.json".into(),
                reader: Box::new(std::io::Cursor::new(rows)),
                speaks_for: None,
            }));
            let input = FreezeInput {
                schema: origin.schema,
                sources,
                name,
                source: origin.source,
                controls,
                span: origin.span,
                period,
                origin: origin.origin,
                declared: origin.declared,
            };
            engine::freeze(&blobs, now, input, &())
        })
        .await??;
    super::once(cx, pairs, move |tx, env, actor| {
        let facts = scope::facts(tx, engagement)?;
        let permit = authorize::<KeepPopulations>(actor, &facts)?;
        let id = service::record_population(tx, env, &permit, &body)?;
        if let Some((sha256, query)) = &connected {
            let made = register::retrieval(sha256, query, who(tx, &permit)?, now);
            crate::ipe::service::record_retrieval(tx, env, &permit, id, &made)?;
        }
        Ok(id)
    })
    .await
}

/// Whoever is signed in, by name.
fn who(
    tx: &mut platform::db::Tx<'_>,
    permit: &kernel::permit::Permit<KeepPopulations>,
) -> platform::db::Result<String> {
    match permit.actor().person {
        Some(person) => identity::store::name_of(tx, person),
        None => Ok(permit.actor().name()),
    }
}
