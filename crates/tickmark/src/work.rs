//! What is done beside the server: the jobs that commands have planned.
//!
//! The loop is here, at the edge. What one turn does is [`Runner::tick`], which tests drive.

use platform::cli::Failed;
use platform::http::App;
use platform::jobs::fetch::{ATTEMPT_SECONDS, Fetcher};
use platform::jobs::mail::{MailIsSent, Mailer, Settings};
use platform::jobs::trust::Outward;
use platform::jobs::webhook::Sender;
use platform::jobs::{Ran, Runner, mail, schedule, tidy, webhook};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// Workers of one process: one that hangs on a slow server must not keep all others waiting.
const WORKERS: usize = 3;
/// How long a worker that found nothing waits before it looks again.
const IDLE: Duration = Duration::from_secs(1);
/// How long what follows the record waits between two steps, so that it never takes the writer for
/// itself: a report that is filed meanwhile comes in between.
const BREATH: Duration = Duration::from_millis(20);
/// What follows the record rests this many times as long as its last step took, for each command that
/// shared the last commit, up to [`CROWD_MAX`].
const REST: u32 = 4;
/// From here on it is a crowd whatever the number.
const CROWD_MAX: u32 = 32;
/// How often the watchdog asks whether it is time to look.
const WATCHED: Duration = Duration::from_secs(60);
/// How long it waits when the database does not answer.
const TROUBLED: Duration = Duration::from_secs(5);

/// What may leave this deployment, and how.
#[derive(Clone, Default)]
pub struct Outgoing {
    /// The mail server; without one mail waits.
    pub mail: Option<Settings>,
    /// What webhooks may reach, and whom they trust.
    pub webhooks: Outward,
    /// What collectors may reach, and whom they trust.
    pub collectors: Outward,
    /// The doors by which reports come in beside the pages.
    pub intake: crate::intake::Intake,
}

impl Outgoing {
    /// Tells the pages what they need to know of it.
    pub fn tell(&self, extensions: &mut http::Extensions) {
        extensions.insert(self.webhooks.reach);
        extensions.insert(evidence::collectors::jobs::Reaches(self.collectors.reach));
        if self.mail.is_some() {
            extensions.insert(MailIsSent);
        }
    }

    /// What asks other systems for evidence.
    fn collect(&self, app: &App) -> evidence::collectors::jobs::Collect<Fetcher> {
        evidence::collectors::jobs::Collect {
            fetcher: Fetcher::new(self.collectors.clone(), ATTEMPT_SECONDS),
            blobs: app.blobs.clone(),
            base_url: app.base_url.clone(),
        }
    }

    /// A runner that does every kind of job for which there is what it needs.
    ///
    /// # Errors
    /// [`Failed`] naming a setting that cannot be used.
    pub fn runner(&self, app: &App) -> Result<Runner, Failed> {
        let mut runner = Runner::new(app.db.clone(), app.edge.clone())
            .with(webhook::KIND, Sender::new(self.webhooks.clone()))
            .with(tidy::KIND, tidy::Tidy)
            .with(evidence::collectors::jobs::DUE, evidence::collectors::jobs::Due)
            .with(evidence::collectors::jobs::RUN, self.collect(app))
            .with(cases::status::jobs::KIND, cases::status::jobs::Teller)
            .with(
                cases::policy::jobs::KIND,
                cases::policy::jobs::Reviews { base_url: app.base_url.clone() },
            )
            .with(
                cases::training::jobs::KIND,
                cases::training::jobs::Daily { base_url: app.base_url.clone() },
            );
        if let Some(settings) = &self.mail {
            let mailer = Mailer::new(settings).map_err(|e| Failed(e.to_string()))?;
            runner = runner.with(mail::KIND, mailer);
        }
        self.intake.add_to(runner, app)
    }
}

/// Whether workers shall stop, and the bell that wakes them for it.
type Stop = Arc<(Mutex<bool>, Condvar)>;

/// Threads that do jobs until they are told to stop.
pub struct Workers {
    stop: Stop,
    threads: Vec<std::thread::JoinHandle<()>>,
}

impl Workers {
    /// Puts the deployment's own schedules in place and starts the workers.
    ///
    /// # Errors
    /// [`Failed`] when the database or the system refuses.
    pub fn start(app: &App, runner: Runner) -> Result<Self, Failed> {
        let now = app.env().now();
        app.db.write_blocking(move |tx| {
            schedule(tx, &tidy::nightly(), now)?;
            schedule(tx, &cases::policy::jobs::daily(), now)?;
            schedule(tx, &cases::training::jobs::daily(), now)
        })?;
        let (runner, stop) = (Arc::new(runner), Stop::default());
        let mut workers = Self { stop, threads: Vec::new() };
        for n in 1..=WORKERS {
            let (runner, stop) = (runner.clone(), workers.stop.clone());
            let thread = std::thread::Builder::new()
                .name(format!("tickmark-worker-{n}"))
                .spawn(move || work(&runner, &stop))
                .map_err(|e| Failed(format!("A worker cannot be started: {e}.")))?;
            workers.threads.push(thread);
        }
        let (db, edge, stop) = (app.db.clone(), app.edge.clone(), workers.stop.clone());
        let thread = std::thread::Builder::new()
            .name("tickmark-follower".to_owned())
            .spawn(move || follow(&db, &*edge, &stop))
            .map_err(|e| Failed(format!("A worker cannot be started: {e}.")))?;
        workers.threads.push(thread);
        workers.beside("tickmark-clocks", app, Duration::ZERO, clocks)?;
        // What fell due while the process was away is climbed first.
        workers.beside("tickmark-watchdog", app, WATCHED, watchdog)?;
        Ok(workers)
    }

    /// A thread of its own, which does one thing again and again until it is told to stop.
    fn beside(
        &mut self,
        name: &str,
        app: &App,
        first: Duration,
        turn: fn(&App) -> Duration,
    ) -> Result<(), Failed> {
        let (app, stop) = (app.clone(), self.stop.clone());
        let run = move || {
            let mut pause = first;
            loop {
                let Ok(stopped) = stop.0.lock() else { return };
                match stop.1.wait_timeout_while(stopped, pause, |stopped| !*stopped) {
                    Ok((stopped, _)) if !*stopped => {}
                    _ => return,
                }
                pause = turn(&app);
            }
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(run)
            .map_err(|e| Failed(format!("{name} cannot be started: {e}.")))?;
        self.threads.push(thread);
        Ok(())
    }

    /// Lets what is being done come to its end, then stops.
    pub fn stop(self) {
        if let Ok(mut stop) = self.stop.0.lock() {
            *stop = true;
        }
        self.stop.1.notify_all();
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a worker had stopped unexpectedly");
            }
        }
    }
}

/// Climbs the rungs whose time has come.
fn clocks(app: &App) -> Duration {
    match cases::clocks::jobs::turn(&app.db, &*app.edge, &app.base_url) {
        Ok(_) => IDLE,
        Err(e) => {
            tracing::error!(error = %e, "escalation cannot go on");
            TROUBLED
        }
    }
}

/// Compares what had to be escalated with what was. Beside the clocks, on a thread of its own and from
/// the log alone, so that one that stands still does not take the other with it.
fn watchdog(app: &App) -> Duration {
    match cases::clocks::jobs::watch(&app.db, &*app.edge, false) {
        Ok(passes) => {
            for pass in passes.iter().filter(|pass| !pass.good()) {
                tracing::error!(organisation = %pass.organisation, missing = pass.missing.len(), silent = pass.silent.len(), nobody = pass.nobody.len(), "escalation did not do what was planned");
            }
            WATCHED
        }
        Err(e) => {
            tracing::error!(error = %e, "the watchdog cannot look");
            TROUBLED
        }
    }
}

fn work(runner: &Runner, stop: &Stop) {
    loop {
        let pause = match runner.tick() {
            Ok(Ran::Nothing) => IDLE,
            Ok(_) => Duration::ZERO,
            Err(e) => {
                tracing::error!(error = %e, "jobs cannot be taken");
                TROUBLED
            }
        };
        if !go_on_after(pause, stop) {
            return;
        }
    }
}

/// Does what follows the record: the index of words.
fn follow(db: &platform::db::Db, edge: &dyn platform::edge::Edge, stop: &Stop) {
    loop {
        let began = edge.env().now();
        let pause = match cases::views::jobs::follow(db, began) {
            // The busier the writer, the longer a step waits for it: people go first, the index follows.
            Ok(true) => {
                let took = edge.env().now().0.saturating_sub(began.0);
                let took = Duration::from_micros(u64::try_from(took).unwrap_or(0));
                BREATH.max(took * REST * db.crowd().clamp(1, CROWD_MAX)).min(IDLE)
            }
            Ok(false) => IDLE,
            Err(e) => {
                tracing::error!(error = %e, "the index cannot follow the record");
                TROUBLED
            }
        };
        if !go_on_after(pause, stop) {
            return;
        }
    }
}

/// Waits, and says whether to go on.
fn go_on_after(pause: Duration, stop: &Stop) -> bool {
    let Ok(stopped) = stop.0.lock() else { return false };
    let waited = stop.1.wait_timeout_while(stopped, pause, |stopped| !*stopped);
    waited.is_ok_and(|(stopped, _)| !*stopped)
}
