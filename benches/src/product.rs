//! The program as people run it: made, served, signed in to, stopped.

use crate::Result;
use crate::http::{Answer, Client, get, post};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to answer for the first time.
const START_SECONDS_MAX: u64 = 60;
/// Linux counts processor time for programs in hundredths of a second on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;
const PASSWORD: &str = "seven kettles on a narrow shelf";

/// A data directory with what is needed to reach it.
#[derive(Clone)]
pub struct Deployment {
    /// The program.
    pub program: PathBuf,
    /// The data directory.
    pub folder: PathBuf,
    /// A PostgreSQL URL, in place of SQLite in the directory.
    pub database_url: Option<String>,
    /// Where the first administrator sets a password.
    pub invitation: String,
    /// The organisation's id.
    pub organisation: String,
}

impl Deployment {
    /// `tickmark init`.
    pub fn init(program: &Path, folder: &Path, database_url: Option<&str>) -> Result<Self> {
        let mut made = Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            database_url: database_url.map(str::to_owned),
            invitation: String::new(),
            organisation: String::new(),
        };
        let arguments = ["init", "--organization", "Benchmark Ltd", "--admin", "bench@example.com"];
        let said = made.run(&arguments)?;
        let text = |name: &str| said[name].as_str().map(str::to_owned).ok_or("init said less");
        made.invitation = text("invitation")?;
        made.organisation = text("organization")?;
        Ok(made)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--json").arg("--data").arg(&self.folder);
        if let Some(url) = &self.database_url {
            command.arg("--database-url").arg(url);
        }
        command
    }

    /// Runs a command over the data directory and reads its document.
    pub fn run(&self, arguments: &[&str]) -> Result<serde_json::Value> {
        output(self.command().args(arguments))
    }

    /// Runs a command over the data directory and stops it, as a machine that fails would, after this
    /// time; whether it was still running.
    pub fn interrupt(&self, arguments: &[&str], after: Duration) -> Result<bool> {
        let mut child = self
            .command()
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        std::thread::sleep(after);
        let running = child.try_wait()?.is_none();
        child.kill()?;
        child.wait()?;
        Ok(running)
    }

    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.folder.join("tickmark.db")
    }

    /// Bytes of the database with its log of recent writes.
    pub fn database_bytes(&self) -> Result<u64> {
        let size = |name: &str| fs::metadata(self.folder.join(name)).map_or(0, |m| m.len());
        match size("tickmark.db") {
            0 => Err("there is no database".into()),
            bytes => Ok(bytes + size("tickmark.db-wal")),
        }
    }
}

/// Runs a command and reads the document that it prints.
pub fn output(command: &mut Command) -> Result<serde_json::Value> {
    let out = command.stdin(Stdio::null()).output()?;
    if !out.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&out.stderr)).into());
    }
    Ok(serde_json::from_slice(&out.stdout)?)
}

/// The same with the most memory that the program has held, in megabytes (10⁶ bytes).
pub fn output_and_peak(command: &mut Command) -> Result<(serde_json::Value, f64)> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = child.spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // The kernel keeps the peak while the process lives; what is read last is at most a moment old.
        let watcher = scope.spawn(|| {
            let mut peak: f64 = 0.0;
            while !done.load(Ordering::Relaxed) {
                let now = fs::read_to_string(&status).ok();
                peak = now.and_then(|text| megabytes(&text, "VmHWM:")).unwrap_or(peak).max(peak);
                std::thread::sleep(Duration::from_millis(5));
            }
            peak
        });
        let out = child.wait_with_output();
        done.store(true, Ordering::Relaxed);
        let peak = watcher.join().map_err(|_| "the watcher of memory stopped")?;
        let out = out?;
        if !out.status.success() {
            return Err(format!("{command:?}: {}", String::from_utf8_lossy(&out.stderr)).into());
        }
        Ok((serde_json::from_slice(&out.stdout)?, peak))
    })
}

/// A line of a process's status, in megabytes (10⁶ bytes).
fn megabytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

/// A running server; stopped when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From starting the process to the end of its first answer.
    pub started_in: Duration,
}

impl Server {
    /// Starts it and waits for the first answer to `GET /report`, a whole page that reads the database.
    pub fn start(deployment: &Deployment) -> Result<Self> {
        // What is measured is the taking in of reports, not the work of their senders.
        Self::start_calm(deployment, "0")
    }

    /// The same where the door is calm up to so many reports in a minute; `0`: whatever comes.
    pub fn start_calm(deployment: &Deployment, calm: &str) -> Result<Self> {
        // The port is free now; nobody else on this machine asks for it in the next moment.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let began = Instant::now();
        let child = deployment
            .command()
            .args(["serve", "--listen", &address.to_string(), "--calm-per-minute", calm])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Self { child, address, started_in: Duration::ZERO };
        loop {
            if let Ok(mut client) = Client::connect(address) {
                let answer = client.send(&get("/report", None))?;
                if answer.status != 200 {
                    return Err(format!("the first page: status {}", answer.status).into());
                }
                server.started_in = began.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("the server ended: {status}").into());
            }
            if began.elapsed().as_secs() > START_SECONDS_MAX {
                return Err("the server does not answer".into());
            }
            std::thread::sleep(Duration::from_micros(500));
        }
    }

    /// Resident memory in megabytes (10⁶ bytes).
    pub fn resident_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        Ok(megabytes(&status, "VmRSS:").ok_or("no VmRSS")?)
    }

    /// Seconds of processor time that the server has used, all its threads together.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name in parentheses may hold blanks; user and system time are the 12th and 13th after it.
        let (_, fields) = stat.rsplit_once(')').ok_or("no process name")?;
        let ticks = |n: usize| -> Result<f64> {
            Ok(fields.split_whitespace().nth(n).ok_or("no processor time")?.parse()?)
        };
        Ok((ticks(11)? + ticks(12)?) / TICKS_PER_SECOND)
    }

    /// Asks for a page.
    pub fn get(&self, path: &str, cookie: Option<&str>) -> Result<Answer> {
        Client::connect(self.address)?.send(&get(path, cookie))
    }

    /// Accepts the first administrator's invitation; gives the session's cookie.
    pub fn sign_in(&self, deployment: &Deployment) -> Result<String> {
        let password = PASSWORD.replace(' ', "+");
        let body = format!("name=Bench+Administrator&password={password}&again={password}");
        let request = post(&deployment.invitation, "application/x-www-form-urlencoded", &body);
        let answer = Client::connect(self.address)?.send(&request)?;
        let cookie = answer.header("set-cookie").and_then(|c| c.split(';').next());
        cookie.map(str::to_owned).ok_or_else(|| {
            format!("signing in: status {}\n{}", answer.status, answer.text()).into()
        })
    }

    /// Stops it and waits for its end.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        if self.child.try_wait()?.is_none() {
            Command::new("kill").arg(self.child.id().to_string()).status()?;
            self.child.wait()?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.end().is_err() {
            let _ = self.child.kill();
        }
    }
}
