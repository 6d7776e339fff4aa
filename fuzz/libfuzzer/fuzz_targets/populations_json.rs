//! The target `populations_json` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("populations_json", bytes));
