//! Fuzzes the building of packets: see `jackfield_fuzz::build`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::build(bytes));
