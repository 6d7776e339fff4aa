//! The `tickmark` command.

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;
use tickmark::cli::Cli;
use tracing_subscriber::EnvFilter;

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("TICKMARK_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).json().init();
    let mut out = std::io::stdout().lock();
    match cli.run() {
        Ok(answer) => {
            let text = if cli.json { answer.json.to_string() } else { answer.text };
            // A reader that went away (`tickmark … | head`) is not a failure of the command.
            let _ = writeln!(out, "{text}");
            ExitCode::from(u8::from(answer.no))
        }
        Err(failed) => {
            let _ = writeln!(std::io::stderr().lock(), "{failed}");
            // A mail server keeps a message that comes back with EX_TEMPFAIL, and bounces any other.
            let mail = matches!(cli.command, tickmark::cli::Command::Intake(_));
            ExitCode::from(if mail { 75 } else { 2 })
        }
    }
}
