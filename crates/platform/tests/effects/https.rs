//! Webhooks over TLS: delivered where somebody vouches for the receiver, and nothing said where nobody
//! does.

use crate::http::Receiver;
use crate::{LEASE, edge, look, tell, tls, us, write};
use kernel::refusal::Refusal;
use platform::db::Error;
use platform::edge::{Edge as _, FixedEdge};
use platform::jobs::fetch::{Ask, Fetch as _, Fetcher};
use platform::jobs::trust::{Outward, Trust};
use platform::jobs::webhook::{self, Reach, Sender};
use platform::jobs::{Fault, JobId, JobState, Ran, Runner};
use platform::testing::{TestDb, on_both};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;

/// The receiver stands on this machine, which is not the public internet.
const INSIDE: Reach = Reach { private_addresses: true, http_to_loopback: true };

fn outward(authority: Option<&[u8]>) -> Outward {
    let trust = authority.map_or_else(Trust::default, |pem| Trust::own("[webhooks]", pem).unwrap());
    Outward { reach: INSIDE, trust }
}

fn runner(t: &TestDb, edge: &Arc<FixedEdge>, outward: Outward) -> Runner {
    Runner::new(t.db.clone(), edge.clone()).with("webhook", Sender::new(outward))
}

fn endpoint(t: &TestDb, edge: &FixedEdge, url: String) -> String {
    write(t, edge, move |tx, env| webhook::add_endpoint(tx, env, us(), INSIDE, &url)).1
}

/// One attempt that brings nothing: the sentence that stands beside the job, which waits.
fn missed(t: &TestDb, runner: &Runner) -> (JobId, String) {
    let id = match runner.tick().unwrap() {
        Ran::Brought(id, JobState::Waiting) => Some(id),
        _ => None,
    };
    let id = id.unwrap();
    (id, look(t, id).error)
}

#[test]
fn a_message_goes_over_tls_to_a_receiver_that_a_given_authority_vouches_for() {
    on_both(&[], |t| {
        let (receiver, edge) = (Receiver::behind(tls::accept()), edge());
        let port = receiver.address.port();
        let secret = endpoint(t, &edge, format!("https://localhost:{port}/in?x=1"));
        assert_eq!(tell(t, &edge), 1);
        let good = runner(t, &edge, outward(Some(tls::AUTHORITY)));
        let Ran::Brought(id, state) = good.tick().unwrap() else { panic!("nothing was due") };
        assert_eq!(state, JobState::Done, "{}", look(t, id).error);
        let arrived = receiver.arrived.lock().unwrap();
        let [message] = arrived.as_slice() else { panic!("{arrived:?}") };
        assert_eq!(message.line, "POST /in?x=1 HTTP/1.1");
        standardwebhooks::Webhook::new(&secret)
            .unwrap()
            .verify(&message.body, &message.headers)
            .unwrap();
        let mut altered = message.body.clone();
        altered[0] ^= 1;
        let check = standardwebhooks::Webhook::new(&secret).unwrap();
        assert!(check.verify(&altered, &message.headers).is_err());
    });
}

#[test]
fn a_receiver_that_nobody_vouches_for_is_told_nothing_and_the_message_waits() {
    on_both(&[], |t| {
        let (receiver, edge) = (Receiver::behind(tls::accept()), edge());
        let port = receiver.address.port();
        endpoint(t, &edge, format!("https://localhost:{port}/"));
        tell(t, &edge);
        let (id, error) = missed(t, &runner(t, &edge, outward(None)));
        assert!(error.contains("signed by nobody who is trusted here"), "{error}");
        assert!(receiver.arrived.lock().unwrap().is_empty());
        // The operator names the authority, and the same message arrives.
        edge.advance_seconds(LEASE);
        let good = runner(t, &edge, outward(Some(tls::AUTHORITY)));
        assert_eq!(good.tick().unwrap(), Ran::Brought(id, JobState::Done));
        assert_eq!(receiver.arrived.lock().unwrap().len(), 1);
    });
}

#[test]
fn a_certificate_of_another_name_is_told_nothing() {
    on_both(&[], |t| {
        let (receiver, edge) = (Receiver::behind(tls::accept()), edge());
        // The certificate is that of `localhost`.
        endpoint(t, &edge, format!("https://127.0.0.1:{}/", receiver.address.port()));
        tell(t, &edge);
        let (_, error) = missed(t, &runner(t, &edge, outward(Some(tls::AUTHORITY))));
        assert!(error.contains("for another name"), "{error}");
        assert!(receiver.arrived.lock().unwrap().is_empty());
    });
}

#[test]
fn nothing_is_sent_without_tls_to_a_receiver_of_tls_nor_over_tls_to_one_without() {
    on_both(&[], |t| {
        let edge = edge();
        // An address without TLS is not taken, and one that was taken is no longer called once the
        // operator does not allow it.
        let refuse = |url: &str| {
            let (mut env, url) = (edge.env(), url.to_owned());
            let strict = Reach { http_to_loopback: false, ..INSIDE };
            t.db.write_blocking(move |tx| {
                webhook::add_endpoint(tx, &mut env, us(), strict, &url).map(|_| ())
            })
        };
        let said = refuse("http://localhost:1/").unwrap_err();
        assert!(matches!(&said, Error::Refused(Refusal::Input { .. })), "{said:?}");
        assert!(said.to_string().contains("over TLS only"), "{said}");

        let receiver = Receiver::behind(tls::accept());
        endpoint(t, &edge, format!("http://localhost:{}/", receiver.address.port()));
        tell(t, &edge);
        let (id, error) = missed(t, &runner(t, &edge, outward(Some(tls::AUTHORITY))));
        assert!(!error.is_empty());
        assert!(receiver.arrived.lock().unwrap().is_empty(), "TLS was not left out");
        edge.advance_seconds(LEASE);
        let closed = Reach { http_to_loopback: false, ..INSIDE };
        let strict = runner(t, &edge, Outward { reach: closed, ..outward(None) });
        assert_eq!(strict.tick().unwrap(), Ran::Brought(id, JobState::Dead));
        assert!(look(t, id).error.contains("over TLS only"), "{}", look(t, id).error);
    });
    on_both(&[], |t| {
        let edge = edge();
        endpoint(t, &edge, format!("https://localhost:{}/", plain_server()));
        tell(t, &edge);
        let (_, error) = missed(t, &runner(t, &edge, outward(Some(tls::AUTHORITY))));
        assert!(error.contains("does not speak TLS"), "{error}");
    });
}

/// A web server without TLS, which answers as such servers do to what they cannot read; its port.
fn plain_server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut tcp in listener.incoming().map_while(Result::ok) {
            let _ = tcp.read(&mut [0; 4096]);
            let _ = tcp.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
    });
    port
}

#[test]
fn a_collector_asks_over_tls_whom_a_given_authority_vouches_for() {
    let receiver = Receiver::behind(tls::accept());
    "200 OK\r\ncontent-length: 5\r\n\r\na,b\n1".clone_into(&mut receiver.answer.lock().unwrap());
    let url = format!("https://localhost:{}/list.csv", receiver.address.port());
    let ask = Ask {
        url: &url,
        accept: "text/csv",
        secret: Some(("authorization", "s3cret")),
        bytes_max: 100,
    };
    let refused = Fetcher::new(outward(None), 20).get(&ask).err().unwrap();
    let Fault::Again(why) = refused.fault else { panic!("{refused:?}") };
    assert!(why.starts_with("The system's certificate is signed by nobody"), "{why}");
    assert!(receiver.arrived.lock().unwrap().is_empty(), "it heard no secret");
    let got = Fetcher::new(outward(Some(tls::AUTHORITY)), 20).get(&ask).ok().unwrap();
    assert_eq!(got.body, b"a,b\n1");
    assert_eq!(receiver.arrived.lock().unwrap()[0].headers["authorization"], "s3cret");
}
