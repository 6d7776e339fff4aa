//! A mail server for tests: real SMTP over a socket, keeps what it accepts, refuses on request.

use mailin::{Action, Handler, Response, SessionBuilder, response};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server does with the next mails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes them.
    Takes,
    /// 550 for the receiver.
    KnowsNobody,
    /// 451 at the end: try later.
    IsBusy,
    /// Takes the mail, then the line is cut before the answer arrives.
    IsCutOff,
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

impl Arrived {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.text.lines().take_while(|l| !l.is_empty()).find_map(|l| l.strip_prefix(&prefix))
    }
}

pub struct Smtp {
    pub url: String,
    pub arrived: Arc<Mutex<Vec<Arrived>>>,
    pub mood: Arc<Mutex<Mood>>,
}

struct Session {
    arrived: Arc<Mutex<Vec<Arrived>>>,
    mood: Mood,
    now: Arrived,
    data: Vec<u8>,
}

impl Handler for Session {
    fn mail(&mut self, _: std::net::IpAddr, _: &str, from: &str) -> Response {
        self.now.from = from.to_owned();
        response::OK
    }
    fn rcpt(&mut self, to: &str) -> Response {
        self.now.to.push(to.to_owned());
        if self.mood == Mood::KnowsNobody { response::NO_MAILBOX } else { response::OK }
    }
    fn data(&mut self, buf: &[u8]) -> std::io::Result<()> {
        self.data.extend_from_slice(buf);
        Ok(())
    }
    fn data_end(&mut self) -> Response {
        if self.mood == Mood::IsBusy {
            return response::INTERNAL_ERROR;
        }
        self.now.text = String::from_utf8(std::mem::take(&mut self.data)).unwrap();
        self.now.text = self.now.text.replace("\r\n", "\n");
        self.arrived.lock().unwrap().push(self.now.clone());
        response::OK
    }
}

impl Smtp {
    /// Starts the server on a free port.
    pub fn start() -> Self {
        Self::behind("smtp", |tcp| tcp)
    }

    /// The same, with something around each connection.
    pub fn behind<S: Read + Write>(
        scheme: &str,
        accept: impl Fn(TcpStream) -> S + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let (arrived, mood) = (Arc::default(), Arc::new(Mutex::new(Mood::Takes)));
        let server = Self { url, arrived, mood };
        let (arrived, mood) = (server.arrived.clone(), server.mood.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mood = *mood.lock().unwrap();
                let now = Arrived { from: String::new(), to: Vec::new(), text: String::new() };
                let session = Session { arrived: arrived.clone(), mood, now, data: Vec::new() };
                // A client that goes away in the middle is no failure of the server.
                let Ok(peer) = stream.peer_addr() else { continue };
                let _ = speak(accept(stream), peer.ip(), session, mood);
            }
        });
        server
    }
}

fn speak(
    stream: impl Read + Write,
    peer: std::net::IpAddr,
    handler: Session,
    mood: Mood,
) -> std::io::Result<()> {
    let arrived = handler.arrived.clone();
    let before = arrived.lock().unwrap().len();
    let mut session = SessionBuilder::new("sink.test").build(peer, handler);
    let mut lines = BufReader::new(stream);
    session.greeting().write_to(lines.get_mut())?;
    lines.get_mut().flush()?;
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let answer = session.process(&line);
        line.clear();
        if mood == Mood::IsCutOff && arrived.lock().unwrap().len() > before {
            // What is dropped is closed.
            return Ok(());
        }
        if answer.action != Action::NoReply {
            answer.write_to(lines.get_mut())?;
            lines.get_mut().flush()?;
        }
        // After a mail that was not taken the state machine would read on as if it were still coming.
        if answer.action == Action::Close || answer.code == 451 {
            return Ok(());
        }
    }
    Ok(())
}
