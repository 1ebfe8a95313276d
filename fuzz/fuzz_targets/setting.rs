//! Fuzzes a socket option as typed: see `jackfield_fuzz::setting`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::setting(bytes));
