//! The target `kernel_calendar` as a libFuzzer program.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::run("kernel_calendar", bytes));
