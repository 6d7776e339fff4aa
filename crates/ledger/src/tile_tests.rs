//! Tests of the tiles.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use proptest::prelude::*;

use super::*;
use crate::frontier::Frontier;
use crate::hash::leaf_hash;
use crate::tile_edge::{TileEdge, TileHashReader, TileReader, bundles_to_write, tiles_to_write};
use crate::tree::{
    MemoryTree, consistency_proof, inclusion_proof, root_at, verify_consistency, verify_inclusion,
};

/// A folder of tiles by their paths, as a web server would hold them.
#[derive(Default)]
struct Folder(BTreeMap<String, Vec<u8>>);

impl Folder {
    fn write(&mut self, tiles: &[Tile]) {
        for tile in tiles {
            let before = self.0.insert(tile.id().to_string(), tile.to_bytes());
            assert_eq!(before, None, "{} was written twice", tile.id());
        }
    }
}

impl TileReader for Folder {
    type Error = String;

    fn read_tiles(&self, ids: &[TileId]) -> Result<Vec<Tile>, String> {
        let read = |id: &TileId| {
            let content = self.0.get(&id.to_string()).ok_or(format!("{id} is missing"))?;
            Tile::parse(*id, content).map_err(|error| error.to_string())
        };
        ids.iter().map(read).collect()
    }
}

fn leaves(range: std::ops::Range<u64>) -> Vec<Hash> {
    range.map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

#[test]
fn paths_of_the_specification() {
    let cases = [
        (TileId::new(0, 1_234_067, 256), "tile/0/x001/x234/067"),
        (TileId::new(0, 0, 256), "tile/0/000"),
        (TileId::new(1, 0, 17), "tile/1/000.p/17"),
        (TileId::new(0, 273, 112), "tile/0/273.p/112"),
        (TileId::new(0, 1000, 255), "tile/0/x001/000.p/255"),
        (TileId::new(7, 0, 127), "tile/7/000.p/127"),
    ];
    for (id, path) in cases {
        let id = id.unwrap();
        assert_eq!(id.to_string(), path);
        assert_eq!(path.parse(), Ok(TilePath::Hashes(id)));
        if id.level() == 0 {
            let bundle = BundleId::new(id.index(), id.width()).unwrap();
            let path = path.replace("tile/0/", "tile/entries/");
            assert_eq!(bundle.to_string(), path);
            assert_eq!(path.parse(), Ok(TilePath::Entries(bundle)));
        }
    }
}

#[test]
fn other_paths_are_refused() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/000/",
        "tile/0/x000",
        "tile/0/x000/000",
        "tile/0/x000/001",
        "tile/0/001/000",
        "tile/0/x01/000",
        "tile/0/y001/000",
        "tile/0/+01",
        "tile/0/x+01/000",
        "tile/00/000",
        "tile/+0/000",
        "tile/-1/000",
        "tile//000",
        "tile/data/000",
        "tile/Entries/000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/256",
        "tile/0/000.p/65537",
        "tile/0/000.p/1.p/1",
        "tile/0/000.p/1/2",
        "tile/0/000 ",
        "tile/0/０００",
        "tile/0/..",
        "tile/0/x001/..",
        "tile/entries/../../etc/passwd",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert_eq!(path.parse::<TilePath>(), Err(TileError::BadPath), "{path:?}");
    }
    // Of the right form, but in no tree.
    for path in [
        "tile/8/000.p/1",
        "tile/63/000",
        "tile/0/000.p/0",
        "tile/7/000",
        "tile/7/001.p/1",
        "tile/0/x036/x028/x797/x018/x963/968",
    ] {
        assert!(matches!(path.parse::<TilePath>(), Err(TileError::NoSuchTile { .. })), "{path:?}");
    }
    assert!("tile/0/x036/x028/x797/x018/x963/967.p/255".parse::<TilePath>().is_ok());
    assert!("tile/0/x036/x028/x797/x018/x963/967".parse::<TilePath>().is_err());
}

/// The specification's own example: a tree of 70,000 leaves, and one of 256.
#[test]
fn tiles_of_the_specifications_examples() {
    let paths = |size| {
        let mut tiles = tiles_to_write(0, size).iter().map(ToString::to_string).collect::<Vec<_>>();
        tiles.reverse();
        tiles
    };
    let tiles = paths(70_000);
    assert_eq!(tiles.len(), 273 + 1 + 1 + 1 + 1);
    assert_eq!(
        tiles[..5],
        ["tile/2/000.p/1", "tile/1/001.p/17", "tile/1/000", "tile/0/273.p/112", "tile/0/272"]
    );
    assert_eq!(paths(256), ["tile/1/000.p/1", "tile/0/000"]);
    assert_eq!(paths(0), Vec::<String>::new());
    let edge: Vec<String> = TileEdge::tiles(70_000).iter().map(ToString::to_string).collect();
    assert_eq!(edge, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
}

/// Grows a log by uneven steps over 70,000 leaves and answers questions from its tiles alone.
#[test]
fn a_log_grown_by_tiles_answers_like_the_whole_tree() {
    let mut folder = Folder::default();
    let mut edge = TileEdge::new();
    let mut tree = MemoryTree::new();
    let mut sizes = vec![0];
    for step in [1, 1, 3, 250, 1, 1, 255, 256, 257, 0, 1000, 63_000, 511, 513, 4200, 7] {
        let old = edge.size();
        let new_leaves = leaves(old..old + step);
        new_leaves.iter().for_each(|leaf| tree.append(*leaf));
        let written = edge.append(&new_leaves).unwrap();
        assert_eq!(
            written.iter().map(Tile::id).collect::<Vec<_>>(),
            tiles_to_write(old, edge.size())
        );
        folder.write(&written);
        assert_eq!(edge.frontier().root(), tree.root());
        assert_eq!(edge.frontier(), Frontier::read(edge.size(), &tree).unwrap());
        let restored = folder.read_tiles(&TileEdge::tiles(edge.size())).unwrap();
        assert_eq!(TileEdge::from_tiles(edge.size(), restored).unwrap(), edge);
        sizes.push(edge.size());
    }
    for &size in &sizes[1..] {
        let reader = TileHashReader::new(size, &folder);
        let root = root_at(size, &tree).unwrap();
        assert_eq!(root_at(size, &reader).unwrap(), root);
        for index in [0, 1, size / 3, size / 2, size - 1].into_iter().filter(|index| *index < size)
        {
            let proof = inclusion_proof(index, size, &reader).unwrap();
            assert_eq!(proof, inclusion_proof(index, size, &tree).unwrap());
            verify_inclusion(&leaves(index..index + 1)[0], index, size, &proof, &root).unwrap();
        }
        for &old in sizes.iter().filter(|old| **old <= size) {
            let proof = consistency_proof(old, size, &reader).unwrap();
            assert_eq!(proof, consistency_proof(old, size, &tree).unwrap());
            verify_consistency(old, &root_at(old, &tree).unwrap(), size, &root, &proof).unwrap();
        }
    }
}

#[test]
fn a_missing_swapped_or_altered_tile_is_found_out() {
    let mut folder = Folder::default();
    let mut edge = TileEdge::new();
    folder.write(&edge.append(&leaves(0..600)).unwrap());
    let root = edge.frontier().root();
    let proof = |folder: &Folder| inclusion_proof(300, 600, &TileHashReader::new(600, folder));
    assert!(proof(&folder).is_ok());

    let content = folder.0.remove("tile/0/001").unwrap();
    let error = proof(&folder).unwrap_err().to_string();
    assert!(error.contains("tile/0/001 is missing"), "{error}");
    let mut altered = content.clone();
    altered[45 * 32] ^= 1;
    folder.0.insert("tile/0/001".into(), altered);
    let proof_from_altered = proof(&folder).unwrap();
    let leaf = leaves(300..301)[0];
    assert!(verify_inclusion(&leaf, 300, 600, &proof_from_altered, &root).is_err());
    folder.0.insert("tile/0/001".into(), content[..8000].to_vec());
    let error = proof(&folder).unwrap_err().to_string();
    assert!(error.contains("must have 8192 bytes, not 8000"), "{error}");

    struct Wrong;
    impl TileReader for Wrong {
        type Error = String;
        fn read_tiles(&self, ids: &[TileId]) -> Result<Vec<Tile>, String> {
            let wrong = TileId::new(0, 5, 256).unwrap();
            Ok(ids.iter().map(|_| Tile::new(wrong, leaves(0..256)).unwrap()).collect())
        }
    }
    let error =
        inclusion_proof(300, 600, &TileHashReader::new(600, &Wrong)).unwrap_err().to_string();
    assert!(error.contains("gave something else"), "{error}");
    // A tree that is smaller than what is asked for.
    let error =
        inclusion_proof(300, 600, &TileHashReader::new(599, &folder)).unwrap_err().to_string();
    assert!(error.contains("no complete subtree"), "{error}");
}

#[test]
fn a_full_tile_stands_in_for_its_partial_ones() {
    let mut edge = TileEdge::new();
    let partial = edge.append(&leaves(0..100)).unwrap();
    let full = edge.append(&leaves(100..256)).unwrap();
    assert_eq!(full[0].narrow(100).as_ref(), partial.first());
    assert_eq!(full[0].narrow(256).as_ref(), full.first());
    assert_eq!(full[0].narrow(0), None);
    assert_eq!(partial[0].narrow(101), None);
}

#[test]
fn an_edge_is_taken_up_only_from_its_own_tiles() {
    let mut edge = TileEdge::new();
    let tiles = edge.append(&leaves(0..300)).unwrap();
    let [full, partial, upper] = tiles.as_slice() else { panic!("three tiles, not {tiles:?}") };
    let take = |size, tiles: &[&Tile]| {
        TileEdge::from_tiles(size, tiles.iter().map(|&tile| tile.clone()).collect())
    };
    assert_eq!(take(300, &[partial, upper]).unwrap(), edge);
    for wrong in
        [vec![], vec![partial], vec![upper, partial], vec![full, upper], vec![full, partial, upper]]
    {
        assert_eq!(take(300, &wrong), Err(TileError::WrongEdge(300)));
    }
    assert_eq!(take(301, &[partial, upper]), Err(TileError::WrongEdge(301)));
    assert_eq!(take(u64::MAX, &[]), Err(TileError::TooLarge(u64::MAX)));
    assert_eq!(take(0, &[]).unwrap(), TileEdge::new());
}

#[test]
fn bundles_round_trip_and_other_bytes_are_refused() {
    let entries: Vec<Vec<u8>> = vec![vec![], vec![1], vec![2; 300], vec![3; MAX_ENTRY_BYTES]];
    let content = encode_bundle(&entries).unwrap();
    assert_eq!(content[..5], [0, 0, 0, 1, 1]);
    assert_eq!(decode_bundle(4, &content).unwrap(), entries);
    assert_eq!(decode_bundle(3, &content), Err(TileError::BundleTooLong(2 + MAX_ENTRY_BYTES)));
    assert_eq!(decode_bundle(5, &content), Err(TileError::BundleCutOff { expected: 5, number: 5 }));
    for cut in [0, 1, 2, 3, 4, 100, content.len() - 1] {
        assert!(matches!(decode_bundle(4, &content[..cut]), Err(TileError::BundleCutOff { .. })));
    }
    assert_eq!(decode_bundle(257, &[]), Err(TileError::TooManyEntries(257)));
    assert_eq!(encode_bundle(&[vec![0; 65_536]]), Err(TileError::EntryTooLong(65_536)));
    assert_eq!(encode_bundle(&[[]; 257]), Err(TileError::TooManyEntries(257)));
    let bundles: Vec<String> = bundles_to_write(250, 600).iter().map(ToString::to_string).collect();
    assert_eq!(bundles, ["tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"]);
    assert_eq!(bundles_to_write(0, 600)[1].first_entry(), 256);
}

/// Sizes near tile boundaries, at every level that the other implementation can do (it overflows
/// from 2^56 leaves).
fn size() -> impl Strategy<Value = u64> {
    let near = |bits: RangeInclusive<u32>| {
        (bits, 0..600u64, any::<bool>()).prop_map(|(bits, by, up)| {
            if up { (1u64 << bits).saturating_add(by) } else { (1u64 << bits).saturating_sub(by) }
        })
    };
    prop_oneof![0..2000u64, near(8..=20), near(20..=55)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Against an independent implementation: which tiles to write, and under which names.
    #[test]
    fn agrees_with_tlog_tiles(old in size(), grow in 0..3000u64) {
        let new = old + grow;
        let theirs: Vec<(u8, u64, u32)> = tlog_tiles::Tile::new_tiles(8, old, new)
            .iter().map(|tile| (tile.level(), tile.level_index(), tile.width())).collect();
        let ours = tiles_to_write(old, new);
        let listed: Vec<(u8, u64, u32)> =
            ours.iter().map(|id| (id.level(), id.index(), u32::from(id.width()))).collect();
        prop_assert_eq!(listed, theirs);
        for id in ours {
            prop_assert_eq!(id.to_string().parse(), Ok(TilePath::Hashes(id)));
            // Theirs names the height as well, and partial widths alike.
            let path = tlog_tiles::Tile::new(8, id.level(), id.index(), u32::from(id.width()), false).path();
            prop_assert_eq!(id.to_string(), path.replacen("tile/8/", "tile/", 1));
        }
    }

    #[test]
    fn no_path_panics_and_every_accepted_one_is_canonical(path in "tile/([0-9]{1,2}|entries)/(x[0-9]{3}/){0,6}[0-9]{2,4}(\\.p/[0-9]{1,4})?") {
        if let Ok(parsed) = path.parse::<TilePath>() {
            prop_assert_eq!(parsed.to_string(), path);
        }
    }

    #[test]
    fn arbitrary_bundles_never_panic(width in 0..300u16, content in prop::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(entries) = decode_bundle(width, &content) {
            prop_assert_eq!(encode_bundle(&entries).unwrap(), content);
        }
    }
}
