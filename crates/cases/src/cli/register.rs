//! `tickmark cases`: taking over a register kept elsewhere, and the figures about the cases here.

use super::folder::{Input, open};
use crate::intake;
use crate::permits::{ImportCases, ReadCases};
use crate::rules::analysis::{Analyser, AnalysisOptions, CaseFacts, ChangeFacts, Percentile};
use crate::rules::import::{FileEnd, ImportedChange, Mapping, RefusedRow};
use crate::store;
use clap::{Args, Subcommand};
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::cli::{Answer, Context, Failed, Outcome};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

/// The longest mapping file, in bytes.
const MAPPING_BYTES_MAX: u64 = 1 << 20;
/// Refused rows listed in the answer; all of them go to the file named by `--refused`.
const REFUSED_LISTED_MAX: usize = 1_000;

/// `tickmark cases …`
#[derive(Debug, Clone, Subcommand)]
pub enum CasesCommand {
    /// Take over a register kept elsewhere, one row per case or per event
    Import(ImportArgs),
    /// Print the figures about the cases, each with its definition
    Analyse(AnalyseArgs),
    /// Write the register as a table, one row for each case
    Export(super::export::ExportArgs),
    /// Bring the index of words up to date at once; a server does so by itself, little by little
    Index(IndexArgs),
    /// Print what the history says: what comes again, what may not be reported, what fails again
    Patterns(crate::patterns::cli::PatternsArgs),
}

/// `tickmark cases import`
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// The file: CSV or JSON, also gzipped; or a folder of JSON documents, or of Markdown files, each with a head of named values
    pub file: PathBuf,
    /// What its columns mean
    #[arg(long, value_name = "FILE")]
    pub mapping: PathBuf,
    /// Where to write every refused row, one JSON document a line
    #[arg(long, value_name = "FILE")]
    pub refused: Option<PathBuf>,
}

/// `tickmark cases analyse`
#[derive(Debug, Clone, Args)]
pub struct AnalyseArgs {
    /// Only cases reported at this time or later, in RFC 3339
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Only cases reported before this time, in RFC 3339
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// Rule of the percentiles: linear or nearest
    #[arg(long, default_value = "linear")]
    pub percentile: String,
}

/// `tickmark cases index`
#[derive(Debug, Clone, Args)]
pub struct IndexArgs {
    /// Throw the index away first and make it anew
    #[arg(long)]
    pub anew: bool,
}

impl IndexArgs {
    fn run(&self, cx: &Context) -> Outcome {
        let owner = scope::<ReadCases>(&cx.actor)?.party();
        if self.anew {
            cx.db.write_blocking(move |tx| crate::views::store::words::clear(tx, owner))?;
        }
        let entries = crate::views::jobs::index_all(&cx.db, owner)?;
        let text = match entries {
            0 => "The index was up to date.".to_owned(),
            n => format!("{n} entries of the record were looked at; the index is up to date."),
        };
        Answer::new(&serde_json::json!({ "entries": entries }), text)
    }
}

impl CasesCommand {
    /// Runs it.
    ///
    /// # Errors
    /// One sentence; the exit code is then 2.
    pub fn run(&self, cx: &Context) -> Outcome {
        match self {
            Self::Import(args) => args.run(cx),
            Self::Analyse(args) => args.run(cx),
            Self::Export(args) => args.run(cx),
            Self::Index(args) => args.run(cx),
            Self::Patterns(args) => args.run(cx),
        }
    }
}

impl ImportArgs {
    fn run(&self, cx: &Context) -> Outcome {
        let owner = cx.actor.party.ok_or(Refusal::NotFound)?;
        let permit = authorize::<ImportCases>(&cx.actor, &Facts::of(owner))?;
        let file = open(&self.mapping)?;
        let long = file.metadata().map_or(0, |m| m.len()) > MAPPING_BYTES_MAX;
        let text = if long {
            Err(format!(
                "It is longer than {MAPPING_BYTES_MAX} bytes; a mapping is a short list of columns and words."
            ))
        } else {
            std::io::read_to_string(file).map_err(|e| e.to_string())
        };
        let text = text.map_err(|e| {
            Failed(format!("{} is not a mapping file. {e}", self.mapping.display()))
        })?;
        let mapping = Mapping::parse(&text)
            .map_err(|e| Failed(format!("{}: {e}", self.mapping.display())))?;
        let mut sink = self.refused.as_deref().map(|path| {
            File::create(path)
                .map(BufWriter::new)
                .map_err(|e| Failed(format!("{} cannot be written: {e}", path.display())))
        });
        if let Some(Err(e)) = sink {
            return Err(e);
        }
        let Input { from, files } = Input::of(&self.file, mapping.format())?;
        let mut listed: Vec<Refused> = Vec::new();
        let mut lost = None;
        let report = intake::import(
            &cx.db,
            &cx.edge,
            permit,
            mapping,
            from,
            |_| true,
            |row| {
                let row = Refused::of(row, &files);
                if let Some(Ok(sink)) = &mut sink
                    && let Err(e) = serde_json::to_writer(&mut *sink, &row)
                        .map_err(std::io::Error::from)
                        .and_then(|()| sink.write_all(b"\n"))
                {
                    lost = Some(e);
                }
                if listed.len() < REFUSED_LISTED_MAX {
                    listed.push(row);
                }
            },
        )?;
        if let Some(Ok(mut sink)) = sink
            && let Err(e) = sink.flush()
        {
            lost = Some(e);
        }
        if let Some(e) = lost {
            return Err(Failed(format!(
                "The good rows were recorded, but the refused ones could not be written: {e}. Run the import again with another --refused file; rows already recorded are passed over."
            )));
        }
        let mut text = format!(
            "{} rows: {} recorded, {} refused, {} said nothing new.",
            report.rows, report.accepted, report.refused, report.duplicates
        );
        for row in listed.iter().take(20) {
            text.push_str(&format!("\n{}", row.sentence()));
        }
        if report.refused > 20 {
            text.push_str("\n… use --json or --refused FILE to see every refused row.");
        }
        match &report.end {
            Some(FileEnd::CutShort { reason }) => {
                text.push_str(&format!("\nThe file was not read to its end: {reason}."));
            }
            Some(FileEnd::Complete { final_line_break: false }) => {
                text.push_str(
                    "\nThe last row has no line break, so its last value may have been cut.",
                );
            }
            _ => {}
        }
        for path in &report.never_found {
            text.push_str(&format!(
                "\nNo document has anything at “{path}”; check that the mapping spells it right."
            ));
        }
        let json = serde_json::json!({ "report": report, "refused": listed });
        Answer::new(&json, text)
    }
}

/// A refused row, and of which file of a folder it is.
#[derive(Debug, Clone, serde::Serialize)]
struct Refused {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(flatten)]
    row: RefusedRow,
}

impl Refused {
    /// Of the files whose first lines these are; the line is then counted in its own file.
    fn of(row: &RefusedRow, files: &[(u64, String)]) -> Self {
        let mut row = row.clone();
        let file = files.iter().take_while(|(first, _)| *first <= row.line).last();
        row.line -= file.map_or(0, |(first, _)| first - 1);
        Self { file: file.map(|(_, name)| name.clone()), row }
    }

    fn sentence(&self) -> String {
        let faults = self.row.faults.iter().map(|f| match &f.column {
            Some(column) => format!("column {column}, “{}”: {}", f.value, f.reason),
            None => f.reason.to_string(),
        });
        let faults = faults.collect::<Vec<_>>().join("; ");
        let file = self.file.as_ref().map(|name| format!(" of {name}")).unwrap_or_default();
        format!("row {} (line {}{file}): {faults}", self.row.row, self.row.line)
    }
}

fn time(option: &str, text: Option<&String>) -> Result<Option<Timestamp>, Failed> {
    text.map(|t| Timestamp::parse(t).map_err(|e| Failed(format!("{option}: {e}.")))).transpose()
}

impl AnalyseArgs {
    fn run(&self, cx: &Context) -> Outcome {
        let owner = scope::<ReadCases>(&cx.actor)?.party();
        let percentile = Percentile::from_word(&self.percentile).ok_or_else(|| {
            Failed(format!("--percentile: “{}” is neither linear nor nearest.", self.percentile))
        })?;
        let options = AnalysisOptions {
            from: time("--from", self.from.as_ref())?,
            to: time("--to", self.to.as_ref())?,
            percentile,
            ..AnalysisOptions::default()
        };
        let analysis = cx.db.read_blocking(|conn| {
            let mut histories: HashMap<String, Vec<ChangeFacts>> = HashMap::new();
            store::each_change(conn, owner, |change: ImportedChange| {
                histories.entry(change.key.clone()).or_default().push(ChangeFacts::from(&change));
                Ok(())
            })?;
            let mut analyser = Analyser::new(options);
            store::each_case(conn, owner, |case, snapshot| {
                let facts =
                    snapshot.as_ref().map_or_else(|| store::facts_of(&case), CaseFacts::from);
                let mut history = histories.remove(&facts.number).unwrap_or_default();
                analyser.add(&facts, &mut history);
                Ok(())
            })?;
            Ok(analyser.finish())
        })?;
        let figures = analysis.figures();
        let text = serde_json::to_string_pretty(&figures).unwrap_or_default();
        Answer::new(&analysis, text)
    }
}
