//! The room's commands that need no data directory: `tickmark sample size`, `tickmark sample
//! evaluate` and `tickmark opinion propose`; those that work in the firm's file are in [`examine`] and [`work`].
//!
//! Each answer serialises to the document of `--json`, prints as plain text, and knows its exit code.
//! Arguments arrive as text and are read here, so that a mistake is told in one sentence.

pub mod commitment;
pub mod deviation;
pub mod examine;
pub mod matters;
pub mod planned;
pub mod staff;
pub mod stated;
pub mod work;

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, Subcommand};
use kernel::refusal::Refusal;
use serde::Serialize;

use crate::rules::facts::{Facts, Opinion};
use crate::rules::numbers::{Confidence, Rate};
use crate::rules::opinion::{ProngProposal, Proposal, propose};
use crate::rules::sampling::{self, Evaluation, Plan, SampleSize, SizeMethod, TableMode, Tested};

/// Largest file of facts that is read, in bytes.
pub const FACTS_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// How many items must be tested to support reliance on a control.
#[derive(Debug, Clone, Args)]
pub struct SizeArgs {
    /// Level at which the result shall hold, such as 95%
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub confidence: String,
    /// Highest deviation rate at which the control still counts as effective, such as 5%
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub tolerable: String,
    /// Deviation rate expected in the population
    #[arg(long, value_name = "RATE", default_value = "0%", allow_hyphen_values = true)]
    pub expected: String,
    /// Plan for exactly this many deviations, in place of an expected rate
    #[arg(long, value_name = "N", conflicts_with = "expected", allow_hyphen_values = true)]
    pub allowed_deviations: Option<String>,
    /// Items in the population, to count its size in
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub population: Option<String>,
    /// exact, or printed for the few cells in which the printed tables depart from it
    #[arg(long, value_name = "MODE", default_value = "exact")]
    pub table_mode: String,
}

/// What a tested sample says of the whole population.
#[derive(Debug, Clone, Args)]
pub struct EvaluateArgs {
    /// Items tested
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub sample: String,
    /// Items among them that deviated
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub deviations: String,
    /// Level at which the upper limit shall hold, such as 90%
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub confidence: String,
    /// Items in the population, to count its size in
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub population: Option<String>,
    /// Tolerable deviation rate, to decide against
    #[arg(long, value_name = "RATE", allow_hyphen_values = true)]
    pub tolerable: Option<String>,
}

/// Proposes an opinion from a file of facts.
#[derive(Debug, Clone, Args)]
pub struct ProposeArgs {
    /// Facts as JSON, described in docs/guide/opinion-facts.md; - reads standard input
    #[arg(value_name = "FACTS.json")]
    pub facts: PathBuf,
}

/// `tickmark opinion …`
#[derive(Debug, Clone, Subcommand)]
pub enum OpinionCommand {
    /// Propose an opinion from a file of facts
    Propose(ProposeArgs),
}

/// The answer of `sample size`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SizeAnswer(pub SampleSize);

/// The answer of `sample evaluate`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct EvaluateAnswer(pub Evaluation);

/// The answer of `opinion propose`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct ProposeAnswer(pub Proposal);

impl SizeArgs {
    /// Plans the sample.
    ///
    /// # Errors
    /// One sentence on what is wrong with an argument; the exit code is then 2.
    pub fn run(&self) -> Result<SizeAnswer, Refusal> {
        let confidence: Confidence = argument("confidence", &self.confidence)?;
        let tolerable: Rate = argument("tolerable", &self.tolerable)?;
        let population = self.population.as_deref().map(|n| count("population", n)).transpose()?;
        let table_mode: TableMode = argument("table-mode", &self.table_mode)?;
        let size = match &self.allowed_deviations {
            Some(allowed) => {
                let allowed = count("allowed-deviations", allowed)?;
                sampling::plan_for_allowed(confidence, tolerable, population, allowed)
            }
            None => {
                let expected: Rate = argument("expected", &self.expected)?;
                sampling::plan(&Plan { confidence, tolerable, expected, population, table_mode })
            }
        };
        size.map(SizeAnswer).map_err(|fault| Refusal::input(fault.to_string()))
    }
}

impl EvaluateArgs {
    /// Evaluates the sample.
    ///
    /// # Errors
    /// One sentence on what is wrong with an argument; the exit code is then 2.
    pub fn run(&self) -> Result<EvaluateAnswer, Refusal> {
        let tested = Tested {
            sample: count("sample", &self.sample)?,
            deviations: count("deviations", &self.deviations)?,
            confidence: argument("confidence", &self.confidence)?,
            population: self.population.as_deref().map(|n| count("population", n)).transpose()?,
            tolerable: self.tolerable.as_deref().map(|r| argument("tolerable", r)).transpose()?,
        };
        sampling::evaluate(&tested)
            .map(EvaluateAnswer)
            .map_err(|fault| Refusal::input(fault.to_string()))
    }
}

impl ProposeArgs {
    /// Reads the facts and proposes.
    ///
    /// # Errors
    /// One sentence on what is wrong with the file or the facts; the exit code is then 2.
    pub fn run(&self) -> Result<ProposeAnswer, Refusal> {
        if self.facts == Path::new("-") {
            return propose_from(std::io::stdin().lock());
        }
        let file = std::fs::File::open(&self.facts).map_err(|fault| {
            Refusal::input(format!(
                "The facts in {} cannot be opened: {fault}.",
                self.facts.display()
            ))
        })?;
        propose_from(file)
    }
}

impl OpinionCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// As the command's own `run`.
    pub fn run(&self) -> Result<ProposeAnswer, Refusal> {
        match self {
            Self::Propose(args) => args.run(),
        }
    }
}

/// Proposes from facts in JSON, read up to [`FACTS_BYTES_MAX`].
///
/// # Errors
/// One sentence on what is wrong with the facts.
pub fn propose_from(facts: impl Read) -> Result<ProposeAnswer, Refusal> {
    let mut bytes = Vec::new();
    facts
        .take(FACTS_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(|fault| Refusal::input(format!("The facts cannot be read: {fault}.")))?;
    if bytes.len() as u64 > FACTS_BYTES_MAX {
        return Err(Refusal::input(format!(
            "The file of facts is larger than {FACTS_BYTES_MAX} bytes; give counts in place of items."
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        Refusal::input("The facts are not UTF-8 text; save the file as UTF-8 JSON.")
    })?;
    // Editors on some systems begin a file with a byte order mark.
    let facts = Facts::from_json(text.trim_start_matches('\u{feff}'))
        .map_err(|fault| Refusal::input(fault.to_string()))?;
    propose(&facts).map(ProposeAnswer).map_err(|fault| Refusal::input(fault.to_string()))
}

/// Reads an argument's text, naming the argument in the sentence if it cannot be read.
fn argument<T>(name: &str, text: &str) -> Result<T, Refusal>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    text.parse().map_err(|fault| Refusal::input(format!("--{name}: {fault}")))
}

/// Reads a whole number.
fn count(name: &str, text: &str) -> Result<u64, Refusal> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits => Ok(number),
        _ if digits => {
            Err(Refusal::input(format!("--{name}: the number is too large to be real.")))
        }
        _ => Err(Refusal::input(format!(
            "--{name}: \"{}\" is not a count; write a whole number such as 25.",
            kernel::refusal::excerpt(text, 40)
        ))),
    }
}

impl SizeAnswer {
    /// The exit code: 0, since a size was found.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        0
    }
}

impl EvaluateAnswer {
    /// The exit code: 1 if the sample does not support reliance, 0 if it does or nothing was asked.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        u8::from(self.0.supported == Some(false))
    }
}

impl ProposeAnswer {
    /// The exit code: 0, since a modified opinion is an answer too.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        0
    }
}

impl fmt::Display for SizeAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SampleSize { n, allowed_deviations, method } = self.0;
        let how = match method {
            SizeMethod::Binomial => "for a large population",
            SizeMethod::Hypergeometric => "counting in the population's size",
            SizeMethod::Census => "which is every item, so nothing is left to sampling risk",
        };
        write!(f, "Test {n} items, {how}. Deviations allowed: {allowed_deviations}.")
    }
}

impl fmt::Display for EvaluateAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let result = &self.0;
        let percent = |fraction: f64| format!("{:.3}%", 100.0 * fraction);
        writeln!(f, "Rate found    {}", percent(result.point_rate))?;
        write!(f, "Upper limit   {}", percent(result.upper_limit))?;
        if let Some(items) = result.upper_count {
            write!(f, " ({items} items)")?;
        }
        writeln!(f)?;
        write!(f, "Allowance     {}", percent(result.allowance()))?;
        match result.supported {
            Some(true) => write!(f, "\nSupported     yes"),
            Some(false) => write!(f, "\nSupported     no"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for ProposeAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proposal = &self.0;
        writeln!(f, "{}", headline(proposal))?;
        for other in &proposal.alternatives {
            writeln!(f, "  or, of equal weight or in its place: {other}")?;
        }
        for (name, prong) in proposal.prongs.each() {
            writeln!(f, "  {:<12} {}", name.word(), worded(prong))?;
        }
        for (title, sentences) in
            [("Reasons", &proposal.reasons), ("Points for the auditor", &proposal.matters)]
        {
            if !sentences.is_empty() {
                writeln!(f, "{title}")?;
            }
            for sentence in sentences {
                writeln!(f, "  - {sentence}")?;
            }
        }
        write!(f, "A proposal from the facts given; a licensed person concludes.")
    }
}

/// The headline in a line, and whether it is one yet.
fn headline(proposal: &Proposal) -> String {
    if proposal.open.is_empty() {
        format!("Proposed opinion: {}", proposal.headline)
    } else {
        format!("No opinion is proposed yet. On what is concluded so far: {}", proposal.headline)
    }
}

fn worded(prong: &ProngProposal) -> String {
    match prong.basis {
        Some(basis) if prong.opinion != Opinion::Unmodified => {
            format!("{} ({})", prong.opinion, basis.word().replace('_', " "))
        }
        _ => prong.opinion.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    enum Line {
        Size(SizeArgs),
        Evaluate(EvaluateArgs),
        #[command(subcommand)]
        Opinion(OpinionCommand),
    }

    /// JSON and exit code of a command line, or the sentence of its refusal.
    fn run(line: &str) -> Result<(String, u8), String> {
        let words = std::iter::once("tickmark").chain(line.split(' '));
        let told = |refusal: Refusal| refusal.to_string();
        let json = |answer: &dyn erased::Json| answer.json();
        match Line::try_parse_from(words).map_err(|fault| fault.to_string())? {
            Line::Size(args) => args.run().map(|a| (json(&a), a.exit_code())).map_err(told),
            Line::Evaluate(args) => args.run().map(|a| (json(&a), a.exit_code())).map_err(told),
            Line::Opinion(args) => args.run().map(|a| (json(&a), a.exit_code())).map_err(told),
        }
    }

    mod erased {
        pub(super) trait Json {
            fn json(&self) -> String;
        }
        impl<T: serde::Serialize> Json for T {
            fn json(&self) -> String {
                serde_json::to_string(self).unwrap()
            }
        }
    }

    #[test]
    fn sizes_as_the_interface_shows_them() {
        let told = |line: &str| run(line).unwrap();
        assert_eq!(
            told("size --confidence 95% --tolerable 5%"),
            (r#"{"n":59,"allowed_deviations":0,"method":"binomial"}"#.to_owned(), 0)
        );
        assert_eq!(
            told("size --confidence 0.95 --tolerable 500bp --expected 1.25% --population 1000000"),
            told("size --confidence 95% --tolerable 0.05 --expected 125bp --population 1000000")
        );
        assert_eq!(
            told("size --confidence 95% --tolerable 5% --population 10").0,
            r#"{"n":10,"allowed_deviations":0,"method":"census"}"#
        );
        assert_eq!(
            told("size --confidence 90% --tolerable 10% --population 250 --allowed-deviations 1").0,
            r#"{"n":36,"allowed_deviations":1,"method":"hypergeometric"}"#
        );
        assert_eq!(
            told("size --confidence 90% --tolerable 7% --expected 3.5% --table-mode printed").0,
            r#"{"n":112,"allowed_deviations":4,"method":"binomial"}"#
        );
    }

    #[test]
    fn an_unsupported_sample_answers_no() {
        let (json, code) =
            run("evaluate --sample 25 --deviations 1 --confidence 90% --tolerable 10%").unwrap();
        assert!(json.starts_with(r#"{"upper_limit":0.14686"#), "{json}");
        assert!(json.ends_with(r#""upper_count":null,"supported":false,"point_rate":0.04}"#));
        assert_eq!(code, 1);
        let code = |line: &str| run(line).unwrap().1;
        assert_eq!(code("evaluate --sample 25 --deviations 0 --confidence 90% --tolerable 10%"), 0);
        assert_eq!(code("evaluate --sample 25 --deviations 9 --confidence 90%"), 0);
        let finite = run("evaluate --sample 25 --deviations 0 --confidence 90% --population 100");
        assert_eq!(
            finite.unwrap().0,
            r#"{"upper_limit":0.07,"upper_count":7,"supported":null,"point_rate":0.0}"#
        );
    }

    #[test]
    fn mistakes_are_told_in_one_sentence() {
        for (line, part) in [
            ("size --confidence 95 --tolerable 5%", "--confidence: \"95\" could mean 95 percent"),
            ("size --confidence 95% --tolerable -5%", "--tolerable: \"-5%\" is not a rate"),
            ("size --confidence 100% --tolerable 5%", "A confidence of 100% cannot be used"),
            (
                "size --confidence 95% --tolerable 5% --expected 5%",
                "is not below the tolerable rate",
            ),
            ("size --confidence 95% --tolerable 5% --population 1e12", "\"1e12\" is not a count"),
            ("size --confidence 95% --tolerable 5% --population -1", "\"-1\" is not a count"),
            (
                "size --confidence 95% --tolerable 5% --population 99999999999999999999",
                "too large to be real",
            ),
            (
                "size --confidence 95% --tolerable 5% --table-mode old",
                "\"old\" is not a known table mode",
            ),
            (
                "evaluate --sample 0 --deviations 0 --confidence 90%",
                "A sample of 0 items says nothing",
            ),
            ("evaluate --sample 5 --deviations 6 --confidence 90%", "are impossible"),
            ("evaluate --sample +5 --deviations 0 --confidence 90%", "\"+5\" is not a count"),
            ("opinion propose /no/such/file.json", "cannot be opened"),
        ] {
            let said = run(line).unwrap_err();
            assert!(said.contains(part), "{line}: {said}");
            assert!(!said.contains('\n'), "{said}");
        }
    }

    #[test]
    fn facts_are_read_within_bounds() {
        let said = |bytes: &[u8]| propose_from(bytes).unwrap_err().to_string();
        assert!(said(b"").contains("cannot be read"));
        assert!(said(b"{\"type\": 2, \"x\": 1}").contains("unknown field `x`"));
        assert!(said(b"\xff\xfe").contains("not UTF-8"));
        assert!(said(&"[".repeat(1_000_000).into_bytes()).contains("cannot be read"));
        let large = vec![b' '; usize::try_from(FACTS_BYTES_MAX).unwrap() + 1];
        assert!(said(&large).contains("larger than"));
        let answer = propose_from("\u{feff}{\"type\": 2}".as_bytes()).unwrap();
        assert_eq!(answer.0.headline, Opinion::Unmodified);
        let text = answer.to_string();
        assert!(
            text.starts_with("Proposed opinion: unmodified\n  description  unmodified\n"),
            "{text}"
        );
    }
}
