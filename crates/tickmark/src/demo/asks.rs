//! End of July: the firm walks controls through, asks people, evaluates how reports are taken in, and what
//! became of the commitments.

use super::people::Cast;
use super::{Story, promised};
use cases::channels::model::{Audience, ChannelKind, Place};
use cases::policy::model::Topic;
use examination::inquiries::appointments;
use examination::inquiries::model::{
    Agreed, Asked, CorroborationKind, Entry, InquiryId, Meeting, Plan, ProcedureKind, Support,
    Tenure,
};
use examination::inquiries::permits::{
    AnswerAppointment, GiveConsent, HoldInquiries, ScheduleInquiry,
};
use examination::inquiries::service as inquiries;
use examination::mechanisms::figures;
use examination::mechanisms::model::{
    CaseAnswer, CaseReview, Change, Covered, Found, Heard, IdentifiedChannel, Improvement,
    PatternAnswer, PeopleHeard, Point, PointKind, PolicyAnswer, PolicyReview, Recommendation,
    Response, Said,
};
use examination::mechanisms::permits::{EvaluateMechanisms, ReviewMemorandum, SignMemorandum};
use examination::mechanisms::rules::priority::Effect;
use examination::mechanisms::rules::rubric::Dimension;
use examination::mechanisms::service as mechanisms;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::Result;

fn at(text: &str) -> Result<Timestamp> {
    Ok(Timestamp::parse(text).map_err(|e| Refusal::input(e.to_string()))?)
}

pub(super) fn ask(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-07-24T13:00:00Z")?;
    promised::measured(story, cast, &promised::FIRST_HALF)?;
    consent(story, cast)?;
    let walked = walkthrough(story, cast)?;
    let asked = inquiry(story, cast)?;
    appointment(story, cast)?;
    story.at("2026-07-29T13:00:00Z")?;
    mechanisms_of(story, cast, walked, asked)?;
    promised::evaluate(story, cast)
}

fn consent(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let engagement = cast.engagement;
    story.act::<GiveConsent, _>(cast, &cast.lead, move |tx, env, permit| {
        let words = "The results of our surveys of customers and of staff in the first half of 2026, as we see them ourselves.";
        appointments::consent(tx, env, permit, engagement, (Agreed::OwnSurveys, words))
    })
}

fn person(name: &str, function: &str, tenure: Tenure, reason: &str) -> Asked {
    Asked { name: name.into(), function: function.into(), tenure, reason: reason.into() }
}

fn plan(story: &Story<'_>, cast: &Cast, plan: Plan) -> Result<InquiryId> {
    story.act::<HoldInquiries, _>(cast, &cast.senior, move |tx, env, permit| {
        inquiries::plan(tx, env, permit, None, &plan)
    })
}

/// One entry after the other; the version of a procedure grows by one with each.
fn write(story: &Story<'_>, cast: &Cast, id: InquiryId, from: i64, all: Vec<Entry>) -> Result<i64> {
    let mut version = from;
    for entry in all {
        story.act::<HoldInquiries, _>(cast, &cast.senior, move |tx, env, permit| {
            inquiries::add(tx, env, permit, (id, version), &entry)
        })?;
        version += 1;
    }
    Ok(version)
}

fn walkthrough(story: &Story<'_>, cast: &Cast) -> Result<InquiryId> {
    let id = plan(
        story,
        cast,
        Plan {
            kind: ProcedureKind::Walkthrough,
            title: "Walkthrough: from a departure to closed accounts".into(),
            purpose: "Trace one departure through HR, the ticket and every system.".into(),
            controls: vec![story.control(cast, "IAM-05")?],
            tests: Vec::new(),
            asked: vec![person(
                "Mei Tanaka",
                "Platform engineer",
                Tenure::Settled,
                "Owns the control and disables the accounts herself.",
            )],
            questions: Vec::new(),
            own: vec!["What starts the process, and what happens when HR is late?".into()],
        },
    )?;
    let version = write(story, cast, id, 1, vec![
        Entry::Session {
            on: "2026-07-16".into(),
            place: "Video call with a shared screen".into(),
            present: "Mei Tanaka, Dev Raman".into(),
            seen: "W-021, left on 20 March: record of HR at 09:10, ticket opened by the system at 09:11, accounts of directory, payroll and repository disabled at 14:32, ticket closed with the log lines.".into(),
        },
        Entry::Answer {
            question: "What starts the process, and what happens when HR is late?".into(),
            who: "Mei Tanaka".into(),
            role: "Platform engineer".into(),
            at: at("2026-07-16T14:20:00Z")?,
            answer: "The record of HR starts it. If HR is late, the manager opens the ticket; that happened once in March.".into(),
        },
        Entry::Corroboration {
            by: CorroborationKind::Inspection,
            found: "Ticket and log lines of W-021 agree with what was shown.".into(),
            evidence: vec!["Ticket IT-2214 with log extract, inspected 16 July 2026".into()],
        },
    ])?;
    story.act::<HoldInquiries, _>(cast, &cast.senior, move |tx, env, permit| {
        let learnt = "The control is in place as described; the system opens the ticket by itself.";
        inquiries::conclude(tx, env, permit, (id, version), (Support::Design, learnt))
    })?;
    Ok(id)
}

fn inquiry(story: &Story<'_>, cast: &Cast) -> Result<InquiryId> {
    let id = plan(
        story,
        cast,
        Plan {
            kind: ProcedureKind::Inquiry,
            title: "How reports are taken in and answered".into(),
            purpose: "Hear from those who handle reports and from those who file them.".into(),
            controls: vec![story.control(cast, "COM-01")?],
            tests: Vec::new(),
            asked: vec![
                person(
                    "Tomas Okafor",
                    "Case handler",
                    Tenure::Long,
                    "Confirms and decides most reports.",
                ),
                person(
                    "Mei Tanaka",
                    "Platform engineer",
                    Tenure::Settled,
                    "On call; files reports at night.",
                ),
            ],
            questions: ["M1", "M5", "E1", "E7"].map(str::to_owned).to_vec(),
            own: vec!["Which report of this year would you handle otherwise today?".into()],
        },
    )?;
    let said = |question: &str, who: &str, role: &str, answer: &str| -> Result<Entry> {
        Ok(Entry::Answer {
            question: question.into(),
            who: who.into(),
            role: role.into(),
            at: at("2026-07-21T15:00:00Z")?,
            answer: answer.into(),
        })
    };
    write(
        story,
        cast,
        id,
        1,
        vec![
            said(
                "M1",
                "Tomas Okafor",
                "Case handler",
                "By the page or by mail, at night through the pager, mostly within the hour.",
            )?,
            said(
                "M5",
                "Tomas Okafor",
                "Case handler",
                "The system tells the compliance lead, then the chief executive.",
            )?,
            said(
                "E1",
                "Mei Tanaka",
                "Platform engineer",
                "Anything that pages me and anything a customer writes, on the reporting page.",
            )?,
            said(
                "E7",
                "Mei Tanaka",
                "Platform engineer",
                "Yes, the page has it; I had to look for it in the training.",
            )?,
            Entry::FollowUp {
                what: "See where the anonymous way stands outside the training.".into(),
                due: "2026-08-07".into(),
            },
        ],
    )?;
    Ok(id)
}

/// The organisation sees when, with whom and about what; it has answered one appointment and not the other.
fn appointment(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let contact = cast.senior.person.ok_or(Refusal::NotFound)?;
    let owners = [
        (
            "GOV-04",
            "Ruth Abernathy on the board’s view of security",
            cast.sponsor.person,
            "2026-08-06T14:00:00Z",
            "How the board hears of incidents and decides on risk",
        ),
        (
            "CHG-02",
            "Mei Tanaka on changes to the main line",
            cast.engineer.person,
            "2026-08-05T15:30:00Z",
            "How changes reach the main line, shown with one of the week",
        ),
    ];
    for (n, (code, title, person_id, when, topics)) in owners.into_iter().enumerate() {
        let person_id = person_id.ok_or(Refusal::NotFound)?;
        let id = plan(
            story,
            cast,
            Plan {
                kind: if n == 0 { ProcedureKind::Inquiry } else { ProcedureKind::Observation },
                title: title.into(),
                purpose: "Understand how it is done, before tests are relied on.".into(),
                controls: vec![story.control(cast, code)?],
                tests: Vec::new(),
                asked: vec![person(
                    title.split(" on ").next().unwrap_or(title),
                    if n == 0 { "Chief executive officer" } else { "Platform engineer" },
                    if n == 0 { Tenure::Long } else { Tenure::Settled },
                    "Answers for the control.",
                )],
                questions: if n == 0 { vec!["M6".into()] } else { Vec::new() },
                own: Vec::new(),
            },
        )?;
        let meeting = Meeting {
            person: person_id,
            at: at(when)?,
            minutes: 45,
            place: "Video call".into(),
            topics: topics.into(),
            contact,
        };
        let given =
            story.act::<ScheduleInquiry, _>(cast, &cast.senior, move |tx, env, permit| {
                appointments::schedule(tx, env, permit, (id, 1), &meeting)
            })?;
        if n == 1 {
            story.act::<AnswerAppointment, _>(cast, &cast.engineer, move |tx, env, permit| {
                appointments::answer(
                    tx,
                    env,
                    permit,
                    (given, 1),
                    (true, "I bring the change of that week."),
                )
            })?;
        }
    }
    Ok(())
}

fn evaluate<T: Send + 'static>(
    story: &Story<'_>,
    cast: &Cast,
    f: impl FnMut(
        &mut platform::db::Tx<'_>,
        &mut kernel::env::Env,
        &kernel::permit::Permit<EvaluateMechanisms>,
    ) -> Result<T>
    + Send
    + 'static,
) -> Result<T> {
    story.act::<EvaluateMechanisms, T>(cast, &cast.senior, f)
}

fn mechanisms_of(
    story: &Story<'_>,
    cast: &Cast,
    walked: InquiryId,
    asked: InquiryId,
) -> Result<()> {
    channels(story, cast)?;
    policy(story, cast)?;
    people(story, cast, asked)?;
    history(story, cast)?;
    scores(story, cast, walked, asked)?;
    findings(story, cast, asked)?;
    story.act::<SignMemorandum, _>(cast, &cast.senior, |tx, env, permit| {
        let words = "Reports are taken in by several ways that work, and are answered within the promised times but for the weeks of March and April in which the rota left out reports of moderate severity. The ways are better known inside than outside.";
        mechanisms::sign(tx, env, permit, 0, words)
    })?;
    story.act::<ReviewMemorandum, _>(cast, &cast.manager, |tx, env, permit| {
        mechanisms::review(tx, env, permit, 0, "Read with the papers; the scores follow from them.")
    })
}

fn channels(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let organisation = cast.organisation;
    let register = story
        .deployment
        .db
        .read_blocking(move |conn| cases::channels::store::channels(conn, organisation))?;
    for known in register.iter().filter(|c| c.retired_at.is_none()).take(4) {
        let one = IdentifiedChannel {
            name: known.name.clone(),
            audience: known.audience,
            kind: known.kind,
            registered: Some(known.id),
            found: [(Place::Policy, Found::Yes), (Place::Agreement, Found::NotLooked)].into(),
            works: Found::Yes,
            note: "A test report was taken in and confirmed; the instructions are on one screen."
                .into(),
            evidence: vec!["/channels".into()],
        };
        evaluate(story, cast, move |tx, env, permit| {
            mechanisms::identify_channel(tx, env, permit, None, &one)
        })?;
    }
    let shadow = IdentifiedChannel {
        name: "payroll-help mailbox".into(),
        audience: Audience::External,
        kind: ChannelKind::Email,
        registered: None,
        found: [(Place::Page, Found::No), (Place::Agreement, Found::Yes)].into(),
        works: Found::Yes,
        note: "Named in agreements from before 2025; support forwards what arrives there by hand."
            .into(),
        evidence: vec!["Service agreement of 2024, annex B".into()],
    };
    evaluate(story, cast, move |tx, env, permit| {
        mechanisms::identify_channel(tx, env, permit, None, &shadow)
    })?;
    Ok(())
}

fn policy(story: &Story<'_>, cast: &Cast) -> Result<()> {
    let organisation = cast.organisation;
    let plan = story
        .deployment
        .db
        .read_blocking(move |conn| cases::policy::store::in_force(conn, organisation))?;
    let number = plan.ok_or(Refusal::NotFound)?.number;
    let answers = Topic::ALL.into_iter().map(|topic| {
        let covered = if topic == Topic::Notice { Covered::Partly } else { Covered::Yes };
        let place = match topic {
            Topic::Notice => {
                "Users are told of outages; who tells them of errors in data is not said."
            }
            _ => "Answered in the section of this name, and borne out by the clocks.",
        };
        (topic, PolicyAnswer { covered, place: place.into() })
    });
    let review = PolicyReview {
        number,
        answers: answers.collect(),
        security: "Suspected security events are reported at once, by stated steps, and escalate to the compliance lead.".into(),
        availability: "Outages are covered and critical by rule; times count around the clock for them.".into(),
        upkeep: "Reviewed each year by the compliance lead; a new version is confirmed by everybody.".into(),
        evidence: vec!["/cases/policy".into()],
    };
    evaluate(story, cast, move |tx, env, permit| {
        mechanisms::review_policy(tx, env, permit, 0, &review)
    })
}

fn people(story: &Story<'_>, cast: &Cast, asked: InquiryId) -> Result<()> {
    let heard = [
        (Heard::Management, "Knows who is told when and by what; sees figures each quarter.", ""),
        (
            Heard::Staff,
            "Uses the page. The way without a name was found only through the training.",
            "The policy says that the way without a name stands on the intranet's first page; it does not.",
        ),
        (
            Heard::Users,
            "In the organisation's own survey of May most know where to report and get a reference; fewer hear the outcome.",
            "",
        ),
    ];
    for (group, summary, gaps) in heard {
        let evidence =
            if group == Heard::Users { "/surveys".to_owned() } else { asked.to_string() };
        let body = PeopleHeard {
            group,
            summary: summary.into(),
            gaps: gaps.into(),
            evidence: vec![evidence],
        };
        evaluate(story, cast, move |tx, env, permit| mechanisms::hear(tx, env, permit, 0, &body))?;
    }
    Ok(())
}

fn history(story: &Story<'_>, cast: &Cast) -> Result<()> {
    evaluate(story, cast, |tx, env, permit| mechanisms::draw(tx, env, permit, 0, 5))?;
    let engagement = cast.engagement;
    let drawn = story.deployment.db.read_blocking(move |conn| {
        let file = examination::store::file_of(&scope::facts(conn, engagement)?)?;
        examination::mechanisms::store::evaluation(conn, file)
    })?;
    let numbers = drawn.draw.map(|d| d.body.numbers).unwrap_or_default();
    for (n, number) in numbers.into_iter().enumerate() {
        let (owner, now, wanted) = (cast.organisation, story.now(), number.clone());
        let record = story.deployment.db.read_blocking(move |conn| {
            let case = cases::store::by_number(conn, owner, &wanted)?.ok_or(Refusal::NotFound)?;
            figures::of_case(conn, owner, &case, now)
        })?;
        let answers = (1..=12).map(|q| {
            let speaks = record.get(format!("H{q}").as_str()).and_then(|says| says.speaks_for);
            // One answer is another than the record's, whichever cases were drawn.
            let (said, note) = match (q, speaks) {
                (10, Some(Said::No)) if n == 0 => (
                    Said::Yes,
                    "Tomás Okafor showed the minutes of the review; they are not in the register.",
                ),
                (10, Some(Said::Yes)) if n == 0 => {
                    (Said::No, "The minutes that the record names speak of another case.")
                }
                (12, Some(Said::No)) => (Said::NotApplicable, "No control had failed."),
                (_, Some(Said::No)) => (Said::No, "As the register shows."),
                _ => (Said::Yes, ""),
            };
            (format!("H{q}"), CaseAnswer { said, note: note.into(), against: None })
        });
        let body = CaseReview { number, reason: String::new(), answers: answers.collect() };
        evaluate(story, cast, move |tx, env, permit| {
            mechanisms::read_case(tx, env, permit, 0, &body)
        })?;
    }
    let answers = [
        "The repeats are known to the organisation and linked; what came again was mended anew.",
        "Reports gather around the portal, which most people use.",
        "Late reports are concerns about access that nobody saw at first.",
        "The ways that nobody used are new or for vendors.",
        "None was lowered to escape a promise.",
        "Each concluded case has its resolution or its reason.",
        "No month is without a report.",
    ];
    for (n, answer) in answers.into_iter().enumerate() {
        let body = PatternAnswer {
            figures: Vec::new(),
            answer: answer.into(),
            weakness: n == 3,
            evidence: vec!["/cases/patterns".into()],
        };
        evaluate(story, cast, move |tx, env, permit| {
            mechanisms::answer_pattern(tx, env, permit, (&format!("R{}", n + 1), 0), &body)
        })?;
    }
    Ok(())
}

fn scores(story: &Story<'_>, cast: &Cast, walked: InquiryId, asked: InquiryId) -> Result<()> {
    let all = [
        (
            Dimension::Accessibility,
            4,
            "Several tried ways for each audience; the way without a name is hard to find.",
            "/channels".to_owned(),
        ),
        (
            Dimension::Awareness,
            3,
            "Staff are taught each year; of users fewer than nine in ten know where to report.",
            "/training/manage".to_owned(),
        ),
        (
            Dimension::Timeliness,
            3,
            "Most misses fall into the weeks of March and April in which nobody was paged for moderate reports; since it was mended in May promises are kept.",
            "/cases/dashboard".to_owned(),
        ),
        (
            Dimension::Tracking,
            4,
            "One register with tracking numbers; the cases drawn could be followed from beginning to end.",
            walked.to_string(),
        ),
        (
            Dimension::Escalation,
            4,
            "The system climbs the ladder by itself; a pass of the watchdog was seen.",
            asked.to_string(),
        ),
    ];
    for (dimension, score, reason, evidence) in all {
        evaluate(story, cast, move |tx, env, permit| {
            let shown = [evidence.clone()];
            mechanisms::score(tx, env, permit, 0, (dimension, score, reason, &shown))
        })?;
    }
    Ok(())
}

fn findings(story: &Story<'_>, cast: &Cast, asked: InquiryId) -> Result<()> {
    let point = |kind, dimension, text: &str| Point {
        kind,
        dimension,
        text: text.into(),
        evidence: vec![asked.to_string()],
    };
    let strength = point(
        PointKind::Strength,
        Dimension::Escalation,
        "What is not answered in time reaches the next person without anybody having to remember it.",
    );
    evaluate(story, cast, move |tx, env, permit| {
        mechanisms::state_point(tx, env, permit, None, &strength)
    })?;
    let weakness = point(
        PointKind::Weakness,
        Dimension::Accessibility,
        "Old agreements name a mailbox that the register does not know and that is forwarded by hand.",
    );
    let key = evaluate(story, cast, move |tx, env, permit| {
        mechanisms::state_point(tx, env, permit, None, &weakness)
    })?;
    let recommended = [
        (
            "Put the way to report without a name on the intranet’s first page.",
            None,
            Effect::Medium,
            Effect::None,
            Response::Open,
            "",
        ),
        (
            "Take the old mailbox into the register, or close it with an answer that names the page.",
            Some(key),
            Effect::High,
            Effect::High,
            Response::Accepted,
            "Nadia Lindqvist, 30 July: we take it in.",
        ),
    ];
    for (text, weakness, security, availability, response, note) in recommended {
        let body = Recommendation {
            text: text.into(),
            weakness,
            security,
            availability,
            response,
            response_note: note.into(),
        };
        evaluate(story, cast, move |tx, env, permit| {
            mechanisms::recommend(tx, env, permit, None, &body)
        })?;
    }
    let improvement = Improvement {
        on: "2026-05-04".into(),
        change:
            "The on-call rota pages somebody for every severity again and is checked each week."
                .into(),
        expected: "No incident is confirmed late for want of somebody on call.".into(),
        follow_up_on: "2026-10-01".into(),
        follow_up: "No late confirmation in May and June.".into(),
    };
    evaluate(story, cast, move |tx, env, permit| {
        mechanisms::log_improvement(tx, env, permit, None, &improvement)
    })?;
    let change = Change {
        on: "2026-03-02".into(),
        change: "The rota was rebuilt in another tool.".into(),
        reason: "The old tool was no longer maintained.".into(),
    };
    evaluate(story, cast, move |tx, env, permit| {
        mechanisms::log_change(tx, env, permit, None, &change)
    })?;
    Ok(())
}
