//! Jobs on both databases: planned with their cause, done under leases, neither lost nor doubled
//! beyond their key wherever the program stops.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use kernel::ids::PartyId;
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::db::{Error, Result, Tx};
use platform::edge::{Edge, FixedEdge};
use platform::jobs::{
    Ended, Fault, Handler, Job, JobId, JobState, NewJob, Ran, Recurrence, Runner, Schedule, Work,
    enqueue, schedule, store,
};
use platform::params;
use platform::testing::{TestDb, env, on_both};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, mpsc};

/// The lease of the handlers in these tests, in seconds.
const LEASE: i64 = 120;

fn party(n: u128) -> PartyId {
    PartyId::new(Timestamp(0), n)
}
fn edge() -> Arc<FixedEdge> {
    Arc::new(FixedEdge::new(env().now(), [9; 32]))
}

/// A receiver of effects: how often each key arrived.
type Receiver = Arc<Mutex<BTreeMap<String, usize>>>;

/// A handler made of a function.
struct Do<F>(F);
impl<F: Fn(&Work<'_>) -> Ended + Send + Sync> Handler for Do<F> {
    fn lease_seconds(&self) -> i64 {
        LEASE
    }
    fn run(&self, work: &Work<'_>) -> Ended {
        (self.0)(work)
    }
}
fn effect(receiver: &Receiver, work: &Work<'_>) {
    *receiver.lock().unwrap().entry(work.key().to_owned()).or_default() += 1;
}
fn arrives(receiver: &Receiver) -> impl Handler + use<> {
    let receiver = receiver.clone();
    Do(move |work: &Work<'_>| {
        effect(&receiver, work);
        Ended::done()
    })
}
/// A runner for jobs of the kind `note`.
fn runner(t: &TestDb, edge: &Arc<FixedEdge>, handler: impl Handler + 'static) -> Runner {
    Runner::new(t.db.clone(), edge.clone()).with("note", handler)
}

fn note(key: &str) -> NewJob {
    NewJob::new(Some(party(1)), "note", key, serde_json::json!({ "text": key })).about("a note")
}
fn plan(t: &TestDb, edge: &Arc<FixedEdge>, job: NewJob) -> Result<JobId> {
    let mut env = edge.env();
    t.db.write_blocking(move |tx| enqueue(tx, &mut env, &job))
}
fn look(t: &TestDb, id: JobId) -> Job {
    t.db.read_blocking(move |c| store::find(c, Some(party(1)), id)).unwrap().unwrap()
}
fn column(t: &TestDb, id: JobId, column: &str) -> Option<String> {
    let sql = format!("SELECT {column} AS x FROM job WHERE id = $1");
    t.db.read_blocking(move |c| c.query_one(&sql, params![id])?.get("x")).unwrap()
}

#[test]
fn a_job_exists_if_and_only_if_its_command_committed() {
    on_both(&[], |t| {
        let (edge, receiver) = (edge(), Receiver::default());
        let mut env = edge.env();
        let stopped: Result<()> = t.db.write_blocking(move |tx| {
            enqueue(tx, &mut env, &note("lost"))?;
            Err(Refusal::state("the program stops before the commit").into())
        });
        assert!(stopped.is_err());
        let runner = runner(t, &edge, arrives(&receiver));
        assert_eq!(runner.tick().unwrap(), Ran::Nothing);
        assert!(receiver.lock().unwrap().is_empty());
    });
}

/// Where the worker's program stops. A worker that stops writes nothing, which is what answering
/// [`Fault::Lost`] does.
#[derive(Clone, Copy)]
enum Stops {
    BeforeTheEffect,
    AfterTheEffect,
}

#[test]
fn wherever_the_program_stops_the_effect_comes_and_carries_the_same_key() {
    let cases = [(None, 1), (Some(Stops::BeforeTheEffect), 1), (Some(Stops::AfterTheEffect), 2)];
    for (stops, arrivals) in cases {
        on_both(&[], |t| {
            let (edge, receiver) = (edge(), Receiver::default());
            let id = plan(t, &edge, note("k1")).unwrap();
            if let Some(stops) = stops {
                let receiver = receiver.clone();
                let worker = runner(
                    t,
                    &edge,
                    Do(move |work: &Work<'_>| {
                        if matches!(stops, Stops::AfterTheEffect) {
                            effect(&receiver, work);
                        }
                        Err(Fault::Lost).into()
                    }),
                );
                assert_eq!(worker.tick().unwrap(), Ran::Fenced(id));
                assert_eq!(look(t, id).state, JobState::Leased);
            }
            let other = runner(t, &edge, arrives(&receiver));
            if stops.is_some() {
                assert_eq!(other.tick().unwrap(), Ran::Nothing, "the lease still holds");
                edge.advance_seconds(LEASE - 1);
                assert_eq!(other.tick().unwrap(), Ran::Nothing, "the lease still holds");
                edge.advance_seconds(1);
            }
            assert_eq!(other.tick().unwrap(), Ran::Brought(id, JobState::Done));
            assert_eq!(receiver.lock().unwrap().clone(), [("k1".to_owned(), arrivals)].into());
            // After the end: a restarted program finds nothing to do, however long it waits.
            edge.advance_seconds(10 * LEASE);
            assert_eq!(runner(t, &edge, arrives(&receiver)).tick().unwrap(), Ran::Nothing);
            let job = look(t, id);
            assert_eq!((job.state, job.due_at, job.can_retry), (JobState::Done, None, false));
            assert_eq!(column(t, id, "payload"), None, "what was sent is not kept");
        });
    }
}

#[test]
fn many_runners_at_once_do_each_job_once() {
    on_both(&[], |t| {
        let (edge, receiver) = (edge(), Receiver::default());
        for n in 0..40 {
            plan(t, &edge, note(&format!("k{n}"))).unwrap();
        }
        let done = AtomicI64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    let runner = runner(t, &edge, arrives(&receiver));
                    loop {
                        match runner.tick().unwrap() {
                            Ran::Brought(_, JobState::Done) => {
                                done.fetch_add(1, Ordering::Relaxed);
                            }
                            Ran::Nothing if done.load(Ordering::Relaxed) == 40 => return,
                            Ran::Nothing => std::thread::yield_now(),
                            other => panic!("{other:?}"),
                        }
                    }
                });
            }
        });
        let receiver = receiver.lock().unwrap();
        assert_eq!(receiver.len(), 40);
        assert!(receiver.values().all(|n| *n == 1), "{receiver:?}");
    });
}

#[test]
fn a_paused_worker_whose_lease_ran_out_writes_nothing() {
    on_both(&[], |t| {
        let (edge, receiver) = (edge(), Receiver::default());
        let id = plan(t, &edge, note("k1")).unwrap();
        let (begun, at_work) = mpsc::channel();
        let (go_on, wait) = mpsc::channel::<()>();
        let (begun, wait) = (Mutex::new(begun), Mutex::new(wait));
        let slow = runner(
            t,
            &edge,
            Do(move |work: &Work<'_>| {
                begun.lock().unwrap().send(()).unwrap();
                wait.lock().unwrap().recv().unwrap();
                assert_eq!(work.progress(1, 2), Err(Fault::Lost));
                Ended::done().and(|tx: &mut Tx<'_>, _| {
                    tx.execute("UPDATE job SET about = 'the paused worker was here'", &[])?;
                    Ok(())
                })
            }),
        );
        std::thread::scope(|scope| {
            let paused = scope.spawn(|| slow.tick().unwrap());
            at_work.recv().unwrap();
            edge.advance_seconds(LEASE);
            let other = runner(t, &edge, arrives(&receiver));
            assert_eq!(other.tick().unwrap(), Ran::Brought(id, JobState::Done));
            go_on.send(()).unwrap();
            assert_eq!(paused.join().unwrap(), Ran::Fenced(id));
        });
        let job = look(t, id);
        assert_eq!((job.state, job.fence, job.about.as_str()), (JobState::Done, 2, "a note"));
        assert_eq!(receiver.lock().unwrap()["k1"], 1);
    });
}

#[test]
fn what_a_handler_writes_with_its_end_is_written_once_or_not_at_all() {
    on_both(&[], |t| {
        let edge = edge();
        let id = plan(t, &edge, note("k1")).unwrap();
        let tries = AtomicI64::new(0);
        let worker = runner(
            t,
            &edge,
            Do(move |_: &Work<'_>| {
                let first = tries.fetch_add(1, Ordering::Relaxed) == 0;
                Ended::done().and(move |tx, env| {
                    enqueue(tx, env, &note("follows"))?;
                    if first { Err(Error::Other("the disk is full".into())) } else { Ok(()) }
                })
            }),
        );
        assert!(worker.tick().is_err());
        assert_eq!(look(t, id).state, JobState::Leased, "neither the end nor what goes with it");
        edge.advance_seconds(LEASE);
        assert_eq!(worker.tick().unwrap(), Ran::Brought(id, JobState::Done));
        let list = |state| {
            t.db.read_blocking(move |c| store::list(c, Some(party(1)), state, None, 10)).unwrap()
        };
        assert_eq!(list(JobState::Waiting).len(), 1);
        assert_eq!(list(JobState::Done).len(), 1);
    });
}

#[test]
fn failures_wait_longer_each_time_then_the_job_is_put_aside_until_a_person_asks() {
    on_both(&[], |t| {
        let edge = edge();
        let id = plan(t, &edge, note("k1").attempts(3)).unwrap();
        let failing =
            runner(t, &edge, Do(|_: &Work<'_>| Err(Fault::Again("no\nanswer".into())).into()));
        let mut waits = Vec::new();
        for attempt in 1..3 {
            assert_eq!(failing.tick().unwrap(), Ran::Brought(id, JobState::Waiting));
            let job = look(t, id);
            assert_eq!((job.attempts, job.error.as_str()), (attempt, "no answer"));
            let wait = job.due_at.unwrap().seconds_since(edge.env().now());
            waits.push(wait);
            edge.advance_seconds(wait - 1);
            assert_eq!(failing.tick().unwrap(), Ran::Nothing, "not before its time");
            edge.advance_seconds(1);
        }
        assert!((15..=30).contains(&waits[0]) && (30..=60).contains(&waits[1]), "{waits:?}");
        assert_eq!(failing.tick().unwrap(), Ran::Brought(id, JobState::Dead));
        edge.advance_seconds(86_400 * 30);
        assert_eq!(failing.tick().unwrap(), Ran::Nothing, "a dead job waits for a person");
        let totals = t.db.read_blocking(|c| store::totals(c, env().now())).unwrap();
        assert_eq!((totals.waiting, totals.dead, totals.oldest_due), (0, 1, None));

        let now = edge.env().now();
        let retry = move |tx: &mut Tx<'_>| store::retry(tx, Some(party(1)), id, now);
        let other = t.db.write_blocking(move |tx| store::retry(tx, Some(party(2)), id, now));
        assert!(matches!(other, Err(Error::Refused(Refusal::NotFound))), "another party's job");
        t.db.write_blocking(retry).unwrap();
        let receiver = Receiver::default();
        let worker = runner(t, &edge, arrives(&receiver));
        assert_eq!(worker.tick().unwrap(), Ran::Brought(id, JobState::Done));
        assert!(matches!(t.db.write_blocking(retry), Err(Error::Refused(Refusal::State(_)))));
    });
}

#[test]
fn a_job_that_stops_the_program_each_time_is_put_aside() {
    on_both(&[], |t| {
        let edge = edge();
        let id = plan(t, &edge, note("k1").attempts(2)).unwrap();
        let deadly = runner(t, &edge, Do(|_: &Work<'_>| Err(Fault::Lost).into()));
        for _ in 0..2 {
            assert_eq!(deadly.tick().unwrap(), Ran::Fenced(id));
            edge.advance_seconds(LEASE);
        }
        assert_eq!(deadly.tick().unwrap(), Ran::Brought(id, JobState::Dead));
        assert!(look(t, id).error.contains("stopped during each of 2 attempts"));
        // A panic is a failure like another and leaves the runner alive.
        let id = plan(t, &edge, note("k2")).unwrap();
        let panics = runner(t, &edge, Do(|_: &Work<'_>| panic!("a fault of the code")));
        assert_eq!(panics.tick().unwrap(), Ran::Brought(id, JobState::Waiting));
        assert_eq!(look(t, id).error, "The work stopped unexpectedly.");
    });
}

#[test]
fn long_work_reports_keeps_its_lease_and_sees_that_it_was_cancelled() {
    on_both(&[], |t| {
        let edge = edge();
        let id = plan(t, &edge, note("k1")).unwrap();
        let (clock, db) = (edge.clone(), t.db.clone());
        let worker = runner(
            t,
            &edge,
            Do(move |work: &Work<'_>| {
                for part in 1..100 {
                    clock.advance_seconds(LEASE - 20);
                    if let Err(fault) = work.progress(part, 100) {
                        assert_eq!(part, 3);
                        return Err(fault).into();
                    }
                    if part == 2 {
                        let now = work.env().now();
                        db.write_blocking(move |tx| store::cancel(tx, Some(party(1)), id, now))
                            .unwrap();
                    }
                }
                Ended::done()
            }),
        );
        assert_eq!(worker.tick().unwrap(), Ran::Brought(id, JobState::Cancelled));
        let job = look(t, id);
        assert_eq!((job.progress, job.can_retry), ((3, 100), false));
        assert_eq!(worker.tick().unwrap(), Ran::Nothing);

        // Waiting work is cancelled at once, and no more than once.
        let id = plan(t, &edge, note("k2")).unwrap();
        let now = edge.env().now();
        let cancel = move |tx: &mut Tx<'_>| store::cancel(tx, Some(party(1)), id, now);
        t.db.write_blocking(cancel).unwrap();
        assert_eq!(worker.tick().unwrap(), Ran::Nothing);
        assert!(matches!(t.db.write_blocking(cancel), Err(Error::Refused(Refusal::State(_)))));
    });
}

#[test]
fn the_same_key_is_one_job_and_never_another_partys() {
    on_both(&[], |t| {
        let edge = edge();
        let first = plan(t, &edge, note("k1")).unwrap();
        assert_eq!(plan(t, &edge, note("k1")).unwrap(), first);
        let other = NewJob { payload: serde_json::json!({ "text": "other" }), ..note("k1") };
        assert!(matches!(plan(t, &edge, other), Err(Error::Refused(Refusal::KeyReused))));
        let theirs = NewJob { party: Some(party(2)), ..note("k1") };
        assert_ne!(plan(t, &edge, theirs).unwrap(), first);
        assert_eq!(
            t.db.read_blocking(|c| store::counts(c, Some(party(2)))).unwrap(),
            [(JobState::Waiting, 1)]
        );
        for bad in ["", "with space", "ümlaut"] {
            assert!(plan(t, &edge, note(bad)).is_err());
        }
        // It stays one job after it was done and its content is gone.
        let worker = runner(t, &edge, arrives(&Receiver::default()));
        while worker.tick().unwrap() != Ran::Nothing {}
        assert_eq!(plan(t, &edge, note("k1")).unwrap(), first);
        assert_eq!(worker.tick().unwrap(), Ran::Nothing);
    });
}

#[test]
fn what_came_too_late_is_not_sent_and_not_kept() {
    on_both(&[], |t| {
        let (edge, receiver) = (edge(), Receiver::default());
        let until = edge.env().now().plus_seconds(3600);
        let id = plan(t, &edge, note("k1").until(until)).unwrap();
        edge.advance_seconds(3600);
        let worker = runner(t, &edge, arrives(&receiver));
        assert_eq!(worker.tick().unwrap(), Ran::Brought(id, JobState::Dead));
        assert!(receiver.lock().unwrap().is_empty());
        assert_eq!((look(t, id).can_retry, column(t, id, "payload")), (false, None));
        let now = edge.env().now();
        let again = t.db.write_blocking(move |tx| store::retry(tx, Some(party(1)), id, now));
        assert!(matches!(again, Err(Error::Refused(Refusal::State(_)))));
    });
}

#[test]
fn jobs_that_nobody_can_do_wait() {
    on_both(&[], |t| {
        let edge = edge();
        let id = plan(t, &edge, NewJob { kind: "mail".into(), ..note("k1") }).unwrap();
        let later = note("k2").at(edge.env().now().plus_seconds(60));
        plan(t, &edge, later).unwrap();
        let worker = runner(t, &edge, arrives(&Receiver::default()));
        edge.advance_seconds(30);
        assert_eq!(worker.tick().unwrap(), Ran::Nothing, "one has no handler, one is not due");
        assert_eq!(Runner::new(t.db.clone(), edge.clone()).tick().unwrap(), Ran::Nothing);
        assert_eq!(look(t, id).state, JobState::Waiting);
        assert_eq!(t.db.read_blocking(|c| store::waiting_of_kind(c, "mail")).unwrap(), 1);
        let now = edge.env().now();
        let totals = t.db.read_blocking(move |c| store::totals(c, now)).unwrap();
        assert_eq!((totals.waiting, totals.oldest_due), (2, Some(env().now())));
    });
}

fn daily(hour: i8) -> Schedule {
    let zone = kernel::zone::Zone::named("America/New_York").unwrap();
    Schedule {
        party: Some(party(1)),
        name: "reminders".into(),
        kind: "note".into(),
        payload: serde_json::json!({}),
        recurrence: Recurrence::daily(jiff::civil::time(hour, 30, 0, 0), zone),
    }
}

#[test]
fn a_schedule_plans_one_job_for_each_run_and_catches_up_once() {
    on_both(&[], |t| {
        let (edge, receiver) = (edge(), Receiver::default());
        let at = |text: &str| Timestamp::parse(text).unwrap();
        edge.set(at("2026-03-07T01:00:00-05:00"));
        let now = edge.env().now();
        let put = |s: Schedule, now| t.db.write_blocking(move |tx| schedule(tx, &s, now)).unwrap();
        let next =
            || t.db.read_blocking(|c| store::schedules::next_at(c, Some(party(1)), "reminders"));
        put(daily(2), now);
        let worker = runner(t, &edge, arrives(&receiver));
        assert_eq!(worker.tick().unwrap(), Ran::Nothing);
        edge.set(at("2026-03-07T02:30:00-05:00"));
        // Put in place again by every program that starts: nothing changes.
        put(daily(2), edge.env().now());
        assert_eq!(worker.tick().unwrap(), Ran::Planned(1));
        assert!(matches!(worker.tick().unwrap(), Ran::Brought(_, JobState::Done)));
        assert_eq!(worker.tick().unwrap(), Ran::Nothing);
        // 02:30 does not exist on 8 March: the run is at 03:00, which is 02:30's next instant.
        assert_eq!(next().unwrap(), Some(at("2026-03-08T03:00:00-04:00")));
        // The program stands still for a week: one run, named after the first that was missed.
        edge.set(at("2026-03-15T12:00:00-04:00"));
        assert_eq!(worker.tick().unwrap(), Ran::Planned(1));
        assert!(matches!(worker.tick().unwrap(), Ran::Brought(_, JobState::Done)));
        assert_eq!(worker.tick().unwrap(), Ran::Nothing);
        let keys: Vec<String> = receiver.lock().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["reminders@2026-03-07T07:30:00Z", "reminders@2026-03-08T07:00:00Z"]);
        assert_eq!(next().unwrap(), Some(at("2026-03-16T02:30:00-04:00")));
        put(daily(5), edge.env().now());
        assert_eq!(next().unwrap(), Some(at("2026-03-16T05:30:00-04:00")));
    });
}

#[test]
fn several_runners_plan_each_run_once() {
    on_both(&[], |t| {
        let (edge, receiver) = (edge(), Receiver::default());
        let now = edge.env().now();
        t.db.write_blocking(move |tx| schedule(tx, &daily(2), now)).unwrap();
        for day in 1..=5 {
            edge.set(now.plus_seconds(86_400 * day));
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        let worker = runner(t, &edge, arrives(&receiver));
                        while worker.tick().unwrap() != Ran::Nothing {}
                    });
                }
            });
        }
        let receiver = receiver.lock().unwrap();
        assert_eq!(receiver.len(), 5, "{receiver:?}");
        assert!(receiver.values().all(|n| *n == 1));
    });
}
