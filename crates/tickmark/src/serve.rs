//! `tickmark serve`: the HTTP server with what runs beside it.

use crate::data::Deployment;
use crate::timed::Timed;
use crate::work::{Outgoing, Workers};
use crate::{rooms, router};
use cases::service::gate::Gate;
use identity::{Directory, Door};
use platform::cli::Failed;
use platform::edge::{Edge, SystemEdge};
use platform::http::{App, AppParts, layered};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// The address when none is given.
pub const LISTEN: &str = "127.0.0.1:8420";
/// The largest upload when nothing else is configured.
pub const UPLOAD_BYTES_MAX: u64 = 512 << 20;

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The address to listen on.
    pub listen: String,
    /// How people reach it.
    pub base_url: Option<String>,
    /// The largest upload.
    pub upload_bytes_max: u64,
    /// Reports in a minute up to which a channel is calm; beyond it work is asked for. 0: never.
    pub calm_per_minute: u32,
    /// Whether this is the fictional demonstration.
    pub demonstration: bool,
}

/// The application over a deployment from which nothing leaves.
#[must_use]
pub fn app(
    deployment: &Deployment,
    base_url: String,
    options: &ServeOptions,
    edge: Arc<dyn Edge>,
) -> App {
    app_sending(deployment, base_url, options, edge, &Outgoing::default())
}

/// The application over a deployment.
#[must_use]
pub fn app_sending(
    deployment: &Deployment,
    base_url: String,
    options: &ServeOptions,
    edge: Arc<dyn Edge>,
    outgoing: &Outgoing,
) -> App {
    let actions: Vec<&[kernel::permit::Rule]> =
        rooms::actions().into_iter().map(|(_, rules)| rules).collect();
    let door = Door::new(identity::door::scopes_of(&actions));
    let mut extensions = http::Extensions::new();
    extensions.insert(door.clone());
    outgoing.tell(&mut extensions);
    extensions.insert(Gate::new(options.calm_per_minute, edge.env().bytes()));
    extensions.insert(platform::http::Switcher(rooms::engagements));
    App::new(AppParts {
        db: deployment.db.clone(),
        journal: deployment.journal.clone(),
        blobs: deployment.blobs.clone(),
        identities: Arc::new(Timed::new(Directory::new(door), edge.clone())),
        edge,
        nav: rooms::nav,
        base_url,
        demonstration: options.demonstration,
        upload_bytes_max: options.upload_bytes_max,
        extensions,
    })
}

/// Threads that read requests and write answers: half of the cores, so that the writer, the disk's thread
/// and the readers find a core free. With one for each core, a report waited longer for a core than for
/// the disk.
fn request_threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    (cores / 2).max(2)
}

/// Serves until the process is told to stop.
///
/// # Errors
/// [`Failed`] when the address cannot be listened on, or a setting cannot be used.
pub fn run(
    deployment: &Deployment,
    options: &ServeOptions,
    outgoing: &Outgoing,
) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(request_threads())
        .enable_all()
        .build()
        .map_err(|e| Failed(format!("The server cannot be started: {e}.")))?;
    runtime.block_on(async {
        let address: SocketAddr = options
            .listen
            .parse()
            .map_err(|_| Failed(format!("“{}” is not an address to listen on: write 127.0.0.1:8420.", options.listen)))?;
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|e| Failed(format!("{address} cannot be listened on: {e}. Is another server using it? Choose another with --listen.")))?;
        let bound = listener.local_addr().unwrap_or(address);
        let base_url = options.base_url.clone().unwrap_or_else(|| format!("http://{bound}"));
        let edge = Arc::new(SystemEdge);
        let app = app_sending(deployment, base_url.clone(), options, edge, outgoing);
        // The database may wait, which a thread that drives connections must not.
        let (beside, outgoing) = (app.clone(), outgoing.clone());
        let workers = app
            .blocking(move || Workers::start(&beside, outgoing.runner(&beside)?))
            .await
            .map_err(|_| Failed("The workers stopped while they were being started.".into()))??;
        sequence(&app);
        tracing::info!(%bound, "listening");
        announce(&base_url);
        let served =
            platform::http::serve(listener, layered(&app, router::router()), stopped()).await;
        // A mail that is being handed over is not cut off in the middle.
        let _ = app.blocking(move || workers.stop()).await;
        served.map_err(|e| Failed(format!("The server stopped: {e}.")))
    })
}

/// The one line that a person at the terminal waits for.
fn announce(base_url: &str) {
    eprintln!("Tickmark is at {base_url} (stop with Ctrl-C)");
}

/// On PostgreSQL, places entries in the tree whenever this process is elected.
fn sequence(app: &App) {
    if app.db.backend() != platform::db::Backend::Postgres {
        return;
    }
    let (db, journal) = (app.db.clone(), app.journal.clone());
    let run = move || {
        loop {
            match journal.sequence_once(&db) {
                Ok(true) => {}
                Ok(false) => journal.wait(Duration::from_millis(250)),
                Err(e) => {
                    tracing::error!(error = %e, "the sequencer could not place entries");
                    journal.wait(Duration::from_secs(1));
                }
            }
        }
    };
    if let Err(e) = std::thread::Builder::new().name("tickmark-sequencer".into()).spawn(run) {
        tracing::error!(error = %e, "the sequencer could not be started");
    }
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}
