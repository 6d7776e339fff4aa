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
mod populations;
mod rooms;
mod web;

/// A target: its name, which is also that of its corpus; what it does with any bytes; and with how many
/// mutations the bounded run tries it, fewer where one try does much.
pub type Target = (&'static str, fn(&[u8]), usize);

/// Every target, by crate and name.
pub const TARGETS: &[Target] = &[
    ("cases_documents", rooms::documents, 20_000),
    ("cases_mail", rooms::mail, 20_000),
    ("cases_mapping", rooms::mapping, 20_000),
    ("cases_register", rooms::register, 20_000),
    ("commitments_outages", rooms::outages, 20_000),
    ("examination_facts", rooms::opinion_facts, 3_000),
    ("examination_policy", rooms::sample_policy, 5_000),
    ("kernel_calendar", rooms::calendar, 10_000),
    ("ledger_bundle", ledger::bundle, 20_000),
    ("ledger_checkpoint", ledger::checkpoint, 20_000),
    ("ledger_frontier", ledger::frontier, 20_000),
    ("ledger_note", ledger::note, 20_000),
    ("ledger_proof", ledger::proof, 20_000),
    ("ledger_receipt", ledger::receipt, 20_000),
    ("ledger_tile_path", ledger::tile_path, 20_000),
    ("ledger_tree_proof", ledger::tree_proof, 20_000),
    ("ledger_vkey", ledger::vkey, 20_000),
    ("populations_freeze", populations::frozen, 400),
    ("populations_json", populations::json, 400),
    ("populations_parquet", populations::parquet, 200),
    ("populations_records", populations::records, 20_000),
    ("populations_schema", populations::schema_file, 5_000),
    ("populations_test", populations::test_file, 2_000),
    ("populations_workbook", populations::workbook, 200),
    ("reporting_package", rooms::package, 5_000),
    ("reporting_pdf", rooms::report_pdf, 5_000),
    ("tickmark_config", rooms::config, 10_000),
    ("web_form", web::form, 250),
    ("web_json", web::json, 250),
    ("web_multipart", web::multipart, 500),
];

/// Runs the target of this name on some bytes; the programs under `libfuzzer/` call it.
///
/// # Panics
/// When there is no such target, and when the target finds a fault.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(target, _, _)| *target == name);
    assert!(target.is_some(), "there is no fuzz target named {name}");
    if let Some((_, function, _)) = target {
        function(bytes);
    }
}
