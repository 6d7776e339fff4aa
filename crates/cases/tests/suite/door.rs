//! The public pages as a person without an account meets them, on both databases.

use crate::people::{organisation, party, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use cases::model::Privacy;
use cases::pages::{follow_up, record, report, verify};
use cases::sealed::model::FileRole;
use cases::sealed::{pages as seal, rules::open_file, service as sealing};
use cases::store;
use kernel::env::Env;
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Facts, authorize};
use platform::http::App;
use platform::testing::{Part, TestDb, Web, beside, env, hidden, on_both};
use platform::words::Words;

fn handler() -> Actor {
    who(2, organisation(), &[Role::CaseHandler, Role::ComplianceLead])
}

fn firm() -> Actor {
    who(3, party(3), &[Role::Staff])
}

fn web(t: &TestDb) -> Web<'_> {
    let mut env = Env::new(env().now(), [1; 32]);
    t.db.write_blocking(move |tx| {
        let actor = Actor::system(organisation(), "test");
        let permit = authorize(&actor, &Facts::of(organisation()))?;
        let side = Side::ServiceOrganisation;
        identity::service::register_party(tx, &mut env, &permit, side, "Palmetto Payroll")
    })
    .unwrap();
    let routes: Router<App> = Router::new()
        .route("/report", get(report::ask).post(report::send))
        .route("/report/receipt", post(report::receipt))
        .route("/report/verify", get(verify::show))
        .route("/report/verifier.html", get(verify::download))
        .route("/report/follow-up", get(follow_up::ask).post(follow_up::look))
        .route("/cases/{id}", get(record::show))
        .route("/cases/{id}/{action}", post(record::act))
        .route("/cases/{id}/seal/{action}", post(seal::act))
        .route("/cases/{id}/seal/certificate", get(seal::certificate))
        .route("/cases/{id}/seal/files/{version}", get(seal::file));
    Web::new(t, routes, vec![handler(), firm()], 1 << 20)
}

fn codes(body: &str) -> (String, String) {
    let mut parts =
        body.split("<code>").skip(1).map(|p| p.split("</code>").next().unwrap().to_owned());
    (parts.next().unwrap(), parts.next().unwrap())
}

/// A grey picture of one pixel that says where it was taken.
fn picture() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let chunk = img_parts::png::PngChunk::new(*kind, img_parts::Bytes::copy_from_slice(body));
        chunk.encoder().bytes()
    };
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    out.extend_from_slice(&chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]));
    out.extend_from_slice(&chunk(b"tEXt", b"GPS 48.2082 16.3738"));
    out.extend_from_slice(&chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0xf8, 0x0f, 0, 1, 1, 1, 0]));
    out.extend_from_slice(&chunk(b"IEND", &[]));
    out
}

fn holds(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|w| w == mark)
}

const ANONYMOUS: [(&str, &str); 5] = [
    ("kind", "concern"),
    ("title", "Forged timesheets"),
    ("description", "The hours of March were changed."),
    ("about_people", "Mrs Okafor"),
    ("privacy", "anonymous"),
];

fn parts<'a>(pairs: &[(&'a str, &'a str)]) -> Vec<Part<'a>> {
    pairs.iter().map(|(name, value)| Part::Text(name, value)).collect()
}

#[test]
fn an_anonymous_report_with_files_is_sealed_followed_and_added_to() {
    on_both(&ROOMS, |t| {
        let w = web(t);
        let key = hidden(&w.get("/report").body, "key").unwrap();
        let picture = picture();
        let mut form = vec![Part::Text("key", &key)];
        form.extend(parts(&ANONYMOUS));
        form.push(Part::File("files", "desk.png", "image/png", &picture));
        form.push(Part::File("files", "tool.exe", "image/png", b"MZ\x90\0\x03\0\0\0\x04\0"));
        form.push(Part::File("files", "", "application/octet-stream", b""));
        form.push(Part::File("files", "../notes.txt", "text/plain", "Größe".as_bytes()));
        let sent = w.upload("/report", &form);
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
        assert!(sent.body.contains("tool.exe: programs, scripts and web pages are not taken"));
        assert!(sent.body.contains("2 files were taken") && sent.body.contains("data-report-sent"));
        let (number, code) = codes(&sent.body);
        // A second click gives the same answer, though its files were sealed under another key.
        t.sequence();
        assert_eq!(codes(&w.upload("/report", &form).body), (number.clone(), code.clone()));

        let case =
            t.db.read_blocking(|c| store::by_number(c, organisation(), &number)).unwrap().unwrap();
        assert_eq!((case.privacy, case.reported_at.0 % 3_600_000_000), (Privacy::Anonymous, 0));
        let (key, contents) =
            t.db.read_blocking(|c| {
                let key = sealing::key_of_reporter(c, case.id, &code)?;
                let contents = sealing::contents(c, case.id, &key)?;
                Ok((key, contents))
            })
            .unwrap();
        assert_eq!(contents.report.unwrap().about_people, "Mrs Okafor");
        let roles: Vec<_> = contents.files.iter().map(|(_, d)| (d.name.as_str(), d.role)).collect();
        let expected = [
            ("desk.png", FileRole::Original),
            ("desk.png", FileRole::Stripped),
            ("notes.txt", FileRole::Unstripped),
        ];
        assert_eq!(roles, expected);
        for ((file, details), whole) in contents.files.iter().zip([true, false, false]) {
            let sealed = w.blobs.read(&file.sha256, 1 << 20).unwrap();
            assert!(!holds(&sealed, b"GPS 48") && !holds(&sealed, "Größe".as_bytes()));
            let open = open_file(&sealing::file_key(file, &key).unwrap(), &sealed).unwrap();
            assert_eq!(open.len() as u64, details.bytes);
            assert_eq!(open == picture, whole, "{details:?}");
            assert!(whole || !holds(&open, b"GPS 48"));
        }

        let way = [("tracking_number", &*number), ("return_code", &*code)];
        let seen = w.post("/report/follow-up", &way);
        assert!(seen.body.contains("Forged timesheets") && seen.body.contains("desk.png"));
        let key = hidden(&seen.body, "key").unwrap();
        let mut more = parts(&way);
        more.extend(parts(&[("do", "say"), ("key", &key), ("text", "Look at April too.")]));
        more.push(Part::File("files", "april.txt", "text/plain", b"April"));
        for _ in 0..2 {
            let said = w.upload("/report/follow-up", &more);
            assert_eq!(said.status, StatusCode::OK, "{}", said.body);
            assert!(said.body.contains("Look at April too.") && said.body.contains("april.txt"));
        }
        let messages = t.db.read_blocking(|c| store::messages(c, organisation(), case.id)).unwrap();
        assert_eq!(messages.len(), 1, "said twice, recorded once");
        assert_eq!((messages[0].text.as_str(), messages[0].at.0 % 3_600_000_000), ("", 0));
        // A code of nobody's takes no file.
        let mut foreign = parts(&[("tracking_number", &*number), ("return_code", "0000")]);
        foreign.push(Part::File("files", "x.txt", "text/plain", b"x"));
        let refused = w.upload("/report/follow-up", &foreign);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    });
}

#[test]
fn a_handler_opens_a_sealed_case_on_record_and_ends_it() {
    on_both(&ROOMS, |t| {
        let mut w = web(t);
        let mut form = parts(&ANONYMOUS);
        let picture = picture();
        form.push(Part::File("files", "desk.png", "image/png", &picture));
        let (number, _) = codes(&w.upload("/report", &form).body);
        let case = t.db.read_blocking(|c| store::by_number(c, organisation(), &number)).unwrap();
        let at = format!("/cases/{}", case.unwrap().id);
        w.sign_in(&handler());
        let closed = w.get(&at).body;
        assert!(
            closed.contains("Sealed content") && !closed.contains("hours of March"),
            "{closed}"
        );
        assert!(!closed.contains("Forged timesheets") && !closed.contains("desk.png"));
        let file = format!("{at}/seal/files/3");
        assert_eq!(w.get(&file).status, StatusCode::NOT_FOUND, "not opened yet");
        let opened = w.fill(&at, &format!("{at}/seal/open"), &[]);
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
        let open = w.get(&at).body;
        for said in ["hours of March", "Forged timesheets", "Mrs Okafor", "desk.png"] {
            assert!(open.contains(said), "{said}");
        }
        // The copy without its traces, and the original, as bytes that run nowhere.
        assert_eq!(w.get(&file).headers["content-type"], "application/octet-stream");
        let note = w.fill(&at, &format!("{at}/note"), &[("note", "Ask payroll.")]);
        assert_eq!(note.status, StatusCode::SEE_OTHER, "{}", note.body);
        assert!(w.get(&at).body.contains("Ask payroll."));
        w.edge.advance_seconds(sealing::OPEN_SECONDS);
        let closed = w.get(&at).body;
        assert!(!closed.contains("hours of March") && !closed.contains("Ask payroll."));
        assert!(closed.contains("Who opened it, and when"));
        let hold = w.fill(&at, &format!("{at}/seal/hold"), &[("reason", "A claim is expected.")]);
        assert_eq!(hold.status, StatusCode::SEE_OTHER);
        assert!(w.get(&at).body.contains("A legal hold stands on this case"));
        let early = w.fill(&at, &format!("{at}/seal/destroy"), &[("reason", "Over.")]);
        assert_eq!(early.status, StatusCode::SEE_OTHER);
        assert!(w.get(&at).body.contains("It must be released first"));
        let missing = w.get(&format!("{at}/seal/certificate"));
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        // The firm knows nothing of opening, and without an engagement nothing of the case.
        w.sign_in(&firm());
        assert_ne!(w.get(&at).status, StatusCode::OK);
        assert_eq!(w.get(&file).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn files_can_be_added_to_an_open_report_that_came_without() {
    on_both(&ROOMS, |t| {
        let w = web(t);
        let pairs = [
            ("kind", "failure"),
            ("title", "Payslips are missing"),
            ("description", "Since Monday."),
            ("privacy", "open"),
            ("contact", "a@b.example"),
        ];
        let sent = w.post("/report", &pairs);
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
        let (number, code) = codes(&sent.body);
        for file in ["one.txt", "two.txt"] {
            let mut form =
                parts(&[("tracking_number", &*number), ("return_code", &*code), ("do", "say")]);
            form.push(Part::Text("text", "See here."));
            form.push(Part::File("files", file, "text/plain", b"list"));
            let said = w.upload("/report/follow-up", &form);
            assert_eq!(said.status, StatusCode::OK, "{}", said.body);
            assert!(said.body.contains(file));
        }
    });
}

#[test]
fn the_form_says_what_is_missing_and_keeps_what_was_typed() {
    on_both(&ROOMS, |t| {
        let w = web(t);
        let none = w.post("/report", &[("kind", "concern"), ("title", "A & B")]);
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&none.body, "description").is_some());
        assert!(beside(&none.body, "privacy").is_some() && none.body.contains("A &#38; B"));
        let mut known = ANONYMOUS.to_vec();
        known.push(("contact", "nora@customer.example"));
        let known = w.post("/report", &known);
        assert!(beside(&known.body, "contact").unwrap().contains("stay anonymous"));
        let mut early = ANONYMOUS.to_vec();
        early.push(("occurred_at", "2099-01-01T00:00"));
        let early = w.post("/report", &early);
        assert!(beside(&early.body, "occurred_at").unwrap().contains("future"));
        // The key of a report that was filed already: what is sent now is another, and says so first.
        let mut once = ANONYMOUS.to_vec();
        once.push(("key", "0123456789abcdef"));
        assert_eq!(w.post("/report", &once).status, StatusCode::OK);
        once[1] = ("title", "Another thing");
        let again = w.post("/report", &once);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fresh = hidden(&again.body, "key").unwrap();
        assert!(again.body.contains("another report") && fresh != "0123456789abcdef");
        once[5] = ("key", &fresh);
        assert_eq!(w.post("/report", &once).status, StatusCode::OK);
    });
}

#[test]
fn the_verifier_is_a_page_and_a_file_of_its_own() {
    let t = TestDb::sqlite(&ROOMS);
    let w = web(&t);
    let page = w.get("/report/verify");
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("data-verify hidden") && page.body.contains("/verify.js"));
    assert!(page.body.contains("<noscript>"));
    let file = w.get("/report/verifier.html?lang=ar");
    let disposition = file.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.contains("attachment; filename=\"tickmark-verifier.html\""));
    assert!(file.body.contains("dir=\"rtl\"") && file.body.contains("Ed25519"));
    assert!(!file.body.contains("src=") && !file.body.contains("href="));
}
#[test]
fn the_public_pages_speak_every_language() {
    let english = include_str!("../../../../locales/en/report.ftl");
    let keys: Vec<&str> =
        english.lines().filter_map(|line| line.split_once(" = ").map(|(key, _)| key)).collect();
    assert!(keys.len() > 110, "{}", keys.len());
    for w in Words::all() {
        let missing: Vec<_> = keys.iter().filter(|key| !w.has(key)).collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", w.tag());
    }
}
