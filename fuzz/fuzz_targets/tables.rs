//! Fuzzes the tables of /proc/net: see `jackfield_fuzz::tables`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::tables(bytes));
