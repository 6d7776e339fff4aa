//! Surveys as people answer them, results as the desk sees them, interviews; on both databases.

use crate::outbox::sent;
use crate::people::{party, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use cases::surveys::model::{InterviewState, SurveyState};
use cases::surveys::pages::{answer, desk, interviews, survey};
use cases::surveys::store;
use kernel::env::Env;
use kernel::party::{Actor, Role, Side};
use kernel::permit::{Facts, authorize};
use platform::edge::Edge as _;
use platform::http::App;
use platform::jobs::mail;
use platform::testing::{TestDb, Web, env, hidden, on_both};

fn routes() -> Router<App> {
    Router::new()
        .route("/survey/{token}", get(answer::show).post(answer::send))
        .route("/surveys", get(desk::list))
        .route("/surveys/bank", get(desk::bank))
        .route("/surveys/new", get(desk::new).post(desk::add))
        .route("/surveys/{id}", get(survey::show))
        .route("/surveys/{id}/{action}", post(survey::act))
        .route("/interviews", get(interviews::list))
        .route("/interviews/new", get(interviews::new).post(interviews::add))
        .route("/interviews/{id}", get(interviews::show))
        .route("/interviews/{id}/{action}", post(interviews::act))
}

fn lead() -> Actor {
    who(1, party(1), &[Role::ComplianceLead])
}

fn world(t: &TestDb) -> Web<'_> {
    let mut env = Env::new(env().now(), [1; 32]);
    t.db.write_blocking(move |tx| {
        let permit = authorize(&Actor::system(party(1), "test"), &Facts::of(party(1)))?;
        identity::service::register_party(
            tx,
            &mut env,
            &permit,
            Side::ServiceOrganisation,
            "Palmetto",
        )
    })
    .unwrap();
    let mut web = Web::new(
        t,
        routes(),
        vec![lead(), who(2, party(1), &[Role::Viewer]), who(3, party(2), &[Role::ComplianceLead])],
        1_000,
    );
    web.sign_in(&lead());
    web
}

fn local(web: &Web<'_>, seconds: i64) -> String {
    web.edge.env().now().plus_seconds(seconds).to_rfc3339()[..16].to_owned()
}

/// Opens a survey; gives the address of its page.
fn open(web: &Web<'_>, kind: &str, segments: &str) -> String {
    let page = "/surveys/new";
    let closes = local(web, 10 * 86_400);
    let fields = [
        ("title", "Reporting to us"),
        ("intro", "We want to know."),
        ("kind", kind),
        ("closes_at", &closes),
        ("segments", segments),
        ("ask-external", "X1"),
        ("ask-external", "X5"),
        ("ask-external", "X9"),
    ];
    let said = web.fill(page, page, &fields);
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    said.location().to_owned()
}

fn act(
    web: &Web<'_>,
    at: &str,
    action: &str,
    fields: &[(&str, &str)],
) -> platform::testing::Answered {
    web.fill(at, &format!("{at}/{action}"), fields)
}

fn link(mail: &mail::Mail) -> String {
    let line = mail.text.lines().find(|l| l.contains("/survey/")).unwrap();
    line.trim().replace("http://tickmark.example", "")
}

fn id<T: std::str::FromStr>(at: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    at.rsplit('/').next().unwrap().parse().unwrap()
}

/// Every value of every table, as text.
fn everything(t: &TestDb, tables: &[&str]) -> String {
    t.db.read_blocking(|c| {
        let mut all = String::new();
        for table in tables {
            for row in c.query(&format!("SELECT * FROM {table}"), &[])? {
                for value in row.values() {
                    let text = match value {
                        platform::db::Value::Bytes(b) => String::from_utf8_lossy(b).into_owned(),
                        other => format!("{other:?}"),
                    };
                    all.push_str(&text);
                    all.push('\n');
                }
            }
        }
        Ok(all)
    })
    .unwrap()
}

const RECORD: [&str; 6] =
    ["journal_entry", "survey", "survey_answer", "survey_invited", "survey_box", "survey_ticket"];

#[test]
fn an_anonymous_answer_carries_neither_name_nor_time_and_is_sealed_until_the_end() {
    on_both(&ROOMS, |t| {
        let web = world(t);
        let at = open(&web, "anonymous", "");
        let people: Vec<String> = (0..6).map(|n| format!("marked-{n}@person.example")).collect();
        let said = act(&web, &at, "invite", &[("addresses", &people.join("\n"))]);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let mails = sent(&web);
        assert_eq!(mails.len(), 6);
        assert!(mails[0].text.contains("Nobody learns who answered what"));
        // Signed in, which must leave no trace either.
        for (n, mail) in mails.iter().enumerate() {
            web.edge.advance_seconds(977);
            let page = link(mail);
            assert_eq!(web.get(&page).status, StatusCode::OK);
            let value = if n < 5 { "5" } else { "1" };
            let said =
                web.post(&page, &[("X1", value), ("X5", "yes"), ("X9", &format!("obstacle {n}"))]);
            assert!(said.body.contains("Thank you"), "{}", said.body);
        }
        let again = link(&mails[0]);
        assert!(web.get(&again).body.contains("answered already"));
        let twice = web.post(&again, &[("X1", "1")]);
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "one answer per invitation");
        // Open: neither the page nor the log tells an answer or a number of answers.
        let page = web.get(&at).body;
        assert!(page.contains("Sealed until it is closed") && !page.contains("obstacle"), "{page}");
        let log = everything(t, &["journal_entry"]);
        assert!(!log.contains("obstacle"));
        // No row has more than these columns: a time could not be stored.
        for (table, columns) in [
            ("survey_box", "id survey organisation content"),
            ("survey_ticket", "digest survey organisation email common used"),
        ] {
            let row =
                t.db.read_blocking(|c| c.query(&format!("SELECT * FROM {table}"), &[]))
                    .unwrap()
                    .remove(0);
            assert_eq!(row.names().join(" "), columns);
        }
        assert_eq!(act(&web, &at, "close", &[]).status, StatusCode::SEE_OTHER);
        let all = everything(t, &RECORD);
        assert!(all.contains("obstacle 3"), "answers are in the record now");
        for mark in ["marked-", "person.example"] {
            assert!(!all.contains(mark), "{mark}: {all}");
        }
        for mail in &mails {
            let token = link(mail).rsplit('/').next().unwrap().to_owned();
            assert!(
                !all.contains(&token)
                    && !everything(t, &["job", "journal_idempotency"]).contains(&token),
                "a ticket is left"
            );
        }
        // The order in the record is not the order of arrival, and tickets are gone.
        assert_eq!(
            t.db.read_blocking(|c| c.query("SELECT * FROM survey_ticket", &[])).unwrap().len(),
            0
        );
        let page = web.get(&at).body;
        assert!(page.contains("kept back"), "one of six is not shown: {page}");
        assert!(page.contains("obstacle 3") && page.contains("100.0\u{a0}%"), "{page}");
        assert!(web.get(&again).body.contains("cannot be answered any more"));
    });
}

#[test]
fn too_few_answers_are_destroyed_unread() {
    on_both(&ROOMS, |t| {
        let web = world(t);
        let at = open(&web, "anonymous", "");
        assert_eq!(act(&web, &at, "link", &[]).status, StatusCode::SEE_OTHER);
        let token = t.db.read_blocking(|c| store::link(c, party(1), id(&at))).unwrap().unwrap();
        for n in 0..4 {
            let said =
                web.post(&format!("/survey/{token}"), &[("X9", &format!("lonely words {n}"))]);
            assert!(said.body.contains("Thank you"), "{}", said.body);
        }
        assert_eq!(act(&web, &at, "close", &[]).status, StatusCode::SEE_OTHER);
        let survey = t.db.read_blocking(|c| store::survey(c, party(1), id(&at))).unwrap().unwrap();
        assert_eq!((survey.state, survey.answered, survey.too_few), (SurveyState::Closed, 4, true));
        assert!(!everything(t, &RECORD).contains("lonely words"));
        assert!(web.get(&at).body.contains("Fewer than 5 answered"));
    });
}

#[test]
fn a_named_survey_says_who_and_takes_one_answer_each() {
    on_both(&ROOMS, |t| {
        let web = world(t);
        let at = open(&web, "named", "");
        assert_eq!(
            act(&web, &at, "invite", &[("addresses", "ada@example.com, bob@example.com")]).status,
            StatusCode::SEE_OTHER
        );
        // Inviting again passes over who was invited.
        assert_eq!(
            act(&web, &at, "invite", &[("addresses", "ada@example.com")]).status,
            StatusCode::SEE_OTHER
        );
        let mails = sent(&web);
        assert_eq!(mails.len(), 2);
        assert_eq!(
            act(&web, &at, "link", &[]).status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "no common link"
        );
        let ada = mails.iter().find(|m| m.to == "ada@example.com").unwrap();
        assert!(web.get(&link(ada)).body.contains("Your answers are seen with your address"));
        let wrong = web.post(&link(ada), &[("X1", "7")]);
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "not among the choices");
        assert_eq!(
            web.post(&link(ada), &[]).status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "nothing answered"
        );
        assert!(web.post(&link(ada), &[("X1", "4")]).body.contains("Thank you"));
        let answers = t.db.read_blocking(|c| store::answers(c, party(1), id(&at))).unwrap();
        assert_eq!(answers.len(), 1);
        assert_eq!(
            (answers[0].0.as_deref(), answers[0].1["X1"].as_str()),
            (Some("ada@example.com"), "4")
        );
        let page = web.get(&at).body;
        assert!(page.contains("50.0\u{a0}%") && page.contains("bob@example.com"), "{page}");
    });
}

#[test]
fn the_page_speaks_the_languages_that_its_questions_have() {
    on_both(&ROOMS, |t| {
        let web = world(t);
        let at = open(&web, "anonymous", "");
        assert_eq!(act(&web, &at, "link", &[]).status, StatusCode::SEE_OTHER);
        let token = t.db.read_blocking(|c| store::link(c, party(1), id(&at))).unwrap().unwrap();
        for (tag, words) in [
            ("de", "Ich weiß, wo ich ein Problem melden kann."),
            ("ja", "問題をどこに報告すればよいか"),
            ("ar", "أعرف أين أبلّغ عن مشكلة."),
        ] {
            let body = web.get(&format!("/survey/{token}?lang={tag}")).body;
            assert!(body.contains(words) && !body.contains(">survey-"), "{tag}: {body}");
        }
        let english = web.get(&format!("/survey/{token}?lang=en")).body;
        for tag in ["de", "fr", "es", "pt", "ja", "ar"] {
            assert!(english.contains(&format!("lang={tag}")), "{tag} is offered");
        }
        assert!(web.get("/survey/nothing").body.contains("cannot be answered any more"));
    });
}

#[test]
fn groups_are_shown_only_where_nobody_is_singled_out() {
    on_both(&ROOMS, |t| {
        let web = world(t);
        let at = open(&web, "anonymous", "Payroll\nSupport\nLegal");
        assert_eq!(act(&web, &at, "link", &[]).status, StatusCode::SEE_OTHER);
        let token = t.db.read_blocking(|c| store::link(c, party(1), id(&at))).unwrap().unwrap();
        let page = format!("/survey/{token}");
        for (segment, n) in [("Payroll", 9), ("Support", 8), ("Legal", 2)] {
            for i in 0..n {
                let value = if i % 2 == 0 { "5" } else { "4" };
                assert_eq!(
                    web.post(&page, &[("segment", segment), ("X1", value)]).status,
                    StatusCode::OK
                );
            }
        }
        assert_eq!(act(&web, &at, "close", &[]).status, StatusCode::SEE_OTHER);
        let body = web.get(&at).body;
        assert!(body.contains("Support, Legal"), "the two lawyers stand with others: {body}");
        assert!(!body.contains(">Legal<"));
    });
}

#[test]
fn an_interview_is_planned_held_followed_up_and_closed() {
    on_both(&ROOMS, |t| {
        let mut web = world(t);
        let page = "/interviews/new";
        let when = local(&web, -86_400);
        let fields = [
            ("who", "Mei Tanaka"),
            ("position", "Platform engineer"),
            ("reason", "Took part in the outage of February."),
            ("planned_at", when.as_str()),
            ("ask-staff", "E1"),
            ("ask-staff", "E8"),
        ];
        let said = web.fill(page, page, &fields);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let at = said.location().to_owned();
        let early = act(&web, &at, "close", &[("conclusion", "Fine.")]);
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "not before it was held");
        let held = [
            ("held_at", when.as_str()),
            ("E1", "Anything odd, in the portal."),
            ("themes", "On-call, clarity, on-call"),
        ];
        assert_eq!(act(&web, &at, "hold", &held).status, StatusCode::SEE_OTHER);
        let due = local(&web, 86_400);
        let follow = [
            ("what", "Put the rota into the handbook"),
            ("owner", "Tomas"),
            ("due_at", due.as_str()),
        ];
        assert_eq!(act(&web, &at, "follow", &follow).status, StatusCode::SEE_OTHER);
        let open = act(&web, &at, "close", &[("conclusion", "Fine.")]);
        assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY, "not while something is open");
        assert_eq!(t.db.read_blocking(|c| store::open_follow_ups(c, party(1))).unwrap(), 1);
        assert_eq!(
            act(&web, &at, "done", &[("number", "1"), ("outcome", "Done in version 12.")]).status,
            StatusCode::SEE_OTHER
        );
        let stale = hidden(&web.get(&at).body, "version").unwrap();
        assert_eq!(
            act(&web, &at, "close", &[("conclusion", "Knows where to report.")]).status,
            StatusCode::SEE_OTHER
        );
        assert!(!stale.is_empty());
        let interview =
            t.db.read_blocking(|c| store::interview(c, party(1), id(&at))).unwrap().unwrap();
        assert_eq!(interview.state, InterviewState::Closed);
        assert_eq!(interview.themes, ["clarity", "on-call"]);
        let list = web.get("/interviews").body;
        assert!(list.contains("on-call") && list.contains("Mei Tanaka"));
        web.sign_in(&who(2, party(1), &[Role::Viewer]));
        assert_eq!(web.get("/interviews").status, StatusCode::FORBIDDEN);
        web.sign_in(&who(3, party(2), &[Role::ComplianceLead]));
        assert_eq!(web.get(&at).status, StatusCode::NOT_FOUND);
        assert!(!web.get("/interviews").body.contains("Mei Tanaka"));
    });
}
