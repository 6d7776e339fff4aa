//! Commands: permit, load, decide, record.

use super::events::{
    DeviationEvent, NatureSeconded, StatementAsked, StatementGiven, StatementLinked,
};
use super::model::{Answer, StatementId};
use super::permits::{AskStatement, GiveStatement, SecondNature};
use super::rules::{Counts, Marker, Record, is_softer, items_of, markers, persistence, proposed};
use super::store as deviations;
use crate::model::{Deviation, DeviationId, DeviationSource, Sample, SelectionMethod};
use crate::planning::rules::ASSUMED_EVENTS;
use crate::rules::deviation::Nature;
use crate::rules::item::{AttributeFacts, AttributeResult, ItemOutcome, item_outcome};
use crate::store::{self, Papers};
use kernel::env::Env;
use kernel::permit::Permit;
use kernel::refusal::{Refusal, remark, sentence};
use platform::db::{Result, Tx};
use platform::journal::{Expected, Origin, record};

const TEXT_MAX: usize = 4_000;

/// The markers of a deviation, seen with all deviations and all results of its test.
#[must_use]
pub fn markers_of(papers: &Papers, deviation: &Deviation) -> Vec<Marker> {
    let rows = |d: &Deviation| match &d.source {
        DeviationSource::Census { census, .. } => {
            papers.followed.get(census).map_or(1, |f| f.deviations)
        }
        DeviationSource::Sample { .. } => 1,
    };
    let all: Vec<Record<'_>> = papers
        .deviations_of(deviation.test)
        .map(|d| Record { body: &d.body, items: items_of(&d.source, rows(d)) })
        .collect();
    let items = items_of(&deviation.source, rows(deviation));
    let this = Record { body: &deviation.body, items };
    let test = papers.tests.iter().find(|t| t.id == deviation.test);
    let tolerable = test.and_then(|t| t.plan.tolerable).map(|r| r.floor_of(10_000));
    let mut found = markers(this, &all, counts(papers, deviation), tolerable);
    found.extend(persistence(papers.prior.get(&deviation.control).copied().unwrap_or(0)));
    found
}

/// What the items of the deviation's test came to.
fn counts(papers: &Papers, deviation: &Deviation) -> Counts {
    if let Some(census) = papers.censuses.get(&deviation.test) {
        let followed = papers.followed.get(&census.id).copied().unwrap_or_default();
        let out = census.body.excluded.saturating_add(followed.not_in_population);
        return Counts {
            tested: census.body.population.saturating_sub(out),
            deviating: followed.deviations,
            undetermined: followed.undetermined,
        };
    }
    let samples = papers.samples.get(&deviation.test).map(Vec::as_slice).unwrap_or_default();
    let (standing, _) = store::apart(samples);
    let mut counts = Counts::default();
    for item in store::items_once(papers, &standing) {
        match item_outcome(item) {
            Ok(ItemOutcome::Pass) => counts.tested += 1,
            Ok(ItemOutcome::Deviation { .. }) => {
                counts.tested += 1;
                let seen = |a: &AttributeFacts| a.result == AttributeResult::Deviation;
                if item.attributes.iter().any(seen) {
                    counts.deviating += 1;
                } else {
                    counts.undetermined += 1;
                }
            }
            _ => {}
        }
    }
    counts
}

/// How the concluded nature stands against the markers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatureStanding {
    /// What the markers propose.
    pub proposed: Nature,
    /// Whether the concluded nature is softer.
    pub softer: bool,
    /// Whether it still lacks its reason or its second signature.
    pub open: bool,
}

/// How a deviation's nature stands.
#[must_use]
pub fn nature_of(papers: &Papers, deviation: &Deviation) -> NatureStanding {
    let proposed = proposed(&markers_of(papers, deviation));
    let softer = is_softer(deviation.body.nature, proposed);
    let signed = papers.seconds.iter().any(|s| {
        s.deviation == deviation.id
            && s.nature == deviation.body.nature
            && s.reason == deviation.body.more.nature_reason
    });
    NatureStanding { proposed, softer, open: softer && !signed }
}

/// What the natures of a control's deviations lack before it can be concluded, in sentences.
#[must_use]
pub fn natures_open(papers: &Papers, control: controls::model::ControlId) -> Vec<String> {
    papers
        .deviations
        .iter()
        .filter(|d| d.control == control)
        .filter_map(|d| {
            let standing = nature_of(papers, d);
            standing.open.then(|| {
                format!(
                    "The markers propose that the deviation “{}” is {}; it is recorded as {}. That needs a reason and a second signer on the deviation’s page.",
                    kernel::refusal::excerpt(&d.body.facts, 80),
                    standing.proposed,
                    d.body.nature
                )
            })
        })
        .collect()
}

/// What is not known yet of the reach of the systematic deviations of a control, in sentences: a cause that
/// reaches further is followed through every item that it could have reached, or a person says why not.
#[must_use]
pub fn reach_open(papers: &Papers, control: controls::model::ControlId) -> Vec<String> {
    papers
        .deviations
        .iter()
        .filter(|d| d.control == control && d.body.nature == Nature::Systematic)
        .filter(|d| d.body.more.others_checked.is_empty() && !followed_through(papers, d))
        .map(|d| {
            format!(
                "The deviation “{}” is systematic, so its cause may have reached further. On its page, test the whole stratum in which it lies, or record which other units were checked, or why none were.",
                kernel::refusal::excerpt(&d.body.facts, 80)
            )
        })
        .collect()
}

/// Whether every item that the cause could have reached was tested: by a run over the whole population, by
/// the whole run of items in which each deviating one lies, or because the sample holds all there are.
fn followed_through(papers: &Papers, deviation: &Deviation) -> bool {
    let DeviationSource::Sample { sample: found_in, items } = &deviation.source else {
        return true;
    };
    let samples = papers.samples.get(&deviation.test).map(Vec::as_slice).unwrap_or_default();
    let known = |population| papers.populations.get(&population).map(|p| p.body.rows);
    let planned = papers.sizes.get(&deviation.test).map(|s| s.population);
    let everything = samples.iter().any(|sample| {
        let all = match sample.body.population {
            Some(population) => known(population),
            None => planned.filter(|n| *n != ASSUMED_EVENTS),
        };
        all.is_some_and(|all| all <= sample.body.selected.len() as u64)
    });
    let of = samples.iter().find(|s| s.id == *found_in).and_then(|s| s.body.population);
    let runs: Vec<&Sample> = samples
        .iter()
        .filter(|s| s.body.method == SelectionMethod::Block)
        // A run of another list says nothing of the items around this one.
        .filter(|s| of.is_none_or(|of| s.body.population == Some(of)))
        .collect();
    // A run holds every item of its stratum: the deviation lies in it when its own items are in it.
    let within = |item: &String| runs.iter().any(|run| run.body.selected.contains(item));
    everything || (!items.is_empty() && items.iter().all(within))
}

/// Signs, as a second person, a nature softer than the markers propose.
///
/// # Errors
/// [`Refusal::State`] when it needs none, has no reason yet, or the same person recorded it;
/// [`Refusal::NotFound`]; [`Refusal::Stale`].
pub fn second_nature(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<SecondNature>,
    id: DeviationId,
    version: i64,
    why: &str,
) -> Result<()> {
    let file = store::file_of(permit.facts())?;
    crate::firm::service::stays_outside(tx, permit)?;
    let papers = Papers::load(tx, file.engagement)?;
    let found = papers.deviations.iter().find(|d| d.id == id).ok_or(Refusal::NotFound)?;
    if found.version != version {
        return Err(Refusal::Stale { seen: version, now: found.version }.into());
    }
    if !nature_of(&papers, found).open {
        return Err(Refusal::state("This nature needs no second signature.").into());
    }
    if found.body.more.nature_reason.is_empty() {
        return Err(Refusal::state(
            "No reason is recorded for the softer nature yet. Whoever concluded it records one first.",
        )
        .into());
    }
    let history = platform::journal::history(tx, &id.to_string())?;
    let me = permit.actor().name();
    if history.iter().any(|(entry, ..)| entry.actor == me) {
        return Err(Refusal::state(
            "You wrote in this deviation’s record yourself. Another person has to sign.",
        )
        .into());
    }
    let event = NatureSeconded {
        deviation: id,
        engagement: file.engagement,
        nature: found.body.nature,
        reason: found.body.more.nature_reason.clone(),
        remark: sentence("reason", why, TEXT_MAX)?,
    };
    let origin = Origin::by(permit.actor(), file.firm);
    let subject = format!("{id}/second");
    record(tx, env, &origin, &subject, Expected::Any, vec![DeviationEvent::from(event)])?;
    Ok(())
}

/// Releases facts of a deviation to the organisation and asks for its statement. What is released is
/// what stands in `released`, and nothing else of the file.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Input`] naming the field.
pub fn ask_statement(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<AskStatement>,
    deviation: DeviationId,
    released: &str,
    due: &str,
) -> Result<StatementId> {
    let file = store::file_of(permit.facts())?;
    let found = store::deviation(tx, file, deviation)?.ok_or(Refusal::NotFound)?;
    let due =
        kernel::period::parse_date(due.trim()).map_err(|e| Refusal::field("due", e.to_string()))?;
    let id: StatementId = env.id();
    let asked = StatementAsked {
        id,
        engagement: file.engagement,
        organisation: permit.owner(),
        control: found.control,
        released: sentence("released", released, TEXT_MAX)?,
        due: due.to_string(),
    };
    let theirs = Origin::by(permit.actor(), permit.owner());
    let subject = id.to_string();
    record(tx, env, &theirs, &subject, Expected::New, vec![DeviationEvent::from(asked)])?;
    let linked = StatementLinked { deviation, engagement: file.engagement, statement: id };
    let ours = Origin::by(permit.actor(), file.firm);
    let subject = format!("{deviation}/statements");
    record(tx, env, &ours, &subject, Expected::Any, vec![DeviationEvent::from(linked)])?;
    Ok(id)
}

/// Gives the organisation's statement. Given anew it replaces what is shown; the log keeps both.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Stale`], [`Refusal::Input`] naming the field.
pub fn give_statement(
    tx: &mut Tx<'_>,
    env: &mut Env,
    permit: &Permit<GiveStatement>,
    id: StatementId,
    version: i64,
    answer: &Answer,
) -> Result<()> {
    let found = deviations::statement(tx, id)?
        .filter(|s| Some(s.engagement) == permit.facts().engagement)
        .ok_or(Refusal::NotFound)?;
    let corrected_on = match answer.corrected_on.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(day) => {
            let day = kernel::period::parse_date(day)
                .map_err(|e| Refusal::field("corrected_on", e.to_string()))?;
            Some(day.to_string())
        }
    };
    let correction = remark("correction", &answer.correction, TEXT_MAX)?;
    if corrected_on.is_some() && correction.is_empty() {
        return Err(Refusal::field("correction", "Say what was put right on that day.").into());
    }
    let event = StatementGiven {
        answer: Answer {
            agrees: answer.agrees,
            text: sentence("text", &answer.text, TEXT_MAX)?,
            correction,
            corrected_on,
        },
    };
    let origin = Origin::by(permit.actor(), permit.owner());
    let subject = found.id.to_string();
    let expected = Expected::Version(version);
    record(tx, env, &origin, &subject, expected, vec![DeviationEvent::from(event)])?;
    Ok(())
}
