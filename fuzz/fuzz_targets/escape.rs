//! Fuzzes bytes on their way to a terminal: see `jackfield_fuzz::escape`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::escape(bytes));
