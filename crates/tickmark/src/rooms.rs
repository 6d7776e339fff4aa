//! The rooms, put together: schema, replay, files, navigation.

use kernel::party::{Actor, Side};
use platform::db::{Conn, Migration, Result};
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
    cases::ROOM,
    evidence::ROOM,
    examination::ROOM,
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
    Ok(names)
}

/// The rooms in the left rail, as this person may enter them.
#[must_use]
pub fn nav(w: Words, actor: Option<&Actor>) -> Vec<NavItem> {
    let Some(actor) = actor else { return Vec::new() };
    let mut items = vec![
        NavItem::new("overview", "/", w.t("nav-overview")),
        NavItem::new("scope", "/engagements", w.t("nav-scope")),
        NavItem::new("commitments", "/commitments", w.t("nav-commitments")),
        NavItem::new("controls", "/controls", w.t("nav-controls")),
        NavItem::new("cases", "/cases", w.t("nav-cases")),
        NavItem::new("evidence", "/evidence", w.t("nav-evidence")),
        NavItem::new("requests", "/requests", w.t("nav-requests")),
    ];
    if actor.side == Side::Firm {
        items.push(NavItem::new("examination", "/examination", w.t("nav-examination")));
    }
    items.push(NavItem::new("reporting", "/reporting", w.t("nav-reporting")));
    items.push(NavItem::new("people", "/people", w.t("nav-people")));
    items
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
    all
}

/// Every action of every room, for the printed matrix and for the scopes that a token may have.
#[must_use]
pub fn actions() -> Vec<(&'static str, &'static [kernel::permit::Rule])> {
    vec![
        ("identity", identity::permits::ACTIONS),
        ("scope", scope::permits::ACTIONS),
        ("commitments", commitments::permits::ACTIONS),
        ("controls", controls::permits::ACTIONS),
        ("cases", cases::permits::ACTIONS),
        ("evidence", evidence::permits::ACTIONS),
        ("examination", examination::permits::ACTIONS),
        ("reporting", reporting::permits::ACTIONS),
    ]
}
