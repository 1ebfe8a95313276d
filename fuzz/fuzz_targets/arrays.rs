//! Fuzzes arrays and the way back: see `jackfield_fuzz::arrays`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::arrays(bytes));
