//! Uploads and requests as a browser meets them, on both databases.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../../scope/tests/common/mod.rs"]
mod common;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::routing::get;
use common::{Cast, cast};
use evidence::model::{EvidenceItem, RequestState};
use evidence::{pages, store};
use kernel::party::Role::*;
use platform::http::App;
use platform::journal::Room;
use platform::testing::{Answered, Part, TestDb, Web, beside, hidden, on_both};

const ROOMS: [Room; 6] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
];
/// Above the bound of ordinary forms, so that a file's own bound is the one that is met.
const FILE_MAX: usize = 3 << 20;

fn web<'t>(t: &'t TestDb, c: &Cast) -> Web<'t> {
    let routes: Router<App> = Router::new()
        .route("/evidence", get(pages::list))
        .route(
            "/evidence/new",
            get(pages::new_form).post(pages::new_submit).layer(DefaultBodyLimit::disable()),
        )
        .route("/evidence/{id}", get(pages::show))
        .route("/evidence/{id}/file", get(pages::file))
        .route("/requests", get(pages::requests::list).post(pages::requests::ask))
        .route("/requests/{id}", get(pages::requests::show).post(pages::requests::act));
    Web::new(t, routes, c.people.clone(), FILE_MAX as u64)
}

fn items(t: &TestDb, c: &Cast) -> Vec<EvidenceItem> {
    let owner = c.organisation;
    t.db.read_blocking(move |conn| store::items(conn, owner)).unwrap()
}

const TEXTS: [(&str, &str); 5] = [
    ("name", "Leavers <2025>"),
    ("speaks_from", "2025-12-01"),
    ("speaks_to", "2025-12-31"),
    ("zone", "Europe/London"),
    ("source", "HR system, report LV-1"),
];

/// Sends the page's own form with one text changed and this file.
fn send(w: &Web<'_>, change: (&str, &str), file: Option<(&str, &str, &[u8])>) -> Answered {
    let page = w.get("/evidence/new").body;
    let (csrf, key) = (hidden(&page, "csrf").unwrap(), hidden(&page, "key").unwrap());
    let mut parts = vec![Part::Text("csrf", &csrf), Part::Text("key", &key)];
    for (name, value) in TEXTS {
        parts.push(Part::Text(name, if name == change.0 { change.1 } else { value }));
    }
    if let Some((name, kind, bytes)) = file {
        parts.push(Part::File("file", name, kind, bytes));
    }
    w.upload("/evidence/new", &parts)
}

const CSV: (&str, &str, &[u8]) = ("leavers.csv", "text/csv", b"name,left\nAda,2025-12-01\n");

#[test]
fn a_file_is_stored_while_it_arrives_and_given_back_as_it_was() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        // Larger than any form may be, and than what is held at once.
        let large: Vec<u8> = (0..2_500_000_u32).map(|n| (n % 251) as u8).collect();
        let done = send(&w, ("", ""), Some(("big.bin", "text/html", &large)));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let item = items(t, &c).remove(0);
        assert_eq!((item.bytes, &*item.media_type), (2_500_000, "application/octet-stream"));
        assert_eq!(w.blobs.read(&item.sha256, FILE_MAX as u64).unwrap(), large);
        let page = w.get(done.location()).body;
        assert!(page.contains(&item.sha256) && !page.contains("<2025>"));
        let file = w.get(&format!("{}/file", done.location()));
        assert_eq!(file.status, StatusCode::OK);
        assert_eq!(file.headers[header::CONTENT_TYPE], "application/octet-stream");
        assert_eq!(
            file.headers[header::CONTENT_DISPOSITION],
            "attachment; filename=\"Leavers _2025_\""
        );
    });
}

#[test]
fn what_a_file_is_follows_from_its_bytes_and_its_name_proves_nothing() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        for (name, claimed, bytes, kind) in [
            (
                "report.pdf",
                "application/pdf",
                &b"<script>alert(1)</script>"[..],
                "text/plain; charset=utf-8",
            ),
            ("notes.txt", "text/plain", b"%PDF-1.7\n", "application/pdf"),
            ("../../etc/passwd", "x/y", b"root:x:0", "text/plain; charset=utf-8"),
            ("C:\\\\Users\\\\a.exe", "image/png", b"MZ\x90\0\x03", "application/octet-stream"),
            ("gpj.\u{202e}exe", "image/jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("", "text/plain", b"no name", "text/plain; charset=utf-8"),
        ] {
            let done = send(&w, ("", ""), Some((name, claimed, bytes)));
            assert_eq!(done.status, StatusCode::SEE_OTHER, "{name}: {}", done.body);
            let item =
                items(t, &c).into_iter().find(|i| done.location().contains(&i.id.to_string()));
            assert_eq!(item.unwrap().media_type, kind, "{name}");
            let file = w.get(&format!("{}/file", done.location()));
            assert_eq!(file.headers[header::CONTENT_TYPE], "application/octet-stream", "{name}");
        }
        // Nothing was written beside the store.
        let above = t.folder.path().parent().unwrap();
        assert!(!above.join("etc").exists() && !t.folder.path().join("passwd").exists());
    });
}

#[test]
fn a_wrong_upload_keeps_what_was_typed_and_says_what_is_wrong() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        let over = vec![b'a'; FILE_MAX + 1];
        let huge = ("big.bin", "x/y", &over[..]);
        for (change, file, field, says) in [
            (("", ""), None, "file", "File"),
            (("", ""), Some(("empty.csv", "text/csv", &b""[..])), "file", "File"),
            (("", ""), Some(huge), "file", "larger than"),
            (("name", " "), Some(CSV), "name", ""),
            (("name", "a\u{202e}b"), Some(CSV), "name", "direction"),
            (("speaks_from", "2025-12-32"), Some(CSV), "speaks_from", ""),
            (("speaks_from", "2026-01-02"), Some(CSV), "speaks_to", ""),
            (("speaks_to", "2025-11-30"), Some(CSV), "speaks_to", "before"),
            (("zone", "Nowhere"), Some(CSV), "speaks_to", "zone"),
            (("source", ""), Some(CSV), "source", ""),
        ] {
            let again = send(&w, change, file);
            assert_eq!(
                again.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{change:?}: {}",
                again.body
            );
            let text = beside(&again.body, field).unwrap_or_else(|| {
                std::panic::panic_any(format!("{change:?}: nothing beside {field}: {}", again.body))
            });
            assert!(text.contains(says), "{change:?}: {text}");
            if change.0 != "source" {
                assert!(again.body.contains("HR system, report LV-1"), "what was typed is kept");
            }
            assert!(!again.body.contains("<2025>"));
        }
        // A time that has not come yet.
        let again = w.get("/evidence/new").body;
        let (csrf, key) = (hidden(&again, "csrf").unwrap(), hidden(&again, "key").unwrap());
        let future = |key: &str, csrf: &str| {
            w.upload(
                "/evidence/new",
                &[
                    Part::Text("csrf", csrf),
                    Part::Text("key", key),
                    Part::Text("name", "n"),
                    Part::Text("speaks_from", "2027-01-01"),
                    Part::Text("speaks_to", "2027-01-31"),
                    Part::Text("zone", "UTC"),
                    Part::Text("source", "s"),
                    Part::File("file", "a.csv", "text/csv", b"a\n1\n"),
                ],
            )
        };
        let again = future(&key, &csrf);
        assert!(
            beside(&again.body, "speaks_from").unwrap().contains("not begun"),
            "{}",
            again.body
        );
        // Another session's form stores nothing: the file is not even read.
        let stored = w.blobs.names().unwrap().len();
        assert_eq!(future(&key, "wrong").status, StatusCode::FORBIDDEN);
        let first = w.upload("/evidence/new", &[Part::File("file", "a", "b", b"new bytes")]);
        assert_eq!(first.status, StatusCode::FORBIDDEN);
        assert_eq!(w.blobs.names().unwrap().len(), stored);
        assert!(items(t, &c).is_empty());
    });
}

#[test]
fn broken_and_swollen_forms_are_refused() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        let csrf = hidden(&w.get("/evidence/new").body, "csrf").unwrap();
        let long = "x".repeat(2 << 20);
        let swollen =
            w.upload("/evidence/new", &[Part::Text("csrf", &csrf), Part::Text("name", &long)]);
        assert_eq!(swollen.status, StatusCode::PAYLOAD_TOO_LARGE);
        let many = vec![Part::Text("a", "b"); 501];
        assert_eq!(w.upload("/evidence/new", &many).status, StatusCode::PAYLOAD_TOO_LARGE);
        let two = [
            Part::Text("csrf", &csrf),
            Part::File("file", "a", "b", b"one"),
            Part::File("file", "a", "b", b"two"),
        ];
        let two = w.upload("/evidence/new", &two);
        assert!(beside(&two.body, "file").unwrap().contains("One file"), "{}", two.body);
        for body in [
            "",
            "nothing of a form",
            "------tickmark-test-boundary\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc",
            "------tickmark-test-boundary\r\n\r\n\r\n------tickmark-test-boundary--",
        ] {
            let status = w.send_multipart("/evidence/new", Body::from(body)).status;
            assert!(matches!(status.as_u16(), 400 | 403), "{body:?}: {status}");
        }
        assert!(w.post("/evidence/new", &[("csrf", &csrf)]).status.is_client_error());
        assert!(items(t, &c).is_empty());
    });
}

#[test]
fn the_same_bytes_twice_are_one_file_and_the_same_form_twice_is_one_item() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        let first = send(&w, ("", ""), Some(CSV));
        let second = send(&w, ("name", "The same again"), Some(CSV));
        assert_ne!(first.location(), second.location());
        assert_eq!(w.blobs.names().unwrap().len(), 1, "one file");
        assert_eq!(items(t, &c).len(), 2, "two items");
        let page = w.get("/evidence/new").body;
        let (csrf, key) = (hidden(&page, "csrf").unwrap(), hidden(&page, "key").unwrap());
        let mut parts = vec![Part::Text("csrf", &csrf), Part::Text("key", &key)];
        parts.extend(TEXTS.map(|(n, v)| Part::Text(n, v)));
        parts.push(Part::File("file", "a.csv", "text/csv", b"a\n1\n"));
        let once = w.upload("/evidence/new", &parts);
        assert_eq!(once.status, StatusCode::SEE_OTHER, "{}", once.body);
        assert_eq!(w.upload("/evidence/new", &parts).location(), once.location());
        assert_eq!(items(t, &c).len(), 3);
        parts.pop();
        parts.push(Part::File("file", "a.csv", "text/csv", b"a\n2\n"));
        let other = w.upload("/evidence/new", &parts);
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "another file, the same key");
        assert_eq!(items(t, &c).len(), 3);
    });
}

#[test]
fn an_altered_file_is_an_error_and_not_one_of_its_bytes_is_sent() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        let done = send(&w, ("", ""), Some(CSV));
        let item = items(t, &c).remove(0);
        let path = find(&t.folder.path().join("blobs"), &item.sha256);
        std::fs::remove_file(&path).unwrap();
        let gone = w.get(&format!("{}/file", done.location()));
        assert_eq!(gone.status, StatusCode::INTERNAL_SERVER_ERROR);
        std::fs::write(&path, b"name,left\nAda,2025-12-02\n").unwrap();
        let altered = w.get(&format!("{}/file", done.location()));
        assert_eq!(altered.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!altered.body.contains("Ada"), "{}", altered.body);
        std::fs::write(&path, CSV.2).unwrap();
        assert_eq!(w.get(&format!("{}/file", done.location())).status, StatusCode::OK);
        // Longer than it was, with the right beginning.
        let mut longer = CSV.2.to_vec();
        longer.push(b'\n');
        std::fs::write(&path, longer).unwrap();
        let altered = w.get(&format!("{}/file", done.location()));
        assert_eq!(altered.status, StatusCode::INTERNAL_SERVER_ERROR);
    });
}

fn find(folder: &std::path::Path, name: &str) -> std::path::PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().replace('/', "").ends_with(name) {
                return path;
            }
        }
    }
    folder.join(name)
}

#[test]
fn who_may_not_see_evidence_does_not_learn_of_it() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let ours = c.engagement(t, "2025", Some(c.firm));
        let theirs = c.engagement(t, "2026", Some(c.other_firm));
        let mut w = web(t, &c);
        assert_eq!(w.get("/evidence").status, StatusCode::SEE_OTHER);
        w.sign_in(&c.lead());
        let shared = send(&w, ("name", "Shared"), Some(CSV)).location().to_owned();
        w.choose(ours);
        let ours = send(&w, ("name", "Ours"), Some(CSV)).location().to_owned();
        w.choose(theirs);
        let theirs = send(&w, ("name", "Theirs"), Some(CSV)).location().to_owned();
        for (who, sees) in [
            (c.lead(), [200, 200, 200]),
            (c.staff(), [200, 200, 404]),
            (c.of(c.other_firm, Staff), [200, 404, 200]),
            (c.of(c.other, ComplianceLead), [404; 3]),
            (c.of(c.organisation, Viewer), [403; 3]),
            (c.of(c.firm, FirmAdministrator), [403, 403, 404]),
        ] {
            w.sign_in(&who);
            for (path, status) in [&shared, &ours, &theirs].into_iter().zip(sees) {
                for path in [path.clone(), format!("{path}/file")] {
                    assert_eq!(w.get(&path).status.as_u16(), status, "{path} {:?}", who.roles);
                }
                if status == 404 {
                    let list = w.get("/evidence");
                    assert!(!list.body.contains(path.as_str()), "{path}");
                }
            }
        }
        w.sign_in(&c.staff());
        let file = w.get("/evidence?format=csv").body;
        assert!(file.contains("Ours,") && !file.contains("Theirs"), "{file}");
        assert!(file.contains(&items(t, &c)[0].sha256), "the whole digest: {file}");
        let list = w.get("/evidence").body;
        assert!(!list.contains("/evidence/new") && !list.contains("Theirs"), "{list}");
        assert_eq!(w.get("/evidence/new").status, StatusCode::NOT_FOUND);
        let sent = w.upload("/evidence/new", &[Part::File("file", "a", "b", b"from the firm")]);
        assert_eq!(sent.status, StatusCode::NOT_FOUND);
        assert_eq!(w.blobs.names().unwrap().len(), 1);
    });
}

#[test]
fn requests_go_to_and_fro_on_their_pages() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let engagement = c.engagement(t, "2025", Some(c.firm));
        let mut w = web(t, &c);
        w.sign_in(&c.staff());
        let asked = [("code", "R-1"), ("text", "The <list>"), ("due", "2026-01-31")];
        for field in ["code", "text", "due"] {
            let lacking: Vec<_> = asked.iter().filter(|(n, _)| *n != field).copied().collect();
            let again = w.fill("/requests", "/requests", &lacking);
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(beside(&again.body, field).is_some(), "{field}: {}", again.body);
            assert!(!again.body.contains("<list>"));
        }
        assert_eq!(w.fill("/requests", "/requests", &asked).location(), "/requests");
        let file = w.get("/requests?format=csv");
        assert_eq!(file.body.lines().nth(1), Some("R-1,The <list>,31 January 2026,Open"));
        let again = w.fill("/requests", "/requests", &asked);
        assert!(beside(&again.body, "code").unwrap().contains("R-1"), "{}", again.body);
        let request =
            || t.db.read_blocking(move |conn| store::requests(conn, engagement)).unwrap().remove(0);
        let address = format!("/requests/{}", request().id);

        w.sign_in(&c.lead());
        assert!(!w.get("/requests").body.contains("name=\"due\""), "the organisation asks nothing");
        send(&w, ("", ""), Some(CSV));
        let item = items(t, &c)[0].id.to_string();
        let empty = w.fill(&address, &address, &[("do", "answer"), ("remark", "Kept words")]);
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&empty.body, "items").is_some() && empty.body.contains("Kept words"));
        let page = w.get(&address).body;
        let csrf = hidden(&page, "csrf").unwrap();
        let good = [("csrf", &*csrf), ("do", "answer"), ("items", &*item), ("version", "1")];
        let unversioned = w.post(&address, &good[..3]);
        assert_eq!(unversioned.status, StatusCode::UNPROCESSABLE_ENTITY);
        let odd = [good[0], ("do", "erase"), good[3]];
        assert_eq!(w.post(&address, &odd).status, StatusCode::NOT_FOUND);
        assert_eq!(w.post(&address, &[good[0], ("do", "accept"), good[3]]).status, 404);
        assert_eq!(w.post(&address, &good).status, StatusCode::SEE_OTHER);
        let stale = w.post(&address, &good);
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stale.body.contains("Somebody changed this record"), "{}", stale.body);

        w.sign_in(&c.staff());
        let back = w.fill(&address, &address, &[("do", "return"), ("remark", "")]);
        assert!(beside(&back.body, "remark").is_some(), "a return says why: {}", back.body);
        let back = w.fill(&address, &address, &[("do", "return"), ("remark", "December?")]);
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
        assert_eq!(request().state, RequestState::Returned);
        w.sign_in(&c.lead());
        assert!(w.get(&address).body.contains("December?"));
        let done = w.fill(&address, &address, &[("do", "answer"), ("items", &*item)]);
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        w.sign_in(&c.staff());
        let csrf = hidden(&w.get(&address).body, "csrf").unwrap();
        let accept = [("csrf", &*csrf), ("do", "accept"), ("version", "4")];
        assert_eq!(w.post(&address, &accept).status, StatusCode::SEE_OTHER);
        // Judged already, from another window: told so, not "nothing here".
        assert_eq!(w.post(&address, &accept).status, StatusCode::CONFLICT);
        assert_eq!(request().state, RequestState::Accepted);

        for who in [c.of(c.other, ComplianceLead), c.of(c.other_firm, Manager)] {
            w.sign_in(&who);
            assert_eq!(w.get(&address).status, StatusCode::NOT_FOUND);
        }
        w.sign_in(&c.of(c.organisation, Viewer));
        assert_eq!(w.get(&address).status, StatusCode::FORBIDDEN);
    });
}
