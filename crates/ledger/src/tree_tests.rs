//! Tests of the Merkle tree.

#![expect(clippy::cast_possible_truncation, reason = "sizes in tests are small")]

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use sha2::Sha256;

use super::*;

/// The eight leaves that the Certificate Transparency implementations share as test vectors.
const CT_LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// Their roots at sizes 1 to 8.
const CT_ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const H01: &str = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
const H02: &str = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const H04: &str = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const H12: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const H24: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const H45: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const H46: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const H48: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const H68: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";

fn ct_tree() -> MemoryTree {
    CT_LEAVES.iter().map(|leaf| leaf_hash(&hex::decode(leaf).unwrap())).collect()
}

fn hexes(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_hex).collect()
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// RFC 6962's definition of the root, word for word: the slow first oracle.
fn defined_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&defined_root(left), &defined_root(right))
        }
    }
}

#[test]
fn certificate_transparency_vectors() {
    let tree = ct_tree();
    assert_eq!(root_at(0, &tree).unwrap(), empty_root());
    for (size, root) in (1..).zip(CT_ROOTS) {
        assert_eq!(root_at(size, &tree).unwrap().to_hex(), root, "size {size}");
    }
    assert_eq!(tree.root().to_hex(), CT_ROOTS[7]);
    let inclusion: [(u64, u64, &[&str]); 5] = [
        (0, 1, &[]),
        (0, 8, &[H12, H24, H48]),
        (5, 8, &[H45, H68, H04]),
        (2, 3, &[H02]),
        (1, 5, &[H01, H24, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
    ];
    for (index, size, path) in inclusion {
        assert_eq!(
            hexes(&inclusion_proof(index, size, &tree).unwrap()),
            path,
            "leaf {index} of {size}"
        );
    }
    let consistency: [(u64, u64, &[&str]); 4] =
        [(1, 1, &[]), (1, 8, &[H12, H24, H48]), (6, 8, &[H46, H68, H04]), (2, 5, &[H24, H45])];
    for (old, new, path) in consistency {
        assert_eq!(hexes(&consistency_proof(old, new, &tree).unwrap()), path, "{old} to {new}");
    }
}

#[test]
fn every_leaf_is_included_at_every_size_and_nowhere_else() {
    let leaves = leaves(72);
    let tree: MemoryTree = leaves.iter().copied().collect();
    for size in 0..=72u64 {
        let root = root_at(size, &tree).unwrap();
        assert_eq!(root, defined_root(&leaves[..size as usize]));
        for index in 0..size {
            let leaf = leaves[index as usize];
            let proof = inclusion_proof(index, size, &tree).unwrap();
            verify_inclusion(&leaf, index, size, &proof, &root).unwrap();
            // Another place, another leaf, another root.
            for other in (0..size).filter(|other| *other != index) {
                assert!(
                    verify_inclusion(&leaf, other, size, &proof, &root).is_err(),
                    "{index} as {other} of {size}"
                );
            }
            assert_eq!(
                verify_inclusion(&empty_root(), index, size, &proof, &root),
                Err(TreeError::WrongRoot)
            );
            assert_eq!(
                verify_inclusion(&leaf, index, size, &proof, &empty_root()),
                Err(TreeError::WrongRoot)
            );
        }
        assert!(matches!(
            inclusion_proof(size, size, &tree),
            Err(ReadError::Tree(TreeError::NoSuchLeaf { index, size: n })) if index == size && n == size
        ));
    }
}

#[test]
fn every_size_extends_every_smaller_one_and_no_other_tree() {
    let tree: MemoryTree = leaves(72).into_iter().collect();
    let mut other: MemoryTree = [leaf_hash(b"another first leaf")].into_iter().collect();
    leaves(72).into_iter().skip(1).for_each(|leaf| other.append(leaf));
    for new in 0..=72u64 {
        let new_root = root_at(new, &tree).unwrap();
        for old in 0..=new {
            let old_root = root_at(old, &tree).unwrap();
            let proof = consistency_proof(old, new, &tree).unwrap();
            verify_consistency(old, &old_root, new, &new_root, &proof).unwrap();
            if old > 0 {
                let forked = root_at(old, &other).unwrap();
                assert_eq!(
                    verify_consistency(old, &forked, new, &new_root, &proof),
                    Err(TreeError::WrongRoot)
                );
                let theirs = consistency_proof(old, new, &other).unwrap();
                assert!(
                    verify_consistency(
                        old,
                        &old_root,
                        new,
                        &root_at(new, &other).unwrap(),
                        &theirs
                    )
                    .is_err()
                );
            }
            if old < new {
                assert_eq!(
                    verify_consistency(new, &new_root, old, &old_root, &proof),
                    Err(TreeError::Shrinks { old: new, new: old })
                );
            }
        }
    }
}

#[test]
fn every_changed_bit_of_a_proof_is_noticed() {
    let leaves = leaves(21);
    let tree: MemoryTree = leaves.iter().copied().collect();
    let root = tree.root();
    for index in 0..21 {
        let proof = inclusion_proof(index, 21, &tree).unwrap();
        each_damage(&proof, |damaged| {
            assert!(verify_inclusion(&leaves[index as usize], index, 21, damaged, &root).is_err());
        });
    }
    for old in 1..=21 {
        let old_root = root_at(old, &tree).unwrap();
        let proof = consistency_proof(old, 21, &tree).unwrap();
        each_damage(&proof, |damaged| {
            assert!(verify_consistency(old, &old_root, 21, &root, damaged).is_err());
        });
    }
}

/// Calls `check` with every proof that differs in one bit, lacks a hash, or has one more.
fn each_damage(proof: &[Hash], check: impl Fn(&[Hash])) {
    for position in 0..proof.len() {
        for bit in 0..256 {
            let mut damaged = proof.to_vec();
            let mut bytes = *damaged[position].as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            damaged[position] = Hash::new(bytes);
            check(&damaged);
        }
        let mut shorter = proof.to_vec();
        shorter.remove(position);
        check(&shorter);
    }
    for position in 0..=proof.len() {
        let mut longer = proof.to_vec();
        longer.insert(position, empty_root());
        check(&longer);
    }
}

#[test]
fn the_sizes_of_a_proof_are_part_of_what_it_proves() {
    let tree: MemoryTree = leaves(40).into_iter().collect();
    for (old, new) in [(1, 40), (7, 40), (8, 40), (31, 33), (32, 33)] {
        let (old_root, new_root) = (root_at(old, &tree).unwrap(), root_at(new, &tree).unwrap());
        let proof = consistency_proof(old, new, &tree).unwrap();
        for wrong in (0..=40).filter(|wrong| *wrong != old) {
            assert!(
                verify_consistency(wrong, &old_root, new, &new_root, &proof).is_err(),
                "{wrong} for {old} to {new}"
            );
        }
    }
}

#[test]
fn nonsense_questions_get_typed_answers() {
    let tree = ct_tree();
    let huge = MAX_TREE_SIZE + 1;
    assert_eq!(
        verify_inclusion(&empty_root(), 0, 0, &[], &empty_root()),
        Err(TreeError::NoSuchLeaf { index: 0, size: 0 })
    );
    assert_eq!(
        verify_inclusion(&empty_root(), 0, huge, &[], &empty_root()),
        Err(TreeError::TooLarge(huge))
    );
    assert_eq!(
        verify_consistency(1, &empty_root(), huge, &empty_root(), &[]),
        Err(TreeError::TooLarge(huge))
    );
    assert_eq!(verify_consistency(0, &empty_root(), 9, &tree.root(), &[]), Ok(()));
    assert_eq!(
        verify_consistency(0, &tree.root(), 9, &tree.root(), &[]),
        Err(TreeError::WrongRoot)
    );
    let one = [empty_root()];
    assert_eq!(
        verify_consistency(0, &empty_root(), 9, &tree.root(), &one),
        Err(TreeError::WrongProofLength { found: 1 })
    );
    assert!(matches!(root_at(huge, &tree), Err(ReadError::Tree(TreeError::TooLarge(_)))));
    assert!(matches!(
        root_at(9, &tree),
        Err(ReadError::Store(MissingNode(NodeId { level: 3, index: 1 }))
            | ReadError::Store(MissingNode(NodeId { level: 0, index: 8 })))
    ));
    assert!(matches!(
        consistency_proof(9, 8, &tree),
        Err(ReadError::Tree(TreeError::Shrinks { old: 9, new: 8 }))
    ));
}

struct Miser;

impl HashReader for Miser {
    type Error = Infallible;

    fn read_hashes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Infallible> {
        Ok(vec![empty_root(); nodes.len() - 1])
    }
}

#[test]
fn a_store_that_gives_too_few_hashes_is_found_out() {
    assert_eq!(
        inclusion_proof(0, 8, &Miser).map_err(TreeError::from),
        Err(TreeError::WrongReadCount { asked: 3, given: 2 })
    );
}

/// Makes and checks proofs at the largest sizes, from a reader that invents hashes by position.
struct Endless;

impl HashReader for Endless {
    type Error = Infallible;

    fn read_hashes(&self, nodes: &[NodeId]) -> Result<Vec<Hash>, Infallible> {
        // Every leaf is equal, so a subtree's hash depends on its level alone.
        let mut by_level = vec![leaf_hash(b"same")];
        for level in 0..63 {
            by_level.push(node_hash(&by_level[level], &by_level[level]));
        }
        Ok(nodes.iter().map(|node| by_level[usize::from(node.level)]).collect())
    }
}

#[test]
fn the_largest_trees_work() {
    let leaf = leaf_hash(b"same");
    for size in [1 << 62, (1 << 62) + 1, MAX_TREE_SIZE - 1, MAX_TREE_SIZE] {
        let root = root_at(size, &Endless).map_err(TreeError::from).unwrap();
        for index in [0, 1, size / 3, size - 2, size - 1] {
            let proof = inclusion_proof(index, size, &Endless).map_err(TreeError::from).unwrap();
            assert!(proof.len() <= MAX_INCLUSION_HASHES);
            verify_inclusion(&leaf, index, size, &proof, &root).unwrap();
        }
        for old in [1, 2, 3, size / 3, 1 << 61, size - 1, size] {
            let old_root = root_at(old, &Endless).map_err(TreeError::from).unwrap();
            let proof = consistency_proof(old, size, &Endless).map_err(TreeError::from).unwrap();
            assert!(proof.len() <= MAX_CONSISTENCY_HASHES);
            verify_consistency(old, &old_root, size, &root, &proof).unwrap();
        }
    }
}

#[test]
fn nodes_fetched_beforehand_are_enough() {
    let tree: MemoryTree = leaves(45).into_iter().collect();
    let fetch = |nodes: Vec<NodeId>| -> NodeMap {
        let hashes = tree.read_hashes(&nodes).unwrap();
        nodes.into_iter().zip(hashes).collect()
    };
    for size in 1..=45 {
        for other in 0..size {
            let map = fetch(inclusion_proof_nodes(other, size).unwrap());
            assert_eq!(
                inclusion_proof(other, size, &map).unwrap(),
                inclusion_proof(other, size, &tree).unwrap()
            );
            let map = fetch(consistency_proof_nodes(other, size).unwrap());
            assert_eq!(
                consistency_proof(other, size, &map).unwrap(),
                consistency_proof(other, size, &tree).unwrap()
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Against an independent implementation: the same roots and the same proofs, byte for byte.
    #[test]
    fn agrees_with_ct_merkle(entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..200), pick in any::<prop::sample::Index>()) {
        let ours: MemoryTree = entries.iter().map(Vec::as_slice).collect();
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut roots = vec![empty_root()];
        for entry in &entries {
            theirs.push(entry.clone());
            roots.push(Hash::from_slice(theirs.root().as_bytes()).unwrap());
        }
        let size = ours.size();
        prop_assert_eq!(size, theirs.len());
        for (at, root) in (0..).zip(&roots) {
            prop_assert_eq!(root_at(at, &ours).unwrap(), *root);
        }
        let index = pick.index(entries.len());
        let proof = inclusion_proof(index as u64, size, &ours).unwrap();
        let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let theirs_inclusion = theirs.prove_inclusion(index);
        prop_assert_eq!(&bytes, theirs_inclusion.as_bytes());
        let parsed = ct_merkle::InclusionProof::<Sha256>::try_from_bytes(bytes).unwrap();
        prop_assert!(theirs.root().verify_inclusion(&entries[index], index as u64, &parsed).is_ok());

        let old = index + 1;
        let proof = consistency_proof(old as u64, size, &ours).unwrap();
        let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let theirs_consistency = theirs.prove_consistency(entries.len() - old);
        prop_assert_eq!(&bytes, theirs_consistency.as_bytes());
        verify_consistency(old as u64, &roots[old], size, &roots[entries.len()], &proof).unwrap();
    }

    /// No proof made of arbitrary hashes panics or is accepted.
    #[test]
    fn arbitrary_proofs_are_refused(index in any::<u64>(), size in any::<u64>(), hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70)) {
        let hashes: Vec<Hash> = hashes.into_iter().map(Hash::new).collect();
        prop_assert!(verify_inclusion(&leaf_hash(b"x"), index, size, &hashes, &leaf_hash(b"y")).is_err());
        prop_assert!(verify_consistency(index, &leaf_hash(b"x"), size, &leaf_hash(b"y"), &hashes).is_err());
    }
}
