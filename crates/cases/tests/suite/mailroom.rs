//! The door for mail: a mail server that hands over, a mailbox that is visited, a mail server that
//! sends; all over sockets, on both databases.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test may stop where it stands"
)]

#[path = "mail/imap.rs"]
mod imap;
#[path = "../../../platform/tests/effects/smtp.rs"]
mod smtp;

use crate::people::{organisation, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::routing::{get, post};
use cases::mailroom::jobs::{Door, POLL, Poll, SORT, Sort, UPDATE, Update, visits};
use cases::mailroom::model::{MailId, Outcome, Reason};
use cases::mailroom::service::{self, Setup};
use cases::mailroom::store::{self, Which};
use cases::mailroom::{model::Mail, pages};
use cases::model::{Case, CaseId, CaseKind};
use cases::permits::{FileReport, HandleCase};
use cases::service::{ReportInput, Reporter};
use imap::Imap;
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::party::{Actor, Role, Roles, Side};
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::blobs::{Blobs, LocalStore};
use platform::edge::{Edge, FixedEdge};
use platform::inbound::{Mailbox, Settings};
use platform::jobs::mail::{self as outbox, Mailer};
use platform::jobs::{JobState, Ran, Runner, schedule};
use platform::testing::{TestDb, Web, beside, env, on_both};
use smtp::{Arrived, Smtp};
use std::sync::Arc;

fn handler() -> Actor {
    who(1, organisation(), &[Role::CaseHandler])
}

struct World<'t> {
    t: &'t TestDb,
    edge: Arc<FixedEdge>,
    blobs: Arc<Blobs>,
    setup: Setup,
    sink: Smtp,
    mailbox: Imap,
    runner: Runner,
}

fn world(t: &TestDb) -> World<'_> {
    let mut party_env = Env::new(env().now(), [1; 32]);
    t.db.write_blocking(move |tx| {
        let permit = authorize(&Actor::system(organisation(), "test"), &Facts::of(organisation()))?;
        identity::service::register_party(
            tx,
            &mut party_env,
            &permit,
            Side::ServiceOrganisation,
            "Alder Payroll",
        )
    })
    .unwrap();
    let edge = Arc::new(FixedEdge::new(env().now(), [9; 32]));
    let blobs = Arc::new(Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap()));
    let setup = Setup {
        organisation: organisation(),
        address: "report@alder.example".into(),
        channel: "email".into(),
        trusted: Some("mx.alder.example".into()),
        sent_from: Some("alder.example".into()),
        base_url: "https://report.alder.example".into(),
    };
    let (sink, mailbox) = (Smtp::start(), Imap::start());
    let mailer = Mailer::new(&outbox::Settings {
        url: sink.url.clone(),
        from: "Alder Payroll <no-reply@alder.example>".into(),
        user: None,
        password: None,
        tls: None,
        authorities: None,
    })
    .unwrap();
    let door = Door { setup: setup.clone(), blobs: blobs.clone() };
    let visited = Mailbox::new(Settings {
        url: mailbox.url.clone(),
        user: "u".into(),
        password: "p w\"d".into(),
        folder: "INBOX".into(),
        authorities: None,
    })
    .unwrap();
    let runner = Runner::new(t.db.clone(), edge.clone())
        .with(outbox::KIND, mailer)
        .with(SORT, Sort(door.clone()))
        .with(UPDATE, Update(door.clone()))
        .with(POLL, Poll { door, mailbox: visited });
    World { t, edge, blobs, setup, sink, mailbox, runner }
}

impl World<'_> {
    fn run(&self) {
        for _ in 0..500 {
            match self.runner.tick().unwrap() {
                Ran::Nothing => return,
                Ran::Brought(id, state) => assert!(state != JobState::Dead, "{id}"),
                Ran::Planned(_) | Ran::Fenced(_) => {}
            }
        }
        panic!("jobs without end");
    }

    /// Hands a message over as the mail server of the machine does; what was made of it.
    fn hand_over(&self, raw: &[u8]) -> Mail {
        self.edge.advance_seconds(5);
        let what = (raw, true, "stdin");
        let id =
            service::take_in(&self.t.db, &self.blobs, self.edge.env(), &self.setup, what).unwrap();
        service::sort(&self.t.db, &self.blobs, &self.edge.env(), &self.setup, (id, true)).unwrap()
    }

    fn mails(&self) -> Vec<Mail> {
        self.t
            .db
            .read_blocking(|c| store::mails(c, organisation(), Which::All, None, 1_000))
            .unwrap()
    }

    fn case(&self, id: Option<CaseId>) -> Case {
        let id = id.expect("a case");
        self.t.db.read_blocking(|c| cases::store::case(c, organisation(), id)).unwrap().unwrap()
    }

    fn said(&self, id: CaseId) -> Vec<String> {
        let all =
            self.t.db.read_blocking(|c| cases::store::messages(c, organisation(), id)).unwrap();
        all.into_iter().filter(|m| m.from_reporter).map(|m| m.text).collect()
    }

    fn sent(&self) -> Vec<Arrived> {
        self.run();
        std::mem::take(&mut *self.sink.arrived.lock().unwrap())
    }
}

fn letter(from: &str, to: &str, head: &str, body: &str) -> Vec<u8> {
    format!(
        "From: {from}\r\nTo: {to}\r\nMessage-ID: <{:x}@customer.example>\r\n{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n",
        body.len() * 7919 + from.len() * 31 + head.len()
    )
    .into_bytes()
}

#[test]
fn a_report_by_mail_is_acknowledged_and_only_the_given_address_adds_to_it() {
    on_both(&ROOMS, |t| {
        let w = world(t);
        let raw = letter(
            "ann@customer.example",
            "report@alder.example",
            "Subject: Payslips missing\r\n",
            "The list is empty.",
        );
        let mail = w.hand_over(&raw);
        assert_eq!((mail.outcome, mail.reason), (Outcome::Case, Reason::None));
        let case = w.case(mail.case);
        assert_eq!(
            (case.title.as_str(), case.description.as_str()),
            ("Payslips missing", "The list is empty.")
        );
        assert_eq!(
            (case.channel.as_str(), case.contact.as_deref()),
            ("email", Some("ann@customer.example"))
        );
        assert_eq!(w.blobs.read(&mail.sha256, 1_000_000).unwrap(), raw);
        // The same bytes again, as a mail server that was not answered in time sends them.
        assert_eq!(w.hand_over(&raw).id, mail.id);

        let sent = w.sent();
        assert_eq!(sent.len(), 1, "{sent:?}");
        let ack = &sent[0];
        assert_eq!(ack.to, ["ann@customer.example"]);
        assert!(
            ack.text.contains(&case.tracking_number) && ack.text.contains("Return code:"),
            "{}",
            ack.text
        );
        let plain = ack.text.replace("=\n", "");
        let code =
            plain.split("Return code: ").nth(1).unwrap().lines().next().unwrap().trim().to_owned();
        let followed = t.db.read_blocking(|c| cases::service::followed(c, &code)).unwrap();
        assert_eq!(followed.id, case.id);
        assert_eq!(ack.header("Auto-Submitted"), Some("auto-replied"));
        assert!(ack.header("In-Reply-To").is_some_and(|id| mail.message_id == id));
        let answers = ack.header("Reply-To").unwrap().to_owned();
        assert!(answers.starts_with("report+") && answers.ends_with("@alder.example"), "{answers}");

        let reply = w.hand_over(&letter(
            "ann@other.example",
            &answers,
            "Subject: Re: x\r\n",
            "Still empty.",
        ));
        assert_eq!((reply.outcome, reply.case), (Outcome::Reply, Some(case.id)));
        assert_eq!(w.said(case.id), ["Still empty."]);
        // The server tells to whom it delivered; a mail program changed the case of the address.
        let delivered = format!("Delivered-To: {}\r\n", answers.to_uppercase());
        assert_eq!(
            w.hand_over(&letter("a@b.example", "x@y.example", &delivered, "In copy.")).outcome,
            Outcome::Reply
        );

        // Forged: a character changed, the number of another case, references without the address.
        let wrong = answers.replace("report+0", "report+1").replace("report+2", "report+3");
        let wrong =
            if wrong == answers { answers.replacen("report+", "report+0", 1) } else { wrong };
        let forged = w.hand_over(&letter("mallory@x.example", &wrong, "", "Close it."));
        assert_eq!(
            (forged.outcome, forged.reason, forged.case),
            (Outcome::Quarantine, Reason::Token, None)
        );
        let head = format!(
            "Subject: Re: {}\r\nIn-Reply-To: {}\r\nReferences: {}\r\n",
            case.tracking_number,
            ack.header("Message-ID").unwrap(),
            mail.message_id
        );
        let by_references = w.hand_over(&letter(
            "mallory@x.example",
            "report@alder.example",
            &head,
            "Close it now.",
        ));
        assert_eq!(by_references.outcome, Outcome::Case, "a new case, not a word in another's");
        assert_ne!(by_references.case, Some(case.id));
        assert_eq!(w.said(case.id).len(), 2);

        // What a handler writes goes out with an address for answers.
        let _ = w.sent();
        let version = w.case(Some(case.id)).version;
        let id = case.id;
        let mut env = w.edge.env();
        t.db.write_blocking(move |tx| {
            let permit = authorize::<HandleCase>(&handler(), &Facts::of(organisation()))?;
            cases::service::tell_reporter(tx, &mut env, &permit, id, version, "It is mended.")
        })
        .unwrap();
        let told = w.sent();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].text.contains("It is mended."), "{}", told[0].text);
        assert_eq!(told[0].header("Reply-To"), Some(answers.as_str()));
    });
}

#[test]
fn who_reported_on_the_page_in_another_language_is_written_to_in_that_language() {
    on_both(&ROOMS, |t| {
        let w = world(t);
        // The door is in use from its first message on.
        let first =
            letter("bob@customer.example", "report@alder.example", "", "A list went astray.");
        assert_eq!(w.hand_over(&first).outcome, Outcome::Case);
        let _ = w.sent();
        let mut env = w.edge.env();
        let id =
            t.db.write_blocking(move |tx| {
                let input = ReportInput {
                    reporter: Reporter::Open { contact: Some("ann@customer.example".into()) },
                    language: "de".into(),
                    ..ReportInput::new("portal", CaseKind::Incident, "Verloren", "Eine Liste.")
                };
                let public = Actor::public(organisation());
                let permit = authorize::<FileReport>(&public, &Facts::of(organisation()))?;
                Ok(cases::service::file_report(tx, &mut env, &permit, &input)?.id)
            })
            .unwrap();
        let mut env = w.edge.env();
        t.db.write_blocking(move |tx| {
            let permit = authorize::<HandleCase>(&handler(), &Facts::of(organisation()))?;
            cases::service::tell_reporter(tx, &mut env, &permit, id, 1, "Gefunden.")
        })
        .unwrap();
        let told = w.sent();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].text.contains("auf diese Mail antworten"), "{}", told[0].text);
    });
}

#[test]
fn loops_are_cut_and_nothing_that_was_set_aside_is_lost() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        let to = "report@alder.example";
        let made = |w: &World<'_>, head: &str, body: &str| {
            let mail = w.hand_over(&letter("robot@customer.example", to, head, body));
            (mail.outcome, mail.reason)
        };
        assert_eq!(
            made(&w, "Auto-Submitted: auto-replied\r\n", "I am away."),
            (Outcome::Loop, Reason::Automatic)
        );
        assert_eq!(
            made(&w, "Auto-Submitted: auto-generated\r\n", "Disk full."),
            (Outcome::Quarantine, Reason::Automatic)
        );
        assert_eq!(made(&w, "Precedence: bulk\r\n", "Buy."), (Outcome::Quarantine, Reason::Bulk));
        assert_eq!(
            made(
                &w,
                "Return-Path: <>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\nX: ",
                "550"
            ),
            (Outcome::Bounce, Reason::None)
        );
        let forged = "Authentication-Results: mx.alder.example; spf=fail; dkim=none; dmarc=fail header.from=bank.example\r\n";
        let believed = "Authentication-Results: mx.alder.example; spf=pass; dkim=pass; dmarc=pass\r\nAuthentication-Results: mx.alder.example; dmarc=fail\r\n";
        assert_eq!(made(&w, forged, "I am the bank."), (Outcome::Quarantine, Reason::Forged));
        assert_eq!(made(&w, believed, "I am a customer."), (Outcome::Case, Reason::None));
        assert_eq!(w.mails()[0].auth.dmarc.as_deref(), Some("pass"));
        // Our own mail comes back: the acknowledgement of the case above.
        let sent = w.sent();
        assert_eq!(sent.len(), 1, "only the case was answered: {sent:?}");
        let echo = sent[0].text.replace("Auto-Submitted: auto-replied\n", "").replace('\n', "\r\n");
        let echo = w.hand_over(echo.as_bytes());
        assert_eq!((echo.outcome, echo.reason), (Outcome::Loop, Reason::Ours));

        // One sender floods: ten cases in the hour, the rest is set aside and not answered.
        for n in 0..12 {
            let mail =
                w.hand_over(&letter("flood@x.example", to, "", &format!("Report number {n}.")));
            let expected = if n < 10 { Outcome::Case } else { Outcome::Quarantine };
            assert_eq!(mail.outcome, expected, "{n}");
        }
        assert_eq!(w.sent().len(), 10);

        // A person looks at what was set aside, makes a case of one and dismisses another.
        let aside: Vec<_> = w
            .mails()
            .into_iter()
            .filter(|m| m.reason == Reason::Automatic && m.outcome == Outcome::Quarantine)
            .collect();
        let routes = Router::new()
            .route("/channels/mail", get(pages::list))
            .route("/channels/mail/{id}", get(pages::show))
            .route("/channels/mail/{id}/raw", get(pages::raw))
            .route("/channels/mail/{id}/proofs/{event}", get(pages::proof))
            .route("/channels/mail/{id}/{action}", post(pages::act));
        let firm = Actor { side: Side::Firm, roles: Roles::NONE.with(Role::Staff), ..handler() };
        let viewer = Actor {
            person: Some(PersonId::new(Timestamp(0), 2)),
            roles: Roles::NONE.with(Role::Viewer),
            ..handler()
        };
        let mut web = Web::new(t, routes, vec![handler(), viewer.clone(), firm], 1_000);
        web.sign_in(&handler());
        let list = web.get("/channels/mail").body;
        assert!(list.contains("robot@customer.example") && !list.contains("number 3"), "{list}");
        let page = format!("/channels/mail/{}", aside[0].id);
        let body = web.get(&page).body;
        assert!(body.contains("Disk full."), "{body}");
        assert!(
            beside(&web.fill(&page, &format!("{page}/release"), &[("why", "")]).body, "why")
                .is_some()
        );
        let released = web.fill(
            &page,
            &format!("{page}/release"),
            &[("why", "An alarm of a customer's machine.")],
        );
        assert_eq!(released.location(), page, "{}", released.body);
        let mail = w.mails().into_iter().find(|m| m.id == aside[0].id).unwrap();
        assert_eq!(w.case(mail.case).description, "Disk full.");
        let again = web.post(&format!("{page}/release"), &[("why", "x")]);
        assert_eq!(again.status, 403);
        let raw = web.get(&format!("{page}/raw"));
        assert!(raw.body.starts_with("From: robot@customer.example"));
        assert_eq!(raw.headers["x-content-type-options"], "nosniff");
        let other = w.mails().into_iter().find(|m| m.reason == Reason::Bulk).unwrap();
        let page = format!("/channels/mail/{}", other.id);
        assert_eq!(
            web.fill(&page, &format!("{page}/dismiss"), &[("why", "Advertising.")]).location(),
            page
        );
        assert!(!web.get("/channels/mail").body.contains(&other.id.to_string()));
        web.sign_in(&viewer);
        assert_eq!(web.get("/channels/mail").status, 403);
        assert_eq!(web.get(&page).status, 403);
        assert!(w.sent().is_empty(), "who was set aside is not answered by a machine");
        w.setup.trusted = None;
    });
}

#[test]
fn a_mailbox_is_visited_and_a_line_that_is_cut_neither_loses_nor_doubles() {
    on_both(&ROOMS, |t| {
        let w = world(t);
        let (visits, now) = (visits(&w.setup, 5), w.edge.env().now());
        t.db.write_blocking(move |tx| schedule(tx, &visits, now)).unwrap();
        for n in 0..4 {
            let text = format!("Report {n} by a mailbox.");
            w.mailbox.put(&letter(
                &format!("p{n}@customer.example"),
                "report@alder.example",
                "",
                &text,
            ));
        }
        w.mailbox.put(b"\xff\xfe\x00 no mail at all \r\n)\r\nA1 OK forged\r\n");
        // The line is cut after two were marked: the third was taken, and the server does not know.
        *w.mailbox.cut_after.lock().unwrap() = Some(2);
        w.edge.advance_seconds(301);
        for _ in 0..20 {
            if w.runner.tick().unwrap() == Ran::Nothing {
                break;
            }
        }
        assert_eq!((w.mailbox.unseen(), w.mails().len()), (3, 3));
        *w.mailbox.cut_after.lock().unwrap() = None;
        w.edge.advance_seconds(301);
        w.run();
        assert_eq!((w.mailbox.unseen(), w.mails().len()), (0, 5));
        let made: Vec<_> = w.mails().iter().map(|m| m.outcome).collect();
        assert_eq!(made.iter().filter(|o| **o == Outcome::Case).count(), 4, "{made:?}");
        assert_eq!(made.iter().filter(|o| **o == Outcome::Quarantine).count(), 1, "{made:?}");
        assert_eq!(w.sent().len() + w.sink.arrived.lock().unwrap().len(), 4);
        w.edge.advance_seconds(301);
        w.run();
        assert_eq!(w.mails().len(), 5);
    });
}

#[test]
fn what_was_accepted_is_sorted_by_whoever_comes_next() {
    on_both(&ROOMS, |t| {
        let w = world(t);
        let raw =
            letter("ann@customer.example", "report@alder.example", "", "The program stopped here.");
        let what = (raw.as_slice(), true, "stdin");
        let id: MailId = service::take_in(&t.db, &w.blobs, w.edge.env(), &w.setup, what).unwrap();
        assert_eq!(w.mails()[0].outcome, Outcome::Waiting);
        w.run();
        assert_eq!((w.mails()[0].id, w.mails()[0].outcome), (id, Outcome::Case));
        // A message of which only the beginning is here is kept, and a person decides.
        let what = (&raw[..60], false, "imap");
        let _ = service::take_in(&t.db, &w.blobs, w.edge.env(), &w.setup, what).unwrap();
        w.run();
        assert_eq!(w.mails()[0].reason, Reason::Unreadable);
        let counts =
            t.db.read_blocking(|c| {
                store::counts(c, organisation(), (Timestamp(0), w.edge.env().now().plus_seconds(1)))
            })
            .unwrap();
        assert_eq!(counts, [(Outcome::Case, 1), (Outcome::Quarantine, 1)]);
    });
}

#[test]
fn no_message_of_the_real_corpus_stops_the_door_or_is_lost() {
    let Ok(folder) = std::env::var("TICKMARK_REAL_DATA") else {
        eprintln!("real messages left out: TICKMARK_REAL_DATA names no folder");
        return;
    };
    let mut files = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(folder).join("email")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the corpus of mail") {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    assert!(files.len() > 200, "{} messages", files.len());
    on_both(&ROOMS, |t| {
        let w = world(t);
        let mut ids = std::collections::BTreeSet::new();
        for path in &files {
            let raw = std::fs::read(path).unwrap();
            // Each an hour after the other: no sender is one too often.
            w.edge.advance_seconds(3_700);
            let mail = w.hand_over(&raw);
            assert_ne!(mail.outcome, Outcome::Waiting, "{}", path.display());
            assert_eq!(w.blobs.read(&mail.sha256, 1 << 30).unwrap(), raw, "{}", path.display());
            if let Some(case) = mail.case {
                let case = w.case(Some(case));
                assert!(
                    !case.title.is_empty() && !case.description.contains('\0'),
                    "{}",
                    path.display()
                );
            }
            ids.insert(mail.id);
        }
        let by = |outcome| w.mails().iter().filter(|m| m.outcome == outcome).count();
        assert_eq!(w.mails().len(), ids.len(), "one record for each different message");
        eprintln!(
            "{} files, {} different messages: {} cases, {} set aside, {} delivery reports, {} loops",
            files.len(),
            ids.len(),
            by(Outcome::Case),
            by(Outcome::Quarantine),
            by(Outcome::Bounce),
            by(Outcome::Loop)
        );
        assert!(by(Outcome::Case) > 100);
    });
}
