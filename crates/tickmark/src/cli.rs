//! The command line: every command on one screen.

use crate::config::{GuardConfig, Where};
use crate::data::{self, Deployment, GuardPlace, Options};
use crate::serve::{self, ServeOptions};
use crate::verify::VerifyArgs;
use cases::service::gate::CALM_PER_MINUTE;
use clap::{Args, CommandFactory, Parser, Subcommand};
use kernel::party::Actor;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::Conn;
use platform::edge::{Edge, SystemEdge};
use serde::Serialize;
use std::fmt::{Display, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

/// Runs a SOC 2 engagement end to end.
#[derive(Debug, Parser)]
#[command(name = "tickmark", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// Print one JSON document on standard output and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
    /// Where the data is.
    #[command(flatten)]
    pub location: Where,
    /// Act as this person (by e-mail); otherwise as the first administrator of the first organisation
    #[arg(long = "as", value_name = "EMAIL", global = true)]
    pub person: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages and the API
    Serve(ServeArgs),
    /// Make a fictional engagement and serve it
    Demo(crate::demo::DemoArgs),
    /// Make a new data directory with an organisation and its first administrator
    Init(InitArgs),
    /// Bring the schema of the database up to date
    Migrate,
    /// Check that everything needed to serve is there
    Check,
    /// Copy the data directory into one file while it is in use
    Backup(FileArgs),
    /// Restore a backup into an empty data directory
    Restore(FileArgs),
    /// Look for problems; accept a restored database
    Doctor(DoctorArgs),
    /// Sample sizes, evaluation and selection
    #[command(subcommand)]
    Sample(SampleCommand),
    /// Data sets: freeze them, test them whole
    #[command(subcommand)]
    Population(crate::data_sets::PopulationCommand),
    /// Deadlines and elapsed time under a calendar
    #[command(subcommand)]
    Clock(cases::cli::clock::ClockCommand),
    /// Availability in a window, by a stated rule
    Availability(commitments::cli::AvailabilityArgs),
    /// Engagements
    #[command(subcommand)]
    Engagement(crate::engagement_file::EngagementCommand),
    /// The case register
    #[command(subcommand)]
    Cases(cases::cli::register::CasesCommand),
    /// Evidence that is asked of other systems
    #[command(subcommand)]
    Evidence(evidence::collectors::cli::EvidenceCommand),
    /// The firm's file: plans, populations, samples, tests, conclusions
    #[command(subcommand)]
    Examine(examination::cli::examine::ExamineCommand),
    /// The opinion
    #[command(subcommand)]
    Opinion(examination::cli::OpinionCommand),
    /// The report: build, describe, assert, issue
    #[command(subcommand)]
    Report(reporting::cli::ReportCommand),
    /// Write an engagement as a file that anybody can verify
    #[command(subcommand)]
    Export(ExportCommand),
    /// What waits to be sent or done, what failed, and deciding about it
    #[command(subcommand)]
    Jobs(crate::jobs::JobsCommand),
    /// Take in what a mail server hands over
    #[command(subcommand)]
    Intake(crate::intake::IntakeCommand),
    /// Go over all open cases and compare what had to be escalated with what was
    Watchdog,
    /// Verify a data directory, a package, a receipt or a report, offline
    Verify(VerifyArgs),
    /// Make everything in a package that follows by rule again, and name what comes out otherwise
    Reperform(crate::reperform::ReperformArgs),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// `tickmark sample …`
#[derive(Debug, Subcommand)]
pub enum SampleCommand {
    /// How many items to test
    Size(examination::cli::SizeArgs),
    /// What a tested sample shows
    Evaluate(examination::cli::EvaluateArgs),
    /// Which items to test, derivable again by anybody
    Select(crate::data_sets::SelectArgs),
}

/// `tickmark export …`
#[derive(Debug, Subcommand)]
pub enum ExportCommand {
    /// Everything of the engagement, with its proofs
    Package(reporting::cli::BuildArgs),
}

/// `tickmark serve`
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The address to listen on
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// How people reach this deployment, such as `https://tickmark.example`
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Reports in a minute up to which a channel is calm; beyond it browsers are asked for work, and
    /// reports without it are held for a person. 0: never
    #[arg(long, value_name = "N")]
    pub calm_per_minute: Option<u32>,
}

/// `tickmark init`
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The service organisation's name
    #[arg(long, value_name = "NAME")]
    pub organization: String,
    /// The first administrator's e-mail
    #[arg(long, value_name = "EMAIL")]
    pub admin: String,
    /// The name under which the logs are signed; the host's name is a good one
    #[arg(long, value_name = "NAME", default_value = "tickmark.local")]
    pub name: String,
}

/// A file to write or read.
#[derive(Debug, Args)]
pub struct FileArgs {
    /// The file
    pub file: PathBuf,
}

/// `tickmark doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Take the database as it is for the truth, after you restored it knowingly
    #[arg(long)]
    pub accept_restored: bool,
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// One plain sentence; the exit code is then 2.
    pub fn run(&self) -> Outcome {
        match &self.command {
            Command::Serve(args) => self.serve(args),
            Command::Demo(args) => args.run(self.location.config()?.data),
            Command::Init(args) => self.init(args),
            Command::Migrate | Command::Check => self.check(),
            Command::Backup(args) => {
                crate::backup::backup(&self.folder()?, &self.deployment(false)?, &args.file)
            }
            Command::Restore(args) => crate::backup::restore(&self.folder()?, &args.file),
            Command::Doctor(args) => self.doctor(args),
            Command::Sample(SampleCommand::Size(args)) => answer(&args.run()?, 0),
            Command::Sample(SampleCommand::Evaluate(args)) => {
                args.run().map_err(Failed::from).and_then(|a| answer(&a, a.exit_code()))
            }
            Command::Sample(SampleCommand::Select(args)) => args.run(),
            Command::Population(command) => command.run(),
            Command::Clock(command) => answer(&command.run()?, 0),
            Command::Availability(args) => {
                args.run().map_err(Failed::from).and_then(|a| answer(&a, a.exit_code()))
            }
            Command::Engagement(command) => command.run(&self.context()?),
            Command::Cases(command) => command.run(&self.context()?),
            Command::Evidence(command) => {
                command.run(&self.context()?, self.location.config()?.outgoing()?.collectors)
            }
            Command::Examine(command) => command.run(&self.context()?),
            Command::Opinion(command) => {
                command.run().map_err(Failed::from).and_then(|a| answer(&a, a.exit_code()))
            }
            Command::Report(command) => reporting::cli::report(&self.context()?, command.clone()),
            Command::Export(ExportCommand::Package(args)) => {
                reporting::cli::export_package(&self.context()?, args)
            }
            Command::Jobs(command) => command.run(&self.deployment(false)?),
            Command::Intake(command) => {
                command.run(&self.deployment(false)?, &self.location.config()?)
            }
            Command::Watchdog => crate::jobs::watchdog(&self.deployment(false)?),
            Command::Verify(args) => args.run(self.guard()?.as_ref()),
            Command::Reperform(args) => args.run(),
            Command::Completions { shell } => Ok(completions(*shell)),
        }
    }

    fn folder(&self) -> Result<PathBuf, Failed> {
        self.location.config()?.data.ok_or_else(|| {
            Failed("Say where the data is: --data DIR, or TICKMARK_DATA in the environment.".into())
        })
    }

    /// Where checkpoints are kept besides the data directory, if the configuration says so.
    fn guard(&self) -> Result<Option<GuardPlace>, Failed> {
        self.location.config()?.guard.map(GuardConfig::place).transpose()
    }

    fn deployment(&self, accept_restored: bool) -> Result<Deployment, Failed> {
        let config = self.location.config()?;
        let options = Options {
            database_url: config.database_url,
            blobs: config.blobs.as_ref().map(|b| b.url.clone()),
            blob_options: config.blobs.map(|b| b.options.into_iter().collect()).unwrap_or_default(),
            guard: config.guard.map(GuardConfig::place).transpose()?,
            accept_restored,
        };
        data::open(&self.folder()?, &options)
    }

    /// An opened deployment and the person who acts.
    ///
    /// # Errors
    /// When there is no deployment, or no such person.
    pub fn context(&self) -> Result<Context, Failed> {
        let deployment = self.deployment(false)?;
        let actor = self.actor(&deployment)?;
        Ok(Context {
            db: deployment.db,
            journal: deployment.journal,
            blobs: deployment.blobs,
            edge: Arc::new(SystemEdge),
            actor,
        })
    }

    fn actor(&self, deployment: &Deployment) -> Result<Actor, Failed> {
        let (email, now) = (self.person.clone(), SystemEdge.env().now());
        let found = move |conn: &mut Conn<'_>| crate::who::actor(conn, email.as_deref(), now);
        Ok(deployment.db.read_blocking(found)?)
    }

    fn serve(&self, args: &ServeArgs) -> Outcome {
        let config = self.location.config()?;
        let outgoing = config.outgoing()?;
        let options = ServeOptions {
            listen: args.listen.clone().or(config.listen).unwrap_or_else(|| serve::LISTEN.into()),
            base_url: args.base_url.clone().or(config.base_url),
            calm_per_minute: args
                .calm_per_minute
                .or(config.calm_per_minute)
                .unwrap_or(CALM_PER_MINUTE),
            upload_bytes_max: config.upload_bytes_max.unwrap_or(serve::UPLOAD_BYTES_MAX),
            demonstration: false,
        };
        serve::run(&self.deployment(false)?, &options, &outgoing)?;
        Answer::new(&serde_json::json!({ "stopped": true }), "Stopped.")
    }

    fn init(&self, args: &InitArgs) -> Outcome {
        let folder = self.folder()?;
        data::create(&folder, &args.name, &SystemEdge)?;
        let deployment = self.deployment(false)?;
        let (organization, admin) = (args.organization.clone(), args.admin.clone());
        let mut env = SystemEdge.env();
        let made = deployment.db.write_blocking(move |tx| {
            identity::service::bootstrap(tx, &mut env, &organization, &admin, "Administrator")
        });
        let (party, person, code) = match made {
            Ok(made) => made,
            Err(e) => {
                drop(deployment);
                data::remove_new(&folder)?;
                return Err(e.into());
            }
        };
        let link = format!("/invitation/{code}");
        let json =
            serde_json::json!({ "organization": party, "admin": person, "invitation": link });
        Answer::new(
            &json,
            format!(
                "{} is ready. Start it with `tickmark serve --data {}`, then open {link} there to set the password of {}. The link works once.",
                args.organization,
                folder.display(),
                args.admin
            ),
        )
    }

    fn check(&self) -> Outcome {
        let outgoing = self.location.config()?.outgoing()?;
        let deployment = self.deployment(false)?;
        let (tables, mails) = deployment.db.read_blocking(|conn| {
            Ok((conn.schema()?.len(), platform::jobs::store::waiting_of_kind(conn, "mail")?))
        })?;
        let sent = outgoing.mail.is_some();
        let json = serde_json::json!({
            "ready": true, "tables": tables, "mail_configured": sent, "mail_waiting": mails,
        });
        let mut text =
            format!("Ready: the schema is up to date ({tables} tables) and agrees with the guard.");
        if !sent {
            let _ = write!(
                text,
                "\nNo mail server is configured ([mail] in the configuration file); {mails} mails wait for one."
            );
        }
        Answer::new(&json, text)
    }

    fn doctor(&self, args: &DoctorArgs) -> Outcome {
        if args.accept_restored {
            let deployment = self.deployment(true)?;
            let accepted = deployment.journal.accepted();
            let text = if accepted.is_empty() {
                "The database already agreed with the guard; nothing was changed.".to_owned()
            } else {
                format!("Accepted as it is:\n{}", accepted.join("\n"))
            };
            return Answer::new(&serde_json::json!({ "accepted": accepted }), text);
        }
        VerifyArgs { path: self.folder()?, key: None }.run(self.guard()?.as_ref())
    }
}

fn answer(value: &(impl Serialize + Display), exit_code: u8) -> Outcome {
    Ok(Answer::new(value, value.to_string())?.no_if(exit_code == 1))
}

fn completions(shell: clap_complete::Shell) -> Answer {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tickmark", &mut out);
    let text = String::from_utf8_lossy(&out).into_owned();
    Answer { json: serde_json::Value::String(text.clone()), text, no: false }
}
