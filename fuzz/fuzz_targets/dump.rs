//! Fuzzes a dump and the way back: see `jackfield_fuzz::dump`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::dump(bytes));
