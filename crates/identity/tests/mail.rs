//! The link of an invitation by mail: planned with the invitation, taken back with it, kept nowhere
//! once it was sent.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod common;

use common::*;
use identity::ROOM;
use identity::rules::secrets::hash_password;
use identity::service::{self, Acceptance, Invited, Letter};
use kernel::party::Role;
use kernel::refusal::Refusal;
use platform::db::Result;
use platform::edge::FixedEdge;
use platform::jobs::mail::Mail;
use platform::jobs::{Ended, Handler, JobState, Ran, Runner, Work, store};
use platform::testing::{TestDb, on_both};
use platform::words::Words;
use std::sync::{Arc, Mutex};

/// Keeps what it is given to send.
#[derive(Clone, Default)]
struct Outbox(Arc<Mutex<Vec<Mail>>>);

impl Handler for Outbox {
    fn run(&self, work: &Work<'_>) -> Ended {
        self.0.lock().unwrap().push(work.payload().unwrap());
        Ended::done()
    }
}

fn invite(t: &TestDb, w: &World, committed: bool) -> Result<Invited> {
    let permit = may_invite(&w.admin());
    let letter = Letter { base_url: "https://tickmark.example".into(), words: Words::english() };
    run(t, noon(), move |tx, env| {
        let roles = [Role::CaseHandler];
        let invited = service::invite(tx, env, &permit, "hal@palmetto.example", &roles)?;
        service::mail_link(tx, env, &permit, &invited, &letter)?;
        if committed { Ok(invited) } else { Err(Refusal::state("not after all").into()) }
    })
}

/// Everything in the tables of jobs and of the log, as one text.
fn everything(t: &TestDb) -> String {
    let rows = t.db.read_blocking(|c| c.query("SELECT * FROM job", &[])).unwrap();
    format!("{rows:?}\n{}", whole_log(t))
}

fn postman(t: &TestDb, edge: &Arc<FixedEdge>) -> (Runner, Outbox) {
    let outbox = Outbox::default();
    (Runner::new(t.db.clone(), edge.clone()).with("mail", outbox.clone()), outbox)
}

#[test]
fn the_mail_comes_with_the_invitation_and_its_link_is_kept_nowhere() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let edge = Arc::new(FixedEdge::new(noon(), [5; 32]));
        let (postman, outbox) = postman(t, &edge);
        assert!(invite(t, &w, false).is_err());
        assert_eq!(postman.tick().unwrap(), Ran::Nothing, "no invitation, no mail");

        let invited = invite(t, &w, true).unwrap();
        assert!(!whole_log(t).contains(&invited.code));
        assert!(matches!(postman.tick().unwrap(), Ran::Brought(_, JobState::Done)));
        let mails = outbox.0.lock().unwrap().clone();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "hal@palmetto.example"));
        assert_eq!(mails[0].subject, "Palmetto Payroll invites you to Tickmark");
        let link = format!("https://tickmark.example/invitation/{}", invited.code);
        assert!(mails[0].text.contains(&link) && mails[0].text.contains("9 March 2026"));
        assert!(!everything(t).contains(&invited.code), "neither the job nor the log keeps it");

        let with = Acceptance {
            name: Some("Hal".into()),
            password: Some(hash_password(PASSWORD, [4; 16]).unwrap()),
            signed_in: None,
        };
        let code = invited.code;
        run(t, noon(), move |tx, env| service::accept_invitation(tx, env, &code, &with)).unwrap();
    });
}

#[test]
fn a_withdrawn_or_replaced_invitation_is_not_mailed() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let edge = Arc::new(FixedEdge::new(noon(), [5; 32]));
        let (postman, outbox) = postman(t, &edge);
        let first = invite(t, &w, true).unwrap();
        let second = invite(t, &w, true).unwrap();
        assert!(!everything(t).contains(&first.code), "replaced");
        let permit = may_invite(&w.admin());
        run(t, noon(), move |tx, env| {
            service::withdraw_invitation(tx, env, &permit, second.invitation)
        })
        .unwrap();
        assert!(!everything(t).contains(&second.code), "withdrawn");
        // One that could not be sent in its time goes too.
        let late = invite(t, &w, true).unwrap();
        edge.set(late.expires_at);
        assert!(matches!(postman.tick().unwrap(), Ran::Brought(_, JobState::Dead)));
        assert_eq!(postman.tick().unwrap(), Ran::Nothing);
        assert!(!everything(t).contains(&late.code), "run out");
        assert!(outbox.0.lock().unwrap().is_empty());
        let counts = t.db.read_blocking(|c| store::counts(c, Some(w.organisation))).unwrap();
        assert_eq!(counts, [(JobState::Cancelled, 2), (JobState::Dead, 1)]);
    });
}
