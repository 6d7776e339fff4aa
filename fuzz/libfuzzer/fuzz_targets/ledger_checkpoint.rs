//! The target `ledger_checkpoint` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("ledger_checkpoint", bytes));
