//! What holds for every file.

use super::*;
use std::collections::BTreeMap;
use std::io::{self, Read};

use proptest::prelude::*;

/// Gives its bytes in pieces of the given lengths, over and over.
struct Pieces<'a> {
    bytes: &'a [u8],
    lengths: Vec<usize>,
    turn: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.lengths[self.turn % self.lengths.len()];
        self.turn += 1;
        let length = piece.min(buffer.len());
        self.bytes.read(&mut buffer[..length])
    }
}

/// Text that is near enough to a register to reach every part of the reader.
fn nearly_rows() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        Just("A-1".to_owned()),
        Just("?".to_owned()),
        Just("New".to_owned()),
        Just("0".to_owned()),
        Just("true".to_owned()),
        Just("30/2/2016 10:00".to_owned()),
        Just("28/2/2016 10:00".to_owned()),
        Just("\"q\"\"\nq\"".to_owned()),
        Just("\"".to_owned()),
        "[ -~]{0,6}",
        "\\PC{0,3}",
    ];
    let row = prop::collection::vec(value, 0..11).prop_map(|values| values.join(","));
    prop::collection::vec(row, 0..12)
        .prop_map(|rows| format!("{HEADING}{}", rows.join("\n")).into_bytes())
}

/// A row of a made-up register: which case, which sequence, and what it says.
fn events_of_cases() -> impl Strategy<Value = Vec<(u8, u16, u8, u8)>> {
    prop::collection::vec((0u8..5, any::<u16>(), 0u8..3, 0u8..4), 1..40).prop_map(|mut rows| {
        // The sequence decides when no two rows of a case share it.
        rows.sort_by_key(|row| (row.0, row.1));
        rows.dedup_by_key(|row| (row.0, row.1));
        rows
    })
}

fn written(rows: &[(u8, u16, u8, u8)]) -> Vec<u8> {
    let states = ["New", "Working", "Done"];
    let lines: Vec<String> = rows
        .iter()
        .map(|(case, sequence, state, reopened)| {
            format!(
                "C-{case},{sequence},{},P1,1/3/2016 08:00,{}/3/2016 09:00,true,{reopened},{sequence}",
                states[usize::from(*state)],
                1 + sequence % 28
            )
        })
        .collect();
    file(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

fn snapshots(bytes: &[u8]) -> BTreeMap<String, CaseSnapshot> {
    let (outcomes, report) = read(events(), bytes);
    assert_eq!(report.refused, 0);
    let mut cases: BTreeMap<String, CaseSnapshot> = BTreeMap::new();
    for row in accepted(&outcomes) {
        fold(cases.entry(row.change.key.clone()).or_default(), &row.change);
    }
    // The place in the file is the one thing that shuffling must change.
    for snapshot in cases.values_mut() {
        snapshot.order.as_mut().unwrap().row = 0;
    }
    cases
}

proptest! {
    #[test]
    fn shuffled_rows_give_the_same_cases_when_the_sequence_decides(
        (rows, shuffled) in events_of_cases()
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        prop_assert_eq!(snapshots(&written(&rows)), snapshots(&written(&shuffled)));
    }

    #[test]
    fn folding_does_not_depend_on_the_order_of_arrival(
        (rows, order) in prop::collection::vec((0u8..2, 0u16..4, 0u8..3, 0u8..4), 1..20)
            .prop_flat_map(|rows| {
                let places: Vec<usize> = (0..rows.len()).collect();
                (Just(rows), Just(places).prop_shuffle())
            })
    ) {
        // Here sequences tie; the row's number in the file decides.
        let (outcomes, _) = read(events(), &written(&rows));
        let changes: Vec<&ImportedChange> = accepted(&outcomes)
            .iter().map(|row| &row.change).filter(|change| change.key == "C-0").collect();
        let mut in_order = CaseSnapshot::default();
        changes.iter().for_each(|change| fold(&mut in_order, change));
        let mut otherwise = CaseSnapshot::default();
        for place in order {
            if let Some(change) = changes.get(place) {
                fold(&mut otherwise, change);
            }
        }
        prop_assert_eq!(in_order, otherwise);
    }

    #[test]
    fn any_bytes_at_all(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        // `read` checks that the counts add up.
        let mut whole = HEADING.as_bytes().to_vec();
        whole.extend(bytes.clone());
        read(events(), &whole);
        let _ = ImportReader::open(&bytes[..], events(), ReadOptions::default())
            .map(|mut reader| while reader.next_row().is_some() {});
    }

    #[test]
    fn nearly_rows_in_any_pieces(
        bytes in nearly_rows(),
        lengths in prop::collection::vec(1usize..7, 1..5),
    ) {
        let whole = read(events(), &bytes);
        let pieces = Pieces { bytes: &bytes, lengths, turn: 0 };
        prop_assert_eq!(whole, read_with(events(), pieces, ReadOptions::default()));
    }

    #[test]
    fn batches_hold_the_same_rows(bytes in nearly_rows(), size in 1usize..5) {
        let (outcomes, report) = read(events(), &bytes);
        let mut reader =
            ImportReader::open(&bytes[..], events(), ReadOptions::default()).unwrap();
        let mut batched = ImportReport::default();
        let mut rows = Vec::new();
        while let Some(batch) = reader.next_batch(size) {
            prop_assert!(
                batch.accepted.len() + batch.refused.len() + batch.duplicates.len() <= size
            );
            batched.add_batch(&batch);
            rows.extend(batch.accepted);
        }
        batched.end = reader.end().cloned();
        prop_assert_eq!(report, batched);
        prop_assert_eq!(accepted(&outcomes), rows.iter().collect::<Vec<_>>());
    }

    #[test]
    fn what_a_csv_writer_writes_is_read_back_unchanged(
        notes in prop::collection::vec("[^\0]{0,20}", 1..8)
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEADING.trim_end().split(',')).unwrap();
        for (index, note) in notes.iter().enumerate() {
            let index = index.to_string();
            writer.write_record([
                "A-1", index.as_str(), "New", "P1", "1/3/2016 08:00", "?", "true", "0", note,
            ]).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let (outcomes, report) = read(events(), &bytes);
        prop_assert_eq!(report.accepted, notes.len() as u64);
        for (row, note) in accepted(&outcomes).iter().zip(&notes) {
            let trimmed = note.trim();
            let expected = (!trimmed.is_empty() && trimmed != "?").then_some(note);
            prop_assert_eq!(row.change.fields.extra.get("note"), expected);
        }
    }
}
