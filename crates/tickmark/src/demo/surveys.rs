//! Whom Alder asks: its customers without names, its staff by name, two people in interviews.

use super::people::Cast;
use super::{Story, permit};
use cases::surveys::model::{Answers, SEGMENT, SurveyId};
use cases::surveys::permits::ManageSurveys;
use cases::surveys::service::interviews::{self, InterviewInput};
use cases::surveys::service::{self, SurveyInput};
use cases::surveys::store;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::Result;

const GROUPS: [&str; 3] = ["Employers", "Their staff", "Accountants"];
/// What got in the way, and what was kept back, of some who answered.
const WORDS: [&str; 6] = [
    "I could not find the page from the payslip.",
    "The form asked for a kind and I was not sure which.",
    "Nothing, it took two minutes.",
    "I did not know whether it was our fault.",
    "At night I did not expect an answer.",
    "A colleague said that it had been reported already.",
];

fn at(text: &str) -> Result<Timestamp> {
    Ok(Timestamp::parse(text).map_err(|e| Refusal::input(e.to_string()))?)
}

fn open(story: &Story<'_>, cast: &Cast, input: SurveyInput) -> Result<SurveyId> {
    let lead = cast.lead.clone();
    story.run(move |tx, env| service::open(tx, env, &permit::<ManageSurveys>(&lead)?, &input))
}

pub(super) fn ask(story: &Story<'_>, cast: &Cast) -> Result<()> {
    trained(story, cast)?;
    customers(story, cast)?;
    staff(story, cast)?;
    talk(story, cast)
}

/// Twenty-six answers after the yearly training: in one group, so that every figure can be shown.
fn trained(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-03-09T09:00:00Z")?;
    let survey = open(
        story,
        cast,
        SurveyInput {
            title: "After the training: do you know how to report?".into(),
            intro: "For everybody who took the training of February. Two questions, one minute."
                .into(),
            questions: ["E2", "E7"].map(str::to_owned).to_vec(),
            segments: vec![],
            anonymous: true,
            closes_at: at("2026-03-23T00:00:00Z")?,
        },
    )?;
    let token = link(story, cast, survey)?;
    let mut all = Vec::new();
    for n in 0..26_u32 {
        let given = Answers::from([
            ("E2".into(), if n % 4 == 1 { "no" } else { "yes" }.into()),
            ("E7".into(), if n % 5 == 2 || n == 24 { "no" } else { "yes" }.into()),
        ]);
        all.push(given);
    }
    answers(story, token, 7_013, all)?;
    story.at("2026-03-23T09:00:00Z")?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        service::close(tx, env, &permit::<ManageSurveys>(&lead)?, (survey, 2))
    })?;
    Ok(())
}

/// Answers come in by a common link, so many seconds after each other; they are kept together.
fn answers(story: &Story<'_>, token: String, apart: i64, all: Vec<Answers>) -> Result<()> {
    let last = i64::try_from(all.len()).unwrap_or(0) * apart;
    story.run(move |tx, env| {
        for given in &all {
            env.set_now(env.now().plus_seconds(apart));
            service::answer(tx, env, &token, given)?;
        }
        Ok(())
    })?;
    story.edge.advance_seconds(last);
    Ok(())
}

/// The token of the common link of a survey, which is made now.
fn link(story: &Story<'_>, cast: &Cast, survey: SurveyId) -> Result<String> {
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        service::make_link(tx, env, &permit::<ManageSurveys>(&lead)?, (survey, 1))
    })?;
    let organisation = cast.organisation;
    let token =
        story.deployment.db.read_blocking(|conn| store::link(conn, organisation, survey))?;
    Ok(token.ok_or(Refusal::NotFound)?)
}

/// Sixty-four answers by a common link; the figures of small groups are kept back.
fn customers(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-05-04T10:00:00Z")?;
    let ids = (1..=10).map(|n| format!("X{n}")).collect();
    let survey = open(story, cast, SurveyInput {
        title: "Reporting a problem to Alder".into(),
        intro: "You use Alder Payroll. We ask whether you know how to tell us that something is wrong, and whether you were heard. It takes three minutes.".into(),
        questions: ids,
        segments: GROUPS.map(str::to_owned).to_vec(),
        anonymous: true,
        closes_at: at("2026-06-01T00:00:00Z")?,
    })?;
    let token = link(story, cast, survey)?;
    let mut all = Vec::new();
    for n in 0..64usize {
        let mut given = Answers::new();
        let group = match n % 9 {
            0..=4 => Some(0),
            5..=6 => Some(1),
            7 => Some(2),
            _ => None,
        };
        if let Some(name) = group.and_then(|g: usize| GROUPS.get(g)) {
            given.insert(SEGMENT.into(), (*name).into());
        }
        for (q, lean) in [(1, 3), (2, 2), (3, 3), (4, 4), (6, 2), (7, 2), (8, 3)] {
            let value = (lean + (n * 7 + q * 3) % 3).min(5);
            given.insert(format!("X{q}"), value.to_string());
        }
        given.insert("X5".into(), if n % 6 == 0 { "no" } else { "yes" }.into());
        if n % 11 == 3
            && let Some(words) = WORDS.get(n / 11)
        {
            given.insert(if n / 11 < 3 { "X9" } else { "X10" }.into(), (*words).into());
        }
        all.push(given);
    }
    answers(story, token, 9_011, all)?;
    story.at("2026-06-01T08:00:00Z")?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        service::close(tx, env, &permit::<ManageSurveys>(&lead)?, (survey, 2))
    })?;
    Ok(())
}

/// Open still, sealed, by invitation.
fn staff(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-07-01T09:00:00Z")?;
    let survey = open(story, cast, SurveyInput {
        title: "Could you report something here?".into(),
        intro: "For everybody at Alder, once a year. Whether you know where to report, and whether you would dare to.".into(),
        questions: ["E2", "E11", "E4", "E5", "E6", "E7", "E8"].map(str::to_owned).to_vec(),
        segments: vec![],
        anonymous: true,
        closes_at: at("2027-01-31T00:00:00Z")?,
    })?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let list: Vec<String> = (1..=38).map(|n| format!("staff-{n:02}@alder.example")).collect();
        service::invite(
            tx,
            env,
            &permit::<ManageSurveys>(&lead)?,
            (survey, 1),
            &list.join("\n"),
            "http://127.0.0.1:8420",
        )
    })?;
    Ok(())
}

fn talk(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-04-14T09:00:00Z")?;
    let planned_at = at("2026-04-21T13:00:00Z")?;
    let lead = cast.lead.clone();
    let id = story.run(move |tx, env| {
        let input = InterviewInput {
            who: "Mei Tanaka".into(),
            position: "Platform engineer".into(),
            reason: "On call in the night of the outage of 3 February; four years at Alder.".into(),
            planned_at,
            questions: ["E1", "E3", "E8", "E9"].map(str::to_owned).to_vec(),
        };
        interviews::plan(tx, env, &permit::<ManageSurveys>(&lead)?, &input)
    })?;
    story.at("2026-04-21T14:00:00Z")?;
    let lead = cast.lead.clone();
    let due = at("2026-05-15T00:00:00Z")?;
    story.run(move |tx, env| {
        let may = permit::<ManageSurveys>(&lead)?;
        let given = Answers::from([
            ("E1".into(), "Anything that pages me, and anything a customer writes in the chat. On the reporting page.".into()),
            ("E3".into(), "The page. The hotline number is not on the pager's screen, one has to look it up.".into()),
            ("E8".into(), "I would report it again. I know that it then goes past him.".into()),
            ("E9".into(), "I am. The second line is in the rota, which only we can open.".into()),
        ]);
        interviews::hold(tx, env, &may, (id, 1), (planned_at, &given, interviews::themes("on-call, finding the channel")))?;
        interviews::add_follow_up(tx, env, &may, (id, 2), ("Put the hotline number on the pager's screen", "Mei Tanaka", due))?;
        interviews::add_follow_up(tx, env, &may, (id, 3), ("Let support open the rota", "Tomas Okafor", due))
    })?;
    story.at("2026-05-12T10:00:00Z")?;
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let may = permit::<ManageSurveys>(&lead)?;
        interviews::close_follow_up(
            tx,
            env,
            &may,
            (id, 4),
            (1, "On the screen since 11 May, tried out at night."),
        )
    })?;
    story.at("2026-07-02T09:00:00Z")?;
    let (lead, planned_at) = (cast.lead.clone(), at("2026-08-20T13:00:00Z")?);
    story.run(move |tx, env| {
        let input = InterviewInput {
            who: "Ruth Abernathy".into(),
            position: "Chief executive officer".into(),
            reason: "Answers for the system; receives the reports about incidents.".into(),
            planned_at,
            questions: ["M1", "M5", "M6", "M8", "M9"].map(str::to_owned).to_vec(),
        };
        interviews::plan(tx, env, &permit::<ManageSurveys>(&lead)?, &input)
    })?;
    Ok(())
}
