//! Fuzzes control messages: see `jackfield_fuzz::control`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::control(bytes));
