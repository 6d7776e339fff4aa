//! Terms, letter, drafts, issue, download.

use super::{engagement, id_of};
use crate::model::{Build, Issued, Letter, Representation, Terms};
use crate::permits::{IssueReport, PrepareReport, ReadDraft, ReadReport};
use crate::press_room::{self, PDF_BYTES_MAX};
use crate::report_document::Spelling;
use crate::service::{self, Condition, TEXT_MAX};
use crate::store;
use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse as _;
use examination::firm::store::facts_for;
use kernel::ids::EngagementId;
use kernel::party::Side;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Status, Table,
    Tone, facts, stack,
};
use platform::words::Words;

/// What the firm sees before the report is issued.
struct Prepared {
    conditions: Vec<Condition>,
    terms: Terms,
    version: i64,
    letter: Option<Letter>,
    wanted: Vec<Representation>,
    build: Option<Build>,
}

async fn issued(cx: &Cx, id: EngagementId) -> Result<Option<Issued>, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadReport>(actor, &facts_for(conn, actor, id, now)?)?;
        store::issued(conn, id)
    })
    .await
}

async fn prepared(cx: &Cx, id: EngagementId) -> Result<Prepared, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        let facts = facts_for(conn, actor, id, now)?;
        authorize::<ReadDraft>(actor, &facts)?;
        let firm = facts.firm.ok_or(Refusal::NotFound)?;
        let (terms, version) = store::terms(conn, id, firm)?;
        let papers = examination::store::Papers::load(conn, id)?;
        Ok(Prepared {
            wanted: service::representations_wanted(&papers),
            conditions: service::conditions(conn, id)?,
            terms,
            version,
            letter: store::letter(conn, id, firm)?,
            build: store::latest_build(conn, id, firm, None)?,
        })
    })
    .await
}

fn terms_form(cx: &Cx, shell: &Shell, id: EngagementId, p: &Prepared) -> Form {
    let w = cx.w;
    let terms = &p.terms;
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = terms.report_date.map_or_else(String::new, |d| d.to_string());
    let british = if terms.spelling == Spelling::British { "british" } else { "american" };
    let spellings = ["american", "british"]
        .map(|s| Choice::new(s, w.t(&format!("reporting-spelling-{s}"))))
        .to_vec();
    let field = |name: &str, kind| {
        Field::new(w, name, w.t(&format!("reporting-{}", name.replace('_', "-"))), kind)
    };
    Form::post(w, format!("/reporting/{id}/report"), &shell.csrf, w.t("reporting-terms-save"))
        .key(cx.form_key())
        .version(u64::try_from(p.version).unwrap_or(0))
        .hide("do", "terms")
        .field(field("city", Kind::Text).required().max(200).value(terms.city.clone()))
        .field(field("state", Kind::Text).required().max(200).value(terms.state.clone()))
        .field(field("report_date", Kind::Date).value(day))
        .field(field("licence", Kind::Text).max(200).value(own(&terms.licence)))
        .field(field("peer_review", Kind::Text).max(200).value(own(&terms.peer_review)))
        .field(
            field("confidentiality", Kind::Text)
                .required()
                .max(200)
                .value(terms.confidentiality.clone()),
        )
        .field(field("spelling", Kind::Radio(spellings)).required().value(british))
}

fn letter_form(cx: &Cx, shell: &Shell, id: EngagementId, p: &Prepared) -> Form {
    let w = cx.w;
    let day = p.terms.report_date.map_or_else(String::new, |d| d.to_string());
    let (text, signer) =
        p.letter.as_ref().map_or(("", ""), |l| (l.text.as_str(), l.signer.as_str()));
    Form::post(w, format!("/reporting/{id}/report"), &shell.csrf, w.t("reporting-letter-save"))
        .key(cx.form_key())
        .hide("do", "letter")
        .apart("letter")
        .field(
            Field::new(w, "text", w.t("reporting-letter-text"), Kind::Area(8))
                .required()
                .max(TEXT_MAX)
                .value(text),
        )
        .field(
            Field::new(w, "signer", w.t("reporting-signer"), Kind::Text)
                .required()
                .max(200)
                .value(signer),
        )
        .field(
            Field::new(w, "date", w.t("reporting-letter-date"), Kind::Date).required().value(day),
        )
        .field(given_field(w, p))
        .field(
            Field::new(w, "reservations", w.t("reporting-letter-reservations"), Kind::Area(3))
                .hint(w.t("reporting-letter-reservations-hint"))
                .max(4_000)
                .value(p.letter.as_ref().map(|l| l.reservations.clone()).unwrap_or_default()),
        )
}

/// The representations that this engagement asks for, to be ticked off against the letter.
fn given_field(w: Words, p: &Prepared) -> Field {
    let boxes = p.wanted.iter().map(|r| Choice::new(r.word(), r.text())).collect();
    let given = p.letter.iter().flat_map(|l| &l.given).filter(|r| p.wanted.contains(r));
    Field::new(w, "given", w.t("reporting-letter-given"), Kind::Boxes(boxes))
        .hint(w.t("reporting-letter-given-hint"))
        .values(given.map(|r| r.word()))
}

fn findings(w: Words, build: &Build) -> Table {
    let rows = build.findings.iter().map(|f| {
        let (tone, word) = if f.mend {
            (Tone::Attention, "reporting-mend")
        } else {
            (Tone::Neutral, "reporting-consider")
        };
        Row::new(vec![
            Status::new(tone, w.t(word)).into(),
            Html::text(&f.message).into(),
            Html::code(&f.place).into(),
        ])
    });
    let columns =
        ["weight", "remark", "place"].map(|k| Column::new(w.t(&format!("reporting-{k}")))).to_vec();
    Table::new(w, "findings", w.t("reporting-findings"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("reporting-findings-none"), w.t("reporting-findings-none-next")))
}

/// Which form was sent and has to be shown again.
type Filled = Option<(&'static str, Form)>;

async fn report_page(cx: &Cx, id: EngagementId, filled: Filled) -> Result<Page, Failure> {
    let engagement = engagement(cx, id).await?;
    let done = issued(cx, id).await?;
    let w = cx.w;
    let shell = cx
        .shell()
        .title(w.t1("reporting-report-question", "system", engagement.system_name.as_str()))
        .at("reporting")
        .crumb("/reporting", w.t("reporting-title"));
    let download = format!("/reporting/{id}/report.pdf");
    if let Some(done) = done {
        let zone = engagement.period.zone();
        return Ok(Page::new(shell.answer(w.t("reporting-report-issued")))
            .part(facts(vec![
                (w.t("reporting-issued-at"), Html::text(&zone.rfc3339(done.issued_at))),
                (w.t("reporting-digest"), Html::code(&done.pdf.sha256)),
                (w.t("reporting-entry"), Html::code(&done.event.to_string())),
            ]))
            .part(Button::link(download, w.t("reporting-download")).primary()));
    }
    // The organisation learns of the report when it is issued, and of nothing before.
    if cx.actor()?.side != Side::Firm {
        return Err(Refusal::NotFound.into());
    }
    let p = prepared(cx, id).await?;
    let open = p.conditions.iter().filter(|c| !c.met).count();
    let shell = shell.answer(w.t1("reporting-report-answer", "count", open));
    let mut page = Page::new(shell.clone());
    let missing = p.conditions.iter().filter(|c| !c.met);
    page = page.part(stack(missing.map(|c| Status::new(Tone::Waiting, c.missing.clone()))));
    let prepares = cx.can::<PrepareReport>();
    if prepares {
        page = page.part(act(w, &shell, id, "build", "reporting-build"));
    }
    if let Some(build) = &p.build {
        page = page
            .part(Button::link(download, w.t("reporting-download-draft")))
            .part(findings(w, build));
    }
    if open == 0 && cx.can::<IssueReport>() {
        page = page
            .heading(&w.t("reporting-issue-heading"))
            .part(act(w, &shell, id, "issue", "reporting-issue").primary());
    }
    if !prepares {
        return Ok(page);
    }
    let (mut terms, mut letter) = (terms_form(cx, &shell, id, &p), letter_form(cx, &shell, id, &p));
    match filled {
        Some(("terms", form)) => terms = form,
        Some((_, form)) => letter = form,
        None => {}
    }
    Ok(page
        .heading(&w.t("reporting-terms"))
        .part(terms)
        .heading(&w.t("reporting-letter"))
        .part(letter))
}

fn act(w: Words, shell: &Shell, id: EngagementId, what: &str, word: &str) -> Button {
    Button::post(format!("/reporting/{id}/report"), shell.csrf.clone(), w.t(word)).with("do", what)
}

/// `GET /reporting/{engagement}/report`
///
/// # Errors
/// When there is no such engagement in the reader's scope, or for the organisation before the issue.
pub async fn report(cx: Cx, Path(id): Path<String>) -> Answer {
    let page = report_page(&cx, id_of(&id)?, None).await?;
    cx.page(&page)
}

/// `POST /reporting/{engagement}/report`: terms, letter, build, issue.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn change(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = id_of(&id)?;
    let said = match pairs.get("do").unwrap_or_default() {
        "build" => {
            draft(&cx, id).await?;
            "reporting-built"
        }
        "issue" => {
            issue(&cx, id).await?;
            "reporting-issue-done"
        }
        "terms" | "letter" => return send(cx, id, pairs).await,
        _ => return Err(Refusal::NotFound.into()),
    };
    cx.see_other(&format!("/reporting/{id}/report"), Flash::Done(cx.w.t(said))).await
}

async fn send(cx: Cx, id: EngagementId, pairs: Pairs) -> Answer {
    let p = prepared(&cx, id).await?;
    cx.may::<PrepareReport>()?;
    let letter = pairs.get("do") == Some("letter");
    let mut form = if letter {
        letter_form(&cx, &cx.shell(), id, &p)
    } else {
        terms_form(&cx, &cx.shell(), id, &p)
    };
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let version = pairs.get("version").and_then(|v| v.parse().ok()).unwrap_or(p.version);
        let done = if letter {
            save_letter(&cx, id, &form).await
        } else {
            save_terms(&cx, id, &form, version).await
        };
        match done {
            Ok(()) => {
                let to = format!("/reporting/{id}/report");
                return cx.see_other(&to, Flash::Done(cx.w.t("reporting-saved"))).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let page = report_page(&cx, id, Some((if letter { "letter" } else { "terms" }, form))).await?;
    cx.page_again(&page)
}

async fn save_letter(cx: &Cx, id: EngagementId, form: &Form) -> Result<(), Failure> {
    let date = kernel::period::parse_date(form.typed("date"))
        .map_err(|e| Refusal::field("date", e.to_string()))?;
    let letter = Letter {
        text: form.typed("text").to_owned(),
        signer: form.typed("signer").to_owned(),
        date,
        given: form.ticked("given").iter().filter_map(|r| Representation::from_word(r)).collect(),
        reservations: form.typed("reservations").to_owned(),
    };
    cx.write(move |tx, env, actor| {
        let permit = authorize::<PrepareReport>(actor, &scope::facts(tx, id)?)?;
        service::receive_letter(tx, env, &permit, &letter)
    })
    .await
}

async fn save_terms(cx: &Cx, id: EngagementId, form: &Form, version: i64) -> Result<(), Failure> {
    let day = form.typed("report_date");
    let report_date = if day.is_empty() {
        None
    } else {
        Some(
            kernel::period::parse_date(day)
                .map_err(|e| Refusal::field("report_date", e.to_string()))?,
        )
    };
    let own = |name: &str| Some(form.typed(name).to_owned()).filter(|t| !t.is_empty());
    let terms = Terms {
        city: form.typed("city").to_owned(),
        state: form.typed("state").to_owned(),
        licence: own("licence"),
        peer_review: own("peer_review"),
        report_date,
        spelling: if form.typed("spelling") == "british" {
            Spelling::British
        } else {
            Spelling::American
        },
        confidentiality: form.typed("confidentiality").to_owned(),
    };
    cx.write(move |tx, env, actor| {
        let permit = authorize::<PrepareReport>(actor, &scope::facts(tx, id)?)?;
        service::state_terms(tx, env, &permit, Expected::Version(version), &terms)
    })
    .await
}

async fn draft(cx: &Cx, id: EngagementId) -> Result<Vec<u8>, Failure> {
    let (app, env, actor) = (cx.app.clone(), cx.env(), cx.actor()?.clone());
    // Typesetting takes long enough to be kept off the threads that answer.
    let work = app.clone();
    let done = work.blocking(move || {
        let who = move |conn: &mut platform::db::Conn<'_>| {
            Ok(authorize::<PrepareReport>(&actor, &scope::facts(conn, id)?)?)
        };
        Ok::<_, platform::db::Error>(
            press_room::draft(&app.db, &app.journal, &app.blobs, env, who)?.2,
        )
    });
    Ok(done.await??)
}

async fn issue(cx: &Cx, id: EngagementId) -> Result<(), Failure> {
    let (app, env, actor) = (cx.app.clone(), cx.env(), cx.actor()?.clone());
    let work = app.clone();
    let done = work.blocking(move || {
        let who = move |conn: &mut platform::db::Conn<'_>| {
            Ok(authorize::<IssueReport>(&actor, &scope::facts(conn, id)?)?)
        };
        press_room::issue(&app.db, &app.journal, &app.blobs, &env, who).map(|_| ())
    });
    Ok(done.await??)
}

/// `GET /reporting/{engagement}/report.pdf`: the issued report for both sides; before that, the last
/// draft for the firm.
///
/// # Errors
/// When there is nothing that the reader may have.
pub async fn download(cx: Cx, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    let (name, pdf) = match issued(&cx, id).await? {
        Some(issued) => (format!("{}.pdf", issued.report), issued.pdf),
        None => {
            let now = cx.env().now();
            cx.read(move |conn, actor| {
                let facts = facts_for(conn, actor, id, now)?;
                authorize::<ReadDraft>(actor, &facts)?;
                let firm = facts.firm.ok_or(Refusal::NotFound)?;
                let build = store::latest_build(conn, id, firm, None)?.ok_or(Refusal::NotFound)?;
                let pdf = store::file(conn, firm, build.event)?.ok_or(Refusal::NotFound)?;
                Ok((format!("{}-draft.pdf", build.report), pdf))
            })
            .await?
        }
    };
    let blobs = cx.app.blobs.clone();
    let bytes = cx.app.blocking(move || blobs.read(&pdf.sha256, PDF_BYTES_MAX)).await?;
    let bytes = bytes.map_err(platform::db::Error::from)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from(bytes)).into_response())
}
