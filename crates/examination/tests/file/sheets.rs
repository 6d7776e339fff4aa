//! Test sheets below their pages: entries, replacement, evidence before conclusion, review.

use crate::support::*;
use examination::model::SampleId;
use examination::rules::item::{ItemOutcome, Replacement, ReplacementReason};
use examination::service::replace_item;
use examination::sheets::events::Matched;
use examination::sheets::model::Region;
use examination::sheets::service::{
    AnnotationInput, Entered, Entry, annotate, enter, match_evidence, raise_note, sign_prepared,
    sign_reviewed, strike,
};
use examination::sheets::store as sheets;

fn entry(item: &str, marks: [&str; 2]) -> Entry {
    Entry {
        item: item.into(),
        seen: None,
        marks: [("A", marks[0]), ("B", marks[1])]
            .map(|(letter, mark)| (letter.to_owned(), mark.to_owned()))
            .into(),
        state: ItemState::Tested,
        alternative: None,
        replacement: None,
        note: String::new(),
        evidence: None,
    }
}

fn drawn(w: &World<'_>, procedure: Procedure) -> SampleId {
    let mut plan = test_plan(w.leavers, "T-1", TestBasis::Judgemental);
    plan.procedure = procedure;
    let test = w
        .run::<PlanTests, _>(&manager(), move |tx, e, p| plan_test(tx, e, p, None, &plan))
        .unwrap();
    let population = w.freeze("Leavers", 40);
    let input = sample_input(test, population, w.now(), 2);
    w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
        draw_sample(tx, e, p, &input, &mut |_| Ok(vec!["W-1".into(), "W-2".into()]))
    })
    .unwrap()
}

fn entered(w: &World<'_>, who: &Actor, sample: SampleId, entry: &Entry) -> Result<Entered> {
    let entry = entry.clone();
    w.run::<PerformTests, _>(who, move |tx, e, p| enter(tx, e, p, sample, &entry))
}

#[test]
fn an_entry_is_never_written_over_unseen_and_the_same_again_is_no_second_one() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = drawn(&w, Procedure::Inspection);
        let item = |w: &World<'_>| w.papers().items[&sample][0].clone();
        let first = Entry { seen: Some(item(&w).event), ..entry("W-1", ["p", "✓"]) };
        assert_eq!(
            entered(&w, &staff(), sample, &first).unwrap(),
            Entered::Recorded(ItemOutcome::Pass)
        );
        // The answer was lost and the row is sent again.
        let before = item(&w);
        assert_eq!(entered(&w, &staff(), sample, &first).unwrap(), Entered::Same);
        assert_eq!(item(&w), before);
        // Another result by somebody who saw the sheet before.
        let other = Entry { marks: entry("W-1", ["D", "P"]).marks, ..first.clone() };
        let told = state_refusal(entered(&w, &manager(), sample, &other));
        assert!(told.contains("after you opened the sheet"), "{told}");
        assert_eq!(item(&w), before);
        let again = Entry { seen: Some(before.event), ..other };
        assert!(matches!(
            entered(&w, &manager(), sample, &again).unwrap(),
            Entered::Recorded(ItemOutcome::Deviation { .. })
        ));
        for (marks, says) in
            [(["P", ""], "attribute B: no mark yet"), (["P", "Q"], "“Q” is no mark")]
        {
            let told = refused(entered(&w, &staff(), sample, &entry("W-2", marks))).to_string();
            assert!(told.contains(says), "{told}");
        }
        assert_eq!(
            refused(entered(&w, &staff(), sample, &entry("W-9", ["P", "P"]))),
            Refusal::NotFound
        );
    });
}

/// Invariant 16: every result has evidence with extraction time at or before the time of concluding.
#[test]
fn invariant_16_a_conclusion_is_impossible_before_its_evidence_exists() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = drawn(&w, Procedure::Inspection);
        for item in ["W-1", "W-2"] {
            entered(&w, &staff(), sample, &entry(item, ["P", "P"])).unwrap();
        }
        let told = state_refusal(w.conclude_control(w.leavers, OperationState::Effective, None));
        assert!(told.contains("2 results name no evidence (W-1, W-2)"), "{told}");
        let pairs: Vec<Matched> = ["W-1", "W-2"]
            .map(|item| Matched { item: item.into(), evidence: evidence_id() })
            .into();
        let one = pairs[..1].to_vec();
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| match_evidence(tx, e, p, sample, &one))
            .unwrap();
        let told = state_refusal(w.conclude_control(w.leavers, OperationState::Effective, None));
        assert!(told.contains("1 results name no evidence (W-2)"), "{told}");
        let known = w
            .run::<PerformTests, _>(&staff(), move |tx, e, p| {
                match_evidence(tx, e, p, sample, &pairs)
            })
            .unwrap();
        assert_eq!(known, 1, "one of the two was matched already");
        w.conclude_control(w.leavers, OperationState::Effective, None).unwrap();
        // Evidence extracted later than the time of concluding shows nothing.
        let mut papers = w.papers();
        let test = papers.tests[0].clone();
        let items = papers.items.remove(&sample).unwrap();
        let late = [(evidence_id(), w.now().plus_seconds(1_000))].into();
        let said = examination::sheets::rules::support::lacking(&test, &items, &late, w.now());
        assert!(said.len() == 1 && said[0].contains("extracted after"), "{said:?}");
    });
}

#[test]
fn inquiry_alone_supports_no_conclusion_whoever_signs() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = drawn(&w, Procedure::Inquiry);
        for item in ["W-1", "W-2"] {
            let asked = Entry {
                note: "The head of IT, asked on 3 March.".into(),
                ..entry(item, ["P", "P"])
            };
            entered(&w, &staff(), sample, &asked).unwrap();
        }
        let told = state_refusal(w.conclude_control(w.leavers, OperationState::Effective, None));
        assert!(told.contains("inquiry is never enough alone"), "{told}");
        w.conclude_control(w.leavers, OperationState::Unable, None).unwrap();
    });
}

#[test]
fn an_item_drawn_by_seed_is_replaced_by_command_alone_and_the_replaced_one_stays() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = drawn(&w, Procedure::Inspection);
        let by = Replacement { reason: ReplacementReason::Duplicate, by: "W-9".into() };
        let mut chosen = result("W-1", AttributeResult::Pass, AttributeResult::Pass);
        chosen.facts.state = ItemState::Replaced;
        chosen.facts.attributes.clear();
        chosen.facts.replacement = Some(by.clone());
        let told = refused(w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
            record_item(tx, e, p, sample, Expected::Any, &chosen)
        }));
        assert!(told.to_string().contains("next item of the ranking"), "{told}");
        let replace = |item: &'static str, by: &Replacement| {
            let by = by.clone();
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| {
                replace_item(tx, e, p, sample, item, &by, "Listed twice in the export.")
            })
        };
        let onto = Replacement { reason: ReplacementReason::Void, by: "W-2".into() };
        assert!(refused(replace("W-1", &onto)).to_string().contains("stands on the sheet already"));
        replace("W-1", &by).unwrap();
        let items = w.papers().items.remove(&sample).unwrap();
        let told: Vec<_> = items.iter().map(|i| (i.facts.id.as_str(), i.facts.state)).collect();
        assert_eq!(
            told,
            [
                ("W-1", ItemState::Replaced),
                ("W-2", ItemState::Selected),
                ("W-9", ItemState::Selected)
            ]
        );
        assert!(state_refusal(replace("W-1", &by)).contains("replaced already"));
    });
}

#[test]
fn a_sheet_is_signed_by_two_people_and_annotations_stay_to_be_read() {
    on_both(&ROOMS, |t| {
        let w = World::new(t);
        let sample = drawn(&w, Procedure::Inspection);
        let prepare = |who: &Actor| {
            w.run::<PerformTests, _>(who, move |tx, e, p| sign_prepared(tx, e, p, sample))
        };
        let review = |who: &Actor| {
            w.run::<ReviewWork, _>(who, move |tx, e, p| sign_reviewed(tx, e, p, sample))
        };
        assert!(state_refusal(prepare(&staff())).contains("2 of 2 items have no result"));
        for item in ["W-1", "W-2"] {
            entered(&w, &staff(), sample, &entry(item, ["P", "N"])).unwrap();
        }
        assert!(state_refusal(prepare(&manager())).contains("tested none"));
        assert!(state_refusal(review(&manager())).contains("preparer has not signed"));
        prepare(&staff()).unwrap();
        assert_eq!(w.papers().unreviewed(), 2);
        w.run::<ReviewWork, _>(&partner(), move |tx, e, p| {
            raise_note(tx, e, p, sample, Some("W-2"), "Which request?")
        })
        .unwrap();
        assert_eq!(w.papers().unreviewed(), 3, "an open note is work not reviewed");
        assert!(state_refusal(review(&manager())).contains("1 review notes are not cleared"));
        let items = vec!["W-2".to_owned()];
        let one = w.run::<ReviewWork, _>(&manager(), move |tx, e, p| {
            review_items(tx, e, p, sample, &items)
        });
        assert!(state_refusal(one).contains("not cleared yet"));

        let region = Region { x: 10, y: 20, width: 30, height: 40 };
        let input = AnnotationInput {
            evidence: evidence_id(),
            page: 1,
            region,
            note: "The time of deactivation.".into(),
            sample: Some(sample),
            item: Some("W-1".into()),
        };
        let id =
            w.run::<PerformTests, _>(&staff(), move |tx, e, p| annotate(tx, e, p, &input)).unwrap();
        w.run::<PerformTests, _>(&staff(), move |tx, e, p| strike(tx, e, p, id, "Wrong line."))
            .unwrap();
        let file = w.papers().file;
        let kept =
            t.db.read_blocking(move |conn| sheets::annotations(conn, file, evidence_id())).unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].region, kept[0].struck.as_deref()), (region, Some("Wrong line.")));
    });
}
