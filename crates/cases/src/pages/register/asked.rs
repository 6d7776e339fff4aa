//! What the address asks of the list.

use crate::model::{Case, CaseId, CaseKind, CaseState, Severity};
use crate::store::{CaseFilter, Owner};
use kernel::ids::PersonId;
use kernel::period::parse_date;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::ui::ListQuery;

/// Where the list continues behind a case.
pub(crate) fn key_after(case: &Case) -> String {
    format!("{}.{}", case.reported_at.0, case.id)
}

fn place(text: &str) -> Result<(Timestamp, CaseId), Refusal> {
    let wrong =
        || Refusal::field("after", "This is not a place in the list. Start again without it.");
    let (at, id) = text.split_once('.').ok_or_else(wrong)?;
    Ok((Timestamp(at.parse().map_err(|_| wrong())?), id.parse().map_err(|_| wrong())?))
}

fn chosen<T: Copy>(
    query: &ListQuery,
    field: &'static str,
    all: &[T],
    word: impl Fn(T) -> &'static str,
) -> Result<Option<T>, Refusal> {
    let Some(given) = query.get(field) else { return Ok(None) };
    match all.iter().find(|x| word(**x) == given) {
        Some(found) => Ok(Some(*found)),
        None => {
            let words: Vec<_> = all.iter().map(|x| word(*x)).collect();
            Err(Refusal::field(field, format!("{field} is one of: {}.", words.join(", "))))
        }
    }
}

fn owner(query: &ListQuery, me: Option<PersonId>) -> Result<Option<Owner>, Refusal> {
    let wrong = || Refusal::field("owner", "owner is me, nobody, or the id of a person.");
    match query.get("owner") {
        None => Ok(None),
        Some("nobody") => Ok(Some(Owner::Nobody)),
        Some("me") => Ok(Some(Owner::Person(me.ok_or_else(wrong)?))),
        Some(id) => Ok(Some(Owner::Person(id.parse().map_err(|_| wrong())?))),
    }
}

/// The first instant of a day in UTC, `days` later.
fn day(query: &ListQuery, field: &'static str, days: i64) -> Result<Option<Timestamp>, Refusal> {
    let Some(text) = query.get(field) else { return Ok(None) };
    let wrong = || Refusal::field(field, "A day is written 2026-03-31.");
    let date = parse_date(text).map_err(|_| wrong())?;
    let start = Timestamp::parse(&format!("{date}T00:00:00Z")).map_err(|_| wrong())?;
    Ok(Some(start.plus_seconds(days * 86_400)))
}

/// What the address asks of the list, for the person who asks.
///
/// # Errors
/// [`Refusal::Input`] naming the parameter.
pub(crate) fn filter(
    query: &ListQuery,
    limit: i64,
    me: Option<PersonId>,
    now: Timestamp,
) -> Result<CaseFilter, Refusal> {
    let undecided = query.get("severity") == Some("none");
    Ok(CaseFilter {
        state: chosen(query, "state", CaseState::ALL, CaseState::word)?,
        open: chosen(query, "open", &[true, false], |open| if open { "yes" } else { "no" })?,
        severity: match undecided {
            true => None,
            false => chosen(query, "severity", Severity::ALL, Severity::word)?,
        },
        undecided,
        kind: chosen(query, "kind", CaseKind::ALL, CaseKind::word)?,
        channel: query.get("channel").map(str::to_owned),
        owner: owner(query, me)?,
        overdue_at: chosen(query, "overdue", &[true], |_| "yes")?.map(|_| now),
        tag: query.get("tag").map(str::to_owned),
        from: day(query, "from", 0)?,
        to: day(query, "to", 1)?,
        text: query.get("q").map(str::trim).filter(|q| !q.is_empty()).map(str::to_owned),
        canaries: false,
        reader: me,
        after: query.after().map(place).transpose()?,
        limit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_none_is_refused_and_a_place_is_read_back() {
        let asked = |query: &str| filter(&ListQuery::parse("/cases", query), 1, None, Timestamp(9));
        for field in
            ["overdue", "state", "open", "severity", "kind", "owner", "from", "to", "after"]
        {
            let refused = asked(&format!("{field}=x")).unwrap_err();
            assert!(
                matches!(refused, Refusal::Input { field: Some(f), .. } if f == field),
                "{refused:?}"
            );
        }
        assert!(asked("owner=me").is_err());
        let id = CaseId::from_u128(7);
        let read = asked(&format!("after=-5.{id}&severity=high&q=+a+")).unwrap();
        assert_eq!(read.after, Some((Timestamp(-5), id)));
        assert_eq!((read.severity, read.text.as_deref()), (Some(Severity::High), Some("a")));
        let read =
            asked("severity=none&from=2026-03-01&to=2026-03-01&owner=nobody&open=yes").unwrap();
        assert!(read.undecided && read.severity.is_none() && read.open == Some(true));
        assert_eq!(read.to.unwrap().0 - read.from.unwrap().0, 86_400_000_000);
        assert_eq!(read.owner, Some(Owner::Nobody));
        assert_eq!(asked("overdue=yes").unwrap().overdue_at, Some(Timestamp(9)));
    }
}
