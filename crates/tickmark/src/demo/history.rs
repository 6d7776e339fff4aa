//! What comes again: reports like earlier ones, one of which somebody has confirmed to be the same
//! matter; views and tags that the handlers keep.

use super::people::Cast;
use super::{Story, permit};
use cases::model::{CaseId, CaseKind, Severity};
use cases::patterns::permits::DecideLinks;
use cases::patterns::rules::proposals::Method;
use cases::patterns::service::{Decision, decide};
use cases::permits::{FileReport, HandleCase};
use cases::service::{self as casework, ReportInput};
use cases::views::permits::{KeepViews, TagCases};
use cases::views::{jobs, service as views};
use kernel::party::Actor;
use kernel::refusal::Refusal;
use platform::db::Result;

/// When, by which channel, and what was reported again.
const AGAIN: [(&str, &str, &str, &str); 4] = [
    (
        "2026-05-28T08:05:00Z",
        "portal",
        "Payslips of May are missing",
        "The list of payslips stays empty since this morning. Nine of our people ask.",
    ),
    (
        "2026-06-09T10:40:00Z",
        "portal",
        "Transfers delayed by half a day",
        "The bank file of Monday arrived on Monday evening.",
    ),
    (
        "2026-06-16T09:20:00Z",
        "email",
        "Export stops at 10,000 rows again",
        "The half-year export ends without a word.",
    ),
    (
        "2026-06-29T07:50:00Z",
        "portal",
        "Payslips of June are missing",
        "The list of payslips stays empty since this morning. Thirty of our people ask.",
    ),
];

fn titled(story: &Story<'_>, cast: &Cast, title: &'static str) -> Result<CaseId> {
    let organisation = cast.organisation;
    let filter = cases::store::CaseFilter {
        text: Some(title.to_owned()),
        limit: 1,
        ..cases::store::CaseFilter::default()
    };
    let found = story
        .deployment
        .db
        .read_blocking(|conn| cases::store::cases(conn, organisation, &filter))?;
    let found = found.first().map(|case| case.id);
    Ok(found.ok_or_else(|| Refusal::input(format!("no case {title}")))?)
}

/// Tells it.
pub(super) fn repeats(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let organisation = cast.organisation;
    let mut ids = Vec::new();
    for (at, channel, title, text) in AGAIN {
        story.at(at)?;
        let filed = story.run(move |tx, env| {
            let permit = permit::<FileReport>(&Actor::public(organisation))?;
            let input = ReportInput::new(channel, CaseKind::Failure, title, text);
            casework::file_report(tx, env, &permit, &input)
        })?;
        story.edge.advance_seconds(5_400);
        let (handler, id) = (cast.handler.clone(), filed.id);
        story.run(move |tx, env| {
            let permit = permit::<HandleCase>(&handler)?;
            let judged = (Severity::Moderate, false, "As before, with fewer people hit.");
            casework::triage(tx, env, &permit, id, 1, judged)
        })?;
        ids.push(id);
    }
    jobs::index_all(&story.deployment.db, organisation)?;
    let january = titled(story, cast, "Payslips of January")?;
    story.edge.advance_seconds(3_600);
    let (lead, may) = (cast.lead.clone(), ids.first().copied());
    story.run(move |tx, env| {
        if let Some(may) = may {
            let decision = Decision {
                one: january,
                other: may,
                same: true,
                method: Some(Method::Lexical),
                likeness: 780,
                reason: "The same job stopped for the same reason.".into(),
            };
            decide(tx, env, &permit::<DecideLinks>(&lead)?, &decision)?;
        }
        let keep = permit::<KeepViews>(&lead)?;
        views::save(tx, env, &keep, ("Open and grave", "open=yes&severity=high", true))?;
        views::save(tx, env, &keep, ("Payslips", "q=payslips", true))?;
        views::save(tx, env, &keep, ("Waits for me", "open=yes&owner=me", false))?;
        Ok(())
    })?;
    let handler = cast.handler.clone();
    story.run(move |tx, env| {
        let tag = permit::<TagCases>(&handler)?;
        for id in &ids {
            views::tag(tx, env, &tag, *id, ("comes again", true))?;
        }
        views::tag(tx, env, &tag, january, ("comes again", true))
    })?;
    jobs::index_all(&story.deployment.db, organisation)?;
    Ok(())
}
