//! Search, filters, saved views, tags and acts on several cases, on both databases.

use crate::common::{Cast, cast};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};
use cases::events::{CaseEvent, ReportFiled};
use cases::model::casework::MessagePurpose;
use cases::model::{Case, CaseId, CaseKind, CaseState, Privacy, Severity};
use cases::permits::{FileReport, HandleCase};
use cases::service::{self, ReportInput, casework};
use cases::store::{self, CaseFilter, Owner};
use cases::views::model::BulkAct;
use cases::views::permits::{KeepViews, TagCases};
use cases::views::rules::words::{matches, terms, words_of};
use cases::views::{jobs, pages, service as views, store as kept};
use kernel::env::Env;
use kernel::ids::PartyId;
use kernel::party::Actor;
use kernel::permit::{Facts, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Backend, Error};
use platform::http::App;
use platform::journal::{Expected, Origin, record};
use platform::testing::{TestDb, Web, env, hidden, on_both};

fn web<'t>(t: &'t TestDb, c: &Cast) -> Web<'t> {
    let routes: Router<App> = Router::new()
        .route("/cases", get(cases::pages::register::list))
        .route("/cases/views", get(pages::list))
        .route("/cases/views/new", get(pages::new_form).post(pages::save))
        .route("/cases/views/{id}/remove", post(pages::remove))
        .route("/cases/bulk", post(pages::bulk::act))
        .route("/cases/{id}", get(cases::pages::record::show));
    Web::new(t, routes, c.people.clone(), 1 << 20)
}

fn fresh(n: u64) -> Env {
    let mut seed = [1; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    Env::new(env().now().plus_seconds(i64::try_from(n).unwrap() * 86_400 * 3), seed)
}

fn file(t: &TestDb, c: &Cast, n: u64, (kind, channel): (CaseKind, &str), title: &str) -> CaseId {
    let input = ReportInput::new(channel, kind, title, format!("Seen in building {n}."));
    let organisation = c.organisation;
    let filed = t.db.write_blocking(move |tx| {
        let permit =
            authorize::<FileReport>(&Actor::public(organisation), &Facts::of(organisation))?;
        service::file_report(tx, &mut fresh(n), &permit, &input)
    });
    filed.unwrap().id
}

fn all(t: &TestDb, c: &Cast, filter: &CaseFilter) -> Vec<Case> {
    let mut filter = CaseFilter { limit: 3, ..filter.clone() };
    let mut seen = Vec::new();
    loop {
        let page = t.db.read_blocking(|conn| store::cases(conn, c.organisation, &filter)).unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { return seen };
        filter.after = Some((last.reported_at, last.id));
        seen.extend(page);
    }
}

const TITLES: [&str; 6] = [
    "Payslips are missing again",
    "Bank file rejected",
    "Größe der Datei falsch",
    "給与明細が届かない",
    "Payslip shows the wrong bank",
    "<script>alert(1)</script>",
];

/// Thirty cases over three months, some triaged, owned, tagged.
fn register(t: &TestDb, c: &Cast) -> Vec<CaseId> {
    let handler = c.lead();
    (0..30)
        .map(|n| {
            let kind = CaseKind::ALL[usize::try_from(n).unwrap() % CaseKind::ALL.len()];
            let channel = ["portal", "email", "hotline"][usize::try_from(n / 2).unwrap() % 3];
            let id = file(t, c, n, (kind, channel), TITLES[usize::try_from(n).unwrap() % 6]);
            let who = handler.clone();
            t.db.write_blocking(move |tx| {
                let facts = Facts::of(who.party.unwrap());
                let permit = authorize::<HandleCase>(&who, &facts)?;
                let mut env = fresh(1_000 + n);
                if n % 3 == 0 {
                    service::triage(tx, &mut env, &permit, id, 1, (Severity::High, false, "x"))?;
                }
                if n % 5 == 0 {
                    let version = if n % 3 == 0 { 2 } else { 1 };
                    service::assign(tx, &mut env, &permit, id, version, who.person.unwrap())?;
                }
                if n % 4 == 0 {
                    let permit = authorize::<TagCases>(&who, &facts)?;
                    views::tag(tx, &mut env, &permit, id, (" Bank ", true))?;
                }
                Ok(())
            })
            .unwrap();
            id
        })
        .collect()
}

/// What the list must show, from all cases and nothing else.
fn expected(cases: &[Case], tagged: &[CaseId], f: &CaseFilter) -> Vec<CaseId> {
    let mut found: Vec<&Case> = cases
        .iter()
        .filter(|x| f.state.is_none_or(|s| x.state == s))
        .filter(|x| f.open.is_none_or(|open| x.state.is_concluded() != open))
        .filter(|x| f.severity.is_none_or(|s| x.severity == Some(s)))
        .filter(|x| !f.undecided || x.severity.is_none())
        .filter(|x| f.kind.is_none_or(|k| x.kind == k))
        .filter(|x| f.channel.as_ref().is_none_or(|k| x.channel == *k))
        .filter(|x| match f.owner {
            None => true,
            Some(Owner::Nobody) => x.owner.is_none(),
            Some(Owner::Person(p)) => x.owner == Some(p),
        })
        .filter(|x| f.tag.is_none() || tagged.contains(&x.id))
        .filter(|x| f.from.is_none_or(|at| at <= x.reported_at))
        .filter(|x| f.to.is_none_or(|at| x.reported_at < at))
        .filter(|x| {
            f.text.as_ref().is_none_or(|text| {
                *text == x.tracking_number
                    || (!terms(text).is_empty()
                        && matches(&words_of(&[&x.title, &x.description]), &terms(text)))
            })
        })
        .collect();
    found.sort_by_key(|x| std::cmp::Reverse((x.reported_at, x.id)));
    found.into_iter().map(|x| x.id).collect()
}

fn asked(c: &Cast, cases: &[Case]) -> Vec<CaseFilter> {
    let me = c.lead().person.unwrap();
    let text = |text: &str| CaseFilter { text: Some(text.into()), ..CaseFilter::default() };
    let at = |t: &str| Some(Timestamp::parse(t).unwrap());
    let base = CaseFilter::default;
    let mut filters = vec![
        base(),
        CaseFilter { state: Some(CaseState::New), ..base() },
        CaseFilter { open: Some(true), ..base() },
        CaseFilter { open: Some(false), ..base() },
        CaseFilter { severity: Some(Severity::High), ..base() },
        CaseFilter { severity: Some(Severity::Low), ..base() },
        CaseFilter { undecided: true, kind: Some(CaseKind::Failure), ..base() },
        CaseFilter { channel: Some("email".into()), ..base() },
        CaseFilter { owner: Some(Owner::Nobody), ..base() },
        CaseFilter { owner: Some(Owner::Person(me)), severity: Some(Severity::High), ..base() },
        CaseFilter { tag: Some("bank".into()), ..base() },
        CaseFilter { from: at("2026-01-20T00:00:00Z"), to: at("2026-03-01T00:00:00Z"), ..base() },
        CaseFilter {
            kind: Some(CaseKind::Incident),
            from: at("2026-02-10T00:00:00Z"),
            to: at("2026-03-01T12:00:00Z"),
            ..base()
        },
        text(&cases[7].tracking_number),
        CaseFilter { channel: Some("hotline".into()), ..text("bank") },
        CaseFilter { tag: Some("bank".into()), ..text("payslip") },
        CaseFilter { owner: Some(Owner::Person(me)), ..text("building") },
    ];
    for words in [
        "payslip",
        "pay*",
        "bank payslip",
        "BANK wrong",
        "größe",
        "給与",
        "明",
        "building 7",
        "zeppelin",
        "--",
        "script",
    ] {
        filters.push(text(words));
    }
    filters
}

#[test]
fn every_filter_and_search_shows_exactly_the_cases_it_means_before_and_after_indexing() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let ids = register(t, &c);
        t.sequence();
        let cases = all(t, &c, &CaseFilter::default());
        assert_eq!(cases.len(), 30);
        let tagged: Vec<CaseId> =
            ids.iter().enumerate().filter(|(n, _)| n % 4 == 0).map(|(_, id)| *id).collect();
        let check = |when: &str| {
            for filter in asked(&c, &cases) {
                let found: Vec<CaseId> = all(t, &c, &filter).iter().map(|x| x.id).collect();
                assert_eq!(found, expected(&cases, &tagged, &filter), "{when}: {filter:?}");
            }
        };
        let behind =
            |t: &TestDb| t.db.read_blocking(|conn| jobs::behind(conn, c.organisation)).unwrap();
        assert!(behind(t) > 30);
        check("before");
        assert_eq!(jobs::index_step(&t.db, c.organisation, 20).unwrap(), 20);
        check("in the middle");
        while jobs::follow(&t.db, env().now()).unwrap() {}
        assert_eq!(behind(t), 0);
        check("after");
        assert!(!jobs::follow(&t.db, env().now()).unwrap());

        // Another organisation finds nothing of it.
        let filter = CaseFilter { text: Some("payslip".into()), limit: 9, ..Default::default() };
        let other = PartyId::from_u128(99);
        assert!(t.db.read_blocking(|conn| store::cases(conn, other, &filter)).unwrap().is_empty());

        // What was destroyed is no longer found, and an index thrown away comes back the same.
        let gone = cases[0].id;
        let organisation = c.organisation;
        t.db.write_blocking(move |tx| kept::words::forget(tx, organisation, gone)).unwrap();
        let words = CaseFilter { text: Some("building".into()), ..Default::default() };
        assert_eq!(all(t, &c, &words).len(), 29);
        t.db.write_blocking(move |tx| kept::words::clear(tx, organisation)).unwrap();
        jobs::index_all(&t.db, organisation).unwrap();
        check("anew");
    });
}

#[test]
fn a_sealed_case_has_no_words() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let organisation = c.organisation;
        let sealed = t.db.write_blocking(move |tx| {
            let mut env = fresh(7);
            let id = env.id();
            let event = ReportFiled {
                id,
                organisation,
                tracking_number: "TM-SEALED".into(),
                channel: "portal".into(),
                kind: CaseKind::Concern,
                title: "Sealed report".into(),
                description: String::new(),
                occurred_at: None,
                contact: None,
                language: "en".into(),
                canary: false,
                privacy: Privacy::Confidential,
                about_people: String::new(),
                kept_out: Vec::new(),
                armed: None,
                held: false,
            };
            let origin = Origin { log: organisation, actor: "public".into(), occurred_at: None };
            record(
                tx,
                &mut env,
                &origin,
                &id.to_string(),
                Expected::New,
                vec![CaseEvent::from(event)],
            )?;
            Ok(id)
        });
        sealed.unwrap();
        t.sequence();
        jobs::index_all(&t.db, organisation).unwrap();
        let rows = t.db.read_blocking(|conn| {
            conn.query_one("SELECT count(*) AS n FROM case_word", &[])?.get::<i64>("n")
        });
        assert_eq!(rows.unwrap(), 0);
        let filter = CaseFilter { text: Some("sealed".into()), ..CaseFilter::default() };
        assert!(all(t, &c, &filter).is_empty());
    });
}

#[test]
fn a_view_is_kept_shared_and_removed_by_its_keeper_alone() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        register(t, &c);
        let mut w = web(t, &c);
        w.sign_in(&c.lead());
        let filters = "kind=incident&severity=high&after=x&sort=-y&format=csv&col=number";
        let page = w.get(&format!("/cases/views/new?{filters}"));
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let path = "/cases/views/new?kind=incident&severity=high";
        assert_eq!(w.fill(path, path, &[("name", " ")]).status, StatusCode::UNPROCESSABLE_ENTITY);
        let saved = w.fill(path, path, &[("name", "Grave <ones>"), ("shared", "yes")]);
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert_eq!(saved.location(), "/cases?kind=incident&severity=high");
        assert_eq!(w.post(path, &[("name", "x")]).status, StatusCode::FORBIDDEN, "forged");
        let list = w.get(saved.location()).body;
        assert!(list.contains("Grave &#60;ones&#62;") && list.contains("aria-current=\"true\""));
        let none = w.fill("/cases/views/new", "/cases/views/new", &[("name", "All")]);
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);

        let organisation = c.organisation;
        let (lead, other) = (c.lead(), c.of(c.organisation, kernel::party::Role::ExecutiveSponsor));
        let save = |who: &Actor, shared: bool| {
            let who = who.clone();
            t.db.write_blocking(move |tx| {
                let permit = authorize::<KeepViews>(&who, &Facts::of(organisation))?;
                views::save(tx, &mut fresh(50), &permit, ("Mine", "q=x", shared))
            })
        };
        let own = save(&lead, false).unwrap();
        assert_eq!(save(&lead, false).unwrap(), own, "the same name is the same view");
        let seen = |who: &Actor| {
            let person = who.person.unwrap();
            t.db.read_blocking(move |conn| kept::views(conn, organisation, person)).unwrap()
        };
        assert_eq!((seen(&lead).len(), seen(&other).len()), (2, 1));
        let shared = seen(&other).remove(0).id;
        w.sign_in(&other);
        let page = w.get("/cases/views");
        assert!(page.body.contains("Grave") && !page.body.contains("/remove"), "{}", page.body);
        let removed = w.fill("/cases", &format!("/cases/views/{shared}/remove"), &[]);
        assert_eq!(removed.status, StatusCode::NOT_FOUND);
        w.sign_in(&lead);
        let removed = w.fill("/cases/views", &format!("/cases/views/{shared}/remove"), &[]);
        assert_eq!(removed.status, StatusCode::SEE_OTHER);
        assert_eq!((seen(&lead).len(), seen(&other).len()), (1, 0));
    });
}

#[test]
fn several_cases_are_looked_at_before_anything_happens_to_them() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let ids = register(t, &c);
        let mut w = web(t, &c);
        let lead = c.lead();
        w.sign_in(&lead);
        let case = |id: CaseId| {
            t.db.read_blocking(|conn| store::case(conn, c.organisation, id)).unwrap().unwrap()
        };
        let row = |id: CaseId| format!("{id}:{}", case(id).version);
        // One that nobody has judged cannot be closed; one that is resolved can.
        let resolved = ids[3];
        let who = lead.clone();
        t.db.write_blocking(move |tx| {
            let permit = authorize::<HandleCase>(&who, &Facts::of(who.party.unwrap()))?;
            let env = &mut fresh(9_000);
            let less = (Severity::Low, false, "The list was empty");
            casework::change_severity(tx, env, &permit, resolved, 2, less)?;
            let told = (MessagePurpose::Outcome, "It is mended.");
            casework::tell(tx, env, &permit, resolved, 3, told)?;
            service::resolve(tx, env, &permit, resolved, 4, ("cause", "done"))
        })
        .unwrap();
        let (good, bad) = (row(resolved), row(ids[1]));
        let list = w.get("/cases").body;
        assert!(list.contains(&format!("value=\"{good}\"")), "{list}");
        let csrf = hidden(&list, "csrf").unwrap();
        let base = [("csrf", &*csrf), ("do", "close"), ("row", &*good), ("row", &*bad)];
        let first = w.post("/cases/bulk", &base);
        assert!(first.body.contains("2 cases are chosen"), "{}", first.body);
        let mut step = base.to_vec();
        step.push(("stage", "preview"));
        assert_eq!(w.post("/cases/bulk", &step).status, StatusCode::UNPROCESSABLE_ENTITY);
        step.push(("value", "Delivered late"));
        let preview = w.post("/cases/bulk", &step);
        assert!(preview.body.contains("1 of 2 can be done"), "{}", preview.body);
        assert_eq!(case(resolved).state, CaseState::Resolved, "nothing has happened");
        let key = hidden(&preview.body, "key").unwrap();
        let mut run = base.to_vec();
        run.extend([("stage", "run"), ("value", "Delivered late"), ("key", &*key)]);
        for _ in 0..2 {
            let done = w.post("/cases/bulk", &run);
            assert!(done.body.contains("1 of 2 are done"), "{}", done.body);
            assert!(done.body.contains("Not possible: "), "{}", done.body);
        }
        assert_eq!(case(resolved).state, CaseState::Closed);
        assert_ne!(case(ids[1]).state, CaseState::Closed);

        let person = lead.person.unwrap().to_string();
        for (act, value) in [("assign", &*person), ("tag", "Spring <x>"), ("untag", "bank")] {
            let rows = [row(ids[1]), row(ids[4])];
            let pairs = [
                ("csrf", &*csrf),
                ("do", act),
                ("row", &*rows[0]),
                ("row", &*rows[1]),
                ("stage", "run"),
                ("value", value),
            ];
            let done = w.post("/cases/bulk", &pairs);
            assert!(done.body.contains("2 of 2 are done"), "{act}: {}", done.body);
        }
        assert_eq!(case(ids[4]).owner, lead.person);
        let tags = |id| t.db.read_blocking(|conn| kept::tags_of(conn, c.organisation, id)).unwrap();
        assert_eq!(tags(ids[4]).into_iter().collect::<Vec<_>>(), ["spring <x>"]);
        for wrong in [
            vec![("do", "close")],
            vec![("do", "erase"), ("row", &*good)],
            vec![("do", "tag"), ("row", "x")],
        ] {
            let mut pairs = vec![("csrf", &*csrf)];
            pairs.extend(wrong);
            assert_eq!(w.post("/cases/bulk", &pairs).status.as_u16(), 422);
        }
        // The firm's people and a reader without the role are told nothing.
        w.sign_in(&c.of(c.organisation, kernel::party::Role::ExecutiveSponsor));
        let csrf = hidden(&w.get("/cases").body, "csrf").unwrap();
        let refused = w.post("/cases/bulk", &[("csrf", &*csrf), ("do", "tag"), ("row", &*good)]);
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let far = lead.clone();
        let stale = t.db.write_blocking(move |tx| {
            views::act_on_one(tx, &mut fresh(1), &far, (ids[7], 99), &BulkAct::Close("x".into()))
        });
        assert!(matches!(stale, Err(Error::Refused(Refusal::State(_) | Refusal::Stale { .. }))));
    });
}

#[test]
fn the_list_goes_out_as_it_is_shown_as_text_and_as_a_workbook() {
    let t = TestDb::sqlite(&ROOMS);
    let c = cast(&t);
    register(&t, &c);
    let mut w = web(&t, &c);
    w.sign_in(&c.lead());
    let shown = "/cases?tag=bank&col=title&col=owner&col=tags";
    let page = w.get(shown).body;
    assert!(page.contains("<th scope=\"col\">Tags") && !page.contains("<th scope=\"col\">Kind"));
    let csv = w.get(&format!("{shown}&format=csv")).body;
    assert_eq!(csv.lines().count(), 9, "{csv}");
    assert!(csv.starts_with("Tracking number,Title,Answers for it,Tags"), "{csv}");
    assert!(csv.lines().skip(1).all(|line| line.ends_with(",bank")));
    let book = w.get(&format!("{shown}&format=xlsx"));
    assert_eq!(book.status, StatusCode::OK);
    let kind = book.headers.get(header::CONTENT_TYPE).unwrap().to_str().unwrap();
    assert!(kind.contains("spreadsheetml"), "{kind}");
    assert!(book.body.starts_with("PK"));
}

/// Pages of a register of a million cases ask for what is rare in it. Without statistics SQLite takes the
/// index with the most equal columns, so those of the few must have as many.
#[test]
fn what_is_rare_is_found_by_an_index_of_the_few() {
    on_both(&ROOMS, |t| {
        let plan = |sql: &'static str| {
            t.db.read_blocking(move |conn| {
                if conn.backend() != Backend::Sqlite {
                    return Ok(None);
                }
                let sql = format!("EXPLAIN QUERY PLAN {sql}");
                let row = conn.query_one(&sql, platform::params!["pty_x"])?;
                row.get::<String>("detail").map(Some)
            })
            .unwrap()
        };
        for (sql, index) in
            [(store::held::WAITING, "case_record_held"), (kept::PRIVATE, "case_record_private")]
        {
            if let Some(plan) = plan(sql) {
                assert!(plan.contains(index), "{plan}");
            }
        }
    });
}
