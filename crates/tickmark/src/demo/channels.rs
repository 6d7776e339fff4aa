//! The ways to report: opened in January, published, tried each quarter.

use super::people::Cast;
use super::{Story, permit};
use cases::channels::model::{Audience, ChannelId, ChannelKind, Place};
use cases::channels::permits::ManageChannels;
use cases::channels::service::{self, ChannelInput, PublicationInput};
use cases::channels::store;
use kernel::period::parse_date;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::journal::Expected;

/// Name, kind, audience, address, instructions, hours, languages, anonymous.
type Way = (
    &'static str,
    ChannelKind,
    Audience,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
);

const WAYS: [Way; 6] = [
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
    Ok(())
}
