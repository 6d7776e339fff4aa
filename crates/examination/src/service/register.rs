//! The case register as a population: a frozen extract with a declared query.
//!
//! Only numbers, states and times are taken, no word that a reporter wrote. Canaries and reports that
//! are held back are no cases and are left out, as in every figure of the register.

use crate::ipe::model::{Generator, Retrieval};
use crate::model::PopulationBody;
use cases::rules::analysis::CaseFacts;
use kernel::ids::PartyId;
use kernel::period::Period;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Conn, Result};
use populations::library;
use serde_json::json;

/// Most cases of one extract.
const CASES_MAX: u64 = 2_000_000;

/// An extract: its rows as a list of JSON objects, and the query that made it, in words.
#[derive(Debug, Clone)]
pub struct Extract {
    /// The rows.
    pub rows: Vec<u8>,
    /// The query.
    pub query: String,
    /// How many cases it found.
    pub count: u64,
}

/// The text of the schema that the extract is frozen by.
///
/// # Errors
/// When the library lacks it.
pub fn schema() -> Result<&'static str, Refusal> {
    let found = library::find("cases-kept-their-times").and_then(|test| test.schema("cases.toml"));
    found.ok_or(Refusal::NotFound)
}

/// Every case that was opened within the period.
///
/// # Errors
/// [`Refusal::State`] when there are more cases than one extract holds; when the database refuses.
pub fn extract(conn: &mut Conn<'_>, owner: PartyId, period: &Period) -> Result<Extract> {
    let (mut rows, mut count) = (b"[".to_vec(), 0_u64);
    cases::store::each_case(conn, owner, |case, snapshot| {
        let facts =
            snapshot.as_ref().map_or_else(|| cases::store::facts_of(&case), CaseFacts::from);
        if facts.opened_at.is_some_and(|at| period.contains(at)) {
            count += 1;
            if count > CASES_MAX {
                return Err(Refusal::state(
                    "The register has more than 2,000,000 cases in the period. Export it and freeze it at the command line.",
                )
                .into());
            }
            if count > 1 {
                rows.push(b',');
            }
            rows.extend_from_slice(line(&facts).as_bytes());
        }
        Ok(())
    })?;
    rows.push(b']');
    let query = format!(
        "Case register of this deployment: every case opened from {} to {} in {}, without canaries and held reports; number, state, priority, times, whether the promised times were kept, reopenings.",
        period.start(),
        period.end(),
        period.zone().name()
    );
    Ok(Extract { rows, query, count })
}

/// What the register gained since a population was frozen from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Grown {
    /// Cases more than were frozen.
    pub rows: u64,
    /// Of these, cases opened in the days that the population covers.
    pub in_period: u64,
}

/// Holds the register as it stands now against a population that was frozen from it; none where that one
/// covers no days of occurrences. Counts alone are read: the frozen rows stay what they are.
///
/// # Errors
/// When the database refuses.
pub fn grown(conn: &mut Conn<'_>, owner: PartyId, body: &PopulationBody) -> Result<Option<Grown>> {
    let Some(coverage) = &body.coverage else { return Ok(None) };
    let (from, to) = (coverage.from.to_string(), coverage.to.to_string());
    let Ok(days) = Period::parse(&from, &to, &coverage.zone) else { return Ok(None) };
    let (mut within, mut later) = (0_u64, 0_u64);
    cases::store::each_case(conn, owner, |case, snapshot| {
        let facts =
            snapshot.as_ref().map_or_else(|| cases::store::facts_of(&case), CaseFacts::from);
        match facts.opened_at {
            Some(at) if days.contains(at) => within += 1,
            Some(at) if at > body.frozen_at => later += 1,
            _ => {}
        }
        Ok(())
    })?;
    let in_period = within.saturating_sub(body.rows);
    Ok(Some(Grown { rows: later + in_period, in_period }))
}

/// The retrieval of an extract, which this deployment made itself for `made_by`.
#[must_use]
pub fn retrieval(sha256: &str, query: &str, made_by: String, made_at: Timestamp) -> Retrieval {
    Retrieval {
        system: "Case register of this deployment".to_owned(),
        generator: Generator::Connector,
        query: query.to_owned(),
        parameters: String::new(),
        made_by,
        made_at,
        output_sha256: Some(sha256.to_owned()),
        observed: false,
        operates_control: false,
        collector: None,
    }
}

fn line(facts: &CaseFacts) -> String {
    let time = |at: Option<Timestamp>| at.map(|at| at.to_rfc3339());
    let row = json!({
        "number": facts.number,
        "state": facts.state,
        "active": facts.active,
        "priority": facts.priority,
        "opened_at": time(facts.opened_at),
        "resolved_at": time(facts.resolved_at),
        "closed_at": time(facts.closed_at),
        "sla_made": facts.sla_made,
        "reopen_count": facts.reopen_count,
    });
    format!("{row}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use populations::{FreezeOptions, SourceFile, freeze};

    #[test]
    fn a_line_of_the_register_is_a_row_of_its_schema() {
        let facts = CaseFacts {
            number: "TM-1".into(),
            opened_at: Some(Timestamp::parse("2026-02-03T10:00:00.25Z").unwrap()),
            sla_made: Some(true),
            state: Some("closed".into()),
            priority: Some("high".into()),
            active: Some(false),
            ..CaseFacts::default()
        };
        let schema = populations::schema::parse(schema().unwrap()).unwrap();
        let source = SourceFile {
            name: "register.json".into(),
            reader: Box::new(std::io::Cursor::new(line(&facts).into_bytes())),
            speaks_for: None,
        };
        let now = "2026-07-01T00:00:00Z".parse().unwrap();
        let frozen = freeze(&schema, vec![source], &FreezeOptions::at(now)).unwrap();
        assert_eq!((frozen.rows, frozen.refused.count), (1, 0), "{:?}", frozen.refused);
    }
}
