//! Deficiencies and misstatements that stand uncorrected, and the letter on them: written and released by
//! the firm, read and acknowledged by management.

use super::{Names, id_of};
use crate::completion::model::{Deficiency, Letter, LetterBody};
use crate::completion::permits::{AcknowledgeLetter, ReadCompletion, ReadLetter, WriteLetter};
use crate::completion::{rules, service, store};
use crate::deviations::store::statements_about;
use crate::firm::store::facts_for;
use crate::model::{About, Deviation, DeviationId};
use crate::pages::framed;
use crate::store::Papers;
use axum::extract::Path;
use kernel::ids::EngagementId;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use kernel::zone::Zone;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Shell, Status, Table, Tone,
    facts, prose,
};
use platform::words::Words;
use std::collections::BTreeMap;

/// Everything that the firm's page shows.
struct Seen {
    papers: Papers,
    letter: Option<Letter>,
    names: Names,
    /// What the organisation said was put right, where the record of the deviation says nothing.
    put_right: BTreeMap<DeviationId, String>,
}

fn address(id: EngagementId) -> String {
    format!("/examination/{id}/deficiencies")
}

fn actors(letter: Option<&Letter>) -> impl Iterator<Item = &str> {
    letter.into_iter().flat_map(|l| {
        [Some(l.written_by.as_str()), l.released_by.as_deref(), l.acknowledged_by.as_deref()]
            .into_iter()
            .flatten()
    })
}

async fn seen(cx: &Cx, id: EngagementId) -> Result<Seen, Failure> {
    let now = cx.env().now();
    cx.read(move |conn, actor| {
        authorize::<ReadCompletion>(actor, &facts_for(conn, actor, id, now)?)?;
        let papers = Papers::load(conn, id)?;
        let letter = store::letter(conn, papers.file)?;
        let names = Names::load(conn, actors(letter.as_ref()))?;
        let mut put_right = BTreeMap::new();
        for deviation in &papers.deviations {
            let said = statements_about(conn, papers.file, deviation.id)?;
            let answer =
                said.into_iter().filter_map(|s| s.answer).find(|a| !a.correction.is_empty());
            put_right.extend(answer.map(|a| (deviation.id, a.correction)));
        }
        Ok(Seen { papers, letter, names, put_right })
    })
    .await
}

/// One line of the unadjusted list: what it is about, what was found, what became of it.
fn unadjusted(w: Words, seen: &Seen) -> Vec<Row> {
    let papers = &seen.papers;
    let mut rows: Vec<Row> = papers
        .deviations
        .iter()
        .map(|d| {
            let control = papers.control(d.control);
            let code = control.map_or_else(String::new, |c| c.text.code.clone());
            let concluded = papers.conclusion(About::Control { control: d.control });
            let said = concluded.map_or_else(
                || w.t("examination-not-concluded"),
                |c| crate::pages::verdict(w, &c.concluded),
            );
            Row::new(vec![
                Html::id(&code).into(),
                d.body.facts.as_str().into(),
                crate::pages::word(w, "nature", d.body.nature.word()).into(),
                correction(seen, d).into(),
                said.into(),
            ])
            .to(format!("/examination/{}/controls/{}", papers.engagement.id, d.control))
        })
        .collect();
    rows.extend(papers.matters.description.misstatements.iter().map(|m| {
        let (tone, key) = if m.corrected {
            (Tone::Good, "completion-misstatement-cleared")
        } else {
            (Tone::Attention, "completion-misstatement-open")
        };
        Row::new(vec![
            m.dc.to_string().into(),
            m.what.as_str().into(),
            w.t(&format!("completion-misstatement-{}", m.kind.word().replace('_', "-"))).into(),
            Html::default().into(),
            Status::new(tone, w.t(key)).into(),
        ])
    }));
    rows
}

/// What was put right of a deviation: as the firm recorded it, else as the organisation said.
fn correction<'a>(seen: &'a Seen, deviation: &'a Deviation) -> &'a str {
    match deviation.body.correction.as_str() {
        "" => seen.put_right.get(&deviation.id).map_or("", String::as_str),
        recorded => recorded,
    }
}

fn lines(body: &LetterBody) -> String {
    let line = |d: &Deficiency| format!("{} | {} | {}", d.control, d.found, d.effect);
    body.deficiencies.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn letter_form(cx: &Cx, shell: &Shell, seen: &Seen, body: &LetterBody) -> Form {
    let w = cx.w;
    let version = seen.letter.as_ref().map_or(0, |l| l.version);
    let field = |name: &str, key: &str, kind, value: &str| {
        Field::new(w, name, w.t(key), kind).required().max(40_000).value(value)
    };
    Form::post(w, address(seen.papers.engagement.id), &shell.csrf, w.t("completion-letter-write"))
        .key(cx.form_key())
        .version(u64::try_from(version).unwrap_or_default())
        .hide("do", "write")
        .field(field("addressee", "completion-addressee", Kind::Text, &body.addressee))
        .field(field("opening", "completion-opening", Kind::Area(3), &body.opening))
        .field(field("deficiencies", "completion-letter-lines", Kind::Area(8), &lines(body)))
        .field(field("closing", "completion-closing", Kind::Area(2), &body.closing))
}

/// The letter as it reads.
fn letter_part(w: Words, zone: &Zone, names: &Names, letter: &Letter) -> Html {
    let body = &letter.body;
    let columns = ["examination-control", "completion-found", "completion-effect-of"]
        .map(|k| Column::new(w.t(k)));
    let rows = body.deficiencies.iter().map(|d| {
        Row::new(vec![
            Html::id(&d.control).into(),
            d.found.as_str().into(),
            d.effect.as_str().into(),
        ])
    });
    let at = |at: Option<kernel::time::Timestamp>| {
        at.map_or_else(Html::default, |at| Html::text(&zone.rfc3339(at)))
    };
    let by = |by: &Option<String>| {
        by.as_deref().map_or_else(Html::default, |b| Html::text(&names.of(b)))
    };
    let acknowledged: Html = match letter.acknowledged_at {
        None => Status::new(Tone::Waiting, w.t("completion-letter-not-acknowledged")).into(),
        when => at(when),
    };
    facts(vec![(w.t("completion-addressee"), Html::text(&body.addressee))])
        .and(prose(&body.opening))
        .and(Html::from(
            Table::new(w, "deficiencies", w.t("completion-deficiencies"), columns.to_vec())
                .rows(rows),
        ))
        .and(prose(&body.closing))
        .and(facts(vec![
            (w.t("completion-letter-released-at"), at(letter.released_at)),
            (w.t("completion-letter-released-by"), by(&letter.released_by)),
            (w.t("completion-letter-acknowledged-at"), acknowledged),
            (w.t("completion-letter-acknowledged-by"), by(&letter.acknowledged_by)),
        ]))
}

fn page(cx: &Cx, seen: &Seen, letter: Option<Form>) -> Page {
    let w = cx.w;
    let shell = cx.shell();
    let rows = unadjusted(w, seen);
    let framed = framed(shell.clone(), &seen.papers, "completion")
        .title(w.t("completion-deficiencies-title"))
        .answer(w.t1("completion-deficiencies-answer", "count", rows.len()));
    let columns = [
        "examination-control",
        "completion-found",
        "completion-nature",
        "completion-correction",
        "completion-conclusion",
    ]
    .map(|k| Column::new(w.t(k)));
    let mut page = Page::new(framed).part(
        Table::new(w, "unadjusted", w.t("completion-unadjusted"), columns.to_vec())
            .rows(rows)
            .empty(Empty::new(
                w.t("completion-letter-none-yet"),
                w.t("completion-letter-none-next"),
            )),
    );
    let matters = format!("/examination/{}/matters", seen.papers.engagement.id);
    page = page.part(Html::link(&matters, w.t("matters-link")));
    page = page.heading(&w.t("completion-letter"));
    let zone = seen.papers.engagement.period.zone();
    let released = seen.letter.as_ref().is_some_and(|l| l.released_at.is_some());
    match &seen.letter {
        Some(letter) => page = page.part(letter_part(w, zone, &seen.names, letter)),
        None => {
            page = page.part(Empty::new(
                w.t("completion-letter-none-yet"),
                w.t("completion-letter-none-next"),
            ));
        }
    }
    if released || seen.papers.engagement.locked() || !cx.can::<WriteLetter>() {
        // A letter that was released meanwhile is not written any more; what was typed still comes back.
        return letter.into_iter().fold(page, Page::part);
    }
    if let Some(letter) = &seen.letter {
        page = page.part(platform::ui::prose(&w.t("completion-letter-release-what"))).part(
            Button::post(
                address(seen.papers.engagement.id),
                shell.csrf.clone(),
                w.t("completion-letter-release"),
            )
            .with("do", "release")
            .with("version", letter.version.to_string()),
        );
    }
    let body =
        seen.letter.as_ref().map(|l| l.body.clone()).or_else(|| rules::draft_letter(&seen.papers));
    match (letter, body) {
        (Some(form), _) => page.part(form),
        (None, Some(body)) => page.part(letter_form(cx, &shell, seen, &body)),
        (None, None) => page,
    }
}

/// `GET /examination/{engagement}/deficiencies`
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, id_of(&id)?).await?;
    cx.page(&page(&cx, &seen, None))
}

/// The deficiencies that lines describe.
fn deficiencies(form: &mut Form) -> Vec<Deficiency> {
    let mut out = Vec::new();
    let text = form.typed("deficiencies").to_owned();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let parts: Vec<&str> = line.splitn(3, '|').map(str::trim).collect();
        match parts.as_slice() {
            [control, found, effect] => out.push(Deficiency {
                control: (*control).to_owned(),
                found: (*found).to_owned(),
                effect: (*effect).to_owned(),
            }),
            _ => form.error("deficiencies", "Write each deficiency on a line of its own: control | what was found | what it means."),
        }
    }
    out
}

/// `POST /examination/{engagement}/deficiencies`: writes the letter, or releases it.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn act(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = id_of(&id)?;
    let seen = seen(&cx, id).await?;
    cx.may::<WriteLetter>()?;
    let version: i64 = pairs.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    if pairs.get("do") == Some("release") {
        let released = cx
            .write(move |tx, env, actor| {
                let permit = authorize::<WriteLetter>(actor, &scope::facts(tx, id)?)?;
                service::release_letter(tx, env, &permit, version)
            })
            .await;
        let said = match released {
            Ok(()) => Flash::Done(cx.w.t("completion-letter-released")),
            Err(Failure::Refused(Refusal::NotFound)) => return Err(Refusal::NotFound.into()),
            Err(Failure::Refused(refusal)) => Flash::Info(refusal.to_string()),
            Err(other) => return Err(other),
        };
        return cx.see_other(&address(id), said).await;
    }
    let empty = LetterBody {
        addressee: String::new(),
        opening: String::new(),
        deficiencies: Vec::new(),
        closing: String::new(),
    };
    let mut form = letter_form(&cx, &cx.shell(), &seen, &empty);
    form.fill(&pairs.0);
    form.check();
    let deficiencies = deficiencies(&mut form);
    if form.ok() {
        let typed = |name: &str| form.typed(name).to_owned();
        let body = LetterBody {
            addressee: typed("addressee"),
            opening: typed("opening"),
            deficiencies,
            closing: typed("closing"),
        };
        let written = cx
            .write_once(&pairs, move |tx, env, actor| {
                let permit = authorize::<WriteLetter>(actor, &scope::facts(tx, id)?)?;
                service::write_letter(tx, env, &permit, version, &body)
            })
            .await;
        match written {
            Ok(_) => {
                return cx
                    .see_other(&address(id), Flash::Done(cx.w.t("completion-letter-written")))
                    .await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some(form)))
}

/// `GET /engagements/{engagement}/deficiencies`: the released letter, for management and for the firm.
///
/// # Errors
/// Nothing is there before it is released.
pub async fn released(cx: Cx, Path(id): Path<String>) -> Answer {
    let id = id_of(&id)?;
    let now = cx.env().now();
    let (engagement, letter, names) = cx
        .read(move |conn, actor| {
            authorize::<ReadLetter>(actor, &facts_for(conn, actor, id, now)?)?;
            let letter = store::released_letter(conn, id)?.ok_or(Refusal::NotFound)?;
            let engagement = scope::store::engagement(conn, id)?.ok_or(Refusal::NotFound)?;
            let names = Names::load(conn, actors(Some(&letter)))?;
            Ok((engagement, letter, names))
        })
        .await?;
    let w = cx.w;
    let shell = cx
        .shell()
        .at("scope")
        .crumb("/engagements", w.t("nav-scope"))
        .crumb(format!("/engagements/{id}"), engagement.name.clone())
        .title(w.t("completion-letter-title"))
        .answer(w.t1("completion-letter-answer", "count", letter.body.deficiencies.len()));
    let csrf = shell.csrf.clone();
    let mut page = Page::new(shell).part(letter_part(w, engagement.period.zone(), &names, &letter));
    if letter.acknowledged_at.is_none() && cx.can::<AcknowledgeLetter>() {
        page = page.part(
            Button::post(
                format!("/engagements/{id}/deficiencies"),
                csrf,
                w.t("completion-letter-acknowledge"),
            )
            .primary(),
        );
    }
    cx.page(&page)
}

/// `POST /engagements/{engagement}/deficiencies`: management acknowledges the letter.
///
/// # Errors
/// Nothing is there before it is released.
pub async fn acknowledge(cx: Cx, Path(id): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let id = id_of(&id)?;
    let done = cx
        .write(move |tx, env, actor| {
            let permit = authorize::<AcknowledgeLetter>(actor, &scope::facts(tx, id)?)?;
            service::acknowledge_letter(tx, env, &permit)
        })
        .await;
    let said = match done {
        Ok(()) => Flash::Done(cx.w.t("completion-letter-acknowledged")),
        Err(Failure::Refused(Refusal::State(why))) => Flash::Info(why),
        Err(other) => return Err(other),
    };
    cx.see_other(&format!("/engagements/{id}/deficiencies"), said).await
}
