//! Measures the running product beside the limits of the machine it runs on.
//!
//! ```text
//! ./x bench                    every row, in less than 25 minutes; writes docs/benchmarks.md
//! ./x bench submissions report these rows; writes their tables
//! ./x bench --quick            small sizes, in less than two minutes; writes nothing
//! ./x bench --out FILE         writes there; a new file receives the tables alone
//! ./x bench --postgres URL     the row `drivers` on this PostgreSQL server, too
//! ```
//!
//! | file | holds |
//! |---|---|
//! | `http.rs` | a client over a kept connection; closed loops of many clients |
//! | `product.rs` | the program: made, served, signed in to, stopped |
//! | `limits.rs` | what the machine could do at best |
//! | `bare_rows.rs` | what SQLite alone does with the rows of a report |
//! | `figures.rs` | medians, limits, targets, tables |
//! | `document.rs`, `machine.rs` | docs/benchmarks.md, the machine's description |
//! | `rows/` | one file per row |
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and its own surroundings, and waits"
)]

mod bare_rows;
mod document;
mod figures;
mod http;
mod limits;
mod machine;
mod product;
mod rows;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What a row returns; any failure ends the run with its sentence.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What every row is told.
pub struct Bench {
    /// The program under measurement.
    pub program: PathBuf,
    /// An empty folder on the disk to be measured; removed at the end.
    pub work: PathBuf,
    /// Small sizes.
    pub quick: bool,
    /// A PostgreSQL server.
    pub postgres: Option<String>,
}

impl Bench {
    /// How often a figure is taken.
    pub const fn runs(&self) -> usize {
        if self.quick { 1 } else { 3 }
    }

    /// How long a closed loop runs before it counts, and how long it counts.
    pub const fn spans(&self) -> (Duration, Duration) {
        if self.quick {
            (Duration::from_millis(200), Duration::from_millis(600))
        } else {
            (Duration::from_millis(1000), Duration::from_millis(3000))
        }
    }

    /// A fresh path in the folder.
    pub fn fresh(&self, name: &str) -> PathBuf {
        (0..)
            .map(|n| self.work.join(format!("{name}-{n}")))
            .find(|p| !p.exists())
            .unwrap_or_default()
    }
}

/// Says something to whoever waits.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

struct Arguments {
    quick: bool,
    rows: Vec<String>,
    out: Option<PathBuf>,
    postgres: Option<String>,
}

fn arguments() -> Result<Arguments> {
    let mut found = Arguments { quick: false, rows: Vec::new(), out: None, postgres: None };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--quick" => found.quick = true,
            "--out" => found.out = Some(given.next().ok_or("--out needs a file")?.into()),
            "--postgres" => {
                found.postgres = Some(given.next().ok_or("--postgres needs a URL")?);
            }
            name if rows::ALL.iter().any(|row| row.name == name) => found.rows.push(argument),
            other => {
                let names: Vec<_> = rows::ALL.iter().map(|row| row.name).collect();
                return Err(format!(
                    "bench: {other} is neither an option (--quick, --out FILE, --postgres URL) nor a row ({}).",
                    names.join(", ")
                )
                .into());
            }
        }
    }
    Ok(found)
}

fn run() -> Result<()> {
    let arguments = arguments()?;
    let here = std::env::current_exe()?;
    let folder = here.parent().ok_or("the benchmark is in no folder")?;
    // Beside the build, so that it is the disk that people would use and not one in memory.
    let work = tempfile::Builder::new().prefix("bench-").tempdir_in(folder)?;
    let bench = Bench {
        program: folder.join("tickmark"),
        work: work.path().to_owned(),
        quick: arguments.quick,
        postgres: arguments.postgres,
    };
    if !bench.program.exists() {
        return Err(
            format!("{} is not built. Start with ./x bench.", bench.program.display()).into()
        );
    }
    let out = match (arguments.out, arguments.quick) {
        (Some(path), _) => Some(path),
        (None, true) => None,
        (None, false) => Some(PathBuf::from("docs/benchmarks.md")),
    };
    // Targets speak of the product that ships, at full size.
    let judged = !bench.quick && !cfg!(debug_assertions);
    let machine = machine::described(&bench.work)?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{machine}")?;
    if let Some(out) = &out {
        document::put(out, "machine", &machine)?;
    }
    for row in rows::ALL {
        if !arguments.rows.is_empty() && !arguments.rows.iter().any(|name| name == row.name) {
            continue;
        }
        say(&format!("{}: {}", row.name, row.about));
        let (before, began) = (machine::load_average(), Instant::now());
        let lines = (row.run)(&bench)?;
        let taken = document::taken(&before, began.elapsed(), bench.quick);
        writeln!(
            stdout,
            "\n{}: {}\n{taken}\n{}",
            row.name,
            row.about,
            figures::columns(&lines, judged)
        )?;
        if let Some(out) = &out {
            document::put(
                out,
                row.name,
                &format!("{taken}\n\n{}", figures::table(&lines, judged)),
            )?;
        }
    }
    if let Some(out) = out {
        writeln!(stdout, "Written to {}", out.display())?;
    }
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            say(&e.to_string());
            ExitCode::FAILURE
        }
    }
}
