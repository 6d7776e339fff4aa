//! The target `ledger_tile_path` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("ledger_tile_path", bytes));
