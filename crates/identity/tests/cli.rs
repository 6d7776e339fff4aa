//! The subcommands, and acting for another of one's own parties, on both databases.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod common;

use common::*;
use identity::cli::{InviteArgs, TokenArgs, invite, token_create};
use identity::service::{self, Acceptance, Outcome};
use identity::{Directory, Door, ROOM};
use kernel::party::{Actor, Role};
use kernel::refusal::Refusal;
use platform::blobs::{Blobs, LocalStore};
use platform::cli::Context;
use platform::edge::FixedEdge;
use platform::http::{Identities as _, session};
use platform::testing::{TestDb, on_both};
use std::sync::Arc;

fn context(t: &TestDb, w: &World) -> Context {
    Context {
        db: t.db.clone(),
        journal: t.journal.clone(),
        blobs: Arc::new(Blobs::new(LocalStore::open(&t.folder.path().join("blobs")).unwrap())),
        edge: Arc::new(FixedEdge::new(noon(), at(noon()).bytes())),
        actor: Actor::system(w.organisation, "command-line"),
    }
}

#[test]
fn people_are_invited_at_the_command_line() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let cx = context(t, &w);
        let args = |party: Option<&str>, role: &str| InviteArgs {
            email: "hal@palmetto.example".into(),
            roles: vec![role.into()],
            party: party.map(str::to_owned),
        };
        let which = invite(&cx, &args(None, "viewer")).unwrap_err().to_string();
        assert!(which.contains("--party") && which.contains("Palmetto Payroll (pty_"), "{which}");
        let role = invite(&cx, &args(Some("Palmetto Payroll"), "king")).unwrap_err().to_string();
        assert!(role.contains("no role “king”") && role.contains("compliance_lead"), "{role}");
        let side = invite(&cx, &args(Some("Palmetto Payroll"), "partner")).unwrap_err();
        assert!(side.to_string().contains("other side"));
        let done = invite(&cx, &args(Some("Palmetto Payroll"), "viewer")).unwrap();
        let code = done.json["path"].as_str().unwrap().strip_prefix("/invitation/").unwrap();
        let (code, hash) =
            (code.to_owned(), identity::rules::secrets::hash_password(PASSWORD, [9; 16]).unwrap());
        let with = Acceptance { name: Some("Hal".into()), password: Some(hash), signed_in: None };
        run(t, noon(), move |tx, env| service::accept_invitation(tx, env, &code, &with)).unwrap();
        assert!(sign_in(t, noon(), "hal@palmetto.example", PASSWORD, "").is_some());
    });
}

#[test]
fn tokens_are_made_at_the_command_line() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let cx = context(t, &w);
        let known = ["people:read"];
        let args = |person: &str, scope: &str| TokenArgs {
            person: person.into(),
            name: "nightly".into(),
            scopes: vec![scope.into()],
            days: 7,
            party: None,
        };
        let nobody = token_create(&cx, &args("no@x.example", "people:read"), &known).unwrap_err();
        assert!(nobody.to_string().contains("Nobody here"));
        let scope = token_create(&cx, &args("ada@palmetto.example", "x:y"), &known).unwrap_err();
        assert!(scope.to_string().contains("people:read"));
        let made = token_create(&cx, &args("Ada@palmetto.example", "people:read"), &known).unwrap();
        let secret = made.json["secret"].as_str().unwrap();
        let directory = Directory::new(Door::new(known.to_vec()));
        let who = t.db.read_blocking(|c| directory.by_token(c, secret, noon())).unwrap().unwrap();
        assert_eq!((who.actor.person, who.actor.party), (Some(w.admin), Some(w.organisation)));
    });
}

#[test]
fn somebody_of_two_parties_acts_for_one_at_a_time() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let other = run(t, noon(), move |tx, env| {
            let (other, _, _) =
                service::bootstrap(tx, env, "Cedar Clinics", "cy@cedar.example", "Cy Chief")?;
            let email = "ada@palmetto.example";
            let roles = [Role::Viewer];
            let person = service::add_person_directly(tx, env, other, email, "Ignored", &roles)?;
            assert_eq!(person, w.admin, "the same account");
            Ok(other)
        })
        .unwrap();
        let token = sign_in(t, noon(), "ada@palmetto.example", PASSWORD, "").unwrap().0;
        let here = session::digest(&token);
        let foreign = (own(&w.admin()), here.clone());
        let over = run(t, noon(), move |tx, env| {
            service::switch_party(tx, env, &foreign.0, &foreign.1, w.firm)
        });
        assert_eq!(refused(over), Refusal::NotFound);
        let me = own(&w.admin());
        let switched =
            run(t, noon(), move |tx, env| service::switch_party(tx, env, &me, &here, other));
        let Ok(Outcome::In { token: new, party, .. }) = switched else { panic!("not switched") };
        assert_eq!(party, other);
        t.db.read_blocking(|c| {
            assert!(session::find(c, &token, noon())?.is_none(), "the earlier session ended");
            assert_eq!(session::find(c, &new, noon())?.unwrap().party, other);
            let door = Door::new(Vec::new());
            let who = Directory::new(door).by_session(c, w.admin, other)?.unwrap();
            assert_eq!((who.role.as_str(), who.party.as_str()), ("Viewer", "Cedar Clinics"));
            Ok(())
        })
        .unwrap();
        assert_eq!(names(t, other), ["Ada Admin", "Cy Chief"]);
    });
}
