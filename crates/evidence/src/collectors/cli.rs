//! `tickmark evidence`: which collectors there are, and having one collect now.

use super::jobs::{Collect, RUN};
use super::model::{Collector, RunState};
use super::permits::{ReadCollectors, RunCollector};
use super::{service, store};
use clap::{Args, Subcommand};
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::jobs::fetch::{ATTEMPT_SECONDS, Fetcher};
use platform::jobs::trust::Outward;
use platform::jobs::{Ran, Runner};
use std::fmt::Write as _;

/// Turns after which the command leaves the run to a worker of the server.
const TURNS_MAX: usize = 50;

/// `tickmark evidence …`
#[derive(Debug, Clone, Subcommand)]
pub enum EvidenceCommand {
    /// List the collectors, each with its request and how its last run went
    Collectors,
    /// Ask a collector's system now and keep its answer as evidence
    Collect(CollectArgs),
}

/// `tickmark evidence collect`
#[derive(Debug, Clone, Args)]
pub struct CollectArgs {
    /// The collector: its name or its id, `col_…`
    pub collector: String,
}

impl EvidenceCommand {
    /// Runs it. A collector reaches as far as `outward` says.
    ///
    /// # Errors
    /// One sentence; the exit code is then 2.
    pub fn run(&self, cx: &Context, outward: Outward) -> Outcome {
        match self {
            Self::Collectors => list(cx),
            Self::Collect(args) => args.run(cx, outward),
        }
    }
}

fn all(cx: &Context) -> Result<Vec<Collector>, Failed> {
    let owner = scope::<ReadCollectors>(&cx.actor)?.party();
    Ok(cx.db.read_blocking(|conn| store::collectors(conn, owner))?)
}

fn list(cx: &Context) -> Outcome {
    let owner = scope::<ReadCollectors>(&cx.actor)?.party();
    let (mut text, mut listed) = (String::new(), Vec::new());
    for collector in all(cx)? {
        let id = collector.id;
        let last = cx.db.read_blocking(|conn| store::runs(conn, owner, id))?.into_iter().next();
        let state = match (&collector.stopped_at, &last) {
            (Some(_), _) => "stopped",
            (None, None) => "never ran",
            (None, Some(run)) => run.state.as_str(),
        };
        let asked = &collector.asked;
        let _ = writeln!(
            text,
            "{} {} (version {}): GET {} [{}]: {state}",
            collector.id, asked.name, collector.number, asked.address, asked.system
        );
        listed.push(serde_json::json!({ "collector": collector, "last_run": last }));
    }
    if listed.is_empty() {
        text = "No collector is declared. Declare one on the page /evidence/collectors.".to_owned();
    }
    Answer::new(&serde_json::json!({ "collectors": listed }), text.trim_end())
}

impl CollectArgs {
    fn run(&self, cx: &Context, outward: Outward) -> Outcome {
        let owner = cx.actor.party.ok_or(Refusal::NotFound)?;
        let wanted = self.collector.trim();
        let found = all(cx)?
            .into_iter()
            .find(|c| c.asked.name == wanted || c.id.to_string() == wanted)
            .ok_or_else(|| {
                let name = kernel::refusal::excerpt(wanted, 120);
                Failed(format!(
                    "There is no collector {name}. `tickmark evidence collectors` lists them."
                ))
            })?;
        let (actor, mut env) = (cx.actor.clone(), cx.env());
        let run = cx.db.write_blocking(move |tx| {
            let permit = authorize::<RunCollector>(&actor, &Facts::of(owner))?;
            service::plan(tx, &mut env, &permit, found.id)
        })?;
        // What a worker of the server would do, done here at once; one of them may come first.
        let collect = Collect {
            fetcher: Fetcher::new(outward, ATTEMPT_SECONDS),
            blobs: cx.blobs.clone(),
            base_url: String::new(),
        };
        let runner = Runner::new(cx.db.clone(), cx.edge.clone()).with(RUN, collect);
        for _ in 0..TURNS_MAX {
            let now = cx.db.read_blocking(|conn| store::run(conn, owner, run))?;
            let done = now.is_none_or(|r| r.state != RunState::Waiting || r.attempts > 0);
            if done || runner.tick()? == Ran::Nothing {
                break;
            }
        }
        let ended =
            cx.db.read_blocking(|conn| store::run(conn, owner, run))?.ok_or(Refusal::NotFound)?;
        let text = match (&ended.record, ended.state) {
            (Some(record), _) => format!(
                "{} bytes, SHA-256 {}, are evidence {}.\n{}",
                record.bytes,
                record.sha256,
                ended.evidence.map(|e| e.to_string()).unwrap_or_default(),
                record.request
            ),
            (None, RunState::Waiting) if ended.why.is_empty() => {
                format!("The run {run} waits for a worker of the server.")
            }
            (None, RunState::Waiting) => {
                format!("{} The run {run} is tried again by the server.", ended.why)
            }
            (None, _) => ended.why.clone(),
        };
        let no = ended.evidence.is_none();
        Ok(Answer::new(&serde_json::json!({ "run": ended }), text)?.no_if(no))
    }
}
