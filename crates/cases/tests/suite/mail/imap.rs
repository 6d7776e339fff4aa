//! A mailbox for tests: real IMAP4rev1 (RFC 3501) over a socket, as far as a client needs it that
//! fetches unseen mail; refuses commands that it does not know, as a server does.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A message in the mailbox.
#[derive(Clone)]
pub struct Held {
    pub uid: u32,
    pub raw: Vec<u8>,
    pub seen: bool,
}

/// The mailbox behind the server.
pub type Held1 = Arc<Mutex<Vec<Held>>>;

pub struct Imap {
    pub url: String,
    pub held: Held1,
    /// After how many stored flags the line is cut; none: never.
    pub cut_after: Arc<Mutex<Option<usize>>>,
}

impl Imap {
    /// Starts the server on a free port, for the user `u` with the password `p w"d`.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("imap://{}", listener.local_addr().unwrap());
        let server = Self { url, held: Arc::default(), cut_after: Arc::default() };
        let (held, cut) = (server.held.clone(), server.cut_after.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // A client that goes away in the middle is no failure of the server.
                let _ = speak(&stream, &held, &cut);
            }
        });
        server
    }

    pub fn put(&self, raw: &[u8]) {
        let mut held = self.held.lock().unwrap();
        let uid = 10 + u32::try_from(held.len()).unwrap() * 3;
        held.push(Held { uid, raw: raw.to_vec(), seen: false });
    }

    pub fn unseen(&self) -> usize {
        self.held.lock().unwrap().iter().filter(|m| !m.seen).count()
    }
}

fn speak(stream: &TcpStream, held: &Held1, cut: &Mutex<Option<usize>>) -> std::io::Result<()> {
    let mut out = stream;
    let mut lines = BufReader::new(stream);
    out.write_all(b"* OK [CAPABILITY IMAP4rev1] mailbox.test\r\n")?;
    let (mut signed_in, mut selected, mut line) = (false, false, String::new());
    while lines.read_line(&mut line)? > 0 {
        let text = line.trim_end().to_owned();
        line.clear();
        let (tag, command) = text.split_once(' ').unwrap_or((&text, ""));
        let upper = command.to_uppercase();
        if upper == "LOGOUT" {
            out.write_all(format!("* BYE bye\r\n{tag} OK bye\r\n").as_bytes())?;
            return Ok(());
        }
        let said = if upper.starts_with("LOGIN ") {
            signed_in = command == "LOGIN \"u\" \"p w\\\"d\"";
            if signed_in { Ok(Vec::new()) } else { Err("[AUTHENTICATIONFAILED] no") }
        } else if upper.starts_with("SELECT ") && signed_in {
            selected = command.contains("INBOX");
            let n = held.lock().unwrap().len();
            if selected {
                Ok(format!(
                    "* FLAGS (\\Seen)\r\n* {n} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1] ok\r\n"
                )
                .into_bytes())
            } else {
                Err("no such folder")
            }
        } else if upper == "UID SEARCH UNSEEN" && selected {
            let all = held.lock().unwrap();
            let uids: Vec<_> = all.iter().filter(|m| !m.seen).map(|m| m.uid.to_string()).collect();
            Ok(format!("* SEARCH {}\r\n", uids.join(" ")).into_bytes())
        } else if upper.starts_with("UID FETCH ") && selected {
            Ok(fetched(held, &upper))
        } else if upper.starts_with("UID STORE ") && upper.ends_with("+FLAGS (\\SEEN)") && selected
        {
            if let Some(left) = cut.lock().unwrap().as_mut() {
                if *left == 0 {
                    return stream.shutdown(std::net::Shutdown::Both);
                }
                *left -= 1;
            }
            let uid: u32 = upper.split(' ').nth(2).unwrap().parse().unwrap();
            held.lock().unwrap().iter_mut().filter(|m| m.uid == uid).for_each(|m| m.seen = true);
            Ok(Vec::new())
        } else {
            Err("not possible now")
        };
        match said {
            Ok(untagged) => {
                out.write_all(&untagged)?;
                out.write_all(format!("{tag} OK done\r\n").as_bytes())?;
            }
            Err(why) => out.write_all(format!("{tag} NO {why}\r\n").as_bytes())?,
        }
    }
    Ok(())
}

fn fetched(held: &Held1, command: &str) -> Vec<u8> {
    let uid: u32 = command.split(' ').nth(2).unwrap().parse().unwrap();
    let held = held.lock().unwrap();
    let Some(n) = held.iter().position(|m| m.uid == uid) else { return Vec::new() };
    let (message, seq) = (&held[n], n + 1);
    if command.contains("RFC822.SIZE") {
        return format!("* {seq} FETCH (UID {uid} RFC822.SIZE {})\r\n", message.raw.len())
            .into_bytes();
    }
    assert!(
        command.contains("BODY.PEEK[]"),
        "a client that reads must not mark as seen: {command}"
    );
    let mut out =
        format!("* {seq} FETCH (UID {uid} BODY[] {{{}}}\r\n", message.raw.len()).into_bytes();
    out.extend_from_slice(&message.raw);
    out.extend_from_slice(b")\r\n");
    out
}
