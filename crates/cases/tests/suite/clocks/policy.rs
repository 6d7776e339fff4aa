//! What the policy in force does beyond the clocks: what closing needs, who confirms to have read it, and
//! the reminder of its review.

use super::*;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use cases::policy::jobs::{KIND, Reviews, daily};
use cases::policy::pages::{self, draft};
use cases::policy::rules::notation::closing;
use cases::training;
use cases::training::permits::TakeTraining;
use identity::permits::ManagePeople;
use identity::service as people;
use platform::jobs::{Ran, Runner, schedule};
use platform::testing::Web;

fn that_needs(text: &str) -> PolicyBody {
    PolicyBody { closing: closing(text).unwrap(), ..template() }
}

/// Files a case, decides about it and does the work.
fn resolved(stage: &Stage<'_>, severity: Severity) -> CaseId {
    let case = stage.file();
    stage.triage(case, severity, 1);
    stage
        .act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
            service::resolve(tx, env, p, case, 2, ("A slip.", "It was put right."))
        })
        .unwrap();
    case
}

fn close(stage: &Stage<'_>, case: CaseId) -> Result<()> {
    stage.act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
        service::close(tx, env, p, case, 3, "Put right.")
    })
}

#[test]
fn closing_needs_what_the_policy_in_force_says_and_the_usual_where_it_says_nothing() {
    on_both(&ROOMS, |t| {
        let stage = Stage::new(t);
        let without = resolved(&stage, Severity::Low);
        assert_eq!(
            refusal(close(&stage, without)).to_string(),
            "Before it can be closed: Tell the reporter what came of it.",
            "no policy: the usual"
        );
        stage.put_in_force(that_needs("low incident -> impact, root cause\nlow -> review"));
        let case = resolved(&stage, Severity::Low);
        assert_eq!(
            refusal(close(&stage, case)).to_string(),
            "Before it can be closed: State what was touched. State the root cause."
        );
        // Of moderate ones it says nothing.
        let moderate = resolved(&stage, Severity::Moderate);
        let usual =
            "Before it can be closed: State the root cause. Tell the reporter what came of it.";
        assert_eq!(refusal(close(&stage, moderate)).to_string(), usual);
        // The version in force counts, not the one under which the case came in.
        stage.put_in_force(that_needs("low -> nothing"));
        close(&stage, case).unwrap();
        close(&stage, without).unwrap();
        assert_eq!(refusal(close(&stage, moderate)).to_string(), usual);
    });
}

fn routes() -> Router<platform::http::App> {
    Router::new()
        .route("/cases/policy", get(pages::show))
        .route("/cases/policy/draft", get(draft::ask).post(draft::send))
        .route("/cases/policy/{number}", get(pages::one))
}

#[test]
fn the_page_shows_what_closing_needs_and_a_refused_draft_comes_back_as_typed() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let mut web = Web::new(t, routes(), stage.c.people.clone(), 1 << 20);
        web.sign_in(&stage.c.of(stage.c.organisation, ComplianceLead));
        let page = web.get("/cases/policy").body;
        assert!(page.contains("What closing a case needs") && page.contains("90 days"), "{page}");
        let form = web.get("/cases/policy/draft").body;
        assert!(form.contains("moderate incident -&#62; root cause, reporter told"), "{form}");

        let body = template();
        let ladder = cases::policy::rules::notation::ladder_text(&body.ladder);
        let pauses = cases::policy::rules::notation::pauses_text(&body.pauses);
        let mut pairs: Vec<(String, String)> = [
            ("title", "Ours"),
            ("covers", "incident"),
            ("ladder", &ladder),
            ("pauses", &pauses),
            ("carry", "from_start"),
            ("calendar", &body.calendar),
            ("repeat_hours", "23"),
            ("idle_days", "6"),
            ("retention_months", "83"),
            ("review_months", "11"),
            ("sealed_days", "45"),
            ("change_note", "Shorter for what is sealed."),
            ("closing", "low other -> nothing\nhigh incident -> a miracle"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        let send = |web: &Web<'_>, pairs: &[(String, String)]| {
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (&**n, &**v)).collect();
            web.fill("/cases/policy/draft", "/cases/policy/draft", &pairs)
        };
        let again = send(&web, &pairs);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.body);
        assert!(again.body.contains("“a miracle” cannot be asked for"), "{}", again.body);
        for typed in
            ["low other -&#62; nothing", "a miracle", "\"45\"", "\"23\"", "Shorter for what"]
        {
            assert!(again.body.contains(typed), "{typed} is lost: {}", again.body);
        }
        for (name, value) in &mut pairs {
            if name == "closing" {
                *value = "low other -> nothing\nhigh incident -> review".to_owned();
            }
        }
        let saved = send(&web, &pairs);
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = web.get("/cases/policy/2").body;
        assert!(page.contains("45 days") && page.contains("high incident -&gt; review"), "{page}");
        assert!(page.contains("the usual, not stated"), "the usual is named as such");
        // What nobody may keep so long is refused beside its field.
        for (name, value) in &mut pairs {
            if name == "sealed_days" {
                *value = "40000".to_owned();
            }
        }
        let refused = send(&web, &pairs);
        assert!(refused.body.contains("from 1 to 3660") && refused.body.contains("40000"));
    });
}

#[test]
fn a_version_that_comes_into_force_waits_to_be_confirmed_by_everybody() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let owner = stage.c.organisation;
        let texts = || t.db.read_blocking(move |conn| training::store::texts(conn, owner)).unwrap();
        let first = texts().remove(0);
        assert_eq!((first.subject.as_str(), first.number), ("reporting-policy", 1));
        assert_eq!(first.title, template().title);
        assert!(first.who.is_empty() && first.body.contains("## How to report"), "{}", first.body);
        assert_eq!(first.due_at, stage.edge.env().now().plus_seconds(30 * DAY));
        stage
            .act(CaseHandler, move |tx, env, p: &Permit<TakeTraining>| {
                training::service::acknowledge(tx, env, p, first.id)
            })
            .unwrap();
        // A draft is put forward to nobody; the next version in force is, once.
        stage.wait(DAY);
        let number = stage
            .act(ComplianceLead, |tx, env, p: &Permit<WritePolicy>| {
                policy::draft(tx, env, p, template(), "Again.")
            })
            .unwrap();
        assert_eq!((number, texts().len()), (2, 1));
        let version = stage.version(2);
        stage
            .act(ExecutiveSponsor, move |tx, env, p: &Permit<ApprovePolicy>| {
                policy::approve(tx, env, p, 2, version)
            })
            .unwrap();
        let numbers: Vec<i64> = texts().iter().map(|text| text.number).collect();
        assert_eq!(numbers, [2, 1]);
    });
}

/// The daily round, as after a start: the schedule is put in place, and a new runner takes what is due.
fn reminded(stage: &Stage<'_>) {
    let now = stage.edge.env().now();
    stage.t.db.write_blocking(move |tx| schedule(tx, &daily(), now)).unwrap();
    let base_url = "https://tickmark.example".to_owned();
    let runner =
        Runner::new(stage.t.db.clone(), stage.edge.clone()).with(KIND, Reviews { base_url });
    while runner.tick().unwrap() != Ran::Nothing {}
}

#[test]
fn of_a_review_that_is_due_those_are_told_who_are_still_there() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        reminded(&stage);
        let owner = stage.c.organisation;
        let leave = |person| {
            stage
                .act(Role::Administrator, move |tx, env, p: &Permit<ManagePeople>| {
                    let member = identity::store::member(tx, owner, person)?.unwrap();
                    people::deactivate(tx, env, p, person, member.membership.version)
                })
                .unwrap();
        };
        let second = {
            let env = stage.edge.env();
            let mail = "second.lead@1.example";
            t.db.write_blocking(move |tx| {
                let mut env = env.clone();
                people::add_person_directly(tx, &mut env, owner, mail, "Second", &[ComplianceLead])
            })
            .unwrap()
        };
        leave(stage.c.lead().person.unwrap());
        stage.wait(366 * DAY);
        reminded(&stage);
        assert_eq!(stage.mails(), ["second.lead@1.example"], "whoever wrote it has left");
        leave(second);
        stage.wait(32 * DAY);
        reminded(&stage);
        assert!(stage.mails().contains(&"executive_sponsor@1.example".to_owned()));
        assert_eq!(stage.mails().iter().filter(|to| to.starts_with("compliance_lead")).count(), 0);
    });
}

#[test]
fn of_a_review_that_is_due_its_author_is_told_once_and_again_after_a_month() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let told = || {
            reminded(&stage);
            stage.mails().iter().filter(|to| *to == "compliance_lead@1.example").count()
        };
        assert_eq!(told(), 0);
        stage.wait(364 * DAY);
        assert_eq!(told(), 0, "not yet due");
        stage.wait(3 * DAY);
        assert_eq!((told(), told()), (1, 1));
        for _ in 0..29 {
            stage.wait(DAY);
            assert_eq!(told(), 1, "once in a month");
        }
        stage.wait(3 * DAY);
        assert_eq!((told(), told()), (2, 2));
        // Reminding did not change what forms speak of; once the review is held there is silence.
        let version = stage.version(1);
        stage
            .act(ComplianceLead, move |tx, env, p: &Permit<WritePolicy>| {
                policy::review(tx, env, p, 1, version, "Read again; nothing changed.")
            })
            .unwrap();
        stage.wait(200 * DAY);
        assert_eq!(told(), 2);
        stage.wait(170 * DAY);
        assert_eq!(told(), 3, "the next year's");
        assert_eq!(stage.mails().len(), 3, "nobody else");
    });
}
