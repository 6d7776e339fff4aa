//! Phase 1: the channels that the auditor identified, against what the organisation says of them.

use super::{
    Seen, area, at, choices, evidence_field, frame, lines, named, page, paper_of, seen,
    seen_version, shown_by,
};
use crate::evaluations::pages::{finish, opened};
use crate::mechanisms::model::{Found, IdentifiedChannel, Kept};
use crate::mechanisms::permits::EvaluateMechanisms;
use crate::mechanisms::rules::compare::{differences, said};
use crate::mechanisms::service;
use crate::pages::{filled, heading};
use axum::extract::Path;
use cases::channels::model::{Audience, ChannelKind, Place};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::Tx;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Cell, Choice, Column, Empty, Field, Form, Html, Kind, Page, Row, Table, facts, fold, prose,
};
use platform::words::Words;

fn words_of<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|x| word(*x)).collect()
}

pub(super) fn audience(w: Words, audience: Audience) -> String {
    named(w, "audience", audience.word())
}

fn channel_form(cx: &Cx, seen: &Seen, old: Option<&Kept<IdentifiedChannel>>) -> Form {
    let w = cx.w;
    let body = old.map(|k| &k.body);
    let mut registered = vec![Choice::new("", w.t("mechanisms-not-in-register"))];
    registered.extend(seen.figures.register.iter().map(|c| Choice::new(c.id.to_string(), &c.name)));
    let found = words_of(Found::ALL, Found::word);
    let mut form =
        Form::post(w, seen.href("/channels"), &cx.shell().csrf, w.t("mechanisms-save-channel"))
            .key(cx.form_key())
            .hide("paper", old.map(|k| k.key.clone()).unwrap_or_default())
            .version(seen_version(old.map(|k| k.version)))
            .field(
                Field::new(w, "name", w.t("mechanisms-name"), Kind::Text)
                    .required()
                    .max(120)
                    .value(body.map_or("", |b| b.name.as_str())),
            )
            .field(
                Field::new(w, "registered", w.t("mechanisms-registered"), Kind::Select(registered))
                    .value(
                        body.and_then(|b| b.registered).map(|r| r.to_string()).unwrap_or_default(),
                    ),
            )
            .field(
                Field::new(
                    w,
                    "kind",
                    w.t("mechanisms-kind"),
                    Kind::Select(choices(
                        w,
                        "kind",
                        &words_of(ChannelKind::ALL, ChannelKind::word),
                    )),
                )
                .required()
                .value(body.map_or("", |b| b.kind.word())),
            )
            .field(
                Field::new(
                    w,
                    "audience",
                    w.t("mechanisms-audience"),
                    Kind::Radio(choices(w, "audience", &words_of(Audience::ALL, Audience::word))),
                )
                .required()
                .value(body.map_or("", |b| b.audience.word())),
            )
            .heading(w.t("mechanisms-where-found"));
    for place in Place::ALL {
        let value = body.and_then(|b| b.found.get(place)).copied().unwrap_or(Found::NotLooked);
        form = form.field(
            Field::new(
                w,
                format!("found-{}", place.word()),
                named(w, "place", place.word()),
                Kind::Radio(choices(w, "found", &found)),
            )
            .value(value.word()),
        );
    }
    form.field(
        Field::new(w, "works", w.t("mechanisms-works"), Kind::Radio(choices(w, "works", &found)))
            .value(body.map_or(Found::NotLooked, |b| b.works).word()),
    )
    .field(
        area(w, "note", 3, body.map_or("", |b| b.note.as_str()))
            .hint(w.t("mechanisms-channel-note-hint")),
    )
    .field(evidence_field(w, body.map_or(&[], |b| b.evidence.as_slice()), true))
}

fn read(form: &Form) -> Option<IdentifiedChannel> {
    let found = Place::ALL.iter().map(|place| {
        let word = form.typed(&format!("found-{}", place.word()));
        (*place, Found::from_word(word).unwrap_or(Found::NotLooked))
    });
    Some(IdentifiedChannel {
        name: form.typed("name").to_owned(),
        audience: Audience::from_word(form.typed("audience"))?,
        kind: ChannelKind::from_word(form.typed("kind"))?,
        registered: form.typed("registered").parse().ok(),
        found: found.collect(),
        works: Found::from_word(form.typed("works")).unwrap_or(Found::NotLooked),
        note: form.typed("note").to_owned(),
        evidence: lines(form, "evidence"),
    })
}

/// The sentences of the differences.
pub(super) fn difference_lines(w: Words, seen: &Seen) -> Vec<String> {
    let identified: Vec<&IdentifiedChannel> =
        seen.evaluation.channels.iter().map(|k| &k.body).collect();
    let f = &seen.figures;
    differences(&f.register, &f.publications, &identified, f.on)
        .iter()
        .map(|d| {
            let place = d.place.map_or_else(String::new, |p| named(w, "place", p.word()));
            let key = format!("mechanisms-diff-{}", d.kind.word().replace('_', "-"));
            w.t2(&key, "channel", d.channel.as_str(), "place", place)
        })
        .collect()
}

fn register_table(w: Words, seen: &Seen) -> Table {
    let f = &seen.figures;
    let columns = ["register", "audience", "made-known", "found-at", "works"]
        .map(|k| Column::new(w.t(&format!("mechanisms-{k}"))));
    let places = |all: &[Place]| {
        let names: Vec<String> = all.iter().map(|p| named(w, "place", p.word())).collect();
        names.join(", ")
    };
    let rows = f.register.iter().filter(|c| c.retired_at.is_none()).map(|c| {
        let own: Vec<&IdentifiedChannel> = seen
            .evaluation
            .channels
            .iter()
            .map(|k| &k.body)
            .filter(|b| b.registered == Some(c.id))
            .collect();
        let found: Vec<Place> = Place::ALL
            .iter()
            .copied()
            .filter(|p| own.iter().any(|b| b.found.get(p) == Some(&Found::Yes)))
            .collect();
        let works = own.first().map_or_else(
            || w.t("mechanisms-not-identified"),
            |b| named(w, "works", b.works.word()),
        );
        let cells: Vec<Cell> = vec![
            (&c.name).into(),
            audience(w, c.audience).into(),
            places(&said(c, &f.publications, f.on)).into(),
            places(&found).into(),
            works.into(),
        ];
        Row::new(cells).to(format!("/channels/{}", c.id))
    });
    Table::new(w, "register", w.t("mechanisms-compared"), columns.to_vec())
        .rows(rows)
        .cards()
        .empty(Empty::new(w.t("mechanisms-register-none"), w.t("mechanisms-register-none-next")))
}

fn identified(w: Words, seen: &Seen) -> Vec<Html> {
    let all = &seen.evaluation.channels;
    if all.is_empty() {
        return vec![
            Empty::new(w.t("mechanisms-channels-none"), w.t("mechanisms-channels-none-next"))
                .into(),
        ];
    }
    all.iter()
        .map(|k| {
            let b = &k.body;
            let found = b.found.iter().filter(|(_, f)| **f == Found::Yes);
            let found: Vec<String> = found.map(|(p, _)| named(w, "place", p.word())).collect();
            let to = seen.href(&format!("/channels?channel={}", k.key));
            let body = facts(vec![
                (w.t("mechanisms-kind"), named(w, "kind", b.kind.word()).into()),
                (w.t("mechanisms-audience"), audience(w, b.audience).into()),
                (w.t("mechanisms-found-at"), found.join(", ").into()),
                (w.t("mechanisms-works"), named(w, "works", b.works.word()).into()),
                (w.t("mechanisms-note"), prose(&b.note)),
                (w.t("mechanisms-evidence"), shown_by(seen.engagement(), &b.evidence)),
                (w.t("mechanisms-change-it"), Html::link(&to, w.t("mechanisms-change-it"))),
            ]);
            fold(&b.name, false, body)
        })
        .collect()
}

fn channels_page(cx: &Cx, seen: &Seen, form: Form) -> Page {
    let w = cx.w;
    let differ = difference_lines(w, seen);
    let answer = w.t2(
        "mechanisms-channels-answer",
        "identified",
        seen.evaluation.channels.len(),
        "differences",
        differ.len(),
    );
    let mut parts: Vec<Html> = vec![register_table(w, seen).into()];
    parts.push(heading(&w.t("mechanisms-differences")));
    parts.push(if differ.is_empty() {
        prose(&w.t("mechanisms-differences-none"))
    } else {
        crate::pages::sentences(&differ)
    });
    parts.push(heading(&w.t("mechanisms-identified")));
    parts.extend(identified(w, seen));
    if cx.can::<EvaluateMechanisms>() {
        let open =
            !form.ok() || cx.param("channel").is_some() || seen.evaluation.channels.is_empty();
        parts.push(fold(&w.t("mechanisms-add-channel"), open, form));
    }
    page(frame(cx, seen, w.t("mechanisms-channels-title"), answer), parts)
}

fn chosen<'s>(cx: &Cx, seen: &'s Seen) -> Result<Option<&'s Kept<IdentifiedChannel>>, Failure> {
    let Some(key) = cx.param("channel") else { return Ok(None) };
    let found = seen.evaluation.channels.iter().find(|k| k.key == key);
    found.map(Some).ok_or(Failure::Refused(Refusal::NotFound))
}

/// `GET /examination/{engagement}/mechanisms/channels`, with `?channel=` the form of one.
///
/// # Errors
/// Nothing is there for who may not read the file.
pub async fn channels(cx: Cx, Path(engagement): Path<String>) -> Answer {
    let seen = seen(&cx, &engagement).await?;
    let form = channel_form(&cx, &seen, chosen(&cx, &seen)?);
    cx.page(&channels_page(&cx, &seen, form))
}

/// `POST /examination/{engagement}/mechanisms/channels`
///
/// # Errors
/// As [`channels`].
pub async fn identify(cx: Cx, Path(engagement): Path<String>, pairs: Pairs) -> Answer {
    let seen = opened::<EvaluateMechanisms, _>(&cx, &pairs, seen(&cx, &engagement)).await?;
    let (old, gone) = paper_of(&seen.evaluation.channels, &pairs);
    let mut form = filled(channel_form(&cx, &seen, old), &pairs);
    if gone {
        form.error("", cx.w.t("mechanisms-paper-gone"));
    }
    let at = at(&form);
    let command = read(&form).map(|input| {
        move |tx: &mut Tx<'_>, env: &mut Env, permit: &Permit<EvaluateMechanisms>| {
            service::identify_channel(tx, env, permit, at.clone(), &input)
        }
    });
    let to = seen.href("/channels");
    finish(&cx, &pairs, form, (seen.engagement(), &to, "mechanisms-saved"), command, |form| {
        channels_page(&cx, &seen, form)
    })
    .await
}
