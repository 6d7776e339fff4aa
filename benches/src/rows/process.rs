//! Cold start with an existing database, and memory of a server that nobody asks anything.

use crate::figures::{Line, Target};
use crate::http::{Client, get, post};
use crate::product::{Deployment, Server};
use crate::{Bench, Result};
use std::time::Duration;

/// Reports in the database.
const REPORTS: u64 = 2_000;

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let deployment = Deployment::init(&bench.program, &bench.fresh("process"), None)?;
    let server = Server::start(&deployment)?;
    let cookie = server.sign_in(&deployment)?;
    let mut client = Client::connect(server.address)?;
    for turn in 0..REPORTS {
        let answer = client.send(&super::submissions::report(0, turn))?;
        if answer.status != 201 {
            return Err(format!("a report: status {}", answer.status).into());
        }
    }
    server.stop()?;
    let (mut starts, mut idle, mut used) = (vec![], vec![], vec![]);
    for _ in 0..(bench.runs() * 3) {
        let server = Server::start(&deployment)?;
        starts.push(server.started_in.as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_secs(1));
        idle.push(server.resident_mb()?);
        for path in ["/", "/cases", "/cases/dashboard", "/controls", "/evidence", "/people"] {
            let answer = server.get(path, Some(&cookie))?;
            if answer.status != 200 {
                return Err(format!("{path}: status {}", answer.status).into());
            }
        }
        let mut client = Client::connect(server.address)?;
        for _ in 0..200 {
            client.send(&get("/cases", Some(&cookie)))?;
            client.send(&post("/preferences", "application/x-www-form-urlencoded", ""))?;
        }
        drop(client);
        std::thread::sleep(Duration::from_secs(1));
        used.push(server.resident_mb()?);
        server.stop()?;
    }
    Ok(vec![
        Line::new("cold start to the first page, an existing database", "ms", starts)
            .target(Target::Below(300.0)),
        Line::new("resident memory, idle after the first page", "MB", idle)
            .target(Target::Below(60.0)),
        Line::new("resident memory, idle after 600 pages", "MB", used).target(Target::Below(60.0)),
    ])
}
