//! The target `commitments_outages` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("commitments_outages", bytes));
