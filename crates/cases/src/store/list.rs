//! The register as a list: filters, search, pages by key.
//!
//! What makes a list quick at a million cases: the newest reports are read along an index of their
//! times; a filter by kind, severity or channel skips the months that hold no such case, which the counts
//! know; a rare word of a search leads to its cases; a common one is looked for among the newest.

use super::{by_number, to_case};
use crate::model::{Case, CaseId, CaseKind, CaseState, Privacy, Severity};
use crate::views::jobs::waiting;
use crate::views::rules::words::{Term, matches, terms, words_of};
use crate::views::store::words::Search;
use kernel::ids::{PartyId, PersonId};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Value};
use platform::params;
use std::collections::BTreeSet;

/// Entries that wait to be indexed and are read as they stand by a search; behind more than these a page
/// says that the index is behind.
pub const WAITING_READ_MAX: i64 = 500;

/// Whose cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Nobody answers for them yet.
    Nobody,
    /// This person does.
    Person(PersonId),
}

/// What a list of cases shows, and from where.
#[derive(Debug, Clone, Default)]
pub struct CaseFilter {
    /// Only in this state.
    pub state: Option<CaseState>,
    /// Only those not concluded (`true`), or only concluded ones.
    pub open: Option<bool>,
    /// Only of this severity.
    pub severity: Option<Severity>,
    /// Only those whose severity is not decided.
    pub undecided: bool,
    /// Only of this kind.
    pub kind: Option<CaseKind>,
    /// Only by this channel.
    pub channel: Option<String>,
    /// Only those of this owner.
    pub owner: Option<Owner>,
    /// Only those with a promise whose time was over at this moment.
    pub overdue_at: Option<Timestamp>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only those reported at this time or later.
    pub from: Option<Timestamp>,
    /// Only those reported before this time.
    pub to: Option<Timestamp>,
    /// Only the case with this tracking number; where there is none, those with all these words in
    /// title or text.
    pub text: Option<String>,
    /// Also canaries that nobody has acknowledged: for those who handle cases, and nobody else.
    pub canaries: bool,
    /// Not those that concern this person.
    pub reader: Option<PersonId>,
    /// After this row: time and id of the last row seen.
    pub after: Option<(Timestamp, CaseId)>,
    /// At most this many.
    pub limit: i64,
}

/// A statement while it is written.
struct Written {
    values: Vec<Value>,
    clauses: Vec<String>,
}

impl Written {
    fn of(organisation: PartyId, filter: &CaseFilter) -> Self {
        let mut written = Self { values: vec![organisation.into()], clauses: Vec::new() };
        written.all_of(filter);
        written
    }

    /// Every condition but the words of a search.
    fn all_of(&mut self, filter: &CaseFilter) {
        // A canary stands among the cases until a person has taken it for one, and nowhere afterwards.
        self.clauses.push(
            if filter.canaries {
                "(c.canary = 0 OR c.acknowledged_at IS NULL) AND c.held = 0"
            } else {
                "c.canary = 0 AND c.held = 0"
            }
            .to_owned(),
        );
        self.sorts(filter);
        self.times(filter);
        self.rest(filter);
    }

    fn and(&mut self, clause: &str, given: Vec<Value>) {
        let mut clause = clause.to_owned();
        for value in given {
            self.values.push(value);
            clause = clause.replacen('?', &format!("${}", self.values.len()), 1);
        }
        self.clauses.push(clause);
    }

    /// What `case_count` and `case_record` have columns of the same name for.
    fn sorts(&mut self, filter: &CaseFilter) {
        if let Some(state) = filter.state {
            self.and("state = ?", vec![state.word().into()]);
        }
        if let Some(open) = filter.open {
            let states = CaseState::ALL.iter().filter(|s| s.is_concluded() != open);
            let states: Vec<Value> = states.map(|s| s.word().into()).collect();
            let marks = vec!["?"; states.len()].join(", ");
            self.and(&format!("state IN ({marks})"), states);
        }
        if let Some(severity) = filter.severity {
            self.and("severity = ?", vec![severity.word().into()]);
        }
        if filter.undecided {
            self.and("severity = ?", vec!["".into()]);
        }
        if let Some(kind) = filter.kind {
            self.and("kind = ?", vec![kind.word().into()]);
        }
        if let Some(channel) = &filter.channel {
            self.and("channel = ?", vec![channel.into()]);
        }
    }

    fn times(&mut self, filter: &CaseFilter) {
        if let Some(from) = filter.from {
            self.and("c.reported_at >= ?", vec![from.into()]);
        }
        if let Some(to) = filter.to {
            self.and("c.reported_at < ?", vec![to.into()]);
        }
        if let Some((at, id)) = filter.after {
            // The bound alone lets the index begin there; an alternative would read from its start.
            self.and(
                "c.reported_at <= ? AND (c.reported_at < ? OR c.id < ?)",
                vec![at.into(), at.into(), id.into()],
            );
        }
    }

    fn rest(&mut self, filter: &CaseFilter) {
        match filter.owner {
            Some(Owner::Nobody) => self.and("c.owner IS NULL", Vec::new()),
            Some(Owner::Person(person)) => self.and("c.owner = ?", vec![person.into()]),
            None => {}
        }
        if let Some(now) = filter.overdue_at {
            self.and(
                "EXISTS (SELECT 1 FROM clock_case o WHERE o.case_id = c.id AND o.deadline_at < ? AND o.next_at IS NOT NULL)",
                vec![now.into()],
            );
        }
        if let Some(reader) = filter.reader {
            self.and(
                "NOT EXISTS (SELECT 1 FROM case_kept_out k WHERE k.case_id = c.id AND k.person = ?)",
                vec![reader.into()],
            );
        }
        if let Some(tag) = &filter.tag {
            self.and(
                "EXISTS (SELECT 1 FROM case_tag t WHERE t.organisation = $1 AND t.case_id = c.id AND t.tag = ?)",
                vec![tag.into()],
            );
        }
    }
}

/// Cases, newest report first.
///
/// # Errors
/// When the database refuses.
pub fn cases(conn: &mut Conn<'_>, organisation: PartyId, filter: &CaseFilter) -> Result<Vec<Case>> {
    let text = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
    match text {
        Some(text) => {
            // Who types the number of a case wants that case, and an index has it.
            match by_number(conn, organisation, &text.to_uppercase())? {
                Some(case) => these(conn, organisation, filter, &[case.id]),
                None => searched(conn, organisation, filter, &terms(text)),
            }
        }
        None if skips(filter) => by_month(conn, organisation, filter),
        None => plain(conn, organisation, filter),
    }
}

fn plain(conn: &mut Conn<'_>, organisation: PartyId, filter: &CaseFilter) -> Result<Vec<Case>> {
    run(conn, "case_record c", Written::of(organisation, filter), filter.limit)
}

/// Those of some cases that the filter shows.
fn these(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    filter: &CaseFilter,
    ids: &[CaseId],
) -> Result<Vec<Case>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut written = Written::of(organisation, filter);
    let marks = vec!["?"; ids.len()].join(", ");
    written.and(&format!("c.id IN ({marks})"), ids.iter().map(|id| (*id).into()).collect());
    let most = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    run(conn, "case_record c", written, most)
}

/// Cases with these words: those that the index knows, and those that wait to be indexed, which are
/// read as they stand.
fn searched(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    filter: &CaseFilter,
    terms: &[Term],
) -> Result<Vec<Case>> {
    let waiting = waiting(conn, organisation, WAITING_READ_MAX)?;
    let search = Search::of(conn, organisation, terms)?;
    let mut found = if search.finds_nothing() || terms.is_empty() {
        Vec::new()
    } else {
        let mut written = Written { values: vec![organisation.into()], clauses: Vec::new() };
        let led = search.leading(&mut written.values);
        let conditions = search.conditions(led.is_some(), &mut written.values);
        written.clauses.extend(conditions);
        written.all_of(filter);
        let from = led.unwrap_or_else(|| "case_record c".to_owned());
        run(conn, &from, written, filter.limit)?
    };
    if !waiting.is_empty() && !terms.is_empty() {
        found.retain(|case| !waiting.contains(&case.id));
        let ids: Vec<CaseId> = waiting.into_iter().collect();
        let now = these(conn, organisation, filter, &ids)?;
        found.extend(
            now.into_iter()
                .filter(|c| c.privacy == Privacy::Open)
                .filter(|c| matches(&words_of(&[&c.title, &c.description]), terms)),
        );
        found.sort_by_key(|case| std::cmp::Reverse((case.reported_at, case.id)));
        found.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
    }
    Ok(found)
}

fn run(conn: &mut Conn<'_>, from: &str, mut written: Written, limit: i64) -> Result<Vec<Case>> {
    written.values.push(limit.into());
    let mut sql = format!("SELECT c.* FROM {from} WHERE c.organisation = $1");
    for clause in &written.clauses {
        sql.push_str(" AND ");
        sql.push_str(clause);
    }
    sql.push_str(&format!(
        " ORDER BY c.reported_at DESC, c.id DESC LIMIT ${}",
        written.values.len()
    ));
    conn.query(&sql, &written.values)?.iter().map(to_case).collect()
}

/// Whether the counts can tell which months hold such cases. An owner and a state have an index of
/// their own.
fn skips(filter: &CaseFilter) -> bool {
    let sorted = filter.severity.is_some()
        || filter.undecided
        || filter.kind.is_some()
        || filter.channel.is_some();
    sorted && !matches!(filter.owner, Some(Owner::Person(_)))
}

/// The first instant of a month written `2026-03`.
fn month_start(month: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{month}-01T00:00:00Z")).ok()
}

fn month_end(month: &str) -> Option<Timestamp> {
    let (year, number) = month.split_once('-')?;
    let (year, number): (i32, u32) = (year.parse().ok()?, number.parse().ok()?);
    let (year, number) = if number >= 12 { (year + 1, 1) } else { (year, number + 1) };
    month_start(&format!("{year:04}-{number:02}"))
}

/// The months that hold such cases, newest first, one after the other until there are enough.
fn by_month(conn: &mut Conn<'_>, organisation: PartyId, filter: &CaseFilter) -> Result<Vec<Case>> {
    let mut counted = Written { values: vec![organisation.into()], clauses: Vec::new() };
    counted.sorts(filter);
    let mut sql = String::from("SELECT month FROM case_count WHERE organisation = $1 AND n > 0");
    for clause in &counted.clauses {
        sql.push_str(" AND ");
        sql.push_str(clause);
    }
    sql.push_str(" GROUP BY month");
    let mut months: BTreeSet<String> =
        conn.query(&sql, &counted.values)?.iter().map(|r| r.get("month")).collect::<Result<_>>()?;
    if filter.canaries {
        // The counts leave canaries out.
        let waiting = conn.query(
            "SELECT reported_at FROM case_record WHERE organisation = $1 AND canary = 1 AND acknowledged_at IS NULL",
            params![organisation],
        )?;
        for row in &waiting {
            let at: Timestamp = row.get("reported_at")?;
            months.insert(at.to_rfc3339().chars().take(7).collect());
        }
    }
    if months.iter().any(|m| month_start(m).is_none() || month_end(m).is_none()) {
        // A year outside the calendar: no month can be skipped.
        return plain(conn, organisation, filter);
    }
    let mut found = Vec::new();
    for month in months.into_iter().rev() {
        let wanted = filter.limit - i64::try_from(found.len()).unwrap_or(i64::MAX);
        if wanted <= 0 {
            break;
        }
        let (start, end) = (month_start(&month), month_end(&month));
        let past = filter.after.zip(start).is_some_and(|((at, _), start)| at < start);
        let late = filter.to.zip(start).is_some_and(|(to, start)| to <= start);
        let early = filter.from.zip(end).is_some_and(|(from, end)| end <= from);
        if past || late || early {
            continue;
        }
        let one = CaseFilter {
            from: filter.from.max(start),
            to: match (filter.to, end) {
                (Some(to), Some(end)) => Some(to.min(end)),
                (to, end) => to.or(end),
            },
            ..filter.clone()
        };
        found.extend(plain(conn, organisation, &CaseFilter { limit: wanted, ..one })?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_a_first_and_a_last_instant() {
        let at = |t: &str| Timestamp::parse(t).ok();
        assert_eq!(month_start("2026-03"), at("2026-03-01T00:00:00Z"));
        assert_eq!(month_end("2026-12"), at("2027-01-01T00:00:00Z"));
        assert_eq!(month_end("2026-02"), at("2026-03-01T00:00:00Z"));
        assert_eq!(month_end("x"), None);
    }
}
