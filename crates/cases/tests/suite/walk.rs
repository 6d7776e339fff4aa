//! One case from its report to its disclosure, as the reporter, the handler, the lead, counsel and the
//! service auditor meet it, through the pages, on both databases.

use crate::common::{Cast, cast};
use crate::rooms::ROOMS;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use cases::model::{Case, CaseState};
use cases::pages::{follow_up, record, register, report};
use cases::{api, disclosures, store, work};
use kernel::party::Actor;
use kernel::party::Role::{CaseHandler, ControlOwner, Counsel, ExecutiveSponsor};
use platform::http::App;
use platform::testing::{Answered, TestDb, Web, hidden, on_both};

/// What only counsel may read.
const SECRET: &str = "advice-on-the-claims-of-March";

fn routes() -> Router<App> {
    Router::new()
        .route("/report", get(report::ask).post(report::send))
        .route("/report/follow-up", get(follow_up::ask).post(follow_up::look))
        .route("/cases", get(register::list))
        .route("/cases/disclosures", get(disclosures::pages::list))
        .route("/cases/disclosures/{of}", get(disclosures::pages::show))
        .route("/cases/disclosures/{of}/prepare", post(disclosures::pages::prepare))
        .route("/cases/disclosures/{of}/judge", post(disclosures::pages::judge))
        .route("/cases/{id}", get(record::show))
        .route("/cases/{id}/{action}", post(record::act))
        .route("/cases/{id}/work/{what}", post(work::pages::begin))
        .route("/cases/{id}/work/{what}/{item}", post(work::pages::go_on))
        .route("/cases/{id}/letters/{letter}", get(work::pages::letter))
        .route("/cases/{id}/proofs/{event}", get(record::proof))
        .route("/risks", get(controls::risks::pages::list))
        .route("/risks/{id}", get(controls::risks::pages::show))
        .route("/risks/{id}/{action}", post(controls::risks::pages::act))
        .route(
            "/risks/new/{what}",
            get(controls::risks::pages::new_form).post(controls::risks::pages::new_submit),
        )
        .route("/api/v1/cases/{id}", get(api::one))
}

struct Walk<'t> {
    t: &'t TestDb,
    c: Cast,
    w: Web<'t>,
}

impl Walk<'_> {
    fn case(&self) -> Case {
        let filter = store::CaseFilter { limit: 1, ..Default::default() };
        let owner = self.c.organisation;
        self.t.db.read_blocking(|conn| store::cases(conn, owner, &filter)).unwrap().remove(0)
    }
    fn page(&self) -> String {
        let seen = self.w.get(&format!("/cases/{}", self.case().id));
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        for key in [">casework-", ">work-", ">cases-", ">risks-", ">disclosures-"] {
            assert!(!seen.body.contains(key), "a word is missing: {key}");
        }
        seen.body
    }
    /// Sends a form below a page, against a version.
    fn send(&self, page: &str, path: &str, version: i64, pairs: &[(&str, &str)]) -> Answered {
        self.t.sequence();
        let body = self.w.get(page).body;
        let (csrf, key) = (hidden(&body, "csrf").unwrap(), hidden(&body, "key").unwrap());
        let version = version.to_string();
        let mut all = vec![("csrf", &*csrf), ("key", &*key), ("version", &*version)];
        all.extend_from_slice(pairs);
        self.w.post(path, &all)
    }
    /// A form about the case itself.
    fn act(&self, action: &str, pairs: &[(&str, &str)]) {
        let case = self.case();
        let page = format!("/cases/{}", case.id);
        let done = self.send(&page, &format!("{page}/{action}"), case.version, pairs);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{action}: {}", done.body);
    }
    /// A form about its work.
    fn work(&self, what: &str, version: i64, pairs: &[(&str, &str)]) -> Answered {
        let page = format!("/cases/{}", self.case().id);
        self.send(&page, &format!("{page}/work/{what}"), version, pairs)
    }
    fn worked(&self, what: &str, version: i64, pairs: &[(&str, &str)]) {
        let done = self.work(what, version, pairs);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{what}: {}", done.body);
    }
    fn sign_in(&mut self, who: &Actor) {
        self.w.sign_in(who);
    }
    fn inside(&self, role: kernel::party::Role) -> Actor {
        self.c.of(self.c.organisation, role)
    }
}

fn begin(t: &TestDb) -> Walk<'_> {
    let c = cast(t);
    crate::work::control(t, &c);
    let w = Web::new(t, routes(), c.people.clone(), 1_000);
    Walk { t, c, w }
}

fn codes(body: &str) -> Vec<String> {
    body.split("<code>").skip(1).map(|p| p.split("</code>").next().unwrap().to_owned()).collect()
}

/// The reporter files without an account; number and return code.
fn reports(walk: &Walk<'_>) -> (String, String) {
    let page = format!("/report?to={}", walk.c.organisation);
    let body = walk.w.get(&page).body;
    let (key, to) = (hidden(&body, "key").unwrap(), hidden(&body, "to").unwrap());
    let sent = walk.w.post(
        "/report",
        &[
            ("key", &*key),
            ("to", &*to),
            ("kind", "incident"),
            ("title", "A list went to the wrong customer"),
            ("description", "Names and pay of our people."),
            ("privacy", "open"),
        ],
    );
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    let mut codes = codes(&sent.body).into_iter();
    (codes.next().unwrap(), codes.next().unwrap())
}

/// The handler judges, finds out and plans.
fn handles(walk: &mut Walk<'_>) {
    let handler = walk.inside(CaseHandler);
    walk.sign_in(&handler);
    assert!(walk.page().contains("confirm the report and decide its severity"));
    let judged = [("severity", "high"), ("incident", "yes"), ("reason", "Pay of many")];
    walk.act("triage", &judged);
    walk.act("assign", &[]);
    walk.act("tell", &[("purpose", "answer"), ("message", "We are on it.")]);
    let owner = handler.person.unwrap().to_string();
    let criteria = [
        ("categories", "confidentiality"),
        ("criteria", "C1.1, CC7.3"),
        ("controls", "iam-05"),
        ("data", "personal"),
        ("extent", "One customer, 240 people"),
    ];
    walk.act("impact", &criteria);
    let odd = walk.send(
        &format!("/cases/{}", walk.case().id),
        &format!("/cases/{}/impact", walk.case().id),
        walk.case().version,
        &[("criteria", "CC99.9"), ("extent", "x")],
    );
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    let aware =
        [("what", "aware"), ("at", "2025-12-31T10:00"), ("evidence", "Call of the customer")];
    walk.act("fact", &aware);
    let cause = [
        ("method", "five_whys"),
        ("steps", "Why sent?\nWhy not checked?"),
        ("cause", "Nobody compares the address."),
        ("code", "process"),
    ];
    walk.act("cause", &cause);
    walk.act("note", &[("note", "Two lists")]);
    let page = walk.page();
    let entry = page.split("name=\"entry\"").nth(1).unwrap();
    let entry = entry.split("value=\"evt_").nth(1).unwrap().split('"').next().unwrap();
    let corrected =
        [("entry", &*format!("evt_{entry}")), ("text", "One list"), ("reason", "Counted twice")];
    walk.act("correct", &corrected);
    assert!(walk.page().contains("Corrects the entry of") && walk.page().contains("Corrected"));
    walk.worked("task", 0, &[("title", "Ring them"), ("due", "2026-01-20")]);
    let planned = [
        ("kind", "preventive"),
        ("what", "Compare addresses"),
        ("owner", &*owner),
        ("due", "2026-01-20"),
        ("control", "IAM-05"),
    ];
    walk.worked("action", 0, &planned);
    walk.act("resolve", &[("root_cause", "Process"), ("measures", "Two people look")]);
    // Nothing is closed while something is missing, and the page says what.
    let page = walk.page();
    for missing in ["Before it can be closed", "Finish one task", "Hold the review"] {
        assert!(page.contains(missing), "{missing}");
    }
    let case = walk.case();
    let (at, path) = (format!("/cases/{}", case.id), format!("/cases/{}/close", case.id));
    let early = walk.send(&at, &path, case.version, &[("outcome", "Done")]);
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("Before it can be closed: "), "{}", early.body);
}

/// The ids of the case's task, action.
fn items(walk: &Walk<'_>) -> (String, String) {
    let (owner, id) = (walk.c.organisation, walk.case().id);
    walk.t
        .db
        .read_blocking(|conn| {
            let task = work::store::tasks(conn, owner, id)?.remove(0).id.to_string();
            Ok((task, work::store::actions(conn, owner, id)?.remove(0).id.to_string()))
        })
        .unwrap()
}

/// Counsel decides on notifying, takes a letter along, and keeps a privileged note.
fn advises(walk: &mut Walk<'_>) {
    let counsel = walk.inside(Counsel);
    walk.sign_in(&counsel);
    let id = walk.case().id;
    let decided = [
        ("regime", "gdpr-33"),
        ("to", "regulator"),
        ("duty", "yes"),
        ("reason", "People can be harmed"),
    ];
    walk.worked("notice", 0, &decided);
    let page = walk.page();
    assert!(page.contains("Regulation (EU) 2016/679, Art. 33(1)"), "the reference is taken over");
    let letter = walk.w.get(&format!("/cases/{id}/letters/supervisory-authority"));
    assert_eq!(letter.status, StatusCode::OK);
    for known in [&*walk.case().tracking_number, "One customer, 240 people", "Compare addresses"] {
        assert!(letter.body.contains(known), "{known}: {}", letter.body);
    }
    assert!(letter.body.contains("[when it was noticed]") || letter.body.contains("[State them.]"));
    walk.worked("privileged", 0, &[("privileged", SECRET)]);
    assert!(walk.page().contains(SECRET));
    let notice = walk
        .t
        .db
        .read_blocking(|conn| work::store::notices(conn, walk.c.organisation, id))
        .unwrap()
        .remove(0);
    assert_eq!(
        notice.text.due_at.unwrap().to_rfc3339(),
        "2026-01-03T10:00:00Z",
        "72 hours after it became known"
    );
    let sent = [("at", "2026-01-01T00:00"), ("how", "Form of the authority")];
    walk.worked(&format!("sent/{}", notice.id), 1, &sent);
}

/// The lead checks the effect, opens a deficiency, and the case is closed.
fn concludes(walk: &mut Walk<'_>) {
    let (task, action) = items(walk);
    let handler = walk.inside(CaseHandler);
    walk.sign_in(&handler);
    walk.worked(&format!("finish/{task}"), 1, &[("done", "All reached")]);
    let done = [("done", "Built"), ("effective_on", "2025-12-31")];
    walk.worked(&format!("carry-out/{action}"), 1, &done);
    let check = [
        ("effective", "yes"),
        ("on", "2026-01-01"),
        ("how", "Provoked"),
        ("result", "It was held back"),
    ];
    let own = walk.work(&format!("check/{action}"), 2, &check);
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody checks their own");
    let lead = walk.c.lead();
    walk.sign_in(&lead);
    walk.worked(&format!("check/{action}"), 2, &check);
    let owner = walk.inside(ControlOwner).person.unwrap().to_string();
    let failed = [
        ("failed_control", "IAM-05"),
        ("finding", "Nobody compared the address"),
        ("at_fault", "operation"),
        ("gravity", "minor"),
        ("owner", &*owner),
        ("due", "2026-02-01"),
    ];
    walk.worked("deficiency", 0, &failed);
    let risk = [
        ("risk_title", "Lists go astray"),
        ("likelihood", "3"),
        ("impact", "4"),
        ("review_on", "2026-06-30"),
        ("bears", "It happened"),
    ];
    walk.worked("risk", 0, &risk);
    let list = walk.w.get("/risks");
    let number = walk.case().tracking_number;
    assert!(list.body.matches(&*number).count() >= 2, "both name the case: {}", list.body);
    remedies(walk);
    let review = [
        ("held_on", "2026-01-01"),
        ("participants", "Hana\nMei"),
        ("lessons", "Compare addresses"),
    ];
    walk.act("review", &review);
    walk.act("close", &[("outcome", "Closed"), ("told", "It is mended; thank you.")]);
    assert_eq!(walk.case().state, CaseState::Closed);
}

/// The deficiency closes with evidence, and the risk is looked at anew.
fn remedies(walk: &Walk<'_>) {
    let owner = walk.c.organisation;
    let (failed, risk) = walk
        .t
        .db
        .read_blocking(|conn| {
            use controls::risks::store;
            let failed = store::deficiencies(conn, owner)?.remove(0).id.to_string();
            Ok((failed, store::risks(conn, owner)?.remove(0).id.to_string()))
        })
        .unwrap();
    let at = format!("/risks/{failed}");
    let bare = walk.send(&at, &format!("{at}/mended"), 1, &[("action", "Two people look")]);
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "evidence is needed");
    let mended = [("action", "Two people look"), ("evidence", "Test of 1 January")];
    let done = walk.send(&at, &format!("{at}/mended"), 1, &mended);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(walk.w.get(&at).body.contains("Test of 1 January"));
    let at = format!("/risks/{risk}");
    let body = walk.w.get(&at).body;
    assert!(body.contains("Likelihood 3 of 5, impact 4 of 5") && body.contains("IAM-05"), "{body}");
    let less = [
        ("title", "Lists go astray"),
        ("description", "Two people look now"),
        ("likelihood", "1"),
        ("impact", "4"),
        ("treatment", "mitigate"),
        ("controls", "IAM-05"),
        ("review_on", "2026-12-31"),
        ("reason", "The check works"),
    ];
    let done = walk.send(&at, &format!("{at}/change"), 1, &less);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert!(walk.w.get(&at).body.contains("Likelihood 1 of 5"));
}

/// Whether to disclose it: prepared by the lead, approved by the sponsor.
fn discloses(walk: &mut Walk<'_>) {
    let at = format!("/cases/disclosures/{}", walk.case().id);
    assert!(walk.w.get(&at).body.contains("Does the description disclose this incident?"));
    let mut answers = vec![("disclose", "yes"), ("rationale", "The control failed")];
    for question in ["controls", "failure", "public", "sanctions", "contracts", "readers"] {
        answers.push((question, if question == "controls" { "yes" } else { "no" }));
    }
    answers.extend([
        ("controls_why", "Nobody compared the address"),
        ("nature", "A list went to the wrong customer"),
        ("timing", "On 31 December"),
        ("extent", "240 people"),
    ]);
    let done = walk.send(&at, &format!("{at}/prepare"), 0, &answers);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let own = walk.send(&at, &format!("{at}/judge"), 1, &[("approve", "yes")]);
    assert!(own.body.contains("Another person approves it"), "{}", own.body);
    let staff = walk.c.staff();
    walk.sign_in(&staff);
    let early = walk.w.get(&at).body;
    assert!(!early.contains("On 31 December") && early.contains("has not approved"), "{early}");
    let sponsor = walk.inside(ExecutiveSponsor);
    walk.sign_in(&sponsor);
    let done = walk.send(&at, &format!("{at}/judge"), 1, &[("approve", "yes")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(walk.w.get("/cases/disclosures").status, StatusCode::OK);
}

/// The service auditor sees the work, the disclosure once approved, and no privileged word.
fn audits(walk: &mut Walk<'_>) {
    let staff = walk.c.staff();
    walk.sign_in(&staff);
    let id = walk.case().id;
    let page = walk.page();
    for shown in ["Compare addresses", "Nobody compares the address.", "One privileged note"] {
        assert!(page.contains(shown) || page.contains("one privileged note"), "{shown}");
    }
    assert!(!page.contains(SECRET) && !page.contains("wrote a privileged note"));
    assert!(!page.contains("action=\"/cases/"), "read only");
    let at = format!("/cases/disclosures/{id}");
    assert!(walk.w.get(&at).body.contains("On 31 December"), "approved");
    let api = walk.w.get(&format!("/api/v1/cases/{id}"));
    let list = walk.w.get("/cases?format=csv");
    assert!(!api.body.contains(SECRET) && !list.body.contains(SECRET));
    let letter = walk.w.get(&format!("/cases/{id}/letters/customers"));
    assert_eq!(letter.status, StatusCode::NOT_FOUND);
    let body = walk.w.get(&format!("/cases/{id}")).body;
    let csrf = hidden(&body, "csrf").unwrap();
    let note = [("csrf", &*csrf), ("privileged", "x"), ("version", "0")];
    let refused = walk.w.post(&format!("/cases/{id}/work/privileged"), &note);
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
}

#[test]
fn one_case_as_reporter_handler_lead_counsel_and_auditor() {
    on_both(&ROOMS, |t| {
        let mut walk = begin(t);
        walk.c.engagement(t, "2026", Some(walk.c.firm));
        let (number, code) = reports(&walk);
        handles(&mut walk);
        advises(&mut walk);
        concludes(&mut walk);
        assert!(!walk.page().contains(SECRET), "the lead is not counsel");
        discloses(&mut walk);
        audits(&mut walk);
        walk.w.sign_out();
        let way = [("tracking_number", &*number), ("return_code", &*code)];
        let seen = walk.w.post("/report/follow-up", &way);
        assert!(seen.body.contains("It is mended; thank you."), "{}", seen.body);
        for inside in ["Two lists", "Nobody compares", SECRET] {
            assert!(!seen.body.contains(inside), "{inside}");
        }
    });
}
