//! Fuzzes packets: see `jackfield_fuzz::packet`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::packet(bytes));
