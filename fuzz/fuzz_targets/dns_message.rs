//! Fuzzes an answer of a DNS server: see `jackfield_fuzz::dns_message`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::dns_message(bytes));
