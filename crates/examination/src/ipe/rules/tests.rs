//! The checks of completeness and accuracy, worked through by example.

use super::*;
use crate::ipe::model::{
    By, CheckAnswer, Generator, Reconciliation, Representation, Retrieval, ZeroProof,
};
use proptest::prelude::*;
use serde_json::json;

fn by<T>(what: T) -> By<T> {
    By { what, by: "psn".into() }
}

fn checks(sequence: &str, gaps: &[&str]) -> serde_json::Value {
    let ids = [
        "every_record_read",
        "row_count_matches_source",
        "window_contains_span",
        "generated_after_span",
        "unique_key",
        "dates_inside_span",
        "sequence_without_gaps",
        "no_empty_month",
        "reverse_test",
        "forward_test",
        "reconciles",
        "no_formulas",
        "hash_matches_connector",
        "independent_export",
    ];
    let all: Vec<serde_json::Value> = ids
        .iter()
        .enumerate()
        .map(|(number, id)| {
            let outcome = match number {
                0 | 4 | 5 | 7 | 11 => "pass",
                6 => sequence,
                _ => "not-applicable",
            };
            let examples = if number == 6 { gaps } else { &[] };
            json!({ "number": number, "id": id, "outcome": outcome, "detail": "It was looked at.", "examples": examples })
        })
        .collect();
    json!(all)
}

fn counts(source: &str) -> Reconciliation {
    Reconciliation {
        source: source.into(),
        opening: 120,
        additions: 34,
        removals: 21,
        returns: 1,
        lists: Vec::new(),
    }
}

fn of(states: &[State], number: u8) -> &State {
    states.iter().find(|state| state.number == number).unwrap()
}

fn explain(ipe: &mut Ipe, check: u8, item: &str) {
    ipe.explanations.push(by(Explanation {
        check,
        item: item.into(),
        reason: "Somebody looked.".into(),
        evidence: Vec::new(),
    }));
}

/// The oracle of soc2.md 3.7: 120 + 34 − 21 + 1 = 134, and a list of 133 fails by one.
#[test]
fn a_list_that_fails_by_one_stops_until_it_is_explained() {
    let checks = checks("pass", &[]);
    let mut ipe = Ipe { reconciliation: Some(by(counts("the payroll"))), ..Ipe::default() };
    let good = assess(&checks, 134, &ipe);
    assert_eq!(of(&good, 10).outcome, Outcome::Pass);
    assert!(stops(&good, 134, &ipe).is_empty() && unreconciled(&good).is_none());

    let bad = assess(&checks, 133, &ipe);
    assert_eq!(of(&bad, 10).outcome, Outcome::Fail);
    assert_eq!(
        of(&bad, 10).detail,
        "120 + 34 − 21 + 1 = 134 by the payroll; the list has 133: it fails by 1."
    );
    assert_eq!(stops(&bad, 133, &ipe).len(), 1);
    assert!(unreconciled(&bad).unwrap().contains("fails by 1"));
    assert!(report_line(&bad, &ipe).contains("does not reconcile with the payroll"));

    explain(&mut ipe, 10, "");
    let explained = assess(&checks, 133, &ipe);
    assert_eq!(of(&explained, 10).outcome, Outcome::Fail, "an explanation makes no pass of it");
    assert!(stops(&explained, 133, &ipe).is_empty() && unreconciled(&explained).is_none());
    assert!(report_line(&explained, &ipe).contains("the difference was explained"));
}

#[test]
fn each_gap_needs_its_own_explanation() {
    let checks = checks("fail", &["CHG-3 is missing", "CHG-5 to CHG-8 are missing"]);
    let mut ipe = Ipe::default();
    explain(&mut ipe, 6, "CHG-3 is missing");
    let states = assess(&checks, 10, &ipe);
    assert_eq!(of(&states, 6).open, ["CHG-5 to CHG-8 are missing"]);
    assert_eq!(stops(&states, 10, &ipe).len(), 1);
    // An explanation of the whole does not stand for the parts.
    explain(&mut ipe, 6, "");
    assert_eq!(stops(&assess(&checks, 10, &ipe), 10, &ipe).len(), 1);
    explain(&mut ipe, 6, "CHG-5 to CHG-8 are missing");
    assert!(stops(&assess(&checks, 10, &ipe), 10, &ipe).is_empty());
}

#[test]
fn what_nobody_did_is_not_done_and_what_has_no_meaning_is_not_applicable() {
    let states = assess(&checks("not-applicable", &[]), 5, &Ipe::default());
    for number in [1, 2, 3, 8, 9, 10, 12, 13] {
        assert_eq!(of(&states, number).outcome, Outcome::NotDone, "{number}");
    }
    assert_eq!(of(&states, 6).outcome, Outcome::NotApplicable);
    let answer = CheckAnswer {
        outcome: Outcome::Fail,
        detail: "One was missing.".into(),
        evidence: Vec::new(),
    };
    let ipe = Ipe { answers: [(8, by(answer))].into(), ..Ipe::default() };
    let states = assess(&checks("pass", &[]), 5, &ipe);
    assert_eq!(of(&states, 8).outcome, Outcome::Fail);
    assert_eq!(stops(&states, 5, &ipe).len(), 1);
}

#[test]
fn who_made_the_list_decides_check_13() {
    let made = |operates_control, observed| {
        let retrieval = Retrieval {
            system: "HR".into(),
            generator: Generator::Script,
            query: "select".into(),
            parameters: String::new(),
            made_by: "Mei Tanaka".into(),
            made_at: kernel::time::Timestamp::parse("2026-07-02T10:00:00Z").unwrap(),
            output_sha256: None,
            observed,
            operates_control,
            collector: None,
        };
        let ipe = Ipe { retrieval: Some(by(retrieval)), ..Ipe::default() };
        of(&assess(&checks("pass", &[]), 5, &ipe), 13).outcome
    };
    assert_eq!(made(false, false), Outcome::Pass);
    assert_eq!(made(true, true), Outcome::Pass);
    assert_eq!(made(true, false), Outcome::Fail);
}

#[test]
fn an_empty_list_stops_until_the_zero_is_proven() {
    let checks = checks("pass", &[]);
    let mut ipe = Ipe::default();
    assert_eq!(stops(&assess(&checks, 0, &ipe), 0, &ipe).len(), 1);
    ipe.zero = Some(by(ZeroProof { how: "The change log has none.".into(), evidence: Vec::new() }));
    assert!(stops(&assess(&checks, 0, &ipe), 0, &ipe).is_empty());
}

#[test]
fn a_representation_is_said_where_it_stands_for_a_second_source() {
    let representation = Representation {
        why: "The tool keeps no other list".into(),
        signed_by: "Dev Raman, compliance lead".into(),
        dated: "2026-07-10".into(),
        evidence: evidence::model::EvidenceId::new(kernel::time::Timestamp(0), 7),
    };
    let ipe = Ipe { representation: Some(by(representation)), ..Ipe::default() };
    let states = assess(&checks("pass", &[]), 5, &ipe);
    assert_eq!(of(&states, 10).outcome, Outcome::NotApplicable);
    let line = report_line(&states, &ipe);
    assert!(line.contains("No second source exists") && line.contains("Dev Raman"), "{line}");
    assert!(report_line(&states, &Ipe::default()).contains("not compared"));
}

proptest! {
    /// Whatever is recorded, a check that the file failed is never shown as passed, except where a
    /// second source has its own say.
    #[test]
    fn nothing_recorded_turns_a_failure_of_the_file_into_a_pass(
        rows in 0_u64..1_000,
        opening in 0_u64..1_000,
        explained in proptest::collection::vec(0_u8..14, 0..6),
    ) {
        let mut ipe = Ipe {
            reconciliation: Some(by(Reconciliation { opening, ..counts("ledger") })),
            ..Ipe::default()
        };
        for check in explained {
            explain(&mut ipe, check, "");
        }
        let states = assess(&checks("fail", &["3 is missing"]), rows, &ipe);
        prop_assert_eq!(of(&states, 6).outcome, Outcome::Fail);
        prop_assert!(!stops(&states, rows, &ipe).is_empty());
        let expected = u128::from(opening) + 14;
        prop_assert_eq!(of(&states, 10).outcome == Outcome::Pass, u128::from(rows) == expected);
    }
}

fn body(kind: populations::schema::Kind, to: &str) -> crate::model::PopulationBody {
    let blob = || platform::blobs::BlobRef { sha256: "ab".repeat(32), bytes: 1 };
    crate::model::PopulationBody {
        name: "Leavers".into(),
        controls: Vec::new(),
        rows: 134,
        canonical_sha256: "cd".repeat(32),
        schema_sha256: "cd".repeat(32),
        meaning: None,
        key: vec!["id".into()],
        columns: json!([]),
        checks: checks("not-applicable", &[]),
        source: String::new(),
        speaks_for: Vec::new(),
        rows_blob: blob(),
        record_blob: blob(),
        frozen_at: kernel::time::Timestamp::parse("2026-07-10T10:00:00Z").unwrap(),
        coverage: Some(crate::supplied::model::Coverage {
            kind,
            zone: "America/New_York".into(),
            from: "2026-01-01".parse().unwrap(),
            to: to.parse().unwrap(),
        }),
        origin: Some(crate::supplied::model::Origin::Register),
    }
}

fn made_at(at: &str) -> By<Retrieval> {
    by(Retrieval {
        system: "HR".into(),
        generator: Generator::Export,
        query: "select".into(),
        parameters: String::new(),
        made_by: "Mei Tanaka".into(),
        made_at: kernel::time::Timestamp::parse(at).unwrap(),
        output_sha256: None,
        observed: true,
        operates_control: false,
        collector: None,
    })
}

fn population(body: crate::model::PopulationBody, accepted: bool) -> Population {
    Population {
        id: crate::model::PopulationId::new(kernel::time::Timestamp(0), 1),
        recorded_at: body.frozen_at,
        body,
        judgement: accepted.then(|| crate::model::PopulationJudgement {
            accepted: true,
            reason: "Looked at.".into(),
        }),
        version: 1,
        event: kernel::ids::EventId::new(kernel::time::Timestamp(0), 2),
    }
}

/// Nobody's doing anything is not the same as nothing being wrong.
#[test]
fn a_population_that_nobody_checked_supports_nothing_and_says_what_is_missing() {
    let events = body(Kind::Events, "2026-06-30");
    let mut ipe = Ipe::default();
    let told = unready(&population(events.clone(), true), &ipe).unwrap();
    for part in
        ["“Leavers”", "Check 1 ", "Check 2 ", "Check 8 ", "Check 9 ", "Check 10 ", "retrieved"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    // The retrieval answers by itself when the list was made, by whom, and that no connector was there.
    ipe.retrieval = Some(made_at("2026-07-02T10:00:00Z"));
    let states = of_population(&events, &ipe);
    for (number, outcome) in [
        (3, Outcome::Pass),
        (12, Outcome::NotApplicable),
        (13, Outcome::Pass),
        (8, Outcome::NotDone),
    ] {
        assert_eq!(of(&states, number).outcome, outcome, "{number}");
    }
    let passed = |detail: &str| {
        by(CheckAnswer { outcome: Outcome::Pass, detail: detail.into(), evidence: Vec::new() })
    };
    for number in [1, 2, 8, 9] {
        ipe.answers.insert(number, passed("Five items."));
    }
    assert_eq!(missing(&of_population(&events, &ipe)).len(), 1);
    ipe.reconciliation = Some(by(counts("the payroll")));
    assert!(
        unready(&population(events.clone(), false), &ipe).unwrap().contains("nobody has judged")
    );
    assert_eq!(unready(&population(events.clone(), true), &ipe), None);
    // A check list without a check is a check that nobody did.
    let bare = crate::model::PopulationBody { checks: json!([]), ..events };
    assert_eq!(missing(&of_population(&bare, &ipe)).len(), 13);
}

#[test]
fn a_list_made_before_its_period_ended_fails_whatever_a_person_answers() {
    let events = body(Kind::Events, "2026-06-30");
    let answer =
        by(CheckAnswer { outcome: Outcome::Pass, detail: "It was.".into(), evidence: Vec::new() });
    let mut ipe = Ipe {
        retrieval: Some(made_at("2026-07-01T03:59:59Z")),
        answers: [(3, answer)].into(),
        ..Ipe::default()
    };
    let states = of_population(&events, &ipe);
    assert_eq!((of(&states, 3).outcome, of(&states, 3).open.len()), (Outcome::Fail, 1));
    explain(&mut ipe, 3, "");
    let states = of_population(&events, &ipe);
    assert_eq!((of(&states, 3).outcome, of(&states, 3).open.len()), (Outcome::Fail, 0));
    let capture = of_population(&body(Kind::Capture, "2026-06-30"), &ipe);
    assert_eq!(of(&capture, 2).outcome, Outcome::NotApplicable);
    assert_eq!(of(&capture, 3).outcome, Outcome::NotApplicable);
}

/// Where there is no second source, a representation stands for reconciling and for picking from outside,
/// and for nothing else.
#[test]
fn a_representation_takes_the_place_of_the_second_source_alone() {
    let representation = Representation {
        why: "The tool keeps no other list".into(),
        signed_by: "Dev Raman, compliance lead".into(),
        dated: "2026-07-10".into(),
        evidence: evidence::model::EvidenceId::new(kernel::time::Timestamp(0), 7),
    };
    let ipe = Ipe { representation: Some(by(representation)), ..Ipe::default() };
    let states = of_population(&body(Kind::Capture, "2026-06-30"), &ipe);
    assert_eq!(of(&states, 8).outcome, Outcome::NotApplicable);
    assert_eq!(of(&states, 10).outcome, Outcome::NotApplicable);
    let left = missing(&states);
    assert_eq!(left.len(), 4, "{left:?}");
    assert!(left.iter().any(|l| l.contains("traced to their source")));
    let line = report_line(&states, &ipe);
    assert!(line.contains("written representation of Dev Raman"), "{line}");
}

#[test]
fn the_source_of_a_list_is_no_second_source() {
    let of_list = ["HR system, report 14", "HR system"];
    for own in
        ["HR system", "the hr-system", " The HR system.", "the source’s own total", "its own count"]
    {
        assert!(own_source(own, &of_list), "{own}");
    }
    for other in [
        "the payroll of June",
        "HR system of the parent company",
        "the directory",
        "their own records",
    ] {
        assert!(!own_source(other, &of_list), "{other}");
    }
    assert!(!own_source("the payroll", &["", ""]));
}
