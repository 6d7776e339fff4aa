//! What the firm plans: the understanding of the system, what is material, and where it could go wrong.

use super::Story;
use super::people::Cast;
use examination::model::File;
use examination::planning::model::{Factor, RiskAbout, RiskText, Topic, Understood, Weighed};
use examination::planning::permits::{ApproveSize, Plan as MayPlan};
use examination::planning::rules::sizes;
use examination::planning::{service as planning, store};
use examination::rules::facts::Prong;
use examination::rules::frequency::Risk;
use examination::store::Papers;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::journal::Expected;
use std::collections::BTreeSet;

pub(super) fn understand(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let parts = [
        (
            Topic::Services,
            "Runs payroll for employers in three countries. Users rely on pay being right and on time, and on the confidentiality of pay data. From the service agreement and a call with the sponsor.",
        ),
        (
            Topic::Technology,
            "One web application and its API over a managed database at a hosting provider; deployed from a repository with reviews.",
        ),
        (
            Topic::People,
            "Some 130 people; engineering and operations report to one lead, compliance to the sponsor.",
        ),
        (
            Topic::Procedures,
            "Monthly review of controls by the compliance lead; a public incident policy; a status page.",
        ),
        (Topic::Subservices, "A hosting provider, carved out; its report is reviewed each year."),
        (
            Topic::Changes,
            "A new database version in March and a new identity provider for staff in April.",
        ),
        (
            Topic::Incidents,
            "The case register of the period is open to us; two incidents reached customers.",
        ),
        (
            Topic::Risks,
            "Unapproved change, access that outlives employment, late recovery. Fraud: pay data changed by somebody with production access.",
        ),
    ];
    let parts = parts.map(|(topic, text)| Understood { topic, text: text.into() }).to_vec();
    story.act::<MayPlan, _>(cast, &cast.senior, move |tx, env, p| {
        planning::state_understanding(tx, env, p, Expected::New, &parts)
    })
}

/// What is weighed when something is judged material.
pub(super) fn materiality(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let factors = [
        (
            Factor::NatureAndCause,
            "A slip of one person weighs less than a control that nobody runs.",
        ),
        (Factor::Duration, "Weeks around a pay run weigh more than others."),
        (
            Factor::CustomerEffect,
            "Anything that reached pay data or delayed a pay run is held to be material.",
        ),
        (
            Factor::Compensation,
            "The quarterly review of access can make up for single late removals.",
        ),
        (Factor::Intent, "Anything done on purpose is material whatever its size."),
        (
            Factor::Recurrence,
            "What the period before had too weighs more: its cause was not put right.",
        ),
        (Factor::Reliance, "Customers' auditors rely on change and access controls."),
        (Factor::Concealment, "What management knew of and kept back is material."),
    ];
    let factors = factors.map(|(factor, note)| Weighed { factor, note: note.into() }).to_vec();
    story.act::<MayPlan, _>(cast, &cast.manager, move |tx, env, p| {
        let conclusion = "A failure that lets pay be wrong, late or seen by others, or that leaves users unable to tell.";
        planning::consider_materiality(tx, env, p, Expected::New, (&factors, conclusion))
    })
}

pub(super) fn risks(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let high = "Staff changed identity provider in April; leavers are handled by hand. Response: a walkthrough of the new way.";
    let leavers = "Few people leave in a half-year, and each is handled by hand. Response: a sample of leavers, larger where one was missed before.";
    let change = "Many changes and a small team. Response: every change of the period is compared with its review.";
    let normal =
        "Usual for an organisation of this size. Response: tests of the controls mapped to it.";
    let low = "Little changes and little can go wrong. Response: one test of the control.";
    let all = [
        (Prong::Description, None, Risk::Normal, Risk::Low, normal),
        (Prong::Operation, Some("CC1.1"), Risk::Low, Risk::Low, low),
        (Prong::Operation, Some("CC5.1"), Risk::Normal, Risk::Normal, normal),
        (Prong::Operation, Some("CC6.1"), Risk::High, Risk::Normal, normal),
        (Prong::Operation, Some("CC6.2"), Risk::Normal, Risk::Normal, leavers),
        (Prong::Operation, Some("CC6.3"), Risk::Normal, Risk::Normal, leavers),
        (Prong::Operation, Some("CC7.3"), Risk::Normal, Risk::Normal, normal),
        (Prong::Operation, Some("CC7.4"), Risk::Normal, Risk::Normal, normal),
        (Prong::Operation, Some("CC8.1"), Risk::High, Risk::Normal, change),
        (Prong::Operation, Some("A1.2"), Risk::Normal, Risk::Normal, normal),
        (Prong::Design, Some("CC6.2"), Risk::High, Risk::Normal, high),
        (Prong::Design, Some("CC8.1"), Risk::Normal, Risk::Normal, change),
    ];
    for (prong, criterion, inherent, control, basis) in all {
        let about = [about(prong, criterion)?].into();
        let text = RiskText { inherent, control, basis: basis.into() };
        risk(story, cast, about, text)?;
    }
    // The recovery of the service is left for whoever looks around.
    let left = |a: &RiskAbout| {
        a.prong != Prong::Design || a.criterion.is_none_or(|c| c.series().label() != "A1")
    };
    assess_rest(story, cast, normal, left)
}

fn about(prong: Prong, criterion: Option<&str>) -> Result<RiskAbout> {
    let criterion = match criterion {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| Refusal::input("no criterion"))?),
    };
    Ok(RiskAbout { prong, criterion })
}

fn risk(story: &Story<'_>, cast: &Cast, about: BTreeSet<RiskAbout>, text: RiskText) -> Result<()> {
    story.act::<MayPlan, _>(cast, &cast.senior, move |tx, env, p| {
        planning::assess_risks(tx, env, p, &about, &text)
    })
}

fn as_usual(basis: &str) -> RiskText {
    RiskText { inherent: Risk::Normal, control: Risk::Normal, basis: basis.into() }
}

/// Assesses these risks as normal.
pub(super) fn assess(
    story: &Story<'_>,
    cast: &Cast,
    which: &[(Prong, &str)],
    basis: &str,
) -> Result<()> {
    let which = which.iter().map(|(prong, criterion)| about(*prong, Some(criterion)));
    risk(story, cast, which.collect::<Result<_>>()?, as_usual(basis))
}

/// Assesses as normal every risk that nobody has assessed, but for those left out.
pub(super) fn assess_rest(
    story: &Story<'_>,
    cast: &Cast,
    basis: &str,
    wanted: impl Fn(&RiskAbout) -> bool,
) -> Result<()> {
    let engagement = cast.engagement;
    let mut open = story.deployment.db.read_blocking(move |conn| {
        let e = scope::store::engagement(conn, engagement)?.ok_or(Refusal::NotFound)?;
        let firm = e.firm.ok_or(Refusal::NotFound)?;
        let mut all: BTreeSet<_> = store::risk_subjects(&e).into_iter().collect();
        for known in store::risks(conn, File { engagement, firm })? {
            all.remove(&known.about);
        }
        Ok(all)
    })?;
    open.retain(|a| wanted(a));
    risk(story, cast, open, as_usual(basis))
}

/// States the size of each test of which fewer items were chosen than the policy asks for, and has it approved,
/// but for the tests whose codes are left out.
pub(super) fn settle_sizes(
    story: &Story<'_>,
    cast: &Cast,
    left: &[&str],
    why: &'static str,
) -> Result<()> {
    let engagement = cast.engagement;
    let load = || story.deployment.db.read_blocking(move |conn| Papers::load(conn, engagement));
    let papers = load()?;
    for test in papers.tests.iter().filter(|t| sizes::is_sampled(&papers, t)) {
        let (id, chosen) = (test.id, sizes::chosen(&papers, test));
        let planned = papers.sizes.get(&id).map_or(0, |s| s.items);
        if chosen == 0 || chosen >= planned {
            continue;
        }
        story.act::<MayPlan, _>(cast, &cast.senior, move |tx, env, permit| {
            let before = store::size_of(tx, examination::store::file_of(permit.facts())?, id)?;
            let at = (id, before.map_or(0, |b| b.version));
            planning::size_test(tx, env, permit, at, (chosen, why))
        })?;
    }
    let papers = load()?;
    for test in &papers.tests {
        let below = papers.sizes.get(&test.id).is_some_and(sizes::below_policy);
        if !below || !sizes::is_sampled(&papers, test) || left.contains(&test.plan.code.as_str()) {
            continue;
        }
        let id = test.id;
        story.act::<ApproveSize, _>(cast, &cast.partner, move |tx, env, permit| {
            let why = "Agreed: the walkthrough and the tests beside it support as few.";
            planning::approve_size(tx, env, permit, id, why)
        })?;
    }
    Ok(())
}
