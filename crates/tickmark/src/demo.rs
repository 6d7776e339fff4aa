//! `tickmark demo`: a fictional payroll service and its auditor, the file of one period locked and half a
//! year of life in the next, made the same way every time.
//!
//! Everything goes through the same commands that people use, under a clock that the demonstration
//! moves; nothing is written around them.

mod asks;
mod casework;
mod changed;
mod channels;
mod clocks;
mod collected;
mod completed;
mod earlier;
mod examined;
mod firm;
mod gaps;
mod history;
mod ipe;
mod listed;
mod people;
mod plain;
mod planned;
mod promised;
mod reported;
mod sealed;
mod sheets;
mod status;
mod surveys;
mod training;
mod year;

use crate::data::{self, Deployment, Options};
use crate::serve::{self, LISTEN, ServeOptions, UPLOAD_BYTES_MAX};
use clap::Args;
use kernel::env::Env;
use kernel::party::Actor;
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::time::Timestamp;
use platform::cli::{Answer, Failed, Outcome};
use platform::db::{Result, Tx};
use platform::edge::{Edge, FixedEdge};
use std::path::{Path, PathBuf};

/// Where the demonstration begins: 5 January 2026, nine in the morning in New York.
const BEGINS: Timestamp = Timestamp(1_767_621_600_000_000);
/// The seed from which its ids and keys follow. A fictional deployment has no secrets.
const SEED: [u8; 32] = *b"tickmark demonstration, seed one";

/// `tickmark demo`
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = LISTEN)]
    pub listen: String,
    /// Make the data only
    #[arg(long)]
    pub no_serve: bool,
}

impl DemoArgs {
    /// Makes the demonstration where it is not there yet, and serves it.
    ///
    /// # Errors
    /// [`Failed`] when the folder cannot be used or the address is taken.
    pub fn run(&self, folder: Option<PathBuf>) -> Outcome {
        let folder = folder.unwrap_or_else(|| PathBuf::from("demo-data"));
        let made = !folder.join("keys/log.seed").exists();
        if made {
            make(&folder)?;
        }
        let deployment = data::open(&folder, &Options::default())?;
        if !self.no_serve {
            let options = ServeOptions {
                listen: self.listen.clone(),
                base_url: None,
                upload_bytes_max: UPLOAD_BYTES_MAX,
                calm_per_minute: cases::service::gate::CALM_PER_MINUTE,
                demonstration: true,
            };
            serve::run(&deployment, &options, &crate::work::Outgoing::default())?;
        }
        let json = serde_json::json!({ "data": folder, "made": made });
        let text = if made {
            format!("The demonstration is in {}.", folder.display())
        } else {
            format!(
                "The demonstration in {} was kept; remove the folder to make it anew.",
                folder.display()
            )
        };
        Answer::new(&json, text)
    }
}

/// Makes the demonstration's data.
///
/// # Errors
/// [`Failed`] when the folder holds a deployment, or a command of the story is refused.
pub fn make(folder: &Path) -> Result<Deployment, Failed> {
    std::fs::create_dir_all(folder)
        .map_err(|e| Failed(format!("{} cannot be made: {e}.", folder.display())))?;
    let edge = FixedEdge::new(BEGINS, SEED);
    data::create(folder, "demo.tickmark.example", &edge)?;
    let deployment = data::open(folder, &Options::default())?;
    let story = Story { deployment: &deployment, edge: &edge };
    let told = story.tell();
    match told {
        Ok(()) => Ok(deployment),
        Err(e) => {
            drop(deployment);
            data::remove_new(folder)?;
            Err(e.into())
        }
    }
}

/// The deployment that the story is told in, and the clock that it moves.
struct Story<'a> {
    deployment: &'a Deployment,
    edge: &'a FixedEdge,
}

impl Story<'_> {
    fn tell(&self) -> Result<()> {
        let before = people::introduce(self)?;
        earlier::examine(self, &before)?;
        self.at("2026-01-27T14:00:00Z")?;
        let cast = people::begin(self, &before)?;
        earlier::retire(self, &before)?;
        firm::found(self, &cast)?;
        earlier::carry(self, &cast, &before)?;
        // Meanwhile the organisation had opened its channels.
        self.edge.set(BEGINS);
        clocks::promise(self, &cast)?;
        channels::open(self, &cast)?;
        gaps::find(self, &cast)?;
        year::live(self, &cast)?;
        casework::go_on(self, &cast)?;
        gaps::mend(self, &cast)?;
        channels::keep(self, &cast)?;
        channels::flooded(self, &cast)?;
        clocks::watch(self, &cast)?;
        status::publish(self, &cast)?;
        training::learn(self, &cast)?;
        surveys::ask(self, &cast)?;
        examined::examine(self, &cast)?;
        firm::work(self, &cast)?;
        let few = "Few instances up to the fieldwork, each read in full with its papers.";
        planned::settle_sizes(self, &cast, &[], few)?;
        casework::disclose(self, &cast)?;
        history::repeats(self, &cast)?;
        asks::ask(self, &cast)?;
        collected::collect(self, &cast)?;
        reported::prepare(self, &cast)?;
        completed::complete(self, &cast)
    }

    /// Runs a command at the story's present.
    fn run<T: Send + 'static>(
        &self,
        mut f: impl FnMut(&mut Tx<'_>, &mut Env) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut env = self.edge.env();
        self.deployment.db.write_blocking(move |tx| f(tx, &mut env))
    }

    /// Runs a command on the engagement, as a person who may.
    fn act<A: Action, T: Send + 'static>(
        &self,
        cast: &people::Cast,
        who: &Actor,
        mut f: impl FnMut(&mut Tx<'_>, &mut Env, &Permit<A>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        // Commands follow each other at some distance, so that the record has an order in time.
        self.edge.advance_seconds(20);
        let (engagement, who) = (cast.engagement, who.clone());
        self.run(move |tx, env| {
            let permit = authorize::<A>(&who, &scope::facts(tx, engagement)?)?;
            f(tx, env, &permit)
        })
    }

    /// A control of the organisation, by its code.
    fn control(&self, cast: &people::Cast, code: &str) -> Result<controls::model::ControlId> {
        let found = self
            .deployment
            .db
            .read_blocking(|conn| controls::store::by_code(conn, cast.organisation, code))?;
        Ok(found.ok_or_else(|| kernel::refusal::Refusal::input(format!("no control {code}")))?.id)
    }

    /// Moves the clock to a moment of the story.
    fn at(&self, text: &str) -> Result<()> {
        let at =
            Timestamp::parse(text).map_err(|e| kernel::refusal::Refusal::input(e.to_string()))?;
        if at > self.now() {
            return self.pass(at);
        }
        self.edge.set(at);
        Ok(())
    }
}

/// A permit for an object outside any engagement.
fn permit<A: Action>(actor: &Actor) -> Result<Permit<A>> {
    let owner = actor.party.ok_or(kernel::refusal::Refusal::NotFound)?;
    Ok(authorize(actor, &Facts::of(owner))?)
}
