//! Fuzzes a dump to be read: see `jackfield_fuzz::undump`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::undump(bytes));
