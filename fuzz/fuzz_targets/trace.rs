//! Fuzzes bytes that a traced call carries: see `jackfield_fuzz::trace`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::trace(bytes));
