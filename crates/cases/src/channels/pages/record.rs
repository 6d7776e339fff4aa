//! `/channels/{id}`: one channel, where it is made known, how it was tried, and its change log.

use super::{audience_word, kind_word, languages_said, owner_seen, place_word, register, today};
use crate::channels::events::ChannelEvent;
use crate::channels::model::{Channel, ChannelId, Place, Publication, PublicationId, Trial};
use crate::channels::permits::ManageChannels;
use crate::channels::rules::lacks;
use crate::channels::service::{self, PublicationInput};
use crate::channels::store;
use axum::extract::Path;
use identity::pages::told::{Told, proof_file, version_seen};
use kernel::ids::{EventId, PersonId};
use kernel::period::{Date, parse_date};
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::journal::Expected;
use platform::ui::{
    Choice, Column, Empty, Field, Flash, Form, Html, Kind, Note, Page, Row, Status, Table, Tone,
    facts, fold, prose,
};
use platform::words::Words;

struct Seen {
    channel: Channel,
    owner: Option<String>,
    publications: Vec<Publication>,
    trials: Vec<(Trial, String)>,
    told: Told<ChannelEvent>,
}

async fn seen(cx: &Cx, id: &str) -> Result<Seen, Failure> {
    let id: ChannelId = id.parse().map_err(|_| Refusal::NotFound)?;
    let chosen = cx.engagement();
    cx.read(move |conn, actor| {
        let owner = owner_seen(conn, actor, chosen)?;
        let channel = store::channel(conn, owner, id)?.ok_or(Refusal::NotFound)?;
        let mut trials = Vec::new();
        for trial in store::trials(conn, owner)?.into_iter().filter(|t| t.channel == id) {
            let name = match trial.actor.parse::<PersonId>() {
                Ok(person) => identity::store::name_of(conn, person)?,
                Err(_) => String::new(),
            };
            trials.push((trial, name));
        }
        Ok(Seen {
            owner: channel.owner.map(|p| identity::store::name_of(conn, p)).transpose()?,
            publications: store::publications(conn, owner)?
                .into_iter()
                .filter(|p| p.channel == id)
                .collect(),
            trials,
            told: Told::read(conn, &id.to_string())?,
            channel,
        })
    })
    .await
}

/// What can be done with a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Test,
    Publish,
    End,
    Restate,
    Retire,
    Reopen,
}

impl Act {
    const ALL: [Self; 6] =
        [Self::Test, Self::Publish, Self::End, Self::Restate, Self::Retire, Self::Reopen];

    const fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Publish => "publish",
            Self::End => "end",
            Self::Restate => "restate",
            Self::Retire => "retire",
            Self::Reopen => "reopen",
        }
    }

    fn possible(self, seen: &Seen) -> bool {
        let open = seen.channel.retired_at.is_none();
        match self {
            Self::Test | Self::Publish | Self::Restate | Self::Retire => open,
            Self::End => seen.publications.iter().any(|p| p.to.is_none()),
            Self::Reopen => !open,
        }
    }

    fn form(self, cx: &Cx, seen: &Seen, people: &[(PersonId, String)]) -> Form {
        let w = cx.w;
        let csrf = cx.session.as_ref().map_or("", |s| s.csrf.as_str());
        let action = format!("/channels/{}/{}", seen.channel.id, self.word());
        let form = Form::post(w, action, csrf, w.t(&format!("channels-do-{}-send", self.word())))
            .apart(self.word())
            .key(cx.form_key())
            .version(u64::try_from(seen.channel.version).unwrap_or(0));
        let date = |name: &'static str| {
            Field::new(w, name, w.t(&format!("channels-{name}")), Kind::Date)
                .required()
                .value(today(cx).to_string())
        };
        let area = |name: &'static str| {
            Field::new(w, name, w.t(&format!("channels-{name}")), Kind::Area(3))
                .required()
                .max(service::TEXT_MAX)
        };
        match self {
            Self::Test => {
                let results = ["passed", "failed"]
                    .map(|r| Choice::new(r, w.t(&format!("channels-{r}"))))
                    .to_vec();
                form.field(date("on"))
                    .field(
                        Field::new(w, "result", w.t("channels-result"), Kind::Radio(results))
                            .required(),
                    )
                    .field(area("evidence").hint(w.t("channels-evidence-hint")))
            }
            Self::Publish => {
                let places =
                    Place::ALL.iter().map(|p| Choice::new(p.word(), place_word(w, *p))).collect();
                form.field(
                    Field::new(w, "place", w.t("channels-place"), Kind::Radio(places)).required(),
                )
                .field(
                    Field::new(w, "title", w.t("channels-where"), Kind::Text)
                        .required()
                        .max(service::LINE_MAX)
                        .hint(w.t("channels-where-hint")),
                )
                .field(
                    Field::new(w, "link", w.t("channels-link"), Kind::Url).max(service::LINE_MAX),
                )
                .field(date("from"))
            }
            Self::End => {
                let standing = seen
                    .publications
                    .iter()
                    .filter(|p| p.to.is_none())
                    .map(|p| Choice::new(p.id.to_string(), p.title.clone()))
                    .collect();
                form.field(
                    Field::new(w, "publication", w.t("channels-where"), Kind::Select(standing))
                        .required(),
                )
                .field(date("to"))
            }
            Self::Restate => register::fields(form, w, people, Some(&seen.channel)),
            Self::Retire => form.field(area("reason")).grave(),
            Self::Reopen => form.field(area("reason")),
        }
    }
}

fn say(w: Words, event: &ChannelEvent) -> (String, Html) {
    match event {
        ChannelEvent::Stated(x) => (
            w.t("channels-event-stated"),
            facts(vec![
                (w.t("channels-kind"), kind_word(w, x.kind).into()),
                (w.t("channels-audience"), audience_word(w, x.audience).into()),
                (w.t("channels-address"), Html::text(&x.address)),
            ]),
        ),
        ChannelEvent::Published(x) => {
            let said = w.t2("channels-event-published", "title", &x.title, "date", w.date(x.from));
            (said, Html::text(&place_word(w, x.place)))
        }
        ChannelEvent::PublicationEnded(x) => {
            (w.t2("channels-event-ended", "title", &x.title, "date", w.date(x.to)), Html::empty())
        }
        ChannelEvent::Tested(x) => {
            let key = if x.passed { "channels-event-passed" } else { "channels-event-failed" };
            (w.t1(key, "date", w.date(x.on)), prose(&x.evidence))
        }
        ChannelEvent::Retired(x) => (w.t("channels-event-retired"), prose(&x.reason)),
        ChannelEvent::Reopened(x) => (w.t("channels-event-reopened"), prose(&x.reason)),
    }
}

fn places(w: Words, seen: &Seen) -> Table {
    let columns = ["place", "where", "from", "to"]
        .map(|k| Column::new(w.t(&format!("channels-{k}"))))
        .to_vec();
    let rows = seen.publications.iter().map(|p| {
        let place: Html = if p.link.is_empty() {
            Html::text(&p.title)
        } else {
            Html::link(&p.link, Html::text(&p.title))
        };
        let to = p.to.map_or_else(|| w.t("channels-stands"), |to| w.date(to));
        Row::new(vec![
            place_word(w, p.place).into(),
            place.into(),
            w.date(p.from).into(),
            to.into(),
        ])
    });
    Table::new(w, "places", w.t("channels-places"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("channels-places-none"), w.t("channels-places-none-next")))
}

fn trials(w: Words, seen: &Seen) -> Table {
    let columns = ["on", "result", "evidence", "by"]
        .map(|k| Column::new(w.t(&format!("channels-{k}"))))
        .to_vec();
    let rows = seen.trials.iter().map(|(t, name)| {
        let result = if t.passed {
            Status::new(Tone::Good, w.t("channels-passed"))
        } else {
            Status::new(Tone::Missed, w.t("channels-failed"))
        };
        let by = if name.is_empty() { w.t("channels-the-product") } else { name.clone() };
        Row::new(vec![w.date(t.on).into(), result.into(), (&t.evidence).into(), by.into()])
    });
    Table::new(w, "trials", w.t("channels-trials"), columns)
        .rows(rows)
        .empty(Empty::new(w.t("channels-trials-none"), w.t("channels-trials-none-next")))
}

async fn page(cx: &Cx, seen: &Seen, filled: Option<(Act, Form)>) -> Result<Page, Failure> {
    let (w, channel) = (cx.w, &seen.channel);
    let only: Vec<Trial> = seen.trials.iter().map(|(t, _)| t.clone()).collect();
    let lacking = lacks(channel, &seen.publications, &only, today(cx));
    let answer = if channel.retired_at.is_some() {
        w.t("channels-one-closed")
    } else {
        w.t1("channels-one-answer", "count", lacking.len())
    };
    let shell = cx
        .shell()
        .at("channels")
        .crumb("/channels", w.t("channels-title"))
        .title(super::heading(w, channel))
        .answer(answer);
    let mut page = Page::new(shell);
    if !lacking.is_empty() {
        let said: Vec<_> =
            lacking.iter().map(|l| w.t(&format!("channels-lacks-{}-text", l.word()))).collect();
        page =
            page.part(Note::new(Tone::Attention, w.t("channels-lacking"), prose(&said.join("\n"))));
    }
    let yes_no = |yes: bool| w.t(if yes { "channels-yes" } else { "channels-no" });
    page = page
        .part(facts(vec![
            (w.t("channels-name"), Html::code(&channel.name)),
            (w.t("channels-kind"), kind_word(w, channel.kind).into()),
            (w.t("channels-audience"), audience_word(w, channel.audience).into()),
            (w.t("channels-address"), Html::text(&channel.address)),
            (w.t("channels-hours"), Html::text(&channel.hours)),
            (w.t("channels-languages"), Html::text(&languages_said(&channel.languages))),
            (w.t("channels-anonymous"), yes_no(channel.anonymous).into()),
            (
                w.t("channels-owner"),
                seen.owner.clone().unwrap_or_else(|| w.t("channels-nobody")).into(),
            ),
            (w.t("channels-since"), w.moment_utc(channel.since).into()),
            (w.t("channels-closed-because"), Html::text(&channel.retired_because)),
        ]))
        .heading(&w.t("channels-instructions"))
        .part(prose(&channel.instructions))
        .heading(&w.t("channels-places"))
        .part(places(w, seen))
        .heading(&w.t("channels-trials"))
        .part(trials(w, seen));
    if cx.can::<ManageChannels>() {
        let people = register::people(cx).await?;
        let (wrong, mut filled) =
            filled.map_or((None, None), |(act, form)| (Some(act), Some(form)));
        for act in Act::ALL {
            let again = filled.take_if(|_| wrong == Some(act));
            if again.is_none() && !act.possible(seen) {
                continue;
            }
            let form = again.unwrap_or_else(|| act.form(cx, seen, &people));
            page = page.part(fold(
                &w.t(&format!("channels-do-{}", act.word())),
                wrong == Some(act),
                form,
            ));
        }
    }
    let proofs = format!("/channels/{}/proofs", channel.id);
    Ok(page.beside(&w.t("channels-log"), seen.told.timeline(w, &proofs, |e| say(w, e))))
}

/// `GET /channels/{id}`
///
/// # Errors
/// When there is no such channel in the reader's scope.
pub async fn show(cx: Cx, Path(id): Path<String>) -> Answer {
    let seen = seen(&cx, &id).await?;
    cx.page(&page(&cx, &seen, None).await?)
}

/// `POST /channels/{id}/{action}`: `test`, `publish`, `end`, `restate`, `retire` or `reopen`.
///
/// # Errors
/// When the form is another session's, there is no such channel, or the person may not.
pub async fn act(cx: Cx, Path((id, action)): Path<(String, String)>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    cx.may::<ManageChannels>()?;
    let act = Act::ALL.into_iter().find(|a| a.word() == action).ok_or(Refusal::NotFound)?;
    let seen = seen(&cx, &id).await?;
    let people = register::people(&cx).await?;
    let mut form = act.form(&cx, &seen, &people);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        match carry_out(&cx, &pairs, act, &seen, &form, &people).await {
            Ok(()) => {
                let done = Flash::Done(cx.w.t(&format!("channels-do-{}-done", act.word())));
                return cx.see_other(&format!("/channels/{}", seen.channel.id), done).await;
            }
            Err(failure) => Cx::refuse_on(&mut form, failure)?,
        }
    }
    cx.page_again(&page(&cx, &seen, Some((act, form))).await?)
}

fn date(form: &Form, field: &'static str) -> Result<Date, Refusal> {
    parse_date(form.typed(field)).map_err(|e| Refusal::field(field, e.to_string()))
}

async fn carry_out(
    cx: &Cx,
    pairs: &Pairs,
    act: Act,
    seen: &Seen,
    form: &Form,
    people: &[(PersonId, String)],
) -> Result<(), Failure> {
    let (id, version) = (seen.channel.id, Expected::Version(version_seen(form)?));
    let typed = |name: &str| form.typed(name).to_owned();
    let command: Command = match act {
        Act::Test => {
            let (on, passed, evidence) =
                (date(form, "on")?, typed("result") == "passed", typed("evidence"));
            Box::new(move |tx, env, p| {
                service::test(tx, env, p, id, version, (on, passed, &evidence))
            })
        }
        Act::Publish => {
            let input = PublicationInput {
                place: Place::from_word(form.typed("place"))
                    .ok_or_else(|| Refusal::field("place", "Choose what kind of place it is."))?,
                title: typed("title"),
                link: typed("link"),
                from: date(form, "from")?,
            };
            Box::new(move |tx, env, p| {
                service::publish(tx, env, p, id, version, &input).map(|_| ())
            })
        }
        Act::End => {
            let to = date(form, "to")?;
            let which: PublicationId = typed("publication")
                .parse()
                .map_err(|_| Refusal::field("publication", "Choose which one has ended."))?;
            Box::new(move |tx, env, p| {
                service::end_publication(tx, env, p, id, version, (which, to))
            })
        }
        Act::Restate => {
            let input = register::input(form, people)?;
            Box::new(move |tx, env, p| service::restate_channel(tx, env, p, id, version, &input))
        }
        Act::Retire => {
            let reason = typed("reason");
            Box::new(move |tx, env, p| service::retire(tx, env, p, id, version, &reason))
        }
        Act::Reopen => {
            let reason = typed("reason");
            Box::new(move |tx, env, p| service::reopen(tx, env, p, id, version, &reason))
        }
    };
    cx.write_once(pairs, move |tx, env, actor| {
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<ManageChannels>(actor, &Facts::of(owner))?;
        command(tx, env, &permit)
    })
    .await
}

/// A command that a form has made.
type Command = Box<
    dyn Fn(
            &mut platform::db::Tx<'_>,
            &mut kernel::env::Env,
            &kernel::permit::Permit<ManageChannels>,
        ) -> platform::db::Result<()>
        + Send,
>;

/// `GET /channels/{id}/proofs/{event}`
///
/// # Errors
/// When there is no such entry in the reader's scope, or it has no place in the log yet.
pub async fn proof(cx: Cx, Path((id, event)): Path<(String, String)>) -> Answer {
    let seen = seen(&cx, &id).await?;
    let event: EventId = event.parse().map_err(|_| Refusal::NotFound)?;
    if !seen.told.holds(event) {
        return Err(Refusal::NotFound.into());
    }
    proof_file(&cx, event).await
}
