//! The target `ledger_note` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("ledger_note", bytes));
