//! The room's commands and tables, on both databases.

mod common;

use common::{blamed, cast, engagement_input, refusal, run, state};
use kernel::ids::EngagementId;
use kernel::party::Role::{self, *};
use kernel::period::Period;
use kernel::permit::{Facts, authorize, scope as listing};
use kernel::refusal::Refusal;
use kernel::time::Timestamp;
use platform::journal::Room;
use platform::testing::on_both;
use scope::catalogue::Category;
use scope::model::{
    AssumedControl, ComponentKind, EngagementState as State, ReportType, SubserviceMethod,
};
use scope::permits::{DescribeSystem, JoinFirm, ManageEngagement, MoveEngagement, ReadEngagement};
use scope::service::{
    ComponentInput, EngagementInput, SubserviceInput, change_scope, describe_component,
    describe_subservice, join_firm, move_on, open_engagement, organisation_seen,
    state_user_entity_controls,
};
use scope::store;

const ROOMS: [Room; 2] = [identity::ROOM, scope::ROOM];

#[test]
fn who_may_do_what() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", Some(c.firm));
        let facts = t.db.read_blocking(move |conn| scope::facts(conn, id)).unwrap();
        let all = |side| -> Vec<Role> {
            Role::ALL.iter().copied().filter(|r| r.side() == side).collect()
        };
        use kernel::party::Side;
        c.only::<ReadEngagement>(&facts, &all(Side::ServiceOrganisation), &all(Side::Firm));
        c.only::<ManageEngagement>(&facts, &[ComplianceLead, ExecutiveSponsor], &[]);
        c.only::<JoinFirm>(&facts, &[ComplianceLead, ExecutiveSponsor], &[]);
        c.only::<MoveEngagement>(&facts, &[], &[Partner, Manager]);
        c.only::<DescribeSystem>(&facts, &[ComplianceLead], &[]);
        let none = EngagementId::new(Timestamp(0), 77);
        let missing = t.db.read_blocking(move |conn| scope::facts(conn, none));
        assert_eq!(refusal(missing), Refusal::NotFound);
    });
}

#[test]
fn an_engagement_is_opened_as_it_should_be_or_not_at_all() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let lead = c.lead();
        let owner = c.organisation;
        let open = |change: fn(&mut EngagementInput)| {
            let lead = lead.clone();
            run(t, move |tx, env| {
                let mut input = engagement_input("  2025 ");
                change(&mut input);
                let permit = authorize::<ManageEngagement>(&lead, &Facts::of(owner))?;
                open_engagement(tx, env, &permit, &input)
            })
        };
        assert_eq!(blamed(open(|i| i.name = " ".into())).0, "name");
        assert_eq!(blamed(open(|i| i.name = "x".repeat(201))).0, "name");
        assert_eq!(blamed(open(|i| i.name = "2025\u{202e}5202".into())).0, "name");
        assert_eq!(blamed(open(|i| i.system_name = "a\nb".into())).0, "system_name");
        let (field, text) = blamed(open(|i| i.report_type = ReportType::Type1));
        assert_eq!(field, "end");
        assert!(text.contains("as of one date"), "{text}");
        let (field, text) = blamed(open(|i| i.categories = vec![Category::Privacy]));
        assert_eq!(field, "categories");
        assert!(text.contains("Security is part of every SOC 2"), "{text}");
        assert_eq!(blamed(open(|i| i.categories.clear())).0, "categories");
        let id = open(|_| ()).unwrap();
        t.db.read_blocking(|conn| {
            let e = store::engagement(conn, id)?.expect("the engagement");
            assert_eq!((e.name.as_str(), e.version, e.firm), ("2025", 1, None));
            assert_eq!((e.state, e.locked(), e.organisation), (State::Preparation, false, owner));
            assert_eq!(e.criteria().len(), 33);
            assert_eq!(e.period, engagement_input("").period);
            for (who, seen) in [(c.lead(), 1), (c.of(c.other, ComplianceLead), 0), (c.manager(), 0)]
            {
                let found = store::engagements(conn, &listing::<ReadEngagement>(&who)?)?;
                assert_eq!(found.len(), seen);
            }
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn its_scope_changes_with_a_reason_until_the_report_is_issued() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", Some(c.firm));
        let lead = c.lead();
        let change = |version: i64, reason: &'static str| {
            let lead = lead.clone();
            run(t, move |tx, env| {
                let permit = authorize::<ManageEngagement>(&lead, &scope::facts(tx, id)?)?;
                let input = EngagementInput {
                    period: Period::parse("2025-07-01", "2025-12-31", "UTC").unwrap(),
                    categories: vec![Category::Privacy, Category::Security],
                    ..engagement_input("2025 H2")
                };
                change_scope(tx, env, &permit, version, &input, reason)
            })
        };
        assert_eq!(refusal(change(1, "Sold")), Refusal::Stale { seen: 1, now: 2 });
        assert_eq!(blamed(change(2, " ")).0, "reason");
        change(2, "The company was sold in June").unwrap();
        assert_eq!(refusal(change(2, "Again")), Refusal::Stale { seen: 2, now: 3 });
        let e = t.db.read_blocking(|conn| store::engagement(conn, id)).unwrap().unwrap();
        assert_eq!((e.name.as_str(), e.version), ("2025 H2", 3));
        assert_eq!(
            e.categories,
            [Category::Security, Category::Privacy],
            "in the catalogue's order"
        );
        assert_eq!(e.firm, Some(c.firm), "a change of scope keeps the firm");

        // A permit for another object changes nothing here.
        let elsewhere = run(t, {
            let lead = lead.clone();
            move |tx, env| {
                let own = Facts::of(lead.party.unwrap());
                let permit = authorize::<ManageEngagement>(&lead, &own)?;
                change_scope(tx, env, &permit, 3, &engagement_input("x"), "r")
            }
        });
        assert_eq!(refusal(elsewhere), Refusal::NotFound);

        let manager = c.manager();
        let go = |to: State| {
            let manager = manager.clone();
            run(t, move |tx, env| {
                let permit = authorize::<MoveEngagement>(&manager, &scope::facts(tx, id)?)?;
                move_on(tx, env, &permit, to)
            })
        };
        assert!(state(go(State::Issued)).contains("it cannot go to issued"));
        go(State::Fieldwork).unwrap();
        assert!(state(go(State::Fieldwork)).contains("cannot go to fieldwork"));
        assert!(state(go(State::Preparation)).contains("cannot go to preparation"));
        go(State::Issued).unwrap();
        assert!(state(change(5, "Too late")).contains("has been issued"));
        go(State::Locked).unwrap();
        assert!(state(change(6, "Too late")).contains("so this can no longer change"));
        assert!(state(go(State::Locked)).contains("so this can no longer change"));
        let e = t.db.read_blocking(|conn| store::engagement(conn, id)).unwrap().unwrap();
        assert!(e.locked() && e.version == 6);
    });
}

#[test]
fn a_firm_is_joined_once_and_nobody_stands_on_both_sides() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let id = c.engagement(t, "2025", None);
        let join = |firm| {
            let lead = c.lead();
            run(t, move |tx, env| {
                let permit = authorize::<JoinFirm>(&lead, &scope::facts(tx, id)?)?;
                join_firm(tx, env, &permit, firm)
            })
        };
        let without = {
            let manager = kernel::party::Actor::system(c.organisation, "test");
            run(t, move |tx, env| {
                let permit = authorize::<MoveEngagement>(&manager, &scope::facts(tx, id)?)?;
                move_on(tx, env, &permit, State::Fieldwork)
            })
        };
        assert!(state(without).contains("No firm is joined"));
        let nobody = kernel::ids::PartyId::new(Timestamp(0), 99);
        assert_eq!(blamed(join(nobody)).0, "firm");
        assert_eq!(blamed(join(c.other)).0, "firm");
        assert_eq!(blamed(join(c.organisation)).0, "firm");

        // Nobody of the organisation can come to work for a firm, and so to both sides of this.
        let (two, mail) = (c.firm, format!("{}@1.example", Role::Viewer));
        let both = run(t, move |tx, env| {
            identity::service::add_person_directly(tx, env, two, &mail, "Both", &[Role::Staff])
        });
        assert!(state(both).contains("nobody may hold both sides"));

        join(c.firm).unwrap();
        join(c.firm).unwrap();
        assert!(state(join(c.other_firm)).contains("Another firm is joined"));
        t.db.read_blocking(|conn| {
            let e = store::engagement(conn, id)?.expect("the engagement");
            assert_eq!((e.firm, e.version), (Some(c.firm), 2), "joined twice, recorded once");
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn a_firm_sees_the_organisation_of_an_engagement_that_joins_it() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let seen = |who: kernel::party::Actor, chosen| {
            t.db.read_blocking(move |conn| organisation_seen(conn, &who, chosen))
        };
        assert_eq!(seen(c.lead(), None).unwrap(), c.organisation);
        assert_eq!(refusal(seen(c.manager(), None)), Refusal::NotFound);
        let first = c.engagement(t, "2025", Some(c.firm));
        assert_eq!(seen(c.manager(), None).unwrap(), c.organisation);
        let second = c.engagement(t, "2026", Some(c.firm));
        let foreign = c.engagement(t, "Other firm", Some(c.other_firm));
        // Of one client it is clear whose records they are, however many engagements there are.
        assert_eq!(seen(c.manager(), None).unwrap(), c.organisation);
        for id in [first, second] {
            assert_eq!(seen(c.manager(), Some(id)).unwrap(), c.organisation);
        }
        assert_eq!(refusal(seen(c.manager(), Some(foreign))), Refusal::NotFound);
        let nobody = kernel::party::Actor { party: None, ..c.lead() };
        assert_eq!(refusal(seen(nobody, None)), Refusal::NotFound);
    });
}

#[test]
fn the_system_is_described() {
    on_both(&ROOMS, |t| {
        let c = cast(t);
        let owner = c.organisation;
        let own = c.of(owner, ControlOwner).person;
        let foreign = c.of(c.other, ControlOwner).person;
        let component = |name: &'static str, person, location: &'static str| {
            let permit = c.permit::<DescribeSystem>();
            run(t, move |tx, env| {
                let input = ComponentInput {
                    kind: ComponentKind::Software,
                    name: name.into(),
                    purpose: "Pays people".into(),
                    owner: person,
                    location: location.into(),
                };
                describe_component(tx, env, &permit, &input)
            })
        };
        assert_eq!(blamed(component("a\u{202e}b", own, "Cork")).0, "name");
        assert_eq!(blamed(component("App", own, "")).0, "location");
        assert_eq!(blamed(component("App", foreign, "Cork")).0, "owner");
        let id = component("App", own, "Cork").unwrap();
        component("Batch", None, "Cork").unwrap();

        let subservice = |method, assumed: Vec<AssumedControl>| {
            let permit = c.permit::<DescribeSystem>();
            run(t, move |tx, env| {
                let input = SubserviceInput {
                    name: "Cloud".into(),
                    service: "Machines".into(),
                    method,
                    assumed_controls: assumed.clone(),
                };
                describe_subservice(tx, env, &permit, &input)
            })
        };
        let good = AssumedControl {
            statement: "Restrict who enters the halls.".into(),
            criteria: vec!["CC6.4".parse().unwrap()],
        };
        let vague = AssumedControl { criteria: vec![], ..good.clone() };
        assert_eq!(blamed(subservice(SubserviceMethod::CarveOut, vec![])).0, "assumed_controls");
        assert_eq!(
            blamed(subservice(SubserviceMethod::CarveOut, vec![vague.clone()])).0,
            "criteria"
        );
        subservice(SubserviceMethod::CarveOut, vec![good.clone()]).unwrap();
        subservice(SubserviceMethod::Inclusive, vec![]).unwrap();

        let user = |controls: Vec<AssumedControl>| {
            let permit = c.permit::<DescribeSystem>();
            run(t, move |tx, env| state_user_entity_controls(tx, env, &permit, &controls))
        };
        assert_eq!(blamed(user(vec![good.clone(), vague])).0, "criteria");
        user(vec![good.clone(), good.clone()]).unwrap();
        user(vec![good.clone()]).unwrap();
        t.db.read_blocking(|conn| {
            let components = store::components(conn, owner)?;
            assert_eq!(components.len(), 2);
            assert_eq!((components[0].id, components[0].owner), (id, own));
            let methods: Vec<_> = store::subservices(conn, owner)?;
            assert_eq!(methods.len(), 2);
            assert!(methods.iter().any(|s| s.assumed_controls == [good.clone()]));
            assert_eq!(
                store::user_entity_controls(conn, owner)?,
                vec![good.clone()],
                "stated anew"
            );
            for other in [c.other, c.firm] {
                assert!(store::components(conn, other)?.is_empty());
                assert!(store::subservices(conn, other)?.is_empty());
                assert!(store::user_entity_controls(conn, other)?.is_empty());
            }
            Ok(())
        })
        .unwrap();
    });
}
