//! Fuzzes a format and its bytes: see `jackfield_fuzz::pack`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::pack(bytes));
