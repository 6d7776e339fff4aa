//! Freezing from each origin, the checks, and what the organisation is shown, on pages.

use super::*;

pub(crate) const ALL: &[Room] = &[
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    cases::ROOM,
    cases::channels::ROOM,
    cases::mailroom::ROOM,
    cases::hooks::ROOM,
    cases::canaries::ROOM,
    cases::totals::ROOM,
    cases::sealed::ROOM,
    cases::policy::ROOM,
    cases::clocks::ROOM,
    cases::work::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
    examination::ROOM,
    examination::ipe::ROOM,
    examination::supplied::ROOM,
    examination::completion::ROOM,
    examination::sheets::ROOM,
    examination::firm::ROOM,
    examination::planning::ROOM,
    examination::deviations::ROOM,
];

/// The freeze is refused until somebody says what the list covers, and while that has not closed; gives
/// the form as it is taken.
pub(crate) fn covered<'a>(
    w: &World<'_>,
    list: &str,
    texts: &[(&'a str, &'a str)],
    csv: &str,
) -> Vec<(&'a str, &'a str)> {
    let refused = |texts: &[(&str, &str)], says: &[&str]| {
        let sent = w.upload(list, texts, csv);
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.body);
        for part in says {
            assert!(sent.body.contains(part), "{part}: {}", sent.body);
        }
    };
    refused(texts, &["Nothing says which period", "2025-01-01 and 2025-12-31"]);
    let over = |from, to| [texts, &[("covers_from", from), ("covers_to", to)]].concat();
    refused(&over("2025-03-01", ""), &["Give both days"]);
    refused(&over("2025-03-01", "2099-12-31"), &["2099-12-31", "cannot be frozen yet"]);
    let nobody: Vec<_> = over("2025-03-01", "2025-03-31")
        .into_iter()
        .filter(|(name, _)| *name != "supplied_by")
        .collect();
    refused(&nobody, &["Say whether the organisation supplied the file."]);
    over("2025-03-01", "2025-03-31")
}

/// Records the retrieval and what a person traces.
pub(crate) fn checked(w: &World<'_>, population: &str) {
    let checks = format!("{population}/completeness");
    let send = |act: &str, pairs: &[(&str, &str)]| {
        let sent = w.submit(&checks, &format!("{checks}/{act}"), pairs);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{act}: {}", sent.body);
    };
    send(
        "retrieval",
        &[
            ("system", "The code host"),
            ("generator", "export"),
            ("query", "All merged changes of March"),
            ("made_by", "Mei Tanaka"),
            ("made_at", "2025-06-02T10:00:00Z"),
            ("observed", "on"),
        ],
    );
    for check in ["1", "2", "8", "9"] {
        send("answer", &[("check", check), ("outcome", "pass"), ("detail", "Five of five.")]);
    }
}

/// The same, reconciled with a second source that has as many rows.
pub(crate) fn evaluated(w: &World<'_>, population: &str, rows: &str) {
    checked(w, population);
    let checks = format!("{population}/completeness");
    let counts = [
        ("source", "The mirror"),
        ("opening", rows),
        ("additions", "0"),
        ("removals", "0"),
        ("returns", "0"),
    ];
    let sent = w.submit(&checks, &format!("{checks}/reconcile"), &counts);
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
}

/// The organisation's page and endpoint hold the hash that the firm works with, and nothing else of the
/// file. Somebody of the organisation is signed in.
pub(crate) fn shown_alike(w: &World<'_>, population: &str) {
    let shown = w.get(&format!("/api/v1/examination/{}/populations", w.engagement)).body;
    assert!(shown.contains("\"rows\":20"), "{shown}");
    let hash = shown.split("\"canonical_sha256\":\"").nth(1).unwrap();
    let hash = hash.split('"').next().unwrap();
    let page = w.get("/populations");
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains(hash) && page.body.contains("Changes"), "{}", page.body);
    // One of them: the text of the meaning, from which its digest is made again, and the days left out.
    let href = page.body.split("href=\"/populations/").nth(1).unwrap().split('"').next().unwrap();
    let one = w.get(&format!("/populations/{href}"));
    assert_eq!(one.status, StatusCode::OK, "{}", one.body);
    let meaning = one.body.split("<pre><code>").nth(1).unwrap().split("</code></pre>").next();
    let meaning = meaning.unwrap().replace("&#38;", "&").replace("&#39;", "'");
    let digest = shown.split("\"schema_sha256\":\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&meaning)), digest, "{meaning}");
    assert!(one.body.contains(hash) && one.body.contains("population freeze"), "{}", one.body);
    assert!(one.body.contains("leaves out 2025-01-01 to 2025-02-28"), "{}", one.body);
    assert!(shown.contains("\"left_out\":[{\"from\":\"2025-01-01\""), "{shown}");
    let file = w.get("/populations?format=csv");
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.body.contains(hash), "{}", file.body);
    for text in [&shown, &page.body, &one.body, &file.body] {
        for secret in
            ["Totals agree", population, "T-1", "Effective seed", "exception", "The mirror"]
        {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
}

/// A case of the organisation's register, opened at this time.
fn case(t: &TestDb, n: u8, at: &str) {
    let at = Timestamp::parse(at).unwrap();
    t.db.write_blocking(move |tx| {
        let permit = authorize::<cases::permits::FileReport>(
            &Actor::public(party(1)),
            &Facts::of(party(1)),
        )?;
        let mut seed = [3; 32];
        seed[0] = n;
        let mut e = kernel::env::Env::new(at, seed);
        let kind = cases::model::CaseKind::Failure;
        let input = cases::service::ReportInput::new("portal", kind, "It fails", "Secret words.");
        cases::service::file_report(tx, &mut e, &permit, &input)
    })
    .unwrap();
}

/// The register itself is frozen from a page: the cases of the period, in the engagement's zone, with the
/// retrieval recorded; and what was frozen is counted by the test that the library has for it.
#[test]
fn the_case_register_is_frozen_from_a_page_and_counted() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        // The last is opened on 1 January in London, though still in 2025 nowhere; the first before.
        for (n, at) in [
            (1, "2024-12-31T23:59:00Z"),
            (2, "2025-01-01T00:10:00Z"),
            (3, "2025-07-31T23:30:00Z"),
            (4, "2025-12-31T23:59:00Z"),
            (5, "2026-01-01T00:00:00Z"),
        ] {
            case(t, n, at);
        }
        w.sign_in(4);
        let list = w.at("/populations");
        let sent = w.upload(&list, &[("name", "Cases of 2025"), ("register", "on")], "");
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = w.get(&sent.location).body;
        assert!(page.contains("3 rows."), "{page}");
        assert!(!page.contains("Secret words"), "{page}");
        let checks = w.get(&format!("{}/completeness", sent.location)).body;
        for part in [
            "The source shows 3 rows and the file holds 3.",
            "The export covers 2025-01-01 to 2025-12-31",
            "Case register of this deployment",
            "without canaries and held reports",
        ] {
            assert!(checks.contains(part), "{part}: {checks}");
        }
        // What the register cannot say of itself is still to be done.
        let accept = [("accepted", "yes"), ("reason", "Looked at.")];
        let judged = w.submit(&sent.location, &sent.location, &accept);
        for check in ["Check 8", "Check 9", "Check 10"] {
            assert!(judged.body.contains(check), "{check}: {}", judged.body);
        }
        assert!(!judged.body.contains("Check 12 is not done"), "{}", judged.body);
        w.sign_in(2);
        w.prepared();
        let control = w.get(&w.control("")).body;
        let test = control.split("/tests/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let census = w.at(&format!("/tests/{test}/census"));
        let population = sent.location.rsplit('/').next().unwrap();
        let chosen = format!("{census}?library=cases-kept-their-times");
        let run = w.submit(&chosen, &census, &[("p-cases", population)]);
        assert_eq!(run.status, StatusCode::SEE_OTHER, "{}", run.body);
        let rows = w.get(&run.location).body;
        assert!(rows.contains("0 exceptions and 0 unmatched"), "all are open still: {rows}");
        w.sign_in(1);
        let shown = w.get("/populations").body;
        assert!(shown.contains("Cases of 2025") && shown.contains("Our case register"), "{shown}");
    });
}

/// What the firm obtained elsewhere stands on its own page and on none of the organisation's; a capture
/// after the period is refused with the date.
#[test]
fn what_the_firm_obtained_elsewhere_is_not_shown_and_a_late_capture_is_refused() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(4);
        let list = w.at("/populations");
        let schema = "name = \"accounts\"\nkind = \"configuration capture\"\nzone = \"Europe/London\"\nkey = [\"id\"]\ncolumns = [{ name = \"id\", type = \"text\" }]\n";
        let texts = [
            ("name", "Breach list"),
            ("schema", schema),
            ("source", "A public collection."),
            ("supplied_by", "firm"),
        ];
        let of = |date| [&texts[..], &[("speaks_for", date)]].concat();
        let none = w.upload(&list, &texts, "id\na\nb\n");
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.body.contains("Nothing says which date the capture"), "{}", none.body);
        let late = w.upload(&list, &of("2026-01-01"), "id\na\nb\n");
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(late.body.contains("after the period ended on 2025-12-31"), "{}", late.body);
        let sent = w.upload(&list, &of("2025-12-31"), "id\na\nb\n");
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let page = w.get(&sent.location).body;
        assert!(page.contains("the organisation is not told"), "{page}");
        w.sign_in(1);
        let shown = w.get("/populations");
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.body.contains("Breach list"), "{}", shown.body);
        assert!(shown.body.contains("Nothing has been frozen"), "{}", shown.body);
        let api = w.get(&format!("/api/v1/examination/{}/populations", w.engagement)).body;
        assert_eq!(api, "{\"populations\":[]}");
        w.sign_in(5);
        assert!(!w.get("/populations").body.contains("Breach list"));
    });
}

#[test]
fn a_list_is_reconciled_and_explained_and_a_test_of_the_library_is_run_on_pages() {
    on_both(ROOMS, |t| {
        let mut w = world(t);
        w.sign_in(2);
        w.prepared();
        let list = w.at("/populations");
        let rows = "{\"change_id\":\"e1\",\"released_at\":\"2025-03-06T22:00:00Z\",\"requested_by\":\"p1\",\"approver\":\"p2\",\"approved_at\":\"2025-03-07T22:00:00Z\"}\n{\"change_id\":\"e2\",\"released_at\":\"2025-03-06T22:00:00Z\",\"requested_by\":\"p1\",\"approver\":null,\"approved_at\":null}\n";
        let texts = [
            ("name", "Emergencies"),
            ("library", "emergency_changes.toml"),
            ("source", "Tickets"),
            ("supplied_by", "organisation"),
            ("covers_from", "2025-03-01"),
            ("covers_to", "2025-03-31"),
        ];
        let two = [&texts[..], &[("register", "on")]].concat();
        let refused = w.upload(&list, &two, rows);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Choose one: a file"), "{}", refused.body);
        let sent = w.upload(&list, &texts, rows);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let checks = format!("{}/completeness", sent.location);
        assert!(w.get(&checks).body.contains("Not done"));
        let counts = [
            ("source", "The pager"),
            ("opening", "2"),
            ("additions", "1"),
            ("removals", "0"),
            ("returns", "0"),
        ];
        let done = w.submit(&checks, &format!("{checks}/reconcile"), &counts);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let page = w.get(&checks).body;
        assert!(
            page.contains("it fails by 1") && page.contains("does not reconcile with"),
            "{page}"
        );
        let accept = [("accepted", "yes"), ("reason", "Looked at.")];
        let judged = w.submit(&sent.location, &sent.location, &accept);
        assert_eq!(judged.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", judged.body);
        assert!(judged.body.contains("cannot be accepted yet"), "{}", judged.body);
        let told = [("finding", "10:"), ("reason", "The pager counts one drill.")];
        let explained = w.submit(&checks, &format!("{checks}/explain"), &told);
        assert_eq!(explained.status, StatusCode::SEE_OTHER, "{}", explained.body);
        checked(&w, &sent.location);
        let judged = w.submit(&sent.location, &sent.location, &accept);
        assert_eq!(judged.status, StatusCode::SEE_OTHER, "{}", judged.body);

        let library = w.get(&w.at("/library")).body;
        assert!(
            library.contains("of 38 tests can be run") && library.contains("Can be run"),
            "{library}"
        );
        assert!(
            w.get(&w.at("/library/emergency-changes-approved"))
                .body
                .contains("Everything it reads is frozen.")
        );
        assert_eq!(w.get(&w.at("/library/nothing")).status, StatusCode::NOT_FOUND);
        let control = w.get(&w.control("")).body;
        let test = control.split("/tests/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let census = w.at(&format!("/tests/{test}/census"));
        let population = sent.location.rsplit('/').next().unwrap();
        let chosen = format!("{census}?library=emergency-changes-approved");
        let fields = [
            ("p-changes", population),
            ("v-limit_days", "2"),
            ("v-holidays", ""),
            ("v-zone", "Europe/London"),
        ];
        let run = w.submit(&chosen, &census, &fields);
        assert_eq!(run.status, StatusCode::SEE_OTHER, "{}", run.body);
        assert!(w.get(&run.location).body.contains("1 exceptions and 0 unmatched"));
        w.sign_in(1);
        for address in [&checks, &w.at("/library"), &w.at("/library/emergency-changes-approved")] {
            assert_eq!(w.get(address).status, StatusCode::NOT_FOUND, "{address}");
        }
    });
}
