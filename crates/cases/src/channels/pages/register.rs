//! `/channels`: which ways there are to report, and what each lacks; a new channel.

use super::{audience_word, kind_word, owner_seen, shell, today};
use crate::channels::model::{Audience, Channel, ChannelKind, Publication, Trial};
use crate::channels::permits::ManageChannels;
use crate::channels::rules::lacks;
use crate::channels::service::{self, ChannelInput};
use crate::channels::store;
use kernel::ids::PersonId;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Button, Choice, Column, Empty, Field, Flash, Form, Html, Kind, Page, Row, Status, Table, Tone,
};
use platform::words::Words;

struct Seen {
    channels: Vec<Channel>,
    publications: Vec<Publication>,
    trials: Vec<Trial>,
    owners: Vec<String>,
}

fn state(w: Words, channel: &Channel, seen: &Seen, today: kernel::period::Date) -> Status {
    if channel.retired_at.is_some() {
        return Status::new(Tone::Closed, w.t("channels-state-closed"));
    }
    match lacks(channel, &seen.publications, &seen.trials, today).first() {
        None => Status::new(Tone::Good, w.t("channels-state-open")),
        Some(lack) => Status::new(Tone::Attention, w.t(&format!("channels-lacks-{}", lack.word()))),
    }
}

fn row(w: Words, channel: &Channel, owner: &str, seen: &Seen, today: kernel::period::Date) -> Row {
    let places =
        seen.publications.iter().filter(|p| p.channel == channel.id && p.to.is_none()).count();
    let trial = seen.trials.iter().find(|t| t.channel == channel.id);
    let tried = trial.map_or_else(
        || w.t("channels-never"),
        |t| {
            let key = if t.passed { "channels-tried-well" } else { "channels-tried-badly" };
            w.t1(key, "date", w.date(t.on))
        },
    );
    Row::new(vec![
        (&channel.name).into(),
        kind_word(w, channel.kind).into(),
        audience_word(w, channel.audience).into(),
        owner.into(),
        w.number(places).into(),
        tried.into(),
        state(w, channel, seen, today).into(),
    ])
    .to(format!("/channels/{}", channel.id))
}

/// `GET /channels`
///
/// # Errors
/// When the reader may not see the channels.
pub async fn list(cx: Cx) -> Answer {
    let chosen = cx.engagement();
    let seen = cx
        .read(move |conn, actor| {
            let owner = owner_seen(conn, actor, chosen)?;
            let channels = store::channels(conn, owner)?;
            let owners = channels
                .iter()
                .map(|c| {
                    c.owner.map_or_else(|| Ok(String::new()), |p| identity::store::name_of(conn, p))
                })
                .collect::<platform::db::Result<_>>()?;
            Ok(Seen {
                channels,
                publications: store::publications(conn, owner)?,
                trials: store::trials(conn, owner)?,
                owners,
            })
        })
        .await?;
    let (w, today, query) = (cx.w, today(&cx), cx.list_query());
    let columns = ["name", "kind", "audience", "owner", "published", "tried", "state"].map(|k| {
        let column = Column::new(w.t(&format!("channels-{k}")));
        if k == "published" { column.numeric() } else { column }
    });
    let rows = seen.channels.iter().zip(&seen.owners).map(|(c, o)| row(w, c, o, &seen, today));
    let add = Button::link("/channels/new", w.t("channels-add")).primary();
    let may = cx.can::<ManageChannels>();
    let mut empty = Empty::new(w.t("channels-none"), w.t("channels-none-next"));
    if may {
        empty = empty.action(add.clone());
    }
    let table = Table::new(w, "channels", w.t("channels-title"), columns.to_vec())
        .rows(rows)
        .exports(&query)
        .empty(empty);
    if let Some(file) = cx.file("channels", &table) {
        return file;
    }
    let open = seen.channels.iter().filter(|c| c.retired_at.is_none()).count();
    let wanting = seen
        .channels
        .iter()
        .filter(|c| !lacks(c, &seen.publications, &seen.trials, today).is_empty())
        .count();
    let mut shell = shell(&cx, "/channels").title(w.t("channels-question")).answer(w.t2(
        "channels-answer",
        "open",
        open,
        "wanting",
        wanting,
    ));
    if may {
        shell = shell.action(add);
    }
    cx.page(&Page::new(shell).part(table))
}

/// The people who may answer for a channel.
pub(super) async fn people(cx: &Cx) -> Result<Vec<(PersonId, String)>, Failure> {
    cx.read(|conn, actor| {
        let party = actor.party.ok_or(Refusal::NotFound)?;
        let all = identity::store::people_of(conn, party)?;
        Ok(all.into_iter().map(|m| (m.profile.id, m.profile.name)).collect())
    })
    .await
}

fn choices<T: Copy>(
    all: &[T],
    word: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> String,
) -> Vec<Choice> {
    all.iter().map(|x| Choice::new(word(*x), label(*x))).collect()
}

/// The fields of a channel, filled from one that exists.
pub(super) fn fields(
    form: Form,
    w: Words,
    people: &[(PersonId, String)],
    now: Option<&Channel>,
) -> Form {
    let text = |name: &'static str, value: Option<&str>| {
        Field::new(w, name, w.t(&format!("channels-{name}")), Kind::Text)
            .max(service::LINE_MAX)
            .value(value.unwrap_or_default())
    };
    let kinds = choices(ChannelKind::ALL, ChannelKind::word, |k| kind_word(w, k));
    let audiences = choices(Audience::ALL, Audience::word, |a| audience_word(w, a));
    let owners = std::iter::once(Choice::new("", w.t("channels-nobody")))
        .chain(people.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())))
        .collect();
    let mut anonymous = Field::new(w, "anonymous", w.t("channels-anonymous"), Kind::Box)
        .hint(w.t("channels-anonymous-hint"));
    if now.is_some_and(|c| c.anonymous) {
        anonymous = anonymous.value("on");
    }
    form.field(
        text("name", now.map(|c| c.name.as_str()))
            .required()
            .max(service::NAME_MAX)
            .hint(w.t("channels-name-hint")),
    )
    .field(
        Field::new(w, "kind", w.t("channels-kind"), Kind::Select(kinds))
            .required()
            .value(now.map_or("", |c| c.kind.word())),
    )
    .field(
        Field::new(w, "audience", w.t("channels-audience"), Kind::Radio(audiences))
            .required()
            .value(now.map_or("", |c| c.audience.word())),
    )
    .field(text("address", now.map(|c| c.address.as_str())).hint(w.t("channels-address-hint")))
    .field(
        Field::new(w, "instructions", w.t("channels-instructions"), Kind::Area(4))
            .required()
            .max(service::TEXT_MAX)
            .hint(w.t("channels-instructions-hint"))
            .value(now.map_or("", |c| c.instructions.as_str())),
    )
    .field(text("hours", now.map(|c| c.hours.as_str())).hint(w.t("channels-hours-hint")))
    .field(
        text("languages", None)
            .value(now.map(|c| c.languages.join(", ")).unwrap_or_default())
            .hint(w.t("channels-languages-hint")),
    )
    .field(anonymous)
    .field(
        Field::new(w, "owner", w.t("channels-owner"), Kind::Select(owners))
            .value(now.and_then(|c| c.owner).map(|p| p.to_string()).unwrap_or_default()),
    )
}

/// What was sent.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub(super) fn input(form: &Form, people: &[(PersonId, String)]) -> Result<ChannelInput, Refusal> {
    let owner = match form.typed("owner") {
        "" => None,
        text => {
            let id = people.iter().map(|(id, _)| *id).find(|id| id.to_string() == text);
            Some(
                id.ok_or_else(|| Refusal::field("owner", "Choose somebody of your organisation."))?,
            )
        }
    };
    Ok(ChannelInput {
        name: form.typed("name").to_owned(),
        kind: ChannelKind::from_word(form.typed("kind"))
            .ok_or_else(|| Refusal::field("kind", "Choose what the channel is."))?,
        audience: Audience::from_word(form.typed("audience"))
            .ok_or_else(|| Refusal::field("audience", "Choose for whom it is."))?,
        address: form.typed("address").to_owned(),
        instructions: form.typed("instructions").to_owned(),
        hours: form.typed("hours").to_owned(),
        languages: service::languages_of(form.typed("languages"))?,
        anonymous: form.typed("anonymous") == "on",
        owner,
    })
}

fn new_form(cx: &Cx, people: &[(PersonId, String)]) -> Form {
    let w = cx.w;
    let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
    let form = Form::post(w, "/channels/new", csrf, w.t("channels-add"))
        .key(cx.form_key())
        .cancel("/channels");
    fields(form, w, people, None)
}

fn new_page(cx: &Cx, form: Form) -> Page {
    let w = cx.w;
    let shell = cx
        .shell()
        .at("channels")
        .crumb("/channels", w.t("channels-title"))
        .title(w.t("channels-new-question"))
        .answer(Html::text(&w.t("channels-new-answer")));
    Page::new(shell).part(form)
}

/// `GET /channels/new`
///
/// # Errors
/// When the reader may not keep the register.
pub async fn new_form_page(cx: Cx) -> Answer {
    cx.may::<ManageChannels>()?;
    let people = people(&cx).await?;
    cx.page(&new_page(&cx, new_form(&cx, &people)))
}

/// `POST /channels/new`
///
/// # Errors
/// When the form is another session's or the person may not.
pub async fn new_submit(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageChannels>()?;
    let people = people(&cx).await?;
    let mut form = new_form(&cx, &people);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match add(&cx, &pairs, input(&form, &people)).await {
            Ok(id) => {
                let done = Flash::Done(cx.w.t("channels-added"));
                return cx.see_other(&format!("/channels/{id}"), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&new_page(&cx, form))
}

async fn add(
    cx: &Cx,
    pairs: &Pairs,
    input: Result<ChannelInput, Refusal>,
) -> Result<crate::channels::model::ChannelId, Failure> {
    let input = input?;
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<ManageChannels>(actor, &Facts::of(owner))?;
        service::state_channel(tx, env, &permit, &input)
    })
    .await
}
