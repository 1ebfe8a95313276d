//! Fuzzes a payload expression: see `jackfield_fuzz::data`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::data(bytes));
