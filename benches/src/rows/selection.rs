//! A sample drawn from a large population by seed.

use crate::figures::{Line, Target};
use crate::{Bench, Result};
use populations::select::rank;
use sha2::{Digest, Sha256};
use std::time::Instant;

const SEED: &str = "demo-seed-1";
const SIZE: usize = 60;

/// Measures.
pub fn run(bench: &Bench) -> Result<Vec<Line>> {
    let count: usize = if bench.quick { 100_000 } else { 10_000_000 };
    let ids: Vec<String> = (0..count).map(|n| format!("CHG-{n:08}")).collect();
    let refs: Vec<&str> = ids.iter().map(String::as_str).collect();
    let (mut drawn, mut hashed) = (vec![], vec![]);
    for _ in 0..bench.runs() {
        let began = Instant::now();
        let selected = rank(SEED, &refs, SIZE)?;
        drawn.push(began.elapsed().as_secs_f64());
        if selected.len() != SIZE {
            return Err("the selection is not as large as was asked".into());
        }
        // One digest per id on one thread: what the ranking cannot do without.
        let began = Instant::now();
        for id in &refs {
            std::hint::black_box(Sha256::digest(id.as_bytes()));
        }
        hashed.push(began.elapsed().as_secs_f64());
    }
    let least = hashed.iter().copied().fold(f64::INFINITY, f64::min);
    Ok(vec![
        Line::new(format!("select {SIZE} of {count} ids by rank"), "s", drawn)
            .beside("one SHA-256 per id, one thread", least)
            .target(Target::Below(2.0)),
    ])
}
