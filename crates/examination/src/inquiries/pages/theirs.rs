//! `/appointments`: when the auditor wants to meet whom, and what it is about; consent to surveys. The page of
//! the organisation: nothing of the firm's file stands here.

use super::super::appointments as commands;
use super::super::model::{Agreed, Appointment, AppointmentId, AppointmentState, Consent};
use super::super::permits::{AnswerAppointment, GiveConsent};
use super::super::store;
use super::{choices, named};
use crate::pages::{done, id, once, onto};
use axum::extract::Path;
use jiff::tz::TimeZone;
use kernel::ids::{EngagementId, PersonId};
use kernel::party::Role;
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Answer, Cx, Failure, Pairs};
use platform::ui::{
    Empty, Field, Form, Html, Kind, Page, Status, Tone, facts, fold, heading, prose,
};
use std::collections::BTreeMap;

struct Theirs {
    appointments: Vec<Appointment>,
    /// The engagements that a consent can be given for: id, name, what holds or held.
    engagements: Vec<(EngagementId, String, Vec<Consent>)>,
    names: BTreeMap<PersonId, String>,
    zones: BTreeMap<EngagementId, TimeZone>,
    me: Option<PersonId>,
}

async fn theirs(cx: &Cx) -> Result<Theirs, Failure> {
    cx.read(|conn, actor| {
        scope::<AnswerAppointment>(actor)?;
        let owner = actor.party.ok_or(Refusal::NotFound)?;
        // Who leads compliance sees everybody's, everybody else their own.
        let all = actor.roles.any(&[Role::ComplianceLead]);
        let me = actor.person;
        let appointments = store::appointments(
            conn,
            owner,
            if all { None } else { Some(me.ok_or(Refusal::NotFound)?) },
        )?;
        let mut names = BTreeMap::new();
        for person in appointments.iter().flat_map(|a| [a.meeting.person, a.meeting.contact]) {
            names.insert(person, identity::store::name_of(conn, person)?);
        }
        let (mut engagements, mut zones) = (Vec::new(), BTreeMap::new());
        if let Ok(seen) = scope::<scope::permits::ReadEngagement>(actor) {
            for e in scope::store::engagements(conn, &seen)? {
                let zone = TimeZone::get(e.period.zone().name()).unwrap_or(TimeZone::UTC);
                zones.insert(e.id, zone);
                engagements.push((e.id, e.name, store::consents(conn, owner, e.id)?));
            }
        }
        Ok(Theirs { appointments, engagements, names, zones, me })
    })
    .await
}

fn status(cx: &Cx, state: AppointmentState) -> Status {
    let tone = match state {
        AppointmentState::Proposed => Tone::Waiting,
        AppointmentState::Accepted => Tone::Good,
        AppointmentState::OtherTime => Tone::Attention,
        AppointmentState::Cancelled => Tone::Neutral,
    };
    Status::new(tone, named(cx.w, "appointment", state.word()))
}

fn answer_form(cx: &Cx, a: &Appointment) -> Form {
    let w = cx.w;
    Form::post(w, format!("/appointments/{}", a.id), &cx.shell().csrf, w.t("inquiries-answer-it"))
        .apart(&a.id.to_string())
        .key(cx.form_key())
        .version(u64::try_from(a.version).unwrap_or(0))
        .field(
            Field::new(
                w,
                "comes",
                w.t("inquiries-comes"),
                Kind::Radio(choices(w, "comes", &["yes", "no"])),
            )
            .required(),
        )
        .field(
            Field::new(w, "reply", w.t("inquiries-reply"), Kind::Area(2))
                .max(4_000)
                .hint(w.t("inquiries-reply-hint")),
        )
}

fn one(cx: &Cx, theirs: &Theirs, a: &Appointment, sent: Option<Form>) -> Vec<Html> {
    let w = cx.w;
    let zone = theirs.zones.get(&a.engagement).cloned().unwrap_or(TimeZone::UTC);
    let name = |p: PersonId| theirs.names.get(&p).map_or("", String::as_str);
    let mut parts = vec![
        heading(&w.moment(a.meeting.at, &zone)),
        facts(vec![
            (w.t("inquiries-with"), name(a.meeting.person).into()),
            (w.t("inquiries-contact"), name(a.meeting.contact).into()),
            (w.t("inquiries-minutes"), w.number(a.meeting.minutes).into()),
            (w.t("inquiries-place"), a.meeting.place.as_str().into()),
            (w.t("inquiries-topics"), prose(&a.meeting.topics)),
            (w.t("inquiries-state"), status(cx, a.state).into()),
            (w.t("inquiries-reply"), prose(&a.reply)),
        ]),
    ];
    if a.state != AppointmentState::Cancelled {
        let waits = a.state == AppointmentState::Proposed && theirs.me == Some(a.meeting.person);
        let open = sent.is_some() || waits;
        let form = sent.unwrap_or_else(|| answer_form(cx, a));
        parts.push(fold(&w.t("inquiries-answer-it"), open, form));
    }
    parts
}

fn consent_form(cx: &Cx, engagement: EngagementId, what: Agreed, held: Option<&Consent>) -> Form {
    let w = cx.w;
    let take = if held.is_some() { "inquiries-consent-withdraw" } else { "inquiries-consent-give" };
    let (name, label) = if held.is_some() {
        ("reason", "inquiries-reason")
    } else {
        ("words", "inquiries-consent-words")
    };
    let field = Field::new(w, name, w.t(label), Kind::Area(2)).max(4_000);
    Form::post(w, "/appointments/consent", &cx.shell().csrf, w.t(take))
        .apart(&format!("{engagement}-{}", what.word()))
        .key(cx.form_key())
        .hide("engagement", engagement.to_string())
        .hide("what", what.word())
        .field(if held.is_some() { field } else { field.required() })
}

fn consents(cx: &Cx, theirs: &Theirs, mut sent: Option<(EngagementId, Agreed, Form)>) -> Vec<Html> {
    let w = cx.w;
    let mut parts =
        vec![heading(&w.t("inquiries-consents")), prose(&w.t("inquiries-consents-what"))];
    for (engagement, name, all) in &theirs.engagements {
        for what in Agreed::ALL {
            let held = all.iter().find(|c| c.what == *what && c.holds());
            let state = match held {
                Some(c) => Html::from(Status::new(Tone::Good, w.t("inquiries-consented")))
                    .and(prose(&c.words)),
                None => Status::new(Tone::Neutral, w.t("inquiries-no-consent")).into(),
            };
            let mine =
                sent.take_if(|(e, k, _)| e == engagement && k == what).map(|(.., form)| form);
            parts.push(facts(vec![
                (w.t("inquiries-engagement"), name.as_str().into()),
                (w.t("inquiries-consent-to"), named(w, "agreed", what.word()).into()),
                (w.t("inquiries-state"), state),
            ]));
            let title = if held.is_some() {
                "inquiries-consent-withdraw"
            } else {
                "inquiries-consent-give"
            };
            let open = mine.is_some();
            let form = mine.unwrap_or_else(|| consent_form(cx, *engagement, *what, held));
            parts.push(fold(&w.t(title), open, form));
        }
    }
    parts
}

/// One of the forms of the page, as it was sent.
enum Sent {
    Answer(AppointmentId, Form),
    Consent(EngagementId, Agreed, Form),
}

fn theirs_page(cx: &Cx, theirs: &Theirs, sent: Option<Sent>) -> Page {
    let w = cx.w;
    let waiting =
        theirs.appointments.iter().filter(|a| a.state == AppointmentState::Proposed).count();
    let shell = cx
        .shell()
        .title(w.t("inquiries-theirs-title"))
        .answer(w.t2(
            "inquiries-theirs-answer",
            "count",
            theirs.appointments.len(),
            "waiting",
            waiting,
        ))
        .at("appointments");
    let mut page = Page::new(shell);
    if theirs.appointments.is_empty() {
        page =
            page.part(Empty::new(w.t("inquiries-theirs-none"), w.t("inquiries-theirs-none-next")));
    }
    let (mut answer, mut agreed) = (None, None);
    match sent {
        Some(Sent::Answer(id, form)) => answer = Some((id, form)),
        Some(Sent::Consent(engagement, what, form)) => agreed = Some((engagement, what, form)),
        None => {}
    }
    for a in &theirs.appointments {
        let mine = answer.take_if(|(id, _)| *id == a.id).map(|(_, form)| form);
        page = one(cx, theirs, a, mine).into_iter().fold(page, Page::part);
    }
    if cx.can::<GiveConsent>() {
        page = consents(cx, theirs, agreed).into_iter().fold(page, Page::part);
    }
    page
}

/// `GET /appointments`
///
/// # Errors
/// Nothing is there for the firm's side.
pub async fn appointments(cx: Cx) -> Answer {
    let theirs = theirs(&cx).await?;
    cx.page(&theirs_page(&cx, &theirs, None))
}

/// `POST /appointments/{appointment}`
///
/// # Errors
/// As [`appointments`], and where the appointment is somebody else's.
pub async fn answer(cx: Cx, Path(appointment): Path<String>, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let theirs = theirs(&cx).await?;
    let id: AppointmentId = id(&appointment)?;
    let known = theirs.appointments.iter().find(|a| a.id == id);
    let mut form = answer_form(&cx, known.ok_or(Failure::Refused(Refusal::NotFound))?);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let version = form.hidden("version").and_then(|v| v.parse().ok()).unwrap_or(0);
        let (comes, reply) = (form.typed("comes") == "yes", form.typed("reply").to_owned());
        let written = once(&cx, &pairs, move |tx, env, actor| {
            let owner = actor.party.ok_or(Refusal::NotFound)?;
            let permit = authorize::<AnswerAppointment>(actor, &Facts::of(owner))?;
            commands::answer(tx, env, &permit, (id, version), (comes, &reply))
        })
        .await;
        match written {
            Ok(()) => return done(&cx, "/appointments", "inquiries-saved-answer").await,
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&theirs_page(&cx, &theirs, Some(Sent::Answer(id, form))))
}

/// `POST /appointments/consent`: gives a consent, or takes it back where it holds.
///
/// # Errors
/// As [`appointments`].
pub async fn consent(cx: Cx, pairs: Pairs) -> Answer {
    cx.check_csrf(&pairs)?;
    let theirs = theirs(&cx).await?;
    cx.may::<GiveConsent>()?;
    let nothing = || Failure::Refused(Refusal::NotFound);
    let engagement: EngagementId = id(pairs.get("engagement").unwrap_or_default())?;
    let what = pairs.get("what").and_then(Agreed::from_word).ok_or_else(nothing)?;
    let (_, _, all) =
        theirs.engagements.iter().find(|(e, ..)| *e == engagement).ok_or_else(nothing)?;
    let held = all.iter().find(|c| c.what == what && c.holds());
    let mut form = consent_form(&cx, engagement, what, held);
    form.fill(&pairs.0);
    form.check();
    if form.ok() {
        let (give, words) = (held.is_none(), form.typed("words").to_owned());
        let reason = form.typed("reason").to_owned();
        let written = once(&cx, &pairs, move |tx, env, actor| {
            let permit = authorize::<GiveConsent>(actor, &scope::facts(tx, engagement)?)?;
            if give {
                commands::consent(tx, env, &permit, engagement, (what, &words))
            } else {
                commands::withdraw(tx, env, &permit, engagement, (what, &reason))
            }
        })
        .await;
        match written {
            Ok(()) => return done(&cx, "/appointments", "inquiries-saved-consent").await,
            Err(failure) => onto(&mut form, failure)?,
        }
    }
    cx.page_again(&theirs_page(&cx, &theirs, Some(Sent::Consent(engagement, what, form))))
}
