//! A receiver of webhooks for tests: HTTP over a socket, answers what it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    pub line: String,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

pub struct Receiver {
    pub address: std::net::SocketAddr,
    pub arrived: Arc<Mutex<Vec<Request>>>,
    /// What it answers: everything after `HTTP/1.1 `. Empty: nothing, the line is cut.
    pub answer: Arc<Mutex<String>>,
}

impl Receiver {
    /// Starts the receiver on a free port.
    pub fn start() -> Self {
        Self::behind(|tcp| tcp)
    }

    /// The same, with something around each connection.
    pub fn behind<S: Read + Write>(accept: impl Fn(TcpStream) -> S + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answer = Arc::new(Mutex::new("204 No Content\r\n\r\n".to_owned()));
        let receiver = Self { address, arrived: Arc::default(), answer };
        let (arrived, answer) = (receiver.arrived.clone(), receiver.answer.clone());
        std::thread::spawn(move || {
            for tcp in listener.incoming().map_while(Result::ok) {
                let mut stream = BufReader::new(accept(tcp));
                // A client that goes away in the middle is no failure of the receiver.
                let Ok(request) = read(&mut stream) else { continue };
                arrived.lock().unwrap().push(request);
                let answer = answer.lock().unwrap().clone();
                if !answer.is_empty() {
                    let _ = stream.get_mut().write_all(format!("HTTP/1.1 {answer}").as_bytes());
                    let _ = stream.get_mut().flush();
                }
            }
        });
        receiver
    }
}

fn read(lines: &mut impl BufRead) -> std::io::Result<Request> {
    let mut first = String::new();
    lines.read_line(&mut first)?;
    let mut headers = http::HeaderMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        let name: http::HeaderName = name.parse().unwrap();
        headers.insert(name, value.parse().unwrap());
    }
    let length = headers.get("content-length").map_or(0, |v| v.to_str().unwrap().parse().unwrap());
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    Ok(Request { line: first.trim_end().to_owned(), headers, body })
}
