//! Fuzzes the text of /etc/resolv.conf: see `jackfield_fuzz::resolv_conf`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::resolv_conf(bytes));
