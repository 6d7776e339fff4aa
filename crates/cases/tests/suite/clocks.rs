//! The reporting policy, clocks, escalation and the watchdog, on both databases.

#[path = "clocks/policy.rs"]
mod in_force;
#[path = "clocks/recurrence.rs"]
mod recurrence;

use crate::common::{Cast, cast, refusal};
use crate::rooms::ROOMS;
use cases::clocks::events::{ClockEvent, DutyStarted, Flag};
use cases::clocks::model::{Armed, Route, Standing, book_of};
use cases::clocks::permits::{ExcludePeople, KeepClocks, StateAbsence};
use cases::clocks::service::{self as clocks, AbsenceInput};
use cases::clocks::{jobs, store};
use cases::model::casework::MessagePurpose;
use cases::model::{CaseId, CaseKind, Severity};
use cases::permits::{FileReport, HandleCase};
use cases::policy::model::{PolicyBody, PolicyState};
use cases::policy::permits::{ApprovePolicy, WritePolicy};
use cases::policy::service as policy;
use cases::service::{self, ReportInput};
use kernel::env::Env;
use kernel::party::Role::{CaseHandler, ComplianceLead, Counsel, ExecutiveSponsor};
use kernel::party::{Actor, Role};
use kernel::permit::{Action, Facts, Permit, authorize};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Result, Tx};
use platform::edge::{Edge, FixedEdge};
use platform::jobs::JobState;
use platform::journal::history;
use platform::testing::{TestDb, env, on_both};
use std::sync::Arc;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// An organisation with a clock that the test moves.
struct Stage<'t> {
    t: &'t TestDb,
    c: Cast,
    clock: Arc<FixedEdge>,
    edge: Arc<dyn Edge>,
}

impl<'t> Stage<'t> {
    fn new(t: &'t TestDb) -> Self {
        let clock = Arc::new(FixedEdge::new(env().now(), [5; 32]));
        Self { t, c: cast(t), edge: clock.clone(), clock }
    }

    fn with_policy(t: &'t TestDb) -> Self {
        let stage = Self::new(t);
        stage.put_in_force(template());
        stage
    }

    fn act<A: Action, T: Send + 'static>(
        &self,
        role: Role,
        f: impl Fn(&mut Tx<'_>, &mut Env, &Permit<A>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (who, owner) = (self.c.of(self.c.organisation, role), self.c.organisation);
        let env = self.edge.env();
        self.t.db.write_blocking(move |tx| {
            let permit = authorize::<A>(&who, &Facts::of(owner))?;
            f(tx, &mut env.clone(), &permit)
        })
    }

    fn put_in_force(&self, body: PolicyBody) -> i64 {
        let number = self
            .act(ComplianceLead, move |tx, env, p: &Permit<WritePolicy>| {
                policy::draft(tx, env, p, body.clone(), "Because of this test.")
            })
            .unwrap();
        let version = self.version(number);
        self.act(ExecutiveSponsor, move |tx, env, p: &Permit<ApprovePolicy>| {
            policy::approve(tx, env, p, number, version)
        })
        .unwrap();
        number
    }

    fn version(&self, number: i64) -> i64 {
        let owner = self.c.organisation;
        let found = self
            .t
            .db
            .read_blocking(move |conn| cases::policy::store::version(conn, owner, number))
            .unwrap();
        found.unwrap().version
    }

    fn file(&self) -> CaseId {
        let (env, owner) = (self.edge.env(), self.c.organisation);
        self.t
            .db
            .write_blocking(move |tx| {
                let input = ReportInput {
                    channel: "portal".into(),
                    kind: CaseKind::Incident,
                    title: "A list went astray".into(),
                    description: "A list of pay was sent to the wrong customer.".into(),
                    occurred_at: None,
                    reporter: service::Reporter::Open { contact: None },
                    about_people: String::new(),
                    parcel: None,
                    language: "en".into(),
                };
                let permit = authorize::<FileReport>(&Actor::public(owner), &Facts::of(owner))?;
                Ok(service::file_report(tx, &mut env.clone(), &permit, &input)?.id)
            })
            .unwrap()
    }

    fn number(&self, case: CaseId) -> String {
        let owner = self.c.organisation;
        let found = self.t.db.read_blocking(move |conn| cases::store::case(conn, owner, case));
        found.unwrap().unwrap().tracking_number
    }

    fn armed(&self, case: CaseId) -> Option<Armed> {
        self.t.db.read_blocking(move |conn| store::armed(conn, case)).unwrap()
    }

    fn turn(&self) -> usize {
        jobs::turn(&self.t.db, &*self.edge, "https://tickmark.example").unwrap()
    }

    fn wait(&self, seconds: i64) {
        self.clock.advance_seconds(seconds);
    }

    /// Mails that wait to be sent: to whom.
    fn mails(&self) -> Vec<String> {
        let all = self
            .t
            .db
            .read_blocking(|conn| platform::jobs::store::list_any(conn, JobState::Waiting, 1_000))
            .unwrap();
        let mut to: Vec<String> = all.into_iter().map(|job| job.about).collect();
        to.sort();
        to
    }

    fn triage(&self, case: CaseId, severity: Severity, version: i64) {
        self.act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
            service::triage(tx, env, p, case, version, (severity, true, "Because."))
        })
        .unwrap();
    }
}

fn template() -> PolicyBody {
    toml::from_str(cases::policy::TEMPLATE).unwrap()
}

#[test]
fn a_policy_is_written_approved_by_somebody_else_reviewed_and_replaced() {
    on_both(&ROOMS, |t| {
        let stage = Stage::new(t);
        let draft = |p: PolicyBody| {
            stage.act(ComplianceLead, move |tx, env, permit: &Permit<WritePolicy>| {
                policy::draft(tx, env, permit, p.clone(), "First.")
            })
        };
        assert_eq!(draft(template()).unwrap(), 1);
        // Written again it is the same draft.
        assert_eq!(draft(PolicyBody { idle_days: 9, ..template() }).unwrap(), 1);
        let version = stage.version(1);
        let approve = |role| {
            stage.act(role, move |tx, env, p: &Permit<ApprovePolicy>| {
                policy::approve(tx, env, p, 1, version)
            })
        };
        assert!(refusal(approve(ComplianceLead)).to_string().contains("You wrote this draft"));
        approve(ExecutiveSponsor).unwrap();
        assert!(refusal(approve(ExecutiveSponsor)).to_string().contains("Only a draft"));
        // A year later the review is due; recording it moves the date on.
        stage.wait(366 * DAY);
        let now = stage.edge.env().now();
        let due = |at| t.db.read_blocking(move |conn| cases::policy::store::reviews_due(conn, at));
        assert_eq!(due(now).unwrap().len(), 1);
        let version = stage.version(1);
        stage
            .act(ComplianceLead, move |tx, env, p: &Permit<WritePolicy>| {
                policy::review(tx, env, p, 1, version, "Read again; nothing changed.")
            })
            .unwrap();
        assert_eq!(due(now).unwrap().len(), 0);
        // The next version replaces it.
        assert_eq!(stage.put_in_force(template()), 2);
        let owner = stage.c.organisation;
        let states: Vec<PolicyState> =
            t.db.read_blocking(move |conn| cases::policy::store::versions(conn, owner))
                .unwrap()
                .into_iter()
                .map(|v| v.state)
                .collect();
        assert_eq!(states, [PolicyState::InForce, PolicyState::Superseded]);
    });
}

#[test]
fn what_cannot_run_is_not_put_in_force_and_a_draft_can_be_given_up() {
    on_both(&ROOMS, |t| {
        let stage = Stage::new(t);
        let mut body = template();
        body.ladder.clear();
        stage
            .act(ComplianceLead, move |tx, env, p: &Permit<WritePolicy>| {
                policy::draft(tx, env, p, body.clone(), "Without a ladder.")
            })
            .unwrap();
        let version = stage.version(1);
        let approved = stage.act(ExecutiveSponsor, move |tx, env, p: &Permit<ApprovePolicy>| {
            policy::approve(tx, env, p, 1, version)
        });
        assert!(refusal(approved).to_string().contains("ladder"));
        stage
            .act(ComplianceLead, move |tx, env, p: &Permit<WritePolicy>| {
                policy::withdraw(tx, env, p, 1, version, "It lacks a ladder.")
            })
            .unwrap();
        // Nothing is in force, so nothing is promised, and the report is taken all the same.
        let case = stage.file();
        assert_eq!(stage.armed(case), None);
    });
}

#[test]
fn a_report_that_nobody_answers_climbs_the_ladder_and_each_rung_once() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let case = stage.file();
        assert_eq!(stage.armed(case).unwrap().promises.len(), 3);
        assert_eq!(stage.turn(), 0);
        // Half of the four hours for acknowledging: the case handlers, because nobody owns it.
        stage.wait(2 * HOUR + 1);
        assert_eq!(stage.turn(), 1);
        assert_eq!(stage.mails(), ["case_handler@1.example"]);
        assert_eq!(stage.turn(), 0, "climbed once");
        // Four hours: acknowledging 80 % and 100 %, and nobody owns it.
        stage.wait(2 * HOUR);
        assert_eq!(stage.turn(), 3);
        let done = t.db.read_blocking(move |conn| store::climbed(conn, case)).unwrap();
        assert!(done.iter().all(|d| d.climbed.route == Route::Ladder));
        let why: Vec<&str> = done.iter().map(|d| d.climbed.planned.why.as_str()).collect();
        assert!(why.contains(&"100% of acknowledge") && why.contains(&"no owner after 4 hours"));
        // Months later the last rung still comes once a day, and the watchdog finds nothing missing.
        for _ in 0..30 {
            stage.wait(DAY);
            stage.turn();
            assert!(stage.armed(case).unwrap().next_at.unwrap() > stage.edge.env().now());
        }
        let pass = jobs::watch(&t.db, &*stage.edge, true).unwrap().remove(0);
        assert!(pass.good(), "{pass:?}");
        assert!(pass.planned > 10 && pass.planned == pass.climbed, "{pass:?}");
    });
}

#[test]
fn acts_of_people_stop_clocks_and_a_change_of_severity_keeps_both_promises() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let case = stage.file();
        stage.wait(HOUR);
        stage.triage(case, Severity::Moderate, 1);
        stage.wait(HOUR);
        stage
            .act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
                let change = (Severity::Critical, true, "It is worse than it looked.");
                service::casework::change_severity(tx, env, p, case, 2, change)
            })
            .unwrap();
        let now = stage.edge.env().now();
        let armed = stage.armed(case).unwrap();
        let standing = |word: &str| -> Vec<Standing> {
            let of = armed.promises.iter().filter(|p| p.clock.word() == word);
            of.map(|p| p.standing(now)).collect()
        };
        assert_eq!(standing("acknowledge"), [Standing::Kept]);
        assert_eq!(standing("triage"), [Standing::Kept]);
        let both = [Standing::Superseded, Standing::Superseded, Standing::Running];
        assert_eq!(standing("answer"), both);
        assert_eq!(standing("resolve"), [Standing::Superseded, Standing::Running]);
        // That it rose is told at once to the owner's stand-ins and the lead.
        assert_eq!(stage.turn(), 1);
        assert_eq!(stage.mails(), ["case_handler@1.example", "compliance_lead@1.example"]);
        let owner = stage.c.organisation;
        let all = (Timestamp(0), Timestamp(i64::MAX));
        let kept = t.db.read_blocking(move |conn| store::outcomes(conn, owner, all)).unwrap();
        assert_eq!(kept.iter().map(|o| o.n).sum::<i64>(), 2);
        assert!(kept.iter().all(|o| o.standing == Standing::Kept));
    });
}

#[test]
fn clocks_stand_still_for_a_listed_reason_only_and_duties_never_do() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let case = stage.file();
        stage.triage(case, Severity::High, 1);
        let due = |word: &str| {
            let armed = stage.armed(case).unwrap();
            let last = armed.promises.into_iter().rfind(|p| p.clock.word() == word).unwrap();
            last.due_at
        };
        let pause = |reason: &'static str| {
            stage.act(CaseHandler, move |tx, env, p: &Permit<KeepClocks>| {
                clocks::pause(tx, env, p, case, (reason, "The vendor looks at it."))
            })
        };
        assert!(refusal(pause("Too busy")).to_string().contains("reasons that the policy lists"));
        let from = stage.edge.env().now();
        stage
            .act(Counsel, move |tx, env, p: &Permit<KeepClocks>| {
                let duty = DutyStarted {
                    case,
                    duty: "authority-72".into(),
                    target: "72 hours".parse().unwrap(),
                    reference: "A law, article 1".into(),
                    starts: "aware".into(),
                    from,
                    evidence: "The mail of that morning.".into(),
                };
                clocks::start_duty(tx, env, p, duty)
            })
            .unwrap();
        let (before, duty) = (due("resolve"), due("duty:authority-72"));
        pause("Waiting for a vendor").unwrap();
        assert!(refusal(pause("Waiting for a vendor")).to_string().contains("already"));
        stage.wait(DAY);
        let resume = || {
            stage.act(CaseHandler, move |tx, env, p: &Permit<KeepClocks>| {
                clocks::resume(tx, env, p, case)
            })
        };
        resume().unwrap();
        assert!(refusal(resume()).to_string().contains("run"));
        assert_eq!(due("resolve").0 - before.0, DAY * 1_000_000);
        assert_eq!(due("duty:authority-72"), duty);
        stage
            .act(Counsel, move |tx, env, p: &Permit<KeepClocks>| {
                clocks::end_duty(tx, env, p, case, "authority-72", "Notified by letter.")
            })
            .unwrap();
        let armed = stage.armed(case).unwrap();
        let duty = armed.promises.iter().find(|p| p.clock.word() == "duty:authority-72").unwrap();
        assert_eq!(duty.standing(stage.edge.env().now()), Standing::Kept);
    });
}

#[test]
fn whom_a_report_concerns_is_not_told_and_a_flag_is_told_at_once() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let case = stage.file();
        let handler = stage.c.of(stage.c.organisation, CaseHandler).person.unwrap();
        stage
            .act(Counsel, move |tx, env, p: &Permit<ExcludePeople>| {
                clocks::exclude(tx, env, p, case, handler, "The report names them.")?;
                clocks::flag(tx, env, p, case, Flag::Retaliation, "They were moved off a team.")
            })
            .unwrap();
        assert_eq!(stage.turn(), 1);
        assert_eq!(stage.mails(), ["counsel@1.example", "executive_sponsor@1.example"]);
        stage.wait(2 * HOUR + 1);
        assert_eq!(stage.turn(), 1);
        let done = t.db.read_blocking(move |conn| store::climbed(conn, case)).unwrap();
        let last = &done.last().unwrap().climbed;
        // The handlers would have been told; those of the next rung were.
        assert_eq!((last.route, &last.left_out[..]), (Route::Higher, &[handler][..]));
        assert!(!stage.mails().contains(&"case_handler@1.example".to_owned()));
        let kept_out =
            t.db.read_blocking(move |conn| cases::store::kept_out(conn, case, handler)).unwrap();
        assert!(kept_out);
    });
}

#[test]
fn a_deputy_stands_in_and_the_owners_absence_is_a_rung() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let case = stage.file();
        let person = |role| stage.c.of(stage.c.organisation, role).person.unwrap();
        let (handler, lead) = (person(CaseHandler), person(ComplianceLead));
        stage
            .act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
                service::assign(tx, env, p, case, 1, handler)
            })
            .unwrap();
        let now = stage.edge.env().now();
        let away = move |from: i64, to: i64, deputy| AbsenceInput {
            person: handler,
            deputy,
            from: now.plus_seconds(from),
            to: now.plus_seconds(to),
        };
        let state = |input| {
            stage.act(CaseHandler, move |tx, env, p: &Permit<StateAbsence>| {
                clocks::state_absence(tx, env, p, input)
            })
        };
        assert!(refusal(state(away(HOUR, HOUR, None))).to_string().contains("after the start"));
        let own = away(HOUR, DAY, Some(handler));
        assert!(refusal(state(own)).to_string().contains("themselves"));
        let id = state(away(HOUR, DAY, Some(lead))).unwrap();
        stage.wait(HOUR);
        assert_eq!(stage.turn(), 1);
        // The rung is for the case handlers; the only one is away, so the deputy is told.
        assert_eq!(stage.mails(), ["compliance_lead@1.example"]);
        stage
            .act(CaseHandler, move |tx, env, p: &Permit<StateAbsence>| {
                clocks::end_absence(tx, env, p, id)
            })
            .unwrap();
        let owner = stage.c.organisation;
        let now = stage.edge.env().now();
        let left = t.db.read_blocking(move |conn| store::absences(conn, owner, now)).unwrap();
        assert!(left.is_empty());
    });
}

#[test]
fn the_watchdog_finds_what_was_not_climbed_and_what_nobody_plans() {
    on_both(&ROOMS, |t| {
        let stage = Stage::new(t);
        let forgotten = stage.file();
        stage.put_in_force(template());
        let case = stage.file();
        // Nobody turns the clock for five hours.
        stage.wait(5 * HOUR);
        let pass = jobs::watch(&t.db, &*stage.edge, true).unwrap().remove(0);
        assert!(pass.missing.iter().all(|m| m.case == case) && pass.missing.len() >= 3);
        assert!(pass.silent.contains(&forgotten), "came in before there was a policy");
        assert!(pass.silent.contains(&case), "its time has passed and nothing happened");
        assert!(stage.mails().contains(&"compliance_lead@1.example".to_owned()), "an alarm");
        // It is not watched again before an hour has passed, unless asked.
        assert!(jobs::watch(&t.db, &*stage.edge, false).unwrap().is_empty());
        stage.turn();
        let pass = jobs::watch(&t.db, &*stage.edge, true).unwrap().remove(0);
        assert!(pass.missing.is_empty(), "{pass:?}");
        assert_eq!(pass.silent, [forgotten]);
        let owner = stage.c.organisation;
        let kept = t.db.read_blocking(move |conn| store::passes(conn, owner, 10)).unwrap();
        assert_eq!(kept.len(), 2, "each pass is evidence");
    });
}

#[test]
fn a_closed_case_is_left_alone_and_its_log_says_everything() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let case = stage.file();
        stage.triage(case, Severity::Low, 1);
        let tell = |text: &'static str, version| {
            stage.act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
                service::tell_reporter(tx, env, p, case, version, text)
            })
        };
        tell("We have looked into it.", 2).unwrap();
        stage
            .act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
                let outcome = (MessagePurpose::Outcome, "It was a slip and is put right.");
                service::casework::tell(tx, env, p, case, 3, outcome)
            })
            .unwrap();
        let reread = || {
            let owner = stage.c.organisation;
            t.db.read_blocking(move |conn| cases::store::case(conn, owner, case)).unwrap().unwrap()
        };
        let version = reread().version;
        stage
            .act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
                service::resolve(tx, env, p, case, version, ("A slip.", "It was put right."))
            })
            .unwrap();
        let version = reread().version;
        let closed = stage.act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
            service::close(tx, env, p, case, version, "Put right.")
        });
        closed.unwrap();
        assert_eq!(stage.armed(case).unwrap().next_at, None);
        stage.wait(400 * DAY);
        assert_eq!(stage.turn(), 0);
        assert!(stage.mails().is_empty(), "{:?}", stage.mails());
        let told =
            t.db.read_blocking(move |conn| history(conn, &book_of(case).to_string())).unwrap();
        for (_, _, payload) in told {
            serde_json::from_slice::<ClockEvent>(&payload.unwrap()).unwrap();
        }
    });
}

#[test]
fn only_those_named_may() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let facts = Facts::of(c.organisation);
        c.only::<KeepClocks>(&facts, &[CaseHandler, ComplianceLead, Counsel], &[]);
        c.only::<WritePolicy>(&facts, &[CaseHandler, ComplianceLead, Counsel], &[]);
        c.only::<ApprovePolicy>(&facts, &[ComplianceLead, ExecutiveSponsor], &[]);
        let firm = c.manager();
        assert_eq!(
            authorize::<cases::clocks::permits::Escalate>(&firm, &facts).map(|_| ()),
            Err(Refusal::NotFound)
        );
    });
}
