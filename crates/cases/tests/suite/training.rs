//! Training as learners, leads, the daily round and a leaver meet it, on both databases.

use crate::outbox::sent;
use crate::people::organisation;
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use cases::training::model::{Course, CourseId};
use cases::training::pages::{course, learn, manage, practice};
use cases::training::permits::ManageTraining;
use cases::training::service::{self, TextInput, round};
use cases::training::{jobs, store};
use kernel::env::Env;
use kernel::ids::PersonId;
use kernel::party::{Actor, Role, Roles, Side, Via};
use kernel::permit::{Facts, authorize};
use platform::edge::Edge as _;
use platform::http::App;
use platform::jobs::{Ran, Runner};
use platform::testing::{TestDb, Web, env, hidden, on_both};

const DAY: i64 = 86_400;
const QUIZ: &str = "? Where do you report?\n* On the reporting page\n- Nowhere\n! It is answered.\n? Which belong in a report?\n* When\n* Where\n- A password\n";

fn routes() -> Router<App> {
    Router::new()
        .route("/training", get(learn::show))
        .route("/training/assignments/{id}", get(learn::assignment).post(learn::answer))
        .route("/training/assignments/{id}/proofs/{event}", get(learn::proof))
        .route("/training/texts/{id}", get(learn::text).post(learn::confirm))
        .route("/training/practice", get(practice::new).post(practice::send))
        .route("/training/practice/{id}", get(practice::show))
        .route("/training/practice/{id}/next", post(practice::next))
        .route("/training/manage", get(manage::show))
        .route("/training/manage/round", post(manage::go_round))
        .route("/training/manage/completions/{id}/{event}", get(manage::proof))
        .route("/training/manage/courses/new", get(course::new).post(course::add))
        .route("/training/manage/courses/{id}", get(course::show))
        .route("/training/manage/courses/{id}/state", post(course::state))
        .route("/training/manage/courses/{id}/material", post(course::material))
}

struct World<'t> {
    web: Web<'t>,
    lead: Actor,
    admin: Actor,
    ada: Actor,
    bob: Actor,
}

fn person(t: &TestDb, n: u8, name: &'static str, role: Role) -> Actor {
    let mut env = Env::new(env().now(), [n; 32]);
    let email = format!("{}@example.com", name.to_lowercase());
    let id: PersonId =
        t.db.write_blocking(move |tx| {
            identity::service::add_person_directly(
                tx,
                &mut env,
                organisation(),
                &email,
                name,
                &[role],
            )
        })
        .unwrap();
    Actor {
        person: Some(id),
        party: Some(organisation()),
        side: Side::ServiceOrganisation,
        roles: Roles::NONE.with(role),
        via: Via::Session,
    }
}

fn world(t: &TestDb) -> World<'_> {
    let mut env = Env::new(env().now(), [1; 32]);
    t.db.write_blocking(move |tx| {
        let permit = authorize(&Actor::system(organisation(), "test"), &Facts::of(organisation()))?;
        identity::service::register_party(
            tx,
            &mut env,
            &permit,
            Side::ServiceOrganisation,
            "Palmetto",
        )
    })
    .unwrap();
    let lead = person(t, 2, "Lead", Role::ComplianceLead);
    // There must be an administrator left when others are deactivated.
    let admin = person(t, 5, "Admin", Role::Administrator);
    let ada = person(t, 3, "Ada", Role::Viewer);
    let bob = person(t, 4, "Bob", Role::CaseHandler);
    let web = Web::new(t, routes(), vec![lead.clone(), ada.clone(), bob.clone()], 1_000);
    World { web, lead, admin, ada, bob }
}

impl World<'_> {
    fn course(&mut self, title: &str, rhythm: &str, who: &str) -> Course {
        self.web.sign_in(&self.lead.clone());
        let page = "/training/manage/courses/new";
        let mut fields = vec![("title", title), ("rhythm", rhythm), ("due_days", "30")];
        if !who.is_empty() {
            fields.push(("who", who));
        }
        let said = self.web.fill(page, page, &fields);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let at = said.location().to_owned();
        let fields = [("text", "## Why\nBecause."), ("quiz", QUIZ), ("pass_percent", "100")];
        let said = self.web.fill(&at, &format!("{at}/material"), &fields);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let id: CourseId = at.rsplit('/').next().unwrap().parse().unwrap();
        self.web.t.db.read_blocking(|c| store::course(c, organisation(), id)).unwrap().unwrap()
    }

    fn round(&self) -> round::Round {
        let mut env = self.web.edge.env();
        self.web
            .t
            .db
            .write_blocking(move |tx| {
                let actor = Actor::system(organisation(), "training");
                let permit = authorize::<ManageTraining>(&actor, &Facts::of(organisation()))?;
                round::go(tx, &mut env, &permit, "http://tickmark.example")
            })
            .unwrap()
    }

    fn days(&self, n: i64) {
        self.web.edge.advance_seconds(n * DAY);
    }

    fn open(&self, who: &Actor) -> String {
        let all = self
            .web
            .t
            .db
            .read_blocking(|c| store::assignments(c, organisation(), None, who.person))
            .unwrap();
        format!("/training/assignments/{}", all.iter().find(|a| a.is_open()).unwrap().id)
    }

    fn pass(&mut self, who: &Actor) -> String {
        self.web.sign_in(who);
        let at = self.open(who);
        let material = hidden(&self.web.get(&at).body, "material").unwrap();
        let fields = [("material", material.as_str()), ("q0", "0"), ("q1", "0"), ("q1", "1")];
        let said = self.web.fill(&at, &at, &fields);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        at
    }
}

#[test]
fn a_course_is_assigned_read_answered_and_proved() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        w.course("Reporting", "onboarding", "");
        assert_eq!(w.round().assigned, 4);
        assert_eq!(w.round(), round::Round::default(), "a second round changes nothing");
        let ada = w.ada.clone();
        w.web.sign_in(&ada);
        let at = w.open(&ada);
        let page = w.web.get(&at).body;
        assert!(page.contains("<h2>Why</h2>") && page.contains("Where do you report?"));
        // What is right is nowhere in the page before it was passed.
        assert!(
            !page.contains("It is answered.")
                && !page.contains("data-right")
                && !page.contains("checked"),
            "{page}"
        );
        let material = hidden(&page, "material").unwrap();
        let wrong = [("material", material.as_str()), ("q0", "0"), ("q1", "0")];
        let said = w.web.fill(&at, &at, &wrong);
        assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said.body.contains("Look again at questions 2"), "{}", said.body);
        assert!(!said.body.contains("It is answered."));
        w.pass(&ada);
        let done = w.web.get(&at).body;
        assert!(done.contains("It is answered.") && done.contains("2 of 2 right"), "{done}");
        t.sequence();
        let href = done
            .split("href=\"")
            .map(|p| p.split('"').next().unwrap())
            .find(|h| h.contains("/proofs/"))
            .unwrap()
            .to_owned();
        assert!(ledger::TlogProof::parse(w.web.get(&href).body.as_bytes()).is_ok());
        // Another person finds neither.
        let bob = w.bob.clone();
        w.web.sign_in(&bob);
        assert_eq!(w.web.get(&at).status, StatusCode::NOT_FOUND);
        assert_eq!(w.web.get(&href).status, StatusCode::NOT_FOUND);
        assert_eq!(w.web.get("/training/manage").status, StatusCode::FORBIDDEN);
        let lead = w.lead.clone();
        w.web.sign_in(&lead);
        let manage = w.web.get("/training/manage").body;
        assert!(manage.contains("25.0\u{a0}%"), "one of four: {manage}");
        let csv = w.web.get("/training/manage?format=csv").body;
        let line = csv.lines().find(|l| l.contains("Ada")).unwrap();
        assert!(
            line.contains("Reporting") && line.contains("2/2") && line.contains("evt_"),
            "{csv}"
        );
    });
}

#[test]
fn who_is_late_is_reminded_and_the_leads_are_told_for_as_long_as_it_lasts() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        w.course("Handling cases", "role", "case_handler");
        assert_eq!(w.round().assigned, 1, "only the case handler");
        let _ = sent(&w.web);
        let mut told = Vec::new();
        for day in 1..=52 {
            w.days(1);
            let round = w.round();
            if round.reminded > 0 {
                told.push((day, round.escalated, sent(&w.web).len()));
            }
        }
        assert_eq!(told, [(23, 0, 1), (29, 0, 1), (31, 0, 1), (37, 1, 2), (44, 1, 2), (51, 1, 2)]);
        let bob = w.bob.clone();
        w.pass(&bob);
        w.days(30);
        assert_eq!(w.round().reminded, 0);
    });
}

#[test]
fn a_leaver_is_let_go_and_counts_nowhere_while_the_taken_figures_stay() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        let course = w.course("Reporting", "yearly", "");
        assert_eq!(w.round().taken, 1);
        let ada = w.ada.clone();
        w.pass(&ada);
        w.days(40);
        let round = w.round();
        assert_eq!((round.taken, round.released), (1, 0));
        let taken = t.db.read_blocking(|c| store::coverage_taken(c, organisation())).unwrap();
        assert_eq!(
            (taken[1].coverage.applies, taken[1].coverage.done, taken[1].coverage.late),
            (4, 1, 3)
        );
        for who in [w.ada.clone(), w.bob.clone()] {
            leave(&w, &who);
        }
        assert_eq!(w.round().released, 1, "only what was open is let go");
        let lead = w.lead.clone();
        w.web.sign_in(&lead);
        let manage = w.web.get("/training/manage").body;
        assert!(manage.contains("0.0\u{a0}%"), "Ada passed and left: {manage}");
        let after = t.db.read_blocking(|c| store::coverage_taken(c, organisation())).unwrap();
        assert_eq!(after, taken, "history stays");
        // A year on, only those who are still there are asked again.
        w.days(400);
        let open = |t: &TestDb| {
            let all = t
                .db
                .read_blocking(|c| store::assignments(c, organisation(), Some(course.id), None))
                .unwrap();
            all.iter().filter(|a| a.is_open()).count()
        };
        w.round();
        assert_eq!(open(t), 2);
    });
}

fn leave(w: &World<'_>, who: &Actor) {
    let (person, mut env, admin) = (who.person.unwrap(), w.web.edge.env(), w.admin.clone());
    w.web
        .t
        .db
        .write_blocking(move |tx| {
            let permit = authorize(&admin, &Facts::of(organisation()))?;
            let member = identity::store::member(tx, organisation(), person)?.unwrap();
            identity::service::deactivate(tx, &mut env, &permit, person, member.membership.version)
        })
        .unwrap();
}

#[test]
fn practice_goes_to_its_end_and_never_becomes_a_case() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        let ada = w.ada.clone();
        w.web.sign_in(&ada);
        let page = "/training/practice";
        let fields = [
            ("scenario", "outage"),
            ("title", "Help"),
            ("text", "It is broken."),
            ("occurred", ""),
        ];
        let said = w.web.fill(page, page, &fields);
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let at = said.location().to_owned();
        for stage in 1..7 {
            let said = w.web.fill(&at, &format!("{at}/next"), &[]);
            assert_eq!(said.status, StatusCode::SEE_OTHER, "stage {stage}: {}", said.body);
        }
        let end = w.web.get(&at).body;
        assert!(
            end.contains("Closed and learnt from")
                && end.contains("Say more")
                && end.contains("Say when"),
            "{end}"
        );
        let counted = t.db.read_blocking(|c| cases::store::counts(c, organisation())).unwrap();
        assert_eq!(counted, [], "the register never heard of it");
        let bob = w.bob.clone();
        w.web.sign_in(&bob);
        assert_eq!(w.web.get(&at).status, StatusCode::NOT_FOUND);
        assert_eq!(t.db.read_blocking(|c| store::practised(c, organisation())).unwrap(), (1, 1));
    });
}

#[test]
fn a_version_of_a_text_is_confirmed_once_by_each() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        let (lead, ada) = (w.lead.clone(), w.ada.clone());
        let put = |number: i64| {
            let (mut env, lead) = (w.web.edge.env(), lead.clone());
            let due_at = env.now().plus_seconds(10 * DAY);
            t.db.write_blocking(move |tx| {
                let permit = authorize::<ManageTraining>(&lead, &Facts::of(organisation()))?;
                let input = TextInput {
                    subject: "pol_1".into(),
                    number,
                    title: "Reporting policy".into(),
                    body: "Report **everything**.".into(),
                    who: vec![],
                    due_at,
                };
                service::put_forward(tx, &mut env, &permit, &input)
            })
            .unwrap()
        };
        let first = put(1);
        assert_eq!(put(1), first, "the same version is the same text");
        let second = put(2);
        assert_ne!(first, second);
        w.web.sign_in(&ada);
        assert!(w.web.get("/training").body.contains("one text waits to be read"));
        let at = format!("/training/texts/{second}");
        assert!(w.web.get(&at).body.contains("<b>everything</b>"));
        for _ in 0..2 {
            assert_eq!(w.web.fill(&at, &at, &[]).status, StatusCode::SEE_OTHER);
        }
        let known =
            t.db.read_blocking(|c| store::acknowledgements(c, organisation(), second)).unwrap();
        assert_eq!(known.iter().map(|a| a.person).collect::<Vec<_>>(), [ada.person.unwrap()]);
        assert!(
            t.db.read_blocking(|c| store::acknowledgements(c, organisation(), first))
                .unwrap()
                .is_empty()
        );
    });
}

#[test]
fn the_schedule_goes_round_every_organisation() {
    on_both(&ROOMS, |t| {
        let mut w = world(t);
        w.course("Reporting", "onboarding", "");
        let now = w.web.edge.env().now();
        t.db.write_blocking(move |tx| platform::jobs::schedule(tx, &jobs::daily(), now)).unwrap();
        let runner = Runner::new(t.db.clone(), w.web.edge.clone())
            .with(jobs::KIND, jobs::Daily { base_url: "http://tickmark.example".into() });
        while runner.tick().unwrap() != Ran::Nothing {}
        let count = |t: &TestDb| {
            t.db.read_blocking(|c| store::assignments(c, organisation(), None, None)).unwrap().len()
        };
        assert_eq!(count(t), 0, "not yet its hour");
        w.days(1);
        while runner.tick().unwrap() != Ran::Nothing {}
        assert_eq!(count(t), 4);
    });
}
