//! The memorandum on the reporting mechanisms as a PDF, through a real router.

use crate::world::*;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::get;
use cases::channels::model::{Audience, ChannelKind};
use examination::mechanisms::model::{Found, IdentifiedChannel};
use examination::mechanisms::permits::EvaluateMechanisms;
use examination::mechanisms::{pages, service};
use kernel::time::Timestamp;
use platform::http::App;
use platform::journal::Room;
use platform::testing::{Web, on_both};
use reporting::pages::memorandum;

/// The rooms of the other tests, and those that the organisation's figures are read from.
fn rooms() -> Vec<Room> {
    let mut all = ROOMS.to_vec();
    all.extend([
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
    ]);
    all
}

fn routes() -> Router<App> {
    Router::new()
        .route("/examination/{engagement}/mechanisms/memorandum", get(pages::memorandum))
        .route("/examination/{engagement}/mechanisms/memorandum.pdf", get(memorandum::pdf))
}

fn identify(world: &World<'_>, name: &str) {
    let channel = IdentifiedChannel {
        name: name.into(),
        audience: Audience::External,
        kind: ChannelKind::Email,
        registered: None,
        found: std::collections::BTreeMap::new(),
        works: Found::No,
        note: "Nobody answers.\nTried twice.".into(),
        evidence: vec!["Agreement of 2024".into()],
    };
    world
        .run::<EvaluateMechanisms, _>(&world.manager(), move |tx, e, p| {
            service::identify_channel(tx, e, p, None, &channel)
        })
        .unwrap();
}

#[test]
fn the_memorandum_is_a_pdf_of_the_same_words_and_nothing_in_them_is_run() {
    on_both(&rooms(), |t| {
        let world = World::new(t);
        let mut web = Web::new(t, routes(), vec![world.manager(), world.lead()], 1_000);
        web.edge.set(Timestamp::parse("2026-02-01T12:00:00Z").unwrap());
        let page = format!("/examination/{}/mechanisms/memorandum", world.engagement);
        let file = format!("{page}.pdf");
        web.sign_in(&world.lead());
        assert_eq!(web.get(&file).status, StatusCode::NOT_FOUND, "the firm's alone");
        web.sign_in(&world.manager());
        let shown = web.get(&page);
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        assert!(shown.body.contains(&format!("href=\"{file}\"")), "{}", shown.body);
        // Whose it is, who answers for it, and that it is no part of the report.
        for words in ["Engagement partner", "To the management of", "restricted use", "not dated"] {
            assert!(shown.body.contains(words), "{words}: {}", shown.body);
        }
        let empty = web.get(&file);
        assert_eq!(empty.status, StatusCode::OK, "{}", empty.body);
        assert_eq!(empty.headers[header::CONTENT_TYPE], "application/pdf");
        assert!(empty.body.starts_with("%PDF-"), "an empty draft is a document too");

        // What people write is text for the typesetter, never a program.
        identify(&world, "#panic(\"x\") <b>$y$</b> *support*");
        let first = web.get(&file);
        assert_eq!(first.status, StatusCode::OK, "{}", first.body);
        assert_ne!(first.body, empty.body);
        assert_eq!(first.body, web.get(&file).body, "the same papers give the same bytes");
        let name = first.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
        assert!(name.contains(&format!("memorandum-{}.pdf", world.engagement)), "{name}");

        // A character that no font of documents has is named instead of left out.
        identify(&world, "Support \u{1f4e7}");
        let refused = web.get(&file);
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("U+1F4E7"), "{}", refused.body);
    });
}
