//! The rooms, put together: schema, replay, files, navigation.

use kernel::ids::EngagementId;
use kernel::party::Actor;
use kernel::permit::Action;
use platform::db::{Conn, Migration, Result};
use platform::jobs::permits::ReadJobs;
use platform::journal::Room;
use platform::ui::NavItem;
use platform::words::Words;
use std::collections::BTreeSet;
use utoipa::OpenApi as _;

/// Every room, in order.
pub const ROOMS: &[Room] = &[
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    controls::risks::ROOM,
    cases::ROOM,
    cases::channels::ROOM,
    cases::mailroom::ROOM,
    cases::hooks::ROOM,
    cases::canaries::ROOM,
    cases::totals::ROOM,
    cases::sealed::ROOM,
    cases::status::ROOM,
    cases::policy::ROOM,
    cases::clocks::ROOM,
    cases::views::ROOM,
    cases::work::ROOM,
    cases::training::ROOM,
    cases::patterns::ROOM,
    cases::surveys::ROOM,
    cases::disclosures::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
    examination::ROOM,
    examination::ipe::ROOM,
    examination::supplied::ROOM,
    examination::sheets::ROOM,
    examination::firm::ROOM,
    examination::planning::ROOM,
    examination::inquiries::ROOM,
    examination::mechanisms::ROOM,
    examination::promises::ROOM,
    examination::completion::ROOM,
    examination::deviations::ROOM,
    reporting::ROOM,
];

/// Every migration, in the order in which they run.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    platform::MIGRATIONS
        .iter()
        .chain(ROOMS.iter().flat_map(|room| room.migrations))
        .copied()
        .collect()
}

/// Every file that the record names.
///
/// # Errors
/// When the database refuses.
pub fn blobs_named(conn: &mut Conn<'_>) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    names.extend(evidence::store::files(conn)?);
    names.extend(cases::mailroom::store::files(conn)?);
    names.extend(cases::hooks::store::files(conn)?);
    names.extend(cases::sealed::store::file_names(conn)?);
    Ok(names)
}

/// Whether somebody may do `A` to anything at all.
fn may<A: Action>(actor: &Actor) -> bool {
    kernel::permit::scope::<A>(actor).is_ok()
}

/// Who learns sees what they must learn; who only reads sees who has learnt it.
fn training(actor: &Actor) -> &'static str {
    if may::<cases::training::permits::TakeTraining>(actor) {
        "/training"
    } else {
        "/training/manage"
    }
}

/// The rooms in the left rail: those that this person may enter.
#[must_use]
pub fn nav(w: Words, actor: Option<&Actor>) -> Vec<NavItem> {
    let Some(actor) = actor else { return Vec::new() };
    let rooms = [
        ("overview", "/", true),
        ("scope", "/engagements", may::<scope::permits::ReadEngagement>(actor)),
        ("commitments", "/commitments", may::<commitments::permits::ReadCommitments>(actor)),
        ("controls", "/controls", may::<controls::permits::ReadControls>(actor)),
        ("cases", "/cases", may::<cases::permits::ReadCases>(actor)),
        ("channels", "/channels", may::<cases::channels::permits::ReadChannels>(actor)),
        ("status", "/cases/status", may::<cases::status::permits::ReadStatusDesk>(actor)),
        (
            "training",
            training(actor),
            may::<cases::training::permits::TakeTraining>(actor)
                || may::<cases::training::permits::ReadTraining>(actor),
        ),
        ("surveys", "/surveys", may::<cases::surveys::permits::ReadSurveys>(actor)),
        ("evidence", "/evidence", may::<evidence::permits::ReadEvidence>(actor)),
        ("requests", "/requests", may::<evidence::permits::ReadRequests>(actor)),
        (
            "appointments",
            "/appointments",
            may::<examination::inquiries::permits::AnswerAppointment>(actor),
        ),
        (
            "statements",
            "/statements",
            may::<examination::deviations::permits::ReadStatements>(actor)
                && actor.side == kernel::party::Side::ServiceOrganisation,
        ),
        (
            "populations",
            "/populations",
            may::<examination::permits::ReadPopulationHash>(actor)
                && actor.side == kernel::party::Side::ServiceOrganisation,
        ),
        ("examination", "/examination", may::<examination::permits::ReadFile>(actor)),
        ("reporting", "/reporting", may::<reporting::permits::ReadDescription>(actor)),
        ("people", "/people", may::<identity::permits::ReadPeople>(actor)),
        ("settings", "/settings/jobs", may::<ReadJobs>(actor)),
    ];
    let open = rooms.into_iter().filter(|(.., open)| *open);
    open.map(|(id, href, _)| NavItem::new(id, href, w.t(&format!("nav-{id}")))).collect()
}

/// The engagements that somebody may switch between.
///
/// # Errors
/// When the database refuses.
pub fn engagements(
    conn: &mut Conn<'_>,
    w: Words,
    actor: &Actor,
    chosen: Option<EngagementId>,
) -> Result<Vec<platform::ui::Engagement>> {
    // Who may see none has no switch.
    let Ok(seen) = kernel::permit::scope::<scope::permits::ReadEngagement>(actor) else {
        return Ok(Vec::new());
    };
    let all = scope::store::engagements(conn, &seen)?;
    // Where one is still open, that is meant until another is chosen.
    let mut open = all.iter().filter(|e| !e.locked());
    let only = match (open.next(), open.next(), all.as_slice()) {
        (Some(one), None, _) | (None, None, [one]) => Some(one.id),
        _ => None,
    };
    let shown = all.into_iter().map(|e| platform::ui::Engagement {
        href: format!("/engagements/{}", e.id),
        period: scope::pages::period(w, &e),
        current: chosen.or(only) == Some(e.id),
        locked: e.locked(),
        name: e.name,
    });
    Ok(shown.collect())
}

/// The description of every room's endpoints.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let info = utoipa::openapi::InfoBuilder::new()
        .title("Tickmark")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Bearer tokens with scopes; keyset pagination; problem details (RFC 9457) for every error; idempotency by the Idempotency-Key header."))
        .build();
    let mut all = utoipa::openapi::OpenApiBuilder::new().info(info).build();
    all.merge(identity::api::Api::openapi());
    all.merge(cases::api::Api::openapi());
    all.merge(cases::clocks::api::Api::openapi());
    all.merge(cases::hooks::api::Api::openapi());
    all.merge(cases::status::api::Api::openapi());
    all.merge(examination::api::Api::openapi());
    all
}

/// Every action of every room, for the printed matrix and for the scopes that a token may have.
#[must_use]
pub fn actions() -> Vec<(&'static str, &'static [kernel::permit::Rule])> {
    vec![
        ("jobs", platform::jobs::permits::ACTIONS),
        ("identity", identity::permits::ACTIONS),
        ("scope", scope::permits::ACTIONS),
        ("commitments", commitments::permits::ACTIONS),
        ("controls", controls::permits::ACTIONS),
        ("risks", controls::risks::permits::ACTIONS),
        ("cases", cases::permits::ACTIONS),
        ("channels", cases::channels::permits::ACTIONS),
        ("mailroom", cases::mailroom::permits::ACTIONS),
        ("hooks", cases::hooks::permits::ACTIONS),
        ("canaries", cases::canaries::permits::ACTIONS),
        ("totals", cases::totals::permits::ACTIONS),
        ("sealed", cases::sealed::permits::ACTIONS),
        ("status", cases::status::permits::ACTIONS),
        ("policy", cases::policy::permits::ACTIONS),
        ("clocks", cases::clocks::permits::ACTIONS),
        ("views", cases::views::permits::ACTIONS),
        ("work", cases::work::permits::ACTIONS),
        ("training", cases::training::permits::ACTIONS),
        ("patterns", cases::patterns::permits::ACTIONS),
        ("surveys", cases::surveys::permits::ACTIONS),
        ("disclosures", cases::disclosures::permits::ACTIONS),
        ("evidence", evidence::permits::ACTIONS),
        ("collectors", evidence::collectors::permits::ACTIONS),
        ("examination", examination::permits::ACTIONS),
        ("sheets", examination::sheets::permits::ACTIONS),
        ("firm", examination::firm::permits::ACTIONS),
        ("planning", examination::planning::permits::ACTIONS),
        ("inquiries", examination::inquiries::permits::ACTIONS),
        ("mechanisms", examination::mechanisms::permits::ACTIONS),
        ("promises", examination::promises::permits::ACTIONS),
        ("completion", examination::completion::permits::ACTIONS),
        ("deviations", examination::deviations::permits::ACTIONS),
        ("reporting", reporting::permits::ACTIONS),
    ]
}
