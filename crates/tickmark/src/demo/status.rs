//! What Alder publishes about its own system: two incidents, a correction, planned work, followers.

use super::people::Cast;
use super::{Story, permit};
use cases::model::CaseId;
use cases::status::model::{Affected, ComponentId, Impact, NoticeId, NoticeKind, NoticeState};
use cases::status::permits::PublishStatus;
use cases::status::service::{self, ComponentInput, NoticeInput, UpdateInput, Voice};
use cases::status::store;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::Result;

/// Name inside, name on the page, what it does.
const COMPONENTS: [(&str, &str, &str); 4] = [
    ("portal-web", "Portal", "Payslips, hours and reports in the browser"),
    ("calc-engine", "Payroll runs", "Calculation of pay and tax"),
    ("bank-files", "Transfers", "Files to the banks and their confirmations"),
    ("public-api", "Interfaces", "Programs of customers that read and write"),
];

/// When, where it stands, how the portal stands meanwhile, what is said.
type Said = (&'static str, NoticeState, Impact, &'static str);

fn at(text: &str) -> Result<Timestamp> {
    Ok(Timestamp::parse(text).map_err(|e| Refusal::input(e.to_string()))?)
}

fn voice() -> Voice {
    Voice { base_url: "http://127.0.0.1:8420".into(), mail: true }
}

pub(super) fn publish(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-01-08T15:00:00Z")?;
    let mut ids: Vec<ComponentId> = Vec::new();
    for (place, (name, public_name, description)) in (1i64..).zip(COMPONENTS) {
        let lead = cast.lead.clone();
        ids.push(story.run(move |tx, env| {
            let input = ComponentInput {
                name: name.into(),
                public_name: public_name.into(),
                description: description.into(),
                place,
                retired: false,
            };
            service::state_component(tx, env, &permit::<PublishStatus>(&lead)?, None, &input)
        })?);
    }
    let [portal, runs, transfers, _] = ids[..] else { return Ok(()) };
    outage(story, cast, portal)?;
    later(story, cast, portal, transfers)?;
    plan(story, cast, runs)?;
    follow(story, cast)
}

/// The night of 3 February, and the correction of the morning after.
fn outage(story: &Story<'_>, cast: &Cast, portal: ComponentId) -> Result<()> {
    let outage = notice(
        story,
        cast,
        "2026-02-03T03:20:00Z",
        "Portal cannot be reached",
        (portal, Impact::Major),
        case(story, cast, "Portal unreachable")?,
        "Every page answers with an error since about 03:00 UTC. We are looking for the cause and write again within half an hour.",
    )?;
    updates(
        story,
        cast,
        outage,
        portal,
        &[
            (
                "2026-02-03T03:41:00Z",
                NoticeState::Identified,
                Impact::Major,
                "A certificate between two of our servers had run out. It is being renewed.",
            ),
            (
                "2026-02-03T03:49:00Z",
                NoticeState::Monitoring,
                Impact::Degraded,
                "Pages answer again. We watch them for an hour.",
            ),
            (
                "2026-02-03T05:00:00Z",
                NoticeState::Resolved,
                Impact::Operational,
                "Everything has worked for an hour. The portal could not be reached from 03:05 to 03:50 UTC, 45 minutes.",
            ),
        ],
    )?;
    story.at("2026-02-04T10:00:00Z")?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let text =
            "It was 44 minutes, from 03:05 to 03:49 UTC, as our measurements of the night show.";
        service::correct(tx, env, &permit::<PublishStatus>(&lead)?, (outage, 4), 4, text, &voice())
    })?;
    Ok(())
}

fn later(
    story: &Story<'_>,
    cast: &Cast,
    portal: ComponentId,
    transfers: ComponentId,
) -> Result<()> {
    let slow = notice(
        story,
        cast,
        "2026-04-08T08:00:00Z",
        "Pages load slowly in the western region",
        (portal, Impact::Degraded),
        case(story, cast, "Slow responses in the western region")?,
        "Pages take up to twenty seconds. Nothing is lost. We are looking for the cause.",
    )?;
    updates(
        story,
        cast,
        slow,
        portal,
        &[
            (
                "2026-04-08T09:10:00Z",
                NoticeState::Identified,
                Impact::Degraded,
                "A line of our provider is overloaded. Traffic is being moved to another.",
            ),
            (
                "2026-04-08T14:30:00Z",
                NoticeState::Resolved,
                Impact::Operational,
                "Pages have loaded as usual since 14:05 UTC.",
            ),
        ],
    )?;
    notice(
        story,
        cast,
        "2026-07-10T09:15:00Z",
        "Confirmations of one bank arrive late",
        (transfers, Impact::Degraded),
        None,
        "Transfers are carried out on time; one bank confirms them a few hours late. We have asked the bank and write again when we hear from it.",
    )?;
    Ok(())
}

fn plan(story: &Story<'_>, cast: &Cast, runs: ComponentId) -> Result<()> {
    story.at("2026-07-10T12:00:00Z")?;
    let handler = cast.handler.clone();
    let (from, to) = (at("2027-01-10T02:00:00Z")?, at("2027-01-10T05:00:00Z")?);
    story.run(move |tx, env| {
        let input = NoticeInput {
            kind: NoticeKind::Maintenance,
            title: "Tables of the new year".into(),
            state: NoticeState::Scheduled,
            affected: Affected::from([(runs, Impact::Maintenance)]),
            text: "The tax tables of 2027 are put in place. Payroll runs wait during this time and go on by themselves afterwards.".into(),
            begins_at: Some(from),
            ends_at: Some(to),
            case: None,
        };
        service::publish(tx, env, &permit::<PublishStatus>(&handler)?, &input, &voice())
    })?;
    Ok(())
}

fn case(story: &Story<'_>, cast: &Cast, title: &'static str) -> Result<Option<CaseId>> {
    let organisation = cast.organisation;
    let all = story.deployment.db.read_blocking(|conn| {
        let filter = cases::store::CaseFilter { limit: 100, ..cases::store::CaseFilter::default() };
        cases::store::cases(conn, organisation, &filter)
    })?;
    Ok(all.into_iter().find(|c| c.title == title).map(|c| c.id))
}

fn notice(
    story: &Story<'_>,
    cast: &Cast,
    when: &str,
    title: &'static str,
    (component, impact): (ComponentId, Impact),
    case: Option<CaseId>,
    text: &'static str,
) -> Result<NoticeId> {
    story.at(when)?;
    let handler = cast.handler.clone();
    story.run(move |tx, env| {
        let input = NoticeInput {
            kind: NoticeKind::Incident,
            title: title.into(),
            state: NoticeState::Investigating,
            affected: Affected::from([(component, impact)]),
            text: text.into(),
            begins_at: None,
            ends_at: None,
            case,
        };
        service::publish(tx, env, &permit::<PublishStatus>(&handler)?, &input, &voice())
    })
}

fn updates(
    story: &Story<'_>,
    cast: &Cast,
    id: NoticeId,
    component: ComponentId,
    all: &'static [Said],
) -> Result<()> {
    for (version, (when, state, impact, text)) in (1i64..).zip(all) {
        story.at(when)?;
        let handler = cast.handler.clone();
        story.run(move |tx, env| {
            let affected = if state.is_over() {
                Affected::from([(component, Impact::Major)])
            } else {
                Affected::from([(component, *impact)])
            };
            let input = UpdateInput {
                state: *state,
                affected,
                text: (*text).into(),
                begins_at: None,
                ends_at: None,
            };
            service::post_update(
                tx,
                env,
                &permit::<PublishStatus>(&handler)?,
                (id, version),
                &input,
                &voice(),
            )
        })?;
    }
    Ok(())
}

/// Seven follow the page; one of them has left, one has not confirmed.
fn follow(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let organisation = cast.organisation;
    for (n, (name, language)) in [
        ("ines", "pt"),
        ("jonas", "de"),
        ("amira", "ar"),
        ("claire", "fr"),
        ("haru", "ja"),
        ("sofia", "es"),
        ("kim", "en"),
    ]
    .into_iter()
    .enumerate()
    {
        story.at(&format!("2026-03-{:02}T09:00:00Z", 2 + n))?;
        let w = platform::words::Words::of(language).unwrap_or_default();
        story.run(move |tx, env| {
            let may = service::may_follow(organisation)?;
            service::ask(
                tx,
                env,
                &may,
                (&format!("{name}@customer.example"), w),
                "http://127.0.0.1:8420",
            )
        })?;
        if name == "kim" {
            continue;
        }
        story.at(&format!("2026-03-{:02}T09:30:00Z", 2 + n))?;
        story.run(move |tx, env| {
            let may = service::may_follow(organisation)?;
            let kept = store::by_email(tx, organisation, &format!("{name}@customer.example"))?;
            let id = kept.ok_or(Refusal::NotFound)?.subscriber;
            service::confirm_known(tx, env, &may, id)?;
            if name == "sofia" { service::leave_known(tx, env, &may, id) } else { Ok(()) }
        })?;
    }
    Ok(())
}
