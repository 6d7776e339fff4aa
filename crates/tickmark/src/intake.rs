//! `[intake]` in the configuration and `tickmark intake …`: the doors by which reports come in beside
//! the pages.

use crate::carrier::Sender;
use crate::config::{Config, own_authorities, secret};
use crate::data::Deployment;
use cases::canaries::jobs::{self as canary_jobs, Carrier, Run};
use cases::door;
use cases::mailroom::jobs::{self as mail_jobs, Door, Poll, Sort, Update};
use cases::mailroom::service::{self as mailroom, KEPT_BYTES_MAX, Setup};
use cases::totals::jobs::{self as total_jobs, CountYesterday};
use clap::Subcommand;
use platform::cli::{Answer, Failed, Outcome};
use platform::edge::{Edge, SystemEdge};
use platform::http::App;
use platform::inbound::{Mailbox, Settings};
use platform::jobs::{Runner, schedule};
use serde::Deserialize;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

/// `[intake]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeConfig {
    /// Whose doors these are, `pty_…`; needed only where several organisations receive reports.
    pub organisation: Option<String>,
    /// `[intake.mail]`: the door for mail.
    pub mail: Option<MailDoorConfig>,
    /// `[intake.imap]`: the mailbox that is visited for it.
    pub imap: Option<ImapConfig>,
}

/// `[intake.mail]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailDoorConfig {
    /// The address to which people write. The mail server must also deliver `name+anything@…` there.
    pub address: String,
    /// The channel's name on its cases.
    #[serde(default = "email")]
    pub channel: String,
    /// The server whose `Authentication-Results` count: its name as it writes it there.
    pub trusted: Option<String>,
}

/// `[intake.imap]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapConfig {
    /// `imaps://host:port`.
    pub url: String,
    /// The user name.
    pub user: String,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// The file that holds the password.
    pub password_file: Option<PathBuf>,
    /// A file with the authorities, in PEM, that vouch for the server in place of the public ones.
    pub ca_file: Option<PathBuf>,
    /// The folder that is read.
    #[serde(default = "inbox")]
    pub folder: String,
    /// How often it is visited, in minutes, 1 to 60.
    #[serde(default = "five")]
    pub every_minutes: u8,
}

fn email() -> String {
    "email".to_owned()
}
fn inbox() -> String {
    "INBOX".to_owned()
}
const fn five() -> u8 {
    5
}

/// The doors, as far as they are set up.
#[derive(Clone, Default)]
pub struct Intake {
    config: Option<IntakeConfig>,
    mailbox: Option<Settings>,
    sent_from: Option<String>,
}

impl Intake {
    /// The doors of a configuration, checked as far as that goes without connecting.
    ///
    /// # Errors
    /// [`Failed`] naming the setting.
    pub fn of(config: &Config) -> Result<Self, Failed> {
        let Some(intake) = &config.intake else { return Ok(Self::default()) };
        if intake.imap.is_some() && intake.mail.is_none() {
            return Err(Failed(
                "[intake.imap] reads a mailbox for the door that [intake.mail] describes; write its address there.".into(),
            ));
        }
        if let Some(mail) = &intake.mail
            && !platform::jobs::mail::is_address(&mail.address)
        {
            return Err(Failed(format!(
                "[intake.mail] address = “{}” is not an address to which mail can be sent.",
                mail.address
            )));
        }
        let mailbox = intake.imap.as_ref().map(ImapConfig::settings).transpose()?;
        if let Some(settings) = &mailbox {
            Mailbox::new(settings.clone()).map_err(|e| Failed(e.to_string()))?;
        }
        let from = config.mail.as_ref().map(|m| m.from.as_str());
        Ok(Self {
            config: Some(intake.clone()),
            mailbox,
            sent_from: from.and_then(platform::jobs::mail::domain_of),
        })
    }

    /// How the door for mail is set up; none where there is none.
    ///
    /// # Errors
    /// [`Failed`] when it cannot be told whose door it is.
    fn mail_door(&self, deployment: &DoorOf<'_>) -> Result<Option<Setup>, Failed> {
        let Some((config, mail)) = self.config.as_ref().and_then(|c| Some((c, c.mail.as_ref()?)))
        else {
            return Ok(None);
        };
        let named = config.organisation.clone();
        let organisation = deployment
            .db
            .read_blocking(|conn| door::organisation(conn, named.as_deref()))
            .map_err(|e| Failed(format!("[intake] organisation: {e}")))?;
        Ok(Some(Setup {
            organisation: organisation.id,
            address: mail.address.clone(),
            channel: mail.channel.clone(),
            trusted: mail.trusted.clone(),
            sent_from: self.sent_from.clone(),
            base_url: deployment.base_url.trim_end_matches('/').to_owned(),
        }))
    }

    /// The same runner, which also does what the doors plan; with the visits to the mailbox scheduled.
    ///
    /// # Errors
    /// [`Failed`] naming a setting that cannot be used, or when the database refuses.
    pub fn add_to(&self, runner: Runner, app: &App) -> Result<Runner, Failed> {
        let of = DoorOf { db: &app.db, base_url: &app.base_url };
        let setup = self.mail_door(&of)?;
        // A canary goes by mail where mail is both sent and received.
        let both = setup.clone().filter(|_| self.sent_from.is_some());
        let (looks, now) = (canary_jobs::looks(), app.env().now());
        app.db.write_blocking(move |tx| {
            schedule(tx, &looks, now)?;
            schedule(tx, &total_jobs::nightly(), now)
        })?;
        let sender: Arc<dyn Carrier> = Arc::new(Sender::new(app, both));
        let runner =
            runner.with(canary_jobs::RUN, Run(sender)).with(total_jobs::COUNT, CountYesterday);
        let Some(setup) = setup else { return Ok(runner) };
        let door = Door { setup, blobs: app.blobs.clone() };
        let mut runner = runner
            .with(mail_jobs::SORT, Sort(door.clone()))
            .with(mail_jobs::UPDATE, Update(door.clone()));
        let every = self.config.as_ref().and_then(|c| c.imap.as_ref()).map(|i| i.every_minutes);
        if let (Some(settings), Some(every)) = (&self.mailbox, every) {
            let visits = mail_jobs::visits(&door.setup, every);
            let now = app.env().now();
            app.db.write_blocking(move |tx| schedule(tx, &visits, now))?;
            let mailbox = Mailbox::new(settings.clone()).map_err(|e| Failed(e.to_string()))?;
            runner = runner.with(mail_jobs::POLL, Poll { door, mailbox });
        }
        Ok(runner)
    }
}

/// Where a door leads: the database behind it, and the address of the pages.
struct DoorOf<'d> {
    db: &'d platform::db::Db,
    base_url: &'d str,
}

impl ImapConfig {
    fn settings(&self) -> Result<Settings, Failed> {
        let from = (self.password_env.as_deref(), self.password_file.as_deref());
        let password = secret("[intake.imap]", from)?.ok_or_else(|| {
            Failed("[intake.imap] needs a password: password_env or password_file.".into())
        })?;
        Ok(Settings {
            authorities: own_authorities("[intake.imap]", self.ca_file.as_deref())?,
            url: self.url.clone(),
            user: self.user.clone(),
            password,
            folder: self.folder.clone(),
        })
    }
}

/// `tickmark intake …`
#[derive(Debug, Clone, Subcommand)]
pub enum IntakeCommand {
    /// Take in one message from standard input, as a mail server hands it over
    ///
    /// Exit code 75 asks the mail server to keep the message and to try again later.
    Email,
}

impl IntakeCommand {
    /// Runs it.
    ///
    /// # Errors
    /// [`Failed`] when the message could not be kept: the mail server must keep it.
    pub fn run(&self, deployment: &Deployment, config: &Config) -> Outcome {
        let Self::Email = self;
        let base_url = config.base_url.clone().unwrap_or_default();
        let of = DoorOf { db: &deployment.db, base_url: &base_url };
        let setup = Intake::of(config)?.mail_door(&of)?.ok_or_else(|| {
            Failed("There is no door for mail: describe it under [intake.mail] in the configuration file.".into())
        })?;
        let mut raw = Vec::new();
        let most = KEPT_BYTES_MAX as u64;
        std::io::stdin()
            .lock()
            .take(most + 1)
            .read_to_end(&mut raw)
            .map_err(|e| Failed(format!("The message could not be read: {e}.")))?;
        if raw.len() > KEPT_BYTES_MAX {
            return Err(Failed(format!(
                "The message is longer than {most} bytes. Set a lower limit in the mail server, so that the sender is told."
            )));
        }
        let edge = SystemEdge;
        let what = (raw.as_slice(), true, "stdin");
        let id = mailroom::take_in(&deployment.db, &deployment.blobs, edge.env(), &setup, what)?;
        // It is kept and its sorting is planned; should sorting fail now, the server does it.
        let sorted =
            mailroom::sort(&deployment.db, &deployment.blobs, &edge.env(), &setup, (id, true));
        let outcome = match &sorted {
            Ok(mail) => mail.outcome.word(),
            Err(e) => {
                tracing::error!(error = %e, mail = %id, "a mail could not be sorted yet");
                "waiting"
            }
        };
        let case = sorted.ok().and_then(|mail| mail.case);
        let json = serde_json::json!({ "mail": id, "outcome": outcome, "case": case });
        Answer::new(&json, format!("Taken in as {id}: {outcome}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intake(text: &str) -> Result<Intake, String> {
        let config = Config::parse(text)?;
        Intake::of(&config).map_err(|e| e.to_string())
    }

    #[test]
    fn the_doors_are_read_and_refuse_what_would_not_work() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "s3cret\n").unwrap();
        let imap = format!(
            "[intake.imap]\nurl = \"imaps://mail.example.org\"\nuser = \"u\"\npassword_file = {path:?}\n"
        );
        let mail = "[mail]\nurl = \"smtps://mail.example.org\"\nfrom = \"Tickmark <t@Alder.example>\"\n[intake.mail]\naddress = \"report@alder.example\"\n";
        let read = intake(&format!("{mail}{imap}")).unwrap();
        assert_eq!(read.sent_from.as_deref(), Some("alder.example"));
        assert_eq!(read.mailbox.as_ref().unwrap().password, "s3cret");
        assert!(intake(&imap).err().unwrap().contains("[intake.mail]"));
        assert!(intake("[intake.mail]\naddress = \"nobody\"\n").err().unwrap().contains("address"));
        assert!(intake("[intake.mail]\nadress = \"x\"\n").err().unwrap().contains("adress"));
        let open = imap.replace("imaps", "imap");
        assert!(intake(&format!("{mail}{open}")).err().unwrap().contains("unprotected"));
    }
}
