//! Adding bad news never improves a proposal.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rules::facts::{Facts, Opinion};
use crate::rules::opinion::{Proposal, propose};

fn severity(proposal: &Proposal) -> [u8; 4] {
    [
        proposal.headline.severity(),
        proposal.prongs.description.opinion.severity(),
        proposal.prongs.design.opinion.severity(),
        proposal.prongs.operation.as_ref().map_or(0, |prong| prong.opinion.severity()),
    ]
}

fn proposed(facts: &Value) -> Proposal {
    propose(&Facts::from_json(&facts.to_string()).unwrap()).unwrap()
}

/// Criteria of six series and two categories.
const POOL: [&str; 9] =
    ["CC1.1", "CC3.2", "CC5.1", "CC6.1", "CC6.2", "CC7.1", "CC8.1", "A1.1", "A1.2"];

const STATES: [&str; 3] = ["met", "unknown", "not_met"];

/// One criterion's facts.
fn criterion() -> impl Strategy<Value = Value> {
    (
        0..3_usize,
        0..3_usize,
        prop::option::of(any::<bool>()),
        prop::option::of(Just("it lasted one day")),
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.05),
        prop::option::weighted(0.3, prop::sample::select(vec!["CC1.1", "CC6.1", "CC7.2"])),
    )
        .prop_map(|(design, operation, material, reason, pervasive, undermines, affects)| {
            json!({
                "design": STATES[design], "operation": STATES[operation],
                "material": material, "material_reason": reason, "material_second_signer": reason,
                "pervasive": pervasive, "undermines_evidence": undermines,
                "affects": (affects.into_iter().collect::<Vec<_>>())
            })
        })
}

/// Facts over a handful of criteria, with commitments, limitations, controls and refusals.
fn facts() -> impl Strategy<Value = Value> {
    // Few enough that controls, limitations and conclusions often meet in one criterion.
    let ids = POOL.map(str::to_owned).to_vec();
    let chosen = prop::sample::subsequence(ids.clone(), 0..=POOL.len())
        .prop_flat_map(|ids| {
            let count = ids.len();
            (Just(ids), prop::collection::vec(criterion(), count))
        })
        .prop_map(|(ids, mut entries)| {
            for (id, entry) in ids.into_iter().zip(&mut entries) {
                entry["id"] = json!(id);
            }
            entries
        });
    let commitments = prop::collection::vec(
        (
            prop::sample::subsequence(ids.clone(), 0..6),
            prop::sample::select(vec!["yes", "no", "unknown"]),
        ),
        0..3,
    );
    let limitations = prop::collection::vec(
        (
            prop::sample::subsequence(ids.clone(), 0..4),
            prop::bool::weighted(0.2),
            prop::sample::select(vec!["a", "b", "c"]),
            any::<bool>(),
        ),
        0..3,
    );
    let controls = prop::collection::vec(
        (
            prop::sample::subsequence(ids, 0..3),
            prop::sample::select(vec!["suitable", "suitable", "deficient"]),
            prop::sample::select(vec![
                "effective",
                "effective",
                "ineffective",
                "unable",
                "not_operated",
            ]),
        ),
        0..4,
    );
    (chosen, commitments, limitations, controls, 1..=2_u8, prop::bool::weighted(0.05)).prop_map(
        |(criteria, commitments, limitations, controls, kind, refused)| {
            let commitments: Vec<Value> = commitments
                .into_iter()
                .enumerate()
                .map(|(n, (criteria, assurance))| json!({"id": n.to_string(), "criteria": criteria, "assurance": assurance}))
                .collect();
            let limitations: Vec<Value> = limitations
                .into_iter()
                .filter(|(_, _, prong, _)| kind == 2 || *prong != "c")
                .map(|(criteria, pervasive, prong, lifted)| json!({
                    "criteria": criteria, "pervasive": pervasive, "prongs": [prong],
                    "alternative_evidence": (if lifted { json!("EV-1") } else { Value::Null })
                }))
                .collect();
            let controls: Vec<Value> = controls
                .into_iter()
                .enumerate()
                .map(|(n, (criteria, design, operation))| json!({
                    "id": n.to_string(), "criteria": criteria, "design": design, "operation": operation
                }))
                .collect();
            json!({
                "type": kind, "categories": ["security", "availability"],
                "criteria": criteria, "commitments": commitments, "scope_limitations": limitations,
                "controls": controls,
                "management": {"representation_letter": (if refused { "refused" } else { "given" })}
            })
        },
    )
}

/// The facts with one criterion made worse: not met by design or in operation.
fn worsened(facts: &Value, name: &str, field: &str) -> Value {
    stating(facts, name, field, "not_met")
}

/// The facts with one status of one criterion stated.
fn stating(facts: &Value, name: &str, field: &str, status: &str) -> Value {
    let mut stated = facts.clone();
    let entries = stated["criteria"].as_array_mut().unwrap();
    match entries.iter_mut().find(|entry| entry["id"] == name) {
        Some(entry) => entry[field] = json!(status),
        None => entries.push(json!({"id": name, field: status})),
    }
    stated
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Invariant: a criterion that turns out not to be met never improves any prong or the headline. What
    /// could not be concluded and then is concluded as not met is another matter: evidence was obtained, and
    /// the possible effects of what is missing weigh less. But whatever was stated before, not met is never
    /// better than met for the same facts.
    #[test]
    fn invariant_09_a_failed_criterion_never_improves_a_proposal(
        facts in facts(),
        pick in any::<prop::sample::Index>(),
        by_design in any::<bool>(),
    ) {
        let field = if by_design || facts["type"] == 1 { "design" } else { "operation" };
        let id = POOL[pick.index(POOL.len())];
        let after = proposed(&worsened(&facts, id, field));
        let met = proposed(&stating(&facts, id, field, "met"));
        for (met, not_met) in severity(&met).into_iter().zip(severity(&after)) {
            prop_assert!(not_met >= met, "{:?} with {} met, {:?} with it not met", met, id, not_met);
        }
        let stated = facts["criteria"].as_array().unwrap().iter().find(|c| c["id"] == id);
        if stated.is_some_and(|c| c[field] == "unknown") {
            return Ok(());
        }
        let before = proposed(&facts);
        for (was, is) in severity(&before).into_iter().zip(severity(&after)) {
            prop_assert!(is >= was, "{:?} became {:?} by {} not met", severity(&before), severity(&after), id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A further uncorrected misstatement, limitation or failing control never improves it either.
    #[test]
    fn further_bad_news_never_improves_a_proposal(facts in facts(), kind in 0..4_u8, pick in any::<prop::sample::Index>()) {
        let id = POOL[pick.index(POOL.len())];
        let mut worse = facts.clone();
        let mut push = |list: &str, entry: Value| worse[list].as_array_mut().unwrap().push(entry);
        match kind {
            0 => worse["description"] = json!({"misstatements": [{"dc": "DC4", "kind": "omission", "what": "x"}]}),
            1 => push("scope_limitations", json!({"what": "x", "criteria": [id]})),
            2 => push("controls", json!({"id": "further", "criteria": [id], "operation": "ineffective"})),
            _ => push("controls", json!({"id": "further", "criteria": [id], "design": "not_implemented"})),
        }
        let (before, after) = (proposed(&facts), proposed(&worse));
        for (was, is) in severity(&before).into_iter().zip(severity(&after)) {
            prop_assert!(is >= was, "{:?} became {:?}", severity(&before), severity(&after));
        }
    }

    /// The headline is the worst prong, a modified prong says why, and an unmodified one has no basis.
    #[test]
    fn proposals_hang_together(facts in facts()) {
        let p = proposed(&facts);
        let worst = p.prongs.each().map(|(_, prong)| prong.opinion.severity()).max().unwrap();
        prop_assert_eq!(p.headline.severity(), worst);
        prop_assert_eq!(p.prongs.operation.is_some(), facts["type"] == 2);
        for (_, prong) in p.prongs.each() {
            let modified = prong.opinion != Opinion::Unmodified;
            prop_assert_eq!(prong.basis.is_some(), modified);
            prop_assert_eq!(prong.material, modified);
            prop_assert!(!modified || !prong.reasons.is_empty());
            prop_assert_eq!(prong.pervasive, prong.opinion.severity() == 2);
        }
        prop_assert!(!p.reasons.is_empty());
        for sentence in p.reasons.iter().chain(&p.matters) {
            prop_assert!(sentence.ends_with('.') && !sentence.contains(".."), "{}", sentence);
        }
        // Whatever fails by design fails in operation.
        for found in &p.criteria {
            prop_assert!(found.operation.is_none_or(|operation| operation >= found.design));
        }
    }
}
