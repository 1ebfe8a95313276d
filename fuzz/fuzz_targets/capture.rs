//! Fuzzes captures in every form: see `jackfield_fuzz::capture`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::capture(bytes));
