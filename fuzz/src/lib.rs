//! One fuzz target for each parser of foreign bytes.
//!
//! A target is a function that takes any bytes, hands them to a parser, and asserts what must
//! hold whatever they are: at the least that nothing panics, and where a format has one canonical
//! form, that what was read is written back byte for byte.
//!
//! To add a target: write its function in the file of its crate (`ledger.rs`, …), list it in
//! [`TARGETS`], put at least one seed under `corpus/<name>/`, and add
//! `libfuzzer/fuzz_targets/<name>.rs` with its `[[bin]]`. A test says which of these is missing.

mod ledger;

/// A target: its name, which is also that of its corpus, and what it does with any bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, by crate and name.
pub const TARGETS: &[Target] = &[
    ("ledger_bundle", ledger::bundle),
    ("ledger_checkpoint", ledger::checkpoint),
    ("ledger_frontier", ledger::frontier),
    ("ledger_note", ledger::note),
    ("ledger_proof", ledger::proof),
    ("ledger_receipt", ledger::receipt),
    ("ledger_tile_path", ledger::tile_path),
    ("ledger_tree_proof", ledger::tree_proof),
    ("ledger_vkey", ledger::vkey),
];

/// Runs the target of this name on some bytes; the programs under `libfuzzer/` call it.
///
/// # Panics
/// When there is no such target, and when the target finds a fault.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(target, _)| *target == name);
    assert!(target.is_some(), "there is no fuzz target named {name}");
    if let Some((_, function)) = target {
        function(bytes);
    }
}
