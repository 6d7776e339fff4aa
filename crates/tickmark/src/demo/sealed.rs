//! What was reported in confidence: an anonymous report that is being talked about, one that few may
//! open and that a hold keeps, and one whose content was destroyed at the end of its retention.

use super::people::Cast;
use super::{Story, permit};
use cases::model::casework::MessagePurpose;
use cases::model::{CaseId, CaseKind, Privacy, Severity};
use cases::permits::{FileReport, HandleCase};
use cases::sealed::permits::{DestroySealed, HoldSealed, OpenSealed, RestrictSealed};
use cases::sealed::service as sealing;
use cases::service::{self as casework, Filed, ReportInput, Reporter};
use kernel::env::Env;
use kernel::party::Actor;
use kernel::refusal::Refusal;
use platform::db::{Result, Tx};

/// Tells what happened behind the chapter of the year that begins at `chapter`.
pub(super) fn meanwhile(story: &Story<'_>, cast: &Cast, chapter: &str) -> Result<()> {
    match chapter.get(..10) {
        Some("2026-01-14") => begun(story, cast),
        Some("2026-03-17") => few(story, cast),
        Some("2026-04-08") => ended(story, cast),
        Some("2026-06-02") => talked(story, cast),
        _ => Ok(()),
    }
}

fn file(story: &Story<'_>, cast: &Cast, input: ReportInput) -> Result<Filed> {
    let organisation = cast.organisation;
    story.run(move |tx, env| {
        let permit = permit::<FileReport>(&Actor::public(organisation))?;
        casework::file_report(tx, env, &permit, &input)
    })
}

/// Somebody works on the case, against the version that it has.
fn work(
    story: &Story<'_>,
    who: &Actor,
    id: CaseId,
    f: impl Fn(&mut Tx<'_>, &mut Env, &Actor, i64) -> Result<()> + Send + 'static,
) -> Result<()> {
    story.pass(story.now().plus_seconds(1_500))?;
    let who = who.clone();
    story.run(move |tx, env| {
        let owner = who.party.ok_or(Refusal::NotFound)?;
        let case = cases::store::case(tx, owner, id)?.ok_or(Refusal::NotFound)?;
        f(tx, env, &who, case.version)
    })
}

fn begun(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-01-15T11:23:00Z")?;
    let filed = file(
        story,
        cast,
        ReportInput {
            reporter: Reporter::Anonymous,
            ..ReportInput::new(
                "portal",
                CaseKind::Concern,
                "A password on a whiteboard",
                "The password of the shared test account stands on the whiteboard of the big meeting room, and visitors sit there.",
            )
        },
    )?;
    let id = filed.id;
    work(story, &cast.handler, id, move |tx, env, who, _| {
        sealing::open(tx, env, &permit::<OpenSealed>(who)?, id)
    })?;
    work(story, &cast.handler, id, move |tx, env, who, version| {
        let judged = (Severity::Low, false, "The account reaches invented data only.");
        casework::triage(tx, env, &permit::<HandleCase>(who)?, id, version, judged)
    })?;
    work(story, &cast.handler, id, move |tx, env, who, version| {
        let told = "Thank you. The whiteboard was wiped and the password changed within the hour.";
        let outcome = (MessagePurpose::Outcome, told);
        casework::casework::tell(tx, env, &permit::<HandleCase>(who)?, id, version, outcome)
    })?;
    work(story, &cast.handler, id, move |tx, env, who, version| {
        let permit = permit::<HandleCase>(who)?;
        let mended = ("The account had one password for everybody.", "Each tester has an account.");
        casework::resolve(tx, env, &permit, id, version, mended)?;
        casework::close(tx, env, &permit, id, version + 1, "Confirmed and mended.")
    })
}

fn ended(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-04-20T09:05:00Z")?;
    let organisation = cast.organisation;
    let all = cases::store::CaseFilter { limit: 100, ..Default::default() };
    let ended = story.deployment.db.read_blocking(|conn| {
        let all = cases::store::cases(conn, organisation, &all)?;
        Ok(all.into_iter().find(|c| c.privacy == Privacy::Anonymous && c.closed_at.is_some()))
    })?;
    let id = ended.ok_or(Refusal::NotFound)?.id;
    work(story, &cast.lead, id, move |tx, env, who, _| {
        let permit = permit::<DestroySealed>(who)?;
        let case = cases::store::case(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
        let why = "Its retention has ended and nothing holds it.";
        sealing::destroy(tx, env, &permit, &case, why)
    })
}

fn few(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-03-18T16:41:00Z")?;
    let filed = file(
        story,
        cast,
        ReportInput {
            reporter: Reporter::Confidential {
                contact: Some("Call me in the evening: +1 555 0142".to_owned()),
            },
            about_people: "the team lead of payroll operations".to_owned(),
            ..ReportInput::new(
                "hotline",
                CaseKind::Complaint,
                "Overtime that nobody approved was paid",
                "In three runs of February overtime was added after the approval. The approvals that I signed show other hours.",
            )
        },
    )?;
    let id = filed.id;
    let readers = [cast.counsel.person, cast.lead.person];
    let readers: Vec<_> = readers.into_iter().flatten().collect();
    work(story, &cast.counsel, id, move |tx, env, who, _| {
        let permit = permit::<RestrictSealed>(who)?;
        let case = cases::store::case(tx, permit.owner(), id)?.ok_or(Refusal::NotFound)?;
        let why = "It may concern people who handle cases.";
        sealing::restrict(tx, env, &permit, &case, &readers, why)
    })?;
    work(story, &cast.counsel, id, move |tx, env, who, _| {
        sealing::open(tx, env, &permit::<OpenSealed>(who)?, id)
    })?;
    work(story, &cast.counsel, id, move |tx, env, who, version| {
        let judged = (Severity::High, true, "Pay may have been wrong in three runs.");
        casework::triage(tx, env, &permit::<HandleCase>(who)?, id, version, judged)
    })?;
    work(story, &cast.counsel, id, move |tx, env, who, _| {
        let why = "A wage claim is expected; everything about it is kept.";
        sealing::hold(tx, env, &permit::<HoldSealed>(who)?, id, why)
    })
}

fn talked(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-06-23T07:52:00Z")?;
    let filed = file(
        story,
        cast,
        ReportInput {
            reporter: Reporter::Anonymous,
            language: "de".to_owned(),
            ..ReportInput::new(
                "portal",
                CaseKind::Incident,
                "Gehaltslisten im Drucker",
                "Im Drucker im zweiten Stock lagen heute früh die Gehaltslisten von vierzig Leuten.",
            )
        },
    )?;
    let (id, code, organisation) = (filed.id, filed.return_code, cast.organisation);
    work(story, &cast.handler, id, move |tx, env, who, _| {
        sealing::open(tx, env, &permit::<OpenSealed>(who)?, id)
    })?;
    work(story, &cast.handler, id, move |tx, env, who, version| {
        let told = "Danke. Wissen Sie noch, welche Kopfzeile auf den Seiten stand?";
        casework::tell_reporter(tx, env, &permit::<HandleCase>(who)?, id, version, told)
    })?;
    story.pass(story.now().plus_seconds(7_200))?;
    story.run(move |tx, env| {
        let permit = permit::<FileReport>(&Actor::public(organisation))?;
        let text = "Ja: „Lauf 2026-06, Standort Nord“.";
        casework::reporter_says(tx, env, &permit, &code, text, None)
    })
}
