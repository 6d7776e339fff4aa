//! The description and the assertion.

use super::{engagement, id_of};
use crate::assemble;
use crate::model::{AssertionBody, Section, SectionBody, SignedAssertion};
use crate::permits::{ReadDescription, SignAssertion, WriteDescription};
use crate::rules::description::{
    Completeness, Remark, completeness, line_form, parse_line, print_line, remarks,
};
use crate::service::{self, TEXT_MAX};
use crate::store;
use axum::extract::Path;
use examination::firm::store::facts_for;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{Field, Flash, Form, Html, Kind, Note, Page, Shell, Status, Tone, facts, prose};
use platform::words::Words;
use scope::catalogue::{Catalogue, DescriptionCriterionId};

/// Everything the description page shows.
struct Seen {
    sections: Vec<Section>,
    completeness: Vec<Completeness>,
    remarks: Vec<Remark>,
}

async fn seen(cx: &Cx, id: EngagementId) -> Result<Seen, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadDescription>(actor, &facts_for(conn, actor, id, now)?)?;
        let sections = store::sections(conn, id)?;
        let registers = assemble::registers(conn, id)?;
        Ok(Seen {
            completeness: completeness(&sections, &registers),
            remarks: remarks(&sections),
            sections,
        })
    })
    .await
}

fn lines(section: &Section) -> String {
    let lines: Vec<String> = section.body.entries.iter().map(print_line).collect();
    lines.join("\n")
}

fn section_form(cx: &Cx, shell: &Shell, id: EngagementId, section: &Section) -> Form {
    let w = cx.w;
    let action = format!("/reporting/{id}/description");
    let text = Field::new(w, "text", w.t("reporting-text"), Kind::Area(6))
        .max(TEXT_MAX)
        .hint(w.t("reporting-text-hint"))
        .value(section.body.text.clone());
    let mut form = Form::post(w, action, &shell.csrf, w.t("reporting-save"))
        .apart(&section.criterion.to_string())
        .key(cx.form_key())
        .version(u64::try_from(section.version).unwrap_or(0))
        .hide("criterion", section.criterion.to_string())
        .field(text);
    if let Some(written) = line_form(section.criterion) {
        form = form.field(
            Field::new(w, "entries", w.t("reporting-entries"), Kind::Area(4))
                .max(TEXT_MAX)
                .hint(w.t1("reporting-entries-hint", "form", written))
                .value(lines(section)),
        );
    }
    form
}

fn state(w: Words, section: &Completeness) -> Html {
    if !section.applies {
        return Status::new(Tone::Closed, w.t("reporting-not-applicable")).into();
    }
    if section.missing.is_empty() {
        return Status::new(Tone::Good, w.t("reporting-complete")).into();
    }
    let list: String =
        section.missing.iter().map(|m| format!("<li>{}</li>", Html::text(m))).collect();
    let status: Html = Status::new(Tone::Waiting, w.t("reporting-incomplete")).into();
    status.and(Html::trusted(format!("<ul>{list}</ul>")))
}

async fn description_page(
    cx: &Cx,
    id: EngagementId,
    mut filled: Option<(String, Form)>,
) -> Result<Page, Failure> {
    let engagement = engagement(cx, id).await?;
    let seen = seen(cx, id).await?;
    let w = cx.w;
    let open = seen.completeness.iter().filter(|c| !c.missing.is_empty()).count();
    let shell = cx
        .shell()
        .title(w.t1("reporting-description-question", "system", engagement.system_name.as_str()))
        .answer(w.t1("reporting-description-answer", "count", open))
        .at("reporting")
        .crumb("/reporting", w.t("reporting-title"));
    let writes = cx.can::<WriteDescription>();
    let mut page = Page::new(shell.clone());
    for (section, complete) in seen.sections.iter().zip(&seen.completeness) {
        let name = section.criterion.to_string();
        let heading = &Catalogue::built_in().description_criterion(section.criterion).heading;
        page = page.heading(&format!("{name} \u{2013} {heading}")).part(state(w, complete));
        for remark in seen.remarks.iter().filter(|r| r.criterion == section.criterion) {
            page = page.part(Note::new(
                Tone::Attention,
                w.t("reporting-wording"),
                Html::text(&remark.message),
            ));
        }
        if !complete.applies {
            continue;
        }
        if writes {
            let form = match filled.take_if(|(of, _)| *of == name) {
                Some((_, form)) => form,
                None => section_form(cx, &shell, id, section),
            };
            page = page.part(form);
        } else {
            page = page.part(prose(&section.body.text)).part(prose(&lines(section)));
        }
    }
    Ok(page)
}

/// `GET /reporting/{engagement}/description`
///
/// # Errors
/// When there is no such engagement in the reader's scope.
pub async fn description(cx: Cx, Path(id): Path<String>) -> Answer {
    let page = description_page(&cx, id_of(&id)?, None).await?;
    cx.page(&page)
}

fn body_of(criterion: DescriptionCriterionId, form: &Form) -> Result<SectionBody, Refusal> {
    let entries = if line_form(criterion).is_some() { form.typed("entries") } else { "" };
    let entries = entries
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(|l| parse_line(criterion, l).map_err(|e| Refusal::field("entries", e.to_string())))
        .collect::<Result<_, _>>()?;
    Ok(SectionBody { text: form.typed("text").to_owned(), entries })
}

/// `POST /reporting/{engagement}/description`: writes one section.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn write(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = id_of(&id)?;
    let criterion: DescriptionCriterionId =
        pairs.get("criterion").unwrap_or_default().parse().map_err(|_| Refusal::NotFound)?;
    let seen = seen(&cx, id).await?;
    cx.may::<WriteDescription>()?;
    let section =
        seen.sections.iter().find(|s| s.criterion == criterion).ok_or(Refusal::NotFound)?;
    let version: i64 = pairs.get("version").and_then(|v| v.parse().ok()).unwrap_or(section.version);
    let mut form = section_form(&cx, &cx.shell(), id, section);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let done = match body_of(criterion, &form) {
            Err(refusal) => Err(refusal.into()),
            Ok(body) => {
                cx.write(move |tx, env, actor| {
                    let permit = authorize::<WriteDescription>(actor, &scope::facts(tx, id)?)?;
                    service::write_section(
                        tx,
                        env,
                        &permit,
                        criterion,
                        Expected::Version(version),
                        &body,
                    )
                })
                .await
            }
        };
        match done {
            Ok(()) => {
                let to = format!("/reporting/{id}/description");
                return cx.see_other(&to, Flash::Done(cx.w.t("reporting-saved"))).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let page = description_page(&cx, id, Some((criterion.to_string(), form))).await?;
    cx.page_again(&page)
}

fn assertion_form(cx: &Cx, shell: &Shell, id: EngagementId, text: &str) -> Form {
    let w = cx.w;
    Form::post(w, format!("/reporting/{id}/assertion"), &shell.csrf, w.t("reporting-sign"))
        .key(cx.form_key())
        .field(
            Field::new(w, "text", w.t("reporting-assertion-text"), Kind::Area(18))
                .required()
                .max(TEXT_MAX)
                .value(text),
        )
        .field(Field::new(w, "signer", w.t("reporting-signer"), Kind::Text).required().max(200))
        .field(Field::new(w, "position", w.t("reporting-position"), Kind::Text).required().max(200))
        .field(Field::new(w, "date", w.t("reporting-signed-on"), Kind::Date).required())
}

async fn assertion_seen(
    cx: &Cx,
    id: EngagementId,
) -> Result<(Option<SignedAssertion>, String), Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadDescription>(actor, &facts_for(conn, actor, id, now)?)?;
        Ok((store::assertion(conn, id)?, assemble::proposed_assertion(conn, id)?))
    })
    .await
}

async fn assertion_page(cx: &Cx, id: EngagementId, filled: Option<Form>) -> Result<Page, Failure> {
    let (signed, proposed) = assertion_seen(cx, id).await?;
    let w = cx.w;
    let answer = if signed.is_some() {
        "reporting-assertion-signed"
    } else {
        "reporting-assertion-unsigned"
    };
    let shell = cx
        .shell()
        .title(w.t("reporting-assertion-question"))
        .answer(w.t(answer))
        .at("reporting")
        .crumb("/reporting", w.t("reporting-title"));
    let mut page = Page::new(shell.clone());
    if let Some(signed) = &signed {
        page = page.part(prose(&signed.body.text)).part(facts(vec![
            (w.t("reporting-signer"), Html::text(&signed.body.signer)),
            (w.t("reporting-position"), Html::text(&signed.body.position)),
            (w.t("reporting-signed-on"), Html::text(&signed.body.date.to_string())),
            (w.t("reporting-entry"), Html::code(&signed.event.to_string())),
        ]));
    }
    if cx.can::<SignAssertion>() {
        let text = signed.as_ref().map_or(proposed.as_str(), |s| s.body.text.as_str());
        let form = filled.unwrap_or_else(|| assertion_form(cx, &shell, id, text));
        page = page.heading(&w.t("reporting-sign-heading")).part(form);
    } else if signed.is_none() {
        page = page.part(Note::new(Tone::Neutral, w.t("reporting-proposed"), prose(&proposed)));
    }
    Ok(page)
}

/// `GET /reporting/{engagement}/assertion`
///
/// # Errors
/// When there is no such engagement in the reader's scope.
pub async fn assertion(cx: Cx, Path(id): Path<String>) -> Answer {
    let page = assertion_page(&cx, id_of(&id)?, None).await?;
    cx.page(&page)
}

/// `POST /reporting/{engagement}/assertion`: management signs.
///
/// # Errors
/// When the form is another session's, or the person may not.
pub async fn sign(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = id_of(&id)?;
    engagement(&cx, id).await?;
    cx.may::<SignAssertion>()?;
    let mut form = assertion_form(&cx, &cx.shell(), id, "");
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let done = match kernel::period::parse_date(form.typed("date")) {
            Err(e) => Err(Refusal::field("date", e.to_string()).into()),
            Ok(date) => {
                let body = AssertionBody {
                    text: form.typed("text").to_owned(),
                    signer: form.typed("signer").to_owned(),
                    position: form.typed("position").to_owned(),
                    date,
                };
                cx.write(move |tx, env, actor| {
                    let permit = authorize::<SignAssertion>(actor, &scope::facts(tx, id)?)?;
                    service::sign_assertion(tx, env, &permit, &body)
                })
                .await
            }
        };
        match done {
            Ok(()) => {
                let to = format!("/reporting/{id}/assertion");
                return cx.see_other(&to, Flash::Done(cx.w.t("reporting-assertion-done"))).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    let page = assertion_page(&cx, id, Some(form)).await?;
    cx.page_again(&page)
}
