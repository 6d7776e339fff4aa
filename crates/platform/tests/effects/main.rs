//! Mail and webhooks against real servers: what arrives, what is recognised as the same, what is
//! refused, what waits.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod http;
mod https;
mod imaps;
mod smtp;
mod tls;

use self::http::Receiver;
use kernel::ids::PartyId;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::edge::{Edge, FixedEdge, SystemEdge};
use platform::jobs::mail::{Mail, Mailer, Settings, post, post_to_subscriber};
use platform::jobs::webhook::{self, Endpoint, Reach, Sender};
use platform::jobs::{Job, JobId, JobState, Ran, Runner, store};
use platform::testing::{TestDb, on_both};
use smtp::{Mood, Smtp};
use std::sync::Arc;

/// Longer than any lease of these kinds, in seconds.
const LEASE: i64 = 400;

fn us() -> PartyId {
    PartyId::new(Timestamp(0), 1)
}
/// A clock that begins now, because receivers compare timestamps with theirs.
fn edge() -> Arc<FixedEdge> {
    Arc::new(FixedEdge::new(SystemEdge.env().now(), [9; 32]))
}
fn write<T: Send + 'static>(
    t: &TestDb,
    edge: &FixedEdge,
    mut f: impl FnMut(&mut Tx<'_>, &mut kernel::env::Env) -> Result<T> + Send + 'static,
) -> T {
    let mut env = edge.env();
    t.db.write_blocking(move |tx| f(tx, &mut env)).unwrap()
}
fn look(t: &TestDb, id: JobId) -> Job {
    t.db.read_blocking(move |c| store::find(c, Some(us()), id)).unwrap().unwrap()
}
fn jobs(t: &TestDb, state: JobState) -> Vec<Job> {
    t.db.read_blocking(move |c| store::list(c, Some(us()), state, None, 100)).unwrap()
}

// mail -----------------------------------------------------------------------------------------

fn letter(t: &TestDb, edge: &FixedEdge, key: &'static str) -> JobId {
    let mail = Mail {
        to: "ada@example.org".into(),
        subject: "An invitation\r\nBcc: eve@example.org".into(),
        text: "Öffne https://tickmark.example/invitation/secret\n.\nBye\n".into(),
    };
    write(t, edge, move |tx, env| post(tx, env, Some(us()), key, &mail, None))
}
fn postman(t: &TestDb, edge: &Arc<FixedEdge>, server: &Smtp) -> Runner {
    let settings = Settings {
        url: server.url.clone(),
        from: "Tickmark <tickmark@example.org>".into(),
        user: None,
        password: None,
        tls: None,
        authorities: None,
    };
    Runner::new(t.db.clone(), edge.clone()).with("mail", Mailer::new(&settings).unwrap())
}

#[test]
fn a_mail_arrives_whole_and_once() {
    on_both(&[], |t| {
        let (server, edge) = (Smtp::start(), edge());
        let id = letter(t, &edge, "k1");
        let postman = postman(t, &edge, &server);
        assert_eq!(postman.tick().unwrap(), Ran::Brought(id, JobState::Done));
        assert_eq!(postman.tick().unwrap(), Ran::Nothing);
        let arrived = server.arrived.lock().unwrap().clone();
        assert_eq!(arrived.len(), 1);
        let mail = &arrived[0];
        assert_eq!(
            (mail.from.as_str(), mail.to.as_slice()),
            ("tickmark@example.org", &["ada@example.org".to_owned()][..])
        );
        assert_eq!(mail.header("From"), Some("Tickmark <tickmark@example.org>"));
        // A line break in a subject is no way to a header of one's own.
        assert_eq!(mail.header("Bcc"), None);
        assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
        let expected = platform::jobs::mail::message_id(Some(us()), "k1", "example.org");
        assert_eq!(mail.header("Message-ID"), Some(expected.as_str()));
        assert!(mail.text.contains("Content-Type: text/plain; charset=utf-8"), "{}", mail.text);
        let job = look(t, id);
        assert_eq!((job.about.as_str(), job.can_retry), ("ada@example.org", false));
        let rows = t.db.read_blocking(|c| c.query("SELECT * FROM job", &[])).unwrap();
        assert!(!format!("{rows:?}").contains("invitation/secret"), "the link is kept nowhere");
    });
}

#[test]
fn a_mail_of_a_list_says_how_to_leave_it() {
    on_both(&[], |t| {
        let (server, edge) = (Smtp::start(), edge());
        let mail = || Mail { to: "ada@example.org".into(), subject: "s".into(), text: "t".into() };
        for (key, leave) in [
            ("k1", "https://tickmark.example/leave/1?to=pty_1"),
            ("k2", "http://127.0.0.1/leave/2"),
        ] {
            write(t, &edge, move |tx, env| {
                post_to_subscriber(tx, env, Some(us()), key, &mail(), leave)
            });
        }
        let odd = "https://tickmark.example/\r\nBcc: eve@example.org";
        let mut own = edge.env();
        let refused = t.db.write_blocking(move |tx| {
            post_to_subscriber(tx, &mut own, Some(us()), "k3", &mail(), odd)
        });
        assert!(refused.is_err());
        let postman = postman(t, &edge, &server);
        while postman.tick().unwrap() != Ran::Nothing {}
        let arrived = server.arrived.lock().unwrap().clone();
        let mut headers: Vec<_> = arrived
            .iter()
            .map(|m| (m.header("List-Unsubscribe"), m.header("List-Unsubscribe-Post")))
            .collect();
        headers.sort_unstable();
        assert_eq!(
            headers,
            [
                (Some("<http://127.0.0.1/leave/2>"), None),
                (
                    Some("<https://tickmark.example/leave/1?to=pty_1>"),
                    Some("List-Unsubscribe=One-Click")
                ),
            ]
        );
    });
}

#[test]
fn a_mail_whose_answer_was_lost_is_sent_again_under_the_same_message_id() {
    on_both(&[], |t| {
        let (server, edge) = (Smtp::start(), edge());
        let id = letter(t, &edge, "k1");
        *server.mood.lock().unwrap() = Mood::IsCutOff;
        let postman = postman(t, &edge, &server);
        assert_eq!(postman.tick().unwrap(), Ran::Brought(id, JobState::Waiting));
        assert!(look(t, id).error.starts_with("The mail server 127.0.0.1:"), "{:?}", look(t, id));
        *server.mood.lock().unwrap() = Mood::Takes;
        edge.advance_seconds(LEASE);
        assert_eq!(postman.tick().unwrap(), Ran::Brought(id, JobState::Done));
        let arrived = server.arrived.lock().unwrap();
        assert_eq!(arrived.len(), 2);
        assert_eq!(arrived[0].text, arrived[1].text, "the same mail, byte for byte");
    });
}

#[test]
fn a_refused_mail_is_put_aside_and_a_busy_server_is_asked_again() {
    on_both(&[], |t| {
        let (server, edge) = (Smtp::start(), edge());
        let postman = postman(t, &edge, &server);
        let id = letter(t, &edge, "k1");
        *server.mood.lock().unwrap() = Mood::IsBusy;
        assert_eq!(postman.tick().unwrap(), Ran::Brought(id, JobState::Waiting));
        assert!(
            look(t, id).error.contains("could not take this mail now"),
            "{}",
            look(t, id).error
        );
        *server.mood.lock().unwrap() = Mood::KnowsNobody;
        edge.advance_seconds(LEASE);
        assert_eq!(postman.tick().unwrap(), Ran::Brought(id, JobState::Dead));
        assert!(look(t, id).error.contains("refused this mail for good"), "{}", look(t, id).error);
        // Somebody mends the mailbox and has it tried again.
        *server.mood.lock().unwrap() = Mood::Takes;
        let now = edge.env().now();
        write(t, &edge, move |tx, _| store::retry(tx, Some(us()), id, now));
        assert_eq!(postman.tick().unwrap(), Ran::Brought(id, JobState::Done));
        assert_eq!(server.arrived.lock().unwrap().len(), 1);
    });
}

#[test]
fn a_mail_goes_over_tls_to_a_server_that_somebody_vouches_for_and_to_no_other() {
    on_both(&[], |t| {
        let (server, edge) = (Smtp::behind("smtps", tls::accept()), edge());
        let id = letter(t, &edge, "k1");
        let by = |authorities| {
            let settings = Settings {
                url: server.url.replace("127.0.0.1", "localhost"),
                from: "Tickmark <tickmark@example.org>".into(),
                user: None,
                password: None,
                tls: None,
                authorities,
            };
            Runner::new(t.db.clone(), edge.clone())
                .with("mail", Mailer::new(&settings).map_err(|e| e.0).unwrap())
        };
        // The public authorities do not know it: the mail waits, and nothing of it was said.
        assert_eq!(by(None).tick().unwrap(), Ran::Brought(id, JobState::Waiting));
        assert!(look(t, id).error.contains("certificate"), "{}", look(t, id).error);
        assert!(server.arrived.lock().unwrap().is_empty());
        edge.advance_seconds(LEASE);
        let good = by(Some(tls::AUTHORITY.to_vec()));
        assert_eq!(good.tick().unwrap(), Ran::Brought(id, JobState::Done), "{}", look(t, id).error);
        assert_eq!(server.arrived.lock().unwrap().len(), 1);
    });
}

#[test]
fn mail_waits_for_a_server_and_for_a_configuration() {
    on_both(&[], |t| {
        let (server, edge) = (Smtp::start(), edge());
        let id = letter(t, &edge, "k1");
        // Without a configuration nobody does these jobs; they are not lost.
        let without =
            Runner::new(t.db.clone(), edge.clone()).with("webhook", Sender::new(Reach::default()));
        assert_eq!(without.tick().unwrap(), Ran::Nothing);
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = format!("smtp://{}", nobody.local_addr().unwrap());
        drop(nobody);
        let down = postman(t, &edge, &Smtp { url: closed, ..Smtp::start() });
        assert_eq!(down.tick().unwrap(), Ran::Brought(id, JobState::Waiting));
        assert!(look(t, id).error.contains("could not be reached"), "{}", look(t, id).error);
        edge.advance_seconds(LEASE);
        assert_eq!(postman(t, &edge, &server).tick().unwrap(), Ran::Brought(id, JobState::Done));
        assert_eq!(server.arrived.lock().unwrap().len(), 1);
    });
}

// webhooks -------------------------------------------------------------------------------------

const LOOPBACK: Reach = Reach { private_addresses: false, http_to_loopback: true };

fn endpoint(t: &TestDb, edge: &FixedEdge, url: String) -> (Endpoint, String) {
    write(t, edge, move |tx, env| webhook::add_endpoint(tx, env, us(), LOOPBACK, &url))
}
fn tell(t: &TestDb, edge: &FixedEdge) -> usize {
    let data = serde_json::json!({ "case": "cas_1", "title": "Nö" });
    write(t, edge, move |tx, env| webhook::tell(tx, env, us(), "case/1", "case.reported", &data))
}
fn sender(t: &TestDb, edge: &Arc<FixedEdge>, reach: Reach) -> Runner {
    Runner::new(t.db.clone(), edge.clone()).with("webhook", Sender::new(reach))
}

#[test]
fn a_webhook_is_signed_and_repeated_under_the_same_id() {
    on_both(&[], |t| {
        let (receiver, edge) = (Receiver::start(), edge());
        let (added, secret) = endpoint(t, &edge, format!("http://{}/in?x=1", receiver.address));
        assert_eq!(tell(t, &edge), 1);
        let sender = sender(t, &edge, LOOPBACK);
        // The effect happens, its answer is lost.
        receiver.answer.lock().unwrap().clear();
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Waiting)));
        "200 OK\r\ncontent-length: 3\r\n\r\nyes".clone_into(&mut receiver.answer.lock().unwrap());
        edge.advance_seconds(60);
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Done)));
        assert_eq!(sender.tick().unwrap(), Ran::Nothing);
        let arrived = receiver.arrived.lock().unwrap();
        assert_eq!(arrived.len(), 2);
        let check = standardwebhooks::Webhook::new(&secret).unwrap();
        let other = standardwebhooks::Webhook::new("whsec_AAAA").unwrap();
        for request in arrived.iter() {
            assert_eq!(request.line, "POST /in?x=1 HTTP/1.1");
            check.verify(&request.body, &request.headers).unwrap();
            assert!(other.verify(&request.body, &request.headers).is_err());
            assert!(check.verify(b"{}", &request.headers).is_err());
            let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
            assert_eq!(
                (&body["type"], &body["data"]["title"]),
                (&"case.reported".into(), &"Nö".into())
            );
        }
        let id = |n: usize| arrived[n].headers["webhook-id"].to_str().unwrap().to_owned();
        assert_eq!(id(0), format!("case/1~{}", added.id));
        assert_eq!(id(0), id(1), "the receiver recognises the second as the first");
        assert_ne!(
            arrived[0].headers["webhook-timestamp"],
            arrived[1].headers["webhook-timestamp"]
        );
    });
}

#[test]
fn a_receiver_that_is_gone_is_told_nothing_more() {
    on_both(&[], |t| {
        let (receiver, edge) = (Receiver::start(), edge());
        let (added, _) = endpoint(t, &edge, format!("http://{}/", receiver.address));
        tell(t, &edge);
        "410 Gone\r\n\r\n".clone_into(&mut receiver.answer.lock().unwrap());
        let sender = sender(t, &edge, LOOPBACK);
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Dead)));
        let kept = t.db.read_blocking(|c| store::endpoints::of_party(c, us())).unwrap();
        assert_eq!(kept.len(), 1);
        assert!(kept[0].disabled.as_deref().unwrap().contains("410"));
        let data = serde_json::json!({});
        let told = write(t, &edge, move |tx, env| webhook::tell(tx, env, us(), "k2", "x", &data));
        assert_eq!(told, 0);
        let id = added.id;
        write(t, &edge, move |tx, _| webhook::enable_endpoint(tx, us(), id));
        let data = serde_json::json!({});
        let told = write(t, &edge, move |tx, env| webhook::tell(tx, env, us(), "k3", "x", &data));
        assert_eq!(told, 1);
        // Another party can neither use nor remove it.
        let theirs = PartyId::new(Timestamp(0), 2);
        assert!(t.db.write_blocking(move |tx| webhook::remove_endpoint(tx, theirs, id)).is_err());
        write(t, &edge, move |tx, _| webhook::remove_endpoint(tx, us(), id));
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Dead)));
        assert_eq!(receiver.arrived.lock().unwrap().len(), 1);
    });
}

#[test]
fn redirects_are_not_followed_and_a_busy_receiver_says_when() {
    on_both(&[], |t| {
        let (receiver, elsewhere, edge) = (Receiver::start(), Receiver::start(), edge());
        endpoint(t, &edge, format!("http://{}/", receiver.address));
        tell(t, &edge);
        let moved = format!("307 Moved\r\nlocation: http://{}/\r\n\r\n", elsewhere.address);
        moved.clone_into(&mut receiver.answer.lock().unwrap());
        let sender = sender(t, &edge, LOOPBACK);
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Waiting)));
        assert!(elsewhere.arrived.lock().unwrap().is_empty());
        assert!(jobs(t, JobState::Waiting)[0].error.contains("Redirects are not followed"));
        // Somewhat more than is read of an answer's head: an error, not memory.
        let long = format!("200 OK\r\nx: {}\r\n\r\n", "y".repeat(64 << 10));
        long.clone_into(&mut receiver.answer.lock().unwrap());
        edge.advance_seconds(60);
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Waiting)));
        "503 Busy\r\nretry-after: 7200\r\n\r\n".clone_into(&mut receiver.answer.lock().unwrap());
        edge.advance_seconds(120);
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Waiting)));
        edge.advance_seconds(7199);
        assert_eq!(sender.tick().unwrap(), Ran::Nothing);
        "200 OK\r\n\r\n".clone_into(&mut receiver.answer.lock().unwrap());
        edge.advance_seconds(1);
        assert!(matches!(sender.tick().unwrap(), Ran::Brought(_, JobState::Done)));
    });
}

#[test]
fn addresses_inside_are_refused_whatever_they_are_called() {
    on_both(&[], |t| {
        let (receiver, edge) = (Receiver::start(), edge());
        let port = receiver.address.port();
        let add = |reach: Reach, url: &str| {
            let url = url.to_owned();
            let mut env = edge.env();
            t.db.write_blocking(move |tx| webhook::add_endpoint(tx, &mut env, us(), reach, &url))
        };
        for url in [
            "http://example.org/",
            "ftp://example.org",
            "example.org",
            "https://u:p@example.org/",
            "",
        ] {
            assert!(add(Reach::default(), url).is_err(), "{url}");
        }
        // A name or a number that leads to this machine is found out when it is connected to.
        for host in ["localhost", "127.0.0.1", "2130706433", "[::ffff:127.0.0.1]"] {
            add(Reach::default(), &format!("https://{host}:{port}/")).unwrap();
        }
        let data = serde_json::json!({});
        assert_eq!(
            write(t, &edge, move |tx, env| webhook::tell(tx, env, us(), "all", "x", &data)),
            4
        );
        let sender = sender(t, &edge, Reach::default());
        while sender.tick().unwrap() != Ran::Nothing {}
        let dead = jobs(t, JobState::Dead);
        let inside = dead.iter().filter(|j| j.error.contains("may not reach")).count();
        assert_eq!(inside, 4, "{dead:#?}");
        assert!(receiver.arrived.lock().unwrap().is_empty());
    });
}
