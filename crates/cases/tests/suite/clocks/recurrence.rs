//! The same matter again: linked or confirmed by people, it sets off the ladder's rung.

use super::*;
use cases::clocks::model::Promise;
use cases::patterns::permits::DecideLinks;
use cases::patterns::service::{Decision, decide};
use cases::work::model::{LinkId, Relation};
use cases::work::service as work;

fn link(stage: &Stage<'_>, case: CaseId, other: CaseId, relation: Relation) -> Result<LinkId> {
    let number = stage.number(other);
    stage.act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
        work::link_cases(tx, env, p, case, (&number, relation, "The same list went astray."))
    })
}

fn confirm(stage: &Stage<'_>, one: CaseId, other: CaseId, same: bool, reason: &'static str) {
    stage
        .act(ComplianceLead, move |tx, env, p: &Permit<DecideLinks>| {
            let reason = reason.to_owned();
            let decision = Decision { one, other, same, method: None, likeness: 900, reason };
            decide(tx, env, p, &decision)
        })
        .unwrap();
}

/// How often the rung for recurrence was climbed for a case, and which of its kind it is.
fn told(stage: &Stage<'_>, case: CaseId) -> (usize, usize) {
    stage.turn();
    let owner = stage.c.organisation;
    stage
        .t
        .db
        .read_blocking(move |conn| {
            let done = store::climbed(conn, case)?;
            let why = |d: &&store::Done| d.climbed.planned.why == "recurrence 3";
            let facts = clocks::facts_of(conn, owner, case)?;
            Ok((done.iter().filter(why).count(), facts.recurrences.len() + 1))
        })
        .unwrap()
}

#[test]
fn the_third_of_a_matter_is_told_once_however_it_was_tied() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let mut cases = Vec::new();
        for _ in 0..4 {
            cases.push(stage.file());
            stage.wait(60);
        }
        let (first, second, third, other) = (cases[0], cases[1], cases[2], cases[3]);
        // A link of another kind says nothing about coming again.
        link(&stage, third, other, Relation::Related).unwrap();
        link(&stage, second, first, Relation::RecurrenceOf).unwrap();
        assert_eq!(told(&stage, second), (0, 2));
        assert!(stage.mails().is_empty());
        // That the third is the second again makes it the third, though nobody tied it to the first.
        confirm(&stage, second, third, true, "");
        assert_eq!((told(&stage, third), told(&stage, second)), ((1, 3), (0, 2)));
        assert_eq!(stage.mails(), ["compliance_lead@1.example"]);
        // Said again with another reason, linked beside: nobody is told a second time.
        stage.wait(60);
        confirm(&stage, third, second, true, "Read again.");
        link(&stage, third, first, Relation::RecurrenceOf).unwrap();
        assert_eq!(told(&stage, third), (1, 3));
        let promises: Vec<Promise> = stage.armed(third).unwrap().promises;
        assert!(promises.iter().all(Promise::open), "it keeps no promise");
        stage.wait(600);
        let pass = jobs::watch(&t.db, &*stage.edge, true).unwrap().remove(0);
        assert!(pass.good() && (pass.planned, pass.climbed) == (1, 1), "{pass:?}");
    });
}

#[test]
fn what_is_taken_back_before_its_time_tells_nobody() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let [first, second, third] = [(); 3].map(|()| {
            stage.wait(60);
            stage.file()
        });
        confirm(&stage, first, second, true, "");
        let id = link(&stage, third, second, Relation::RecurrenceOf).unwrap();
        let due = || stage.armed(third).unwrap().next_at.unwrap() <= stage.edge.env().now();
        assert!(due(), "it is the third");
        stage
            .act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
                work::unlink(tx, env, p, id, 1, "It was another list.")
            })
            .unwrap();
        confirm(&stage, first, second, false, "Neither was this.");
        assert!(!due(), "nothing is due any more");
        assert_eq!(stage.turn(), 0);
        assert!(stage.mails().is_empty());
    });
}

#[test]
fn whom_a_report_concerns_cannot_find_it_by_linking() {
    on_both(&ROOMS, |t| {
        let stage = Stage::with_policy(t);
        let (case, hidden) = (stage.file(), stage.file());
        let handler = stage.c.of(stage.c.organisation, CaseHandler).person.unwrap();
        stage
            .act(Counsel, move |tx, env, p: &Permit<ExcludePeople>| {
                clocks::exclude(tx, env, p, hidden, handler, "The report names them.")
            })
            .unwrap();
        let refused = refusal(link(&stage, case, hidden, Relation::RecurrenceOf));
        let strange = stage.act(CaseHandler, move |tx, env, p: &Permit<HandleCase>| {
            let link = ("INC-0000-0000", Relation::RecurrenceOf, "As before.");
            work::link_cases(tx, env, p, case, link)
        });
        assert_eq!(refused.to_string(), refusal(strange).to_string(), "as if there were none");
    });
}
