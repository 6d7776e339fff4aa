//! The ways to report: opened in January, published, tried each quarter.

use super::people::Cast;
use super::{Story, permit};
use cases::canaries::jobs::{Carrier, look};
use cases::canaries::model::{Settings, Way};
use cases::canaries::permits::ManageCanaries;
use cases::canaries::service::{self as flights, Flight};
use cases::canaries::store as flights_store;
use cases::channels::model::{Audience, ChannelId, ChannelKind, Place};
use cases::channels::permits::ManageChannels;
use cases::channels::service::{self, ChannelInput, PublicationInput};
use cases::channels::store;
use cases::hooks::model::Places;
use cases::hooks::permits::ManageSources;
use cases::hooks::service::{self as hooks, SourceInput};
use cases::mailroom::service as mailroom;
use cases::model::CaseKind;
use cases::permits::HandleCase;
use cases::service::{ReportInput, door};
use cases::store::CaseFilter;
use cases::totals::model::Book;
use cases::totals::permits::CountTotals;
use cases::totals::service as counts;
use kernel::ids::PartyId;
use kernel::period::parse_date;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::edge::Edge;
use platform::journal::Expected;

/// Name, kind, audience, address, instructions, hours, languages, anonymous.
type Opened = (
    &'static str,
    ChannelKind,
    Audience,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

const WAYS: [Opened; 6] = [
    (
        "portal",
        ChannelKind::Portal,
        Audience::Both,
        "https://report.alder.example/report",
        "Tell us what happened. You need no account and no name; a number and a code bring you back to your report.",
        "At any time",
        "en, de, es",
        true,
    ),
    (
        "email",
        ChannelKind::Email,
        Audience::External,
        "report@alder.example",
        "Write what happened, in your own words. You receive a tracking number at once and an answer within two working days.",
        "At any time; read on working days from 8:00 to 18:00 Eastern time",
        "en, es",
        false,
    ),
    (
        "hotline",
        ChannelKind::Hotline,
        Audience::Internal,
        "+1 614 555 0142",
        "Call and tell an operator what happened. The operator files the report with you and reads you its number and code.",
        "Around the clock",
        "en, es",
        true,
    ),
    (
        "chat",
        ChannelKind::Chat,
        Audience::External,
        "The chat in the portal, “Report a problem”",
        "Write “report” in the chat. What you say is handed over word for word.",
        "Monday to Friday, 8:00 to 20:00 Eastern time",
        "en",
        false,
    ),
    (
        "monitoring",
        ChannelKind::Api,
        Audience::Internal,
        "https://report.alder.example/api/v1/reports",
        "The monitoring of the payroll platform files a report when a promise to a customer is at risk.",
        "At any time",
        "en",
        false,
    ),
    (
        "ombudsman",
        ChannelKind::ThirdParty,
        Audience::Both,
        "Carver & Sole LLP, Columbus",
        "Speak to somebody outside. They pass on what you allow them to.",
        "By appointment",
        "en",
        true,
    ),
];

/// Where each is published since January, and how the trial of the quarter went.
const PLACES: [(&str, Place, &str); 6] = [
    ("portal", Place::Policy, "Incident and complaint policy, section 3"),
    ("portal", Place::Agreement, "Service agreement, clause 14.2"),
    ("email", Place::Agreement, "Service agreement, clause 14.2"),
    ("hotline", Place::Training, "Security awareness 2026, lesson 2"),
    ("chat", Place::Page, "Help centre, “Report a problem”"),
    ("ombudsman", Place::Policy, "Speak-up policy, section 5"),
];

const TRIALS: [(&str, &str, bool, &str); 6] = [
    (
        "portal",
        "2026-01-08",
        true,
        "Report filed from a phone without script; in the register within the second, receipt verified.",
    ),
    (
        "email",
        "2026-01-08",
        true,
        "Mail from an outside account; tracking number received after 40 seconds.",
    ),
    (
        "hotline",
        "2026-01-09",
        false,
        "Called at 23:10: no operator until 23:25. The rota of the night shift had a hole.",
    ),
    (
        "hotline",
        "2026-01-16",
        true,
        "Called at 23:40 after the rota was mended; report filed and read back in four minutes.",
    ),
    (
        "portal",
        "2026-04-09",
        true,
        "Report in Spanish; questions answered in Spanish on the follow-up page.",
    ),
    (
        "email",
        "2026-04-09",
        true,
        "Mail with a photograph attached; kept whole, acknowledged after 35 seconds.",
    ),
];

fn each(story: &Story<'_>, cast: &Cast, name: &str) -> Result<ChannelId> {
    let all = story.deployment.db.read_blocking(|c| store::channels(c, cast.organisation))?;
    let found = all.into_iter().find(|c| c.name == name).ok_or(Refusal::NotFound)?;
    Ok(found.id)
}

/// January: the register.
pub(super) fn open(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let (lead, handler) = (cast.lead.clone(), cast.handler.person);
    for (name, kind, audience, address, instructions, hours, languages, anonymous) in WAYS {
        let lead = lead.clone();
        story.run(move |tx, env| {
            let input = ChannelInput {
                name: name.into(),
                kind,
                audience,
                address: address.into(),
                instructions: instructions.into(),
                hours: hours.into(),
                languages: service::languages_of(languages)?,
                anonymous,
                // The outside lawyer has nobody inside who answers for them yet.
                owner: handler.filter(|_| kind != ChannelKind::ThirdParty),
            };
            service::state_channel(tx, env, &permit::<ManageChannels>(&lead)?, &input)
        })?;
        story.edge.advance_seconds(90);
    }
    let from = parse_date("2026-01-05").map_err(|e| Refusal::input(e.to_string()))?;
    for (name, place, title) in PLACES {
        let (lead, id) = (lead.clone(), each(story, cast, name)?);
        story.run(move |tx, env| {
            let input = PublicationInput { place, title: title.into(), link: String::new(), from };
            let permit = permit::<ManageChannels>(&lead)?;
            service::publish(tx, env, &permit, id, Expected::Any, &input)
        })?;
        story.edge.advance_seconds(60);
    }
    Ok(())
}

/// The trials of two quarters.
pub(super) fn keep(story: &Story<'_>, cast: &Cast) -> Result<()> {
    for (name, on, passed, evidence) in TRIALS {
        story.at(&format!("{on}T15:00:00Z"))?;
        let (handler, id) = (cast.handler.clone(), each(story, cast, name)?);
        let on = parse_date(on).map_err(|e| Refusal::input(e.to_string()))?;
        story.run(move |tx, env| {
            let permit = permit::<ManageChannels>(&handler)?;
            service::test(tx, env, &permit, id, Expected::Any, (on, passed, evidence))
        })?;
    }
    mail(story, cast)?;
    other_systems(story, cast)?;
    canaries(story, cast)?;
    totals(story, cast)
}

/// Messages of June that were no reports by themselves: each is kept, and some wait for a person.
const MAIL: [(&str, &str); 4] = [
    (
        "2026-06-08T07:14:00Z",
        "From: alarm@monitor.customer.example\r\nTo: report@alder.example\r\nSubject: ALARM payslip export late\r\nMessage-ID: <a1@monitor.customer.example>\r\nAuto-Submitted: auto-generated\r\nAuthentication-Results: mx.alder.example; spf=pass; dkim=pass; dmarc=pass\r\n\r\nThe export of payslips has not arrived since 06:00. This message was written by a machine.\r\n",
    ),
    (
        "2026-06-11T12:40:00Z",
        "From: payroll-alder@bank.example\r\nTo: report@alder.example\r\nSubject: Urgent: change of account\r\nMessage-ID: <f7@bank.example>\r\nAuthentication-Results: mx.alder.example; spf=fail; dkim=none; dmarc=fail\r\n\r\nPlease confirm the new account at once.\r\n",
    ),
    (
        "2026-06-12T09:02:00Z",
        "From: j.ortiz@customer.example\r\nTo: report@alder.example\r\nSubject: Automatic reply: your report\r\nMessage-ID: <o3@customer.example>\r\nAuto-Submitted: auto-replied\r\n\r\nI am away until Monday.\r\n",
    ),
    (
        "2026-06-15T16:20:00Z",
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.customer.example\r\nTo: no-reply@alder.example\r\nSubject: Undelivered mail\r\nMessage-ID: <d9@mx.customer.example>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThe mailbox is full.\r\n--x--\r\n",
    ),
];

fn mail(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let setup = mailroom::Setup {
        organisation: cast.organisation,
        address: "report@alder.example".into(),
        channel: "email".into(),
        trusted: Some("mx.alder.example".into()),
        sent_from: Some("alder.example".into()),
        base_url: "https://report.alder.example".into(),
    };
    let (db, blobs) = (&story.deployment.db, &story.deployment.blobs);
    for (at, raw) in MAIL {
        story.at(at)?;
        let what = (raw.as_bytes(), true, "imap");
        let id = mailroom::take_in(db, blobs, story.edge.env(), &setup, what)?;
        story.edge.advance_seconds(4);
        mailroom::sort(db, blobs, &story.edge.env(), &setup, (id, true))?;
    }
    Ok(())
}

/// The chat of the portal hands reports over.
fn other_systems(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-02-02T15:00:00Z")?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let input = SourceInput {
            name: "Chat of the portal".into(),
            channel: "chat".into(),
            places: Places { description: "/data/text".into(), ..Places::default() },
        };
        hooks::add_source(tx, env, &permit::<ManageSources>(&lead)?, &input).map(|_| ())
    })
}

/// Carries the canaries of the story through the page's own door.
struct Carried<'s>(&'s Story<'s>);

impl Carrier for Carried<'_> {
    fn ways(&self, _: PartyId) -> std::result::Result<Vec<(Way, String)>, String> {
        Ok(vec![(Way::Portal, "portal".to_owned()), (Way::Api, "monitoring".to_owned())])
    }

    fn carry(&self, organisation: PartyId, flight: &Flight) -> std::result::Result<(), String> {
        let input = ReportInput::new(&flight.channel, flight.kind, &flight.title, &flight.text);
        self.0
            .run(move |tx, env| {
                cases::door::file(tx, env, organisation, None, b"", (&input, false))
            })
            .map(|_| ())
            .map_err(|e| e.to_string())
    }
}

/// Two months of canaries; one of them was confirmed late.
fn canaries(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-04-01T00:00:00Z")?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let settings = Settings {
            on: true,
            per_month: 2,
            receive_minutes: 30,
            acknowledge_hours: 24,
            alarm_to: vec!["nadia.lindqvist@alder.example".into()],
        };
        flights::state_settings(tx, env, &permit::<ManageCanaries>(&lead)?, 0, &settings)
    })?;
    let (db, organisation) = (&story.deployment.db, cast.organisation);
    let (mut waits, mut confirmed) = (0, 0);
    for _ in 0..2 * 61 {
        story.edge.advance_seconds(12 * 3_600);
        look(db, story.edge, &Carried(story))?;
        let filter = CaseFilter { limit: 50, canaries: true, ..CaseFilter::default() };
        let all = db.read_blocking(|c| cases::store::cases(c, organisation, &filter))?;
        for case in all.into_iter().filter(|c| c.canary && c.acknowledged_at.is_none()) {
            // The third was left lying over a weekend.
            if confirmed == 2 && waits < 4 {
                waits += 1;
                continue;
            }
            confirmed += 1;
            let (handler, person) = (cast.handler.clone(), cast.handler.person);
            story.edge.advance_seconds(2 * 3_600);
            story.run(move |tx, env| {
                let owner = person.ok_or(Refusal::NotFound)?;
                let permit = permit::<HandleCase>(&handler)?;
                cases::service::assign(tx, env, &permit, case.id, case.version, owner)
            })?;
        }
    }
    // No new ones; those that fly come home.
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let (settings, version) =
            flights_store::settings(tx, organisation)?.ok_or(Refusal::NotFound)?;
        let off = Settings { on: false, ..settings };
        flights::state_settings(tx, env, &permit::<ManageCanaries>(&lead)?, version, &off)
    })?;
    story.edge.advance_seconds(8 * 86_400);
    look(db, story.edge, &Carried(story))
}

/// The days with mail, counted; the mail server counted one more on one of them, which is explained.
fn totals(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-06-16T01:10:00Z")?;
    let organisation = cast.organisation;
    for day in ["2026-06-08", "2026-06-11", "2026-06-12", "2026-06-15"] {
        let day = parse_date(day).map_err(|e| Refusal::input(e.to_string()))?;
        story.run(move |tx, env| {
            counts::count_day(tx, env, &counts::permit(organisation)?, day).map(|_| ())
        })?;
    }
    let (handler, day) = (
        cast.handler.clone(),
        parse_date("2026-06-12").map_err(|e| Refusal::input(e.to_string()))?,
    );
    story.edge.advance_seconds(7 * 3_600);
    story.run(move |tx, env| {
        let outside = (2, "mx.alder.example, log of the day, lines “delivered”");
        let permit = permit::<CountTotals>(&handler)?;
        counts::state_figure(tx, env, &permit, (day, Book::Mail), outside).map(|_| ())
    })
}

/// A script tries the public page one evening: more came in a minute than a person could write, without
/// the work that browsers do, and waits for a person to look at it.
pub(super) fn flooded(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let organisation = cast.organisation;
    for (title, count) in [("Cheap watches", 9), ("Earn money from home", 4)] {
        for _ in 0..count {
            story.edge.advance_seconds(1);
            let input = ReportInput::new("portal", CaseKind::Concern, title, "Click on my link.");
            story
                .run(move |tx, env| door::file(tx, env, organisation, None, &[], (&input, true)))?;
        }
    }
    Ok(())
}
