//! `tickmark jobs …`: what waits to be sent or done, what failed, and deciding about it. The operator at
//! the machine sees the jobs of every party and the deployment's own.

use crate::data::Deployment;
use clap::Subcommand;
use kernel::party::Actor;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use platform::cli::{Answer, Failed, Outcome};
use platform::db::Result;
use platform::edge::{Edge, SystemEdge};
use platform::jobs::permits::ManageJobs;
use platform::jobs::{Job, JobId, JobState, store};
use std::fmt::Write as _;

/// Jobs listed at most.
const LISTED_MAX: i64 = 1_000;

/// `tickmark jobs …`
#[derive(Debug, Clone, Subcommand)]
pub enum JobsCommand {
    /// The newest jobs of one state
    List {
        /// dead (failed), waiting, leased (under way), done or cancelled
        #[arg(long, default_value = "dead")]
        state: String,
    },
    /// Have a job tried again now
    Retry {
        /// Its id, `job_…`
        id: String,
    },
    /// Have a job no longer done
    Cancel {
        /// Its id, `job_…`
        id: String,
    },
}

impl JobsCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// One plain sentence when there is no such state or job, or it is not to be decided about.
    pub fn run(&self, deployment: &Deployment) -> Outcome {
        match self {
            Self::List { state } => list(deployment, state),
            Self::Retry { id } => decide(deployment, id, true),
            Self::Cancel { id } => decide(deployment, id, false),
        }
    }
}

fn list(deployment: &Deployment, state: &str) -> Outcome {
    let Some(state) = JobState::parse(state) else {
        let known = JobState::ALL.map(JobState::as_str).join(", ");
        return Err(Failed(format!("There is no state {state}; there are {known}.")));
    };
    let jobs = deployment.db.read_blocking(|conn| store::list_any(conn, state, LISTED_MAX))?;
    let mut text = String::new();
    for job in &jobs {
        let party = job.party.map_or_else(|| "the deployment".to_owned(), |p| p.to_string());
        let _ = writeln!(
            text,
            "{} {} {} for {party}, {} of {} attempts: {}",
            job.id, job.kind, job.about, job.attempts, job.attempts_max, job.error
        );
    }
    if jobs.is_empty() {
        text = format!("No job is {}.", state.as_str());
    }
    Answer::new(&serde_json::json!({ "jobs": jobs }), text.trim_end())
}

/// One pass of the watchdog, from a process of its own.
///
/// # Errors
/// When the database refuses.
pub fn watchdog(deployment: &Deployment) -> Outcome {
    let passes = cases::clocks::cli::watchdog(&deployment.db, &SystemEdge)?;
    let good = passes.iter().all(cases::clocks::model::Pass::good);
    let text = cases::clocks::cli::told(&passes);
    let json = serde_json::json!({ "passes": passes, "good": good });
    Ok(Answer::new(&json, text)?.no_if(!good))
}

fn decide(deployment: &Deployment, id: &str, again: bool) -> Outcome {
    let id: JobId = id.parse().map_err(|e| Failed(format!("{e}.")))?;
    let mut env = SystemEdge.env();
    let job: Job = deployment.db.write_blocking(move |tx| -> Result<Job> {
        let found = store::find_any(tx, id)?.ok_or(Refusal::NotFound)?;
        let (party, now) = (found.party, env.now());
        if again {
            store::retry(tx, party, id, now)?;
        } else {
            store::cancel(tx, party, id, now)?;
            if let Some(owner) = party {
                let us = Actor::system(owner, "command-line");
                let permit = authorize::<ManageJobs>(&us, &Facts::of(owner))?;
                evidence::collectors::service::job_cancelled(tx, &mut env, &permit, &found)?;
            }
        }
        Ok(store::find_any(tx, id)?.ok_or(Refusal::NotFound)?)
    })?;
    let text = match (again, job.state) {
        (true, _) => "It is tried again by the next worker.",
        (false, JobState::Leased) => "It is under way and was asked to stop.",
        (false, _) => "It is no longer done.",
    };
    Answer::new(&serde_json::json!({ "job": job }), text)
}
