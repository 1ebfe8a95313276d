//! Fuzzes a host name, looked up without a server: see `jackfield_fuzz::name`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::name(bytes));
