//! Commands about pairs, and the report on the history.

use super::events::{LinkDecided, PatternEvent};
use super::model::{Decided, PatternReport, Waiting};
use super::permits::DecideLinks;
use super::rules::proposals::{Method, proposals};
use super::rules::recurrence::recurrence;
use super::rules::{PatternCase, gaps, outages, weaknesses};
use super::store;
use crate::clocks::service as clocks;
use crate::model::CaseId;
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark};
use kernel::time::Timestamp;
use platform::db::{Conn, Result, Tx};
use platform::journal::{Expected, Origin, record};
use std::collections::{BTreeMap, BTreeSet};

/// Cases looked at for a page: the newest.
pub const LOOKED_AT: i64 = 5_000;
/// Cases looked at by the command line.
pub const LOOKED_AT_ALONE: i64 = 200_000;
/// Pairs listed at most.
const LISTED: usize = 200;
/// The longest reason.
const REASON_MAX: usize = 1_000;
/// The confidence of intervals.
const CONFIDENCE: f64 = 0.95;

/// A decision about two cases.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The one.
    pub one: CaseId,
    /// The other.
    pub other: CaseId,
    /// Whether they are the same matter.
    pub same: bool,
    /// By what the pair was proposed.
    pub method: Option<Method>,
    /// The likeness that was shown, in thousandths.
    pub likeness: i64,
    /// Why; may be empty where the proposal says it.
    pub reason: String,
}

/// Records what a person decided about two cases. Deciding the same again changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] for a case that is not the organisation's or concerns the person,
/// [`Refusal::Input`].
pub fn decide(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<DecideLinks>,
    input: &Decision,
) -> Result<()> {
    let owner = permit.owner();
    let me = permit.actor().person.ok_or(Refusal::NotFound)?;
    let mut both = Vec::new();
    for id in [input.one, input.other] {
        let case = crate::store::case(tx, owner, id)?.ok_or(Refusal::NotFound)?;
        if crate::store::kept_out(tx, id, me)? {
            return Err(Refusal::NotFound.into());
        }
        both.push((case.reported_at, case.id));
    }
    both.sort_unstable();
    let [(_, earlier), (_, later)] = both.as_slice() else { return Err(Refusal::NotFound.into()) };
    let (earlier, later) = (*earlier, *later);
    if earlier == later {
        return Err(Refusal::input("A case is not paired with itself.").into());
    }
    let reason = remark("reason", &input.reason, REASON_MAX)?;
    let known = store::decided(tx, owner)?;
    let same_again = known.iter().any(|d| {
        (d.earlier, d.later, d.same) == (earlier, later, input.same) && d.reason == reason
    });
    if same_again {
        return Ok(());
    }
    let event = LinkDecided {
        organisation: owner,
        earlier,
        later,
        same: input.same,
        method: input.method,
        likeness: input.likeness.clamp(0, 1_000),
        reason,
    };
    let origin = Origin::by(permit.actor(), owner);
    let subject = LinkDecided::subject(earlier, later);
    // Whether they were one matter before or are now: each of its cases may be the third of its kind.
    let mut matter = clocks::matter(tx, owner, later)?;
    record(tx, env, &origin, &subject, Expected::Any, vec![PatternEvent::from(event)])?;
    matter.extend(clocks::matter(tx, owner, earlier)?);
    matter.extend(clocks::matter(tx, owner, later)?);
    clocks::rearm_all(tx, env, &origin, &matter)
}

fn places(cases: &[PatternCase]) -> BTreeMap<&str, usize> {
    cases.iter().enumerate().map(|(place, case)| (case.id.as_str(), place)).collect()
}

/// Confirmed pairs as places.
fn confirmed(cases: &[PatternCase], decided: &[Decided]) -> Vec<(usize, usize)> {
    let place_of = places(cases);
    decided
        .iter()
        .filter(|d| d.same)
        .filter_map(|d| {
            let place = |id: CaseId| place_of.get(id.to_string().as_str()).copied();
            Some((place(d.earlier)?, place(d.later)?))
        })
        .collect()
}

/// What the history says to a reader: nobody is told of a case that concerns them.
///
/// # Errors
/// When the database refuses.
pub fn report(
    conn: &mut Conn<'_>,
    organisation: PartyId,
    reader: Option<PersonId>,
    (until, most): (Timestamp, i64),
) -> Result<PatternReport> {
    let mut cases = store::cases(conn, organisation, reader, (until, most + 1))?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let cut = cases.len() > most;
    cases.truncate(most);
    let decided = store::decided(conn, organisation)?;
    let all = proposals(&cases);
    let number = |place: usize| cases.get(place).map(|c| (c.id.clone(), c.number.clone()));
    let known: BTreeSet<(String, String)> =
        decided.iter().map(|d| (d.earlier.to_string(), d.later.to_string())).collect();
    let mut waiting: Vec<Waiting> = all
        .iter()
        .filter_map(|proposal| {
            let (earlier, earlier_number) = number(proposal.earlier)?;
            let (later, later_number) = number(proposal.later)?;
            let open = !known.contains(&(earlier.clone(), later.clone()))
                && !known.contains(&(later.clone(), earlier.clone()));
            open.then(|| Waiting {
                earlier,
                earlier_number,
                later,
                later_number,
                proposal: proposal.clone(),
            })
        })
        .collect();
    waiting.sort_by(|a, b| {
        a.proposal
            .method
            .cmp(&b.proposal.method)
            .then(b.proposal.likeness.total_cmp(&a.proposal.likeness))
            .then_with(|| {
                (&b.later_number, &b.earlier_number).cmp(&(&a.later_number, &a.earlier_number))
            })
    });
    waiting.truncate(LISTED);
    let count = |method| (method, all.iter().filter(|p| p.method == method).count() as u64);
    let recurrence = recurrence(&cases, &confirmed(&cases, &decided), until, CONFIDENCE);
    let came_again = recurrence
        .again
        .iter()
        .filter_map(|(again, mended)| Some((number(*again)?.0, number(*mended)?.0)))
        .collect();
    let mut signals = gaps::silence(&cases, &store::channels(conn, organisation)?, until);
    signals.extend(gaps::lag(&cases));
    signals.extend(gaps::heaping(&cases));
    let published = store::outages(conn, organisation, until)?;
    signals.extend(outages::outages(&cases, &published, until));
    signals.push(gaps::late_escalation(&cases));
    signals.extend(weaknesses::weaknesses(&cases));
    Ok(PatternReport {
        until,
        looked_at: cases.len() as u64,
        cut,
        proposed: [Method::Fingerprint, Method::Lexical, Method::Structural].map(count).to_vec(),
        confirmed: decided.iter().filter(|d| d.same).count() as u64,
        rejected: decided.iter().filter(|d| !d.same).count() as u64,
        waiting,
        recurrence,
        came_again,
        signals,
        cases,
    })
}
