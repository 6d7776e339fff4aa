//! A flood of junk at the public door, with people who report in earnest meanwhile.

use super::submissions::report;
use crate::figures::{Line, Target, quantile};
use crate::http::{Client, get, post};
use crate::product::{Deployment, Server};
use crate::{Bench, Result};
use cases::rules::flood::{bits_asked, zero_bits};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Junk reports.
const JUNK: u64 = 100_000;
/// Clients that send them side by side.
const CLIENTS: usize = 32;
/// Between two people who report in earnest.
const EVERY: Duration = Duration::from_millis(250);
/// The same as `calm_per_minute` when nothing else is configured.
const CALM: &str = "600";

fn text_of(answer: &serde_json::Value, name: &str) -> Result<String> {
    Ok(answer[name].as_str().ok_or_else(|| format!("no {name} in {answer}"))?.to_owned())
}

/// A report by somebody who does the work they are asked for.
struct Earnest {
    /// Number and code.
    way: (String, String),
    held: bool,
    /// From asking for the challenge to the durable answer, with the work.
    took_ms: f64,
    /// Of that, the work.
    worked_ms: f64,
}

fn earnest(client: &mut Client, turn: u64) -> Result<Earnest> {
    let began = Instant::now();
    let asked = client.send(&get("/api/v1/reports/challenge?channel=portal", None))?;
    let asked: serde_json::Value = serde_json::from_slice(&asked.body)?;
    let mut body = serde_json::json!({
        "channel": "portal", "kind": "incident", "title": format!("A real report, {turn}"),
        "description": "Somebody signed in as me from a country where I have never been.",
    });
    let working = Instant::now();
    if let Some(challenge) = asked["challenge"].as_str() {
        let bits = bits_asked(challenge);
        let number = (0_u64..).map(|n| n.to_string()).find(|n| zero_bits(challenge, n) >= bits);
        body["challenge"] = challenge.into();
        body["work"] = number.unwrap_or_default().into();
    }
    let worked_ms = working.elapsed().as_secs_f64() * 1e3;
    let answer = client.send(&post("/api/v1/reports", "application/json", &body.to_string()))?;
    if answer.status != 201 {
        return Err(format!("a real report: status {}: {}", answer.status, answer.text()).into());
    }
    let told: serde_json::Value = serde_json::from_slice(&answer.body)?;
    Ok(Earnest {
        way: (text_of(&told, "tracking_number")?, text_of(&told, "return_code")?),
        held: told["held"] == true,
        took_ms: began.elapsed().as_secs_f64() * 1e3,
        worked_ms,
    })
}

/// How long the holder of a code waits for their page, in milliseconds.
fn follow_up(client: &mut Client, (number, code): &(String, String)) -> Result<f64> {
    let began = Instant::now();
    let body = format!("tracking_number={number}&return_code={code}");
    let kind = "application/x-www-form-urlencoded";
    let answer = client.send(&post("/report/follow-up", kind, &body))?;
    if answer.status != 200 {
        return Err(format!("a return by code: status {}", answer.status).into());
    }
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

/// What came of one client's junk: how many were held.
fn junk(address: SocketAddr, number: usize, left: &AtomicU64) -> Result<u64> {
    let (mut client, mut held) = (Client::connect(address)?, 0);
    while let Ok(turn) =
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
    {
        let answer = client.send(&report(number, turn))?;
        if answer.status != 201 {
            return Err(format!("the channel was closed: status {}", answer.status).into());
        }
        let told: serde_json::Value = serde_json::from_slice(&answer.body)?;
        held += u64::from(told["held"] == true);
    }
    Ok(held)
}

/// Those who report in earnest, until the flood is over.
fn people(address: SocketAddr, over: &AtomicBool) -> Result<(Vec<Earnest>, Vec<f64>)> {
    let mut client = Client::connect(address)?;
    let first = earnest(&mut client, 0)?.way;
    let (mut reports, mut returns) = (Vec::new(), Vec::new());
    while !over.load(Ordering::Relaxed) {
        std::thread::sleep(EVERY);
        reports.push(earnest(&mut client, reports.len() as u64 + 1)?);
        returns.push(follow_up(&mut client, &first)?);
    }
    Ok((reports, returns))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    all
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let deployment = Deployment::init(&bench.program, &bench.fresh("flood"), None)?;
    let server = Server::start_calm(&deployment, CALM)?;
    let sent = if bench.quick { JUNK / 50 } else { JUNK };
    let (left, over) = (AtomicU64::new(sent), AtomicBool::new(false));
    let (address, began) = (server.address, Instant::now());
    let (held, seconds, (reports, returns)) = std::thread::scope(|scope| -> Result<_> {
        let people = scope.spawn(|| people(address, &over));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|n| {
                scope.spawn({
                    let left = &left;
                    move || junk(address, n, left)
                })
            })
            .collect();
        let mut held = 0;
        let mut failed = None;
        for client in clients {
            match client.join().map_err(|_| "a client stopped")? {
                Ok(n) => held += n,
                Err(e) => failed = Some(e),
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        let people = people.join().map_err(|_| "the people stopped")??;
        failed.map_or(Ok((held, seconds, people)), Err)
    })?;
    server.stop()?;
    let took = sorted(reports.iter().map(|r| r.took_ms));
    let worked = sorted(reports.iter().map(|r| r.worked_ms));
    let returns = sorted(returns.into_iter());
    let real_held = reports.iter().filter(|r| r.held).count();
    let one = |what: &str, unit, value: f64| Line::new(what, unit, vec![value]);
    Ok(vec![
        one("junk reports, each answered with number and code", "", sent as f64),
        one("junk reports taken in, 32 clients", "/s", sent as f64 / seconds),
        one("of them held for a person", "", held as f64),
        one("of them let in while the channel was calm", "", (sent - held) as f64),
        one("real reports meanwhile, with the work done", "", reports.len() as f64),
        one("of them held", "", real_held as f64).target(Target::Below(1.0)),
        one("a real report takes, with its work, p50", "ms", quantile(&took, 0.5)),
        one("a real report takes, with its work, p99", "ms", quantile(&took, 0.99))
            .target(Target::Below(5_000.0)),
        one("of that the work, p50", "ms", quantile(&worked, 0.5)),
        one("a return by code takes, p50", "ms", quantile(&returns, 0.5)),
        one("a return by code takes, p99", "ms", quantile(&returns, 0.99))
            .target(Target::Below(1_000.0)),
    ])
}
