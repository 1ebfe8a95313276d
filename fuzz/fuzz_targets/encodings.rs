//! Fuzzes hex and base64: see `jackfield_fuzz::encodings`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::encodings(bytes));
