//! The target `reporting_pdf` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("reporting_pdf", bytes));
