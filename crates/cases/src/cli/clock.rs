//! `tickmark clock`: deadlines and elapsed time under a calendar file, with the working shown.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use kernel::calendar::{Calendar, FILE_BYTES_MAX};
use kernel::clock::{Clock, Pause, Pausing, Step, elapsed};
use kernel::refusal::Refusal;
use kernel::target::Target;
use kernel::time::{Timestamp, seconds};
use kernel::zone::Zone;
use serde::Serialize;

/// `tickmark clock …`
#[derive(Debug, Clone, Subcommand)]
pub enum ClockCommand {
    /// Say when a target falls due, step by step
    Deadline(DeadlineArgs),
    /// Say how much open time lies between two instants
    Elapsed(ElapsedArgs),
}

/// What both commands need.
#[derive(Debug, Clone, Args)]
pub struct SpanArgs {
    /// Business calendar, as TOML
    #[arg(long, value_name = "FILE")]
    pub calendar: PathBuf,
    /// When the clock starts, in RFC 3339
    #[arg(long, value_name = "TIME")]
    pub start: String,
    /// A span in which the clock stands still, START/END in RFC 3339; may be given again
    #[arg(long = "pause", value_name = "START/END")]
    pub pauses: Vec<String>,
}

/// `tickmark clock deadline`
#[derive(Debug, Clone, Args)]
pub struct DeadlineArgs {
    /// Calendar, start and pauses.
    #[command(flatten)]
    pub span: SpanArgs,
    /// How much time is allowed, such as "72 hours", "8 business hours" or "3 business days"
    #[arg(long, value_name = "TARGET")]
    pub target: String,
    /// The clock is set by law or regulation and does not pause
    #[arg(long)]
    pub regulatory: bool,
}

/// `tickmark clock elapsed`
#[derive(Debug, Clone, Args)]
pub struct ElapsedArgs {
    /// Calendar, start and pauses.
    #[command(flatten)]
    pub span: SpanArgs,
    /// When the clock ends, in RFC 3339
    #[arg(long, value_name = "TIME")]
    pub end: String,
}

/// A deadline, in the shape of `--json`. Times are in the calendar's offset.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeadlineAnswer {
    /// The deadline in RFC 3339; reached exactly, it is met.
    pub deadline: String,
    /// The steps from the start to the deadline, without a gap.
    pub trace: Vec<StepAnswer>,
}

/// One step of the working.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepAnswer {
    /// Start of the step in RFC 3339.
    pub from: String,
    /// End of the step in RFC 3339.
    pub to: String,
    /// How much of it was counted, in seconds.
    pub counted_s: serde_json::Number,
    /// Why so much.
    pub why: String,
}

/// Counted time, in the shape of `--json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ElapsedAnswer {
    /// Open time between start and end, without the pauses, in seconds.
    pub elapsed_s: serde_json::Number,
    /// The working, for a person.
    #[serde(skip)]
    pub trace: Vec<StepAnswer>,
}

/// The answer of either command.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum ClockAnswer {
    /// Of `deadline`.
    Deadline(DeadlineAnswer),
    /// Of `elapsed`.
    Elapsed(ElapsedAnswer),
}

impl ClockCommand {
    /// Reads the calendar file and answers. The exit code is 0.
    ///
    /// # Errors
    /// One sentence on what is wrong with an argument or the file; the exit code is then 2.
    pub fn run(&self) -> Result<ClockAnswer, Refusal> {
        let (Self::Deadline(DeadlineArgs { span, .. }) | Self::Elapsed(ElapsedArgs { span, .. })) =
            self;
        self.answer(&read(&span.calendar)?)
    }

    /// Answers, with the text of the calendar file.
    ///
    /// # Errors
    /// As [`ClockCommand::run`].
    pub fn answer(&self, calendar: &str) -> Result<ClockAnswer, Refusal> {
        match self {
            Self::Deadline(args) => args.answer(calendar).map(ClockAnswer::Deadline),
            Self::Elapsed(args) => args.answer(calendar).map(ClockAnswer::Elapsed),
        }
    }
}

impl DeadlineArgs {
    /// When the target falls due, with the text of the calendar file.
    ///
    /// # Errors
    /// One sentence on what is wrong with an argument or the calendar.
    pub fn answer(&self, calendar: &str) -> Result<DeadlineAnswer, Refusal> {
        let (calendar, start, pauses) = self.span.read(calendar)?;
        let target: Target = self.target.parse().map_err(|e| refused("--target: ", &e))?;
        let pausing = if self.regulatory { Pausing::Regulatory } else { Pausing::Allowed };
        let deadline = Clock { calendar: &calendar, target, pausing }
            .deadline(start, &pauses)
            .map_err(|e| refused("", &e))?;
        Ok(DeadlineAnswer {
            deadline: calendar.zone().rfc3339(deadline.at),
            trace: told(&deadline.trace, calendar.zone()),
        })
    }
}

impl ElapsedArgs {
    /// How much open time lies between the two instants, with the text of the calendar file.
    ///
    /// # Errors
    /// One sentence on what is wrong with an argument or the calendar.
    pub fn answer(&self, calendar: &str) -> Result<ElapsedAnswer, Refusal> {
        let (calendar, start, pauses) = self.span.read(calendar)?;
        let end = time("--end", &self.end)?;
        let counted = elapsed(&calendar, start, end, &pauses).map_err(|e| refused("", &e))?;
        Ok(ElapsedAnswer {
            elapsed_s: seconds(counted.counted_us),
            trace: told(&counted.trace, calendar.zone()),
        })
    }
}

impl SpanArgs {
    fn read(&self, calendar: &str) -> Result<(Calendar, Timestamp, Vec<Pause>), Refusal> {
        let calendar = Calendar::parse(calendar).map_err(|e| refused("--calendar: ", &e))?;
        let start = time("--start", &self.start)?;
        let pauses = self.pauses.iter().map(|text| pause(text));
        Ok((calendar, start, pauses.collect::<Result<_, _>>()?))
    }
}

fn pause(text: &str) -> Result<Pause, Refusal> {
    let (from, to) = text.split_once('/').ok_or_else(|| {
        let shown = kernel::refusal::excerpt(text, 64);
        Refusal::input(format!(
            "--pause: “{shown}” is not a span; write its start and end with a stroke between them, such as 2026-03-09T10:00:00Z/2026-03-09T12:00:00Z."
        ))
    })?;
    let (from, to) = (time("--pause", from)?, time("--pause", to)?);
    Pause::new(from, to).map_err(|e| refused("--pause: ", &e))
}

fn time(option: &str, text: &str) -> Result<Timestamp, Refusal> {
    Timestamp::parse(text.trim()).map_err(|e| refused(&format!("{option}: "), &e))
}

/// The sentence of an error, after the name of the option it is about.
fn refused(option: &str, error: &dyn fmt::Display) -> Refusal {
    let text = format!("{option}{error}");
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    Refusal::input(format!("{first}{}.", chars.as_str()))
}

fn told(trace: &[Step], zone: &Zone) -> Vec<StepAnswer> {
    let steps = trace.iter().map(|step| StepAnswer {
        from: zone.rfc3339(step.from),
        to: zone.rfc3339(step.to),
        counted_s: seconds(step.counted_us),
        why: step.why.to_string(),
    });
    steps.collect()
}

fn read(path: &Path) -> Result<String, Refusal> {
    use std::io::Read as _;
    let refuse = |e: std::io::Error| {
        Refusal::input(format!("The calendar {} cannot be read: {e}.", path.display()))
    };
    let file = std::fs::File::open(path).map_err(refuse)?;
    let mut text = String::new();
    // One byte more than is read at most, so that the parser can tell a file that is too long.
    let most = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_string(&mut text).map_err(refuse)?;
    Ok(text)
}

/// The answer for a person: the result, then the working.
impl fmt::Display for ClockAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trace = match self {
            Self::Deadline(answer) => {
                write!(f, "Due {}", answer.deadline)?;
                &answer.trace
            }
            Self::Elapsed(answer) => {
                write!(f, "{} s counted", answer.elapsed_s)?;
                &answer.trace
            }
        };
        for StepAnswer { from, to, counted_s, why } in trace {
            write!(f, "\n{from}  {to}  {:>9} s  {why}", counted_s.to_string())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(subcommand)]
        clock: ClockCommand,
    }

    const OFFICE: &str = "version = \"1\"\nzone = \"America/New_York\"\n[hours]\nmon = [\"09:00-17:00\"]\nfri = [\"09:00-17:00\"]\n";

    fn command(args: &[&str]) -> ClockCommand {
        let line = ["clock"].iter().chain(args);
        Command::try_parse_from(line).unwrap().clock
    }

    fn deadline(rest: &[&str]) -> Result<serde_json::Value, String> {
        let fixed = ["deadline", "--calendar", "c.toml", "--start", "2026-03-06T16:30:00-05:00"];
        let answer = command(&[&fixed, rest].concat()).answer(OFFICE).map_err(|e| e.to_string())?;
        Ok(serde_json::to_value(answer).unwrap())
    }

    #[test]
    fn a_deadline_has_the_shape_of_the_contract() {
        let json = deadline(&["--target", "8 business hours"]).unwrap();
        assert_eq!(json["deadline"], "2026-03-09T16:30:00-04:00");
        assert_eq!(json.as_object().unwrap().len(), 2);
        let trace = json["trace"].as_array().unwrap();
        assert_eq!(trace.len(), 3);
        assert_eq!(
            trace[1],
            serde_json::json!({
                "from": "2026-03-06T17:00:00-05:00",
                "to": "2026-03-09T09:00:00-04:00",
                "counted_s": 0,
                "why": "closed: Saturday 2026-03-07 has no hours; Sunday 2026-03-08 has no hours",
            })
        );
        let counted: i64 = trace.iter().map(|step| step["counted_s"].as_i64().unwrap()).sum();
        assert_eq!(counted, 8 * 3600);
    }

    #[test]
    fn pauses_may_be_given_again_and_do_not_stop_regulatory_clocks() {
        let pauses = [
            "--target",
            "24 hours",
            "--pause",
            "2026-03-06T18:00:00-05:00/2026-03-06T19:00:00-05:00",
            "--pause",
            "2026-03-07T00:00:00Z/2026-03-07T01:00:00Z",
        ];
        assert_eq!(deadline(&pauses).unwrap()["deadline"], "2026-03-07T18:30:00-05:00");
        let regulatory = deadline(&[&pauses[..], &["--regulatory"]].concat()).unwrap();
        assert_eq!(regulatory["deadline"], "2026-03-07T16:30:00-05:00");
    }

    #[test]
    fn elapsed_has_the_shape_of_the_contract() {
        let elapsed = command(&[
            "elapsed",
            "--calendar",
            "c.toml",
            "--start",
            "2026-03-06T16:30:00-05:00",
            "--end",
            "2026-03-09T09:30:00-04:00",
        ]);
        let answer = elapsed.answer(OFFICE).unwrap();
        assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"elapsed_s":3600}"#);
        let told = answer.to_string();
        assert!(told.starts_with("3600 s counted\n2026-03-06T16:30:00-05:00  "), "{told}");
        assert!(told.contains("     1800 s  open Friday 2026-03-06, 09:00-17:00\n"), "{told}");
    }

    #[test]
    fn input_errors_are_one_sentence() {
        let target = ["--target", "1 hour"];
        let refusal = |rest: &[&str]| deadline(rest).unwrap_err();
        let pause = |text: &'static str| refusal(&[&target[..], &["--pause", text]].concat());
        assert!(refusal(&["--target", "soon"]).starts_with("--target: “soon” is not a target"));
        assert!(pause("noon").starts_with("--pause: “noon” is not a span"));
        assert!(pause("noon/one").starts_with("--pause: “noon” is not a time"));
        let turned = pause("2026-03-07T01:00:00Z/2026-03-07T00:00:00Z");
        assert_eq!(turned, "--pause: a pause ends before it starts.");
        let command = command(&[
            "elapsed",
            "--calendar",
            "c.toml",
            "--start",
            "2026-03-06T16:30:00-05:00",
            "--end",
            "2026-03-01T00:00:00Z",
        ]);
        let error = |calendar| command.answer(calendar).unwrap_err().to_string();
        assert_eq!(error(OFFICE), "The end is before the start.");
        assert!(
            error("version = 1").starts_with("--calendar: the calendar cannot be read at line 1")
        );
    }

    #[test]
    fn the_calendar_file_is_read_and_a_missing_one_is_named() {
        let shipped = |name: &str| {
            format!("{}/../../catalog/calendars/{name}.toml", env!("CARGO_MANIFEST_DIR"))
        };
        let due = |calendar: &str, target: &str| {
            let args = ["deadline", "--calendar", calendar, "--start", "2026-04-02T15:00:00Z"];
            let answer = command(&[&args[..], &["--target", target]].concat()).run();
            answer.map(|answer| match answer {
                ClockAnswer::Deadline(answer) => answer.deadline,
                ClockAnswer::Elapsed(_) => String::new(),
            })
        };
        // Thursday before Easter, 17:00 in Berlin.
        let berlin = due(&shipped("berlin-2026"), "1 business hour").unwrap();
        assert_eq!(berlin, "2026-04-07T09:30:00+02:00");
        let new_york = due(&shipped("new-york-2026"), "3 business days").unwrap();
        assert_eq!(new_york, "2026-04-07T17:00:00-04:00");
        let always = due(&shipped("always"), "8 business hours").unwrap();
        assert_eq!(always, "2026-04-02T23:00:00+00:00");
        let missing = due("/nowhere/c.toml", "1 hour").unwrap_err().to_string();
        assert!(missing.starts_with("The calendar /nowhere/c.toml cannot be read: "), "{missing}");
    }
}
