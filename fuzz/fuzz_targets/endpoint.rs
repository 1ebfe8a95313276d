//! Fuzzes an endpoint as typed: see `jackfield_fuzz::endpoint`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::endpoint(bytes));
