//! A bounded, repeatable run of every target on its seeds and on mutations of them.
//!
//! It takes seconds and finds what is shallow. `README.md` says how to search for hours.

#![cfg(test)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use fuzz::TARGETS;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Most mutations that are laid over each other in one input.
const MAX_MUTATIONS: usize = 4;

/// Longest input, in bytes.
const MAX_INPUT_BYTES: usize = 16 * 1024;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// File names and contents of a target's seeds, in the order of their names.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = root().join("corpus").join(target);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let named = |path: PathBuf| (path.display().to_string(), fs::read(&path).unwrap());
    paths.into_iter().map(named).collect()
}

#[test]
fn every_target_is_complete_and_nothing_is_left_over() {
    let manifest = fs::read_to_string(root().join("libfuzzer/Cargo.toml")).unwrap();
    for (name, _, _) in TARGETS {
        assert!(!seeds(name).is_empty(), "put a seed under fuzz/corpus/{name}/");
        let program = format!("libfuzzer/fuzz_targets/{name}.rs");
        assert!(root().join(&program).is_file(), "write fuzz/{program}");
        let bin = format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"");
        assert!(manifest.contains(&bin), "add a [[bin]] for {name} to fuzz/libfuzzer/Cargo.toml");
    }
    for (folder, suffix) in [("corpus", ""), ("libfuzzer/fuzz_targets", ".rs")] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let target = name.strip_suffix(suffix).unwrap_or(&name);
            let known = TARGETS.iter().any(|(known, _, _)| *known == target);
            assert!(known, "fuzz/{folder}/{name} belongs to no target in fuzz::TARGETS");
        }
    }
}

#[test]
fn every_target_withstands_its_seeds_and_their_mutations() {
    for (position, (name, target, tries)) in (0u64..).zip(TARGETS) {
        let seeds = seeds(name);
        for (path, seed) in &seeds {
            hold(name, target, seed, path);
        }
        let mut rng = ChaCha8Rng::seed_from_u64(position);
        for iteration in 0..*tries {
            let input = mutated(&seeds, &mut rng);
            hold(name, target, &input, &format!("iteration {iteration}"));
        }
    }
}

/// Runs a target and, when it fails, says on what.
fn hold(name: &str, target: &fn(&[u8]), input: &[u8], source: &str) {
    if catch_unwind(AssertUnwindSafe(|| target(input))).is_err() {
        panic!("the target {name} failed on {source}: b\"{}\"", input.escape_ascii());
    }
}

fn below(rng: &mut ChaCha8Rng, bound: usize) -> usize {
    usize::try_from(rng.next_u64() % u64::try_from(bound.max(1)).unwrap()).unwrap()
}

fn mutated(seeds: &[(String, Vec<u8>)], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let pick =
        |rng: &mut ChaCha8Rng| seeds.get(below(rng, seeds.len())).map(|(_, seed)| seed.as_slice());
    let mut input = pick(rng).unwrap_or_default().to_vec();
    for _ in 0..=below(rng, MAX_MUTATIONS) {
        let other = pick(rng).unwrap_or_default();
        mutate(&mut input, other, rng);
        input.truncate(MAX_INPUT_BYTES);
    }
    input
}

/// Byte strings that parsers of text and of numbers trip over.
const TOKENS: [&[u8]; 16] = [
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\0",
    b" ",
    b"+",
    b"=",
    b"/",
    b"0",
    b"-1",
    b"18446744073709551616",
    b"\xff\xff\xff\xff",
    b"\xe2\x80\x94 ",
    b"\xc2\xa0",
    b"\xed\xa0\x80",
    b"AAAA",
];

/// One change at a random place.
fn mutate(input: &mut Vec<u8>, other: &[u8], rng: &mut ChaCha8Rng) {
    let at = below(rng, input.len() + 1);
    let end = at + below(rng, input.len() - at + 1);
    match below(rng, 9) {
        0 if at < input.len() => input[at] ^= 1 << below(rng, 8),
        1 if at < input.len() => input[at] = rng.next_u32().to_le_bytes()[0],
        2 => drop(input.drain(at..end)),
        3 => input.truncate(at),
        4 => {
            let copy = input[at..end].to_vec();
            input.splice(at..at, copy);
        }
        5 => {
            let token = TOKENS[below(rng, TOKENS.len())];
            input.splice(at..at, token.iter().copied());
        }
        6 => {
            let token = TOKENS[below(rng, TOKENS.len())];
            input.splice(at..end.min(at + token.len()), token.iter().copied());
        }
        7 => {
            // The head of this input and the tail of another.
            input.truncate(at);
            input.extend_from_slice(&other[below(rng, other.len() + 1)..]);
        }
        _ => swap_lines(input, rng),
    }
}

/// Exchanges two lines.
fn swap_lines(input: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    let mut lines: Vec<&[u8]> = input.split(|byte| *byte == b'\n').collect();
    let (one, two) = (below(rng, lines.len()), below(rng, lines.len()));
    lines.swap(one, two);
    *input = lines.join(&b'\n');
}

#[test]
fn the_run_is_repeatable() {
    let seeds = seeds(TARGETS[0].0);
    let run = || {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        (0..50).map(|_| mutated(&seeds, &mut rng)).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}
