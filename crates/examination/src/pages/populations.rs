//! Frozen populations: the list, freezing a file, one population with its checks, the judgement.

use super::{Page, WORK, done, facts, framed, fresh_key, heading, href, id, onto, papers, version};
use crate::engine::{self, Declared, FreezeInput};
use crate::model::{Population, PopulationJudgement};
use crate::permits::KeepPopulations;
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
    Choice, Column, Empty, Field, Form, Html, Kind, Row, Shell, Status, Table, Tone,
};
use platform::words::Words;
use populations::SourceFile;
use populations::times::Span;
use sha2::{Digest as _, Sha256};

/// Most files of one population that are taken by a page.
const FILES_MAX: usize = 60;

/// The zone that the examination's dates are read in.
fn zone(papers: &Papers) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(papers.engagement.period.zone().name())
        .unwrap_or(jiff::tz::TimeZone::UTC)
}

fn judged(w: Words, papers: &Papers, population: &Population) -> Status {
    let ready = papers.unready(std::iter::once(population.id)).is_empty();
    match population.judgement.as_ref().map(|j| j.accepted) {
        // Accepted, and since then something was found or a corrected list took its place.
        Some(true) if !ready => Status::new(Tone::Attention, w.t("examination-accepted-open")),
        None => Status::new(Tone::Waiting, w.t("examination-not-judged")),
        Some(true) => Status::new(Tone::Good, w.t("examination-accepted")),
        Some(false) => Status::new(Tone::Attention, w.t("examination-rejected")),
    }
}

fn kind_word(w: Words, kind: populations::schema::Kind) -> String {
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
    let items = items.iter().map(|item| Choice::new(item.id.to_string(), item.name.clone()));
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

fn list_page(cx: &Cx, papers: &Papers, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let columns = vec![
        Column::new(w.t("examination-population")),
        Column::new(w.t("examination-census-population")).numeric(),
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
            Html::code(&p.body.canonical_sha256).into(),
            w.moment(p.body.frozen_at, &zone).into(),
            judged(w, papers, p).into(),
        ])
        .to(href(papers.engagement.id, &format!("/populations/{}", p.id)))
    });
    let table =
        Table::new(w, "populations", w.t("examination-tab-populations"), columns).rows(rows).empty(
            Empty::new(w.t("examination-no-populations"), w.t("examination-no-populations-next")),
        );
    let judged = all.iter().filter(|p| p.judgement.is_some()).count();
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
    let connected =
        origin.declared.source_sha256.clone().map(|sha256| (sha256, origin.source.clone()));
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

fn judge_form(shell: &Shell, engagement: EngagementId, population: &Population) -> Form {
    let w = shell.w;
    let choices = vec![
        Choice::new("yes", w.t("examination-accepted")),
        Choice::new("no", w.t("examination-rejected")),
    ];
    let action = href(engagement, &format!("/populations/{}", population.id));
    Form::post(w, action, &shell.csrf, w.t("examination-judge"))
        .version(u64::try_from(population.version).unwrap_or_default())
        .field(
            Field::new(w, "accepted", w.t("examination-judgement"), Kind::Radio(choices))
                .required(),
        )
        .field(
            Field::new(w, "reason", w.t("examination-judge-reason"), Kind::Area(3))
                .required()
                .max(4_000),
        )
}

/// A table of JSON objects, as the freeze printed them: the columns' profile, or the checks.
fn objects(
    w: Words,
    table: &str,
    title: &str,
    value: &serde_json::Value,
    names: &[(&str, &str)],
) -> Table {
    let columns = names.iter().map(|(_, key)| Column::new(w.t(key))).collect();
    let shown = |v: &serde_json::Value| match v {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let rows = value.as_array().into_iter().flatten().map(|object| {
        let cell =
            |(name, _): &(&str, &str)| object.get(name).map_or_else(String::new, shown).into();
        Row::new(names.iter().map(cell).collect())
    });
    Table::new(w, table, title, columns).rows(rows)
}

fn population_page(cx: &Cx, papers: &Papers, population: &Population, form: Form) -> Page {
    let shell = cx.shell();
    let w = shell.w;
    let body = &population.body;
    let controls: Vec<&str> = body
        .controls
        .iter()
        .filter_map(|c| papers.control(*c))
        .map(|c| c.text.code.as_str())
        .collect();
    let zone = zone(papers);
    let mut pairs = vec![
        (w.t("examination-population-hash"), Html::code(&body.canonical_sha256)),
        (w.t("examination-schema-hash"), Html::code(&body.schema_sha256)),
        (w.t("examination-frozen-at"), Html::text(&w.moment(body.frozen_at, &zone))),
        (w.t("examination-source"), Html::text(&body.source)),
        (w.t("examination-key"), Html::text(&body.key.join(", "))),
        (w.t("examination-tab-controls"), Html::text(&controls.join(", "))),
        (w.t("examination-entries"), Html::code(&population.event.to_string())),
        (w.t("examination-judgement"), judged(w, papers, population).into()),
    ];
    if let Some(coverage) = &body.coverage {
        let days = w.t2(
            "examination-covers-days",
            "from",
            coverage.from.to_string(),
            "to",
            coverage.to.to_string(),
        );
        pairs.push((w.t("examination-kind"), Html::text(&kind_word(w, coverage.kind))));
        pairs.push((w.t("examination-covers"), Html::text(&days)));
        pairs.push((w.t("examination-zone"), Html::text(&coverage.zone)));
    }
    if let Some(origin) = &body.origin {
        let word = format!("examination-origin-{}", origin.as_str());
        pairs.push((w.t("examination-origin"), Html::text(&w.t(&word))));
    }
    if !body.speaks_for.is_empty() {
        pairs.push((w.t("examination-speaks-for"), Html::text(&body.speaks_for.join(", "))));
    }
    if let Some(judgement) = &population.judgement {
        pairs.push((w.t("examination-reason"), Html::text(&judgement.reason)));
    }
    let checks = [
        ("number", "examination-check"),
        ("id", "examination-check-name"),
        ("outcome", "examination-outcome"),
        ("detail", "examination-found"),
    ];
    let profile = [
        ("name", "examination-column"),
        ("type", "examination-column-type"),
        ("nulls", "examination-column-nulls"),
        ("distinct", "examination-column-distinct"),
        ("min", "examination-column-min"),
        ("max", "examination-column-max"),
    ];
    let completeness = format!("/populations/{}/completeness", population.id);
    let completeness = format!(
        "<p><a href=\"{}\">{}</a></p>",
        Html::text(&href(papers.engagement.id, &completeness)),
        Html::text(&w.t("ipe-link"))
    );
    let mut parts: Vec<Html> = vec![
        facts(&pairs),
        Html::trusted(completeness),
        objects(w, "checks", &w.t("examination-checks"), &body.checks, &checks).into(),
        objects(w, "columns", &w.t("examination-columns"), &body.columns, &profile).into(),
    ];
    if cx.can::<KeepPopulations>() {
        parts.extend([heading(&w.t("examination-judge")), form.into()]);
    }
    let shell = framed(shell, papers, "populations")
        .title(w.t1("examination-population-title", "name", body.name.clone()))
        .answer(w.t1("examination-population-answer", "rows", body.rows))
        .crumb(href(papers.engagement.id, "/populations"), w.t("examination-tab-populations"));
    Page { shell, parts }
}

fn known<'a>(papers: &'a Papers, text: &str) -> Result<&'a Population, Failure> {
    papers.populations.get(&id(text)?).ok_or(Failure::Refused(Refusal::NotFound))
}

/// `GET /examination/{engagement}/populations/{population}`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn population(cx: Cx, Path((engagement, population)): Path<(String, String)>) -> Answer {
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    let found = known(&papers, &population)?;
    let form = judge_form(&cx.shell(), engagement, found);
    cx.page(&population_page(&cx, &papers, found, form))
}

/// `POST /examination/{engagement}/populations/{population}`: the judgement.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn judge(
    cx: Cx,
    Path((engagement, population)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement = id(&engagement)?;
    let (papers, _) = papers(&cx, engagement).await?;
    cx.may::<KeepPopulations>()?;
    let found = known(&papers, &population)?;
    let mut form = judge_form(&cx.shell(), engagement, found);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (population, seen) = (found.id, version(&form));
        let judgement = PopulationJudgement {
            accepted: form.typed("accepted") == "yes",
            reason: form.typed("reason").to_owned(),
        };
        let written = cx
            .write(move |tx, env, actor| {
                let facts = scope::facts(tx, engagement)?;
                let permit = authorize::<KeepPopulations>(actor, &facts)?;
                service::judge_population(tx, env, &permit, population, seen, &judgement)
            })
            .await;
        match written {
            Ok(()) => {
                let to = href(engagement, &format!("/populations/{population}"));
                return done(&cx, &to, "examination-saved-judgement").await;
            }
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&population_page(&cx, &papers, found, form))
}
