//! Fuzzes an answer of the routing socket: see `jackfield_fuzz::netlink`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jackfield_fuzz::netlink(bytes));
