//! Fuzzes capture files: see `jackfield_fuzz::pcap`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::pcap(bytes));
