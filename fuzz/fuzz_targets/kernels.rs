//! Fuzzes the vector kernels: see `jackfield_fuzz::kernels`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::kernels(bytes));
