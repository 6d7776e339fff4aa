//! The room's commands: `tickmark report …`, `tickmark export package`, and the texts of a description
//! from one file.

pub mod complete;

use crate::assemble::proposed_assertion;
use crate::model::{AssertionBody, BuildKind, Letter, Representation, SectionBody, Terms};
use crate::package::{self, Exported};
use crate::permits::{
    ExportPackage, IssueReport, PrepareReport, ReadReport, SignAssertion, WriteDescription,
};
use crate::press_room::{self, PDF_BYTES_MAX};
use crate::report_document::Spelling;
use crate::rules::bridge_letter::BridgeLetter;
use crate::rules::description::{completeness, parse_line, remarks};
use crate::rules::general_use::general_use;
use crate::{assemble, service, store};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use kernel::ids::EngagementId;
use kernel::permit::{Action, Permit, authorize};
use kernel::refusal::Refusal;
use platform::cli::{Answer, Context, Failed, Outcome};
use platform::db::{Conn, Result};
use platform::journal::Expected;
use scope::catalogue::DescriptionCriterionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The longest file of texts that is read, in bytes.
pub const TEXTS_BYTES_MAX: u64 = 8 << 20;

/// `tickmark report`
#[derive(Debug, Clone, Subcommand)]
pub enum ReportCommand {
    /// Builds a draft of the report, or gives the issued one again
    Build(BuildArgs),
    /// States place and date of signature
    Terms(TermsArgs),
    /// Records management's representation letter as received
    Letter(LetterArgs),
    /// Signs and issues the report
    Issue(BuildArgs),
    /// Writes the sections of the description from one file
    Describe(DescribeArgs),
    /// Signs management's assertion
    Assert(AssertArgs),
    /// Says what is missing before the report can be dated
    Missing(complete::WhichArgs),
    /// Records a procedure performed after the period's end
    Procedure(complete::ProcedureArgs),
    /// Reviews the procedures of others
    Review(complete::WhichArgs),
    /// Signs the file: as prepared, as quality reviewer, as partner
    Sign(complete::SignArgs),
    /// Locks the assembled file
    Lock(complete::LockArgs),
    /// Begins a file from that of the period before
    Carry(complete::CarryArgs),
    /// Derives the SOC 3 report, which everybody may read, from the issued report
    GeneralUse(BuildArgs),
    /// Writes management's letter about the time since the issued report
    Bridge(BridgeArgs),
}

/// Which engagement, and where the file goes.
#[derive(Debug, Clone, Args)]
pub struct BuildArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// The file to write
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
}

/// Place and date of signature.
#[derive(Debug, Clone, Args)]
pub struct TermsArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// The city in which the firm signs
    #[arg(long)]
    pub city: String,
    /// The state in which the firm signs
    #[arg(long)]
    pub state: String,
    /// The date of the auditor's report
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
    /// British spelling and dates in place of American ones
    #[arg(long)]
    pub british: bool,
}

/// The representation letter.
#[derive(Debug, Clone, Args)]
pub struct LetterArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// The text of the letter
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,
    /// Who signed it
    #[arg(long, value_name = "NAME")]
    pub signer: String,
    /// Its date, which is the date of the report
    #[arg(long, value_name = "DATE")]
    pub date: Date,
    /// A representation that was found in it, by its word; given once for each, or all. Words: assertion, responsibility, matters, access, lists, deficiencies, fraud, noncompliance, incidents, regulators, subsequent, uncorrected, inclusive
    #[arg(long = "gives", value_name = "WORD")]
    pub gives: Vec<String>,
    /// What it gives otherwise or not at all, and what the firm does about that
    #[arg(long, default_value = "")]
    pub reservations: String,
}

/// Texts of the description.
#[derive(Debug, Clone, Args)]
pub struct DescribeArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// TOML with a table for each section: [DC1] text = "…" and entries = ["name | purpose | users"]
    #[arg(long, value_name = "FILE.toml")]
    pub from: PathBuf,
}

/// Management's assertion.
#[derive(Debug, Clone, Args)]
pub struct AssertArgs {
    /// The engagement
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// Full name of who signs
    #[arg(long, value_name = "NAME")]
    pub signer: String,
    /// Their position
    #[arg(long, value_name = "TEXT", default_value = "Chief executive officer")]
    pub position: String,
    /// The day of signature; today, if not given
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
    /// A text of your own in place of the usual one
    #[arg(long, value_name = "FILE")]
    pub text: Option<PathBuf>,
}

/// The bridge letter.
#[derive(Debug, Clone, Args)]
pub struct BridgeArgs {
    /// The engagement whose report was issued
    #[arg(long, value_name = "ID")]
    pub engagement: EngagementId,
    /// The last day that the letter speaks for
    #[arg(long, value_name = "DATE")]
    pub until: Date,
    /// Full name of who signs
    #[arg(long, value_name = "NAME")]
    pub signer: String,
    /// Their position
    #[arg(long, value_name = "TEXT", default_value = "Chief executive officer")]
    pub position: String,
    /// The day of signature; today, if not given
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
    /// A material change since the report; can be given again
    #[arg(long, value_name = "TEXT")]
    pub change: Vec<String>,
    /// Why it covers more than three months
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// The file to write
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
}

/// `tickmark report …`
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn report(cx: &Context, command: ReportCommand) -> Outcome {
    match command {
        ReportCommand::Build(args) => build(cx, &args),
        ReportCommand::Terms(args) => terms(cx, &args),
        ReportCommand::Letter(args) => letter(cx, &args),
        ReportCommand::Issue(args) => issue(cx, &args),
        ReportCommand::Describe(args) => describe(cx, &args),
        ReportCommand::Assert(args) => assert(cx, &args),
        ReportCommand::Missing(args) => complete::missing(cx, &args),
        ReportCommand::Procedure(args) => complete::procedure(cx, &args),
        ReportCommand::Review(args) => complete::review(cx, &args),
        ReportCommand::Sign(args) => complete::sign(cx, &args),
        ReportCommand::Lock(args) => complete::lock(cx, &args),
        ReportCommand::Carry(args) => complete::carry(cx, &args),
        ReportCommand::GeneralUse(args) => derive_general_use(cx, &args),
        ReportCommand::Bridge(args) => bridge(cx, &args),
    }
}

fn permit<A: Action>(
    conn: &mut Conn<'_>,
    actor: &kernel::party::Actor,
    id: EngagementId,
) -> Result<Permit<A>> {
    Ok(authorize::<A>(actor, &scope::facts(conn, id)?)?)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failed> {
    std::fs::write(path, bytes)
        .map_err(|e| Failed(format!("{} cannot be written: {e}", path.display())))
}

fn read_text(path: &Path) -> Result<String, Failed> {
    let failed = |e: std::io::Error| Failed(format!("{} cannot be read: {e}", path.display()));
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > TEXTS_BYTES_MAX {
        return Err(Failed(format!("{} is larger than {TEXTS_BYTES_MAX} bytes.", path.display())));
    }
    std::fs::read_to_string(path).map_err(failed)
}

#[derive(Serialize)]
struct Made {
    report: String,
    sha256: String,
    bytes: u64,
    issued: bool,
    to_mend: u64,
    findings: Vec<crate::model::KeptFinding>,
}

/// `tickmark report build`
fn build(cx: &Context, args: &BuildArgs) -> Outcome {
    let (actor, id) = (cx.actor.clone(), args.engagement);
    let issued = cx.db.read_blocking(|conn| {
        permit::<ReadReport>(conn, &cx.actor, id)?;
        store::issued(conn, id)
    })?;
    let made = if let Some(issued) = issued {
        let bytes =
            cx.blobs.read(&issued.pdf.sha256, PDF_BYTES_MAX).map_err(platform::db::Error::from)?;
        write_file(&args.out, &bytes)?;
        Made {
            report: issued.report.to_string(),
            sha256: issued.pdf.sha256,
            bytes: issued.pdf.bytes,
            issued: true,
            to_mend: 0,
            findings: Vec::new(),
        }
    } else {
        let who = move |conn: &mut Conn<'_>| permit::<PrepareReport>(conn, &actor, id);
        let (built, blob, bytes) =
            press_room::draft(&cx.db, &cx.journal, &cx.blobs, cx.env(), who)?;
        write_file(&args.out, &bytes)?;
        Made {
            report: built.build.report.to_string(),
            sha256: blob.sha256,
            bytes: blob.bytes,
            issued: false,
            to_mend: built.build.to_mend,
            findings: built.build.findings,
        }
    };
    let mut text =
        format!("{} ({} bytes, SHA-256 {})", args.out.display(), made.bytes, made.sha256);
    for finding in &made.findings {
        let weight = if finding.mend { "mend" } else { "consider" };
        text.push_str(&format!("\n{weight}: {} ({})", finding.message, finding.place));
    }
    Answer::new(&made, text)
}

/// `tickmark report issue`
fn issue(cx: &Context, args: &BuildArgs) -> Outcome {
    let (actor, id) = (cx.actor.clone(), args.engagement);
    let who = move |conn: &mut Conn<'_>| permit::<IssueReport>(conn, &actor, id);
    let (issued, bytes) = press_room::issue(&cx.db, &cx.journal, &cx.blobs, &cx.env(), who)?;
    write_file(&args.out, &bytes)?;
    let text = format!("Issued: {} (SHA-256 {})", args.out.display(), issued.pdf.sha256);
    Answer::new(&issued, text)
}

/// `tickmark report terms`
fn terms(cx: &Context, args: &TermsArgs) -> Outcome {
    let terms = Terms {
        city: args.city.clone(),
        state: args.state.clone(),
        report_date: args.date,
        spelling: if args.british { Spelling::British } else { Spelling::American },
        ..Terms::default()
    };
    let (actor, id, mut env) = (cx.actor.clone(), args.engagement, cx.env());
    let stated = terms.clone();
    cx.db.write_blocking(move |tx| {
        let permit = permit::<PrepareReport>(tx, &actor, id)?;
        service::state_terms(tx, &mut env, &permit, Expected::Any, &stated)
    })?;
    Answer::new(&terms, "The terms are stated.")
}

/// `tickmark report general-use`
fn derive_general_use(cx: &Context, args: &BuildArgs) -> Outcome {
    let data = cx.db.read_blocking(|conn| {
        permit::<ReadReport>(conn, &cx.actor, args.engagement)?;
        let issued = store::issued(conn, args.engagement)?.ok_or_else(|| {
            Refusal::state(
                "No report was issued for this engagement; a SOC 3 report follows from one.",
            )
        })?;
        assemble::build(conn, args.engagement, issued.report, BuildKind::Final)
    })?;
    let made = general_use(&data).map_err(Failed)?;
    write_file(&args.out, made.text().as_bytes())?;
    Answer::new(&made, format!("{} is ready to be read and signed.", args.out.display()))
}

/// `tickmark report bridge`: a text for management to sign; nothing is recorded.
fn bridge(cx: &Context, args: &BridgeArgs) -> Outcome {
    let (engagement, organisation) = cx.db.read_blocking(|conn| {
        permit::<SignAssertion>(conn, &cx.actor, args.engagement)?;
        if store::issued(conn, args.engagement)?.is_none() {
            return Err(Refusal::state(
                "No report was issued for this engagement, so there is nothing to bridge from.",
            )
            .into());
        }
        let engagement =
            scope::store::engagement(conn, args.engagement)?.ok_or(Refusal::NotFound)?;
        let party = identity::store::party(conn, engagement.organisation)?;
        Ok((engagement, party.ok_or(Refusal::NotFound)?.name))
    })?;
    let letter = BridgeLetter {
        report_end: engagement.period.end(),
        covers_to: args.until,
        signed_on: args
            .date
            .unwrap_or_else(|| engagement.period.zone().local(cx.env().now()).date()),
        changes: args.change.clone(),
        reason: args.reason.clone(),
        signer: args.signer.clone(),
        position: args.position.clone(),
    };
    let paragraphs = letter
        .paragraphs(&organisation, &engagement.system_name)
        .map_err(|faults| Failed(faults.join("\n")))?;
    write_file(&args.out, (paragraphs.join("\n\n") + "\n").as_bytes())?;
    Answer::new(&letter, format!("{} is ready to be signed.", args.out.display()))
}

/// `tickmark report letter`
fn letter(cx: &Context, args: &LetterArgs) -> Outcome {
    let given = if args.gives.iter().any(|word| word == "all") {
        Representation::ALL.iter().copied().collect()
    } else {
        let read = |word: &String| {
            Representation::from_word(word).ok_or_else(|| {
                Failed(format!("--gives: there is no representation “{word}”. See --help."))
            })
        };
        args.gives.iter().map(read).collect::<Result<_, _>>()?
    };
    let letter = Letter {
        text: read_text(&args.from)?,
        signer: args.signer.clone(),
        date: args.date,
        given,
        reservations: args.reservations.clone(),
    };
    let (actor, id, mut env) = (cx.actor.clone(), args.engagement, cx.env());
    let received = letter.clone();
    cx.db.write_blocking(move |tx| {
        let permit = permit::<PrepareReport>(tx, &actor, id)?;
        service::receive_letter(tx, &mut env, &permit, &received)
    })?;
    Answer::new(&letter, "The letter is recorded.")
}

/// One section in a file of texts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SectionText {
    text: String,
    entries: Vec<String>,
}

/// The sections in a file of texts.
///
/// # Errors
/// A sentence that names the section and the line.
pub fn sections_of(toml: &str) -> Result<Vec<(DescriptionCriterionId, SectionBody)>, Failed> {
    let tables: BTreeMap<String, SectionText> = toml::from_str(toml)
        .map_err(|e| Failed(format!("The file of texts cannot be read: {e}")))?;
    tables
        .into_iter()
        .map(|(name, section)| {
            let criterion: DescriptionCriterionId = name.parse().map_err(|_| {
                Failed(format!("[{name}] is no section of a description: they are DC1 to DC9."))
            })?;
            let entries = section
                .entries
                .iter()
                .map(|line| {
                    parse_line(criterion, line).map_err(|e| Failed(format!("[{name}] {e}")))
                })
                .collect::<Result<_, _>>()?;
            Ok((criterion, SectionBody { text: section.text, entries }))
        })
        .collect()
}

#[derive(Serialize)]
struct Described {
    completeness: Vec<crate::rules::description::Completeness>,
    remarks: Vec<crate::rules::description::Remark>,
}

/// `tickmark report describe`
fn describe(cx: &Context, args: &DescribeArgs) -> Outcome {
    let texts = sections_of(&read_text(&args.from)?)?;
    let (actor, id, mut env) = (cx.actor.clone(), args.engagement, cx.env());
    let described = cx.db.write_blocking(move |tx| {
        let permit = permit::<WriteDescription>(tx, &actor, id)?;
        let before = store::sections(tx, id)?;
        for (criterion, body) in &texts {
            // A text that stands as it is is not written again.
            if before.iter().any(|s| s.criterion == *criterion && s.version > 0 && s.body == *body)
            {
                continue;
            }
            service::write_section(tx, &mut env, &permit, *criterion, Expected::Any, body)?;
        }
        let sections = store::sections(tx, id)?;
        let registers = assemble::registers(tx, id)?;
        Ok(Described {
            completeness: completeness(&sections, &registers),
            remarks: remarks(&sections),
        })
    })?;
    let mut lines = Vec::new();
    for section in &described.completeness {
        for missing in &section.missing {
            lines.push(format!("{}: {missing}", section.criterion));
        }
    }
    lines.extend(described.remarks.iter().map(|r| format!("{}: {}", r.criterion, r.message)));
    if lines.is_empty() {
        lines.push("The description is complete.".to_owned());
    }
    Answer::new(&described, lines.join("\n"))
}

/// `tickmark report assert`
fn assert(cx: &Context, args: &AssertArgs) -> Outcome {
    let own = args.text.as_deref().map(read_text).transpose()?;
    let (actor, id, mut env) = (cx.actor.clone(), args.engagement, cx.env());
    let args = args.clone();
    let signed = cx.db.write_blocking(move |tx| {
        let permit = permit::<SignAssertion>(tx, &actor, id)?;
        let engagement = scope::store::engagement(tx, id)?.ok_or(Refusal::NotFound)?;
        let today = engagement.period.zone().local(env.now()).date();
        let body = AssertionBody {
            text: match &own {
                Some(text) => text.clone(),
                None => proposed_assertion(tx, id)?,
            },
            signer: args.signer.clone(),
            position: args.position.clone(),
            date: args.date.unwrap_or(today),
        };
        service::sign_assertion(tx, &mut env, &permit, &body)?;
        Ok(body)
    })?;
    let text = format!("Signed by {} on {}.", signed.signer, signed.date);
    Answer::new(&signed, text)
}

/// `tickmark export package`
///
/// # Errors
/// [`Failed`] with one sentence that says what is wrong.
pub fn export_package(cx: &Context, args: &BuildArgs) -> Outcome {
    let id = args.engagement;
    // Aside first, so that a package that could not be finished never has the name of one that was.
    let folder = args.out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed =
        |e: std::io::Error| Failed(format!("{} cannot be written: {e}", args.out.display()));
    let aside = folder.join(format!(".{id}.part"));
    let file = std::fs::File::create(&aside).map_err(failed)?;
    let done: Result<Exported, Failed> = cx
        .db
        .read_blocking(|conn| {
            let permit = permit::<ExportPackage>(conn, &cx.actor, id)?;
            package::export(conn, &cx.journal, &cx.blobs, &permit, std::io::BufWriter::new(file))
        })
        .map_err(Failed::from);
    let done = match done {
        Ok(done) => done,
        Err(e) => {
            let _ = std::fs::remove_file(&aside);
            return Err(e);
        }
    };
    std::fs::rename(&aside, &args.out).map_err(failed)?;
    let disclosed: u64 = done.manifest.logs.iter().map(|l| l.disclosed).sum();
    let text = format!(
        "{}: {disclosed} entries disclosed, {} files",
        args.out.display(),
        done.manifest.blobs.len()
    );
    Answer::new(&done, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_texts_is_read_section_by_section() {
        let read = sections_of(
            "[DC1]\ntext = \"We run payrolls.\"\nentries = [\"Payroll | runs payrolls | employers\"]\n[DC9]\ntext = \"None.\"\n",
        )
        .unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].1.entries.len(), 1);
        assert!(sections_of("[DC12]\n").unwrap_err().0.contains("DC1 to DC9"));
        assert!(
            sections_of("[DC1]\nentries = [\"x\"]\n")
                .unwrap_err()
                .0
                .contains("name | purpose | users")
        );
    }
}
