//! The target `tickmark_config` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("tickmark_config", bytes));
