//! A mailbox behind TLS: visited where its authority is known, and not spoken to where it is not.

use crate::tls;
use platform::inbound::{Mailbox, Settings};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A server with one message; what clients said after the line was encrypted.
fn server() -> (String, Arc<Mutex<Vec<String>>>) {
    let accept = tls::accept();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("imaps://localhost:{}", listener.local_addr().unwrap().port());
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let told = heard.clone();
    std::thread::spawn(move || {
        for tcp in listener.incoming().map_while(Result::ok) {
            // A client that does not trust us goes away, which is no failure of ours.
            let _ = speak(BufReader::new(accept(tcp)), &told);
        }
    });
    (url, heard)
}

type Line = BufReader<tls::Protected>;

fn speak(mut line: Line, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    line.get_mut().write_all(b"* OK [CAPABILITY IMAP4rev1] mailbox.test\r\n")?;
    let mut said = String::new();
    while line.read_line(&mut said)? > 0 {
        let (tag, command) = said.trim_end().split_once(' ').unwrap();
        heard.lock().unwrap().push(command.split(' ').take(2).collect::<Vec<_>>().join(" "));
        let untagged = match command {
            c if c.starts_with("SELECT") => "* FLAGS (\\Seen)\r\n* 1 EXISTS\r\n* 0 RECENT\r\n",
            "UID SEARCH UNSEEN" => "* SEARCH 7\r\n",
            c if c.contains("RFC822.SIZE") => "* 1 FETCH (UID 7 RFC822.SIZE 12)\r\n",
            c if c.contains("BODY.PEEK") => {
                "* 1 FETCH (UID 7 BODY[] {12}\r\nA: b\r\n\r\nc\r\n.)\r\n"
            }
            _ => "",
        };
        let out = line.get_mut();
        out.write_all(format!("{untagged}{tag} OK done\r\n").as_bytes())?;
        out.flush()?;
        said.clear();
    }
    Ok(())
}

fn mailbox(url: &str, authorities: Option<&[u8]>) -> Result<Mailbox, String> {
    let settings = Settings {
        url: url.into(),
        user: "u".into(),
        password: "p".into(),
        folder: "INBOX".into(),
        authorities: authorities.map(<[u8]>::to_vec),
    };
    Mailbox::new(settings).map_err(|e| e.0)
}

#[test]
fn a_mailbox_is_visited_over_tls_under_an_authority_that_is_given() {
    let (url, heard) = server();
    let mut taken = Vec::new();
    let visited = mailbox(&url, Some(tls::AUTHORITY)).unwrap().visit(|fetched| {
        taken.push(fetched);
        Ok(())
    });
    assert_eq!(visited, Ok(1), "{:?}", heard.lock().unwrap());
    assert!(taken[0].whole);
    assert_eq!(taken[0].raw, b"A: b\r\n\r\nc\r\n.");
    assert!(heard.lock().unwrap().contains(&"UID STORE".to_owned()));
}

#[test]
fn a_server_that_nobody_vouches_for_hears_no_password() {
    let (url, heard) = server();
    // The public authorities do not know it; and it is not the server of another name.
    let elsewhere = url.replace("localhost", "127.0.0.1");
    for (url, authorities) in [(&url, None), (&elsewhere, Some(tls::AUTHORITY))] {
        let refused = mailbox(url, authorities).unwrap().visit(|_| Ok(())).unwrap_err();
        assert!(refused.0.contains("certificate"), "{refused}");
    }
    assert_eq!(heard.lock().unwrap().len(), 0, "nothing was said to it");
    for file in [
        &b""[..],
        b"no certificate",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        assert!(mailbox(&url, Some(file)).err().unwrap().contains("ca_file"));
    }
}
