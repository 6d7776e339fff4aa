//! A small HTTP/1.1 client over a kept connection, and a closed loop of many of them.

use crate::Result;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Barrier;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

/// The longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 256 << 20;
/// How long an answer may take.
const ANSWER_SECONDS_MAX: u64 = 120;

/// An answer.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Status line and headers as they came.
    head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One kept connection.
pub struct Client {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECONDS_MAX)))?;
        Ok(Self { stream, read: Vec::with_capacity(64 << 10) })
    }

    /// Sends a whole request and reads the whole answer to it.
    pub fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request)?;
        self.read.clear();
        let end = loop {
            if let Some(at) = find(&self.read, b"\r\n\r\n") {
                break at;
            }
            self.more()?;
        };
        let head = std::str::from_utf8(&self.read[..end])?.to_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no status")?;
        let mut answer = Answer { status, head, body: Vec::new() };
        let start = end + 4;
        if answer.header("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
            answer.body = self.chunks(start)?;
        } else {
            let length: usize = answer.header("content-length").unwrap_or("0").parse()?;
            self.upto(start.checked_add(length).ok_or("a length beyond all bounds")?)?;
            answer.body = self.read[start..start + length].to_vec();
        }
        Ok(answer)
    }

    /// Reads on until `end` bytes are there.
    fn upto(&mut self, end: usize) -> Result<()> {
        while self.read.len() < end {
            self.more()?;
        }
        Ok(())
    }

    fn more(&mut self) -> Result<()> {
        let mut part = [0; 64 << 10];
        let n = self.stream.read(&mut part)?;
        if n == 0 {
            return Err("the server closed the connection".into());
        }
        if self.read.len() + n > ANSWER_BYTES_MAX {
            return Err("the answer is too long".into());
        }
        self.read.extend_from_slice(&part[..n]);
        Ok(())
    }

    fn chunks(&mut self, mut at: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                if let Some(end) = find(&self.read[at..], b"\r\n") {
                    break at + end;
                }
                self.more()?;
            };
            let size = std::str::from_utf8(&self.read[at..line])?;
            let size =
                usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16)?;
            if size > ANSWER_BYTES_MAX {
                return Err("a chunk is too long".into());
            }
            let start = line + 2;
            self.upto(start + size + 2)?;
            body.extend_from_slice(&self.read[start..start + size]);
            at = start + size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    text.windows(needle.len()).position(|w| w == needle)
}

/// A request without a body.
pub fn get(path: &str, cookie: Option<&str>) -> Vec<u8> {
    let cookie = cookie.map(|c| format!("Cookie: {c}\r\n")).unwrap_or_default();
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{cookie}\r\n").into_bytes()
}

/// A request with a body.
pub fn post(path: &str, media_type: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What a closed loop found.
pub struct Load {
    /// Answers per second.
    pub rate: f64,
    /// How long each answer took, in milliseconds, shortest first.
    pub took_ms: Vec<f64>,
    /// All answers, also those that came while it warmed up.
    pub answers: u64,
}

impl Load {
    /// The time within which this share (0 to 1) of the answers came, in milliseconds.
    pub fn within(&self, share: f64) -> f64 {
        crate::figures::quantile(&self.took_ms, share)
    }
}

/// Runs `clients` closed loops side by side: each does one operation, waits for its end, does the next.
/// What begins after `warm` and ends within `measured` counts.
///
/// `open` makes a client's operation; it is told the client's number, the operation the number of the
/// turn.
pub fn closed_loop<F>(
    clients: usize,
    warm: Duration,
    measured: Duration,
    open: impl Fn(usize) -> Result<F> + Sync,
) -> Result<Load>
where
    F: FnMut(u64) -> Result<()>,
{
    let stage = AtomicU8::new(0);
    let barrier = Barrier::new(clients + 1);
    let run = |client: usize| -> Result<(Vec<f64>, u64)> {
        let opened = open(client);
        barrier.wait();
        let mut operation = opened?;
        let (mut took, mut turn) = (Vec::new(), 0);
        loop {
            let before = stage.load(Ordering::Relaxed);
            if before == 2 {
                return Ok((took, turn));
            }
            let began = Instant::now();
            operation(turn)?;
            turn += 1;
            if before == 1 && stage.load(Ordering::Relaxed) == 1 {
                took.push(began.elapsed().as_secs_f64() * 1e3);
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients).map(|n| scope.spawn(move || run(n))).collect();
        barrier.wait();
        std::thread::sleep(warm);
        stage.store(1, Ordering::Relaxed);
        let began = Instant::now();
        std::thread::sleep(measured);
        let seconds = began.elapsed().as_secs_f64();
        stage.store(2, Ordering::Relaxed);
        let (mut took_ms, mut answers) = (Vec::new(), 0);
        for thread in threads {
            let (took, turns) = thread.join().map_err(|_| "a client stopped")??;
            took_ms.extend(took);
            answers += turns;
        }
        took_ms.sort_by(f64::total_cmp);
        Ok(Load { rate: took_ms.len() as f64 / seconds, took_ms, answers })
    })
}

/// A closed loop of requests; an answer with another status than `expected` ends it.
pub fn requests(
    address: SocketAddr,
    clients: usize,
    (warm, measured): (Duration, Duration),
    expected: u16,
    request: impl Fn(usize, u64) -> Vec<u8> + Sync,
) -> Result<Load> {
    let request = &request;
    closed_loop(clients, warm, measured, |number| {
        let mut client = Client::connect(address)?;
        Ok(move |turn| {
            let answer = client.send(&request(number, turn))?;
            if answer.status == expected {
                return Ok(());
            }
            Err(format!("status {} in place of {expected}: {}", answer.status, answer.text())
                .into())
        })
    })
}
