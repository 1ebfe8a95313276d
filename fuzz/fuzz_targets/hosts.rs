//! Fuzzes the text of /etc/hosts, and a name: see `jackfield_fuzz::hosts`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::hosts(bytes));
