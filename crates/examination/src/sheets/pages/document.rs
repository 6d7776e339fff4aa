//! Evidence shown in place: pictures with what was noted on their regions, text with the item's key
//! marked, PDF in the browser's own viewer. Anything else is downloaded.

use super::outline::{numbered, outlines};
use super::{Sheet, load, nothing};
use crate::firm::store::facts_for;
use crate::model::{Item, SampleId};
use crate::pages::{done, filled, fresh_key, href, id, paragraph, submit};
use crate::permits::{PerformTests, ReadFile};
use crate::sheets::model::{Annotation, AnnotationId, Region};
use crate::sheets::rules::page_shape::page_shape;
use crate::sheets::service::{self, AnnotationInput};
use crate::sheets::store as sheets;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use evidence::model::{EvidenceId, EvidenceItem};
use evidence::rules::{HEAD_BYTES, media_type};
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::permit::{Permit, authorize};
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{Button, Empty, Field, Form, Html, Kind, buttons, facts, fold};
use platform::words::Words;

/// The longest text that is shown in place, in bytes; beyond, it is downloaded.
const TEXT_BYTES_MAX: u64 = 400_000;
/// The largest document of which the shape of the pages is read, in bytes.
const OUTLINE_BYTES_MAX: u64 = 16 << 20;
/// Lines shown around those that name the item, where the text is long.
const LINES_MAX: usize = 400;

/// The address of a document's bytes, shown in place.
fn shown_at(engagement: EngagementId, evidence: EvidenceId) -> String {
    href(engagement, &format!("/evidence/{evidence}/shown"))
}

/// Evidence that a sheet of this engagement may show.
async fn visible(
    cx: &Cx,
    engagement: EngagementId,
    evidence: EvidenceId,
) -> Result<EvidenceItem, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let facts = facts_for(conn, actor, engagement, now)?;
        authorize::<ReadFile>(actor, &facts)?;
        let found = evidence::store::item(conn, facts.owner, evidence)?;
        Ok(found
            .filter(|e| e.engagement.is_none_or(|id| id == engagement))
            .ok_or(Refusal::NotFound)?)
    })
    .await
}

async fn read(cx: &Cx, item: &EvidenceItem) -> Result<Vec<u8>, Failure> {
    let (blobs, name, max) = (cx.app.blobs.clone(), item.sha256.clone(), item.bytes);
    cx.app
        .blocking(move || blobs.read(&name, max))
        .await?
        .map_err(|e| Failure::Fault(e.to_string()))
}

/// `GET /examination/{engagement}/evidence/{evidence}/shown`: a picture or a PDF, verified by its
/// digest, for a page of our own to show. Judged by its bytes; anything else is not shown.
///
/// # Errors
/// Nothing is there for who may not read the file, or for another kind of document.
pub async fn bytes(cx: Cx, Path((engagement, evidence)): Path<(String, String)>) -> Answer {
    let item = visible(&cx, id(&engagement)?, id(&evidence)?).await?;
    let bytes = read(&cx, &item).await?;
    let kind = media_type(bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or_default());
    if !matches!(kind, "image/png" | "image/jpeg" | "image/gif" | "application/pdf") {
        return Err(nothing());
    }
    // What somebody supplied runs nothing: no script, no style, nothing fetched. Only our own pages
    // frame it.
    let policy =
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::CACHE_CONTROL, "private, max-age=300"),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}

/// The evidence of an item: links to each, and the one chosen shown in place.
pub(super) async fn pane(
    cx: &Cx,
    sheet: &Sheet,
    item: &Item,
    vault: &[EvidenceItem],
) -> Result<Html, Failure> {
    let w = cx.w;
    let mine = sheet.evidence(item);
    let known: Vec<&EvidenceItem> =
        mine.iter().filter_map(|id| vault.iter().find(|e| e.id == *id)).collect();
    let asked = cx.param("show").and_then(|s| s.parse::<EvidenceId>().ok());
    let chosen = match asked {
        Some(asked) => vault.iter().find(|e| e.id == asked),
        None => known.first().copied(),
    };
    let here = sheet.href(&format!("/items/{}", item.position));
    let links = known.iter().map(|e| {
        let shown = chosen.is_some_and(|c| c.id == e.id);
        let current = if shown { " aria-current=\"true\"" } else { "" };
        Html::trusted(format!(
            "<a class=\"button quiet\" href=\"{here}?show={}\"{current}>{}</a>",
            e.id,
            Html::text(&e.name)
        ))
    });
    let links = buttons(links);
    let Some(chosen) = chosen else {
        let empty = Empty::new(w.t("sheets-no-evidence"), w.t("sheets-no-evidence-next"))
            .action(Button::link(sheet.href("/matches"), w.t("sheets-match")));
        return Ok(empty.into());
    };
    let (file, evidence) = (sheet.papers.file, chosen.id);
    let annotations = cx
        .read(move |conn, actor| {
            authorize::<ReadFile>(actor, &scope::facts(conn, file.engagement)?)?;
            sheets::annotations(conn, file, evidence)
        })
        .await?;
    let shown = document(cx, sheet, chosen, &item.facts.id, &annotations).await?;
    let mut out = links.and(origin(w, chosen)).and(shown);
    out = out.and(listed(cx, sheet, item, &annotations));
    if cx.can::<PerformTests>() {
        let form = annotation_form(cx, sheet, item, chosen);
        out = out.and(fold(&w.t("sheets-annotate"), false, form));
    }
    Ok(out)
}

fn origin(w: Words, item: &EvidenceItem) -> Html {
    let zone = kernel::zone::Zone::utc();
    let file = Button::link(format!("/evidence/{}/file", item.id), w.t("sheets-download")).quiet();
    facts(vec![
        (w.t("sheets-source"), Html::text(&item.source)),
        (w.t("sheets-extracted"), Html::text(&zone.rfc3339(item.extracted_at))),
        (w.t("sheets-digest"), platform::ui::Hash::new(&item.sha256).into()),
    ])
    .and(buttons([file.into()]))
}

async fn document(
    cx: &Cx,
    sheet: &Sheet,
    item: &EvidenceItem,
    key: &str,
    annotations: &[Annotation],
) -> Result<Html, Failure> {
    let w = cx.w;
    let src = shown_at(sheet.engagement(), item.id);
    let kind = item.media_type.as_str();
    if kind.starts_with("image/") && !kind.contains("svg") {
        return Ok(picture(&src, &item.name, annotations));
    }
    if kind == "application/pdf" {
        let name = Html::text(&item.name);
        let drawn = if numbered(annotations).next().is_some() && item.bytes <= OUTLINE_BYTES_MAX {
            let bytes = read(cx, item).await?;
            outlines(w, annotations, cx.app.blocking(move || page_shape(&bytes)).await?)
        } else {
            outlines(w, annotations, None)
        };
        return Ok(Html::trusted(format!(
            "<iframe class=\"pdf\" src=\"{src}\" title=\"{name}\"></iframe>"
        ))
        .and(paragraph(&w.t("sheets-pdf-said")))
        .and(drawn));
    }
    if item.bytes <= TEXT_BYTES_MAX && (kind.starts_with("text/") || kind.contains("json")) {
        let bytes = read(cx, item).await?;
        return Ok(match String::from_utf8(bytes) {
            Ok(text) => text_shown(w, &text, key),
            Err(_) => paragraph(&w.t("sheets-not-shown")),
        });
    }
    Ok(paragraph(&w.t("sheets-not-shown")))
}

/// A picture with its annotations drawn over it. Sizes are attributes of the drawing, not style.
fn picture(src: &str, name: &str, annotations: &[Annotation]) -> Html {
    let mut drawn = String::new();
    for (n, a) in numbered(annotations).filter(|(_, a)| a.page == 1) {
        let r = a.region;
        drawn.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{n}. {}</title></rect>",
            r.x,
            r.y,
            r.width,
            r.height,
            Html::text(&a.note)
        ));
    }
    Html::trusted(format!(
        "<figure class=\"picture\" data-picture><img src=\"{src}\" alt=\"{}\"><svg viewBox=\"0 0 10000 10000\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{drawn}<rect class=\"drawing\" data-drawing width=\"0\" height=\"0\"></rect></svg></figure>",
        Html::text(name)
    ))
}

/// Text with its line numbers, the lines that name the item marked; of a long text the lines around
/// those.
fn text_shown(w: Words, text: &str, key: &str) -> Html {
    let lines: Vec<&str> = text.lines().collect();
    let folded = key.to_lowercase();
    let names = |line: &str| !folded.is_empty() && line.to_lowercase().contains(&folded);
    let first = lines.iter().position(|l| names(l)).unwrap_or(0);
    let from = if lines.len() <= LINES_MAX { 0 } else { first.saturating_sub(LINES_MAX / 4) };
    let shown: String = lines
        .iter()
        .enumerate()
        .skip(from)
        .take(LINES_MAX)
        .map(|(n, line)| {
            let text = Html::text(line);
            let text = if names(line) { format!("<mark>{text}</mark>") } else { text.to_string() };
            format!("<span class=\"line-number\">{}</span> {text}\n", n + 1)
        })
        .collect();
    let named = lines.iter().filter(|l| names(l)).count();
    let said = w.t2("sheets-text-said", "lines", named, "key", key.to_owned());
    let label = Html::text(&said);
    Html::trusted(format!(
        "<p>{label}</p><pre class=\"document-text\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">{shown}</pre>"
    ))
}

fn listed(cx: &Cx, sheet: &Sheet, item: &Item, annotations: &[Annotation]) -> Html {
    let w = cx.w;
    if annotations.is_empty() {
        return Html::default();
    }
    let mut rows = String::new();
    for a in annotations {
        let r = a.region;
        let place = w.ta(
            "sheets-region",
            &[
                ("page", a.page.into()),
                ("x", u32::from(r.x).into()),
                ("y", u32::from(r.y).into()),
                ("width", u32::from(r.width).into()),
                ("height", u32::from(r.height).into()),
            ],
        );
        let note = Html::text(&a.note);
        let said = match &a.struck {
            Some(reason) => format!(
                "<s>{note}</s> {}",
                Html::text(&w.t1("sheets-struck", "reason", reason.clone()))
            ),
            None => note.to_string(),
        };
        let strike = (a.struck.is_none() && cx.can::<PerformTests>())
            .then(|| strike_form(cx, sheet, item, (a.id, a.evidence)));
        let strike = strike.map(|f| fold(&w.t("sheets-strike"), false, f)).unwrap_or_default();
        rows.push_str(&format!("<li>{said} <small>{}</small>{strike}</li>", Html::text(&place)));
    }
    Html::trusted(format!(
        "<h3>{}</h3><ol class=\"annotations\">{rows}</ol>",
        Html::text(&w.t("sheets-annotations"))
    ))
}

fn strike_form(
    cx: &Cx,
    sheet: &Sheet,
    item: &Item,
    (annotation, shown): (AnnotationId, EvidenceId),
) -> Form {
    let w = cx.w;
    let to = href(sheet.engagement(), &format!("/annotations/{annotation}/strike"));
    Form::post(w, to, &cx.shell().csrf, w.t("sheets-strike"))
        .apart(&annotation.to_string())
        .key(fresh_key(cx))
        .hide("sample", sheet.sample.id.to_string())
        .hide("position", item.position.to_string())
        .hide("show", shown.to_string())
        .field(Field::new(w, "reason", w.t("examination-reason"), Kind::Text).required().max(2_000))
}

fn annotation_form(cx: &Cx, sheet: &Sheet, item: &Item, chosen: &EvidenceItem) -> Form {
    let w = cx.w;
    let to = href(sheet.engagement(), &format!("/evidence/{}/annotations", chosen.id));
    let number = |name: &str, value: &str| {
        Field::new(w, name, w.t(&format!("sheets-region-{name}")), Kind::Number)
            .required()
            .value(value)
    };
    Form::post(w, to, &cx.shell().csrf, w.t("sheets-annotate"))
        .apart("annotate")
        .key(fresh_key(cx))
        .hide("sample", sheet.sample.id.to_string())
        .hide("position", item.position.to_string())
        .say(paragraph(&w.t("sheets-annotate-how")))
        .field(
            Field::new(w, "annotation", w.t("sheets-annotation"), Kind::Area(2))
                .required()
                .max(2_000),
        )
        .field(number("page", "1"))
        .field(number("x", "0"))
        .field(number("y", "0"))
        .field(number("width", "10000"))
        .field(number("height", "1000"))
}

/// Where a form of the pane leads back to.
fn back(
    engagement: EngagementId,
    pairs: &Pairs,
    evidence: &str,
) -> Result<(SampleId, i64, String), Failure> {
    let sample: SampleId = id(pairs.get("sample").unwrap_or_default())?;
    let position: i64 = pairs.get("position").and_then(|p| p.parse().ok()).ok_or_else(nothing)?;
    let shown: EvidenceId = id(evidence)?;
    let to = href(engagement, &format!("/samples/{sample}/items/{position}?show={shown}"));
    Ok((sample, position, to))
}

/// `POST /examination/{engagement}/evidence/{evidence}/annotations`.
///
/// # Errors
/// Nothing is there for who may not read the file; a region beyond the page is refused.
pub async fn annotate(
    cx: Cx,
    Path((engagement, evidence)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let engagement: EngagementId = id(&engagement)?;
    let (sample, position, to) = back(engagement, &pairs, &evidence)?;
    let sheet = load(&cx, engagement, sample).await?;
    let item = sheet.item(position)?;
    let evidence: EvidenceId = id(&evidence)?;
    let vault = super::vault(&cx, &sheet).await?;
    let chosen = vault.iter().find(|e| e.id == evidence).ok_or_else(nothing)?;
    let mut form = filled(annotation_form(&cx, &sheet, item, chosen), &pairs);
    if let Some((page, region)) = region(cx.w, &mut form) {
        let input = AnnotationInput {
            evidence,
            page,
            region,
            note: form.typed("annotation").to_owned(),
            sample: Some(sample),
            item: Some(item.facts.id.clone()),
        };
        let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<PerformTests>| {
            service::annotate(tx, env, permit, &input)
        };
        if submit(&cx, &pairs, engagement, &mut form, command).await? {
            return done(&cx, &to, "sheets-annotated").await;
        }
    }
    super::refused(&cx, &sheet, cx.w.t("sheets-annotate"), form)
}

/// Page and region as typed; says beside a field what is no number.
fn region(w: Words, form: &mut Form) -> Option<(u32, Region)> {
    let mut number = |name: &'static str| -> Option<u16> {
        let read = form.typed(name).trim().parse().ok();
        if read.is_none() && !form.typed(name).is_empty() {
            let field = w.t(&format!("sheets-region-{name}"));
            form.error(name, w.t1("sheets-region-wrong", "field", field));
        }
        read
    };
    let page = number("page");
    let [x, y, width, height] = ["x", "y", "width", "height"].map(&mut number);
    Some((u32::from(page?), Region { x: x?, y: y?, width: width?, height: height? }))
}

/// `POST /examination/{engagement}/annotations/{annotation}/strike`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn strike(
    cx: Cx,
    Path((engagement, annotation)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, annotation): (EngagementId, AnnotationId) =
        (id(&engagement)?, id(&annotation)?);
    let shown = pairs.get("show").unwrap_or_default();
    let (sample, position, to) = back(engagement, &pairs, shown)?;
    let sheet = load(&cx, engagement, sample).await?;
    cx.may::<PerformTests>()?;
    let blank = strike_form(&cx, &sheet, sheet.item(position)?, (annotation, id(shown)?));
    let mut form = filled(blank, &pairs);
    let reason = form.typed("reason").to_owned();
    let command = move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<PerformTests>| {
        service::strike(tx, env, permit, annotation, &reason)
    };
    if submit(&cx, &pairs, engagement, &mut form, command).await? {
        return done(&cx, &to, "sheets-struck-saved").await;
    }
    super::refused(&cx, &sheet, cx.w.t("sheets-strike"), form)
}
