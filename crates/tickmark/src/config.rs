//! The configuration file: TOML, and a key that is not known is an error rather than a silent
//! default.

use clap::Args;
use platform::cli::Failed;
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
    /// Where files are kept: `s3://bucket/prefix`, instead of the data directory.
    pub blobs: Option<String>,
    /// Options of the object store, by their names.
    pub blob_options: std::collections::BTreeMap<String, String>,
    /// The address to listen on.
    pub listen: Option<String>,
    /// How people reach this deployment: `https://tickmark.example`.
    pub base_url: Option<String>,
    /// The largest file that may be uploaded, in bytes.
    pub upload_bytes_max: Option<u64>,
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
        config.blobs = self.blobs.clone().or(config.blobs);
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_not_known_is_refused() {
        let refused = Config::parse("listen = \"127.0.0.1:1\"\nlisten_adress = \"x\"").unwrap_err();
        assert!(refused.contains("listen_adress"), "{refused}");
    }
}
