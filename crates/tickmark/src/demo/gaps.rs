//! What the organisation found missing before its period, and what it did about it.

use super::people::Cast;
use super::{Story, permit};
use controls::model::GapId;
use controls::permits::ManageGaps;
use controls::risks::model::Origin;
use controls::service::{GapInput, GapPlan, close_gap, open_gap, plan_gap};
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::permit::Permit;
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};

/// The chance of these steps alone, so that what else is told keeps its ids.
const FOUND: [u8; 32] = *b"tickmark demonstration, the gaps";
const MENDED: [u8; 32] = *b"tickmark demonstration, the mend";

/// A gap: criterion, what is missing, what is done, whether the engineer does it, until when.
struct Missing(&'static str, &'static str, &'static str, bool, &'static str);

const MISSING: [Missing; 3] = [
    Missing(
        "CC9.2",
        "Vendors are looked at before the contract is signed and never again.",
        "Look at every vendor once a year: their report, their incidents, their contacts.",
        false,
        "2026-04-30",
    ),
    Missing(
        "CC3.4",
        "Nobody asks what changes outside the company, such as new laws on pay, mean for its risks.",
        "Put such changes on the agenda of the quarterly risk meeting, with counsel present.",
        false,
        "2026-05-29",
    ),
    Missing(
        "A1.3",
        "Recovery was exercised with made-up data only, never with a copy as large as the real one.",
        "Restore a full copy in the second data centre and measure how long it takes.",
        true,
        "2026-06-30",
    ),
];

fn steps<T: Send + 'static>(
    story: &Story<'_>,
    cast: &Cast,
    seed: [u8; 32],
    f: impl Fn(&mut Tx<'_>, &mut Env, &Permit<ManageGaps>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (now, lead) = (story.now(), cast.lead.clone());
    story.deployment.db.write_blocking(move |tx| {
        let permit = permit::<ManageGaps>(&lead)?;
        f(tx, &mut Env::new(now, seed), &permit)
    })
}

/// The gaps of the assessment against the criteria.
pub(super) fn find(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let (lead, engineer) = (cast.lead.person, cast.engineer.person);
    steps(story, cast, FOUND, move |tx, env, permit| {
        for Missing(criterion, finding, action, engineering, due) in &MISSING {
            let criterion = criterion.parse().map_err(|_| Refusal::input("no such criterion"))?;
            let owner = if *engineering { engineer } else { lead };
            let input = GapInput {
                criterion,
                finding: (*finding).into(),
                plan: plan(action, owner, due),
                origin: Origin::default(),
            };
            open_gap(tx, env, permit, &input)?;
        }
        Ok(())
    })
}

fn plan(action: &str, owner: Option<PersonId>, due: &str) -> GapPlan {
    GapPlan { action: action.into(), owner, due: due.into() }
}

fn of(tx: &mut Tx<'_>, permit: &Permit<ManageGaps>, criterion: &str) -> Result<(GapId, i64)> {
    let gaps = controls::store::gaps(tx, permit.owner())?;
    let found = gaps.into_iter().find(|g| g.criterion.to_string() == criterion);
    Ok(found.map(|g| (g.id, g.version)).ok_or(Refusal::NotFound)?)
}

/// One is closed, one is planned anew, and one is past its date.
pub(super) fn mend(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let lead = cast.lead.person;
    steps(story, cast, MENDED, move |tx, env, permit| {
        let vendors = of(tx, permit, "CC9.2")?;
        let outcome = "All nine vendors were looked at in April; the record with what was found for each is in the vault, and the next round is planned for April 2027.";
        close_gap(tx, env, permit, vendors, outcome)?;
        let outside = of(tx, permit, "CC3.4")?;
        let later = plan(MISSING[1].2, lead, "2026-09-30");
        let why = "Counsel was away for the meeting of May; the next is in September.";
        plan_gap(tx, env, permit, outside, (&later, why))
    })
}
