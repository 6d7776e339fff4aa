//! A register that grows after a population was frozen from it.

use crate::asks::{ALL, reported};
use crate::support::*;
use examination::ipe::service::{explain_growth, growth};
use examination::service::register::Grown;
use examination::supplied::model::Origin as From;

#[test]
fn an_accepted_population_stays_as_it_was_frozen_when_its_source_grows() {
    on_both(ALL, |t| {
        let w = World::new(t);
        let at = |text: &str| Timestamp::parse(text).unwrap();
        reported(&w, 1, at("2025-03-01T10:00:00Z"));
        reported(&w, 2, at("2025-04-01T10:00:00Z"));
        let body =
            PopulationBody { origin: Some(From::Register), ..population("Leavers", 2, w.now()) };
        let yes = PopulationJudgement { accepted: true, reason: "Totals agree.".into() };
        let id = w
            .run::<KeepPopulations, _>(&staff(), move |tx, e, p| {
                let id = record_population(tx, e, p, &body)?;
                evaluated(tx, e, p, id, 2)?;
                judge_population(tx, e, p, id, 1, &yes)?;
                Ok(id)
            })
            .unwrap();
        let test = w.plan(w.leavers, "T-1", TestBasis::Census);
        w.census(test, id, [2, 0, 0, 0]).unwrap();
        w.conclude_control(w.leavers, OperationState::Effective, None).unwrap();
        let frozen = w.papers().populations[&id].clone();
        let grown = || {
            let known = frozen.clone();
            w.t.db.read_blocking(move |c| growth(c, party(ORGANISATION), &known)).unwrap()
        };
        let explain = |why: &'static str| {
            w.run::<KeepPopulations, _>(&staff(), move |tx, e, p| explain_growth(tx, e, p, id, why))
        };
        assert_eq!(grown(), None);
        assert!(state_refusal(explain("None.")).contains("nothing to explain"));
        // One that was filed late for the period, and one that came after the freeze.
        reported(&w, 3, at("2025-05-01T10:00:00Z"));
        reported(&w, 4, w.now().plus_seconds(86_400));
        assert_eq!(grown(), Some(Grown { rows: 2, in_period: 1 }));
        let about = About::Control { control: w.leavers };
        let unmoved = || {
            let papers = w.papers();
            assert_eq!(papers.populations[&id], frozen);
            assert_eq!(papers.unready_for(w.leavers), Vec::<String>::new());
            assert_eq!(papers.conclusion(about).unwrap().stands, Standing::Stands);
        };
        unmoved();
        assert!(matches!(refused(explain(" ")), Refusal::Input { field: Some("why"), .. }));
        explain("It was filed late and is tested with the next period.").unwrap();
        unmoved();
        let said = w.papers().ipe_of(id).growth.unwrap();
        assert_eq!(said.what.in_period, 1);
    });
}
