//! Fuzzes text in every alphabet: see `jackfield_fuzz::decoders`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::decoders(bytes));
