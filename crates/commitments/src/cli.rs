//! The room's commands: `tickmark availability`.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use kernel::refusal::Refusal;
use kernel::target::Target;
use kernel::time::{Timestamp, seconds};
use serde::Serialize;

use crate::rules::availability::{
    Availability, CSV_BYTES_MAX, Rule, Span, Terms, measure, read_spans,
};

/// Measures availability in a window against a target.
#[derive(Debug, Clone, Args)]
pub struct AvailabilityArgs {
    /// Start of the window, in RFC 3339
    #[arg(long, value_name = "TIME")]
    pub from: String,
    /// End of the window, in RFC 3339; the instant itself is no longer part of it
    #[arg(long, value_name = "TIME")]
    pub to: String,
    /// Outages as CSV with columns from and to
    #[arg(long, value_name = "FILE")]
    pub outages: PathBuf,
    /// Announced maintenance as CSV with columns from and to
    #[arg(long, value_name = "FILE")]
    pub maintenance: Option<PathBuf>,
    /// Whether maintenance is left out of the time measured (contract) or not (total)
    #[arg(long, value_enum)]
    pub rule: RuleArg,
    /// The least availability that keeps the promise, such as 99.9
    #[arg(long, value_name = "PERCENT")]
    pub target: String,
    /// Most maintenance that is excluded in the window, such as "4 hours"; all of it if not given
    #[arg(long, value_name = "TIME SPAN")]
    pub maintenance_cap: Option<String>,
}

/// `--rule` on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RuleArg {
    /// (T − M − D) / (T − M)
    Contract,
    /// (T − D) / T
    Total,
}

/// The answer, in the shape of `--json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AvailabilityAnswer {
    /// Downtime outside the excluded maintenance, in seconds.
    pub downtime_s: serde_json::Number,
    /// Excluded maintenance, in seconds.
    pub excluded_s: serde_json::Number,
    /// Availability as a fraction of 1.
    pub value: f64,
    /// Whether the target was kept.
    pub met: bool,
    #[serde(skip)]
    measured: Availability,
}

impl AvailabilityAnswer {
    /// The exit code: 0 if the target was kept, 1 if not.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.met)
    }
}

impl AvailabilityArgs {
    /// Reads the files and measures.
    ///
    /// # Errors
    /// One sentence on what is wrong with an argument or a file; the exit code is then 2.
    pub fn run(&self) -> Result<AvailabilityAnswer, Refusal> {
        let outages = read(&self.outages)?;
        let maintenance = self.maintenance.as_deref().map(read).transpose()?;
        self.measure(&outages, maintenance.as_deref())
    }

    /// Measures, with the bytes of the files.
    ///
    /// # Errors
    /// As [`AvailabilityArgs::run`].
    pub fn measure(
        &self,
        outages: &[u8],
        maintenance: Option<&[u8]>,
    ) -> Result<AvailabilityAnswer, Refusal> {
        let time = |option: &'static str, text: &str| {
            Timestamp::parse(text).map_err(|e| Refusal::input(format!("--{option}: {e}")))
        };
        let (from, to) = (time("from", &self.from)?, time("to", &self.to)?);
        let window = Span::new(from, to).map_err(|e| Refusal::input(format!("The window: {e}")))?;
        let target = self.target.parse().map_err(|e| Refusal::input(format!("--target: {e}")))?;
        let terms = Terms { rule: self.rule.into(), target, maintenance_cap_us: self.cap_us()? };
        let spans = |bytes: &[u8], name| {
            read_spans(bytes, name).map_err(|e| Refusal::input(sentence(&e.to_string())))
        };
        let outages = spans(outages, "outages")?;
        let maintenance = maintenance.map(|bytes| spans(bytes, "maintenance")).transpose()?;
        let measured = measure(window, &outages, &maintenance.unwrap_or_default(), terms)
            .map_err(|e| Refusal::input(sentence(&e.to_string())))?;
        Ok(AvailabilityAnswer {
            downtime_s: seconds(measured.downtime_us),
            excluded_s: seconds(measured.excluded_us),
            value: measured.value(),
            met: measured.met(),
            measured,
        })
    }

    fn cap_us(&self) -> Result<Option<i64>, Refusal> {
        let Some(text) = &self.maintenance_cap else {
            return Ok(None);
        };
        let refuse = |why: String| Refusal::input(format!("--maintenance-cap: {why}"));
        if matches!(text.trim(), "0" | "none") {
            return Ok(Some(0));
        }
        let target: Target = text.parse().map_err(|_| {
            refuse(format!(
                "“{}” is not a length of time; write it as “4 hours” or “90 minutes”, or 0 for none",
                kernel::refusal::excerpt(text, 40)
            ))
        })?;
        let length_us = target.length_us().filter(|_| !target.unit().is_business());
        length_us.map(Some).ok_or_else(|| {
            refuse(format!("maintenance is counted around the clock, not in {target}"))
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Refusal> {
    use std::io::Read as _;
    let refuse = |e: std::io::Error| {
        Refusal::input(format!("The file {} cannot be read: {e}.", path.display()))
    };
    let file = std::fs::File::open(path).map_err(refuse)?;
    let mut bytes = Vec::new();
    // One byte more than is read at most, so that the reader can tell a file that is too long.
    let most = u64::try_from(CSV_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(refuse)?;
    Ok(bytes)
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

impl From<RuleArg> for Rule {
    fn from(arg: RuleArg) -> Self {
        match arg {
            RuleArg::Contract => Self::Contract,
            RuleArg::Total => Self::Total,
        }
    }
}

/// The answer for a person.
impl fmt::Display for AvailabilityAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measured = &self.measured;
        writeln!(f, "Availability {measured}")?;
        writeln!(f, "Downtime     {} s", self.downtime_s)?;
        writeln!(f, "  allowed    {} s", seconds(measured.allowed_downtime_us()))?;
        writeln!(f, "Excluded     {} s", self.excluded_s)?;
        write!(f, "Window       {} s", seconds(measured.window_us))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: AvailabilityArgs,
    }

    fn args(rest: &[&str]) -> AvailabilityArgs {
        let fixed = [
            "availability",
            "--from",
            "2026-04-01T00:00:00Z",
            "--to",
            "2026-05-01T00:00:00Z",
            "--outages",
            "outages.csv",
        ];
        Command::try_parse_from(fixed.iter().chain(rest)).unwrap().args
    }

    const OUTAGES: &str = "from,to\n2026-04-10T10:00:00Z,2026-04-10T10:43:00Z\n";
    const MAINTENANCE: &str = "from,to\n2026-04-12T02:00:00Z,2026-04-12T04:00:00Z\n";

    #[test]
    fn the_answer_has_the_shape_of_the_contract() {
        let args = args(&["--rule", "contract", "--target", "99.9"]);
        let answer = args.measure(OUTAGES.as_bytes(), Some(MAINTENANCE.as_bytes())).unwrap();
        let json = serde_json::to_value(&answer).unwrap();
        assert_eq!(json["downtime_s"], 2580);
        assert_eq!(json["excluded_s"], 7200);
        assert_eq!(json["met"], true);
        let value = json["value"].as_f64().unwrap();
        assert!((value - 0.999_001_857_0).abs() < 5e-11, "{value}");
        assert_eq!(json.as_object().unwrap().len(), 4);
        assert_eq!(answer.exit_code(), 0);
        assert!(answer.to_string().starts_with("Availability 99.900 % of 99.9 %: met\n"));
    }

    #[test]
    fn a_missed_target_exits_with_1() {
        let args = args(&["--rule", "total", "--target", "99.9", "--maintenance-cap", "0"]);
        let answer = args.measure(OUTAGES.as_bytes(), Some(MAINTENANCE.as_bytes())).unwrap();
        assert_eq!((answer.met, answer.exit_code()), (false, 1));
        assert!((answer.value - 0.996_226_851_9).abs() < 5e-11);
    }

    #[test]
    fn input_errors_are_one_sentence() {
        let refusal = |rest: &[&str], outages: &str| {
            args(rest).measure(outages.as_bytes(), None).unwrap_err().to_string()
        };
        let rule = ["--rule", "total", "--target", "99.9"];
        assert_eq!(
            refusal(&rule, "from,to\nx,y\n"),
            "Line 2 of the outages file, column “from”: “x” is not a time: write it as 2026-03-09T16:30:00Z or with an offset such as -04:00."
        );
        assert!(
            refusal(&["--rule", "total", "--target", "much"], OUTAGES)
                .starts_with("--target: “much”")
        );
        let cap = |cap: &'static str| {
            refusal(&[&rule[..], &["--maintenance-cap", cap]].concat(), OUTAGES)
        };
        assert!(cap("some").contains("is not a length of time"));
        assert!(cap("8 business hours").contains("around the clock"));
        assert!(cap("3 calendar months").contains("around the clock"));
        let mut turned = args(&rule);
        turned.to = "2026-03-01T00:00:00Z".into();
        let error = turned.measure(OUTAGES.as_bytes(), None).unwrap_err().to_string();
        assert!(error.starts_with("The window: it ends at 2026-03-01T00:00:00Z"), "{error}");
    }

    #[test]
    fn files_are_read_and_a_missing_one_is_named() {
        let folder =
            std::env::temp_dir().join(format!("tickmark-availability-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut args = args(&["--rule", "contract", "--target", "99.9"]);
        args.outages = folder.join("outages.csv");
        let error = args.run().unwrap_err().to_string();
        assert!(error.contains("outages.csv cannot be read"), "{error}");
        std::fs::write(&args.outages, OUTAGES).unwrap();
        assert_eq!(args.run().unwrap().downtime_s, 2580.into());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
