//! `TEST.toml`. Written out in `docs/guide/populations.md`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result, excerpt};
use crate::schema_file::{find_zone, is_identifier, plain_name};
use crate::times::Span;

/// Largest test file that is read.
pub const TEST_BYTES_MAX: usize = 256 * 1024;
/// Most populations, and most parameters, of one test.
const ENTRIES_MAX: usize = 50;
/// Names that the product binds itself.
const RESERVED: [&str; 3] = ["zone", "span_from", "span_after"];

/// A test of every unit of a population.
#[derive(Debug, Clone)]
pub struct TestFile {
    /// Its name.
    pub name: String,
    /// Its number in a library of tests: `T1`.
    pub number: Option<String>,
    /// The criteria that the tested control serves: `CC6.2`.
    pub criteria: Vec<String>,
    /// Codes of controls that it fits, from the common set.
    pub controls: Vec<String>,
    /// What it shows and what it does not.
    pub about: String,
    /// Zone in which dates are read; bound as `$zone`. A run may name another.
    pub zone: Option<String>,
    /// Period under examination; bound as `$span_from` and `$span_after`.
    pub span: Option<Span>,
    /// The populations it reads, by the name that its queries use.
    pub populations: BTreeMap<String, PopulationRef>,
    /// What it must be told.
    pub parameters: BTreeMap<String, Parameter>,
    /// Query that names every unit, in a column `unit`.
    pub units_sql: String,
    /// Query that answers for every unit: `unit`, `result`, `reason` and any columns of detail.
    pub test_sql: String,
    /// SHA-256 of the file's text, in hexadecimal.
    pub sha256: String,
}

/// Where a population comes from. All of it may be left out and bound when the test is run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationRef {
    /// What it is, for the person who must supply it.
    pub about: Option<String>,
    /// Path of the schema, from the test file's directory.
    pub schema: Option<String>,
    /// Path of one data file.
    pub file: Option<String>,
    /// Paths of several data files that together are the population.
    #[serde(default)]
    pub files: Vec<DeclaredFile>,
    /// Path of a frozen population's directory.
    pub frozen: Option<String>,
    /// Whether the test runs although records of this population could not be read. It is then not a
    /// test of all, and the answer says how many are missing.
    #[serde(default)]
    pub accept_refused: bool,
}

/// A data file with the date it speaks for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredFile {
    /// Its path, from the test file's directory.
    pub path: String,
    /// The month or date it speaks for.
    pub speaks_for: Option<String>,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterType {
    /// A whole number.
    Integer,
    /// Text of at most 1000 bytes.
    Text,
    /// `true` or `false`.
    Bool,
    /// A date such as 2026-03-31.
    Date,
    /// A point in time in RFC 3339.
    Timestamp,
    /// Elapsed time such as `24 hours`, `30 minutes` or `5 days` (a day is 24 hours).
    Duration,
    /// One of `choices`.
    Choice,
    /// Which moment of its date a snapshot speaks for; taken from `population` where its schema
    /// declares it.
    Reading,
    /// An IANA time zone.
    Zone,
}

/// Something a test must be told before it runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ParameterType,
    /// The question to ask of the person who runs the test.
    pub question: String,
    /// The unit of a number, for the person who gives it: `business days`.
    pub unit: Option<String>,
    /// Its value, as declared in the file.
    pub value: Option<toml::Value>,
    /// The value when nobody declares one. A parameter without it must be declared.
    pub default: Option<toml::Value>,
    /// For a choice: what may be chosen.
    #[serde(default)]
    pub choices: Vec<String>,
    /// For a reading: the population whose schema may declare it.
    pub population: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTest {
    name: String,
    number: Option<String>,
    #[serde(default)]
    criteria: Vec<String>,
    #[serde(default)]
    controls: Vec<String>,
    #[serde(default)]
    about: String,
    zone: Option<String>,
    span: Option<Span>,
    populations: BTreeMap<String, PopulationRef>,
    #[serde(default)]
    parameters: BTreeMap<String, Parameter>,
    units: RawQuery,
    test: RawQuery,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuery {
    sql: String,
}

/// Reads a test file.
///
/// # Errors
/// [`Error::Test`] with what is wrong and what to do.
pub fn parse_test(text: &str) -> Result<TestFile> {
    if text.len() > TEST_BYTES_MAX {
        return Err(Error::Test(format!("its file is larger than {TEST_BYTES_MAX} bytes")));
    }
    let raw: RawTest = toml::from_str(text).map_err(|error| {
        Error::Test(excerpt(error.to_string().trim(), 600).replace("\\n", "\n"))
    })?;
    check(&raw).map_err(Error::Test)?;
    Ok(TestFile {
        name: raw.name,
        number: raw.number,
        criteria: raw.criteria,
        controls: raw.controls,
        about: raw.about,
        zone: raw.zone,
        span: raw.span,
        populations: raw.populations,
        parameters: raw.parameters,
        units_sql: raw.units.sql,
        test_sql: raw.test.sql,
        sha256: hex::encode(Sha256::digest(text.as_bytes())),
    })
}

fn check(raw: &RawTest) -> std::result::Result<(), String> {
    plain_name("name", &raw.name)?;
    for code in raw.number.iter().chain(&raw.criteria).chain(&raw.controls) {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if code.is_empty() || code.len() > 40 || !code.chars().all(good) {
            return Err(format!(
                "\"{}\" is no number, criterion or code of a control",
                excerpt(code, 40)
            ));
        }
    }
    if raw.criteria.len() + raw.controls.len() > ENTRIES_MAX {
        return Err(format!("it may name at most {ENTRIES_MAX} criteria and controls"));
    }
    if let Some(zone) = &raw.zone {
        find_zone(zone)?;
    }
    if raw.span.is_some() && raw.zone.is_none() {
        return Err(
            "a span needs zone, because a day begins and ends at a different instant in each"
                .into(),
        );
    }
    if raw.populations.is_empty() || raw.populations.len() > ENTRIES_MAX {
        return Err(format!("it must read between 1 and {ENTRIES_MAX} populations"));
    }
    if raw.parameters.len() > ENTRIES_MAX {
        return Err(format!("it may have at most {ENTRIES_MAX} parameters"));
    }
    for (alias, population) in &raw.populations {
        if !is_identifier(alias) {
            return Err(format!(
                "the population name \"{}\" must be lower-case letters, digits and _",
                excerpt(alias, 60)
            ));
        }
        check_population(alias, population)?;
    }
    for (name, parameter) in &raw.parameters {
        if !is_identifier(name) || RESERVED.contains(&name.as_str()) {
            return Err(format!(
                "the parameter name \"{}\" must be lower-case letters, digits and _, and none of {}",
                excerpt(name, 60),
                RESERVED.join(", ")
            ));
        }
        check_parameter(name, parameter, &raw.populations)?;
    }
    Ok(())
}

fn check_population(alias: &str, population: &PopulationRef) -> std::result::Result<(), String> {
    let sources = usize::from(population.file.is_some())
        + usize::from(!population.files.is_empty())
        + usize::from(population.frozen.is_some());
    if sources > 1 {
        return Err(format!("population {alias}: give one of file, files and frozen, not several"));
    }
    let files = population.file.is_some() || !population.files.is_empty();
    if files && population.schema.is_none() {
        return Err(format!(
            "population {alias}: a file needs schema, the path of its SCHEMA.toml"
        ));
    }
    if population.files.len() > 1_000 {
        return Err(format!("population {alias}: at most 1000 files"));
    }
    Ok(())
}

fn check_parameter(
    name: &str,
    parameter: &Parameter,
    populations: &BTreeMap<String, PopulationRef>,
) -> std::result::Result<(), String> {
    if parameter.question.trim().is_empty() {
        return Err(format!("parameter {name}: the question must say what to declare"));
    }
    if (parameter.kind == ParameterType::Choice) == parameter.choices.is_empty() {
        return Err(format!("parameter {name}: a choice has choices, and no other type has"));
    }
    match &parameter.population {
        Some(_) if parameter.kind != ParameterType::Reading => {
            Err(format!("parameter {name}: only a reading is taken from a population"))
        }
        Some(alias) if !populations.contains_key(alias) => {
            Err(format!("parameter {name}: there is no population {}", excerpt(alias, 60)))
        }
        _ => Ok(()),
    }
}
