//! Collectors against a real server, on both databases: what is asked, what becomes evidence, what does
//! not, what is tried again, and who sees it.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[path = "../../scope/tests/common/mod.rs"]
mod common;
#[path = "common/ended.rs"]
mod ended;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use common::{Cast, blamed, cast, refusal, run, state};
use controls::model::{ControlId, ControlText};
use controls::permits::ManageControls;
use ended::{ok, status};
use evidence::collectors::jobs::{Collect, DUE, Due, RUN, Reaches};
use evidence::collectors::model::{
    Asked, Collector, CollectorId, Covers, Format, Run, RunId, RunState, When,
};
use evidence::collectors::permits::{ReadCollectors, RunCollector, StateCollectors};
use evidence::collectors::service::{self, Secret};
use evidence::collectors::{pages as collectors, store};
use evidence::model::EvidenceItem;
use evidence::pages;
use kernel::ids::EngagementId;
use kernel::party::Actor;
use kernel::party::Role::*;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::blobs::{Blobs, LocalStore};
use platform::edge::{Edge, FixedEdge};
use platform::http::App;
use platform::jobs::fetch::Fetcher;
use platform::jobs::webhook::Reach;
use platform::jobs::{Ended, Fault, Handler, JobState, Ran, Runner, Work};
use platform::journal::Room;
use platform::testing::{TestDb, Web, env, on_both};
use scope::catalogue::{ControlType, Frequency, Nature};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const ROOMS: [Room; 6] = [
    identity::ROOM,
    scope::ROOM,
    commitments::ROOM,
    controls::ROOM,
    evidence::ROOM,
    evidence::collectors::ROOM,
];
const SECRET: &str = "Bearer hr-8f2c71d0-secret";
const LOCAL: Reach = Reach { private_addresses: false, http_to_loopback: true };
const CSV: &str = "worker,left_on\nW-014,2025-12-03\n";

/// A system that is asked: HTTP over a socket.
struct System {
    port: u16,
    /// What arrived, headers and all.
    arrived: Arc<Mutex<Vec<String>>>,
    /// What it answers, the next first; the last is kept. Everything after `HTTP/1.1 `.
    answers: Arc<Mutex<Vec<String>>>,
    /// Whether it takes a request and never answers.
    silent: Arc<AtomicBool>,
}

impl System {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let system = Self {
            port,
            arrived: Arc::default(),
            answers: Arc::new(Mutex::new(vec![ok("text/csv", CSV)])),
            silent: Arc::default(),
        };
        let (arrived, answers) = (system.arrived.clone(), system.answers.clone());
        let silent = system.silent.clone();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut lines = BufReader::new(&stream);
                let mut request = String::new();
                while lines.read_line(&mut request).is_ok_and(|n| n > 2) {}
                arrived.lock().unwrap().push(request);
                if silent.load(Ordering::SeqCst) {
                    held.push(stream);
                    continue;
                }
                let mut answers = answers.lock().unwrap();
                let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
                // A client that goes away in the middle is no failure of the server.
                let _ = stream.write_all(format!("HTTP/1.1 {answer}").as_bytes());
            }
        });
        system
    }

    fn says(&self, answers: &[String]) {
        *self.answers.lock().unwrap() = answers.to_vec();
    }

    fn asked(&self) -> Vec<String> {
        self.arrived.lock().unwrap().clone()
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

/// What a test needs of one deployment.
struct Here<'t> {
    t: &'t TestDb,
    cast: Cast,
    control: ControlId,
    edge: Arc<FixedEdge>,
    blobs: Arc<Blobs>,
    system: System,
}

impl<'t> Here<'t> {
    fn new(t: &'t TestDb) -> Self {
        let cast = cast(t);
        let lead = cast.lead();
        let control = run(t, move |tx, env| {
            let permit = authorize::<ManageControls>(&lead, &Facts::of(lead.party.unwrap()))?;
            let text = ControlText {
                code: "IAM-05".into(),
                statement: "Access of leavers ends within one day.".into(),
                frequency: Frequency::PerEvent,
                owner_role: "Head of IT".into(),
                owner: None,
                control_type: ControlType::Preventive,
                nature: Nature::Manual,
                criteria: vec!["CC6.2".parse().unwrap()],
                requirements: Vec::new(),
            };
            controls::service::state_control(tx, env, &permit, None, &text)
        })
        .unwrap();
        let store = LocalStore::open(&t.folder.path().join("collected")).unwrap();
        Self {
            t,
            cast,
            control,
            edge: Arc::new(FixedEdge::new(env().now(), [9; 32])),
            blobs: Arc::new(Blobs::new(store)),
            system: System::start(),
        }
    }

    fn asked(&self) -> Asked {
        Asked {
            name: "Leavers of the month".into(),
            system: "HR system".into(),
            address: self.system.url("/leavers?from={from}&to={to}"),
            header: "Authorization".into(),
            format: Format::Csv,
            columns: vec!["worker".into(), "left_on".into()],
            controls: vec![self.control],
            request: None,
            covers: Covers::MonthBefore,
            zone: "Europe/London".into(),
            when: When::Monthly { day: 1 },
            at: "06:30".into(),
        }
    }

    fn state(
        &self,
        who: &Actor,
        engagement: Option<EngagementId>,
        known: Option<(CollectorId, i64)>,
        (asked, secret): (Asked, Secret),
    ) -> platform::db::Result<CollectorId> {
        let who = who.clone();
        run(self.t, move |tx, env| {
            let facts = match engagement {
                Some(id) => scope::facts(tx, id)?,
                None => Facts::of(who.party.unwrap()),
            };
            let permit = authorize::<StateCollectors>(&who, &facts)?;
            service::state(tx, env, &permit, known, (&asked, &secret, LOCAL))
        })
    }

    fn stated(&self) -> CollectorId {
        let told = (self.asked(), Secret::New(SECRET.into()));
        self.state(&self.cast.lead(), None, None, told).unwrap()
    }

    fn plan(&self, id: CollectorId) -> platform::db::Result<RunId> {
        let (lead, mut env) = (self.cast.lead(), self.edge.env());
        self.t.db.write_blocking(move |tx| {
            let permit = authorize::<RunCollector>(&lead, &Facts::of(lead.party.unwrap()))?;
            service::plan(tx, &mut env, &permit, id)
        })
    }

    fn collect(&self, seconds: u64) -> Collect<Fetcher> {
        Collect {
            fetcher: Fetcher::new(LOCAL, seconds),
            blobs: self.blobs.clone(),
            base_url: "https://tickmark.example".into(),
        }
    }

    fn worker(&self) -> Runner {
        Runner::new(self.t.db.clone(), self.edge.clone()).with(DUE, Due).with(RUN, self.collect(20))
    }

    fn run_of(&self, id: RunId) -> Run {
        let owner = self.cast.organisation;
        self.t.db.read_blocking(move |c| store::run(c, owner, id)).unwrap().unwrap()
    }

    fn runs(&self, id: CollectorId) -> Vec<Run> {
        let owner = self.cast.organisation;
        self.t.db.read_blocking(move |c| store::runs(c, owner, id)).unwrap()
    }

    fn collector(&self, id: CollectorId) -> Collector {
        let owner = self.cast.organisation;
        self.t.db.read_blocking(move |c| store::collector(c, owner, id)).unwrap().unwrap()
    }

    fn items(&self) -> Vec<EvidenceItem> {
        let owner = self.cast.organisation;
        self.t.db.read_blocking(move |c| evidence::store::items(c, owner)).unwrap()
    }

    fn waiting(&self, who: &Actor) -> usize {
        let who = who.clone();
        self.t.db.read_blocking(move |c| service::waiting(c, &who)).unwrap().len()
    }

    /// Everything that the database holds of the record, of jobs and of keys that were used.
    fn everything(&self) -> String {
        let tables = [
            "collector",
            "collector_version",
            "collector_run",
            "evidence_item",
            "job",
            "job_schedule",
            "collector_secret",
        ];
        let rows = tables.iter().map(|table| {
            let sql = format!("SELECT * FROM {table}");
            format!("{:?}", self.t.db.read_blocking(move |c| c.query(&sql, &[])).unwrap())
        });
        let rows: String = rows.collect();
        // Bytes are printed as numbers, so those of the record are read as what they are.
        let bytes = [
            "SELECT payload AS b FROM journal_entry",
            "SELECT answer AS b FROM journal_idempotency",
        ]
        .map(|sql| self.t.db.read_blocking(move |c| c.query(sql, &[])).unwrap());
        let texts = bytes
            .iter()
            .flatten()
            .map(|row| String::from_utf8_lossy(&row.get::<Vec<u8>>("b").unwrap()).into_owned());
        let texts: String = texts.collect();
        assert!(texts.contains("Leavers of the month"), "the record is not read");
        rows + &texts
    }
}

#[test]
fn who_may_do_what() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", Some(c.firm));
        let facts = t.db.read_blocking(move |conn| scope::facts(conn, id)).unwrap();
        let inside = [ExecutiveSponsor, ComplianceLead, ControlOwner, EvidenceProvider, Counsel];
        c.only::<ReadCollectors>(&facts, &inside, &[]);
        let givers = [ComplianceLead, ControlOwner, EvidenceProvider];
        c.only::<StateCollectors>(&facts, &givers, &[]);
        c.only::<RunCollector>(&facts, &givers, &[]);
    });
}

#[test]
fn an_answer_becomes_evidence_with_the_exact_request_and_without_the_secret() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        let run = here.plan(id).unwrap();
        assert_eq!(here.run_of(run).state, RunState::Waiting);
        while here.worker().tick().unwrap() != Ran::Nothing {}
        let found = here.run_of(run);
        assert_eq!(found.state, RunState::Collected, "{}", found.why);
        assert_eq!(found.started_by, here.cast.lead().person.unwrap().to_string());
        let record = found.record.unwrap();
        let sent = here.system.url("/leavers?from=2025-12-01&to=2025-12-31");
        assert_eq!(record.request, format!("GET {sent}"));
        assert_eq!((record.status, record.etag.as_str()), (200, "\"e1\""));
        assert_eq!(record.content_type, "text/csv");
        assert_eq!(record.date, "Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(record.bytes, CSV.len() as u64);
        assert_eq!(record.speaks_for.from.to_rfc3339(), "2025-12-01T00:00:00Z");
        let items = here.items();
        assert_eq!(items.len(), 1);
        let item = &items[0];
        assert_eq!((Some(item.id), &item.sha256), (found.evidence, &record.sha256));
        assert_eq!(item.controls, [here.control]);
        assert_eq!(item.supplied_by, "system:collectors");
        assert_eq!(item.name, "Leavers of the month, 2025-12-31.csv");
        assert!(
            item.source.contains(&sent) && item.source.contains("version 1"),
            "{}",
            item.source
        );
        assert_eq!(here.blobs.read(&item.sha256, 1_000).unwrap(), CSV.as_bytes(), "unedited");
        // The system got the secret; nothing else did.
        let asked = here.system.asked();
        assert_eq!(asked.len(), 1);
        assert!(asked[0].contains(SECRET) && asked[0].contains("accept-encoding: identity"));
        t.sequence();
        let bare = SECRET.trim_start_matches("Bearer ");
        assert!(!here.everything().contains(bare), "a table shows the secret");
        // On SQLite the whole of the file and of its log is looked through as well.
        for file in ["tickmark.db", "tickmark.db-wal"] {
            let held = std::fs::read(t.folder.path().join(file)).unwrap_or_default();
            assert!(!held.windows(bare.len()).any(|w| w == bare.as_bytes()), "{file} holds it");
        }
    });
}

#[test]
fn an_error_page_is_no_evidence_and_a_failed_run_says_why() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        let page = ok("text/html", "<!doctype html><p>Sign in");
        let moved = "302 Found\r\nLocation: https://elsewhere.example/x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let large = "200 OK\r\nContent-Type: text/csv\r\nContent-Length: 40000000\r\n\r\na,b\n";
        let packed = "200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nerror";
        let echo = ok("text/csv", &format!("you,sent\n{SECRET},x\n"));
        for (answer, expected, code) in [
            (page, "a page or a document of markup", Some(200)),
            (ok("text/csv", "{\"error\":\"no\"}"), "it is JSON", Some(200)),
            (ok("text/csv", ""), "it is empty", Some(200)),
            (moved.to_owned(), "moved to https://elsewhere.example", Some(302)),
            (large.to_owned(), "longer than 33554432 bytes", Some(200)),
            (packed.to_owned(), "packed its answer", Some(200)),
            (echo, "repeats the secret", Some(200)),
            (status("401 Unauthorized"), "does not let this request in", Some(401)),
            (status("404 Not Found"), "status 404", Some(404)),
        ] {
            here.system.says(&[answer]);
            let run = here.plan(id).unwrap();
            let ran = here.worker().tick().unwrap();
            assert!(matches!(ran, Ran::Brought(_, JobState::Dead)), "{expected}: {ran:?}");
            let found = here.run_of(run);
            assert_eq!((found.state, found.attempts), (RunState::Failed, 1), "{expected}");
            assert!(found.why.contains(expected), "{expected}: {}", found.why);
            assert!(code.is_some() && found.evidence.is_none() && found.record.is_none());
        }
        assert_eq!(here.items(), []);
        assert_eq!(here.blobs.names().unwrap(), Vec::<String>::new(), "nothing was kept of them");
        assert!(
            here.system.asked().iter().all(|r| r.starts_with("GET /leavers?")),
            "none followed"
        );
        assert!(!here.everything().contains("hr-8f2c71d0"));
        // It waits for its owner until it works again, and for nobody on the other side.
        assert_eq!(here.waiting(&here.cast.lead()), 1);
        assert_eq!(here.waiting(&here.cast.manager()), 0);
        here.system.says(&[ok("text/csv", CSV)]);
        here.edge.advance_seconds(5);
        here.plan(id).unwrap();
        while here.worker().tick().unwrap() != Ran::Nothing {}
        assert_eq!(here.waiting(&here.cast.lead()), 0);
    });
}

#[test]
fn what_may_go_better_is_tried_again_and_given_up_in_the_end() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        here.system.says(&[status("500 Internal Server Error"), ok("text/csv", CSV)]);
        let run = here.plan(id).unwrap();
        assert!(matches!(here.worker().tick().unwrap(), Ran::Brought(_, JobState::Waiting)));
        let found = here.run_of(run);
        assert_eq!((found.state, found.attempts), (RunState::Waiting, 1));
        assert!(found.why.contains("status 500"), "{}", found.why);
        assert_eq!(here.worker().tick().unwrap(), Ran::Nothing, "it waits before it asks again");
        here.edge.advance_seconds(60);
        assert!(matches!(here.worker().tick().unwrap(), Ran::Brought(_, JobState::Done)));
        assert_eq!(here.run_of(run).state, RunState::Collected);
        assert_eq!(here.items().len(), 1);
        // A system that stays broken is given up after six attempts.
        here.system.says(&[status("503 Service Unavailable")]);
        let run = here.plan(id).unwrap();
        for _ in 0..6 {
            here.edge.advance_seconds(7 * 3_600);
            while here.worker().tick().unwrap() != Ran::Nothing {}
        }
        let found = here.run_of(run);
        assert_eq!((found.state, found.attempts), (RunState::Failed, 6));
        assert_eq!(here.items().len(), 1);
    });
}

#[test]
fn a_system_that_does_not_answer_in_time_is_asked_again() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        here.system.silent.store(true, Ordering::SeqCst);
        let run = here.plan(id).unwrap();
        let hasty = Runner::new(t.db.clone(), here.edge.clone()).with(RUN, here.collect(1));
        assert!(matches!(hasty.tick().unwrap(), Ran::Brought(_, JobState::Waiting)));
        assert_eq!(here.run_of(run).why, "The system did not answer in time.");
        // An address of the inside is never connected to, whatever it would answer.
        let strict = Collect {
            fetcher: Fetcher::new(Reach { private_addresses: false, http_to_loopback: false }, 5),
            blobs: here.blobs.clone(),
            base_url: String::new(),
        };
        let before = here.system.asked().len();
        here.edge.advance_seconds(120);
        let strict = Runner::new(t.db.clone(), here.edge.clone()).with(RUN, strict);
        assert!(matches!(strict.tick().unwrap(), Ran::Brought(_, JobState::Dead)));
        assert!(here.run_of(run).why.contains("over TLS only"), "{}", here.run_of(run).why);
        assert_eq!(here.system.asked().len(), before);
    });
}

/// A worker that is killed after it asked: it writes nothing.
struct Killed(Collect<Fetcher>);

impl Handler for Killed {
    fn run(&self, work: &Work<'_>) -> Ended {
        drop(self.0.run(work));
        Err(Fault::Lost).into()
    }
}

/// A worker that comes back after another one did its work.
struct Late(Collect<Fetcher>, Runner, Arc<FixedEdge>);

impl Handler for Late {
    fn run(&self, work: &Work<'_>) -> Ended {
        let ended = self.0.run(work);
        self.2.advance_seconds(400);
        while self.1.tick().unwrap() != Ran::Nothing {}
        ended
    }
}

#[test]
fn a_worker_killed_between_asking_and_writing_leaves_neither_a_lost_nor_a_doubled_run() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        let first = here.plan(id).unwrap();
        let killed =
            Runner::new(t.db.clone(), here.edge.clone()).with(RUN, Killed(here.collect(20)));
        assert!(matches!(killed.tick().unwrap(), Ran::Fenced(_)));
        assert_eq!((here.run_of(first).state, here.items().len()), (RunState::Waiting, 0));
        assert_eq!(here.worker().tick().unwrap(), Ran::Nothing, "its lease still stands");
        here.edge.advance_seconds(400);
        while here.worker().tick().unwrap() != Ran::Nothing {}
        assert_eq!((here.run_of(first).state, here.items().len()), (RunState::Collected, 1));
        // The other way round: the one that was thought gone comes back and writes nothing.
        let second = here.plan(id).unwrap();
        let late = Late(here.collect(20), here.worker(), here.edge.clone());
        let late = Runner::new(t.db.clone(), here.edge.clone()).with(RUN, late);
        assert!(matches!(late.tick().unwrap(), Ran::Fenced(_)));
        assert_eq!(here.run_of(second).state, RunState::Collected);
        assert_eq!(here.items().len(), 2);
        assert_eq!(here.runs(id).len(), 2);
    });
}

#[test]
fn a_schedule_runs_at_its_local_time_and_stops_with_the_collector() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        let owner = here.cast.organisation;
        let next = move |c: &mut platform::db::Conn<'_>| {
            let name = evidence::collectors::jobs::name_of(id);
            platform::jobs::store::schedules::next_at(c, Some(owner), &name)
        };
        // 1 January, 00:00 in London: the first run is at 06:30 of that day.
        let at = t.db.read_blocking(next).unwrap().unwrap();
        assert_eq!(at.to_rfc3339(), "2026-01-01T06:30:00Z");
        here.edge.set(at);
        while here.worker().tick().unwrap() != Ran::Nothing {}
        let runs = here.runs(id);
        assert_eq!(runs.len(), 1);
        assert_eq!(
            (runs[0].state, &*runs[0].started_by),
            (RunState::Collected, "system:collectors")
        );
        let at = t.db.read_blocking(next).unwrap().unwrap();
        assert_eq!(at.to_rfc3339(), "2026-02-01T06:30:00Z");
        // In summer the same local time is another instant.
        here.edge.set(Timestamp::parse("2026-06-15T00:00:00Z").unwrap());
        while here.worker().tick().unwrap() != Ran::Nothing {}
        let at = t.db.read_blocking(next).unwrap().unwrap();
        assert_eq!(at.to_rfc3339(), "2026-07-01T05:30:00Z");
        let (lead, version) = (here.cast.lead(), here.collector(id).version);
        run(t, move |tx, env| {
            let permit = authorize::<StateCollectors>(&lead, &Facts::of(owner))?;
            service::stop(tx, env, &permit, (id, version), "The system is switched off.")
        })
        .unwrap();
        assert_eq!(t.db.read_blocking(next).unwrap(), None);
        assert!(state(here.plan(id)).contains("stopped"));
    });
}

#[test]
fn a_changed_request_is_another_version_and_no_way_to_somebody_elses_secret() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let (id, lead) = (here.stated(), here.cast.lead());
        let other = here.cast.of(here.cast.organisation, ControlOwner);
        // Whoever may change the address does not learn the secret by sending it elsewhere.
        let elsewhere = System::start();
        for change in [
            Asked { address: elsewhere.url("/x?from={from}"), ..here.asked() },
            Asked { header: "X-Api-Key".into(), ..here.asked() },
        ] {
            let told = state_of(&here, &other, id, (change, Secret::Keep));
            assert_eq!(blamed(told).0, "secret");
        }
        let changed = Asked {
            address: here.system.url("/leavers?since={from}&until={to}"),
            covers: Covers::WeekBefore,
            ..here.asked()
        };
        state_of(&here, &other, id, (changed, Secret::Keep)).unwrap();
        let owner = here.cast.organisation;
        let versions = t.db.read_blocking(move |c| store::versions(c, owner, id)).unwrap();
        assert_eq!(versions.iter().map(|v| v.number).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(versions[1].asked, here.asked(), "the first stays as it was");
        let run = here.plan(id).unwrap();
        while here.worker().tick().unwrap() != Ran::Nothing {}
        let found = here.run_of(run);
        assert_eq!((found.number, found.state), (2, RunState::Collected), "{}", found.why);
        assert!(found.record.unwrap().request.ends_with("since=2025-12-22&until=2025-12-28"));
        assert!(here.system.asked()[0].contains(SECRET), "the kept secret is still sent");
        // Removed, it is sent no more; a stale form changes nothing.
        let without = Asked { header: String::new(), ..here.asked() };
        let stale = here.state(&lead, None, Some((id, 1)), (without.clone(), Secret::None));
        assert!(matches!(refusal(stale), Refusal::Stale { .. }));
        state_of(&here, &lead, id, (without, Secret::None)).unwrap();
        here.plan(id).unwrap();
        while here.worker().tick().unwrap() != Ran::Nothing {}
        assert!(!here.system.asked()[1].contains(SECRET));
        assert_eq!(elsewhere.asked(), Vec::<String>::new());
        let kept = t.db.read_blocking(|c| c.query("SELECT * FROM collector_secret", &[])).unwrap();
        assert_eq!(kept.len(), 0);
    });
}

fn state_of(
    here: &Here<'_>,
    who: &Actor,
    id: CollectorId,
    told: (Asked, Secret),
) -> platform::db::Result<CollectorId> {
    let version = here.collector(id).version;
    here.state(who, None, Some((id, version)), told)
}

fn web<'t>(here: &Here<'t>) -> Web<'t> {
    let routes: Router<App> = Router::new()
        .route("/evidence", get(pages::list))
        .route("/evidence/collectors", get(collectors::list))
        .route("/evidence/collectors/new", get(collectors::new_form).post(collectors::new_submit))
        .route("/evidence/collectors/{id}", get(collectors::show))
        .route("/evidence/collectors/{id}/restate", post(collectors::restate))
        .route("/evidence/collectors/{id}/run", post(collectors::run))
        .route("/evidence/collectors/{id}/stop", post(collectors::stop))
        .route("/evidence/collectors/{id}/runs/{run}/answer", get(collectors::answer))
        .route("/evidence/{id}", get(pages::show))
        .route("/evidence/{id}/file", get(pages::file));
    Web::with(here.t, routes, here.cast.people.clone(), 1 << 20, Reaches(LOCAL))
}

#[test]
fn the_pages_declare_run_change_and_stop_a_collector() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let mut w = web(&here);
        w.sign_in(&here.cast.lead());
        assert!(w.get("/evidence").body.contains("/evidence/collectors"));
        assert!(w.get("/evidence/collectors").body.contains("No collector yet"));
        let (new, control) = ("/evidence/collectors/new", here.control.to_string());
        let address = here.system.url("/leavers?from={from}&to={to}");
        let fields = [
            ("name", "Leavers <of the month>"),
            ("system", "HR system"),
            ("address", &*address),
            ("header", "Authorization"),
            ("secret", SECRET),
            ("format", "csv"),
            ("columns", "worker, left_on"),
            ("covers", "month_before"),
            ("zone", "Europe/London"),
            ("when", "weekly"),
            ("day", "1"),
            ("at", "06:30"),
            ("controls", &*control),
        ];
        let with = |name: &str, value: &'static str| {
            fields.map(|(n, v)| if n == name { (n, value) } else { (n, v) })
        };
        for (name, value, said) in [
            ("address", "http://192.168.0.1/", "over TLS only"),
            ("address", "https://hr.example/?token=abc", "reads like a secret"),
            ("zone", "Nowhere", "Nowhere"),
            ("at", "25:00", "06:30"),
            ("secret", "short", "8 to 4,000"),
            ("controls", "", "choose a control or a request"),
            ("columns", " , ", "Name the columns"),
        ] {
            let again = w.fill(new, new, &with(name, value));
            assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", again.body);
            assert!(again.body.contains(said), "{name}: {}", again.body);
            assert!(!again.body.contains(SECRET), "a secret is never printed again");
        }
        let made = w.fill(new, new, &fields);
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let page = made.location().to_owned();
        let body = w.get(&page).body;
        assert!(body.contains("Leavers &#60;of the month&#62;") || body.contains("Leavers &lt;of"));
        assert!(!body.contains(SECRET) && body.contains("Kept sealed, sent in Authorization"));
        let planned = w.fill(&page, &format!("{page}/run"), &[]);
        assert_eq!(planned.status, StatusCode::SEE_OTHER, "{}", planned.body);
        while here.worker().tick().unwrap() != Ran::Nothing {}
        let item = here.items().remove(0);
        assert!(w.get(&page).body.contains(&format!("/evidence/{}", item.id)));
        let shown = w.get(&format!("/evidence/{}", item.id)).body;
        assert!(shown.contains("Recorded by a collector") && shown.contains("from=2025-12-01"));
        let changed = w.fill(&page, &format!("{page}/restate"), &with("secret", ""));
        assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.body);
        let stopped = w.fill(&page, &format!("{page}/stop"), &[("why", "No longer used")]);
        // The first form of the page is that of the run, so the version is that of the next.
        assert!(matches!(stopped.status, StatusCode::SEE_OTHER), "{}", stopped.body);
        assert!(w.get(&page).body.contains("No longer used"));
        let csv = w.get("/evidence/collectors?format=csv").body;
        assert!(csv.contains("HR system"), "{csv}");
    });
}

#[test]
fn the_firm_sees_what_was_collected_for_it_and_others_see_nothing() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let c = &here.cast;
        let engagement = c.engagement(t, "2025", Some(c.firm));
        let told = (here.asked(), Secret::New(SECRET.into()));
        let id = here.state(&c.lead(), Some(engagement), None, told).unwrap();
        here.plan(id).unwrap();
        while here.worker().tick().unwrap() != Ran::Nothing {}
        let item = here.items().remove(0);
        assert_eq!(item.engagement, Some(engagement));
        let (shown, list) = (format!("/evidence/{}", item.id), "/evidence/collectors".to_owned());
        let page = format!("{list}/{id}");
        let mut w = web(&here);
        w.sign_in(&c.manager());
        let seen = w.get(&shown);
        assert_eq!(seen.status, StatusCode::OK);
        assert!(seen.body.contains("Recorded by a collector") && !seen.body.contains("hr-8f2c"));
        assert!(!seen.body.contains(&list), "the collector itself is not its to know");
        for path in [&list, &page, &format!("{list}/new")] {
            assert_eq!(w.get(path).status, StatusCode::NOT_FOUND, "{path}");
        }
        for other in [c.of(c.other, ComplianceLead), c.of(c.other_firm, Manager)] {
            w.sign_in(&other);
            assert_eq!(w.get(&shown).status, StatusCode::NOT_FOUND);
            assert_eq!(w.get(&page).status, StatusCode::NOT_FOUND);
        }
        w.sign_in(&c.of(c.organisation, Counsel));
        assert_eq!(w.get(&page).status, StatusCode::OK);
        assert_eq!(w.get(&format!("{list}/new")).status, StatusCode::FORBIDDEN);
        // Evidence that a person uploaded does not carry the mark.
        let by_hand = here.items().len();
        assert_eq!(by_hand, 1);
    });
}
