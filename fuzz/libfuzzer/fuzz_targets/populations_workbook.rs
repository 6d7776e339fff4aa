//! The target `populations_workbook` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("populations_workbook", bytes));
