//! What bears on the opinion beyond controls and criteria: nothing is cleared by one person alone.

use crate::support::*;
use examination::matters::model::Matter;
use examination::matters::service::{
    leave_out, second_matter, state_limit, state_misstatement, state_unreliable,
};
use examination::rules::facts::{LimitationCause, Misstatement, Prong, ScopeLimitation};

fn limit(material: Option<bool>, reason: Option<&str>) -> ScopeLimitation {
    ScopeLimitation {
        what: "The logs of March were lost".into(),
        cause: LimitationCause::BeyondControl,
        criteria: Vec::new(),
        prongs: vec![Prong::Operation],
        material,
        material_reason: reason.map(str::to_owned),
        pervasive: false,
        alternative_evidence: None,
    }
}

fn states(
    w: &World<'_>,
    who: &Actor,
    version: i64,
    which: Option<usize>,
    limit: Option<ScopeLimitation>,
) -> Result<()> {
    w.run::<ConcludeCriterion, _>(who, move |tx, e, p| {
        state_limit(tx, e, p, version, (which, limit.as_ref()), "Found in fieldwork.")
    })
}

fn misstates(w: &World<'_>, version: i64, which: Option<usize>, m: Misstatement) -> Result<()> {
    w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
        state_misstatement(tx, e, p, version, (which, &m), "Read against the system.")
    })
}

fn signs(w: &World<'_>, who: &Actor, sha256: &str) -> Result<()> {
    let sha256 = sha256.to_owned();
    w.run::<SecondConclusion, _>(who, move |tx, e, p| {
        second_matter(tx, e, p, &sha256, "I read the other logs too.")
    })
}

fn open(w: &World<'_>) -> Vec<String> {
    w.papers().matters_open().iter().map(Matter::sha256).collect()
}

/// Whether the proposal holds a limit, and whether completion waits for a signature.
fn weighs(w: &World<'_>, text: &str) -> (bool, bool) {
    let papers = w.papers();
    let proposal = papers.results().proposal.unwrap();
    let reasons = proposal.reasons.join(" ");
    assert!(reasons.contains(text), "{reasons}");
    let counts = !reasons.contains("Judged not material");
    let missing = examination::completion::rules::missing_of_file(&papers);
    (counts, missing.iter().any(|m| m.text.contains("waits for a second signature")))
}

/// Both controls concluded on, so that only what is stated here stands against the opinion.
fn tested(w: &World<'_>) {
    let population = w.freeze("Leavers", 12);
    for (control, code) in [(w.leavers, "T-1"), (w.changes, "T-2")] {
        let test = w.plan(control, code, TestBasis::Census);
        w.census(test, population, [12, 0, 0, 0]).unwrap();
        w.conclude_control(control, OperationState::Effective, None).unwrap();
    }
}

#[test]
fn a_limit_counts_until_another_person_has_signed_that_it_is_not_material() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        tested(&w);
        let bare = states(&w, &manager(), 0, None, Some(limit(Some(false), None)));
        assert!(matches!(refused(bare), Refusal::Input { field: Some("material_reason"), .. }));
        let mut named = limit(Some(false), Some("Three days."));
        named.criteria = vec!["CC6.2".parse().unwrap()];
        let told = refused(states(&w, &manager(), 0, None, Some(named.clone())));
        assert!(matches!(told, Refusal::Input { field: Some("material"), .. }), "{told:?}");
        (named.material, named.criteria) = (None, vec!["P6.2".parse().unwrap()]);
        let told = refused(states(&w, &manager(), 0, None, Some(named)));
        assert!(matches!(told, Refusal::Input { field: Some("criteria"), .. }), "{told:?}");
        // Nobody but who concludes on criteria states one.
        let staff_says = states(&w, &staff(), 0, None, Some(limit(None, None)));
        assert!(matches!(refused(staff_says), Refusal::Forbidden(_)));

        let three = limit(Some(false), Some("Three days of ninety."));
        states(&w, &manager(), 0, None, Some(three.clone())).unwrap();
        let waiting = open(&w);
        assert_eq!(waiting.len(), 1);
        assert_eq!(weighs(&w, "logs of March"), (true, true), "one person alone clears nothing");
        let alone = store::inputs_sha256(&w.papers(), About::Opinion);
        assert!(state_refusal(signs(&w, &manager(), &waiting[0])).contains("Another person"));
        assert!(matches!(refused(signs(&w, &partner(), &digest("another"))), Refusal::NotFound));
        assert!(matches!(refused(signs(&w, &staff(), &waiting[0])), Refusal::Forbidden(_)));
        signs(&w, &partner(), &waiting[0]).unwrap();
        assert_eq!(weighs(&w, "logs of March"), (false, false));
        let signed = store::inputs_sha256(&w.papers(), About::Opinion);
        assert_ne!(signed, alone, "an opinion signed before is void");
        assert!(state_refusal(signs(&w, &partner(), &waiting[0])).contains("nothing to sign"));

        // The signature is of the whole statement: whatever changes in it needs another one.
        let mut wider = three.clone();
        wider.what = "The logs of March and April were lost".into();
        assert!(matches!(
            refused(states(&w, &manager(), 0, Some(0), Some(wider.clone()))),
            Refusal::Stale { .. }
        ));
        states(&w, &manager(), 1, Some(0), Some(wider.clone())).unwrap();
        assert_eq!(weighs(&w, "March and April"), (true, true));
        // Other evidence lifts it; then nothing waits.
        wider.alternative_evidence = Some("The provider's own logs, E-12.".into());
        states(&w, &manager(), 2, Some(0), Some(wider)).unwrap();
        assert!(open(&w).is_empty());
        let missing = states(&w, &manager(), 3, Some(7), Some(three));
        assert!(matches!(refused(missing), Refusal::NotFound));
        states(&w, &manager(), 3, Some(0), None).unwrap();
        assert!(w.papers().matters.scope_limitations.is_empty());
    });
}

#[test]
fn a_misstatement_counts_until_another_person_has_signed_that_it_is_not_material() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        tested(&w);
        let mut stated = Misstatement {
            dc: "DC3".parse().unwrap(),
            kind: "omission".parse().unwrap(),
            what: "The backup site is not named".into(),
            material: Some(false),
            material_reason: Some("Nobody relies on where it is.".into()),
            pervasive: false,
            corrected: false,
        };
        misstates(&w, 0, None, stated.clone()).unwrap();
        assert_eq!(weighs(&w, "backup site"), (true, true));
        let waiting = open(&w);
        signs(&w, &partner(), &waiting[0]).unwrap();
        assert_eq!(weighs(&w, "backup site"), (false, false));
        stated.pervasive = true;
        misstates(&w, 1, Some(0), stated.clone()).unwrap();
        assert_eq!(weighs(&w, "backup site"), (true, true));
        // Corrected before the issue it counts no longer, and nothing is left to sign.
        stated.corrected = true;
        misstates(&w, 2, Some(0), stated).unwrap();
        assert!(open(&w).is_empty());
        assert_eq!(w.papers().matters.description.misstatements.len(), 1);
    });
}

#[test]
fn a_criterion_is_left_out_for_the_reason_of_the_description_alone() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let leaves = |version: i64, criterion: &str, given: &'static str| {
            let id = criterion.parse().unwrap();
            w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
                leave_out(tx, e, p, version, (id, given), "No premises were seen.")
            })
        };
        assert!(matches!(refused(leaves(0, "P6.2", "No.")), Refusal::NotFound));
        assert!(matches!(
            refused(leaves(0, "CC6.4", "")),
            Refusal::Input { field: Some("given"), .. }
        ));
        let (all, id) = (w.papers().criteria().len(), "CC6.4".parse().unwrap());
        leaves(0, "CC6.4", "No premises are run.").unwrap();
        let papers = w.papers();
        assert!(papers.criteria().len() == all - 1 && !papers.criteria().contains(&id));
        assert!(papers.criterion_results().iter().all(|line| line.criterion != id));
        let missing = examination::completion::rules::missing_of_file(&papers);
        assert!(missing.iter().all(|m| !m.text.contains("CC6.4")), "nobody concludes on it");
        let input = ConclusionInput {
            about: About::Criterion { criterion: id },
            verdict: Verdict::Criterion { design: Status::Met, operation: Some(Status::Met) },
            reason: "As it is.".into(),
            proof: None,
        };
        let concluded = w.run::<ConcludeCriterion, _>(&manager(), move |tx, e, p| {
            conclude(tx, e, p, Expected::Any, &input)
        });
        assert!(matches!(refused(concluded), Refusal::NotFound));
        leaves(1, "CC6.4", "").unwrap();
        assert_eq!(w.papers().criteria().len(), all);
    });
}

#[test]
fn only_the_partner_states_that_evidence_as_such_cannot_be_relied_on() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        tested(&w);
        let says = |who: &Actor, version: i64, why: &'static str| {
            w.run::<ConcludeOpinion, _>(who, move |tx, e, p| {
                state_unreliable(tx, e, p, version, why, "Seen in the audit trail.")
            })
        };
        assert!(matches!(refused(says(&manager(), 0, "Logs were edited")), Refusal::Forbidden(_)));
        says(&partner(), 0, "Logs were edited").unwrap();
        let reasons = w.papers().results().proposal.unwrap().reasons.join(" ");
        assert!(reasons.contains("cannot be relied on: Logs were edited"), "{reasons}");
        says(&partner(), 1, "").unwrap();
        assert!(w.papers().matters.evidence_unreliable.is_none());
    });
}
