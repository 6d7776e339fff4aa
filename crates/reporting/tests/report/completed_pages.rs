//! The pages of completion through a real router, as the firm's people use them from the first procedure
//! after the period's end to additions beside a locked file; the organisation finds nothing there.

use crate::world::*;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use examination::completion::model::ProcedureKind;
use examination::completion::pages as file;
use kernel::party::{Actor, Role, Side};
use kernel::time::Timestamp;
use platform::http::App;
use platform::testing::{Answered, TestDb, Web, beside, hidden, on_both};
use reporting::pages::completion;
use scope::model::EngagementState;
use scope::permits::MoveEngagement;

fn routes() -> Router<App> {
    Router::new()
        .route("/reporting", get(reporting::pages::overview))
        .route("/examination/{engagement}/completion", get(completion::show).post(completion::act))
        .route("/examination/{engagement}/file", get(file::file).post(file::act))
        .route(
            "/examination/{engagement}/deficiencies",
            get(file::letter::show).post(file::letter::act),
        )
        .route(
            "/engagements/{id}/deficiencies",
            get(file::letter::released).post(file::letter::acknowledge),
        )
}

/// The examination is done and management's documents are there; completion is not begun.
struct Desk<'t> {
    world: World<'t>,
    web: Web<'t>,
    completion: String,
    file: String,
}

impl<'t> Desk<'t> {
    fn new(t: &'t TestDb, examine: impl FnOnce(&World<'t>)) -> Self {
        let world = World::new(t);
        world.registers();
        world.describe();
        world.plan();
        examine(&world);
        world.conclude_commitments();
        world.state_terms(date(2026, 1, 1)).unwrap();
        world.sign_assertion().unwrap();
        world.receive_letter(date(2026, 1, 1)).unwrap();
        world.conclude_opinion();
        let staff = actor(Side::Firm, world.firm, 23, &[Role::Staff]);
        let people = vec![
            world.manager(),
            world.partner(),
            world.quality(),
            staff,
            world.lead(),
            world.sponsor(),
        ];
        let web = Web::new(t, routes(), people, 1_000);
        web.edge.set(Timestamp::parse("2026-01-01T12:00:00Z").unwrap());
        let at = |rest: &str| format!("/examination/{}/{rest}", world.engagement);
        Self { completion: at("completion"), file: at("file"), world, web }
    }

    fn as_one(&mut self, who: &Actor) {
        self.web.sign_in(who);
    }

    /// Sends what a form of the page would, under a key of its own.
    fn send(&self, page: &str, typed: &[(&str, &str)]) -> Answered {
        let body = self.shown(page);
        let (csrf, key) = (hidden(&body, "csrf").unwrap(), hidden(&body, "key"));
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(key.as_deref().map(|key| ("key", key)));
        all.extend_from_slice(typed);
        let answered = self.web.post(page, &all);
        self.world.t.sequence();
        answered
    }

    fn done(&self, page: &str, typed: &[(&str, &str)]) {
        let sent = self.send(page, typed);
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{typed:?}: {}", sent.body);
    }

    fn shown(&self, page: &str) -> String {
        let shown = self.web.get(page);
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.body);
        shown.body
    }

    /// Reviews every procedure that waits for it.
    fn review_all(&mut self) {
        self.as_one(&self.world.partner());
        let page = self.shown(&self.completion);
        let waiting: Vec<String> = page
            .split("name=\"procedure\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        for procedure in &waiting {
            self.done(&self.completion, &[("do", "review"), ("procedure", procedure)]);
        }
        assert!(!self.shown(&self.completion).contains("name=\"procedure\""));
    }

    fn sign(&mut self, who: &Actor, step: &str, statement: &str) -> Answered {
        self.as_one(who);
        let page = self.shown(&self.completion);
        let seen = hidden(&page, "seen").unwrap_or_default();
        let typed = [("do", "sign"), ("step", step), ("seen", &seen), ("statement", statement)];
        self.send(&self.completion, &typed)
    }

    /// The three signatures in their order.
    fn sign_all(&mut self) {
        for (who, step) in [
            (self.world.manager(), "prepared"),
            (self.world.quality(), "quality"),
            (self.world.partner(), "partner"),
        ] {
            let signed = self.sign(&who, step, "I have read it.");
            assert_eq!(signed.status, StatusCode::SEE_OTHER, "{step}: {}", signed.body);
        }
    }
}

fn procedure<'a>(kind: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut typed = vec![
        ("do", "perform"),
        ("kind", kind),
        ("performed_on", "2026-01-01"),
        ("covers_to", "2026-01-01"),
        ("source", "Ada Lovelace, chief executive officer"),
        ("result", "Nothing bears on the description or the controls."),
    ];
    typed.retain(|(name, _)| !more.iter().any(|(m, _)| m == name));
    typed.extend_from_slice(more);
    typed
}

/// Subsequent events: asked for, read up to the report's date, reviewed by somebody else.
fn events(d: &mut Desk<'_>) {
    let page = d.completion.clone();
    d.as_one(&d.world.manager());
    assert_eq!(d.shown(&page).matches("Subsequent events").count(), 6, "all six are missing");
    // Before the period's end nothing is a subsequent event; what was typed comes back.
    let early =
        procedure("inquiry", &[("performed_on", "2025-12-31"), ("covers_to", "2025-12-31")]);
    let again = d.send(&page, &early);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = beside(&again.body, "performed_on").unwrap();
    assert!(told.contains("The period ends on 2025-12-31"), "{told}");
    assert!(again.body.contains("Ada Lovelace, chief executive officer"), "{}", again.body);
    for kind in ProcedureKind::REQUIRED {
        // One of them found something: of conditions after the period, for the report to say.
        let found: &[(&str, &str)] = match kind {
            ProcedureKind::Minutes => &[
                ("event", "after"),
                ("matter", "The board decided to move to another data centre."),
                ("effect", "Disclosed in section III; the opinion stays as it is."),
            ],
            _ => &[],
        };
        d.done(&page, &procedure(kind.word(), found));
    }
    let seen = d.shown(&page);
    assert!(seen.contains("Of conditions after the period: The board decided to move"), "{seen}");
    assert!(!seen.contains("name=\"procedure\""), "nobody reviews what they performed");
    assert_eq!(seen.matches("Not reviewed").count(), 6);
    d.review_all();
    assert!(d.shown(&page).contains("Nothing is missing"));
}

/// Roll-forward is of one control, and of nothing else.
fn roll_forward(d: &mut Desk<'_>) {
    let page = d.completion.clone();
    d.as_one(&d.world.manager());
    let none = d.send(&page, &procedure("roll_forward", &[]));
    assert_eq!(beside(&none.body, "control").unwrap(), "Choose the control that was followed.");
    let body = d.shown(&page);
    let control = body.split("<option value=\"ctl_").nth(1).unwrap().split('"').next().unwrap();
    let control = format!("ctl_{control}");
    let other = d.send(&page, &procedure("minutes", &[("control", &control)]));
    assert!(beside(&other.body, "control").unwrap().contains("Only a roll-forward"));
    d.done(&page, &procedure("roll_forward", &[("control", &control)]));
    assert!(d.shown(&page).contains("Roll-forward of a control · IAM-05"));
    d.review_all();
}

#[test]
fn the_file_is_completed_and_signed_and_a_later_change_voids_the_signatures_in_view() {
    on_both(&ROOMS, |t| {
        let mut d = Desk::new(t, World::examine);
        let page = d.completion.clone();
        for who in [d.world.lead(), d.world.sponsor()] {
            d.as_one(&who);
            for path in [&d.completion, &d.file] {
                assert_eq!(d.web.get(path).status, StatusCode::NOT_FOUND);
                let typed = [("do", "sign"), ("step", "partner"), ("statement", "Mine.")];
                assert!(d.web.post(path, &typed).status.is_client_error());
            }
        }
        events(&mut d);
        roll_forward(&mut d);
        // Staff sign nothing, and are offered nothing to sign.
        d.as_one(&actor(Side::Firm, d.world.firm, 23, &[Role::Staff]));
        assert!(!d.shown(&page).contains("value=\"sign\""));
        let typed = [("do", "sign"), ("step", "prepared"), ("statement", "Mine.")];
        assert_eq!(d.send(&page, &typed).status, StatusCode::FORBIDDEN);
        // In their order, by different people.
        let first = d.sign(&d.world.partner(), "partner", "I have reviewed <the> file.");
        assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(first.body.contains("Nobody has signed the file as prepared yet."));
        assert!(first.body.contains("I have reviewed &#60;the&#62; file."), "{}", first.body);
        d.sign_all();
        let signed = d.shown(&page);
        assert_eq!(signed.matches("Void: the file changed").count(), 0);
        assert_eq!(signed.matches("Digest of what it binds").count(), 3);

        // The partner's page stands open while the manager records something.
        d.as_one(&d.world.partner());
        let seen = hidden(&d.shown(&page), "seen").unwrap();
        d.as_one(&d.world.manager());
        let late = [("result", "The minutes of January speak of a claim.")];
        d.done(&page, &procedure("minutes", &late));
        let void = d.shown(&page);
        assert_eq!(void.matches("Void: the file changed").count(), 3, "{void}");
        assert!(void.contains("minutes since the period"), "it says what changed: {void}");
        d.review_all();
        let typed = [("do", "sign"), ("step", "prepared"), ("seen", &seen), ("statement", "Yes.")];
        d.as_one(&d.world.manager());
        let stale = d.send(&page, &typed);
        assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(stale.body.contains("The file changed after you opened this page."));
        d.sign_all();
        assert_eq!(d.shown(&page).matches("Void: the file changed").count(), 0);
    });
}

#[test]
fn an_issued_file_is_locked_by_its_day_and_additions_stand_beside_it() {
    on_both(&ROOMS, |t| {
        let mut d = Desk::new(t, World::examine);
        events(&mut d);
        d.sign_all();
        let (page, partner) = (d.file.clone(), d.world.partner());
        d.as_one(&partner);
        let open = d.shown(&page);
        assert!(open.contains("It can be assembled until 2 March 2026."), "{open}");
        assert!(!open.contains("value=\"lock\"") && !open.contains("value=\"add\""));
        for state in [EngagementState::Fieldwork, EngagementState::Issued] {
            d.world
                .run::<MoveEngagement, _>(&partner, move |tx, e, p| {
                    scope::service::move_on(tx, e, p, state)
                })
                .unwrap();
        }
        d.web.edge.set(Timestamp::parse("2026-03-03T09:00:00Z").unwrap());
        d.as_one(&d.world.manager());
        assert!(!d.shown(&page).contains("value=\"lock\""), "the partner locks");
        d.as_one(&partner);
        let lock = |d: &Desk<'_>, years: &str, why: &str| {
            d.send(&page, &[("do", "lock"), ("years", years), ("late_reason", why)])
        };
        let short = lock(&d, "4", "The partner was ill.");
        assert!(beside(&short.body, "years").is_some(), "{}", short.body);
        assert!(short.body.contains("The partner was ill."), "what was typed comes back");
        let late = lock(&d, "7", "");
        assert!(beside(&late.body, "late_reason").is_some(), "{}", late.body);
        let locked = lock(&d, "7", "The partner was ill.");
        assert_eq!(locked.status, StatusCode::SEE_OTHER, "{}", locked.body);
        let shown = d.shown(&page);
        for words in ["locked on 3 March 2026", "kept until 1 January 2033", "The partner was ill."]
        {
            assert!(shown.contains(words), "{words} in {shown}");
        }

        // Nothing in the file changes any more, and the pages offer nothing that would.
        d.as_one(&d.world.manager());
        let completion = d.completion.clone();
        assert!(!d.shown(&completion).contains("value=\"perform\""));
        let sent = d.send(&page, &[("do", "add"), ("about", "IAM-05"), ("text", "It was found.")]);
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&sent.body, "reason").is_some() && sent.body.contains("It was found."));
        let refused = d.send(&completion, &procedure("minutes", &[]));
        assert!(refused.status.is_client_error(), "{}", refused.body);
        assert!(refused.body.contains("locked on 2026-03-03"), "{}", refused.body);
        let typed = [
            ("do", "add"),
            ("about", "IAM-05"),
            ("text", "The ticket of leaver 17 was found again."),
            ("reason", "It was filed under another name."),
        ];
        d.done(&page, &typed);
        let shown = d.shown(&page);
        assert!(shown.contains("The ticket of leaver 17 was found again."), "{shown}");
        assert_eq!(shown.matches("Nothing was added after the lock").count(), 0);
        // An addition is no change of what was signed.
        assert_eq!(d.shown(&completion).matches("Void: the file changed").count(), 0);
        d.as_one(&d.world.lead());
        assert_eq!(d.web.get(&page).status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_letter_on_deficiencies_is_read_by_management_from_its_release_on() {
    on_both(&ROOMS, |t| {
        let mut d = Desk::new(t, crate::real::examine);
        let ours = format!("/examination/{}/deficiencies", d.world.engagement);
        let theirs = format!("/engagements/{}/deficiencies", d.world.engagement);
        d.as_one(&d.world.manager());
        let drafted = d.shown(&ours);
        assert!(drafted.contains("39 hours"), "drafted from the deviation: {drafted}");
        let words = [
            ("do", "write"),
            ("addressee", "The board of Ledgerly Ltd"),
            ("opening", "We noticed this."),
            ("deficiencies", "IAM-05 | access ended 39 hours late"),
            ("closing", "We ask for a reply."),
        ];
        let again = d.send(&ours, &words);
        assert!(beside(&again.body, "deficiencies").unwrap().contains("on a line of its own"));
        assert!(again.body.contains("access ended 39 hours late"), "it comes back");
        let mut whole = words;
        whole[3].1 = "IAM-05 | access ended 39 hours late | leavers could still sign in";
        d.done(&ours, &[&whole[..], &[("version", "0")]].concat());
        d.as_one(&d.world.sponsor());
        assert_eq!(d.web.get(&theirs).status, StatusCode::NOT_FOUND, "not released");
        d.as_one(&d.world.partner());
        d.done(&ours, &[("do", "release"), ("version", "1")]);
        d.as_one(&d.world.sponsor());
        let read = d.shown(&theirs);
        assert!(read.contains("leavers could still sign in"), "{read}");
        assert_eq!(d.web.get(&ours).status, StatusCode::NOT_FOUND);
        d.done(&theirs, &[]);
        assert!(!d.shown(&theirs).contains("Acknowledge receipt"));
        // What was released stays as it was; what somebody typed meanwhile still comes back.
        d.as_one(&d.world.manager());
        let refused = d.send(&ours, &[&whole[..], &[("version", "1")]].concat());
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("can no longer change"), "{}", refused.body);
        assert!(refused.body.contains("<textarea"), "the form is there: {}", refused.body);
    });
}

#[test]
fn the_next_period_is_begun_on_its_page_from_plans_and_recipes_alone() {
    on_both(&ROOMS, |t| {
        let mut d = Desk::new(t, crate::real::examine);
        let next = crate::completed::next_year(&d.world);
        let page = format!("/examination/{next}/file");
        d.as_one(&d.world.manager());
        assert!(d.shown(&page).contains("This file was not begun from an earlier one"));
        assert!(!d.shown(&d.file).contains("value=\"carry\""), "there is nothing before it");
        let own = d.send(&page, &[("do", "carry"), ("from", &next.to_string())]);
        assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(beside(&own.body, "from").is_some(), "{}", own.body);
        d.done(&page, &[("do", "carry"), ("from", &d.world.engagement.to_string())]);
        let shown = d.shown(&page);
        for words in
            ["Leavers", "Changes", "Begun from", "Tests carried", "Risk class raised", "IAM-05"]
        {
            assert!(shown.contains(words), "{words} in {shown}");
        }
        assert!(!shown.contains("value=\"carry\""), "once is enough");
        assert_eq!(
            d.shown(&format!("/examination/{next}/completion")).matches("Stands").count(),
            0
        );
    });
}

#[test]
fn what_is_missing_is_a_file_of_what_each_side_may_know() {
    on_both(&ROOMS, |t| {
        let mut d = Desk::new(t, World::examine);
        let engagement = d.world.engagement;
        let manager = d.world.manager();
        d.as_one(&manager);
        let page = d.shown("/reporting");
        let link = format!("/reporting?engagement={engagement}&#38;format=csv");
        assert!(page.contains(&link), "{page}");
        let file = d.web.get(&format!("/reporting?engagement={engagement}&format=csv"));
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        let lines: Vec<&str> = file.body.lines().collect();
        assert_eq!(lines[0], "Engagement,What is needed,Status,What is missing");
        let shown = page.split("<tbody").nth(1).unwrap().split("</tbody").next().unwrap();
        assert_eq!(lines.len() - 1, shown.matches("<tr").count(), "{}", file.body);
        assert_eq!(file.body, d.web.get("/reporting?format=csv").body, "it is the only one");
        assert!(d.web.get("/reporting?format=xlsx").body.starts_with("PK"));
        let none = d.web.get("/reporting?engagement=eng_x&format=csv").body;
        assert_eq!(none.lines().count(), 1, "{none}");
        // Nothing of the firm's is in the file of the organisation.
        let lead = d.world.lead();
        d.as_one(&lead);
        let theirs = d.web.get("/reporting?format=csv").body;
        assert!(theirs.lines().count() > 1 && theirs.lines().count() < lines.len(), "{theirs}");
        assert!(!theirs.contains("pinion"), "{theirs}");
    });
}
