//! `tickmark engagement load FILE.toml`: an engagement with its people, its system, what was promised
//! and its controls, from one file.
//!
//! Everything is known by the name that people use for it (an e-mail, a code, a name), so that loading
//! the file again adds what is new and leaves what stands. The whole file is one transaction: a file
//! with a mistake changes nothing.

mod load;
mod model;

pub use load::{Loaded, load};
pub use model::EngagementFile;

use clap::{Args, Subcommand};
use platform::cli::{Answer, Context, Failed, Outcome};
use std::io::Read;
use std::path::PathBuf;

/// The longest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 8 << 20;

/// `tickmark engagement …`
#[derive(Debug, Clone, Subcommand)]
pub enum EngagementCommand {
    /// Load an engagement, its people, system, commitments and controls from one file
    Load(LoadArgs),
}

/// `tickmark engagement load`
#[derive(Debug, Clone, Args)]
pub struct LoadArgs {
    /// The file; docs/guide/engagement-file.md says what stands in it
    #[arg(value_name = "FILE.toml")]
    pub file: PathBuf,
}

impl EngagementCommand {
    /// Runs it.
    ///
    /// # Errors
    /// One sentence that names the place in the file.
    pub fn run(&self, cx: &Context) -> Outcome {
        let Self::Load(args) = self;
        let failed = |what: String| Failed(format!("{}: {what}", args.file.display()));
        let mut text = String::new();
        std::fs::File::open(&args.file)
            .and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text))
            .map_err(|e| failed(format!("cannot be read: {e}.")))?;
        if text.len() as u64 > FILE_BYTES_MAX {
            return Err(failed(format!("is longer than {FILE_BYTES_MAX} bytes.")));
        }
        let file = EngagementFile::parse(&text).map_err(failed)?;
        let organisation = cx.actor.party.ok_or(kernel::refusal::Refusal::NotFound)?;
        let mut env = cx.env();
        let loaded = cx
            .db
            .write_blocking(move |tx| load(tx, &mut env, organisation, &file))
            .map_err(|e| match e {
                platform::db::Error::Refused(refusal) => failed(refusal.to_string()),
                other => other.into(),
            })?;
        let text = format!(
            "Engagement {}: {} added, {} already there.",
            loaded.engagement, loaded.added, loaded.kept
        );
        Answer::new(&loaded, text)
    }
}
