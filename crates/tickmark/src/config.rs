//! The configuration file: TOML, and a key that is not known is an error rather than a silent
//! default.

use crate::data::GuardPlace;
use crate::work::Outgoing;
use clap::Args;
use platform::cli::Failed;
use platform::jobs::mail::{Mailer, Protection, Settings};
use platform::jobs::trust::{Outward, Trust};
use platform::jobs::webhook::Reach;
use serde::Deserialize;
use std::path::PathBuf;

/// The largest configuration file, in bytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What may stand in the file. Options of the command line come first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The data directory.
    pub data: Option<PathBuf>,
    /// A PostgreSQL URL, instead of the database in the data directory.
    pub database_url: Option<String>,
    /// Where files are kept, instead of the data directory.
    pub blobs: Option<StoreConfig>,
    /// Where the last checkpoint of each log is kept besides the data directory.
    pub guard: Option<GuardConfig>,
    /// The mail server.
    pub mail: Option<MailConfig>,
    /// The doors by which reports come in beside the pages.
    pub intake: Option<crate::intake::IntakeConfig>,
    /// What webhooks may reach beyond the public internet.
    pub webhooks: OutwardConfig,
    /// What collectors may reach beyond it. Apart from webhooks, because people read what comes back.
    pub collectors: OutwardConfig,
    /// The address to listen on.
    pub listen: Option<String>,
    /// How people reach this deployment: `https://tickmark.example`.
    pub base_url: Option<String>,
    /// Reports in a minute up to which a reporting channel is calm; beyond it work is asked for, and
    /// reports without it are held for a person. 0: never.
    pub calm_per_minute: Option<u32>,
    /// The largest file that may be uploaded, in bytes.
    pub upload_bytes_max: Option<u64>,
}

/// `[guard]`: a file, or an object store that several servers share.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuardConfig {
    /// A file outside the data directory, best on another disk.
    pub path: Option<PathBuf>,
    /// `s3://bucket/prefix`.
    pub url: Option<String>,
    /// Options of the store, as those of `[blobs]`.
    pub options: std::collections::BTreeMap<String, String>,
}

impl GuardConfig {
    /// The one place that it names.
    ///
    /// # Errors
    /// [`Failed`] when it names none or two.
    pub fn place(self) -> Result<GuardPlace, Failed> {
        match (self.path, self.url) {
            (Some(path), None) if self.options.is_empty() => Ok(GuardPlace::File(path)),
            (Some(_), None) => Err(Failed(
                "[guard] options belong to a store; leave them out beside path.".into(),
            )),
            (None, Some(url)) => Ok(GuardPlace::Store(url, self.options.into_iter().collect())),
            (None, None) => Err(Failed(
                "[guard] names no place: write path = \"/another/disk/tickmark.guard\" or url = \"s3://bucket/prefix\".".into(),
            )),
            (Some(_), Some(_)) => {
                Err(Failed("[guard] names a path and a url; keep one of them.".into()))
            }
        }
    }
}

/// `[blobs]`: an object store.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreConfig {
    /// `s3://bucket/prefix`.
    pub url: String,
    /// Options of the store, by their names: `aws_endpoint`, `aws_region`, … What is not said here is
    /// taken from the environment (`AWS_ACCESS_KEY_ID`, …).
    #[serde(default)]
    pub options: std::collections::BTreeMap<String, String>,
}

/// `[webhooks]`, `[collectors]`: what is reached beyond the public internet, and who is trusted there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutwardConfig {
    /// Also private addresses: for a deployment whose receivers are on its own network.
    pub private_addresses: bool,
    /// Also `http://` without TLS, to this machine alone.
    pub http_to_loopback: bool,
    /// A file with the authorities, in PEM, that vouch for the servers in place of the public ones.
    pub ca_file: Option<PathBuf>,
}

impl OutwardConfig {
    /// The settings, with the authorities from their file.
    ///
    /// # Errors
    /// [`Failed`] when there is no such file, or no certificate in it.
    fn settings(&self, section: &str) -> Result<Outward, Failed> {
        let reach = Reach {
            private_addresses: self.private_addresses,
            http_to_loopback: self.http_to_loopback,
        };
        let trust = match own_authorities(section, self.ca_file.as_deref())? {
            None => Trust::default(),
            Some(pem) => Trust::own(section, &pem).map_err(|e| Failed(e.to_string()))?,
        };
        Ok(Outward { reach, trust })
    }
}

/// `[mail]`: where mail is handed over.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// `smtp://host:port` or `smtps://host:port`.
    pub url: String,
    /// The sender: `Tickmark <tickmark@example.org>`.
    pub from: String,
    /// The user name, where the server wants one.
    pub user: Option<String>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// The file that holds the password.
    pub password_file: Option<PathBuf>,
    /// `required` or `none`; see [`Protection`].
    pub tls: Option<Protection>,
    /// A file with the authorities, in PEM, that vouch for the server in place of the public ones.
    pub ca_file: Option<PathBuf>,
}

impl MailConfig {
    /// The settings, with the password from where it is kept.
    ///
    /// # Errors
    /// [`Failed`] when it is not there.
    pub fn settings(&self) -> Result<Settings, Failed> {
        let from = (self.password_env.as_deref(), self.password_file.as_deref());
        Ok(Settings {
            url: self.url.clone(),
            from: self.from.clone(),
            user: self.user.clone(),
            password: secret("[mail]", from)?,
            tls: self.tls,
            authorities: own_authorities("[mail]", self.ca_file.as_deref())?,
        })
    }
}

/// The authorities of a file that a section names; none where it names none.
///
/// # Errors
/// [`Failed`] when the file cannot be read.
pub(crate) fn own_authorities(
    section: &str,
    file: Option<&std::path::Path>,
) -> Result<Option<Vec<u8>>, Failed> {
    let read = |path: &std::path::Path| {
        std::fs::read(path).map_err(|e| {
            Failed(format!("{section} ca_file {} cannot be read: {e}.", path.display()))
        })
    };
    file.map(read).transpose()
}

/// A secret from where a section says that it is kept: an environment variable or a file.
///
/// # Errors
/// [`Failed`] when it is not there, or two places are named.
pub(crate) fn secret(
    section: &str,
    (variable_name, file): (Option<&str>, Option<&std::path::Path>),
) -> Result<Option<String>, Failed> {
    let found = match (variable_name, file) {
        (None, None) => None,
        (Some(name), None) => Some(variable(section, name)?),
        (None, Some(path)) => Some(std::fs::read_to_string(path).map_err(|e| {
            Failed(format!("{section} password_file: {} cannot be read: {e}.", path.display()))
        })?),
        (Some(_), Some(_)) => {
            return Err(Failed(format!(
                "{section} names password_env and password_file; keep one of them."
            )));
        }
    };
    Ok(found.map(|p| p.trim_end_matches(['\r', '\n']).to_owned()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the configuration says which variable holds a secret"
)]
fn variable(section: &str, name: &str) -> Result<String, Failed> {
    std::env::var(name).map_err(|_| {
        Failed(format!("{section} password_env: {name} is not set in the environment."))
    })
}

/// Options that every command with data shares.
#[derive(Debug, Clone, Default, Args)]
pub struct Where {
    /// The data directory
    #[arg(long, value_name = "DIR", global = true, env = "TICKMARK_DATA")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL URL, instead of the database in the data directory
    #[arg(long, value_name = "URL", global = true)]
    pub database_url: Option<String>,
    /// Where files are kept, s3://bucket/prefix, instead of the data directory
    #[arg(long, value_name = "URL", global = true)]
    pub blobs: Option<String>,
    /// A configuration file
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// What is wrong, naming the key.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|e| e.message().to_owned())
    }
}

impl Where {
    /// The configuration: the file, where one is named, under the options.
    ///
    /// # Errors
    /// [`Failed`] naming the key or the line.
    pub fn config(&self) -> Result<Config, Failed> {
        let mut config = match &self.config {
            None => Config::default(),
            Some(path) => {
                let size = std::fs::metadata(path).map_or(0, |m| m.len());
                if size > FILE_BYTES_MAX {
                    return Err(Failed(format!(
                        "{} is too large for a configuration file.",
                        path.display()
                    )));
                }
                let text = std::fs::read_to_string(path)
                    .map_err(|e| Failed(format!("{} cannot be read: {e}.", path.display())))?;
                Config::parse(&text).map_err(|e| Failed(format!("{}: {e}", path.display())))?
            }
        };
        config.data = self.data.clone().or(config.data);
        config.database_url = self.database_url.clone().or(config.database_url);
        if let Some(url) = &self.blobs {
            let options = config.blobs.map(|b| b.options).unwrap_or_default();
            config.blobs = Some(StoreConfig { url: url.clone(), options });
        }
        Ok(config)
    }
}

impl Config {
    /// What may leave the deployment, checked as far as it can be without connecting.
    ///
    /// # Errors
    /// [`Failed`] naming the setting.
    pub fn outgoing(&self) -> Result<Outgoing, Failed> {
        let mail = self.mail.as_ref().map(MailConfig::settings).transpose()?;
        if let Some(settings) = &mail {
            Mailer::new(settings).map_err(|e| Failed(e.to_string()))?;
        }
        Ok(Outgoing {
            mail,
            webhooks: self.webhooks.settings("[webhooks]")?,
            collectors: self.collectors.settings("[collectors]")?,
            intake: crate::intake::Intake::of(self)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Config, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn tables_are_read_and_refuse_what_they_do_not_know() {
        let text = "[blobs]\nurl = \"s3://b/p\"\n[blobs.options]\naws_region = \"x\"\n\
            [mail]\nurl = \"smtps://mail.example.org\"\nfrom = \"Tickmark <t@example.org>\"\n\
            [webhooks]\nprivate_addresses = true\n";
        let config = parsed(text).unwrap();
        assert_eq!(config.blobs.as_ref().unwrap().options["aws_region"], "x");
        let outgoing = config.outgoing().unwrap();
        assert!(outgoing.mail.is_some() && outgoing.webhooks.reach.private_addresses);
        assert!(!outgoing.webhooks.reach.http_to_loopback);
        assert!(!outgoing.collectors.reach.private_addresses, "opened for webhooks alone");
        for (section, key) in [
            ("blobs]\nurl = \"s3://b\"", "uri"),
            ("mail]\nurl = \"x\"\nfrom = \"y\"", "pasword"),
            ("webhooks]", "http"),
        ] {
            let refused = parsed(&format!("[{section}\n{key} = \"x\"\n")).unwrap_err();
            assert!(refused.to_string().contains(key), "{refused}");
        }
    }

    #[test]
    fn a_guard_is_a_file_or_a_store() {
        let place = |text: &str| {
            let guard = parsed(&format!("[guard]\n{text}")).unwrap().guard.unwrap();
            guard.place().map_err(|e| e.to_string())
        };
        assert_eq!(place("path = \"/g\""), Ok(GuardPlace::File("/g".into())));
        let options = vec![("aws_region".to_owned(), "x".to_owned())];
        assert_eq!(
            place("url = \"s3://b\"\noptions = { aws_region = \"x\" }"),
            Ok(GuardPlace::Store("s3://b".into(), options))
        );
        assert!(place("").unwrap_err().contains("names no place"));
        assert!(place("path = \"/g\"\nurl = \"s3://b\"").unwrap_err().contains("keep one"));
        let odd = place("path = \"/g\"\noptions = { aws_region = \"x\" }").unwrap_err();
        assert!(odd.contains("belong to a store"), "{odd}");
    }

    #[test]
    fn authorities_of_ones_own_are_read_when_the_program_starts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        for section in ["webhooks", "collectors"] {
            let config = parsed(&format!("[{section}]\nca_file = '{}'\n", path.display())).unwrap();
            let said = |config: &Config| config.outgoing().err().map(|e| e.to_string());
            let _ = std::fs::remove_file(&path);
            let missing = said(&config).unwrap();
            assert!(missing.starts_with(&format!("[{section}] ca_file")), "{missing}");
            std::fs::write(&path, "no certificate").unwrap();
            let empty = said(&config).unwrap();
            assert!(empty.starts_with(&format!("[{section}] ca_file: its cert")), "{empty}");
            std::fs::write(&path, include_bytes!("../../platform/tests/effects/tls/authority.pem"))
                .unwrap();
            assert_eq!(said(&config), None);
        }
    }

    #[test]
    fn a_password_comes_from_one_place_without_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, "s3cret\n").unwrap();
        let mut mail = MailConfig {
            url: "smtps://mail.example.org".into(),
            from: "t@example.org".into(),
            user: Some("u".into()),
            password_env: None,
            password_file: Some(path),
            tls: None,
            ca_file: None,
        };
        assert_eq!(mail.settings().ok().unwrap().password.as_deref(), Some("s3cret"));
        mail.password_env = Some("TICKMARK_NO_SUCH_VARIABLE".into());
        assert!(mail.settings().err().unwrap().to_string().contains("keep one"));
        mail.password_file = None;
        assert!(mail.settings().err().unwrap().to_string().contains("not set"));
    }

    #[test]
    fn a_key_that_is_not_known_is_refused() {
        let refused = Config::parse("listen = \"127.0.0.1:1\"\nlisten_adress = \"x\"").unwrap_err();
        assert!(refused.contains("listen_adress"), "{refused}");
    }
}
