//! Fuzzes a sockaddr: see `jackfield_fuzz::address`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::address(bytes));
