//! Runs that end without evidence: cancelled by somebody, or answered with words in place of a list.

use super::*;
use platform::db::Conn;
use platform::jobs::permits::ManageJobs;
use platform::jobs::{Job, mail, store as jobs};

/// An answer with the status 200.
pub(super) fn ok(kind: &str, body: &str) -> String {
    format!(
        "200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: {kind}\r\nETag: \"e1\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// An answer of another status.
pub(super) fn status(line: &str) -> String {
    format!("{line}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nerror")
}

impl Here<'_> {
    /// The jobs of the organisation in one state.
    fn jobs(&self, state: JobState) -> Vec<Job> {
        let owner = Some(self.cast.organisation);
        let list = move |c: &mut Conn<'_>| jobs::list(c, owner, state, None, 100);
        self.t.db.read_blocking(list).unwrap()
    }

    /// Has a job no longer done, as the page of jobs does.
    fn cancel(&self, job: &Job) {
        let (job, mut env) = (job.clone(), self.edge.env());
        let admin = self.cast.of(self.cast.organisation, Administrator);
        self.t
            .db
            .write_blocking(move |tx| {
                let owner = admin.party.unwrap();
                let permit = authorize::<ManageJobs>(&admin, &Facts::of(owner))?;
                jobs::cancel(tx, Some(owner), job.id, env.now())?;
                service::job_cancelled(tx, &mut env, &permit, &job)
            })
            .unwrap();
    }
}

#[test]
fn a_run_whose_job_is_cancelled_ends_as_cancelled() {
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        let run = here.plan(id).unwrap();
        let job = here.jobs(JobState::Waiting).into_iter().find(|j| j.kind == RUN).unwrap();
        here.cancel(&job);
        let found = here.run_of(run);
        assert_eq!(found.state, RunState::Cancelled);
        assert!(found.ended_at.is_some());
        assert_eq!(here.worker().tick().unwrap(), Ran::Nothing, "nothing is asked any more");
        assert_eq!(here.system.asked(), Vec::<String>::new());
        assert_eq!(here.waiting(&here.cast.lead()), 0, "nobody has to look at it");
        let mut w = web(&here);
        w.sign_in(&here.cast.lead());
        let page = w.get(&format!("/evidence/collectors/{id}")).body;
        assert!(
            page.contains("Its last run was cancelled") && page.contains("Cancelled"),
            "{page}"
        );
        assert!(w.get("/evidence/collectors").body.contains("Cancelled"));
        // A worker that holds it and comes back with nothing does not make it wait again.
        let run = here.plan(id).unwrap();
        let job = here.jobs(JobState::Waiting).into_iter().find(|j| j.kind == RUN).unwrap();
        here.cancel(&job);
        let (owner, mut env) = (here.cast.organisation, here.edge.env());
        t.db.write_blocking(move |tx| {
            let us = Actor::system(owner, "collectors");
            let permit = authorize::<RunCollector>(&us, &Facts::of(owner))?;
            let late = service::Attempt {
                run,
                number: 1,
                attempt: 1,
                status: None,
                why: "The system did not answer in time.".into(),
                last: false,
                answer: None,
            };
            service::failed(tx, &mut env, &permit, &late, "")
        })
        .unwrap();
        assert_eq!(here.run_of(run).state, RunState::Cancelled);
        // A run that has ended stays what it was.
        let run = here.plan(id).unwrap();
        while here.worker().tick().unwrap() != Ran::Nothing {}
        assert_eq!(here.run_of(run).state, RunState::Collected);
    });
}

#[test]
fn an_error_in_words_is_no_list_and_is_kept_to_be_read() {
    const WORDS: &str = "The report <is> being prepared. Try again later.\n";
    on_both(&ROOMS, |t| {
        let here = Here::new(t);
        let id = here.stated();
        here.system.says(&[ok("text/csv", WORDS)]);
        let run = here.plan(id).unwrap();
        assert!(matches!(here.worker().tick().unwrap(), Ran::Brought(_, JobState::Dead)));
        let found = here.run_of(run);
        assert_eq!((found.state, found.evidence), (RunState::Failed, None));
        assert!(found.why.contains("worker, left_on are not in it"), "{}", found.why);
        assert_eq!(here.items(), [], "it is no evidence");
        let kept = found.answer.unwrap();
        assert_eq!(here.blobs.read(&kept.sha256, kept.bytes).unwrap(), WORDS.as_bytes());
        let mut w = web(&here);
        let (page, answer) = (
            format!("/evidence/collectors/{id}"),
            format!("/evidence/collectors/{id}/runs/{run}/answer"),
        );
        w.sign_in(&here.cast.lead());
        assert!(w.get(&page).body.contains(&format!("href=\"{answer}\"")));
        let read =
            w.get(&format!("/evidence/collectors/{id}/runs/crn_01KE7H0000ZZZZZZZZZZZZZZZZ/answer"));
        assert_eq!(read.status, StatusCode::NOT_FOUND);
        for stranger in [here.cast.manager(), here.cast.of(here.cast.other, ComplianceLead)] {
            w.sign_in(&stranger);
            assert_eq!(w.get(&answer).status, StatusCode::NOT_FOUND);
        }
        // Whoever stated what is asked is told by mail, once, without the secret.
        let mails: Vec<Job> =
            here.jobs(JobState::Waiting).into_iter().filter(|j| j.kind == mail::KIND).collect();
        assert_eq!(mails.len(), 1, "{mails:?}");
        let text = here.everything();
        let owner = here.cast.lead().person.unwrap();
        let to = t.db.read_blocking(move |c| identity::store::person(c, owner)).unwrap().unwrap();
        for words in [
            to.email.as_str(),
            "The collector “Leavers of the month” failed",
            &format!("https://tickmark.example{page}"),
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        assert!(!text.contains("hr-8f2c71d0"));
        // What may go better tells nobody before it is given up.
        here.system.says(&[status("500 Internal Server Error"), ok("text/csv", CSV)]);
        here.plan(id).unwrap();
        assert!(matches!(here.worker().tick().unwrap(), Ran::Brought(_, JobState::Waiting)));
        let waiting = here.jobs(JobState::Waiting);
        assert_eq!(waiting.iter().filter(|j| j.kind == mail::KIND).count(), 1);
    });
}
