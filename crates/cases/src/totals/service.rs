//! Commands: counting a day, stating what somebody outside counted, explaining a difference.

use super::events::{
    DayCounted, ExceptionAssigned, ExceptionOpened, ExceptionResolved, FigureStated, TotalEvent,
};
use super::model::{Against, Book, Count, Exception, ExceptionId, differences};
use super::permits::{CountTotals, ResolveException};
use super::store;
use crate::channels::model::ChannelKind;
use crate::mailroom::model::Outcome;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role};
use kernel::period::Date;
use kernel::permit::{Facts, Permit, authorize};
use kernel::refusal::{Refusal, line, sentence};
use kernel::time::Timestamp;
use kernel::zone::Zone;
use platform::db::{Conn, DbError, Result, Tx};
use platform::journal::{Expected, Origin, entries_between, record};

/// The permit of the product's own job.
///
/// # Errors
/// When the rule of [`CountTotals`] does not admit it.
pub fn permit(organisation: PartyId) -> Result<Permit<CountTotals>> {
    Ok(authorize(&Actor::system(organisation, "totals"), &Facts::of(organisation))?)
}

/// The first instant of a date in UTC, and of the next.
///
/// # Errors
/// At the end of the calendar.
pub fn bounds(day: Date) -> Result<(Timestamp, Timestamp)> {
    let next = day.tomorrow().map_err(|e| DbError::Shape(e.to_string()))?;
    let zone = Zone::utc();
    Ok((zone.day_start(day), zone.day_start(next)))
}

/// Counts every book of a day: at the door, and where it ended, each from its own source.
///
/// | book | at the door | where it ended |
/// |---|---|---|
/// | mail | entries of the log “accepted” | the table of the mail door, by what was made of each |
/// | messages | the tally “arrived”, written before anything is decided | the tallies of what each became |
/// | numbers | entries of the log “report filed” | cases and canaries in the register |
///
/// # Errors
/// When the database refuses.
pub fn count(conn: &mut Conn<'_>, organisation: PartyId, day: Date) -> Result<Vec<Count>> {
    let span = bounds(day)?;
    let logged = entries_between(conn, organisation, span)?;
    let of = |kind: &str| logged.get(kind).copied().unwrap_or(0);
    let ends = crate::mailroom::store::counts(conn, organisation, span)?;
    // What is not sorted yet has not ended anywhere.
    let sorted = ends.into_iter().filter(|(outcome, _)| *outcome != Outcome::Waiting);
    let mail = Count {
        book: Book::Mail,
        accepted: of("mailroom.accepted.v1"),
        parts: sorted.map(|(outcome, n)| (outcome.word().to_owned(), n)).collect(),
    };
    let tallies = crate::hooks::store::tallies(conn, organisation, day)?;
    let arrived = tallies.iter().find(|(what, _)| what == "arrived").map_or(0, |(_, n)| *n);
    let mut parts: Vec<(String, i64)> = Vec::new();
    for (what, n) in tallies.into_iter().filter(|(what, _)| what != "arrived") {
        let what = what.split('.').next().unwrap_or_default().to_owned();
        match parts.iter_mut().find(|(known, _)| *known == what) {
            Some((_, sum)) => *sum += n,
            None => parts.push((what, n)),
        }
    }
    let messages = Count { book: Book::Messages, accepted: arrived, parts };
    let [cases, canaries] = store::reported(conn, organisation, span)?;
    let parts = vec![("case".to_owned(), cases), ("canary".to_owned(), canaries)];
    let numbers = Count {
        book: Book::Numbers,
        accepted: of("cases.report_filed.v1"),
        parts: parts.into_iter().filter(|(_, n)| *n != 0).collect(),
    };
    Ok(vec![mail, messages, numbers])
}

/// Who must explain a difference of a book: who answers for the channel, else a compliance lead.
fn owner(conn: &mut Conn<'_>, organisation: PartyId, book: Book) -> Result<Option<PersonId>> {
    let channels = crate::channels::store::channels(conn, organisation)?;
    let kinds: &[ChannelKind] = match book {
        Book::Mail => &[ChannelKind::Email],
        Book::Messages => &[ChannelKind::Chat, ChannelKind::WebForm, ChannelKind::ThirdParty],
        Book::Numbers => &[ChannelKind::Portal],
    };
    let found = channels.iter().find(|c| kinds.contains(&c.kind) && c.owner.is_some());
    if let Some(owner) = found.and_then(|c| c.owner) {
        return Ok(Some(owner));
    }
    let people = identity::store::people_of(conn, organisation)?;
    Ok(people
        .into_iter()
        .find(|m| m.membership.roles.has(Role::ComplianceLead))
        .map(|m| m.profile.id))
}

/// Counts a day and puts it on record; what does not agree becomes an exception, once.
///
/// # Errors
/// [`Refusal::Input`] for a day that is not over; when the database refuses.
pub fn count_day(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<CountTotals>,
    day: Date,
) -> Result<Vec<ExceptionId>> {
    let organisation = permit.owner();
    if bounds(day)?.1 > env.now() {
        return Err(Refusal::field("day", "This day is not over yet (in UTC).").into());
    }
    let counts = count(tx, organisation, day)?;
    let origin = Origin::by(permit.actor(), organisation);
    let subject = format!("totals:{organisation}:{day}");
    let event = TotalEvent::from(DayCounted { day, counts: counts.clone() });
    record(tx, env, &origin, &subject, Expected::Any, vec![event])?;
    let known: Vec<(Book, Against)> =
        store::of_day(tx, organisation, day)?.iter().map(|e| (e.book, e.against)).collect();
    let mut opened = Vec::new();
    for count in &counts {
        let outside = store::figure(tx, organisation, day, count.book)?;
        for (against, found) in differences(count, outside, &known) {
            let (id, owner): (ExceptionId, _) = (env.id(), owner(tx, organisation, count.book)?);
            let (book, expected) = (count.book, count.accepted);
            let event = ExceptionOpened { id, day, book, expected, found, against, owner };
            let events = vec![TotalEvent::from(event)];
            record(tx, env, &origin, &id.to_string(), Expected::New, events)?;
            opened.push(id);
        }
    }
    Ok(opened)
}

/// Writes down what somebody outside counted, and compares.
///
/// # Errors
/// [`Refusal::Input`] naming the field.
pub fn state_figure(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<CountTotals>,
    (day, book): (Date, Book),
    (figure, source): (i64, &str),
) -> Result<Vec<ExceptionId>> {
    if !(0..=1_000_000_000).contains(&figure) {
        return Err(Refusal::field("figure", "Write a whole number that is not negative.").into());
    }
    let source = line("source", source, 200)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let subject = format!("totals:{}:{day}", permit.owner());
    let event = TotalEvent::from(FigureStated { day, book, figure, source });
    record(tx, env, &origin, &subject, Expected::Any, vec![event])?;
    count_day(tx, env, permit, day)
}

fn open(tx: &mut Tx<'_>, permit: &Permit<ResolveException>, id: ExceptionId) -> Result<Exception> {
    let found = store::exception(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
    if found.resolved_at.is_some() {
        return Err(Refusal::state("This difference has been explained.").into());
    }
    Ok(found)
}

/// Has somebody else explain a difference.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::State`], [`Refusal::Stale`].
pub fn assign(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ResolveException>,
    (id, version): (ExceptionId, i64),
    owner: PersonId,
) -> Result<()> {
    open(tx, permit, id)?;
    if identity::store::member(tx, permit.owner(), owner)?.is_none() {
        return Err(Refusal::field("owner", "Choose somebody of your organisation.").into());
    }
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![TotalEvent::from(ExceptionAssigned { id, owner })];
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), events)?;
    Ok(())
}

/// Explains a difference.
///
/// # Errors
/// As [`assign`]; [`Refusal::Input`].
pub fn resolve(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<ResolveException>,
    (id, version): (ExceptionId, i64),
    resolution: &str,
) -> Result<()> {
    open(tx, permit, id)?;
    let resolution = sentence("resolution", resolution, 4_000)?;
    let origin = Origin::by(permit.actor(), permit.owner());
    let events = vec![TotalEvent::from(ExceptionResolved { id, resolution })];
    record(tx, env, &origin, &id.to_string(), Expected::Version(version), events)?;
    Ok(())
}
