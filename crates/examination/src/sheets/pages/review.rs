//! Review notes and the signatures of preparer and reviewer.

use super::{Sheet, load};
use crate::model::SampleId;
use crate::pages::{done, fresh_key, href, id, once, onto, paragraph};
use crate::permits::{PerformTests, ReviewWork};
use crate::sheets::model::{NoteId, Part, ReviewNote};
use crate::sheets::rules::digest;
use crate::sheets::service;
use axum::extract::Path;
use kernel::env::Env;
use kernel::ids::EngagementId;
use kernel::permit::{Action, Permit, authorize};
use kernel::zone::Zone;
use platform::db::{Result as Stored, Tx};
use platform::http::{Answer, Cx, Pairs};
use platform::ui::{Button, Choice, Field, Form, Html, Kind, NextStep, Status, Tone, facts, fold};
use platform::words::Words;

/// The signature of one part, and whether it still holds.
fn signature(w: Words, sheet: &Sheet, part: Part) -> Html {
    let Some(signed) = sheet.signatures.iter().find(|s| s.part == part) else {
        return Status::new(Tone::Waiting, w.t("sheets-not-signed")).into();
    };
    let state = if signed.digest == digest(&sheet.items) {
        Status::new(Tone::Good, w.t("sheets-signed"))
    } else {
        Status::new(Tone::Attention, w.t("sheets-signature-void"))
    };
    let when = Zone::utc().rfc3339(signed.signed_at);
    Html::from(state).and(Html::text(&format!(" {}, {when}", sheet.names.of(&signed.signer))))
}

fn holds(sheet: &Sheet, part: Part) -> bool {
    let now = digest(&sheet.items);
    sheet.signatures.iter().any(|s| s.part == part && s.digest == now)
}

fn me(cx: &Cx) -> String {
    cx.actor().map(kernel::party::Actor::name).unwrap_or_default()
}

/// Who has to do what next, and the button for it.
fn next(cx: &Cx, sheet: &Sheet) -> Option<Html> {
    let w = cx.w;
    let csrf = cx.shell().csrf;
    let me = me(cx);
    let open = sheet.notes.iter().filter(|n| n.is_open()).count();
    let mine = sheet.items.iter().any(|i| i.tested_by.as_deref() == Some(me.as_str()));
    if sheet.open() > 0 || (holds(sheet, Part::Reviewer) && open == 0) {
        return None;
    }
    if !holds(sheet, Part::Preparer) {
        let button = Button::post(sheet.href("/prepared"), csrf, w.t("sheets-sign-prepared"));
        let step = NextStep::new(w, w.t("sheets-preparer"), w.t("sheets-next-prepare"));
        let may = mine && cx.can::<PerformTests>();
        return Some(if may { step.action(button.primary()).into() } else { step.into() });
    }
    if open > 0 {
        let what = w.t1("sheets-next-clear", "count", open);
        return Some(NextStep::new(w, w.t("sheets-reviewer"), what).into());
    }
    let button = Button::post(sheet.href("/reviewed"), csrf, w.t("sheets-sign-reviewed"));
    let step = NextStep::new(w, w.t("sheets-reviewer"), w.t("sheets-next-review"));
    let may = !mine && cx.can::<ReviewWork>();
    Some(if may { step.action(button.primary()).into() } else { step.into() })
}

fn note_form(cx: &Cx, sheet: &Sheet, note: &ReviewNote) -> Option<Form> {
    let w = cx.w;
    let shell = cx.shell();
    let version = u64::try_from(note.version).unwrap_or_default();
    let me = me(cx);
    let at = |what: &str| href(sheet.engagement(), &format!("/notes/{}/{what}", note.id));
    let form = |what: &str, submit: &str| {
        Form::post(w, at(what), &shell.csrf, w.t(submit))
            .apart(&note.id.to_string())
            .version(version)
            .hide("sample", sheet.sample.id.to_string())
    };
    if note.answer.is_none() && cx.can::<PerformTests>() {
        let field = Field::new(w, "answer", w.t("sheets-note-answer"), Kind::Area(2));
        return Some(form("answer", "sheets-answer").field(field.required().max(2_000)));
    }
    let other = note.answered_by.as_deref().is_some_and(|who| who != me);
    (other && cx.can::<ReviewWork>()).then(|| {
        let field = Field::new(w, "remark", w.t("sheets-note-remark"), Kind::Text);
        form("clear", "sheets-clear").field(field.max(2_000))
    })
}

fn shown(cx: &Cx, sheet: &Sheet, note: &ReviewNote) -> Html {
    let w = cx.w;
    let names = &sheet.names;
    let by = |who: &Option<String>, text: &Option<String>| match (who, text) {
        (Some(who), Some(text)) if text.is_empty() => Html::text(&names.of(who)),
        (Some(who), Some(text)) => Html::text(&format!("{text} ({})", names.of(who))),
        _ => Html::default(),
    };
    let about = note.item.clone().unwrap_or_else(|| w.t("sheets-whole-sheet"));
    let when = Zone::utc().rfc3339(note.raised_at);
    let asked = format!("{} ({}, {when})", note.text, names.of(&note.raised_by));
    let state = if note.is_open() {
        Status::new(Tone::Attention, w.t("sheets-note-open"))
    } else {
        Status::new(Tone::Good, w.t("sheets-note-closed"))
    };
    let pairs = facts(vec![
        (w.t("sheets-note-about"), Html::text(&format!("{about} ")).and(state)),
        (w.t("sheets-note-text"), Html::text(&asked)),
        (w.t("sheets-note-answer"), by(&note.answered_by, &note.answer)),
        (w.t("sheets-note-cleared"), by(&note.cleared_by, &note.cleared)),
    ]);
    let form = note_form(cx, sheet, note).filter(|_| note.is_open());
    pairs.and(form.map(Html::from))
}

pub(super) fn raise_form(cx: &Cx, sheet: &Sheet, item: Option<&str>) -> Form {
    let w = cx.w;
    let shell = cx.shell();
    let all = sheet.items.iter().map(|i| Choice::new(i.facts.id.clone(), i.facts.id.clone()));
    let kind = Kind::Select(all.collect());
    let field =
        Field::new(w, "item", w.t("sheets-note-about"), kind).hint(w.t("sheets-note-about-hint"));
    let field = match item {
        Some(item) => field.value(item),
        None => field,
    };
    Form::post(w, sheet.href("/notes"), &shell.csrf, w.t("sheets-raise"))
        .apart("raise")
        .key(fresh_key(cx))
        .field(field)
        .field(Field::new(w, "text", w.t("sheets-note-text"), Kind::Area(2)).required().max(2_000))
}

/// The part of the sheet that is about its review.
pub(super) fn parts(cx: &Cx, sheet: &Sheet) -> Vec<Html> {
    let w = cx.w;
    let mut parts: Vec<Html> = Vec::new();
    parts.extend(next(cx, sheet));
    parts.push(facts(vec![
        (w.t("sheets-preparer"), signature(w, sheet, Part::Preparer)),
        (w.t("sheets-reviewer"), signature(w, sheet, Part::Reviewer)),
    ]));
    if sheet.notes.is_empty() {
        parts.push(paragraph(&w.t("sheets-no-notes")));
    }
    parts.extend(sheet.notes.iter().map(|n| shown(cx, sheet, n)));
    if cx.can::<ReviewWork>() && sheet.items.iter().any(|i| i.tested_by.is_some()) {
        parts.push(fold(&w.t("sheets-raise"), false, raise_form(cx, sheet, None)));
    }
    parts
}

/// `POST /examination/{engagement}/samples/{sample}/notes`: a reviewer raises a note.
///
/// # Errors
/// Nothing is there for who may not read the file; what a review note needs is said.
pub async fn raise_note(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    let sheet = load(&cx, engagement, sample).await?;
    cx.may::<ReviewWork>()?;
    let mut form = raise_form(&cx, &sheet, None);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let item = Some(form.typed("item").to_owned()).filter(|i| !i.is_empty());
        let text = form.typed("text").to_owned();
        let written = once(&cx, &pairs, move |tx, env, actor| {
            let permit = authorize::<ReviewWork>(actor, &scope::facts(tx, engagement)?)?;
            service::raise_note(tx, env, &permit, sample, item.as_deref(), &text)
        })
        .await;
        match written {
            Ok(_) => return done(&cx, &sheet.href(""), "sheets-note-raised").await,
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    super::refused(&cx, &sheet, cx.w.t("sheets-raise"), form)
}

/// What is done to a review note.
type OnNote<A> = fn(&mut Tx<'_>, &mut Env, &Permit<A>, NoteId, i64, &str) -> Stored<()>;

/// The form of a note sent: its command, or the form again with what was typed.
async fn on_note<A: Action>(
    cx: Cx,
    (engagement, note): (String, String),
    pairs: Pairs,
    (field, saved): (&'static str, &'static str),
    command: OnNote<A>,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, id_of): (EngagementId, NoteId) = (id(&engagement)?, id(&note)?);
    let sheet = load(&cx, engagement, id(pairs.get("sample").unwrap_or_default())?).await?;
    cx.may::<A>()?;
    let text = pairs.get(field).unwrap_or_default().to_owned();
    let version = pairs.get("version").and_then(|v| v.parse().ok()).unwrap_or(0);
    let written = cx
        .write(move |tx, env, actor| {
            let permit = authorize::<A>(actor, &scope::facts(tx, engagement)?)?;
            command(tx, env, &permit, id_of, version, &text)
        })
        .await;
    let Err(failure) = written else { return done(&cx, &sheet.href(""), saved).await };
    let asked = |n: &&ReviewNote| n.id == id_of && (field == "answer") == n.answer.is_none();
    let form = sheet.notes.iter().find(asked).and_then(|n| note_form(&cx, &sheet, n));
    // Somebody did it meanwhile: there is no such form any more, and the refusal says so by itself.
    let Some(mut form) = form else { return Err(failure) };
    form.fill(&pairs.0);
    onto(&mut form, failure)?;
    super::refused(&cx, &sheet, cx.w.t("sheets-note-about"), form)
}

/// `POST /examination/{engagement}/notes/{note}/answer`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn answer_note(cx: Cx, Path(at): Path<(String, String)>, pairs: Pairs) -> Answer {
    on_note::<PerformTests>(cx, at, pairs, ("answer", "sheets-note-answered"), service::answer_note)
        .await
}

/// `POST /examination/{engagement}/notes/{note}/clear`.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn clear_note(cx: Cx, Path(at): Path<(String, String)>, pairs: Pairs) -> Answer {
    let said = ("remark", "sheets-note-is-cleared");
    on_note::<ReviewWork>(cx, at, pairs, said, service::clear_note).await
}

/// `POST /examination/{engagement}/samples/{sample}/prepared`: the preparer signs.
///
/// # Errors
/// Nothing is there for who may not read the file; what is missing is said.
pub async fn sign_prepared(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    cx.write(move |tx, env, actor| {
        let permit = authorize::<PerformTests>(actor, &scope::facts(tx, engagement)?)?;
        service::sign_prepared(tx, env, &permit, sample)
    })
    .await?;
    done(&cx, &href(engagement, &format!("/samples/{sample}")), "sheets-prepared-saved").await
}

/// `POST /examination/{engagement}/samples/{sample}/reviewed`: the reviewer signs.
///
/// # Errors
/// Nothing is there for who may not read the file; what is missing is said.
pub async fn sign_reviewed(
    cx: Cx,
    Path((engagement, sample)): Path<(String, String)>,
    pairs: Pairs,
) -> Answer {
    cx.check_csrf(&pairs)?;
    let (engagement, sample): (EngagementId, SampleId) = (id(&engagement)?, id(&sample)?);
    cx.write(move |tx, env, actor| {
        let permit = authorize::<ReviewWork>(actor, &scope::facts(tx, engagement)?)?;
        service::sign_reviewed(tx, env, &permit, sample)
    })
    .await?;
    done(&cx, &href(engagement, &format!("/samples/{sample}")), "examination-saved-review").await
}
