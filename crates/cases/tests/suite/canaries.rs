//! Canaries through the doors, and the control totals of the days, on both databases.

use crate::people::{organisation, who};
use crate::rooms::ROOMS;
use axum::Router;
use axum::routing::{get, post};
use cases::canaries::jobs::{Carrier, look};
use cases::canaries::model::{Alarm, Canary, Settings, Verdict, Way};
use cases::canaries::permits::ManageCanaries;
use cases::canaries::service::{self, Flight};
use cases::canaries::store;
use cases::door;
use cases::mailroom::service::{self as mailroom, Setup};
use cases::model::{Case, CaseKind};
use cases::permits::HandleCase;
use cases::service::ReportInput;
use cases::store::CaseFilter;
use cases::totals::model::{Against, Book};
use cases::totals::{self, pages as total_pages};
use kernel::env::Env;
use kernel::ids::{PartyId, PersonId};
use kernel::party::{Actor, Role, Roles, Side};
use kernel::period::parse_date;
use kernel::permit::{Facts, authorize};
use kernel::time::Timestamp;
use platform::blobs::{Blobs, LocalStore};
use platform::db::Db;
use platform::edge::{Edge, FixedEdge};
use platform::jobs::{JobState, store as jobs};
use platform::testing::{TestDb, Web, beside, env, on_both};
use std::sync::{Arc, Mutex};

/// Carries canaries through two real doors, as long as they are open.
fn lead() -> Actor {
    who(1, organisation(), &[Role::ComplianceLead, Role::CaseHandler])
}

struct Doors {
    db: Db,
    blobs: Arc<Blobs>,
    edge: Arc<FixedEdge>,
    setup: Setup,
    /// Mails that a mail server holds and does not deliver.
    held: Mutex<Vec<Vec<u8>>>,
    mail_works: Mutex<bool>,
    page_works: Mutex<bool>,
    carried: Mutex<Vec<Flight>>,
}

impl Doors {
    fn deliver(&self, raw: &[u8]) {
        let what = (raw, true, "stdin");
        let id =
            mailroom::take_in(&self.db, &self.blobs, self.edge.env(), &self.setup, what).unwrap();
        mailroom::sort(&self.db, &self.blobs, &self.edge.env(), &self.setup, (id, true)).unwrap();
    }
}

impl Carrier for Doors {
    fn ways(&self, _: PartyId) -> Result<Vec<(Way, String)>, String> {
        Ok(vec![(Way::Portal, "portal".to_owned()), (Way::Email, "email".to_owned())])
    }

    fn carry(&self, organisation: PartyId, flight: &Flight) -> Result<(), String> {
        self.carried.lock().unwrap().push(flight.clone());
        if flight.way == Way::Email {
            // As our own mail server sends it: marked as written by a program.
            let raw = format!(
                "From: no-reply@alder.example\r\nTo: report@alder.example\r\nAuto-Submitted: auto-generated\r\nSubject: {}\r\n\r\n{}\r\n",
                flight.title, flight.text
            );
            if *self.mail_works.lock().unwrap() {
                self.deliver(raw.as_bytes());
            } else {
                self.held.lock().unwrap().push(raw.into_bytes());
            }
            return Ok(());
        }
        if !*self.page_works.lock().unwrap() {
            return Err("the answer was 500".to_owned());
        }
        let (input, mut env) = (
            ReportInput::new(&flight.channel, flight.kind, &flight.title, &flight.text),
            self.edge.env(),
        );
        let filed = self.db.write_blocking(move |tx| {
            door::file(tx, &mut env, organisation, None, b"", (&input, false))
        });
        filed.map(|_| ()).map_err(|e| e.to_string())
    }
}

fn doors(t: &TestDb) -> Doors {
    let mut party_env = Env::new(env().now(), [1; 32]);
    t.db.write_blocking(move |tx| {
        let permit = authorize(&Actor::system(organisation(), "test"), &Facts::of(organisation()))?;
        let side = Side::ServiceOrganisation;
        identity::service::register_party(tx, &mut party_env, &permit, side, "Alder")
    })
    .unwrap();
    let blobs = Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap());
    Doors {
        db: t.db.clone(),
        blobs: Arc::new(blobs),
        edge: Arc::new(FixedEdge::new(env().now(), [8; 32])),
        setup: Setup {
            organisation: organisation(),
            address: "report@alder.example".into(),
            channel: "email".into(),
            trusted: None,
            sent_from: Some("alder.example".into()),
            base_url: String::new(),
        },
        held: Mutex::default(),
        mail_works: Mutex::new(true),
        page_works: Mutex::new(true),
        carried: Mutex::default(),
    }
}

fn switch_on(t: &TestDb, doors: &Doors) {
    let mut env = doors.edge.env();
    t.db.write_blocking(move |tx| {
        let permit = authorize::<ManageCanaries>(&lead(), &Facts::of(organisation()))?;
        let settings = Settings {
            on: true,
            per_month: 1,
            receive_minutes: 30,
            acknowledge_hours: 24,
            alarm_to: vec!["lead@alder.example".into()],
        };
        service::state_settings(tx, &mut env, &permit, 0, &settings)
    })
    .unwrap();
}

/// Looks every hour for so many hours.
fn pass(t: &TestDb, doors: &Doors, hours: usize) {
    for _ in 0..hours {
        doors.edge.advance_seconds(3_600);
        look(&t.db, &*doors.edge, doors).unwrap();
    }
}

fn listed(t: &TestDb, canaries: bool) -> Vec<Case> {
    let filter = CaseFilter { limit: 100, canaries, ..CaseFilter::default() };
    t.db.read_blocking(|c| cases::store::cases(c, organisation(), &filter)).unwrap()
}

fn retired(t: &TestDb) -> Vec<Canary> {
    t.db.read_blocking(|c| store::retired(c, organisation(), 100)).unwrap()
}

fn confirm(t: &TestDb, doors: &Doors, case: &Case) {
    let (id, version, mut env) = (case.id, case.version, doors.edge.env());
    t.db.write_blocking(move |tx| {
        let permit = authorize::<HandleCase>(&lead(), &Facts::of(organisation()))?;
        cases::service::assign(tx, &mut env, &permit, id, version, lead().person.unwrap())
    })
    .unwrap();
}

fn counted(t: &TestDb) -> i64 {
    let counts = t.db.read_blocking(|c| cases::store::counts(c, organisation())).unwrap();
    counts.iter().map(|c| c.n).sum()
}

#[test]
fn a_canary_flies_the_whole_way_and_no_figure_counts_it() {
    on_both(&ROOMS, |t| {
        let doors = doors(t);
        switch_on(t, &doors);
        // One of each way within the month, at a time nobody chose.
        pass(t, &doors, 24 * 31);
        let carried = doors.carried.lock().unwrap().clone();
        let january: Vec<_> = carried.iter().map(|f| f.way).take(2).collect();
        assert!(january.contains(&Way::Portal) && january.contains(&Way::Email), "{january:?}");
        // Those that nobody confirmed were alarmed about and retired; look at a fresh pair.
        assert!(retired(t).iter().all(|c| c.verdict == Some(Verdict::NotAcknowledged)));
        while listed(t, true).len() < 2 {
            pass(t, &doors, 1);
        }
        let flying = listed(t, true);
        assert_eq!((listed(t, false).len(), counted(t)), (0, 0), "figures and lists know of none");
        let mut all = 0;
        t.db.read_blocking(|c| {
            cases::store::each_case(c, organisation(), |_, _| {
                all += 1;
                Ok(())
            })
        })
        .unwrap();
        assert_eq!(all, 0, "no export has one");
        // To a handler it is a case like any other until they have confirmed it.
        let case = &flying[0];
        assert!(!serde_json::to_string(case).unwrap().contains("canary"));
        assert!(["portal", "email"].contains(&case.channel.as_str()));
        confirm(t, &doors, case);
        assert_eq!(listed(t, true).len(), 1, "it is gone from the list once it is confirmed");
        pass(t, &doors, 1);
        let done = retired(t).into_iter().find(|c| c.case == Some(case.id)).unwrap();
        assert!(matches!(done.verdict, Some(Verdict::Passed | Verdict::Late)), "{done:?}");
        let after =
            t.db.read_blocking(|c| cases::store::case(c, organisation(), case.id))
                .unwrap()
                .unwrap();
        assert!(after.state.is_concluded());
        // A stranger who writes what looks like a mark makes an ordinary case.
        let text = format!("Request id {}.", "0123456789abcdef01234567");
        let (input, mut env) =
            (ReportInput::new("portal", CaseKind::Failure, "Down", text), doors.edge.env());
        t.db.write_blocking(move |tx| {
            door::file(tx, &mut env, organisation(), None, b"", (&input, false))
        })
        .unwrap();
        assert_eq!((listed(t, false).len(), counted(t)), (1, 1));
    });
}

#[test]
fn a_channel_that_fails_is_alarmed_about() {
    on_both(&ROOMS, |t| {
        let doors = doors(t);
        *doors.mail_works.lock().unwrap() = false;
        *doors.page_works.lock().unwrap() = false;
        switch_on(t, &doors);
        pass(t, &doors, 24 * 31);
        let unsent = retired(t).into_iter().find(|c| c.way == Way::Portal).unwrap();
        assert_eq!((unsent.verdict, unsent.alarms), (Some(Verdict::NotSent), vec![Alarm::Sending]));
        assert!(unsent.unsent.contains("500"));
        let lost = |t: &TestDb| {
            retired(t)
                .into_iter()
                .find(|c| c.way == Way::Email && c.verdict == Some(Verdict::NotReceived))
        };
        while lost(t).is_none() {
            pass(t, &doors, 24);
        }
        assert_eq!(lost(t).unwrap().alarms, [Alarm::Receipt]);
        let mails = t
            .db
            .read_blocking(|c| jobs::list(c, Some(organisation()), JobState::Waiting, None, 100))
            .unwrap();
        let alarms = mails.iter().filter(|j| j.key.starts_with("canaries.alarm.")).count();
        assert!(alarms >= 2, "somebody is told: {mails:?}");
        // The mail that was held up arrives at last: it is still a canary, and no case that counts.
        let held = doors.held.lock().unwrap().pop().unwrap();
        doors.deliver(&held);
        assert_eq!((listed(t, false).len(), counted(t)), (0, 0));
    });
}

#[test]
fn a_day_that_does_not_agree_is_an_exception_with_an_owner_until_it_is_explained() {
    on_both(&ROOMS, |t| {
        let doors = doors(t);
        let letter = |n: usize| {
            format!(
                "From: p{n}@customer.example\r\nTo: report@alder.example\r\n\r\nReport {n}.\r\n"
            )
        };
        for n in 0..3 {
            doors.edge.advance_seconds(60);
            doors.deliver(letter(n).as_bytes());
        }
        doors.deliver(b"Precedence: bulk\r\nFrom: x@y.example\r\n\r\nBuy.\r\n");
        // One was accepted and not sorted: the program stopped.
        let raw = letter(9);
        let what = (raw.as_bytes(), true, "stdin");
        mailroom::take_in(&t.db, &doors.blobs, doors.edge.env(), &doors.setup, what).unwrap();
        let day = parse_date("2026-01-01").unwrap();
        let count = |doors: &Doors| {
            let mut env = doors.edge.env();
            t.db.write_blocking(move |tx| {
                let permit = totals::service::permit(organisation())?;
                totals::service::count_day(tx, &mut env, &permit, day)
            })
        };
        assert!(count(&doors).is_err(), "the day is not over");
        doors.edge.advance_seconds(86_400);
        assert_eq!(count(&doors).unwrap().len(), 1);
        assert!(count(&doors).unwrap().is_empty(), "an exception is opened once");
        let kept = t.db.read_blocking(|c| totals::store::counted(c, organisation(), 10)).unwrap();
        let of = |book| kept.iter().find(|c| c.count.book == book).unwrap();
        assert_eq!((of(Book::Mail).count.accepted, of(Book::Mail).count.accounted()), (5, 4));
        assert_eq!(
            (of(Book::Numbers).count.accepted, of(Book::Numbers).count.difference()),
            (3, 0)
        );
        assert_eq!(of(Book::Messages).count.accepted, 0);
        let open = t.db.read_blocking(|c| totals::store::exceptions(c, organisation())).unwrap();
        assert_eq!(
            (open[0].book, open[0].expected, open[0].found, open[0].against),
            (Book::Mail, 5, 4, Against::Ends)
        );

        // What the mail server counted is another figure; a person explains both.
        let routes = Router::new()
            .route("/channels/totals", get(total_pages::show))
            .route("/channels/totals/{action}", post(total_pages::count))
            .route("/channels/totals/exceptions/{id}/{action}", post(total_pages::act));
        let viewer = Actor {
            person: Some(PersonId::new(Timestamp(0), 2)),
            roles: Roles::NONE.with(Role::Viewer),
            ..lead()
        };
        let mut web = Web::new(t, routes, vec![lead(), viewer.clone()], 1_000);
        web.edge.set(doors.edge.env().now());
        web.sign_in(&lead());
        let figure = [
            ("day", "2026-01-01"),
            ("book", "mail"),
            ("figure", "6"),
            ("source", "mx1, lines “delivered”"),
        ];
        let stated = web.fill("/channels/totals", "/channels/totals/figure", &figure);
        assert_eq!(stated.location(), "/channels/totals", "{}", stated.body);
        let body = web.get("/channels/totals").body;
        assert!(
            body.contains("5 at the door, 4 accounted for")
                && body.contains("5 at the door, 6 counted outside"),
            "{body}"
        );
        let future = [("day", "2026-02-01")];
        assert!(
            beside(&web.fill("/channels/totals", "/channels/totals/count", &future).body, "day")
                .is_some()
        );
        for exception in
            t.db.read_blocking(|c| totals::store::exceptions(c, organisation())).unwrap()
        {
            let at = format!("/channels/totals/exceptions/{}/resolve", exception.id);
            let version = exception.version.to_string();
            let csrf =
                platform::testing::hidden(&web.get("/channels/totals").body, "csrf").unwrap();
            let stale = [("csrf", csrf.as_str()), ("version", "9"), ("resolution", "x")];
            assert_eq!(web.post(&at, &stale).status, 422);
            let good = [
                ("csrf", csrf.as_str()),
                ("version", version.as_str()),
                ("resolution", "The program stopped; sorted by hand."),
            ];
            assert_eq!(web.post(&at, &good).location(), "/channels/totals");
        }
        assert!(web.get("/channels/totals").body.contains("every difference is explained"));
        web.sign_in(&viewer);
        assert_eq!(web.get("/channels/totals").status, 200);
        assert!(!web.get("/channels/totals").body.contains("/channels/totals/count"));
    });
}
