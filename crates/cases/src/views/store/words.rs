//! The index of words: what is asked of it, and its upkeep behind the record.

use super::super::rules::words::{Term, words_of};
use crate::model::CaseId;
use kernel::ids::PartyId;
use platform::db::{Conn, Result, Tx, Value};
use platform::params;
use std::collections::BTreeSet;

/// Words that one beginning stands for at most.
const BEGINNING_WORDS_MAX: usize = 20;
/// Cases that are looked up one by one; where a word stands in more, the newest are looked through.
const FEW: i64 = 5_000;

/// A word of a search with the indexed words that it stands for, and how many cases have one (counted
/// up to a bound).
#[derive(Debug, Clone)]
pub struct Found {
    words: Vec<Vec<u8>>,
    cases: i64,
}

/// How a list finds the cases of a search.
#[derive(Debug, Clone)]
pub struct Search {
    /// None where some word stands in no case.
    found: Option<Vec<Found>>,
}

impl Search {
    /// Looks up the words of a search.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn of(conn: &mut Conn<'_>, organisation: PartyId, terms: &[Term]) -> Result<Self> {
        let mut all = Vec::new();
        for term in terms {
            let words = match term.prefix {
                false => vec![term.word.clone().into_bytes()],
                true => beginning_with(conn, organisation, term.word.as_bytes())?,
            };
            let cases = if words.is_empty() { 0 } else { frequency(conn, organisation, &words)? };
            if cases == 0 {
                return Ok(Self { found: None });
            }
            all.push(Found { words, cases });
        }
        all.sort_by_key(|found| found.cases);
        Ok(Self { found: Some(all) })
    }

    /// Whether no case can match.
    #[must_use]
    pub fn finds_nothing(&self) -> bool {
        self.found.is_none()
    }

    /// What stands before `case_record c` in FROM, where a rare word leads the way.
    pub(crate) fn leading(&self, values: &mut Vec<Value>) -> Option<String> {
        let rarest = self.found.as_ref()?.first().filter(|f| f.cases < FEW)?;
        let list = placeholders(&rarest.words, values);
        Some(format!(
            "(SELECT DISTINCT case_id FROM case_word WHERE organisation = $1 AND word IN ({list})) d CROSS JOIN case_record c"
        ))
    }

    /// The conditions of the words that do not lead.
    pub(crate) fn conditions(&self, led: bool, values: &mut Vec<Value>) -> Vec<String> {
        let all = self.found.as_deref().unwrap_or_default();
        let mut conditions: Vec<String> = all
            .iter()
            .skip(usize::from(led))
            .map(|found| {
                let list = placeholders(&found.words, values);
                format!(
                    "EXISTS (SELECT 1 FROM case_word w WHERE w.organisation = $1 AND w.word IN ({list}) AND w.case_id = c.id)"
                )
            })
            .collect();
        if led {
            conditions.push("c.id = d.case_id".to_owned());
        }
        conditions
    }
}

fn placeholders(words: &[Vec<u8>], values: &mut Vec<Value>) -> String {
    let mut list = Vec::new();
    for word in words {
        values.push(word.clone().into());
        list.push(format!("${}", values.len()));
    }
    list.join(", ")
}

/// The first indexed words that begin so: one step along the index for each.
fn beginning_with(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    start: &[u8],
) -> Result<Vec<Vec<u8>>> {
    let mut end = start.to_vec();
    // No byte of UTF-8 is as high.
    end.push(0xFF);
    let mut from = start.to_vec();
    let mut words = Vec::new();
    while words.len() < BEGINNING_WORDS_MAX {
        let row = conn.query_opt(
            "SELECT word FROM case_word WHERE organisation = $1 AND word >= $2 AND word < $3 ORDER BY organisation, word LIMIT 1",
            params![organisation, from, end.clone()],
        )?;
        let Some(row) = row else { break };
        let word: Vec<u8> = row.get("word")?;
        from = word.clone();
        from.push(0);
        words.push(word);
    }
    Ok(words)
}

fn frequency(conn: &mut Conn<'_>, organisation: PartyId, words: &[Vec<u8>]) -> Result<i64> {
    let mut values: Vec<Value> = vec![organisation.into()];
    let list = placeholders(words, &mut values);
    conn.query_one(
        &format!(
            "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM (SELECT 1 AS one FROM case_word WHERE organisation = $1 AND word IN ({list}) LIMIT {FEW}) x"
        ),
        &values,
    )?
    .get("n")
}

/// Up to which place of its log an organisation's cases are indexed: the number of entries looked at.
///
/// # Errors
/// When the database refuses.
pub fn place(conn: &mut Conn<'_>, organisation: PartyId) -> Result<i64> {
    conn.query_opt(
        "SELECT place FROM case_index_place WHERE organisation = $1",
        params![organisation],
    )?
    .map_or(Ok(0), |row| row.get("place"))
}

/// Moves the place on, if it still stands where the caller read it.
///
/// # Errors
/// When the database refuses.
pub fn move_place(tx: &mut Tx<'_>, organisation: PartyId, from: i64, to: i64) -> Result<bool> {
    if from == 0 {
        let n = tx.execute(
            "INSERT INTO case_index_place (organisation, place) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            params![organisation, to],
        )?;
        if n == 1 {
            return Ok(true);
        }
    }
    let n = tx.execute(
        "UPDATE case_index_place SET place = $3 WHERE organisation = $1 AND place = $2",
        params![organisation, from, to],
    )?;
    Ok(n == 1)
}

/// What changes in the index for one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reindexed {
    case: CaseId,
    all: Vec<u8>,
    gone: Vec<String>,
    new: Vec<String>,
}

/// What must change so that the index holds the words of a case as it stands; none where it does.
/// Nothing of a sealed case is indexed, not even what stands in the clear in place of its title.
///
/// # Errors
/// When the database refuses.
pub fn reindexed(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    case: CaseId,
) -> Result<Option<Reindexed>> {
    let text = conn.query_opt(
        "SELECT title, description FROM case_record WHERE organisation = $1 AND id = $2 AND privacy = 'open'",
        params![organisation, case],
    )?;
    let Some(text) = text else { return Ok(None) };
    let (title, description): (String, String) = (text.get("title")?, text.get("description")?);
    let now = words_of(&[&title, &description]);
    let before = conn.query_opt(
        "SELECT words FROM case_indexed WHERE organisation = $1 AND case_id = $2",
        params![organisation, case],
    )?;
    let before: BTreeSet<String> = match before {
        Some(row) => String::from_utf8_lossy(&row.get::<Vec<u8>>("words")?)
            .lines()
            .map(str::to_owned)
            .collect(),
        None => BTreeSet::new(),
    };
    if before == now {
        return Ok(None);
    }
    let all = now.iter().flat_map(|word| [word.as_bytes(), b"\n"]).flatten().copied().collect();
    let gone = before.difference(&now).cloned().collect();
    let new = now.difference(&before).cloned().collect();
    Ok(Some(Reindexed { case, all, gone, new }))
}

/// Writes what changes for one case.
///
/// # Errors
/// When the database refuses.
pub fn write(tx: &mut Tx<'_>, organisation: PartyId, change: &Reindexed) -> Result<()> {
    for word in &change.gone {
        tx.execute(
            "DELETE FROM case_word WHERE organisation = $1 AND word = $2 AND case_id = $3",
            params![organisation, word.as_bytes(), change.case],
        )?;
    }
    for word in &change.new {
        tx.execute(
            "INSERT INTO case_word (organisation, word, case_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            params![organisation, word.as_bytes(), change.case],
        )?;
    }
    tx.execute(
        "INSERT INTO case_indexed (organisation, case_id, words) VALUES ($1, $2, $3)
         ON CONFLICT (organisation, case_id) DO UPDATE SET words = EXCLUDED.words",
        params![organisation, change.case, &change.all[..]],
    )?;
    Ok(())
}

/// Takes every trace of a case out of the index: for content that was destroyed.
///
/// # Errors
/// When the database refuses.
pub fn forget(tx: &mut Tx<'_>, organisation: PartyId, case: CaseId) -> Result<()> {
    let row = tx.query_opt(
        "SELECT words FROM case_indexed WHERE organisation = $1 AND case_id = $2",
        params![organisation, case],
    )?;
    let Some(row) = row else { return Ok(()) };
    let words = row.get::<Vec<u8>>("words")?;
    for word in words.split(|b| *b == b'\n').filter(|w| !w.is_empty()) {
        tx.execute(
            "DELETE FROM case_word WHERE organisation = $1 AND word = $2 AND case_id = $3",
            params![organisation, word, case],
        )?;
    }
    tx.execute(
        "DELETE FROM case_indexed WHERE organisation = $1 AND case_id = $2",
        params![organisation, case],
    )?;
    Ok(())
}

/// Throws the index of an organisation away, so that it is made anew.
///
/// # Errors
/// When the database refuses.
pub fn clear(tx: &mut Tx<'_>, organisation: PartyId) -> Result<()> {
    for table in ["case_word", "case_indexed", "case_index_place"] {
        tx.execute(&format!("DELETE FROM {table} WHERE organisation = $1"), params![organisation])?;
    }
    Ok(())
}
