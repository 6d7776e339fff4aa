//! What Alder's people learn: three courses, who has passed, who is late, a practice report, a text.

use super::people::{Cast, actor};
use super::{Story, permit};
use cases::training::model::{CourseId, Rhythm, Rule};
use cases::training::permits::{ManageTraining, TakeTraining};
use cases::training::service::{self, CourseInput, PracticeInput, TextInput, round};
use cases::training::store;
use kernel::party::{Actor, Role};
use kernel::refusal::Refusal;
use platform::db::Result;

const REPORTING: &str = "## What to report\nAnything that fails, harms, or could harm somebody:\n- something does **not work** as it was promised\n- somebody sees, changes or loses **data** that is not theirs\n- a rule is not kept, or somebody is pressed to pass over it\n- a customer complains, in whatever words\n\nYou need not be sure. Whoever receives it decides what it is.\n\n## Where\n1. On the [reporting page](/report), with or without your name.\n2. By telephone, day and night, when it cannot wait.\n3. To anybody of the case team, who writes it down for you.\n\n## What happens then\nYou get a number and a code. A person confirms it, and you hear what became of it. Nobody may do you harm for a report made in good faith; if somebody tries, report that too.";
const REPORTING_QUIZ: &str = "? A customer says on the telephone that payslips of another company were shown to her. What do you do?\n* File it at once on the reporting page, or by telephone\n- Wait for her to write a mail\n- Try it out with her account first\n! What could be a leak cannot wait, and trying it out may spread it.\n\n? What belongs in a report?\n* When it happened\n* Who or what is affected\n- The customer's password\n! Time and extent decide what is done first. A secret never belongs in a report.\n\n? You think that your lead lets a report lie. What now?\n- Nothing, it is out of your hands\n* Report it again, by another channel if you like\n! A report that is not heard goes one step up, also past your lead.\n";
const YEARLY: &str = "## This year's three\n- **Mails that hurry you.** A payment that must go today, a new account, a link to sign in: call back by a number that you knew before.\n- **Devices.** Locked when you leave them, reported within the hour when they are gone.\n- **Leavers.** Their access ends on their last day. If you still see them somewhere, report it.";
const YEARLY_QUIZ: &str = "? A mail from the managing director asks for a transfer today, to a new account.\n- Pay, and tell her afterwards\n* Call her by the number that you know\n! Hurry and a new account together are the sign.\n\n? Your laptop stayed on the train. By when do you report it?\n* Within the hour\n- Tomorrow, when the lost property office has opened\n! It can be locked from afar only while it is on.\n";
const HANDLING: &str = "## From report to conclusion\nA case is confirmed by a person, judged, answered for, worked on, told about, and closed when the policy's conditions are met.\n\n## What you write\nFacts and their source. What you only suspect is marked as such. A correction is a new entry; nothing is overwritten.";
const HANDLING_QUIZ: &str = "? A report names you. What do you do with the case?\n- Work on it, carefully\n* Nothing: you are kept from it, and another takes it\n! Nobody works on, or reads, a case that concerns them.\n\n? May a severity be lowered because its time is running out?\n* No\n- Yes, with a note\n! Severity follows from the harm. Both promises stay on record.\n";

pub(super) fn learn(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-01-09T14:00:00Z")?;
    let reporting = course(
        story,
        cast,
        "What to report, and where",
        Rhythm::Onboarding,
        vec![],
        (REPORTING, REPORTING_QUIZ),
    )?;
    let yearly = course(
        story,
        cast,
        "Security, once a year",
        Rhythm::Yearly,
        vec![],
        (YEARLY, YEARLY_QUIZ),
    )?;
    let handling = course(
        story,
        cast,
        "Working on cases",
        Rhythm::Role,
        vec![Role::CaseHandler, Role::Counsel],
        (HANDLING, HANDLING_QUIZ),
    )?;
    go_round(story, cast, "2026-01-12T06:00:00Z")?;
    let counsel = actor(story, "leila.haddad@alder.example")?;
    let done: [(&str, &Actor, CourseId, bool); 9] = [
        ("2026-01-13T10:00:00Z", &cast.lead, reporting, false),
        ("2026-01-14T16:00:00Z", &cast.handler, reporting, false),
        ("2026-01-15T09:00:00Z", &cast.engineer, reporting, true),
        ("2026-01-20T08:30:00Z", &cast.handler, handling, false),
        ("2026-01-22T11:00:00Z", &counsel, reporting, false),
        ("2026-01-23T11:00:00Z", &counsel, handling, false),
        ("2026-02-02T12:00:00Z", &cast.sponsor, reporting, false),
        ("2026-02-03T17:00:00Z", &cast.lead, yearly, false),
        ("2026-02-05T15:00:00Z", &cast.handler, yearly, true),
    ];
    for (when, who, course, fails_first) in done {
        story.at(when)?;
        if fails_first {
            answer(story, who, course, false)?;
        }
        answer(story, who, course, true)?;
    }
    // The rounds that remind: before the due day of 8 February, and after it.
    for day in [
        "2026-02-01",
        "2026-02-07",
        "2026-02-09",
        "2026-02-16",
        "2026-03-02",
        "2026-04-01",
        "2026-05-01",
        "2026-06-01",
        "2026-07-01",
    ] {
        go_round(story, cast, &format!("{day}T06:00:00Z"))?;
        if day == "2026-02-16" {
            story.at("2026-02-17T09:00:00Z")?;
            answer(story, &counsel, yearly, true)?;
        }
        if day == "2026-03-02" {
            story.at("2026-03-03T09:00:00Z")?;
            answer(story, &cast.sponsor, yearly, true)?;
        }
    }
    practise(story, cast)?;
    confirm(story, cast, &counsel)
}

fn course(
    story: &Story<'_>,
    cast: &Cast,
    title: &'static str,
    rhythm: Rhythm,
    who: Vec<Role>,
    (text, quiz): (&'static str, &'static str),
) -> Result<CourseId> {
    let lead = cast.lead.clone();
    story.run(move |tx, env| {
        let may = permit::<ManageTraining>(&lead)?;
        let rule = Rule { rhythm, who: who.clone(), due_days: 30 };
        let id = service::state_course(
            tx,
            env,
            &may,
            None,
            &CourseInput { title: title.into(), rule, retired: false },
        )?;
        service::publish_material(tx, env, &may, (id, 1), (text, quiz, 80))?;
        Ok(id)
    })
}

fn go_round(story: &Story<'_>, cast: &Cast, when: &str) -> Result<()> {
    story.at(when)?;
    let organisation = cast.organisation;
    story.run(move |tx, env| {
        let system = Actor::system(organisation, "training");
        round::go(tx, env, &permit::<ManageTraining>(&system)?, "http://127.0.0.1:8420")
    })?;
    Ok(())
}

fn answer(story: &Story<'_>, who: &Actor, course: CourseId, rightly: bool) -> Result<()> {
    let who = who.clone();
    story.run(move |tx, env| {
        let may = permit::<TakeTraining>(&who)?;
        let all = store::assignments(tx, may.owner(), Some(course), who.person)?;
        let open = all
            .into_iter()
            .find(cases::training::model::Assignment::is_open)
            .ok_or(Refusal::NotFound)?;
        let material = store::material(tx, may.owner(), course, 1)?.ok_or(Refusal::NotFound)?;
        let mut answers: Vec<Vec<usize>> =
            material.questions.iter().map(|q| q.right.clone()).collect();
        if !rightly && let Some(first) = answers.first_mut() {
            *first = if *first == [0] { vec![1] } else { vec![0] };
        }
        service::answer(tx, env, &may, open.id, 1, answers)?;
        Ok(())
    })
}

fn practise(story: &Story<'_>, cast: &Cast) -> Result<()> {
    story.at("2026-05-20T13:00:00Z")?;
    let mei = cast.engineer.clone();
    story.run(move |tx, env| {
        let may = permit::<TakeTraining>(&mei)?;
        let input = PracticeInput {
            scenario: "access".into(),
            title: "Payslips of another company shown".into(),
            text: "At 10:40 today a customer told me on the telephone that she could open payslips of another company. I have not tried it out. She will send a picture.".into(),
            occurred: "20 May, about 10:30".into(),
        };
        let id = service::practise(tx, env, &may, &input)?;
        for version in 1..=6 {
            service::step(tx, env, &may, (id, version))?;
        }
        Ok(())
    })
}

fn confirm(story: &Story<'_>, cast: &Cast, counsel: &Actor) -> Result<()> {
    story.at("2026-06-08T09:00:00Z")?;
    let lead = cast.lead.clone();
    let id = story.run(move |tx, env| {
        let input = TextInput {
            subject: "on-call-rules".into(),
            number: 2,
            title: "On-call rules".into(),
            body: "## What is new\nThe second line answers within **fifteen minutes** when the first does not. Whoever is on call keeps the telephone on and the laptop within reach.\n\n## What stays\nNobody is on call two weeks in a row.".into(),
            who: vec![],
            due_at: env.now().plus_seconds(21 * 86_400),
        };
        service::put_forward(tx, env, &permit::<ManageTraining>(&lead)?, &input)
    })?;
    for (when, who) in [
        ("2026-06-08T15:00:00Z", &cast.lead),
        ("2026-06-09T08:00:00Z", &cast.engineer),
        ("2026-06-11T08:00:00Z", counsel),
    ] {
        story.at(when)?;
        let who = who.clone();
        story.run(move |tx, env| {
            service::acknowledge(tx, env, &permit::<TakeTraining>(&who)?, id)
        })?;
    }
    Ok(())
}
