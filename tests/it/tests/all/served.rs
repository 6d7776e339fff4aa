//! The program as a server of its own, spoken to over its socket.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Child;
use std::time::Duration;

/// A running server; killed when a test stops before it has been asked to end.
pub struct Served(pub Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether a server comes to listen on its address; it may also end before.
#[expect(clippy::disallowed_methods, reason = "a process comes up in its own time")]
pub fn listening(address: &str, server: &mut Served) -> bool {
    (0..400).any(|_| {
        std::thread::sleep(Duration::from_millis(25));
        TcpStream::connect(address).is_ok() || server.0.try_wait().is_ok_and(|end| end.is_some())
    }) && server.0.try_wait().is_ok_and(|end| end.is_none())
}

/// One request over a connection of its own; the whole answer.
pub fn ask(address: &str, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all((head + body).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
