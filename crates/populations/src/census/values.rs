//! Parameter values. A parameter without a declared value stops the test with its question.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::census::test_file::{Parameter, ParameterType, TestFile};
use crate::error::{Error, Result, excerpt};
use crate::frozen::FrozenDir;
use crate::schema::Reading;
use crate::schema_file::find_zone;
use crate::times::{Fold, TimeFormat, parse_date, parse_timestamp};

/// Longest elapsed time a parameter may hold: 100 years.
const SECONDS_MAX: i64 = 100 * 366 * 86_400;

/// The name under which a test's zone is bound.
const ZONE: &str = "zone";

/// A typed value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Yes or no.
    Bool(bool),
    /// A date.
    Date(Date),
    /// An instant in microseconds since 1970.
    Timestamp(i64),
    /// Elapsed seconds.
    Duration(i64),
}

impl Value {
    /// As text for the record of a run.
    pub fn shown(&self) -> String {
        match self {
            Self::Integer(value) => value.to_string(),
            Self::Text(value) => value.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Date(value) => value.to_string(),
            Self::Timestamp(micros) => Timestamp::from_microsecond(*micros)
                .map_or_else(|_| micros.to_string(), |instant| instant.to_string()),
            Self::Duration(seconds) => format!("{seconds} seconds"),
        }
    }
}

/// Values by parameter name.
pub type Values = BTreeMap<String, Value>;

/// Settles every parameter: a value given for this run, else the file's own, else what the
/// population's schema declares (for a reading), else the default. A zone given for this run takes the
/// place of the test's own.
///
/// # Errors
/// [`Error::Test`] with the parameter's question when nobody has declared it; also when a given
/// value has the wrong type, contradicts the population's own declaration, or names no parameter.
pub fn resolve(
    test: &TestFile,
    given: &BTreeMap<String, String>,
    populations: &BTreeMap<String, FrozenDir>,
) -> Result<Values> {
    let zone = given.get(ZONE).filter(|_| test.zone.is_some());
    let known = |name: &str| test.parameters.contains_key(name) || zone.is_some() && name == ZONE;
    if let Some(stranger) = given.keys().find(|name| !known(name)) {
        let known: Vec<&str> = test.parameters.keys().map(String::as_str).collect();
        return Err(Error::Test(format!(
            "it has no parameter \"{}\"; its parameters are: {}",
            excerpt(stranger, 60),
            if known.is_empty() { "none".to_owned() } else { known.join(", ") }
        )));
    }
    let mut values = Values::new();
    for (name, parameter) in &test.parameters {
        let value = settle(name, parameter, given.get(name), populations)?;
        values.insert(name.clone(), value);
    }
    bind_span(test, zone, &mut values)?;
    Ok(values)
}

fn settle(
    name: &str,
    parameter: &Parameter,
    given: Option<&String>,
    populations: &BTreeMap<String, FrozenDir>,
) -> Result<Value> {
    let declared = parameter
        .population
        .as_ref()
        .and_then(|alias| populations.get(alias))
        .and_then(|population| population.record.reading);
    let in_file = parameter.value.as_ref().map(|value| plain_text(name, value)).transpose()?;
    let chosen = given.cloned().or(in_file);
    if let (Some(chosen), Some(declared)) = (&chosen, declared)
        && chosen != declared.name()
    {
        return Err(Error::Test(format!(
            "the parameter {name} says \"{}\", and the population {} was frozen as \"{}\". Settle which is right with those who made the snapshot.",
            excerpt(chosen, 60),
            parameter.population.as_deref().unwrap_or_default(),
            declared.name()
        )));
    }
    let text = match (chosen, declared, &parameter.default) {
        (Some(text), _, _) => text,
        (None, Some(declared), _) => declared.name().to_owned(),
        (None, None, Some(default)) => plain_text(name, default)?,
        (None, None, None) => {
            return Err(Error::Test(format!(
                "nobody has declared {name}. {} {}",
                parameter.question.trim(),
                how_to_declare(name, parameter)
            )));
        }
    };
    read(&text, parameter).map_err(|reason| {
        Error::Test(format!("the value \"{}\" of {name} {reason}", excerpt(&text, 60)))
    })
}

fn how_to_declare(name: &str, parameter: &Parameter) -> String {
    let choices = match parameter.kind {
        ParameterType::Reading => Reading::ALL.map(Reading::name).join(", "),
        ParameterType::Choice => parameter.choices.join(", "),
        _ => String::new(),
    };
    let among = if choices.is_empty() { String::new() } else { format!(" (one of: {choices})") };
    format!(
        "Declare it as value under [parameters.{name}] in the test file or with the run{among}."
    )
}

fn plain_text(name: &str, value: &toml::Value) -> Result<String> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(value) => Ok(value.to_string()),
        toml::Value::Datetime(moment) => Ok(moment.to_string()),
        _ => Err(Error::Test(format!(
            "the value of {name} must be text, a whole number, a date, true or false"
        ))),
    }
}

fn read(text: &str, parameter: &Parameter) -> std::result::Result<Value, String> {
    match parameter.kind {
        ParameterType::Integer => {
            text.parse().map(Value::Integer).map_err(|_| "is not a whole number".into())
        }
        ParameterType::Text if text.len() <= 1_000 => Ok(Value::Text(text.to_owned())),
        ParameterType::Text => Err("is longer than 1000 bytes".into()),
        ParameterType::Bool => {
            text.parse().map(Value::Bool).map_err(|_| "is neither true nor false".into())
        }
        ParameterType::Date => parse_date(text, &TimeFormat::Iso).map(Value::Date),
        ParameterType::Timestamp => {
            let zoned = text.contains('T') && text.trim_end_matches(['Z', 'z']).len() < text.len()
                || text.get(11..).is_some_and(|time| time.contains(['+', '-']));
            if !zoned {
                return Err(
                    "is not a point in time with its offset, such as 2026-03-31T17:00:00-04:00"
                        .into(),
                );
            }
            parse_timestamp(text, &TimeFormat::Iso, &jiff::tz::TimeZone::UTC, Fold::Refuse)
                .map(Value::Timestamp)
        }
        ParameterType::Duration => parse_duration(text).map(Value::Duration),
        ParameterType::Choice if parameter.choices.iter().any(|choice| choice == text) => {
            Ok(Value::Text(text.to_owned()))
        }
        ParameterType::Choice => Err(format!("is none of: {}", parameter.choices.join(", "))),
        ParameterType::Reading => Reading::named(text)
            .map(|reading| Value::Text(reading.name().to_owned()))
            .ok_or_else(|| format!("is none of: {}", Reading::ALL.map(Reading::name).join(", "))),
        ParameterType::Zone => find_zone(text).map(|_| Value::Text(text.to_owned())),
    }
}

/// Elapsed seconds of `24 hours`, `30 minutes`, `5 days`.
fn parse_duration(text: &str) -> std::result::Result<i64, String> {
    const SHAPE: &str = "is not an elapsed time such as 24 hours, 30 minutes or 5 days";
    let (number, unit) = text.trim().split_once(' ').ok_or(SHAPE)?;
    let number: i64 = number.parse().map_err(|_| SHAPE)?;
    let seconds = match unit.trim() {
        "second" | "seconds" => 1,
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return Err(SHAPE.into()),
    };
    let total = number.checked_mul(seconds).ok_or(SHAPE)?;
    if (0..=SECONDS_MAX).contains(&total) {
        Ok(total)
    } else {
        Err("is not between 0 and 100 years".into())
    }
}

fn bind_span(test: &TestFile, given: Option<&String>, values: &mut Values) -> Result<()> {
    let Some(name) = given.or(test.zone.as_ref()) else { return Ok(()) };
    values.insert(ZONE.into(), Value::Text(name.clone()));
    let zone = find_zone(name).map_err(Error::Test)?;
    if let Some(span) = test.span {
        let (from, after) = span.instants_us(&zone).map_err(Error::Test)?;
        values.insert("span_from".into(), Value::Timestamp(from));
        values.insert("span_after".into(), Value::Timestamp(after));
    }
    Ok(())
}
