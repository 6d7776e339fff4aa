//! Commands and queries on both databases: signing in, invitations, tokens, deactivation, the wall.

mod common;

use common::*;
use identity::door::Door;
use identity::events::IdentityEvent;
use identity::model::MemberState;
use identity::rules::one_time;
use identity::rules::secrets::hash_password;
use identity::service::{self, Acceptance, TokenInput, Verified, permit_here};
use identity::{Directory, ROOM, permits, store};
use kernel::event::DomainEvent as _;
use kernel::party::{Role, Side, Via};
use kernel::permit::{Facts, authorize, scope};
use kernel::refusal::Refusal;
use platform::http::{Identities as _, session};
use platform::testing::on_both;

#[test]
fn a_right_password_signs_in_and_nothing_else_does() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let (token, person, party) =
            sign_in(t, noon(), " ADA@palmetto.example", PASSWORD, "").unwrap();
        assert_eq!((person, party), (w.admin, w.organisation));
        let found = t.db.read_blocking(|c| session::find(c, &token, noon())).unwrap().unwrap();
        assert_eq!((found.person, found.party), (w.admin, w.organisation));
        for (email, password) in [
            ("ada@palmetto.example", "a horse and a batterz"),
            ("ada@palmetto.example", ""),
            ("ada@palmetto.example ", &format!("{PASSWORD} ")),
            ("paul@oak.example", "a horse"),
            ("nobody@palmetto.example", PASSWORD),
            ("not an address", PASSWORD),
        ] {
            assert!(sign_in(t, noon(), email, password, "").is_none(), "{email} {password}");
        }
        let subject = service::sign_in_subject(w.admin);
        let seen = kinds(t, &subject);
        assert_eq!(seen[0], "identity.signed_in.v1");
        assert_eq!(seen.iter().filter(|k| *k == "identity.sign_in_failed.v1").count(), 3);
    });
}

#[test]
fn failures_in_the_log_are_bounded() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let fail = |minutes: i64| {
            let now = noon().plus_seconds(minutes * 60);
            run(t, now, move |tx, env| service::record_failure(tx, env, w.admin)).unwrap();
        };
        (0..25).for_each(|_| fail(0));
        let subject = service::sign_in_subject(w.admin);
        assert_eq!(kinds(t, &subject).len(), 10);
        (0..25).for_each(|_| fail(61));
        assert_eq!(kinds(t, &subject).len(), 20);
    });
}

#[test]
fn a_password_changed_after_it_was_checked_signs_nobody_in() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let checked = Verified::check(login(t, "ada@palmetto.example"), PASSWORD).unwrap();
        let hash = hash_password("another horse entirely", [3; 16]).unwrap();
        let proof = checked.clone();
        let me = own(&w.admin());
        let token =
            run(t, noon(), move |tx, env| service::change_password(tx, env, &me, &proof, &hash))
                .unwrap();
        let late = run(t, noon(), move |tx, env| service::sign_in(tx, env, &checked, "", None));
        assert!(matches!(late.unwrap(), service::Outcome::Failed));
        assert!(t.db.read_blocking(|c| session::find(c, &token, noon())).unwrap().is_some());
        assert!(sign_in(t, noon(), "ada@palmetto.example", PASSWORD, "").is_none());
        assert!(sign_in(t, noon(), "ada@palmetto.example", "another horse entirely", "").is_some());
    });
}

#[test]
fn changing_a_password_ends_the_other_sessions() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let old = sign_in(t, noon(), "ada@palmetto.example", PASSWORD, "").unwrap().0;
        let checked = Verified::check(login(t, "ada@palmetto.example"), PASSWORD).unwrap();
        let stranger = Verified::check(login(t, "paul@oak.example"), PASSWORD).unwrap();
        let hash = hash_password("another horse entirely", [3; 16]).unwrap();
        let (me, h) = (own(&w.admin()), hash.clone());
        let other =
            run(t, noon(), move |tx, env| service::change_password(tx, env, &me, &stranger, &h));
        assert!(matches!(refused(other), Refusal::Input { field: Some("current"), .. }));
        let me = own(&w.admin());
        run(t, noon(), move |tx, env| service::change_password(tx, env, &me, &checked, &hash))
            .unwrap();
        assert!(t.db.read_blocking(|c| session::find(c, &old, noon())).unwrap().is_none());
    });
}

#[test]
fn a_second_factor_is_asked_for_and_its_codes_work_once() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let me = own(&w.admin());
        let secret = run(t, noon(), move |tx, env| service::start_factor(tx, env, &me)).unwrap();
        // Not confirmed yet: the password alone still opens.
        assert!(sign_in(t, noon(), "ada@palmetto.example", PASSWORD, "").is_some());
        let me = own(&w.admin());
        let wrong = run(t, noon(), move |tx, env| service::add_factor(tx, env, &me, "000000"));
        assert!(matches!(refused(wrong), Refusal::Input { field: Some("code"), .. }));
        let (me, code) = (own(&w.admin()), one_time::code_at(&secret, noon()).unwrap());
        let codes =
            run(t, noon(), move |tx, env| service::add_factor(tx, env, &me, &code)).unwrap();
        let try_at = |seconds: i64, code: &str| {
            let now = noon().plus_seconds(seconds);
            sign_in(t, now, "ada@palmetto.example", PASSWORD, code).is_some()
        };
        let code_at =
            |seconds: i64| one_time::code_at(&secret, noon().plus_seconds(seconds)).unwrap();
        assert!(!try_at(0, ""), "a code is needed now");
        assert!(!try_at(0, &code_at(0)), "the code that confirmed is spent");
        assert!(try_at(60, &code_at(60)));
        assert!(!try_at(60, &code_at(60)), "replayed");
        assert!(!try_at(61, &code_at(30)), "an earlier one, after a later one was used");
        assert!(try_at(61, &code_at(90)), "one step early");
        assert!(!try_at(300, &code_at(100)), "long past");
        assert!(try_at(400, &codes[0].to_uppercase()), "a recovery code");
        assert!(!try_at(400, &codes[0]), "once");
        assert!(!try_at(400, "zzzz-zzzz-zzzz-zzzz"));
        let log = whole_log(t);
        assert!(log.contains("code_again") && log.contains("password_and_recovery_code"));
    });
}

#[test]
fn removing_a_factor_and_new_codes_need_a_code() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let me = own(&w.admin());
        let none = run(t, noon(), move |tx, env| service::remove_factor(tx, env, &me, "123456"));
        assert!(matches!(refused(none), Refusal::State(_)));
        let me = own(&w.admin());
        let secret = run(t, noon(), move |tx, env| service::start_factor(tx, env, &me)).unwrap();
        let (me, code) = (own(&w.admin()), one_time::code_at(&secret, noon()).unwrap());
        let first =
            run(t, noon(), move |tx, env| service::add_factor(tx, env, &me, &code)).unwrap();
        let me = own(&w.admin());
        assert!(matches!(
            refused(run(t, noon(), move |tx, env| service::start_factor(tx, env, &me))),
            Refusal::State(_)
        ));
        let me = own(&w.admin());
        let later = noon().plus_seconds(60);
        let code = one_time::code_at(&secret, later).unwrap();
        let second =
            run(t, later, move |tx, env| service::make_recovery_codes(tx, env, &me, &code))
                .unwrap();
        assert_eq!(second.len(), 10);
        let (me, old) = (own(&w.admin()), first[1].clone());
        let spent = run(t, later, move |tx, env| service::remove_factor(tx, env, &me, &old));
        assert!(matches!(refused(spent), Refusal::Input { field: Some("code"), .. }));
        let (me, new) = (own(&w.admin()), second[0].clone());
        run(t, later, move |tx, env| service::remove_factor(tx, env, &me, &new)).unwrap();
        assert!(sign_in(t, later, "ada@palmetto.example", PASSWORD, "").is_some());
        let kinds = kinds(t, &w.admin.to_string());
        assert!(kinds.ends_with(&[
            "identity.factor_added.v1".to_owned(),
            "identity.recovery_codes_made.v1".to_owned(),
            "identity.factor_removed.v1".to_owned()
        ]));
    });
}

#[test]
fn an_invitation_works_once_and_for_a_time() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let invite = |email: &'static str| {
            let permit = may_invite(&w.admin());
            run(t, noon(), move |tx, env| {
                service::invite(tx, env, &permit, email, &[Role::CaseHandler, Role::ControlOwner])
            })
        };
        let accept = |code: &str, seconds: i64| {
            let code = code.to_owned();
            let with = Acceptance {
                name: Some("Hal Handler".into()),
                password: Some(hash_password(PASSWORD, [4; 16]).unwrap()),
                signed_in: None,
            };
            run(t, noon().plus_seconds(seconds), move |tx, env| {
                service::accept_invitation(tx, env, &code, &with)
            })
        };
        let first = invite("hal@palmetto.example").unwrap();
        let second = invite("HAL@palmetto.example").unwrap();
        assert!(matches!(refused(accept(&first.code, 0)), Refusal::State(_)), "replaced");
        assert_eq!(refused(accept("no-such-code", 0)), Refusal::NotFound);
        assert_eq!(refused(accept(&"x".repeat(5000), 0)), Refusal::NotFound);
        assert!(matches!(refused(accept(&second.code, 7 * 86_400)), Refusal::State(_)), "run out");
        let accepted = accept(&second.code, 7 * 86_400 - 1).unwrap();
        assert_eq!((accepted.party, accepted.password_set), (w.organisation, true));
        assert!(matches!(refused(accept(&second.code, 10)), Refusal::State(_)), "once");
        assert_eq!(names(t, w.organisation), ["Ada Admin", "Hal Handler"]);
        assert!(sign_in(t, noon(), "hal@palmetto.example", PASSWORD, "").is_some());
        assert!(matches!(
            refused(invite("hal@palmetto.example")),
            Refusal::Input { field: Some("email"), .. }
        ));
        // Withdrawn by the administrator; another party's administrator finds nothing.
        let third = invite("ivy@palmetto.example").unwrap();
        let elsewhere = may_invite(&w.partner());
        let id = third.invitation;
        let foreign =
            run(t, noon(), move |tx, env| service::withdraw_invitation(tx, env, &elsewhere, id));
        assert_eq!(refused(foreign), Refusal::NotFound);
        let here = may_invite(&w.admin());
        run(t, noon(), move |tx, env| service::withdraw_invitation(tx, env, &here, id)).unwrap();
        assert!(matches!(refused(accept(&third.code, 1)), Refusal::State(_)));
    });
}

#[test]
fn nobody_takes_over_an_account_or_holds_both_sides_by_an_invitation() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        // A second client of the same firm, whose administrator invites somebody known elsewhere.
        let (other, boss) = run(t, noon(), |tx, env| {
            let (party, person, _) =
                service::bootstrap(tx, env, "Cedar Clinics", "cy@cedar.example", "Cy Chief")?;
            Ok((party, person))
        })
        .unwrap();
        let chief = actor(boss, other, Side::ServiceOrganisation, &[Role::Administrator]);
        let invite = |actor: &kernel::party::Actor, email: &'static str, role: Role| {
            let permit = may_invite(actor);
            run(t, noon(), move |tx, env| service::invite(tx, env, &permit, email, &[role]))
        };
        let accept = |code: &str, signed_in| {
            let (code, hash) = (code.to_owned(), hash_password("stolen horse", [5; 16]).unwrap());
            let with = Acceptance { name: Some("X".into()), password: Some(hash), signed_in };
            run(t, noon(), move |tx, env| service::accept_invitation(tx, env, &code, &with))
        };
        let known = invite(&chief, "ada@palmetto.example", Role::Viewer).unwrap();
        assert!(matches!(refused(accept(&known.code, None)), Refusal::State(_)));
        assert!(matches!(refused(accept(&known.code, Some(boss))), Refusal::State(_)));
        let joined = accept(&known.code, Some(w.admin)).unwrap();
        assert_eq!((joined.person, joined.password_set), (w.admin, false));
        assert!(sign_in(t, noon(), "ada@palmetto.example", PASSWORD, "").is_some(), "kept");
        // The new party cannot set the password of an account that another party made.
        let (permit, ada) = (may_manage(&chief), w.admin);
        let link = run(t, noon(), move |tx, env| service::password_link(tx, env, &permit, ada));
        assert!(matches!(refused(link), Refusal::State(_)));
        // The firm invites her: she stands on the other side.
        let both = invite(&w.partner(), "ada@palmetto.example", Role::Staff).unwrap();
        assert!(matches!(refused(accept(&both.code, Some(w.admin))), Refusal::State(_)));
        let clean = |a, b| t.db.read_blocking(|c| service::nobody_on_both_sides(c, a, b));
        clean(w.organisation, w.firm).unwrap();
        let named = refused(clean(w.organisation, other)).to_string();
        assert!(named.starts_with("Ada Admin acts for both"), "{named}");
    });
}

#[test]
fn a_forgotten_password_is_set_by_a_link_of_the_administrator() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let hal = run(t, noon(), move |tx, env| {
            let roles = [Role::CaseHandler];
            let email = "hal@palmetto.example";
            service::add_person_directly(tx, env, w.organisation, email, "Hal", &roles)
        })
        .unwrap();
        assert!(sign_in(t, noon(), "hal@palmetto.example", PASSWORD, "").is_none());
        let permit = may_manage(&w.admin());
        let link =
            run(t, noon(), move |tx, env| service::password_link(tx, env, &permit, hal)).unwrap();
        let with = Acceptance {
            password: Some(hash_password(PASSWORD, [6; 16]).unwrap()),
            ..Default::default()
        };
        let code = link.code;
        run(t, noon(), move |tx, env| service::accept_invitation(tx, env, &code, &with)).unwrap();
        assert!(sign_in(t, noon(), "hal@palmetto.example", PASSWORD, "").is_some());
        assert_eq!(names(t, w.organisation), ["Ada Admin", "Hal"], "the name is kept");
    });
}

fn known() -> Vec<&'static str> {
    vec!["cases:read", "cases:write", "people:read", permits::OWN_ACCOUNT]
}

#[test]
fn a_token_does_what_its_scopes_say_until_it_ends() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let make = |scopes: &[&str], actor: &kernel::party::Actor| {
            let input = TokenInput {
                name: "sync".into(),
                scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
                days: 30,
            };
            let permit = authorize(actor, &Facts::of(w.organisation)).unwrap();
            run(t, noon(), move |tx, env| service::make_token(tx, env, &permit, &input, &known()))
        };
        for wrong in [&["cases:delete"][..], &[permits::OWN_ACCOUNT], &[]] {
            assert!(matches!(refused(make(wrong, &w.admin())), Refusal::Input { .. }));
        }
        let token = make(&["people:read"], &w.admin()).unwrap();
        let door = Door::new(known());
        let directory = Directory::new(door);
        let look = |secret: &str, seconds: i64| {
            let now = noon().plus_seconds(seconds);
            t.db.read_blocking(|c| directory.by_token(c, secret, now)).unwrap()
        };
        let who = look(&token.secret, 60).unwrap();
        assert_eq!((who.actor.person, &*who.party), (Some(w.admin), "Palmetto Payroll"));
        assert!(scope::<permits::ReadPeople>(&who.actor).is_ok());
        let more = authorize::<permits::Invite>(&who.actor, &Facts::of(w.organisation));
        assert!(matches!(more, Err(Refusal::Forbidden(_))), "the role is there, the scope is not");
        assert!(permit_here::<permits::ManageOwnAccount>(&who.actor).is_err());
        for wrong in ["", "tmk_", "tmk_AAAA", &token.secret[4..], &token.secret.to_uppercase()] {
            assert!(look(wrong, 60).is_none(), "{wrong}");
        }
        assert!(look(&token.secret, 30 * 86_400 - 1).is_some());
        assert!(look(&token.secret, 30 * 86_400).is_none(), "expired");
        // Another person cannot revoke it; its owner can.
        let (foreign, id) = (may_make_token(&w.partner()), token.id);
        let stolen = run(t, noon(), move |tx, env| service::revoke_token(tx, env, &foreign, id));
        assert_eq!(refused(stolen), Refusal::NotFound);
        let mine = may_make_token(&w.admin());
        run(t, noon(), move |tx, env| service::revoke_token(tx, env, &mine, id)).unwrap();
        assert!(look(&token.secret, 60).is_none(), "revoked");
    });
}

#[test]
fn a_token_gives_no_more_than_it_has() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let scopes = vec!["cases:read".to_owned(), "tokens:write".to_owned()];
        let token = kernel::party::Actor { via: Via::Token { scopes }, ..w.admin() };
        let make = |scope: &str| {
            let permit = may_make_token(&token);
            let input =
                TokenInput { name: "child".into(), scopes: vec![scope.to_owned()], days: 1 };
            run(t, noon(), move |tx, env| service::make_token(tx, env, &permit, &input, &known()))
        };
        assert!(make("cases:read").is_ok());
        assert!(matches!(refused(make("cases:write")), Refusal::Input { .. }));
    });
}

#[test]
fn deactivation_ends_sessions_and_tokens_at_once() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let hal = run(t, noon(), move |tx, env| {
            let email = "hal@palmetto.example";
            let roles = [Role::CaseHandler];
            service::add_person_directly(tx, env, w.organisation, email, "Hal", &roles)
        })
        .unwrap();
        let me = actor(hal, w.organisation, Side::ServiceOrganisation, &[Role::CaseHandler]);
        let (permit, input) = (
            may_make_token(&me),
            TokenInput { name: "x".into(), scopes: vec!["cases:read".into()], days: 9 },
        );
        let token =
            run(t, noon(), move |tx, env| service::make_token(tx, env, &permit, &input, &known()))
                .unwrap();
        let entered =
            run(t, noon(), move |tx, env| service::demonstration_sign_in(tx, env, hal)).unwrap();
        let service::Outcome::In { token: cookie, .. } = entered else { panic!("not let in") };
        let directory = Directory::new(Door::new(known()));
        let version =
            t.db.read_blocking(|c| store::member(c, w.organisation, hal))
                .unwrap()
                .unwrap()
                .membership
                .version;
        let deactivate = |version: i64| {
            let permit = may_manage(&w.admin());
            run(t, noon(), move |tx, env| service::deactivate(tx, env, &permit, hal, version))
        };
        assert!(matches!(refused(deactivate(version + 1)), Refusal::Stale { .. }));
        deactivate(version).unwrap();
        t.db.read_blocking(|c| {
            assert!(session::find(c, &cookie, noon())?.is_none());
            assert!(directory.by_token(c, &token.secret, noon())?.is_none());
            assert!(directory.by_session(c, hal, w.organisation)?.is_none());
            let member = store::member(c, w.organisation, hal)?.unwrap();
            assert_eq!(member.membership.state, MemberState::Deactivated);
            assert_eq!(member.profile.state, MemberState::Deactivated);
            Ok(())
        })
        .unwrap();
        let again = run(t, noon(), move |tx, env| service::demonstration_sign_in(tx, env, hal));
        assert!(matches!(again.unwrap(), service::Outcome::Failed));
        let permit = may_manage(&w.admin());
        run(t, noon(), move |tx, env| service::reactivate(tx, env, &permit, hal, &[Role::Viewer]))
            .unwrap();
        t.db.read_blocking(|c| {
            let back = directory.by_session(c, hal, w.organisation)?.unwrap();
            assert!(back.actor.roles.has(Role::Viewer) && !back.actor.roles.has(Role::CaseHandler));
            assert!(directory.by_token(c, &token.secret, noon())?.is_none(), "stays revoked");
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn the_last_administrator_stays() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let (first, second) = (may_manage(&w.admin()), may_manage(&w.admin()));
        let roles = run(t, noon(), move |tx, env| {
            service::change_roles(tx, env, &first, w.admin, 1, &[Role::Viewer])
        });
        assert!(matches!(refused(roles), Refusal::State(_)));
        let gone = run(t, noon(), move |tx, env| service::deactivate(tx, env, &second, w.admin, 1));
        assert!(matches!(refused(gone), Refusal::State(_)));
        let foreign = may_manage(&w.admin());
        let sides = run(t, noon(), move |tx, env| {
            service::change_roles(
                tx,
                env,
                &foreign,
                w.admin,
                1,
                &[Role::Administrator, Role::Partner],
            )
        });
        assert!(matches!(refused(sides), Refusal::Input { field: Some("roles"), .. }));
    });
}

#[test]
fn people_of_another_party_are_not_there() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        assert_eq!(names(t, w.organisation), ["Ada Admin"]);
        assert_eq!(names(t, w.firm), ["Paul Partner"]);
        let (admin, partner) = (w.admin(), w.partner());
        let over = authorize::<permits::ReadPeople>(&admin, &Facts::of(w.firm));
        assert_eq!(over.unwrap_err(), Refusal::NotFound);
        let over = authorize::<permits::ReadPeople>(&partner, &Facts::of(w.organisation));
        assert_eq!(over.unwrap_err(), Refusal::NotFound);
        let mine = scope::<permits::ReadPeople>(&admin).unwrap().party();
        assert!(t.db.read_blocking(|c| store::member(c, mine, w.partner)).unwrap().is_none());
        for permit in [may_manage(&admin), may_manage(&admin)] {
            let partner = w.partner;
            let reach = run(t, noon(), move |tx, env| {
                service::change_roles(tx, env, &permit, partner, 1, &[Role::Administrator])
            });
            assert_eq!(refused(reach), Refusal::NotFound);
        }
    });
}

#[test]
fn lists_go_page_by_page_without_loss() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        run(t, noon(), move |tx, env| {
            for n in 0..25 {
                // Some share a name, so that the id must decide.
                let (email, name) = (format!("p{n}@palmetto.example"), format!("P{}", n / 3));
                let roles = [Role::Viewer];
                service::add_person_directly(tx, env, w.organisation, &email, &name, &roles)?;
            }
            Ok(())
        })
        .unwrap();
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page =
                t.db.read_blocking(|c| store::people_page(c, w.organisation, after.as_ref(), 4))
                    .unwrap();
            let Some(last) = page.last() else { break };
            after = Some(store::After { name: last.profile.name.clone(), id: last.profile.id });
            seen.extend(page.into_iter().map(|m| m.profile.id));
        }
        let all = t.db.read_blocking(|c| store::people_of(c, w.organisation)).unwrap();
        assert_eq!(seen, all.iter().map(|m| m.profile.id).collect::<Vec<_>>());
        assert_eq!(seen.len(), 26);
        let counts = t.db.read_blocking(|c| store::people_counts(c, w.organisation)).unwrap();
        assert_eq!(counts, (26, 0));
    });
}

#[test]
fn no_secret_is_in_the_log() {
    on_both(&[ROOM], |t| {
        let w = world(t);
        let me = own(&w.admin());
        let secret = run(t, noon(), move |tx, env| service::start_factor(tx, env, &me)).unwrap();
        let (me, code) = (own(&w.admin()), one_time::code_at(&secret, noon()).unwrap());
        let codes =
            run(t, noon(), move |tx, env| service::add_factor(tx, env, &me, &code)).unwrap();
        let (permit, input) = (
            may_make_token(&w.admin()),
            TokenInput { name: "x".into(), scopes: vec!["cases:read".into()], days: 9 },
        );
        let token =
            run(t, noon(), move |tx, env| service::make_token(tx, env, &permit, &input, &known()))
                .unwrap();
        let permit = may_invite(&w.admin());
        let invited = run(t, noon(), move |tx, env| {
            service::invite(tx, env, &permit, "hal@palmetto.example", &[Role::Viewer])
        })
        .unwrap();
        sign_in(t, noon(), "ada@palmetto.example", PASSWORD, &codes[0]).unwrap();
        let log = whole_log(t);
        assert!(log.contains("ada@palmetto.example"), "the log is read at all");
        let kept = [&token.secret, &invited.code, &codes[0], &codes[1]].map(|secret| {
            use identity::rules::secrets::{digest, recovery_digest};
            [secret.clone(), hex::encode(digest(secret)), hex::encode(recovery_digest(secret))]
        });
        for text in kept.into_iter().flatten() {
            assert!(!log.contains(&text), "{text}");
        }
        assert!(!log.contains("argon2") && !log.contains(PASSWORD));
        assert!(!log.contains(&hex::encode(&secret)));
        assert!(!log.contains(&one_time::in_words(&secret).unwrap().replace(' ', "")));
        assert!(IdentityEvent::KINDS.iter().all(|(kind, _)| kind.starts_with("identity.")));
    });
}
