//! Half a year: cases come and go, evidence is supplied, the firm asks and is answered.

use super::people::Cast;
use super::{Story, permit};
use cases::model::{CaseKind, Severity};
use cases::permits::{FileReport, HandleCase};
use cases::service::{self as casework, ReportInput};
use evidence::model::SpeaksFor;
use evidence::permits::{AnswerRequest, AskRequest, JudgeRequest, SupplyEvidence};
use evidence::service::{self as vault, EvidenceInput, RequestInput};
use kernel::party::Actor;
use kernel::permit::authorize;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::Result;

/// What is reported: when, by which channel, what, how bad, and after how many hours it is answered,
/// resolved and closed (none: it is still open).
struct Chapter(
    &'static str,
    &'static str,
    CaseKind,
    &'static str,
    &'static str,
    Severity,
    u32,
    Option<u32>,
);

const CHAPTERS: [Chapter; 12] = [
    Chapter(
        "2026-01-14T08:12:00Z",
        "portal",
        CaseKind::Failure,
        "Payslips of January are missing",
        "The list of payslips stays empty since this morning. Twelve of our people ask.",
        Severity::High,
        1,
        Some(5),
    ),
    Chapter(
        "2026-01-22T15:40:00Z",
        "email",
        CaseKind::Complaint,
        "Support did not call back",
        "We were promised a call on Tuesday and nobody rang.",
        Severity::Low,
        20,
        Some(60),
    ),
    Chapter(
        "2026-02-03T03:05:00Z",
        "portal",
        CaseKind::Incident,
        "Portal unreachable",
        "Error 503 on every page at three in the morning, our night shift cannot enter hours.",
        Severity::Critical,
        1,
        Some(3),
    ),
    Chapter(
        "2026-02-19T11:20:00Z",
        "portal",
        CaseKind::Concern,
        "A former colleague still appears as approver",
        "Someone who left in January is still listed as an approver for our team.",
        Severity::High,
        4,
        Some(26),
    ),
    Chapter(
        "2026-03-04T16:55:00Z",
        "hotline",
        CaseKind::Concern,
        "Pressure to skip a review",
        "I was asked to merge without the second review before the release.",
        Severity::Moderate,
        30,
        Some(200),
    ),
    Chapter(
        "2026-03-17T09:30:00Z",
        "portal",
        CaseKind::Failure,
        "Tax table of Oregon out of date",
        "The withholding differs from the table published on 1 March.",
        Severity::High,
        2,
        Some(30),
    ),
    Chapter(
        "2026-03-30T13:10:00Z",
        "email",
        CaseKind::Failure,
        "Export stops at 10,000 rows",
        "The year-end export ends without a word.",
        Severity::Moderate,
        9,
        Some(90),
    ),
    Chapter(
        "2026-04-08T07:45:00Z",
        "portal",
        CaseKind::Incident,
        "Slow responses in the western region",
        "Pages take twenty seconds.",
        Severity::High,
        1,
        Some(7),
    ),
    Chapter(
        "2026-04-27T18:00:00Z",
        "portal",
        CaseKind::Complaint,
        "Status page said all was well",
        "It stayed green while we could not sign in.",
        Severity::Moderate,
        12,
        Some(70),
    ),
    Chapter(
        "2026-05-12T10:25:00Z",
        "portal",
        CaseKind::Failure,
        "Transfers delayed by a day",
        "The bank file of Monday arrived on Tuesday.",
        Severity::Critical,
        1,
        Some(20),
    ),
    Chapter(
        "2026-06-02T12:00:00Z",
        "hotline",
        CaseKind::Concern,
        "Laptop lost on the train",
        "It was locked; I reported it as soon as I noticed.",
        Severity::High,
        1,
        Some(48),
    ),
    Chapter(
        "2026-06-24T14:15:00Z",
        "portal",
        CaseKind::Failure,
        "Cannot change my bank details",
        "The form comes back empty.",
        Severity::Moderate,
        6,
        None,
    ),
];

pub(super) fn live(story: &Story<'_>, cast: &Cast) -> Result<()> {
    for chapter in &CHAPTERS {
        case(story, cast, chapter)?;
        super::sealed::meanwhile(story, cast, chapter.0)?;
    }
    vault_and_requests(story, cast)
}

fn case(story: &Story<'_>, cast: &Cast, chapter: &Chapter) -> Result<()> {
    let Chapter(at, channel, kind, title, description, severity, answered, done) = *chapter;
    story.at(at)?;
    let organisation = cast.organisation;
    let input = ReportInput::new(channel, kind, title, description);
    let filed = story.run(move |tx, env| {
        casework::file_report(tx, env, &permit::<FileReport>(&Actor::public(organisation))?, &input)
    })?;
    let id = filed.id;
    story.pass(story.now().plus_seconds(i64::from(answered) * 3600))?;
    let handler = cast.handler.clone();
    story.run(move |tx, env| {
        let incident = matches!(kind, CaseKind::Incident | CaseKind::Failure);
        casework::triage(
            tx,
            env,
            &permit::<HandleCase>(&handler)?,
            id,
            1,
            (severity, incident, "Judged by effect on customers and commitments."),
        )
    })?;
    let handler = cast.handler.clone();
    story.run(move |tx, env| {
        casework::tell_reporter(
            tx,
            env,
            &permit::<HandleCase>(&handler)?,
            id,
            2,
            "Thank you. We are looking into it and will write again by tomorrow noon.",
        )
    })?;
    let Some(done) = done else { return Ok(()) };
    story.pass(story.now().plus_seconds(i64::from(done) * 3600))?;
    let incident = matches!(kind, CaseKind::Incident | CaseKind::Failure);
    super::casework::conclude(story, cast, id, 3, (title, severity, incident))
}

fn vault_and_requests(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-07-06T13:00:00Z")?;
    let engagement = cast.engagement;
    let leavers = story.control(cast, "IAM-05")?;
    let files: [(&str, &str, &str); 3] = [
        (
            "Leavers of the period.csv",
            "worker,left_on\nW-014,2026-02-13\nW-022,2026-03-31\nW-031,2026-05-29\n",
            "HR system, report “terminations”, 1 January to 30 June 2026, no filter",
        ),
        (
            "Disabled accounts.csv",
            "worker,disabled_at\nW-014,2026-02-13T22:10:00Z\nW-022,2026-04-02T15:00:00Z\nW-031,2026-05-29T20:30:00Z\n",
            "Directory, audit log, events of deactivation, whole period",
        ),
        (
            "Availability by month.csv",
            "month,value\n2026-01,0.99991\n2026-02,0.99950\n2026-03,0.99984\n2026-04,1.00000\n2026-05,0.99997\n2026-06,0.99989\n",
            "Probes from four places each minute, rule of the service agreement",
        ),
    ];
    let span = SpeaksFor {
        from: Timestamp::parse("2026-01-01T05:00:00Z").map_err(odd)?,
        to: Timestamp::parse("2026-07-01T03:59:59Z").map_err(odd)?,
    };
    let mut items = Vec::new();
    for (name, content, source) in files {
        let blob = story.deployment.blobs.put_bytes(content.as_bytes())?;
        let engineer = cast.engineer.clone();
        let controls = (!name.starts_with("Availability")).then_some(leavers).into_iter().collect();
        let input = EvidenceInput {
            name: name.into(),
            blob,
            media_type: "text/csv".into(),
            speaks_for: span,
            source: source.into(),
            extracted_at: story.now(),
            controls,
        };
        items.push(story.run(move |tx, env| {
            let facts = scope::facts(tx, engagement)?;
            vault::supply(tx, env, &authorize::<SupplyEvidence>(&engineer, &facts)?, &input)
        })?);
    }
    requests(story, cast, &items)
}

fn odd(e: kernel::time::NotATime) -> Refusal {
    Refusal::input(e.to_string())
}

fn requests(story: &Story<'_>, cast: &Cast, items: &[evidence::model::EvidenceId]) -> Result<()> {
    let engagement = cast.engagement;
    let asked = [
        ("R-024", "All workers who left in the period", "2026-07-10"),
        ("R-091", "Availability computed for each month, with the raw probes", "2026-07-15"),
        ("R-071", "All changes merged in the period", "2026-07-20"),
    ];
    for (n, (code, text, due)) in asked.into_iter().enumerate() {
        let senior = cast.senior.clone();
        let id = story.run(move |tx, env| {
            let facts = scope::facts(tx, engagement)?;
            let input = RequestInput {
                code: code.into(),
                text: text.into(),
                control: None,
                owner: None,
                due: due.into(),
            };
            vault::ask(tx, env, &authorize::<AskRequest>(&senior, &facts)?, &input)
        })?;
        // The first is accepted, the second waits for the firm, the third for the organisation.
        if n < 2 {
            let (engineer, item) = (cast.engineer.clone(), items[n * 2]);
            story.run(move |tx, env| {
                let facts = scope::facts(tx, engagement)?;
                vault::answer(
                    tx,
                    env,
                    &authorize::<AnswerRequest>(&engineer, &facts)?,
                    id,
                    1,
                    &[item],
                    "As exported, unedited.",
                )
            })?;
        }
        if n == 0 {
            let senior = cast.senior.clone();
            story.run(move |tx, env| {
                let facts = scope::facts(tx, engagement)?;
                vault::judge(tx, env, &authorize::<JudgeRequest>(&senior, &facts)?, id, 2, true, "")
            })?;
        }
    }
    Ok(())
}

impl Story<'_> {
    pub(super) fn now(&self) -> Timestamp {
        use platform::edge::Edge as _;
        self.edge.env().now()
    }
}
