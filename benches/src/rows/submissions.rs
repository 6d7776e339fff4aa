//! Durable case submissions over HTTP.

use crate::bare_rows::ReportRows;
use crate::figures::{Line, Target, median};
use crate::http::{Client, Load, post, requests};
use crate::limits::{FileSink, SqliteSink, group_commit};
use crate::product::{Deployment, Server};
use crate::{Bench, Result};
use std::net::SocketAddr;

/// Clients side by side.
const CLIENTS: [usize; 3] = [1, 8, 32];
/// As many rows as the product lets share a commit.
const GROUP_MAX: usize = 512;
/// Reports filed to learn how many bytes one adds to the database.
const WEIGHED: u64 = 2_000;

/// A report as a customer would file it.
pub fn report(client: usize, turn: u64) -> Vec<u8> {
    let body = format!(
        "{{\"channel\":\"portal\",\"kind\":\"failure\",\"title\":\"Payslips of run {turn} are missing\",\
         \"description\":\"Since this morning the payslips of branch {client} are not shown. The list is empty \
         for everybody whom I asked, also after signing in again with another browser. Last month's are \
         there. We need them by Friday, because the bank wants them for two of our people.\"}}"
    );
    post("/api/v1/reports", "application/json", &body)
}

/// A POST that goes through all layers of the server to a handler that does nothing: no preference is
/// given, so none is kept.
fn empty() -> Vec<u8> {
    post("/preferences", "application/x-www-form-urlencoded", "")
}

/// Files reports for a while.
pub fn file_reports(bench: &Bench, address: SocketAddr, clients: usize) -> Result<Load> {
    requests(address, clients, bench.spans(), 201, report)
}

/// Bytes that one report adds to the database, indexes included.
fn weigh(bench: &Bench, deployment: &Deployment) -> Result<usize> {
    let settled = || -> Result<u64> {
        // Stopping moves everything from the write-ahead log into the database.
        Server::start(deployment)?.stop()?;
        deployment.database_bytes()
    };
    let before = settled()?;
    let server = Server::start(deployment)?;
    let mut client = Client::connect(server.address)?;
    let weighed = if bench.quick { WEIGHED / 4 } else { WEIGHED };
    for turn in 0..weighed {
        client.send(&report(0, turn))?;
    }
    server.stop()?;
    Ok(usize::try_from((settled()? - before) / weighed)?)
}

/// Figures of one number of clients, one per run.
#[derive(Default)]
struct Runs {
    filed: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    empty: Vec<f64>,
    empty_p50: Vec<f64>,
    empty_p99: Vec<f64>,
    cpu: Vec<f64>,
    empty_cpu: Vec<f64>,
    sqlite: Vec<f64>,
    rows: Vec<f64>,
    file: Vec<f64>,
}

impl Runs {
    fn lines(self, clients: usize, bytes: usize) -> [Line; 8] {
        let (empty, sqlite) = (median(&self.empty), median(&self.sqlite));
        let (what, limit) =
            if empty < sqlite { ("empty POST", empty) } else { ("bare group commit", sqlite) };
        let s = if clients == 1 { "" } else { "s" };
        let title = |what: &str| format!("{what}, {clients} client{s}");
        let mut filed = Line::new(title("submissions"), "/s", self.filed).beside(what, limit);
        let mut p99 = Line::new(title("a submission takes, p99"), "ms", self.p99)
            .beside("empty POST", median(&self.empty_p99));
        if clients == 32 {
            filed = filed.target(Target::Share(0.4));
            p99 = p99.target(Target::Below(50.0));
        }
        [
            filed,
            Line::new(title("a submission takes, p50"), "ms", self.p50)
                .beside("empty POST", median(&self.empty_p50)),
            p99,
            Line::new(title("processor time of the server for one"), "µs", self.cpu)
                .beside("empty POST", median(&self.empty_cpu)),
            Line::new(title("limit: empty POST"), "/s", self.empty),
            Line::new(title(&format!("limit: group commit of {bytes} bytes")), "/s", self.sqlite),
            Line::new(title("the rows of a report by SQLite alone"), "/s", self.rows)
                .beside("bare group commit", sqlite),
            Line::new(title("append and fdatasync of the same bytes"), "/s", self.file),
        ]
    }
}

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let deployment = Deployment::init(&bench.program, &bench.fresh("submissions"), None)?;
    let bytes = weigh(bench, &deployment)?;
    let server = Server::start(&deployment)?;
    let mut sqlite = SqliteSink::create(&bench.fresh("limit.db"))?;
    let mut rows = ReportRows::create(&bench.fresh("rows.db"), &deployment.database())?;
    let mut file = FileSink::create(&bench.fresh("limit.file"))?;
    let mut found = CLIENTS.map(|_| Runs::default());
    for _ in 0..bench.runs() {
        for (clients, runs) in CLIENTS.into_iter().zip(&mut found) {
            let before = server.cpu_seconds()?;
            let load = requests(server.address, clients, bench.spans(), 303, |_, _| empty())?;
            let between = server.cpu_seconds()?;
            runs.empty_cpu.push((between - before) * 1e6 / load.answers as f64);
            runs.empty.push(load.rate);
            runs.empty_p50.push(load.within(0.5));
            runs.empty_p99.push(load.within(0.99));
            let load = file_reports(bench, server.address, clients)?;
            runs.cpu.push((server.cpu_seconds()? - between) * 1e6 / load.answers as f64);
            runs.filed.push(load.rate);
            runs.p50.push(load.within(0.5));
            runs.p99.push(load.within(0.99));
            let spans = bench.spans();
            runs.sqlite.push(group_commit(&mut sqlite, bytes, clients, GROUP_MAX, spans)?.rate);
            runs.rows.push(group_commit(&mut rows, 0, clients, GROUP_MAX, spans)?.rate);
            runs.file.push(group_commit(&mut file, bytes, clients, GROUP_MAX, spans)?.rate);
        }
    }
    server.stop()?;
    let lines = CLIENTS.into_iter().zip(found);
    Ok(lines.flat_map(|(clients, runs)| runs.lines(clients, bytes)).collect())
}
